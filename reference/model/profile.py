"""The coverage profile: which part of a policy's mass lies where the base model is short of it by a factor ``N``.

``Cov_N(pi) = P_{x~rho, y~pi}[pi(y|x)/pi_ref(y|x) >= N]``, of whole responses: a step function of ``N``, of which
``C_cov`` is only the place of the last step.  Source: the notion is that of Chen et al. 2025 (arXiv 2510.15020); the
exact step function and what is claimed of it (``coverage-profile``) are ours.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from flint import fmpq

from reference.exact.expratio import ExpRatio, exp_ratio, ratio_total
from reference.exact.expsum import ExpSum
from reference.exact.law import Mass
from reference.exact.rational_numbers import RationalLike, rational, rational_text
from reference.exact.reals import Real, real
from reference.exact.table import MOST_ROWS, Shown, Table, short
from reference.model.comparison import ascending, at_least, largest
from reference.model.forms import Form, lowered, times
from reference.model.policy import Policy, optimum
from reference.model.problem import MAX_SEQUENCES, Problem, TreeTooLarge
from reference.model.ratios import averaged
from reference.model.walk import Below, Walk

Bound = RationalLike | ExpSum | ExpRatio
"""What ``N``, or a cap ``M``, may be written as."""


@dataclass(frozen=True, slots=True)
class PromptProfile:
    """``Cov_N`` at one prompt: where ``pi/pi_ref = ratios[j]``, ascending, ``pi_ref`` has the mass ``base[j]``."""

    prompt: str
    share: Mass
    ratios: tuple[Mass, ...]
    base: tuple[Mass, ...]

    def at(self, N: Bound) -> Real:
        """``P_{y~pi}[pi/pi_ref >= N]``."""
        bound = _bound(N)
        return real(self.mass_from(self._first(lambda ratio: at_least(ratio, bound))))

    def cut(self, M: Bound) -> Real:
        """``E_{y~pi}(1 - M pi_ref/pi)_+``; ValueError unless ``M > 0``."""
        cap = positive_cap(M)
        first = self._first(lambda ratio: not at_least(cap, ratio))
        return real(self.mass_from(first)) - exp_ratio(cap) * ratio_total(map(exp_ratio, self.base[first:]))

    def _first(self, holds: Callable[[Mass], bool]) -> int:
        """Return where something that holds of all large ratios begins to hold."""
        return bisect_left(self.ratios, 1, key=holds)

    def mass_from(self, j: int) -> Mass:
        """Return ``Cov_N`` for ``N = ratios[j]``."""
        rows = zip(self.ratios[j:], self.base[j:], strict=True)
        return lowered(ratio_total(exp_ratio(ratio) * mass for ratio, mass in rows))


class ProfileRow(NamedTuple):
    """``N`` with ``Cov_N``, and what a cap of that size cuts off."""

    N: Mass
    covered: Real
    cut: Real


MOST_POWERS = 12
"""Powers of 2 at which :meth:`CoverageProfile.rows` looks."""


@dataclass(frozen=True, slots=True, repr=False)
class CoverageProfile(Shown):
    """``Cov_N`` as a step function, prompt by prompt; made by :func:`coverage_profile`.

    ``name``: of the problem.  ``prompts``: the step function at each prompt with the probability of the prompt.

    >>> import reference as ref
    >>> profile = ref.coverage_profile(ref.load("two-arms"))
    >>> profile.at(1), profile.at("4/3"), profile.at("3/2")
    (Real(2/3), Real(2/3), Real(0))
    """

    name: str
    prompts: tuple[PromptProfile, ...]

    def at(self, N: Bound) -> Real:
        """Return ``Cov_N = P_{x~rho, y~pi}[pi/pi_ref >= N]``, any ``N``.

        An exp-ratio (``.exact``) on small problems; the sum of enclosed reals where common denominators would explode.
        """
        return averaged([(each.share, each.at(N)) for each in self.prompts])

    def cut(self, M: Bound) -> Real:
        """Return ``s = E_{x~rho, y~pi}(1 - M pi_ref/pi)_+``: what a cap ``M`` cuts off, at most ``Cov_M``.

        Rejection with the cap ``M`` accepts a trial with probability ``(1 - s)/M`` (claim ``truncated-rejection``).

        >>> import reference as ref
        >>> ref.coverage_profile(ref.load("two-arms")).cut(1)
        Real(1/6)

        Raises:
            ValueError: unless ``M > 0``.
        """
        return averaged([(each.share, each.cut(M)) for each in self.prompts])

    def rows(self) -> tuple[ProfileRow, ...]:
        """Return the profile at 1, 2, 4, .. (at fewer powers, where that is long) and at the last step, ``C_cov``."""
        last = largest([each.ratios[-1] for each in self.prompts])
        doublings = 0
        while 1 << (doublings + 1) < last:
            doublings += 1
        powers = range(0, doublings + 1, -(-(doublings + 1) // MOST_POWERS))
        chosen = [*(fmpq(1 << k) for k in powers if 1 << k < last), last]
        return tuple(ProfileRow(N, self.at(N), self.cut(N)) for N in chosen)

    def table(self) -> Table:
        """Return the breakpoints with ``Cov_N``."""
        rows = list[tuple[str, ...]]()
        for each in self.prompts:
            for j, N in enumerate(each.ratios):
                mass = short(each.mass_from(j)) if len(rows) <= MOST_ROWS else ""  # what is not shown is not computed
                rows.append((each.prompt if j == 0 else "", short(N), mass))
        return Table.of(f"coverage profile on {self.name!r}", ("prompt", "N", "Cov_N"), rows)


def coverage_profile(problem: Problem, policy: Policy | None = None) -> CoverageProfile:
    """Return ``Cov_N(policy)`` of whole responses as a step function of ``N``; of ``pi*`` unless a policy is given.

    With tokens, sequences of equal ``pi/pi_ref`` are one step: what counts is how many different ratios there are.

    >>> import reference as ref
    >>> ref.coverage_profile(ref.load("two-arms"))
    coverage profile on 'two-arms'
    prompt  N    Cov_N
    x       2/3  1
            4/3  2/3
    >>> ref.coverage_profile(ref.load("needle-path-8")).at(2)
    Real(65536/65791)

    Raises:
        SupportError: if the policy leaves the support of ``pi_ref``: then the coverage is ``+inf``.
        TreeTooLarge: if there are more than ``MAX_SEQUENCES`` different ratios; or if the policy is not a
            :class:`NodePolicy` and the problem has too many responses to expand.
    """
    return _profile(problem, policy or optimum(problem), None)


def coverage_profile_at(problem: Problem, policy: Policy, x: int) -> CoverageProfile:
    """Return ``Cov_N(policy; x) = P_{y~policy}[policy(y|x)/pi_ref(y|x) >= N]``; raises as :func:`coverage_profile`."""
    return _profile(problem, policy, x)


def positive_cap(M: Bound) -> fmpq | ExpRatio:
    """Return the cap of a rejection as a number; :class:`ValueError` unless it is positive."""
    cap = _bound(M)
    if cap <= 0:
        raise ValueError(f"M = {rational_text(cap) if isinstance(cap, fmpq) else cap}: a cap needs M > 0")
    return cap


def _bound(value: Bound) -> fmpq | ExpRatio:
    return exp_ratio(value) if isinstance(value, ExpSum | ExpRatio) else rational(value)


Steps = dict[Mass, Mass]
"""The mass of ``pi_ref`` at each value of ``pi/pi_ref``."""


def _profile(problem: Problem, policy: Policy, x: int | None) -> CoverageProfile:
    def last(_i: int, form: Form) -> Steps:
        return _collected(problem, ((ratio, form.base.mass(token)) for token, ratio in form.ratios().items()))

    def inner(_h: int, _i: int, form: Form, below: Below[Steps]) -> Steps:
        return _collected(
            problem,
            (
                (times(own, ratio), times(form.base.mass(token), mass))
                for token, own in form.ratios().items()
                for ratio, mass in below[token].items()
            ),
        )

    found = Walk(problem, policy, "coverage is +inf", None if x is None else [x]).total(last, inner)
    shares: Iterable[tuple[int, Mass]] = problem.rho.items() if x is None else [(x, fmpq(1))]
    prompts = []
    for i, share in shares:
        ratios = tuple(ascending(found[i]))
        base = tuple(found[i][ratio] for ratio in ratios)
        prompts.append(PromptProfile(problem.prompts[i].name, share, ratios, base))
    return CoverageProfile(problem.name, tuple(prompts))


def _collected(problem: Problem, pairs: Iterable[tuple[Mass, Mass]]) -> Steps:
    found: dict[Mass, list[Mass]] = {}
    for ratio, mass in pairs:
        found.setdefault(ratio, []).append(mass)
        if len(found) > MAX_SEQUENCES:
            msg = f"{problem.name!r} has more than {MAX_SEQUENCES} different ratios pi/pi_ref of responses"
            raise TreeTooLarge(msg)
    return {ratio: lowered(ratio_total(map(exp_ratio, masses))) for ratio, masses in found.items()}
