"""Certificates of barycentric spanners, and of the size of the spanner that SpannerSampling finds.

The witness of a barycentric spanner ``b_1, ..., b_r`` is a *dual basis*: vectors with ``<dual_i, b_j> = 1`` if
``i = j``, else 0.  It shows that the ``b_j`` are independent, and the coefficients of ``v`` over them can only be
``<dual_i, v>``.  So it is of the same size however many vectors there are, and nothing is inverted to check it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flint import fmpq, fmpz_mat

from reference.certificates.definition import Definition
from reference.certificates.error import CertificateError
from reference.certificates.rows import Block, integer_rows
from reference.exact.linalg import Matrix, Vector
from reference.exact.rational_numbers import rational_text
from reference.model.linear_problem import LinearProblem

Pair = tuple[int, int, int]
"""``(x, y, y')``: a prompt and two of its responses of positive base probability; ``phi(x,y) - phi(x,y')`` is meant."""


@dataclass(frozen=True, slots=True)
class SpannerCertificate:
    """Claimed: over the differences ``pairs``, all those to a prompt's first response have coefficients of size <= C.

    ``largest``: the size of the largest coefficient.  *First* is the first response of positive base probability.
    Witness: ``dual``, a dual basis.
    """

    pairs: tuple[Pair, ...]
    C: fmpq
    largest: fmpq
    dual: tuple[Vector, ...]


@dataclass(frozen=True, slots=True)
class SpannerSizeCertificate:
    """Claimed: how many differences phase 1 of SpannerSampling accepted.  Witness: these, in order.

    ``ridge`` is lambda (ridge mode).
    """

    accepted: tuple[Vector, ...]
    ridge: fmpq
    nu: fmpq


def check_spanner(problem: LinearProblem | Definition, certificate: SpannerCertificate) -> None:
    """Verify a C-approximate barycentric spanner of the differences to each prompt's first supported response.

    Raises:
        CertificateError: naming the pair, the coefficient, or the vector that is not represented: supported responses
            are counted over all prompts, from 0.
    """
    known = Definition.of(problem)
    chosen = [_difference(known.problem, k, pair) for k, pair in enumerate(certificate.pairs)]
    largest = _check_blocks(_differences(known), chosen, certificate.C, certificate.dual)
    if largest != certificate.largest:
        raise CertificateError(
            f"the largest coefficient is {rational_text(largest)}, not {rational_text(certificate.largest)}"
        )


def check_spanning(vectors: Sequence[Vector], chosen: Sequence[Vector], C: fmpq, dual: Sequence[Vector]) -> fmpq:
    """Verify that ``chosen`` are independent and every vector is ``sum_i <dual_i, v> chosen_i``, coefficients <= C.

    Returns the size of the largest coefficient.

    Raises:
        CertificateError: naming the vector that is not represented, or the coefficient that is too large.
    """
    return _check_blocks([integer_rows(vectors, len(vectors[0]))] if vectors else [], chosen, C, dual)


def check_spanner_size(problem: LinearProblem, certificate: SpannerSizeCertificate) -> None:
    """Verify that each difference was rightly accepted and ``(1+nu^2)^n <= det Sigma/lambda^d <= (1+4n/(lambda d))^d``.

    Raises:
        CertificateError: naming the difference or the side of the inequality.
    """
    d, ridge, threshold = problem.dimension, certificate.ridge, certificate.nu**2
    if ridge <= 0 or certificate.nu <= 0:
        raise CertificateError("lambda and nu must be positive")
    sigma = Matrix.identity(d, ridge)
    for i, phi in enumerate(certificate.accepted):
        if len(phi) != d or phi.norm_squared() > 4:  # noqa: PLR2004 - a difference of two vectors of norm at most 1
            raise CertificateError(f"difference {i}: not a difference of two features in dimension {d}")
        if sigma.inverse_quadratic_form(phi) <= threshold:
            raise CertificateError(f"difference {i}: its elliptic norm does not exceed nu, so it is not accepted")
        sigma = sigma + Matrix.of([phi.scaled(entry) for entry in phi])
    n, ratio = len(certificate.accepted), sigma.determinant() / ridge**d
    if (1 + threshold) ** n > ratio:
        raise CertificateError(f"(1+nu^2)^{n} exceeds det Sigma / lambda^{d}")
    if ratio > (1 + 4 * n / (ridge * d)) ** d:
        raise CertificateError(f"det Sigma / lambda^{d} exceeds (1 + 4n/(lambda d))^d")


def _difference(problem: LinearProblem, k: int, pair: Pair) -> Vector:
    x, y, z = pair
    responses = problem.prompts[x].responses if 0 <= x < len(problem.prompts) else ()
    if not all(0 <= i < len(responses) and responses[i].pi_ref > 0 for i in (y, z)):
        raise CertificateError(f"pair {k}: there is no prompt {x} with responses {y} and {z} of positive probability")
    return responses[y].phi - responses[z].phi


def _differences(known: Definition) -> Iterator[Block]:
    """Yield the differences of each prompt to its first supported response: its own, 0, among them."""
    d = known.problem.dimension
    for x, entry in enumerate(known.problem.prompts):
        supported = [response.phi for response in entry.responses if response.pi_ref > 0]
        table, common = known.features(x) if len(supported) == len(entry.responses) else integer_rows(supported, d)
        first = fmpz_mat(1, d, [table[0, j] for j in range(d)])
        yield table - fmpz_mat(len(supported), 1, [1] * len(supported)) * first, common


def _check_blocks(blocks: Iterable[Block], chosen: Sequence[Vector], C: fmpq, dual: Sequence[Vector]) -> fmpq:
    if len(dual) != len(chosen):
        raise CertificateError(f"{len(dual)} dual vectors for {len(chosen)} chosen ones")
    for i, left in enumerate(dual):
        for j, right in enumerate(chosen):
            if len(left) != len(right) or left.dot(right) != (i == j):
                raise CertificateError(f"dual vector {i} and chosen vector {j}: not those of a dual basis")
    largest, start = fmpq(0), 0
    for block in blocks:
        largest = max(largest, _check_block(start, block, chosen, dual))
        start += block[0].nrows()
    if largest > C:
        raise CertificateError(f"a coefficient of size {rational_text(largest)} exceeds C = {rational_text(C)}")
    return largest


def _check_block(start: int, block: Block, chosen: Sequence[Vector], dual: Sequence[Vector]) -> fmpq:
    """Return the largest coefficient of these vectors, in integers: ``V D^T`` must give ``(V D^T) B = V``."""
    V, common = block
    d = V.ncols()
    (D, above), (B, below) = (integer_rows(rows, d) for rows in (dual, chosen))
    coefficients = V * D.transpose()
    found, wanted = coefficients * B, V * (above * below)
    if found != wanted:
        k = next(k for k in range(V.nrows()) if any(found[k, j] != wanted[k, j] for j in range(d)))
        raise CertificateError(f"vector {start + k}: the combination of the chosen ones misses it")
    entries = coefficients.entries()
    size = max(-min(entries), max(entries)) if entries else 0  # noqa: PLW3301 - not a call with all entries
    return fmpq(size, common * above)
