"""Token problems (FMR25 section 5), valid by construction: responses are sequences ``a_1..a_H`` of tokens.

The base model is autoregressive, features belong to prefixes, and rewards to sequences.  A problem is a graph, layer by
layer: the nodes of layer ``h`` stand for the prefixes of length ``h``, each with one edge for every token that may
follow.  Prefixes with the same future may share a node, so a product structure takes one node a layer whatever
``|A|^H`` is; a tree is the case where nothing is shared.  The reward of a sequence is the sum of the rewards on its
edges.  That is no restriction: a tree may carry all of it on the last edges.

Prompts, tokens and nodes are integer indices in the code; names are for people, at the edges.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial

from flint import fmpq

from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear, LogLinearLike, loglinear
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.exact.table import Shown, Table, short
from reference.model import checks
from reference.model.checks import ProblemError
from reference.model.linear import extremes
from reference.model.problem import About
from reference.model.prompt import counted
from reference.model.token_checks import check_graph, located

__all__ = ["MAX_SEQUENCES", "Edge", "Node", "Prefix", "TokenProblem", "TokenPrompt", "TreeTooLarge"]

MAX_SEQUENCES = 10**6
"""Trees with more sequences than this are not expanded."""

Prefix = tuple[int, ...]
"""The tokens so far, ``a_1..a_h``."""

ZERO = LogLinear(fmpq(0))


class TreeTooLarge(ValueError):
    """Something asked for every sequence of a problem that has more than :data:`MAX_SEQUENCES`; the size is named."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A token after a prefix: base probability, features ``phi_h`` of the longer prefix, its part of the reward.

    ``child``: index in the next layer of the node that the longer prefix leads to; 0 in the last layer.

    >>> import reference as ref
    >>> ref.Edge.of(1, "1/2", [1], reward="log(4)").reward
    loglinear('2*log(2)')
    """

    token: int
    pi_ref: fmpq
    phi: Vector
    reward: LogLinear = ZERO
    child: int = 0

    @classmethod
    def of(
        cls,
        token: int,
        pi_ref: RationalLike,
        phi: Iterable[RationalLike],
        *,
        reward: LogLinearLike = 0,
        child: int = 0,
    ) -> "Edge":
        """Return an edge from anything that spells exact numbers."""
        return cls(token, rational(pi_ref), Vector.of(phi), loglinear(reward), child)


Node = tuple[Edge, ...]
"""What may follow a prefix; base mass zero is allowed.  The masses sum to exactly 1."""


@dataclass(frozen=True, slots=True)
class TokenPrompt:
    """A prompt: its probability ``rho > 0`` and the node of layer 0 that it starts from.

    >>> import reference as ref
    >>> ref.TokenPrompt.of("x").rho
    1
    """

    name: str
    rho: fmpq
    root: int = 0

    @classmethod
    def of(cls, name: str, *, rho: RationalLike = 1, root: int = 0) -> "TokenPrompt":
        """Return a prompt from anything that spells exact numbers."""
        return cls(name, rational(rho), root)


@dataclass(frozen=True, repr=False)
class TokenProblem(Shown):
    """A token problem; immutable, compared by its content (``about`` left out).

    ``alphabet``: names of the tokens.  ``prompts``: in the order of their indices.  ``layers[h]``: the nodes of
    prefixes of length ``h``, for ``h = 0, .., H-1``.  ``beta > 0``: regularisation in nats of reward.
    ``R_max >= max r(x,.) - min r(x,.)`` on the support: declared bound.  Features have the same length throughout a
    layer.

    >>> import reference as ref
    >>> bit = [ref.Edge.of(0, "1/2", [0]), ref.Edge.of(1, "1/2", [1], reward="log(3)")]
    >>> str(ref.TokenProblem.of("bits", "01", [ref.TokenPrompt.of("x")], [[bit]] * 2, beta=1, R_max=3))
    "token problem 'bits': H = 2, 2 tokens, 2 nodes, beta = 1"

    Raises:
        ProblemError: at construction, naming the prompt and the prefix that is wrong and by how much.
    """

    name: str
    alphabet: tuple[str, ...]
    prompts: tuple[TokenPrompt, ...]
    layers: tuple[tuple[Node, ...], ...]
    beta: fmpq
    R_max: fmpq
    about: About = field(default=About(), compare=False, repr=False)

    @classmethod
    def of(
        cls,
        name: str,
        alphabet: Iterable[str],
        prompts: Iterable[TokenPrompt],
        layers: Iterable[Iterable[Iterable[Edge]]],
        *,
        beta: RationalLike,
        R_max: RationalLike,
        about: About | None = None,
    ) -> "TokenProblem":
        """Return a token problem from anything that spells exact numbers."""
        nodes = tuple(tuple(tuple(node) for node in layer) for layer in layers)
        return cls(name, tuple(alphabet), tuple(prompts), nodes, rational(beta), rational(R_max), about or About())

    def __post_init__(self) -> None:
        checks.name("name", self.name)
        checks.positive("beta", self.beta)
        checks.names("alphabet", self.alphabet)
        checks.names("prompts", (entry.name for entry in self.prompts))
        for i, entry in enumerate(self.prompts):
            checks.positive(f"prompts[{i}].rho", entry.rho)
        _ = self.rho
        if not self.layers:
            raise ProblemError("layers", "the list is empty; the horizon is at least 1")
        checks.not_negative("bounds.R_max", self.R_max)
        check_graph(self)
        _ = self._base
        for x, entry in enumerate(self.prompts):
            least, greatest = self._ranges[0][entry.root]
            checks.reward_range(f"prompts[{x}]", [least, greatest], self.R_max)

    def __hash__(self) -> int:
        return hash((self.name, self.alphabet, self.beta, len(self.prompts), tuple(map(len, self.layers))))

    def __reduce__(self) -> tuple[type["TokenProblem"], tuple[object, ...]]:
        # What is remembered between calls stays behind: it can be computed again, and may be large.
        return TokenProblem, (self.name, self.alphabet, self.prompts, self.layers, self.beta, self.R_max, self.about)

    def table(self) -> Table:
        """Return what it is, node by node; a token's child is a node of the next layer."""
        rows = [
            ("" if i or k else str(h + 1), "" if k else str(i), self.alphabet[edge.token], short(edge.pi_ref),
             f"({', '.join(map(rational_text, edge.phi))})", short(edge.reward),
             str(edge.child) if h + 1 < self.horizon else "")
            for h, layer in enumerate(self.layers) for i, node in enumerate(layer) for k, edge in enumerate(node)
        ]  # fmt: skip
        return Table.of(str(self), ("layer", "node", "token", "pi_ref", "phi", "reward", "child"), rows)

    def __str__(self) -> str:
        nodes, tokens = counted(sum(map(len, self.layers)), "node"), counted(len(self.alphabet), "token")
        beta = rational_text(self.beta)
        return f"token problem {self.name!r}: H = {self.horizon}, {tokens}, {nodes}, beta = {beta}"

    @property
    def horizon(self) -> int:
        """``H``, the length of every response in tokens."""
        return len(self.layers)

    @cached_property
    def dimensions(self) -> tuple[int, ...]:
        """``d_1, .., d_H``: the length of the features in each layer."""
        return tuple(len(layer[0][0].phi) for layer in self.layers)

    @cached_property
    def rho(self) -> Law[int]:
        """Law of the prompt index; every prompt has positive probability."""
        weights = checks.law_weights("prompts", "rho", [entry.rho for entry in self.prompts])
        return Law.weighted(range(len(weights)), weights)

    def node(self, x: int, prefix: Prefix) -> int:
        """Return the index, in layer ``len(prefix)``, of the node of a prefix shorter than ``H``.

        Raises:
            ValueError: if a token may not follow, named with its prefix.
        """
        i = self.prompts[x].root
        for h, token in enumerate(prefix):
            i = self.edge(h, i, token).child
        return i

    def edge(self, h: int, i: int, token: int) -> Edge:
        """Return the edge of ``token`` at node ``i`` of layer ``h``; ValueError if there is none."""
        for edge in self.layers[h][i]:
            if edge.token == token:
                return edge
        msg = f"token {token} does not follow {self.where(h, i)}"
        raise ValueError(msg)

    def pi_ref(self, h: int, i: int) -> Law[int]:
        """Return the base law of the next token at node ``i`` of layer ``h``; integer weights."""
        return self._base[h][i]

    def pi_refs(self, h: int) -> tuple[Law[int], ...]:
        """Return the base laws at all nodes of layer ``h``."""
        return self._base[h]

    def support(self, h: int, i: int) -> tuple[Edge, ...]:
        """Return the edges of positive base probability at node ``i`` of layer ``h``."""
        return tuple(edge for edge in self.layers[h][i] if edge.pi_ref > 0)

    def reward(self, x: int, sequence: Prefix) -> LogLinear:
        """``r(x, a_1..a_H)``, the sum over the edges; ValueError if a token may not follow."""
        i, total = self.prompts[x].root, ZERO
        for h, token in enumerate(sequence):
            edge = self.edge(h, i, token)
            total, i = total + edge.reward, edge.child
        return total

    def sequence_count(self) -> int:
        """Return the number of supported sequences, all prompts together, without expanding them."""
        below = [1]
        for h in range(self.horizon - 1, -1, -1):
            last = h == self.horizon - 1
            below = [
                sum(1 if last else below[edge.child] for edge in self.support(h, i)) for i in range(len(self.layers[h]))
            ]
        return sum(below[entry.root] for entry in self.prompts)

    def sequences(self, x: int) -> Iterator[Prefix]:
        """Yield every supported sequence at prompt ``x``, in the order of the edges.

        Raises:
            TreeTooLarge: if the problem has more than :data:`MAX_SEQUENCES`.
        """
        self.check_expandable()
        return self._below(0, self.prompts[x].root, ())

    def check_expandable(self) -> None:
        """Raise :class:`TreeTooLarge` if the problem has more than :data:`MAX_SEQUENCES` supported sequences."""
        if (count := self.sequence_count()) > MAX_SEQUENCES:
            msg = f"{self.name!r} has {count} sequences; at most {MAX_SEQUENCES} are expanded"
            raise TreeTooLarge(msg)

    @cached_property
    def reachable(self) -> tuple[tuple[int, ...], ...]:
        """The nodes of every layer that some prefix of positive base probability leads to, ascending."""
        layers = [sorted({entry.root for entry in self.prompts})]
        for h in range(self.horizon - 1):
            layers.append(sorted({edge.child for i in layers[h] for edge in self.support(h, i)}))
        return tuple(map(tuple, layers))

    def where(self, h: int, i: int) -> str:
        """Return, for messages, a prompt and a prefix that lead to node ``i`` of layer ``h``."""
        tokens: list[str] = []
        for depth in range(h, 0, -1):
            i, token = next(
                (j, edge.token) for j, node in enumerate(self.layers[depth - 1]) for edge in node if edge.child == i
            )
            tokens.append(self.alphabet[token])
        prompt = next((entry.name for entry in self.prompts if entry.root == i), self.prompts[0].name)
        return f"prompt {prompt!r}, prefix ({', '.join(map(repr, reversed(tokens)))})"

    def _below(self, h: int, i: int, prefix: Prefix) -> Iterator[Prefix]:
        for edge in self.support(h, i):
            longer = (*prefix, edge.token)
            if h + 1 == self.horizon:
                yield longer
            else:
                yield from self._below(h + 1, edge.child, longer)

    @cached_property
    def _base(self) -> tuple[tuple[Law[int], ...], ...]:
        known: dict[tuple[tuple[int, ...], tuple[int, ...]], Law[int]] = {}  # few base laws, many nodes

        def law(h: int, i: int, node: Node) -> Law[int]:
            masses = [edge.pi_ref for edge in node]
            weights = located(partial(self.where, h, i), partial(checks.law_weights, "edges", "pi_ref", masses))
            key = tuple(e.token for e in node), tuple(weights)
            if key not in known:
                known[key] = Law.weighted(*key)
            return known[key]

        return tuple(tuple(law(h, i, node) for i, node in enumerate(layer)) for h, layer in enumerate(self.layers))

    @cached_property
    def _ranges(self) -> list[list[tuple[LogLinear, LogLinear]]]:
        """Least and greatest reward still to come on the support, node by node."""
        ranges: list[list[tuple[LogLinear, LogLinear]]] = [[] for _ in self.layers]
        for h in range(self.horizon - 1, -1, -1):
            for i in range(len(self.layers[h])):
                edges = self.support(h, i)
                below = [ranges[h + 1][edge.child] if h + 1 < self.horizon else (ZERO, ZERO) for edge in edges]
                least = extremes([edge.reward + low for edge, (low, _) in zip(edges, below, strict=True)])[0]
                greatest = extremes([edge.reward + high for edge, (_, high) in zip(edges, below, strict=True)])[1]
                ranges[h].append((least, greatest))
        return ranges
