(* SpannerSampling in span mode as it is listed, SoftmaxSampler and all, without noise. *)
(* Claim spanner-as-listed (ours): the shape of FMR25 Thm 3.1 with its constants.        *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import boolp reals sequences exp ring.
From Spanner Require Import exp_facts dist process needle gibbs gaps mixtures truncation ridge spanner_coverage.
From Spanner Require Import softmax_sampler sampler_mixture spanner_rule end_to_end span_run counts.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* responses of base mass 0 are never drawn *)
Section SamplerSupport.
Variables (R : realType) (Y : finType) (p f : Y -> R) (beta M : R) (N : nat).
Hypothesis p_dist : is_dist p.
Local Notation on := (on_supp (p:=p)).

Lemma trials_off zh n y : p y = 0 -> trials p f beta M zh n y = 0.
Proof.
move=> py; elim: n => [//|n IH] /=; apply: big1 => y' _; rewrite IH mulr0 addr0.
by have [->|] := eqVneq y' y; rewrite ?py ?mul0r// mulr0 mulr0.
Qed.

Lemma sampler_off y : p y = 0 -> sampler p f beta M N y = 0.
Proof. by move=> py; apply: big1 => t _; rewrite trials_off ?mulr0. Qed.

Lemma trials_supp zh n u : trials p f beta M zh n (val u) = trials (on p) (on f) beta M zh n u.
Proof.
elim: n => [//|n IH] /=; rewrite (sum_supp p_dist) => [|y ->]; last by rewrite mul0r.
by apply: eq_bigr => u' _; rewrite -IH /on_supp (inj_eq val_inj).
Qed.

Lemma seqp_cons (T : finType) (q : T -> R) a t : seqp (iid q) (a :: t) = q a * seqp (iid q) t.
Proof. by rewrite /seqp !seqp_iid big_cons. Qed.

Lemma sum_seq_supp n (F : seq Y -> R) : \sum_(t : n.-tuple Y) seqp (iid p) t * F t
  = \sum_(t : n.-tuple (supp p)) seqp (iid (on p)) t * F (map val t).
Proof.
pose G (t : seq Y) := seqp (iid p) t * F t.
pose H (t : seq (supp p)) := seqp (iid (on p)) t * F (map val t).
rewrite -[LHS]/(\sum_(t : n.-tuple Y) G t) -[RHS]/(\sum_(t : n.-tuple (supp p)) H t) {}/G {}/H.
elim: n F => [|n IH] F.
  by rewrite (sum_tuple0 (fun t => seqp (iid p) t * F t)) (sum_tuple0 (fun t => seqp (iid (on p)) t * F (map val t))).
rewrite (sum_tupleS _ (fun t => seqp (iid p) t * F t)) (sum_tupleS _ (fun t => seqp (iid (on p)) t * F (map val t))).
rewrite (sum_supp p_dist) => [|y py]; last by apply: big1 => t _; rewrite seqp_cons py !mul0r.
apply: eq_bigr => u _; rewrite /on_supp.
under eq_bigr do rewrite seqp_cons -mulrA; under [RHS]eq_bigr do rewrite seqp_cons -mulrA.
by rewrite -!mulr_sumr (IH (fun t => F (val u :: t))).
Qed.

Lemma sampler_supp u : sampler p f beta M N (val u) = sampler (on p) (on f) beta M N u.
Proof.
rewrite /sampler (sum_seq_supp N (fun t => trials p f beta M (zhat f beta N t) N (val u))).
by apply: eq_bigr => t _; rewrite trials_supp /zhat big_map.
Qed.

Hypothesis beta_gt0 : 0 < beta.
Hypothesis M_gt0 : 0 < M.
Hypothesis N_gt0 : (0 < N)%N.

Lemma sampler_law : is_dist (sampler p f beta M N).
Proof.
have [pd pg] := (supp_dist p_dist, @supp_gt0 _ _ p).
have [q0 q1] : is_dist (sampler (on p) (on f) beta M N).
  rewrite (funext (sampler_mixture (on f) pd pg beta_gt0 M_gt0 N_gt0)).
  by apply: mixture_dist => [|t|t]; [exact: share_dist|exact: part_dist|exact: part_gt0].
split=> [y|]; last by rewrite (sum_supp p_dist sampler_off) -q1; apply: eq_bigr => u _; exact: sampler_supp.
have [/eqP py|py] := boolP (p y == 0); first by rewrite sampler_off.
have y0 : 0 < p y by rewrite lt_neqAle eq_sym py p_dist.1.
by rewrite -[y]/(val (exist _ y y0 : supp p)) sampler_supp.
Qed.

End SamplerSupport.

(* one prompt, all of whose responses have positive mass *)
Section OnePrompt.
Variables (R : realType) (Y : finType) (p r : Y -> R) (beta Rmax C M delta : R) (N : nat) (unc : pred (Y * Y)).
Hypothesis p_dist : is_dist p.
Hypothesis p_gt0 : full_support p.
Hypothesis beta_gt0 : 0 < beta.
Hypothesis range : forall y z, r y - r z <= Rmax.
Hypothesis cov_le : forall y, pistar p r beta y / p y <= C.
Hypothesis M_ge : 4%:R * C <= M.
Hypothesis N_gt0 : (0 < N)%N.
Hypothesis delta_gt0 : 0 < delta.
Hypothesis N_ge : 33%:R / 10%:R * M * ln (2%:R / delta) <= N%:R.
Let f y' y : R := if unc (y, y') then 0 else r y - r y'.

Lemma gap_prompt_listed : J p r beta (pistar p r beta)
    - J p r beta (mixture p (fun y' => sampler p (f y') beta M N))
  <= 2%:R * C * Rmax * (\sum_(z | unc z) p z.1 * p z.2) + delta * Rmax.
Proof.
have C1 : 1 <= C by exact: coverage_ge1 cov_le.
have C0 : 0 < C by exact: lt_le_trans C1.
have M0 : 0 < M by apply: lt_le_trans M_ge; rewrite mulr_gt0 ?ltr0n.
have sE y' : sampler p (f y') beta M N = mixture (share p (f y') beta M (N:=N)) (part p (f y') beta M (N:=N)).
  by apply/funext => y; exact: sampler_mixture.
have sd y' : is_dist (sampler p (f y') beta M N).
  by rewrite sE; apply: mixture_dist => [|t|t]; [exact: share_dist|exact: part_dist|exact: part_gt0].
have sg y' : full_support (sampler p (f y') beta M N).
  by rewrite sE; apply: mixture_gt0 => [|t]; [exact: share_dist|exact: part_gt0].
apply: le_trans (gap_mixture _ p_dist sd sg p_dist p_gt0 beta_gt0) _.
rewrite uncovered_mean mulr_sumr -[delta * Rmax]mul1r -[X in X * (delta * _)]p_dist.2 mulr_suml -big_split.
apply: ler_sum => y' _ /=; rewrite [X in _ <= X + _]mulrCA -mulrDr ler_wpmul2l ?p_dist.1//.
set u := uncovered_base _ _; have Rm0 : 0 <= Rmax by have := range y' y'; rewrite subrr.
have on_G y : ~~ unc (y, y') -> f y' y = r y - r y' by move=> /negPf e; rewrite /f e.
have off_G y : ~~ ~~ unc (y, y') -> f y' y = 0 by rewrite negbK /f => ->.
have cutK := sampler_mixture_Rmax p_dist p_gt0 beta_gt0 M0 N_gt0 on_G off_G range.
have [small|big] := lerP (C * u) 2%:R^-1; last first.
  have h : 0 <= 2%:R * Rmax * (C * u - 2%:R^-1) by rewrite !mulr_ge0 ?ler0n// subr_ge0 ltW.
  apply: le_trans cutK _; apply: (le_cert (addr_ge0 h (mulr_ge0 (ltW delta_gt0) Rm0))).
  by field.
have cov2 := truncated_coverage_exact p_dist p_gt0 cov_le off_G on_G small.
have M2 : 2%:R * (2%:R * C) <= M by apply: le_trans M_ge; rewrite mulrA -natrM.
have C2 : 0 < 2%:R * C by rewrite mulr_gt0 ?ltr0n.
apply: le_trans (sampler_gap_Rmax p_dist p_gt0 beta_gt0 M0 N_gt0 on_G off_G range C2 cov2 M2) _.
have e1 := failure_le p_dist p_gt0 beta_gt0 M0 N_gt0 C2 cov2 M2 delta_gt0 N_ge.
have e0 := failure_ge0 (f y') p_dist beta_gt0 M0 N_gt0.
have g1 := truncation_gap p_dist p_gt0 beta_gt0 cov_le off_G on_G range.
have {}g1 : J p r beta (pistar p r beta) - J p r beta (pistar p (f y') beta) <= Rmax * (C * u).
  by apply: le_trans g1 _; rewrite ler_wpmul2l// le_minl lexx orbT.
have ps := pistar_dist (f y') beta p_dist p_gt0.
have g0 : 0 <= J p r beta (pistar p r beta) - J p r beta (pistar p (f y') beta).
  by rewrite subr_ge0; apply: pistar_optimal.
have u0 : 0 <= u by apply: sumr_ge0 => y _; exact: p_dist.1.
move: e0 e1 g0 g1; set e := failure _ _ _ _ _; set g := _ - J _ _ _ (pistar p (f y') beta) => e0 e1 g0 g1.
rewrite -subr_ge0 in e1; rewrite -subr_ge0 in g1.
have h1 : 0 <= Rmax * C * u by rewrite !mulr_ge0// ltW.
apply: (le_cert (addr_ge0 (addr_ge0 (addr_ge0 g1 h1) (mulr_ge0 e0 g0)) (mulr_ge0 e1 Rm0))); ring.
Qed.
End OnePrompt.

Section Listed.
Variables (R : realType) (d k : nat) (X Y : finType) (rho : X -> R) (piref : X -> Y -> R).
Variables (phi : X -> Y -> 'rV[R]_d) (theta : 'rV[R]_d) (b : X -> R) (beta Rmax C M delta : R) (N : nat).
Local Notation reward := (lin_reward phi theta b).
Hypothesis rho_dist : is_dist rho.
Hypothesis piref_dist : forall x, is_dist (piref x).
Hypothesis beta_gt0 : 0 < beta.
Hypothesis range : forall x y z, reward x y - reward x z <= Rmax.
Hypothesis cov_le : forall x y, pistar (piref x) (reward x) beta y / piref x y <= C.
Hypothesis M_ge : 4%:R * C <= M.
Hypothesis delta_gt0 : 0 < delta.
Hypothesis delta_le1 : delta <= 1.
(* with M = 4 C: 16 C log(4/delta) <= N *)
Hypothesis N_ge : 4%:R * M * ln (4%:R / delta) <= N%:R.
(* the differences of features span a space within that of D *)
Variable D : 'M[R]_(k, d).
Hypothesis diffs : forall x y y', (phi x y - phi x y' <= D)%MS.
Variables (npair T : nat).
Hypothesis npair_gt0 : (0 < npair)%N.
Hypothesis T_gt0 : (0 < T)%N.
(* line 10: least squares on all data so far *)
Variable est : seq 'rV[R]_d -> 'rV[R]_d.
Hypothesis est_fits : forall l, least_squares theta l (est l).

(* phase 2 after the accepted differences s: a round is a prompt with y1 and y2, and h are the rounds before *)
Local Notation round := (X * (Y * Y))%type.
Definition theta_at (s : seq 'rV[R]_d) (h : seq round) : 'rV[R]_d :=
  est (s ++ [seq phi o.1 o.2.1 - phi o.1 o.2.2 | o <- h]).
(* lines 11 to 13 *)
Definition exploration (s : seq 'rV[R]_d) (h : seq round) (o : round) : R := rho o.1 * piref o.1 o.2.2
  * sampler (piref o.1) (f_run phi (theta_at s h) s o.1 o.2.2) beta M N o.2.1.
(* line 15 *)
Definition returned_listed t (s : seq 'rV[R]_d) x : Y -> R :=
  mixture (piref x) (fun y' => sampler (piref x) (f_run phi t s x y') beta M N).
Definition returned_after (s : seq 'rV[R]_d) (h : seq round) x y : R :=
  (\sum_(i < T) returned_listed (theta_at s (take i h)) s x y) / T%:R.
Definition gap_listed (s : seq 'rV[R]_d) (h : seq round) : R := \sum_x rho x *
  (J (piref x) (reward x) beta (pistar (piref x) (reward x) beta)
   - J (piref x) (reward x) beta (returned_after s h x)).
(* the mean over T rounds of phase 2 *)
Definition over_rounds (s : seq 'rV[R]_d) (F : seq round -> R) : R :=
  \sum_(h : T.-tuple round) seqp (exploration s) h * F h.

(* what the sampler is asked for when rewards of covered pairs are known *)
Let known s x := mixture (piref x) (fun y' => sampler (piref x) (f_hat reward (off_span phi) s x y') beta M N).
Let gap_known s := \sum_x rho x *
  (J (piref x) (reward x) beta (pistar (piref x) (reward x) beta) - J (piref x) (reward x) beta (known s x)).

Local Lemma C_ge1 : 1 <= C.
Proof.
have [x _] := some_weight rho_dist; have pd := piref_dist x.
apply: (coverage_ge1 (supp_dist pd) (@supp_gt0 _ _ (piref x)) (r:=on_supp (reward x)) (beta:=beta)) => u.
by rewrite -pistar_supp//; exact: cov_le.
Qed.

Local Lemma M_gt0 : 0 < M.
Proof. by apply: lt_le_trans M_ge; rewrite mulr_gt0 ?ltr0n// (lt_le_trans ltr01 C_ge1). Qed.

Local Lemma ln4_gt0 : 0 < ln (4%:R / delta).
Proof. by rewrite ln_gt0// ltr_pdivl_mulr// mul1r (le_lt_trans delta_le1)// ltr1n. Qed.

Local Lemma N_gt0 : (0 < N)%N.
Proof.
rewrite -(ltr0n R); apply: lt_le_trans N_ge.
by rewrite mulr_gt0 ?ln4_gt0// mulr_gt0 ?M_gt0// ltr0n.
Qed.

Local Lemma N_enough : 33%:R / 10%:R * M * ln (2%:R / delta) <= N%:R.
Proof.
apply: le_trans N_ge; have m0 := M_gt0.
have le24 : ln (2%:R / delta) <= ln (4%:R / delta).
  by rewrite ler_ln ?posrE ?divr_gt0 ?ltr0n// ler_pmul2r ?invr_gt0// ler_nat.
have l0 : 0 <= ln (2%:R / delta).
  by rewrite ln_ge0// ler_pdivl_mulr// mul1r (le_trans delta_le1)// ler1n.
apply: ler_pmul => //; first by rewrite !mulr_ge0 ?invr_ge0 ?ler0n ?(ltW m0).
by rewrite ler_pmul2r// ler_pdivr_mulr ?ltr0n// -natrM ler_nat.
Qed.

Local Lemma Rmax_ge0 : 0 <= Rmax.
Proof.
have [x _] := some_weight rho_dist; have [y _] := some_weight (piref_dist x).
by have := range x y y; rewrite subrr.
Qed.

Local Lemma known_at s x :
  J (piref x) (reward x) beta (pistar (piref x) (reward x) beta) - J (piref x) (reward x) beta (known s x)
  <= 2%:R * C * Rmax * uncovered_pairs (pair_law piref) (off_span phi) s x + delta * Rmax.
Proof.
have pd := piref_dist x.
rewrite (J_supp _ pd _ (pistar_off _ _)) (J_supp _ pd) => [|y y0]; last first.
  by apply: big1 => y' _; rewrite sampler_off ?mulr0.
rewrite /known mixture_supp// pistar_supp// /uncovered_pairs /pair_law pairs_supp//.
have e u' : on_supp (p:=piref x) (sampler (piref x) (f_hat reward (off_span phi) s x (val u')) beta M N)
    = sampler (on_supp (p:=piref x) (piref x)) (on_supp (f_hat reward (off_span phi) s x (val u'))) beta M N.
  by apply/funext => u; exact: sampler_supp.
under [X in mixture _ X]eq_fun do rewrite e.
apply: (@gap_prompt_listed _ _ _ _ _ _ _ _ _ _ (fun z => off_span phi s x (val z.1, val z.2))) => //.
- exact: supp_dist.
- exact: supp_gt0.
- by move=> u z; exact: range.
- move=> u; have := cov_le x (val u).
  by rewrite -[pistar _ _ _ (val u)]/(on_supp (pistar (piref x) (reward x) beta) u) pistar_supp.
- exact: N_gt0.
- exact: N_enough.
Qed.

Local Lemma f_known s h x y' : f_run phi (theta_at s h) s x y' = f_hat reward (off_span phi) s x y'.
Proof.
apply/funext => y; apply: f_run_eq => v vs; apply: (interpolates (est_fits _)).
by rewrite mem_cat vs.
Qed.

(* whatever phase 2 draws, the gap is the same *)
Local Lemma gap_listedE s h : gap_listed s h = gap_known s.
Proof.
apply: eq_bigr => x _; congr (_ * (_ - _)); congr J; apply/funext => y.
rewrite /returned_after (eq_bigr (fun=> known s x y)) => [|i _]; last first.
  by rewrite /returned_listed; under [in LHS]eq_fun do rewrite f_known.
by rewrite sumr_const card_ord -mulr_natr mulfK// pnatr_eq0 -lt0n.
Qed.

Lemma exploration_law s : is_kernel (exploration s).
Proof.
move=> h; have sl x y' := sampler_law (f_run phi (theta_at s h) s x y') (piref_dist x) beta_gt0 M_gt0 N_gt0.
split=> [[x [y y']]|].
  by rewrite /exploration /= !mulr_ge0 ?rho_dist.1 ?(piref_dist _).1 ?(sl _ _).1.
rewrite -rho_dist.2 -(pair_bigA _ (fun x z => exploration s h (x, z))) /=; apply: eq_bigr => x _.
rewrite pairs_fst -[RHS]mulr1 -(piref_dist x).2 mulr_sumr; apply: eq_bigr => y' _.
by rewrite /exploration /= -mulr_sumr (sl _ _).2 mulr1.
Qed.

Local Lemma over_roundsE s (F : R -> R) : over_rounds s (fun h => F (gap_listed s h)) = F (gap_known s).
Proof.
rewrite /over_rounds; under eq_bigr do rewrite gap_listedE.
by rewrite -mulr_suml (seqp_dist T (exploration_law s)).2 mul1r.
Qed.

Let Q := round_law rho (pair_law piref) (npair:=npair).

Local Lemma after_rounds n (F : R -> R) s :
  after Q (span_step phi (npair:=npair)) n (fun s => over_rounds s (fun h => F (gap_listed s h))) s
  = after Q (span_step phi (npair:=npair)) n (fun s => F (gap_known s)) s.
Proof. by elim: n s => [|n IH] s /=; [rewrite over_roundsE|apply: eq_bigr => a _; rewrite IH]. Qed.

Local Lemma K_ge0 : 0 <= 2%:R * C * Rmax.
Proof. by rewrite !mulr_ge0 ?ler0n ?Rmax_ge0// (le_trans ler01 C_ge1). Qed.

Local Lemma known_le s :
  gap_known s <= 2%:R * C * Rmax * hazard Q (round_accepts (off_span phi)) s + delta * Rmax.
Proof.
apply: le_trans (_ : 2%:R * C * Rmax * (\sum_x rho x * uncovered_pairs (pair_law piref) (off_span phi) s x)
    + delta * Rmax <= _); last first.
  rewrite ler_add2r ler_wpmul2l ?K_ge0//; exact: mean_uncovered_le.
rewrite mulr_sumr -[delta * Rmax]mul1r -[X in X * (delta * _)]rho_dist.2 mulr_suml -big_split.
apply: ler_sum => x _ /=; rewrite [X in _ <= X + _]mulrCA -mulrDr.
by rewrite ler_wpmul2l ?rho_dist.1//; exact: known_at.
Qed.

Local Lemma falls s a : hazard Q (round_accepts (off_span phi)) (span_step phi (npair:=npair) s a)
  <= hazard Q (round_accepts (off_span phi)) s.
Proof. by apply: hazard_pairs_falls => //; [exact: pair_law_dist|exact: off_stays]. Qed.

Local Lemma Q_dist : is_dist Q. Proof. exact: round_law_dist rho_dist (pair_law_dist piref_dist). Qed.

Theorem listed_mean n :
  after Q (span_step phi (npair:=npair)) n (fun s => over_rounds s (gap_listed s)) [::]
    <= 2%:R * C * Rmax * (\rank D)%:R / n.+1%:R + delta * Rmax.
Proof.
rewrite (after_rounds n id); apply: (loss_mean Q_dist falls K_ge0 known_le n).
exact: span_acceptances.
Qed.

Theorem listed_tail n (h : R) : 0 < h -> h <= 1 ->
  after Q (span_step phi (npair:=npair)) n
    (fun s => over_rounds s (fun w => if 2%:R * C * Rmax * h + delta * Rmax < gap_listed s w then 1 else 0)) [::]
    <= binomial_below n h (\rank D).
Proof.
move=> h0 h1; rewrite (after_rounds n (fun g => if 2%:R * C * Rmax * h + delta * Rmax < g then 1 else 0)).
by apply: (loss_tail Q_dist falls K_ge0 known_le h0 h1) => l _; exact: span_acceptances.
Qed.

(* ---- costs ---- *)
(* phase 1 draws pairs up to the first that it accepts *)
Fixpoint drawn (s : seq 'rV[R]_d) (l : seq (X * npair.-tuple [finType of Y * Y])) : nat := if l is a :: l'
  then (2 * minn npair (find (off_span phi s a.1) a.2).+1 + drawn (span_step phi s a) l')%N else 0%N.
(* phase 2 with the draws that SoftmaxSampler makes in each round *)
Fixpoint counted_rounds (s : seq 'rV[R]_d) (h : seq round) (l : seq (round * nat)) : R := if l is (o, j) :: l'
  then rho o.1 * piref o.1 o.2.2
    * counted_sampler (piref o.1) (f_run phi (theta_at s h) s o.1 o.2.2) beta M N (o.2.1, j)
    * counted_rounds s (rcons h o) l' else 1.
(* a draw from the policy of round i: y', then SoftmaxSampler *)
Definition counted_draw (s : seq 'rV[R]_d) (h : seq round) i x (z : Y * (Y * nat)) : R :=
  piref x z.1 * counted_sampler (piref x) (f_run phi (theta_at s (take i h)) s x z.1) beta M N z.2.

Local Lemma drawn_le s l : (drawn s l <= 2 * npair * size l)%N.
Proof.
elim: l s => [//|a l IH] s /=; rewrite mulnS leq_add ?IH//.
by rewrite leq_mul2l geq_minl.
Qed.

Local Lemma rounds_le s h l : counted_rounds s h l != 0 ->
  (\sum_(oj <- l) oj.2.+1 <= size l * (2 * N + 2))%N.
Proof.
elim: l h => [|[o j] l IH] h; first by rewrite big_nil.
rewrite big_cons /= => nz; have [nz1 /IH {}IH] : counted_sampler (piref o.1)
    (f_run phi (theta_at s h) s o.1 o.2.2) beta M N (o.2.1, j) != 0 /\ counted_rounds s (rcons h o) l != 0.
  by split; apply: contraNneq nz => ->; rewrite !(mulr0, mul0r).
rewrite mulSn leq_add// addn2 ltnS leqNgt; apply: contra nz1 => jN.
by apply/eqP/sampler_queries.
Qed.

(* T_data and T_comp in every run that can happen: l1 phase 1, l2 phase 2, then a draw *)
Theorem listed_costs l1 l2 i x y' y j : size l2 = T ->
  let s := foldl (span_step phi (npair:=npair)) [::] l1 in
  let asked := (foldl (asking_step phi (npair:=npair)) ([::], [::]) l1).2 in
  counted_rounds s [::] l2 != 0 -> counted_draw s (unzip1 l2) i x (y', (y, j)) != 0 ->
  (size (foldl (@asking_round X Y) asked (unzip1 l2)) <= 2 * \rank D + 2 * T)%N /\
  (drawn [::] l1 + \sum_(oj <- l2) oj.2.+1 + j.+1 <= 2 * npair * size l1 + T.+1 * (2 * N + 2))%N.
Proof.
move=> sT s asked nz1 nz2; split.
  have [_ rk ->] := span_mode_rewards diffs l1 (unzip1 l2).
  by rewrite size_map sT leq_add2r leq_mul2l.
rewrite -addnA leq_add ?drawn_le// mulSn addnC leq_add//; last by rewrite -sT; exact: rounds_le nz1.
rewrite addn2 ltnS leqNgt; apply: contra nz2 => jN.
by rewrite /counted_draw sampler_queries// mulr0.
Qed.

(* the counted laws are those of the listing, for which K <= 2 N + 1 *)
Theorem counted_round_law s h o : \sum_(j < (2 * N).+2) counted_rounds s h [:: (o, j : nat)] = exploration s h o.
Proof.
rewrite /exploration -sampler_queries_law mulr_sumr; apply: eq_bigr => j _.
by rewrite /= mulr1.
Qed.

Theorem counted_draw_law s h i x y :
  \sum_y' \sum_(j < (2 * N).+2) counted_draw s h i x (y', (y, j : nat))
  = returned_listed (theta_at s (take i h)) s x y.
Proof.
by apply: eq_bigr => y' _; rewrite -sampler_queries_law mulr_sumr.
Qed.

End Listed.
