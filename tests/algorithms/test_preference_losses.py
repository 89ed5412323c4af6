"""Losses of preference pairs, exactly, against mpmath at 60 digits; XPO's is what the algorithm minimises."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reference as ref
from reference.algorithms.parts.feedback import Preferences
from reference.algorithms.parts.optimisers import exhaustive
from reference.algorithms.parts.preference_losses import BaseSide, LossName, PreferenceLoss
from reference.exact.linalg import Vector
from reference.interaction import Answer, ProperOracles, Public, Round, Seeded
from reference.model.parameter_set import FiniteSet, Theta

LOSSES: tuple[LossName, ...] = ("dpo", "ipo", "apo-zero", "apo-down")

nats = st.fractions(-30, 0, max_denominator=64)


def written(name: str, row: list[mpmath.mpf], beta: mpmath.mpf) -> mpmath.mpf:
    """Return a loss as papers write it."""

    def sigma(h: mpmath.mpf) -> mpmath.mpf:
        return 1 / (1 + mpmath.exp(-h))

    c, r = row[0] - row[2], row[1] - row[3]
    return {
        "dpo": -mpmath.log(sigma(beta * (c - r))),
        "ipo": (c - r - 1 / (2 * beta)) ** 2,
        "apo-zero": 1 - sigma(beta * c) + sigma(beta * r),
        "apo-down": sigma(beta * c) + 1 - sigma(beta * (c - r)),
    }[name]


rows = st.lists(nats, min_size=4, max_size=4)
betas = st.sampled_from(("1/10", "1/2", "1", "2"))


def check(found: PreferenceLoss, row: list[Fraction], loss: Callable[[list[mpmath.mpf]], mpmath.mpf]) -> None:
    """Compare the value with that of a function of the row, the derivatives with its difference quotients."""
    with mpmath.workdps(60):
        numbers = [mpmath.mpf(x.numerator) / x.denominator for x in row]
        step = mpmath.mpf(10) ** -25

        def at(place: int, shift: mpmath.mpf) -> mpmath.mpf:
            return loss([x + (shift if j == place else 0) for j, x in enumerate(numbers)])

        assert abs(mpmath.mpf(ref.to_decimal(found.value, 40).text) - at(0, mpmath.mpf(0))) < mpmath.mpf(10) ** -30
        for place, slope in ((0, found.by_chosen), (1, found.by_rejected)):
            expected = (at(place, step) - at(place, -step)) / (2 * step)
            assert abs(mpmath.mpf(ref.to_decimal(slope, 40).text) - expected) < mpmath.mpf(10) ** -20


def number(text: str) -> mpmath.mpf:
    return mpmath.mpf(Fraction(text).numerator) / Fraction(text).denominator


@given(st.sampled_from(LOSSES), rows, betas)
def test_losses_and_their_derivatives(name: LossName, row: list[Fraction], beta: str) -> None:
    found = ref.preference_loss(name, ref.PreferencePair(*row), beta)
    check(found, row, lambda numbers: written(name, numbers, number(beta)))


@given(rows, betas, st.sampled_from(("0", "1/7", "3")), st.sampled_from(("chosen", "rejected")))
def test_xpo_is_dpo_with_a_bonus_on_what_the_base_model_answered(
    row: list[Fraction], beta: str, alpha: str, base: BaseSide
) -> None:
    found = ref.xpo_loss(ref.PreferencePair(*row), beta, alpha, base=base)

    def loss(numbers: list[mpmath.mpf]) -> mpmath.mpf:
        answered = numbers[0 if base == "chosen" else 1]
        return written("dpo", numbers, number(beta)) + number(alpha) * number(beta) * answered

    check(found, row, loss)


def test_the_algorithm_minimises_the_sum_of_the_losses_of_its_pairs() -> None:
    """Two prompts alike, base model 3/4 and 1/4, features 0 and 1, beta = 1; masses at log 2 are 3/5 and 2/5."""
    responses = [ref.Response.of("bad", "3/4", [0]), ref.Response.of("good", "1/4", [1])]
    prompts = [ref.Prompt.of(name, responses, rho="1/2") for name in ("x", "z")]
    problem = ref.LinearProblem.of("arms", prompts, theta=["log(4)"], beta=1, B=2, R_max=2)
    members = tuple((ref.log(2) * k,) for k in (0, 1, 2))
    bad, good = (Answer(y, Vector.of([y]), ref.log(4) * y) for y in (0, 1))
    seen = [Round(0, (good, bad)), Round(1, (good, bad)), Round(0, (bad, good)), Round(1, (bad, bad))]
    pairs = [(1, 0, "rejected"), (1, 0, "rejected"), (1, 0, "chosen"), (0, 0, "rejected")]
    """Chosen, rejected, and which of them is the second answer, the base model's; of two alike the first is chosen."""

    def loss(theta: Theta) -> ref.Real:
        law = ref.softmax(problem, theta).law(0)
        logs, base = ([ref.real(masses.mass(y)) for y in (0, 1)] for masses in (law, problem.pi_ref(0)))
        of = [[ref.loglinear(f"log({mass})") for mass in row] for row in (logs, base)]
        rows = [(ref.PreferencePair(of[0][c], of[0][r], of[1][c], of[1][r]), side) for c, r, side in pairs]
        return sum((ref.xpo_loss(row, 1, "3/2", base=side).value for row, side in rows), ref.real(0))  # type: ignore[arg-type]  # a side

    objective = list[ref.Real]()

    @dataclass(frozen=True)
    class Watched:
        """Looks at all members, and keeps what it saw."""

        evaluations: int = 3

        def __call__(self, asked: Callable[[Theta], ref.Real], /) -> Theta:
            objective[:] = [asked(theta) for theta in members]
            return exhaustive(members)(asked)

    answers = iter(seen)
    public = Public.of(problem, FiniteSet(members))
    prefers = iter([True, True, False, True])

    def first_is_preferred(law: ref.Law[Any]) -> Any:  # noqa: ANN401 - an outcome of the law
        return law.outcomes[list(law.outcomes).index(next(prefers))]

    oracles = ProperOracles(public, lambda _: next(answers), first_is_preferred, Seeded(1).loop)
    ref.XPO(4, "3/2", Preferences(), Watched())(oracles)
    assert objective == list(map(loss, members))


def test_the_second_term_of_apo_down_takes_log_ratios() -> None:
    pair = ref.PreferencePair("log(2)", "log(1/3)", 0, 0)  # log-ratios alone count
    found = ref.preference_loss("apo-down", pair, "1/2").value
    assert f"{found:.12g}" == "0.875684386184"  # 2^(1/2)/(1 + 2^(1/2)) + 1 - 6^(1/2)/(1 + 6^(1/2))
    mixed = ref.exp_ratio(1) / (1 + ref.exp("-5/4"))  # scores of forward KL, -exp(-c), in place of log-ratios
    assert found != ref.exp_ratio(1) / (1 + ref.exp("-1/2*log(2)")) + 1 - mixed


def test_floats_are_the_numbers_that_they_are() -> None:
    floats = ref.PreferencePair(-0.25, -1.5, -0.5, -1.0)
    exact = ref.PreferencePair("-1/4", "-3/2", "-1/2", -1)
    assert ref.preference_loss("dpo", floats, "1/10") == ref.preference_loss("dpo", exact, "1/10")
    tenths = floats._replace(chosen=0.1), exact._replace(chosen="1/10")
    assert ref.preference_loss("dpo", tenths[0], 1) != ref.preference_loss("dpo", tenths[1], 1)


def test_a_hopeless_pair_costs_what_it_costs() -> None:
    pair = ref.PreferencePair(-1000.0, 0.0, 0.0, 0.0)
    found = ref.preference_loss("dpo", pair, 1)
    assert found.value > 1000
    assert float(found.by_chosen) == -1.0


@pytest.mark.parametrize(
    ("name", "pair", "beta", "said"),
    [
        ("sft", (0, 0, 0, 0), 1, r"^loss 'sft'; one of dpo, ipo, apo-zero, apo-down$"),
        ("dpo", (0, 0, 0, 0), 0, r"^beta = 0: needs beta > 0$"),
        ("dpo", (0, -math.inf, 0, 0), 1, r"^rejected = -inf: a log-probability must be finite$"),
        ("ipo", (math.nan, 0, 0, 0), 1, r"^chosen = nan: a log-probability must be finite$"),
    ],
)
def test_bad_input(name: LossName, pair: tuple[float, float, float, float], beta: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ref.preference_loss(name, ref.PreferencePair(*pair), beta)


def test_bad_input_of_xpo() -> None:
    pair = ref.PreferencePair(-1, -1, -1, -1)
    with pytest.raises(ValueError, match=r"^alpha = -1/2: needs alpha >= 0$"):
        ref.xpo_loss(pair, 1, "-1/2", base="chosen")
    with pytest.raises(ValueError, match=r"^beta = 0: needs beta > 0$"):
        ref.xpo_loss(pair, 0, 1, base="chosen")
    with pytest.raises(ValueError, match=r"^base = 'first': the base model's answer is 'chosen' or 'rejected'$"):
        ref.xpo_loss(pair, 1, 1, base="first")  # type: ignore[arg-type]  # a mistake
