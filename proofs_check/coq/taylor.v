(* exp and its Taylor sums: at v >= 0 the remainder after n terms is between the next  *)
(* term and that times exp v. No claim of its own.                                     *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import boolp functions reals topology normedtype derive sequences exp ring.
From Spanner Require Import exp_facts.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Def Num.Theory numFieldNormedType.Exports.
Local Open Scope ring_scope.

Section Taylor.
Variable R : realType.
Implicit Types v : R.

Definition power (n : nat) v : R := (n`!%:R)^-1 * v ^+ n.
Definition taylor (n : nat) v : R := \sum_(k < n) power k v.

Lemma power0 n : power n 0 = (n == 0%N)%:R.
Proof. by rewrite /power expr0n; case: n => [|n]; rewrite ?mulr0// fact0 invr1 mulr1. Qed.

Lemma taylorS n v : taylor n.+1 v = taylor n v + power n v.
Proof. exact: big_ord_recr. Qed.

Lemma taylor0 n : taylor n.+1 0 = 1.
Proof. by rewrite /taylor big_ord_recl power0 big1 ?addr0// => k _; rewrite power0. Qed.

Lemma power_ge0 n v : 0 <= v -> 0 <= power n v.
Proof. by move=> v0; rewrite mulr_ge0 ?exprn_ge0// invr_ge0 ler0n. Qed.

Lemma powerS n v : power n.+1 v = power n v * v / n.+1%:R.
Proof.
have a0 : n.+1%:R != 0 :> R by rewrite pnatr_eq0.
have b0 : n`!%:R != 0 :> R by rewrite pnatr_eq0 -lt0n fact_gt0.
rewrite /power factS natrM exprS; move: (v ^+ n) (_.+1%:R) (_`!%:R) a0 b0 => w a b a0 b0; by field; rewrite a0 b0.
Qed.

Lemma is_derive_power n v : is_derive v 1 (@power n.+1) (power n v).
Proof.
have a0 : n.+1%:R != 0 :> R by rewrite pnatr_eq0.
have b0 : n`!%:R != 0 :> R by rewrite pnatr_eq0 -lt0n fact_gt0.
have -> : @power n.+1 = (n.+1`!%:R)^-1 \*: ((id : R -> R) ^+ n.+1).
  by apply: funext => w; rewrite /power /GRing.scale /= exprfctE.
apply: is_derive_eq; rewrite /power /GRing.scale /= factS natrM mulr1.
move: (v ^+ n) (_.+1%:R) (_`!%:R) a0 b0 => w a b a0 b0; by field; rewrite a0 b0.
Qed.

Lemma is_derive_taylor n v : is_derive v 1 (taylor n.+1) (taylor n v).
Proof.
elim: n => [|n IH].
  have -> : taylor 1 = cst 1 by apply: funext => w; rewrite taylorS {1}/taylor big_ord0 add0r /power fact0 invr1 mulr1.
  by apply: is_derive_eq; rewrite /taylor big_ord0.
have -> : taylor n.+2 = taylor n.+1 + @power n.+1 by apply: funext => w; rewrite taylorS.
move: (is_derive_power n v) => d; by apply: is_derive_eq; rewrite -taylorS.
Qed.

Lemma taylor_le n v : 0 <= v -> taylor n v <= expR v.
Proof.
elim: n v => [|n IH] v v0; first by rewrite /taylor big_ord0 ltW// expR_gt0.
pose f (w : R) := @expR R w - taylor n.+1 w.
suff : f 0 <= f v by rewrite /f expR0 taylor0 subrr subr_ge0.
apply: (@ge_of_derive R f (fun w => @expR R w - taylor n w)) => [w|w w0 _|//]; last by rewrite subr_ge0 IH.
exact: (is_deriveB (is_derive_expR w) (is_derive_taylor n w)).
Qed.

Lemma taylor_ge n v : 0 <= v -> expR v <= taylor n v + power n v * expR v.
Proof.
elim: n v => [|n IH] v v0; first by rewrite /taylor big_ord0 add0r /power fact0 invr1 !mul1r.
pose f (w : R) := taylor n.+1 w + power n.+1 w * @expR R w - expR w.
pose f' (w : R) := taylor n w + power n w * @expR R w - expR w + power n.+1 w * expR w.
suff : f 0 <= f v by rewrite /f expR0 taylor0 power0 mul0r addr0 subrr subr_ge0.
apply: (@ge_of_derive R f f') => [w|w w0 _|//]; last first.
  rewrite /f'; apply: addr_ge0; first by rewrite subr_ge0 IH.
  by rewrite mulr_ge0 ?power_ge0// ltW// expR_gt0.
move: (is_derive_taylor n w) (is_derive_power n w) => d p.
have -> : f = taylor n.+1 + @power n.+1 * @expR R - @expR R by [].
apply: is_derive_eq; rewrite /f' /GRing.scale /=.
move: (taylor n w) (power n w) (power n.+1 w) (expR w) => a b c e; by ring.
Qed.
End Taylor.
