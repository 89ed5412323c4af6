"""Faults are found in today's source, cover every numbered line, and are noticed as the committed matrix says."""

import ast
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from proofs_check.claims import registry
from proofs_check.faults import AREAS, Fault, FaultError, all_faults, fault_named
from proofs_check.faults.changed_program import install
from proofs_check.faults.child import cell_limit
from proofs_check.faults.fault import changed, misplaced, source_of
from proofs_check.faults.listings import UNFAULTED, listings, marks
from proofs_check.faults.matrix import main, row_of
from proofs_check.faults.record import ClaimRow, FaultRow, Record, recorded_matrix, shortcomings
from proofs_check.faults.stale import stale_claims, stale_faults
from proofs_check.ledger import Standing

ROOT = Path(__file__).parents[3]

KNOWN: set[str] = set()
"""What falls short today, and is known to."""


def test_every_fault_stands_in_the_source_exactly_once() -> None:
    assert list(misplaced(all_faults())) == []
    assert len(all_faults()) > 190


def test_every_numbered_line_has_a_fault_or_a_reason() -> None:
    faulted = {(fault.of, fault.line) for fault in all_faults()}
    lines = {(listing, n) for listing, numbers in listings().items() for n in numbers}
    assert len(lines) > 60
    assert lines - faulted == set(UNFAULTED)
    assert all(UNFAULTED.values())


def test_faults_name_lines_that_are_there() -> None:
    known = listings()
    for fault in all_faults():
        assert fault.line is None or fault.line in known[fault.of], fault.name


def test_every_algorithm_is_replaced_by_the_base_model() -> None:
    lazy = {fault.of for fault in all_faults() if fault.lazy}
    assert set(listings()) - lazy == {"barycentric"}  # which answers nothing


def test_no_fault_changes_nothing() -> None:
    before = {file: ast.dump(ast.parse(source_of(file))) for file in {fault.file for fault in all_faults()}}
    for fault in all_faults():
        tree, _ = changed(fault, source_of(fault.file))
        assert ast.dump(tree) != before[fault.file], fault.name


def test_the_tests_that_faults_name_are_in_the_suite() -> None:
    for fault in all_faults():
        file, *names = fault.test.split("::")
        text = (ROOT / file).read_text("utf-8")
        assert all(re.search(rf"^ *(def|class) {re.escape(name)}\b", text, re.MULTILINE) for name in names), fault.name


def test_the_record_is_of_todays_faults_and_claims() -> None:
    record, again = recorded_matrix(), "run make kill-matrix, or python -m proofs_check.faults.matrix --stale"
    assert [fault.name for fault in stale_faults(record)] == [], again
    assert stale_claims(record) == [], again
    assert set(record.faults) == {fault.name for fault in all_faults()}, again
    assert set(record.claims) == {claim.id for claim in registry() if claim.standing is Standing.CHECKED}, again


def test_every_fault_is_noticed_and_every_claim_sees_what_it_runs() -> None:
    assert set(shortcomings(recorded_matrix(), {fault.name: fault for fault in all_faults()})) == KNOWN


@pytest.mark.parametrize(
    ("fault", "claims"),
    [
        ("uncovered-mass-inverted", ("spanner-coverage",)),
        ("rejection-falls-back", ("rejection-exact",)),
        ("covers-by-nu", ("ridge-error", "truncation-gap")),
    ],
)
def test_cells_of_the_record_are_what_runs(fault: str, claims: tuple[str, ...]) -> None:
    found = row_of(fault_named(fault), dict.fromkeys(claims, 20))
    recorded = recorded_matrix().faults[fault].cells
    assert found.cells == {claim: recorded[claim] for claim in claims}


def test_a_claim_has_three_times_its_own_time_and_never_less_than_three_seconds() -> None:
    assert [cell_limit(seconds) for seconds in (0.1, 1, 1.1, 4)] == [3, 3, 4, 12]


FAULT = Fault("of-a-sample", "sample", "sample", "outer.inner", "a + b", "a - b", what="minus", test="")

SAMPLE = """
def outer(a, b):
    first = a + b
    def inner(a, b):
        total = (
            a + b
        )
        if total:
            return total
        return a + 1
    return inner
"""


def test_one_place_of_a_nested_function_is_changed() -> None:
    tree, lines = changed(FAULT, SAMPLE)
    assert lines == range(5, 8)  # the whole statement
    assert "total = a - b" in ast.unparse(tree)
    assert "first = a + b" in ast.unparse(tree)
    assert {node.lineno for node in ast.walk(tree) if isinstance(node, ast.BinOp)} == {3, 6, 10}


def test_statements_give_way_to_statements() -> None:
    tree, lines = changed(replace(FAULT, old="return a + 1", new="a = 2\nreturn a"), SAMPLE)
    assert "a = 2\n        return a" in ast.unparse(tree)
    assert lines == range(10, 11)
    tree, lines = changed(replace(FAULT, old="if total:\n    return total", new="pass"), SAMPLE)
    assert "if total" not in ast.unparse(tree)
    assert lines == range(8, 9)  # the head


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"function": "outer"}, "sample.py, outer: 2 places read 'a + b', needs 1"),
        ({"old": "a * b"}, "0 places read"),
        ({"function": "outer.missing"}, "has no function outer.missing"),
    ],
)
def test_what_does_not_apply_is_one_line(change: dict[str, str], said: str) -> None:
    with pytest.raises(FaultError, match=re.escape(said)):
        changed(replace(FAULT, **change), SAMPLE)  # type: ignore[arg-type]  # texts all


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Of A"}, "use lower-case words"),
        ({"old": "a +"}, "is no Python"),
        ({"new": "return a"}, "an expression becomes an expression"),
        ({"old": ""}, "write pass"),
    ],
)
def test_a_bad_fault_is_refused(change: dict[str, str], said: str) -> None:
    with pytest.raises(FaultError, match=said):
        replace(FAULT, **change)  # type: ignore[arg-type]  # texts all


def test_a_fault_whose_line_has_changed_is_named_with_its_place() -> None:
    moved = replace(fault_named("covers-by-nu"), name="moved", old="self.nu**5")
    gone = replace(moved, name="gone", module="algorithms.nowhere")
    first, second = misplaced([moved, fault_named("covers-by-nu"), gone])
    assert first.startswith("fault moved: reference/algorithms/parts/cover.py, RidgeCover.covers: 0 places read")
    assert first.endswith("the source has changed: mend old and new, or drop the fault")
    assert "nowhere.py" in second


def test_what_is_new_or_looks_elsewhere_is_stale() -> None:
    record = recorded_matrix()
    faults = {name: row for name, row in record.faults.items() if name != "covers-by-nu"}
    faults["rejection-falls-back"] = replace(faults["rejection-falls-back"], fault="another change of that name")
    claims = {name: row for name, row in record.claims.items() if name != "ridge-error"}
    claims["span-mode-exact"] = ClaimRow(("witness: elsewhere",), ())
    old = Record(claims, faults)
    assert {fault.name for fault in stale_faults(old)} == {"covers-by-nu", "rejection-falls-back"}
    assert stale_claims(old) == ["ridge-error", "span-mode-exact"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--claim", "no-claim"], "is called 'no-claim'"), (["cover-by-nu"], "did you mean 'covers-by-nu'")],
)
def test_the_tool_names_a_mistake(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert said in capsys.readouterr().err


def test_a_fault_needs_a_process_of_its_own() -> None:
    with pytest.raises(FaultError, match="reference is imported already"):
        install(fault_named("covers-by-nu"))


def test_an_unknown_fault_is_named_with_the_nearest() -> None:
    with pytest.raises(FaultError, match="did you mean 'covers-by-nu'"):
        fault_named("cover-by-nu")


def test_the_changed_program_differs_and_the_file_does_not() -> None:
    """``nu`` for ``nu^2``: at ``nu = 1/2`` a norm of 1/2 is covered, though it exceeds 1/4."""
    program = (
        "from proofs_check.faults import fault_named\n"
        "from proofs_check.faults.changed_program import install\n"
        "{}import reference as ref\n"
        "one = ref.Vector.of([1])\n"
        "cover = ref.RidgeCover.empty(1, ref.rational(1), ref.rational('1/2')).with_vector(one)\n"
        "print(cover.covers(one))\n"
    )
    for first, expected in (("", "False"), ("install(fault_named('covers-by-nu'))\n", "True")):
        done = subprocess.run(
            [sys.executable, "-c", program.format(first)], capture_output=True, text=True, check=True, cwd=ROOT
        )
        assert done.stdout.strip() == expected


def test_faults_and_their_names_import_nothing_of_reference() -> None:
    program = "import sys, proofs_check.faults as f; f.all_faults(); sys.exit('reference' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOT).returncode == 0


def test_areas_are_files() -> None:
    folder = ROOT / "proofs_check/faults/areas"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(AREAS)


def test_what_falls_short_is_said() -> None:
    faults = {"covers-by-nu": fault_named("covers-by-nu")}
    blind = ClaimRow(("witness: w",), ("spanner_sampling", "softmax_sampling"))
    record = Record({"ridge-error": blind}, {"covers-by-nu": FaultRow("", {"ridge-error": "t"}, test_fails=False)})
    assert list(shortcomings(record, faults)) == [
        "fault covers-by-nu: no claim falls",
        "fault covers-by-nu: its test passes",
        "claim ridge-error: runs spanner_sampling and kills no fault of it",  # of which SoftmaxSampler is a step
    ]
    seen = Record(
        {"ridge-error": ClaimRow((), ("spanner_sampling",))},
        {"covers-by-nu": FaultRow("", {"ridge-error": "x"}, test_fails=True)},
    )
    assert list(shortcomings(seen, faults)) == []
    assert Record.of({"claims": {"ridge-error": {"domain": [], "runs": ["mtss"]}}, "faults": {}}).claims == {
        "ridge-error": ClaimRow((), ("mtss",))
    }


def test_marks_are_read() -> None:
    numbers = {n for line in marks("softmax_sampling").values() for n in line}
    assert numbers == {1, 2, 3, 4, 5, 6}
    assert {n for line in marks("xpo").values() for n in line} == {1, 2, 3, 4, 5, 6}
