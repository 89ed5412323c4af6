"""The layers of the nodes of an instance file of version 2, and what is wrong with where they lead."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from reference.catalog.format2 import NodeEntry2, ProblemEntry2, TokenEntry2
from reference.catalog.reading2 import cut
from reference.model import checks
from reference.model.checks import ProblemError
from reference.model.parts import counted

_SHOWN = 40
"""Characters of a name in a message."""

_COMPARED = 1000
"""Names among which a similar one is looked for."""


class NodeLayers:
    """The nodes by the length of the prefixes that lead to them, in the order of the file.

    ``horizon``: as stated, or that of the longest response.  ``layers``: indices in ``nodes`` of the file; empty where
    every response has ended.

    Raises:
        ProblemError: at construction, for the first node that is wrong.
    """

    def __init__(self, entry: ProblemEntry2, stated: int | None, most: int) -> None:
        if entry.nodes:  # what leads to a node that is not there says more
            checks.distinct_names("nodes", (node.name for node in entry.nodes))
        self._nodes = entry.nodes
        self._index = {node.name: i for i, node in enumerate(entry.nodes)}
        self._depth: dict[int, int] = {}
        self.roots = [self._root(f"prompts[{x}].start", prompt.start) for x, prompt in enumerate(entry.prompts)]
        self.layers = self._walk(stated or most, stated)
        self.horizon = stated or len(self.layers)
        self._refuse_early_ends()
        self._refuse_unreached()
        self.layers += [[] for _ in range(self.horizon - len(self.layers))]

    def _root(self, path: str, name: str) -> int:
        i = self._found(path, "", name)
        self._depth[i] = 0
        return i

    def _walk(self, most: int, stated: int | None) -> list[list[int]]:
        layers, found = list[list[int]](), set(self.roots)
        while found:
            layers.append(sorted(found))
            found = set()
            for i in layers[-1]:
                _check_tokens(i, self._nodes[i])
                for j, token in enumerate(self._nodes[i].tokens):
                    path, words = node_place(i, j), token_words(self._nodes[i], token)
                    if not token.next:
                        continue
                    if token.ends:
                        reason = 'has both "next" and "ends": an end leads to no node; leave one of them out'
                        raise ProblemError(path, f"{words}: {reason}")
                    found.add(self._step(f"{path}.next", words, i, len(layers), token.next))
                    if len(layers) >= most:
                        reason = f'has "next", but the horizon is {stated}' if stated else f"is after {most} tokens"
                        way = "leave it out, or raise the horizon" if stated else f"at most {most} are read"
                        raise ProblemError(f"{path}.next", f"{words}: {reason}: the path goes on too long; {way}")
        return layers

    def _step(self, path: str, words: str, i: int, length: int, name: str) -> int:
        child = self._found(path, words, name)
        known = self._depth.setdefault(child, length)
        if known == length:
            return child
        node = f"node {cut(name)}"
        if self._leads_to(child, i):
            raise ProblemError(path, f"{words}: leads back to {node}: a cycle has no horizon; lead to another node")
        reason = f"leads to {node} after {counted(length, 'token', 'tokens')}, but it is reached after {known}, too"
        raise ProblemError(
            path, f"{words}: {reason}; prefixes of different lengths cannot share a node: make a second one"
        )

    def _found(self, path: str, words: str, name: str) -> int:
        if name in self._index:
            return self._index[name]
        near = _near(name, self._index) or '; add it to "nodes"'
        raise ProblemError(path, f"{words}{': ' if words else ''}there is no node {cut(name)}{near}")

    def _leads_to(self, start: int, goal: int) -> bool:
        seen, todo = {start}, [start]
        while todo:
            i = todo.pop()
            if i == goal:
                return True
            longer = {self._index[t.next] for t in self._nodes[i].tokens if t.next in self._index} - seen
            seen |= longer
            todo += longer
        return False

    def _refuse_early_ends(self) -> None:
        for h, layer in enumerate(self.layers[: self.horizon - 1]):
            for i in layer:
                for j, token in enumerate(self._nodes[i].tokens):
                    if not (token.next or token.ends):
                        reason = f"ends after {counted(h + 1, 'token', 'tokens')}, but the horizon is {self.horizon}"
                        way = 'write "ends": true if it does, or name the "next" node'
                        raise ProblemError(node_place(i, j), f"{token_words(self._nodes[i], token)}: {reason}; {way}")

    def _refuse_unreached(self) -> None:
        for i, node in enumerate(self._nodes):
            if i not in self._depth:
                reason = "no prompt and no token lead to this node; lead to it, or remove it"
                raise ProblemError(f"nodes[{i}]", f"node {cut(node.name)}: {reason}")


def node_place(i: int, j: int) -> str:
    """Return the path of a token."""
    return f"nodes[{i}].tokens[{j}]"


def token_words(node: NodeEntry2, token: TokenEntry2) -> str:
    """Return what a token is called in messages."""
    return f"node {cut(node.name)}, token {cut(token.token)}"


def _check_tokens(i: int, node: NodeEntry2) -> None:
    first: dict[str, int] = {}
    for j, token in enumerate(node.tokens):
        checks.name(f"{node_place(i, j)}.token", token.token)
        if first.setdefault(token.token, j) != j:
            reason = f"follows twice, first at {node_place(i, first[token.token])}; keep one, or write another token"
            raise ProblemError(node_place(i, j), f"{token_words(node, token)}: {reason}")


def _near(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name[:_SHOWN], islice(known, _COMPARED), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
