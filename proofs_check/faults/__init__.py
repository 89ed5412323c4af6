"""Faults: named one-line changes of ``reference``, each of which a claim and a test must notice.

A claim whose check cannot see a wrong implementation says little.  So every numbered line of every listing, every
constant of a bound, every counter of the meter and every stated fact of a construction has a fault here, and the *kill
matrix* says which claim notices which (``make kill-matrix``, ``docs/reference/kill-matrix.md``); ``spanner verify CLAIM
--against FAULT`` shows one cell of it.

How to add one: in the module of its area in :mod:`proofs_check.faults.areas`::

    Fault(
        "rejection-over-one-more",
        of="rejection",
        line=3,
        module="algorithms.rejection",
        function="ideal_rejection.coin",
        old="ratio / bound",
        new="ratio / (bound + 1)",
        what="accepts with probability w/(M + 1)",
        test="tests/algorithms/test_sampling.py::test_ideal_rejection_has_its_exact_law",
    )

No file is edited: a process of its own compiles the module from its syntax tree, in which the one node that reads
``old`` has become ``new``.  Nothing here imports ``reference``, since that must come after the change.
"""

from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module

from proofs_check.faults.fault import Fault, FaultError

AREAS = (
    "softmax_sampler", "rejection", "best_of", "spanner_sampling", "covers", "mtss", "mtss_parts", "passive",
    "online_dpo", "xpo", "brute_force", "enumerating", "meter", "model", "bounds", "needles", "tokens", "dnf",
)  # fmt: skip
"""Modules of :mod:`proofs_check.faults.areas`, in the order of the matrix."""

__all__ = ["AREAS", "Fault", "FaultError", "all_faults", "fault_named"]


@lru_cache(maxsize=1)
def all_faults() -> tuple[Fault, ...]:
    """Return every fault, area by area.

    Raises:
        FaultError: if two have the same name.
    """
    modules = [import_module(f"{__name__}.areas.{area}") for area in AREAS]
    faults: tuple[Fault, ...] = tuple(fault for module in modules for fault in module.FAULTS)
    seen: set[str] = set()
    for fault in faults:
        if fault.name in seen:
            raise FaultError(f"fault {fault.name} is there twice")
        seen.add(fault.name)
    return faults


def fault_named(name: str) -> Fault:
    """Return the fault of a name.

    Raises:
        FaultError: if there is none; the nearest name is suggested.
    """
    known = {fault.name: fault for fault in all_faults()}
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise FaultError(f"unknown fault {name[:80]!r}; {hint}'spanner verify --faults' lists them all")
    return known[name]
