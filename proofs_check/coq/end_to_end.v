(* The whole of SpannerSampling in span mode, noiseless, ideal softmax sampling,    *)
(* N_pair = 1. Claim spanner-end-to-end (ours): E[gap] <= K n_max/(N_prompt + 1);    *)
(* the shape of FMR25 Thm 3.1 with its constants.                                    *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process needle gibbs gaps truncation.
From Spanner Require Import spanner_coverage.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* the divergence from a fixed law is convex: a mixture is no worse than its parts   *)
Section Convexity.
Variables (R : realType) (T Y : finType) (a : T -> R) (P : T -> Y -> R) (q : Y -> R).
Hypothesis a_dist : is_dist a.
Hypothesis P_dist : forall t, is_dist (P t).
Hypothesis P_gt0 : forall t, full_support (P t).
Hypothesis q_gt0 : full_support q.

Definition mixture y := \sum_t a t * P t y.

Lemma some_weight : exists t, 0 < a t.
Proof.
apply/existsP; apply: contra_eqT a_dist.2 => /existsPn no.
rewrite big1 ?[_ == 1]eq_sym ?oner_eq0// => t _; apply/eqP.
by rewrite eq_le a_dist.1 andbT leNgt no.
Qed.

Lemma mixture_gt0 : full_support mixture.
Proof.
move=> y; have [t t0] := some_weight; rewrite /mixture (bigD1 t)//= ltr_spaddl ?mulr_gt0 ?P_gt0//.
by rewrite sumr_ge0// => s _; rewrite mulr_ge0 ?a_dist.1// ltW ?P_gt0.
Qed.

Lemma mixture_dist : is_dist mixture.
Proof.
split=> [y|]; first exact/ltW/mixture_gt0.
rewrite exchange_big -[RHS]a_dist.2; apply: eq_bigr => t _ /=.
by rewrite -mulr_sumr (P_dist t).2 mulr1.
Qed.

Lemma KL_convex : KL mixture q <= \sum_t a t * KL (P t) q.
Proof.
have e : \sum_t a t * KL (P t) q = KL mixture q + \sum_t a t * KL (P t) mixture.
  have -> : KL mixture q = \sum_t a t * \sum_y P t y * ln (mixture y / q y).
    rewrite /KL; under eq_bigr do rewrite {1}/mixture mulr_suml.
    rewrite exchange_big; apply: eq_bigr => t _ /=; rewrite mulr_sumr.
    by apply: eq_bigr => y _; rewrite mulrA.
  rewrite -big_split; apply: eq_bigr => t _ /=; rewrite -mulrDr; congr (_ * _).
  rewrite /KL -big_split; apply: eq_bigr => y _ /=; rewrite -mulrDr; congr (_ * _).
  have [p0 m0 q0] := And3 (P_gt0 t y) (mixture_gt0 y) (q_gt0 y).
  by rewrite !ln_div ?posrE//; ering.
rewrite e ler_addl; apply: sumr_ge0 => t _; rewrite mulr_ge0 ?a_dist.1//.
apply: Gibbs_ineq; [exact: P_dist|exact: mixture_dist|exact: mixture_gt0].
Qed.

End Convexity.

Section EndToEnd.
Variables (R : realType) (S : Type) (X Y : finType) (rho : X -> R).
Variables (piref r : X -> Y -> R) (beta Rmax C : R).
Hypothesis rho_dist : is_dist rho.
Hypothesis piref_dist : forall x, is_dist (piref x).
Hypothesis piref_gt0 : forall x, full_support (piref x).
Hypothesis beta_gt0 : 0 < beta.
Hypothesis range : forall x y z, r x y - r x z <= Rmax.
Hypothesis cov_le : forall x y, pistar (piref x) (r x) beta y / piref x y <= C.

(* which pairs the spanner leaves uncovered                                            *)
Variable uncovered : S -> X -> pred (Y * Y).
(* phase 1 with one pair a round *)
Variable step : S -> X * 1.-tuple [finType of Y * Y] -> S.
Hypothesis covered_stays : forall s a x z, uncovered (step s a) x z -> uncovered s x z.
(* the rewards of line 12 in span mode: exact on covered pairs, 0 elsewhere            *)
Definition f_hat s x y' y : R := if uncovered s x (y, y') then 0 else r x y - r x y'.
(* the returned policy: y' ~ piref, then the softmax of f_hat(.; y')                   *)
Definition returned s x : Y -> R := mixture (piref x) (fun y' => pistar (piref x) (f_hat s x y') beta).
Definition gap s : R := \sum_x rho x *
  (J (piref x) (r x) beta (pistar (piref x) (r x) beta) - J (piref x) (r x) beta (returned s x)).

Definition K_end : R := C * Num.max (2%:R * (beta + Rmax)) (Rmax ^+ 2 / (4%:R * beta)).
Definition pair_law (x : X) (z : Y * Y) : R := piref x z.1 * piref x z.2.

Lemma pair_law_dist x : is_dist (pair_law x).
Proof.
split=> [z|]; first by rewrite mulr_ge0 ?(piref_dist x).1.
rewrite -(pair_bigA _ (fun y y' => piref x y * piref x y')) /= -[RHS](piref_dist x).2.
by apply: eq_bigr => y _; rewrite -mulr_sumr (piref_dist x).2 mulr1.
Qed.

Lemma gap_at s x :
  J (piref x) (r x) beta (pistar (piref x) (r x) beta) - J (piref x) (r x) beta (returned s x)
  <= K_end * uncovered_pairs pair_law uncovered s x.
Proof.
have [pd pg] := (piref_dist x, @piref_gt0 x).
have sd f : is_dist (pistar (piref x) f beta) by exact: pistar_dist.
have sg f : full_support (pistar (piref x) f beta) by exact: pistar_gt0.
rewrite gibbs_identity//; last exact: mixture_dist.
apply: le_trans (_ : beta * (\sum_y' piref x y' *
    KL (pistar (piref x) (f_hat s x y') beta) (pistar (piref x) (r x) beta)) <= _).
  by rewrite ler_pmul2l//; apply: KL_convex.
rewrite mulr_sumr.
have -> : K_end * uncovered_pairs pair_law uncovered s x =
    \sum_y' piref x y' * (K_end * uncovered_base (piref x) (fun y => ~~ uncovered s x (y, y'))).
  have pairE (F : Y * Y -> R) : \sum_z F z = \sum_y' \sum_y F (y, y').
    by rewrite exchange_big pair_bigA; apply: eq_bigr => -[].
  rewrite /uncovered_pairs big_mkcond pairE mulr_sumr.
  apply: eq_bigr => y' _ /=; rewrite /uncovered_base [RHS]mulrCA; congr (_ * _).
  rewrite mulr_sumr [RHS]big_mkcond /=; apply: eq_bigr => y _; rewrite negbK.
  by case: ifP => // _; rewrite /pair_law mulrC.
apply: ler_sum => y' _; rewrite mulrCA ler_wpmul2l ?(piref_dist x).1//.
rewrite -gibbs_identity//; apply: (@truncation_gap _ _ _ _ _ _ _ _ y') => //.
- by move=> y; rewrite negbK /f_hat => ->.
- by move=> y /negPf e; rewrite /f_hat e.
Qed.

Theorem spanner_end_to_end (nmax n : nat) s :
  0 <= K_end -> (forall l, (acceptances (round_accepts uncovered) step s l <= nmax)%N) ->
  after (round_law rho pair_law (npair:=1)) step n gap s <= K_end * nmax%:R / n.+1%:R.
Proof.
move=> K0 bd; rewrite -mulrA.
apply: le_trans (_ : K_end * after (round_law rho pair_law (npair:=1)) step n
   (fun s => \sum_x rho x * (1 - (1 - uncovered_pairs pair_law uncovered s x) ^+ 1)) s <= _); last first.
  by rewrite ler_wpmul2l//; apply: spanner_coverage_pairs => //; exact: pair_law_dist.
elim: n s bd => [|n IH] s bd /=.
  rewrite mulr_sumr; apply: ler_sum => x _; rewrite expr1 subKr mulrCA.
  by rewrite ler_wpmul2l ?rho_dist.1// gap_at.
have rd := round_law_dist 1 rho_dist pair_law_dist.
rewrite mulr_sumr; apply: ler_sum => a _; rewrite mulrCA ler_wpmul2l ?rd.1//.
by apply: IH => l; apply: leq_trans (bd (a :: l)); rewrite /= leq_addl.
Qed.

Lemma gap_ge0 s : 0 <= gap s.
Proof.
apply: sumr_ge0 => x _; rewrite mulr_ge0 ?rho_dist.1// subr_ge0.
apply: pistar_optimal => //; apply: mixture_dist => // y'; first exact: pistar_dist.
exact: pistar_gt0.
Qed.

(* the probability form, by Markov's inequality: success with probability >= 3/4     *)
Theorem spanner_end_to_end_prob (nmax n : nat) s (eps : R) : 0 < eps ->
  0 <= K_end -> (forall l, (acceptances (round_accepts uncovered) step s l <= nmax)%N) ->
  4%:R * K_end * nmax%:R / eps <= n.+1%:R ->
  after (round_law rho pair_law (npair:=1)) step n (fun s => if eps < gap s then 1 else 0) s
    <= 4%:R^-1.
Proof.
move=> e0 K0 bd hn; set P := round_law rho pair_law (npair:=1).
have rd : is_dist P by exact: round_law_dist rho_dist pair_law_dist.
have markov i s' : eps * after P step i (fun s => if eps < gap s then 1 else 0) s'
    <= after P step i gap s'.
  elim: i s' => [|i IH] s' /=.
    by case: ifP => [/ltW h|_]; rewrite ?mulr1// mulr0 gap_ge0.
  by rewrite mulr_sumr; apply: ler_sum => a _; rewrite mulrCA ler_wpmul2l ?rd.1.
rewrite -(ler_pmul2l e0); apply: le_trans (markov n s) _.
apply: le_trans (spanner_end_to_end n K0 bd) _.
rewrite ler_pdivr_mulr ?ltr0n//; move: hn; rewrite ler_pdivr_mulr// => hn.
have h : 0 <= (n.+1%:R * eps - 4%:R * K_end * nmax%:R) / 4%:R.
  by rewrite divr_ge0 ?ler0n// subr_ge0.
by apply: (le_cert h); move: (n.+1%:R) (nmax%:R) => x y; field.
Qed.

End EndToEnd.
