"""What is rewarded: named outcomes, an array of rewards, or features with a parameter; as features and ``theta``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from flint import fmpq

from reference.catalog.logits.cells import Wanted
from reference.catalog.logits.files import ReadRow, read_field
from reference.catalog.reading import DEFAULT_LIMITS
from reference.catalog.reading2 import norm_bound
from reference.exact.linalg import Vector
from reference.exact.log_linear import ZERO, LogLinear, loglinear
from reference.exact.number import Undecided
from reference.exact.rational_numbers import BadNumber
from reference.floats import exact_row
from reference.model.checks import ProblemError
from reference.model.linear import extremes, linear_score


@dataclass(frozen=True, slots=True)
class RewardChoice:
    """One of three: rewards of outcomes ``at`` names or ``#numbers``, 0 elsewhere; a field; features and ``theta``.

    Fields are written ``KEY``, of the file of the logits, or ``FILE:KEY``.
    """

    at: tuple[tuple[str, str], ...] = ()
    field: str = ""
    features: str = ""
    theta: tuple[str, ...] = ()


class RewardedOutcomes(NamedTuple):
    """Features of each outcome that is kept, ``theta``, and bounds."""

    phis: list[Vector]
    theta: tuple[LogLinear, ...]
    B: fmpq
    R_max: fmpq


def rewarded_outcomes(
    rewards: RewardChoice, path: Path, wanted: Wanted, names: Sequence[str], places: Sequence[int]
) -> RewardedOutcomes:
    """Return what a problem needs to know of rewards: of the outcomes at ``places`` of those with these names.

    Raises:
        ProblemError: if rewards are given in no way or in two; for what is no outcome, and arrays that do not fit.
    """
    given = [bool(rewards.at), bool(rewards.field), bool(rewards.features or rewards.theta)]
    if sum(given) != 1:
        found = "no rewards are given" if not any(given) else "rewards are given in two ways"
        ways = "--reward TOKEN=NUMBER (0 elsewhere), --rewards KEY, or --features KEY with --theta"
        raise ProblemError("", f"{found}; choose one of {ways}")
    if rewards.features or rewards.theta:
        return _with_features(rewards, path, wanted, len(names), places)
    values = _named(rewards.at, names, places) if rewards.at else _listed(rewards.field, path, wanted, len(names))
    return _of_values([values.get(j, ZERO) for j in places])


def field_at(path: Path, text: str) -> tuple[Path, str]:
    """Return the file and the key of a field: ``KEY`` of ``path``, ``FILE:KEY``, or ``FILE``, the only array in it."""
    file, colon, key = text.rpartition(":")
    if colon and Path(file).is_file():
        return Path(file), key
    return (Path(text), "") if Path(text).is_file() else (path, text)


def read_beside(text: str, path: Path, wanted: Wanted, size: int, axes: int = 1) -> ReadRow:
    """Return a field with an entry, or a row of entries, for each of ``size`` outcomes."""
    file, key = field_at(path, text)
    row = wanted.row if file == path else ()
    try:
        found = read_field(file, Wanted(key, row, axes=axes, shared=True))
    except ProblemError as error:
        place = f"{error.path}: " * bool(error.path)
        raise ProblemError(text, f"{f'{file}: ' * (file != path)}{place}{error.reason}") from None
    if found.shape[0] != size:
        raise ProblemError(text, f"{found.what} has {found.shape[0]} entries, and there are {size} outcomes")
    return found


def _named(pairs: Sequence[tuple[str, str]], names: Sequence[str], places: Sequence[int]) -> Mapping[int, LogLinear]:
    index = {name: j for j, name in enumerate(names)}
    kept, found = set(places), dict[int, LogLinear]()
    for token, text in pairs:
        number = token[1:]
        by_number = token.startswith("#") and number.isdecimal() and len(number) < _DIGITS and int(number) < len(names)
        j = index.get(token, int(number) if by_number else None)
        if j is None:
            shown = ", ".join(map(repr, names[:_SHOWN]))
            way = f"names are like {shown}; #NUMBER counts from 0"
            raise ProblemError(f"--reward {token[:_NAME]!r}", f"there is no such outcome of {len(names)}; {way}")
        if j not in kept:
            raise ProblemError(f"--reward {token[:_NAME]!r}", "this outcome is left out, so it has no reward")
        found[j] = _number(f"--reward {token[:_NAME]!r}", text)
    return found


def _listed(field: str, path: Path, wanted: Wanted, size: int) -> Mapping[int, LogLinear]:
    found = read_beside(field, path, wanted, size)
    return dict(enumerate(map(LogLinear, _exact(field, found))))


def _of_values(values: Sequence[LogLinear]) -> RewardedOutcomes:
    """One feature, the reward over the largest, if these are rational; elsewhere a coordinate for each value."""
    least, greatest = extremes(values)
    spread = greatest - least
    unit = max(greatest, -least) if spread != 0 or greatest != 0 else LogLinear(fmpq(1))
    theta = tuple(dict.fromkeys(values))
    shares = {value: _over(value, unit) for value in theta}
    known = {value: Vector.of([share]) for value, share in shares.items() if share is not None}
    if len(known) == len(theta):
        bound = unit.constant if unit.is_rational else norm_bound((unit,))
        return RewardedOutcomes([known[value] for value in values], (unit,), bound, _above(spread))
    if len(theta) > DEFAULT_LIMITS.dimension:
        reason = f"{len(theta)} different values, some irrational; at most {DEFAULT_LIMITS.dimension} are taken"
        raise ProblemError("the rewards", reason)
    units = {value: Vector.of([int(k == j) for k in range(len(theta))]) for j, value in enumerate(theta)}
    return RewardedOutcomes([units[value] for value in values], theta, norm_bound(theta), _above(spread))


def _over(value: LogLinear, unit: LogLinear) -> fmpq | None:
    """Return ``value / unit`` if it is rational."""
    parts = {1: value.constant, **dict(value.terms)}
    whole = {1: unit.constant, **dict(unit.terms)}
    prime = next(prime for prime, part in whole.items() if part != 0)
    share = parts.get(prime, fmpq(0)) / whole[prime]
    return share if unit * share == value else None


def _with_features(
    rewards: RewardChoice, path: Path, wanted: Wanted, size: int, places: Sequence[int]
) -> RewardedOutcomes:
    if not (rewards.features and rewards.theta):
        raise ProblemError("", "--features and --theta go together: the reward is their inner product")
    theta = tuple(_number(f"--theta, entry {k}", text) for k, text in enumerate(rewards.theta))
    found = read_beside(rewards.features, path, wanted, size, axes=2)
    width = found.shape[1]
    if width != len(theta):
        raise ProblemError("--theta", f"{len(theta)} entries, and {found.what} has {width} features")
    cells = _exact(rewards.features, found)
    phis = [Vector.of(cells[width * j : width * (j + 1)]) for j in places]
    score = linear_score(theta)
    least, greatest = extremes([score(phi) for phi in phis])
    return RewardedOutcomes(phis, theta, norm_bound(theta), _above(greatest - least))


def _exact(field: str, found: ReadRow) -> list[fmpq]:
    try:
        return exact_row([float(v) if isinstance(v, bool) else v for v in found.values], field)
    except (TypeError, ValueError) as error:
        raise ProblemError("", str(error)) from None


def _above(spread: LogLinear) -> fmpq:
    return spread.constant if spread.is_rational else fmpq(spread.ceil())


def _number(where: str, text: str) -> LogLinear:
    try:
        return loglinear(text)
    except (BadNumber, Undecided) as error:
        raise ProblemError(where, str(error)) from None


_SHOWN: Final = 4
_NAME: Final = 40
_DIGITS: Final = 10
