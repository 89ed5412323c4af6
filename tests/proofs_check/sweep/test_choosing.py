"""Instance i of a seed is the same on every machine and in every version; choices can be made again."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs_check.sweep.choosing import Choices
from proofs_check.sweep.strategies import STRATEGIES, StrategyError, instance, strategy_named
from reference.catalog.write import file_text

MADE = {
    "linear-problems": "4e2a974f5f906836",
    "rational-problems": "bd266bddc035a795",
    "log-rational-problems": "36ed141bb106257f",
    "mixed-problems": "f34c167075b025fc",
    "wide-problems": "7174ab1a8dce237f",
    "token-problems": "91006c8c7c8d7084",
}
"""Of the files of instances 0 to 19 of seed 1."""


def bits(seed: int, index: int, blocks: int) -> str:
    return "".join(
        "".join(f"{byte:08b}" for byte in sha256(f"spanner-sweep 1\n{seed}\n{index}\n{block}".encode()).digest())
        for block in range(blocks)
    )


@given(st.integers(), st.integers(0), st.lists(st.integers(1, 300), max_size=60))
def test_the_stream_is_what_it_is_said_to_be(seed: int, index: int, sizes: list[int]) -> None:
    choices, rest = Choices(seed, index), bits(seed, index, 60)
    for n in sizes:
        width = (n - 1).bit_length()
        while True:
            found, rest = int(rest[:width] or "0", 2), rest[width:]
            if found < n:
                break
        assert choices.below(n) == found
    again = Choices.again(choices.made)
    assert [again.below(n) for n in sizes] == choices.made == again.made


def test_choices_made_again_fit_their_places_and_go_on_with_zeros() -> None:
    choices = Choices.again([5, 9])
    assert [choices.integer(1, 3), choices.of("ab"), choices.below(7)] == [3, "b", 0]
    assert choices.made == [2, 1, 0]


@pytest.mark.parametrize("name", STRATEGIES)
def test_instances_stay(name: str) -> None:
    found = sha256()
    for index in range(20):
        found.update(file_text(instance(STRATEGIES[name], Choices(1, index))).encode())
    assert found.hexdigest()[:16] == MADE[name], "another strategy needs another name"


@pytest.mark.parametrize("name", STRATEGIES)
@given(st.lists(st.integers(0, 8), max_size=80))
def test_whatever_is_chosen_is_a_problem(name: str, made: list[int]) -> None:
    instance(STRATEGIES[name], Choices.again(made))  # the constructors refuse all that is not valid


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing", "no strategy 'nothing'; there are linear-problems, "),
        ("no_such_module:f", "strategy no_such_module:f: ModuleNotFoundError: "),
        ("json:f", "strategy json:f: AttributeError: "),
    ],
)
def test_a_strategy_that_is_not_there(name: str, said: str) -> None:
    with pytest.raises(StrategyError) as raised:
        strategy_named(name)
    assert str(raised.value).startswith(said)
    assert "\n" not in str(raised.value)
