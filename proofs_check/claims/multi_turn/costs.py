"""What tokens cost against whole sequences, on fair bits (ours: finite form, constants and proofs)."""

from collections.abc import Iterator

from flint import fmpq

from proofs_check.claims.multi_turn.mtss_by_hand import SLANTED, counted_by_layer
from proofs_check.claims.multi_turn.sequence_costs import (
    expected_run,
    needle_draws,
    probability_of_missing,
    rewarded,
    run_bounds,
    run_parameters,
    trials_bounds,
)
from proofs_check.claims.multi_turn.token_costs import (
    BITS,
    TokenCosts,
    expected_t_comp,
    probability_of_covering,
)
from proofs_check.ledger import Case, Check, Family, On, claim, compare
from reference.algorithms.mtss import MTSS
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import LogLinear, Real, log
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.meter import Reading
from reference.interaction.runs import play, play_tokens
from reference.interaction.seeded import Seeded
from reference.interaction.world import World
from reference.laws.mtss import ideal_token_policy
from reference.model import gap, softmax
from reference.model.ratios import coverage, token_coverage

EARNED = 4
REWARD = log(EARNED)
LISTING = MTSS(1)
_BY_DRAWS = MTSS(1, 8, look="draws")
DELTA = fmpq(1, 16)
SURE = fmpq(996, 1000)
C_COND = fmpq(2 * EARNED, 1 + EARNED)
_SHORT = 2
"""Up to this horizon the mean of SpannerSampling is computed exactly, over all that its draws can bring."""

CLOSE = fmpq(1, 10**4)
"""How close to ``2 C_cov`` the mean number of trials with the right ``theta`` is."""
LOG_2 = log(2)

_HORIZONS = Family("fair bits, reward log 4, H = 1..12", 12, lambda: range(1, 13))
LAST = Family("fair bits, reward log 4, H = 12", 1, lambda: [12])
FOUR = Family("fair bits, reward log 4, H = 4", 1, lambda: [4])
_LISTED = [MTSS(n_roll, n_out=n_out) for n_roll, n_out in ((1, 1), (2, 1), (1, 2))]
DRAWN = [MTSS(n_roll, n_pair, look="draws") for n_roll, n_pair in ((1, 1), (2, 2), (1, 3))]
WHOLE_RUNS = Family(
    "(H, N_roll, N_pair, N_out, look), exact laws of whole runs",
    9,
    lambda: [*((H, p) for H in (1, 2) for p in _LISTED), *((1, p) for p in DRAWN[1:]), (2, DRAWN[0])],
)
SEQUENCE_RUNS = Family(
    "(H, N_prompt, M, delta), exact laws of whole runs",
    3,
    lambda: [(1, 8, fmpq(16, 5), DELTA), (1, 2, fmpq(1), fmpq(1)), (2, 1, fmpq(1), fmpq(1))],
)
BY_REJECTION = Family("N_pair in {1, 2}, by rejection", 2, lambda: [1, 2])
SHORT_HORIZONS = Family("fair bits, reward log 4, H = 1..8", 8, lambda: range(1, 9))


def listing_runs(H: int, *, seeds: int = 3) -> Iterator[Case]:
    """Run MTSS, lines 7 and 8 from listings: what it costs and returns does not depend on the seed."""
    problem = fair_bits(H, REWARD)
    for seed in range(seeds):
        world, label = World(problem, Seeded(seed)), f"H = {H}, seed {seed}"
        final = LISTING(world.tokens)
        spent = world.meter.reading.t_comp + final.queries_per_draw(BITS)
        yield compare(label, spent, "==", 2 * H * (H + 2), "T_comp = 2H(H+2)")
        yield compare(label, world.meter.reading.t_data, "==", 2 * H, "T_data = 2H")
        yield compare(label, gap(problem, ideal_token_policy(problem, final)), "==", 0, "pi* is returned")


def token_recursion(case: tuple[int, MTSS]) -> Iterator[Case]:
    """Compare the recursion with the mean of the exact law of whole runs."""
    H, p = case
    label = f"H = {H}, N_roll = {p.n_roll}, N_pair = {p.n_pair}, N_out = {p.n_out}, look = {p.look}"
    yield compare(label, mean_t_comp(H, p), "==", expected_t_comp(H, p, TokenCosts.listed()), "E T_comp, two ways")


def sequence_recursion(case: tuple[int, int, fmpq, fmpq]) -> Iterator[Case]:
    """Compare the mean of SpannerSampling with that of the exact law of whole runs."""
    H, n_prompt, M, delta = case
    p = SpannerSampling(n_prompt, 1, 1, M, delta, mode="span")
    problem = fair_bits(H, REWARD).sequences("concatenated")

    def program(choice: Choice) -> int:
        outcome = play(problem, lambda oracles: p(oracles).queries_per_draw, choice)
        return outcome.reading.t_comp + (outcome.policy or 0)

    label = f"H = {H}, N_prompt = {n_prompt}, N = {p.draws}"
    mean = law_of(program).expectation(fmpq)
    yield compare(label, mean, "==", expected_run(H, EARNED, p), "E T_comp of SpannerSampling, two ways")


def between_by_rejection(n_pair: int) -> Iterator[Case]:
    """By rejection with ``N = 6``, ``H = 1``: the exact mean lies between the two costs."""
    p = MTSS(1, n_pair, sampler="rejection", M=1)
    mean, label = mean_t_comp(1, p), f"H = 1, by rejection, N = {p.draws}, N_pair = {n_pair}"
    low = expected_t_comp(1, p, TokenCosts.by_rejection(p.draws, most=False))
    high = expected_t_comp(1, p, TokenCosts.by_rejection(p.draws, most=True))
    yield compare(label, low, "<=", mean, "E T_comp with N + 1 draws a token is no more")
    yield compare(label, mean, "<=", high, "E T_comp with 2N + 1 draws a token is no less")


def mean_t_comp(H: int, p: MTSS) -> Real:
    """Return the mean of ``T_comp`` from the exact law of whole runs."""

    def program(choice: Choice) -> int:
        outcome = play_tokens(fair_bits(H, REWARD), lambda oracles: p(oracles).queries_per_draw(BITS), choice)
        return outcome.reading.t_comp + (outcome.policy or 0)

    return law_of(program).expectation(fmpq)


@claim(
    "tokens-by-listing",
    group="token-vs-sequence",
    source="ours: finite form, constants and proof; for FMR25 Thm 5.1",
    depends=("coverage-gap", "mtss-restarts"),
    on=(_HORIZONS, Check(_HORIZONS, listing_runs)),
    witness=LAST,
    mutation=("2H(H+1) for 2H(H+2)", On(LAST, more=1)),
    trivial="none: an equality",
)
def tokens_by_listing(H: int, *, more: int = 2) -> Iterator[Case]:
    r"""What MTSS costs on fair bits, by listing.

    On fair bits with $r = \beta \log 4$, where $C_{\mathrm{cond}} = 8/5$ and $\Ccov = C_{\mathrm{cond}}^H$, for
    $H = 1, \dots, 12$: MTSS with $\Nroll = 1$, lines 7 and 8 from listings, makes $\Tcomp = 2H(H+2)$ and $\Tdata = 2H$
    queries in every run, and returns $\pi^*$.

    In words: On fair bits MTSS by listing pays a number of queries that grows with the square of the length.
    Hypotheses: noiseless rewards, span mode, exact log-normalisers, a query for each token listed, $\Tcomp$ as in
        {prf:ref}`def-costs`.
    Constants: 2 and 2.
    """
    problem, label = fair_bits(H, REWARD), f"H = {H}"
    yield compare(label, token_coverage(problem), "==", C_COND, "C_cond = 8/5")
    yield compare(label, coverage(problem), "==", C_COND**H, "C_cov = C_cond^H")
    mean = expected_t_comp(H, LISTING, TokenCosts.listed())
    yield compare(label, mean, "==", 2 * H * (H + more), f"E T_comp = 2H(H+{more})")
    yield compare(label, probability_of_covering(H, LISTING), "==", 1, "P(MTSS returns pi*) = 1")


@claim(
    "tokens-by-draws",
    group="token-vs-sequence",
    source="ours: finite form, constants and proof; for FMR25 Thm 5.1",
    depends=("tokens-by-listing",),
    on=(
        _HORIZONS,
        Check(WHOLE_RUNS, token_recursion),
        Check(BY_REJECTION, between_by_rejection),
        Check(SLANTED, counted_by_layer),
    ),
    witness=FOUR,
    mutation=("P(pi*) = 1, as by listing", On(FOUR, sure=fmpq(1))),
    trivial="none: costs are bounded from above; who stays at pi_ref never returns pi*",
)
def tokens_by_draws(H: int, *, sure: fmpq = SURE) -> Iterator[Case]:
    r"""What MTSS costs on fair bits, by draws.

    As in {prf:ref}`tokens-by-listing`, but with line 7 by $\Npair = 8$ draws:
    $\E\,\Tcomp \le 18 H^2 (H+1) + 2H$, which bounds every run, and $\pi^*$ is returned with probability above
    $99.6\,\%$.

    In words: By draws MTSS pays at most with the cube of the length, and succeeds nearly always.
    Hypotheses: noiseless rewards, span mode, exact log-normalisers.
    Constants: 8, 18, 2; $99.6\,\%$.
    Caveats: the mean is computed exactly, by a recursion over the sets of covered layers, and compared with whole runs
        for $H \le 2$.
    """
    label, mean = f"H = {H}", expected_t_comp(H, _BY_DRAWS, TokenCosts.listed())
    yield compare(label, mean, "<=", 18 * H**2 * (H + 1) + 2 * H, "line 7 by draws: E T_comp <= 18 H^2 (H+1) + 2H")
    chance = probability_of_covering(H, _BY_DRAWS)
    yield compare(label, chance, ">=" if sure == 1 else ">", sure, "line 7 by draws: P(pi*) > 99.6 %")


@claim(
    "sequences-by-spanner",
    group="token-vs-sequence",
    source="ours: finite form, constants and proof; for FMR25 Thm 5.1",
    depends=("coverage-gap",),
    on=(_HORIZONS, Check(SEQUENCE_RUNS, sequence_recursion)),
    witness=LAST,
    mutation=("C_cov for 2 C_cov", On(LAST, copies=1)),
    trivial="none: the costs of one algorithm, from both sides",
)
def sequences_by_spanner(H: int, *, copies: int = 2) -> Iterator[Case]:
    r"""What SpannerSampling costs on the same bits, sequence by sequence.

    With $M = 2\Ccov$, $\delta = 1/16$, $\Nprompt = 8H$, $\Npair = \Texp = 1$ it draws $N \ge 8\, C_{\mathrm{cond}}^H
    \log(4/\delta)$ responses a round for $\hat Z$, with the right $\theta$ makes $2\Ccov$ trials in the mean, up to
    $10^{-4}$, finds $\theta^*$ with probability above $99.6\,\%$, and

    $$
    \bigl| \E\,\Tcomp - (16H + 3N + 3 + 2\Ccov) \bigr| \le 2 \cdot 8^{-H} + 10^{-4} .
    $$

    In words: On the same bits SpannerSampling pays exponentially in the length, because it draws whole responses.
    Hypotheses: fair bits with $r = \beta \log 4$, $H = 1, \dots, 12$; noiseless rewards, span mode.
    Constants: 8; 16, 3, 3, 2; $\delta = 1/16$.
    Caveats: the mean is enclosed; up to $H = 2$ it is computed exactly, too, and compared with whole runs.
    """
    label, p = f"H = {H}", run_parameters(H, EARNED, DELTA)
    N, trials = p.draws, copies * C_COND**H
    yield compare(label, N, ">=", log(4 / DELTA) * 8 * C_COND**H, "N >= 8 C_cond^H log(4/delta) draws a round")
    least, most = trials_bounds(rewarded(H, EARNED), p.M, N)
    yield compare(label, least, ">=", trials - CLOSE, "trials with the right theta >= 2 C_cov - 10^-4 in the mean")
    yield compare(label, most, "<=", trials + CLOSE, "trials with the right theta <= 2 C_cov + 10^-4 in the mean")
    yield compare(label, 1 - probability_of_missing(H, p.n_prompt), ">", SURE, "P(theta* is found) > 99.6 %")
    near, within = 2 * p.n_prompt + 3 * N + 3 + trials, fmpq(2, 8**H) + CLOSE
    low, high = run_bounds(H, EARNED, p)
    yield compare(label, low, ">=", near - within, "its E T_comp >= 16H + 3N + 3 + 2 C_cov - 2/8^H - 10^-4")
    yield compare(label, high, "<=", near + within, "its E T_comp <= 16H + 3N + 3 + 2 C_cov + 2/8^H + 10^-4")
    if H <= _SHORT:
        exactly = expected_run(H, EARNED, p)
        yield compare(label, low, "<=", exactly, "its E T_comp, exactly, is no less than its lower bound")
        yield compare(label, exactly, "<=", high, "and no more than its upper bound")


@claim(
    "tokens-below-sequences",
    group="token-vs-sequence",
    source="ours: finite form, constants and proof; for FMR25 Thm 5.1",
    depends=("tokens-by-listing", "tokens-by-draws", "sequences-by-spanner"),
    on=(_HORIZONS,),
    witness=LAST,
    mutation=("a quarter of that of SpannerSampling", On(_HORIZONS, times=4)),
    trivial="none: two algorithms are compared, both of which succeed",
)
def tokens_below_sequences(H: int, *, times: int = 1) -> Iterator[Case]:
    r"""Tokens cost less than sequences.

    $\E\,\Tcomp$ of MTSS, by listing ({prf:ref}`tokens-by-listing`) and by draws ({prf:ref}`tokens-by-draws`), is below
    that of SpannerSampling ({prf:ref}`sequences-by-spanner`).

    In words: On each of these instances tokens cost less than sequences, also the shortest.
    Hypotheses: fair bits with $r = \beta \log 4$, $H = 1, \dots, 12$, as there.
    Constants: none.
    """
    low, _ = run_bounds(H, EARNED, run_parameters(H, EARNED, DELTA))
    by_draws = expected_t_comp(H, _BY_DRAWS, TokenCosts.listed()) * times
    yield compare(f"H = {H}", by_draws, "<", low, "E T_comp of MTSS < that of SpannerSampling")
    listed = expected_t_comp(H, LISTING, TokenCosts.listed()) * times
    yield compare(f"H = {H}", listed, "<", low, "E T_comp of MTSS by listing < that of SpannerSampling")


@claim(
    "needle-by-sequences",
    group="token-vs-sequence",
    source="ours: finite form, constants and proof; for FMR25 Thm 5.1",
    depends=("needle-minimax",),
    on=(_HORIZONS,),
    witness=LAST,
    mutation=("2^H - 1 for (2^H - 1) log 2", On(LAST, share=fmpq(1))),
    trivial="none: who draws nothing does not name the needle with probability 3/4",
)
def needle_by_sequences(H: int, *, share: "fmpq | LogLinear" = LOG_2) -> Iterator[Case]:
    r"""What any learner of sequences pays at coverage $2^H$.

    A sequence-level learner that names the needle of mass $2^{-H}$ among $k$ places with probability at least $3/4$,
    where $\Tdata + 1 \le k/2$, has $\Tcomp \ge (2^H - 1) \log 2$.

    In words: Whoever sees only whole sequences pays for a needle in proportion to their number, unless rewards
        search half of the places.
    Hypotheses: as in {prf:ref}`needle-minimax`; $H = 1, \dots, 12$.
    Constants: 3/4, 1/2, $\log 2$.
    Caveats: the needle is another family than fair bits: the bound says what any sequence-level learner pays at that
        coverage.
    """
    label, T, rest = f"H = {H}", needle_draws(H), 1 - fmpq(1, 2**H)
    yield compare(label, 1 - rest**T / 2, ">=", fmpq(3, 4), "T draws name the needle with probability 3/4")
    yield compare(label, 1 - rest ** (T - 1) / 2, "<", fmpq(3, 4), "T - 1 draws do not")
    yield compare(label, T, ">=", share * (2**H - 1), "T >= (2^H - 1) log 2")


@claim(
    "sequences-by-name",
    group="token-vs-sequence",
    source="ours: finite form, constants and proof; for FMR25 Thm 5.1",
    on=(SHORT_HORIZONS,),
    witness=SHORT_HORIZONS,
    mutation=("one reward left out", On(SHORT_HORIZONS, missing=1)),
    trivial="none: an equality",
)
def sequences_by_name(H: int, *, missing: int = 0) -> Iterator[Case]:
    r"""Who may name sequences needs no draws.

    On fair bits a sequence-level learner that may name responses, and asks for the rewards of $00..0$ and of the $H$
    sequences with a single 1, knows $\pi^*$: $\Tdata = H + 1$ and $\Tcomp = 0$.

    In words: Whoever may ask for any sequence by name needs no samples there: the comparison needs that rule.
    Hypotheses: noiseless rewards; $H = 1, \dots, 8$.
    Constants: $H + 1$.
    Caveats: this is why the lower bound is about the needle, whose names say nothing.
    """
    problem = fair_bits(H, REWARD).sequences("concatenated")
    world = World(problem, Seeded(0))
    named = {tuple(entry != 0 for entry in problem.phi(0, y)): y for y in range(problem.response_count(0))}
    zero = world.oracles.reward(0, named[(False,) * H])
    theta = []
    for h in range(H - missing):  # the features of a sequence are its bits, up to a common factor
        y = named[tuple(i == h for i in range(H))]
        theta.append((world.oracles.reward(0, y) - zero) / problem.phi(0, y)[h])
    theta += [zero * 0] * missing
    label = f"H = {H}"
    yield compare(label, gap(problem, softmax(problem, tuple(theta))), "==", 0, "H + 1 named rewards give pi*")
    yield compare(label, world.meter.reading.t_data, "==", H + 1, "T_data = H + 1")
    yield compare(label, world.meter.reading.t_comp, "==", Reading().t_comp, "T_comp = 0")
