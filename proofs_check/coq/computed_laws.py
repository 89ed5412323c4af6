"""The audit of the laws that the kernel computes: ``certificates.py`` runs it after the certified instances.

Of each file of ``computed/``: its instances are those of the catalog's JSON, or those that a number decides, as
``computed_form.py`` writes them; below each stand lists of numbers, nothing else; the kernel accepts it; what it proves
is the one statement, without an axiom.  One line for each instance of the catalog, ``ok   computed NAME: KINDS``, one
for the random ones.  The independent checker, which has no virtual machine, would take too long.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from certified_form import FormError, Written, read
from computed_form import RANDOM, claimed_runs, random_instances
from queries import QueryError, texts_and_axioms

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CATALOG, ON_RANDOM = "catalog", "random"
STATEMENT = "{m}.computed : @eq bool (listing_run.all_agree {m}.cases) true"
NAMED = re.compile(r"^ \(\* ([A-Za-z0-9_-]+) \*\)$", re.MULTILINE)


def audit(
    build: Path, files: Path, instances: Path, decide: Callable[[str], str | None]
) -> list[tuple[str, str | None]]:
    """Return for each check its name and what is wrong, if anything is; ``decide`` has the kernel accept a file."""
    foreign = [file.name for file in sorted(files.iterdir()) if file.name not in {f"{CATALOG}.v", f"{ON_RANDOM}.v"}]
    results: list[tuple[str, str | None]] = [
        (f"computed/{name}", "no file of that name is generated") for name in foreign
    ]
    for module in (CATALOG, ON_RANDOM):
        try:
            text = (files / f"{module}.v").read_text(encoding="utf-8")
            known = _catalog(text, instances) if module == CATALOG else [(n, w) for n, _, w in random_instances()]
            runs = claimed_runs(text, known)
        except (FormError, OSError) as error:
            results.append((f"computed/{module}.v", str(error)))
            continue
        problem = decide(f"computed/{module}") or _stated(build, module)
        if module == CATALOG:
            results += [
                (f"computed {name}: {', '.join(kinds)}", problem) for (name, _), kinds in zip(known, runs, strict=True)
            ]
        else:
            results.append((f"{sum(map(len, runs))} laws on {RANDOM} random instances, computed", problem))
    return results


def _catalog(text: str, instances: Path) -> list[tuple[str, Written]]:
    """Return the catalog's instances that a file names."""
    return [read(instances / f"{name}.json") for name in NAMED.findall(text)]


def _stated(build: Path, module: str) -> str | None:
    """Ask Coq what a file proves, and on which axioms; return what is wrong."""
    name = f"computed.{module}.computed"
    try:
        texts, axioms = texts_and_axioms(
            build, ["listing_run", f"computed.{module}"], {name: "Check @"}, {"computed": [name]}
        )
    except QueryError as error:
        return str(error)
    full = " ".join(texts[name].full.split())
    if full != STATEMENT.format(m=module):
        return f"it states something else: {full[:200]}"
    return f"it rests on axioms: {', '.join(sorted(axioms['computed']))}" if axioms["computed"] else None
