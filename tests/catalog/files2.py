"""Instance files of version 2 as JSON, for tests that read and change them, and what is said of a wrong one."""

import json
import re
from copy import deepcopy
from typing import Any

import pytest

from reference.catalog import InstanceError, Limits, parse
from reference.catalog.graph2 import Graph
from reference.catalog.parse2 import graph_in
from reference.catalog.reading import DEFAULT_LIMITS
from reference.catalog.strict_json import decode

HEAD: dict[str, Any] = {
    "format": "spanner-reference/problem",
    "version": 2,
    "name": "example",
    "beta": "1",
    "bounds": {"R_max": "4"},
}


def nodes() -> Any:  # noqa: ANN401 - JSON
    """Return a file with two prompts, a shared node, and a response that ends after one token of three.

    From ``a``: ``stop`` ends; ``go`` leads to ``c``.  From ``b``: ``on`` leads to ``c``.  After ``c`` comes ``d``.
    """
    return deepcopy(
        HEAD
        | {
            "prompts": [
                {"name": "x", "rho": "1/4", "start": "a"},
                {"name": "y", "rho": "3/4", "start": "b"},
            ],
            "nodes": [
                {
                    "name": "a",
                    "tokens": [
                        {"token": "stop", "pi_ref": "1/3", "phi": ["1"], "reward": "1/2", "ends": True},
                        {"token": "go", "pi_ref": "2/3", "phi": ["0.5"], "next": "c"},
                    ],
                },
                {"name": "b", "tokens": [{"token": "on", "weight": "3", "phi": ["0"], "next": "c"}]},
                {
                    "name": "c",
                    "tokens": [
                        {"token": "l", "weight": "0x1p-1", "phi": ["0", "1"], "next": "d"},
                        {"token": "r", "weight": "0x1.8p+0", "phi": ["1", "0"], "reward": "log(2)", "next": "d"},
                    ],
                },
                {
                    "name": "d",
                    "tokens": [
                        {"token": "end", "logit": "0.5", "reward": "0"},
                        {"token": "END", "logit": "0.5", "reward": "-1"},
                    ],
                },
            ],
        }
    )


def with_theta() -> Any:  # noqa: ANN401 - JSON
    """Return a file with responses that have features."""
    tree = HEAD | {
        "theta": ["log(2)", "-1"],
        "bounds": {"R_max": "4", "B": "2"},
        "prompts": [
            {
                "name": "x",
                "rho": "1",
                "baseline": "5",
                "responses": [
                    {"name": "u", "weight": "1", "phi": ["1", "0"]},
                    {"name": "v", "weight": "3", "phi": ["0", "3/5"]},
                ],
            }
        ],
    }
    return deepcopy(tree)


def with_rewards() -> Any:  # noqa: ANN401 - JSON
    """Return a file with responses that have rewards in place of features."""
    return deepcopy(
        HEAD
        | {
            "prompts": [
                {
                    "name": "x",
                    "rho": "1/2",
                    "responses": [
                        {"name": "u", "pi_ref": "1/2", "reward": "3"},
                        {"name": "v", "pi_ref": "1/2", "reward": "0"},
                    ],
                },
                {"name": "y", "rho": "1/2", "responses": [{"name": "u", "pi_ref": "1", "reward": "-4"}]},
            ],
        }
    )


def noisy() -> Any:  # noqa: ANN401 - JSON
    """Return :func:`nodes` with noise of mean 0: 2/3 * 1 + 1/3 * (-2)."""
    return nodes() | {"noise": [{"value": "1", "mass": "2/3"}, {"value": "-2", "mass": "1/3"}]}


def graph(tree: object, limits: Limits = DEFAULT_LIMITS) -> Graph:
    """Return what a file says."""
    return graph_in(decode(json.dumps(tree).encode()), limits)


def complaint(tree: object, limits: Limits = DEFAULT_LIMITS) -> str:
    """Return the one line that is said about a file, without name and line number, which is checked.

    Where a path ends in a field, the line of the file that is named holds it.
    """
    text = json.dumps(tree, indent=1)
    with pytest.raises(InstanceError) as caught:
        parse(text, "FILE", limits=limits)
    said = str(caught.value)
    assert "\n" not in said
    assert said.startswith("FILE: ")
    found = re.fullmatch(r"FILE: (([\w.\[\]]+): .*?)(?: \(line ([0-9]+)\))?", said)
    if found is None:
        return said.removeprefix("FILE: ")
    path, line = found[2], found[3]
    *_, last = path.split(".")
    if line and last.isidentifier() and last in text:
        assert f'"{last}"' in text.splitlines()[int(line) - 1]
    assert line or "." not in path  # what lies deeper is in the file, at least what holds it
    return found[1]
