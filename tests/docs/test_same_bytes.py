"""What a built page would tell of its builder is left out, and found where it is not."""

import doctest
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from docs._ext import same_bytes

ROOT = Path(__file__).resolve().parents[2]


def test_examples() -> None:
    assert doctest.testmod(same_bytes).failed == 0


def test_a_time_whose_unit_stands_on_the_next_line() -> None:
    assert same_bytes.without_times("decided exactly; 2.07\n    s") == same_bytes.without_times(
        "decided exactly; 0.94\n    s"
    )


def test_a_time_that_colours_divide_from_its_unit() -> None:
    faint = "504 otherwise; 1.67\n\x1b[2m           \x1b[0ms\n\x1b[32m0.9\x1b[0m s"
    assert same_bytes.without_times(faint) == "504 otherwise; …\n\x1b[2m           \x1b[0ms\n\x1b[32m…\x1b[0m s"


def test_streams_stay_apart_and_other_outputs_where_they_are() -> None:
    said = [("stdout", "a"), ("stderr", "warned\n"), ("stdout", "b\n")]
    outputs = [{"output_type": "stream", "name": name, "text": text} for name, text in said]
    outputs.insert(1, {"output_type": "display_data"})
    found = same_bytes.joined(outputs)
    assert [each.get("text", "shown") for each in found] == ["ab\n", "shown", "warned\n"]


def test_two_runs_print_the_same() -> None:
    fast = "claim-a      holds      0.9 s  \nclaim-b      holds     10.1 s\n2 claims hold; 11.0 s"
    slow = "claim-a      holds      1.4 s\nclaim-b      holds      9.7 s \n2 claims hold; 9.8 s"
    assert same_bytes.without_times(fast) == same_bytes.without_times(slow)


@pytest.mark.parametrize("said", ["N = 0.5", "60 s", "1/2 s", "3.25 ms", "version 0.2.0 stands"])
def test_numbers_that_are_no_measured_seconds_stay(said: str) -> None:
    assert same_bytes.without_times(said) == said


def test_a_folder_whose_name_only_begins_alike_is_no_finding() -> None:
    assert same_bytes.telling("see /home/me/clone-2/docs", Path("/home/me/clone")) == []
    assert same_bytes.telling("see /home/me/clone", Path("/home/me/clone")) == ["/home/me/clone"]


def test_style_sheets_that_are_written_last_are_not_there_when_pages_are(tmp_path: Path) -> None:
    static = tmp_path / "_static"
    static.mkdir()
    for name in ("mystnb.0a1b.css", "proof.css", "extra.css"):
        (static / name).write_text("")
    app: Any = SimpleNamespace(outdir=str(tmp_path))
    same_bytes._as_in_a_first_build(app)
    assert [each.name for each in static.iterdir()] == ["extra.css"]


def test_signatures_of_commands_have_types_and_nothing_of_typer() -> None:
    pytest.importorskip("sphinx")
    from sphinx.util import inspect  # noqa: PLC0415

    from proofs_check.cli import commands  # noqa: PLC0415

    before = inspect.stringify_signature(inspect.signature(commands.run))
    app: Any = SimpleNamespace(config=SimpleNamespace(autodoc_typehints_format="short"))
    after = same_bytes._without_metadata(app, "function", "run", commands.run, None, before, "None")
    assert "typer.models" in before
    assert after is not None
    assert "seed: int = 7" in after[0]
    assert "typer" not in after[0]


def test_pages_are_cleaned_where_they_are_signatures_or_printed() -> None:
    pytest.importorskip("sphinx")
    from docutils import nodes  # noqa: PLC0415
    from docutils.utils import new_document  # noqa: PLC0415
    from sphinx.addnodes import desc_signature  # noqa: PLC0415

    page = new_document("page")
    signature = desc_signature("", f"PATH = PosixPath('{ROOT}/reference')")
    printed = nodes.container("", nodes.literal_block("0.3 s", "0.3 s"), nb_element="cell_code_output")
    page += [signature, printed, nodes.paragraph("", "it took 0.3 s")]
    app: Any = SimpleNamespace(srcdir=str(ROOT / "docs"))
    same_bytes._clean(app, page)
    assert page.astext().split("\n\n") == ["PATH = PosixPath('reference')", "… s", "it took 0.3 s"]
    assert printed[0].rawsource == "… s"
