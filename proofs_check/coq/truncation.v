(* Truncated rewards: a response that the spanner does not cover keeps its base *)
(* weight (f = 0). Claims truncated-coverage and truncation-gap (constants      *)
(* ours); FMR25 Alg. SpannerSampling line 12 and Thm 3.1.                       *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist gibbs gaps.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Truncation.
Variables (R : realType) (Y : finType) (piref r f : Y -> R) (beta C : R).
Variables (G : pred Y) (y' : Y).
Hypothesis piref_dist : is_dist piref.
Hypothesis piref_gt0 : full_support piref.
Hypothesis beta_gt0 : 0 < beta.
(* C bounds the coverage of pi*, y' is covered, and f vanishes off G *)
Hypothesis cov_le : forall y, pistar piref r beta y / piref y <= C.
Hypothesis y'G : G y'.
Hypothesis f_off : forall y, ~~ G y -> f y = 0.

Let ps := pistar piref r beta.
Let pf := pistar piref f beta.
Let rel y := r y - r y'.
(* normalising constant of the reward measured from r y' *)
Let zs := \sum_y piref y * expR (rel y / beta).
Let zf := Z piref f beta.

Local Lemma zf0 : 0 < zf. Proof. exact: Z_gt0. Qed.
Local Lemma zs0 : 0 < zs. Proof. exact: (@Z_gt0 _ _ _ rel). Qed.

Local Lemma psE y : ps y = piref y * expR (rel y / beta) / zs.
Proof.
have e z : expR (r z / beta) = expR (rel z / beta) * expR (r y' / beta).
  by rewrite -expRD -mulrDl subrK.
have zE : Z piref r beta = zs * expR (r y' / beta).
  by rewrite /zs mulr_suml; apply: eq_bigr => z _; rewrite e mulrA.
rewrite /ps /pistar e zE; have := lt0r_neq0 zs0; have := lt0r_neq0 (expR_gt0 (r y' / beta)).
by move: (expR _) (expR _) zs => a b z a0 z0; field; rewrite a0 z0.
Qed.

Local Lemma rel_le y : expR (rel y / beta) <= C * zs.
Proof.
rewrite -ler_pdivr_mulr ?zs0//; apply: le_trans (cov_le y).
rewrite -/ps psE le_eqVlt; apply/orP; left; apply/eqP.
have := lt0r_neq0 zs0; have := lt0r_neq0 (piref_gt0 y).
by move: (expR _) zs (piref y) => a z p p0 z0; field; rewrite p0 z0.
Qed.

Local Lemma one_le : 1 <= C * zs.
Proof. by have := rel_le y'; rewrite /rel subrr mul0r expR0. Qed.

Local Lemma C_ge0 : 0 <= C.
Proof.
by rewrite -(pmulr_lge0 _ zs0); exact: le_trans ler01 one_le.
Qed.

Definition covered_mass := \sum_(y | G y) pistar piref r beta y.

Lemma covered_mass_gt0 : 0 < covered_mass.
Proof.
rewrite /covered_mass (bigD1 y')//= ltr_spaddl ?pistar_gt0// sumr_ge0// => y _.
by apply/ltW/pistar_gt0.
Qed.

Theorem truncated_coverage : (forall y, G y -> `|f y - (r y - r y')| <= beta) ->
  forall y, pistar piref f beta y / piref y <= expR 2%:R * C / covered_mass.
Proof.
move=> fG y.
have bd z : G z -> rel z / beta - 1 <= f z / beta <= 1 + rel z / beta.
  move=> /fG; rewrite ler_norml => /andP[h1 h2].
  have b0 := lt0r_neq0 beta_gt0.
  have -> : rel z / beta - 1 = (rel z - beta) / beta by field.
  have -> : 1 + rel z / beta = (beta + rel z) / beta by field.
  rewrite !ler_pmul2r ?invr_gt0// -ler_subl_addr h2 andbT.
  by rewrite ler_subl_addr -ler_subl_addl -opprB ler_oppl.
have up z : expR (f z / beta) <= expR 1 * (C * zs).
  have [Gz|nG] := boolP (G z).
    apply: le_trans (_ : expR 1 * expR (rel z / beta) <= _).
      by rewrite -expRD ler_expR; case/andP: (bd z Gz).
    by rewrite ler_pmul2l ?expR_gt0// rel_le.
  rewrite f_off// mul0r expR0 -[leLHS]mul1r ler_pmul ?ler01 ?one_le//.
  by apply: le_trans (expR_ge1Dx_all 1); rewrite ler_addl ler01.
have lo : zs * covered_mass <= expR 1 * zf.
  rewrite -[zs * _](mulVKf (lt0r_neq0 (expR_gt0 1))) ler_pmul2l ?expR_gt0//.
  rewrite /covered_mass !mulr_sumr.
  apply: le_trans (_ : \sum_(z | G z) piref z * expR (f z / beta) <= _).
    apply: ler_sum => z Gz; rewrite -/ps psE.
    have -> : (expR 1)^-1 * (zs * (piref z * expR (rel z / beta) / zs)) =
        piref z * expR (rel z / beta - 1).
      rewrite expRB; have := lt0r_neq0 zs0; have := lt0r_neq0 (expR_gt0 1 : 0 < expR 1 :> R).
      by move: (expR _) (expR _) zs => a b s a0 s0; field; rewrite a0 s0.
    by rewrite ler_pmul2l// ler_expR; case/andP: (bd z Gz).
  rewrite /zf /Z [leRHS](bigID G) /= ler_addl sumr_ge0// => z _.
  by rewrite mulr_ge0 ?(ltW (expR_gt0 _))// ltW.
have -> : pistar piref f beta y / piref y = expR (f y / beta) / zf.
  rewrite /pistar -/zf; have := lt0r_neq0 zf0; have := lt0r_neq0 (piref_gt0 y).
  by move: (expR _) zf (piref y) => a z p p0 z0; field; rewrite p0 z0.
rewrite ler_pdivr_mulr ?zf0//; apply: le_trans (up y) _.
have -> : expR 2%:R = expR 1 * expR 1 :> R by rewrite -expRD.
have h : 0 <= expR 1 * C / covered_mass * (expR 1 * zf - zs * covered_mass).
  rewrite mulr_ge0 ?subr_ge0// divr_ge0 ?(ltW covered_mass_gt0)//.
  by rewrite mulr_ge0 ?C_ge0// ltW ?expR_gt0.
apply: (le_cert h); have := lt0r_neq0 covered_mass_gt0.
by move: (expR _) zs zf covered_mass => e a z c c0; field.
Qed.

(* truncation-gap *)
Definition uncovered_base := \sum_(y | ~~ G y) piref y.
Let u := uncovered_base.

Section Gap.
Variable Rmax : R.
Hypothesis f_on : forall y, G y -> f y = r y - r y'.
Hypothesis range : forall y z, r y - r z <= Rmax.

Let b := \sum_(y | ~~ G y) piref y * expR (rel y / beta).

Local Lemma u0 : 0 <= u. Proof. by apply: sumr_ge0 => y _; exact/ltW. Qed.

Local Lemma zs_zf : zs = zf - u + b.
Proof.
rewrite /zs /zf /Z (bigID G) /= [in RHS](bigID G) /= -/b; congr (_ + _).
have -> : \sum_(i | ~~ G i) piref i * expR (f i / beta) = u.
  by apply: eq_bigr => y Gy; rewrite f_off// mul0r expR0 mulr1.
by rewrite addrK; apply: eq_bigr => y Gy; rewrite f_on.
Qed.

Local Lemma b_le : b <= C * zs * u.
Proof.
rewrite mulrC /u /uncovered_base mulr_suml; apply: ler_sum => y _.
by rewrite ler_pmul2l// rel_le.
Qed.

(* the gap of pi_f, whose error is - rel off G and 0 on G *)
Local Lemma gapE : J piref r beta ps - J piref r beta pf =
  beta * ln (zs / zf) + \sum_(y | ~~ G y) pf y * - rel y.
Proof.
rewrite (gap_cumulant r f piref_dist piref_gt0 beta_gt0 (- r y')) mulrBr.
congr (_ + _).
  rewrite mean_exp_error//; congr (_ * ln _); congr (_ / _).
  rewrite /zs /Z mulr_sumr; apply: eq_bigr => y _.
  by rewrite mulrCA -expRD -mulrDl addrC.
rewrite -mulrN -sumrN mulr_sumr (bigID G) /= big1 => [|y Gy].
  rewrite add0r; apply: eq_bigr => y Gy; rewrite f_off// subr0 -/pf -/(rel y).
  by have := lt0r_neq0 beta_gt0; move: (pf y) => p b0; field; rewrite b0.
by rewrite f_on// subrr mul0r mulr0 oppr0 mulr0.
Qed.

Local Lemma rel_off y : - rel y <= Rmax.
Proof. by rewrite /rel opprB. Qed.

Local Lemma Rmax0 : 0 <= Rmax.
Proof. by have := range y' y'; rewrite subrr. Qed.

Theorem truncation_gap_small : C * u < 1 ->
  J piref r beta ps - J piref r beta pf <= (beta + Rmax) * (C * u) / (1 - C * u).
Proof.
move=> Cu; have Cu0 : 0 < 1 - C * u by rewrite subr_gt0.
have zfge : zs * (1 - C * u) <= zf.
  have := b_le; rewrite -[X in _ <= X]addr0 -subr_ge0 => h.
  have := u0; rewrite -subr_ge0 => h'.
  apply: (le_cert (addr_ge0 h h')); rewrite zs_zf; ring.
have uzf : u / zf <= C * u / (1 - C * u).
  rewrite ler_pdivr_mulr ?zf0//.
  apply: le_trans (_ : C * u / (1 - C * u) * (zs * (1 - C * u)) <= _); last first.
    by rewrite ler_wpmul2l// mulr_ge0 ?invr_ge0 ?(ltW Cu0)// mulr_ge0 ?C_ge0 ?u0.
  have -> : C * u / (1 - C * u) * (zs * (1 - C * u)) = u * (C * zs).
    by have := lt0r_neq0 Cu0; move: (zs) => z n; field; rewrite n.
  by rewrite ler_pemulr ?u0 ?one_le.
have bzf : b / zf <= C * u / (1 - C * u).
  rewrite ler_pdivr_mulr ?zf0//.
  apply: le_trans (_ : C * u / (1 - C * u) * (zs * (1 - C * u)) <= _); last first.
    by rewrite ler_wpmul2l// mulr_ge0 ?invr_ge0 ?(ltW Cu0)// mulr_ge0 ?C_ge0 ?u0.
  have -> : C * u / (1 - C * u) * (zs * (1 - C * u)) = C * zs * u.
    by have := lt0r_neq0 Cu0; move: (zs) => z n; field; rewrite n.
  exact: b_le.
rewrite gapE -mulrA mulrDl; apply: ler_add.
  rewrite ler_pmul2l//; apply: le_trans (ln_le_sub1 _) _; first by rewrite divr_gt0 ?zs0 ?zf0.
  apply: le_trans bzf; rewrite zs_zf.
  have h : 0 <= u / zf by rewrite divr_ge0 ?u0 ?(ltW zf0).
  by apply: (le_cert h); have := lt0r_neq0 zf0; move: (zf) => z n; field; rewrite n.
apply: le_trans (_ : Rmax * (u / zf) <= _); last by rewrite ler_wpmul2l ?Rmax0.
rewrite mulrC /u /uncovered_base !mulr_suml; apply: ler_sum => y Gy.
have -> : pf y = piref y / zf by rewrite /pf /pistar f_off// mul0r expR0 mulr1.
by rewrite ler_wpmul2l ?rel_off// divr_ge0 ?(ltW zf0)// ltW.
Qed.

Theorem truncation_gap : J piref r beta ps - J piref r beta pf
  <= C * Num.max (2%:R * (beta + Rmax)) (Rmax ^+ 2 / (4%:R * beta)) * u.
Proof.
have Cu0 : 0 <= C * u by rewrite mulr_ge0 ?C_ge0 ?u0.
have bR : 0 <= beta + Rmax by rewrite addr_ge0 ?Rmax0// ltW.
rewrite mulrAC.
have [Cu|Cu] := lerP (C * u) 2%:R^-1.
  have h1 : C * u < 1.
    by apply: le_lt_trans Cu _; rewrite invf_lt1 ?ltr0n// ltr1n.
  apply: le_trans (truncation_gap_small h1) _.
  apply: le_trans (_ : C * u * (2%:R * (beta + Rmax)) <= _); last first.
    by rewrite ler_wpmul2l// le_maxr lexx.
  rewrite ler_pdivr_mulr ?subr_gt0//.
  have h : 0 <= (beta + Rmax) * (C * u) * (2%:R * (2%:R^-1 - C * u)).
    by apply: mulr_ge0; [exact: mulr_ge0|rewrite mulr_ge0 ?ler0n ?subr_ge0].
  by apply: (le_cert h); field.
(* otherwise Hoeffding's lemma: the error f - r takes its values in those of - r *)
have [ymin hmin] : {y | forall z, r y <= r z}.
  by case: (@arg_minP _ _ _ y' xpredT r isT) => y _ h; exists y => z; exact: h.
have [ymax hmax] : {y | forall z, r z <= r y}.
  by case: (@arg_maxP _ _ _ y' xpredT r isT) => y _ h; exists y => z; exact: h.
have fb y : - r ymax <= f y - r y <= - r ymin.
  have [Gy|nG] := boolP (G y); last by rewrite f_off// sub0r !ler_opp2 hmax hmin.
  by rewrite f_on// addrAC subrr add0r !ler_opp2 hmax hmin.
apply: le_trans (gap_oscillation piref_dist piref_gt0 beta_gt0 fb) _.
apply: le_trans (_ : Rmax ^+ 2 / (8%:R * beta) <= _).
  rewrite ler_pmul2r ?invr_gt0 ?mulr_gt0 ?ltr0n//.
  have -> : - r ymin - - r ymax = r ymax - r ymin by ring.
  by apply: ler_expn2r; rewrite ?nnegrE ?Rmax0 ?subr_ge0 ?hmin.
apply: le_trans (_ : C * u * (Rmax ^+ 2 / (4%:R * beta)) <= _); last first.
  by rewrite ler_wpmul2l// le_maxr lexx orbT.
have h : 0 <= (C * u - 2%:R^-1) * (Rmax ^+ 2 / (4%:R * beta)).
  by rewrite mulr_ge0 ?subr_ge0 ?(ltW Cu)// divr_ge0 ?sqr_ge0// mulr_ge0 ?ler0n// ltW.
by apply: (le_cert h); field; exact: lt0r_neq0.
Qed.

End Gap.
End Truncation.
