"""One page of API reference for each package, made from the modules that are there when the documentation is built."""

import importlib
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOTS: Final = ("reference", "proofs_check")
FOLDER: Final = "reference/api"


def pages() -> dict[str, str]:
    """Return the text of each page by its name: one for each package, in the order of the layers, and their index."""
    packages = [package for root in ROOTS for package in _packages(importlib.import_module(root))]
    text = {package.__name__: _page(package) for package in packages if _modules(package)}
    return {"index": _index(list(text))} | text


def setup(app: "Sphinx") -> dict[str, bool]:
    """Write the pages before Sphinx looks for its sources."""
    app.connect("config-inited", lambda app, _config: _write(Path(app.srcdir) / FOLDER))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _write(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    wanted = {folder / f"{name}.md": text for name, text in pages().items()}
    for stale in set(folder.glob("*.md")) - set(wanted):
        stale.unlink()
    for path, text in wanted.items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def _packages(root: ModuleType) -> list[ModuleType]:
    found = pkgutil.walk_packages(root.__path__, root.__name__ + ".")
    names = sorted(info.name for info in found if info.ispkg)
    return [root, *map(importlib.import_module, names)]


def _modules(package: ModuleType) -> list[str]:
    """Return the public modules directly inside a package."""
    found = pkgutil.iter_modules(package.__path__, package.__name__ + ".")
    return sorted(info.name for info in found if not info.ispkg and not info.name.rsplit(".", 1)[-1].startswith("_"))


def _page(package: ModuleType) -> str:
    lines = [f"# `{package.__name__}`", "", "```{eval-rst}", f".. automodule:: {package.__name__}", "   :no-members:"]
    lines += ["```", ""]
    for name in _modules(package):
        lines += [f"## `{name}`", "", "```{eval-rst}", f".. automodule:: {name}", "   :ignore-module-all:", "```", ""]
    return "\n".join(lines)


def _index(names: list[str]) -> str:
    lines = ["# API", "", "Made from the docstrings. The packages stand in {doc}`/explanation/architecture`.", ""]
    return "\n".join([*lines, "```{toctree}", ":maxdepth: 1", "", *names, "```", ""])
