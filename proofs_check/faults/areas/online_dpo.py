"""Faults of OnlineDPO, and of the feedback that proper learners share."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="online_dpo", module="algorithms.online_dpo")
_of_feedback = partial(Fault, of="online_dpo", module="algorithms.parts.feedback")

FAULTS = (
    _fault(
        name="dpo-one-round-more", function="OnlineDPO.__call__", line=2,
        old="self.T", new="self.T + 1",
        what="T + 1 rounds",
        test="tests/algorithms/test_online_dpo.py::test_rewards_by_hand",
    ),
    _fault(
        name="dpo-stays-at-the-base-model", function="OnlineDPO.__call__.step", line=3, lazy=True,
        old="fitted(counts(data)) if data else oracles.public.zero", new="oracles.public.zero",
        what="theta_t = 0 in every round",
        test="tests/algorithms/test_online_dpo.py::test_rewards_by_hand",
    ),
    _fault(
        name="dpo-second-answer-of-the-base-model", function="OnlineDPO.__call__.step", line=4,
        old="self.feedback.ask(oracles, theta, theta)", new="self.feedback.ask(oracles, theta, oracles.public.zero)",
        what="y' ~ pi_ref",
        test="tests/algorithms/test_online_dpo.py::test_rewards_by_hand",
    ),
    _fault(
        name="dpo-forgets", function="OnlineDPO.__call__.step", line=5,
        old="(*data, datum)", new="(datum,)",
        what="D holds the last pair only",
        test="tests/algorithms/test_online_dpo.py::test_rewards_by_hand",
    ),
    _of_feedback(
        name="dpo-rewards-swapped", function="Rewards.ask", line=5,
        old="one.r - two.r", new="two.r - one.r",
        what="the datum has r' - r beside phi - phi'",
        test="tests/algorithms/test_online_dpo.py::test_rewards_by_hand",
    ),
    _of_feedback(
        name="dpo-winner-and-loser-swapped", function="Preferences.ask", line=5,
        old="answer.winner - answer.loser", new="answer.loser - answer.winner",
        what="the datum is phi_loser - phi_winner",
        test="tests/algorithms/test_online_dpo.py::test_preferences_by_hand",
    ),
    _of_feedback(
        name="dpo-loss-without-square", function="Rewards.loss", line=6,
        old="real(gap) * gap * n", new="abs(gap) * n",
        what="absolute loss on rewards for the squared loss",
        test="tests/algorithms/test_fits.py::test_the_squared_loss_by_hand",
    ),
    _of_feedback(
        name="dpo-loss-of-the-loser", function="Preferences.loss", line=6,
        old="logistic(score(phi))", new="logistic(-score(phi))",
        what="the logistic loss has the wrong sign",
        test="tests/algorithms/test_online_dpo.py::test_preferences_by_hand",
    ),
    _fault(
        name="dpo-returns-the-base-model", function="OnlineDPO.__call__", line=6, lazy=True,
        old="fitted(counts(oracles.iterate(none, step, self.T, key=counts)))",
        new="(oracles.iterate(none, step, self.T, key=counts), oracles.public.zero)[1]",
        what="returns pi_0 = pi_ref",
        test="tests/algorithms/test_online_dpo.py::test_rewards_by_hand",
    ),
)  # fmt: skip
"""In the order of the listing."""
