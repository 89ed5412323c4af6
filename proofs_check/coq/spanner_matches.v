(* SpannerSampling in span mode matches the coverage lower bound on needles (ours, for    *)
(* FMR25 Thms 2.1 and 3.1). Claim spanner-matches. The needle's hidden feature is any     *)
(* vector v of norm 1; true is the needle, of base mass p = 1/C (learner.base).            *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import boolp reals sequences exp ring.
From Spanner Require Import exp_facts log_two dist process gibbs mixtures ridge spanner_coverage softmax_sampler.
From Spanner Require Import sampler_mixture spanner_rule end_to_end span_run counts as_listed needle_hit learner lower_bound.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* n is the ceiling of x *)
Definition ceiling_of (R : realType) (x : R) (n : nat) := x <= n%:R < x + 1.

(* log 2 <= 0.695, by the trapezoid rule on 12/6: what the constant 114 needs at C = 2     *)
Section LogTwo.
Variable R : realType.

Lemma ln_step n : (0 < n)%N -> ln n.+1%:R <= ln n%:R + (n%:R^-1 + n.+1%:R^-1) / 2%:R :> R.
Proof.
move=> n0; have nR : 0 < n%:R :> R by rewrite ltr0n.
have n1R : 0 < n.+1%:R :> R by rewrite ltr0n.
have ge1 : 1 <= n.+1%:R / n%:R :> R by rewrite ler_pdivl_mulr// mul1r ler_nat.
have [_] := ln_between ge1; rewrite ln_div ?posrE// -subr_ge0 => h.
have {}h : 0 <= (((n.+1%:R / n%:R) ^+ 2 - 1 - 2%:R * (n.+1%:R / n%:R) * (ln n.+1%:R - ln n%:R)))
    * (n%:R / n.+1%:R) / 2%:R :> R by rewrite !mulr_ge0 ?invr_ge0 ?ler0n.
apply: (le_cert h); move: (ln _) (ln _) => a b; rewrite mulrSr in n1R *.
by field; rewrite !lt0r_neq0.
Qed.

Lemma ln2_le : ln 2%:R <= 139%:R / 200%:R :> R.
Proof.
have e : ln 12%:R = ln 6%:R + ln 2%:R :> R by rewrite -lnM ?posrE ?ltr0n// -natrM.
have [h1 h2 h3] := And3 (@ln_step 6 isT) (@ln_step 7 isT) (@ln_step 8 isT).
have [h4 h5 h6] := And3 (@ln_step 9 isT) (@ln_step 10 isT) (@ln_step 11 isT).
rewrite e in h6; rewrite -subr_ge0 in h1; rewrite -subr_ge0 in h2; rewrite -subr_ge0 in h3.
rewrite -subr_ge0 in h4; rewrite -subr_ge0 in h5; rewrite -subr_ge0 in h6.
move: h1 h2 h3 h4 h5 h6; move: (ln _) (ln _) (ln _) (ln _) (ln _) (ln _) (ln _) => a7 a6 a8 a9 a10 a11 a2 h1 h2 h3 h4 h5 h6.
have K : 0 <= 17%:R / (1386%:R * 100%:R) :> R by rewrite divr_ge0 ?mulr_ge0 ?ler0n.
apply: (le_cert (addr_ge0 (addr_ge0 (addr_ge0 h1 h2) (addr_ge0 h3 h4)) (addr_ge0 (addr_ge0 h5 h6) K))).
by field.
Qed.
End LogTwo.

Section Matches.
Variables (R : realType) (d : nat) (v : 'rV[R]_d) (p beta : R) (npair N : nat).
Hypothesis v_unit : dot v v = 1.
Hypothesis p_gt0 : 0 < p.
Hypothesis p_half : p <= 2%:R^-1.
Hypothesis beta_gt0 : 0 < beta.
(* N_pair = ceil(log 4/(2 p (1 - p))) and N = ceil(4 M log(4/delta)) with M = 2 C, delta = 1/8 *)
Hypothesis npair_is : ceiling_of (ln 4%:R / (2%:R * p * (1 - p))) npair.
Hypothesis N_is : ceiling_of (4%:R * (2%:R / p) * ln (4%:R / 8%:R^-1)) N.
(* line 10: least squares, of minimal norm or not *)
Variable est : seq 'rV[R]_d -> 'rV[R]_d.
Hypothesis est_fits : forall l, least_squares v l (est l).

Definition needle_phi (_ : unit) (b : bool) : 'rV[R]_d := b%:R *: v.
Local Notation rho := (fun _ : unit => 1 : R).
Local Notation piref := (fun _ : unit => base p).
Local Notation M := (2%:R / p).
Local Notation step := (span_step needle_phi (npair:=npair)).
(* the law of the only round of phase 1 *)
Local Notation round := (round_law rho (pair_law piref) (npair:=npair)).
Local Notation gap_of := (gap_listed rho piref needle_phi v (fun=> 0) beta M N 1 est).
Local Notation rounds s := (over_rounds rho piref needle_phi beta M N 1 est s).

Local Lemma sum_unit (F : unit -> R) : \sum_x F x = F tt.
Proof. by rewrite (big_pred1 tt) // => -[]. Qed.
Local Lemma p01 : 0 < p < 1.
Proof. by rewrite p_gt0 (le_lt_trans p_half)// invf_lt1 ?ltr0n ?ltr1n. Qed.
Local Lemma q_gt0 : 0 < 1 - p. Proof. by case/andP: p01 => _; rewrite subr_gt0. Qed.
Local Lemma pq_gt0 : 0 < 2%:R * p * (1 - p). Proof. by rewrite !mulr_gt0 ?ltr0n// q_gt0. Qed.
Local Lemma rho_dist : is_dist rho.
Proof. by split=> [_|]; [exact: ler01|rewrite sum_unit]. Qed.
Local Lemma piref_dist (x : unit) : is_dist (piref x). Proof. exact: base_dist p01. Qed.
Local Lemma M_gt0 : 0 < M. Proof. by rewrite divr_gt0 ?ltr0n. Qed.
Local Lemma ln4 : ln 4%:R = 2%:R * ln 2%:R :> R.
Proof. by rewrite (_ : 4%:R = 2%:R * 2%:R) ?lnM ?posrE ?ltr0n// -?natrM// mulrDl mul1r. Qed.
Local Lemma ln32 : ln (4%:R / 8%:R^-1) = 5%:R * ln 2%:R :> R.
Proof.
rewrite invrK (_ : 8%:R = 4%:R * 2%:R); last by rewrite -natrM.
by rewrite !lnM ?posrE ?mulr_gt0 ?ltr0n// ln4; move: (ln _) => l; ring.
Qed.
Local Lemma ln2_gt0 : 0 < ln 2%:R :> R. Proof. by rewrite ln_gt0// ltr1n. Qed.
Local Lemma N_gt0 : (0 < N)%N.
Proof.
rewrite -(ltr0n R); apply: lt_le_trans (andP N_is).1.
by rewrite ln32 !mulr_gt0 ?invr_gt0 ?ltr0n ?ln2_gt0.
Qed.

(* ---- phase 1 ---- *)
Lemma needle_diff x b b' : needle_phi x b - needle_phi x b' = (b%:R - b'%:R) *: v.
Proof. by rewrite -scalerBl. Qed.

Local Lemma v_neq0 : v != 0.
Proof. by apply: contra_eq_neq v_unit => ->; rewrite /dot mul0mx mxE eq_sym oner_eq0. Qed.

Lemma off_none x z : off_span needle_phi [::] x z = (z.1 != z.2).
Proof.
rewrite /off_span /span_list /= submx0 needle_diff scaler_eq0 (negPf v_neq0) orbF subr_eq0 eqr_nat.
by case: z => -[] [].
Qed.

(* P(found): one of N_pair pairs has the needle and response 0 *)
Theorem needle_found_prob : after round step 1 (fun s => if nilp s then 0 else 1) [::]
  = 1 - (1 - 2%:R * p * (1 - p)) ^+ npair.
Proof.
have := @hazard_pairs _ _ _ _ rho _ npair (off_span needle_phi) (pair_law_dist piref_dist) [::].
rewrite sum_unit mul1r /uncovered_pairs => e.
have -> : 2%:R * p * (1 - p) = \sum_(z | off_span needle_phi [::] tt z) pair_law piref tt z.
  rewrite (eq_bigl (fun z => z.1 != z.2)); last exact: off_none.
  by rewrite big_mkcond pairs_fst !big_bool /pair_law /= !addr0 !add0r; ring.
rewrite -e hazardE; apply: eq_bigr => a _; congr (_ * _).
by rewrite /span_step /round_accepts has_filter; case: filter => [|z l].
Qed.

Theorem needle_found_ge : (1 - 2%:R * p * (1 - p)) ^+ npair <= 4%:R^-1.
Proof.
have [n_ge _] := andP npair_is; have u1 : 2%:R * p * (1 - p) <= 1.
  have : 0 <= (1 - p) ^+ 2 + p ^+ 2 by rewrite addr_ge0 ?sqr_ge0.
  by move=> h; apply: (le_cert h); ring.
have -> : 4%:R^-1 = expR (- ln 4%:R) :> R by rewrite expRN lnK// posrE ltr0n.
apply: le_trans (_ : expR (- (2%:R * p * (1 - p))) ^+ npair <= _).
  by apply: ler_expn2r; rewrite ?nnegrE ?subr_ge0 ?(ltW (expR_gt0 _))//; exact: expR_ge1Dx_all.
by rewrite -expRMm ler_expR mulrN ler_opp2 -ler_pdivr_mulr ?pq_gt0.
Qed.

(* ---- what is returned once the needle is found ---- *)
Lemma needle_reward x b : lin_reward needle_phi v (fun=> 0) x b = rew R b.
Proof. by rewrite /lin_reward addr0 dotC dotZl v_unit mulr1. Qed.

(* every difference is a multiple of the accepted one *)
Lemma all_covered s : s = [:: v] \/ s = [:: - v] -> forall x z, off_span needle_phi s x z = false.
Proof.
move=> sv x z; apply/negbF; rewrite needle_diff; apply: scalemx_sub.
by case: sv => ->; rewrite /span_list /= /vec /= adds0mx ?eqmx_opp.
Qed.

Lemma found_state a : round_accepts (off_span needle_phi) [::] a -> step [::] a = [:: v] \/ step [::] a = [:: - v].
Proof.
rewrite /round_accepts has_filter /span_step; case E : filter => [//|z l] _ /=.
have : z \in [seq z <- a.2 | off_span needle_phi [::] a.1 z] by rewrite E mem_head.
rewrite mem_filter off_none needle_diff => /andP[+ _].
case: z.1; case: z.2 => // _; first by left; rewrite subr0 scale1r.
by right; rewrite sub0r scaleN1r.
Qed.

Local Lemma N_enough : 33%:R / 10%:R * M * ln (2%:R / 8%:R^-1) <= N%:R.
Proof.
apply: le_trans (andP N_is).1; have m0 := M_gt0.
have le24 : ln (2%:R / 8%:R^-1) <= ln (4%:R / 8%:R^-1) :> R.
  by rewrite ler_ln ?posrE ?divr_gt0 ?invr_gt0 ?ltr0n// ler_pmul2r ?invr_gt0 ?invr_gt0 ?ltr0n// ler_nat.
have l0 : 0 <= ln (2%:R / 8%:R^-1) :> R by rewrite ln_ge0// invrK -natrM ler1n.
apply: ler_pmul => //; first by rewrite !mulr_ge0 ?invr_ge0 ?ler0n ?(ltW p_gt0).
by rewrite ler_pmul2r// ler_pdivr_mulr ?ltr0n// -natrM ler_nat.
Qed.

Local Lemma sampler_needle_gap y' : J (base p) (rew R) beta (pistar (base p) (rew R) beta)
    - J (base p) (rew R) beta (sampler (base p) (fun y => rew R y - rew R y') beta M N) <= 8%:R^-1.
Proof.
pose f y := rew R y - rew R y'; rewrite -[sampler _ _ _ _ _]/(sampler (base p) f beta M N).
have pd := base_dist p01; have pg := base_full p01.
have ef : pistar (base p) f beta = pistar (base p) (rew R) beta.
  by apply/funext => y; exact: (@span_mode_exact R bool_finType (base p) (rew R) f beta (rew R y') pd pg (fun=> erefl) y).
have [_ cov cov_le] := needle_coverage p01 beta_gt0.
have c0 : 0 < p^-1 by rewrite invr_gt0.
have cov' y : pistar (base p) f beta y / base p y <= p^-1 by rewrite ef (le_trans (cov y)).
have M_ge : 2%:R * p^-1 <= M by [].
have on_all y : xpredT y -> f y = rew R y - rew R y' by [].
have off_all y : ~~ xpredT y -> f y = 0 by [].
have range y z : rew R y - rew R z <= 1.
  by rewrite /rew; case: y; case: z; rewrite ?subrr ?subr0 ?sub0r ?ler01// (le_trans (lerN10 _)) ?ler01.
apply: le_trans (sampler_gap_Rmax pd pg beta_gt0 M_gt0 N_gt0 on_all off_all range c0 cov' M_ge) _.
rewrite ef subrr mulr0 add0r mulr1.
have d0 : 0 < 8%:R^-1 :> R by rewrite invr_gt0 ltr0n.
exact: (failure_le pd pg beta_gt0 M_gt0 N_gt0 c0 cov' M_ge d0 N_enough).
Qed.

Local Lemma score_known s h y' : s = [:: v] \/ s = [:: - v] ->
  f_run needle_phi (theta_at needle_phi est s h) s tt y' = (fun y => rew R y - rew R y').
Proof.
move=> sv; apply/funext => y.
have fit u : u \in s -> dot (theta_at needle_phi est s h) u = dot v u.
  by move=> us; apply: (interpolates (est_fits _)); rewrite mem_cat us.
by rewrite (f_run_eq needle_phi (fun=> 0) tt y' y fit) /f_hat all_covered// !needle_reward.
Qed.

Theorem needle_gap_found s h : s = [:: v] \/ s = [:: - v] -> gap_of s h <= 8%:R^-1.
Proof.
move=> sv; have pd := base_dist p01; have pg := base_full p01.
rewrite /gap_listed sum_unit mul1r.
have -> : lin_reward needle_phi v (fun=> 0) tt = rew R by apply/funext => b; exact: needle_reward.
have -> : returned_after piref needle_phi beta M N 1 est s h tt
    = mixture (base p) (fun y' => sampler (base p) (fun y => rew R y - rew R y') beta M N).
  apply/funext => y; rewrite /returned_after big_ord1 divr1; apply: eq_bigr => y' _.
  by rewrite score_known.
have sE y' : sampler (base p) (fun y => rew R y - rew R y') beta M N = mixture
    (share (base p) (fun y => rew R y - rew R y') beta M (N:=N)) (part (base p) (fun y => rew R y - rew R y') beta M (N:=N)).
  by apply/funext => y; exact: (sampler_mixture _ pd pg beta_gt0 M_gt0 N_gt0).
apply: gap_mixture_le => // [y'|y'|y']; last exact: sampler_needle_gap.
  exact: (sampler_law _ pd beta_gt0 M_gt0 N_gt0).
rewrite sE; apply: mixture_gt0 => [|t].
  exact: (share_dist _ pd beta_gt0 M_gt0 N_gt0).
exact: (part_gt0 _ _ _ pd pg).
Qed.

(* the gap of what is returned is at most 1/4 whenever the needle is found *)
Local Lemma rounds_law s : is_kernel (exploration rho piref needle_phi beta M N est s).
Proof.
move=> h; have sl x y' := sampler_law (f_run needle_phi (theta_at needle_phi est s h) s x y')
  (piref_dist x) beta_gt0 M_gt0 N_gt0.
split=> [[x [y y']]|].
  by rewrite /exploration /= mul1r mulr_ge0 ?(piref_dist tt).1// (sl _ _).1.
rewrite -(pair_bigA _ (fun x z => exploration rho piref needle_phi beta M N est s h (x, z))) /= sum_unit.
rewrite pairs_fst -[RHS](piref_dist tt).2; apply: eq_bigr => y' _.
by rewrite /exploration /= mul1r -mulr_sumr (sl _ _).2 mulr1.
Qed.

Theorem needle_success : 1 - (1 - 2%:R * p * (1 - p)) ^+ npair
  <= after round step 1 (fun s => rounds s (fun h => if gap_of s h <= 4%:R^-1 then 1 else 0)) [::].
Proof.
rewrite -needle_found_prob /=; apply: ler_sum => a _.
have [mu0 _] : is_dist round by exact: round_law_dist rho_dist (pair_law_dist piref_dist).
rewrite ler_wpmul2l//; set F := over_rounds _ _ _ _ _ _ _ _ _ _.
have F0 : 0 <= F.
  by apply: sumr_ge0 => h _; rewrite mulr_ge0 ?(seqp_ge0 (rounds_law _))//; case: ifP; rewrite ?ler01.
case: ifP => // found; have sv : step [::] a = [:: v] \/ step [::] a = [:: - v].
  apply: found_state; move: found; rewrite /round_accepts has_filter /span_step.
  by case: filter.
rewrite /F /over_rounds (eq_bigr (fun h : 1.-tuple _ => seqp (exploration rho piref needle_phi beta M N est (step [::] a)) h)) => [|h _].
  by rewrite (seqp_dist 1 (rounds_law _)).2.
rewrite ifT ?mulr1//; apply: le_trans (needle_gap_found h sv) _.
by rewrite lef_pinv ?posrE ?ltr0n// ler_nat.
Qed.

(* ---- costs ---- *)
Local Notation most := (2 * npair + 2 * (2 * N + 2))%N.

(* in every run: a round of phase 1, one of phase 2, a draw from what is returned *)
Theorem needle_costs a o i x y' y j :
  let s := step [::] a in
  let asked := (foldl (asking_step needle_phi (npair:=npair)) ([::], [::]) [:: a]).2 in
  counted_rounds rho piref needle_phi beta M N est s [::] [:: o] != 0 ->
  counted_draw piref needle_phi beta M N est s [:: o.1] i x (y', (y, j)) != 0 ->
  size (foldl (@asking_round _ _) asked [:: o.1]) = (if nilp s then 2 else 4)%N /\
  (drawn needle_phi [::] [:: a] + o.2.+1 + j.+1 <= most)%N.
Proof.
move=> s asked nz1 nz2; have diffs (z : unit) b b' : (needle_phi z b - needle_phi z b' <= v)%MS.
  by rewrite needle_diff scalemx_sub.
split.
  have [e _ ->] := span_mode_rewards diffs [:: a] [:: o.1].
  rewrite e /= -/s /s; have [/found_state[]->//|no] := boolP (round_accepts (off_span needle_phi) [::] a).
  by rewrite /span_step; move: no; rewrite /round_accepts has_filter negbK => /eqP ->.
have := @listed_costs _ _ _ _ _ rho piref needle_phi beta M N _ diffs npair 1 est [:: a] [:: o] i x y' y j erefl nz1 nz2.
by case=> _; rewrite big_seq1 [size [:: a]]/= muln1.
Qed.

Theorem needle_cost_linear : most%:R <= 114%:R / p + 10%:R :> R.
Proof.
have [_ n_le] := andP npair_is; have [_ N_le] := andP N_is; rewrite ln32 in N_le; rewrite ln4 in n_le.
move/ltW: n_le; move/ltW: N_le; have l2 := @ln2_le R; have q0 := q_gt0; have q2 : 2%:R^-1 <= 1 - p.
  by rewrite ler_subr_addr -ler_subr_addl (le_trans p_half)// le_eqVlt; apply/orP; left; apply/eqP; field.
have -> : most%:R = 2%:R * npair%:R + 4%:R * N%:R + 4%:R :> R by rewrite natrD !natrM natrD natrM; ring.
rewrite -subr_ge0 in l2; rewrite -subr_ge0 in q2.
rewrite -subr_ge0 => hN; rewrite -subr_ge0 => hn.
move: (ln 2%:R) (npair%:R) (N%:R) l2 hN hn => l n m l2 hN hn.
have pq : 0 <= p * (1 - p) by rewrite mulr_ge0 ?(ltW p_gt0) ?(ltW q0).
have u0 : 0 <= 2%:R + 160%:R * (1 - p) by rewrite addr_ge0 ?ler0n// mulr_ge0 ?ler0n ?(ltW q0).
have w0 : 0 <= 14%:R / 5%:R :> R by rewrite divr_ge0 ?ler0n.
have k0 : 0 <= 100%:R^-1 :> R by rewrite invr_ge0 ler0n.
have c1 := divr_ge0 (mulr_ge0 l2 u0) pq; have c2 := divr_ge0 (addr_ge0 (mulr_ge0 q2 w0) k0) pq.
have c3 := mulr_ge0 (ler0n R 2) hn; have c4 := mulr_ge0 (ler0n R 4) hN.
apply: (le_cert (addr_ge0 (addr_ge0 c1 c2) (addr_ge0 c3 c4))).
by field; rewrite !lt0r_neq0.
Qed.

(* at most 4200 times the lower bound *)
Theorem needle_cost_matches : 1 <= d%:R * beta ^+ 2 ->
  most%:R <= 4200%:R * (3%:R / (32%:R * qbar d p beta)).
Proof.
move=> db; have b0 := beta_gt0; have q0 : 0 < qbar d p beta by exact: qbar_gt0 p01.
apply: le_trans needle_cost_linear _.
suff h : (114%:R / p + 10%:R) * qbar d p beta <= 1575%:R / 4%:R.
  have -> : 4200%:R * (3%:R / (32%:R * qbar d p beta)) = 1575%:R / 4%:R / qbar d p beta :> R.
    by field; rewrite lt0r_neq0.
  by rewrite ler_pdivl_mulr.
have P0 : 0 <= 114%:R / p + 10%:R by rewrite addr_ge0 ?divr_ge0 ?ler0n ?ltW.
have [p3|p3] := lerP 3%:R^-1 p.
  apply: le_trans (_ : (114%:R / p + 10%:R) * 1 <= _); first by rewrite ler_wpmul2l// /qbar le_minl lexx.
  have i3 : p^-1 <= 3%:R by rewrite -[leRHS]invrK lef_pinv ?posrE ?invr_gt0 ?ltr0n.
  rewrite -subr_ge0 in i3; have h := addr_ge0 (mulr_ge0 (ler0n R 114) i3) (divr_ge0 (ler0n R 167) (ler0n R 4)).
  by apply: (le_cert h); field; rewrite lt0r_neq0.
have e2 : expR (1 / (2%:R * d%:R * beta ^+ 2)) <= 2%:R.
  apply: le_trans (_ : expR 2%:R^-1 <= _).
    have t0 : 0 < 2%:R * (d%:R * beta ^+ 2) by rewrite pmulr_rgt0 ?ltr0n// (lt_le_trans ltr01 db).
    by rewrite ler_expR -mulrA div1r lef_pinv ?posrE ?ltr0n ?t0// ler_pemulr ?ler0n.
  have := expR_ge1Dx_all (- 2%:R^-1 : R); rewrite expRN => h.
  have h2 : 2%:R^-1 <= (expR 2%:R^-1)^-1 :> R by apply: le_trans h; rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
  by move: h2; rewrite lef_pinv ?posrE ?expR_gt0 ?ltr0n.
have qb : qbar d p beta <= p / (1 - p) * 2%:R.
  rewrite /qbar !le_minl; apply/orP; right; apply/orP; left.
  by apply: ler_wpmul2l e2; apply: divr_ge0; apply: ltW; [exact: p_gt0|exact: q_gt0].
apply: le_trans (ler_wpmul2l P0 qb) _; have r0 := q_gt0.
move/ltW: p3; rewrite -subr_ge0 => p3; have w0 := divr_ge0 (ler0n R 1655) (ler0n R 4).
have h := divr_ge0 (addr_ge0 (mulr_ge0 w0 p3) (divr_ge0 (ler0n R 167) (ler0n R 6))) (ltW r0).
by apply: (le_cert h); field; rewrite !lt0r_neq0.
Qed.
End Matches.
