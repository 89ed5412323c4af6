"""Section 7: a proper learner that finds a response 1 has committed to a good assignment, even without any rewards.

Proof of ``dnf-exploration``.  Let ``c(theta) = E_j[pi_theta(1|j)]``, and ``theta_1, .., theta_T`` what the first ``T``
draws are committed to, round by round; a round may have several draws.  ``q`` is the probability that one of them is
answered by 1.  A parameter is committed to before its prompt is drawn, so that, given everything before its round, its
draw is a 1 with probability ``c(theta_s)``, and

    P(draw s is the first 1, and c(theta_s) < u)  <=  P(no 1 in earlier rounds, c(theta_s) < u, draw s is a 1)  <=  u.

If a 1 comes and all parameters up to it have ``c < u`` then one of these ``T`` events has happened.  So with
probability at least ``q - T u`` some parameter up to the first 1 has ``c >= u``.  Without the condition on ``u``:

    q  <=  sum_s E[1{no 1 in earlier rounds} c(theta_s)]  <=  T E_null[max_s c(theta_s)].

*Null runs.*  Response 0 has features 0 and reward 0 at every prompt, with any ``theta*``.  So until the first 1 a run
without noise shows the learner what a null run with the same prompts and draws shows it; the parameters up to and with
the round of the first 1 are the same, and whatever probability they have of ``c >= u``, null runs have it too.

*Assignments.*  ``c(theta) <= val(sgn theta) + (L/A)/(1-p)`` (``dnf-soundness``).  Take ``q = 1/2``, ``u = 1/(4T)``.

*All u at once.*  ``P(max c >= u)`` is constant between two values of ``max c`` and ``q - T u`` decreases: the bound for
all ``u`` is the bound ``P(max c > v) >= q - T v`` at every value ``v``, and at 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import product

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.ledger import Case, Check, Claim, Family, Mutation, Random, compare
from proofs_check.reduction.exploration import Explored, Null, chance, hit_probability, null_law, true_law
from proofs_check.reduction.methods import METHODS
from proofs_check.reduction.null_run import instance_of, promised, public_of, slack
from reference.constructions.dnf.families import SMALL_SIZE, small_formulas
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.exact.law import Law
from reference.interaction import ProperLearner, ProperOracles
from reference.model.parameter_set import Theta
from reference.testing import dnf_instances

SOURCE = "ours: finite form, constants and proof; for FMR25 Thm 4.1"

A, L = 1000, 9
"""With ``k = 2``: ``p < 10^-5``, ``a > 0.9``, ``(L/A)/(1-p) < 1/100``, which is below ``1/(4T)`` up to ``T = 27``."""

HALF, QUARTER = fmpq(1, 2), fmpq(1, 4)

DRAWS = {
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
class Run:
    """A learner on an instance, for ``T`` draws."""

    instance: DnfInstance
    name: str
    learner: ProperLearner
    T: int

    def __str__(self) -> str:
        return f"{self.name}, T={self.T}: {self.instance}"

    @classmethod
    def of(cls, formula: Formula, name: str, T: int | None = None, A: int = A, L: int = L) -> "Run":
        """Return the run of a method on the instance of a formula; ``T`` as in ``DRAWS`` unless given."""
        instance, draws = instance_of(formula, A, L), DRAWS[name] if T is None else T
        return cls(instance, name, METHODS[name].for_draws(instance, draws), draws)


# ------------------------------------------------------------------------------------------------- dnf-exploration


@lru_cache(maxsize=1)
def laws(run: Run) -> tuple[Law[Explored], Law[Null]]:
    """Return the exact laws of true runs and of null runs."""
    return true_law(run.instance, run.learner, run.T), null_law(run.instance, run.learner, run.T)


def exploration(run: Run) -> Iterator[Case]:
    """Decide the claim for one learner, ``q`` being whatever it is."""
    T, public, known = run.T, public_of(run.instance), dict[Theta, fmpq]()
    explored, null = laws(run)
    q = explored.probability(lambda found: found.hit)
    yield compare(str(run), hit_probability(null), "==", q, "1 - E_null[prod pi(0|x)] = q")

    def largest(used: frozenset[Theta]) -> fmpq:
        known.update((theta, chance(public, theta)) for theta in used if theta not in known)
        return max((known[theta] for theta in used), default=fmpq(0))

    for where, law in (
        ("up to the first hit", explored.map(lambda found: largest(found.used))),
        ("on null runs", null.map(lambda found: largest(found.used))),
    ):
        for v in sorted({fmpq(0), *law.outcomes}):
            often = sum((mass for c, mass in law.items() if c > v), fmpq(0))
            yield compare(f"{run}, {where}", often, ">=", q - T * v, "P(max_t c(theta_t) > v) >= q - T v")
    mean = null.expectation(lambda found: largest(found.used))
    yield compare(str(run), mean * T, ">=", q, "T E_null max_t c(theta_t) >= q")
    yield from finding(run)


def finding(run: Run, *, often: fmpq = QUARTER) -> Iterator[Case]:
    """Decide what a learner that finds a 1 half the time has committed to; ``often = 1``: in every transcript."""
    (explored, null), level = laws(run), promised(run.instance, run.T)
    if explored.probability(lambda found: found.hit) < HALF:
        return
    said = "P(max_t val(sgn theta_t) >= 1/(4T) - (L/A)/(1-p)) >= 1/4"
    for where, reached in (
        ("up to the first hit", explored.probability(lambda found: best(run, found.used) >= level)),
        ("on null runs", null.probability(lambda found: best(run, found.used) >= level)),
    ):
        yield compare(f"{run}, {where}", reached, ">=", often, said)
    mean, least = null.expectation(lambda found: best(run, found.used)), fmpq(1, 2 * run.T) - slack(run.instance)
    yield compare(str(run), mean, ">=", least, "E_null max_t val(sgn theta_t) >= 1/(2T) - (L/A)/(1-p)")


def best(run: Run, used: frozenset[Theta]) -> fmpq:
    """Return the largest ``val(sgn theta)`` of the parameters used."""
    values = (run.instance.formula.value(run.instance.assignment(theta)) for theta in used)
    return max(values, default=fmpq(0))


def attained(run: Run) -> Iterator[Case]:
    """Decide equality for ``T = 1``."""
    explored, null = laws(run)
    mean = null.expectation(lambda found: sum((chance(public_of(run.instance), t) for t in found.used), fmpq(0)))
    q = explored.probability(lambda found: found.hit)
    yield compare(str(run), mean, "==", q, "E_null c(theta_1) = q")


def transcripts(run: Run) -> Iterator[Case]:
    """Decide that single transcripts need not contain a good iterate: not on null runs, nor in true runs with a 1."""
    (explored, null), level = laws(run), promised(run.instance, run.T)
    q = explored.probability(lambda found: found.hit)
    yield compare(str(run), q, ">=", HALF, "q >= 1/2")
    without = null.probability(lambda found: best(run, found.used) < level)
    yield compare(str(run), without, "==", HALF, "P(no theta_t is good) = 1/2 on null runs")
    found_by_luck = explored.probability(lambda found: found.hit and best(run, found.used) < level)
    yield compare(str(run), found_by_luck, ">", 0, "P(a hit, and no theta_t up to it is good) > 0")


@dataclass(frozen=True, slots=True)
class Scripted:
    """An arbitrary learner: what it commits to depends on the round, the last prompt, and a coin of its own."""

    moves: tuple[tuple[Theta, ...], ...]
    rounds: int

    def __call__(self, oracles: ProperOracles, /) -> Theta:
        """Follow the script."""

        def step(state: tuple[int, int]) -> tuple[int, int]:
            number, x = state
            coin = oracles.draw(COIN)
            shown = oracles.round(self.moves[(3 * number + 2 * x + coin) % len(self.moves)])
            return number + 1, shown.x

        oracles.iterate((0, 0), step, self.rounds)
        return self.moves[0][0]


COIN = Law.bernoulli(fmpq(1, 3))


@st.composite
def scripted(draw: st.DrawFn) -> Run:
    """Draw an instance and a learner that commits to grid points, one or two in a round."""
    instance = draw(dnf_instances(max_terms=3))
    point = st.tuples(*[st.sampled_from((-1, 0, 1))] * instance.formula.variables).map(instance.theta)
    moves = draw(st.lists(st.lists(point, min_size=1, max_size=2).map(tuple), min_size=1, max_size=5).map(tuple))
    rounds = draw(st.integers(1, 2))
    return Run(instance, "a scripted learner", Scripted(moves, rounds), draw(st.integers(1, 2 * rounds)))


MOST_VARIABLES = 3


def methods() -> Iterator[Run]:
    """Yield every method on the small formulas over at most 3 variables."""
    for formula, name in product(small_formulas(MOST_VARIABLES), DRAWS):
        yield Run.of(formula, name)


def single_draws() -> Iterator[Run]:
    """Yield the learner that names an assignment, and the one that flips a coin first, with one draw."""
    for formula, name in product(small_formulas(), ("naming", "coin-flip")):
        yield Run.of(formula, name, 1)


def coins() -> Iterator[Run]:
    """Yield the coin-flipping learner where ``sgn 0`` satisfies nothing; one fair coin decides between all and none."""
    for terms, T in ((((-1, -2),), 5), (((-1, -2), (-2, -3)), 5), (((-1, -2), (-1, -2)), 6)):
        yield Run.of(Formula(max(abs(n) for term in terms for n in term), terms), "coin-flip", T)


COINS = Family("the coin-flipping learner, sgn 0 satisfies nothing", 3, coins)

EXPLORATION = Claim(
    id="dnf-exploration",
    section=7,
    title="A proper learner that explores contains a Max-k-DNF algorithm",
    statement="Every response is rewarded, without noise; q is the probability that y = 1 is among the first T draws, "
    "c(theta) = E_j[pi_theta(1|j)]. For every u, with probability >= q - T u some theta_t up to the first hit has "
    "c(theta_t) >= u, and so on the null run, where all answers are 0; T E_null max_t c(theta_t) >= q. If q >= 1/2: "
    "with probability >= 1/4 some val(sgn theta_t) >= 1/(4T) - (L/A)/(1-p), up to the first hit and on the null run; "
    "and E_null max_t val(sgn theta_t) >= 1/(2T) - (L/A)/(1-p).",
    source=SOURCE,
    hypotheses="A > 1, L >= 1, p = L A^-k < 1/2; parameters are committed to before the prompt",
    constants="1/(4T), 1/(2T), 1/4; T counts draws, of which a round may have several; sgn 0 = +1",
    caveats="That a proper learner commits before the prompt is ours. A single transcript need not contain a "
    "good iterate: a fair coin between a satisfying vertex and 0. Attained for T = 1: q = E_null c(theta_1).",
    depends=("dnf-soundness",),
    checks=(
        Check(Family("8 methods on the small formulas with n <= 3", 8 * 20, methods), exploration),
        Check(Random(scripted(), 80, seed=74, name="scripted learners"), exploration),
        Check(Family("T = 1", 2 * SMALL_SIZE, single_draws), attained),
        Check(COINS, transcripts),
    ),
    witness=Check(COINS, finding),
    mutation=Mutation("every transcript contains a good iterate", COINS, partial(finding, often=fmpq(1))),
)

CLAIMS = (EXPLORATION,)
