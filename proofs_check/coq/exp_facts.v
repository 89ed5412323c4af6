(* Real-variable inequalities for exp and ln used everywhere: tangent and chord *)
(* bounds on the whole line, and the two scalar facts behind gap-oscillation    *)
(* (Hoeffding's lemma) and gap-quadratic. No claim of its own.                  *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint interval.
From mathcomp Require Import mathcomp_extra boolp classical_sets functions.
From mathcomp Require Import reals topology normedtype derive sequences exp ring.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Def Num.Theory numFieldNormedType.Exports.
Local Open Scope ring_scope.

(* linear arithmetic by certificate: b - a = c >= 0, the equality left to ring *)
Lemma le_cert (R : numDomainType) (c a b : R) : 0 <= c -> b - a = c -> a <= b.
Proof. by move=> c0 E; rewrite -subr_ge0 E. Qed.

(* ring and field do not accept exp and ln terms: make them variables first *)
Ltac atoms := repeat match goal with
  | |- context [@expR ?T ?x] => move: (@expR T x) => ?
  | |- context [@ln ?T ?x] => move: (@ln T x) => ? end.
Ltac ering := atoms; ring.
Ltac efield := atoms; field.

Section ExpFacts.
Variable R : realType.
Implicit Types x t u v a b : R.

Lemma expR_gt1Dx_neg x : x < 0 -> 1 + x < expR x.
Proof.
move=> x0.
have [|c /itvP cI E] := @MVT R expR expR x 0 x0.
  by apply/continuous_subspaceT => y; exact: continuous_expR.
have c1 : expR c < 1 by rewrite expR_lt1 cI.
have -> : expR x = 1 + expR c * x.
  by rewrite -[LHS](subKr (expR 0)) E expR0 sub0r mulrN opprK.
by rewrite ltr_add2l -[ltLHS]mul1r ltr_nmul2r.
Qed.

Lemma expR_ge1Dx_all x : 1 + x <= expR x.
Proof. by have [x0|/expR_gt1Dx_neg/ltW//] := lerP 0 x; exact: expR_ge1Dx. Qed.

Lemma expR_gt1Dx_neq0 x : x != 0 -> 1 + x < expR x.
Proof.
have [/expR_gt1Dx_neg//|x0 _|//] := ltgtP x 0.
(* square the inequality at x/2 *)
have h0 : 0 < x / 2%:R by rewrite divr_gt0// ltr0n.
rewrite [x in expR x](splitr x) expRD.
apply: (@lt_le_trans _ _ ((1 + x / 2%:R) * (1 + x / 2%:R))).
  rewrite mulrDl !mulrDr !mul1r mulr1 -addrA ltr_add2l addrA -splitr.
  by rewrite ltr_addl mulr_gt0.
by apply: ler_pmul; rewrite ?addr_ge0 ?ler01 ?expR_ge1Dx_all ?(ltW h0).
Qed.

Lemma ln_le_sub1 t : 0 < t -> ln t <= t - 1.
Proof.
by move=> t0; rewrite ler_subr_addl -[leRHS](@lnK _ t) ?expR_ge1Dx_all.
Qed.

Lemma ln_lt_sub1 t : 0 < t -> t != 1 -> ln t < t - 1.
Proof.
move=> t0 t1; rewrite ltr_subr_addl -[ltRHS](@lnK _ t)// expR_gt1Dx_neq0//.
by apply: contraNneq t1 => l0; rewrite -[t](@lnK _ t)// l0 expR0.
Qed.

(* convexity: exp is below its chords *)
Lemma expR_chord a b t : 0 <= t -> t <= 1 ->
  expR (a * (1 - t) + b * t) <= expR a * (1 - t) + expR b * t.
Proof.
move=> t0 t1; set m := a * (1 - t) + b * t.
have tang z : expR m * (1 + (z - m)) <= expR z.
  by rewrite mulrC -{2}[z](subrK m) (expRD (z - m)) ler_pmul2r ?expR_gt0// expR_ge1Dx_all.
have -> : expR m = expR m * (1 + (a - m)) * (1 - t) + expR m * (1 + (b - m)) * t.
  by rewrite /m; ring.
by apply: ler_add; apply: ler_wpmul2r; rewrite ?subr_ge0.
Qed.

(* a function with a non-negative derivative on [0, x] does not decrease there *)
Lemma ge_of_derive (f f' : R -> R) x : (forall y, is_derive y 1 f (f' y)) ->
  (forall y, 0 <= y -> y <= x -> 0 <= f' y) -> 0 <= x -> f 0 <= f x.
Proof.
move=> df f'0; rewrite le_eqVlt => /orP[/eqP<-//|x0].
have cf : continuous f.
  move=> y; apply: differentiable_continuous.
  by apply/derivable1_diffP; have [] := df y.
have [|c /itvP cI E] := MVT x0 (fun y _ => df y).
  exact/continuous_subspaceT.
rewrite -subr_ge0 E subr0; apply: mulr_ge0; last exact: ltW.
by apply: f'0; rewrite ?cI// ltW ?cI.
Qed.

Lemma expR_le_quad_neg u : u <= 0 -> expR u <= 1 + u + u ^+ 2 / 2%:R.
Proof.
move=> u0; pose f (v : R) := 1 - v + v ^+ 2 / 2%:R - @expR R (- v).
pose f' (v : R) := - 1 + v + @expR R (- v).
have H : f 0 <= f (- u).
  apply: (@ge_of_derive f f'); last by rewrite oppr_ge0.
    move=> y; apply: is_derive_eq; rewrite /f' /GRing.scale /=; move: (expR _) => e; by field.
  by move=> y _ _; have := expR_ge1Dx_all (- y); rewrite -subr_ge0 => h; apply: (le_cert h); rewrite /f'; ering.
move: H; rewrite -subr_ge0 /f !oppr0 opprK expR0 => H; apply: (le_cert H).
by efield.
Qed.

End ExpFacts.
