"""What a process of a crew runs, ``python -m proofs_check.sweep.child``: stretches in on stdin, findings out as lines.

Its timers have no handler: the kernel ends the process when a claim takes too long.
"""

import gc
import os
import sys
from contextlib import suppress
from functools import partial
from time import monotonic, process_time

import msgspec

from proofs_check.ledger.executing import OtherVersion, run_same, source_digest
from proofs_check.sweep.crew import Told
from proofs_check.sweep.deciding import SeenInstance, StrategyRaised, Stretch, decided

AT_ONCE = 0.05
"""Seconds for which findings may wait to be told together: telling each would cost a tenth."""

_LEAST = 1e-9
"""Seconds of computing are positive: that is how the last line is known."""


def main() -> None:
    """Do what is asked until nothing more is."""
    out = os.dup(1)
    os.dup2(2, 1)  # what a strategy prints is not for who asks
    source_digest()  # of what is loaded here, whatever becomes of the files later
    from proofs_check.claims import registry

    registry()
    gc.freeze()
    _tell([Told()], out)  # ready
    stretches = msgspec.json.Decoder(Stretch)
    with suppress(BrokenPipeError):  # who asked is gone
        for line in sys.stdin.buffer:
            _do(stretches.decode(line), out)


def _do(stretch: Stretch, out: int) -> None:
    start, error, refused = process_time(), "", False
    told, waiting = monotonic(), list[Told]()
    try:
        for found in run_same(stretch.digest, False, partial(decided, stretch)):
            waiting.append(Told(seen=found) if isinstance(found, SeenInstance) else Told(found))
            if stretch.closely or monotonic() - told > AT_ONCE:
                _tell(waiting, out)
                told = monotonic()
    except StrategyRaised as raised:
        error = str(raised)
    except OtherVersion as other:
        error, refused = str(other), True
    except BrokenPipeError:
        raise
    except Exception as other:  # noqa: BLE001 - whatever is missing here: it would be missing again
        error, refused = f"a worker cannot do what is asked: {type(other).__name__}: {other}", True
    _tell([*waiting, Told(seconds=process_time() - start + _LEAST, error=error, refused=refused)], out)


def _tell(waiting: list[Told], out: int) -> None:
    rest = b"".join(msgspec.json.encode(told) + b"\n" for told in waiting)
    while rest:
        rest = rest[os.write(out, rest) :]
    waiting.clear()


if __name__ == "__main__":
    main()
