"""A proper learner that finds a response 1 has committed to a good assignment, even without any rewards.

Probabilities of ``max_t c(theta_t) >= u`` are constant between two values of the maximum, and ``q - T u`` decreases in
``u``: the bound for all ``u`` is the bound ``P(max_t c(theta_t) > v) >= q - T v`` at every value ``v``, and at 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.proper.formulas import FOR_THEOREM_4_1
from proofs_check.claims.proper.proper_runs import DRAWS_OF, ProperRun, found_by, small_runs
from proofs_check.ledger import Case, Check, Family, On, Random, claim, compare
from proofs_check.reduction.null_run import promised, slack
from reference.constructions.dnf.families import SMALL_SIZE, small_formulas
from reference.constructions.dnf.formula import Formula
from reference.exact.law import Law
from reference.interaction import ProperOracles
from reference.model.parameter_set import Theta
from reference.testing import dnf_instances
from reference.testing.parts import integers, made_once

_HALF, _QUARTER = fmpq(1, 2), fmpq(1, 4)


@dataclass(frozen=True, slots=True)
class Scripted:
    """An arbitrary learner: what it commits to depends on the round, the last prompt, and a coin of its own."""

    moves: tuple[tuple[Theta, ...], ...]
    rounds: int

    def __call__(self, oracles: ProperOracles, /) -> Theta:
        """Follow the script."""

        def step(state: tuple[int, int]) -> tuple[int, int]:
            number, x = state
            coin = oracles.draw(_COIN)
            shown = oracles.round(self.moves[(3 * number + 2 * x + coin) % len(self.moves)])
            return number + 1, shown.x

        oracles.iterate((0, 0), step, self.rounds)
        return self.moves[0][0]


_COIN = Law.bernoulli(fmpq(1, 3))


@st.composite
def scripted_runs(draw: st.DrawFn) -> ProperRun:
    """Draw an instance and a learner that commits to grid points, one or two in a round."""
    instance = draw(dnf_instances(max_terms=3))
    moves = tuple(tuple(map(instance.theta, points)) for points in draw(_moves(instance.formula.variables)))
    rounds = draw(integers(1, 2))
    return ProperRun(instance, "a scripted learner", Scripted(moves, rounds), draw(integers(1, 2 * rounds)))


@made_once
def _moves(variables: int) -> st.SearchStrategy[list[list[tuple[int, ...]]]]:
    """One to five moves, each of one or two points of the grid."""
    point = st.tuples(*[st.sampled_from((-1, 0, 1))] * variables)
    return st.lists(st.lists(point, min_size=1, max_size=2), min_size=1, max_size=5)


def single_draws() -> Iterator[ProperRun]:
    """Yield the learner that names an assignment, and the one that flips a coin first, with one draw."""
    for formula, name in product(small_formulas(), ("naming", "coin-flip")):
        yield ProperRun.of(formula, name, 1)


def coin_flips(name: str = "coin-flip") -> Iterator[ProperRun]:
    """Yield the coin-flipping learner where ``sgn 0`` satisfies nothing; one fair coin decides between all and none."""
    for terms, T in ((((-1, -2),), 5), (((-1, -2), (-2, -3)), 5), (((-1, -2), (-1, -2)), 6)):
        yield ProperRun.of(Formula(max(abs(n) for term in terms for n in term), terms), name, T)


METHODS_ON_SMALL = Family("8 methods on the small formulas with n <= 3", len(DRAWS_OF) * 20, small_runs)
SCRIPTED = Random(scripted_runs(), 80, seed=74, name="scripted learners")
SINGLE_DRAWS = Family("T = 1", 2 * SMALL_SIZE, single_draws)
COIN_FLIPS = Family("the coin-flipping learner, sgn 0 satisfies nothing", 3, coin_flips)


@claim(
    "dnf-exploration-chance",
    group="dnf-exploration",
    source=FOR_THEOREM_4_1,
    on=(METHODS_ON_SMALL, SCRIPTED),
    witness=COIN_FLIPS,
    mutation=("q - u for q - T u", On(METHODS_ON_SMALL, factor=1)),
    trivial=("theta_t = 0 in place of what was committed to", On(METHODS_ON_SMALL, at_zero=True)),
)
def dnf_exploration_chance(run: ProperRun, *, factor: int | None = None, at_zero: bool = False) -> Iterator[Case]:
    r"""A proper learner that finds a 1 has committed to a parameter that answers 1 often.

    Let $c(\theta) = \E_j[\pi_\theta(1 \mid j)]$, and $q$ the probability that one of the first $T$ draws, committed to
    $\theta_1, \dots, \theta_T$, is answered by $y = 1$. For every $u$, with probability at least $q - Tu$ some
    $\theta_t$ used up to the first hit has $c(\theta_t) \ge u$. The same holds on the *null run*, where every answer is
    forced to $y = 0$ and no reward oracle exists, and

    $$
    q = 1 - \E_{\mathrm{null}} \prod_t \pi_{\theta_t}(0 \mid x_t) .
    $$

    In words: Who finds a 1 must have played a parameter that is likely to find one, even in a run where nothing is
        ever rewarded.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$; parameters are committed to before the prompt; every
    response drawn in a round is rewarded, without noise.
    Constants: $T$ counts draws, of which a round may have several.
    Caveats: that a proper learner commits before the prompt is ours.
    """
    found, T = found_by(run), run.T if factor is None else factor
    yield compare(str(run), found.q_on_null_runs, "==", found.q, "1 - E_null[prod pi(0|x)] = q")
    for where, law in (("up to the first hit", found.up_to_first_hit), ("on null runs", found.null)):
        chances = Law.point(run.instance.p) if at_zero else law.map(lambda reached: reached.chance)
        for v in sorted({fmpq(0), *chances.outcomes}):
            often = sum((mass for c, mass in chances.items() if c > v), fmpq(0))
            yield compare(f"{run}, {where}", often, ">=", found.q - T * v, "P(max_t c(theta_t) > v) >= q - T v")


def value_at_zero(run: ProperRun) -> fmpq:
    """Return ``val(sgn 0)``."""
    return run.instance.formula.value((1,) * run.instance.formula.variables)


def mean_is_attained(run: ProperRun) -> Iterator[Case]:
    """Decide equality for ``T = 1``."""
    found = found_by(run)
    mean = found.null.expectation(lambda reached: reached.chance)
    yield compare(str(run), mean, "==", found.q, "E_null c(theta_1) = q")


@claim(
    "dnf-exploration-mean",
    group="dnf-exploration",
    source=FOR_THEOREM_4_1,
    on=(METHODS_ON_SMALL, SCRIPTED, Check(SINGLE_DRAWS, mean_is_attained)),
    witness=COIN_FLIPS,
    mutation=("the factor T left out", On(METHODS_ON_SMALL, factor=1)),
    trivial=("theta_t = 0 in place of what was committed to", On(METHODS_ON_SMALL, at_zero=True)),
)
def dnf_exploration_mean(run: ProperRun, *, factor: int | None = None, at_zero: bool = False) -> Iterator[Case]:
    r"""The best chance of an answer 1 on a null run, on average.

    Let $c(\theta) = \E_j[\pi_\theta(1 \mid j)]$, and $q$ the probability that one of the first $T$ draws is answered
    by $y = 1$. Then

    $$
    T\, \E_{\mathrm{null}} \max_t c(\theta_t) \ge q .
    $$

    In words: The best parameter that a learner plays without any reward is, on average, worth its chance of success
        over its draws.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$; parameters are committed to before the prompt; every
    response drawn in a round is rewarded, without noise.
    Constants: $T$, attained for $T = 1$: $\E_{\mathrm{null}}\, c(\theta_1) = q$.
    """
    found, T = found_by(run), run.T if factor is None else factor
    mean = run.instance.p if at_zero else found.null.expectation(lambda reached: reached.chance)
    yield compare(str(run), mean * T, ">=", found.q, "T E_null max_t c(theta_t) >= q")


@claim(
    "dnf-exploration-search",
    group="dnf-exploration",
    source=FOR_THEOREM_4_1,
    depends=("dnf-exploration-chance", "dnf-soundness"),
    on=(METHODS_ON_SMALL, SCRIPTED),
    witness=COIN_FLIPS,
    mutation=("every transcript contains a good iterate", On(COIN_FLIPS, often=fmpq(1))),
    trivial=("theta_t = 0 in place of what was committed to", On(COIN_FLIPS, at_zero=True)),
)
def dnf_exploration_search(run: ProperRun, *, often: fmpq = _QUARTER, at_zero: bool = False) -> Iterator[Case]:
    r"""A proper learner that explores contains a Max-k-DNF algorithm.

    If $y = 1$ is among the first $T$ draws with probability at least $\tfrac12$, then with probability at least
    $\tfrac14$ some

    $$
    \val(\sgn \theta_t) \ge \frac{1}{4T} - \frac{L/A}{1-p} ,
    $$

    up to the first hit, and on the null run.

    In words: A learner that explores well names, with chance a quarter, an assignment that satisfies about one in four
    times its number of draws of the terms.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$; parameters are committed to before the prompt; every
    response drawn in a round is rewarded, without noise.
    Constants: $1/(4T)$, $\tfrac14$; $T$ counts draws, of which a round may have several; $\sgn 0 = +1$.
    Caveats: that a proper learner commits before the prompt is ours.
    """
    found, level = found_by(run), promised(run.instance, run.T)
    if found.q < _HALF:
        return
    said = "P(max_t val(sgn theta_t) >= 1/(4T) - (L/A)/(1-p)) >= 1/4"
    for where, law in (("up to the first hit", found.up_to_first_hit), ("on null runs", found.null)):
        values = Law.point(value_at_zero(run)) if at_zero else law.map(lambda reached: reached.value)
        reached = values.probability(lambda value: value >= level)
        yield compare(f"{run}, {where}", reached, ">=", often, said)


@claim(
    "dnf-exploration-value",
    group="dnf-exploration",
    source=FOR_THEOREM_4_1,
    depends=("dnf-exploration-mean", "dnf-soundness"),
    on=(METHODS_ON_SMALL, SCRIPTED),
    witness=COIN_FLIPS,
    mutation=("1/T for 1/(2T)", On(SINGLE_DRAWS, share=fmpq(1))),
    trivial=("theta_t = 0 in place of what was committed to", On(COIN_FLIPS, at_zero=True)),
)
def dnf_exploration_value(run: ProperRun, *, share: fmpq = _HALF, at_zero: bool = False) -> Iterator[Case]:
    r"""The best assignment that a null run names, on average.

    If $y = 1$ is among the first $T$ draws with probability at least $\tfrac12$, then

    $$
    \E_{\mathrm{null}} \max_t \val(\sgn \theta_t) \ge \frac{1}{2T} - \frac{L/A}{1-p} .
    $$

    In words: In a run without rewards the best assignment that such a learner names satisfies, on average, about one in
    twice its number of draws of the terms.
    Hypotheses: $A > 1$, $L \ge 1$, $p = L A^{-k} < \tfrac12$; parameters are committed to before the prompt; every
    response drawn in a round is rewarded, without noise.
    Constants: $1/(2T)$; $T$ counts draws, of which a round may have several; $\sgn 0 = +1$.
    """
    found = found_by(run)
    if found.q < _HALF:
        return
    mean = value_at_zero(run) if at_zero else found.null.expectation(lambda reached: reached.value)
    least = share / run.T - slack(run.instance)
    yield compare(str(run), mean, ">=", least, "E_null max_t val(sgn theta_t) >= 1/(2T) - (L/A)/(1-p)")


@claim(
    "dnf-exploration-luck",
    group="dnf-exploration",
    source="ours",
    on=(COIN_FLIPS,),
    witness=COIN_FLIPS,
    mutation=("the same without the coin", Family("the learner that names it", 3, lambda: coin_flips("naming"))),
    trivial="none: an equality, for one learner",
)
def dnf_exploration_luck(run: ProperRun, *, chance: fmpq = _HALF) -> Iterator[Case]:
    r"""A single transcript need not contain a good iterate.

    A learner flips one fair coin between a vertex that satisfies all terms, which are without positive literals, and
    $\theta = 0$. Within $T$ draws it finds $y = 1$ with probability at least $\tfrac12$, and yet with probability
    exactly $\tfrac12$ no $\theta_t$ of its null run has $\val(\sgn \theta_t) \ge \frac{1}{4T} - \frac{L/A}{1-p}$; and
    with positive probability there is a hit, and no such $\theta_t$ up to it.

    In words: The bound needs its probability: a lucky learner may show nothing good in half of its runs.
    Hypotheses: $\bar x_1 \bar x_2$ and $\bar x_1 \bar x_2 \lor \bar x_2 \bar x_3$ with $T = 5$, $\bar x_1 \bar x_2$
    twice with $T = 6$; $A = 1000$, $L = 9$.
    Constants: $\tfrac12$, exact; $\sgn 0 = +1$.
    """
    found, level = found_by(run), promised(run.instance, run.T)
    yield compare(str(run), found.q, ">=", chance, f"q >= {chance}")
    without = found.null.probability(lambda reached: reached.value < level)
    yield compare(str(run), without, "==", chance, f"P(no theta_t is good) = {chance} on null runs")
    by_luck = found.true.probability(lambda outcome: outcome[0] and outcome[1].value < level)
    yield compare(str(run), by_luck, ">", 0, "P(a hit, and no theta_t up to it is good) > 0")
