"""Pages with cells are read again when the code has changed, and only then."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from docs._ext import fresh_cells


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {
        "reference/model.py": "x = 1",
        "docs/plain.md": "text",
        "docs/cells.md": "```{code-cell} ipython3\n1\n```",
        "docs/_build/made.json": "{}",
        "proofs_check/coq/audited.json": "{}",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.setattr(fresh_cells, "digest", lambda: REAL(tmp_path))
    return tmp_path


REAL = fresh_cells.digest


def outdated(root: Path, environment: SimpleNamespace) -> list[str]:
    environment.found_docs = {"plain", "cells"}
    environment.doc2path = lambda name: str(root / "docs" / f"{name}.md")
    return fresh_cells._outdated(None, environment)


def test_pages_with_cells_are_read_again_when_the_code_changes(root: Path) -> None:
    environment = SimpleNamespace()
    assert outdated(root, environment) == ["cells"]
    assert outdated(root, environment) == []
    (root / "reference" / "model.py").write_text("x = 2", "utf-8")
    assert outdated(root, environment) == ["cells"]
    assert outdated(root, environment) == []


@pytest.mark.parametrize("name", ["docs/_build/made.json", "proofs_check/coq/audited.json", "docs/plain.md"])
def test_what_is_built_and_local_audits_and_texts_change_nothing(root: Path, name: str) -> None:
    environment = SimpleNamespace()
    outdated(root, environment)
    (root / name).write_text("other", "utf-8")
    assert outdated(root, environment) == []
