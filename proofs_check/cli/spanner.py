"""``spanner solve`` on a linear problem: ``theta``, a spanner, and the certificates of both and of the coverage."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat

import msgspec
from msgspec.structs import replace

from proofs_check.cli.formats import solve as formats
from proofs_check.cli.formats.parts import number
from proofs_check.cli.output import short_number
from reference.certificates import SolutionCertificate, certificate_json
from reference.certification import certify
from reference.exact import rational_text
from reference.model import LinearProblem

_CHECKED = "pi*, C_cov(pi*) and the spanner, by reference.certificates"
"""What the certificates of a solution are about."""


@dataclass(frozen=True, slots=True)
class FoundSpanner:
    """A linear problem with its checked certificates: of ``pi*``, of its coverage, of a barycentric spanner."""

    problem: LinearProblem
    certificate: SolutionCertificate

    @classmethod
    def of(cls, problem: LinearProblem) -> "FoundSpanner":
        """Return what is known of a linear problem; CertificateError if it does not pass its check."""
        return cls(problem, certify(problem))

    def rows(self, digits: int) -> Iterator[tuple[str, str]]:
        """Yield the pairs of the spanner, how large its coefficients are, and what was checked."""
        del digits
        yield from zip(chain(["spanner"], repeat("")), self._lines(), strict=False)
        yield "checked", _CHECKED

    def put_into(self, document: formats.Solution, digits: int) -> formats.Solution:
        """Return the document with ``theta``, the spanner and the certificates."""
        del digits
        problem, certificate = self.problem, self.certificate
        return replace(
            document,
            dimension=problem.dimension,
            rank=problem.difference_rank(),
            theta=[str(entry) for entry in problem.theta],
            spanner=formats.Spanner(
                C=rational_text(certificate.spanner.C),
                pairs=[self._pair(*triple) for triple in certificate.spanner.pairs],
                differences=self._differences,
                largest_coefficient=rational_text(certificate.spanner.largest),
            ),
            certificates=self.certificates(),
        )

    def certificates(self) -> formats.Certificates:
        """Return the three certificates."""
        optimum, coverage, spanner = (
            msgspec.convert(certificate_json(self.problem, each), formats.Certificate)
            for each in (self.certificate.optimum, self.certificate.coverage, self.certificate.spanner)
        )
        return formats.Certificates(optimum=optimum, coverage=coverage, spanner=spanner)

    @property
    def _differences(self) -> int:
        return sum(len(self.problem.support(x)) - 1 for x in range(len(self.problem.prompts)))

    def _pair(self, x: int, y: int, z: int) -> formats.Pair:
        names = self.problem.responses(x)
        return formats.Pair(self.problem.prompts[x].name, names[y], names[z])

    def _lines(self) -> list[str]:
        count, spanner = self._differences, self.certificate.spanner
        if not spanner.pairs:
            return ["empty: every difference is zero" if count else "empty: there are no differences"]
        pairs = [self._pair(*triple) for triple in spanner.pairs]
        lines = [
            f"{short_number(p.prompt, 24)}: {short_number(p.response, 18)} - {short_number(p.minus, 18)}" for p in pairs
        ]
        several = count > 1
        differences = (
            f"all {count} differences to a prompt's first response have" if several else "the only difference has a"
        )
        coefficients = "coefficients" if several else "coefficient"
        size = number(spanner.largest, 4)
        lines.append(f"{differences} {coefficients} of size at most {size} (C = {rational_text(spanner.C)})")
        return lines
