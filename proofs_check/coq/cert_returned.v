(* Laws of a draw from what SpannerSampling in span mode returns on an instance, as the     *)
(* kernel computes them: what a file of returned/ claims, what that says over the reals,     *)
(* and that the check is sound. Claim spanner-as-listed.                                     *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals.
From Spanner Require Import spanner_coverage end_to_end span_run as_listed cert_numbers cert_instance cert_base.
From Spanner Require Import listing listing_run listing_means cert_laws listing_spanner listing_returned.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition run_ok (i : instance) (r : run) : bool :=
  let: Returned n_prompt n_pair t_exp M N laws := r in
  [&& problem_ok i, features_fit i, all (whole_exponents i) (iota 0 (size (prompts i))),
      [&& qpos M, 0 < N & 0 < t_exp]%N & agrees i r].
Definition runs_ok (cases : seq (instance * seq run)) : bool := all (fun c => all (run_ok c.1) c.2) cases.

(* for any least squares in line 10: the mean, over the rounds of phase 1 and then those of  *)
(* phase 2, of the mass that the policy which is returned has at a response                  *)
Definition run_holds (R : realType) (i : instance) (r : run) : Prop :=
  let: Returned n_prompt n_pair t_exp M N laws := r in
  forall est, (forall data, least_squares (parameter R i) data (est data)) -> forall (x : X i) (y : Y x),
  QR R (nth q0 (nth [::] laws x) y)
  = after (round_law (@weight R i) (pair_law (@base_in R i)) (npair:=n_pair)) (span_step (@feature_in R i) (npair:=n_pair)) n_prompt
      (fun s => over_rounds (@weight R i) (@base_in R i) (@feature_in R i) (QR R (beta i)) (QR R M) N t_exp est s
        (fun h => returned_after (@base_in R i) (@feature_in R i) (QR R (beta i)) (QR R M) N t_exp est s h x (in_width y)))
      [::].

Fixpoint runs_hold (R : realType) (cases : seq (instance * seq run)) : Prop :=
  if cases is (i, runs) :: cases' then
    (fix each (s : seq run) : Prop := if s is r :: s' then run_holds R i r /\ each s' else True) runs
    /\ runs_hold R cases'
  else True.

Lemma run_sound (R : realType) i r : run_ok i r -> run_holds R i r.
Proof.
case: r => n_prompt n_pair t_exp M N laws /and5P[ok fit whole /and3P[M0 N0 t0] same] est fits x y.
have M0' : 0 < QR R M by rewrite -QR_pos.
rewrite (claimed R same) ?size_map ?size_iota//.
rewrite (nth_map 0%N) ?size_iota// nth_iota// add0n.
exact: (returned_mass ok fit whole M0' N0 n_prompt n_pair t0 y fits).
Qed.

Theorem runs_sound (R : realType) (cases : seq (instance * seq run)) : runs_ok cases -> runs_hold R cases.
Proof.
rewrite /runs_ok; elim: cases => //= -[i runs] cases IH /andP[h /IH]; split=> //.
by elim: runs h => //= r s IHs /andP[/(run_sound R) h /IHs]; split.
Qed.
