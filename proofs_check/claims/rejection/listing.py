"""SoftmaxSampler as it is shipped, and its law a second time: over all strings of the first ``N`` draws.

The second computation follows the listing and shares nothing with :mod:`reference.laws`, which goes by counts.
"""

from collections.abc import Iterator, Mapping
from itertools import product

from flint import fmpq

from proofs_check.ledger import Case, compare, fact
from reference.algorithms.softmax_sampling import number_of_draws, softmax_sampler
from reference.exact import ExpRatio, LogLinear, exp, exp_ratio, log
from reference.exact.law import Law
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import World
from reference.model.linear_problem import LinearProblem

Values = Mapping[int, LogLinear]
"""``f`` by response, at one prompt; equal features have equal values."""


def shipped(problem: LinearProblem, x: int, f: Values, M: fmpq, N: int) -> Law[tuple[int, int]]:
    """Return the law of the shipped sampler: its response, and the weak queries that the meter counted."""
    by_feature = {problem.phi(x, y): value for y, value in f.items()}

    def program(choice: Choice) -> tuple[int, int]:
        world = World(problem, choice)
        y, _ = softmax_sampler(world.oracles, by_feature.__getitem__, x, M, N)
        return y, world.meter.reading.drawn

    return law_of(program)


def normalisers(problem: LinearProblem, x: int, f: Values, N: int) -> Iterator[tuple[fmpq, ExpRatio]]:
    """Yield every string of ``N`` draws as its probability and its ``Zhat``."""
    base = problem.pi_ref(x)
    for string in product(base.outcomes, repeat=N):
        mass = fmpq(1)
        for y in string:
            mass *= exp_ratio(base.mass(y)).as_rational()
        yield mass, sum((weight(problem, f, y) for y in string), exp_ratio(0)) / N


def weight(problem: LinearProblem, f: Values, y: int) -> ExpRatio:
    """Return ``exp(f(y)/beta)``."""
    return ExpRatio(exp(f[y] / problem.beta), exp(0))


def by_strings(problem: LinearProblem, x: int, f: Values, M: fmpq, N: int) -> dict[tuple[int, int], ExpRatio]:
    """Return the masses of response and count of queries, line by line."""
    base = {y: exp_ratio(mass) for y, mass in problem.pi_ref(x).items()}
    found: dict[tuple[int, int], ExpRatio] = {}
    for mass, z_hat in normalisers(problem, x, f, N):
        accept = {y: min(weight(problem, f, y) / (z_hat * M), exp_ratio(1)) for y in base}
        left, refused = exp_ratio(mass), sum((base[y] * (1 - accept[y]) for y in base), exp_ratio(0))
        for i in range(1, N + 1):
            for y, p in base.items():
                found[y, N + i] = found.get((y, N + i), exp_ratio(0)) + left * p * accept[y]
            left = left * refused
        for y, p in base.items():
            found[y, 2 * N + 1] = found.get((y, 2 * N + 1), exp_ratio(0)) + left * p
    return {outcome: mass for outcome, mass in found.items() if mass != 0}


def as_listed(problem: LinearProblem, x: int, f: Values, M: fmpq, N: int) -> Iterator[Case]:
    """Decide that the shipped sampler has the law of its listing, queries included."""
    name = f"{problem.name}, x={x}, M={M}, N={N}"
    law, masses = shipped(problem, x, f, M, N), by_strings(problem, x, f, M, N)
    yield fact(name, set(law.outcomes) == set(masses), "the possible responses, with their queries")
    for (y, queries), mass in masses.items():
        statement = "P(response, weak queries), by all strings of the first N draws"
        yield compare(f"{name}, y={y}, {queries} queries", law.mass((y, queries)), "==", mass, statement)


def number_as_listed(setting: tuple[fmpq, fmpq]) -> Iterator[Case]:
    """Decide ``N - 1 < 4 M log(4/delta) <= N`` for the shipped :func:`number_of_draws`."""
    M, delta = setting
    N, least = number_of_draws(M, delta), log(4 / delta) * (4 * M)
    yield compare(f"M={M}, delta={delta}, N={N}", least, "<=", N, "4 M log(4/delta) <= N")
    yield compare(f"M={M}, delta={delta}, N={N}", least, ">", N - 1, "N - 1 < 4 M log(4/delta)")


def small_settings() -> Iterator[tuple[fmpq, fmpq]]:
    """Yield some ``M`` and ``delta``."""
    yield from product((fmpq(1), fmpq(8, 3), fmpq(40)), (fmpq(1), fmpq(1, 2), fmpq(1, 100)))
