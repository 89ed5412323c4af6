"""The audit of the certified instances: ``check.sh`` runs it after the development is built.

    certificates.py BUILD

For each linear instance of the catalog there must be one file in ``certified/``, and no other.  Of each file: its
instance is what the catalog's JSON says, as ``certified_form.py`` writes it; below it stand lists of numbers and the
fixed lines, nothing else; the kernel accepts it; what it proves is the one statement; the axioms are those on the
allow-list.  Then the independent checker re-decides all of them, without Coq's virtual machine.  One line for each, and
``ok   certified NAME: KINDS`` only for a file that passed everything.  Only the standard library is used.
"""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from certified_form import FormError, claimed_in, instance_term, read
from queries import COQC, LOGICAL_PATH, read_assumptions
from statements import load_index

HERE = Path(__file__).resolve().parent
FILES = HERE / "certified"
INSTANCES = HERE.parent.parent / "reference" / "catalog" / "data"
COQCHK = "coqchk"
SECONDS = 60
"""For the kernel, a file; five times as long for the independent checker, all files."""
QUERY = """
Check {path}.certified.
Print Assumptions {path}.certified.
"""
STATEMENT = "{m}.certified : forall R : realType, all_hold R {m}.instance {m}.claimed (verdicts {m}.claimed)"


def audit(build: Path, files: Path = FILES, instances: Path = INSTANCES) -> list[tuple[str, str | None]]:
    """Return for each check its name and what is wrong, if anything is."""
    sources = {module(path): path for path in sorted(instances.glob("*.json"))}
    results: list[tuple[str, str | None]] = []
    for file in sorted(files.iterdir()):
        if file.suffix != ".v" or file.stem not in sources:
            results.append((f"certified/{file.name}", "the catalog has no instance of that name"))
    kinds = {name: _formed(name, path, files) for name, path in sources.items()}
    (build / "certified").mkdir(exist_ok=True)
    with ThreadPoolExecutor(1) as pool:
        problems = dict(zip(kinds, pool.map(lambda name: _decided(build, name, files, kinds[name]), kinds), strict=True))
    good = [name for name, problem in problems.items() if problem is None]
    checked = _rechecked(build, good)
    for name in kinds:
        problem = problems[name] or checked
        found = kinds[name]
        shown = ", ".join(found) if isinstance(found, list) else "?"
        results.append((f"certified {sources[name].stem}: {shown}", problem))
    return results


def module(path: Path) -> str:
    """Return the module of an instance's certificate."""
    return re.sub(r"\W", "_", path.stem)


def summary(results: list[tuple[str, str | None]]) -> str:
    """Return how much was certified."""
    kinds = [name.partition(": ")[2].split(", ") for name, problem in results if problem is None]
    return f"{sum(map(len, kinds))} verdicts on {len(kinds)} instances certified, 0 computed"


def _formed(name: str, path: Path, files: Path) -> list[str] | str:
    """Return the kinds of answers that a file claims, or what is wrong with its text."""
    try:
        called, written = read(path)
        return claimed_in((files / f"{name}.v").read_text(encoding="utf-8"), called, instance_term(written))
    except FormError as error:
        return str(error)
    except OSError:
        return "there is no file: `spanner certify NAME --coq` writes it"


def _decided(build: Path, name: str, files: Path, kinds: list[str] | str) -> str | None:
    """Compile a file and ask what it proves; return what is wrong."""
    if isinstance(kinds, str):
        return kinds
    (build / "certified" / f"{name}.v").write_bytes((files / f"{name}.v").read_bytes())
    done = _coqc(build, f"certified/{name}.v")
    if done is None:
        return f"the kernel takes longer than {SECONDS} s"
    if done.returncode != 0:
        return f"the kernel refuses it: {' '.join(done.stderr.split())[-120:]}"
    path = f"{LOGICAL_PATH}.certified.{name}"
    query = build / "certified" / f"{name}_query.v"
    text = f"From mathcomp Require Import reals.\nFrom {LOGICAL_PATH} Require Import certificate.\nRequire {path}.\n"
    query.write_text(text + QUERY.format(path=path), encoding="utf-8")
    done = _coqc(build, f"certified/{query.name}")
    if done is None or done.returncode != 0:
        return "Coq does not say what it proves"
    said, _, rest = done.stdout.partition("Axioms:")
    if " ".join(said.split()).removeprefix("certified.") != STATEMENT.format(m=name) and " ".join(said.split()).replace("certified." + name + ".", name + ".") != STATEMENT.format(m=name):
        return f"it states something else: {' '.join(said.split())[:200]}"
    extra = read_assumptions("Axioms:" + rest) - load_index()[1]["general"]
    return f"axioms that are not on the allow-list: {', '.join(sorted(extra))}" if extra else None


def _rechecked(build: Path, names: list[str]) -> str | None:
    if not names:
        return "nothing to check"
    modules = [word for name in names for word in ("-norec", f"{LOGICAL_PATH}.certified.{name}")]
    command = [COQCHK, "-silent", "-o", "-R", str(build), LOGICAL_PATH, *modules]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=5 * SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired:
        return f"coqchk takes longer than {5 * SECONDS} s"
    trusted = re.search(rf"^ *{LOGICAL_PATH}\.", done.stdout + done.stderr, re.MULTILINE)
    return None if done.returncode == 0 and not trusted else "coqchk refuses the certified files, or trusts something of them"


def _coqc(build: Path, file: str) -> subprocess.CompletedProcess[str] | None:
    command = [COQC, "-q", "-w", "none", "-R", str(build), LOGICAL_PATH, file]
    try:
        return subprocess.run(  # noqa: S603 - constants and a path of ours; no shell
            command, cwd=build, capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return None


def main(arguments: list[str]) -> int:
    """Audit; exit code 0 (all well) or 1 (a check failed)."""
    results = audit(Path(arguments[1]).resolve())
    for name, problem in results:
        sys.stdout.write(f"ok   {name}\n" if problem is None else f"FAIL {name}: {problem}\n")
    sys.stdout.write(summary(results) + "\n")
    return int(any(problem is not None for _, problem in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
