(* Claim rejection-exact: ideal rejection sampling from pi with proposals from *)
(* piref and any M >= C_cov(pi); FMR25 Alg. SoftmaxSampler with Zhat exact.    *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Rejection.
Variables (R : realType) (Y : finType) (piref pi : Y -> R) (M : R).
Hypothesis piref_dist : is_dist piref.
Hypothesis piref_gt0 : full_support piref.
Hypothesis pi_dist : is_dist pi.
Hypothesis cov_le : forall y, pi y / piref y <= M.

(* one trial: draw y ~ piref, then accept (true) with probability w y / M *)
Definition acc y := pi y / piref y / M.
Definition trial (z : Y * bool) : R :=
  piref z.1 * (if z.2 then acc z.1 else 1 - acc z.1).

(* the first accepted response among the trials, if any *)
Fixpoint first_acc (t : seq (Y * bool)) : option Y :=
  if t is z :: t' then (if z.2 then Some z.1 else first_acc t') else None.

Lemma M_ge1 : 1 <= M.
Proof.
rewrite -pi_dist.2 -[leRHS]mulr1 -piref_dist.2 mulr_sumr; apply: ler_sum => y _.
by rewrite -ler_pdivr_mulr.
Qed.

Let M0 : 0 < M. Proof. exact: lt_le_trans ltr01 M_ge1. Qed.
Let M_neq0 : M != 0. Proof. exact: lt0r_neq0. Qed.

Lemma acc_prob y : 0 <= acc y <= 1.
Proof.
rewrite /acc ler_pdivr_mulr// mul1r cov_le andbT.
apply: divr_ge0; last exact: ltW.
by apply: divr_ge0; [exact: pi_dist.1|exact/ltW/piref_gt0].
Qed.

Lemma trial_accept y : trial (y, true) = pi y / M.
Proof. rewrite /trial /acc /=; field; rewrite M_neq0 /=; exact/lt0r_neq0/piref_gt0. Qed.

Lemma sum_trial (F : Y * bool -> R) :
  \sum_z trial z * F z =
  \sum_y (trial (y, true) * F (y, true) + trial (y, false) * F (y, false)).
Proof.
transitivity (\sum_y \sum_b trial (y, b) * F (y, b)).
  by rewrite pair_bigA; apply: eq_bigr => -[].
by apply: eq_bigr => y _; rewrite big_bool.
Qed.

Lemma trial_dist : is_dist trial.
Proof.
split=> [[y b]|].
  case/andP: (acc_prob y) => a0 a1; apply: mulr_ge0; first exact/ltW/piref_gt0.
  by case: b => //=; rewrite subr_ge0.
under eq_bigr do rewrite -[trial _]mulr1.
rewrite (sum_trial (fun=> 1)) -[RHS]piref_dist.2; apply: eq_bigr => y _.
by rewrite /trial /= !mulr1 -mulrDr addrC subrK mulr1.
Qed.

(* acceptance probability of one trial is 1/M *)
Theorem accept_prob : \sum_(z | z.2) trial z = M^-1.
Proof.
transitivity (\sum_z trial z * z.2%:R).
  by rewrite big_mkcond; apply: eq_bigr => -[y []] _; rewrite ?mulr1 ?mulr0.
rewrite sum_trial; under eq_bigr do rewrite mulr1 mulr0 addr0 trial_accept.
by rewrite -mulr_suml pi_dist.2 mul1r.
Qed.

(* conditionally on acceptance the accepted response has law exactly pi *)
Theorem accept_law y : trial (y, true) / (\sum_(z | z.2) trial z) = pi y.
Proof. by rewrite accept_prob invrK trial_accept mulfVK. Qed.

(* probability of an event over N i.i.d. trials *)
Notation PrN := (Pr (iid trial) [::]).

Lemma PrN_S N ev : PrN N.+1 ev = \sum_y
  (pi y / M * PrN N (fun t => ev ((y, true) :: t)) +
   (piref y - pi y / M) * PrN N (fun t => ev ((y, false) :: t))).
Proof.
rewrite PrS; under eq_bigr do rewrite (Pr_iid _ _ [::]).
rewrite (sum_trial (fun z => PrN N (fun t => ev (z :: t)))).
by apply: eq_bigr => y _; rewrite -trial_accept /trial /= mulrBr mulr1.
Qed.

Theorem fail_prob N : PrN N (fun t => first_acc t == None) = (1 - M^-1) ^+ N.
Proof.
elim: N => [|N IH]; first by rewrite Pr0.
rewrite PrN_S /=; under eq_bigr do rewrite IH {1}/Pr big_pred0 // mulr0 add0r.
by rewrite -mulr_suml sumrB -mulr_suml piref_dist.2 pi_dist.2 mul1r exprS.
Qed.

Theorem fail_prob_le N : PrN N (fun t => first_acc t == None) <= expR (- (N%:R / M)).
Proof.
rewrite fail_prob -mulrN expRMm; apply: ler_expn2r; rewrite ?nnegrE.
- by rewrite subr_ge0 invf_le1// M_ge1.
- exact: ltW (expR_gt0 _).
- exact: expR_ge1Dx_all.
Qed.

(* law of the output of the N-trial sampler: exactly pi, up to failure *)
Theorem output_law N y :
  PrN N (fun t => first_acc t == Some y) = (1 - (1 - M^-1) ^+ N) * pi y.
Proof.
elim: N => [|N IH]; first by rewrite Pr0 expr0 subrr mul0r.
rewrite PrN_S /=; under eq_bigr do rewrite IH.
rewrite big_split /= -mulr_suml sumrB -mulr_suml piref_dist.2 pi_dist.2 mul1r.
have H0 z : PrN N (fun=> Some z == Some y) = (z == y)%:R.
  rewrite /Pr; have [->|ne] := eqVneq z y.
    by under eq_bigl do rewrite eqxx; exact: seqp_from_sum1 (fun=> trial_dist) _ _.
  by rewrite big_pred0// => t; apply/eqP => -[] /eqP; rewrite (negPf ne).
under eq_bigr do rewrite H0.
rewrite (bigD1 y)//= eqxx big1 => [|z /negPf->]; last by rewrite mulr0.
rewrite exprS /= mulr1n; field; exact: M_neq0.
Qed.

End Rejection.
