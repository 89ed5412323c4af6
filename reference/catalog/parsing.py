"""From the bytes of an instance file to a :class:`~reference.model.problem.Problem`, or to one clear line.

The fields ``format`` and ``version`` tell the published formats apart; :mod:`reference.catalog.token_parse` reads the
other one, :mod:`reference.catalog.parse2` version 2.
"""

from reference.catalog.explain import convert, is_version_2, kind_of
from reference.catalog.format import ProblemEntry, PromptEntry, ResponseEntry
from reference.catalog.reading import (
    DEFAULT_LIMITS,
    InstanceError,
    Limits,
    Numbers,
    about,
    at_most,
    decoded,
    reported,
)
from reference.catalog.strict_json import Tree
from reference.catalog.token_format import TOKEN_FORMAT
from reference.catalog.token_parse import most_brackets as most_token_brackets
from reference.catalog.token_parse import token_problem
from reference.exact.number import Undecided
from reference.model.checks import ProblemError
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response, counted
from reference.model.problem import NO_NOISE, Problem


def parse(data: bytes | str, where: str = "<text>", *, limits: Limits = DEFAULT_LIMITS) -> Problem:
    """Return the problem that an instance file describes; ``where`` names the file in messages.

    >>> import reference as ref
    >>> p = ref.load("markov-bits")
    >>> ref.parse(ref.dump(p)) == p
    True

    Raises:
        InstanceError: for everything that is wrong with it, in one line.
    """
    return reported(where, data, lambda: problem_in(data, limits))


def problem_in(data: bytes | str, limits: Limits) -> Problem:
    """Return the problem in a file; ProblemError or JsonError otherwise."""
    marked = TOKEN_FORMAT.encode() in data if isinstance(data, bytes) else TOKEN_FORMAT in data
    tree = decoded(data, limits, (most_token_brackets if marked else _most_brackets)(limits))
    return token_problem(tree, limits) if kind_of(tree) == TOKEN_FORMAT else _problem(tree, limits)


def parse_linear(data: bytes | str, where: str = "<text>", *, limits: Limits = DEFAULT_LIMITS) -> LinearProblem:
    """Return what :func:`parse` does, if it is a linear problem: horizon 1, with ``theta``.

    >>> import reference as ref
    >>> ref.parse_linear(ref.dump(ref.load("two-arms"))) == ref.load("two-arms")
    True

    Raises:
        InstanceError: as :func:`parse`, and for a problem that is not linear; one line.
    """
    return checked_linear(parse(data, where, limits=limits), where)


def checked_linear(problem: Problem, where: str) -> LinearProblem:
    """Return the problem; InstanceError if it is not linear."""
    if not isinstance(problem, LinearProblem):
        reason = f"a problem of horizon {problem.horizon} without theta; a linear problem is needed here"
        raise InstanceError(f"{where}: {reason}")
    return problem


def _problem_2(tree: Tree, limits: Limits) -> Problem:
    # Most files have version 1, and commands are to start at once.
    from reference.catalog.build2 import built  # noqa: PLC0415 - see above
    from reference.catalog.parse2 import graph_in  # noqa: PLC0415 - see above

    return built(graph_in(tree, limits))


def _most_brackets(limits: Limits) -> int:
    return 2 * (limits.responses + limits.prompts)  # one object and one list each


def _problem(tree: Tree, limits: Limits) -> Problem:
    if is_version_2(tree):
        return _problem_2(tree, limits)
    entry = convert(tree, ProblemEntry)
    at_most("prompts", len(entry.prompts), limits.prompts)
    responses = sum(len(prompt.responses) for prompt in entry.prompts)
    at_most("prompts", responses, limits.responses, "responses in all")
    return _Reader(limits).problem(entry)


class _Reader(Numbers):
    def problem(self, entry: ProblemEntry) -> LinearProblem:
        origin = about(entry)
        beta = self.number("beta", entry.beta)
        theta = self.parameter(entry.theta, sum(len(prompt.responses) for prompt in entry.prompts))
        self.check_dimension(entry)
        prompts = tuple(self.prompt(f"prompts[{i}]", prompt) for i, prompt in enumerate(entry.prompts))
        bound, spread = self.number("bounds.B", entry.bounds.B), self.number("bounds.R_max", entry.bounds.R_max)
        try:
            problem = LinearProblem(entry.name, prompts, beta, spread, NO_NOISE, (), origin, theta=theta, B=bound)
        except Undecided as error:
            raise ProblemError("theta", f"{error}; declare a larger bounds.B") from None
        self.check_exponent(beta, spread)
        return problem

    def prompt(self, path: str, entry: PromptEntry) -> Prompt:
        rho = self.number(f"{path}.rho", entry.rho)
        baseline = self.number(f"{path}.baseline", entry.baseline)
        return Prompt(
            entry.name, rho, responses=self.responses(f"{path}.responses", entry.responses), baseline=baseline
        )

    def responses(self, path: str, entries: list[ResponseEntry]) -> tuple[Response, ...]:
        masses = self.numbers(path, "pi_ref", [entry.pi_ref for entry in entries])
        features = self.vectors(path, [entry.phi for entry in entries])
        return tuple(map(Response, [entry.name for entry in entries], masses, features))

    def check_dimension(self, entry: ProblemEntry) -> None:
        # Features of several lengths are refused later, where the wrong one can be told from theta.
        lengths = {len(response.phi) for prompt in entry.prompts for response in prompt.responses}
        if len(entry.theta) not in lengths:
            have = f"every phi has {lengths.pop()}" if len(lengths) == 1 else f"no phi has {len(entry.theta)}"
            reason = f"has {counted(len(entry.theta), 'entry', 'entries')}, but {have}"
            raise ProblemError("theta", f"{reason}; give theta and every phi the same length")
