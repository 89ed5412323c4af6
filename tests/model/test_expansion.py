"""From tokens to sequences: names, and the features of the prefixes; the tabular form is tested with the values."""

import re
from ast import literal_eval

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import log
from reference.model import ProblemError, coverage, optimal_value, optimum
from reference.model.expansion import sequence_name
from reference.model.parts import Edge, Start
from reference.model.problem import Problem
from tests.model.tree_peer import two_step


def test_additive_rewards_are_linear_in_the_features_of_the_prefixes() -> None:
    problem = fair_bits(3, log(3))
    flat = problem.sequences("concatenated")
    # phi = (a_1, a_2, a_3)/3 and r = log 3 (a_1 + a_2 + a_3)
    assert flat.theta == (log(3) * 3,) * 3
    assert flat.phi(0, 5).numerators == (1, 0, 1)
    assert flat.phi(0, 5).denominator == 3
    assert coverage(flat, optimum(flat)) == coverage(problem) == fmpq(27, 8)
    assert optimal_value(flat).exact == optimal_value(problem).exact


def test_a_reward_that_is_not_linear_is_refused_and_the_sequence_named() -> None:
    with pytest.raises(ProblemError, match="prompt 'x': the reward of '1 1' is not linear in the features"):
        two_step(log(2)).sequences("concatenated")


@pytest.mark.parametrize(
    ("tokens", "name"),
    [
        (("0", "1"), "0 1"),
        (("The", "Ġcat", "."), "The Ġcat ."),
        (("don't", 'a"b'), "don't a\"b"),
        ((" Paris", "."), "' Paris' ."),
        (("a b", "c"), "'a b' c"),
        (("a", "b c"), "a 'b c'"),
        (("'a", "b'"), "\"'a\" b'"),
        (("\n",), r"'\n'"),
        ((), ""),
        (("",), "''"),
    ],
)
def test_names_of_sequences_by_hand(tokens: tuple[str, ...], name: str) -> None:
    assert sequence_name(tokens) == name


def tokens_of(name: str) -> list[str]:
    """Cut a name into its tokens: a second reader, which shares nothing with the writer."""
    quoted = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
    parts = re.findall(rf"({quoted}|[^ ]+)(?: |$)", name)
    return [literal_eval(part) if part[0] in "'\"" else part for part in parts]


@given(st.lists(st.text(alphabet="a '\"\\\n\u00a0\ud800", max_size=4) | st.text(max_size=3), max_size=4))
def test_a_name_is_the_name_of_one_sequence(tokens: list[str]) -> None:
    assert tokens_of(sequence_name(tokens)) == tokens


def test_tokens_with_spaces_do_not_make_sequences_one() -> None:
    # The sequences (a, "b c") and ("a b", c) would both be "a b c".
    root = [Edge.of("a", "1/2", [0]), Edge.of("a b", "1/2", [1])]
    last = [Edge.of("b c", "1/2", [0]), Edge.of("c", "1/2", [1], reward=1)]
    problem = Problem.of("spaces", [Start.of("x")], [[root], [last]], beta=1, R_max=1)
    assert problem.sequences().responses(0) == ("a 'b c'", "a c", "'a b' 'b c'", "'a b' c")
