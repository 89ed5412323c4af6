"""Strategies of a sweep: functions from choices to problems, valid by construction.

They make what :mod:`reference.testing` makes, without Hypothesis, whose draws change from version to version.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from functools import lru_cache, partial
from hashlib import sha256
from importlib import import_module
from inspect import getsourcefile, isfunction
from math import isqrt
from pathlib import Path
from typing import NamedTuple

from flint import fmpq

from proofs_check.sweep.choosing import Choices
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear, log
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Edge, Node, Prompt, Response, Start
from reference.model.problem import Problem

FAMILIES_SWEPT = ("rational", "log-rational", "mixed")
"""What rewards are: rational; with rational ``exp(difference/beta)``; of both kinds in one problem."""


class StrategyError(ValueError):
    """There is no such strategy, or it does not do what one does; the message is one line."""


class Strategy(NamedTuple):
    """A strategy by name, and what it makes; ``digest``: of the file of one that is not of this package."""

    name: str
    make: Callable[[Choices], Problem]
    makes: str = ""
    digest: str = ""


def swept_linear(
    choices: Choices,
    *,
    family: str | None = None,
    most_prompts: int = 2,
    most_responses: int = 3,
    most_dimensions: int = 2,
) -> LinearProblem:
    """Return a linear problem of a family (any, unless given), base mass zero and repeated features included."""
    chosen = choices.of(FAMILIES_SWEPT) if family is None else family
    dimension = choices.integer(1, most_dimensions)
    beta = _beta(choices)
    theta = [_reward(choices, chosen, beta * _denominator(dimension, 4)) for _ in range(dimension)]
    rho = [1 + weight for weight in _weights(choices, choices.integer(1, most_prompts), 3)]
    prompts = []
    for x, weight in enumerate(rho):
        masses = _weights(choices, choices.integer(1, most_responses), 6)
        responses = tuple(
            Response(f"y{y}", fmpq(mass, sum(masses)), _feature(choices, dimension, 4)) for y, mass in enumerate(masses)
        )
        baseline = choices.of((fmpq(0), fmpq(-1, 2), fmpq(2)))
        prompts.append(Prompt(f"x{x}", fmpq(weight, sum(rho)), responses=responses, baseline=baseline))
    norm = sum(abs(entry).ceil() for entry in theta)
    # |<theta, phi - phi'>| <= 2 ||theta||_2
    return LinearProblem.of("swept", prompts, theta=theta, beta=beta, B=norm, R_max=2 * norm)


def swept_tokens(choices: Choices, *, most_tokens: int = 3, longest: int = 3) -> Problem:
    """Return a problem of up to ``longest`` layers of nodes, which prefixes may share."""
    family, beta = choices.of(FAMILIES_SWEPT), _beta(choices)
    prompts = choices.integer(1, 2)
    count = choices.integer(1, prompts)
    roots = _cover(choices, prompts, count)
    horizon = choices.integer(1, longest)
    layers: list[list[Node]] = []
    for h in range(horizon):
        dimension = choices.integer(1, 2)
        sizes = [choices.integer(1, most_tokens) for _ in range(count)]
        edges = sum(sizes)
        count = 1 if h + 1 == horizon else choices.integer(1, min(edges, 2))
        children = iter(_cover(choices, edges, count))
        layers.append(
            [_node(choices, size, dimension, partial(_reward, choices, family, beta), children) for size in sizes]
        )
    rho = [1 + weight for weight in _weights(choices, prompts, 3)]
    starts = [Start(f"x{x}", fmpq(w, sum(rho)), root) for x, (w, root) in enumerate(zip(rho, roots, strict=True))]
    spread = sum(max(abs(edge.reward) for node in layer for edge in node).ceil() for layer in layers)
    return Problem.of("swept", starts, layers, beta=beta, R_max=2 * spread)


STRATEGIES: dict[str, Strategy] = {
    each.name: each
    for each in (
        Strategy("linear-problems", swept_linear, "linear problems of any family of rewards, at most 2 x 3 responses"),
        Strategy("rational-problems", partial(swept_linear, family="rational"), "the same, with rational rewards"),
        Strategy("log-rational-problems", partial(swept_linear, family="log-rational"), "with rational laws"),
        Strategy("mixed-problems", partial(swept_linear, family="mixed"), "with rewards of both kinds"),
        Strategy(
            "wide-problems",
            partial(swept_linear, most_prompts=3, most_responses=8, most_dimensions=4),
            "linear problems of at most 3 x 8 responses in up to 4 dimensions",
        ),
        Strategy("token-problems", swept_tokens, "problems of up to 3 layers of nodes, which prefixes may share"),
    )
}
"""By name.  What one of them makes of a seed and a number stays: a change gets a name of its own."""


@lru_cache(maxsize=16)
def strategy_named(name: str) -> Strategy:
    """Return a strategy: one of :data:`STRATEGIES`, or the function of a module, as ``MODULE:FUNCTION``.

    Raises:
        StrategyError: if there is none.
    """
    if name in STRATEGIES:
        return STRATEGIES[name]
    module, colon, function = name.partition(":")
    if not colon:
        raise StrategyError(
            f"no strategy {name[:80]!r}; there are {', '.join(STRATEGIES)}, and your own as MODULE:FUNCTION"
        )
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))
    try:
        with redirect_stdout(sys.stderr):  # what a module prints is not for who asks
            make = getattr(import_module(module), function)
        file = getsourcefile(make) if isfunction(make) else None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a module of a user's raises
        raise StrategyError(f"strategy {name[:80]}: {type(error).__name__}: {error}") from None
    if file is None:
        raise StrategyError(f"strategy {name[:80]}: {function[:80]} is not a function in a file of yours")
    return Strategy(name, make, "", sha256(Path(file).read_bytes()).hexdigest()[:16])


def instance(strategy: Strategy, choices: Choices) -> Problem:
    """Return what a strategy makes of these choices.

    Raises:
        StrategyError: if it raises, or makes something else than a problem.
    """
    try:
        made = strategy.make(choices)
    except Exception as error:
        raise StrategyError(f"{type(error).__name__}: {error}") from error
    if not isinstance(made, Problem):
        raise StrategyError(f"it made a {type(made).__name__}, and not a problem")
    return made


def _beta(choices: Choices) -> fmpq:
    """Return a rational of ``[1/4, 2]``, of denominators up to 16."""
    return fmpq(1, 4) + fmpq(7, 4) * _share(choices, 4)


def _share(choices: Choices, most: int) -> fmpq:
    denominator = choices.integer(1, most)
    return fmpq(choices.below(denominator + 1), denominator)


def _reward(choices: Choices, family: str, scale: fmpq) -> LogLinear:
    """Return a rational of ``[-3, 3]``, or a logarithm times ``scale``, in a mixed problem perhaps half of it."""
    kind = choices.below(3) if family == "mixed" else FAMILIES_SWEPT.index(family)
    if kind == 0:
        return LogLinear(6 * _share(choices, 8) - 3)
    found = log(fmpq(choices.integer(1, 4), choices.integer(1, 4))) * scale
    return found if kind == 1 else found / 2


def _weights(choices: Choices, size: int, most: int) -> list[int]:
    """Return integers ``>= 0``, not all zero."""
    found = [choices.below(most + 1) for _ in range(size)]
    found[choices.below(size)] += 1
    return found


def _feature(choices: Choices, dimension: int, denominator: int) -> Vector:
    """Return a vector of norm at most 1: a signed unit vector, or integers over a common denominator."""
    if choices.below(2) == 0:
        place, sign = choices.below(dimension), choices.of((1, -1))
        return Vector.of([sign if k == place else 0 for k in range(dimension)])
    over = _denominator(dimension, denominator)
    return Vector.of([fmpq(choices.integer(-denominator, denominator), over) for _ in range(dimension)])


def _denominator(dimension: int, denominator: int) -> int:
    return denominator * (isqrt(dimension - 1) + 1)


def _cover(choices: Choices, size: int, count: int) -> list[int]:
    """Return ``size`` numbers of ``0..count-1``, each of which occurs."""
    return [*range(count), *(choices.below(count) for _ in range(size - count))]


def _node(
    choices: Choices, size: int, dimension: int, reward: Callable[[], LogLinear], children: Iterator[int]
) -> Node:
    masses = _weights(choices, size, 6)
    return tuple(
        Edge(f"t{t}", fmpq(mass, sum(masses)), _feature(choices, dimension, 2), reward(), next(children))
        for t, mass in enumerate(masses)
    )
