"""The game solver against brute force over histories, and its checker against tampering."""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.certificates import CertificateError
from reference.certificates.game import GameCertificate, Move, State, check_game, start
from reference.constructions.needles import NeedleFamily
from reference.exact import log
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.games import GameTooLarge, solve, strategy_law
from reference.games.curves import correlated_features, curve, graded_rewards, several_needles
from reference.model import LinearProblem, Prompt, Response, base_policy, optimum, softmax
from reference.model.criteria import naming, returning
from reference.model.game import FinalAnswer, Game, GameError
from reference.testing import linear_problems

Event = tuple[str, int, int, object]


def needles(problem: LinearProblem) -> set[tuple[int, int]]:
    return {(0, y) for y in problem.support(0) if not problem.phi(0, y).is_zero}


def best(problem: LinearProblem) -> set[tuple[int, int]]:
    rewards = problem.rewards(0)
    return {(0, y) for y in range(len(rewards)) if rewards[y] == max(rewards)}


def fraction(q: object) -> Fraction:
    assert isinstance(q, fmpq)
    return Fraction(int(q.p), int(q.q))


def likelihood(game: Game, i: int, event: Event) -> Fraction:
    kind, x, y, seen = event
    member = game.members[i]
    if kind == "weak":
        return fraction(member.pi_ref(x).mass(y)) if member.phi(x, y) == seen else Fraction(0)
    noisy = game.noise.map(lambda error: member.reward(x, y) + error)
    return fraction(noisy.mass(seen))  # type: ignore[arg-type]  # an event's last entry is what was seen


def by_histories(game: Game, t_comp: int, t_data: int) -> Fraction:
    """The value by recursion over whole transcripts: no beliefs, no merging, no pruning; weak oracle and rewards."""

    @cache
    def value(history: tuple[Event, ...], c: int, d: int) -> Fraction:
        joint = [Fraction(w, sum(game.prior)) for w in game.prior]
        for event in history:
            joint = [w * likelihood(game, i, event) for i, w in enumerate(joint)]
        results = [
            sum((w for w, right in zip(joint, answer.right, strict=True) if right), Fraction(0))
            for answer in game.answers
            if answer.queries <= c
        ]
        alive = [i for i, w in enumerate(joint) if w]
        if c:
            for x in game.prompts:
                draws = {("weak", x, y, game.members[i].phi(x, y)) for i in alive for y in game.members[i].support(x)}
                results.append(sum((value((*history, event), c - 1, d) for event in draws), Fraction(0)))
        if d:
            for x in game.prompts:
                for y in game.responses(x):
                    seen = {game.members[i].reward(x, y) + error for i in alive for error in game.noise.outcomes}
                    results.append(sum((value((*history, ("reward", x, y, r)), c, d - 1) for r in seen), Fraction(0)))
        return max(results, default=Fraction(0))

    return value((), t_comp, t_data)


def same(value: fmpq, expected: Fraction) -> bool:
    return Fraction(int(value.p), int(value.q)) == expected


@pytest.mark.parametrize(("k", "t_comp", "t_data"), [(1, 2, 0), (2, 2, 1), (3, 1, 2), (3, 2, 1)])
def test_needles_against_histories(k: int, t_comp: int, t_data: int) -> None:
    game = naming(NeedleFamily.of(k, 3, 1, 1).members(), needles)
    solution = solve(game, [(t_comp, t_data)])
    assert same(solution.value(t_comp, t_data), by_histories(game, t_comp, t_data))
    assert solution.value(t_comp, t_data) == NeedleFamily.of(k, 3, 1, 1).game_value(t_comp, t_data)


def arm_families() -> list[Game]:
    """Families in which draws inform little by little: masses, rewards and features differ in part."""

    def problem(masses: tuple[int, ...], phis: tuple[int, ...], theta: str) -> LinearProblem:
        whole = sum(masses)
        rows = [
            Response(str(j), fmpq(w, whole), Vector((f,), 2)) for j, (w, f) in enumerate(zip(masses, phis, strict=True))
        ]
        return LinearProblem.of(
            "arms", [Prompt("x", fmpq(1), responses=tuple(rows))], theta=[theta], beta=1, B=1, R_max=2
        )

    graded = [problem(m, (0, 0, 0), "1/2") for m in ((1, 2, 3), (3, 2, 1), (2, 2, 2))]
    rewards = [problem((1, 1, 2), phis, "1") for phis in ((0, 1, 2), (2, 1, 0), (1, 2, 1), (1, 2, 0))]
    noise = Law.uniform([fmpq(-1, 2), fmpq(1, 2)])
    return [
        naming(graded, lambda p: {(0, max(range(3), key=lambda y: p.prompts[0].responses[y].pi_ref))}),
        naming(rewards, best, prior=[1, 2, 3, 1]),
        naming(rewards, best, noise=noise),
        returning(
            rewards, [("pi_ref", 1, base_policy), ("pi_1", 1, lambda p: softmax(p, [1])), ("pi*", 2, optimum)], "1/50"
        ),
    ]


@pytest.mark.parametrize("index", range(4))
@pytest.mark.parametrize(("t_comp", "t_data"), [(2, 0), (2, 1), (1, 2)])
def test_other_families_against_histories(index: int, t_comp: int, t_data: int) -> None:
    game = arm_families()[index]
    solution = solve(game, [(t_comp, t_data)])
    check_game(game, solution.certificate)
    assert same(solution.value(t_comp, t_data), by_histories(game, t_comp, t_data))
    assert strategy_law(game, solution.certificate, t_comp, t_data) == solution.value(t_comp, t_data)


@settings(max_examples=15)
@given(
    linear_problems("rational", max_prompts=1, max_responses=3, max_dimension=1), st.integers(0, 2), st.integers(0, 1)
)
def test_random_families_against_histories(problem: LinearProblem, t_comp: int, t_data: int) -> None:
    opposite = replace(problem, theta=tuple(-t for t in problem.theta))
    game = naming([problem, opposite], best, prior=["1/3", "2/3"])
    solution = solve(game, [(t_comp, t_data)])
    check_game(game, solution.certificate)
    assert same(solution.value(t_comp, t_data), by_histories(game, t_comp, t_data))


def test_more_budget_never_hurts() -> None:
    game = arm_families()[1]
    solution = solve(game, [(c, d) for c in range(4) for d in range(3)])
    for c in range(3):
        for d in range(2):
            assert solution.value(c, d) <= min(solution.value(c + 1, d), solution.value(c, d + 1))


def strong_game(q: int = 2) -> Game:
    family = NeedleFamily.of(3, 10, 1, 1)
    return naming(family.members(), needles, thetas=[[log(q)], [-log(q)]])


def test_one_strong_query_by_hand() -> None:
    # theta = log 2 along v*: 2/11; against it: 1/19. The mean exceeds 1/10, and a third of the rest is guessed.
    value = solve(strong_game(), [(1, 0)]).value(1, 0)
    mean = (fmpq(2, 11) + fmpq(1, 19)) / 2
    assert value == mean + (1 - mean) / 3


def test_the_strong_strategy_plays_by_the_rules() -> None:
    game = strong_game()
    solution = solve(game, [(2, 1)])
    check_game(game, solution.certificate)
    assert strategy_law(game, solution.certificate, 2, 1) == solution.value(2, 1)


# ------------------------------------------------------------------------------------------------ tampering


def solved(*, merge: bool = True) -> tuple[Game, GameCertificate, State]:
    game = naming(NeedleFamily.of(3, 4, 1, 1).members(), needles)
    return game, solve(game, [(2, 1)], merge=merge).certificate, start(game, 2, 1)


Tamper = Callable[[dict[State, tuple[fmpq, Move]], State], None]


def raise_value(entries: dict[State, tuple[fmpq, Move]], first: State) -> None:
    entries[first] = (entries[first][0] + fmpq(1, 100), entries[first][1])


def lower_consistently(entries: dict[State, tuple[fmpq, Move]], first: State) -> None:
    entries[first] = (fmpq(1, 3), Move("answer", 0, 1))


def forget_a_state(entries: dict[State, tuple[fmpq, Move]], first: State) -> None:
    del entries[next(state for state in entries if state.belief != first.belief)]


def overspend(entries: dict[State, tuple[fmpq, Move]], first: State) -> None:
    last = State(first.belief, 0, 1)
    entries[last] = (entries[last][0], Move("weak", 0, 0))


def name_nothing(entries: dict[State, tuple[fmpq, Move]], first: State) -> None:
    entries[first] = (entries[first][0], Move("answer", 0, 99))


def negative_budget(entries: dict[State, tuple[fmpq, Move]], first: State) -> None:
    entries[State(first.belief, -1, 0)] = entries[first]


def not_coprime(entries: dict[State, tuple[fmpq, Move]], first: State) -> None:
    entries[State(tuple(2 * w for w in first.belief), 0, 1)] = entries[State(first.belief, 0, 1)]


@pytest.mark.parametrize("merge", [True, False])
@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (raise_value, "promises"),
        (lower_consistently, "more than 1/3"),
        (forget_a_state, "is missing"),
        (overspend, "exceeds a budget"),
        (name_nothing, "is not there"),
        (negative_budget, "not a state"),
        (not_coprime, "not a state"),
    ],
)
def test_the_checker_rejects(tamper: Tamper, said: str, *, merge: bool) -> None:
    game, certificate, first = solved(merge=merge)
    check_game(game, certificate)
    entries = dict(certificate.entries)
    tamper(entries, first)
    with pytest.raises(CertificateError, match=said):
        check_game(game, replace(certificate, entries=entries))


def test_a_certificate_of_another_game_is_rejected() -> None:
    _, certificate, _ = solved()
    other = naming(NeedleFamily.of(3, 5, 1, 1).members(), needles)
    with pytest.raises(CertificateError):
        check_game(other, certificate)


# ------------------------------------------------------------------------------------------------ bad input


def test_a_game_that_is_too_large_names_the_largest_solved() -> None:
    game = naming(NeedleFamily.of(4, 2, 1, 1).members(), needles)
    for merge, most, said in ((False, 60, ""), (True, 20, " up to symmetry")):
        with pytest.raises(GameTooLarge) as refused:
            solve(game, [(5, 4)], max_states=most, merge=merge)
        assert f"T_comp = 5, T_data = 4: more than {most} belief states{said}; solved within that: " in str(
            refused.value
        )
        c, d = map(int, re.findall(r"= (\d+)", str(refused.value))[2:])
        assert solve(game, [(c, d)], merge=merge, max_states=most).states <= most
        with pytest.raises(GameTooLarge):
            solve(game, [(c + 1, d + 1)], merge=merge, max_states=most)
    with pytest.raises(GameTooLarge, match=r"solved within that: none$"):
        solve(game, [(5, 4)], max_states=0)


@pytest.mark.parametrize("budgets", [(-1, 0), (0, -1)])
def test_negative_budgets(budgets: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="non-negative"):
        solve(solved()[0], [budgets])


def test_an_irrational_strong_law_is_refused() -> None:
    game = naming(NeedleFamily.of(1, 4, 1, 1).members(), needles, thetas=[["1/2"]])
    with pytest.raises(GameError, match="irrational"):
        solve(game, [(1, 0)])


def test_an_answer_that_cannot_be_paid_is_not_given() -> None:
    game = returning(NeedleFamily.of(1, 4, 1, 1).members(), [("pi_ref", 1, base_policy)], 1)
    solution = solve(game, [(0, 0), (1, 0)])
    check_game(game, solution.certificate)
    assert solution.value(0, 0) == 0
    assert solution.value(1, 0) == 1
    assert strategy_law(game, solution.certificate, 0, 0) == 0


def test_members_must_look_alike_beforehand() -> None:
    one, other = NeedleFamily.of(1, 4, 1, 1), NeedleFamily.of(1, 4, 1, 2)
    with pytest.raises(GameError, match="member 2: its beta is 2"):
        naming([*one.members(), *other.members()], needles)
    with pytest.raises(GameError, match="number of responses"):
        naming([*one.members(), *NeedleFamily.of(2, 4, 1, 1).members()], needles)


def test_other_bad_games() -> None:
    member = next(NeedleFamily.of(1, 4, 1, 1).members())
    good = FinalAnswer("a", (True,))
    with pytest.raises(GameError, match="at least one member"):
        naming([], needles)
    with pytest.raises(GameError, match="prior"):
        Game((member,), (0,), (good,))
    with pytest.raises(GameError, match="outcomes"):
        Game((member,), (1,), (FinalAnswer("a", (True, False)),))
    with pytest.raises(GameError, match="mean zero"):
        Game((member,), (1,), (good,), noise=Law.point(fmpq(1)))
    with pytest.raises(GameError, match="declared ball"):
        naming([member], needles, thetas=[[2]])
    with pytest.raises(GameError, match="1 positive weights for 2 members"):
        naming([member, member], needles, prior=[1, 0])


# ---------------------------------------------------------------------------------------------- other families


def test_curves_of_needles_follow_the_closed_form() -> None:
    family = NeedleFamily.of(4, 8, 1, 1)
    for d, c in curve(several_needles(4, 1, 8), range(4), most=24):
        assert c is not None
        assert family.game_value(c, d) >= fmpq(3, 4)
        assert c == 0 or family.game_value(c - 1, d) < fmpq(3, 4)


def test_curves_of_other_families() -> None:
    assert curve(several_needles(6, 2, 8), range(3), most=16) == [(0, 8), (1, 4), (2, 0)]
    assert curve(graded_rewards(6, 8), range(2), most=16) == [(0, 10), (1, 0)]
    assert curve(correlated_features(2, 8), range(3), most=12) == [(0, None), (1, 6), (2, 0)]


def test_one_reward_halves_graded_names_by_hand() -> None:
    # Asking an end name tells the distance, hence the needle.
    assert solve(graded_rewards(5, 3), [(0, 1)]).value(0, 1) == 1
    assert solve(graded_rewards(5, 3), [(0, 0)]).value(0, 0) == fmpq(1, 5)


@pytest.mark.parametrize("game", [several_needles(4, 2, 3), graded_rewards(4, 3), correlated_features(2, 3)])
def test_their_solutions_pass_the_checker(game: Game) -> None:
    check_game(game, solve(game, [(2, 1)]).certificate)
    assert same(solve(game, [(1, 1)]).value(1, 1), by_histories(game, 1, 1))


def test_bad_families() -> None:
    with pytest.raises(ValueError, match="1 <= n <= k"):
        several_needles(2, 3, 4)
    with pytest.raises(ValueError, match="C >= 2"):
        graded_rewards(2, 1)
