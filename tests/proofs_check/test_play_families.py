"""`spanner play` on every family: what is hit, the bound where theory has one, tokens, and a limit of memory."""

import os
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq

from proofs_check.cli import main
from proofs_check.cli.draws import gaps
from proofs_check.cli.formats.parts import Numeral
from proofs_check.cli.stage_parameters import STAGES, stage
from proofs_check.cli.stages import PathStage, PlayAccess, Spent
from reference.constructions.needle_paths import needle_path
from reference.exact import log, rational, real
from reference.exact.law import Law
from reference.games.contest import Drawn, Entrant, RuleBroken, laws_against, score
from reference.games.draws import gap_of_draws
from reference.interaction.meter import Budget
from reference.interaction.seeded import Seeded
from reference.interaction.world import At, TokenOracles
from reference.model import base_policy, gap
from tests.proofs_check.cli_output import document

LEARNERS = """
import inspect
from dataclasses import dataclass

import reference as ref
from reference.interaction.world import At


@dataclass(frozen=True)
class Named:
    y: object
    queries_per_draw: int = 0

    def sample(self, oracles, x):
        return self.y


class Base:
    queries_per_draw = 1

    def sample(self, oracles, x):
        return oracles.weak(x)[0]


def base(oracles):
    return Base()


def follow(oracles):
    prefix = ()
    while len(prefix) < oracles.horizon:
        listed = oracles.listing(At(0, prefix))
        pairs = zip(listed.base.outcomes, listed.phi)
        prefix = (*prefix, next(token for token, phi in pairs if not phi.is_zero))
    return Named(prefix)


def mtss(oracles):
    return ref.MTSS(n_roll=1)(oracles)


def one(oracles):
    return Named(1)


def short(oracles):
    return Named((0,))


def peeks(oracles):
    return Named(oracles._world.problem)


def through_frames(oracles):
    frame = inspect.currentframe()
    while not hasattr(frame.f_locals.get("member"), "support"):
        frame = frame.f_back
    member = frame.f_locals["member"]
    return Named(max(member.support(0), key=lambda y: member.reward(0, y)))


def strong(oracles):
    y, _ = oracles.strong(0, (0,) * oracles.dimension)
    return Named(y)


def eats(oracles):
    held = []
    while True:
        held.append(bytes(10**7))
"""


HERE: dict[str, Any] = {"__name__": __name__}
exec(LEARNERS, HERE)  # noqa: S102 - the learners above


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "family_learners.py").write_text(LEARNERS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def played(capsys: pytest.CaptureFixture[str], name: str, *options: str, code: int = 0) -> dict[str, Any]:
    assert main(["play", "--learner", f"family_learners:{name}", *options, "--json"]) == code
    found: dict[str, Any] = document(capsys.readouterr().out)
    return found


RESPONSES = ("--access", "responses")


def entrant(name: str, family: str, access: PlayAccess | None, *parameters: str) -> Entrant:
    """Return one of the learners above on a family, in this process."""
    found = stage(family, access, list(parameters))
    return Entrant(name, HERE[name], found, tokens=found.access == "tokens")


@pytest.mark.parametrize(
    ("name", "family", "access", "parameters", "hit"),
    [
        ("base", "needle", None, ("C=4", "k=2"), "1/4"),
        ("base", "needle-path", "responses", ("H=3",), "1/8"),
        ("base", "dnf", None, (), "1/128"),  # of 8 vertices 2 satisfy a term, and 1 has base mass 2/64
        ("one", "dnf", None, (), "1/4"),
        ("one", "dnf", None, ("star=+-+",), "1/2"),
        ("follow", "needle-path", None, (), "1"),
        ("follow", "fair-bits", None, ("H=40",), "1"),
        ("base", "fair-bits", "responses", (), "1/8"),
        ("base", "opposite-rewards", "responses", (), "1/4"),
    ],
)
def test_what_is_hit_by_hand(
    name: str, family: str, access: PlayAccess | None, parameters: tuple[str, ...], hit: str
) -> None:
    found = score(entrant(name, family, access, *parameters))
    assert found.hit.mass(True) == rational(hit)
    spent, on = Spent(found.t_comp, found.t_data, found.t_strong), stage(family, access, list(parameters))
    is_known = family == "needle" or (family, access) == ("needle-path", "responses")
    assert (on.bound(spent) is not None, on.best(spent) is not None) == (is_known, is_known)


def test_where_theory_has_a_bound_it_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    found = played(capsys, "base", "--family", "needle-path", *RESPONSES, "--param", "H=2")
    assert (found["bound"]["exact"], found["best_weak"]["exact"], found["within_bound"]) == ("3/4", "3/4", True)
    assert {"bound", "best_weak", "within_bound"}.isdisjoint(played(capsys, "one", "--family", "dnf"))


def test_tokens_may_be_asked_for_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    """MTSS returns pi*, which draws the string of 2 bits with mass 16/19, and spends all that it may on 11."""
    found = played(capsys, "mtss", "--family", "needle-path", "--param", "H=2", "--param", "s=11")
    assert (found["method"], found["hit"]["exact"], found["gap"]["exact"]) == ("exact law", "16/19", "0")
    assert found["t_comp"] + found["t_data"] + 1 == found["mtss_queries"] == 24


def test_the_gap_of_what_is_drawn() -> None:
    bits = entrant("base", "fair-bits", "responses", "H=2")
    drawn, base = gaps(stage("fair-bits", "responses", ["H=2"]), laws_against(bits))
    assert (drawn.key, base.key, drawn.value) == ("gap", "gap_base", base.value)
    assert isinstance(drawn.value, Numeral)
    assert drawn.value.exact == "-4*log(2) + 2*log(5)"  # 2 (log 5/2 - log 2)
    two = Law.of({Drawn(True, 0, 0, 0, 0, (1, 1)): "1/2", Drawn(False, 0, 0, 0, 0, (0, 0)): "1/2"})
    path = needle_path(2)  # J(pi*) = log(19/4); pi earns 2 log 2 and costs log 2
    assert gap_of_draws(path, two) == real(log("19/4") - log(2))
    everything = Law.uniform([Drawn(False, 0, 0, 0, 0, (a, b)) for a in (0, 1) for b in (0, 1)])
    assert gap_of_draws(path, everything) == gap(path, base_policy(path))
    rare = stage("needle", None, ["C=4", "k=2"]).drawn_member(Seeded(1))
    assert [gap_of_draws(rare, Law.point(Drawn(False, 0, 0, 0, 0, y))) is None for y in (0, 1, 2)].count(True) == 1


def test_who_asks_the_strong_oracle_is_not_bounded_on_paths() -> None:
    found = score(entrant("strong", "needle-path", "responses", "H=2"))
    path = stage("needle-path", "responses", ["H=2"])
    assert (found.t_strong, path.bound(Spent(1, 0, 1)), path.best(Spent(1, 0, 1))) == (1, None, None)
    assert path.bound(Spent(1, 0, 0)) == ("(H+1) max(1, T_comp) (T_data+1)/2^H", fmpq(3, 4))
    alone = stage("needle-path", "responses", ["H=3", "features=string"])
    assert alone.bound(Spent(1, 0, 0)) == ("(T_comp + T_data + 1)/2^H", fmpq(1, 4))


def test_a_learner_above_the_bound_of_paths_sees_more(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--family", "needle-path", *RESPONSES, "--param", "H=3")
    found = played(capsys, "through_frames", *options, code=1)
    assert "it hits with probability 1, and with T_comp = 0 and T_data = 0 no learner does" in found["broke"]
    assert "above 1/8 = 0.125" in found["broke"]


@pytest.mark.parametrize(
    ("name", "family", "budget", "said"),
    [
        ("short", "needle-path", None, r"a draw from its policy is \(0,\), not a response; meter: 0 weak"),
        ("one", "needle-path", None, "a draw from its policy is 1, not a response"),
        ("peeks", "fair-bits", None, "it asked outside the oracles, for '_world'"),
        ("follow", "needle-path", 3, "t_comp allows 3 queries and one more was asked for; meter: 0 drawn, 2 listed"),
    ],
)
def test_broken_rules(name: str, family: str, budget: int | None, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        score(entrant(name, family, None), budget=Budget(t_comp=budget))


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs POSIX limits")
def test_who_takes_too_much_memory_is_told_in_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "--learner", "family_learners:eats", "--memory-limit", "300", "--json"]) == 1
    out, err = capfd.readouterr()
    assert document(out)["broke"] == "it raised MemoryError; meter: 0 weak, 0 strong, 0 reward queries"
    assert err == ""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--family", "needle-path", "--param", "H=65"), "--param H=65: needs an integer, at most 64"),
        (("--family", "needle-path", *RESPONSES, "--param", "H=13"), "--param H=13: needs an integer, at most 12"),
        (("--family", "needle-path", "--param", "H=0"), "--param H=0: needs H >= 1"),
        (("--family", "needle-path", "--param", "s=12"), "--param s=12: needs H = 4 bits, as in 0101"),
        (("--family", "needle-path", "--param", "features=all"), "write prefixes or string"),
        (("--family", "needle-path", "--param", "k=3"), "with KEY one of H, s, features"),
        (("--family", "dnf", "--access", "tokens"), "--access tokens: on dnf write responses"),
        (("--family", "dnf", "--param", "formula=x1 & x1"), "--param formula: term 1 (x1 & x1) repeats x1"),
        (("--family", "dnf", "--param", "A=1"), "needs A > 1"),
        (("--family", "dnf", "--param", "star=++"), "--param star=++: needs n = 3 signs, as in +-+"),
        (("--family", "fair-bits", "--param", "reward=much"), "much"),
        (("--family", "fair-bits", "--param", "beta=0"), "beta"),
        (("--family", "opposite-rewards", "--param", "s=-1"), "not positive"),
        (("--memory-limit", "100"), "--memory-limit"),
    ],
)
def test_bad_input_is_one_line(options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "--learner", "family_learners:one", *options]) == 2
    line = capsys.readouterr().err
    assert said in line
    assert line.count("\n") == 1


def test_every_family_is_in_the_help_with_its_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    for name, family in STAGES.items():
        assert f"{name}: " in text
        assert all(
            f"{key}={default}" in text.replace("'", "") for key, (default, _) in family.parameters.items() if default
        )


def test_the_rules_hold_of_tokens_too() -> None:
    def run(oracles: TokenOracles) -> Any:  # noqa: ANN401 - no policy
        oracles.weak(At(0, ()))
        raise ValueError("out of ideas")

    with pytest.raises(RuleBroken, match="it raised ValueError: out of ideas; meter: 1 weak"):
        score(Entrant("token learner", run, PathStage(2, None, "prefixes", "tokens"), tokens=True))
