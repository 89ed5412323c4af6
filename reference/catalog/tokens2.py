"""Nodes of an instance file of version 2: from the tokens listed at each to the layers of a graph."""

from collections import Counter
from collections.abc import Mapping, Sequence

from flint import fmpq

from reference.catalog.format2 import NodeEntry2, ProblemEntry2, TokenEntry2
from reference.catalog.layers2 import NodeLayers, node_place, token_words
from reference.catalog.reading2 import Reader, cut
from reference.exact.linalg import Vector
from reference.exact.log_linear import ZERO, LogLinear
from reference.model import checks
from reference.model.checks import ProblemError
from reference.model.parts import END, Edge, Node, counted

TokenPlace = tuple[int, int]
"""A token: the index of its node in the file, and its index there."""


def read_nodes(reader: Reader, entry: ProblemEntry2) -> tuple[list[int], tuple[tuple[Node, ...], ...]]:
    """Return the node in layer 0 of each prompt, and the layers.

    Responses that end before the horizon share one node a layer from there on, the last of its layer.
    """
    stated = reader.horizon(entry.horizon) if entry.horizon else None
    found = NodeLayers(entry, stated, reader.limits.horizon)
    reader.check_arguments(token.reward for node in entry.nodes for token in node.tokens)
    layers: list[tuple[Node, ...]] = []
    ended = False  # whether some response has ended before the layer
    for h, layer in enumerate(found.layers):
        after = found.layers[h + 1] if h + 1 < found.horizon else []
        children = {entry.nodes[i].name: k for k, i in enumerate(after)}
        children[END] = len(after)  # where a response leads that has ended
        phis = _Features(reader, entry.nodes, h, layer).read()
        steps = [_steps(reader, i, entry.nodes[i], phis, children) for i in layer]
        if ended:
            dimension = len(steps[0][0].phi) if steps else 1
            steps.append((Edge(END, fmpq(1), Vector((0,) * dimension, 1), ZERO, len(after)),))
        layers.append(tuple(steps))
        ended = ended or any(token.ends for i in layer for token in entry.nodes[i].tokens)
    rewards = [step.reward for nodes in layers for node in nodes for step in node]
    reader.check_rewards(rewards, nodes=sum(map(len, layers)), horizon=len(layers))
    roots = {i: k for k, i in enumerate(found.layers[0])}
    return [roots[i] for i in found.roots], tuple(layers)


def _steps(
    reader: Reader, i: int, node: NodeEntry2, phis: Mapping[TokenPlace, Vector], children: Mapping[str, int]
) -> Node:
    try:
        masses = reader.masses(f"nodes[{i}].tokens", f"node {cut(node.name)}", node)
    except ProblemError as error:
        raise ProblemError(error.path, f"node {cut(node.name)}: {error.reason}") from None
    return tuple(
        Edge(token.token, masses[j], phis[i, j], _reward(reader, i, j, node), children[token.next])
        for j, token in enumerate(node.tokens)
    )


def _reward(reader: Reader, i: int, j: int, node: NodeEntry2) -> LogLinear:
    token = node.tokens[j]
    if not token.reward:
        return ZERO
    try:
        return reader.loglinear(f"{node_place(i, j)}.reward", token.reward)
    except ProblemError as error:
        raise ProblemError(error.path, f"{token_words(node, token)}: {error.reason}") from None


class _Features:
    """The features of the tokens of one layer."""

    def __init__(self, reader: Reader, nodes: Sequence[NodeEntry2], h: int, layer: Sequence[int]) -> None:
        self.reader, self.nodes, self.h = reader, nodes, h
        self.places = [(i, j) for i in layer for j in range(len(nodes[i].tokens))]

    def read(self) -> dict[TokenPlace, Vector]:
        """Return what is written, or one-hot features where nothing is."""
        written = [at for at in self.places if self.token(at).phi]
        for at in self.places:
            if self.token(at).phi:
                continue
            if not self.token(at).reward:
                raise self.wrong(at, "", 'has neither "phi" nor "reward"; write one of them, or both')
            if written:
                reason = f'has no "phi", but {node_place(*written[0])} of its layer has'
                raise self.wrong(at, "", f"{reason}; give all tokens of a layer features, or none")
        if self.places and not written:
            what = f"tokens after prefixes of length {self.h}"
            units = self.reader.one_hot(node_place(*self.places[0]), len(self.places), what)
            return dict(zip(self.places, units, strict=True))
        found = {at: self.vector(at) for at in written}
        self.check_lengths(found)
        return found

    def vector(self, at: TokenPlace) -> Vector:
        path = f"{node_place(*at)}.phi"
        try:
            phi = self.reader.vector(path, self.token(at).phi)
            checks.same_lengths(path, phi, len(phi))
        except ProblemError as error:
            raise self.wrong(at, error.path.removeprefix(node_place(*at)), error.reason) from None
        return phi

    def check_lengths(self, found: Mapping[TokenPlace, Vector]) -> None:
        lengths = Counter(map(len, found.values()))
        if len(lengths) < 2:  # noqa: PLR2004 - one length is right
            return
        usual, times = lengths.most_common(1)[0]
        odd = next(at for at, phi in found.items() if len(phi) != usual)
        other = next(f"{node_place(*at)}.phi" for at, phi in found.items() if len(phi) == usual)
        others = f"{other} and most others have" if 2 * times > len(found) else f"{other} has"
        reason = f"{counted(len(found[odd]), 'feature', 'features')}, but {others} {usual}"
        raise self.wrong(odd, ".phi", f"{reason}; give every phi after prefixes of one length the same number")

    def token(self, at: TokenPlace) -> TokenEntry2:
        i, j = at
        return self.nodes[i].tokens[j]

    def wrong(self, at: TokenPlace, field: str, reason: str) -> ProblemError:
        words = token_words(self.nodes[at[0]], self.token(at))
        return ProblemError(f"{node_place(*at)}{field}", f"{words}: {reason}")
