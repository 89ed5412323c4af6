"""Steps of SpannerSampling's exact law: told before it is read, close to what is counted when it is, and refused."""

import pytest
from flint import fmpq

import reference as ref
from reference.interaction import TooLarge
from reference.interaction.choice import Choice
from reference.interaction.depths import Depth
from reference.interaction.exhaustive import _Exhaustive
from reference.interaction.world import World
from reference.laws import predicted
from reference.laws.predicted import MOST_LAW_STEPS, law_steps


def learner(rounds: int, mode: str = "ridge", *, n_prompt: int = 1, nu: str = "1/2", M: int = 3) -> ref.SpannerSampling:
    return ref.SpannerSampling(n_prompt, 1, rounds, M=M, delta=1, nu=nu, mode=mode)  # type: ignore[arg-type]  # a word


def counted(problem: ref.LinearProblem, p: ref.SpannerSampling) -> int:
    """Return what the exhaustive reading counts."""

    def program(choice: Choice) -> object:
        return p(World(problem, choice, metered=False).oracles)

    room = 10**7
    reading = _Exhaustive(merge=True, max_leaves=room, max_depth=10**4)
    reading.enumerate(program, [(reading, 1)], Depth.top(1, {}))
    return room - reading._room


@pytest.mark.parametrize(
    ("name", "p"),
    [
        ("two-arms", learner(1, "span")),
        ("two-arms", learner(2, "span")),
        ("two-arms", learner(1)),
        ("two-arms", learner(2)),
        ("two-arms", learner(3)),
        ("two-arms", learner(2, nu="4/5", M=1)),
        ("two-arms", learner(1, "span", n_prompt=4)),
        ("rank-deficient", learner(1, "span")),
    ],
)
def test_the_prediction_is_within_a_factor_of_what_is_counted(
    name: str, p: ref.SpannerSampling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predicted, "_STATE", 0)  # which is time that the reading does not count
    monkeypatch.setattr(predicted, "_RUN", 1)  # so is the rest
    problem = ref.load_linear(name)
    steps, found = law_steps(problem, p), counted(problem, p)
    assert steps is not None
    assert found / 4 <= steps <= found * 10, (steps, found)


def test_noise_multiplies_what_may_be_seen() -> None:
    problem, p = ref.load_linear("two-arms"), learner(2, M=1)
    free = law_steps(problem, p)
    noisy = law_steps(problem, p, noise=ref.Law.uniform([fmpq(-1), fmpq(1)]))
    assert free is not None
    assert noisy is not None
    assert noisy > 2 * free


@pytest.mark.parametrize(("name", "rounds"), [("rank-deficient", 3), ("smollm2-two-plus-two", 3)])
def test_a_law_of_hours_is_refused_in_a_line_that_names_what_works(name: str, rounds: int) -> None:
    problem, p = ref.load_linear(name), learner(rounds)
    with pytest.raises(TooLarge) as found:
        ref.law_of(problem, p, of=lambda policy: policy.thetas)
    text = str(found.value)
    assert "\n" not in text
    works = int(text.partition("a minute; t_exp = ")[2].partition(",")[0])
    assert 1 <= works < rounds
    assert law_steps(problem, learner(works)) is not None
    assert law_steps(problem, learner(works + 1)) is None


def test_many_runs_of_a_round_count() -> None:
    """26 responses, 153 spanners: 26 s of computing with N = 6, 57 s with N = 17."""
    problem = ref.load_linear("smollm2-facts")
    assert law_steps(problem, learner(1, "span", M=1), MOST_LAW_STEPS // 2) is not None
    assert law_steps(problem, learner(1, "span", M=3), MOST_LAW_STEPS) is None


def test_steps_are_told_up_to_what_is_asked() -> None:
    problem, p = ref.load_linear("two-arms"), learner(3)
    steps = law_steps(problem, p)
    assert steps is not None
    assert steps < MOST_LAW_STEPS
    assert law_steps(problem, p, steps) == steps
    assert law_steps(problem, p, steps - 1) is None
