"""The C limit: ``limit.c``, compiled when it is asked for and linked with the FLINT in python-flint's wheel.

Where there is no compiler, or no such FLINT, one line says so in place of a library.
"""

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import flint
from flint import fmpq
from frame import SECONDS, Row, check, compare, fastest

T = TypeVar("T")

Library = ctypes.CDLL

SOURCE = Path(__file__).with_name("limit.c")

_DIGITS = 4096
"""Room for the text of a number."""


@cache
def library() -> Library | str:
    """Return the library, or the line that says why there is none."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return "no C compiler"
    bundled = sorted((Path(flint.__file__).parents[1] / "python_flint.libs").glob("libflint-*.so*"))
    if len(bundled) != 1:
        return "no FLINT in a wheel of python-flint"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "limit.so"
        flags = ["-O2", "-shared", "-fPIC", f"-Wl,-rpath,{bundled[0].parent}"]
        command = [compiler, *flags, "-o", str(target), str(SOURCE), str(bundled[0])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"it does not compile: {(done.stderr.splitlines() or ['no message'])[0]}"
        return Library(str(target))


def tree(c: Library, draws: int, weights: Sequence[int]) -> list[fmpq]:
    """Return the masses of the sums of so many draws of 0, 1, ... with these weights, each leaf a product."""
    numbers, total = _longs(draws, len(weights)), ctypes.c_long(sum(weights))
    return _numbers(draws * (len(weights) - 1) + 1, lambda texts: c.tree(*numbers, _array(weights), total, texts))


def chain(
    c: Library, draws: int, rows: Sequence[Sequence[int]], end: int, enough: int, *, merged: bool = True
) -> list[fmpq]:
    """Return the masses of the last symbols of the chain with these rows of weights."""
    run = c.chain if merged else c.unmerged_chain
    flat = _array([weight for row in rows for weight in row])
    last = _longs(sum(rows[0]), end, enough)
    return _numbers(len(rows), lambda texts: run(*_longs(draws, len(rows)), flat, *last, texts))


def spanner(table: Sequence[Sequence[int]], C: int) -> Callable[[Library], tuple[int, ...]]:
    """Return the function that says which of the vectors, already handed over, are chosen."""
    flat = _array([entry for row in table for entry in row])

    def chosen(c: Library) -> tuple[int, ...]:
        indices = _array([0] * len(table[0]))
        c.spanner(*_longs(len(table), len(table[0])), flat, ctypes.c_long(C), indices)
        return tuple(indices)

    return chosen


def limit_row(work: str, ours: Callable[[], T], in_c: Callable[[Library], T], limit: float | None = None) -> Row:
    """Return the row of ours beside C, which is repeated until it takes as long; both sides return the same."""
    c = library()
    if isinstance(c, str):
        return Row(work, f"C on the same FLINT ({c})", fastest(ours)[0], None, limit=limit)
    check(agree=ours() == in_c(c), work=work)
    once, in_c_once = fastest(ours, lambda: in_c(c), seconds=SECONDS / 10)
    times = max(1, round(once / in_c_once))
    seconds, in_c_seconds = compare(ours, lambda: [in_c(c) for _ in range(times)])
    return Row(work, "C on the same FLINT", seconds, in_c_seconds / times, limit=limit)


def _numbers(count: int, write: Callable[[Any], object]) -> list[fmpq]:
    """Return the numbers that C writes as texts."""
    buffers = [ctypes.create_string_buffer(_DIGITS) for _ in range(count)]
    write((ctypes.c_void_p * count)(*map(ctypes.addressof, buffers)))
    return [fmpq(*map(int, buffer.value.split(b"/"))) for buffer in buffers]


def _longs(*values: int) -> list[ctypes.c_long]:
    return [ctypes.c_long(value) for value in values]


def _array(values: Sequence[int]) -> ctypes.Array[ctypes.c_long]:
    return (ctypes.c_long * len(values))(*values)
