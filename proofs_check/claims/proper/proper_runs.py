"""What the claims about exploration share: learners on instances of formulas, and what they commit to, exactly."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from flint import fmpq

from proofs_check.reduction.exploration import chance, hit_probability, null_law, true_law
from proofs_check.reduction.methods import METHODS
from proofs_check.reduction.null_run import instance_of, public_of
from reference.constructions.dnf.families import small_formulas
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.exact import Real
from reference.exact.law import Law, Mass
from reference.interaction import ProperLearner
from reference.model.parameter_set import Theta

LARGE_A, LARGE_L = 1000, 9
"""With ``k = 2``: ``p < 10^-5``, ``a > 0.9``, ``(L/A)/(1-p) < 1/100``, which is below ``1/(4T)`` up to ``T = 27``."""

DRAWS_OF = {
    "naming": 2,
    "brute-force": 4,
    "passive": 4,
    "online-dpo": 4,
    "online-dpo-preferences": 4,
    "xpo": 4,
    "xpo-exhaustive": 4,
    "coin-flip": 5,
}
"""``T`` for each method."""


@dataclass(frozen=True)
class ProperRun:
    """A learner on an instance, for ``T`` draws."""

    instance: DnfInstance
    name: str
    learner: ProperLearner
    T: int

    def __str__(self) -> str:
        return f"{self.name}, T={self.T}: {self.instance}"

    @classmethod
    def of(cls, formula: Formula, name: str, T: int | None = None, A: int = LARGE_A, L: int = LARGE_L) -> "ProperRun":
        """Return the run of a method on the instance of a formula; ``T`` as in :data:`DRAWS_OF` unless given."""
        instance, draws = instance_of(formula, A, L), DRAWS_OF[name] if T is None else T
        return cls(instance, name, METHODS[name].for_draws(instance, draws), draws)

    def on(self, instance: DnfInstance) -> "ProperRun":
        """Return the run of the same method on another instance."""
        return ProperRun(instance, self.name, METHODS[self.name].for_draws(instance, self.T), self.T)


class Reached(NamedTuple):
    """The largest ``c(theta_t)`` of the parameters used, and the largest ``val(sgn theta_t)``; 0 if none was."""

    chance: fmpq
    value: fmpq


@dataclass(frozen=True)
class Found:
    """What a learner comes to: ``q``, and the laws of the best that it commits to.

    ``q_on_null_runs``: what ``q`` is by null runs alone.  ``true``: whether there was a hit, and the best up to it;
    ``null``: the best on null runs.
    """

    q: Mass
    q_on_null_runs: Real
    true: Law[tuple[bool, Reached]]
    null: Law[Reached]

    @property
    def up_to_first_hit(self) -> Law[Reached]:
        """The best up to the first hit, hit or not."""
        return self.true.map(lambda outcome: outcome[1])


@lru_cache(maxsize=512)
def found_by(run: ProperRun) -> Found:
    """Return what the exact laws of true runs and of null runs come to."""
    explored, null = true_law(run.instance, run.learner, run.T), null_law(run.instance, run.learner, run.T)
    public, known = public_of(run.instance), dict[Theta, Reached]()

    def best(used: frozenset[Theta]) -> Reached:
        for theta in used - known.keys():
            value = run.instance.formula.value(run.instance.assignment(theta))
            known[theta] = Reached(chance(public, theta), value)
        chances, values = [known[theta].chance for theta in used], [known[theta].value for theta in used]
        return Reached(max(chances, default=fmpq(0)), max(values, default=fmpq(0)))

    return Found(
        explored.probability(lambda outcome: outcome.hit),
        hit_probability(null),
        explored.map(lambda outcome: (outcome.hit, best(outcome.used))),
        null.map(lambda outcome: best(outcome.used)),
    )


@lru_cache(maxsize=1)
def small_runs() -> tuple[ProperRun, ...]:
    """Return every method on the small formulas over at most 3 variables; the same objects each time: see found_by."""
    return tuple(ProperRun.of(formula, name) for formula, name in product(small_formulas(3), DRAWS_OF))
