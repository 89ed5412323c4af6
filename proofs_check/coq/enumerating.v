(* The enumerating learner: with the whole feature table, 2 rank noiseless rewards     *)
(* determine pi^* , whatever the coverage. Claim data-without-coverage.                 *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist gibbs ridge spanner_rule.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Enumerating.
Variables (R : realType) (d : nat) (X Y : finType) (piref : X -> Y -> R).
Variables (phi : X -> Y -> 'rV[R]_d) (theta : 'rV[R]_d) (b : X -> R) (beta : R).
Hypothesis piref_dist : forall x, is_dist (piref x).
Hypothesis piref_gt0 : forall x, full_support (piref x).

Definition true_reward x y : R := dot theta (phi x y) + b x.
(* the differences of features within a prompt, one to a row *)
Definition diff (z : X * Y * Y) : 'rV[R]_d := phi z.1.1 z.1.2 - phi z.1.1 z.2.
Definition all_diffs : 'M[R]_(#|{: X * Y * Y}|, d) := \matrix_(i < #|{: X * Y * Y}|) diff (enum_val i).

Theorem data_without_coverage : exists l : seq (X * Y * Y), size l = \rank all_diffs /\
  forall theta' : 'rV[R]_d,
    (forall z, z \in l ->
       dot theta' (diff z) = true_reward z.1.1 z.1.2 - true_reward z.1.1 z.2) ->
    forall x, pistar (piref x) (fun y => dot theta' (phi x y)) beta
      =1 pistar (piref x) (true_reward x) beta.
Proof.
pose f := maxrankfun all_diffs.
exists [seq enum_val (f i) | i <- enum 'I_(\rank all_diffs)]; split.
  by rewrite size_map size_enum_ord.
move=> theta' h x; have row_diff i : row i all_diffs = diff (enum_val i).
  by rewrite rowK.
have in_span z : (diff z <= rowsub f all_diffs)%MS.
  rewrite eq_maxrowsub; have -> : diff z = row (enum_rank z) all_diffs.
    by rewrite row_diff enum_rankK.
  exact: row_sub.
have exact_on z : dot theta' (diff z) = dot theta (diff z).
  apply: (interpolation_exact _ (in_span z)) => i; rewrite row_rowsub row_diff.
  rewrite h; last by apply: map_f; rewrite mem_enum.
  by rewrite /true_reward /diff dotBr; move: (dot _ _) (dot _ _) (b _) => u v w; ring.
have [y0 _] : exists y : Y, true.
  apply/existsP; apply: contra_eqT (piref_dist x).2 => /existsPn no.
  by rewrite big1 ?[_ == 1]eq_sym ?oner_eq0// => y; have := no y.
apply: (@span_mode_exact _ _ _ _ _ _ (true_reward x y0 - dot theta' (phi x y0))) => // y.
have := exact_on (x, y, y0); rewrite /diff !dotBr /= => e.
rewrite -[LHS](subrK (dot theta' (phi x y0))) e /true_reward.
by move: (dot _ _) (dot _ _) (dot _ _) (b _) => s t u v; ring.
Qed.

End Enumerating.
