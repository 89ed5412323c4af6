"""Section 7: what passive exploration, OnlineDPO and XPO find in a few draws, and what brute force finds.

Proof of the first part.  While all answers are 0 a datum of rewards is the difference 0 with reward 0, and one of
preferences is the difference 0.  Least squares of minimal norm fits 0 to the first; the second have the same loss for
all ``theta``, so that the ridge decides for 0, where Newton's method starts with gradient 0.  So OnlineDPO commits to 0
until its first 1, as passive exploration always does, and a draw at 0 is a 1 with probability ``p`` at every prompt.
What happens after the first 1 does not change whether there is one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from proofs_check.claims.proper.section7_exploration import HALF, L, Run
from proofs_check.ledger import Case, Check, Claim, Family, Mutation, compare, fact
from proofs_check.reduction.exploration import hit_probability, null_law, true_law
from proofs_check.reduction.null_run import public_of
from reference.constructions.dnf.families import PLANTED, SMALL_SIZE, small_formulas
from reference.constructions.dnf.formula import Formula

PASSIVE = ("passive", "online-dpo", "online-dpo-preferences")
DRAWS = 6
"""``T`` for these on small formulas."""

MOST_PLANTED = 4
"""Planted formulas with ``k = 3``, up to ``n = 10``."""


def as_passive(run: Run) -> Iterator[Case]:
    """Decide the exact probability of a hit, and that nothing but 0 is committed to before one."""
    explored = true_law(run.instance, run.learner, run.T)
    q = explored.probability(lambda found: found.hit)
    yield compare(str(run), q, "==", 1 - (1 - run.instance.p) ** run.T, "q = 1 - (1-p)^T")
    zero = frozenset([public_of(run.instance).zero])
    yield fact(str(run), all(found.used == zero for found in explored.outcomes), "theta_t = 0 up to the first hit")


def separated(member: "Separation") -> Iterator[Case]:
    """Decide that XPO with coordinate descent finds a 1 less than half the time, and brute force more often."""
    xpo, brute = (
        hit_probability(null_law(run.instance, run.learner, run.T)) for run in (member.run("xpo"), member.run())
    )
    yield compare(str(member), xpo, "<", HALF, "XPO with coordinate descent: q < 1/2")
    yield compare(str(member), brute, ">=", HALF, "brute force within 2 draws: q >= 1/2")


@dataclass(frozen=True)
class Separation:
    """A formula and the draws that XPO gets."""

    formula: Formula
    L: int
    T: int

    def run(self, name: str = "brute-force") -> Run:
        """Return the run of XPO, or that of brute force on two draws."""
        return Run.of(self.formula, name, self.T if name == "xpo" else 2, L=self.L)

    def __str__(self) -> str:
        return f"XPO with T={self.T}: {self.run().instance}"


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
        yield Separation(PLANTED[number].formula()[0], L, T)


def passive_runs() -> Iterator[Run]:
    """Yield the small formulas with ``A = 3``, ``L = 4``, and planted ones with ``A = 6``."""
    for formula, name in product(small_formulas(), PASSIVE):
        yield Run.of(formula, name, DRAWS, 3, 4)
    for planted, name in product(PLANTED[:MOST_PLANTED], PASSIVE):
        yield Run.of(planted.formula()[0], name, 4, 6, 4)


PASSIVES = Family("small and planted formulas", 3 * (SMALL_SIZE + MOST_PLANTED), passive_runs)

BASELINES = Claim(
    id="dnf-baselines",
    section=7,
    title="Passive exploration and OnlineDPO see nothing new, brute force does",
    statement="Passive exploration, and OnlineDPO with least squares of minimal norm or on preferences with ridge, "
    "have y = 1 within T draws with probability exactly 1 - (1-p)^T, on every formula. On four named formulas, with "
    "A = 1000 and L = 9 or 99, XPO with coordinate descent has it with probability < 1/2 within 4 or 6 draws, and "
    "brute force, which looks at 2^n vertices in a round, with probability >= 1/2 within 2.",
    source="ours",
    hypotheses="A > 1, L >= 1, p = L A^-k < 1/2; T even; alpha = 1 and two passes in XPO",
    caveats="XPO's bonus makes it a local search for Max-k-DNF over the terms seen: with more draws it does find a 1 "
    "on such small formulas.",
    depends=("dnf-exploration",),
    checks=(
        Check(PASSIVES, as_passive),
        Check(Family("planted formulas, n = 6 and 8, and one with decoys", 4, separations), separated),
    ),
    witness=Check(Family("a planted formula", 1, lambda: [Separation(PLANTED[0].formula()[0], L, 4)]), separated),
    mutation=Mutation(
        "XPO too",
        Family("small formulas", SMALL_SIZE, lambda: (Run.of(f, "xpo") for f in small_formulas())),
        as_passive,
    ),
)

CLAIMS = (BASELINES,)
