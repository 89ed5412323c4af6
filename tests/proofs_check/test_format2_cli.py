"""The command line reads files of version 2, prints their schema, and says how far weights were from a law."""

import json
from pathlib import Path

import pytest

from proofs_check.cli import main
from reference.catalog import SCHEMA_PATH, TOKEN_SCHEMA_PATH
from reference.catalog.format2 import SCHEMA_2_PATH
from tests.catalog.files2 import nodes, with_theta
from tests.proofs_check.cli_output import loaded


@pytest.mark.parametrize(
    ("name", "path"), [("problem-1", SCHEMA_PATH), ("problem-2", SCHEMA_2_PATH), ("token-problem-1", TOKEN_SCHEMA_PATH)]
)
def test_the_schemas_of_files_are_printed(name: str, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", name]) == 0
    assert capsys.readouterr().out == path.read_text(encoding="utf-8")


def test_a_schema_that_is_not_there_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "problem-3"]) == 2
    assert "did you mean 'problem-2'?" in capsys.readouterr().err


@pytest.mark.parametrize("tree", [nodes(), with_theta()])
def test_solve_says_that_weights_were_renormalised(
    tree: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path := tmp_path / "mine.json").write_text(json.dumps(tree), encoding="utf-8")
    assert main(["solve", str(path)]) == 0
    out = capsys.readouterr().out
    assert "weights renormalised (laws: " in out
    where, amount = ("node 'b'", 2) if tree == nodes() else ("prompt 'x'", 3)
    assert f"largest excess: {amount}; where: {where})" in out
    note = loaded(capsys, "solve", str(path))["renormalised"]
    assert (note["largest excess"], note["where"]) == (str(amount), where)
    assert "renormalised" not in loaded(capsys, "solve", "two-arms")


def test_solve_says_nothing_where_nothing_was(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "two-arms"]) == 0
    assert "renormalised" not in capsys.readouterr().out


def test_what_is_wrong_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = nodes()
    tree["nodes"][0]["tokens"][1]["next"] = "a"
    (path := tmp_path / "mine.json").write_text(json.dumps(tree), encoding="utf-8")
    assert main(["solve", str(path)]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "nodes[0].tokens[1].next: node 'a', token 'go': leads back to node 'a': a cycle has no horizon" in err
