"""Hypothesis strategies for users of this package: every value they make is valid by construction, nothing is filtered.

``linear_problems()`` covers both exact families and mixtures of them; sizes are small so that exhaustive checks stay
fast.  ``problems()`` and ``realizable_problems()`` do the same for responses of several tokens.

>>> from hypothesis import given
>>> @given(linear_problems())
... def test_gap_of_the_base_model_is_not_negative(problem): ...

Two more are for implementations in floats.  ``extreme_problems()`` are hard on rounding: masses of 1e-300, rewards of
hundreds of ``beta``, thousands of responses, nearly dependent features.  ``float_problems()`` have numbers that are
all exactly binary64, and ``float_tables`` gives these as nested lists of floats: both sides are then about the same
problem, and a difference between them is an error of the implementation alone.

>>> from fractions import Fraction
>>> from math import exp, fsum
>>> from hypothesis import settings
>>> import reference as ref
>>> def fast_softmax(base, rewards, beta):
...     top = max(r for p, r in zip(base, rewards) if p)
...     raw = [p * exp((r - top) / beta) if p else 0.0 for p, r in zip(base, rewards)]
...     return [w / fsum(raw) for w in raw]
>>> @settings(max_examples=20, derandomize=True, database=None, deadline=None)
... @given(float_problems("steep-rewards"))
... def test_fast_softmax(problem):
...     tables = float_tables(problem)
...     for x, (base, rewards) in enumerate(zip(tables.pi_ref, tables.rewards)):
...         best = ref.optimum(problem).law(x)
...         for y, mass in enumerate(fast_softmax(base, rewards, tables.beta)):
...             assert abs(ref.rational(Fraction(mass)) - best.mass(y)) < ref.rational("1e-12")
>>> test_fast_softmax()
"""

from reference.testing.binary64 import FloatTables, float_problems, float_tables
from reference.testing.extreme import STRESSES, Stress, extreme_problems
from reference.testing.linear import dnf_instances, formulas, linear_problems, policies
from reference.testing.parts import FAMILIES, ThetaFamily, features, laws, loglinears, mass_weights, rationals
from reference.testing.tokens import log_ratio_rewards, node_policies, problems, realizable_problems

__all__ = [
    "FAMILIES",
    "STRESSES",
    "FloatTables",
    "Stress",
    "ThetaFamily",
    "dnf_instances",
    "extreme_problems",
    "features",
    "float_problems",
    "float_tables",
    "formulas",
    "laws",
    "linear_problems",
    "log_ratio_rewards",
    "loglinears",
    "mass_weights",
    "node_policies",
    "policies",
    "problems",
    "rationals",
    "realizable_problems",
]
