"""What a fault is: a change of one line of ``reference`` that a claim and a test must notice."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
"""Where the packages ``reference`` and ``proofs_check`` are."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class FaultError(ValueError):
    """A fault that is not well formed, or does not apply to the source: one line that says what and where."""


@dataclass(frozen=True)
class Fault:
    """``old`` becomes ``new`` in one function.

    ``of``: what it is a fault of: the module of a listing (``mtss``), or an area such as ``meter``.  ``line``: number
    in the listing; ``None`` where it is no numbered line.  ``module``: below ``reference``.  ``function``: qualified
    (``RidgeCover.covers``, ``softmax_sampler.sample.trial``).  ``old`` and ``new``: Python, an expression, or a
    statement and what stands in its place.  ``what``: the fault in words.  ``test``: a test of the suite that fails.
    ``lazy``: whether the algorithm then returns the base model, or stays there.

    Raises:
        FaultError: for a name or a fragment that is not well formed.
    """

    name: str
    of: str
    module: str
    function: str
    old: str
    new: str
    what: str
    test: str
    line: int | None = None
    lazy: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise FaultError(f"fault {self.name!r}: use lower-case words joined by hyphens")
        if _parsed(self, self.old)[1] and not _parsed(self, self.new)[1]:
            raise FaultError(f"fault {self.name}: an expression becomes an expression, not {self.new!r}")

    @property
    def full_module(self) -> str:
        """The module's full name."""
        return f"reference.{self.module}"

    @property
    def file(self) -> str:
        """The file, as a path from the root."""
        return f"reference/{self.module.replace('.', '/')}.py"

    @cached_property
    def place(self) -> range:
        """The lines of the statement in which it stands in today's source, the first one that of the change."""
        return changed(self, source_of(self.file))[1]

    @property
    def change(self) -> str:
        """``old -> new``, on one line."""
        return " -> ".join("; ".join(filter(None, map(str.strip, text.splitlines()))) for text in (self.old, self.new))

    @property
    def text(self) -> str:
        """Where what becomes what, and the test, on one line: the record is of this."""
        return f"{self.module}, {self.function}: {self.change}; {self.test}"


@lru_cache(maxsize=64)
def source_of(file: str) -> str:
    """Return the text of a source file below the root."""
    return (TOP / file).read_text(encoding="utf-8")


def changed(fault: Fault, source: str) -> tuple[ast.Module, range]:
    """Return the syntax tree of a module with the fault in it, and the lines of the statement that it changes.

    Raises:
        FaultError: if there is no such function, or not exactly one place in it that reads ``old``.
    """
    tree = ast.parse(source)
    function = _function(fault, tree)
    change = _Change(fault)
    change.visit(function)
    if len(change.found) != 1:
        count = len(change.found)
        raise FaultError(
            f"fault {fault.name}: {fault.file}, {fault.function}: {count} places read {fault.old!r}, needs 1"
        )
    (line,) = change.found
    return ast.fix_missing_locations(tree), _statement(_tree_of(source), line)


@lru_cache(maxsize=64)
def _tree_of(source: str) -> ast.Module:
    """Return the syntax tree of a source as it is; nobody changes it."""
    return ast.parse(source)


def misplaced(faults: Iterable[Fault]) -> Iterator[str]:
    """Yield a line for each fault that does not apply to today's source: the line that it changes has changed."""
    for fault in faults:
        try:
            _ = fault.place
        except (FaultError, OSError) as error:
            yield f"{error}; the source has changed: mend old and new, or drop the fault"


class _Change(ast.NodeTransformer):
    """Puts ``new`` where ``old`` stands; ``found`` are the lines of the places."""

    def __init__(self, fault: Fault) -> None:
        self.old, self.is_expression = _parsed(fault, fault.old)
        self.new, _ = _parsed(fault, fault.new)
        self.wanted = ast.dump(self.old[0])
        self.kind = type(self.old[0])
        self.found: list[int] = []

    def visit(self, node: ast.AST) -> "ast.AST | list[ast.stmt]":
        """Return what stands in place of a node."""
        if type(node) is not self.kind or ast.dump(node) != self.wanted:
            return self.generic_visit(node)
        self.found.append(getattr(node, "lineno", 0))
        fresh = [_at(node, new) for new in self.new]
        return fresh[0] if self.is_expression else fresh  # type: ignore[return-value]  # statements, then


def _at(node: ast.AST, new: ast.AST) -> ast.AST:
    """Return a copy of ``new`` that stands where ``node`` stood: tracebacks and traces then name that line."""
    (copy,) = ast.parse(ast.unparse(new)).body
    made: ast.AST = copy.value if isinstance(copy, ast.Expr) and isinstance(new, ast.expr) else copy
    for part in ast.walk(made):
        if hasattr(part, "lineno"):
            ast.copy_location(part, node)
    return made


def _parsed(fault: Fault, text: str) -> tuple[list[ast.stmt] | list[ast.expr], bool]:
    """Return what a fragment is made of, and whether it is an expression."""
    try:
        body = ast.parse(text.strip()).body
    except SyntaxError as error:
        raise FaultError(f"fault {fault.name}: {text!r} is no Python: {error.msg}") from None
    if not body:
        raise FaultError(f"fault {fault.name}: an empty fragment; write pass")
    if len(body) == 1 and isinstance(body[0], ast.Expr):
        return [body[0].value], True
    return body, False


def _function(fault: Fault, tree: ast.Module) -> ast.AST:
    """Return the function, method or class of this qualified name, wherever it is nested."""
    node: ast.AST = tree
    for name in filter(None, fault.function.split(".")):
        inside = (each for each in ast.walk(node) if each is not node and getattr(each, "name", None) == name)
        found = next((each for each in inside if isinstance(each, ast.FunctionDef | ast.ClassDef)), None)
        if found is None:
            raise FaultError(f"fault {fault.name}: {fault.file} has no function {fault.function}")
        node = found
    return node


def _statement(tree: ast.Module, line: int) -> range:
    """Return the lines of the innermost statement around a line; of a compound one its head alone."""
    best = range(line, line + 1)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno or node.lineno
            if line <= last:
                best = range(node.lineno, max(last, node.lineno) + 1)
    return best
