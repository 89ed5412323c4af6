(* What a generated file states: an instance, claimed answers, and that the kernel     *)
(* has decided them. One checker and one theorem for all kinds of answers.             *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals.
From Spanner Require Import dist gibbs prompts cert_numbers cert_instance cert_optimum cert_divergence cert_base cert_span cert_enclosed cert_draws.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Inductive verdict :=
| Optimum of seq (seq Q)   (* the masses of pi*, prompt by prompt *)
| Coverage of Q & nat & nat (* C_cov(pi* ); a prompt and a response where it is attained *)
| Value of Q * seq Q       (* J(pi* ), as a combination of 1 and of logarithms *)
| Gap of seq Q             (* J(pi* ) - J(pi_ref), as a combination of logarithms *)
| Divergence of seq Q      (* KL(pi* || pi_ref), likewise *)
| Base of Q * seq Q        (* J(pi_ref), as a combination of 1 and of the logarithms that theta holds *)
| Span of spanner
(* the first five where pi* is irrational: each number between two rationals *)
| OptimumWithin of seq (seq (Q * Q))
| CoverageWithin of Q * Q & nat & nat
| ValueWithin of Q * Q
| GapWithin of Q * Q
| DivergenceWithin of Q * Q
(* M, delta, and N = ceil(4 M log(4/delta)), with bounds on the logarithm. In files of *)
(* ours delta is 1/8, and M the least whole number that is at least four times the     *)
(* coverage above, or the upper end of its enclosure                                   *)
| Draws of Q & Q & positive & BinNums.Z & BinNums.Z.

Record claims := Claims { tilting : tilt; enclosing : enclosure; verdicts : seq verdict }.

Definition decide (i : instance) (c : claims) : bool :=
  let t := tilting c in let ok := tilt_ok i t in
  let e := enclosing c in let T := table i e in let close := enclosure_ok i e T in
  all (fun v => match v with
    | Optimum m => ok && optimum_ok i t m
    | Coverage C x y => ok && coverage_ok i t C x y
    | Value v => ok && value_ok i t v
    | Gap v => ok && gap_ok i t v
    | Divergence v => ok && divergence_ok i t v
    | Base v => base_value_ok i v
    | Span s => spanner_ok i s
    | OptimumWithin m => close && optimum_within i T m
    | CoverageWithin C x y => close && coverage_within i T C x y
    | ValueWithin v => close && value_within i e T v
    | GapWithin v => close && gap_within i e T v
    | DivergenceWithin v => close && divergence_within i e T v
    | Draws M delta N low high => draws_ok M delta N low high end) (verdicts c).

(* pi_ref is a law of full support at every prompt, rho a law of the prompts, beta > 0 *)
Definition is_problem (R : realType) (i : instance) :=
  [/\ is_dist (@weight R i), (forall x, is_dist (@base R i x) /\ full_support (@base R i x))
    & 0 < QR R (beta i)].

Definition holds (R : realType) (i : instance) (c : claims) (v : verdict) : Prop :=
  match v with
  | Optimum m => is_problem R i /\
      forall (x : X i) (y : Y x), @optimum R i x y = QR R (nth q0 (nth [::] m x) y)
  | Coverage C _ _ => is_problem R i /\
      (forall (x : X i) (y : Y x), @optimum R i x y / base R y <= QR R C) /\
      exists (x : X i) (y : Y x), @optimum R i x y / base R y = QR R C
  | Value v => is_problem R i /\
      value (@optimum R i) = log_linear R v (args i (tilting c))
  | Gap v => is_problem R i /\
      value (@optimum R i) - value (@base R i) = log_linear R (q0, v) (args i (tilting c))
  | Divergence v => is_problem R i /\
      \sum_(x : X i) weight R x * KL (@optimum R i x) (@base R i x) = log_linear R (q0, v) (args i (tilting c))
  | Base v => is_problem R i /\ value (@base R i) = log_linear R v (atoms i)
  | Span s => is_spanner R i s
  | OptimumWithin m => is_problem R i /\
      forall (x : X i) (y : Y x), between (nth (q0, q0) (nth [::] m x) y) (@optimum R i x y)
  | CoverageWithin C _ _ => is_problem R i /\
      (forall (x : X i) (y : Y x), @optimum R i x y / base R y <= QR R C.2) /\
      exists (x : X i) (y : Y x), QR R C.1 <= @optimum R i x y / base R y
  | ValueWithin v => is_problem R i /\ between v (value (@optimum R i))
  | GapWithin v => is_problem R i /\ between v (value (@optimum R i) - value (@base R i))
  | DivergenceWithin v => is_problem R i /\
      between v (\sum_(x : X i) weight R x * KL (@optimum R i x) (@base R i x))
  | Draws M delta N _ _ => is_draws R M delta (Pos.to_nat N)
  end.

Fixpoint all_hold (R : realType) (i : instance) (c : claims) (s : seq verdict) : Prop :=
  if s is v :: s' then holds R i c v /\ all_hold R i c s' else True.

Theorem certificate_sound (R : realType) (i : instance) (c : claims) :
  decide i c -> all_hold R i c (verdicts c).
Proof.
rewrite /decide; elim: (verdicts c) => //= v s IH /andP[h /IH]; split=> //.
have problem : tilt_ok i (tilting c) -> is_problem R i.
  move=> ok; split; [exact: weight_dist ok|move=> x|exact: beta_gt0 ok].
  by split; [exact: base_dist ok x|exact: base_gt0 x].
have given : problem_ok i -> is_problem R i.
  by move=> ok; split; [exact: prompts_law ok|move=> x; split; [exact: base_law ok x|exact: base_gt0]|exact: beta_pos ok].
case: v h => [m|C x y|v|v|v|v|t|m|C x y|v|v|v|M d N low high] /=.
- by case/andP=> ok h; split; [exact: problem|exact: optimum_sound ok _ h].
- by case/andP=> ok h; split; [exact: problem|exact: coverage_sound ok _ _ _ h].
- by case/andP=> ok h; split; [exact: problem|exact: value_sound ok _ h].
- by case/andP=> ok h; split; [exact: problem|exact: gap_sound ok _ h].
- by case/andP=> ok h; split; [exact: problem|exact: divergence_sound ok _ h].
- by move=> h; have /and3P[ok _ _] := h; split; [exact: given|exact: base_value_sound ok _ h].
- exact: spanner_sound.
- by case/andP=> ok h; split; [exact/given/(law_ok ok)|exact: optimum_within_sound ok _ h].
- by case/andP=> ok h; split; [exact/given/(law_ok ok)|exact: coverage_within_sound ok _ _ _ h].
- by case/andP=> ok h; split; [exact/given/(law_ok ok)|exact: value_within_sound ok _ h].
- by case/andP=> ok h; split; [exact/given/(law_ok ok)|exact: gap_within_sound ok _ h].
- by case/andP=> ok h; split; [exact/given/(law_ok ok)|exact: divergence_within_sound ok _ h].
- exact: draws_sound.
Qed.
