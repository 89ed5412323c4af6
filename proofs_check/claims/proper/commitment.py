"""Committing before the prompt is what makes a proper learner weak; the smallest formulas that show it.

A *chooser* sees the term ``j ~ rho`` first and then picks a vertex ``a_j``.  Whether *some* chooser breaks a fact about
proper learners is decided by looking at all of them: at each term a chooser is a choice among pairs ``(val, chance of a
1)``, of which only the undominated matter.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations, product

from flint import fmpq

from proofs_check.claims.proper.formulas import soundness_bound
from proofs_check.claims.proper.proper_runs import LARGE_A, LARGE_L
from proofs_check.ledger import Case, Check, Family, On, claim, compare, fact
from proofs_check.reduction.null_run import slack
from reference.constructions.dnf.assignments import assignments
from reference.constructions.dnf.best_vertex import best_assignment
from reference.constructions.dnf.families import small_formulas
from reference.constructions.dnf.formula import Assignment, DnfInstance, Formula
from reference.exact.law import Law
from reference.interaction import Choice, law_of
from reference.interaction.world import World
from reference.model import LinearProblem

_HALF, _QUARTER = fmpq(1, 2), fmpq(1, 4)


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

    def committed(self) -> "Chooser":
        """Return the chooser that uses the first vertex at every prompt."""
        return Chooser(self.instance, (self.vertices[0],) * len(self.vertices))


FormulaSearch = Callable[[DnfInstance], Chooser | None]
"""Looks for a chooser that breaks a fact on an instance."""


def at_large_scale(formula: Formula) -> DnfInstance:
    """Return the instance with ``A = 1000``, ``L = 9``: three satisfied terms of five give a 1 more often than not."""
    return DnfInstance.of(formula, LARGE_A, LARGE_L, 1, best_assignment(formula).assignment)


def chooser_above_soundness(instance: DnfInstance) -> Chooser | None:
    """Return a chooser with ``E_j[pi_{a_j}(1|j)] > val* a + (1-val*) b``, if there is one."""
    best = [options(instance, j)[-1] for j in range(len(instance.formula.terms))]
    exceeds = _hits(tuple(best)) > soundness_bound(instance, best_assignment(instance.formula).value)
    return Chooser(instance, tuple(o[2] for o in best)) if exceeds else None


def chooser_below_mean(instance: DnfInstance) -> Chooser | None:
    """Return the chooser with the least ``E val(a_j)`` among those with a 1 half the time, if below the bound."""
    terms = len(instance.formula.terms)
    rows = (row for row in product(*(options(instance, j) for j in range(terms))) if _hits(row) >= _HALF)
    least = min(rows, key=lambda row: sum((o[0] for o in row), fmpq(0)), default=())
    below = bool(least) and sum((o[0] for o in least), fmpq(0)) / terms < _HALF - slack(instance)
    return Chooser(instance, tuple(o[2] for o in least)) if below else None


def chooser_below_quarter(instance: DnfInstance) -> Chooser | None:
    """Return a chooser with a 1 half the time, and with ``val`` at the bound less than a quarter of the time."""
    terms, level = range(len(instance.formula.terms)), _QUARTER - slack(instance)
    above = [options(instance, j)[-1] for j in terms]
    below = [[o for o in options(instance, j) if o[0] < level] for j in terms]
    for size in range(-(-len(terms) // 4)):  # fewer than a quarter
        for free in combinations(terms, size):
            if all(below[j] for j in terms if j not in free):
                row = tuple(above[j] if j in free else below[j][-1] for j in terms)
                if _hits(row) >= _HALF:
                    return Chooser(instance, tuple(o[2] for o in row))
    return None


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


def _hits(row: tuple[Option, ...]) -> fmpq:
    return sum((o[1] for o in row), fmpq(0)) / len(row)


def smaller_than(formula: Formula) -> list[Formula]:
    """Return the smaller formulas up to symmetry, ``n, k <= 3``: fewer terms, or as many, and fewer variables."""
    listed = (small for k in (1, 2, 3) for small in small_formulas(3, k, len(formula.terms)))
    return [small for small in listed if _size(small) < _size(formula)]


def _size(formula: Formula) -> tuple[int, int, int]:
    return len(formula.terms), formula.variables, formula.k


def no_chooser(search: FormulaSearch, formula: Formula) -> Iterator[Case]:
    """Decide that no chooser breaks the fact on this formula."""
    yield fact(str(formula), search(at_large_scale(formula)) is None, "no chooser breaks it")


def law_found(search: FormulaSearch, formula: Formula, *, committed: bool) -> Law[tuple[fmpq, bool]] | None:
    """Return the law of a run of the chooser that is found, or ``None`` if there is none.

    ``committed``: the false variant in which its first vertex is used at every prompt.
    """
    chooser = search(at_large_scale(formula))
    if chooser is None:
        return None
    return (chooser.committed() if committed else chooser).law()


def smallest(formula: Formula) -> Family[Formula]:
    """Return the family of this formula alone."""
    return Family(str(formula), 1, lambda: [formula])


def all_smaller(formula: Formula, size: int) -> Family[Formula]:
    """Return the family of all smaller formulas."""
    return Family("all smaller formulas up to symmetry, n, k <= 3", size, lambda: smaller_than(formula))


FOUND = "a chooser breaks it"
EITHER = Formula(1, ((1,), (-1,)))
TWO_OF_THREE = Formula(1, ((1,), (1,), (-1,)))
THREE_OF_FIVE = Formula(2, ((1,), (1,), (1,), (2,), (-2,)))


@claim(
    "dnf-commitment-chance",
    group="dnf-commitment",
    source="ours; the bound is that of dnf-soundness",
    depends=("dnf-soundness",),
    on=(
        smallest(EITHER),
        Check(all_smaller(EITHER, 3), partial(no_chooser, chooser_above_soundness)),
    ),
    witness=smallest(EITHER),
    mutation=("the first vertex at every prompt", On(smallest(EITHER), committed=True)),
    trivial="none: who picks the same vertex at every prompt is the mutation",
)
def dnf_commitment_chance(formula: Formula, *, committed: bool = False) -> Iterator[Case]:
    r"""Picked after the prompt, vertices answer 1 more often than any assignment allows.

    Let the vertex $a_j$ be picked *after* the term $j$ is seen. On $x_1 \lor \bar x_1$ some choice has

    $$
    \E_j[\pi_{a_j}(1 \mid j)] = a > \val^* a + (1 - \val^*)\, b ,
    $$

    though $\val^* = \tfrac12$. None does so on a formula with fewer terms, or with as many terms and fewer variables,
    $n, k \le 3$.

    In words: Who may look at the prompt first may answer 1 more often than any assignment could: the order matters.
    Hypotheses: $A = 1000$, $L = 9$; $a$ and $b$ as in {prf:ref}`dnf-soundness`.
    """
    instance = at_large_scale(formula)
    law = law_found(chooser_above_soundness, formula, committed=committed)
    if law is None:
        yield fact(str(instance), holds=False, statement=FOUND)
        return
    hit = law.probability(lambda seen: seen[1])
    most = soundness_bound(instance, best_assignment(formula).value)
    yield compare(str(instance), hit, "==", instance.hit, "E_j[pi_{a_j}(1|j)] = a")
    yield compare(str(instance), hit, ">", most, "E_j[pi_{a_j}(1|j)] > val* a + (1-val*) b")


@claim(
    "dnf-commitment-mean",
    group="dnf-commitment",
    source="ours; the bound is that of dnf-exploration-value",
    depends=("dnf-soundness",),
    on=(
        smallest(TWO_OF_THREE),
        Check(all_smaller(TWO_OF_THREE, 15), partial(no_chooser, chooser_below_mean)),
    ),
    witness=smallest(TWO_OF_THREE),
    mutation=("the first vertex at every prompt", On(smallest(TWO_OF_THREE), committed=True)),
    trivial="none: who picks the same vertex at every prompt is the mutation",
)
def dnf_commitment_mean(formula: Formula, *, committed: bool = False) -> Iterator[Case]:
    r"""Picked after the prompt, vertices that find a 1 may be poor on average.

    Let the vertex $a_j$ be picked *after* the term $j$ is seen. On $x_1 \lor x_1 \lor \bar x_1$ some choice has $y = 1$
    with probability at least $\tfrac12$, and yet

    $$
    \E \val(a_j) < \frac12 - \frac{L/A}{1-p} .
    $$

    None does so on a formula with fewer terms, or with as many terms and fewer variables, $n, k \le 3$.

    In words: With a look at the prompt one finds a 1 without naming assignments that are good on average.
    Hypotheses: $A = 1000$, $L = 9$, $T = 1$.
    """
    instance = at_large_scale(formula)
    law = law_found(chooser_below_mean, formula, committed=committed)
    if law is None:
        yield fact(str(instance), holds=False, statement=FOUND)
        return
    yield compare(str(instance), law.probability(lambda seen: seen[1]), ">=", _HALF, "P(y = 1) >= 1/2")
    expected = law.expectation(lambda seen: seen[0])
    yield compare(str(instance), expected, "<", _HALF - slack(instance), "E val(a_j) < 1/2 - (L/A)/(1-p)")


@claim(
    "dnf-commitment-quarter",
    group="dnf-commitment",
    source="ours; the bound is that of dnf-exploration-search",
    depends=("dnf-soundness",),
    on=(
        smallest(THREE_OF_FIVE),
        Check(all_smaller(THREE_OF_FIVE, 118), partial(no_chooser, chooser_below_quarter)),
    ),
    witness=smallest(THREE_OF_FIVE),
    mutation=("the first vertex at every prompt", On(smallest(THREE_OF_FIVE), committed=True)),
    trivial="none: who picks the same vertex at every prompt is the mutation",
)
def dnf_commitment_quarter(formula: Formula, *, committed: bool = False) -> Iterator[Case]:
    r"""Picked after the prompt, vertices that find a 1 are seldom good.

    Let the vertex $a_j$ be picked *after* the term $j$ is seen. On $x_1 \lor x_1 \lor x_1 \lor x_2 \lor \bar x_2$ some
    choice has $y = 1$ with probability at least $\tfrac12$, and yet

    $$
    \P\Bigl(\val(a_j) \ge \frac14 - \frac{L/A}{1-p}\Bigr) < \frac14 .
    $$

    None does so on a formula with fewer terms, or with as many terms and fewer variables, $n, k \le 3$.

    In words: With a look at the prompt one finds a 1 and yet seldom names a good assignment.
    Hypotheses: $A = 1000$, $L = 9$, $T = 1$.
    """
    instance = at_large_scale(formula)
    law = law_found(chooser_below_quarter, formula, committed=committed)
    if law is None:
        yield fact(str(instance), holds=False, statement=FOUND)
        return
    yield compare(str(instance), law.probability(lambda seen: seen[1]), ">=", _HALF, "P(y = 1) >= 1/2")
    level = _QUARTER - slack(instance)
    often = law.probability(lambda seen: seen[0] >= level)
    yield compare(str(instance), often, "<", _QUARTER, "P(val(a_j) >= 1/4 - (L/A)/(1-p)) < 1/4")
