"""Section 7: committing before the prompt is what makes a proper learner weak; the smallest formulas that show it.

A *chooser* sees the term ``j ~ rho`` first and then picks a vertex ``a_j``.  Every term alone can be satisfied, so it
can have ``pi(1|j) = a`` at every prompt, whatever ``val*`` is.  Three facts about proper learners fail for it:

* *chance*: ``E_j[pi_{a_j}(1|j)] <= val* a + (1-val*) b``.  It fails exactly if ``val* < 1``, since ``a > b``.
* *mean* (``T = 1``): if a 1 comes with probability at least 1/2 then ``E val(a_j) >= 1/2 - (L/A)/(1-p)``.
* *quarter* (``T = 1``): if so, then ``val(a_j) >= 1/4 - (L/A)/(1-p)`` with probability at least 1/4.

The second and third are those of ``dnf-exploration``.  Whether *some* chooser breaks them is decided by looking at all
of them: at each term a chooser is a choice among pairs ``(val, chance of a 1)``, of which only the undominated matter.

Fewer terms than those of the witnesses are too few for every ``n`` and ``k``.  A vertex that does not satisfy the term
has a 1 with probability below 10^-5, so a 1 half the time needs half of the terms satisfied.  With ``m = 1``,
``val* = 1``; with ``m = 2`` both terms are satisfied, and each ``val >= 1/2``; with ``m <= 4`` each of that half has
``val >= 1/4``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations, product

from flint import fmpq

from proofs_check.claims.proper.section7_dnf import bound
from proofs_check.ledger import Case, Check, Claim, Family, Mutation, compare, fact
from reference.constructions.dnf.best_vertex import assignments, best_assignment
from reference.constructions.dnf.families import small_formulas
from reference.constructions.dnf.formula import Assignment, DnfInstance, Formula
from reference.exact.law import Law
from reference.interaction import Choice, law_of
from reference.interaction.world import World
from reference.model import LinearProblem

A, L = 1000, 9
"""``a = 9/(10-p) > 5/6`` and ``(L/A)/(1-p) < 1/100``: three satisfied terms of five give a 1 more often than not."""

HALF, QUARTER = fmpq(1, 2), fmpq(1, 4)

WITNESSES = {
    "chance": Formula(1, ((1,), (-1,))),
    "mean": Formula(1, ((1,), (1,), (-1,))),
    "quarter": Formula(2, ((1,), (1,), (1,), (2,), (-2,))),
}
"""The smallest formulas: fewest terms, then fewest variables."""


@dataclass(frozen=True)
class Chooser:
    """A vertex for each term, picked after the term is seen."""

    instance: DnfInstance
    vertices: tuple[Assignment, ...]

    def __call__(self, world: World[LinearProblem]) -> tuple[fmpq, bool]:
        """See a prompt, pick the vertex, draw a response: return the vertex's ``val`` and whether the response is 1."""
        j = world.oracles.prompt()
        y, _ = world.oracles.strong(j, self.instance.theta(self.vertices[j]))
        return self.instance.formula.value(self.vertices[j]), y == 1

    def law(self) -> Law[tuple[fmpq, bool]]:
        """Return the exact law of both, from the exhaustive interpreter."""

        def run(choice: Choice) -> tuple[fmpq, bool]:
            return self(World(self.instance.problem, choice))

        return law_of(run)


def instance_of(formula: Formula) -> DnfInstance:
    """Return the instance with the parameters of this module."""
    return DnfInstance.of(formula, A, L, 1, best_assignment(formula).assignment)


def loss(instance: DnfInstance) -> fmpq:
    """``(L/A)/(1-p)``."""
    return instance.L / instance.A / (1 - instance.p)


Option = tuple[fmpq, fmpq, Assignment]
"""``val``, the chance of a 1 at the term, and a vertex that has both."""


def options(instance: DnfInstance, j: int) -> list[Option]:
    """Return what a chooser can have at term ``j``, ``val`` ascending; a larger ``val`` must bring a larger chance."""
    formula = instance.formula
    listed = ((formula.value(a), instance.answers[formula.satisfied(a)[j]], a) for a in assignments(formula.variables))
    kept: list[Option] = []
    for option in sorted(listed, key=lambda o: (o[0], -o[1])):
        if not kept or option[1] > kept[-1][1]:
            kept.append(option)
    return kept


def chance(instance: DnfInstance) -> Chooser | None:
    """Return a chooser with ``E_j[pi_{a_j}(1|j)] > val* a + (1-val*) b``, if there is one."""
    best = [options(instance, j)[-1] for j in range(len(instance.formula.terms))]
    exceeds = sum((o[1] for o in best), fmpq(0)) / len(best) > bound(instance, best_assignment(instance.formula).value)
    return Chooser(instance, tuple(o[2] for o in best)) if exceeds else None


def mean(instance: DnfInstance) -> Chooser | None:
    """Return the chooser with the least ``E val(a_j)`` among those with a 1 half the time, if below the bound."""
    terms = len(instance.formula.terms)
    rows = (row for row in product(*(options(instance, j) for j in range(terms))) if _hits(row) >= HALF)
    least = min(rows, key=lambda row: sum((o[0] for o in row), fmpq(0)), default=())
    fails = bool(least) and sum((o[0] for o in least), fmpq(0)) / terms < HALF - loss(instance)
    return Chooser(instance, tuple(o[2] for o in least)) if fails else None


def quarter(instance: DnfInstance) -> Chooser | None:
    """Return a chooser with a 1 half the time, and with ``val`` at the bound less than a quarter of the time."""
    terms, level = range(len(instance.formula.terms)), QUARTER - loss(instance)
    above = [options(instance, j)[-1] for j in terms]
    below = [[o for o in options(instance, j) if o[0] < level] for j in terms]
    for size in range(-(-len(terms) // 4)):  # fewer than a quarter
        for free in combinations(terms, size):
            if all(below[j] for j in terms if j not in free):
                row = tuple(above[j] if j in free else below[j][-1] for j in terms)
                if _hits(row) >= HALF:
                    return Chooser(instance, tuple(o[2] for o in row))
    return None


FACTS: dict[str, Callable[[DnfInstance], Chooser | None]] = {"chance": chance, "mean": mean, "quarter": quarter}


def _hits(row: tuple[Option, ...]) -> fmpq:
    return sum((o[1] for o in row), fmpq(0)) / len(row)


def smaller() -> Iterator[tuple[str, Formula]]:
    """Yield each fact with the formulas before its witness, up to symmetry: fewer terms, or as many, fewer variables.

    Up to 3 variables and ``k = 3``.
    """
    for name, witness in WITNESSES.items():
        for k in (1, 2, 3):
            for formula in small_formulas(3, k, len(witness.terms)):
                if _size(formula) < _size(witness):
                    yield name, formula


def _size(formula: Formula) -> tuple[int, int, int]:
    return len(formula.terms), formula.variables, formula.k


def holds(member: tuple[str, Formula]) -> Iterator[Case]:
    """Decide that no chooser breaks the fact on this formula."""
    name, formula = member
    yield fact(f"{name}: {formula}", FACTS[name](instance_of(formula)) is None, f"no chooser breaks '{name}'")


def fails(name: str, *, committed: bool = False) -> Iterator[Case]:
    """Decide that a chooser breaks the fact on its witness: it is run, and the law of its run decides.

    ``committed``: the false variant in which the first vertex is used at every prompt.
    """
    instance = instance_of(WITNESSES[name])
    chooser = FACTS[name](instance)
    if chooser is None:
        yield fact(f"{name}: {instance}", holds=False, statement="a chooser breaks it")
        return
    if committed:
        chooser = Chooser(instance, (chooser.vertices[0],) * len(chooser.vertices))
    law = chooser.law()
    hit = sum((mass for (_, one), mass in law.items() if one), fmpq(0))
    if name == "chance":
        most = bound(instance, best_assignment(instance.formula).value)
        yield compare(f"{name}: {instance}", hit, ">", most, "E_j[pi_{a_j}(1|j)] > val* a + (1-val*) b")
        return
    yield compare(f"{name}: {instance}", hit, ">=", HALF, "P(y = 1) >= 1/2")
    if name == "mean":
        expected = sum((value * mass for (value, _), mass in law.items()), fmpq(0))
        yield compare(f"{name}: {instance}", expected, "<", HALF - loss(instance), "E val(a_j) < 1/2 - (L/A)/(1-p)")
    else:
        level = QUARTER - loss(instance)
        often = sum((mass for (value, _), mass in law.items() if value >= level), fmpq(0))
        yield compare(f"{name}: {instance}", often, "<", QUARTER, "P(val(a_j) >= 1/4 - (L/A)/(1-p)) < 1/4")


FAILURES = Family("the smallest formula of each", 3, lambda: WITNESSES)

COMMITMENT = Claim(
    id="dnf-commitment",
    section=7,
    title="Committing before the prompt matters",
    statement="Let the vertex a_j be picked after the term j is seen. On x1 | !x1 some choice has E_j[pi_{a_j}(1|j)] > "
    "val* a + (1-val*) b. With A = 1000, L = 9 and T = 1 some choice has y = 1 with probability >= 1/2, and yet on "
    "x1 | x1 | !x1 E val(a_j) < 1/2 - (L/A)/(1-p), and on x1 | x1 | x1 | x2 | !x2 val(a_j) >= 1/4 - (L/A)/(1-p) with "
    "probability < 1/4. With n, k <= 3 none does so on a formula with fewer terms, or as many and fewer variables.",
    source="ours; the bounds are those of dnf-soundness and dnf-exploration",
    constants="A = 1000, L = 9; T = 1",
    depends=("dnf-soundness",),
    checks=(
        Check(FAILURES, fails),
        Check(Family("all smaller formulas up to symmetry, n, k <= 3", 136, smaller), holds),
    ),
    witness=Check(FAILURES, fails),
    mutation=Mutation("the first vertex at every prompt", FAILURES, partial(fails, committed=True)),
)

CLAIMS = (COMMITMENT,)
