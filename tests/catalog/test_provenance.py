"""A catalog file that says how it was made says it completely: model, licence, command."""

import json
from pathlib import Path
from typing import Any

import pytest

from reference.catalog import linear_names, load, names, tree_names
from reference.catalog.loading import DATA, TOKEN_DATA

Tree = dict[str, Any]

REQUIRED = ("model", "license", "command")
ROOT = Path(__file__).parents[2]


def missing(data: Tree) -> list[str]:
    """What a provenance block leaves out; nothing is asked of files without one."""
    block = data.get("provenance")
    if block is None:
        return []
    texts = [key for key in REQUIRED if not (isinstance(block.get(key), str) and block[key].strip())]
    packages = block.get("packages")
    complete = isinstance(packages, dict) and packages and all(isinstance(v, str) and v for v in packages.values())
    return texts + ([] if complete else ["packages"]) + ([] if data.get("license") else ["license (of the file)"])


def tree(name: str) -> Tree:
    folder = DATA if name in linear_names() else TOKEN_DATA
    loaded: Tree = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


ALL = names()
MADE = tuple(name for name in ALL if "provenance" in tree(name))


def test_some_instances_have_provenance() -> None:
    assert len(set(MADE) & set(linear_names())) >= 2
    assert len(set(MADE) & set(tree_names())) >= 2


@pytest.mark.parametrize("name", ALL)
def test_provenance_is_complete(name: str) -> None:
    assert missing(tree(name)) == []


@pytest.mark.parametrize("name", ALL)
def test_every_instance_says_where_it_is_from(name: str) -> None:
    about = load(name).about
    assert about.title
    assert about.shows
    assert about.source


@pytest.mark.parametrize("name", MADE)
def test_the_command_names_a_script_that_is_here(name: str) -> None:
    command = tree(name)["provenance"]["command"].split()
    assert command[0] == "python"
    assert (ROOT / command[1]).is_file()


@pytest.mark.parametrize("name", MADE)
def test_the_loaded_problem_keeps_the_block(name: str) -> None:
    kept = {k: v if isinstance(v, str) else dict(v) for k, v in load(name).about.provenance}
    assert kept == tree(name)["provenance"]


@pytest.mark.parametrize("key", [*REQUIRED, "packages"])
@pytest.mark.parametrize("value", [None, "", " ", {}])
def test_the_check_can_fail(key: str, value: object) -> None:
    data = tree(MADE[0])
    if value is None:
        del data["provenance"][key]
    else:
        data["provenance"][key] = value
    assert missing(data) == [key]


def test_the_check_asks_for_the_licence_of_the_file() -> None:
    data = tree(MADE[0])
    del data["license"]
    assert missing(data) == ["license (of the file)"]
