(* How many queries are made. Claim softmax-sampler-tv: at most 2 N + 1 of the weak     *)
(* oracle in a draw. Claim span-mode-exact: 2 n + 2 T_exp rewards after n acceptances.   *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process gibbs ridge spanner_coverage spanner_rule.
From Spanner Require Import softmax_sampler span_run.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section WeakQueries.
Variables (R : realType) (Y : finType) (piref f : Y -> R) (beta M : R) (N : nat).

(* the joint law of the response of n more trials and of the draws that they make; the  *)
(* first coordinate alone is that of trials                                              *)
Fixpoint counted_trials (zh : R) n (z : Y * nat) : R := if n is n'.+1
  then \sum_y piref y * (accept f beta M zh y * (z == (y, 1%N))%:R
    + (1 - accept f beta M zh y) * (0 < z.2)%N%:R * counted_trials zh n' (z.1, z.2.-1))
  else piref z.1 * (z.2 == 1%N)%:R.
(* with the N draws of the estimate before them *)
Definition counted_sampler (z : Y * nat) : R := \sum_(t : N.-tuple Y)
  seqp (iid piref) t * ((N <= z.2)%N%:R * counted_trials (zhat f beta N t) N (z.1, z.2 - N)%N).

Lemma counted_trials_most zh n y k : (n.+1 < k)%N -> counted_trials zh n (y, k) = 0.
Proof.
elim: n y k => [|n IH] y k /=; first by case: k => [//|[//|k]] _; rewrite mulr0.
case: k => // k nk; apply: big1 => y' _; rewrite IH// mulr0 addr0.
have /negPf -> : (y, k.+1) != (y', 1%N) by apply/eqP => -[_ e]; rewrite e in nk.
by rewrite !mulr0.
Qed.

Lemma counted_trials_fst zh n y :
  \sum_(k < n.+2) counted_trials zh n (y, k : nat) = trials piref f beta M zh n y.
Proof.
elim: n y => [|n IH] y; first by rewrite !big_ord_recl big_ord0 /= mulr0 mulr1 add0r addr0.
rewrite big_ord_recl /= [X in X + _]big1 => [|y' _]; last first.
  have /negPf -> : (y, 0%N) != (y', 1%N) by apply/eqP => -[].
  by rewrite !mulr0 mul0r addr0 mulr0.
rewrite add0r exchange_big; apply: eq_bigr => y' _ /=.
under eq_bigr do rewrite mulr1.
rewrite -mulr_sumr big_split /= -!mulr_sumr IH; congr (_ * (_ * _ + _)).
rewrite big_ord_recl big1 /= => [|i _]; last first.
  by have /negPf -> : (y, (bump 0 (bump 0 i))) != (y', 1%N) by apply/eqP => -[].
by rewrite addr0 xpair_eqE andbT eq_sym.
Qed.

(* at most 2 N + 1 draws, whatever comes out *)
Theorem sampler_queries y k : ((2 * N).+1 < k)%N -> counted_sampler (y, k) = 0.
Proof.
move=> hk; apply: big1 => t _; rewrite counted_trials_most ?mulr0//=.
rewrite ltn_subRL (_ : (N + N.+1 = (2 * N).+1)%N)//; by rewrite addnS addnn mul2n.
Qed.

(* and the response is that of the sampler *)
Theorem sampler_queries_law y :
  \sum_(k < (2 * N).+2) counted_sampler (y, k : nat) = sampler piref f beta M N y.
Proof.
rewrite exchange_big; apply: eq_bigr => t _ /=; rewrite -mulr_sumr; congr (_ * _).
rewrite -counted_trials_fst.
have -> : (2 * N).+2 = (N + N.+2)%N by rewrite mul2n -addnn !addnS.
rewrite big_split_ord /= [X in X + _]big1 => [|i _]; last by rewrite leqNgt ltn_ord mul0r.
by rewrite add0r; apply: eq_bigr => i _; rewrite leq_addr mul1r addKn.
Qed.

End WeakQueries.

Section Rewards.
Variables (R : realType) (d k : nat) (X Y : finType) (phi : X -> Y -> 'rV[R]_d).
Variables (D : 'M[R]_(k, d)) (npair : nat).
Hypothesis diffs : forall x y y', (phi x y - phi x y' <= D)%MS.

(* phase 1 with the responses whose rewards it asks for (line 7)                        *)
Definition asking_step (q : seq 'rV[R]_d * seq (X * Y)) (a : X * npair.-tuple [finType of Y * Y]) :=
  if [seq z <- a.2 | off_span phi q.1 a.1 z] is z :: _
  then (rcons q.1 (phi a.1 z.1 - phi a.1 z.2), q.2 ++ [:: (a.1, z.1); (a.1, z.2)]) else q.
(* a round of phase 2 asks for those of its two responses (line 14)                     *)
Definition asking_round (q : seq (X * Y)) (b : X * (Y * Y)) := q ++ [:: (b.1, b.2.1); (b.1, b.2.2)].

(* T_data = 2 n + 2 T_exp after n <= rank acceptances, in every run                     *)
Theorem span_mode_rewards (l : seq (X * npair.-tuple [finType of Y * Y])) (l2 : seq (X * (Y * Y))) :
  let run := foldl asking_step ([::], [::]) l in
  [/\ run.1 = foldl (span_step phi (npair:=npair)) [::] l, (size run.1 <= \rank D)%N
    & size (foldl asking_round run.2 l2) = (2 * size run.1 + 2 * size l2)%N].
Proof.
move=> run; have run1 : run.1 = foldl (span_step phi (npair:=npair)) [::] l.
  rewrite /run -[[::] in RHS]/(([::], [::]) : seq 'rV[R]_d * seq (X * Y)).1.
  elim: l ([::], [::]) {run} => //= a l IH q; rewrite IH; congr foldl.
  by rewrite /asking_step /span_step; case: filter.
have asked1 : size run.2 = (2 * size run.1)%N.
  rewrite /run; have : size (@nil (X * Y)) = (2 * size (@nil 'rV[R]_d))%N by [].
  elim: l [::] [::] {run run1} => //= a l IH s q e.
  rewrite /asking_step /=; case: filter => [|z l']; first exact: IH.
  by apply: IH; rewrite size_cat size_rcons e mulnS addnC.
split=> //; first by rewrite run1 -(span_size phi [::]); exact: span_acceptances.
rewrite -asked1; elim: l2 (run.2) => [|b l2 IH] q /=; first by rewrite addn0.
by rewrite IH size_cat /= mulnS addnA.
Qed.

End Rewards.
