"""Data or work: what each learner spends on the instance of a k-DNF until its policy decodes to the best assignment.

*Success* is a gap of at most ``eps = beta kl(b || a)/(2m)``.  By ``dnf-decoding`` the assignment ``sgn theta`` of
such a policy satisfies at most half a term less than ``a*``, so none less: if ``a*`` is optimal, the formula is solved.
And ``pi_ref``, whose gap is at least ``beta kl(b || a)/m`` if ``a*`` satisfies a term, does not succeed.

A round shows something only if its two answers differ.  Rewards are noiseless, so a fit that interpolates depends on
nothing but the terms on which they did; a learner that uses no other fit is a :class:`Walk` on sets of terms, whose law
is exact for any number of rounds.  Claim ``tradeoff-walks`` compares it with the law of the learner itself.

Source: ours.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from math import lcm

from flint import fmpq

from proofs_check.ledger import Family
from reference.algorithms.brute_force import spanned
from reference.algorithms.parts.cover import Datum, SpanCover
from reference.algorithms.parts.fits import LeastSquares
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.constructions.dnf.assignments import assignment_of, assignments
from reference.constructions.dnf.best_vertex import best_assignment
from reference.constructions.dnf.families import SMALL_SIZE, small_formulas
from reference.constructions.dnf.formula import DnfInstance
from reference.exact import Number, Real, log, real
from reference.exact.expratio import exp_ratio
from reference.exact.law import Law, Mass
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.proper_learners import ProperLearner, play_proper
from reference.interaction.public import Public
from reference.laws.returned import gap_of_masses, spanner_law
from reference.model import gap, softmax
from reference.model.parameter_set import Theta

Seen = frozenset[int]
"""The terms on which two answers were seen to differ."""

LEVEL = fmpq(3, 4)
"""The probability of success that a budget is chosen for."""

MOST_ROUNDS = 2000
"""A walk that does not reach :data:`LEVEL` within so many rounds is said not to."""


def last_star_instances() -> Iterator[DnfInstance]:
    """Yield the small formulas with ``A = 8``, ``L = 2``, so ``A^k/L = 32``.

    ``a*`` attains ``val*``, and is the last assignment that does: searches look at the first ones first.
    """
    for formula in small_formulas():
        most = best_assignment(formula).value
        last = [a for a in assignments(formula.variables) if formula.value(a) == most][-1]
        yield DnfInstance.of(formula, 8, 2, "1/2", last)


LAST_STAR = Family("small formulas, A = 8, L = 2", SMALL_SIZE, last_star_instances)
ONE_STAR = Family("the last of the small formulas, A = 8, L = 2", 1, lambda: [*last_star_instances()][-1:])


@lru_cache(maxsize=256)
def accuracy(instance: DnfInstance) -> Real:
    """``eps = beta kl(b || a)/(2m)``."""
    divergence = Law.bernoulli(instance.miss).kl(Law.bernoulli(instance.hit))
    return divergence * (instance.beta / (2 * len(instance.formula.terms)))


@lru_cache(maxsize=4096)
def succeeds(instance: DnfInstance, theta: Theta) -> bool:
    """Whether ``pi_theta`` has gap at most ``eps``."""
    return gap(instance.problem, softmax(instance.problem, theta)) <= accuracy(instance)


@lru_cache(maxsize=64)
def public_part(instance: DnfInstance) -> Public:
    """Return what a proper learner is told of the instance."""
    return Public.of(instance.problem, instance.parameter_set)


# ---------------------------------------------------------------------------------------------- walks on sets of terms


@dataclass(frozen=True, eq=False)
class TermWalk:
    """A learner whose future depends only on the terms seen.

    ``differ``: for each term the probability that the next round's answers differ if it is the prompt; all 0 once the
    learner has stopped.  ``good``: whether what it returns succeeds.
    """

    name: str
    terms: int
    differ: Callable[[Seen], tuple[Mass, ...]]
    good: Callable[[Seen], bool]

    def success(self, rounds: int) -> Iterator[fmpq]:
        """Yield the exact probability of success after ``0, 1, .., rounds`` rounds.

        Raises:
            ValueError: if a chance is irrational.
        """
        steps, good = cache(self._steps), cache(self.good)
        law: dict[Seen, fmpq] = {frozenset(): fmpq(1)}
        for after in range(rounds + 1):
            yield sum((mass for seen, mass in law.items() if good(seen)), fmpq(0))
            if after < rounds:
                reached: dict[Seen, fmpq] = {}
                for seen, mass in law.items():
                    for then, share in steps(seen):
                        reached[then] = reached.get(then, fmpq(0)) + mass * share
                law = reached

    def played(self, choice: Choice) -> Iterator[Seen]:
        """Yield the terms seen in a run, after ``0, 1, ..`` rounds, without end; chances may be irrational."""
        prompts = Law.uniform(range(self.terms))
        seen: Seen = frozenset()
        while True:
            yield seen
            j = choice.draw(prompts)
            if choice.draw(Law.bernoulli(self.differ(seen)[j])):
                seen |= {j}

    def least_rounds(self, level: fmpq = LEVEL, most: int = MOST_ROUNDS) -> int | None:
        """Return the first number of rounds with success at least ``level``; ``None`` beyond ``most``."""
        return next((rounds for rounds, chance in enumerate(self.success(most)) if chance >= level), None)

    def _steps(self, seen: Seen) -> list[tuple[Seen, fmpq]]:
        chances = [exp_ratio(chance) for chance in self.differ(seen)]
        new = [(j, c.as_rational() / self.terms) for j, c in enumerate(chances) if j not in seen and c != 0]
        return [(seen, 1 - sum((share for _, share in new), fmpq(0))), *((seen | {j}, share) for j, share in new)]


def passive_walk(instance: DnfInstance) -> TermWalk:
    """Return passive exploration: both answers from ``pi_ref``, least squares at the end."""
    differ = (2 * instance.p * (1 - instance.p),) * len(instance.formula.terms)
    return TermWalk(
        "passive", len(differ), lambda _: differ, lambda seen: succeeds(instance, interpolated(instance, seen))
    )


def online_dpo_walk(instance: DnfInstance) -> TermWalk:
    """Return OnlineDPO with least squares: both answers from the policy fitted so far."""
    everything = frozenset(range(len(instance.formula.terms)))

    @cache
    def differ(seen: Seen) -> tuple[Mass, ...]:
        if seen == everything:
            return (fmpq(0),) * len(everything)  # nothing new can be seen
        policy = softmax(instance.problem, interpolated(instance, seen))
        chances = [exp_ratio(policy.law(j).mass(1)) for j in range(len(everything))]
        return tuple(2 * chance * (1 - chance) for chance in chances)

    return TermWalk("OnlineDPO", len(everything), differ, lambda seen: succeeds(instance, interpolated(instance, seen)))


def brute_force_walk(instance: DnfInstance) -> TermWalk:
    """Return brute force over the vertices: one answer from the most informative one, one from ``pi_ref``.

    A round is new at a term outside the span of those seen, if its answers differ; ``U_S`` is compared as the sum of
    these chances.  All vertices that explain the data have loss 0, so the first of them is returned.
    """
    formula, p = instance.formula, instance.p
    counts = [formula.satisfied(a) for a in assignments(formula.variables)]
    by_count = [chance * (1 - p) + (1 - chance) * p for chance in instance.answers]
    denominator = lcm(*(int(chance.q) for chance in by_count))
    weights = [int(chance.p) * (denominator // int(chance.q)) for chance in by_count]
    truth = formula.satisfied(instance.star)

    @cache
    def differ(seen: Seen) -> tuple[fmpq, ...]:
        span = spanned(public_part(instance), data_of(instance, seen))
        new = [j for j in range(len(formula.terms)) if not span.contains(instance.problem.phi(j, 1))]
        if not new:
            return (fmpq(0),) * len(formula.terms)
        chosen = max(counts, key=lambda count: sum(weights[count[j]] for j in new))
        return tuple(by_count[true] for true in chosen)

    @cache
    def good(seen: Seen) -> bool:
        first = next(i for i, count in enumerate(counts) if all(count[j] == truth[j] for j in seen))
        return succeeds(instance, instance.theta(assignment_of(first, formula.variables)))

    return TermWalk("brute force", len(formula.terms), differ, good)


def spanner_walk(instance: DnfInstance, inputs: SpannerSampling) -> TermWalk:
    """Return SpannerSampling in span mode with ``N_pair = T_exp = 1``; a round is a prompt of phase 1."""
    differ = (2 * instance.p * (1 - instance.p),) * len(instance.formula.terms)

    @cache
    def good(seen: Seen) -> bool:
        return policy_gap(instance, spanner_policy(instance, seen, inputs)) <= accuracy(instance)

    return TermWalk("SpannerSampling", len(differ), lambda _: differ, good)


# ---------------------------------------------------------------------------------------------------------- its parts


def data_of(instance: DnfInstance, seen: Seen) -> tuple[Datum, ...]:
    """Return one pair of different answers, as a difference with its reward, for each term seen."""
    problem = instance.problem
    return tuple((problem.phi(j, 1), problem.reward(j, 1) - problem.reward(j, 0)) for j in sorted(seen))


@lru_cache(maxsize=4096)
def interpolated(instance: DnfInstance, seen: Seen) -> Theta:
    """Return the least-squares parameter of minimal norm, projected into ``Theta``."""
    fit = LeastSquares(SpanCover.empty(instance.formula.variables))
    return fit(public_part(instance), dict.fromkeys(data_of(instance, seen), 1))


def spanner_inputs(instance: DnfInstance, n_prompt: int, n_pair: int = 1) -> SpannerSampling:
    """Return SpannerSampling's inputs: ``M = 2 A^k/L``, above ``2 C_cov(pi*)``, ``delta = 1/4``, ``T_exp = 1``."""
    return SpannerSampling(n_prompt, n_pair, 1, 2 / instance.p, fmpq(1, 4), mode="span")


def spanner_policy(instance: DnfInstance, seen: Seen, inputs: SpannerSampling) -> SpannerPolicy:
    """Return what SpannerSampling returns if phase 1 met pairs on these terms, in any order: their span decides."""
    cover, psi = SpanCover.empty(instance.formula.variables), []
    for phi, r in data_of(instance, seen):
        if not cover.covers(phi):
            cover = cover.with_vector(phi)
            psi.append((phi, r))
    return SpannerPolicy(cover, (cover.least_squares(psi),), inputs.M, inputs.draws, tuple(psi))


def policy_gap(instance: DnfInstance, policy: SpannerPolicy) -> Real:
    """Return the gap of the returned policy itself, SoftmaxSampler's error included; enclosed."""
    problem = instance.problem
    parts = (gap_of_masses(problem, j, spanner_law(problem, policy, j)) for j in range(len(problem.prompts)))
    return sum(parts, real(0)) / len(problem.prompts)


def rank_of_terms(instance: DnfInstance) -> int:
    """Return the rank of the differences: of the terms as vectors."""
    return spanned(public_part(instance), data_of(instance, frozenset(range(len(instance.formula.terms))))).dimension


def sets_of_terms(instance: DnfInstance) -> Iterator[Seen]:
    """Yield all sets of terms."""
    terms = range(len(instance.formula.terms))
    for size in range(len(terms) + 1):
        yield from map(frozenset, combinations(terms, size))


def differing(instance: DnfInstance) -> fmpq:
    """Return ``q = 2p(1-p)``."""
    return 2 * instance.p * (1 - instance.p)


def enough_prompts(instance: DnfInstance) -> int:
    """Return ``ceil((m/q) log 4m)``."""
    m = len(instance.formula.terms)
    return (log(4 * m) * (m / differing(instance))).ceil()


def success_of(instance: DnfInstance, learner: ProperLearner) -> Number:
    """Return the exact probability of success, from the law of the learner."""

    def returned(choice: Choice) -> Theta:
        policy = play_proper(instance.problem, instance.parameter_set, learner, choice).policy
        assert policy is not None  # noqa: S101 - there is no budget to exceed
        return policy.theta

    return law_of(returned).probability(lambda theta: succeeds(instance, theta))
