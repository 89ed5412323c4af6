"""The JSON form of certificates: written, and read back to an equal certificate.

::

    {
        "format": "spanner-reference/certificate",
        "version": 1,
        "kind": ...,
        "problem": name,
        "claim": {...},
        "witness": {...},
    }

Claim and witness hold the fields of the certificate's class.  A number is a text (``"2/3"``, ``"1/2*log(2)"``), an
exp-sum a list of ``[coefficient, exponent]``, a quotient of two a pair of ``numerator`` and ``denominator``.  A field
that has a default may be missing where a certificate is read.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from types import NoneType, UnionType
from typing import Literal, get_args, get_origin, get_type_hints

from flint import fmpq

from reference.certificates.error import CertificateError
from reference.certificates.family import Certificate, Single, Subject
from reference.certificates.game import GameCertificate
from reference.certificates.logistic import LogisticCertificate
from reference.certificates.optimal import CoverageCertificate, OptimumCertificate
from reference.certificates.realizability import NotRealizableCertificate, RealizableCertificate
from reference.certificates.spanner import SpannerCertificate, SpannerSizeCertificate
from reference.exact.expratio import ExpRatio
from reference.exact.expsum import ExpSum, exp_sum
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear, loglinear
from reference.exact.rational_numbers import BadNumber, rational, rational_text
from reference.exact.reals import Real
from reference.model.problem import Problem

FORMAT = "spanner-reference/certificate"

KINDS: Mapping[str, tuple[type[Single], frozenset[str]]] = {
    "optimum": (OptimumCertificate, frozenset({"masses"})),
    "coverage": (CoverageCertificate, frozenset({"value", "masses"})),
    "spanner": (SpannerCertificate, frozenset({"pairs", "C", "largest"})),
    "spanner-size": (SpannerSizeCertificate, frozenset()),
    "realizable": (RealizableCertificate, frozenset()),
    "not-realizable": (NotRealizableCertificate, frozenset({"layer"})),
    "game": (GameCertificate, frozenset()),
    "logistic": (LogisticCertificate, frozenset({"theta", "radius"})),
}
"""For each kind its class, and those of its fields that are the claim; the others are the witness."""


def certificate_json(problem: Subject, certificate: Single) -> dict[str, object]:
    """Return the document, made of what JSON has.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.certificate_json(p, ref.certify(p).coverage)["claim"]["value"]
    '4/3'

    Raises:
        ValueError: for a parameter that is not log-linear: it has no finite text.
    """
    kind, claimed = next((k, claim) for k, (cls, claim) in KINDS.items() if isinstance(certificate, cls))
    parts: dict[str, dict[str, object]] = {"claim": {}, "witness": {}}
    for field in fields(certificate):
        value = getattr(certificate, field.name)
        parts["claim" if field.name in claimed else "witness"][field.name] = _written(value)
    return {"format": FORMAT, "version": 1, "kind": kind, "problem": _name(problem), **parts}


def read_certificate(problem: Subject, document: object) -> Certificate:
    """Return the certificate of a document about this problem.  It is read, not checked.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> found = ref.certify(p).coverage
    >>> ref.read_certificate(p, ref.certificate_json(p, found)) == found
    True

    Raises:
        CertificateError: naming the place, for a document of another form or about a problem of another name.
    """
    found = _object("certificate", document, {"format", "version", "kind", "problem", "claim", "witness"})
    if (found["format"], found["version"]) != (FORMAT, 1):
        raise CertificateError(f"certificate: not of the format {FORMAT}, version 1")
    if found["problem"] != _name(problem):
        raise CertificateError(f"certificate: about {found['problem']!r}, not about {_name(problem)!r}")
    kind = found["kind"]
    if not isinstance(kind, str) or kind not in KINDS:
        raise CertificateError(f"kind: {kind!r} is none of {', '.join(KINDS)}")
    cls, claimed = KINDS[kind]
    hints, optional = get_type_hints(cls), {f.name for f in fields(cls) if f.default is not MISSING}
    given: dict[str, object] = {}
    for part in ("claim", "witness"):
        names = {name for name in hints if (name in claimed) == (part == "claim")}
        content = found[part]
        given |= _object(part, content, names - optional.difference(content if isinstance(content, dict) else ()))
    values = {name: _read(name, hint, given[name]) for name, hint in hints.items() if name in given}
    maker: Callable[..., Single] = cls
    return maker(**values)


def _name(problem: Subject) -> str | None:
    return problem.name if isinstance(problem, Problem) else None


def _written(value: object) -> object:  # noqa: PLR0911 - one case for each type
    match value:
        case None | int() | str():
            return value
        case fmpq():
            return rational_text(value)
        case LogLinear():
            return str(value)
        case ExpSum():
            return value.term_texts()
        case ExpRatio():
            return {"numerator": _written(value.numerator), "denominator": _written(value.denominator)}
        case Real(exact=(fmpq() | LogLinear()) as exact):
            return _written(exact)
        case Vector() | tuple():
            return [_written(entry) for entry in value]
        case Mapping():
            return [[_written(key), _written(entry)] for key, entry in value.items()]
    raise ValueError("a parameter is not log-linear: it has no finite text")


def _read(where: str, hint: object, value: object) -> object:  # noqa: C901, PLR0911 - one case for each type
    """Return the value of this type; the types are those that the fields of the certificates have."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType or str(origin) == "typing.Union":
        return _read_union(where, arguments, value)
    if origin is Literal:
        if value in arguments:
            return value
        raise CertificateError(f"{where}: {value!r} is none of {', '.join(map(repr, arguments))}")
    if isinstance(hint, type) and hint in NUMBERS:
        return _number(where, hint, value)
    rows = _list(where, value)
    if hint is ExpSum:
        pairs = [_list(f"{where}[{i}]", row, 2) for i, row in enumerate(rows)]
        terms = [(_number(where, fmpq, c), _number(where, LogLinear, e)) for c, e in pairs]
        try:
            return exp_sum((c, e) for c, e in terms if isinstance(c, fmpq) and isinstance(e, LogLinear))
        except BadNumber as error:
            raise CertificateError(f"{where}: {error}") from None
    if hint is Vector:
        return Vector.of(q for i, row in enumerate(rows) if isinstance(q := _number(f"{where}[{i}]", fmpq, row), fmpq))
    if origin is tuple and arguments[-1:] == (...,):
        return tuple(_read(f"{where}[{i}]", arguments[0], row) for i, row in enumerate(rows))
    if origin is tuple:
        _list(where, value, len(arguments))
        return tuple(
            _read(f"{where}[{i}]", part, row) for i, (part, row) in enumerate(zip(arguments, rows, strict=True))
        )
    if isinstance(origin, type) and issubclass(origin, Mapping):
        pairs = [_list(f"{where}[{i}]", row, 2) for i, row in enumerate(rows)]
        return {_read(where, arguments[0], key): _read(where, arguments[1], entry) for key, entry in pairs}
    if isinstance(hint, type) and issubclass(hint, tuple):  # a NamedTuple
        parts = get_type_hints(hint)
        _list(where, value, len(parts))
        maker: Callable[..., object] = hint
        return maker(*(_read(f"{where}.{n}", part, row) for (n, part), row in zip(parts.items(), rows, strict=True)))
    raise TypeError(f"{where}: no reader for {hint}")


def _read_union(where: str, options: tuple[object, ...], value: object) -> object:
    if value is None and NoneType in options:
        return None
    if ExpRatio in options and isinstance(value, dict):
        sides = _object(where, value, {"numerator", "denominator"})
        above, below = (_read(f"{where}.{name}", ExpSum, sides[name]) for name in ("numerator", "denominator"))
        if isinstance(above, ExpSum) and isinstance(below, ExpSum) and below != 0:
            return ExpRatio(above, below)
        raise CertificateError(f"{where}: the denominator is zero")
    return _read(where, next(option for option in options if option not in {NoneType, ExpRatio, Real}), value)


NUMBERS: Mapping[type, Callable[..., object]] = {fmpq: rational, LogLinear: loglinear, int: int}


def _number(where: str, kind: type, value: object) -> object:
    wanted, form = (int, "12") if kind is int else (str, '"1/2"')
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise CertificateError(f"{where}: {value!r:.60} is not a number of the form {form}")
    try:
        return NUMBERS[kind](value)
    except (ArithmeticError, ValueError) as error:
        raise CertificateError(f"{where}: {error}") from None


def _list(where: str, value: object, length: int | None = None) -> list[object]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise CertificateError(f"{where}: not a list" + ("" if length is None else f" of {length}"))
    return value


def _object(where: str, value: object, keys: set[str]) -> dict[str, object]:
    if not isinstance(value, dict) or value.keys() != keys:
        raise CertificateError(f"{where}: not an object with the keys {', '.join(sorted(keys))}")
    return value
