"""``spanner play``: anyone's learner against the needle family."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from flint import fmpq

from proofs_check.cli.output import UserError, number, out, print_json
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
    try:
        result = _exact(contestant, budget) or _simulated(contestant, runs, seed, budget)
    except RuleBroken as broken:
        result = {"broke": str(broken)}
    head: dict[str, object] = {"learner": learner, "family": str(contestant.family)}
    if as_json:
        print_json({"format": "spanner-reference/play", "version": 1, **head, **result})
    else:
        _show(head, result)
    return 1 if "broke" in result or result.get("within the bound") == "no" else 0


def found(learner: str) -> Run:
    """Import ``MODULE:NAME``; modules in the current folder are found too.

    Raises:
        UserError: if there is no such module or function.
    """
    module, _, name = learner.partition(":")
    if not module or not name:
        raise UserError(f"--learner {learner}: write MODULE:NAME, such as my_learner:search")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    try:
        run = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise UserError(f"--learner {learner}: {error}") from None
    if not callable(run):
        raise UserError(f"--learner {learner}: it is not a function")
    chosen: Run = run
    return chosen


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


def _exact(contestant: Contestant, budget: Budget) -> dict[str, str] | None:
    if contestant.family.dimension > MAX_MEMBERS or contestant.family.size > MAX_MEMBERS:
        return None
    try:
        result = score(contestant, budget=budget, max_leaves=MAX_LEAVES)
    except (TooLarge, NotReproducible):
        return None
    hit = result.hit.mass(True)
    most = _bound(contestant.family, result.t_comp, result.t_data)
    holds = "yes" if real(hit) <= most else "no"
    return {"method": "exact law", **_lines(contestant, hit, result.t_comp, result.t_data, holds)}


def _simulated(contestant: Contestant, runs: int, seed: int, budget: Budget) -> dict[str, str]:
    played: list[Drawn] = simulate(contestant, runs, seed, budget=budget)
    t_comp, t_data = max(d.t_comp for d in played), max(d.t_data for d in played)
    hits = sum(d.hit for d in played)
    ball = real(_bound(contestant.family, t_comp, t_data)).enclosure(64).upper()
    cap = min(fmpq(1), ball.fmpq())
    try:
        holds = "yes" if cap == 1 or frequency("", hits, runs, "<=", cap).holds else "no"
    except Undecided:
        holds = "the sample does not tell: more --runs"
    lines = _lines(contestant, fmpq(hits, runs), t_comp, t_data, holds)
    return {"method": f"{runs} runs, seed {seed}; error probability at most 1/10^6", **lines}


def _bound(family: NeedleFamily, t_comp: int, t_data: int) -> Number:
    return family.qbar() * t_comp + fmpq(t_data + 1, family.k)


def _lines(contestant: Contestant, hit: Number, t_comp: int, t_data: int, holds: str) -> dict[str, str]:
    family = contestant.family
    lines = {
        "P(the drawn response is the needle)": str(number(hit, 6)),
        "T_comp": str(t_comp),
        "T_data": str(t_data),
        "bound T_comp qbar + (T_data+1)/k": str(number(_bound(family, t_comp, t_data), 6)),
        "within the bound": holds,
        "best of all with the weak oracle": str(number(family.game_value(t_comp, t_data), 6)),
    }
    if family.is_learnable:
        lines["success 3/4 needs T_comp >="] = str(number(family.our_bound(), 6))
        lines["or T_data >="] = str(number(fmpq(3 * family.k, 32) - 1, 6))
        lines["SpannerSampling's T_comp, at most (if d beta^2 >= 1)"] = str(number(114 * family.C + 10, 6))
    return lines


def _show(head: dict[str, object], result: dict[str, str]) -> None:
    console = out()
    console.print(f"{head['learner']} on {head['family']}", style="bold")
    if "broke" in result:
        console.print(f"broke the rules: {result['broke']}")
        return
    for name, text in result.items():
        console.print(f"  {name}: {text}")
