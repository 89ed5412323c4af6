"""The algorithms that ``spanner run`` knows, each as a program over oracles with parameters given as text."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from proofs_check.cli.output import UserError, counted, number
from proofs_check.cli.program import (
    MODE,
    Algorithm,
    Answer,
    Values,
    overridden,
    softmax_answer,
    theta_text,
    times_coverage,
)
from proofs_check.cli.proper_algorithms import PROPER_ALGORITHMS
from reference.algorithms.barycentric import barycentric_spanner
from reference.algorithms.enumerating import Enumerating
from reference.algorithms.passive import Passive
from reference.algorithms.rejection import ideal_rejection
from reference.algorithms.returned_law import ideal_law
from reference.algorithms.softmax_sampling import number_of_draws, softmax_sampler
from reference.algorithms.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.certificates import SpannerSizeCertificate, check
from reference.exact import LogLinear, exp_ratio, rational_text
from reference.exact.linalg import Vector
from reference.interaction.world import Oracles
from reference.model import Problem, TabularPolicy, gap, optimum


def _spanner_sampling(problem: Problem, v: Values) -> Callable[[Oracles], Answer]:
    p = SpannerSampling(
        v.integer("n_prompt"), v.integer("n_pair"), v.integer("t_exp"), v.rational("M"), v.rational("delta"),
        ridge=v.rational("lambda"), nu=v.rational("nu"), mode=v.mode(),
    )  # fmt: skip

    def program(oracles: Oracles) -> Answer:
        policy = p(oracles)
        lines = [("accepted", ", ".join(str(phi) for phi, _ in policy.psi) or "nothing")]
        if p.mode == "ridge":
            check(problem, SpannerSizeCertificate(tuple(phi for phi, _ in policy.psi), p.ridge, p.nu))
            lines.append(("", f"{counted(len(policy.psi), 'difference')}, within the bound of spanner-size: {CHECKED}"))
        lines += [(f"theta_{t}", theta_text(theta)) for t, theta in enumerate(policy.thetas, 1)]
        lines.append(("gap", _ideal_gap(problem, policy)))
        return Answer(tuple(lines), policy.queries_per_draw)

    return program


CHECKED = "checked by reference.certificates"

MOST_COMPONENTS = 400
"""Components of a returned mixture, over all prompts, up to which its gap is computed."""


def _ideal_gap(problem: Problem, policy: SpannerPolicy) -> str:
    xs = range(len(problem.prompts))
    if len(policy.thetas) * sum(len(problem.support(x)) for x in xs) > MOST_COMPONENTS:
        return "not computed: the returned mixture has too many components"
    loss = gap(problem, TabularPolicy(problem, [ideal_law(problem, policy, x) for x in xs]))
    return f"{number(loss, 6)} (of the mixture of pi_f: exact softmax sampling)"


def _softmax_sampler(problem: Problem, v: Values) -> Callable[[Oracles], Answer]:
    x, bound = v.prompt(), v.rational("M")
    draws = number_of_draws(bound, v.rational("delta"))

    def f(phi: Vector) -> LogLinear:
        return phi.dot_numbers(problem.theta)

    def program(oracles: Oracles) -> Answer:
        y, _ = softmax_sampler(oracles, f, x, bound, draws)
        return Answer((("response", problem.responses(x)[y]),))

    return program


def _rejection(problem: Problem, v: Values) -> Callable[[Oracles], Answer]:
    x, bound, trials = v.prompt(), v.rational("M"), v.integer("N")
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
    learner = Passive(n, cover)
    return lambda oracles: softmax_answer(problem, learner(oracles))


def _enumerating(problem: Problem, v: Values) -> Callable[[Oracles], Answer]:
    table = [[(y, problem.phi(x, y)) for y in problem.support(x)] for x in range(len(problem.prompts))]
    c, n = v.rational("C"), v.integer("n")
    learner = Enumerating(table, C=c, n=n)
    return lambda oracles: softmax_answer(problem, learner(oracles))


def _barycentric(problem: Problem, v: Values) -> Callable[[Oracles], Answer]:
    names, vectors = [], []
    for x in range(len(problem.prompts)):
        support = problem.support(x)
        for i, y in enumerate(support):
            for z in support[i + 1 :]:
                names.append(f"{problem.prompts[x].name}: {problem.responses(x)[y]} - {problem.responses(x)[z]}")
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


TOKEN_NAMES = ("mtss",)
"""Algorithms that need a token problem: :mod:`proofs_check.cli.token_run`."""

TRUE, TRUNCATED = 2, 4
"""SoftmaxSampler needs ``M >= 2 C_cov(pi_f)``: that of ``f = <theta*, phi>`` is ``C_cov(pi*)``; truncated (line 12 of
SpannerSampling), where ``f`` is exact on at least half of ``pi*``, it is up to twice that."""


def _bound(times: str) -> tuple[str, str]:
    return "", f"M; {times}C_cov(pi*), rounded up, unless given"


_PROMPT = ("0", "prompt, by name or index")
_DELTA = ("1/8", "failure probability delta")
_C = ("2", "approximation, above 1")

ALGORITHMS: Mapping[str, Algorithm] = {
    "spanner-sampling": Algorithm(
        "SpannerSampling (FMR25, Thm 3.1)",
        {
            "n_prompt": ("8", "prompts in phase 1"),
            "n_pair": ("4", "pairs for each prompt"),
            "t_exp": ("1", "rounds of exploration"),
            "M": _bound(f"{TRUNCATED} "),
            "delta": _DELTA,
            **MODE,
        },
        _spanner_sampling,
        factor=TRUNCATED,
    ),
    "softmax-sampler": Algorithm(
        "SoftmaxSampler for f = <theta*, phi> (FMR25)",
        {"x": _PROMPT, "M": _bound(f"{TRUE} "), "delta": _DELTA},
        _softmax_sampler,
        factor=TRUE,
    ),
    "rejection": Algorithm(
        "ideal rejection for pi*",
        {"x": _PROMPT, "M": _bound(""), "N": ("16", "trials")},
        _rejection,
    ),
    "passive": Algorithm("passive exploration", {"n": ("4", "pairs"), **MODE}, _passive),
    "enumerating": Algorithm(
        "the enumerating learner", {"C": _C, "n": ("1", "queries of each spanner pair")}, _enumerating
    ),
    "barycentric-spanner": Algorithm("C-approximate barycentric spanner of all differences", {"C": _C}, _barycentric),
    **PROPER_ALGORITHMS,
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
    texts = overridden(chosen.parameters, given)
    if texts.get("M") == "":
        texts["M"] = str(times_coverage(problem, chosen.factor))
    return Values(problem, texts)


def described(problem: Problem, v: Values) -> dict[str, str]:
    """Return the parameters as they will be used."""
    shown = dict(v.texts)
    if "x" in shown:
        shown["x"] = problem.prompts[v.prompt()].name
    return shown
