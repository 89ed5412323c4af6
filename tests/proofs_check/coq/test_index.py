"""An index is accepted only if it fixes what its statements mean: all definitions, by digests of all that they hold."""

import pytest

from tests.proofs_check.coq.development import NEEDS_COQ, POTENTIAL, WEAKENED, Development, failures

pytestmark = NEEDS_COQ

SHAM = """\
From mathcomp Require Import all_ssreflect all_algebra ring.
Import GRing.Theory.
Local Open Scope ring_scope.
Section Sham.
Variable R : comRingType.
Definition plus (x y : R) : R := x + y - 1.
Definition minus (x : R) : R := 1 + 1 - x.
Lemma plusA : associative plus. Proof. by move=> x y z; rewrite /plus; ring. Qed.
Lemma plusC : commutative plus. Proof. by move=> x y; rewrite /plus; ring. Qed.
Lemma plus1 : left_id (1 : R) plus. Proof. by move=> x; rewrite /plus; ring. Qed.
Lemma plusN : left_inverse (1 : R) minus plus. Proof. by move=> x; rewrite /plus /minus; ring. Qed.
Definition sham : zmodType := ZmodType R (ZmodMixin plusA plusC plus1 plusN).
End Sham.
Theorem one_is_zero (R : comRingType) : (1 : R) = @GRing.zero (sham R).
Proof. by []. Qed.
"""


def test_a_definition_that_a_statement_reaches_must_be_listed(development: Development) -> None:
    development.start({"potential.v": POTENTIAL})
    development.index(["potential.spd_pos"], ["potential.quad"])
    development.write("potential.v", WEAKENED)  # nothing that is listed has changed
    assert failures(development.statements("check")) == [
        "definition potential.spd: potential.spd_pos reaches it, and theorems.toml does not list it"
    ]


def test_a_structure_hidden_in_an_implicit_argument_must_be_listed(development: Development) -> None:
    development.start({"sham.v": SHAM})
    development.index(["sham.one_is_zero"], [])
    assert "1 = 0" in (development.folder / "statements.md").read_text(encoding="utf-8")
    found = failures(development.statements("check"))
    assert "definition sham.sham: sham.one_is_zero reaches it, and theorems.toml does not list it" in found
    assert "definition sham.plusN: sham.sham reaches it, and theorems.toml does not list it" in found


def test_statements_that_print_alike_have_different_digests(development: Development) -> None:
    theorem = "Theorem empty : length (@nil {0}) = 0. Proof. reflexivity. Qed.\n"
    development.start({"lists.v": theorem.format("nat")})
    development.index(["lists.empty"], [])
    development.write("lists.v", theorem.format("bool"))
    # statements.md is not stale: what Coq prints to be read has not changed
    assert failures(development.statements("check")) == ["theorem lists.empty: the statement is not the recorded one"]


def test_a_notation_of_the_development_does_not_lie_in_the_table(development: Development) -> None:
    lie = 'Notation "x + y" := (Nat.sub x y) : nat_scope.\n#[global] Open Scope nat_scope.\n'
    development.start({"lie.v": lie + "Theorem less n : n + 0 = n. Proof. destruct n; reflexivity. Qed.\n"})
    development.index(["lie.less"], [])
    assert "(n - 0)%coq_nat = n" in (development.folder / "statements.md").read_text(encoding="utf-8")


ODD = """
Definition number := 0.
Theorem about_number : number = 0. Proof. reflexivity. Qed.
Definition unused := 0.
Definition by_qed : nat. exact 1. Qed.
Axiom postulated : nat.
Module Type Kept. Parameter kept : nat. End Kept.
Module M : Kept. Definition kept := 1. End M.
Theorem same : (by_qed, postulated, M.kept) = (by_qed, postulated, M.kept). Proof. reflexivity. Qed.
"""
HIDDEN = "its body is hidden (Qed, or a module type) or missing: define it openly"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    development = Development(tmp_path_factory.mktemp("odd"))
    development.start({"odd.v": ODD})
    theorems = ["odd.about_number", "odd.same", "odd.number"]
    development.index(theorems, ["odd.unused", "odd.by_qed", "odd.postulated", "odd.M.kept"])
    return failures(development.statements("check"))


@pytest.mark.parametrize(
    "failure",
    [
        "theorem odd.number: its type is not a proposition",
        "definition odd.number: odd.about_number reaches it, and theorems.toml does not list it",
        "definition odd.unused: no statement reaches it: remove it from the index",
        f"definition odd.by_qed: {HIDDEN}",
        f"definition odd.postulated: {HIDDEN}",
        f"definition odd.M.kept: {HIDDEN}",
    ],
)
def test_an_index_that_does_not_fix_its_statements_is_refused(odd: list[str], failure: str) -> None:
    assert failure in odd
