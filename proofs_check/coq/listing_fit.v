(* Line 10 of SpannerSampling as its listing computes it: the least squares over the data  *)
(* are exact on their span, if the data are exact. For claim span-mode-exact.              *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals.
From Spanner Require Import ridge spanner_rule span_run cert_numbers cert_instance listing_run listing_means elimination listing_spanner.
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

(* what line 10 finds                                                                        *)
Section Fitted.
Variables (R : realType) (i : instance).
Local Notation e := (@QR R).
Local Notation d := (size (theta i)).
Local Notation row := (@row_of R d).

Lemma span_sub k (A : 'M[R]_(k, d)) s : (span_list s <= A)%MS = all (fun v => v <= A)%MS s.
Proof.
elim/last_ind: s => [|s v IH]; first exact: sub0mx.
by rewrite span_rcons addsmx_sub IH all_rcons andbC.
Qed.

Lemma matrix_span n (f : nat -> 'rV[R]_d) : (\matrix_(l < n) f l :=: span_list (mkseq f n))%MS.
Proof.
apply/eqmxP/andP; split.
  apply/row_subP => l; rewrite rowK.
  have /allP h : all (fun v => v <= span_list (mkseq f n))%MS (mkseq f n) by rewrite -span_sub.
  apply: h.
  by apply: map_f; rewrite mem_iota /= ltn_ord.
rewrite span_sub all_map; apply/allP => l; rewrite mem_iota => ln /=.
by rewrite -[f l](rowK (fun l : 'I_n => f l) (Ordinal (ln : (l < n)%N))) row_sub.
Qed.

Lemma innerE a b n : (size a <= n)%N -> e (inner a b) = \sum_(j < n) e (nth q0 a j) * e (nth q0 b j).
Proof.
rewrite /inner; elim: a b n => [|p a IH] [|q b] [|n] //= an.
- by rewrite big_ord0 QR0.
- by rewrite big1 ?QR0// => j _; rewrite nth_nil QR0 mul0r.
- by rewrite big_ord0 QR0.
- by rewrite big1 ?QR0// => j _; rewrite nth_nil QR0 mul0r.
- by rewrite big1 ?QR0// => j _; rewrite nth_nil QR0 mulr0.
by rewrite QRD QRM big_ord_recl /= (IH b n).
Qed.

Variable data : seq (vector * number).
Hypothesis okd : data_ok R i data.
(* the independent data *)
Definition basis_of s : seq vector := foldl (fun b (p : vector * number) => let s := foldl with_vector [::] b in
  if in_span s p.1 then b else rcons b p.1) [::] s.

Lemma basisP s : all (fun p : vector * number => size p.1 <= d)%N s -> let b := basis_of s in
  [/\ all (fun u => size u <= d)%N b, (size b <= \rank (span_of_lists R d b))%N
    & (span_of_lists R d b :=: span_list (accepted R i s))%MS].
Proof.
elim/last_ind: s => [|s p IH]; first by split.
rewrite all_rcons => /andP[pd /IH[bd br eqb]]; rewrite /basis_of foldl_rcons -/(basis_of s).
rewrite (elimination R bd pd) /accepted map_rcons span_rcons -/(accepted R i s).
case: ifP => sub; split=> //.
- by apply: (eqmx_trans eqb); apply/eqmxP; rewrite addsmxSl /= addsmx_sub submx_refl (eqmx_sym eqb).
- by rewrite all_rcons pd.
- rewrite size_rcons span_lists_rcons; apply: leq_ltn_trans br (rank_ltmx _).
  by rewrite ltmxE addsmxSl /= addsmx_sub submx_refl sub.
by rewrite span_lists_rcons; exact: adds_eqmx.
Qed.

Local Notation basis := (basis_of data).
Local Notation n := (size basis).
Definition seen_data : seq (vector * number) := [seq ([seq inner b p.1 | b <- basis], p.2) | p <- data].
Definition normal_row k : vector * number := foldr (fun (p : vector * number) acc =>
  (plus (times (nth q0 p.1 k) p.1) acc.1, plus (times (nth q0 p.1 k) p.2) acc.2)) ([::], [::]) seen_data.
Let B : 'M[R]_(n, d) := \matrix_(l < n) row (nth [::] basis l).
Let V : 'M[R]_(size data, d) := \matrix_(t < size data) row (nth ([::], [::]) data t).1.
Variable c : nat.
Let truth : 'rV[R]_d := \row_j e (nth q0 (nth [::] (parameter_of i) j) c).

Lemma basis_span : (B :=: span_list (accepted R i data))%MS.
Proof.
have [_ _ eq] := basisP okd.1; apply: (eqmx_trans (matrix_span n (fun l => row (nth [::] basis l)))).
suff -> : mkseq (fun l => row (nth [::] basis l)) n = [seq row b | b <- basis] by [].
by rewrite -{3}(mkseq_nth [::] basis) /mkseq -map_comp.
Qed.
Lemma data_span : (V :=: span_list (accepted R i data))%MS.
Proof.
apply: (eqmx_trans (matrix_span (size data) (fun t => row (nth ([::], [::]) data t).1))).
suff -> : mkseq (fun t => row (nth ([::], [::]) data t).1) (size data) = accepted R i data by [].
by rewrite /accepted -{3}(mkseq_nth ([::], [::]) data) /mkseq -map_comp.
Qed.
Lemma basis_free : row_free B.
Proof.
have [_ br eq] := basisP okd.1; rewrite /row_free eqn_leq rank_leq_row /=.
by apply: leq_trans br _; rewrite eq basis_span.
Qed.

Lemma seen_entry (t : 'I_(size data)) l : (l < n)%N ->
  e (nth q0 [seq inner b (nth ([::], [::]) data t).1 | b <- basis] l) = \sum_(j < d) e (nth q0 (nth [::] basis l) j) * V t j.
Proof.
move=> ln; have [bd _ _] := basisP okd.1; rewrite (nth_map [::])// (innerE _ (n := d)).
  by apply: eq_bigr => j _; rewrite !mxE.
exact: (all_nthP [::] bd).
Qed.

Lemma normal_rowE k j c' : e (nth q0 (normal_row k).1 j) = \sum_(p <- seen_data) e (nth q0 p.1 k) * e (nth q0 p.1 j)
  /\ e (nth q0 (normal_row k).2 c') = \sum_(p <- seen_data) e (nth q0 p.1 k) * e (nth q0 p.2 c').
Proof.
rewrite /normal_row; elim: seen_data => [|p s [IH1 IH2]]; first by rewrite !big_nil /= !nth_nil QR0.
by rewrite !big_cons /= !nth_plus !nth_times IH1 IH2.
Qed.

Lemma sum_seen (F : vector * number -> R) :
  \sum_(p <- seen_data) F p = \sum_(t < size data) F ([seq inner b (nth ([::], [::]) data t).1 | b <- basis], (nth ([::], [::]) data t).2).
Proof. by rewrite big_map (big_nth ([::], [::])) big_mkord. Qed.

Lemma seenE (t : 'I_(size data)) (l : 'I_n) :
  e (nth q0 [seq inner b (nth ([::], [::]) data t).1 | b <- basis] l) = (B *m V^T) l t.
Proof. by rewrite seen_entry// mxE; apply: eq_bigr => j _; rewrite !mxE. Qed.

Lemma gramE : gram_matrix B V = (B *m V^T) *m (B *m V^T)^T.
Proof. by rewrite /gram_matrix trmx_mul trmxK mulmxA. Qed.

Lemma normal_lhs (k : 'I_n) (x : nat -> R) :
  lhs n (normal_row k).1 x = ((\row_(l < n) x l) *m gram_matrix B V) 0 k.
Proof.
rewrite gramE mxE; apply: eq_bigr => l _; rewrite (normal_rowE k l 0).1 sum_seen [in RHS]mxE mulrC; congr (_ * _).
by rewrite mxE; apply: eq_bigr => t _; rewrite /= !seenE mulrC [X in _ = _ * X]mxE.
Qed.

Lemma normal_rhs (k : 'I_n) : e (nth q0 (normal_row k).2 c) = (truth *m V^T *m V *m B^T) 0 k.
Proof.
have -> : truth *m V^T *m V *m B^T = truth *m V^T *m (B *m V^T)^T by rewrite trmx_mul trmxK !mulmxA.
rewrite (normal_rowE k 0 c).2 sum_seen mxE; apply: eq_bigr => t _; rewrite /= seenE mulrC [X in _ = _ * X]mxE; congr (_ * _).
rewrite okd.2 nth_dot size_map mxE; apply: eq_bigr => j _.
by rewrite !mxE mulrC.
Qed.

Lemma fitted_at (v : vector) : (row v <= span_list (accepted R i data))%MS ->
  e (nth q0 (dot_numbers (fitted i data) v) c) = e (nth q0 (dot_numbers (parameter_of i) v) c).
Proof.
move=> vs; have BV : (B <= V)%MS by rewrite basis_span data_span.
have VB : (V <= B)%MS by rewrite basis_span data_span.
have [x xG] := normal_solvable truth BV basis_free.
pose y k := if insub k is Some l then x 0 l else 0.
have xy : \row_(l < n) y l = x by apply/rowP => l; rewrite mxE /y valK.
pose normal := [seq normal_row k | k <- iota 0 n].
have [||sw w] := @solvedP R c n normal y.
- apply/each_map/each_iota => k kn; rewrite /solves -[k]/(val (Ordinal kn)) normal_lhs normal_rhs xy.
  by rewrite xG.
- move=> z /each_map/each_iota hz k kn.
  have /rowP/(_ (Ordinal kn)) : \row_(l < n) z l = 0.
    apply: (gram_free BV basis_free); apply/rowP => l; rewrite -normal_lhs hz ?mxE//.
  by rewrite !mxE.
have -> : e (nth q0 (dot_numbers (parameter_of i) v) c) = dot truth (row v).
  by rewrite nth_dot size_map /dot mxE; apply: eq_bigr => j _; rewrite !mxE mulrC.
rewrite -(normal_exact VB xG); last by rewrite data_span.
have fit : fitted i data = [seq foldr (fun x acc => plus (times (nth q0 x.1 j) x.2) acc) [::] (zip basis (solved n normal))
    | j <- iota 0 d] by [].
rewrite nth_dot fit size_map size_iota /dot mxE; apply: eq_bigr => j _; rewrite mulrC; congr (_ * _); last by rewrite !mxE.
rewrite (nth_map 0%N) ?size_iota// nth_iota// add0n mxE.
have zipE (s : seq vector) t : size s = size t ->
    e (nth q0 (foldr (fun x acc => plus (times (nth q0 x.1 j) x.2) acc) [::] (zip s t)) c)
    = \sum_(l < size s) e (nth q0 (nth [::] s l) j) * e (nth q0 (nth [::] t l) c).
  elim: s t => [|a s IH] [|b t]//= => [_|[st]]; first by rewrite big_ord0 nth_nil QR0.
  by rewrite nth_plus nth_times IH// big_ord_recl.
rewrite zipE//; apply: eq_bigr => l _; rewrite w// mulrC !mxE; congr (_ * _).
by rewrite /y valK.
Qed.
End Fitted.
