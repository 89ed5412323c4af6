"""Cells of tutorials as the page runs them: with the names of the cells before, and without matplotlib."""

import io
import json
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from docs.play.page.door import answer
from docs.play.page.no_figures import SENTENCE

DOCS = Path(__file__).parents[2] / "docs"
TUTORIALS = [path for path in sorted((DOCS / "tutorials").glob("*.md")) if path.stem != "exercises"]


def run(page: str, number: int, source: str, again: bool = True) -> Any:  # noqa: ANN401, FBT001, FBT002 - JSON
    return json.loads(answer("cell", json.dumps([page, number, source, again])))


def cells(path: Path) -> list[str]:
    found = re.findall(r"^```\{code-cell\} ipython3\n(.*?)^```$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [re.sub(r"^:tags:.*\n", "", source) for source in found]


def test_later_cells_see_earlier_names_and_the_last_value_is_printed() -> None:
    assert run("a", 0, "x = 20\n\ndef f():\n    return x + 1\n") == {"ran": True, "printed": "", "failed": ""}
    assert run("a", 1, "print('f is', f())\nf() * 2") == {"ran": True, "printed": "f is 21\n42\n", "failed": ""}
    assert run("a", 2, "None")["printed"] == ""
    assert run("b", 0, "x")["failed"] == "NameError in line 1: name 'x' is not defined"  # another page, other names


def test_a_cell_runs_again_only_if_it_is_asked_for() -> None:
    assert run("c", 0, "x = 1")["ran"]
    assert run("c", 1, "x = x + 1\nx")["printed"] == "2\n"
    assert not run("c", 1, "x = x + 1\nx", again=False)["ran"]
    assert run("c", 1, "x = x + 1\nx")["printed"] == "3\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("y = 1\nraise ValueError('no')", "ValueError in line 2: no"),
        ("def f(\n", "SyntaxError in line 1"),
        ("import matplotlib_is_not_here", "ModuleNotFoundError in line 1"),
        ("raise SystemExit", "SystemExit in line 1"),
    ],
)
def test_a_cell_that_fails_is_a_line_and_is_run_again(source: str, said: str) -> None:
    found = run("d", 0, "print('before')\n" + source)
    shifted = re.sub(r"line (\d)", lambda match: f"line {int(match[1]) + 1}", said)
    assert found["failed"].startswith(shifted)
    assert found["printed"] == ("" if "Syntax" in said else "before\n")
    assert run("d", 0, source, again=False)["ran"]


def test_what_is_printed_without_end_is_cut() -> None:
    found = run("e", 0, "for i in range(20_000):\n    print('twenty characters...')")
    assert len(found["printed"]) < 21_000
    assert found["printed"].endswith("and 400,000 characters more")


def test_figures_are_the_ones_on_the_page() -> None:
    source = (
        "from figures import BLUE, plt, show\n_, (a, b) = plt.subplots(1, 2)\na.plot([1], color=BLUE)\nshow(_, 'Two.')"
    )
    assert run("f", 0, source) == {"ran": True, "printed": f"{SENTENCE}\n", "failed": ""}
    grid = "figure, panels = plt.subplots(2, 3)\nlen(panels.flat), len(panels), len(panels[1])"
    assert run("f", 1, grid)["printed"] == "(6, 2, 3)\n"


def test_a_table_is_printed_in_columns() -> None:
    source = "from tables import table\ntable(['$H$', 'draws'], [(4, 20), (16, 3)])"
    assert run("g", 0, source) == {"ran": True, "printed": "H   draws\n4      20\n16      3\n", "failed": ""}


def same_as_with_matplotlib(path: Path, sources: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    names, told = {"__name__": "__main__"}, []
    with monkeypatch.context() as here:
        here.syspath_prepend(str(DOCS / "_ext"))  # which the page does not have
        pytest.importorskip("figures", reason="needs the extra docs", exc_type=ImportError)
        for source in sources:
            said = io.StringIO()
            with redirect_stdout(said):
                exec(compile(source, "cell", "exec"), names)  # noqa: S102 - the project's own page
            told.append([line for line in said.getvalue().splitlines() if not line.startswith("<IPython")])
    for name in ("figures", "tables", "palette"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "path", [each for each in sys.path if Path(each).name != "_ext"])
    for number, (source, printed) in enumerate(zip(sources, told, strict=True)):
        found = run(path.stem, number, source)
        assert found["failed"] == ""
        lines = [line for line in found["printed"].splitlines() if line != SENTENCE]
        assert lines[: len(printed)] == printed  # then the value that stands last, which `exec` does not print


def test_a_tutorial_prints_what_it_prints_with_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    path = DOCS / "tutorials" / "coverage-bounds-compute.md"
    same_as_with_matplotlib(path, cells(path)[:6], monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_every_tutorial_prints_what_it_prints_with_matplotlib(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same_as_with_matplotlib(path, cells(path), monkeypatch)


def test_every_cell_of_the_tutorials_is_shown_so_that_it_can_be_run() -> None:
    assert all("remove-input" not in path.read_text("utf-8") for path in TUTORIALS)
    assert all("remove-cell" not in path.read_text("utf-8") for path in TUTORIALS)
