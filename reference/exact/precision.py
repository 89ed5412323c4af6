"""The precision of balls, put back afterwards, whatever other threads compute.

FLINT has one precision for the whole process.  Two threads that set and put it back in turn leave each other's, so
one at a time has it; Python's own lock lets no two of them compute at once anyway.  Do not fork while another thread
computes: the child would wait for it.
"""

from threading import RLock

from flint import ctx

_HELD = RLock()


class workprec:  # noqa: N801 - used as a function, and named as FLINT's own
    """Within a ``with`` block balls have ``bits`` bits of precision, in this thread; other threads wait at theirs.

    >>> from flint import arb, ctx
    >>> before = ctx.prec
    >>> with workprec(200):
    ...     third = arb(1) / 3
    >>> third.rel_accuracy_bits() > 190, ctx.prec == before
    (True, True)
    """

    __slots__ = ("_before", "_bits")

    def __init__(self, bits: int) -> None:
        self._bits = bits

    def __enter__(self) -> None:
        _HELD.acquire()
        self._before = before = ctx.prec
        if before != self._bits:  # to set it takes long
            ctx.prec = self._bits

    def __exit__(self, *_: object) -> None:
        if ctx.prec != self._before:
            ctx.prec = self._before
        _HELD.release()
