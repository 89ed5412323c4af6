"""Why targets are averaged: what the noise of rewards does to the parameters of MTSS (ours)."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from flint import fmpq

from proofs_check.claims.multi_turn.pass_laws import Layers, Passes
from proofs_check.ledger import Case, Check, Family, On, claim, compare, fact
from reference.algorithms.mtss import MTSS, fit, roll_out
from reference.algorithms.parts.mtss_inputs import MTSSInputs
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.mtss_state import AcceptedPair, Layer
from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import LogLinear, Real, exp, log, real, real_log, real_sum
from reference.exact.law import Law, Mass
from reference.exact.linalg import Vector
from reference.exact.log_linear import ZERO
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.seeded import Seeded
from reference.interaction.world import At, TokenOracles, World
from reference.model.problem import Problem


class Noisy(NamedTuple):
    """Fair bits whose ones earn ``log earned``, with rewards off by ``size`` either way, and ``N_out``.

    ``asked``: how often the reward at the end of a roll-out is asked for, to take the mean of the answers.
    """

    H: int
    n_out: int
    earned: fmpq = fmpq(4)
    size: fmpq = fmpq(1, 50)
    asked: int = 1

    @property
    def problem(self) -> Problem:
        """The fair bits; the noise is that of the mean of ``asked`` answers."""
        sums = Law.point(fmpq(0))
        for _ in range(self.asked):
            sums = sums.product(Law.uniform([-self.size, self.size])).map(lambda pair: pair[0] + pair[1])
        bits = fair_bits(self.H, log(self.earned), name=f"fair bits for log {self.earned}, H = {self.H}")
        return replace(bits, noise=sums.map(lambda total: total / self.asked))

    @property
    def variance(self) -> fmpq:
        """``Var xi``, of the difference of two rewards."""
        return 2 * self.size**2 / self.asked

    @property
    def optimal(self) -> LogLinear:
        """``theta*_h``, in every layer."""
        return log(self.earned)

    def __str__(self) -> str:
        asked = f", each reward asked for {self.asked} times" * (self.asked > 1)
        return f"{self.problem.name}, noise +-{self.size}, N_out = {self.n_out}{asked}"


def all_covered(problem: Problem) -> Layers:
    """Return the layers with a pair each, at the prefix of zeros."""
    start: Layers = MTSSPolicy.start(problem.dimensions, MTSS(1)).layers
    one = Vector.of([1])
    return tuple(layer.with_pair(AcceptedPair(At(0, (0,) * h), 1, 0, one)) for h, layer in enumerate(start))


def centred(oracles: TokenOracles, later: Layers, at: At, p: MTSSInputs) -> Real | AcceptedPair:
    """Return ``G_h - sum_{j>h} log((1 + exp theta_j)/2)``.

    What is subtracted cancels in targets; without it returns are no log-linear numbers.
    """
    found = roll_out(oracles, later, at, p)
    if isinstance(found, AcceptedPair):
        return found
    return found - real_sum(real_log((1 + exp(layer.theta[0])) / 2) for layer in later)


@lru_cache(maxsize=16)
def fit_law(case: Noisy) -> dict[Layers, Mass]:
    """Return the law of what line 3 ends with if every layer has its pair, as a table."""
    problem, found = case.problem, dict[Layers, Mass]()
    for layers, mass in Passes(problem, MTSS(1, n_out=case.n_out), centred).fitted(all_covered(problem)).items():
        if not isinstance(layers, AcceptedPair):  # none is met
            found[layers] = mass
    return found


def layer_error(layer: Layer, case: Noisy) -> LogLinear:
    """Return ``e_h = theta_h - theta*_h``."""
    return layer.theta[0] - case.optimal


def mean_square_error(found: dict[Layers, Mass], h: int, case: Noisy) -> Real:
    """Return ``E e_h^2``, layers counted from 0."""
    return real_sum(
        real(layer_error(layers[h], case)) * layer_error(layers[h], case) * mass for layers, mass in found.items()
    )


def passed_on(layer: Layer, case: Noisy) -> Real:
    """Return ``2 pi_h (1 - pi_h) e_h^2``, what the error of a layer adds to the squared error of each one before."""
    w = exp(layer.theta[0])
    return real(layer_error(layer, case)) * layer_error(layer, case) * (w * 2) / ((1 + w) * (1 + w))


def line_3_is_fitted(case: Noisy) -> Iterator[Case]:
    """Compare the table with the exact law of line 3 as it stands (``N_out = 1``), or with runs of it."""
    problem, p, table = case.problem, MTSS(1, n_out=case.n_out), fit_law(case)
    layers = all_covered(problem)

    def fitted(choice: Choice) -> Layers | AcceptedPair:
        return fit(World(problem, choice, metered=False).tokens, layers, p)

    if case.n_out == 1:
        yield fact(str(case), law_of(fitted) == Law.of(table), "the law of line 3, target by target")
        return
    for seed in range(_SEEDS):
        yield fact(f"{case}, seed {seed}", fitted(Seeded(seed)) in table, "what line 3 ends with is in the table")


_SEEDS = 8
_TINY = fmpq(1, 1000)
_HALF = fmpq(1, 2)


def _noisy() -> Iterator[Noisy]:
    for n_out in (1, 2, 3):
        yield Noisy(2, n_out)
    yield Noisy(2, 2, fmpq(1), _TINY)
    yield Noisy(2, 1, asked=3)
    yield Noisy(3, 1, fmpq(3), _HALF)


NOISY = Family("fair bits, H in {2, 3}, N_out in {1, 2, 3}, noise +-1/1000, +-1/50, +-1/2", 6, _noisy)
_FITTED = Family("fair bits, H = 2, N_out in {1, 2}", 2, lambda: [Noisy(2, 1), Noisy(2, 2)])
_TINIEST = Family("reward 0, noise +-1/1000", 2, lambda: [Noisy(2, n_out, fmpq(1), _TINY) for n_out in (1, 2)])
_TWO = Family("fair bits, H = 2, N_out = 2", 1, lambda: [Noisy(2, 2)])
_ASKED = Family("fair bits, H = 2, each reward asked for twice", 1, lambda: [Noisy(2, 1, asked=2)])


def noise_attained(case: Noisy) -> Iterator[Case]:
    """Decide that the bound is sharp: without rewards and with little noise the bits stay nearly fair."""
    squared = mean_square_error(fit_law(case), 0, case)
    bound = case.variance / case.n_out * (1 + fmpq(1, 2 * case.n_out))
    yield compare(str(case), squared, ">", bound * (1 - _TINY), "E e_1^2 > 0.999 (Var xi/N_out)(1 + 1/(2 N_out))")


@claim(
    "mtss-target-noise",
    source="ours: statement, constants and proof; for FMR25 Thm 5.1",
    depends=("path-consistency",),
    on=(NOISY, Check(_FITTED, line_3_is_fitted), Check(_TINIEST, noise_attained)),
    witness=_TWO,
    mutation=("two answers at the end of one roll-out for two roll-outs", On(_ASKED, roll_outs=2)),
    trivial=("theta = 0 is fitted", On(_TWO, at_zero=True)),
)
def mtss_target_noise(case: Noisy, *, half: fmpq = _HALF, roll_outs: int = 1, at_zero: bool = False) -> Iterator[Case]:
    r"""Noise grows from layer to layer, unless targets are averaged.

    On fair bits, with everything covered, $e_h = \theta_h - \theta^*_h$, and $\xi$ the noise of the difference of two
    rewards,

    $$
    \E e_h^2 = \frac{\operatorname{Var} \xi + \sum_{j > h} \E[2 \pi_j (1 - \pi_j) e_j^2]}{N_{\mathrm{out}}}
    \le \frac{\operatorname{Var} \xi}{N_{\mathrm{out}}} \Bigl( 1 + \frac{1}{2 N_{\mathrm{out}}} \Bigr)^{H-h},
    $$

    $\pi_j = e^{\theta_j}/(1 + e^{\theta_j})$. So with $N_{\mathrm{out}} = 1$ the squared error may grow by 3/2 a layer,
    with $N_{\mathrm{out}} \ge H$ by $\sqrt e$ in all.

    In words: Noise may grow by half at each token, from the last to the first; averaging as many roll-outs as there are
    tokens keeps it in check.
    Hypotheses: independent noise of mean 0, $\beta = 1$, exact normalisers, no rounding.
    Constants: 1/2 in the growth; sharp.
    Caveats: more answers at the end of one roll-out divide $\operatorname{Var} \xi$ only: the growth stays.
    """
    N, label = case.n_out, str(case)
    found = {layers: mass for layers, mass in fit_law(case).items() if not at_zero}
    if at_zero:
        found[tuple(layer._replace(theta=(ZERO,)) for layer in all_covered(case.problem))] = fmpq(1)
    for h in reversed(range(case.H)):
        squared = mean_square_error(found, h, case)
        later = range(h + 1, case.H)
        added = real_sum(passed_on(layers[j], case) * mass for layers, mass in found.items() for j in later)
        equal = (added + case.variance) / N
        yield compare(f"{label}, h = {h + 1}", squared, "==", equal, "E e_h^2 = (Var xi + sum_j E[..])/N_out")
        bound = case.variance / N * (1 + half / (N * roll_outs)) ** (case.H - h - 1)
        yield compare(f"{label}, h = {h + 1}", squared, "<=", bound, "E e_h^2 <= (Var xi/N_out)(1 + 1/(2 N_out))^(H-h)")
