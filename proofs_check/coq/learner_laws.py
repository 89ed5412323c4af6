"""The audit of the laws of brute force and MTSS that the kernel computes: ``certificates.py`` runs it.

Of each of the two files of ``learners/``: its instances are those of the catalog's JSON, then those that a number
decides, as ``learner_form.py`` writes them; below each stand lists of numbers, nothing else; the kernel accepts it;
what it proves is the one statement, that the kernel computed these laws, without an axiom.  One line for each file.
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
    known = {f"{file.module}.v" for file in FILES}
    foreign = [file.name for file in sorted((folder / FOLDER).glob("*")) if file.name not in known]
    results: list[tuple[str, str | None]] = [
        (f"{FOLDER}/{name}", "no file of that name is generated") for name in foreign
    ]
    return results + [_audited(build, file, folder, instances, decide) for file in FILES]


def _audited(
    build: Path, file: Learners, folder: Path, instances: Path, decide: Callable[[str], str | None]
) -> tuple[str, str | None]:
    path = f"{FOLDER}/{file.module}"
    try:
        text = (folder / f"{path}.v").read_text(encoding="utf-8")
        known, random = instances_of(file, text, instances)
        laws = claimed_runs(file, text, known)
    except (FormError, OSError) as error:
        return f"{path}.v", str(error)
    name = f"{path}.v: {laws} laws on {len(known) - random} instances of the catalog and {random} random ones, computed"
    return name, decide(path) or _stated(build, file)


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
