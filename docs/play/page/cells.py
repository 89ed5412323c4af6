"""The cells of a tutorial, run in the reader's browser: what they print, and the value that stands last."""

import ast
import builtins
import io
from collections.abc import Sequence
from contextlib import redirect_stdout
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from docs.play.page.typed import raised

Answer = dict[str, Any]

MOST_PRINTED: Final = 20_000
"""Characters of a cell's output that are shown."""

_RUNNING: Final[dict[str, dict[str, Any]]] = {}
"""The names of each tutorial, as long as Python runs."""

_SHARED: Final = {"figures": "docs.play.page.no_figures", "tables": "docs._ext.tables"}
"""What cells import that only the documentation has, and what that is here: there is no matplotlib."""


def run_cell(page: str, number: int, source: str, again: bool = True) -> Answer:  # noqa: FBT001, FBT002 - from JSON
    """Run a cell of a page with the names that cells of the page have defined.

    ``again``: even if it has been run; otherwise ``ran`` says whether it was.
    """
    names = _RUNNING.setdefault(page, {"__name__": "__main__", "__builtins__": _builtins(), "__ran__": set()})
    if number in names["__ran__"] and not again:
        return {"ran": False, "printed": "", "failed": ""}
    printed, failed, where = _Printed(), "", f"cell {number + 1}"
    with redirect_stdout(printed):
        try:
            _run(source, names, where)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises is told
            failed = raised(error, where)
    if not failed:
        names["__ran__"].add(number)
    return {"ran": True, "printed": printed.shown(), "failed": failed}


def _run(source: str, names: dict[str, Any], where: str) -> None:
    """Run statements; print the value of the last one if it is an expression that has one, as notebooks do."""
    tree = ast.parse(source, where)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, where, "exec"), names)  # noqa: S102 - a cell of the page that the reader reads
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), where, "eval"), names)  # noqa: S307 - as above
        if value is not None:
            print(repr(value))


def _builtins() -> dict[str, Any]:
    """Return the built-in names, with an import that knows what only the documentation has."""

    def importing(
        name: str,
        globals: Any = None,  # noqa: A002, ANN401 - as Python calls it
        locals: Any = None,  # noqa: A002, ANN401 - as Python calls it
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> ModuleType:
        return import_module(_SHARED[name]) if name in _SHARED else __import__(name, globals, locals, fromlist, level)

    return {**vars(builtins), "__import__": importing}


class _Printed(io.StringIO):
    """What was printed, of which no more is kept than is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.left_out = 0

    def write(self, text: str, /) -> int:
        room = max(0, MOST_PRINTED - self.tell())
        self.left_out += max(0, len(text) - room)
        super().write(text[:room])
        return len(text)

    def shown(self) -> str:
        return self.getvalue() + (f"\n… and {self.left_out:,} characters more" if self.left_out else "")
