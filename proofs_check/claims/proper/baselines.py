"""What passive exploration, OnlineDPO and XPO find in a few draws, and what brute force finds."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from flint import fmpq

from proofs_check.claims.proper.proper_runs import LARGE_L, ProperRun
from proofs_check.claims.proper.two_responses import ONLINE_DPO_ON_TWO, XPO_ON_TWO, returns_what_it_minimises
from proofs_check.ledger import Case, Check, Family, On, claim, compare, fact
from proofs_check.reduction.exploration import hit_probability, null_law, true_law
from proofs_check.reduction.null_run import public_of
from reference.constructions.dnf.families import PLANTED, SMALL_SIZE, small_formulas
from reference.constructions.dnf.formula import Formula
from reference.exact import Real

STAYING_AT_ZERO = ("passive", "online-dpo", "online-dpo-preferences")
"""The methods that commit to 0 until their first 1."""

MOST_PLANTED = 4
"""Planted formulas with ``k = 3``, up to ``n = 10``."""


def staying_runs() -> Iterator[ProperRun]:
    """Yield the small formulas with ``A = 3``, ``L = 4``, and planted ones with ``A = 6``."""
    for formula, name in product(small_formulas(), STAYING_AT_ZERO):
        yield ProperRun.of(formula, name, 6, 3, 4)
    for planted, name in product(PLANTED[:MOST_PLANTED], STAYING_AT_ZERO):
        yield ProperRun.of(planted.formula()[0], name, 4, 6, 4)


STAYING = Family("small and planted formulas", 3 * (SMALL_SIZE + MOST_PLANTED), staying_runs)
XPO_RUNS = Family("small formulas", SMALL_SIZE, lambda: (ProperRun.of(f, "xpo") for f in small_formulas()))


@claim(
    "dnf-baselines-passive",
    group="dnf-baselines",
    source="ours",
    on=(STAYING, Check(ONLINE_DPO_ON_TWO, returns_what_it_minimises)),
    witness=Family("passive exploration on a small formula", 1, lambda: islice(staying_runs(), 1)),
    mutation=("XPO too", XPO_RUNS),
    trivial="none: an equality, of methods that stay at 0",
)
def dnf_baselines_passive(run: ProperRun) -> Iterator[Case]:
    r"""Passive exploration and OnlineDPO see nothing new.

    On every formula passive exploration, and OnlineDPO with least squares of minimal norm or on preferences with
    ridge, have $y = 1$ within an even number $T$ of draws with probability exactly $1 - (1-p)^T$: until then they
    commit to $\theta = 0$.

    In words: Learners that only fit what they have seen stay at the base model until chance shows them a 1.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$; $T$ is even.
    """
    explored = true_law(run.instance, run.learner, run.T)
    q = explored.probability(lambda found: found.hit)
    yield compare(str(run), q, "==", 1 - (1 - run.instance.p) ** run.T, "q = 1 - (1-p)^T")
    zero = frozenset([public_of(run.instance).zero])
    yield fact(str(run), all(found.used == zero for found in explored.outcomes), "theta_t = 0 up to the first hit")


@dataclass(frozen=True)
class Separation:
    """A formula and the draws that XPO gets; brute force gets two."""

    formula: Formula
    L: int
    T: int

    def hit(self, name: str, T: int) -> Real:
        """Return the probability that a method finds a 1 within ``T`` draws."""
        run = ProperRun.of(self.formula, name, T, L=self.L)
        return hit_probability(null_law(run.instance, run.learner, run.T))

    def __str__(self) -> str:
        return f"XPO with T={self.T}: {ProperRun.of(self.formula, 'xpo', self.T, L=self.L).instance}"


def decoys(times: int) -> Formula:
    """Return ``x1 & x2 & x3``, so many times, and each of the other seven sign patterns once.

    Where such a pattern was seen, it is nearer to where coordinate descent starts.
    """
    signs = [s for s in product((1, -1), repeat=3) if min(s) < 0]
    return Formula(3, ((1, 2, 3),) * times + tuple((s, 2 * t, 3 * u) for s, t, u in signs))


def separations() -> Iterator[Separation]:
    """Yield planted formulas with n = 6 and 8, k = 3 and 4, and the decoys."""
    yield Separation(decoys(8), 99, 6)
    for number, T in ((0, 4), (6, 6), (7, 4)):
        yield Separation(PLANTED[number].formula()[0], LARGE_L, T)


def first_planted(T: int) -> Family[Separation]:
    """Return the smallest of the planted formulas, with ``T`` draws for XPO."""
    return Family(f"a planted formula, T = {T}", 1, lambda: [Separation(PLANTED[0].formula()[0], LARGE_L, T)])


@claim(
    "dnf-baselines-search",
    group="dnf-baselines",
    source="ours",
    depends=("dnf-exploration-chance",),
    on=(
        Family("planted formulas, n = 6 and 8, and one with decoys", 4, separations),
        Check(XPO_ON_TWO, returns_what_it_minimises),
    ),
    witness=first_planted(4),
    mutation=("XPO with two draws more, too", first_planted(6)),
    trivial=("theta = 0 in place of brute force", On(first_planted(4), searcher="passive")),
)
def dnf_baselines_search(member: Separation, *, searcher: str = "brute-force") -> Iterator[Case]:
    r"""Brute force finds a 1 where XPO with a cheap search does not.

    On four named formulas, with $A = 1000$ and $L = 9$ or $99$, XPO has $y = 1$ within 4 or 6 draws with probability
    below $\tfrac12$. Brute force, which looks at all $2^n$ vertices in a round, has it within 2 draws with probability
    at least $\tfrac12$.

    In words: On four formulas, within a few draws a cheap optimistic search finds a 1 less than half the time, and a
    search through all assignments at least half the time.
    Hypotheses: $\alpha = 1$, and two passes of coordinate descent in XPO; three planted formulas with $n = 6$ and $8$,
    $k = 3$ and $4$, and $x_1 x_2 x_3$ eight times with each of the other seven sign patterns once.
    Caveats: XPO's bonus makes it a local search for Max-$k$-DNF over the terms seen: with more draws it does find a 1
    on such small formulas.
    """
    half = fmpq(1, 2)
    yield compare(str(member), member.hit("xpo", member.T), "<", half, "XPO with coordinate descent: q < 1/2")
    yield compare(str(member), member.hit(searcher, 2), ">=", half, "brute force within 2 draws: q >= 1/2")
