"""Progress of ``spanner verify``: how many claims are done and what runs, on a terminal and in a pipe."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from proofs_check.cli.output import err
from proofs_check.ledger import Claim, Report
from proofs_check.ledger.pieces import parts
from proofs_check.ledger.quick import quick_parts

EVERY = 20
"""Seconds after which a pipe is told what runs, if it has not been told anything."""

_SHOWN = 3
"""Claims that are named as running."""


class Watch:
    """A bar on a terminal; elsewhere a line for each claim, and one every :data:`EVERY` seconds that says what runs.

    Work is taken in order, so what runs is what comes first among the parts that are not done.
    """

    def __init__(
        self, claims: Sequence[Claim], jobs: int, *, quick: bool, quiet: bool, clock: Callable[[], float] = monotonic
    ) -> None:
        pieces = quick_parts if quick else parts
        self.waiting = [(claim.id, part) for claim in claims for part in pieces(claim)]
        self.total, self.done = len({name for name, _ in self.waiting}), 0
        self.jobs, self.clock = jobs, clock
        self.console = err()
        self.lines = not self.console.is_terminal and not quiet
        self.said = clock()
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=self.console, transient=True, disable=not self.console.is_terminal,
        )  # fmt: skip
        self.task = self.bar.add_task(self.state(), total=len(self.waiting))

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def reports(self, results: Iterable[tuple[str, str, Report | None]]) -> Iterator[tuple[str, Report]]:
        """Pass reports on as they come, and say so."""
        for name, part, report in results:
            if part:
                self.waiting.remove((name, part))
                self.done += report is not None
                self.bar.update(self.task, advance=1, description=self.state())
            if report is not None:
                if part and self.lines:
                    self.say(f"{name}: {report.verdict} ({report.seconds:.1f} s)")
                yield name, report

    def tick(self) -> None:
        """Say what runs if nothing has been said for long; called now and then."""
        if self.lines and self.clock() - self.said >= EVERY:
            self.say(f"running: {', '.join(self.running())}")

    def say(self, text: str) -> None:
        """Print a line, with the number of claims that are done."""
        self.console.print(f"[{self.done}/{self.total}] {text}", soft_wrap=True)
        self.said = self.clock()

    def running(self) -> list[str]:
        """Return the claims that are being worked at."""
        return list(dict.fromkeys(name for name, _ in self.waiting[: self.jobs]))

    def state(self) -> str:
        """Return what the bar says: the number of claims that are done, and what runs."""
        running = self.running()
        more = ", ..." * (len(running) > _SHOWN)
        return f"[{self.done}/{self.total}] {', '.join(running[:_SHOWN])}{more}"
