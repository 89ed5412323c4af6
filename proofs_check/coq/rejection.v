(* Claim rejection-exact: ideal rejection sampling from pi with proposals from *)
(* piref and any M >= C_cov(pi); FMR25 Alg. SoftmaxSampler with Zhat exact.    *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Trials.
Variables (R : realType) (Y : finType) (piref pi : Y -> R) (M : R).

(* one trial: draw y ~ piref, then accept (true) with probability w y / M *)
Definition acc y := pi y / piref y / M.
Definition trial (z : Y * bool) : R :=
  piref z.1 * (if z.2 then acc z.1 else 1 - acc z.1).

(* the first accepted response among the trials, if any *)
Fixpoint first_acc (t : seq (Y * bool)) : option Y :=
  if t is z :: t' then (if z.2 then Some z.1 else first_acc t') else None.

Lemma sum_trial (F : Y * bool -> R) :
  \sum_z trial z * F z =
  \sum_y (trial (y, true) * F (y, true) + trial (y, false) * F (y, false)).
Proof.
transitivity (\sum_y \sum_b trial (y, b) * F (y, b)).
  by rewrite pair_bigA; apply: eq_bigr => -[].
by apply: eq_bigr => y _; rewrite big_bool.
Qed.

(* the target pi may have any mass m: that of a law, or what a cap leaves of one *)
Section Mass.
Hypothesis piref_dist : is_dist piref.
Hypothesis piref_gt0 : full_support piref.
Hypothesis pi_ge0 : forall y, 0 <= pi y.
Hypothesis M_gt0 : 0 < M.
Hypothesis cov_le : forall y, pi y / piref y <= M.
Local Notation m := (\sum_y pi y).
Let M_neq0 : M != 0. Proof. exact: lt0r_neq0. Qed.

Lemma acc_mass_prob y : 0 <= acc y <= 1.
Proof.
rewrite /acc ler_pdivr_mulr// mul1r cov_le andbT.
by apply: divr_ge0; [apply: divr_ge0 => //|]; exact: ltW.
Qed.

Lemma trial_mass_accept y : trial (y, true) = pi y / M.
Proof. rewrite /trial /acc /=; field; rewrite M_neq0 /=; exact/lt0r_neq0/piref_gt0. Qed.

Lemma trial_mass_dist : is_dist trial.
Proof.
split=> [[y b]|].
  case/andP: (acc_mass_prob y) => a0 a1; apply: mulr_ge0; first exact/ltW/piref_gt0.
  by case: b => //=; rewrite subr_ge0.
under eq_bigr do rewrite -[trial _]mulr1.
rewrite (sum_trial (fun=> 1)) -[RHS]piref_dist.2; apply: eq_bigr => y _.
by rewrite /trial /= !mulr1 -mulrDr addrC subrK mulr1.
Qed.

Lemma accept_mass : \sum_(z | z.2) trial z = m / M.
Proof.
transitivity (\sum_z trial z * z.2%:R).
  by rewrite big_mkcond; apply: eq_bigr => -[y []] _; rewrite ?mulr1 ?mulr0.
rewrite sum_trial; under eq_bigr do rewrite mulr1 mulr0 addr0 trial_mass_accept.
by rewrite -mulr_suml.
Qed.

(* probability of an event over N i.i.d. trials *)
Local Notation PrN := (Pr (iid trial) [::]).

Lemma PrN_S N ev : PrN N.+1 ev = \sum_y
  (pi y / M * PrN N (fun t => ev ((y, true) :: t)) +
   (piref y - pi y / M) * PrN N (fun t => ev ((y, false) :: t))).
Proof.
rewrite PrS; under eq_bigr do rewrite (Pr_iid _ _ [::]).
rewrite (sum_trial (fun z => PrN N (fun t => ev (z :: t)))).
by apply: eq_bigr => y _; rewrite -trial_mass_accept /trial /= mulrBr mulr1.
Qed.

Lemma fail_mass N : PrN N (fun t => first_acc t == None) = (1 - m / M) ^+ N.
Proof.
elim: N => [|N IH]; first by rewrite Pr0.
rewrite PrN_S /=; under eq_bigr do rewrite [X in _ * X + _]big_pred0// mulr0 add0r IH.
by rewrite -mulr_suml sumrB -mulr_suml piref_dist.2 exprS.
Qed.

Lemma output_mass N y :
  m * PrN N (fun t => first_acc t == Some y) = (1 - (1 - m / M) ^+ N) * pi y.
Proof.
elim: N => [|N IH]; first by rewrite Pr0 expr0 subrr mul0r mulr0.
rewrite PrN_S /= big_split /= -mulr_suml sumrB -mulr_suml piref_dist.2.
have -> : \sum_z pi z / M * PrN N (fun=> Some z == Some y) = pi y / M.
  rewrite (bigD1 y)//= big1 => [|z ne]; last first.
    by rewrite [X in _ * X]big_pred0 ?mulr0// => t; apply/eqP => -[] /eqP; rewrite (negPf ne).
  rewrite addr0; under [X in _ * X]eq_bigl do rewrite eqxx.
  by rewrite (seqp_from_sum1 (fun=> trial_mass_dist)) mulr1.
rewrite mulrDr [X in _ + X]mulrCA IH exprS.
by move: m ((1 - _) ^+ N) => a p; field; exact: M_neq0.
Qed.
End Mass.
End Trials.

Section Rejection.
Variables (R : realType) (Y : finType) (piref pi : Y -> R) (M : R).
Hypothesis piref_dist : is_dist piref.
Hypothesis piref_gt0 : full_support piref.
Hypothesis pi_dist : is_dist pi.
Hypothesis cov_le : forall y, pi y / piref y <= M.
Local Notation acc := (acc piref pi M).
Local Notation trial := (trial piref pi M).
Local Notation PrN := (Pr (iid trial) [::]).

Lemma M_ge1 : 1 <= M.
Proof.
rewrite -pi_dist.2 -[leRHS]mulr1 -piref_dist.2 mulr_sumr; apply: ler_sum => y _.
by rewrite -ler_pdivr_mulr.
Qed.

Let M0 : 0 < M. Proof. exact: lt_le_trans ltr01 M_ge1. Qed.

Lemma acc_prob y : 0 <= acc y <= 1.
Proof. by apply: acc_mass_prob => //; exact: pi_dist.1. Qed.

Lemma trial_accept y : trial (y, true) = pi y / M.
Proof. exact: trial_mass_accept. Qed.

Lemma trial_dist : is_dist trial.
Proof. by apply: trial_mass_dist => //; exact: pi_dist.1. Qed.

(* acceptance probability of one trial is 1/M *)
Theorem accept_prob : \sum_(z | z.2) trial z = M^-1.
Proof. by rewrite accept_mass// pi_dist.2 mul1r. Qed.

(* conditionally on acceptance the accepted response has law exactly pi *)
Theorem accept_law y : trial (y, true) / (\sum_(z | z.2) trial z) = pi y.
Proof. by rewrite accept_prob invrK trial_accept mulfVK// lt0r_neq0. Qed.

Theorem fail_prob N : PrN N (fun t => first_acc t == None) = (1 - M^-1) ^+ N.
Proof. by rewrite fail_mass// pi_dist.2 mul1r. Qed.

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
have := output_mass piref_dist piref_gt0 pi_dist.1 M0 cov_le N y.
by rewrite pi_dist.2 !mul1r.
Qed.

End Rejection.
