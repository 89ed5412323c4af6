"""``spanner play``: anyone's learner against a family of instances."""

from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Literal, NoReturn, TypeVar

import msgspec
from flint import fmpq

from proofs_check.cli.draws import gaps
from proofs_check.cli.formats.others import Play
from proofs_check.cli.formats.parts import DIGITS, VERSION, number
from proofs_check.cli.fresh import LearnerTask, NoLearner, twice
from proofs_check.cli.output import UserError, one_line, out, print_json, working
from proofs_check.cli.stage_parameters import stage
from proofs_check.cli.stages import MAX_POWER, Line, NeedleStage, Spent, Stage, vacuous
from proofs_check.ledger import frequency
from reference.exact import Number, Undecided, real
from reference.exact.law import Law
from reference.games.contest import Drawn, RuleBroken, laws_against, overall, simulate
from reference.interaction.every_run import TooLarge
from reference.interaction.meter import Budget

R = TypeVar("R")

MAX_MEMBERS, _MAX_LEAVES = 64, 20_000
"""Up to this size the exact law is enumerated; beyond, runs are simulated."""

ENOUGH = 32
"""So often a learner runs at least, in each of two processes, before its law is called exact."""


@dataclass(frozen=True, slots=True)
class PlayOptions:
    """What was asked for on the command line."""

    family: str
    access: str | None
    param: list[str]
    t_comp: int
    t_data: int
    runs: int
    seed: int
    time_limit: int | None
    memory_limit: int | None
    as_json: bool


def play_command(learner: str, options: PlayOptions) -> int:
    """Play a learner and print what came of it; see :func:`proofs_check.cli.commands.play`."""
    check_name(learner)
    played_on = stage(options.family, options.access, options.param)
    budget = Budget(reward=options.t_data, t_comp=options.t_comp)
    game = _PlayedGame(learner, played_on, budget, options.time_limit, options.memory_limit, monotonic())
    name = str(played_on)
    try:
        with working("playing"):
            result = _exact(game) or _simulated(game, options.runs, options.seed)
    except NoLearner as error:
        raise UserError(f"--learner {learner}: {error}") from None
    except RuleBroken as broken:
        if options.as_json:
            print_json(Play(VERSION, learner, name, broke=one_line(broken)))
        else:
            out().print(f"{one_line(learner)} on {name}\nbroke the rules: {one_line(broken)}")
        return 1
    if options.as_json:
        values: dict[str, object] = {line.key: line.value for line in result.lines}
        if result.has_bound:
            values["within_bound"] = result.within
        document = {"format": "spanner-reference/play", "version": VERSION, "learner": learner, "family": name}
        print_json(msgspec.convert(document | values, Play))
    else:
        _show(learner, name, result)
    return 0


def check_name(learner: str) -> None:
    """Raise :class:`UserError` unless the text reads ``MODULE:NAME``."""
    module, _, name = learner.partition(":")
    if not module or not name:
        raise UserError(f"--learner {learner}: write MODULE:NAME, such as my_learner:search")
    if module.startswith(".") or module.endswith(".py") or not {"/", "\\"}.isdisjoint(module):
        raise UserError(f"--learner {learner}: write a module name, not a path, such as my_learner:search")


@dataclass(frozen=True, slots=True)
class _PlayedGame:
    """Who plays, where, within which limits, and since when."""

    learner: str
    stage: Stage
    budget: Budget
    time_limit: int | None
    memory_limit: int | None
    since: float

    def twice(self, task: LearnerTask[R], enough: int = 0) -> list[R]:
        """Return what the task finds in each of two fresh processes; see :func:`proofs_check.cli.fresh.twice`."""
        seconds = None if self.time_limit is None else max(0, self.time_limit - (monotonic() - self.since))
        return twice(self.learner, self.stage, task, enough=enough, seconds=seconds, memory=self.memory_limit)


@dataclass(frozen=True, slots=True)
class Played:
    """What was found; ``within``: whether it is within the bound, ``None`` if the sample does not tell."""

    lines: tuple[Line, ...]
    has_bound: bool
    within: Literal[True] | None


def _exact(game: _PlayedGame) -> Played | None:
    if game.stage.dimension > MAX_MEMBERS or game.stage.size > MAX_MEMBERS:
        return None
    try:
        members = game.twice(partial(laws_against, budget=game.budget, max_leaves=_MAX_LEAVES), ENOUGH)
    except TooLarge:
        return None
    result = overall(members)
    hit, spent = result.hit.mass(True), Spent(result.t_comp, result.t_data, result.t_strong)
    most = _most(game.stage, spent)
    if most is not None and _exceeds(hit, most):
        _sees_more(f"it hits with probability {number(hit, DIGITS)}", most, spent)
    return _played("exact law", game.stage, hit, spent, members, within=True)


def _simulated(game: _PlayedGame, runs: int, seed: int) -> Played:
    played = game.twice(partial(simulate, runs=runs, seed=seed, budget=game.budget))
    _check_hits(game.stage, played[: runs // 2], played[runs // 2 :])
    spent, hits = _largest(played), sum(d.hit for d in played)
    bound = game.stage.bound(spent)
    within = None if bound is None else _is_below(hits, runs, bound[1]) or None
    method = f"{runs} runs, seed {seed}" + "; error probability at most 1/10^6" * (bound is not None)
    return _played(method, game.stage, fmpq(hits, runs), spent, [], within=within)


def _check_hits(played_on: Stage, early: list[Drawn], late: list[Drawn]) -> None:
    """Refuse hits that no learner makes: the early runs set the costs, the late ones that keep to them count.

    Costs that come from the same runs as the hits would be no budget that was fixed before.
    """
    if not early:
        return
    spent = _largest(early)
    hits = sum(d.hit and all(a <= b for a, b in zip(_costs(d), spent, strict=True)) for d in late)
    most = _most(played_on, spent)
    if most is not None and _is_below(hits, len(late), most) is False:
        _sees_more(f"{hits} of {len(late)} runs hit (error probability at most 1/10^6)", most, spent)


def _largest(runs: list[Drawn]) -> Spent:
    return Spent(*(max(costs) for costs in zip(*map(_costs, runs), strict=True)))


def _costs(run: Drawn) -> Spent:
    return Spent(run.t_comp, run.t_data, run.t_strong)


def _is_below(hits: int, runs: int, most: Number) -> bool | None:
    """Whether a probability is at most ``most``, judged by runs; ``None`` if they do not tell."""
    cap = min(fmpq(1), real(most).enclosure(64).upper().fmpq())
    try:
        return cap == 1 or frequency("", hits, runs, "<=", cap).holds
    except Undecided:
        return None


def _exceeds(hit: Number, most: Number) -> bool:
    """Whether it is certain that a probability is larger than ``most``."""
    try:
        return bool(real(hit) > most)
    except Undecided:
        return False


def _sees_more(hit: str, most: Number, spent: Spent) -> NoReturn:
    costs = f"with T_comp = {spent.t_comp} and T_data = {spent.t_data}"
    most_said = f"{costs} no learner does with probability above {number(most, DIGITS)}"
    raise RuleBroken(f"this learner sees more than its oracles: {hit}, and {most_said}")


def _most(played_on: Stage, spent: Spent) -> "Number | None":
    """The greatest probability of a hit, by a theorem: of the game with the weak oracle, or the bound."""
    bound = played_on.bound(spent)
    known = None if spent.t_strong else played_on.best(spent)
    return known if known is not None or bound is None else bound[1]


WITHIN = {True: "yes", None: "the sample does not tell: more --runs"}


def _played(
    method: str, played_on: Stage, hit: Number, spent: Spent, members: list[Law[Drawn]], *, within: Literal[True] | None
) -> Played:
    lines = [
        Line("method", "method", method),
        Line("hit", f"P(the {played_on.sought})", number(hit, DIGITS)),
        Line("t_comp", "T_comp", spent.t_comp),
        Line("t_data", "T_data", spent.t_data),
    ]
    bound, best = played_on.bound(spent), played_on.best(spent)
    if bound is not None:
        formula, most = bound
        nothing = ", which says nothing" * vacuous(most)
        lines.append(Line("bound", f"bound {formula}{nothing}", number(most, DIGITS)))
    if best is not None:
        shown = number(best, DIGITS)
        if spent.t_comp > MAX_POWER:
            shown = msgspec.structs.replace(shown, exact=None)
        lines.append(Line("best_weak", "best of all with the weak oracle", shown))
    if not isinstance(played_on, NeedleStage):  # there most answers are responses without base mass
        lines += gaps(played_on, members)
    return Played((*lines, *played_on.facts()), bound is not None, within)


def _show(learner: str, family: str, result: Played) -> None:
    console = out()
    console.print(f"{one_line(learner)} on {family}", style="bold")
    for line in result.lines:
        console.print(f"  {line.words}: {INFINITE if line.value is None else line.value}")
    if result.has_bound:
        console.print(f"  within the bound: {WITHIN[result.within]}")


INFINITE = "infinite: it draws what the base model never does"
