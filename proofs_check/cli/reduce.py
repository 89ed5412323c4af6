"""``spanner reduce``: a formula in, a proper learner's null run, assignments out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from flint import fmpq
from msgspec import UNSET
from rich.console import Console
from rich.table import Table

from proofs_check.cli.formats.others import Assignment, NullLaw, Reduce, Round
from proofs_check.cli.formats.parts import VERSION, number
from proofs_check.cli.output import UserError, out, print_json, working
from proofs_check.reduction import maxsat
from proofs_check.reduction.exploration import hit_probability, null_law
from proofs_check.reduction.methods import METHODS, TrainingMethod, UnknownMethod, method
from proofs_check.reduction.null_run import (
    NullRound,
    Reduction,
    Rounded,
    check_draws,
    instance_of,
    reduction,
    rounded,
    slack,
)
from reference.constructions.dnf.formula import DnfInstance, Formula, FormulaError, signs_text, term_text
from reference.constructions.dnf.text import parse_formula, to_dimacs
from reference.exact import BadNumber, Number, Undecided, rational, rational_text
from reference.exact.number import shortened
from reference.interaction import ProperLearner, Seeded, TooLarge

MOST_EXHAUSTIVE = 12
"""Variables up to which a learner that looks at all vertices is run."""

MOST_DRAWS = 1_000
"""The largest ``T``."""

STEPS_PER_MINUTE = 200_000
"""Steps of a learner that take a minute; see :class:`~proofs_check.reduction.methods.TrainingMethod`."""

MOST_ENTRIES = 10**7
"""Variables times terms up to which the instance is built: 160 MB of features."""

_MOST_NULL_STEPS = 20_000
"""Steps that ``--law`` enumerates."""

MOST_BYTES = 10**7
"""The largest file that is read."""

_SHOWN = 30
"""Rounds that are printed; ``--json`` has all."""

SUFFIXES = {".dnf", ".cnf", ".txt", ".dimacs"}
"""What ends so is the name of a file."""

_DIGITS = 6
"""Significant digits of decimals."""

_LONGEST = 300
"""Characters of a formula that are printed."""

WIDEST = 40
"""Signs of an assignment that are printed; ``--json`` has all."""

PROMISE = (
    "dnf-exploration: a learner with a rewarded y = 1 within T draws half the time reaches the bound in one null run "
    "of four."
)


def reduce(source: str, *, learner: str, a: str, el: str, draws: int, seed: int, law: bool, as_json: bool) -> None:
    """Run the reduction and print what came of it; see :func:`proofs_check.cli.commands.reduce`."""
    try:
        instance = instance_of(formula_of(source), numeral("A", a), numeral("L", el))
        _run(task(instance, learner, draws), seed, law=law, console=None if as_json else out())
    except (UnknownMethod, FormulaError) as error:
        raise UserError(str(error)) from None


def formula_of(source: str) -> Formula:
    """Read a formula from the file of that name, or else from the text itself.

    Raises:
        UserError: for a file that is not there or cannot be read.
        FormulaError: naming the term that is wrong.
    """
    path = Path(source)
    try:
        is_file = path.is_file()
    except (OSError, ValueError):  # a formula too long for a name
        is_file = False
    if not is_file:
        if path.suffix in SUFFIXES or path.is_absolute():
            raise UserError(f"{source[:80]}: no such file")
        return parse_formula(source)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserError(f"{source}: larger than {MOST_BYTES} bytes")
        return parse_formula(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise UserError(f"{source}: not a text in UTF-8") from None
    except OSError as error:
        raise UserError(f"{source}: {error.strerror}") from None
    except FormulaError as error:
        raise UserError(f"{source}: {error}") from None


def numeral(name: str, text: str) -> fmpq:
    """Read a rational option.

    Raises:
        UserError: naming the option.
    """
    try:
        return rational(text)
    except BadNumber as error:
        raise UserError(f"--{name}: {error}") from None


@dataclass(frozen=True, slots=True)
class ReductionTask:
    """A method on the instance of a formula.  ``star``: ``None`` if the solver did not end in time."""

    instance: DnfInstance
    name: str
    T: int
    learner: ProperLearner
    star: Rounded | None

    @property
    def evaluations(self) -> int | None:
        """The most evaluations that the method's searches make; ``None`` if it is told where to look."""
        return self._evaluations(METHODS[self.name])

    @property
    def brute_force(self) -> int | None:
        """The same for brute force with as many draws."""
        return self._evaluations(METHODS["brute-force"])

    def _evaluations(self, chosen: TrainingMethod) -> int | None:
        if chosen.evaluations is None:
            return None
        return chosen.evaluations(self.instance.formula.variables, self.T // chosen.width)


class Exact(NamedTuple):
    """A number of the law of null runs, with its name in JSON and in text."""

    key: str
    text: str
    value: Number


def task(instance: DnfInstance, name: str, T: int) -> ReductionTask:
    """Return what is to be run.

    Raises:
        UserError: if the run would be empty, or not end in reasonable time.
        UnknownMethod, FormulaError: for another name, or ``T < 1``.
    """
    chosen, n = method(name), instance.formula.variables
    check_draws(T)
    if not chosen.width <= T <= MOST_DRAWS:
        raise UserError(f"--T {T}: {name} takes {chosen.width} draws a round; give from {chosen.width} to {MOST_DRAWS}")
    if chosen.exhaustive and n > MOST_EXHAUSTIVE:
        raise UserError(f"--learner {name}: looks at all 2^{n} vertices; it is run up to n = {MOST_EXHAUSTIVE}")
    _check_steps(instance.formula, name, chosen, T)
    try:
        star = rounded(instance, instance.theta(maxsat.best(instance.formula).assignment))
    except Undecided:  # its time was up; the reduction does not need it
        star = None
    return ReductionTask(instance, name, T, chosen.for_draws(instance, T), star)


def _check_steps(formula: Formula, name: str, chosen: TrainingMethod, T: int) -> None:
    """Refuse what takes longer than a minute.

    Raises:
        UserError: with the size that works.
    """
    n, m = formula.variables, len(formula.terms)
    if n * m > MOST_ENTRIES:
        raise UserError(f"n = {n:,} variables and m = {m:,} terms: n times m may be {MOST_ENTRIES:,} at most")

    def largest(most: int, steps: Callable[[int], int]) -> int:
        """Return the largest size up to ``most`` whose steps are few enough; 0 if there is none."""
        low, high = 0, most
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if steps(middle) <= STEPS_PER_MINUTE else (low, middle - 1)
        return low

    rounds = T // chosen.width
    if chosen.steps(n, m, rounds) <= STEPS_PER_MINUTE:
        return
    if fewer := largest(rounds, lambda rounds: chosen.steps(n, m, rounds)):
        works = f"--T {fewer * chosen.width} works"
    elif terms := largest(m, lambda terms: chosen.steps(n, terms, 1)):
        works = f"with --T {chosen.width} a formula of {terms} terms works"
    else:
        works = "take fewer variables"
    raise UserError(
        f"--learner {name} --T {T} on n = {n} variables and m = {m} terms takes longer than a minute; {works}"
    )


def _run(task: ReductionTask, seed: int, *, law: bool, console: Console | None) -> None:
    if console is not None:
        _print_head(console, task, seed)
    count = 0

    def show(shown: NullRound) -> None:
        nonlocal count
        count += 1
        if console is not None and count <= _SHOWN:
            _print_round(console, task.instance.formula, count, shown)

    found = reduction(task.instance, task.learner, task.T, Seeded(seed), observer=show)
    exact = _law(task, found.bound) if law else ()
    if console is not None:
        _print_result(console, task, found, exact)
    else:
        print_json(_document(task, found, seed, exact))


def _law(task: ReductionTask, bound: fmpq) -> tuple[Exact, ...]:
    """Return what the claim ``dnf-exploration`` is about, exactly."""
    instance = task.instance
    try:
        with working("enumerating all null runs"):
            law = null_law(instance, task.learner, task.T, max_leaves=_MOST_NULL_STEPS)
    except TooLarge as error:
        raise UserError(f"{error}; --law is for small formulas and few draws") from None
    except ValueError as error:
        raise UserError(f"--law: {error}") from None
    values = law.map(lambda null: max(rounded(instance, theta).val for theta in null.used))
    return (
        Exact("hit", "P(a rewarded y = 1) on true runs", hit_probability(law)),
        Exact("good", "P(best val >= bound) on null runs", values.probability(lambda value: value >= bound)),
        Exact("mean", "E best val on null runs", values.expectation(lambda value: value)),
        Exact("mean_bound", "1/(2T) - (L/A)/(1-p)", fmpq(1, 2 * task.T) - slack(instance)),
    )


def _document(task: ReductionTask, found: Reduction, seed: int, exact: tuple[Exact, ...]) -> Reduce:
    instance, formula = task.instance, task.instance.formula
    return Reduce(
        VERSION,
        formula=str(formula),
        dimacs=to_dimacs(formula),
        n=formula.variables,
        k=formula.k,
        m=len(formula.terms),
        A=rational_text(instance.A),
        L=rational_text(instance.L),
        p=rational_text(instance.p),
        coverage_bound=rational_text(1 / instance.p),
        val_star=None if task.star is None else rational_text(task.star.val),
        star=None if task.star is None else signs_text(task.star.assignment),
        learner=task.name,
        T=task.T,
        seed=seed,
        rounds=[Round(shown.term + 1, [_fields(one) for one in shown.committed]) for shown in found.rounds],
        best=None if found.best is None else _fields(found.best),
        returned=_fields(found.returned),
        bound=rational_text(found.bound),
        evaluations=task.evaluations,
        evaluations_brute_force=task.brute_force,
        law=NullLaw(**{one.key: number(one.value, _DIGITS) for one in exact}) if exact else UNSET,
    )


def _fields(found: Rounded) -> Assignment:
    return Assignment(signs_text(found.assignment), rational_text(found.val), not any(found.theta))


def _print_head(console: Console, task: ReductionTask, seed: int) -> None:
    instance, formula = task.instance, task.instance.formula
    console.print(shortened(str(formula), _LONGEST), style="bold")
    star = "undecided" if task.star is None else _value(task.star)
    _lines(
        console,
        ("formula", f"n = {formula.variables} variables, k = {formula.k}, m = {len(formula.terms)} terms"),
        ("val*", star),
        ("instance", f"A = {number(instance.A, _DIGITS)}, L = {number(instance.L, _DIGITS)}"),
        ("A^k/L", f"{number(1 / instance.p, _DIGITS)}, at least C_cov(pi*)"),
        ("p", f"{number(instance.p, _DIGITS)}, how often pi_ref answers 1"),
        ("learner", f"{METHODS[task.name].title}; T = {task.T} draws"),
    )
    console.print(f"\nNull run, seed {seed}: no reward oracle, every answer is 0", style="bold")


def _print_round(console: Console, formula: Formula, count: int, shown: NullRound) -> None:
    for i, found in enumerate(shown.committed):
        label = f"round {count}" if i == 0 else ""
        theta = "theta = 0" if not any(found.theta) else "theta"
        console.print(f"{label:<10}commits to {theta:<9}  sgn {_value(found)}", no_wrap=True, overflow="ellipsis")
    term = f"t{shown.term + 1}: {term_text(formula.terms[shown.term])}"
    console.print(f"{'':<10}sees {term}, answered by 0", style="dim", no_wrap=True, overflow="ellipsis")


def _print_result(console: Console, task: ReductionTask, found: Reduction, exact: tuple[Exact, ...]) -> None:
    if len(found.rounds) > _SHOWN:
        console.print(f"... {len(found.rounds) - _SHOWN} more rounds: --json has all")
    star = "val*" if task.star is None else f"val* = {rational_text(task.star.val)}"
    console.print("\nAssignment out", style="bold")
    work = "told where to look" if task.evaluations is None else f"at most {task.evaluations} evaluations of theta"
    vertices = f"2^{task.instance.formula.variables} vertices in each of {task.T // 2} rounds, and once more"
    _lines(
        console,
        ("best of the run", "none" if found.best is None else f"{_value(found.best)}, against {star}"),
        ("from theta_hat", _value(found.returned)),
        ("bound", f"1/(4T) - (L/A)/(1-p) = {number(found.bound, _DIGITS)}{_nothing(found.bound)}"),
        ("work", f"{work}; brute force: {vertices}"),
        *((one.text, str(number(one.value, _DIGITS))) for one in exact),
    )
    console.print(PROMISE, style="dim")


def _nothing(bound: fmpq) -> str:
    return "" if bound > 0 else ": promises nothing; raise A, or lower L or T"


def _value(found: Rounded) -> str:
    return f"{shortened(signs_text(found.assignment), WIDEST)}  val = {rational_text(found.val)}"


def _lines(console: Console, *pairs: tuple[str, str]) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in pairs:
        table.add_row(name, text)
    console.print(table)
