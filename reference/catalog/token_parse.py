"""From the bytes of a token instance file to a :class:`~reference.model.problem.Problem`, or to one clear line.

:mod:`reference.catalog.token_graph` finds out which prefixes lead where; here numbers are read and edges made.  What is
wrong with the finished nodes is put into words by :mod:`reference.catalog.token_explain`.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

from reference.catalog.explain import convert
from reference.catalog.reading import Limits, Numbers, about, at_most
from reference.catalog.strict_json import Tree
from reference.catalog.token_explain import check_nodes
from reference.catalog.token_format import TokenProblemEntry
from reference.catalog.token_graph import Key, TokenGraph
from reference.exact.log_linear import LogLinear
from reference.model import checks
from reference.model.checks import ProblemError
from reference.model.parts import Edge, Node, Start
from reference.model.problem import NO_NOISE, Problem


def most_brackets(limits: Limits) -> int:
    """Return how many objects and lists a file within the limits has at most."""
    return 8 * (limits.tokens + limits.prompts)


def token_problem(tree: Tree, limits: Limits) -> Problem:
    """Return the token problem that a tree describes; ProblemError otherwise."""
    entry = convert(tree, TokenProblemEntry)
    at_most("alphabet", len(entry.alphabet), limits.tokens, "tokens")
    at_most("prompts", len(entry.prompts), limits.prompts)
    listed = [prefix.tokens for prompt in entry.prompts for prefix in prompt.prefixes]
    count = sum(map(len, chain(listed, (node.tokens for node in entry.nodes))))
    at_most("prompts", count, limits.tokens, "tokens after prefixes and at nodes in all")
    at_most("prompts", sum(len(prompt.rewards) for prompt in entry.prompts), limits.tokens, "rewards in all")
    return _Reader(limits).problem(entry)


class _Reader(Numbers):
    def problem(self, entry: TokenProblemEntry) -> Problem:
        origin = about(entry)
        beta, spread = self.number("beta", entry.beta), self.number("bounds.R_max", entry.bounds.R_max)
        self.check_alphabet(entry.alphabet)
        checks.distinct_names("prompts", (prompt.name for prompt in entry.prompts))
        graph = TokenGraph(entry, self.horizon(entry.horizon))
        self.check_logarithms(entry)
        whole = {leaf: self.loglinear(f"{path}.reward", text) for leaf, (path, text) in graph.rewards().items()}
        layers = tuple(tuple(self.node(graph, h, key, whole) for key in keys) for h, keys in enumerate(graph.layers))
        rewards = [edge.reward for layer in layers for node in layer for edge in node]
        self.check_rewards(rewards, nodes=sum(map(len, layers)), horizon=len(layers))
        prompts = tuple(
            Start(prompt.name, self.number(f"prompts[{x}].rho", prompt.rho), graph.roots[x])
            for x, prompt in enumerate(entry.prompts)
        )
        try:
            problem = Problem(entry.name, prompts, layers, beta, spread, NO_NOISE, tuple(entry.alphabet), origin)
        except ProblemError:
            check_nodes(graph, layers)  # with paths in the file, if it is about a node
            raise
        self.check_exponent(beta, spread)
        return problem

    def check_alphabet(self, alphabet: Sequence[str]) -> None:
        try:
            checks.distinct_names("alphabet", alphabet)
        except ProblemError as error:  # its entries are the names
            raise ProblemError(error.path.removesuffix(".name"), error.reason) from None

    def node(self, graph: TokenGraph, h: int, key: Key, whole: Mapping[tuple[Key, str], LogLinear]) -> Node:
        return tuple(self.edge(graph, key, j, child, whole) for j, child in enumerate(graph.children(h, key)))

    def edge(self, graph: TokenGraph, key: Key, j: int, child: int, whole: Mapping[tuple[Key, str], LogLinear]) -> Edge:
        entry, path = graph.listed[key][j], f"{graph.path(key)}.tokens[{j}]"
        more = whole.get((key, entry.token))
        try:
            reward = self.loglinear(f"{path}.reward", entry.reward)
            return Edge(
                entry.token,
                self.number(f"{path}.pi_ref", entry.pi_ref),
                self.vector(f"{path}.phi", entry.phi),
                reward if more is None else reward + more,
                child,
            )
        except ProblemError as error:
            raise ProblemError(f"{error.path}: {graph.words(key, entry.token)}", error.reason) from None

    def check_logarithms(self, entry: TokenProblemEntry) -> None:
        tokens = chain(
            (t for prompt in entry.prompts for prefix in prompt.prefixes for t in prefix.tokens),
            (t for node in entry.nodes for t in node.tokens),
        )
        self.check_arguments(chain((t.reward for t in tokens), (r.reward for p in entry.prompts for r in p.rewards)))
