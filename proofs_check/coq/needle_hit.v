(* How often the softmax policy of any theta hits the needle, on average over   *)
(* the hidden feature. Claims needle-hit and the first two of needle-facts;      *)
(* FMR25 Thm 2.1, needle family ours.                                            *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist gaps.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Cosh.
Variable R : realType.

Definition fair_coin (b : bool) : R := 2%:R^-1.

Lemma fair_coin_dist : is_dist fair_coin.
Proof.
split=> [b|]; first by rewrite invr_ge0 ler0n.
by rewrite big_bool /= [RHS]splitr mul1r.
Qed.

(* cosh x <= exp(x^2/2) *)
Lemma cosh_le (x : R) : (expR x + expR (- x)) / 2%:R <= expR (x ^+ 2 / 2%:R).
Proof.
wlog x0 : x / 0 <= x => [H|].
  have [/H//|/ltW x0] := lerP 0 x.
  by have := H (- x); rewrite oppr_ge0 opprK sqrrN addrC; exact.
pose g (b : bool) : R := if b then x else - x.
have gb b : - x <= g b <= x by case: b; rewrite /g !lexx ?andbT//= ge0_cp.
have := hoeffding_lemma fair_coin_dist gb.
rewrite /E !big_bool /= /fair_coin /g -!mulrDr subrr mulr0 add0r mulrC => h.
by apply: le_trans h _; rewrite ler_expR le_eqVlt; apply/orP; left; apply/eqP; field.
Qed.

End Cosh.

Section NeedleHit.
Variables (R : realType) (d : nat) (theta : 'I_d -> R) (p beta : R).
Hypothesis d_gt0 : (0 < d)%N.
Hypothesis p01 : 0 < p < 1.
Hypothesis beta_gt0 : 0 < beta.
Hypothesis theta_unit : \sum_i theta i ^+ 2 <= 1.
(* the side of a hypercube feature; m^2 = d in the family *)
Variable m : R.
Hypothesis m_gt0 : 0 < m.
Hypothesis m2 : m ^+ 2 = d%:R.

(* a hidden feature is a sign pattern, its coordinates +1/m or -1/m *)
Definition feature := {ffun 'I_d -> bool}.
Definition coord (b : bool) : R := if b then m^-1 else - m^-1.
Definition inner (v : feature) : R := \sum_i theta i * coord (v i).
(* uniform average over the hidden feature *)
Definition avg (F : feature -> R) : R := (\sum_v F v) / 2%:R ^+ d.
(* pi_theta(i^* ) when the hidden feature is v *)
Definition needle_prob (v : feature) : R :=
  p * expR (inner v / beta) / (1 - p + p * expR (inner v / beta)).

Local Lemma p0 : 0 < p. Proof. by case/andP: p01. Qed.
Local Lemma q0 : 0 < 1 - p. Proof. by case/andP: p01; rewrite subr_gt0. Qed.
Local Lemma twod : 0 < 2%:R ^+ d :> R. Proof. by rewrite exprn_gt0 ?ltr0n. Qed.

Lemma avg_le F G : (forall v, F v <= G v) -> avg F <= avg G.
Proof. by move=> H; rewrite ler_pmul2r ?invr_gt0 ?twod//; exact: ler_sum. Qed.

Lemma avgD F G : avg (fun v => F v + G v) = avg F + avg G.
Proof. by rewrite /avg big_split mulrDl. Qed.

Lemma avgZ c F : avg (fun v => c * F v) = c * avg F.
Proof. by rewrite /avg -mulr_sumr mulrA. Qed.

Lemma avg_const c : avg (fun=> c) = c.
Proof.
rewrite /avg sumr_const card_ffun card_bool card_ord -[c *+ _]mulr_natr natrX mulfK//.
exact: lt0r_neq0 twod.
Qed.

(* moment generating function of a sign sum *)
Lemma mgf_signs (s : R) : avg (fun v => expR (s * inner v)) <= expR (s ^+ 2 / (2%:R * d%:R)).
Proof.
have -> : avg (fun v => expR (s * inner v)) =
    \prod_i ((expR (s * theta i / m) + expR (- (s * theta i / m))) / 2%:R).
  rewrite big_split /= prodr_const card_ord exprVn; congr (_ / _).
  rewrite (eq_bigr (fun v : feature => \prod_i expR (s * (theta i * coord (v i))))); last first.
    move=> v _; rewrite /inner mulr_sumr; elim/big_rec2: _ => [|i a b _ <-]; first by rewrite expR0.
    by rewrite expRD.
  rewrite -(bigA_distr_bigA (fun i b => expR (s * (theta i * coord b)))).
  apply: eq_bigr => i _; rewrite big_bool /= /coord mulrA.
  by rewrite !mulrN mulrA.
apply: le_trans (_ : \prod_i expR ((s * theta i / m) ^+ 2 / 2%:R) <= _).
  apply: ler_prod => i _; rewrite cosh_le andbT.
  by rewrite divr_ge0 ?ler0n// addr_ge0 ?(ltW (expR_gt0 _)).
have -> : \prod_i expR ((s * theta i / m) ^+ 2 / 2%:R) =
    expR (\sum_i (s * theta i / m) ^+ 2 / 2%:R).
  by elim/big_rec2: _ => [|i a b _ ->]; [rewrite expR0|rewrite expRD].
rewrite ler_expR.
have -> : \sum_i (s * theta i / m) ^+ 2 / 2%:R = s ^+ 2 / (2%:R * d%:R) * \sum_i theta i ^+ 2.
  rewrite mulr_sumr; apply: eq_bigr => i _; rewrite -m2; field; exact: lt0r_neq0.
by rewrite ler_pimulr// divr_ge0 ?sqr_ge0// mulr_ge0 ?ler0n.
Qed.

Lemma needle_prob_le v : needle_prob v <= p / (1 - p) * expR (inner v / beta).
Proof.
have e0 := expR_gt0 (inner v / beta).
rewrite /needle_prob [leRHS]mulrAC ler_pmul2l ?mulr_gt0 ?p0//.
have h : 0 < 1 - p + p * expR (inner v / beta) by rewrite addr_gt0 ?q0// mulr_gt0 ?p0.
by rewrite lef_pinv ?posrE ?q0// ler_addl ltW// mulr_gt0 ?p0.
Qed.

Lemma needle_prob_le1 v : needle_prob v <= 1.
Proof.
have e0 := expR_gt0 (inner v / beta).
have h : 0 < 1 - p + p * expR (inner v / beta) by rewrite addr_gt0 ?q0// mulr_gt0 ?p0.
by rewrite /needle_prob ler_pdivr_mulr// mul1r ler_addr ltW ?q0.
Qed.

Theorem needle_hit_one : avg needle_prob <= 1.
Proof. by rewrite -[leRHS]avg_const; apply: avg_le; exact: needle_prob_le1. Qed.

Theorem needle_hit_mgf :
  avg needle_prob <= p / (1 - p) * expR (1 / (2%:R * d%:R * beta ^+ 2)).
Proof.
apply: le_trans (avg_le needle_prob_le) _; rewrite avgZ ler_pmul2l ?divr_gt0 ?p0 ?q0//.
have := mgf_signs beta^-1.
rewrite (_ : beta^-1 ^+ 2 / (2%:R * d%:R) = 1 / (2%:R * d%:R * beta ^+ 2)); last first.
  by field; rewrite pnatr_eq0 -lt0n d_gt0 lt0r_neq0.
apply: le_trans; rewrite le_eqVlt; apply/orP; left; apply/eqP; congr (_ / _).
by apply: eq_bigr => v _; rewrite mulrC.
Qed.

Theorem needle_hit_tail :
  avg needle_prob <= expR 1 * p / (1 - p) + expR (- (beta ^+ 2 * d%:R / 2%:R)).
Proof.
pose s := beta * d%:R.
(* Chernoff: if inner v > beta then exp(s (inner v - beta)) >= 1 *)
apply: le_trans (_ : avg (fun v => expR 1 * p / (1 - p) + expR (- (s * beta)) * expR (s * inner v)) <= _).
  apply: avg_le => v; have [h|h] := lerP (inner v) beta.
    apply: le_trans (_ : expR 1 * p / (1 - p) <= _); last by rewrite ler_addl mulr_ge0 ?(ltW (expR_gt0 _)).
    apply: le_trans (needle_prob_le v) _.
    have -> : expR 1 * p / (1 - p) = p / (1 - p) * expR 1 by rewrite -mulrA mulrC.
    rewrite ler_pmul2l ?divr_gt0 ?p0 ?q0//.
    by rewrite ler_expR ler_pdivr_mulr// mul1r.
  apply: le_trans (needle_prob_le1 v) _; rewrite -expRD.
  have : 1 <= expR (- (s * beta) + s * inner v).
    rewrite -[leLHS](@expR0 R) ler_expR addrC subr_ge0 ler_wpmul2l ?(ltW h)//.
    by rewrite /s mulr_ge0 ?ler0n// ltW.
  move/le_trans; apply; rewrite ler_addr.
  by rewrite divr_ge0 ?(ltW q0)// mulr_ge0 ?(ltW p0)// ltW ?expR_gt0.
rewrite avgD avg_const avgZ ler_add2l.
apply: le_trans (_ : expR (- (s * beta)) * expR (s ^+ 2 / (2%:R * d%:R)) <= _).
  by rewrite ler_pmul2l ?expR_gt0// mgf_signs.
rewrite -expRD ler_expR le_eqVlt; apply/orP; left; apply/eqP; rewrite /s.
by field; rewrite pnatr_eq0 -lt0n.
Qed.

(* qbar of the claim *)
Definition qbar : R := Num.min 1 (Num.min (p / (1 - p) * expR (1 / (2%:R * d%:R * beta ^+ 2)))
  (expR 1 * p / (1 - p) + expR (- (beta ^+ 2 * d%:R / 2%:R)))).

Theorem needle_hit : avg needle_prob <= qbar.
Proof. by rewrite !le_minr needle_hit_one needle_hit_mgf needle_hit_tail. Qed.

End NeedleHit.
