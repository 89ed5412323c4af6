"""The whole algorithm, with constants: the finite form of FMR25 Thm 5.1 (ours: statements, constants and proofs)."""

from collections.abc import Iterator
from typing import Literal

from flint import fmpq

from proofs_check.claims.multi_turn.dark_places import blind_alley, lever, nested_prompts, rare_bit, rare_needle
from proofs_check.claims.multi_turn.mtss_sweep import sweep_rate, total_rank
from proofs_check.claims.multi_turn.pass_laws import Layers, Passes, by_whole_runs
from proofs_check.ledger import Case, Check, Family, On, Random, claim, compare
from reference.algorithms.mtss import MTSS
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.catalog import load
from reference.constructions.needle_paths import needle_path
from reference.exact import Real, log, real
from reference.exact.law import Law, Mass
from reference.laws.mtss import ideal_token_policy
from reference.model.policy import base_policy
from reference.model.problem import Problem
from reference.model.ratios import token_coverage
from reference.model.values import gap
from reference.testing import realizable_problems

SizedProblem = tuple[Problem, int]
"""An instance and ``N_roll``."""

TAIL_POINTS = (fmpq(1, 50), fmpq(1, 10), fmpq(1, 5), fmpq(1, 2))
"""Values of ``h`` at which tails are compared."""


def dearest_token(problem: Problem, quadratic: int = 8) -> Real:
    """Return ``D = min(R, R^2/(8 beta))``, ``R`` the largest oscillation of the reward at a prompt."""
    ranges = [problem.reward_range(x) for x in range(len(problem.prompts))]
    R = max(high - low for low, high in ranges)
    return min(real(R), real(R) * R / (problem.beta * quadratic))


def final_gaps(problem: Problem, p: MTSS, law: Law[Layers], *, lazy: bool = False) -> dict[Layers, Real]:
    """Return the gap of each policy that a run may return, or that of ``pi_ref``."""
    base = gap(problem, base_policy(problem))
    known = dict[Layers, Real]()  # what is returned depends on the spans and the parameters
    found = dict[Layers, Real]()
    for layers in law.outcomes:
        bare = tuple(layer._replace(psi=()) for layer in layers)
        if bare not in known:
            known[bare] = base if lazy else gap(problem, ideal_token_policy(problem, MTSSPolicy(layers, p)))
        found[layers] = known[bare]
    return found


def times_base(problem: Problem, bound: Real) -> str:
    """Return ``bound / gap(pi_ref)``, rounded, for notes; nothing where it is no less than 1."""
    base = gap(problem, base_policy(problem))
    if bound >= base:
        return ""
    return f"bound / gap(pi_ref) = {(bound.enclosure(64) / base.enclosure(64)).str(3, radius=False)}"


def rare_bit_gap(N: int) -> Iterator[Case]:
    """Decide the mean gap at the worst prompt, by hand, and that the bound is nearly attained there.

    The bit of mass ``1/(N+1)`` is found unless no roll-in asks for it.
    """
    w, mass = fmpq(11, 10), fmpq(1, N + 1)
    problem, p = rare_bit(w, mass), MTSS(N)
    law = Passes(problem, p).final_law()
    mean = law.expectation(final_gaps(problem, p, law).__getitem__)
    untouched = log((1 + w) / 2) - log(w) / 2
    yield compare(problem.name, mean, "==", untouched * mass * (1 - mass) ** N, "E gap = u (1-u)^N KL(pi_ref || pi*)")
    most = dearest_token(problem) * sweep_rate(N)
    yield compare(problem.name, mean, ">", most * fmpq(999, 1000), "E gap > 0.999 H D n N^N/(N+1)^(N+1)")


def half_of_the_base(case: tuple[int, int, fmpq]) -> Iterator[Case]:
    """Decide ``P(gap > gap(pi_ref)/2) <= 1/4`` on a needle path, by the tail at some ``h``, and by the exact law."""
    H, N, h = case
    problem, p = needle_path(H), MTSS(N)
    half = gap(problem, base_policy(problem)) / 2
    yield compare(problem.name, dearest_token(problem) * (H * h), "<=", half, "H D h <= gap(pi_ref)/2")
    yield compare(problem.name, H * (1 - h) ** N, "<=", fmpq(1, 4), "n (1-h)^N <= 1/4")
    law = Passes(problem, p).final_law()
    known = final_gaps(problem, p, law)
    missed = law.probability(lambda layers: known[layers] > half)
    yield compare(problem.name, missed, "==", 0, "P(gap > gap(pi_ref)/2), exactly")


def _whole() -> Iterator[SizedProblem]:
    yield needle_path(2), 8
    yield rare_needle(2, "1/2"), 8
    yield nested_prompts("1/2", "1/3"), 16
    yield rare_bit(16, "1/3"), 4
    yield load("clean-sweep"), 16
    yield load("token-coverage-larger"), 8
    yield blind_alley(), 8


def _larger() -> Iterator[SizedProblem]:
    yield needle_path(3), 8
    yield needle_path(4), 33
    yield rare_needle(3, "1/2"), 16


def _random() -> Random[SizedProblem]:
    generated = realizable_problems(max_horizon=2).map(lambda member: (member[0], 2))
    return Random(generated, 20, seed=95, name="realizable log-rational problems, H <= 2, N_roll = 2")


WHOLE_ENDS = Family("needle paths, nested prompts, forks, N_roll in {4, 8, 16}, whole runs", 7, _whole)
LARGER_ENDS = Family("needle paths of 3 and 4 bits, N_roll in {8, 16, 33}", 3, _larger)
_RARE_BITS = Family("rare bits, N_roll in {1, 4, 16}", 3, lambda: [1, 4, 16])
_FOUR = Family("needle-path-4, N_roll = 33", 1, lambda: [(needle_path(4), 33)])
_HALVED = Family("needle-path-4, N_roll = 33, h = 403/5000", 1, lambda: [(4, 33, fmpq(403, 5000))])
_TIGHT = Family("rare bit, N_roll = 4", 1, lambda: [(rare_bit("11/10", "1/5"), 4)])


@claim(
    "mtss-end-to-end",
    source="ours: finite form, constants and proof; for FMR25 Thm 5.1",
    depends=("mtss-sweep", "mtss-exact-where-covered", "gap-oscillation", "policy-is-reward"),
    on=(
        On(WHOLE_ENDS, whole=True),
        LARGER_ENDS,
        Check(_RARE_BITS, rare_bit_gap),
        Check(_HALVED, half_of_the_base),
        _random(),
    ),
    witness=_FOUR,
    mutation=("9 for 8", On(_TIGHT, quadratic=9)),
    trivial=("pi_ref is returned", On(_FOUR, lazy=True)),
)
def mtss_end_to_end(
    case: SizedProblem, *, quadratic: int = 8, lazy: bool = False, whole: bool = False
) -> Iterator[Case]:
    r"""MTSS by listing, from end to end.

    With $N = \Nroll$, $n = \sum_h \rank_h$, $R = \max_x \osc_x(r)$ and $D = \min(R, R^2/(8\beta))$

    $$
    \E[\text{gap}] \le H D\, \frac{n N^N}{(N+1)^{N+1}} \le \frac{n H D}{2(N+1)},
    \qquad
    \P(\text{gap} \ge H D h) \le n (1-h)^N \quad (0 < h \le 1) .
    $$

    No coverage coefficient is in it: what tokens cost is their listing ({prf:ref}`mtss-costs`).

    In words: By listing, MTSS loses little: in proportion to horizon and dimensions, over the number of roll-ins,
        without any coverage.
    Hypotheses: realizable, log-rational, noiseless rewards, span mode, lines 7 and 8 and the normalisers from listings.
    Constants: 8 in $D$; 1.
    Caveats: at $H = n = 1$ the constants cannot be improved, elsewhere there is slack. Notes show bound /
        gap($\piref$).
    """
    problem, N = case
    p, n = MTSS(N), total_rank(problem)
    law = by_whole_runs(problem, p) if whole else Passes(problem, p).final_law()
    known = final_gaps(problem, p, law, lazy=lazy)
    most, label = dearest_token(problem, quadratic) * problem.horizon, f"{problem.name}, N_roll = {N}"
    bound = most * (n * sweep_rate(N))
    statement = "E gap <= H D n N^N/(N+1)^(N+1)"
    yield compare(label, law.expectation(known.__getitem__), "<=", bound, statement, note=times_base(problem, bound))
    for h in TAIL_POINTS:
        missed = law.probability({layers for layers, lost in known.items() if lost >= most * h}.__contains__)
        if (most * h).sign():
            yield compare(f"{label}, h = {h}", missed, "<=", n * (1 - h) ** N, "P(gap >= H D h) <= n (1-h)^N")


DrawnProblem = tuple[Problem, int, int]
"""An instance, ``N_roll`` and ``N_pair``."""


def missed_look(problem: Problem, n_pair: int, p_min: Literal["least", "coverage"] = "least") -> Mass:
    """Return ``c = (1 - 2 p_min (1 - p_min))^N_pair``.

    ``p_min``: the least base mass at prefixes whose tokens differ in features; or what coverage would put in its place.
    """
    p: Mass = 1 / token_coverage(problem)
    if p_min == "least":
        nodes = [problem.supported(h, i) for h in range(problem.horizon) for i in problem.reachable[h]]
        p = min((edge.pi_ref for node in nodes if len({e.phi for e in node}) > 1 for edge in node), default=fmpq(1))
    return (1 - 2 * p * (1 - p)) ** n_pair


def one_look(case: tuple[int, int]) -> Iterator[Case]:
    """Decide what a prompt of one token makes of it, by hand: it is missed by every look or found."""
    n_roll, n_pair = case
    problem, p = rare_bit(4, "1/2"), MTSS(n_roll, n_pair, look="draws")
    law = by_whole_runs(problem, p)
    known = final_gaps(problem, p, law)
    missed = law.probability(lambda layers: known[layers] > 0)
    by_hand = ((1 + fmpq(1, 2) ** n_pair) / 2) ** n_roll
    label = f"{problem.name}, N_roll = {n_roll}, N_pair = {n_pair}"
    yield compare(label, missed, "==", by_hand, "P(gap > 0) = ((1 + 2^-N_pair)/2)^N_roll")


def _drawn() -> Iterator[DrawnProblem]:
    yield needle_path(2), 12, 5
    yield needle_path(3), 12, 5
    yield rare_needle(2, "1/2"), 12, 5
    yield rare_bit(16, "1/3"), 8, 2
    yield blind_alley(), 32, 1
    yield blind_alley(), 32, 4
    yield load("clean-sweep"), 4, 4
    yield lever(4), 16, 8


DRAWN_ENDS = Family("needle paths, forks and levers, N_roll in {4, 8, 12, 16, 32}, N_pair in {1, .., 8}", 8, _drawn)
_LOOKS = Family("N_roll in {1, 3}, N_pair in {1, 2}", 4, lambda: [(a, b) for a in (1, 3) for b in (1, 2)])
_THREE_BITS = Family("needle-path-3, N_roll = 12, N_pair = 5", 1, lambda: [(needle_path(3), 12, 5)])
_LEVER = Family("lever of 512, N_roll = 12, N_pair = 5", 1, lambda: [(lever(512), 12, 5)])


@claim(
    "mtss-end-to-end-by-draws",
    source="ours: finite form, constants and proof; for FMR25 Thm 5.1",
    depends=("mtss-sweep", "mtss-exact-where-covered", "gap-oscillation", "policy-is-reward"),
    on=(DRAWN_ENDS, Check(_LOOKS, one_look)),
    witness=_THREE_BITS,
    mutation=("1/C_cond for p_min", On(_LEVER, p_min="coverage")),
    trivial=("pi_ref is returned", On(_THREE_BITS, lazy=True)),
)
def mtss_end_to_end_by_draws(
    case: DrawnProblem, *, p_min: Literal["least", "coverage"] = "least", quadratic: int = 8, lazy: bool = False
) -> Iterator[Case]:
    r"""MTSS by draws, from end to end.

    As in {prf:ref}`mtss-end-to-end`, but with line 7 by $\Npair$ draws. With $p$ the least $\piref(a \mid \cdot)$ at
    supported prefixes whose tokens differ in features, and $c = (1 - 2p(1-p))^{\Npair}$,

    $$
    \P(\text{gap} \ge H D h) \le n \bigl( c + (1-h)^N \bigr) \quad (0 < h \le 1) .
    $$

    In words: By draws the same holds, if enough pairs are drawn to see the rarest token that matters.
    Hypotheses: as there.
    Constants: 8 in $D$; 1, 2.
    Caveats: $p$ cannot become $1/C_{\mathrm{cond}}$, whatever $\Nroll$ and $\Npair$ are: the lever.
    """
    problem, N, n_pair = case
    p, n = MTSS(N, n_pair, look="draws"), total_rank(problem)
    law = Passes(problem, p).final_law()
    known = final_gaps(problem, p, law, lazy=lazy)
    c, most = missed_look(problem, n_pair, p_min), dearest_token(problem, quadratic) * problem.horizon
    for h in TAIL_POINTS:
        label = f"{problem.name}, N_roll = {N}, N_pair = {n_pair}, h = {h}"
        missed = law.probability({layers for layers, lost in known.items() if lost >= most * h}.__contains__)
        bound = n * (c + (1 - h) ** N)
        note = times_base(problem, most * h) if bound < 1 else ""
        yield compare(label, missed, "<=", bound, "P(gap >= H D h) <= n (c + (1-h)^N)", note=note)
