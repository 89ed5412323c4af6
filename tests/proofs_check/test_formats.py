"""The formats of ``--json``: their keys are kept, each output is read by its struct, and the schemas are printed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from proofs_check.cli import main
from proofs_check.cli.formats.parts import Numeral, number
from proofs_check.cli.formats.registry import FORMATS, schema, shapes, version
from reference.exact import exp, log, rational, real, real_log
from tests.proofs_check.cli_output import document, loaded

RECORD = Path(__file__).with_name("output_keys.txt")


def keys() -> list[str]:
    """Return a line for each key of each format: format, version, object, key and type."""
    return [
        f"{name} {version(name)} {shape.name}.{key.name}: {key.type}{'' if key.always else ', not always'}"
        for name in FORMATS
        for shape in shapes(name)
        for key in shape.keys
    ]


def broken(before: list[str], after: list[str]) -> set[str]:
    """Return the keys that went, or changed their type, although the version did not rise."""
    versions = {tuple(line.split()[:2]) for line in after}
    return {line for line in before if tuple(line.split()[:2]) in versions} - set(after)


def test_no_key_goes_and_no_type_changes_within_a_version() -> None:
    """After a key was added, or the version raised: ``python tests/proofs_check/test_formats.py``."""
    before = RECORD.read_text("utf-8").splitlines()
    assert broken(before, keys()) == set()
    assert before == keys()  # a new key is recorded, too


def test_a_key_that_goes_is_seen() -> None:
    before = keys()
    gone = next(line for line in before if "Solution.coverage" in line)
    assert broken(before, [line for line in before if line != gone]) == {gone}
    changed = gone.replace("Numeral", "string")
    assert broken(before, [changed if line == gone else line for line in before]) == {gone}
    later = [line.replace("solution 3 ", "solution 4 ", 1) for line in before if line != gone]
    assert broken(before, later) == set()
    assert broken(before, [*before, "solution 3 Solution.new: string"]) == set()


COMMANDS: dict[str, list[str]] = {
    "solution": ["solve", "clean-sweep", "--sequences"],
    "run": ["run", "spanner-sampling", "two-arms", "--theory", "2,1/4"],
    "law": ["run", "rejection", "two-arms", "--param", "N=2", "--law"],
    "algorithms": ["run"],
    "ledger": ["verify", "elliptic-potential", "--quick"],
    "search": ["search", "gap-oscillation", "--from", "two-arms", "--steps", "5"],
    "instance-ledger": ["verify", "gibbs-optimum", "--on", "two-arms"],
    "claims": ["verify", "--list"],
    "reduce": ["reduce", "!x1 & !x2", "--learner", "coin-flip", "--T", "5", "--law"],
    "exercises": ["exercise"],
    "exercise": ["exercise", "fewest-draws"],
    "catalog": ["catalog"],
    "strategies": ["sweep"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_an_output_is_what_its_schema_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, *COMMANDS[name])
    assert (found["format"], found["version"]) == (f"spanner-reference/{name}", version(name))
    if name != "catalog":  # whose texts come from files
        assert "≈" not in json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize("algorithm", ["enumerating", "barycentric-spanner", "passive", "softmax-sampler"])
def test_answers_of_algorithms_are_data(algorithm: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = loaded(capsys, "run", algorithm, "two-arms")["answer"]
    if algorithm == "barycentric-spanner":
        pair = {"prompt": "x", "response": "good", "minus": "bad", "phi": ["1"]}
        assert answer == {"spanner": [pair], "differences": [pair | {"coefficients": ["1"]}]}
    elif algorithm == "softmax-sampler":
        assert answer["response"] in {"good", "bad"}
    else:
        assert [entry["exact"] for entry in answer["theta"]] == ["log(2)"]
        assert answer["gap"] == {"exact": "0", "decimal": "0", "lower": "0", "upper": "0"}


def test_events_of_a_transcript_are_data(capsys: pytest.CaptureFixture[str]) -> None:
    events = loaded(capsys, "run", "online-dpo", "two-arms", "--param", "T=1", "--seed", "3")["transcript"]
    assert events[0] == {"oracle": "prompt", "prompt": "x"}
    assert events[1].keys() == {"oracle", "prompt", "response"}
    value = events[3].pop("value")
    assert events[3].keys() == {"oracle", "prompt", "response"}
    assert value["exact"] == ("log(2)" if events[3]["response"] == "good" else "0")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["solve", "no-such-instance"], 2),
        (["solve", "two-arms", "--digit", "3"], 2),
        (["verify", "no-such-claim"], 2),
        (["run", "rejection", "two-arms", "--param", "M=0"], 2),
    ],
)
def test_an_error_is_a_document_too_and_still_one_line(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--json"]) == code
    out, err = capsys.readouterr()
    found = document(out)
    assert (found["format"], found["exit_code"]) == ("spanner-reference/error", code)
    assert err == f"spanner: {found['message']}\n"
    assert main(arguments) == code
    assert capsys.readouterr() == ("", err)


@pytest.mark.parametrize("name", FORMATS)
def test_the_schema_of_a_format_is_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", name]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == schema(name)
    top = found["$defs"][found["$ref"].rpartition("/")[2]]
    assert top["properties"]["format"] == {"enum": [f"spanner-reference/{name}"]}
    assert {"format", "version"} <= set(top["required"])
    assert all(part.get("additionalProperties") is not False for part in found["$defs"].values())  # keys may be added


def test_the_help_of_schema_names_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--help"]) == 0
    shown = re.sub(r"[\s│]+", " ", capsys.readouterr().out)
    assert main(["schema", "zzz"]) == 2
    there_are = capsys.readouterr().err.partition("there are ")[2].split(", ")
    assert {"solution", "sweep-1\n"} <= set(there_are)
    assert [name for name in there_are if not re.search(rf"[ ,]{re.escape(name.strip())}[,;. ]", shown)] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["solutions"], "no output format 'solutions'; did you mean 'solution'?"),
        (["zzz"], "no output format 'zzz'; there are solution, run, "),
        (["run", "--tokens"], "spanner schema run --tokens: --tokens is about instance files; leave one of them out"),
    ],
)
def test_a_schema_that_is_not_there(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", *arguments]) == 2
    assert said in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------- numbers


def test_numbers_by_hand() -> None:
    assert number(fmpq(1, 4), 6) == Numeral("1/4", "0.25", "0.25", "0.25")
    assert number(fmpq(2, 3), 3) == Numeral("2/3", "0.667", "0.666", "0.667")
    assert number(fmpq(-2, 3), 3) == Numeral("-2/3", "-0.667", "-0.667", "-0.666")
    assert number(fmpq(99999, 10), 2) == Numeral("99999/10", "1.0e4", "9.9e3", "1.0e4")
    assert number(log(2), 3) == Numeral("log(2)", "0.693", "0.693", "0.694")
    assert number(exp(-30), 2) == Numeral("exp(-30)", "9.4e-14", "9.3e-14", "9.4e-14")


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("digits", [1, 3])
@pytest.mark.parametrize("near", [1, 10, 25, fmpq(99, 100)])
def test_a_number_too_close_to_a_decimal_is_between_two_others(near: int | fmpq, digits: int, sign: int) -> None:
    exact = sign * (near + sign * exp(-20_000))  # beyond 4096 bits
    found = number(exact, digits)
    assert rational(found.lower) < exact < rational(found.upper)


def test_a_number_that_is_zero_to_every_precision_has_bounds_and_no_decimal() -> None:
    root = exp(real_log(1 + exp(1)) / 2)
    found = number(root**2 - 1 - exp(1), 6)
    assert found.decimal is None
    assert rational(found.lower) < 0 < rational(found.upper)


@given(st.fractions(), st.integers(1, 30))
def test_the_decimals_enclose_a_rational(value: Any, digits: int) -> None:  # noqa: ANN401 - a Fraction
    exact = fmpq(value.numerator, value.denominator)
    found = number(exact, digits)
    low, high = rational(found.lower), rational(found.upper)
    assert low <= exact <= high
    assert (low == exact == high) == (low == high)
    assert found.decimal is not None
    assert abs(rational(found.decimal) - exact) == min(exact - low, high - exact)


@given(st.fractions(min_value=-40, max_value=40), st.integers(1, 30))
def test_the_decimals_enclose_an_irrational(value: Any, digits: int) -> None:  # noqa: ANN401 - a Fraction
    exact = real(exp(fmpq(value.numerator, value.denominator))) * log(3) - real(log(5))
    found = number(exact, digits)
    assert rational(found.lower) < exact < rational(found.upper)
    assert found.decimal in {found.lower, found.upper}


if __name__ == "__main__":
    lines = keys()
    lost = broken(RECORD.read_text("utf-8").splitlines(), lines) if RECORD.exists() else set()
    if lost:
        raise SystemExit("raise VERSION in proofs_check/cli/formats/parts.py:\n" + "\n".join(sorted(lost)))
    RECORD.write_text("\n".join(lines) + "\n", "utf-8")
