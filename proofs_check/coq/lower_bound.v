(* The coverage lower bound in one piece, FMR25 Thm 2.1: the needle family with its *)
(* hypercube features, every learner with the strong oracle on the unit ball, and    *)
(* success measured by the gap. Claims coverage-lower-bound and needle-facts.        *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist gibbs needle_hit learner.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* needle-facts: C_cov(pi^* ) in closed form, and at most C = 1/p *)
Section Coverage.
Variables (R : realType) (p beta : R).
Hypothesis p01 : 0 < p < 1.
Hypothesis beta_gt0 : 0 < beta.

Definition needle_cov : R := expR (1 / beta) / (1 - p + p * expR (1 / beta)).

Local Lemma Z_needle : Z (base p) (rew R) beta = 1 - p + p * expR (1 / beta).
Proof. by rewrite /Z big_bool /base /rew /= mul0r expR0 mulr1 addrC. Qed.

Local Lemma den_gt0 : 0 < 1 - p + p * expR (1 / beta).
Proof. by have [p0 p1] := andP p01; rewrite addr_gt0 ?subr_gt0// mulr_gt0 ?expR_gt0. Qed.

Theorem needle_coverage : [/\
    pistar (base p) (rew R) beta true / base p true = needle_cov,
    forall b, pistar (base p) (rew R) beta b / base p b <= needle_cov & needle_cov <= p^-1].
Proof.
have [p0 p1] := andP p01; have d0 := den_gt0.
have e1 : 1 <= expR (1 / beta) by rewrite -[leLHS](@expR0 R) ler_expR divr_ge0 ?ler01 ?ltW.
have ratio b : pistar (base p) (rew R) beta b / base p b = expR (rew R b / beta) / Z (base p) (rew R) beta.
  rewrite /pistar mulrAC [base p b * _]mulrC mulfK// lt0r_neq0//; exact: base_full p01 b.
split; first by rewrite ratio Z_needle.
  move=> b; rewrite ratio Z_needle ler_pmul2r ?invr_gt0//.
  by case: b; rewrite /rew //= mul0r expR0.
rewrite /needle_cov ler_pdivr_mulr// mulrDr mulKf ?lt0r_neq0// ler_addr.
by rewrite mulr_ge0 ?invr_ge0 ?subr_ge0 ?ltW.
Qed.

End Coverage.

Section LowerBound.
Variables (R : realType) (k d : nat) (p beta m : R).
Hypothesis d_gt0 : (0 < d)%N.
Hypothesis p01 : 0 < p < 1.
Hypothesis beta_gt0 : 0 < beta.
(* features have coordinates +1/m and -1/m, and unit norm *)
Hypothesis m_gt0 : 0 < m.
Hypothesis m2 : m ^+ 2 = d%:R.
(* C <= exp(1/(2 beta)) *)
Hypothesis C_le : p^-1 <= expR (1 / (2%:R * beta)).

(* the parameters of the strong oracle; theta = 0 is the weak one *)
Record ball := Ball { theta_of : 'I_d -> R; in_ball : \sum_i theta_of i ^+ 2 <= 1 }.
Definition hit_prob (th : ball) (v : feature d) : R := needle_prob (theta_of th) p beta m v.
Definition needle_learner := learner R k [finType of feature d] ball.

(* the gap of the policy that draws the needle with probability x, response 0 otherwise *)
Definition needle_gap_of (x : R) : R :=
  J (base p) (rew R) beta (pistar (base p) (rew R) beta) - J (base p) (rew R) beta (base x).

(* probability that the policy returned has a gap of at most eps *)
Fixpoint succeeds (eps : R) (j : 'I_k) (v : feature d) (t : needle_learner) : R := match t with
  | Name i => if needle_gap_of (i == Some j)%:R <= eps then 1 else 0
  | Sample th miss hit =>
      hit_prob th v * succeeds eps j v (hit j v) + (1 - hit_prob th v) * succeeds eps j v miss
  | Ask i no yes => if i == Some j then succeeds eps j v yes else succeeds eps j v no
  | Toss c a b => heads c * succeeds eps j v a + (1 - heads c) * succeeds eps j v b
  | Return e => if needle_gap_of (success hit_prob j v e) <= eps then 1 else 0 end.

Local Lemma p_gt0 : 0 < p. Proof. by case/andP: p01. Qed.
Local Lemma q_gt0 : 0 < 1 - p. Proof. by case/andP: p01; rewrite subr_gt0. Qed.

Lemma hit_prob01 th v : 0 <= hit_prob th v <= 1.
Proof.
have w0 : 0 < p * expR (inner (theta_of th) m v / beta) by rewrite mulr_gt0 ?p_gt0 ?expR_gt0.
rewrite /hit_prob /needle_prob divr_ge0 ?ler_pdivr_mulr ?mul1r ?ler_addr ?(ltW q_gt0) ?(ltW w0)//.
  by rewrite addr_gt0 ?q_gt0.
by rewrite ltW// addr_gt0 ?q_gt0.
Qed.

Lemma gap_forces x : 0 <= x <= 1 -> needle_gap_of x <= 4%:R^-1 -> 4%:R^-1 <= x.
Proof.
case/andP => x0 x1 g; have dx : is_dist (base x).
  by split; [case; rewrite /base ?subr_ge0|rewrite big_bool /= addrC subrK].
exact: (needle_gap p01 beta_gt0 dx C_le g).
Qed.

Lemma succeeds_good j v t : succeeds 4%:R^-1 j v t <= good hit_prob j v t.
Proof.
elim: t => [i|th miss IH hit IHh|i no IHn yes IHy|c a IHa b IHb|e _] /=.
- case: ifP => [/gap_forces h|_]; last exact: ler0n.
  case: (i == Some j) h => //= h; suff : 4%:R^-1 <= 0 :> R by rewrite leNgt invr_gt0 ltr0n.
  by apply: h; rewrite lexx ler01.
- case/andP: (hit_prob01 th v) => h0 h1.
  by apply: ler_add; apply: ler_wpmul2l; rewrite ?subr_ge0.
- by case: ifP.
- case/andP: (heads01 c) => h0 h1.
  by apply: ler_add; apply: ler_wpmul2l; rewrite ?subr_ge0.
- case: ifP => [/gap_forces h|_]; last by case: ifP; rewrite ?ler01.
  by rewrite h// success01//; exact: hit_prob01.
Qed.

Lemma qbar_gt0 : 0 < qbar d p beta.
Proof.
rewrite !lt_minr ltr01 mulr_gt0 ?divr_gt0 ?p_gt0 ?q_gt0 ?expR_gt0//=.
by rewrite addr_gt0 ?expR_gt0// divr_gt0 ?mulr_gt0 ?expR_gt0 ?p_gt0 ?q_gt0.
Qed.

Lemma avg_hit th : avgV (hit_prob th) <= qbar d p beta.
Proof.
have := @needle_hit _ d (theta_of th) p beta d_gt0 p01 beta_gt0 (in_ball th) m m_gt0 m2.
by rewrite /avg /avgV card_ffun card_bool card_ord natrX.
Qed.

Local Lemma some_feature : (0 < #|feature d|)%N. Proof. by rewrite card_ffun card_bool expn_gt0. Qed.

(* the response drawn from the returned policy is the needle with probability at most *)
(* Tcomp qbar + (Tdata + 1)/k, averaged over coins, needle and feature                 *)
Theorem coverage_union_needle (W : finType) (mu : W -> R) (t : W -> needle_learner)
    (Tcomp Tdata : nat) :
  is_dist mu -> (0 < k)%N ->
  (forall w, (draws (t w) <= Tcomp)%N) -> (forall w, (asks (t w) <= Tdata)%N) ->
  average mu (fun j v w => success hit_prob j v (t w)) <= Tcomp%:R * qbar d p beta + Tdata.+1%:R / k%:R.
Proof. exact: (coverage_union hit_prob01 some_feature avg_hit qbar_gt0). Qed.

(* a learner that reaches gap 1/4 with probability 3/4, averaged over its coins mu,  *)
(* the needle and its feature, pays 3k/32 rewards or 3/(32 qbar) samples              *)
Theorem coverage_lower_bound_needle (W : finType) (mu : W -> R) (t : W -> needle_learner)
    (Tcomp Tdata : nat) :
  is_dist mu -> (0 < k)%N ->
  (forall w, (draws (t w) <= Tcomp)%N) -> (forall w, (asks (t w) <= Tdata)%N) ->
  3%:R / 4%:R <= average mu (fun j v w => succeeds 4%:R^-1 j v (t w)) ->
  3%:R * k%:R / 32%:R <= Tdata.+1%:R :> R \/ 3%:R / (32%:R * qbar d p beta) <= Tcomp%:R.
Proof.
move=> dmu k0 dT aT G; have V0 := some_feature.
apply: (@coverage_lower_bound _ k [finType of feature d] ball hit_prob hit_prob01 (qbar d p beta)
  V0 avg_hit qbar_gt0 W mu t Tcomp Tdata dmu k0 dT aT).
apply: le_trans G _; rewrite /average ler_pmul2r ?invr_gt0 ?ltr0n//; apply: ler_sum => j _.
apply: avgV_le => // v; apply: ler_sum => w _; rewrite ler_wpmul2l ?dmu.1//.
exact: succeeds_good.
Qed.

End LowerBound.
