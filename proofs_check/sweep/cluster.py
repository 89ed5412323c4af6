"""A dask cluster: its scheduler may be restarted, its workers may come and go."""

import logging
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import Any

from proofs_check.sweep.engine_names import EngineError

ANSWER = 10
"""Seconds within which a scheduler has to answer, and to have a worker."""

PATIENCE = 60
"""Seconds for which a scheduler that was there, or all of its workers, may be away."""

_SOON, _OFTEN = 5, 1
"""Seconds within which a scheduler that is there says how many workers it has, and after which it is asked again."""


def check_address(address: str) -> None:
    """Look whether this can be the address of a scheduler; nothing is asked there.

    Raises:
        EngineError: if it cannot.
    """
    import distributed  # noqa: F401 - it sets up its loggers
    from distributed.comm.addressing import parse_address
    from distributed.comm.registry import get_backend

    try:
        get_backend(parse_address(address)[0])
    except ValueError as error:
        raise EngineError(f"dask:{address} is no address ({in_words(error)})") from None


class Cluster:
    """A connection to a scheduler.

    Raises:
        EngineError: if nothing answers there within :data:`ANSWER` seconds that is a scheduler with a worker.
    """

    def __init__(self, address: str) -> None:
        check_address(address)
        _be_quiet()
        self.address, self.width = address, 1
        self.seen = self.asked = 0.0
        self._connect(ANSWER)

    def executor(self) -> Executor:
        """Return the workers as an executor."""
        found: Executor = self.client.get_executor(pure=False)
        return found

    def threads(self) -> int:
        """Return how many threads the workers have together, or had when that was last known; at least 1."""
        if monotonic() - self.asked < _OFTEN:
            return self.width
        with suppress(Exception):  # of many kinds; whether the scheduler is lost, is_lost() says
            now = self.client.sync(self.client.scheduler.ncores, callback_timeout=_SOON)
            self.width = sum(now.values()) or 1
            if now:
                self.seen = monotonic()
        self.asked = monotonic()
        return self.width

    def is_lost(self) -> bool:
        """Return whether the scheduler, or all of its workers, have been away for too long."""
        if self.client.status == "running":
            self.threads()
        return monotonic() - self.seen > PATIENCE or self.client.status == "closed"

    def renew(self) -> bool:
        """Connect once more, unless the connection stands; return whether that was done.

        Raises:
            EngineError: if nothing answers within :data:`PATIENCE` seconds.
        """
        if self.client.status == "running" and not self.is_lost():
            return False
        self.close()
        self._connect(PATIENCE)
        return True

    def close(self) -> None:
        """Leave the cluster."""
        with suppress(Exception):  # it may be gone
            self.client.close(timeout=1)

    def _connect(self, seconds: float) -> None:
        from asyncio import run

        from distributed import Client

        try:
            with ThreadPoolExecutor(1) as thread:  # where an event loop runs, as in a notebook, there can be no other
                thread.submit(run, _greeted(self.address, seconds)).result()
            self.client: Any = Client(self.address, timeout=seconds, set_as_default=False, name="spanner")
        except Exception as error:  # noqa: BLE001 - of many kinds
            raise EngineError(f"dask:{self.address} does not answer within {seconds:g} s ({in_words(error)})") from None
        try:
            self.client.wait_for_workers(1, timeout=seconds)
        except Exception as error:  # noqa: BLE001 - the same
            self.close()
            raise EngineError(f"dask:{self.address} has no worker within {seconds:g} s ({in_words(error)})") from None
        self.seen, self.asked = monotonic(), -float("inf")
        self.threads()


def _be_quiet() -> None:
    """Silence the loggers of ``distributed``, which is imported: what matters is said in one line."""
    for name in logging.root.manager.loggerDict:
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


async def _greeted(address: str, seconds: float) -> None:
    """Ask what is at an address.  A client that finds no scheduler is half made, and closing that takes 20 seconds."""
    from asyncio import wait_for

    from distributed.comm import connect
    from distributed.core import send_recv
    from distributed.security import Security

    async def ask() -> None:
        comm = await connect(address, timeout=seconds, **Security().get_connection_args("client"))
        try:
            kind = (await send_recv(comm, op="identity"))["type"]
        finally:
            comm.abort()
        if kind != "Scheduler":
            raise ValueError(f"a {kind} is there, and no Scheduler")

    await wait_for(ask(), seconds + 1)  # what fails within its time says why


def in_words(error: BaseException) -> str:
    """Return kind and message of an error as one line."""
    return " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")[:200]
