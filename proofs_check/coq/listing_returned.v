(* The whole of SpannerSampling in span mode, as the kernel runs its listing on an instance: *)
(* a draw from what it returns has the law of as_listed.v. For claim spanner-as-listed.       *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp.
From Spanner Require Import dist process gibbs ridge mixtures softmax_sampler spanner_coverage spanner_rule end_to_end span_run.
From Spanner Require as_listed.
From Spanner Require Import cert_numbers cert_instance cert_base listing listing_run listing_links listing_means elimination.
From Spanner Require Import listing_states listing_spanner listing_fit listing_sampled.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* whatever phase 2 draws, the policy that is returned is that of theta itself               *)
Section AnyRounds.
Variables (R : realType) (d : nat) (X Y : finType) (rho : X -> R) (piref : X -> Y -> R).
Variables (phi : X -> Y -> 'rV[R]_d) (theta : 'rV[R]_d) (beta M : R) (N T : nat) (est : seq 'rV[R]_d -> 'rV[R]_d).
Hypothesis rho_dist : is_dist rho.
Hypothesis piref_dist : forall x, is_dist (piref x).
Hypothesis beta_gt0 : 0 < beta.
Hypothesis M_gt0 : 0 < M.
Hypothesis N_gt0 : (0 < N)%N.
Hypothesis T_gt0 : (0 < T)%N.
Hypothesis est_fits : forall l, least_squares theta l (est l).
Local Notation explored := (as_listed.exploration rho piref phi beta M N est).
Local Notation listed t := (as_listed.returned_listed piref phi beta M N t).

Lemma exploration_kernel s : is_kernel (explored s).
Proof.
move=> h; have sl x y' := as_listed.sampler_law (f_run phi (as_listed.theta_at phi est s h) s x y') (piref_dist x) beta_gt0 M_gt0 N_gt0.
split=> [[x [y y']]|].
  by rewrite /as_listed.exploration /= !mulr_ge0 ?rho_dist.1 ?(piref_dist _).1 ?(sl _ _).1.
rewrite -rho_dist.2 -(pair_bigA _ (fun x z => explored s h (x, z))) /=; apply: eq_bigr => x _.
rewrite pairs_fst -[RHS]mulr1 -(piref_dist x).2 mulr_sumr; apply: eq_bigr => y' _.
by rewrite /as_listed.exploration /= -mulr_sumr (sl _ _).2 mulr1.
Qed.

Lemma returned_known s h : listed (as_listed.theta_at phi est s h) s = listed theta s.
Proof.
have fE x y' : f_run phi (as_listed.theta_at phi est s h) s x y' = f_run phi theta s x y'.
  apply/boolp.funext => y; rewrite /f_run; case: ifP => // /negbFE; apply: span_exact => v vs.
  by apply: (interpolates (est_fits _)); rewrite mem_cat vs.
apply/boolp.funext => x; rewrite /as_listed.returned_listed; congr (mixture _ _).
by apply/boolp.funext => y'; rewrite fE.
Qed.

Lemma over_rounds_returned s x y :
  as_listed.over_rounds rho piref phi beta M N T est s (fun h => as_listed.returned_after piref phi beta M N T est s h x y)
  = listed theta s x y.
Proof.
rewrite /as_listed.over_rounds (eq_bigr (fun h : T.-tuple _ => seqp (explored s) h * listed theta s x y)) => [|h _].
  by rewrite -mulr_suml (seqp_dist T (exploration_kernel s)).2 mul1r.
congr (_ * _); rewrite /as_listed.returned_after; under eq_bigr do rewrite returned_known.
by rewrite sumr_const card_ord -[as_listed.returned_listed _ _ _ _ _ _ _ _ _ *+ _]mulr_natr mulfK// pnatr_eq0 -lt0n.
Qed.
End AnyRounds.

Section Returned.
Variables (R : realType) (i : instance).
Local Notation e := (@QR R).
Local Notation b := (e (beta i)).
Local Notation d := (size (theta i)).
Local Notation mean := (@listing_links.mean R _).
Local Notation sup x := (support (prompt_at i x)).
Local Notation features := (@feature_in R i).
Local Notation masses := (@base_in R i).
Local Notation known := (accepted R i).
Hypothesis ok : problem_ok i.
Hypothesis fit : features_fit i.
Hypothesis wholes : all (whole_exponents i) (iota 0 (size (prompts i))).
Variables (M : Q) (N : nat).
Hypothesis M_gt0 : 0 < e M.
Hypothesis N_gt0 : (0 < N)%N.

Lemma mean_masses n (l : law nat) (G : nat -> R) : every (fun k => k < n)%N l ->
  mean l G = \sum_(k < n) e (mass_of eq_op l k) * G k.
Proof.
elim: l => [|[y q] l IH] /= => [_|[yn /IH {}IH]].
  by rewrite /listing_links.mean big_nil big1// => k _; rewrite QR0 mul0r.
have one k : e (if y == k then qadd q (mass_of eq_op l k) else mass_of eq_op l k) = e q * (y == k)%:R + e (mass_of eq_op l k).
  by case: ifP => _; rewrite ?QRD ?mulr1// mulr0 add0r.
under eq_bigr do rewrite one mulrDl; rewrite big_split /= -IH /listing_links.mean big_cons; congr (_ + _).
rewrite (bigD1 (Ordinal yn))//= eqxx mulr1 big1 ?addr0// => k ne.
rewrite eq_sym (_ : (val k == y) = false) ?mulr0 ?mul0r//.
by apply: contraNF ne => /eqP ky; apply/eqP/val_inj.
Qed.

Lemma mean_support (x : X i) F : mean (weak lists (base_at i x)) F = \sum_(y : Y x) base R y * F (val y, phi (the y)).
Proof. by rewrite base_at_means mean_weak weakE. Qed.

(* line 13: a response, and masses that sum to 1                                             *)
Local Notation drawn s th v0 x := (sampled lists minus [::] in_span dot_numbers (exp_over_beta i) (base_at i) s th v0 x M N).
Lemma every_drawn s th v0 (x : X i) : every (fun k => k < size (sup x))%N (drawn s th v0 x).
Proof.
apply: (every_mixed (P := fun=> True)) => [|total _]; first exact: every_all.
apply: (every_mixed (P := fun o => if o is Some k then (k < size (sup x))%N else true)).
  apply: every_iterate => // o _; apply: (every_mixed (every_base x)) => z [zn _].
  by apply: (every_mixed (P := fun=> True)) => [|[] _]; [exact: every_all|split|split].
case=> [k kn|_]; first by split.
by apply: (every_mixed (every_base x)) => z [zn _]; split.
Qed.

Lemma drawn_mass1 s th (x : X i) (y' : Y x) : reachable R i s -> exact_on (known s.2) th ->
  mean (drawn s.1 th (phi (the y')) x) (fun=> 1) = 1.
Proof.
move=> rs ex; rewrite (mean_masses _ (every_drawn _ _ _ _)).
under eq_bigr do rewrite (sampled_own ok fit wholes _ _ _ _ rs ex) mulr1.
exact: (as_listed.sampler_law _ (base_law R ok x) (beta_pos R ok) M_gt0 N_gt0).2.
Qed.

(* line 14 *)
Lemma features_head (x : X i) v k : (k < size (sup x))%N ->
  head v [seq z.1.2 | z <- base_at i x & z.1.1 == k] = phi (response_at (sup x) k).
Proof.
move=> kn; rewrite base_at_means /weighted filter_map -map_comp.
rewrite (@eq_filter _ _ (pred1 (Ordinal kn))) => [|y] //=.
by rewrite filter_pred1_uniq ?enum_uniq ?mem_enum.
Qed.

Definition explored (s : spanner vector (seq (nat * vector)) number) (t : exploration vector number) : Prop :=
  [/\ data_ok R i t.1, (exists more, t.1 = s.2 ++ more) & each (exact_on (known s.2)) t.2].
Local Notation round s := (phase_2_round lists minus minus [::] in_span (fitted i) dot_numbers (exp_over_beta i)
  (rho_law i) (base_at i) (reward_at i) s.1 M N).

Lemma fitted_exact s t : explored s t -> exact_on (known s.2) (fitted i t.1).
Proof.
case=> okd [more eq] _ v c vs; apply: fitted_at => //; apply: submx_trans vs _.
rewrite span_sub eq /accepted map_cat; apply/allP => w wv.
have /allP h : all (fun u => u <= span_list (known s.2 ++ known more))%MS (known s.2 ++ known more) by rewrite -span_sub.
by apply: h; rewrite mem_cat wv.
Qed.

Lemma every_phase_2 s t : explored s t -> every (fun u => explored s u /\ (0 < size u.2)%N) (round s t).
Proof.
move=> st; apply: (every_mixed (every_rho i)) => x xn.
apply: (every_mixed (every_base (Ordinal xn))) => a2 [a2n a2E].
apply: (every_mixed (every_drawn _ _ _ (Ordinal xn))) => y1 y1n; split=> //=.
rewrite size_rcons; split=> //; case: (st) => okd [more eq] th; split=> /=.
- by rewrite (features_head _ y1n) a2E; exact: (data_rcons fit (Ordinal xn)).
- by eexists; rewrite eq rcons_cat.
by rewrite -cats1 each_cat; split=> //; split=> //; exact: fitted_exact.
Qed.

Lemma round_mass1 s t : reachable R i s -> explored s t -> mean (round s t) (fun=> 1) = 1.
Proof.
move=> rs st; rewrite /phase_2_round /= mean_mixed mean_rho -[RHS](prompts_law R ok).2.
apply: eq_bigr => x _; rewrite -[RHS]mulr1; congr (_ * _); rewrite mean_mixed mean_support -[RHS](base_law R ok x).2.
apply: eq_bigr => y' _; rewrite -[RHS]mulr1; congr (_ * _); rewrite mean_mixed.
under eq_mean do rewrite mean_ret.
exact: drawn_mass1 rs (fitted_exact st).
Qed.

(* line 15 *)
Lemma mean_returned s ths (x : X i) (y : Y x) :
  reachable R i s -> each (exact_on (known s.2)) ths -> (0 < size ths)%N ->
  mean (returned lists minus [::] in_span dot_numbers (exp_over_beta i) (base_at i) (s.1, ths) x M N) (fun k => (k == val y)%:R)
  = as_listed.returned_listed masses features b (e M) N (parameter R i) (known s.2) x (in_width y).
Proof.
move=> rs ex n0; set r := RHS.
have same th : exact_on (known s.2) th ->
    mean (bind (c:=lists) (weak lists (base_at i x)) (fun a => drawn s.1 th a.2 x)) (fun k => (k == val y)%:R) = r.
  move=> exth; rewrite /= mean_mixed mean_support /r /as_listed.returned_listed /mixture sum_in_width.
  apply: eq_bigr => y' _; congr (_ * _); rewrite -mass_ofE.
  exact: (sampled_mass ok fit wholes _ _ _ _ rs exth).
pose one th : law nat := bind (c:=lists) (weak lists (base_at i x)) (fun a => drawn s.1 th a.2 x).
transitivity (\sum_(th <- ths) (size ths)%:R^-1 * mean (one th) (fun k => (k == val y)%:R)).
  rewrite -[X in mean X]/(mixed [seq (th, qdiv q1 (inject_Z (Z.of_nat (size ths)))) | th <- ths] one) mean_mixed.
  rewrite {1}/listing_links.mean big_map; apply: eq_bigr => th _.
  by rewrite QRdiv QR1 QR_nat mul1r.
have n1 : (size ths)%:R != 0 :> R by rewrite pnatr_eq0 -lt0n.
transitivity (\sum_(th <- ths) (size ths)%:R^-1 * r); last first.
  by rewrite big_const_seq count_predT iter_addr_0 -mulr_natl mulrA divff// mul1r.
elim: ths {n0 n1} (size ths)%:R^-1 ex => [|th ths IH] c; first by rewrite !big_nil.
by case=> /same exth /IH IHn; rewrite !big_cons IHn exth.
Qed.

Variables (n_prompt n_pair t_exp : nat).
Hypothesis t_gt0 : (0 < t_exp)%N.
Local Notation phase_1_law := (round_law (@weight R i) (pair_law masses) (npair:=n_pair)).
Local Notation step := (span_step features (npair:=n_pair)).

Lemma returned_known_mass (x : X i) (y : Y x) :
  e (mass_of eq_op (returned_law i x n_prompt n_pair t_exp M N) (val y))
  = after phase_1_law step n_prompt
      (fun s => as_listed.returned_listed masses features b (e M) N (parameter R i) s x (in_width y)) [::].
Proof.
rewrite mass_ofE -(phase_1_is_after ok fit) /returned_law /spanner_sampling /= !mean_mixed.
apply: (eq_mean_every (every_phase_1 R fit n_pair n_prompt)) => s rs; rewrite mean_mixed.
set r := RHS; set l := iterate _ _ _ _ _.
have start : explored s (s.2, [::]) by split=> //; [case: rs|exists [::]; rewrite cats0].
have every_l : every (fun t => explored s t /\ (0 < size t.2)%N) l.
  rewrite /l; case: t_exp t_gt0 => // n _ /=; apply/every_merged/every_mixed => [|t st].
    apply: (every_iterate _ _ n start) => t st.
    by apply: every_imp (every_phase_2 st) => u [].
  exact: every_phase_2.
rewrite (eq_mean_every every_l (G := fun=> 1 * r)) => [|t [[_ _ ex] n0]].
  have : mean l (fun=> 1) = 1.
    rewrite /l; apply: (mass_iterate _ _ _ start) => t st.
      by apply: every_imp (every_phase_2 st) => u [].
    exact: round_mass1.
  rewrite /listing_links.mean => l1; under eq_bigr do rewrite mulrA.
  by rewrite -mulr_suml l1 mul1r.
by rewrite mean_ret mul1r (mean_returned y rs ex n0).
Qed.

(* for any least squares *)
Theorem returned_mass est (x : X i) (y : Y x) : (forall l, least_squares (parameter R i) l (est l)) ->
  e (mass_of eq_op (returned_law i x n_prompt n_pair t_exp M N) (val y))
  = after phase_1_law step n_prompt (fun s => as_listed.over_rounds (@weight R i) masses features b (e M) N t_exp est s
      (fun h => as_listed.returned_after masses features b (e M) N t_exp est s h x (in_width y))) [::].
Proof.
move=> fits; rewrite returned_known_mass; congr after; apply/boolp.funext => s.
rewrite (@over_rounds_returned _ _ _ _ _ _ _ (parameter R i))//; [exact: prompts_law|exact: base_in_dist|exact: beta_pos].
Qed.
End Returned.
