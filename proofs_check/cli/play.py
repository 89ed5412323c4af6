"""``spanner play``: anyone's learner against the needle family."""

from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Literal, NoReturn, TypeVar

import msgspec
from flint import arb, fmpq

from proofs_check.cli.formats.others import Play
from proofs_check.cli.formats.parts import VERSION, Numeral, number
from proofs_check.cli.fresh import LearnerTask, NoLearner, twice
from proofs_check.cli.output import UserError, one_line, out, print_json, working
from proofs_check.ledger import frequency
from reference.constructions.needles import NeedleFamily
from reference.exact import BadNumber, Number, Undecided, rational, real
from reference.exact.precision import workprec
from reference.exact.reals import enclosed
from reference.games.contest import Drawn, RuleBroken, laws_against, overall, simulate
from reference.interaction.every_run import TooLarge
from reference.interaction.meter import Budget

R = TypeVar("R")

DEFAULTS = {"C": "64", "k": "16", "m": "1", "beta": "1/9"}

MAX_MEMBERS, _MAX_LEAVES = 64, 20_000
"""Up to this size the exact law is enumerated; beyond, runs are simulated."""

ENOUGH = 32
"""So often a learner runs at least, in each of two processes, before its law is called exact."""


def play_command(
    learner: str, *, family: str, param: list[str], t_comp: int, t_data: int, runs: int, seed: int,
    time_limit: int | None, as_json: bool,
) -> int:  # fmt: skip
    """Play a learner and print what came of it; see :func:`proofs_check.cli.commands.play`."""
    if family != "needle":
        raise UserError(f"--family {family}: only 'needle' is there")
    check_name(learner)
    game = _PlayedGame(learner, _parameters(param), Budget(reward=t_data, t_comp=t_comp), time_limit, monotonic())
    name = str(game.family)
    try:
        with working("playing"):
            result = _exact(game) or _simulated(game, runs, seed)
    except NoLearner as error:
        raise UserError(f"--learner {learner}: {error}") from None
    except RuleBroken as broken:
        if as_json:
            print_json(Play(VERSION, learner, name, broke=one_line(broken)))
        else:
            out().print(f"{one_line(learner)} on {name}\nbroke the rules: {one_line(broken)}")
        return 1
    if as_json:
        values = {line.key: line.value for line in result.lines}
        document = {"format": "spanner-reference/play", "version": VERSION, "learner": learner, "family": name}
        print_json(msgspec.convert(document | values | {"within_bound": result.within}, Play))
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


def _parameters(texts: list[str]) -> NeedleFamily:
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
    for key, most in _MOST.items():
        if exact[key].q != 1 or exact[key] > most:
            raise UserError(f"--param {key}={values[key]}: needs an integer, at most {most}")
    try:
        return NeedleFamily.of(int(exact["k"].p), exact["C"], int(exact["m"].p), exact["beta"])
    except ValueError as error:
        raise UserError(str(error)) from None


_MOST = {"k": 4096, "m": 32}
"""The largest instances that are built."""


@dataclass(frozen=True, slots=True)
class _PlayedGame:
    """Who plays, where, within which limits, and since when."""

    learner: str
    family: NeedleFamily
    budget: Budget
    time_limit: int | None
    since: float

    def twice(self, task: LearnerTask[R], enough: int = 0) -> list[R]:
        """Return what the task finds in each of two fresh processes; see :func:`proofs_check.cli.fresh.twice`."""
        seconds = None if self.time_limit is None else max(0, self.time_limit - (monotonic() - self.since))
        return twice(self.learner, self.family, task, enough=enough, seconds=seconds)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result: its key in JSON, its words on the screen, and what it says."""

    key: str
    words: str
    value: str | int | Numeral | None


@dataclass(frozen=True, slots=True)
class Played:
    """What was found; ``within``: whether it is within the bound, ``None`` if the sample does not tell."""

    lines: tuple[Line, ...]
    within: Literal[True] | None


def _exact(game: _PlayedGame) -> Played | None:
    family = game.family
    if family.dimension > MAX_MEMBERS or family.size > MAX_MEMBERS:
        return None
    try:
        members = game.twice(partial(laws_against, budget=game.budget, max_leaves=_MAX_LEAVES), ENOUGH)
    except TooLarge:
        return None
    result = overall(members)
    hit = result.hit.mass(True)
    most = _most(family, result.t_comp, result.t_data, result.t_strong)
    if _exceeds(hit, most):
        _sees_more(f"it hits with probability {number(hit, 6)}", most, result.t_comp, result.t_data)
    return _played("exact law", family, hit, (result.t_comp, result.t_data), within=True)


def _simulated(game: _PlayedGame, runs: int, seed: int) -> Played:
    family = game.family
    played = game.twice(partial(simulate, runs=runs, seed=seed, budget=game.budget))
    _check_hits(family, played[: runs // 2], played[runs // 2 :])
    t_comp, t_data = max(d.t_comp for d in played), max(d.t_data for d in played)
    hits = sum(d.hit for d in played)
    within = _is_below(hits, runs, _bound(family, t_comp, t_data)) or None
    method = f"{runs} runs, seed {seed}; error probability at most 1/10^6"
    return _played(method, family, fmpq(hits, runs), (t_comp, t_data), within=within)


def _check_hits(family: NeedleFamily, early: list[Drawn], late: list[Drawn]) -> None:
    """Refuse hits that no learner makes: the early runs set the costs, the late ones that keep to them count.

    Costs that come from the same runs as the hits would be no budget that was fixed before.
    """
    if not early:
        return
    t_comp, t_data, t_strong = (max(costs) for costs in zip(*(map(_costs, early)), strict=True))
    hits = sum(d.hit and d.t_comp <= t_comp and d.t_data <= t_data and d.t_strong <= t_strong for d in late)
    most = _most(family, t_comp, t_data, t_strong)
    if _is_below(hits, len(late), most) is False:
        _sees_more(f"{hits} of {len(late)} runs hit (error probability at most 1/10^6)", most, t_comp, t_data)


def _costs(run: Drawn) -> tuple[int, int, int]:
    return run.t_comp, run.t_data, run.t_strong


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


def _sees_more(hit: str, most: Number, t_comp: int, t_data: int) -> NoReturn:
    costs = f"with T_comp = {t_comp} and T_data = {t_data} no learner does with probability above {number(most, 6)}"
    raise RuleBroken(f"this learner sees more than its oracles: {hit}, and {costs}")


def _most(family: NeedleFamily, t_comp: int, t_data: int, t_strong: int) -> Number:
    """The greatest probability of a hit, by a theorem: of the game with the weak oracle, or the bound."""
    return _bound(family, t_comp, t_data) if t_strong else _best_weak(family, t_comp, t_data)


def _bound(family: NeedleFamily, t_comp: int, t_data: int) -> Number:
    return family.qbar() * t_comp + fmpq(t_data + 1, family.k)


def _best_weak(family: NeedleFamily, t_comp: int, t_data: int) -> Number:
    """The value of the game; enclosed where its digits would be too many."""
    if t_comp <= MAX_POWER:
        return family.game_value(t_comp, t_data)
    return enclosed(_game_value, 1 - family.p, t_comp, family.game_value(0, t_data))


MAX_POWER = 100_000


def _game_value(prec: int, rest: fmpq, t_comp: int, at_once: fmpq) -> arb:
    with workprec(prec + t_comp.bit_length()):
        return 1 - arb(rest) ** t_comp * arb(1 - at_once)


SPANNER = "SpannerSampling's T_comp, at most (if d beta^2 >= 1)"
WITHIN = {True: "yes", None: "the sample does not tell: more --runs"}


def _played(
    method: str, family: NeedleFamily, hit: Number, costs: tuple[int, int], *, within: Literal[True] | None
) -> Played:
    t_comp, t_data = costs
    best = number(_best_weak(family, t_comp, t_data), 6)
    bound = _bound(family, t_comp, t_data)
    vacuous = ", which says nothing" * (real(bound) >= 1)
    lines = [
        Line("method", "method", method),
        Line("hit", "P(the drawn response is the needle)", number(hit, 6)),
        Line("t_comp", "T_comp", t_comp),
        Line("t_data", "T_data", t_data),
        Line("bound", f"bound T_comp qbar + (T_data+1)/k{vacuous}", number(bound, 6)),
        Line(
            "best_weak",
            "best of all with the weak oracle",
            best if t_comp <= MAX_POWER else msgspec.structs.replace(best, exact=None),
        ),
    ]
    if family.is_learnable:
        rewards = max(fmpq(0), fmpq(3 * family.k, 32) - 1)
        lines += [
            Line("success_t_comp", "success 3/4 needs T_comp >=", number(family.our_bound(), 6)),
            Line("success_t_data", "or T_data >=", number(rewards, 6)),
            Line("spanner_sampling_t_comp", SPANNER, number(114 * family.C + 10, 6)),
        ]
    return Played(tuple(lines), within)


def _show(learner: str, family: str, result: Played) -> None:
    console = out()
    console.print(f"{one_line(learner)} on {family}", style="bold")
    for line in result.lines:
        console.print(f"  {line.words}: {line.value}")
    console.print(f"  within the bound: {WITHIN[result.within]}")
