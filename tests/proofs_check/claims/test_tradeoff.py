"""The claims ``proper-tradeoff`` and their tables: against a naive recomputation in floats, and by hand."""

import json
from collections.abc import Callable
from dataclasses import asdict
from itertools import product
from math import comb, log
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from flint import fmpq
from numpy.typing import NDArray

from proofs_check.claims.proper import tradeoff_proper, tradeoff_rows, tradeoff_spanner
from proofs_check.claims.proper.formulas import planted_instances
from proofs_check.claims.proper.tradeoff_proper import draws_for_a_hit, tradeoff_passive
from proofs_check.claims.proper.tradeoff_rows import SHOWN, doubled, interval, searched, tiny_laws, walked
from proofs_check.claims.proper.tradeoff_walks import (
    TermWalk,
    accuracy,
    brute_force_walk,
    differing,
    enough_prompts,
    last_star_instances,
    online_dpo_walk,
    passive_walk,
    policy_gap,
    rank_of_terms,
    spanner_inputs,
    spanner_policy,
    spanner_walk,
)
from proofs_check.ledger import Case, claim_of
from reference.constructions.dnf.assignments import Best
from reference.constructions.dnf.families import PLANTED
from reference.constructions.dnf.formula import DnfInstance
from reference.exact import to_float
from tests.proofs_check.claim_trials import fails, says

PAGE = Path(__file__).parents[3] / "docs/explanation/training-time-methods.json"

A, L, BETA = 8.0, 2.0, 0.5

TWO = {
    "x1 & x2 | x1 & x3": (np.array([[1, 1, 0], [1, 0, 1]]) / 2, (1, 1, 1)),
    "x1 & x2 | x1 & !x2": (np.array([[1, 1], [1, -1]]) / 2, (1, 1)),
}
"""Two small formulas with their features and ``a*``, written down by hand."""

Floats = NDArray[np.float64]


class Naive:
    """The learners on an instance with ``k = 2``, in floats, by enumerating every sequence of rounds."""

    def __init__(self, phi: Floats, star: tuple[int, ...]) -> None:
        self.phi, self.m, self.n = phi, *phi.shape
        self.p = L / A**2
        self.top = BETA * 2 * log(A)  # a coordinate of theta at a vertex
        self.star = self.top * np.array(star, dtype=float)
        self.vertices = [self.top * np.array(v[::-1], dtype=float) for v in product((-1, 1), repeat=self.n)]
        a, b = L / (1 - self.p + L), L / A / (1 - self.p + L / A)
        self.eps = BETA * (b * log(b / a) + (1 - b) * log((1 - b) / (1 - a))) / (2 * self.m)

    def chances(self, theta: Floats) -> Floats:
        weights = self.p * np.exp(self.phi @ theta / BETA)
        return weights / (1 - self.p + weights)

    def good(self, theta: Floats) -> bool:
        mine, best = self.chances(theta), self.chances(self.star)
        kl = mine * np.log(mine / best) + (1 - mine) * np.log((1 - mine) / (1 - best))
        return bool(BETA * kl.mean() <= self.eps)

    def fit(self, data: list[int]) -> Floats:
        if not data:
            return np.zeros(self.n)
        rows = self.phi[data]
        return np.clip(np.linalg.pinv(rows) @ (rows @ self.star), -self.top, self.top)

    def in_span(self, j: int, data: list[int]) -> bool:
        return bool(data) and np.linalg.matrix_rank(self.phi[[*data, j]]) == np.linalg.matrix_rank(self.phi[data])

    def brute_commit(self, data: list[int]) -> Floats | None:
        new = [j for j in range(self.m) if not self.in_span(j, data)]
        if not new:
            return None
        values = [sum(c * (1 - self.p) + (1 - c) * self.p for c in self.chances(v)[new]) for v in self.vertices]
        return self.vertices[next(i for i, value in enumerate(values) if value > max(values) - 1e-9)]

    def brute_fit(self, data: list[int]) -> Floats:
        losses = [sum((self.phi[j] @ (v - self.star)) ** 2 for j in data) for v in self.vertices]
        return self.vertices[next(i for i, loss in enumerate(losses) if loss < min(losses) + 1e-9)]

    def success(self, name: str, T: int) -> float:
        def after(data: list[int], left: int) -> float:
            if name == "brute force":
                committed = self.brute_commit(data)
                if left == 0 or committed is None:
                    return float(self.good(self.brute_fit(data)))
                first, second = self.chances(committed), np.full(self.m, self.p)
            else:
                theta = self.fit(data)
                if left == 0:
                    return float(self.good(theta))
                first = second = self.chances(theta) if name == "OnlineDPO" else np.full(self.m, self.p)
            total = 0.0
            for j, y1, y2 in product(range(self.m), (0, 1), (0, 1)):
                mass = (first[j] if y1 else 1 - first[j]) * (second[j] if y2 else 1 - second[j]) / self.m
                total += mass * after([*data, j] if y1 != y2 else data, left - 1)
            return total

        return after([], T)


@pytest.fixture(scope="module")
def by_text() -> dict[str, DnfInstance]:
    return {str(instance.formula): instance for instance in last_star_instances()}


@pytest.mark.parametrize("text", TWO)
@pytest.mark.parametrize("make", [passive_walk, online_dpo_walk, brute_force_walk])
def test_rows_against_a_naive_recomputation(
    text: str, make: Callable[[DnfInstance], TermWalk], by_text: dict[str, DnfInstance]
) -> None:
    walk, naive = make(by_text[text]), Naive(*TWO[text])
    assert by_text[text].star == TWO[text][1]
    # The naive recomputation is in floats: 1e-12 is their rounding over a few hundred steps, not a slack of ours.
    for T, success in enumerate(walk.success(3)):
        assert to_float(success) == pytest.approx(naive.success(walk.name, T), abs=1e-12)
    # Both are floats here; the relative 1e-6 of approx is far below any difference that another formula would make.
    assert to_float(accuracy(by_text[text])) == pytest.approx(naive.eps)


def test_passive_exploration_by_inclusion_and_exclusion(by_text: dict[str, DnfInstance]) -> None:
    """It succeeds on three terms of rank 3 once it has seen all of them."""
    instance = by_text["x1 & x2 | x1 & x3 | x2 & x3"]
    q = fmpq(2 * 31, 32 * 32)
    assert differing(instance) == q
    for T, success in enumerate(passive_walk(instance).success(12)):
        assert success == sum((-1) ** i * comb(3, i) * (1 - i * q / 3) ** T for i in range(4))


def test_one_term_by_hand(by_text: dict[str, DnfInstance]) -> None:
    """One term, p = 1/32: a pair differs with probability 31/512; (481/512)^T <= 1/4 from T = 23 on."""
    instance = by_text["x1 & x2"]
    assert (481 / 512) ** 22 > 1 / 4 > (481 / 512) ** 23
    assert passive_walk(instance).least_rounds() == online_dpo_walk(instance).least_rounds() == 23
    assert spanner_walk(instance, spanner_inputs(instance, 1)).least_rounds() == 23
    assert passive_walk(instance).least_rounds(most=22) is None
    assert enough_prompts(instance) == 23  # ceil(512/31 log 4) = ceil(22.9)


def test_clamping_least_squares_into_the_box_may_never_succeed(by_text: dict[str, DnfInstance]) -> None:
    """The interpolant of minimal norm leaves the box; clamped, it no longer interpolates.  SpannerSampling need not."""
    instance = by_text["x1 & x2 | x1 & x3 | x1 & x4"]
    walk, everything = passive_walk(instance), frozenset({0, 1, 2})
    assert not walk.good(everything)
    policy = spanner_policy(instance, everything, spanner_inputs(instance, 1))
    assert policy_gap(instance, policy) <= accuracy(instance)


def test_draws_for_a_hit() -> None:
    assert [draws_for_a_hit(fmpq(1, n)) for n in (2, 3, 32)] == [1, 2, 22]


def test_the_check_of_walks_notices_another_learner(
    by_text: dict[str, DnfInstance], monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = by_text["x1 & x2 | x1 & x3"]

    def wrong(_: DnfInstance) -> TermWalk:
        return TermWalk("OnlineDPO", 2, lambda _: (fmpq(1, 32),) * 2, passive_walk(instance).good)

    assert all(case.holds for case in tradeoff_proper.tradeoff_walks(instance))
    monkeypatch.setattr(tradeoff_proper, "online_dpo_walk", wrong)
    assert not all(case.holds for case in tradeoff_proper.tradeoff_walks(instance))


@pytest.mark.parametrize(
    ("module", "check", "helper", "wrong", "statement"),
    [
        (
            tradeoff_proper,
            "tradeoff_first_hit",
            "draws_for_a_hit",
            lambda p: int(3 / p),
            "least T with 1-(1-p)^T >= 1/2 <=",
        ),
        (tradeoff_proper, "tradeoff_first_hit", "draws_for_a_hit", lambda _: 1, "(A^k/L) log 2 - 1 <="),
        (tradeoff_proper, "tradeoff_success", "gap", lambda *_: fmpq(0), "gap(pi_ref) > eps"),
        (
            tradeoff_proper,
            "tradeoff_success",
            "best_assignment",
            lambda _: Best(fmpq(0), (1, 1, 1), None),
            "gap <= eps",
        ),
        (
            tradeoff_proper,
            "tradeoff_passive",
            "differing",
            lambda i: differing(i) / 4,
            "P(success) <= 1-(1-q)^T",
        ),
        (tradeoff_proper, "too_few_rewards", "differing", lambda _: fmpq(1, 2), "1-(1-q)^(rank+1) < 1/2"),
        (
            tradeoff_spanner,
            "tradeoff_pair",
            "differing",
            lambda i: differing(i) / 2,
            "E[weak queries]/P(accepted)",
        ),
        (tradeoff_spanner, "tradeoff_rewards", "rank_of_terms", lambda _: -1, "T_data <= 2 rank + 2 T_exp"),
        (tradeoff_spanner, "tradeoff_spanner", "enough_prompts", lambda _: 1, "1 - m(1-q/m)^N_prompt >= 3/4"),
        (
            tradeoff_spanner,
            "tradeoff_spanner",
            "policy_gap",
            lambda *_: fmpq(100),
            "all terms covered: gap <= eps",
        ),
    ],
)
def test_each_check_can_fail(
    by_text: dict[str, DnfInstance],
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    check: str,
    helper: str,
    wrong: Callable[..., object],
    statement: str,
) -> None:
    run, instance = getattr(module, check), by_text["x1 & x2 | x1 & x3"]
    assert not fails(run, instance)
    monkeypatch.setattr(module, helper, wrong)
    assert says(run, instance).startswith(statement)


def test_the_mutation_is_violated_at_once() -> None:
    passive = claim_of(tradeoff_passive)
    assert passive is not None
    assert passive.mutation is not None
    cases: list[Case] = list(passive.mutation.check.run(next(iter(last_star_instances()))))
    assert [case.statement for case in cases if not case.holds] == ["P(success) < 1/4 with 2 rank + 2 rewards"] * 2


def test_brute_force_asks_at_all_vertices(by_text: dict[str, DnfInstance]) -> None:
    case, work = tradeoff_proper.tradeoff_brute_force(by_text["x1 & x2 | x1 & x3"])
    assert case.holds
    assert work.holds
    assert case.left is not None
    assert case.left in {(2**3 + 1) * 2 * spans for spans in (1, 2)}


# ------------------------------------------------------------------------------------------------------- the file


@pytest.fixture(scope="module")
def page() -> dict[str, list[dict[str, object]]]:
    return json.loads(PAGE.read_text("utf-8"))  # type: ignore[no-any-return]  # json gives Any


def test_rows_of_the_file_are_what_the_code_makes(page: dict[str, list[dict[str, object]]]) -> None:
    instance, label = next(iter(planted_instances())), str(PLANTED[SHOWN[0]])
    few = rank_of_terms(instance) + 1
    made = [
        searched(instance, label, "OnlineDPO, search", 20, doubled(few, 4 * few)),
        walked(instance, label, brute_force_walk(instance), 40, doubled(few, 8 * few)),
        tradeoff_rows.spanner_row(instance, label, 20),
    ]
    for row in made:
        assert asdict(row) in page["planted"]


def test_exact_laws_of_the_file(
    page: dict[str, dict[str, dict[str, list[str]]]], by_text: dict[str, DnfInstance]
) -> None:
    assert list(page["tiny"]) == list(by_text)
    for text in ("x1 & x2", "x1 & x2 | x1 & !x2"):
        assert page["tiny"][text] == tiny_laws(by_text[text])


def test_what_is_counted() -> None:
    """A first fit of two passes over 6 variables: 7, 13 or 1 + 6 + 6 evaluations, once for each round."""
    instance = next(iter(planted_instances()))
    row = searched(instance, "", "XPO, search", 1, [1, 2])
    assert all(7 * t <= work <= 13 * t for t, work in zip((1, 2), row.work, strict=True))
    assert (row.t_data, row.t_comp) == ([2, 4], [3, 5])


@pytest.mark.parametrize(("successes", "runs"), [(0, 20), (20, 20), (7, 20)])
def test_intervals(successes: int, runs: int) -> None:
    """Their ends are where a tail of the binomial law reaches 1/1000."""

    def tail(low: int, high: int, q: float) -> float:
        return sum(comb(runs, i) * q**i * (1 - q) ** (runs - i) for i in range(low, high + 1))

    low, high = (float(end.p) / float(end.q) for end in interval(successes, runs))
    assert low == 0 or tail(successes, runs, low) <= 1e-3 + 1e-12
    assert high == 1 or tail(0, successes, high) <= 1e-3 + 1e-12
    assert tail(successes, runs, low + 0.01) > 1e-3
    assert tail(0, successes, high - 0.01) > 1e-3


def test_doubled() -> None:
    assert doubled(3, 24) == [3, 6, 12, 24]
    assert doubled(3, 23) == [3, 6, 12]
