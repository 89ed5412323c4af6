"""The checks behind :class:`~reference.model.problem.Problem`: each names the prompt and the prefix."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from reference.model import checks
from reference.model.checks import ProblemError
from reference.model.parts import END, Node

if TYPE_CHECKING:
    from reference.model.problem import Problem

T = TypeVar("T")


def located(where: Callable[[], str], check: Callable[[], T]) -> T:
    """Run a check, and name the prompt and the prefix in front of what it finds."""
    try:
        return check()
    except ProblemError as error:
        inside = error.path.lstrip(".")
        raise ProblemError(where(), f"{inside}: {error.reason}" if inside else error.reason) from None


def check_graph(problem: "Problem") -> None:
    """Refuse children that do not exist, nodes that no prefix leads to, wrong tokens and wrong features."""
    for x, entry in enumerate(problem.prompts):
        if not 0 <= entry.root < len(problem.layers[0]):
            raise ProblemError(f"prompts[{x}].root", f"there is no node {entry.root} in layer 0")
    reached = {entry.root for entry in problem.prompts}
    for h, layer in enumerate(problem.layers):
        unreached = next((i for i in range(len(layer)) if i not in reached), None)
        if unreached is not None:
            raise ProblemError(f"layers[{h}][{unreached}]", "no prompt and prefix lead to this node")
        children = len(problem.layers[h + 1]) if h + 1 < problem.horizon else 1
        dimension = next((len(edge.phi) for node in layer for edge in node), 0)
        for i, node in enumerate(layer):
            located(partial(problem.where, h, i), partial(_check_node, node, children, dimension))
            if (
                node[0].token == END
                and h + 1 < problem.horizon
                and problem.layers[h + 1][node[0].child][0].token != END
            ):
                raise ProblemError(problem.where(h, i), "a token follows a forced step, but the response has ended")
        reached = {edge.child for node in layer for edge in node}
    for entry in problem.prompts:
        if problem.layers[0][entry.root][0].token == END:
            raise ProblemError(problem.where(0, entry.root), "the response is empty; it has at least one token")


def _check_node(node: Node, children: int, dimension: int) -> None:
    if not node:
        raise ProblemError("", "no token follows, but every prefix shorter than the horizon has one")
    if node[0].token == END:
        _check_forced(node)
    seen: set[str] = set()
    for edge in node:
        name = f"token {edge.token!r}"
        if edge.token != END:
            checks.name("token", edge.token)
        elif len(node) > 1:
            raise ProblemError("", "a forced step (a token without a name) is the only edge of its node")
        if edge.token in seen:
            raise ProblemError("", f"{name} follows twice")
        seen.add(edge.token)
        if not 0 <= edge.child < children:
            raise ProblemError(name, f"the longer prefix is missing: there is no node {edge.child} in the next layer")
        checks.same_lengths(f"{name}: phi", edge.phi, dimension, of="the first edge of this layer")


def _check_forced(node: Node) -> None:
    edge = node[0]
    if edge.reward != 0 or any(n != 0 for n in edge.phi.numerators):
        raise ProblemError("", "a forced step (a token without a name) has no reward, and features 0")
