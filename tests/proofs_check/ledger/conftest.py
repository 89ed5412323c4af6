"""A copy of the Coq development's folder, beside which a record can lie."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from proofs_check.ledger import coq
from tests.proofs_check.ledger.auditing import forget


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the development's folder, so that a record can lie beside it."""
    for name in coq.digests():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((coq.FOLDER / name).read_bytes())
    monkeypatch.setattr(coq, "FOLDER", tmp_path)
    forget()
    yield tmp_path
    forget()
