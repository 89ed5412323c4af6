(* Certificates of soft values of problems with several tokens, where exp(reward/beta)  *)
(* is rational: every node's value, as beta times a logarithm. What is proved is about   *)
(* V of multiturn.v. Claim soft-bellman.                                                 *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp.
From Spanner Require multiturn.
From Spanner Require Import dist cert_numbers cert_instance.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* A problem as its file has it: nodes, in each of which every token of the alphabet has *)
(* a base mass, a reward (a constant and the coefficients of logarithms of the atoms),   *)
(* the next node, or a number that is no node: the end, and features (of which           *)
(* cert_realizable.v speaks). A start for each prompt.                                   *)
Record arc := Arc { arc_mass : Q; reward_of : Q * seq Q; target : nat; features : seq Q }.
Record tree := Tree { tree_beta : Q; tree_atoms : seq Q; alphabet : nat; horizon : nat;
  starts : seq nat; nodes : seq (seq arc) }.
(* exp(V/beta) of each node without what was earned before it; the witnesses are how many *)
(* tokens remain, and exp(reward/beta), products of whole powers of the atoms             *)
Record soft := Soft { node_values : seq Q; remaining : seq nat; factors : seq (seq Q) }.

Definition arc_at (i : tree) v a := nth (Arc q0 (q0, [::]) 0 [::]) (nth [::] (nodes i) v) a.
Definition exp_value (c : soft) v := nth q1 (node_values c) v.

Section Check.
Variables (i : tree) (c : soft).
Definition left_at v := nth 0%N (remaining c) v.
Definition factor v a := nth q0 (nth [::] (factors c) v) a.
Definition arc_ok v a :=
  let f := reward_of (arc_at i v a) in
  [&& left_at v == (left_at (target (arc_at i v a))).+1, Qeq_bool f.1 q0, Qle_bool q0 (arc_mass (arc_at i v a))
    & is_zero 1 ((Qopp q1, factor v a) ::
        [seq (qdiv (nth q0 f.2 j) (tree_beta i), nth q0 (tree_atoms i) j) | j <- iota 0 (size (tree_atoms i))])].
Definition node_ok v :=
  [&& all (arc_ok v) (iota 0 (alphabet i)), qpos (exp_value c v),
   Qeq_bool (qsum [seq arc_mass (arc_at i v a) | a <- iota 0 (alphabet i)]) q1
   & Qeq_bool (exp_value c v) (qsum [seq qmul (arc_mass (arc_at i v a))
       (qmul (factor v a) (exp_value c (target (arc_at i v a)))) | a <- iota 0 (alphabet i)])].
Definition soft_ok :=
  [&& qpos (tree_beta i), (0 < alphabet i)%N, size (node_values c) == size (nodes i),
   size (remaining c) == size (nodes i), all (fun v => left_at v == horizon i) (starts i)
   & all node_ok (iota 0 (size (nodes i)))].
End Check.

Section Meaning.
Variables (R : realType) (i : tree).
Definition token := [finType of 'I_(alphabet i)].
Definition reward_at v (a : token) : R := log_linear R (reward_of (arc_at i v a)) (tree_atoms i).
(* the node that a prefix leads to, and the reward earned on the way *)
Fixpoint node_of v (s : seq token) : nat := if s is a :: s' then node_of (target (arc_at i v a)) s' else v.
Fixpoint earned v (s : seq token) : R :=
  if s is a :: s' then reward_at v a + earned (target (arc_at i v a)) s' else 0.
Definition token_law start (s : seq token) (a : token) : R := QR R (arc_mass (arc_at i (node_of start s) a)).
(* for each start the base model is a law after every prefix, and the soft value of a     *)
(* prefix is what was earned and beta times the logarithm of the node's number            *)
Definition are_soft_values (c : soft) : Prop := forall start, start \in starts i -> forall s : seq token,
  ((size s < horizon i)%N -> is_dist (token_law start s)) /\
  ((size s <= horizon i)%N ->
    multiturn.V (token_law start) (earned start) (QR R (tree_beta i)) (horizon i) s =
    earned start s + QR R (tree_beta i) * ln (QR R (exp_value c (node_of start s)))).
End Meaning.

Section Sound.
Variables (R : realType) (i : tree) (c : soft).
Hypothesis ok : soft_ok i c.
Local Notation e := (@QR R).
Local Notation b := (e (tree_beta i)).
Local Notation arcs := (iota 0 (alphabet i)).

Lemma b_gt0 : 0 < b. Proof. by case/andP: ok; rewrite (QR_pos R). Qed.

Lemma node_okP v : (v < size (nodes i))%N -> node_ok i c v.
Proof. by case/and5P: ok => _ _ _ _ /andP[_ h] vn; exact: all_iota h (Ordinal vn). Qed.

Lemma inside v : (0 < left_at c v)%N -> (v < size (nodes i))%N.
Proof. by case/and5P: ok => _ _ _ /eqP <- _; apply: contraTltn => /(nth_default 0%N); rewrite /left_at => ->. Qed.

Lemma at_end v : left_at c v = 0%N -> exp_value c v = q1.
Proof.
move=> z; rewrite /exp_value nth_default//; case/and5P: ok => _ a0 /eqP -> _ _; rewrite leqNgt; apply/negP => vn.
have /and4P[h _ _ _] := node_okP vn; have /and4P[/eqP] := all_iota h (Ordinal a0); by rewrite z.
Qed.

Lemma exp_value_gt0 v : 0 < e (exp_value c v).
Proof.
rewrite /exp_value; have [vn|vn] := ltnP v (size (node_values c)); last by rewrite nth_default// QR1 ltr01.
by rewrite -QR_pos; case/and5P: ok vn => _ _ /eqP -> _ _ /node_okP/and4P[].
Qed.

Lemma arcP v (a : token i) : (v < size (nodes i))%N ->
  [/\ left_at c v = (left_at c (target (arc_at i v a))).+1, 0 <= e (arc_mass (arc_at i v a))
    & expR (reward_at R v a / b) = e (factor c v a)].
Proof.
move/node_okP/and4P => [h _ _ _]; have /and4P[/eqP -> f0 m z] := all_iota h a; split=> //.
  by rewrite -(QR0 R) -QR_le.
have fac : 0 < e (factor c v a) by case/andP: z => /andP[/andP[_]]; rewrite (QR_pos R).
rewrite -[RHS]lnK ?posrE//; congr expR.
move/(is_zeroP R): z; rewrite /log_sum big_cons /= QR_opp QR1 mulN1r addrC => /eqP; rewrite subr_eq0 => /eqP <-.
rewrite /reward_at /log_linear; move: f0; rewrite (QR_eqb R) => /eqP ->; rewrite QR0 add0r big_map sum_iota mulr_suml.
by apply: eq_bigr => j _ /=; rewrite QRdiv mulrAC.
Qed.

Lemma node_rcons v s (a : token i) : node_of v (rcons s a) = target (arc_at i (node_of v s) a).
Proof. by elim: s v => //= x s IH v; rewrite IH. Qed.

Lemma earned_rcons v s (a : token i) : earned R v (rcons s a) = earned R v s + reward_at R (node_of v s) a.
Proof. by elim: s v => [|x s IH] v /=; rewrite ?addr0 ?add0r// IH addrA. Qed.

Lemma soft_value start n s : left_at c (node_of start s) = n ->
  multiturn.value_togo (@token_law R i start) (@earned R i start) b n s =
  earned R start s + b * ln (e (exp_value c (node_of start s))).
Proof.
elim: n s => [|n IH] s left /=; first by rewrite at_end// QR1 ln1 mulr0 addr0.
have vn : (node_of start s < size (nodes i))%N by apply: inside; rewrite left.
set v := node_of start s in left vn *.
have term a : token_law R start s a * expR (multiturn.value_togo (@token_law R i start) (@earned R i start) b n (rcons s a) / b)
    = expR (earned R start s / b) * e (qmul (arc_mass (arc_at i v a)) (qmul (factor c v a) (exp_value c (target (arc_at i v a))))).
  have [l _ f] := arcP a vn; rewrite IH; last by rewrite node_rcons -/v; apply/eq_add_S; rewrite -l.
  have scaled x : b * x / b = x by rewrite mulrAC mulfV ?mul1r// lt0r_neq0// b_gt0.
  rewrite earned_rcons node_rcons -/v -addrA mulrDl expRD mulrDl expRD f scaled lnK ?posrE ?exp_value_gt0// !QRM.
  by rewrite /token_law -/v mulrCA -!mulrA.
rewrite (eq_bigr _ (fun a _ => term a)) -mulr_sumr.
have /and4P[_ _ _] := node_okP vn; rewrite (QR_eqb R) QRsum big_map sum_iota => /eqP <-.
rewrite lnM ?posrE ?expR_gt0 ?exp_value_gt0// expK mulrDr mulrCA mulfV ?mulr1//.
by rewrite lt0r_neq0// b_gt0.
Qed.

Lemma left_after start (s : seq (token i)) : start \in starts i -> (size s <= horizon i)%N ->
  left_at c (node_of start s) = (horizon i - size s)%N.
Proof.
move=> st; elim/last_ind: s => [|s a IH]; rewrite ?size_rcons => sH.
  by rewrite subn0; case/and5P: ok => _ _ _ _ /andP[/allP/(_ _ st)/eqP].
have l := IH (ltnW sH); rewrite node_rcons; have vn : (node_of start s < size (nodes i))%N.
  by apply: inside; rewrite l subn_gt0.
by have [+ _ _] := arcP a vn; rewrite l -(subnSK sH) => -[].
Qed.

Theorem soft_sound : are_soft_values R i c.
Proof.
move=> start st s; split=> [sH|sH]; last exact/soft_value/left_after.
have vn : (node_of start s < size (nodes i))%N by apply: inside; rewrite left_after ?subn_gt0// ltnW.
split=> [a|]; first by have [_ m _] := arcP a vn.
have /and4P[_ _ + _] := node_okP vn; rewrite (QR_eqb R) QRsum QR1 big_map sum_iota => /eqP <-.
by apply: eq_bigr.
Qed.
End Sound.
