(* Finite distributions, KL divergence, Gibbs' inequality. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Dist.
Variables (R : realType) (Y : finType).
Implicit Types p q : Y -> R.

Definition is_dist p := (forall y, 0 <= p y) /\ \sum_y p y = 1.

Definition full_support p := forall y, 0 < p y.

(* A term with p y = 0 is 0 * ln 0 = 0 (the usual convention).            *)
(* Only meaningful when p is absolutely continuous w.r.t. q; every theorem *)
(* below assumes full_support q.                                           *)
Definition KL p q := \sum_y p y * ln (p y / q y).

Definition E p (f : Y -> R) := \sum_y p y * f y.

Lemma KL_term_ge p q y : 0 <= p y -> 0 < q y ->
  p y - q y <= p y * ln (p y / q y) ?= iff (p y == q y).
Proof.
move=> p0 q0; have [py0|py_neq0] := eqVneq (p y) 0.
  rewrite py0 sub0r mul0r; apply/leifP.
  by rewrite eq_sym (gt_eqF q0) oppr_lt0.
have {}p0 : 0 < p y by rewrite lt_neqAle eq_sym py_neq0.
have t0 : 0 < q y / p y by rewrite divr_gt0.
have -> : p y - q y = p y * - (q y / p y - 1).
  by rewrite opprB mulrBr mulr1 mulrCA divff ?mulr1 ?gt_eqF.
have -> : ln (p y / q y) = - ln (q y / p y).
  by rewrite -[p y / q y]invrK invf_div lnV.
have [epq|npq] := eqVneq (p y) (q y).
  by rewrite epq divff ?gt_eqF// ln1 subrr oppr0; apply/leif_refl.
apply/leifP; rewrite ltr_pmul2l// ltr_opp2 ln_lt_sub1//.
by apply: contra_neq npq => /divr1_eq.
Qed.

Lemma KL_ge0_iff p q : is_dist p -> is_dist q -> full_support q ->
  0 <= KL p q ?= iff [forall y, p y == q y].
Proof.
move=> [p0 p1] [_ q1] q0.
have -> : 0 = \sum_y (p y - q y) by rewrite sumrB p1 q1 subrr.
by apply: leif_sum => y _; exact: KL_term_ge.
Qed.

Theorem Gibbs_ineq p q : is_dist p -> is_dist q -> full_support q -> 0 <= KL p q.
Proof. by move=> dp dq q0; rewrite KL_ge0_iff. Qed.

Theorem Gibbs_eq p q : is_dist p -> is_dist q -> full_support q ->
  (KL p q = 0) <-> p =1 q.
Proof.
move=> dp dq q0; have [_ H] := KL_ge0_iff dp dq q0; split.
  by move/eqP; rewrite eq_sym H => /forallP e y; apply/eqP.
by move=> e; apply/esym/eqP; rewrite H; apply/forallP => y; apply/eqP.
Qed.

End Dist.
