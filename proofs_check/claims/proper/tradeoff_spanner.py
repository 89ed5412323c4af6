"""On the instance of a formula SpannerSampling pays in samples."""

from collections.abc import Iterator
from itertools import product

from flint import fmpq

from proofs_check.claims.proper.formulas import FOR_THEOREM_4_1, PLANTED_FORMULAS, SMALL_FORMULAS
from proofs_check.claims.proper.tradeoff_walks import (
    LAST_STAR,
    ONE_STAR,
    accuracy,
    differing,
    enough_prompts,
    policy_gap,
    rank_of_terms,
    spanner_inputs,
    spanner_policy,
    spanner_walk,
)
from proofs_check.ledger import Case, Check, On, claim, compare
from reference.algorithms.parts.cover import SpanCover
from reference.algorithms.spanner_sampling import Spanner, SpannerSampling, phase_1_round
from reference.constructions.dnf.formula import DnfInstance
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.meter import Reading
from reference.interaction.seeded import Seeded
from reference.interaction.world import World

_THREE_QUARTERS = fmpq(3, 4)


@claim(
    "tradeoff-pair",
    group="proper-tradeoff",
    source=FOR_THEOREM_4_1,
    on=(SMALL_FORMULAS, PLANTED_FORMULAS),
    witness=ONE_STAR,
    mutation=("all N_pair pairs are drawn, accepted or not", On(SMALL_FORMULAS, all_drawn=True)),
    trivial="none: an equality, and two bounds on its right side",
)
def tradeoff_pair(instance: DnfInstance, *, all_drawn: bool = False) -> Iterator[Case]:
    r"""What an accepted pair costs SpannerSampling.

    At an uncovered prompt an accepted pair costs $\frac{1}{p(1-p)}$ weak queries in expectation, whatever $\Npair$:
    between $A^k/L$ and $2 A^k/L$.

    In words: A new pair costs SpannerSampling samples in proportion to coverage.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$; span mode.
    Constants: 1 and 2.
    """
    empty, q = Spanner(SpanCover.empty(instance.formula.variables), ()), differing(instance)
    for n_pair in (1, 2, 3):

        def look(choice: Choice, n_pair: int = n_pair) -> tuple[int, Reading]:
            world = World(instance.problem, choice)
            return len(phase_1_round(world.oracles, empty, n_pair).psi), world.meter.reading

        law = law_of(look)
        ratio = law.expectation(lambda r: fmpq(r[1].drawn)) / law.expectation(lambda r: fmpq(r[0]))
        due = 2 * n_pair / (1 - (1 - q) ** n_pair) if all_drawn else 2 / q
        name, scale = f"{instance}, N_pair={n_pair}", 1 / instance.p
        yield compare(name, ratio, "==", due, "E[weak queries]/P(accepted) = 1/(p(1-p))")
        yield compare(name, ratio, ">=", scale, "1/(p(1-p)) >= A^k/L")
        yield compare(name, ratio, "<=", 2 * scale, "1/(p(1-p)) <= 2 A^k/L")


@claim(
    "tradeoff-rewards",
    group="proper-tradeoff",
    source=FOR_THEOREM_4_1,
    depends=("span-mode-exact",),
    on=(LAST_STAR, PLANTED_FORMULAS),
    witness=ONE_STAR,
    mutation=("one reward for an accepted pair: n for 2n", On(LAST_STAR, each=1)),
    trivial="none: an equality",
)
def tradeoff_rewards(instance: DnfInstance, *, each: int = 2) -> Iterator[Case]:
    r"""SpannerSampling pays few rewards.

    In span mode $\Tdata = 2n + 2\Texp$ for $n$ accepted pairs, and $n \le \rank$.

    In words: SpannerSampling asks for at most two rewards a dimension and two a round, whatever the coverage.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$; noiseless rewards.
    Constants: $2 \rank + 2 \Texp$.
    Caveats: counted in seeded runs, with $\Nprompt = 40$ and $\Npair = 8$.
    """
    for seed, t_exp in product((1, 2), (1, 3)):
        inputs = SpannerSampling(40, 8, t_exp, 1, 1, ridge=1, nu=fmpq(1, 2), mode="span")
        world, name = World(instance.problem, Seeded(seed)), f"{instance}, T_exp={t_exp}, seed {seed}"
        accepted = len(inputs(world.oracles).psi)
        t_data, most = world.meter.reading.t_data, 2 * rank_of_terms(instance) + 2 * t_exp
        yield compare(name, t_data, "==", each * accepted + 2 * t_exp, "T_data = 2n + 2 T_exp")
        yield compare(name, t_data, "<=", most, "T_data <= 2 rank + 2 T_exp")


def walk_succeeds(instance: DnfInstance) -> Iterator[Case]:
    """Decide the probability of success itself, from the walk."""
    inputs = spanner_inputs(instance, enough_prompts(instance))
    *_, success = spanner_walk(instance, inputs).success(inputs.n_prompt)
    yield compare(str(instance), success, ">=", _THREE_QUARTERS, "SpannerSampling: P(success) >= 3/4")


@claim(
    "tradeoff-spanner",
    group="proper-tradeoff",
    source=FOR_THEOREM_4_1,
    depends=("span-mode-exact", "softmax-sampler-tv", "tradeoff-walks"),
    on=(Check(LAST_STAR, walk_succeeds), LAST_STAR, PLANTED_FORMULAS),
    witness=ONE_STAR,
    mutation=("half as many prompts", On(LAST_STAR, share=2)),
    trivial=("pi_ref is returned", On(LAST_STAR, lazy=True)),
)
def tradeoff_spanner(instance: DnfInstance, *, share: int = 1, lazy: bool = False) -> Iterator[Case]:
    r"""SpannerSampling succeeds three times in four.

    With $q = 2p(1-p)$, $\Npair = \Texp = 1$, $\Nprompt = \lceil (m/q) \log 4m \rceil$, $M = 2A^k/L$,
    $\delta = \tfrac14$ and span mode it covers every term with probability at least
    $1 - m(1 - q/m)^{\Nprompt} \ge \tfrac34$. Then it succeeds ({prf:ref}`tradeoff-success`) on the small and the
    planted formulas.

    In words: Few rewards, no search, samples in proportion to coverage: and the formula is solved three times in
        four.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$; noiseless rewards.
    Constants: $\log 4m$; 2 in $M$.
    Caveats: for very many terms $\varepsilon$ is smaller than what $\delta$ leaves over.
    """
    m, N = len(instance.formula.terms), enough_prompts(instance) // share
    name = f"{instance}, N_prompt={N}"
    all_seen = 1 - m * (1 - differing(instance) / m) ** N
    yield compare(name, all_seen, ">=", _THREE_QUARTERS, "1 - m(1-q/m)^N_prompt >= 3/4")
    covered = frozenset[int]() if lazy else frozenset(range(m))
    policy = spanner_policy(instance, covered, spanner_inputs(instance, N))
    yield compare(name, policy_gap(instance, policy), "<=", accuracy(instance), "all terms covered: gap <= eps")
