"""``spanner grade``: an implementation asked for the test vectors, and gradings compared."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, get_args

import msgspec
from flint import fmpq
from msgspec import UNSET, UnsetType

from proofs_check.cli.extras import require
from proofs_check.cli.formats.grade import ImplementationGrade, ReplayGrade, SamplerGrade
from proofs_check.cli.output import TextTable, UserError, err, one_line, out, say, working
from proofs_check.cli.where import check_engine, workplace
from proofs_check.conformance.elsewhere import Elsewhere
from proofs_check.conformance.grade import asked_functions, grade, graded_format
from proofs_check.conformance.implementations import SPELLINGS, VARIABLE, Source, opened
from proofs_check.conformance.kit import EXHAUSTED, GRADED_FORMATS, Kit, KitError, function_named
from proofs_check.conformance.page import page, side_by_side
from proofs_check.conformance.process import NotStarted
from proofs_check.conformance.profile import Profile, read_xfails
from proofs_check.conformance.replays import replay_all
from proofs_check.conformance.report import area_badges, badge, document, failures, function_table, junit, summary_line
from proofs_check.conformance.runs_report import (
    fallen_lines,
    replay_grades,
    replay_table,
    sampler_grades,
    sampler_table,
)
from proofs_check.conformance.samplers import sample_all
from proofs_check.sweep.executors import Workplace
from reference.conformance.vectors import DATA
from reference.exact.binary import FormatName
from reference.exact.rational_numbers import BadNumber, rational

CANNOT_START = 3
"""The exit code if the implementation cannot be started."""


_STANDARD_OUTPUT: Final = Path("-")


@dataclass(frozen=True, slots=True)
class GradeOptions:
    """What ``spanner grade`` was told."""

    functions: str | None = None
    format: str | None = None
    level: str | None = None
    profile: str | None = None
    xfails: Path | None = None
    timeout: float = 10
    memory: str | None = None
    vectors: Path | None = None
    json: Path | None = None
    html: Path | None = None
    badge: Path | None = None
    junit: Path | None = None
    replay: bool = False
    samplers: bool = False
    draws: int = 20_000
    alpha: str = "1e-6"
    jobs: int = 1
    on: str | None = None
    random: int | None = None
    seed: int = 0
    exhaustive: bool = False

    @property
    def live(self) -> bool:
        """Whether the vectors are made when they are asked."""
        return self.random is not None or self.exhaustive

    @property
    def asking(self) -> str:
        """The option that needs somebody to ask."""
        if self.live:
            return "--exhaustive" if self.exhaustive else "--random"
        return "--jobs" if self.on is None else "--on"

    @property
    def asks(self) -> bool:
        """Whether somebody has to be there who is asked."""
        return self.live or self.jobs > 1 or self.on is not None


def grade_command(words: Sequence[str], options: GradeOptions) -> int:
    """Grade, or compare gradings; see :func:`proofs_check.cli.outside_commands.grade`."""
    try:
        match list(words):
            case ["compare", *_] if options.asks:
                raise UserError(
                    f"grade compare {options.asking}: gradings are read, and nothing is asked; leave it out"
                )
            case ["compare", *files]:
                return _compare(files, options)
            case [spec]:
                return _grade(spec, options)
            case [] if os.environ.get(VARIABLE):
                return _grade(os.environ[VARIABLE], options)
            case []:
                raise UserError(f"grade what? {SPELLINGS}; or set {VARIABLE}")
            case [_, second, *_]:
                raise UserError(f"grade {second[:80]!r}: one implementation at a time; quote a command: {SPELLINGS}")
            case _:
                raise UserError(SPELLINGS)
    except KitError as error:
        raise UserError(str(error)) from None


def _grade(spec: str, options: GradeOptions) -> int:
    if options.html is not None:
        require("jinja2")
    _check_live(options, spec)
    _check_place(options)
    profile = Profile.of(options.profile, options.level)
    xfails = {} if options.xfails is None else read_xfails(options.xfails)
    names, chosen, memory, alpha = _names(options), _format(options), _bytes(options.memory), _alpha(options)
    kit = Kit.of(folder=options.vectors or DATA)
    try:
        with working("grading"), _source(spec, list(kit.files), options, memory) as (source, jobs):
            more = options.replay or options.samplers
            if options.live:
                kit = _live_kit(options, source, kit, names, chosen)
            grading = grade(
                source,
                kit,
                functions=names,
                format=chosen,
                profile=profile,
                xfails=xfails,
                or_none=more,
                jobs=jobs,
            )
            replays, samplers = _runs(source, grading.format, options, alpha)
    except NotStarted as error:
        err().print(f"spanner: {one_line(error)}", soft_wrap=True)
        return CANNOT_START
    found = document(grading, spec, replays, samplers)
    _write(options.json, lambda: msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    _write(options.html, lambda: page([found]).encode())
    if options.badge is not None:
        for area, each in {"": badge(found), **area_badges(found)}.items():
            path = options.badge.with_stem(f"{options.badge.stem}-{area}") if area else options.badge
            _write(path, partial(_json_line, each))
    _write(options.junit, lambda: junit(found))
    if options.json != _STANDARD_OUTPUT:
        _show(found)
    return 0 if found.passed else 1


def _check_place(options: GradeOptions) -> None:
    if options.on is not None:
        if options.jobs > 1:
            raise UserError("--on and --jobs both say where it is asked: leave one of them out")
        check_engine(options.on)


@contextmanager
def _source(
    spec: str, functions: Sequence[str], options: GradeOptions, memory: int | None
) -> Iterator[tuple[Source, int]]:
    """Open the implementation where it is to be asked, and say in how many processes of this machine."""
    here = Workplace(options.jobs)
    with nullcontext(here) if options.on is None else workplace(options.on) as place:
        if place.executor is not None:
            yield Elsewhere(place.executor, spec, functions, timeout=options.timeout, memory=memory), 1
            return
        with opened(spec, functions, timeout=options.timeout, memory=memory) as source:
            yield source, place.jobs


def _runs(
    source: Source, form: FormatName, options: GradeOptions, alpha: fmpq
) -> tuple[list[ReplayGrade] | UnsetType, list[SamplerGrade] | UnsetType]:
    """Return what replays and samplers come to, those of them that are asked for."""
    replay, sample = partial(replay_all, format=form), partial(sample_all, draws=options.draws, error=alpha)
    there = source.run if isinstance(source, Elsewhere) else lambda work: work(source)
    return (
        replay_grades(there(replay)) if options.replay else UNSET,
        sampler_grades(there(sample)) if options.samplers else UNSET,
    )


def _check_live(options: GradeOptions, spec: str) -> None:
    if spec.startswith("file:") and options.asks:
        raise UserError(f"{options.asking}: a file has been answered, and nobody is asked; leave {options.asking} out")
    if options.seed and options.random is None:
        raise UserError(f"--seed {options.seed}: of the random questions; say --random how many")
    if not options.live:
        return
    if options.badge is not None:
        raise UserError("--badge: of the vectors that ship, and --random and --exhaustive ask others; leave it out")
    if options.random is not None and options.exhaustive:
        raise UserError("--random, --exhaustive: one of the two")
    for given, name in ((options.vectors, "--vectors"), (options.xfails, "--xfails")):
        if given is not None:
            raise UserError(f"{options.asking} {name}: what is asked is made now, not read; leave {name} out")
    if options.exhaustive and options.functions is not None and _names(options) != [EXHAUSTED]:
        raise UserError(f"--exhaustive --functions {options.functions[:80]}: it asks for {EXHAUSTED}, and no other")
    require("mpmath")


def _live_kit(
    options: GradeOptions, source: Source, kit: Kit, names: Sequence[str] | None, chosen: FormatName | None
) -> Kit:
    from proofs_check.conformance.live import exhaustive_kit, random_kit

    asked, _ = asked_functions(source, kit, [EXHAUSTED] if options.exhaustive else names)
    form = graded_format(source, chosen)
    return exhaustive_kit(form) if options.random is None else random_kit(asked, options.random, options.seed, form)


def _show(found: ImplementationGrade) -> None:
    console = out()
    if found.functions:
        say(console, function_table(found))
        say(console, "")
    for line in failures(found):
        say(console, one_line_of(line))
    for note in found.notes:
        say(console, f"note: {one_line(note)}")
    _show_runs(found)
    if found.stderr and not found.passed:
        say(console, f"stderr ends: {one_line(found.stderr[-200:])}")
    say(console, summary_line(found))


def _show_runs(found: ImplementationGrade) -> None:
    replays = found.replays or []
    samplers = found.samplers or []
    for table in (*([replay_table(replays)] if replays else []), *([sampler_table(samplers)] if samplers else [])):
        say(out(), table)
        say(out(), "")
    for line in fallen_lines(replays, samplers):
        say(out(), one_line_of(line))


def one_line_of(line: str) -> str:
    """Return a line of a report with its indent, and nothing that a terminal would obey."""
    return " " * (len(line) - len(line.lstrip())) + one_line(line)


def _compare(files: Sequence[str], options: GradeOptions) -> int:
    if not files:
        raise UserError("grade compare what? files that 'spanner grade IMPLEMENTATION --json FILE' wrote")
    if options.html is not None:
        require("jinja2")
    found = [_read(Path(name)) for name in files]
    digests = {each.vectors_sha256 for each in found}
    if len(digests) > 1:
        raise UserError("grade compare: the files are about different vectors; grade them again")
    table = TextTable(
        (("function", "key"), *((f"{each.name} {each.implementation_version}".strip(), "text") for each in found))
    )
    for row in side_by_side(found):
        table.add_row(row["function"], *(_cell_text(cell) for cell in row["cells"]))
    table.add_row("of the whole kit", *(f"{each.vectors_passed}/{each.vectors_in_kit}" for each in found))
    _write(options.html, lambda: page(found).encode())
    say(out(), table)
    return 0


def _cell_text(cell: dict[str, str] | None) -> str:
    return "-" if cell is None else f"{cell['passed']}/{cell['asked']}"


def _read(path: Path) -> ImplementationGrade:
    try:
        return msgspec.json.decode(path.read_bytes(), type=ImplementationGrade)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is no file that 'spanner grade --json' wrote: {error}") from None


def _names(options: GradeOptions) -> list[str] | None:
    if options.functions is None:
        return None
    names = [name.strip() for name in options.functions.split(",")]
    return [function_named(name).name for name in names if name] or None


def _format(options: GradeOptions) -> FormatName | None:
    if options.format is None:
        return None
    for name in get_args(FormatName):
        if name == options.format and name in GRADED_FORMATS:
            return name  # type: ignore[no-any-return]  # of a Literal
    raise UserError(f"--format {options.format[:40]}; one of {', '.join(GRADED_FORMATS)}")


def _alpha(options: GradeOptions) -> fmpq:
    try:
        found = rational(options.alpha)
    except BadNumber as error:
        raise UserError(f"--alpha {options.alpha[:40]}: {error}") from None
    if not 0 < found < 1:
        raise UserError(f"--alpha {options.alpha[:40]}: a probability between 0 and 1, that a right sampler is refuted")
    return found


def _bytes(text: str | None) -> int | None:
    if text is None:
        return None
    found = re.fullmatch(r"([1-9][0-9]{0,14})([KMGT]?)i?B?", text, re.ASCII)
    if found is None:
        raise UserError(f"--memory {text[:40]}: write bytes, or 500M, or 2G")
    return int(found[1]) << {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}[found[2]]


def _json_line(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _write(path: Path | None, content: Callable[[], bytes]) -> None:
    if path is None:
        return
    if path == _STANDARD_OUTPUT:
        sys.stdout.write(content().decode())
        return
    try:
        path.write_bytes(content())
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None
