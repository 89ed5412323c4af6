"""MTSS on the needle path, and what is lost if its roll-outs do not look (ours: statements, constants and proofs)."""

from collections.abc import Iterator
from functools import partial
from itertools import product
from math import ceil

from flint import fmpq

from proofs_check.claims.multi_turn.mtss_runs import optimal_parameters
from proofs_check.claims.multi_turn.pass_laws import by_whole_runs
from proofs_check.claims.multi_turn.path_coverage import (
    OnPath,
    PathCosts,
    chance_of_covering,
    listed_costs,
    most_covered,
    path_law,
    which,
)
from proofs_check.claims.multi_turn.roll_ins_only import RollInsOnly
from proofs_check.ledger import Case, Check, Draws, Family, On, claim, compare, fact, frequency
from reference.algorithms.mtss import MTSS
from reference.constructions.needle_paths import needle_path
from reference.exact.law import Law
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.seeded import Seeded
from reference.interaction.world import World
from reference.laws.mtss import ideal_token_policy
from reference.model.values import gap

_BITS = 2
_THREE_QUARTERS = fmpq(3, 4)
_ONE = MTSS(1)
_DRAWN = [MTSS(n_roll, n_pair, look="draws") for n_roll, n_pair in ((1, 1), (2, 2), (1, 3))]


def costs_of_run(s: str, p: MTSS, choice: Choice) -> PathCosts:
    """Run MTSS once on the needle path to ``s``."""
    world = World(needle_path(len(s), s), choice)
    final = p(world.tokens)
    spent = world.meter.reading
    return PathCosts(final.passes, which(final.layers), spent.t_comp + final.queries_per_draw(_BITS), spent.t_data)


def whole_laws(s: str) -> Iterator[Case]:
    """Decide it for every run at once: the law of the costs is a point."""
    law = law_of(partial(costs_of_run, s, _ONE))
    yield fact(f"s = {s}", law == Law.uniform([listed_costs(s, _ONE)]), "every run covers all layers, at these costs")


def covered_by_listing(H: int) -> Iterator[Case]:
    """Decide, in law, that all layers are covered."""
    for p in (_ONE, MTSS(3)):
        chance = chance_of_covering(path_law(H, p), *range(1, H + 1))
        yield compare(f"H = {H}, N_roll = {p.n_roll}", chance, "==", 1, "P(all layers are covered) = 1")


SHORT_STRINGS = Family(
    "strings of 1 and 2 bits", 6, lambda: ["".join(s) for H in (1, 2) for s in product("01", repeat=H)]
)
LONG_STRINGS = Family(
    "strings of 3 bits, 0110, 11..1 with H = 8, 16",
    11,
    lambda: [*("".join(s) for s in product("01", repeat=3)), "0110", "1" * 8, "1" * 16],
)
FOUR_ONES = Family("s = 1111", 1, lambda: ["1111"])


@claim(
    "needle-path-by-listing",
    group="mtss-needle-path",
    source="ours: finite form, constants and proof; for FMR25 Thm 5.1",
    depends=("mtss-exact-where-covered",),
    on=(
        LONG_STRINGS,
        Check(SHORT_STRINGS, whole_laws),
        Check(Family("H = 1..4", 4, lambda: range(1, 5)), covered_by_listing),
    ),
    witness=FOUR_ONES,
    mutation=("roll-outs do not look", On(FOUR_ONES, blind=True)),
    trivial="none: equalities",
)
def needle_path_by_listing(s: str, *, draw: int = 2, blind: bool = False) -> Iterator[Case]:
    r"""By listing MTSS covers the needle path, in every run.

    On the needle path to $s$, line 7 by listing, MTSS covers one layer a pass, in $H + 1$ passes, and returns $\pi^*$.
    With $O = \{h < H : s_h = 1\}$, $\Tdata = 2H N_{\mathrm{out}} + |O|$ and

    $$
    \Tcomp = 2H(H-1) N_{\mathrm{out}} + 2H(\Nroll + 2) + 2 \sum_{h \in O} (H - h) .
    $$

    So $\Tcomp = 3H(H+1)$ and $\Tdata = 3H - 1$ for $s = 11 \dots 1$ and $\Nroll = N_{\mathrm{out}} = 1$.

    In words: MTSS by listing walks along the needle path, a token a pass, and never misses it.
    Hypotheses: noiseless rewards, span mode, exact log-normalisers, line 8 from listings, no target rounded.
    Constants: 2 five times.
    Caveats: no target is rounded as long as the tower factors its integers, for all $H \le 48$; run to $H = 16$.
    """
    problem = needle_path(len(s), s)
    for n_roll, n_out in ((1, 1), (3, 2)):
        p = (RollInsOnly if blind else MTSS)(n_roll, n_out=n_out)
        label = f"s = {s}, N_roll = {n_roll}, N_out = {n_out}"
        world = World(problem, Seeded(len(s)))
        final, expected = p(world.tokens), listed_costs(s, p)
        yield fact(label, which(final.layers) == expected.covered, "all layers are covered")
        yield compare(label, gap(problem, ideal_token_policy(problem, final)), "==", 0, "pi* is returned")
        yield compare(label, final.passes, "==", expected.passes, "passes = H + 1")
        yield compare(label, world.meter.reading.t_data, "==", expected.t_data, "T_data = 2 H N_out + |O|")
        spent = world.meter.reading.t_comp + draw * len(s)
        yield compare(label, spent, "==", expected.t_comp, "T_comp = 2H(H-1)N_out + 2H(N_roll+2) + 2 sum_O (H-h)")


def two_layers_by_hand(p: MTSS, *, blind: bool = False) -> fmpq:
    """Return the probability that both layers of ``H = 2`` are covered, by draws, ``N_out = 1``: four kinds of pass.

    A look misses an uncovered pair with probability ``m``.  The roll-out after ``s_1`` earns with probability 1/2, and
    then roll-ins reach ``s_1`` with probability 16/17 instead of 1/2.
    """
    N, m = p.n_roll, fmpq(1, 2**p.n_pair)
    clean = m * (1 + m) / 2
    some = (1 - clean**N) / (1 - clean)
    root_first, end_first = (1 - m) * some, m * (1 - m) / 2 * some
    unseen = sum(((1 - q * (1 - m)) ** N / 2 for q in (fmpq(16, 17), fmpq(1, 2))), fmpq(0))
    return root_first * (1 - unseen * (1 if blind else m)) + end_first * (1 - m**N)


def enough_draws(H: int, *, halved: int = 0) -> Iterator[Case]:
    """Decide that ``ceil(log2(H/delta))`` draws suffice for ``1 - delta``."""
    for delta in (fmpq(1, 4), fmpq(1, 16), fmpq(1, 100)):
        n_pair = (ceil(H / delta) - 1).bit_length()
        least = (1 - fmpq(1, 2 ** (n_pair - halved))) ** H
        yield compare(f"H = {H}, delta = {delta}", least, ">=", 1 - delta, "(1 - 2^-N_pair)^H >= 1 - delta")


PATH_LAWS = Family(
    "(H, N_roll, N_pair), exact laws, H = 1, 2, 3", 9, lambda: [OnPath(H, p) for H in (1, 2, 3) for p in _DRAWN]
)
_PATH_LAW = Family("H = 3, N_roll = 1, N_pair = 3", 1, lambda: [OnPath(3, _DRAWN[2])])
TO_64 = Family("H = 1..64", 64, lambda: range(1, 65))


@claim(
    "needle-path-by-draws",
    group="mtss-needle-path",
    source="ours: finite form, constants and proof; for FMR25 Thm 5.1",
    depends=("mtss-exact-where-covered",),
    on=(PATH_LAWS, Check(TO_64, enough_draws)),
    witness=_PATH_LAW,
    mutation=("roll-outs do not look", On(_PATH_LAW, blind=True)),
    trivial=("pi_ref is returned", On(_PATH_LAW, lazy=True)),
)
def needle_path_by_draws(case: OnPath, *, misses: int = 1, blind: bool = False, lazy: bool = False) -> Iterator[Case]:
    r"""By draws MTSS covers the needle path with high probability.

    On the needle path, line 7 by $\Npair$ draws, MTSS covers all layers, and then returns $\pi^*$, with probability at
    least $(1 - 2^{-\Npair})^H$: at least $1 - \delta$ for $\Npair = \lceil \log_2(H/\delta) \rceil$. Equality for
    $H = \Nroll = 1$.

    In words: By draws MTSS covers the needle path too, with a chance that a few more draws bring close to 1.
    Hypotheses: noiseless rewards, span mode, exact log-normalisers, line 8 from listings, no target rounded.
    Constants: 1 and 2.
    Caveats: the bound counts one look a layer; a layer is looked at again in every pass and roll-in. In law for
        $H \le 3$, as is the number of draws for $H \le 64$; for $H = 2$ the probability agrees with a count by hand.
    """
    H, p = case
    label = str(case)
    law = path_law(H, p, blind=blind)
    chance = fmpq(0) if lazy else chance_of_covering(law, *range(1, H + 1))
    least = (1 - fmpq(misses, 2**p.n_pair)) ** H
    equal = "==" if H == p.n_roll == 1 else ">="
    yield compare(label, chance, equal, least, f"P(all layers are covered) {equal} (1 - 2^-N_pair)^H")
    best = optimal_parameters(needle_path(H))
    ends = [tuple(layer.theta for layer in found) for found in law.outcomes if all(which(found))]
    yield fact(label, all(theta == best for theta in ends), "where all layers are covered, pi* is returned")
    if H == 2 and not lazy:  # noqa: PLR2004 - two layers
        yield compare(label, chance, "==", two_layers_by_hand(p, blind=blind), "P(all layers are covered), by hand")


def below_the_corrected(H: int) -> Iterator[Case]:
    """Decide, for every ``H``, that the bounds exclude something: what is sure, or likely, if roll-outs look."""
    listed = MTSS(max(1, -(-(2**H) // 16) - 1))
    if listed.n_roll < fmpq(2**H, 16):
        most = most_covered(H, H, listed)
        yield compare(f"H = {H}", most, "<", _THREE_QUARTERS, "by listing, N_roll < 2^(H-4): P(all covered) < 3/4")
    drawn = MTSS(8, 8, look="draws")
    if H > 12:  # noqa: PLR2004 - before, the bound by draws excludes nothing
        most = min(most_covered(H, m, drawn) for m in range(1, H + 1))
        least = (1 - fmpq(1, 2**drawn.n_pair)) ** H
        yield compare(f"H = {H}", most, "<", least, "N_roll = N_pair = 8: below what is likely if roll-outs look")


def rarely_covered(draws: Draws) -> Iterator[Case]:
    """Judge layer 6 of 12, by draws, from whole runs."""
    H, m, p = 12, 6, RollInsOnly(1, 1, look="draws")
    ends = [p(World(needle_path(H), Seeded(seed)).tokens).layers for seed in draws.seeds]
    found = sum(bool(layers[m - 1].psi) for layers in ends)
    yield frequency(f"H = {H}, m = {m}", found, draws.n, "<=", most_covered(H, m, p), "P(layer 6 of 12 is covered)")


def same_law(case: OnPath) -> Iterator[Case]:
    """Compare the law pass by pass with that of whole runs."""
    H, p = case
    problem = needle_path(H)
    same = path_law(H, p, blind=True) == by_whole_runs(problem, RollInsOnly(p.n_roll, p.n_pair, look=p.look))
    yield fact(str(case), same, "the law of the ends, pass by pass and from whole runs")


_BLIND_LAWS = Family(
    "(H, N_roll, N_pair, look), exact laws, roll-outs do not look",
    8,
    lambda: [OnPath(H, p) for H, p in [*product((2, 3), (_ONE, MTSS(8), _DRAWN[0])), (4, _ONE), (1, _DRAWN[1])]],
)
_BLIND_LAW = Family("H = 4, N_roll = 1, by listing", 1, lambda: [OnPath(4, _ONE)])


@claim(
    "needle-path-in-roll-ins",
    group="mtss-needle-path",
    source="ours: finite form, constants and proof",
    depends=("needle-path-by-listing",),
    on=(
        _BLIND_LAWS,
        Check(Family("H = 2, whole runs", 2, lambda: [OnPath(2, _ONE), OnPath(2, _DRAWN[0])]), same_law),
        Check(Family("H = 2..64", 63, lambda: range(2, 65)), below_the_corrected),
        Check(Draws(60), rarely_covered),
    ),
    witness=_BLIND_LAW,
    mutation=("roll-outs look", On(_BLIND_LAW, blind=False)),
    trivial="none: it bounds from above what a listing with a line too few covers",
)
def needle_path_in_roll_ins(case: OnPath, *, rolls: int = 1, earned: int = 1, blind: bool = True) -> Iterator[Case]:
    r"""Roll-outs that do not look need $2^H$ roll-ins.

    If line 7 stands in roll-ins only, layer $m$ of the needle path is covered with probability at most
    $m (\Nroll 2^{1-m} + N_{\mathrm{out}} 2^{m-H})$, and by listing at most

    $$
    \prod_{k \le m} \min(1, \Nroll 2^{1-k} + N_{\mathrm{out}} 2^{k-H}) .
    $$

    So to cover all layers by listing with probability $3/4$, with $N_{\mathrm{out}} = 1$, takes $\Nroll \ge 2^{H-4}$.

    In words: If only roll-ins look for new pairs, the needle path costs exponentially many of them.
    Hypotheses: noiseless rewards, span mode.
    Constants: 1 twice; 3/4 and 4.
    Caveats: not sharp: at $H = 4$, $\Nroll = 1$ by listing all layers are covered with probability $0.0519\dots$, the
        bound is $9/16$. In law for $H \le 4$; by draws the bound is below 1 from $H = 7$ on for $\Nroll = 1$, from
        $H = 13$ on for $\Nroll = 8$; whole runs are judged at $H = 12$.
    """
    H, p = case
    label = str(case)
    law = path_law(H, p, blind=blind)
    for m in range(1, H + 1):
        chance = chance_of_covering(law, m)
        yield compare(label, chance, "<=", most_covered(H, m, p, rolls, earned), f"P(layer {m} is covered) is at most")
    if (H, p.n_roll, p.look, blind) == (4, 1, "listed", True):
        whole = chance_of_covering(law, 1, 2, 3, 4)
        yield compare(label, whole, ">", fmpq(519, 10**4), "P(all layers are covered) = 0.0519..")
        yield compare(label, whole, "<", fmpq(520, 10**4), "P(all layers are covered) = 0.0519..")
    if H == 2 and p.look == "listed":  # noqa: PLR2004 - layer 1 is covered at once, layer 2 by a roll-in that earned or not
        by_hand = 1 - (fmpq(1, 17) ** p.n_roll + fmpq(1, 2) ** p.n_roll) / 2
        yield compare(label, chance_of_covering(law, 2), "==", by_hand, "P(layer 2 is covered), by hand")
