"""What the parsers of both formats share: limits, the one line about a mistake, exact numbers with their paths."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from json import dumps
from math import lcm
from typing import TYPE_CHECKING, TypeVar

from flint import fmpq, fmpz

from reference.catalog.format import ProblemEntry
from reference.catalog.places import line_of
from reference.catalog.strict_json import JsonError, Tree, decode
from reference.catalog.token_format import TokenProblemEntry
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear, loglinear
from reference.exact.number import Undecided
from reference.exact.rational_numbers import BadNumber, rational
from reference.model import checks
from reference.model.checks import ProblemError
from reference.model.parts import About

if TYPE_CHECKING:
    from reference.catalog.format2 import ProblemEntry2

T = TypeVar("T")


class InstanceError(ValueError):
    """An instance that cannot be read; the message is one line: file, path inside it, what is wrong."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes beyond which a file is refused before work is spent on it.

    ``tokens`` counts the tokens listed after prefixes and at nodes; ``log_arguments`` the different arguments of
    logarithms in the rewards of a token problem that take time to factor.
    """

    file_bytes: int = 256 * 2**20
    prompts: int = 100_000
    responses: int = 1_000_000
    tokens: int = 500_000
    horizon: int = 512
    dimension: int = 1024
    numeral_characters: int = 10_000
    logarithms: int = 256
    log_arguments: int = 16_384
    log_argument_characters: int = 32
    denominator_bits: int = 1 << 16
    feature_bits: int = 1 << 32
    reward_terms: int = 4_000_000
    exponent: int = 1_000_000


DEFAULT_LIMITS = Limits()

_REMEMBERED = 7

_FACTORED_AT_ONCE = 12
"""Characters up to which the argument of a logarithm costs nothing to factor."""

_WORD = 64
"""Bits of a denominator that features are put over without a look at how many need it."""

_SHORT_FRACTION = re.compile(r"-?[0-9]{1,9}(/[1-9][0-9]{0,8})?")


def reported(where: str, data: bytes | str, read: Callable[[], T]) -> T:
    """Run a reader of ``data``, which messages call ``where``; what it finds becomes one line, an InstanceError."""
    try:
        return read()
    except ProblemError as error:
        line = line_of(data, error.path) if error.path else None
        raise InstanceError(_line(where, error.path, error.reason + (f" (line {line})" if line else ""))) from None
    except JsonError as error:
        raise InstanceError(_line(where, "", str(error))) from None


def decoded(data: bytes | str, limits: Limits, most: int) -> Tree:
    """Return the tree of a document of at most ``most`` objects and lists.

    Raises:
        JsonError: if it is too large, or is not strict JSON.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > limits.file_bytes:
        raise JsonError(f"{len(raw)} bytes; at most {limits.file_bytes} are read")
    # Counting brackets bounds memory before parsing.
    if raw.count(b"{") + raw.count(b"[") > most:
        raise JsonError(f"more than {most} objects and lists")
    if other := other_kind(raw):
        raise JsonError(other)
    return decode(raw)


def other_kind(raw: bytes) -> str:
    """Return what a file is that is no instance file and no JSON, and what is read here; ``""`` if it is not known."""
    words = raw[:4096].decode("utf-8", "replace").split()
    if not words or words[0].startswith(("{", "[", "\ufeff")):
        return ""
    if words[0] in {"p", "c"} and {"cnf", "wcnf", "dnf"} & set(words):
        return f"a DIMACS file; {WANTED}, and spanner reduce reads formulas"
    if words[0] in {"mdp", "dtmc", "smg", "module"}:
        return f"a PRISM model; {WANTED}"
    return ""


WANTED = "an instance file is needed here, JSON of the format spanner-reference/problem or token-problem"


def at_most(path: str, count: int, limit: int, what: str = "entries") -> None:
    """Refuse more than ``limit`` of something."""
    if count > limit:
        raise ProblemError(path, f"{count} {what}; at most {limit} are read")


def about(entry: "ProblemEntry | ProblemEntry2 | TokenProblemEntry") -> About:
    """Return where an instance comes from; refuse what is not text."""
    _check_text(entry)
    provenance = tuple(
        (key, tuple(value.items()) if isinstance(value, dict) else value) for key, value in entry.provenance.items()
    )
    return About(entry.title, entry.shows, entry.source, entry.license, provenance)


class Numbers:
    """Reads numbers with their paths; remembers the short numerals, since files repeat them."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.seen: dict[str, fmpq] = {}
        self.fractions: dict[str, tuple[int, int]] = {}
        self.feature_bits = 0

    def number(self, path: str, text: str) -> fmpq:
        """Return a rational."""
        if text in self.seen:
            return self.seen[text]
        if _SHORT_FRACTION.fullmatch(text):
            above, _, below = text.partition("/")
            value = fmpq(int(above), int(below or 1))
        else:
            self.check_length(path, text)
            value = _located(path, rational, text)
        if len(text) <= _REMEMBERED:
            self.seen[text] = value
        return value

    def numbers(self, path: str, key: str, texts: Sequence[str]) -> list[fmpq]:
        """Return what all the responses at ``path`` have under ``key``; short fractions at once."""
        if not all(map(_SHORT_FRACTION.fullmatch, texts)):
            return [self.number(f"{path}[{j}].{key}", text) for j, text in enumerate(texts)]
        parts = [text.partition("/") for text in texts]
        denominators = {below: int(below or 1) for below in {below for _, _, below in parts}}
        return [fmpq(int(above), denominators[below]) for above, _, below in parts]

    def loglinear(self, path: str, text: str) -> LogLinear:
        """Return a log-linear number."""
        self.check_length(path, text)
        for argument in log_arguments(text):
            if len(argument) > self.limits.log_argument_characters:
                most = self.limits.log_argument_characters
                raise ProblemError(
                    path, f"the argument of a logarithm has {len(argument)} characters; at most {most} are read"
                )
        return _located(path, loglinear, text)

    def vector(self, path: str, texts: list[str]) -> Vector:
        """Return features."""
        at_most(path, len(texts), self.limits.dimension, "features")
        if pairs := self._short_fractions(texts):
            # The usual case, at a tenth of the price of one rational number after another.
            above, below = zip(*pairs, strict=True)
            denominator = lcm(*set(below))
            self.spend_features(path, len(texts), denominator.bit_length())
            if below.count(denominator) < len(below):
                above = tuple([p * (denominator // q) for p, q in pairs])
            return Vector(above, denominator)
        values = [self.number(f"{path}[{k}]", text) for k, text in enumerate(texts)]
        self.spend_features(path, len(texts), self.common_denominator(path, values))
        return Vector.of(values)

    def vectors(self, path: str, rows: Sequence[list[str]]) -> list[Vector]:
        """Return the features of all responses at ``path``."""
        return self._at_once(rows) or [self.vector(f"{path}[{j}].phi", texts) for j, texts in enumerate(rows)]

    def _at_once(self, rows: Sequence[list[str]]) -> list[Vector] | None:
        """Return vectors of short fractions, each text read once; ``None`` where one may have to be refused."""
        width = len(rows[0]) if rows else 0
        if not 0 < width <= self.limits.dimension or any(len(texts) != width for texts in rows):
            return None
        texts = list(dict.fromkeys(chain.from_iterable(rows)))
        if not (pairs := self._short_fractions(texts)):
            return None
        common = lcm(*{below for _, below in pairs})
        bits = common.bit_length()
        if bits > _WORD or self.feature_bits + len(rows) * width * bits > self.limits.feature_bits:
            return None
        numerators = {text: above * (common // below) for text, (above, below) in zip(texts, pairs, strict=True)}
        entries = tuple(map(numerators.__getitem__, chain.from_iterable(rows)))
        vectors = [Vector(entries[i : i + width], common) for i in range(0, len(entries), width)]
        self.feature_bits += width * sum([v.denominator.bit_length() for v in vectors])
        return vectors

    def _short_fractions(self, texts: list[str]) -> list[tuple[int, int]] | None:
        """Return numerators and denominators, if all have few digits; those of the shortest are remembered."""
        known = self.fractions
        try:
            return [known[text] for text in texts]
        except KeyError:
            pass
        found = []
        for text in texts:
            if (pair := known.get(text)) is None:
                if not _SHORT_FRACTION.fullmatch(text):
                    return None
                above, _, below = text.partition("/")
                pair = int(above), int(below or 1)
                if len(text) <= _REMEMBERED:
                    known[text] = pair
            found.append(pair)
        return found

    def horizon(self, text: str) -> int:
        """Return a stated horizon."""
        value = self.number("horizon", text)
        if value.q != 1 or value < 1:
            raise ProblemError("horizon", f"{checks.shown_value(value)} is not an integer of at least 1")
        if value > self.limits.horizon:
            raise ProblemError("horizon", f"{checks.shown_value(value)}; at most {self.limits.horizon} are read")
        return int(value.p)

    def parameter(self, texts: Sequence[str], responses: int) -> tuple[LogLinear, ...]:
        """Return ``theta``; refuse one whose scores of so many responses would take too much memory."""
        at_most("theta", len(texts), self.limits.dimension)
        at_most("theta", sum(text.count("log") for text in texts), self.limits.logarithms, "logarithms")
        theta = tuple(self.loglinear(f"theta[{i}]", text) for i, text in enumerate(texts))
        self.common_denominator("theta", chain.from_iterable((t.constant, *(a for _, a in t.terms)) for t in theta))
        terms = 1 + len({p for t in theta for p, _ in t.terms})
        if terms * responses > self.limits.reward_terms:
            reason = (
                f"{responses} rewards of up to {terms} terms each (a constant and the logarithms of primes) "
                f"are {terms * responses}; at most {self.limits.reward_terms} are read"
            )
            raise ProblemError("theta", reason)
        return theta

    def check_arguments(self, rewards: Iterable[str]) -> None:
        """Refuse rewards, as text, with too many different arguments of logarithms that take time to factor."""
        slow = {a for text in rewards if "log" in text for a in log_arguments(text) if len(a) > _FACTORED_AT_ONCE}
        at_most("prompts", len(slow), self.limits.log_arguments, "different arguments of logarithms to factor")

    def check_rewards(self, rewards: Sequence[LogLinear], *, nodes: int, horizon: int) -> None:
        """Refuse rewards of tokens whose sums along paths, which are kept at every node, would be too long."""
        denominators: dict[int, fmpq] = {}
        for reward in rewards:
            for value in (reward.constant, *(a for _, a in reward.terms)):
                denominators.setdefault(int(value.q), value)
        self.common_denominator("the rewards", denominators.values())
        together = len({prime for reward in rewards for prime, _ in reward.terms})
        terms = 1 + min(together, horizon * max(len(reward.terms) for reward in rewards))
        if nodes * terms > self.limits.reward_terms:
            reason = (
                f"at {nodes} nodes, sums of rewards of up to {terms} terms each (a constant and the logarithms of "
                f"primes) have {nodes * terms}; at most {self.limits.reward_terms} are read"
            )
            raise ProblemError("the rewards", reason)

    def common_denominator(self, path: str, values: Iterable[fmpq]) -> int:
        """Return the length in bits of the least common denominator."""
        denominator = fmpz(1)
        for value in values:
            denominator = denominator.lcm(value.q)
            if denominator.bit_length() > self.limits.denominator_bits:
                most = self.limits.denominator_bits
                raise ProblemError(path, f"the common denominator has more than {most} bits; use fewer denominators")
        return denominator.bit_length()

    def check_exponent(self, beta: fmpq, spread: fmpq) -> None:
        """Refuse rewards whose ``exp(reward/beta)`` has absurdly many digits."""
        if spread > beta * self.limits.exponent:
            reason = f"bounds.R_max is more than {self.limits.exponent} times beta: coverage up to exp(R_max/beta)"
            raise ProblemError("beta", f"{reason} cannot be computed; raise beta or lower bounds.R_max")

    def spend_features(self, path: str, count: int, bits: int) -> None:
        """Refuse features that take too much memory, all together."""
        self.feature_bits += count * bits
        if self.feature_bits > self.limits.feature_bits:
            most = self.limits.feature_bits
            raise ProblemError(path, f"features up to here, over common denominators, have more than {most} bits")

    def check_length(self, path: str, text: str) -> None:
        """Refuse a numeral that is too long."""
        if len(text) > self.limits.numeral_characters:
            most = self.limits.numeral_characters
            raise ProblemError(path, f"a numeral of {len(text)} characters; at most {most} are read")


def log_arguments(text: str) -> Iterable[str]:
    """Yield what stands in the parentheses of ``log( )``."""
    for rest in text.split("log(")[1:]:
        argument, closed, _ = rest.partition(")")
        if closed:
            yield argument


def _located(path: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except (BadNumber, Undecided) as error:
        raise ProblemError(path, str(error)) from None


def _check_text(entry: "ProblemEntry | ProblemEntry2 | TokenProblemEntry") -> None:
    flat = [
        text
        for key, value in entry.provenance.items()
        for text in (key, *(chain(*value.items()) if isinstance(value, dict) else (value,)))
    ]
    texts = {"title": entry.title, "shows": entry.shows, "source": entry.source, "license": entry.license}
    for path, text in {**texts, "provenance": "".join(flat)}.items():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ProblemError(path, "holds half of a surrogate pair, which is not text") from None


def _line(where: str, path: str, reason: str) -> str:
    place = where if where.isprintable() else dumps(where)
    message = f"{place}: {path}: {reason}" if path else f"{place}: {reason}"
    return "".join(c if c.isprintable() else " " for c in message)
