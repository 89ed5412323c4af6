"""One page of API reference for each package and module, made from those that are there when the site is built."""

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

ROOTS: Final = ("reference", "proofs_check")
FOLDER: Final = "reference/api"

ALIAS: Final = (
    "`import spanner_reference as ref` is `import reference as ref`, under a name that no other package has: the names",
    "are the same objects. Sub-packages keep the one name that they have here, as in `reference.exact`.",
)
"""What the first page says of the other name."""

NAMES: Final = (
    '<a href="../../genindex.html">All names, by letter</a>; <a href="../../py-modindex.html">all modules</a>.'
)


def pages() -> dict[str, str]:
    """Return the text of each page by its name: packages in the order of the layers, their modules, and an index."""
    packages = [package for root in ROOTS for package in _packages(importlib.import_module(root))]
    text = {package.__name__: _page(package) for package in packages if _modules(package)}
    modules = {name: _module(name) for package in packages for name in _modules(package)}
    return {"index": _index(list(text))} | text | modules


def setup(app: "Sphinx") -> dict[str, bool]:
    """Write the pages before Sphinx looks for its sources; mend three habits of its extensions."""
    app.connect("config-inited", lambda app, _config: _write(Path(app.srcdir) / FOLDER))
    app.connect("autodoc-process-docstring", _keep, priority=400)  # napoleon's own handler has priority 500
    app.connect("autodoc-process-docstring", _restore, priority=600)
    app.connect("missing-reference", _by_short_name)
    app.connect("env-updated", lambda _app, env: forget_sourceless(env))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def forget_sourceless(env: "BuildEnvironment") -> list[str]:
    """Take modules without source (``builtins``) out of viewcode's list, whose page of all modules would link them.

    >>> from types import SimpleNamespace
    >>> env = SimpleNamespace(_viewcode_modules={"builtins": False, "reference": ("code", {}, {}, "reference")})
    >>> forget_sourceless(env), list(env._viewcode_modules)
    ([], ['reference'])
    """
    known = getattr(env, "_viewcode_modules", {})
    for name in [name for name, entry in known.items() if not entry]:
        del known[name]
    return []  # the pages that this changes: none


_kept: dict[str, list[str]] = {}


def _keep(_app: "Sphinx", what: str, name: str, _object: object, _options: object, lines: list[str]) -> None:
    """Napoleon reads "A mass: at most 1" under a constant as "type: text"; here it is a sentence."""
    if what in {"attribute", "data", "property"}:
        _kept[name] = list(lines)


def _restore(_app: "Sphinx", _what: str, name: str, _object: object, _options: object, lines: list[str]) -> None:
    if name in _kept:
        lines[:] = _kept.pop(name)


def _by_short_name(app: "Sphinx", env: "BuildEnvironment", node: "pending_xref", text: "Element") -> "Element | None":
    """Resolve a name written in another module than its own, or through the package that exports it."""
    name = str(node.get("reftarget", ""))
    if node.get("refdomain") != "py":
        return None
    objects = env.domains.python_domain.objects
    found = _home(name) if "." in name else _by_last_part(objects).get(name, [])
    places = {(objects[full].docname, objects[full].node_id) for full in found if full in objects}
    if len(places) != 1:
        return None
    from sphinx.util.nodes import make_refnode  # noqa: PLC0415 (the rest is tested without Sphinx)

    ((page, anchor),) = places
    return make_refnode(app.builder, str(node["refdoc"]), page, anchor, text, name)


_last_parts: dict[int, dict[str, list[str]]] = {}
"""Of so many objects, their names by the last part: references are resolved when all pages are read."""


def _by_last_part(objects: Mapping[str, object]) -> dict[str, list[str]]:
    if len(objects) not in _last_parts:
        _last_parts.clear()
        found = _last_parts[len(objects)] = defaultdict(list)
        for full in objects:
            found[full.rpartition(".")[2]].append(full)
    return _last_parts[len(objects)]


def _home(name: str) -> list[str]:
    """Return where an exported object is defined: ``reference.exact.log`` is ``reference.exact.log_linear.log``."""
    module, _, attribute = name.rpartition(".")
    if module.split(".")[0] not in ROOTS:
        return []
    try:
        exported = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError):
        return []
    return [f"{exported.__module__}.{exported.__qualname__}"] if hasattr(exported, "__qualname__") else []


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
    lines += ["```", "", "| module | |", "| --- | --- |"]
    lines += [f"| {{doc}}`{name}` | {_first_line(name)} |" for name in _modules(package)]
    return "\n".join([*lines, ""])


def _module(name: str) -> str:
    """Return the page of a module: not in the table of contents, which is on every page, but in its package's."""
    lines = ["---", "orphan: true", "---", "", f"# `{name}`", "", f"Of {{doc}}`{name.rpartition('.')[0]}`.", ""]
    return "\n".join([*lines, "```{eval-rst}", f".. automodule:: {name}", "   :ignore-module-all:", "```", ""])


def _first_line(name: str) -> str:
    said = (importlib.import_module(name).__doc__ or "").strip().partition("\n")[0]
    return said.replace("|", "\\|").replace("``", "`")


def _index(names: list[str]) -> str:
    lines = ["# API", "", "Made from the docstrings. The packages stand in {doc}`/explanation/architecture`.", ""]
    lines += [*ALIAS, "", NAMES, ""]
    return "\n".join([*lines, "```{toctree}", ":maxdepth: 1", "", *names, "```", ""])
