"""Coverage of tokens and of sequences (FMR25 section 5; the constants and the refutation are ours)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from flint import fmpq

from proofs_check.claims.multi_turn.token_trees import LONG_BITS, REALIZABLE_BITS, TWO_LAYERS, bits
from proofs_check.ledger import ANY, Case, Catalog, Check, Family, On, Random, claim, compare, fact
from reference.constructions.needle_paths import needle_path
from reference.exact import LogLinear, exp, exp_ratio, log
from reference.model.parts import Edge, Node, Start
from reference.model.problem import Problem
from reference.model.ratios import coverage, layer_product, token_coverage
from reference.model.realizability import Realizable, decide_realizability
from reference.model.values import optimal_value
from reference.testing import problems


@dataclass(frozen=True)
class TreeSearch:
    """A search: its members in order of size, and what it is to find."""

    name: str
    members: tuple[tuple[tuple[int, int, int], Problem], ...]

    def __str__(self) -> str:
        return self.name


def fair_trees() -> Iterator[tuple[tuple[int, int, int], Problem]]:
    """Yield trees of bits, ``H <= 2``, one sure or two fair tokens a node, leaf weights ``exp(r/beta)`` in {1, 1/2}.

    With their size: ``H``, the number of leaves, the number of weights 1/2.
    """
    for widths in ((1,), (2,), (1, 1), (1, 2), (2, 1, 1), (2, 1, 2), (2, 2, 1), (2, 2, 2)):
        ends = widths[:1] if len(widths) == 1 else widths[1:]
        for weights in product((fmpq(1), fmpq(1, 2)), repeat=sum(ends)):
            size = 1 if len(widths) == 1 else 2, sum(ends), weights.count(fmpq(1, 2))
            yield size, fair_tree(widths, weights)


def fair_tree(widths: Sequence[int], weights: Sequence[fmpq]) -> Problem:
    """Return a tree of bits: ``widths`` are the numbers of tokens at its nodes, the root first."""
    rewards = iter([log(weight) for weight in weights])

    def node(width: int, *, last: bool) -> Node:
        each = fmpq(1, width)
        return tuple(
            Edge.of(str(a), each, [a], reward=next(rewards) if last else 0, child=0 if last else a)
            for a in range(width)
        )

    one = len(widths) == 1
    layers = [[node(widths[0], last=one)]] + ([] if one else [[node(width, last=True) for width in widths[1:]]])
    label = f"nodes with {', '.join(map(str, widths))} tokens, leaf weights {', '.join(map(str, weights))}"
    bound = max(abs(log(weight)) for weight in weights).ceil() + 1
    return Problem.of(label, [Start.of("x")], layers, beta=1, R_max=bound)


def tree_search() -> TreeSearch:
    """Return all of :func:`fair_trees`, the smallest first."""
    members = sorted(fair_trees(), key=lambda member: member[0])
    return TreeSearch("trees of fair or sure bits, H <= 2, leaf weights 1 or 1/2", tuple(members))


def smallest_counterexample(over: TreeSearch) -> Iterator[Case]:
    """Find every member with ``C_cond > C_cov``; the first is the smallest, with the numbers of the formula."""
    found = [(size, p) for size, p in over.members if token_coverage(p) > coverage(p)]
    first = found[0]
    note = f"{len(over.members)} trees searched, {len(found)} have C_cond > C_cov; the smallest: {first[1].name}"
    yield fact(over.name, first[0] == (2, 3, 1), "the smallest has H = 2, 3 leaves and one weight 1/2", note=note)
    yield compare(over.name, len(found), "==", 8, "8 trees have C_cond > C_cov", note=note)
    yield compare(first[1].name, token_coverage(first[1]), "==", fmpq(4, 3), "C_cond = 2/(1+v) = 4/3 at v = 1/2")
    yield compare(first[1].name, coverage(first[1]), "==", fmpq(8, 7), "C_cov = 4/(3+v) = 8/7 at v = 1/2")


def refuting_family(v: fmpq) -> Iterator[Case]:
    """Leaves ``0.``, ``10``, ``11`` with weights 1, 1, v: ``C_cond = 2/(1+v) > C_cov = 4/(3+v)`` for ``v < 1``."""
    problem = fair_tree((2, 1, 2), (fmpq(1), fmpq(1), v))
    C_cond, C_cov = token_coverage(problem), coverage(problem)
    yield compare(problem.name, C_cond, "==", 2 / (1 + v), "C_cond = 2/(1+v)")
    yield compare(problem.name, C_cov, "==", 4 / (3 + v), "C_cov = 4/(3+v)")
    yield compare(problem.name, C_cond, ">", C_cov, "C_cond > C_cov")


SEARCHED = Family("search over 48 trees of fair or sure bits", 1, lambda: [tree_search()])
BELOW_ONE = Family("v in {k/20 : 0 < k < 20}", 19, lambda: [fmpq(k, 20) for k in range(1, 20)])
_ONE_LAYER = Family("fair bits, H = 1", 1, lambda: [bits(1, log(3))])


@claim(
    "coverage-tokens",
    source="ours: finite form, constants and proof; after FMR25 section 5",
    depends=("soft-bellman",),
    every=Catalog(of=ANY),
    on=(
        TWO_LAYERS,
        REALIZABLE_BITS,
        LONG_BITS,
        Random(problems(), 80, seed=95, name="problems of any horizon"),
        Check(SEARCHED, smallest_counterexample),
        Check(BELOW_ONE, refuting_family),
    ),
    witness=_ONE_LAYER,
    mutation=("C_cond^(H-1) for C_cond^H", On(LONG_BITS, power=1)),
    trivial="none: it bounds coverage from above, and pi_ref, of coverage 1, keeps it; attained by fair bits",
)
def coverage_tokens(problem: Problem, *, power: int = 0) -> Iterator[Case]:
    r"""Coverage of tokens and of sequences.

    Let $C_{\mathrm{cond}} = \max_h \max \pi^*_h/\pi_{\mathrm{ref},h}$. Then

    $$
    \Ccov \le \prod_h \max \frac{\pi^*_h}{\pi_{\mathrm{ref},h}} \le C_{\mathrm{cond}}^H,
    \qquad C_{\mathrm{cond}} \le e^{\Rmax/\beta} .
    $$

    At $H = 1$, $C_{\mathrm{cond}} = \Ccov$.

    In words: Coverage of sequences is at most the product of what the tokens cost.
    Hypotheses: supported prefixes and tokens.
    Constants: exponent $H$, attained by fair bits.
    Caveats: $C_{\mathrm{cond}} \le \Ccov$ is *false* in general: $H = 2$, a fair first bit, leaves `0.`, `10`, `11`
        with weights $e^{r/\beta} = 1, 1, v$ give $C_{\mathrm{cond}} = 2/(1+v) > \Ccov = 4/(3+v)$ for every $v < 1$
        (checked for $v = k/20$); $v = 1/2$ is the smallest of its family.
    """
    C_cond, C_cov, along = token_coverage(problem), coverage(problem), layer_product(problem)
    H = problem.horizon
    yield compare(problem.name, C_cov, "<=", along, "C_cov <= prod_h max pi*_h/pi_ref,h")
    yield compare(problem.name, along, "<=", exp_ratio(C_cond) ** (H - power), "prod_h max pi*_h/pi_ref,h <= C_cond^H")
    spread = problem.R_max / problem.beta
    yield compare(problem.name, C_cond, "<=", exp(spread), "C_cond <= e^(R_max/beta)")
    if H == 1:
        yield compare(problem.name, C_cond, "==", C_cov, "C_cond = C_cov at H = 1")


_HORIZONS = (1, 2, 3, 4, 8, 16, 32, 64)
_REWARDS = (log(3), log(10**6), LogLinear(fmpq(1)), LogLinear(fmpq(5)))


def all_bits() -> Iterator[Problem]:
    """Yield fair bits for the horizons and rewards of the family."""
    for H, reward in product(_HORIZONS, _REWARDS):
        yield bits(H, reward)


FAIR_BITS = Family("fair bits, H in {1,2,3,4,8,16,32,64}, reward in {log 3, log 10^6, 1, 5}", 32, all_bits)


def needle_path_by_hand(H: int) -> Iterator[Case]:
    """Decide both coverages, the value and the parameters of a needle path: ``u_k = 1 + (4^H - 1)/2^k``."""
    problem, u = needle_path(H), [1 + fmpq(4**H - 1, 2**k) for k in range(H + 1)]
    yield compare(problem.name, token_coverage(problem), "==", u[0] / u[1], "C_cond = u_0/u_1 < 2")
    yield compare(problem.name, coverage(problem), "==", u[0] / u[H], "C_cov = u_0/u_H")
    yield compare(problem.name, optimal_value(problem), "==", log(u[H]), "J(pi*) = log u_H")
    answer = decide_realizability(problem)
    thetas = answer.log_linear() if isinstance(answer, Realizable) else None
    expected = tuple((log(u[H - h]),) for h in range(1, H + 1))
    yield fact(problem.name, thetas == expected, "realizable, theta*_h = log u_(H-h)")


NEEDLE_PATHS = Family("needle paths, H = 1..6", 6, lambda: range(1, 7))


@claim(
    "coverage-gap",
    source="ours",
    depends=("coverage-tokens",),
    on=(FAIR_BITS, Check(NEEDLE_PATHS, needle_path_by_hand)),
    witness=LONG_BITS,
    mutation=("3^H for 2^H", On(FAIR_BITS, base=3)),
    trivial="none: about pi*; no algorithm is in it",
)
def coverage_gap(problem: Problem, *, base: int = 2) -> Iterator[Case]:
    r"""Token coverage can be exponentially smaller.

    Fair bits with the same additive reward $r > 0$ for a $1$ in every layer: $C_{\mathrm{cond}} < 2$, while

    $$
    2^H > \Ccov = C_{\mathrm{cond}}^H \ge 2^H (1 - H e^{-r/\beta}),
    $$

    so $\Ccov \to 2^H$ as the reward grows.

    In words: Each token may be easy to find while the whole response is exponentially rare.
    Hypotheses: none.
    Constants: 2 and $2^H$.
    """
    C_cond, C_cov, H = token_coverage(problem), coverage(problem), problem.horizon
    r = problem.layers[0][0][1].reward / problem.beta
    yield compare(problem.name, C_cond, "<", 2, "C_cond < 2")
    yield compare(problem.name, C_cov, "==", exp_ratio(C_cond) ** H, "C_cov = C_cond^H")
    yield compare(problem.name, C_cov, "<", fmpq(2) ** H, "C_cov < 2^H")
    low = (1 - exp(-r) * H) * fmpq(base) ** H
    yield compare(problem.name, C_cov, ">=", low, "C_cov >= 2^H (1 - H e^(-r/beta))")
