(* Phase 1 of SpannerSampling in span mode, as the kernel runs its listing, has the law    *)
(* of the theorems: after over span_step of span_run.v. For claims spanner-end-to-end      *)
(* and spanner-as-listed. There all prompts share a type of responses; here those of a     *)
(* prompt that has fewer are joined by responses of base mass 0.                           *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp.
From Spanner Require Import dist process gibbs ridge spanner_coverage spanner_rule end_to_end span_run.
From Spanner Require Import cert_numbers cert_instance cert_base listing listing_run listing_links listing_means elimination listing_states.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Check.
Variable i : instance.
Definition features_fit : bool :=
  all (fun p => all (fun y => size (phi y) <= size (theta i))%N (support p)) (prompts i).
(* the most responses that a prompt has                                                   *)
Definition width : nat := \max_(x < size (prompts i)) size (support (prompt_at i x)).
End Check.

Section Phase1.
Variables (R : realType) (i : instance).
Local Notation e := (@QR R).
Local Notation mean := (@listing_links.mean R _).
Local Notation exps := (expectations R).
Local Notation d := (size (theta i)).
Local Notation row := (@row_of R d).
Local Notation Ys := [finType of 'I_(width i)].
Local Notation sup x := (support (prompt_at i x)).

(* beyond the responses of a prompt: mass 0 *)
Definition base_in (x : X i) (y : Ys) : R := e (mass (response_at (sup x) y)).
Definition feature_in (x : X i) (y : Ys) : 'rV[R]_d := row (phi (response_at (sup x) y)).
Local Notation off := (off_span feature_in).
Local Notation pairs := (pair_law base_in).

Lemma width_ge (x : X i) : (size (sup x) <= width i)%N. Proof. exact: leq_bigmax. Qed.
Definition in_width (x : X i) (y : Y x) : Ys := widen_ord (width_ge x) y.

Lemma base_off (x : X i) (y : Ys) : (size (sup x) <= y)%N -> base_in x y = 0.
Proof. by move=> le; rewrite /base_in /response_at nth_default ?QR0. Qed.

Lemma sum_in (x : X i) (F : nat -> R) :
  \sum_(y : Y x) base R y * F (val y) = \sum_(y : Ys) base_in x y * F (val y).
Proof.
rewrite (big_ord_widen _ (fun k => e (mass (response_at (sup x) k)) * F k) (width_ge x)) big_mkcond.
by apply: eq_bigr => y _; case: ltnP => // le; rewrite -/(base_in x y) base_off// mul0r.
Qed.

Lemma mean_base (x : X i) F : mean (weak lists (base_at i x)) F
  = \sum_y base_in x y * F (val y, phi (response_at (sup x) (val y))).
Proof.
rewrite base_at_means mean_weak weakE.
exact: (sum_in x (fun k => F (k, phi (response_at (sup x) k)))).
Qed.

Lemma mean_rho F : mean (draw (c:=lists) (rho_law i)) F = \sum_(x : X i) weight R x * F (val x).
Proof.
rewrite /listing_links.mean /= /rho_law (big_nth (0%N, q0)) size_zip size_iota size_map minnn big_mkord.
apply: eq_bigr => x _; rewrite nth_zip ?size_iota ?size_map//= nth_iota// add0n.
by rewrite (nth_map (Prompt q0 q0 [::])).
Qed.

(* what a draw brings: a prompt of the instance, and a response with its features          *)
Lemma every_rho : every (fun x => x < size (prompts i))%N (draw (c:=lists) (rho_law i)).
Proof.
rewrite /= /rho_law; suff H k s : (k + size s <= size (prompts i))%N ->
  every (fun x => x < size (prompts i))%N (zip (iota k (size s)) s : law nat).
  by have := H 0%N [seq rho p | p <- prompts i]; rewrite size_map add0n => /(_ (leqnn _)).
elim: s k => //= q s IH k; rewrite addnS => le; split; last by apply: IH; rewrite addSn.
by apply: leq_ltn_trans (leq_addr _ _) le.
Qed.

Definition drawn_at x (z : nat * vector) := (z.1 < size (sup x))%N /\ z.2 = phi (response_at (sup x) z.1).
Lemma every_base (x : X i) : every (drawn_at x) (weak lists (base_at i x)).
Proof.
rewrite base_at_means /weak /= /weighted; elim: (enum _) => //= y s IH; split=> //.
by split=> //=; exact: ltn_ord.
Qed.

Hypothesis ok : problem_ok i.
Lemma base_in_dist (x : X i) : is_dist (base_in x).
Proof.
have [b0 b1] := base_law R ok x; split=> [y|].
  case: (ltnP y (size (sup x))) => yn; last by rewrite base_off.
  exact: (b0 (Ordinal yn : Y x)).
have := sum_in x (fun=> 1); under eq_bigr do rewrite mulr1; rewrite b1.
by under eq_bigr do rewrite mulr1.
Qed.

Hypothesis fit : features_fit i.
Lemma size_phi (x : X i) k : (size (phi (response_at (sup x) k)) <= d)%N.
Proof.
have := all_nthP (Prompt q0 q0 [::]) fit x (ltn_ord x); rewrite -/(prompt_at i x) => okx.
case: (ltnP k (size (sup x))) => kn; last by rewrite /response_at nth_default.
exact: (all_nthP (Response q0 [::]) okx k kn).
Qed.

Section State.
Local Notation spanner := (listing.spanner vector (seq (nat * vector)) number).
(* of a state of the listing, what that of span_run.v is *)
Definition accepted (s : seq (vector * number)) : seq 'rV[R]_d := [seq row p.1 | p <- s].
(* the rewards of data are those of the parameter, each coefficient                        *)
Definition true_data (s : seq (vector * number)) : Prop := forall j k, let p := nth ([::], [::]) s j in
  e (nth q0 p.2 k) = e (nth q0 (dot_numbers (parameter_of i) p.1) k).
Definition data_ok s := all (fun p : vector * number => size p.1 <= d)%N s /\ true_data s.
(* the rows of a cover are those that its data make                                        *)
Definition reachable (s : spanner) := s.1 = foldl with_vector [::] [seq p.1 | p <- s.2] /\ data_ok s.2.

Lemma true_difference (x : X i) y1 y2 k :
  let v := minus (phi (response_at (sup x) y1)) (phi (response_at (sup x) y2)) in
  e (nth q0 (minus (reward_at i x y1) (reward_at i x y2)) k) = e (nth q0 (dot_numbers (parameter_of i) v) k).
Proof.
rewrite /reward_at nth_minus !nth_plus opprD addrACA subrr addr0 !nth_dot -sumrB.
by apply: eq_bigr => j _; rewrite nth_minus mulrBl.
Qed.

Lemma true_nil k : e (nth q0 [::] k) = e (nth q0 (dot_numbers (parameter_of i) [::]) k).
Proof. by rewrite nth_dot big1 ?nth_nil ?QR0// => j _; rewrite nth_nil QR0 mul0r. Qed.

Lemma data_rcons (x : X i) y1 y2 s : data_ok s -> data_ok (rcons s
  (minus (phi (response_at (sup x) y1)) (phi (response_at (sup x) y2)), minus (reward_at i x y1) (reward_at i x y2))).
Proof.
case=> sz okd; split; first by rewrite all_rcons sz andbT (size_minus (phi _)) geq_max !size_phi.
move=> j k; rewrite nth_rcons; case: ltnP => _; first exact: okd.
by case: eqP => _; [exact: true_difference|exact: true_nil].
Qed.

Lemma same_dataP (a b : seq (vector * number)) : same_data a b -> accepted a = accepted b.
Proof.
elim: a b => [|p a IH] [|q b] //= /andP[/andP[same _] /IH ->]; congr (_ :: _).
suff H v w j : same_vector v w -> e (nth q0 v j) = e (nth q0 w j) by apply/rowP => j; rewrite !mxE; exact: H.
by elim: v w j => [|r v IHv] [|t w] [|j] //= /andP[]; [rewrite (QR_eqb R) => /eqP|move=> _; exact: IHv].
Qed.

(* the test of line 6 *)
Lemma covers_reachable (s : spanner) v : reachable s -> (size v <= d)%N ->
  in_span s.1 v = (row v <= span_list (accepted s.2))%MS.
Proof.
case=> -> [sz _] vd; rewrite (@elimination R d) ?all_map// /span_of_lists -map_comp.
by [].
Qed.

Lemma covers_pair (s : spanner) (x : X i) (y1 y2 : Ys) : reachable s ->
  in_span s.1 (minus (phi (response_at (sup x) y1)) (phi (response_at (sup x) y2)))
  = ~~ off (accepted s.2) x (y1, y2).
Proof.
by move=> rs; rewrite covers_reachable ?size_minus ?geq_max ?size_phi// row_minus /off_span negbK.
Qed.

(* lines 4 to 6: the first of n pairs that is off the span                                 *)
Local Notation search x s n := (iterate (C:=lists) (@equal_pair vector) isSome (pair_round lists minus in_span (base_at i) x s) n None).
Lemma mean_search (x : X i) (s : spanner) n (F : option (nat * nat) -> R) : reachable s ->
  mean (search x s n) (F \o omap fst) = \sum_(t : n.-tuple [finType of Ys * Ys]) seqp (iid (pairs x)) t
    * F (omap (fun z => (val z.1, val z.2)) (ohead [seq z <- t | off (accepted s.2) x z])).
Proof.
move=> rs; pose see (z : Ys * Ys) := if off (accepted s.2) x z then Some (val z.1, val z.2) else None.
pose step (_ : option (nat * nat)) (G : option (nat * nat) -> R) := \sum_z pairs x z * G (see z).
rewrite (@mean_iterate _ _ _ (omap fst) _ _ _ eq_op isSome (step : _ -> run_of exps _)) => [|a b|[]//|o G].
- elim: n => [|n IH].
    by rewrite (sum_tuple0 (fun t => seqp (iid (pairs x)) t * F (omap (fun z => (val z.1, val z.2)) (ohead [seq z <- t | off (accepted s.2) x z])))) mul1r.
  rewrite iterate_first (sum_tupleS _ (fun t => seqp (iid (pairs x)) t * F (omap (fun z => (val z.1, val z.2)) (ohead [seq z <- t | off (accepted s.2) x z])))).
  rewrite /= /step; apply: eq_bigr => z _.
  have consE t : seqp (iid (pairs x)) (z :: t) = pairs x z * seqp (iid (pairs x)) t by rewrite /seqp !seqp_iid big_cons.
  under [RHS]eq_bigr do rewrite consE -mulrA; rewrite -mulr_sumr; congr (_ * _).
  rewrite /see; case: ifP => offz; last exact: IH.
  by rewrite iterate_done//= -mulr_suml (seqp_dist n (fun=> pair_law_dist base_in_dist x)).2 mul1r.
- case: a b => [[p v]|] [[q w]|] //= /eqP -> //.
rewrite /pair_round /= mean_mixed mean_base /step /pair_law.
rewrite -(pair_bigA _ (fun y1 y2 => base_in x y1 * base_in x y2 * G (see (y1, y2)))) /=.
apply: eq_bigr => y1 _; rewrite mean_mixed mean_base mulr_sumr; apply: eq_bigr => y2 _.
rewrite mean_ret /= -mulrA; congr (_ * (_ * _)).
by rewrite covers_pair//= /see if_neg; case: ifP.
Qed.

(* lines 3 to 7 *)
Variable n_pair : nat.
Local Notation round := (phase_1_round lists minus minus in_span with_vector (rho_law i) (base_at i) (reward_at i) n_pair).
Local Notation span_step := (span_step feature_in (npair:=n_pair)).
Local Notation round_law := (round_law (@weight R i) pairs (npair:=n_pair)).

Definition found_at x (o : option (nat * nat * vector)) : Prop := if o is Some (y1, y2, v)
  then v = minus (phi (response_at (sup x) y1)) (phi (response_at (sup x) y2)) else True.
Lemma every_search (x : X i) (s : spanner) : every (found_at x) (search x s n_pair).
Proof.
apply: every_iterate => // o _; apply: (every_mixed (every_base x)) => -[y1 v1] [_ /= ->].
apply: (every_mixed (every_base x)) => -[y2 v2] [_ /= ->].
by split=> //=; case: ifP.
Qed.

Lemma every_round (s : spanner) : reachable s -> every reachable (round s).
Proof.
move=> rs; apply: (every_mixed every_rho) => x xn.
apply: (every_mixed (every_search (Ordinal xn) s)) => -[[[y1 y2] v]|] /=; last by split.
move=> ->; split=> //; case: rs => eq okd; split=> /=; last exact: (data_rcons (Ordinal xn) y1 y2).
by rewrite map_rcons foldl_rcons eq.
Qed.

Lemma mean_round (s : spanner) (G : seq 'rV[R]_d -> R) : reachable s ->
  mean (round s) (fun t => G (accepted t.2)) = \sum_a round_law a * G (span_step (accepted s.2) a).
Proof.
move=> rs; rewrite /phase_1_round /= mean_mixed mean_rho.
rewrite -(pair_bigA _ (fun x t => round_law (x, t) * G (span_step (accepted s.2) (x, t)))) /=.
apply: eq_bigr => x _; rewrite mean_mixed.
pose H (o : option (nat * nat)) := G (if o is Some (y1, y2)
  then rcons (accepted s.2) (row (phi (response_at (sup x) y1)) - row (phi (response_at (sup x) y2))) else accepted s.2).
rewrite (eq_mean_every (every_search x s) (G := H \o omap fst)) => [|[[[y1 y2] v]|] /=]; last 2 first.
- by move=> ->; rewrite mean_ret /= /accepted map_rcons row_minus.
- by move=> _; rewrite mean_ret.
rewrite mean_search// mulr_sumr; apply: eq_bigr => t _; rewrite /spanner_coverage.round_law /= mulrA; congr (_ * _).
by rewrite /H /span_run.span_step /=; case: filter.
Qed.

Local Notation listed n_prompt := (phase_1 lists minus minus in_span with_vector [::] (rho_law i) (base_at i) (reward_at i) same_data n_prompt n_pair).

Lemma every_phase_1 n_prompt : every reachable (listed n_prompt).
Proof.
apply: every_iterate => [|s]; last exact: every_round.
by split=> //; split=> // j k; rewrite nth_nil; exact: true_nil.
Qed.

(* the accepted differences in the law that the kernel computes, and in that of the theorems *)
Theorem phase_1_is_after n_prompt (F : seq 'rV[R]_d -> R) :
  mean (listed n_prompt) (fun s => F (accepted s.2)) = after round_law span_step n_prompt F [::].
Proof.
pose step s (G : seq 'rV[R]_d -> R) := \sum_a round_law a * G (span_step s a).
have r0 : reachable ([::], [::]) by split=> //; split=> // j k; rewrite nth_nil; exact: true_nil.
have := @mean_iterate_every R _ _ reachable (fun s => accepted s.2) (fun s t => same_data s.2 t.2) never round
  (fun s t => s == t) never (step : _ -> run_of exps _) n_prompt ([::], [::]) F r0 every_round.
rewrite /phase_1 => -> //; last 2 first.
- by move=> a b; exact: same_dataP.
- by move=> s G; exact: mean_round.
rewrite [accepted _]/=; elim: n_prompt [::] => [//|n IH] s; rewrite iterate_first /= /step.
by apply: eq_bigr => a _; rewrite IH.
Qed.
End State.
End Phase1.
