"""Faults of XPO."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="xpo", module="algorithms.xpo")

FAULTS = (
    _fault(
        name="xpo-one-round-more", function="XPO.__call__", line=2,
        old="self.T", new="self.T + 1",
        what="T + 1 rounds",
        test="tests/algorithms/test_xpo.py::test_the_bonus_moves_away_from_the_base_model_by_hand",
    ),
    _fault(
        name="xpo-without-bonus", function="XPO.__call__.fitted", line=3,
        old="with_bonus(self.feedback.loss(theta, seen), bonus(oracles.public, theta, base), self.alpha)",
        new="self.feedback.loss(theta, seen)",
        what="no bonus",
        test="tests/algorithms/test_xpo.py::test_the_bonus_moves_away_from_the_base_model_by_hand",
    ),
    _fault(
        name="xpo-bonus-with-the-wrong-sign", function="XPO.__call__.fitted", line=3,
        old="with_bonus(self.feedback.loss(theta, seen), bonus(oracles.public, theta, base), self.alpha)",
        new="with_bonus(self.feedback.loss(theta, seen), bonus(oracles.public, theta, base), -self.alpha)",
        what="the bonus is subtracted",
        test="tests/algorithms/test_xpo.py::test_the_bonus_moves_away_from_the_base_model_by_hand",
    ),
    _fault(
        name="xpo-bonus-without-beta", function="bonus", line=3,
        old="public.beta", new="1",
        what="alpha log pi_theta for alpha beta log pi_theta",
        test="tests/algorithms/test_xpo.py::test_the_bonus_by_hand",
    ),
    _fault(
        name="xpo-stays-at-the-base-model", function="XPO.__call__.step", line=3, lazy=True,
        old="fitted(counts(data)) if data else oracles.public.zero", new="oracles.public.zero",
        what="theta_t = 0 in every round",
        test="tests/algorithms/test_xpo.py::test_two_rounds_commit_to_what_was_fitted_and_to_the_base_model",
    ),
    _fault(
        name="xpo-second-answer-of-its-own", function="XPO.__call__.step", line=4,
        old="self.feedback.ask(oracles, theta, oracles.public.zero)", new="self.feedback.ask(oracles, theta, theta)",
        what="y' ~ pi_theta for y' ~ pi_ref",
        test="tests/algorithms/test_xpo.py::test_two_rounds_commit_to_what_was_fitted_and_to_the_base_model",
    ),
    _fault(
        name="xpo-bonus-on-its-own-answer", function="XPO.__call__.step", line=5,
        old="shown.answers[1]", new="shown.answers[0]",
        what="the bonus stands on y for y'",
        test="tests/algorithms/test_xpo.py::test_the_peer_agrees_on_rewards",
    ),
    _fault(
        name="xpo-returns-the-base-model", function="XPO.__call__", line=6, lazy=True,
        old="fitted(counts(oracles.iterate(none, step, self.T, key=counts)))",
        new="(oracles.iterate(none, step, self.T, key=counts), oracles.public.zero)[1]",
        what="returns pi_0 = pi_ref",
        test="tests/algorithms/test_xpo.py::test_the_bonus_moves_away_from_the_base_model_by_hand",
    ),
)  # fmt: skip
"""In the order of the listing."""
