"""Worked harnesses pass, and each vector is a test under pytest."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest

from proofs_check.cli import main
from proofs_check.conformance.kit import Kit
from reference.conformance.functions import FUNCTIONS
from tests.conformance.grading import EXAMPLES, SHIFTED
from tests.conformance.small_kit import VECTORS


def passes(spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["grade", spec])
    assert code == 0, capsys.readouterr().out


def test_the_example_in_python_passes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numpy")
    monkeypatch.chdir(EXAMPLES)
    passes("python:impl:Oracle", capsys)


@pytest.mark.skipif(which("node") is None, reason="node is not installed")
def test_the_example_in_javascript_passes(capsys: pytest.CaptureFixture[str]) -> None:
    passes(f"command:node '{EXAMPLES / 'impl.mjs'}'", capsys)


@pytest.mark.skipif(which("cc") is None, reason="there is no C compiler")
def test_the_example_in_c_passes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    program = tmp_path / "impl"
    subprocess.run(["cc", "-O1", "-Wall", "-Werror", "-o", program, EXAMPLES / "impl.c", "-lm"], check=True)
    passes(f"command:'{program}'", capsys)


def test_the_small_kit_has_each_kind_of_answer() -> None:
    assert {FUNCTIONS[name].result for name in VECTORS} == {"number", "law", "integer", "boolean", "certificate"}
    assert Kit.of(["softmax"]).vectors("softmax")


def pytest_run(tmp_path: Path, *arguments: str) -> str:
    line = [sys.executable, "-m", "pytest", "-p", "proofs_check.conformance.plugin", "-p", "no:cacheprovider", "-q"]
    environment = {
        "PYTHONPATH": str(EXAMPLES.parents[1]),
        "PATH": "/usr/bin:/bin",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    run = subprocess.run(
        [*line, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    return run.stdout + run.stderr


def test_the_plugin_makes_a_test_of_each_vector(kit: Path, module: Callable[..., str], tmp_path: Path) -> None:
    spec = module(SHIFTED)
    arguments = ["--spanner-impl", spec, "--spanner-vectors", str(kit)]
    assert "1 failed, 5 deselected" in pytest_run(tmp_path, *arguments, "-k", "OffSupport")
