"""The hand-made token instances: each the smallest we know that shows its phenomenon.

:mod:`reference.catalog.handmade` writes them to ``data/tokens/``; a test checks that the files are what it writes, and
that each instance does what its ``shows`` says.
"""

from collections.abc import Sequence

from flint import fmpq

from reference.constructions.fair_bit_strings import fair_bits
from reference.constructions.needle_paths import needle_path
from reference.exact.log_linear import LogLinear, log
from reference.model.parts import About, Edge, Node, Start
from reference.model.problem import Problem


def token_instances() -> tuple[Problem, ...]:
    """Return the hand-made token instances."""
    return (
        _fair_bits(3),
        _fair_bits(64),
        _coverage_counterexample(),
        _clean_sweep(),
        _linear_not_realizable(),
        _markov_bits(),
        _impossible_token(),
        *(_needle_path(H) for H in (4, 8, 16)),
    )


def _fair_bits(H: int) -> Problem:
    about = About(
        title=f"{H} fair bits with the same reward at every layer",
        shows=f"token coverage 8/5, sequence coverage (8/5)^{H}: one node a layer, since all prefixes of one length "
        "have the same future",
        source="ours; for FMR25 section 5",
    )
    return fair_bits(H, log(4), about=about)


def _coverage_counterexample() -> Problem:
    about = About(
        title="Token coverage larger than sequence coverage",
        shows="C_cond <= C_cov is false: three sequences with exp(r/beta) = 1, 1, 1/4 have C_cond = 8/5 at prefix (1) "
        "and C_cov = 16/13",
        source="ours; for FMR25 section 5",
    )
    root = (Edge.of("0", "1/2", ["0"], child=0), Edge.of("1", "1/2", ["1"], child=1))
    certain = (Edge.of("0", "1", ["0"]),)
    fair = (Edge.of("0", "1/2", ["0"]), Edge.of("1", "1/2", ["1"], reward="-2*log(2)"))
    return _one_prompt("token-coverage-larger", [[root], [certain, fair]], R_max=2, about=about)


def _clean_sweep() -> Problem:
    about = About(
        title="A sweep that adds nothing and certifies nothing",
        shows="MTSS that looks by draws can end a clean sweep with a complete span at the root and a wrong theta "
        "there: the rare token after (1), of base mass 1/15, carries the whole reward log 16",
        source="ours; for FMR25 Thm 5.1",
    )
    root = (Edge.of("0", "1/2", ["0"], child=0), Edge.of("1", "1/2", ["1"], child=1))
    certain = (Edge.of("0", "1", ["0"]),)
    rare = (Edge.of("0", "14/15", ["0"]), Edge.of("1", "1/15", ["1"], reward="4*log(2)"))
    return _one_prompt("clean-sweep", [[root], [certain, rare]], R_max=3, about=about)


def _linear_not_realizable() -> Problem:
    about = About(
        title="Linear in the sequence, not realizable token by token",
        shows="the reward is linear in the features of the whole sequence, and the last layer is realizable; but the "
        "values log 1, log 2, log 5 after tokens 0, 1, 2 are not linear in their features 0, 1/2, 1",
        source="ours; for FMR25 section 5",
    )
    third = fmpq(1, 3)
    root = tuple(Edge.of(str(a), third, [fmpq(a, 2)], child=a) for a in range(3))
    after = [(Edge.of("0", "1/2", ["0"]), Edge.of("1", "1/2", [fmpq(a, 2)], reward=log(3) * a)) for a in range(3)]
    return Problem.of(
        "linear-not-realizable",
        [Start.of("x")],
        [[root], after],
        beta=1,
        R_max=3,
        about=about,
    )


def _markov_bits() -> Problem:
    about = About(
        title="Five bits of a Markov chain, realizable, with two nodes a layer",
        shows="a realizable log-rational instance of horizon 5 whose optimum is known: the reward is beta "
        "log(pi_theta/pi_ref) for theta_h = (log 2, -log 3), so J(pi*) = 0; prefixes with the same last bit share a "
        "node; two prompts start from different bits",
        source="ours; every autoregressive softmax policy is optimal for this reward (FMR25 section 5)",
    )
    beta, horizon = fmpq(1, 2), 5
    theta = (log(2), log(3) * -1)
    layers = [[_rewarded(beta, theta, last, last_layer=h + 1 == horizon) for last in (0, 1)] for h in range(horizon)]
    prompts = [Start.of("after 0", rho="1/3", root=0), Start.of("after 1", rho="2/3", root=1)]
    return Problem.of("markov-bits", prompts, layers, beta=beta, R_max=6, about=about)


def _rewarded(beta: fmpq, theta: Sequence[LogLinear], last: int, *, last_layer: bool) -> Node:
    """A node where the reward of a token is ``beta log(pi_theta/pi_ref)``.

    ``exp(<theta, phi>/beta)`` is 1 at bit 0; at bit 1 it is 2 after a 0 and 2/3 after a 1.
    """
    base = (fmpq(3, 4), fmpq(1, 4)) if last == 0 else (fmpq(1, 3), fmpq(2, 3))
    features = [(fmpq(0), fmpq(0)), (fmpq(1, 2), fmpq(last, 2))]
    tilts = (fmpq(1), fmpq(2) if last == 0 else fmpq(2, 3))
    normaliser = log(base[0] * tilts[0] + base[1] * tilts[1]) * beta
    return tuple(
        Edge.of(
            str(bit),
            base[bit],
            features[bit],
            reward=theta[0] * features[bit][0] + theta[1] * features[bit][1] - normaliser,
            child=0 if last_layer else bit,
        )
        for bit in (0, 1)
    )


def _impossible_token() -> Problem:
    about = About(
        title="The best token has base mass zero, and rewards are rational",
        shows="conventions at zero mass, token by token: after (b) token a has the largest reward, and pi* gives it 0; "
        "values such as log((1 + e)/2) are neither rational nor log-linear",
        source="ours",
    )
    root = (Edge.of("a", "2/3", ["1", "0"], child=0), Edge.of("b", "1/3", ["0", "1"], child=1))
    after_a = (Edge.of("a", "1/2", ["3/5", "0"], reward=1), Edge.of("b", "1/2", ["0", "4/5"]))
    after_b = (Edge.of("a", "0", ["1", "0"], reward=9), Edge.of("b", "1", ["0", "1"], reward="1/2"))
    return Problem.of(
        "impossible-token",
        [Start.of("x")],
        [[root], [after_a, after_b]],
        beta=1,
        R_max=1,
        about=about,
    )


def _needle_path(H: int) -> Problem:
    about = About(
        title=f"One string of {H} fair bits earns everything, and the features see its prefixes",
        shows=f"realizable, token coverage below 2, sequence coverage about 2^{H}; a layer is covered at one prefix "
        f"only, which a roll-in reaches with probability down to 2^-{H - 1}: MTSS has to look in roll-outs, too",
        source="ours; for FMR25 Thm 5.1",
    )
    return needle_path(H, about=about)


def _one_prompt(name: str, layers: Sequence[Sequence[Node]], *, R_max: int, about: About) -> Problem:
    return Problem.of(name, [Start.of("x")], layers, beta=1, R_max=R_max, about=about)
