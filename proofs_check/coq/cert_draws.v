(* Certificates of the number of draws of SoftmaxSampler, N = ceil(4 M log(4/delta)),  *)
(* for given M and delta. What is proved is about mathcomp's ln. Claim                 *)
(* spanner-as-listed.                                                                  *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals exp.
From Spanner Require Import cert_numbers cert_exp cert_boxes.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition four : Q := Qmake (Zpos 4) 1.
(* low and high, over 2^bits, are witnesses: they enclose log(4/delta)                 *)
Definition draws_within (bits : positive) (M delta : Q) (N : positive) (low high : Z) : bool :=
  let product := scale (qmul four M) (low, high) in
  let whole n := Z.mul n (one bits) in
  [&& qpos M, qpos delta, is_log bits (low, high) (of_rational bits (qdiv four delta)),
    ~~ Z.leb product.1 (whole (Z.pred (Zpos N))) & Z.leb product.2 (whole (Zpos N))].
(* the logarithm is then known to about 2^-108: enough for an N of 30 digits           *)
Definition draws_ok := draws_within 128.

(* N is the least whole number that is at least 4 M log(4/delta)                       *)
Definition is_draws (R : realType) (M delta : Q) (N : nat) : Prop :=
  [/\ 0 < QR R M, 0 < QR R delta & N.-1%:R < 4%:R * QR R M * ln (4%:R / QR R delta) <= N%:R].

#[local] Opaque ZR.

Section Sound.
Variables (R : realType) (bits : positive).

Lemma FR_whole n : FR R bits (Z.mul n (one bits)) = ZR R n.
Proof. by rewrite /FR ZRM mulfK// u_neq0. Qed.

Lemma QR_four : QR R four = 4%:R.
Proof. by rewrite /QR [ZR R (Zpos 1)](ZR_nat R 1) [ZR R _](ZR_nat R 4) divr1. Qed.

Lemma within_sound M delta N low high : draws_within bits M delta N low high -> is_draws R M delta (Pos.to_nat N).
Proof.
rewrite /draws_within (QR_pos R M) (QR_pos R delta) !(FR_le R bits) !FR_whole -ltNge.
case/and5P=> M0 delta0 l below above; split=> //.
have [_ h] := inside_log l (inside_rational R bits (qdiv four delta)).
have /andP[low_le le_high] := inside_scale (qmul four M) h.
rewrite QRM QR_four QRdiv QR_four in low_le le_high.
have above' := le_trans le_high above; have below' := lt_le_trans below low_le.
have -> : (Pos.to_nat N)%:R = ZR R (Zpos N) by rewrite -(ZR_nat R) positive_nat_Z.
rewrite above' andbT; suff <- : ZR R (Z.pred (Zpos N)) = (Pos.to_nat N).-1%:R by [].
by rewrite -(ZR_nat R) -Nat.sub_1_r Nat2Z.inj_sub ?positive_nat_Z ?Z.sub_1_r//; exact: Pos2Nat.is_pos.
Qed.
End Sound.

Theorem draws_sound (R : realType) M delta N low high :
  draws_ok M delta N low high -> is_draws R M delta (Pos.to_nat N).
Proof. exact: within_sound. Qed.
