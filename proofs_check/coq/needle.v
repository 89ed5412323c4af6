(* Finding a needle by draws, or by guesses: the two halves of the coverage    *)
(* lower bound, FMR25 Thm 2.1. Claims uncovered-mass, needle-minimax.          *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* An adaptive algorithm plus its sampling oracle is a kernel K: after history *)
(* s the next observation has law K s. The needle is a set of observations.    *)
Section Draws.
Variables (R : realType) (A : finType) (K : seq A -> A -> R) (needle : pred A) (p : R).
Hypothesis K_dist : is_kernel K.
Implicit Types s : seq A.

Definition mass s := \sum_(a | needle a) K s a.

Lemma mass_predC s : \sum_(a | ~~ needle a) K s a = 1 - mass s.
Proof. by rewrite -(K_dist s).2 [in RHS](bigID needle) /= addrC addKr. Qed.

(* probability of not having seen the needle: recursion on the first draw *)
Lemma miss_rec s N : Pr K s N.+1 (predC (has needle)) =
  \sum_(a | ~~ needle a) K s a * Pr K (rcons s a) N (predC (has needle)).
Proof.
rewrite PrS [in RHS]big_mkcond; apply: eq_bigr => a _ /=.
case: ifP => [na|/negbFE na]; last by rewrite /Pr big_pred0 ?mulr0// => t; rewrite /= na.
by congr (_ * _); apply: eq_bigl => t; rewrite /= (negPf na).
Qed.

Theorem see_prob_eq s N : (forall s, mass s = p) ->
  Pr K s N (has needle) = 1 - (1 - p) ^+ N.
Proof.
move=> mp; suff miss : Pr K s N (predC (has needle)) = (1 - p) ^+ N.
  by rewrite -miss Pr_predC// subKr.
elim: N s => [|N IH] s; first by rewrite Pr0.
rewrite miss_rec; under eq_bigr do rewrite IH.
by rewrite -mulr_suml mass_predC mp exprS.
Qed.

Theorem see_prob_le s N : p <= 1 -> (forall s, mass s <= p) ->
  Pr K s N (has needle) <= 1 - (1 - p) ^+ N.
Proof.
move=> p1 mp; suff miss : (1 - p) ^+ N <= Pr K s N (predC (has needle)).
  by rewrite -[leLHS](subKr 1) -Pr_predC// ler_add2l ler_opp2.
elim: N s => [|N IH] s; first by rewrite Pr0.
rewrite miss_rec exprS.
apply: (@le_trans _ _ (\sum_(a | ~~ needle a) K s a * (1 - p) ^+ N)); last first.
  by apply: ler_sum => a _; apply: ler_wpmul2l => //; exact: (K_dist s).1.
rewrite -mulr_suml mass_predC; apply: ler_wpmul2r; first by rewrite exprn_ge0 ?subr_ge0.
by rewrite ler_add2l ler_opp2.
Qed.

(* union bound *)
Theorem see_prob_union s N : (forall s, mass s <= p) ->
  Pr K s N (has needle) <= N%:R * p.
Proof.
move=> mp; elim: N s => [|N IH] s; first by rewrite Pr0 mul0r.
rewrite PrS mulrSr mulrDl mul1r addrC.
have p0 : 0 <= p by apply: le_trans (mp s); apply: sumr_ge0 => a _; exact: (K_dist s).1.
apply: (@le_trans _ _ (\sum_a ((if needle a then K s a else 0) + K s a * (N%:R * p)))).
  apply: ler_sum => a _; have Ka := (K_dist s).1 a; case: ifP => na.
    apply: ler_paddr; first by rewrite !mulr_ge0 ?ler0n.
    rewrite -[leRHS]mulr1 ler_wpmul2l// -(seqp_from_sum1 K_dist N (rcons s a)).
    rewrite /Pr [leRHS](bigID (fun t : N.-tuple A => has needle (a :: t))) /=.
    by rewrite ler_addl sumr_ge0// => t _; exact: seqp_ge0.
  rewrite add0r ler_wpmul2l//; apply: le_trans (IH (rcons s a)).
  by rewrite le_eqVlt; apply/orP; left; apply/eqP/eq_bigl => t; rewrite /= na.
by rewrite big_split /= -mulr_suml (K_dist s).2 mul1r -big_mkcond ler_add2r; exact: mp.
Qed.

End Draws.

(* uncovered-mass: under laws of coverage at most C, the mass of the uncovered pairs   *)
(* is at most C times (one coordinate), or C^2 times (both), that under piref x piref  *)
Section UncoveredMass.
Variables (R : realType) (Y : finType) (piref pi : Y -> R) (C : R) (U : pred (Y * Y)).
Hypothesis piref_ge0 : forall y, 0 <= piref y.
Hypothesis pi_ge0 : forall y, 0 <= pi y.
Hypothesis cov_le : forall y, pi y <= C * piref y.

Definition pair_mass (p q : Y -> R) := \sum_(z | U z) p z.1 * q z.2.

Theorem uncovered_mass_one : pair_mass pi piref <= C * pair_mass piref piref.
Proof.
by rewrite /pair_mass mulr_sumr; apply: ler_sum => z _; rewrite mulrA ler_wpmul2r.
Qed.

Theorem uncovered_mass_both : pair_mass pi pi <= C ^+ 2 * pair_mass piref piref.
Proof.
rewrite /pair_mass mulr_sumr; apply: ler_sum => z _.
have -> : C ^+ 2 * (piref z.1 * piref z.2) = (C * piref z.1) * (C * piref z.2) by ring.
exact: ler_pmul.
Qed.

(* the draws: a mass above log(1/delta)/N is missed N times with probability < delta  *)
Theorem uncovered_mass_draws (u delta : R) (N : nat) : (0 < N)%N -> 0 < delta -> u <= 1 ->
  ln (1 / delta) / N%:R < u -> (1 - u) ^+ N < delta.
Proof.
move=> N0 d0 u1; rewrite ltr_pdivr_mulr ?ltr0n// => h.
have -> : delta = expR (- ln (1 / delta)).
  by rewrite div1r lnV ?posrE// opprK lnK ?posrE.
apply: le_lt_trans (_ : expR (- (u * N%:R)) < _); last by rewrite ltr_expR ltr_opp2.
have -> : expR (- (u * N%:R)) = expR (- u) ^+ N by rewrite -mulNr mulrC expRMm.
by rewrite ler_expn2r ?nnegrE ?subr_ge0 ?(ltW (expR_gt0 _))// expR_ge1Dx_all.
Qed.

End UncoveredMass.

(* Guessing a hidden index j among k symmetric candidates with m equality tests. *)
Section Guess.
Variable k : nat.

(* deterministic adaptive strategy: next query / final guess from past answers *)
Record strategy := Strategy { query : seq bool -> 'I_k; guess : seq bool -> 'I_k }.

Fixpoint answers (a : strategy) (j : 'I_k) m : seq bool :=
  if m is m'.+1 then let h := answers a j m' in rcons h (query a h == j) else [::].

Definition success a m j := guess a (answers a j m) == j.

Lemma answers_miss a j m : (forall i, (i < m)%N -> query a (nseq i false) != j) ->
  answers a j m = nseq m false.
Proof.
elim: m => //= m IH H; rewrite IH => [|i im]; last by rewrite H// ltnW.
by rewrite (negPf (H m _))// -cats1 -[[:: false]]/(nseq 1 false) -nseqD addn1.
Qed.

Theorem guess_count a m : (#|success a m| <= m.+1)%N.
Proof.
pose L := guess a (nseq m false) :: [seq query a (nseq i false) | i <- iota 0 m].
have -> : m.+1 = size L by rewrite /= size_map size_iota.
apply: leq_trans (card_size L); apply/subset_leq_card/subsetP => j.
rewrite in_cons; have [qj _|nq] := boolP (j \in [seq query a (nseq i false) | i <- iota 0 m]).
  by rewrite orbT.
rewrite -topredE /= /success answers_miss => [/eqP->|i im]; first by rewrite eqxx.
by apply: contraNneq nq => <-; apply/map_f; rewrite mem_iota.
Qed.

Variable R : realType.

(* randomised strategies: a finite seed Omega with law mu picks the strategy *)
Definition success_prob (Omega : finType) (mu : Omega -> R) (a : Omega -> strategy) m j :=
  \sum_w mu w * (success (a w) m j)%:R.

(* average over a uniformly random hidden index *)
Theorem guess_prob (Omega : finType) (mu : Omega -> R) (a : Omega -> strategy) m :
  is_dist mu -> (0 < k)%N ->
  (\sum_j success_prob mu a m j) / k%:R <= m.+1%:R / k%:R.
Proof.
move=> [mu0 mu1] k0; rewrite ler_pmul2r ?invr_gt0 ?ltr0n// exchange_big /=.
rewrite -[leRHS]mul1r -[X in _ <= X * _]mu1 mulr_suml; apply: ler_sum => w _.
rewrite -mulr_sumr; apply: ler_wpmul2l => //.
by rewrite -natr_sum -big_mkcond /= sum1_card ler_nat guess_count.
Qed.

(* hence some hidden index defeats the strategy *)
Corollary guess_worst_case (Omega : finType) (mu : Omega -> R) (a : Omega -> strategy) m :
  is_dist mu -> (0 < k)%N -> exists j, success_prob mu a m j <= m.+1%:R / k%:R.
Proof.
move=> dmu k0.
case: (@arg_minP _ _ _ (Ordinal k0) xpredT (success_prob mu a m) isT) => j _ jmin.
exists j; apply: le_trans (guess_prob a m dmu k0).
rewrite ler_pdivl_mulr ?ltr0n// mulr_natr -[k in leLHS]card_ord -sumr_const.
by apply: ler_sum => i _; exact: jmin.
Qed.

End Guess.
