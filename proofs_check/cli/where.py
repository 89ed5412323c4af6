"""``--on ENGINE``: what ``verify``, ``grade``, ``search`` and ``sweep`` say of engines that are not there."""

from collections.abc import Iterator
from contextlib import contextmanager

from proofs_check.cli.extras import require
from proofs_check.cli.output import UserError, one_line
from proofs_check.ledger import OtherVersion
from proofs_check.sweep.cluster import check_address
from proofs_check.sweep.engine_names import EngineError, jobs_named
from proofs_check.sweep.executors import Workplace, workplace_named


def check_engine(name: str) -> None:
    """Look whether there can be such an engine, before anything that takes seconds is done for it.

    Raises:
        UserError: if there cannot.
        ModuleNotFoundError: without the library for clusters.
    """
    try:
        if jobs_named(name) is None:
            require("distributed")
            check_address(name.partition(":")[2])
    except EngineError as error:
        raise UserError(one_line(error)) from None


@contextmanager
def workplace(name: str) -> Iterator[Workplace]:
    """Open an engine by name.

    Raises:
        UserError: if it does not answer, or is lost meanwhile, or has another version of the code.
    """
    try:
        with workplace_named(name) as place:
            yield place
    except (EngineError, OtherVersion) as error:
        raise UserError(one_line(error)) from None
