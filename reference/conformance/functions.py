"""The functions that an implementation is asked for: their parameters, the kind of answer, and the exact answer.

Each is computed by the functions that users of the package call, where there are such.  Laws are rows of masses by
index; ``beta`` is in units of reward, logarithms are in nats.
"""

from collections.abc import Sequence
from math import inf
from typing import Final

from flint import fmpq

from reference.algorithms.barycentric import barycentric_spanner
from reference.algorithms.parts.cover import RidgeCover
from reference.algorithms.parts.preference_losses import PreferencePair
from reference.algorithms.softmax_sampling import number_of_draws
from reference.certificates.error import CertificateError
from reference.certificates.spanner import check_spanning
from reference.conformance.further import FURTHER
from reference.conformance.kinds import (
    Function,
    Input,
    Result,
    Value,
    all_positive,
    equally_long,
    masses_of,
    tilt_of,
)
from reference.conformance.learned import LEARNED, inner_products_of, sampler_masses
from reference.conformance.trees import ON_TREES
from reference.exact.expratio import ExpRatio
from reference.exact.expsum import exp_sum
from reference.exact.law import Law, SupportError
from reference.exact.linalg import Gram, Matrix, Vector
from reference.exact.log_linear import LogLinear, LogLinearLike
from reference.exact.reals import Real, real, real_log
from reference.laws import preference_loss
from reference.model.forms import Plain

__all__ = ["FUNCTIONS", "Function", "Input", "Result", "Value"]


def _log_partition(pi: Sequence[fmpq], r: Sequence[LogLinearLike], beta: fmpq) -> Sequence[Value]:
    """``beta log sum_y pi(y) exp(r(y)/beta)``."""
    return [tilt_of(pi, r, beta).log_partition() * beta]


def softmax_masses(pi: Sequence[fmpq], r: Sequence[LogLinearLike], beta: fmpq) -> Sequence[Value]:
    """``pi(y) exp(r(y)/beta) / Z``."""
    return masses_of(tilt_of(pi, r, beta).law(), len(pi))


def _divergence(p: Sequence[fmpq], q: Sequence[fmpq]) -> Sequence[Value]:
    """``KL(p || q)``, infinite where ``p`` leaves the support of ``q``."""
    equally_long(p=p, q=q)
    law, other = Law.of(enumerate(p)), Law.of(enumerate(q))
    try:
        return [law.kl(other)]
    except SupportError:
        return [inf]


def regularised_value(p: Sequence[fmpq], pi: Sequence[fmpq], r: Sequence[LogLinearLike], beta: fmpq) -> Sequence[Value]:
    """``J(p) = E_p[r] - beta KL(p || pi)``, minus infinity where ``p`` leaves the support of ``pi``."""
    equally_long(p=p, pi=pi)
    tilt, law = tilt_of(pi, r, beta), Law.of(enumerate(p))
    return [Plain(law, tilt.base).value(tilt.scores, beta) if _is_covered(law, tilt.base) else -inf]


def suboptimality(p: Sequence[fmpq], pi: Sequence[fmpq], r: Sequence[LogLinearLike], beta: fmpq) -> Sequence[Value]:
    """``max J - J(p)``, infinite where ``p`` leaves the support of ``pi``."""
    equally_long(p=p, pi=pi)
    tilt, law = tilt_of(pi, r, beta), Law.of(enumerate(p))
    return [tilt.regret(Plain(law, tilt.base), beta) if _is_covered(law, tilt.base) else inf]


def largest_ratio(pi: Sequence[fmpq], r: Sequence[LogLinearLike], beta: fmpq) -> Sequence[Value]:
    """``C_cov(pi*) = max_y pi*(y)/pi(y)``."""
    return [tilt_of(pi, r, beta).coverage()]


def _is_covered(law: Law[int], base: Law[int]) -> bool:
    return all(base.mass(y) for y in law.outcomes)


def _draws(M: fmpq, delta: fmpq) -> Sequence[Value]:
    """``N = ceil(4 M log(4/delta))``, line 1 of SoftmaxSampler."""
    return [number_of_draws(M, delta)]


def squared_norm(phis: Sequence[Vector], phi: Vector, ridge: fmpq) -> Sequence[Value]:
    """``phi^T (ridge I + sum_i phi_i phi_i^T)^{-1} phi``."""
    all_positive(ridge=ridge)
    sigma = Gram.ridge(len(phi), ridge).with_vectors(phis).matrix()
    return [sigma.inverse_quadratic_form(phi)]


def accepts(phis: Sequence[Vector], phi: Vector, ridge: fmpq, nu: fmpq) -> Sequence[Value]:
    """Whether ``||phi||^2_{Sigma^-1} > nu^2``: line 6 of SpannerSampling takes the pair."""
    all_positive(ridge=ridge, nu=nu)
    cover = RidgeCover(Gram.ridge(len(phi), ridge).with_vectors(phis), ridge, nu)
    return [not cover.covers(phi)]


def ridge_fit(phis: Sequence[Vector], rewards: Sequence[fmpq], ridge: fmpq) -> Sequence[Value]:
    """``argmin sum_i (<theta, phi_i> - r_i)^2 + ridge ||theta||^2``."""
    all_positive(ridge=ridge)
    cover = RidgeCover.empty(len(phis[0]), ridge, fmpq(1))
    return [real(x) for x in cover.least_squares([(phi, LogLinear(r)) for phi, r in zip(phis, rewards, strict=True)])]


def acceptance(f: Sequence[fmpq], drawn: Sequence[int], y: int, beta: fmpq, M: fmpq) -> Sequence[Value]:
    """``min(1, exp(f(y)/beta) / (Zhat M))``, line 5 of SoftmaxSampler; ``Zhat``: the mean over the drawn responses."""
    all_positive(beta=beta, M=M)
    z_hat = exp_sum((fmpq(1, len(drawn)), LogLinear((f[i] - f[y]) / beta)) for i in drawn)  # over exp(f(y)/beta)
    return [min(1 / ExpRatio(z_hat * M), ExpRatio(1))]


def path_return(
    logits: Sequence[Vector], base_logits: Sequence[Vector], tokens: Sequence[int], eos: int, beta: fmpq
) -> Sequence[Value]:
    """``beta sum_h log(pi_h(a_h)/pi_ref,h(a_h))`` over the tokens up to the first ``eos``, itself included.

    Row ``h`` of the logits is the policy's after ``h`` tokens; what stands after ``eos`` is padding.
    """
    all_positive(beta=beta)
    equally_long(logits=logits, base_logits=base_logits)
    equally_long(logits=logits[0], base_logits=base_logits[0])
    if not tokens:
        msg = "no tokens"
        raise ValueError(msg)
    last = list(tokens).index(eos) if eos in tokens else len(tokens) - 1
    total = real(0)
    for h in range(last + 1):
        total += _log_softmax(logits[h], tokens[h]) - _log_softmax(base_logits[h], tokens[h])
    return [total * beta]


def dpo_loss(
    chosen: Sequence[fmpq],
    rejected: Sequence[fmpq],
    base_chosen: Sequence[fmpq],
    base_rejected: Sequence[fmpq],
    beta: fmpq,
) -> Sequence[Value]:
    """The sum over pairs of ``-log sigma(beta (c - l))`` of the log-ratios of the chosen and the rejected response."""
    pairs = zip(chosen, rejected, base_chosen, base_rejected, strict=True)
    return [sum((preference_loss("dpo", PreferencePair(*pair), beta).value for pair in pairs), real(0))]


def first_minimiser(phis: Sequence[Vector], rewards: Sequence[fmpq], thetas: Sequence[Vector]) -> Sequence[Value]:
    """The index of the first ``theta`` at which ``sum_i (<theta, phi_i> - r_i)^2`` is smallest."""
    equally_long(phis=phis, rewards=rewards)
    losses = [sum((theta.dot(phi) - r) ** 2 for phi, r in zip(phis, rewards, strict=True)) for theta in thetas]
    return [losses.index(min(losses))]


def spanner_indices(vectors: Sequence[Vector], C: fmpq) -> Sequence[Value]:
    """Indices of a ``C``-approximate barycentric spanner, one of many."""
    return list(barycentric_spanner(vectors, C).indices)


def _log_softmax(row: Vector, token: int) -> Real:
    return real(row[token]) - real_log(exp_sum((1, LogLinear(x)) for x in row))


def _not_a_spanner(vectors: Sequence[Vector], C: fmpq, indices: Sequence[int]) -> str | None:
    """Say what is wrong with indices of a spanner; the certificate is their dual basis, which only one basis has."""
    if len(set(indices)) < len(indices) or not all(0 <= i < len(vectors) for i in indices):
        return f"indices {list(indices)!s:.200}: not different numbers from 0 to {len(vectors) - 1}"
    chosen = [vectors[i] for i in indices]
    gram = inner_products_of(chosen)
    if gram.determinant() == 0:
        return "the vectors at these indices are dependent"
    dual = (gram.inverse() @ Matrix.of(chosen)).rows if chosen else ()
    try:
        check_spanning(vectors, chosen, C, dual)
    except CertificateError as error:
        return str(error)
    return None


_TILTED: Final[dict[str, Input]] = {"pi": "law", "r": "numbers", "beta": "number"}

FUNCTIONS: Final[dict[str, Function]] = {
    each.name: each
    for each in (
        Function("log_partition", _TILTED, "number", _log_partition),
        Function("softmax", _TILTED, "law", softmax_masses),
        Function("kl", {"p": "law", "q": "law"}, "number", _divergence),
        Function("objective", {"p": "law", **_TILTED}, "number", regularised_value),
        Function("gap", {"p": "law", **_TILTED}, "number", suboptimality),
        Function("coverage", _TILTED, "number", largest_ratio),
        Function("draws", {"M": "number", "delta": "number"}, "integer", _draws),
        Function("elliptic", {"phis": "rows", "phi": "numbers", "ridge": "number"}, "number", squared_norm),
        Function("accepts", {"phis": "rows", "phi": "numbers", "ridge": "number", "nu": "number"}, "boolean", accepts),
        Function("ridge", {"phis": "rows", "rewards": "numbers", "ridge": "number"}, "numbers", ridge_fit, solves=True),
        Function(
            "sampler_law",
            {"pi": "law", "f": "numbers", "beta": "number", "M": "number", "N": "integer"},
            "law",
            sampler_masses,
        ),
        Function(
            "accept_prob",
            {"f": "numbers", "drawn": "integers", "y": "integer", "beta": "number", "M": "number"},
            "number",
            acceptance,
        ),
        Function(
            "path_return",
            {"logits": "rows", "base_logits": "rows", "tokens": "integers", "eos": "integer", "beta": "number"},
            "number",
            path_return,
        ),
        Function(
            "dpo_loss",
            {
                "chosen": "numbers",
                "rejected": "numbers",
                "base_chosen": "numbers",
                "base_rejected": "numbers",
                "beta": "number",
            },
            "number",
            dpo_loss,
        ),
        Function("argmin", {"phis": "rows", "rewards": "numbers", "thetas": "rows"}, "integer", first_minimiser),
        Function("spanner", {"vectors": "rows", "C": "number"}, "certificate", spanner_indices, _not_a_spanner),
        *FURTHER,
        *ON_TREES,
        *LEARNED,
    )
}
"""Every function by the name that implementations know it by; the inputs are keyword arguments."""
