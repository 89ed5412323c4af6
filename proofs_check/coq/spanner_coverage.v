(* Phase 1 of SpannerSampling leaves little uncovered mass. Claims               *)
(* spanner-coverage: E[hazard after N rounds] <= n_max/(N+1), and                *)
(* spanner-coverage-tail: the tail of that hazard (both ours).                   *)
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

(* ---- the tail ---- *)
(* P(Bin(n, h) <= k - 1) *)
Definition binomial_below n (h : R) k : R :=
  \sum_(i < k) 'C(n, i)%:R * h ^+ i * (1 - h) ^+ (n - i).

Lemma binomial_below0 (h : R) k : (0 < k)%N -> binomial_below 0 h k = 1.
Proof.
case: k => // k _; rewrite /binomial_below big_ord_recl /= bin0 !expr0 !mulr1 big1 ?addr0// => i _.
by rewrite bin_small ?mul0r.
Qed.

Lemma binomial_belowS n (h : R) k : binomial_below n.+1 h k.+1 =
  h * binomial_below n h k + (1 - h) * binomial_below n h k.+1.
Proof.
rewrite {1}/binomial_below big_ord_recl /= bin0 expr0 !mulr1 subn0.
have -> : \sum_(i < k) 'C(n.+1, bump 0 i)%:R * h ^+ bump 0 i * (1 - h) ^+ (n.+1 - bump 0 i) =
    h * binomial_below n h k +
    (1 - h) * \sum_(i < k) 'C(n, i.+1)%:R * h ^+ i.+1 * (1 - h) ^+ (n - i.+1).
  rewrite !mulr_sumr -big_split; apply: eq_bigr => i _ /=.
  rewrite /bump /= add1n binS natrD subSS exprS.
  have [ni|ni] := ltnP i n.
    have -> : (n - i = (n - i.+1).+1)%N by rewrite subnSK.
    by rewrite exprS; move: (_ ^+ _) ((1 - h) ^+ _) ('C(_, _)%:R) ('C(_, _)%:R) => x y a b; ring.
  by rewrite (@bin_small n i.+1)//; move: (_ ^+ _) ((1 - h) ^+ _) ('C(_, _)%:R) => x y b; ring.
rewrite addrCA; congr (_ + _); rewrite /binomial_below big_ord_recl /= bin0 expr0 !mulr1 subn0 mulrDr.
by rewrite !mul1r exprS; congr (_ + _ * _); apply: eq_bigr => i _; rewrite /bump /= add1n.
Qed.

Section Tail.
Variable h : R.
Hypothesis h_gt0 : 0 < h.
Hypothesis h_le1 : h <= 1.

Lemma binomial_below_ge0 n k : 0 <= binomial_below n h k.
Proof.
by apply: sumr_ge0 => i _; rewrite !mulr_ge0 ?ler0n ?exprn_ge0 ?subr_ge0// ltW.
Qed.

Lemma binomial_below_mono n k : binomial_below n h k <= binomial_below n h k.+1.
Proof.
rewrite /binomial_below big_ord_recr /= ler_addl !mulr_ge0 ?ler0n ?exprn_ge0 ?subr_ge0//.
exact: ltW.
Qed.

Lemma after_quiet n s : hazard s < h -> after n (fun s => if h <= hazard s then 1 else 0) s = 0.
Proof.
elim: n s => [|n IH] s hs /=; first by rewrite leNgt hs.
by apply: big1 => a _; rewrite IH ?mulr0// (le_lt_trans (hazard_falls s a)).
Qed.

(* P(hazard after n rounds >= h) <= P(Bin(n, h) <= n_max - 1) *)
Theorem spanner_coverage_tail nmax n s :
  (forall l, size l = n.+1 -> (acceptances s l <= nmax)%N) ->
  after n (fun s => if h <= hazard s then 1 else 0) s <= binomial_below n h nmax.
Proof.
have [/after_quiet q _|] := ltP (hazard s) h; first by rewrite q binomial_below_ge0.
elim: n nmax s => [|n IH] nmax s hs bd.
  have [a aa] : exists a, accepts s a.
    apply/existsP; apply: contraLR h_gt0 => /existsPn no; rewrite -leNgt; apply: le_trans hs _.
    by rewrite /hazard big_pred0// => a; exact: negPf.
  by rewrite /= hs binomial_below0//; have := bd [:: a] erefl; rewrite /= aa.
have next a k : (accepts s a + k = nmax)%N ->
    after n (fun s => if h <= hazard s then 1 else 0) (step s a) <= binomial_below n h k.
  move=> ek; have [q|q] := ltP (hazard (step s a)) h.
    by rewrite after_quiet// binomial_below_ge0.
  by apply: IH q _ => l sl; rewrite -(leq_add2l (accepts s a)) ek; apply: (bd (a :: l)); rewrite /= sl.
case: nmax bd next => [|k] bd next.
  have [a aa] : exists a, accepts s a.
    apply/existsP; apply: contraLR h_gt0 => /existsPn no; rewrite -leNgt; apply: le_trans hs _.
    by rewrite /hazard big_pred0// => a; exact: negPf.
  by have := bd (nseq n.+2 a); rewrite size_nseq /= aa => /(_ erefl).
rewrite binomial_belowS /=; set b0 := binomial_below n h k; set b1 := binomial_below n h k.+1.
apply: le_trans (_ : \sum_a mu a * (b1 - (accepts s a)%:R * (b1 - b0)) <= _).
  apply: ler_sum => a _; rewrite ler_wpmul2l ?mu_dist.1//.
  case aa : (accepts s a); last by rewrite mul0r subr0; apply: next; rewrite aa.
  by rewrite mul1r opprB addrCA subrr addr0; apply: next; rewrite aa.
have -> : \sum_a mu a * (b1 - (accepts s a)%:R * (b1 - b0)) = b1 - hazard s * (b1 - b0).
  under eq_bigr do rewrite mulrBr mulrA.
  by rewrite sumrB -!mulr_suml mu_dist.2 mul1r hazardE.
have m : 0 <= (hazard s - h) * (b1 - b0).
  by rewrite mulr_ge0 ?subr_ge0//; exact: binomial_below_mono.
by apply: (le_cert m); ring.
Qed.

End Tail.

(* ---- a loss that the hazard bounds ---- *)
Section Loss.
Variables (loss : S -> R) (K c : R).
Hypothesis K_ge0 : 0 <= K.
Hypothesis loss_le : forall s, loss s <= K * hazard s + c.

Lemma after_le n (F G : S -> R) s : (forall s, F s <= G s) -> after n F s <= after n G s.
Proof.
move=> FG; elim: n s => [|n IH] s //=; apply: ler_sum => a _.
by rewrite ler_wpmul2l ?mu_dist.1.
Qed.

Theorem loss_mean nmax n s : (forall l, (acceptances s l <= nmax)%N) ->
  after n loss s <= K * nmax%:R / n.+1%:R + c.
Proof.
move=> bd; apply: le_trans (after_le n s loss_le) _.
have -> : after n (fun s => K * hazard s + c) s = K * after n hazard s + c.
  elim: n s {bd} => [|n IH] s //=; rewrite -[c in RHS]mul1r -mu_dist.2 mulr_sumr mulr_suml -big_split.
  by apply: eq_bigr => a _; rewrite IH mulrDr mulrCA.
by rewrite ler_add2r -mulrA ler_wpmul2l//; exact: spanner_coverage.
Qed.

Theorem loss_tail h nmax n s : 0 < h -> h <= 1 ->
  (forall l, size l = n.+1 -> (acceptances s l <= nmax)%N) ->
  after n (fun s => if K * h + c < loss s then 1 else 0) s <= binomial_below n h nmax.
Proof.
move=> h0 h1 bd; apply: le_trans (spanner_coverage_tail h0 h1 bd); apply: after_le => s'.
case: ifP => [lt|_]; last by case: ifP; rewrite ?ler01.
have [//|lth] := lerP h (hazard s').
have := lt_le_trans lt (loss_le s'); rewrite ltr_add2r ltNge => /negP[].
by rewrite ler_wpmul2l// ltW.
Qed.

End Loss.

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

Theorem spanner_coverage_tail_pairs (h : R) (nmax n : nat) s : 0 < h -> h <= 1 ->
  (forall l, size l = n.+1 -> (acceptances round_accepts step s l <= nmax)%N) ->
  after round_law step n
    (fun s => if h <= \sum_x rho x * (1 - (1 - uncovered_pairs s x) ^+ npair) then 1 else 0) s
    <= binomial_below n h nmax.
Proof.
move=> h0 h1 bd.
have := spanner_coverage_tail round_law_dist hazard_pairs_falls h0 h1 bd.
apply: le_trans; rewrite le_eqVlt; apply/orP; left; apply/eqP.
elim: n s {bd} => [|n IH] s /=; first by rewrite hazard_pairs.
by apply: eq_bigr => b _; rewrite IH.
Qed.

End Pairs.
