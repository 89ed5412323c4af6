(* Certificates of val* of a k-DNF: an assignment, and that no other satisfies more   *)
(* terms, by branch and bound. What is proved is about val of dnf.v. Claim             *)
(* dnf-soundness, whose bound is in terms of val.                                      *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ssrZ reals.
From Spanner Require Import dnf cert_numbers.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* A formula as its file has it: the number of variables, and the terms. A literal is  *)
(* a variable, counted from 0, and a sign.                                             *)
Record formula := Formula { variables : nat; terms : seq (seq (nat * bool)) }.
(* val*, an assignment that attains it, and the order in which branch and bound splits *)
Record best := Best { fraction : Q; attaining : seq bool; order : seq nat }.

Section Check.
Variable f : formula.
Definition width := size (head [::] (terms f)).
Definition formula_ok := (0 < width)%N &&
  all (fun t => (size t == width) && all (fun l => l.1 < variables f)%N t) (terms f).
Definition satisfies (a : nat -> bool) (t : seq (nat * bool)) := all (fun l => a l.1 == l.2) t.
(* the terms that the value s of variable x leaves possible *)
Definition possible x s (ts : seq (seq (nat * bool))) :=
  [seq t <- ts | all (fun l => if l.1 == x then l.2 == s else true) t].
(* no assignment satisfies more than m of the terms *)
Fixpoint at_most m (o : seq nat) ts : bool :=
  if (size ts <= m)%N then true
  else if o is x :: o' then at_most m o' (possible x true ts) && at_most m o' (possible x false ts) else false.
Definition satisfied (a : seq bool) := count (satisfies (nth false a)) (terms f).
Definition of_nat (n : nat) : Q := Qmake (Z_of_int n) 1.
Definition best_ok (b : best) :=
  let c := satisfied (attaining b) in
  [&& formula_ok, size (attaining b) == variables f,
   Qeq_bool (qmul (fraction b) (of_nat (size (terms f)))) (of_nat c) & at_most c (order b) (terms f)].
End Check.

(* what the formula means: terms as val of dnf.v has them, written as in the file *)
Definition written n m k (term : 'I_m -> k.-tuple (literal n)) : seq (seq (nat * bool)) :=
  [seq [seq (nat_of_ord l.1, l.2) | l <- tval (term j)] | j <- enum 'I_m].

Definition is_best (R : realType) (f : formula) (b : best) : Prop :=
  exists term : 'I_(size (terms f)) -> (width f).-tuple (literal (variables f)),
  [/\ written term = terms f,
      val R term (fun x => nth false (attaining b) x) = QR R (fraction b)
    & forall a, val R term a <= QR R (fraction b)].

Lemma at_most_sound a m o ts : at_most m o ts -> (count (satisfies a) ts <= m)%N.
Proof.
have few us : (size us <= m)%N -> (count (satisfies a) us <= m)%N by apply: leq_trans; exact: count_size.
elim: o ts => [|x o IH] ts /=; first by case: ifP => // /few.
case: ifP => [/few|_] //.
have split s : a x = s -> count (satisfies a) ts = count (satisfies a) (possible x s ts).
  move=> <-; rewrite count_filter; apply: eq_count => t /=.
  case sat_t: (satisfies a t) => //=; symmetry; apply/allP => l lt.
  by case: eqP => // <-; move/allP: sat_t => /(_ l lt) /eqP ->.
by case/andP=> yes no; case ax: (a x); rewrite (split _ ax); exact: IH.
Qed.

Section Sound.
Variables (R : realType) (f : formula).
Hypothesis ok : formula_ok f.
Local Notation n := (variables f).
Local Notation m := (size (terms f)).
Local Notation k := (width f).

Lemma term_okP (j : 'I_m) : size (nth [::] (terms f) j) == k
  /\ all (fun l => l.1 < n)%N (nth [::] (terms f) j).
Proof. by case/andP: ok => _ /(all_nthP [::])/(_ j (ltn_ord j))/andP. Qed.

Lemma terms_gt0 : (0 < m)%N.
Proof. by case/andP: ok; rewrite /width; case: (terms f). Qed.

Lemma variables_gt0 : (0 < n)%N.
Proof.
case/andP: ok; rewrite /width; case: (terms f) => [|[|l t] ts] //= _.
by case/andP=> /andP[_ /andP[ln _]] _; exact: leq_trans ln.
Qed.

Definition variable (x : nat) : 'I_n := insubd (Ordinal variables_gt0) x.
Definition spelled (t : seq (nat * bool)) : seq (literal n) := [seq (variable l.1, l.2) | l <- t].
Lemma size_spelled (j : 'I_m) : size (spelled (nth [::] (terms f) j)) == k.
Proof. by rewrite size_map; have [] := term_okP j. Qed.
Definition term (j : 'I_m) : k.-tuple (literal n) := Tuple (size_spelled j).

Lemma written_term : written term = terms f.
Proof.
apply: (@eq_from_nth _ [::]); rewrite size_map size_enum_ord// => j jm.
rewrite (nth_map (Ordinal jm)) ?size_enum_ord//.
have -> : nth (Ordinal jm) (enum 'I_m) j = Ordinal jm by apply: val_inj; rewrite /= nth_enum_ord.
rewrite /= /spelled -map_comp map_id_in// => -[x s] lt /=.
have [_ /allP/(_ _ lt) xn] := term_okP (Ordinal jm).
by rewrite /variable val_insubd xn.
Qed.

Lemma val_count (a : 'I_n -> bool) (b : nat -> bool) : (forall i : 'I_n, a i = b i) ->
  val R term a = (count (satisfies b) (terms f))%:R / m%:R.
Proof.
move=> ab; rewrite /val; congr (_ / _); rewrite -natr_sum; congr (_%:R).
rewrite -sum1_count (big_nth [::]) big_mkord [RHS]big_mkcond; apply: eq_bigr => j _.
rewrite /sat /= all_map; set s := all _ _; set t := satisfies _ _; suff -> : s = t by case: t.
have [_ /allP bounded] := term_okP j; apply: eq_in_all => l lt /=.
by rewrite /lit_sat /= ab /variable val_insubd bounded.
Qed.
End Sound.

Lemma of_natE (R : realType) i : QR R (of_nat i) = i%:R.
Proof. by rewrite /QR /ZR Z_of_intK [(int_of_Z 1)%:~R](_ : _ = 1) ?divr1. Qed.

Theorem best_sound (R : realType) (f : formula) (b : best) : best_ok f b -> is_best R f b.
Proof.
case/and4P=> ok _ c le; exists (term ok).
have m0 : (size (terms f))%:R != 0 :> R by rewrite pnatr_eq0 -lt0n terms_gt0.
have fE : QR R (fraction b) = (satisfied f (attaining b))%:R / (size (terms f))%:R.
  by move: c; rewrite (QR_eqb R) QRM !of_natE => /eqP <-; rewrite mulfK.
split; first exact: written_term.
  by rewrite fE (val_count R ok (b := nth false (attaining b))).
move=> a; rewrite fE (val_count R ok (b := fun x => a (variable ok x))); last first.
  by move=> i; congr (a _); apply: val_inj; rewrite val_insubd ltn_ord.
by rewrite ler_pmul2r ?invr_gt0 ?ltr0n ?terms_gt0// ler_nat; exact: (at_most_sound _ le).
Qed.
