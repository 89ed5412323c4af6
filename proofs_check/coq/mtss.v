(* The restarts of MTSS in span mode, FMR25 Thm 5.1 (the finite form is ours). Claim    *)
(* mtss-restarts: with n acceptances n + 1 passes and from 2 n N_out to n (n + 1) N_out  *)
(* reward queries; n is at most the sum of the layers' ranks.                            *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals.
From Spanner Require Import spanner_rule.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Restarts.
Variables (R : realType) (d k H N_out : nat) (D : 'I_H -> 'M[R]_(k, d)).

(* the accepted differences of each layer *)
Definition layers := 'I_H -> seq 'rV[R]_d.
Definition add (s : layers) h v : layers := fun j => if j == h then rcons (s j) v else s j.
Definition stored (s : layers) : nat := \sum_h size (s h).

(* a pass: the difference v at layer h that it accepts (line 7), if any, and its reward  *)
(* queries. Line 3 rolls out both ends of every stored pair, N_out times, one reward      *)
(* each; a pass that accepts may be cut short, in a roll-out as in a roll-in              *)
Definition pass := (option ('I_H * 'rV[R]_d) * nat)%type.
Definition allowed (s : layers) (e : pass) : bool := match e.1 with
  | Some (h, v) => [&& (v <= D h)%MS, ~~ (v <= span_of (vec (s h)) (size (s h)))%MS
                     & (e.2 <= 2 * N_out * stored s)%N]
  | None => e.2 == (2 * N_out * stored s)%N end.
(* the run: passes until one accepts nothing *)
Fixpoint run (s : layers) (l : seq pass) : bool := match l with
  | [::] => true
  | e :: l' => allowed s e && (if e.1 is Some (h, v) then run (add s h v) l' else nilp l') end.
Definition rewards (l : seq pass) : nat := \sum_(e <- l) e.2.

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

Lemma layers_ok_add s h v r : layers_ok s -> allowed s (Some (h, v), r) -> layers_ok (add s h v).
Proof.
move=> ok /and3P[vD vS _] j i; rewrite /add; have [->|_] := eqVneq j h; last exact: ok.
rewrite size_rcons ltnS leq_eqVlt => /orP[/eqP ->|i_lt].
  by rewrite span_of_rcons// /vec nth_rcons ltnn eqxx.
by rewrite span_of_rcons ?(ltnW i_lt)// /vec nth_rcons i_lt; exact: ok.
Qed.

Lemma stored_le s : layers_ok s -> (stored s <= \sum_h \rank (D h))%N.
Proof.
move=> ok; apply: leq_sum => h _.
by apply: (@span_mode_size _ _ _ (D h) (vec (s h))) => i im; have [] := ok h i im.
Qed.

Lemma pass_sum N m a : (2 * N * m + N * (a.+1 * (2 * m.+1 + a)) = N * (a.+2 * (2 * m + a.+1)))%N.
Proof.
have -> : (2 * m.+1 + a = (2 * m + a.+1).+1)%N by rewrite mulnS -addnA add2n addnS.
by rewrite -mulnA [(2 * (N * m))%N]mulnCA -mulnDr mulnS addnA mulSn.
Qed.

Lemma run_bound s l r : layers_ok s -> run s (rcons l (None, r)) ->
  [/\ (stored s + size l <= \sum_h \rank (D h))%N,
      (2 * N_out * (stored s + size l) <= rewards (rcons l (None, r)))%N
    & (rewards (rcons l (None, r)) <= N_out * ((size l).+1 * (2 * stored s + size l)))%N].
Proof.
elim: l s => [|[[[h v]|] r0] l IH] s ok /=.
- rewrite andbT /allowed /= => /eqP ->; rewrite /rewards big_seq1 /= !addn0 mul1n.
  by split=> //; [exact: stored_le|rewrite -mulnA mulnCA].
- case/andP => al rn; have [h1 h2 h3] := IH _ (layers_ok_add ok al) rn.
  have r0_le : (r0 <= 2 * N_out * stored s)%N by case/and3P: al.
  rewrite stored_add addSnnS in h1 h2; rewrite /rewards big_cons /= -/(rewards _); split=> //.
    exact: leq_trans h2 (leq_addl _ _).
  by apply: leq_trans (leq_add r0_le h3) _; rewrite stored_add pass_sum.
- by case/andP => _; case: l {IH}.
Qed.

Theorem mtss_restarts l r : run (fun=> [::]) (rcons l (None, r)) ->
  [/\ (size l <= \sum_h \rank (D h))%N,
      (2 * size l * N_out <= rewards (rcons l (None, r)))%N
    & (rewards (rcons l (None, r)) <= size l * (size l).+1 * N_out)%N].
Proof.
move=> rn; have ok : layers_ok (fun=> [::]) by [].
have := run_bound ok rn; have -> : stored (fun=> [::]) = 0%N by apply: big1.
rewrite muln0 !add0n => -[h1 h2 h3]; split=> //; first by rewrite mulnAC.
by rewrite mulnC [(size l * _)%N]mulnC.
Qed.

End Restarts.
