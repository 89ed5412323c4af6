"""Coverage of tokens and of sequences (FMR25 section 5); supported prefixes and tokens only.

``C_cond = max_h max_{prefix, a} pi_h(a|.)/pi_ref,h(a|.)`` and ``C_cov = max_{x, a_1..a_H} pi/pi_ref``, for node
policies: computed node by node, whatever the number of sequences.  The policy is ``pi*`` unless given.
"""

from functools import reduce

from reference.exact.expratio import ExpRatio, exp_ratio
from reference.exact.law import Mass, SupportError
from reference.model.ratios import largest
from reference.model.soft_bellman import soft_values
from reference.model.tilt import lowered
from reference.model.token_policy import NodePolicy
from reference.model.tokens import TokenProblem


def token_coverage(problem: TokenProblem, policy: NodePolicy | None = None) -> Mass:
    """``C_cond``; ``fmpq`` where it is rational.

    >>> import reference as ref
    >>> ref.token_coverage(ref.load_tokens("fair-bits-64"))
    8/5

    Raises:
        SupportError: if the policy leaves the support of ``pi_ref``: then the coverage is ``+inf``.
    """
    return largest(layer_coverages(problem, policy))


def layer_coverages(problem: TokenProblem, policy: NodePolicy | None = None) -> tuple[Mass, ...]:
    """``max pi_h/pi_ref,h`` for ``h = 1..H``; raises SupportError as :func:`token_coverage`."""
    ratios = _ratios(problem, policy)
    return tuple(largest(ratio for node in layer.values() for ratio in node.values()) for layer in ratios)


def layer_product(problem: TokenProblem, policy: NodePolicy | None = None) -> Mass:
    """``prod_h max pi_h/pi_ref,h``; raises SupportError as :func:`token_coverage`."""
    return reduce(_times, layer_coverages(problem, policy))


def sequence_coverage(problem: TokenProblem, policy: NodePolicy | None = None) -> Mass:
    """``C_cov``, the largest ratio of sequence probabilities; raises SupportError as :func:`token_coverage`.

    >>> import reference as ref
    >>> ref.sequence_coverage(ref.load_tokens("fair-bits-3"))
    512/125
    """
    best: dict[int, Mass] = {}
    for h, layer in reversed(list(enumerate(_ratios(problem, policy)))):
        below, best = best, {}
        for i, ratios in layer.items():
            tails = (
                ratio if h + 1 == problem.horizon else _times(ratio, below[problem.edge(h, i, token).child])
                for token, ratio in ratios.items()
            )
            best[i] = largest(tails)
    return largest(best.values())


def _ratios(problem: TokenProblem, policy: NodePolicy | None) -> list[dict[int, dict[int, Mass]]]:
    """``pi_h(a|.)/pi_ref,h(a|.)`` by layer, node and token."""
    values = soft_values(problem)

    def at(h: int, i: int) -> dict[int, Mass]:
        if policy is None:
            return {edge.token: values.ratio(h, i, edge) for edge in problem.support(h, i)}
        base, law = problem.pi_ref(h, i), policy.at(h, i)
        for token in law.outcomes:
            if token not in base.outcomes:
                msg = f"coverage is +inf: token {token} at {problem.where(h, i)} has base mass 0; give it none"
                raise SupportError(msg)
        return {token: lowered(exp_ratio(mass) / base.mass(token)) for token, mass in law.items()}

    return [{i: at(h, i) for i in nodes} for h, nodes in enumerate(problem.reachable)]


def _times(left: Mass, right: Mass) -> Mass:
    if isinstance(left, ExpRatio) or isinstance(right, ExpRatio):
        return lowered(exp_ratio(left) * right)
    return left * right
