"""Have Coq's kernel decide a certificate, here and now: with the checkers built once, and kept in a cache.

The audit's own code checks that the file has the form of a certificate of this instance, and asks the kernel.  What
the file then proves follows from its form; ``make coq`` asks Coq for statement and axioms, too, and the independent
checker.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from proofs_check.ledger.coq import FOLDER

import certificates as auditing  # isort: skip - scripts of the audit; their folder is known after proofs_check.ledger
from certificate_forms import form_of  # isort: skip
import certified_form as form  # isort: skip
from queries import COQC, LOGICAL_PATH  # isort: skip

COQ = "8.16"
"""The version that the proofs are written for."""

PACKAGES = "libcoq-mathcomp-analysis libcoq-mathcomp-algebra-tactics"
_DECIDING = 300
"""Seconds that the kernel is given; what is predicted to take more than a minute is not begun."""
_BUILDING = 300
"""Seconds for one module of the checkers; each takes a few."""


class KernelVerdict(NamedTuple):
    """Whether the kernel accepts a certificate; None if it was not asked.  ``reason``: one line, empty if it does."""

    accepted: bool | None
    reason: str = ""
    version: str | None = None


def checked_by_kernel(text: str, instance: Path, name: str, tell: Callable[[str], None]) -> KernelVerdict:
    """Have the kernel decide the text of a certificate of the instance or formula in a file.

    ``tell`` is told what takes long.
    """
    version, problem = coq_here()
    if problem:
        return KernelVerdict(None, problem, version)
    try:
        build = _built(form_of(instance).ROOT_MODULE, tell)
    except OSError as error:
        why = error.strerror or type(error).__name__
        return KernelVerdict(
            None, f"{_cache()}: the compiled checkers are kept there: {why}; set XDG_CACHE_HOME", version
        )
    except subprocess.SubprocessError as error:
        *_, last = str(getattr(error, "stderr", "") or error).strip().splitlines() or [type(error).__name__]
        return KernelVerdict(None, f"the checkers do not compile: {last}", version)
    with TemporaryDirectory() as scratch:
        here = Path(scratch)
        for file in build.glob("*.vo"):
            (here / file.name).symlink_to(file)
        files, instances = here / "files", here / "instances"
        for folder in (files, instances):
            folder.mkdir()
        (files / f"{form.module(name)}.v").write_text(text, encoding="utf-8")
        source = instances / f"{form.module(name)}{instance.suffix}"
        shutil.copy(instance, source)
        _, problems = auditing.accepted(here, files, {source.stem: source}, _DECIDING)
    found = next(iter(problems.values()))
    late = found is not None and found.startswith(auditing.TOO_LONG)
    return KernelVerdict(None if late else found is None, found or "", version)


def coq_here() -> tuple[str | None, str]:
    """Return the version of Coq, if it is installed, and why it cannot be used, in one line; empty if it can."""
    if shutil.which(COQC) is None:
        return None, f"Coq is not installed: apt-get install --no-install-recommends {PACKAGES}"
    version = (_said("--print-version").split() or ["?"])[0]
    if not version.startswith(f"{COQ}."):
        return version, f"Coq {version} is installed, and the proofs are written for Coq {COQ}"
    if not _analysis().exists():
        return version, f"mathcomp-analysis is not installed: apt-get install --no-install-recommends {PACKAGES}"
    return version, ""


def _analysis() -> Path:
    return Path(_said("-where").strip(), "user-contrib", "mathcomp", "analysis", "exp.vo")


def _said(option: str) -> str:
    return subprocess.run([COQC, option], capture_output=True, text=True, check=False).stdout  # noqa: S603 - constants


def modules_below(module: str, folder: Path = FOLDER) -> list[str]:
    """Return the modules that one is built on, itself last."""
    text = (folder / f"{module}.v").read_text(encoding="utf-8")
    lines = re.findall(r"^From Spanner Require (?:Import )?(.*)[.]$", text, re.MULTILINE)
    below = [found for line in lines for name in line.split() for found in modules_below(name, folder)]
    return list(dict.fromkeys([*below, module]))


def _built(root: str, tell: Callable[[str], None]) -> Path:
    """Return the folder of the compiled checkers; compile them if the cache does not have these, as they were made."""
    modules = modules_below(root)
    sources = [FOLDER / f"{module}.v" for module in modules]
    made_of = [
        *(source.read_bytes() for source in sources),
        _said("--print-version").encode(),
        _analysis().read_bytes(),
    ]
    digest = sha256(b"".join(sha256(each).digest() for each in made_of)).hexdigest()[:16]
    cache = _cache()
    goal = cache / f"coq-{digest}"
    if _intact(goal):
        return goal
    shutil.rmtree(goal, ignore_errors=True)
    tell(f"compiling the checkers, once: about {5 * len(modules)} s")
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache) as scratch:
        made = Path(scratch) / "build"
        made.mkdir()
        for source in sources:
            (made / source.name).write_bytes(source.read_bytes())
            command = [COQC, "-q", "-w", "none", "-R", str(made), LOGICAL_PATH, source.name]
            subprocess.run(command, cwd=made, capture_output=True, text=True, check=True, timeout=_BUILDING)  # noqa: S603 - constants
        for file in made.iterdir():
            if file.suffix != ".vo":
                file.unlink()
        (made / _SUMS).write_text(json.dumps(_sums(made)), encoding="utf-8")
        try:
            made.rename(goal)
        except OSError:
            if not goal.is_dir():  # another process was faster
                raise
    return goal


_SUMS = "sums.json"


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spanner-reference"


def _sums(folder: Path) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.glob("*.vo"))}


def _intact(folder: Path) -> bool:
    """Whether the folder has what was compiled, byte for byte."""
    try:
        return bool(json.loads((folder / _SUMS).read_text("utf-8")) == _sums(folder))
    except (OSError, ValueError):
        return False
