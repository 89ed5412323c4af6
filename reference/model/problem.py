"""Alignment problems (FMR25 section 1), valid by construction.

A problem is a finite set of prompts ``x`` with law ``rho``, for each prompt a finite set of responses ``y`` with base
probabilities ``pi_ref(y|x)`` and features ``phi(x,y)``, a hidden parameter ``theta``, a baseline ``b(x)`` and the
regularisation ``beta``.  The reward is ``r(x,y) = <theta, phi(x,y)> + b(x)``, so realizability holds by construction.

Prompts and responses are integer indices in the code; names are for people, at the edges.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from flint import fmpq

from reference.exact.law import Law
from reference.exact.linalg import Span, Vector
from reference.exact.log_linear import LogLinear, LogLinearLike, loglinear
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.exact.table import Shown, Table, short
from reference.model import checks
from reference.model.checks import ProblemError
from reference.model.linear import linear_score
from reference.model.prompt import About, Prompt, Response, ResponseLaw, counted, named_index

__all__ = ["About", "Problem", "ProblemError", "Prompt", "Response", "ResponseLaw"]


@dataclass(frozen=True, repr=False)
class Problem(Shown):
    """An alignment problem; immutable, compared by its content (``about`` left out).

    ``prompts``: in the order of their indices.  ``theta``: hidden parameter, log-linear numbers.  ``beta > 0``:
    regularisation in nats of reward.  ``B >= ||theta||_2`` and ``R_max >= max r(x,.) - min r(x,.)`` on the support:
    declared bounds.

    >>> import reference as ref
    >>> x = ref.Prompt.of("x", [ref.Response.of("good", "1/2", [1]), ref.Response.of("bad", "1/2", [0])])
    >>> ref.Problem.of("coin", [x], theta=["log(2)"], beta=1, B=1, R_max=1)
    problem 'coin': 1 prompt, 2 responses, dimension 1, beta = 1
    prompt  rho  response  pi_ref  phi  reward
    x       1    good      1/2     (1)  log(2)
                 bad       1/2     (0)  0

    Raises:
        ProblemError: at construction, naming the entry that is wrong and by how much.
        Undecided: if ``||theta||_2`` is so close to ``B`` that enclosures cannot tell them apart.
    """

    name: str
    prompts: tuple[Prompt, ...]
    theta: tuple[LogLinear, ...]
    beta: fmpq
    B: fmpq
    R_max: fmpq
    about: About = field(default=About(), compare=False, repr=False)

    @classmethod
    def of(
        cls,
        name: str,
        prompts: Iterable[Prompt],
        *,
        theta: Iterable[LogLinearLike],
        beta: RationalLike,
        B: RationalLike,
        R_max: RationalLike,
        about: About | None = None,
    ) -> "Problem":
        """Return a problem from anything that spells exact numbers."""
        parameters = tuple(loglinear(t) for t in theta)
        return cls(name, tuple(prompts), parameters, rational(beta), rational(B), rational(R_max), about or About())

    def __post_init__(self) -> None:
        checks.name("name", self.name)
        checks.positive("beta", self.beta)
        checks.parameter(self.theta, self.B)
        checks.names("prompts", (entry.name for entry in self.prompts))
        for i, entry in enumerate(self.prompts):
            checks.positive(f"prompts[{i}].rho", entry.rho)
            checks.names(f"prompts[{i}].responses", (response.name for response in entry.responses))
            for j, response in enumerate(entry.responses):
                checks.features(f"prompts[{i}].responses[{j}].phi", response.phi, len(self.theta))
        _ = self.rho, self._base
        checks.not_negative("bounds.R_max", self.R_max)
        for x in range(len(self.prompts)):
            rewards = self.rewards(x)
            checks.reward_range(f"prompts[{x}].responses", [rewards[y] for y in self.support(x)], self.R_max)

    def __hash__(self) -> int:
        return hash((self.name, self.theta, self.beta, len(self.prompts)))

    def __reduce__(self) -> tuple[type["Problem"], tuple[object, ...]]:
        # What is remembered between calls stays behind: it can be computed again, and may be large.
        fields = (self.name, self.prompts, self.theta, self.beta, self.B, self.R_max, self.about)
        return Problem, fields

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

    @cached_property
    def rho(self) -> Law[int]:
        """Law of the prompt index; every prompt has positive probability."""
        weights = checks.law_weights("prompts", "rho", [entry.rho for entry in self.prompts])
        return Law.weighted(range(len(weights)), weights)

    def responses(self, x: int) -> tuple[str, ...]:
        """Names of the responses to prompt ``x``."""
        return tuple(response.name for response in self.prompts[x].responses)

    def response_count(self, x: int) -> int:
        """Number of responses to prompt ``x``, base mass zero included."""
        return len(self.prompts[x].responses)

    def index(self, prompt: int | str) -> int:
        """Return the index of a prompt, given by index or by name.

        Raises:
            ProblemError: if there is none; it names the nearest.
        """
        if type(prompt) is int and 0 <= prompt < len(self.prompts):
            return prompt
        return named_index(prompt, [entry.name for entry in self.prompts], f"problem {self.name!r}", "prompt")

    def pi_ref(self, x: int | str) -> ResponseLaw:
        """Return the base law of the response at prompt ``x``, given by index or by name; integer weights."""
        return self._base[self.index(x)]

    def support(self, x: int) -> tuple[int, ...]:
        """``Y_x``: indices of the responses with positive base probability, ascending."""
        return self._base[x].outcomes

    def phi(self, x: int, y: int) -> Vector:
        """Return the features of response ``y`` to prompt ``x``."""
        return self.prompts[x].responses[y].phi

    def baseline(self, x: int) -> fmpq:
        """``b(x)``."""
        return self.prompts[x].baseline

    def reward(self, x: int, y: int) -> LogLinear:
        """``r(x,y) = <theta, phi(x,y)> + b(x)``."""
        return self.rewards(x)[y]

    def rewards(self, x: int) -> tuple[LogLinear, ...]:
        """``r(x,y)`` for every response ``y`` to prompt ``x``, base mass zero included."""
        if x not in self._rewards:
            b = self.baseline(x)
            self._rewards[x] = tuple(self._score(response.phi) + b for response in self.prompts[x].responses)
        return self._rewards[x]

    def difference_rank(self) -> int:
        """``dim span{phi(x,y) - phi(x,y') : y, y' in Y_x}``: how many parameters rewards can identify."""
        span = Span.empty(self.dimension)
        for x in range(len(self.prompts)):
            first = self.phi(x, self.support(x)[0])
            for y in self.support(x):
                difference = self.phi(x, y) - first
                if not span.contains(difference):
                    span = span.with_vector(difference)
                if span.dimension == self.dimension:
                    return span.dimension
        return span.dimension

    def is_log_rational(self) -> bool:
        """Whether ``exp((r(x,y) - r(x,y'))/beta)`` is rational for ``y, y'`` in ``Y_x``: then ``pi*`` is rational."""
        for x in range(len(self.prompts)):
            rewards, support = self.rewards(x), self.support(x)
            for y in support:
                exponent = (rewards[y] - rewards[support[0]]) / self.beta
                if exponent.constant != 0 or any(a.q != 1 for _, a in exponent.terms):
                    return False
        return True

    @cached_property
    def _base(self) -> tuple[ResponseLaw, ...]:
        laws = []
        for i, entry in enumerate(self.prompts):
            path = f"prompts[{i}].responses"
            weights = checks.law_weights(path, "pi_ref", [response.pi_ref for response in entry.responses])
            laws.append(ResponseLaw(Law.weighted(range(len(weights)), weights), entry))
        return tuple(laws)

    @cached_property
    def _score(self) -> Callable[[Vector], LogLinear]:
        return linear_score(self.theta)

    @cached_property
    def _rewards(self) -> dict[int, tuple[LogLinear, ...]]:
        return {}
