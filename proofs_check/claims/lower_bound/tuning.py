"""What learners spend on needles of growing coverage, and how small SpannerSampling's constant can be made.

In span mode with ``N_prompt = T_exp = 1`` everything is decided by phase 1.  It finds the needle's direction with
probability ``1-(1-2p(1-p))^N_pair``; the returned policy is then SoftmaxSampler's, which depends on ``M`` and ``N =
ceil(4 M log(4/delta))``.  If it finds nothing, the policy is ``pi_ref``, whose gap ``J(pi*) - p`` is above 1/4 for ``C
>= 3`` (at ``C = 2`` it is not: nothing need be learned there).  So a run succeeds, gap at most 1/4, with probability at
least 3/4 exactly if ``N_pair`` is large enough and the gap after a find is at most 1/4: the two are searched apart.

For all learners with the weak oracle: a gap of at most 1/4 needs a mass ``h`` on the needle, so for success the needle
must be drawn with probability ``3h/4``, and ``needle-minimax`` says what that costs.  Source: ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from flint import fmpq

from proofs_check.claims.spanner_sampling.needles import NeedleSetting
from proofs_check.claims.spanner_sampling.setting import seeded_run
from proofs_check.ledger import Case, Draws, compare, frequency
from reference.algorithms.parts.cover import SpanCover
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.constructions.needles import NeedleFamily
from reference.exact import Real, log, real
from reference.laws.returned import gap_of_masses, spanner_law

QUARTER = fmpq(1, 4)

DELTAS = (fmpq(1), fmpq(1, 2))
"""The values of ``delta`` that the search tries; 1 is the largest that SoftmaxSampler takes."""

STEPS = 256
"""``M`` is searched in steps of ``C/256``, up to ``C``."""


@dataclass(frozen=True)
class Tuned:
    """Inputs that keep the guarantee on a needle family, and what they cost."""

    setting: NeedleSetting
    inputs: SpannerSampling

    @property
    def success(self) -> fmpq:
        """The exact probability that phase 1 finds the needle; from ``C = 3`` on, that the gap is at most 1/4."""
        return chance_of_finding(self.setting, self.inputs.n_pair)

    @property
    def t_comp(self) -> int:
        """Sampling queries of the run and of one draw from the policy, at most."""
        return cost(self.inputs)


def cost(inputs: SpannerSampling) -> int:
    """Return ``2 N_pair + 2 (2N+2)``: ``T_comp`` of SpannerSampling with ``N_prompt = T_exp = 1``."""
    return 2 * inputs.n_pair + 2 * (2 * inputs.draws + 2)


def chance_of_finding(setting: NeedleSetting, n_pair: int) -> fmpq:
    """Return ``1-(1-2p(1-p))^N_pair``."""
    return fmpq(1) - (1 - 2 * setting.p * (1 - setting.p)) ** n_pair


def least_pairs(setting: NeedleSetting) -> int:
    """Return the least ``N_pair`` with which a pair that differs is drawn with probability at least 3/4."""
    n = setting.n_pair()  # enough: log(1-x) <= -x
    while chance_of_finding(setting, n - 1) >= 1 - QUARTER:
        n -= 1
    return n


def least_draws(setting: NeedleSetting) -> int:
    """Return the least number of base draws among which the needle is with probability at least 3/4."""
    n = (log(4) * setting.C).ceil()  # enough: log(1-x) <= -x
    while (1 - setting.p) ** (n - 1) <= QUARTER:
        n -= 1
    return n


def gap_of_hit(setting: NeedleSetting, h: fmpq) -> Real:
    """Return the gap of the policy with mass ``h`` on the needle and the rest on 0: the least for that mass."""
    return gap_of_masses(setting.problem, 0, {0: real(1 - h), 1: real(h)})


def least_when_asked(setting: NeedleSetting) -> int:
    """Return the least number of draws with which a policy that searches when asked has gap at most 1/4."""
    low, high = 0, least_draws(setting)
    while high - low > 1:
        middle = (low + high) // 2
        enough = gap_of_hit(setting, 1 - (1 - setting.p) ** middle) <= QUARTER
        low, high = (low, middle) if enough else (middle, high)
    return high


def hit_needed(setting: NeedleSetting) -> fmpq:
    """Return a multiple of 1/1024, close below the least mass on the needle with which the gap is at most 1/4.

    The gap is convex in the mass, so it exceeds 1/4 at this value and at all values below.
    """
    low, high = 0, 1023
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if gap_of_hit(setting, fmpq(middle, 1024)) <= QUARTER else (middle, high)
    return fmpq(low, 1024)


def needed_of_all(setting: NeedleSetting, k: int = 1024, t_data: int = 4) -> int:
    """Return a ``T_comp`` below which no learner with the weak oracle succeeds, by the value of the needle game.

    Success at every member, with probability at least 3/4, makes the needle the response drawn with probability at
    least ``3h/4`` for the ``h`` of :func:`hit_needed`.
    """
    family = NeedleFamily.of(k, setting.C, 1, setting.beta)
    low, high, wanted = -1, least_draws(setting), hit_needed(setting) * fmpq(3, 4)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if family.game_value(middle, t_data) >= wanted else (middle, high)
    return high


def separation(setting: NeedleSetting) -> dict[str, tuple[int, int]]:
    """Return ``(T_data, T_comp)`` with which each learner has gap at most 1/4 with probability at least 3/4.

    The enumerating learner fills its table by weak draws, and asks one pair; the passive one asks every pair that it
    draws.  Both then return ``pi*`` itself, by one strong query, if they met the needle, and ``pi_ref`` if not.  The
    search when asked returns a policy that draws until it meets the needle, and answers 0 if it does not.
    """
    pairs, t_data = least_pairs(setting), 4
    return {
        "enumerating": (2, least_draws(setting) + 1),
        "passive": (2 * pairs, 2 * pairs + 1),
        "search when asked": (0, least_when_asked(setting)),
        "SpannerSampling": (t_data, cost(setting.inputs())),
        "SpannerSampling, tuned": (t_data, tuned(setting).t_comp),
    }


@cache
def gap_once_found(setting: NeedleSetting, M: fmpq, delta: fmpq) -> Real:
    """Return the gap of the returned policy after a find, enclosed, by SoftmaxSampler's law.

    One accepted pair will do: the opposite one spans the same line and fits the same ``theta``.
    """
    problem = setting.problem
    difference = problem.phi(0, 1) - problem.phi(0, 0)
    psi = ((difference, problem.reward(0, 1) - problem.reward(0, 0)),)
    cover = SpanCover.empty(problem.dimension).with_vector(difference)
    inputs = SpannerSampling(1, 1, 1, M, delta, mode="span")
    policy = SpannerPolicy(cover, (cover.least_squares(psi),), M, inputs.draws, psi)
    return gap_of_masses(problem, 0, spanner_law(problem, policy, 0))


@cache
def tuned(setting: NeedleSetting) -> Tuned:
    """Return the cheapest inputs found: least ``N_pair``; for each ``delta``, least ``M`` in steps of ``C/256``.

    The success is decided, not the optimality: the search halves intervals as if the gap fell with ``M``, and looks at
    two values of ``delta``.  ``M`` is at least 1, as SoftmaxSampler demands.
    """
    pairs = least_pairs(setting)
    candidates = [setting.inputs()] + [
        SpannerSampling(1, pairs, 1, M, delta, mode="span") for delta, M in _least_bounds(setting)
    ]
    return Tuned(setting, min(candidates, key=cost))


def simulated(draws: Draws) -> Iterator[Case]:
    """Judge SpannerSampling at ``C = 64`` by whole runs, with the cheaper inputs that :func:`tuned` finds.

    ``N_pair`` is tripled, so that the success is far from 3/4 and few runs decide.  The gap of every policy returned is
    enclosed.
    """
    setting = NeedleSetting(64)
    cheaper = tuned(setting).inputs
    inputs = SpannerSampling(1, 3 * cheaper.n_pair, 1, cheaper.M, cheaper.delta, mode="span")
    family = NeedleFamily.of(1024, setting.C, int(1 / setting.beta), setting.beta)
    runs = [seeded_run(setting.problem, inputs, seed) for seed in draws.seeds]
    name, spent = f"{family}, N_pair={inputs.n_pair}, M={inputs.M}, delta={inputs.delta}", cost(inputs)
    policies = {r.policy.psi: r.policy for r in runs}
    gaps = {
        psi: gap_of_masses(setting.problem, 0, spanner_law(setting.problem, q, 0)) <= fmpq(1, 4)
        for psi, q in policies.items()
    }
    successes = sum(gaps[r.policy.psi] for r in runs)
    yield frequency(name, successes, draws.n, ">=", fmpq(3, 4), "SpannerSampling: P(gap <= 1/4) >= 3/4")
    most = max(r.reading.t_comp + r.policy.queries_per_draw for r in runs)
    yield compare(name, most, "<=", spent, "in every run T_comp <= 2 N_pair + 2(2N+2)")
    yield compare(name, max(r.reading.t_data for r in runs), "<=", 4, "in every run T_data <= 4")
    yield compare(name, real(spent), ">=", family.our_bound(), "T_comp >= 3/(32 qbar), as T_data + 1 < 3k/32")


def tuned_settings() -> Iterator[NeedleSetting]:
    """Yield the settings with ``C = 4, 8, .., 512``."""
    yield from (NeedleSetting(2**j) for j in range(2, 10))


def tuned_against_all(setting: NeedleSetting) -> Iterator[Case]:
    """Decide that the tuned inputs keep the guarantee, and where they stand among all learners with the weak oracle."""
    best, least = tuned(setting), needed_of_all(setting)
    family = NeedleFamily.of(1024, setting.C, int(1 / setting.beta), setting.beta)
    name = f"{family}, N_pair={best.inputs.n_pair}, M={best.inputs.M}, delta={best.inputs.delta}"
    gap = gap_once_found(setting, best.inputs.M, best.inputs.delta)
    yield compare(name, best.success, ">=", fmpq(3, 4), "tuned SpannerSampling: P(found) >= 3/4")
    yield compare(name, gap, "<=", QUARTER, "tuned SpannerSampling: gap <= 1/4 once found")
    yield compare(name, best.t_comp, "<=", 17 * least, "tuned SpannerSampling: T_comp <= 17 times what all need")
    yield compare(name, real(least), ">=", family.our_bound(), "what all learners need >= 3/(32 qbar)")


def _least_bounds(setting: NeedleSetting) -> Iterator[tuple[fmpq, fmpq]]:
    """Yield each ``delta`` with the least ``M`` found to keep the gap at most 1/4."""
    for delta in DELTAS:
        low, high = 0, STEPS
        while high - low > 1:
            middle = (low + high) // 2
            enough = gap_once_found(setting, _bound(setting, middle), delta) <= QUARTER
            low, high = (low, middle) if enough else (middle, high)
        if gap_once_found(setting, _bound(setting, high), delta) <= QUARTER:
            yield delta, _bound(setting, high)


def _bound(setting: NeedleSetting, steps: int) -> fmpq:
    return max(fmpq(1), fmpq(setting.C * steps, STEPS))
