"""What commands share: what a shell completes, and options; what they need is imported when asked for."""

from typing import Annotated

import typer


def instances(incomplete: str) -> list[str]:
    """Return the instances that a shell may complete to."""
    from reference.catalog import names

    return [name for name in names() if name.startswith(incomplete)]


def claim_names(incomplete: str) -> list[str]:
    """Return the claims, and groups of claims, that a shell may complete to."""
    from proofs_check.claims import registry

    known = dict.fromkeys(name for claim in registry() for name in (claim.group, claim.id) if name)
    return [name for name in known if name.startswith(incomplete)]


def fault_names(incomplete: str) -> list[str]:
    """Return the faults that a shell may complete to."""
    from proofs_check.faults import all_faults

    return [fault.name for fault in all_faults() if fault.name.startswith(incomplete)]


def pages(incomplete: str) -> list[str]:
    """Return the pages of the theory that a shell may complete to."""
    from proofs_check.ledger.pages import PAGES

    return [page.name for page in PAGES if page.name.startswith(incomplete)]


def algorithm_names(incomplete: str) -> list[str]:
    """Return the algorithms that a shell may complete to."""
    from proofs_check.cli.algorithms import ALGORITHMS

    return [name for name in ALGORITHMS if name.startswith(incomplete)]


def families(incomplete: str) -> list[str]:
    """Return the families that a shell may complete to."""
    from proofs_check.cli.stage_parameters import STAGES

    return [name for name in STAGES if name.startswith(incomplete)]


def exercise_names(incomplete: str) -> list[str]:
    """Return the exercises that a shell may complete to."""
    from proofs_check.exercises import all_exercises

    return [each.name for each in all_exercises() if each.name.startswith(incomplete)]


def format_names(incomplete: str) -> list[str]:
    """Return the names of schemas that a shell may complete to."""
    from proofs_check.cli.formats.registry import FORMATS
    from proofs_check.cli.schemas import FILES

    return [name for name in (*FORMATS, *FILES) if name.startswith(incomplete)]


def strategy_names(incomplete: str) -> list[str]:
    """Return the strategies that a shell may complete to."""
    from proofs_check.sweep.strategies import STRATEGIES

    return [name for name in STRATEGIES if name.startswith(incomplete)]


Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Digits = Annotated[int, typer.Option(min=1, max=1000, help="Significant digits of decimals.")]
Parameters = Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="A parameter; repeat it.")]
