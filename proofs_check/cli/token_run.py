"""``spanner run mtss``: MTSS on a token problem."""

from collections.abc import Callable
from typing import Literal

from proofs_check.cli.formats import run as formats
from proofs_check.cli.formats.parts import number
from proofs_check.cli.output import UserError
from proofs_check.cli.program import DIGITS, MODE, Answer, Reader, overridden, theta_json, theta_text, vector_json
from reference.algorithms.mtss import MTSS
from reference.algorithms.mtss_law import ideal_token_policy
from reference.algorithms.mtss_policy import MTSSPolicy
from reference.algorithms.mtss_state import Pair
from reference.exact import LogLinear
from reference.interaction.choice import Choice
from reference.interaction.meter import Reading
from reference.interaction.world import Event, World
from reference.model.problem import Problem
from reference.model.values import gap

TITLE = "MTSS, SpannerSampling token by token (for FMR25, Thm 5.1)"

PARAMETERS = {
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
}


class TokenRun:
    """MTSS on one instance with given parameters."""

    def __init__(self, problem: Problem, given: list[str]) -> None:
        self.problem = problem
        self.texts = overridden(PARAMETERS, given)
        v = Reader(self.texts)
        match self.texts["sampler"]:
            case "listed" | "rejection" as sampler:
                pass
            case other:
                raise UserError(f"--param sampler={other}: write listed or rejection")
        look: Literal["listed", "draws"] | None
        match self.texts["look"]:
            case "listed" | "draws" as look:
                pass
            case "":
                look = None
            case other:
                raise UserError(f"--param look={other}: write listed or draws")
        self.p = MTSS(
            v.integer("n_roll"), v.integer("n_pair"), n_out=v.integer("n_out"), mode=v.mode(), sampler=sampler,
            look=look, M=v.rational("M"), delta=v.rational("delta"), bits=v.integer("bits"),
            n_tok=None if self.texts["n_tok"] == "listed" else v.integer("n_tok"),
            ridge=v.rational("lambda"), nu=v.rational("nu"),
        )  # fmt: skip
        self.texts["look"] = self.p.look

    def once(self, choice: Choice, observer: Callable[[Event], None] | None = None) -> tuple[Answer, Reading]:
        """Run once; return the answer and the reading of the meter."""
        world = World(self.problem, choice, observer=observer)
        final = self.p(world.tokens)
        return self._answer(final), world.meter.reading

    def in_law(self, choice: Choice) -> tuple[Answer, int]:
        """Run once for an exact law; return the answer and ``T_data``: token queries are not counted."""
        world = World(self.problem, choice, metered=False)
        final = self.p(world.tokens)
        return self._answer(final), world.meter.reading.t_data

    def event(self, event: Event) -> formats.Event:
        """Return an event as data."""
        oracle, (x, *rest) = event
        assert isinstance(x, int)  # noqa: S101 - narrows the type of a transcript's entry
        prompt = self.problem.prompts[x].name
        if not rest:
            return formats.Event("prompt", prompt)
        prefix, answer = rest
        assert isinstance(prefix, tuple)  # noqa: S101 - the same
        names = self.problem.spelled(x, prefix)
        match oracle, answer:
            case "weak", int():
                return formats.Event("weak", prompt, prefix=names, token=self.problem.spelled(x, (*prefix, answer))[-1])
            case "listing", int():
                return formats.Event("listing", prompt, prefix=names, tokens=answer)
            case "reward", LogLinear():
                return formats.Event("reward", prompt, prefix=names, value=number(answer, DIGITS))
        msg = f"no such query: {oracle}"
        raise ValueError(msg)

    def _answer(self, final: MTSSPolicy) -> Answer:
        lines, layers = [("passes", str(final.passes))], []
        for h, layer in enumerate(final.layers, 1):
            pairs = [
                f"({', '.join(self.problem.spelled(*pair.at))}): {' - '.join(self._names(pair))} = {pair.phi}"
                for pair in layer.psi
            ]
            lines += [(f"Psi_{h}", "; ".join(pairs) or "nothing"), (f"theta_{h}", theta_text(layer.theta))]
            psi = tuple(
                formats.TokenPair(self.problem.spelled(*pair.at), *self._names(pair), vector_json(pair.phi))
                for pair in layer.psi
            )
            layers.append(formats.Layer(psi, theta_json(layer.theta)))
        loss = number(gap(self.problem, ideal_token_policy(self.problem, final)), DIGITS)
        lines.append(("gap", f"{loss} (of line 8 with exact sampling)"))
        widest = max(len(node) for layer in self.problem.layers for node in layer)
        data = formats.Answer(passes=final.passes, layers=tuple(layers), gap=loss)
        return Answer(tuple(lines), data, final.queries_per_draw(widest))

    def _names(self, pair: Pair) -> tuple[str, str]:
        first, second = (self.problem.spelled(pair.at.x, (*pair.at.prefix, a))[-1] for a in (pair.first, pair.second))
        return first, second
