"""Grade the libraries and keep what was found: ``make graded``.

Runs in the package's environment, and asks the libraries in theirs, whose interpreter is its argument.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from findings import FINDINGS, HERE, RECORD, RESULTS

from proofs_check.cli.formats.grade import ImplementationGrade

ADAPTERS = {
    "numpy": "Binary64 Binary32",
    "scipy": "Binary64 Binary32 KlDiv64 KlDiv32",
    "torch": "Binary64 Binary32 Distributions64 Distributions32",
    "jax": "Binary64 Binary32",
    "transformers": "Binary64 Binary32",
    "trl": "Binary64 Binary32",
    "vowpalwabbit": "Spanner",
}
"""By module ``with_NAME``: the classes."""

ACCELERATORS = """
import jax, torch
torch_on = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
found = {"torch": torch_on, "jax": jax.devices()[0].device_kind}
print(", ".join(f"{name} on {kind}" for name, kind in found.items() if kind != "cpu") or "no accelerator")
"""
"""Prints what the libraries compute on, where that is not the CPU."""


def main() -> int:
    """Grade, run the findings, let the samplers draw; write all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("python", type=Path, help="the interpreter of the libraries' environment")
    parser.add_argument("--vectors", action="store_true", help="the vectors alone: after these have changed")
    parser.add_argument("--only", choices=ADAPTERS, help="the vectors of one library alone, and its version")
    arguments = parser.parse_args()
    python = str(arguments.python.absolute())
    RESULTS.mkdir(exist_ok=True)
    for module, classes in ADAPTERS.items():
        for name in classes.split() if arguments.only in {None, module} else ():
            print(f"grading {module} {name}", flush=True)
            _grade(python, f"with_{module}:{name}", RESULTS / f"{module}-{name.lower()}.json")
    if arguments.only is not None:
        known = json.loads(RECORD.read_text("utf-8"))
        known["versions"] |= _versions(python, arguments.only)
        RECORD.write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    if arguments.vectors or arguments.only is not None:
        return 0
    found = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{_processor()}, {platform.system()}, {_said(python, ACCELERATORS)}",
        "python": _said(python, "import platform; print(platform.python_version())"),
        "versions": _versions(python),
        "findings": {each.name: _finding(python, each.code, each.name) for each in FINDINGS},
        "samplers": _samplers(python),
    }
    RECORD.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    gone = [each.name for each in FINDINGS if not each.reproduces(float(found["findings"][each.name]))]
    for name in gone:
        print(f"{name}: does not reproduce; take it out of findings.py")
    return 1 if gone else 0


def _grade(python: str, what: str, into: Path) -> None:
    """Grade one, and keep what falls short: the vectors that passed are in the counts."""
    command = f"{python} -m proofs_check.conformance.host {what}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grade.json"
        words = ["grade", f"command:{command}", "--timeout", "120", "--json", str(path)]
        spanner = [sys.executable, "-c", "import sys; from proofs_check.cli import main; sys.exit(main())"]
        run = subprocess.run([*spanner, *words], cwd=HERE, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        if run.returncode not in {0, 1}:
            raise SystemExit(f"{what}: {run.stdout[-500:]}{run.stderr[-500:]}")
        grade = msgspec.json.decode(path.read_bytes(), type=ImplementationGrade)
    fallen = [each for each in grade.vectors if not each.passed]
    kept = msgspec.structs.replace(grade, implementation=f"python:{what}", vectors=fallen, stderr="")
    into.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")


def _finding(python: str, code: str, name: str) -> str:
    print(f"finding {name}", flush=True)
    return _said(python, textwrap.dedent(code))


def _samplers(python: str) -> list[dict[str, object]]:
    print("samplers, some minutes", flush=True)
    lines = _run(python, "samplers.py").splitlines()
    return [json.loads(line) for line in lines]


def _versions(python: str, only: str | None = None) -> dict[str, str]:
    lines = (HERE / "requirements.txt").read_text("utf-8").splitlines()
    names = [name for name, pin, _ in (line.partition("==") for line in lines) if pin and only in {None, name}]
    code = f"import json; from importlib.metadata import version; print(json.dumps({{n: version(n) for n in {names}}}))"
    found: dict[str, str] = json.loads(_said(python, code))
    return found


def _said(python: str, code: str) -> str:
    return _run(python, "-c", code).strip().splitlines()[-1]


def _run(*command: str) -> str:
    return subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True).stdout  # noqa: S603 - ours


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0]}, {len(names)} cores" if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main())
