(* Elimination as the listing of SpannerSampling runs it in span mode: what it accepts as  *)
(* covered is the span of the vectors seen so far. For claim span-mode-exact.              *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals.
From Spanner Require Import spanner_rule span_run cert_numbers listing_run listing_means.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Elimination.
Variables (R : realType) (d : nat).
Local Notation e := (@QR R).
(* a list of rationals as a vector                                                          *)
Definition row_of (v : vector) : 'rV[R]_d := \row_j e (nth q0 v j).
Definition span_of_lists (vs : seq vector) := span_list [seq row_of v | v <- vs].
Let rows_span (rows : seq (nat * vector)) := span_of_lists [seq r.2 | r <- rows].

Lemma row_minus a b : row_of (minus a b) = row_of a - row_of b.
Proof. by apply/rowP => j; rewrite !mxE nth_minus. Qed.
Lemma row_times q a : row_of (times q a) = e q *: row_of a.
Proof. by apply/rowP => j; rewrite !mxE nth_times. Qed.
Lemma size_plus a b : size (plus a b) = maxn (size a) (size b).
Proof. by elim: a b => [|x a IH] [|y b] //=; rewrite ?maxn0// IH maxnSS. Qed.
Lemma size_minus a b : size (minus a b) = maxn (size a) (size b).
Proof. by rewrite size_plus size_map. Qed.
Lemma is0E q : is0 q = (e q == 0). Proof. by rewrite /is0 (QR_eqb R) QR0. Qed.
Lemma span_lists_rcons vs v : span_of_lists (rcons vs v) = (span_of_lists vs + row_of v)%MS.
Proof. by rewrite /span_of_lists map_rcons span_rcons. Qed.
Lemma rows_span_rcons rows r : rows_span (rcons rows r) = (rows_span rows + row_of r.2)%MS.
Proof. by rewrite /rows_span map_rcons span_lists_rcons. Qed.

Let pivots (rows : seq (nat * vector)) := [seq r.1 | r <- rows].
Lemma mem_pivots_rcons rows r k : (k \in pivots (rcons rows r)) = (k == r.1) || (k \in pivots rows).
Proof. by rewrite /pivots map_rcons mem_rcons in_cons. Qed.

(* each row has its pivot, at which the later ones are 0                                    *)
Inductive echelon : seq (nat * vector) -> Prop :=
| echelon_nil : echelon [::]
| echelon_rcons rows p u : echelon rows -> (p < d)%N -> (size u <= d)%N -> e (nth q0 u p) != 0 ->
    (forall k, k \in pivots rows -> e (nth q0 u k) = 0) -> echelon (rcons rows (p, u)).

Lemma reduced_rcons rows r v : reduced (rcons rows r) v =
  minus (reduced rows v) (times (qdiv (nth q0 (reduced rows v) r.1) (nth q0 r.2 r.1)) r.2).
Proof. by rewrite /reduced foldl_rcons. Qed.

Lemma size_reduced rows v : echelon rows -> (size v <= d)%N -> (size (reduced rows v) <= d)%N.
Proof.
move=> er vd; elim: er => [//|{}rows p u _ IH _ ud _ _].
by rewrite reduced_rcons size_minus size_map geq_max IH.
Qed.

Lemma reduced_pivots rows v k : echelon rows -> k \in pivots rows -> e (nth q0 (reduced rows v) k) = 0.
Proof.
move=> er; elim: er k => [//|{}rows p u _ IH _ _ u0 zero] k.
rewrite mem_pivots_rcons reduced_rcons nth_minus nth_times QRdiv => /predU1P[->|rr] /=.
  by rewrite mulfVK// subrr.
by rewrite (IH k)// (zero k)// mulr0 subr0.
Qed.

Lemma reduced_span rows v : (row_of v - row_of (reduced rows v) <= rows_span rows)%MS.
Proof.
elim/last_ind: rows => [|rows r IH]; first by rewrite subrr sub0mx.
rewrite reduced_rcons row_minus row_times rows_span_rcons opprB addrCA addrC.
apply: addmx_sub; first exact: submx_trans IH (addsmxSl _ _).
by apply: submx_trans (addsmxSr _ _); exact: scalemx_sub.
Qed.

Lemma zero_of_pivots rows (w : 'rV[R]_d) : echelon rows -> (w <= rows_span rows)%MS ->
  (forall j : 'I_d, val j \in pivots rows -> w 0 j = 0) -> w = 0.
Proof.
move=> er; elim: er w => [w|{}rows p u _ IH pd _ u0 zero w].
  by rewrite /rows_span /span_of_lists /span_list /= submx0 => /eqP.
rewrite rows_span_rcons => /sub_addsmxP[[x y] /= ->] at_0.
rewrite [y]mx11_scalar mul_scalar_mx in at_0 *; set a := y 0 0 in at_0 *.
have x0 : x *m rows_span rows = 0.
  apply: IH => [|j jr]; first exact: submxMl.
  have := at_0 j; rewrite mem_pivots_rcons jr orbT => /(_ isT).
  by rewrite mxE [X in _ + X]mxE [row_of u _ _]mxE zero// mulr0 addr0.
rewrite x0 add0r in at_0 *; have := at_0 (Ordinal pd).
rewrite mem_pivots_rcons eqxx !mxE => /(_ isT)/eqP; rewrite mulf_eq0 (negPf u0) orbF => /eqP ->.
by rewrite scale0r.
Qed.

Lemma in_spanE rows v : echelon rows -> (size v <= d)%N -> in_span rows v = (row_of v <= rows_span rows)%MS.
Proof.
move=> er vd; rewrite /in_span; have sr := size_reduced er vd; apply/idP/idP => [zero|sub].
  have := reduced_span rows v; suff -> : row_of (reduced rows v) = 0 by rewrite subr0.
  apply/rowP => j; rewrite !mxE; case: (ltnP j (size (reduced rows v))) => [jn|jn].
    by have := all_nthP q0 zero j jn; rewrite is0E => /eqP.
  by rewrite nth_default ?QR0.
have /(zero_of_pivots er) z : (row_of (reduced rows v) <= rows_span rows)%MS.
  by rewrite -[row_of _](subKr (row_of v)) addmx_sub// eqmx_opp reduced_span.
apply/(all_nthP q0) => j jn; rewrite is0E; have jd := leq_trans jn sr.
have /rowP/(_ (Ordinal jd)) : row_of (reduced rows v) = 0.
  by apply: z => k kr; rewrite mxE reduced_pivots.
by rewrite !mxE => ->.
Qed.

Lemma with_vectorE rows v : echelon rows -> (size v <= d)%N ->
  echelon (with_vector rows v) /\ (rows_span (with_vector rows v) :=: rows_span rows + row_of v)%MS.
Proof.
move=> er vd; rewrite /with_vector; case: ifP => zero.
  split=> //; have sub : (row_of v <= rows_span rows)%MS by rewrite -in_spanE.
  by apply/eqmxP; rewrite addsmxSl /= addsmx_sub submx_refl.
have : has (fun q => ~~ is0 q) (reduced rows v) by rewrite has_predC zero.
move=> h; have pn := h; rewrite has_find in pn; set p := find _ _ in pn *.
have sr := size_reduced er vd; split.
  apply: echelon_rcons => //; first exact: leq_trans pn sr.
    by have := nth_find q0 h; rewrite -/p is0E.
  by move=> k; exact: reduced_pivots.
rewrite rows_span_rcons /=; have sub := reduced_span rows v.
apply/eqmxP; rewrite !addsmx_sub !addsmxSl /=; apply/andP; split.
  rewrite -[row_of (reduced _ _)](subKr (row_of v)) addmx_sub ?addsmxSr// eqmx_opp.
  exact: submx_trans sub (addsmxSl _ _).
rewrite -[row_of v](subrK (row_of (reduced rows v))) addmx_sub ?addsmxSr//.
exact: submx_trans sub (addsmxSl _ _).
Qed.

(* the cover of the listing is the span of what it was extended by                          *)
Theorem elimination vs v : all (fun u => (size u <= d)%N) vs -> (size v <= d)%N ->
  in_span (foldl with_vector [::] vs) v = (row_of v <= span_of_lists vs)%MS.
Proof.
move=> vds vd; suff [er eq] : echelon (foldl with_vector [::] vs)
    /\ (rows_span (foldl with_vector [::] vs) :=: span_of_lists vs)%MS.
  by rewrite in_spanE// eq.
elim/last_ind: vs vds => [_|vs u IH]; first by split=> //; exact: echelon_nil.
rewrite all_rcons foldl_rcons => /andP[ud /IH[er eq]].
have [er' eq'] := with_vectorE er ud; split=> //.
by rewrite span_lists_rcons; exact: eqmx_trans eq' (adds_eqmx eq (eqmx_refl _)).
Qed.
End Elimination.
