"""Enumerating the other way round: another order, the same laws."""

import pytest

from proofs_check.claims.lower_bound.learners import contestants
from reference.constructions.needles import NeedleFamily
from reference.exact.law import Law
from reference.games.backward import Backward
from reference.games.contest import Contestant, Run, laws_against, simulate
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.runs import ReturnedPolicy
from reference.interaction.world import Oracles

HALVES = Law.of({"a": "1/2", "b": "1/3", "c": "1/6"})


def test_the_last_outcome_comes_first() -> None:
    seen: list[str] = []

    def program(choice: Choice) -> str:
        word = choice.draw(HALVES) + choice.draw(HALVES)
        seen.append(word)
        return word

    forward = law_of(program)
    order, seen[:] = seen[:], []
    turned: dict[int, tuple[Law[object], Law[object]]] = {}
    backward = law_of(lambda choice: program(Backward(choice, turned)))
    assert order == sorted(order)
    assert seen == order[::-1]
    assert backward == forward


def test_the_steps_of_a_loop_are_turned_too() -> None:
    seen: list[str] = []

    def program(choice: Choice) -> str:
        def step(word: str) -> str:
            seen.append(word + choice.draw(HALVES))
            return seen[-1]

        return choice.iterate("", step, 2)

    forward = law_of(program)
    order, seen[:] = seen[:], []
    turned: dict[int, tuple[Law[object], Law[object]]] = {}
    assert law_of(lambda choice: program(Backward(choice, turned))) == forward
    for rounds in (1, 2):  # level by level
        there, back = ([word for word in words if len(word) == rounds] for words in (order, seen))
        assert back == there[::-1]
        assert len(back) == 3**rounds


@pytest.mark.parametrize("number", range(9))
def test_a_function_of_its_draws_has_one_law_in_either_order(number: int) -> None:
    run = contestants()[number].run
    small = Contestant("small", run, NeedleFamily.of(2, 8, 1, 4))
    assert laws_against(small, backward=True) == laws_against(small)


def test_runs_made_in_either_order_are_the_same() -> None:
    contestant = contestants()[3]
    seen: list[int] = []

    def noting(number: int) -> Run:
        def run(oracles: Oracles) -> ReturnedPolicy:
            seen.append(number)
            return contestant.run(oracles)

        return run

    there = simulate(Contestant("there", noting(1), contestant.family), 20, 1)
    back = simulate(Contestant("back", noting(2), contestant.family), 20, 1, backward=True)
    assert there == back
    assert len(set(there)) > 1
    assert seen == [1] * 20 + [2] * 20
