"""A needle among responses of base mass zero: the instances on which coverage is necessary for computation.

One prompt, responses ``0..k``.  The *needle* ``i*`` has base mass ``p = 1/C``, response 0 has the rest, all others
have none.  ``phi(i*) = theta* = v*`` is a vector of signs over ``m``, a unit vector in dimension ``m^2``; every other
feature is 0.  So the needle's reward is 1, every other reward is 0, and every difference is a multiple of ``v*``.

* ``C_cov(pi*) = e^(1/beta)/(1 - p + p e^(1/beta)) <= C``, since ``1/p`` times the denominator exceeds the numerator by
  ``(1-p)/p``.
* If ``C <= e^(1/(2 beta))`` then ``J(pi*) = beta log(1 - p + p e^(1/beta)) >= beta log(e^(1/(2 beta))) = 1/2``.
* ``J(pi) = pi(i*) - beta KL(pi || pi_ref) <= pi(i*)`` for every policy.
* For ``theta`` in the unit ball a draw from ``pi_theta`` is the needle, on average over ``v*``, with probability at
  most ``qbar``: the odds are ``(p/(1-p)) e^(<theta,v*>/beta)``, and ``<theta, v*>`` is a sum of independent signs.

Source: FMR25 Thm 2.1; the finite rational family is ours.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from flint import arb, fmpq

from reference.exact.decimals import to_decimal
from reference.exact.expratio import ExpRatio
from reference.exact.expsum import exp
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear, log
from reference.exact.plain import cached
from reference.exact.precision import workprec
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.exact.reals import Real, enclosed, real_log, real_max, real_min
from reference.interaction.choice import Choice
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prefix, Prompt, Response
from reference.model.problem import Problem

_ONE = fmpq(1)

LEAST_C = 2
"""From here on the needle is the rarer of the two supported responses, or as likely as the other."""


def needle(
    C: RationalLike, beta: RationalLike, m: int, k: int = 1, *, position: int = 1, signs: Sequence[int] | None = None
) -> LinearProblem:
    """Return the instance with needle ``i* = position`` in ``1..k`` and ``v* = signs/m`` (all plus, unless given).

    Raises:
        ValueError: unless ``C >= 2``, ``beta > 0``, ``1 <= position <= k``, ``m >= 1``, and there are ``m^2`` signs,
            each 1 or -1; the message says which of these fails.
    """
    family = NeedleFamily.of(k, C, m, beta)
    return family.member(position, (1,) * family.dimension if signs is None else signs)


@dataclass(frozen=True, slots=True)
class NeedleFamily:
    """The family with ``k`` places for the needle and dimension ``m^2``: ``k 2^(m^2)`` members, equally likely.

    >>> import reference as ref
    >>> family = ref.NeedleFamily.of(k=4, C=4, m=1, beta="1/5")
    >>> family.size, family.game_value(t_comp=2, t_data=1)
    (8, 23/32)

    Raises:
        ValueError: unless ``k >= 1``, ``C >= 2``, ``m >= 1``, ``beta > 0``; the message says which fails.
    """

    k: int
    C: fmpq
    m: int
    beta: fmpq

    @classmethod
    def of(cls, k: int, C: RationalLike, m: int, beta: RationalLike) -> "NeedleFamily":
        """Return the family from anything that spells exact numbers."""
        return cls(k, rational(C), m, rational(beta))

    def __post_init__(self) -> None:
        for holds, said in (
            (self.k >= 1, f"k = {self.k}: needs k >= 1, a place for the needle"),
            (self.C >= LEAST_C, f"C = {rational_text(self.C)}: needs C >= 2, the needle's base mass is 1/C <= 1/2"),
            (self.m >= 1, f"m = {self.m}: needs m >= 1, the dimension is m^2"),
            (self.beta > 0, f"beta = {rational_text(self.beta)}: needs beta > 0"),
        ):
            if not holds:
                raise ValueError(f"needle family: {said}")

    def __str__(self) -> str:
        return f"needle(C={rational_text(self.C)}, beta={rational_text(self.beta)}, m={self.m}, k={self.k})"

    @property
    def dimension(self) -> int:
        """``d = m^2``."""
        return self.m**2

    @property
    def p(self) -> fmpq:
        """The needle's base mass ``1/C``."""
        return 1 / self.C

    @property
    def size(self) -> int:
        """Number of members."""
        return self.k << self.dimension

    def signs(self) -> Iterator[tuple[int, ...]]:
        """Yield ``m v`` for every ``v`` in ``V``."""
        yield from product((1, -1), repeat=self.dimension)

    def members(self) -> Iterator[LinearProblem]:
        """Yield every member; :attr:`size` of them."""
        for position in range(1, self.k + 1):
            for signs in self.signs():
                yield self.member(position, signs)

    def member(self, position: int, signs: Sequence[int]) -> LinearProblem:
        """Return the instance with needle ``i* = position`` and ``v* = signs/m``.

        Raises:
            ValueError: unless ``1 <= position <= k`` and there are ``m^2`` signs, each 1 or -1.
        """
        if not 1 <= position <= self.k:
            raise ValueError(f"{self}: position {position} of the needle, needs 1 <= position <= {self.k}")
        if len(signs) != self.dimension or any(sign not in {1, -1} for sign in signs):
            raise ValueError(f"{len(signs)} signs: v* needs m^2 = {self.dimension} of them, each 1 or -1")
        return _member(self, position, tuple(signs))

    def drawn_member(self, choice: Choice) -> LinearProblem:
        """Return a member drawn at random."""
        place = choice.draw(_places(self.k))
        signs = [choice.draw(_SIGN) for _ in range(self.dimension)]
        return self.member(place, signs)

    def is_hit(self, member: Problem, x: int, response: Prefix) -> bool:
        """Whether a response is the needle of a member."""
        return not member.edge(0, x, response[0]).phi.is_zero

    def coverage(self) -> ExpRatio:
        """``C_cov(pi*) = e^(1/beta)/(1 - p + p e^(1/beta))``."""
        top = exp(1 / self.beta)
        return ExpRatio(top, 1 - self.p + self.p * top)

    def optimal_value(self) -> Real:
        """``J(pi*) = beta log(1 - p + p e^(1/beta))``, in nats of reward."""
        return real_log(1 - self.p + self.p * exp(1 / self.beta)) * self.beta

    @property
    def is_learnable(self) -> bool:
        """Whether ``C <= e^(1/(2 beta))``: then ``J(pi*) >= 1/2``, and returning ``pi_ref`` is not good enough."""
        return log(self.C) * self.beta * 2 <= 1

    def require_learnable(self) -> None:
        """Raise :class:`ValueError` unless ``C <= e^(1/(2 beta))``."""
        if not self.is_learnable:
            most = to_decimal(exp(1 / (2 * self.beta)), 6)
            raise ValueError(f"{self}: the fact needs C <= e^(1/(2 beta)) {most}")

    def hit_probability(self, theta: Sequence[fmpq]) -> Real:
        """Return ``q(theta) = E_{v*}[pi_theta(i*)]``, enclosed, over all ``2^(m^2)`` directions.

        ``theta``: rational, in the unit ball.

        Raises:
            ValueError: unless ``theta`` has ``m^2`` entries and ``||theta||_2 <= 1``.
        """
        vector = Vector.of(theta)
        if len(vector) != self.dimension:
            raise ValueError(f"theta has {len(vector)} entries; {self} has dimension {self.dimension}")
        if vector.norm_squared() > 1:
            raise ValueError(f"theta is outside the unit ball: ||theta||^2 = {rational_text(vector.norm_squared())}")
        counts = tuple(sorted(_signed_sums(vector.numerators).items()))
        return enclosed(_hits, self.p, self.beta * self.m * vector.denominator, counts)

    def qbar(self) -> Real:
        """``min{1, (p/(1-p)) e^(1/(2 d beta^2)), e p/(1-p) + e^(-beta^2 d/2)}``, a bound on every ``q(theta)``."""
        odds, scale = self.p / (1 - self.p), self.beta**2 * self.dimension
        return real_min([1, odds * exp(1 / (2 * scale)), odds * exp(1) + exp(-scale / 2)])

    def paper_bound(self) -> Real:
        """``min{e^(beta^2 d/2), e^(1/(2 beta)), C}``: what FMR25 Thm 2.1 bounds ``T_comp`` by, up to a constant."""
        return real_min([exp(self.beta**2 * self.dimension / 2), exp(1 / (2 * self.beta)), self.C])

    def our_bound(self) -> Real:
        """``3/(32 qbar)``: what ``T_comp`` must reach if ``T_data + 1 < 3k/32``, for success 3/4 at ``eps = 1/4``.

        Raises:
            ValueError: unless ``C <= e^(1/(2 beta))``.
        """
        self.require_learnable()
        odds, scale = self.p / (1 - self.p), self.beta**2 * self.dimension
        terms = (odds * exp(1 / (2 * scale)), odds * exp(1) + exp(-scale / 2))
        return real_max([1, *(1 / ExpRatio(term) for term in terms)]) * fmpq(3, 32)

    def game_value(self, t_comp: int, t_data: int) -> fmpq:
        """``1 - (1-p)^T_comp (1 - (T_data+1)/k)``, or 1 if ``T_data >= k``: the value of naming the needle."""
        if t_comp < 0 or t_data < 0:
            raise ValueError(f"T_comp = {t_comp}, T_data = {t_data}: budgets are not negative")
        return _ONE - (1 - self.p) ** t_comp * max(fmpq(0), 1 - fmpq(t_data + 1, self.k))


_SIGN = Law.uniform([1, -1])


@cached(16)
def _places(k: int) -> Law[int]:
    return Law.uniform(range(1, k + 1))


@cached(128)  # runs and games meet few of them, again and again
def _member(family: NeedleFamily, position: int, signs: tuple[int, ...]) -> LinearProblem:
    v, zero = Vector(signs, family.m), Vector((0,) * family.dimension)
    masses = {0: 1 - family.p, position: family.p}
    responses = tuple(
        Response(str(i), masses.get(i, fmpq(0)), v if i == position else zero) for i in range(family.k + 1)
    )
    theta = [LogLinear(entry) for entry in v]
    prompts = [Prompt("x", _ONE, responses=responses)]
    return LinearProblem.of(str(family), prompts, theta=theta, beta=family.beta, B=_ONE, R_max=_ONE)


def _signed_sums(terms: Iterable[int]) -> Counter[int]:
    """Return how many ways to give signs to the terms have each sum."""
    sums = Counter({0: 1})
    for term in terms:
        longer: Counter[int] = Counter()
        for value, count in sums.items():
            longer[value + term] += count
            longer[value - term] += count
        sums = longer
    return sums


def _hits(prec: int, p: fmpq, scale: fmpq, counts: tuple[tuple[int, int], ...]) -> arb:
    """Return the mean of ``1/(1 + (1-p)/p e^(-product/scale))`` over products with their numbers."""
    with workprec(prec + 16):
        odds, total = arb((1 - p) / p), arb(0)
        for value, count in counts:
            total += count / (1 + odds * arb(-value / scale).exp())
        return total / sum(count for _, count in counts)
