"""Linear problems (FMR25 section 1): one token is a whole response, and the reward is linear in its features.

A linear problem is a finite set of prompts ``x`` with law ``rho``, for each prompt a finite set of responses ``y`` with
base probabilities ``pi_ref(y|x)`` and features ``phi(x,y)``, a hidden parameter ``theta``, a baseline ``b(x)`` and the
regularisation ``beta``.  The reward is ``r(x,y) = <theta, phi(x,y)> + b(x)``, so realizability holds by construction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import ClassVar

from flint import fmpq

from reference.exact.law import Law
from reference.exact.linalg import Matrix, Vector
from reference.exact.log_linear import LogLinear, LogLinearLike, loglinear
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.exact.table import Table, short
from reference.model import checks
from reference.model.fast.linear_scores import linear_scores
from reference.model.named_law import NamedLaw
from reference.model.parts import About, Edge, Node, Prompt, counted
from reference.model.problem import NO_NOISE, Problem


@dataclass(frozen=True, repr=False)
class LinearProblem(Problem):
    """A problem of horizon 1 with linear rewards; immutable, compared by its content (``about`` left out).

    ``prompts``: in the order of their indices; node ``x`` of the one layer is what prompt ``x`` starts from.
    ``theta``: hidden parameter, log-linear numbers.  ``beta > 0``: regularisation in nats of reward.
    ``B >= ||theta||_2`` and ``R_max >= max r(x,.) - min r(x,.)`` on the support: declared bounds.

    >>> import reference as ref
    >>> x = ref.Prompt.of("x", [ref.Response.of("good", "1/2", [1]), ref.Response.of("bad", "1/2", [0])])
    >>> ref.LinearProblem.of("coin", [x], theta=["log(2)"], beta=1, B=1, R_max=1)
    problem 'coin': 1 prompt, 2 responses, dimension 1, beta = 1
    prompt  rho  response  pi_ref  phi  reward
    x       1    good      1/2     (1)  log(2)
                 bad       1/2     (0)  0

    Raises:
        ProblemError: at construction, naming the entry that is wrong and by how much.
        Undecided: if ``||theta||_2`` is so close to ``B`` that enclosures cannot tell them apart.
    """

    prompts: tuple[Prompt, ...]
    layers: tuple[tuple[Node, ...], ...] = field(init=False, compare=False)
    theta: tuple[LogLinear, ...] = field(kw_only=True)
    B: fmpq = field(kw_only=True)

    @classmethod
    def of(  # type: ignore[override]  # it is built from responses, not from nodes
        cls,
        name: str,
        prompts: Iterable[Prompt],
        *,
        theta: Iterable[LogLinearLike],
        beta: RationalLike,
        B: RationalLike,
        R_max: RationalLike,
        noise: Law[fmpq] = NO_NOISE,
        about: About | None = None,
    ) -> "LinearProblem":
        """Return a linear problem from anything that spells exact numbers."""
        parameter = tuple(loglinear(t) for t in theta)
        return LinearProblem(
            name, tuple(prompts), rational(beta), rational(R_max), noise, (), about or About(),
            theta=parameter, B=rational(B),
        )  # fmt: skip

    def __post_init__(self) -> None:
        checks.name("name", self.name)
        checks.positive("beta", self.beta)
        checks.parameter_within(self.theta, self.B)
        checks.distinct_names("prompts", (entry.name for entry in self.prompts))
        for i, entry in enumerate(self.prompts):
            checks.positive(f"prompts[{i}].rho", entry.rho)
            path = f"prompts[{i}].responses"
            checks.distinct_names(path, (response.name for response in entry.responses))
            checks.all_of_one_length(path, [response.phi for response in entry.responses], len(self.theta))
        _ = self.rho, self._base
        checks.not_negative("bounds.R_max", self.R_max)
        checks.noise("noise", self.noise)
        put = object.__setattr__
        put(self, "prompts", tuple(e if e.root == x else replace(e, root=x) for x, e in enumerate(self.prompts)))
        put(self, "layers", (tuple(map(self._node, self.prompts)),))
        put(self, "alphabet", tuple(dict.fromkeys(r.name for entry in self.prompts for r in entry.responses)))
        for x, (least, greatest) in enumerate(self._ranges[0]):
            checks.reward_range(f"prompts[{x}].responses", [least, greatest], self.R_max)

    def __hash__(self) -> int:
        return hash((self.name, self.theta, self.beta, len(self.prompts)))

    def __reduce__(self) -> tuple[Callable[..., Problem], tuple[object, ...]]:
        fields = self.name, self.prompts, self.beta, self.R_max, self.noise, self.about, self.theta, self.B
        return _rebuilt, fields

    def table(self) -> Table:
        """Return what it is, response by response."""
        rows = [
            ("" if y else entry.name, "" if y else short(entry.rho), response.name, short(response.pi_ref),
             f"({', '.join(map(rational_text, response.phi))})", short(self.reward(x, y)))
            for x, entry in enumerate(self.prompts) for y, response in enumerate(entry.responses)
        ]  # fmt: skip
        return Table.of(str(self), ("prompt", "rho", "response", "pi_ref", "phi", "reward"), rows)

    def __str__(self) -> str:
        counts = [len(entry.responses) for entry in self.prompts]
        prompts, responses = counted(len(counts), "prompt"), counted(sum(counts), "response")
        beta = rational_text(self.beta)
        return f"problem {self.name!r}: {prompts}, {responses}, dimension {self.dimension}, beta = {beta}"

    @property
    def dimension(self) -> int:
        """``d``, the length of ``theta`` and of every feature vector."""
        return len(self.theta)

    def responses(self, x: int) -> tuple[str, ...]:
        """Names of the responses to prompt ``x``."""
        return tuple(response.name for response in self.prompts[x].responses)

    def response_count(self, x: int) -> int:
        """Number of responses to prompt ``x``, base mass zero included."""
        return len(self.prompts[x].responses)

    def support(self, x: int) -> tuple[int, ...]:
        """``Y_x``: indices of the responses with positive base probability, ascending."""
        return self._base[0][x].outcomes

    def phi(self, x: int, y: int) -> Vector:
        """Return the features of response ``y`` to prompt ``x``."""
        return self.prompts[x].responses[y].phi

    def baseline(self, x: int) -> fmpq:
        """``b(x)``."""
        return self.prompts[x].baseline

    def reward(self, x: int, y: int) -> LogLinear:
        """``r(x,y) = <theta, phi(x,y)> + b(x)``."""
        return self.layers[0][x][y].reward

    def rewards(self, x: int) -> tuple[LogLinear, ...]:
        """``r(x,y)`` for every response ``y`` to prompt ``x``, base mass zero included."""
        return tuple(edge.reward for edge in self.layers[0][x])

    def difference_rank(self) -> int:
        """``dim span{phi(x,y) - phi(x,y') : y, y' in Y_x}``: how many parameters rewards can identify."""
        differences = (
            self.phi(x, y) - self.phi(x, self.support(x)[0]) for x in range(len(self.prompts)) for y in self.support(x)
        )
        rank, rows = 0, list[Vector]()
        while rank < self.dimension and (more := list(islice(differences, max(len(rows), self.dimension + 1)))):
            rows += more  # twice as many each time: nearly always the first tell all
            rank = Matrix.of(rows, self.dimension).rank()
        return rank

    def is_log_rational(self) -> bool:
        """Whether ``pi_ref`` and ``exp((r(x,y) - r(x,y'))/beta)`` are rational on ``Y_x``: then ``pi*`` is rational."""
        if not self.is_base_rational:
            return False
        for x in range(len(self.prompts)):
            rewards, support = self.rewards(x), self.support(x)
            for y in support:
                exponent = (rewards[y] - rewards[support[0]]) / self.beta
                if exponent.constant != 0 or any(a.q != 1 for _, a in exponent.terms):
                    return False
        return True

    def outcome(self, h: int, i: int, token: int) -> str:
        """Return what a response is called in messages."""
        return f"response {self._called(h, i, token)} to prompt {self.prompts[i].name!r}"

    node_columns: ClassVar[tuple[str, ...]] = ("prompt", "response")

    def node_label(self, h: int, i: int, *, first: bool) -> tuple[str, ...]:
        """Return the column of a table that names a prompt, empty but in its first row."""
        del h
        return (self.prompts[i].name if first else "",)

    def _node(self, entry: Prompt) -> Node:
        # Under the hash of integers, which is quicker than a vector's: there may be a million.
        keys = [(y.phi.numerators, y.phi.denominator) for y in entry.responses]
        distinct = dict(zip(keys, [y.phi for y in entry.responses], strict=True))
        b, scores = entry.baseline, linear_scores(self.theta, list(distinct.values()))
        rewards = dict(zip(distinct, scores if b == 0 else [score + b for score in scores], strict=True))
        return tuple([Edge(y.name, y.pi_ref, y.phi, rewards[k]) for y, k in zip(entry.responses, keys, strict=True)])

    @cached_property
    def _base(self) -> tuple[tuple[NamedLaw, ...], ...]:
        laws = []
        for i, entry in enumerate(self.prompts):
            path = f"prompts[{i}].responses"
            weights = checks.base_weights(path, "pi_ref", [response.pi_ref for response in entry.responses])
            law = Law.weighted(range(len(weights)), weights)
            laws.append(NamedLaw(law, [y.name for y in entry.responses], "response", f"prompt {entry.name!r}"))
        return (tuple(laws),)


def _rebuilt(
    name: str,
    prompts: tuple[Prompt, ...],
    beta: fmpq,
    R_max: fmpq,
    noise: Law[fmpq],
    about: About,
    theta: tuple[LogLinear, ...],
    B: fmpq,
) -> LinearProblem:
    return LinearProblem(name, prompts, beta, R_max, noise, (), about, theta=theta, B=B)
