"""Whatever the bytes, the parsers of both kinds return a problem or raise InstanceError with one line."""

import copy
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.catalog import InstanceError, Limits, dump, parse, parse_linear
from reference.catalog.handmade import instances
from reference.catalog.handmade_tokens import token_instances
from reference.model.linear_problem import LinearProblem
from reference.model.problem import Problem
from reference.testing import linear_problems, problems

SMALL = Limits(
    file_bytes=1 << 16,
    responses=64,
    prompts=16,
    tokens=256,
    horizon=16,
    dimension=8,
    numeral_characters=200,
    logarithms=8,
    log_arguments=8,
)

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Kind:
    """A file format: valid files."""

    texts: tuple[str, ...]
    linear: bool

    @cached_property
    def trees(self) -> list[Any]:
        return [json.loads(text) for text in self.texts]

    @cached_property
    def places(self) -> list[list[Place]]:
        return [places(tree)[1:] for tree in self.trees]


def places(node: object, path: Place = ()) -> list[Place]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, item in items for place in places(item, (*path, key)))]


SINGLE_TURN = tuple(dump(problem) for problem in instances())
TOKENS = tuple(dump(problem) for problem in token_instances())
KINDS = {
    "linear problem": Kind(SINGLE_TURN, linear=True),
    "tree": Kind(TOKENS, linear=False),
}
both_kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)

NASTY_TEXT = [
    "",
    "0",
    "-1",
    "1/0",
    "1e9999",
    "nan",
    "Infinity",
    "log(2)",
    "log(0)",
    "log(",
    "9" * 300,
    "0.1.2",
    "\ud800",
]
NASTY_JSON: list[Any] = [None, True, 0, 0.5, float("nan"), 10**40, [], {}, [[]], {"name": "a"}, *NASTY_TEXT]


PATH = re.compile(r"FILE: ([a-zA-Z_]+(?:\[[0-9]+\]|\.[a-zA-Z_]+)*): ")


def named(line: str, tree: Any) -> object:  # noqa: ANN401 - JSON
    """Return what stands at the path that a message names, if it names one; KeyError or the like if nothing does."""
    found = PATH.match(line)
    node = tree
    for step in re.findall(r"\w+", found[1]) if found else ():
        node = node[int(step) if isinstance(node, list) else step]
    return node


def test_a_path_that_is_not_in_the_file_is_noticed() -> None:
    tree = {"prompts": [{"prefixes": [{"tokens": [{"pi_ref": "-1"}]}]}]}
    assert named("FILE: prompts[0].prefixes[0].tokens[0].pi_ref: -1 is negative", tree) == "-1"
    with pytest.raises(KeyError):
        named("FILE: prompts[0].prefixes[0].edges[0].pi_ref: -1 is negative", tree)
    with pytest.raises(IndexError):
        named("FILE: prompts[0].prefixes[1]: no", tree)


def survives(data: bytes | str, kind: Kind) -> str:
    """Return the complaint, or "" for a valid file."""
    try:
        problem = parse(data, "FILE", limits=SMALL)
    except InstanceError as error:
        line = str(error)
    else:
        again = parse(dump(problem))
        # Nodes of token problems may be numbered anew, once.
        assert again == problem or (not kind.linear and dump(again) == dump(problem))
        return ""
    assert line.startswith("FILE: ")
    assert "\n" not in line
    line.encode()
    return line


@both_kinds
@given(data=st.binary(max_size=200))
def test_any_bytes(data: bytes, kind: Kind) -> None:
    survives(data, kind)


@both_kinds
@given(text=st.text(max_size=100))
def test_any_text(text: str, kind: Kind) -> None:
    survives(text, kind)


@both_kinds
@given(data=st.data())
@settings(max_examples=300)
def test_bytes_of_a_valid_file_changed(data: st.DataObject, kind: Kind) -> None:
    raw = bytearray(data.draw(st.sampled_from(kind.texts)).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw) - 1))
        length = data.draw(st.integers(0, 8))
        raw[start : start + length] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b'"', b"{", b"]", b"1", b"e", b"/"])
        )
    survives(bytes(raw), kind)


@both_kinds
@given(data=st.data())
@settings(max_examples=400)
def test_structure_of_a_valid_file_changed(data: st.DataObject, kind: Kind) -> None:
    index = data.draw(st.integers(0, len(kind.trees) - 1))
    tree: Any = copy.deepcopy(kind.trees[index])
    for _ in range(data.draw(st.integers(1, 2))):
        *path, last = data.draw(st.sampled_from(kind.places[index]))
        node = tree
        try:
            for step in path:
                node = node[step]
            match data.draw(st.sampled_from(["replace", "delete", "repeat", "graft", "add"])):
                case "replace":
                    node[last] = copy.deepcopy(data.draw(st.sampled_from(NASTY_JSON)))
                case "delete":
                    del node[last]
                case "repeat":
                    node[last] = [copy.deepcopy(node[last])] * 2
                case "graft":
                    node[last] = copy.deepcopy(data.draw(st.sampled_from(kind.trees)))
                case _:
                    node[data.draw(st.text(max_size=4))] = copy.deepcopy(data.draw(st.sampled_from(NASTY_JSON)))
        except (KeyError, IndexError, TypeError):
            pass  # an earlier change took the place away
    named(survives(json.dumps(tree), kind), tree)


@given(data=st.data())
@settings(max_examples=300)
def test_nodes_of_a_valid_token_problem_changed(data: st.DataObject) -> None:
    """Changes that keep the structure: what is wrong, if anything, is a law, features, a token or where it leads."""
    kind = KINDS["tree"]
    tree: Any = copy.deepcopy(data.draw(st.sampled_from(kind.trees)))
    prefixes = [prefix for prompt in tree["prompts"] for prefix in prompt.get("prefixes", [])]
    lists = [entry["tokens"] for entry in (*prefixes, *tree.get("nodes", []))]
    for _ in range(data.draw(st.integers(1, 3))):
        tokens = data.draw(st.sampled_from(lists))
        token = data.draw(st.sampled_from(tokens))
        match data.draw(st.sampled_from(["token", "pi_ref", "phi", "next", "repeat", "drop"])):
            case "token":
                token["token"] = data.draw(st.sampled_from([*tree["alphabet"], "?"]))
            case "pi_ref":
                token["pi_ref"] = data.draw(st.sampled_from(["-1", "0", "1/2", "1", "1/0"]))
            case "phi":
                token["phi"] = data.draw(st.sampled_from([["0"], ["1", "1"], ["0", "0"], ["0", "1", "0"]]))
            case "next":
                token["next"] = data.draw(st.sampled_from(["?", *(node["name"] for node in tree.get("nodes", []))]))
            case "repeat":
                tokens.append(copy.deepcopy(token))
            case _:
                tokens[1:] = []
    line = survives(json.dumps(tree), kind)
    assert not line or PATH.match(line)
    named(line, tree)


@given(linear_problems())
def test_every_problem_survives_the_file(problem: LinearProblem) -> None:
    text = dump(problem)
    assert parse_linear(text) == problem
    assert dump(parse_linear(text)) == text


@given(problems())
def test_every_token_problem_survives_the_file(problem: Problem) -> None:
    text = dump(problem)
    again = parse(text)
    assert dump(again) == text
    assert type(again) is Problem
    with pytest.raises(InstanceError, match="a linear problem is needed here"):
        parse_linear(text)


@both_kinds
@pytest.mark.parametrize(("key", "value"), [("\ud800", "1"), ("version", "\ud800"), ("format", "\ud800")])
def test_half_a_surrogate_pair_is_a_mistake_like_others(key: str, value: str, kind: Kind) -> None:
    tree = copy.deepcopy(kind.trees[0])
    tree[key] = value
    with pytest.raises(InstanceError, match=r"ud800"):
        parse(json.dumps(tree), "FILE")
    survives(json.dumps(tree), kind)
