"""Coverage is necessary for compute: games with the strong oracle solved, and the bound with each learner beside it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from flint import fmpq

from proofs_check.claims.lower_bound.learners import (
    SearchWhenAsked,
    contestants,
    simulated_learners,
    spanner_hits,
    strong_search,
)
from proofs_check.claims.lower_bound.needle_game import needles, verified
from proofs_check.claims.lower_bound.tuning import cost, simulated, tuned_against_all, tuned_settings
from proofs_check.claims.spanner_sampling.end_to_end import first_policy
from proofs_check.claims.spanner_sampling.needles import NeedleSetting
from proofs_check.claims.spanner_sampling.setting import spanners
from proofs_check.ledger import Case, Check, Draws, Family, On, agree, claim, compare, fact
from reference.algorithms.parts.cover import SpanCover
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.passive import Passive
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.constructions.needles import NeedleFamily
from reference.exact import LogLinear, log, real
from reference.games import solve
from reference.games.contest import Contestant, score
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.meter import Budget, BudgetExceeded, Reading
from reference.interaction.seeded import Seeded
from reference.interaction.world import World
from reference.laws.returned import spanner_law
from reference.model.criteria import naming
from reference.model.linear_problem import LinearProblem


def spanner_below_bound(C: int) -> Iterator[Case]:
    """Decide it for SpannerSampling, and that it is not idle: the needle is drawn more often than from ``pi_ref``."""
    family = NeedleFamily.of(64, C, 1, 4)
    for n_pair, M in ((4, 1), (C // 4, 4)):
        hit, t_comp, t_data = spanner_hits(family, SpannerSampling(1, n_pair, 1, M, fmpq(1, 2), mode="span"))
        most = family.qbar() * t_comp + fmpq(t_data + 1, family.k)
        name = f"{family}, N_pair={n_pair}, M={M}"
        yield compare(name, hit, "<=", most, "SpannerSampling: P(y = i*) <= T_comp qbar + (T_data+1)/k")
        yield compare(name, hit, ">=", family.p, "and P(y = i*) >= p")


def passive_hits(pairs: int) -> Iterator[Case]:
    """Decide what passive exploration hits: ``pi*`` if one of its pairs differs, else ``pi_ref``."""
    family = NeedleFamily.of(4, 8, 1, 1)
    played = score(Contestant(f"passive({pairs})", Passive(pairs, SpanCover.empty(1)), family))
    p = family.p
    missed = (1 - 2 * p * (1 - p)) ** pairs
    expected = family.coverage() * (p * (1 - missed)) + p * missed
    yield compare(
        f"{family}, n={pairs}", played.hit.mass(True), "==", expected, "passive: pi*(i*) if it is met, else p"
    )
    yield compare(f"{family}, n={pairs}", played.t_data, "==", 2 * pairs, "passive: T_data = 2n")
    yield compare(f"{family}, n={pairs}", played.t_comp, "==", 2 * pairs + 1, "passive: T_comp = 2n + 1")
    world = World(family.member(1, (1,)), Seeded(pairs), budget=Budget(pairs, 2 * pairs, 0, 2 * pairs))
    Passive(pairs, SpanCover.empty(1))(world.oracles)
    asked = Reading(prompts=pairs, weak=(2 * pairs,), reward=2 * pairs)
    yield fact(f"{family}, n={pairs}", world.meter.reading == asked, "passive: n prompts, 2n draws, 2n rewards")
    yield fact(f"{family}, n={pairs}", _exceeded(world), "and its budget is used up")


def strong_costs(tries: int) -> Iterator[Case]:
    """Decide that every strong query counts."""
    family = NeedleFamily.of(4, 8, 1, 1)
    played = score(Contestant("strong search", lambda oracles: strong_search(oracles, fmpq(5, 4), tries), family))
    yield compare(f"{family}, {tries} tries", played.t_run, "==", tries, "strong search: as many queries as tries")


def _exceeded(world: World[LinearProblem]) -> bool:
    try:
        world.oracles.reward(0, 0)
    except BudgetExceeded:
        return True
    return False


def spanner_draws(C: int) -> Iterator[Case]:
    """Decide that draws from SpannerSampling's policy, with ``N = 2``, hit and cost what is taken of them above."""
    family, p = NeedleFamily.of(1, C, 1, fmpq(1, 2)), SpannerSampling(1, 1, 1, 1, 1, mode="span")
    member = family.member(1, (1,))
    for spanner in spanners(member, p).outcomes:
        policy = replace(first_policy(spanner, p), draws=2)

        def draw(choice: Choice, policy: SpannerPolicy = policy) -> tuple[int, int]:
            world = World(member, choice)
            return policy.sample(world.oracles, 0), world.meter.reading.t_comp

        drawn, name = law_of(draw), f"{family}, {len(spanner.psi)} found, N=2"
        hit = drawn.probability(lambda seen: seen[0] == 1)
        yield agree(name, hit, spanner_law(member, policy, 0)[1], "P(y = i*) in draws is that of SoftmaxSampler's law")
        yield compare(name, policy.queries_per_draw, "==", 2 * 2 + 2, "queries of a draw: 2N + 2")
        if spanner.psi:
            yield compare(name, max(seen[1] for seen in drawn.outcomes), "==", 2 * 2 + 2, "which some draw makes")


@dataclass(frozen=True)
class StrongMatch:
    """A family with the strong oracle at ``theta = beta log(q) v`` for some ``v`` in ``V``, ``q = root^d``.

    All odds are then multiplied by a power of ``root``, since ``d <v, v'>`` is an integer.
    """

    family: NeedleFamily
    root: int
    directions: int
    t_comp: int
    t_data: int

    def __str__(self) -> str:
        return f"{self.family}, q={self.q}, {self.directions} directions, T_comp <= {self.t_comp}"

    @property
    def q(self) -> int:
        """``root^d``."""
        return int(self.root**self.family.dimension)

    @property
    def thetas(self) -> list[list[LogLinear]]:
        """Every one of the first ``directions`` elements of ``V``, and its opposite."""
        chosen = list(self.family.signs())[: self.directions]
        length = log(self.q) * self.family.beta / self.family.m
        return [[length * (sign * s) for s in signs] for signs in chosen for sign in (1, -1)]

    @property
    def largest_hit(self) -> fmpq:
        """``max q(theta)`` over the ``theta`` allowed and 0, by summing over ``V``."""
        p, d = self.family.p, self.family.dimension
        total = fmpq(0)
        for signs in self.family.signs():
            weight: fmpq = p * fmpq(self.root) ** sum(signs)
            total += weight / (1 - p + weight)
        best: fmpq = max(p, total / 2**d)
        return best


def adaptivity(match: StrongMatch) -> Iterator[Case]:
    """Decide that no adaptive learner with the strong oracle beats the union bound."""
    family = match.family
    game = naming(family.members(), needles, thetas=match.thetas)
    budgets = list(product(range(match.t_comp + 1), range(match.t_data + 1)))
    solution = solve(game, budgets)
    yield fact(str(match), verified(game, solution.certificate), "Bellman equations, by the independent checker")
    for t_comp, t_data in budgets:
        name = f"{family}, q={match.q}, T_comp={t_comp}, T_data={t_data}"
        value, guess = solution.value(t_comp, t_data), fmpq(t_data + 1, family.k)
        most = match.largest_hit * t_comp + guess
        yield compare(name, value, "<=", most, "best of all <= T_comp max q(theta) + (T_data+1)/k")
        yield compare(name, value, "<=", family.qbar() * t_comp + guess, "best of all <= T_comp qbar + (T_data+1)/k")


def strong_matches() -> Iterator[StrongMatch]:
    """Yield games with the strong oracle in dimensions 1 and 4."""
    yield StrongMatch(NeedleFamily.of(4, 10, 1, 1), 2, 1, 4, 2)
    yield StrongMatch(NeedleFamily.of(3, 100, 1, "1/4"), 49, 1, 4, 2)
    yield StrongMatch(NeedleFamily.of(2, 50, 2, "1/3"), 2, 2, 2, 1)


def budgets_needed(setting: NeedleSetting) -> Iterator[Case]:
    """Decide the second part for two learners that succeed: the best search, and SpannerSampling.

    2740 comes from ``T_comp <= 114 C + 10`` and ``qbar <= e^(1/2)/(C-1)`` at ``C = 4``; at ``C = 2`` less is enough,
    and at ``C = 3``, no power of two, it is above 3060.
    ``search`` with the least ``T_comp`` that finds the needle with probability 3/4 has, with no rewards asked and
    ``k = 1024`` names, the least ``T_comp`` of all learners with the weak oracle (``needle-minimax``).
    """
    C, k = setting.C, 1024
    family = NeedleFamily.of(k, C, int(1 / setting.beta), setting.beta)
    name = str(family)
    yield fact(name, family.is_learnable, "C <= e^(1/(2 beta))")
    needed, three_quarters = family.our_bound(), fmpq(3, 4)
    yield agree(name, needed * family.qbar(), fmpq(3, 32), "what is needed is 3/(32 qbar)")
    t_comp = least_search(family)
    yield compare(name, family.game_value(t_comp, 0), ">=", three_quarters, "the best search succeeds")
    yield compare(name, real(t_comp), ">=", needed, "the best search: T_comp >= 3/(32 qbar)")
    inputs = setting.inputs()
    spent = cost(inputs)
    yield compare(name, real(spent), ">=", needed, "SpannerSampling: T_comp >= 3/(32 qbar)")
    yield compare(name, real(spent), "<=", needed * 2740, "SpannerSampling: T_comp <= 2740 * 3/(32 qbar)")


def least_search(family: NeedleFamily) -> int:
    """Return the least ``T_comp`` with which the value of the game without rewards is at least 3/4."""
    low, high = 0, 1
    while family.game_value(high, 0) < fmpq(3, 4):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if family.game_value(middle, 0) < fmpq(3, 4) else (low, middle)
    return high


def asking_later() -> Iterator[Contestant]:
    """Yield the learner that searches only when a response is drawn from its policy."""
    yield Contestant("SearchWhenAsked(40)", lambda _: SearchWhenAsked(40), NeedleFamily.of(16, 256, 1, 4))


@claim(
    "coverage-lower-bound",
    source="ours: finite form, constants and proof; finite form of FMR25 Thm 2.1",
    depends=("needle-facts", "needle-hit", "needle-minimax"),
    on=(
        Family("learners on C = 256, k = 16: exact laws", 9, contestants),
        Check(Family("SpannerSampling, C = 16, 64", 2, lambda: (16, 64)), spanner_below_bound),
        Check(Family("passive exploration with 1 to 3 pairs", 3, lambda: (1, 2, 3)), passive_hits),
        Check(Family("strong search with 1 to 3 tries", 3, lambda: (1, 2, 3)), strong_costs),
        Check(Family("draws from SpannerSampling's policy, C = 4", 1, lambda: (4,)), spanner_draws),
        Check(Family("all learners, strong oracle at finitely many theta", 3, strong_matches), adaptivity),
        Check(Family("C = 2, 4, .., 4096", 12, lambda: (NeedleSetting(2**j) for j in range(1, 13))), budgets_needed),
        Check(Family("SpannerSampling, tuned: C = 4, 8, .., 512", 8, tuned_settings), tuned_against_all),
        Check(Draws(100), simulated),
        Check(Draws(150), simulated_learners),
    ),
    witness=Family("search(12, 2)", 1, lambda: [contestants()[3]]),
    mutation=(
        "T_comp without the queries of a draw",
        On(Family("a policy that searches when asked", 1, asking_later), with_draw=False),
    ),
    trivial=(
        "none: it bounds every learner from above, who guesses, too; at powers of two SpannerSampling costs at most "
        "2740 times as much"
    ),
)
def coverage_lower_bound(contestant: Contestant, *, with_draw: bool = True) -> Iterator[Case]:
    r"""Coverage is necessary for compute.

    On the needle family a response drawn from the returned policy is $i^*$ with probability at most
    $\Tcomp\, \bar q + (\Tdata + 1)/k$. Hence a learner that succeeds at $\varepsilon = 1/4$ with probability at least
    $3/4$ on the family with $C \le e^{1/(2\beta)}$ has

    $$
    \Tdata + 1 \ge \frac{3k}{32} \quad\text{or}\quad \Tcomp \ge \frac{3}{32\, \bar q} .
    $$

    In words: To do well on every needle, where features have many dimensions, one needs samples in proportion to
    coverage, or rewards for a fixed share of all names.
    Hypotheses: noiseless rewards; weak or strong oracle; $\Tcomp$ as in {prf:ref}`def-costs`.
    Constants: 3/32 twice; $\varepsilon = 1/4$; success probability 3/4.
    Caveats: $\Tcomp$ counts the queries of one draw from the returned policy (ours): without them the claim is false.
        With the strong oracle all learners are covered only for finitely many $\theta$; the others are single learners.
        At $C = 64$, SpannerSampling's success is judged from seeded runs.
    """
    family, result = contestant.family, score(contestant)
    t_comp = result.t_comp if with_draw else result.t_run
    most = family.qbar() * t_comp + fmpq(result.t_data + 1, family.k)
    yield compare(str(contestant), result.hit.mass(True), "<=", most, "P(y = i*) <= T_comp qbar + (T_data+1)/k")
