"""Faults of brute force."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="brute_force", module="algorithms.brute_force")

FAULTS = (
    _fault(
        name="brute-force-starts-with-everything-seen", function="spanned", line=1, lazy=True,
        old="span = Span.empty(public.dimension)",
        new="d = public.dimension\n"
            "span = Span(d, tuple(Vector(tuple(int(i == j) for j in range(d))) for i in range(d)))",
        what="S is the whole space: no round is played",
        test="tests/algorithms/test_brute_force.py::test_by_hand",
    ),
    _fault(
        name="brute-force-one-round-fewer", function="BruteForce.__call__", line=2,
        old="self.T", new="max(self.T - 1, 0)",
        what="T - 1 rounds",
        test="tests/algorithms/test_brute_force.py::test_by_hand",
    ),
    _fault(
        name="brute-force-goes-on", function="BruteForce.__call__", line=2,
        old="target(seen)[1] == 0", new="target(seen)[1] < 0",
        what="plays all T rounds, though nothing is new",
        test="tests/algorithms/test_brute_force.py::test_by_hand",
    ),
    _fault(
        name="brute-force-least-informative", function="most_informative", line=3,
        old="-informativeness(public, theta, new)", new="informativeness(public, theta, new)",
        what="argmin U_S for argmax",
        test="tests/algorithms/test_brute_force.py::test_by_hand",
    ),
    _fault(
        name="brute-force-without-base-masses", function="_new_at", line=3,
        old="sum(share for z, share in shares if not span.contains(phis[y] - phis[z]))",
        new="sum(1 for z, _ in shares if not span.contains(phis[y] - phis[z]))",
        what="U_S counts responses y' in place of their masses",
        test="tests/algorithms/test_brute_force.py::test_by_hand",
    ),
    _fault(
        name="brute-force-second-answer-of-its-own", function="BruteForce.__call__.step", line=4,
        old="_REWARDS.ask(oracles, theta, public.zero)", new="_REWARDS.ask(oracles, theta, theta)",
        what="y' ~ pi_theta for y' ~ pi_ref",
        test="tests/algorithms/test_brute_force.py::test_by_hand",
    ),
    _fault(
        name="brute-force-forgets", function="BruteForce.__call__.step", line=5,
        old="(*data, datum)", new="(datum,)",
        what="D holds the last pair only",
        test="tests/algorithms/test_brute_force.py::test_the_peer_agrees",
    ),
    _fault(
        name="brute-force-returns-the-last-target", function="BruteForce.__call__", line=6,
        old="exhaustive(self.members)(lambda theta: _REWARDS.loss(theta, dict(counts(data))))", new="target(data)[0]",
        what="returns the most informative theta, not the best fit",
        test="tests/algorithms/test_brute_force.py::test_by_hand",
    ),
    _fault(
        name="brute-force-returns-the-base-model", function="BruteForce.__call__", lazy=True,
        old="exhaustive(self.members)(lambda theta: _REWARDS.loss(theta, dict(counts(data))))", new="public.zero",
        what="returns pi_0 = pi_ref",
        test="tests/algorithms/test_brute_force.py::test_by_hand",
    ),
    _fault(
        name="brute-force-work-without-the-last-look", function="evaluations",
        old="rounds + (rounds < T) + 1", new="rounds + 1",
        what="its work leaves out the look at which line 2 stops",
        test="tests/algorithms/test_brute_force.py::test_the_work_by_hand",
    ),
)  # fmt: skip
"""In the order of the listing."""
