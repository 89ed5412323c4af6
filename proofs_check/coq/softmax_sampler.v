(* SoftmaxSampler with an estimated normaliser, FMR25 Alg. SoftmaxSampler.         *)
(* Claim softmax-sampler-tv (constants ours): if M >= 2 C_cov(pi_f; x) and          *)
(* N >= 3.3 M log(2/delta) then the law of the output is within delta of pi_f in    *)
(* total variation; the claim has 4 for 3.3.                                        *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts log_two dist process gibbs gaps.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section TotalVariation.
Variables (R : realType) (Y : finType).
Implicit Types p q : Y -> R.

Definition TV p q : R := (\sum_y `|p y - q y|) / 2%:R.

Lemma TV_le1 p q : is_dist p -> is_dist q -> TV p q <= 1.
Proof.
move=> [p0 p1] [q0 q1]; rewrite ler_pdivr_mulr ?ltr0n// mul1r.
apply: le_trans (_ : \sum_y (p y + q y) <= _); last first.
  by rewrite big_split /= p1 q1 [2%:R]mulr2n.
apply: ler_sum => y _; apply: le_trans (ler_norm_sub _ _) _.
by rewrite !ger0_norm.
Qed.

Lemma TV_mix (T : finType) (P : T -> R) (p : T -> Y -> R) q : is_dist P ->
  TV (fun y => \sum_t P t * p t y) q <= \sum_t P t * TV (p t) q.
Proof.
move=> [P0 P1]; rewrite /TV.
have -> : \sum_t P t * ((\sum_y `|p t y - q y|) / 2%:R) =
    (\sum_y \sum_t P t * `|p t y - q y|) / 2%:R.
  rewrite exchange_big mulr_suml; apply: eq_bigr => t _ /=.
  by rewrite mulrA mulr_sumr.
rewrite ler_pmul2r ?invr_gt0 ?ltr0n//; apply: ler_sum => y _.
have -> : \sum_t P t * p t y - q y = \sum_t P t * (p t y - q y).
  rewrite -[q y in LHS]mul1r -[X in _ - X * _]P1 mulr_suml -sumrB.
  by apply: eq_bigr => t _; rewrite mulrBr.
apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => t _.
by rewrite normrM ger0_norm.
Qed.

End TotalVariation.

Section Chernoff.
Variables (R : realType) (Y : finType) (q v : Y -> R).
Hypothesis q_dist : is_dist q.
Hypothesis v01 : forall y, 0 <= v y <= 1.

Let mu := E q v.
Let total (t : seq Y) : R := \sum_(y <- t) v y.

Lemma mgf_iid (s : R) n :
  \sum_(t : n.-tuple Y) seqp (iid q) t * expR (s * total t)
  = (\sum_y q y * expR (s * v y)) ^+ n.
Proof.
pose F (t : seq Y) := \prod_(z <- t) q z * expR (s * total t).
transitivity (\sum_(t : n.-tuple Y) F t).
  by apply: eq_bigr => t _; rewrite /seqp seqp_iid.
elim: n => [|n IH]; first by rewrite (sum_tuple0 F) /F /total !big_nil mulr0 expR0 mulr1.
rewrite (sum_tupleS _ F) exprS -IH mulr_suml; apply: eq_bigr => y _.
rewrite mulr_sumr; apply: eq_bigr => t _; rewrite /F /total !big_cons mulrDr expRD.
by rewrite mulrACA.
Qed.

Lemma mgf_le (s : R) n : (\sum_y q y * expR (s * v y)) ^+ n <= expR (n%:R * ((expR s - 1) * mu)).
Proof.
rewrite expRMm; apply: ler_expn2r; rewrite ?nnegrE ?(ltW (expR_gt0 _))//.
  by rewrite sumr_ge0// => y _; rewrite mulr_ge0 ?q_dist.1// ltW ?expR_gt0.
apply: le_trans (expR_ge1Dx_all _).
rewrite -(E_lin q_dist v 1 (expR s - 1)) /E; apply: ler_sum => y _.
rewrite ler_wpmul2l ?q_dist.1//; case/andP: (v01 y) => v0 v1.
have := @expR_chord R 0 s (v y) v0 v1; rewrite mul0r add0r expR0 mul1r.
by move/le_trans; apply; rewrite le_eqVlt; apply/orP; left; apply/eqP; ering.
Qed.

(* exponential Markov inequality *)
Lemma chernoff (s a : R) n (ev : pred (seq Y)) :
  (forall t, ev t -> 0 <= s * (total t - a)) ->
  Pr (iid q) [::] n ev <= expR (n%:R * ((expR s - 1) * mu) - s * a).
Proof.
move=> H; rewrite expRB -expRN.
apply: le_trans (_ : (\sum_(t : n.-tuple Y) seqp (iid q) t * expR (s * total t)) * expR (- (s * a)) <= _); last first.
  by rewrite ler_pmul2r ?expR_gt0// mgf_iid mgf_le.
rewrite PrE mulr_suml; apply: ler_sum => t _.
have s0 : 0 <= seqp_from (iid q) [::] t by apply: seqp_ge0 => ?; exact: q_dist.
rewrite mulrC -mulrA ler_wpmul2l// -expRD -mulrBr.
case: (boolP (ev t)) => [/H h|_]; last by rewrite ltW ?expR_gt0.
by rewrite -(@expR0 R) ler_expR.
Qed.

(* multiplicative Chernoff bounds at half and at twice the mean *)
Theorem chernoff_half n : Pr (iid q) [::] n (fun t => total t < n%:R * mu / 2%:R)
  <= expR (- (5%:R / 33%:R * (n%:R * mu))).
Proof.
have mu0 : 0 <= mu by rewrite sumr_ge0// => y _; rewrite mulr_ge0 ?q_dist.1//; case/andP: (v01 y).
have nmu : 0 <= n%:R * mu by rewrite mulr_ge0 ?ler0n.
apply: le_trans (@chernoff (- ln 2%:R) (n%:R * mu / 2%:R) n _ _) _.
  move=> t /ltW h; rewrite mulNr -mulrN mulr_ge0 ?oppr_ge0 ?subr_le0//.
  by rewrite ln_ge0// ler1n.
rewrite ler_expR expRN lnK ?posrE ?ltr0n//.
have h : 0 <= n%:R * mu * (23%:R / 33%:R - ln 2%:R) / 2%:R.
  by rewrite mulr_ge0 ?invr_ge0 ?ler0n// mulr_ge0// subr_ge0; case: (ln2_between R).
by apply: (le_cert h); efield.
Qed.

Theorem chernoff_twice n : Pr (iid q) [::] n (fun t => 2%:R * (n%:R * mu) < total t)
  <= expR (- (19%:R / 50%:R * (n%:R * mu))).
Proof.
have mu0 : 0 <= mu by rewrite sumr_ge0// => y _; rewrite mulr_ge0 ?q_dist.1//; case/andP: (v01 y).
have nmu : 0 <= n%:R * mu by rewrite mulr_ge0 ?ler0n.
apply: le_trans (@chernoff (ln 2%:R) (2%:R * (n%:R * mu)) n _ _) _.
  by move=> t /ltW h; rewrite mulr_ge0 ?subr_ge0// ln_ge0// ler1n.
rewrite ler_expR lnK ?posrE ?ltr0n//.
have h : 0 <= n%:R * mu * (ln 2%:R - 69%:R / 100%:R) * 2%:R.
  by rewrite mulr_ge0 ?ler0n// mulr_ge0// subr_ge0; case: (ln2_between R).
by apply: (le_cert h); efield.
Qed.

End Chernoff.

Section Sampler.
Variables (R : realType) (Y : finType) (piref f : Y -> R) (beta M C : R) (N : nat).
Hypothesis piref_dist : is_dist piref.
Hypothesis piref_gt0 : full_support piref.
Hypothesis C_gt0 : 0 < C.
Hypothesis cov_le : forall y, pistar piref f beta y / piref y <= C.
Hypothesis M_ge : 2%:R * C <= M.
Hypothesis N_gt0 : (0 < N)%N.

Let w y := expR (f y / beta).
Let pf := pistar piref f beta.
Let z := Z piref f beta.

(* the estimate of the normaliser from the first N draws *)
Definition zhat (t : seq Y) : R := (\sum_(y <- t) expR (f y / beta)) / N%:R.
(* the acceptance probability of a draw *)
Definition accept (zh : R) y : R := Num.min 1 (expR (f y / beta) / (zh * M)).
(* law of the output of n more trials: the first accepted one, or a fresh draw *)
Fixpoint trials (zh : R) n y : R := if n is n'.+1
  then \sum_y' piref y' * (accept zh y' * (y' == y)%:R + (1 - accept zh y') * trials zh n' y)
  else piref y.
Definition sampler y : R := \sum_(t : N.-tuple Y) seqp (iid piref) t * trials (zhat t) N y.

Local Lemma z0 : 0 < z. Proof. exact: Z_gt0. Qed.
Local Lemma M0 : 0 < M.
Proof. by apply: lt_le_trans M_ge; rewrite mulr_gt0 ?ltr0n. Qed.
Local Lemma pf_dist : is_dist pf. Proof. exact: pistar_dist. Qed.
Local Lemma iidK : is_kernel (iid piref). Proof. by move=> ?; exact: piref_dist. Qed.

Local Lemma w_le y : w y <= C * z.
Proof.
have := cov_le y; rewrite /pistar -/z -/(w y) => h.
rewrite -ler_pdivr_mulr ?z0//; apply: le_trans h; rewrite le_eqVlt; apply/orP; left; apply/eqP.
have := lt0r_neq0 z0; have := lt0r_neq0 (piref_gt0 y).
by move: (w y) z (piref y) => a b p p0 b0; field; rewrite p0 b0.
Qed.

Lemma accept01 zh y : 0 <= zh -> 0 <= accept zh y <= 1.
Proof.
move=> zh0; rewrite le_minl lexx /= andbT le_minr ler01 /=.
by rewrite divr_ge0 ?(ltW (expR_gt0 _))// mulr_ge0// ltW ?M0.
Qed.

Lemma trials_dist zh n : 0 <= zh -> is_dist (trials zh n).
Proof.
move=> zh0; elim: n => [|n [IH0 IH1]] //; split=> [y|] /=.
  apply: sumr_ge0 => y' _; case/andP: (accept01 y' zh0) => a0 a1.
  by rewrite mulr_ge0 ?piref_dist.1// addr_ge0 ?mulr_ge0 ?ler0n ?subr_ge0.
rewrite exchange_big -[RHS]piref_dist.2; apply: eq_bigr => y' _ /=.
rewrite -mulr_sumr big_split -!mulr_sumr IH1 (bigD1 y')//= eqxx big1 => [|y]; last first.
  by rewrite eq_sym => /negPf ->.
by rewrite addr0 mulr1 mulr1 addrC subrK mulr1.
Qed.

(* when the estimate is within a factor two, acceptance is exact rejection *)
Section Good.
Variable zh : R.
Hypothesis good : z / 2%:R <= zh <= 2%:R * z.

Local Lemma zh0 : 0 < zh.
Proof. by case/andP: good => h _; apply: lt_le_trans h; rewrite divr_gt0 ?z0 ?ltr0n. Qed.

Local Lemma acceptE y : accept zh y = w y / (zh * M).
Proof.
apply/min_idPr; have h : 0 < zh * M by rewrite mulr_gt0 ?zh0 ?M0.
rewrite ler_pdivr_mulr// mul1r; apply: le_trans (w_le y) _.
have [g _] := andP good; apply: le_trans (_ : 2%:R * C * (z / 2%:R) <= _).
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
by rewrite mulrC ler_pmul ?divr_ge0 ?mulr_ge0 ?ler0n ?(ltW C_gt0) ?(ltW z0).
Qed.

Let alpha := z / (zh * M).

Local Lemma alpha_ge : (2%:R * M)^-1 <= alpha.
Proof.
have [_ g] := andP good; have h : 0 < zh * M by rewrite mulr_gt0 ?zh0 ?M0.
rewrite /alpha ler_pdivl_mulr// mulrC ler_pdivr_mulr ?mulr_gt0 ?ltr0n ?M0//.
by rewrite mulrA ler_wpmul2r ?(ltW M0)// mulrC.
Qed.

Local Lemma accept_mass y : piref y * accept zh y = alpha * pf y.
Proof.
rewrite acceptE /alpha /pf /pistar -/z -/(w y).
have := lt0r_neq0 z0; have := lt0r_neq0 zh0; have := lt0r_neq0 M0.
by move: (w y) z zh (piref y) => a b c p m0 c0 b0; field; rewrite m0 c0 b0.
Qed.

Local Lemma trials_rec n y : trials zh n.+1 y = alpha * pf y + (1 - alpha) * trials zh n y.
Proof.
rewrite /=; under eq_bigr do rewrite mulrDr !mulrA accept_mass.
rewrite big_split /=; congr (_ + _).
  by rewrite (bigD1 y)//= eqxx mulr1 big1 ?addr0// => y' /negPf ->; rewrite mulr0.
rewrite -mulr_suml; congr (_ * _).
under eq_bigr do rewrite mulrBr mulr1 accept_mass.
by rewrite sumrB piref_dist.2 -mulr_sumr pf_dist.2 mulr1.
Qed.

Local Lemma trials_err n y : trials zh n y - pf y = (1 - alpha) ^+ n * (piref y - pf y).
Proof.
elim: n => [|n IH]; first by rewrite mul1r.
rewrite trials_rec exprS -mulrA -IH; move: (trials _ _ _) (pf y) => a b; ring.
Qed.

Local Lemma alpha01 : 0 <= 1 - alpha <= 1.
Proof.
have a0 : 0 <= alpha by rewrite divr_ge0 ?(ltW z0)// mulr_ge0 ?(ltW zh0) ?(ltW M0).
have a1 : alpha <= 1.
  rewrite -[leLHS]mulr1 -[X in _ * X]pf_dist.2 mulr_sumr -[leRHS]piref_dist.2.
  apply: ler_sum => y _.
  rewrite -accept_mass -[leRHS]mulr1 ler_wpmul2l ?piref_dist.1//.
  by case/andP: (accept01 y (ltW zh0)).
by rewrite subr_ge0 a1 ler_subl_addr ler_addl.
Qed.

Lemma trials_TV : TV (trials zh N) pf <= expR (- (N%:R / (2%:R * M))).
Proof.
have [a0 a1] := andP alpha01.
have -> : TV (trials zh N) pf = (1 - alpha) ^+ N * TV piref pf.
  rewrite /TV mulrA mulr_sumr; congr (_ / _); apply: eq_bigr => y _.
  by rewrite trials_err normrM ger0_norm ?exprn_ge0.
apply: le_trans (_ : (1 - alpha) ^+ N <= _).
  by rewrite -[leRHS]mulr1 ler_wpmul2l ?exprn_ge0// TV_le1//; exact: pf_dist.
rewrite -mulrN expRMm; apply: ler_expn2r; rewrite ?nnegrE ?(ltW (expR_gt0 _))//.
by apply: le_trans (expR_ge1Dx_all _); rewrite ler_add2l ler_opp2 alpha_ge.
Qed.

End Good.

Local Lemma zhat_ge0 t : 0 <= zhat t.
Proof.
by rewrite divr_ge0 ?ler0n// sumr_ge0// => y _; rewrite ltW ?expR_gt0.
Qed.

Lemma sampler_dist : is_dist sampler.
Proof.
split=> [y|].
  apply: sumr_ge0 => t _; rewrite mulr_ge0 ?(trials_dist _ (zhat_ge0 _)).1//.
  exact: seqp_ge0 iidK _ _.
rewrite exchange_big -[RHS](seqp_dist N iidK).2; apply: eq_bigr => t _ /=.
by rewrite -mulr_sumr (trials_dist _ (zhat_ge0 _)).2 mulr1.
Qed.

(* the normalised weight of a draw *)
Let v y := w y / (C * z).
Local Lemma Cz0 : 0 < C * z. Proof. by rewrite mulr_gt0 ?z0. Qed.
Local Lemma v01 y : 0 <= v y <= 1.
Proof.
by rewrite divr_ge0 ?(ltW (expR_gt0 _)) ?(ltW Cz0)//= ler_pdivr_mulr ?Cz0// mul1r w_le.
Qed.

Local Lemma mean_v : E piref v = C^-1.
Proof.
rewrite /E /v; under eq_bigr do rewrite mulrA.
rewrite -mulr_suml -/z -[\sum_y _]/z; have := lt0r_neq0 z0; have := lt0r_neq0 C_gt0.
by move: z => b c0 b0; field; rewrite c0 b0.
Qed.

Local Lemma zhatE t : \sum_(y <- t) v y = zhat t * (N%:R / (C * z)).
Proof.
rewrite /v -mulr_suml /zhat; have := lt0r_neq0 Cz0.
have : N%:R != 0 :> R by rewrite pnatr_eq0 -lt0n.
by move: (\sum_(y <- t) _) (C * z) (N%:R) => a b n n0 b0; field; rewrite n0 b0.
Qed.

Definition bad_low (t : seq Y) := zhat t < z / 2%:R.
Definition bad_high (t : seq Y) := 2%:R * z < zhat t.

Lemma bad_low_le : Pr (iid piref) [::] N bad_low <= expR (- (5%:R / 33%:R * (N%:R / C))).
Proof.
have := chernoff_half piref_dist v01 N; rewrite mean_v.
apply: le_trans; rewrite le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigl => t.
have k0 : 0 < N%:R / (C * z) by rewrite divr_gt0 ?Cz0// ltr0n.
rewrite zhatE /bad_low -(ltr_pmul2r k0); congr (_ < _).
by have := lt0r_neq0 z0; have := lt0r_neq0 C_gt0; move: z => b c0 b0; field; rewrite c0 b0.
Qed.

Lemma bad_high_le : Pr (iid piref) [::] N bad_high <= expR (- (19%:R / 50%:R * (N%:R / C))).
Proof.
have := chernoff_twice piref_dist v01 N; rewrite mean_v.
apply: le_trans; rewrite le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigl => t.
have k0 : 0 < N%:R / (C * z) by rewrite divr_gt0 ?Cz0// ltr0n.
rewrite zhatE /bad_high -(ltr_pmul2r k0); congr (_ < _).
by have := lt0r_neq0 z0; have := lt0r_neq0 C_gt0; move: z => b c0 b0; field; rewrite c0 b0.
Qed.

Theorem sampler_TV_sum : TV sampler pf <= expR (- (5%:R / 33%:R * (N%:R / C)))
  + expR (- (19%:R / 50%:R * (N%:R / C))) + expR (- (N%:R / (2%:R * M))).
Proof.
apply: le_trans (TV_mix (fun (t : N.-tuple Y) => trials (zhat t) N) pf (seqp_dist N iidK)) _.
pose e := expR (- (N%:R / (2%:R * M))); have e0 : 0 <= e by rewrite ltW ?expR_gt0.
apply: le_trans (_ : \sum_(t : N.-tuple Y) ((bad_low t)%:R * seqp (iid piref) t
    + (bad_high t)%:R * seqp (iid piref) t + seqp (iid piref) t * e) <= _).
  apply: ler_sum => t _; have s0 : 0 <= seqp (iid piref) t by apply: seqp_ge0; exact: iidK.
  have T1 : TV (trials (zhat t) N) pf <= 1.
    by apply: TV_le1; [exact: trials_dist (zhat_ge0 t)|exact: pf_dist].
  have se : 0 <= seqp (iid piref) t * e by rewrite mulr_ge0.
  have sT : seqp (iid piref) t * TV (trials (zhat t) N) pf <= seqp (iid piref) t.
    by rewrite -[leRHS]mulr1 ler_wpmul2l.
  have [bl|gl] := boolP (bad_low t).
    by rewrite mul1r -addrA; apply: le_trans sT _; rewrite ler_addl addr_ge0// mulr_ge0 ?ler0n.
  have [bh|gh] := boolP (bad_high t).
    by rewrite mul0r add0r mul1r; apply: le_trans sT _; rewrite ler_addl.
  rewrite !mul0r !add0r ler_wpmul2l//; apply: trials_TV.
  by move: gl gh; rewrite /bad_low /bad_high -!leNgt => -> ->.
rewrite !big_split /= -mulr_suml (seqp_dist N iidK).2 mul1r.
apply: ler_add => //; apply: ler_add.
  by have := bad_low_le; rewrite PrE.
by have := bad_high_le; rewrite PrE.
Qed.

(* q^(3/2) + q^(7/11) <= 1 for q <= 1/2 *)
Lemma powers_le1 (L : R) : ln 2%:R <= L ->
  expR (- (3%:R / 2%:R * L)) + expR (- (7%:R / 11%:R * L)) <= 1.
Proof.
move=> hL; have half : expR (- L) <= 2%:R^-1.
  by rewrite -[leRHS]lnK ?posrE ?invr_gt0 ?ltr0n// lnV ?posrE ?ltr0n// ler_expR ler_opp2.
have root n m (a b : R) : (0 < n)%N -> 0 <= b -> n%:R * a = m%:R * L -> 2%:R^-1 ^+ m <= b ^+ n ->
    expR (- a) <= b.
  move=> n0 b0 e hb; rewrite -(@ler_pexpn2r _ n)// ?nnegrE ?(ltW (expR_gt0 _))//.
  rewrite -expRMm mulrN e -mulrN expRMm; apply: le_trans hb.
  by apply: ler_expn2r; rewrite ?nnegrE ?invr_ge0 ?ler0n ?(ltW (expR_gt0 _)).
have h1 : expR (- (3%:R / 2%:R * L)) <= 16%:R / 45%:R.
  apply: (@root 2%N 3%N); rewrite ?divr_ge0 ?ler0n//; first by field.
  by apply: (@le_cert _ (23%:R / (8%:R * 45%:R * 45%:R))); [rewrite divr_ge0 ?mulr_ge0 ?ler0n|field].
have h2 : expR (- (7%:R / 11%:R * L)) <= 29%:R / 45%:R.
  apply: (@root 11%N 7%N); rewrite ?divr_ge0 ?ler0n//; first by field.
  pose t : R := 29%:R / 45%:R; have t0 : 0 <= t by rewrite divr_ge0 ?ler0n.
  have t2 : 49%:R / 118%:R <= t ^+ 2.
    by apply: (@le_cert _ (13%:R / (118%:R * 45%:R * 45%:R))); [rewrite divr_ge0 ?mulr_ge0 ?ler0n|rewrite /t; field].
  have t4 : 5%:R / 29%:R <= (t ^+ 2) ^+ 2.
    apply: le_trans (_ : (49%:R / 118%:R) ^+ 2 <= _).
      by apply: (@le_cert _ (9%:R / (118%:R * 118%:R * 29%:R))); [rewrite divr_ge0 ?mulr_ge0 ?ler0n|field].
    by apply: ler_expn2r; rewrite ?nnegrE ?exprn_ge0 ?divr_ge0 ?ler0n.
  have t5 : 1 / 9%:R <= t ^+ 5.
    have -> : t ^+ 5 = (t ^+ 2) ^+ 2 * t by rewrite -exprM -exprSr.
    apply: le_trans (ler_wpmul2r t0 t4); rewrite le_eqVlt; apply/orP; left; apply/eqP.
    by rewrite /t; field.
  have -> : t ^+ 11 = (t ^+ 5) ^+ 2 * t by rewrite -exprM -exprSr.
  apply: le_trans (_ : (1 / 9%:R) ^+ 2 * t <= _).
    by apply: (@le_cert _ (67%:R / (81%:R * 45%:R * 128%:R))); [rewrite divr_ge0 ?mulr_ge0 ?ler0n|rewrite /t; field].
  by rewrite ler_wpmul2r//; apply: ler_expn2r; rewrite ?nnegrE ?exprn_ge0 ?divr_ge0 ?ler01 ?ler0n.
by apply: le_trans (ler_add h1 h2) _; rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
Qed.

Lemma sum_le_delta delta : 0 < delta -> delta <= 1 -> 33%:R / 10%:R * M * ln (2%:R / delta) <= N%:R ->
  expR (- (5%:R / 33%:R * (N%:R / C))) + expR (- (19%:R / 50%:R * (N%:R / C))) + expR (- (N%:R / (2%:R * M))) <= delta.
Proof.
move=> d0 d1; set L := ln (2%:R / delta) => hN; have m0 := M0.
have hL : ln 2%:R <= L.
  by rewrite ler_ln ?posrE ?divr_gt0 ?ltr0n// ler_pdivl_mulr// ler_pimulr ?ler0n.
have L0 : 0 <= L by apply: le_trans hL; rewrite ln_ge0// ler1n.
have qE : expR (- L) = delta / 2%:R.
  by rewrite expRN lnK ?posrE ?divr_gt0 ?ltr0n// invf_div.
have NM : 33%:R / 20%:R * L <= N%:R / (2%:R * M).
  rewrite ler_pdivl_mulr ?mulr_gt0 ?ltr0n//; apply: le_trans hN.
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
have NC : 33%:R / 5%:R * L <= N%:R / C.
  rewrite ler_pdivl_mulr//; apply: le_trans hN; move: M_ge; rewrite -subr_ge0 => h.
  have h' : 0 <= 33%:R / 10%:R * L * (M - 2%:R * C) by rewrite !mulr_ge0 ?invr_ge0 ?ler0n.
  by apply: (le_cert h'); field.
have h1 : expR (- (5%:R / 33%:R * (N%:R / C))) <= expR (- L).
  rewrite ler_expR ler_opp2; apply: le_trans (_ : 5%:R / 33%:R * (33%:R / 5%:R * L) <= _).
    by rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
  by rewrite ler_wpmul2l ?divr_ge0 ?ler0n.
have h2 : expR (- (19%:R / 50%:R * (N%:R / C))) <= expR (- L) * expR (- (3%:R / 2%:R * L)).
  rewrite -expRD ler_expR -opprD ler_opp2; apply: le_trans (_ : 19%:R / 50%:R * (33%:R / 5%:R * L) <= _).
    have c0 : 0 <= 2%:R / 250%:R * L by rewrite mulr_ge0 ?divr_ge0 ?ler0n.
    by apply: (le_cert c0); field.
  by rewrite ler_wpmul2l ?divr_ge0 ?ler0n.
have h3 : expR (- (N%:R / (2%:R * M))) <= expR (- L) * expR (- (7%:R / 11%:R * L)).
  rewrite -expRD ler_expR -opprD ler_opp2; apply: le_trans NM.
  have c0 : 0 <= 3%:R / 220%:R * L by rewrite mulr_ge0 ?divr_ge0 ?ler0n.
  by apply: (le_cert c0); field.
apply: le_trans (ler_add (ler_add h1 h2) h3) _.
have p := powers_le1 hL; rewrite -subr_ge0 in p.
have h : 0 <= expR (- L) * (1 - (expR (- (3%:R / 2%:R * L)) + expR (- (7%:R / 11%:R * L)))).
  by rewrite mulr_ge0// ltW ?expR_gt0.
by apply: (le_cert h); rewrite qE; move: (expR _) (expR _) => a b; field.
Qed.

Theorem softmax_sampler_tv delta : 0 < delta -> delta <= 1 ->
  33%:R / 10%:R * M * ln (2%:R / delta) <= N%:R -> TV sampler pf <= delta.
Proof. by move=> d0 d1 hN; exact: le_trans sampler_TV_sum (sum_le_delta d0 d1 hN). Qed.

(* in particular for N >= 4 M log(2/delta), and so for the listing's N >= 4 M log(4/delta) *)
Corollary softmax_sampler_tv_listing delta : 0 < delta -> delta <= 1 ->
  4%:R * M * ln (4%:R / delta) <= N%:R -> TV sampler pf <= delta.
Proof.
move=> d0 d1 hN; apply: softmax_sampler_tv => //; apply: le_trans hN; have m0 := M0.
have le24 : ln (2%:R / delta) <= ln (4%:R / delta).
  by rewrite ler_ln ?posrE ?divr_gt0 ?ltr0n// ler_pmul2r ?invr_gt0// ler_nat.
have l0 : 0 <= ln (2%:R / delta).
  by rewrite ln_ge0// ler_pdivl_mulr// mul1r (le_trans d1)// ler1n.
apply: ler_pmul => //; first by rewrite !mulr_ge0 ?invr_ge0 ?ler0n ?(ltW m0).
rewrite ler_pmul2r// ler_pdivr_mulr ?ltr0n// -natrM ler_nat //.
Qed.

End Sampler.
