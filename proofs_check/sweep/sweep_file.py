"""The file of a sweep: a line that says what it is, then a line for each instance, in any order.

One process writes it at a time.  A line that a kill or a full disk has torn is the last one, and is cut off.
"""

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from proofs_check.sweep.lines import HEADERS, INSTANCES, SweepHeader, SweptInstance, sweep_line


class SweepFileError(ValueError):
    """A file that cannot be gone on with, or not be written; the message is one line."""


class SweepFile:
    """A file of a sweep, open and locked.

    Raises:
        SweepFileError: if it cannot be opened, or another process writes it.
    """

    def __init__(self, path: str | Path, header: SweepHeader) -> None:
        self.path, self.header, self.lines = Path(path), header, 0
        try:
            self.file = FileIO(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK, 0o666), "r+")
        except OSError as error:
            raise SweepFileError(f"{path}: {error.strerror}") from None
        if wrong := _unfit(self.file):
            self.file.close()
            raise SweepFileError(f"{path} {wrong}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()

    def read(self) -> Iterator[SweptInstance]:
        """Yield what the file has, once for each line; then it is ready to be written.

        Raises:
            SweepFileError: if it is of another sweep, or of none.
        """
        end, number = 0, 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                found = self._first(line) if number == 1 else self._later(line)
                if found is None:
                    break
                end += len(line)
                if isinstance(found, SweptInstance):
                    self.lines += 1
                    yield found
            if file.read(1):  # more comes after what cannot be read: that is no torn end
                raise SweepFileError(f"{self.path}, line {number}: not a line of a sweep; mend or remove it")
        os.ftruncate(self.file.fileno(), end)
        if not end:
            self._write(sweep_line(self.header))

    def append(self, lines: Sequence[bytes]) -> None:
        """Write lines, all or none of them.

        Raises:
            SweepFileError: if they cannot be written; what was there before is whole.
        """
        self._write(b"".join(lines))
        self.lines += len(lines)

    def _write(self, text: bytes) -> None:
        before = os.fstat(self.file.fileno()).st_size
        try:
            rest = memoryview(text)
            while rest:
                rest = rest[self.file.write(rest) :]
        except OSError as error:
            os.ftruncate(self.file.fileno(), before)
            kept = f"its {self.lines} instances are whole"
            raise SweepFileError(f"cannot write {self.path}: {error.strerror}; {kept}, and --resume goes on") from None

    def _first(self, line: bytes) -> SweepHeader | None:
        """Return the header, ``None`` if it is torn."""
        wanted = sweep_line(self.header)
        if line == wanted:
            return self.header
        if wanted.startswith(line):
            return None
        try:
            found = HEADERS.decode(line)
        except msgspec.DecodeError:
            raise SweepFileError(f"{self.path} is not the file of a sweep; give --resume a new name") from None
        raise SweepFileError(
            f"{self.path} is of another sweep ({header_differences(found, self.header)}); give --resume a new name"
        )

    def _later(self, line: bytes) -> SweptInstance | SweepHeader | None:
        """Return what a line says, ``None`` if it cannot be read; files that were put together have several headers."""
        if line == sweep_line(self.header):
            return self.header
        try:
            found = INSTANCES.decode(line)
        except msgspec.DecodeError:
            return None
        return found if line.endswith(b"\n") and list(found.claims) == self.header.claims else None


def header_differences(found: SweepHeader, wanted: SweepHeader) -> str:
    """Return in what a header differs from the one that is wanted."""
    return "; ".join(
        f"{name} {_said(theirs)}, asked for {_said(ours)}"
        for name in SweepHeader.__struct_fields__
        if (theirs := getattr(found, name)) != (ours := getattr(wanted, name))
    )


def _said(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value) or "none"


def _unfit(file: FileIO) -> str:
    """Keep others from writing for as long as the file is open; return why it cannot be written, if so."""
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return "is no ordinary file; name one, new or of this sweep"
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return "is being written by another sweep; wait for it, or give --resume a new name"
    return ""
