"""The meter: how many queries a learner made, and the budgets that it may not exceed."""

from dataclasses import dataclass, fields
from typing import NamedTuple


class Reading(NamedTuple):
    """Queries made so far, by kind: prompts drawn, weak and strong sampling queries, reward queries."""

    prompts: int = 0
    weak: int = 0
    strong: int = 0
    reward: int = 0

    @property
    def t_comp(self) -> int:
        """Sampling-oracle queries.  ``T_comp`` adds the most that one draw from the returned policy makes (ours)."""
        return self.weak + self.strong

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


class Meter:
    """Counts queries and enforces a budget.  ``reading`` may be set back, which is how states are replayed."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.reading = Reading()

    def charge(self, kind: str) -> None:
        """Count one query of ``kind`` (a field of :class:`Reading`), or refuse it without counting.

        Raises:
            BudgetExceeded: if the budget of this kind, or ``t_comp``, is used up.
        """
        count = getattr(self.reading, kind)
        limit = getattr(self.budget, kind)
        if limit is not None and count >= limit:
            raise BudgetExceeded(kind, limit)
        total = self.budget.t_comp
        if total is not None and kind in {"weak", "strong"} and self.reading.t_comp >= total:
            raise BudgetExceeded("t_comp", total)
        self.reading = self.reading._replace(**{kind: count + 1})
