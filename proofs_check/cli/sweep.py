"""``spanner sweep``: claims on many instances of a strategy, on this machine or a cluster."""

from pathlib import Path
from time import monotonic
from typing import NamedTuple

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from proofs_check.cli.extras import require
from proofs_check.cli.formats import sweep as formats
from proofs_check.cli.formats.parts import VERSION
from proofs_check.cli.output import TextTable, UserError, err, one_line, out, print_json, say, working
from proofs_check.cli.verify import select
from proofs_check.cli.where import check_engine
from proofs_check.ledger import Claim, OtherVersion
from proofs_check.ledger.executing import source_digest
from proofs_check.sweep.crew import CrewClosed, seen_by
from proofs_check.sweep.deciding import StrategyRaised, Stretch
from proofs_check.sweep.engine_names import EngineError
from proofs_check.sweep.smallest import Counterexample, made_small
from proofs_check.sweep.strategies import STRATEGIES, Strategy, StrategyError, strategy_named
from proofs_check.sweep.sweep_file import SweepFileError
from proofs_check.sweep.sweeping import run_sweep
from proofs_check.sweep.totals import ClaimTotals, Totals

EVERY_SO_OFTEN = 20
"""Seconds between two lines of progress in a pipe."""

LONGEST_CHUNK = 9
"""Digits of a number of instances."""

FEW_UNDECIDED = 5
"""Undecided instances of a claim that are shown."""


class SweepOptions(NamedTuple):
    """The options of ``spanner sweep``, as :func:`proofs_check.cli.claim_commands.sweep` explains them."""

    n: int
    first: int
    claims: str | None
    seed: int
    on: str
    chunk: str
    resume: str | None
    time_limit: float
    save: str | None
    as_json: bool


def sweep_command(name: str | None, options: SweepOptions) -> int:
    """Sweep and print what that amounts to; see :func:`proofs_check.cli.claim_commands.sweep`."""
    if name is None:
        return _list_strategies(as_json=options.as_json)
    require("sympy", "hypothesis", "pysat")  # the ledger is loaded
    check_engine(options.on)
    try:
        strategy = strategy_named(name)
        claims = _claims(strategy, options)
        start, watch = monotonic(), SweepWatch(options, quiet=options.as_json)
        with watch.bar:
            totals = run_sweep(
                name, [claim.id for claim in claims], options.n, first=options.first, seed=options.seed, on=options.on,
                chunk=_chunk(options.chunk), resume=options.resume, limit=options.time_limit, tick=watch.tick,
            )  # fmt: skip
        found = {
            claim: _made_small(strategy, claim, options, each.violated[0])
            for claim, each in totals.claims.items()
            if each.violated
        }
    except (StrategyError, EngineError, SweepFileError) as error:
        raise UserError(one_line(error) + _whole(error, options)) from None
    except (StrategyRaised, OtherVersion, CrewClosed) as error:
        raise UserError(one_line(error) + _whole(error, options)) from None
    except KeyboardInterrupt:
        kept = f"what is done is in {options.resume}; the same command goes on" if options.resume else "nothing is kept"
        raise KeyboardInterrupt(f"interrupted; {kept}") from None
    _save(found, options.save)
    seconds = monotonic() - start
    if options.as_json:
        print_json(_document(name, options, totals, found, (seconds, watch.resumed or 0)))
    else:
        _show(name, options, totals, found, seconds)
    return 0 if totals.fine else 1


def _list_strategies(*, as_json: bool) -> int:
    if as_json:
        listed = [formats.NamedStrategy(each.name, each.makes) for each in STRATEGIES.values()]
        print_json(formats.Strategies(VERSION, listed))
        return 0
    lines = TextTable((("strategy", "key"), ("makes", "text")))
    for each in STRATEGIES.values():
        lines.add_row(each.name, each.makes)
    say(out(), lines)
    return 0


def _claims(strategy: Strategy, options: SweepOptions) -> list[Claim]:
    """Return the claims that are meant: those named, or all that speak of the first instance."""
    # In a process of a crew: a strategy may hang, print, or end its process.
    seen = seen_by(None, _stretch(strategy, options, options.first, ()))
    names = [name for name in (options.claims or "").split(",") if name]
    chosen = select(names, None)
    speaking = [claim for claim in chosen if claim.id in seen.speaking]
    if names and (silent := [claim.id for claim in chosen if claim not in speaking]):
        raise UserError(
            f"{', '.join(silent)}: no statement about every problem that {strategy.name} makes; leave it out"
        )
    return speaking


def _chunk(text: str) -> int | None:
    if text == "auto":
        return None
    if not text.isdecimal() or len(text) > LONGEST_CHUNK or not int(text):
        raise UserError(f"--chunk {text}: auto, or a number of instances")
    return int(text)


def _whole(error: Exception, options: SweepOptions) -> str:
    """Return what to say of the file after an error that is not about it."""
    if options.resume is None or isinstance(error, SweepFileError) or not Path(options.resume).exists():
        return ""
    return f"; what is done is in {options.resume}"


def _made_small(strategy: Strategy, claim: str, options: SweepOptions, index: int) -> Counterexample | None:
    with working(f"making the counterexample of {claim} small"):
        return made_small(_stretch(strategy, options, index, (claim,)))


def _stretch(strategy: Strategy, options: SweepOptions, index: int, claims: tuple[str, ...]) -> Stretch:
    return Stretch(
        strategy.name, strategy.digest, options.seed, claims, index, index + 1, options.time_limit
    )  # fmt: skip


def _save(found: dict[str, Counterexample | None], path: str | None) -> None:
    if path is None:
        return
    small = next((each for each in found.values() if each is not None), None)
    if small is None:
        return
    try:
        Path(path).write_text(small.item, encoding="utf-8")
    except OSError as error:
        raise UserError(f"--save {path}: {error.strerror}") from None


class SweepWatch:
    """Progress: a bar on a terminal, elsewhere a line now and then."""

    def __init__(self, options: SweepOptions, *, quiet: bool) -> None:
        console = err()
        self.console, self.n = console, options.n
        self.lines = not console.is_terminal and not quiet
        self.start = self.said = monotonic()
        self.resumed: int | None = None
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, transient=True, disable=not console.is_terminal,
        )  # fmt: skip
        self.task = self.bar.add_task("", total=options.n)

    def tick(self, totals: Totals) -> None:
        """Show how far it is."""
        if self.resumed is None:
            self.resumed, self.start = totals.done, monotonic()
            if self.resumed and self.lines:
                self._say(f"[{totals.done:,}/{self.n:,}] in the file already")
        bad = {word: sum(each.counts[word] for each in totals.claims.values()) for word in ("violated", "undecided")}
        words = ", ".join(f"{count:,} {word}" for word, count in bad.items() if count) or "nothing falls"
        self.bar.update(self.task, completed=totals.done, description=words)
        now = monotonic()
        if self.lines and now - self.said >= EVERY_SO_OFTEN:
            rate = (totals.done - self.resumed) / (now - self.start)
            left = f", about {(self.n - totals.done) / rate / 60:.0f} min left" if rate else ""
            self._say(f"[{totals.done:,}/{self.n:,}] {words}, {rate:.0f} instances/s{left}")

    def _say(self, text: str) -> None:
        self.console.print(text, soft_wrap=True)
        self.said = monotonic()


def _show(
    name: str, options: SweepOptions, totals: Totals, found: dict[str, Counterexample | None], seconds: float
) -> None:
    console = out()
    last = options.first + options.n - 1
    say(console, f"{name}: instances {options.first:,} to {last:,} of seed {options.seed}\n")
    counts = ("holds", "violated", "undecided", "not reached")
    heads = (*counts, "margin", "at")
    lines = TextTable((("claim", "key"), *((head, "number") for head in heads)))
    for claim, each in totals.claims.items():
        numbers = (f"{each.counts[word]:,}" for word in counts)
        lines.add_row(claim, *numbers, each.margin or "-", "-" if each.at is None else str(each.at))
    say(console, lines)
    for claim, each in totals.claims.items():
        for line in _notes(claim, each, found.get(claim), options):
            say(console, line)
    if options.save is not None and any(found.values()):
        console.print(f"written to {options.save}", markup=False, highlight=False, soft_wrap=True)  # a path is not cut
    rate = f"{totals.seconds:.1f} s of computing in {seconds:.1f} s"
    say(console, f"\n{sum(each.cases for each in totals.claims.values()):,} cases; {rate}.")


def _notes(claim: str, each: ClaimTotals, found: Counterexample | None, options: SweepOptions) -> list[str]:
    notes = []
    if each.violated:
        notes.append(f"{claim} is violated first at instance {each.violated[0]}.")
    if found is not None and found.found.fallen is not None:
        fallen = found.found.fallen
        sides = f": {fallen.left} {fallen.relation} {fallen.right} is false" if fallen.relation else " is false"
        where = " (--save FILE writes it)" if options.save is None else ""
        notes.append(f"  smallest: {one_line(fallen.where)}: {one_line(fallen.statement)}{sides}{where}")
    for index, reason in list(each.undecided.items())[:FEW_UNDECIDED]:
        notes.append(f"{claim} is undecided at instance {index}: {one_line(reason)}")
    if len(each.undecided) > FEW_UNDECIDED:
        notes.append(f"{claim} is undecided at {each.counts['undecided'] - FEW_UNDECIDED:,} more: --json lists them")
    return notes


def _document(
    name: str,
    options: SweepOptions,
    totals: Totals,
    found: dict[str, Counterexample | None],
    measured: tuple[float, int],
) -> formats.Sweep:
    seconds, resumed = measured
    claims = [_claim_document(claim, each, found.get(claim)) for claim, each in totals.claims.items()]
    return formats.Sweep(
        VERSION, name, options.seed, options.first, options.n, options.on, source_digest(), totals.fine, resumed,
        round(seconds, 3), round(totals.seconds, 3), claims,
    )  # fmt: skip


def _claim_document(claim: str, each: ClaimTotals, found: Counterexample | None) -> formats.SweptClaimTotals:
    counts = each.counts
    small = None
    if found is not None and found.found.fallen is not None:
        fallen = found.found.fallen
        small = formats.SweptCounterexample(
            each.violated[0], list(found.choices), found.trials, fallen.where, fallen.statement, fallen.left,
            fallen.relation, fallen.right, found.item,
        )  # fmt: skip
    undecided = [formats.UndecidedInstance(index, reason) for index, reason in each.undecided.items()]
    return formats.SweptClaimTotals(
        claim, counts["holds"], counts["violated"], counts["undecided"], counts["not reached"], each.cases,
        each.margin or None, each.at, each.violated, undecided, small,
    )  # fmt: skip
