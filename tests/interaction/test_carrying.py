"""What is carried belongs to the state of every loop, whoever runs it and however states merge."""

from collections.abc import Callable, Hashable

import pytest

from reference.exact.law import Law
from reference.interaction import Carrying, Choice, Loop, Seeded, law_of

COIN = Law.uniform([0, 1])


class End(Exception):
    """Ends a branch, with a number to be told apart by."""


def counted(choice: Choice, rounds: int, key: Callable[[int], Hashable] | None = None) -> tuple[int, int]:
    """A walk whose state is its parity, and the number of ones, carried."""
    carrying = Carrying(choice, 0)

    def step(parity: int) -> int:
        bit = carrying.draw(COIN)
        carrying.carried += bit
        return parity ^ bit

    return carrying.iterate(0, step, rounds, key=key), carrying.carried


@pytest.mark.parametrize("key", [None, lambda parity: parity, lambda _: 0])
def test_states_that_are_merged_never_mix_what_is_carried(key: Callable[[int], Hashable] | None) -> None:
    # Without the count in the key, two states would be left; with it, each count of ones is one.
    expected = Law.of({(0, 0): "1/8", (1, 1): "3/8", (0, 2): "3/8", (1, 3): "1/8"})
    if key is not None and key(0) == key(1):
        expected = law_of(lambda choice: counted(choice, 3))  # a parity that the count determines: nothing is lost
    assert law_of(lambda choice: counted(choice, 3, key)) == expected
    assert law_of(lambda choice: counted(choice, 3, key), merge=False) == expected


def ending(choice: Choice) -> tuple[str, int]:
    carrying = Carrying(choice, 0, (End,))

    def step(state: int) -> int:
        carrying.carried += 1
        if carrying.draw(COIN):
            raise End(carrying.carried)
        return state + 1

    try:
        return f"state {carrying.iterate(0, step, 3)}", carrying.carried
    except End as end:
        return f"ended at {end.args[0]}", carrying.carried


def test_an_error_ends_its_branch_alone_and_is_raised_again_after_the_loop() -> None:
    expected = Law.of(
        {("ended at 1", 1): "1/2", ("ended at 2", 2): "1/4", ("ended at 3", 3): "1/8", ("state 3", 3): "1/8"}
    )
    assert law_of(ending) == expected
    assert law_of(ending, merge=False) == expected
    assert ending(Seeded(3)) in expected.outcomes


def test_other_errors_go_through() -> None:
    def fails(_: int) -> int:
        raise ValueError("not an end")

    with pytest.raises(ValueError, match="not an end"):
        Carrying(Seeded(0), 0, (End,)).iterate(0, fails, 1)


def test_one_inside_another() -> None:
    def program(choice: Choice) -> tuple[int, int, int]:
        outer = Carrying(choice, 0)
        inner = Carrying(outer, 10)

        def step(state: int) -> int:
            bit = inner.draw(COIN)
            outer.carried += bit
            inner.carried -= bit
            return state * 0

        return inner.iterate(0, step, 2), outer.carried, inner.carried

    expected = Law.of({(0, 0, 10): "1/4", (0, 1, 9): "1/2", (0, 2, 8): "1/4"})
    assert law_of(program) == law_of(program, merge=False) == expected


def test_a_loop_runs_as_it_stands() -> None:
    assert Loop(1, lambda n: 2 * n, 10, until=lambda n: n > 20).run() == 32
    assert Loop(1, lambda n: 2 * n, 3).run() == 8
    assert Loop(5, lambda n: n, 1, key=lambda n: -n).name(5) == -5
