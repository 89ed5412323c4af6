"""``spanner solve`` on problems of any horizon, and the catalog: what is printed; one line where it cannot be."""

import re
from pathlib import Path

import pytest

from proofs_check.cli import main
from proofs_check.cli.realizability import Realizability
from proofs_check.cli.solution import certified_solution
from reference import certification as module
from reference.catalog import FORMAT, TOKEN_FORMAT, TOKEN_SCHEMA_PATH, dump, linear_names, load, names, tree_names
from reference.certificates import check, read_certificate
from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import to_decimal
from reference.model import Edge, Problem, Start, partition, soft_bellman
from reference.model.realizability import NotRealizable
from tests.proofs_check.cli_output import loaded

WRONG_KIND = (
    "'{}' is a problem of horizon 3 without theta; `spanner run passive` needs a linear problem (horizon 1, with "
    "theta); `spanner catalog` lists them"
)


# -------------------------------------------------------------------------------------------------- solve


def test_the_counterexample_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "solve", "catalog:token-coverage-larger", "--digits", "3")
    # Weights 1, 1, 1/4 of base mass 1/2, 1/4, 1/4: Z = 13/16, and U = 5/8 after (1)
    assert found["optimal_value"] == {
        "exact": "-4*log(2) + log(13)", "decimal": "-0.208", "lower": "-0.208", "upper": "-0.207",
    }  # fmt: skip
    assert found["base_value"]["exact"] == "-1/2*log(2)"
    assert found["base_gap"]["exact"] == "-7/2*log(2) + log(13)"
    coverages = found["coverages"]
    assert {name: coverages[name]["exact"] for name in ("C_cond", "C_cov", "product", "C_cond^H")} == {
        "C_cond": "8/5",
        "C_cov": "16/13",
        "product": "128/65",  # 16/13 at the root, 8/5 after (1)
        "C_cond^H": "64/25",
    }
    assert [ratio["exact"] for ratio in coverages["layers"]] == ["16/13", "8/5"]
    assert found["coverage"] == coverages["C_cov"]
    theta = found["realizability"]["theta"]
    assert [[entry["exact"] for entry in layer] for layer in theta] == [["-3*log(2) + log(5)"], ["-2*log(2)"]]
    nodes = {node["prefix"]: node for node in found["nodes"]}
    assert nodes["1"]["V"]["exact"] == "-3*log(2) + log(5)"
    assert [(t["token"], t["Q"]["exact"], t["pi_star"]["exact"]) for t in nodes["1"]["tokens"]] == [
        ("0", "0", "4/5"),
        ("1", "-2*log(2)", "1/5"),
    ]
    assert [t["pi_star"]["exact"] for t in nodes[""]["tokens"]] == ["8/13", "5/13"]
    assert found["sequence_count"] == "3"
    (prompt,) = found["prompts"]
    # pi* = (8, 4, 1)/13 against (2, 1, 1)/4: ratios 16/13, 16/13, 4/13; rewards are 0, 0, -2 log 2
    values = {key: prompt[key]["exact"] for key in ("log_partition", "coverage", "kl", "base_gap", "oscillation")}
    assert values == {
        "log_partition": "-4*log(2) + log(13)",
        "coverage": "16/13",
        "kl": "50/13*log(2) - log(13)",
        "base_gap": "-7/2*log(2) + log(13)",
        "oscillation": "2*log(2)",
    }
    assert found["l1_coverage"]["exact"] == "196/169"  # (2 * 8^2 + 4 * 4^2 + 4 * 1^2)/13^2
    assert "responses" not in prompt


def test_a_reward_along_the_way_belongs_to_the_soft_value(capsys: pytest.CaptureFixture[str]) -> None:
    nodes = loaded(capsys, "solve", "fair-bits-3")["nodes"]
    # After (0, 0) nothing is earned yet and one bit is to come: V = log((1 + 4)/2)
    assert [(node["prefix"], node["prefixes"]) for node in nodes] == [("", "1"), ("0", "2"), ("0 0", "4")]
    assert nodes[2]["V"]["exact"] == "-log(2) + log(5)"
    assert [t["Q"]["exact"] for t in nodes[2]["tokens"]] == ["0", "2*log(2)"]


def test_sequences_are_those_of_the_tree(capsys: pytest.CaptureFixture[str]) -> None:
    (prompt,) = loaded(capsys, "solve", "clean-sweep", "--sequences")["prompts"]
    assert {r["name"]: (r["pi_ref"], r["reward"]["exact"], r["pi_star"]["exact"]) for r in prompt["responses"]} == {
        "0 0": ("1/2", "0", "1/3"),
        "1 0": ("7/15", "0", "14/45"),
        "1 1": ("1/30", "4*log(2)", "16/45"),
    }


def test_no_parameter_fits_and_the_reason_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "linear-not-realizable"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    reason = "[(2) - (0)] - 2 [(1) - (0)] is 0 in the features phi_1, and in Q_1 it is -2*log(2) + log(5) ≈0.223144"
    assert f"no: no theta_1 fits, since {reason}" in out
    found = loaded(capsys, "solve", "linear-not-realizable")["realizability"]
    assert (found["realizable"], found["layer"], found["sum_of_Q"]["exact"]) == (False, 1, "-2*log(2) + log(5)")
    assert " checked realizable or not, by reference.certificates " in out
    assert [(t["coefficient"], t["token"], t["minus"]) for t in found["terms"]] == [("1", "2", "0"), ("-2", "1", "0")]


@pytest.mark.parametrize("name", tree_names())
def test_json_has_a_certificate_of_realizability_that_passes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    problem, found = load(name), loaded(capsys, "solve", name)
    document = found["certificates"]["realizability"]
    if name == "impossible-token":
        reason = "a parameter is not log-linear: it has no finite text"
        assert found["certificates"] == {"realizability": None, "reason": reason}
        return
    check(problem, read_certificate(problem, document))
    assert document["kind"] == ("realizable" if found["realizability"]["realizable"] else "not-realizable")


def test_json_has_features_and_rewards_of_tokens(capsys: pytest.CaptureFixture[str]) -> None:
    root = loaded(capsys, "solve", "linear-not-realizable")["nodes"][0]["tokens"]
    assert [(row["phi"], row["reward"]["exact"]) for row in root] == [(["0"], "0"), (["1/2"], "0"), (["1"], "0")]


def test_a_wrong_answer_about_realizability_is_not_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "decide_realizability", lambda _: NotRealizable(0, ()))
    assert main(["solve", "clean-sweep"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert "CertificateError: the differences of Q sum to zero too: nothing is ruled out" in err


def test_a_token_of_base_mass_zero_has_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    nodes = loaded(capsys, "solve", "impossible-token")["nodes"]
    after_b = next(node["tokens"] for node in nodes if node["prefix"] == "b")
    assert [(t["token"], t["Q"] and t["Q"]["exact"], t["pi_star"]["exact"]) for t in after_b] == [
        ("a", None, "0"),
        ("b", "1/2", "1"),
    ]


@pytest.mark.parametrize("name", tree_names())
@pytest.mark.parametrize("width", [80, 120])
def test_every_shipped_instance_is_solved_within_the_terminal(
    name: str, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["solve", f"catalog:{name}"]) == 0
    out = capsys.readouterr().out
    assert "C_cond(pi*)" in out
    assert max(map(len, out.splitlines())) <= width


def test_a_tree_of_2_to_the_64_sequences_is_solved_but_not_listed(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "solve", "fair-bits-64")
    assert found["optimal_value"]["exact"] == "-64*log(2) + 64*log(5)"
    assert found["coverage"]["exact"] == f"{8**64}/{5**64}"
    assert found["prompts"][0]["sequence_count"] == found["sequence_count"] == str(2**64)
    assert found["nodes"][63]["prefixes"] == str(2**63)
    assert main(["solve", "fair-bits-64", "--sequences"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"spanner: 'fair-bits-64' has {2**64} sequences; at most 1000000 are expanded\n"


def test_sums_that_are_too_long_are_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partition, "MAX_TERMS", 2)
    monkeypatch.setattr(soft_bellman, "MAX_TERMS", 2)
    problem = fair_bits(3, 1, name="not remembered")  # 1 + 3 e + 3 e^2 + e^3 at the root
    solution = certified_solution(problem)
    assert str(to_decimal(solution.optimal_value, 4)) == "≈1.860"  # 3 log((1 + e)/2), enclosed
    assert isinstance(solution.coverages, str)
    assert "more than 2 terms" in solution.coverages
    assert isinstance(solution.certified, Realizability)
    assert isinstance(solution.certified.found, str)
    (prompt,) = solution.prompts
    assert (prompt.coverage, prompt.kl) == (None, None)
    assert str(to_decimal(prompt.log_partition, 4)) == "≈1.860"


def test_tokens_that_are_left_out_are_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, note = re.compile("(?m)^ +[12] +1/3 "), "\n... n more: n more tokens; --json has all\n"
    monkeypatch.setattr("proofs_check.cli.nodes.SHOWN_NODES", 2)
    for shown, left in ((1, 2), (2, 0)):  # three tokens at the root: one would be left alone
        monkeypatch.setattr("proofs_check.cli.nodes.SHOWN_TOKENS", shown)
        assert main(["solve", "linear-not-realizable"]) == 0
        out = capsys.readouterr().out
        assert len(rows.findall(out)) == 2 - left
        assert (" 2 more\n" in out, note in out) == (left == 2, left == 2)
        assert " 1 more" not in out
        assert "\n... 2 more nodes: --json has all\n" in out


ONE_LAYER = Problem.of(
    "one layer",
    [Start.of("x", rho="1/3"), Start.of("y", rho="2/3")],  # both begin at the one node
    [[[Edge.of("a", "1/4", [0]), Edge.of("b", "3/4", ["1/2"], reward="log(3)"), Edge.of("c", 0, [1])]]],
    beta=1,
    R_max=2,
)


def test_a_problem_of_horizon_1_without_theta_is_solved_response_by_response(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "one.json"
    path.write_text(dump(ONE_LAYER), encoding="utf-8")
    found = loaded(capsys, "solve", str(path))
    # Weights 1/4 and 9/4: Z = 5/2
    assert [prompt["log_partition"]["exact"] for prompt in found["prompts"]] == ["-log(2) + log(5)"] * 2
    for prompt in found["prompts"]:
        assert prompt["sequence_count"] == "2"
        assert [(r["name"], r["phi"], r["weight"], r["pi_star"]["exact"]) for r in prompt["responses"]] == [
            ("a", ["0"], "1/4", "1/10"),
            ("b", ["1/2"], "9/4", "9/10"),
            ("c", ["1"], "0", "0"),
        ]
    assert found["coverage"]["exact"] == "6/5"
    assert found["coverages"]["C_cond"] == found["coverage"]
    assert [[entry["exact"] for entry in layer] for layer in found["realizability"]["theta"]] == [["2*log(3)"]]
    assert found["certificates"].keys() == {"realizability"}
    assert found.keys().isdisjoint({"nodes", "theta", "spanner", "dimension", "rank"})
    assert main(["solve", str(path)]) == 0
    out = capsys.readouterr().out
    assert "2 prompts, 6 responses, d = 1, beta = 1; log-rational: pi* is rational" in out
    assert "C_cond" not in out  # it is C_cov
    assert main(["solve", str(path), "--sequences"]) == 2


@pytest.mark.parametrize("name", ["two-arms", "clean-sweep"])
def test_the_certified_solution_any_problem_is_one_format(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "solve", name)
    assert (found["format"], found["version"]) == ("spanner-reference/solution", 3)
    own = {
        "two-arms": {"dimension", "rank", "theta", "spanner"},
        "clean-sweep": {"realizability", "nodes"},
    }
    assert own[name] <= found.keys()
    assert found.keys().isdisjoint(set.union(*own.values()) - own[name])


def test_a_file_is_solved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tokens.json"
    path.write_text(dump(load("markov-bits")), encoding="utf-8")
    assert loaded(capsys, "solve", str(path)) == loaded(capsys, "solve", "markov-bits")


def test_sequences_of_a_single_turn_problem_are_listed_anyway(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "two-arms", "--sequences"]) == 2
    assert "two-arms is a single-turn problem" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------ catalog


def test_the_catalog_lists_every_problem_with_its_source(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert main(["catalog"]) == 0
    out = capsys.readouterr().out
    lines = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    for name in names():
        assert load(name).about.source in lines[name]
    assert lines["zero-base-mass"].split()[1:6] == ["1", "3", "1", "3", "2"]  # base mass zero is counted
    assert " 64 " in lines["fair-bits-64"]
    assert "≈1.845e19" in lines["fair-bits-64"]  # 2^64 sequences


def test_a_problem_of_several_tokens_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = loaded(capsys, "catalog", "markov-bits")["instances"]
    assert (found["format"], found["horizon"], found["sequence_count"]) == (TOKEN_FORMAT, 5, "64")
    assert found["nodes"] == [2] * 5
    assert main(["catalog", "markov-bits"]) == 0
    assert "spanner solve catalog:markov-bits" in capsys.readouterr().out


def test_the_catalog_as_json_says_what_linear_problems_have_besides(capsys: pytest.CaptureFixture[str]) -> None:
    entries = {entry["name"]: entry for entry in loaded(capsys, "catalog")["instances"]}
    assert {name for name, entry in entries.items() if entry["format"] == TOKEN_FORMAT} == set(tree_names())
    assert {name for name, entry in entries.items() if "theta" in entry} == set(linear_names())
    found = entries["two-arms"]
    assert {key: found[key] for key in ("format", "horizon", "sequence_count", "nodes", "dimensions", "responses")} == {
        "format": FORMAT, "horizon": 1, "sequence_count": "2", "nodes": [1], "dimensions": [1], "responses": [2],
    }  # fmt: skip
    assert (found["theta"], found["B"], found["dimension"], found["rank"]) == (["log(2)"], "1", 1, 1)


def test_the_schema_of_token_problems(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--tokens"]) == 0
    assert capsys.readouterr().out == TOKEN_SCHEMA_PATH.read_text()


# -------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "passive", "fair-bits-3"], WRONG_KIND.format("fair-bits-3")),
        (
            ["run", "passive", "fair-bits"],  # nearest of all is fair-bits-3, which would not do
            "fair-bits: no such file, and no catalog instance of this name; did you mean 'fair-coin'?",
        ),
        (
            ["solve", "fair-bit-3"],
            "fair-bit-3: no such file, and no catalog instance of this name; did you mean 'fair-bits-3'?",
        ),
        (
            ["catalog", "fair-bit-3"],
            "catalog:fair-bit-3: no such instance; did you mean 'fair-bits-3'? `spanner catalog` lists them",
        ),
    ],
)
def test_what_is_of_the_wrong_kind_is_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err == f"spanner: {message}\n"


def test_a_token_file_is_of_the_wrong_kind_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tokens.json"
    path.write_text(dump(load("fair-bits-3")), encoding="utf-8")
    assert main(["run", "passive", str(path)]) == 2
    assert capsys.readouterr().err == f"spanner: {WRONG_KIND.format(path)}\n"


def test_where_a_response_has_ended_there_is_no_node(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = [Edge.of("stop", "1/2", [0], reward="log(2)"), Edge.of("go", "1/2", [1], child=1)]
    more = [Edge.of("a", "1/2", [0]), Edge.of("b", "1/2", [1])]
    problem = Problem.of("ending", [Start.of("x")], [[root], [[Edge.of("", 1, [0])], more]], beta=1, R_max=1)
    path = tmp_path / "ending.json"
    path.write_text(dump(problem), encoding="utf-8")
    found = loaded(capsys, "solve", str(path), "--sequences")
    assert [node["prefix"] for node in found["nodes"]] == ["", "go"]
    assert [response["name"] for response in found["prompts"][0]["responses"]] == ["stop", "go a", "go b"]
    assert main(["solve", str(path)]) == 0
    assert "3 sequences, 2 nodes" in " ".join(capsys.readouterr().out.split())
