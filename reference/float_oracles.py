"""Oracles for array code: thousands of queries at a time, metered, from a numpy generator; nothing else is a float.

A draw compares 64 random bits with integer bounds of the cumulative masses, rounded to both sides.  The few bits that
fall between two bounds (at most one cell in ``2^64`` for each outcome) are continued until exact comparison settles
them, so the law drawn from is *exactly* the problem's, if the generator's words are uniform and independent: its total
variation is 0, where integer thresholds alone would leave ``K/2^64``.  Source: ours.
"""

from collections.abc import Sequence
from operator import index
from sys import modules
from typing import Any, Final

from flint import fmpq

from reference.exact.binary import to_float
from reference.exact.fast.weights import rounded_sums
from reference.exact.law import Law
from reference.exact.log_linear import LogLinear, LogLinearLike, loglinear
from reference.exact.rational_numbers import rational_text
from reference.exact.reals import real
from reference.interaction import Budget, BudgetExceeded, Reading
from reference.model.linear_problem import LinearProblem
from reference.model.policy import softmax

WORD: Final = 64
"""Bits of a generator's word."""

POLICIES: Final = 64
"""So many policies are remembered."""

Array = Any
"""An array of numpy, which this package does not import: the caller's generator brings it."""

UNLIMITED_BATCHES = Budget()


class FloatOracles:
    """All that a learner in floats may touch of a linear problem, a batch of queries at a time.

    ``rng``: a ``numpy.random.Generator``.  ``beta``, ``dimension`` are public.  Features and rewards come as binary64,
    correctly rounded; noise is the problem's.  A batch that the budget does not cover is refused as a whole.

    >>> import numpy as np
    >>> import reference as ref
    >>> oracles = ref.FloatOracles(ref.load("two-arms"), np.random.default_rng(1), budget=ref.Budget(reward=5))
    >>> y, phi = oracles.weak(0, 10_000)
    >>> phi.shape, round(float(y.mean()), 1), oracles.reading.drawn
    ((10000, 1), 0.5, 10000)
    >>> oracles.reward(0, y)
    Traceback (most recent call last):
    reference.interaction.meter.BudgetExceeded: budget exceeded: reward allows 5 queries and one more was asked for

    Raises:
        TypeError: unless the problem is linear and ``rng`` is a generator of numpy.
    """

    def __init__(self, problem: LinearProblem, rng: Array, *, budget: Budget = UNLIMITED_BATCHES) -> None:
        _check(problem, rng)
        self.beta = to_float(problem.beta)
        self.dimension = problem.dimension
        self.budget = budget
        self.reading = Reading()
        self._problem, self._rng, self._numpy = problem, rng, modules["numpy"]
        self._tables: dict[tuple[str, int], Array] = {}
        self._policies: dict[tuple[int, tuple[LogLinear, ...]], _Inverse] = {}
        self._rho = _Inverse(problem.rho, self._numpy)
        self._noise = _Inverse(problem.noise, self._numpy)
        self._base = [_Inverse(problem.base(0, x), self._numpy) for x in range(len(problem.prompts))]

    def prompts(self, n: int) -> Array:
        """Draw ``n`` prompts ``x ~ rho``: an array of indices."""
        self._spend("prompts", n, self.reading.prompts)
        self.reading = self.reading._replace(prompts=self.reading.prompts + n)
        return self._rho.draw(self._rng, n)

    def weak(self, x: int, n: int) -> tuple[Array, Array]:
        """Draw ``n`` responses ``y ~ pi_ref(.|x)``: their indices, and a row of ``phi(x,y)`` for each: ``n`` queries.

        Raises:
            ValueError: if there is no prompt ``x``, or ``n`` is negative; no query counts.
            BudgetExceeded: if the budget does not cover all of them; none counts.
        """
        self._check_prompt(x)
        self._spend("weak", n, self.reading.drawn, sampled=True)
        self.reading = self.reading._replace(weak=(self.reading.drawn + n,))
        return self._with_features(x, self._base[x].draw(self._rng, n))

    def strong(self, x: int, theta: Sequence[LogLinearLike | float] | Array, n: int) -> tuple[Array, Array]:
        """Draw ``n`` responses ``y ~ pi_theta(.|x)`` for ``||theta||_2 <= B``: ``n`` queries.

        A float in ``theta`` is the dyadic rational that it is.

        Raises:
            ValueError: if ``theta`` is outside the declared ball, or as :meth:`weak`; no query counts.
            BudgetExceeded: as :meth:`weak`.
        """
        self._check_prompt(x)
        entries = tuple(_entry(t, f"theta[{j}]") for j, t in enumerate(theta))
        if (x, entries) not in self._policies:
            if len(self._policies) == POLICIES:
                self._policies.clear()
            policy = softmax(self._problem, entries)
            if sum((real(t) * t for t in entries), real(0)) > self._problem.B**2:
                msg = f"theta is outside the declared ball ||theta||_2 <= {rational_text(self._problem.B)}"
                raise ValueError(msg)
            self._policies[x, entries] = _Inverse(policy.law(x), self._numpy)
        self._spend("strong", n, self.reading.strong, sampled=True)
        self.reading = self.reading._replace(strong=self.reading.strong + n)
        return self._with_features(x, self._policies[x, entries].draw(self._rng, n))

    def reward(self, x: int, y: Array) -> Array:
        """Query the rewards of an array of responses to ``x``, on the support or not: a query for each.

        Raises:
            ValueError: if there is no such prompt or response; no query counts.
            BudgetExceeded: as :meth:`weak`.
        """
        self._check_prompt(x)
        responses = self._numpy.asarray(y)
        count = self._problem.response_count(x)
        if responses.size and responses.dtype.kind not in "iu":
            msg = f"reward queries for responses of type {responses.dtype}; give indices"
            raise ValueError(msg)
        if responses.size and (responses.min() < 0 or responses.max() >= count):
            msg = (
                f"reward queries for responses {responses.min()} to {responses.max()} of prompt {x}, which has {count}"
            )
            raise ValueError(msg)
        self._spend("reward", responses.size, self.reading.reward)
        self.reading = self.reading._replace(reward=self.reading.reward + responses.size)
        errors = self._noise.draw(self._rng, responses.size).reshape(responses.shape)
        return self._table("rewards", x)[responses.astype("int64"), errors]

    def _with_features(self, x: int, y: Array) -> tuple[Array, Array]:
        return y, self._table("phi", x)[y]

    def _table(self, what: str, x: int) -> Array:
        """Return features or noisy rewards as an array, made once."""
        if (what, x) not in self._tables:
            problem = self._problem
            responses = range(problem.response_count(x))
            if what == "phi":
                rows = [[to_float(v) for v in problem.phi(x, y)] for y in responses]
            else:
                rows = [[to_float(problem.reward(x, y) + error) for error in problem.noise.outcomes] for y in responses]
            self._tables[what, x] = self._numpy.array(rows, dtype="float64")
        return self._tables[what, x]

    def _check_prompt(self, x: int) -> None:
        prompts = len(self._problem.prompts)
        if not 0 <= x < prompts:
            msg = f"query for prompt {x} of a problem with {prompts} prompts, counted from 0"
            raise ValueError(msg)

    def _spend(self, kind: str, n: int, before: int, *, sampled: bool = False) -> None:
        """Refuse a batch of ``n`` queries that the budget does not cover."""
        if index(n) < 0:
            msg = f"{n} {kind} queries asked for; a batch has 0 or more"
            raise ValueError(msg)
        limits = [(kind, before)] + ([("t_comp", self.reading.t_comp)] if sampled else [])
        for name, spent in limits:
            limit = getattr(self.budget, name)
            if limit is not None and spent + n > limit:
                raise BudgetExceeded(name, limit)


class _Inverse:
    """The inverse distribution function of a law, on arrays of words."""

    def __init__(self, law: Law[Any], numpy: Any) -> None:  # noqa: ANN401 - outcomes of any type; a module
        self.law = law
        self.numpy = numpy
        self.outcomes = numpy.array(law.outcomes) if isinstance(law.outcomes[0], int) else None
        below, above = rounded_sums(law.weights, law.total, WORD)
        last = (1 << WORD) - 1
        self.below = numpy.array([*below[:-1], last], dtype="uint64")
        self.above = numpy.array([min(bound, last) for bound in above[:-1]], dtype="uint64")

    def draw(self, rng: Array, n: int) -> Array:
        """Return ``n`` independent draws: outcomes where they are integers, else their places."""
        words = rng.integers(0, 1 << WORD, size=n, dtype="uint64")
        places = self.above.searchsorted(words, side="right")
        unsettled = (words >= self.below[places]) & (places < len(self.above))
        unsettled |= words == (1 << WORD) - 1  # the one word whose bounds do not fit
        for j in unsettled.nonzero()[0]:
            places[j] = self._continued(int(words[j]), rng)
        return places if self.outcomes is None else self.outcomes[places]

    def _continued(self, value: int, rng: Array) -> int:
        bits, found = WORD, None
        while found is None:
            value = value << WORD | int(rng.integers(0, 1 << WORD, dtype="uint64"))
            bits += WORD
            found = self.law.locate(value, bits)
        return found


def _check(problem: object, rng: object) -> None:
    if not isinstance(problem, LinearProblem):
        msg = f"FloatOracles: {problem!s:.60}: a linear problem (horizon 1, with theta) is needed"
        raise TypeError(msg)
    if not hasattr(rng, "integers") or "numpy" not in modules:
        msg = f"FloatOracles: {rng!r:.60} is no generator; pass numpy.random.default_rng(seed)"
        raise TypeError(msg)


def _entry(value: LogLinearLike | float, where: str) -> LogLinear:
    if isinstance(value, float) or hasattr(value, "as_integer_ratio"):  # numpy's floats are not all Python's
        try:
            return LogLinear(fmpq(*value.as_integer_ratio()))
        except (OverflowError, ValueError):  # infinite, or NaN
            msg = f"{where} = {value}: not a finite number"
            raise ValueError(msg) from None
    return loglinear(value)
