"""From the bytes of an instance file to a :class:`~reference.model.problem.Problem`, or to one clear line.

:func:`parse_any` reads either kind of instance; :mod:`reference.catalog.token_parse` reads token problems.
"""

from reference.catalog.explain import convert, is_version_2, kind_of
from reference.catalog.format import FORMAT, ProblemEntry, PromptEntry, ResponseEntry
from reference.catalog.reading import DEFAULT_LIMITS, Limits, Numbers, about, at_most, counted, decoded, reported
from reference.catalog.strict_json import Tree
from reference.catalog.token_format import TOKEN_FORMAT
from reference.catalog.token_parse import most_brackets as most_token_brackets
from reference.catalog.token_parse import problem_2, token_problem
from reference.exact.number import Undecided
from reference.model.checks import ProblemError
from reference.model.problem import Problem, Prompt, Response
from reference.model.tokens import TokenProblem


def parse(data: bytes | str, where: str = "<text>", *, limits: Limits = DEFAULT_LIMITS) -> Problem:
    """Return the problem that an instance file describes; ``where`` names the file in messages.

    >>> import reference as ref
    >>> ref.parse(ref.dump(ref.load("two-arms"))) == ref.load("two-arms")
    True

    Raises:
        InstanceError: for everything that is wrong with it, in one line; that it is a token problem, for one.
    """

    def read() -> Problem:
        found = _problem(decoded(data, limits, _most_brackets(limits)), limits)
        if isinstance(found, Problem):
            return found
        raise ProblemError("", "this is a token problem; a single-turn problem is needed here")

    return reported(where, data, read)


def parse_any(data: bytes | str, where: str = "<text>", *, limits: Limits = DEFAULT_LIMITS) -> Problem | TokenProblem:
    """Return the problem or the token problem that an instance file describes, told apart by its field ``format``.

    Raises:
        InstanceError: for everything that is wrong with it, in one line.
    """
    return reported(where, data, lambda: problem_in(data, limits))


def problem_in(data: bytes | str, limits: Limits) -> Problem | TokenProblem:
    """Return the problem of either kind in a file; ProblemError or JsonError otherwise."""
    tree = decoded(data, limits, max(_most_brackets(limits), most_token_brackets(limits)))
    return token_problem(tree, limits) if kind_of(tree) == TOKEN_FORMAT else _problem(tree, limits)


def _most_brackets(limits: Limits) -> int:
    return 2 * (limits.responses + limits.prompts)  # one object and one list each


def _problem(tree: Tree, limits: Limits) -> Problem | TokenProblem:
    if is_version_2(tree):
        return problem_2(tree, limits)
    entry = convert(tree, ProblemEntry, FORMAT)
    at_most("prompts", len(entry.prompts), limits.prompts)
    responses = sum(len(prompt.responses) for prompt in entry.prompts)
    at_most("prompts", responses, limits.responses, "responses in all")
    return _Reader(limits).problem(entry)


class _Reader(Numbers):
    def problem(self, entry: ProblemEntry) -> Problem:
        origin = about(entry)
        beta = self.number("beta", entry.beta)
        theta = self.parameter(entry.theta, sum(len(prompt.responses) for prompt in entry.prompts))
        self.check_dimension(entry)
        prompts = tuple(self.prompt(f"prompts[{i}]", prompt) for i, prompt in enumerate(entry.prompts))
        bound, spread = self.number("bounds.B", entry.bounds.B), self.number("bounds.R_max", entry.bounds.R_max)
        try:
            problem = Problem(entry.name, prompts, theta, beta, bound, spread, origin)
        except Undecided as error:
            raise ProblemError("theta", f"{error}; declare a larger bounds.B") from None
        self.check_exponent(beta, spread)
        return problem

    def prompt(self, path: str, entry: PromptEntry) -> Prompt:
        rho = self.number(f"{path}.rho", entry.rho)
        baseline = self.number(f"{path}.baseline", entry.baseline)
        responses = tuple(self.response(f"{path}.responses[{j}]", item) for j, item in enumerate(entry.responses))
        return Prompt(entry.name, rho, responses, baseline)

    def response(self, path: str, entry: ResponseEntry) -> Response:
        return Response(entry.name, self.number(f"{path}.pi_ref", entry.pi_ref), self.vector(f"{path}.phi", entry.phi))

    def check_dimension(self, entry: ProblemEntry) -> None:
        # Features of several lengths are refused later, where the wrong one can be told from theta.
        lengths = {len(response.phi) for prompt in entry.prompts for response in prompt.responses}
        if len(entry.theta) not in lengths:
            have = f"every phi has {lengths.pop()}" if len(lengths) == 1 else f"no phi has {len(entry.theta)}"
            reason = f"has {counted(len(entry.theta), 'entry', 'entries')}, but {have}"
            raise ProblemError("theta", f"{reason}; give theta and every phi the same length")
