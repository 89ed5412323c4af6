"""A process that is spoken to in lines: with limits, and ended with all that it started.

Whatever it does (be silent, write without end, close its files, die), :class:`Conversation` gives a line or says why
there is none.  It knows nothing of what the lines mean.
"""

import errno
import os
import selectors
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Final, Self

from proofs_check.conformance.protocol import LONGEST_LINE

STDERR_KEPT: Final = 2_000
"""Bytes of what a process wrote to stderr last that are kept."""

_CHUNK: Final = 1 << 18
_GLANCE: Final = 0.2
"""Seconds between looks whether the process is still there: what it started may hold its output open."""


class NotStarted(Exception):
    """A process could not be started, or did not introduce itself; the message is one line."""


class NoLine(Exception):
    """There is no line; says why."""


class Silent(NoLine):
    """None came in time."""


class Gone(NoLine):
    """The process ended, or closed its output."""


class TooLong(NoLine):
    """A line is longer than lines may be."""


class Conversation:
    """A process with its three streams; ``with`` ends it."""

    def __init__(self, command: Sequence[str], *, memory: int | None = None, folder: Path | None = None) -> None:
        """Start a program in a folder, this one unless given; it may use so many bytes of memory for its data.

        Raises:
            NotStarted: if that is impossible.
        """
        if not command:
            raise NotStarted("an empty command")
        try:
            self.process = subprocess.Popen(  # noqa: S603 - what the user asks for
                list(command) if memory is None else _limited(command, memory),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
                cwd=folder,
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise NotStarted(f"{command[0]}: {said}") from None
        stdin, stdout, stderr = self.process.stdin, self.process.stdout, self.process.stderr
        assert stdin is not None and stdout is not None and stderr is not None  # noqa: S101, PT018 - they are pipes
        self._stdin, self._stdout, self._stderr = stdin, stdout, stderr
        self._ready = selectors.DefaultSelector()
        for stream in (stdin, stdout, stderr):
            os.set_blocking(stream.fileno(), False)
        self._ready.register(stdout, selectors.EVENT_READ)
        self._ready.register(stderr, selectors.EVENT_READ)
        self._unsent = b""
        self._heard = bytearray()
        self._looked = 0
        self._open = True
        self._errors = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.end()

    @property
    def complaint(self) -> str:
        """The end of what the process wrote to stderr, as lines."""
        return self._errors.decode(errors="replace").strip()

    def tell(self, line: bytes) -> None:
        """Send a line; it is written while the next one is waited for."""
        if not self._unsent:
            self._ready.register(self._stdin, selectors.EVENT_WRITE)
        self._unsent += line

    def hear(self, deadline: float) -> bytes:
        """Return the next line, without its end, that comes before the deadline (of :func:`time.monotonic`).

        Raises:
            Silent: if none comes.
            Gone: if none can come.
            TooLong: if it does not end.
        """
        while True:
            end = self._heard.find(b"\n", self._looked)
            if end >= 0:
                line = bytes(self._heard[:end])
                del self._heard[: end + 1]
                self._looked = 0
                return line
            self._looked = len(self._heard)
            if self._looked > LONGEST_LINE:
                raise TooLong(f"a line of more than {LONGEST_LINE:,} bytes")
            if not self._open:
                raise Gone(self._how_it_ended())
            left = deadline - monotonic()
            if left <= 0:
                raise Silent("no line in time")
            self._move(min(left, _GLANCE))

    def kill(self) -> None:
        """Have the process end, and what it started; who listens to it hears that, in whatever thread."""
        _kill_group(self.process)

    def end(self) -> None:
        """End the process and what it started."""
        _kill_group(self.process)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        for stream in (self._stdin, self._stdout, self._stderr):
            with suppress(OSError):
                stream.close()
        self._ready.close()

    def leave(self, line: bytes, patience: float = 1) -> None:
        """Say the last line, and let the process end by itself for a while."""
        with suppress(OSError):
            os.set_blocking(self._stdin.fileno(), False)
            os.write(self._stdin.fileno(), line)
            self._stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        with suppress(OSError, ValueError, KeyError):  # its last words
            self._read_errors()
        self.end()

    def _move(self, seconds: float) -> None:
        """Read and write what can be, waiting for at most so long."""
        found = self._ready.select(seconds)
        for key, _ in found:
            if key.fileobj is self._stdin:
                self._write()
            elif key.fileobj is self._stdout:
                self._read()
            else:
                self._read_errors()
        if not any(key.fileobj is self._stdout for key, _ in found) and self.process.poll() is not None:
            self._open = False

    def _write(self) -> None:
        try:
            sent = os.write(self._stdin.fileno(), self._unsent[:_CHUNK])
        except BlockingIOError:
            return
        except OSError:  # it reads no more; whether it has ended is seen when it is listened to
            sent = len(self._unsent)
        self._unsent = self._unsent[sent:]
        if not self._unsent:
            self._ready.unregister(self._stdin)

    def _read(self) -> None:
        with suppress(BlockingIOError):
            part = os.read(self._stdout.fileno(), _CHUNK)
            self._heard += part
            if not part:
                self._open = False
                self._ready.unregister(self._stdout)

    def _read_errors(self) -> None:
        with suppress(BlockingIOError):
            part = os.read(self._stderr.fileno(), _CHUNK)
            self._errors = (self._errors + part)[-STDERR_KEPT:]
            if not part:
                self._ready.unregister(self._stderr)

    def _how_it_ended(self) -> str:
        try:
            code = self.process.wait(_GLANCE)
        except subprocess.TimeoutExpired:
            return "it closed its output"
        with suppress(OSError, ValueError, KeyError):
            self._read_errors()
        if code >= 0:
            return f"its process ended with exit code {code}"
        with suppress(ValueError):
            return f"its process was ended by {signal.Signals(-code).name}"
        return f"its process was ended by signal {-code}"


def _limited(command: Sequence[str], memory: int) -> list[str]:
    """Return a command that limits its memory, then becomes the program.

    The data are limited and not the addresses, of which engines reserve terabytes.
    """
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    limits = f"ulimit -c 0; ulimit -d {max(1, memory >> 10)}"
    return ["/bin/sh", "-c", f'{{ {limits}; }} 2>/dev/null; exec "$@"', "sh", *command]


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the group that the process leads, which may outlive it."""
    with suppress(ProcessLookupError, PermissionError):  # PermissionError: macOS, of a group that has ended
        os.killpg(process.pid, signal.SIGKILL)
