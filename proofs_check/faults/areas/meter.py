"""Faults of the meter: each counter, each sum, each budget."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="meter", module="interaction.meter")

FAULTS = (
    _fault(
        name="meter-no-prompts", function="Meter.prompt",
        old="self.carried._replace(prompts=self.carried.prompts + 1)", new="self.carried",
        what="no prompt is counted",
        test="tests/interaction/test_meter.py::test_counts_each_kind_apart",
    ),
    _fault(
        name="meter-no-weak-queries", function="Meter.weak",
        old="_increased(at.weak, h, 1)", new="at.weak",
        what="no weak query is counted",
        test="tests/interaction/test_meter.py::test_counts_each_kind_apart",
    ),
    _fault(
        name="meter-weak-queries-in-the-first-layer", function="Meter.weak",
        old="_increased(at.weak, h, 1)", new="_increased(at.weak, 0, 1)",
        what="all weak queries count in the first layer",
        test="tests/interaction/test_meter.py::test_tokens_are_counted_layer_by_layer_and_limited_together",
    ),
    _fault(
        name="meter-a-listing-is-one-query", function="Meter.listed",
        old="_increased(self.carried.listed, h, tokens)", new="_increased(self.carried.listed, h, 1)",
        what="a listing counts once, not once a token",
        test="tests/interaction/test_meter.py::test_tokens_are_counted_layer_by_layer_and_limited_together",
    ),
    _fault(
        name="meter-no-strong-queries", function="Meter.strong",
        old="self.carried._replace(strong=self.carried.strong + 1)", new="self.carried",
        what="no strong query is counted",
        test="tests/interaction/test_meter.py::test_counts_each_kind_apart",
    ),
    _fault(
        name="meter-no-rewards", function="Meter.reward",
        old="self.carried._replace(reward=self.carried.reward + 1)", new="self.carried",
        what="no reward query is counted",
        test="tests/interaction/test_meter.py::test_counts_each_kind_apart",
    ),
    _fault(
        name="meter-rewards-twice", function="Meter.reward",
        old="self.carried._replace(reward=self.carried.reward + 1)",
        new="self.carried._replace(reward=self.carried.reward + 2)",
        what="a reward query counts twice",
        test="tests/interaction/test_meter.py::test_counts_each_kind_apart",
    ),
    _fault(
        name="meter-drawn-in-the-first-layer", function="Reading.drawn",
        old="sum(self.weak)", new="self.weak[0]",
        what="weak queries of the first layer only",
        test="tests/interaction/test_meter.py::test_t_comp_is_both_sampling_oracles_and_t_data_the_rewards",
    ),
    _fault(
        name="meter-t-comp-without-weak", function="Reading.t_comp",
        old="sum(self.weak) + sum(self.listed) + self.strong", new="sum(self.listed) + self.strong",
        what="T_comp leaves out weak queries",
        test="tests/interaction/test_meter.py::test_t_comp_is_both_sampling_oracles_and_t_data_the_rewards",
    ),
    _fault(
        name="meter-t-comp-without-listed", function="Reading.t_comp",
        old="sum(self.weak) + sum(self.listed) + self.strong", new="sum(self.weak) + self.strong",
        what="T_comp leaves out listed tokens",
        test="tests/interaction/test_meter.py::test_t_comp_is_both_sampling_oracles_and_t_data_the_rewards",
    ),
    _fault(
        name="meter-t-comp-without-strong", function="Reading.t_comp",
        old="sum(self.weak) + sum(self.listed) + self.strong", new="sum(self.weak) + sum(self.listed)",
        what="T_comp leaves out strong queries",
        test="tests/interaction/test_meter.py::test_t_comp_is_both_sampling_oracles_and_t_data_the_rewards",
    ),
    _fault(
        name="meter-budget-one-more", function="Meter._allow",
        old="count > limit", new="count > limit + 1",
        what="a budget allows a query more",
        test="tests/interaction/test_meter.py::test_each_budget_is_enforced_and_named",
    ),
    Fault(
        name="meter-forced-tokens-count", of="meter", module="interaction.world", function="TokenOracles.listing",
        old="if place.base is not None:\n"
            "    world.meter.listed(place.h, len(place.listing.phi))\n"
            "    world.told('listing', at.x, at.prefix, len(place.listing.phi))",
        new="world.meter.listed(place.h, len(place.listing.phi))\n"
            "world.told('listing', at.x, at.prefix, len(place.listing.phi))",
        what="a forced step counts as a listed token",
        test="tests/model/test_forced_steps.py::test_a_forced_step_is_never_drawn_and_costs_no_query",
    ),
)  # fmt: skip
"""In the order of the module."""
