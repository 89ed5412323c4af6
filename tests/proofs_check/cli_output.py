"""What a command prints, for tests of the command line."""

import json

import pytest

from proofs_check.cli import main


def loaded(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, object]:
    assert main([*arguments, "--json"]) == code
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, arguments: list[str]
) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(arguments) == 0
    return capsys.readouterr().out
