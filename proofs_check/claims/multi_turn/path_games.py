"""The needle path as learners of whole sequences see it: games, their values, and what halving the gap takes.

For the claims and the page.  All ``2^H`` strings are equally likely to be the one that earns.
"""

from dataclasses import dataclass
from itertools import product
from math import isqrt

from flint import fmpq

from reference.constructions.needle_paths import needle_path
from reference.exact import Real, log, real_log
from reference.exact.linalg import Vector
from reference.model.criteria import naming
from reference.model.game import Game
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response
from reference.model.problem import Problem

ON_STRING = fmpq(7, 20)
"""A policy whose gap is at most half of that of ``pi_ref`` draws the string with at least this probability."""

SUCCESS = fmpq(3, 4)


@dataclass(frozen=True)
class PathGame:
    """Naming the string of the needle path: features of whole prefixes, or of the string alone; largest budgets."""

    H: int
    prefixes: bool
    t_comp: int
    t_data: int

    def __str__(self) -> str:
        """As cases are labelled."""
        return f"2^H = {2**self.H}, T_comp <= {self.t_comp}, T_data <= {self.t_data}"

    @property
    def game(self) -> Game:
        """The game, with the weak oracle."""
        paths = [needle_path(self.H, "".join(s)) for s in product("01", repeat=self.H)]
        members = [path.sequences("concatenated") if self.prefixes else string_alone(path) for path in paths]
        return naming(members, earning)

    @property
    def budgets(self) -> list[tuple[int, int]]:
        """All pairs of budgets up to the largest."""
        return list(product(range(self.t_comp + 1), range(self.t_data + 1)))

    def value(self, t_comp: int, t_data: int) -> fmpq:
        """Return the value by its formula."""
        return (named_by_prefixes if self.prefixes else named_by_strings)(self.H, t_comp, t_data)

    def bound(self, t_comp: int, t_data: int, factor: int = 1) -> fmpq:
        """Return the bound of the value; ``factor``: of the queries."""
        queries = (self.H + 1) * max(1, t_comp) * (t_data + 1) if self.prefixes else t_comp + t_data + 1
        return fmpq(queries, factor * 2**self.H)


def string_alone(path: Problem) -> LinearProblem:
    """Return the needle path by sequences with ``phi(y) = 1[y = s]``: the last layer's features alone."""
    flat = path.sequences("concatenated")
    responses = tuple(
        Response(name, fmpq(1, 2**path.horizon), Vector.of([flat.phi(0, y)[path.horizon - 1] * path.horizon]))
        for y, name in enumerate(flat.responses(0))
    )
    theta = [flat.theta[-1] / path.horizon]
    prompts = [Prompt(path.prompts[0].name, fmpq(1), responses=responses)]
    return LinearProblem.of(path.name, prompts, theta=theta, beta=1, B=flat.B, R_max=flat.R_max)


def earning(problem: LinearProblem) -> set[tuple[int, int]]:
    """Return the response that earns, with its prompt."""
    return {(0, y) for y in problem.support(0) if problem.reward(0, y) > 0}


def hit_of_optimum(H: int) -> fmpq:
    """Return ``pi*(s)``."""
    return fmpq(4**H, 4**H + 2**H - 1)


def gap_of_base(H: int) -> Real:
    """Return the gap of ``pi_ref``: ``log(1 + (4^H - 1)/2^H) - 2^-H 2H log 2``."""
    return real_log(1 + fmpq(4**H - 1, 2**H)) - log(2) * fmpq(2 * H, 2**H)


def named_by_strings(H: int, t_comp: int, t_data: int) -> fmpq:
    """Return ``E min(1, (K + T_data + 1)/2^H)`` with ``K`` the number of different strings among ``T_comp`` drawn."""
    size, law = 2**H, {0: fmpq(1)}
    for _ in range(t_comp):
        later = dict[int, fmpq]()
        for seen, mass in law.items():
            later[seen] = later.get(seen, fmpq(0)) + mass * fmpq(seen, size)
            later[seen + 1] = later.get(seen + 1, fmpq(0)) + mass * fmpq(size - seen, size)
        law = later
    return sum((mass * min(fmpq(1), fmpq(seen + t_data + 1, size)) for seen, mass in law.items()), fmpq(0))


def named_by_prefixes(H: int, t_comp: int, t_data: int) -> fmpq:
    """Return ``E min(1, (T_data + 1)/2^(H-L-1))``, ``L`` the most that a drawn string shares with ``s``; 1 if all."""
    if t_comp == 0:
        return min(fmpq(1), fmpq(t_data + 1, 2**H))
    total, before = fmpq(0), fmpq(0)
    for shared in range(H):
        upto = (1 - fmpq(1, 2 ** (shared + 1))) ** t_comp
        total += (upto - before) * min(fmpq(1), fmpq((t_data + 1) * 2 ** (shared + 1), 2**H))
        before = upto
    return total + 1 - before


def least_by_strings(H: int) -> int:
    """Return a bound of ``T_comp + T_data + 1`` if the gap is halved with probability 3/4, ``phi(y) = 1[y = s]``."""
    return int((SUCCESS * ON_STRING * 2**H).ceil())


def least_by_prefixes(H: int) -> int:
    """Return the same with the features of all prefixes; ``H >= 3``: ``(H+1) T_comp (T_data+1) >= 0.2625 2^H``."""
    return isqrt(int((4 * SUCCESS * ON_STRING * 2**H / (H + 1)).ceil()) - 1) + 1


def by_tokens(H: int) -> int:
    """Return the most that ``T_comp + T_data + 1`` is with MTSS by listing, ``N_roll = N_out = 1``; gap 0 for sure."""
    return 3 * H * (H + 1) + 3 * H
