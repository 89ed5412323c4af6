"""From a :class:`~reference.catalog.graph2.Graph` to a problem, and back: the one place that knows both."""

from dataclasses import replace

from flint import fmpq

from reference.catalog.graph2 import Graph, Linear, StartEntry
from reference.exact.law import Law, Mass
from reference.exact.log_linear import ZERO
from reference.exact.number import Undecided
from reference.model import parts
from reference.model.checks import ProblemError
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response
from reference.model.problem import NO_NOISE, Problem


def built(graph: Graph) -> Problem:
    """Return the problem; what is wrong with it as a whole is a ProblemError."""
    noise = Law.of(graph.noise) if graph.noise else NO_NOISE
    if graph.linear is not None:
        return _linear_problem(graph, graph.linear, noise)
    prompts = tuple(parts.Start(start.name, start.rho, start.root) for start in graph.prompts)
    return Problem(graph.name, prompts, graph.layers, graph.beta, graph.R_max, noise, (), graph.told())


def graph_of(problem: Problem) -> Graph:
    """Return the graph of which :func:`built` makes an equal problem; ProblemError for noise of irrational masses."""
    noise = () if problem.noise == NO_NOISE else tuple((value, _mass(m)) for value, m in problem.noise.items())
    linear, layers = None, problem.layers
    prompts = tuple(StartEntry(entry.name, entry.rho, entry.root) for entry in problem.prompts)
    if isinstance(problem, LinearProblem):
        linear = Linear(problem.theta, problem.B)
        prompts = tuple(StartEntry(entry.name, entry.rho, entry.root, entry.baseline) for entry in problem.prompts)
        layers = (tuple(tuple(replace(edge, reward=ZERO) for edge in node) for node in layers[0]),)
    return Graph(
        problem.name, prompts, layers, problem.beta, problem.R_max, linear=linear, noise=noise, about=problem.about
    )  # fmt: skip


def _linear_problem(graph: Graph, linear: Linear, noise: Law[fmpq]) -> LinearProblem:
    prompts = tuple(
        Prompt(
            start.name,
            start.rho,
            responses=tuple(Response(e.token, e.pi_ref, e.phi) for e in node),
            baseline=start.baseline,
        )
        for start, node in zip(graph.prompts, graph.layers[0], strict=True)
    )
    try:
        return LinearProblem(
            graph.name, prompts, graph.beta, graph.R_max, noise, (), graph.told(), theta=linear.theta, B=linear.B
        )
    except Undecided as error:
        raise ProblemError("theta", f"{error}; declare a larger bounds.B") from None


def _mass(mass: Mass) -> fmpq:
    if not isinstance(mass, fmpq):
        raise ProblemError("noise", f"a mass of {mass!s:.60} is not rational")
    return mass
