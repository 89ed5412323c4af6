(* The regularised objective of one prompt and its maximiser.                  *)
(* Claims gibbs-optimum (FMR25 section 1) and coverage-range.                  *)
(* Y is the type of the responses on which the base model has positive mass.   *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Gibbs.
Variables (R : realType) (Y : finType) (piref r : Y -> R) (beta : R).
Hypothesis piref_dist : is_dist piref.
Hypothesis piref_gt0 : full_support piref.
Hypothesis beta_gt0 : 0 < beta.

(* normalising constant, optimal policy pi*, and the objective J               *)
Definition Z := \sum_y piref y * expR (r y / beta).
Definition pistar y := piref y * expR (r y / beta) / Z.
Definition J (p : Y -> R) := E p r - beta * KL p piref.

Lemma Z_gt0 : 0 < Z.
Proof.
have [y _] : exists y : Y, true.
  apply/existsP; apply: contra_eqT piref_dist.2 => /existsPn no.
  by rewrite big1 ?[_ == 1]eq_sym ?oner_eq0// => y; have := no y.
rewrite /Z (bigD1 y)//= ltr_spaddl ?mulr_gt0 ?expR_gt0// sumr_ge0// => z _.
by rewrite ltW// mulr_gt0 ?expR_gt0.
Qed.

Lemma pistar_gt0 : full_support pistar.
Proof. by move=> y; rewrite divr_gt0 ?mulr_gt0 ?expR_gt0 ?Z_gt0. Qed.

Lemma pistar_dist : is_dist pistar.
Proof.
split=> [y|]; first exact/ltW/pistar_gt0.
by rewrite -mulr_suml divff ?gt_eqF ?Z_gt0.
Qed.

(* ln (a / pistar y) = ln (a / piref y) - r y / beta + ln Z *)
Lemma ln_ratio_pistar a y : 0 < a ->
  ln (a / pistar y) = ln (a / piref y) - r y / beta + ln Z.
Proof.
move=> a0; have [py0 ey0] := (piref_gt0 y, expR_gt0 (r y / beta)).
rewrite !ln_div ?qualifE ?divr_gt0 ?mulr_gt0 ?Z_gt0//.
rewrite lnM ?qualifE// expK; ring.
Qed.

Lemma J_KL p : is_dist p -> J p = beta * ln Z - beta * KL p pistar.
Proof.
move=> [p0 p1].
have -> : KL p pistar = KL p piref - E p r / beta + ln Z.
  rewrite -[ln Z]mul1r -p1 /E /KL !mulr_suml -sumrB -big_split /=.
  apply: eq_bigr => y _; have [->|py] := eqVneq (p y) 0; first by rewrite !mul0r; ring.
  by rewrite ln_ratio_pistar ?lt_neqAle 1?eq_sym ?py ?p0//; move: (ln _) => l; ring.
rewrite /J; field; exact: lt0r_neq0.
Qed.

(* gibbs-optimum: the optimal value is beta log Z (baseline b = 0) *)
Theorem J_pistar : J pistar = beta * ln Z.
Proof.
rewrite J_KL; last exact: pistar_dist.
suff -> : KL pistar pistar = 0 by rewrite mulr0 subr0.
by apply/Gibbs_eq; [exact: pistar_dist..|exact: pistar_gt0|].
Qed.

(* gibbs-optimum: the gap of p is beta KL(p || pi* ) *)
Theorem gibbs_identity p : is_dist p -> J pistar - J p = beta * KL p pistar.
Proof. by move=> dp; rewrite J_pistar J_KL// opprB addrC subrK. Qed.

Theorem pistar_optimal p : is_dist p -> J p <= J pistar.
Proof.
move=> dp; rewrite -subr_ge0 gibbs_identity//; apply/(mulr_ge0 (ltW beta_gt0)).
by apply: Gibbs_ineq => //; [exact: pistar_dist|exact: pistar_gt0].
Qed.

Theorem pistar_unique p : is_dist p -> J p = J pistar -> p =1 pistar.
Proof.
move=> dp /esym/eqP; rewrite -subr_eq0 gibbs_identity// mulf_eq0 gt_eqF//=.
by move/eqP/Gibbs_eq; apply=> //; [exact: pistar_dist|exact: pistar_gt0].
Qed.

(* ---- coverage-range ---- *)
Lemma Z_ge lo : (forall y, lo <= r y) -> expR (lo / beta) <= Z.
Proof.
move=> rlo; rewrite -[leLHS]mul1r -piref_dist.2 mulr_suml; apply: ler_sum => y _.
by rewrite ler_pmul2l// ler_expR ler_pmul2r ?invr_gt0.
Qed.

(* coverage-range, upper bound exp(osc r / beta) *)
Theorem coverage_le_range lo hi : (forall y, lo <= r y <= hi) ->
  forall y, pistar y / piref y <= expR ((hi - lo) / beta).
Proof.
move=> rb y; have -> : pistar y / piref y = expR (r y / beta) / Z.
  by rewrite /pistar; field; rewrite !lt0r_neq0 ?Z_gt0.
rewrite ler_pdivr_mulr ?Z_gt0//.
apply: (@le_trans _ _ (expR ((hi - lo) / beta) * expR (lo / beta))).
  rewrite -expRD -mulrDl subrK ler_expR ler_pmul2r ?invr_gt0//.
  by case/andP: (rb y).
rewrite ler_pmul2l ?expR_gt0//; apply: Z_ge => z; by case/andP: (rb z).
Qed.

Corollary coverage_le_Rmax Rmax : (forall y, 0 <= r y <= Rmax) ->
  forall y, pistar y / piref y <= expR (Rmax / beta).
Proof. by move=> rb y; rewrite -[Rmax]subr0; exact: coverage_le_range. Qed.

Corollary coverage_le_maxmin ymin ymax : (forall y, r ymin <= r y <= r ymax) ->
  forall y, pistar y / piref y <= expR ((r ymax - r ymin) / beta).
Proof. exact: coverage_le_range. Qed.

(* coverage-range, lower bound: some response has ratio at least 1 *)
Theorem coverage_ge1 C : (forall y, pistar y / piref y <= C) -> 1 <= C.
Proof.
move=> cC; rewrite -pistar_dist.2 -[leRHS]mulr1 -piref_dist.2 mulr_sumr.
by apply: ler_sum => y _; rewrite -ler_pdivr_mulr.
Qed.

(* coverage-range: KL(pi* || pi_ref) <= log C_cov(pi* ) *)
Theorem KL_le_log_coverage C : (forall y, pistar y / piref y <= C) ->
  KL pistar piref <= ln C.
Proof.
move=> cC; have C0 : 0 < C by apply: lt_le_trans ltr01 (coverage_ge1 cC).
rewrite -[leRHS]mul1r -[X in _ <= X * _]pistar_dist.2 mulr_suml; apply: ler_sum => y _.
rewrite ler_wpmul2l ?(ltW (pistar_gt0 y))// ler_ln ?posrE//.
by apply: divr_gt0; [exact: pistar_gt0|exact: piref_gt0].
Qed.

(* coverage-range, the case of equality: a constant reward has coverage 1 *)
Theorem coverage_constant c : (forall y, r y = c) -> forall y, pistar y / piref y = 1.
Proof.
move=> rc y; have zE : Z = expR (c / beta).
  by rewrite /Z; under eq_bigr do rewrite rc; rewrite -mulr_suml piref_dist.2 mul1r.
have a0 := lt0r_neq0 (piref_gt0 y); have b0 := lt0r_neq0 (expR_gt0 (c / beta)).
by rewrite /pistar zE rc mulfK// divff.
Qed.

(* and only a constant reward has it *)
Theorem coverage_one_constant : (forall y, pistar y / piref y <= 1) ->
  forall y y', r y = r y'.
Proof.
move=> c1.
have le y : pistar y <= piref y by rewrite -[leRHS]mul1r -ler_pdivr_mulr.
have eq y : pistar y = piref y.
  have s0 : \sum_z (piref z - pistar z) = 0 by rewrite sumrB piref_dist.2 pistar_dist.2 subrr.
  move/eqP: s0; rewrite psumr_eq0 => [/allP/(_ y)|z _]; last by rewrite subr_ge0.
  by rewrite mem_index_enum subr_eq0 => /(_ isT)/eqP.
have e y : expR (r y / beta) = Z.
  have := eq y; rewrite /pistar -mulrA -[RHS]mulr1 => /(mulfI (lt0r_neq0 (piref_gt0 y))).
  by move=> h; rewrite -[LHS](mulfVK (lt0r_neq0 Z_gt0)) h mul1r.
move=> y y'; have := e y; rewrite -(e y') => /expR_inj h.
by rewrite -[r y](mulfVK (lt0r_neq0 beta_gt0)) h mulfVK// lt0r_neq0.
Qed.

End Gibbs.
