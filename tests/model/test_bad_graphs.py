"""Token problems that are not ones: each is refused in one line that names the prompt and the prefix."""

import pickle
from collections.abc import Callable

import pytest
from hypothesis import given

from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import LogLinear
from reference.model import ProblemError, base_policy
from reference.model.parts import Edge, Start
from reference.model.problem import Problem, TreeTooLarge
from reference.testing import problems

ROOT = [Edge.of("a", "1/2", [0]), Edge.of("b", "1/2", [1], child=1)]
END = [Edge.of("a", "1/2", [0]), Edge.of("b", "1/2", [1])]


def build(*layers: list[list[Edge]], alphabet: str = "", R_max: int = 0, root: int = 0) -> Problem:
    return Problem.of("bad", [Start.of("x", root=root)], layers, alphabet=alphabet, beta=1, R_max=R_max)


BAD: dict[str, tuple[Callable[[], Problem], str]] = {
    "law": (
        lambda: build([ROOT], [END, [Edge.of("a", "1/3", [0]), Edge.of("b", "1/3", [1])]]),
        "prefix ('b'): edges: pi_ref masses sum to 2/3, 1/3 too little",
    ),
    "negative": (
        lambda: build([ROOT], [END, [Edge.of("a", "-1", [0]), Edge.of("b", 2, [1])]]),
        "prefix ('b'): edges[0].pi_ref: -1 is negative",
    ),
    "dimension": (
        lambda: build([ROOT], [END, [Edge.of("a", "1/2", [0, 0]), Edge.of("b", "1/2", [1])]]),
        "prefix ('b'): token 'a': phi: 2 features",
    ),
    "norm": (
        lambda: build([ROOT], [END, [Edge.of("a", "1/2", [2]), Edge.of("b", "1/2", [1])]]),
        "prefix ('b'): token 'a': phi: ||phi||_2^2 = 4",
    ),
    "child": (lambda: build([ROOT], [END]), "prefix (): token 'b': the longer prefix is missing"),
    "empty": (lambda: build([ROOT], [END, []]), "prefix ('b'): no token follows"),
    "alphabet": (
        lambda: build([ROOT], [END, [Edge.of("c", 1, [0])]], alphabet="ba"),
        "alphabet: token 'c' is not in it",
    ),
    "alphabet twice": (lambda: build([END], alphabet="aba"), "alphabet[2].name: the name 'a' is taken by alphabet[0]"),
    "surrogate": (
        lambda: build([[Edge.of("\ud800", 1, [0])]]),
        "prefix (): token: '\\ud800' holds half of a surrogate",
    ),
    "forced beside another": (
        lambda: build([[Edge.of("", "1/2", [0]), Edge.of("a", "1/2", [0])]]),
        "prefix (): a forced step (a token without a name) is the only edge of its node",
    ),
    "forced with a reward": (
        lambda: build([[Edge.of("", 1, [0], reward=1)]], R_max=1),
        "prefix (): a forced step (a token without a name) has no reward, and features 0",
    ),
    "forced with features": (lambda: build([[Edge.of("", 1, [1])]]), "has no reward, and features 0"),
    "after the end": (
        lambda: build([[Edge.of("", 1, [0])]], [END]),
        "prefix (): a token follows a forced step, but the response has ended",
    ),
    "empty response": (
        lambda: build([[Edge.of("", 1, [0])]]),
        "prefix (): the response is empty; it has at least one token",
    ),
    "twice": (
        lambda: build([ROOT], [END, [Edge.of("a", "1/2", [0]), Edge.of("a", "1/2", [0])]]),
        "prefix ('b'): token 'a' follows twice",
    ),
    "horizon": (lambda: build([[Edge.of("a", 1, [0], child=1)]]), "prefix (): token 'a': the longer prefix is missing"),
    "no layers": (build, "layers: the list is empty"),
    "root": (lambda: build([END], root=3), "prompts[0].root: there is no node 3 in layer 0"),
    "unreached": (lambda: build([END], [END, END]), "layers[1][1]: no prompt and prefix lead to this node"),
    "range": (
        lambda: build([[Edge.of("a", "1/2", [0]), Edge.of("b", "1/2", [1], reward=3)]], R_max=1),
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
        fair_bits(20, 0).expanded(0)


def test_a_token_that_does_not_follow_is_named_with_its_prefix() -> None:
    problem = build([ROOT], [END, [Edge.of("a", 1, [0])]])
    with pytest.raises(ValueError, match=r"token 1 does not follow prompt 'x', prefix \('b'\)"):
        problem.reward_of(0, (1, 1))


def test_nothing_follows_a_whole_response() -> None:
    problem = build([ROOT], [END, [Edge.of("a", 1, [0])]])
    for ask in (problem.pi_ref, base_policy(problem).law):
        with pytest.raises(ValueError, match="a prefix of 2 tokens; responses end after 2"):
            ask(0, (0, 1))


@given(problems())
def test_problems_are_pickled_without_what_they_remember(problem: Problem) -> None:
    again = pickle.loads(pickle.dumps(problem))  # noqa: S301 - made in this process
    assert again == problem
    assert hash(again) == hash(problem)


@given(problems("rational", shared=False, max_horizon=2))
def test_trees_have_one_node_for_a_prefix(problem: Problem) -> None:
    for x, entry in enumerate(problem.prompts):
        sequences = list(problem.expanded(x))
        assert len(set(sequences)) == len(sequences)
        assert all(isinstance(problem.reward_of(x, sequence), LogLinear) for sequence in sequences)
        assert entry.root == x
    assert sum(len(list(problem.expanded(x))) for x in range(len(problem.prompts))) == problem.sequence_count()
