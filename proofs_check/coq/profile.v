(* The coverage profile Cov_N = P_pi[w >= N] of a policy, w = pi / piref, at one prompt and over    *)
(* prompts (reference/model/profile.py; finite form and constants ours). Claim coverage-profile:    *)
(* a step function, which the mean ratio and the divergence bound.                                  *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist truncated_rejection.
From Spanner Require gaps dnf.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* the divergence of two coins, with 0 log 0 = 0 *)
Definition coins (R : realType) (c q : R) : R := KL (dnf.bern c) (dnf.bern q).

Lemma xlnx_ge (R : realType) (x : R) : 0 <= x -> - (expR 1)^-1 <= x * ln x.
Proof.
rewrite le_eqVlt => /orP[/eqP<-|x0]; first by rewrite mul0r oppr_le0 invr_ge0 ltW ?expR_gt0.
have ex : 0 < expR 1 * x by rewrite mulr_gt0 ?expR_gt0.
have := @ln_le_sub1 R (expR 1 * x)^-1; rewrite invr_gt0 => /(_ ex).
rewrite lnV ?posrE// lnM ?posrE ?expR_gt0// expK opprD addrC ler_add2r.
rewrite -(ler_pmul2l x0) invfM mulrCA divff ?lt0r_neq0// mulr1 mulrN => h.
by rewrite -[leRHS]opprK ler_opp2.
Qed.

Lemma rest_mass (R : realType) (Y : finType) (p : Y -> R) (P : pred Y) : \sum_y p y = 1 ->
  \sum_(y | ~~ P y) p y = 1 - \sum_(y | P y) p y.
Proof. by move=> <-; rewrite [in RHS](bigID P)/= [X in X - _]addrC addrK. Qed.

Section Profile.
Variables (R : realType) (Y : finType) (piref pi : Y -> R).
Hypothesis piref_dist : is_dist piref.
Hypothesis pi_dist : is_dist pi.
(* pi is on the support of piref; a ratio 0 / 0 is 0, which is below every N > 0 *)
Hypothesis on_support : forall y, piref y = 0 -> pi y = 0.
Local Notation w y := (pi y / piref y).
Local Notation Cov := (coverage_profile piref pi).

Let p0 y : 0 <= pi y. Proof. exact: pi_dist.1. Qed.
Let w0 y : 0 <= w y. Proof. by rewrite divr_ge0 ?piref_dist.1. Qed.
Let base_gt0 y : pi y != 0 -> 0 < piref y.
Proof. by move=> pn; rewrite lt0r piref_dist.1 andbT; apply: contra_neq pn => /on_support. Qed.

Lemma profile_bounds N : 0 <= Cov N <= 1.
Proof.
rewrite sumr_ge0//= -pi_dist.2 [leRHS](bigID (fun y => N <= w y))/= ler_addl.
exact: sumr_ge0.
Qed.

(* a step function, with its steps at the ratios: the value at N' is that at N if no ratio is in [N, N') *)
Theorem profile_step N N' : N <= N' -> (forall y, ~~ (N <= w y < N')) -> Cov N = Cov N'.
Proof.
move=> le_N no; apply: eq_bigl => y; have := no y.
by case: (lerP N (w y)) => [_|lt] /=; [rewrite -leNgt => ->|rewrite leNgt (lt_le_trans lt)].
Qed.

Theorem profile_nonincreasing N N' : N <= N' -> Cov N' <= Cov N.
Proof.
move=> le_N; rewrite /coverage_profile [leRHS](bigID (fun y => N' <= w y))/= ler_paddr ?sumr_ge0//.
by rewrite le_eqVlt; apply/orP; left; apply/eqP/eq_bigl => y; rewrite andb_idl// => /(le_trans le_N).
Qed.

(* constant on some (N - eps, N] *)
Theorem profile_left_continuous N : exists2 eps, 0 < eps &
  forall N', N - eps < N' <= N -> Cov N' = Cov N.
Proof.
suff [eps eps0 far] : exists2 eps, 0 < eps & forall y, y \in enum Y -> w y < N -> w y <= N - eps.
  exists eps => // N' /andP[gt_N' le_N']; apply: profile_step => // y.
  apply/negP => /andP[ge lt]; have := far y (mem_enum _ y) lt.
  by rewrite leNgt (lt_le_trans gt_N').
elim: (enum Y) => [|y s [eps eps0 IH]]; first by exists 1.
exists (if w y < N then Num.min eps (N - w y) else eps).
  by case: ifP => // lt; rewrite lt_minr eps0 subr_gt0.
move=> z; rewrite in_cons => /orP[/eqP->{z} lt|/IH{IH}far lt].
  by rewrite lt ler_subr_addl -ler_subr_addr le_minl lexx orbT.
apply: le_trans (far lt) _; rewrite ler_add2l ler_opp2; case: ifP => // _.
by rewrite le_minl lexx.
Qed.

(* 0 if and only if N > C_cov, the largest ratio *)
Theorem profile_zero N : 0 < N -> Cov N = 0 <-> forall y, w y < N.
Proof.
move=> N0; split=> [z y|above]; last by apply: big1 => y; rewrite leNgt above.
rewrite ltNge; apply/negP => ge; have := psumr_eq0P (fun y _ => p0 y) z ge => py.
by have := lt_le_trans N0 ge; rewrite py mul0r ltxx.
Qed.

Theorem profile_markov N : 0 < N -> N * Cov N <= E pi (fun y => w y).
Proof.
move=> N0; rewrite mulr_sumr /E [leRHS](bigID (fun y => N <= w y))/= ler_paddr//.
  by apply: sumr_ge0 => y _; rewrite mulr_ge0.
by apply: ler_sum => y ge; rewrite mulrC ler_wpmul2l.
Qed.

(* the event itself has base mass at most Cov_N / N *)
Lemma profile_base N : 0 < N -> \sum_(y | N <= w y) piref y <= Cov N / N.
Proof.
move=> N0; rewrite ler_pdivl_mulr// mulr_suml; apply: ler_sum => y ge.
have y0 : 0 < piref y.
  apply: base_gt0; apply: contraTneq ge => ->; by rewrite mul0r -ltNge.
by rewrite mulrC -ler_pdivl_mulr.
Qed.

Section Divergence.
Variable N : R.
Hypothesis N_gt1 : 1 < N.
Local Notation c := (Cov N).
(* the two ratios of the law that attains the bound: N, and [low] where w < N *)
Let low := (1 - c) / (1 - c / N).
Let t y := if N <= w y then N else low.

Let N0 : 0 < N. Proof. exact: lt_trans ltr01 N_gt1. Qed.
Let c0 : 0 <= c. Proof. by case/andP: (profile_bounds N). Qed.
Let c1 : c <= 1. Proof. by case/andP: (profile_bounds N). Qed.
Let rest_gt0 : 0 < 1 - c / N.
Proof. by rewrite subr_gt0 ltr_pdivr_mulr// mul1r (le_lt_trans c1). Qed.
Let low_ge0 : 0 <= low. Proof. by apply: divr_ge0; [rewrite subr_ge0|exact: ltW]. Qed.

Lemma coinsE : coins c (c / N) = c * ln N + (1 - c) * ln low.
Proof.
rewrite /coins /KL big_bool /=; congr (_ + _).
have [->|cn] := eqVneq c 0; first by rewrite !mul0r.
by rewrite invf_div mulrCA divff// mulr1.
Qed.

Lemma low_mass : \sum_(y | ~~ (N <= w y)) pi y = 1 - c.
Proof. exact: rest_mass pi_dist.2. Qed.

Lemma mean_ln_t : \sum_y pi y * ln (t y) = coins c (c / N).
Proof.
rewrite coinsE -low_mass (bigID (fun y => N <= w y))/= !mulr_suml; congr (_ + _).
  by apply: eq_bigr => y; rewrite /t => ->.
by apply: eq_bigr => y /negbTE; rewrite /t => ->.
Qed.

(* pi y ln(w y) - pi y ln(t y) is at least pi y - piref y t y, and these add up to >= 0 *)
Theorem profile_coins : coins c (c / N) <= KL pi piref.
Proof.
rewrite -mean_ln_t -subr_ge0 -sumrB.
have t0 y : 0 <= t y by rewrite /t; case: ifP => // _; exact: ltW.
have term y : pi y - piref y * t y <= pi y * ln (w y) - pi y * ln (t y).
  have [py|pn] := eqVneq (pi y) 0.
    by rewrite py !mul0r subrr sub0r oppr_le0 mulr_ge0 ?piref_dist.1.
  have py : 0 < pi y by rewrite lt0r pn p0.
  have ty : 0 < t y.
    rewrite /t; case: ifP => // no; rewrite divr_gt0// -low_mass (bigD1 y) ?no//=.
    by rewrite ltr_spaddl// sumr_ge0.
  have qy := base_gt0 pn.
  have := @KL_term_ge R Y pi (fun z => piref z * t z) y (p0 y) (mulr_gt0 qy ty); case=> h _.
  apply: le_trans h _; rewrite -mulrBr ler_wpmul2l// le_eqVlt; apply/orP; left; apply/eqP.
  by rewrite !ln_div ?posrE ?mulr_gt0// lnM ?posrE//; ering.
apply: le_trans _ (ler_sum _ (fun y _ => term y)).
rewrite sumrB pi_dist.2 (bigID (fun y => N <= w y))/=.
have -> : \sum_(y | N <= w y) piref y * t y = N * \sum_(y | N <= w y) piref y.
  by rewrite mulr_sumr; apply: eq_bigr => y; rewrite /t => ->; rewrite mulrC.
have -> : \sum_(y | ~~ (N <= w y)) piref y * t y = low * (1 - \sum_(y | N <= w y) piref y).
  rewrite -(rest_mass _ piref_dist.2) mulr_sumr.
  by apply: eq_bigr => y /negbTE; rewrite /t => ->; rewrite mulrC.
have low_N : low <= N.
  rewrite ler_pdivr_mulr// mulrBr mulr1 mulrCA divff ?lt0r_neq0// mulr1 ler_add2r.
  exact: ltW.
have gap : 0 <= (N - low) * (c / N - \sum_(y | N <= w y) piref y).
  by rewrite mulr_ge0 ?subr_ge0// profile_base.
apply: (le_cert gap); rewrite subr0; set b := \sum_(y | _) piref y; rewrite /low.
move: rest_gt0 N0 => /lt0r_neq0 + /lt0r_neq0; move: c b => u b rn Nn.
have Nu : N - u != 0 by apply: contra_neq rn => /subr0_eq <-; rewrite divff// subrr.
by field; rewrite Nn.
Qed.

(* equality: below N there is only one ratio, and no ratio is above N *)
Theorem profile_coins_equal a : a < N -> (forall y, 0 < piref y -> w y = a \/ w y = N) ->
  coins c (c / N) = KL pi piref.
Proof.
move=> aN two.
have high y : N <= w y -> pi y = N * piref y.
  move=> ge; have qy : 0 < piref y.
    apply: base_gt0; apply: contraTneq ge => ->; by rewrite mul0r -ltNge.
  have [wa|<-] := two y qy; first by move: ge; rewrite wa leNgt aN.
  by rewrite mulfVK// lt0r_neq0.
have below y : ~~ (N <= w y) -> pi y = a * piref y.
  move=> lt; have [q0|qn] := eqVneq (piref y) 0; first by rewrite q0 mulr0 on_support.
  have qy : 0 < piref y by rewrite lt0r qn piref_dist.1.
  have [<-|wN] := two y qy; first by rewrite mulfVK.
  by move: lt; rewrite wN lexx.
have cE : c / N = \sum_(y | N <= w y) piref y.
  by rewrite /coverage_profile (eq_bigr _ high) -mulr_sumr mulrAC divff ?mul1r// lt0r_neq0.
have lowE : low = a.
  have rn := lt0r_neq0 rest_gt0; move: rn; rewrite /low -low_mass (eq_bigr _ below) -mulr_sumr cE.
  by rewrite -(rest_mass _ piref_dist.2) => rn; rewrite mulfK.
rewrite -mean_ln_t; apply: eq_bigr => y _; have [py|pn] := eqVneq (pi y) 0; first by rewrite py !mul0r.
have qn := lt0r_neq0 (base_gt0 pn); congr (_ * ln _); rewrite /t lowE.
by case: ifP => [/high|/negbT/below] ->; rewrite mulfK.
Qed.

Theorem profile_divergence : c * ln N <= KL pi piref + (expR 1)^-1.
Proof.
apply: le_trans (ler_add profile_coins (lexx _)); rewrite coinsE -addrA ler_addl.
suff h : (1 - c) * ln (1 - c) <= (1 - c) * ln low.
  by rewrite -ler_subl_addr sub0r; apply: le_trans h; rewrite xlnx_ge ?subr_ge0.
have [->|cn] := eqVneq (1 - c) 0; first by rewrite !mul0r.
have cp : 0 < 1 - c by rewrite lt0r cn subr_ge0.
rewrite ler_pmul2l// ler_ln ?posrE ?divr_gt0// ler_pdivl_mulr// ler_pimulr ?(ltW cp)//.
by rewrite ler_subl_addr ler_addl divr_ge0 ?(ltW N0).
Qed.
End Divergence.
End Profile.

(* over x ~ rho: as at one prompt of responses (x, y), with the laws rho(x) pi(y|x), rho(x) piref(y|x) *)
Section Prompts.
Variables (R : realType) (X : finType) (Y : X -> finType) (rho : X -> R).
Variables (piref pi : forall x, Y x -> R).
Arguments piref : clear implicits.
Arguments pi : clear implicits.
Hypothesis rho_dist : is_dist rho.
Hypothesis piref_dist : forall x, is_dist (piref x).
Hypothesis pi_dist : forall x, is_dist (pi x).
Hypothesis on_support : forall x y, piref x y = 0 -> pi x y = 0.

Definition profile_prompts (N : R) := \sum_x rho x * coverage_profile (piref x) (pi x) N.

Let joint (p : forall x, Y x -> R) (u : {x : X & Y x}) := rho (tag u) * p (tag u) (tagged u).
Let pairs (F : forall x, Y x -> R) : \sum_x \sum_y F x y = \sum_(u : {x : X & Y x}) F (tag u) (tagged u).
Proof. exact: sig_big_dep. Qed.

Let joint_dist p : (forall x, is_dist (p x)) -> is_dist (joint p).
Proof.
move=> pd; split=> [u|]; first by rewrite mulr_ge0 ?rho_dist.1// (pd _).1.
rewrite -(pairs (fun x y => rho x * p x y)) -rho_dist.2; apply: eq_bigr => x _.
by rewrite -mulr_sumr (pd x).2 mulr1.
Qed.

Let joint_support u : joint piref u = 0 -> joint pi u = 0.
Proof.
by move/eqP; rewrite mulf_eq0 /joint => /orP[/eqP->|/eqP/on_support->]; rewrite ?mul0r ?mulr0.
Qed.

Let ratio x y : rho x != 0 ->
  joint pi (Tagged Y y) / joint piref (Tagged Y y) = pi x y / piref x y.
Proof. by move=> rn; rewrite /joint /= -mulf_div divff ?mul1r. Qed.

Let mean (f : forall x, Y x -> R) (g : {x : X & Y x} -> R) :
  (forall x y, rho x != 0 -> g (Tagged Y y) = f x y) -> \sum_x rho x * E (pi x) (f x) = E (joint pi) g.
Proof.
move=> fg; transitivity (\sum_x \sum_(y : Y x) joint pi (Tagged Y y) * g (Tagged Y y)); last first.
  by rewrite (pairs (fun x y => joint pi (Tagged Y y) * g (Tagged Y y))); apply: eq_bigr => -[x y].
apply: eq_bigr => x _; rewrite mulr_sumr; apply: eq_bigr => y _; rewrite /joint /= mulrA.
by have [->|rn] := eqVneq (rho x) 0; [rewrite !mul0r|rewrite fg].
Qed.

Let indicated (Z : finType) (p q : Z -> R) (N : R) :
  coverage_profile q p N = E p (fun z => (N <= p z / q z)%R%:R).
Proof. by rewrite /coverage_profile big_mkcond; apply: eq_bigr => z _; case: ifP; rewrite ?mulr1 ?mulr0. Qed.

Let profileE N : profile_prompts N = coverage_profile (joint piref) (joint pi) N.
Proof.
rewrite indicated -(@mean (fun x y => (N <= pi x y / piref x y)%R%:R)) => [|x y rn]; last by rewrite ratio.
by apply: eq_bigr => x _; rewrite indicated.
Qed.

Let klE : \sum_x rho x * KL (pi x) (piref x) = KL (joint pi) (joint piref).
Proof. by apply: (@mean (fun x y => ln (pi x y / piref x y))) => x y rn; rewrite ratio. Qed.

Let ratioE : \sum_x rho x * E (pi x) (fun y => pi x y / piref x y)
  = E (joint pi) (fun u => joint pi u / joint piref u).
Proof. by apply: (@mean (fun x y => pi x y / piref x y)) => x y rn; rewrite ratio. Qed.

Theorem profile_prompts_steps N :
  (forall N', N <= N' -> profile_prompts N' <= profile_prompts N) /\
  (exists2 eps, 0 < eps & forall N', N - eps < N' <= N -> profile_prompts N' = profile_prompts N) /\
  (0 < N -> profile_prompts N = 0 <-> forall x y, 0 < rho x -> pi x y / piref x y < N).
Proof.
have jp := joint_dist pi_dist; split=> [N' le_N|]; first by rewrite !profileE profile_nonincreasing.
split=> [|N0].
  have [eps eps0 h] := profile_left_continuous (joint piref) (joint pi) N.
  by exists eps => // N' lt; rewrite !profileE h.
rewrite profileE profile_zero//; split=> [h x y r0|h [x y]].
  by rewrite -ratio ?lt0r_neq0// h.
have [r0|rn] := eqVneq (rho x) 0; first by rewrite /joint /= r0 !mul0r.
by rewrite ratio// h// lt0r rn rho_dist.1.
Qed.

Theorem profile_prompts_markov N : 0 < N ->
  N * profile_prompts N <= \sum_x rho x * E (pi x) (fun y => pi x y / piref x y).
Proof. by move=> N0; rewrite profileE ratioE profile_markov//; exact: joint_dist. Qed.

Theorem profile_prompts_coins N : 1 < N ->
  coins (profile_prompts N) (profile_prompts N / N) <= \sum_x rho x * KL (pi x) (piref x).
Proof. by move=> N1; rewrite profileE klE profile_coins//; exact: joint_dist. Qed.

Theorem profile_prompts_coins_equal N a : 1 < N -> a < N ->
  (forall x y, 0 < rho x -> 0 < piref x y -> pi x y / piref x y = a \/ pi x y / piref x y = N) ->
  coins (profile_prompts N) (profile_prompts N / N) = \sum_x rho x * KL (pi x) (piref x).
Proof.
move=> N1 aN two; rewrite profileE klE; apply: (profile_coins_equal _ _ _ N1 aN); try exact: joint_dist.
  exact: joint_support.
move=> [x y]; have [r0|rn] := eqVneq (rho x) 0; first by rewrite /joint /= r0 mul0r ltxx.
have r0 : 0 < rho x by rewrite lt0r rn rho_dist.1.
by rewrite ratio// {1}/joint /= pmulr_rgt0//; exact: two.
Qed.

Theorem profile_prompts_divergence N : 1 < N ->
  profile_prompts N * ln N <= \sum_x rho x * KL (pi x) (piref x) + (expR 1)^-1.
Proof. by move=> N1; rewrite profileE klE profile_divergence//; exact: joint_dist. Qed.
End Prompts.

(* 1/e is sharp: at each N > 1 the mass 1 - 1/e at ratio N, the rest at one ratio, comes within 1/N *)
Theorem profile_excess_sharp (R : realType) (N : R) : 1 < N ->
  let pi := dnf.bern (1 - (expR 1)^-1) in let piref := dnf.bern ((1 - (expR 1)^-1) / N) in
  [/\ is_dist pi, is_dist piref, full_support piref &
      KL pi piref + (expR 1)^-1 - N^-1 <= coverage_profile piref pi N * ln N].
Proof.
move=> N1 pi piref; have N0 : 0 < N := lt_trans ltr01 N1.
have e2 : 2%:R <= expR 1 :> R by have := expR_ge1Dx_all (1 : R); rewrite -mulr2n.
have e0 : 0 < expR 1 :> R by exact: expR_gt0.
set c := 1 - (expR 1)^-1 in pi piref *.
have c1 : c < 1 by rewrite ltr_subl_addr ltr_addl invr_gt0.
have c0 : 0 < c.
  by rewrite subr_gt0 invf_lt1// (lt_le_trans _ e2)// ltr1n.
have cE : (expR 1)^-1 = 1 - c by rewrite /c subKr.
rewrite cE; clearbody c; have q0 : 0 < c / N by rewrite divr_gt0.
have q1 : c / N < 1 by rewrite ltr_pdivr_mulr// mul1r (lt_trans c1).
split; [exact: dnf.bern_dist|exact: dnf.bern_dist|exact: dnf.bern_full|].
have r0 : 0 < 1 - c / N by rewrite subr_gt0.
have CovE : coverage_profile piref pi N = c.
  rewrite /coverage_profile big_mkcond big_bool /=.
  have -> : N <= c / (c / N) by rewrite invf_div mulrCA divff ?lt0r_neq0// mulr1.
  suff /negbTE-> : ~~ (N <= (1 - c) / (1 - c / N)) by rewrite addr0.
  rewrite -ltNge ltr_pdivr_mulr// mulrBr mulr1 mulrCA divff ?lt0r_neq0// mulr1.
  by rewrite ltr_add2r.
have klE : KL pi piref = c * ln N + (1 - c) * (- 1 - ln (1 - c / N)).
  rewrite /KL big_bool /= invf_div mulrCA divff ?lt0r_neq0// mulr1; congr (_ + _ * _).
  by rewrite ln_div ?posrE ?subr_gt0// -cE lnV ?posrE// expK.
have small : - ln (1 - c / N) <= c / (N - c).
  have := @ln_le_sub1 R (1 - c / N)^-1; rewrite invr_gt0 lnV ?posrE// => /(_ r0) h.
  apply: le_trans h _; rewrite le_eqVlt; apply/orP; left; apply/eqP.
  have Nn := lt0r_neq0 N0; have rn := lt0r_neq0 r0.
  have Nc : N - c != 0 by rewrite subr_eq0 eq_sym; apply: contraTneq q1 => ->; rewrite divff ?ltxx.
  by move: Nn Nc; clear -N c; move=> Nn Nc; field; rewrite Nc Nn.
rewrite CovE klE.
have Nc : 0 < N - c by rewrite subr_gt0 (lt_trans c1).
have last : (1 - c) * - ln (1 - c / N) <= N^-1.
  have cc : 0 <= 1 - c by rewrite subr_ge0 ltW.
  apply: le_trans (ler_wpmul2l cc small) _.
  rewrite mulrA ler_pdivr_mulr// mulrBr mulVf ?lt0r_neq0// [N^-1 * c]mulrC.
  apply: le_trans (_ : 1 - c <= _); first by rewrite ler_pimulr// ltW.
  by rewrite ler_add2l ler_opp2 ler_pdivr_mulr// ler_pmulr// ltW.
rewrite -subr_ge0 in last; apply: (le_cert last).
by move: (ln N) (ln (1 - c / N)) (N^-1) => u l i; ring.
Qed.
