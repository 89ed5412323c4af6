(* The enumerating learner: with the whole feature table, 2 rank noiseless rewards     *)
(* determine pi^* , whatever the coverage. Claim data-without-coverage. Noise moves the *)
(* estimate and the loss by little: claim enumerating-error (ours).                     *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist gibbs gaps ridge spanner_rule mixtures.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* rows of largest determinant, in coordinates of the span: every row is a combination  *)
(* of them with coefficients of size at most 1                                           *)
Section LargestDeterminant.
Variable R : realType.

(* the identity with row j replaced by c *)
Local Definition replaced n (c : 'rV[R]_n) (j : 'I_n) : 'M[R]_n :=
  \matrix_(k, l) if k == j then c 0 l else (k == l)%:R.

Local Lemma det_replaced n (c : 'rV[R]_n) j : \det (replaced c j) = c 0 j.
Proof.
rewrite (expand_det_row _ j) (bigD1 j)//= big1 => [|l lj]; rewrite mxE eqxx.
  have -> : cofactor (replaced c j) j j = \adj (1%:M : 'M[R]_n) j j.
    rewrite mxE /cofactor; congr (_ * \det _); apply/matrixP => u v.
    by rewrite !mxE eq_sym (negPf (neq_lift _ _)).
  by rewrite -[\adj _]mul1mx mul_mx_adj det1 mxE eqxx mulr1 addr0.
have -> : cofactor (replaced c j) j l = \adj (1%:M : 'M[R]_n) l j.
  rewrite mxE /cofactor; congr (_ * \det _); apply/matrixP => u v.
  by rewrite !mxE eq_sym (negPf (neq_lift _ _)).
by rewrite -[\adj _]mul1mx mul_mx_adj det1 mxE (negPf lj) mulr0.
Qed.

Lemma largest_determinant m d (A : 'M[R]_(m, d)) : exists f : 'I_(\rank A) -> 'I_m,
  row_free (rowsub f A) /\ forall i, exists c : 'rV[R]_(\rank A),
    (forall j, `|c 0 j| <= 1) /\ row i A = c *m rowsub f A.
Proof.
set K := col_base A; have K_full : row_full K := col_base_full A.
have fA n (f : 'I_n -> 'I_m) : rowsub f A = rowsub f K *m row_base A.
  by rewrite mul_rowsub_mx mulmx_base.
pose size_of (f : {ffun 'I_(\rank A) -> 'I_m}) := `|\det (rowsub f K)|.
pose f0 := [ffun i => fullrankfun K_full i].
have u0 : 0 < size_of f0.
  have f0E : rowsub f0 K = rowsub (fullrankfun K_full) K by apply: eq_rowsub => i; rewrite ffunE.
  by rewrite /size_of normr_gt0 -unitfE -unitmxE f0E fullrowsub_unit.
case: (@arg_maxP _ _ _ f0 xpredT size_of isT) => f _ largest.
have M0 : 0 < size_of f := lt_le_trans u0 (largest f0 isT).
set M := rowsub f K in M0 *; have uM : M \in unitmx by rewrite unitmxE unitfE -normr_gt0.
exists f; split.
  by rewrite /row_free fA mxrankMfree ?row_base_free// -/M -/(row_free M) row_free_unit.
move=> i; pose c := row i K *m invmx M; have cM : row i K = c *m M by rewrite mulmxKV.
exists c; split=> [j|]; last by rewrite fA mulmxA -cM -row_mul mulmx_base.
pose g : {ffun 'I_(\rank A) -> 'I_m} := [ffun k => if k == j then i else f k].
have gE : rowsub g K = replaced c j *m M.
  apply/row_matrixP => k; rewrite row_mul row_rowsub ffunE.
  have [->|kj] := eqVneq k j.
    by rewrite cM; congr (_ *m _); apply/rowP => l; rewrite !mxE eqxx.
  have -> : row k (replaced c j) = row k 1%:M.
    by apply/rowP => l; rewrite !mxE (negPf kj).
  by rewrite -row_mul mul1mx row_rowsub.
have : size_of g <= size_of f := largest g isT.
by rewrite {1}/size_of gE det_mulmx normrM det_replaced -/(size_of f) ger_pmull.
Qed.

End LargestDeterminant.

Section Enumerating.
Variables (R : realType) (d : nat) (X Y : finType) (piref : X -> Y -> R).
Variables (phi : X -> Y -> 'rV[R]_d) (theta : 'rV[R]_d) (b : X -> R) (beta : R).
(* prompts may have responses of base mass 0: these are not in the table               *)
Hypothesis piref_dist : forall x, is_dist (piref x).

Definition true_reward x y : R := dot theta (phi x y) + b x.
(* the differences of features within a prompt, one to a row *)
Definition diff (z : X * Y * Y) : 'rV[R]_d := phi z.1.1 z.1.2 - phi z.1.1 z.2.
Definition in_table (z : X * Y * Y) := (0 < piref z.1.1 z.1.2) && (0 < piref z.1.1 z.2).
Definition all_diffs : 'M[R]_(#|{: X * Y * Y}|, d) :=
  \matrix_(i < #|{: X * Y * Y}|) (if in_table (enum_val i) then diff (enum_val i) else 0).

(* line 2: a C-approximate barycentric spanner of the differences                       *)
Definition barycentric (C : R) (s : 'I_(\rank all_diffs) -> X * Y * Y) :=
  (forall i, in_table (s i)) /\ forall z, in_table z -> exists c : 'I_(\rank all_diffs) -> R,
    (forall i, `|c i| <= C) /\ diff z = \sum_i c i *: diff (s i).
(* line 3: the two responses of each of its pairs                                       *)
Definition asked (s : 'I_(\rank all_diffs) -> X * Y * Y) : seq (X * Y) :=
  flatten [seq [:: (z.1.1, z.1.2); (z.1.1, z.2)] | z <- codom s].

(* there is one with C = 1 *)
Theorem barycentric_exists : exists s, barycentric 1 s.
Proof.
have [f [free comb]] := largest_determinant all_diffs.
have inside i : in_table (enum_val (f i)).
  apply/negPn/negP => out; have : row i (rowsub f all_diffs) = 0.
    by rewrite row_rowsub rowK (negPf out).
  move/eqP; rewrite rowE mulmx_free_eq0// => /eqP/matrixP/(_ 0 i); rewrite !mxE !eqxx => /eqP.
  by rewrite oner_eq0.
exists (fun i => enum_val (f i)); split=> // z zt; have [c [c1 cE]] := comb (enum_rank z).
exists (c 0); split=> //; have := cE; rewrite rowK enum_rankK zt => ->.
rewrite mulmx_sum_row; apply: eq_bigr => i _.
by rewrite row_rowsub rowK inside.
Qed.

(* line 3: the mean noise of the differences moves the estimate of each one by no more    *)
(* than the coefficients allow                                                            *)
Theorem enumerating_error C s theta' (noise : 'I_(\rank all_diffs) -> R) : barycentric C s ->
  (forall i, dot theta' (diff (s i))
    = true_reward (s i).1.1 (s i).1.2 - true_reward (s i).1.1 (s i).2 + noise i) ->
  forall z, in_table z -> `|dot (theta' - theta) (diff z)| <= C * \sum_i `|noise i|.
Proof.
move=> [_ comb] fits z /comb[c [c1 ->]].
have dotDr (t u v : 'rV[R]_d) : dot t (u + v) = dot t u + dot t v by rewrite /dot linearD mulmxDr mxE.
have dot0r (t : 'rV[R]_d) : dot t 0 = 0 by rewrite /dot trmx0 mulmx0 mxE.
rewrite (big_morph (dot _) (dotDr _) (dot0r _)) (le_trans (ler_norm_sum _ _ _))// mulr_sumr ler_sum// => i _.
rewrite dotC dotZl normrM ler_pmul// dotC.
have -> : dot (theta' - theta) (diff (s i)) = noise i; last by [].
rewrite dotC dotBr ![dot (diff _) _]dotC fits /true_reward /diff dotBr.
by move: (dot _ _) (dot _ _) (b _) => t u v; ring.
Qed.

(* lines 4 and 5: with 2 rank rewards, a parameter that fits them has pi^* as softmax     *)
Theorem data_without_coverage C s : barycentric C s -> size (asked s) = (2 * \rank all_diffs)%N /\
  forall theta' : 'rV[R]_d,
    (forall i, dot theta' (diff (s i)) = true_reward (s i).1.1 (s i).1.2 - true_reward (s i).1.1 (s i).2) ->
    forall x, pistar (piref x) (fun y => dot theta' (phi x y)) beta
      =1 pistar (piref x) (true_reward x) beta.
Proof.
move=> bary; split.
  by rewrite /asked -[RHS]mulnC -[in RHS](card_ord (\rank all_diffs)) -(size_codom s);
    elim: (codom s) => //= z l ->; rewrite mulSn.
move=> theta' fits x.
have noiseless i : dot theta' (diff (s i)) = true_reward (s i).1.1 (s i).1.2 - true_reward (s i).1.1 (s i).2 + 0.
  by rewrite addr0 fits.
have exact_on z : in_table z -> dot theta' (diff z) = dot theta (diff z).
  move=> /(enumerating_error bary noiseless); rewrite big1 ?mulr0 => [|i _]; last exact: normr0.
  by rewrite normr_le0 dotC dotBr subr_eq0 ![dot (diff _) _]dotC => /eqP.
have [y0 y0_gt0] := some_weight (piref_dist x).
pose c := true_reward x y0 - dot theta' (phi x y0).
have shift y : piref x y * expR (dot theta' (phi x y) / beta)
    = piref x y * expR (true_reward x y / beta) / expR (c / beta).
  have := (piref_dist x).1 y; rewrite le_eqVlt => /orP[/eqP <-|y_gt0]; first by rewrite !mul0r.
  have -> : dot theta' (phi x y) = true_reward x y - c; last by rewrite mulrBl expRB mulrA.
  have := exact_on (x, y, y0); rewrite /in_table /= y_gt0 y0_gt0 => /(_ isT).
  rewrite /c /diff !dotBr /= /true_reward => e.
  rewrite -[LHS](subrK (dot theta' (phi x y0))) e.
  by move: (dot _ _) (dot _ _) (dot _ _) (b _) => t u v w; ring.
have zE : Z (piref x) (fun y => dot theta' (phi x y)) beta
    = Z (piref x) (true_reward x) beta / expR (c / beta).
  by rewrite /Z mulr_suml; apply: eq_bigr => y _; exact: shift.
by move=> y; rewrite /pistar zE shift invf_div mulrA mulfVK// lt0r_neq0// expR_gt0.
Qed.

(* so the loss at a prompt is at most the square of that, over 8 beta                     *)
Theorem enumerating_gap C s theta' noise x : 0 < beta -> full_support (piref x) -> barycentric C s ->
  (forall i, dot theta' (diff (s i))
    = true_reward (s i).1.1 (s i).1.2 - true_reward (s i).1.1 (s i).2 + noise i) ->
  J (piref x) (true_reward x) beta (pistar (piref x) (true_reward x) beta)
    - J (piref x) (true_reward x) beta (pistar (piref x) (fun y => dot theta' (phi x y)) beta)
  <= (C * \sum_i `|noise i|) ^+ 2 / (8%:R * beta).
Proof.
move=> beta_gt0 full bary fits; set W := C * _; set f := fun y => _.
have near y z : f y - true_reward x y - (f z - true_reward x z) <= W.
  have := enumerating_error bary fits (z := (x, y, z)); rewrite /in_table /= !full => /(_ isT).
  apply: le_trans; rewrite (le_trans _ (ler_norm _))// le_eqVlt; apply/orP; left; apply/eqP.
  rewrite dotC dotBr ![dot (diff _) _]dotC /diff !dotBr /f /true_reward /=.
  by move: (dot _ _) (dot _ _) (dot _ _) (dot _ _) (b _) => t u v w k; ring.
have [y0 _] := some_weight (piref_dist x).
have [y _ least] := arg_minP (fun y => f y - true_reward x y) (erefl : xpredT y0).
have -> : W = W + (f y - true_reward x y) - (f y - true_reward x y) by rewrite addrK.
apply: gap_oscillation => // z; rewrite least//= -ler_subl_addr.
exact: near.
Qed.

End Enumerating.
