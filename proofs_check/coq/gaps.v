(* The gap of the softmax of a wrong reward f, bounded by the error f - r.      *)
(* Claims gap-oscillation (Hoeffding's lemma, constant 1/8) and gap-quadratic   *)
(* (constant e - 2), both ours; they stand behind the rates of FMR25 Thm 3.1.   *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint interval.
From mathcomp Require Import mathcomp_extra boolp classical_sets functions.
From mathcomp Require Import reals topology normedtype derive realfun sequences exp ring.
From Spanner Require Import exp_facts dist gibbs.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory numFieldNormedType.Exports.
Local Open Scope ring_scope.

Section Scalar.
Variables (R : realType) (q : R).
Hypothesis q01 : 0 <= q <= 1.

Local Lemma q0 : 0 <= q. Proof. by case/andP: q01. Qed.
Local Lemma q1 : 0 <= 1 - q. Proof. by case/andP: q01; rewrite subr_ge0. Qed.
Let D (v : R) : R := 1 - q + q * expR v.

Local Lemma D_gt0 v : 0 < D v.
Proof.
have h0 := q0; have h1 := q1; rewrite /D; have [->|qn] := eqVneq q 1; first by rewrite subrr add0r mul1r expR_gt0.
by rewrite ltr_paddr ?mulr_ge0 ?(ltW (expR_gt0 _))// lt_neqAle q1 eq_sym subr_eq0 eq_sym qn.
Qed.

Let L (v : R) : R := ln (D v).
Let s (v : R) : R := q * expR v / D v.

Local Lemma dD (v : R) : is_derive v (1 : R) D (q * expR v).
Proof. by rewrite /D; apply: is_derive_eq; rewrite /GRing.scale /=; ering. Qed.

Local Lemma dL (v : R) : is_derive v (1 : R) L (s v).
Proof.
have dl := is_derive1_ln (D_gt0 v); have dd := dD v.
have -> : L = @ln R \o D by apply/funext.
by apply: is_derive_eq; rewrite /s mulrC.
Qed.

Local Lemma sE v : s v = q * expR (v - L v).
Proof. by rewrite /s expRD expRN [expR (L v)]lnK ?posrE ?D_gt0// mulrA. Qed.

Local Lemma ds (v : R) : is_derive v (1 : R) s (s v * (1 - s v)).
Proof.
have -> : s = fun w => q * expR (w - L w) by apply/funext => w; exact: sE.
have dl := dL v.
have de : is_derive v (1 : R) (fun w => w - L w) (1 - s v) by apply: is_derive_eq.
have -> : (fun w => q * expR (w - L w)) = q *: (@expR R \o (fun w => w - L w)) by apply/funext.
by apply: is_derive_eq; rewrite sE /GRing.scale /= mulrA.
Qed.

Local Lemma s_le v : s v * (1 - s v) <= 4%:R^-1.
Proof.
apply: (@le_cert _ ((s v - 2%:R^-1) ^+ 2)); first exact: sqr_ge0.
by move: (s v) => t; field.
Qed.

Lemma hoeffding_scalar u : 0 <= u -> 1 - q + q * expR u <= expR (q * u + u ^+ 2 / 8%:R).
Proof.
move=> u0; rewrite -[leLHS](@lnK _ (D u)) ?posrE ?D_gt0// ler_expR -/(L u).
have D0 : D 0 = 1 by rewrite /D expR0 mulr1 subrK.
have L0 : L 0 = 0 by rewrite /L D0 ln1.
have s0 : s 0 = q by rewrite /s D0 expR0 mulr1 divr1.
pose f (v : R) : R := v * q + v ^+ 2 / 8%:R - L v.
pose f' (v : R) : R := q + v / 4%:R - s v.
have f'0 v : 0 <= v -> 0 <= f' v.
  move=> v0; have <- : f' 0 = 0 by rewrite /f' s0 mul0r addr0 subrr.
  apply: (@ge_of_derive R f' (fun w => 4%:R^-1 - s w * (1 - s w))) => // [y|y _ _].
    by have dd := ds y; apply: is_derive_eq; rewrite /GRing.scale /=; move: (s y) => t; field.
  by rewrite subr_ge0 s_le.
have H : f 0 <= f u.
  apply: (@ge_of_derive R f f') => // [y|y y0 _]; last exact: f'0.
  by rewrite /f; have dd := dL y; apply: is_derive_eq; rewrite /f' /GRing.scale /=; move: (s y) => t; field.
by move: H; rewrite /f L0 mul0r expr0n /= mul0r addr0 subr0 subr_ge0 mulrC.
Qed.

End Scalar.

Section Hoeffding.
Variables (R : realType) (Y : finType) (p g : Y -> R).
Hypothesis p_dist : is_dist p.

Lemma E_const (a : R) : E p (fun=> a) = a.
Proof. by rewrite /E -mulr_suml p_dist.2 mul1r. Qed.

Lemma E_le (g1 g2 : Y -> R) : (forall y, g1 y <= g2 y) -> E p g1 <= E p g2.
Proof. by move=> H; apply: ler_sum => y _; rewrite ler_wpmul2l ?p_dist.1. Qed.

Lemma E_lin (h : Y -> R) (a b : R) : E p (fun y => a + b * h y) = a + b * E p h.
Proof.
rewrite -{2}(E_const a) /E mulr_sumr -big_split; apply: eq_bigr => y _ /=; ring.
Qed.

(* Hoeffding's lemma for a finite law *)
Theorem hoeffding_lemma lo hi : (forall y, lo <= g y <= hi) ->
  E p (fun y => expR (g y)) <= expR (E p g + (hi - lo) ^+ 2 / 8%:R).
Proof.
move=> gb; have [e|ne] := eqVneq lo hi.
  have ge y : g y = lo by apply/eqP; rewrite eq_le; case/andP: (gb y); rewrite e => -> ->.
  have -> : E p (fun y => expR (g y)) = expR lo.
    by rewrite -[RHS]E_const /E; apply: eq_bigr => y _; rewrite ge.
  have -> : E p g = lo by rewrite -[RHS]E_const /E; apply: eq_bigr => y _; rewrite ge.
  by rewrite ler_expR ler_addl mulr_ge0 ?sqr_ge0 ?invr_ge0 ?ler0n.
have [y0 _] : exists y : Y, true.
  apply/existsP; apply: contra_eqT p_dist.2 => /existsPn no.
  by rewrite big1 ?[_ == 1]eq_sym ?oner_eq0// => y; have := no y.
have lohi : lo < hi by rewrite lt_neqAle ne; case/andP: (gb y0); exact: le_trans.
set u := hi - lo; have u0 : 0 < u by rewrite subr_gt0.
pose t y := (g y - lo) / u.
have t01 y : 0 <= t y <= 1.
  case/andP: (gb y) => h1 h2; apply/andP; split.
    by apply: divr_ge0; rewrite ?subr_ge0//; exact: ltW.
  by rewrite ler_pdivr_mulr// mul1r ler_add2r.
have un0 : u != 0 by exact: lt0r_neq0.
pose q := E p t; have qE : q = (E p g - lo) / u.
  have -> : (E p g - lo) / u = - lo / u + u^-1 * E p g by field.
  by rewrite -E_lin; apply: eq_bigr => y _; rewrite /t; field.
have q01 : 0 <= q <= 1.
  apply/andP; split; [rewrite -[leLHS]E_const|rewrite -[leRHS]E_const].
    by apply: E_le => z; case/andP: (t01 z).
  by apply: E_le => z; case/andP: (t01 z).
apply: (@le_trans _ _ (expR lo * (1 - q + q * expR u))).
  have -> : expR lo * (1 - q + q * expR u) = expR lo + (expR hi - expR lo) * q.
    have -> : expR hi = expR lo * expR u by rewrite -expRD addrC subrK.
    ering.
  rewrite -E_lin; apply: E_le => y; case/andP: (t01 y) => h1 h2.
  have -> : g y = lo * (1 - t y) + hi * t y by rewrite /t /u; field.
  apply: (@le_cert _ (expR lo * (1 - t y) + expR hi * t y - expR (lo * (1 - t y) + hi * t y))).
    by rewrite subr_ge0; exact: expR_chord.
  by ering.
apply: le_trans (_ : expR lo * expR (q * u + u ^+ 2 / 8%:R) <= _).
  by rewrite ler_pmul2l ?expR_gt0//; apply: hoeffding_scalar => //; exact: ltW.
rewrite -expRD ler_expR qE mulfVK// le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

End Hoeffding.

Section ExpQuad.
Variable R : realType.

Lemma series_quad (x : R) n : 0 <= x -> x <= 1 ->
  series (exp_coeff x) n.+2 <= 1 + x + x ^+ 2 * (series (exp_coeff 1) n.+2 - 2%:R).
Proof.
move=> x0 x1; elim: n => [|n IH].
  rewrite /series /= !big_mkord !big_ord_recr !big_ord0 /exp_coeff /= !expr1n !expr1 !expr0.
  by rewrite !fact0 !factS !fact0 !muln1 !mulr1n !divr1 !add0r subrr mulr0 addr0.
have S (z : R) : series (exp_coeff z) n.+3 = series (exp_coeff z) n.+2 + exp_coeff z n.+2.
  by rewrite /series /= big_nat_recr.
have T : exp_coeff x n.+2 <= x ^+ 2 * exp_coeff 1 n.+2.
  rewrite /exp_coeff /= expr1n (_ : x ^+ n.+2 = x ^+ 2 * x ^+ n); last by rewrite -exprD.
  rewrite -mulrA ler_wpmul2l ?sqr_ge0//.
  by rewrite ler_wpmul2r ?invr_ge0 ?ler0n// exprn_ile1.
rewrite !S; apply: le_trans (ler_add IH T) _; rewrite le_eqVlt; apply/orP; left; apply/eqP.
move: (series _ _) (exp_coeff _ _) => a b; ring.
Qed.

Lemma expR_le_quad01 (x : R) : 0 <= x -> x <= 1 ->
  expR x <= 1 + x + x ^+ 2 * (expR 1 - 2%:R).
Proof.
move=> x0 x1.
pose w n := series (exp_coeff x) n - x ^+ 2 * series (exp_coeff 1) n.
have cx := @is_cvg_series_exp_coeff R x; have c1 := @is_cvg_series_exp_coeff R 1.
have cw : (w --> expR x - x ^+ 2 * expR 1)%classic.
  by apply: cvgB => //; apply: cvgZr.
have : expR x - x ^+ 2 * expR 1 <= 1 + x - 2%:R * x ^+ 2.
  rewrite -(cvg_lim _ cw)//; apply: limr_le; first by apply/cvg_ex; eexists; exact: cw.
  exists 2%N => // -[|[|n]]// _; rewrite /w ler_subl_addr.
  apply: le_trans (series_quad n x0 x1) _; rewrite le_eqVlt; apply/orP; left; apply/eqP.
  by move: (series _ _) => t; ring.
rewrite -subr_ge0 => H; apply: (le_cert H); ering.
Qed.

Lemma expR1_ge : 5%:R / 2%:R <= expR 1 :> R.
Proof.
have h : expR (- 2%:R^-1) <= 5%:R / 8%:R :> R.
  have := @expR_le_quad_neg R (- 2%:R^-1); rewrite oppr_le0 invr_ge0 ler0n => /(_ isT).
  by move/le_trans; apply; rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
have -> : expR 1 = (expR (- 2%:R^-1)) ^- 2 :> R.
  by rewrite -exprVn -expRN opprK -expRMm divff ?pnatr_eq0.
apply: le_trans (_ : (5%:R / 8%:R) ^- 2 <= _).
  apply: (@le_cert _ (3%:R / 50%:R)); first by rewrite divr_ge0 ?ler0n.
  by field.
rewrite lef_pinv ?posrE ?exprn_gt0 ?divr_gt0 ?ltr0n ?expR_gt0//.
by apply: ler_expn2r; rewrite ?nnegrE ?divr_ge0 ?ler0n// ltW ?expR_gt0.
Qed.

(* exp(x) - 1 - x <= (e - 2) x^2 on x <= 1; attained at x = 1 *)
Lemma expR_le_quad (x : R) : x <= 1 -> expR x <= 1 + x + (expR 1 - 2%:R) * x ^+ 2.
Proof.
have [x0 _|x0 x1] := lerP x 0; last by rewrite mulrC; apply: expR_le_quad01 => //; exact: ltW.
apply: le_trans (expR_le_quad_neg x0) _; rewrite ler_add2l mulrC.
rewrite ler_wpmul2r ?sqr_ge0//; apply: le_trans (_ : 5%:R / 2%:R - 2%:R <= _).
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
by rewrite ler_add2r expR1_ge.
Qed.

End ExpQuad.

Section Gap.
Variables (R : realType) (Y : finType) (piref r f : Y -> R) (beta : R).
Hypothesis piref_dist : is_dist piref.
Hypothesis piref_gt0 : full_support piref.
Hypothesis beta_gt0 : 0 < beta.

Let pf := pistar piref f beta.
Let ps := pistar piref r beta.
Let zr := Z piref r beta.
Let zf := Z piref f beta.

Local Lemma pf_dist : is_dist pf. Proof. exact: pistar_dist. Qed.
Local Lemma zr_gt0 : 0 < zr. Proof. exact: Z_gt0. Qed.
Local Lemma zf_gt0 : 0 < zf. Proof. exact: Z_gt0. Qed.
Local Lemma b_neq0 : beta != 0. Proof. exact: lt0r_neq0. Qed.

Lemma mean_exp_error c :
  E pf (fun y => expR ((r y + c - f y) / beta)) = expR (c / beta) * zr / zf.
Proof.
rewrite /E /zr /Z mulr_sumr mulr_suml; apply: eq_bigr => y _.
rewrite /pf /pistar -/zf (_ : (r y + c - f y) / beta = r y / beta + c / beta - f y / beta).
  rewrite expRB expRD; have := lt0r_neq0 (expR_gt0 (f y / beta)); have := lt0r_neq0 zf_gt0.
  move: (expR _) (expR _) (expR _) zf => a b d z z0 a0; field; rewrite z0 a0//.
by rewrite !mulrDl mulNr.
Qed.

Lemma mean_error c :
  E pf (fun y => (r y + c - f y) / beta) = c / beta - E pf (fun y => (f y - r y) / beta).
Proof.
rewrite -[c / beta](E_const pf_dist) /E -sumrB; apply: eq_bigr => y _.
rewrite -mulrBr; congr (_ * _); rewrite !mulrDl !mulNr; ring.
Qed.

(* the gap is beta times the log-moment of the error, centred *)
Theorem gap_cumulant c : J piref r beta ps - J piref r beta pf =
  beta * (ln (E pf (fun y => expR ((r y + c - f y) / beta)))
          - E pf (fun y => (r y + c - f y) / beta)).
Proof.
rewrite gibbs_identity//; last exact: pf_dist.
congr (_ * _); rewrite mean_exp_error mean_error.
have -> : ln (expR (c / beta) * zr / zf) = c / beta + ln zr - ln zf.
  by rewrite ln_div ?posrE ?mulr_gt0 ?expR_gt0 ?zr_gt0 ?zf_gt0// lnM ?posrE ?expR_gt0 ?zr_gt0// expK.
transitivity (ln zr - ln zf + E pf (fun y => (f y - r y) / beta)); last by ering.
rewrite -[ln zr - ln zf](E_const pf_dist) /E -big_split; apply: eq_bigr => y _ /=.
rewrite -mulrDr; congr (_ * _).
have y0 := piref_gt0 y.
have -> : pf y / pistar piref r beta y = expR (f y / beta) / zf / (expR (r y / beta) / zr).
  rewrite /pf /pistar -/zf -/zr; have := lt0r_neq0 (expR_gt0 (r y / beta)).
  have := lt0r_neq0 zf_gt0; have := lt0r_neq0 zr_gt0; have := lt0r_neq0 y0.
  move: (expR _) (expR _) zf zr (piref y) => a b z1 z2 p h1 h2 h3 h4; field; rewrite h1 h2 h3 h4//.
rewrite !ln_div ?posrE ?divr_gt0 ?expR_gt0 ?zr_gt0 ?zf_gt0// !expK mulrDl mulNr; ering.
Qed.

(* pi_f is optimal for f: the gap is at most the advantage of pi* over pi_f in r - f *)
Lemma gap_advantage : J piref r beta ps - J piref r beta pf <= \sum_y (ps y - pf y) * (r y - f y).
Proof.
have psd : is_dist ps by exact: pistar_dist.
have opt : J piref f beta ps <= J piref f beta pf by exact: pistar_optimal.
have -> : \sum_y (ps y - pf y) * (r y - f y) = E ps r - E ps f - (E pf r - E pf f).
  by rewrite /E -!sumrB; apply: eq_bigr => y _; ring.
move: opt; rewrite -subr_ge0 => opt; apply: (le_cert opt); rewrite /J; ring.
Qed.

Theorem gap_le_osc K : (forall y z, (f y - r y) - (f z - r z) <= K) ->
  J piref r beta ps - J piref r beta pf <= K.
Proof.
move=> osc; apply: le_trans gap_advantage _.
have psd : is_dist ps by exact: pistar_dist.
pose m := \sum_z pf z * (r z - f z).
have g_le y : r y - f y - m <= K.
  rewrite -(E_const pf_dist (r y - f y)) /E /m -sumrB -[leRHS](E_const pf_dist).
  apply: ler_sum => z _; rewrite -mulrBr ler_wpmul2l ?pf_dist.1//.
  apply: le_trans (osc z y); rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
have -> : \sum_y (ps y - pf y) * (r y - f y) = \sum_y ps y * (r y - f y - m).
  under eq_bigr do rewrite mulrBl; under [RHS]eq_bigr do rewrite mulrBr.
  by rewrite !sumrB -[in RHS]mulr_suml psd.2 mul1r.
rewrite -[leRHS](E_const psd); apply: ler_sum => y _.
by rewrite ler_wpmul2l ?psd.1.
Qed.

(* gap-oscillation, one prompt *)
Theorem gap_oscillation lo hi : (forall y, lo <= f y - r y <= hi) ->
  J piref r beta ps - J piref r beta pf <= (hi - lo) ^+ 2 / (8%:R * beta).
Proof.
move=> fb; rewrite (gap_cumulant 0).
have gb y : - hi / beta <= (r y + 0 - f y) / beta <= - lo / beta.
  rewrite !ler_pmul2r ?invr_gt0// addr0 -opprB !ler_opp2 andbC; exact: fb.
have := hoeffding_lemma pf_dist gb.
have E0 : 0 < E pf (fun y => expR ((r y + 0 - f y) / beta)).
  by rewrite mean_exp_error !mulr_gt0 ?invr_gt0 ?expR_gt0 ?zr_gt0 ?zf_gt0.
rewrite -ler_ln ?posrE ?expR_gt0// expK.
move=> h.
apply: le_trans (_ : beta * ((- lo / beta - - hi / beta) ^+ 2 / 8%:R) <= _).
  by rewrite ler_pmul2l// ler_subl_addl.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; field; rewrite b_neq0.
Qed.

(* gap-quadratic, one prompt: only the upper bound on r + c - f is used *)
Theorem gap_quadratic c : (forall y, r y + c - f y <= beta) ->
  J piref r beta ps - J piref r beta pf
    <= (expR 1 - 2%:R) / beta * E pf (fun y => (f y - r y - c) ^+ 2).
Proof.
move=> gb; rewrite (gap_cumulant c).
have E0 : 0 < E pf (fun y => expR ((r y + c - f y) / beta)).
  by rewrite mean_exp_error !mulr_gt0 ?invr_gt0 ?expR_gt0 ?zr_gt0 ?zf_gt0.
apply: le_trans (_ : beta * E pf (fun y => expR ((r y + c - f y) / beta) - 1
                                   - (r y + c - f y) / beta) <= _).
  rewrite ler_pmul2l//.
  have -> : E pf (fun y => expR ((r y + c - f y) / beta) - 1 - (r y + c - f y) / beta) =
      E pf (fun y => expR ((r y + c - f y) / beta)) - 1 - E pf (fun y => (r y + c - f y) / beta).
    rewrite -{2}(E_const pf_dist 1) /E -!sumrB; apply: eq_bigr => y _; ering.
  by rewrite ler_add2r ln_le_sub1.
rewrite /E !mulr_sumr; apply: ler_sum => y _.
have p0 := pf_dist.1 y.
apply: (@le_cert _ (beta * pf y * (1 + (r y + c - f y) / beta +
   (expR 1 - 2%:R) * ((r y + c - f y) / beta) ^+ 2 - expR ((r y + c - f y) / beta)))).
  apply: mulr_ge0; first by apply: mulr_ge0 p0; exact: ltW.
  by rewrite subr_ge0; apply: expR_le_quad; rewrite ler_pdivr_mulr// mul1r.
by have := b_neq0; move: (pf y) => ? ?; efield.
Qed.

End Gap.
