"""How instance files are laid out and how their numbers are spelled: what the writers of all versions share."""

from collections.abc import Mapping
from json import dumps

from flint import fmpq

from reference.exact.law import Mass
from reference.exact.log_linear import LogLinear
from reference.exact.rational_numbers import MAX_DIGITS, MAX_EXPONENT, rational_text
from reference.model.checks import ProblemError
from reference.model.parts import About

Fields = Mapping[str, object]


def head(kind: str, version: int, name: str, about: About) -> dict[str, object]:
    """Return the first fields of a file."""
    texts = {
        "title": about.title,
        "shows": about.shows,
        "source": about.source,
        "license": about.license,
        "provenance": {k: v if isinstance(v, str) else dict(v) for k, v in about.provenance},
    }
    return {"format": kind, "version": version, "name": name} | {key: value for key, value in texts.items() if value}


def file(head: Fields, lists: Mapping[str, list[str]]) -> str:
    """Return a file: a line for each field of the head, and lists of what is laid out already."""
    rows = [f"  {json_text(key)}: {json_text(value)}" for key, value in head.items()]
    rows += [f"  {json_text(key)}: [\n{lines(items)}\n  ]" for key, items in lists.items()]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def lines(items: list[str]) -> str:
    """Return the items of a list, one a line."""
    return ",\n".join(items)


def fields(values: Fields) -> str:
    """Return the fields of an object without its braces."""
    return ", ".join(f"{json_text(key)}: {json_text(value)}" for key, value in values.items())


def json_text(value: object) -> str:
    """Return JSON on one line."""
    return dumps(value, ensure_ascii=False)


def number_text(value: fmpq) -> str:
    """Return an integer or a fraction; a decimal with an exponent where that is too long to be read and this is not."""
    text = rational_text(value)
    return text if len(text) <= MAX_DIGITS else _decimal(value) or text


def mass_text(name: str, mass: Mass) -> str:
    """Return the text of the base probability of an outcome; ProblemError for an irrational one."""
    if isinstance(mass, fmpq):
        return number_text(mass)
    reason = "is irrational (a softmax of logits), and files hold rational masses"
    raise ProblemError(f"pi_ref of {name[:60]!a}", f"{mass!s:.60} {reason}; write logits, which are read as floats")


def loglinear_text(value: LogLinear) -> str:
    """Return the text of a log-linear number, its coefficients as :func:`number_text` has them where it is too long."""
    text = str(value)
    if len(text) <= MAX_DIGITS:
        return text
    parts = [number_text(value.constant)] if value.constant != 0 or not value.terms else []
    parts += [f"{number_text(a)}*log({prime})" for prime, a in value.terms]
    return "".join(part if i == 0 or part.startswith("-") else f"+{part}" for i, part in enumerate(parts))


def _decimal(value: fmpq) -> str:
    """Return the shortest decimal that :func:`reference.exact.rational` reads; empty if that is too long."""
    places = int(value.q).bit_length()  # 2^a 5^b divides 10^places
    if places > _MOST_PLACES or 10**places % int(value.q):
        return ""
    digits = str(abs(value.p) * (10**places // int(value.q)))
    kept = digits.rstrip("0")
    least = len(digits) - len(kept) - places  # the exponent without a point; with one, up to ``most``
    most = least + len(kept)
    exponents = {max(-MAX_EXPONENT, min(MAX_EXPONENT, e)) for e in (least, most, max(least, min(most, 0)))}
    text = min((_spelled(kept, e - least, e) for e in sorted(exponents)), key=len)
    sign = "-" if value < 0 else ""
    zero = "0" if text.startswith(".") and len(sign + text) < MAX_DIGITS else ""
    return f"{sign}{zero}{text}" if len(sign + text) <= MAX_DIGITS else ""


def _spelled(digits: str, places: int, exponent: int) -> str:
    """Return digits with so many of them after the point, zeros where there are none, and the exponent."""
    if abs(places) > MAX_DIGITS + len(digits):
        return "0" * (MAX_DIGITS + 1)  # too long, however long
    if places <= 0:
        mantissa = digits + "0" * -places
    else:
        whole = digits.rjust(places, "0")
        mantissa = f"{whole[:-places]}.{whole[-places:]}"
    return f"{mantissa}e{exponent}" if exponent else mantissa


_MOST_PLACES = 70_000
"""Bits of the largest denominator, ``10^(2 * 10^4)``, of a decimal that is read."""
