"""What a problem is, in words; what is asked of every problem, and what of linear ones.

Once a problem is loaded, the command line looks at its type here alone, in :func:`described`.
"""

from collections.abc import Iterable, Iterator
from functools import singledispatch
from typing import Literal, Protocol

from msgspec.structs import replace

from proofs_check.cli.formats.others import Instance
from proofs_check.cli.formats.solve import Certificates, Solution
from proofs_check.cli.output import short_number
from proofs_check.cli.realizability import Realizability
from proofs_check.cli.spanner import FoundSpanner
from reference.catalog import FORMAT, TOKEN_FORMAT
from reference.exact import rational_text
from reference.model import LinearProblem, Problem, soft_values
from reference.model.node_solutions import open_nodes
from reference.model.parts import counted

_LONG = 400
"""Characters of an alphabet that are printed."""


class Certified(Protocol):
    """Answers that have passed their check."""

    def rows(self, digits: int) -> Iterable[tuple[str, str]]:
        """Return names and answers for people; the last says what was checked."""

    def put_into(self, document: Solution, digits: int) -> Solution:
        """Return the document with the answers and their certificates."""

    def certificates(self) -> Certificates:
        """Return the certificates alone."""


class Described:
    """Any problem: whether ``pi*`` is in the softmax class is a question."""

    format: Literal["spanner-reference/problem", "spanner-reference/token-problem"] = TOKEN_FORMAT

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    @property
    def size(self) -> str:
        """The numbers of things in it."""
        problem = self.problem
        return ", ".join(
            [
                counted(len(problem.prompts), "prompt"),
                *self._counts(),
                f"d = {', '.join(map(str, dict.fromkeys(problem.dimensions)))}",
                *self._rank(),
                f"beta = {rational_text(problem.beta)}",
            ]
        )

    @property
    def responses(self) -> int:
        """How many responses there are; with horizon 1 those of base mass zero among them."""
        problem = self.problem
        if problem.horizon > 1:
            return problem.sequence_count()
        return sum(len(problem.layers[0][entry.root]) for entry in problem.prompts)

    @property
    def kind(self) -> str:
        """Which of the exact families it belongs to."""
        if self.is_log_rational():
            return "log-rational: pi* is rational"
        edges = (edge for layer in self.problem.layers for node in layer for edge in node)
        return "rational rewards" if all(edge.reward.is_rational for edge in edges) else "mixed rewards"

    def is_log_rational(self) -> bool:
        """Whether ``pi*`` is known to be rational."""
        return soft_values(self.problem).is_log_rational

    def bounds(self) -> list[str]:
        """Return the declared bounds."""
        return [f"R_max = {rational_text(self.problem.R_max)}"]

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield what else a description shows."""
        if self.problem.horizon > 1:
            yield "alphabet", short_number(", ".join(map(repr, self.problem.alphabet)), _LONG)

    def put_into(self, entry: Instance) -> Instance:
        """Return the entry of the catalog with what not every problem has."""
        return entry

    def certified(self) -> Certified:
        """Return the answers that have certificates.

        Raises:
            CertificateError: if one does not pass its check.
        """
        return Realizability.of(self.problem)

    def _counts(self) -> list[str]:
        problem = self.problem
        if problem.horizon == 1:
            return [counted(self.responses, "response")]
        return [
            counted(len(problem.alphabet), "token"),
            f"H = {problem.horizon}",
            counted(self.responses, "sequence"),
            counted(sum(open_nodes(problem)), "node"),
        ]

    def _rank(self) -> list[str]:
        return []


class DescribedLinear(Described):
    """A linear problem: ``theta`` is known, and there is a spanner of its differences."""

    format = FORMAT

    def __init__(self, problem: LinearProblem) -> None:
        super().__init__(problem)
        self.linear = problem

    def is_log_rational(self) -> bool:
        """Whether ``pi*`` is rational: rewards may have a common part."""
        return self.linear.is_log_rational()

    def bounds(self) -> list[str]:
        """Return the declared bounds."""
        return [f"B = {rational_text(self.linear.B)}", *super().bounds()]

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield ``theta``."""
        yield "theta", f"({', '.join(map(str, self.linear.theta))})"

    def put_into(self, entry: Instance) -> Instance:
        """Return the entry with ``theta``, its bound, and the rank of the differences."""
        problem = self.linear
        return replace(
            entry,
            dimension=problem.dimension,
            rank=problem.difference_rank(),
            theta=list(map(str, problem.theta)),
            B=rational_text(problem.B),
        )

    def certified(self) -> Certified:
        """Return ``pi*``, its coverage and a spanner, certified; raises as for any problem."""
        return FoundSpanner.of(self.linear)

    def _rank(self) -> list[str]:
        return [f"rank {self.linear.difference_rank()}"]


@singledispatch
def described(problem: Problem) -> Described:
    """Return a problem in words."""
    return Described(problem)


@described.register
def _(problem: LinearProblem) -> Described:
    return DescribedLinear(problem)
