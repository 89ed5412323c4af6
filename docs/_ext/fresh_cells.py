"""Pages with cells are made anew once the code has changed: Sphinx by itself compares the pages' own text."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = ("reference", "proofs_check", "docs")
SUFFIXES: Final = {".py", ".json", ".toml", ".v"}
"""Of what cells run and read."""


def digest(root: Path = ROOT) -> str:
    """Return one digest of all that cells run and read."""
    found = hashlib.sha256()
    for path in sorted(path for folder in FOLDERS for path in (root / folder).rglob("*")):
        name = path.relative_to(root)
        if path.suffix in SUFFIXES and "_build" not in name.parts and not path.stem.startswith("audited"):
            found.update(f"{name}\n".encode() + path.read_bytes())
    return found.hexdigest()


def with_cells(pages: Iterable[tuple[str, Path]]) -> list[str]:
    """Return the names of the pages that have cells."""
    return [name for name, path in pages if path.is_file() and "{code-cell}" in path.read_text("utf-8")]


def setup(app: Any) -> dict[str, bool]:  # noqa: ANN401 - Sphinx, which is not installed where types are checked
    """Compare before pages are read."""
    app.connect("env-get-outdated", _outdated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _outdated(_app: object, environment: Any, *_changes: object) -> list[str]:  # noqa: ANN401 - as above
    now, before = digest(), getattr(environment, "code_of_cells", "")
    environment.code_of_cells = now  # kept with it
    if now == before:
        return []
    return with_cells((name, Path(environment.doc2path(name))) for name in sorted(environment.found_docs))
