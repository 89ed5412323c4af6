"""Section 9, MTSS: runs on generated problems, pass by pass, and what they return, in numbers."""

from functools import partial
from itertools import product
from typing import Literal

import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reference.algorithms.mtss import MTSS, one_pass
from reference.algorithms.parts.cover import truncated
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.mtss_step import Chosen, in_tower, log_normaliser
from reference.catalog import load
from reference.constructions.fair_bit_strings import fair_bits
from reference.constructions.needle_paths import needle_path
from reference.constructions.opposites import opposite_rewards
from reference.exact import LogLinear, log
from reference.exact.law import Law
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.seeded import Seeded
from reference.interaction.world import At, Event, World
from reference.laws.mtss import ideal_token_policy
from reference.model.parts import Edge, Start
from reference.model.policy import base_policy
from reference.model.problem import Problem
from reference.model.realizability import decide_realizability
from reference.model.values import gap
from reference.testing import problems, realizable_problems
from tests.claims.second_opinion import at_most, below, close, dot, mp, number, numbers, rank, same
from tests.claims.token_second_opinion import Learned, Tree, minus

SEEDS = st.integers(0, 2**20)


REALIZABLE = st.one_of(
    realizable_problems().map(lambda member: member[0]),
    st.builds(lambda H, q: fair_bits(H, log(q)), st.integers(1, 4), st.integers(2, 5)),
    st.integers(2, 4).map(needle_path),
    st.sampled_from(("clean-sweep", "markov-bits", "token-coverage-larger")).map(load),
)


@st.composite
def inputs(draw: st.DrawFn) -> MTSS:
    """Inputs of every kind."""
    return MTSS(
        draw(st.integers(1, 3)),
        draw(st.integers(1, 2)),
        n_out=draw(st.integers(1, 2)),
        mode=draw(st.sampled_from(("ridge", "span"))),
        sampler=draw(st.sampled_from(("rejection", "listed"))),
        look=draw(st.sampled_from(("listed", "draws"))),
        n_tok=draw(st.sampled_from((None, 2))),
        bits=8,
        nu=draw(st.sampled_from((fmpq(1, 2), fmpq(1)))),
        ridge=draw(st.sampled_from((fmpq(1, 2), fmpq(1)))),
    )


@pytest.mark.claim("mtss-restarts")
@given(st.one_of(problems(), REALIZABLE), inputs(), SEEDS)
@settings(max_examples=25)
def test_each_pass_but_the_last_adds_one_pair(problem: Problem, p: MTSS, seed: int) -> None:
    tree, events = Tree(problem), list[Event]()
    world = World(problem, Seeded(seed), observer=events.append)
    state, rewards = MTSSPolicy.start(problem.dimensions, p), list[int]()
    while not state.clean:
        pairs = sum(len(layer.psi) for layer in state.layers)
        assert pairs < 100  # else this run would not end
        before = len(events)
        state = one_pass(world.tokens, state)
        rewards.append(sum(oracle == "reward" for oracle, _ in events[before:]))
        assert sum(len(layer.psi) for layer in state.layers) == pairs + (not state.clean)
        assert rewards[-1] <= 2 * pairs * p.n_out
        assert tree.horizon > 1 or rewards[-1] == 2 * pairs * p.n_out
    n = len(rewards) - 1
    assert rewards[-1] == 2 * n * p.n_out
    assert 2 * n * p.n_out <= sum(rewards) <= n * (n + 1) * p.n_out
    again = World(problem, Seeded(seed))
    whole = p(again.tokens)
    assert (whole.passes, again.meter.reading.t_data) == (n + 1, sum(rewards))
    assert whole.layers == state.layers
    for h, layer in enumerate(whole.layers):
        vectors = [numbers(pair.phi) for pair in layer.psi]
        everything = [phi for x, prefix in tree.contexts() if len(prefix) == h for phi in tree.differences(x, prefix)]
        if p.mode == "span":
            assert rank(vectors) == len(vectors) <= rank(everything)
            continue
        d, ridge = problem.dimensions[h], number(p.ridge)
        sigma = ridge * mp.eye(d) + sum((mp.matrix(v) * mp.matrix(v).T for v in vectors), mp.zeros(d))
        growth = mp.det(sigma) / ridge**d
        assert at_most((1 + number(p.nu) ** 2) ** len(vectors), growth)
        assert at_most(growth, (1 + 4 * len(vectors) / (ridge * d)) ** d)


@pytest.mark.claim("mtss-exact-where-covered")
@given(REALIZABLE, st.integers(1, 3), st.integers(1, 2), st.sampled_from(("listed", "draws")), SEEDS)
@settings(max_examples=40)
def test_where_what_was_visited_is_covered_mtss_is_exact(
    problem: Problem, n_roll: int, n_out: int, look: Literal["listed", "draws"], seed: int
) -> None:
    """By listing all that a roll-out visits in the last pass is covered, or it would not be the last.

    By draws that is known only where every supported prefix is covered.
    """
    tree = Tree(problem)
    final = MTSS(n_roll, 3, n_out=n_out, look=look, bits=64)(World(problem, Seeded(seed)).tokens)
    learned, contexts = Learned(tree, final), list(tree.contexts())
    covered = [context for context in contexts if learned.covers(*context)]
    if look == "draws" and covered != contexts:
        return
    for h, layer in enumerate(final.layers):
        for pair, phi in zip(layer.psi, learned.psi[h], strict=True):
            x, prefix = pair.at
            right = tree.value(x, (*prefix, pair.first)) - tree.value(x, (*prefix, pair.second))
            assert same(dot(learned.theta[h], phi), right)  # (i)
    for x, prefix in covered:
        best = tree.best(x, prefix)
        assert all(same(mass, best[token]) for token, mass in learned.law(x, prefix).items())  # (ii)
    lost, policy = tree.gap(learned.law), ideal_token_policy(problem, final)
    assert covered != contexts or same(lost, mp.mpf(0))  # (iii)
    assert close(gap(problem, policy), lost)


@st.composite
def rounded(draw: st.DrawFn) -> Problem:
    """Realizable problems on whose targets rounding is needed, or only noise counts."""
    if draw(st.booleans()):
        return fair_bits(draw(st.integers(1, 3)), LogLinear(fmpq(draw(st.integers(1, 9)), 3)))
    return draw(realizable_problems(max_prompts=1, max_horizon=2))[0]


@pytest.mark.claim("mtss-rounded-fit")
@pytest.mark.claim("mtss-rounded-gap")
@given(rounded(), st.integers(2, 12), SEEDS)
@example(fair_bits(3, 1), 6, 379)  # theta_1 errs by four steps here: the errors of later layers count
@settings(max_examples=30)
def test_rounded_targets_cost_what_the_recursion_says(problem: Problem, bits: int, seed: int) -> None:
    tree, step = Tree(problem), fmpq(1, 2**bits)
    world = World(problem, Seeded(seed), noise=Law.uniform([-step / 2, step / 2]))
    final = MTSS(6, bits=bits)(world.tokens)
    learned, total = Learned(tree, final), mp.mpf(0)
    if not all(learned.covers(x, prefix) for x, prefix in tree.contexts()):
        return
    for h in reversed(range(tree.horizon)):
        errors, kappa = [mp.mpf(0)], mp.mpf(0)
        for x, prefix in tree.contexts():
            if len(prefix) == h and learned.psi[h]:
                steps = tree.steps(x, prefix).items()
                for (a, first), (b, second) in ((one, other) for one in steps for other in steps):
                    phi = minus(first.phi, second.phi)
                    right = tree.value(x, (*prefix, a)) - tree.value(x, (*prefix, b))
                    errors.append(abs(dot(learned.theta[h], phi) - right))
                    kappa = max(kappa, mp.fsum(map(abs, mp.lu_solve(mp.matrix(learned.psi[h]).T, mp.matrix(phi)))))
        eta = kappa * (2 * number(step) + 4 * total)
        assert at_most(max(errors), eta)
        total += eta
    lost = tree.gap(learned.law)
    assert at_most(lost, 2 * total)
    assert close(gap(problem, ideal_token_policy(problem, final)), lost)


@pytest.mark.claim("mtss-normaliser")
@given(REALIZABLE, st.integers(1, 3), SEEDS, st.data())
@settings(max_examples=25)
def test_an_estimated_normaliser_is_right_in_the_mean(
    problem: Problem, draws: int, seed: int, data: st.DataObject
) -> None:
    tree = Tree(problem)
    final = MTSS(4, bits=64)(World(problem, Seeded(seed)).tokens)
    learned = Learned(tree, final)
    x, prefix = data.draw(st.sampled_from(list(tree.contexts())))
    h, steps = len(prefix), tree.steps(x, prefix)
    token, layer = data.draw(st.sampled_from(sorted(steps))), final.layers[h]
    apart = {a: minus(step.phi, steps[token].phi) for a, step in steps.items()}
    scores = {a: dot(learned.theta[h], phi) if learned.spans(h, [phi]) else mp.mpf(0) for a, phi in apart.items()}
    beside = problem.edge(h, problem.node(x, prefix), token).phi
    chosen = Chosen(truncated(layer.cover, layer.theta, beside), token, beside, None)

    def estimate(choice: Choice) -> LogLinear:
        world = World(problem, choice, metered=False)
        return in_tower(log_normaliser(world.tokens, chosen, At(x, prefix), MTSS(1, n_tok=draws)), 160)

    law = law_of(estimate)
    means = [mp.mpf(0), mp.mpf(0)]
    for seen in product(steps, repeat=draws):
        mass = mp.fprod(steps[a].base for a in seen)
        Z = mp.fsum(mp.exp(scores[a] / tree.beta) for a in seen) / draws
        means = [means[0] + mass * Z, means[1] + mass * mp.log(Z)]
    true = mp.fsum(step.base * mp.exp(scores[a] / tree.beta) for a, step in steps.items())
    found = mp.fsum(number(mass) * mp.exp(number(value)) for value, mass in law.items())
    assert abs(found - means[0]) < mp.mpf(2) ** -150  # what is outside the tower was rounded
    assert same(means[0], true)
    assert at_most(means[1], mp.log(true))
    assert same(means[1], mp.log(true)) == (max(scores.values()) - min(scores.values()) < mp.mpf(10) ** -40)


def end(problem: Problem, p: MTSS, choice: Choice) -> MTSSPolicy:
    return p(World(problem, choice, metered=False).tokens)


SPREADS = st.one_of(
    st.integers(1, 9).map(lambda n: LogLinear(fmpq(n, 3))), st.integers(2, 50).map(log), st.just(log(fmpq(3, 2)))
)


@pytest.mark.claim("mtss-unrealizable")
@given(SPREADS, st.sampled_from((fmpq(1, 2), fmpq(1), fmpq(3))), st.integers(1, 2), st.sampled_from((None, 1, 2)))
@settings(max_examples=15)
def test_opposite_rewards_leave_mtss_worse_than_the_base_model(
    s: LogLinear, beta: fmpq, n_roll: int, n_pair: int | None
) -> None:
    problem = opposite_rewards(s, beta=beta)
    tree, spread = Tree(problem), number(s)
    w = mp.exp(spread)
    untouched = tree.beta * mp.log((1 + w) ** 2 / (4 * w))
    wrong = (untouched + tree.beta * spread * (w - 1) / (w + 1)) / 2
    assert below(untouched, wrong)
    base = tree.gap(lambda x, prefix: {token: step.base for token, step in tree.steps(x, prefix).items()})
    assert same(base, untouched)
    assert close(gap(problem, base_policy(problem)), untouched)
    assert not decide_realizability(problem)
    p = MTSS(n_roll) if n_pair is None else MTSS(n_roll, n_pair, look="draws")
    law = law_of(partial(end, problem, p))
    missed = mp.mpf(0)
    for final, mass in law.items():
        learned, found = Learned(tree, final), bool(final.layers[1].psi)
        lost = tree.gap(learned.law)
        assert same(lost, wrong if found else untouched)
        assert close(gap(problem, ideal_token_policy(problem, final)), lost)
        missed += 0 if found else number(mass)
    assert same(missed, mp.mpf(0) if n_pair is None else mp.mpf(2) ** -(n_roll * n_pair))


def rare_fork(n: int) -> Problem:
    """``clean-sweep`` with ``pi_ref(1|1) = 1/n`` and ``r(1,1) = log(n + 1)``: then ``E exp(r) = 2`` after the 1."""
    half, rare = fmpq(1, 2), fmpq(1, n)
    root = [Edge.of("0", half, [0], child=0), Edge.of("1", half, [1], child=1)]
    fair = [Edge.of("0", half, [0]), Edge.of("1", half, [0])]
    fork = [Edge.of("0", 1 - rare, [0]), Edge.of("1", rare, [1], reward=log(n + 1))]
    return Problem.of(f"fork of 1/{n}", [Start.of("x")], [[root], [fair, fork]], beta=1, R_max=n)


@pytest.mark.claim("mtss-clean-sweep")
@given(st.integers(3, 40), st.just(1))
@example(7, 2)
@settings(max_examples=3)
def test_a_clean_sweep_by_draws_may_leave_the_root_wrong(n: int, N: int) -> None:
    """The root's pair first, then the fork's pair missed by its roll-out and by every look of the sweep."""
    problem, p = rare_fork(n), mp.mpf(1) / n
    missed = (1 - 2 * p * (1 - p)) ** N
    at_root = 1 - mp.mpf(2) ** -N
    first = at_root * mp.fsum(((1 - at_root) * (1 + missed) / 2) ** i for i in range(N))
    swept = {q: (1 - q + q * missed) ** N for q in (mp.mpf(1) / 2, mp.mpf(n + 1) / (n + 2))}
    expected = first * missed * ((1 - p) * swept[mp.mpf(1) / 2] + p * swept[mp.mpf(n + 1) / (n + 2)])

    def wrong(learner: MTSS, choice: Choice) -> bool:
        root, _ = learner(World(problem, choice, metered=False).tokens).layers
        return len(root.psi) == 1 and root.theta != (log(2),)

    assert close(law_of(partial(wrong, MTSS(N, N, look="draws"))).mass(True), expected)
    assert below(mp.mpf(0), expected)
    assert law_of(partial(wrong, MTSS(N))).mass(True) == 0
