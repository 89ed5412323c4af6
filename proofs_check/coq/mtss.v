(* The restarts of MTSS in span mode, FMR25 Thm 5.1 (the finite form is ours). Claim    *)
(* mtss-restarts: at most n + 1 passes and n (n + 1) reward queries, n the sum of the    *)
(* layers' ranks.                                                                         *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals.
From Spanner Require Import spanner_rule.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Restarts.
Variables (R : realType) (d k H : nat) (D : 'I_H -> 'M[R]_(k, d)).

(* the accepted differences of each layer *)
Definition layers := 'I_H -> seq 'rV[R]_d.
Definition add (s : layers) h v : layers := fun j => if j == h then rcons (s j) v else s j.
Definition stored (s : layers) : nat := \sum_h size (s h).

(* a pass ends by accepting a difference v at layer h (line 7), or adds nothing         *)
Definition allowed (s : layers) (e : option ('I_H * 'rV[R]_d)) : bool :=
  if e is Some (h, v) then (v <= D h)%MS && ~~ (v <= span_of (vec (s h)) (size (s h)))%MS else true.
(* the run: passes until one adds nothing *)
Fixpoint run (s : layers) (l : seq (option ('I_H * 'rV[R]_d))) : bool := match l with
  | [::] => true
  | Some (h, v) :: l' => allowed s (Some (h, v)) && run (add s h v) l'
  | None :: l' => nilp l' end.
(* line 3 rolls out both ends of every stored pair at every pass, one reward each        *)
Fixpoint rewards (s : layers) (l : seq (option ('I_H * 'rV[R]_d))) : nat := match l with
  | [::] => 0%N
  | Some (h, v) :: l' => (2 * stored s + rewards (add s h v) l')%N
  | None :: _ => (2 * stored s)%N end.

Definition layers_ok (s : layers) := forall h i, (i < size (s h))%N ->
  (vec (s h) i <= D h)%MS /\ ~~ (vec (s h) i <= span_of (vec (s h)) i)%MS.

Lemma stored_add s h v : stored (add s h v) = (stored s).+1.
Proof.
rewrite /stored (bigD1 h)//= [in RHS](bigD1 h)//= /add eqxx size_rcons addSn; congr (_ + _).+1.
by apply: eq_bigr => j /negPf ->.
Qed.

Lemma span_of_rcons (s : seq 'rV[R]_d) v n : (n <= size s)%N ->
  span_of (vec (rcons s v)) n = span_of (vec s) n.
Proof. by elim: n => //= n IH ns; rewrite IH 1?ltnW// /vec nth_rcons ns. Qed.

Lemma layers_ok_add s h v : layers_ok s -> allowed s (Some (h, v)) -> layers_ok (add s h v).
Proof.
move=> ok /andP[vD vS] j i; rewrite /add; have [->|_] := eqVneq j h; last exact: ok.
rewrite size_rcons ltnS leq_eqVlt => /orP[/eqP ->|i_lt].
  by rewrite span_of_rcons// /vec nth_rcons ltnn eqxx.
by rewrite span_of_rcons ?(ltnW i_lt)// /vec nth_rcons i_lt; exact: ok.
Qed.

Lemma stored_le s : layers_ok s -> (stored s <= \sum_h \rank (D h))%N.
Proof.
move=> ok; apply: leq_sum => h _.
by apply: (@span_mode_size _ _ _ (D h) (vec (s h))) => i im; have [] := ok h i im.
Qed.

Local Notation n := (\sum_h \rank (D h))%N.

Lemma run_bound s l : layers_ok s -> run s l ->
  (stored s + size l <= n.+1)%N /\
  (rewards s l + stored s * (stored s).-1 <= n * n.+1)%N.
Proof.
elim: l s => [|[[h v]|] l IH] s ok /=.
- move=> _; have st := stored_le ok; rewrite addn0 add0n; split; first exact: leqW.
  by apply: leq_mul => //; apply: leq_trans (leq_pred _) _; exact: leqW.
- case/andP => al rn; have := IH _ (layers_ok_add ok al) rn.
  rewrite stored_add addSnnS => -[h1 h2]; split=> //; apply: leq_trans h2.
  rewrite -addnA addnCA leq_add2l /=; case: (stored s) => [//|m] /=.
  by rewrite [(2 * _)%N]mulnC -mulnDr add2n mulnC.
- move/nilP => ->; have st := stored_le ok; rewrite addn1 ltnS; split=> //.
  case: (stored s) st => [//|m] /= st; apply: leq_trans (_ : m.+1 * m.+2 <= _)%N.
    by rewrite [(2 * _)%N]mulnC -mulnDr add2n.
  by apply: leq_mul; rewrite ?ltnS.
Qed.

Theorem mtss_restarts l : run (fun=> [::]) l ->
  (size l <= n.+1)%N /\ (rewards (fun=> [::]) l <= n * n.+1)%N.
Proof.
move=> rn; have ok : layers_ok (fun=> [::]) by [].
have := run_bound ok rn; have -> : stored (fun=> [::]) = 0%N by apply: big1.
by rewrite mul0n addn0.
Qed.

End Restarts.
