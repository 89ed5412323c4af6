"""A problem in one line: its size, and which of the exact families it belongs to."""

from functools import singledispatch

from proofs_check.cli.output import counted
from reference.exact import rational_text
from reference.model import LinearProblem, Problem, soft_values


@singledispatch
def size(problem: Problem) -> str:
    """Return the numbers of things in a problem."""
    return (
        f"{counted(len(problem.prompts), 'prompt')}, {counted(len(problem.alphabet), 'token')}, "
        f"H = {problem.horizon}, {counted(problem.sequence_count(), 'sequence')}, "
        f"{counted(sum(map(len, problem.reachable)), 'node')}, "
        f"d = {', '.join(map(str, dict.fromkeys(problem.dimensions)))}, beta = {rational_text(problem.beta)}"
    )


@size.register
def _(problem: LinearProblem) -> str:
    responses = sum(problem.response_count(x) for x in range(len(problem.prompts)))
    return (
        f"{counted(len(problem.prompts), 'prompt')}, {counted(responses, 'response')}, "
        f"d = {problem.dimension}, rank {problem.difference_rank()}, beta = {rational_text(problem.beta)}"
    )


def kind(problem: Problem) -> str:
    """Return which of the exact families a problem belongs to."""
    if _is_log_rational(problem):
        return "log-rational: pi* is rational"
    rational = all(edge.reward.is_rational for layer in problem.layers for node in layer for edge in node)
    return "rational rewards" if rational else "mixed rewards"


@singledispatch
def _is_log_rational(problem: Problem) -> bool:
    return soft_values(problem).is_log_rational


@_is_log_rational.register
def _(problem: LinearProblem) -> bool:
    return problem.is_log_rational()
