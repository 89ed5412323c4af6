"""``spanner run mtss``: MTSS, token by token, on any problem."""

from collections.abc import Callable
from typing import Literal

from proofs_check.cli.access import TOKENS, theta_json
from proofs_check.cli.formats import run as formats
from proofs_check.cli.formats.parts import DIGITS, number
from proofs_check.cli.output import UserError
from proofs_check.cli.program import MODE, NOISE, Algorithm, ParameterValues, ProgramAnswer, theta_text, vector_json
from reference.algorithms.mtss import MTSS
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.mtss_state import AcceptedPair
from reference.algorithms.softmax_sampling import number_of_draws
from reference.interaction.world import TokenOracles
from reference.laws.mtss import ideal_token_policy
from reference.laws.predicted_tokens import token_law_steps
from reference.model import Problem, gap


def _mtss(problem: Problem, v: ParameterValues) -> Callable[[TokenOracles], ProgramAnswer]:
    learner = _inputs(v)
    v.texts["look"] = learner.look
    return lambda oracles: _answer(problem, learner(oracles))


def _inputs(v: ParameterValues) -> MTSS:
    match v.texts["sampler"]:
        case "listed" | "rejection" as sampler:
            pass
        case other:
            raise UserError(f"--param sampler={other}: write listed or rejection")
    look: Literal["listed", "draws"] | None
    match v.texts["look"]:
        case "listed" | "draws" as look:
            pass
        case "":
            look = None
        case other:
            raise UserError(f"--param look={other}: write listed or draws")
    return MTSS(
        v.integer("n_roll"), v.integer("n_pair"), n_out=v.integer("n_out"), mode=v.mode(), sampler=sampler,
        look=look, M=v.rational("M"), delta=v.rational("delta"), bits=v.integer("bits"),
        n_tok=None if v.texts["n_tok"] == "listed" else v.integer("n_tok"),
        ridge=v.rational("lambda"), nu=v.rational("nu"),
    )  # fmt: skip


def _answer(problem: Problem, final: MTSSPolicy) -> ProgramAnswer:
    lines, layers = [("passes", str(final.passes))], []
    for h, layer in enumerate(final.layers, 1):
        pairs = [
            f"({', '.join(problem.spelled(*pair.at))}): {' - '.join(_names(problem, pair))} = {pair.phi}"
            for pair in layer.psi
        ]
        lines += [(f"Psi_{h}", "; ".join(pairs) or "nothing"), (f"theta_{h}", theta_text(layer.theta))]
        psi = tuple(
            formats.TokenPair(problem.spelled(*pair.at), *_names(problem, pair), vector_json(pair.phi))
            for pair in layer.psi
        )
        layers.append(formats.Layer(psi, theta_json(layer.theta)))
    loss = number(gap(problem, ideal_token_policy(problem, final)), DIGITS)
    lines.append(("gap", f"{loss} (of line 8 with exact sampling)"))
    widest = max(len(node) for layer in problem.layers for node in layer)
    data = formats.Answer(passes=final.passes, layers=tuple(layers), gap=loss)
    return ProgramAnswer(tuple(lines), data, final.queries_per_draw(widest))


def _names(problem: Problem, pair: AcceptedPair) -> tuple[str, str]:
    first, second = (problem.spelled(pair.at.x, (*pair.at.prefix, a))[-1] for a in (pair.first, pair.second))
    return first, second


_PARAMETERS = {
    "n_roll": ("4", "roll-ins in a sweep"),
    "n_pair": ("4", "pairs at each prefix, for look=draws"),
    "n_out": ("1", "pairs of roll-outs whose mean is a target"),
    "sampler": ("listed", "listed or rejection"),
    "look": ("", "listed or draws; unless given, listed with sampler=listed, else draws"),
    "M": ("2", "SoftmaxSampler's M, by rejection"),
    "delta": ("1/8", "SoftmaxSampler's failure probability, by rejection"),
    "n_tok": ("listed", "draws for each Zhat, or listed: Z itself from the alphabet"),
    "bits": ("32", "targets outside the number tower are rounded to multiples of 2^-bits"),
    **MODE,
    **NOISE,
}


def _steps(v: ParameterValues) -> int:
    """Return about how many tokens are drawn or listed: roll-ins, and a target's roll-outs at each layer."""
    rejects, draws = v.texts["sampler"] == "rejection", v.texts["look"] == "draws"
    at_a_prefix = 1 + (2 * number_of_draws(v.rational("M"), v.rational("delta")) if rejects else 1)
    at_a_prefix += 2 * v.integer("n_pair") if draws else 1
    at_a_prefix += 0 if v.texts["n_tok"] == "listed" else v.integer("n_tok")
    walks = v.integer("n_roll") + 2 * v.integer("n_out") * v.problem.horizon
    return 2 * walks * v.problem.horizon * at_a_prefix


MTSS_ALGORITHM = Algorithm(
    "MTSS, SpannerSampling token by token (for FMR25, Thm 5.1)",
    TOKENS,
    _PARAMETERS,
    _mtss,
    grows=(("n_roll", "n_out", "n_pair", "M", "n_tok"), _steps),
    law_fits=lambda problem, v: token_law_steps(problem, _inputs(v), noise=v.noise()) is not None,
)
