"""The file of a sweep: gone on with, torn, full, of somebody else, written by two."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from proofs_check.sweep.lines import SweepHeader, SweptClaim, SweptInstance, sweep_line
from proofs_check.sweep.sweep_file import SweepFile, SweepFileError

HEADER = SweepHeader("linear-problems", 1, ["a", "b"], "0123456789abcdef")
LINES = [
    sweep_line(SweptInstance(i, {"a": SweptClaim("holds", i), "b": SweptClaim("undecided", reason="late")}))
    for i in range(5)
]
FIRST = sweep_line(HEADER)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def indices(path: Path, header: SweepHeader = HEADER) -> list[int]:
    with SweepFile(path, header) as file:
        return [found.index for found in file.read()]


@contextmanager
def full_after(size: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes; Python ignores the signal, and writing fails with EFBIG."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_lines_that_are_written_are_read(path: Path) -> None:
    with SweepFile(path, HEADER) as file:
        assert list(file.read()) == []
        file.append(LINES[:2])
        file.append(LINES[3:])
    assert path.read_bytes() == b"".join([FIRST, *LINES[:2], *LINES[3:]])
    assert indices(path) == [0, 1, 3, 4]


@pytest.mark.parametrize("kept", range(1, len(LINES[2])))
def test_a_torn_line_is_cut_off(path: Path, kept: int) -> None:
    whole = b"".join([FIRST, *LINES[:2]])
    path.write_bytes(whole + LINES[2][:kept])
    assert indices(path) == [0, 1]
    assert path.read_bytes() == whole


@pytest.mark.parametrize("kept", [0, 1, len(FIRST) - 1])
def test_a_torn_first_line_is_written_again(path: Path, kept: int) -> None:
    path.write_bytes(FIRST[:kept])
    assert indices(path) == []
    assert path.read_bytes() == FIRST


def test_a_torn_line_that_was_written_on_is_cut_off_at_the_end_only(path: Path) -> None:
    path.write_bytes(FIRST + LINES[0] + LINES[1][:-1] + LINES[2])
    assert indices(path) == [0]


def test_zeros_after_a_crash_are_cut_off(path: Path) -> None:
    path.write_bytes(FIRST + LINES[0] + bytes(100))
    assert indices(path) == [0]
    assert path.read_bytes() == FIRST + LINES[0]


def test_files_that_were_put_together_are_read(path: Path) -> None:
    path.write_bytes(b"".join([FIRST, *LINES[:2], FIRST, *LINES[1:3]]))
    assert indices(path) == [0, 1, 1, 2]  # counting each once is up to the totals


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"hello\n", "is not the file of a sweep"),
        (b"hello", "is not the file of a sweep"),
        (FIRST + b"hello\n" + LINES[0], "line 2: not a line of a sweep"),
        (FIRST + LINES[0] + LINES[1][:-1] + LINES[2] + LINES[3], "line 3: not a line of a sweep"),
        (
            FIRST.replace(b'"seed":1', b'"seed":2'),
            "is of another sweep (seed 2, asked for 1); give --resume a new name",
        ),
        (FIRST.replace(b'"b"', b'"c"'), "is of another sweep (claims a,c, asked for a,b)"),
        (FIRST.replace(b"cdef", b"0000"), "is of another sweep (digest 0123456789ab0000, asked for 0123456789abcdef)"),
        (FIRST + LINES[0].replace(b'"b"', b'"c"') + LINES[1], "line 2: not a line of a sweep"),
    ],
)
def test_a_file_of_something_else_is_refused_and_left_alone(path: Path, text: bytes, said: str) -> None:
    path.write_bytes(text)
    with pytest.raises(SweepFileError) as raised:
        indices(path)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    assert path.read_bytes() == text


def test_a_full_disk_leaves_whole_lines(path: Path) -> None:
    with SweepFile(path, HEADER) as file, full_after(len(FIRST + LINES[0]) + 20):
        list(file.read())
        file.append(LINES[:1])
        with pytest.raises(SweepFileError, match=r"File too large; its 1 instances are whole, and --resume goes on"):
            file.append(LINES[1:])
    assert path.read_bytes() == FIRST + LINES[0]


def test_two_cannot_write_one_file(path: Path) -> None:
    with SweepFile(path, HEADER), pytest.raises(SweepFileError, match="is being written by another sweep"):
        SweepFile(path, HEADER)
    with SweepFile(path, HEADER):
        pass


@pytest.mark.parametrize(
    ("name", "said"), [("/dev/full", "no ordinary file"), ("/", "Is a directory"), ("/x/y", "No such")]
)
def test_what_cannot_be_a_file(name: str, said: str) -> None:
    with pytest.raises(SweepFileError, match=said):
        SweepFile(name, HEADER)
