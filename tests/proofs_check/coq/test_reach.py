"""Whatever a statement mentions, however it hides, the audit finds; and it finds nothing else."""

import pytest

from tests.proofs_check.coq.development import NEEDS_COQ, Development, failures

pytestmark = NEEDS_COQ

# Each way hides the definition of its own name from the printed statement of a theorem, or puts it far away.
WAYS = {
    "argument": """
        Definition pick {n : nat} (m : nat) := m.
        Definition argument := 1.
        Theorem t_argument : pick (n := argument) 0 = 0. Proof. reflexivity. Qed.""",
    "canonical": """
        Structure pointed := Pointed { carrier :> Type; point : carrier }.
        Canonical canonical := Pointed nat 3.
        Theorem t_canonical : point _ = 3. Proof. reflexivity. Qed.""",
    "instance": """
        Class Dim (A : Type) := { dim : nat }.
        #[global] Instance instance : Dim nat := {| dim := 2 |}.
        Theorem t_instance : dim (A := nat) = 2. Proof. reflexivity. Qed.""",
    "coercion": """
        Definition coercion (b : bool) : nat := if b then 1 else 0.
        Coercion coercion : bool >-> nat.
        Theorem t_coercion : true + 0 = 1. Proof. reflexivity. Qed.""",
    "notation": """
        Definition notation := 0.
        Notation "'nought'" := notation.
        Theorem t_notation : nought = 0. Proof. reflexivity. Qed.""",
    "local": """
        Definition local := 4.
        Section Local. Let four := local. Theorem t_local : four = 4. Proof. reflexivity. Qed. End Local.""",
    "letin": """
        Definition letin := 1.
        Theorem t_letin : let x := letin in 0 = 0. Proof. reflexivity. Qed.""",
    "Alias.inner": """
        Module Inner. Definition inner := 5. End Inner.
        Module Alias := Inner.
        Theorem t_inner : Alias.inner = 5. Proof. reflexivity. Qed.""",
    "Arg.given": """
        Module Type Needs. Parameter given : nat. End Needs.
        Module Functor (X : Needs). Definition twice := X.given + X.given. End Functor.
        Module Arg. Definition given := 7. End Arg.
        Module Applied := Functor Arg.
        Theorem t_functor : Applied.twice = 14. Proof. reflexivity. Qed.""",
    "field": """
        Definition field (n : nat) := n.
        Record law := Law { mass : nat; normal : field mass = 1 }.
        Theorem t_field (x y : law) : x = y -> y = x. Proof. intros ->. reflexivity. Qed.""",
    "constructor": """
        Definition constructor := 0.
        Inductive tree := leaf | node (_ : forest) with forest := nil | cons (_ : constructor = 0) (_ : tree).
        Theorem t_constructor (t : tree) : t = t. Proof. reflexivity. Qed.""",
    "fixpoint": """
        Definition fixpoint (n : nat) := true.
        Fixpoint even n := match n with O => fixpoint n | S m => odd m end
        with odd n := match n with O => false | S m => even m end.
        Theorem t_fixpoint : even 2 = true. Proof. reflexivity. Qed.""",
    "cofixpoint": """
        Definition cofixpoint := 0.
        CoInductive stream := More (_ : nat) (_ : stream).
        CoFixpoint zeros : stream := More cofixpoint zeros.
        Theorem t_cofixpoint : zeros = zeros. Proof. reflexivity. Qed.""",
    "branch": """
        Definition branch := 0.
        Theorem t_branch n : match n with O => branch | S _ => 0 end = 0. Proof. destruct n; reflexivity. Qed.""",
    "scrutinee": """
        Inductive scrutinee := one | two.
        Definition matched (f : forall A : Type, A) : nat := match f _ with one => 1 | two => 2 end.
        Theorem t_scrutinee f : matched f = matched f. Proof. reflexivity. Qed.""",
    "lemma": """
        Definition lemma := 0.
        Lemma used : lemma = 0. Proof. reflexivity. Qed.
        Definition with_proof : {n | n = 0} := exist _ 0 used.
        Theorem t_lemma : proj1_sig with_proof = 0. Proof. reflexivity. Qed.""",
    "deep": """
        Definition deep := 0. Definition deeper := deep. Definition deepest := deeper.
        Theorem t_deep : deepest = 0. Proof. reflexivity. Qed.""",
    "opaque": """
        Definition opaque := 0. Definition shut := opaque.
        Theorem t_opaque : shut = 0. Proof. reflexivity. Qed.
        #[global] Opaque shut.""",
    "primitive": """
        Definition primitive (n : nat) := n.
        Set Primitive Projections. Record pair := Pair { first : nat; second : primitive first = 0 }.
        Unset Primitive Projections.
        Theorem t_primitive (x : pair) : first x = first x. Proof. reflexivity. Qed.""",
    "cast": """
        Definition cast := nat.
        Theorem t_cast : (0 : (fun _ => nat) cast) = 0. Proof. reflexivity. Qed.""",
    "typed": """
        Definition typed := nat.
        Definition identity (x : typed) : nat := 0.
        Theorem t_typed : (fun f : nat -> nat => 0) identity = 0. Proof. reflexivity. Qed.""",
}
# In the proofs alone; and nothing that our own files set for printing blinds the audit.
OUTSIDE = """
    Definition outside := 0.
    Lemma inside_a_proof : outside = 0. Proof. reflexivity. Qed.
    Theorem t_outside : 0 = 0. Proof. exact (eq_trans (eq_sym inside_a_proof) inside_a_proof). Qed.
    #[global] Set Printing Depth 2.
    #[global] Set Printing Width 20.
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the audit says when all theorems of the file are listed, and no definition."""
    development = Development(tmp_path_factory.mktemp("reach"))
    text = "\n".join([*WAYS.values(), OUTSIDE])
    development.start({"ways.v": text})
    theorems = [word for word in text.split() if word.startswith("t_")]
    development.enter([f"ways.{name}" for name in theorems], [])
    return failures(development.statements("check"))


@pytest.mark.parametrize("way", WAYS)
def test_a_definition_is_reached(found: list[str], way: str) -> None:
    assert [line for line in found if line.startswith(f"definition ways.{way}: ")], found


@pytest.mark.parametrize("name", ["outside", "inside_a_proof", "odd", "t_outside"])
def test_what_the_statements_do_not_mention_is_not_reached(found: list[str], name: str) -> None:
    assert found
    assert not [line for line in found if line.startswith(f"definition ways.{name}: ")]
