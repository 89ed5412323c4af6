"""The training-time methods that ``spanner run`` knows, on linear problems.

A proper learner needs a declared ``Theta``, which a problem has not.  What fits by least squares or Newton's method
takes the ball of radius ``B``; what searches takes a finite set made from the instance, 0 first: ties favour it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

import msgspec
from flint import fmpq

from proofs_check.cli.access import ROUNDS
from proofs_check.cli.output import UserError
from proofs_check.cli.program import NOISE, Algorithm, ParameterValues, ProgramAnswer, softmax_answer
from reference.algorithms.brute_force import BruteForce
from reference.algorithms.online_dpo import OnlineDPO
from reference.algorithms.parts.cover import Cover, RidgeCover, SpanCover
from reference.algorithms.parts.feedback import Preferences, Rewards
from reference.algorithms.parts.fits import LeastSquares, Newton
from reference.algorithms.parts.optimisers import exhaustive, vertices
from reference.algorithms.parts.projection import projected
from reference.algorithms.xpo import XPO
from reference.certificates import LogisticCertificate, LogisticLoss, check
from reference.exact.linalg import Vector
from reference.interaction.proper_learners import ProperLearner, proper
from reference.interaction.public import Public
from reference.interaction.world import Oracles
from reference.model import LinearProblem
from reference.model.parameter_set import Ball, Box, FiniteSet, ParameterSet, Theta

MOST_VERTICES_DIMENSION = 10
"""Dimension up to which all ``2^d`` vertices of a box are searched."""

_ProperProgram = Callable[[Oracles], ProgramAnswer]


def _online_dpo(problem: LinearProblem, v: ParameterValues) -> _ProperProgram:
    rounds, ridge = _rounds(v), v.rational("ridge")
    ball = Ball(problem.dimension, problem.B)
    if _choice(v, "feedback", FEEDBACK) == "preferences":
        if ridge <= 0:
            raise UserError(f"--param ridge={v.texts['ridge']}: preferences need a ridge above 0")
        newton = CheckedNewton(Newton(ridge))
        run = _program(problem, ball, OnlineDPO(rounds, Preferences(), newton))
        return lambda oracles: _with_check(run(oracles))
    least_squares = LeastSquares(_cover(problem, ridge, v))
    return _program(problem, ball, OnlineDPO(rounds, Rewards(), least_squares))


MINIMISER = ("minimiser", "of each fit within 2^-64, before it is projected: checked by reference.certificates")


@dataclass(frozen=True, slots=True)
class CheckedNewton:
    """Newton's method, whose minimiser passes :func:`~reference.certificates.family.check` before it is projected."""

    newton: Newton

    def __call__(self, public: Public, data: Mapping[Vector, int], /) -> Theta:
        """Return the parameter; :class:`~reference.certificates.CertificateError` if the minimiser is not shown."""
        found = self.newton.minimiser(public, data)
        check(LogisticLoss(tuple(data.items()), self.newton.ridge), LogisticCertificate(found.theta, found.radius))
        return projected(public.parameter_set, found.parameter)


def _with_check(answer: ProgramAnswer) -> ProgramAnswer:
    data = msgspec.structs.replace(answer.data, checked=("logistic",))
    return replace(answer, lines=(*answer.lines, MINIMISER), data=data)


def _xpo(problem: LinearProblem, v: ParameterValues) -> _ProperProgram:
    rounds, alpha, members = _rounds(v), v.rational("alpha"), _members(problem, v)
    if alpha < 0:
        raise UserError(f"--param alpha={v.texts['alpha']}: needs alpha >= 0")
    optimiser, finite = exhaustive(members), FiniteSet(members)
    if _choice(v, "feedback", FEEDBACK) == "preferences":
        return _program(problem, finite, XPO(rounds, alpha, Preferences(), optimiser))
    return _program(problem, finite, XPO(rounds, alpha, Rewards(), optimiser))


def _brute_force(problem: LinearProblem, v: ParameterValues) -> _ProperProgram:
    rounds, members = _rounds(v), _members(problem, v)
    return _program(problem, FiniteSet(members), BruteForce(rounds, members))


def _program(problem: LinearProblem, parameter_set: ParameterSet, learner: ProperLearner) -> _ProperProgram:
    run = proper(learner, Public.of(problem, parameter_set))
    return lambda oracles: softmax_answer(problem, run(oracles))


def _rounds(v: ParameterValues) -> int:
    T = v.integer("T")
    if T < 0:
        raise UserError(f"--param T={v.texts['T']}: the number of rounds cannot be negative")
    return T


def _cover(problem: LinearProblem, ridge: fmpq, v: ParameterValues) -> Cover:
    if ridge < 0:
        raise UserError(f"--param ridge={v.texts['ridge']}: needs ridge >= 0")
    if ridge == 0:
        return SpanCover.empty(problem.dimension)
    return RidgeCover.empty(problem.dimension, ridge, fmpq(1))  # its threshold plays no part in least squares


def _members(problem: LinearProblem, v: ParameterValues) -> tuple[Theta, ...]:
    """Return 0 and then the chosen parameters, each once."""
    star: Theta = tuple(problem.theta)
    zero: Theta = tuple(entry - entry for entry in star)
    if _choice(v, "Theta", SETS) == "star":
        return tuple(dict.fromkeys((zero, star, tuple(-entry for entry in star))))
    if len(star) > MOST_VERTICES_DIMENSION:
        raise UserError(f"--param Theta=vertices: 2^{len(star)} are too many; write Theta=star")
    box = Box(tuple(max(entry, -entry) for entry in star))
    return tuple(dict.fromkeys((zero, *vertices(box))))


def _choice(v: ParameterValues, name: str, names: tuple[str, ...]) -> str:
    text = v.texts[name]
    if text in names:
        return text
    close = get_close_matches(text, names, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"write {' or '.join(names)}"
    raise UserError(f"--param {name}={text[:80]}: unknown; {hint}")


FEEDBACK = ("rewards", "preferences")
SETS = ("star", "vertices")

_GROWS: tuple[tuple[str, ...], Callable[[ParameterValues], int]] = (
    ("T",),
    lambda v: 2 * v.integer("T") + v.integer("T") ** 2 // 4,
)
"""Each round fits what all rounds have seen."""

_T = {"T": ("2", "rounds, of two answers each")}
_FEEDBACK = {"feedback": ("rewards", "rewards or preferences")}
_THETA = {"Theta": ("star", "star: 0, theta*, -theta*; vertices: 0 and all theta with |theta_i| = |theta*_i|")}

PROPER_ALGORITHMS: Mapping[str, Algorithm[LinearProblem, Oracles]] = {
    "online-dpo": Algorithm(
        "OnlineDPO, Theta the ball of radius B",
        ROUNDS,
        {**_T, **_FEEDBACK, "ridge": ("1", "ridge of the fit; 0, on rewards: minimal norm"), **NOISE},
        _online_dpo,
        grows=_GROWS,
    ),
    "xpo": Algorithm(
        "XPO, exact over a finite Theta",
        ROUNDS,
        {**_T, **_FEEDBACK, "alpha": ("1", "weight of the bonus, at least 0"), **_THETA, **NOISE},
        _xpo,
        grows=_GROWS,
    ),
    "brute-force": Algorithm(
        "brute force over a finite Theta", ROUNDS, {**_T, **_THETA, **NOISE}, _brute_force, grows=_GROWS
    ),
}
