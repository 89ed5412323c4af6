"""``spanner certify``: files that hold an instance and its certificates, and one line where there are none."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from proofs_check.certified import kernel_check
from proofs_check.certified.cost import seconds_for_tokens, seconds_predicted
from proofs_check.cli import main
from proofs_check.ledger.coq import FOLDER
from reference.catalog import load, load_linear
from reference.catalog.loading import file_of
from reference.certificates import check, read_certificate
from tests.proofs_check.cli_output import loaded

import certified_form as form  # isort: skip - scripts of the audit; their folder is known after proofs_check.ledger
import token_form  # isort: skip


WITHIN = [kind for kind in form.KINDS if kind.endswith(form.WITHIN)]


@pytest.fixture
def without_coq(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)


def line_of(capsys: pytest.CaptureFixture[str]) -> str:
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_the_files_hold_the_instance_and_certificates_that_are_read_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = loaded(capsys, "certify", "two-arms", "--out", str(tmp_path / "new"))
    assert document["files"] == [str(tmp_path / "new" / f"two_arms{end}") for end in (".json", ".certificates.json")]
    assert load(tmp_path / "new" / "two_arms.json") == load("two-arms")
    written = json.loads((tmp_path / "new" / "two_arms.certificates.json").read_text(encoding="utf-8"))
    assert written == document["certificates"]
    assert document["instance"] == json.loads(file_of("two-arms").read_text(encoding="utf-8"))
    for each in written.values():
        check(load_linear("two-arms"), read_certificate(load_linear("two-arms"), each))


@pytest.mark.parametrize("name", ["two_arms.json", "two_arms.certificates.json"])
def test_no_other_file_is_replaced(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).write_bytes(b"\xff")
    assert main(["certify", "two-arms", "--out", str(tmp_path)]) == 2
    assert line_of(capsys).endswith(f"{name} is another file: give another folder with --out")
    assert [file.name for file in tmp_path.iterdir()] == [name]
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    assert main(["certify", "two-arms", "--out", str(tmp_path)]) == 2
    assert "Is a directory" in line_of(capsys)


def test_what_was_compiled_counts_as_long_as_it_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "gibbs.vo").write_bytes(b"compiled")
    assert not kernel_check._intact(tmp_path)
    (tmp_path / "sums.json").write_text(json.dumps(kernel_check._sums(tmp_path)), "utf-8")
    assert kernel_check._intact(tmp_path)
    (tmp_path / "gibbs.vo").write_bytes(b"junk")
    assert not kernel_check._intact(tmp_path)


def test_a_problem_of_several_tokens_has_the_certificate_of_realizability(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = loaded(capsys, "certify", "markov-bits", "--out", str(tmp_path))
    assert document["certificates"]["realizability"]["kind"] == "realizable"


@pytest.mark.usefixtures("without_coq")
def test_without_coq_the_file_is_written_and_one_line_says_that_it_was_not_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = loaded(capsys, "certify", "two-arms", "--coq", "--out", str(tmp_path))
    assert (tmp_path / "two_arms.v").read_bytes() == (FOLDER / "certified" / "two_arms.v").read_bytes()
    found = document["coq"]
    assert (found["accepted"], found["version"]) == (None, None)
    assert found["reason"].startswith("Coq is not installed: apt-get install")
    assert found["kinds"] == [kind for kind in form.KINDS if not kind.endswith(form.WITHIN)]
    assert main(["certify", "two-arms", "--coq", "--out", str(tmp_path)]) == 0
    assert "not asked: Coq is not installed" in " ".join(capsys.readouterr().out.split())


def test_another_version_of_coq_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: "coqc")
    monkeypatch.setattr(kernel_check, "_said", lambda _: "8.19.2 5.1.1\n")
    assert kernel_check.coq_here() == ("8.19.2", "Coq 8.19.2 is installed, and the proofs are written for Coq 8.16")
    monkeypatch.setattr(kernel_check, "_said", lambda option: "8.16.1 4.13" if "version" in option else "/nowhere")
    assert kernel_check.coq_here()[1].startswith("mathcomp-analysis is not installed")


@pytest.mark.usefixtures("without_coq")
def test_where_the_optimum_is_irrational_it_is_enclosed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "certify", "two-arms-exp", "--coq", "--out", str(tmp_path))["coq"]
    assert found["kinds"] == [*WITHIN, "Base", "Span", "Draws"]
    assert found["left_out"] == ""
    assert main(["certify", "two-arms-exp", "--coq", "--out", str(tmp_path)]) == 0
    assert "each number to 20 decimals, between two rationals" in " ".join(capsys.readouterr().out.split())


@pytest.mark.usefixtures("without_coq")
def test_the_output_says_what_is_out_of_reach(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(file_of("two-arms-exp").read_text(encoding="utf-8")) | {"beta": "1/121"}
    (tmp_path / "far.json").write_text(json.dumps(document), encoding="utf-8")
    command = ("certify", str(tmp_path / "far.json"), "--coq", "--out", str(tmp_path / "out"))
    found = loaded(capsys, *command)["coq"]
    assert found["kinds"] == ["Base", "Span"]
    assert found["left_out"].startswith("pi* is irrational, and has no enclosures: |r - r'|/beta")


@pytest.mark.usefixtures("without_coq")
@pytest.mark.parametrize(("name", "also"), [("fair-bits-3", "Realizable"), ("linear-not-realizable", "NotRealizable")])
def test_a_token_problem_has_soft_values_and_realizability_for_coq(
    name: str, also: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = loaded(capsys, "certify", name, "--coq", "--out", str(tmp_path))["coq"]
    assert found["kinds"] == ["Soft", also]
    module = f"{form.module(name)}.v"
    assert (tmp_path / module).read_bytes() == (FOLDER / "certified" / module).read_bytes()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("impossible-token", "exp(reward/beta) of a token is no product of whole powers of rationals; leave --coq out"),
        ("smollm2-tokens-realizable", "5984 tokens, 172 logarithms: the kernel would take about"),
    ],
)
def test_a_token_problem_out_of_reach_is_told_in_a_line(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["certify", name, "--coq", "--out", str(tmp_path / "out")]) == 2
    assert said in line_of(capsys)
    assert not (tmp_path / "out").exists()


def large(folder: Path, n: int, d: int) -> Path:
    """Return a file with n responses in d dimensions."""
    responses = [
        {"name": f"y{i}", "pi_ref": f"1/{n}", "phi": [str(int(j == i % d)) for j in range(d)]} for i in range(n)
    ]
    document = json.loads(file_of("two-arms").read_text(encoding="utf-8")) | {
        "name": "large",
        "theta": ["log(2)"] * d,
        "bounds": {"B": "100", "R_max": "1"},
        "prompts": [{"name": "x", "rho": "1", "responses": responses}],
    }
    (folder / "large.json").write_text(json.dumps(document), encoding="utf-8")
    return folder / "large.json"


def test_what_takes_the_kernel_more_than_a_minute_is_refused_before_coq_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proofs_check.cli.certify.checked_by_kernel", lambda *_: pytest.fail("Coq was started"))
    assert main(["certify", str(large(tmp_path, 300, 20)), "--coq", "--out", str(tmp_path / "out")]) == 2
    line = line_of(capsys)
    assert "300 responses, d = 20: the kernel would take about 9" in line
    assert "leave --coq out" in line
    assert not (tmp_path / "out").exists()


# CPU time of coqc, random features k/30 with -3 <= k <= 3, theta 30 log 2, 30 log 3, ...
@pytest.mark.parametrize(("n", "d", "measured"), [(400, 2, 3.1), (1000, 2, 6.1), (200, 8, 13.8), (400, 8, 26.5)])
def test_the_predicted_cost_is_near_what_was_measured(n: int, d: int, measured: float) -> None:
    logs = [(Fraction(0), {Fraction(j + 2): Fraction(1)}) for j in range(d)]
    response = (Fraction(1, n), [Fraction(0)] * d)
    found = seconds_predicted(form.Written(Fraction(1), logs, [(Fraction(1), Fraction(0), [response] * n)]))
    assert measured / 1.5 < found < measured * 1.5


# the same with theta 1/2, 1/2, ...
@pytest.mark.parametrize(("n", "d", "measured"), [(200, 2, 8.3), (800, 2, 22.6), (200, 8, 16.5)])
def test_the_predicted_cost_of_enclosures_is_near_what_was_measured(n: int, d: int, measured: float) -> None:
    response = (Fraction(1, n), [Fraction(0)] * d)
    written = form.Written(Fraction(1), [(Fraction(1), {})] * d, [(Fraction(1), Fraction(0), [response] * n)])
    assert measured / 1.5 < seconds_predicted(written, enclosed=True) < measured * 1.5


# CPU time of coqc; H fair bits in layers, the second earns exponent * log 2
@pytest.mark.parametrize(("H", "exponent", "measured"), [(64, 20, 6.2), (64, 40, 18.9), (256, 1, 6.2)])
def test_the_predicted_cost_of_tokens_is_near_what_was_measured(H: int, exponent: int, measured: float) -> None:
    written = fair_bits(H, exponent)
    assert measured / 1.5 < seconds_for_tokens(written) < measured * 1.5


def test_powers_too_large_to_be_computed_are_predicted_without_them() -> None:
    assert seconds_for_tokens(fair_bits(64, 10**12)) > 10**18


def test_one_large_power_in_many_layers_is_not_predicted_as_one_in_each() -> None:
    few = fair_bits(64, 1)
    last = few.nodes[-1][1]._replace(reward=(Fraction(0), {Fraction(2): Fraction(500)}))
    nodes = [[edges[0], edges[1]._replace(reward=edges[0].reward)] for edges in few.nodes[:-1]]
    assert seconds_for_tokens(few._replace(nodes=[*nodes, [few.nodes[-1][0], last]])) < 10


def fair_bits(H: int, exponent: int) -> token_form.Written:
    half, reward = Fraction(1, 2), (Fraction(0), {Fraction(2): Fraction(exponent)})
    nodes = [[token_form.Edge(half, (Fraction(0), {}), h + 1), token_form.Edge(half, reward, h + 1)] for h in range(H)]
    return token_form.Written(Fraction(1), H, [0], nodes)


def test_another_file_in_the_way_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "two_arms.json").write_text("mine", encoding="utf-8")
    assert main(["certify", "two-arms", "--out", str(tmp_path)]) == 2
    assert "two_arms.json is another file: give another folder with --out" in line_of(capsys)
    assert (tmp_path / "two_arms.json").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_made_is_told_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["certify", "two-arms", "--out", str(tmp_path / "file")]) == 2
    assert line_of(capsys).startswith(f"spanner: --out {tmp_path / 'file'}: ")


def test_a_name_cannot_end_the_comment_of_a_certificate() -> None:
    assert "*) Axiom" not in form.LAYOUT.file_text("x *) Axiom a : False. (*", "", "")
