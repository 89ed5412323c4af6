"""The tree of tokens: the soft value of each prefix, and what the best policy, and those on the way to it, choose."""

from functools import lru_cache
from typing import Any

from docs.play.page.shown import Number2, Sentence, number, read
from reference.exact import LogLinear, rational
from reference.exact.log_linear import ZERO
from reference.exact.number import Undecided
from reference.model import NodePolicy, Problem, coverage, gap, optimum, soft_values
from reference.model.policy import softmax
from reference.model.realizability import NotRealizable, decide_realizability

Answer = dict[str, Any]

MOST_LEAVES = 64
"""Prefixes of the longest length that are drawn."""

Layers = tuple[tuple[LogLinear, ...], ...]


def soft_tree(source: str, scale: str = "1", depth: int = 1, prompt: int = 0) -> Answer:
    """Return the prefixes of up to ``depth`` tokens, with ``V``, and ``pi_ref``, ``pi*`` and ``pi_theta`` of the last.

    ``theta`` is ``scale`` times that of ``pi*``.  The tree is cut before it has more than 64 leaves.
    """
    problem, theta, why = _solved(source)
    if not 0 <= prompt < len(problem.prompts):
        raise Sentence(f"prompt {prompt}: {problem.name} has {len(problem.prompts)}, counted from 0")
    best = optimum(problem)
    scaled, policies = _times(theta, scale), [best]
    if scaled is not None:
        policies.append(softmax(problem, *scaled))
    longest = _longest(problem, problem.prompts[prompt].root, depth)
    if longest == 0:
        raise Sentence(f"more than {MOST_LEAVES} tokens to begin with: pick an instance with fewer")
    return {
        "name": problem.name,
        "horizon": problem.horizon,
        "depth": longest,
        "prompts": [entry.name for entry in problem.prompts],
        "nodes": _nodes(problem, prompt, longest, policies),
        "theta": None if scaled is None else [[str(entry) for entry in layer] for layer in scaled],
        "why": why,
        "best": number(coverage(problem, best)),
    }


def tilted_gap(source: str, scale: str) -> Answer:
    """Return what the policy with ``scale`` times the parameter of ``pi*`` is worth: slower than the tree of it."""
    problem, theta, why = _solved(source)
    scaled = _times(theta, scale)
    if scaled is None:
        raise Sentence(f"{problem.name}: {why}")
    policy = softmax(problem, *scaled)
    return {"gap": number(gap(problem, policy)), "coverage": number(coverage(problem, policy))}


def _times(theta: Layers | None, scale: str) -> Layers | None:
    factor = rational(scale)
    return None if theta is None else tuple(tuple(entry * factor for entry in layer) for layer in theta)


@lru_cache(maxsize=4)  # a slider asks again and again
def _solved(source: str) -> tuple[Problem, Layers | None, str]:
    """Return the instance, the parameter of ``pi*``, and why there is none."""
    problem = read(source)
    try:
        found = decide_realizability(problem)
    except Undecided as error:
        return problem, None, str(error)
    if isinstance(found, NotRealizable):
        return problem, None, "no θ gives π*: it is not in the softmax class"
    theta = found.log_linear()
    return problem, theta, "" if theta is not None else "the θ of π* is no sum of logarithms"


def _longest(problem: Problem, root: int, depth: int) -> int:
    """Return to which length prefixes are drawn: ``depth``, or less where they are too many."""
    level = [root]
    for h in range(min(depth, problem.horizon)):
        level = [edge.child for i in level for edge in problem.supported(h, i)]
        if len(level) > MOST_LEAVES:
            return h
    return min(depth, problem.horizon)


_mass = lru_cache(4096)(number)


@lru_cache(4096)
def _value(problem: Problem, h: int, i: int, earned: LogLinear) -> Number2:
    """Return ``V`` of a prefix that leads to a node: what was earned on the way, and the soft value still to come."""
    return number(earned + soft_values(problem).value(h, i) if h < problem.horizon else earned)


def _nodes(problem: Problem, x: int, longest: int, policies: list[NodePolicy]) -> list[Answer]:
    """Return the nodes in the order of the rows, parents first: ``V``, and the masses of the token that leads there."""
    found = list[Answer]()

    def grow(parent: Answer, h: int, i: int, earned: LogLinear) -> None:
        found.append({"value": _value(problem, h, i, earned), **parent})
        if h == longest:
            return
        number_here = len(found) - 1
        laws = [problem.base(h, i), *(policy.at(h, i) for policy in policies)]
        for k, edge in zip(laws[0].outcomes, problem.supported(h, i), strict=True):
            masses = [_mass(law.mass(k)) for law in laws]
            grow(
                {"parent": number_here, "token": edge.token, "masses": masses}, h + 1, edge.child, earned + edge.reward
            )

    grow({"parent": None, "token": "", "masses": []}, 0, problem.prompts[x].root, ZERO)
    return found
