"""How likely phase 1 is to leave much to find: the tail, beside the mean of ``spanner-coverage``."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from proofs_check.claims.spanner_sampling.setting import (
    MODES,
    SMALL_NAMES,
    Mode,
    binomial_at_most,
    differences,
    drawn_inputs,
    rank,
    spanners,
)
from proofs_check.claims.spanner_sampling.uncovered import hazards, short_phases
from proofs_check.ledger import Case, Catalog, Check, On, Random, claim, compare
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.model import LinearProblem


def acceptances_allowed(problem: LinearProblem, p: SpannerSampling) -> int:
    """Return ``n_max``: the rank in span mode, else the most that any run over one more prompt accepts."""
    if p.mode == "span":
        return rank(differences(problem), problem.dimension)
    return max(len(spanner.psi) for spanner in spanners(problem, replace(p, n_prompt=p.n_prompt + 1)).outcomes)


def tails(
    problem: LinearProblem, p: SpannerSampling, *, one: int = 1, relation: str = "<=", idle: bool = False
) -> Iterator[Case]:
    """Decide the claim at every ``h`` where the left side jumps; ``idle``: of a phase 1 of no prompts, in its place."""
    law = spanners(problem, replace(p, n_prompt=0) if idle else p)
    hazard = hazards(problem, p)
    known = {spanner: hazard(spanner) for spanner in law.outcomes}
    n_max = acceptances_allowed(problem, p)
    for h in sorted({value for value in known.values() if value > 0}):
        left = law.probability(lambda spanner, h=h: known[spanner] >= h)  # type: ignore[misc]  # a lambda's default
        right = binomial_at_most(p.n_prompt, h, n_max - one)
        name = f"{problem.name}, {p.mode}, N_prompt={p.n_prompt}, N_pair={p.n_pair}, n_max={n_max}, h={h}"
        yield compare(name, left, relation, right, f"P(hazard >= h) {relation} P(Bin(N_prompt,h) <= n_max-1)")


def tail_is_attained(problem: LinearProblem) -> Iterator[Case]:
    """A hazard that stays what it is until it is 0: equality, for n_max = 1 in span mode and 3 in ridge mode."""
    for mode, n_prompt in product(MODES, range(7)):
        yield from tails(problem, drawn_inputs(n_prompt, 1, mode), relation="==")


def tails_in(member: tuple[LinearProblem, int, Mode]) -> Iterator[Case]:
    """Decide it on a random problem."""
    problem, n_prompt, mode = member
    yield from tails(problem, drawn_inputs(n_prompt, 1, mode))


@claim(
    "spanner-coverage-tail",
    source="ours",
    depends=("spanner-size", "uncovered-mass"),
    every=On(Catalog(), rounds=(0,), n_pairs=(1,)),
    on=(
        Catalog(*SMALL_NAMES, "needle-1024"),
        Check(Catalog("two-arms"), tail_is_attained),
        Check(Random(short_phases(), 30, seed=70, name="problems, N_prompt <= 2, modes"), tails_in),
    ),
    witness=Catalog("two-arms"),
    mutation=("n_max - 2 for n_max - 1", On(Catalog("two-arms"), one=2)),
    trivial=("nothing is accepted", On(Catalog("two-arms"), idle=True)),
)
def spanner_coverage_tail(
    problem: LinearProblem,
    *,
    rounds: tuple[int, ...] = (1, 2),
    n_pairs: tuple[int, ...] = (1, 2),
    one: int = 1,
    idle: bool = False,
) -> Iterator[Case]:
    r"""After phase 1 much is left to find with small probability.

    Let $H = \E_{x \sim \rho}\bigl( 1 - (1 - u_x)^{\Npair} \bigr)$ be the hazard after phase 1, as in
    {prf:ref}`spanner-coverage`, and let no run over $\Nprompt + 1$ prompts accept more than $n_{\max}$ pairs. For every
    $0 < h \le 1$

    $$
    \P(H \ge h) \le \P\bigl( \mathrm{Bin}(\Nprompt, h) \le n_{\max} - 1 \bigr) .
    $$

    In words: Much is left to find after phase 1 only as seldom as a coin shows few heads in many throws.
    Hypotheses: none; ridge or span mode, where $n_{\max} = \rank$ will do.
    Constants: $n_{\max} - 1$, sharp: equality for all $\Nprompt$ on `two-arms`, for $n_{\max} = 1$ and 3.
    """
    for mode, n_prompt, n_pair in product(MODES, rounds, n_pairs):
        yield from tails(problem, drawn_inputs(n_prompt, n_pair, mode), one=one, idle=idle)
