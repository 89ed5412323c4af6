(* Non-vacuity: every hypothesis is met on concrete data over Coq's own reals. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct reals sequences exp.
From Spanner Require Import dist gibbs process token_coverage rejection potential needle.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.
Notation RR := real_realType.

Definition coin (b : bool) : RR := 2%:R^-1.
Lemma coin_dist : is_dist coin. 
Proof.
split=> [b|]; first by rewrite invr_ge0 ler0n.
by rewrite big_bool /= [RHS]splitr mul1r.
Qed.
Lemma coin_gt0 : full_support coin. Proof. by move=> b; rewrite invr_gt0 ltr0n. Qed.
Definition rew (b : bool) : RR := b%:R.

(* a fair coin, reward 1 for true, beta = 1: the optimal value is ln ((1 + e) / 2) *)
Theorem J_coin : J coin rew 1 (pistar coin rew 1) = ln ((1 + expR 1) / 2%:R).
Proof.
rewrite J_pistar ?mul1r; [|exact: coin_dist|exact: coin_gt0|exact: ltr01].
congr ln; rewrite /Z big_bool /= /rew /coin /= !divr1 mulr1n expR0.
by rewrite -mulrDr mulrC addrC.
Qed.

(* rejection sampling of the point mass at true from a fair coin: M = 2 *)
Definition point (b : bool) : RR := b%:R.
Lemma point_dist : is_dist point.
Proof. by split=> [b|]; [exact: ler0n|rewrite big_bool /= addr0]. Qed.
Theorem accept_coin : \sum_(z | z.2) trial coin point 2%:R z = 2%:R^-1.
Proof.
apply: accept_prob; [exact: coin_dist|exact: coin_gt0| |].
  by split=> [b|]; [exact: ler0n|rewrite big_bool /= addr0].
by case; rewrite /point /coin invrK ?mul1r ?mul0r ?ler0n.
Qed.

(* d = 1, lam = 1, every vector 1: the i-th bonus is 1/(i+1), so with nu = 1/2 *)
(* four vectors are accepted and the size bound applies to them                *)
Definition ones (_ : nat) : 'rV[RR]_1 := 1%:M.

Lemma bonus_ones i : bonus2 1 ones i = i.+1%:R^-1.
Proof.
have S : Sigma 1 ones i = (i.+1%:R)%:M.
  rewrite /Sigma; under eq_bigr do rewrite /ones trmx1 mul1mx.
  rewrite sumr_const card_ord; apply/matrixP => x y.
  by rewrite !ord1 !mxE mulmxnE mxE eqxx !mulr1n -mulrS.
by rewrite /bonus2 S invmx_scalar /quad mul1mx trmx1 mulmx1 mxE eqxx mulr1n.
Qed.

Theorem spanner_1d :
  (1 + (2%:R^-1 : RR) ^+ 2) ^+ 4 <= (1 + 4%:R * 4%:R / (1 * 1%:R)) ^+ 1.
Proof.
apply: (@spanner_size_alg _ 1 1 ones); rewrite ?ltr01// => i i4.
  by rewrite /norm2 mul1mx trmx1 mxE mulr1n ler1n.
rewrite bonus_ones exprVn -natrX lef_pinv ?posrE ?ltr0n// ler_nat.
by [].
Qed.
