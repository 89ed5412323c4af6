"""Small files with logits as other programs write them, and what is made of them."""

import io
import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import reference as ref
from reference.catalog import InstanceError, parse_linear
from reference.catalog.logits import Imported, LogitsImport, RewardChoice, Wanted, imported_logits

ONE = RewardChoice(at=(("#0", "1"),))
"""The first outcome is rewarded."""


def made(path: Path, rewards: RewardChoice = ONE, **options: Any) -> Imported:  # noqa: ANN401 - of several types
    wanted = Wanted(**{key: options.pop(key) for key in ("key", "row", "dtype", "choice") if key in options})
    return imported_logits(LogitsImport(path, rewards, wanted, **options))


def base(path: Path, rewards: RewardChoice = ONE, **options: Any) -> ref.LinearProblem:  # noqa: ANN401 - as above
    return parse_linear(made(path, rewards, **options).text)


def refusal(path: Path, rewards: RewardChoice = ONE, **options: Any) -> str:  # noqa: ANN401 - as above
    """What the line says after the name of the file."""
    try:
        made(path, rewards, **options)
    except InstanceError as error:
        text = str(error)
        assert text.isprintable()
        assert text.startswith(f"{path}: ")
        return text.removeprefix(f"{path}: ")
    msg = f"{path} was taken"
    raise AssertionError(msg)


def npy(array: Any) -> bytes:  # noqa: ANN401 - any array
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def npy_of(header: str, cells: bytes = b"", version: int = 1) -> bytes:
    """An array with a header of one's own."""
    text = header.encode("latin-1") + b"\n"
    length = len(text).to_bytes(2 if version == 1 else 4, "little")
    return b"\x93NUMPY" + bytes([version, 0]) + length + text + cells


def npz(*, compressed: bool = False, **arrays: Any) -> bytes:  # noqa: ANN401 - any array
    file = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, **arrays)
    return file.getvalue()


def tensors(cells: bytes = b"", **header: object) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + cells


def tensor(dtype: str, shape: Sequence[int], cells: bytes) -> bytes:
    return tensors(cells, logits={"dtype": dtype, "shape": list(shape), "data_offsets": [0, len(cells)]})


def lines(*records: object) -> bytes:
    return "".join(f"{json.dumps(record)}\n" for record in records).encode()


def chat(*places: Sequence[tuple[str, float]]) -> dict[str, object]:
    """What OpenAI, vLLM, llama.cpp, Ollama answer in a chat."""
    content = [
        {
            "token": row[0][0],
            "logprob": row[0][1],
            "bytes": list(row[0][0].encode()),
            "top_logprobs": [{"token": token, "logprob": value, "bytes": None} for token, value in row],
        }
        for row in places
    ]
    return {"id": "x", "object": "chat.completion", "choices": [{"index": 0, "logprobs": {"content": content}}]}
