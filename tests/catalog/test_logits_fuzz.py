"""Whatever the bytes, the readers of logits make an instance or say one line, soon and without much memory.

Changed files of every kind, from a seed: bytes flipped, cut, doubled, and the numbers that headers are made of put in
their place.
"""

import random
import resource
import time
from pathlib import Path

import numpy as np
import pytest

from reference.catalog import InstanceError
from reference.catalog.logits import LogitsImport, RewardChoice, imported_logits
from tests.catalog.logit_files import chat, lines, npy, npz, tensor
from tests.catalog.test_logits_records import ANSWERS

ROW = np.array([0.5, -1.25, 2.0], dtype=np.float32)

KINDS: dict[str, list[bytes]] = {
    "npy": [npy(ROW), npy(ROW.astype(np.float16).reshape(1, 3)), npy(ROW.astype(">f8")), npy(np.array([None, 1]))],
    "npz": [npz(logits=ROW), npz(compressed=True, logits=ROW, a=np.arange(4)), npz(logits=ROW.reshape(3, 1, 1))],
    "safetensors": [tensor("F32", [3], ROW.tobytes()), tensor("BF16", [1, 2], b"\x80\x3f\0\xc0")],
    "jsonl": [*(lines(answer) for answer in ANSWERS.values()), lines(chat([("a", -1.0), ("b", -2.5)])) * 2],
}  # fmt: skip

PIECES = [
    b"\0", b"\xff", b"\xff\xff\xff\xff", b"\0\0\0\0\0\0\0\x80", b"{", b"[", b"}", b"]", b'"', b"'", b",", b"(", b")",
    b"1000000000", b"9" * 400, b"-1", b"1e999", b"NaN", b"null", b"true", b"PK\x05\x06", b"PK\x01\x02", b"\x93NUMPY",
    b"|O", b"<f4", b">f2", b"|V2", b"<U4", b"F32", b"BF16", b"\\ud800", b"\n", b"shape", b"data_offsets", b"logprob",
]  # fmt: skip


def changed(raw: bytes, source: random.Random) -> bytes:
    """A file with a few changes."""
    data = bytearray(raw)
    for _ in range(source.choice((1, 1, 2, 4))):
        place = source.randrange(len(data) + 1)
        match source.randrange(6):
            case 0:
                data[place:] = b""
            case 1 if data:
                data[min(place, len(data) - 1)] ^= 1 << source.randrange(8)
            case 2:
                data[place:place] = source.choice(PIECES)
            case 3:
                piece = source.choice(PIECES)
                data[place : place + len(piece)] = piece
            case 4:
                data[place : place + source.randrange(1, 9)] = b""
            case _:
                end = place + source.randrange(1, 40)
                data[place:place] = data[place:end]
        if not data:
            return b""
    return bytes(data)


def survives(path: Path, raw: bytes) -> bool:
    """Read a file; return whether an instance was made of it."""
    path.write_bytes(raw)
    try:
        text = imported_logits(LogitsImport(path, RewardChoice(at=(("#0", "1"),)))).text
    except InstanceError as error:
        said = str(error)
        assert said.isprintable(), raw
        assert len(said) < 2000, raw
        return False
    return text.startswith("{")


def fuzz(kind: str, count: int, path: Path) -> tuple[int, float]:
    """Return how many of so many files were taken, and the seconds of the slowest."""
    source, taken, slowest = random.Random(f"{kind} {count}"), 0, 0.0  # noqa: S311 - changes, not cryptography
    for _ in range(count):
        raw = changed(source.choice(KINDS[kind]), source)
        start = time.process_time()
        taken += survives(path, raw)
        slowest = max(slowest, time.process_time() - start)
    return taken, slowest


def of_kind(kind: str, path: Path, count: int) -> None:
    taken, slowest = fuzz(kind, count, path)
    assert 0 < taken < count  # some changes do no harm, some do
    assert slowest < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 4 << 20  # KiB; of the whole test process


@pytest.mark.parametrize("kind", KINDS)
def test_changed_files(kind: str, tmp_path: Path) -> None:
    of_kind(kind, tmp_path / "fuzzed", 250)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_thousand_changed_files(kind: str, tmp_path: Path) -> None:
    of_kind(kind, tmp_path / "fuzzed", 100_000)
