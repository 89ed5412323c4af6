(* Certificates of the value of the base model, which need no rational optimum: the   *)
(* rewards are combinations of logarithms, the base masses rational. Claim             *)
(* gibbs-optimum.                                                                      *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp.
From Spanner Require Import dist gibbs prompts cert_numbers cert_instance cert_optimum.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Check.
Variable i : instance.
Definition problem_ok :=
  [&& qpos (beta i), Qeq_bool (qsum [seq rho p | p <- prompts i]) q1
   & all (fun p => qpos (rho p) && Qeq_bool (qsum [seq mass y | y <- support p]) q1) (prompts i)].
Definition base_constant x := qsum [seq qmul (mass y) (form i y).1 | y <- support (prompt_at i x)].
Definition base_value_ok (v : Q * seq Q) :=
  [&& problem_ok, Qeq_bool v.1 (over i (fun x => qadd (base_constant x) (baseline (prompt_at i x))))
   & all (fun k => Qeq_bool (nth q0 v.2 k) (over i (fun x => base_form i x k))) (iota 0 (size (atoms i)))].
End Check.

Section Sound.
Variables (R : realType) (i : instance).
Local Notation e := (@QR R).
Hypothesis ok : problem_ok i.

Lemma beta_pos : 0 < e (beta i). Proof. by case/and3P: ok; rewrite (QR_pos R). Qed.

Lemma prompt_law_ok (x : X i) :
  qpos (rho (prompt_at i x)) && Qeq_bool (qsum [seq mass y | y <- support (prompt_at i x)]) q1.
Proof. by case/and3P: ok => _ _ /(all_nthP (Prompt q0 q0 [::]))/(_ x (ltn_ord x)). Qed.

Lemma prompts_law : is_dist (@weight R i).
Proof.
split=> [x|]; first by have /andP[] := prompt_law_ok x; rewrite (QR_pos R) => /ltW.
case/and3P: ok => _ s1 _; move: s1; rewrite (QR_eqb R) QRsum QR1 big_map => /eqP <-.
by rewrite (big_nth (Prompt q0 q0 [::])) big_mkord.
Qed.

Lemma base_law x : is_dist (@base R i x).
Proof.
split=> [y|]; first exact/ltW/base_gt0.
have /andP[_ s1] := prompt_law_ok x; move: s1; rewrite (QR_eqb R) QRsum QR1 big_map => /eqP <-.
by rewrite (big_nth (Response q0 [::])) big_mkord.
Qed.

Lemma reward_atoms (x : X i) (y : Y x) : reward R y =
  e (form i (the y)).1 + e (baseline (prompt_at i x))
  + \sum_(k < size (atoms i)) e (nth q0 (form i (the y)).2 k) * ln (e (nth q0 (atoms i) k)).
Proof.
have := @rewardE R i (Tilt 1 [::] [::] [::]) x y; rewrite log_sum_logs /args /= cats0 => ->.
by rewrite addrAC.
Qed.

Lemma base_mean (x : X i) : E (@base R i x) (@reward R i x) =
  e (base_constant i x) + e (baseline (prompt_at i x))
  + \sum_(k < size (atoms i)) e (base_form i x k) * ln (e (nth q0 (atoms i) k)).
Proof.
transitivity (\sum_(y : Y x) (base R y * e (form i (the y)).1 + base R y * e (baseline (prompt_at i x))
  + \sum_(k < size (atoms i)) base R y * (e (nth q0 (form i (the y)).2 k) * ln (e (nth q0 (atoms i) k))))).
  by apply: eq_bigr => y _; rewrite reward_atoms !mulrDr mulr_sumr.
rewrite !big_split /= -mulr_suml (base_law x).2 mul1r; congr (_ + _ + _).
  rewrite QRsum big_map (big_nth (Response q0 [::])) big_mkord.
  by apply: eq_bigr => y _; rewrite QRM.
rewrite exchange_big; apply: eq_bigr => k _ /=.
rewrite QRsum big_map (big_nth (Response q0 [::])) big_mkord mulr_suml; apply: eq_bigr => y _.
by rewrite QRM mulrA.
Qed.

Lemma value_of_base : value (@base R i) = \sum_(x : X i) weight R x * E (@base R i x) (@reward R i x).
Proof.
apply: eq_bigr => x _; rewrite /J; suff -> : KL (@base R i x) (@base R i x) = 0 by rewrite mulr0 subr0.
by apply/Gibbs_eq => //; [exact: base_law..|exact: base_gt0].
Qed.

Theorem base_value_sound v : base_value_ok i v -> value (@base R i) = log_linear R v (atoms i).
Proof.
case/and3P=> _ c l.
rewrite value_of_base /log_linear; move: c; rewrite (QR_eqb R) => /eqP ->; rewrite overE.
under [X in _ = _ + X]eq_bigr => k _.
  have := all_iota l k; rewrite (QR_eqb R) => /eqP ->; rewrite overE mulr_suml.
  over.
rewrite exchange_big -big_split; apply: eq_bigr => x _ /=; rewrite base_mean QRD mulrDr; congr (_ + _).
by rewrite mulr_sumr; apply: eq_bigr => k _; rewrite mulrA.
Qed.
End Sound.
