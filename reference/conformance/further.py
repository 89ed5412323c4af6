"""Further functions of the kit: derivatives, decoders, rejection, fits, and what lower bounds say."""

from collections.abc import Sequence
from typing import Final

from flint import fmpq

from reference.algorithms.parts.cover import RidgeCover, SpanCover, truncated
from reference.algorithms.parts.preference_losses import PreferencePair
from reference.algorithms.parts.theory import largest_spanner
from reference.conformance.kinds import (
    Function,
    Input,
    Value,
    all_positive,
    entries_of,
    equally_long,
    masses_of,
    tilt_of,
)
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.constructions.needles import NeedleFamily
from reference.exact.law import Law
from reference.exact.linalg import Gram, Span, Vector
from reference.exact.log_linear import LogLinear, log
from reference.exact.reals import real, real_log
from reference.laws import (
    best_of_n_law,
    kl_estimator,
    kl_gradient,
    logit_gradient,
    min_p,
    preference_loss,
    residual,
    tempered,
    top_k,
    top_p,
    truncated_rejection,
)

_Row = Sequence[fmpq]


def _kl_gradient(p: _Row, q: _Row) -> Sequence[Value]:
    """The derivative of ``KL(p || q)`` by the logits of ``p``."""
    equally_long(p=p, q=q)
    return entries_of(kl_gradient(Law.of(enumerate(p)), Law.of(enumerate(q))), len(p))


def _k3_gradient(p: _Row, q: _Row) -> Sequence[Value]:
    """The expected derivative of the estimator k3 by the logits of ``p``, the draw held fixed."""
    equally_long(p=p, q=q)
    return entries_of(kl_estimator("k3", Law.of(enumerate(p)), Law.of(enumerate(q))).gradient, len(p))


def _objective_gradient(p: _Row, pi: _Row, r: _Row, beta: fmpq) -> Sequence[Value]:
    """The derivative of ``J(p)`` by the logits of ``p``."""
    equally_long(p=p, pi=pi)
    tilt, law = tilt_of(pi, r, beta), Law.of(enumerate(p))
    toward, away = logit_gradient(law, lambda y: r[y]), kl_gradient(law, tilt.base)
    return entries_of({y: each - away[y] * beta for y, each in toward.items()}, len(p))


def _dpo_gradient(chosen: fmpq, rejected: fmpq, base_chosen: fmpq, base_rejected: fmpq, beta: fmpq) -> Sequence[Value]:
    """The derivatives of the DPO loss of one pair by the policy's two log-probabilities."""
    pair = PreferencePair(*map(LogLinear, (chosen, rejected, base_chosen, base_rejected)))
    return list(preference_loss("dpo", pair, beta)[1:])


def _l1_coverage(pi: _Row, r: _Row, beta: fmpq) -> Sequence[Value]:
    """``E_{pi*}[pi*/pi]``."""
    return [tilt_of(pi, r, beta).l1_coverage()]


def _best_of_n(pi: _Row, f: _Row, N: int) -> Sequence[Value]:
    """The law of the best of ``N`` draws by ``f``; of equal values the smallest index is best."""
    equally_long(pi=pi, f=f)
    return masses_of(best_of_n_law(Law.of(enumerate(pi)), lambda y: LogLinear(f[y]), N), len(pi))


def _rejection_failure(pi: _Row, r: _Row, beta: fmpq, M: fmpq, N: int) -> Sequence[Value]:
    """How probably ``N`` trials of rejection for ``pi*`` all fail; a trial accepts with ``min(pi*/pi, M)/M``."""
    tilt = tilt_of(pi, r, beta)
    return [truncated_rejection(tilt.law(), tilt.base, M).of_trials(N).mass(None)]


def _residual(p: _Row, q: _Row) -> Sequence[Value]:
    """The law proportional to ``max(p - q, 0)``."""
    equally_long(p=p, q=q)
    return masses_of(residual(Law.of(enumerate(p)), Law.of(enumerate(q))), len(p))


def _top_k(p: _Row, k: int) -> Sequence[Value]:
    """The law given its ``k`` likeliest outcomes; of those that tie, the first."""
    return masses_of(top_k(Law.of(enumerate(p)), k), len(p))


def _top_p(p: _Row, share: fmpq) -> Sequence[Value]:
    """The law given the fewest likeliest outcomes with a mass of at least ``share`` together."""
    return masses_of(top_p(Law.of(enumerate(p)), share), len(p))


def _min_p(p: _Row, share: fmpq) -> Sequence[Value]:
    """The law given the outcomes with at least ``share`` times the largest mass."""
    return masses_of(min_p(Law.of(enumerate(p)), share), len(p))


def _tempered(p: _Row, temperature: fmpq) -> Sequence[Value]:
    """The law proportional to ``p^(1/temperature)``."""
    return masses_of(tempered(Law.of(enumerate(p)), temperature), len(p))


def _in_span(phis: Sequence[Vector], phi: Vector) -> Sequence[Value]:
    """Whether ``phi`` is in the span of the accepted differences: span mode covers it."""
    return [_span_cover(phis, len(phi)).covers(phi)]


def _span_fit(phis: Sequence[Vector], rewards: _Row) -> Sequence[Value]:
    """The least-squares ``theta`` of smallest norm."""
    data = [(phi, LogLinear(r)) for phi, r in zip(phis, rewards, strict=True)]
    return [real(x) for x in _span_cover(phis, len(phis[0])).least_squares(data)]


def _span_cover(phis: Sequence[Vector], dimension: int) -> SpanCover:
    span = Span.empty(dimension)
    for phi in phis:
        span = span.with_vector(phi)
    return SpanCover(span)


def _truncated_f(
    phis: Sequence[Vector], theta: Vector, candidates: Sequence[Vector], drawn: Vector, ridge: fmpq, nu: fmpq
) -> Sequence[Value]:
    """``<theta, phi(y) - phi(y2)>`` where the ellipsoid covers that difference, else 0; ``y2`` is the drawn one."""
    all_positive(ridge=ridge, nu=nu)
    if len(theta) != len(drawn):
        msg = f"theta has {len(theta)} entries, and features have {len(drawn)}"
        raise ValueError(msg)
    cover = RidgeCover(Gram.ridge(len(drawn), ridge).with_vectors(phis), ridge, nu)
    f = truncated(cover, tuple(map(LogLinear, theta)), drawn)
    return [real(f(phi)) for phi in candidates]


def _log_det(phis: Sequence[Vector], ridge: fmpq) -> Sequence[Value]:
    """``log det(I + sum phi phi^T / ridge)``, the elliptic potential."""
    all_positive(ridge=ridge)
    gram = Gram.ridge(len(phis[0]), ridge).with_vectors(phis)
    return [real_log(gram.determinant() / ridge ** len(phis[0]))]


def _potential_sides(phis: Sequence[Vector], ridge: fmpq) -> Sequence[Value]:
    """``log 2 sum_t min(1, ||phi_t||^2)`` by the inverse of ``Sigma`` before ``t``, and ``log(det Sigma/ridge^d)``."""
    all_positive(ridge=ridge)
    sigma, norms = Gram.ridge(len(phis[0]), ridge), fmpq(0)
    for phi in phis:
        norms += min(sigma.matrix().inverse_quadratic_form(phi), fmpq(1))
        sigma = sigma.with_vector(phi)
    return [real(log(2)) * norms, *_log_det(phis, ridge)]


def _spanner_size_sides(phis: Sequence[Vector], ridge: fmpq, nu: fmpq) -> Sequence[Value]:
    """``(1 + nu^2)^n``, ``det Sigma/ridge^d`` and ``(1 + 4n/(ridge d))^d`` for ``n`` accepted differences."""
    all_positive(ridge=ridge, nu=nu)
    n, d = len(phis), len(phis[0])
    growth = Gram.ridge(d, ridge).with_vectors(phis).determinant() / ridge**d
    return [real(side) for side in ((1 + nu**2) ** n, growth, (1 + 4 * n / (ridge * d)) ** d)]


def _spanner_size(d: int, ridge: fmpq, nu: fmpq) -> Sequence[Value]:
    """The largest ``n`` with ``(1 + nu^2)^n <= (1 + 4n/(ridge d))^d``."""
    all_positive(d=fmpq(d), ridge=ridge, nu=nu)
    return [largest_spanner(d, ridge, nu)]


def _needle_value(k: int, C: fmpq, m: int, beta: fmpq, t_comp: int, t_data: int) -> Sequence[Value]:
    """How probably the needle can be named with these budgets."""
    return [NeedleFamily.of(k, C, m, beta).game_value(t_comp, t_data)]


def _needle_qbar(k: int, C: fmpq, m: int, beta: fmpq) -> Sequence[Value]:
    """The bound on how probably a parameter hits the needle."""
    return [NeedleFamily.of(k, C, m, beta).qbar()]


def _needle_coverage(k: int, C: fmpq, m: int, beta: fmpq) -> Sequence[Value]:
    """``C_cov(pi*)`` of each member, ``e^(1/beta)/(1 - 1/C + e^(1/beta)/C)``."""
    return [NeedleFamily.of(k, C, m, beta).coverage()]


def _dnf_value(terms: Sequence[Vector], signs: _Row) -> Sequence[Value]:
    """The fraction of terms that an assignment satisfies; literals are signed numbers of variables, from 1."""
    return [_formula(terms, len(signs)).value(_integers(signs))]


def _dnf_chance(terms: Sequence[Vector], t: _Row, A: fmpq, L: fmpq) -> Sequence[Value]:
    """``E_j[pi_theta(1|j)]`` at ``theta = beta k log(A) t``."""
    return [DnfInstance.of(_formula(terms, len(t)), A, L, 1, [1] * len(t)).chance(list(t))]


def _dnf_soundness(terms: Sequence[Vector], signs: _Row, A: fmpq, L: fmpq) -> Sequence[Value]:
    """``v a + (1-v) b``: no parameter that rounds to the assignment, of value ``v``, has a larger chance."""
    formula, star = _formula(terms, len(signs)), _integers(signs)
    return [DnfInstance.of(formula, A, L, 1, star).bound(formula.value(star))]


def _formula(terms: Sequence[Vector], variables: int) -> Formula:
    return Formula(variables, tuple(tuple(_integers(term)) for term in terms))


def _integers(row: _Row | Vector) -> list[int]:
    if any(x.q != 1 for x in row):
        msg = "literals and signs are integers"
        raise ValueError(msg)
    return [int(x.p) for x in row]


_PAIR: Final[dict[str, Input]] = {"p": "law", "q": "law"}
_TILTED: Final[dict[str, Input]] = {"pi": "law", "r": "numbers", "beta": "number"}
_NEEDLE: Final[dict[str, Input]] = {"k": "integer", "C": "number", "m": "integer", "beta": "number"}
_PREFERENCE: Final[dict[str, Input]] = {
    "chosen": "number", "rejected": "number", "base_chosen": "number", "base_rejected": "number", "beta": "number"
}  # fmt: skip


FURTHER: Final = (
    Function("kl_gradient", _PAIR, "numbers", _kl_gradient),
    Function("k3_gradient", _PAIR, "numbers", _k3_gradient),
    Function("objective_gradient", {"p": "law", **_TILTED}, "numbers", _objective_gradient),
    Function("dpo_gradient", _PREFERENCE, "numbers", _dpo_gradient),
    Function("l1_coverage", _TILTED, "number", _l1_coverage),
    Function("best_of_n", {"pi": "law", "f": "numbers", "N": "integer"}, "law", _best_of_n),
    Function("rejection_failure", {**_TILTED, "M": "number", "N": "integer"}, "number", _rejection_failure),
    Function("residual", _PAIR, "law", _residual),
    Function("top_k", {"p": "law", "k": "integer"}, "law", _top_k),
    Function("top_p", {"p": "law", "share": "number"}, "law", _top_p),
    Function("min_p", {"p": "law", "share": "number"}, "law", _min_p),
    Function("tempered", {"p": "law", "temperature": "number"}, "law", _tempered),
    Function("in_span", {"phis": "rows", "phi": "numbers"}, "boolean", _in_span),
    Function("span_fit", {"phis": "rows", "rewards": "numbers"}, "numbers", _span_fit, solves=True),
    Function(
        "truncated_f",
        {
            "phis": "rows", "theta": "numbers", "candidates": "rows", "drawn": "numbers", "ridge": "number",
            "nu": "number",
        },
        "numbers",
        _truncated_f,
    ),
    Function("log_det", {"phis": "rows", "ridge": "number"}, "number", _log_det),
    Function("potential_sides", {"phis": "rows", "ridge": "number"}, "numbers", _potential_sides),
    Function(
        "spanner_size_sides", {"phis": "rows", "ridge": "number", "nu": "number"}, "numbers", _spanner_size_sides
    ),
    Function("spanner_size", {"d": "integer", "ridge": "number", "nu": "number"}, "integer", _spanner_size),
    Function("needle_value", {**_NEEDLE, "t_comp": "integer", "t_data": "integer"}, "number", _needle_value),
    Function("needle_qbar", _NEEDLE, "number", _needle_qbar),
    Function("needle_coverage", _NEEDLE, "number", _needle_coverage),
    Function("dnf_value", {"terms": "rows", "signs": "numbers"}, "number", _dnf_value),
    Function(
        "dnf_chance", {"terms": "rows", "t": "numbers", "A": "number", "L": "number"}, "number", _dnf_chance
    ),
    Function(
        "dnf_soundness", {"terms": "rows", "signs": "numbers", "A": "number", "L": "number"}, "number", _dnf_soundness
    ),
)  # fmt: skip
"""In the order of the kit."""
