"""The answers that a certificate claims of a linear problem, with their witnesses, as Coq's terms.

They come from :func:`reference.certify` and from sums over the support; the kernel trusts none of them.
"""

from fractions import Fraction
from math import lcm, prod

import certified_form as form

from proofs_check.certified.draws import number_of_draws_answer
from proofs_check.certified.enclosed import enclosed_answers, within_reach
from proofs_check.certified.rewards import as_fraction, base_value, reward_form
from reference.certificates.spanner import SpannerCertificate
from reference.certification import certify
from reference.exact.log_linear import LogLinear, factored
from reference.exact.number import Undecided
from reference.model import LinearProblem

_Rows = list[list[Fraction]]


def certificate_text(name: str, problem: LinearProblem, written: form.Written) -> str:
    """Return the file for Coq: the instance, the claimed answers, and the fixed lines of proof."""
    return form.LAYOUT.file_text(name, form.instance_term(written), claimed(problem, written))


def claimed(problem: LinearProblem, written: form.Written) -> str:
    """Return the claimed answers: those about ``pi*`` are enclosures where it is not rational, if in reach."""
    found = certify(problem)
    constant, logs = base_value(written)
    verdicts = [
        f"Base ({form.rational(constant)}, {form.rationals(logs)})",
        _spanner(problem, found.spanner),
    ]
    tilt, enclosure = "Tilt 1 [::] [::] [::]", "Enclosure 1 [::] [::] [::]"
    if problem.is_log_rational():
        known = _Tilt(problem, written)
        tilt = known.term
        x, y = found.coverage.prompt, found.coverage.response
        C = known.ratios[x][problem.support(x).index(y)]
        verdicts[:0] = [
            f"Optimum {_rows(known.masses)}",
            f"Coverage {form.rational(C)} {x} {problem.support(x).index(y)}",
            f"Value ({form.rational(known.constant)}, {form.rationals(known.value)})",
            f"Gap {form.rationals(known.gap)}",
            f"Divergence {form.rationals(known.divergence)}",
        ]
    elif within_reach(written):
        enclosure, verdicts[:0] = enclosed_answers(written)
    verdicts += number_of_draws_answer(verdicts)
    return f"  Claims\n  ({tilt})\n  ({enclosure})\n  [:: " + ";\n   ".join(verdicts) + "]"


class _Tilt:
    """``exp((r(x,y) - r(x,first))/beta)`` and what follows from it, over the support."""

    def __init__(self, problem: LinearProblem, written: form.Written) -> None:
        beta, prompts = written.beta, range(len(problem.prompts))
        support = {x: [r for r in responses if r[0] > 0] for x, (_, _, responses) in enumerate(written.prompts)}
        forms = {x: [reward_form(written, phi) for _, phi in support[x]] for x in prompts}
        exponents = [
            (a - b) / beta for x in prompts for f in forms[x] for a, b in zip(f[1:], forms[x][0][1:], strict=True)
        ]
        root = lcm(*(q.denominator for q in exponents))
        self.weights = [_weights(problem, x) for x in prompts]
        sums = [sum(mass * w for (mass, _), w in zip(support[x], self.weights[x], strict=True)) for x in prompts]
        self.ratios = [[w / sums[x] for w in self.weights[x]] for x in prompts]
        self.masses = [[m[0] * r for m, r in zip(support[x], self.ratios[x], strict=True)] for x in prompts]
        logs = [_factors(Fraction(z)) for z in sums]
        more = sorted({prime for each in logs for prime in each} - set(written.atoms))
        arguments = [*written.atoms, *more]
        log_sums = [[Fraction(each.get(a, 0)) for a in arguments] for each in logs]
        self.term = f"Tilt {root} {_rows(self.weights)} {form.rationals(more)} {_rows(log_sums)}"
        self.constant = sum((rho * (forms[x][0][0] + b) for x, (rho, b, _) in enumerate(written.prompts)), Fraction(0))
        zeros = [Fraction(0)] * len(more)
        firsts = [[*forms[x][0][1:], *zeros] for x in prompts]
        means = [
            [rho * (beta * log + f) for log, f in zip(log_sums[x], firsts[x], strict=True)]
            for x, (rho, _, _) in enumerate(written.prompts)
        ]
        self.value = [sum(column, Fraction(0)) for column in zip(*means, strict=True)]
        _, base = base_value(written)
        self.gap = [top - below for top, below in zip(self.value, [*base, *zeros], strict=True)]
        rewards = [
            [written.prompts[x][0] * m * coefficient for coefficient in f[1:]]
            for x in prompts
            for m, f in zip(self.masses[x], forms[x], strict=True)
        ]
        drawn = [sum(column, Fraction(0)) for column in zip(*rewards, strict=True)]
        # J is the mean reward less beta times the divergence
        self.divergence = [(r - top) / beta for r, top in zip([*drawn, *zeros], self.value, strict=True)]


def _spanner(problem: LinearProblem, found: SpannerCertificate) -> str:
    places = [(x, problem.support(x).index(y), problem.support(x).index(z)) for x, y, z in found.pairs]
    pairs = form.listed([f"({x}, {y}, {z})%N" for x, y, z in places])
    dual = [[Fraction(int(q.p), int(q.q)) for q in row] for row in found.dual]
    return f"Span (Spanner {pairs} {_rows(dual)} {form.rational(as_fraction(found.largest))})"


def _weights(problem: LinearProblem, x: int) -> list[Fraction]:
    first, rewards = problem.support(x)[0], problem.rewards(x)
    return [_exponential((rewards[y] - rewards[first]) / problem.beta) for y in problem.support(x)]


def _exponential(exponent: LogLinear) -> Fraction:
    """Return ``exp`` of a combination of logarithms with integer coefficients."""
    return prod((Fraction(p) ** int(a.p) for p, a in exponent.terms), start=Fraction(1))


def _factors(value: Fraction) -> dict[Fraction, int]:
    """Return prime factors with their exponents; the number itself where it is not factored."""
    try:
        found = {Fraction(p): a for p, a in factored(value.numerator)}
        return found | {Fraction(p): -a for p, a in factored(value.denominator)}
    except (Undecided, ValueError, ArithmeticError):
        return {value: 1}


def _rows(rows: _Rows) -> str:
    return form.listed([form.rationals(row) for row in rows])
