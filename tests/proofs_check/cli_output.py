"""What a command prints, for tests of the command line."""

import json
from functools import reduce
from operator import or_
from typing import Any

import msgspec
import pytest

from proofs_check.cli import main
from proofs_check.cli.formats.registry import FORMATS

TWO_ARMS = ["run", "spanner-sampling", "two-arms", "--param", "M=1", "--param", "delta=1"]

DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(reduce(or_, FORMATS.values()))


def document(text: str) -> dict[str, Any]:
    """Return a document, after it was read strictly as one of the formats: no key more, none less, each of its type."""
    DECODER.decode(text)
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def loaded(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == code
    return document(capsys.readouterr().out)


def printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, arguments: list[str]
) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(arguments) == 0
    return capsys.readouterr().out
