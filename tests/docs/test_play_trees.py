"""The figures of the page that draw trees, in exact numbers: all runs, MTSS, soft values."""

import json
from math import prod
from typing import Any

import pytest
from flint import fmpq

from docs.play.page.door import answer
from proofs_check.claims.multi_turn.path_coverage import listed_costs
from proofs_check.claims.multi_turn.roll_ins_only import RollInsOnly
from reference.algorithms import MTSS
from reference.catalog import load
from reference.catalog.loading import DATA
from reference.constructions.needle_paths import needle_path
from reference.exact import exp, exp_sum, loglinear
from reference.interaction import Seeded, play_tokens
from reference.laws.softmax_sampling import softmax_sampler_law
from reference.model import LinearProblem

TWO_ARMS = (DATA / "two-arms.json").read_text("utf-8")
MANY = [{"name": str(y), "pi_ref": "1/65", "phi": ["0"]} for y in range(65)]
WIDE = json.dumps(json.loads(TWO_ARMS) | {"prompts": [{"name": "x", "rho": "1", "responses": MANY}]})


def asked(call: str, *arguments: object) -> Any:  # noqa: ANN401 - JSON
    found = json.loads(answer(call, json.dumps(arguments)))
    assert "error" not in found, found["error"]
    return found


def source(name: str) -> str:
    return next(DATA.rglob(f"{name}.json")).read_text("utf-8")


def exact(number: Any) -> fmpq:  # noqa: ANN401 - JSON
    return fmpq(*map(int, number["text"].split("/")))


def lineage(nodes: Any, i: int | None) -> list[Any]:  # noqa: ANN401 - JSON
    return [] if i is None else [*lineage(nodes, nodes[i]["parent"]), nodes[i]]


def test_the_runs_of_a_trial_of_rejection() -> None:
    found = asked("readings", TWO_ARMS, "rejection", 1)  # pi*/pi_ref is 4/3 and 2/3, and M = 4/3
    drawn = [(node["drawn"], node["share"]["text"], node["mass"]["text"], node["result"]) for node in found["nodes"]]
    assert drawn == [
        ("", "1", "1", ""),
        ("good", "1/2", "1/2", "good"),  # kept for certain: no fork
        ("bad", "1/2", "1/2", ""),
        ("yes", "1/2", "1/4", "bad"),
        ("no", "1/2", "1/4", "none"),
    ]
    assert {row["result"]: row["mass"]["text"] for row in found["law"]} == {"good": "1/2", "bad": "1/4", "none": "1/4"}


@pytest.mark.parametrize(("program", "N"), [("rejection", 3), ("softmax-sampler", 2), ("spanner, phase 1", 2)])
def test_a_run_has_the_product_of_its_draws_and_all_runs_make_the_law(program: str, N: int) -> None:
    found = asked("readings", TWO_ARMS, program, N)
    nodes = found["nodes"]
    ends = [i for i, node in enumerate(nodes) if node["result"]]
    assert len(ends) == found["runs"]
    masses = {i: prod((exact(node["share"]) for node in lineage(nodes, i)), start=fmpq(1)) for i in ends}
    assert [masses[i] for i in ends] == [exact(nodes[i]["mass"]) for i in ends]
    for row in found["law"]:
        same = [i for i in ends if nodes[i]["result"] == row["result"]]
        assert sum((masses[i] for i in same), fmpq(0)) == exact(row["mass"])
        assert len(same) == row["runs"]
    assert sum(masses.values(), fmpq(0)) == 1
    assert max(len(lineage(nodes, i)) for i in ends) == len(found["draws"]) + 1


@pytest.mark.parametrize("N", [1, 2, 3])
def test_the_merged_law_is_that_of_the_closed_form_even_where_the_runs_are_too_many_to_be_drawn(N: int) -> None:
    problem = load("two-arms")
    assert isinstance(problem, LinearProblem)
    law = softmax_sampler_law(problem.pi_ref("x"), problem.rewards(0).__getitem__, problem.beta, fmpq(2), N)
    found = asked("readings", TWO_ARMS, "softmax-sampler", N)
    assert [exact(row["mass"]) for row in found["law"]] == [law.mass(0), law.mass(1)]
    assert found["runs"] == {1: 10, 2: 48, 3: None}[N]
    assert found["asked"]["merged"] < (found["asked"]["runs"] or 10**9)


def test_each_seed_is_a_path_of_the_tree_and_no_seed_is_alone() -> None:
    found = asked("readings", source("rank-deficient"), "rejection", 2)
    assert [found["nodes"][i]["result"] for i in found["leaves"]] == found["seeded"]
    assert len(found["seeded"]) == 20
    assert len(set(found["leaves"])) > 3


def test_irrational_masses_are_drawn_too() -> None:
    found = asked("readings", source("two-arms-exp"), "softmax-sampler", 1)
    assert [row["mass"]["text"] for row in found["law"]] == ["-1/16*exp(-2) + 5/8", "1/16*exp(-2) + 3/8"]


def test_mtss_hands_over_from_layer_to_layer() -> None:
    first, second, third, last = asked("sweeps", 3, 1, 1)["steps"]
    assert first["walks"] == [{"roll_in": True, "start": 0, "on_path": [True], "reward": None}]  # the root: one look
    assert [step["met"] for step in (first, second, third, last)] == [1, 2, 3, None]
    beside, along = second["walks"]  # from the tokens 0 and 1 of the pair at the root
    assert (beside["start"], beside["on_path"], beside["reward"]) == (1, [False, False, False], "0")
    assert along == {"roll_in": False, "start": 1, "on_path": [True], "reward": None}
    assert [walk["reward"] for walk in last["walks"]] == ["0", "6*log(2)"] * 3 + [None]
    assert last["covered"] == [1, 2, 3]


@pytest.mark.parametrize(("H", "rolls", "seed"), [(2, 1, 1), (5, 4, 3), (7, 4, 2)])
def test_each_run_with_looks_costs_what_is_proved(H: int, rolls: int, seed: int) -> None:
    found, costs = asked("sweeps", H, rolls, seed), listed_costs("1" * H, MTSS(rolls))
    last = found["steps"][-1]
    assert (len(found["steps"]), found["covered"], found["rewards"]) == (H + 1, H, costs.t_data)
    assert found["listed"] == costs.t_comp - 2 * H  # less the draw from what is returned
    assert (sum(last["listed"]), last["rewards"]) == (found["listed"], found["rewards"])
    assert found["gap"]["text"] == "0"


@pytest.mark.parametrize("seed", range(1, 7))
def test_without_looks_only_roll_ins_meet_pairs_and_the_run_is_that_of_the_mutation(seed: int) -> None:
    found, run = asked("sweeps-in-roll-ins", 4, 2, seed), play_tokens(needle_path(4), RollInsOnly(2), Seeded(seed))
    assert run.policy is not None
    assert found["covered"] == sum(bool(layer.psi) for layer in run.policy.layers)
    assert (len(found["steps"]), found["listed"], found["rewards"]) == (run.policy.passes, run.t_comp, run.t_data)
    assert all(step["walks"][-1]["roll_in"] for step in found["steps"])
    assert [len(step["covered"]) for step in found["steps"]][-1] == found["covered"]


def test_without_looks_two_layers_are_covered_by_luck() -> None:
    assert asked("chance-in-roll-ins", 2, 1)["chance"]["text"] == "49/68"
    seeds = [asked("sweeps-in-roll-ins", 2, 1, seed)["covered"] == 2 for seed in range(1, 101)]
    assert 60 <= sum(seeds) <= 85  # 72 in the mean, with a standard deviation of 4.5; the seeds are fixed


def test_soft_values_and_the_best_policy_by_hand() -> None:
    found = asked("soft-tree", source("clean-sweep"), "1", 2)  # after 1: 14/15 and, of reward log 16, 1/15
    told = [(node["token"], node["value"]["text"], [m["text"] for m in node["masses"]]) for node in found["nodes"]]
    assert told == [
        ("", "-log(2) + log(3)", []),  # log((1 + 2)/2)
        ("0", "0", ["1/2", "1/3", "1/3"]),
        ("0", "0", ["1", "1", "1"]),
        ("1", "log(2)", ["1/2", "2/3", "2/3"]),  # log(14/15 + 16/15)
        ("0", "0", ["14/15", "7/15", "7/15"]),
        ("1", "4*log(2)", ["1/15", "8/15", "8/15"]),
    ]
    assert found["theta"] == [["log(2)"], ["4*log(2)"]]
    worth = asked("tilted-gap", source("clean-sweep"), "1")
    assert (worth["gap"]["text"], worth["coverage"]["text"], found["best"]["text"]) == ("0", "32/3", "32/3")


@pytest.mark.parametrize("name", ["fair-bits-3", "token-coverage-larger", "two-arms"])
def test_each_value_is_the_soft_mean_of_those_below(name: str) -> None:
    found, beta = asked("soft-tree", source(name), "1", 6), load(name).beta
    nodes = found["nodes"]
    worth = [exp(loglinear(node["value"]["text"]) / beta) for node in nodes]
    for i, node in enumerate(nodes):
        below = [j for j, other in enumerate(nodes) if other["parent"] == i]
        if below:
            assert sum((worth[j] * exact(nodes[j]["masses"][0]) for j in below), exp_sum([])) == worth[i]
            for j in below:  # pi* is pi_ref, tilted
                assert worth[i] * exact(nodes[j]["masses"][1]) == worth[j] * exact(nodes[j]["masses"][0])
        assert [m["text"] for m in node["masses"][1:2]] == [m["text"] for m in node["masses"][2:]]


def test_theta_goes_from_the_base_model_through_the_optimum() -> None:
    instance = source("markov-bits")
    none, double = (asked("soft-tree", instance, scale, 2, 1) for scale in ("0", "2"))
    assert all(node["masses"][2] == node["masses"][0] for node in none["nodes"][1:])
    assert asked("tilted-gap", instance, "0")["coverage"]["text"] == "1"
    assert asked("tilted-gap", instance, "2")["gap"]["value"] > 0
    assert double["theta"][0] == ["2*log(2)", "-2*log(3)"]


def test_a_tree_is_cut_and_without_a_parameter_the_optimum_is_shown() -> None:
    assert asked("soft-tree", source("needle-path-8"), "1", 8)["depth"] == 6
    found = asked("soft-tree", source("linear-not-realizable"), "2", 6)
    assert (found["depth"], found["theta"]) == (2, None)
    assert "not in the softmax class" in found["why"]
    assert "sum of logarithms" in asked("soft-tree", source("impossible-token"), "2", 6)["why"]


@pytest.mark.parametrize(
    ("call", "arguments", "said"),
    [
        ("readings", [TWO_ARMS, "mtss", 1], "pick a program of the list"),
        ("readings", [TWO_ARMS, "rejection", 5], "N from 1 to 4"),
        ("readings", [source("different-supports"), "rejection", 1], "3 prompts"),
        ("readings", [source("fair-bits-3"), "rejection", 1], "responses of one token"),
        ("sweeps", [9, 4, 1], "H up to 7"),
        ("sweeps-in-roll-ins", [6, 0, 1], "N_roll up to 4"),
        ("chance-in-roll-ins", [5, 1], "H up to 4"),
        ("soft-tree", ["garbage"], "not JSON"),
        ("soft-tree", [TWO_ARMS, "1", 1, 3], "prompt 3"),
        ("soft-tree", [WIDE, "1", 1], "more than 64 tokens"),
        ("soft-tree", [TWO_ARMS, "t", 1], "'t'"),
        ("tilted-gap", [source("linear-not-realizable"), "1"], "not in the softmax class"),
    ],
)
def test_what_is_not_drawn_is_said_in_a_line(call: str, arguments: list[object], said: str) -> None:
    found = json.loads(answer(call, json.dumps(arguments)))
    assert list(found) == ["error"]
    assert said in found["error"]
