"""What the page in the browser asks of Python: answers, sentences, and no library that is not in the page."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from docs.play import build
from docs.play.page.door import answer
from reference.catalog.loading import DATA
from tests.proofs_check.exercises.solutions import ANSWERS

ROOT = Path(__file__).parents[2]
PLAY = ROOT / "docs" / "play"
TWO_ARMS = (DATA / "two-arms.json").read_text("utf-8")


def asked(call: str, *arguments: object) -> Any:  # noqa: ANN401 - JSON
    return json.loads(answer(call, json.dumps(arguments)))


def test_coverage_is_exact_and_follows_beta() -> None:
    assert asked("coverage", TWO_ARMS)["coverage"]["text"] == "4/3"
    assert asked("coverage", TWO_ARMS, "1/2")["coverage"]["text"] == "8/5"  # weights 4 and 1: 4/5 over 1/2


def test_rejection_tells_the_law_that_the_listing_has() -> None:
    found = asked("rejection", TWO_ARMS, "3", 2)
    assert [row["law"]["text"] for row in found["rows"]] == ["2059/3456", "1397/3456"]
    assert found["none"]["value"] == pytest.approx(245 / 576)  # the number of its queries is 2 N + 1
    assert sum(found["waiting"]) == pytest.approx(1)
    assert asked("rejection", (DATA / "fair-coin.json").read_text("utf-8"), "3", 8)["apart"]["text"] == "0"


def test_a_spanner_grows_until_its_rounds_end() -> None:
    steps = asked("spanner", 2)["steps"]
    assert [len(step["accepted"]) for step in steps][:2] == [0, 1]
    open_ = [step["covered"].count(False) for step in steps]
    assert open_ == sorted(open_, reverse=True)
    assert steps[0]["determinant"]["text"] == "1/16"


def test_claims_and_false_variants() -> None:
    listed = asked("claims", TWO_ARMS)["claims"]
    assert len(listed) >= 19
    assert asked("claim", TWO_ARMS, "gap-oscillation")["sides"]["right"]["text"] == "1/8*log(2)^2"
    assert asked("claim", TWO_ARMS, "gap-oscillation", True)["word"] == "violated"


@pytest.mark.parametrize("name", ["one-in-four", "coverage-five-halves", "needle-in-twenty"])
def test_exercises_are_decided_as_on_the_command_line(name: str) -> None:
    assert asked("check", name, ANSWERS[name].right[0])["solved"]
    wrong, said = next(iter(ANSWERS[name].wrong.items()))
    found = asked("check", name, wrong)
    assert found["failed"].startswith(said)
    assert found["hint"]
    start = next(each["start"] for each in asked("exercises")["exercises"] if each["name"] == name)
    assert not asked("check", name, start)["solved"]


@pytest.mark.parametrize(
    ("call", "arguments", "said"),
    [
        ("coverage", ["garbage"], "not JSON"),
        ("coverage", ["[" * 100_000], "more than"),
        ("coverage", ["x" * 300_000], "200000"),
        ("coverage", [TWO_ARMS, "0"], "beta"),
        ("coverage", [TWO_ARMS, "1", 7], "prompt 7"),
        ("rejection", [TWO_ARMS, "3", 1000], "N from 1 to 16"),
        ("spanner", [1, "0", "1", 2], "above 0"),
        ("check", ["needle-in-twenty", "def learner("], "SyntaxError in line 1"),
        ("check", ["needle-in-twenty", "x = 1"], "no function `learner`"),
        ("check", ["one-in-four", "{"], "an answer looks like"),
        ("nothing", [], "KeyError"),
    ],
)
def test_what_cannot_be_answered_is_one_line(call: str, arguments: list[object], said: str) -> None:
    found = asked(call, *arguments)
    assert list(found) == ["error"]
    assert said in found["error"]
    assert "\n" not in found["error"]


def test_the_page_imports_what_is_in_the_page() -> None:
    program = (
        "import json, sys\nfrom docs.play.page.door import answer\n"
        f"text = {TWO_ARMS!r}\n"
        "answer('coverage', json.dumps([text])); answer('exercises', '[]')\n"
        "print('hypothesis' in sys.modules)\n"
        "answer('claims', json.dumps([text])); answer('claim', json.dumps([text, 'gap-oscillation']))\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    run = [sys.executable, "-c", program]
    first, after = subprocess.run(run, check=True, capture_output=True, text=True, cwd=ROOT).stdout.splitlines()
    assert first == "False"
    assert {"hypothesis", "flint", "msgspec"} <= set(after.split())
    assert set(after.split()).isdisjoint({"sympy", "mpmath", "typer", "rich", "pysat", "numpy", "pylatexenc"})


def test_what_a_call_needs_is_imported_before_its_time_begins() -> None:
    program = (
        "import sys\nfrom docs.play.page.door import answer, prepare\n"
        "prepare('claims'); prepare('no-such-call'); before = set(sys.modules)\n"
        f"answer('claims', {json.dumps([TWO_ARMS])!r}); print(*set(sys.modules) - before)"
    )
    run = [sys.executable, "-c", program]
    assert subprocess.run(run, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split() == []


def test_what_an_audit_left_on_this_machine_is_not_bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("audited.json", "theorems.toml"):
        file = tmp_path / "proofs_check" / "coq" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    assert [path.name for path in build.own("claims")] == ["theorems.toml"]


def test_what_is_fetched_is_pinned_hashed_and_named_with_its_licence() -> None:
    licences = (PLAY / "LICENSES.txt").read_text("utf-8")
    lines = (PLAY / "packages" / "wheels.txt").read_text("utf-8").splitlines()
    for line in (line for line in lines if not line.startswith("#")):
        name, digest = line.split(" --hash=sha256:")
        assert len(digest) == 64
        assert name.replace("==", " ") in licences
    locked = json.loads((PLAY / "packages" / "package-lock.json").read_text("utf-8"))["packages"]
    assert f"Pyodide {locked['node_modules/pyodide']['version']}" in licences
    assert all("integrity" in entry for name, entry in locked.items() if name)


def test_the_extra_for_the_browser_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert any(each.startswith("playwright") for each in project["optional-dependencies"]["browser"])
