"""``spanner solve`` on a problem whose ``theta`` is not given: whether ``pi*`` is in the softmax class."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from proofs_check.cli.formats import solve as formats
from proofs_check.cli.formats.parts import number
from proofs_check.cli.output import first, short_number
from reference.certificates import NotRealizableCertificate, RealizableCertificate, certificate_json
from reference.certificates.realizability import Term
from reference.certification import certify_realizability
from reference.exact import Real, real_sum
from reference.model import Problem, soft_values
from reference.model.expansion import sequence_name
from reference.model.parts import Prefix
from reference.model.reasons import or_reason

SHOWN_LAYERS = 4
"""Layers whose parameters are printed."""

SHOWN_TERMS = 6
"""Terms of a combination, and entries of a parameter, that are printed."""

_CHECKED = "realizable or not, by reference.certificates"
"""What the certificate is about."""


@dataclass(frozen=True, slots=True)
class Realizability:
    """The answer for a problem: a certificate that has passed its check, or why there is none."""

    problem: Problem
    found: RealizableCertificate | NotRealizableCertificate | str

    @classmethod
    def of(cls, problem: Problem) -> "Realizability":
        """Return the answer; CertificateError if it does not pass its check."""
        return cls(problem, or_reason(lambda: certify_realizability(problem)))

    def rows(self, digits: int) -> Iterator[tuple[str, str]]:
        """Yield the answer, and the parameters of ``pi*`` or why none fit."""
        found = self.found
        if isinstance(found, str):
            yield "realizable", f"undecided: {found}"
            return
        if isinstance(found, NotRealizableCertificate):
            h = found.layer + 1
            yield "realizable", f"no: no theta_{h} fits, since"
            yield "", self._combination(found)
            yield "", f"is 0 in the features phi_{h}, and in Q_{h} it is {number(self._sum(found), digits)}"
        else:
            yield "realizable", "yes: pi* is in the autoregressive softmax class"
            shown = first(len(found.thetas), SHOWN_LAYERS)
            for h, theta in enumerate(found.thetas[:shown], 1):
                yield f"theta*_{h}", f"({_first([str(number(entry, digits)) for entry in theta], ', ')})"
            if left := len(found.thetas) - shown:
                yield "", f"... {left} more layers: --json has all"
        yield "checked", _CHECKED

    def put_into(self, document: formats.Solution, digits: int) -> formats.Solution:
        """Return the document with the answer and its certificate."""
        return replace(document, realizability=self._answer(digits), certificates=self.certificates())

    def _answer(self, digits: int) -> formats.Realizability:
        found = self.found
        if isinstance(found, str):
            return formats.Realizability(realizable=None, reason=found)
        if isinstance(found, RealizableCertificate):
            thetas = [[number(entry, digits) for entry in theta] for theta in found.thetas]
            return formats.Realizability(realizable=True, theta=thetas)
        terms, value = list(map(self._term, found.terms)), number(self._sum(found), digits)
        return formats.Realizability(realizable=False, layer=found.layer + 1, terms=terms, sum_of_Q=value)

    def certificates(self) -> formats.Certificates:
        """Return the certificate, or why there is none."""
        if isinstance(self.found, str):
            return formats.Certificates(realizability=None, reason=self.found)
        try:
            document = certificate_json(self.problem, self.found)
        except ValueError as error:
            return formats.Certificates(realizability=None, reason=str(error))
        return formats.Certificates(realizability=msgspec.convert(document, formats.Certificate))

    def _sum(self, found: NotRealizableCertificate) -> Real:
        """Return what the combination is in ``Q``."""
        problem, values, h = self.problem, soft_values(self.problem), found.layer

        def q_value(x: int, prefix: Prefix, token: int) -> Real:
            return values.q_value(h, problem.edge(h, problem.node(x, prefix), token))

        return real_sum((q_value(x, prefix, a) - q_value(x, prefix, b)) * c for c, x, prefix, a, b in found.terms)

    def _combination(self, found: NotRealizableCertificate) -> str:
        problem, several = self.problem, len(self.problem.prompts) > 1

        def name(x: int, tokens: Prefix) -> str:
            sequence = f"({short_number(sequence_name(problem.spelled(x, tokens)))})"
            return f"{short_number(problem.prompts[x].name, 24)}: {sequence}" if several else sequence

        def difference(term: Term) -> str:
            coefficient, x, prefix, a, b = term
            sign, size = "-" if coefficient < 0 else "+", abs(coefficient)
            ends = name(x, (*prefix, a)), name(x, (*prefix, b))
            return f"{sign} {'' if size == 1 else f'{size} '}[{ends[0]} - {ends[1]}]"

        return _first(list(map(difference, found.terms)), " ").removeprefix("+ ")

    def _term(self, term: Term) -> formats.Term:
        problem = self.problem
        coefficient, x, prefix, a, b = term
        return formats.Term(
            coefficient=str(coefficient),
            prompt=problem.prompts[x].name,
            prefix=list(problem.spelled(x, prefix)),
            token=problem.spelled(x, (*prefix, a))[-1],
            minus=problem.spelled(x, (*prefix, b))[-1],
        )


def _first(texts: list[str], separator: str) -> str:
    shown = first(len(texts), SHOWN_TERMS)
    more = [f"... {left} more: --json has all"] if (left := len(texts) - shown) else []
    return separator.join([*texts[:shown], *more])
