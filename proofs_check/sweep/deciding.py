"""What claims say of the instances of a stretch, decided one by one in this process."""

import signal
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
from flint import fmpq

from proofs_check.deciding import speaks_of
from proofs_check.ledger.cases import Case
from proofs_check.ledger.executing import OtherVersion
from proofs_check.ledger.kernel import shown_side
from proofs_check.ledger.registry import Claim
from proofs_check.sweep.choosing import Choices
from proofs_check.sweep.lines import Fallen, SweptClaim, SweptVerdict
from proofs_check.sweep.strategies import StrategyError, instance, strategy_named
from reference.catalog.write import file_text
from reference.exact import Number, Undecided, enclosing, rational, real
from reference.model.problem import Problem

WALL = 10
"""How many seconds may pass for each second of computing that is allowed: a machine may be busy, a claim may sleep."""

_DIGITS = 6


class Stretch(NamedTuple):
    """Instances ``start`` to ``stop - 1``, and what is to be decided of each; ``limit`` in seconds, for each claim.

    ``skip``: so many claims have been decided of the first instance.  ``made``: choices in place of those that follow
    from seed and number.  ``closely``: each finding is told at once.  ``digest``: of the sources of who asks.
    ``looking``: what each instance is comes before what is found of it.
    """

    strategy: str
    strategy_digest: str
    seed: int
    claims: tuple[str, ...]
    start: int
    stop: int
    limit: float
    skip: int = 0
    closely: bool = False
    made: tuple[int, ...] | None = None
    digest: str = ""
    looking: bool = False

    @property
    def where(self) -> str:
        """The first instance, in words."""
        return f"strategy {self.strategy} at instance {self.start} of seed {self.seed}"


class SeenInstance(msgspec.Struct, frozen=True):
    """What an instance is: its choices, its file (if something is decided of it), the claims that speak of it."""

    choices: tuple[int, ...]
    item: str
    speaking: list[str]


class StrategyRaised(Exception):
    """A strategy raises, or makes no problem, at some instance; the message is one line."""


def decided(stretch: Stretch) -> Iterator[SweptClaim | SeenInstance]:
    """Yield what was found, claim by claim and instance by instance; a claim that takes too long ends the process.

    Raises:
        StrategyRaised: as soon as the strategy does.
        OtherVersion: if the strategy's file is another one here.
    """
    from proofs_check.claims import registry

    claims = [registry()[name] for name in stretch.claims]
    strategy = strategy_named(stretch.strategy)
    if strategy.digest != stretch.strategy_digest:
        raise OtherVersion(f"a worker has another file of the strategy {stretch.strategy}; give it the same")
    try:
        for index in range(stretch.start, stretch.stop):
            _set_timers(stretch.limit)
            choices = Choices(stretch.seed, index) if stretch.made is None else Choices.again(stretch.made)
            try:
                problem = instance(strategy, choices)
            except StrategyError as error:
                raise StrategyRaised(f"{stretch._replace(start=index).where}: {error}") from None
            if stretch.looking:
                speaking = [claim.id for claim in registry() if speaks_of(claim, problem)]
                yield SeenInstance(tuple(choices.made), file_text(problem) if claims else "", speaking)
            for claim in claims[stretch.skip if index == stretch.start else 0 :]:
                _set_timers(stretch.limit)
                yield swept_claim(problem, claim)
    finally:
        _set_timers(0)


def swept_claim(problem: Problem, claim: Claim) -> SweptClaim:
    """Decide what is claimed of every problem of a kind on one."""
    every = claim.every
    if every is None or not speaks_of(claim, problem):
        return SweptClaim("not reached")
    return _tallied(every.run(problem))


def _set_timers(seconds: float) -> None:
    """Have ``SIGPROF`` sent after so many seconds of computing, ``SIGALRM`` after ten times as many; 0: never."""
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, WALL * seconds)


def _tallied(cases: Iterable[Case]) -> SweptClaim:
    count, least, fallen, reason = 0, None, None, ""
    try:
        for case in cases:
            count += 1
            if not case.holds and fallen is None:
                fallen = _fallen(case)
            margin = _margin_of(case)
            if margin is not None and (least is None or margin < least):
                least = margin
    except Undecided as undecided:
        reason = _short(undecided)
    except Exception as error:  # noqa: BLE001 - whatever stopped a claim leaves it open
        reason = f"{type(error).__name__}: {_short(error)}"
    word: SweptVerdict = "violated" if fallen else "undecided" if reason else "holds" if count else "not reached"
    return SweptClaim(word, count, "" if least is None else enclosing(least, 3)[0] or "", reason, fallen)


def _margin_of(case: Case) -> fmpq | None:
    """Return by how much an inequality holds, relative to the larger side, from decimals: the same on every machine."""
    if case.left is None or case.right is None or case.relation in {"==", "!="}:
        return None
    difference = real(case.right) - real(case.left)
    sides = [
        _decimal(difference if case.relation in {"<=", "<"} else -difference),
        *map(_decimal, (case.left, case.right)),
    ]
    if None in sides:
        return None
    apart, left, right = (side for side in sides if side is not None)
    size = max(abs(left), abs(right))
    return apart / size if size != 0 else None  # 0 against 0 says little


def _decimal(value: Number) -> fmpq | None:
    nearest = enclosing(value, _DIGITS)[0]
    return None if nearest is None else rational(nearest)


def _fallen(case: Case) -> Fallen:
    left, right = ("" if side is None else shown_side(side) for side in (case.left, case.right))
    return Fallen(case.instance, case.statement, left, case.relation, right)


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:400]
