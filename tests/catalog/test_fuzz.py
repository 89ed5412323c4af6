"""Whatever the bytes, the parser returns a problem or raises InstanceError with one line."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reference.catalog import InstanceError, Limits, dump, parse
from reference.catalog.handmade import instances
from reference.model.problem import Problem
from reference.testing import problems

TEXTS = [dump(problem) for problem in instances()]
SMALL = Limits(file_bytes=1 << 16, responses=64, prompts=16, dimension=8, numeral_characters=200, logarithms=8)

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


def survives(data: bytes | str) -> None:
    try:
        problem = parse(data, "FILE", limits=SMALL)
    except InstanceError as error:
        line = str(error)
    else:
        assert parse(dump(problem)) == problem
        return
    assert line.startswith("FILE: ")
    assert "\n" not in line
    line.encode()


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    survives(data)


@given(st.text(max_size=100))
def test_any_text(text: str) -> None:
    survives(text)


@given(st.data())
@settings(max_examples=400)
def test_bytes_of_a_valid_file_changed(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(TEXTS)).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw) - 1))
        length = data.draw(st.integers(0, 8))
        raw[start : start + length] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b'"', b"{", b"]", b"1", b"e", b"/"])
        )
    survives(bytes(raw))


def places(node: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, item in items for place in places(item, (*path, key)))]


TREES = [json.loads(text) for text in TEXTS]
PLACES = [places(tree)[1:] for tree in TREES]


@given(st.data())
@settings(max_examples=600)
def test_structure_of_a_valid_file_changed(data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(TREES) - 1))
    tree: Any = copy.deepcopy(TREES[index])
    for _ in range(data.draw(st.integers(1, 2))):
        *path, last = data.draw(st.sampled_from(PLACES[index]))
        node = tree
        try:
            for step in path:
                node = node[step]
            match data.draw(st.sampled_from(["replace", "delete", "repeat", "graft", "add"])):
                case "replace":
                    node[last] = data.draw(st.sampled_from(NASTY_JSON))
                case "delete":
                    del node[last]
                case "repeat":
                    node[last] = [copy.deepcopy(node[last])] * 2
                case "graft":
                    node[last] = copy.deepcopy(data.draw(st.sampled_from(TREES)))
                case _:
                    node[data.draw(st.text(max_size=4))] = data.draw(st.sampled_from(NASTY_JSON))
        except (KeyError, IndexError, TypeError):
            pass  # an earlier change took the place away
    survives(json.dumps(tree))


@given(problems())
def test_every_problem_survives_the_file(problem: Problem) -> None:
    text = dump(problem)
    assert parse(text) == problem
    assert dump(parse(text)) == text
