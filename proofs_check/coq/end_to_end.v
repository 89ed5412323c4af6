(* The whole of SpannerSampling in span mode, noiseless, ideal softmax sampling.      *)
(* Claim spanner-end-to-end (ours): E[gap] <= L n_max/(N_prompt + 1), and the tail,     *)
(* with the largest product C_cov(pi^* ; x) osc_x(r), or C R_max, for L; the shape of    *)
(* FMR25 Thm 3.1 with its constants.                                                    *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import boolp reals sequences exp ring.
From Spanner Require Import exp_facts dist process needle gibbs gaps truncation.
From Spanner Require Import mixtures spanner_coverage.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Lemma pairs_fst (R : realType) (Y : finType) (F : Y * Y -> R) : \sum_z F z = \sum_y' \sum_y F (y, y').
Proof. by rewrite exchange_big pair_bigA; apply: eq_bigr => -[]. Qed.

(* one prompt, all of whose responses have positive mass: what the mixture over y' loses *)
Section OnePrompt.
Variables (R : realType) (Y : finType) (p r : Y -> R) (beta Rmax C : R) (unc : pred (Y * Y)).
Hypothesis p_dist : is_dist p.
Hypothesis p_gt0 : full_support p.
Hypothesis beta_gt0 : 0 < beta.
Hypothesis range : forall y z, r y - r z <= Rmax.
Hypothesis cov_le : forall y, pistar p r beta y / p y <= C.
Let f y' y : R := if unc (y, y') then 0 else r y - r y'.

(* the uncovered pair mass is the mean over y' of the base mass uncovered relative to y' *)
Lemma uncovered_mean : \sum_(z | unc z) p z.1 * p z.2 =
  \sum_y' p y' * uncovered_base p (fun y => ~~ unc (y, y')).
Proof.
rewrite big_mkcond pairs_fst; apply: eq_bigr => y' _ /=.
rewrite /uncovered_base mulr_sumr [RHS]big_mkcond /=; apply: eq_bigr => y _; rewrite negbK.
by case: ifP => // _; rewrite mulrC.
Qed.

Lemma gap_prompt : J p r beta (pistar p r beta)
    - J p r beta (mixture p (fun y' => pistar p (f y') beta))
  <= C * Rmax * \sum_(z | unc z) p z.1 * p z.2.
Proof.
have sd y' : is_dist (pistar p (f y') beta) by exact: pistar_dist.
have sg y' : full_support (pistar p (f y') beta) by exact: pistar_gt0.
apply: le_trans (gap_mixture _ p_dist sd sg p_dist p_gt0 beta_gt0) _.
rewrite uncovered_mean mulr_sumr; apply: ler_sum => y' _.
rewrite [leRHS]mulrCA ler_wpmul2l ?p_dist.1//.
apply: le_trans (_ : Rmax * Num.min 1 (C * uncovered_base p (fun y => ~~ unc (y, y'))) <= _).
  apply: (@truncation_gap _ _ _ _ _ _ _ _ y') => //.
  - by move=> y; rewrite negbK /f => ->.
  - by move=> y /negPf e; rewrite /f e.
rewrite mulrAC [leRHS]mulrC ler_wpmul2l ?le_minl ?lexx ?orbT//.
by have := range y' y'; rewrite subrr.
Qed.
End OnePrompt.

(* responses of base mass 0 weigh nothing: a prompt is what it is on the others          *)
Section Support.
Variables (R : realType) (Y : finType) (p : Y -> R) (beta : R).
Hypothesis p_dist : is_dist p.
Definition supp := [finType of {y : Y | 0 < p y}].
Definition on_supp T (g : Y -> T) (u : supp) : T := g (val u).

Lemma sum_supp (F : Y -> R) : (forall y, p y = 0 -> F y = 0) -> \sum_y F y = \sum_u on_supp F u.
Proof.
move=> F0; rewrite (bigID (fun y => 0 < p y)) /= [X in _ + X]big1 ?addr0 => [|y]; last first.
  by rewrite -leNgt => le0; apply/F0/eqP; rewrite eq_le le0 p_dist.1.
rewrite (reindex_omap (val : supp -> Y) insub) => [|y y0]; last by rewrite insubT.
by apply: eq_bigl => u; rewrite (valP u) valK eqxx.
Qed.

Lemma supp_dist : is_dist (on_supp p).
Proof. by split=> [u|]; [exact: p_dist.1|rewrite -p_dist.2 [RHS]sum_supp]. Qed.

Lemma supp_gt0 : full_support (on_supp p). Proof. by move=> u; exact: valP u. Qed.

Lemma pistar_off (r : Y -> R) y : p y = 0 -> pistar p r beta y = 0.
Proof. by rewrite /pistar => ->; rewrite !mul0r. Qed.

Lemma pistar_supp (r : Y -> R) : on_supp (pistar p r beta) = pistar (on_supp p) (on_supp r) beta.
Proof.
apply/funext => u; rewrite /pistar; congr (_ / _).
by rewrite /Z sum_supp// => y ->; rewrite mul0r.
Qed.

Lemma J_supp (r q : Y -> R) : (forall y, p y = 0 -> q y = 0) ->
  J p r beta q = J (on_supp p) (on_supp r) beta (on_supp q).
Proof. by move=> q0; rewrite /J /E /KL !sum_supp// => y /q0 ->; rewrite mul0r. Qed.

Lemma pairs_supp (unc : pred (Y * Y)) : \sum_(z | unc z) p z.1 * p z.2
  = \sum_(z | unc (val z.1, val z.2)) on_supp p z.1 * on_supp p z.2.
Proof.
rewrite big_mkcond [RHS]big_mkcond !pairs_fst sum_supp => [|y' y'0]; last first.
  by apply: big1 => y _; case: ifP => //= _; rewrite y'0 mulr0.
apply: eq_bigr => u' _; rewrite /on_supp sum_supp// => y y0.
by case: ifP => //= _; rewrite y0 mul0r.
Qed.

Lemma mixture_supp (P : Y -> Y -> R) :
  on_supp (mixture p P) = mixture (on_supp p) (fun u' => on_supp (P (val u'))).
Proof. by apply/funext => u; rewrite /on_supp /mixture sum_supp// => y ->; rewrite mul0r. Qed.

End Support.

Section EndToEnd.
Variables (R : realType) (S : Type) (X Y : finType) (rho : X -> R).
Variables (piref r : X -> Y -> R) (beta L : R) (Rmax C : X -> R).
Hypothesis rho_dist : is_dist rho.
Hypothesis piref_dist : forall x, is_dist (piref x).
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
have pd := piref_dist x; have /andP[u0 _] := uncovered_pairs01 s x.
apply: le_trans (_ : C x * Rmax x * uncovered_pairs pair_law uncovered s x <= _); last first.
  by rewrite ler_wpmul2r.
rewrite (J_supp _ pd _ (pistar_off _ _)) (J_supp _ pd) => [|y y0]; last first.
  by apply: big1 => y' _; rewrite pistar_off ?mulr0.
rewrite /returned mixture_supp// pistar_supp// /uncovered_pairs /pair_law pairs_supp//.
under [X in mixture _ X]eq_fun do rewrite pistar_supp//.
apply: (@gap_prompt _ _ _ _ _ _ _ (fun z => uncovered s x (val z.1, val z.2))) => //.
- exact: supp_dist.
- exact: supp_gt0.
- by move=> u z; exact: range.
- move=> u; have := cov_le x (val u).
  by rewrite -[pistar _ _ _ (val u)]/(on_supp (pistar (piref x) (r x) beta) u) pistar_supp.
Qed.

Let Q := round_law rho pair_law (npair:=npair).
Local Lemma Q_dist : is_dist Q. Proof. exact: round_law_dist rho_dist pair_law_dist. Qed.

Lemma loss_ge0 : 0 <= L.
Proof.
have [x _] := some_weight rho_dist; have [y _] := some_weight (piref_dist x).
apply: le_trans (loss_le x); apply: mulr_ge0; last by have := range x y y; rewrite subrr.
apply: le_trans (cov_le x y); rewrite divr_ge0 ?(piref_dist x).1// /pistar.
have w0 z : 0 <= piref x z * expR (r x z / beta) by rewrite mulr_ge0 ?(piref_dist x).1// ltW ?expR_gt0.
by rewrite divr_ge0 ?sumr_ge0.
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
