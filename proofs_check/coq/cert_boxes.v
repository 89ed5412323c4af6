(* Boxes: enclosures of reals by two integers over 2^bits, and their arithmetic.       *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ssrZ reals sequences exp.
From Spanner Require Import cert_numbers cert_exp.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition box := (Z * Z)%type.
Definition zero : box := (Z0, Z0).

Section Compute.
Variable bits : positive.
Definition unit_box : box := (one bits, one bits).
Definition plus (b c : box) : box := (Z.add b.1 c.1, Z.add b.2 c.2).
Definition total (s : seq box) : box := foldr plus zero s.
Definition scale (q : Q) (b : box) : box :=
  let n := Qnum q in let d := Zpos (Qden q) in
  let c := if Z.leb Z0 n then b else (b.2, b.1) in
  (quotient d (Z.mul n c.1), up (quotient d) (Z.mul n c.2)).
Definition of_rational (q : Q) : box := scale q unit_box.
Definition of_bounds (b : Q * Q) : box := ((of_rational b.1).1, (of_rational b.2).2).
Definition exp_box (b : box) : box := (exp_down bits b.1, exp_up bits b.2).
Definition reach (b : box) : bool := in_reach bits b.1 && in_reach bits b.2.
(* a positive number times any, and the inverse of a positive number                   *)
Definition times (b c : box) : box :=
  (Z.min (mul_down bits b.1 c.1) (mul_down bits b.2 c.1), Z.max (mul_up bits b.1 c.2) (mul_up bits b.2 c.2)).
Definition inverse (b : box) : box :=
  let square := Z.mul (one bits) (one bits) in (quotient b.2 square, up (quotient b.1) square).
(* l holds the logarithm of whatever b holds                                           *)
Definition is_log (l b : box) : bool :=
  [&& reach l, Z.leb (exp_up bits l.1) b.1 & Z.leb b.2 (exp_down bits l.2)].
(* q is at most, or at least, a quotient                                               *)
Definition below (q : Q) (num den : box) : bool := Z.leb (scale q den).2 num.1.
Definition above (q : Q) (num den : box) : bool := Z.leb num.2 (scale q den).1.
Definition within (b : Q * Q) (num den : box) : bool := below b.1 num den && above b.2 num den.
End Compute.

#[local] Opaque ZR.

Section Sound.
Variables (R : realType) (bits : positive).
Local Notation FR := (@FR R bits).
Local Notation e := (@QR R).
Definition inside (b : box) (x : R) : bool := FR b.1 <= x <= FR b.2.

Lemma inside_plus b c x y : inside b x -> inside c y -> inside (plus b c) (x + y).
Proof. by move=> /andP[b1 b2] /andP[c1 c2]; rewrite /inside !FRD !ler_add. Qed.

Lemma inside_total (I : eqType) (s : seq I) f F : (forall j, j \in s -> inside (f j) (F j)) ->
  inside (total [seq f j | j <- s]) (\sum_(j <- s) F j).
Proof.
elim: s => [|j s IH] h; first by rewrite big_nil /inside FR0 lexx.
rewrite big_cons; apply: inside_plus; first by apply: h; rewrite mem_head.
by apply: IH => k ks; apply: h; rewrite inE ks orbT.
Qed.

Lemma FR_scaled n d a : FR (Z.mul n a) / ZR R d = ZR R n / ZR R d * FR a.
Proof. by rewrite /cert_exp.FR ZRM mulrAC -!mulrA; congr (_ * _); rewrite mulrCA !mulrA. Qed.

Lemma inside_scale q b x : inside b x -> inside (scale q b) (e q * x).
Proof.
move=> /andP[b1 b2]; rewrite /inside /scale /=.
set c := if _ then _ else _.
have /andP[c1 c2] : e q * FR c.1 <= e q * x <= e q * FR c.2.
  rewrite /c; case: ifPn => h.
    have q0 : 0 <= e q.
      by rewrite /QR mulr_ge0 ?invr_ge0 ?(ltW (ZR_pos R _))//; move: h; rewrite (ZR_le R) ZR0.
    by rewrite !ler_wpmul2l.
  have q0 : e q <= 0.
    rewrite /QR -oppr_ge0 -mulNr mulr_ge0 ?invr_ge0 ?(ltW (ZR_pos R _))// oppr_ge0.
    by move: h; rewrite (ZR_le R) ZR0 -ltNge => /ltW.
  by rewrite /= !ler_wnmul2l.
apply/andP; split.
  by apply: le_trans c1; apply: le_trans (quotient_le _ _ _ _) _; rewrite FR_scaled.
apply: le_trans c2 _; apply: (@le_trans _ _ (FR (Z.mul (Qnum q) c.2) / ZR R (Zpos (Qden q)))).
  by rewrite FR_scaled.
by apply: up_ge => a; exact: quotient_le.
Qed.

Lemma inside_weighted n q f (F : 'I_n -> R) : (forall k : 'I_n, inside (f (val k)) (F k)) ->
  inside (total [seq scale (q k) (f k) | k <- iota 0 n]) (\sum_(k < n) e (q (val k)) * F k).
Proof.
move=> h; pose G k := if insub k is Some j then e (q k) * F j else 0.
have -> : \sum_(k < n) e (q (val k)) * F k = \sum_(k <- iota 0 n) G k.
  by rewrite sum_iota; apply: eq_bigr => k _; rewrite /G valK.
apply: inside_total => k; rewrite mem_iota add0n /= => kn.
by rewrite /G (insubT (fun k => k < n)%N kn) /=; apply: inside_scale; exact: (h (Sub k kn)).
Qed.

Lemma inside_unit : inside (unit_box bits) 1.
Proof. by rewrite /inside /= FR1 lexx. Qed.

Lemma inside_rational q : inside (of_rational bits q) (e q).
Proof. by rewrite -[e q]mulr1; exact/inside_scale/inside_unit. Qed.

Lemma inside_exp b x : reach bits b -> inside b x -> inside (exp_box bits b) (expR x).
Proof.
case/andP=> r1 r2 /andP[b1 b2]; rewrite /inside (le_trans (exp_downP R r1)) ?ler_expR//=.
by rewrite (le_trans _ (exp_upP R r2))// ler_expR.
Qed.

Lemma FR_min a b : FR (Z.min a b) <= FR a /\ FR (Z.min a b) <= FR b.
Proof. by rewrite -!FR_le; split; apply/Z.leb_le; [exact: Z.le_min_l|exact: Z.le_min_r]. Qed.
Lemma FR_max a b : FR a <= FR (Z.max a b) /\ FR b <= FR (Z.max a b).
Proof. by rewrite -!FR_le; split; apply/Z.leb_le; [exact: Z.le_max_l|exact: Z.le_max_r]. Qed.

Lemma inside_times b c x y : 0 <= x -> inside b x -> inside c y -> inside (times bits b c) (x * y).
Proof.
move=> x0 /andP[b1 b2] /andP[c1 c2]; apply/andP; split.
  apply: le_trans (ler_wpmul2l x0 c1); have [l r] := FR_min (mul_down bits b.1 c.1) (mul_down bits b.2 c.1).
  have [p|/ltW p] := lerP 0 (FR c.1).
    by apply: le_trans l _; apply: le_trans (mul_down_le _ _ _ _) _; rewrite ler_wpmul2r.
  by apply: le_trans r _; apply: le_trans (mul_down_le _ _ _ _) _; rewrite ler_wnmul2r.
apply: le_trans (ler_wpmul2l x0 c2) _; have [l r] := FR_max (mul_up bits b.1 c.2) (mul_up bits b.2 c.2).
have [p|/ltW p] := lerP 0 (FR c.2).
  by apply: le_trans r; apply: le_trans (mul_up_ge _ _ _ _); rewrite ler_wpmul2r.
by apply: le_trans l; apply: le_trans (mul_up_ge _ _ _ _); rewrite ler_wnmul2r.
Qed.

Lemma inside_inverse b x : 0 < FR b.1 -> inside b x -> inside (inverse bits b) x^-1.
Proof.
move=> b0 /andP[b1 b2]; have x0 := lt_le_trans b0 b1.
by apply/andP; split; [exact: inverse_le|exact: inverse_ge].
Qed.

Lemma log_gt0 l b : is_log bits l b -> 0 < FR b.1.
Proof.
case/and3P=> /andP[r1 _] h _; apply: lt_le_trans (expR_gt0 (FR l.1)) _.
by apply: le_trans (exp_upP R r1) _; rewrite -FR_le.
Qed.

Lemma inside_log l b x : is_log bits l b -> inside b x -> 0 < x /\ inside l (ln x).
Proof.
case/and3P=> /andP[r1 r2]; rewrite !(FR_le R bits) => l1 l2 /andP[b1 b2].
have low : expR (FR l.1) <= x by apply: le_trans (exp_upP R r1) _; exact: le_trans l1 b1.
have high : x <= expR (FR l.2) by apply: le_trans (exp_downP R r2); exact: le_trans b2 l2.
have x0 : 0 < x := lt_le_trans (expR_gt0 _) low.
split=> //; apply/andP; split; first by rewrite -ler_expR lnK.
by rewrite -ler_expR lnK.
Qed.

Lemma belowP q num den n d : below q num den -> inside num n -> inside den d -> 0 < d -> e q <= n / d.
Proof.
rewrite /below (FR_le R bits) => h /andP[n1 _] /(inside_scale q)/andP[_ d2] d0.
by rewrite ler_pdivl_mulr// (le_trans d2)// (le_trans h).
Qed.

Lemma aboveP q num den n d : above q num den -> inside num n -> inside den d -> 0 < d -> n / d <= e q.
Proof.
rewrite /above (FR_le R bits) => h /andP[_ n2] /(inside_scale q)/andP[d1 _] d0.
by rewrite ler_pdivr_mulr// (le_trans n2)// (le_trans h).
Qed.
End Sound.
