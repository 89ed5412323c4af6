"""Samplers against exact joint laws: the right one is not refuted, wrong ones are, and what is no draw is told."""

import json
from collections.abc import Mapping
from random import Random
from time import process_time
from types import ModuleType
from typing import Any

import pytest
from flint import fmpq

from proofs_check.conformance import samplers
from proofs_check.conformance.peer import Peer
from proofs_check.conformance.protocol import read_line
from proofs_check.conformance.samplers import SAMPLER_SETTINGS, Sampled, SamplerSetting, sampled
from proofs_check.conformance.written import WrittenNumber
from reference.exact.binary import to_float
from tests.conformance.right import algorithms
from tests.conformance.right.plain_floats import sampler_law
from tests.conformance.sampling import sampler
from tests.conformance.wrong_runs import WRONG_RUNS, WrongRun

ALPHA = fmpq(1, 10**6)
WRONG = [each for each in WRONG_RUNS if each.algorithm == "softmax_sampler" and each.name != "not-clipped"]
"""A coin with a probability above 1 falls as one with 1: its draws are right."""


def _judged(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, setting: SamplerSetting, draws: int, error: fmpq = ALPHA
) -> Sampled:
    draw = sampler(module)

    def dialogue(_: object, message: Mapping[str, Any], __: object) -> Mapping[str, Any]:
        return {"draws": draw(**message["input"], seed=message["seed"], count=message["count"])}

    monkeypatch.setattr(samplers, "dialogue", dialogue)
    return sampled(object.__new__(Peer), setting, draws, error)


@pytest.mark.parametrize("setting", SAMPLER_SETTINGS, ids=[each.name for each in SAMPLER_SETTINGS])
def test_the_right_sampler_is_not_refuted(monkeypatch: pytest.MonkeyPatch, setting: SamplerSetting) -> None:
    found = _judged(monkeypatch, algorithms, setting, 3_000)
    assert (found.said, found.draws, found.seeded) == (None, 3_000, True)


@pytest.mark.parametrize("wrong", WRONG, ids=[each.name for each in WRONG])
def test_each_wrong_sampler_is_refuted(monkeypatch: pytest.MonkeyPatch, wrong: WrongRun) -> None:
    assert any(not _judged(monkeypatch, wrong.module, setting, 4_000).passed for setting in SAMPLER_SETTINGS[::2])


@pytest.mark.slow
def test_the_right_sampler_is_refuted_as_seldom_as_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 1/20, and 40 looks: at most 2 are expected; more than 9 come with probability below 10^-4."""
    level = fmpq(1, 20)
    refuted = 0
    for start in range(10):
        monkeypatch.setattr(samplers, "DRAW_SEEDS", (1000 * start + 1, 1000 * start + 2, 1000 * start + 3))
        refuted += sum(
            not _judged(monkeypatch, algorithms, setting, 2_000, level).passed for setting in SAMPLER_SETTINGS
        )
    assert refuted <= 9


def _line(setting: SamplerSetting, seed: int, count: int) -> bytes:
    """Draws as a peer writes them, from the exact law at once: what the judge costs is measured, not a sampler."""
    law = setting.law()
    masses = [to_float(law.mass(pair)) for pair in law.outcomes]
    draws = Random(seed).choices(list(map(list, law.outcomes)), masses, k=count)  # noqa: S311 - no secret
    return json.dumps({"draws": draws}).encode()


@pytest.mark.slow
@pytest.mark.parametrize("setting", SAMPLER_SETTINGS, ids=[each.name for each in SAMPLER_SETTINGS])
def test_a_million_draws_are_judged_in_twenty_seconds(monkeypatch: pytest.MonkeyPatch, setting: SamplerSetting) -> None:
    def dialogue(_: object, message: Mapping[str, Any], __: object) -> Mapping[str, Any] | None:
        return read_line(_line(setting, message["seed"], message["count"])).found

    monkeypatch.setattr(samplers, "dialogue", dialogue)
    start = process_time()
    found = sampled(object.__new__(Peer), setting, 1_000_000, ALPHA)
    assert (found.said, found.draws) == (None, 1_000_000)
    assert process_time() - start < 20  # a fifth of it are these draws


def test_what_comes_often_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    setting, asked = SAMPLER_SETTINGS[0], list[str]()

    def counted(entry: str) -> int:
        asked.append(entry)
        return int(entry)

    lines = {count: read_line(_line(setting, 1, count)).found for count in (1_000, 2_000)}
    monkeypatch.setattr(samplers, "dialogue", lambda _, message, __: lines[message["count"]])
    monkeypatch.setattr(samplers, "read_integer", counted)
    sampled(object.__new__(Peer), setting, 4_000, ALPHA)
    assert 0 < len(asked) <= 4 * 5  # calls, and entries 0 to 4


@pytest.mark.parametrize("first", [True, 1.0, "1.0"])
def test_what_only_equals_an_integer_is_none(monkeypatch: pytest.MonkeyPatch, first: object) -> None:
    draws = [[WrittenNumber("1"), WrittenNumber("1")]] * 999 + [[first, WrittenNumber("1")]]
    monkeypatch.setattr(samplers, "dialogue", lambda *_: {"draws": draws})
    assert "in place of an integer" in (sampled(object.__new__(Peer), SAMPLER_SETTINGS[0], 1_000, ALPHA).said or "")


@pytest.mark.parametrize("setting", SAMPLER_SETTINGS, ids=[each.name for each in SAMPLER_SETTINGS])
def test_the_law_is_that_of_the_second_implementation(setting: SamplerSetting) -> None:
    given = setting.given()
    masses = sampler_law(**given)
    law = setting.law()
    for y, mass in enumerate(masses):
        exact = law.map(lambda pair: pair[0]).mass(y)
        assert isinstance(exact, fmpq)
        assert abs(float(exact.p) / float(exact.q) - mass) < 1e-12
    assert {trial for _, trial in law.outcomes} == set(range(setting.N + 1))


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ({"draws": [[0, 1]]}, "1 draws in place of 1000"),
        ({"draws": 3}, "3 draws in place of 1000"),
        ({"error": "no"}, "it said: "),
        ({"draws": [[0]] * 1000}, "a pair of a response and a trial is needed"),
        ({"draws": [[0, "x"]] * 1000}, "x"),
        ({"draws": [[7, 1]] * 1000}, "off the support"),
    ],
)
def test_what_is_no_draw_is_told(monkeypatch: pytest.MonkeyPatch, last: Mapping[str, Any], said: str) -> None:
    monkeypatch.setattr(samplers, "dialogue", lambda *_: last)
    found = sampled(object.__new__(Peer), SAMPLER_SETTINGS[0], 1_000, ALPHA)
    assert not found.passed
    assert said in (found.said or "")


def test_a_sampler_that_equal_seeds_do_not_repeat_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = iter(range(100))
    draw = sampler(algorithms)

    def dialogue(_: object, message: Mapping[str, Any], __: object) -> Mapping[str, Any]:
        return {"draws": draw(**message["input"], seed=next(calls), count=message["count"])}

    monkeypatch.setattr(samplers, "dialogue", dialogue)
    found = sampled(object.__new__(Peer), SAMPLER_SETTINGS[2], 1_000, ALPHA)
    assert found.passed
    assert not found.seeded
