"""Make every number of the pages anew, and say which differ: ``make reproduce``.

``make reproduce ONLY="vectors sentences"`` makes those whose names have one of the words.  Files are made in a copy of
the last commit, so that nothing of yours changes; what differs stays there to be looked at.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from reproduce.numbers import QUOTATIONS
from reproduce.records import ELSEWHERE, RECORDS, Record

ROOT = Path(__file__).resolve().parents[2]

SENTENCES = "numbers in sentences"


def main(words: list[str]) -> int:
    """Return 0 if everything that was made is what stands there, else 1."""
    wanted = [record for record in RECORDS if chosen(record.what, words)]
    failures = 0
    if chosen(SENTENCES, words):
        wrong = [*wrong_sentences()]
        failures += bool(wrong)
        count = sum(len(each.stated) for each in QUOTATIONS)
        say(SENTENCES, "\n    ".join([f"{len(wrong)} differ:", *wrong]) if wrong else f"same, {count} of them")
    if wanted:
        copy = Path(tempfile.mkdtemp(prefix="spanner-reproduce-"))
        ran("git", "clone", "--quiet", str(ROOT), str(copy))
        for record in wanted:
            missing = record.needs and not (shutil.which(record.needs) or (ROOT / record.needs).exists())
            begun = time.monotonic()
            found = f"not made: {record.needs} is not here" if missing else differing(record, copy)
            failures += not missing and bool(found)
            took = "" if missing else f" ({(time.monotonic() - begun) / 60:.1f} min)"
            say(record.what, (found or "same") + took)
        if failures:
            print(f"What was made is in {copy}: git diff shows what differs.")
        else:
            shutil.rmtree(copy)
    if not words:
        for what, why in ELSEWHERE.items():
            say(what, f"not made: {why}")
    return int(failures > 0)


def chosen(name: str, words: list[str]) -> bool:
    """Whether the name has one of the words, or there are none."""
    return not words or any(word in name for word in words)


def wrong_sentences() -> Iterator[str]:
    """Yield the sentences whose numbers are others, or that no page has."""
    for each in QUOTATIONS:
        if not each.stands():
            yield f"{each.page}: no such words: {each.text}"
        elif (found := each.compute()) != each.stated:
            yield f"{each.page}: {each.text}: computed {', '.join(found)}"


def differing(record: Record, copy: Path) -> str:
    """Make a record anew; return what differs, or nothing."""
    path = f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PYTHONPATH": str(copy), "PATH": path, "HERE": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", record.command], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        return "\n    ".join([f"exit code {done.returncode}:", *last])
    but_for = [f"--ignore-matching-lines={record.but_for}"] if record.but_for else []
    changed = ran("git", "-C", str(copy), "diff", *but_for, "--stat", "--", *record.files) if record.files else ""
    return "differs:\n    " + changed.rstrip() if changed.strip() else ""


def ran(*command: str) -> str:
    """Run a command; its output."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def say(what: str, found: str) -> None:
    """Print a line of the report."""
    print(f"{what:48} {found}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
