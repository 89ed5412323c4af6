"""The audit of certified needle games: a changed digit, game or checker loses the certificate."""

import subprocess
import sys
from pathlib import Path

import pytest

from proofs_check.ledger import coq
from tests.proofs_check.coq.development import NEEDS_COQ

pytestmark = NEEDS_COQ

GAME = (coq.FOLDER / "games" / "needle-game-3-2.game").read_text(encoding="utf-8")
CERTIFICATE = (coq.FOLDER / "certified" / "needle_game_3_2.v").read_text(encoding="utf-8")
RUN = """
import sys
from pathlib import Path
import certificates
found = certificates.audit(*map(Path, sys.argv[1:]))
print("\\n".join(f"{name}: {problem}" for name, problem in found), certificates.summary(found), sep="\\n")
"""


def audited(build: Path, folder: Path, certificate: str, game: str = GAME) -> list[str]:
    for part in ("certified", "games"):
        (folder / part).mkdir()
    (folder / "certified" / "needle_game_3_2.v").write_text(certificate, encoding="utf-8")
    (folder / "games" / "needle-game-3-2.game").write_text(game, encoding="utf-8")
    command = [sys.executable, "-c", RUN, str(build), str(folder / "certified"), str(folder / "games")]
    done = subprocess.run(command, cwd=coq.FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_committed_file_passes(build: Path, tmp_path: Path) -> None:
    assert audited(build, tmp_path, CERTIFICATE) == [
        "certified needle-game-3-2: Values: None",
        "1 verdicts on 0 instances, 1 games certified, 0 computed",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[:: 1; (3#4); (2#3)]", "[:: 1; (3#4); (3#4)]"),  # no move promises so much
        ("[:: 1; (3#4); (2#3)]", "[:: 1; (3#4); (1#3)]"),  # a draw promises more
        ("[:: 1; (1#2); (1#3)]", "[:: 1; (1#2); (2#3)]"),  # without a query it is a guess
        ("[:: 1; (1#2); (1#3)]", "[:: 1; (1#2)]"),  # a value is missing
    ],
)
def test_a_changed_value_is_refused_by_the_kernel(build: Path, tmp_path: Path, old: str, new: str) -> None:
    assert CERTIFICATE.count(old) == 1
    first, last = audited(build, tmp_path, CERTIFICATE.replace(old, new))
    assert "the kernel refuses it" in first
    assert last == "0 verdicts on 0 instances certified, 0 computed"


def test_a_changed_game_is_seen(build: Path, tmp_path: Path) -> None:
    first, _ = audited(build, tmp_path, CERTIFICATE, GAME.replace('"C": "2"', '"C": "3"'))
    assert "its game is not that of the file" in first


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[&& Qle_bool q1 w, ", "[&& true, "),
        ("then Qle_bool (drawn n' m s) w else true", "then true else true"),
        ("[|| Qeq_bool w q1, ", "[|| true, "),
        ("Qle_bool (needle g) q1", "true"),
    ],
)
def test_a_checker_that_accepts_too_much_has_no_soundness_theorem(
    build: Path, tmp_path: Path, old: str, new: str
) -> None:
    text = (build / "cert_game.v").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "cert_game.v").write_text(text.replace(old, new), encoding="utf-8")
    command = ["coqc", "-q", "-w", "none", "-R", str(build), "Spanner", "cert_game.v"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0
