(* What MTSS in span mode loses where it does not cover: the finite form (ours) of FMR25 Thm 5.1. *)
(* Claim mtss-end-to-end, its deterministic half: with the right parameter on the span of every     *)
(* layer, the gap is at most H D times the chance that a response meets a prefix not covered.        *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process gibbs gaps mixtures prompts.
From Spanner Require Import ridge spanner_rule multiturn mtss_exact.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* chain rule: the divergence of two processes is the mean sum of those of their kernels *)
Section Chain.
Variables (R : realType) (A : finType) (K L : seq A -> A -> R).
Hypothesis K_dist : is_kernel K.
Hypothesis L_gt0 : forall s, full_support (L s).

Lemma KL_chain_from n s :
  \sum_(t : n.-tuple A) seqp_from K s t * ln (seqp_from K s t / seqp_from L s t)
  = \sum_(t : n.-tuple A) seqp_from K s t * \sum_(h < n) KL (K (s ++ take h t)) (L (s ++ take h t)).
Proof.
elim: n s => [|n IH] s.
  rewrite (sum_tuple0 (fun t => seqp_from K s t * ln (seqp_from K s t / seqp_from L s t))) /= divr1 ln1 mulr0.
  by rewrite big1// => t _; rewrite big_ord0 mulr0.
pose div t := \sum_(h < n) KL (K (s ++ take h.+1 t)) (L (s ++ take h.+1 t)).
rewrite (sum_tupleS _ (fun t => seqp_from K s t * ln (seqp_from K s t / seqp_from L s t))).
transitivity (\sum_a (K s a * ln (K s a / L s a) + K s a * \sum_(t : n.-tuple A) seqp_from K (rcons s a) t
    * ln (seqp_from K (rcons s a) t / seqp_from L (rcons s a) t))).
  apply: eq_bigr => a _; rewrite mulr_sumr -[K s a * ln _]mulr1 -(seqp_from_sum1 K_dist n (rcons s a)).
  rewrite mulr_sumr -big_split; apply: eq_bigr => t _ /=; set k := K s a; set p := seqp_from K _ t.
  have [/eqP|kp] := eqVneq (k * p) 0.
    by rewrite mulf_eq0 => /orP[]/eqP ->; rewrite !(mul0r, mulr0) addr0.
  have k0 : 0 < k by rewrite lt_neqAle (K_dist s).1 andbT; apply: contraNneq kp => <-; rewrite mul0r.
  have p0 : 0 < p.
    by rewrite lt_neqAle (seqp_ge0 K_dist) andbT; apply: contraNneq kp => <-; rewrite mulr0.
  have l0 := L_gt0 s a; have q0 := seqp_gt0 L_gt0 t (rcons s a).
  by rewrite !ln_div ?posrE ?mulr_gt0// !lnM ?posrE//; ering.
rewrite big_split /= -/(KL (K s) (L s)).
under [RHS]eq_bigr => t _ do rewrite big_ord_recl take0 cats0 -/(div t) mulrDr.
rewrite [RHS]big_split /= -mulr_suml (seqp_from_sum1 K_dist) mul1r; congr (_ + _).
rewrite (sum_tupleS _ (fun t => seqp_from K s t * div t)); apply: eq_bigr => a _.
rewrite IH mulr_sumr; apply: eq_bigr => t _ /=; rewrite mulrA; congr (_ * _).
by apply: eq_bigr => h _; rewrite /= cat_rcons.
Qed.

Theorem KL_chain n : KL (fun t : n.-tuple A => seqp K t) (fun t => seqp L t)
  = \sum_(t : n.-tuple A) seqp K t * \sum_(h < n) KL (K (take h t)) (L (take h t)).
Proof. exact: KL_chain_from. Qed.
End Chain.

(* what a prefix that is not covered may cost: D = min(R, R^2 / (8 beta)) *)
Definition dearest_token (R : realType) (beta osc : R) : R := Num.min osc (osc ^+ 2 / (8%:R * beta)).

Section Uncovered.
Variables (R : realType) (X : Type) (A : finType) (K0 : X -> seq A -> A -> R) (beta : R) (H : nat).
Variables (d : nat -> nat) (phi : forall h, X -> seq A -> A -> 'rV[R]_(d h)).
Variables (n : nat -> nat) (prompt : forall h, 'I_(n h) -> X) (prefix : forall h, 'I_(n h) -> seq A).
Variables (ends : forall h, 'I_(n h) -> bool -> A) (theta : forall h, 'rV[R]_(d h)).

(* mtss_exact.covered as a test *)
Definition coveredb x (p : seq A) : bool :=
  [forall a, forall a', (difference phi (size p) x p a a' <= Psi phi prompt prefix ends (size p))%MS].

Lemma coveredP x p : reflect (covered phi prompt prefix ends x p) (coveredb x p).
Proof.
apply: (iffP forallP) => [ok a a'|ok a]; last by apply/forallP => a'; exact: ok.
by have /forallP := ok a.
Qed.

(* a response of H tokens meets a prefix, of less than H tokens, that is not covered *)
Definition meets_uncovered x (t : seq A) : bool := [exists h : 'I_H, ~~ coveredb x (take h t)].
(* the chance that a response from line 8 does: u at prompt x *)
Definition uncovered_chance x : R :=
  Pr (line8 K0 beta phi prompt prefix ends theta x) [::] H (meets_uncovered x).
End Uncovered.

Section Gap.
Variables (R : realType) (X : Type) (A : finType) (K0 : X -> seq A -> A -> R) (r : X -> seq A -> R).
Variables (beta : R) (H : nat).
Hypothesis K0_dist : forall x, is_kernel (K0 x).
Hypothesis K0_gt0 : forall x s, full_support (K0 x s).
Hypothesis beta_gt0 : 0 < beta.
Variables (d : nat -> nat) (phi : forall h, X -> seq A -> A -> 'rV[R]_(d h)).
Variable theta_star : forall h, 'rV[R]_(d h).
Hypothesis theta_star_ok : realizable K0 r beta H phi theta_star.
Variables (n : nat -> nat) (prompt : forall h, 'I_(n h) -> X) (prefix : forall h, 'I_(n h) -> seq A).
Variables (ends : forall h, 'I_(n h) -> bool -> A) (theta : forall h, 'rV[R]_(d h)).
Local Notation psi := (Psi phi prompt prefix ends).
Local Notation hat := (line8 K0 beta phi prompt prefix ends theta).
(* mtss_exact_theta says so if all prefixes that the roll-outs visited are covered *)
Hypothesis right : forall h, (h < H)%N -> forall v : 'rV[R]_(d h), (v <= psi h)%MS ->
  dot (theta h) v = dot (theta_star h) v.


(* rewards of whole responses bound the values, and so what a score can be off by *)
Section Prompt.
Variables (x : X) (osc : R).
Hypothesis osc_le : forall t t' : H.-tuple A, r x t - r x t' <= osc.
Local Notation q := (Q (K0 x) (r x) beta H).
Local Notation opt := (token_opt (K0 x) (r x) beta H).
Local Notation D := (dearest_token beta osc).
Local Notation test := (coveredb phi prompt prefix ends x).

Lemma reward_ends : exists lo hi, [/\ forall t : H.-tuple A, lo <= r x t <= hi, lo <= hi & hi - lo <= osc].
Proof.
have [a _] := some_weight (K0_dist x [::]); pose t0 := nseq_tuple H a.
have [t1 _ h1] := @arg_minP _ _ _ t0 xpredT (fun t : H.-tuple A => r x t) isT.
have [t2 _ h2] := @arg_maxP _ _ _ t0 xpredT (fun t : H.-tuple A => r x t) isT.
exists (r x t1), (r x t2); split=> // [t|]; last exact: h1.
by rewrite h1//; exact: h2.
Qed.

Lemma Q_ends lo hi p a : (forall t : H.-tuple A, lo <= r x t <= hi) -> (size p < H)%N -> lo <= q p a <= hi.
Proof.
move=> rb pH; apply: (value_range (K0_dist x) (K0_gt0 x) beta_gt0) => t.
by rewrite size_rcons subnKC// => tH; have := rb (tcast tH (in_tuple t)); rewrite val_tcast.
Qed.

Lemma dearest_ge0 : 0 <= D.
Proof.
have [lo [hi [_ lohi ho]]] := reward_ends; have o0 : 0 <= osc by apply: le_trans ho; rewrite subr_ge0.
by rewrite le_minr o0 divr_ge0 ?sqr_ge0 ?mulr_ge0 ?ler0n// ltW.
Qed.

Lemma hat_kernel : is_kernel (hat x).
Proof.
move=> p; have kd := K0_dist x p; have k0 := K0_gt0 x p.
by apply: mixture_dist => // a; [exact: pistar_dist|exact: pistar_gt0].
Qed.

Lemma uncovered_chance01 : 0 <= uncovered_chance K0 beta H phi prompt prefix ends theta x <= 1.
Proof.
rewrite /uncovered_chance PrE; apply/andP; split.
  by apply: sumr_ge0 => t _; rewrite mulr_ge0 ?ler0n// (seqp_ge0 hat_kernel).
rewrite -[leRHS](seqp_from_sum1 hat_kernel H [::]); apply: ler_sum => t _.
by rewrite ler_pimull ?lern1 ?leq_b1// (seqp_ge0 hat_kernel).
Qed.

(* any prefix: each anchor's softmax, and so their mixture, errs by at most D *)
Lemma token_loss p : (size p < H)%N -> beta * KL (hat x p) (opt p) <= D.
Proof.
move=> pH; have [lo [hi [rb lohi ho]]] := reward_ends; have kd := K0_dist x p; have k0 := K0_gt0 x p.
have fd f : is_dist (pistar (K0 x p) f beta) by exact: pistar_dist.
have f0 f : full_support (pistar (K0 x p) f beta) by exact: pistar_gt0.
rewrite -[opt p]/(pistar (K0 x p) (q p) beta) -gibbs_identity//; last exact: hat_kernel.
apply: gap_mixture_le => // a'.
have off a : - hi <= line8_score phi prompt prefix ends theta x p a' a - q p a <= - lo.
  have /andP[l h] := Q_ends a rb pH; have /andP[l' h'] := Q_ends a' rb pH; rewrite /line8_score.
  case: ifP => [cov|_]; last by rewrite sub0r !ler_opp2 l h.
  rewrite right// -(Q_difference K0_dist K0_gt0 beta_gt0 theta_star_ok x a a' erefl pH).
  by rewrite addrAC subrr sub0r !ler_opp2 l' h'.
rewrite /dearest_token le_minr; apply/andP; split.
  apply: gap_le_osc => // y z; apply: le_trans ho.
  have /andP[_ h] := off y; have /andP[l _] := off z.
  by apply: le_trans (ler_sub h l) _; rewrite opprK addrC.
apply: le_trans (gap_oscillation kd k0 beta_gt0 off) _.
rewrite ler_pmul2r ?invr_gt0 ?mulr_gt0 ?ltr0n// opprK addrC ler_sqr ?nnegrE ?subr_ge0//.
by apply: le_trans ho; rewrite subr_ge0.
Qed.

(* a covered prefix costs nothing *)
Lemma covered_loss p : (size p < H)%N -> test p -> KL (hat x p) (opt p) = 0.
Proof.
move=> pH /coveredP cov.
have kd := K0_dist x p; have k0 := K0_gt0 x p.
apply/Gibbs_eq.
- exact: hat_kernel.
- exact: (pistar_dist (q p) beta kd k0).
- exact: (pistar_gt0 (q p) beta kd k0).
exact: (line8_opt K0_dist K0_gt0 beta_gt0 theta_star_ok pH cov (right pH)).
Qed.

Local Notation piref := (fun t : H.-tuple A => seqp (K0 x) t).
Local Notation reward := (fun t : H.-tuple A => r x t).

Theorem mtss_gap_prompt :
  J piref reward beta (pistar piref reward beta) - J piref reward beta (fun t => seqp (hat x) t)
    <= H%:R * dearest_token beta osc * uncovered_chance K0 beta H phi prompt prefix ends theta x.
Proof.
have opt_gt0 p : full_support (opt p) := pistar_gt0 (q p) beta (K0_dist x p) (K0_gt0 x p).
have piref_dist : is_dist piref by exact: seqp_dist.
have piref_gt0 : full_support piref by move=> t; exact/seqp_gt0/K0_gt0.
rewrite gibbs_identity//; last exact/seqp_dist/hat_kernel.
have -> : KL (fun t : H.-tuple A => seqp (hat x) t) (pistar piref reward beta)
    = KL (fun t : H.-tuple A => seqp (hat x) t) (fun t => seqp opt t).
  apply: eq_bigr => t _; congr (_ * ln (_ / _)).
  by rewrite [RHS](soft_bellman (r x) (K0_dist x) (K0_gt0 x) beta_gt0 t).
rewrite (KL_chain hat_kernel opt_gt0) /uncovered_chance PrE !mulr_sumr; apply: ler_sum => t _.
rewrite [leRHS]mulrA [leRHS]mulrC mulrCA; apply: ler_wpmul2l; first exact/seqp_ge0/hat_kernel.
rewrite mulr_sumr -mulrA -[H in H%:R]card_ord -sumr_const mulr_suml; apply: ler_sum => h _; rewrite mul1r.
have hs : size (take h t) = h by rewrite size_takel// size_tuple ltnW.
have [cov|unc] := boolP (test (take h t)).
  by rewrite covered_loss ?hs// mulr0 mulr_ge0 ?dearest_ge0 ?ler0n.
by rewrite (_ : meets_uncovered _ _ _ _ _ _ _) ?mulr1 ?token_loss ?hs//; apply/existsP; exists h.
Qed.
End Prompt.
End Gap.

Section Prompts.
Variables (R : realType) (X A : finType) (K0 : X -> seq A -> A -> R) (r : X -> seq A -> R).
Variables (beta : R) (H : nat) (rho : X -> R).
Hypothesis rho_dist : is_dist rho.
Hypothesis K0_dist : forall x, is_kernel (K0 x).
Hypothesis K0_gt0 : forall x s, full_support (K0 x s).
Hypothesis beta_gt0 : 0 < beta.
Variables (d : nat -> nat) (phi : forall h, X -> seq A -> A -> 'rV[R]_(d h)).
Variable theta_star : forall h, 'rV[R]_(d h).
Hypothesis theta_star_ok : realizable K0 r beta H phi theta_star.
Variables (n : nat -> nat) (prompt : forall h, 'I_(n h) -> X) (prefix : forall h, 'I_(n h) -> seq A).
Variables (ends : forall h, 'I_(n h) -> bool -> A) (theta : forall h, 'rV[R]_(d h)).
Local Notation psi := (Psi phi prompt prefix ends).
Local Notation hat := (line8 K0 beta phi prompt prefix ends theta).
Local Notation piref := (fun x (t : H.-tuple A) => seqp (K0 x) t).
Local Notation reward := (fun x (t : H.-tuple A) => r x t).

Section Right.
Hypothesis right : forall h, (h < H)%N -> forall v : 'rV[R]_(d h), (v <= psi h)%MS ->
  dot (theta h) v = dot (theta_star h) v.

Theorem mtss_gap (osc : R) : (forall x (t t' : H.-tuple A), r x t - r x t' <= osc) ->
  Jrho rho piref reward beta (softmax piref beta reward)
    - Jrho rho piref reward beta (fun x (t : H.-tuple A) => seqp (hat x) t)
  <= H%:R * dearest_token beta osc * \sum_x rho x * uncovered_chance K0 beta H phi prompt prefix ends theta x.
Proof.
move=> osc_le; rewrite gap_prompts mulr_sumr; apply: ler_sum => x _.
rewrite mulrCA ler_wpmul2l ?rho_dist.1//.
exact: (mtss_gap_prompt K0_dist K0_gt0 beta_gt0 theta_star_ok right (osc_le x)).
Qed.
End Right.

(* (i) joined: line 3 has fitted, and all prefixes that its roll-outs visited are covered *)
Variables (N_out : nat) (out : forall h, 'I_(n h) -> 'I_N_out -> bool -> seq (A * A)).
Hypothesis prefix_size : forall h i, size (@prefix h i) = h.
Hypothesis N_out_gt0 : (0 < N_out)%N.
Hypothesis out_size : forall h i k b, (h < H)%N -> (h.+1 + size (@out h i k b))%N = H.
Hypothesis theta_fits : forall h, (h < H)%N -> fits K0 r beta phi prompt prefix ends theta out h.
Hypothesis visited_covered : forall x p,
  visited H prompt prefix ends out 0 x p -> covered phi prompt prefix ends x p.

Theorem mtss_gap_visited (osc : R) : (forall x (t t' : H.-tuple A), r x t - r x t' <= osc) ->
  Jrho rho piref reward beta (softmax piref beta reward)
    - Jrho rho piref reward beta (fun x (t : H.-tuple A) => seqp (hat x) t)
  <= H%:R * dearest_token beta osc * \sum_x rho x * uncovered_chance K0 beta H phi prompt prefix ends theta x.
Proof.
apply: mtss_gap => h hH v.
apply: (mtss_exact_theta K0_dist K0_gt0 beta_gt0 theta_star_ok prefix_size N_out_gt0 out_size theta_fits hH).
move=> x p [j [i [k [b [m [/andP[_ jH] mw ex ep]]]]]].
by apply: visited_covered; exists j, i, k, b, m.
Qed.
End Prompts.
