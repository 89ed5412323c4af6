"""The tutorials: one for each result, first on the site, short, with figures to take along, and notebooks that run."""

import ast
import doctest
import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "_ext"))
import notebooks

from proofs_check.exercises import RESULTS, all_exercises

DOCS = Path(__file__).parents[2] / "docs"
INDEX = (DOCS / "index.md").read_text("utf-8")
SEMINAR = (DOCS / "how-to" / "give-a-seminar.md").read_text("utf-8")
FOUR = ("coverage-bounds-compute", "spanner-in-the-plane", "commit-before-the-prompt", "token-by-token")
OLD = "from-base-model-to-spanner"
TEXT = {name: (DOCS / "tutorials" / f"{name}.md").read_text("utf-8") for name in (*FOUR, OLD)}


def macros() -> dict[str, str]:
    """Return the macros of formulas, read off the configuration."""
    configured = next(
        node.value
        for node in ast.parse((DOCS / "conf.py").read_text("utf-8")).body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "mathjax3_config"
    )
    found = ast.literal_eval(configured)["tex"]["macros"]
    return {name: meaning for name, meaning in found.items() if isinstance(meaning, str)}


def cells(name: str) -> list[tuple[str, str]]:
    """Return the cells of the notebook of a page, as kinds and sources."""
    made = json.loads(notebooks.notebook(TEXT[name], macros()))
    assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])
    return [(cell["cell_type"], cell["source"]) for cell in made["cells"]]


def test_the_four_results_come_first() -> None:
    lists = re.findall(r"^:caption: (.*)\n\n((?:[\w/-]+\n)+)", INDEX, re.MULTILINE)
    assert [caption for caption, _ in lists[:2]] == ["The four results", "How to"]
    assert lists[0][1].split()[:4] == [f"tutorials/{name}" for name in FOUR]
    assert lists[-1][0] == "Reference"
    listed = {page for _, pages in lists for page in pages.split()}
    for folder in ("tutorials", "how-to", "explanation"):
        for path in (DOCS / folder).glob("*.md"):
            assert f"{folder}/{path.stem}" in listed


@pytest.mark.parametrize(("name", "result"), list(zip(FOUR, RESULTS, strict=True)), ids=FOUR)
def test_a_tutorial_has_its_result_its_theorem_its_exercises_and_a_figure(name: str, result: object) -> None:
    text = TEXT[name]
    assert text.index("**The result.**") < text.index("\n## ")
    named = re.findall(r"^\| `([\w-]+)` \| (\w+) \|", text, re.MULTILINE)
    assert named == [(each.name, each.level) for each in all_exercises() if each.result == result]
    assert "`spanner exercise NAME FILE`" in text
    assert re.search(r"\{prf:ref\}`fmr25-theorem-\d-1`", text)
    assert text.count("\n> ") == 1  # the sentence to take home
    assert "name=" in text
    said = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert len(said.split()) < 900  # ten minutes, with the figures


def test_what_is_handed_out_is_made_and_what_is_made_is_handed_out() -> None:
    figures = {name for text in TEXT.values() for name in re.findall(r'^ +name="([\w-]+)",$', text, re.MULTILINE)}
    linked = re.findall(r"\{handout\}`(?:[^`<]+<)?([\w.-]+)>?`", SEMINAR)
    assert len(set(linked)) == len(linked)
    assert set(linked) == {f"{f}.{kind}" for f in figures for kind in ("svg", "pdf")} | {f"{n}.ipynb" for n in TEXT}
    configured = re.findall(r'^        "([\w-]+)",$', (DOCS / "conf.py").read_text("utf-8"), re.MULTILINE)
    assert configured == list(TEXT)


def test_the_seminar_takes_ninety_minutes() -> None:
    minutes = [int(number) for number in re.findall(r"^\| (\d+) \|", SEMINAR, re.MULTILINE)]
    assert minutes == sorted(set(minutes))
    assert minutes[0] == 0
    assert 80 <= minutes[-1] <= 86
    names = {each.name for each in all_exercises()}
    assert set(re.findall(r"\*Exercise[^*]*\*:? `([\w-]+)`", SEMINAR)) <= names


def test_examples() -> None:
    assert doctest.testmod(notebooks).failed == 0


@pytest.mark.parametrize("name", TEXT)
def test_a_notebook_has_the_page_and_nothing_that_only_sphinx_reads(name: str) -> None:
    found = cells(name)
    code = [source for kind, source in found if kind == "code"]
    assert len(code) == TEXT[name].count("```{code-cell}")
    for source in code:
        ast.parse(source)
        assert "from figures" not in source
        assert "from tables" not in source
        assert not source.startswith(":tags:")
    words = "\n".join(source for kind, source in found if kind == "markdown")
    assert not re.search(r"\{[\w:]+\}`|^:::|^```\{|^:label:", words, re.MULTILINE)
    assert not re.search("|".join(rf"\\{macro}(?![A-Za-z])" for macro in macros()), words)
    assert not re.search(r"\\(inner|norm|ind)(?![A-Za-z])", words)
    assert words.count("\n# ") == 1
    assert TEXT[name].count("\n| ") == words.count("\n| ")


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXT)
def test_a_notebook_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbclient = pytest.importorskip("nbclient", reason="needs the extra docs")
    nbformat = pytest.importorskip("nbformat", reason="needs the extra docs")
    monkeypatch.delenv("SPANNER_HANDOUTS", raising=False)
    made = nbformat.reads(notebooks.notebook(TEXT[name], macros()), as_version=4)
    nbformat.validate(made)
    nbclient.NotebookClient(made, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in made.cells if cell.cell_type == "code" for output in cell.outputs]
    images = [output for output in shown if "image/png" in output.get("data", {})]
    assert len(images) == TEXT[name].count("plt.subplots(")
