"""The needle game, solved over all adaptive learners with the weak oracle."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from flint import fmpq

from proofs_check.ledger import Case, Check, Family, On, claim, compare, fact
from reference.certificates import CertificateError
from reference.certificates.game import GameCertificate, check_game
from reference.constructions.needles import NeedleFamily
from reference.exact import RationalLike
from reference.games import solve, strategy_law
from reference.model.criteria import naming
from reference.model.game import Game
from reference.model.linear_problem import LinearProblem


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


def strategy_played(match: Match) -> Iterator[Case]:
    """Play the optimal strategy through the oracles: its exact law attains the value."""
    game = match.game
    solution = solve(game, [(match.t_comp, match.t_data)])
    success = strategy_law(game, solution.certificate, match.t_comp, match.t_data)
    value = solution.value(match.t_comp, match.t_data)
    yield compare(str(match), success, "==", value, "the strategy, played through the oracles, attains the value")


def weak_matches() -> Iterator[Match]:
    """Yield ``k = 1..6`` with ``C = 2, 3, 10``, ``k = 8`` with ``C = 10``, and ``m = 2`` with ``k = 1..3``."""
    yield from (Match.of(k, C, 1) for k in range(1, 7) for C in (2, 3, 10))
    yield Match.of(8, 10, 1, 8, 7)
    yield from (Match.of(k, "7/2", 2) for k in range(1, 4))


def played_matches() -> Iterator[Match]:
    """Yield matches whose strategies are played."""
    yield from (
        Match.of(k, C, 1, t_comp, t_data) for k, C, t_comp, t_data in ((2, 3, 3, 0), (3, 2, 2, 1), (5, 10, 3, 2))
    )


@claim(
    "needle-minimax",
    source="ours: finite form, constants and proof",
    depends=("needle-facts",),
    on=(
        Family(
            "T_comp <= 6, T_data <= 5: k <= 6, C = 2, 3, 10, and d = 4, k <= 3; T_comp <= 8, T_data <= 7: k = 8",
            22,
            weak_matches,
        ),
        Check(Family("optimal strategies, played", 3, played_matches), strategy_played),
    ),
    witness=Family("k = 3, C = 2", 1, lambda: [Match.of(3, 2, 1)]),
    mutation=(
        "T_data/k for (T_data+1)/k",
        On(Family("k = 3, C = 2", 1, lambda: [Match.of(3, 2, 1)]), free_guess=0),
    ),
    trivial="none: an equality; who guesses gets 1/k, which is the value with no query only",
)
def needle_minimax(match: Match, *, free_guess: int = 1) -> Iterator[Case]:
    r"""The value of the needle game, over all adaptive learners.

    Over *all* adaptive randomised learners with $\Tcomp$ weak queries and $\Tdata < k$ reward queries that finally name
    one response, the best probability of naming $i^*$ is exactly

    $$
    1 - (1-p)^{\Tcomp} \Bigl( 1 - \frac{\Tdata + 1}{k} \Bigr) .
    $$

    For $\Tdata \ge k$ it is 1.

    In words: The best that any learner can do is to draw, and then to spend its rewards on names it has not seen.
    Hypotheses: noiseless rewards; the learner ends by naming one response.
    Constants: $+1$: the final answer is a free guess.
    Caveats: every game is solved over all belief states, up to interchanging members, without the formula; the solution
        and the symmetries are checked by other code.
    """
    family, game = match.family, match.game
    solution = solve(game, match.budgets)
    yield fact(str(match), verified(game, solution.certificate), "Bellman equations, by the independent checker")
    for t_comp, t_data in match.budgets:
        unnamed = 1 - fmpq(t_data + free_guess, family.k) if t_data < family.k else fmpq(0)
        form = 1 - (1 - family.p) ** t_comp * unnamed
        name, value = f"{family}, T_comp={t_comp}, T_data={t_data}", solution.value(t_comp, t_data)
        yield compare(name, value, "==", form, "value = 1-(1-p)^T_comp (1-(T_data+1)/k)")
        yield compare(name, value, "==", family.game_value(t_comp, t_data), "and so says the family")
