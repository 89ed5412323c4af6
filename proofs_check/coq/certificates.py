"""The audit of the certified instances: ``check.sh`` runs it after the development is built.

    certificates.py BUILD

For each linear instance of the catalog, each problem of several tokens there whose ``exp(reward/beta)`` is rational,
each formula of ``formulas/`` and each game of ``games/`` there must be one file in ``certified/``, and no other.  Of
each file: what it is about is what the source says, as the script of its form writes it (``certified_form.py``,
``token_form.py``, ``formula_form.py``, ``game_form.py``); below it stand lists of numbers and the fixed lines, nothing
else; the kernel accepts it; what it proves is the one statement of its form; the axioms are those on the allow-list.
Then the independent checker re-decides all of them, without Coq's virtual machine.  One line for each, and
``ok   certified NAME: KINDS`` only for a file that passed everything.  ``computed_laws.py`` and ``learner_laws.py``
do the same with laws.  Only the standard library is used.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import computed_laws
import learner_laws
import token_form
from certificate_forms import FORMS, SUBJECTS, form_of
from certified_form import FormError, module
from computed_form import PARTS
from learner_form import FOLDER as LEARNERS
from queries import COQC, LOGICAL_PATH, texts_and_axioms
from statements import load_index

if TYPE_CHECKING:
    from collections.abc import Callable

    from computed_form import Part

HERE = Path(__file__).resolve().parent
FILES = HERE / "certified"
INSTANCES = HERE.parent.parent / "reference" / "catalog" / "data"
TOKENS = INSTANCES / "tokens"
FORMULAS, GAMES = HERE / "formulas", HERE / "games"
COQCHK = "coqchk"
SECONDS = 60
"""Of computing, for the kernel, a file; five times as long for the independent checker, all files of a kind."""
PATIENCE = 10
"""How many times as long a process may take by the clock, where others compute, too."""
TOO_LONG = "the kernel takes longer than"
"""No verdict, but the end of waiting."""


def audit(build: Path, files: Path = FILES, *folders: Path) -> list[tuple[str, str | None]]:
    """Return for each check its name and what is wrong, if anything is; ``folders``: of what they are about."""
    sources = sources_in(*folders or (INSTANCES, TOKENS, FORMULAS, GAMES))
    foreign = [file for file in sorted(files.iterdir()) if file.suffix != ".v" or file.stem not in sources]
    results: list[tuple[str, str | None]] = [
        (f"certified/{file.name}", "there is no instance, formula or game of that name") for file in foreign
    ]
    kinds, problems = accepted(build, files, sources)
    good = {name: path for name, path in sources.items() if problems[name] is None}
    problems |= _stated(build, good) if good else {}
    checked = _rechecked(build, [f"certified.{name}" for name in good])
    for name, found in kinds.items():
        problem = problems[name] or checked
        shown = ", ".join(found) if isinstance(found, list) else "?"
        results.append((f"certified {sources[name].stem}: {shown}", problem))
    return results


def accepted(
    build: Path, files: Path, sources: dict[str, Path], seconds: int = SECONDS
) -> tuple[dict[str, list[str] | str], dict[str, str | None]]:
    """Check the text of each file, and have the kernel decide it; ``sources``: what each is about, by module.

    Return the kinds of its answers (or what is wrong with its text), and what is wrong, if anything.
    """
    kinds = {name: _formed(name, path, files) for name, path in sources.items()}
    problems: dict[str, str | None] = {}
    for name, found in kinds.items():
        problems[name] = found if isinstance(found, str) else _decided(build, f"certified/{name}", files, seconds)
    return kinds, problems


def audit_of_part(
    build: Path, part: Part, folder: Path = HERE, instances: Path = INSTANCES
) -> list[tuple[str, str | None]]:
    """Return the same for laws of listings, with theorems."""
    decide = partial(_decided, build, files=folder / part.folder, seconds=SECONDS)
    return computed_laws.audit(build, part, folder, instances, decide, partial(_rechecked, build))


def audit_of_learners(build: Path, folder: Path = HERE, instances: Path = INSTANCES) -> list[tuple[str, str | None]]:
    """Return the same for the laws of brute force and MTSS, without theorems."""
    decide = partial(_decided, build, files=folder / LEARNERS, seconds=SECONDS)
    return learner_laws.audit(build, folder, instances, decide)


def sources_in(*folders: Path) -> dict[str, Path]:
    """Return what is certified, by the module of its certificate; ValueError where two have the same."""
    listed = [path for folder in folders for path in sorted(folder.iterdir()) if _is_certified(path)]
    found = {module(path.stem): path for path in listed}
    if lost := set(listed) - set(found.values()):
        raise ValueError(f"another file has a certificate of the same name: {', '.join(map(str, sorted(lost)))}")
    return found


def _is_certified(path: Path) -> bool:
    return path.suffix in FORMS and (form_of(path) is not token_form or token_form.is_certified(path))


def summary(results: list[tuple[str, str | None]]) -> str:
    """Return how much was certified, and how much computed."""
    lines = [name.partition(": ") for name, problem in results if problem is None]
    kinds = {
        word: [(name, kind) for name, _, said in lines if name.startswith(word) for kind in said.split(", ")]
        for word in ("certified ", "computed ")
    }
    certified, computed = kinds.values()
    names: dict[str, set[str]] = {"instance": set()}
    for name, kind in certified:
        names.setdefault(SUBJECTS.get(kind, "instance"), set()).add(name)
    about = ", ".join(f"{len(found)} {subject}s" for subject, found in names.items())
    return f"{len(certified)} verdicts on {about} certified, {len(computed)} computed"


def _formed(name: str, path: Path, files: Path) -> list[str] | str:
    """Return the kinds of answers that a file claims, or what is wrong with its text."""
    try:
        form = form_of(path)
        called, written = form.read(path)
        return form.claimed_in((files / f"{name}.v").read_text(encoding="utf-8"), called, form.instance_term(written))
    except FormError as error:
        return str(error)
    except OSError:
        return "there is no file: `python -m proofs_check.certified` writes it"


def _decided(build: Path, path: str, files: Path, seconds: int) -> str | None:
    """Have the kernel decide a file, at ``path`` in the build; return what is wrong."""
    (build / f"{path}.v").parent.mkdir(exist_ok=True)
    (build / f"{path}.v").write_bytes((files / f"{path.rpartition('/')[2]}.v").read_bytes())
    command = [COQC, "-q", "-w", "none", "-R", str(build), LOGICAL_PATH, f"{path}.v"]
    done = _run(command, build, seconds)
    if done is None:
        return f"{TOO_LONG} {seconds} s"
    return f"the kernel refuses it: {' '.join(done.stderr.split())[-120:]}" if done.returncode != 0 else None


def _run(command: list[str], folder: Path, seconds: int) -> subprocess.CompletedProcess[str] | None:
    """Run a command; None if it computes for longer than ``seconds``, or does not end."""
    limited = ["sh", "-c", 'ulimit -S -t "$0" && exec "$@"', str(seconds), *command]
    try:
        done = subprocess.run(  # noqa: S603 - constants and paths of ours
            limited, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE * seconds
        )
    except subprocess.TimeoutExpired:
        return None
    return None if done.returncode == -signal.SIGXCPU else done


def _stated(build: Path, sources: dict[str, Path]) -> dict[str, str]:
    """Ask Coq what the files prove, and on which axioms all of them together rest; return what is wrong, by file."""
    forms = {name: form_of(path) for name, path in sources.items()}
    modules = [f"certified.{name}" for name in forms]
    roots = dict.fromkeys(form.ROOT_MODULE for form in forms.values())
    commands = {f"{path}.certified": "Check @" for path in modules}
    texts, axioms = texts_and_axioms(build, [*roots, *modules], commands, {"certified": list(commands)})
    extra = sorted(axioms["certified"] - load_index()[1]["general"])
    problems = dict.fromkeys(forms, f"axioms that are not on the allow-list: {', '.join(extra)}") if extra else {}
    for name, form in forms.items():
        full = " ".join(texts[f"certified.{name}.certified"].full.split())
        if full != form.STATEMENT.format(m=name):
            problems[name] = f"it states something else: {full[:200]}"
    return problems


def _rechecked(build: Path, paths: list[str]) -> str | None:
    """Have the independent checker decide files again; return what is wrong."""
    if not paths:
        return "nothing to check"
    modules = [word for path in paths for word in ("-norec", f"{LOGICAL_PATH}.{path}")]
    command = [COQCHK, "-silent", "-o", "-R", str(build), LOGICAL_PATH, *modules]
    done = _run(command, build, 5 * SECONDS)
    if done is None:
        return f"coqchk takes longer than {5 * SECONDS} s"
    trusted = re.search(rf"^ *{LOGICAL_PATH}\.", done.stdout + done.stderr, re.MULTILINE)
    return None if done.returncode == 0 and not trusted else "coqchk refuses the files"


def main(arguments: list[str]) -> int:
    """Audit, as many kinds of files at a time as there are processors; exit code 0 (all well) or 1 (a check failed)."""
    build = Path(arguments[1]).resolve()
    audits: list[Callable[[Path], list[tuple[str, str | None]]]] = [
        audit, *(partial(audit_of_part, part=part) for part in PARTS), audit_of_learners
    ]  # fmt: skip
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = [result for found in pool.map(lambda each: each(build), audits) for result in found]
    for name, problem in results:
        sys.stdout.write(f"ok   {name}\n" if problem is None else f"FAIL {name}: {problem}\n")
    sys.stdout.write(summary(results) + "\n")
    return int(any(problem is not None for _, problem in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
