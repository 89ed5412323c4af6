(* Line 10 of SpannerSampling as its listing computes it: the least squares over the data  *)
(* are exact on their span, if the data are exact. For claim span-mode-exact.              *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals.
From Spanner Require Import ridge spanner_rule span_run cert_numbers cert_instance listing_run listing_means elimination.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Each.
Definition each A (P : A -> Prop) (s : seq A) : Prop := foldr (fun a others => P a /\ others) True s.
Lemma each_imp A (P P' : A -> Prop) s : (forall a, P a -> P' a) -> each P s -> each P' s.
Proof. by move=> imp; elim: s => //= a s IH [/imp ? /IH]. Qed.
Lemma each_cat A (P : A -> Prop) s t : each P (s ++ t) <-> each P s /\ each P t.
Proof. by elim: s => [|a s IH] /=; [split=> [|[]]|rewrite IH; split=> [[? []]|[[? ?]]]]. Qed.
Lemma each_map A B (f : A -> B) (P : B -> Prop) s : each P [seq f a | a <- s] <-> each (fun a => P (f a)) s.
Proof. by elim: s => //= a s IH; rewrite IH. Qed.
Lemma each_split A a (P : A -> Prop) s k : (k < size s)%N -> each P (take k s ++ drop k.+1 s) -> P (nth a s k) -> each P s.
Proof.
move=> ks; rewrite each_cat => -[pt pd] pk; rewrite -[s](cat_take_drop k) each_cat; split=> //.
by rewrite (drop_nth a ks).
Qed.
Lemma each_parts A a (P : A -> Prop) s k : (k < size s)%N -> each P s -> each P (take k s ++ drop k.+1 s) /\ P (nth a s k).
Proof.
move=> ks; rewrite -{1}[s](cat_take_drop k) each_cat (drop_nth a ks) /= => -[pt [pk pd]].
by rewrite each_cat.
Qed.
Lemma each_iota (P : nat -> Prop) n : each P (iota 0 n) <-> forall k, (k < n)%N -> P k.
Proof.
suff H m : each P (iota m n) <-> forall k, (m <= k < m + n)%N -> P k.
  by rewrite H; split=> h k; [move=> kn; apply: h|move=> /= kn; apply: h].
elim: n m => [|n IH] m /=; first by split=> // _ k; rewrite addn0 => /andP[a /(leq_ltn_trans a)]; rewrite ltnn.
rewrite IH; split=> [[pm h] k|h].
  rewrite leq_eqVlt => /andP[/orP[/eqP<- //|mk]]; rewrite addnS -addSn => kn.
  by apply: h; rewrite mk.
split=> [|k /andP[mk kn]]; first by apply: h; rewrite leqnn addnS ltnS leq_addr.
by apply: h; rewrite ltnW//= addnS -addSn.
Qed.
End Each.

(* a system whose homogeneous one has no other solution than 0: elimination finds the solution *)
Section Solved.
Variables (R : realType) (c : nat).
Local Notation e := (@QR R).
Definition lhs n (v : vector) (x : nat -> R) : R := \sum_(j < n) e (nth q0 v j) * x j.
Definition solves n (x : nat -> R) (r : row) : Prop := lhs n r.1 x = e (nth q0 r.2 c).
Definition only_zero n (rows : seq row) : Prop := forall x : nat -> R,
  each (fun r => lhs n r.1 x = 0) rows -> forall j, (j < n)%N -> x j = 0.

Lemma lhs_times n q v x : lhs n (times q v) x = e q * lhs n v x.
Proof. by rewrite /lhs mulr_sumr; apply: eq_bigr => j _; rewrite nth_times mulrA. Qed.
Lemma lhs_minus n a b x : lhs n (minus a b) x = lhs n a x - lhs n b x.
Proof. by rewrite /lhs -sumrB; apply: eq_bigr => j _; rewrite nth_minus mulrBl. Qed.
Lemma lhsS n v x : lhs n.+1 v x = e (head q0 v) * x 0%N + lhs n (behead v) (fun j => x j.+1).
Proof.
rewrite /lhs big_ord_recl nth0; congr (_ + _); apply: eq_bigr => j _.
by rewrite nth_behead.
Qed.

Lemma back_substituted p (a : vector) (l : seq vector) :
  e (nth q0 (foldl (fun v x => minus v (times x.1 x.2)) p (zip a l)) c)
  = e (nth q0 p c) - \sum_(j < size l) e (nth q0 a j) * e (nth q0 (nth [::] l j) c).
Proof.
elim: l a p => [|v l IH] [|q a] p /=; rewrite ?big_ord0 ?subr0//.
  by rewrite big1 ?subr0// => j _; rewrite nth_nil QR0 mul0r.
by rewrite IH nth_minus nth_times big_ord_recl opprD addrA.
Qed.

Lemma solvedP n rows x : each (solves n x) rows -> only_zero n rows ->
  size (solved n rows) = n /\ forall j, (j < n)%N -> e (nth q0 (nth [::] (solved n rows) j) c) = x j.
Proof.
elim: n rows x => [//|n IH] rows x sol zero /=.
set k := find _ rows; set p := nth _ rows k; set u := qdiv q1 _; set rest := solved n _.
have kn : (k < size rows)%N.
  rewrite -has_find; apply/negPn/negP => none; pose y j : R := (j == 0)%N%:R.
  suff /(_ 0%N isT)/eqP : forall j, (j < n.+1)%N -> y j = 0 by rewrite oner_eq0.
  apply: zero; elim: rows none {sol k p u rest} => //= r rows IHr; rewrite negb_or negbK => /andP[r0 /IHr rs].
  split=> //; rewrite lhsS /y mulr1; move: r0; rewrite /is0 (QR_eqb R) QR0 => /eqP ->.
  by rewrite add0r /lhs big1// => j _; rewrite mulr0.
have p0 : e (head q0 p.1) != 0.
  have : has (fun r => ~~ is0 (head q0 r.1)) rows by rewrite has_find.
  by move/(nth_find ([::], [::])); rewrite -/p /is0 (QR_eqb R) QR0.
have uE : e u = (e (head q0 p.1))^-1 by rewrite QRdiv QR1 mul1r.
have u0 : e u != 0 by rewrite uE invr_eq0.
have [sol' solp] := each_parts ([::], [::]) kn sol; rewrite -/p in solp.
have head1 : e (head q0 (times u p.1)) = 1 by rewrite -nth0 nth_times nth0 uE mulVf.
have less0 r : e (head q0 (minus r.1 (times (head q0 r.1) (times u p.1)))) = 0.
  by rewrite -nth0 nth_minus nth_times (nth0 _ (times _ _)) head1 mulr1 nth0 subrr.
have restP : size rest = n /\ forall j, (j < n)%N -> e (nth q0 (nth [::] rest j) c) = x j.+1.
  apply: (IH _ (fun j => x j.+1)).
    rewrite !each_map; apply: each_imp sol' => r; rewrite /solves /= => solr.
    have := lhs_minus n.+1 r.1 (times (head q0 r.1) (times u p.1)) x.
    rewrite lhsS less0 mul0r add0r => ->; rewrite !lhs_times solr solp.
    by rewrite nth_minus !nth_times.
  move=> y; rewrite !each_map => hy; pose y0 := - lhs n (behead (times u p.1)) y.
  pose z j := if j is j'.+1 then y j' else y0.
  have zp : lhs n.+1 (times u p.1) z = 0 by rewrite lhsS head1 mul1r addNr.
  have zz j : (j < n.+1)%N -> z j = 0.
    apply: zero; apply: (each_split (a := ([::], [::])) kn).
      apply: each_imp hy => r /= hr; have := lhs_minus n.+1 r.1 (times (head q0 r.1) (times u p.1)) z.
      by rewrite lhsS less0 mul0r add0r hr lhs_times zp mulr0 subr0.
    by apply/eqP; move: zp; rewrite -/p lhs_times => /eqP; rewrite mulf_eq0 (negPf u0).
  by move=> j jn; exact: (zz j.+1).
case: restP => sr restE; split=> [|[|j]] /=; rewrite ?sr//; last exact: restE.
move=> _; rewrite back_substituted sr nth_times -solp -lhs_times lhsS head1 mul1r.
rewrite [X in _ - X](_ : _ = lhs n (behead (times u p.1)) (fun j => x j.+1)) ?addrK//.
by apply: eq_bigr => j _; rewrite restE.
Qed.
End Solved.

(* data V, independent rows B with the same span, and the normal equations over B           *)
Section Normal.
Variables (R : realType) (n t d : nat) (B : 'M[R]_(n, d)) (V : 'M[R]_(t, d)) (theta : 'rV[R]_d).
Lemma norm0 m (w : 'rV[R]_m) : w *m w^T = 0 -> w = 0.
Proof.
move=> /matrixP/(_ 0 0); rewrite !mxE => /eqP.
rewrite psumr_eq0 => [/allP z|j _]; last by rewrite mxE -expr2 sqr_ge0.
apply/rowP => j; have := z j (mem_index_enum _); rewrite /= !mxE mulf_eq0 orbb => /eqP //.
Qed.
Hypothesis BV : (B <= V)%MS.
Hypothesis VB : (V <= B)%MS.
Hypothesis free : row_free B.
Definition gram_matrix : 'M[R]_n := B *m V^T *m V *m B^T.

Lemma gram_free (y : 'rV[R]_n) : y *m gram_matrix = 0 -> y = 0.
Proof.
move=> yG; have yV : y *m B *m V^T = 0.
  apply: norm0; rewrite !trmx_mul trmxK !mulmxA; move: yG; rewrite /gram_matrix !mulmxA => ->.
  by rewrite mul0mx.
have [C BC] := submxP BV; apply/eqP; rewrite -(mulmx_free_eq0 _ free); apply/eqP/norm0.
by rewrite {2}BC !trmx_mul !mulmxA yV !mul0mx.
Qed.

Lemma normal_solvable : exists x : 'rV[R]_n, x *m gram_matrix = theta *m V^T *m V *m B^T.
Proof.
have : row_free gram_matrix by apply: inj_row_free => y; exact: gram_free.
rewrite row_free_unit => u; exists (theta *m V^T *m V *m B^T *m invmx gram_matrix).
by rewrite mulmxKV.
Qed.

Lemma normal_exact (x : 'rV[R]_n) (v : 'rV[R]_d) : x *m gram_matrix = theta *m V^T *m V *m B^T ->
  (v <= V)%MS -> dot (x *m B) v = dot theta v.
Proof.
move=> xG /submxP[a ->]; apply/eqP; rewrite -subr_eq0 -dotBl; set u := x *m B - theta.
have uB : u *m V^T *m V *m B^T = 0.
  by rewrite /u !mulmxBl -xG /gram_matrix !mulmxA subrr.
have z0 : u *m V^T *m V = 0.
  have [b zb] := submxP (submx_trans (submxMl (u *m V^T) V) VB).
  by apply: norm0; rewrite {2}zb trmx_mul mulmxA uB mul0mx.
have uV : u *m V^T = 0 by apply: norm0; rewrite trmx_mul trmxK mulmxA z0 mul0mx.
by rewrite /dot trmx_mul mulmxA uV mul0mx mxE.
Qed.
End Normal.
