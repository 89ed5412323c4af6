"""Automatic mutants: a program with one operator, constant, call or statement changed, wherever there is one."""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMES = {
    "max": "min",
    "min": "max",
    "all": "any",
    "any": "all",
    "exp": "expm1",
    "expm1": "exp",
    "log": "log1p",
    "log1p": "log",
    "ceil": "floor",
    "argmax": "argmin",
    "logaddexp": "fmax",
}
"""Calls, by name or attribute."""


@dataclass(frozen=True)
class Changed:
    """A program with one change in ``function``: ``what`` it is, in words, and where.

    ``program``: the code of the whole, without the change; ``made``: the one statement that has it, when it is needed.
    """

    name: str
    function: str
    what: str
    program: CodeType
    made: Callable[[], ast.stmt]

    def module(self) -> ModuleType:
        """Run the program, and then the changed statement, which defines its function again."""
        found = ModuleType(self.name)
        changed = ast.fix_missing_locations(ast.Module([self.made()], type_ignores=[]))
        exec(self.program, found.__dict__)  # noqa: S102 - that is what mutants are for
        exec(compile(changed, f"<{self.name}>", "exec", dont_inherit=True), found.__dict__)  # noqa: S102 - the same
        return found


def changed_programs(path: Path) -> Iterator[Changed]:
    """Every program that differs from the one in a file by one change, in the order of the places."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    program = compile(tree, path.name, "exec", dont_inherit=True)
    functions = [
        (top, node)
        for top, body in enumerate(tree.body)
        for node in (body.body if isinstance(body, ast.ClassDef) else [body])
        if isinstance(node, ast.FunctionDef)
    ]
    for top, function in functions:
        places = [node for node in ast.walk(function) if not isinstance(node, ast.expr_context)]
        skipped = _annotations(function)
        for k, node in enumerate(places):
            if id(node) in skipped:
                continue
            for what, change in _changes(node):
                line = getattr(node, "lineno", function.lineno)
                made = partial(_changed, tree.body[top], function, k, change)
                place = f"{path.stem}:{line}:{getattr(node, 'col_offset', 0)}"
                yield Changed(f"{place}: {what}", getattr(tree.body[top], "name", function.name), what, program, made)


def reached(path: Path) -> dict[str, frozenset[str]]:
    """Of each function of a file, the functions of the file that it reaches, itself included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    calls = {
        name: {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and node.id in functions}
        for name, function in functions.items()
    }
    found = {}
    for name in functions:
        seen, open_ = {name}, [name]
        while open_:
            new = calls[open_.pop()] - seen
            seen |= new
            open_ += new
        found[name] = frozenset(seen)
    return found


def _changed(statement: ast.stmt, function: ast.FunctionDef, k: int, change: Callable[[Any, Any], None]) -> ast.stmt:
    """A copy, changed in the ``k``-th place of a function."""
    copy = deepcopy(statement)
    twin = _twin(copy, function)
    target = [other for other in ast.walk(twin) if not isinstance(other, ast.expr_context)][k]
    change(twin, target)
    return copy


def _twin(body: ast.stmt, function: ast.FunctionDef) -> ast.FunctionDef:
    """The copy of a function, in a copy of the statement that holds it."""
    return next(node for node in ast.walk(body) if isinstance(node, ast.FunctionDef) and node.lineno == function.lineno)


def _annotations(function: ast.FunctionDef) -> set[int]:
    """What is no program: annotations, texts, and assertions that two lists are as long."""
    found = set()
    for node in ast.walk(function):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if part is not None:
                found |= {id(inner) for inner in ast.walk(part)}
        if isinstance(node, ast.Raise) or (isinstance(node, ast.keyword) and node.arg == "strict"):
            found |= {id(inner) for inner in ast.walk(node)}
    return found


_Change = tuple[str, Callable[[Any, Any], None]]


def _changes(node: ast.AST) -> Iterator[_Change]:  # noqa: C901, PLR0912 - one case for each kind of place
    match node:
        case ast.BinOp(op=op) if type(op) in OPERATORS:
            yield f"{_sign(op)} becomes {_sign(OPERATORS[type(op)]())}", _operator
        case ast.AugAssign(op=op):
            if type(op) in OPERATORS:
                yield f"{_sign(op)} becomes {_sign(OPERATORS[type(op)]())}", _operator
            yield "the statement is left out", _left_out
        case ast.BoolOp(op=op):
            yield f"{_sign(op)} becomes {_sign(OPERATORS[type(op)]())}", _operator
        case ast.Compare(ops=ops):
            for j, sign in enumerate(ops):
                if type(sign) in OPERATORS:
                    yield f"{_sign(sign)} becomes {_sign(OPERATORS[type(sign)]())}", _comparison(j)
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield f"{_sign(node.op)} is left out", lambda twin, target: _replaced(twin, target, target.operand)
        case ast.Constant(value=bool() as flag):
            yield f"{flag} becomes {not flag}", _value(not flag)
        case ast.Constant(value=int() | float() as number):
            yield f"{number} becomes {number + 1}", _value(number + 1)
        case ast.Call(func=ast.Name(id=name)) if name in NAMES:
            yield f"{name} becomes {NAMES[name]}", lambda _, target: setattr(target.func, "id", NAMES[target.func.id])
        case ast.Call(func=ast.Attribute(attr=name)) if name in NAMES:
            yield (
                f"{name} becomes {NAMES[name]}",
                lambda _, target: setattr(target.func, "attr", NAMES[target.func.attr]),
            )
        case ast.IfExp():
            yield "the condition is negated", _negated
        case ast.If():
            yield "the condition is negated", _negated
        case ast.Expr(value=ast.Call()):
            yield "the statement is left out", _left_out
        case _:
            pass


def _sign(op: ast.AST) -> str:
    return type(op).__name__


def _operator(_: ast.AST, target: Any) -> None:  # noqa: ANN401
    target.op = OPERATORS[type(target.op)]()


def _comparison(j: int) -> Callable[[Any, Any], None]:
    def change(_: ast.AST, target: Any) -> None:  # noqa: ANN401
        target.ops[j] = OPERATORS[type(target.ops[j])]()

    return change


def _value(value: float) -> Callable[[Any, Any], None]:
    return lambda _, target: setattr(target, "value", value)


def _negated(_: ast.AST, target: Any) -> None:  # noqa: ANN401
    target.test = ast.UnaryOp(ast.Not(), target.test)


def _left_out(twin: ast.AST, target: ast.AST) -> None:
    _replaced(twin, target, ast.Pass())


def _replaced(twin: ast.AST, target: ast.AST, new: ast.AST) -> None:
    for node in ast.walk(twin):
        for field, value in ast.iter_fields(node):
            if value is target:
                setattr(node, field, new)
            elif isinstance(value, list) and any(each is target for each in value):
                value[:] = [new if each is target else each for each in value]
