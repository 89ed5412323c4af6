"""Faults of MTSS: the algorithm itself."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="mtss", module="algorithms.mtss")

FAULTS = (
    Fault(
        name="mtss-twice-lambda", of="mtss", module="algorithms.parts.mtss_state", function="Layer.empty", line=1,
        old="RidgeCover.empty(dimension, p.ridge, p.nu)", new="RidgeCover.empty(dimension, 2 * p.ridge, p.nu)",
        what="Sigma_h starts at 2 lambda I",
        test="tests/algorithms/test_mtss_peer.py::test_seeded_runs_agree_with_the_peer",
    ),
    _fault(
        name="mtss-one-pass", function="MTSS.__call__", line=2,
        old="ENDLESS", new="1",
        what="one pass, not repeated",
        test="tests/algorithms/test_mtss.py::test_a_run_by_hand",
    ),
    _fault(
        name="mtss-fits-the-first-pair", function="fit", line=3,
        old="layer.cover.least_squares(data)", new="layer.cover.least_squares(data[:1])",
        what="theta_h is fitted to the first pair only",
        test="tests/algorithms/test_mtss_peer.py::test_seeded_runs_agree_with_the_peer",
    ),
    _fault(
        name="mtss-target-adds", function="target", line=3,
        old="(pair.second, -1)", new="(pair.second, 1)",
        what="G_h(x, p a) + G_h(x, p a') for the difference",
        test="tests/algorithms/test_mtss.py::test_a_run_by_hand",
    ),
    _fault(
        name="mtss-target-of-one-roll-out", function="target", line=3,
        old="for _ in range(p.n_out):\n"
            "    for token, sign in ((pair.first, 1), (pair.second, -1)):\n"
            "        found = roll_out(oracles, later, pair.at.then(token), p)\n"
            "        if isinstance(found, AcceptedPair):\n"
            "            return found\n"
            "        returns.append(found * sign)",
        new="for token, sign in ((pair.first, 1), (pair.second, -1)):\n"
            "    found = roll_out(oracles, later, pair.at.then(token), p)\n"
            "    if isinstance(found, AcceptedPair):\n"
            "        return found\n"
            "    returns.append(found * sign * p.n_out)",
        what="one difference in place of the mean of N_out",
        test="tests/algorithms/test_mtss.py::test_a_target_is_the_mean_of_its_roll_outs",
    ),
    _fault(
        name="mtss-target-is-the-sum", function="target", line=3,
        old="real_sum(returns) / p.n_out", new="real_sum(returns)",
        what="the sum of N_out differences for their mean",
        test="tests/algorithms/test_mtss.py::test_a_target_is_the_mean_of_its_roll_outs",
    ),
    _fault(
        name="mtss-explains-without-beta", module="algorithms.parts.mtss_step", function="_explained", line=3,
        old="_log_mean(f, seen, beta) * beta", new="_log_mean(f, seen, beta)",
        what="log Zhat for beta log Zhat in G_h",
        test="tests/algorithms/test_mtss_peer.py::test_seeded_runs_agree_with_the_peer",
    ),
    _fault(
        name="mtss-explains-nothing", function="roll_out", line=3,
        old="oracles.reward(at.x, at.prefix) - real_sum(explained)", new="real(oracles.reward(at.x, at.prefix))",
        what="G_h is the reward alone",
        test="tests/algorithms/test_mtss.py::test_a_run_by_hand",
    ),
    _fault(
        name="mtss-one-roll-in", function="sweep", line=4,
        old="p.n_roll", new="1",
        what="one roll-in for N_roll",
        test="tests/algorithms/test_mtss.py::test_a_sweep_ends_only_after_all_its_roll_ins",
    ),
    _fault(
        name="mtss-rolls-in-at-the-first-prompt", function="roll_in", line=5,
        old="oracles.prompt()", new="0",
        what="roll-ins start at the first prompt only",
        test="tests/algorithms/test_mtss.py::test_a_run_by_hand",
    ),
    _fault(
        name="mtss-rolls-in-a-token-short", function="roll_in", line=6,
        old="oracles.horizon", new="max(oracles.horizon - 1, 1)",
        what="roll-ins end a token too early",
        test="tests/algorithms/test_mtss.py::test_a_run_by_hand",
    ),
    _fault(
        name="mtss-looks-in-roll-ins-only", function="roll_out", line=7,
        old="found, listing = look(oracles, layer, at, p)", new="found, listing = None, None",
        what="roll-outs do not look: the listing of before",
        test="tests/algorithms/test_mtss.py::test_a_run_by_hand",
    ),
    _fault(
        name="mtss-looks-in-roll-outs-only", function="roll_in.step", line=7,
        old="found, listing = look(oracles, layer, at, p)",
        new="found, listing = look(oracles, layer, at, p) if not at.prefix else (None, None)",
        what="roll-ins look at the first token only",
        test="tests/algorithms/test_mtss.py::test_a_run_by_hand",
    ),
    _fault(
        name="mtss-rolls-in-with-the-base-model", function="roll_in.step", line=8,
        old="choose(oracles, layer, at, p, listing).token", new="oracles.weak(at)[0]",
        what="roll-ins follow pi_ref",
        test="tests/algorithms/test_mtss.py::test_a_run_by_hand",
    ),
    _fault(
        name="mtss-two-passes", function="MTSS.__call__", line=9,
        old="lambda s: s.clean", new="lambda s: s.clean or s.passes == 2",
        what="ends after two passes, clean or not",
        test="tests/algorithms/test_mtss.py::test_a_run_by_hand",
    ),
    _fault(
        name="mtss-learns-nothing", function="fit", lazy=True,
        old="layer.cover.least_squares(data)", new="layer.cover.least_squares(())",
        what="theta_h = 0: the base model is returned",
        test="tests/algorithms/test_mtss.py::test_a_run_by_hand",
    ),
)  # fmt: skip
"""In the order of the listing."""
