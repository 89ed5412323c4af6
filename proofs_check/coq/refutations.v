(* Deliberately false variants, each shown false by a proved counterexample over  *)
(* Coq's own reals: a hypothesis dropped or a constant made smaller.               *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct reals sequences exp ring.
From Spanner Require Import exp_facts dist gibbs process token_coverage rejection potential.
From Spanner Require Import gaps multiturn learner instances.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* 1. spanner-size with 4 m replaced by 2 m: d = lambda = 1, nu^2 = 4, antipodal    *)
(* unit features have differences of norm 2, and one acceptance gives 5 > 3.        *)
Definition twos (_ : nat) : 'rV[RR]_1 := (2%:R)%:M.

Lemma bonus_twos0 : bonus2 1 twos 0 = 4%:R.
Proof.
rewrite /bonus2 /Sigma big_ord0 addr0 invmx1 /quad mulmx1 /twos tr_scalar_mx -scalar_mxM.
by rewrite mxE eqxx mulr1n -natrM.
Qed.

Theorem spanner_size_half_false :
  ~ (forall (d m : nat) (lam nu : RR) (v : nat -> 'rV[RR]_d), 0 < lam -> (0 < d)%N ->
     (forall i, (i < m)%N -> norm2 (v i) <= 4%:R) ->
     (forall i, (i < m)%N -> nu ^+ 2 <= bonus2 lam v i) ->
     (1 + nu ^+ 2) ^+ m <= (1 + 2%:R * m%:R / (lam * d%:R)) ^+ d).
Proof.
move=> /(_ 1%N 1%N 1 2%:R twos ltr01 isT); rewrite !expr1 !mulr1 divr1.
have -> : 1 + 2%:R ^+ 2 = 5%:R :> RR by ring.
have -> : 1 + 2%:R = 3%:R :> RR by ring.
rewrite ler_nat => H; apply: (elimF idP (erefl : (5 <= 3)%N = false)); apply: H => i.
  by rewrite /norm2 /twos tr_scalar_mx -scalar_mxM mxE eqxx mulr1n -natrM.
by rewrite ltnS leqn0 => /eqP->; rewrite bonus_twos0 -natrX.
Qed.

(* 2. elliptic-potential with log 2 replaced by any larger constant *)
Theorem elliptic_potential_constant_false (c : RR) : ln 2%:R < c ->
  ~ (forall (d m : nat) (lam : RR) (v : nat -> 'rV[RR]_d), 0 < lam ->
     c * (\sum_(i < m) Num.min 1 (bonus2 lam v i))
       <= ln (\det (Sigma lam v m) / \det (Sigma lam v 0))).
Proof.
move=> hc /(_ 1%N 1%N 1 ones ltr01); rewrite big_ord1 bonus_ones invr1 minxx mulr1.
rewrite !(det_Sigma ones ltr01) big_ord1 big_ord0 bonus_ones invr1 expr1n !mul1r divr1.
by rewrite -[1 + 1]/(2%:R) leNgt hc.
Qed.

(* 3. coverage-tokens: C_cond <= C_cov fails. H = 2, fair bits, exp(r/beta) = 1/2 on  *)
(* 11 and 1 elsewhere: a token ratio is 4/3, every sequence ratio is at most 8/7.      *)
Theorem cond_above_cov_false :
  ~ (forall (A : finType) (K0 : seq A -> A -> RR) (r : seq A -> RR) (beta C : RR) (H : nat),
     is_kernel K0 -> (forall s, full_support (K0 s)) -> 0 < beta ->
     (forall t : H.-tuple A, seqp (token_opt K0 r beta H) t / seqp K0 t <= C) ->
     forall s a, (size s < H)%N -> token_opt K0 r beta H s a / K0 s a <= C).
Proof.
move=> /(_ _ fair2 leaf 1 (8%:R / 7%:R) 2%N fair2_kernel fair2_gt0 ltr01) H.
have seq_le : forall t : 2.-tuple bool,
    seqp (token_opt fair2 leaf 1 2) t / seqp fair2 t <= 8%:R / 7%:R.
  move=> t; rewrite (soft_bellman _ fair2_kernel fair2_gt0 ltr01) Zseq_leaf exp_leaf.
  have s0 : seqp fair2 t != 0 by apply/lt0r_neq0/seqp_gt0 => s; exact: fair2_gt0.
  move: (seqp fair2 t) s0 => x x0; case: ifP => _.
    have -> : x * 2%:R^-1 / (7%:R / 8%:R) / x = 4%:R / 7%:R by field.
    by rewrite ler_pmul2r ?invr_gt0 ?ltr0n// ler_nat.
  by have -> : x * 1 / (7%:R / 8%:R) / x = 8%:R / 7%:R by field.
have := H seq_le [:: true] false isT.
rewrite /token_opt big_bool /Q /V /= !exp_leaf /= /fair2.
have -> : 2%:R^-1 * 1 / (2%:R^-1 * 2%:R^-1 + 2%:R^-1 * 1) / 2%:R^-1 = 4%:R / 3%:R :> RR by field.
rewrite ler_pdivr_mulr ?ltr0n// mulrAC ler_pdivl_mulr ?ltr0n// -!natrM ler_nat.
by [].
Qed.

(* 4. needle-minimax with T_data + 1 replaced by T_data: with one candidate, no       *)
(* draw and no question, naming it succeeds                                          *)
Theorem needle_minimax_data_false :
  ~ (forall (k : nat) (p : RR) (t : learner RR k [finType of unit] unit) Tcomp Tdata,
     0 <= p <= 1 -> (Tdata < k)%N -> (draws t <= Tcomp)%N -> (asks t <= Tdata)%N ->
     (\sum_j success (fun _ _ => p) j tt t) / k%:R
       <= 1 - (1 - p) ^+ Tcomp * (1 - Tdata%:R / k%:R)).
Proof.
move=> /(_ 1%N 0 (Name _ _ _ (Some ord0)) 0%N 0%N); rewrite lexx ler01 => /(_ isT isT isT isT).
by rewrite big_ord1 /= expr0 !divr1 subr0 mulr1 subrr ler10.
Qed.

(* 5. rejection-exact without M >= C_cov: with M = 1 the "law" of one trial has a      *)
(* negative mass (a point mass from a fair coin has C_cov = 2)                          *)
Theorem rejection_small_M_false :
  ~ (forall (Y : finType) (piref pi : Y -> RR) (M : RR), is_dist piref ->
     full_support piref -> is_dist pi -> 1 <= M -> is_dist (trial piref pi M)).
Proof.
move=> /(_ _ coin point 1 coin_dist coin_gt0 point_dist (lexx 1)) [/(_ (true, false)) + _].
rewrite /trial /acc /point /coin /= invrK divr1 mulr1n mul1r.
have -> : 2%:R^-1 * (1 - 2%:R) = - 2%:R^-1 :> RR by field.
by rewrite oppr_ge0 leNgt invr_gt0 ltr0n.
Qed.

(* 6. gap-oscillation with 1/8 replaced by 1/16: rewards +1 and -1 on a fair coin,       *)
(* f = 0, beta = 1 has gap ln cosh 1 > 1/4                                                *)
Definition pm (b : bool) : RR := if b then 1 else -1.

Theorem gap_oscillation_half_false :
  ~ (forall (Y : finType) (piref r f : Y -> RR) (beta lo hi : RR), is_dist piref ->
     full_support piref -> 0 < beta -> (forall y, lo <= f y - r y <= hi) ->
     J piref r beta (pistar piref r beta) - J piref r beta (pistar piref f beta)
       <= (hi - lo) ^+ 2 / (16%:R * beta)).
Proof.
move=> /(_ _ coin pm nought 1 (-1) 1 coin_dist coin_gt0 ltr01) H.
move: H; rewrite J_pistar; [|exact: coin_dist|exact: coin_gt0|exact: ltr01].
have -> : J coin pm 1 (pistar coin nought 1) = 0.
  have e : pistar coin nought 1 =1 coin.
    move=> b; rewrite /pistar /Z big_bool /nought /coin /= !mul0r !expR0 !mulr1.
    by field.
  have k0 : KL (pistar coin nought 1) coin = 0.
    by apply: big1 => b _; rewrite e divff ?ln1 ?mulr0// lt0r_neq0// coin_gt0.
  by rewrite /J k0 /E big_bool /= !e /pm /coin; ring.
have -> : (1 - -1) ^+ 2 / (16%:R * 1) = 4%:R^-1 :> RR by field.
rewrite mul1r subr0 => H.
have : ln (Z coin pm 1) <= 4%:R^-1.
  apply: H => b; case: b; rewrite /nought /pm sub0r ?opprK lexx ?andbT //=.
    by rewrite -subr_ge0 opprK addr_ge0 ?ler01.
  by rewrite -subr_ge0 opprK addr_ge0 ?ler01.
have Z0 : 0 < Z coin pm 1 by apply: Z_gt0; [exact: coin_dist|exact: coin_gt0].
apply/negP; rewrite -ltNge -[ltLHS]expK ltr_ln ?posrE ?expR_gt0//.
(* exp(1/4) <= 4/3 < 29/20 <= cosh 1 *)
have e14 : expR (4%:R^-1) <= 4%:R / 3%:R :> RR.
  rewrite -[leLHS]invrK -expRN -[leRHS]invrK lef_pinv ?posrE ?invr_gt0 ?divr_gt0 ?ltr0n ?expR_gt0//.
  by apply: le_trans (expR_ge1Dx_all _); rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
apply: le_lt_trans e14 _.
have -> : Z coin pm 1 = (expR 1 + (expR 1)^-1) / 2%:R.
  by rewrite /Z big_bool /coin /pm /= !divr1 expRN -mulrDr mulrC.
have h := @expR1_ge real_realType; set e := expR 1 in h *; have e0 : 0 < e by exact: expR_gt0.
have k0 : 0 <= (e - 5%:R / 2%:R) * (e - 2%:R / 5%:R) / (2%:R * e).
  rewrite divr_ge0 ?mulr_ge0 ?ler0n ?subr_ge0 ?(ltW e0)//.
  apply: le_trans h; rewrite ler_pdivr_mulr ?ltr0n// mulrAC ler_pdivl_mulr ?ltr0n//.
  by rewrite -!natrM ler_nat.
apply: lt_le_trans (_ : 29%:R / 20%:R <= _); last first.
  by apply: (le_cert k0); field; exact: lt0r_neq0.
by rewrite ltr_pdivr_mulr ?ltr0n// mulrAC ltr_pdivl_mulr ?ltr0n// -!natrM ltr_nat.
Qed.
