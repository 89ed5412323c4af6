"""``spanner run spanner-sampling --theory EPS,DELTA``: the inputs, and whether the promise is kept."""

from dataclasses import dataclass
from typing import Literal

from flint import fmpq

from proofs_check.cli.formats import run as formats
from proofs_check.cli.formats.parts import DIGITS, number
from proofs_check.cli.output import TextTable, UserError
from reference.algorithms.parts.theory import Setting, TheoryParameters, theory_parameters
from reference.exact import Real, rational, rational_text
from reference.laws.chance import INTERVAL_ERROR, Chance, chance_within
from reference.model import LinearProblem, base_policy, coverage, gap
from reference.model.problem import NO_NOISE
from reference.model.ratios import coverage_rounded_up

PER_MINUTE = 2_000_000
"""Sampling queries that are made and written down in a minute."""

COVERAGE_PARTS = 64
"""An irrational ``C_cov(pi*)`` is rounded up to a multiple of ``1/COVERAGE_PARTS``."""

RUNS = 20
"""As many runs over ``delta``, all of them good, show that ``P(gap <= eps) >= 1 - delta``: 14 would do."""

_NAMES = {"ridge": "lambda"}
"""Of the parameters of ``spanner run``, where they are others."""


@dataclass(frozen=True, slots=True)
class InTheory:
    """What theory asks for on a problem; ``given``: texts ``KEY=VALUE`` for every parameter."""

    problem: LinearProblem
    eps: fmpq
    delta: fmpq
    coverage: fmpq
    found: TheoryParameters
    given: list[str]

    @property
    def is_large(self) -> bool:
        """Whether a run may take longer than a minute."""
        return self.found.t_comp > PER_MINUTE

    def check_size(self) -> None:
        """Refuse a run that takes longer than a minute.

        Raises:
            UserError: with the size.
        """
        if self.is_large:
            p = self.found.parameters
            raise UserError(
                f"--theory {self}: T_comp is up to {self.found.t_comp:,} (n_prompt = {p.n_prompt:,}, "
                f"N = {p.draws:,} draws), more than the {PER_MINUTE:,} of a minute; not started: --force starts it"
            )

    def __str__(self) -> str:
        return f"{rational_text(self.eps)},{rational_text(self.delta)}"

    def table(self) -> TextTable:
        """Return each parameter with its formula and source, then what the formulas mention."""
        mode = formats.Setting("mode", self.found.parameters.mode, "span unless given", "--param mode")
        table = TextTable((("parameter", "key"), ("value", "number"), ("formula", "text"), ("source", "text")))
        for row in [*self._rows(self.found.settings), mode, *self._rows(self.found.quantities)]:
            table.add_row(row.name, row.value, row.formula, row.source)
        kind = "C_cov(pi*)" if coverage(self.problem) == self.coverage else f"C_cov(pi*), up to 1/{COVERAGE_PARTS} more"
        table.add_row("C", rational_text(self.coverage), kind, "the instance")
        return table

    def promise(self) -> str:
        """Return what is promised, in words, with the most that a run costs."""
        words = self.found.promise.replace("1 - DELTA", rational_text(1 - self.delta))
        words = words.replace("EPS", rational_text(self.eps))
        return f"promised: {words}; T_data <= {self.found.t_data:,}, T_comp <= {self.found.t_comp:,} with a draw"

    def kept(self) -> "WhetherKept":
        """Return whether the promise is kept: from the exact law where that is small."""
        chance = chance_within(self.problem, self.found.parameters, self.eps, runs=int((RUNS / self.delta).ceil()))
        return WhetherKept(self, chance, gap(self.problem, base_policy(self.problem)))

    def json(self, kept: "WhetherKept") -> formats.Theory:
        """Return all of it as data."""
        return formats.Theory(
            eps=rational_text(self.eps),
            delta=rational_text(self.delta),
            coverage=rational_text(self.coverage),
            promise=self.found.promise,
            quantities=self._rows(self.found.quantities),
            settings=self._rows(self.found.settings),
            T_data=self.found.t_data,
            T_comp=self.found.t_comp,
            kept=kept.json(),
        )

    def _rows(self, settings: tuple[Setting, ...]) -> list[formats.Setting]:
        return [
            formats.Setting(_NAMES.get(one.name, one.name), rational_text(fmpq(one.value)), one.formula, one.source)
            for one in settings
        ]


@dataclass(frozen=True, slots=True)
class WhetherKept:
    """How often the gap is small enough, against what was promised; ``base_gap``: the gap of ``pi_ref``."""

    asked: InTheory
    chance: Chance
    base_gap: Real

    @property
    def holds(self) -> bool | None:
        """Whether ``P(gap <= eps) >= 1 - delta``; ``None`` if the interval does not tell."""
        promised = 1 - self.asked.delta
        if self.chance.least >= promised:
            return True
        return False if self.chance.most < promised else None

    @property
    def how(self) -> Literal["exact law", "certified interval"]:
        """What the verdict comes from."""
        return "exact law" if self.chance.is_exact else "certified interval"

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Return it in words."""
        chance, asked = self.chance, self.asked
        eps, promised = rational_text(asked.eps), rational_text(1 - asked.delta)
        least, most = number(chance.least, DIGITS), number(chance.most, DIGITS)
        if chance.is_exact:
            found = f"P(gap <= {eps}) = {least}, {promised} promised: exact law over all runs, SoftmaxSampler included"
        else:
            found = f"{least} <= P(gap <= {eps}) <= {most}, {promised} promised: certified interval, {self._source()}"
        small = "<=" if self.base_gap <= asked.eps else ">"
        base = f"{number(self.base_gap, DIGITS)} {small} {eps}" + ": pi_ref would do, too" * (small == "<=")
        return ((_WORDS[self.holds], found), ("gap(pi_ref)", base))

    def _source(self) -> str:
        if not self.chance.runs:
            return "from the exact law of phase 1; SoftmaxSampler's is too large"
        wrong = rational_text(INTERVAL_ERROR)
        return f"from {self.chance.runs} runs of phase 1, each end wrong with probability <= {wrong}"

    def json(self) -> formats.Kept:
        """Return it as data."""
        chance = self.chance
        least, most = number(chance.least, DIGITS), number(chance.most, DIGITS)
        return formats.Kept(self.holds, self.how, least, most, chance.runs, number(self.base_gap, DIGITS))


_WORDS = {True: "kept", False: "not kept", None: "undecided"}


def in_theory(problem: LinearProblem, text: str, given: list[str]) -> InTheory:
    """Return the inputs for a gap of at most ``EPS`` but for a probability of ``DELTA``; ``text``: both.

    What is promised of them rests on all of them, so only ``mode`` may be given, too.

    Raises:
        UserError: for text of another form, numbers outside their range, other parameters, or noisy rewards.
    """
    if any(pair.startswith("noise=") for pair in given):
        raise UserError(f"--theory {text[:80]}: it is for noiseless rewards; leave --param noise out")
    others = [pair for pair in given if not pair.startswith("mode=")]
    if others:
        raise UserError(f"--theory {text[:80]}: it decides {others[0].split('=')[0]}, too; give only --param mode")
    if text.count(",") != 1:
        raise UserError(f"--theory {text[:80]}: write EPS,DELTA, such as 1/2,1/4")
    if problem.noise != NO_NOISE:
        raise UserError(f"--theory {text[:80]}: it is for noiseless rewards, and those of {problem.name!r} have noise")
    exact = coverage(problem)
    covered = exact if isinstance(exact, fmpq) else fmpq(coverage_rounded_up(problem, COVERAGE_PARTS), COVERAGE_PARTS)
    try:
        eps, delta = map(rational, text.split(","))
        found = theory_parameters(
            eps, delta, beta=problem.beta, R_max=problem.R_max, B=problem.B,
            dimension=max(problem.difference_rank(), 1), coverage=covered,
            mode="ridge" if "mode=ridge" in given else "span",
        )  # fmt: skip
    except ValueError as error:  # BadNumber among them
        raise UserError(f"--theory {text[:80]}: {error}") from None
    rows = [(_NAMES.get(one.name, one.name), rational_text(fmpq(one.value))) for one in found.settings]
    return InTheory(problem, eps, delta, covered, found, [*given, *(f"{name}={value}" for name, value in rows)])
