"""Alignment problems (FMR25 sections 1 and 5), valid by construction: responses are sequences ``a_1..a_H`` of tokens.

The base model is autoregressive, features belong to prefixes, and rewards to responses.  A problem is a graph, layer by
layer: the nodes of layer ``h`` stand for the prefixes of length ``h``, each with one edge for every token that may
follow.  Prefixes with the same future may share a node, so a product structure takes one node a layer whatever
``|A|^H`` is; a tree is the case where nothing is shared.  The reward of a response is the sum of the rewards on its
edges.  That is no restriction: a tree may carry all of it on the last edges.

With ``H = 1`` a response is one token, as in FMR25 section 1; if its reward is linear in its features, it is a
:class:`~reference.model.linear_problem.LinearProblem`.

Prompts, tokens and nodes are integer indices in the code; names are for people, at the edges.  A token is an index at
the node where it is chosen.  A *context* is a prompt and the tokens so far.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar, Literal

from flint import fmpq

from reference.exact.law import Law
from reference.exact.log_linear import ZERO, LogLinear
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.exact.table import Shown, Table, short
from reference.exact.weights import Weight
from reference.model import checks
from reference.model.checks import ProblemError
from reference.model.graph_checks import check_graph, located
from reference.model.linear import extremes
from reference.model.named_law import NamedLaw
from reference.model.parts import END, About, Edge, Node, Prefix, Start, counted, named_index

if TYPE_CHECKING:
    from reference.model.linear_problem import LinearProblem

MAX_SEQUENCES = 10**6
"""Trees with more responses than this are not expanded."""

NO_NOISE: Law[fmpq] = Law.point(fmpq(0))
"""The law of noiseless rewards."""

Features = Literal["tabular", "concatenated"]
"""``tabular``: one coordinate for each value of the reward.  ``concatenated``: ``phi_1, .., phi_H`` of the prefixes."""


class TreeTooLarge(ValueError):
    """Something asked for every response of a problem that has more than :data:`MAX_SEQUENCES`; the size is named."""


@dataclass(frozen=True, repr=False)
class Problem(Shown):
    """An alignment problem of horizon ``H >= 1``; immutable, compared by its content (``about`` left out).

    ``prompts``: in the order of their indices.  ``layers[h]``: the nodes of prefixes of length ``h``, for
    ``h = 0, .., H-1``.  ``beta > 0``: regularisation in nats of reward.  ``R_max >= max r(x,.) - min r(x,.)`` on the
    support: declared bound.  ``noise``: law of the error of every reward, of mean 0.  Features have the same length
    throughout a layer.

    >>> import reference as ref
    >>> bit = [ref.Edge.of("0", "1/2", [0]), ref.Edge.of("1", "1/2", [1], reward="log(3)")]
    >>> str(ref.Problem.of("bits", [ref.Start.of("x")], [[bit]] * 2, beta=1, R_max=3))
    "problem 'bits': H = 2, 1 prompt, 2 nodes, 2 tokens, beta = 1"

    Raises:
        ProblemError: at construction, naming the prompt and the prefix that is wrong and by how much.
    """

    name: str
    prompts: Sequence[Start]
    layers: tuple[tuple[Node, ...], ...]
    beta: fmpq
    R_max: fmpq
    noise: Law[fmpq] = NO_NOISE
    alphabet: tuple[str, ...] = field(default=(), compare=False)
    about: About = field(default=About(), compare=False)

    @classmethod
    def of(
        cls,
        name: str,
        prompts: Iterable[Start],
        layers: Iterable[Iterable[Iterable[Edge]]],
        *,
        beta: RationalLike,
        R_max: RationalLike,
        noise: Law[fmpq] = NO_NOISE,
        alphabet: Iterable[str] = (),
        about: About | None = None,
    ) -> "Problem":
        """Return a problem from anything that spells exact numbers.

        ``alphabet``: the names of the tokens in the order in which a file lists them; that of appearance unless given.
        """
        nodes = tuple(tuple(tuple(node) for node in layer) for layer in layers)
        return Problem(
            name, tuple(prompts), nodes, rational(beta), rational(R_max), noise, tuple(alphabet), about or About()
        )

    def __post_init__(self) -> None:
        checks.name("name", self.name)
        checks.positive("beta", self.beta)
        checks.distinct_names("prompts", (entry.name for entry in self.prompts))
        for i, entry in enumerate(self.prompts):
            checks.positive(f"prompts[{i}].rho", entry.rho)
        _ = self.rho
        if not self.layers:
            raise ProblemError("layers", "the list is empty; the horizon is at least 1")
        checks.not_negative("bounds.R_max", self.R_max)
        checks.noise("noise", self.noise)
        check_graph(self)
        self._put_alphabet()
        _ = self._base
        for x, entry in enumerate(self.prompts):
            least, greatest = self._ranges[0][entry.root]
            checks.reward_range(f"prompts[{x}]", [least, greatest], self.R_max)

    def __hash__(self) -> int:
        return hash((self.name, self.beta, len(self.prompts), tuple(map(len, self.layers))))

    def __reduce__(self) -> tuple[Callable[..., "Problem"], tuple[object, ...]]:
        # What is remembered between calls stays behind: it can be computed again, and may be large.
        fields = self.name, self.prompts, self.layers, self.beta, self.R_max, self.noise, self.alphabet, self.about
        return Problem, fields

    def table(self) -> Table:
        """Return what it is, node by node; a token's child is a node of the next layer."""
        rows = [
            ("" if i or k else str(h + 1), "" if k else str(i), edge.token, short(edge.pi_ref),
             f"({', '.join(map(rational_text, edge.phi))})", short(edge.reward),
             str(edge.child) if h + 1 < self.horizon else "")
            for h, layer in enumerate(self.layers) for i, node in enumerate(layer) for k, edge in enumerate(node)
        ]  # fmt: skip
        return Table.of(str(self), ("layer", "node", "token", "pi_ref", "phi", "reward", "child"), rows)

    def __str__(self) -> str:
        counts = (len(self.prompts), "prompt"), (sum(map(len, self.layers)), "node"), (len(self.alphabet), "token")
        sizes = ", ".join(counted(n, one) for n, one in counts)
        return f"problem {self.name!r}: H = {self.horizon}, {sizes}, beta = {rational_text(self.beta)}"

    @property
    def horizon(self) -> int:
        """``H``, the length of every response in tokens, forced steps at its end included."""
        return len(self.layers)

    @cached_property
    def dimensions(self) -> tuple[int, ...]:
        """``d_1, .., d_H``: the length of the features in each layer."""
        return tuple(len(layer[0][0].phi) for layer in self.layers)

    @cached_property
    def rho(self) -> Law[int]:
        """Law of the prompt index; every prompt has positive probability."""
        weights = checks.law_weights("prompts", "rho", [entry.rho for entry in self.prompts])
        return Law.point(0) if len(weights) == 1 else Law.weighted(range(len(weights)), weights)

    def index(self, prompt: int | str) -> int:
        """Return the index of a prompt, given by index or by name.

        Raises:
            ProblemError: if there is none; it names the nearest.
        """
        if type(prompt) is int and 0 <= prompt < len(self.prompts):
            return prompt
        return named_index(prompt, [entry.name for entry in self.prompts], f"problem {self.name!r}", "prompt")

    def pi_ref(self, x: int | str, prefix: Prefix = ()) -> NamedLaw:
        """Return the base law of the next token in a context; the prompt is given by index or by name."""
        node = self.node(self.index(x), prefix)  # first: it says what is wrong with the prefix
        return self._base[len(prefix)][node]

    def node(self, x: int, prefix: Prefix) -> int:
        """Return the index, in layer ``len(prefix)``, of the node of a prefix shorter than ``H``.

        Raises:
            ValueError: if a token may not follow, named with its prefix, or the prefix is as long as a response.
        """
        if len(prefix) >= self.horizon:
            msg = f"a prefix of {len(prefix)} tokens; responses end after {self.horizon}"
            raise ValueError(msg)
        i = self.prompts[x].root
        for h, token in enumerate(prefix):
            i = self.edge(h, i, token).child
        return i

    def edge(self, h: int, i: int, token: int) -> Edge:
        """Return the edge of ``token`` at node ``i`` of layer ``h``; ValueError if there is none."""
        node = self.layers[h][i]
        if not 0 <= token < len(node):
            msg = f"token {token} does not follow {self.where(h, i)}"
            raise ValueError(msg)
        return node[token]

    def base(self, h: int, i: int) -> NamedLaw:
        """Return the base law of the next token at node ``i`` of layer ``h``; integer weights where it is rational."""
        return self._base[h][i]

    def bases(self, h: int) -> tuple[NamedLaw, ...]:
        """Return the base laws at all nodes of layer ``h``."""
        return self._base[h]

    @cached_property
    def is_base_rational(self) -> bool:
        """Whether every base probability is rational; softmaxes of logits are not."""
        return all(base.is_rational for layer in self._base for base in layer)

    def supported(self, h: int, i: int) -> Node:
        """Return the edges of positive base probability at node ``i`` of layer ``h``, in the order of its base law."""
        node = self.layers[h][i]
        outcomes = self._base[h][i].outcomes
        return node if len(outcomes) == len(node) else tuple(node[token] for token in outcomes)

    def reward_of(self, x: int, response: Prefix) -> LogLinear:
        """``r(x, a_1..a_H)``, the sum over the edges; ValueError if a token may not follow."""
        i, total = self.prompts[x].root, ZERO
        for h, token in enumerate(response):
            edge = self.edge(h, i, token)
            total, i = total + edge.reward, edge.child
        return total

    def spelled(self, x: int, prefix: Prefix) -> tuple[str, ...]:
        """Return the names of the tokens of a prefix or response, forced steps left out."""
        i, names = self.prompts[x].root, list[str]()
        for h, token in enumerate(prefix):
            edge = self.edge(h, i, token)
            i = edge.child
            names += [edge.token] if edge.token != END else []
        return tuple(names)

    def is_forced(self, h: int, i: int) -> bool:
        """Whether responses through this node have ended before it: its only edge is a forced step."""
        return self.layers[h][i][0].token == END

    def sequences(self, features: Features = "tabular") -> "LinearProblem":
        """Return the linear problem whose responses are those of this problem, whole.

        Both describe the same alignment problem: the same laws of responses, the same rewards up to a constant per
        prompt.  With ``"tabular"`` features, one coordinate for each value of the reward, that is always possible.
        With ``"concatenated"`` ones, ``(phi_1, .., phi_H)/H``, the reward must be linear in them.

        Raises:
            TreeTooLarge: if there are more than :data:`MAX_SEQUENCES` responses; names the number.
            ProblemError: if the reward is not linear in the concatenated features; names prompt and response.
        """
        from reference.model.expansion import expanded_problem  # noqa: PLC0415 - the linear problem is built on this module

        return expanded_problem(self, features)

    def sequence_count(self) -> int:
        """Return the number of supported responses, all prompts together, without expanding them."""
        return sum(self.sequence_counts())

    def sequence_counts(self) -> tuple[int, ...]:
        """Return the number of supported responses to each prompt, without expanding them."""
        below = [1]
        for h in range(self.horizon - 1, -1, -1):
            last = h == self.horizon - 1
            below = [
                sum(1 if last else below[edge.child] for edge in self.supported(h, i))
                for i in range(len(self.layers[h]))
            ]
        return tuple(below[entry.root] for entry in self.prompts)

    def reward_range(self, x: int) -> tuple[LogLinear, LogLinear]:
        """Return least and greatest reward of the supported responses to prompt ``x``."""
        return self._ranges[0][self.prompts[x].root]

    def expanded(self, x: int) -> Iterator[Prefix]:
        """Yield every supported response to prompt ``x``, in the order of the edges.

        Raises:
            TreeTooLarge: if the problem has more than :data:`MAX_SEQUENCES`.
        """
        self.check_expandable()
        return self._below(0, self.prompts[x].root, ())

    def check_expandable(self) -> None:
        """Raise :class:`TreeTooLarge` if the problem has more than :data:`MAX_SEQUENCES` supported responses."""
        if (count := self.sequence_count()) > MAX_SEQUENCES:
            msg = f"{self.name!r} has {count} sequences; at most {MAX_SEQUENCES} are expanded"
            raise TreeTooLarge(msg)

    @cached_property
    def reachable(self) -> tuple[tuple[int, ...], ...]:
        """The nodes of every layer that some prefix of positive base probability leads to, ascending."""
        layers = [sorted({entry.root for entry in self.prompts})]
        for h in range(self.horizon - 1):
            layers.append(sorted({edge.child for i in layers[h] for edge in self.supported(h, i)}))
        return tuple(map(tuple, layers))

    def where(self, h: int, i: int) -> str:
        """Return, for messages, a prompt and a prefix that lead to node ``i`` of layer ``h``."""
        tokens: list[str] = []
        for depth in range(h, 0, -1):
            i, token = next(
                (j, edge.token) for j, node in enumerate(self.layers[depth - 1]) for edge in node if edge.child == i
            )
            tokens.append(token)
        prompt = next((entry.name for entry in self.prompts if entry.root == i), self.prompts[0].name)
        return f"prompt {prompt!r}, prefix ({', '.join(map(repr, reversed(tokens)))})"

    def outcome(self, h: int, i: int, token: int) -> str:
        """Return what an outcome is called in messages."""
        return f"token {self._called(h, i, token)} at {self.where(h, i)}"

    def _called(self, h: int, i: int, token: int) -> str:
        node = self.layers[h][i]
        return repr(node[token].token) if 0 <= token < len(node) else str(token)

    node_columns: ClassVar[tuple[str, ...]] = ("layer", "node", "token")

    def node_label(self, h: int, i: int, *, first: bool) -> tuple[str, ...]:
        """Return the columns of a table that name a node, empty but in its first row."""
        return (str(h + 1), str(i)) if first else ("", "")

    def _below(self, h: int, i: int, prefix: Prefix) -> Iterator[Prefix]:
        for token in self.base(h, i).outcomes:
            longer = (*prefix, token)
            if h + 1 == self.horizon:
                yield longer
            else:
                yield from self._below(h + 1, self.layers[h][i][token].child, longer)

    def _put_alphabet(self) -> None:
        """Complete the alphabet; it is no part of what the problem is."""
        edges = (edge.token for layer in self.layers for node in layer for edge in node if edge.token != END)
        used = dict.fromkeys(edges)
        if self.alphabet:
            checks.distinct_names("alphabet", self.alphabet)
            if other := next((token for token in used if token not in set(self.alphabet)), None):
                raise ProblemError("alphabet", f"token {other!r} is not in it")
        object.__setattr__(self, "alphabet", self.alphabet or tuple(used))

    @cached_property
    def _base(self) -> tuple[tuple[NamedLaw, ...], ...]:
        known: dict[tuple[tuple[str, ...], tuple[Weight, ...]], NamedLaw] = {}  # few base laws, many nodes

        def law(h: int, i: int, node: Node) -> NamedLaw:
            masses = [edge.pi_ref for edge in node]
            weights = located(partial(self.where, h, i), partial(checks.base_weights, "edges", "pi_ref", masses))
            key = tuple(edge.token for edge in node), tuple(weights)
            if key not in known:
                known[key] = NamedLaw(Law.weighted(range(len(node)), weights), key[0], "token", "here")
            return known[key]

        return tuple(tuple(law(h, i, node) for i, node in enumerate(layer)) for h, layer in enumerate(self.layers))

    @cached_property
    def _ranges(self) -> list[list[tuple[LogLinear, LogLinear]]]:
        """Least and greatest reward still to come on the support, node by node."""
        ranges: list[list[tuple[LogLinear, LogLinear]]] = [[] for _ in self.layers]
        for h in range(self.horizon - 1, -1, -1):
            for i in range(len(self.layers[h])):
                edges = self.supported(h, i)
                if h + 1 == self.horizon:
                    distinct = {id(edge.reward): edge.reward for edge in edges}  # equal features may share one
                    ranges[h].append(extremes(list(distinct.values())))
                    continue
                below = [ranges[h + 1][edge.child] for edge in edges]
                least = extremes([edge.reward + low for edge, (low, _) in zip(edges, below, strict=True)])[0]
                greatest = extremes([edge.reward + high for edge, (_, high) in zip(edges, below, strict=True)])[1]
                ranges[h].append((least, greatest))
        return ranges
