"""Second computations for trees: fractions and recursion over prefixes, no sharing, no package arithmetic.

And trees that tests share.
"""

from fractions import Fraction

from flint import fmpq

from reference.exact import LogLinear, exp
from reference.model.checks import rational_mass
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Edge, Prefix, Start
from reference.model.problem import Problem

Laws = dict[Prefix, dict[int, Fraction]]


def fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def soft_recursion(problem: Problem, x: int) -> tuple[dict[Prefix, Fraction], Laws]:
    """``U`` and ``pi*`` at every supported prefix of a log-rational problem."""
    partitions: dict[Prefix, Fraction] = {}
    laws: Laws = {}

    def visit(prefix: Prefix) -> Fraction:
        if len(prefix) == problem.horizon:
            return Fraction(1)
        branches = {}
        for token, edge in enumerate(problem.layers[len(prefix)][problem.node(x, prefix)]):
            if edge.pi_ref > 0:
                factor = fraction(exp(edge.reward / problem.beta).as_rational())
                branches[token] = fraction(rational_mass("pi_ref", edge.pi_ref)) * factor * visit((*prefix, token))
        total = sum(branches.values(), Fraction(0))
        partitions[prefix] = total
        laws[prefix] = {token: branch / total for token, branch in branches.items()}
        return total

    visit(())
    return partitions, laws


def as_graph(problem: LinearProblem) -> Problem:
    """The same problem, without what makes it linear: nodes built anew from responses and ``theta``."""

    def edge(x: int, y: int) -> Edge:
        phi, b = problem.phi(x, y), LogLinear(problem.baseline(x))
        reward = sum((t * f for t, f in zip(problem.theta, phi, strict=True)), b)
        return Edge(problem.responses(x)[y], problem.prompts[x].responses[y].pi_ref, phi, reward)

    layer = [[edge(x, y) for y in range(problem.response_count(x))] for x in range(len(problem.prompts))]
    prompts = [Start(entry.name, entry.rho, x) for x, entry in enumerate(problem.prompts)]
    return Problem.of(problem.name, prompts, [layer], beta=problem.beta, R_max=problem.R_max, noise=problem.noise)


def two_step(last: object) -> Problem:
    """``H = 2``: fair bits, all rewards 0 but ``r(1,1) = last``; a tree of two nodes in the second layer."""
    root = [Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1], child=1)]
    left = [Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1])]
    right = [Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1], reward=last)]  # type: ignore[arg-type]  # any spelling
    return Problem.of("two steps", [Start.of("x")], [[root], [left, right]], beta=1, R_max=100)
