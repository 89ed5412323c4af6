"""What goes with the state of every loop: never mixed, whatever the key, and errors that end a branch."""

import traceback
import weakref
from collections.abc import Callable, Hashable

import pytest
from flint import fmpq

from reference.exact.law import Law
from reference.interaction import Carrying, Choice, Loop, Seeded, law_of
from tests.interaction.scripted import Scripted

COIN = Law.uniform([0, 1])


class Over(Exception):
    """An error that ends a branch."""


class Other(Over):
    """Another type, of which :class:`Over` is the base."""


def both(program: Callable[[Choice], Hashable]) -> Law[Hashable]:
    """Return the law with loops merged, which is the one without."""
    law = law_of(program)
    assert law == law_of(program, merge=False)
    return law


@pytest.mark.parametrize("key", [None, lambda _: 0], ids=["no key", "a key that merges all"])
def test_merging_never_mixes_what_is_carried(key: Callable[[None], Hashable] | None) -> None:
    """The state is None throughout, so it merges; the number of heads is carried: binomial."""

    def program(choice: Choice) -> int:
        heads = Carrying(choice, 0)

        def step(_: None) -> None:
            heads.carried += heads.draw(COIN)

        heads.iterate(None, step, 3, key=key)
        return heads.carried

    assert both(program) == Law.of({0: "1/8", 1: "3/8", 2: "3/8", 3: "1/8"})


def test_equal_pairs_merge() -> None:
    """States and numbers of heads: at most 2 n of them after n draws, where unmerged there are 2^n branches."""

    def program(choice: Choice) -> int:
        heads = Carrying(choice, 0)

        def step(_: int) -> int:
            last = heads.draw(COIN)
            heads.carried += last
            return last

        heads.iterate(0, step, 40)
        return heads.carried

    assert law_of(program, max_leaves=5000).mass(40) == fmpq(1, 2**40)


def test_a_key_sees_the_state_alone_and_states_with_one_key_are_exchanged() -> None:
    """Unhashable states: the first one met of each length and number of heads stands for the others."""
    seen: set[int] = set()

    def program(choice: Choice) -> tuple[int, int]:
        heads = Carrying(choice, 0)

        def step(word: list[int]) -> list[int]:
            drawn = heads.draw(COIN)
            heads.carried += drawn
            return [*word, drawn]

        def length(word: list[int]) -> int:
            seen.add(len(word))
            return len(word)

        empty: list[int] = []
        word = heads.iterate(empty, step, 2, key=length)
        return len(word), heads.carried

    assert law_of(program) == Law.of({(2, 0): "1/4", (2, 1): "1/2", (2, 2): "1/4"})
    assert seen == {0, 1, 2}


def test_until_sees_the_state_alone_and_is_asked_before_every_round() -> None:
    def program(choice: Choice) -> tuple[int, int]:
        rounds = Carrying(choice, 0)

        def step(state: int) -> int:
            rounds.carried += 1
            return state + rounds.draw(COIN)

        return rounds.iterate(0, step, 3, until=lambda state: state == 1), rounds.carried

    assert both(program) == Law.of({(1, 1): "1/2", (1, 2): "1/4", (1, 3): "1/8", (0, 3): "1/8"})


def test_an_error_ends_its_branch_alone_and_is_raised_again_after_the_loop() -> None:
    """Heads end a branch, always with the same error; what was carried then is kept, and not mixed."""

    def program(choice: Choice) -> Hashable:
        rounds = Carrying(choice, 0, (Over,))

        def step(n: int) -> int:
            rounds.carried += 1
            if rounds.draw(COIN):
                raise Over
            return n + 1

        try:
            return rounds.iterate(0, step, 2), rounds.carried
        except Over:
            return "over", rounds.carried

    assert both(program) == Law.of([(("over", 1), "1/2"), (("over", 2), "1/4"), ((2, 2), "1/4")])


def test_errors_are_told_apart_by_type_and_arguments() -> None:
    def program(choice: Choice) -> Hashable:
        nothing = Carrying(choice, None, (Over,))

        def step(_: None) -> None:
            number = nothing.draw(Law.uniform(range(4)))
            raise (Over, Other)[number % 2](number // 2)

        try:
            return nothing.iterate(None, step, 5, key=lambda _: 0)
        except Over as error:
            return type(error).__name__, *error.args

    masses = {("Over", 0): "1/4", ("Over", 1): "1/4", ("Other", 0): "1/4", ("Other", 1): "1/4"}
    assert both(program) == Law.of(masses)


def test_branches_ended_by_one_error_are_one_state() -> None:
    """2^12 states, all of which end the same way: one more draw multiplies by 1 what is left, not by 4096."""

    def program(choice: Choice) -> Hashable:
        nothing = Carrying(choice, None, (Over,))

        def step(word: str) -> str:
            if len(word) == 12:
                raise Over
            return word + str(nothing.draw(COIN))

        try:
            return nothing.iterate("", step, 13)
        except Over:
            return nothing.draw(Law.uniform(range(9)))

    assert law_of(program, max_leaves=2**13 + 100) == Law.uniform(range(9))


def test_other_errors_go_through() -> None:
    """As they would without anything carried, and the branches without an error are not lost."""

    def failing(choice: Choice, start: int = 0) -> int:
        nothing = Carrying(choice, None, (Over,))

        def step(n: int) -> int:
            return n // nothing.draw(COIN) + 1

        return nothing.iterate(start, step, 2)

    with pytest.raises(ZeroDivisionError) as raised:
        failing(Scripted([1, 0]))
    assert "step" in [frame.name for frame in traceback.extract_tb(raised.value.__traceback__)]
    with pytest.raises(ZeroDivisionError):
        law_of(failing)

    def caught(choice: Choice) -> Hashable:
        try:
            return failing(choice)
        except ZeroDivisionError:
            return "failed"

    assert both(caught) == Law.of([("failed", "3/4"), (2, "1/4")])


def test_an_error_of_until_goes_through() -> None:
    carrying = Carrying(Seeded(1), 0, (Over,))
    with pytest.raises(Over):
        carrying.iterate(0, lambda n: n + 1, 3, until=_over)


def test_loops_in_loops_carry_on_where_the_other_one_is() -> None:
    def program(choice: Choice) -> Hashable:
        heads = Carrying(choice, 0, (Over,))

        def inner(n: int) -> int:
            heads.carried += heads.draw(COIN)
            if heads.carried == 3:
                raise Over
            return n

        try:
            heads.iterate(0, lambda n: heads.iterate(n, inner, 2), 2)
        except Over:
            return "over", heads.carried
        return heads.carried

    assert both(program) == Law.of([(0, "1/16"), (1, "4/16"), (2, "6/16"), (("over", 3), "5/16")])


def test_one_over_another_carries_both() -> None:
    """Each has its own errors: the inner one's are a state of its own loops, then an error of the outer one's."""

    def program(choice: Choice) -> Hashable:
        rounds = Carrying(choice, 0)
        heads = Carrying(rounds, 0, (Over,))

        def step(_: None) -> None:
            rounds.carried += 1
            heads.carried += heads.draw(COIN)
            if heads.carried == 2:
                raise Over

        try:
            heads.iterate(None, step, 3)
        except Over:
            return "over", heads.carried, rounds.carried
        return heads.carried, rounds.carried

    expected = [(("over", 2, 2), "1/4"), (("over", 2, 3), "1/4"), ((0, 3), "1/8"), ((1, 3), "3/8")]
    assert both(program) == Law.of(expected)


def test_a_seeded_run_is_the_one_without_anything_carried() -> None:
    def draws(choice: Choice) -> tuple[int, ...]:
        none: tuple[int, ...] = ()
        drawn = choice.iterate(none, lambda seen: (*seen, choice.draw(Law.uniform(range(100)))), 20)
        return *drawn, choice.draw(COIN)

    for seed in range(5):
        assert draws(Carrying(Seeded(seed), "x", (Over,))) == draws(Seeded(seed))


def test_an_error_that_is_raised_again_does_not_grow() -> None:
    """Replays raise one error for every branch that ends with it."""
    lengths: list[int] = []

    def program(choice: Choice) -> int:
        nothing = Carrying(choice, None, (Over,))
        error = Over()

        def step(_: None) -> None:
            raise error

        try:
            nothing.iterate(None, step, 1)
        except Over as again:
            lengths.append(len(traceback.extract_tb(again.__traceback__)))
        return nothing.draw(Law.uniform(range(5)))

    law_of(program)
    assert len(lengths) == 5
    assert len(set(lengths)) == 1


def test_an_ended_branch_keeps_nothing_alive() -> None:
    """While other branches go on, an error is kept without the frames that it was raised in."""
    held: list[weakref.ref[set[int]]] = []

    def program(choice: Choice) -> int:
        nothing = Carrying(choice, None, (Over,))

        def step(n: int) -> int:
            assert not [ref for ref in held if ref() is not None]
            if nothing.draw(COIN):
                large = {n}
                held.append(weakref.ref(large))
                raise Over
            return n + 1

        try:
            return nothing.iterate(0, step, 3)
        except Over:
            return -1

    assert law_of(program) == Law.of({3: "1/8", -1: "7/8"})
    assert len(held) == 3


def test_a_loop_runs_as_it_stands_and_on_a_choice() -> None:
    doubling = Loop(1, lambda n: 2 * n, 10, until=lambda n: n > 20)
    assert doubling.run() == Seeded(0).loop(doubling) == law_of(lambda choice: choice.loop(doubling)).outcomes[0] == 32
    assert Loop(1, lambda n: 2 * n, 3).run() == 8
    assert Loop(1, lambda n: 2 * n, 0).run() == 1
    words = Loop("", lambda word: word + "a", 2, key=lambda word: word[:0])  # all of them are one: the first
    assert (Seeded(0).loop(words), law_of(lambda choice: choice.loop(words)).outcomes) == ("aa", ("",))


def _over(state: int) -> bool:
    raise Over(state)
