"""The numbers of a problem that its certificates speak of, from their definitions; each is computed once.

Scores are integer matrix products over the features, rewards and partition functions sums over the responses: nothing
of :mod:`reference.model` is used but the problem itself.
"""

from functools import cache
from math import lcm

from flint import fmpq, fmpz_mat

from reference.certificates.rows import Block, integer_rows
from reference.exact.expratio import ExpRatio, exp_ratio, ratio_total
from reference.exact.expsum import ExpSum, exp, exp_sum
from reference.exact.log_linear import LogLinear
from reference.model.linear_problem import LinearProblem


class Definition:
    """``phi(x,y)``, ``r(x,y)/beta``, ``pi_ref(y|x) exp(r(x,y)/beta)`` and its sum ``Z(x)``, for one problem."""

    def __init__(self, problem: LinearProblem) -> None:
        self.problem = problem
        self.features = cache(self._features)
        self.exponents = cache(self._exponents)
        self.partition = cache(self._partition)
        primes = sorted({prime for entry in problem.theta for prime, _ in entry.terms})
        rows = [[entry.constant, *(dict(entry.terms).get(p, fmpq(0)) for p in primes)] for entry in problem.theta]
        self._primes, self._scale = primes, lcm(*(int(q.q) for row in rows for q in row))
        self._theta = fmpz_mat([[int((q * self._scale).p) for q in row] for row in rows])

    @classmethod
    def of(cls, problem: "LinearProblem | Definition") -> "Definition":
        """Return the numbers of a problem, which may be there already."""
        return problem if isinstance(problem, Definition) else cls(problem)

    def weight(self, x: int, y: int) -> ExpSum | ExpRatio:
        """``pi_ref(y|x) exp(r(x,y)/beta)``."""
        return exp(self.exponents(x)[y]) * self.problem.prompts[x].responses[y].pi_ref

    def largest_exponent(self, x: int) -> LogLinear:
        """The largest ``r(x,y)/beta`` over responses of positive base probability."""
        responses = self.problem.prompts[x].responses
        found = [e for e, response in zip(self.exponents(x), responses, strict=True) if response.pi_ref > 0]
        rational = [e.constant for e in found if e.is_rational]
        return LogLinear(max(rational)) if len(rational) == len(found) else max(found)

    def _features(self, x: int) -> Block:
        features = [response.phi for response in self.problem.prompts[x].responses]
        return integer_rows(features, self.problem.dimension)

    def _exponents(self, x: int) -> tuple[LogLinear, ...]:
        entry = self.problem.prompts[x]
        rows, common = self.features(x)
        table = rows * self._theta
        unit, baseline = fmpq(1, common * self._scale) / self.problem.beta, entry.baseline / self.problem.beta
        if not self._primes:
            # p/q times each constant, and s/q added, in integers: there may be a million.
            q = lcm(int(unit.q), int(baseline.q))
            p, s = int((unit * q).p), int((baseline * q).p)
            return tuple([LogLinear(fmpq(constant * p + s, q)) for constant in table.entries()])
        return tuple(
            LogLinear(
                constant * unit + baseline,
                tuple((p, k * unit) for p, k in zip(self._primes, logs, strict=True) if k != 0),
            )
            for constant, *logs in table.tolist()
        )

    def _partition(self, x: int) -> ExpSum | ExpRatio:
        responses = self.problem.prompts[x].responses
        rows = [(r.pi_ref, e) for r, e in zip(responses, self.exponents(x), strict=True) if r.pi_ref > 0]
        rationals = [(mass, e) for mass, e in rows if isinstance(mass, fmpq)]
        if len(rationals) == len(rows):
            return exp_sum(rationals)
        return ratio_total(exp_ratio(mass) * exp(e) for mass, e in rows)
