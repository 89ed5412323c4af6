"""Each test has a development of its own."""

from pathlib import Path

import pytest

from tests.proofs_check.coq.development import Development


@pytest.fixture
def development(tmp_path: Path) -> Development:
    return Development(tmp_path)
