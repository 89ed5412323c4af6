"""A cell that fails while the pages are built: its page, the cell and the traceback are named, other pages go on."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PAGE = """---
file_format: mystnb
kernelspec:
  name: python3
---

# {title}

```{{code-cell}} ipython3
def share(part, whole):
    return part / whole


share(1, {whole})
```
"""


def test_a_failing_cell_is_named_with_its_page_and_traceback(tmp_path: Path) -> None:
    pytest.importorskip("myst_nb")
    settings = [line for line in (ROOT / "docs/conf.py").read_text("utf-8").splitlines() if line.startswith("nb_exec")]
    assert settings
    (tmp_path / "conf.py").write_text("\n".join(['extensions = ["myst_nb"]', *settings]), "utf-8")
    (tmp_path / "index.md").write_text("# Pages\n\n```{toctree}\nwhole\nbroken\n```\n", "utf-8")
    (tmp_path / "whole.md").write_text(PAGE.format(title="Whole", whole=2), "utf-8")
    (tmp_path / "broken.md").write_text(PAGE.format(title="Broken", whole=0), "utf-8")
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going", str(tmp_path), "built"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    for named in ("broken.md", "share(1, 0)", "return part / whole", "ZeroDivisionError"):
        assert named in done.stderr
    assert "whole.md" not in done.stderr
    assert ">0.5\n" in (tmp_path / "built" / "whole.html").read_text("utf-8")
