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

End Truncated.
End Gap.

End Mixture.
