(* Certificates of KL(pi* || pi_ref), where pi* is rational, as a combination of       *)
(* logarithms. What is proved is about KL of dist.v. Claim coverage-range.             *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp.
From Spanner Require Import dist gibbs prompts cert_numbers cert_instance cert_optimum.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Check.
Variables (i : instance) (t : tilt).
(* the mean under pi* of a logarithm's coefficient in the rewards of a prompt          *)
Definition optimum_form x k := let s := support (prompt_at i x) in let w := nth [::] (weights t) x in
  qdiv (qsum [seq qmul (qmul (mass (response_at s y)) (nth q0 w y)) (nth q0 (form i (response_at s y)).2 k)
    | y <- iota 0 (size s)]) (partition s w).
(* log(pi*/pi_ref) is (r - r(first))/beta less the logarithm of the sum of the weights  *)
Definition divergence_form x k :=
  qsub (qdiv (qsub (optimum_form x k) (nth q0 (first_form i x).2 k)) (beta i)) (nth q0 (nth [::] (log_sums t) x) k).
Definition divergence_ok (v : seq Q) :=
  all (fun k => Qeq_bool (nth q0 v k) (over i (fun x => divergence_form x k))) (iota 0 (size (args i t))).
End Check.

Section Sound.
Variables (R : realType) (i : instance) (t : tilt).
Local Notation e := (@QR R).
Local Notation b := (e (beta i)).
Local Notation m := (size (args i t)).
Local Notation L k := (ln (e (nth q0 (args i t) k))).
Hypothesis ok : tilt_ok i t.

Lemma log_weightE (x : X i) (y : Y x) : ln (e (w t y)) =
  \sum_(k < m) (e (nth q0 (form i (the y)).2 k) - e (nth q0 (first_form i x).2 k)) / b * L k.
Proof.
have /and4P[_ _ ws _] := prompt_okE ok x; have /andP[_ /(zero_log R)[_ ->]] := all_iota ws y.
rewrite log_sum_logs; apply: eq_bigr => k _; congr (_ * _).
by rewrite (nth_map 0%N) ?size_iota// nth_iota// add0n QRdiv QRB.
Qed.

Lemma log_partitionE (x : X i) : ln (e (z t x)) = \sum_(k < m) e (nth q0 (nth [::] (log_sums t) x) k) * L k.
Proof. by have /and4P[_ _ _ /(zero_log R)[_ ->]] := prompt_okE ok x; exact: log_sum_logs. Qed.

Lemma optimum_formE (x : X i) k :
  e (optimum_form i t x k) = \sum_(y : Y x) @optimum R i x y * e (nth q0 (form i (the y)).2 k).
Proof.
rewrite QRdiv QRsum big_map sum_iota mulr_suml; apply: eq_bigr => y _.
by rewrite (optimumE R ok) !QRM mulrAC.
Qed.

Lemma divergence_formE (x : X i) :
  KL (@optimum R i x) (@base R i x) = \sum_(k < m) e (divergence_form i t x k) * L k.
Proof.
have law1 : \sum_(y : Y x) @optimum R i x y = 1.
  by have [_] := pistar_dist (@reward R i x) b (base_dist R ok x) (@base_gt0 R i x).
transitivity (\sum_(y : Y x) \sum_(k < m) @optimum R i x y *
    ((e (nth q0 (form i (the y)).2 k) - e (nth q0 (first_form i x).2 k)) / b
      - e (nth q0 (nth [::] (log_sums t) x) k)) * L k).
  apply: eq_bigr => y _; have [w0 _] := weightE R ok y.
  rewrite (ratioE R ok) ln_div ?posrE ?(z_gt0 R ok)// log_weightE log_partitionE -sumrB mulr_sumr.
  by apply: eq_bigr => k _; rewrite -mulrBl mulrA.
rewrite exchange_big; apply: eq_bigr => k _ /=; rewrite -mulr_suml; congr (_ * _).
rewrite QRB QRdiv QRB optimum_formE; move: (fun y : Y x => @optimum R i x y) law1 => p p1.
rewrite -[X in _ = (_ - X) / _ - _]mul1r -[X in _ = _ - X]mul1r -p1 !mulr_suml -sumrB mulr_suml -sumrB.
by apply: eq_bigr => y _; rewrite mulrBr mulrA mulrBr.
Qed.

Theorem divergence_sound v : divergence_ok i t v ->
  \sum_(x : X i) weight R x * KL (@optimum R i x) (@base R i x) = log_linear R (q0, v) (args i t).
Proof.
move=> l; rewrite /log_linear QR0 add0r.
under [RHS]eq_bigr => k _.
  have := all_iota l k; rewrite (QR_eqb R) => /eqP ->; rewrite overE mulr_suml.
  over.
rewrite exchange_big; apply: eq_bigr => x _ /=; rewrite divergence_formE mulr_sumr.
by apply: eq_bigr => k _; rewrite mulrA.
Qed.
End Sound.
