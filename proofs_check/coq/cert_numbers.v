(* Coq's rationals, with which the checkers of certificates compute, in any ordered   *)
(* field: QR is the embedding, and the lemmas say that it respects the arithmetic.   *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ssrZ reals sequences exp.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* sums, products and powers that stay in lowest terms                                *)
Definition q0 : Q := Qmake Z0 1.
Definition q1 : Q := Qmake (Zpos 1) 1.
Definition qadd p q := Qred (Qplus p q).
Definition qsub p q := Qred (Qminus p q).
Definition qmul p q := Qred (Qmult p q).
Definition qdiv p q := Qred (Qdiv p q).
Definition qpos q := match Qnum q with Zpos _ => true | _ => false end.
Definition qsum (s : seq Q) := foldr qadd q0 s.
Definition qprod (s : seq Q) := foldr qmul q1 s.
Fixpoint qpow (q : Q) (p : positive) : Q := match p with
  | xH => q
  | xO p' => let h := qpow q p' in qmul h h
  | xI p' => let h := qpow q p' in qmul q (qmul h h) end.
Definition qpower (q : Q) (z : Z) : Q :=
  match z with Z0 => q1 | Zpos p => qpow q p | Zneg p => qpow (Qinv q) p end.

Section Embed.
Variable R : numFieldType.
Definition ZR (z : Z) : R := (int_of_Z z)%:~R.
Definition QR (q : Q) : R := ZR (Qnum q) / ZR (Zpos (Qden q)).

Lemma int_of_Z_add a b : int_of_Z (Z.add a b) = int_of_Z a + int_of_Z b.
Proof. exact: (rmorphD [rmorphism of int_of_Z] a b). Qed.
Lemma int_of_Z_mul a b : int_of_Z (Z.mul a b) = int_of_Z a * int_of_Z b.
Proof. exact: (rmorphM [rmorphism of int_of_Z] a b). Qed.
Lemma int_of_Z_opp a : int_of_Z (Z.opp a) = - int_of_Z a.
Proof. exact: (raddfN [additive of int_of_Z] a). Qed.
Lemma ZRD a b : ZR (Z.add a b) = ZR a + ZR b. Proof. by rewrite /ZR int_of_Z_add rmorphD. Qed.
Lemma ZRM a b : ZR (Z.mul a b) = ZR a * ZR b. Proof. by rewrite /ZR int_of_Z_mul rmorphM. Qed.
Lemma ZRN a : ZR (Z.opp a) = - ZR a. Proof. by rewrite /ZR int_of_Z_opp rmorphN. Qed.
Lemma ZR_pos p : 0 < ZR (Zpos p).
Proof. by rewrite /ZR ltr0z /=; case: (Pos2Nat.is_succ p) => n ->. Qed.
Lemma ZR_neq0 p : ZR (Zpos p) != 0. Proof. by rewrite gt_eqF ?ZR_pos. Qed.
Lemma ZR_le a b : Z.leb a b = (ZR a <= ZR b).
Proof.
rewrite /ZR ler_int -subr_ge0 -int_of_Z_opp -int_of_Z_add; apply/idP/idP.
  by move/Z.leb_le/Zle_minus_le_0; rewrite /Z.sub; case: (Z.add _ _).
by move=> h; apply/Z.leb_le/Z.le_0_sub; rewrite /Z.sub; move: h; case: (Z.add _ _).
Qed.

Lemma QR_eq p q : Qeq p q -> QR p = QR q.
Proof.
case: p q => [a b] [c d]; rewrite /Qeq /QR /= => e.
by apply/eqP; rewrite eqr_div ?ZR_neq0// -!ZRM e.
Qed.
Lemma QR_plus p q : QR (Qplus p q) = QR p + QR q.
Proof.
case: p q => [a b] [c d]; rewrite /QR /= addf_div ?ZR_neq0//.
by rewrite Pos2Z.inj_mul !ZRM ZRD !ZRM.
Qed.
Lemma QR_mult p q : QR (Qmult p q) = QR p * QR q.
Proof. by case: p q => [a b] [c d]; rewrite /QR /= mulf_div Pos2Z.inj_mul !ZRM. Qed.
Lemma QR_opp p : QR (Qopp p) = - QR p.
Proof. by case: p => [a b]; rewrite /QR /= ZRN mulNr. Qed.
Lemma QRV p : QR (Qinv p) = (QR p)^-1.
Proof.
case: p => [[|a|a] b]; rewrite /QR /Qinv /= ?invf_div//.
  by rewrite /ZR /= mul0r invr0 mulr0.
by rewrite -[Z.neg a]Pos2Z.opp_pos -[Z.neg b]Pos2Z.opp_pos !ZRN invrN mulrN mulNr.
Qed.
Lemma QR_red q : QR (Qred q) = QR q. Proof. exact/QR_eq/Qred_correct. Qed.

Lemma QRD p q : QR (qadd p q) = QR p + QR q. Proof. by rewrite QR_red QR_plus. Qed.
Lemma QRB p q : QR (qsub p q) = QR p - QR q. Proof. by rewrite QR_red QR_plus QR_opp. Qed.
Lemma QRM p q : QR (qmul p q) = QR p * QR q. Proof. by rewrite QR_red QR_mult. Qed.
Lemma QRdiv p q : QR (qdiv p q) = QR p / QR q. Proof. by rewrite QR_red QR_mult QRV. Qed.
Lemma QR0 : QR q0 = 0. Proof. by rewrite /QR /ZR mul0r. Qed.
Lemma QR1 : QR q1 = 1. Proof. by rewrite /QR divff ?ZR_neq0. Qed.
Lemma QR_le p q : Qle_bool p q = (QR p <= QR q).
Proof.
case: p q => [a b] [c d]; rewrite /Qle_bool /QR /= ler_pdivr_mulr ?ZR_pos// mulrAC.
by rewrite ler_pdivl_mulr ?ZR_pos// -!ZRM ZR_le.
Qed.
Lemma QR_eqb p q : Qeq_bool p q = (QR p == QR q).
Proof.
rewrite eq_le -!QR_le; apply/idP/andP.
  by move/Qeq_bool_iff => e; split; apply/Qle_bool_iff; rewrite e; apply: Qle_refl.
by case=> /Qle_bool_iff a /Qle_bool_iff b; apply/Qeq_bool_iff/Qle_antisym.
Qed.
Lemma QR_pos q : qpos q = (0 < QR q).
Proof.
case: q => [[|a|a] b]; rewrite /qpos /QR /=.
- by rewrite /ZR /= mul0r ltxx.
- by rewrite divr_gt0 ?ZR_pos.
by rewrite -[Z.neg a]Pos2Z.opp_pos ZRN mulNr oppr_gt0 lt_gtF// divr_gt0 ?ZR_pos.
Qed.

Lemma QRsum s : QR (qsum s) = \sum_(q <- s) QR q.
Proof. by elim: s => [|q s IH]; rewrite ?big_nil ?QR0// big_cons -IH /= QRD. Qed.
Lemma QRprod s : QR (qprod s) = \prod_(q <- s) QR q.
Proof. by elim: s => [|q s IH]; rewrite ?big_nil ?QR1// big_cons -IH /= QRM. Qed.
Lemma QRpow q p : QR (qpow q p) = QR q ^+ Pos.to_nat p.
Proof.
elim: p => [p IH|p IH|]; rewrite /= ?QRM ?IH ?expr1//.
  by rewrite Pos2Nat.inj_xI -exprD -exprS addnn -mul2n.
by rewrite Pos2Nat.inj_xO -exprD addnn -mul2n.
Qed.
End Embed.

Section Power.
Variable R : realType.
Local Notation e := (@QR R).

Lemma QRpower q z : 0 < e q -> e (qpower q z) = expR (ZR R z * ln (e q)).
Proof.
move=> q_gt0; case: z => [|p|p] /=; first by rewrite /ZR mul0r expR0 QR1.
  by rewrite QRpow /ZR /= expRMm lnK.
rewrite QRpow QRV -[Z.neg p]Pos2Z.opp_pos ZRN mulNr expRN exprVn; congr (_^-1).
by rewrite /ZR /= expRMm lnK.
Qed.

(* A combination of logarithms of rationals, coefficient before argument, that is 0:  *)
(* m times each coefficient is an integer, and the product of the powers is 1.        *)
Definition log_sum (t : seq (Q * Q)) : R := \sum_(a <- t) e a.1 * ln (e a.2).
Definition whole (q : Q) : bool := match Qden q with xH => true | _ => false end.
Definition is_zero (m : positive) (t : seq (Q * Q)) : bool :=
  let s := [seq (qmul (Qmake (Zpos m) 1) a.1, a.2) | a <- t] in
  all (fun a => whole a.1 && qpos a.2) s && Qeq_bool (qprod [seq qpower a.2 (Qnum a.1) | a <- s]) q1.

Lemma is_zeroP m t : is_zero m t -> log_sum t = 0.
Proof.
case/andP => h; rewrite (QR_eqb R) QRprod QR1 big_map => /eqP p1.
suff : ZR R (Zpos m) * log_sum t = 0.
  by move/eqP; rewrite mulf_eq0 gt_eqF ?ZR_pos//= => /eqP.
suff E : \prod_(a <- [seq (qmul (Qmake (Zpos m) 1) a.1, a.2) | a <- t]) e (qpower a.2 (Qnum a.1))
    = expR (ZR R (Zpos m) * log_sum t).
  by rewrite E in p1; rewrite -[LHS]expK p1 ln1.
elim: t h {p1} => [|a t IH] /=; first by rewrite /log_sum !big_nil mulr0 expR0.
case/andP=> /andP[w a0] /IH{IH} IH; rewrite big_cons IH /log_sum big_cons mulrDr expRD; congr (_ * _).
rewrite QRpower; last by rewrite -QR_pos.
congr expR; rewrite mulrA; congr (_ * _).
have -> : ZR R (Qnum (qmul (Qmake (Zpos m) 1) a.1)) = e (qmul (Qmake (Zpos m) 1) a.1).
  by move: w; rewrite /whole /QR; case: (Qden _) => // _; rewrite [ZR R 1](_ : _ = 1) ?divr1.
by rewrite QRM /QR /= [ZR R 1](_ : _ = 1) ?divr1.
Qed.

Lemma log_sum_cat s t : log_sum (s ++ t) = log_sum s + log_sum t.
Proof. by rewrite /log_sum big_cat. Qed.

End Power.

Lemma all_iota m (P : pred nat) : all P (iota 0 m) -> forall j : 'I_m, P j.
Proof. by move=> /allP h j; apply: h; rewrite mem_iota /= ltn_ord. Qed.

Lemma sum_iota (R : ringType) m (F : nat -> R) : \sum_(j <- iota 0 m) F j = \sum_(j < m) F j.
Proof. by rewrite -{1}[m]subn0 -/(index_iota 0 m) big_mkord. Qed.
