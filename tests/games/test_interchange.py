"""Interchangeable members: beliefs merged by them have the values of beliefs apart, and false ones are refused."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations, product
from typing import Any

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.certificates import CertificateError
from reference.certificates.game import GameCertificate, State, check_game, start
from reference.certificates.invariance import check_symmetries, standing_belief
from reference.constructions.needles import NeedleFamily
from reference.exact import log
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.games import GameTooLarge, solve, solver, strategy_law
from reference.games.curves import correlated_features, graded_rewards, several_needles
from reference.games.interchange import Sorter, interchanges
from reference.model import LinearProblem, Prompt, Response
from reference.model.criteria import naming
from reference.model.game import FinalAnswer, Game

Swap = dict[int, int]


def needles(problem: LinearProblem) -> set[tuple[int, int]]:
    return {(0, y) for y in problem.support(0) if not problem.phi(0, y).is_zero}


def needle_game(k: int, prior: Sequence[int] | None = None) -> Game:
    return naming(NeedleFamily.of(k, 10, 1, 1).members(), needles, prior=prior)


def fraction(q: object) -> Fraction:
    assert isinstance(q, fmpq)
    return Fraction(int(q.p), int(q.q))


def what_is_seen(game: Game) -> Counter[object]:
    """Every query as the multiset of its likelihood columns, and every answer, by Fractions: no code of the package."""
    found: Counter[object] = Counter()
    for x in game.prompts:
        if game.weak:
            laws = [
                {(y, member.phi(x, y)): fraction(member.pi_ref(x).mass(y)) for y in member.support(x)}
                for member in game.members
            ]
            found["sampling", columns(laws)] += 1
        for y in game.responses(x):
            seen: list[dict[object, Fraction]] = []
            for member in game.members:
                reward = member.reward(x, y)
                seen.append({reward + e: fraction(game.noise.mass(e)) for e in game.noise.outcomes})
            found["reward", columns(seen)] += 1
    for answer in game.answers:
        found["answer", answer.queries, answer.right] += 1
    return found


def columns(laws: Sequence[Mapping[Any, Fraction]]) -> frozenset[tuple[tuple[Fraction, ...], int]]:
    seen = {key for law in laws for key in law}
    return frozenset(Counter(tuple(law.get(key, Fraction(0)) for law in laws) for key in seen).items())


def swapped(game: Game, swap: Swap) -> Game:
    order = [swap.get(i, i) for i in range(len(game.members))]
    return replace(
        game,
        members=tuple(game.members[i] for i in order),
        prior=tuple(game.prior[i] for i in order),
        answers=tuple(replace(a, right=tuple(a.right[i] for i in order)) for a in game.answers),
    )


def swaps(symmetries: Iterable[tuple[tuple[int, ...], ...]]) -> list[Swap]:
    return [
        {**dict(zip(one, other, strict=True)), **dict(zip(other, one, strict=True))}
        for blocks in symmetries
        for i, one in enumerate(blocks)
        for other in blocks[i + 1 :]
    ]


@st.composite
def games(draw: st.DrawFn) -> Game:
    """Few members whose masses, rewards, prior and answers come from short lists, so that symmetries are common."""
    size, responses = draw(st.integers(1, 4)), draw(st.integers(2, 3))
    masses = [m for m in product((1, 2), repeat=responses) if sum(m) == responses + 1] + [(1,) * responses]

    def member() -> LinearProblem:
        weights = draw(st.sampled_from(masses))
        phis = draw(st.tuples(*[st.sampled_from((0, 1))] * responses))
        rows = tuple(
            Response(str(j), fmpq(w, sum(weights)), Vector((f,), 1))
            for j, (w, f) in enumerate(zip(weights, phis, strict=True))
        )
        return LinearProblem.of("small", [Prompt("x", fmpq(1), responses=rows)], theta=["1"], beta=1, B=1, R_max=2)

    members = tuple(member() for _ in range(size))
    prior = tuple(draw(st.integers(1, 2)) for _ in range(size))
    answers = [
        FinalAnswer(str(j), tuple(draw(st.booleans()) for _ in range(size)), draw(st.sampled_from((0, 0, 1))))
        for j in range(draw(st.integers(1, 3)))
    ]
    noise = draw(st.sampled_from((Law.point(fmpq(0)), Law.uniform([fmpq(-1, 2), fmpq(1, 2)]))))
    return Game(members, prior, tuple(answers), noise=noise)


@settings(max_examples=40)
@given(games(), st.integers(0, 2), st.integers(0, 2))
def test_merged_and_apart_are_equal(game: Game, t_comp: int, t_data: int) -> None:
    budgets = [(t_comp, t_data), (0, t_data)]
    merged, apart = solve(game, budgets), solve(game, budgets, merge=False)
    assert apart.symmetries == ()
    assert merged.states <= apart.states
    assert [merged.value(*pair) for pair in budgets] == [apart.value(*pair) for pair in budgets]
    check_game(game, merged.certificate)
    check_game(game, apart.certificate)
    assert strategy_law(game, merged.certificate, t_comp, t_data) == apart.value(t_comp, t_data)
    # each state of the table has the value of all that symmetries make of it
    stated = merged.certificate.entries
    for state, (value, _) in apart.certificate.entries.items():
        standing = State(Sorter(merged.symmetries)(state.belief), *state[1:])
        assert standing not in stated or stated[standing][0] == value
    seen = what_is_seen(game)
    for swap in swaps(merged.symmetries):
        # likelihoods and answers are invariant, as sets: a query asked twice is one
        assert what_is_seen(swapped(game, swap)).keys() == seen.keys()


@settings(max_examples=20)
@given(games(), st.data())
def test_the_order_of_members_does_not_matter(game: Game, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(game.members))))
    other = swapped(game, dict(enumerate(order)))
    assert solve(other, [(2, 1)]).value(2, 1) == solve(game, [(2, 1)]).value(2, 1)


@settings(max_examples=60)
@given(st.integers(1, 5), st.data())
def test_both_normal_forms_are_the_same(size: int, data: st.DataObject) -> None:
    """Of the solver and of the checker: two texts of the same rule, on blocks that need not be symmetries."""
    members = data.draw(st.permutations(range(2 * size)))
    length = data.draw(st.integers(1, size))
    blocks = tuple(tuple(members[i : i + length]) for i in range(0, 2 * size - length + 1, length))
    pair = data.draw(st.permutations(range(2 * size)))[:2]
    symmetries = ((tuple(pair[:1]), tuple(pair[1:])), blocks)
    belief = tuple(data.draw(st.lists(st.integers(0, 3), min_size=2 * size, max_size=2 * size)))
    found = Sorter(symmetries)(belief)
    assert found == standing_belief(symmetries, belief) <= belief
    assert sorted(found) == sorted(belief)
    assert Sorter(symmetries)(found) == found


def test_nothing_is_interchanged_where_all_differ() -> None:
    """Graded rewards, with answers of which each is right for other members: no symmetry, and the table of before."""
    game = graded_rewards(4, 3)
    answers = tuple(replace(a, right=tuple(i >= j for i in range(4))) for j, a in enumerate(game.answers[1:]))
    game = replace(game, answers=answers)
    found, apart = solve(game, [(2, 1)]), solve(game, [(2, 1)], merge=False)
    assert found.symmetries == ()
    assert found.table == apart.table


@pytest.mark.parametrize("prior", [(1, 2, 3, 4, 5, 6), (1, 1, 1, 1, 1, 2), (3, 1, 1, 3, 2, 3)])
def test_an_asymmetric_prior_is_a_belief_like_any_other(prior: tuple[int, ...]) -> None:
    """No swap leaves the first prior as it is; laws and answers do not know it, and values agree with those apart."""
    game = needle_game(3, prior)
    found, apart = solve(game, [(2, 1)]), solve(game, [(2, 1)], merge=False)
    assert found.value(2, 1) == apart.value(2, 1) != needle_value(3, 2, 1)
    assert found.states < apart.states
    check_game(game, found.certificate)
    assert strategy_law(game, found.certificate, 2, 1) == found.value(2, 1)


# ------------------------------------------------------------------------------------------------ closed forms


def needle_value(k: int, t_comp: int, t_data: int) -> fmpq:
    return NeedleFamily.of(k, 10, 1, 1).game_value(t_comp, t_data)


@pytest.mark.parametrize("k", range(1, 9))
def test_needles_follow_the_closed_form(k: int) -> None:
    game, budgets = needle_game(k), list(product(range(6), range(10)))
    found = solve(game, budgets)
    for t_comp, t_data in budgets:
        assert found.value(t_comp, t_data) == needle_value(k, t_comp, t_data)
    check_game(game, found.certificate)


@pytest.mark.parametrize(("k", "t_comp", "t_data"), [(12, 8, 7), (32, 16, 15)])
def test_large_needles(k: int, t_comp: int, t_data: int) -> None:
    """As many states as ``T_data + 1`` numbers of names excluded allow, each with and without the needle found."""
    game = needle_game(k)
    found = solve(game, [(t_comp, t_data)])
    assert found.value(t_comp, t_data) == needle_value(k, t_comp, t_data)
    assert found.states <= 3 * (t_comp + 1) * (t_data + 1)
    check_game(game, found.certificate)


def test_beliefs_over_many_members_are_refused_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reference.games.solver.WORK_PER_STATE", 1)
    with pytest.raises(GameTooLarge, match=r"more than 20 beliefs over 24 members; .*: T_comp = \d, T_data = \d$"):
        solve(needle_game(12), [(8, 7)], max_states=24_000)
    assert solve(needle_game(12), [(8, 7)], max_states=90_000).value(8, 7) == needle_value(12, 8, 7)


def test_all_permutations_of_names_are_found() -> None:
    """Beliefs on needles, merged by trying all ``k! 2^k`` symmetries: as many as there are sorted beliefs."""
    game = needle_game(3)
    symmetries = solve(game, [(0, 0)]).symmetries
    beliefs = list(product((0, 1, 2), repeat=6))
    group = [
        [2 * place + (flip ^ flips[place]) for place in order for flip in (0, 1)]
        for order in permutations(range(3))
        for flips in product((0, 1), repeat=3)
    ]
    orbits = {min(tuple(belief[i] for i in g) for g in group) for belief in beliefs}
    assert {Sorter(symmetries)(belief) for belief in beliefs} == orbits


@pytest.mark.parametrize(
    ("game", "factor"),
    [(several_needles(5, 2, 3), 8), (graded_rewards(5, 3), 1), (correlated_features(2, 3), 2)],
)
def test_other_families_merge(game: Game, factor: int) -> None:
    found, apart = solve(game, [(2, 2)]), solve(game, [(2, 2)], merge=False)
    assert found.value(2, 2) == apart.value(2, 2)
    assert factor * found.states <= apart.states
    check_game(game, found.certificate)


def test_the_strong_oracle_breaks_signs_only() -> None:
    """At one ``theta`` names may be permuted and signs may not; at both all signs may be turned together."""
    family = NeedleFamily.of(3, 10, 1, 1)
    one, both = (naming(family.members(), needles, thetas=thetas) for thetas in ([[log(2)]], [[log(2)], [-log(2)]]))
    assert solve(one, [(1, 1)]).symmetries == (((0, 1), (2, 3), (4, 5)),)
    assert ((0, 2, 4), (1, 3, 5)) in solve(both, [(1, 1)]).symmetries
    for game in (one, both):
        found = solve(game, [(2, 1)])
        assert found.value(2, 1) == solve(game, [(2, 1)], merge=False).value(2, 1)
        check_game(game, found.certificate)


# ------------------------------------------------------------------------------------------------ tampering


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (((0,), (2,)), "swapping these changes the game"),
        (((0, 1), (2, 3), (5, 4), (0, 2)), "without common members"),
        (((0, 1), (2,)), "blocks of one length"),
        (((0,), (6,)), "the members are 0 to 5"),
        (((-1,), (0,)), "the members are 0 to 5"),
        (((0, 0), (1, 1)), "without common members"),
    ],
)
def test_false_symmetries_are_refused(blocks: tuple[tuple[int, ...], ...], said: str) -> None:
    game = needle_game(3)
    certificate = solve(game, [(2, 1)]).certificate
    check_game(game, certificate)
    with pytest.raises(CertificateError, match=said):
        check_game(game, replace(certificate, symmetries=(*certificate.symmetries, blocks)))


def test_a_lie_that_rests_on_a_false_symmetry() -> None:
    """Rewards of which one tells more: with all names said to be alike, the values of a poorer game would pass."""
    game = graded_rewards(3, 4)
    certificate = solve(game, [(0, 1)], merge=False).certificate
    with pytest.raises(CertificateError, match="changes the game"):
        check_game(game, replace(certificate, symmetries=(((0,), (1,), (2,)),)))


def test_symmetries_that_answers_break() -> None:
    game = needle_game(2)
    other = replace(game, answers=(*game.answers, FinalAnswer("the first sign", (True, False, False, False))))
    certificate = solve(game, [(1, 1)]).certificate
    assert solve(other, [(1, 1)]).symmetries != certificate.symmetries
    with pytest.raises(CertificateError, match="changes the game"):
        check_game(other, replace(solve(other, [(1, 1)], merge=False).certificate, symmetries=certificate.symmetries))


def test_symmetric_states_have_one_value() -> None:
    game = needle_game(2)
    certificate = solve(game, [(1, 1)]).certificate
    apart = solve(game, [(1, 1)], merge=False).certificate
    assert certificate.entries.keys() < apart.entries.keys()
    check_game(game, GameCertificate(apart.entries, certificate.symmetries))
    for state in apart.entries.keys() - certificate.entries.keys():
        value, move = apart.entries[state]
        tampered = {**apart.entries, state: (value / 2, move)}
        with pytest.raises(CertificateError, match="state symmetric to it"):
            check_game(game, GameCertificate(tampered, certificate.symmetries))


def test_every_changed_value_and_every_missing_state_is_refused() -> None:
    game = needle_game(3)
    certificate, first = solve(game, [(2, 1)]).certificate, start(game, 2, 1)
    for state, (value, move) in certificate.entries.items():
        for wrong in (value * fmpq(9, 10), value + fmpq(1, 10)):
            with pytest.raises(CertificateError):
                check_game(game, replace(certificate, entries={**certificate.entries, state: (wrong, move)}))
        if state != first:
            left = {other: entry for other, entry in certificate.entries.items() if other != state}
            with pytest.raises(CertificateError, match="is missing"):
                check_game(game, replace(certificate, entries=left))


def test_swaps_are_checked_as_multisets() -> None:
    """Columns of which one comes more often: not the query that has the other more often, and no symmetry."""
    a, b = (1, 3), (3, 1)
    assert interchanges([[[a, b, a, b]]], 2) == (((0,), (1,)),)
    assert interchanges([[[a, a, b]]], 2) == ()
    check_symmetries([((0,), (1,))], 2, [[[(a, 8), (b, 8), (a, 8), (b, 8)]]])
    with pytest.raises(CertificateError, match="changes the game"):
        check_symmetries([((0,), (1,))], 2, [[[(a, 10), (a, 10), (b, 10)]]])


def test_a_game_of_too_many_rewards_is_refused_before_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "REWARDS_PER_STATE", 1)
    monkeypatch.setattr(solver, "MAX_STATES", 100)
    game = needle_game(12)  # 24 members, 13 responses
    line = r"^24 members, 312 rewards: more than 150, .*, or max_states = 312$"
    assert solve(needle_game(4), [(1, 0)], max_states=150).states > 0
    monkeypatch.setattr(solver, "_Table", None)
    with pytest.raises(GameTooLarge, match=line):
        solve(game, [(8, 7)], max_states=150)
