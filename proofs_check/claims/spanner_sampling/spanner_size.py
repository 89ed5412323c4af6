"""How many pairs phase 1 accepts."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product

from flint import fmpq

from proofs_check.claims.spanner_sampling.setting import (
    MODES,
    ONE_PROMPT,
    SMALL_NAMES,
    accepted,
    differences,
    drawn_inputs,
    gram,
    problems_with_inputs,
    rank,
    seeded_run,
    spanners,
)
from proofs_check.ledger import Case, Catalog, Check, Family, On, Random, claim, compare, fact
from reference.algorithms.mtss import MTSS
from reference.algorithms.parts.theory import largest_spanner
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact import RationalLike, rational
from reference.exact.linalg import Vector
from reference.model import LinearProblem


def size_bounds(
    name: str,
    vectors: Sequence[Vector],
    p: SpannerSampling | MTSS,
    dimension: int,
    most: int,
    *,
    squared: RationalLike = 4,
) -> Iterator[Case]:
    """Decide the claim for the differences that one run of phase 1 accepted; ``most`` is the rank of all of them.

    ``squared``: the largest ``||phi||_2^2`` of a difference; 4 for features in the unit ball.
    """
    n = len(vectors)
    if p.mode == "span":
        yield compare(name, n, "<=", most, "n <= rank")
        yield compare(name, rank(vectors, dimension), "==", n, "the accepted differences are independent")
        return
    growth = gram(vectors, dimension, p.ridge).determinant() / p.ridge**dimension
    yield compare(name, (1 + p.nu**2) ** n, "<=", growth, "(1+nu^2)^n <= det(Sigma)/lambda^d")
    bound = (1 + rational(squared) * n / (p.ridge * dimension)) ** dimension
    yield compare(name, growth, "<=", bound, f"det(Sigma)/lambda^d <= (1 + {squared}n/(lambda d))^d")


def size_in_run(member: tuple[LinearProblem, SpannerSampling, int]) -> Iterator[Case]:
    """Decide it for one seeded run, and that phase 1 asked for the rewards of these pairs and no others."""
    problem, p, seed = member
    r = seeded_run(problem, p, seed)
    vectors = tuple(phi for phi, _ in r.policy.psi)
    most = rank(differences(problem), problem.dimension)
    yield from size_bounds(f"{problem.name}, {p.mode}, seed {seed}", vectors, p, problem.dimension, most)
    yield fact(problem.name, vectors == r.before(0), "Psi is what phase 1 asked rewards for")


def size_on(problem: LinearProblem) -> Iterator[Case]:
    """Decide it for one seeded run in each mode on one instance."""
    for mode in MODES:
        yield from size_in_run((problem, drawn_inputs(12, 2, mode), 1))


def size_is_sharp(problem: LinearProblem) -> Iterator[Case]:
    """Antipodal unit features on a line: the upper bound is attained after every number of acceptances."""
    for n_prompt in range(1, 5):
        p = SpannerSampling(n_prompt, 2, 1, 1, 1, ridge=2, nu=fmpq(1, 4))
        largest = max((accepted(s) for s in spanners(problem, p).outcomes), key=len)
        growth = gram(largest, 1, p.ridge).determinant() / p.ridge
        note = f"attained: n = {len(largest)}"
        yield compare(problem.name, growth, "==", 1 + 4 * n_prompt / p.ridge, "det(Sigma) = 1 + 4n/lambda", note=note)


def largest_size(member: tuple[int, fmpq, fmpq]) -> Iterator[Case]:
    """Decide that what is handed out as the largest ``n`` is the largest that the bound allows."""
    d, ridge, nu = member
    n = largest_spanner(d, ridge, nu)
    for size, relation in ((n, "<="), (n + 1, ">")):
        name = f"d = {d}, lambda = {ridge}, nu = {nu}, n = {size}"
        bound = (1 + fmpq(4 * size) / (ridge * d)) ** d
        yield compare(
            name, (1 + nu**2) ** size, relation, bound, f"(1+nu^2)^n {relation} (1+4n/(lambda d))^d, n = {size}"
        )


SIZES = Family(
    "d = 1, 3, lambda = 1, 1/10, nu = 1, 1/2", 8, lambda: product((1, 3), (fmpq(1), fmpq(1, 10)), (fmpq(1), fmpq(1, 2)))
)


@claim(
    "spanner-size",
    source="FMR25 Thm 3.1 (analysis of the spanner); constants ours",
    every=Check(Catalog(), size_on),
    on=(
        Catalog(*SMALL_NAMES),
        On(ONE_PROMPT, n_prompt=2),
        Check(Catalog("antipodal"), size_is_sharp),
        Check(SIZES, largest_size),
        Check(Random(problems_with_inputs(), 60, seed=61, name="problems, inputs, seeds"), size_in_run),
    ),
    witness=Catalog("antipodal", "two-arms-mixed"),
    mutation=("2n for 4n, as if differences had norm at most sqrt(2)", On(Catalog("antipodal"), squared=2)),
    trivial="none: it bounds what is accepted from above; who accepts nothing keeps it",
)
def spanner_size(problem: LinearProblem, *, n_prompt: int = 3, squared: int = 4) -> Iterator[Case]:
    r"""Phase 1 accepts few pairs.

    After $n$ acceptances

    $$
    (1 + \nu^2)^n \le \frac{\det \Sigma}{\lambda^d} \le \Bigl( 1 + \frac{4n}{\lambda d} \Bigr)^d .
    $$

    In span mode the accepted differences are linearly independent, so $n \le \rank$.

    In words: Only few pairs of responses can be new: about as many as there are dimensions, times a logarithm, where nu
    is 1.
    Hypotheses: $\norm{\phi(x,y)} \le 1$, so differences have norm at most 2.
    Constants: $4 = 2^2$, sharp: $d = 1$ and antipodal unit features (catalog `antipodal`).
    """
    for mode in MODES:
        p = drawn_inputs(n_prompt, 1, mode)
        text = cache(str)
        sets = {tuple(sorted(accepted(s), key=text)) for s in spanners(problem, p).outcomes}
        most = rank(differences(problem), problem.dimension)
        for vectors in sorted(sets, key=str):
            yield from size_bounds(f"{problem.name}, {mode}", vectors, p, problem.dimension, most, squared=squared)
