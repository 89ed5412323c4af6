"""What ``spanner solve`` finds out about a problem: its solution, and the answers that have certificates."""

from dataclasses import dataclass, fields

from proofs_check.cli.described import Certified, described
from reference.model.problem import Problem
from reference.model.solution import ProblemSolution, solution_of


@dataclass(frozen=True, slots=True)
class CertifiedSolution(ProblemSolution):
    """``certified``: what has passed its check."""

    certified: Certified


def certified_solution(problem: Problem) -> CertifiedSolution:
    """Return the optimum, its value and coverages, and the answers of a problem of its kind that have certificates.

    Raises:
        CertificateError: if one does not pass its check.
    """
    certified, found = described(problem).certified(), solution_of(problem)
    return CertifiedSolution(**{field.name: getattr(found, field.name) for field in fields(found)}, certified=certified)
