"""The audit of certified needle games: a changed digit, game or checker loses the certificate."""

import subprocess
from pathlib import Path

import pytest

from proofs_check.ledger import coq
from tests.proofs_check.coq.deciding import committed, decided
from tests.proofs_check.coq.development import NEEDS_COQ

pytestmark = NEEDS_COQ

NAME = "needle-game-3-2"
GAME = (coq.FOLDER / "games" / f"{NAME}.game").read_text(encoding="utf-8")
CERTIFICATE = committed(NAME)


def answer(build: Path, folder: Path, certificate: str, game: str = GAME) -> list[str] | str:
    return decided(build, folder, certificate, game, f"{NAME}.game")


def test_the_committed_file_passes(build: Path, tmp_path: Path) -> None:
    assert answer(build, tmp_path, CERTIFICATE) == ["Values"]


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
    assert "the kernel refuses it" in answer(build, tmp_path, CERTIFICATE.replace(old, new))


def test_a_changed_game_is_seen(build: Path, tmp_path: Path) -> None:
    changed = GAME.replace('"C": "2"', '"C": "3"')
    assert "its game is not that of the file" in answer(build, tmp_path, CERTIFICATE, changed)


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
