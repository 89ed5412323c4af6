"""What the commands print: numbers are whole, and text of a file is plain."""

import json
import re
from pathlib import Path

import pytest

from proofs_check.cli.output import first, short_number
from reference.catalog import dump, load, load_linear
from tests.proofs_check.cli_output import loaded, printed

WIDEST = 10_000
"""Columns in which nothing has to give way."""


@pytest.mark.parametrize("digits", ["6", "30"])
@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize(
    "arguments",
    [
        ["solve", "two-arms"],
        ["solve", "two-arms-mixed"],
        ["solve", "needle-1024"],
        ["solve", "smollm2-facts"],
        ["solve", "smollm2-tokens-answers", "--sequences"],
        ["solve", "fair-bits-64"],
        ["run", "rejection", "two-arms", "--law", "--param", "N=3"],
    ],
)
def test_no_number_is_cut_or_broken(
    arguments: list[str], width: int, digits: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A narrow terminal shows the numbers of a wide one, and each column."""
    number, head = r"≈\S+|(?<=\s)-?\d+\.\d+(?=\s)", r"rho|\|Y_x\||C_cov|log Z|KL|V_h|pi_ref|Q_h|T_data|answer"
    narrow, wide = (printed(capsys, monkeypatch, w, [*arguments, "--digits", digits]) for w in (width, WIDEST))
    assert not re.search(r"\d…", narrow)
    assert sorted(re.findall(number, narrow)) == sorted(re.findall(number, wide)) != []
    assert sorted(re.findall(head, narrow)) == sorted(re.findall(head, wide)) != []


def changed(path: Path, change: dict[str, object], name: str = "two-arms") -> str:
    path.write_text(json.dumps(json.loads(dump(load_linear(name))) | change), encoding="utf-8")
    return str(path)


def test_a_small_number_keeps_its_exponent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    masses = {"a response with a long name": "1/3000000000000", "another one": "2999999999999/3000000000000"}
    responses = [{"name": name, "pi_ref": mass, "phi": ["0"]} for name, mass in masses.items()]
    prompts = [{"name": "a prompt with a long name", "rho": "1", "responses": responses}]
    path = changed(tmp_path / "exp.json", {"prompts": prompts})
    out = printed(capsys, monkeypatch, 80, ["solve", path, "--digits", "20"])
    assert out.count(" ≈3.3333333333333333333e-13") == 2  # pi_ref, and pi* with a constant reward


def test_rewards_in_a_transcript_are_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    responses = [{"name": f"{'long ' * 20}{y}", "pi_ref": "1/2", "phi": [str(y)]} for y in range(2)]
    prompts = [{"name": "x", "rho": "1", "responses": responses}]
    change = {"theta": ["12345678901/98765432101"], "prompts": prompts}
    path = changed(tmp_path / "long.json", change)
    out = printed(capsys, monkeypatch, 60, ["run", "passive", path, "--param", "n=8"])
    lines = [line for line in out.splitlines() if line[7:].startswith("reward")]
    values = [line.rpartition("... = ")[2] for line in lines]
    assert set(values) == {"0", "12345678901/98765432101"}
    assert max(map(len, lines)) == 60


HOSTILE = "a\u001b[31mred\nline\u202e :heart:"
SHOWN = "a�[31mred␤line� :heart:"


def hostile(value: object) -> object:
    """Return an instance whose every text is hostile."""
    if isinstance(value, list):
        return [hostile(entry) for entry in value]
    if isinstance(value, dict):
        spoilt = {"name", "title", "shows", "source", "license"} & value.keys()
        prefixed = {key: HOSTILE + value[key] for key in spoilt if value[key]}
        tokens = {key: _tokens(value[key]) for key in {"alphabet", "prefix", "token"} & value.keys()}
        return {key: hostile(entry) for key, entry in value.items()} | prefixed | tokens
    return value


def _tokens(value: str | list[str]) -> str | list[str]:
    return HOSTILE + value if isinstance(value, str) else [HOSTILE + token for token in value]


@pytest.mark.parametrize("width", [40, 400])
@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("two-arms", ["solve"]),
        ("two-arms", ["run", "spanner-sampling", "--param", "n_prompt=2"]),
        ("two-arms", ["run", "enumerating", "--param", "n=2"]),
        ("two-arms", ["run", "barycentric-spanner"]),
        ("two-arms", ["run", "rejection", "--law", "--param", "N=1"]),
        ("clean-sweep", ["solve", "--sequences"]),
        ("linear-not-realizable", ["solve"]),
        ("clean-sweep", ["run", "mtss"]),
        ("clean-sweep", ["run", "mtss", "--law", "--param", "n_roll=1", "--param", "n_pair=1"]),
    ],
)
def test_texts_of_a_file_are_printed_plain(
    name: str,
    command: list[str],
    width: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "hostile.json"
    path.write_text(json.dumps(hostile(json.loads(dump(load(name))))), encoding="utf-8")
    out = printed(capsys, monkeypatch, width, [*command, str(path)] if command[0] == "solve" else _on(command, path))
    assert all(c.isprintable() for c in out.replace("\n", ""))
    if width > 40:  # else long words are broken anywhere
        assert SHOWN in out
        assert not any(line.lstrip().startswith("line") for line in out.splitlines())


def _on(command: list[str], path: Path) -> list[str]:
    return [*command[:2], str(path), *command[2:]]


def test_the_catalog_prints_texts_plain_and_json_has_them_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hostile.json"
    path.write_text(json.dumps(hostile(json.loads(dump(load("smollm2-facts"))))), encoding="utf-8")
    problem = load_linear(str(path))
    monkeypatch.setattr("proofs_check.cli.catalog.load", lambda _: problem)
    for width in (40, 80, 400):
        for arguments in (["catalog"], ["catalog", "x"]):
            out = printed(capsys, monkeypatch, width, arguments)
            assert all(c.isprintable() for c in out.replace("\n", ""))
            assert f"{SHOWN}smollm2-facts" in out
    for arguments in (["catalog", "x"], ["solve", str(path)], ["run", "passive", str(path)]):
        assert repr(HOSTILE)[1:-1] in str(loaded(capsys, *arguments))


def test_no_row_is_left_out_alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert [first(count, 5) for count in (0, 5, 6, 7)] == [0, 5, 6, 5]
    out = printed(capsys, monkeypatch, 80, ["solve", "smollm2-facts"])
    assert "\nPerth. " in out  # the sixth of six
    assert " 1 more" not in out
    assert "\n... 4 more responses: --json has all\n" in out


def test_a_response_that_is_left_alone_may_have_no_mass(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = printed(capsys, monkeypatch, 80, ["solve", "zero-base-mass"]).splitlines()
    prompts = loaded(capsys, "solve", "zero-base-mass")["prompts"]
    assert isinstance(prompts, list)
    (zero,) = [r["name"] for r in prompts[0]["responses"] if r["pi_ref"] == "0"]
    (row,) = [line.split() for line in lines if line.startswith(f"{zero} ") and len(line.split()) == 4]
    assert (row[1], row[3]) == ("0", "0")


def test_a_name_is_shortened_to_its_cells() -> None:
    assert short_number("漢字漢字漢字", 9) == "漢字漢..."
    assert short_number("漢字漢字", 8) == "漢字漢字"
