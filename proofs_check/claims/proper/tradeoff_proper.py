"""On the instance of a formula proper learners pay in rewards or in work."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from flint import fmpq

from proofs_check.claims.noting import noting
from proofs_check.claims.proper.formulas import FOR_THEOREM_4_1, PLANTED_FORMULAS, SMALL_FORMULAS
from proofs_check.claims.proper.tradeoff_walks import (
    LAST_STAR,
    ONE_STAR,
    accuracy,
    brute_force_walk,
    differing,
    enough_prompts,
    interpolated,
    online_dpo_walk,
    passive_walk,
    rank_of_terms,
    sets_of_terms,
    spanner_inputs,
    spanner_walk,
    success_of,
)
from proofs_check.ledger import Case, Check, On, claim, compare
from reference.algorithms.brute_force import BruteForce, evaluations, spanned
from reference.algorithms.online_dpo import OnlineDPO
from reference.algorithms.parts.cover import SpanCover
from reference.algorithms.parts.feedback import Rewards
from reference.algorithms.parts.fits import LeastSquares
from reference.algorithms.parts.optimisers import vertices
from reference.algorithms.passive import ProperPassive
from reference.algorithms.spanner_sampling import phase_1
from reference.constructions.dnf.best_vertex import best_assignment
from reference.constructions.dnf.formula import DnfInstance
from reference.exact import Real, log
from reference.exact.plain import is_plain
from reference.interaction.exhaustive import law_of
from reference.interaction.proper_learners import ProperLearner, proper
from reference.interaction.public import Public
from reference.interaction.seeded import Seeded
from reference.interaction.world import World
from reference.model import gap, softmax
from reference.model.parameter_set import Theta
from reference.model.tilt import Tilt

_HALF, _QUARTER = fmpq(1, 2), fmpq(1, 4)


@claim(
    "tradeoff-success",
    group="proper-tradeoff",
    source=FOR_THEOREM_4_1,
    depends=("dnf-decoding",),
    on=(LAST_STAR,),
    witness=ONE_STAR,
    mutation=("kl(b || a) for kl(b || a)/(2m)", On(LAST_STAR, undivided=True)),
    trivial="none: that pi_ref does not succeed is a case of it",
)
def tradeoff_success(instance: DnfInstance, *, undivided: bool = False) -> Iterator[Case]:
    r"""A gap this small solves the formula, and the base model does not have it.

    Let *success* be a gap of at most $\varepsilon = \beta\, \mathrm{kl}(b \,\|\, a)/(2m)$. Success means
    $\val(\sgn \theta) \ge \val(a^*)$, with equality if $a^*$ is optimal: then the formula is solved. $\piref$ does not
    succeed.

    In words: A loss this small means that the formula is solved, if the assignment behind the rewards is a best one;
    the base model has not solved it.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$; $\val(a^*) > 0$.
    Constants: $1/(2m)$.
    Caveats: checked where $a^*$ is optimal, for the least-squares fits to every set of terms.
    """
    eps = accuracy(instance) * (2 * len(instance.formula.terms) if undivided else 1)

    def loss(theta: Theta) -> Real:
        return gap(instance.problem, softmax(instance.problem, theta))

    yield compare(str(instance), loss(interpolated(instance, frozenset())), ">", eps, "gap(pi_ref) > eps")
    best, said = best_assignment(instance.formula).value, "gap <= eps: val(sgn theta) = val(a*) = val*"
    for seen in sets_of_terms(instance):
        theta = interpolated(instance, seen)
        if loss(theta) <= eps:
            value = instance.formula.value(instance.assignment(theta))
            yield compare(f"{instance}, seen {sorted(seen)}", value, "==", best, said)


@claim(
    "tradeoff-first-hit",
    group="proper-tradeoff",
    source=FOR_THEOREM_4_1,
    on=(SMALL_FORMULAS, PLANTED_FORMULAS),
    witness=ONE_STAR,
    mutation=("A^k/L without log 2", On(PLANTED_FORMULAS, halves=False)),
    trivial="none: it is about pi_ref, from both sides",
)
def tradeoff_first_hit(instance: DnfInstance, *, halves: bool = True) -> Iterator[Case]:
    r"""How many draws from the base model it takes to see a 1 half the time.

    The least $T$ with $1 - (1-p)^T \ge \tfrac12$ is within 1 of $(A^k/L) \log 2$.

    In words: Waiting for the base model to say the right thing takes about as many draws as the coverage.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$.
    Constants: $\log 2$; 1.
    """
    T, scale = draws_for_a_hit(instance.p), log(2) / instance.p if halves else 1 / instance.p
    yield compare(str(instance), scale - 1, "<=", T, "(A^k/L) log 2 - 1 <= least T with 1-(1-p)^T >= 1/2")
    yield compare(str(instance), T, "<=", scale + 1, "least T with 1-(1-p)^T >= 1/2 <= (A^k/L) log 2 + 1")


def draws_for_a_hit(p: fmpq) -> int:
    """Return the least ``T`` with ``(1-p)^T <= 1/2``."""
    T, left = 0, fmpq(1)
    while left > _HALF:
        T, left = T + 1, left * (1 - p)
    return T


MOST_VARIABLES_TWO_ROUNDS = 3
"""Laws of two rounds are enumerated up to so many variables; of one round for all small formulas."""


@claim(
    "tradeoff-walks",
    group="proper-tradeoff",
    source="ours",
    on=(LAST_STAR,),
    witness=ONE_STAR,
    mutation=("OnlineDPO draws from pi_ref in every round", On(LAST_STAR, stays=True)),
    trivial="none: an equality; OnlineDPO that stays at pi_ref is the mutation",
)
def tradeoff_walks(instance: DnfInstance, *, stays: bool = False) -> Iterator[Case]:
    r"""Learners that interpolate noiseless rewards walk on the sets of terms they have seen.

    A walk moves to a term when two answers to it differ. It has the learner's own probability of success for passive
    exploration, OnlineDPO with least squares and brute force, after one round and two; and for SpannerSampling in span
    mode with $\Npair = \Texp = 1$, after two prompts.

    In words: All that matters about such a learner is which terms it has seen: that makes long runs computable.
    Hypotheses: $A = 8$, $L = 2$, $k = 2$, at most three terms; one round only for proper learners with four variables.
    """
    online = passive_walk(instance) if stays else online_dpo_walk(instance)
    walks = {"passive": passive_walk(instance), "OnlineDPO": online, "brute force": brute_force_walk(instance)}
    rounds = (1, 2) if instance.formula.variables <= MOST_VARIABLES_TWO_ROUNDS else (1,)
    for (name, walk), T in product(walks.items(), rounds):
        success = success_of(instance, learner_of_walk(instance, name, T))
        *_, walked = walk.success(T)
        yield compare(f"{instance}, {name}, T={T}", walked, "==", success, "walk: P(success) is the learner's")
    inputs = spanner_inputs(instance, 2)
    law = law_of(lambda choice: phase_1(World(instance.problem, choice).oracles, inputs))
    walk = spanner_walk(instance, inputs)
    terms = range(len(instance.formula.terms))
    covered = {s: frozenset(j for j in terms if s.cover.covers(instance.problem.phi(j, 1))) for s in law.outcomes}
    good = {seen: walk.good(seen) for seen in set(covered.values())}
    *_, walked = walk.success(2)
    success = law.probability(lambda spanner: good[covered[spanner]])
    yield compare(f"{instance}, SpannerSampling", walked, "==", success, "walk: P(success) is the learner's")


def learner_of_walk(instance: DnfInstance, name: str, T: int) -> ProperLearner:
    """Return the learner of which a walk has the law."""
    cover = SpanCover.empty(instance.formula.variables)
    if name == "passive":
        return ProperPassive(T, cover)
    if name == "OnlineDPO":
        return OnlineDPO(T, Rewards(), LeastSquares(cover))
    return BruteForce(T, vertices(instance.parameter_set))


def too_few_rewards(instance: DnfInstance) -> Iterator[Case]:
    """Decide the bound on passive exploration and OnlineDPO with ``2 rank + 2`` rewards."""
    T = rank_of_terms(instance) + 1
    yield compare(f"{instance}, T={T}", 1 - (1 - differing(instance)) ** T, "<", _HALF, "1-(1-q)^(rank+1) < 1/2")


@claim(
    "tradeoff-passive",
    group="proper-tradeoff",
    source=FOR_THEOREM_4_1,
    depends=("tradeoff-success", "tradeoff-walks"),
    on=(LAST_STAR, Check(PLANTED_FORMULAS, too_few_rewards)),
    witness=ONE_STAR,
    mutation=("a reward for every answer that SpannerSampling looks at", On(LAST_STAR, pay_for_all=True)),
    trivial="none: it bounds success from above, and pi_ref never succeeds",
)
def tradeoff_passive(instance: DnfInstance, *, pay_for_all: bool = False) -> Iterator[Case]:
    r"""Passive exploration and OnlineDPO pay in rewards.

    With least squares they succeed ({prf:ref}`tradeoff-success`) after $T$ rounds with probability at most
    $1 - (1-q)^T$, $q = 2p(1-p)$. With $2 \rank + 2$ rewards that is below $\tfrac12$ on the planted formulas, and
    success is below $\tfrac14$ on the small ones with $A = 8$, $L = 2$.

    In words: Who waits for chance pays in rewards, in proportion to coverage.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$; $\val(a^*) > 0$; noiseless rewards.
    Constants: $2 \rank + 2$; $\tfrac12$, $\tfrac14$.
    Caveats: success after more than two rounds is that of the walk on sets of terms. XPO, and OnlineDPO with a search
    over vertices, are tabulated and not bounded: a fixed vertex already meets terms at a rate near $2^{-k}$.
    """
    q, prompts = differing(instance), enough_prompts(instance)
    few = prompts if pay_for_all else rank_of_terms(instance) + 1
    for walk in (passive_walk(instance), online_dpo_walk(instance)):
        for T, success in enumerate(walk.success(prompts)):
            name = f"{instance}, {walk.name}, T={T}"
            relation = "==" if len(instance.formula.terms) == 1 else "<="  # one term is met, or it is not
            yield compare(name, success, relation, 1 - (1 - q) ** T, f"P(success) {relation} 1-(1-q)^T")
            if few == T:
                yield compare(name, success, "<", _QUARTER, "P(success) < 1/4 with 2 rank + 2 rewards")


@dataclass(frozen=True)
class Counting(Public):
    """A public part that counts how often a chance ``pi_theta(.|x)`` is asked for.

    ``alone``: no two are equal, so that no answer is remembered from another run.
    """

    asked: list[int] = field(default_factory=lambda: [0], compare=False)
    alone: object = field(default_factory=object)

    def tilt(self, theta: Theta, x: int) -> Tilt:
        """Return the closed forms, and count."""
        self.asked[0] += 1
        return Public.tilt(self, theta, x)


@claim(
    "tradeoff-brute-force",
    group="proper-tradeoff",
    source=FOR_THEOREM_4_1,
    on=(LAST_STAR,),
    witness=ONE_STAR,
    mutation=("2^n for 2^n + 1", On(LAST_STAR, others=0)),
    trivial="none: an equality",
)
def tradeoff_brute_force(instance: DnfInstance, *, others: int = 1) -> Iterator[Case]:
    r"""Brute force pays in work.

    It asks for $(2^n + 1)\, m$ chances $\pi_\theta(1 \mid j)$ for each span of its data at which it chooses.

    In words: Who looks at every assignment pays in work that doubles with each variable.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$; noiseless rewards.
    Constants: $2^n + 1$: all vertices, and $\piref$.
    Caveats: counted in one seeded run of 12 rounds on each formula.
    """
    rounds, seed = 12, 7
    plain = Public.of(instance.problem, instance.parameter_set)
    public = Counting(plain.rho, plain.base, plain.features, plain.beta, plain.parameter_set)
    answers, observe = noting(int, "weak", "strong", place=-1)
    world = World(instance.problem, Seeded(seed), observer=observe)
    proper(BruteForce(rounds, vertices(instance.parameter_set)), public)(world.oracles)
    phi, spans = instance.problem.phi, set()
    pairs = list(zip(answers[::2], answers[1::2], strict=True))
    for t in range(len(pairs)):
        spans.add(spanned(plain, tuple((phi(*one) - phi(*two), instance.scale) for one, two in pairs[:t])).dimension)
    choices = 2 * len(pairs) if is_plain() else len(spans)  # lines 2 and 3 both ask, where nothing is remembered
    due = (2**instance.formula.variables + others) * len(instance.formula.terms) * choices
    name = f"{instance}, seed {seed}, {len(pairs)} rounds"
    yield compare(name, public.asked[0], "==", due, "chances asked for = (2^n+1) m for each span chosen at")
    looks = (len(pairs) + 2) * 2**instance.formula.variables  # one a round, one at which it stops, one for the fit
    yield compare(name, evaluations(len(pairs), 2**instance.formula.variables, rounds), "==", looks, "its work")
