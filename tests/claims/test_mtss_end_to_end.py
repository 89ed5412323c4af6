"""MTSS from end to end: its law against a Markov chain on accepted pairs, its costs against transcripts."""

from typing import Literal

import mpmath
import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proofs_check.claims.multi_turn.dark_places import lever, nested_prompts, rare_bit, rare_needle
from proofs_check.claims.multi_turn.pass_laws import Passes
from reference.algorithms.mtss import MTSS
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.constructions.needle_paths import needle_path
from reference.interaction.seeded import Seeded
from reference.interaction.world import Event, World
from reference.laws.mtss import ideal_token_policy
from reference.model.problem import Problem
from reference.model.values import gap
from reference.testing import problems, realizable_problems
from tests.claims.mtss_second_opinion import Chain
from tests.claims.second_opinion import at_most, below, close, mp, number, rank, same
from tests.claims.token_second_opinion import Tree

SMALL = realizable_problems(max_horizon=2).map(lambda member: member[0])


TOKENS = {"listing", "weak"}
"""What the oracles of tokens are called in transcripts."""


def ranks(tree: Tree) -> int:
    """The ranks of the differences of all layers, together."""
    layers: list[list[list[mpmath.mpf]]] = [[] for _ in range(tree.horizon)]
    for x, prefix in tree.contexts():
        layers[len(prefix)] += tree.differences(x, prefix)
    return sum(rank(vectors) for vectors in layers)


@pytest.mark.claim("mtss-sweep")
@pytest.mark.claim("mtss-end-to-end")
@given(SMALL, st.integers(1, 3))
@example(rare_needle(2, "1/3"), 2)
@example(nested_prompts("2/3", "1/2", "1/5"), 2)
@settings(max_examples=20)
def test_by_listing_runs_end_as_a_chain_on_pairs_does(problem: Problem, N: int) -> None:
    chain, p = Chain(problem, N), MTSS(N)
    ends = chain.ends()
    hazards = {known: chain.hazard(known) for known in ends}
    gaps = {known: chain.gap(known) for known in ends}
    u = mp.fsum(mass * hazards[known] for known, mass in ends.items())
    lost = mp.fsum(mass * gaps[known] for known, mass in ends.items())

    passes = Passes(problem, p)
    law = passes.final_law()
    assert close(law.expectation(passes.hazard), u)
    assert close(law.expectation(lambda layers: gap(problem, ideal_token_policy(problem, MTSSPolicy(layers, p)))), lost)

    n, rate = ranks(chain.tree), mp.mpf(N) ** N / mp.mpf(N + 1) ** (N + 1)
    v = mp.mpf(0)
    for _ in range(n):
        v += (1 - v) ** (N + 1) * rate
    assert at_most(u, v)
    assert at_most(v, n * rate)
    rewards = [
        [chain.tree.reward(x, s) for s in chain.tree.prefixes(x, chain.tree.horizon)] for x in chain.tree.prompts
    ]
    R = max(max(each) - min(each) for each in rewards)
    HD = chain.tree.horizon * min(R, R**2 / (8 * chain.tree.beta))
    assert at_most(lost, HD * n * rate)
    for known, hazard in hazards.items():
        if hazard > mp.mpf(10) ** -20:
            tail = mp.fsum(mass for other, mass in ends.items() if at_most(hazard, hazards[other]))
            assert at_most(tail, 1 - (1 - (1 - hazard) ** N) ** n)
        assert at_most(gaps[known], HD * hazard)


@pytest.mark.claim("mtss-end-to-end-by-draws")
@given(st.integers(2, 9), st.fractions("1/9", "8/9", max_denominator=9), st.integers(1, 6), st.integers(1, 5))
@settings(max_examples=20)
def test_by_draws_a_bit_is_missed_by_every_look_or_found(earned: int, mass: fmpq, N: int, n_pair: int) -> None:
    problem, p = rare_bit(earned, fmpq(mass.numerator, mass.denominator)), MTSS(N, n_pair, look="draws")
    m = mp.mpf(mass.numerator) / mass.denominator
    c, untouched = mp.mpf(2) ** -n_pair, mp.log(mp.cosh(mp.log(earned) / 2))
    missed, lost = mp.mpf(0), mp.mpf(0)
    for layers, chance in Passes(problem, p).final_law().items():
        left = number(gap(problem, ideal_token_policy(problem, MTSSPolicy(layers, p))))
        missed += number(chance) if left else 0
        lost += number(chance) * left
    assert same(missed, (1 - m + m * c) ** N)
    assert same(lost, missed * m * untouched)
    D = min(mp.log(earned), mp.log(earned) ** 2 / 8)
    h = m * untouched / D  # the gap that is left if the bit is missed
    assert at_most(missed, c + (1 - h) ** N)


@pytest.mark.claim("mtss-end-to-end-by-draws")
@given(st.sampled_from((3, 16, 100)), st.integers(1, 4), st.integers(1, 4))
@settings(max_examples=8)
def test_the_lever_returns_the_base_model_unless_the_rare_token_is_met(n: int, N: int, n_pair: int) -> None:
    problem, p = lever(n), MTSS(N, n_pair, look="draws")
    tree, epsilon = Tree(problem), mp.mpf(1) / n
    found, rare = 1 - mp.mpf(2) ** -n_pair, 1 - (1 - 2 * epsilon * (1 - epsilon)) ** n_pair
    per_roll_in = found + (1 - found) * rare / 4  # by either root, or by the rare token if that of "short" is missed
    short = found / 2 * (1 - (1 - per_roll_in) ** N) / per_roll_in
    stuck = short * (1 - rare) * (1 - epsilon) * (1 - rare / 4) ** N
    masses = {
        layers: number(mass)
        for layers, mass in Passes(problem, p).final_law().items()
        if [pair.at.x for pair in layers[0].psi] == [0] and not layers[1].psi and not any(layers[0].theta)
    }
    (layers,) = {tuple(layer._replace(psi=()) for layer in layers) for layers in masses}
    assert same(mp.fsum(masses.values()), stuck)
    base = tree.gap(lambda x, prefix: {token: step.base for token, step in tree.steps(x, prefix).items()})
    assert close(gap(problem, ideal_token_policy(problem, MTSSPolicy(layers, p))), base)
    for x, prefix in tree.contexts():
        assert all(below(mass, 3 * tree.steps(x, prefix)[a].base / 2) for a, mass in tree.best(x, prefix).items())


@pytest.mark.claim("mtss-costs")
@given(
    st.one_of(problems(), SMALL, st.integers(2, 4).map(needle_path)),
    st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from(("listed", "draws")),
    st.integers(0, 2**20),
)
@settings(max_examples=25)
def test_a_transcript_is_as_short_as_its_passes_say(
    problem: Problem, N: int, n_out: int, look: Literal["listed", "draws"], seed: int
) -> None:
    tree, events = Tree(problem), list[Event]()
    p = MTSS(N, 2, n_out=n_out, look=look, bits=8)
    world = World(problem, Seeded(seed), observer=events.append)
    final = p(world.tokens)
    A = max(len(tree.steps(x, prefix)) for x, prefix in tree.contexts())
    tokens = [int(str(details[-1])) if oracle == "listing" else 1 for oracle, details in events if oracle in TOKENS]
    asked = sum(tokens)
    n = sum(len(layer.psi) for layer in final.layers)
    assert n <= ranks(tree)
    assert asked == world.meter.reading.t_comp
    token = A if look == "listed" else A + 4
    assert asked <= (n + 1) * (tree.horizon * N + n * (tree.horizon - 1) * n_out) * token
    assert final.queries_per_draw(A) == tree.horizon * A
    assert sum(oracle == "reward" for oracle, _ in events) <= n * (n + 1) * n_out
