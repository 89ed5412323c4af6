"""``spanner search``: the worst instance of an inequality."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from rich.console import Console
from rich.padding import Padding

from proofs_check.cli.altered import settings_read
from proofs_check.cli.extras import require
from proofs_check.cli.formats import search as formats
from proofs_check.cli.formats.parts import VERSION, Numeral, number
from proofs_check.cli.output import UserError, err, one_line, out, print_json, say
from proofs_check.cli.where import check_engine, workplace
from proofs_check.ledger import Claim, ClaimError
from proofs_check.ledger.constants import NoConstant
from proofs_check.search.climbing import Worst
from proofs_check.search.listed import listed_by_name
from proofs_check.search.numbers import numbers_by_name
from proofs_check.search.running import SearchLimits, SearchResult, search
from proofs_check.search.spaces import DECIDED_TOO, NotSearched, Sought, space
from proofs_check.sweep.executors import Workplace
from reference.catalog import dump
from reference.model.linear_problem import LinearProblem
from reference.model.parts import About

SEARCH_SECONDS = 20
"""What a search takes unless it is told."""


class SearchOptions(NamedTuple):
    """The options of ``spanner search``, as :func:`proofs_check.cli.claim_commands.search` explains them."""

    maximise: str
    alter: Sequence[str]
    mutation: bool
    sources: Sequence[str]
    about: str
    seed: int
    steps: int | None
    budget: int | None
    jobs: int | None
    on: str | None
    save: Path | None
    digits: int
    as_json: bool


def search_command(name: str, options: SearchOptions) -> int:
    """Print how tight a claim was found to be, and where; see :func:`proofs_check.cli.claim_commands.search`.

    Raises:
        UserError: for what cannot be searched, and where nothing was found.
    """
    require("sympy", "hypothesis", "pysat")
    if options.on is not None:
        check_engine(options.on)
    claim, asked, limits = _asked(name, options)
    start = perf_counter()
    try:
        space(asked)  # what cannot be searched is said before anything else
        here = Workplace(options.jobs or 1)
        with (
            nullcontext(here) if options.on is None else workplace(options.on) as place,
            _progress(claim.id, limits) as tick,
        ):
            result = search(asked, limits, place.jobs, executor=place.executor, tick=tick)
    except (NotSearched, NoConstant) as error:
        raise UserError(str(error)) from None
    worst = result.worst
    if worst is None:
        raise UserError(_nothing(claim, asked, result))
    text = _instance(claim, worst)
    saved = _save(options.save, text, worst, claim) if options.save is not None else ""
    seconds = round(perf_counter() - start, 3)
    if options.as_json:
        print_json(_document(claim, asked, result, seconds, saved, options.digits))
    else:
        _show(out(), claim, asked, result, seconds, saved, options.digits)
    return 0 if worst.tight.case.holds else 1


def inequalities(claim: Claim, result: SearchResult, digits: int) -> list[formats.Tightest]:
    """Return what was found of each inequality, the tightest first, with decimals of so many digits."""
    return [_tightest(claim, found, digits) for found in _ordered(result)]


def _asked(name: str, options: SearchOptions) -> tuple[Claim, Sought, SearchLimits]:
    from proofs_check.claims import registry

    if options.maximise != "ratio":
        raise UserError(f"--maximise {options.maximise[:80]}: there is 'ratio', smaller side over larger side")
    if options.steps is not None and options.budget is not None:
        raise UserError("--steps and --budget both end the search: give one of them")
    if options.on is not None and options.jobs is not None:
        raise UserError("--on and --jobs both say where restarts run: leave one of them out")
    if options.mutation and options.alter:
        raise UserError("--mutation searches the false variant as it is: leave --set out")
    try:
        claim = registry()[name]
    except ClaimError as error:
        raise UserError(str(error)) from None
    if options.save is not None and (options.save.is_dir() or not options.save.absolute().parent.is_dir()):
        raise UserError(f"--save {options.save}: no file can be written there")
    seconds = None if options.steps is not None else float(options.budget or SEARCH_SECONDS)
    values = tuple(settings_read(options.alter).items())
    asked = Sought(claim.id, options.mutation, values, tuple(options.sources), options.about, options.seed)
    return claim, asked, SearchLimits(options.steps, seconds)


@contextmanager
def _progress(name: str, limits: SearchLimits) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how many instances were looked at; elsewhere say once how long it will take."""
    console = err()
    if not console.is_terminal:
        ends = f"{limits.seconds:g} seconds" if limits.seconds is not None else f"{limits.steps:,} instances"
        console.print(f"searching {name} for {ends}, then simplifying what is found", soft_wrap=True)
        yield lambda _: None
        return
    with console.status(name) as status:
        yield lambda looks: status.update(f"{name}: {looks:,} instances")


def _nothing(claim: Claim, asked: Sought, result: SearchResult) -> str:
    if asked.about:
        return f"{claim.id}: no inequality with {asked.about[:80]!r} in its text was met with"
    if result.undecided or result.given_up or result.trouble:
        return f"{claim.id}: nothing was decided on {result.looks} instances; {result.trouble}".rstrip("; ")
    return f"{claim.id} states no inequality that was met with on {result.looks} instances: there is no ratio"


def _instance(claim: Claim, found: Worst) -> str:
    """Return the instance file of what was found; nothing where it is numbers, or a member of a list."""
    member = found.point.member()
    if not isinstance(member, LinearProblem):
        return ""
    about = About(title=f"Worst instance of {claim.id} that was found", source="spanner search")
    return dump(replace(member, name=f"{claim.id}-worst", about=about))


def _numbers(found: Worst) -> dict[str, str]:
    return numbers_by_name(found.point) or listed_by_name(found.point)


def _save(path: Path, text: str, worst: Worst, claim: Claim) -> str:
    if not text and listed_by_name(worst.point):
        raise UserError(f"--save {path}: {claim.id} lists what it is decided on, no instances; --json says which it is")
    if not text:
        raise UserError(f"--save {path}: {claim.id} ranges over numbers, not over instances; --json has them")
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"--save {path}: {error.strerror or error}") from None
    return str(path)


def _ordered(result: SearchResult) -> list[Worst]:
    """Return what was found, the tightest first."""
    rest, ordered = SearchResult(best=dict(result.best)), []
    while (top := rest.worst) is not None:
        ordered.append(top)
        del rest.best[top.tight.case.statement]
    return ordered


def _ratio(found: Worst, digits: int) -> Numeral | None:
    exact = found.tight.rational
    if exact is not None:
        return number(exact, digits)
    ratio = found.tight.ratio
    return None if ratio is None else number(ratio, digits)


def _document(
    claim: Claim, asked: Sought, result: SearchResult, seconds: float, saved: str, digits: int
) -> formats.Search:
    return formats.Search(
        VERSION, claim.id, dict(asked.values), _variant(claim, asked), asked.seed, result.restarts, result.looks,
        result.undecided, result.given_up, result.trouble, seconds,
        holds=all(found.tight.case.holds for found in result.best.values()),
        inequalities=inequalities(claim, result, digits), saved=saved,
    )  # fmt: skip


def _variant(claim: Claim, asked: Sought) -> str:
    return claim.mutation.text if asked.mutation and claim.mutation is not None else ""


def _tightest(claim: Claim, found: Worst, digits: int) -> formats.Tightest:
    case = found.tight.case
    left, right = (None if side is None else number(side, digits) for side in (case.left, case.right))
    return formats.Tightest(
        case.statement, case.holds, _ratio(found, digits), case.instance, left, case.relation, right, case.method,
        found.restart, _instance(claim, found), _numbers(found),
    )  # fmt: skip


def _show(
    console: Console, claim: Claim, asked: Sought, result: SearchResult, seconds: float, saved: str, digits: int
) -> None:
    falsified = f", {_variant(claim, asked)}" if asked.mutation else ""
    constants = f" with {', '.join(f'{name}={value}' for name, value in asked.values)}" if asked.values else ""
    restarts = f"{result.restarts} restart{'s' * (result.restarts != 1)} of seed {asked.seed}"
    say(console, f"{claim.id}{falsified}{constants}: {result.looks:,} instances, {restarts}, {seconds:.1f} s\n")
    ordered = _ordered(result)
    for found in ordered:
        holds, ratio = found.tight.case.holds, _ratio(found, digits)
        shown = "no ratio" if ratio is None else f"ratio {ratio}"
        line = f"{'' if holds else 'VIOLATED  '}{shown}  {found.tight.case.statement}"
        console.print(one_line(line), style=None if holds else "bold red")
    say(console, f"\nThe {'tightest' if ordered[0].tight.case.holds else 'counterexample'}:")
    _show_where(console, claim, ordered[0], digits)
    for words in _left_out(result):
        say(console, words)
    if saved:
        again = _again(claim, asked, saved)
        say(console, f"\nSaved to {saved}; to decide it again: {again}")


def _again(claim: Claim, asked: Sought, saved: str) -> str:
    constants = "".join(f" --set {name}={value}" for name, value in asked.values)
    if claim.every is None or asked.mutation or claim.id in DECIDED_TOO:
        variant = " --mutation" * asked.mutation
        return f"spanner search {claim.id} --from {saved} --steps 1{constants}{variant}"
    return f"spanner verify {claim.id} --on {saved}{constants}"


def _show_where(console: Console, claim: Claim, found: Worst, digits: int) -> None:
    case, member = found.tight.case, found.point.member()
    if isinstance(member, LinearProblem):
        console.print(Padding(str(replace(member, name=f"{claim.id}-worst").table()), (0, 0, 0, 2)))
        entries = (f"B = {member.B}", f"R_max = {member.R_max}", f"theta = ({', '.join(map(str, member.theta))})")
        console.print(Padding(one_line(", ".join(entries)), (0, 0, 0, 2)))
    else:
        numbers = ", ".join(f"{name} = {value}" for name, value in _numbers(found).items())
        console.print(Padding(one_line(numbers), (0, 0, 0, 2)))
    if case.left is not None and case.right is not None:
        sides = f"{number(case.left, digits)} {case.relation} {number(case.right, digits)}"
        console.print(Padding(one_line(f"{case.instance}: {sides}"), (0, 0, 0, 2)))


def _left_out(result: SearchResult) -> list[str]:
    found = []
    if result.undecided:
        found.append(f"\n{result.undecided} instances stayed undecided.")
    if result.given_up:
        found.append(f"\n{result.given_up} instances took too long and were given up.")
    if result.trouble:
        found.append(f"\nOn some instances the claim's function ended in an error: {result.trouble}")
    return found
