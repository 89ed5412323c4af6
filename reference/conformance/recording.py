"""Scripts from the exact programs: a run under watch, and how each number in it depends on what was answered."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from flint import arb, fmpq

from reference.conformance.scripts import Ask
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.precision import workprec
from reference.exact.reals import Number, real
from reference.interaction.choice import Choice, Loop
from reference.interaction.proper_learners import ProperLearner, ProperOracles, Round, proper
from reference.interaction.public import Public
from reference.interaction.seeded import Seeded
from reference.interaction.weak import Draw
from reference.interaction.world import At, Listing, Oracles, OracleView, P_co, TokenOracles, World, X
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prefix
from reference.model.problem import Problem

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)

AnsweredNumber = tuple[object, ...]
"""A number of the world's: the entry of a feature vector, or a reward."""

_SHIFT = fmpq(1, 1 << 40)
"""The relative change that stands for a derivative."""

_JUMP = 1 << 20
"""A slope from here on is none: something else was chosen."""

_BITS = 256


class NearTie(ValueError):
    """A run in which a small change of an answer changes what is asked: no program in floats can be held to it."""


class AskedQuestion(NamedTuple):
    """A question under watch, before it is a step of a file."""

    ask: Ask
    where: Mapping[str, int | list[int]]
    numbers: Sequence[Number]
    answer: Any


@dataclass
class WatchedRun:
    """What is kept of a run: the questions, and what the program returned, by name."""

    events: list[AskedQuestion] = field(default_factory=list)
    done: dict[str, Any] = field(default_factory=dict)


@dataclass
class RunWatch:
    """Writes down what is asked; with ``changed``, the world's number of that key is a little larger."""

    run: WatchedRun = field(default_factory=WatchedRun)
    changed: AnsweredNumber | None = None
    keys: dict[AnsweredNumber, None] = field(default_factory=dict)
    rewards: int = 0

    def number(self, key: AnsweredNumber, value: T) -> T:
        """Return a number of the world's, changed if that is asked."""
        self.keys[key] = None
        return value * (1 + _SHIFT) if key == self.changed else value  # type: ignore[operator,return-value]  # a number

    def features(self, where: Hashable, phi: Vector) -> Vector:
        """Return features entry by entry."""
        return Vector.of(self.number(("phi", where, j), x) for j, x in enumerate(phi))

    def reward(self, r: LogLinear) -> LogLinear:
        """Return a reward; each that is asked for is a number of its own, though it be the same."""
        self.rewards += 1
        return self.number(("reward", self.rewards), r)

    def told(
        self, ask: Ask, where: Mapping[str, int | list[int]], answer: object, numbers: Sequence[Number] = ()
    ) -> None:
        """Write a question down."""
        self.run.events.append(AskedQuestion(ask, where, numbers, answer))

    def drawn(self, law: Law[T], outcome: T) -> T:
        """Write a draw of the program's own down."""
        if all(type(each) is bool for each in law.outcomes):
            self.told("coin", {}, outcome, [law.mass(True)])  # type: ignore[arg-type]  # booleans
        else:
            place = law.outcomes.index(outcome)
            self.told("choose", {}, place, [law.mass(each) for each in law.outcomes])
        return outcome


class Guided(Choice):
    """Draws each outcome of positive probability alike, so that rare branches are taken."""

    def __init__(self, seed: int) -> None:
        self.seeded = Seeded(seed)

    def draw(self, law: Law[T]) -> T:
        """Return an outcome of the support."""
        return self.seeded.draw(Law.uniform(law.outcomes))

    def loop(self, loop: Loop[S]) -> S:
        """Run the loop."""
        return loop.run()


class SameOutcomes(Choice):
    """Another choice whose outcomes are kept; or, given them, the same outcomes again, whatever the laws are."""

    def __init__(self, choice: Choice, outcomes: Sequence[object] | None = None) -> None:
        self.choice = choice
        self.kept: list[Any] = []
        self.again: Iterator[Any] | None = None if outcomes is None else iter(outcomes)

    def draw(self, law: Law[T]) -> T:
        """Return the next outcome."""
        if self.again is None:
            drawn = self.choice.draw(law)
            self.kept.append(drawn)
            return drawn
        again: Any = next(self.again, None)
        if type(again) is not type(law.outcomes[0]) or (type(again) is not bool and again not in law.outcomes):
            raise NearTie("another draw is made than before")
        return again

    def loop(self, loop: Loop[S]) -> S:
        """Run the loop."""
        return loop.run()


class Watching(OracleView[P_co, X]):
    """What both views have, under watch."""

    def __init__(self, world: World[P_co], watch: RunWatch) -> None:
        super().__init__(world)
        self.watch = watch

    def prompt(self) -> int:
        """Draw a prompt."""
        x = super().prompt()
        self.watch.told("prompt", {}, x)
        return x

    def draw(self, law: Law[T]) -> T:
        """Draw from a law of the program's own."""
        return self.watch.drawn(law, super().draw(law))


class WatchedOracles(Watching[LinearProblem, int], Oracles):
    """Whole responses under watch."""

    def weak(self, x: int, /) -> Draw:
        """Draw a response."""
        y, phi = super().weak(x)
        phi = self.watch.features((x, y), phi)
        self.watch.told("weak", {"x": x}, {"y": y, "phi": phi})
        return y, phi

    def reward(self, x: int, y: int) -> LogLinear:
        """Query a reward."""
        r = self.watch.reward(super().reward(x, y))
        self.watch.told("reward", {"x": x, "y": y}, r)
        return r


class WatchedTokens(Watching[Problem, At], TokenOracles):
    """Tokens under watch."""

    def weak(self, at: At, /) -> Draw:
        """Draw a token."""
        token, phi = super().weak(at)
        phi = self.watch.features((at.x, at.prefix, token), phi)
        self.watch.told("weak", {"x": at.x, "prefix": list(at.prefix)}, {"y": token, "phi": phi})
        return token, phi

    def listing(self, at: At) -> Listing:
        """List the tokens."""
        base, phis = super().listing(at)
        rows = tuple(self.watch.features((at.x, at.prefix, a), phi) for a, phi in zip(base.outcomes, phis, strict=True))
        answer = {"tokens": list(base.outcomes), "masses": [base.mass(a) for a in base.outcomes], "phi": rows}
        self.watch.told("listing", {"x": at.x, "prefix": list(at.prefix)}, answer)
        return Listing(base, rows)

    def reward(self, x: int, response: Prefix) -> LogLinear:
        """Query the reward of a response."""
        r = self.watch.reward(super().reward(x, response))
        self.watch.told("reward", {"x": x, "tokens": list(response)}, r)
        return r


def watched_proper(learner: ProperLearner, public: Public, watch: RunWatch) -> Callable[[Oracles], Any]:
    """Return a proper learner as one on oracles, with its rounds under watch."""

    def under_watch(view: ProperOracles, /) -> Any:  # noqa: ANN401 - what the learner returns
        def round_(thetas: Sequence[Any], /) -> Round:
            shown = view.round(thetas)
            answers = tuple(
                a._replace(phi=watch.features((shown.x, a.y), a.phi), r=watch.reward(a.r)) for a in shown.answers
            )
            entries = [real(entry) for theta in thetas for entry in theta]
            told = {"x": shown.x, "answers": [{"y": a.y, "phi": a.phi, "r": a.r} for a in answers]}
            watch.told("round", {}, told, entries)
            return Round(shown.x, answers)

        def draw(law: Law[T], /) -> T:
            return watch.drawn(law, view.draw(law))

        return learner(ProperOracles(view.public, round_, draw, view.loop))

    return proper(under_watch, public)


def recorded_run(
    program: Callable[[Choice, RunWatch], Mapping[str, Any]], choice: Choice
) -> tuple[WatchedRun, list[list[arb]]]:
    """Run a program under watch; with the condition number of each number in it, in the order of the questions.

    ``program`` returns what is returned, by name: rows of numbers, or integers.  Of the numbers of questions and then
    of what is returned: ``sum_i |x_i dv/dx_i|`` over the features and rewards ``x_i`` that were answered.
    """
    kept = SameOutcomes(choice)
    first = RunWatch()
    first.run.done.update(program(kept, first))
    values = _values(first.run)
    slopes = [[arb(0) for _ in row] for row in values]
    for key in first.keys:
        again = RunWatch(changed=key)
        again.run.done.update(program(SameOutcomes(choice, kept.kept), again))
        if [event[:2] for event in again.run.events] != [event[:2] for event in first.run.events]:
            raise NearTie(f"the run takes another way if {key} is a little larger")
        with workprec(_BITS):
            for row, old, new in zip(slopes, values, _values(again.run), strict=True):
                for j, (a, b) in enumerate(zip(old, new, strict=True)):
                    slope = abs((real(b) - real(a)).enclosure(_BITS)) / arb(_SHIFT)
                    if not slope < _JUMP:
                        raise NearTie(f"another number is chosen if {key} is a little larger")
                    row[j] += slope
    return first.run, slopes


def _values(run: WatchedRun) -> list[Sequence[Number]]:
    rows: list[Sequence[Number]] = [event.numbers for event in run.events]
    for value in run.done.values():
        if isinstance(value, tuple):
            rows += [tuple(row) for row in value]
    return rows
