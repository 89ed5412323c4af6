"""The page of the instance file: its example of version 2 is a file, and says what the page says of it."""

import contextlib
import io
import json
import re
from pathlib import Path

from flint import fmpq

from reference.catalog.reading import Limits
from reference.exact.linalg import Vector
from reference.exact.log_linear import log
from tests.catalog.files2 import graph

PAGE = (Path(__file__).parents[2] / "docs/reference/instance-format.md").read_text("utf-8")
_, VERSION_2 = PAGE.split("\n## Version 2\n")


def test_the_example_of_version_2_is_read() -> None:
    (text,) = re.findall(r"```json\n(.*?)```", VERSION_2, re.DOTALL)
    found = graph(json.loads(text))
    assert len(found.layers) == 2
    (begin,), (thought, ended) = found.layers
    assert begin[0].child == 1  # "answer" ends the response
    assert [len(node) for node in (begin, thought, ended)] == [2, 2, 1]
    assert thought[0].reward == log(4)
    assert [step.phi for step in thought] == [Vector.of([1, 0]), Vector.of([0, 1])]
    # 0.1 + 0.9 in binary64: 7205759403792794/2^56 and 8106479329266893/2^53
    tenth, most = fmpq(7205759403792794, 2**56), fmpq(8106479329266893, 2**53)
    assert [step.pi_ref for step in thought] == [tenth / (tenth + most), most / (tenth + most)]
    assert [found.where for found in found.excess] == ["node 'thought'"]


def test_the_page_says_one_line_for_each_mistake() -> None:
    code = re.findall(r"```\{code-cell\} ipython3\n(?::tags[^\n]*\n)?(.*?)```", VERSION_2, re.DOTALL)[-1]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile("from reference.catalog import InstanceError\n" + code, "page", "exec"), {})  # noqa: S102 (our page)
    lines = printed.getvalue().splitlines()
    assert len(lines) == 5
    assert all(line.startswith("my.json: ") and "(line " in line for line in lines)
    assert "a cycle" in lines[0]


def test_the_limit_of_dimensions_is_the_one_of_the_reader() -> None:
    assert f"At most {Limits().dimension} coordinates" in VERSION_2
