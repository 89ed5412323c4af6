"""The pages on samplers and transforms run, and their judge sees what they say it sees."""

import contextlib
import io
import re
from pathlib import Path

import pytest

HOW_TO = Path(__file__).parents[2] / "docs/how-to"


def printed(text: str) -> list[str]:
    """Run the cells of a page, or a part of it, and return the lines that they print."""
    code = "\n".join(re.findall(r"```\{code-cell\} ipython3\n(?::tags:[^\n]*\n)?(.*?)```", text, re.DOTALL))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "page", "exec"), {})  # noqa: S102 (our own page)
    return out.getvalue().splitlines()


def test_a_million_draws_show_what_two_thousand_hide() -> None:
    guide = (HOW_TO / "test-your-implementation.md").read_text("utf-8")
    lines = printed("".join(part for part in guide.split("\n## ") if part.startswith(("Numbers:", "Samplers:"))))
    assert any(re.fullmatch(r"verdict +not refuted", line) for line in lines)  # the softmax sampler
    right, again, small, large = lines[-6:-2]
    assert [right, again] == ["bisect_right 2000 not refuted", "bisect_right 1000000 not refuted"]
    assert small == "bisect_left 2000 not refuted"
    assert re.fullmatch(r"bisect_left 1000000 refuted: outcome 0 is off the support; draws of it: \d+", large)
    assert [line.split()[0] for line in lines[-2:]] == ["True", "True"]


def test_a_sampler_and_a_row_of_logits_get_a_verdict() -> None:
    lines = printed((HOW_TO / "judge-a-sampler.md").read_text("utf-8"))
    verdicts = [line.split(maxsplit=1)[1] for line in lines if line.startswith("verdict")]
    assert verdicts == ["not refuted", "refuted", "refuted", "refuted"]
    rivals = [line.split(maxsplit=1)[1] for line in lines if line.startswith("rival")]
    assert rivals[0] == "the law at temperature 32/31"
    assert rivals[1] == "outcome 2 is off the support; draws of it: 1"
    assert rivals[2].startswith("outcome (0, 74) is off the support")  # a query too few
    assert lines[-1].endswith("10000 10000")


@pytest.mark.parametrize("line", ["True 3/4 Law({'a': 1})", "Law({'a': 2/3, 'b': 1/3}) 1/6 1/4", "False"])
def test_transforms_are_as_worked_by_hand(line: str) -> None:
    assert line in printed((HOW_TO.parent / "reference/transforms.md").read_text("utf-8"))
