"""Loops whose states come again: where a round leads to is remembered, and the law stays that of the runs."""

from collections.abc import Callable, Hashable

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.exact import exp
from reference.exact.law import Law
from reference.exact.plain import plain
from reference.interaction import Choice, TooLarge, law_of, rounds
from reference.interaction.choice import Loop
from reference.interaction.exhaustive import _Exhaustive
from reference.interaction.rounds import LoopRounds

COINS = [
    Law.bernoulli("1/3"),
    Law.bernoulli("2/5"),
    Law.weighted([True, False], [1, exp(1)]),
    Law.point(True),
]


def walk(coins: list[int], length: int, top: int, *, keyed: bool) -> Callable[[Choice], Hashable]:
    """Up or down on 0, ..., 3, each place with coins of its own; two tails in a row fall below 0, which is an error."""

    def step(choice: Choice, at: tuple[int, str]) -> tuple[int, str]:
        place, seen = at
        if not choice.draw(COINS[coins[place]]):
            if not choice.draw(COINS[coins[place - 1]]) and place == 0:
                raise ArithmeticError("below 0")
            return max(place - 1, 0), seen + "." if keyed else ""
        return (place + 1) % 4, seen + "." if keyed else ""

    def program(choice: Choice) -> Hashable:
        try:
            last = choice.iterate(
                (0, ""),
                lambda at: step(choice, at),
                length,
                until=lambda at: at[0] == top,
                key=(lambda at: at[0]) if keyed else None,
            )
        except ArithmeticError as error:
            return str(error)
        return last[0], choice.draw(COINS[0])

    return program


@given(st.lists(st.integers(0, 3), min_size=4, max_size=4), st.integers(0, 4), st.integers(2, 4), st.booleans())
@settings(max_examples=40, deadline=None)
def test_the_law_is_that_of_the_runs(coins: list[int], length: int, top: int, keyed: bool) -> None:  # noqa: FBT001 - a test's parameter
    program = walk(coins, length, top, keyed=keyed)
    law = law_of(program)
    if coins.count(2) < 2:  # long exp-sums are slow by definition
        assert law == law_of(program, merge=False)
        with plain():
            assert law == law_of(program)
    assert law == law_without_memory(program)


def law_without_memory(program: Callable[[Choice], Hashable]) -> Law[Hashable]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "_ROOM", 0)
        return law_of(program)


def test_the_order_of_the_outcomes_is_that_without_memory() -> None:
    """A random number maps to the same outcome."""
    program = walk([0, 1, 1, 0], 6, 4, keyed=False)
    assert law_of(program).outcomes == law_without_memory(program).outcomes


def test_no_state_is_stepped_from_more_than_twice() -> None:
    """A lazy walk on three places: 200 rounds, at most two enumerations of a step for each place, by matrix powers."""
    calls = 0

    def program(choice: Choice) -> int:
        def step(place: int) -> int:
            nonlocal calls
            calls += 1
            return (place + choice.draw(Law.weighted([0, 1], [1, 2]))) % 3

        return choice.iterate(0, step, 200)

    law = law_of(program)
    assert calls <= 2 * 2 * 3
    masses = [fmpq(1), fmpq(0), fmpq(0)]
    for _ in range(200):
        masses = [masses[i] / 3 + masses[i - 1] * 2 / 3 for i in range(3)]
    assert [law.mass(i) for i in range(3)] == masses


def test_only_so_many_steps_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def program(choice: Choice) -> int:
        def step(place: int) -> int:
            calls.append(place)
            return (place + choice.draw(Law.weighted([0, 1], [1, 2]))) % 3

        return choice.iterate(0, step, 9)

    law = law_of(program)
    calls.clear()
    monkeypatch.setattr(rounds, "_ROOM", 1)
    assert law_of(program) == law
    assert calls.count(0) == 2
    assert calls.count(1) == 2 * 8  # it came second: it is stepped from in every round but the first


def test_steps_that_are_not_used_are_not_kept() -> None:
    """A walk that counts its rounds comes to no state twice, but for the one in which it rests."""
    calls: list[tuple[int, int]] = []

    def step(choice: Choice, at: tuple[int, int]) -> tuple[int, int]:
        calls.append(at)
        place, rounds_gone = at
        if place < 0 or not choice.draw(COINS[0]):
            return -1, 0
        return place + choice.draw(COINS[1]), rounds_gone + 1

    reading = _Exhaustive(merge=True, max_leaves=10**6, max_depth=100)
    loop = Loop((0, 0), lambda at: step(reading, at), 30)
    kept = LoopRounds(reading, loop)
    finals, total = kept.final_states(weighs=True)
    assert sum(weight for _, weight in finals if isinstance(weight, int)) == total
    assert len(set(calls)) > 300
    assert len(kept._steps.known) < 4 * 30 + 10
    assert calls.count((-1, 0)) <= 2


def test_steps_that_are_remembered_count_as_runs() -> None:
    """A loop that goes on over the same two states for long is refused, like one over new states."""

    def program(choice: Choice) -> int:
        return choice.iterate(0, lambda s: s ^ choice.draw(Law.weighted([0, 1], [1, 2])), 10**6)

    with pytest.raises(TooLarge, match="max_leaves = 1000"):
        law_of(program, max_leaves=1000)
