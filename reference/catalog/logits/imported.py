"""An instance file from a row of logits and what is rewarded: one prompt, whose responses are the outcomes.

The logits stand in the file as they are, in hexadecimal; the file has been read back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Final, NamedTuple

from flint import arb, fmpq

from reference.catalog import layout
from reference.catalog.format import FORMAT
from reference.catalog.format2 import VERSION_2
from reference.catalog.loading import one_line_path
from reference.catalog.logits.cells import Cell, Wanted
from reference.catalog.logits.files import ReadRow, read_numbers
from reference.catalog.logits.names import outcome_names, token_names
from reference.catalog.logits.records import UNLIKELY
from reference.catalog.logits.rewarded import RewardChoice, RewardedOutcomes, read_beside, rewarded_outcomes
from reference.catalog.parsing import parse
from reference.catalog.reading import InstanceError
from reference.exact.linalg import Vector
from reference.exact.precision import workprec
from reference.exact.rational_numbers import BadNumber, RationalLike, rational
from reference.floats import DEEPEST, exact_row, kept_logits, kept_places
from reference.model import checks
from reference.model.checks import ProblemError
from reference.model.parts import About, counted

MOST_OUTCOMES: Final = 1 << 19
"""Outcomes of a row; the vocabularies of language models have up to half as many."""

EVERYTHING: Final = Wanted()
"""The only row of the only array."""


@dataclass(frozen=True, slots=True)
class LogitsImport:
    """What is imported, and how.

    ``weights``: the numbers are probabilities or weights, and no logits.  ``mask``: a field, true where an outcome is
    kept.  ``drop_masked``: leave out minus infinity, and what engines write for it.  ``tokens``: a file of names.
    """

    path: Path
    rewards: RewardChoice
    wanted: Wanted = EVERYTHING
    weights: bool = False
    mask: str = ""
    drop_masked: bool = False
    temperature: RationalLike = 1
    tokens: Path | None = None
    beta: RationalLike = 1
    name: str = ""


class Imported(NamedTuple):
    """The text of an instance file, and what was made of what, and lost: ``told`` in words."""

    text: str
    told: tuple[str, ...]


def imported_logits(chosen: LogitsImport) -> Imported:
    """Return the instance file of a row of logits.

    Raises:
        InstanceError: for a file that cannot be read, numbers that make no law, rewards that do not fit; one line.
    """
    try:
        return _imported(chosen)
    except ProblemError as error:
        place = f"{error.path}: " * bool(error.path)
        raise InstanceError(_line(f"{one_line_path(str(chosen.path))}: {place}{error.reason}")) from None
    except (TypeError, ValueError) as error:  # of a row that is no law
        if isinstance(error, InstanceError):
            raise
        raise InstanceError(_line(f"{one_line_path(str(chosen.path))}: {error}")) from None


def _imported(chosen: LogitsImport) -> Imported:
    heat, beta = (_positive(*pair) for pair in (("--temperature", chosen.temperature), ("--beta", chosen.beta)))
    if chosen.weights and heat != 1:
        raise ProblemError("--temperature", "goes with logits, not with probabilities")
    found = read_numbers(chosen.path, chosen.wanted)
    name = chosen.name or chosen.path.stem
    checks.name("--name", name)
    size = len(found.values)
    if size > MOST_OUTCOMES:
        raise ProblemError(found.what, f"{size} outcomes; at most {MOST_OUTCOMES} are read")
    known = _known_names(chosen, found)
    names = outcome_names(size, known)
    mask = _mask(chosen, found)
    places, values = _weights(found, mask) if chosen.weights else _logits(found, mask)
    rewards = rewarded_outcomes(chosen.rewards, chosen.path, chosen.wanted, names, places)
    told = [f"{counted(len(places), 'outcome')} of {found.what}"]
    if size > len(places):
        told.append(f"{size - len(places)} left out")
    if 0 < len(known) < size:
        told.append(f"{size - len(known)} have no name in {chosen.tokens}")
    if found.is_record and not chosen.weights:
        told.append(f"the listed probabilities sum to about {_listed_mass(found, places)}; divided by that")
    notes = [("imported", "; ".join(told)), ("file", chosen.path.name)]
    if heat != 1:
        notes.append(("temperature", layout.number_text(heat)))
    head: dict[str, object] = {
        **layout.head(FORMAT, VERSION_2, name, About(provenance=tuple((key, _line(text)) for key, text in notes))),
        "beta": layout.number_text(beta),
    }
    kind = "weight" if chosen.weights else "logit"
    rows = [(names[j], {kind: _text(value / heat)}) for j, value in zip(places, values, strict=True)]
    text = _written(head, rows, rewards)
    problem = parse(text, f"{one_line_path(str(chosen.path))}: the instance of it")
    vanished = sum(not bool(edge.pi_ref) for edge in problem.layers[0][problem.prompts[0].root])
    if vanished and not chosen.weights:
        told.append(f"{vanished} so far below the greatest logit that their weight, and pi_ref, is 0")
    return Imported(text, tuple(told))


def _known_names(chosen: LogitsImport, found: ReadRow) -> Sequence[str]:
    if chosen.tokens is None:
        return found.names
    try:
        names = token_names(chosen.tokens)
    except ProblemError as error:
        raise ProblemError("--tokens", f"{chosen.tokens}: {error.reason}") from None
    if len(names) > len(found.values):
        raise ProblemError("--tokens", f"{chosen.tokens}: {len(names)} names for {len(found.values)} outcomes")
    return names


def _mask(chosen: LogitsImport, found: ReadRow) -> list[bool] | None:
    """Return which outcomes are kept, ``None`` if all are."""
    size = len(found.values)
    flags: list[Cell] | None = None
    if chosen.mask:
        flags = read_beside(chosen.mask, chosen.path, chosen.wanted, size).values
    places = kept_places(size, "outcomes", flags)
    if chosen.drop_masked:
        top = max((v for j in places if isfinite(v := found.values[j])), default=0)
        dropped = {j for j in places if _stands_for_nothing(found.values[j], top, found, weights=chosen.weights)}
        places = [j for j in places if j not in dropped]
        if not places:
            raise ProblemError(found.what, f"--drop-masked leaves none of {size} outcomes: there is no law")
    if len(places) == size:
        return None
    kept = set(places)
    return [j in kept for j in range(size)]


def _stands_for_nothing(value: Cell, top: Cell, found: ReadRow, *, weights: bool) -> bool:
    if weights:
        return value == 0
    return value == -float("inf") or value < top - DEEPEST or (found.is_record and value == UNLIKELY)


_WAY: Final = "leave such outcomes out with --drop-masked, or pass --mask"


def _logits(found: ReadRow, mask: Sequence[bool] | None) -> tuple[list[int], list[fmpq]]:
    places, values = kept_logits(found.values, mask, way=_WAY)
    for j in places:
        if found.is_record and found.values[j] == UNLIKELY:
            reason = f"logits[{j}] = {UNLIKELY}: what engines write for a probability that is too low to be told"
            raise ProblemError(found.what, f"{reason}; {_WAY}")
    return places, [value if isinstance(value, fmpq) else value.constant for value in values]


def _weights(found: ReadRow, mask: Sequence[bool] | None) -> tuple[list[int], list[fmpq]]:
    places = kept_places(len(found.values), "weights", mask)
    values = exact_row([found.values[j] for j in places], "row")
    for j, value in zip(places, values, strict=True):
        if value < 0:
            raise ProblemError(found.what, f"row[{j}] = {found.values[j]} is negative; weights are at least 0")
    if not any(values):
        raise ProblemError(found.what, f"all {len(values)} entries of the row are 0: there is no law")
    return places, values


def _text(value: fmpq) -> str:
    """Return a number for an instance file: as C writes a float, if it is one."""
    try:
        found = int(value.p) / int(value.q)
    except OverflowError:
        return layout.number_text(value)
    if fmpq(*found.as_integer_ratio()) != value:
        return layout.number_text(value)
    mantissa, _, exponent = found.hex().partition("p")
    return f"{mantissa.rstrip('0').rstrip('.')}p{exponent}" if value != 0 else "0"


def _listed_mass(found: ReadRow, places: Sequence[int]) -> str:
    with workprec(64):
        return str(sum((arb(found.values[j]).exp() for j in places), arb(0)).str(6, radius=False))


def _positive(option: str, number: RationalLike) -> fmpq:
    try:
        value = rational(number)
    except BadNumber as error:
        raise ProblemError(option, str(error)) from None
    checks.positive(option, value)
    return value


def _written(head: dict[str, object], rows: Sequence[tuple[str, dict[str, str]]], found: RewardedOutcomes) -> str:
    """Return the file: a line for each response, of which name and mass are given."""
    known: dict[int, list[str]] = {}

    def phi(vector: Vector) -> list[str]:
        if id(vector) not in known:  # few features, many outcomes
            known[id(vector)] = [layout.number_text(x) for x in vector]
        return known[id(vector)]

    lines = [
        f"      {layout.json_text({'name': name, **mass, 'phi': phi(vector)})}"
        for (name, mass), vector in zip(rows, found.phis, strict=True)
    ]
    whole = head | {
        "bounds": {"R_max": layout.number_text(found.R_max), "B": layout.number_text(found.B)},
        "theta": [layout.loglinear_text(t) for t in found.theta],
    }
    prompt = f'    {{{layout.fields({"name": "x", "rho": "1"})}, "responses": [\n{layout.lines(lines)}\n    ]}}'
    return layout.file(whole, {"prompts": [prompt]})


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text.encode("utf-8", "backslashreplace").decode())
