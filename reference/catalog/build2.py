"""From a :class:`~reference.catalog.graph2.Graph` to a problem, and back: the one place that knows both."""

from reference.catalog.graph2 import END, Graph, Linear, Start, Step
from reference.catalog.layout import ENDED
from reference.exact.number import Undecided
from reference.model.checks import ProblemError
from reference.model.problem import Problem, Prompt, Response
from reference.model.tokens import Edge, TokenProblem, TokenPrompt


def built(graph: Graph) -> Problem | TokenProblem:
    """Return the problem; what is wrong with it as a whole is a ProblemError."""
    if graph.noise:
        raise ProblemError("noise", "problems have no noise yet; leave it out")
    return _token_problem(graph) if graph.linear is None else _linear_problem(graph, graph.linear)


def graph_of(problem: Problem | TokenProblem) -> Graph:
    """Return the graph of which :func:`built` makes an equal problem."""
    if isinstance(problem, Problem):
        prompts = tuple(Start(entry.name, entry.rho, x, entry.baseline) for x, entry in enumerate(problem.prompts))
        nodes = tuple(tuple(Step(r.name, r.pi_ref, r.phi) for r in entry.responses) for entry in problem.prompts)
        linear = Linear(problem.theta, problem.B)
        return Graph(problem.name, prompts, (nodes,), problem.beta, problem.R_max, linear=linear, about=problem.about)
    ended = problem.alphabet.index(ENDED) if ENDED in problem.alphabet else None
    layers = tuple(
        tuple(
            tuple(
                Step(END if e.token == ended else problem.alphabet[e.token], e.pi_ref, e.phi, e.reward, e.child)
                for e in node
            )
            for node in layer
        )
        for layer in problem.layers
    )
    prompts = tuple(Start(entry.name, entry.rho, entry.root) for entry in problem.prompts)
    return Graph(problem.name, prompts, layers, problem.beta, problem.R_max, about=problem.about)


def _linear_problem(graph: Graph, linear: Linear) -> Problem:
    prompts = tuple(
        Prompt(start.name, start.rho, tuple(Response(s.token, s.pi_ref, s.phi) for s in node), start.baseline)
        for start, node in zip(graph.prompts, graph.layers[0], strict=True)
    )
    try:
        return Problem(graph.name, prompts, linear.theta, graph.beta, linear.B, graph.R_max, graph.told())
    except Undecided as error:
        raise ProblemError("theta", f"{error}; declare a larger bounds.B") from None


def _token_problem(graph: Graph) -> TokenProblem:
    if ENDED in graph.alphabet:
        raise ProblemError("nodes", f"the token {ENDED!r} is reserved; give it another name")
    forced = any(step.token == END for layer in graph.layers for node in layer for step in node)
    alphabet = (*graph.alphabet, ENDED) if forced else graph.alphabet
    index = {token: i for i, token in enumerate(alphabet)}
    layers = tuple(
        tuple(tuple(Edge(index[s.token or ENDED], s.pi_ref, s.phi, s.reward, s.child) for s in node) for node in layer)
        for layer in graph.layers
    )
    prompts = tuple(TokenPrompt(start.name, start.rho, start.root) for start in graph.prompts)
    return TokenProblem(graph.name, alphabet, prompts, layers, graph.beta, graph.R_max, graph.told())
