"""The training-time methods that the reduction is run on, by name, with what their searches cost.

Each is a proper learner made for what is public of an instance and a number of draws.  Rounds of pairs take two draws.
The last two are shown an assignment: they are no algorithms, they show what the statements say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from flint import fmpq

from proofs_check.reduction import maxsat
from reference.algorithms.brute_force import BruteForce, evaluations
from reference.algorithms.online_dpo import OnlineDPO
from reference.algorithms.parts.cover import SpanCover
from reference.algorithms.parts.feedback import Preferences, Rewards
from reference.algorithms.parts.fits import LeastSquares, Newton
from reference.algorithms.parts.optimisers import coordinate_descent, exhaustive, vertices
from reference.algorithms.passive import ProperPassive
from reference.algorithms.xpo import XPO
from reference.constructions.dnf.formula import DnfInstance
from reference.exact.law import Law
from reference.interaction import ProperLearner, ProperOracles
from reference.model.parameter_set import Theta

COIN = Law.bernoulli(fmpq(1, 2))


@dataclass(frozen=True, slots=True)
class TrainingMethod:
    """A training-time method.

    ``learner``: the method for an instance and ``rounds`` rounds, each of ``width`` draws.  ``evaluations``: the most
    evaluations of a function of ``theta`` that its searches make, for ``n`` variables and so many rounds; ``None`` if
    it is told where to look.  ``steps``: about how much work a run is, for ``n`` variables, ``m`` terms and so many
    rounds; a step is a term evaluated at a ``theta``, a third of a millisecond.  ``exhaustive``: whether it looks at
    all ``2^n`` vertices.
    """

    title: str
    width: int
    learner: Callable[[DnfInstance, int], ProperLearner]
    evaluations: Callable[[int, int], int] | None
    steps: Callable[[int, int, int], int]
    exhaustive: bool = False

    def for_draws(self, instance: DnfInstance, T: int) -> ProperLearner:
        """Return the learner with as many rounds as ``T`` draws suffice for."""
        return self.learner(instance, T // self.width)


def _seen(m: int, rounds: int) -> int:
    """Return how many different terms were seen in each round, at most, summed over the rounds."""
    few = min(m, rounds)
    return few * (few + 1) // 2 + m * (rounds - few)


def _fitted(searched: int, n: int, m: int, rounds: int) -> int:
    """Return the steps of a fit in each round that looks at so many parameters; forming one is ``n/40`` of a step."""
    return searched * (_seen(m, rounds) + rounds * n // 40)


def naming_learner(theta: Theta, rounds: int) -> ProperLearner:
    """Return the learner that commits to ``theta`` in every round."""

    def learner(oracles: ProperOracles) -> Theta:
        return _repeat(oracles, theta, rounds)

    return learner


def coin_flipping(theta: Theta, rounds: int) -> ProperLearner:
    """Return the learner that flips a fair coin once, and then commits to ``theta`` or to 0 in every round."""

    def learner(oracles: ProperOracles) -> Theta:
        return _repeat(oracles, theta if oracles.draw(COIN) else oracles.public.zero, rounds)

    return learner


def _repeat(oracles: ProperOracles, theta: Theta, rounds: int) -> Theta:
    def step(number: int) -> int:
        oracles.round((theta,))
        return number + 1

    oracles.iterate(0, step, rounds)
    return theta


def _brute_force(instance: DnfInstance, rounds: int) -> ProperLearner:
    members = vertices(instance.parameter_set)
    return BruteForce(rounds, members)


def _passive(instance: DnfInstance, rounds: int) -> ProperLearner:
    cover = SpanCover.empty(instance.formula.variables)
    return ProperPassive(rounds, cover)


def _online_dpo(instance: DnfInstance, rounds: int) -> ProperLearner:
    fit = LeastSquares(SpanCover.empty(instance.formula.variables))
    return OnlineDPO(rounds, Rewards(), fit)


def _online_dpo_preferences(instance: DnfInstance, rounds: int) -> ProperLearner:
    del instance
    return OnlineDPO(rounds, Preferences(), Newton(fmpq(1)))


def _xpo(instance: DnfInstance, rounds: int) -> ProperLearner:
    optimiser = coordinate_descent(instance.parameter_set)
    return XPO(rounds, 1, Rewards(), optimiser)


def _xpo_exhaustive(instance: DnfInstance, rounds: int) -> ProperLearner:
    optimiser = exhaustive(vertices(instance.parameter_set))
    return XPO(rounds, 1, Rewards(), optimiser)


def _naming(instance: DnfInstance, rounds: int) -> ProperLearner:
    return naming_learner(_best(instance), rounds)


def _coin_flipping(instance: DnfInstance, rounds: int) -> ProperLearner:
    return coin_flipping(_best(instance), rounds)


def _best(instance: DnfInstance) -> Theta:
    return instance.theta(maxsat.best(instance.formula).assignment)


def _told(n: int, _m: int, rounds: int) -> int:
    return rounds * n // 100


METHODS: Mapping[str, TrainingMethod] = {
    "brute-force": TrainingMethod(
        "brute force over the 2^n vertices",
        2,
        _brute_force,
        lambda n, rounds: evaluations(rounds, 2**n, rounds),
        lambda n, m, rounds: (min(n, rounds) + 1) * 2**n * m // 2,
        exhaustive=True,
    ),
    "passive": TrainingMethod(
        "passive exploration", 2, _passive, lambda _n, _rounds: 0, lambda n, _m, rounds: rounds * n // 100
    ),
    "online-dpo": TrainingMethod(
        "OnlineDPO on rewards, least squares of minimal norm",
        2,
        _online_dpo,
        lambda _n, _rounds: 0,
        lambda n, _m, rounds: rounds * n // 12,
    ),
    "online-dpo-preferences": TrainingMethod(
        "OnlineDPO on preferences, certified Newton with ridge 1",
        2,
        _online_dpo_preferences,
        lambda _n, _rounds: 0,
        lambda n, _m, rounds: rounds * n**2 // 350,
    ),
    "xpo": TrainingMethod(
        "XPO (alpha = 1) on rewards, two passes of coordinate descent",
        2,
        _xpo,
        lambda n, rounds: (1 + 2 * n) * rounds,
        lambda n, m, rounds: _fitted(1 + 2 * n, n, m, rounds),
    ),
    "xpo-exhaustive": TrainingMethod(
        "XPO (alpha = 1) on rewards, exact over the 2^n vertices",
        2,
        _xpo_exhaustive,
        lambda n, rounds: 2**n * rounds,
        lambda n, m, rounds: _fitted(2**n, n, m, rounds),
        exhaustive=True,
    ),
    "naming": TrainingMethod("a learner that is told an assignment with val*", 1, _naming, None, _told),
    "coin-flip": TrainingMethod(
        "a fair coin between an assignment with val* and theta = 0", 1, _coin_flipping, None, _told
    ),
}


class UnknownMethod(ValueError):
    """A name that no method has; the message suggests one."""


def method(name: str) -> TrainingMethod:
    """Return a method by name.

    Raises:
        UnknownMethod: if there is none; the nearest is suggested.
    """
    if name not in METHODS:
        close = get_close_matches(name, METHODS, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(METHODS)}"
        raise UnknownMethod(f"unknown learner {name[:80]!r}; {hint}")
    return METHODS[name]
