"""The kit sees: right programs pass, each named wrong one fails, every vector shows one, few automatic ones live."""

import msgspec
import pytest

from proofs_check.conformance.kit import KILL_MATRIX_FILE, NamedMutant
from proofs_check.conformance.live import random_kit
from reference.conformance.functions import FUNCTIONS
from reference.conformance.vectors import DATA
from tests.conformance.automatic import changed_programs
from tests.conformance.judging import RIGHT, failed, functions_of, kit, passes, right, seconds_with_children, verdict
from tests.conformance.kill_matrix import minimal, named, own_flag, recorded, whole
from tests.conformance.survivors import ROUNDS, is_equal, survivors

SHIPPED = msgspec.json.decode((DATA / KILL_MATRIX_FILE).read_bytes(), type=dict[str, NamedMutant])
RECORDED = recorded()


@pytest.mark.parametrize(("program", "function"), [(p, f) for p in RIGHT for f in functions_of(p)])
def test_a_right_program_passes_every_vector(program: str, function: str) -> None:
    assert failed(function, getattr(right(program), function)) == []


@pytest.mark.parametrize(
    ("function", "seed"),
    [
        ("soft_value", 21),
        ("chain_log_prob", 21),
        ("sequence_coverage", 21),
        ("ridge", 21),
        ("path_return", 21),
        ("span_fit", 21),
        ("log_partition", 21),
        ("gap", 103),
        ("elliptic", 2),
        ("rejection_failure", 104),
        ("xpo_argmin", 1),
        ("spanner_coefficients", 1),
    ],
)
def test_right_programs_pass_random_questions_in_bad_condition(function: str, seed: int) -> None:
    """Of these the seeds have some that a program fails that is a little less careful than it may be."""
    vectors = random_kit([function], 40, seed, "binary64").files[function].vectors
    for program in RIGHT:
        if function in functions_of(program):
            implementation = getattr(right(program), function)
            assert [v.id for v in vectors if not passes(verdict(function, v, implementation))] == []


def test_the_matrix_is_as_it_ships_and_every_named_mutant_dies() -> None:
    found = named()
    assert found == SHIPPED
    assert [name for name, each in found.items() if not each.fails or not each.why] == []
    assert len(found) >= 500


def test_every_function_has_two_right_programs_one_of_them_without_numpy() -> None:
    for kind in ("numpy", "plain"):
        programs = [program for program in RIGHT if program.startswith(kind)]
        assert [name for program in programs for name in sorted(functions_of(program))] != []
        assert {each for program in programs for each in functions_of(program)} == FUNCTIONS.keys()
        assert all(
            ("numpy" in vars(right(program)) or "np" in vars(right(program))) == (kind == "numpy")
            for program in programs
        )


def test_every_vector_shows_a_named_mutant() -> None:
    shown = {name for each in SHIPPED.values() for name in each.fails}
    assert [vector.id for function in FUNCTIONS for vector in kit().vectors(function) if vector.id not in shown] == []


def test_every_flag_has_a_mistake_of_its_own() -> None:
    own = {(each.function, each.flag) for each in SHIPPED.values()}
    idle = [
        (function, flag)
        for function in FUNCTIONS
        for flag, note in kit().files[function].notes.items()
        if note.bug_type != "INFORMATION" and (function, flag) not in own
    ]
    assert idle == []


def test_the_own_flag_is_on_all_and_has_the_fewest() -> None:
    clear = [vector.id for vector in kit().vectors("kl") if "ZeroMass" in vector.flags]
    assert own_flag("kl", clear) == "ZeroMass"
    assert own_flag("kl", [vector.id for vector in kit().vectors("kl")]) == ""
    assert own_flag("kl", []) == ""


def test_every_mutant_that_a_note_names_is_there() -> None:
    for function in FUNCTIONS:
        for flag, note in kit().files[function].notes.items():
            for mutant in note.mutants:
                fails = SHIPPED[f"{function}/{mutant}"].fails
                flagged = {vector.id for vector in kit().vectors(function) if flag in vector.flags}
                assert flagged & set(fails), (function, flag, mutant)


def test_few_vectors_would_show_them_all() -> None:
    chosen = minimal(SHIPPED)
    assert all(set(chosen) & set(each.fails) for each in SHIPPED.values())
    assert len(chosen) < len(SHIPPED) / 2


@pytest.mark.parametrize("program", RIGHT)
def test_almost_all_automatic_mutants_die(program: str) -> None:
    record = RECORDED[program]
    names = [each.name for each in changed_programs(RIGHT[program])]
    assert len(names) == record.mutants == record.killed + len(record.equal) + len(record.alive)
    assert {*record.equal, *record.alive} <= set(names)
    assert record.share >= 0.95


@pytest.mark.slow
def test_the_whole_matrix_is_as_recorded_and_takes_two_cores_a_minute() -> None:
    before = seconds_with_children()
    matrix, records = whole(2)
    assert (matrix, records) == (SHIPPED, RECORDED)
    assert seconds_with_children() - before < 120


@pytest.mark.slow
@pytest.mark.parametrize("program", RIGHT)
def test_what_is_counted_out_is_equal_on_all_vectors_and_ten_thousand_random_inputs(program: str) -> None:
    record = RECORDED[program]
    names = {*record.equal, *record.alive}
    living = [each for each in changed_programs(RIGHT[program]) if each.name in names]
    assert ROUNDS == 10_000
    assert [each.name for each in living if is_equal(program, each)] == record.equal


def test_a_survivor_that_is_right_and_not_the_same_is_not_equal() -> None:
    names = RECORDED["plain_floats"].alive
    living = [each for each in changed_programs(RIGHT["plain_floats"]) if each.name in names]
    assert [each.name for each in survivors("plain_floats", living)] == names
    assert not any(is_equal("plain_floats", each, rounds=1000) for each in living[:2])
