"""Exact derivatives: of means, divergences and the objective, by logits and by ``theta``; and of estimators of KL.

A law is taken as a softmax ``p_y ~ exp(z_y)``, or ``~ pi_ref(y) exp(z_y)``, of free logits, so that
``dp_y/dz_j = p_y (1[y = j] - p_j)``: every derivative is a polynomial in masses and in what they weigh.  Source:
folklore (the score function); the estimators are Schulman's (http://joschu.net/blog/kl-approx.html), their exact laws
are ours.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Generic, Literal, NamedTuple, TypeVar, get_args

from flint import fmpq

from reference.exact.expratio import exp_ratio
from reference.exact.law import Law, SupportError
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinearLike
from reference.exact.reals import Number, Real, real, real_log, real_sum
from reference.model.linear_problem import LinearProblem
from reference.model.policy import softmax

T = TypeVar("T", bound=Hashable)

Gradient = dict[T, Real]
"""The derivative by the logit of each outcome; these sum to 0."""


def logit_gradient(law: Law[T], function: Callable[[T], Number]) -> Gradient[T]:
    """Return the derivative of ``E f`` by the logits of the law, for a fixed ``f``: ``p_y (f(y) - E f)``.

    >>> import reference as ref
    >>> ref.logit_gradient(ref.Law.of({"a": "1/4", "b": "3/4"}), {"a": 1, "b": 0}.__getitem__)
    {'a': Real(3/16), 'b': Real(-3/16)}
    """
    mean = law.expectation(function)
    return {y: (real(function(y)) - mean) * mass for y, mass in law.items()}


def kl_gradient(law: Law[T], other: Law[T]) -> Gradient[T]:
    """Return the derivative of ``KL(law || other)`` by the logits of ``law``: ``p_y (log(p_y/q_y) - KL)``.

    >>> import reference as ref
    >>> p, q = ref.Law.of({"a": "1/2", "b": "1/2"}), ref.Law.of({"a": "1/4", "b": "3/4"})
    >>> ref.kl_gradient(p, q)
    {'a': Real(1/4*log(3)), 'b': Real(-1/4*log(3))}

    Raises:
        SupportError: if ``law`` leaves the support of ``other``.
    """
    ratio = _log_ratio(law, other)
    return logit_gradient(law, lambda y: ratio[y])


def objective_gradient(problem: LinearProblem, theta: tuple[LogLinearLike, ...]) -> tuple[Real, ...]:
    """Return the derivative of ``J(pi_theta)`` by ``theta``, where ``pi_theta ~ pi_ref exp(<theta, phi> / beta)``.

    ``dJ/dtheta = (1/beta) E_x Cov(r - <theta, phi>, phi)``: 0 at ``theta*``, where ``pi_theta`` is the optimum.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.objective_gradient(p, (0,)), ref.objective_gradient(p, p.theta)
    ((Real(1/4*log(2)),), (Real(0),))
    """
    policy = softmax(problem, theta)
    parts = list[tuple[Real, ...]]()
    for x, rho in problem.rho.items():
        law, base = policy.law(x), problem.pi_ref(x)
        ratio = _log_ratio(law, base)
        gain = {y: real(problem.reward(x, y)) - ratio[y] * problem.beta for y in law.outcomes}
        found = theta_gradient(logit_gradient(law, gain.__getitem__), lambda y, x=x: problem.phi(x, y), problem.beta)  # type: ignore[misc]  # x is bound as a default
        parts.append(tuple(each * rho for each in found))
    return tuple(map(real_sum, zip(*parts, strict=True)))


def theta_gradient(gradient: Mapping[T, Real], phi: Callable[[T], Vector], beta: fmpq | int = 1) -> tuple[Real, ...]:
    """Return the derivative by ``theta`` where the logits are ``<theta, phi(y)> / beta`` plus what is fixed.

    >>> import reference as ref
    >>> ref.theta_gradient({0: ref.real(1), 1: ref.real(-1)}, [ref.Vector.of([1]), ref.Vector.of([0])].__getitem__, 2)
    (Real(1/2),)

    Raises:
        ValueError: unless ``beta > 0``.
    """
    if beta <= 0:
        msg = f"beta = {beta}: needs beta > 0"
        raise ValueError(msg)
    rows = [[part * entry for entry in phi(y)] for y, part in gradient.items()]
    return tuple(real_sum(column) / beta for column in zip(*rows, strict=True))


class KLEstimator(NamedTuple, Generic[T]):
    """What one draw ``y ~ law`` says of ``KL(law || other)``: mean, variance, and the mean derivative as a loss.

    ``gradient``: what is differentiated is the estimator at the ``y`` that was drawn, as training code does that puts
    it into a loss; that the draw depends on the logits, too, is not seen.
    """

    mean: Real
    variance: Real
    gradient: dict[T, Real]


EstimatorName = Literal["k1", "k2", "k3"]
"""With ``w = log(p/q)`` at the draw: ``w``, ``w^2/2``, and ``exp(-w) - 1 + w``."""


def kl_estimator(name: EstimatorName, law: Law[T], other: Law[T]) -> KLEstimator[T]:
    """Return mean, variance and gradient of an estimator of ``KL(law || other)``, exactly.

    The mean is KL for ``k1``, and for ``k3`` if ``other`` is on the support of ``law``; as a loss ``k1`` has the
    gradient 0, ``k2`` that of KL, and ``k3`` then that of ``KL(other || law)``, by the logits of ``law``.

    >>> import reference as ref
    >>> p, q = ref.Law.of({"a": "1/2", "b": "1/2"}), ref.Law.of({"a": "1/4", "b": "3/4"})
    >>> ref.kl_estimator("k3", p, q).mean == p.kl(q), ref.kl_estimator("k3", p, q).gradient
    (True, {'a': Real(1/4), 'b': Real(-1/4)})

    Raises:
        SupportError: if ``law`` leaves the support of ``other``.
        ValueError: for another name.
    """
    if name not in get_args(EstimatorName):
        msg = f"estimator {name!r:.40}; one of {', '.join(get_args(EstimatorName))}"
        raise ValueError(msg)
    w = _log_ratio(law, other)
    inverse = {y: exp_ratio(other.mass(y)) / mass for y, mass in law.items()}
    if name == "k1":
        value, slope = w, dict.fromkeys(w, real(1))
    elif name == "k2":
        value, slope = {y: each * each / 2 for y, each in w.items()}, w
    else:
        value, slope = {y: w[y] + inverse[y] - 1 for y in w}, {y: real(1) - inverse[y] for y in w}
    mean = law.expectation(value.__getitem__)
    square = law.expectation(lambda y: value[y] * value[y])
    return KLEstimator(mean, square - mean * mean, logit_gradient(law, slope.__getitem__))


def _log_ratio(law: Law[T], other: Law[T]) -> dict[T, Real]:
    for y in law.outcomes:
        if other.mass(y) == 0:
            msg = f"KL is +inf: {y!r} has positive mass, but none under the reference law"
            raise SupportError(msg)
    return {y: real_log(mass) - real_log(other.mass(y)) for y, mass in law.items()}
