"""What ``--on`` may say of where something runs: ``serial``, ``local``, ``local:JOBS`` or ``dask:ADDRESS``."""

from proofs_check.ledger.executing import cores

ENGINES = "serial, local, local:JOBS or dask:ADDRESS"

MOST_JOBS = 512
"""Processes of this machine that are started at once: each takes 60 MB or more."""


class EngineError(ValueError):
    """There is no such engine, or it does not answer any more; the message is one line."""


def is_engine(name: str) -> bool:
    """Return whether this is meant for an engine, which may not be there."""
    return name.partition(":")[0] in {"serial", "local", "dask"}


def jobs_named(name: str) -> int | None:
    """Return how many processes of this machine an engine has: 0 if it is this process, ``None`` for a cluster.

    Raises:
        EngineError: if there is no such engine, or it is too wide.
    """
    kind, _, rest = name.partition(":")
    if name == "serial":
        return 0
    if kind == "dask" and rest:
        return None
    if name != "local" and not (kind == "local" and rest.isdecimal() and int(rest[:9])):
        raise EngineError(f"no engine {name[:80]!r}; there are {ENGINES}")
    jobs = int(rest[:9]) if rest else cores()
    if jobs > MOST_JOBS:
        raise EngineError(f"--on {name[:80]}: at most {MOST_JOBS} processes on one machine; local takes its {cores()}")
    return jobs
