"""Section 9: MTSS with rounded targets, and without realizability (ours: statements, constants and proofs)."""

from collections.abc import Iterator
from functools import partial
from itertools import product

from flint import fmpq

from proofs_check.claims.multi_turn.section9_mtss_setting import (
    LOG_RATIONAL,
    is_covered,
    optimal_parameters,
    seeded_state,
)
from proofs_check.ledger import ANY, Case, Catalog, Check, Claim, Family, Mutation, agree, compare, fact
from reference.algorithms.mtss import MTSS
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.mtss_state import Layer
from reference.constructions.fair_bit_strings import fair_bits
from reference.constructions.opposites import opposite_rewards
from reference.exact import LogLinear, exp, log, real, real_log
from reference.exact.law import Law
from reference.exact.linalg import Span, Vector
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.seeded import Seeded
from reference.interaction.world import World
from reference.laws.mtss import ideal_token_policy
from reference.model.policy import base_policy
from reference.model.problem import Problem
from reference.model.realizability import decide_realizability
from reference.model.values import gap

# ------------------------------------------------------------------------------------------------ mtss-rounding


def rounding_error(problem: Problem, *, bits: int = 6, seeds: int = 4, errors: int = 2) -> Iterator[Case]:
    """Decide the claim where seeded runs end with every supported difference covered.

    Proof: if ``f_j`` errs by at most ``eta_j``, so does ``beta log Z_j``; hence each of the two returns errs by
    ``2 sum_{j>h} eta_j`` and the error of its reward, the target by twice that and ``2^-b``, and least squares, which
    interpolates independent pairs, multiplies it by at most ``kappa_h``.  Log-ratios err by ``2 eta_h / beta``, and a
    divergence is at most the largest log-ratio.
    """
    thetas, step = optimal_parameters(problem), fmpq(1, 2**bits)
    noise = Law.uniform([-step / 2, step / 2])
    p = MTSS(8, bits=bits)
    for seed in range(seeds):
        final = p(World(problem, Seeded(seed), noise=noise).tokens)
        if not all(
            is_covered(problem, final.layers[h], h, i) for h in range(problem.horizon) for i in problem.reachable[h]
        ):
            continue
        label, total = f"{problem.name}, b = {bits}, seed {seed}", fmpq(0)
        for h in reversed(range(problem.horizon)):
            eta = kappa(problem, final.layers[h], h) * (errors * step + 4 * total)
            total += eta
            theta = final.layers[h].theta
            worst = max(
                abs(phi.dot_numbers(theta) - phi.dot_numbers(thetas[h])) for phi in supported_differences(problem, h)
            )
            yield compare(label, worst, "<=", eta, f"|f_{h + 1} - f*_{h + 1}| <= eta_{h + 1}")
        lost = gap(problem, ideal_token_policy(problem, final))
        yield compare(label, lost, "<=", 2 * total, "gap <= 2 sum_h eta_h")


def kappa(problem: Problem, layer: Layer, h: int) -> fmpq:
    """Return the largest ``sum |c_i|`` over differences ``sum c_i psi_i`` of supported tokens of a covered layer."""
    span = Span.empty(problem.dimensions[h])
    for pair in layer.psi:
        span = span.with_vector(pair.phi)
    coefficients = [span.coefficients(phi) for phi in supported_differences(problem, h)]
    return max(sum((abs(entry) for entry in c), fmpq(0)) for c in coefficients if c is not None)


def supported_differences(problem: Problem, h: int) -> Iterator[Vector]:
    """Yield ``phi_h(p a) - phi_h(p a')`` for every pair of supported tokens of a layer."""
    for i in problem.reachable[h]:
        support = problem.supported(h, i)
        yield from (a.phi - b.phi for a in support for b in support)


EXACT_BITS = Family(
    "fair bits, H = 3, reward log 3 or 1", 2, lambda: [fair_bits(3, r) for r in (log(3), LogLinear(fmpq(1)))]
)

MTSS_ROUNDING = Claim(
    id="mtss-rounding",
    section=9,
    title="Rounded targets cost little, layer by layer",
    statement="Rewards that err by at most 2^-(b+1), targets rounded to multiples of 2^-b, every supported difference "
    "covered: |f_h - f*_h| <= eta_h = kappa_h (2 * 2^-b + 4 sum_{j>h} eta_j), and the gap is at most 2 sum_h eta_h; "
    "kappa_h is the largest sum |c_i| over differences sum c_i psi_i of supported tokens, psi_i the accepted ones.",
    source="ours",
    hypotheses="span mode, realizable, exact log-normalisers",
    constants="2, 4, 2",
    caveats="The gap is that of line 8 sampled exactly. The bound grows like prod_h (1 + 4 kappa_h); where nothing "
    "leaves the tower and rewards are exact, nothing is rounded.",
    depends=("mtss-exact",),
    checks=(
        Check(EXACT_BITS, rounding_error),
        Check(LOG_RATIONAL, rounding_error),
        Check(Catalog("fair-bits-3", of=ANY), partial(rounding_error, bits=20)),
    ),
    witness=Check(EXACT_BITS, rounding_error),
    mutation=Mutation("nothing is rounded", EXACT_BITS, partial(rounding_error, errors=0)),
)

# ------------------------------------------------------------------------------------------- mtss-unrealizable


def wrong_everywhere(problem: Problem, *, half: int = 2) -> Iterator[Case]:
    """Decide the claim for every outcome of MTSS with ``N_roll`` in {1, 2}, ``N_pair`` in {1, 2} or by listing.

    Proof.  ``f_1 = 0``, so the first bit stays fair: ``kl(1/2 || w/(1+w)) = log((1+w)^2/(4w))/2``.  The only pair of
    layer 2 comes from one prefix and fits ``theta_2 = +-beta s``: right there, and the mirror image of ``pi*`` after
    the other, ``kl(1/(1+w) || w/(1+w)) = s (w-1)/(w+1)``, with half the mass.  Without that pair ``pi_ref`` is
    returned, which errs by the first divergence in both layers.
    """
    s = problem.layers[1][0][1].reward / problem.beta
    w = exp(s)
    root = real_log((1 + w) * (1 + w)) - real_log(w * 4)  # twice kl(1/2 || w/(1+w))
    mirrored = real(s) * (real(w) - 1) / (real(w) + 1)
    wrong, untouched = (root / 2 + mirrored / half) * problem.beta, root * problem.beta
    yield fact(problem.name, not decide_realizability(problem), "not realizable")
    yield agree(problem.name, gap(problem, base_policy(problem)), untouched, "gap of pi_ref = beta log((1+w)^2/(4w))")
    yield compare(problem.name, wrong, ">", untouched, "MTSS ends worse than it began")
    for n_roll, n_pair in product((1, 2), (1, 2, None)):
        p = MTSS(n_roll) if n_pair is None else MTSS(n_roll, n_pair, look="draws")
        law = law_of(partial(end, problem, p))
        label = f"{problem.name}, N_roll = {n_roll}, " + ("by listing" if n_pair is None else f"N_pair = {n_pair}")
        for final in law.outcomes:
            lost = gap(problem, ideal_token_policy(problem, final))
            found = len(final.layers[1].psi)
            yield agree(label, lost, wrong if found else untouched, "gap = beta (log((1+w)^2/(4w)) + s(w-1)/(w+1))/2")
        found_none = law.expectation(lambda final: fmpq(0 if final.layers[1].psi else 1))
        missed = fmpq(0) if n_pair is None else fmpq(1, 2) ** (n_roll * n_pair)
        yield compare(label, found_none, "==", missed, "P(pi_ref is returned)")


def end(problem: Problem, p: MTSS, choice: Choice) -> MTSSPolicy:
    """Run MTSS once."""
    return p(World(problem, choice, metered=False).tokens)


def opposites() -> Iterator[Problem]:
    """Yield ``s`` in {log 3/2, log 3, log 100, 1, 1/10}, ``beta`` in {1/2, 1}."""
    for s in (log(fmpq(3, 2)), log(3), log(100), LogLinear(fmpq(1)), LogLinear(fmpq(1, 10))):
        for beta in (fmpq(1, 2), fmpq(1)):
            yield opposite_rewards(s, beta=beta)


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


MTSS_UNREALIZABLE = Claim(
    id="mtss-unrealizable",
    section=9,
    title="Without realizability MTSS can end worse than the base model",
    statement="On opposite rewards with w = e^s, whenever layer 2 accepts its pair (by listing always, by draws with "
    "probability 1 - 2^-(N_roll N_pair)), the gap is beta (log((1+w)^2/(4w)) + s(w-1)/(w+1))/2 > "
    "beta log((1+w)^2/(4w)), that of pi_ref; on the non-realizable instances of the catalog runs end with a positive "
    "gap.",
    source="ours; for the hypothesis of FMR25 Thm 5.1",
    hypotheses="noiseless, span mode, exact sampling from listings",
    constants="the gap exactly; N_roll in {1, 2}, line 7 by listing or N_pair in {1, 2} draws, by enumeration",
    depends=("mtss-exact",),
    checks=(
        Check(OPPOSITE, wrong_everywhere),
        Check(Catalog("linear-not-realizable", "smollm2-tokens-answers", of=ANY), left_with),
    ),
    witness=Check(OPPOSITE, wrong_everywhere),
    mutation=Mutation("1/4 for 1/2", OPPOSITE, partial(wrong_everywhere, half=4)),
)

CLAIMS = (MTSS_ROUNDING, MTSS_UNREALIZABLE)
