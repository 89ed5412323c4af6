"""XPO and OnlineDPO on two responses and two parameters: what they return, from their objectives written out once more.

The instance is that of ``online-dpo-instance``: *good* has ``pi_ref = q = 2^-s`` and reward ``log 2``, *bad* the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq

from proofs_check.claims.proper.online_dpo import STAR, dpo_problem
from proofs_check.ledger import Case, Family, fact
from reference.algorithms.online_dpo import OnlineDPO
from reference.algorithms.parts.feedback import Rewards
from reference.algorithms.parts.fits import Search
from reference.algorithms.parts.optimisers import exhaustive
from reference.algorithms.xpo import XPO
from reference.exact import log, loglinear, real, real_log
from reference.exact.law import Law
from reference.interaction import Choice, ProperLearner, ProperOracles, Public, World, law_of, proper, recorded
from reference.interaction.proper_learners import Round
from reference.model.parameter_set import FiniteSet, Theta

ZERO_AND_STAR: tuple[Theta, Theta] = ((loglinear(0),), STAR)
"""``Theta``."""

Answers = tuple[tuple[int, int], ...]
"""The answers of each round: 1 for *good*."""

_NO_ROUNDS: Answers = ()


@dataclass(frozen=True)
class TwoResponses:
    """``q = 2^-s``, ``T`` rounds, ``alpha``; ``None`` for OnlineDPO: no bonus, and both answers are its own."""

    s: int
    T: int
    alpha: fmpq | None

    def __str__(self) -> str:
        name = "OnlineDPO" if self.alpha is None else f"XPO, alpha = {self.alpha}"
        return f"{name}, q = 2^-{self.s}, T = {self.T}"

    @property
    def learner(self) -> ProperLearner:
        """The learner."""
        if self.alpha is None:
            return OnlineDPO(self.T, Rewards(), Search(Rewards(), exhaustive(ZERO_AND_STAR)))
        return XPO(self.T, self.alpha, Rewards(), exhaustive(ZERO_AND_STAR))

    def played(self) -> Law[tuple[Answers, Theta]]:
        """Return the exact law of the answers and of what is returned, from runs."""
        problem = dpo_problem(self.s)
        public = Public.of(problem, FiniteSet(ZERO_AND_STAR))

        def note(before: Answers, thetas: tuple[Theta, ...], shown: Round) -> Answers:
            del thetas
            one, two = shown.answers
            return (*before, (one.y, two.y))

        def run(choice: Choice) -> tuple[Answers, Theta]:
            seen: list[Answers] = []

            def noted(oracles: ProperOracles, /) -> Theta:
                theta, answers = recorded(self.learner, _NO_ROUNDS, note)(oracles)
                seen.append(answers)
                return theta

            policy = proper(noted, public)(World(problem, choice).oracles)
            return seen[-1], policy.theta

        return law_of(run)

    def by_hand(self) -> Law[tuple[Answers, Theta]]:
        """Return the law from the objectives."""
        laws: dict[Answers, fmpq] = {(): fmpq(1)}
        for _ in range(self.T):
            after: dict[Answers, fmpq] = {}
            for before, mass in laws.items():
                own = self._mass(self._chosen(before) if before else 0)
                other = own if self.alpha is None else self._mass(0)
                for one, chance in ((1, own), (0, 1 - own)):
                    for two, second in ((1, other), (0, 1 - other)):
                        after[(*before, (one, two))] = mass * chance * second
            laws = after
        return Law.of(((answers, ZERO_AND_STAR[self._chosen(answers)]), mass) for answers, mass in laws.items())

    def _mass(self, index: int) -> fmpq:
        """``pi_theta(good)``, where ``exp(log 2/beta) = 4^s``."""
        q, weight = fmpq(1, 2**self.s), fmpq(4**self.s) ** index
        mass: fmpq = q * weight / (1 - q + q * weight)
        return mass

    def _chosen(self, answers: Answers) -> int:
        """Return whether ``theta*`` has the smaller objective: the squared loss, and ``alpha beta log pi(y')``."""
        differ = sum(one != two for one, two in answers)
        values = []
        for index, missed in enumerate((log(2), loglinear(0))):
            value = real(missed) * missed * differ
            if self.alpha is not None:
                for _, two in answers:
                    mass = self._mass(index) if two else 1 - self._mass(index)
                    value += real_log(mass) * (self.alpha * fmpq(1, 2 * self.s))
            values.append(value)
        return int(values[1] < values[0])


def returns_what_it_minimises(member: TwoResponses) -> Iterator[Case]:
    """Decide that the law of runs is that of the objective."""
    yield fact(str(member), member.played() == member.by_hand(), "the law of answers and of what is returned")


XPO_ON_TWO = Family(
    "XPO on two responses, alpha = 1, 2, T = 1, 2", 4,
    lambda: [TwoResponses(2, T, fmpq(alpha)) for T in (1, 2) for alpha in (1, 2)],
)  # fmt: skip
ONLINE_DPO_ON_TWO = Family(
    "OnlineDPO on two responses, T = 1, 2", 2, lambda: [TwoResponses(2, T, None) for T in (1, 2)]
)
