"""Which prefixes of a token instance file lead where: the layers of nodes, and what is wrong with them.

What is wrong is said with its path in the file, the prompt and the tokens of a prefix.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from reference.catalog.token_format import RewardEntry, TokenEntry, TokenProblemEntry
from reference.model.checks import ProblemError
from reference.model.parts import counted

Key = tuple[int, tuple[str, ...]] | str
"""A place where tokens are listed: a prompt and a prefix, or the name of a node."""

_SHOWN = 40
"""Characters of a name in a message."""

_ENDS = 6
"""Tokens at either end of a long prefix in a message."""

_COMPARED = 1000
"""Names among which a similar one is looked for."""


class TokenGraph:
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
        return [self._places[h + 1][self._child(key, j)] for j in range(len(self.listed[key]))]

    def rewards(self) -> dict[tuple[Key, str], tuple[str, str]]:
        """Return path and text of each reward of a whole sequence, by the place and the token of its last step."""
        found: dict[tuple[Key, str], tuple[str, str]] = {}
        for x, prompt in enumerate(self.entry.prompts):
            for i, item in enumerate(prompt.rewards):
                path = f"prompts[{x}].rewards[{i}]"
                step = self._last_step(path, x, item)
                if step in found:
                    where = self._named(x, tuple(item.sequence), "sequence")
                    raise ProblemError(f"{path}: {where}", f"has a reward at {found[step][0]} already; keep one")
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

    def words(self, key: Key, token: str = "") -> str:
        """Return a prompt, a prefix and a token after it, for messages; the name of the node, where it is one."""
        node = f"node {_cut(key)} at " if isinstance(key, str) else ""
        return f"{node}{self.where(key)}{f', token {_cut(token)}' if token else ''}"

    # ------------------------------------------------------------------------------------------ places

    def _list_prefixes(self) -> None:
        for x, prompt in enumerate(self.entry.prompts):
            if bool(prompt.start) == bool(prompt.prefixes):
                reason = 'has both "start" and "prefixes"' if prompt.start else 'has neither "start" nor "prefixes"'
                raise ProblemError(f"prompts[{x}]", f"{reason}; write one of them")
            for i, item in enumerate(prompt.prefixes):
                path, key = f"prompts[{x}].prefixes[{i}]", (x, tuple(item.prefix))
                words = self._named(*key)
                self._check_tokens(f"{path}.prefix", item.prefix, words)
                if len(item.prefix) >= self.horizon:
                    reason = f"goes on too long: nothing follows {counted(len(item.prefix), 'token', 'tokens')}"
                    reason = f"{reason} where the horizon is {self.horizon}; remove it, or raise the horizon"
                    raise ProblemError(f"{path}.prefix: {words}", reason)
                self._add(path, key, item.tokens, words)

    def _list_nodes(self) -> None:
        for i, node in enumerate(self.entry.nodes):
            self._add(f"nodes[{i}]", node.name, node.tokens, f"node {_cut(node.name)}")

    def _add(self, path: str, key: Key, tokens: list[TokenEntry], words: str) -> None:
        if key in self.listed:
            raise ProblemError(f"{path}: {words}", f"stands twice, first at {self._paths[key]}; keep one")
        self._check_tokens(f"{path}.tokens", [token.token for token in tokens], words, ".token")
        self.listed[key], self._paths[key] = tokens, path

    def _check_tokens(self, path: str, tokens: list[str], words: str, field: str = "") -> None:
        for j, token in enumerate(tokens):
            if token not in self.alphabet:
                way = _near(token, self.alphabet) or "; add it to the alphabet, or write a token of it"
                raise ProblemError(f"{path}[{j}]{field}: {words}", f"token {_cut(token)} is not in the alphabet{way}")

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
                # Before its children: where a token stands in place of another, the other's prefix never comes up.
                self._refuse_repeated(key)
                for j, token in enumerate(self.listed[key]):
                    if h + 1 < self.horizon:
                        found.add(self._step(h, key, j))
                    elif token.next:
                        reason = f'has "next", but the horizon is {self.horizon}: the path goes on too long'
                        raise self._wrong(key, j, ".next", f"{reason}; leave it out, or raise the horizon")
        return layers

    def _refuse_repeated(self, key: Key) -> None:
        first: dict[str, int] = {}
        for j, token in enumerate(self.listed[key]):
            if first.setdefault(token.token, j) != j:
                place = f"{self._paths[key]}.tokens[{first[token.token]}]"
                raise self._wrong(key, j, "", f"follows twice, first at {place}; keep one, or write another token")

    def _step(self, h: int, key: Key, j: int) -> Key:
        child, token = self._child(key, j), self.listed[key][j].token
        h_reached, _ = self._reached.setdefault(child, (h + 1, (key, token)))
        if h_reached != h + 1:
            node = f"node {_cut(str(child))}"
            if self._leads_to(child, key):
                reason = f"leads back to {node}, first reached after {counted(h_reached, 'token', 'tokens')}"
                raise self._wrong(key, j, ".next", f"{reason}: a cycle has no horizon; lead to another node")
            reason = f"leads to {node}, where {self.where(child)} leads too"
            way = "prefixes of different lengths cannot share a node; make a second one"
            raise self._wrong(key, j, ".next", f"{reason}; {way}")
        return child

    def _root(self, x: int) -> Key:
        start = self.entry.prompts[x].start
        key: Key = start or (x, ())
        if key in self.listed:
            return key
        if start:
            raise ProblemError(f"prompts[{x}].start", self._no_node(start))
        raise self._missing(x, ())

    def _child(self, key: Key, j: int) -> Key:
        """Return where the longer prefix is listed; refuse what ends early."""
        token = self.listed[key][j]
        if token.next:
            if token.next in self.listed:
                return token.next
            raise self._wrong(key, j, ".next", self._no_node(token.next))
        if isinstance(key, str):
            reason = f'has no "next", but the horizon is {self.horizon}: the path ends early'
            raise self._wrong(key, j, "", f"{reason}; name the node that follows")
        x, prefix = key
        longer = x, (*prefix, token.token)
        if longer not in self.listed:
            raise self._missing(*longer, f"{self._paths[key]}.tokens[{j}]")
        return longer

    def _leads_to(self, ancestor: Key, key: Key) -> bool:
        origin: tuple[Key, str] | int = (key, "")
        while not isinstance(origin, int):
            if origin[0] == ancestor:
                return True
            _, origin = self._reached[origin[0]]
        return False

    def _refuse_unreached(self) -> None:
        unreached = [key for key in self.listed if key not in self._reached]
        prefixes = [key for key in unreached if not isinstance(key, str)]
        if prefixes:
            # Of the shortest one, the prefix before is reached or not listed.
            raise self._unreached(*min(prefixes, key=lambda key: len(key[1])))
        for key in unreached:
            reason = "no prompt and no prefix lead to this node; lead to it, or remove it"
            raise ProblemError(f"{self._paths[key]}: node {_cut(str(key))}", reason)

    def _unreached(self, x: int, prefix: tuple[str, ...]) -> ProblemError:
        *shorter, last = prefix
        key, before = (x, tuple(shorter)), self._named(x, tuple(shorter))
        if key not in self.listed:
            reason = f"never comes up: {before} is not listed; list it"
        elif all(token.token != last for token in self.listed[key]):
            reason = f"never comes up: token {_cut(last)} is not listed after {before}; list it there"
        else:
            reason = f'never comes up: token {_cut(last)} after {before} leads to a node; remove its "next"'
        return ProblemError(f"{self._paths[x, prefix]}: {self._named(x, prefix)}", f"{reason}, or remove this prefix")

    def _last_step(self, path: str, x: int, item: RewardEntry) -> tuple[Key, str]:
        sequence = tuple(item.sequence)
        words = self._named(x, sequence, "sequence")
        where = f"{path}.sequence: {words}"
        self._check_tokens(f"{path}.sequence", item.sequence, words)
        if len(sequence) != self.horizon:
            reason = f"has {counted(len(sequence), 'token', 'tokens')}, but the horizon is {self.horizon}"
            raise ProblemError(where, f"{reason}; write all tokens of a sequence")
        *_, last = sequence
        key = x, sequence[:-1]
        if key not in self.listed:
            reason = f"{self._named(*key)} is not listed, so its reward has no place of its own"
            raise ProblemError(where, f"{reason}; list it, or put the reward on a token")
        if key not in self._follow:
            self._follow[key] = frozenset(token.token for token in self.listed[key])
        if last not in self._follow[key]:
            reason = f"token {_cut(last)} does not follow {self._named(*key)}; list it there, or remove this reward"
            raise ProblemError(where, reason)
        return key, last

    # ------------------------------------------------------------------------------------------ words

    def _wrong(self, key: Key, j: int, field: str, reason: str) -> ProblemError:
        path = f"{self._paths[key]}.tokens[{j}]{field}"
        return ProblemError(f"{path}: {self.words(key, self.listed[key][j].token)}", reason)

    def _missing(self, x: int, prefix: tuple[str, ...], before: str = "") -> ProblemError:
        way = f', or give {before} a "next"' if before else ""
        reason = f"is missing, and the horizon is {self.horizon}; list it, with the tokens that may follow{way}"
        return ProblemError(f"prompts[{x}].prefixes", f"{self._named(x, prefix)} {reason}")

    def _no_node(self, name: str) -> str:
        near = _near(name, (node.name for node in self.entry.nodes)) or '; add it to "nodes"'
        return f"there is no node {_cut(name)}{near}"

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
