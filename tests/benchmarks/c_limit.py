"""The C limit: ``limit.c``, compiled when it is asked for and linked with the FLINT in python-flint's wheel.

Where there is no compiler, or no such FLINT, one line says so in place of a library.
"""

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain as joined
from operator import eq
from pathlib import Path
from typing import Any, TypeVar

import flint
from flint import arb, ctx, fmpq
from frame import SECONDS, Row, check, compare, fastest

T = TypeVar("T")

Library = ctypes.CDLL

SOURCE = Path(__file__).with_name("limit.c")

_DIGITS = 4096
"""Room for the text of a number."""

_LONG = 1 << 24
"""Room for those of a polynomial."""


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


def spanner(table: Sequence[Sequence[int]], C: int, *, looped: bool = False) -> Callable[[Library], tuple[int, ...]]:
    """Return the function that says which of the vectors, already handed over, are chosen.

    ``looped``: each coefficient is a sum of products of FLINT's integers, one after the other; else all come from
    FLINT's product of matrices, which computes with machine words where they are enough.
    """
    flat = _array([entry for row in table for entry in row])

    def chosen(c: Library) -> tuple[int, ...]:
        indices = _array([0] * len(table[0]))
        c.spanner(*_longs(len(table), len(table[0])), flat, *_longs(C, looped), indices)
        return tuple(indices)

    return chosen


def enclosed_sum(terms: Sequence[tuple[fmpq, fmpq]], prec: int, *, told: bool = True) -> Callable[[Library], arb]:
    """Return the function that encloses a sum of ``coefficient exp(exponent)``, already handed over, term by term.

    ``told``: with its ball, read from a text; else it is only computed, which is what is timed.
    """
    flat = _array([int(n) for c, q in terms for n in (c.p, c.q, q.p, q.q)])

    def enclosed(c: Library) -> arb:
        text = ctypes.create_string_buffer(_DIGITS) if told else None
        c.exp_sum(*_longs(len(terms)), flat, *_longs(prec), text, *_longs(_DIGITS))
        with ctx.workprec(prec):
            return arb("nan" if text is None else text.value.decode())

    return enclosed


def folded(
    sums: Sequence[tuple[int, Sequence[tuple[int, int]]]], *, told: bool = True
) -> Callable[[Library], tuple[int, list[int]]]:
    """Return the function that multiplies sums of ``coefficient exp(place / lattice)``, already handed over, in turn.

    ``sums``: of each its lattice, and pairs of coefficient and place, from 0.  What is found is the lattice of all and
    the coefficients on it, which are left out unless ``told``.
    """
    flat = _array([n for lattice, terms in sums for n in (lattice, len(terms), *joined.from_iterable(terms))])

    def product(c: Library) -> tuple[int, list[int]]:
        text = ctypes.create_string_buffer(_LONG) if told else None
        lattice = c.fold(*_longs(len(sums)), flat, text, *_longs(_LONG))
        return lattice, [] if text is None else [int(n) for n in text.value.split()[1:]]

    return product


def limit_row(
    work: str,
    ours: Callable[[], T],
    in_c: Callable[[Library], T],
    limit: float | None = None,
    *,
    how: str = "",
    agree: Callable[[T, T], bool] = eq,
    timed: Callable[[Library], object] | None = None,
) -> Row:
    """Return the row of ours beside C, which is repeated until it takes as long; both sides return the same.

    ``how`` it is done in C, where there are several ways; ``agree``: what the same is; ``timed``: what is timed in
    place of ``in_c``, whose result takes long to read.
    """
    c, peer = library(), f"C on the same FLINT{how and f', {how}'}"
    if isinstance(c, str):
        return Row(work, f"{peer} ({c})", fastest(ours)[0], None, limit=limit)
    check(agree=agree(ours(), in_c(c)), work=work)
    side = timed or in_c
    once, in_c_once = fastest(ours, lambda: side(c), seconds=SECONDS / 10)
    times = max(1, round(once / in_c_once))
    seconds, in_c_seconds = compare(ours, lambda: [side(c) for _ in range(times)])
    return Row(work, peer, seconds, in_c_seconds / times, limit=limit)


def _numbers(count: int, write: Callable[[Any], object]) -> list[fmpq]:
    """Return the numbers that C writes as texts."""
    buffers = [ctypes.create_string_buffer(_DIGITS) for _ in range(count)]
    write((ctypes.c_void_p * count)(*map(ctypes.addressof, buffers)))
    return [fmpq(*map(int, buffer.value.split(b"/"))) for buffer in buffers]


def _longs(*values: int) -> list[ctypes.c_long]:
    return [ctypes.c_long(value) for value in values]


def _array(values: Sequence[int]) -> ctypes.Array[ctypes.c_long]:
    return (ctypes.c_long * len(values))(*values)
