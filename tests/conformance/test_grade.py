"""``spanner grade``: from an implementation to tables, files and an exit code; one line for each bad input."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest

from proofs_check.cli import main
from proofs_check.conformance.kit import KIT_AREAS, Kit, NamedMutant
from proofs_check.conformance.resemblance import likenesses
from reference.conformance.functions import FUNCTIONS
from tests.conformance.small_kit import VECTORS, write_kit
from tests.proofs_check.cli_output import document

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

RIGHT = """
import math

name = "small"
version = "3"


def softmax(pi, r, beta):
    if sum(pi) != 1 or not all(map(math.isfinite, r)):
        raise ValueError("no law, or no rewards")
    weights = [p * math.exp((x - max(r)) / beta) if p else 0.0 for p, x in zip(pi, r)]
    return [w / sum(weights) for w in weights]


def accepts(phis, phi, ridge, nu):
    return True
"""

SHIFTED = RIGHT.replace("p * math.exp((x - max(r)) / beta) if p else 0.0", "math.exp((x - min(r)) / beta)").replace(
    '"small"', '"wrong"'
)
"""Without the base law, and shifted by the smallest reward."""


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    folder = tmp_path / "kit"
    folder.mkdir()
    return write_kit(folder)


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    monkeypatch.chdir(tmp_path)

    def written(source: str, name: str = "small_impl") -> str:
        (tmp_path / f"{name}.py").write_text(source, "utf-8")
        return f"python:{name}"

    return written


Grade = Callable[..., tuple[int, str, str]]


@pytest.fixture
def graded(kit: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Grade:
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["grade", *arguments, "--vectors", str(kit)])
        found = capsys.readouterr()
        return code, found.out, found.err

    return run


def refusal(graded: Grade, *arguments: str, code: int = 2) -> str:
    found, out, err = graded(*arguments)
    assert (found, out) == (code, ""), (out, err)
    assert err.count("\n") == 1
    return err


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


# ------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["small_impl"], "write python:my_package.impl:oracle"),
        (["python:"], "write python:my_package.impl:oracle"),
        (["python:impl.py:softmax"], "write a module name, not a path"),
        (["command:"], "write python:"),
        (["command:'unclosed"], "No closing quotation"),
        (["file:nothing.jsonl"], "No such file or directory"),
        (["node", "impl.mjs"], "one implementation at a time; quote a command"),
        (["python:small_impl", "--functions", "softmx"], "did you mean 'softmax'?"),
        (["python:small_impl", "--functions", "kl"], "small does not offer kl; it offers softmax, accepts"),
        (["python:small_impl", "--format", "float32"], "one of binary64, binary32, bfloat16"),
        (["python:small_impl", "--format", "binary16"], "one of binary64, binary32, bfloat16"),
        (["python:small_impl", "--level", "fine"], "one of exact, correct, faithful, stable and ulps:4"),
        (["python:small_impl", "--level", "ulps:0"], "one of exact"),
        (["python:small_impl", "--memory", "much"], "write bytes, or 500M, or 2G"),
        (["python:small_impl", "--profile", "turbo"], "no such file; or one of default, ftz"),
        (["python:small_impl", "--json", "/no/such/folder/x"], "No such file or directory"),
        (["python:small_impl", "--timeout", "0"], "try 'spanner grade --help'"),
    ],
    ids=lambda value: " ".join(value[-2:])[:40] if isinstance(value, list) else "",
)
def test_bad_usage_is_one_line(graded: Grade, module: Callable[..., str], arguments: list[str], said: str) -> None:
    module(RIGHT)
    assert said in refusal(graded, *arguments)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("command:/no/such/program", "No such file or directory"),
        ("python:no_such_module_at_all", "No module named 'no_such_module_at_all'"),
        ("python:small_impl:oracle", "has no attribute 'oracle'"),
        ("command:/bin/true", "no hello: its process ended with exit code 0"),
    ],
)
def test_what_cannot_be_started_has_an_exit_code_of_its_own(
    graded: Grade, module: Callable[..., str], spec: str, said: str
) -> None:
    module(RIGHT)
    assert said in refusal(graded, spec, code=3)


def test_a_changed_byte_of_a_vector_file_is_found(graded: Grade, module: Callable[..., str], kit: Path) -> None:
    path = kit / "kl.json"
    path.write_bytes(path.read_bytes().replace(b"by hand", b"by Hand", 1))
    assert "kl.json is not the file that was published (sha256 differs from index.json)" in refusal(
        graded, module(RIGHT)
    )
    path.unlink()
    assert "there are no vectors of kl" in refusal(graded, module(RIGHT))
    (kit / "index.json").write_text("{}", "utf-8")
    assert "is not the index of vectors that was published" in refusal(graded, module(RIGHT))


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"schema": "spanner-vectors-1"}'])
def test_a_file_that_is_none_of_vectors_is_named(
    graded: Grade, module: Callable[..., str], kit: Path, content: bytes
) -> None:
    (kit / "index.json").unlink()
    (kit / "softmax.json").write_bytes(content)
    assert "softmax.json is no file of vectors" in refusal(graded, module(RIGHT), "--functions", "softmax")


def test_an_implementation_that_offers_nothing_of_the_kit(graded: Grade, module: Callable[..., str]) -> None:
    assert "offers none of the kit's functions" in refusal(graded, module("def hardmax(x): return x"))


# ----------------------------------------------------------------------------------------- answers in a file


def answers(*lines: Any) -> str:  # noqa: ANN401 - any JSON
    return "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)


def test_answers_come_from_a_file(graded: Grade, tmp_path: Path) -> None:
    right = [
        {"id": "softmax-1", "answer": [0.7310585786300049, 0.2689414213699951]},
        {"id": "softmax-2", "answer": [0.7310585786300049, "0x1.136561454ba86p-2", 0]},
        {"id": "softmax-3", "answer": [1, "1e-323"]},
        {"id": "softmax-4", "refused": "no law"},
        {"id": "softmax-5", "refused": "NaN"},
    ]
    file = tmp_path / "answers.jsonl"
    spec = f"file:{file}"
    file.write_text(answers({"protocol": 1, "name": "cluster", "functions": ["softmax"]}, *right), "utf-8")
    code, out, _ = graded(spec)
    assert code == 0
    assert "cluster, binary64" in out
    file.write_text(
        answers(*right[:2], right[1], "not a line", {"answer": 1}, {"id": "x", "error": ""}, *right[3:]), "utf-8"
    )
    code, out, _ = graded(spec, "--functions", "softmax")
    assert code == 1
    assert "softmax-2: malformed [OffSupport]: answered more than once" in out
    assert "softmax-3: error: the file has no answer with this id" in out
    assert "note: line 4 is no reply" in out
    assert "note: answers to no vector of the kit: 1, such as 'x'" in out
    assert "note: line 5 is no reply: it has no id" in out
    for content in ("", "nothing\n", '{"protocol": 2}\n'):
        file.write_text(content, "utf-8")
        assert str(file) in refusal(graded, spec)


def test_the_questions_are_printed_as_peers_get_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vectors", "questions", "softmax"]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["cmd"] == "ask"
    assert first["function"] == "softmax"
    assert all(isinstance(mass, float) for mass in first["input"]["pi"])


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


# ------------------------------------------------------------------------------------------------- the plugin


def pytest_run(tmp_path: Path, *arguments: str) -> str:
    line = [sys.executable, "-m", "pytest", "-p", "proofs_check.conformance.plugin", "-p", "no:cacheprovider", "-q"]
    environment = {
        "PYTHONPATH": str(EXAMPLES.parents[1]),
        "PATH": "/usr/bin:/bin",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    run = subprocess.run(
        [*line, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    return run.stdout + run.stderr


def test_the_plugin_makes_a_test_of_each_vector(kit: Path, module: Callable[..., str], tmp_path: Path) -> None:
    spec = module(SHIFTED)
    arguments = ["--spanner-impl", spec, "--spanner-vectors", str(kit)]
    assert "1 failed, 5 deselected" in pytest_run(tmp_path, *arguments, "-k", "OffSupport")


# ------------------------------------------------------------------------------------------- worked harnesses


def passes(spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["grade", spec])
    assert code == 0, capsys.readouterr().out


def test_the_example_in_python_passes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numpy")
    monkeypatch.chdir(EXAMPLES)
    passes("python:impl:Oracle", capsys)


@pytest.mark.skipif(which("node") is None, reason="node is not installed")
def test_the_example_in_javascript_passes(capsys: pytest.CaptureFixture[str]) -> None:
    passes(f"command:node '{EXAMPLES / 'impl.mjs'}'", capsys)


@pytest.mark.skipif(which("cc") is None, reason="there is no C compiler")
def test_the_example_in_c_passes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    program = tmp_path / "impl"
    subprocess.run(["cc", "-O1", "-Wall", "-Werror", "-o", program, EXAMPLES / "impl.c", "-lm"], check=True)
    passes(f"command:'{program}'", capsys)


def test_the_small_kit_has_each_kind_of_answer() -> None:
    assert {FUNCTIONS[name].result for name in VECTORS} == {"number", "law", "integer", "boolean", "certificate"}
    assert Kit.of(["softmax"]).vectors("softmax")
