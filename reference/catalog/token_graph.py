"""Which prefixes of a token instance file lead where: the layers of nodes, and what is wrong with them.

Everything that is wrong here is about a prefix, and is said with its prompt and its tokens.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from reference.catalog.token_format import RewardEntry, TokenEntry, TokenProblemEntry
from reference.model.checks import ProblemError

Key = tuple[int, tuple[str, ...]] | str
"""A place where tokens are listed: a prompt and a prefix, or the name of a node."""

_SHOWN = 40
"""Characters of a name in a message."""

_ENDS = 6
"""Tokens at either end of a long prefix in a message."""

_COMPARED = 1000
"""Names among which a similar one is looked for."""


class Graph:
    """The layers of a token problem, as the places where the tokens of their nodes are listed.

    ``alphabet``: index of each token.  ``listed``: the tokens at each place.  ``layers``: the places of prefixes of
    each length, in the order of the file, first prefixes and then nodes.  ``roots``: the node of each prompt.

    Raises:
        ProblemError: at construction, for the first prefix that is wrong.
    """

    def __init__(self, entry: TokenProblemEntry, horizon: int) -> None:
        self.entry = entry
        self.horizon = horizon
        self.alphabet = {name: i for i, name in enumerate(entry.alphabet)}
        self.listed: dict[Key, list[TokenEntry]] = {}
        self._paths: dict[Key, str] = {}
        self._reached: dict[Key, tuple[int, tuple[Key, str] | int]] = {}  # length, and from where: a token or a prompt
        self._follow: dict[Key, frozenset[str]] = {}
        self._list_prefixes()
        self._list_nodes()
        self._order = {key: i for i, key in enumerate(self.listed)}
        self.layers = self._walk()
        self._places = [{key: i for i, key in enumerate(keys)} for keys in self.layers]
        self.roots = [self._places[0][self._root(x)] for x in range(len(entry.prompts))]
        self._refuse_unreached()

    def path(self, key: Key) -> str:
        """Return the path of a place in the file."""
        return self._paths[key]

    def children(self, h: int, key: Key) -> list[int]:
        """Return, for each token at a place of layer ``h``, the index in the next layer; 0 after the last."""
        if h + 1 == self.horizon:
            return [0] * len(self.listed[key])
        return [self._places[h + 1][self._child(key, token)] for token in self.listed[key]]

    def rewards(self) -> dict[tuple[Key, str], tuple[str, str]]:
        """Return path and text of each reward of a whole sequence, by the place and the token of its last step."""
        found: dict[tuple[Key, str], tuple[str, str]] = {}
        for x, prompt in enumerate(self.entry.prompts):
            for i, item in enumerate(prompt.rewards):
                path = f"prompts[{x}].rewards[{i}]"
                step = self._last_step(path, x, item)
                if step in found:
                    where = self._named(x, tuple(item.sequence), "sequence")
                    raise ProblemError(f"{path}: {where}", f"has a reward at {found[step][0]} already")
                found[step] = path, item.reward
        return found

    def where(self, key: Key) -> str:
        """Return a prompt and a prefix that lead to a place, for messages."""
        tokens: list[str] = []
        _, origin = self._reached[key]
        while not isinstance(origin, int):
            place, token = origin
            tokens.append(token)
            _, origin = self._reached[place]
        return self._named(origin, tuple(reversed(tokens)))

    # ------------------------------------------------------------------------------------------ places

    def _list_prefixes(self) -> None:
        for x, prompt in enumerate(self.entry.prompts):
            if bool(prompt.start) == bool(prompt.prefixes):
                reason = 'has both "start" and "prefixes"' if prompt.start else 'has neither "start" nor "prefixes"'
                raise ProblemError(f"prompts[{x}]", f"{reason}; write one of them")
            for i, item in enumerate(prompt.prefixes):
                path, key = f"prompts[{x}].prefixes[{i}]", (x, tuple(item.prefix))
                where = f"{path}: {self._named(*key)}"
                self._check_tokens(where, item.prefix)
                if len(item.prefix) >= self.horizon:
                    reason = f"goes on too long: nothing follows a sequence of {len(item.prefix)} tokens"
                    raise ProblemError(where, f"{reason} where the horizon is {self.horizon}")
                self._add(where, path, key, item.tokens)

    def _list_nodes(self) -> None:
        for i, node in enumerate(self.entry.nodes):
            self._add(f"nodes[{i}]: node {_cut(node.name)}", f"nodes[{i}]", node.name, node.tokens)

    def _add(self, where: str, path: str, key: Key, tokens: list[TokenEntry]) -> None:
        if key in self.listed:
            raise ProblemError(where, f"stands twice, first at {self._paths[key]}")
        self._check_tokens(where, [token.token for token in tokens])
        self.listed[key], self._paths[key] = tokens, path

    def _check_tokens(self, where: str, tokens: list[str]) -> None:
        for token in tokens:
            if token not in self.alphabet:
                raise ProblemError(where, f"token {_cut(token)} is not in the alphabet{_near(token, self.alphabet)}")

    # ------------------------------------------------------------------------------------------ ways

    def _walk(self) -> list[list[Key]]:
        layers: list[list[Key]] = []
        found: set[Key] = set()
        for x in range(len(self.entry.prompts)):
            key = self._root(x)
            self._reached.setdefault(key, (0, x))
            found.add(key)
        for h in range(self.horizon):
            layers.append(sorted(found, key=self._order.__getitem__))
            found = set()
            for key in layers[h]:
                for token in self.listed[key]:
                    if h + 1 < self.horizon:
                        found.add(self._step(h, key, token))
                    elif token.next:
                        reason = f'token {_cut(token.token)} has "next": the path goes on too long'
                        raise ProblemError(self.where(key), f"{reason}, the horizon is {self.horizon}")
        return layers

    def _step(self, h: int, key: Key, token: TokenEntry) -> Key:
        child = self._child(key, token)
        h_reached, _ = self._reached.setdefault(child, (h + 1, (key, token.token)))
        if h_reached != h + 1:
            if self._leads_to(child, key):
                reason = f"token {_cut(token.token)} leads back to node {_cut(str(child))}, first reached after "
                raise ProblemError(self.where(key), f"{reason}{h_reached} tokens: a cycle has no horizon")
            first = self.where(child)
            reason = f"token {_cut(token.token)} leads to node {_cut(str(child))}, where {first} leads too"
            raise ProblemError(self.where(key), f"{reason}; prefixes of different lengths cannot share a node")
        return child

    def _root(self, x: int) -> Key:
        start = self.entry.prompts[x].start
        key: Key = start or (x, ())
        if key in self.listed:
            return key
        if start:
            reason = f"there is no node {_cut(start)}{_near(start, (node.name for node in self.entry.nodes))}"
            raise ProblemError(f"prompts[{x}].start", reason)
        raise self._missing(x, ())

    def _child(self, key: Key, token: TokenEntry) -> Key:
        """Return where the longer prefix is listed; refuse what ends early."""
        if token.next:
            if token.next in self.listed:
                return token.next
            near = _near(token.next, (node.name for node in self.entry.nodes))
            reason = f'token {_cut(token.token)}: "next": there is no node {_cut(token.next)}{near}'
            raise ProblemError(self.where(key), reason)
        if isinstance(key, str):
            reason = f'token {_cut(token.token)} of node {_cut(key)} has no "next": the path ends early'
            raise ProblemError(self.where(key), f"{reason}, the horizon is {self.horizon}")
        x, prefix = key
        longer = x, (*prefix, token.token)
        if longer not in self.listed:
            raise self._missing(*longer)
        return longer

    def _leads_to(self, ancestor: Key, key: Key) -> bool:
        origin: tuple[Key, str] | int = (key, "")
        while not isinstance(origin, int):
            if origin[0] == ancestor:
                return True
            _, origin = self._reached[origin[0]]
        return False

    def _refuse_unreached(self) -> None:
        for key, path in self._paths.items():
            if key in self._reached:
                continue
            if isinstance(key, str):
                raise ProblemError(f"{path}: node {_cut(key)}", "no prompt and no token lead to this node")
            x, prefix = key
            before = self._named(x, prefix[:-1])
            reason = f"never comes up: token {_cut(prefix[-1])} is not listed after {before}, or leads to a node"
            raise ProblemError(f"{path}: {self._named(x, prefix)}", reason)

    def _last_step(self, path: str, x: int, item: RewardEntry) -> tuple[Key, str]:
        sequence = tuple(item.sequence)
        where = f"{path}: {self._named(x, sequence, 'sequence')}"
        self._check_tokens(where, item.sequence)
        if len(sequence) != self.horizon:
            raise ProblemError(where, f"has {len(sequence)} tokens, but the horizon is {self.horizon}")
        *_, last = sequence
        key = x, sequence[:-1]
        if key not in self.listed:
            reason = f"{self._named(*key)} is not listed, so its reward has no place of its own"
            raise ProblemError(where, f"{reason}; list it, or put the reward on a token")
        if key not in self._follow:
            self._follow[key] = frozenset(token.token for token in self.listed[key])
        if last not in self._follow[key]:
            raise ProblemError(where, f"token {_cut(last)} does not follow {self._named(*key)}")
        return key, last

    # ------------------------------------------------------------------------------------------ words

    def _missing(self, x: int, prefix: tuple[str, ...]) -> ProblemError:
        reason = f"is missing: say what follows, the horizon is {self.horizon}"
        way = ' (or give its last token a "next")' if prefix else ""
        return ProblemError(self._named(x, prefix), f"{reason}{way}")

    def _named(self, x: int, tokens: tuple[str, ...], what: str = "prefix") -> str:
        shown = list(map(_cut, tokens))
        if len(shown) > 2 * _ENDS + 1:
            shown[_ENDS:-_ENDS] = [f"... {len(shown) - 2 * _ENDS} more ..."]
        return f"prompt {_cut(self.entry.prompts[x].name)}, {what} ({', '.join(shown)})"


def _cut(name: str) -> str:
    return repr(name if len(name) <= _SHOWN else f"{name[: _SHOWN - 3]}...")


def _near(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name[:_SHOWN], islice(known, _COMPARED), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
