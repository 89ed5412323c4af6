(* What the numbers of listing_run.v are of an instance as cert_instance.v means it:    *)
(* its base masses, and exp((r - r')/beta) where that is rational.                       *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import dist gibbs prompts ridge softmax_sampler cert_numbers cert_instance listing listing_run listing_links.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Check.
Variable i : instance.
(* no exponent is cut to 0: each is a whole number, and the rationals under logarithms are positive *)
Definition exponents_of x (y : response) : seq Q :=
  times (qdiv q1 (beta i)) (dot_numbers (parameter_of i) (minus (phi y) (first_features i x))).
Definition whole_exponents x :=
  all qpos (atoms i) && all (fun y => let e := exponents_of x y in is0 (head q0 e) && all whole (behead e))
    (responses_at i x).
End Check.

Section Means.
Variables (R : realType) (i : instance).
Local Notation e := (@QR R).

Lemma nth_plus a b k : e (nth q0 (plus a b) k) = e (nth q0 a k) + e (nth q0 b k).
Proof.
by elim: a b k => [|p a IH] [|q b] [|k] //=; rewrite ?QRD ?IH ?nth_nil ?QR0 ?addr0 ?add0r.
Qed.

Lemma nth_times q a k : e (nth q0 (times q a) k) = e q * e (nth q0 a k).
Proof.
by rewrite /times; elim: a k => [|p a IH] [|k] /=; rewrite ?QRM ?IH ?nth_nil ?QR0 ?mulr0.
Qed.

Lemma nth_minus a b k : e (nth q0 (minus a b) k) = e (nth q0 a k) - e (nth q0 b k).
Proof. by rewrite nth_plus nth_times -[Qmake (Zneg 1) 1]/(Qopp q1) QR_opp QR1 mulN1r. Qed.

Lemma nth_dot (t : seq number) v k :
  e (nth q0 (dot_numbers t v) k) = \sum_(j < size t) e (nth q0 v j) * e (nth q0 (nth [::] t j) k).
Proof.
elim: t v => [|p t IH] [|q v]; rewrite /dot_numbers /= ?big_ord0 ?nth_nil ?QR0//.
  by rewrite big1// => j _; rewrite nth_nil QR0 mul0r.
by rewrite nth_plus nth_times big_ord_recl -/(dot_numbers t v) IH.
Qed.

Lemma base_at_means (x : X i) :
  base_at i x = weighted (fun y : Y x => phi (the y)) (fun y : Y x => mass (the y)).
Proof.
rewrite /base_at /weighted /responses_at; set s := support _.
have -> : [seq ((val y, phi (the y)), mass (the y)) | y <- enum 'I_(size s)] =
  [seq ((k, phi (response_at s k)), mass (response_at s k)) | k <- iota 0 (size s)].
  by rewrite -val_enum_ord -[in RHS]map_comp.
apply: (@eq_from_nth _ (0%N, [::], q0)) => [|k].
  by rewrite !size_zip !size_map size_iota !minnn.
rewrite !size_zip !size_map size_iota !minnn => kn.
rewrite !nth_zip ?size_zip ?size_map ?size_iota ?minnn//.
by rewrite !(nth_map (Response q0 [::]))// (nth_map 0%N) ?size_iota// !nth_iota.
Qed.

(* a combination of 1 and of the atoms' logarithms, as a number *)
Definition number_value (r : number) : R :=
  e (nth q0 r 0) + \sum_(k < size (atoms i)) e (nth q0 r k.+1) * ln (e (nth q0 (atoms i) k)).

Lemma value_dot (v : vector) : number_value (dot_numbers (parameter_of i) v) =
  dot (parameter R i) (\row_j e (nth q0 v j)).
Proof.
rewrite /number_value nth_dot; under [X in _ + X]eq_bigr do rewrite nth_dot mulr_suml.
rewrite exchange_big -big_split /= size_map /dot mxE; apply: eq_bigr => j _.
rewrite !mxE /log_linear (nth_map (q0, [::]))//= mulrDl; congr (_ + _); first by rewrite mulrC.
by rewrite mulr_suml; apply: eq_bigr => k _; rewrite -mulrA mulrC.
Qed.

Lemma value_minus a b :
  dot (parameter R i) (\row_j e (nth q0 (minus a b) j)) =
  dot (parameter R i) (\row_j e (nth q0 a j)) - dot (parameter R i) (\row_j e (nth q0 b j)).
Proof. by rewrite /dot !mxE -sumrB; apply: eq_bigr => j _; rewrite !mxE nth_minus mulrBr. Qed.

Lemma exp_over_betaE (r : number) : let w := times (qdiv q1 (beta i)) r in
  is0 (head q0 w) -> all whole (behead w) -> all qpos (atoms i) ->
  e (exp_over_beta i r) = expR (number_value r / e (beta i)).
Proof.
move=> w w0 ww a0; rewrite /exp_over_beta -/w w0 ww /=.
have wE k : e (nth q0 w k) = e (nth q0 r k) / e (beta i) by rewrite nth_times QRdiv QR1 mul1r mulrC.
have -> : number_value r / e (beta i) =
    \sum_(k < size (atoms i)) e (nth q0 (behead w) k) * ln (e (nth q0 (atoms i) k)).
  rewrite /number_value mulrDl -wE nth0 (_ : e (head q0 w) = 0) ?add0r; last first.
    by apply/eqP; rewrite -(QR0 R) -QR_eqb.
  by rewrite mulr_suml; apply: eq_bigr => k _; rewrite nth_behead wE mulrAC.
elim: (atoms i) (behead w) ww a0 => [|a s IH] [|p l] /=; rewrite ?QR1 ?big_ord0 ?expR0//.
  by move=> _ _; rewrite big1 ?expR0// => k _; rewrite nth_nil QR0 mul0r.
case/andP=> wp wl /andP[ap as_]; rewrite QRM big_ord_recl /= expRD -IH//; congr (_ * _).
have a1 : 0 < e a by move: ap; rewrite (QR_pos R).
rewrite QRpower; last by [].
suff -> : ZR R (Qnum p) = e p by [].
by move: wp; rewrite /whole [in RHS]/QR; case: (Qden p) => // _; rewrite divr1.
Qed.

Lemma reward_dot (x : X i) (y : Y x) : reward R y =
  dot (parameter R i) (\row_j e (nth q0 (phi (the y)) j)) + e (baseline (prompt_at i x)).
Proof. by []. Qed.

Theorem weight_of_means (x : X i) (y first : Y x) : val first = 0%N -> whole_exponents i x ->
  e (weight_of i x (phi (the y))) = expR ((reward R y - reward R first) / e (beta i)).
Proof.
move=> f0 /andP[a0 /(all_nthP (Response q0 [::]))/(_ y (ltn_ord y))/andP[w0 ww]].
have -> : reward R y - reward R first = dot (parameter R i) (\row_j e (nth q0 (phi (the y)) j))
    - dot (parameter R i) (\row_j e (nth q0 (first_features i x) j)).
  by rewrite !reward_dot opprD addrACA subrr addr0 /first_features /the f0.
by rewrite /weight_of (exp_over_betaE w0 ww a0) value_dot value_minus.
Qed.

(* the law of SoftmaxSampler that the kernel computes is that of the theorems, of the base model and the rewards *)
Theorem sampler_law_means (x : X i) (first : Y x) M N (y : Y x) : val first = 0%N -> whole_exponents i x ->
  e (mass_of eq_op (sampler_law i x M N) (val y)) =
  sampler (@base R i x) (fun y => reward R y - reward R first) (e (beta i)) (e M) N y.
Proof.
move=> f0 whole; rewrite /sampler_law base_at_means; apply: computed_is_sampler => z.
exact: weight_of_means.
Qed.
End Means.
