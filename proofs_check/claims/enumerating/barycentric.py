"""Barycentric spanners: they exist, and the algorithm finds them."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.spanner_sampling.setting import differences, rank
from proofs_check.ledger import Case, Catalog, Check, Family, On, Random, claim, compare, fact
from reference.algorithms.barycentric import BarycentricSpanner, barycentric_spanner
from reference.exact.linalg import Matrix, Vector
from reference.model import LinearProblem
from reference.testing import features


def spanner_of(name: str, vectors: Sequence[Vector], C: fmpq, *, share: int = 1, first: bool = False) -> Iterator[Case]:
    """Decide the claim from the certificate: the coefficients, multiplied out.

    ``first``: for the first independent vectors in place of those that the algorithm chooses.
    """
    spanner = BarycentricSpanner(first_basis(vectors), C) if first else barycentric_spanner(vectors, C)
    chosen = [vectors[i] for i in spanner.indices]
    size = rank(vectors, len(vectors[0]))
    yield compare(name, len(set(spanner.indices)), "==", size, "|S| = rank")
    coefficients = spanner.coefficients(vectors)
    sums = Matrix.of(coefficients, columns=len(chosen)) @ Matrix.of(chosen, columns=len(vectors[0]))
    yield fact(name, sums == Matrix.of(vectors), "phi = sum_s c_s s for every phi")
    largest = max(fmpq(max(map(abs, row.numerators), default=0), row.denominator) for row in coefficients)
    yield compare(name, largest, "<=", C / share, "|c_s| <= C")


def first_basis(vectors: Sequence[Vector]) -> tuple[int, ...]:
    """Return the first independent vectors."""
    chosen: list[int] = []
    for i, vector in enumerate(vectors):
        if rank([*(vectors[j] for j in chosen), vector], len(vector)) > len(chosen):
            chosen.append(i)
    return tuple(chosen)


def spanner_of_differences(problem: LinearProblem) -> Iterator[Case]:
    """Decide it for all differences of an instance."""
    for C in (fmpq(2), fmpq(11, 10)):
        yield from spanner_of(f"{problem.name}, C={C}", differences(problem), C)


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
NEARLY_ONE_LINE = Family(
    "the vectors (1,1), (2,1), (-2,2)", 1, lambda: [tuple(Vector(v) for v in ((1, 1), (2, 1), (-2, 2)))]
)
_THREE = tuple(Vector(v) for v in ((2, -1), (-2, 0), (2, -2)))
_SIX = tuple(Vector(v) for v in ((1, 2, 0), (2, 2, -1), (0, -1, 1), (-1, -2, -2), (-2, -1, -1), (-2, -2, 2)))
SWAPS = Family(
    "three vectors that take a swap, C = 3/2, and six that take two, C = 11/10",
    2,
    lambda: [(_THREE, fmpq(3, 2)), (_SIX, fmpq(11, 10))],
)


@claim(
    "barycentric-spanner",
    source="Awerbuch and Kleinberg 2004; FMR25 Thm 3.1, analysis",
    every=Check(Catalog(), spanner_of_differences),
    on=(
        Family("sets of 1 to 3 vectors of {-2..2}^2", 2324, sets_in_the_plane),
        Check(ATTAINED, spanner_is_sharp),
        Check(SWAPS, spanner_in),
        Check(Random(vectors_and_bound(), 150, seed=81, name="vectors"), spanner_in),
    ),
    witness=Check(Catalog("two-arms", "different-supports"), spanner_of_differences),
    mutation=("C/2 for C", On(ATTAINED, share=2)),
    trivial=("the first independent vectors", On(NEARLY_ONE_LINE, first=True)),
)
def barycentric_spanners(vectors: tuple[Vector, ...], *, share: int = 1, first: bool = False) -> Iterator[Case]:
    r"""The algorithm finds a C-approximate barycentric spanner.

    For every $C > 1$ and every finite $F$ it returns $S \subseteq F$ of size $\rank F$ such that each $\phi \in F$ is
    $\sum_{s \in S} c_s s$ with $|c_s| \le C$. The coefficients are the certificate.

    In words: A few vectors can be chosen such that all others are combinations of them with small coefficients.
    Hypotheses: none.
    Constants: $C$, attained.
    """
    yield from spanner_of(", ".join(map(str, vectors)), vectors, fmpq(2), share=share, first=first)
