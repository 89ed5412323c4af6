"""Whatever the bytes, the parser of version 2 returns a problem or raises InstanceError with one line."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.catalog.build2 import graph_of
from reference.catalog.write2 import written
from reference.model import Problem
from reference.testing import linear_problems, problems
from tests.catalog.files2 import graph, nodes, noisy, with_rewards, with_theta
from tests.catalog.test_fuzz import NASTY_JSON, PATH, Kind, named, survives

KIND = Kind(tuple(map(json.dumps, (nodes(), noisy(), with_theta(), with_rewards()))), linear=True)

NUMBERS = [
    "0",
    "1",
    "-1",
    "1/2",
    "1/0",
    "nan",
    "-inf",
    "0x1p-1",
    "0x",
    "0x1p-1074",
    "1e9999",
    "-1e9999",
    "log(2)",
    "9" * 300,
]


@given(data=st.data())
@settings(max_examples=300)
def test_bytes_of_a_valid_file_changed(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(KIND.texts)).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw) - 1))
        length = data.draw(st.integers(0, 8))
        raw[start : start + length] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b'"', b"{", b"]", b"1", b"e", b"/", b"x", b"p", b"true"])
        )
    survives(bytes(raw), KIND)


@given(data=st.data())
@settings(max_examples=400)
def test_structure_of_a_valid_file_changed(data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(KIND.trees) - 1))
    tree: Any = copy.deepcopy(KIND.trees[index])
    for _ in range(data.draw(st.integers(1, 2))):
        *path, last = data.draw(st.sampled_from(KIND.places[index]))
        node = tree
        try:
            for step in path:
                node = node[step]
            match data.draw(st.sampled_from(["replace", "delete", "repeat", "graft"])):
                case "replace":
                    node[last] = copy.deepcopy(data.draw(st.sampled_from([*NASTY_JSON, *NUMBERS])))
                case "delete":
                    del node[last]
                case "repeat":
                    node[last] = [copy.deepcopy(node[last])] * 2
                case _:
                    other = data.draw(st.sampled_from(KIND.trees))
                    key = data.draw(st.sampled_from(sorted(other)))
                    node[key if isinstance(node, dict) else last] = copy.deepcopy(other[key])
        except (KeyError, IndexError, TypeError):
            pass  # an earlier change took the place away
    named(survives(json.dumps(tree), KIND), tree)


@given(data=st.data())
@settings(max_examples=400)
def test_nodes_of_a_valid_file_changed(data: st.DataObject) -> None:
    """Changes that keep the structure: what is wrong, if anything, is a law, features, a reward or where it leads."""
    tree = nodes()
    places = [token for node in tree["nodes"] for token in node["tokens"]]
    for _ in range(data.draw(st.integers(1, 4))):
        token = data.draw(st.sampled_from(places))
        match data.draw(
            st.sampled_from(["token", "mass", "phi", "reward", "next", "ends", "start", "horizon", "drop"])
        ):
            case "token":
                token["token"] = data.draw(st.sampled_from(["stop", "go", "l", "end", "?"]))
            case "mass":
                token[data.draw(st.sampled_from(["pi_ref", "weight", "logit"]))] = data.draw(st.sampled_from(NUMBERS))
            case "phi":
                token["phi"] = data.draw(st.sampled_from([["0"], ["1", "1"], ["0", "0"], ["0", "1", "0"]]))
            case "reward":
                token["reward"] = data.draw(st.sampled_from(NUMBERS))
            case "next":
                token["next"] = data.draw(st.sampled_from(["a", "b", "c", "d", "?"]))
            case "ends":
                token["ends"] = data.draw(st.booleans())
                token.pop("next", None)
            case "start":
                tree["prompts"][0]["start"] = data.draw(st.sampled_from(["a", "b", "c", "d"]))
            case "horizon":
                tree["horizon"] = data.draw(st.sampled_from(["1", "2", "3", "4"]))
            case _:
                token.pop(data.draw(st.sampled_from(sorted(token))), None)
    line = survives(json.dumps(tree), KIND)
    assert not line or PATH.match(line) or "field" in line or line.startswith("FILE: the rewards: ")
    named(line, tree)


@st.composite
def noises(draw: st.DrawFn) -> list[dict[str, str]]:
    """Laws of one, two or three errors whose mean is 0."""
    high = draw(st.integers(1, 10**40))
    return draw(
        st.sampled_from(
            [
                [{"value": "0", "mass": "1"}],
                [{"value": str(high), "mass": f"1/{high + 1}"}, {"value": "-1", "mass": f"{high}/{high + 1}"}],
                [{"value": v, "mass": "1/3"} for v in (f"-1/{high + 1}", "0", f"1/{high + 1}")],
            ]
        )
    )


@given(linear_problems() | problems(), noises(), st.integers(0, 3))
def test_what_is_written_is_read(problem: Problem, noise: list[dict[str, str]], longer: int) -> None:
    """Noise and ends, which no version 1 says: the text of version 2 is read to what it was written from."""
    tree = json.loads(written(graph_of(problem))) | {"noise": noise}
    if "horizon" in tree:
        tree["horizon"] = str(int(tree["horizon"]) + longer)
        for node in tree["nodes"]:
            for token in node["tokens"]:
                if "next" not in token:
                    token["ends"] = True
    found = graph(tree)
    assert len(found.layers) == int(tree.get("horizon", 1))
    assert len(found.noise) == len(noise)
    text = written(found)
    assert graph(json.loads(text)) == found
    assert written(graph(json.loads(text))) == text


@pytest.mark.parametrize(("key", "value"), [("\ud800", "1"), ("version", "\ud800"), ("format", "\ud800")])
def test_half_a_surrogate_pair_is_a_mistake_like_others(key: str, value: str) -> None:
    for valid in KIND.trees:
        assert "ud800" in survives(json.dumps(valid | {key: value}), KIND)
    for place in (("prompts", 0, "name"), ("nodes", 0, "name"), ("nodes", 0, "tokens", 0, "token")):
        tree: Any = nodes()
        node = tree
        for step in place[:-1]:
            node = node[step]
        node[place[-1]] = "\ud800"
        line = survives(json.dumps(tree), KIND)
        assert "holds half of a surrogate pair" in line or "there is no node" in line
        named(line, tree)
