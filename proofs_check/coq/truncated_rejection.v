(* Ideal rejection with any cap M > 0 on pi / piref, below the coverage or not (ours). Claim        *)
(* truncated-rejection: what the cap cuts off, the law of what is accepted, and how far that is     *)
(* from pi. Algorithm: reference/algorithms/rejection.py, lines 1 to 4.                             *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import boolp reals ring.
From Spanner Require Import exp_facts dist process rejection softmax_sampler.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Lemma excess (R : realType) (a b : R) : Num.max 0 (a - b) = a - Num.min a b.
Proof.
case: (lerP a b) => [h|/ltW h]; first by rewrite subrr; apply/max_idPl; rewrite subr_le0.
by apply/max_idPr; rewrite subr_ge0.
Qed.

(* the distance of two laws is what the one has above the other *)
Lemma TV_excess (R : realType) (Y : finType) (p q : Y -> R) : is_dist p -> is_dist q ->
  TV p q = \sum_y Num.max 0 (q y - p y).
Proof.
move=> [_ p1] [_ q1]; apply: (@mulIf _ 2%:R); first by rewrite pnatr_eq0.
have z : \sum_y (q y - p y) = 0 by rewrite sumrB p1 q1 subrr.
rewrite /TV mulfVK ?pnatr_eq0//; transitivity (\sum_y (`|p y - q y| + (q y - p y))).
  by rewrite big_split /= z addr0.
rewrite mulr_suml; apply: eq_bigr => y _.
rewrite distrC; case: (lerP 0 (q y - p y)) => [qp|/ltW qp].
  by rewrite ger0_norm// mulr_natr mulr2n.
by rewrite ler0_norm// addNr mul0r.
Qed.

Section Truncated.
Variables (R : realType) (Y : finType) (piref pi : Y -> R) (M : R).
Hypothesis piref_dist : is_dist piref.
Hypothesis piref_gt0 : full_support piref.
Hypothesis pi_dist : is_dist pi.
Hypothesis M_gt0 : 0 < M.
Local Notation w y := (pi y / piref y).

(* lines 2 and 3: a response from piref, accepted with probability min(w, M) / M *)
Definition truncated_trial (z : Y * bool) : R :=
  piref z.1 * (if z.2 then Num.min (w z.1) M / M else 1 - Num.min (w z.1) M / M).
(* what a cap c cuts off: E_pi (1 - c/w)_+ *)
Definition cut_off (c : R) : R := E pi (fun y => Num.max 0 (1 - c / w y)).
Local Notation s := (cut_off M).
(* what is accepted has the law ~ piref min(w, M) *)
Definition truncated_law y : R := piref y * Num.min (w y) M / (1 - s).
(* Cov_N: the mass of pi where w >= N *)
Definition coverage_profile (N : R) : R := \sum_(y | N <= w y) pi y.

(* the target of rejection.v: what the cap leaves of pi *)
Definition capped y : R := Num.min (pi y) (M * piref y).

Lemma cappedE y : capped y = piref y * Num.min (w y) M.
Proof. by rewrite /capped minr_pmulr ?ltW// mulrCA mulfV ?mulr1 1?mulrC// lt0r_neq0. Qed.

Lemma capped_acc y : acc piref capped M y = Num.min (w y) M / M.
Proof. by rewrite /acc cappedE [piref y * _]mulrC mulfK// lt0r_neq0. Qed.

Lemma truncated_is_trial : truncated_trial = trial piref capped M.
Proof. by apply/funext => z; rewrite /truncated_trial /trial capped_acc. Qed.

Lemma cutE c : 0 <= c -> cut_off c = \sum_y Num.max 0 (pi y - c * piref y).
Proof.
move=> c0; apply: eq_bigr => y _; have q0 := piref_gt0 y.
have [p0|pn] := eqVneq (pi y) 0.
  by rewrite p0 mul0r sub0r; apply/esym/max_idPl; rewrite oppr_le0 mulr_ge0// ltW.
rewrite maxr_pmulr ?pi_dist.1// mulr0; congr (Num.max 0 _).
by field; rewrite pn lt0r_neq0.
Qed.

Lemma cut_ge0 c : 0 <= c -> 0 <= cut_off c.
Proof. by move=> c0; rewrite cutE// sumr_ge0// => y _; rewrite le_maxr lexx. Qed.

Lemma capped_mass : \sum_y capped y = 1 - s.
Proof.
rewrite -pi_dist.2 cutE ?ltW// -sumrB; apply: eq_bigr => y _.
by rewrite excess opprB addrCA subrr addr0.
Qed.

Lemma capped_ge0 y : 0 <= capped y.
Proof. by rewrite le_minr pi_dist.1 mulr_ge0// ltW. Qed.

(* 1 - s > 0: some response has mass in both laws *)
Lemma kept_gt0 : 0 < 1 - s.
Proof.
rewrite -capped_mass lt_neqAle sumr_ge0 => [|y _]; last exact: capped_ge0.
rewrite andbT; apply: contraTneq (oner_neq0 R) => /esym/psumr_eq0P z; rewrite negbK -pi_dist.2.
rewrite big1 // => y _; have /eqP := z (fun y _ => capped_ge0 y) y isT.
rewrite /capped; case: lerP => [_ /eqP//|_]; rewrite mulf_eq0 !gt_eqF//; exact: piref_gt0.
Qed.

Let kept_neq0 : 1 - s != 0. Proof. exact: lt0r_neq0 kept_gt0. Qed.
Let capped_cov y : capped y / piref y <= M.
Proof. by rewrite ler_pdivr_mulr// le_minl lexx orbT. Qed.

Lemma truncated_lawE y : truncated_law y = capped y / (1 - s).
Proof. by rewrite /truncated_law -cappedE. Qed.

Theorem truncated_cut : s = \sum_y Num.max 0 (pi y - M * piref y) /\ 0 <= s < 1.
Proof. by rewrite cut_ge0 ?ltW//= -subr_gt0 kept_gt0 cutE// ltW. Qed.

Theorem truncated_dist : is_dist truncated_law.
Proof.
split=> [y|]; first by rewrite truncated_lawE divr_ge0 ?capped_ge0// ltW// kept_gt0.
by under eq_bigr do rewrite truncated_lawE; rewrite -mulr_suml capped_mass mulfV.
Qed.

(* acceptance probability of a trial, and the law given acceptance *)
Theorem truncated_accept_prob : \sum_(z | z.2) truncated_trial z = (1 - s) / M.
Proof. by rewrite truncated_is_trial accept_mass// capped_mass. Qed.

Theorem truncated_accept_law y :
  truncated_trial (y, true) / (\sum_(z | z.2) truncated_trial z) = truncated_law y.
Proof.
rewrite truncated_accept_prob truncated_is_trial trial_mass_accept// truncated_lawE.
by field; rewrite kept_neq0 lt0r_neq0.
Qed.

Lemma truncated_trial_dist : is_dist truncated_trial.
Proof. by rewrite truncated_is_trial; apply: trial_mass_dist => //; exact: capped_ge0. Qed.

(* all N trials fail; the law of the output *)
Local Notation PrN := (Pr (iid truncated_trial) [::]).

Theorem truncated_fail N : PrN N (fun t => first_acc t == None) = (1 - (1 - s) / M) ^+ N.
Proof. by rewrite truncated_is_trial fail_mass// capped_mass. Qed.

Theorem truncated_output N y :
  PrN N (fun t => first_acc t == Some y) = (1 - (1 - (1 - s) / M) ^+ N) * truncated_law y.
Proof.
have := output_mass piref_dist piref_gt0 capped_ge0 M_gt0 capped_cov N y.
by rewrite -truncated_is_trial capped_mass truncated_lawE mulrA => <-; rewrite mulrAC mulfV// mul1r.
Qed.

(* M bounds the coverage: the trial is that of rejection.v, and nothing is cut off *)
Theorem truncated_covered_trial : (forall y, w y <= M) -> truncated_trial = trial piref pi M.
Proof.
move=> cov; apply/funext => z; rewrite /truncated_trial /trial /acc.
by have /min_idPl -> := cov z.1.
Qed.

Theorem truncated_covered : (forall y, w y <= M) -> s = 0 /\ truncated_law =1 pi.
Proof.
move=> cov; have e y : capped y = pi y by apply/min_idPl; rewrite -ler_pdivr_mulr.
have s0 : s = 0.
  apply/eqP; rewrite -[s]opprK oppr_eq0 -(addKr 1 (- s)) addrC subr_eq0 -capped_mass.
  by under eq_bigr do rewrite e; rewrite pi_dist.2.
by split=> // y; rewrite truncated_lawE e s0 subr0 divr1.
Qed.

(* how far what is accepted is from pi: s at the cap M / (1 - s) *)
Theorem truncated_TV : TV truncated_law pi = cut_off (M / (1 - s)).
Proof.
have c0 : 0 <= M / (1 - s) by rewrite divr_ge0// ltW// kept_gt0.
rewrite TV_excess//; last exact: truncated_dist.
rewrite cutE//; apply: eq_bigr => y _; rewrite truncated_lawE excess [RHS]excess; congr (_ - _).
rewrite /capped minr_pmull ?invr_ge0 ?(ltW kept_gt0)// mulrAC minA; congr (Num.min _ _).
apply/min_idPl; rewrite ler_pdivl_mulr ?kept_gt0// ler_pimulr ?pi_dist.1//.
by rewrite ler_subl_addr ler_addl cut_ge0// ltW.
Qed.

(* M does not: what is accepted is nearer to pi than s, s is less than the mass of pi that the cap  *)
(* touches, and the largest ratio to piref is M / (1 - s)                                            *)
Section Short.
Variable y0 : Y.
Hypothesis above : M < w y0.

Let above_pi : M * piref y0 < pi y0. Proof. by rewrite -ltr_pdivl_mulr. Qed.

Lemma cut_gt0 : 0 < s.
Proof.
rewrite cutE ?ltW// (bigD1 y0)//= ltr_spaddl ?lt_maxr ?subr_gt0 ?above_pi ?orbT//.
by rewrite sumr_ge0// => y _; rewrite le_maxr lexx.
Qed.

Theorem truncated_TV_lt : TV truncated_law pi < s.
Proof.
have k0 := kept_gt0; have Mc : M < M / (1 - s).
  by rewrite ltr_pdivl_mulr// gtr_pmulr// ltr_subl_addr ltr_addl cut_gt0.
rewrite truncated_TV [X in X < _]cutE ?(ltW (lt_trans M_gt0 Mc))// [X in _ < X]cutE ?ltW//.
have below y : pi y - M / (1 - s) * piref y < pi y - M * piref y.
  by rewrite ltr_add2l ltr_opp2 ltr_pmul2r.
rewrite [X in X < _](bigD1 y0)// [X in _ < X](bigD1 y0)//= ltr_le_add//.
  by rewrite lt_maxl !lt_maxr below subr_gt0 above_pi !orbT.
by apply: ler_sum => y _; rewrite le_maxl !le_maxr lexx (ltW (below y)) orbT.
Qed.

Theorem truncated_cut_lt : s < coverage_profile M.
Proof.
rewrite cutE ?ltW// /coverage_profile [X in _ < X]big_mkcond.
have M_base y : 0 < M * piref y by rewrite mulr_gt0.
rewrite [X in X < _](bigD1 y0)// [X in _ < X](bigD1 y0)//= (ltW above) ltr_le_add//.
  by rewrite lt_maxl (lt_trans (M_base y0) above_pi) ltr_subl_addr ltr_addl M_base.
apply: ler_sum => y _; rewrite ler_pdivl_mulr// le_maxl; case: ifP => h.
  by rewrite pi_dist.1 ler_subl_addr ler_addl ltW.
by rewrite lexx subr_le0 ltW// ltNge h.
Qed.

Theorem truncated_ratio :
  (forall y, truncated_law y / piref y <= M / (1 - s)) /\ truncated_law y0 / piref y0 = M / (1 - s).
Proof.
have ratio y : truncated_law y / piref y = Num.min (w y) M / (1 - s).
  by rewrite /truncated_law mulrAC [piref y * _]mulrC mulfK// lt0r_neq0.
split=> [y|]; rewrite ratio; last by congr (_ / _); apply/min_idPr/ltW.
by rewrite ler_pmul2r ?invr_gt0 ?kept_gt0// le_minl lexx orbT.
Qed.
End Short.
End Truncated.
