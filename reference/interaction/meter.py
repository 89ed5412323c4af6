"""The meter: how many queries a learner made, and the budgets that it may not exceed."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields
from typing import NamedTuple, TypeVar, cast

from reference.interaction.choice import Carrying, Choice
from reference.interaction.every_run import NotReproducible, TooLarge

S = TypeVar("S")


class Reading(NamedTuple):
    """Queries made so far: prompts drawn, sampling queries, reward queries.

    ``weak[h]``: tokens drawn from the base model in layer ``h``; ``listed[h]``: tokens listed there; with horizon 1 a
    token is a response.  ``strong``: responses drawn from softmax policies.
    """

    prompts: int = 0
    weak: tuple[int, ...] = (0,)
    listed: tuple[int, ...] = (0,)
    reward: int = 0
    strong: int = 0

    def plus(self, other: "Reading") -> "Reading":
        """Return the queries of both."""
        weak, listed = (
            tuple(a + b for a, b in zip(mine, theirs, strict=True))
            for mine, theirs in ((self.weak, other.weak), (self.listed, other.listed))
        )
        return Reading(
            self.prompts + other.prompts, weak, listed, self.reward + other.reward, self.strong + other.strong
        )

    @property
    def drawn(self) -> int:
        """Weak queries in all layers together."""
        return sum(self.weak)

    @property
    def t_comp(self) -> int:
        """Sampling queries, one for each token drawn or listed, one for each strong query.

        ``T_comp`` adds the most that one draw from the returned policy makes (ours).
        """
        return sum(self.weak) + sum(self.listed) + self.strong

    @property
    def t_data(self) -> int:
        """Reward queries, ``T_data`` of FMR25."""
        return self.reward


@dataclass(frozen=True, slots=True)
class Budget:
    """The most queries allowed, by kind, and of all sampling queries together; ``None`` is unlimited.

    >>> import reference as ref
    >>> learner = ref.Passive(9, ref.SpanCover.empty(1))
    >>> ref.play(ref.load("two-arms"), learner, budget=ref.Budget(reward=4)).exceeded
    'reward'
    """

    prompts: int | None = None
    weak: int | None = None
    strong: int | None = None
    reward: int | None = None
    t_comp: int | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            limit = getattr(self, field.name)
            if limit is not None and (type(limit) is not int or limit < 0):
                msg = f"budget {field.name} = {limit}: a budget is a non-negative number of queries, or None"
                raise ValueError(msg)


class BudgetExceeded(RuntimeError):
    """A query was refused because its budget is used up; ``kind`` and the message name which."""

    def __init__(self, kind: str, limit: int) -> None:
        super().__init__(f"budget exceeded: {kind} allows {limit} queries and one more was asked for")
        self.kind = kind
        self.limit = limit

    def __reduce__(self) -> tuple[type["BudgetExceeded"], tuple[str, int]]:
        return BudgetExceeded, (self.kind, self.limit)


class Meter(Carrying[Reading]):
    """A choice that counts queries and enforces a budget; the reading is part of the state of every loop."""

    def __init__(self, choice: Choice, horizon: int, budget: Budget) -> None:
        super().__init__(choice, Reading(weak=(0,) * horizon, listed=(0,) * horizon), (BudgetExceeded,))
        self.budget = budget
        self._is_limited = budget != Budget()

    @property
    def reading(self) -> Reading:
        """What was counted so far."""
        return self.carried

    def part(self, run: Callable[[], S], name: Hashable = None, *, key: Callable[[S], Hashable] | None = None) -> S:
        """Run a part of the program.  One with a name starts a count of its own, unless there is a budget to watch.

        An error that ends the part is raised after its queries are counted.
        """
        if self.runs_once:
            return run()
        if name is None or self._is_limited:
            return super().part(run, key=key)
        before = self.carried
        nothing = Reading(weak=(0,) * len(before.weak), listed=(0,) * len(before.listed))

        def counted() -> tuple[S, Exception | None, Reading]:
            self.carried = nothing
            try:
                return run(), None, self.carried
            except (TooLarge, NotReproducible):
                raise
            except Exception as error:  # noqa: BLE001 - raised again once its queries are counted
                return cast("S", None), error.with_traceback(None), self.carried

        def name_of(counted: tuple[S, Exception | None, Reading]) -> Hashable:
            result, error, queries = counted
            if error is not None:
                return type(error), error.args, queries
            return (result if key is None else key(result)), queries

        result, error, queries = self.choice.part(counted, name, key=name_of)
        self.carried = before.plus(queries)
        if error is not None:
            raise error.with_traceback(None)  # replays raise it more than once
        return result

    def prompt(self) -> None:
        """Count one prompt, or refuse it without counting: BudgetExceeded."""
        self._allow("prompts", self.budget.prompts, self.carried.prompts + 1)
        self.carried = self.carried._replace(prompts=self.carried.prompts + 1)

    def weak(self, h: int) -> None:
        """Count one token drawn in layer ``h``, or refuse it without counting: BudgetExceeded."""
        at = self.carried
        if self.budget.weak is not None:
            self._allow("weak", self.budget.weak, at.drawn + 1)
        self._sampled(1)
        # The inner loop of most laws: ``_replace`` takes three times as long.
        self.carried = Reading(at.prompts, _increased(at.weak, h, 1), at.listed, at.reward, at.strong)

    def listed(self, h: int, tokens: int) -> None:
        """Count so many tokens listed in layer ``h``, or refuse them without counting: BudgetExceeded."""
        self._sampled(tokens)
        self.carried = self.carried._replace(listed=_increased(self.carried.listed, h, tokens))

    def strong(self) -> None:
        """Count one strong query, or refuse it without counting: BudgetExceeded."""
        self._allow("strong", self.budget.strong, self.carried.strong + 1)
        self._sampled(1)
        self.carried = self.carried._replace(strong=self.carried.strong + 1)

    def reward(self) -> None:
        """Count one reward query, or refuse it without counting: BudgetExceeded."""
        self._allow("reward", self.budget.reward, self.carried.reward + 1)
        self.carried = self.carried._replace(reward=self.carried.reward + 1)

    def _sampled(self, queries: int) -> None:
        if self.budget.t_comp is not None:
            self._allow("t_comp", self.budget.t_comp, self.carried.t_comp + queries)

    def _allow(self, kind: str, limit: int | None, count: int) -> None:
        if limit is not None and count > limit:
            raise BudgetExceeded(kind, limit)


class RewardMeter(Meter):
    """Counts rewards alone: in an exact law, states that differ in other counts are then merged."""

    def prompt(self) -> None:
        """Count nothing."""

    def weak(self, h: int) -> None:
        """Count nothing."""

    def listed(self, h: int, tokens: int) -> None:
        """Count nothing."""

    def strong(self) -> None:
        """Count nothing."""


def _increased(counts: tuple[int, ...], h: int, by: int) -> tuple[int, ...]:
    return (*counts[:h], counts[h] + by, *counts[h + 1 :])
