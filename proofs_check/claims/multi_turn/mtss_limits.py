"""MTSS with rounded targets, and without realizability (ours: statements, constants and proofs)."""

from collections.abc import Hashable, Iterator
from functools import lru_cache, partial
from itertools import combinations, product

from flint import fmpq

from proofs_check.claims.multi_turn.mtss_by_hand import STEP_SIZES, rounded_to_a_step
from proofs_check.claims.multi_turn.mtss_runs import (
    LOG_RATIONAL,
    is_covered,
    optimal_parameters,
    seeded_state,
    span_of,
)
from proofs_check.ledger import ANY, Case, Catalog, Check, Family, On, agree, claim, compare, fact
from reference.algorithms.mtss import MTSS
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.mtss_state import Layer
from reference.constructions.fair_bit_strings import fair_bits
from reference.constructions.opposites import opposite_rewards
from reference.exact import LogLinear, Real, exp, log, real, real_log
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.seeded import Seeded
from reference.interaction.world import World
from reference.laws.mtss import ideal_token_policy
from reference.model.policy import base_policy
from reference.model.problem import Problem
from reference.model.realizability import decide_realizability
from reference.model.values import gap


@lru_cache(maxsize=32)
def covered_ends(problem: Problem, bits: int, seeds: int) -> tuple[tuple[str, MTSSPolicy], ...]:
    """Return where seeded runs end with every supported difference covered, rewards off by half a step either way."""
    step = fmpq(1, 2**bits)
    noise, found = Law.uniform([-step / 2, step / 2]), []
    for seed in range(seeds):
        final = MTSS(8, bits=bits)(World(problem, Seeded(seed), noise=noise).tokens)
        if all(
            is_covered(problem, final.layers[h], h, i) for h in range(problem.horizon) for i in problem.reachable[h]
        ):
            found.append((f"{problem.name}, b = {bits}, seed {seed}", final))
    return tuple(found)


def errors_allowed(problem: Problem, final: MTSSPolicy, bits: int, errors: int = 2) -> list[fmpq]:
    """Return ``eta_1, .., eta_H``."""
    etas: list[fmpq] = []
    for h in reversed(range(problem.horizon)):
        etas.append(kappa(problem, final.layers[h], h) * (errors * fmpq(1, 2**bits) + 4 * sum(etas, fmpq(0))))
    return etas[::-1]


def kappa(problem: Problem, layer: Layer, h: int) -> fmpq:
    """Return the largest ``sum |c_i|`` over differences ``sum c_i psi_i`` of supported tokens of a covered layer."""
    span = span_of(problem.dimensions[h], tuple(pair.phi for pair in layer.psi))
    coefficients = [span.coefficients(phi) for phi in supported_differences(problem, h)]
    return max(sum((abs(entry) for entry in c), fmpq(0)) for c in coefficients if c is not None)


def supported_differences(problem: Problem, h: int) -> Iterator[Vector]:
    """Yield ``phi_h(p a) - phi_h(p a')``, one way round, for the pairs of supported tokens of a layer, and first 0."""
    yield Vector((0,) * problem.dimensions[h])
    for i in problem.reachable[h]:
        yield from (a.phi - b.phi for a, b in combinations(problem.supported(h, i), 2))


EXACT_BITS = Family(
    "fair bits, H = 3, reward log 3 or 1", 2, lambda: [fair_bits(3, r) for r in (log(3), LogLinear(fmpq(1)))]
)


@claim(
    "mtss-rounded-fit",
    group="mtss-rounding",
    source="ours",
    depends=("mtss-exact-where-covered",),
    on=(EXACT_BITS, LOG_RATIONAL, On(Catalog("fair-bits-3", of=ANY), bits=20), Check(STEP_SIZES, rounded_to_a_step)),
    witness=EXACT_BITS,
    mutation=("nothing is rounded", On(EXACT_BITS, errors=0)),
    trivial=("the zero parameter is returned", On(Catalog("fair-bits-3", of=ANY), bits=20, at_zero=True)),
)
def mtss_rounded_fit(
    problem: Problem, *, bits: int = 6, seeds: int = 4, errors: int = 2, at_zero: bool = False
) -> Iterator[Case]:
    r"""Rounded targets move the fits little, layer by layer.

    With $\kappa_h$ the largest $\sum |c_i|$ over differences $\sum c_i \psi_i$ of supported tokens, $\psi_i$ the
    accepted ones:

    $$
    |f_h - f^*_h| \le \eta_h := \kappa_h \Bigl(2 \cdot 2^{-b} + 4 \sum_{j > h} \eta_j\Bigr) .
    $$

    In words: Rounding the targets moves each layer's fit by a bounded amount, which grows from layer to layer.
    Hypotheses: rewards err by at most $2^{-(b+1)}$, targets are rounded to multiples of $2^{-b}$, every supported
        difference is covered; span mode, realizable, exact log-normalisers.
    Constants: 2 and 4.
    Caveats: the bound grows like $\prod_h (1 + 4\kappa_h)$; where nothing leaves the tower and rewards are exact,
        nothing is rounded.
    """
    thetas = optimal_parameters(problem)
    for label, final in covered_ends(problem, bits, seeds):
        etas = errors_allowed(problem, final, bits, errors)
        for h in reversed(range(problem.horizon)):
            theta = tuple(t * 0 for t in thetas[h]) if at_zero else final.layers[h].theta
            worst = max(
                abs(phi.dot_numbers(theta) - phi.dot_numbers(thetas[h])) for phi in supported_differences(problem, h)
            )
            yield compare(label, worst, "<=", etas[h], f"|f_{h + 1} - f*_{h + 1}| <= eta_{h + 1}")


@claim(
    "mtss-rounded-gap",
    group="mtss-rounding",
    source="ours",
    depends=("mtss-rounded-fit",),
    on=(EXACT_BITS, LOG_RATIONAL, On(Catalog("fair-bits-3", of=ANY), bits=20)),
    witness=EXACT_BITS,
    mutation=("nothing is rounded", On(EXACT_BITS, errors=0)),
    trivial=("pi_ref is returned", On(Catalog("fair-bits-3", of=ANY), bits=20, lazy=True)),
)
def mtss_rounded_gap(
    problem: Problem, *, bits: int = 6, seeds: int = 4, errors: int = 2, lazy: bool = False
) -> Iterator[Case]:
    r"""Rounded targets cost little.

    The gap of the returned policy is at most $2 \sum_h \eta_h$, with $\eta_h$ as in {prf:ref}`mtss-rounded-fit`.

    In words: What rounding costs the returned policy is at most twice the sum of what it moves the fits.
    Hypotheses: as in {prf:ref}`mtss-rounded-fit`.
    Constants: 2.
    Caveats: the gap is that of line 8 sampled exactly.
    """
    for label, final in covered_ends(problem, bits, seeds):
        total = sum(errors_allowed(problem, final, bits, errors), fmpq(0))
        lost = gap(problem, base_policy(problem) if lazy else ideal_token_policy(problem, final))
        yield compare(label, lost, "<=", 2 * total, "gap <= 2 sum_h eta_h")


def end(problem: Problem, p: MTSS, choice: Choice) -> MTSSPolicy:
    """Run MTSS once."""
    return p(World(problem, choice, metered=False).tokens)


SPREADS = tuple(
    product(
        (log(fmpq(3, 2)), log(3), log(100), LogLinear(fmpq(1)), LogLinear(fmpq(1, 10))),
        (fmpq(1, 2), fmpq(1)),
    )
)
"""``s`` and ``beta``."""


def opposites() -> Iterator[Problem]:
    """Yield the problems."""
    for s, beta in SPREADS:
        yield opposite_rewards(s, beta=beta)


def lost_by_the_base(pair: tuple[LogLinear, fmpq]) -> Iterator[Case]:
    """Decide the gap of ``pi_ref`` from ``s`` and ``beta`` as they are given."""
    s, beta = pair
    w, problem = exp(s), opposite_rewards(s, beta=beta)
    expected = (real_log((1 + w) * (1 + w)) - real_log(w * 4)) * beta
    yield agree(problem.name, gap(problem, base_policy(problem)), expected, "gap of pi_ref = beta log((1+w)^2/(4w))")


OPPOSITE = Family("opposite rewards, s in {log 3/2, log 3, log 100, 1, 1/10}, beta in {1/2, 1}", 10, opposites)


def left_with(problem: Problem, *, seeds: int = 3) -> Iterator[Case]:
    """Report the exact gap that runs on a non-realizable instance are left with.

    It is positive whatever the run: what is returned is a softmax policy, or falls back to ``pi_ref`` where it does not
    cover.  The numbers are on the page on tokens.
    """
    for seed in range(seeds):
        final = seeded_state(problem, MTSS(8, bits=32), seed)
        lost = gap(problem, ideal_token_policy(problem, final))
        yield compare(f"{problem.name}, seed {seed}", lost, ">", 0, "the gap that MTSS is left with")


@claim(
    "mtss-unrealizable",
    source="ours; for the hypothesis of FMR25 Thm 5.1",
    depends=("mtss-exact-where-covered",),
    on=(
        OPPOSITE,
        Check(Family("the same s and beta", 10, lambda: SPREADS), lost_by_the_base),
        Check(Catalog("linear-not-realizable", "smollm2-tokens-answers", of=ANY), left_with),
    ),
    witness=OPPOSITE,
    mutation=("1/4 for 1/2", On(OPPOSITE, half=4)),
    trivial="none: an equality, and the gap of pi_ref beside it",
)
def mtss_unrealizable(problem: Problem, *, half: int = 2) -> Iterator[Case]:
    r"""Without realizability MTSS can end worse than the base model.

    Opposite rewards: two fair bits, the first without features, the second with the bit itself; a second 1 earns
    $\beta s$ after 0 and $-\beta s$ after 1; $w = e^s > 1$. Whenever layer 2 accepts its pair, by listing always, by
    draws with probability $1 - 2^{-\Nroll\Npair}$, the gap is

    $$
    \frac{\beta}{2}\Bigl(\log\frac{(1+w)^2}{4w} + s\,\frac{w-1}{w+1}\Bigr) > \beta \log\frac{(1+w)^2}{4w},
    \quad \text{that of } \piref .
    $$

    In words: If the optimum is not in the class, MTSS may end worse than the base model it began with.
    Hypotheses: noiseless rewards, span mode, line 8 sampled exactly from listings.
    Constants: the gap exactly; $\Nroll$ in {1, 2}, line 7 by listing or $\Npair$ in {1, 2} draws, by enumeration.
    Caveats: on the non-realizable instances of the catalog runs end with a positive gap.
    """
    s = problem.layers[1][0][1].reward / problem.beta
    w = exp(s)
    root = real_log((1 + w) * (1 + w)) - real_log(w * 4)  # twice kl(1/2 || w/(1+w))
    mirrored = real(s) * (real(w) - 1) / (real(w) + 1)
    wrong, untouched = (root / 2 + mirrored / half) * problem.beta, root * problem.beta
    yield fact(problem.name, not decide_realizability(problem), "not realizable")
    yield agree(problem.name, gap(problem, base_policy(problem)), untouched, "gap of pi_ref = beta log((1+w)^2/(4w))")
    yield compare(problem.name, wrong, ">", untouched, "MTSS ends worse than it began")
    known: dict[Hashable, Real] = {}  # what is returned depends on the spans and the parameters
    for n_roll, n_pair in product((1, 2), (1, 2, None)):
        p = MTSS(n_roll) if n_pair is None else MTSS(n_roll, n_pair, look="draws")
        law = law_of(partial(end, problem, p))
        label = f"{problem.name}, N_roll = {n_roll}, " + ("by listing" if n_pair is None else f"N_pair = {n_pair}")
        for final in law.outcomes:
            bare = tuple((layer.cover, layer.theta) for layer in final.layers)
            lost = known[bare] = known.get(bare) or gap(problem, ideal_token_policy(problem, final))
            found = len(final.layers[1].psi)
            yield agree(label, lost, wrong if found else untouched, "gap = beta (log((1+w)^2/(4w)) + s(w-1)/(w+1))/2")
        found_none = law.expectation(lambda final: fmpq(0 if final.layers[1].psi else 1))
        missed = fmpq(0) if n_pair is None else fmpq(1, 2) ** (n_roll * n_pair)
        yield compare(label, found_none, "==", missed, "P(pi_ref is returned)")
