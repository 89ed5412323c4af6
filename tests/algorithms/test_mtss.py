"""MTSS by hand: runs, exact laws, the policy returned, inputs out of range."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Literal

import pytest
from flint import fmpq

from reference.algorithms.mtss import MTSS
from reference.algorithms.parts.cover import truncated
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.mtss_state import AcceptedPair
from reference.algorithms.parts.mtss_step import Chosen, log_normaliser
from reference.catalog import load
from reference.constructions.fair_bit_strings import fair_bits
from reference.constructions.needle_paths import needle_path
from reference.constructions.opposites import opposite_rewards
from reference.exact import LogLinear, Undecided, log
from reference.exact.expratio import exp_ratio
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction import Choice, Seeded, law_of
from reference.interaction.meter import Reading
from reference.interaction.runs import play_tokens
from reference.interaction.world import At, World
from reference.laws.mtss import ideal_token_policy
from reference.laws.softmax_sampling import softmax_sampler_law
from reference.model.parts import Prefix
from reference.model.policy import sequence_law
from reference.model.problem import Problem
from reference.model.values import gap
from tests.algorithms.mtss_instances import corner, two_step, uneven
from tests.interaction.scripted import Scripted

NOTHING = fmpq(0)
"""The only outcome of the noise of noiseless rewards."""

ZERO = LogLinear(NOTHING)
ONE = MTSS(1, 1, look="draws")
LISTED = MTSS(1)


# -------------------------------------------------------------------------------------------------------- by hand


def scripted(problem: Problem, p: MTSS, script: list[object]) -> tuple[MTSSPolicy, Reading, Scripted]:
    choice = Scripted(script)
    world = World(problem, choice)
    final = p(world.tokens)
    assert choice.left == []
    return final, world.meter.reading, choice


ROOT_PAIR = AcceptedPair(At(0, ()), 1, 0, Vector.of([1]))
LATER_LAYER_FIRST: list[object] = [
    *(0, 0, 0, 1, 0, 0, 1),  # x; (0, 0) is covered; a' = 1, a = 0; the pair (0, 1) after (0) is not: line 2
    *(NOTHING, NOTHING, 0, 1, 0),  # line 3: rewards of 00 and 01; x; the pair (1, 0) at the root: line 2
    *(NOTHING, NOTHING),  # line 3, layer 2: rewards anew
    *(0, 0, 0, 0, NOTHING),  # layer 1: 1 is completed: the pair (0, 0) is covered; a' = 0, a = 0
    *(1, 0, 1, 0, NOTHING),  # and 0 is: the pair (1, 0) is covered now; a' = 1, a = 0
    *(0, 1, 1, 0, 1, 0, 0, 0, 0),  # a whole roll-in, all covered
]


def test_a_run_by_hand() -> None:
    final, reading, choice = scripted(two_step(), ONE, LATER_LAYER_FIRST)
    first, second = final.layers
    assert first.psi == (ROOT_PAIR,)
    assert second.psi == (AcceptedPair(At(0, (0,)), 0, 1, Vector.of([-1])),)
    # G(1) = 0; G(0) = 0 - (f - log Z) = log 4 - log 2 with f(0;1) = -log 4 and Z = 2/3 1/4 + 1/3 = 1/2
    assert (first.theta, second.theta) == ((-log(2),), (log(4),))
    assert (final.passes, final.clean, final.p) == (3, True, ONE)
    assert reading == Reading(prompts=3, weak=(6, 8), listed=(4, 4), reward=6)
    drawn = [law for law in choice.asked if law in (Law.of({0: "1/3", 1: "2/3"}), Law.of({0: "2/3", 1: "1/3"}))]
    # After (0): line 7 draws twice from pi_ref, in the roll-out, too; then a' and pi*.  Line 8 draws pi* at the root.
    assert drawn == [Law.of({0: m, 1: 1 - m}) for m in (fmpq(2, 3),) * 5 + (fmpq(1, 3), fmpq(2, 3))]
    assert gap(two_step(), ideal_token_policy(two_step(), final)) == 0


def test_targets_are_asked_anew_when_a_later_layer_has_been_covered() -> None:
    script: list[object] = [
        *(0, 1, 0),  # x; the pair (1, 0) at the root: line 2
        *(0, 0, 0, 0, NOTHING),  # line 3 while layer 2 is not covered: after 1 there is nothing to see
        *(0, 0, 0, 1, NOTHING),  # after 0 the pair (0, 0) shows nothing; f = 0, so 01 earns an unexplained log 4
        *(0, 0, 0, 0, 0, 1, 0),  # x; covered; a' = 0, a = 0; the pair (1, 0) after (0): line 2
        *(NOTHING, NOTHING),  # line 3, layer 2
        *(0, 0, 0, 0, NOTHING, 0, 0, 0, 1, NOTHING),  # the same tokens again: log 4 - (log 4 - log 2) = log 2 is left
        *(0, 0, 0, 0, 0, 0, 0, 0, 0),
    ]
    final, reading, choice = scripted(two_step(), ONE, script)
    assert [layer.theta for layer in final.layers] == [(-log(2),), (log(4),)]
    assert (final.passes, reading.t_data) == (3, 6)
    # theta_1 = -log 4 in the second pass, -log 2 in the third
    assert choice.asked.count(Law.of({0: "4/5", 1: "1/5"})) == 1
    assert choice.asked[-5] == Law.of({0: "2/3", 1: "1/3"})


def test_a_sweep_ends_only_after_all_its_roll_ins() -> None:
    p = MTSS(2, 2, look="draws")
    script: list[object] = [0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0]  # in one layer: two roll-ins of two equal pairs
    final, reading, _ = scripted(fair_bits(1, log(3)), p, script)
    assert final.layers[0].psi == ()
    assert (reading.prompts, reading.weak, reading.listed, final.passes) == (2, (8,), (4,), 1)


def test_a_roll_out_that_meets_a_pair_ends_the_pass_and_its_rewards_count() -> None:
    script: list[object] = [
        *(0, 1, 0),  # x; the pair (1, 0) at the root: line 2
        *(0, 0, 0, 0, NOTHING),  # line 3: 1 is completed and rewarded
        *(1, 0),  # 0 is not: the pair (1, 0) after it is not covered: line 2
        *(NOTHING, NOTHING),  # line 3, layer 2
        *(0, 0, 0, 0, NOTHING, 0, 0, 0, 0, NOTHING),  # layer 1 anew: the target of before is forgotten
        *(0, 0, 0, 0, 0, 0, 0, 0, 0),
    ]
    final, reading, _ = scripted(two_step(), ONE, script)
    assert final.layers[1].psi == (AcceptedPair(At(0, (0,)), 1, 0, Vector.of([1])),)
    assert [layer.theta for layer in final.layers] == [(-log(2),), (log(4),)]
    assert (final.passes, reading.t_data, reading.prompts) == (3, 1 + 4, 2)


def test_by_listing_a_prefix_is_listed_once_for_all() -> None:
    """``a'`` and ``a`` are drawn from the listing of line 7, and ``Z`` is computed from it."""
    script: list[object] = [
        0,  # x; the first pair (0, 1) at the root is not covered: line 2
        # line 3: after 0 the first pair (0, 1) is not covered: line 2
        *(NOTHING, NOTHING),  # line 3, layer 2
        *(1, 0, NOTHING, 0, 0, NOTHING),  # layer 1: 0 is completed by a' = 1, a = 0, and 1 by a' = 0, a = 0
        *(0, 1, 0, 0, 1),  # a whole roll-in: x; a' = 1, a = 0; a' = 0, a = 1
    ]
    final, reading, _ = scripted(two_step(), LISTED, script)
    assert final.layers[0].psi == (AcceptedPair(At(0, ()), 0, 1, Vector.of([-1])),)
    assert final.layers[1].psi == (AcceptedPair(At(0, (0,)), 0, 1, Vector.of([-1])),)
    assert [layer.theta for layer in final.layers] == [(-log(2),), (log(4),)]
    # Listed: the root in two roll-ins; after 0 once to be covered, in a roll-out and in the roll-in; after 1 one token
    assert reading == Reading(prompts=2, weak=(0, 0), listed=(4, 7), reward=4)
    assert final.passes == 3


def test_the_first_uncovered_pair_by_index_is_accepted() -> None:
    """Tokens a, b, c with features 0, e1, e2: first (a, b), then (a, c); by then (b, c) is covered."""
    final = trained(uneven(), LISTED, 1)
    assert [(pair.first, pair.second) for pair in final.layers[0].psi] == [(0, 1), (0, 2)]


def test_a_target_is_the_mean_of_its_roll_outs() -> None:
    problem, one = fair_bits(1, log(3)), fmpq(1)
    script: list[object] = [0, one, -one, one, one, 0, 0, 0]  # x; four rewards with their errors; x, a', a
    world = World(problem, Scripted(script), noise=Law.uniform([-one, one]))
    final = MTSS(1, n_out=2)(world.tokens)
    # 0 earned 0 + 1 and 0 + 1, 1 earned log 3 - 1 and log 3 + 1: the pair (0, 1) has the target 1 - log 3
    assert final.layers[0].theta == (log(3) - one,)
    assert world.meter.reading.t_data == 4


@pytest.mark.parametrize("H", [4, 8, 16])
def test_every_seed_learns_the_needle_path_by_listing(H: int) -> None:
    """A layer is covered at one prefix, which roll-ins alone reach with probability ``2^-(h-1)``."""
    problem = load(f"needle-path-{H}")
    for seed in range(1, 21):
        final = trained(problem, MTSS(8, bits=32), seed)
        assert gap(problem, ideal_token_policy(problem, final)) == 0


def test_most_seeds_learn_the_needle_path_by_draws() -> None:
    """With probability at least ``(1 - 2^-8)^8 = 0.969``."""
    problem, p = needle_path(8), MTSS(8, 8, look="draws", bits=32)
    runs = [trained(problem, p, seed) for seed in range(1, 21)]
    assert sum(gap(problem, ideal_token_policy(problem, final)) == 0 for final in runs) >= 19


def test_the_exact_law_for_one_token() -> None:
    """The first pair is accepted with probability 1/2; then two rewards and one more sweep."""
    law = law_of(lambda choice: play_tokens(fair_bits(1, log(3)), lambda o: summary(ONE(o)), choice))
    missed = Reading(1, (2,), (2,), 0)
    found = Reading(2, (4,), (2,), 2)
    assert {(o.policy, o.reading): m for o, m in law.items()} == {
        (((0,), (ZERO,), 1), missed): fmpq(1, 2),
        (((1,), (log(3),), 2), found): fmpq(1, 2),
    }


def summary(final: MTSSPolicy) -> tuple[tuple[int, ...], tuple[LogLinear, ...], int]:
    thetas = tuple(t for layer in final.layers for t in layer.theta)
    return tuple(len(layer.psi) for layer in final.layers), thetas, final.passes


def test_a_target_outside_the_tower_is_undecided_or_rounded() -> None:
    """``V_2(0) = log(2/3 + e/3) = 0.4528``, 7.25 sixteenths."""
    problem = two_step("1")
    with pytest.raises(Undecided, match=r"no log-linear number; give bits, to round it to a multiple of 2\^-bits"):
        ONE(World(problem, Scripted(LATER_LAYER_FIRST)).tokens)
    for bits, theta in ((4, "-7/16"), (0, "0"), (8, "-29/64")):
        final, _, _ = scripted(problem, MTSS(1, 1, look="draws", bits=bits), LATER_LAYER_FIRST)
        assert final.layers[0].theta == (LogLinear(fmpq(theta)),)
        assert final.layers[1].theta == (LogLinear(fmpq(1)),)  # inside the tower: never rounded


def test_estimated_normalisers_are_the_mean_over_their_draws() -> None:
    """``N_tok = 2``: after (0) with ``a' = 1`` the draws 0 and 1 give ``Zhat = (1/4 + 1)/2 = 5/8``."""
    script = [*LATER_LAYER_FIRST]
    second, first = len(script) - 10, len(script) - 15  # the rewards of the roll-outs of layer 1
    script[second:second] = [0, 1]
    script[first:first] = [0, 0]
    p = MTSS(1, 1, look="draws", n_tok=2)
    final, reading, _ = scripted(two_step(), p, script)
    assert final.layers[0].theta == (-(log(4) + log(fmpq(5, 8))),)
    assert (reading.weak, reading.listed) == ((6, 12), (4, 4))


# --------------------------------------------------------------------------------------------- the policy returned


def trained(problem: Problem, p: MTSS, seed: int) -> MTSSPolicy:
    return p(World(problem, Seeded(seed)).tokens)


@pytest.mark.parametrize("n", [1, 4])
def test_listed_samples_have_the_law_of_the_ideal_policy(n: int) -> None:
    for problem in (two_step(), corner(), opposite_rewards(log(3))):
        for seed in range(3):
            policy = trained(problem, MTSS(n, n, look="draws", bits=4), seed)
            for x in range(len(problem.prompts)):
                law = law_of(partial(sampled, problem, policy, x))
                assert law == sequence_law(problem, ideal_token_policy(problem, policy), x)


def sampled(problem: Problem, policy: MTSSPolicy, x: int, choice: Choice) -> Prefix:
    return policy.sample(World(problem, choice, metered=False).tokens, x)


def test_listed_samples_of_a_half_covered_prefix_depend_on_the_token_compared_with() -> None:
    policies = [trained(uneven(), ONE, seed) for seed in range(12)]
    halves = [policy for policy in policies if len(policy.layers[0].psi) == 1 and policy.layers[1].psi]
    assert halves
    for policy in halves:
        law = law_of(partial(sampled, uneven(), policy, 0))
        assert law == sequence_law(uneven(), ideal_token_policy(uneven(), policy), 0)


@pytest.mark.parametrize("sampler", ["listed", "rejection"])
def test_a_draw_makes_as_many_queries_as_it_says_at_most(sampler: Literal["rejection", "listed"]) -> None:
    policy = replace(trained(two_step(), ONE, 1), p=MTSS(1, 1, sampler=sampler))
    most = policy.queries_per_draw(2)
    assert most == (4 if sampler == "listed" else 2 * (1 + 2 * 6 + 1))
    for seed in range(4):
        world = World(two_step(), Seeded(seed))
        policy.sample(world.tokens, 0)
        assert 0 < world.meter.reading.t_comp <= most


def test_log_normalisers_by_hand() -> None:
    at, p = At(0, (0,)), MTSS(1, 1, n_tok=3)

    def f(phi: Vector) -> LogLinear:
        return log(4) * phi[0]

    world = World(two_step(), Scripted([0, 1, 1]))
    chosen = Chosen(f, 0, Vector.of([0]), None)
    assert log_normaliser(world.tokens, chosen, at, p) == log(3)  # the mean of 1, 4, 4
    assert log_normaliser(world.tokens, chosen, at, ONE) == log(2)  # 2/3 + 4/3
    assert log_normaliser(world.tokens, chosen._replace(listing=world.tokens.listing(at)), at, ONE) == log(2)
    assert world.meter.reading.listed == (0, 4)  # what was listed is not listed again


def test_samples_by_rejection_have_the_law_of_softmax_sampler_token_by_token() -> None:
    problem, p = two_step(), MTSS(3, 3, sampler="rejection", M="3/2")
    policy = trained(problem, p, 1)
    assert all(layer.psi for layer in policy.layers)

    def law(h: int, i: int) -> Law[int]:
        base, layer = problem.base(h, i), policy.layers[h]
        laws = []
        for token, edge in zip(base.outcomes, problem.supported(h, i), strict=True):
            f = truncated(layer.cover, layer.theta, edge.phi)
            by_token = {a: f(e.phi) for a, e in zip(base.outcomes, problem.supported(h, i), strict=True)}
            laws.append((base.mass(token), softmax_sampler_law(base, by_token.__getitem__, fmpq(1), p.M, p.draws)))
        return Law.mixture(laws)

    children = {0: 0, 1: 1}
    expected = Law.of(
        ((a, b), exp_ratio(m) * exp_ratio(n)) for a, m in law(0, 0).items() for b, n in law(1, children[a]).items()
    )
    assert law_of(partial(sampled, problem, policy, 0)) == expected
    assert law(1, 0) != ideal_token_policy(problem, policy).at(1, 0)  # it errs, so the two can be told apart


def test_the_ideal_policy_leaves_what_is_not_covered_to_the_base_model() -> None:
    start = MTSSPolicy.start((1, 1), ONE)
    problem = two_step()
    fitted = MTSSPolicy(tuple(layer._replace(theta=(log(5),)) for layer in start.layers), ONE)
    policy = ideal_token_policy(problem, fitted)
    assert all(policy.at(h, i) == problem.base(h, i) for h, i in ((0, 0), (1, 0), (1, 1)))


# --------------------------------------------------------------------------------------------------------- inputs


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MTSS(0, 1), "n_roll = 0: MTSS needs at least 1"),
        (lambda: MTSS(1, 0), "n_pair = 0: MTSS needs at least 1"),
        (lambda: MTSS(1, n_out=0), "n_out = 0: MTSS needs at least 1"),
        (lambda: MTSS(2.5), "n_roll = 2.5: a number of times, an int"),  # type: ignore[arg-type]  # bad input
        (lambda: MTSS(1, bits=True), "bits = True: a number of times, an int"),
        (lambda: MTSS(1, 1, n_tok=0), "n_tok = 0: MTSS needs at least 1"),
        (lambda: MTSS(1, 1, bits=-1), "bits = -1: MTSS needs at least 0"),
        (lambda: MTSS(1, 1, ridge=0), "ridge = 0, nu = 1: both must be positive"),
        (lambda: MTSS(1, 1, nu=0), "ridge = 1, nu = 0: both must be positive"),
        (lambda: MTSS(1, 1, M="1/2"), "M = 1/2, delta = 1: needs M >= 1"),
        (lambda: MTSS(1, 1, delta=0), "M = 1, delta = 0: needs"),
        (lambda: MTSS(1, 1, mode="both"), "mode = 'both': write 'ridge' or 'span'"),  # type: ignore[arg-type]  # bad input
        (lambda: MTSS(1, 1, sampler="no"), "sampler = 'no': write 'rejection' or 'listed'"),  # type: ignore[arg-type]  # bad input
        (lambda: MTSS(1, 1, look="no"), "look = 'no': write 'listed' or 'draws'"),  # type: ignore[arg-type]  # bad input
    ],
)
def test_inputs_out_of_range_are_refused(make: Callable[[], MTSS], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_the_least_inputs_are_allowed() -> None:
    p = MTSS(1, 1, n_tok=1, bits=0)
    assert (p.draws, p.mode, p.sampler) == (6, "span", "listed")  # ceil(4 log 4)


def test_line_7_looks_by_listing_where_line_8_lists_unless_told() -> None:
    assert MTSS(1).look == "listed"
    assert MTSS(1, sampler="rejection").look == "draws"
    assert MTSS(1, look="draws").look == "draws"
    assert MTSS(1, sampler="rejection", look="listed").look == "listed"
