(* Mixtures of laws: the divergence from a fixed law is convex, and so is the gap. *)
(* No claim of its own.                                                             *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist gibbs.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* the divergence from a fixed law is convex: a mixture is no worse than its parts   *)
Section Convexity.
Variables (R : realType) (T Y : finType) (a : T -> R) (P : T -> Y -> R) (q : Y -> R).
Hypothesis a_dist : is_dist a.
Hypothesis P_dist : forall t, is_dist (P t).
Hypothesis P_gt0 : forall t, full_support (P t).
Hypothesis q_gt0 : full_support q.

Definition mixture y := \sum_t a t * P t y.

Lemma some_weight : exists t, 0 < a t.
Proof.
apply/existsP; apply: contra_eqT a_dist.2 => /existsPn no.
rewrite big1 ?[_ == 1]eq_sym ?oner_eq0// => t _; apply/eqP.
by rewrite eq_le a_dist.1 andbT leNgt no.
Qed.

Lemma mixture_gt0 : full_support mixture.
Proof.
move=> y; have [t t0] := some_weight; rewrite /mixture (bigD1 t)//= ltr_spaddl ?mulr_gt0 ?P_gt0//.
by rewrite sumr_ge0// => s _; rewrite mulr_ge0 ?a_dist.1// ltW ?P_gt0.
Qed.

Lemma mixture_dist : is_dist mixture.
Proof.
split=> [y|]; first exact/ltW/mixture_gt0.
rewrite exchange_big -[RHS]a_dist.2; apply: eq_bigr => t _ /=.
by rewrite -mulr_sumr (P_dist t).2 mulr1.
Qed.

Lemma KL_convex : KL mixture q <= \sum_t a t * KL (P t) q.
Proof.
have e : \sum_t a t * KL (P t) q = KL mixture q + \sum_t a t * KL (P t) mixture.
  have -> : KL mixture q = \sum_t a t * \sum_y P t y * ln (mixture y / q y).
    rewrite /KL; under eq_bigr do rewrite {1}/mixture mulr_suml.
    rewrite exchange_big; apply: eq_bigr => t _ /=; rewrite mulr_sumr.
    by apply: eq_bigr => y _; rewrite mulrA.
  rewrite -big_split; apply: eq_bigr => t _ /=; rewrite -mulrDr; congr (_ * _).
  rewrite /KL -big_split; apply: eq_bigr => y _ /=; rewrite -mulrDr; congr (_ * _).
  have [p0 m0 q0] := And3 (P_gt0 t y) (mixture_gt0 y) (q_gt0 y).
  by rewrite !ln_div ?posrE//; ering.
rewrite e ler_addl; apply: sumr_ge0 => t _; rewrite mulr_ge0 ?a_dist.1//.
apply: Gibbs_ineq; [exact: P_dist|exact: mixture_dist|exact: mixture_gt0].
Qed.

End Convexity.

(* a mixture's gap is at most the mean of its parts' *)
Section MixtureGap.
Variables (R : realType) (T Y : finType) (a : T -> R) (P : T -> Y -> R) (piref r : Y -> R).
Variable beta : R.
Hypothesis a_dist : is_dist a.
Hypothesis P_dist : forall t, is_dist (P t).
Hypothesis P_gt0 : forall t, full_support (P t).
Hypothesis piref_dist : is_dist piref.
Hypothesis piref_gt0 : full_support piref.
Hypothesis beta_gt0 : 0 < beta.
Let best := J piref r beta (pistar piref r beta).

Theorem gap_mixture : best - J piref r beta (mixture a P)
  <= \sum_t a t * (best - J piref r beta (P t)).
Proof.
have ps_gt0 : full_support (pistar piref r beta) by exact: pistar_gt0.
rewrite /best gibbs_identity//; last exact: mixture_dist.
have -> : \sum_t a t * (best - J piref r beta (P t)) =
    beta * \sum_t a t * KL (P t) (pistar piref r beta).
  rewrite mulr_sumr; apply: eq_bigr => t _.
  by rewrite /best gibbs_identity// mulrCA.
by rewrite ler_pmul2l//; exact: KL_convex.
Qed.

(* so parts of gap at most K make a mixture of gap at most K *)
Corollary gap_mixture_le K : (forall t, best - J piref r beta (P t) <= K) ->
  best - J piref r beta (mixture a P) <= K.
Proof.
move=> h; apply: le_trans gap_mixture _; rewrite -[leRHS]mul1r -a_dist.2 mulr_suml.
by apply: ler_sum => t _; rewrite ler_wpmul2l ?a_dist.1.
Qed.

End MixtureGap.
