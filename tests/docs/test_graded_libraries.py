"""The record of the graded libraries: what the grader writes, of the pinned versions, and each finding still is one."""

import json
from math import isfinite

import msgspec
import pytest

from docs.graded.findings import FINDINGS, HERE, RESULTS, Finding, graded, judged, record
from docs.graded.samplers import DRAWS, LAWS, SAMPLERS
from proofs_check.conformance.kit import function_named
from proofs_check.conformance.verdict import AnswerKind

PAGE = HERE.parent / "reference" / "graded-libraries.md"


def pinned() -> dict[str, str]:
    lines = (HERE / "requirements.txt").read_text("utf-8").splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


def test_the_record_is_of_the_pinned_versions() -> None:
    assert {name: version.partition("+")[0] for name, version in record()["versions"].items()} == pinned()
    for stem, grade in graded().items():
        library = stem.partition("-")[0]
        versions = [each.partition("+")[0] for each in grade.implementation_version.split(", ")]
        assert versions == [pinned()[name] for name in (("jax", "optax") if library == "jax" else (library,))]


def test_the_gradings_are_read_strictly_and_count_what_they_keep() -> None:
    found = graded()
    assert len(found) == 17
    assert {grade.float_format for grade in found.values()} == {"binary64", "binary32"}
    for grade in found.values():
        assert len(grade.vectors) == grade.vectors_asked - grade.vectors_passed
        assert not any(each.passed for each in grade.vectors)
        assert {AnswerKind(each.verdict) for each in grade.vectors} <= set(AnswerKind)
        assert sum(each.asked for each in grade.functions) == grade.vectors_asked
        assert {function_named(each.function).name for each in grade.functions}.isdisjoint(grade.not_offered)


def test_the_gradings_are_all_about_the_same_vectors() -> None:
    assert len({(grade.vectors_version, grade.vectors_sha256) for grade in graded().values()}) == 1


def test_a_grading_with_another_key_is_refused() -> None:
    path = next(RESULTS.glob("*.json"))
    found = json.loads(path.read_text("utf-8"))
    del found["vectors_asked"]
    with pytest.raises(msgspec.ValidationError, match="vectors_asked"):
        msgspec.json.decode(json.dumps(found), type=type(next(iter(graded().values()))))


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda each: each.name)
def test_what_was_printed_is_wrong_and_the_right_value_is_not(finding: Finding) -> None:
    printed = float(record()["findings"][finding.name])
    assert finding.reproduces(printed)
    right = finding.right()
    expected = round(float(right) * finding.draws) if finding.draws else float(right)
    assert isfinite(expected)
    assert not finding.reproduces(expected)


def test_each_finding_has_its_lines_on_the_page() -> None:
    assert set(record()["findings"]) == {each.name for each in FINDINGS}
    assert len({each.name for each in FINDINGS}) == len(FINDINGS)
    assert "for each in FINDINGS" in PAGE.read_text("utf-8")
    for each in FINDINGS:
        assert each.library in pinned()
        assert "print(" in each.code.splitlines()[-1]
        assert len(each.code.splitlines()) <= 8


def test_the_judge_refutes_the_samplers_that_the_page_names() -> None:
    refuted = set()
    for row in record()["samplers"]:
        if judged(row, LAWS[row["law"]], DRAWS[row["law"]]).refuted:
            refuted.add((row["call"].replace("``", ""), row["law"]))
    assert refuted == {
        ("torch.multinomial(replacement=True), binary32", "tail"),
        ("jax.random.categorical, binary32, the default mode", "tail"),
        ("transformers' _speculative_sampling, the draft's likeliest token, binary32", "draft"),
    }
    calls = [(sampler.__doc__, law) for laws, made in SAMPLERS.values() for sampler in made for law in laws.split()]
    assert [(row["call"], row["law"]) for row in record()["samplers"]] == calls


def test_lost_draws_are_noticed() -> None:
    row = dict(record()["samplers"][0])
    row["counts"] = {**row["counts"], "0": row["counts"]["0"] - 1}
    with pytest.raises(ValueError, match="999999 draws of 1000000 are recorded"):
        judged(row, LAWS["six"], DRAWS["six"])
