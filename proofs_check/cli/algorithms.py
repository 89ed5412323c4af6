"""The algorithms that ``spanner run`` knows, each as a program over oracles with parameters given as text."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from msgspec import UNSET

from proofs_check.cli.access import RESPONSES, theta_json
from proofs_check.cli.formats import run as formats
from proofs_check.cli.formats.parts import DIGITS, Numeral, number
from proofs_check.cli.mtss import MTSS_ALGORITHM
from proofs_check.cli.output import UserError
from proofs_check.cli.program import (
    MODE,
    NOISE,
    Algorithm,
    ParameterValues,
    ProgramAnswer,
    overridden,
    softmax_answer,
    theta_text,
    vector_json,
)
from proofs_check.cli.proper_algorithms import PROPER_ALGORITHMS
from reference.algorithms.barycentric import barycentric_spanner
from reference.algorithms.best_of import best_of_n
from reference.algorithms.enumerating import Enumerating
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.passive import Passive
from reference.algorithms.rejection import ideal_rejection
from reference.algorithms.softmax_sampling import number_of_draws, softmax_sampler
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.certificates import SpannerSizeCertificate, check
from reference.exact import LogLinear, exp_ratio, rational_text
from reference.exact.linalg import Vector
from reference.interaction.world import Oracles
from reference.laws.predicted import law_steps
from reference.laws.rejection import truncated_rejection
from reference.laws.returned import ideal_law
from reference.model import LinearProblem, Problem, TabularPolicy, gap, optimum
from reference.model.linear import linear_score
from reference.model.parts import counted
from reference.model.ratios import coverage_rounded_up


def _inputs(v: ParameterValues) -> SpannerSampling:
    return SpannerSampling(
        v.integer("n_prompt"), v.integer("n_pair"), v.integer("t_exp"), v.rational("M"), v.rational("delta"),
        ridge=v.rational("lambda"), nu=v.rational("nu"), mode=v.mode(),
    )  # fmt: skip


def _law_fits(problem: LinearProblem, v: ParameterValues) -> bool:
    return law_steps(problem, _inputs(v), noise=v.noise()) is not None


def _spanner_sampling(problem: LinearProblem, v: ParameterValues) -> Callable[[Oracles], ProgramAnswer]:
    p = _inputs(v)

    def program(oracles: Oracles) -> ProgramAnswer:
        policy = p(oracles)
        lines = [("accepted", ", ".join(str(phi) for phi, _ in policy.psi) or "nothing")]
        checked: tuple[str, ...] = ()
        if p.mode == "ridge":
            check(problem, SpannerSizeCertificate(tuple(phi for phi, _ in policy.psi), p.ridge, p.nu))
            checked = ("spanner-size",)
            differences = counted(len(policy.psi), "difference")
            lines.append(("", f"{differences}, within the bound of spanner-size: {_CHECKED}"))
        lines += [(f"theta_{t}", theta_text(theta)) for t, theta in enumerate(policy.thetas, 1)]
        loss = _ideal_gap(problem, policy)
        lines.append(("gap", NO_GAP if loss is None else f"{loss} (of the mixture of pi_f: exact softmax sampling)"))
        data = formats.Answer(
            accepted=tuple(vector_json(phi) for phi, _ in policy.psi),
            thetas=tuple(map(theta_json, policy.thetas)),
            gap=loss,
            checked=checked or UNSET,
        )
        return ProgramAnswer(tuple(lines), data, policy.queries_per_draw)

    return program


_CHECKED = "checked by reference.certificates"

MOST_COMPONENTS = 400
"""Components of a returned mixture, over all prompts, up to which its gap is computed."""


NO_GAP = "not computed: the returned mixture has too many components"


def _ideal_gap(problem: LinearProblem, policy: SpannerPolicy) -> Numeral | None:
    xs = range(len(problem.prompts))
    if len(policy.thetas) * sum(len(problem.support(x)) for x in xs) > MOST_COMPONENTS:
        return None
    loss = gap(problem, TabularPolicy(problem, [ideal_law(problem, policy, x) for x in xs]))
    return number(loss, DIGITS)


def _softmax_sampler(problem: LinearProblem, v: ParameterValues) -> Callable[[Oracles], ProgramAnswer]:
    x, bound = v.prompt(), v.rational("M")
    draws = number_of_draws(bound, v.rational("delta"))

    def f(phi: Vector) -> LogLinear:
        return phi.dot_numbers(problem.theta)

    def program(oracles: Oracles) -> ProgramAnswer:
        y, _ = softmax_sampler(oracles, f, x, bound, draws)
        name = problem.responses(x)[y]
        return ProgramAnswer((("response", name),), formats.Answer(response=name))

    return program


def _rejection(problem: LinearProblem, v: ParameterValues) -> Callable[[Oracles], ProgramAnswer]:
    x, bound, trials = v.prompt(), v.rational("M"), v.integer("N")
    law = optimum(problem).law(x)
    base = problem.pi_ref(x)
    ratios = {y: exp_ratio(law.mass(y)) / base.mass(y) for y in problem.support(x)}
    if bound <= 0:
        raise UserError(f"M = {rational_text(bound)}: rejection needs a cap M > 0")
    cut = number(truncated_rejection(law, base, bound).cut, DIGITS)
    below = (("cut off", f"{cut}: M < C_cov(pi*; x), the law given acceptance is ~ pi_ref min(pi*/pi_ref, M)"),)

    def program(oracles: Oracles) -> ProgramAnswer:
        found = ideal_rejection(oracles, ratios.__getitem__, x, bound, trials)
        name = None if found is None else problem.responses(x)[found[0]]
        line = ("response", "none: all trials failed" if name is None else name)
        return ProgramAnswer((line, *(below if cut.exact != "0" else ())), formats.Answer(response=name, cut=cut))

    return program


def _best_of_n(problem: LinearProblem, v: ParameterValues) -> Callable[[Oracles], ProgramAnswer]:
    x, n = v.prompt(), v.integer("n")
    if n < 1:
        raise UserError(f"--param n={n}: the best of n draws needs n >= 1")

    def program(oracles: Oracles) -> ProgramAnswer:
        y, _ = best_of_n(oracles, linear_score(problem.theta), x, n)
        name = problem.responses(x)[y]
        return ProgramAnswer((("response", name),), formats.Answer(response=name))

    return program


def _passive(problem: LinearProblem, v: ParameterValues) -> Callable[[Oracles], ProgramAnswer]:
    n, cover = v.integer("n"), v.cover(problem.dimension)
    learner = Passive(n, cover)
    return lambda oracles: softmax_answer(problem, learner(oracles))


def _enumerating(problem: LinearProblem, v: ParameterValues) -> Callable[[Oracles], ProgramAnswer]:
    table = [[(y, problem.phi(x, y)) for y in problem.support(x)] for x in range(len(problem.prompts))]
    c, n = v.rational("C"), v.integer("n")
    learner = Enumerating(table, C=c, n=n)
    return lambda oracles: softmax_answer(problem, learner(oracles))


def _barycentric(problem: LinearProblem, v: ParameterValues) -> Callable[[Oracles], ProgramAnswer]:
    pairs, vectors = [], []
    for x in range(len(problem.prompts)):
        support, names = problem.support(x), problem.responses(x)
        for i, y in enumerate(support):
            for z in support[i + 1 :]:
                pairs.append((problem.prompts[x].name, names[y], names[z]))
                vectors.append(problem.phi(x, y) - problem.phi(x, z))
    if not vectors:
        nothing = formats.Answer(spanner=(), differences=())
        return lambda _: ProgramAnswer((("spanner", "empty: there are no differences"),), nothing)
    found = barycentric_spanner(vectors, v.rational("C"))
    coefficients = found.coefficients(vectors)
    texts = [f"{prompt}: {response} - {minus}" for prompt, response, minus in pairs]
    chosen = [(f"spanner {j}", f"{texts[i]} = {vectors[i]}") for j, i in enumerate(found.indices)]
    over = [
        (name, f"{vector} has coefficients {c}") for name, vector, c in zip(texts, vectors, coefficients, strict=True)
    ]
    data = formats.Answer(
        spanner=tuple(formats.Difference(*pairs[i], vector_json(vectors[i])) for i in found.indices),
        differences=tuple(
            formats.Difference(*pair, vector_json(vector), vector_json(c))
            for pair, vector, c in zip(pairs, vectors, coefficients, strict=True)
        ),
    )
    return lambda _: ProgramAnswer((*chosen, *over), data)


TRUE, TRUNCATED = 2, 4
"""SoftmaxSampler needs ``M >= 2 C_cov(pi_f)``: that of ``f = <theta*, phi>`` is ``C_cov(pi*)``; truncated (line 12 of
SpannerSampling), where ``f`` is exact on at least half of ``pi*``, it is up to twice that."""


def _bound(times: str) -> tuple[str, str]:
    return "", f"M; {times}C_cov(pi*), rounded up, unless given"


def _steps(v: ParameterValues) -> int:
    rounds = 3 * v.integer("t_exp") * number_of_draws(v.rational("M"), v.rational("delta"))
    return 8 * v.integer("n_prompt") * v.integer("n_pair") + rounds


_PROMPT = ("0", "prompt, by name or index")
_DELTA = ("1/8", "failure probability delta")
_C = ("2", "approximation, above 1")

ALGORITHMS: Mapping[str, Algorithm[Any, Any]] = {  # Any: each has an access of its own
    "spanner-sampling": Algorithm(
        "SpannerSampling (FMR25, Thm 3.1)",
        RESPONSES,
        {
            "n_prompt": ("8", "prompts in phase 1"),
            "n_pair": ("4", "pairs for each prompt"),
            "t_exp": ("1", "rounds of exploration"),
            "M": _bound(f"{TRUNCATED} "),
            "delta": _DELTA,
            **MODE,
            **NOISE,
        },
        _spanner_sampling,
        factor=TRUNCATED,
        grows=(("n_prompt", "n_pair", "t_exp", "M"), _steps),
        law_fits=_law_fits,
        works="n_prompt=1, n_pair=1, t_exp=2, M=3, delta=1 (N = 17)",
    ),
    "softmax-sampler": Algorithm(
        "SoftmaxSampler for f = <theta*, phi> (FMR25)",
        RESPONSES,
        {"x": _PROMPT, "M": _bound(f"{TRUE} "), "delta": _DELTA},
        _softmax_sampler,
        factor=TRUE,
        grows=(("M",), lambda v: 3 * number_of_draws(v.rational("M"), v.rational("delta"))),
        works="M=3, delta=1 (N = 17)",
    ),
    "rejection": Algorithm(
        "ideal rejection for pi*",
        RESPONSES,
        {"x": _PROMPT, "M": _bound(""), "N": ("16", "trials")},
        _rejection,
        grows=(("N", "M"), lambda v: min(v.integer("N"), 8 * int(v.rational("M").ceil()))),
    ),
    "best-of-n": Algorithm(
        "the best of n draws by <theta*, phi>, ties to the smallest index",
        RESPONSES,
        {"x": _PROMPT, "n": ("4", "draws")},
        _best_of_n,
        grows=(("n",), lambda v: v.integer("n")),
    ),
    "passive": Algorithm(
        "passive exploration",
        RESPONSES,
        {"n": ("4", "pairs"), **MODE, **NOISE},
        _passive,
        grows=(("n",), lambda v: 40 * v.integer("n")),
    ),
    "enumerating": Algorithm(
        "the enumerating learner",
        RESPONSES,
        {"C": _C, "n": ("1", "queries of each spanner pair"), **NOISE},
        _enumerating,
        grows=(("n",), lambda v: 40 * v.integer("n")),
    ),
    "barycentric-spanner": Algorithm(
        "C-approximate barycentric spanner of all differences", RESPONSES, {"C": _C}, _barycentric
    ),
    **PROPER_ALGORITHMS,
    "mtss": MTSS_ALGORITHM,
}


def algorithm(name: str) -> Algorithm[Any, Any]:
    """Return an algorithm by name.

    Raises:
        UserError: if there is none; the nearest is suggested.
    """
    if name not in ALGORITHMS:
        close = get_close_matches(name, ALGORITHMS, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(ALGORITHMS)}"
        raise UserError(f"unknown algorithm {name[:80]!r}; {hint}")
    return ALGORITHMS[name]


def values(problem: Problem, chosen: Algorithm[Any, Any], given: list[str]) -> ParameterValues:
    """Return the defaults with the given ``KEY=VALUE`` put over them; UserError as :func:`overridden`."""
    texts = overridden(chosen.parameters, given)
    if texts.get("M") == "":
        texts["M"] = str(coverage_rounded_up(problem, chosen.factor))
    return ParameterValues(problem, texts)


def described_parameters(v: ParameterValues) -> dict[str, str]:
    """Return the parameters as they will be used."""
    own = {"x": v.problem.prompts[v.prompt()].name} if "x" in v.texts else {}
    return {key: text for key, text in (v.texts | own).items() if text or key != "noise"}
