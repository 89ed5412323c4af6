(* The whole of SpannerSampling in span mode, noiseless, ideal softmax sampling.      *)
(* Claim spanner-end-to-end (ours): E[gap] <= L n_max/(N_prompt + 1), and the tail,     *)
(* with the largest product C_cov(pi^* ; x) osc_x(r), or C R_max, for L; the shape of    *)
(* FMR25 Thm 3.1 with its constants.                                                    *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process needle gibbs gaps truncation.
From Spanner Require Import mixtures spanner_coverage.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section EndToEnd.
Variables (R : realType) (S : Type) (X Y : finType) (rho : X -> R).
Variables (piref r : X -> Y -> R) (beta L : R) (Rmax C : X -> R).
Hypothesis rho_dist : is_dist rho.
Hypothesis piref_dist : forall x, is_dist (piref x).
Hypothesis piref_gt0 : forall x, full_support (piref x).
Hypothesis beta_gt0 : 0 < beta.
Hypothesis range : forall x y z, r x y - r x z <= Rmax x.
Hypothesis cov_le : forall x y, pistar (piref x) (r x) beta y / piref x y <= C x.
(* L is at least the largest product over prompts, as C R_max is with bounds on both  *)
Hypothesis loss_le : forall x, C x * Rmax x <= L.

(* which pairs the spanner leaves uncovered                                            *)
Variable uncovered : S -> X -> pred (Y * Y).
(* phase 1 with npair >= 1 pairs a round *)
Variables (npair : nat) (step : S -> X * npair.-tuple [finType of Y * Y] -> S).
Hypothesis npair_gt0 : (0 < npair)%N.
Hypothesis covered_stays : forall s a x z, uncovered (step s a) x z -> uncovered s x z.
(* the rewards of line 12 in span mode: exact on covered pairs, 0 elsewhere            *)
Definition f_hat s x y' y : R := if uncovered s x (y, y') then 0 else r x y - r x y'.
(* the returned policy: y' ~ piref, then the softmax of f_hat(.; y')                   *)
Definition returned s x : Y -> R := mixture (piref x) (fun y' => pistar (piref x) (f_hat s x y') beta).
Definition gap s : R := \sum_x rho x *
  (J (piref x) (r x) beta (pistar (piref x) (r x) beta) - J (piref x) (r x) beta (returned s x)).

Definition pair_law (x : X) (z : Y * Y) : R := piref x z.1 * piref x z.2.

Lemma pair_law_dist x : is_dist (pair_law x).
Proof.
split=> [z|]; first by rewrite mulr_ge0 ?(piref_dist x).1.
rewrite -(pair_bigA _ (fun y y' => piref x y * piref x y')) /= -[RHS](piref_dist x).2.
by apply: eq_bigr => y _; rewrite -mulr_sumr (piref_dist x).2 mulr1.
Qed.

Local Notation hazard_at := (fun s =>
  \sum_x rho x * (1 - (1 - uncovered_pairs pair_law uncovered s x) ^+ npair)).

Lemma pairs_fst (F : Y * Y -> R) : \sum_z F z = \sum_y' \sum_y F (y, y').
Proof. by rewrite exchange_big pair_bigA; apply: eq_bigr => -[]. Qed.

(* the uncovered pair mass is the mean over y' of the base mass uncovered relative to y' *)
Lemma uncovered_pairs_mean s x : uncovered_pairs pair_law uncovered s x =
  \sum_y' piref x y' * uncovered_base (piref x) (fun y => ~~ uncovered s x (y, y')).
Proof.
rewrite /uncovered_pairs big_mkcond pairs_fst; apply: eq_bigr => y' _ /=.
rewrite /uncovered_base mulr_sumr [RHS]big_mkcond /=; apply: eq_bigr => y _; rewrite negbK.
by case: ifP => // _; rewrite /pair_law mulrC.
Qed.

Lemma uncovered_pairs01 s x : 0 <= uncovered_pairs pair_law uncovered s x <= 1.
Proof.
have [p0 p1] := pair_law_dist x; apply/andP; split; first by apply: sumr_ge0.
by rewrite -p1 [leRHS](bigID (uncovered s x)) /= ler_addl sumr_ge0.
Qed.

(* N_pair >= 1 pairs find an uncovered one at least as often as one pair does *)
Lemma one_pair_le s x : uncovered_pairs pair_law uncovered s x
  <= 1 - (1 - uncovered_pairs pair_law uncovered s x) ^+ npair.
Proof.
have /andP[u0 u1] := uncovered_pairs01 s x; set u := uncovered_pairs _ _ _ _ in u0 u1 *.
rewrite ler_subr_addl -ler_subr_addr -(prednK npair_gt0) exprS.
by rewrite ler_pimulr ?exprn_ile1 ?subr_ge0// ler_subl_addr ler_addl.
Qed.

Lemma gap_at s x :
  J (piref x) (r x) beta (pistar (piref x) (r x) beta) - J (piref x) (r x) beta (returned s x)
  <= L * uncovered_pairs pair_law uncovered s x.
Proof.
have [pd pg] := (piref_dist x, @piref_gt0 x).
have /andP[u0 _] := uncovered_pairs01 s x.
apply: le_trans (_ : C x * Rmax x * uncovered_pairs pair_law uncovered s x <= _); last first.
  by rewrite ler_wpmul2r.
have sd y' : is_dist (pistar (piref x) (f_hat s x y') beta) by exact: pistar_dist.
have sg y' : full_support (pistar (piref x) (f_hat s x y') beta) by exact: pistar_gt0.
apply: le_trans (gap_mixture _ pd sd sg pd pg beta_gt0) _.
rewrite uncovered_pairs_mean mulr_sumr; apply: ler_sum => y' _.
rewrite [leRHS]mulrCA ler_wpmul2l ?pd.1//.
apply: le_trans (_ : Rmax x * Num.min 1 (C x * uncovered_base (piref x) (fun y => ~~ uncovered s x (y, y'))) <= _).
  apply: (@truncation_gap _ _ _ _ _ _ _ _ y') => //.
  - by move=> y; rewrite negbK /f_hat => ->.
  - by move=> y /negPf e; rewrite /f_hat e.
rewrite mulrAC [leRHS]mulrC ler_wpmul2l ?le_minl ?lexx ?orbT//.
by have := range x y' y'; rewrite subrr.
Qed.

Let Q := round_law rho pair_law (npair:=npair).
Local Lemma Q_dist : is_dist Q. Proof. exact: round_law_dist rho_dist pair_law_dist. Qed.

Lemma loss_ge0 : 0 <= L.
Proof.
have [x _] := some_weight rho_dist; have [y _] := some_weight (piref_dist x).
apply: le_trans (loss_le x); apply: mulr_ge0; last by have := range x y y; rewrite subrr.
exact: le_trans ler01 (coverage_ge1 (piref_dist x) (@piref_gt0 x) (cov_le x)).
Qed.

(* the mean over prompts of the uncovered pair mass is at most the hazard *)
Lemma mean_uncovered_le s : \sum_x rho x * uncovered_pairs pair_law uncovered s x
  <= hazard Q (round_accepts uncovered) s.
Proof.
rewrite hazard_pairs; last exact: pair_law_dist.
by apply: ler_sum => x _; rewrite ler_wpmul2l ?rho_dist.1//; exact: one_pair_le.
Qed.

Local Lemma gap_le s : gap s <= L * hazard Q (round_accepts uncovered) s + 0.
Proof.
rewrite addr0; apply: le_trans (_ : L * (\sum_x rho x * uncovered_pairs pair_law uncovered s x) <= _).
  rewrite mulr_sumr; apply: ler_sum => x _; rewrite [leRHS]mulrCA.
  by rewrite ler_wpmul2l ?rho_dist.1//; exact: gap_at.
by rewrite ler_wpmul2l ?loss_ge0//; exact: mean_uncovered_le.
Qed.

Local Lemma falls s a :
  hazard Q (round_accepts uncovered) (step s a) <= hazard Q (round_accepts uncovered) s.
Proof. exact: hazard_pairs_falls rho_dist pair_law_dist covered_stays s a. Qed.

Theorem spanner_end_to_end (nmax n : nat) s :
  (forall l, (acceptances (round_accepts uncovered) step s l <= nmax)%N) ->
  after Q step n gap s <= L * nmax%:R / n.+1%:R.
Proof. by move=> bd; have := loss_mean Q_dist falls loss_ge0 gap_le n bd; rewrite addr0. Qed.

Theorem spanner_end_to_end_tail (h : R) (nmax n : nat) s : 0 < h -> h <= 1 ->
  (forall l, size l = n.+1 -> (acceptances (round_accepts uncovered) step s l <= nmax)%N) ->
  after Q step n (fun s => if L * h < gap s then 1 else 0) s <= binomial_below n h nmax.
Proof.
by move=> h0 h1 bd; have := loss_tail Q_dist falls loss_ge0 gap_le h0 h1 bd; rewrite addr0.
Qed.

End EndToEnd.
