"""Faults of the constructions with tokens: fair bits, the needle path, opposite rewards."""

from functools import partial

from proofs_check.faults.fault import Fault

_of_bits = partial(Fault, of="tokens", module="constructions.fair_bit_strings", function="fair_bits")
_of_path = partial(Fault, of="tokens", module="constructions.needle_paths")
_of_opposites = partial(Fault, of="tokens", module="constructions.opposites", function="opposite_rewards")

FAULTS = (
    _of_bits(
        name="fair-bits-biased",
        old="(Edge.of('0', '1/2', [0]), Edge.of('1', '1/2', [1], reward=earned))",
        new="(Edge.of('0', '1/3', [0]), Edge.of('1', '2/3', [1], reward=earned))",
        what="pi_ref(1) = 2/3",
        test="tests/model/test_node_policy.py::test_fair_bits_by_hand",
    ),
    _of_bits(
        name="fair-bits-one-layer",
        old="[[node]] * H", new="[[node]] * max(H - 1, 1)",
        what="a layer is missing",
        test="tests/model/test_node_policy.py::test_fair_bits_by_hand",
    ),
    _of_path(
        name="needle-path-half-the-reward", function="needle_path",
        old="log(2) * (2 * H)", new="log(2) * H",
        what="s earns H log 2",
        test="tests/constructions/test_needle_path.py::test_one_sequence_earns_everything_and_the_features_are_its_prefixes",
    ),
    _of_path(
        name="needle-path-paid-at-once", function="needle_path.layer",
        old="earned if last else 0", new="earned if h == 0 else 0",
        what="the reward comes with the first token",
        test="tests/constructions/test_needle_path.py::test_one_sequence_earns_everything_and_the_features_are_its_prefixes",
    ),
    _of_path(
        name="needle-path-seen-off-the-path", function="needle_path.layer",
        old="tuple(Edge.of(bit, '1/2', [0], child=off) for bit in '01')",
        new="tuple(Edge.of(bit, '1/2', [int(bit)], child=off) for bit in '01')",
        what="features tell tokens off the path apart",
        test="tests/constructions/test_needle_path.py::test_one_sequence_earns_everything_and_the_features_are_its_prefixes",
    ),
    _of_opposites(
        name="opposites-agree",
        old="(earned, -earned)", new="(earned, earned)",
        what="a second 1 earns the same after both prefixes",
        test="tests/constructions/test_opposite_rewards.py::test_rewards_features_and_bound",
    ),
    _of_opposites(
        name="opposites-without-beta",
        old="spread * temperature", new="spread",
        what="rewards s for beta s",
        test="tests/constructions/test_opposite_rewards.py::test_rewards_features_and_bound",
    ),
)  # fmt: skip
"""In the order of the modules."""
