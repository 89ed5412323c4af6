"""The audit of the laws that the kernel computes: ``certificates.py`` runs it after the certified instances.

Of each file of ``laws/`` and ``returned/``: its instances are those of the catalog's JSON, or those that a number
decides, as ``computed_form.py`` writes them; below each stand lists of numbers, nothing else; the kernel accepts it;
what it proves is the one statement of its checker, on the axioms of the allow-list; and the independent checker, which
has no virtual machine, decides it again (of ``returned/`` the random instances: the catalog's take it minutes).  One
line for each instance of the catalog, ``ok   certified NAME: KINDS``, one for the random ones.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from certified_form import FormError, Written, read
from computed_form import Part, claimed_runs, random_instances
from queries import QueryError, texts_and_axioms
from statements import load_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CATALOG, ON_RANDOM = "catalog", "random"
NAMED = re.compile(r"^ \(\* ([A-Za-z0-9_-]+) \*\)$", re.MULTILINE)


def audit(
    build: Path,
    part: Part,
    folder: Path,
    instances: Path,
    decide: Callable[[str], str | None],
    recheck: Callable[[list[str]], str | None],
) -> list[tuple[str, str | None]]:
    """Return for each check its name and what is wrong, if anything is.

    ``decide`` has the kernel accept a file, ``recheck`` the independent checker decide files again.
    """
    files = folder / part.folder
    foreign = [file.name for file in sorted(files.glob("*")) if file.name not in {f"{CATALOG}.v", f"{ON_RANDOM}.v"}]
    results: list[tuple[str, str | None]] = [
        (f"{part.folder}/{name}", "no file of that name is generated") for name in foreign
    ]
    claimed: dict[str, tuple[list[str], list[list[str]]]] = {}
    for module in (CATALOG, ON_RANDOM):
        try:
            text = (files / f"{module}.v").read_text(encoding="utf-8")
            known = _catalog(text, instances) if module == CATALOG else _random(part)
            claimed[module] = [name for name, _ in known], claimed_runs(part, text, known)
        except (FormError, OSError) as error:
            results.append((f"{part.folder}/{module}.v", str(error)))
    problems = {module: decide(f"{part.folder}/{module}") or _stated(build, part, module) for module in claimed}
    good = [module for module, problem in problems.items() if problem is None and module in part.rechecked]
    checked = recheck([f"{part.folder}.{module}" for module in good]) if good else None
    for module, (names, runs) in claimed.items():
        problem = problems[module] or (checked if module in good else None)
        if module == CATALOG:
            said = [f"certified {name}: {', '.join(kinds)}" for name, kinds in zip(names, runs, strict=True)]
        else:
            said = [f"{sum(map(len, runs))} laws on {len(names)} random instances, certified"]
        results += [(line, problem) for line in said]
    return results


def _catalog(text: str, instances: Path) -> list[tuple[str, Written]]:
    """Return the catalog's instances that a file names."""
    return [read(instances / f"{name}.json") for name in NAMED.findall(text)]


def _random(part: Part) -> list[tuple[str, Written]]:
    return [(document["name"], written) for _, document, written in random_instances(part)]


def _stated(build: Path, part: Part, module: str) -> str | None:
    """Ask Coq what a file proves, and on which axioms; return what is wrong."""
    name = f"{part.folder}.{module}.certified"
    try:
        modules = [part.module, f"{part.folder}.{module}"]
        texts, axioms = texts_and_axioms(build, modules, {name: "Check @"}, {"laws": [name]})
    except QueryError as error:
        return str(error)
    full = " ".join(texts[name].full.split())
    if full != part.statement.format(m=module):
        return f"it states something else: {full[:200]}"
    extra = sorted(axioms["laws"] - load_index()[1]["general"])
    return f"it rests on axioms: {', '.join(extra)}" if extra else None
