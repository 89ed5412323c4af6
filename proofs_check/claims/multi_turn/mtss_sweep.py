"""What a clean sweep says of the next roll-in (ours: statement, constants and proof)."""

from collections.abc import Iterator

from flint import fmpq

from proofs_check.claims.multi_turn.dark_places import nested_prompts, rare_needle
from proofs_check.claims.multi_turn.mtss_runs import layer_span
from proofs_check.claims.multi_turn.pass_laws import Layers, Passes, by_whole_runs
from proofs_check.ledger import Case, Check, Family, On, claim, compare, fact
from reference.algorithms.mtss import MTSS
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.catalog import load
from reference.constructions.needle_paths import needle_path
from reference.exact.law import Law, Mass
from reference.model.problem import Problem

Swept = tuple[Problem, MTSS]
"""An instance and inputs."""


def total_rank(problem: Problem) -> int:
    """Return the most pairs that span mode accepts: the ranks of the differences of all layers, together."""
    return sum(layer_span(problem, h).dimension for h in range(problem.horizon))


def sweep_rate(N: int) -> fmpq:
    """Return ``N^N/(N+1)^(N+1)``, the largest ``u (1-u)^N``: that of ``u = 1/(N+1)``; it is at most ``1/(2(N+1))``."""
    return fmpq(N**N, (N + 1) ** (N + 1))


def most_hazard(N: int, passes: int) -> fmpq:
    """Return ``v_passes``: the largest mean of the last hazard."""
    v = fmpq(0)
    for _ in range(passes):
        v += (1 - v) ** (N + 1) * sweep_rate(N)
    return v


def worst_hazards(N: int, passes: int) -> list[fmpq]:
    """Return the hazards at which :func:`most_hazard` is attained, in the order of the passes."""
    return [v + (1 - v) / (N + 1) for v in (most_hazard(N, k) for k in reversed(range(passes)))]


def hazard_tail(hazards: Law[Mass], h: Mass) -> Mass:
    """Return ``P(u >= h)``."""
    return hazards.probability(lambda u: u >= h)


def sweep_attained(case: tuple[int, int]) -> Iterator[Case]:
    """Decide equality where the hazards are the worst, and where all are alike."""
    N, n = case
    passes, label = Passes(nested_prompts(*worst_hazards(N, n)), MTSS(N)), f"worst hazards, N_roll = {N}, n = {n}"
    yield compare(label, passes.final_law().expectation(passes.hazard), "==", most_hazard(N, n), "E u = v_n")
    for h in sorted({fmpq(1, 3), fmpq(1, N + 1)}):
        passes, label = Passes(nested_prompts(*[h] * n), MTSS(N)), f"hazards {h}, N_roll = {N}, n = {n}"
        tail = hazard_tail(passes.final_law().map(passes.hazard), h)
        yield compare(label, tail, "==", 1 - (1 - (1 - h) ** N) ** n, "P(u >= h) = 1 - (1 - (1-h)^N)^n")


def passes_are_runs(case: Swept) -> Iterator[Case]:
    """Compare the law that goes from pass to pass with that of whole runs."""
    problem, p = case
    same = Passes(problem, p).final_law() == by_whole_runs(problem, p)
    yield fact(f"{problem.name}, N_roll = {p.n_roll}, look = {p.look}", same, "the law of whole runs, pass by pass")


def _swept() -> Iterator[Swept]:
    for N in (1, 2, 8):
        yield nested_prompts("1/2", "1/3", "1/4"), MTSS(N)
        yield nested_prompts("1/3"), MTSS(N, 2, look="draws")
        yield rare_needle(2, "1/4"), MTSS(N)
    yield needle_path(3), MTSS(2, look="draws")
    yield needle_path(2), MTSS(8, 2, n_out=2, look="draws")
    yield load("clean-sweep"), MTSS(4, 4, look="draws")


def _runs() -> Iterator[Swept]:
    yield nested_prompts("1/2", "1/4"), MTSS(2)
    yield nested_prompts("1/2"), MTSS(2, 2, look="draws")
    yield load("clean-sweep"), MTSS(2, 2, look="draws")


SWEPT = Family("nested prompts, rare needles, needle paths and clean-sweep, N_roll in {1, 2, 4, 8}", 12, _swept)
_WORST = Family("N_roll in {1, 2, 4}, n in {1, 2}", 6, lambda: [(N, n) for N in (1, 2, 4) for n in (1, 2)])
_THREE = Family("N_roll = 2, n = 3", 1, lambda: [(2, 3)])
_RUNS = Family("nested prompts and clean-sweep, exact laws of whole runs", 3, _runs)
_ALIKE = Family("two hazards of 1/3", 1, lambda: [(nested_prompts("1/3", "1/3"), MTSS(4))])
_HALVES = Family("the needle path of two bits at a prompt of mass 1/4", 1, lambda: [(rare_needle(2, "1/4"), MTSS(8))])


@claim(
    "mtss-sweep",
    source="ours: statement, constants and proof; for FMR25 Thm 5.1",
    depends=("mtss-restarts",),
    on=(SWEPT, Check(_WORST, sweep_attained), Check(_THREE, sweep_attained), Check(_RUNS, passes_are_runs)),
    witness=_HALVES,
    mutation=("n_max - 1 for n_max", On(_ALIKE, spare=-1)),
    trivial=("nothing is looked for", On(_HALVES, lazy=True)),
)
def mtss_sweep(case: Swept, *, spare: int = 0, lazy: bool = False) -> Iterator[Case]:
    r"""A clean sweep makes the next find unlikely.

    Let $u$ be the probability that one more roll-in meets a pair, given what the run ended with. With $N = \Nroll$ and
    at most $n$ acceptances

    $$
    \P(u \ge h) \le 1 - \bigl(1 - (1-h)^N\bigr)^n \le n (1-h)^N, \qquad
    \E u \le v_n \le \frac{n N^N}{(N+1)^{N+1}} \le \frac{n}{2(N+1)},
    $$

    $v_0 = 0$, $v_{k+1} = v_k + (1-v_k)^{N+1} N^N/(N+1)^{N+1}$. Both first bounds are attained, for all $N$ and $n$.

    In words: After a sweep that found nothing, the next one is unlikely to find anything.
    Hypotheses: none: noise, rounding, ridge mode and draws in lines 7 and 8 are allowed.
    Constants: $n$ and $N$; span mode: $n = \sum_h \rank_h$.
    Caveats: checked in span mode, without noise and rounding. $u$ need not fall from pass to pass.
    """
    problem, p = case
    passes, N, n = Passes(problem, p), p.n_roll, total_rank(problem) + spare
    start: Layers = MTSSPolicy.start(problem.dimensions, p).layers
    law = Law.point(tuple(layer._replace(theta=layer.cover.least_squares(())) for layer in start))
    law = law if lazy else passes.final_law()
    hazards = law.map(passes.hazard)
    label = f"{problem.name}, N_roll = {N}, n = {n}, look = {p.look}"
    yield compare(label, hazards.expectation(lambda u: u), "<=", n * sweep_rate(N), "E u <= n N^N/(N+1)^(N+1)")
    if n * N <= _FEW_DIGITS:
        yield compare(label, hazards.expectation(lambda u: u), "<=", most_hazard(N, n), "E u <= v_n")
    for h in hazards.outcomes:
        most = 1 - (1 - (1 - h) ** N) ** n
        yield compare(f"{label}, h = {h}", hazard_tail(hazards, h), "<=", most, "P(u >= h) <= 1-(1-(1-h)^N)^n")


_FEW_DIGITS = 8
"""The digits of ``v_n`` are some ``(N+1)^n``."""
