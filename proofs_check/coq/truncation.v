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

Let A := [pred y | ~~ G y & 0 < rel y].
Let B := [pred y | ~~ G y & ~~ (0 < rel y)].
Let base (S : pred Y) := \sum_(y | S y) piref y.

Local Lemma base_ge0 S : 0 <= base S. Proof. by apply: sumr_ge0 => y _; exact/ltW. Qed.
Local Lemma split_base : base A + base B = u.
Proof. by rewrite /u /uncovered_base (bigID (fun y => 0 < rel y)). Qed.

(* pi* puts at most C times the base mass on the responses that are left alone *)
Local Lemma above_le : \sum_(y | A y) ps y <= C * base A.
Proof. by rewrite mulr_sumr; apply: ler_sum => y _; rewrite -ler_pdivr_mulr. Qed.

Local Lemma rel_mass (S : pred Y) :
  \sum_(y | S y) piref y * expR (rel y / beta) = zs * \sum_(y | S y) ps y.
Proof.
rewrite mulr_sumr; apply: eq_bigr => y _; rewrite psE mulrCA divff ?mulr1//.
exact: lt0r_neq0 zs0.
Qed.

(* and so does pi_f: the good ones that it leaves alone cannot make up for the rest *)
Local Lemma zf_ge : zs <= C * zs * zf.
Proof.
pose s := \sum_(y | A y) ps y.
have s_le : s * zs <= C * zs * base A by rewrite mulrAC ler_wpmul2r ?(ltW zs0)// above_le.
have B_le : zs * (\sum_(y | B y) ps y) <= base B.
  rewrite -rel_mass; apply: ler_sum => y /andP[_]; rewrite -leNgt => h.
  by rewrite ler_pimulr ?(ltW (piref_gt0 y))// -[leRHS]expR0 ler_expR pmulr_lle0 ?invr_gt0.
have zfE : zf = zs * (1 - s - (\sum_(y | B y) ps y)) + base A + base B.
  have -> : 1 - s - (\sum_(y | B y) ps y) = \sum_(y | G y) ps y.
    have off : \sum_(y | ~~ G y) ps y = s + \sum_(y | B y) ps y.
      by rewrite (bigID (fun y => 0 < rel y)).
    have all1 : \sum_(y | G y) ps y + \sum_(y | ~~ G y) ps y = 1.
      by rewrite -(pistar_dist r beta piref_dist piref_gt0).2 [RHS](bigID G).
    by rewrite -all1 off -addrA -opprD addrK.
  rewrite -addrA split_base -rel_mass /zf /Z (bigID G) /=; congr (_ + _).
    by apply: eq_bigr => y Gy; rewrite f_on.
  by apply: eq_bigr => y nG; rewrite f_off// mul0r expR0 mulr1.
have s01 : 0 <= 1 - s.
  rewrite subr_ge0 -(pistar_dist r beta piref_dist piref_gt0).2 (bigID A) /= -/ps -/s.
  by rewrite ler_addl sumr_ge0// => y _; exact/ltW/pistar_gt0.
have K1 := one_le; have z0 := ltW zs0.
have K1' : 0 <= C * zs - 1 by rewrite subr_ge0.
have h1 : 0 <= zs * (C * zs - 1) * (1 - s) by rewrite !mulr_ge0.
have h2 : 0 <= C * zs * (base B - zs * (\sum_(y | B y) ps y)).
  by rewrite mulr_ge0 ?subr_ge0// (le_trans ler01).
move: s_le; rewrite -subr_ge0 => h3.
apply: (le_cert (addr_ge0 (addr_ge0 h1 h2) h3)); rewrite zfE.
ring.
Qed.

Local Lemma below_le : \sum_(y | B y) pf y <= C * base B.
Proof.
rewrite mulr_sumr; apply: ler_sum => y /andP[nG _].
rewrite /pf /pistar f_off// mul0r expR0 mulr1 -/zf ler_pdivr_mulr ?zf0// mulrAC.
rewrite ler_pmull ?piref_gt0//; have := zf_ge; rewrite mulrAC -[leLHS]mul1r ler_pmul2r ?zs0//.
Qed.

(* where the uncovered mass is small, truncation at most doubles coverage *)
Lemma truncated_coverage_exact : C * u <= 2%:R^-1 ->
  forall y, pistar piref f beta y / piref y <= 2%:R * C.
Proof.
move=> Cu y; have z0 := zf0; have zs_gt := zs0.
have psd := pistar_dist r beta piref_dist piref_gt0.
have low : zs <= 2%:R * zf.
  have G_ge : 2%:R^-1 <= \sum_(y | G y) ps y.
    have all1 : \sum_(y | G y) ps y + \sum_(y | ~~ G y) ps y = 1.
      by rewrite -psd.2 [RHS](bigID G).
    have off : \sum_(y | ~~ G y) ps y <= C * u.
      by rewrite mulr_sumr; apply: ler_sum => w _; rewrite -ler_pdivr_mulr.
    have h : 0 <= (2%:R^-1 - C * u) + (C * u - \sum_(y | ~~ G y) ps y).
      by rewrite addr_ge0 ?subr_ge0.
    apply: (le_cert h); rewrite -[\sum_(y | G y) ps y](addrK (\sum_(y | ~~ G y) ps y)) all1.
    by move: (\sum_(y | _) _) => b; field.
  have zf_low : zs * (\sum_(y | G y) ps y) <= zf.
    rewrite -rel_mass /zf /Z [leRHS](bigID G) /=; apply: le_trans (_ : \sum_(y | G y) piref y * expR (f y / beta) <= _).
      by apply: ler_sum => w Gw; rewrite f_on.
    by rewrite ler_addl sumr_ge0// => w _; rewrite mulr_ge0 ?(ltW (expR_gt0 _))// ltW.
  apply: le_trans (_ : 2%:R * (zs * (\sum_(y | G y) ps y)) <= _); last by rewrite ler_pmul2l ?ltr0n.
  by rewrite mulrCA ler_pemulr ?(ltW zs_gt)// mulrC -ler_pdivr_mulr ?ltr0n// mul1r.
have -> : pistar piref f beta y / piref y = expR (f y / beta) / zf.
  rewrite /pistar -/zf; have := lt0r_neq0 zf0; have := lt0r_neq0 (piref_gt0 y).
  by move: (expR _) zf (piref y) => a z p p0 z1; field; rewrite p0 z1.
rewrite ler_pdivr_mulr//.
have up : expR (f y / beta) <= C * zs.
  have [Gy|nG] := boolP (G y); first by rewrite f_on// rel_le.
  by rewrite f_off// mul0r expR0 one_le.
by apply: le_trans up _; rewrite -mulrA mulrCA ler_wpmul2l ?C_ge0.
Qed.

Theorem truncation_gap : J piref r beta ps - J piref r beta pf <= Rmax * Num.min 1 (C * u).
Proof.
have psd : is_dist ps := pistar_dist r beta piref_dist piref_gt0.
have pfd : is_dist pf := pistar_dist f beta piref_dist piref_gt0.
have [ymin hmin] : {y | forall z, r y <= r z}.
  by case: (@arg_minP _ _ _ y' xpredT r isT) => y _ h; exists y => z; exact: h.
have [ymax hmax] : {y | forall z, r z <= r y}.
  by case: (@arg_maxP _ _ _ y' xpredT r isT) => y _ h; exists y => z; exact: h.
pose a := r ymax - r y'; pose b := r y' - r ymin.
have a0 : 0 <= a by rewrite subr_ge0. have b0 : 0 <= b by rewrite subr_ge0.
have ab : a + b <= Rmax by rewrite /a /b addrA subrK.
(* off G, what pi* gains above y' and what pi_f loses below it *)
have lost : J piref r beta ps - J piref r beta pf
    <= a * (\sum_(y | A y) ps y) + b * (\sum_(y | B y) pf y).
  apply: le_trans (gap_advantage r f piref_dist piref_gt0 beta_gt0) _.
  have -> : \sum_y (pistar piref r beta y - pistar piref f beta y) * (r y - f y) =
      \sum_(y | ~~ G y) (ps y - pf y) * rel y.
    have -> : \sum_y (pistar piref r beta y - pistar piref f beta y) * (r y - f y) =
        \sum_y (ps y - pf y) * (r y - r y' - f y).
      have z : \sum_y (ps y - pf y) = 0 by rewrite sumrB psd.2 pfd.2 subrr.
      transitivity (\sum_y (ps y - pf y) * (r y - f y) - (\sum_y (ps y - pf y)) * r y').
        by rewrite z mul0r subr0.
      by rewrite mulr_suml -sumrB; apply: eq_bigr => y _; ring.
    rewrite (bigID G) /= big1 ?add0r => [|y Gy]; last by rewrite f_on// subrr mulr0.
    by apply: eq_bigr => y nG; rewrite f_off// subr0.
  rewrite (bigID (fun y => 0 < rel y)) /=; apply: ler_add; rewrite mulr_sumr; apply: ler_sum => y.
    case/andP => _ ry; rewrite mulrC mulrBr.
    apply: le_trans (_ : rel y * ps y <= _); last first.
      by rewrite ler_pmul2r ?pistar_gt0// ler_add2r.
    by rewrite ler_subl_addr ler_addl mulr_ge0 ?(ltW ry)// ltW// pistar_gt0.
  case/andP => _; rewrite -leNgt => ry.
  apply: le_trans (_ : - rel y * pf y <= _); last first.
    by rewrite ler_pmul2r ?pistar_gt0// /rel opprB ler_add2l ler_opp2.
  have h : 0 <= ps y * - rel y by rewrite mulr_ge0 ?oppr_ge0// ltW// pistar_gt0.
  by apply: (le_cert h); move: (ps y) (pf y) (rel y) => c d e; ring.
have [sA sB] : (\sum_(y | A y) ps y) <= 1 /\ (\sum_(y | B y) pf y) <= 1.
  split; [rewrite -psd.2|rewrite -pfd.2].
    by rewrite [leRHS](bigID A) /= ler_addl sumr_ge0// => y _; exact: psd.1.
  by rewrite [leRHS](bigID B) /= ler_addl sumr_ge0// => y _; exact: pfd.1.
have Rm0 : 0 <= Rmax by apply: le_trans ab; exact: addr_ge0.
rewrite /Num.min; case: ifP => _; apply: le_trans lost _.
  by rewrite mulr1; apply: le_trans ab; apply: ler_add; rewrite ler_pimulr.
have [hA hB] := conj above_le below_le.
apply: le_trans (ler_add (ler_wpmul2l a0 hA) (ler_wpmul2l b0 hB)) _.
rewrite -split_base.
have CA : 0 <= C * base A by rewrite mulr_ge0 ?C_ge0 ?base_ge0.
have CB : 0 <= C * base B by rewrite mulr_ge0 ?C_ge0 ?base_ge0.
have ba : 0 <= Rmax - a by rewrite subr_ge0 (le_trans _ ab)// ler_addl.
have bb : 0 <= Rmax - b by rewrite subr_ge0 (le_trans _ ab)// ler_addr.
apply: (le_cert (addr_ge0 (mulr_ge0 ba CA) (mulr_ge0 bb CB))).
by move: (base A) (base B) => v w; ring.
Qed.

End Gap.
End Truncation.
