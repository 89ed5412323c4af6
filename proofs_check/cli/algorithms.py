"""The algorithms that ``spanner run`` knows, each as a program over oracles with parameters given as text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from flint import fmpq

from proofs_check.cli.output import UserError, number
from reference.algorithms.barycentric_spanner import barycentric_spanner
from reference.algorithms.cover import Cover, RidgeCover, SpanCover
from reference.algorithms.enumerating import enumerating
from reference.algorithms.parameters import Parameters
from reference.algorithms.passive import passive
from reference.algorithms.rejection import ideal_rejection
from reference.algorithms.returned_law import ideal_law
from reference.algorithms.softmax_sampler import number_of_draws, softmax_sampler
from reference.algorithms.spanner_sampling import SpannerPolicy, spanner_sampling
from reference.exact import BadNumber, LogLinear, exp_ratio, rational, rational_text, real
from reference.exact.linalg import Vector
from reference.exact.rational import ceiling
from reference.interaction.world import Oracles, SoftmaxPolicy
from reference.model import Problem, TabularPolicy, coverage, gap, optimum, softmax

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program returned, as lines of text, and the queries that one draw from it makes (``None``: no policy)."""

    lines: tuple[tuple[str, str], ...]
    queries_per_draw: int | None = None


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A program, and its parameters with their default values; ``""`` means that the instance decides."""

    title: str
    parameters: Mapping[str, tuple[str, str]]
    program: Callable[[Problem, "Values"], Callable[[Oracles], Answer]]


class Reader:
    """Parameter values as texts, read on demand; a bad one is a :class:`UserError` that names it."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def rational(self, name: str) -> fmpq:
        """Return a rational parameter."""
        try:
            return rational(self.texts[name])
        except BadNumber as error:
            raise UserError(f"--param {name}: {error}") from None

    def integer(self, name: str) -> int:
        """Return an integer parameter."""
        value = self.rational(name)
        if value.q != 1:
            raise UserError(f"--param {name}={self.texts[name]}: needs an integer")
        return int(value.p)

    def mode(self) -> Literal["ridge", "span"]:
        """Return ``ridge`` or ``span``."""
        match self.texts["mode"]:
            case "ridge" | "span" as mode:
                return mode
        raise UserError(f"--param mode={self.texts['mode']}: write ridge or span")


class Values(Reader):
    """Parameter values of one run on an instance."""

    def __init__(self, problem: Problem, texts: Texts) -> None:
        super().__init__(texts)
        self.problem = problem

    def prompt(self) -> int:
        """Return the prompt ``x``, given by name or by index."""
        text, names = self.texts["x"], self.problem.prompts
        if text in names:
            return names.index(text)
        if text.isdecimal() and len(text) < 10 and int(text) < len(names):  # noqa: PLR2004 - no absurd numerals
            return int(text)
        raise UserError(f"--param x={text}: no such prompt; there are 0 to {len(names) - 1}, first {names[0]!r}")

    def bound(self, factor: int) -> fmpq:
        """Return ``M``, by default ``factor * C_cov(pi*)`` rounded up."""
        if self.texts["M"]:
            return self.rational("M")
        return fmpq(_ceiling(self.problem) * factor)

    def cover(self) -> Cover:
        """Return the empty cover of the chosen mode."""
        if self.mode() == "span":
            return SpanCover.empty(self.problem.dimension)
        return RidgeCover.empty(self.problem.dimension, self.rational("lambda"), self.rational("nu"))


def _ceiling(problem: Problem) -> int:
    value = coverage(problem, optimum(problem))
    if isinstance(value, fmpq):
        return ceiling(value)
    return next(n for n in (int(real(value).enclosure(64).upper().ceil().unique_fmpz() or 0),) if n)


def _spanner_sampling(problem: Problem, v: Values) -> Callable[[Oracles], Answer]:
    p = Parameters.of(
        v.integer("n_prompt"), v.integer("n_pair"), v.integer("t_exp"), v.bound(2), v.rational("delta"),
        ridge=v.rational("lambda"), nu=v.rational("nu"), mode=v.mode(),
    )  # fmt: skip

    def program(oracles: Oracles) -> Answer:
        policy = spanner_sampling(oracles, p)
        lines = [("accepted", ", ".join(str(phi) for phi, _ in policy.psi) or "nothing")]
        lines += [(f"theta_{t}", theta_text(theta)) for t, theta in enumerate(policy.thetas, 1)]
        lines.append(("gap", _ideal_gap(problem, policy)))
        return Answer(tuple(lines), policy.queries_per_draw)

    return program


MOST_COMPONENTS = 400
"""Components of a returned mixture, over all prompts, up to which its gap is computed."""


def _ideal_gap(problem: Problem, policy: SpannerPolicy) -> str:
    xs = range(len(problem.prompts))
    if len(policy.thetas) * sum(len(problem.support(x)) for x in xs) > MOST_COMPONENTS:
        return "not computed: the returned mixture has too many components"
    loss = gap(problem, TabularPolicy(problem, [ideal_law(problem, policy, x) for x in xs]))
    return f"{number(loss, 6)} (of the mixture of pi_f: exact softmax sampling)"


def _softmax_sampler(problem: Problem, v: Values) -> Callable[[Oracles], Answer]:
    x, bound, draws = v.prompt(), v.bound(2), number_of_draws(v.bound(2), v.rational("delta"))

    def f(phi: Vector) -> LogLinear:
        return phi.dot_numbers(problem.theta)

    def program(oracles: Oracles) -> Answer:
        y, _ = softmax_sampler(oracles, f, x, bound, draws)
        return Answer((("response", problem.responses(x)[y]),))

    return program


def _rejection(problem: Problem, v: Values) -> Callable[[Oracles], Answer]:
    x, bound, trials = v.prompt(), v.bound(1), v.integer("N")
    law = optimum(problem).law(x)
    base = problem.pi_ref(x)
    ratios = {y: exp_ratio(law.mass(y)) / base.mass(y) for y in problem.support(x)}
    if max(ratios.values()) > bound:
        raise UserError(f"M = {rational_text(bound)}: rejection needs M >= C_cov(pi*; x)")

    def program(oracles: Oracles) -> Answer:
        found = ideal_rejection(oracles, ratios.__getitem__, x, bound, trials)
        return Answer((("response", "none: all trials failed" if found is None else problem.responses(x)[found[0]]),))

    return program


def _passive(problem: Problem, v: Values) -> Callable[[Oracles], Answer]:
    n, cover = v.integer("n"), v.cover()
    return lambda oracles: _softmax_answer(problem, passive(oracles, n, cover))


def _enumerating(problem: Problem, v: Values) -> Callable[[Oracles], Answer]:
    table = [[(y, problem.phi(x, y)) for y in problem.support(x)] for x in range(len(problem.prompts))]
    c, n = v.rational("C"), v.integer("n")
    return lambda oracles: _softmax_answer(problem, enumerating(oracles, table, C=c, n=n))


def _barycentric(problem: Problem, v: Values) -> Callable[[Oracles], Answer]:
    names, vectors = [], []
    for x in range(len(problem.prompts)):
        support = problem.support(x)
        for i, y in enumerate(support):
            for z in support[i + 1 :]:
                names.append(f"{problem.prompts[x]}: {problem.responses(x)[y]} - {problem.responses(x)[z]}")
                vectors.append(problem.phi(x, y) - problem.phi(x, z))
    if not vectors:
        return lambda _: Answer((("spanner", "empty: there are no differences"),))
    found = barycentric_spanner(vectors, v.rational("C"))
    coefficients = found.coefficients(vectors)
    chosen = [(f"spanner {j}", f"{names[i]} = {vectors[i]}") for j, i in enumerate(found.indices)]
    over = [
        (name, f"{vector} has coefficients {c}") for name, vector, c in zip(names, vectors, coefficients, strict=True)
    ]
    return lambda _: Answer((*chosen, *over))


def _softmax_answer(problem: Problem, policy: SoftmaxPolicy) -> Answer:
    loss = number(gap(problem, softmax(problem, policy.theta)), 6)
    return Answer((("theta", theta_text(policy.theta)), ("gap", str(loss))), policy.queries_per_draw)


def theta_text(theta: tuple[LogLinear, ...]) -> str:
    """Return a parameter for people: exact where that is short."""
    return f"({', '.join(str(t) if len(str(t)) <= 60 else str(number(t, 6)) for t in theta)})"  # noqa: PLR2004 - short


TOKEN_NAMES = ("mtss",)
"""Algorithms that need a token problem: :mod:`proofs_check.cli.token_run`."""

_PROMPT = ("0", "prompt, by name or index")
_M = ("", "M; from C_cov(pi*) unless given")
_DELTA = ("1/8", "failure probability delta")
MODE = {
    "mode": ("span", "span or ridge"),
    "lambda": ("1", "ridge, in ridge mode"),
    "nu": ("1", "threshold, in ridge mode"),
}
_C = ("2", "approximation, above 1")

ALGORITHMS: Mapping[str, Algorithm] = {
    "spanner-sampling": Algorithm(
        "SpannerSampling (FMR25, Thm 3.1)",
        {
            "n_prompt": ("8", "prompts in phase 1"),
            "n_pair": ("4", "pairs for each prompt"),
            "t_exp": ("1", "rounds of exploration"),
            "M": _M,
            "delta": _DELTA,
            **MODE,
        },
        _spanner_sampling,
    ),
    "softmax-sampler": Algorithm(
        "SoftmaxSampler for f = <theta*, phi> (FMR25)", {"x": _PROMPT, "M": _M, "delta": _DELTA}, _softmax_sampler
    ),
    "rejection": Algorithm("ideal rejection for pi*", {"x": _PROMPT, "M": _M, "N": ("16", "trials")}, _rejection),
    "passive": Algorithm("passive exploration", {"n": ("4", "pairs"), **MODE}, _passive),
    "enumerating": Algorithm(
        "the enumerating learner", {"C": _C, "n": ("1", "queries of each spanner pair")}, _enumerating
    ),
    "barycentric-spanner": Algorithm("C-approximate barycentric spanner of all differences", {"C": _C}, _barycentric),
}


def algorithm(name: str) -> Algorithm:
    """Return an algorithm by name.

    Raises:
        UserError: if there is none; the nearest is suggested.
    """
    if name not in ALGORITHMS:
        names = (*ALGORITHMS, *TOKEN_NAMES)
        close = get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names)}"
        raise UserError(f"unknown algorithm {name[:80]!r}; {hint}")
    return ALGORITHMS[name]


def values(problem: Problem, chosen: Algorithm, given: list[str]) -> Values:
    """Return the defaults with the given ``KEY=VALUE`` put over them; UserError as :func:`overridden`."""
    return Values(problem, overridden(chosen.parameters, given))


def overridden(parameters: Mapping[str, tuple[str, str]], given: list[str]) -> dict[str, str]:
    """Return the default texts with the given ``KEY=VALUE`` put over them.

    Raises:
        UserError: for text of another form, or a key that the algorithm has not.
    """
    texts = {key: default for key, (default, _) in parameters.items()}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise UserError(f"--param {text[:80]}: write KEY=VALUE")
        if key not in texts:
            raise UserError(f"--param {key[:80]}: no such parameter; there are {', '.join(texts)}")
        texts[key] = value
    return texts


def described(problem: Problem, chosen: Algorithm, v: Values) -> dict[str, str]:
    """Return the parameters as they will be used."""
    shown = dict(v.texts)
    if "M" in shown and not shown["M"]:
        shown["M"] = rational_text(v.bound(1 if "N" in chosen.parameters else 2))
    if "x" in shown:
        shown["x"] = problem.prompts[v.prompt()]
    return shown
