"""Enclosed answers of a certificate, for problems whose optimum is irrational, with the bounds that witness them.

The kernel trusts none of them: it encloses ``exp`` itself, and decides whether what it finds lies within the bounds.
"""

from fractions import Fraction
from functools import reduce
from operator import add

import certified_form as form
from flint import arb, fmpq

from proofs_check.certified.rewards import as_fraction, base_value, reward_form
from reference.exact.precision import workprec

DECIMALS = 20
"""An answer is claimed to lie between two multiples of ``10^-DECIMALS``, two apart; a large one has no more digits."""
REACH = 120
"""``exp`` of more has too wide bounds: those of ``cert_exp.v`` are good to ``10^-32`` up to here, and end at 512."""
LARGEST_FACTOR = 1000
"""Of ``beta`` and of the coefficients of logarithms, with which the width of a witness is multiplied."""
_SUM_DIGITS, _ATOM_DIGITS = 25, 31
"""The same of the logarithms that are witnesses: those of the sums hold what those of the atoms leave open."""
_BITS = 128
"""The kernel's precision; it takes as many more as the smallest base mass and rational under a logarithm have."""
_PRECISION = 320
"""FLINT's."""


def within_reach(written: form.Written) -> bool:
    """Whether the kernel's bounds are narrow enough: ``exp`` of nothing large, nothing multiplied much."""
    beta = written.beta
    coefficients = [abs(c) for _, _, ys in written.prompts for _, phi in ys for c in reward_form(written, phi)[1:]]
    if max([beta, *coefficients, *(c / beta for c in coefficients)]) > LARGEST_FACTOR:
        return False
    with workprec(_PRECISION):
        spreads = [_largest(each) + _largest([-r for r in each]) for each in _rewards(written)]
        known = all(abs(_ball(a).log()) <= REACH for a in written.atoms)
        return known and all(spread <= REACH * _ball(beta) for spread in spreads)


def enclosed_answers(written: form.Written) -> tuple[str, list[str]]:
    """Return the witness, and the answers of each kind, as Coq's terms."""
    with workprec(_PRECISION):
        beta, all_rewards = _ball(written.beta), _rewards(written)
        masses = [[mass for mass, _ in responses if mass > 0] for _, _, responses in written.prompts]
        shifts = [Fraction(round(_middle(_largest(each)) * 1024), 1024) for each in all_rewards]
        tilts = [
            [((r - _ball(shift)) / beta).exp() for r in rewards]
            for rewards, shift in zip(all_rewards, shifts, strict=True)
        ]
        weighed = [[_ball(m) * w for m, w in zip(*pair, strict=True)] for pair in zip(masses, tilts, strict=True)]
        sums = [reduce(add, each) for each in weighed]
        ratios = [[w / z for w in each] for each, z in zip(tilts, sums, strict=True)]
        _, x, y = max((r.mid(), x, y) for x, each in enumerate(ratios) for y, r in enumerate(each))
        value = _mean(written, [beta * z.log() + _ball(s) for z, s in zip(sums, shifts, strict=True)])
        divergence = _mean(
            written,
            [
                reduce(add, (m * r.log() / z for m, r in zip(mass, ratio, strict=True)))
                for mass, ratio, z in zip(weighed, ratios, sums, strict=True)
            ],
        )
        constant, logs = base_value(written)
        base = reduce(
            add, (_ball(c) * _ball(a).log() for c, a in zip(logs, written.atoms, strict=True)), _ball(constant)
        )
        smallest = min([*written.atoms, *(m for each in masses for m in each)])
        bits = _BITS + int(1 / smallest).bit_length()
        atoms = form.listed([_bounds(_ball(a).log(), _ATOM_DIGITS) for a in written.atoms])
        log_sums = form.listed([_bounds(z.log(), _SUM_DIGITS) for z in sums])
        optimum = form.listed(
            [form.listed([_bounds(w / z) for w in each]) for each, z in zip(weighed, sums, strict=True)]
        )
        return f"Enclosure {bits} {atoms} {form.rationals(shifts)} {log_sums}", [
            f"OptimumWithin {optimum}",
            f"CoverageWithin {_bounds(ratios[x][y])} {x} {y}",
            f"ValueWithin {_bounds(value)}",
            f"GapWithin {_bounds(value - base)}",
            f"DivergenceWithin {_bounds(divergence)}",
        ]


def _rewards(written: form.Written) -> list[list[arb]]:
    """Return the rewards over the support, prompt by prompt."""
    atoms = [arb(1), *(_ball(a).log() for a in written.atoms)]
    return [
        [
            reduce(add, (_ball(c) * a for c, a in zip(reward_form(written, phi), atoms, strict=True)), _ball(baseline))
            for mass, phi in responses
            if mass > 0
        ]
        for _, baseline, responses in written.prompts
    ]


def _largest(balls: list[arb]) -> arb:
    """Return a ball whose midpoint is largest."""
    return max(balls, key=lambda ball: ball.mid())


def _mean(written: form.Written, values: list[arb]) -> arb:
    return reduce(add, (_ball(rho) * v for (rho, _, _), v in zip(written.prompts, values, strict=True)))


def _bounds(ball: arb, digits: int = DECIMALS) -> str:
    """Return two rationals around a number, as a pair of Coq's."""
    scale = 10 ** max(digits + 1 - len(str(abs(int(_middle(ball))))), 0)
    nearest = round(_middle(ball) * scale)
    low, high = (f"({nearest + step}#{scale})" for step in (-1, 1))
    return f"({low}, {high})"


def _middle(ball: arb) -> Fraction:
    return as_fraction(ball.mid().fmpq())


def _ball(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))
