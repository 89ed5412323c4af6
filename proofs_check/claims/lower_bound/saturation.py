"""Where the lower bound ends: with growing ``C`` the base model becomes good enough (ours).

A needle of base mass ``1/C`` is worth less the rarer it is, because the divergence that it costs is subtracted.  The
section's bound, ``C <= e^(1/(2 beta))``, ends where ``J(pi*) = 1/2``; what learners need ends where ``J(pi*)`` is
``eps``, at about ``C = e^((1-eps)/beta)``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq

from proofs_check.claims.lower_bound.learners import list_then_enumerate
from proofs_check.claims.lower_bound.tuning import QUARTER
from proofs_check.ledger import Case, Family, On, agree, claim, compare, fact
from reference.constructions.needles import NeedleFamily
from reference.exact import ExpRatio, LogLinear, exp, log, real_log
from reference.exact.law import Law
from reference.games.contest import Contestant, score
from reference.interaction.exhaustive import law_of
from reference.interaction.runs import SoftmaxPolicy
from reference.interaction.world import World
from reference.model import LinearProblem, TabularPolicy, base_policy, gap, optimal_value, softmax


@dataclass(frozen=True)
class Accuracy:
    """A needle family and the ``eps`` within which a policy has to come, in nats of reward."""

    family: NeedleFamily
    eps: fmpq

    @classmethod
    def of(cls, C: int, beta: str, eps: fmpq = QUARTER) -> "Accuracy":
        """Return the setting with one name, in dimension 1."""
        return cls(NeedleFamily.of(1, C, 1, beta), eps)

    def __str__(self) -> str:
        return f"{self.family}, eps={self.eps}"

    @property
    def end(self) -> ExpRatio:
        """``(e^(1/beta) - 1)/(e^(eps/beta) - 1)``: from this ``C`` on ``pi_ref`` is good enough."""
        return ExpRatio(exp(1 / self.family.beta) - 1, exp(self.eps / self.family.beta) - 1)

    @property
    def needed(self) -> LogLinear:
        """``h = 1 - eps - beta log C``: no policy with less mass on the needle comes within ``eps``."""
        return 1 - self.eps - log(self.family.C) * self.family.beta

    @property
    def member(self) -> LinearProblem:
        """The one member with ``v* = 1``; that with -1 is its mirror image."""
        return self.family.member(1, [1])

    @property
    def wide(self) -> NeedleFamily:
        """The family in dimension ``1/beta^2``, where no parameter helps to hit the needle."""
        return NeedleFamily.of(1, self.family.C, int(1 / self.family.beta), self.family.beta)

    @property
    def tries(self) -> int:
        """``ceil(C log 4)``: draws among which the needle is with probability at least 3/4."""
        return (log(4) * self.family.C).ceil()


def settings() -> Iterator[Accuracy]:
    """Yield ``beta`` from 1/12 to 1 with ``C`` = 2, 4, .., 2^15; other ``eps`` at ``beta = 1/6``, up to 2^11."""
    for beta in ("1", "1/2", "1/4", "1/6", "1/8", "1/12"):
        yield from (Accuracy.of(2**j, beta) for j in range(1, 16))
    for eps in (fmpq(1, 16), fmpq(1, 2), fmpq(3, 4)):
        yield from (Accuracy.of(2**j, "1/6", eps) for j in range(1, 12))


def learned(setting: Accuracy, tries: int) -> Law[bool]:
    """Return the exact law of whether a listed learner comes within ``eps``: it draws, and asks one pair.

    Without draws it asks nothing and returns ``pi_ref``.
    """
    member = setting.member

    def succeeds(policy: SoftmaxPolicy) -> bool:
        return gap(member, softmax(member, policy.theta)) <= setting.eps

    return law_of(lambda choice: succeeds(list_then_enumerate(World(member, choice).oracles, tries)))


SMALL_ENOUGH = 64
"""The largest ``C`` for which the learner's law is enumerated."""


@claim(
    "coverage-saturation",
    source="ours",
    depends=("needle-facts", "needle-hit", "coverage-lower-bound", "data-without-coverage"),
    on=(Family("beta = 1/12..1, C = 2, 4, .., 2^15, eps = 1/16..3/4", 123, settings),),
    witness=Family("C = 64, beta = 1/8", 1, lambda: [Accuracy.of(64, "1/8")]),
    mutation=(
        "pi_ref is good enough from C = e^(1/(2 beta)) on",
        On(Family("C = 64, beta = 1/8", 1, lambda: [Accuracy.of(64, "1/8")]), early=True),
    ),
    trivial=("pi_ref is returned", On(Family("C = 64, beta = 1/8", 1, lambda: [Accuracy.of(64, "1/8")]), lazy=True)),
)
def coverage_saturation(setting: Accuracy, *, early: bool = False, lazy: bool = False) -> Iterator[Case]:
    r"""The lower bound stops growing where the base model is good enough.

    On the needle family, with success within $0 < \varepsilon < 1$ with probability $3/4$: if
    $h = 1 - \varepsilon - \beta \log C > 0$, then $\Tdata + 1 \ge 3hk/8$ or $\Tcomp \ge 3h/(8\, \bar q)$. For every $C$
    some learner has $\Tdata \le 2$ and $\Tcomp \le \lceil C \log 4 \rceil + 1$. And if

    $$
    C \ge \frac{e^{1/\beta} - 1}{e^{\varepsilon/\beta} - 1}, \quad\text{which is at most}\quad
    \frac{1}{\varepsilon}\, e^{(1-\varepsilon)/\beta},
    $$

    then $\piref$ comes within $\varepsilon$: no training, one query.

    In words: Beyond a certain coverage the needle is worth so little that the base model is good enough, and the
        price stops growing.
    Hypotheses: noiseless rewards; weak or strong oracle for the first part.
    Constants: 3/8 twice; $\varepsilon = 1/4$, $C = e^{1/(2\beta)}$ gives 3/32.
    Caveats: the first part is proved on the page; one learner, in dimension 1, is compared with it.
    """
    family, eps, member = setting.family, setting.eps, setting.member
    p, beta, name = family.p, family.beta, str(setting)
    loss = gap(member, base_policy(member))
    stated = real_log(1 - p + p * exp(1 / beta)) * beta - p
    yield agree(name, loss, stated, "gap(pi_ref) = beta log(1-p+p e^(1/beta)) - p")
    most = exp((1 - eps) / beta) / eps
    yield compare(name, setting.end, "<", most, "(E-1)/(E^eps-1) < E^(1-eps)/eps, E = e^(1/beta)")
    ends = exp(1 / (2 * beta)) if early else setting.end
    if ends <= family.C:
        yield compare(name, loss, "<", eps, "gap(pi_ref) < eps from there on")
        if not early:
            yield compare(name, learned(setting, 0).mass(True), "==", 1, "without a draw the learner succeeds")
    h = setting.needed
    if h > 0:
        yield compare(name, optimal_value(member), ">", h + eps, "J(pi*) > 1 - beta log C")
        for part in (fmpq(1, 2), fmpq(1)):
            mass = fmpq((h * (1024 * part)).floor(), 1024)
            policy = TabularPolicy(member, [Law.bernoulli(mass).map(int)])
            yield compare(
                f"{name}, mass {mass}", gap(member, policy), ">", eps, "mass below h on the needle: gap > eps"
            )
    if family.C <= SMALL_ENOUGH:
        success = learned(setting, 0 if lazy else setting.tries).mass(True)
        yield compare(name, success, ">=", fmpq(3, 4), "ceil(C log 4) draws, then one pair: success")
        spent = score(Contestant(name, lambda oracles: list_then_enumerate(oracles, setting.tries), family))
        within = (spent.t_comp, spent.t_data) <= (setting.tries + 1, 2)
        yield fact(name, within, "its T_comp <= ceil(C log 4) + 1, T_data <= 2")
        if h > 0:
            cost = setting.wide.qbar() * spent.t_comp
            yield compare(name, cost, ">=", h * fmpq(3, 8), "its T_comp >= 3h/(8 qbar), d = 1/beta^2")
