"""A grading as data, as tables for a terminal, as JUnit's XML and as a badge.

The page is in :mod:`proofs_check.conformance.page`.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final
from xml.etree import ElementTree as ET

from flint import fmpq
from msgspec import UNSET, UnsetType

from proofs_check.cli.formats.grade import (
    AreaGrade,
    FunctionGrade,
    ImplementationGrade,
    ReplayGrade,
    Resemblance,
    SamplerGrade,
    VectorGrade,
)
from proofs_check.cli.formats.parts import VERSION
from proofs_check.cli.output import TextTable, first
from proofs_check.conformance.grade import GradedVector, Grading, with_smallest_input
from proofs_check.conformance.kit import KIT_AREAS
from proofs_check.conformance.profile import Profile
from proofs_check.conformance.resemblance import resembled
from proofs_check.conformance.truth import entries
from proofs_check.conformance.verdict import MEANINGS, RANK, AnswerKind, approximate, from_ideal
from reference.conformance.vectors import Vector

_DIGITS: Final = 3
_SHOWN: Final = 8
"""Vectors of a function that are shown."""


def document(
    grading: Grading,
    implementation: str,
    replays: list[ReplayGrade] | UnsetType = UNSET,
    samplers: list[SamplerGrade] | UnsetType = UNSET,
) -> ImplementationGrade:
    """Return a grading as ``spanner grade --json`` writes it."""
    runs = [*(replays or ()), *(samplers or ())]
    hello, kit = grading.source.hello, grading.kit
    in_kit = {name: len(kit.vectors(name, grading.format)) for name in kit.files}
    return ImplementationGrade(
        VERSION,
        name=hello.name,
        implementation_version=hello.version,
        implementation=implementation,
        vectors_version=kit.version,
        vectors_sha256=kit.digest,
        float_format=grading.format,
        profile=_profile_text(grading.profile),
        passed=grading.passed and all(each.passed for each in runs),
        vectors_asked=len(grading.vectors),
        vectors_passed=sum(each.good for each in grading.vectors),
        vectors_in_kit=sum(in_kit.values()),
        not_offered=list(grading.not_offered),
        functions=[_function(grading, name) for name in grading.functions],
        vectors=[_vector(grading, each) for each in grading.vectors],
        notes=list(grading.notes),
        stderr=grading.source.complaint,
        replays=replays,
        samplers=samplers,
        areas=_areas(grading, in_kit, replays, samplers),
    )


def _areas(
    grading: Grading,
    in_kit: Mapping[str, int],
    replays: list[ReplayGrade] | UnsetType,
    samplers: list[SamplerGrade] | UnsetType,
) -> list[AreaGrade]:
    found = []
    for area, names in KIT_AREAS.items():
        if there := [name for name in names if name in in_kit]:
            passed = sum(each.good for each in grading.vectors if each.function in there)
            found.append(AreaGrade(area, passed, sum(in_kit[name] for name in there)))
    for area, runs in (("replay", replays), ("samplers", samplers)):
        if runs is not UNSET:
            found.append(AreaGrade(area, sum(each.passed for each in runs), len(runs)))
    return found


def _profile_text(profile: Profile) -> str:
    return f"{profile.name}, {profile.level}"


def _function(grading: Grading, name: str) -> FunctionGrade:
    graded = grading.of_function(name)
    counts = Counter(each.verdict.kind for each in graded)
    failing = sum(not each.good for each in graded)
    smallest = with_smallest_input([each for each in graded if not each.passed])
    return FunctionGrade(
        function=name,
        level=str(grading.profile.of_function(name)),
        asked=len(graded),
        passed=len(graded) - failing,
        expected_failures=sum(each.passed and not each.good for each in graded),
        verdicts={str(kind): counts[kind] for kind in AnswerKind if counts[kind]},
        largest_ulps=_largest(each.verdict.ulps for each in graded),
        largest_share=_largest(each.verdict.units for each in graded),
        smallest_failing=None if smallest is None else smallest.vector.id,
        resembles=[
            Resemblance(each.mutant, f"{each.both}/{each.either}", each.why) for each in resembled(grading, name)
        ],
    )


def _largest(values: Iterable[fmpq | None]) -> str | None:
    found = [value for value in values if value is not None]
    return approximate(max(found), _DIGITS) if found else None


def _vector(grading: Grading, graded: GradedVector) -> VectorGrade:
    verdict, vector = graded.verdict, graded.vector
    ulps, share = _largest([verdict.ulps]), _largest([verdict.units])
    ideal = _largest([from_ideal(vector, graded.reply.answer, grading.format)])
    notes = [grading.kit.note(graded.function, flag) for flag in vector.flags]
    shows = [note.description for note in notes if note is not None]
    fell = not graded.passed
    return VectorGrade(
        id=vector.id,
        function=graded.function,
        verdict=str(verdict.kind),
        passed=graded.passed,
        said=verdict.said if fell or graded.good else f"expected to fail: {verdict.said}",
        ulps=UNSET if ulps is None else ulps,
        share=UNSET if share is None else share,
        acceptable=verdict.acceptable,
        from_ideal=UNSET if ideal is None else ideal,
        expected_failure=UNSET if graded.expected is None else graded.expected,
        flags=vector.flags,
        comment=vector.comment if fell else UNSET,
        shows=shows if fell else UNSET,
        input=vector.input if fell else UNSET,
        value=right_answer(vector) if fell else UNSET,
        answered=graded.answered if fell else UNSET,
    )


def right_answer(vector: Vector) -> list[str]:
    """Return the entries of the right answer; of the spanner of nothing there are none."""
    return ["a refusal"] if vector.result == "invalid" else [*entries(vector)] or ["[]"]


# --------------------------------------------------------------------------------------------------- for people


def function_table(found: ImplementationGrade) -> TextTable:
    """Return a row for each function: how many passed, and how many answers had which verdict."""
    kinds = [kind for kind in AnswerKind if any(str(kind) in each.verdicts for each in found.functions)]
    table = TextTable(
        (
            ("function", "key"), ("passed", "number"), ("level", "key"),
            *((str(kind), "number") for kind in kinds), ("worst ulps", "number"), ("of bound", "number"),
        )
    )  # fmt: skip
    for each in found.functions:
        counts = [str(each.verdicts.get(str(kind), "")) for kind in kinds]
        table.add_row(
            each.function, f"{each.passed}/{each.asked}", each.level, *counts, each.largest_ulps or "",
            each.largest_share or "",
        )  # fmt: skip
    return table


def failures(found: ImplementationGrade) -> list[str]:
    """Return for each function that fell short what fell, the smallest input first, and which mistake it resembles."""
    lines: list[str] = []
    for function in found.functions:
        fallen = [each for each in found.vectors if each.function == function.function and not each.passed]
        if not fallen:
            continue
        smallest = next(each for each in fallen if each.id == function.smallest_failing)
        lines.append(f"{function.function}: {len(fallen)} of {function.asked} fell short of {function.level}")
        lines.append(
            f"  smallest: {smallest.id}: {smallest.verdict}: {smallest.said or MEANINGS[AnswerKind(smallest.verdict)]}"
        )
        if smallest.input is not UNSET and smallest.value is not UNSET and smallest.answered is not UNSET:
            lines.append(f"    input: {clipped(json.dumps(smallest.input))}")
            lines.append(f"    value: {clipped(', '.join(smallest.value))}")
            lines.append(f"    answered: {smallest.answered}")
            lines += [f"    shows: {text}" for text in smallest.shows or ()]
        if smallest.expected_failure is not UNSET:
            lines.append(f"    it passed, and was expected to fail: {smallest.expected_failure}")
        others = [each for each in sorted(fallen, key=_badness) if each is not smallest]
        for each in others[: first(len(others), _SHOWN)]:
            flags = f" [{', '.join(each.flags)}]" if each.flags else ""
            lines.append(f"  {each.id}: {each.verdict}{flags}: {each.said}")
        if len(others) > first(len(others), _SHOWN):
            lines.append(f"  and {len(others) - _SHOWN} more: --json or --html lists them")
        for near in function.resembles:
            lines.append(f"  fails nearly the same vectors as {near.mutant} ({near.shared}): {near.why}")
    return lines


def _badness(each: VectorGrade) -> int:
    return -RANK[AnswerKind(each.verdict)]


def clipped(text: str, most: int = 300) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def summary_line(found: ImplementationGrade) -> str:
    """Return the one line that says how it went."""
    offered = len(found.functions)
    who = f"{found.name} {found.implementation_version}".strip()
    asked = f"{found.vectors_asked} vectors of {offered} function{'s' * (offered != 1)}"
    kit = f"{found.vectors_in_kit} vectors of {offered + len(found.not_offered)} functions"
    return (
        f"{who}, {found.float_format}, {found.profile}: {found.vectors_passed} of {asked} passed; "
        f"the kit has {kit} (version {found.vectors_version})"
    )


# ------------------------------------------------------------------------------------------------- for machines


_MOSTLY: Final = fmpq(9, 10)


def badge(found: ImplementationGrade) -> dict[str, Any]:
    """Return what https://shields.io/badges/endpoint-badge takes: of all vectors of the kit, asked or not."""
    return _badge(found, "vectors", found.vectors_passed, found.vectors_in_kit)


def area_badges(found: ImplementationGrade) -> dict[str, dict[str, Any]]:
    """Return such a badge for each area."""
    return {each.area: _badge(found, each.area, each.passed, each.in_kit) for each in found.areas or ()}


def _badge(found: ImplementationGrade, what: str, passed: int, in_kit: int) -> dict[str, Any]:
    share = fmpq(passed, in_kit or 1)
    color = "brightgreen" if share == 1 else "green" if share >= _MOSTLY else "yellow" if 2 * share >= 1 else "orange"
    return {
        "schemaVersion": 1,
        "label": f"spanner {what} {found.vectors_version}",
        "message": f"{passed}/{in_kit} {found.profile}, {found.float_format}",
        "color": color if found.passed or share == 1 else "red" if 2 * share < 1 else "orange",
    }


def junit(found: ImplementationGrade) -> bytes:
    """Return the vectors as test cases, a suite for each function."""
    suites = ET.Element("testsuites", name=f"spanner vectors {found.vectors_version}")
    for function in found.functions:
        cases = [each for each in found.vectors if each.function == function.function]
        fallen = sum(not each.passed for each in cases)
        expected = sum(each.passed and each.expected_failure is not UNSET for each in cases)
        counts = {"tests": len(cases), "failures": fallen, "errors": 0, "skipped": expected}
        suite = ET.SubElement(suites, "testsuite", {"name": function.function})
        suite.attrib.update({key: str(count) for key, count in counts.items()})
        for each in cases:
            case = ET.SubElement(suite, "testcase", classname=each.function, name=each.id)
            if not each.passed:
                fell = ET.SubElement(case, "failure", type=each.verdict, message=_xml_text(each.said))
                fell.text = _xml_text(f"value: {each.value}\nanswered: {each.answered}")
            elif each.expected_failure is not UNSET:
                ET.SubElement(case, "skipped", message=_xml_text(each.expected_failure))
    ET.indent(suites)
    return bytes(ET.tostring(suites, encoding="utf-8", xml_declaration=True)) + b"\n"


def _xml_text(text: str) -> str:
    """Return a text without what XML does not allow."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in text).encode(errors="replace").decode()
