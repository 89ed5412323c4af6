"""The grader, the games and the reduction in the page: what they answer is what the command line answers."""

import json
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq

from docs.play.page.door import answer
from docs.play.page.games import NEEDLES, needle_value
from docs.play.page.softmaxes import EXAMPLES
from proofs_check.conformance.grade import grade
from proofs_check.conformance.implementations import opened
from proofs_check.conformance.kit import Kit
from reference.games import solve
from reference.games.curves import several_needles
from tests.proofs_check.cli_output import loaded


def asked(call: str, *arguments: object) -> Any:  # noqa: ANN401 - JSON
    return json.loads(answer(call, json.dumps(arguments)))


ROOT = Path(__file__).parents[2]
CODE = {title: code for title, _, code in EXAMPLES}


@pytest.mark.parametrize("title", CODE)
def test_code_is_graded_as_by_the_command_line(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "typed_softmax.py").write_text(CODE[title], "utf-8")
    monkeypatch.chdir(tmp_path)
    kit = Kit.of()
    with opened("python:typed_softmax", list(kit.files)) as source:
        there = [(each.vector.id, str(each.verdict.kind), each.answered) for each in grade(source, kit).vectors]
    functions = asked("grade", CODE[title])["functions"]
    here = [(each["id"], each["verdict"], each["answered"]) for function in functions for each in function["vectors"]]
    assert here == there
    for function in functions:
        assert sum(function["marks"].values()) == len(function["vectors"])


def test_what_the_examples_show() -> None:
    (naive,) = asked("grade", CODE["exp as it is"])["functions"]
    assert [each["mutant"] for each in naive["resembles"]] == ["softmax/no-max-shift"]
    smallest = next(each for each in naive["vectors"] if each["id"] == naive["smallest"])
    assert smallest["input"] == {"pi": "[1/2, 1/2]", "r": "[710, 0]", "beta": "1"}
    assert smallest["said"] == "OverflowError: math range error"
    (careful,) = asked("grade", CODE["shifted by the largest"])["functions"]
    assert careful["marks"]["wrong"] == 0
    assert careful["smallest"] is None
    (single,) = asked("grade", CODE["shifted, in 24 bits"])["functions"]
    assert "softmax/float32-throughout" in [each["mutant"] for each in single["resembles"]]
    three = asked("grade", CODE["log-sum-exp and KL"])["functions"]
    assert [each["name"] for each in three] == ["log_partition", "softmax", "kl"]
    assert "softmax/log-shortcut" in [each["mutant"] for each in three[1]["resembles"]]


def test_only_refusals_are_left_where_all_answers_are_right() -> None:
    code = CODE["shifted by the largest"].replace("beta <= 0", "False")
    (found,) = asked("grade", code)["functions"]
    smallest = next(each for each in found["vectors"] if each["id"] == found["smallest"])
    assert smallest["value"] == "a refusal is due"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("def softmax(", "SyntaxError in line 1"),
        ("x = 1\ny = x / 0", "ZeroDivisionError in line 2: division by zero"),
        ("raise SystemExit", "SystemExit in line 1"),
        ("def soft_max(pi, r, beta): ...", "no function of the kit in your code"),
        ("format = 'decimal'\ndef softmax(pi, r, beta): ...", "format 'decimal'"),
        ("#" * 200_000, "reads up to 100,000"),
        ("softmax = None", "no function of the kit"),
    ],
)
def test_what_cannot_be_graded_is_one_line(typed: str, said: str) -> None:
    found = asked("grade", typed)
    assert list(found) == ["error"]
    assert said in found["error"]
    assert "\n" not in found["error"]


WITHOUT_VALUE = ["raise SystemExit(3)", "return softmax(pi, r, beta)", "return 'much'", "return {1: {}}"]


@pytest.mark.parametrize("body", WITHOUT_VALUE)
def test_whatever_a_function_does_each_vector_gets_a_verdict(body: str) -> None:
    (found,) = asked("grade", f"def softmax(pi, r, beta):\n    {body}\n")["functions"]
    assert found["marks"]["bit"] == found["marks"]["stable"] == 0
    assert len(found["vectors"]) == len(Kit.of(["softmax"]).vectors("softmax"))


def game(kind: str, k: int, samples: int, rewards: int, taken: tuple[int, ...] = ()) -> Any:  # noqa: ANN401 - JSON
    return asked("game", kind, k, "8", "3/4", samples, rewards, list(taken))


@pytest.mark.parametrize(("kind", "k"), [("one", 6), ("one", 2), ("two", 5), ("two", 3)])
def test_the_closed_form_is_the_value_of_the_solved_game(kind: str, k: int) -> None:
    solution = solve(several_needles(k, NEEDLES[kind], 8), list(product(range(7), range(5))))
    for samples, rewards in product(range(7), range(5)):
        assert needle_value(k, NEEDLES[kind], fmpq(8), samples, rewards) == solution.value(samples, rewards)
    assert game(kind, k, 6, 4)["values"][3][5] == float(solution.value(5, 3))


def test_the_frontier_and_the_moves_of_six_names() -> None:
    found = game("one", 6, 2, 1)
    assert found["value"]["text"] == "47/96"  # 1 - (7/8)^2 (1 - 2/6)
    assert found["least"][:6] == [10, 8, 6, 3, 0, 0]  # as the tutorial on coverage prints them
    assert [[0 if x == 0 else int(x) + 1 for x in found["curve"]][d] for d in range(6)] == found["least"][:6]
    assert [step["move"] for step in found["steps"]] == [
        "draw from the base model",
        "draw from the base model",
        "ask for the reward of a name that is still possible",
        "name the likeliest",
    ]
    assert [step["now"]["text"] for step in found["steps"]] == ["1/6", "1/6", "1/6", "1/5"]
    assert [step["value"]["text"] for step in game("one", 6, 2, 1, (1,))["steps"]] == ["47/96", "1"]  # a needle is seen


def test_what_is_promised_at_a_step_is_the_mean_over_its_answers() -> None:
    for kind, k in (("one", 6), ("two", 5), ("graded", 6)):
        (first, *_) = game(kind, k, 2, 2)["steps"]
        chances = [fmpq(*map(int, f"{each['chance']['text']}/1".split("/")[:2])) for each in first["outcomes"]]
        later = [game(kind, k, 2, 2, (i,))["steps"][1]["value"]["value"] for i in range(len(chances))]
        assert sum(chances) == 1
        mean = sum(float(p) * value for p, value in zip(chances, later, strict=True))
        assert mean == pytest.approx(first["value"]["value"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("one", 40, 2, 1), "up to 12"),
        (("two", 2, 2, 1), "up to 8"),
        (("none", 4, 2, 1), "up to 0"),
        (("one", 6, 200, 1), "up to 24 samples"),
        (("one", 6, 2, 1, (7,)), "cannot get"),
    ],
)
def test_a_game_that_is_not_solved_here_is_a_sentence(arguments: tuple[Any, ...], said: str) -> None:
    assert said in game(*arguments)["error"]


PSI = "x1 & x2 | !x1 & x3 | !x2 & !x3 | x1 & !x3"


@pytest.mark.parametrize("learner", ["xpo", "brute-force", "online-dpo", "coin-flip"])
def test_a_null_run_is_the_one_of_the_command_line(learner: str, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--learner", learner, "--T", "6", "--A", "1000", "--L", "9", "--seed", "3"]
    there, here = loaded(capsys, "reduce", PSI, *options), asked("reduce", PSI, learner, 6, "1000", 3)
    assert (here["star"]["signs"], here["star"]["val"]) == (there["star"], there["val_star"])
    for page, line in zip(here["rounds"], there["rounds"], strict=True):
        assert page["term"] + 1 == line["term"]
        told = [(one["signs"], one["val"], one["zero"]) for one in page["committed"]]
        assert told == [(one["assignment"], one["val"], one["theta_is_0"]) for one in line["committed"]]
    assert here["best"]["signs"] == there["best"]["assignment"]
    assert here["returned"]["signs"] == there["returned"]["assignment"]
    assert fmpq(*map(int, here["bound"]["text"].split("/"))) == fmpq(*map(int, there["bound"].split("/")))


def test_a_formula_by_hand() -> None:
    found = asked("reduce", "x1 & x2 | !x1 & x2 | x1 & !x3", "brute-force", 2, "32", 1)
    assert found["star"] == {"signs": "++-", "val": "2/3", "satisfied": [True, False, True], "count": 1}
    assert found["terms"] == ["x1 & x2", "!x1 & x2", "x1 & !x3"]
    assert (found["p"]["text"], found["coverage"]["text"]) == ("9/1024", "1024/9")
    assert not found["promises"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("", "xpo", 4, "1000", 1), "the text is empty"),
        (("x1 &", "xpo", 4, "1000", 1), "term 1"),
        (("x1 | x2 & x3", "xpo", 4, "1000", 1), "all terms need the same length"),
        (("x1", "xpo", 4, "8", 1), "needs p < 1/2"),
        (("x9", "xpo", 4, "1000", 1), "up to 8 and 12"),
        (("x1 | " * 500 + "x1", "xpo", 4, "1000", 1), "at most 2,000"),
        (("x1", "xpo", 400, "1000", 1), "from 2 to 12 draws"),
        (("x1", "guess", 4, "1000", 1), "unknown learner"),
        ((" | ".join(["x1 & x8"] * 12), "brute-force", 12, "1000", 1), "too much work"),
    ],
)
def test_what_cannot_be_reduced_is_a_sentence(arguments: tuple[Any, ...], said: str) -> None:
    found = asked("reduce", *arguments)
    assert list(found) == ["error"]
    assert said in found["error"]
    assert "\n" not in found["error"]


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("grade", [CODE["exp as it is"]]),
        ("examples", []),
        ("game", ["one", 6, "8", "3/4", 2, 1, []]),
        ("reduce", [PSI, "xpo", 4, "1000", 1]),
    ],
)
def test_a_call_imports_only_what_the_page_loads_for_it(call: str, arguments: list[object]) -> None:
    program = (
        "import json, sys\nfrom docs.play.page.door import answer\n"
        f"assert 'error' not in json.loads(answer({call!r}, {json.dumps(arguments)!r}))\n"
        "files = [getattr(module, '__file__', None) or '' for module in list(sys.modules.values())]\n"
        "from docs.play.build import NEEDING, ROOT, own\n"
        f"parts = ['', *NEEDING.get({call!r}, [])]\n"
        "loaded = {str(path) for part in parts for path in own(part)}\n"
        "ours = [str(ROOT / top) for top in ('reference', 'proofs_check', 'docs/play/page')]\n"
        "print(*(name for name in files if name.startswith(tuple(ours)) and name not in loaded))\n"
    )
    run = [sys.executable, "-c", program]
    assert subprocess.run(run, check=True, capture_output=True, text=True, cwd=ROOT).stdout.strip() == ""
