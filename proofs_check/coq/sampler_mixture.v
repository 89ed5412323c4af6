(* SoftmaxSampler for any M and N: a mixture of softmax laws of scores cut from above.  *)
(* Claims sampler-mixture and sampler-gap (ours).                                        *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import boolp reals sequences exp ring.
From Spanner Require Import exp_facts dist process gibbs gaps mixtures softmax_sampler.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Mixture.
Variables (R : realType) (Y : finType) (piref f : Y -> R) (beta M : R) (N : nat).
Hypothesis piref_dist : is_dist piref.
Hypothesis piref_gt0 : full_support piref.
Hypothesis beta_gt0 : 0 < beta.
Hypothesis M_gt0 : 0 < M.
Hypothesis N_gt0 : (0 < N)%N.

Let zh (t : seq Y) := zhat f beta N t.
Let acc := accept f beta M.
Let z := Z piref f beta.

(* min(f, t) with t = beta log(Zhat M) *)
Definition cut (t : seq Y) y : R := Num.min (f y) (beta * ln (zh t * M)).
(* all N trials reject *)
Definition all_rejected (t : seq Y) : R := (1 - \sum_y piref y * acc (zh t) y) ^+ N.
(* the parts: after the draws t the softmax of min(f, t), or (t = -oo) a fresh draw *)
Definition share (i : N.-tuple Y * bool) : R :=
  seqp (iid piref) i.1 * (if i.2 then 1 - all_rejected i.1 else all_rejected i.1).
Definition part (i : N.-tuple Y * bool) : Y -> R :=
  if i.2 then pistar piref (cut i.1) beta else piref.

Lemma zh_gt0 (t : N.-tuple Y) : 0 < zh t.
Proof.
rewrite divr_gt0 ?ltr0n//; have : (0 < size t)%N by rewrite size_tuple.
case: (tval t) => [//|y s] _; rewrite big_cons ltr_paddr ?expR_gt0// sumr_ge0// => y' _.
exact/ltW/expR_gt0.
Qed.

Section Trials.
Variable t : N.-tuple Y.
Let pc := pistar piref (cut t) beta.
Let alpha := \sum_y piref y * acc (zh t) y.
Let b0 := lt0r_neq0 beta_gt0.
Let zM_gt0 : 0 < zh t * M. Proof. by rewrite mulr_gt0 ?zh_gt0. Qed.

Local Lemma exp_cut y : expR (cut t y / beta) = Num.min (expR (f y / beta)) (zh t * M).
Proof.
have e : expR (beta * ln (zh t * M) / beta) = zh t * M.
  by rewrite mulrAC divff ?mul1r ?lnK ?posrE.
rewrite /cut; have [le|lt] := lerP (f y) (beta * ln (zh t * M)).
  by apply/esym/min_idPl; rewrite -[leRHS]e ler_expR ler_pmul2r ?invr_gt0.
by rewrite e; apply/esym/min_idPr; rewrite -[leLHS]e ler_expR ler_pmul2r ?invr_gt0// ltW.
Qed.

Local Lemma accE y : acc (zh t) y = expR (cut t y / beta) / (zh t * M).
Proof.
rewrite exp_cut /acc /accept; have [le|lt] := lerP (expR (f y / beta)) (zh t * M).
  by apply/min_idPr; rewrite ler_pdivr_mulr// mul1r.
by rewrite divff ?lt0r_neq0//; apply/min_idPl; rewrite ler_pdivl_mulr// mul1r ltW.
Qed.

Local Lemma zc_gt0 : 0 < Z piref (cut t) beta. Proof. exact: Z_gt0. Qed.

Local Lemma alphaE : alpha = Z piref (cut t) beta / (zh t * M).
Proof. by rewrite /alpha /Z mulr_suml; apply: eq_bigr => y _; rewrite accE mulrA. Qed.

Local Lemma accept_mass y : piref y * acc (zh t) y = alpha * pc y.
Proof.
rewrite accE alphaE /pc /pistar; have := lt0r_neq0 zc_gt0; have := lt0r_neq0 zM_gt0.
by move: (expR _) (Z _ _ _) (zh t * M) (piref y) => a c d p d0 c0; field; rewrite d0 c0.
Qed.

Local Lemma pc_dist : is_dist pc. Proof. exact: pistar_dist. Qed.

Local Lemma alpha01 : 0 <= alpha <= 1.
Proof.
have a01 y : 0 <= acc (zh t) y <= 1.
  rewrite accE divr_ge0 ?(ltW (expR_gt0 _)) ?(ltW zM_gt0)//= ler_pdivr_mulr// mul1r exp_cut.
  by rewrite le_minl lexx orbT.
apply/andP; split.
  by apply: sumr_ge0 => y _; rewrite mulr_ge0 ?piref_dist.1//; case/andP: (a01 y).
rewrite -piref_dist.2; apply: ler_sum => y _; rewrite ler_pimulr ?piref_dist.1//.
by case/andP: (a01 y).
Qed.

Local Lemma trialsE n y : trials piref f beta M (zh t) n y
  = (1 - (1 - alpha) ^+ n) * pc y + (1 - alpha) ^+ n * piref y.
Proof.
elim: n => [|n IH]; first by rewrite expr0 subrr mul0r add0r mul1r.
transitivity (alpha * pc y + (1 - alpha) * trials piref f beta M (zh t) n y).
  rewrite /=; under eq_bigr do rewrite mulrDr !mulrA accept_mass.
  rewrite big_split /=; congr (_ + _).
    by rewrite (bigD1 y)//= eqxx mulr1 big1 ?addr0// => y' /negPf ->; rewrite mulr0.
  rewrite -mulr_suml; congr (_ * _).
  under eq_bigr do rewrite mulrBr mulr1.
  by rewrite sumrB piref_dist.2.
by rewrite IH exprS; move: alpha (_ ^+ n) (pc y) => a c p; ring.
Qed.

Lemma all_rejected01 : 0 <= all_rejected t <= 1.
Proof.
have /andP[a0 a1] := alpha01; rewrite /all_rejected -/alpha.
by rewrite exprn_ge0 ?exprn_ile1 ?subr_ge0// ler_subl_addr ler_addl.
Qed.

End Trials.

Local Lemma iidK : is_kernel (iid piref). Proof. by move=> ?; exact: piref_dist. Qed.

Lemma pair_sum (F : N.-tuple Y * bool -> R) :
  \sum_i F i = \sum_(t : N.-tuple Y) (F (t, true) + F (t, false)).
Proof.
rewrite (eq_bigr (fun i => F (i.1, i.2))) => [|[t b] _] //.
by rewrite -(pair_bigA _ (fun t b => F (t, b))) /=; apply: eq_bigr => t _; rewrite big_bool.
Qed.

Lemma share_dist : is_dist share.
Proof.
split=> [[t b]|].
  have /andP[r0 r1] := all_rejected01 t; rewrite /share mulr_ge0 ?(seqp_ge0 iidK)//.
  by case: b; rewrite ?subr_ge0.
rewrite pair_sum -(seqp_dist N iidK).2; apply: eq_bigr => t _.
by rewrite /share /= -mulrDr subrK mulr1.
Qed.

Lemma part_dist i : is_dist (part i).
Proof. by rewrite /part; case: i.2 => //; exact: pistar_dist. Qed.

Lemma part_gt0 i : full_support (part i).
Proof. by rewrite /part; case: i.2 => //; exact: pistar_gt0. Qed.

Theorem sampler_mixture : sampler piref f beta M N =1 mixture share part.
Proof.
move=> y; rewrite /mixture pair_sum; apply: eq_bigr => t _.
by rewrite /share /part /= trialsE -!mulrA -mulrDr.
Qed.

(* cutting from above does not raise the largest ratio to piref *)
Lemma part_coverage C : (forall y, pistar piref f beta y / piref y <= C) ->
  forall i y, part i y / piref y <= C.
Proof.
move=> cov [t b] y; rewrite /part /=.
have C1 : 1 <= C by exact: coverage_ge1 cov.
case: b; last by rewrite divff ?lt0r_neq0.
have z0 : 0 < z by exact: Z_gt0.
have w_le y' : expR (f y' / beta) <= C * z.
  rewrite -ler_pdivr_mulr//; apply: le_trans (cov y'); rewrite le_eqVlt; apply/orP; left.
  apply/eqP; rewrite /pistar -/z; have := lt0r_neq0 z0; have := lt0r_neq0 (piref_gt0 y').
  by move: (expR _) z (piref y') => a d p p0 d0; field; rewrite p0 d0.
have zc0 := zc_gt0 t; set zc := Z piref (cut t) beta in zc0 *.
have -> : pistar piref (cut t) beta y / piref y = expR (cut t y / beta) / zc.
  rewrite /pistar -/zc; have := lt0r_neq0 zc0; have := lt0r_neq0 (piref_gt0 y).
  by move=> p0 d0; move: (expR _) (piref y) p0 => a p p0; field; rewrite p0 d0.
rewrite ler_pdivr_mulr//; set m := expR (cut t y / beta).
have m0 : 0 < m by exact: expR_gt0.
have m_w : m <= expR (f y / beta) by rewrite /m exp_cut le_minl lexx.
have Cz0 : 0 < C * z by rewrite mulr_gt0// (lt_le_trans ltr01 C1).
have mK : m / (C * z) <= 1 by rewrite ler_pdivr_mulr// mul1r (le_trans m_w).
apply: le_trans (_ : C * (\sum_y' piref y' * (expR (f y' / beta) * (m / (C * z)))) <= _).
  under eq_bigr do rewrite mulrA.
  rewrite -mulr_suml -/z -[\sum_y' _]/z le_eqVlt; apply/orP; left; apply/eqP.
  have := lt0r_neq0 z0; have : C != 0 by rewrite lt0r_neq0// (lt_le_trans ltr01 C1).
  by move: z => d c0 d0; field; rewrite c0 d0.
rewrite ler_pmul2l ?(lt_le_trans ltr01 C1)//; apply: ler_sum => y' _.
rewrite ler_wpmul2l ?piref_dist.1// exp_cut le_minr; apply/andP; split.
  by rewrite ler_pimulr// ltW ?expR_gt0.
apply: le_trans (_ : m <= _); last by rewrite /m exp_cut le_minl lexx orbT.
by rewrite mulrCA ler_pimulr ?(ltW m0)// ler_pdivr_mulr// mul1r.
Qed.

Theorem sampler_coverage C : (forall y, pistar piref f beta y / piref y <= C) ->
  forall y, sampler piref f beta M N y / piref y <= C.
Proof.
move=> cov y; rewrite sampler_mixture /mixture mulr_suml -[leRHS]mul1r -share_dist.2 mulr_suml.
by apply: ler_sum => i _; rewrite -mulrA ler_wpmul2l ?share_dist.1// part_coverage.
Qed.

(* ---- the gap ---- *)
Section Gap.
Variable r : Y -> R.
Let best := J piref r beta (pistar piref r beta).

Local Lemma sampler_is : sampler piref f beta M N = mixture share part.
Proof. by apply/funext => y; exact: sampler_mixture. Qed.

Lemma base_gap K : (forall y y', r y - r y' <= K) -> best - J piref r beta piref <= K.
Proof.
move=> rK; have e : piref = pistar piref (fun=> 0) beta.
  apply/funext => y; have c1 := @coverage_constant _ _ piref (fun=> 0) beta piref_dist piref_gt0 0.
  by rewrite -[RHS](divfK (lt0r_neq0 (piref_gt0 y))) c1 ?mul1r.
rewrite [X in J _ _ _ X]e; apply: gap_le_osc => // y y'; apply: le_trans (rK y' y).
by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

(* the largest oscillation of min(f, t) - r bounds the gap, with t = -oo among the t *)
Lemma part_gap K :
  (forall (t : N.-tuple Y) y y', (cut t y - r y) - (cut t y' - r y') <= K) ->
  (forall y y', r y - r y' <= K) -> forall i, best - J piref r beta (part i) <= K.
Proof.
by move=> cK rK [t b]; rewrite /part /=; case: b; [exact: gap_le_osc|exact: base_gap].
Qed.

Theorem sampler_mixture_gap K :
  (forall (t : N.-tuple Y) y y', (cut t y - r y) - (cut t y' - r y') <= K) ->
  (forall y y', r y - r y' <= K) -> best - J piref r beta (sampler piref f beta M N) <= K.
Proof.
move=> cK rK; rewrite sampler_is; apply: gap_mixture_le => //; [exact: share_dist|exact: part_dist
  |exact: part_gt0|exact: part_gap].
Qed.

(* ---- where M and N suffice ---- *)
Section Enough.
Variable C : R.
Hypothesis C_gt0 : 0 < C.
Hypothesis cov_le : forall y, pistar piref f beta y / piref y <= C.
Hypothesis M_ge : 2%:R * C <= M.
Let pf := pistar piref f beta.

Local Lemma z_gt0 : 0 < z. Proof. exact: Z_gt0. Qed.

(* nothing is cut where Zhat >= Z/2 *)
Lemma cut_none (t : N.-tuple Y) : z / 2%:R <= zh t -> cut t = f.
Proof.
move=> low; apply/funext => y; apply/min_idPl.
have zM : 0 < zh t * M by rewrite mulr_gt0 ?zh_gt0.
rewrite mulrC -ler_pdivr_mulr// -ler_expR lnK ?posrE//; apply: le_trans (_ : C * z <= _).
  rewrite -ler_pdivr_mulr ?z_gt0//; apply: le_trans (cov_le y); rewrite le_eqVlt; apply/orP; left.
  apply/eqP; rewrite /pistar -/z; have := lt0r_neq0 z_gt0; have := lt0r_neq0 (piref_gt0 y).
  by move: (expR _) z (piref y) => a d p p0 d0; field; rewrite p0 d0.
apply: le_trans (_ : z / 2%:R * (2%:R * C) <= _).
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
by apply: ler_pmul; rewrite ?divr_ge0 ?mulr_ge0 ?ler0n ?(ltW z_gt0) ?(ltW C_gt0).
Qed.

(* the draws whose part is not pi_f: Zhat < Z/2, or all N trials reject *)
Definition failed (i : N.-tuple Y * bool) := ~~ ((z / 2%:R <= zh i.1) && i.2).
Definition failure := \sum_(i | failed i) share i.

Lemma share_done : \sum_(i | ~~ failed i) share i = 1 - failure.
Proof.
by have := share_dist.2; rewrite (bigID failed) /= -/failure => <-; rewrite addrC addKr.
Qed.

Lemma failure_ge0 : 0 <= failure.
Proof. by apply: sumr_ge0 => i _; exact: share_dist.1. Qed.

Lemma done_part i : ~~ failed i -> part i = pf.
Proof. by rewrite negbK /part => /andP[low ->]; rewrite cut_none. Qed.

(* (1 - e) pi_f + e nu: nu is a mixture of the parts that failed *)
Theorem sampler_split y : sampler piref f beta M N y =
  (1 - failure) * pf y + \sum_(i | failed i) share i * part i y.
Proof.
rewrite sampler_mixture /mixture (bigID failed) /= addrC -share_done mulr_suml; congr (_ + _).
by apply: eq_bigr => i di; rewrite done_part.
Qed.

Lemma rejected_le (t : N.-tuple Y) : z / 2%:R <= zh t -> zh t <= 2%:R * z ->
  all_rejected t <= expR (- (N%:R / (2%:R * M))).
Proof.
move=> low high; have zM : 0 < zh t * M by rewrite mulr_gt0 ?zh_gt0.
have a_ge : (2%:R * M)^-1 <= \sum_y piref y * acc (zh t) y.
  rewrite alphaE cut_none// -/z ler_pdivl_mulr// mulrC ler_pdivr_mulr ?mulr_gt0 ?ltr0n//.
  by rewrite mulrA ler_wpmul2r ?(ltW M_gt0)// mulrC.
have /andP[a0 a1] := alpha01 t.
rewrite /all_rejected -mulrN expRMm; apply: ler_expn2r; rewrite ?nnegrE ?(ltW (expR_gt0 _)) ?subr_ge0//.
by apply: le_trans (expR_ge1Dx_all _); rewrite ler_add2l ler_opp2.
Qed.

Theorem failure_le delta : 0 < delta ->
  33%:R / 10%:R * M * ln (2%:R / delta) <= N%:R -> failure <= delta.
Proof.
move=> d0 hN; have [d1|/ltW d1] := lerP delta 1; last first.
  apply: le_trans d1; rewrite -share_dist.2 [leRHS](bigID failed) /= ler_addl.
  by apply: sumr_ge0 => i _; exact: share_dist.1.
apply: le_trans (sum_le_delta C_gt0 M_ge d0 d1 hN).
pose e := expR (- (N%:R / (2%:R * M))); have e0 : 0 <= e by rewrite ltW ?expR_gt0.
pose P (t : N.-tuple Y) := seqp (iid piref) t.
have P0 t : 0 <= P t by exact: seqp_ge0 iidK _ _.
apply: le_trans (_ : \sum_(t : N.-tuple Y) ((bad_low piref f beta N t)%:R * P t
    + (bad_high piref f beta N t)%:R * P t + P t * e) <= _); last first.
  rewrite !big_split /= -mulr_suml (seqp_dist N iidK).2 mul1r; apply: ler_add => //; apply: ler_add.
    by have := bad_low_le piref_dist piref_gt0 C_gt0 cov_le N_gt0; rewrite PrE.
  by have := bad_high_le piref_dist piref_gt0 C_gt0 cov_le N_gt0; rewrite PrE.
rewrite /failure big_mkcond pair_sum; apply: ler_sum => t _; rewrite /failed /share /= andbT andbF /= -/(P t).
have /andP[r0 r1] := all_rejected01 t; have Pe : 0 <= P t * e by rewrite mulr_ge0.
rewrite /bad_low -/(zh t) -/z; case: (lerP (z / 2%:R) (zh t)) => low /=.
  rewrite mul0r !add0r; have [high|high] := boolP (bad_high piref f beta N t).
    by rewrite mul1r; apply: le_trans (_ : P t <= _); [rewrite ler_pimulr|rewrite ler_addl].
  by rewrite mul0r add0r ler_wpmul2l// rejected_le// leNgt.
rewrite mul1r -mulrDr subrK mulr1 -addrA ler_addl addr_ge0// mulr_ge0 ?ler0n//.
Qed.

(* the gap: (1 - e) gap(pi_f), and e times the largest gap of a part *)
Lemma sampler_gap_parts K : (forall i, best - J piref r beta (part i) <= K) ->
  best - J piref r beta (sampler piref f beta M N)
    <= (1 - failure) * (best - J piref r beta pf) + failure * K.
Proof.
move=> pK; rewrite sampler_is; apply: le_trans (gap_mixture r share_dist part_dist part_gt0 piref_dist piref_gt0 beta_gt0) _.
rewrite (bigID failed) /= addrC -share_done !mulr_suml; apply: ler_add.
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigr => i di; rewrite done_part.
by apply: ler_sum => i _; rewrite ler_wpmul2l ?share_dist.1.
Qed.

(* any scores: a part loses at most R_max + beta log C *)
Theorem sampler_gap Rmax : (forall y y', r y - r y' <= Rmax) ->
  best - J piref r beta (sampler piref f beta M N)
    <= (1 - failure) * (best - J piref r beta pf) + failure * (Rmax + beta * ln C).
Proof.
move=> range; apply: sampler_gap_parts => i.
have psd := pistar_dist r beta piref_dist piref_gt0.
have C1 : 1 <= C by exact: (coverage_ge1 piref_dist piref_gt0 cov_le).
have kl0 : 0 <= KL (pistar piref r beta) piref by exact: Gibbs_ineq.
have klC : KL (part i) piref <= ln C.
  have := part_coverage cov_le i; rewrite /part; case: i.2 => h; first exact: KL_le_log_coverage.
  suff -> : KL piref piref = 0 by exact: ln_ge0.
  exact/Gibbs_eq.
have rr : E (pistar piref r beta) r - E (part i) r <= Rmax.
  rewrite -(E_const (part_dist i) (E _ r)) -[leRHS](E_const (part_dist i)) /E -sumrB.
  apply: ler_sum => y _; rewrite -mulrBr ler_wpmul2l ?(part_dist i).1//.
  rewrite -/(E _ r) -{1}(E_const psd (r y)) -[leRHS](E_const psd) /E -sumrB; apply: ler_sum => y' _.
  by rewrite -mulrBr ler_wpmul2l ?psd.1.
have b1 : 0 <= beta * KL (pistar piref r beta) piref by rewrite mulr_ge0// ltW.
have b2 : 0 <= beta * (ln C - KL (part i) piref) by rewrite mulr_ge0 ?subr_ge0// ltW.
move: rr; rewrite -subr_ge0 => rr; apply: (le_cert (addr_ge0 (addr_ge0 rr b1) b2)).
rewrite /best /J; move: (E _ r) (E _ r) (KL _ _) (KL _ _) (ln C) => u1 u2 u3 u4 u5; ring.
Qed.

End Enough.

(* scores that are exact on G and 0 off G *)
Section Truncated.
Variables (G : pred Y) (y' : Y) (Rmax : R).
Hypothesis f_on : forall y, G y -> f y = r y - r y'.
Hypothesis f_off : forall y, ~~ G y -> f y = 0.
Hypothesis range : forall y z, r y - r z <= Rmax.

Lemma cut_osc (t : seq Y) y y2 : (cut t y - r y) - (cut t y2 - r y2) <= Rmax.
Proof.
have [ymin hmin] : {y | forall z, r y <= r z}.
  by case: (@arg_minP _ _ _ y' xpredT r isT) => x _ h; exists x => x'; exact: h.
have [ymax hmax] : {y | forall z, r z <= r y}.
  by case: (@arg_maxP _ _ _ y' xpredT r isT) => x _ h; exists x => x'; exact: h.
rewrite /cut; set T := beta * ln _.
(* all values lie between min(0, t) - max r and min(0, t) - min r *)
have shift a b c : a <= b + c -> 0 <= c -> Num.min a T <= Num.min b T + c.
  move=> abc c0; have [_|_] := lerP b T; first by rewrite le_minl abc.
  by rewrite le_minl ler_addl c0 orbT.
have up x : Num.min (f x) T - r x <= Num.min 0 T - r ymin.
  rewrite ler_subl_addr addrAC -addrA; apply: shift; last by rewrite subr_ge0.
  have [Gx|nG] := boolP (G x); last by rewrite f_off// add0r subr_ge0.
  by rewrite f_on// add0r ler_add2l ler_opp2.
have low x : Num.min 0 T - r ymax <= Num.min (f x) T - r x.
  rewrite ler_subl_addr addrAC -addrA; apply: shift; last by rewrite subr_ge0.
  have [Gx|nG] := boolP (G x); last by rewrite f_off// add0r subr_ge0.
  by rewrite f_on// addrC addrA subrK subr_ge0.
apply: le_trans (ler_sub (up y) (low y2)) _; apply: le_trans (range ymax ymin).
by rewrite le_eqVlt; apply/orP; left; apply/eqP; move: (Num.min 0 T) => c; ring.
Qed.

Theorem sampler_mixture_Rmax : best - J piref r beta (sampler piref f beta M N) <= Rmax.
Proof. by apply: sampler_mixture_gap => // t y y2; exact: cut_osc. Qed.

(* and where M and N suffice *)
Theorem sampler_gap_Rmax C : 0 < C -> (forall y, pistar piref f beta y / piref y <= C) ->
  2%:R * C <= M -> best - J piref r beta (sampler piref f beta M N)
    <= (1 - failure) * (best - J piref r beta (pistar piref f beta)) + failure * Rmax.
Proof.
move=> C0 cov M_ge; apply: (sampler_gap_parts C0 cov M_ge).
by apply: part_gap => // t y y2; exact: cut_osc.
Qed.

End Truncated.
End Gap.

End Mixture.
