"""What counts as success in a game: naming a good response, or returning a policy that is good enough."""

from collections.abc import Callable, Collection, Iterable, Sequence

from flint import fmpq

from reference.exact.law import Law, LawError, SupportError
from reference.exact.log_linear import LogLinearLike, loglinear
from reference.exact.rational_numbers import RationalLike, rational
from reference.model.game import FinalAnswer, Game, GameError
from reference.model.linear_problem import LinearProblem
from reference.model.parameter_set import Theta
from reference.model.policy import Policy
from reference.model.problem import NO_NOISE
from reference.model.values import gap


def naming(
    members: Iterable[LinearProblem],
    good: Callable[[LinearProblem], Collection[tuple[int, int]]],
    *,
    prior: Iterable[RationalLike] | None = None,
    thetas: Iterable[Sequence[LogLinearLike]] = (),
    weak: bool = True,
    noise: Law[fmpq] = NO_NOISE,
) -> Game:
    """Return the game of naming a good response: ``good(member)`` holds pairs of a prompt and a response."""
    listed = tuple(members)
    if not listed:
        raise GameError("a game needs at least one member")
    targets = [set(good(member)) for member in listed]
    answers = tuple(
        FinalAnswer(f"{listed[0].prompts[x].name}: {name}", tuple((x, y) in target for target in targets))
        for x in range(len(listed[0].prompts))
        for y, name in enumerate(listed[0].responses(x))
    )
    return Game(listed, _integers(prior, len(listed)), answers, weak, _thetas(thetas), noise)


def returning(
    members: Iterable[LinearProblem],
    policies: Iterable[tuple[str, int, Callable[[LinearProblem], Policy]]],
    eps: RationalLike,
    *,
    prior: Iterable[RationalLike] | None = None,
    thetas: Iterable[Sequence[LogLinearLike]] = (),
    weak: bool = True,
    noise: Law[fmpq] = NO_NOISE,
) -> Game:
    """Return the game of returning a policy with gap at most ``eps`` (nats of reward) from a finite list.

    ``policies``: name, sampling queries that one draw makes, and the policy as a function of the member (``pi_theta``
    depends on the member's ``pi_ref``).

    Raises:
        GameError: as :class:`~reference.model.game.Game`.
        Undecided: if a gap is too close to ``eps``.
    """
    listed, bound = tuple(members), rational(eps)
    answers = tuple(
        FinalAnswer(name, tuple(_within(member, policy(member), bound) for member in listed), queries)
        for name, queries, policy in policies
    )
    return Game(listed, _integers(prior, len(listed)), answers, weak, _thetas(thetas), noise)


def _within(member: LinearProblem, policy: Policy, eps: fmpq) -> bool:
    try:
        return gap(member, policy) <= eps
    except SupportError:  # the gap is infinite
        return False


def _integers(prior: Iterable[RationalLike] | None, size: int) -> tuple[int, ...]:
    if prior is None:
        return (1,) * size
    weights = [rational(w) for w in prior]
    try:
        law = Law.weighted(range(len(weights)), weights)
    except LawError as error:
        raise GameError(f"prior: {error}") from error
    if len(law.outcomes) != size:
        raise GameError(f"prior: {len(law.outcomes)} positive weights for {size} members")
    return tuple(w for w in law.weights if isinstance(w, int))


def _thetas(thetas: Iterable[Sequence[LogLinearLike]]) -> tuple[Theta, ...]:
    return tuple(tuple(loglinear(entry) for entry in theta) for theta in thetas)
