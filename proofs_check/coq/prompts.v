(* Averages over prompts: the one-prompt theorems of gibbs.v and gaps.v, under  *)
(* a law rho of the prompts; the responses may differ from prompt to prompt.    *)
(* Claims gibbs-optimum, gap-oscillation, gap-quadratic.                        *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist gibbs gaps.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Prompts.
Variables (R : realType) (X : finType) (Y : X -> finType) (rho : X -> R).
Variables (piref r : forall x, Y x -> R) (beta : R).
Arguments piref : clear implicits.
Arguments r : clear implicits.
Hypothesis rho_dist : is_dist rho.
Hypothesis piref_dist : forall x, is_dist (piref x).
Hypothesis piref_gt0 : forall x, full_support (piref x).
Hypothesis beta_gt0 : 0 < beta.

(* a policy: a law of the responses at every prompt *)
Definition policy := forall x, Y x -> R.
Definition Jrho (p : policy) := \sum_x rho x * J (piref x) (r x) beta (p x).
(* pi_f, the softmax of the rewards f *)
Definition softmax (f : policy) : policy := fun x => pistar (piref x) (f x) beta.

Lemma gap_prompts (p q : policy) :
  Jrho p - Jrho q =
  \sum_x rho x * (J (piref x) (r x) beta (p x) - J (piref x) (r x) beta (q x)).
Proof. by rewrite /Jrho -sumrB; apply: eq_bigr => x _; rewrite mulrBr. Qed.

Theorem gibbs_value_prompts :
  Jrho (softmax r) = \sum_x rho x * (beta * ln (Z (piref x) (r x) beta)).
Proof. by apply: eq_bigr => x _; rewrite J_pistar. Qed.

Theorem gibbs_optimum_prompts (p : policy) : (forall x, is_dist (p x)) ->
  Jrho (softmax r) - Jrho p = beta * (\sum_x rho x * KL (p x) (softmax r (x:=x)))
  /\ Jrho p <= Jrho (softmax r).
Proof.
move=> pd; have -> : Jrho (softmax r) - Jrho p = beta * (\sum_x rho x * KL (p x) (softmax r (x:=x))).
  rewrite gap_prompts mulr_sumr; apply: eq_bigr => x _.
  by rewrite gibbs_identity// mulrCA.
split=> //; apply: ler_sum => x _; rewrite ler_wpmul2l ?rho_dist.1//.
exact: pistar_optimal.
Qed.

Theorem gap_oscillation_prompts (f : policy) (lo hi : X -> R) :
  (forall x y, lo x <= f x y - r x y <= hi x) ->
  Jrho (softmax r) - Jrho (softmax f)
    <= (\sum_x rho x * (hi x - lo x) ^+ 2) / (8%:R * beta).
Proof.
move=> fb; rewrite gap_prompts mulr_suml; apply: ler_sum => x _.
rewrite -mulrA ler_wpmul2l ?rho_dist.1//; apply: gap_oscillation => // y; exact: fb.
Qed.

Theorem gap_quadratic_prompts (f : policy) (c : X -> R) :
  (forall x y, r x y + c x - f x y <= beta) ->
  Jrho (softmax r) - Jrho (softmax f)
    <= (expR 1 - 2%:R) / beta *
       (\sum_x rho x * E (softmax f (x:=x)) (fun y => (f x y - r x y - c x) ^+ 2)).
Proof.
move=> fb; rewrite gap_prompts mulr_sumr; apply: ler_sum => x _.
rewrite [leRHS]mulrCA ler_wpmul2l ?rho_dist.1//; apply: gap_quadratic => // y; exact: fb.
Qed.

(* policy-is-reward, exponentiated: the odds of two responses relative to their *)
(* base odds are exp of the reward difference                                   *)
Theorem policy_is_reward (f : policy) x (y y' : Y x) :
  (softmax f y / piref x y) / (softmax f y' / piref x y') = expR ((f x y - f x y') / beta).
Proof.
rewrite /softmax /pistar mulrBl expRB; have z0 := lt0r_neq0 (@Z_gt0 _ _ _ (f x) beta (piref_dist x) (@piref_gt0 x)).
have a0 := lt0r_neq0 (piref_gt0 y); have b0 := lt0r_neq0 (piref_gt0 y').
have := lt0r_neq0 (expR_gt0 (f x y' / beta)).
move: (expR _) (expR _) (Z _ _ _) z0 a0 b0 => e1 e2 z z0 a0 b0 e0; field; rewrite z0 a0 b0 e0//.
Qed.

Theorem policy_is_reward_log (f : policy) x (y y' : Y x) :
  beta * ln (softmax f y / piref x y) - beta * ln (softmax f y' / piref x y') = f x y - f x y'.
Proof.
have pos z : 0 < softmax f z / piref x z.
  by rewrite divr_gt0 ?piref_gt0//; exact: pistar_gt0.
rewrite -mulrBr -ln_div ?posrE ?pos// policy_is_reward expK mulrCA divff ?mulr1//.
exact: lt0r_neq0.
Qed.

End Prompts.
