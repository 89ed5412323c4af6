"""From a problem to the linear problem of its responses: :meth:`reference.model.problem.Problem.sequences`."""

from collections.abc import Iterable
from functools import cached_property

from flint import fmpq

from reference.exact.law import Mass
from reference.exact.linalg import Matrix, Span, Vector
from reference.exact.log_linear import LogLinear
from reference.model.checks import ProblemError
from reference.model.forms import times
from reference.model.linear import linear_score
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prefix, Prompt, Response
from reference.model.problem import Features, Problem


def expanded_problem(problem: Problem, features: Features) -> LinearProblem:
    """Return the linear problem whose responses are the supported ones, named by :func:`sequence_name`."""
    paths = [[_path(problem, x, response) for response in problem.expanded(x)] for x in range(len(problem.prompts))]
    return _tabular(problem, paths) if features == "tabular" else _concatenated(problem, paths)


def sequence_name(tokens: Iterable[str]) -> str:
    """Return a name of a sequence or prefix: its tokens with spaces between; different sequences have different names.

    A token that is empty, begins with a quote, or holds spaces or characters that do not print is written in quotes.
    A name read from the left is then cut into its tokens in one way only.
    """
    return " ".join(map(_spelled, tokens))


def _spelled(token: str) -> str:
    plain = token.isprintable() and " " not in token and token[:1] not in {"", "'", '"'}
    return token if plain else repr(token)


class _Path:
    """A sequence with its base probability, reward and the features of its prefixes one after the other."""

    def __init__(self, name: str, pi_ref: Mass, reward: LogLinear, phi: tuple[Vector, ...]) -> None:
        self.name = name
        self.pi_ref = pi_ref
        self.reward = reward
        self._phi = phi

    @cached_property
    def phi(self) -> Vector:
        """The features, over their number."""
        return Vector.of(entry / len(self._phi) for part in self._phi for entry in part)


def _path(problem: Problem, x: int, response: Prefix) -> _Path:
    i, phi = problem.prompts[x].root, list[Vector]()
    mass: Mass = fmpq(1)
    for h, token in enumerate(response):
        edge = problem.edge(h, i, token)
        mass, i = times(mass, edge.pi_ref), edge.child
        phi.append(edge.phi)
    name = sequence_name(problem.spelled(x, response))
    return _Path(name, mass, problem.reward_of(x, response), tuple(phi))


def _tabular(problem: Problem, paths: list[list[_Path]]) -> LinearProblem:
    rewards = list(dict.fromkeys(path.reward for row in paths for path in row))
    unit = {reward: _unit(len(rewards), k) for k, reward in enumerate(rewards)}
    entries = [
        Prompt(entry.name, entry.rho, responses=_responses(row, [unit[path.reward] for path in row]))
        for entry, row in zip(problem.prompts, paths, strict=True)
    ]
    return _built(problem, entries, rewards)


def _concatenated(problem: Problem, paths: list[list[_Path]]) -> LinearProblem:
    theta = _linear_parameter(problem, paths)
    score = linear_score(theta)
    entries = []
    for entry, row in zip(problem.prompts, paths, strict=True):
        baseline = row[0].reward - score(row[0].phi)
        if not baseline.is_rational:
            reason = f"its baseline {baseline} is not rational; use tabular features"
            raise ProblemError(f"prompt {entry.name!r}", reason)
        responses = _responses(row, [path.phi for path in row])
        entries.append(Prompt(entry.name, entry.rho, responses=responses, baseline=baseline.constant))
    return _built(problem, entries, theta)


def _linear_parameter(problem: Problem, paths: list[list[_Path]]) -> list[LogLinear]:
    """Return a ``theta`` that gives every difference of rewards within a prompt."""
    span = Span.empty(sum(problem.dimensions))
    rights: list[LogLinear] = []
    for entry, row in zip(problem.prompts, paths, strict=True):
        for path in row[1:]:
            phi, reward = path.phi - row[0].phi, path.reward - row[0].reward
            if not span.contains(phi):
                span = span.with_vector(phi)
                rights.append(reward)
            elif (c := span.coefficients(phi)) is not None and c.dot_numbers(rights) != reward:
                reason = f"the reward of {path.name!r} is not linear in the features of its prefixes"
                raise ProblemError(f"prompt {entry.name!r}", f"{reason}; use tabular features")
    if not rights:
        return [LogLinear(fmpq(0))] * span.ambient_dimension
    # theta = Phi^T w with Phi Phi^T w = rights
    from_basis = _gram_solution(span, rights)
    columns = (Vector.of(row[j] for row in span.basis) for j in range(span.ambient_dimension))
    return [column.dot_numbers(from_basis) for column in columns]


def _gram_solution(span: Span, rights: list[LogLinear]) -> tuple[LogLinear, ...]:
    rows = [[v.dot(w) for w in span.basis] for v in span.basis]
    return Matrix.of(rows).solve_numbers(rights)


def _responses(row: list[_Path], features: list[Vector]) -> tuple[Response, ...]:
    return tuple(Response(path.name, path.pi_ref, phi) for path, phi in zip(row, features, strict=True))


def _built(problem: Problem, entries: list[Prompt], theta: list[LogLinear]) -> LinearProblem:
    bound = sum(abs(entry).ceil() for entry in theta)
    return LinearProblem.of(
        problem.name, entries, theta=theta, beta=problem.beta, B=bound, R_max=problem.R_max, noise=problem.noise
    )


def _unit(dimension: int, k: int) -> Vector:
    return Vector((0,) * k + (1,) + (0,) * (dimension - k - 1))


ResponseRow = tuple[str, Mass, LogLinear]
"""Name, base probability and reward."""


def path(problem: Problem, x: int, prefix: Prefix) -> ResponseRow:
    """Return the name of a prefix or response, its base probability, and the rewards on the way."""
    reward, i = LogLinear(fmpq(0)), problem.prompts[x].root
    mass: Mass = fmpq(1)
    for h, token in enumerate(prefix):
        edge = problem.edge(h, i, token)
        mass, reward, i = times(mass, edge.pi_ref), reward + edge.reward, edge.child
    return sequence_name(problem.spelled(x, prefix)), mass, reward
