"""One program, two readings: the tree of all runs of a small program, and the run of each seed as a path in it."""

from collections import Counter
from collections.abc import Callable, Hashable
from functools import cache
from typing import Any, NamedTuple, TypeVar

from flint import fmpq

from docs.play.page.shown import Sentence, number, read_linear
from reference.algorithms import SpannerSampling
from reference.algorithms.rejection import ideal_rejection
from reference.algorithms.softmax_sampling import softmax_sampler
from reference.algorithms.spanner_sampling import phase_1
from reference.exact.expratio import exp_ratio
from reference.exact.law import Law
from reference.interaction import Carrying, Choice, Oracles, Seeded, World, law_of
from reference.model import LinearProblem, NamedLaw, coverage_at, optimum
from reference.model.linear import linear_score

Answer = dict[str, Any]
T = TypeVar("T", bound=Hashable)

MOST_RUNS = 64
"""Runs that are drawn, a leaf each."""

MOST_ROUNDS = 4
"""``N``, at most."""

SEEDS = range(1, 21)
"""Of the runs that are read with a seed."""

M = 2
"""SoftmaxSampler's, here: so small that both outcomes of its coins are seen."""

Program = Callable[[Oracles], str]
Path = tuple[int, ...]
"""What a run drew: of each law with several outcomes, the number of the outcome."""


class Listed(NamedTuple):
    """A program as the page offers it: what it is on an instance with ``N`` rounds, and what its draws are."""

    on: Callable[[LinearProblem, int], Program]
    draws: Callable[[int], list[str]]


class TooMany(Exception):
    """There are more runs than are drawn."""


class Asking(Carrying[None]):
    """A choice that counts how often it is asked for a draw, over all runs."""

    def __init__(self, choice: Choice, asked: Counter[str], reading: str) -> None:
        super().__init__(choice, None)
        self.asked, self.reading = asked, reading

    def draw(self, law: Law[T]) -> T:
        """Draw from the other choice."""
        self.asked[self.reading] += 1
        return super().draw(law)


class Drawing(Carrying[Path]):
    """A choice that keeps the path of its run, and the laws it has met by the path to them.

    Laws with one outcome are no forks.
    """

    def __init__(self, choice: Choice, laws: dict[Path, Law[Any]]) -> None:
        super().__init__(choice, ())
        self.laws = laws

    def draw(self, law: Law[T]) -> T:
        """Draw from the other choice, and remember what."""
        outcome = super().draw(law)
        if len(law.outcomes) > 1:
            self.laws[self.carried] = law
            self.carried = (*self.carried, law.outcomes.index(outcome))
        return outcome


def readings(source: str, name: str, rounds: int) -> Answer:
    """Return the tree of all runs of a program if they are few, the runs of seeds 1 to 20, and the law by merging."""
    if not (name in PROGRAMS and 1 <= rounds <= MOST_ROUNDS):
        raise Sentence(f"{name!r} with N = {rounds}: pick a program of the list, and N from 1 to {MOST_ROUNDS}")
    problem, listed = read_linear(source), PROGRAMS[name]
    if len(problem.prompts) > 1:
        raise Sentence(f"{problem.name} has {len(problem.prompts)} prompts: this figure takes instances with one")
    program, laws, asked = listed.on(problem, rounds), dict[Path, Law[Any]](), Counter[str]()
    paths = set[Path]()

    def result(choice: Choice) -> str:
        return program(World(problem, choice, metered=False).oracles)

    def run(choice: Choice) -> tuple[Path, str]:
        drawing = Drawing(choice, laws)
        found = result(drawing)
        paths.add(drawing.carried)
        if len(paths) > MOST_RUNS:
            raise TooMany
        return drawing.carried, found

    try:
        law = law_of(lambda choice: run(Asking(choice, asked, "runs")), merge=False)
        nodes, results = _nodes(law, laws), [found for _, found in law.outcomes]
        leaves = [nodes[run(Seeded(seed))[0]]["number"] for seed in SEEDS]
    except TooMany:
        nodes, results, leaves = {}, [], []
    merged = law_of(lambda choice: result(Asking(choice, asked, "merged")))
    return {
        "name": problem.name,
        "draws": listed.draws(rounds),
        "nodes": list(nodes.values()),
        "runs": len(results) or None,
        "asked": {"runs": asked["runs"] if results else None, "merged": asked["merged"]},
        "seeded": [result(Seeded(seed)) for seed in SEEDS],
        "leaves": leaves,
        "law": [
            {"result": found, "mass": number(mass), "runs": results.count(found)} for found, mass in merged.items()
        ],
    }


def _nodes(law: Law[tuple[Path, str]], laws: dict[Path, Law[Any]]) -> dict[Path, Answer]:
    """Return the nodes of the tree, parents first: what was drawn there, and the probability that a run comes there."""
    ends, written = dict(law.outcomes), cache(number)  # many masses are equal
    found = dict[Path, Answer]()
    starts = [law.map(lambda end, length=length: end[0][:length]) for length in range(max(map(len, ends)) + 1)]  # type: ignore[misc]  # mypy does not infer a lambda's default
    for path in sorted({start for starts_of in starts for start in starts_of.outcomes}):
        drawn = laws[path[:-1]] if path else Law.point(None)
        outcome = drawn.outcomes[path[-1]] if path else None
        found[path] = {
            "number": len(found),
            "parent": found[path[:-1]]["number"] if path else None,
            "drawn": "" if outcome is None else _name(drawn, outcome),
            "share": written(drawn.mass(outcome)),
            "mass": written(starts[len(path)].mass(path)),
            "result": ends.get(path, ""),
        }
    return found


def _name(law: Law[Any], outcome: Any) -> str:  # noqa: ANN401 - whatever a program draws
    name: str = law.names[outcome] if isinstance(law, NamedLaw) else "yes" if outcome else "no"
    return name


def _rejection(problem: LinearProblem, rounds: int) -> Program:
    law, base = optimum(problem).law(0), problem.base(0, 0)
    most, least = coverage_at(problem, optimum(problem), 0), min(base.mass(y) for y in base.outcomes)
    cap = most if isinstance(most, fmpq) else 1 / least  # no ratio is larger
    if not isinstance(cap, fmpq):
        raise Sentence(f"{problem.name}: this program needs a base model with rational masses; pick another one")

    def program(oracles: Oracles) -> str:
        found = ideal_rejection(oracles, lambda y: exp_ratio(law.mass(y)) / base.mass(y), 0, cap, rounds)
        return "none" if found is None else base.names[found[0]]

    return program


def _softmax(problem: LinearProblem, rounds: int) -> Program:
    base, score = problem.base(0, 0), linear_score(problem.theta)
    return lambda oracles: base.names[softmax_sampler(oracles, score, 0, M, rounds)[0]]


def _phase_1(_: LinearProblem, rounds: int) -> Program:
    inputs = SpannerSampling(n_prompt=rounds, n_pair=1, t_exp=1, M=1, delta=1, mode="span")
    return lambda oracles: " ".join(str(phi) for phi, _ in phase_1(oracles, inputs).psi) or "nothing"


PROGRAMS = {
    "rejection": Listed(_rejection, lambda n: ["y", "keep"] * n),
    "softmax-sampler": Listed(_softmax, lambda n: ["Ẑ"] * n + ["y", "keep"] * n + ["y"]),
    "spanner, phase 1": Listed(_phase_1, lambda n: ["y₁", "y₂"] * n),
}
"""By the name that the page shows."""
