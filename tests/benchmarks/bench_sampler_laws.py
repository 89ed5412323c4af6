"""Exact laws of SoftmaxSampler and of SpannerSampling, against the seconds asked for."""

from collections.abc import Callable

from flint import fmpq
from frame import Row, check, cpu, fastest, main

import reference as ref
from reference import number_of_draws
from reference.catalog import load_linear
from reference.exact import log
from reference.interaction import Choice, World, law_of
from reference.laws import softmax_sampler_joint_law, softmax_sampler_law, softmax_sampler_masses

BASE = ref.Law.weighted(range(4), [1, 2, 3, 4])
F = [log(y + 1) for y in range(4)]
"""Four responses with weights 1, .., 4: one lattice."""


def rows() -> list[Row]:
    """Sampler laws by a power of a polynomial; whole programs, by remembered laws.

    In ridge mode with the meter, N = 6 on ``rank-deficient`` alone: the law of the queries has the last round's sampler
    in it, for every ``f``, and so one denominator for sums of radicals of many degrees.
    """
    one, merged = whole("two-arms", "span", 1), whole("two-arms", "span", 1, merge=False)
    check(agree=one() == merged(), work="SpannerSampling's law, every run on its own")
    found = [
        against("SoftmaxSampler's law, N = 200, 4 responses", lambda: sampler(200), 1),
        against("the same in balls, N = 2,000", lambda: sampler_balls(2000), 1),
        against("response and queries together, N = 50", lambda: joint(50), 1),
    ]
    for name, mode, rounds, M, metered, limit in (
        ("two-arms", "span", 2, 3, True, 0.5),
        ("two-arms", "span", 3, 3, True, 2),
        ("rank-deficient", "ridge", 2, 1, True, 30),
        ("rank-deficient", "ridge", 2, 3, False, 30),
        ("smollm2-two-plus-two", "ridge", 2, 3, False, 30),
    ):
        N = number_of_draws(M, 1)
        work = (
            f"SpannerSampling, {name}, (1,1,{rounds}), N = {N}, {mode} mode{'' if metered else ', without the meter'}"
        )
        once = cpu_of(whole(name, mode, rounds, M=M, metered=metered))
        found.append(Row(work, f"{limit:g} seconds", once, limit, 1))
    return found


def sampler(N: int) -> ref.Law[int]:
    """Over Q."""
    return softmax_sampler_law(BASE, F.__getitem__, fmpq(1), 8, N)


def sampler_balls(N: int) -> object:
    """With 64 bits."""
    masses = softmax_sampler_masses(BASE, F.__getitem__, fmpq(1), fmpq(8 + fresh()), N)
    return [mass.enclosure(64) for mass in masses.values()]


def joint(N: int) -> object:
    """Over Q, with the queries."""
    return softmax_sampler_joint_law(BASE, F.__getitem__, fmpq(1), 8, N)


def whole(
    name: str, mode: str, rounds: int, *, M: int = 1, metered: bool = True, merge: bool = True
) -> Callable[[], ref.Law[object]]:
    """What SpannerSampling returns; metered, with the reading of the meter."""
    problem = load_linear(name)
    learner = ref.SpannerSampling(1, 1, rounds, M=M, delta=1, nu="1/2", mode=mode)  # type: ignore[arg-type]  # a word

    def program(choice: Choice) -> object:
        world = World(problem, choice, metered=metered)
        return learner(world.oracles), world.meter.reading

    return lambda: law_of(program, merge=merge)


def against(work: str, side: Callable[[], object], limit: float) -> Row:
    """Return a row against seconds."""
    (seconds,) = fastest(side)
    return Row(work, f"{limit:g} second", seconds, limit, 1)


def cpu_of(side: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    start = cpu()
    side()
    return cpu() - start


_COUNT = [0]


def fresh() -> fmpq:
    """Return another small number each time: what is remembered is not timed."""
    _COUNT[0] += 1
    return fmpq(1, _COUNT[0] + 10**6)


if __name__ == "__main__":
    main(rows)
