"""Make what a release consists of, in dist: ``make release``.  The same commit gives the same bytes.

``python .ci/release.py FOLDER`` writes there: wheel and sdist, the built pages, notebooks and figures, the test
vectors, and SHA256SUMS.  The pages have to be built (``make docs``).  Every date is that of the commit, or
SOURCE_DATE_EPOCH.
"""

import hashlib
import os
import subprocess
import sys
import time
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs/_build/html"
VECTORS = ROOT / "reference/conformance/data"
CC0 = (
    "The test vectors are dedicated to the public domain: CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/\n"
)
HANDED_OUT = {".ipynb", ".svg", ".pdf"}


def main(folder: Path) -> None:
    """Write all parts, and their digests."""
    if not (PAGES / "index.html").is_file():
        raise SystemExit("release: docs/_build/html is not there; run make docs first")
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or _said("git", "log", "-1", "--format=%ct"))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise SystemExit(f"release: {folder} is not empty")
    _said(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT), epoch=epoch)
    name = f"spanner-reference-{version}"
    _zip(folder / f"{name}-docs.zip", dict(_files(PAGES)), epoch)
    handouts = {path: data for path, data in _files(PAGES) if Path(path).suffix in HANDED_OUT}
    _zip(folder / f"{name}-notebooks-and-figures.zip", handouts, epoch)
    vectors = dict(_files(VECTORS))
    vectors |= {"SHA256SUMS": _sums(vectors), "LICENSE": CC0.encode()}
    _zip(folder / f"{name}-vectors.zip", vectors, epoch)
    made = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    (folder / "SHA256SUMS").write_bytes(_sums(made))
    for file, data in made.items():
        print(f"{len(data) / 2**20:8.2f} MB  {file}")


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what a folder holds, but for what a tool keeps there for itself."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in inside.parts):
            yield inside.as_posix(), path.read_bytes()


def _sums(files: dict[str, bytes]) -> bytes:
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()


def _zip(target: Path, files: dict[str, bytes], epoch: int) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, time.gmtime(epoch)[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)


def _said(*command: str, epoch: int | None = None) -> str:
    environment = os.environ | ({} if epoch is None else {"SOURCE_DATE_EPOCH": str(epoch)})
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"release: {' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]))
