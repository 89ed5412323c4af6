"""Steps of MTSS's exact law: told before it is read, close to what is counted when it is, and refused."""

import pytest
from flint import fmpq

import reference as ref
from reference.algorithms.mtss import MTSS
from reference.interaction import TooLarge
from reference.interaction.choice import Choice
from reference.interaction.depths import Depth
from reference.interaction.exhaustive import _Exhaustive
from reference.interaction.exhaustive import law_of as exact_law
from reference.interaction.world import World
from reference.laws.predicted_tokens import MOST_TOKEN_STEPS, token_law_steps

_DRAWS = {"look": "draws", "bits": 32}
_REJECTS = {"sampler": "rejection", "M": 1, "delta": 1, "bits": 32}


def learner(**inputs: object) -> MTSS:
    return MTSS(**{"n_roll": 1, **inputs})  # type: ignore[arg-type]  # inputs of many types


def counted(problem: ref.Problem, p: MTSS) -> int:
    """Return what the exhaustive reading counts."""

    def program(choice: Choice) -> object:
        return p(World(problem, choice, metered=False).tokens)

    room = 10**6
    reading = _Exhaustive(merge=True, max_leaves=room, max_depth=10**4)
    reading.enumerate(program, [(reading, 1)], Depth.top(1, {}))
    return room - reading._room


@pytest.mark.parametrize(
    ("name", "p"),
    [
        ("clean-sweep", learner()),
        ("clean-sweep", learner(n_roll=4)),
        ("clean-sweep", learner(n_pair=2, **_DRAWS)),
        ("clean-sweep", learner(**_REJECTS)),
        ("clean-sweep", learner(n_out=2)),
        ("clean-sweep", learner(n_tok=2, bits=8)),
        ("fair-bits-3", learner()),
        ("token-coverage-larger", learner(n_roll=3)),
        ("linear-not-realizable", learner(bits=32)),
        ("impossible-token", learner(n_pair=2, **_DRAWS)),
    ],
)
def test_the_prediction_is_within_a_factor_of_what_is_counted(name: str, p: MTSS) -> None:
    problem = ref.load(name)
    steps, found = token_law_steps(problem, p), counted(problem, p)
    assert steps is not None
    assert found <= steps <= found * 60, (steps, found)


def test_noise_multiplies_what_a_target_may_be() -> None:
    problem, p = ref.load("clean-sweep"), learner()
    free = token_law_steps(problem, p)
    noisy = token_law_steps(problem, p, noise=ref.Law.uniform([fmpq(-1), fmpq(1)]))
    assert free is not None
    assert noisy is not None
    assert noisy > 2 * free


@pytest.mark.parametrize(
    ("name", "p"),
    [
        ("needle-path-8", learner()),
        ("needle-path-16", learner()),
        ("fair-bits-64", learner()),
        ("fair-bits-3", learner(mode="ridge", nu="1/2", bits=32)),
        ("clean-sweep", learner(n_out=12)),
        ("smollm2-tokens-answers", learner(bits=32)),
    ],
)
def test_a_law_of_hours_is_refused_in_a_line(name: str, p: MTSS) -> None:
    with pytest.raises(TooLarge, match=r"MTSS on .*: the exact law takes more than 4,000,000 steps, a minute") as found:
        ref.law_of_tokens(ref.load(name), p, of=lambda policy: policy.layers)
    assert "\n" not in str(found.value)


def test_steps_are_told_up_to_what_is_asked() -> None:
    problem, p = ref.load("fair-bits-3"), learner()
    steps = token_law_steps(problem, p)
    assert steps is not None
    assert steps < MOST_TOKEN_STEPS
    assert token_law_steps(problem, p, steps) == steps
    assert token_law_steps(problem, p, steps - 1) is None


def test_a_target_and_a_sweep_are_read_once() -> None:
    """Three layers of one pair: 256 runs of the first target and 16 of the second, added up, not multiplied."""
    assert counted(ref.load("fair-bits-3"), learner()) < 2_000


@pytest.mark.parametrize("p", [learner(n_out=2), learner(n_roll=2), learner(n_tok=1, bits=4)])
def test_the_law_is_that_of_all_runs_apart(p: MTSS) -> None:
    def program(choice: Choice) -> object:
        world = World(problem, choice, metered=False)
        return p(world.tokens), world.meter.reading.t_data

    problem = ref.load("clean-sweep")
    assert exact_law(program) == exact_law(program, merge=False)
