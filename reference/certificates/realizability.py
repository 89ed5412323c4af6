"""Checks of the answers to: is ``pi*`` in the autoregressive softmax class?

The soft values are computed here once more, from the definition, and every number is multiplied out: nothing of the
decision procedure or of its recursion is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq

from reference.certificates.error import CertificateError
from reference.exact.expratio import ExpRatio, exp_ratio
from reference.exact.expsum import ExpSum, exp, exp_sum
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.reals import Real, real, real_log
from reference.model.parts import Edge, Prefix
from reference.model.problem import Problem

Term = tuple[int, int, Prefix, int, int]
"""Coefficient, prompt, prefix, and the two tokens whose difference it multiplies."""


@dataclass(frozen=True, slots=True)
class RealizableCertificate:
    """Claimed: ``pi*`` is in the autoregressive softmax class.  Witness: its parameter in each layer."""

    thetas: tuple[tuple[LogLinear | Real, ...], ...]


@dataclass(frozen=True, slots=True)
class NotRealizableCertificate:
    """Claimed: no parameter of this layer gives ``pi*``.

    Witness: a combination of differences that is zero for the features and not for ``Q``.
    """

    layer: int
    terms: tuple[Term, ...]


def check_realizable(problem: Problem, thetas: Sequence[Sequence[LogLinear | Real]]) -> None:
    """Verify that ``<theta_h, phi_h(.a) - phi_h(.a')> = Q_h(.a) - Q_h(.a')`` at every supported prefix.

    Raises:
        CertificateError: naming the prompt and the prefix.
        Undecided: if two irrational sides agree as far as enclosures reach.
    """
    if len(thetas) != problem.horizon:
        raise CertificateError(f"{len(thetas)} parameters for {problem.horizon} layers")
    branch = _Branches(problem)
    nodes = {entry.root for entry in problem.prompts}
    for h, theta in enumerate(thetas):
        if len(theta) != problem.dimensions[h]:
            raise CertificateError(f"layer {h}: {len(theta)} entries for {problem.dimensions[h]} features")
        for i in sorted(nodes):
            first, *others = _supported(problem, h, i)
            for edge in others:
                score = _score(theta, edge.phi - first.phi) / problem.beta
                if not _is_log(score, exp_ratio(branch(h, edge)) / branch(h, first)):
                    where = problem.where(h, i)
                    raise CertificateError(f"{where}, token {edge.token!r}: <theta, phi - phi'> differs from Q - Q'")
        nodes = {edge.child for i in nodes for edge in _supported(problem, h, i)}


def check_not_realizable(problem: Problem, layer: int, terms: Sequence[Term]) -> None:
    """Verify ``sum c (phi_h(.a) - phi_h(.b)) = 0`` and ``sum c (Q_h(.a) - Q_h(.b)) != 0`` over supported prefixes.

    No ``theta_h`` can then give every difference of ``Q_h``.

    Raises:
        CertificateError: naming what fails.
        Undecided: if the second sum is zero as far as enclosures reach.
    """
    if not 0 <= layer < problem.horizon:
        raise CertificateError(f"there is no layer {layer}")
    branch = _Branches(problem)
    features, values = Vector.of([0] * problem.dimensions[layer]), real(0)
    for k, (coefficient, x, prefix, a, b) in enumerate(terms):
        i = _node(problem, k, layer, x, prefix)
        edges = {token: e for token, e in enumerate(problem.layers[layer][i]) if e.pi_ref > 0}
        if a not in edges or b not in edges:
            raise CertificateError(f"term {k}: tokens {a} and {b} do not both follow {problem.where(layer, i)}")
        features = features + (edges[a].phi - edges[b].phi).scaled(coefficient)
        values = values + real_log(exp_ratio(branch(layer, edges[a])) / branch(layer, edges[b])) * coefficient
    if not features.is_zero:
        raise CertificateError(f"the differences of features sum to {features}, not to zero")
    if values.sign() == 0:
        raise CertificateError("the differences of Q sum to zero too: nothing is ruled out")


def _node(problem: Problem, k: int, layer: int, x: int, prefix: Prefix) -> int:
    if not 0 <= x < len(problem.prompts) or len(prefix) != layer:
        raise CertificateError(f"term {k}: no prompt {x} with a prefix of length {layer}")
    i = problem.prompts[x].root
    for h, token in enumerate(prefix):
        node = problem.layers[h][i]
        if not 0 <= token < len(node) or node[token].pi_ref == 0:
            raise CertificateError(f"term {k}: token {token} does not follow {problem.where(h, i)}")
        i = node[token].child
    return i


class _Branches:
    """``exp(r_a/beta) U(child_a)`` from the definition, the last layer first; one sum a node."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._partitions: list[list[ExpSum | ExpRatio]] = [[] for _ in problem.layers]
        for h in reversed(range(problem.horizon)):
            for i in range(len(problem.layers[h])):
                terms = (self(h, edge) * edge.pi_ref for edge in _supported(problem, h, i))
                total: ExpSum | ExpRatio = sum(terms, exp_sum([]))
                self._partitions[h].append(total)

    def __call__(self, h: int, edge: Edge) -> ExpSum | ExpRatio:
        factor = exp(edge.reward / self._problem.beta)
        return factor * self._partitions[h + 1][edge.child] if h + 1 < self._problem.horizon else factor


def _supported(problem: Problem, h: int, i: int) -> list[Edge]:
    return [edge for edge in problem.layers[h][i] if edge.pi_ref > 0]


def _score(theta: Sequence[LogLinear | Real], phi: Vector) -> LogLinear | Real:
    linear = [entry for entry in theta if isinstance(entry, LogLinear)]
    if len(linear) == len(theta):
        return phi.dot_numbers(linear)
    return sum((real(entry) * c for entry, c in zip(theta, phi, strict=True)), real(0))


def _is_log(score: LogLinear | Real, ratio: ExpRatio) -> bool:
    """Whether ``score = log(ratio)``: by logarithms of integers where the ratio is rational, else multiplied out."""
    known = score.exact if isinstance(score, Real) else score
    if isinstance(known, fmpq):
        known = LogLinear(known)
    if isinstance(known, LogLinear) and not ratio.is_rational:
        return exp_ratio(exp(known)) == ratio
    return (real(score) - real_log(ratio)).sign() == 0
