"""What the command shows: fractions as such, no blanks at the end of a line, nothing cut, links, examples."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from flint import fmpq
from rich.console import Console

import proofs_check
from proofs_check.claims import registry
from proofs_check.cli import main
from proofs_check.cli.commands import COMMANDS
from proofs_check.cli.output import brief
from proofs_check.cli.places import linked, theorem_place
from proofs_check.ledger.coq import theorems
from reference.exact import log

ROOT = Path(proofs_check.__file__).parents[1]
NAMES = [command.__name__.replace("_", "-") for command in COMMANDS]


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def shown(capsys: pytest.CaptureFixture[str], *line: str) -> str:
    assert main(list(line)) == 0
    return capsys.readouterr().out


# ------------------------------------------------------------------------------------------ numbers in tables


def test_a_table_shows_short_fractions_as_the_file_does(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.split() for line in shown(capsys, "solve", "two-arms").splitlines()]
    assert ["good", "1/2", "≈0.693147", "2/3"] in lines
    assert ["x", "1", "2", "≈0.405465", "4/3", "≈0.0566330"] in lines
    tokens = shown(capsys, "solve", "fair-bits-3")
    assert re.search(r"0 +1/2 +≈1.83258 +1/5", tokens)


def test_a_long_fraction_and_a_logarithm_are_shown_by_their_decimals() -> None:
    assert brief(fmpq(1, 2), 6) == "1/2"
    assert brief(fmpq(-1023, 1024), 6) == "≈-0.999023"  # 10 characters
    assert brief(fmpq(12345, 99999), 6) == "≈0.123451"
    assert brief(log(2), 6) == "≈0.693147"
    assert brief(fmpq(3), 6) == "3"


# ------------------------------------------------------------------------------------------ lines


@pytest.mark.parametrize(
    "line",
    [
        "verify coverage-gap --explain",
        "verify data-lower-bound fmr25-theorem-2-1 --quick",
        "verify --list",
        "verify --on two-arms",
        "solve fair-bits-3",
        "run spanner-sampling two-arms",
        "run spanner-sampling",
        "reduce x1&x2",
        "catalog",
        "catalog two-arms",
    ],
)
def test_no_line_in_a_pipe_ends_with_a_blank(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(line.split())
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert [each for each in lines if each != each.rstrip()] == []


def test_the_ledger_names_every_instance_of_a_domain(capsys: pytest.CaptureFixture[str]) -> None:
    claim = registry()["data-lower-bound"]
    table = " ".join(shown(capsys, "verify", claim.id).split())
    assert all(str(check.domain) in table for check in claim.checks)
    assert "..." not in table


# ------------------------------------------------------------------------------------------ places and links


def test_every_claim_stands_on_the_page_that_is_named() -> None:
    for claim in registry():
        assert f"```{{claim}} {claim.id}\n" in (ROOT / claim.page.file).read_text("utf-8")


def test_every_coq_theorem_stands_on_the_line_that_is_named() -> None:
    for claim in registry():
        for theorem in theorems(claim.id):
            file, _, line = theorem_place(theorem.name).partition(":")
            stated = (ROOT / file).read_text("utf-8").splitlines()[int(line) - 1]
            assert theorem.name.partition(".")[2] in stated.replace(":", " ").split()


def test_explain_names_the_theory_page_and_the_coq_file(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "verify", "gap-quadratic", "--explain")
    assert "docs/reference/theory/objective.md" in text
    assert re.search(r"gaps\.v:\d+  gaps\.gap_quadratic: ", text)
    assert "\x1b" not in text


def test_a_place_is_a_link_on_a_terminal_if_the_file_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not linked("README.md").style  # no terminal
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    console = Console(force_terminal=True, width=120)
    with console.capture() as captured:
        console.print(linked("README.md"), linked("no-such-file.md"))
    link, plain = captured.get().split("no-such-file.md")[0], captured.get()
    assert "]8;id=" in link
    assert (ROOT / "README.md").as_uri() in link
    assert plain.count("]8;id=") == 1


# ------------------------------------------------------------------------------------------ help and completion


@pytest.mark.parametrize("name", NAMES)
def test_every_help_has_an_example_and_nothing_is_cut(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, name, "--help")
    assert f"  Example: spanner {name} " in text
    assert "...\n" not in text.replace("[CLAIM]...\n", "").replace("[IMPLEMENTATION]...\n", "")
    summary = (COMMANDS[NAMES.index(name)].__doc__ or "").partition("\n")[0]
    assert f"  {name:<{max(map(len, NAMES))}}  {summary}\n" in shown(capsys, "--help")


@pytest.mark.parametrize("name", ["solve", "run", "play", "reduce", "catalog", "schema"])
def test_the_example_works(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = re.search(r"Example: spanner (.*)", COMMANDS[NAMES.index(name)].__doc__ or "")
    assert found is not None
    assert shown(capsys, *shlex.split(found[1]))


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("sol", "solve"),
        ("verify needle-m", "needle-minimax"),
        ("solve zero", "zero-base-mass"),
        ("run spanner-s", "spanner-sampling"),
        ("solve two-arms --dig", "--digits"),
    ],
)
def test_a_shell_completes_commands_options_and_names(typed: str, offered: str) -> None:
    asked = {"_SPANNER_COMPLETE": "complete_bash", "COMP_WORDS": f"spanner {typed}"}
    asked["COMP_CWORD"] = str(len(typed.split()))
    program = "import sys; from proofs_check.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **asked}, capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [offered]
