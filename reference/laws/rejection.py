"""The exact law of ideal rejection with any cap ``M > 0`` on ``w = pi/pi_ref``, in closed form.

A trial accepts ``y`` with probability ``pi_ref(y) min(w(y), M)/M``, hence some ``y`` with ``(1 - s)/M`` where
``s = E_pi(1 - M/w)_+``, and the law of what is accepted is ``pi_ref min(w, M)/(1 - s)``: ``pi`` itself if
``M >= C_cov``.  Source: ours (claim ``truncated-rejection``).
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from reference.exact.expratio import exp_ratio
from reference.exact.fast.weights import balanced_sum
from reference.exact.law import Law, LawError, Mass
from reference.exact.table import Shown, Table, short
from reference.model.forms import lowered
from reference.model.profile import Bound, positive_cap

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True, repr=False)
class TruncatedRejection(Shown, Generic[T]):
    """``accepted``: the law given acceptance.  ``acceptance``: of a trial, ``(1 - s)/M``.  ``cut``: ``s``."""

    accepted: Law[T]
    acceptance: Mass
    cut: Mass

    def of_trials(self, N: int) -> Law[T | None]:
        """Return the law of ``N`` trials: ``None`` if all of them fail; :class:`ValueError` unless ``N >= 0``."""
        if N < 0:
            raise ValueError(f"N = {N}: needs N >= 0 trials")
        fails = (1 - exp_ratio(self.acceptance)) ** N
        none: Law[T | None] = Law.point(None)

        def drawn(y: T) -> T | None:
            return y

        return Law.mixture([(fails, none), (1 - fails, self.accepted.map(drawn))])

    def table(self) -> Table:
        """Return the law given acceptance, and the two numbers."""
        rows = [("acceptance", short(self.acceptance)), ("cut", short(self.cut))]
        return Table.of("", (), [*((f"accepted {y}", short(mass)) for y, mass in self.accepted.items()), *rows])


def truncated_rejection(pi: Law[T], pi_ref: Law[T], M: Bound) -> TruncatedRejection[T]:
    """Return the law of :func:`~reference.algorithms.rejection.ideal_rejection` for ``pi`` with draws from ``pi_ref``.

    ``M``: the cap, below ``C_cov(pi)`` or not.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> found = ref.truncated_rejection(ref.optimum(p).law("x"), p.pi_ref("x"), M=1)
    >>> found.accepted, found.acceptance, found.cut
    (Law({0: 3/5, 1: 2/5}), 5/6, 1/6)

    Raises:
        ValueError: unless ``M > 0``.
        LawError: if no response of ``pi`` is ever drawn.
    """
    cap = positive_cap(M)
    whole = dict(zip(pi.outcomes, pi.weights, strict=True))
    weights = [min(exp_ratio(whole.get(y, 0)), exp_ratio(mass) * cap * pi.total) for y, mass in pi_ref.items()]
    kept = balanced_sum(weights, exp_ratio(0)) / pi.total  # 1 - s
    if kept == 0:
        raise LawError("no response of pi is ever drawn from pi_ref")
    accepted = Law.of((y, weight / pi.total / kept) for y, weight in zip(pi_ref.outcomes, weights, strict=True))
    return TruncatedRejection(accepted, lowered(kept / cap), lowered(1 - kept))
