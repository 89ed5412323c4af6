(* Certificates of enclosures: bounds on pi*, its coverage, its value and the gap of   *)
(* the base model where exp((r - r')/beta) is irrational. What is proved is about      *)
(* pistar and J of gibbs.v. Claims gibbs-optimum, coverage-range.                      *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import dist gibbs prompts cert_numbers cert_exp cert_boxes cert_instance cert_optimum cert_base.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* The witness: bounds on the logarithms of the atoms; for each prompt any number from *)
(* which rewards are counted, and bounds on the logarithm of the sum of                *)
(* exp((r - shift)/beta) over the base model.                                          *)
Record enclosure := Enclosure {
  bits : positive; atom_logs : seq (Q * Q); shifts : seq Q; sum_logs : seq (Q * Q) }.
(* of one prompt: (r - shift)/beta for each response, exp of it, and the sum of these  *)
Record row := Row { exponents : seq box; tilts : seq box; tilt_sum : box }.

Section Check.
Variables (i : instance) (c : enclosure).
Local Notation bits := (bits c).
Local Notation sup x := (support (prompt_at i x)).
Definition shift x := nth q0 (shifts c) x.
Definition atom_log k := of_bounds bits (nth (q0, q0) (atom_logs c) k).
Definition sum_log x := of_bounds bits (nth (q0, q0) (sum_logs c) x).
Definition log_terms (f : nat -> Q) := total [seq scale (f k) (atom_log k) | k <- iota 0 (size (atoms i))].
Definition exponent x (y : response) :=
  let f := form i y in
  plus (of_rational bits (qdiv (qsub (qadd f.1 (baseline (prompt_at i x))) (shift x)) (beta i)))
    (log_terms (fun k => qdiv (nth q0 f.2 k) (beta i))).
Definition row_at x :=
  let es := [seq exponent x y | y <- sup x] in let ws := [seq exp_box bits b | b <- es] in
  Row es ws (total [seq scale (mass (response_at (sup x) y)) (nth zero ws y) | y <- iota 0 (size (sup x))]).
Definition table := [seq row_at x | x <- iota 0 (size (shifts c))].

Section Table.
Variable T : seq row.
Definition in_table x := nth (Row [::] [::] zero) T x.
Definition every (ok : nat -> row -> nat -> bool) :=
  all (fun x => let r := in_table x in all (ok x r) (iota 0 (size (sup x)))) (iota 0 (size (prompts i))).
Definition enclosure_ok :=
  [&& size (shifts c) == size (prompts i), problem_ok i,
   all (fun k => is_log bits (atom_log k) (of_rational bits (nth q0 (atoms i) k))) (iota 0 (size (atoms i)))
   & every (fun _ r y => reach bits (nth zero (exponents r) y))].
Definition sums_ok := all (fun x => is_log bits (sum_log x) (tilt_sum (in_table x))) (iota 0 (size (prompts i))).

Definition optimum_within (m : seq (seq (Q * Q))) := every (fun x r y =>
  within (nth (q0, q0) (nth [::] m x) y) (scale (mass (response_at (sup x) y)) (nth zero (tilts r) y)) (tilt_sum r)).
Definition coverage_within (C : Q * Q) (x y : nat) :=
  [&& every (fun _ r y => above C.2 (nth zero (tilts r) y) (tilt_sum r)), (x < size (prompts i))%N, (y < size (sup x))%N
   & below C.1 (nth zero (tilts (in_table x)) y) (tilt_sum (in_table x))].

Definition mean_box (f : nat -> box) := total [seq scale (rho (prompt_at i x)) (f x) | x <- iota 0 (size (prompts i))].
Definition value_box := mean_box (fun x => plus (scale (beta i) (sum_log x)) (of_rational bits (shift x))).
Definition base_box := mean_box (fun x =>
  plus (of_rational bits (qadd (base_constant i x) (baseline (prompt_at i x)))) (log_terms (fun k => base_form i x k))).
Definition divergence_at x := let r := in_table x in
  plus (times bits (inverse bits (tilt_sum r)) (total [seq scale (mass (response_at (sup x) y))
    (times bits (nth zero (tilts r) y) (nth zero (exponents r) y)) | y <- iota 0 (size (sup x))]))
    (scale (Qopp q1) (sum_log x)).
Definition divergence_within (v : Q * Q) := sums_ok && within v (mean_box divergence_at) (unit_box bits).
Definition value_within (v : Q * Q) := sums_ok && within v value_box (unit_box bits).
Definition gap_within (v : Q * Q) := sums_ok && within v (plus value_box (scale (Qopp q1) base_box)) (unit_box bits).
End Table.
End Check.

#[local] Opaque ZR.

Section Sound.
Variables (R : realType) (i : instance) (c : enclosure).
Local Notation e := (@QR R).
Local Notation b := (e (beta i)).
Local Notation inside := (@inside R (bits c)).
Local Notation T := (table i c).
Local Notation sup x := (support (prompt_at i x)).
Hypothesis ok : enclosure_ok i c T.

Lemma law_ok : problem_ok i. Proof. by case/and4P: ok. Qed.
Let b0 : 0 < b := beta_pos R law_ok.

Lemma in_tableE (x : X i) : in_table T x = row_at i c x.
Proof.
case/and4P: ok => /eqP n _ _ _; rewrite /in_table /table n.
by rewrite (nth_map 0%N) ?size_iota// nth_iota// add0n.
Qed.

Lemma everyP P : every i T P -> forall (x : X i) (y : Y x), P x (row_at i c x) y.
Proof. by move=> h x y; have := all_iota (all_iota h x) y; rewrite in_tableE. Qed.

Lemma inside_terms f :
  inside (log_terms i c f) (\sum_(k < size (atoms i)) e (f k) * ln (e (nth q0 (atoms i) k))).
Proof.
rewrite -(sum_iota _ (fun k => e (f k) * ln (e (nth q0 (atoms i) k)))); apply: inside_total => k ks; apply: inside_scale.
case/and4P: ok => _ _ /allP/(_ k ks) h _; have [] := inside_log h (inside_rational R (bits c) (nth q0 (atoms i) k)).
by [].
Qed.

Definition tilted (x : X i) (y : Y x) : R := (reward R y - e (shift c x)) / b.
Definition z (x : X i) : R := \sum_(y : Y x) base R y * expR (tilted y).

Lemma inside_exponent (x : X i) (y : Y x) : inside (exponent i c x (the y)) (tilted y).
Proof.
rewrite /tilted (reward_atoms R); set l := \sum_(_ < _) _.
have -> : (e (form i (the y)).1 + e (baseline (prompt_at i x)) + l - e (shift c x)) / b =
  e (qdiv (qsub (qadd (form i (the y)).1 (baseline (prompt_at i x))) (shift c x)) (beta i)) + l / b.
  rewrite QRdiv QRB QRD -mulrDl; congr (_ / _).
  by rewrite addrAC.
apply: inside_plus; first exact: inside_rational.
rewrite /l mulr_suml.
have -> : \sum_(k < size (atoms i)) e (nth q0 (form i (the y)).2 k) * ln (e (nth q0 (atoms i) k)) / b =
  \sum_(k < size (atoms i)) e (qdiv (nth q0 (form i (the y)).2 k) (beta i)) * ln (e (nth q0 (atoms i) k)).
  by apply: eq_bigr => k _; rewrite QRdiv mulrAC.
exact: inside_terms.
Qed.

Lemma inside_tilt (x : X i) (y : Y x) : inside (nth zero (tilts (row_at i c x)) y) (expR (tilted y)).
Proof.
have h : nth zero (tilts (row_at i c x)) y = exp_box (bits c) (exponent i c x (the y)).
  by rewrite /= (nth_map zero) ?size_map ?ltn_ord// (nth_map (Response q0 [::])) ?ltn_ord.
rewrite h; apply: inside_exp; last exact: inside_exponent.
case/and4P: ok => _ _ _ /everyP/(_ x y) /=.
by rewrite (nth_map (Response q0 [::])) ?ltn_ord.
Qed.

Lemma inside_nth (x : X i) (y : Y x) : inside (nth zero (exponents (row_at i c x)) y) (tilted y).
Proof. by rewrite /= (nth_map (Response q0 [::])) ?ltn_ord//; exact: inside_exponent. Qed.

Lemma inside_responses (x : X i) (f : nat -> box) (F : Y x -> R) : (forall y : Y x, inside (f y) (F y)) ->
  inside (total [seq scale (mass (response_at (sup x) y)) (f y) | y <- iota 0 (size (sup x))])
    (\sum_(y : Y x) base R y * F y).
Proof. exact: inside_weighted. Qed.

Lemma inside_sum (x : X i) : inside (tilt_sum (row_at i c x)) (z x).
Proof. by apply: inside_responses => y; exact: inside_tilt. Qed.

Lemma base_gt x : full_support (@base R i x). Proof. exact: base_gt0. Qed.

Lemma Z_shift (x : X i) : Z (@base R i x) (@reward R i x) b = expR (e (shift c x) / b) * z x.
Proof.
rewrite /Z /z mulr_sumr; apply: eq_bigr => y _; rewrite mulrCA -expRD -mulrDl.
by rewrite addrCA subrr addr0.
Qed.

Lemma z_pos x : 0 < z x.
Proof.
have := Z_gt0 (@reward R i x) b (base_law R law_ok x) (@base_gt x).
by rewrite Z_shift pmulr_rgt0 ?expR_gt0.
Qed.

Lemma ratio_tilted (x : X i) (y : Y x) : @optimum R i x y / base R y = expR (tilted y) / z x.
Proof.
rewrite /optimum /softmax /pistar Z_shift.
have -> : expR (reward R y / b) = expR (e (shift c x) / b) * expR (tilted y).
  by rewrite -expRD -mulrDl addrCA subrr addr0.
have := lt0r_neq0 (expR_gt0 (e (shift c x) / b)); have := lt0r_neq0 (z_pos x); have := lt0r_neq0 (base_gt y).
move: (expR _) (expR _) (z x) (base R y) => p q r s s0 r0 p0; field; rewrite s0 r0 p0//.
Qed.

Theorem optimum_within_sound m : optimum_within i T m ->
  forall (x : X i) (y : Y x), between (nth (q0, q0) (nth [::] m x) y) (@optimum R i x y).
Proof.
move=> h x y; have /andP[l u] := everyP h y.
have -> : @optimum R i x y = base R y * expR (tilted y) / z x.
  by rewrite -mulrA -ratio_tilted mulrC divfK// lt0r_neq0// base_gt.
have n := inside_scale (mass (response_at (sup x) y)) (inside_tilt y).
by apply/andP; split; [apply: belowP l n (inside_sum x) (z_pos x)|apply: aboveP u n (inside_sum x) (z_pos x)].
Qed.

Theorem coverage_within_sound C x y : coverage_within i T C x y ->
  (forall (x : X i) (y : Y x), @optimum R i x y / base R y <= e C.2) /\
  exists (x : X i) (y : Y x), e C.1 <= @optimum R i x y / base R y.
Proof.
case/and4P=> up xn yn low; split=> [x' y'|].
  by rewrite ratio_tilted; apply: aboveP (everyP up y') (inside_tilt y') (inside_sum x') (z_pos x').
exists (Ordinal xn), (Ordinal yn : Y (Ordinal xn)); rewrite ratio_tilted.
apply: belowP (inside_tilt _) (inside_sum _) (z_pos _).
by move: low; rewrite -[x]/(val (Ordinal xn)) in_tableE.
Qed.

Lemma inside_mean (f : nat -> box) (F : X i -> R) : (forall x : X i, inside (f x) (F x)) ->
  inside (mean_box i f) (\sum_(x : X i) weight R x * F x).
Proof. exact: inside_weighted. Qed.

Lemma inside_value : sums_ok i c T -> inside (value_box i c) (value (@optimum R i)).
Proof.
move=> h; rewrite /value /optimum gibbs_value_prompts//; [|exact: base_law law_ok|exact: base_gt].
apply: inside_mean => x; rewrite Z_shift.
have := all_iota h x; rewrite in_tableE => /inside_log/(_ (inside_sum x))[z0 l].
rewrite lnM ?posrE ?expR_gt0// expK mulrDr addrC; apply: inside_plus; first exact: inside_scale.
by rewrite mulrC divfK ?lt0r_neq0//; exact: inside_rational.
Qed.

Lemma inside_base : inside (base_box i c) (value (@base R i)).
Proof.
have -> : value (@base R i) = \sum_(x : X i) weight R x * E (@base R i x) (@reward R i x).
  exact: value_of_base law_ok.
apply: inside_mean => x; rewrite (base_mean R law_ok) -QRD.
by apply: inside_plus; [exact: inside_rational|exact: inside_terms].
Qed.

Lemma within_unit v w x : within v w (unit_box (bits c)) -> inside w x -> between v x.
Proof.
move=> /andP[l u] h; rewrite /between -[x]divr1; apply/andP.
by split; [apply: belowP l h (inside_unit _ _) ltr01|apply: aboveP u h (inside_unit _ _) ltr01].
Qed.

Lemma divergenceE (x : X i) :
  KL (@optimum R i x) (@base R i x) = (z x)^-1 * (\sum_(y : Y x) base R y * (expR (tilted y) * tilted y)) - ln (z x).
Proof.
have term (y : Y x) : @optimum R i x y * ln (@optimum R i x y / base R y) =
    (z x)^-1 * (base R y * (expR (tilted y) * tilted y)) - (z x)^-1 * (base R y * expR (tilted y)) * ln (z x).
  rewrite ratio_tilted ln_div ?posrE ?expR_gt0 ?z_pos// expK.
  have -> : @optimum R i x y = base R y * expR (tilted y) / z x.
    by rewrite -mulrA -ratio_tilted mulrC divfK// lt0r_neq0// base_gt.
  move: (ln (z x)) (z x)^-1 (base R y) (tilted y) (expR (tilted y)) => p q r s t; ring.
transitivity (\sum_(y : Y x) ((z x)^-1 * (base R y * (expR (tilted y) * tilted y))
    - (z x)^-1 * (base R y * expR (tilted y)) * ln (z x))); first by apply: eq_bigr => y _; exact: term.
rewrite sumrB -mulr_sumr; congr (_ - _).
by rewrite -mulr_suml -mulr_sumr -/(z x) mulVf ?mul1r// lt0r_neq0// z_pos.
Qed.

Theorem divergence_within_sound v : divergence_within i c T v ->
  between v (\sum_(x : X i) weight R x * KL (@optimum R i x) (@base R i x)).
Proof.
case/andP=> s h; apply: within_unit h _; apply: inside_mean => x; rewrite divergenceE /divergence_at in_tableE.
have l := all_iota s x; rewrite in_tableE in l; have [_ lz] := inside_log l (inside_sum x).
apply: inside_plus; last by rewrite -mulN1r -QR1 -QR_opp; exact: inside_scale.
apply: inside_times; first by rewrite invr_ge0 ltW// z_pos.
  by apply: inside_inverse (inside_sum x); exact: log_gt0 l.
apply: inside_responses => y; apply: inside_times; [exact/ltW/expR_gt0|exact: inside_tilt|exact: inside_nth].
Qed.

Theorem value_within_sound v : value_within i c T v -> between v (value (@optimum R i)).
Proof. by case/andP=> s h; apply: within_unit h (inside_value s). Qed.

Theorem gap_within_sound v : gap_within i c T v -> between v (value (@optimum R i) - value (@base R i)).
Proof.
case/andP=> s h; apply: within_unit h _; apply: inside_plus; first exact: inside_value.
by rewrite -mulN1r -QR1 -QR_opp; apply: inside_scale; exact: inside_base.
Qed.
End Sound.
