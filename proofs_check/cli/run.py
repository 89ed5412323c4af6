"""``spanner run``: one run of an algorithm on an instance, or the exact law of its result."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import UNSET, UnsetType
from rich.console import Console

from proofs_check.cli.access import event_json
from proofs_check.cli.algorithm_list import show_algorithms
from proofs_check.cli.algorithms import algorithm, described_parameters, values
from proofs_check.cli.formats import run as formats
from proofs_check.cli.formats.parts import VERSION, Numeral, number
from proofs_check.cli.output import (
    NAME,
    TextTable,
    UserError,
    first,
    grid,
    out,
    print_json,
    say,
    short_number,
    unmarked,
    working,
)
from proofs_check.cli.program import ParameterValues, ProgramAnswer
from proofs_check.cli.theory import PER_MINUTE, InTheory, WhetherKept, in_theory
from reference.exact import to_decimal
from reference.exact.law import Law
from reference.interaction.choice import Choice
from reference.interaction.every_run import TooLarge
from reference.interaction.exhaustive import law_of
from reference.interaction.seeded import Seeded
from reference.interaction.world import World

_SHOWN = 30
"""Lines of a transcript that are printed."""

_MOST_STEPS = 2_000_000
"""Steps that ``--law`` enumerates: about a minute."""

MOST_IN_LAW = 20_000
"""Rounds whose exact law is enumerated: its masses have as many digits."""

SHOWN_OUTCOMES = 25
"""Outcomes of a law that are printed."""


def run_command(
    name: str | None,
    source: str | None,
    *,
    seed: int,
    param: list[str],
    theory: str | None,
    force: bool,
    law: bool,
    digits: int,
    as_json: bool,
) -> None:
    """Run an algorithm and print what came of it; see :func:`proofs_check.cli.commands.run`."""
    if name is None or source is None:
        if law or param or theory or force:
            raise UserError(f"spanner run {name or 'ALGORITHM'}: on what? name an instance; spanner catalog lists them")
        show_algorithms(name, as_json=as_json)
        return
    try:
        program = _AnyProgram(name, source, param, theory)
        program.check_size(force=force, law=law, as_json=as_json)
        if law:
            with working("enumerating all runs"):
                found = law_of(program.in_law, max_leaves=_MOST_STEPS)
            _show_law(program, found, digits, as_json=as_json)
        else:
            with working("running"):
                once = program.once(seed)
            _show_run(program, once, seed, as_json=as_json)
    except TooLarge:
        works = algorithm(name).works
        smaller = f"smaller parameters: {works} works for a handful of responses" if works else "smaller parameters"
        reason = f"more than {_MOST_STEPS:,} steps to enumerate, or too deep"
        raise UserError(f"spanner run {name} --law: {reason}; take a smaller instance or {smaller}") from None
    except UserError:
        raise
    except ValueError as error:  # an input that the algorithm refuses
        raise UserError(str(error)) from None


@dataclass(frozen=True, slots=True)
class Head:
    """What is run, on what, with which parameters, and whether what theory asked for them."""

    algorithm: str
    instance: str
    parameters: dict[str, str]
    theory: InTheory | None = None

    def show(self, console: Console) -> None:
        """Print the parameters, or where each comes from and what is promised."""
        if self.theory is None:
            say(console, unmarked(", ".join(f"{key} = {value}" for key, value in self.parameters.items())) + "\n")
            return
        say(console, self.theory.table())
        say(console, self.theory.promise() + "\n")

    def kept(self) -> WhetherKept | None:
        """Return whether theory keeps its promise, if it was asked."""
        if self.theory is None:
            return None
        with working("asking how often the gap is small enough"):
            return self.theory.kept()


@dataclass(frozen=True, slots=True)
class _CommandRun:
    """One run: its transcript, its answer, its meter, and the meter in words."""

    events: tuple[formats.Event, ...]
    answer: ProgramAnswer
    meter: formats.Meter
    summary: str


class _AnyProgram:
    """An algorithm on an instance, with its parameters."""

    def __init__(self, name: str, source: str, given: list[str], theory: str | None) -> None:
        if theory is not None and name != "spanner-sampling":
            raise UserError(f"--theory {theory[:80]}: theory gives the inputs of spanner-sampling only")
        self.algorithm = algorithm(name)
        self.problem = self.algorithm.access.load(source, f"spanner run {name}")
        asked = None if theory is None else in_theory(self.problem, theory, given)
        v = values(self.problem, self.algorithm, given if asked is None else asked.given)
        self.program = self.algorithm.program(self.problem, v)
        self.values = v
        self.own = {text.partition("=")[0] for text in given}
        self.noise = v.noise()
        self.head = Head(name, self.problem.name, described_parameters(v), asked)

    def check_size(self, *, force: bool, law: bool, as_json: bool) -> None:
        """Refuse what takes longer than a minute; what theory asks for is printed first, unless as data.

        Raises:
            UserError: with the size; or if there is nothing to force.
        """
        asked = self.head.theory
        if asked is None:
            self._check_growth(force=force, law=law)
            return
        if force:
            return
        is_long = law and not self._law_fits(self.values)
        if (asked.is_large or is_long) and not as_json:
            self.head.show(out())
        asked.check_size()
        if is_long:
            raise UserError(
                f"--theory {asked} --law: the exact law takes longer than a minute; not started: without --law one run "
                "is made, and asked how often the promise is kept; --force starts it"
            )

    def _check_growth(self, *, force: bool, law: bool) -> None:
        if self.algorithm.grows is None:
            return
        names, steps = self.algorithm.grows

        def fits(v: ParameterValues) -> bool:
            if not law:
                return steps(v) <= PER_MINUTE
            return max(steps(v), int(v.rational(names[0]).floor())) <= MOST_IN_LAW and self._law_fits(v)

        if force and fits(self.values):
            raise UserError(f"spanner run {self.head.algorithm} --force: less than a minute is needed; leave it out")
        if force or fits(self.values):
            return
        own = [name for name in names if name in self.own] or [names[0]]
        others = dict.fromkeys([*own, *names])
        name, works = next(((name, low) for name in others if (low := self._largest(name, fits))), (own[0], 0))
        what = "the exact law of so long a run takes" if law else "it takes"
        smaller = "a smaller instance or " * law + "smaller parameters"
        smaller += f", such as {self.algorithm.works}" * bool(law and self.algorithm.works)
        raise UserError(
            f"--param {name}={self.values.texts[name]:.40}: {what} longer than a minute; not started: "
            f"{f'{name}={works} works' if works else f'take {smaller}'}, --force starts it"
        )

    def _law_fits(self, v: ParameterValues) -> bool:
        return self.algorithm.law_fits is None or self.algorithm.law_fits(self.problem, v)

    def _largest(self, name: str, fits: Callable[[ParameterValues], bool]) -> int:
        """Return the largest integer below a parameter's value at which a run is short enough; 0 if there is none."""
        text = self.values.texts[name]
        low, high = 0, int(self.values.rational(name).floor()) if text[:1].isdecimal() else 0
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if fits(self.values.having(name, middle)) else (low, middle - 1)
        return low

    def once(self, seed: int) -> _CommandRun:
        """Run once."""
        access, events = self.algorithm.access, list[formats.Event]()
        world = World(
            self.problem,
            Seeded(seed),
            noise=self.noise,
            observer=lambda event: events.append(event_json(self.problem, event)),
        )
        answer = self.program(access.view(world))
        reading, draw = world.meter.reading, answer.queries_per_draw or 0
        return _CommandRun(tuple(events), answer, access.meter(reading, draw), access.summary(reading, draw))

    def in_law(self, choice: Choice) -> tuple[ProgramAnswer, int]:
        """Run once for an exact law; return the answer and ``T_data``: other queries are not counted."""
        world = World(self.problem, choice, noise=self.noise, metered=False)
        answer = self.program(self.algorithm.access.view(world))
        return answer, world.meter.reading.t_data


def _show_run(program: _AnyProgram, found: _CommandRun, seed: int, *, as_json: bool) -> None:
    head = program.head
    kept = head.kept()
    if as_json:
        document = formats.Run(
            VERSION,
            algorithm=head.algorithm,
            instance=head.instance,
            parameters=head.parameters,
            theory=_theory(kept),
            seed=seed,
            transcript=list(found.events),
            answer=found.answer.data,
            queries_per_draw=found.answer.queries_per_draw,
            meter=found.meter,
        )
        print_json(document)
        return
    console = out()
    say(console, f"{program.algorithm.title} on {unmarked(head.instance)}, seed {seed}", style="bold")
    head.show(console)
    shown = first(len(found.events), _SHOWN)
    for i, event in enumerate(found.events[:shown], 1):
        console.print(_line(f"{i:>5}  {event.oracle:<7} ", event, console.width), soft_wrap=True)
    if left := len(found.events) - shown:
        console.print(f"  ...  {left} more queries: --json has all")
    console.print()
    say(console, grid(found.answer.lines))
    say(console, found.summary)
    _show_kept(console, kept)


def _theory(kept: WhetherKept | None) -> formats.Theory | UnsetType:
    return UNSET if kept is None else kept.asked.json(kept)


def _show_kept(console: Console, kept: WhetherKept | None) -> None:
    if kept is not None:
        console.print()
        say(console, grid(kept.lines()))


def _line(start: str, event: formats.Event, width: int) -> str:
    """Return an event on one line: its names are shortened to the width, the numbers after them are not."""
    names, end = event.prompt, ""
    if event.response is not UNSET:
        names += f": {event.response}"
    if event.prefix is not UNSET:
        names += f": ({', '.join(event.prefix)})"
    if event.token is not UNSET:
        names += f" -> {event.token}"
    if event.tokens is not UNSET:
        end = f": {event.tokens} tokens"
    if event.theta is not UNSET:
        end = f", theta = ({', '.join(map(_briefly, event.theta))})"
    if event.value is not UNSET:
        end = f" = {_briefly(event.value)}"
    end = unmarked(end)
    return f"{start}{short_number(names, max(width - len(start) - len(end), NAME))}{end}"


def _briefly(value: Numeral) -> str:
    return str(value) if value.exact is None or len(value.exact) > _LONG else value.exact


_LONG = 60
"""Characters of an exact number that a transcript shows."""


def _show_law(program: _AnyProgram, found: Law[tuple[ProgramAnswer, int]], digits: int, *, as_json: bool) -> None:
    kept = program.head.kept()
    rows = sorted(found.items(), key=lambda pair: float(number(pair[1], 17).decimal or 0), reverse=True)
    if as_json:
        what = program.head
        outcomes = [formats.Outcome(number(mass, digits), t_data, answer.data) for (answer, t_data), mass in rows]
        document = formats.Law(
            VERSION,
            algorithm=what.algorithm,
            instance=what.instance,
            parameters=what.parameters,
            theory=_theory(kept),
            outcomes=outcomes,
        )
        print_json(document)
        return
    console = out()
    say(
        console,
        f"{program.algorithm.title} on {unmarked(program.head.instance)}: the exact law of its result",
        style="bold",
    )
    program.head.show(console)
    listed = TextTable((("probability", "number"), ("T_data", "number"), ("answer", "text")))
    for (answer, t_data), mass in rows[: (shown := first(len(rows), SHOWN_OUTCOMES))]:
        head = [str(number(mass, digits)), str(t_data)]
        for name, text in answer.lines:
            listed.add_row(*head, f"{name}: {text}")
            head = ["", ""]
    say(console, listed)
    if left := len(rows) - shown:
        rest = sum((mass for _, mass in rows[shown + 1 :]), rows[shown][1])
        say(console, f"... {left} more outcomes, probability {to_decimal(rest, digits)}: --json has all")
    _show_kept(console, kept)
