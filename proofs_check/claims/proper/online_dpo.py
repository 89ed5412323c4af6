"""OnlineDPO explores as far as its own policy does, and where that is passive it learns nothing.

The instance: one prompt, ``q = 2^-s`` with ``s >= 2``, ``beta = 1/(2s)``; response *good* has ``pi_ref = q``, ``phi =
1`` and reward ``theta* = log 2``, *bad* has ``1 - q``, 0 and 0.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from math import comb
from typing import Literal

from flint import fmpq

from proofs_check.ledger import Case, Family, On, claim, compare
from reference.algorithms.online_dpo import OnlineDPO
from reference.algorithms.parts.cover import SpanCover
from reference.algorithms.parts.feedback import Preferences, Rewards
from reference.algorithms.parts.fits import LeastSquares, Search
from reference.algorithms.parts.optimisers import exhaustive
from reference.exact import log, loglinear
from reference.interaction import Choice, ProperLearner, ProperOracles, Public, World, law_of, proper, recorded
from reference.interaction.proper_learners import Round
from reference.model import LinearProblem, Prompt, Response, gap, optimum, softmax
from reference.model.parameter_set import FiniteSet, Theta

_BASE_THETA: Theta = (loglinear(0),)
STAR: Theta = (log(2),)
_EIGHTH, _QUARTER, _HALF = fmpq(1, 8), fmpq(1, 4), fmpq(1, 2)

_Feedback = Literal["rewards", "preferences"]
"""What OnlineDPO is told of a pair."""

S_UP_TO_12 = Family("q = 2^-s", 11, lambda: range(2, 13))


@cache
def dpo_problem(s: int) -> LinearProblem:
    """Return the instance with ``q = 2^-s``, ``beta = 1/(2s)``."""
    q = fmpq(1, 1 << s)
    responses = [Response.of("bad", 1 - q, [0]), Response.of("good", q, [1])]
    return LinearProblem.of(f"passive-{s}", [Prompt.of("x", responses)], theta=STAR, beta=fmpq(1, 2 * s), B=1, R_max=1)


@cache
def suboptimal(s: int, theta: Theta) -> bool:
    """Whether ``J(pi*) - J(pi_theta) >= 1/8``."""
    return gap(dpo_problem(s), softmax(dpo_problem(s), theta)) >= _EIGHTH


def online_dpo(kind: _Feedback, T: int) -> ProperLearner:
    """Return OnlineDPO on rewards or on preferences."""
    if kind == "rewards":
        return OnlineDPO(T=T, feedback=Rewards(), fit=LeastSquares(SpanCover.empty(1)))
    return OnlineDPO(T=T, feedback=Preferences(), fit=Search(Preferences(), exhaustive((_BASE_THETA, STAR))))


def all_suboptimal(kind: _Feedback, s: int, T: int) -> fmpq:
    """Return the probability that every iterate is suboptimal, from the exhaustive interpreter."""
    problem = dpo_problem(s)
    public = Public.of(problem, FiniteSet((_BASE_THETA, STAR)))

    def note(bad: bool, thetas: tuple[Theta, ...], shown: Round) -> bool:  # noqa: FBT001 - the record
        del shown
        return bad and all(suboptimal(s, theta) for theta in thetas)

    def run(choice: Choice) -> bool:
        stayed = [False]

        def noted(oracles: ProperOracles, /) -> Theta:
            theta, bad = recorded(online_dpo(kind, T), True, note)(oracles)
            stayed[0] = bad and suboptimal(s, theta)
            return theta

        proper(noted, public)(World(problem, choice).oracles)
        return stayed[0]

    mass = law_of(run).mass(True)
    return mass if isinstance(mass, fmpq) else mass.as_rational()


def closed_form(kind: _Feedback, s: int, T: int, *, good_pairs: bool = True) -> fmpq:
    """Return the closed form; ``good_pairs=False``: the false variant in which two good answers tell something."""
    q = fmpq(1, 1 << s)
    silent = (1 - q) ** 2 + q**2 * good_pairs
    if kind == "rewards":
        return silent**T
    return sum((survival(k) * comb(T, k) * (1 - silent) ** k * silent ** (T - k) for k in range(T + 1)), fmpq(0))


@cache
def survival(k: int) -> fmpq:
    """``S_k``: the probability that ``k`` preferences never choose ``theta*``."""
    alive = {0: fmpq(1)}  # wins -> probability
    for n in range(1, k + 1):
        after: dict[int, fmpq] = {}
        for wins, mass in alive.items():
            for w, chance in ((wins + 1, fmpq(2, 3)), (wins, fmpq(1, 3))):
                if not 3**n < 4**w * 2 ** (n - w):
                    after[w] = after.get(w, fmpq(0)) + mass * chance
        alive = after
    return sum(alive.values(), fmpq(0))


def threshold(kind: _Feedback, s: int) -> int:
    """Return the smallest ``T`` where the closed form is below 1/2, by bisection: it decreases in ``T``."""
    low, high = 0, 2 << s
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if closed_form(kind, s, middle) < _HALF else (middle, high)
    return high


@claim(
    "online-dpo-instance",
    group="online-dpo-passive",
    source="ours; for FMR25 section 4",
    on=(S_UP_TO_12,),
    witness=S_UP_TO_12,
    mutation=("1/4 for 1/8", On(S_UP_TO_12, least=fmpq(1, 4))),
    trivial="none: it is about pi_ref",
)
def online_dpo_instance(s: int, *, least: fmpq = _EIGHTH) -> Iterator[Case]:
    r"""Who stays at the base model is far from optimal.

    One prompt and two responses; $\piref(\mathrm{good}) = q = 2^{-s} = e^{-c/\beta}$ with $c = (\log 2)/2$;
    rewards $\log 2$ (good) and $0$. Then $\pi^*(\mathrm{good}) \ge 1 - q$, and $\piref$ is at least $\tfrac18$
    suboptimal.

    In words: On two responses, one of them rare and good, the base model is far from optimal.
    Hypotheses: $s \ge 2$, $\beta = 1/(2s)$.
    Constants: $\tfrac18$.
    """
    problem, q = dpo_problem(s), fmpq(1, 1 << s)
    yield compare(problem.name, gap(problem, softmax(problem, _BASE_THETA)), ">=", least, "J(pi*) - J(pi_ref) >= 1/8")
    yield compare(problem.name, optimum(problem).law(0).mass(1), ">=", 1 - q, "pi*(good) >= 1 - q")


SHOWN_NOTHING = "P(all iterates 1/8 suboptimal)"
FIRST_ROUND = Family("q = 1/4, T = 1", 1, lambda: [(2, 1)])


@claim(
    "online-dpo-rewards",
    group="online-dpo-passive",
    source="ours; for FMR25 section 4",
    depends=("online-dpo-instance",),
    on=(Family("rewards, s <= 5, T <= 6", 16, lambda: product((2, 3, 4, 5), (1, 2, 3, 6))),),
    witness=FIRST_ROUND,
    mutation=("(1-q)^2 for (1-q)^2 + q^2", On(FIRST_ROUND, good_pairs=False)),
    trivial="none: an equality; who stays at 0 has the probability 1",
)
def online_dpo_rewards(member: tuple[int, int], *, good_pairs: bool = True) -> Iterator[Case]:
    r"""OnlineDPO on rewards stays where its own policy shows it nothing.

    On the instance of {prf:ref}`online-dpo-instance` all of $\theta_1, \dots, \theta_{T+1}$ are at least
    $\tfrac18$ suboptimal with probability exactly

    $$
    \bigl( (1-q)^2 + q^2 \bigr)^T .
    $$

    In words: OnlineDPO learns from pairs that differ, and its own policy hardly ever draws one.
    Hypotheses: $s \ge 2$, $\beta = 1/(2s)$; least squares of minimal norm.
    Caveats: the laws are run for small $T$.
    """
    s, T = member
    form = closed_form("rewards", s, T, good_pairs=good_pairs)
    yield compare(f"rewards, q = 2^-{s}, T = {T}", all_suboptimal("rewards", s, T), "==", form, SHOWN_NOTHING)


@claim(
    "online-dpo-preferences",
    group="online-dpo-passive",
    source="ours; for FMR25 section 4",
    depends=("online-dpo-instance",),
    on=(Family("preferences, s <= 4, T <= 3", 9, lambda: product((2, 3, 4), (1, 2, 3))),),
    witness=FIRST_ROUND,
    mutation=("S_k = 0: one preference tells, as one reward does", On(FIRST_ROUND, as_kind="rewards")),
    trivial="none: an equality; who stays at 0 has the probability 1",
)
def online_dpo_preferences(member: tuple[int, int], *, as_kind: _Feedback = "preferences") -> Iterator[Case]:
    r"""OnlineDPO on preferences stays where its own policy shows it nothing.

    On the instance of {prf:ref}`online-dpo-instance` all of $\theta_1, \dots, \theta_{T+1}$ are at least
    $\tfrac18$ suboptimal with probability exactly

    $$
    \sum_k \binom{T}{k} u^k (1-u)^{T-k} S_k , \qquad u = 2q(1-q) ,
    $$

    where $S_k$ is the probability that $k$ preferences, each right with $\tfrac23$, never choose $\theta^*$.

    In words: With preferences it is worse: the rare telling pair may even point the wrong way.
    Hypotheses: $s \ge 2$, $\beta = 1/(2s)$; $\Theta = (0, \theta^*)$.
    Caveats: the laws are run for small $T$. Of equal losses the least index is taken, which is that of $0$.
    """
    s, T = member
    form = closed_form(as_kind, s, T)
    yield compare(f"preferences, q = 2^-{s}, T = {T}", all_suboptimal("preferences", s, T), "==", form, SHOWN_NOTHING)


THRESHOLDS = Family(
    "thresholds, s <= 12", 15, lambda: [*product(["rewards"], range(2, 13)), *product(["preferences"], range(2, 6))]
)


@claim(
    "online-dpo-threshold",
    group="online-dpo-passive",
    source="ours; for FMR25 section 4",
    depends=("online-dpo-rewards", "online-dpo-preferences"),
    on=(THRESHOLDS,),
    witness=THRESHOLDS,
    mutation=("1/(2q) for 1/(4q)", On(THRESHOLDS, share=fmpq(1, 2))),
    trivial="none: no algorithm is in it: it is about the closed forms",
)
def online_dpo_threshold(member: tuple[_Feedback, int], *, share: fmpq = _QUARTER) -> Iterator[Case]:
    r"""OnlineDPO takes exponentially many rounds to leave the base model.

    The smallest $T$ where the probability of {prf:ref}`online-dpo-rewards` or of
    {prf:ref}`online-dpo-preferences` is below $\tfrac12$ is above $\frac{1}{4q}$, and at most $\frac1q$ on
    rewards or $\frac2q$ on preferences: it grows like $1/q = e^{c/\beta}$.

    In words: The number of rounds until OnlineDPO has a fair chance to leave the base model grows like the
        coverage.
    Hypotheses: $s \ge 2$, $\beta = 1/(2s)$, $c = (\log 2)/2$.
    Constants: $\tfrac14$, 1 and 2.
    Caveats: decided from the closed forms.
    """
    kind, s = member
    T, name = threshold(kind, s), f"{kind}, q = 2^-{s}"
    most = fmpq(1 << s) * (1 if kind == "rewards" else 2)
    yield compare(name, closed_form(kind, s, T), "<", _HALF, "below 1/2 at the threshold")
    yield compare(name, closed_form(kind, s, T - 1), ">=", _HALF, "not before")
    yield compare(name, fmpq(T), ">", (1 << s) * share, "T > 1/(4q)")
    yield compare(name, fmpq(T), "<=", most, "T <= 1/q, or 2/q")
