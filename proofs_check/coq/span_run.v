(* SpannerSampling in span mode as it runs: the state is the list of accepted        *)
(* differences, and the parameter is any interpolation of them. Claims                *)
(* spanner-end-to-end, composed with spanner-size and span-mode-exact, and             *)
(* spanner-coverage-tail in span mode (ours).                                          *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import boolp reals sequences exp ring.
From Spanner Require Import exp_facts dist process gibbs ridge spanner_coverage spanner_rule.
From Spanner Require Import mixtures end_to_end.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* about any rounds, as unfolding the law of these takes long *)
Lemma after_ext (R : realType) (A : finType) (S : Type) (mu : A -> R) (step : S -> A -> S) n (F G : S -> R) s :
  F =1 G -> after mu step n F s = after mu step n G s.
Proof. by move=> FG; elim: n s => [|n IH] s //=; apply: eq_bigr => a _; rewrite IH. Qed.

Section Run.
Variables (R : realType) (d k : nat) (X Y : finType) (rho : X -> R) (piref : X -> Y -> R).
Variables (phi : X -> Y -> 'rV[R]_d) (theta : 'rV[R]_d) (b : X -> R) (beta L : R) (Rmax C : X -> R).
Definition lin_reward x y : R := dot theta (phi x y) + b x.
Hypothesis rho_dist : is_dist rho.
Hypothesis piref_dist : forall x, is_dist (piref x).
Hypothesis beta_gt0 : 0 < beta.
Hypothesis range : forall x y z, lin_reward x y - lin_reward x z <= Rmax x.
Hypothesis cov_le : forall x y,
  pistar (piref x) (lin_reward x) beta y / piref x y <= C x.
Hypothesis loss_le : forall x, C x * Rmax x <= L.
(* the differences of features span a space within that of D *)
Variable D : 'M[R]_(k, d).
Hypothesis diffs : forall x y y', (phi x y - phi x y' <= D)%MS.

(* line 6 in span mode *)
Variable npair : nat.
Hypothesis npair_gt0 : (0 < npair)%N.
Definition span_list (s : seq 'rV[R]_d) : 'M[R]_d := span_of (vec s) (size s).
Definition off_span s x (z : Y * Y) := ~~ (phi x z.1 - phi x z.2 <= span_list s)%MS.
Definition span_step s (a : X * npair.-tuple [finType of Y * Y]) :=
  if [seq z <- a.2 | off_span s a.1 z] is z :: _ then rcons s (phi a.1 z.1 - phi a.1 z.2) else s.

(* lines 12 to 15 with the parameter t: f is 0 off the span; then the mixture         *)
Definition f_run t s x y' y : R :=
  if off_span s x (y, y') then 0 else dot t (phi x y - phi x y').
Definition returned_run t s x : Y -> R :=
  mixture (piref x) (fun y' => pistar (piref x) (f_run t s x y') beta).
(* line 10 in round t: least squares on the accepted differences and on those of        *)
(* earlier rounds; the target of a difference is the difference of its two rewards      *)
Definition square_loss (l : seq 'rV[R]_d) t : R := \sum_(v <- l) (dot t v - dot theta v) ^+ 2.
Definition least_squares l t := forall t' : 'rV[R]_d, square_loss l t <= square_loss l t'.
(* round 1, the only one if T_exp = 1: the accepted differences alone                    *)
Variable est : seq 'rV[R]_d -> 'rV[R]_d.
Hypothesis est_fits : forall s, least_squares s (est s).
Definition gap_run s : R := \sum_x rho x *
  (J (piref x) (lin_reward x) beta (pistar (piref x) (lin_reward x) beta)
   - J (piref x) (lin_reward x) beta (returned_run (est s) s x)).

(* without noise least squares interpolates its data: theta itself has loss 0           *)
Lemma interpolates l t : least_squares l t -> forall v, v \in l -> dot t v = dot theta v.
Proof.
move=> /(_ theta); have -> : square_loss l theta = 0.
  by apply: big1 => v _; rewrite subrr expr0n.
move=> le0 v vl; apply/eqP; rewrite -subr_eq0 -sqrf_eq0.
have : square_loss l t == 0 by rewrite eq_le le0 sumr_ge0// => w _; exact: sqr_ge0.
rewrite /square_loss big_seq psumr_eq0 => [/allP/(_ v vl)|w _]; last exact: sqr_ge0.
by rewrite vl.
Qed.

Lemma span_rcons s v : span_list (rcons s v) = (span_list s + v)%MS.
Proof.
rewrite /span_list size_rcons /= /vec nth_rcons ltnn eqxx; congr (_ + _)%MS.
suff H n : (n <= size s)%N -> span_of (nth 0 (rcons s v)) n = span_of (nth 0 s) n by exact: H.
by elim: n => //= n IH ns; rewrite IH 1?ltnW// nth_rcons ns.
Qed.

Lemma span_exact s t (x : 'rV[R]_d) : (forall v, v \in s -> dot t v = dot theta v) ->
  (x <= span_list s)%MS -> dot t x = dot theta x.
Proof.
move=> ts; suff H n (u : 'rV[R]_d) : (n <= size s)%N -> (u <= span_of (vec s) n)%MS ->
  dot t u = dot theta u by exact: H.
elim: n u => [|n IH] u ns /=.
  by rewrite submx0 => /eqP ->; rewrite /dot trmx0 !mulmx0.
have dotDr (w y z : 'rV[R]_d) : dot w (y + z) = dot w y + dot w z.
  by rewrite /dot linearD mulmxDr mxE.
case/sub_addsmxP => -[u1 u2] /= ->; rewrite !dotDr IH ?submxMl 1?ltnW//; congr (_ + _).
rewrite (mx11_scalar u2) mul_scalar_mx ![dot _ (_ *: _)]dotC !dotZl ![dot (vec s n) _]dotC.
by rewrite ts// /vec mem_nth.
Qed.

Lemma off_stays s a x z : off_span (span_step s a) x z -> off_span s x z.
Proof.
rewrite /span_step; case: filter => [//|z' _]; rewrite /off_span span_rcons.
by apply: contra => h; exact: submx_trans h (addsmxSl _ _).
Qed.

(* accepted differences lie in D and off the span of the earlier ones *)
Definition span_grown s := forall i, (i < size s)%N ->
  (vec s i <= D)%MS /\ ~~ (vec s i <= span_of (vec s) i)%MS.

Lemma span_grown_step s a : span_grown s -> span_grown (span_step s a).
Proof.
move=> gs; rewrite /span_step; case E : filter => [//|z l] i.
have sp n : (n <= size s)%N ->
    span_of (vec (rcons s (phi a.1 z.1 - phi a.1 z.2))) n = span_of (vec s) n.
  by elim: n => //= n IH ns; rewrite IH 1?ltnW// /vec nth_rcons ns.
rewrite size_rcons ltnS leq_eqVlt => /orP[/eqP->|i_lt]; last first.
  by rewrite sp ?(ltnW i_lt)// /vec nth_rcons i_lt; exact: gs.
rewrite sp// /vec nth_rcons ltnn eqxx; split; first exact: diffs.
by have := mem_head z l; rewrite -E mem_filter => /andP[].
Qed.

Lemma span_size s l : (size s + acceptances (round_accepts off_span) span_step s l)%N
  = size (foldl span_step s l).
Proof.
elim: l s => [|a l IH] s /=; first by rewrite addn0.
rewrite -IH addnA; congr (_ + _)%N; rewrite /span_step /round_accepts has_filter.
by case: filter => [|z l'] /=; rewrite ?addn0 ?addn1 ?size_rcons.
Qed.

Lemma span_acceptances l : (acceptances (round_accepts off_span) span_step [::] l <= \rank D)%N.
Proof.
rewrite -[acceptances _ _ _ _]add0n (span_size [::]).
have g : span_grown (foldl span_step [::] l).
  have : span_grown [::] by [].
  by elim: l [::] => //= a l IH s gs; apply: IH; exact: span_grown_step.
by apply: (@span_mode_size _ _ _ D (vec (foldl span_step [::] l))) => i im; have [] := g i im.
Qed.

(* a parameter that fits the accepted differences knows the rewards of covered pairs   *)
Lemma f_run_eq s t x y' y : (forall v, v \in s -> dot t v = dot theta v) ->
  f_run t s x y' y = f_hat lin_reward off_span s x y' y.
Proof.
move=> ts; rewrite /f_run /f_hat; case: ifP => // /negbFE h.
by rewrite (span_exact ts h) /= dotBr /lin_reward; move: (dot _ _) (dot _ _) (b x) => u v w; ring.
Qed.

Lemma returned_run_eq s t x y : (forall v, v \in s -> dot t v = dot theta v) ->
  returned_run t s x y = returned piref lin_reward beta off_span s x y.
Proof.
move=> ts; apply: eq_bigr => y' _; congr (_ * _); rewrite /pistar /Z f_run_eq//.
by congr (_ / _); apply: eq_bigr => z _; rewrite f_run_eq.
Qed.

(* T_exp > 1: what later rounds add to the data changes no policy                       *)
Theorem later_data s more t x : least_squares (s ++ more) t ->
  returned_run t s x =1 returned_run (est s) s x.
Proof.
move=> fit y; rewrite !returned_run_eq// => v vs; first exact: interpolates (est_fits s) v vs.
by apply: (interpolates fit); rewrite mem_cat vs.
Qed.

(* on every state the policy is the one that knows the rewards of the covered pairs   *)
Lemma gap_run_eq s : gap_run s = gap rho piref lin_reward beta off_span s.
Proof.
apply: eq_bigr => x _; rewrite (_ : returned_run _ _ _ = returned piref lin_reward beta off_span s x) //.
by apply/funext => y; exact: returned_run_eq (interpolates (est_fits s)).
Qed.

Let Q := round_law rho (pair_law piref) (npair:=npair).

Local Lemma after_gap n (F : R -> R) s : after Q span_step n (fun s => F (gap_run s)) s
  = after Q span_step n (fun s => F (gap rho piref lin_reward beta off_span s)) s.
Proof. by apply: after_ext => t; rewrite gap_run_eq. Qed.

Theorem span_run_end_to_end n :
  after Q span_step n gap_run [::] <= L * (\rank D)%:R / n.+1%:R.
Proof.
rewrite (after_gap n id); apply: (@spanner_end_to_end _ _ _ _ _ _ _ _ _ Rmax C) => //; [exact: off_stays|exact: span_acceptances].
Qed.

Theorem span_run_end_to_end_tail n (h : R) : 0 < h -> h <= 1 ->
  after Q span_step n (fun s => if L * h < gap_run s then 1 else 0) [::]
    <= binomial_below n h (\rank D).
Proof.
move=> h0 h1; rewrite (after_gap n (fun g => if L * h < g then 1 else 0)).
by apply: (@spanner_end_to_end_tail _ _ _ _ _ _ _ _ _ Rmax C) => // [|l _]; [exact: off_stays|exact: span_acceptances].
Qed.

(* spanner-coverage-tail in span mode *)
Theorem spanner_coverage_tail_span n (h : R) : 0 < h -> h <= 1 ->
  after Q span_step n
    (fun s => if h <= \sum_x rho x * (1 - (1 - uncovered_pairs (pair_law piref) off_span s x) ^+ npair)
              then 1 else 0) [::]
    <= binomial_below n h (\rank D).
Proof.
move=> h0 h1; apply: spanner_coverage_tail_pairs => // [x||l _].
- exact: pair_law_dist.
- exact: off_stays.
- exact: span_acceptances.
Qed.

End Run.
