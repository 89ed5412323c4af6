"""Formulas as text, in two formats.

*Readable*: terms joined by ``|``, literals by ``&``, ``!`` for negation; spaces and line ends do not matter::

    x1 & !x2 | x2 & x3

*DIMACS-like*, after the format of SAT solvers: comment lines ``c ...``, a line ``p dnf VARIABLES TERMS``, and then
signed numbers, each term ended by 0::

    c the same formula
    p dnf 3 2
    1 -2 0
    2 3 0

Readers refuse what they do not understand with one line that names the term.
"""

import re

from reference.constructions.dnf.formula import Formula, FormulaError

MAX_VARIABLES = 10_000
"""Formulas over more variables are not read."""

_MAX_TERMS = 100_000
"""Formulas with more terms are not read."""

_LITERAL = re.compile(r"(!?)\s*x([0-9]{1,9})", re.ASCII)
_INTEGER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_HEADER = "p dnf VARIABLES TERMS"
_SHOWN = 30


def parse_formula(text: str, variables: int | None = None) -> Formula:
    """Read a formula in either format: DIMACS-like text has a line that begins with the word ``p``, ``c`` or ``h``.

    ``variables``: ``n`` for the readable format, where it is the largest number of a variable unless given.

    Raises:
        FormulaError: naming the term that is wrong; or the line, for what is not in a term.
    """
    if any(line.split(maxsplit=1)[:1] in (["p"], ["c"], ["h"]) for line in text.splitlines()):
        return from_dimacs(text)  # "h": a hard clause, which is refused there by its line
    if not text.strip():
        raise FormulaError("the text is empty: write terms such as 'x1 & !x2 | x2 & x3'")
    if doubled := next((sign for sign in ("&&", "||") if sign in text), ""):
        raise FormulaError(f"{doubled} is no sign of a formula: write one {doubled[0]}, as in 'x1 & !x2 | x2 & x3'")
    parts = text.split("|", _MAX_TERMS)
    if len(parts) > _MAX_TERMS:
        raise FormulaError(f"more than {_MAX_TERMS} terms are not read")
    terms = tuple(_readable_term(number, part) for number, part in enumerate(parts, start=1))
    n = max(abs(literal) for term in terms for literal in term) if variables is None else variables
    return _sized(n, terms)


def from_dimacs(text: str) -> Formula:
    """Read a formula in the DIMACS-like format; raises FormulaError as :func:`parse_formula`."""
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, words) for number, words in lines if words and words[0] != "c"]
    if not lines:
        raise FormulaError(f"there is no line {_HEADER!r}")
    variables, declared = _header(*lines[0])
    terms: list[tuple[int, ...]] = []
    term: list[int] = []
    for word in (word for _, words in lines[1:] for word in words):
        if not _INTEGER.fullmatch(word):
            raise FormulaError(f"term {len(terms) + 1}: {_cut(word)} is not a literal; write v, -v, or 0 to end it")
        if int(word) == 0:
            terms.append(tuple(term))
            term = []
        else:
            term.append(int(word))
    if term:
        raise FormulaError(f"term {len(terms) + 1} has no end: every term ends with 0")
    if len(terms) != declared:
        raise FormulaError(f"the line 'p dnf' declares {declared} as the number of terms, but there are {len(terms)}")
    return _sized(variables, tuple(terms))


def to_dimacs(formula: Formula, comment: str = "") -> str:
    """Return the formula in the DIMACS-like format; :func:`from_dimacs` reads it back."""
    lines = [f"c {line}".rstrip() for line in comment.splitlines()]
    lines.append(f"p dnf {formula.variables} {len(formula.terms)}")
    lines.extend(" ".join(map(str, (*term, 0))) for term in formula.terms)
    return "\n".join(lines) + "\n"


def _readable_term(number: int, text: str) -> tuple[int, ...]:
    if not text.strip():
        raise FormulaError(f"term {number} is empty: write literals such as 'x1 & !x2' between the signs |")
    literals = []
    for part in text.split("&"):
        found = _LITERAL.fullmatch(part.strip())
        if found is None or int(found[2]) == 0:
            raise FormulaError(
                f"term {number}: {_cut(part.strip())} is not a literal; write x1, x2, ... or !x1, !x2, ..."
            )
        literals.append(-int(found[2]) if found[1] else int(found[2]))
    return tuple(literals)


def _header(number: int, words: list[str]) -> tuple[int, int]:
    match words:
        case ["p", "dnf", n, m] if _INTEGER.fullmatch(n) and _INTEGER.fullmatch(m):
            return int(n), int(m)
        case _:
            clauses = words[0] == "h" or words[:2] in (["p", "cnf"], ["p", "wcnf"])
            hint = "; this is a file of clauses, and terms are needed" if clauses else ""
            raise FormulaError(f"line {number}: {_cut(' '.join(words))} stands where {_HEADER!r} is needed{hint}")


def _sized(variables: int, terms: tuple[tuple[int, ...], ...]) -> Formula:
    if variables > MAX_VARIABLES or len(terms) > _MAX_TERMS:
        said = f"{variables} variables and {len(terms)} terms"
        raise FormulaError(f"{said}: at most {MAX_VARIABLES} and {_MAX_TERMS} are read")
    return Formula(variables, terms)


def _cut(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "...")
