"""Build the page in the browser: ``python docs/play/build.py FOLDER``.

What it takes from npm and PyPI is pinned and hashed in ``packages``; the ordinary clients fetch and check it, into
``docs/_build/packages``, where it stays.  Without npm or a network the page is built without Python, and one line says
so.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

PLAY = Path(__file__).parent
ROOT = PLAY.parents[1]
sys.path[:0] = [str(ROOT), str(PLAY.parent / "_ext")]

from palette import variables

from docs.play.page.door import answer
from docs.play.page.softmaxes import EXAMPLES
from reference.catalog.loading import DATA, linear_names

PACKAGES = PLAY.parent / "_build" / "packages"
ABI = ["--python-version=3.14", "--implementation=cp", "--abi=cp314", "--platform=pyemscripten_2026_0_wasm32"]
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
LIBRARY = "python_stdlib.zip"
COMPILE = PLAY / "compile.mjs"
FIRST = ("python_flint", "msgspec")
"""Wheels that are loaded at once."""

PARTS = {
    "claims": (
        "proofs_check/claims",
        "proofs_check/ledger",
        "proofs_check/coq",
        "proofs_check/faults",
        "reference/testing",
    ),
    "grader": ("proofs_check/conformance", "reference/conformance"),
}
"""What of our code is loaded when it is needed, by folders; the wheels that are not loaded at once come with claims."""

NEEDING = {
    "claims": ["claims"],
    "claim": ["claims"],
    "sweeps-in-roll-ins": ["claims"],
    "chance-in-roll-ins": ["claims"],
    "examples": ["grader"],
    "grade": ["grader"],
    "cell": ["claims"],
}
"""Which calls need which parts."""

LEFT_OUT = ("catalog/data/smollm2", "catalog/data/tokens/smollm2", "conformance/cases", "conformance/data/v1/replay",
            "proofs_check/cli", "proofs_check/coq/audited", "proofs_check/faults/kill_matrix")  # fmt: skip
BETAS = ("1/8", "1/4", "1/3", "1/2", "2/3", "1", "3/2", "2", "4", "8")
SCALES = ("0", "1/2", "1", "3/2", "2")
LARGE = 4_000
"""Instances of the catalog with longer files are left out of the page."""


def main() -> None:
    """Build the page, with Python if it can be had."""
    folder = Path(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(PLAY / "site", folder)
    themes = f':root {{ {variables("light")} }}\n:root[data-theme="dark"] {{ {variables("dark")} }}\n'
    (folder / "colours.css").write_text(themes, "utf-8")
    shutil.copy(PLAY / "LICENSES.txt", folder)
    why = fetch()
    digest = None if why else bundle(folder / "packages")
    values = {"python": digest, "catalog": catalog(), "linear": linear(), "answers": dict(answers())}
    (folder / "values.json").write_text(json.dumps(values, separators=(",", ":"), ensure_ascii=False), "utf-8")
    if why:
        print(f"docs/play: built without Python, so that nothing can be changed in it: {why}")


def fetch() -> str:
    """Bring the pinned packages into ``PACKAGES``; return why they cannot be had, or nothing."""
    stamp, inputs = PACKAGES / "complete", [*sorted((PLAY / "packages").iterdir()), COMPILE]
    wanted = "".join(path.read_text("utf-8") for path in inputs)
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return ""
    if shutil.which("npm") is None:
        return "npm is not installed"
    shutil.rmtree(PACKAGES, ignore_errors=True)
    shutil.copytree(PLAY / "packages", PACKAGES)
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    pip = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--require-hashes",
        "--only-binary=:all:", *ABI, "--dest", "wheels", "--requirement", "wheels.txt",
    ]  # fmt: skip
    for command in (npm, pip):
        try:
            done = subprocess.run(command, cwd=PACKAGES, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603 - as written above
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{command[0]}: {type(error).__name__}"
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if "error" in line.lower()] or ["it failed"]
            return f"{'npm' if command is npm else 'pip'}: {said[0].strip()[:200]}"
    compiled()
    stamp.write_text(wanted, "utf-8")
    return ""


def compiled() -> None:
    """Compile what Python starts with; where Node cannot, the library stays as it came, and a line says so."""
    command = ["node", str(COMPILE), "node_modules/pyodide", LIBRARY]
    if subprocess.run(command, cwd=PACKAGES, capture_output=True, check=False).returncode:  # noqa: S603 - as written above
        print("docs/play: node docs/play/compile.mjs failed, so that Python starts more slowly in the page")
        shutil.copy(PACKAGES / "node_modules" / "pyodide" / LIBRARY, PACKAGES)


def bundle(folder: Path) -> str:
    """Put Python, the wheels and our code into ``folder``; return the digest of all of it."""
    (folder / "pyodide").mkdir(parents=True)
    for name in PYODIDE:
        shutil.copy(PACKAGES / "node_modules" / "pyodide" / name, folder / "pyodide")
    lock = json.loads((PACKAGES / "node_modules" / "pyodide" / "pyodide-lock.json").read_text("utf-8"))
    (folder / "pyodide" / "pyodide-lock.json").write_text(json.dumps({"info": lock["info"], "packages": {}}), "utf-8")
    shutil.copy(PACKAGES / LIBRARY, folder / "pyodide")
    wheels = sorted((PACKAGES / "wheels").glob("*.whl"))
    for wheel in wheels:
        shutil.copy(wheel, folder)
    first = [wheel.name for wheel in wheels if wheel.name.startswith(FIRST)]
    rest = [wheel.name for wheel in wheels if wheel.name not in first]
    pack(folder / "reference.zip", own())
    for part in PARTS:
        pack(folder / f"{part}.zip", own(part))
    parts = {part: [*(rest if part == "claims" else []), f"{part}.zip"] for part in PARTS}
    listed = {"first": [*first, "reference.zip"], "parts": parts, "needing": NEEDING}
    (folder / "list.json").write_text(json.dumps(listed), "utf-8")
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def own(part: str = "") -> Iterator[Path]:
    """Yield our files that come with a part, or those that are loaded at once."""
    for pattern in ("reference/**/*", "proofs_check/**/*", "docs/play/page/*", "docs/_ext/tables.py"):
        for path in sorted(ROOT.glob(pattern)):
            name = path.relative_to(ROOT).as_posix()
            kept = path.suffix in {".py", ".json", ".toml"} and not any(each in name for each in LEFT_OUT)
            if kept and part == next((each for each, folders in PARTS.items() if name.startswith(folders)), ""):
                yield path


def pack(target: Path, paths: Iterable[Path]) -> None:
    """Write files into an archive, the same bytes in each build."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in paths:
            entry = zipfile.ZipInfo(path.relative_to(ROOT).as_posix())
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def catalog() -> dict[str, str]:
    """Return the instances that the page offers, as they stand in their files."""
    files = sorted(DATA.glob("*.json")) + sorted((DATA / "tokens").glob("*.json"))
    return {path.stem: text for path in files if len(text := path.read_text("utf-8")) < LARGE}


def linear() -> list[str]:
    """Return those of them whose responses are single tokens with features and ``theta``."""
    return [name for name in catalog() if name in linear_names()]


def answers() -> Iterator[tuple[str, object]]:
    """Yield what the page shows before Python is ready, by call, as the page asks for it."""
    two_arms = catalog()["two-arms"]
    calls: list[list[object]] = [["coverage", two_arms], ["exercises"], ["examples"]]
    calls += [["coverage", two_arms, beta, 0] for beta in BETAS]
    calls += [["rejection", two_arms, "3", n] for n in range(1, 17)]
    calls += [["rejection", two_arms, M, 8] for M in ("1", "4/3", "3/2", "2", "8/3", "4", "6", "8", "12", "16")]
    calls += [["spanner", seed, "1/4", "3/4", 2] for seed in range(1, 9)]
    calls += [["grade", EXAMPLES[0][2]], ["game", "one", 6, "8", "3/4", 2, 1, []]]
    calls += [["reduce", "x1 & x2 | !x1 & x3 | !x2 & !x3 | x1 & !x3", "xpo", 8, "1000", 1]]
    calls += [["readings", two_arms, "rejection", n] for n in (1, 2, 3, 4)]
    calls += [["readings", two_arms, "softmax-sampler", n] for n in (1, 2)]
    calls += [["readings", two_arms, "spanner, phase 1", n] for n in (1, 2)]
    for call in ("sweeps", "sweeps-in-roll-ins"):
        calls += [[call, H, 4, 1] for H in range(2, 8)] + [[call, 6, 4, seed] for seed in (2, 3, 4)]
        calls += [[call, 6, rolls, 1] for rolls in (1, 2, 3)]
    path = catalog()["needle-path-4"]
    calls += [["soft-tree", path, scale, 4, 0] for scale in SCALES]
    calls += [["tilted-gap", path, scale] for scale in SCALES]
    for call, *arguments in calls:
        found = json.loads(answer(str(call), json.dumps(arguments)))
        if "error" in found:
            raise SystemExit(f"docs/play: {call}: {found['error']}")
        yield json.dumps([call, *arguments], separators=(",", ":"), ensure_ascii=False), found


if __name__ == "__main__":
    main()
