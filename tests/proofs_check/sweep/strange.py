"""Strategies that misbehave, as ``tests.proofs_check.sweep.strange:NAME``.

In a process of a crew, and only there, ``barycentric-spanner`` hangs on problems called "hangs", sleeps on those called
"sleeps", kills its process on those called "kills", and is false of those with three responses called "falls".
"""

import os
import signal
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from proofs_check.claims import registry
from proofs_check.claims.enumerating import barycentric
from proofs_check.ledger import Case, Catalog, Check, compare
from proofs_check.sweep.choosing import Choices
from proofs_check.sweep.strategies import swept_linear
from reference.model import LinearProblem


def renamed(problem: LinearProblem, name: str) -> LinearProblem:
    return LinearProblem.of(
        name, problem.prompts, theta=problem.theta, beta=problem.beta, B=problem.B, R_max=problem.R_max
    )


HIT = next(i for i in range(1, 99) if Choices(1, i).below(8) == 0)
"""The first instance of seed 1 that is strange."""


def _one_in_eight(choices: Choices, name: str) -> LinearProblem:
    strange = choices.below(8) == 0
    problem = swept_linear(choices)
    return renamed(problem, name) if strange else problem


def hanging(choices: Choices) -> LinearProblem:
    return _one_in_eight(choices, "hangs")


def sleeping(choices: Choices) -> LinearProblem:
    return _one_in_eight(choices, "sleeps")


def killing(choices: Choices) -> LinearProblem:
    return _one_in_eight(choices, "kills")


def raising(choices: Choices) -> LinearProblem:
    if choices.below(8) == 0:
        raise ValueError("one in\neight")
    return swept_linear(choices)


def nothing(_: Choices) -> None:
    print("not for who asks")  # noqa: T201 - that is the point


def printing(choices: Choices) -> LinearProblem:
    print("not for who asks")  # noqa: T201 - the same
    return swept_linear(choices)


def exiting(choices: Choices) -> LinearProblem:
    if Path(sys.argv[0]).name != "child.py" or choices.below(2) == 0:
        sys.exit(0)
    return swept_linear(choices)


def stuck(_: Choices) -> None:
    while True:
        pass


CALLABLE = partial(swept_linear, most_prompts=1)


def falling(choices: Choices) -> LinearProblem:
    return renamed(swept_linear(choices), "falls")


def _strange(problem: LinearProblem) -> Iterator[Case]:
    if problem.name == "hangs":
        while True:
            pass
    if problem.name == "sleeps":
        signal.pause()
    if problem.name == "kills":
        os.kill(os.getpid(), signal.SIGKILL)
    if problem.name == "falls":
        yield compare("all prompts", sum(len(x.responses) for x in problem.prompts), "<=", 2, "two responses in all")
    yield from barycentric.spanner_of_differences(problem)


if Path(sys.argv[0]).name == "child.py":
    object.__setattr__(registry()["barycentric-spanner"], "every", Check(Catalog(), _strange))
