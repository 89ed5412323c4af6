"""Coverage: how far a policy's probabilities exceed those of the base model; supported contexts and tokens only.

Of whole responses ``C_cov = max_{x,y} pi(y|x)/pi_ref(y|x)`` (FMR25 section 1), and the smaller
``E_{x~rho, y~pi}[pi/pi_ref]``; of tokens ``C_cond = max_h max_{context, a} pi_h(a|.)/pi_ref,h(a|.)`` (section 5).
With horizon 1 ``C_cond = C_cov``.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial, reduce

from flint import arb, fmpq

from reference.exact.expratio import ExpRatio
from reference.exact.law import Law, Mass
from reference.exact.linalg import Vector
from reference.exact.number import START_PRECISION, Undecided
from reference.exact.precision import workprec
from reference.exact.rational_numbers import ceiling
from reference.exact.reals import Real, enclosed, real
from reference.model.comparison import largest
from reference.model.forms import Form, times
from reference.model.linear_problem import LinearProblem
from reference.model.memory import remembered
from reference.model.policy import NodePolicy, Policy, optimum
from reference.model.problem import Problem
from reference.model.tilt import MAX_EXPANDED
from reference.model.values import total
from reference.model.walk import Below, Walk, checked

_INFINITE = "coverage is +inf"

_DIFFERENCES = 64
"""Of so many pairs of laws the law of the difference is remembered with a problem."""


def coverage(problem: Problem, policy: Policy | None = None) -> Mass:
    """``C_cov(policy)``, of whole responses, the largest over prompts; of ``pi*`` unless a policy is given.

    ``fmpq`` where it is rational.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.coverage(p), ref.coverage(p, ref.base_policy(p))
    (4/3, 1)
    >>> ref.coverage(ref.load("fair-bits-3"))
    512/125

    Raises:
        SupportError: if the policy leaves the support of ``pi_ref``: then the coverage is ``+inf``.
        TreeTooLarge: if the policy is not a :class:`NodePolicy` and the problem has too many responses to expand.
    """
    return largest(coverages(problem, policy or optimum(problem)).values())


def coverage_at(problem: Problem, policy: Policy, x: int) -> Mass:
    """``C_cov(policy; x) = max_{y in Y_x} policy(y|x)/pi_ref(y|x)``; raises as :func:`coverage`."""
    return coverages(problem, policy, [x])[x]


def coverages(problem: Problem, policy: Policy, prompts: list[int] | None = None) -> dict[int, Mass]:
    """Return :func:`coverage_at` for each prompt, or for some: what they share is computed once."""

    def inner(_h: int, _i: int, form: Form, below: Below[Mass]) -> Mass:
        return largest(times(ratio, below[token]) for token, ratio in form.ratios().items())

    return Walk(problem, policy, _INFINITE, prompts).total(lambda _, form: form.coverage(), inner)


def token_coverage(problem: Problem, policy: NodePolicy | None = None) -> Mass:
    """``C_cond``, of ``pi*`` unless a policy is given; ``fmpq`` where it is rational.

    >>> import reference as ref
    >>> ref.token_coverage(ref.load("fair-bits-64"))
    8/5

    Raises:
        SupportError: if the policy leaves the support of ``pi_ref``: then the coverage is ``+inf``.
    """
    return largest(layer_coverages(problem, policy))


def layer_coverages(problem: Problem, policy: NodePolicy | None = None) -> tuple[Mass, ...]:
    """``max pi_h/pi_ref,h`` for ``h = 1..H``; raises SupportError as :func:`token_coverage`."""
    chosen = policy or optimum(problem)
    return tuple(
        largest(checked(problem, h, i, chosen.form(h, i), _INFINITE).coverage() for i in nodes)
        for h, nodes in enumerate(problem.reachable)
    )


def layer_product(problem: Problem, policy: NodePolicy | None = None) -> Mass:
    """``prod_h max pi_h/pi_ref,h``; raises SupportError as :func:`token_coverage`."""
    return reduce(times, layer_coverages(problem, policy))


def l1_coverage(problem: Problem, policy: Policy | None = None) -> Real:
    """``E_{x~rho, y~policy}[policy(y|x)/pi_ref(y|x)]``, of ``pi*`` unless a policy is given.

    An exp-ratio (``.exact``) on small problems; the sum of enclosed reals where common denominators would explode.
    Raises as :func:`coverage`.

    >>> import reference as ref
    >>> ref.l1_coverage(ref.load("two-arms"))
    Real(10/9)
    """
    found = _l1_coverages(problem, policy or optimum(problem))
    return averaged([(rho, found[x]) for x, rho in problem.rho.items()])


def averaged(values: Sequence[tuple[Mass, Real]]) -> Real:
    """Return the sum of shares times values: exact on small problems, of enclosed values on others."""
    terms = reduce(lambda n, pair: n * _denominator_size(pair[1]), values, 1)
    kept = values if terms <= MAX_EXPANDED**2 else [(share, _opaque(value)) for share, value in values]
    return total([value * share for share, value in kept])


def l1_coverage_at(problem: Problem, policy: Policy, x: int) -> Real:
    """``E_{y~policy}[policy(y|x)/pi_ref(y|x)]``; raises as :func:`coverage`."""
    return _l1_coverages(problem, policy, [x])[x]


def uncovered_mass(
    covered: Callable[[Vector], bool],
    problem: LinearProblem,
    x: int,
    left: Law[int] | None = None,
    right: Law[int] | None = None,
) -> Mass:
    """Return the probability that ``phi(x,y) - phi(x,y')`` is not covered, ``y ~ left`` and ``y' ~ right`` independent.

    Both laws are ``pi_ref(.|x)`` unless given.  ``covered`` is asked once for each difference.
    """
    base = problem.pi_ref(x)
    return _law_of_difference(problem, x, left or base, right or base).probability(lambda phi: not covered(phi))


def _law_of_difference(problem: LinearProblem, x: int, left: Law[int], right: Law[int]) -> Law[Vector]:
    """Return the law of ``phi(x,y) - phi(x,y')``; the last few are remembered with the problem, by the two objects."""
    known = _differences(problem)
    key = x, id(left), id(right)
    if key not in known:
        if len(known) >= _DIFFERENCES:
            known.clear()
        first = left.map(partial(problem.phi, x))
        second = first if left is right else right.map(partial(problem.phi, x))
        # The two laws are kept, too: as long as they are, their identities are theirs alone.
        known[key] = left, right, first.product(second).map(lambda pair: pair[0] - pair[1])
    return known[key][2]


@remembered
def _differences(problem: LinearProblem) -> dict[tuple[int, int, int], tuple[Law[int], Law[int], Law[Vector]]]:  # noqa: ARG001 (it is the key)
    """Return the laws of differences found so far."""
    return {}


def _l1_coverages(problem: Problem, policy: Policy, prompts: list[int] | None = None) -> dict[int, Real]:
    def inner(_h: int, _i: int, form: Form, below: Below[Real]) -> Real:
        ratios = form.ratios()
        return form.law().expectation(lambda token: real(ratios[token]) * below[token])

    return Walk(problem, policy, _INFINITE, prompts).total(lambda _, form: form.l1_coverage(), inner)


def _denominator_size(value: Real) -> int:
    exact = value.exact
    if not isinstance(exact, ExpRatio):
        return 1
    return len(exact.denominator.terms())


def _opaque(value: Real) -> Real:
    exact = value.exact
    return enclosed(_enclosure, exact) if isinstance(exact, ExpRatio) else value


def _enclosure(prec: int, mass: ExpRatio) -> arb:
    return mass.enclosure(prec)


def coverage_rounded_up(problem: Problem, factor: int = 1) -> int:
    """Return the least integer that is at least ``factor * C_cov(pi*)``, or the one after it, if that is undecided.

    >>> import reference as ref
    >>> coverage_rounded_up(ref.load("two-arms")), coverage_rounded_up(ref.load("two-arms"), 3)
    (2, 4)
    """
    value = coverage(problem) * factor
    if isinstance(value, fmpq):
        return ceiling(value)
    number = real(value)
    size = ceiling(number.enclosure(START_PRECISION).upper().fmpq())
    prec = START_PRECISION + size.bit_length()
    ball = number.enclosure(prec)
    with workprec(prec):  # the ends are rounded to it
        low, high = (ceiling(end.fmpq()) for end in (ball.lower(), ball.upper()))
    with suppress(Undecided):  # enclosures do not show that 2e^9000/(1 + e^9000) is below 2; what it is made of does
        return low if low == high or number <= low else high
    return high
