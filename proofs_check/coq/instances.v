(* Non-vacuity: every hypothesis is met on concrete data over Coq's own reals. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct reals sequences exp ring.
From Spanner Require Import exp_facts dist gibbs process token_coverage rejection potential needle.
From Spanner Require Import gaps prompts truncation ridge spanner_coverage multiturn needle_hit dnf.
From Spanner Require Import identification learner softmax_sampler spanner_rule end_to_end lower_bound.
From Spanner Require Import span_run range_eq mtss mtss_exact enumerating sampler_mixture as_listed spanner_matches.
From Spanner Require Import truncated_rejection profile ridge_noise mtss_gap mtss_sweep mtss_passes mtss_end_to_end
  mtss_line3 best_of_n.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.
Notation RR := real_realType.

Definition coin (b : bool) : RR := 2%:R^-1.
Lemma coin_dist : is_dist coin. 
Proof.
split=> [b|]; first by rewrite invr_ge0 ler0n.
by rewrite big_bool /= [RHS]splitr mul1r.
Qed.
Lemma coin_gt0 : full_support coin. Proof. by move=> b; rewrite invr_gt0 ltr0n. Qed.
Lemma one_prompt : is_dist (fun _ : unit => 1 : RR).
Proof. by split=> [_|]; [exact: ler01|rewrite big_const card_unit /= addr0]. Qed.
Definition rew (b : bool) : RR := b%:R.

(* a fair coin, reward 1 for true, beta = 1: the optimal value is ln ((1 + e) / 2) *)
Theorem J_coin : J coin rew 1 (pistar coin rew 1) = ln ((1 + expR 1) / 2%:R).
Proof.
rewrite J_pistar ?mul1r; [|exact: coin_dist|exact: coin_gt0|exact: ltr01].
congr ln; rewrite /Z big_bool /= /rew /coin /= !divr1 mulr1n expR0.
by rewrite -mulrDr mulrC addrC.
Qed.

(* rejection sampling of the point mass at true from a fair coin: M = 2 *)
Definition point (b : bool) : RR := b%:R.
Lemma point_dist : is_dist point.
Proof. by split=> [b|]; [exact: ler0n|rewrite big_bool /= addr0]. Qed.
Theorem accept_coin : \sum_(z | z.2) trial coin point 2%:R z = 2%:R^-1.
Proof.
apply: accept_prob; [exact: coin_dist|exact: coin_gt0| |].
  by split=> [b|]; [exact: ler0n|rewrite big_bool /= addr0].
by case; rewrite /point /coin invrK ?mul1r ?mul0r ?ler0n.
Qed.

(* half of pi on a response of base mass 10^-6, M = 1: both inequalities of truncated-rejection are  *)
(* attained up to 1 - 10^-5                                                                           *)
Definition rare_base (b : bool) : RR := if b then 10%:R ^- 6 else 1 - 10%:R ^- 6.
Theorem truncated_rare : let s := cut_off rare_base coin 1 in let Cov := coverage_profile rare_base coin 1 in
  let distance := TV (truncated_law rare_base coin 1) coin in
  [/\ distance < s, s < Cov, (1 - 10%:R ^- 5) * s <= distance & (1 - 10%:R ^- 5) * Cov <= s].
Proof.
move=> s Cov distance; pose e : RR := 10%:R ^- 6; have e0 : 0 < e by rewrite invr_gt0 exprn_gt0 ?ltr0n.
have e5 : 10%:R ^- 5 = 10%:R * e.
  by rewrite /e [10%:R ^+ 6]exprS; move: (10%:R ^+ 5) => p; rewrite invfM mulVKf ?pnatr_eq0.
have e4 : 0 <= 4%:R^-1 - e.
  rewrite subr_ge0 lef_pinv ?posrE ?exprn_gt0 ?ltr0n// exprS -[leLHS]mulr1.
  by rewrite ler_pmul ?ler0n ?ler01 ?ler_nat ?exprn_ege1 ?ler1n.
have half : 0 <= 2%:R^-1 - e.
  have h : 0 <= 4%:R^-1 :> RR by rewrite invr_ge0 ler0n.
  by apply: (le_cert (addr_ge0 e4 h)); field.
have base_gt0 : full_support rare_base.
  case; rewrite /rare_base -/e//; apply: lt_le_trans (_ : 2%:R^-1 <= _); rewrite ?invr_gt0 ?ltr0n//.
  by apply: (le_cert half); field.
have base_dist : is_dist rare_base.
  by split=> [b|]; [exact/ltW/base_gt0|rewrite big_bool /= addrC subrK].
have coin_true : 1 < coin true / rare_base true.
  rewrite ltr_pdivl_mulr ?base_gt0// mul1r; apply: le_lt_trans (_ : 4%:R^-1 < _).
    by rewrite -subr_ge0.
  by rewrite ltf_pinv ?posrE ?ltr0n// ltr_nat.
have cE c : 0 <= c -> cut_off rare_base coin c
    = Num.max 0 (2%:R^-1 - c * e) + Num.max 0 (2%:R^-1 - c * (1 - e)).
  by move=> c0; rewrite cutE ?big_bool//; exact: coin_dist.
have sE : s = 2%:R^-1 - e.
  rewrite /s cE ?ler01// !mul1r (max_idPr _) ?(max_idPl _) ?addr0//.
  by rewrite -oppr_ge0; apply: (le_cert half); field.
have coin_false : coin false / rare_base false < 1.
  rewrite ltr_pdivr_mulr ?base_gt0// mul1r -subr_gt0; apply: lt_le_trans (_ : 4%:R^-1 <= _).
    by rewrite invr_gt0 ltr0n.
  by apply: (le_cert e4); rewrite /coin /rare_base -/e; field.
have CovE : Cov = 2%:R^-1.
  by rewrite /Cov /coverage_profile big_mkcond big_bool (ltW coin_true) leNgt coin_false /= addr0.
split.
- exact: (truncated_TV_lt base_gt0 coin_dist ltr01 coin_true).
- exact: (truncated_cut_lt base_gt0 coin_dist ltr01 coin_true).
- pose k := 1 - s; have kE : k = 2%:R^-1 + e by rewrite /k sE; field.
  have kp : 0 < k by rewrite kE addr_gt0// invr_gt0 ltr0n.
  have k2 : 0 <= 2%:R - k^-1.
    by rewrite subr_ge0 -[leRHS]invrK lef_pinv ?posrE ?invr_gt0 ?ltr0n// kE ler_addl ltW.
  have k0 : 0 <= 1 / k by rewrite divr_ge0 ?ler01// ltW.
  rewrite /distance truncated_TV//; [|exact: coin_dist|exact: ltr01].
  rewrite -/s -/k e5 sE cE// -[leLHS]addr0 ler_add//; rewrite le_maxr ?lexx//; apply/orP; right.
  have h : 0 <= e * (2%:R - k^-1) + 10%:R * (e * (4%:R^-1 - e)) + e * (3%:R / 2%:R).
    have e1 := ltW e0; have h n m : 0 <= n%:R / m%:R :> RR by rewrite divr_ge0 ?ler0n.
    by apply: addr_ge0; [apply: addr_ge0; apply: mulr_ge0|apply: mulr_ge0] => //; rewrite ?ler0n//; apply: mulr_ge0.
  by apply: (le_cert h); move: (k^-1) => x; field.
- by rewrite e5 CovE sE; apply: (le_cert (mulr_ge0 (ler0n _ 4) (ltW e0))); field.
Qed.

(* two fair arms, 2/3 of pi on the one: the step at N = 4/3 is the last, and the divergence of coins is *)
(* that of the policies. Over two prompts of which the other has pi = piref it is less                  *)
Definition two_thirds : bool -> RR := bern (2%:R / 3%:R).
Theorem profile_two_arms : let N := 4%:R / 3%:R in
  [/\ coverage_profile coin two_thirds N = 2%:R / 3%:R,
      forall N', N < N' -> coverage_profile coin two_thirds N' = 0,
      coins (2%:R / 3%:R) 2%:R^-1 = KL two_thirds coin,
      profile_prompts coin (fun=> coin) (fun x : bool => if x then two_thirds else coin) N = 3%:R^-1 &
      coins (3%:R^-1) (4%:R^-1) <= 2%:R^-1 * KL two_thirds coin].
Proof.
move=> N; have pd : is_dist two_thirds.
  by apply: bern_dist; rewrite ?divr_gt0 ?ltr0n// ltr_pdivr_mulr ?ltr0n// mul1r ltr_nat.
have on_support y : coin y = 0 -> two_thirds y = 0 by have := coin_gt0 y => /lt0r_neq0/eqP.
have top : two_thirds true / coin true = N by rewrite /two_thirds /bern /coin /N; field.
have low : two_thirds false / coin false = 2%:R / 3%:R by rewrite /two_thirds /bern /coin; field.
have lowN : 2%:R / 3%:R < N by rewrite ltr_pmul2r ?invr_gt0 ?ltr0n// ltr_nat.
have N1 : 1 < N by rewrite ltr_pdivl_mulr ?ltr0n// mul1r ltr_nat.
have N0 : 0 < N := lt_trans ltr01 N1.
have CovE : coverage_profile coin two_thirds N = 2%:R / 3%:R.
  by rewrite /coverage_profile big_mkcond big_bool top low lexx leNgt lowN /= addr0.
have flat y : coin y / coin y = 1 by rewrite divff// lt0r_neq0// coin_gt0.
have over : profile_prompts coin (fun=> coin) (fun x : bool => if x then two_thirds else coin) N = 3%:R^-1.
  rewrite /profile_prompts big_bool /= CovE (_ : coverage_profile coin coin N = 0).
    by rewrite /coin; field.
  apply/profile_zero => // [|y]; [exact: coin_dist|by rewrite flat].
split=> //.
- move=> N' lt; apply/profile_zero => // [|[]]; first exact: lt_trans lt.
    by rewrite top.
  by rewrite low (lt_trans lowN).
- have -> : 2%:R^-1 = 2%:R / 3%:R / N :> RR by rewrite /N; field.
  rewrite -{1 2}CovE; apply: (profile_coins_equal coin_dist pd on_support N1 lowN) => -[] _; [right|left].
    exact: top.
  exact: low.
have -> : 4%:R^-1 = 3%:R^-1 / N :> RR by rewrite /N; field.
rewrite -over; apply: le_trans (profile_prompts_coins coin_dist (fun=> coin_dist) _ _ N1) _.
- by case=> //; exact: coin_dist.
- by case=> // y; have := coin_gt0 y => /lt0r_neq0/eqP.
rewrite big_bool /= (_ : KL coin coin = 0) ?mulr0 ?addr0//.
by rewrite /KL big1// => y _; rewrite flat ln1 mulr0.
Qed.

(* the mass 1 - 1/e at ratio 1000: 1/e is attained up to 1/1000 *)
Theorem profile_sharp : let pi := bern (1 - (expR 1)^-1) in let piref := bern ((1 - (expR 1)^-1) / 1000%:R) in
  KL pi piref + (expR 1)^-1 - 1000%:R^-1 <= coverage_profile piref pi 1000%:R * ln 1000%:R :> RR.
Proof. by have [|//] := @profile_excess_sharp real_realType 1000%:R; rewrite ltr1n. Qed.

(* d = 1, lam = 1, every vector 1: the i-th bonus is 1/(i+1), so with nu = 1/2 *)
(* four vectors are accepted and the size bound applies to them                *)
Definition ones (_ : nat) : 'rV[RR]_1 := 1%:M.

Lemma bonus_ones i : bonus2 1 ones i = i.+1%:R^-1.
Proof.
have S : Sigma 1 ones i = (i.+1%:R)%:M.
  rewrite /Sigma; under eq_bigr do rewrite /ones trmx1 mul1mx.
  rewrite sumr_const card_ord; apply/matrixP => x y.
  by rewrite !ord1 !mxE mulmxnE mxE eqxx !mulr1n -mulrS.
by rewrite /bonus2 S invmx_scalar /quad mul1mx trmx1 mulmx1 mxE eqxx mulr1n.
Qed.

Theorem spanner_1d :
  (1 + (2%:R^-1 : RR) ^+ 2) ^+ 4 <= (1 + 4%:R * 4%:R / (1 * 1%:R)) ^+ 1.
Proof.
apply: (@spanner_size_alg _ 1 1 ones); rewrite ?ltr01// => i i4.
  by rewrite /norm2 mul1mx trmx1 mxE mulr1n ler1n.
rewrite bonus_ones exprVn -natrX lef_pinv ?posrE ?ltr0n// ler_nat.
by [].
Qed.

(* gaps: the reward of J_coin, guessed to be nought *)
Definition nought (b : bool) : RR := 0.

Theorem gap_oscillation_coin :
  J coin rew 1 (pistar coin rew 1) - J coin rew 1 (pistar coin nought 1)
    <= (0 - -1) ^+ 2 / (8%:R * 1).
Proof.
apply: gap_oscillation; [exact: coin_dist|exact: coin_gt0|exact: ltr01|].
by case; rewrite /nought /rew sub0r ?mulr1n ?mulr0n ?oppr0 ?lexx ?andbT /= lerN10.
Qed.

Theorem gap_quadratic_coin :
  J coin rew 1 (pistar coin rew 1) - J coin rew 1 (pistar coin nought 1)
    <= (expR 1 - 2%:R) / 1 * E (pistar coin nought 1) (fun y => (nought y - rew y - 0) ^+ 2).
Proof.
apply: gap_quadratic; [exact: coin_dist|exact: coin_gt0|exact: ltr01|].
by case; rewrite /nought /rew subr0 addr0 ?mulr1n ?mulr0n ?lexx ?ler01.
Qed.

(* truncation: only the response false is covered, relative to itself *)
Lemma cov_coin y : pistar coin rew 1 y / coin y <= expR (1 / 1).
Proof.
apply: coverage_le_Rmax; [exact: coin_dist|exact: coin_gt0|exact: ltr01|].
by case; rewrite /rew ler0n lern1.
Qed.

Theorem truncated_coverage_coin y : pistar coin nought 1 y / coin y
  <= expR 2%:R * expR (1 / 1) / covered_mass coin rew 1 (pred1 false).
Proof.
apply: (@truncated_coverage _ _ coin rew nought 1 (expR (1 / 1)) (pred1 false) false) => //.
- exact: coin_dist.
- exact: coin_gt0.
- exact: ltr01.
- exact: cov_coin.
- by case=> // _; rewrite /nought /rew !subrr normr0 ler01.
Qed.

Theorem truncation_gap_coin :
  J coin rew 1 (pistar coin rew 1) - J coin rew 1 (pistar coin nought 1)
    <= 1 * Num.min 1 (expR (1 / 1) * uncovered_base coin (pred1 false)).
Proof.
apply: (@truncation_gap _ _ coin rew nought 1 (expR (1 / 1)) (pred1 false) false) => //.
- exact: coin_dist.
- exact: coin_gt0.
- exact: ltr01.
- exact: cov_coin.
- by case=> // _; rewrite /nought /rew !subrr.
- by case; case; rewrite /rew ?subrr ?mulr1n ?mulr0n ?subr0 ?sub0r ?lexx ?ler01//; apply: le_trans ler01; rewrite lerN10.
Qed.

Theorem sampler_mixture_coin N : (0 < N)%N ->
  J coin rew 1 (pistar coin rew 1) - J coin rew 1 (sampler coin nought 1 2%:R N) <= 1.
Proof.
move=> N0; apply: (@sampler_mixture_Rmax _ _ coin nought 1 2%:R N _ _ _ _ N0 rew (pred1 false) false) => //.
- exact: coin_dist.
- exact: coin_gt0.
- exact: ltr01.
- by rewrite ltr0n.
- by case=> // _; rewrite /nought /rew !subrr.
- by case; case; rewrite /rew ?subrr ?mulr1n ?mulr0n ?subr0 ?sub0r ?lexx ?ler01//; apply: le_trans ler01; rewrite lerN10.
Qed.

Theorem sampler_gap_coin N : (0 < N)%N ->
  J coin rew 1 (pistar coin rew 1) - J coin rew 1 (sampler coin nought 1 2%:R N)
  <= (1 - failure coin nought 1 2%:R N) * (J coin rew 1 (pistar coin rew 1) - J coin rew 1 (pistar coin nought 1))
     + failure coin nought 1 2%:R N * 1.
Proof.
move=> N0; apply: (@sampler_gap_Rmax _ _ coin nought 1 2%:R N _ _ _ _ N0 rew (pred1 false) false 1 _ _ _ 1) => //.
- exact: coin_dist.
- exact: coin_gt0.
- exact: ltr01.
- by rewrite ltr0n.
- by case=> // _; rewrite /nought /rew !subrr.
- by case; case; rewrite /rew ?subrr ?mulr1n ?mulr0n ?subr0 ?sub0r ?lexx ?ler01//; apply: le_trans ler01; rewrite lerN10.
- by move=> y; rewrite (@coverage_constant _ _ coin nought 1 coin_dist coin_gt0 0).
- by rewrite mulr1.
Qed.

Theorem ridge_1d m : dot (ridge 1 ones 1%:M m - 1%:M) 1%:M ^+ 2
  <= 1 * norm2 (1%:M : 'rV[RR]_1) * quad (invmx (Sigma 1 ones m)) 1%:M.
Proof. exact: ridge_error ltr01 _ _. Qed.

(* a spanner that is complete after its first acceptance *)
Theorem spanner_coverage_once n :
  after (fun _ : unit => 1 : RR) (fun _ _ => true) n
    (hazard (fun _ : unit => 1 : RR) (fun s _ => ~~ s)) false <= 1%:R / n.+1%:R.
Proof.
have one := one_prompt.
apply: spanner_coverage => //.
  by move=> s a; rewrite /hazard big_pred0// sumr_ge0// => *; exact: ler01.
by case=> [|[] l] //=; elim: l => //= -[] l ->.
Qed.

Theorem spanner_coverage_tail_once n :
  after (fun _ : unit => 1 : RR) (fun _ _ => true) n
    (fun s => if 2%:R^-1 <= hazard (fun _ : unit => 1 : RR) (fun s _ => ~~ s) s then 1 else 0) false
    <= binomial_below n 2%:R^-1 1.
Proof.
have one := one_prompt.
apply: spanner_coverage_tail => //.
- by move=> s a; rewrite /hazard big_pred0// sumr_ge0// => *; exact: ler01.
- by rewrite invr_gt0 ltr0n.
- by rewrite invf_le1 ?ltr0n// ler1n.
- by case=> [|[] l] //= _; elim: l => //= -[] l ->.
Qed.

(* two fair bits, exp(r/beta) = 1/2 on 11 and 1 elsewhere *)
Definition fair2 : seq bool -> bool -> RR := fun _ _ => 2%:R^-1.
Definition leaf (s : seq bool) : RR := if s == [:: true; true] then ln (2%:R^-1) else 0.

Lemma fair2_kernel : is_kernel fair2. Proof. by move=> s; exact: coin_dist. Qed.
Lemma fair2_gt0 s : full_support (fair2 s). Proof. by move=> b; rewrite invr_gt0 ltr0n. Qed.

Lemma exp_leaf s : expR (leaf s / 1) = if s == [:: true; true] then 2%:R^-1 else 1.
Proof.
by rewrite divr1 /leaf; case: ifP => _; rewrite ?expR0// lnK// posrE invr_gt0 ltr0n.
Qed.

Lemma Zseq_leaf : Zseq fair2 leaf 1 2 = 7%:R / 8%:R.
Proof.
pose F s := seqp fair2 s * expR (leaf s / 1); rewrite /Zseq (sum_tupleS _ F) big_bool.
rewrite !(sum_tupleS _ (fun t => F (_ :: t))) !big_bool.
rewrite !(sum_tuple0 (fun t => F [:: _, _ & t])) /F !exp_leaf /= /seqp /= /fair2.
by field.
Qed.


Theorem soft_bellman_leaf (t : 2.-tuple bool) :
  seqp (token_opt fair2 leaf 1 2) t = seqp fair2 t * expR (leaf t / 1) / (7%:R / 8%:R).
Proof. by rewrite (soft_bellman _ fair2_kernel fair2_gt0 ltr01) Zseq_leaf. Qed.

Theorem path_consistency_leaf b :
  leaf [:: b; true] - 1 * log_ratios fair2 leaf 1 2 [:: b] [:: true] = V fair2 leaf 1 2 [:: b].
Proof. exact: (@path_consistency _ _ fair2 leaf 1 2 fair2_kernel fair2_gt0 ltr01 [:: b] [:: true]). Qed.

Theorem q_linear_leaf a a' : Q fair2 leaf 1 2 [:: true] a - Q fair2 leaf 1 2 [:: true] a'
  = leaf [:: true; a] - leaf [:: true; a'].
Proof.
exact: (@q_linear _ _ fair2 leaf 1 2 fair2_kernel fair2_gt0 ltr01 [:: true]
  (fun a => leaf [:: true; a]) _ isT (token_norm_gt0 fair2_kernel fair2_gt0 _ _)
  (fun=> erefl)).
Qed.

(* needle-hit in dimension one, theta = 1 *)
Theorem needle_hit_1d :
  avg (needle_prob (d:=1) (fun=> 1 : RR) 2%:R^-1 1 1) <= qbar 1 2%:R^-1 1.
Proof.
apply: needle_hit; rewrite ?ltr01 ?expr1n//.
- by rewrite invr_gt0 ltr0n invf_lt1 ?ltr0n ?ltr1n.
- by rewrite big_ord1 ?expr1n lexx.
Qed.

(* one variable, one term, A = 2, L = 1, so p = 1/2 *)
Definition term1 (_ : 'I_1) : 1.-tuple (literal 1) := [tuple (ord0, true)].

Theorem dnf_soundness_1 (theta : 'I_1 -> RR) : box theta ->
  (\sum_j pi1 term1 2%:R 2%:R^-1 theta j) / 1%:R <=
    val RR term1 (sgn theta) * hi 1 2%:R^-1 + (1 - val RR term1 (sgn theta)) * lo 2%:R 1 2%:R^-1.
Proof.
have A1 : 1 < 2%:R :> RR by rewrite ltr1n.
have p01 : 0 < (2%:R^-1 : RR) < 1 by rewrite invr_gt0 ltr0n invf_lt1 ?ltr0n ?ltr1n.
have pE : 2%:R^-1 = 1 / 2%:R ^+ 1 :> RR by rewrite expr1 mul1r.
move=> bx; have m0 : (0 < 1)%N by [].
by have [] := dnf_soundness term1 A1 ltr01 p01 pE m0 bx.
Qed.

(* a learner that hits at its first draw: its null run is loud *)
Definition sure : seq unit -> unit -> RR := fun _ _ => 1.
Theorem exploration_1 :
  4%:R^-1 <= Pr sure [::] 1 (loud sure sure (4%:R * 1%:R)^-1 [::]).
Proof.
have one := one_prompt.
apply: dnf_exploration_quarter => //.
  by move=> s a; rewrite ler01 lexx.
rewrite /= (eq_bigr (fun=> 1)) => [|a _]; last by rewrite /sure subrr mul0r addr0 mul1r.
by rewrite sumr_const card_unit invf_le1 ?ltr0n// ler1n.
Qed.

(* nothing was asked: theta = 0 cannot be told from another parameter *)
Definition feat (_ : unit) (b : bool) : 'rV[RR]_1 := b%:R%:M.
Theorem data_lower_bound_1 : exists (theta' : 'rV[RR]_1) (b' : unit -> RR), [/\
    forall x y, (x, y) \in [::] -> reward feat theta' b' x y = reward feat 0 (fun=> 0) x y,
    dot theta' (feat tt true - feat tt false) != dot 0 (feat tt true - feat tt false),
    norm2 theta' < 1 ^+ 2 &
    forall x y y', dot theta' (feat x y - feat x y') < 1].
Proof.
apply: (@data_lower_bound _ 1 [finType of unit] [finType of bool] feat
  0 (fun=> 0) 1 1 [::] 1 0 tt true false) => //.
- rewrite submx0 subr_eq0; apply/eqP => /matrixP/(_ 0 0); rewrite /feat !mxE /= => /eqP.
  by rewrite mulr1n mulr0n mul0rn oner_eq0.
- by rewrite /norm2 mul0mx mxE expr1n ltr01.
- by move=> x y y'; rewrite /dot mul0mx mxE ltr01.
Qed.

(* two candidates, one draw of needle mass 1/2, no question *)
Theorem needle_minimax_2 (t : learner RR 2 [finType of unit] unit) :
  (draws t <= 1)%N -> (asks t <= 0)%N ->
  (\sum_j \sum_(w : unit) 1 * success (fun _ _ => 2%:R^-1 : RR) j tt t) / 2%:R
    <= 1 - (1 - 2%:R^-1) ^+ 1 * (1 - 1%:R / 2%:R).
Proof.
have one := one_prompt.
have half : 0 <= (2%:R^-1 : RR) <= 1 by rewrite invr_ge0 ler0n invf_le1 ?ltr0n ?ler1n.
move=> dt at0; apply: (@needle_minimax_upper _ 2 [finType of unit] unit (fun _ _ => 2%:R^-1)
  (fun _ _ => half) _ half (fun _ _ => erefl) _ _ (fun=> t)) => //.
Qed.

(* base mass 1/2 and beta = 1/2: C = 2 <= e *)
Theorem needle_gap_2 (pi : bool -> RR) : is_dist pi ->
  J (base 2%:R^-1) (learner.rew _) 2%:R^-1 (pistar (base 2%:R^-1) (learner.rew _) 2%:R^-1)
    - J (base 2%:R^-1) (learner.rew _) 2%:R^-1 pi <= 4%:R^-1 -> 4%:R^-1 <= pi true.
Proof.
move=> dpi; apply: needle_gap => //.
- by rewrite invr_gt0 ltr0n invf_lt1 ?ltr0n ?ltr1n.
- by rewrite invr_gt0 ltr0n.
rewrite invrK mulfV ?pnatr_eq0// divr1.
exact: le_trans (expR_ge1Dx_all 1).
Qed.

(* SoftmaxSampler for a flat reward: C = 1, M = 2, and any N >= 6.6 log(2/delta) *)
Theorem softmax_sampler_flat (delta : RR) N : 0 < delta -> delta <= 1 -> (0 < N)%N ->
  33%:R / 10%:R * 2%:R * ln (2%:R / delta) <= N%:R ->
  TV (sampler coin nought 1 2%:R N) (pistar coin nought 1) <= delta.
Proof.
move=> d0 d1 N0 hN; apply: (@softmax_sampler_tv _ _ coin nought 1 2%:R 1 N) => //.
- exact: coin_dist.
- exact: coin_gt0.
- exact: ltr01.
- by move=> y; rewrite (@coverage_constant _ _ coin nought 1 coin_dist coin_gt0 0).
- by rewrite mulr1.
Qed.

(* the learner that names the only candidate *)
Theorem coverage_lower_bound_1 :
  3%:R * 1%:R / 32%:R <= 1%:R :> RR \/ 3%:R / (32%:R * 1) <= 0%:R :> RR.
Proof.
have one := one_prompt.
have h01 : forall (_ : unit) (_ : unit), 0 <= (2%:R^-1 : RR) <= 1.
  by move=> *; rewrite invr_ge0 ler0n invf_le1 ?ltr0n ?ler1n.
apply: (@coverage_lower_bound _ 1 [finType of unit] unit (fun _ _ => 2%:R^-1) h01 1 _ _ _
  [finType of unit] (fun=> 1) (fun=> Name _ _ _ (Some ord0)) 0 0) => //.
- by rewrite card_unit.
- by move=> _; rewrite /avgV sumr_const card_unit divr1; case/andP: (h01 tt tt).
- exact: ltr01.
rewrite /average big_ord1 divr1 /avgV.
under eq_bigr do rewrite /= sumr_const card_unit mulr1n mul1r.
rewrite sumr_const card_unit mulr1n divr1.
by rewrite ler_pdivr_mulr ?ltr0n// mul1r ler_nat.
Qed.

Theorem coverage_range_coin y : pistar coin rew 1 y / coin y <= expR (1 / 1).
Proof. exact: cov_coin. Qed.

Theorem elliptic_potential_1d :
  ln 2%:R * (\sum_(i < 1) Num.min 1 (bonus2 1 ones i))
    <= ln (\det (Sigma 1 ones 1) / \det (Sigma 1 ones 0)) :> RR.
Proof. exact: elliptic_potential ltr01. Qed.

Theorem policy_is_reward_coin :
  1 * ln (softmax (fun=> coin) 1 (fun=> rew) (x:=tt) true / coin true)
    - 1 * ln (softmax (fun=> coin) 1 (fun=> rew) (x:=tt) false / coin false) = rew true - rew false.
Proof.
apply: (@policy_is_reward_log _ _ (fun _ : unit => [finType of bool])) => [_|_|].
- exact: coin_dist.
- exact: coin_gt0.
- exact: ltr01.
Qed.

(* one prompt, a spanner complete after its first acceptance *)
Definition unc (s : bool) (_ : unit) (z : bool * bool) := ~~ s && (z.1 != z.2).
Definition complete (_ : bool) (_ : unit * 1.-tuple [finType of bool * bool]) := true.

Theorem end_to_end_coin n :
  after (round_law (fun=> 1) (pair_law (fun _ : unit => coin)) (npair:=1)) complete n
    (gap (fun=> 1) (fun=> coin) (fun=> rew) 1 unc) false
    <= expR (1 / 1) * 1 * 1%:R / n.+1%:R :> RR.
Proof.
apply: (@spanner_end_to_end _ _ _ _ _ _ _ _ _ (fun=> 1) (fun=> expR (1 / 1))).
- exact: one_prompt.
- by move=> _; exact: coin_dist.
- exact: ltr01.
- by move=> _; case; case; rewrite /rew ?subrr ?mulr1n ?mulr0n ?subr0 ?sub0r ?lexx ?ler01//;
    apply: le_trans ler01; rewrite lerN10.
- by move=> _; exact: cov_coin.
- by move=> _.
- by [].
- by [].
- case=> [|a l] //=; have -> : acceptances (round_accepts unc) complete true l = 0%N.
    by elim: l => //= b l ->; rewrite addn0; apply/eqP; rewrite eqb0; apply/hasPn => z _.
  by rewrite addn0 leq_b1.
Qed.

(* the optimal vertex answers 1 with probability L/(1 - p + L) = 2/3 *)
Theorem dnf_completeness_1 j : pi1 term1 2%:R 2%:R^-1 (vertex RR (fun=> true)) j = 2%:R / 3%:R.
Proof.
have A1 : 1 < 2%:R :> RR by rewrite ltr1n.
have p01 : 0 < (2%:R^-1 : RR) < 1 by rewrite invr_gt0 ltr0n invf_lt1 ?ltr0n ?ltr1n.
have pE : 2%:R^-1 = 1 / 2%:R ^+ 1 :> RR by rewrite expr1 mul1r.
rewrite (@dnf_completeness _ 1 1 1 term1 2%:R 1 2%:R^-1 A1 pE)//.
by rewrite /hi; field.
Qed.

(* the opposite vertex satisfies nothing: it loses at least kl(b || a) *)
Theorem dnf_decoding_1 :
  1 * Num.max 0 (1 - 0) * KL (bern (lo 2%:R 1 2%:R^-1)) (bern (hi 1 2%:R^-1 : RR)) <=
  (\sum_j (J (bern 2%:R^-1) (term_reward term1 2%:R 1 (vertex RR (fun=> true)) j) 1
             (bern (pi1 term1 2%:R 2%:R^-1 (vertex RR (fun=> true)) j))
         - J (bern 2%:R^-1) (term_reward term1 2%:R 1 (vertex RR (fun=> true)) j) 1
             (bern (pi1 term1 2%:R 2%:R^-1 (vertex RR (fun=> false)) j)))) / 1%:R.
Proof.
have A1 : 1 < 2%:R :> RR by rewrite ltr1n.
have p01 : 0 < (2%:R^-1 : RR) < 1 by rewrite invr_gt0 ltr0n invf_lt1 ?ltr0n ?ltr1n.
have pE : 2%:R^-1 = 1 / 2%:R ^+ 1 :> RR by rewrite expr1 mul1r.
have bx : box (vertex RR (fun _ : 'I_1 => false)) by move=> i; rewrite /vertex normrN normr1.
have m0 : (0 < 1)%N by [].
have := @dnf_decoding _ 1 1 1 term1 2%:R 1 2%:R^-1 A1 ltr01 p01 pE 1 _ (fun=> true) m0 ltr01 bx.
by rewrite /val !big_ord1 /sat /= /lit_sat !sgn_vertex /= !divr1.
Qed.

(* two tosses of a fair coin show heads with probability 3/4; a policy of coverage 2   *)
(* has at most four times the base mass of unequal pairs; ten tosses miss it with       *)
(* probability below 1/100                                                              *)
Theorem uncovered_mass_coin : Pr (iid coin) [::] 2 (has id) = 3%:R / 4%:R.
Proof.
rewrite (@see_prob_eq _ _ (iid coin) id 2%:R^-1).
- by field.
- by move=> s; exact: coin_dist.
- by move=> s; rewrite /mass (big_pred1 true)//; case.
Qed.

Theorem uncovered_mass_coin_both :
  pair_mass (fun z : bool * bool => z.1 != z.2) point point
    <= 2%:R ^+ 2 * pair_mass (fun z : bool * bool => z.1 != z.2) coin coin.
Proof.
apply: uncovered_mass_both; try by case; rewrite ?/point ?/coin ?ler0n ?invr_ge0.
by case; rewrite /point /coin divff ?pnatr_eq0 ?ler01.
Qed.

Theorem uncovered_mass_coin_draws : (1 - 2%:R^-1) ^+ 10 < expR (- 4%:R) :> RR.
Proof.
apply: uncovered_mass_draws; rewrite ?expR_gt0//.
  by rewrite invf_le1 ?ltr0n// ler1n.
rewrite div1r -expRN opprK expK ltr_pdivr_mulr ?ltr0n// mulrC ltr_pdivl_mulr ?ltr0n//.
by rewrite -natrM ltr_nat.
Qed.

(* coverage in sequences of three fair bits *)
Theorem coverage_gap_3 : Cseq (near_det 0) (@fair real_realType) 3 = 8%:R.
Proof. by rewrite fair_Cseq_eq -natrX. Qed.

Theorem coverage_gap_3_full : exists eps : RR, [/\ 0 < eps < 1,
    forall s b, near_det eps s b / fair _ s b <= 2%:R
    & 2%:R ^+ 3 - 1 <= seqp (near_det eps) (nseq 3 true) / seqp (@fair real_realType) (nseq 3 true)].
Proof. exact: fair_Cseq_limit ltr01. Qed.

Theorem coverage_tokens_leaf a : token_opt fair2 leaf 1 2 [:: true] a / fair2 [:: true] a
  <= expR ((0 - ln (2%:R^-1)) / 1).
Proof.
apply: (token_coverage_range fair2_kernel fair2_gt0 ltr01) => //.
have l0 : ln (2%:R^-1 : RR) <= 0.
  by rewrite -[leRHS](@ln1 real_realType) ler_ln ?posrE ?ltr01 ?invr_gt0 ?ltr0n// invf_le1 ?ltr0n// ler1n.
by move=> t; rewrite /leaf; case: ifP => _; rewrite ?l0 lexx.
Qed.

(* span mode: the features 0 and 1 of a fair coin, one accepted difference, theta = 1 *)
Theorem span_mode_coin (theta' : 'rV[RR]_1) : dot theta' (1%:M : 'rV[RR]_1) = dot 1%:M (1%:M : 'rV[RR]_1) ->
  pistar coin (fun b => dot theta' (feat tt b - feat tt true)) 1
    =1 pistar coin (fun b => dot 1%:M (feat tt b) + 0) 1.
Proof.
move=> h; apply: (@span_mode_policy _ 1 1 1%:M 1%:M theta' _ coin (feat tt) true).
- exact: coin_dist.
- exact: coin_gt0.
- by move=> i; rewrite (_ : row i 1%:M = 1%:M)//; apply/matrixP => u v; rewrite !mxE !ord1.
- by move=> y; exact: submx1.
Qed.

(* the coverage lower bound for the learner that returns the only candidate: its gap  *)
(* is log(1 + exp(-2))/2; d = m = 1, C = 2, beta = 1/2                                *)
Lemma gap_point : needle_gap_of 2%:R^-1 2%:R^-1 1 <= 4%:R^-1 :> RR.
Proof.
have b0 : 0 < (2%:R^-1 : RR) by rewrite invr_gt0 ltr0n.
have p01 : 0 < (2%:R^-1 : RR) < 1 by rewrite b0 invf_lt1 ?ltr0n ?ltr1n.
rewrite /needle_gap_of J_pistar; [|exact: base_dist|exact: base_full|exact: b0].
have -> : J (base 2%:R^-1) (learner.rew _) 2%:R^-1 (base 1) = 1 - 2%:R^-1 * ln 2%:R :> RR.
  rewrite /J /E /KL !big_bool /= /base /learner.rew /= subrr !mul0r !addr0 !mul1r invrK.
  by [].
have Z0 : 0 < Z (base 2%:R^-1) (learner.rew _) 2%:R^-1 :> RR by apply: Z_gt0; [exact: base_dist|exact: base_full].
have h : ln (Z (base 2%:R^-1) (learner.rew _) 2%:R^-1) + ln 2%:R <= 2%:R + 2%:R^-1 :> RR.
  rewrite -lnM ?posrE ?ltr0n// -[leRHS]expK ler_ln ?posrE ?expR_gt0 ?mulr_gt0 ?ltr0n//.
  rewrite /Z big_bool /base /learner.rew /= mul0r expR0 mulr1 invrK mul1r (expRD 2%:R 2%:R^-1).
  have e2 : 1 + 2%:R <= expR 2%:R :> RR := expR_ge1Dx_all _.
  have eh : 1 + 2%:R^-1 <= expR (2%:R^-1) :> RR := expR_ge1Dx_all _.
  apply: le_trans (_ : expR 2%:R * (1 + 2%:R^-1) <= _); last by rewrite ler_pmul2l ?expR_gt0.
  have h1 : 0 <= (expR 2%:R - (1 + 2%:R)) / 2%:R + 2%:R^-1 :> RR.
    by rewrite addr_ge0 ?(ltW b0)// divr_ge0 ?ler0n ?subr_ge0.
  by apply: (le_cert h1); move: (expR _) => e; field.
have h2 : 0 <= (2%:R + 2%:R^-1 - (ln (Z (base 2%:R^-1) (learner.rew _) 2%:R^-1) + ln 2%:R)) / 2%:R :> RR.
  by rewrite divr_ge0 ?ler0n ?subr_ge0.
by apply: (le_cert h2); move: (ln _) (ln _) => u v; field.
Qed.

Theorem coverage_lower_bound_needle_1 :
  3%:R * 1%:R / 32%:R <= 1%:R :> RR \/ 3%:R / (32%:R * qbar 1 2%:R^-1 (2%:R^-1 : RR)) <= 0%:R.
Proof.
have one := one_prompt.
have b0 : 0 < (2%:R^-1 : RR) by rewrite invr_gt0 ltr0n.
have p01 : 0 < (2%:R^-1 : RR) < 1 by rewrite b0 invf_lt1 ?ltr0n ?ltr1n.
have C2 : (2%:R^-1)^-1 <= expR (1 / (2%:R * 2%:R^-1)) :> RR.
  rewrite invrK mulfV ?pnatr_eq0// divr1; exact: le_trans (expR_ge1Dx_all 1).
apply: (@coverage_lower_bound_needle _ 1 1 2%:R^-1 2%:R^-1 1 isT p01 b0 ltr01 (expr1n _ _) C2
  [finType of unit] (fun=> 1) (fun=> Return (Name _ _ _ (Some ord0))) 0 0) => //.
rewrite /average big_ord1 divr1; apply: le_trans (_ : 1 <= _).
  by rewrite ler_pdivr_mulr ?ltr0n// mul1r ler_nat.
rewrite -[X in X <= _](@avgV_const _ [finType of feature 1] _ 1); last first.
  by rewrite card_ffun card_bool expn_gt0.
apply: avgV_le => [|v]; first by rewrite card_ffun card_bool expn_gt0.
by rewrite big_const card_unit /= addr0 mul1r gap_point.
Qed.

Theorem needle_coverage_2 :
  pistar (base 2%:R^-1) (learner.rew _) 1 true / base 2%:R^-1 true
    = expR (1 / 1) / (1 - 2%:R^-1 + 2%:R^-1 * expR (1 / 1)) :> RR.
Proof.
have p01 : 0 < (2%:R^-1 : RR) < 1 by rewrite invr_gt0 ltr0n invf_lt1 ?ltr0n ?ltr1n.
by have [] := needle_coverage p01 ltr01.
Qed.

(* coverage-range on a flat reward: the upper bound is attained, so it is constant     *)
Theorem coverage_range_flat z z' : nought z = nought z'.
Proof.
apply: (@coverage_range_attained _ _ coin nought 1 coin_dist coin_gt0 ltr01 true true true).
  by move=> y; rewrite lexx.
rewrite (@coverage_constant _ _ coin nought 1 coin_dist coin_gt0 0) => [|//].
by rewrite subrr mul0r expR0.
Qed.

(* features 0 and 1 of the coin, rank 1, the parameter known: the premises of a run in    *)
(* span mode                                                                               *)
Local Notation coin_reward := (lin_reward feat 1%:M (fun=> 0)).
Lemma coin_rewardE x y : coin_reward x y = rew y.
Proof. by case: x; rewrite /lin_reward /feat /dot mul1mx tr_scalar_mx mxE eqxx mulr1n addr0. Qed.
Lemma coin_range x y z : coin_reward x y - coin_reward x z <= 1.
Proof.
by rewrite !coin_rewardE; case: y; case: z;
  rewrite /rew ?subrr ?mulr1n ?mulr0n ?subr0 ?sub0r ?lexx ?ler01//; apply: le_trans ler01; rewrite lerN10.
Qed.
Lemma coin_covered x y : pistar coin (coin_reward x) 1 y / coin y <= expR (1 / 1).
Proof.
apply: coverage_le_Rmax; [exact: coin_dist|exact: coin_gt0|exact: ltr01|].
by move=> z; rewrite coin_rewardE; case: z; rewrite /rew ler0n lern1.
Qed.
Lemma coin_fits s : least_squares (1%:M : 'rV[RR]_1) s 1%:M.
Proof.
move=> t; rewrite /square_loss big1 => [|v _]; last by rewrite subrr expr0n.
by apply: sumr_ge0 => v _; exact: sqr_ge0.
Qed.

Theorem span_run_coin n :
  after (round_law (fun _ : unit => 1) (pair_law (fun=> coin)) (npair:=1)) (span_step feat (npair:=1)) n
    (gap_run (fun=> 1) (fun=> coin) feat 1%:M (fun=> 0) 1 (fun=> 1%:M)) [::]
    <= expR (1 / 1) * 1 * (\rank (1%:M : 'M[RR]_1))%:R / n.+1%:R.
Proof.
apply: (@span_run_end_to_end _ _ _ _ _ _ _ _ _ _ _ _ (fun=> 1) (fun=> expR (1 / 1))) => //.
- exact: one_prompt.
- by move=> _; exact: coin_dist.
- exact: ltr01.
- exact: coin_range.
- exact: coin_covered.
- by move=> *; exact: submx1.
- exact: coin_fits.
Qed.

(* the same run with SoftmaxSampler, a round of phase 2 and delta = 1                    *)
Theorem listed_coin n N : 4%:R * (4%:R * expR (1 / 1)) * ln (4%:R / 1) <= N%:R :> RR ->
  after (round_law (fun _ : unit => 1) (pair_law (fun=> coin)) (npair:=1)) (span_step feat (npair:=1)) n
    (fun s => over_rounds (fun=> 1) (fun=> coin) feat 1 (4%:R * expR (1 / 1)) N 1 (fun=> 1%:M) s
      (gap_listed (fun=> 1) (fun=> coin) feat 1%:M (fun=> 0) 1 (4%:R * expR (1 / 1)) N 1 (fun=> 1%:M) s)) [::]
    <= 2%:R * expR (1 / 1) * 1 * (\rank (1%:M : 'M[RR]_1))%:R / n.+1%:R + 1 * 1.
Proof.
move=> hN; apply: (listed_mean _ _ _ _ _ _ _ _ hN) => //.
- exact: one_prompt.
- by move=> _; exact: coin_dist.
- exact: ltr01.
- exact: coin_range.
- exact: coin_covered.
- exact: ltr01.
- by move=> *; exact: submx1.
- exact: coin_fits.
Qed.

(* MTSS with one layer of dimension one, N_out = 3, span mode: an acceptance, then a      *)
(* clean pass                                                                              *)
Theorem mtss_restarts_1 : exists l : seq (pass RR (fun _ : 'I_1 => 1%N)),
  [/\ run 3 (fun _ _ => true) (@off_layer RR 1 (fun=> 1%N)) [::] l, size l = 2%N & rewards l = 6%N].
Proof.
pose a : accepted RR (fun _ : 'I_1 => 1%N) := existT _ ord0 (1%:M : 'rV[RR]_1).
exists [:: (0%N, Some a); (6%N, None)]; split=> //; last by rewrite /rewards !big_cons big_nil.
rewrite /= /allowed /= !size_roll_outs /= ?muln0 ?eqxx ?orTb ?andbT /off_layer /= submx0.
by apply/eqP => /matrixP/(_ 0 0); rewrite !mxE eqxx => /eqP; rewrite oner_eq0.
Qed.

(* the features 0 and 1 of a fair coin, theta = 1: a barycentric spanner, and what follows  *)
Theorem data_without_coverage_coin :
  exists s : 'I_(\rank (all_diffs (fun=> coin) feat)) -> unit * bool * bool,
  [/\ barycentric 1 s, size (asked s) = (2 * \rank (all_diffs (fun=> coin) feat))%N
    & forall theta' : 'rV[RR]_1,
    (forall i, dot theta' (diff feat (s i)) = true_reward feat 1%:M (fun=> 0) (s i).1.1 (s i).1.2
       - true_reward feat 1%:M (fun=> 0) (s i).1.1 (s i).2) ->
    forall x, pistar coin (fun y => dot theta' (feat x y)) 1
      =1 pistar coin (true_reward feat 1%:M (fun=> 0) x) 1].
Proof.
have [s bs] := barycentric_exists (fun=> coin) feat; exists s.
by have [] := @data_without_coverage _ _ _ _ _ _ 1%:M (fun=> 0) 1 (fun=> coin_dist) 1 s bs.
Qed.

(* the same with noise: a spanner of the coin, and a parameter 3/2 that noise led to       *)
Theorem enumerating_gap_coin :
  exists (s : 'I_(\rank (all_diffs (fun=> coin) feat)) -> unit * bool * bool) noise,
  [/\ barycentric 1 s, forall i, `|noise i| <= 2%:R^-1,
    forall i, dot ((3%:R / 2%:R)%:M : 'rV[RR]_1) (diff feat (s i)) = true_reward feat 1%:M (fun=> 0) (s i).1.1 (s i).1.2
       - true_reward feat 1%:M (fun=> 0) (s i).1.1 (s i).2 + noise i
    & J coin (true_reward feat 1%:M (fun=> 0) tt) 1 (pistar coin (true_reward feat 1%:M (fun=> 0) tt) 1)
      - J coin (true_reward feat 1%:M (fun=> 0) tt) 1 (pistar coin (fun y => dot (3%:R / 2%:R)%:M (feat tt y)) 1)
      <= (\sum_i `|noise i|) ^+ 2 / 8%:R].
Proof.
have [s bs] := barycentric_exists (fun=> coin) feat.
pose noise i := dot (3%:R / 2%:R)%:M (diff feat (s i)) - dot 1%:M (diff feat (s i)).
have fits i : dot ((3%:R / 2%:R)%:M : 'rV[RR]_1) (diff feat (s i)) = true_reward feat 1%:M (fun=> 0) (s i).1.1 (s i).1.2
    - true_reward feat 1%:M (fun=> 0) (s i).1.1 (s i).2 + noise i.
  by rewrite /true_reward !addr0 -dotBr addrC subrK.
exists s, noise; split=> // [i|].
  have dot1 (u v : RR) : dot (u%:M : 'rV[RR]_1) v%:M = u * v by rewrite /dot tr_scalar_mx -scalar_mxM mxE eqxx.
  rewrite /noise /diff /feat !dotBr !dot1 -!mulrBr -mulrBl.
  have -> : 3%:R / 2%:R - 1 = 2%:R^-1 :> RR by field.
  case: (s i) => [[u y] z].
  by case: y; case: z; rewrite /= ?subrr ?subr0 ?sub0r ?mulr0 ?mulr1 ?mulrN1 ?normrN ?normr0 ?ger0_norm ?invr_ge0 ?ler0n.
have := @enumerating_gap _ _ _ _ (fun=> coin) feat 1%:M (fun=> 0) 1 (fun=> coin_dist) 1 s _ noise tt ltr01 coin_gt0 bs fits.
by rewrite mul1r mulr1.
Qed.

(* the two fair bits again, with MTSS: layer 1 has the feature 1 for the bit 1, layer 2 for  *)
(* 1 after 1, and each has stored its pair. Whatever fits the targets of the roll-outs       *)
(* returns 11 with probability 1/7                                                           *)
Definition bits_phi (_ : nat) (_ : unit) (p : seq bool) (a : bool) : 'rV[RR]_1 := (all id p && a)%:R%:M.
Definition bits_prefix (h : nat) (_ : 'I_1) : seq bool := nseq h true.
Definition bits_out (h : nat) (_ : 'I_1) (_ : 'I_1) (_ : bool) : seq (bool * bool) := nseq (1 - h) (true, false).

Lemma bits_covered y p : covered bits_phi (fun _ _ => tt) bits_prefix (fun _ _ b => b) y p.
Proof.
move=> a a'; suff -> : Psi bits_phi (fun _ _ => tt) bits_prefix (fun _ _ b => b) (size p) = 1%:M by exact: submx1.
apply/matrixP => i j; rewrite !ord1 !mxE /= /bits_prefix all_nseq orbT /=.
by rewrite !mulr1n subr0.
Qed.

Lemma bits_realizable : exists theta_star : nat -> 'rV[RR]_1,
  realizable (fun _ : unit => fair2) (fun=> leaf) 1 2 bits_phi theta_star.
Proof.
pose q p := Q fair2 leaf 1 2 p.
pose theta_star h : 'rV[RR]_1 := (q (nseq h true) true - q (nseq h true) false)%:M; exists theta_star.
move=> x p p2; pose s := \sum_b fair2 p b * expR (q p b / 1).
have s0 : 0 < s by exact: (token_norm_gt0 fair2_kernel fair2_gt0).
exists (s / expR (q p false)) => [|a]; first by rewrite divr_gt0 ?expR_gt0.
have e : q p a = dot (theta_star (size p)) (bits_phi (size p) x p a) + q p false.
  rewrite /dot /bits_phi tr_scalar_mx -scalar_mxM mxE eqxx mulr1n.
  case: p p2 {s s0} => [|b [|//]] _ /=; first by case: a; rewrite ?mulr1 ?subrK// mulr0 add0r.
  by case: b; case: a; rewrite ?mulr1 ?subrK ?mulr0 ?add0r.
rewrite -[token_opt _ _ _ _ _ _]/(fair2 p a * expR (q p a / 1) / s) e divr1 expRD divr1 invf_div.
have := lt0r_neq0 s0; by move: (expR _) (expR _) (fair2 p a) => u v w s1; field.
Qed.

Theorem mtss_exact_bits (theta : nat -> 'rV[RR]_1) :
  (forall h, (h < 2)%N -> fits (fun=> fair2) (fun=> leaf) 1 bits_phi (fun _ _ => tt) bits_prefix (fun _ _ b => b)
    theta bits_out h) ->
  seqp (line8 (fun=> fair2) 1 bits_phi (fun _ _ => tt) bits_prefix (fun _ _ b => b) theta tt) [:: true; true]
    = 1 / 7%:R.
Proof.
move=> fit; have [theta_star ok] := bits_realizable.
have sz h i k b : (h < 2)%N -> (h.+1 + size (@bits_out h i k b))%N = 2%N.
  by case: h i => [|[|//]].
have := @mtss_exact_policy _ unit _ (fun=> fair2) (fun=> leaf) 1 2%N (fun=> fair2_kernel) (fun=> fair2_gt0) ltr01
  (fun=> 1%N) bits_phi theta_star ok (fun=> 1%N) (fun _ _ => tt) bits_prefix (fun _ _ b => b)
  (fun h _ => size_nseq h true) theta 1 isT bits_out sz fit tt (fun y p _ => bits_covered y p) [tuple true; true].
rewrite -[X in _ = X -> _](soft_bellman leaf fair2_kernel fair2_gt0 ltr01 [tuple true; true]) soft_bellman_leaf => ->.
by rewrite /seqp /= exp_leaf eqxx /fair2; field.
Qed.

(* the needle of base mass 1/2 with feature 1: N_pair = 3 and N = 56 find it and return a    *)
(* gap of at most 1/4 with probability at least 3/4                                           *)
Theorem spanner_matches_half :
  3%:R / 4%:R <= after (round_law (fun _ : unit => 1) (pair_law (fun=> base 2%:R^-1)) (npair:=3))
    (span_step (needle_phi 1%:M) (npair:=3)) 1
    (fun s => over_rounds (fun=> 1) (fun=> base 2%:R^-1) (needle_phi 1%:M) 1 (2%:R / 2%:R^-1) 56 1 (fun=> 1%:M) s
      (fun h => if gap_listed (fun=> 1) (fun=> base 2%:R^-1) (needle_phi 1%:M) 1%:M (fun=> 0) 1 (2%:R / 2%:R^-1)
        56 1 (fun=> 1%:M) s h <= 4%:R^-1 then 1 else 0)) [::] :> RR.
Proof.
have [lo _] := log_two.ln2_between real_realType; have hi := @ln2_le real_realType.
have e4 : ln 4%:R = 2%:R * ln 2%:R :> RR.
  by rewrite (_ : 4%:R = 2%:R * 2%:R); [rewrite lnM ?posrE ?ltr0n// mulrDl mul1r|rewrite -natrM].
have e32 : ln (4%:R / 8%:R^-1) = 5%:R * ln 2%:R :> RR.
  rewrite invrK (_ : 8%:R = 4%:R * 2%:R); last by rewrite -natrM.
  by rewrite !lnM ?posrE ?mulr_gt0 ?ltr0n// e4; move: (ln _) => l; ring.
rewrite -subr_ge0 in lo; rewrite -subr_ge0 in hi.
have pos n m : 0 <= n%:R / m.+1%:R :> RR by rewrite divr_ge0 ?ler0n.
have n3 : ceiling_of (ln 4%:R / (2%:R * 2%:R^-1 * (1 - 2%:R^-1)) : RR) 3.
  rewrite /ceiling_of e4; apply/andP; split.
    by apply: (le_cert (addr_ge0 (mulr_ge0 (ler0n _ 4) hi) (pos 11%N 49%N))); move: (ln _) => l; field.
  rewrite -subr_gt0; apply: lt_le_trans (_ : 19%:R / 25%:R <= _); first by rewrite divr_gt0 ?ltr0n.
  by apply: (le_cert (mulr_ge0 (ler0n _ 4) lo)); move: (ln _) => l; field.
have n56 : ceiling_of (4%:R * (2%:R / 2%:R^-1) * ln (4%:R / 8%:R^-1) : RR) 56.
  rewrite /ceiling_of e32; apply/andP; split.
    by apply: (le_cert (addr_ge0 (mulr_ge0 (ler0n _ 80) hi) (pos 2%N 4%N))); move: (ln _) => l; field.
  rewrite -subr_gt0; apply: lt_le_trans (_ : 1 / 5%:R <= _); first by rewrite divr_gt0 ?ltr01 ?ltr0n.
  by apply: (le_cert (mulr_ge0 (ler0n _ 80) lo)); move: (ln _) => l; field.
have one1 : dot 1%:M 1%:M = 1 :> RR by rewrite /dot trmx1 mulmx1 mxE.
have p0 : 0 < 2%:R^-1 :> RR by rewrite invr_gt0 ltr0n.
apply: le_trans _ (needle_success 3 one1 p0 (lexx _) ltr01 n56 coin_fits).
have := needle_found_ge p0 (lexx _) n3; rewrite -subr_ge0 => h.
by apply: (le_cert h); move: (_ ^+ _) => x; field.
Qed.

(* two prompts, one fair bit, which matters at the prompt true only; no pair is stored. Half of the  *)
(* responses meet a prefix that is not covered: the gap is at most D/2 = 1/16 (it is 0.0601...)       *)
Definition bit_reward (x : bool) (t : seq bool) : RR := (x && (t == [:: true]))%:R.
Definition bit_phi (h : nat) (x : bool) (p : seq bool) (a : bool) : 'rV[RR]_1 := ((x && a)%:R)%:M.
Local Notation bit_piref := (fun (_ : bool) (t : 1.-tuple bool) => seqp fair2 t).
Local Notation bit_rewards := (fun (x : bool) (t : 1.-tuple bool) => bit_reward x t).
Theorem mtss_gap_bit (theta : nat -> 'rV[RR]_1) :
  Jrho coin bit_piref bit_rewards 1 (softmax bit_piref 1 bit_rewards)
    - Jrho coin bit_piref bit_rewards 1 (fun x (t : 1.-tuple bool) => seqp
        (line8 (fun=> fair2) 1 bit_phi (fun _ (_ : 'I_0) => true) (fun _ _ => [::]) (fun _ _ b => b) theta x) t)
  <= 16%:R^-1 :> RR.
Proof.
have dot1 (b : RR) : dot 1%:M b%:M = b by rewrite /dot mul1mx tr_scalar_mx mxE eqxx mulr1n.
have ok : realizable (fun=> fair2) bit_reward 1 1 bit_phi (fun=> 1%:M).
  move=> x [|//] _; exists (\sum_b fair2 [::] b * expR (Q fair2 (bit_reward x) 1 1 [::] b / 1)) => [|a].
    exact: (token_norm_gt0 fair2_kernel fair2_gt0).
  by rewrite /= dot1 /token_opt /bit_phi; case: x; case: a.
have right h : (h < 1)%N -> forall v : 'rV[RR]_1,
    (v <= Psi bit_phi (fun _ (_ : 'I_0) => true) (fun _ _ => [::]) (fun _ _ b => b) h)%MS ->
    dot (theta h) v = dot 1%:M v.
  by move=> _ v /submxP[D ->]; rewrite (thinmx0 D) mul0mx /dot trmx0 !mulmx0 !mxE.
have osc x (t t' : 1.-tuple bool) : bit_reward x t - bit_reward x t' <= 1.
  by rewrite ler_subl_addr ler_paddr ?ler0n// lern1 leq_b1.
apply: le_trans (mtss_gap (H:=1) coin_dist (fun=> fair2_kernel) (fun=> fair2_gt0) ltr01 ok right osc) _.
rewrite mul1r big_bool /=; set u := uncovered_chance _ _ _ _ _ _ _ _.
have u0 : u false = 0.
  rewrite /u /uncovered_chance [LHS]big_pred0// => t; apply/negbTE/existsPn => h; rewrite negbK.
  by apply/coveredP => a a'; rewrite /difference /bit_phi /= subrr sub0mx.
have /andP[u1 u2] : 0 <= u true <= 1.
  exact: (@uncovered_chance01 _ _ _ (fun=> fair2) 1 1 (fun=> fair2_kernel) (fun=> fair2_gt0)).
rewrite u0 mulr0 addr0; apply: le_trans (_ : 8%:R^-1 * (2%:R^-1 * 1) <= _); last first.
  by rewrite mulr1 -invfM -natrM.
have D8 : dearest_token 1 1 <= 8%:R^-1 :> RR by rewrite /dearest_token expr1n mulr1 mul1r le_minl lexx orbT.
apply: ler_pmul D8 _; first exact: (dearest_ge0 (fun=> fair2_kernel) ltr01 (osc true)).
  by rewrite mulr_ge0// ltW// coin_gt0.
by rewrite ler_wpmul2l// ltW// coin_gt0.
Qed.

(* two passes that may accept, one roll-in each: the worst are hazards of 5/8 and then 1/2 *)
Theorem mtss_sweep_worst : final_left 1 (worst_hazard RR 1) 3 (worst_hazard RR 1) 2 = 25%:R / 64%:R :> RR.
Proof. by rewrite mtss_sweep_mean_attained// /most_hazard /sweep_rate /=; field. Qed.

(* the two prompts and their bit again, as MTSS runs: it ends within two passes, and, whatever its   *)
(* parameters are, the pair is missed by N roll-ins, u = 1/2, with probability at most 2^-N           *)
Local Notation bit_state := (seq (stored [finType of bool] [finType of bool])).
Definition bit_mean N (theta : bit_state -> unit -> nat -> 'rV[RR]_1) (F : bit_state -> unit -> RR) : RR :=
  mtss_final (fun=> fair2) 1 1 N coin bit_phi (W:=fun=> [finType of unit]) (fun _ _ => 1) (fun _ _ => None) theta 2 F.
Lemma bit_rank : (total_rank (X:=[finType of bool]) (A:=[finType of bool]) bit_phi 1 < 2)%N.
Proof. by rewrite ltnS /total_rank big_ord_recl big_ord0 addn0; exact: rank_leq_col. Qed.

Lemma bit_looks (s : bit_state) (w : unit) e : 0 < 1 :> RR -> None = Some e ->
  exists x, exists2 p, (size p < 1)%N & look bit_phi s x p = Some e.
Proof. by []. Qed.

Theorem mtss_sweep_bit N theta : bit_mean N theta (fun _ _ => 1) = 1 /\
  bit_mean N theta (fun s w => if 2%:R^-1 <=
    last_hazard (fun=> fair2) 1 1 coin bit_phi (W:=fun=> [finType of unit]) theta (s:=s) w then 1 else 0) <= 2%:R ^- N.
Proof.
have h0 : 0 < 2%:R^-1 :> RR by rewrite invr_gt0 ltr0n.
have h1 : 2%:R^-1 <= 1 :> RR by rewrite invf_le1 ?ler1n ?ltr0n.
have half : 1 - 2%:R^-1 = 2%:R^-1 :> RR by field.
split.
  exact: (@mtss_final_ends _ _ _ _ 1 1 N coin (fun=> fair2_kernel) (fun=> fair2_gt0) coin_dist _ bit_phi
    (fun=> [finType of unit]) (fun _ _ => 1) (fun _ _ => None) theta (fun=> one_prompt) bit_looks _ bit_rank).
have [t1 _] := @mtss_final_tail _ _ _ _ 1 1 N coin (fun=> fair2_kernel) (fun=> fair2_gt0) coin_dist _ bit_phi
    (fun=> [finType of unit]) (fun _ _ => 1) (fun _ _ => None) theta (fun=> one_prompt) bit_looks _ _ h0 h1 bit_rank.
apply: le_trans t1 _; rewrite half -exprVn; set q := _ ^+ N.
have q0 : 0 <= q by rewrite exprn_ge0 ?ltW.
have := bit_rank; rewrite ltnS; case: total_rank => [|[|//]] _; first by rewrite expr0 subrr.
by rewrite expr1 subKr.
Qed.

(* and what it returns loses at most 1/32 in the mean after one roll-in (pi_ref loses 0.0601...), and  *)
(* 1/16 or more with probability at most 2^-N: the parameter 1 fits every pair                         *)
Theorem mtss_end_to_end_bit N :
  let loss := mtss_loss (fun=> fair2) bit_reward 1 1 coin bit_phi (W:=fun=> [finType of unit]) (fun _ _ _ => 1%:M) in
  bit_mean N (fun _ _ _ => 1%:M) (fun s w => loss s w) <= 8%:R^-1 * (N%:R ^+ N / N.+1%:R ^+ N.+1)
  /\ bit_mean N (fun _ _ _ => 1%:M) (fun s w => if 16%:R^-1 <= loss s w then 1 else 0) <= 2%:R ^- N.
Proof.
move=> loss.
have dot1 (b : RR) : dot 1%:M b%:M = b by rewrite /dot mul1mx tr_scalar_mx mxE eqxx mulr1n.
have ok : realizable (fun=> fair2) bit_reward 1 1 bit_phi (fun=> 1%:M).
  move=> x [|//] _; exists (\sum_b fair2 [::] b * expR (Q fair2 (bit_reward x) 1 1 [::] b / 1)) => [|a].
    exact: (token_norm_gt0 fair2_kernel fair2_gt0).
  by rewrite /= dot1 /token_opt /bit_phi; case: x; case: a.
have osc x (t t' : 1.-tuple bool) : bit_reward x t - bit_reward x t' <= 1.
  by rewrite ler_subl_addr ler_paddr ?ler0n// lern1 leq_b1.
pose out (s : bit_state) (w : unit) h (i : 'I_(size (of_layer s h))) (k : 'I_1) (b : bool) : seq (bool * bool) := [::].
have complete (s : bit_state) (w : unit) : 0 < 1 :> RR -> None = None :> option (stored [finType of bool] [finType of bool]) ->
    @line3_complete _ _ _ (fun=> fair2) bit_reward 1 1 _ bit_phi (fun=> [finType of unit]) (fun _ _ _ => 1%:M) 1 out s w.
  split=> [[|//] //|x p [j [i [k [b [m [_ //]]]]]]|[|//] _ t].
  rewrite [leLHS]big1 => [|i _]; first by apply: sumr_ge0 => i _; exact: sqr_ge0.
  have p0 : stored_prefix i = [::] by apply: size0nil; exact: stored_prefix_size.
  apply/eqP; rewrite sqrf_eq0 subr_eq0 rowK /target big_ord1 /G /out /from p0 /= !subr0 divr1.
  rewrite /difference /bit_phi -raddfB dot1 /bit_reward.
  rewrite /stored_prompt /stored_ends; case: (tnth _ i) => [[[x q] a] a'] /=.
  by case: x; case: a; case: a'.
have D8 : dearest_token 1 1 = 8%:R^-1 :> RR.
  by rewrite /dearest_token expr1n mulr1 mul1r (min_idPr _)// invf_le1 ?ler1n ?ltr0n.
have h0 : 0 < 2%:R^-1 :> RR by rewrite invr_gt0 ltr0n.
have h1 : 2%:R^-1 <= 1 :> RR by rewrite invf_le1 ?ler1n ?ltr0n.
have half : 1 - 2%:R^-1 = 2%:R^-1 :> RR by field.
have hd : 0 < 1%:R * dearest_token 1 1 :> RR by rewrite mul1r D8 invr_gt0 ltr0n.
have e16 : 1%:R * dearest_token 1 1 * 2%:R^-1 = 16%:R^-1 :> RR by rewrite mul1r D8 -invfM -natrM.
have [mean _] := mtss_end_to_end N (fun=> fair2_kernel) (fun=> fair2_gt0) coin_dist ltr01 osc ok (fun=> one_prompt)
  bit_looks (ltn0Sn 0) complete bit_rank.
have tail := mtss_end_to_end_tail N (fun=> fair2_kernel) (fun=> fair2_gt0) coin_dist ltr01 osc ok (fun=> one_prompt)
  bit_looks (ltn0Sn 0) complete hd h0 h1 bit_rank.
rewrite e16 half in tail; have n1 : (total_rank (X:=[finType of bool]) (A:=[finType of bool]) bit_phi 1)%:R <= 1 :> RR.
  by rewrite -[1]/(1%:R) ler_nat -ltnS bit_rank.
split.
  apply: le_trans mean _; rewrite mul1r D8; apply: ler_wpmul2l; first by rewrite invr_ge0 ler0n.
  by rewrite -mulrA; apply: ler_pimull n1; exact: (sweep_rate_ge0 RR N).
by apply: le_trans tail _; rewrite exprVn; apply: ler_pimull n1; rewrite invr_ge0 exprn_ge0 ?ler0n.
Qed.

(* two fair bits again, with line 3 as it is listed, N_out = 1: whatever the law of its roll-outs and   *)
(* however it fits, MTSS loses little; for N = 8 less than 0.0105 (pi_ref loses 0.0397...)             *)
Theorem mtss_listed_bits N (line3 : forall s, drawn (X:=[finType of unit]) (A:=[finType of bool]) 2 1 s -> RR)
    (est : forall (s : seq (stored [finType of unit] [finType of bool])) (h : nat),
      ('I_(size (of_layer s h)) -> RR) -> 'rV[RR]_1) :
  (forall s, is_dist (@line3 s)) ->
  (forall s h y (t : 'rV[RR]_1), \sum_i (dot (est s h y) (row i (Psi_of bits_phi s h)) - y i) ^+ 2
    <= \sum_i (dot t (row i (Psi_of bits_phi s h)) - y i) ^+ 2) ->
  mtss_final (fun=> fair2) 1 2 N (fun=> 1) bits_phi line3 (met_of bits_phi (N_out:=1))
    (thetas (fun=> fair2) (fun=> leaf) 1 bits_phi est 2) 3
    (fun s w => mtss_loss (fun=> fair2) (fun=> leaf) 1 2 (fun=> 1) bits_phi
      (thetas (fun=> fair2) (fun=> leaf) 1 bits_phi est 2) w)
  <= 2%:R * (ln 2%:R ^+ 2 / 8%:R) * (2%:R * (N%:R ^+ N / N.+1%:R ^+ N.+1)).
Proof.
move=> line3_dist est_fits; have [theta_star ok] := bits_realizable.
have l0 : 0 <= ln 2%:R :> RR by rewrite ln_ge0// ler1n.
have osc (x : unit) (t t' : 2.-tuple bool) : leaf t - leaf t' <= ln 2%:R.
  rewrite /leaf lnV ?posrE ?ltr0n//; case: ifP => _; case: ifP => _; rewrite ?subrr ?subr0 ?sub0r ?opprK//.
  by apply: (le_trans _ l0); rewrite oppr_le0.
have rank2 : (total_rank (X:=[finType of unit]) (A:=[finType of bool]) bits_phi 2 <= 2)%N.
  by rewrite /total_rank !big_ord_recl big_ord0 addn0 -[2%N]/(1 + 1)%N leq_add// rank_leq_col.
have [le _] := mtss_listed_end_to_end N est_fits (fun=> fair2_kernel) (fun=> fair2_gt0) one_prompt ltr01 osc ok
  (ltn0Sn 0) line3_dist (rank2 : (_ < 3)%N).
apply: le_trans le _; have c0 := sweep_rate_ge0 RR N; rewrite -/(sweep_rate RR N) in c0 *.
rewrite -(mulrA _ (_ ^+ N)); apply: ler_pmul.
- apply: mulr_ge0; first exact: ler0n.
  by rewrite /dearest_token mulr1 le_minr l0 divr_ge0 ?sqr_ge0 ?ler0n.
- by apply: mulr_ge0; rewrite ?ler0n.
- apply: ler_wpmul2l; first exact: ler0n.
  by rewrite /dearest_token mulr1 le_minl lexx orbT.
- by apply: ler_wpmul2r => //; rewrite ler_nat.
Qed.

(* ridge-noise: an arm seen once, lambda = 1/2, theta* = 1/2, rewards a quarter off, up or down: lambda theta*^2 =  *)
(* 2 s^2 = 1/8, and the bound 1/8 |phi|^2 = 1/8 (1/2 + 1)^-1 is attained                                             *)
Definition quarter (b : bool) : RR := if b then 4%:R^-1 else - 4%:R^-1.
Definition one_arm : 'rV[RR]_1 := const_mx 1.
Definition half_arm : 'rV[RR]_1 := const_mx 2%:R^-1.
Theorem ridge_noise_arm :
  squared_error 2%:R^-1 (fun=> one_arm) half_arm (fun _ : 'I_1 * bool => coin) quarter one_arm = 12%:R^-1.
Proof.
have half0 : 0 < 2%:R^-1 :> RR by rewrite invr_gt0 ltr0n.
have m0 : E coin quarter = 0 by rewrite /E big_bool /= /coin /quarter; field.
have m2 : E coin (fun b => quarter b ^+ 2) = 16%:R^-1 by rewrite /E big_bool /= /coin /quarter; field.
have eq : 2%:R^-1 * norm2 half_arm = 2%:R * 16%:R^-1 :> RR.
  by rewrite /norm2 !mxE big_ord1 !mxE; field.
rewrite (ridge_noise_attained _ half0 (fun=> coin_dist) (fun=> m0) (fun=> m2) eq).
have -> : Sigma 2%:R^-1 (fun=> one_arm) 1 = (3%:R / 2%:R)%:M.
  by apply/matrixP => i j; rewrite !ord1 /Sigma big_ord1 !mxE big_ord1 !mxE !eqxx !mulr1n; field.
by rewrite invmx_scalar quad_scalar big_ord1 mxE; field.
Qed.

(* the best of two tosses, rewards 1 and 0: 3/4 and 1/4, whatever the ties, and the divergence is below *)
(* ln 2 - 1/2. Equal rewards: the smaller index wins with 3/4, the first toss with the base law          *)
Definition toss_index (b : bool) : nat := b.
Theorem best_of_n_coin (by_index : bool) : let law r i := best_of_law coin r toss_index i 2 in
  [/\ law rew by_index true = 3%:R / 4%:R, law rew by_index false = 4%:R^-1,
      KL (law rew by_index) coin < ln 2%:R - 2%:R^-1,
      law (fun=> 0) true false = 3%:R / 4%:R & law (fun=> 0) false =1 coin].
Proof.
move=> law; have inj : injective toss_index by case=> -[].
have rew_inj : injective rew by move=> [] [] // /eqP; rewrite /rew eqr_nat.
have sums (F : bool -> RR) P : \sum_(b | P b) F b = (if P true then F true else 0) + (if P false then F false else 0).
  by rewrite big_mkcond big_bool.
have by_rew y k : above rew toss_index true y k = y && ~~ k.
  by rewrite /above /rew ltr_nat eqr_nat; case: y k => -[].
have tied y k : above (fun=> 0 : RR) toss_index true y k = ~~ y && k.
  by rewrite /above ltxx eqxx; case: y k => -[].
have lawE : law rew by_index =1 law rew true.
  case: by_index => // b; apply/esym.
  by apply: (proj2 (best_of_n_same rew coin_dist inj coin_gt0 (ltn0Sn 1))); right.
split=> [||||b]; try by rewrite ?lawE /law best_of_n_law// /mass_upto /mass_below !sums ?by_rew ?tied /coin /=; field.
  have [le eq] := best_of_n_KL rew coin_dist (fun _ : by_index => inj) (ltn0Sn 1).
  by rewrite lt_neqAle -[X in _ - X]mul1r eq; exact: le.
by rewrite /law best_of_n_first ?sums ?lexx ?ltxx ?eqxx; [rewrite /coin; field|exact: coin_dist].
Qed.
