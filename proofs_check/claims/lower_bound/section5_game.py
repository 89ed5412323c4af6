"""Section 5, all learners at once: the needle game solved exactly, and the lower bound with each learner beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product

from flint import fmpq

from proofs_check.claims.lower_bound.section5_learners import SearchWhenAsked, contestants, simulated_learners, spanner_hits
from proofs_check.claims.lower_bound.section5_tuning import cost, simulated, tuned_against_all, tuned_settings
from proofs_check.claims.spanner_sampling.section6_needle import Setting
from proofs_check.ledger import Case, Check, Claim, Draws, Family, Mutation, compare, fact
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.certificates import CertificateError
from reference.certificates.game import GameCertificate, check_game
from reference.constructions.needles import NeedleFamily
from reference.exact import LogLinear, RationalLike, log, real
from reference.games import solve, strategy_law
from reference.games.contest import Contestant, score
from reference.model.criteria import naming
from reference.model.game import Game
from reference.model.linear_problem import LinearProblem

# ----------------------------------------------------------------------------------------------- needle-minimax


def needles(problem: LinearProblem) -> set[tuple[int, int]]:
    """Return the answers that name the needle."""
    return {(0, y) for y in problem.support(0) if not problem.phi(0, y).is_zero}


@dataclass(frozen=True)
class Match:
    """A needle family with the largest budgets of the games played on it."""

    family: NeedleFamily
    t_comp: int
    t_data: int

    @classmethod
    def of(cls, k: int, C: RationalLike, m: int, t_comp: int = 6, t_data: int = 5) -> "Match":
        """Return the match on the family with ``beta = 1``, which the weak game does not see."""
        return cls(NeedleFamily.of(k, C, m, 1), t_comp, t_data)

    def __str__(self) -> str:
        return f"{self.family}, T_comp <= {self.t_comp}, T_data <= {self.t_data}"

    @property
    def game(self) -> Game:
        """Naming the needle, with the weak oracle."""
        return naming(self.family.members(), needles)

    @property
    def budgets(self) -> list[tuple[int, int]]:
        """All pairs of budgets up to the largest."""
        return list(product(range(self.t_comp + 1), range(self.t_data + 1)))


def verified(game: Game, certificate: GameCertificate) -> bool:
    """Whether the independent checker accepts the solution."""
    try:
        check_game(game, certificate)
    except CertificateError:
        return False
    return True


def minimax(match: Match, *, free_guess: int = 1) -> Iterator[Case]:
    """Solve the game for all budgets, have the solution checked, and compare with the closed form."""
    family, game = match.family, match.game
    solution = solve(game, match.budgets)
    yield fact(str(match), verified(game, solution.certificate), "Bellman equations, by the independent checker")
    for t_comp, t_data in match.budgets:
        unnamed = 1 - fmpq(t_data + free_guess, family.k) if t_data < family.k else fmpq(0)
        form = 1 - (1 - family.p) ** t_comp * unnamed
        name = f"{family}, T_comp={t_comp}, T_data={t_data}"
        yield compare(name, solution.value(t_comp, t_data), "==", form, "value = 1-(1-p)^T_comp (1-(T_data+1)/k)")


def played(match: Match) -> Iterator[Case]:
    """Play the optimal strategy through the oracles: its exact law attains the value."""
    game = match.game
    solution = solve(game, [(match.t_comp, match.t_data)])
    success = strategy_law(game, solution.certificate, match.t_comp, match.t_data)
    value = solution.value(match.t_comp, match.t_data)
    yield compare(str(match), success, "==", value, "the strategy, played through the oracles, attains the value")


def matches() -> Iterator[Match]:
    """Yield ``k = 1..6`` with ``C = 2, 3, 10``, ``k = 8`` with ``C = 10``, and ``m = 2`` with ``k = 1..3``."""
    yield from (Match.of(k, C, 1) for k in range(1, 7) for C in (2, 3, 10))
    yield Match.of(8, 10, 1, 8, 7)
    yield from (Match.of(k, "7/2", 2) for k in range(1, 4))


def small_matches() -> Iterator[Match]:
    """Yield matches whose strategies are played."""
    yield from (
        Match.of(k, C, 1, t_comp, t_data) for k, C, t_comp, t_data in ((2, 3, 3, 0), (3, 2, 2, 1), (5, 10, 3, 2))
    )


NEEDLE_MINIMAX = Claim(
    id="needle-minimax",
    section=5,
    title="The value of the needle game, over all adaptive learners",
    statement="With T_comp weak queries and T_data < k reward queries, the best probability of naming the needle is "
    "exactly 1 - (1-p)^T_comp (1 - (T_data+1)/k), over all adaptive randomised learners; for T_data >= k it is 1.",
    source="ours: finite form, constants and proof",
    hypotheses="noiseless rewards; the learner ends by naming one response",
    constants="+1: the final answer is a free guess",
    caveats="Every game is solved over all belief states, without the formula; the solution is checked by other code.",
    depends=("needle-facts",),
    checks=(
        Check(
            Family(
                "T_comp <= 6, T_data <= 5: k <= 6, C = 2, 3, 10, and d = 4, k <= 3; T_comp <= 8, T_data <= 7: k = 8",
                22,
                matches,
            ),
            minimax,
        ),
        Check(Family("optimal strategies, played", 3, small_matches), played),
    ),
    witness=Check(Family("k = 3, C = 2", 1, lambda: [Match.of(3, 2, 1)]), minimax),
    mutation=Mutation(
        "T_data/k for (T_data+1)/k",
        Family("k = 3, C = 2", 1, lambda: [Match.of(3, 2, 1)]),
        partial(minimax, free_guess=0),
    ),
)

# ----------------------------------------------------------------------------------------- coverage-lower-bound


def below_bound(contestant: Contestant, *, with_draw: bool = True) -> Iterator[Case]:
    """Decide ``P(drawn response = i*) <= T_comp qbar + (T_data+1)/k`` from a learner's exact law."""
    family, result = contestant.family, score(contestant)
    t_comp = result.t_comp if with_draw else result.t_run
    most = family.qbar() * t_comp + fmpq(result.t_data + 1, family.k)
    yield compare(str(contestant), result.hit.mass(True), "<=", most, "P(y = i*) <= T_comp qbar + (T_data+1)/k")


def spanner_below_bound(C: int) -> Iterator[Case]:
    """Decide it for SpannerSampling, and that it is not idle: the needle is drawn more often than from ``pi_ref``."""
    family = NeedleFamily.of(64, C, 1, 4)
    for n_pair, M in ((4, 1), (C // 4, 4)):
        hit, t_comp, t_data = spanner_hits(family, SpannerSampling(1, n_pair, 1, M, fmpq(1, 2), mode="span"))
        most = family.qbar() * t_comp + fmpq(t_data + 1, family.k)
        name = f"{family}, N_pair={n_pair}, M={M}"
        yield compare(name, hit, "<=", most, "SpannerSampling: P(y = i*) <= T_comp qbar + (T_data+1)/k")
        yield compare(name, hit, ">=", family.p, "and P(y = i*) >= p")


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


def budgets_needed(setting: Setting) -> Iterator[Case]:
    """Decide the second part for two learners that succeed: the best search, and SpannerSampling.

    2740 comes from ``T_comp <= 114 C + 10`` and ``qbar <= e^(1/2)/(C-1)`` at ``C = 4``; at ``C = 2`` less is enough.
    ``search`` with the least ``T_comp`` that finds the needle with probability 3/4 has, with no rewards asked and
    ``k = 1024`` names, the least ``T_comp`` of all learners with the weak oracle (``needle-minimax``).
    """
    C, k = setting.C, 1024
    family = NeedleFamily.of(k, C, int(1 / setting.beta), setting.beta)
    name = str(family)
    yield fact(name, family.is_learnable, "C <= e^(1/(2 beta))")
    needed, three_quarters = family.our_bound(), fmpq(3, 4)
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


def when_asked() -> Iterator[Contestant]:
    """Yield the learner that searches only when a response is drawn from its policy."""
    yield Contestant("SearchWhenAsked(40)", lambda _: SearchWhenAsked(40), NeedleFamily.of(16, 256, 1, 4))


COVERAGE_LOWER_BOUND = Claim(
    id="coverage-lower-bound",
    section=5,
    title="Coverage is necessary for compute",
    statement="A response drawn from the returned policy is the needle with probability at most T_comp qbar + "
    "(T_data+1)/k. So a learner that succeeds at eps = 1/4 with probability >= 3/4 on the family with C <= e^(1/(2 "
    "beta)) has T_data + 1 >= 3k/32 or T_comp >= 3/(32 qbar).",
    source="ours: finite form, constants and proof; finite form of FMR25 Thm 2.1",
    hypotheses="noiseless rewards; weak or strong oracle",
    constants="3/32 twice; eps = 1/4; success probability 3/4",
    caveats="T_comp counts the queries of one draw from the returned policy (ours): without them the claim is false. "
    "With the strong oracle all learners are covered only for finitely many theta; the others are single learners. At "
    "C = 64, SpannerSampling's success is judged from seeded runs.",
    depends=("needle-facts", "needle-hit", "needle-minimax"),
    checks=(
        Check(Family("learners on C = 256, k = 16: exact laws", 9, contestants), below_bound),
        Check(Family("SpannerSampling, C = 16, 64", 2, lambda: (16, 64)), spanner_below_bound),
        Check(Family("all learners, strong oracle at finitely many theta", 3, strong_matches), adaptivity),
        Check(Family("C = 2, 4, .., 4096", 12, lambda: (Setting(2**j) for j in range(1, 13))), budgets_needed),
        Check(Family("SpannerSampling, tuned: C = 4, 8, .., 512", 8, tuned_settings), tuned_against_all),
        Check(Draws(100), simulated),
        Check(Draws(150), simulated_learners),
    ),
    witness=Check(Family("search(12, 2)", 1, lambda: [contestants()[3]]), below_bound),
    mutation=Mutation(
        "T_comp without the queries of a draw",
        Family("a policy that searches when asked", 1, when_asked),
        partial(below_bound, with_draw=False),
    ),
)

CLAIMS = (NEEDLE_MINIMAX, COVERAGE_LOWER_BOUND)
