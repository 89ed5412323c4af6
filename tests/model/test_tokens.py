"""Token problems that are not ones: each is refused in one line that names the prompt and the prefix."""

import pickle
from collections.abc import Callable

import pytest
from hypothesis import given

from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import LogLinear
from reference.model import ProblemError
from reference.model.parts import Edge, Start
from reference.model.problem import Problem, TreeTooLarge
from reference.testing import token_problems

ROOT = [Edge.of(0, "1/2", [0]), Edge.of(1, "1/2", [1], child=1)]
END = [Edge.of(0, "1/2", [0]), Edge.of(1, "1/2", [1])]


def build(*layers: list[list[Edge]], alphabet: str = "ab", R_max: int = 0, root: int = 0) -> Problem:
    return Problem.of("bad", alphabet, [Start.of("x", root=root)], layers, beta=1, R_max=R_max)


BAD: dict[str, tuple[Callable[[], Problem], str]] = {
    "law": (
        lambda: build([ROOT], [END, [Edge.of(0, "1/3", [0]), Edge.of(1, "1/3", [1])]]),
        "prefix ('b'): edges: pi_ref masses sum to 2/3, 1/3 too little",
    ),
    "negative": (
        lambda: build([ROOT], [END, [Edge.of(0, "-1", [0]), Edge.of(1, 2, [1])]]),
        "prefix ('b'): edges[0].pi_ref: -1 is negative",
    ),
    "dimension": (
        lambda: build([ROOT], [END, [Edge.of(0, "1/2", [0, 0]), Edge.of(1, "1/2", [1])]]),
        "prefix ('b'): token 'a': phi: 2 features",
    ),
    "norm": (
        lambda: build([ROOT], [END, [Edge.of(0, "1/2", [2]), Edge.of(1, "1/2", [1])]]),
        "prefix ('b'): token 'a': phi: ||phi||_2^2 = 4",
    ),
    "child": (lambda: build([ROOT], [END]), "prefix (): token 'b': the longer prefix is missing"),
    "empty": (lambda: build([ROOT], [END, []]), "prefix ('b'): no token follows"),
    "alphabet": (
        lambda: build([ROOT], [END, [Edge.of(7, 1, [0])]]),
        "prefix ('b'): token 7 is not in the alphabet of 2 tokens",
    ),
    "twice": (
        lambda: build([ROOT], [END, [Edge.of(0, "1/2", [0]), Edge.of(0, "1/2", [0])]]),
        "prefix ('b'): token 'a' follows twice",
    ),
    "horizon": (lambda: build([[Edge.of(0, 1, [0], child=1)]]), "prefix (): token 'a': the longer prefix is missing"),
    "no layers": (build, "layers: the list is empty"),
    "root": (lambda: build([END], root=3), "prompts[0].root: there is no node 3 in layer 0"),
    "unreached": (lambda: build([END], [END, END]), "layers[1][1]: no prompt and prefix lead to this node"),
    "range": (
        lambda: build([[Edge.of(0, "1/2", [0]), Edge.of(1, "1/2", [1], reward=3)]], R_max=1),
        "rewards on the support differ by 3, 2 more",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_problems_are_refused_in_one_line(case: str) -> None:
    make, message = BAD[case]
    with pytest.raises(ProblemError) as caught:
        make()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    if "prefix (" in message:
        assert "prompt 'x'" in str(caught.value)


def test_trees_are_expanded_up_to_a_million_sequences() -> None:
    assert fair_bits(19, 0).sequence_count() == 2**19
    with pytest.raises(TreeTooLarge, match="'fair-bits-20' has 1048576 sequences; at most 1000000 are expanded"):
        fair_bits(20, 0).sequences(0)


def test_a_token_that_does_not_follow_is_named_with_its_prefix() -> None:
    problem = build([ROOT], [END, [Edge.of(0, 1, [0])]])
    with pytest.raises(ValueError, match=r"token 1 does not follow prompt 'x', prefix \('b'\)"):
        problem.reward(0, (1, 1))


@given(token_problems())
def test_problems_are_pickled_without_what_they_remember(problem: Problem) -> None:
    again = pickle.loads(pickle.dumps(problem))  # noqa: S301 - made in this process
    assert again == problem
    assert hash(again) == hash(problem)


@given(token_problems("rational", shared=False, max_horizon=2))
def test_trees_have_one_node_for_a_prefix(problem: Problem) -> None:
    for x, entry in enumerate(problem.prompts):
        sequences = list(problem.sequences(x))
        assert len(set(sequences)) == len(sequences)
        assert all(isinstance(problem.reward(x, sequence), LogLinear) for sequence in sequences)
        assert entry.root == x
    assert sum(len(list(problem.sequences(x))) for x in range(len(problem.prompts))) == problem.sequence_count()
