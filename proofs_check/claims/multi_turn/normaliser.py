"""What MTSS explains with a normaliser that it estimates (ours)."""

from collections.abc import Iterator
from functools import partial

from proofs_check.claims.multi_turn.mtss_by_hand import half_seen, one_branch, one_layer
from proofs_check.claims.multi_turn.mtss_runs import seeded_state
from proofs_check.claims.multi_turn.token_trees import supported_prefixes
from proofs_check.ledger import Case, Family, On, claim, compare
from reference.algorithms.mtss import MTSS
from reference.algorithms.parts.cover import truncated
from reference.algorithms.parts.mtss_step import Chosen, in_tower, log_normaliser
from reference.exact import LogLinear, exp, exp_total, real_log
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import At, World
from reference.model.checks import rational_mass
from reference.model.problem import Problem

LEARNT = Family(
    "three tokens; three, then two; a branch with beta = 1/2", 3, lambda: [one_layer(), half_seen(), one_branch()]
)


@claim(
    "mtss-normaliser",
    source="ours; for line 3 of MTSS",
    on=(LEARNT,),
    witness=On(LEARNT, most=1),
    mutation=("N_tok Z for Z: a sum, not a mean", On(LEARNT, times_draws=True)),
    trivial=("the zero parameter explains: Zhat = 1", On(LEARNT, most=1, at_zero=True)),
)
def mtss_normaliser(
    problem: Problem, *, most: int = 3, times_draws: bool = False, at_zero: bool = False
) -> Iterator[Case]:
    r"""An estimated normaliser is right in the mean, its logarithm too small.

    $\hat Z$, the mean of $e^{f_h(a;a')/\beta}$ over $N_{\mathrm{tok}}$ draws $a \sim \pi_{\mathrm{ref},h}$, has

    $$
    \E\,\hat Z = Z, \qquad \E \log \hat Z \le \log Z,
    $$

    with equality on the right if and only if $f_h(\cdot\,; a')$ is constant on the support.

    In words: An average of draws estimates the normaliser without bias, and its logarithm with a bias downwards.
    Hypotheses: none.
    Constants: 1 and 1.
    Caveats: $N_{\mathrm{tok}} \le 3$, at every prefix of the first prompt and every $a'$, after a seeded run.
    """
    final = seeded_state(problem, MTSS(4), seed=1)
    for prefix, i in supported_prefixes(problem, 0):
        layer, edges = final.layers[len(prefix)], problem.supported(len(prefix), i)
        theta = tuple(t * 0 for t in layer.theta) if at_zero else layer.theta
        for token, beside in zip(problem.base(len(prefix), i).outcomes, edges, strict=True):
            f = truncated(layer.cover, layer.theta, beside.phi)
            Z = exp_total(exp(f(edge.phi) / problem.beta) * rational_mass("pi_ref", edge.pi_ref) for edge in edges)
            relation = "==" if len({f(edge.phi) for edge in edges}) == 1 else "<"
            chosen = Chosen(truncated(layer.cover, theta, beside.phi), token, beside.phi, None)
            for draws in range(1, most + 1):
                law = law_of(partial(_estimate, problem, chosen, At(0, prefix), MTSS(1, n_tok=draws)))
                name = f"{problem.name}, after {prefix}, a' = {token}, N_tok = {draws}"
                mean = law.expectation(exp)
                yield compare(name, mean, "==", Z * (draws if times_draws else 1), "E Zhat = Z")
                low = law.expectation(lambda value: value)
                yield compare(name, low, relation, real_log(Z), f"E log Zhat {relation} log Z")


def _estimate(problem: Problem, chosen: Chosen, at: At, p: MTSS, choice: Choice) -> LogLinear:
    return in_tower(log_normaliser(World(problem, choice, metered=False).tokens, chosen, at, p), None)
