"""Rewards as an instance file has them, combinations of 1 and of logarithms of rationals, in Python's fractions."""

from fractions import Fraction

import certified_form as form
from flint import fmpq


def reward_form(written: form.Written, phi: list[Fraction]) -> list[Fraction]:
    """Return a reward without its baseline: its rational part, and the coefficients of the atoms' logarithms."""
    columns = [
        [c for c, _ in written.theta],
        *([logs.get(a, Fraction(0)) for _, logs in written.theta] for a in written.atoms),
    ]
    return [sum((c * f for c, f in zip(column, phi, strict=True)), Fraction(0)) for column in columns]


def base_value(written: form.Written) -> tuple[Fraction, list[Fraction]]:
    """Return ``J(pi_ref)``: its rational part, and the coefficients of the atoms' logarithms."""
    total = [Fraction(0)] * (1 + len(written.atoms))
    for rho, baseline, responses in written.prompts:
        total[0] += rho * baseline
        for mass, phi in responses:
            total = [t + rho * mass * f for t, f in zip(total, reward_form(written, phi), strict=True)]
    return total[0], total[1:]


def as_fraction(value: fmpq) -> Fraction:
    """Return a rational of FLINT as Python's."""
    return Fraction(int(value.p), int(value.q))
