"""A small kit, modules to grade, and ``spanner grade`` on them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from proofs_check.cli import main
from tests.conformance.grading import Grade
from tests.conformance.small_kit import write_kit


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    folder = tmp_path / "kit"
    folder.mkdir()
    return write_kit(folder)


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    monkeypatch.chdir(tmp_path)

    def written(source: str, name: str = "small_impl") -> str:
        (tmp_path / f"{name}.py").write_text(source, "utf-8")
        return f"python:{name}"

    return written


@pytest.fixture
def graded(kit: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Grade:
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["grade", *arguments, "--vectors", str(kit)])
        found = capsys.readouterr()
        return code, found.out, found.err

    return run
