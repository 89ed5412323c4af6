"""Soft values, token by token (FMR25 section 5)."""

from collections.abc import Iterator
from functools import cache

from proofs_check.claims.multi_turn.token_trees import REALIZABLE_BITS, TWO_LAYERS, supported_prefixes
from proofs_check.ledger import ANY, Case, Catalog, Check, On, Random, agree, claim, fact
from reference.certificates.realizability import check_not_realizable, check_realizable
from reference.exact import Real, exp_ratio, real, real_log, real_sum
from reference.model.expansion import sequence_name
from reference.model.policy import NodePolicy, Parameters, optimum, sequence_law, softmax
from reference.model.problem import Problem
from reference.model.realizability import NotRealizable, decide_realizability
from reference.model.soft_bellman import soft_values
from reference.model.tilt import Tilt
from reference.model.values import log_partition
from reference.testing import problems, realizable_problems

EXPANDABLE = Catalog(of=ANY, expandable=True)


@claim(
    "soft-bellman",
    source="FMR25 section 5",
    every=EXPANDABLE,
    on=(TWO_LAYERS, Random(problems(), 60, seed=91, name="problems of any horizon")),
    witness=REALIZABLE_BITS,
    mutation=("r_h for Q_h", On(TWO_LAYERS, forget_future=True)),
    trivial="none: an identity",
)
def soft_bellman(problem: Problem, *, forget_future: bool = False) -> Iterator[Case]:
    r"""Token by token is as good as all at once.

    $\pi^*(a_1..a_H \mid x) = \prod_h \pi^*_h(a_h \mid x, a_{<h})$ is the sequence-level optimum, and
    $V_1(x) = \beta \log Z(x)$.

    In words: Choosing each token by its soft value gives the same policy as choosing whole responses at once.
    Hypotheses: supported prefixes and tokens.
    """
    flat, values = problem.sequences(), soft_values(problem)
    best = optimum(flat)
    policy = myopic(problem) if forget_future else optimum(problem)
    for x, entry in enumerate(problem.prompts):
        names = {response: sequence_name(problem.spelled(x, response)) for response in problem.expanded(x)}
        by_tokens = sequence_law(problem, policy, x).map(names.__getitem__)
        name = f"{problem.name}, {entry.name}"
        law = best.law(x).map(dict(enumerate(flat.responses(x))).__getitem__)
        yield fact(name, law == by_tokens, "pi*(a_1..a_H|x) = prod_h pi*_h(a_h|x,a_<h)")
        yield agree(name, values.value(0, entry.root), log_partition(flat, x) * problem.beta, "V_1(x) = beta log Z(x)")


def myopic(problem: Problem) -> NodePolicy:
    """Return the policy that tilts each token by the reward on its own edge."""

    def law_of_node(h: int, i: int) -> Tilt:
        rewards = tuple(edge.reward for edge in problem.supported(h, i))
        return Tilt(problem.base(h, i), rewards, problem.beta)

    return NodePolicy(problem, lambda h, i: law_of_node(h, i).law())


Q_DIFFERENCES = "Q_h(.a) - Q_h(.a') = <theta_h, phi_h(.a) - phi_h(.a')>"


def q_linear_with_theta(member: tuple[Problem, Parameters]) -> Iterator[Case]:
    """Rewards ``beta log(pi_theta/pi_ref)``: ``theta``, which is given, is optimal, and gives all differences of Q."""
    problem, thetas = member
    yield in_the_class(problem, thetas)
    yield from q_differences(problem, tuple(tuple(map(real, theta)) for theta in thetas))
    yield fact(problem.name, bool(decide_realizability(problem)), "realizability is decided: yes")


def in_the_class(problem: Problem, thetas: Parameters) -> Case:
    """Decide that the softmax policy of ``thetas`` is the optimum, at every node."""
    policy, best = softmax(problem, *thetas), optimum(problem)
    nodes = [(h, i) for h in range(problem.horizon) for i in problem.reachable[h]]
    return fact(problem.name, all(policy.at(h, i) == best.at(h, i) for h, i in nodes), "pi*_h = pi_{h,theta}")


def q_differences(
    problem: Problem, thetas: tuple[tuple[Real, ...], ...], *, rewards_only: bool = False
) -> Iterator[Case]:
    """Decide the equations for Q at every supported prefix."""
    values = soft_values(problem)
    for x in range(len(problem.prompts)):
        for prefix, i in supported_prefixes(problem, x):
            h = len(prefix)
            first, *others = problem.supported(h, i)
            name, of_first = f"{problem.name}, {problem.where(h, i)}", values.q_value(h, first)
            for edge in others:
                left = real(edge.reward - first.reward) if rewards_only else values.q_value(h, edge) - of_first
                right = real_sum(theta * c for theta, c in zip(thetas[h], edge.phi - first.phi, strict=True))
                yield agree(name, left, right, Q_DIFFERENCES)


@claim(
    "q-linear",
    source="FMR25 section 5",
    depends=("soft-bellman",),
    every=EXPANDABLE,
    on=(
        REALIZABLE_BITS,
        TWO_LAYERS,
        Check(Random(realizable_problems(), 60, seed=92, name="realizable problems"), q_linear_with_theta),
        Random(problems(), 60, seed=93, name="problems of any horizon"),
    ),
    witness=REALIZABLE_BITS,
    mutation=("r for Q", On(REALIZABLE_BITS, rewards_only=True)),
    trivial="none: an identity",
)
def q_linear(problem: Problem, *, rewards_only: bool = False) -> Iterator[Case]:
    r"""Realizability makes differences of Q linear.

    $\pi^*_h = \pi_{h,\theta}$ for every $h$, if and only if
    $Q_h(\cdot a) - Q_h(\cdot a') = \inner{\theta_h}{\phi_h(\cdot a) - \phi_h(\cdot a')}$ on the support.

    In words: The class contains the optimum exactly if the values of tokens are linear in their features.
    Hypotheses: $\pi^*$ in the autoregressive softmax class: decided, with a certificate when it is not.
    """
    found = decide_realizability(problem)
    if isinstance(found, NotRealizable):
        terms = [(t.coefficient, t.x, t.prefix, t.a, t.b) for t in found.terms]
        check_not_realizable(problem, found.layer, terms)  # raises unless it proves that no theta_h fits
        return
    check_realizable(problem, found.thetas)
    thetas = found.log_linear()
    if thetas is not None:
        yield in_the_class(problem, thetas)
    yield from q_differences(problem, found.thetas, rewards_only=rewards_only)


@claim(
    "path-consistency",
    source="FMR25 section 5",
    depends=("soft-bellman",),
    every=EXPANDABLE,
    on=(TWO_LAYERS, REALIZABLE_BITS, Random(problems(), 40, seed=94, name="problems of any horizon")),
    witness=REALIZABLE_BITS,
    mutation=("j > h+1 for j > h", On(TWO_LAYERS, one_more=1)),
    trivial="none: an identity",
)
def path_consistency(problem: Problem, *, one_more: int = 0) -> Iterator[Case]:
    r"""One noiseless rollout reveals a value.

    On every path
    $r(x, a_1..a_H) - \beta \sum_{j > h} \log(\pi^*_j/\pi_{\mathrm{ref},j}) = V_{h+1}(x, a_1..a_h)$. So one noiseless
    rollout suffices.

    In words: One finished response, with its reward and log-ratios, tells the value of the prefix it passed
        through.
    Hypotheses: a path of supported tokens.
    """
    values = soft_values(problem)
    value = cache(values.value)  # many paths pass a node
    log_ratio = cache(lambda h, i, token: real_log(exp_ratio(values.ratio(h, i, problem.edge(h, i, token)))))
    for x, entry in enumerate(problem.prompts):
        for sequence in problem.expanded(x):
            i, logs, starts, sums = entry.root, [], [], [real(0)]
            for h, token in enumerate(sequence):
                edge = problem.edge(h, i, token)
                starts.append(value(h, i))
                logs.append(log_ratio(h, i, token))
                sums.append(sums[-1] + edge.reward)
                i = edge.child
            name, reward = f"{problem.name}, {entry.name}, {sequence}", real(problem.reward_of(x, sequence))
            for h in range(problem.horizon):
                # V_{h+1}: the rewards on the way and the soft value still to come
                left = reward - real_sum(logs[h + one_more :]) * problem.beta
                yield agree(name, left, sums[h] + starts[h], "r - beta sum_{j>h} log(pi*_j/pi_ref,j) = V_{h+1}")
