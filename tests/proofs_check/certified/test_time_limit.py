"""The audit's limit is on computing, not on the clock: a busy machine loses no certificate."""

import sys
from pathlib import Path

import pytest

from proofs_check.certified import kernel_check  # noqa: F401 - for the path

import certificates  # isort: skip - a script of the audit


def test_a_process_that_waits_is_in_time_and_one_that_computes_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = "import time; time.sleep(0.5)"
    computes = "import time\nwhile time.process_time() < 3: pass"  # and then ends well
    monkeypatch.setattr(certificates, "PATIENCE", 50)
    assert certificates._run([sys.executable, "-c", waits], tmp_path, 1) is not None
    assert certificates._run([sys.executable, "-c", computes], tmp_path, 1) is None
    assert certificates._run([sys.executable, "-c", computes], tmp_path, 10) is not None
    monkeypatch.setattr(certificates, "PATIENCE", 1)
    assert certificates._run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, 1) is None
