"""Gradings side by side as one HTML file, which asks for nothing else."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from proofs_check.cli.formats.grade import FunctionGrade, ImplementationGrade, VectorGrade
from proofs_check.conformance.report import clipped
from proofs_check.conformance.verdict import MEANINGS, AnswerKind


def page(found: Sequence[ImplementationGrade]) -> str:
    """Return the page of one implementation, or of several side by side.

    Raises:
        ModuleNotFoundError: without jinja2, of the extra ``grade``.
    """
    import jinja2

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string(Path(__file__).with_name("page.html").read_text("utf-8"))
    names = ", ".join(dict.fromkeys(each.name for each in found))
    return template.render(
        title=f"Graded: {names}",
        versions=", ".join(dict.fromkeys(f"{each.vectors_version} ({each.vectors_sha256[:12]})" for each in found)),
        found=found,
        rows=side_by_side(found),
        fallen_of=_fallen,
        meaning=lambda kind: MEANINGS[AnswerKind(kind)],
        meanings=MEANINGS,
        json=lambda value: clipped(json.dumps(value), 2_000),
    )


def side_by_side(found: Sequence[ImplementationGrade]) -> list[dict[str, Any]]:
    """Return a row for each function with a cell for each implementation, ``None`` where it is not offered."""
    names = dict.fromkeys(name for each in found for name in (*(f.function for f in each.functions), *each.not_offered))
    return [
        {"function": name, "cells": [next(map(_cell, _grades(each, name)), None) for each in found]} for name in names
    ]


def _grades(found: ImplementationGrade, name: str) -> list[FunctionGrade]:
    return [each for each in found.functions if each.function == name]


def _cell(grade: FunctionGrade) -> dict[str, Any]:
    color = "all" if grade.passed == grade.asked else "most" if 2 * grade.passed > grade.asked else "few"
    counts = ", ".join(f"{count} {kind}" for kind, count in grade.verdicts.items())
    return {
        "passed": grade.passed, "asked": grade.asked, "share": grade.largest_share, "color": color, "counts": counts,
    }  # fmt: skip


def _fallen(found: ImplementationGrade, function: FunctionGrade) -> list[VectorGrade]:
    """Return the vectors that did not pass, the one with the smallest input first."""
    fallen = [each for each in found.vectors if each.function == function.function and not each.passed]
    return sorted(fallen, key=lambda each: each.id != function.smallest_failing)
