"""Say which law or which features of a token instance file are wrong: the path, the prompt and the prefix.

It runs only after the construction of the problem has failed, so it may be slow and thorough.
"""

from collections import Counter
from collections.abc import Sequence

from reference.catalog.token_graph import Key, TokenGraph
from reference.model import checks
from reference.model.checks import ProblemError
from reference.model.parts import Node, counted


def check_nodes(graph: TokenGraph, layers: Sequence[Sequence[Node]]) -> None:
    """Refuse the first node with features that are too long or too many, or with masses that are no law.

    Raises:
        ProblemError: with the path in the file, and the prefix in words.
    """
    lengths = Counter(len(edge.phi) for layer in layers for node in layer for edge in node)
    for keys, layer in zip(graph.layers, layers, strict=True):
        _check_lengths(graph, keys, layer, lengths)
        for key, node in zip(keys, layer, strict=True):
            _check_node(graph, key, node)


def _check_lengths(graph: TokenGraph, keys: Sequence[Key], layer: Sequence[Node], everywhere: Counter[int]) -> None:
    """Refuse features of several lengths; the odd one is told by the others of the layer, then by all of the file."""
    places = [(key, j, len(edge.phi)) for key, node in zip(keys, layer, strict=True) for j, edge in enumerate(node)]
    here = Counter(length for _, _, length in places)
    usual = max(here, key=lambda length: (here[length], everywhere[length]))
    odd = next(((key, j, length) for key, j, length in places if length != usual), None)
    if odd is None:
        return
    key, j, length = odd
    other = next(f"{graph.path(k)}.tokens[{i}].phi" for k, i, n in places if n == usual)
    others = f"{other} and most others have" if 2 * here[usual] > len(places) else f"{other} has"
    reason = f"{counted(length, 'feature', 'features')}, but {others} {usual}"
    raise _at(graph, key, j, "phi", f"{reason}; give every phi after prefixes of one length the same number")


def _check_node(graph: TokenGraph, key: Key, node: Node) -> None:
    for j, edge in enumerate(node):
        try:
            checks.same_lengths("phi", edge.phi, len(edge.phi))
            checks.not_negative("pi_ref", edge.pi_ref)
        except ProblemError as error:
            raise _at(graph, key, j, error.path, error.reason) from None
    try:
        checks.base_weights(f"{graph.path(key)}.tokens", "pi_ref", [edge.pi_ref for edge in node])
    except ProblemError as error:
        raise ProblemError(f"{error.path}: {graph.words(key)}", error.reason) from None


def _at(graph: TokenGraph, key: Key, j: int, field: str, reason: str) -> ProblemError:
    path = f"{graph.path(key)}.tokens[{j}].{field}"
    return ProblemError(f"{path}: {graph.words(key, graph.listed[key][j].token)}", reason)
