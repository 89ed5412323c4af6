"""The parameters of the families of ``spanner play``: names, defaults, meaning, and the largest that are built."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flint import fmpq

from proofs_check.cli.output import UserError
from proofs_check.cli.reduce import formula_of
from proofs_check.cli.stages import DnfStage, NeedleStage, OneStage, PathStage, PlayAccess, Stage
from reference.constructions.dnf.formula import Assignment, FormulaError
from reference.constructions.needles import NeedleFamily
from reference.exact import BadNumber, rational
from reference.interaction.seeded import Seeded

MOST_LISTED = 12
"""Tokens up to which whole responses are listed: 4,096 of them."""

MOST_VARIABLES, MOST_TERMS = 200, 1_000
"""Of formulas; an instance is built for every run."""


class _Values:
    """Parameter texts of a family, read on demand; a bad one is a :class:`UserError` that names it."""

    def __init__(self, texts: Mapping[str, str], access: PlayAccess) -> None:
        self.texts = texts
        self.access = access

    def exact(self, key: str) -> fmpq:
        """Return a rational parameter."""
        try:
            return rational(self.texts[key])
        except BadNumber as error:
            raise UserError(f"--param {key}: {error}") from None

    def integer(self, key: str, most: int) -> int:
        """Return an integer parameter."""
        value = self.exact(key)
        if value.q != 1 or value > most:
            raise UserError(f"--param {key}={self.texts[key]}: needs an integer, at most {most}")
        return int(value.p)

    def tokens(self) -> int:
        """Return the horizon; it is small where whole responses are listed."""
        H = self.integer("H", 64 if self.access == "tokens" else MOST_LISTED)
        if H < 1:
            raise UserError(f"--param H={H}: needs H >= 1")
        return H


@dataclass(frozen=True, slots=True)
class StageParameters:
    """How a family is made: default and meaning of each parameter, and what learners may see, the usual first."""

    parameters: Mapping[str, tuple[str, str]]
    accesses: tuple[PlayAccess, ...]
    make: Callable[[_Values], Stage]


def _needle(v: _Values) -> Stage:
    k, m = v.integer("k", 4096), v.integer("m", 32)
    return NeedleStage(NeedleFamily.of(k, v.exact("C"), m, v.exact("beta")))


def _path(v: _Values) -> Stage:
    H, s, features = v.tokens(), v.texts["s"] or None, v.texts["features"]
    if s is not None and (len(s) != H or not set(s) <= set("01")):
        raise UserError(f"--param s={s[:80]}: needs H = {H} bits, as in {'01' * H:.{H}}")
    if features not in {"prefixes", "string"}:
        raise UserError(f"--param features={features[:80]}: write prefixes or string")
    if features == "string" and v.access == "tokens":
        raise UserError("--param features=string: whole responses have it alone; give --access responses")
    return PathStage(H, s, features, v.access)


def _bits(v: _Values) -> Stage:
    return OneStage("fair-bits", v.tokens(), v.texts["reward"], v.exact("beta"), v.access)


def _opposite(v: _Values) -> Stage:
    return OneStage("opposite-rewards", 2, v.texts["s"], v.exact("beta"), v.access)


def _dnf(v: _Values) -> Stage:
    formula = formula_of(v.texts["formula"])
    n, terms = formula.variables, len(formula.terms)
    if n > MOST_VARIABLES or terms > MOST_TERMS:
        most = f"at most {MOST_VARIABLES} and {MOST_TERMS} are played on"
        raise UserError(f"--param formula: n = {n} variables and m = {terms} terms; {most}")
    return DnfStage(formula, v.exact("A"), v.exact("L"), v.exact("beta"), _star(v.texts["star"], n))


def _star(text: str, n: int) -> Assignment | None:
    if not text:
        return None
    if len(text) != n or not set(text) <= set("+-"):
        raise UserError(f"--param star={text[:80]}: needs n = {n} signs, as in {'+-' * n:.{n}}")
    return tuple(1 if sign == "+" else -1 for sign in text)


_BETA = ("1", "temperature")

STAGES: Mapping[str, StageParameters] = {
    "needle": StageParameters(
        {
            "C": ("64", "one over the needle's base mass"),
            "k": ("16", "places"),
            "m": ("1", "features: m^2"),
            "beta": ("1/9", "temperature"),
        },
        ("responses",),
        _needle,
    ),
    "needle-path": StageParameters(
        {
            "H": ("4", "tokens"),
            "s": ("", "the string; any, unless given"),
            "features": ("prefixes", "of whole responses: prefixes, or string"),
        },
        ("tokens", "responses"),
        _path,
    ),
    "dnf": StageParameters(
        {
            "formula": ("x1 & !x2 | x2 & x3", "a formula, or a file with one"),
            "A": ("8", "A > 1"),
            "L": ("2", "L >= 1; p = L/A^k < 1/2"),
            "beta": _BETA,
            "star": ("", "theta*, such as +-+; any, unless given"),
        },
        ("responses",),
        _dnf,
    ),
    "fair-bits": StageParameters(
        {"H": ("3", "tokens"), "reward": ("log(4)", "of a token 1"), "beta": _BETA}, ("tokens", "responses"), _bits
    ),
    "opposite-rewards": StageParameters(
        {"s": ("log(3)", "reward over beta"), "beta": _BETA}, ("tokens", "responses"), _opposite
    ),
}
"""In the order of the help."""


def stage(family: str, access: str | None, given: list[str]) -> Stage:
    """Return what is played on, from ``KEY=VALUE`` texts.

    Raises:
        UserError: naming the option, the parameter, or the hypothesis that fails.
    """
    if family not in STAGES:
        raise UserError(f"--family {family[:80]}: there are {', '.join(map(repr, STAGES))}")
    chosen = STAGES[family]
    seen = next((name for name in chosen.accesses if name == (access or chosen.accesses[0])), None)
    if seen is None:
        raise UserError(f"--access {str(access)[:80]}: on {family} write {' or '.join(chosen.accesses)}")
    texts = {key: default for key, (default, _) in chosen.parameters.items()}
    for text in given:
        key, _, value = text.partition("=")
        if key not in texts or not value:
            raise UserError(f"--param {text[:80]}: write KEY=VALUE with KEY one of {', '.join(texts)}")
        texts[key] = value
    try:
        found = chosen.make(_Values(texts, seen))
        found.drawn_member(Seeded(0))  # what is wrong with the numbers, it says
    except FormulaError as error:
        raise UserError(f"--param formula: {error}") from None
    except ValueError as error:
        raise UserError(str(error)) from None
    return found
