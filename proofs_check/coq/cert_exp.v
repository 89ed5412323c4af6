(* Enclosures of exp that compute, over integers: a stands for a / 2^bits. A Taylor    *)
(* sum with its remainder near 0, squared ten times; bounds round down and up.         *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ssrZ reals sequences exp ring.
From Spanner Require Import exp_facts taylor cert_numbers.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Compute.
Variable bits : positive.
Definition one : Z := Zpos (2 ^ bits).

(* an operation that rounds down, and the one that rounds up: minus that of minus      *)
Definition up (down : Z -> Z) (a : Z) : Z := Z.opp (down (Z.opp a)).
Definition quotient (b a : Z) : Z := Z.div a b.
Definition shifted (k a : Z) : Z := Z.shiftr a k.
Definition mul_down a b := shifted (Zpos bits) (Z.mul a b).
Definition mul_up a b := up (shifted (Zpos bits)) (Z.mul a b).

(* term stands for h^k/k!: the sum of n more terms; above, the last one counts twice,  *)
(* as exp h <= 2                                                                       *)
Fixpoint series_down (n k : nat) (term h : Z) : Z :=
  if n is n'.+1 then Z.add term (series_down n' k.+1 (quotient (Z.of_nat k.+1) (mul_down term h)) h) else Z0.
Fixpoint series_up (n k : nat) (term h : Z) : Z :=
  if n is n'.+1 then Z.add term (series_up n' k.+1 (up (quotient (Z.of_nat k.+1)) (mul_up term h)) h)
  else Z.add term term.

Definition halvings := 10%N.
Definition terms := 20%N.
Definition reduced a := shifted (Z.of_nat halvings) a.
Definition reduced_up a := up (shifted (Z.of_nat halvings)) a.
(* above 512 there is no bound                                                         *)
Definition small a := Z.leb (Z.add (reduced_up a) (reduced_up a)) one.
Definition exp_down_pos a := iter halvings (fun s => mul_down s s) (series_down terms 0 one (reduced a)).
Definition exp_up_pos a := iter halvings (fun s => mul_up s s) (series_up terms 0 one (reduced_up a)).
Definition in_reach a := small a && small (Z.opp a).
Definition exp_down a :=
  if Z.leb Z0 a then exp_down_pos a else quotient (exp_up_pos (Z.opp a)) (Z.mul one one).
Definition exp_up a :=
  if Z.leb Z0 a then exp_up_pos a else up (quotient (exp_down_pos (Z.opp a))) (Z.mul one one).

End Compute.

Lemma shifted_bits bits a : shifted (Zpos bits) a = quotient (one bits) a.
Proof. by rewrite /shifted Z.shiftr_div_pow2// /one Pos2Z.inj_pow. Qed.
Lemma reducedE a : reduced a = quotient (Zpos 1024) a.
Proof. exact: Z.shiftr_div_pow2. Qed.

Section Nat.
Variable R : realType.
Lemma ZR0 : ZR R Z0 = 0. Proof. by []. Qed.
Lemma ZR_nat k : ZR R (Z.of_nat k) = k%:R.
Proof. by rewrite /ZR; case: k => //= k; rewrite SuccNat2Pos.id_succ. Qed.
End Nat.
#[local] Opaque ZR.

Section Sound.
Variables (R : realType) (bits : positive).
Local Notation one := (one bits).
Local Notation mul_down := (mul_down bits).
Local Notation mul_up := (mul_up bits).
Local Notation series_down := (series_down bits).
Local Notation series_up := (series_up bits).
Local Notation exp_down_pos := (exp_down_pos bits).
Local Notation exp_up_pos := (exp_up_pos bits).
Definition FR (a : Z) : R := ZR R a / ZR R one.
Local Notation u := (ZR R one).
Local Notation e := (@QR R).

Lemma u_gt0 : 0 < u. Proof. exact: ZR_pos. Qed.
Lemma u_neq0 : u != 0. Proof. exact: ZR_neq0. Qed.
Lemma FR_le a b : Z.leb a b = (FR a <= FR b).
Proof. by rewrite (ZR_le R) /FR ler_pmul2r// invr_gt0 u_gt0. Qed.
Lemma FRD a b : FR (Z.add a b) = FR a + FR b. Proof. by rewrite /FR ZRD mulrDl. Qed.
Lemma FRN a : FR (Z.opp a) = - FR a. Proof. by rewrite /FR ZRN mulNr. Qed.
Lemma FR0 : FR Z0 = 0. Proof. by rewrite /FR ZR0 mul0r. Qed.
Lemma FR1 : FR one = 1. Proof. by rewrite /FR divff ?u_neq0. Qed.
Lemma FRM a b : FR (Z.mul a b) = FR a * FR b * u.
Proof. rewrite /FR ZRM; have := u_neq0; move: (ZR R a) (ZR R b) u => x y z z0; by field. Qed.

Lemma quotient_le d a : FR (quotient (Zpos d) a) <= FR a / ZR R (Zpos d).
Proof.
rewrite ler_pdivl_mulr ?ZR_pos// mulrAC ler_pmul2r ?invr_gt0 ?u_gt0// -ZRM -(ZR_le R).
by apply/Z.leb_le; rewrite Z.mul_comm; apply: Z.mul_div_le.
Qed.
Lemma up_ge (down : Z -> Z) c : (forall a, FR (down a) <= FR a / c) -> forall a, FR a / c <= FR (up down a).
Proof. by move=> h a; rewrite FRN ler_oppr -mulNr -FRN. Qed.

Lemma mul_down_le a b : FR (mul_down a b) <= FR a * FR b.
Proof.
rewrite /mul_down shifted_bits; apply: le_trans (quotient_le _ _) _.
by rewrite FRM mulfK ?u_neq0.
Qed.
Lemma mul_up_ge a b : FR a * FR b <= FR (mul_up a b).
Proof.
apply: le_trans (_ : FR (Z.mul a b) / u <= _); first by rewrite FRM mulfK ?u_neq0.
by apply: up_ge => c; rewrite shifted_bits; exact: quotient_le.
Qed.
Lemma mul_down_ge0 a b : 0 <= FR a -> 0 <= FR b -> 0 <= FR (mul_down a b).
Proof.
rewrite -FR0 -!FR_le /mul_down shifted_bits => /Z.leb_le a0 /Z.leb_le b0.
by apply/Z.leb_le/Z.div_pos => //; apply: Z.mul_nonneg_nonneg.
Qed.
Lemma quotient_ge0 d a : 0 <= FR a -> 0 <= FR (quotient (Zpos d) a).
Proof. by rewrite -FR0 -!FR_le => /Z.leb_le a0; apply/Z.leb_le/Z.div_pos. Qed.
Lemma square_ge1 a : 1 <= FR a -> 1 <= FR (mul_down a a).
Proof.
rewrite -FR1 -!FR_le /mul_down shifted_bits => /Z.leb_le a1.
apply/Z.leb_le/Z.div_le_lower_bound => //.
by apply: Z.mul_le_mono_nonneg.
Qed.

(* the series *)
Lemma series_down_le n k t h v : 0 <= FR h -> FR h <= v -> 0 <= FR t -> FR t <= power k v ->
  0 <= FR (series_down n k t h) /\ taylor k v + FR (series_down n k t h) <= taylor (k + n) v.
Proof.
move=> h0 hv; have v0 := le_trans h0 hv; elim: n k t => [|n IH] k t t0 tk /=.
  by rewrite FR0 addr0 addn0.
set t' := quotient _ _.
have q a : FR (quotient (Zpos (Pos.of_succ_nat k)) a) <= FR a / k.+1%:R.
  by have := quotient_le (Pos.of_succ_nat k) a; rewrite -(ZR_nat R k.+1).
have t'0 : 0 <= FR t' by rewrite /t' quotient_ge0// mul_down_ge0.
have t'k : FR t' <= power k.+1 v.
  apply: le_trans (q _) _; rewrite powerS ler_pmul2r ?invr_gt0 ?ltr0n//.
  by apply: le_trans (mul_down_le _ _) _; rewrite ler_pmul.
have [s0 s] := IH _ _ t'0 t'k; rewrite FRD addr_ge0//; split=> //.
by rewrite addrA -addSnnS (le_trans _ s)// ler_add2r taylorS ler_add2l.
Qed.

Lemma series_down_ge1 h n : 0 <= FR h -> 1 <= FR (series_down n.+1 0 one h).
Proof.
move=> h0; pose t' := quotient (Zpos 1) (mul_down one h).
rewrite -[series_down _ _ _ _]/(Z.add one (series_down n 1 t' h)) FRD FR1 ler_addl.
have t0 : 0 <= FR t' by rewrite /t' quotient_ge0// mul_down_ge0// FR1 ler01.
elim: n 1%N t' t0 => [|n IH] k t t0 /=; first by rewrite FR0.
by rewrite FRD addr_ge0// IH// quotient_ge0// mul_down_ge0.
Qed.

Lemma series_up_ge n k t h v : 0 <= v -> v <= FR h -> power k v <= FR t ->
  taylor (k + n) v + power (k + n) v * 2%:R <= taylor k v + FR (series_up n k t h).
Proof.
move=> v0 hv; elim: n k t => [|n IH] k t tk /=.
  by rewrite addn0 ler_add2l FRD mulr_natr mulr2n ler_add.
set t' := up _ _.
have q a : FR a / k.+1%:R <= FR (up (quotient (Zpos (Pos.of_succ_nat k))) a).
  by apply: up_ge => b; have := quotient_le (Pos.of_succ_nat k) b; rewrite -(ZR_nat R k.+1).
have t'k : power k.+1 v <= FR t'.
  apply: le_trans (q _); rewrite powerS ler_pmul2r ?invr_gt0 ?ltr0n//.
  by apply: le_trans (mul_up_ge _ _); rewrite ler_pmul// power_ge0.
rewrite FRD addrA -addSnnS (le_trans (IH _ _ t'k))// ler_add2r taylorS ler_add2l//.
Qed.

Lemma expR_le2 (v : R) : 2%:R * v <= 1 -> expR v <= 2%:R.
Proof.
move=> h; have := expR_ge1Dx_all (- v); rewrite expRN => a.
have b : 2%:R^-1 <= (expR v)^-1.
  apply: le_trans a; rewrite -[2%:R^-1]mul1r ler_pdivr_mulr ?ltr0n//.
  by move: h; rewrite -subr_ge0 => h; apply: (le_cert h); ring.
by rewrite -[leLHS]invrK -[leRHS]invrK lef_pinv ?posrE ?invr_gt0 ?expR_gt0 ?ltr0n.
Qed.

Lemma exp_double (v : R) : expR (v * 1024%:R) = iter halvings (fun s => s * s) (expR v).
Proof.
have -> : v * 1024%:R = iter halvings (fun x => x + x) v by rewrite /halvings /=; ring.
by elim: halvings => //= n IH; rewrite expRD IH.
Qed.

Lemma iter_le (f : Z -> Z) s (x : R) n : (forall a, FR a * FR a <= FR (f a)) ->
  0 <= x -> x <= FR s -> iter n (fun y => y * y) x <= FR (iter n f s).
Proof.
move=> h x0 xs; suff /andP[] : 0 <= iter n (fun y => y * y) x <= FR (iter n f s) by [].
elim: n => [|n /andP[a b]] /=; first by rewrite x0.
by rewrite mulr_ge0//= (le_trans _ (h _))// ler_pmul.
Qed.

Lemma iter_ge s (x : R) n : 1 <= FR s -> FR s <= x ->
  1 <= FR (iter n (fun s => mul_down s s) s) <= iter n (fun y => y * y) x.
Proof.
move=> s1 sx; elim: n => [|n /andP[a b]] /=; first by rewrite s1.
have a0 := le_trans ler01 a.
by rewrite square_ge1//= (le_trans (mul_down_le _ _))// ler_pmul.
Qed.

Lemma exp_down_posP a : 0 <= FR a -> 1 <= FR (exp_down_pos a) <= expR (FR a).
Proof.
move=> a0; set v := FR a / 1024%:R.
have h0 : 0 <= FR (reduced a) by rewrite reducedE quotient_ge0.
have hv : FR (reduced a) <= v.
  by rewrite reducedE; have := quotient_le 1024 a; rewrite [ZR R _](ZR_nat R 1024).
have t1 : FR one <= power 0 v by rewrite FR1 /power fact0 invr1 mul1r expr0.
have t0 : 0 <= FR one by rewrite FR1 ler01.
have [s1 s] := series_down_le terms h0 hv t0 t1.
have -> : FR a = v * 1024%:R by rewrite /v divfK// pnatr_eq0.
rewrite exp_double; suff /andP[b c] : 1 <= FR (series_down terms 0 one (reduced a)) <= expR v.
  have /andP[d d'] := iter_ge halvings b c; by rewrite d.
apply/andP; split; last first.
  apply: le_trans (taylor_le terms (le_trans h0 hv)); apply: le_trans s.
  by rewrite /taylor big_ord0 add0r.
exact: series_down_ge1.
Qed.

Lemma exp_up_posP a : 0 <= FR a -> small bits a -> expR (FR a) <= FR (exp_up_pos a).
Proof.
move=> a0; rewrite /small FR_le FRD FR1 => h1; set v := FR a / 1024%:R.
have v0 : 0 <= v by rewrite /v mulr_ge0 ?invr_ge0 ?ler0n.
have hv : v <= FR (reduced_up a).
  apply: (@up_ge (shifted (Z.of_nat halvings)) 1024%:R) => b; rewrite -/(reduced b) reducedE.
  by have := quotient_le 1024 b; rewrite [ZR R _](ZR_nat R 1024).
have t1 : power 0 v <= FR one by rewrite FR1 /power fact0 invr1 mul1r expr0.
have := series_up_ge terms v0 hv t1; rewrite {2}/taylor big_ord0 !add0r => s.
have -> : FR a = v * 1024%:R by rewrite /v divfK// pnatr_eq0.
rewrite exp_double; apply: iter_le; [move=> b; exact: mul_up_ge|exact/ltW/expR_gt0|apply: le_trans s].
apply: le_trans (taylor_ge terms v0) _; rewrite ler_add2l ler_wpmul2l ?power_ge0//.
by apply: expR_le2; rewrite mulr2n mulrDl mul1r (le_trans _ h1)// ler_add.
Qed.

Lemma inverse_le (p : R) a : 0 < p -> p <= FR a -> FR (quotient a (Z.mul one one)) <= p^-1.
Proof.
move=> p0 pa; have : 0 < FR a by exact: lt_le_trans pa.
case: a pa => [|a|a] pa; [by rewrite FR0 ltxx| |by rewrite ltNge -FR0 -FR_le].
move=> a0; apply: le_trans (quotient_le _ _) _; rewrite FRM FR1 !mul1r.
have -> : u / ZR R (Zpos a) = (FR (Zpos a))^-1 by rewrite /FR invf_div.
by rewrite lef_pinv ?posrE.
Qed.

Lemma inverse_ge (p : R) a : 0 < FR a -> FR a <= p -> p^-1 <= FR (up (quotient a) (Z.mul one one)).
Proof.
case: a => [|a|a] a0 pa; [by move: a0; rewrite FR0 ltxx| |by move: a0; rewrite ltNge -FR0 -FR_le].
apply: le_trans (up_ge (quotient_le a) _); rewrite FRM FR1 !mul1r.
have -> : u / ZR R (Zpos a) = (FR (Zpos a))^-1 by rewrite /FR invf_div.
by rewrite lef_pinv ?posrE// (lt_le_trans a0 pa).
Qed.

Lemma sign a : (Z.leb Z0 a /\ 0 <= FR a) \/ (Z.leb Z0 a = false /\ 0 <= FR (Z.opp a)).
Proof.
have -> : Z.leb Z0 a = (0 <= FR a) by rewrite FR_le FR0.
by rewrite FRN oppr_ge0; case: (lerP 0 (FR a)) => h; [left|right; split=> //; exact: ltW].
Qed.

Theorem exp_downP a : in_reach bits a -> FR (exp_down bits a) <= expR (FR a).
Proof.
case/andP=> _ h; rewrite /exp_down; case: (sign a) => -[-> a0].
  by have /andP[] := exp_down_posP a0.
rewrite -[expR (FR a)]invrK -expRN -FRN; apply: inverse_le; first exact: expR_gt0.
exact: exp_up_posP.
Qed.

Theorem exp_upP a : in_reach bits a -> expR (FR a) <= FR (exp_up bits a).
Proof.
case/andP=> h _; rewrite /exp_up; case: (sign a) => -[-> a0]; first exact: exp_up_posP.
have /andP[b c] := exp_down_posP a0.
by rewrite -[expR (FR a)]invrK -expRN -FRN; apply: inverse_ge => //; exact: lt_le_trans b.
Qed.
End Sound.
