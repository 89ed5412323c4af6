"""Brute force: in each round the parameter most likely to show something new, found by looking at all of ``Theta``.

::

    1  S = {0};  D = {}
    2  for t = 1..T, while some theta has U_S(theta) > 0:
    3      theta_t <- argmax_{theta in Theta} U_S(theta),
                      U_S(theta) = P_{x ~ rho, y ~ pi_theta, y' ~ pi_ref}(phi(x,y) - phi(x,y') not in S)
    4      commit to (theta_t, 0);  x ~ rho;  y ~ pi_{theta_t}(.|x),  y' ~ pi_ref(.|x);  query r, r'
    5      D += (phi(x,y) - phi(x,y'), r - r');  S <- span of the differences in D
    6  return pi_theta for the theta in Theta with least sum_D (<theta, phi> - (r - r'))^2

``U_S`` is computed from what is public, without a query: it needs few rewards, and work in proportion to ``|Theta|`` in
each of lines 3 and 6, ``2^n`` for the vertices of a box.  Ties go to the least index.

Source: ours; for FMR25 section 4, whose Theorem 4.1 says that no proper learner has both few rewards and little work.
"""

from dataclasses import dataclass

from flint import fmpq

from reference.algorithms.parts.cover import Datum, counts
from reference.algorithms.parts.feedback import Rewards
from reference.algorithms.parts.optimisers import exhaustive
from reference.exact.law import Law
from reference.exact.linalg import Span, Vector
from reference.exact.plain import cached
from reference.exact.reals import Real, real, real_sum
from reference.interaction.proper_learners import ProperOracles
from reference.interaction.public import Public
from reference.model.forms import rational_weights
from reference.model.parameter_set import Theta

_REWARDS = Rewards()


@dataclass(frozen=True, slots=True)
class BruteForce:
    """Brute force over ``members``, all in ``Theta``, for at most ``T`` rounds; ``T_data <= 2T``.

    >>> import reference as ref
    >>> box = ref.Box((ref.log(2),))
    >>> learner = ref.BruteForce(3, ref.vertices(box))
    >>> ref.play_proper(ref.load("two-arms"), box, learner, seed=1).policy
    SoftmaxPolicy(theta=(loglinear('log(2)'),))

    Raises:
        ValueError: if ``T`` is negative, or there are no members.
    """

    T: int
    members: tuple[Theta, ...]

    def __post_init__(self) -> None:
        if self.T < 0 or not self.members:
            msg = f"T = {self.T}, {len(self.members)} members: needs T >= 0 and at least one member"
            raise ValueError(msg)

    def __call__(self, oracles: ProperOracles, /) -> Theta:
        """Run it.

        Raises:
            Undecided: where the number tower cannot order two values of lines 3 or 6.
        """
        public = oracles.public

        def target(data: tuple[Datum, ...]) -> tuple[Theta, Real]:
            return most_informative(public, self.members, spanned(public, data))  # 3

        def step(data: tuple[Datum, ...]) -> tuple[Datum, ...]:
            theta, _ = target(data)
            _, datum = _REWARDS.ask(oracles, theta, public.zero)  # 4
            return (*data, datum)  # 5

        none: tuple[Datum, ...] = ()
        data = oracles.iterate(none, step, self.T, until=lambda seen: target(seen)[1] == 0, key=counts)  # 1, 2
        return exhaustive(self.members)(lambda theta: _REWARDS.loss(theta, dict(counts(data))))  # 6


def evaluations(rounds: int, members: int, T: int) -> int:
    """Return how often ``U_S`` or the loss is evaluated in a run of so many rounds: the work of lines 2, 3 and 6.

    As the listing has it: ``U_S`` at every member in each round, once more where line 2 stops, then the loss.
    """
    return members * (rounds + (rounds < T) + 1)


def spanned(public: Public, data: tuple[Datum, ...]) -> Span:
    """Return the span of the differences in the data."""
    span = Span.empty(public.dimension)
    for phi, _ in data:
        if not span.contains(phi):
            span = span.with_vector(phi)
    return span


@cached(256)
def most_informative(public: Public, members: tuple[Theta, ...], span: Span) -> tuple[Theta, Real]:
    """Return the first of ``members`` with the largest ``U_S``, and that value; 0 if no difference is new."""
    new = new_responses(public, span)
    if not any(share for at_prompt in new for share in at_prompt):
        return members[0], real(0)
    best = exhaustive(members)(lambda theta: -informativeness(public, theta, new))
    return best, informativeness(public, best, new)


def new_responses(public: Public, span: Span) -> tuple[tuple[fmpq, ...], ...]:
    """Return ``P_{y' ~ pi_ref}(phi(x,y) - phi(x,y') not in S)`` for each prompt and each response of its support."""
    return tuple(_new_at(base, phis, span) for base, phis in zip(public.base, public.features, strict=True))


def _new_at(base: Law[int], phis: tuple[Vector, ...], span: Span) -> tuple[fmpq, ...]:
    shares = list(zip(base.outcomes, rational_weights(base, "BruteForce"), strict=True))
    total = sum(share for _, share in shares)
    fresh = (sum(share for z, share in shares if not span.contains(phis[y] - phis[z])) for y in base.outcomes)
    return tuple(fmpq(share, total) for share in fresh)


def informativeness(public: Public, theta: Theta, new: tuple[tuple[fmpq, ...], ...]) -> Real:
    """Return ``U_S(theta)``."""
    parts = []
    for x, rho in public.rho.items():
        law = public.tilt(theta, x).law()
        shares = zip(public.base[x].outcomes, new[x], strict=True)
        parts += [real(law.mass(y)) * share * real(rho) for y, share in shares if share != 0]
    return real_sum(parts)
