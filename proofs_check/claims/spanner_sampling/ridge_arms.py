"""Two arms on which ridge mode has laws over Q, and what SpannerSampling does there, worked out by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb

from flint import fmpq

from proofs_check.claims.spanner_sampling.setting import one_prompt
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact import LogLinear, Real, exp, exp_ratio, log, real_log, real_sum
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.laws.softmax_sampling import softmax_sampler_law
from reference.model import LinearProblem, Prompt, Response


@dataclass(frozen=True)
class Arm:
    """Responses of features 0 and 1, the second of base mass ``mass``; ``theta* = times log(root)``, ``beta = 1``.

    After ``k`` differing pairs ``theta_t = k/(lambda + k) theta*``: ``times`` makes that a multiple of ``log(root)``.
    """

    mass: fmpq
    root: fmpq
    times: int
    ridge: fmpq
    nu: fmpq

    @property
    def theta(self) -> LogLinear:
        """Return ``theta*``."""
        return log(self.root) * self.times

    @property
    def problem(self) -> LinearProblem:
        """Return the problem."""
        rows = [(Vector.of([0]), 1 - self.mass), (Vector.of([1]), self.mass)]
        return one_prompt(f"an arm of mass {self.mass} and reward {self.theta}", rows, [self.theta], fmpq(1))

    def inputs(self, n_prompt: int, t_exp: int) -> SpannerSampling:
        """Return inputs with the fewest draws in SoftmaxSampler."""
        return SpannerSampling(n_prompt, 1, t_exp, 1, 1, ridge=self.ridge, nu=self.nu)

    def covered(self, k: int) -> bool:
        """Whether the two arms are covered after ``k`` acceptances."""
        return 1 / (self.ridge + k) <= self.nu**2

    def score(self, k: int) -> LogLinear:
        """Return ``theta_t`` after ``k`` differing pairs."""
        return self.theta * (k / (self.ridge + k))

    def after_phase_1(self, n_prompt: int) -> dict[int, fmpq]:
        """Return the law of the number of acceptances: each pair differs by chance, until the arms are covered."""
        most = next(k for k in range(n_prompt + 1) if k == n_prompt or self.covered(k))
        differ = 2 * self.mass * (1 - self.mass)
        binomial = [comb(n_prompt, k) * differ**k * (1 - differ) ** (n_prompt - k) for k in range(n_prompt + 1)]
        return {k: binomial[k] if k < most else sum(binomial[most:], fmpq(0)) for k in range(most + 1)}

    def learns(self, f: LogLinear, p: SpannerSampling) -> fmpq:
        """Return the probability that line 13 answers the other arm than ``y2``, where arm 1 is ``f`` above arm 0."""
        masses = {0: 1 - self.mass, 1: self.mass}
        other = fmpq(0)
        for y2, mass in masses.items():
            scores = {y: f * (y - y2) for y in masses}
            law = softmax_sampler_law(Law.of(masses), scores.__getitem__, fmpq(1), p.M, p.draws)
            other += mass * exp_ratio(law.mass(1 - y2)).as_rational()
        return other

    def rounds(self, k: int, p: SpannerSampling) -> Iterator[tuple[fmpq, list[LogLinear], int]]:
        """Yield the ways of phase 2 after ``k`` acceptances: probability, scores of arm 1, differing pairs in all."""
        ways: list[tuple[fmpq, list[LogLinear], int]] = [(fmpq(1), [], k)]
        covered = self.covered(k)
        for _ in range(p.t_exp):
            longer = []
            for mass, scores, n in ways:
                f = self.score(n) if covered else LogLinear(fmpq(0))
                other = self.learns(f, p)
                longer += [(mass * other, [*scores, f], n + 1), (mass * (1 - other), [*scores, f], n)]
            ways = longer
        yield from ways

    def expected(self, p: SpannerSampling) -> tuple[Real, Real]:
        """Return the expected gap of what is returned, sampled exactly, and ``E log(det Sigma_{T+1}/det Sigma_1)``."""
        gaps, growths = [], []
        best = self.softmax(self.theta)
        for k, share in self.after_phase_1(p.n_prompt).items():
            for mass, scores, n in self.rounds(k, p):
                b = sum((self.softmax(f) for f in scores), fmpq(0)) / p.t_exp
                gaps.append((real_log(b / best) * b + real_log((1 - b) / (1 - best)) * (1 - b)) * (share * mass))
                growths.append(real_log((self.ridge + n) / (self.ridge + k)) * (share * mass))
        return real_sum(gaps), real_sum(growths)

    def softmax(self, f: LogLinear) -> fmpq:
        """Return the mass of arm 1 under ``pi_f``."""
        w = exp(f).as_rational() * self.mass
        return w / (w + 1 - self.mass)


def log_rational_arms() -> Iterator[tuple[Arm, int, int]]:
    """Yield arms, the last of them covered from the start, with ``N_prompt`` and ``T_exp``."""
    yield Arm(fmpq(7, 20), fmpq(61, 60), 120, fmpq(1, 7), fmpq(1)), 95, 2
    yield Arm(fmpq(1, 4), fmpq(9, 8), 12, fmpq(1), fmpq(99, 140)), 2, 2
    yield Arm(fmpq(1, 4), fmpq(8, 7), 6, fmpq(2), fmpq(1, 2)), 3, 1
    yield Arm(fmpq(1, 2), fmpq(7, 6), 6, fmpq(1), fmpq(1)), 0, 3


def quick_arm() -> Arm:
    """Return an arm whose law is short after many prompts: ``sqrt(lambda) 2 = beta/4``."""
    return Arm(fmpq(1, 3), fmpq(34, 33), 65, fmpq(1, 64), fmpq(1))


def arms_apart() -> LinearProblem:
    """Return two prompts with an arm each, of orthogonal features: ``sqrt(lambda) B = beta/2`` gives laws over Q."""
    half, theta = fmpq(1, 2), log(fmpq(23, 22)) * 37
    prompts = [
        Prompt(f"x{i}", half, responses=(Response("0", half, Vector.of([0, 0])), Response("1", half, Vector.of(phi))))
        for i, phi in enumerate(([1, 0], [0, 1]))
    ]
    return LinearProblem.of("two prompts with a fair arm each", prompts, theta=[theta, theta], beta=1, B=3, R_max=2)
