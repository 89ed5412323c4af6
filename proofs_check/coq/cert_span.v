(* Certificates of a basis of the span of all feature differences, and of the size of *)
(* the coefficients over it: dual vectors, whose products with a difference are its   *)
(* coefficients. Claim barycentric.                                                   *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals.
From Spanner Require Import ridge cert_numbers cert_instance.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* phi(x,y) - phi(x,y') for each chosen (x, y, y'), and a dual vector for each        *)
Record spanner := Spanner { chosen : seq (nat * nat * nat); dual : seq (seq Q); bound : Q }.

Section Check.
Variables (i : instance) (s : spanner).
Definition dims := iota 0 (size (theta i)).
Definition ranks := iota 0 (size (chosen s)).
Definition difference (y z : response) := [seq qsub (nth q0 (phi y) j) (nth q0 (phi z) j) | j <- dims].
Definition picked (c : nat * nat * nat) :=
  let p := support (prompt_at i c.1.1) in difference (response_at p c.1.2) (response_at p c.2).
Definition picks := [seq picked c | c <- chosen s].
Definition product (u v : seq Q) := qsum [seq qmul (nth q0 u j) (nth q0 v j) | j <- dims].
Definition is_pick (c : nat * nat * nat) :=
  let n := size (support (prompt_at i c.1.1)) in [&& (c.1.1 < size (prompts i))%N, (c.1.2 < n)%N & (c.2 < n)%N].
(* every difference to a prompt's first response is the combination, with small coefficients *)
Definition spans (v : seq Q) :=
  let cs := [seq product u v | u <- dual s] in
  all (fun c => Qle_bool c (bound s) && Qle_bool (Qopp (bound s)) c) cs &&
  all (fun j => Qeq_bool (qsum [seq qmul (nth q0 cs k) (nth q0 (nth [::] picks k) j) | k <- ranks]) (nth q0 v j)) dims.
Definition spanner_ok :=
  [&& size (dual s) == size (chosen s), all is_pick (chosen s),
   all (fun k => all (fun l => Qeq_bool (product (nth [::] picks k) (nth [::] (dual s) l)) (if k == l then q1 else q0)) ranks) ranks
   & all (fun x => let p := support (prompt_at i x) in
       all (fun y => spans (difference (response_at p y) (response_at p 0))) (iota 0 (size p))) (iota 0 (size (prompts i)))].
End Check.

Section Statement.
Variables (R : realType) (i : instance).
Notation n := (size (theta i)).
(* the span of all differences of features of two responses to one prompt             *)
Definition differences : 'M[R]_n :=
  (\sum_(x : X i) \sum_(y : Y x) \sum_(z : Y x) <<feature R y - feature R z>>)%MS.
(* the chosen differences are a basis of it, and each difference to a prompt's first   *)
(* response has coefficients of size at most the bound                                 *)
Definition is_spanner (s : spanner) :=
  \rank differences = size (chosen s) /\
  exists B : 'M[R]_(size (chosen s), n),
  [/\ (B == differences)%MS,
      (forall k : 'I_(size (chosen s)), exists (x : X i) (y z : Y x), nth (0, 0, 0)%N (chosen s) k = (x : nat, y : nat, z : nat)
         /\ row k B = feature R y - feature R z)
    & forall (x : X i) (y z : Y x), val z = 0%N -> exists c : 'rV[R]_(size (chosen s)),
        feature R y - feature R z = c *m B /\ forall k, `|c 0 k| <= QR R (bound s)].
End Statement.

Section Sound.
Variables (R : realType) (i : instance) (s : spanner).
Local Notation e := (@QR R).
Local Notation n := (size (theta i)).
Local Notation m := (size (chosen s)).
Hypothesis ok : spanner_ok i s.

Definition B : 'M[R]_(m, n) := \matrix_(k, j) e (nth q0 (nth [::] (picks i s) k) j).
Definition D : 'M[R]_(m, n) := \matrix_(k, j) e (nth q0 (nth [::] (dual s) k) j).

Lemma productE u v : e (product i u v) = \sum_(j < n) e (nth q0 u j) * e (nth q0 v j).
Proof. by rewrite QRsum big_map sum_iota; apply: eq_bigr => j _; rewrite QRM. Qed.

Lemma differenceE y z (j : 'I_n) :
  e (nth q0 (difference i y z) j) = e (nth q0 (phi y) j) - e (nth q0 (phi z) j).
Proof. by rewrite (nth_map 0%N) ?size_iota// nth_iota// add0n QRB. Qed.

Lemma BD : B *m D^T = 1%:M.
Proof.
case/and4P: ok => _ _ bd _; apply/matrixP => k l; rewrite !mxE.
have := all_iota (all_iota bd k) l; rewrite (QR_eqb R) productE => /eqP.
have -> : e (if val k == val l then q1 else q0) = (k == l)%:R.
  by rewrite -val_eqE; case: ifP; rewrite ?QR1 ?QR0.
by move=> <-; apply: eq_bigr => j _; rewrite !mxE.
Qed.

Lemma B_rows (k : 'I_m) : exists (x : X i) (y z : Y x), nth (0, 0, 0)%N (chosen s) k = (x : nat, y : nat, z : nat)
  /\ row k B = feature R y - feature R z.
Proof.
case/and4P: ok => _ /(all_nthP (0, 0, 0)%N)/(_ k (ltn_ord k)) + _ _.
case E : (nth _ _ _) => [[x y] z] /and3P[/= xn yn zn].
exists (Ordinal xn), (Ordinal yn : Y (Ordinal xn)), (Ordinal zn : Y (Ordinal xn)); split=> //.
apply/rowP => j; rewrite !mxE (nth_map (0, 0, 0)%N)// E differenceE.
by rewrite /the.
Qed.

Lemma combination (x : X i) (y z : Y x) : val z = 0%N ->
  let c := (feature R y - feature R z) *m D^T in
  feature R y - feature R z = c *m B /\ forall k, `|c 0 k| <= e (bound s).
Proof.
move=> z0 c; case/and4P: ok => /eqP sz _ _ sp.
have /andP[small comb] := all_iota (all_iota sp x) y; set v := difference _ _ _ in small comb.
have vE (j : 'I_n) : e (nth q0 v j) = (feature R y - feature R z) 0 j.
  by rewrite differenceE !mxE /the z0.
have cE (k : 'I_m) : e (nth q0 [seq product i u v | u <- dual s] k) = c 0 k.
  rewrite (nth_map [::]) ?sz// productE mxE; apply: eq_bigr => j _.
  by rewrite vE [D^T _ _]mxE [D _ _]mxE mulrC.
split=> [|k].
  apply/rowP => j; rewrite -vE; have := all_iota comb j; rewrite (QR_eqb R) => /eqP <-.
  rewrite QRsum big_map sum_iota mxE; apply: eq_bigr => k _.
  by rewrite QRM cE [B _ _]mxE.
have k1 : (k < size [seq product i u v | u <- dual s])%N by rewrite size_map sz.
have /andP[a b] := all_nthP q0 small k k1; move: a b.
by rewrite !(QR_le R) QR_opp cE ler_norml => -> ->.
Qed.

Lemma B_differences : (B == differences R i)%MS.
Proof.
apply/andP; split.
  apply/row_subP => k; have [x [y [z [_ ->]]]] := B_rows k.
  apply: (sumsmx_sup x) => //; apply: (sumsmx_sup y) => //; apply: (sumsmx_sup z) => //.
  by rewrite genmxE.
apply/sumsmx_subP => x _; apply/sumsmx_subP => y _; apply/sumsmx_subP => z _; rewrite genmxE.
have n0 : (0 < size (support (prompt_at i x)))%N by exact: leq_ltn_trans (ltn_ord y).
pose f : Y x := Ordinal n0.
have -> : feature R y - feature R z = (feature R y - feature R f) - (feature R z - feature R f).
  by rewrite opprB addrA subrK.
have sub (u : Y x) : (feature R u - feature R f <= B)%MS by have [-> _] := @combination x u f erefl; exact: submxMl.
by rewrite addmx_sub ?eqmx_opp.
Qed.

Theorem spanner_sound : is_spanner R i s.
Proof.
split; last by exists B; split; [exact: B_differences|exact: B_rows|move=> x y z /(@combination x y z); eexists; eauto].
rewrite -(eqmxP B_differences); apply/eqP; rewrite eqn_leq rank_leq_row /=.
by have := mxrankM_maxl B D^T; rewrite BD mxrank1.
Qed.
End Sound.
