"""From the bytes of an instance file to a problem, or to one clear line that says what is wrong and where."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from json import dumps
from math import lcm
from typing import TypeVar

from flint import fmpq, fmpz

from reference.catalog.explain import convert
from reference.catalog.format import ProblemEntry, PromptEntry, ResponseEntry
from reference.catalog.strict_json import JsonError, decode
from reference.exact.linalg import Vector
from reference.exact.loglinear import LogLinear, loglinear
from reference.exact.number import Undecided
from reference.exact.rational import BadNumber, rational
from reference.model.problem import About, Problem, ProblemError, Prompt, Response

T = TypeVar("T")


class InstanceError(ValueError):
    """An instance that cannot be read; the message is one line: file, path inside it, what is wrong."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes beyond which a file is refused before work is spent on it."""

    file_bytes: int = 64 * 2**20
    prompts: int = 100_000
    responses: int = 1_000_000
    dimension: int = 1024
    numeral_characters: int = 10_000
    logarithms: int = 256
    log_argument_characters: int = 32
    denominator_bits: int = 1 << 16
    feature_bits: int = 1 << 32
    reward_terms: int = 4_000_000
    exponent: int = 1_000_000


DEFAULT_LIMITS = Limits()

_REMEMBERED = 6

_SHORT_FRACTIONS = re.compile(r"-?[0-9]{1,9}(/[1-9][0-9]{0,8})?(,-?[0-9]{1,9}(/[1-9][0-9]{0,8})?)*")


def parse(data: bytes | str, where: str = "<text>", *, limits: Limits = DEFAULT_LIMITS) -> Problem:
    """Return the problem that an instance file describes; ``where`` names the file in messages.

    Raises:
        InstanceError: for everything that is wrong with it, in one line.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    try:
        return _Reader(limits).problem(_structure(raw, limits))
    except ProblemError as error:
        raise InstanceError(_line(where, error.path, error.reason)) from None
    except JsonError as error:
        raise InstanceError(_line(where, "", str(error))) from None


def _structure(raw: bytes, limits: Limits) -> ProblemEntry:
    if len(raw) > limits.file_bytes:
        raise JsonError(f"{len(raw)} bytes; at most {limits.file_bytes} are read")
    # Every prompt and response opens one object and one list: counting brackets bounds memory before parsing.
    most = 2 * (limits.responses + limits.prompts)
    if raw.count(b"{") + raw.count(b"[") > most:
        raise JsonError(f"more than {most} objects and lists; at most {limits.responses} responses are read")
    found = convert(decode(raw))
    if isinstance(found, tuple):
        raise ProblemError(*found)
    for path, count, limit in (
        ("theta", len(found.theta), limits.dimension),
        ("prompts", len(found.prompts), limits.prompts),
    ):
        if count > limit:
            raise ProblemError(path, f"{count} entries; at most {limit} are read")
    if (count := sum(len(prompt.responses) for prompt in found.prompts)) > limits.responses:
        raise ProblemError("prompts", f"{count} responses in all; at most {limits.responses} are read")
    return found


class _Reader:
    """Reads numbers with their paths; remembers the short numerals, since files repeat them."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.seen: dict[str, fmpq] = {}
        self.feature_bits = 0

    def problem(self, entry: ProblemEntry) -> Problem:
        logarithms = sum(text.count("log") for text in entry.theta)
        if logarithms > self.limits.logarithms:
            raise ProblemError("theta", f"{logarithms} logarithms; at most {self.limits.logarithms} are read")
        provenance = tuple(
            (key, tuple(value.items()) if isinstance(value, dict) else value) for key, value in entry.provenance.items()
        )
        about = About(entry.title, entry.shows, entry.source, entry.license, provenance)
        _check_text(entry)
        beta = self.number("beta", entry.beta)
        theta = tuple(self.loglinear(f"theta[{i}]", text) for i, text in enumerate(entry.theta))
        self.check_parameter(theta, sum(len(prompt.responses) for prompt in entry.prompts))
        prompts = tuple(self.prompt(f"prompts[{i}]", prompt) for i, prompt in enumerate(entry.prompts))
        bound, spread = self.number("bounds.B", entry.bounds.B), self.number("bounds.R_max", entry.bounds.R_max)
        try:
            problem = Problem(entry.name, prompts, theta, beta, bound, spread, about)
        except Undecided as error:
            raise ProblemError("theta", f"{error}; declare a larger bounds.B") from None
        if spread > beta * self.limits.exponent:
            reason = f"bounds.R_max is more than {self.limits.exponent} times beta: coverage up to exp(R_max/beta)"
            raise ProblemError("beta", f"{reason} cannot be computed; raise beta or lower bounds.R_max")
        return problem

    def prompt(self, path: str, entry: PromptEntry) -> Prompt:
        rho = self.number(f"{path}.rho", entry.rho)
        baseline = self.number(f"{path}.baseline", entry.baseline)
        responses = tuple(self.response(f"{path}.responses[{j}]", item) for j, item in enumerate(entry.responses))
        return Prompt(entry.name, rho, responses, baseline)

    def response(self, path: str, entry: ResponseEntry) -> Response:
        if len(entry.phi) > self.limits.dimension:
            raise ProblemError(f"{path}.phi", f"{len(entry.phi)} features; at most {self.limits.dimension} are read")
        return Response(entry.name, self.number(f"{path}.pi_ref", entry.pi_ref), self.vector(f"{path}.phi", entry.phi))

    def vector(self, path: str, texts: list[str]) -> Vector:
        joined = ",".join(texts)
        if _SHORT_FRACTIONS.fullmatch(joined) and joined.count(",") == len(texts) - 1:
            # The usual case, at a tenth of the price of one rational number after another.
            pairs = [text.partition("/") for text in texts]
            denominator = lcm(*(int(below) for _, _, below in pairs if below))
            self.spend_features(path, len(texts), denominator.bit_length())
            return Vector(tuple(int(n) * (denominator // int(below or 1)) for n, _, below in pairs), denominator)
        values = [self.number(f"{path}[{k}]", text) for k, text in enumerate(texts)]
        self.spend_features(path, len(texts), self.common_denominator(path, values))
        return Vector.of(values)

    def spend_features(self, path: str, count: int, bits: int) -> None:
        self.feature_bits += count * bits
        if self.feature_bits > self.limits.feature_bits:
            most = self.limits.feature_bits
            raise ProblemError(path, f"features up to here, over common denominators, have more than {most} bits")

    def common_denominator(self, path: str, values: Iterable[fmpq]) -> int:
        """Return the length in bits of the least common denominator."""
        denominator = fmpz(1)
        for value in values:
            denominator = denominator.lcm(value.q)
            if denominator.bit_length() > self.limits.denominator_bits:
                most = self.limits.denominator_bits
                raise ProblemError(path, f"the common denominator has more than {most} bits; use fewer denominators")
        return denominator.bit_length()

    def check_parameter(self, theta: Sequence[LogLinear], responses: int) -> None:
        self.common_denominator("theta", chain.from_iterable((t.constant, *(a for _, a in t.terms)) for t in theta))
        terms = 1 + len({p for t in theta for p, _ in t.terms})
        if terms * responses > self.limits.reward_terms:
            reason = (
                f"{responses} rewards of up to {terms} terms each (a constant and the logarithms of primes) "
                f"are {terms * responses}; at most {self.limits.reward_terms} are read"
            )
            raise ProblemError("theta", reason)

    def number(self, path: str, text: str) -> fmpq:
        if text in self.seen:
            return self.seen[text]
        self._short(path, text)
        value = _located(path, rational, text)
        if len(text) <= _REMEMBERED:
            self.seen[text] = value
        return value

    def loglinear(self, path: str, text: str) -> LogLinear:
        self._short(path, text)
        for argument in text.split("log(")[1:]:
            length = argument.find(")")
            if length > self.limits.log_argument_characters:
                most = self.limits.log_argument_characters
                raise ProblemError(
                    path, f"the argument of a logarithm has {length} characters; at most {most} are read"
                )
        return _located(path, loglinear, text)

    def _short(self, path: str, text: str) -> None:
        if len(text) > self.limits.numeral_characters:
            most = self.limits.numeral_characters
            raise ProblemError(path, f"a numeral of {len(text)} characters; at most {most} are read")


def _located(path: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except (BadNumber, Undecided) as error:
        raise ProblemError(path, str(error)) from None


def _check_text(entry: ProblemEntry) -> None:
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
