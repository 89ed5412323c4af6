(* log 2 to two digits: 0.69 <= log 2 <= 23/33. No claim of its own. *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import boolp reals topology normedtype derive sequences exp ring.
From Spanner Require Import exp_facts.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Def Num.Theory numFieldNormedType.Exports.
Local Open Scope ring_scope.

Section LnBetween.
Variable R : realType.

(* u <= (e^u - e^-u)/2 and 2 (e^u - 1)/(e^u + 1) <= u, at u = ln t *)
Lemma sinh_ge (u : R) : 0 <= u -> 2%:R * u <= expR u - expR (- u).
Proof.
move=> u0; pose f (v : R) := @expR R v - @expR R (- v) - v - v.
pose f' (v : R) := @expR R v + @expR R (- v) - 2%:R.
have H : f 0 <= f u.
  apply: (@ge_of_derive R f f') => //.
    move=> y; apply: is_derive_eq; rewrite /f' /GRing.scale /=; by ering.
  move=> y _ _; have a := expR_ge1Dx_all y; have b := expR_ge1Dx_all (- y).
  by rewrite -subr_ge0 in a; rewrite -subr_ge0 in b; apply: (le_cert (addr_ge0 a b)); rewrite /f'; ering.
move: H; rewrite -subr_ge0 /f !oppr0 expR0 => H; apply: (le_cert H); by ering.
Qed.

Lemma tanh_le (u : R) : 0 <= u -> 2%:R * (expR u - 1) <= u * (expR u + 1).
Proof.
move=> u0; pose f (v : R) := v * @expR R v + v - @expR R v - @expR R v + 2%:R.
pose f' (v : R) := 1 + v * @expR R v - @expR R v.
have H : f 0 <= f u.
  apply: (@ge_of_derive R f f') => //.
    move=> y; apply: is_derive_eq; rewrite /f' /GRing.scale /=; by ering.
  move=> y _ _; have b := expR_ge1Dx_all (- y).
  have h : 0 <= expR y * (expR (- y) - (1 + - y)) by rewrite mulr_ge0 ?subr_ge0// ltW ?expR_gt0.
  have e : expR y * expR (- y) = 1 by rewrite -expRD subrr expR0.
  apply: (le_cert h); rewrite /f' mulrBr e; by ering.
move: H; rewrite -subr_ge0 /f expR0 => H; apply: (le_cert H); by ering.
Qed.

Lemma ln_between (t : R) : 1 <= t ->
  2%:R * (t - 1) <= ln t * (t + 1) /\ 2%:R * t * ln t <= t ^+ 2 - 1.
Proof.
move=> t1; have t0 : 0 < t := lt_le_trans ltr01 t1; have l0 := ln_ge0 t1; split.
  by have := tanh_le l0; rewrite lnK.
have := sinh_ge l0; rewrite expRN lnK// => h.
have {}h : 0 <= t * (t - t^-1 - 2%:R * ln t) by rewrite mulr_ge0 ?subr_ge0// ltW.
apply: (le_cert h); move: (ln t) => l; by field; exact: lt0r_neq0.
Qed.
End LnBetween.

Section Ln2.
Variable R : realType.
Local Notation a := (ln 2%:R : R).
Local Notation b := (ln 3%:R : R).
Local Notation c := (ln 5%:R : R).

(* 2 = (16/15)^7 (25/24)^5 (81/80)^3 *)
Lemma ln2_between : 69%:R / 100%:R <= ln 2%:R :> R /\ ln 2%:R <= 23%:R / 33%:R :> R.
Proof.
have p n : (0 < n)%N -> 0 < n%:R :> R by rewrite ltr0n.
have frac n : (0 < n)%N -> ln (n.+1%:R / n%:R) = ln n.+1%:R - ln n%:R :> R.
  by move=> n0; rewrite ln_div ?posrE ?p.
have ge1 n : (0 < n)%N -> 1 <= n.+1%:R / n%:R :> R by move=> n0; rewrite ler_pdivl_mulr ?p// mul1r ler_nat.
have two n m k : (0 < n)%N -> (0 < m)%N -> k = (n * m)%N -> ln k%:R = ln n%:R + ln m%:R :> R.
  by move=> n0 m0 ->; rewrite natrM lnM ?posrE ?p.
have [l1 u1] := ln_between (ge1 15%N isT); have [l2 u2] := ln_between (ge1 24%N isT).
have [l3 u3] := ln_between (ge1 80%N isT).
move: l1 u1 l2 u2 l3 u3; rewrite !frac// (@two 4%N 4%N 16%N)// (@two 3%N 5%N 15%N)// (@two 5%N 5%N 25%N)// (@two 3%N 8%N 24%N)// (@two 9%N 9%N 81%N)//.
rewrite (@two 16%N 5%N 80%N)// (@two 4%N 4%N 16%N)// (@two 4%N 2%N 8%N)// (@two 2%N 2%N 4%N)// (@two 3%N 3%N 9%N)//.
rewrite -!(subr_ge0 (_ * _)); move: a b c => x y z l1 u1 l2 u2 l3 u3; split.
  have K : 0 <= 19%:R / (31%:R * 10%:R * 100%:R) + 4%:R / (49%:R * 10%:R * 100%:R)
      + 43%:R / (161%:R * 10%:R * 100%:R) + 2%:R / (10%:R * 100%:R) :> R.
    by rewrite !addr_ge0 ?divr_ge0 ?mulr_ge0 ?ler0n.
  have w1 : 0 <= 7%:R * (15%:R / 31%:R) :> R by rewrite mulr_ge0 ?divr_ge0 ?ler0n.
  have w2 : 0 <= 5%:R * (24%:R / 49%:R) :> R by rewrite mulr_ge0 ?divr_ge0 ?ler0n.
  have w3 : 0 <= 3%:R * (80%:R / 161%:R) :> R by rewrite mulr_ge0 ?divr_ge0 ?ler0n.
  apply: (le_cert (addr_ge0 (addr_ge0 (addr_ge0 (mulr_ge0 w1 l1) (mulr_ge0 w2 l2)) (mulr_ge0 w3 l3)) K)).
  by field.
have K : 0 <= 23%:R / (33%:R * 100%:R * 100%:R) + 1 / (60%:R * 10%:R * 100%:R) + 1 / (30%:R * 10%:R * 100%:R)
    + 17%:R / (54%:R * 100%:R * 100%:R) + 33%:R / (100%:R * 100%:R) :> R.
  by rewrite !addr_ge0 ?divr_ge0 ?mulr_ge0 ?ler0n ?ler01.
have w1 : 0 <= 7%:R * (15%:R / 32%:R) :> R by rewrite mulr_ge0 ?divr_ge0 ?ler0n.
have w2 : 0 <= 5%:R * (24%:R / 50%:R) :> R by rewrite mulr_ge0 ?divr_ge0 ?ler0n.
have w3 : 0 <= 3%:R * (80%:R / 162%:R) :> R by rewrite mulr_ge0 ?divr_ge0 ?ler0n.
apply: (le_cert (addr_ge0 (addr_ge0 (addr_ge0 (mulr_ge0 w1 u1) (mulr_ge0 w2 u2)) (mulr_ge0 w3 u3)) K)).
by field.
Qed.
End Ln2.
