"""The grades certified and computed: for what an audit that still counts says of an instance that is still the same."""

import json
from pathlib import Path

import pytest

from proofs_check.claims import registry
from proofs_check.cli import main
from proofs_check.ledger import Grade, answers, coq
from proofs_check.ledger.answers import ANSWER_KINDS
from proofs_check.ledger.kernel import judge
from reference.catalog.loading import file_of
from tests.proofs_check.ledger.auditing import forget, leave_record, transcript

import certified_form as form  # isort: skip - its folder is known after proofs_check.ledger

LINES = [
    "ok   certified two-arms: Optimum, Coverage, Value, Gap, Span",
    "ok   certified two-arms-exp: Span",
    "ok   computed fair-coin: Optimum",
    "ok   certified halfway: Best",
]
TWO_ARMS = file_of("catalog:two-arms")


def kinds(path: Path) -> list[str]:
    return [answer.kind for answer in answers.answers_on(path)]


def grades(claim: str) -> tuple[Grade, ...]:
    return judge(registry()[claim], (), None, None).grades


def changed(folder: Path, **entries: object) -> Path:
    """Return a file that is that of two-arms but for some entries."""
    document = json.loads(TWO_ARMS.read_text(encoding="utf-8")) | entries
    (folder / "mine.json").write_text(json.dumps(document), encoding="utf-8")
    return folder / "mine.json"


@pytest.fixture
def audited(folder: Path) -> Path:
    leave_record(folder, transcript(LINES))
    return folder


@pytest.mark.usefixtures("folder")
def test_without_an_audit_nothing_is_certified() -> None:
    assert not kinds(TWO_ARMS)
    assert Grade.CERTIFIED not in grades("gibbs-optimum")


@pytest.mark.usefixtures("audited")
def test_after_an_audit_a_claim_has_the_answers_that_it_is_about() -> None:
    assert kinds(TWO_ARMS) == ["Optimum", "Coverage", "Value", "Gap", "Span"]
    found = judge(registry()["gibbs-optimum"], (), None, None)
    assert found.grades == (Grade.KERNEL, Grade.CERTIFIED, Grade.COMPUTED)
    assert [(a.instance, a.kind) for a in found.answers if a.grade is Grade.CERTIFIED] == [
        ("two-arms", "Optimum"),
        ("two-arms", "Value"),
        ("two-arms", "Gap"),
    ]
    assert grades("barycentric-spanner") == (Grade.CERTIFIED,)
    assert Grade.CERTIFIED not in grades("rejection-exact")


@pytest.mark.usefixtures("audited")
def test_a_file_of_which_the_audit_says_nothing_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [answer.kind for answer in answers.answers_on(TWO_ARMS, "two-arms")] == kinds(TWO_ARMS)
    monkeypatch.setattr(form, "read", lambda _: pytest.fail("it is read"))
    assert not answers.answers_on(TWO_ARMS, "another")


@pytest.mark.usefixtures("audited")
def test_commands_show_what_is_certified(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "barycentric-spanner", "--quick"]) == 0
    line = " ".join(capsys.readouterr().out.split())
    assert "certified 2 rank and spanner of the feature differences: 2 instances, by Coq's kernel" in line
    for command in (["solve"], ["catalog"], ["verify", "--on"]):
        assert main([*command, "two-arms-exp"]) == 0
        assert "rank and spanner of the feature differences: by Coq's kernel" in capsys.readouterr().out
    assert main(["solve", "two-arms-mixed"]) == 0
    assert "kernel" not in capsys.readouterr().out
    found = {"instance": "two-arms-exp", "kind": "Span", "about": ANSWER_KINDS["Span"], "grade": "certified"}
    for command in (["solve", "two-arms-exp"], ["verify", "--on", "two-arms-exp"], ["catalog", "two-arms-exp"]):
        assert main([*command, "--json"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document.get("instances", [document])[0]["answers"] == [found]
    assert main(["verify", "barycentric-spanner", "--quick", "--json"]) == 0
    assert found in json.loads(capsys.readouterr().out)["claims"][0]["answers"]


@pytest.mark.usefixtures("audited")
def test_a_formula_is_certified_as_long_as_its_file_says_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    halfway = coq.FOLDER / "formulas" / "halfway.dnf"
    assert kinds(halfway) == ["Best"]
    (found,) = judge(registry()["dnf-soundness"], (), None, None).answers
    assert (found.instance, found.words) == ("halfway", "val* with an assignment that attains it")
    assert main(["verify", "dnf-soundness", "--quick"]) == 0
    line = " ".join(capsys.readouterr().out.split())
    assert "certified 1 val* with an assignment that attains it: 1 formula, by Coq's kernel" in line
    (tmp_path / "halfway.dnf").write_text(halfway.read_text("utf-8").replace("-1 2 0", "1 2 0"), "utf-8")
    assert not kinds(tmp_path / "halfway.dnf")


@pytest.mark.usefixtures("audited")
def test_what_the_kernel_computed_without_a_theorem_is_not_certified() -> None:
    assert [answer.grade for answer in answers.answers_on(file_of("fair-coin"))] == [Grade.COMPUTED]


def test_laws_without_a_theorem_are_computed_while_the_file_has_the_instance(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leave_record(folder, transcript(["ok   computed clean-sweep: Mtss", "ok   computed two-arms: BruteForce"]))
    clean_sweep = file_of("clean-sweep")
    assert [(a.kind, a.subject, a.grade) for a in answers.answers_on(clean_sweep)] == [
        ("Mtss", "token problem", Grade.COMPUTED)
    ]
    assert grades("mtss-end-to-end")[-1] is Grade.COMPUTED
    assert main(["verify", "tradeoff-brute-force", "--quick"]) == 0
    line = " ".join(capsys.readouterr().out.split())
    assert "computed 1 the law of the parameter that brute force returns: 1 instance, by Coq's kernel" in line
    changed_file = tmp_path / "mine.json"
    changed_file.write_text(
        clean_sweep.read_text("utf-8").replace('"14/15"', '"13/15"').replace('"1/15"', '"2/15"'), "utf-8"
    )
    assert not kinds(changed_file)
    assert not kinds(changed(tmp_path, beta="2"))


def test_laws_have_the_grade_of_their_line_while_the_file_of_laws_has_the_instance(folder: Path) -> None:
    lines = ["ok   certified two-arms: Rejection, Sampler", "ok   certified two-arms: Returned"]
    leave_record(folder, transcript(lines))
    found = {answer.kind: answer.grade for answer in answers.answers_on(TWO_ARMS)}
    assert found == {"Rejection": Grade.CERTIFIED, "Sampler": Grade.CERTIFIED, "Returned": Grade.CERTIFIED}
    assert Grade.CERTIFIED in grades("softmax-sampler-tv")
    assert Grade.CERTIFIED in grades("spanner-as-listed")
    laws = folder / "laws" / "catalog.v"
    laws.write_text(laws.read_text(encoding="utf-8").replace("(* two-arms *)", "(* two *)"), encoding="utf-8")
    leave_record(folder, transcript(lines))
    forget()
    assert kinds(TWO_ARMS) == ["Returned"]


@pytest.mark.usefixtures("audited")
def test_a_file_of_the_same_instance_is_certified_and_of_another_not(tmp_path: Path) -> None:
    assert kinds(changed(tmp_path, title="My own words"))  # the numbers are what is certified
    assert not kinds(changed(tmp_path, beta="2"))
    assert not kinds(changed(tmp_path, theta=["log(3)"]))
    assert not kinds(changed(tmp_path, name="two-arms-exp"))
    assert not kinds(file_of("markov-bits"))
    assert not kinds(tmp_path / "nowhere.json")


def test_an_instance_of_the_catalog_that_was_changed_after_the_audit_loses_it(
    audited: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del audited
    data = tmp_path / "data"
    data.mkdir()
    (data / "two-arms.json").write_bytes(changed(tmp_path, beta="2").read_bytes())
    (data / "two-arms-exp.json").write_bytes(file_of("two-arms-exp").read_bytes())
    monkeypatch.setattr(answers, "DATA", data)
    forget()
    assert {answer.instance for answer in answers.certified_answers()} == {"two-arms-exp", "halfway"}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("certified/two_arms.v", "Coverage (4#3)", "Coverage (5#3)"),
        ("certified/two_arms.v", "Response (1#2)", "Response (1#3)"),
        ("certificate.v", "ok && optimum_ok", "ok || optimum_ok"),
        ("cert_span.v", "all is_pick", "has is_pick"),
        ("cert_instance.v", "qpos (mass y)", "true"),
        ("certificates.py", "SECONDS = 60", "SECONDS = 61"),
        ("certified_form.py", "rational(mass)", "rational(mass / 2)"),
        ("laws/catalog.v", "(26#81)", "(27#81)"),
        ("laws/random.v", "Sampler", "Rejection"),
        ("cert_laws.v", "qpos M", "true"),
        ("cert_returned.v", "qpos M", "true"),
        ("returned/catalog.v", "(1219#2048)", "(1217#2048)"),
        ("listing.v", "isSome", "never"),
        ("computed_form.py", "RANDOM = 200", "RANDOM = 20"),
        ("formula_form.py", "literal > 0", "literal < 0"),
        ("formulas/halfway.dnf", "-1 2 0", "1 2 0"),
        ("cert_dnf.v", "size ts <= m", "size ts <= m.+1"),
    ],
)
def test_a_change_of_certificate_checker_or_exporter_after_the_audit_loses_all(
    audited: Path, file: str, old: str, new: str
) -> None:
    text = (audited / file).read_text(encoding="utf-8")
    assert old in text
    (audited / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    forget()
    assert not kinds(TWO_ARMS)
    assert Grade.CERTIFIED not in grades("gibbs-optimum")


def test_a_line_that_is_written_into_the_transcript_afterwards_does_not_count(audited: Path) -> None:
    lines = transcript([*LINES, "ok   certified fair-coin: Optimum"])
    (audited / coq.TRANSCRIPT).write_text("\n".join(lines) + "\n", encoding="utf-8")
    forget()
    assert not answers.certified_answers()


def test_a_failed_certificate_is_no_audit(folder: Path) -> None:
    leave_record(folder, transcript(["FAIL certified two-arms: Optimum: the kernel refuses it"]))
    assert not kinds(TWO_ARMS)


def test_each_kind_of_answer_belongs_to_a_claim_of_the_ledger() -> None:
    about = {kind: [claim.id for claim in registry() if kind in coq.kinds_of(claim.id)] for kind in ANSWER_KINDS}
    assert all(len(claims) == 1 for claims in about.values()), about
