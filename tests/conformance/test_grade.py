"""``spanner grade``: from an implementation to tables, files and an exit code; what is chosen, what it resembles."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from proofs_check.cli import main
from proofs_check.conformance.kit import KIT_AREAS, NamedMutant
from proofs_check.conformance.resemblance import likenesses
from reference.conformance.functions import FUNCTIONS
from tests.conformance.grading import RIGHT, SHIFTED, Grade, refusal
from tests.proofs_check.cli_output import document

# ---------------------------------------------------------------------------------------------- what is printed


def test_a_right_implementation_passes_what_it_offers(graded: Grade, module: Callable[..., str]) -> None:
    code, out, _ = graded(module(RIGHT))
    assert code == 0
    assert "small 3, binary64, default, stable: 6 of 6 vectors of 2 functions passed" in out
    assert "the kit has 11 vectors of 6 functions (version 2026.12.0)" in out


def test_a_wrong_one_is_shown_its_smallest_failure(graded: Grade, module: Callable[..., str]) -> None:
    code, out, _ = graded(module(SHIFTED), "--functions", "softmax")
    assert code == 1
    assert "softmax: 2 of 5 fell short of stable" in out
    assert "smallest: softmax-3: error: OverflowError: math range error" in out
    assert 'input: {"pi": ["1/2", "1/2"], "r": ["0", "-744"], "beta": "1"}' in out
    assert "softmax-2: support [OffSupport]: entry 2: mass 0." in out


def test_files_are_written_and_are_what_their_formats_say(
    graded: Grade, module: Callable[..., str], tmp_path: Path
) -> None:
    module(RIGHT.replace("p * math", "1.5 * math").replace("return True", "return 1"))
    files = [f"--{kind}={tmp_path / kind}" for kind in ("json", "html", "badge", "junit")]
    code, _, _ = graded("python:small_impl", *files)
    assert code == 1
    found = document((tmp_path / "json").read_text("utf-8"))
    assert (found["name"], found["passed"], found["vectors_in_kit"]) == ("small", False, 11)
    fallen = {each["id"]: each for each in found["vectors"] if not each["passed"]}
    assert fallen["accepts-1"]["said"] == "1 in place of true or false"
    assert fallen["accepts-1"]["value"] == ["true"]
    html = (tmp_path / "html").read_text("utf-8")
    assert "<h1>Graded: small</h1>" in html
    assert "http" not in html
    assert "accepts-1" in html
    badge = json.loads((tmp_path / "badge").read_text("utf-8"))
    assert badge["message"].startswith(f"{found['vectors_passed']}/11 ")
    areas = {each["area"]: (each["passed"], each["in_kit"]) for each in found["areas"]}
    assert areas == {"core": (found["vectors_passed"], 11)}
    assert json.loads((tmp_path / "badge-core").read_text("utf-8"))["label"] == "spanner core 2026.12.0"
    suites = ET.fromstring((tmp_path / "junit").read_text("utf-8"))  # noqa: S314 - written here
    assert [suite.get("name") for suite in suites] == ["softmax", "accepts"]
    assert len(suites.findall(".//failure")) == len(fallen)


def test_every_function_is_in_one_area_and_each_area_has_a_badge(
    module: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [name for names in KIT_AREAS.values() for name in names] == list(FUNCTIONS)
    assert (len(KIT_AREAS["core"]), len(KIT_AREAS["tokens"])) == (16, 5)
    spec = module("def in_span(phis, phi): return True\n\ndef draw_softmax_sampler(**inputs): return []\n")
    path = tmp_path / "badge.json"
    assert main(["grade", spec, "--badge", str(path), "--samplers", "--draws", "1000"]) == 1
    capsys.readouterr()
    found = {each.stem: json.loads(each.read_text("utf-8")) for each in tmp_path.glob("badge*.json")}
    assert found.keys() == {"badge", *(f"badge-{area}" for area in (*KIT_AREAS, "samplers"))}
    whole = [found[f"badge-{area}"]["message"].split()[0].split("/") for area in KIT_AREAS]
    assert found["badge"]["message"].split()[0] == "/".join(
        str(sum(map(int, column))) for column in zip(*whole, strict=True)
    )
    assert found["badge-samplers"]["message"].startswith("0/4 ")
    assert {found[f"badge-{area}"]["color"] for area in ("core", "samplers", "bounds")} == {"red"}


def test_the_right_answer_that_is_empty_is_no_refusal(
    module: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    spec = module("def spanner(vectors, C): return [0] if any(map(any, vectors)) else [1]\n")
    assert main(["grade", spec, "--functions", "spanner", "--json", "grade.json"]) == 1
    capsys.readouterr()
    found = {each["id"]: each for each in json.loads(Path("grade.json").read_text("utf-8"))["vectors"]}
    assert found["spanner-6"]["value"] == ["[]"]


def test_gradings_are_compared(graded: Grade, module: Callable[..., str], tmp_path: Path) -> None:
    for name, source in (("one", RIGHT), ("two", SHIFTED)):
        graded(module(source, name), "--json", str(tmp_path / name))
    code, out, _ = graded("compare", str(tmp_path / "one"), str(tmp_path / "two"), "--html", str(tmp_path / "page"))
    assert code == 0
    assert out.splitlines()[0].split() == ["function", "small", "3", "wrong", "3"]
    assert any(line.split() == ["softmax", "5/5", "3/5"] for line in out.splitlines())
    assert "Graded: small, wrong" in (tmp_path / "page").read_text("utf-8")
    refusal(graded, "compare", str(tmp_path / "one.py"))
    refusal(graded, "compare", str(tmp_path / "nothing"))
    refusal(graded, "compare")


def test_the_level_and_the_format_are_chosen(graded: Grade, module: Callable[..., str]) -> None:
    spec = module(RIGHT)
    assert graded(spec, "--level", "exact")[0] == 1
    assert graded(spec, "--level", "ulps:4", "--functions", "softmax")[0] == 0
    code, out, _ = graded(spec, "--format", "bfloat16")
    assert code == 0
    assert "small 3, bfloat16" in out


def test_expected_failures_pass_and_unexpected_passes_fail(
    graded: Grade, module: Callable[..., str], tmp_path: Path
) -> None:
    spec = module(RIGHT.replace("return True", "return False"))
    file = tmp_path / "xfails.toml"
    file.write_text('[xfails]\naccepts-1 = "a bug of ours"\n', "utf-8")
    assert graded(spec)[0] == 1
    assert graded(spec, "--xfails", str(file))[0] == 0
    file.write_text('[xfails]\nsoftmax-1 = "it was wrong once"\naccepts-1 = "ours"\n', "utf-8")
    code, out, _ = graded(spec, "--xfails", str(file))
    assert code == 1
    assert "it passed, and was expected to fail: it was wrong once" in out
    file.write_text('[xfails]\nsoftmax-77 = "?"\n', "utf-8")
    assert "no vector has the id 'softmax-77'" in refusal(graded, spec, "--xfails", str(file))


def test_a_profile_says_what_is_asked(graded: Grade, module: Callable[..., str], tmp_path: Path) -> None:
    spec = module(RIGHT)
    file = tmp_path / "mine.toml"
    file.write_text('flush = true\n[levels]\naccepts = "exact"\nsoftmax = "ulps:9"\n', "utf-8")
    code, out, _ = graded(spec, "--profile", str(file))
    assert code == 0
    assert "mine, stable" in out
    assert graded(spec, "--profile", "ftz")[0] == 0
    for text in (
        'level = "good"',
        "flush = 1",
        "[levels]\nsoftmax = 3",
        'color = "red"',
        "[levels",
        '[levels]\nq = "exact"',
    ):
        file.write_text(text, "utf-8")
        assert str(file) in refusal(graded, spec, "--profile", str(file))


def test_the_environment_names_the_implementation(
    graded: Grade, module: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "grade what?" in refusal(graded)
    monkeypatch.setenv("SPANNER_IMPL", module(RIGHT))
    assert graded()[0] == 0


# ------------------------------------------------------------------------------------------- what it resembles


def test_the_nearest_mistake_is_named_with_all_that_tie() -> None:
    mutants = {
        "shift": NamedMutant("softmax", ["softmax-1", "softmax-2", "softmax-9"], "shifts by the smallest"),
        "twice": NamedMutant("softmax", ["softmax-1", "softmax-2"], "beta twice"),
        "other": NamedMutant("kl", ["softmax-1", "softmax-2"], "of another function"),
        "far": NamedMutant("softmax", ["softmax-3"], "another mistake"),
    }
    failing, asked = {"softmax-1", "softmax-2"}, {f"softmax-{j}" for j in range(5)}
    found = likenesses("softmax", failing, asked, mutants)
    assert [(each.mutant, each.both, each.either) for each in found] == [("shift", 2, 2), ("twice", 2, 2)]
    assert likenesses("softmax", {"softmax-4"}, asked, mutants) == []
    assert likenesses("softmax", set(), asked, mutants) == []
    assert likenesses("softmax", failing, asked, {}) == []


def test_a_report_names_it(graded: Grade, module: Callable[..., str], kit: Path) -> None:
    mutants = {"shift-by-min": {"function": "softmax", "fails": ["softmax-2", "softmax-3"], "why": "the smallest"}}
    (kit / "kill_matrix.json").write_bytes(msgspec.json.encode(mutants))
    _, out, _ = graded(module(SHIFTED), "--functions", "softmax")
    assert "fails nearly the same vectors as shift-by-min (2/2): the smallest" in out
