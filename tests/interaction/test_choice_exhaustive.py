"""The exhaustive interpreter against hand-worked laws, a recursive enumerator and its own unmerged reading."""

from collections.abc import Callable, Hashable, Iterator
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import ExpRatio, exp
from reference.exact.law import Law
from reference.interaction.choice import Choice
from reference.interaction.every_run import NotReproducible, TooLarge, law_by_runs
from reference.interaction.exhaustive import law_of

COIN = Law.bernoulli("1/2")
DIE = Law.uniform(range(1, 7))
E = exp(1)

Program = Callable[[Choice], Hashable]


def both(program: Program) -> Law[Hashable]:
    """The law, after the merged and the unmerged reading have been compared."""
    merged, unmerged = law_of(program), law_of(program, merge=False)
    assert merged == unmerged
    return merged


def test_no_draws_and_one_draw() -> None:
    assert law_of(lambda _: "done") == Law.point("done")
    assert law_of(lambda c: c.draw(DIE)) == DIE
    assert law_of(lambda c: c.draw(Law.point(3)) + c.draw(Law.point(4))) == Law.point(7)


def test_two_dice() -> None:
    law = law_of(lambda c: c.draw(DIE) + c.draw(DIE))
    assert [law.mass(k) for k in range(1, 14)] == [fmpq(6 - abs(k - 7), 36) for k in range(1, 13)] + [0]


def test_draws_that_depend_on_draws() -> None:
    """The second law depends on the first outcome, and one branch draws no more: three denominators."""

    def program(c: Choice) -> str:
        if not c.draw(Law.bernoulli("1/3")):
            return "stop"
        return "heads" if c.draw(COIN) else str(c.draw(Law.uniform([0, 1, 2])))

    expected = [("stop", "2/3"), ("heads", "1/6"), ("0", "1/18"), ("1", "1/18"), ("2", "1/18")]
    assert law_of(program) == Law.of(expected)


def test_zero_mass_is_never_entered() -> None:
    def program(c: Choice) -> int:
        x = c.draw(Law.of([(0, 0), (1, 1)]))
        return 1 // x

    assert law_of(program) == Law.point(1)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> object:
    """A tree of weighted branches; a leaf is an integer."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.integers(0, 3))
    branches = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    return [(weight, draw(trees(depth - 1))) for weight in branches]


def leaves(tree: object, mass: Fraction) -> Iterator[tuple[int, Fraction]]:
    if isinstance(tree, int):
        yield tree, mass
    elif isinstance(tree, list):
        total = sum(weight for weight, _ in tree)
        for weight, branch in tree:
            yield from leaves(branch, mass * weight / total)


@given(trees())
def test_like_a_recursive_enumerator(tree: object) -> None:
    def program(c: Choice) -> int:
        node = tree
        while isinstance(node, list):
            node = node[c.draw(Law.weighted(range(len(node)), [weight for weight, _ in node]))][1]
        assert isinstance(node, int)
        return node

    expected: dict[int, Fraction] = {}
    for result, mass in leaves(tree, Fraction(1)):
        expected[result] = expected.get(result, Fraction(0)) + mass
    assert law_of(program) == Law.of(expected)


def test_iterate_with_a_stopping_rule() -> None:
    """Rolls until the sum reaches 3, at most three times: worked by hand."""

    def program(c: Choice) -> int:
        return c.iterate(0, lambda s: s + c.draw(Law.uniform([1, 2])), 3, until=lambda s: s >= 3)

    # 1 1 1 and 1 1 2 take three rolls; 1 2, 2 1 and 2 2 take two.
    assert both(program) == Law.of([(3, "5/8"), (4, "3/8")])


def test_iterate_stops_before_the_first_round() -> None:
    assert both(lambda c: c.iterate(5, lambda s: s + c.draw(DIE), 9, until=lambda s: s >= 5)) == Law.point(5)
    assert both(lambda c: c.iterate(5, lambda s: s + c.draw(DIE), 0)) == Law.point(5)


def test_iterate_between_other_draws_and_in_iterate() -> None:
    laws = [Law.uniform([0, 1, 2]), Law.weighted([0, 1, 2], [1, 2, 2]), Law.weighted([0, 2], [1, 6])]

    def program(c: Choice) -> Hashable:
        start = c.draw(Law.uniform([0, 1]))

        def inner(s: int) -> int:
            return (s + c.draw(laws[s])) % 3

        def outer(s: tuple[int, int]) -> tuple[int, int]:
            flip = c.draw(Law.bernoulli("1/3"))
            x = c.iterate(s[0], inner, 2, until=lambda s: s == 2) if flip else s[0]
            return x, s[1] + c.draw(laws[x])

        mid = c.iterate((start, 0), outer, 2)
        return mid, c.draw(COIN), c.iterate(mid[0], inner, 1)

    both(program)


@given(
    st.lists(
        st.lists(st.integers(0, 4), min_size=3, max_size=3).map(lambda w: [w[0] + 1, *w[1:]]), min_size=3, max_size=3
    )
)
def test_merged_is_unmerged_on_markov_chains(rows: list[list[int]]) -> None:
    laws = [Law.weighted(range(3), row) for row in rows]
    both(lambda c: c.iterate(0, lambda s: c.draw(laws[s]), 4, until=lambda s: s == 2))


def test_key_merges_to_one_representative() -> None:
    """States that differ in what the key leaves out are one state, the first that was met."""
    calls = []

    def step(c: Choice, state: tuple[int, str]) -> tuple[int, str]:
        calls.append(state)
        return state[0] + c.draw(Law.uniform([0, 1])), state[1] + "x"

    def program(c: Choice) -> int:
        return c.iterate((0, ""), lambda s: step(c, s), 3, key=lambda s: s[0])[0]

    law = both(program)
    assert law == Law.of([(0, "1/8"), (1, "3/8"), (2, "3/8"), (3, "1/8")])
    calls.clear()
    law_of(program)
    assert len(calls) == 2 * 3  # from 0, 1 and 2, each once: where they lead to is remembered


def test_the_first_state_of_a_key_stands_for_all() -> None:
    """Outcomes of a law come in its order: the first draw's state is met first."""
    law = law_of(lambda c: c.iterate("", lambda s: s + c.draw(Law.uniform(["a", "b"])), 2, key=len))
    assert law == Law.point("aa")


def test_key_allows_unhashable_states() -> None:
    def program(c: Choice) -> tuple[int, ...]:
        return tuple(c.iterate([0], lambda s: [*s, c.draw(COIN)], 2, key=tuple))

    assert both(program) == Law.uniform([(0, a, b) for a in (True, False) for b in (True, False)])


def test_step_may_use_an_object_that_it_restores() -> None:
    """A meter outside the state: the step writes it from the state before it reads it."""

    class Meter:
        used = 0

    meter = Meter()

    def program(c: Choice) -> int:
        meter.used = 0

        def step(used: int) -> int:
            meter.used = used
            if c.draw(COIN):
                meter.used += 1
            return meter.used

        return c.iterate(0, step, 4)

    assert both(program) == Law.of([(k, fmpq(n, 16)) for k, n in enumerate([1, 4, 6, 4, 1])])


def test_exp_sum_weights() -> None:
    tilted = Law.weighted([0, 1], [1, E])
    other = Law.weighted([0, 1], [2, exp("1/2")])

    def program(c: Choice) -> Hashable:
        def step(s: int) -> int:
            return s + c.draw(other if s else tilted)

        return c.iterate(0, step, 3, until=lambda s: s == 2), c.draw(COIN)

    law = both(program)
    r = exp("1/2")
    up, stay = ExpRatio(E, 1 + E), ExpRatio(r, 2 + r)
    two = up * stay + up * (1 - stay) * stay + (1 - up) * up * stay
    assert law.probability(lambda x: isinstance(x, tuple) and x[0] == 2) == two
    assert law.probability(lambda _: True) == 1
    assert law_of(lambda c: c.draw(tilted) == c.draw(tilted)).mass(True) == ExpRatio(1 + E * E, (1 + E) ** 2)


def test_errors_propagate() -> None:
    def program(c: Choice) -> int:
        return 1 // (c.draw(DIE) - 6)

    with pytest.raises(ZeroDivisionError):
        law_of(program)

    def looping(c: Choice) -> int:
        return c.iterate(1, lambda s: s * (1 // (c.draw(DIE) - 6)), 2)

    for merge in (True, False):
        with pytest.raises(ZeroDivisionError):
            law_of(looping, merge=merge)


def test_an_error_in_a_loop_belongs_to_its_branch() -> None:
    """A program that catches the error sees it with the probability of the branches that raise it."""

    def program(c: Choice) -> Hashable:
        def step(s: int) -> int:
            x = s + c.draw(Law.uniform([1, 2]))
            if x > 3:
                msg = f"over by {x - 3}"
                raise OverflowError(msg)
            return x

        try:
            return c.iterate(0, step, 2)
        except OverflowError as error:
            return str(error)

    assert both(program) == Law.of([(2, "1/4"), (3, "1/2"), ("over by 1", "1/4")])


def test_different_errors_of_one_loop_stay_apart() -> None:
    def program(c: Choice) -> Hashable:
        def step(s: int) -> int:
            raise (ValueError if c.draw(Law.bernoulli("1/3")) else KeyError)(s)

        try:
            return c.iterate(0, step, 2)
        except (ValueError, KeyError) as error:
            return type(error).__name__

    assert both(program) == Law.of([("ValueError", "1/3"), ("KeyError", "2/3")])


def test_the_interpreter_recovers_after_an_error_inside_a_nested_loop() -> None:
    def program(c: Choice) -> Hashable:
        first = c.draw(COIN)
        try:
            c.iterate(0, lambda s: s // 0 if c.draw(COIN) else s + 1, 2, until=lambda s: s < 0)
            second = "fine"
        except ZeroDivisionError:
            second = "error"
        return first, second, c.draw(COIN)

    assert both(program).map(lambda x: x[1] if isinstance(x, tuple) else x) == Law.of(
        [("fine", "1/4"), ("error", "3/4")]
    )


@pytest.mark.parametrize("first", [True, False])
def test_a_program_without_end(first: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """The branch that goes on may be the first or the last."""
    law = Law.weighted([first, not first], [1, 1])

    def program(c: Choice) -> int:
        n = 0
        while c.draw(law):
            n += 1
        return n

    with pytest.raises(TooLarge, match=r"drew 300 times|max_leaves"):
        law_of(program, max_depth=300)


def test_a_program_that_draws_from_point_laws_without_end() -> None:
    def program(c: Choice) -> None:
        while True:
            c.draw(Law.point(0))

    with pytest.raises(TooLarge, match="drew 100 times"):
        law_of(program, max_depth=100)


def test_too_many_leaves() -> None:
    def program(c: Choice) -> tuple[int, ...]:
        return tuple(c.draw(DIE) for _ in range(8))

    with pytest.raises(TooLarge, match="max_leaves = 1000"):
        law_of(program, max_leaves=1000)
    with pytest.raises(TooLarge, match="max_leaves = 1000"):
        law_of(lambda c: c.iterate("", lambda s: s + str(c.draw(DIE)), 8), max_leaves=1000)
    # Merged states keep the same loop small.
    assert law_of(lambda c: c.iterate(0, lambda s: s + c.draw(DIE), 8), max_leaves=3000).mass(8) == fmpq(1, 6**8)


def test_programs_that_depend_on_more_than_their_draws() -> None:
    runs: list[int] = []

    def other_law(c: Choice) -> int:
        runs.append(0)
        return c.draw(Law.uniform(range(len(runs) + 1)))

    with pytest.raises(NotReproducible, match="another draw"):
        law_of(other_law)

    def fewer_draws(c: Choice) -> int:
        runs.append(0)
        return c.draw(DIE) if len(runs) % 2 == 0 else 7

    runs[:] = [0]
    with pytest.raises(NotReproducible, match="ended before"):
        law_of(fewer_draws)

    def loop_then_law(c: Choice) -> int:
        runs.append(0)
        return c.iterate(0, lambda _: c.draw(DIE), 1) if len(runs) == 1 else c.draw(DIE)

    runs.clear()
    with pytest.raises(NotReproducible, match="another draw"):
        law_of(loop_then_law)

    def law_then_loop(c: Choice) -> int:
        runs.append(0)
        return c.draw(DIE) if len(runs) == 1 else c.iterate(0, lambda _: c.draw(DIE), 1)

    runs.clear()
    with pytest.raises(NotReproducible, match="another draw"):
        law_of(law_then_loop)


def test_equal_laws_made_anew_are_the_same_draw() -> None:
    assert law_of(lambda c: c.draw(Law.uniform([1, 2])) + c.draw(Law.uniform([1, 2]))).mass(3) == fmpq(1, 2)


@pytest.mark.parametrize("laws", [[COIN, DIE], [DIE, COIN, Law.point(2)], [COIN, Law.weighted([0, 1], [1, E])]])
def test_what_was_drawn_before_need_not_be_drawn_again(laws: list[Law[int]]) -> None:
    """A replay foresees the laws of the run before; each of these runs draws from others, or from fewer."""

    def program(c: Choice) -> tuple[int, ...]:
        drawn: list[int] = []
        while len(drawn) < 4 and sum(drawn) < 9:
            drawn.append(int(c.draw(laws[sum(drawn) % len(laws)])))
        return tuple(drawn)

    assert both(program) == law_by_runs(program)


def test_outcomes_that_are_foreseen_are_of_the_law_that_is_drawn_from() -> None:
    """Laws that are equal, their outcomes not of one type."""

    def typed(c: Choice) -> str:
        ones: Law[int] = Law.uniform([1, 0])
        return str(c.draw(ones) if c.draw(COIN) else c.draw(COIN))

    assert law_of(typed) == Law.uniform(["1", "0", "True", "False"])


def test_a_run_of_many_draws() -> None:
    """A record of ten thousand draws: as long as may be."""

    def program(c: Choice) -> int:
        return sum(c.draw(point) for _ in range(9_999)) + c.draw(COIN)

    point = Law.point(1)
    assert law_of(program) == Law.uniform([9_999, 10_000])


def test_loops_between_draws_that_are_foreseen() -> None:
    """A loop, or none, after other draws, and other states of it: what a run meets there is not foreseen."""

    def program(c: Choice) -> Hashable:
        first = c.draw(Law.uniform([0, 1, 2]))
        x = c.iterate(first, lambda s: s + c.draw(DIE), first) if first else c.draw(COIN)
        return first, x, c.draw(COIN), c.draw(DIE) if x == 2 else None

    assert both(program) == law_by_runs(program)
