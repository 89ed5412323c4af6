(* MTSS by listing in span mode from end to end, the finite form (ours) of FMR25 Thm 5.1.   *)
(* Claim mtss-end-to-end: E[gap] <= H D n N^N/(N+1)^(N+1) <= n H D/(2(N+1)), and             *)
(* P(gap >= H D h) <= n (1-h)^N: mtss-sweep joined with mtss_gap. Line 3 may have any law    *)
(* of complete roll-outs.                                                                    *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process gibbs mixtures prompts ridge multiturn.
From Spanner Require Import mtss_exact mtss_gap mtss_sweep mtss_passes.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section EndToEnd.
Variables (R : realType) (X A : finType) (K0 : X -> seq A -> A -> R) (r : X -> seq A -> R).
Variables (beta osc : R) (H N : nat) (rho : X -> R).
Hypothesis K0_dist : forall x, is_kernel (K0 x).
Hypothesis K0_gt0 : forall x s, full_support (K0 x s).
Hypothesis rho_dist : is_dist rho.
Hypothesis beta_gt0 : 0 < beta.
Hypothesis osc_le : forall x (t t' : H.-tuple A), r x t - r x t' <= osc.
Variables (d : nat -> nat) (phi : forall h, X -> seq A -> A -> 'rV[R]_(d h)).
Variable theta_star : forall h, 'rV[R]_(d h).
Hypothesis theta_star_ok : realizable K0 r beta H phi theta_star.
Local Notation state := (seq (stored X A)).
Local Notation look := (look phi).

(* line 3: an outcome of any law; it meets a pair by line 7, or comes with parameters        *)
Variables (W : state -> finType) (line3 : forall s, W s -> R).
Variables (line3_met : forall s, W s -> option (stored X A)).
Variable theta : forall s, W s -> forall h, 'rV[R]_(d h).
Hypothesis line3_dist : forall s, is_dist (@line3 s).
Hypothesis line3_looks : forall s w e, 0 < @line3 s w -> line3_met w = Some e ->
  exists x, exists2 p, (size p < H)%N & look s x p = Some e.
(* ... then its roll-outs are complete, line 7 has found no pair on their way, and every     *)
(* parameter fits their targets                                                              *)
Variable N_out : nat.
Variable out : forall s (w : W s) h, 'I_(size (of_layer s h)) -> 'I_N_out -> bool -> seq (A * A).
Hypothesis N_out_gt0 : (0 < N_out)%N.
Definition line3_complete s (w : W s) := [/\
  forall h i k b, (h < H)%N -> (h.+1 + size (@out s w h i k b))%N = H,
  forall x p, visited H (@stored_prompt _ _ s) (@stored_prefix _ _ s) (@stored_ends _ _ s) (out w) 0 x p ->
    look s x p = None
  & forall h, (h < H)%N -> fits K0 r beta phi
      (@stored_prompt _ _ s) (@stored_prefix _ _ s) (@stored_ends _ _ s) (theta w) (out w) h].
Hypothesis line3_completes : forall s w, 0 < @line3 s w -> line3_met w = None -> line3_complete w.

Local Notation piref := (fun x (t : H.-tuple A) => seqp (K0 x) t).
Local Notation reward := (fun x (t : H.-tuple A) => r x t).
(* the gap of the policy of line 8, which is returned                                        *)
Definition mtss_loss s (w : W s) : R := Jrho rho piref reward beta (softmax piref beta reward)
  - Jrho rho piref reward beta (fun x (t : H.-tuple A) => seqp (token_law K0 beta phi s (theta w) x) t).
Local Notation D := (dearest_token beta osc).
Local Notation n := (total_rank phi H).
Local Notation hazard_of w := (last_hazard K0 beta H rho phi theta w).
Local Notation mean m F := (mtss_final K0 beta H N rho phi line3 line3_met theta m F).

Lemma loss_hazard s w : 0 < @line3 s w -> next_met line3_met w = None ->
  mtss_loss w <= H%:R * D * hazard_of w.
Proof.
move=> w0; rewrite /next_met; case none: (line3_met w) => [//|] _.
have [sz vis fit] := line3_completes w0 none.
apply: (mtss_gap_visited rho_dist K0_dist K0_gt0 beta_gt0 theta_star_ok _ N_out_gt0 sz fit _ osc_le).
  exact: stored_prefix_size.
by move=> x p /vis l; apply/coveredP; rewrite -[coveredb _ _ _ _ _ _]negbK -look_tested l.
Qed.

Local Lemma dearest_ge0 : 0 <= D.
Proof.
have [x _] := some_weight rho_dist.
have [t _] := some_weight (seqp_dist H (K0_dist x)).
have o0 : 0 <= osc by have := osc_le x t t; rewrite subrr.
by rewrite /dearest_token le_minr o0 divr_ge0 ?sqr_ge0// mulr_ge0 ?ler0n// ltW.
Qed.

Lemma loss_mean_le m : (n < m)%N -> mean m (fun s w => mtss_loss w) <= H%:R * D * most_hazard R N n.
Proof.
move=> nm; apply: le_trans (_ : H%:R * D * mean m (fun s w => hazard_of w) <= _).
  rewrite /mtss_final -final_scale; apply: final_mono => // [s w|s w w0 none].
    exact: next_law_dist.
  exact: (loss_hazard w0 none).
apply: ler_wpmul2l; first by rewrite mulr_ge0 ?ler0n ?dearest_ge0.
exact: mtss_final_mean.
Qed.

Theorem mtss_end_to_end m : (n < m)%N ->
  mean m (fun s w => mtss_loss w) <= H%:R * D * (n%:R * N%:R ^+ N / N.+1%:R ^+ N.+1)
  /\ ((0 < N)%N -> mean m (fun s w => mtss_loss w) <= n%:R * H%:R * D / (2%:R * N.+1%:R)).
Proof.
move=> nm; have hd : 0 <= H%:R * D by rewrite mulr_ge0 ?ler0n ?dearest_ge0.
have le : mean m (fun s w => mtss_loss w) <= H%:R * D * (n%:R * sweep_rate R N).
  by apply: le_trans (loss_mean_le nm) _; apply: ler_wpmul2l => //; exact: most_hazard_le.
split=> [|N0]; first by rewrite -(mulrA n%:R).
apply: le_trans le _; rewrite -(mulrA n%:R) [leRHS]mulrAC [leRHS]mulrC; apply: ler_wpmul2l => //.
exact: sweep_rate_le.
Qed.

Theorem mtss_end_to_end_tail (h : R) m : 0 < H%:R * D -> 0 < h -> h <= 1 -> (n < m)%N ->
  mean m (fun s w => if H%:R * D * h <= mtss_loss w then 1 else 0) <= n%:R * (1 - h) ^+ N.
Proof.
move=> hd h0 h1 nm.
have [t1 t2] := mtss_final_tail beta N K0_dist K0_gt0 rho_dist theta line3_dist line3_looks h0 h1 nm.
apply: le_trans t2; apply: le_trans t1; apply: final_mono => // [s w|s w w0 none].
  exact: next_law_dist.
case: ifP => [le|_]; last by case: ifP; rewrite ?ler01.
by have := le_trans le (loss_hazard w0 none); rewrite ler_pmul2l// => ->.
Qed.

End EndToEnd.
