"""The audit of the laws of brute force and MTSS that the kernel computes: ``certificates.py`` runs it.

Of each of the two files of ``learners/``: its instances are those of the catalog's JSON, then those that a number
decides, as ``learner_form.py`` writes them; below each stand lists of numbers, nothing else; the kernel accepts it;
what it proves is the one statement, that the kernel computed these laws, without an axiom.  One line for each instance
of the catalog, ``ok   computed NAME: KIND``, one for the random ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from certified_form import FormError
from learner_form import FILES, FOLDER, Learners, claimed_runs, instances_of
from queries import QueryError, texts_and_axioms

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def audit(
    build: Path, folder: Path, instances: Path, decide: Callable[[str], str | None]
) -> list[tuple[str, str | None]]:
    """Return for each check its name and what is wrong, if anything is; ``decide`` has the kernel accept a file."""
    expected = {f"{file.module}.v" for file in FILES.values()}
    foreign = [file.name for file in sorted((folder / FOLDER).glob("*")) if file.name not in expected]
    results: list[tuple[str, str | None]] = [
        (f"{FOLDER}/{name}", "no file of that name is generated") for name in foreign
    ]
    for file in FILES.values():
        results += _audited(build, file, folder, instances, decide)
    return results


def _audited(
    build: Path, file: Learners, folder: Path, instances: Path, decide: Callable[[str], str | None]
) -> list[tuple[str, str | None]]:
    path = f"{FOLDER}/{file.module}"
    try:
        text = (folder / f"{path}.v").read_text(encoding="utf-8")
        known, random = instances_of(file, text, instances)
        counts = claimed_runs(file, text, [*known, *random])
    except (FormError, OSError) as error:
        return [(f"{path}.v", str(error))]
    problem = decide(path) or _stated(build, file)
    lines = [f"computed {name}: {file.kind}" for name, _ in known]
    lines.append(f"{sum(counts[len(known) :])} laws of {file.kind} on {len(random)} random instances, computed")
    return [(line, problem) for line in lines]


def _stated(build: Path, file: Learners) -> str | None:
    """Ask Coq what a file proves, and on which axioms; return what is wrong."""
    name = f"{FOLDER}.{file.module}.computed"
    try:
        roots = ["learners_run", f"{FOLDER}.{file.module}"]
        texts, axioms = texts_and_axioms(build, roots, {name: "Check @"}, {"laws": [name]})
    except QueryError as error:
        return str(error)
    full = " ".join(texts[name].full.split())
    if full != file.statement:
        return f"it states something else: {full[:200]}"
    extra = sorted(axioms["laws"])
    return f"it rests on axioms: {', '.join(extra)}" if extra else None
