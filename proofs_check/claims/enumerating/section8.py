"""Section 8: barycentric spanners, and the learner that needs few rewards but reads every response."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, product

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.spanner_sampling.section6_setting import (
    PLAIN,
    SMALL_BOTH,
    SMALL_NAMES,
    differences,
    one_prompt,
    rank,
)
from proofs_check.claims.transcripts import noting
from proofs_check.ledger import Case, Catalog, Check, Claim, Family, Mutation, Random, compare, fact
from reference.algorithms.barycentric import barycentric_spanner
from reference.algorithms.enumerating import Enumerating, Table
from reference.exact import LogLinear, real
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.runs import SoftmaxPolicy
from reference.interaction.world import Event, World
from reference.model import LinearProblem, gap, optimum, softmax
from reference.model.problem import NO_NOISE
from reference.testing import features, linear_problems

HALF, TWO = fmpq(1, 2), fmpq(2)

# ------------------------------------------------------------------------------------------ barycentric-spanner


def spanner_of(name: str, vectors: Sequence[Vector], C: fmpq, *, share: int = 1) -> Iterator[Case]:
    """Decide the claim from the certificate: the coefficients, multiplied out."""
    spanner = barycentric_spanner(vectors, C)
    chosen = [vectors[i] for i in spanner.indices]
    size = rank(vectors, len(vectors[0]))
    yield compare(name, len(set(spanner.indices)), "==", size, "|S| = rank")
    coefficients = spanner.coefficients(vectors)
    zero = Vector((0,) * len(vectors[0]))
    sums = [sum((s.scaled(c) for c, s in zip(row, chosen, strict=True)), zero) for row in coefficients]
    yield fact(name, sums == list(vectors), "phi = sum_s c_s s for every phi")
    largest = max((abs(c) for row in coefficients for c in row), default=fmpq(0))
    yield compare(name, largest, "<=", C / share, "|c_s| <= C")


def spanner_of_differences(problem: LinearProblem) -> Iterator[Case]:
    """Decide it for all differences of an instance."""
    for C in (fmpq(2), fmpq(11, 10)):
        yield from spanner_of(f"{problem.name}, C={C}", differences(problem), C)


def spanner_of_set(vectors: tuple[Vector, ...], *, share: int = 1) -> Iterator[Case]:
    """Decide it for a set of vectors, C = 2."""
    yield from spanner_of(", ".join(map(str, vectors)), vectors, fmpq(2), share=share)


def spanner_in(member: tuple[tuple[Vector, ...], fmpq]) -> Iterator[Case]:
    """Decide it for random vectors and a random C."""
    vectors, C = member
    yield from spanner_of(f"{len(vectors)} vectors, C={C}", vectors, C)


def spanner_is_sharp(vectors: tuple[Vector, ...]) -> Iterator[Case]:
    """The bound is attained: nothing is swapped at a coefficient of exactly C."""
    coefficients = barycentric_spanner(vectors, 2).coefficients(vectors)
    largest = max(abs(c) for row in coefficients for c in row)
    yield compare(", ".join(map(str, vectors)), largest, "==", 2, "max |c_s| = C: attained")


def sets_in_the_plane() -> Iterator[tuple[Vector, ...]]:
    """Yield all sets of one to three non-zero vectors of ``{-2..2}^2``."""
    grid = [Vector(v) for v in product(range(-2, 3), repeat=2) if any(v)]
    for size in (1, 2, 3):
        yield from combinations(grid, size)


@st.composite
def vectors_and_bound(draw: st.DrawFn) -> tuple[tuple[Vector, ...], fmpq]:
    """Up to eight vectors of dimension at most 4, and a bound."""
    dimension = draw(st.integers(1, 4))
    vectors = draw(st.lists(features(dimension), min_size=1, max_size=8))
    return tuple(vectors), draw(st.sampled_from((fmpq(2), fmpq(3, 2), fmpq(101, 100))))


ATTAINED = Family(
    "the vectors (2,1), (-2,-2), (-2,0)", 1, lambda: [tuple(Vector(v) for v in ((2, 1), (-2, -2), (-2, 0)))]
)

BARYCENTRIC_SPANNER = Claim(
    id="barycentric-spanner",
    section=8,
    title="C-approximate barycentric spanner",
    statement="For every C > 1 the algorithm returns S of size rank(F) in F such that each phi in F is sum_s c_s s "
    "with |c_s| <= C; the coefficients are the certificate.",
    source="Awerbuch and Kleinberg 2004; FMR25 Thm 3.1, analysis",
    constants="C, attained",
    checks=(
        Check(Catalog(), spanner_of_differences),
        Check(Family("sets of 1 to 3 vectors of {-2..2}^2", 2324, sets_in_the_plane), spanner_of_set),
        Check(ATTAINED, spanner_is_sharp),
        Check(Random(vectors_and_bound(), 150, seed=81, name="vectors"), spanner_in),
    ),
    witness=Check(Catalog("two-arms", "different-supports"), spanner_of_differences),
    mutation=Mutation("C/2 for C", ATTAINED, partial(spanner_of_set, share=2)),
)

# -------------------------------------------------------------------------------- enumerating-error, without noise


@dataclass(frozen=True)
class Played:
    """One outcome of the enumerating learner: its policy, and the means of the noise on each pair it queried."""

    policy: SoftmaxPolicy
    noise: tuple[fmpq, ...]
    t_data: int
    t_comp: int


def table(problem: LinearProblem) -> Table:
    """Return the feature table that the enumerating learner reads."""
    return [[(y, problem.phi(x, y)) for y in problem.support(x)] for x in range(len(problem.prompts))]


def plays(problem: LinearProblem, noise: Law[fmpq], C: fmpq, n: int) -> Law[Played]:
    """Return the exact law of the enumerating learner's outcome; the noise is read off the transcript."""

    def once(choice: Choice) -> Played:
        asked, see_response = noting(int, "reward")
        told, see_value = noting(LogLinear, "reward", place=2)

        def observe(event: Event) -> None:
            see_response(event)
            see_value(event)

        world = World(problem, choice, noise=noise, observer=observe)
        policy = Enumerating(table(problem), C=C, n=n)(world.oracles)
        seen = [(r - problem.reward(x, y)).constant for (x, y), (_, r) in zip(asked, told, strict=True)]
        errors = [a - b for a, b in zip(seen[::2], seen[1::2], strict=True)]
        means = tuple(sum(errors[i : i + n], fmpq(0)) / n for i in range(0, len(errors), n))
        reading = world.meter.reading
        return Played(policy, means, reading.t_data, reading.t_comp)

    return law_of(once)


def fair(size: fmpq) -> Law[fmpq]:
    """Return the law of a fair sign times ``size``."""
    return Law.uniform([-size, size])


def error_bounds(
    problem: LinearProblem, *, size: fmpq = HALF, C: fmpq = TWO, n: int = 1, with_C: bool = True
) -> Iterator[Case]:
    """Decide the claim for every outcome of the noise."""
    for played in plays(problem, fair(size), C, n).outcomes:
        name = f"{problem.name}, mean noise {', '.join(map(str, played.noise))}"
        theta = played.policy.theta
        shift = [mine - truth for mine, truth in zip(theta, problem.theta, strict=True)]
        worst = max(abs(phi.dot_numbers(shift)) for phi in differences(problem))
        total = sum((abs(m) for m in played.noise), fmpq(0))
        bound = C * total if with_C else total
        yield compare(name, worst, "<=", bound, "|<theta_hat-theta*,phi>| <= C sum_s |mean noise|")
        yield compare(name, total, "<=", 2 * size * len(played.noise), "sum_s |mean noise| <= 2 s |S|")
        lost = gap(problem, softmax(problem, theta))
        yield compare(name, lost, "<=", bound**2 / (8 * problem.beta), "gap <= (C sum_s |mean noise|)^2/(8 beta)")


def errors_of_means(problem: LinearProblem) -> Iterator[Case]:
    """Decide it for means of two rewards."""
    yield from error_bounds(problem, n=2)


def uneven() -> LinearProblem:
    """Return four responses whose spanner has a coefficient 5/3: the error on a pair that was not queried is larger."""
    rows = [((-1, -1), 4), ((-1, 1), 4), ((0, -2), 4), ((0, 1), 4)]
    responses = [(Vector(v, 2), fmpq(1, share)) for v, share in rows]
    return one_prompt("four responses with a coefficient 5/3", responses, PLAIN, fmpq(1))


UNEVEN = Family("four responses with a coefficient 5/3", 1, lambda: [uneven()])

ENUMERATING_ERROR = Claim(
    id="enumerating-error",
    section=8,
    title="Noise in the enumerating learner",
    statement="With n queries a pair and noise in [-s, s]: |<theta_hat-theta*,phi>| <= C sum_s |(1/n) sum_i (xi_1i - "
    "xi_2i)| for every difference phi, so the gap is at most the square of that over 8 beta.",
    source="ours (barycentric spanners and Hoeffding's lemma)",
    constants="C; 8 from gap-oscillation",
    hypotheses="noise of mean zero with a finite law; here a fair sign times s",
    depends=("barycentric-spanner", "gap-oscillation"),
    checks=(
        Check(Catalog(*SMALL_NAMES), error_bounds),
        Check(Catalog("two-arms", "rank-deficient"), errors_of_means),
        Check(SMALL_BOTH, partial(error_bounds, C=fmpq(11, 10))),
        Check(UNEVEN, error_bounds),
        Check(Random(linear_problems(max_responses=4), 40, seed=82, name="problems"), error_bounds),
    ),
    witness=Check(Catalog("two-arms", "different-supports"), error_bounds),
    mutation=Mutation("1 for C", UNEVEN, partial(error_bounds, with_C=False)),
)

# ---------------------------------------------------------------------------------------- data-without-coverage


def few_rewards(problem: LinearProblem, *, per_pair: int = 2) -> Iterator[Case]:
    """Decide it: without noise there is one outcome."""
    (played,) = plays(problem, NO_NOISE, fmpq(2), 1).outcomes
    most = per_pair * rank(differences(problem), problem.dimension)
    yield compare(problem.name, played.t_data, "<=", most, "T_data <= 2 rank")
    yield compare(problem.name, played.t_comp, "==", 0, "no sampling query: the table is given")
    returned, best = softmax(problem, played.policy.theta), optimum(problem)
    for x in range(len(problem.prompts)):
        yield fact(f"{problem.name}, x={x}", returned.law(x) == best.law(x), "pi_{theta_hat}(.|x) = pi*(.|x)")
    yield compare(problem.name, gap(problem, returned), "==", real(0), "gap = 0")


DATA_WITHOUT_COVERAGE = Claim(
    id="data-without-coverage",
    section=5,
    title="Without computational limits rewards are cheap",
    statement="With unlimited sampling, the enumerating learner returns pi* from T_data <= 2 rank noiseless reward "
    "queries on every instance, whatever C_cov is.",
    source="FMR25 section 2; ours with the constant",
    hypotheses="noiseless rewards; the feature table of the supports is known",
    constants="2 rank, attained",
    depends=("barycentric-spanner",),
    checks=(
        Check(Catalog(), few_rewards),
        Check(SMALL_BOTH, few_rewards),
        Check(Random(linear_problems(max_responses=4, max_dimension=3), 60, seed=83, name="problems"), few_rewards),
    ),
    witness=Check(Catalog("needle-1024"), few_rewards),
    mutation=Mutation("rank for 2 rank", Catalog("two-arms"), partial(few_rewards, per_pair=1)),
)

CLAIMS = (DATA_WITHOUT_COVERAGE, BARYCENTRIC_SPANNER, ENUMERATING_ERROR)
