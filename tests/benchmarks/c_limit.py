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
from typing import Any

import flint
from flint import fmpq

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


def chain(c: Library, draws: int, rows: Sequence[Sequence[int]], end: int, enough: int) -> list[fmpq]:
    """Return the masses of the last symbols of the chain with these rows of weights."""
    flat = _array([weight for row in rows for weight in row])
    last = _longs(sum(rows[0]), end, enough)
    return _numbers(len(rows), lambda texts: c.chain(*_longs(draws, len(rows)), flat, *last, texts))


def _numbers(count: int, write: Callable[[Any], object]) -> list[fmpq]:
    """Return the numbers that C writes as texts."""
    buffers = [ctypes.create_string_buffer(_DIGITS) for _ in range(count)]
    write((ctypes.c_void_p * count)(*map(ctypes.addressof, buffers)))
    return [fmpq(*map(int, buffer.value.split(b"/"))) for buffer in buffers]


def _longs(*values: int) -> list[ctypes.c_long]:
    return [ctypes.c_long(value) for value in values]


def _array(values: Sequence[int]) -> ctypes.Array[ctypes.c_long]:
    return (ctypes.c_long * len(values))(*values)
