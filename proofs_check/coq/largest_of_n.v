(* What powers have to do with order statistics: (u^n - d^n) / (u - d), and the entropy of the largest of n *)
(* uniform draws. For best_of_n.v.                                                                          *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint interval.
From mathcomp Require Import boolp classical_sets functions reals topology normedtype derive sequences exp ring.
From Spanner Require Import exp_facts.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory numFieldNormedType.Exports.
Local Open Scope ring_scope.

(* (u^n - d^n) / (u - d), also where u = d *)
Section Share.
Variable R : realType.
Implicit Types d u t : R.
Definition share n d u : R := \sum_(i < n) u ^+ (n.-1 - i) * d ^+ i.

Lemma shareS n d u : share n.+1 d u = u ^+ n + d * share n d u.
Proof.
rewrite /share big_ord_recl subn0 expr0 mulr1 mulr_sumr; congr (_ + _); apply: eq_bigr => i _.
by rewrite exprS mulrCA lift0 subnS predn_sub.
Qed.

Lemma shareE n d u : (u - d) * share n d u = u ^+ n - d ^+ n.
Proof. by rewrite subrXX. Qed.

Lemma share_gt0 n d u : 0 <= d -> 0 < u -> 0 < share n.+1 d u.
Proof.
move=> d0 u0; rewrite shareS ltr_paddr ?exprn_gt0// mulr_ge0// sumr_ge0// => i _.
by rewrite mulr_ge0 ?exprn_ge0// ltW.
Qed.

(* n = 1, or each of the n terms is at most 1 and the last is below 1 *)
Lemma share_le n d u : 0 <= d -> d < 1 -> 0 <= u <= 1 ->
  share n.+1 d u <= n.+1%:R ?= iff (n == 0)%N.
Proof.
move=> d0 d1 /andP[u0 u1]; have -> : n.+1%:R = \sum_(i < n.+1) 1 :> R.
  by rewrite sumr_const card_ord.
have le (i : 'I_n.+1) : u ^+ (n - i) * d ^+ i <= 1.
  by rewrite mulr_ile1 ?exprn_ge0// exprn_ile1// ltW.
case: n le => [|n] le; first by rewrite shareS /share !big_ord0 big_ord_recl big_ord0 mulr0; exact/leif_refl.
apply/leifP; rewrite /share [X in X < _]big_ord_recr [X in _ < X]big_ord_recr /=.
apply: ler_lt_add; first by apply: ler_sum => i _; exact: le (widen_ord _ i).
by rewrite subnn mul1r exprn_ilt1.
Qed.

(* both ends move up *)
Lemma share_lt n d u d' u' : 0 <= d -> d <= d' -> 0 <= u -> u < u' -> share n.+2 d u < share n.+2 d' u'.
Proof.
move=> d0 dd u0 uu; have u'0 := le_trans u0 (ltW uu); have d'0 := le_trans d0 dd.
rewrite /share [X in X < _]big_ord_recl [X in _ < X]big_ord_recl /= !expr0 !mulr1 subn0 ltr_le_add//.
  by rewrite ltr_expn2r.
by apply: ler_sum => i _; rewrite ler_pmul ?exprn_ge0// ler_expn2r// ltW.
Qed.
End Share.

(* entropy n is a primitive of g(n t^(n-1)), g x = x ln x: by convexity it grows by at least the width *)
(* times g at the mean                                                                                *)
Section Entropy.
Variable R : realType.
Implicit Types a b t s : R.
Local Notation xlnx x := (x * ln x).
Definition entropy n t : R := t ^+ n * (ln n%:R - n.-1%:R / n%:R) + n.-1%:R * (t ^+ n * ln t).

Lemma entropy_tangent n a b s : 0 < a -> a <= b -> 0 < s ->
  (b ^+ n.+1 - a ^+ n.+1) * (1 + ln s) - s * (b - a) <= entropy n.+1 b - entropy n.+1 a.
Proof.
move=> a0 ab s0; pose e : R := ln n.+1%:R - n%:R / n.+1%:R.
pose f t : R := t ^+ n.+1 * (e - (1 + ln s)) + n%:R * (t ^+ n.+1 * ln t) + s * t.
pose f' t : R := n.+1%:R * t ^+ n * (e - (1 + ln s)) + n%:R * (n.+1%:R * t ^+ n * ln t + t ^+ n) + s.
have df t : 0 < t -> is_derive t 1 f (f' t).
  move=> t0; have dl := is_derive1_ln t0.
  have -> : f = (e - (1 + ln s)) *: ((id : R -> R) ^+ n.+1) + n%:R *: ((id : R -> R) ^+ n.+1 * @ln R) + s *: id.
    by apply/funext => u; rewrite /f !fctE /GRing.scale /=; ring.
  apply: is_derive_eq; rewrite /f' /GRing.scale /= [X in X / t](_ : _ = t ^+ n * t); last by rewrite exprfctE exprSr.
  by rewrite mulfK ?lt0r_neq0// !mulr1; move: (t ^+ n) n%:R n.+1%:R (ln t) (e - _) => p m k l w; ring.
have cf : {within `[a, b]%classic, continuous f}.
  apply: continuous_in_subspaceT => t; rewrite inE => /= /itvP h.
  apply: differentiable_continuous; apply/derivable1_diffP.
  by have t0 : 0 < t; [rewrite (lt_le_trans a0)// h|have [] := df t t0].
have [|c /itvP h E] := @MVT_segment R f f' a b ab _ cf.
  by move=> t /itvP h; apply: df; rewrite (lt_trans a0)// h.
have c0 : 0 < c by rewrite (lt_le_trans a0)// h.
have q0 : 0 < n.+1%:R * c ^+ n by rewrite mulr_gt0 ?exprn_gt0// ltr0n.
have f'0 : 0 <= f' c.
  have := @ln_le_sub1 R (s / (n.+1%:R * c ^+ n)); rewrite divr_gt0// => /(_ isT).
  rewrite ln_div ?posrE// lnM ?posrE ?exprn_gt0 ?ltr0n// lnX// => h'; rewrite -subr_ge0 in h'.
  have {}h' := mulr_ge0 (ltW q0) h'; apply: (le_cert h'); rewrite subr0 /f' /e.
  have := lt0r_neq0 q0; rewrite mulf_eq0 negb_or pnatr_eq0 /= => pn.
  have nn : n%:R + 1 != 0 :> R by rewrite -mulrSr pnatr_eq0.
  rewrite mulrSr -[ln c *+ n]mulr_natr; atoms; move: (c ^+ n) n%:R pn nn => p m p0 m0; by field; rewrite p0 m0.
have := mulr_ge0 f'0 (_ : 0 <= b - a); rewrite -E subr_ge0 => /(_ ab) {}h.
by apply: (le_cert h); rewrite /f /entropy /= -/e; ering.
Qed.

Lemma entropy0 n : entropy n.+1 0 = 0.
Proof. by rewrite /entropy expr0n /= !mul0r mulr0 addr0. Qed.

Lemma entropy1 n : entropy n 1 = ln n%:R - n.-1%:R / n%:R.
Proof. by rewrite /entropy expr1n ln1 !mul1r mulr0 addr0. Qed.

Lemma ln_gt n : n.+1%:R / n.+2%:R < ln n.+2%:R :> R.
Proof.
have k0 : 0 < n.+2%:R :> R by rewrite ltr0n.
have := @ln_lt_sub1 R n.+2%:R^-1; rewrite invr_gt0 invr_eq1 pnatr_eq1 => /(_ k0 isT).
rewrite lnV ?posrE// ltr_oppl opprB => /le_lt_trans; apply; rewrite le_eqVlt; apply/orP; left; apply/eqP.
by have := lt0r_neq0 k0; rewrite (mulrSr _ n.+1); move: (n.+1%:R) => m k; field.
Qed.

Lemma entropy_low n b : 0 < b -> b * xlnx (share n.+2 0 b) < entropy n.+2 b - entropy n.+2 0.
Proof.
move=> b0; have sE : share n.+2 0 b = b ^+ n.+1.
  by apply: (mulfI (lt0r_neq0 b0)); have := shareE n.+2 0 b; rewrite subr0 expr0n subr0 -exprS.
rewrite entropy0 sE lnX// mulrA -exprS -mulr_natl subr0 /entropy ltr_spaddl//.
  by rewrite mulr_gt0 ?exprn_gt0// subr_gt0 ln_gt.
by rewrite mulrCA.
Qed.

Lemma entropy_mean n a b : 0 <= a -> a < b ->
  (b - a) * xlnx (share n.+1 a b) <= entropy n.+1 b - entropy n.+1 a.
Proof.
rewrite le_eqVlt => /orP[/eqP<- b0|a0].
  case: n => [|n]; last by rewrite subr0; exact/ltW/entropy_low.
  by rewrite shareS /share big_ord0 /entropy /= !(mul0r, mulr0, subr0, addr0, expr0, ln1).
move=> ab; set s := share _ _ _; have s0 : 0 < s by apply: share_gt0; [exact: ltW|exact: lt_trans ab].
apply: le_trans (entropy_tangent n a0 (ltW ab) s0); rewrite -shareE -/s le_eqVlt; apply/orP; left; apply/eqP.
by ering.
Qed.
End Entropy.
