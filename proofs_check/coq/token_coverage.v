(* From conditional (token) coverage to sequence coverage.                     *)
(* Claims coverage-tokens (C_cov <= prod_h max_h <= C_cond^H) and coverage-gap *)
(* (fair bits: C_cond = 2 and C_cov = 2^H); FMR25 section 5.                   *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import mathcomp_extra reals ring.
From Spanner Require Import dist process.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Coverage.
Variables (R : realType) (A : finType) (K K0 : seq A -> A -> R).
Hypothesis K_dist : is_kernel K.
Hypothesis K0_dist : is_kernel K0.
Hypothesis K0_gt0 : forall s, full_support (K0 s).

Theorem seq_ratio_prod H (t : H.-tuple A) :
  seqp K t / seqp K0 t =
  \prod_(h < H) (K (take h t) (tnth t h) / K0 (take h t) (tnth t h)).
Proof. by rewrite !seqp_prod prodf_div. Qed.

(* C_seq = max over length-H sequences of the sequence ratio *)
Definition Cseq H := \big[Num.max/0]_(t : H.-tuple A) (seqp K t / seqp K0 t).

Theorem seq_ratio_le (C : R) H :
  (forall s a, (size s < H)%N -> K s a / K0 s a <= C) ->
  forall t : H.-tuple A, seqp K t / seqp K0 t <= C ^+ H.
Proof.
move=> HC t; rewrite seq_ratio_prod -[H in leRHS]card_ord -prodr_const.
apply: ler_prod => h _; apply/andP; split.
  by apply: divr_ge0; [exact: (K_dist _).1|exact/ltW/K0_gt0].
by rewrite HC// size_take size_tuple ltn_ord.
Qed.

Theorem Cseq_le (C : R) H : 0 <= C ->
  (forall s a, (size s < H)%N -> K s a / K0 s a <= C) -> Cseq H <= C ^+ H.
Proof.
by move=> C0 HC; apply: bigmax_le => [|t _]; [exact: exprn_ge0|exact: seq_ratio_le].
Qed.

End Coverage.

Section FairBits.
Variables (R : realType) (eps : R).
Hypothesis eps01 : 0 <= eps <= 1.

Definition fair : seq bool -> bool -> R := iid (fun=> 2%:R^-1).
(* near-deterministic target: emits true with probability 1 - eps *)
Definition near_det : seq bool -> bool -> R := iid (fun b => if b then 1 - eps else eps).

Lemma fair_kernel : is_kernel fair.
Proof.
move=> s; split=> [y|]; first by rewrite invr_ge0 ler0n.
by rewrite big_bool /= -mulr2n -mulr_natl mulfV ?pnatr_eq0.
Qed.

Lemma near_det_kernel : is_kernel near_det.
Proof.
case/andP: eps01 => e0 e1 s; split=> [[]|]; rewrite /near_det /iid ?subr_ge0//.
by rewrite big_bool /= subrK.
Qed.

Lemma fair_token_ratio s b : near_det s b / fair s b <= 2%:R.
Proof.
case/andP: eps01 => e0 e1; rewrite invrK -[leRHS]mul1r ler_pmul2r ?ltr0n//.
by rewrite /near_det /iid; case: b => //; rewrite ler_subl_addr ler_addl.
Qed.

Theorem fair_seq_ratio H :
  seqp near_det (nseq H true) / seqp fair (nseq H true) = (2%:R * (1 - eps)) ^+ H.
Proof.
rewrite /seqp /near_det /fair !seqp_iid !big_nseq !iter_mulr_1 -expr_div_n.
by rewrite invrK mulrC.
Qed.

End FairBits.

Section FairBitsLimit.
Variable R : realType.

(* deterministic target (eps = 0): C_tok <= 2 and C_seq = 2^H exactly *)
Corollary fair_Cseq_eq H : Cseq (near_det 0) (@fair R) H = 2%:R ^+ H.
Proof.
have e01 : (0 <= 0 :> R) && (0 <= 1 :> R) by rewrite lexx ler01.
apply/eqP; rewrite eq_le Cseq_le ?ler0n//=.
- apply: (bigmax_sup [tuple of nseq H true]) => //.
  by rewrite fair_seq_ratio subr0 mulr1.
- exact: near_det_kernel.
- by move=> s b; rewrite invr_gt0 ltr0n.
- by move=> s b _; apply: fair_token_ratio.
Qed.

(* Bernoulli: (1 - e)^H >= 1 - H e *)
Lemma bernoulli (e : R) H : 0 <= e <= 1 -> 1 - e *+ H <= (1 - e) ^+ H.
Proof.
case/andP => e0 e1; elim: H => [|H IH]; first by rewrite subr0 expr0.
rewrite exprS mulrBl mul1r mulrSr opprD addrA ler_add// ler_opp2.
by rewrite ler_pimulr// exprn_ile1 ?subr_ge0 ?ler_subl_addr ?ler_addl.
Qed.

(* full-support targets: the ratio gets within delta of 2^H *)
Corollary fair_Cseq_limit H (delta : R) : 0 < delta ->
  exists eps : R, [/\ 0 < eps < 1, forall s b, near_det eps s b / fair _ s b <= 2%:R
    & 2%:R ^+ H - delta <= seqp (near_det eps) (nseq H true) / seqp (@fair R) (nseq H true)].
Proof.
move=> d0; pose k : R := 2%:R ^+ H * H.+1%:R.
have p0 : 0 < 2%:R ^+ H :> R by rewrite exprn_gt0 ?ltr0n.
have k0 : 0 < k by rewrite mulr_gt0 ?ltr0n.
pose e := Num.min (delta / k) (2%:R^-1).
have e0 : 0 < e by rewrite lt_minr divr_gt0//= invr_gt0 ltr0n.
have e1 : e < 1 by rewrite lt_minl invf_lt1 ?ltr0n// ltr1n orbT.
have ek : e * k <= delta by rewrite -ler_pdivl_mulr// le_minl lexx.
have e01 : 0 <= e <= 1 by rewrite !ltW.
exists e; split; first by rewrite e0.
  by move=> s b; exact: fair_token_ratio.
rewrite fair_seq_ratio exprMn ler_subl_addr -ler_subl_addl.
apply: le_trans (_ : 2%:R ^+ H * (e *+ H) <= _).
  by rewrite ler_subl_addl -mulrDr -ler_pdivr_mull// mulVf ?gt_eqF// -ler_subl_addr bernoulli.
apply: le_trans ek; rewrite -[e *+ H]mulr_natr mulrCA /k.
by rewrite ler_wpmul2l ?(ltW e0)// ler_wpmul2l ?(ltW p0)// ler_nat.
Qed.

End FairBitsLimit.
