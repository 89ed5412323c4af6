"""What the README shows is what happens."""

import contextlib
import io
import re
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_the_python_example_prints_what_its_comments_say() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})  # noqa: S102 (our own README)
    expected = re.findall(r"^print.*\)\s+# (.*)$", code, re.MULTILINE)
    assert len(expected) >= 4
    assert printed.getvalue().splitlines() == expected


def test_the_commands_come_first() -> None:
    assert README.index("$ make verify") < README.index("$ make test") < README.index("##")
