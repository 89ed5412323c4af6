"""``spanner play``: anyone's learner against the needle family."""

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Annotated

import typer
from flint import fmpq

from proofs_check.cli.output import NumberText, UserError, number, one_line, out, print_json, working
from proofs_check.games.contest import Contestant, Drawn, RuleBroken, Run, score, simulate
from proofs_check.ledger import frequency
from reference.constructions.needle import NeedleFamily
from reference.exact import BadNumber, Number, Undecided, rational, real
from reference.interaction.choice import NotReproducible, TooLarge
from reference.interaction.meter import Budget

DEFAULTS = {"C": "64", "k": "16", "m": "1", "beta": "1/9"}

MAX_MEMBERS, MAX_LEAVES = 64, 20_000
"""Up to this size the exact law is enumerated; beyond, runs are simulated."""


def play(
    *,
    learner: Annotated[str, typer.Option(metavar="MODULE:NAME", help="A function of the oracles; returns a policy.")],
    family: Annotated[str, typer.Option(help="The family to play on: needle.")] = "needle",
    param: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="C, k, m or beta; repeat it.")] = None,
    t_comp: Annotated[int, typer.Option(min=0, help="Budget of sampling queries.")] = 100_000,
    t_data: Annotated[int, typer.Option(min=0, help="Budget of reward queries.")] = 10_000,
    runs: Annotated[int, typer.Option(min=1, help="Runs, where the exact law is too large.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the first run.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Play a learner against a lower-bound family: what it hits, what that costs, and what the bound allows."""
    if family != "needle":
        raise UserError(f"--family {family}: only 'needle' is there")
    contestant = Contestant(learner, found(learner), parameters(param or []))
    budget = Budget(reward=t_data, t_comp=t_comp)
    head: dict[str, object] = {"learner": learner, "family": str(contestant.family)}
    try:
        with working("playing"):
            result = _exact(contestant, budget) or _simulated(contestant, runs, seed, budget)
    except RuleBroken as broken:
        if as_json:
            print_json({**FORMAT, **head, "broke": str(broken)})
        else:
            out().print(f"{one_line(learner)} on {head['family']}\nbroke the rules: {one_line(broken)}")
        return 1
    if as_json:
        values = {line.key: line.json() for line in result.lines}
        print_json({**FORMAT, **head, **values, "within_bound": result.within})
    else:
        _show(head, result)
    return 1 if result.within is False else 0


FORMAT = {"format": "spanner-reference/play", "version": 1}


def found(learner: str) -> Run:
    """Import ``MODULE:NAME``; modules in the current folder are found too.

    Raises:
        UserError: if there is no such module or function, or the module fails as it is imported.
    """
    module, _, name = learner.partition(":")
    if not module or not name:
        raise UserError(f"--learner {learner}: write MODULE:NAME, such as my_learner:search")
    if module.startswith(".") or module.endswith(".py") or not {"/", "\\"}.isdisjoint(module):
        raise UserError(f"--learner {learner}: write a module name, not a path, such as my_learner:search")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    try:
        run = getattr(importlib.import_module(module), name)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a module may do anything as it is imported
        raise UserError(f"--learner {learner}: {_where(error)}") from None
    if not callable(run):
        raise UserError(f"--learner {learner}: it is not a function")
    chosen: Run = run
    return chosen


def _where(error: BaseException) -> str:
    """Return what went wrong at an import, with the line of the user's module that it comes from."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}, line {error.lineno}: {error.msg}"
    ours = {__file__, importlib.__file__}
    for frame in extract_tb(error.__traceback__):
        if frame.filename not in ours and not frame.filename.startswith("<frozen importlib"):
            return f"{Path(frame.filename).name}, line {frame.lineno}: {type(error).__name__}: {error}"
    return str(error) if isinstance(error, ImportError | AttributeError) else f"{type(error).__name__}: {error}"


def parameters(texts: list[str]) -> NeedleFamily:
    """Return the family from ``KEY=VALUE`` texts.

    Raises:
        UserError: naming the parameter, or the hypothesis that fails.
    """
    values = dict(DEFAULTS)
    for text in texts:
        key, _, value = text.partition("=")
        if key not in values or not value:
            raise UserError(f"--param {text}: write KEY=VALUE with KEY one of {', '.join(values)}")
        values[key] = value
    try:
        exact = {key: rational(value) for key, value in values.items()}
    except BadNumber as error:
        raise UserError(f"--param: {error}") from None
    for key, most in MOST.items():
        if exact[key].q != 1 or exact[key] > most:
            raise UserError(f"--param {key}={values[key]}: needs an integer, at most {most}")
    try:
        return NeedleFamily.of(int(exact["k"].p), exact["C"], int(exact["m"].p), exact["beta"])
    except ValueError as error:
        raise UserError(str(error)) from None


MOST = {"k": 4096, "m": 32}
"""The largest instances that are built."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result: its key in JSON, its words on the screen, and what it says."""

    key: str
    words: str
    value: str | int | NumberText | None

    def json(self) -> object:
        """Return the value for JSON."""
        return self.value.json() if isinstance(self.value, NumberText) else self.value


@dataclass(frozen=True, slots=True)
class Played:
    """What was found; ``within``: whether the bound allows it, ``None`` if the sample does not tell."""

    lines: tuple[Line, ...]
    within: bool | None


def _exact(contestant: Contestant, budget: Budget) -> Played | None:
    if contestant.family.dimension > MAX_MEMBERS or contestant.family.size > MAX_MEMBERS:
        return None
    try:
        result = score(contestant, budget=budget, max_leaves=MAX_LEAVES)
    except (TooLarge, NotReproducible):
        return None
    hit = result.hit.mass(True)
    within = bool(real(hit) <= _bound(contestant.family, result.t_comp, result.t_data))
    return _played("exact law", contestant, hit, (result.t_comp, result.t_data), within)


def _simulated(contestant: Contestant, runs: int, seed: int, budget: Budget) -> Played:
    played: list[Drawn] = simulate(contestant, runs, seed, budget=budget)
    t_comp, t_data = max(d.t_comp for d in played), max(d.t_data for d in played)
    hits = sum(d.hit for d in played)
    ball = real(_bound(contestant.family, t_comp, t_data)).enclosure(64).upper()
    cap = min(fmpq(1), ball.fmpq())
    within: bool | None
    try:
        within = cap == 1 or frequency("", hits, runs, "<=", cap).holds
    except Undecided:
        within = None
    method = f"{runs} runs, seed {seed}; error probability at most 1/10^6"
    return _played(method, contestant, fmpq(hits, runs), (t_comp, t_data), within)


def _bound(family: NeedleFamily, t_comp: int, t_data: int) -> Number:
    return family.qbar() * t_comp + fmpq(t_data + 1, family.k)


SPANNER = "SpannerSampling's T_comp, at most (if d beta^2 >= 1)"
WITHIN = {True: "yes", False: "no", None: "the sample does not tell: more --runs"}


def _played(
    method: str,
    contestant: Contestant,
    hit: Number,
    costs: tuple[int, int],
    within: bool | None,  # noqa: FBT001 - an outcome
) -> Played:
    family, (t_comp, t_data) = contestant.family, costs
    bound = _bound(family, t_comp, t_data)
    vacuous = ", which says nothing" * (real(bound) >= 1)
    lines = [
        Line("method", "method", method),
        Line("hit", "P(the drawn response is the needle)", number(hit, 6)),
        Line("t_comp", "T_comp", t_comp),
        Line("t_data", "T_data", t_data),
        Line("bound", f"bound T_comp qbar + (T_data+1)/k{vacuous}", number(bound, 6)),
        Line("best_weak", "best of all with the weak oracle", number(family.game_value(t_comp, t_data), 6)),
    ]
    if family.is_learnable:
        rewards = max(fmpq(0), fmpq(3 * family.k, 32) - 1)
        lines += [
            Line("success_t_comp", "success 3/4 needs T_comp >=", number(family.our_bound(), 6)),
            Line("success_t_data", "or T_data >=", number(rewards, 6)),
            Line("spanner_sampling_t_comp", SPANNER, number(114 * family.C + 10, 6)),
        ]
    return Played(tuple(lines), within)


def _show(head: dict[str, object], result: Played) -> None:
    console = out()
    console.print(f"{head['learner']} on {head['family']}", style="bold")
    for line in result.lines:
        console.print(f"  {line.words}: {line.value}")
    console.print(f"  within the bound: {WITHIN[result.within]}")
