"""How ``spanner solve`` prints whether ``pi*`` is in the autoregressive softmax class."""

from collections.abc import Iterator

from proofs_check.cli.formats.parts import number
from proofs_check.cli.output import first, short
from proofs_check.cli.solution import Combination, Solution
from reference.certificates.realizability import Term
from reference.model import Problem
from reference.model.expansion import sequence_name
from reference.model.parts import Prefix

SHOWN_LAYERS = 4
"""Layers whose parameters are printed."""

SHOWN_TERMS = 6
"""Terms of a combination, and entries of a parameter, that are printed."""


def realizability_rows(solution: Solution, digits: int) -> Iterator[tuple[str, str]]:
    """Yield names and texts: the parameters, or the combination that rules all of them out."""
    found = solution.realizability
    if isinstance(found, str):
        yield "realizable", f"undecided: {found}"
        return
    if isinstance(found, Combination):
        layer = found.certificate.layer + 1
        yield "realizable", f"no: no theta_{layer} fits, since"
        yield "", _combination(solution.problem, found)
        yield "", f"is 0 in the features phi_{layer}, and in Q_{layer} it is {number(found.value, digits)}"
    else:
        yield "realizable", "yes: pi* is in the autoregressive softmax class"
        shown = first(len(found.thetas), SHOWN_LAYERS)
        for h, theta in enumerate(found.thetas[:shown], 1):
            yield f"theta*_{h}", f"({_first([str(number(entry, digits)) for entry in theta], ', ')})"
        if left := len(found.thetas) - shown:
            yield "", f"... {left} more layers: --json has all"
    yield "checked", "realizable or not, by reference.certificates"


def _combination(problem: Problem, found: Combination) -> str:
    several = len(problem.prompts) > 1

    def name(x: int, tokens: Prefix) -> str:
        sequence = f"({short(sequence_name(problem.spelled(x, tokens)))})"
        return f"{short(problem.prompts[x].name, 24)}: {sequence}" if several else sequence

    def difference(term: Term) -> str:
        coefficient, x, prefix, a, b = term
        sign, size = "-" if coefficient < 0 else "+", abs(coefficient)
        ends = name(x, (*prefix, a)), name(x, (*prefix, b))
        return f"{sign} {'' if size == 1 else f'{size} '}[{ends[0]} - {ends[1]}]"

    return _first(list(map(difference, found.certificate.terms)), " ").removeprefix("+ ")


def _first(texts: list[str], separator: str) -> str:
    shown = first(len(texts), SHOWN_TERMS)
    more = [f"... {left} more: --json has all"] if (left := len(texts) - shown) else []
    return separator.join([*texts[:shown], *more])
