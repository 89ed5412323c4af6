"""What the README shows is what happens."""

import doctest
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from proofs_check.claims import registry
from proofs_check.ledger import Claim, Grade, Random, Standing
from proofs_check.ledger.coq import claims_proved

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
LEDGER = ROOT / "docs" / "_build" / "ledger.json"
"""What the ledger found, for the pages."""


def test_the_python_examples_show_what_happens() -> None:
    code = "".join(re.findall(r"```pycon\n(.*?)```", README, re.DOTALL))
    examples = doctest.DocTestParser().get_doctest(code, {}, "README.md", "README.md", 0)
    assert len(examples.examples) >= 6
    assert doctest.DocTestRunner().run(examples) == doctest.TestResults(0, len(examples.examples))


@pytest.mark.slow
def test_the_python_examples_pass_mypy(tmp_path: Path) -> None:
    code = "".join(re.findall(r"```pycon\n(.*?)```", README, re.DOTALL))
    script = tmp_path / "example.py"
    script.write_text("\n".join(line[4:] for line in code.splitlines() if line.startswith(">>> ")) + "\n", "utf-8")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(script)]
    found = subprocess.run(mypy, cwd=tmp_path, env={"MYPYPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_the_commands_come_first() -> None:
    assert README.index("$ make verify") < README.index("$ make test") < README.index("##")


# ---------------------------------------------------------------------- the table: which result is about which program


def rows() -> list[tuple[list[Claim], str, set[str]]]:
    """Return the claims, the program and the grades of each row."""
    _, table = README.split("| claims | what they are about | grades |\n| --- | --- | --- |\n")
    cells = [line.strip("|").split("|") for line in table.partition("\n\n")[0].splitlines()]
    known = registry()
    return [
        ([known[name] for name in re.findall(r"`([^`]+)`", names)], about.strip(), set(grades.strip().split(", ")))
        for names, about, grades in cells
    ]


def test_the_table_names_each_claim_of_the_ledger_once() -> None:
    named = [claim.id for claims, _, _ in rows() for claim in claims]
    assert sorted(named) == sorted(claim.id for claim in registry().claims)
    assert all(about for _, about, _ in rows())


def test_the_table_says_what_is_proved_in_coq_sampled_or_on_paper() -> None:
    proved = claims_proved()
    for claims, _, grades in rows():
        assert grades <= set(Grade)
        assert {claim.id in proved for claim in claims} == {"kernel" in grades}, claims[0].id
        assert {claim.standing is Standing.PAPER for claim in claims} == {grades == {"paper"}}, claims[0].id
        drawn = any(isinstance(check.domain, Random) for claim in claims for check in claim.checks)
        assert drawn == ("sampled" in grades), claims[0].id


@pytest.mark.slow
@pytest.mark.skipif(not LEDGER.exists(), reason="reads what the ledger found: make docs/_build/ledger.json")
def test_the_grades_of_the_table_are_those_of_the_ledger() -> None:
    ledger = {claim["id"]: set(claim["grades"]) for claim in json.loads(LEDGER.read_text("utf-8"))["claims"]}
    elsewhere = {"kernel", "certified", "computed", "paper"}  # of the audit, which other tests hold the table to
    for claims, _, grades in rows():
        assert set.union(*(ledger[claim.id] for claim in claims)) - elsewhere == grades - elsewhere, claims[0].id


def test_the_row_of_the_end_to_end_theorem_says_that_its_sampler_is_exact() -> None:
    (about,) = (about for claims, about, _ in rows() if "spanner-end-to-end" in {claim.id for claim in claims})
    assert "with exact sampling from `pi_f` in place of the rejection sampler" in about
