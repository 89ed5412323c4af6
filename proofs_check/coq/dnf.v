(* The reduction from Max-k-DNF behind the training-time lower bound, FMR25      *)
(* Thm 4.1; the reduction and its constants are ours. Claims dnf-completeness,   *)
(* dnf-soundness (every real theta), dnf-exploration, dnf-decoding.              *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process gibbs.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Formula.
Variables (R : realType) (n m k : nat).
(* a literal is a variable and a sign (true for positive); the formula has m terms *)
(* of k literals each                                                              *)
Definition literal := ('I_n * bool)%type.
Variable term : 'I_m -> k.-tuple literal.
Implicit Types (a : 'I_n -> bool) (theta : 'I_n -> R).

Definition lit_sat a (l : literal) := a l.1 == l.2.
Definition sat a j := all (lit_sat a) (term j).
(* fraction of the terms that the assignment satisfies *)
Definition val a : R := (\sum_j (sat a j)%:R) / m%:R.
(* sgn 0 = +1 *)
Definition sgn theta : 'I_n -> bool := fun i => 0 <= theta i.
Definition vertex a : 'I_n -> R := fun i => if a i then 1 else -1.

Definition lit_val theta (l : literal) : R := if l.2 then theta l.1 else - theta l.1.
Definition score theta j : R := \sum_(l <- term j) lit_val theta l.

Variables (A L p : R).
Hypothesis A_gt1 : 1 < A.
Hypothesis L_gt0 : 0 < L.
Hypothesis p01 : 0 < p < 1.
Hypothesis pE : p = L / A ^+ k.

(* base law of a term's prompt, and the softmax policy's probability of answer 1:  *)
(* exp(<theta, phi(j,1)>/beta) = A^score                                           *)
Definition weight theta j : R := expR (score theta j * ln A).
Definition pi1 theta j : R := p * weight theta j / (1 - p + p * weight theta j).
Definition hi : R := L / (1 - p + L).
Definition lo : R := (L / A) / (1 - p + L / A).
Definition box theta := forall i, `|theta i| <= 1.

Local Lemma p0 : 0 < p. Proof. by case/andP: p01. Qed.
Local Lemma q0 : 0 < 1 - p. Proof. by case/andP: p01; rewrite subr_gt0. Qed.
Local Lemma A0 : 0 < A. Proof. exact: lt_trans ltr01 A_gt1. Qed.
Local Lemma lnA0 : 0 < ln A. Proof. exact: ln_gt0. Qed.

Definition odds_share (x : R) := x / (1 - p + x).

Lemma odds_share_le x y : 0 <= x -> x <= y -> odds_share x <= odds_share y.
Proof.
move=> x0 xy; have y0 := le_trans x0 xy.
have hx : 0 < 1 - p + x by rewrite ltr_paddr ?q0.
have hy : 0 < 1 - p + y by rewrite ltr_paddr ?q0.
rewrite /odds_share ler_pdivr_mulr// mulrAC ler_pdivl_mulr//.
have h : 0 <= (1 - p) * (y - x) by rewrite mulr_ge0 ?subr_ge0// -subr_ge0 ltW ?q0.
by apply: (le_cert h); ring.
Qed.

Lemma lit_val_le theta l : box theta -> lit_val theta l <= 1.
Proof.
move=> bx; have := bx l.1; rewrite ler_norml => /andP[h1 h2].
by rewrite /lit_val; case: ifP => // _; rewrite ler_oppl.
Qed.

Lemma lit_val_unsat theta l : ~~ lit_sat (sgn theta) l -> lit_val theta l <= 0.
Proof.
rewrite /lit_sat /sgn /lit_val; case: (l.2) => /=; case: (lerP 0 (theta l.1)) => //= h _.
  exact: ltW.
by rewrite oppr_le0.
Qed.

(* a literal that sgn theta leaves unsatisfied costs one *)
Lemma score_seq_le theta (s : seq literal) : box theta ->
  \sum_(l <- s) lit_val theta l <= (size s)%:R - (~~ all (lit_sat (sgn theta)) s)%:R.
Proof.
move=> bx; elim: s => [|l s IH]; first by rewrite big_nil /= subr0.
rewrite big_cons /= negb_and; have [sl|nl] := boolP (lit_sat (sgn theta) l) => /=.
  by apply: le_trans (ler_add (lit_val_le l bx) IH) _; rewrite addrA mulrS.
apply: le_trans (ler_add (lit_val_unsat nl) IH) _; rewrite add0r mulrSr addrK.
by rewrite ler_subl_addr ler_addl ler0n.
Qed.

Lemma score_le theta j : box theta -> score theta j <= k%:R.
Proof.
move=> bx; apply: le_trans (score_seq_le (term j) bx) _.
by rewrite size_tuple ler_subl_addr ler_addl ler0n.
Qed.

Lemma score_unsat theta j : box theta -> ~~ sat (sgn theta) j -> score theta j <= k%:R - 1.
Proof.
by move=> bx ns; apply: le_trans (score_seq_le (term j) bx) _; rewrite size_tuple ns.
Qed.

Lemma score_vertex a j : sat a j -> score (vertex a) j = k%:R.
Proof.
rewrite /sat /score -[in RHS](size_tuple (term j)); elim: (tval (term j)) => [|l s IH] /=.
  by rewrite big_nil.
case/andP => sl /IH {}IH; rewrite big_cons IH mulrS; congr (_ + _).
by move: sl; rewrite /lit_sat /lit_val /vertex => /eqP ->; case: (l.2); rewrite ?opprK.
Qed.

Lemma sgn_vertex a : sgn (vertex a) =1 a.
Proof. by move=> i; rewrite /sgn /vertex; case: (a i); rewrite ?ler01// oppr_ge0 ler10. Qed.

Lemma pweight theta j : p * weight theta j = L * expR ((score theta j - k%:R) * ln A).
Proof.
rewrite pE /weight mulrBl expRB expRMm lnK ?posrE ?A0//.
by rewrite mulrA mulrAC.
Qed.

Lemma weight_le theta j : box theta ->
  p * weight theta j <= if sat (sgn theta) j then L else L / A.
Proof.
move=> bx; rewrite pweight; case: ifP => [_|/negbT ns].
  rewrite -[leRHS]mulr1 ler_pmul2l// -[leRHS](@expR0 R) ler_expR pmulr_lle0 ?lnA0//.
  by rewrite subr_le0 score_le.
rewrite ler_pmul2l// -[X in _ <= X^-1](@lnK _ A) ?posrE ?A0// -expRN ler_expR.
rewrite -[leRHS]mulN1r ler_pmul2r ?lnA0// ler_subl_addl; apply: le_trans (score_unsat bx ns) _.
by rewrite addrC.
Qed.

Lemma pweight_ge0 theta j : 0 <= p * weight theta j.
Proof. by rewrite mulr_ge0 ?(ltW p0)// ltW// expR_gt0. Qed.

Lemma pi1_le theta j : box theta -> pi1 theta j <= if sat (sgn theta) j then hi else lo.
Proof.
move=> bx; rewrite -/(odds_share (p * weight theta j)).
have := odds_share_le (pweight_ge0 theta j) (weight_le j bx).
by case: ifP.
Qed.

Theorem dnf_completeness a j : sat a j -> pi1 (vertex a) j = hi.
Proof. by move=> sj; rewrite /pi1 pweight score_vertex// subrr mul0r expR0 mulr1. Qed.

Lemma hi_lt1 : 0 < hi < 1.
Proof.
have h : 0 < 1 - p + L by rewrite addr_gt0 ?q0.
by rewrite divr_gt0//= ltr_pdivr_mulr// mul1r ltr_addr q0.
Qed.

Lemma lo_bounds : 0 < lo /\ lo <= (L / A) / (1 - p).
Proof.
have l0 : 0 < L / A by rewrite divr_gt0 ?A0.
split; first by rewrite divr_gt0// addr_gt0 ?q0.
have h : 0 < 1 - p + L / A by rewrite addr_gt0 ?q0.
by rewrite ler_pmul2l// lef_pinv ?posrE ?q0// ler_addl ltW.
Qed.

Lemma lo_lt_hi : lo < hi.
Proof.
have l0 : 0 < L / A by rewrite divr_gt0 ?A0.
have la : L / A < L by rewrite ltr_pdivr_mulr ?A0// ltr_pmulr.
have h1 : 0 < 1 - p + L / A by rewrite addr_gt0 ?q0.
have h2 : 0 < 1 - p + L by rewrite addr_gt0 ?q0.
rewrite /lo /hi ltr_pdivr_mulr// mulrAC ltr_pdivl_mulr//.
rewrite -subr_gt0; have -> : L * (1 - p + L / A) - L / A * (1 - p + L) = (1 - p) * (L - L / A).
  by move: (L / A) => x; ring.
by rewrite mulr_gt0 ?q0 ?subr_gt0.
Qed.

Lemma val_bounds a : 0 <= val a <= 1.
Proof.
apply/andP; split.
  by apply: divr_ge0; rewrite ?ler0n// sumr_ge0// => j _; exact: ler0n.
have [mz|m0] := posnP m.
  have mz' : m%:R = 0 :> R by rewrite mz.
  by rewrite /val mz' invr0 mulr0 ler01.
rewrite ler_pdivr_mulr ?ltr0n// mul1r -[m in leRHS]card_ord -sumr_const.
by apply: ler_sum => j _; rewrite lern1 leq_b1.
Qed.

Theorem dnf_soundness theta : (0 < m)%N -> box theta ->
  (\sum_j pi1 theta j) / m%:R <= val (sgn theta) * hi + (1 - val (sgn theta)) * lo
  /\ val (sgn theta) * hi + (1 - val (sgn theta)) * lo <= val (sgn theta) + (L / A) / (1 - p).
Proof.
move=> m0 bx; have mR : 0 < m%:R :> R by rewrite ltr0n.
set w := val _; have /andP[w0 w1] : 0 <= w <= 1 := val_bounds _.
have /andP[_ h1] := hi_lt1; have [l0 l1] := lo_bounds; split.
  rewrite ler_pdivr_mulr//.
  have -> : (w * hi + (1 - w) * lo) * m%:R = w * m%:R * (hi - lo) + m%:R * lo by ring.
  rewrite /w /val mulfVK ?lt0r_neq0//.
  have -> : m%:R * lo = \sum_(j < m) lo by rewrite sumr_const card_ord mulr_natl.
  rewrite mulr_suml -big_split; apply: ler_sum => j _ /=.
  apply: le_trans (pi1_le j bx) _; case: (sat _ j); first by rewrite mul1r subrK.
  by rewrite mul0r add0r.
apply: ler_add; first by rewrite -[leRHS]mulr1 ler_wpmul2l// ltW.
apply: le_trans l1; rewrite -[leRHS]mul1r ler_wpmul2r ?(ltW l0)//.
by rewrite ler_subl_addr ler_addl.
Qed.

(* the coverage of every softmax policy of the family is at most A^k / L = 1/p *)
Theorem dnf_coverage theta j : pi1 theta j / p <= A ^+ k / L.
Proof.
have -> : A ^+ k / L = p^-1 by rewrite pE invf_div.
rewrite -[leRHS]mul1r ler_pmul2r ?invr_gt0 ?p0//.
have h : 0 < 1 - p + p * weight theta j by rewrite ltr_paddr ?q0 ?pweight_ge0.
by rewrite ler_pdivr_mulr// mul1r ler_addr ltW ?q0.
Qed.

(* ---- dnf-decoding ---- *)
Definition bern (x : R) (b : bool) : R := if b then x else 1 - x.
(* the term's prompt: base law, reward of theta, for regularisation beta *)
Definition term_reward beta theta j (b : bool) : R :=
  if b then beta * (score theta j * ln A) else 0.

Lemma bern_dist x : 0 < x -> x < 1 -> is_dist (bern x).
Proof.
move=> x0 x1; split; first by case; rewrite /bern ?ltW// subr_gt0.
by rewrite big_bool /= addrC subrK.
Qed.

Lemma bern_full x : 0 < x -> x < 1 -> full_support (bern x).
Proof. by move=> x0 x1; case; rewrite /bern ?subr_gt0. Qed.

Lemma pi1_01 theta j : 0 < pi1 theta j < 1.
Proof.
have w0 : 0 < p * weight theta j by rewrite mulr_gt0 ?p0 ?expR_gt0.
have h : 0 < 1 - p + p * weight theta j by rewrite addr_gt0 ?q0.
by rewrite divr_gt0//= ltr_pdivr_mulr// mul1r ltr_addr q0.
Qed.

Lemma pistar_bern beta theta j : 0 < beta ->
  pistar (bern p) (term_reward beta theta j) beta =1 bern (pi1 theta j).
Proof.
move=> b0; have zE : Z (bern p) (term_reward beta theta j) beta = 1 - p + p * weight theta j.
  rewrite /Z big_bool /= mul0r expR0 mulr1 addrC /weight; congr (_ + _ * expR _).
  by rewrite mulrAC divff ?mul1r// lt0r_neq0.
have h : 1 - p + p * weight theta j != 0.
  by rewrite lt0r_neq0// ltr_paddr ?q0 ?pweight_ge0.
move=> [] /=; rewrite /pistar zE /pi1 /=.
  by rewrite [beta * _ / beta]mulrAC divff ?mul1r ?lt0r_neq0.
rewrite mul0r expR0 mulr1; move: (p * weight _ _) h => x h; field; exact: h.
Qed.

Lemma KL_ext (Y : finType) (P P' Q Q' : Y -> R) : P =1 P' -> Q =1 Q' -> KL P Q = KL P' Q'.
Proof. by move=> e1 e2; apply: eq_bigr => y _; rewrite e1 e2. Qed.

(* the binary divergence falls as its first argument rises towards the second *)
Lemma kl_mono (x b a : R) : 0 < x -> x <= b -> b <= a -> a < 1 ->
  KL (bern b) (bern a) <= KL (bern x) (bern a).
Proof.
move=> x0 xb ba a1; have b0 := lt_le_trans x0 xb; have a0 := lt_le_trans b0 ba.
have b1 := le_lt_trans ba a1; have x1 := le_lt_trans xb b1.
have g : 0 <= KL (bern x) (bern b).
  by apply: Gibbs_ineq; [exact: bern_dist|exact: bern_dist|exact: bern_full].
have l1 : ln b <= ln a by rewrite ler_ln ?posrE.
have l2 : ln (1 - a) <= ln (1 - b) by rewrite ler_ln ?posrE ?subr_gt0// ler_add2l ler_opp2.
have h : 0 <= (b - x) * ((ln a - ln b) + (ln (1 - b) - ln (1 - a))).
  by rewrite mulr_ge0 ?subr_ge0// addr_ge0 ?subr_ge0.
apply: (le_cert (addr_ge0 g h)).
rewrite /KL !big_bool /= !ln_div ?posrE ?subr_gt0//; ering.
Qed.

Theorem dnf_decoding beta theta a : (0 < m)%N -> 0 < beta -> box theta ->
  beta * Num.max 0 (val a - val (sgn theta)) * KL (bern lo) (bern hi) <=
  (\sum_j (J (bern p) (term_reward beta (vertex a) j) beta (bern (pi1 (vertex a) j))
         - J (bern p) (term_reward beta (vertex a) j) beta (bern (pi1 theta j)))) / m%:R.
Proof.
move=> m0 b0 bx; have mR : 0 < m%:R :> R by rewrite ltr0n.
have [h0 h1] := andP hi_lt1; have [l0 _] := lo_bounds.
have hl := ltW lo_lt_hi; have lo1 := le_lt_trans hl h1.
pose kl := KL (bern lo) (bern hi).
have kl0 : 0 <= kl.
  by apply: Gibbs_ineq; [exact: bern_dist|exact: bern_dist|exact: bern_full].
have bp : is_dist (bern p) by case/andP: p01 => *; exact: bern_dist.
have bf : full_support (bern p) by case/andP: p01 => *; exact: bern_full.
pose gap j := J (bern p) (term_reward beta (vertex a) j) beta (bern (pi1 (vertex a) j))
         - J (bern p) (term_reward beta (vertex a) j) beta (bern (pi1 theta j)).
have gapE j : gap j = beta * KL (bern (pi1 theta j)) (bern (pi1 (vertex a) j)).
  have [t0 t1] := andP (pi1_01 theta j).
  rewrite /gap -(KL_ext (fun b => erefl (bern (pi1 theta j) b)) (pistar_bern (vertex a) j b0)).
  rewrite -(@gibbs_identity _ _ _ _ _ bp bf b0 _ (bern_dist t0 t1)); congr (_ - _).
  rewrite /J; congr (_ - _ * _); first by apply: eq_bigr => b _; rewrite pistar_bern.
  by apply: KL_ext => // b; rewrite pistar_bern.
have gap0 j : 0 <= gap j.
  have [t0 t1] := andP (pi1_01 theta j); have [v0 v1] := andP (pi1_01 (vertex a) j).
  rewrite gapE mulr_ge0 ?(ltW b0)//.
  by apply: Gibbs_ineq; [exact: bern_dist|exact: bern_dist|exact: bern_full].
have gap_ge j : beta * kl * ((sat a j)%:R - (sat (sgn theta) j)%:R) <= gap j.
  have [sa|_] := boolP (sat a j); last first.
    apply: le_trans (gap0 j); rewrite sub0r mulrN oppr_le0.
    by rewrite mulr_ge0 ?ler0n// mulr_ge0// ltW.
  have [_|ns] := boolP (sat (sgn theta) j); first by rewrite subrr mulr0.
  rewrite subr0 mulr1 gapE ler_pmul2l// dnf_completeness//.
  have [t0 t1] := andP (pi1_01 theta j).
  apply: kl_mono => //.
  by have := pi1_le j bx; rewrite (negPf ns).
rewrite ler_pdivl_mulr//; have [_|d0] := lerP (val a - val (sgn theta)) 0.
  by rewrite mulr0 !mul0r; apply: sumr_ge0 => j _; exact: gap0.
apply: le_trans (_ : \sum_j beta * kl * ((sat a j)%:R - (sat (sgn theta) j)%:R) <= _).
  rewrite -mulr_sumr sumrB le_eqVlt; apply/orP; left; apply/eqP; rewrite /val -/kl.
  by move: (\sum_j _) (\sum_j _) => s t; clearbody kl; field; exact: lt0r_neq0.
by apply: ler_sum => j _; exact: gap_ge.
Qed.

End Formula.

(* ---- dnf-exploration ----                                                      *)
(* One draw: the learner, after a history s of null answers, commits to an action *)
(* a ~ K s (its coins, theta_t and the prompt drawn afterwards), and the answer   *)
(* is y = 1 with probability q s a. The null run is the same learner fed only      *)
(* y = 0.                                                                          *)
Section Exploration.
Variables (R : realType) (A : finType) (K : seq A -> A -> R) (q : seq A -> A -> R).
Hypothesis K_dist : is_kernel K.
Hypothesis q01 : forall s a, 0 <= q s a <= 1.

(* probability of an answer 1 among the next n draws *)
Fixpoint hit n s : R := if n is n'.+1
  then \sum_a K s a * (q s a + (1 - q s a) * hit n' (rcons s a)) else 0.
(* expected probability of an answer 1 at the next draw: E_j pi_theta(1|j) *)
Definition chance s : R := \sum_a K s a * q s a.

(* some history among s, s a_1, .. (the n draws to come) has chance at least u *)
Fixpoint loud (u : R) s (t : seq A) : bool :=
  if t is a :: t' then (u <= chance s) || loud u (rcons s a) t' else false.

Lemma hit_le1 n s : 0 <= hit n s <= 1.
Proof.
elim: n s => [|n IH] s /=; first by rewrite lexx ler01.
have b a : 0 <= q s a + (1 - q s a) * hit n (rcons s a) <= 1.
  case/andP: (q01 s a) => h0 h1; case/andP: (IH (rcons s a)) => g0 g1; apply/andP; split.
    by rewrite addr_ge0 ?mulr_ge0 ?subr_ge0.
  have h : 0 <= (1 - q s a) * (1 - hit n (rcons s a)) by rewrite mulr_ge0 ?subr_ge0.
  by apply: (le_cert h); move: (q _ _) (hit _ _) => x y; ring.
apply/andP; split.
  by apply: sumr_ge0 => a _; case/andP: (b a) => h _; rewrite mulr_ge0 ?(K_dist s).1.
rewrite -[leRHS](K_dist s).2; apply: ler_sum => a _; case/andP: (b a) => _ h.
by rewrite -[leRHS]mulr1 ler_wpmul2l ?(K_dist s).1.
Qed.

Lemma Pr_all s n (ev : pred (seq A)) : (forall t : n.-tuple A, ev (tval t)) -> Pr K s n ev = 1.
Proof.
by move=> H; rewrite /Pr -(seqp_from_sum1 K_dist n s); apply: eq_bigl => t; rewrite H.
Qed.

(* P(hit) <= P(the null run becomes loud) + T u *)
Theorem dnf_exploration u T s : 0 <= u -> hit T s <= Pr K s T (loud u s) + T%:R * u.
Proof.
move=> u0; elim: T s => [|T IH] s; first by rewrite /= mul0r addr0 Pr0.
have [lu|qu] := boolP (u <= chance s).
  rewrite Pr_all => [|t]; last by case/tupleP: t => a t; rewrite /= lu.
  by case/andP: (hit_le1 T.+1 s) => _ h; apply: le_trans h _; rewrite ler_addl mulr_ge0 ?ler0n.
rewrite PrS [in leRHS]mulrSr mulrDl mul1r addrA /=.
have -> : \sum_a K s a * Pr K (rcons s a) T (fun t => (u <= chance s) || loud u (rcons s a) t) =
          \sum_a K s a * Pr K (rcons s a) T (loud u (rcons s a)).
  by apply: eq_bigr => a _; rewrite (negPf qu).
apply: le_trans (_ : chance s + \sum_a K s a * (Pr K (rcons s a) T (loud u (rcons s a)) + T%:R * u) <= _).
  rewrite /chance -big_split; apply: ler_sum => a _ /=; rewrite -mulrDr ler_wpmul2l ?(K_dist s).1//.
  case/andP: (q01 s a) => h0 h1; rewrite ler_add2l; apply: le_trans (IH _).
  by case/andP: (hit_le1 T (rcons s a)) => g0 _; rewrite ler_pimull// ler_subl_addr ler_addl.
have -> : \sum_a K s a * (Pr K (rcons s a) T (loud u (rcons s a)) + T%:R * u) =
    \sum_a K s a * Pr K (rcons s a) T (loud u (rcons s a)) + T%:R * u.
  under eq_bigr do rewrite mulrDr.
  by rewrite big_split /= -mulr_suml (K_dist s).2 mul1r.
by rewrite addrC ler_add2l ltW// ltNge.
Qed.

(* so a learner that hits with probability at least 1/2 within T draws contains a  *)
(* search that needs no reward: its null run has, with probability at least        *)
(* 1/2 - T u, a history of chance at least u                                        *)
Corollary dnf_exploration_half u T : 0 <= u -> 2%:R^-1 <= hit T [::] ->
  2%:R^-1 - T%:R * u <= Pr K [::] T (loud u [::]).
Proof.
by move=> u0 h; rewrite ler_subl_addr; apply: le_trans h _; exact: dnf_exploration.
Qed.

Corollary dnf_exploration_quarter T : (0 < T)%N -> 2%:R^-1 <= hit T [::] ->
  4%:R^-1 <= Pr K [::] T (loud (4%:R * T%:R)^-1 [::]).
Proof.
move=> T0 h; have u0 : 0 <= (4%:R * T%:R)^-1 :> R by rewrite invr_ge0 mulr_ge0 ?ler0n.
apply: le_trans (dnf_exploration_half u0 h); rewrite le_eqVlt; apply/orP; left; apply/eqP.
by field; rewrite pnatr_eq0 -lt0n.
Qed.

(* the statement in expectation: the best chance of a null run *)
Fixpoint total_chance s (t : seq A) : R :=
  if t is a :: t' then chance s + total_chance (rcons s a) t' else 0.
Fixpoint best_chance s (t : seq A) : R :=
  if t is a :: t' then Num.max (chance s) (best_chance (rcons s a) t') else 0.

Lemma chance_ge0 s : 0 <= chance s.
Proof.
by apply: sumr_ge0 => a _; case/andP: (q01 s a) => h _; rewrite mulr_ge0 ?(K_dist s).1.
Qed.

Lemma total_le_best s t : total_chance s t <= (size t)%:R * best_chance s t.
Proof.
elim: t s => [|a t IH] s /=; first by rewrite mul0r.
rewrite mulrSr mulrDl mul1r addrC; apply: ler_add; last by rewrite le_maxr lexx.
by apply: le_trans (IH _) _; rewrite ler_wpmul2l ?ler0n// le_maxr lexx orbT.
Qed.

Lemma hit_le_total n s : hit n s <= \sum_(t : n.-tuple A) seqp_from K s t * total_chance s t.
Proof.
elim: n s => [|n IH] s; first by rewrite (sum_tuple0 (fun t => seqp_from K s t * total_chance s t)) mulr0.
rewrite (sum_tupleS _ (fun t => seqp_from K s t * total_chance s t)) /=.
have -> : \sum_a \sum_(t : n.-tuple A) K s a * seqp_from K (rcons s a) t *
      (chance s + total_chance (rcons s a) t) =
    chance s + \sum_a K s a * \sum_(t : n.-tuple A) seqp_from K (rcons s a) t * total_chance (rcons s a) t.
  have cE : chance s = \sum_a K s a * chance s by rewrite -mulr_suml (K_dist s).2 mul1r.
  rewrite [X in _ = X + _]cE -big_split; apply: eq_bigr => a _ /=; rewrite -mulrDr.
  rewrite -[chance s in RHS]mul1r -[X in _ * (X * _ + _)](seqp_from_sum1 K_dist n (rcons s a)).
  rewrite mulr_suml -big_split mulr_sumr; apply: eq_bigr => t _ /=.
  by rewrite -mulrDr mulrA.
rewrite {1}/chance -big_split; apply: ler_sum => a _ /=; rewrite -mulrDr ler_wpmul2l ?(K_dist s).1//.
case/andP: (q01 s a) => h0 h1; rewrite ler_add2l; apply: le_trans (IH _).
by case/andP: (hit_le1 n (rcons s a)) => g0 _; rewrite ler_pimull// ler_subl_addr ler_addl.
Qed.

Theorem dnf_exploration_mean T :
  hit T [::] <= T%:R * \sum_(t : T.-tuple A) seqp K t * best_chance [::] t.
Proof.
apply: le_trans (hit_le_total T [::]) _.
rewrite mulr_sumr; apply: ler_sum => t _; rewrite mulrCA ler_wpmul2l ?seqp_ge0//.
by apply: le_trans (total_le_best _ _) _; rewrite size_tuple.
Qed.

End Exploration.

(* Composition: theta_t is a function [th] of the history, committed before the    *)
(* prompt is drawn, and the answer's chance is that of the formula's family. The    *)
(* null run of a learner that hits finds a good assignment.                         *)
Section Search.
Variables (R : realType) (A : finType) (K : seq A -> A -> R) (q : seq A -> A -> R).
Hypothesis K_dist : is_kernel K.
Hypothesis q01 : forall s a, 0 <= q s a <= 1.
Variables (n m k : nat) (term : 'I_m -> k.-tuple (literal n)) (G L p : R).
Hypothesis G_gt1 : 1 < G.
Hypothesis L_gt0 : 0 < L.
Hypothesis p01 : 0 < p < 1.
Hypothesis pE : p = L / G ^+ k.
Hypothesis m_gt0 : (0 < m)%N.
Variable th : seq A -> 'I_n -> R.
Hypothesis th_box : forall s, box (th s).
Hypothesis chanceE : forall s, chance K q s = (\sum_j pi1 term G p (th s) j) / m%:R.

(* some theta_t of the run rounds to an assignment of value at least w *)
Fixpoint found (w : R) s (t : seq A) : bool :=
  if t is a :: t' then (w <= val R term (sgn (th s))) || found w (rcons s a) t' else false.

Lemma loud_found u s t : loud K q u s t -> found (u - L / G / (1 - p)) s t.
Proof.
elim: t s => //= a t IH s /orP[h|/IH ->]; last by rewrite orbT.
rewrite ler_subl_addr; have [h1 h2] := dnf_soundness term G_gt1 L_gt0 p01 pE m_gt0 (th_box s).
by rewrite (le_trans h)// chanceE (le_trans h1).
Qed.

Theorem dnf_search T : (0 < T)%N -> 2%:R^-1 <= hit K q T [::] ->
  4%:R^-1 <= Pr K [::] T (found ((4%:R * T%:R)^-1 - L / G / (1 - p)) [::]).
Proof.
move=> T0 h; apply: le_trans (dnf_exploration_quarter K_dist q01 T0 h) _.
rewrite /Pr big_mkcond [leRHS]big_mkcond; apply: ler_sum => t _.
have s0 : 0 <= seqp_from K [::] t by exact: seqp_ge0.
by case: ifP => [/loud_found ->//|_]; case: ifP.
Qed.

(* the best assignment that a null run names *)
Fixpoint best_value s (t : seq A) : R :=
  if t is a :: t' then Num.max (val R term (sgn (th s))) (best_value (rcons s a) t') else 0.

Lemma best_chance_value s t : best_chance K q s t <= best_value s t + L / G / (1 - p).
Proof.
have c0 : 0 <= L / G / (1 - p).
  have [l0 l1] := lo_bounds G_gt1 L_gt0 p01; exact: le_trans (ltW l0) l1.
elim: t s => [|a t IH] s /=; first by rewrite add0r.
rewrite le_maxl; apply/andP; split; last first.
  by apply: le_trans (IH _) _; rewrite ler_add2r le_maxr lexx orbT.
have [h1 h2] := dnf_soundness term G_gt1 L_gt0 p01 pE m_gt0 (th_box s).
rewrite chanceE; apply: le_trans h1 (le_trans h2 _).
by rewrite ler_add2r le_maxr lexx.
Qed.

Theorem dnf_exploration_value T : (0 < T)%N -> 2%:R^-1 <= hit K q T [::] ->
  1 / (2%:R * T%:R) - L / G / (1 - p)
    <= \sum_(t : T.-tuple A) seqp K t * best_value [::] t.
Proof.
move=> T0 h; have TR : 0 < T%:R :> R by rewrite ltr0n.
rewrite ler_subl_addr.
have -> : \sum_(t : T.-tuple A) seqp K t * best_value [::] t + L / G / (1 - p) =
    \sum_(t : T.-tuple A) seqp K t * (best_value [::] t + L / G / (1 - p)).
  under [RHS]eq_bigr do rewrite mulrDr.
  by rewrite big_split /= -mulr_suml (seqp_dist T K_dist).2 mul1r.
apply: le_trans (_ : \sum_(t : T.-tuple A) seqp K t * best_chance K q [::] t <= _); last first.
  by apply: ler_sum => t _; rewrite ler_wpmul2l ?best_chance_value// seqp_ge0.
have := le_trans h (dnf_exploration_mean K_dist q01 T); set S := \sum_t _ => hS.
rewrite ler_pdivr_mulr ?mulr_gt0 ?ltr0n//.
have -> : S * (2%:R * T%:R) = T%:R * S * 2%:R by ring.
by rewrite -ler_pdivr_mulr ?ltr0n// mul1r.
Qed.

End Search.
