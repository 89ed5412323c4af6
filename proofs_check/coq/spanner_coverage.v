(* Phase 1 of SpannerSampling leaves little uncovered mass. Claim                *)
(* spanner-coverage (ours): E[hazard after N rounds] <= n_max/(N+1).             *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals ring.
From Spanner Require Import exp_facts dist process needle.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* A round draws an observation a from mu; [accepts s a] says whether the        *)
(* spanner s grows, and [step s a] is the spanner afterwards.                     *)
Section Rounds.
Variables (R : realType) (S : Type) (A : finType) (mu : A -> R).
Variables (accepts : S -> A -> bool) (step : S -> A -> S).
Hypothesis mu_dist : is_dist mu.

(* probability that the next round accepts *)
Definition hazard s := \sum_(a | accepts s a) mu a.

(* expectation of F at the state reached after n rounds *)
Fixpoint after n (F : S -> R) s : R :=
  if n is n'.+1 then \sum_a mu a * after n' F (step s a) else F s.

(* acceptances on a given sequence of observations *)
Fixpoint acceptances s (l : seq A) : nat :=
  if l is a :: l' then (accepts s a + acceptances (step s a) l')%N else 0%N.

Hypothesis hazard_falls : forall s a, hazard (step s a) <= hazard s.

Lemma hazardE s : hazard s = \sum_a mu a * (accepts s a)%:R.
Proof.
by rewrite /hazard big_mkcond; apply: eq_bigr => a _; case: accepts; rewrite ?mulr1 ?mulr0.
Qed.

Lemma after_falls n s : after n.+1 hazard s <= after n hazard s.
Proof.
elim: n s => [|n IH] s.
  rewrite /= -[leRHS]mul1r -mu_dist.2 mulr_suml; apply: ler_sum => a _.
  by rewrite ler_wpmul2l ?mu_dist.1.
rewrite [leLHS]/= [leRHS]/=; apply: ler_sum => a _.
by rewrite ler_wpmul2l ?mu_dist.1//; exact: IH.
Qed.

Lemma after_sum_le (nmax : nat) n s : (forall l, (acceptances s l <= nmax)%N) ->
  \sum_(t < n) after t hazard s <= nmax%:R.
Proof.
elim: n nmax s => [|n IH] nmax s bd; first by rewrite big_ord0 ler0n.
have e : nmax%:R = \sum_a mu a * nmax%:R by rewrite -mulr_suml mu_dist.2 mul1r.
rewrite big_ord_recl /= hazardE [leRHS]e.
have -> : \sum_(i < n) \sum_a mu a * after i hazard (step s a) =
          \sum_a mu a * \sum_(i < n) after i hazard (step s a).
  by rewrite exchange_big; apply: eq_bigr => a _; rewrite mulr_sumr.
rewrite -big_split; apply: ler_sum => a _ /=; rewrite -mulrDr ler_wpmul2l ?mu_dist.1//.
have an : (accepts s a <= nmax)%N by have := bd [:: a]; rewrite /= addn0.
have bd' l : (acceptances (step s a) l <= nmax - accepts s a)%N.
  by rewrite leq_subRL//; exact: (bd (a :: l)).
have := IH _ _ bd'; rewrite natrB// ler_subr_addl; exact: id.
Qed.

Theorem spanner_coverage (nmax : nat) n s : (forall l, (acceptances s l <= nmax)%N) ->
  after n hazard s <= nmax%:R / n.+1%:R.
Proof.
move=> bd; rewrite ler_pdivl_mulr ?ltr0n//; apply: le_trans (after_sum_le n.+1 bd).
have mono t : (t <= n)%N -> after n hazard s <= after t hazard s.
  move=> /subnKC <-; elim: (n - t)%N => [|k IH]; first by rewrite addn0.
  by rewrite addnS; apply: le_trans IH; exact: after_falls.
rewrite mulr_natr -[n.+1 in leLHS]card_ord -sumr_const.
by apply: ler_sum => i _; apply: mono; rewrite -ltnS.
Qed.

End Rounds.

(* The instance that the algorithm runs: a round draws x ~ rho, then N_pair pairs  *)
(* from q x, and accepts when one of them is uncovered. Covered pairs stay covered. *)
Section Pairs.
Variables (R : realType) (S : Type) (X P : finType) (rho : X -> R) (q : X -> P -> R).
Variables (npair : nat) (uncovered : S -> X -> pred P).
Variable step : S -> X * npair.-tuple P -> S.
Hypothesis rho_dist : is_dist rho.
Hypothesis q_dist : forall x, is_dist (q x).
Hypothesis covered_stays : forall s a x z, uncovered (step s a) x z -> uncovered s x z.

Definition round_law (a : X * npair.-tuple P) : R := rho a.1 * seqp (iid (q a.1)) a.2.
Definition round_accepts s (a : X * npair.-tuple P) := has (uncovered s a.1) a.2.
(* u_x, the uncovered pair mass at x *)
Definition uncovered_pairs s x := \sum_(z | uncovered s x z) q x z.

Lemma iid_kernel x : is_kernel (iid (q x)). Proof. by move=> ?; exact: q_dist. Qed.

Lemma round_law_dist : is_dist round_law.
Proof.
split=> [a|]; first by rewrite mulr_ge0 ?rho_dist.1// seqp_ge0//; exact: iid_kernel.
rewrite -(pair_bigA _ (fun x (t : npair.-tuple P) => rho x * seqp (iid (q x)) t)) /= -rho_dist.2.
by apply: eq_bigr => x _; rewrite -mulr_sumr (seqp_dist _ (@iid_kernel x)).2 mulr1.
Qed.

Lemma hazard_pairs s :
  hazard round_law round_accepts s = \sum_x rho x * (1 - (1 - uncovered_pairs s x) ^+ npair).
Proof.
rewrite /hazard big_mkcond -(pair_bigA _ (fun x (t : npair.-tuple P) =>
  if round_accepts s (x, t) then round_law (x, t) else 0)) /=.
apply: eq_bigr => x _; rewrite -(@see_prob_eq _ _ (iid (q x)) (uncovered s x) _ (@iid_kernel x) [::]) //.
rewrite -big_mkcond /= /Pr mulr_sumr; apply: eq_bigl => t //.
Qed.

Lemma hazard_pairs_falls s a :
  hazard round_law round_accepts (step s a) <= hazard round_law round_accepts s.
Proof.
rewrite /hazard big_mkcond [leRHS]big_mkcond; apply: ler_sum => b _.
have [/hasP[z zb uz]|_] := boolP (round_accepts (step s a) b).
  by rewrite (_ : round_accepts s b)//; apply/hasP; exists z => //; exact: covered_stays uz.
by case: ifP => // _; exact: round_law_dist.1.
Qed.

Theorem spanner_coverage_pairs (nmax n : nat) s :
  (forall l, (acceptances round_accepts step s l <= nmax)%N) ->
  after round_law step n (fun s => \sum_x rho x * (1 - (1 - uncovered_pairs s x) ^+ npair)) s
    <= nmax%:R / n.+1%:R.
Proof.
move=> bd; have := spanner_coverage round_law_dist hazard_pairs_falls n bd.
apply: le_trans; rewrite le_eqVlt; apply/orP; left; apply/eqP.
elim: n s {bd} => [|n IH] s /=; first by rewrite hazard_pairs.
by apply: eq_bigr => b _; rewrite IH.
Qed.

End Pairs.
