"""What a run of MTSS costs at most (ours: constants and proof)."""

from collections.abc import Iterator

from proofs_check.claims.multi_turn.dark_places import rare_bit
from proofs_check.claims.multi_turn.mtss_runs import NAMES
from proofs_check.claims.multi_turn.mtss_sweep import total_rank
from proofs_check.ledger import ANY, Case, Catalog, Check, Family, On, claim, compare
from reference.algorithms.mtss import MTSS
from reference.constructions.needle_paths import needle_path
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.runs import play_tokens
from reference.interaction.seeded import Seeded
from reference.model.problem import Problem

RunCosts = tuple[int, int]
"""``T_comp`` and ``T_data``."""


def alphabet_size(problem: Problem) -> int:
    """Return the most tokens that a listing shows."""
    return max(len(problem.supported(h, i)) for h in range(problem.horizon) for i in problem.reachable[h])


def run_costs(problem: Problem, p: MTSS, choice: Choice) -> RunCosts:
    """Run MTSS once; as everywhere, ``T_comp`` contains the most that one draw from the returned policy makes."""
    A = alphabet_size(problem)
    outcome = play_tokens(problem, lambda oracles: p(oracles).queries_per_draw(A), choice)
    return outcome.reading.t_comp + (outcome.policy or 0), outcome.reading.t_data


def most_costs(problem: Problem, p: MTSS, own: int = 1) -> RunCosts:
    """Return the bounds; a roll-out is ``H - own`` tokens long at most."""
    H, A, n = problem.horizon, alphabet_size(problem), total_rank(problem)
    token = A if p.look == "listed" else A + 2 * p.n_pair
    walked = H * p.n_roll + n * (H - own) * p.n_out
    return (n + 1) * walked * token + H * A, n * (n + 1) * p.n_out


def attained_by_a_bit(N: int) -> Iterator[Case]:
    """Decide that a run attains both bounds where ``H = n = 1``: the last of ``N`` roll-ins finds the only pair."""
    problem, p = rare_bit(4, "1/2"), MTSS(N)
    spent = law_of(lambda choice: run_costs(problem, p, choice)).outcomes
    label, (t_comp, t_data) = f"{problem.name}, N_roll = {N}", most_costs(problem, p)
    yield compare(label, max(comp for comp, _ in spent), "==", t_comp, "T_comp = (n+1) H N |A| + H|A| in some run")
    yield compare(label, max(data for _, data in spent), "==", t_data, "T_data = n(n+1) in some run")
    yield compare(label, t_comp, "==", 4 * N + 2, "which is 4N + 2")


def at_half_of_the_base(case: tuple[int, int, int, int]) -> Iterator[Case]:
    """Decide the bounds where the needle path is learnt: they are numbers, and runs keep to them."""
    H, N, comp, data = case
    problem = needle_path(H)
    t_comp, t_data = most_costs(problem, MTSS(N))
    yield compare(problem.name, t_comp, "==", comp, f"N_roll = {N}: T_comp <= {comp}")
    yield compare(problem.name, t_data, "==", data, f"N_roll = {N}: T_data <= {data}")
    yield from mtss_costs(problem, seeds=1, n_roll=N)


_BITS = Family("rare bit, N_roll in {1, 2, 5}", 3, lambda: [1, 2, 5])
_HALVES = Family("(H, N_roll, T_comp, T_data)", 2, lambda: [(4, 33, 1448, 20), (8, 110, 16864, 72)])
_FAIR = Catalog("fair-bits-3", of=ANY)


@claim(
    "mtss-costs",
    source="ours: constants and proof; for FMR25 Thm 5.1",
    depends=("mtss-restarts",),
    on=(Catalog(*NAMES, of=ANY), Check(_BITS, attained_by_a_bit), Check(_HALVES, at_half_of_the_base)),
    witness=_FAIR,
    mutation=("roll-outs of H - 3 tokens", On(_FAIR, own=3, n_roll=1)),
    trivial="none: costs are bounded from above; who does nothing costs nothing",
)
def mtss_costs(problem: Problem, *, own: int = 1, seeds: int = 2, n_roll: int = 2) -> Iterator[Case]:
    r"""What a run of MTSS costs at most.

    With at most $n$ acceptances and $\kappa = |\mathcal{A}|$ where line 7 lists, $\kappa = |\mathcal{A}| + 2\Npair$
    where it draws,

    $$
    \Tcomp \le (n+1) \bigl( H \Nroll + n (H-1) N_{\mathrm{out}} \bigr) \kappa + H |\mathcal{A}|,
    \qquad \Tdata \le n(n+1) N_{\mathrm{out}} .
    $$

    In words: A run of MTSS costs polynomially many queries, in the horizon, the number of tokens and the number of
    dimensions.
    Hypotheses: line 8 and the normalisers from listings, a query for each token listed; in span mode
        $n = \sum_h \rank_h$. Noise, rounding, not realizable: all allowed.
    Constants: 1 token of a roll-out is given; 2 draws a look.
    Caveats: attained at $H = n = 1$ by listing; slack at larger $H$. Checked without noise.
    """
    for n_out in (1, 2):
        for p in (MTSS(n_roll, n_out=n_out, bits=16), MTSS(n_roll, 2, n_out=n_out, bits=16, look="draws")):
            t_comp, t_data = most_costs(problem, p, own)
            for seed in range(seeds):
                label = f"{problem.name}, N_roll = {n_roll}, N_out = {n_out}, look = {p.look}, seed {seed}"
                comp, data = run_costs(problem, p, Seeded(seed))
                yield compare(label, comp, "<=", t_comp, "T_comp <= (n+1)(H N_roll + n(H-1)N_out) kappa + H|A|")
                yield compare(label, data, "<=", t_data, "T_data <= n(n+1) N_out")
