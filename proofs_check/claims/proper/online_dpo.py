"""Section 7: OnlineDPO explores as far as its own policy does, and where that is passive it learns nothing.

The instance: one prompt, ``q = 2^-s`` with ``s >= 2``, ``beta = 1/(2s)``; response *good* has ``pi_ref = q``, ``phi =
1`` and reward ``theta* = log 2``, *bad* has ``1 - q``, 0 and 0.  So ``q = e^{-c/beta}`` with ``c = (log 2)/2``, and
``e^{theta*/beta} = q^-2``: ``pi*(good) = 1/(1 + q - q^2) >= 1 - q``, as ``(1-q)(1+q-q^2) = 1 - 2q^2 + q^3 <= 1``.

*Staying is bad.*  ``J(pi*) - J(pi_ref) = beta log(1 - q + 1/q) - q log 2 >= (1/2 - q) log 2 >= (log 2)/4 > 1/8``.

*No information.*  A pair of equal answers has difference 0.  As long as all were, the fit of minimal norm is 0, and
so is the member of least index of ``(0, theta*)``; so pairs come from ``pi_ref``, and tell with ``u = 2q(1-q)``.

*Rewards.*  One telling pair gives ``theta*`` exactly, whose loss is 0.  So all of ``theta_1..theta_{T+1}`` are 1/8
suboptimal with probability exactly ``(1-u)^T = ((1-q)^2 + q^2)^T``.  With ``T*`` the smallest ``T`` where that is
below 1/2: ``(1-u)^T >= 1 - uT >= 1/2`` for ``T <= 1/(2u)``, so ``T* > 1/(2u) >= 1/(4q)``; and ``(1-u)^-T >= (1+u)^T
>= 1 + uT > 2`` for ``T > 1/u``, so ``T* <= 1/u + 1 <= (2/3)/q + (1/4)/q <= 1/q``.

*Preferences over* ``(0, theta*)``.  Good beats bad with 2/3.  After ``w`` wins and ``l`` losses of good ``theta*`` is
chosen iff ``w log(3/2) + l log 3 < (w + l) log 2``, iff ``3^(w+l) < 4^w 2^l``.  Until it is chosen pairs come from
``pi_ref``.  So with ``S_k`` the probability that ``k`` preferences never choose it, ``P = sum_k C(T,k) u^k
(1-u)^(T-k) S_k``.  As ``S_0 = 1`` and ``S_k <= 1/3`` for ``k >= 1`` (a first win chooses), ``(1-u)^T <= P <= 1/3 +
(2/3)(1-u)^T``; the right side is below 1/2 once ``(1-u)^T < 1/4``, and ``(1-u)^(2 T*) < 1/4``.  So its threshold is
between ``T*`` and ``2 T*``.
"""

from collections.abc import Iterator
from functools import cache, partial
from math import comb

from flint import fmpq

from proofs_check.ledger import Case, Check, Claim, Family, Mutation, compare
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

ZERO: Theta = (loglinear(0),)
STAR: Theta = (log(2),)
EIGHTH, HALF = fmpq(1, 8), fmpq(1, 2)


@cache
def instance(s: int) -> LinearProblem:
    """Return the instance with ``q = 2^-s``, ``beta = 1/(2s)``."""
    q = fmpq(1, 1 << s)
    responses = [Response.of("bad", 1 - q, [0]), Response.of("good", q, [1])]
    return LinearProblem.of(f"passive-{s}", [Prompt.of("x", responses)], theta=STAR, beta=fmpq(1, 2 * s), B=1, R_max=1)


@cache
def suboptimal(s: int, theta: Theta) -> bool:
    """Whether ``J(pi*) - J(pi_theta) >= 1/8``."""
    return gap(instance(s), softmax(instance(s), theta)) >= EIGHTH


def learner(kind: str, T: int) -> ProperLearner:
    """Return OnlineDPO on rewards or on preferences."""
    if kind == "rewards":
        return OnlineDPO(T=T, feedback=Rewards(), fit=LeastSquares(SpanCover.empty(1)))
    return OnlineDPO(T=T, feedback=Preferences(), fit=Search(Preferences(), exhaustive((ZERO, STAR))))


def played(kind: str, s: int, T: int) -> fmpq:
    """Return the probability that every iterate is suboptimal, from the exhaustive interpreter."""
    problem = instance(s)
    public = Public.of(problem, FiniteSet((ZERO, STAR)))

    def note(bad: bool, thetas: tuple[Theta, ...], shown: Round) -> bool:  # noqa: FBT001 - the record
        del shown
        return bad and all(suboptimal(s, theta) for theta in thetas)

    def run(choice: Choice) -> bool:
        stayed = [False]

        def noted(oracles: ProperOracles, /) -> Theta:
            theta, bad = recorded(learner(kind, T), True, note)(oracles)
            stayed[0] = bad and suboptimal(s, theta)
            return theta

        proper(noted, public)(World(problem, choice).oracles)
        return stayed[0]

    mass = law_of(run).mass(True)
    return mass if isinstance(mass, fmpq) else mass.as_rational()


def closed_form(kind: str, s: int, T: int, *, good_pairs: bool = True) -> fmpq:
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


def threshold(kind: str, s: int) -> int:
    """Return the smallest ``T`` where the closed form is below 1/2, by bisection: it decreases in ``T``."""
    low, high = 0, 2 << s
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if closed_form(kind, s, middle) < HALF else (middle, high)
    return high


def law_is(member: tuple[str, int, int], *, good_pairs: bool = True) -> Iterator[Case]:
    """Decide that the interpreter gives the closed form."""
    kind, s, T = member
    form = closed_form(kind, s, T, good_pairs=good_pairs)
    yield compare(f"{kind}, q = 2^-{s}, T = {T}", played(kind, s, T), "==", form, "P(all iterates 1/8 suboptimal)")


def instance_is(s: int) -> Iterator[Case]:
    """Decide that staying is bad and that ``pi*`` is on good."""
    problem, q = instance(s), fmpq(1, 1 << s)
    yield compare(problem.name, gap(problem, softmax(problem, ZERO)), ">=", EIGHTH, "J(pi*) - J(pi_ref) >= 1/8")
    yield compare(problem.name, optimum(problem).law(0).mass(1), ">=", 1 - q, "pi*(good) >= 1 - q")


def threshold_is(member: tuple[str, int]) -> Iterator[Case]:
    """Decide where the closed form falls below 1/2."""
    kind, s = member
    T, name = threshold(kind, s), f"{kind}, q = 2^-{s}"
    most = fmpq(1 << s) * (1 if kind == "rewards" else 2)
    yield compare(name, closed_form(kind, s, T), "<", HALF, "below 1/2 at the threshold")
    yield compare(name, closed_form(kind, s, T - 1), ">=", HALF, "not before")
    yield compare(name, fmpq(T), ">", fmpq(1 << s, 4), "T > 1/(4q)")
    yield compare(name, fmpq(T), "<=", most, "T <= 1/q, or 2/q")


def small() -> Iterator[tuple[str, int, int]]:
    """Yield kinds, ``s`` and ``T`` for the interpreter."""
    yield from (("rewards", s, T) for s in (2, 3, 4, 5) for T in (1, 2, 3, 6))
    yield from (("preferences", s, T) for s in (2, 3, 4) for T in (1, 2, 3))


def larger() -> Iterator[tuple[str, int]]:
    """Yield kinds and ``s`` for the closed form."""
    yield from (("rewards", s) for s in range(2, 13))
    yield from (("preferences", s) for s in range(2, 6))


PASSIVE = Claim(
    id="online-dpo-passive",
    section=7,
    title="OnlineDPO stays where its own policy shows it nothing",
    statement="One prompt; pi_ref(good) = q = 2^-s = e^{-c/beta}, s >= 2, beta = 1/(2s), c = (log 2)/2; rewards log 2 "
    "and 0. "
    "pi_ref is 1/8 suboptimal, pi*(good) >= 1 - q. Every iterate theta_1..theta_{T+1} is 1/8 suboptimal with "
    "probability exactly ((1-q)^2 + q^2)^T on rewards (least squares of minimal norm), and sum_k C(T,k) u^k "
    "(1-u)^(T-k) S_k with u = 2q(1-q) on preferences over Theta = (0, theta*). The smallest T where it is below 1/2 is "
    "above 1/(4q), and at most 1/q on rewards, 2/q on preferences.",
    source="ours; for FMR25 section 4",
    constants="1/8; 1/4, 1 and 2",
    caveats="The laws are run for small T, thresholds are decided from the closed form. Of equal losses the least "
    "index is taken, which is 0. S_k: k preferences, each right with 2/3, never choose theta*.",
    checks=(
        Check(Family("q = 2^-s", 11, lambda: range(2, 13)), instance_is),
        Check(Family("kinds, s <= 5, T <= 6", 25, small), law_is),
        Check(Family("thresholds, s <= 12", 15, larger), threshold_is),
    ),
    witness=Check(Family("q = 1/4, T = 1", 1, lambda: [("rewards", 2, 1)]), law_is),
    mutation=Mutation(
        "(1-q)^2 for (1-q)^2 + q^2",
        Family("q = 1/4, T = 1", 1, lambda: [("rewards", 2, 1)]),
        partial(law_is, good_pairs=False),
    ),
)

CLAIMS = (PASSIVE,)
