(* Best of n (reference/algorithms/best_of.py): draw n responses from the base model and keep the   *)
(* one of the largest reward; among equal rewards that of the smaller index, or the first drawn.    *)
(* Claim best-of-n: its law, the ratio to the base law, and the divergence from it (ties ours; else  *)
(* Beirami et al. 2024).                                                                            *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import boolp reals sequences exp ring.
From Spanner Require Import exp_facts dist process largest_of_n.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Listing.
Variables (R : realType) (Y : finType) (base r : Y -> R) (index : Y -> nat).
(* among equal rewards the smaller index is above; without line 4 neither is, and the first draw stays *)
Variable by_index : bool.

(* lines 3 and 4: y takes the place of k if it is above *)
Definition above y k := (r k < r y) || [&& by_index, r y == r k & (index y < index k)%N].
Definition keep (kept : option Y) y := if kept is Some k then Some (if above y k then y else k) else Some y.
(* lines 1 and 5, and the law of what is returned *)
Definition best_of (t : seq Y) := foldl keep None t.
Definition best_of_law n y : R := Pr (iid base) [::] n (fun t => best_of t == Some y).
(* F(y), the base mass up to y, and F(y-), that below y *)
Definition mass_upto y := \sum_(z | ~~ above z y) base z.
Definition mass_below y := \sum_(z | above y z) base z.

Local Lemma above_irr y : above y y = false.
Proof. by rewrite /above ltxx ltnn !andbF. Qed.

Local Lemma above_trans x y z : above x y -> above y z -> above x z.
Proof.
rewrite /above; case/orP=> [xy|/and3P[-> /eqP-> xy]]; case/orP=> [yz|/and3P[b /eqP<- yz]].
- by rewrite (lt_trans yz xy).
- by rewrite xy.
- by rewrite yz.
by rewrite eqxx (ltn_trans xy yz) orbT.
Qed.

Local Lemma above_ntrans x y z : above x z -> above x y || above y z.
Proof.
rewrite /above; case/orP=> [xz|/and3P[-> /eqP-> xz]].
  by case: (ltgtP (r y) (r z)) => [yz|_|->]; rewrite ?orbT ?xz// (lt_trans yz xz).
case: (ltgtP (r y) (r z)) => //= _; case: (ltnP (index y) (index z)) => yz; rewrite ?orbT//.
by rewrite (leq_trans xz).
Qed.

(* the first draw comes last *)
Local Lemma best_cons a t : best_of (a :: t) = Some (if best_of t is Some k then if above k a then k else a else a).
Proof.
rewrite /best_of /=; elim: t a => //= x t IH a; rewrite !IH; congr Some.
case: (foldl _ _ _) => [k|//]; case xa: (above x a) => //.
  case kx: (above k x); first by rewrite (above_trans kx xa).
  by rewrite xa.
case kx: (above k x) => //; rewrite xa; case ka: (above k a) => //.
by have := above_ntrans x ka; rewrite kx xa.
Qed.

Local Lemma best_all y t : all (fun z => ~~ above z y) t = if best_of t is Some k then ~~ above k y else true.
Proof.
elim: t => //= a t ->; rewrite best_cons; case: (best_of t) => [k|]; last by rewrite andbT.
case ka: (above k a); case ay: (above a y) => //=; first by rewrite (above_trans ka ay).
by apply: contraFN ay => /(above_ntrans a); rewrite ka.
Qed.

Local Lemma best_head a y t : (best_of (a :: t) == Some y)
  = if a == y then all (fun z => ~~ above z y) t else above y a && (best_of t == Some y).
Proof.
rewrite best_cons best_all (inj_eq Some_inj); case: (best_of t) => [k|]; last by rewrite andbF; case: eqVneq.
rewrite (inj_eq Some_inj); case: (eqVneq a y) => [->|ne].
  case ky: (above k y); last by rewrite eqxx.
  by apply: contraTF ky => /eqP->; rewrite above_irr.
by case: (eqVneq k y) => [->|nk]; case: ifP => h; rewrite ?eqxx ?andbF ?(negPf nk) ?(negPf ne).
Qed.

Local Lemma Pr_every n (P : pred Y) : Pr (iid base) [::] n (all P) = (\sum_(z | P z) base z) ^+ n.
Proof.
elim: n => [|n IH]; first by rewrite Pr0.
rewrite PrS exprS mulr_suml [RHS]big_mkcond; apply: eq_bigr => a _.
rewrite (Pr_iid _ _ [::]) /iid; case Pa: (P a).
  by rewrite -IH; congr (_ * _); apply: eq_bigl => t /=; rewrite Pa.
by rewrite [X in _ * X]big_pred0 ?mulr0// => t /=; rewrite Pa.
Qed.

Local Lemma best_of_share n y : best_of_law n y = base y * share n (mass_below y) (mass_upto y).
Proof.
elim: n => [|n IH]; first by rewrite /best_of_law Pr0 /share big_ord0 mulr0.
rewrite /best_of_law PrS (bigD1 y)//= shareS mulrDr -Pr_every; congr (_ + _).
  by congr (_ * _); rewrite (Pr_iid _ _ [::]); apply: eq_bigl => t; rewrite best_head eqxx.
rewrite mulrCA -IH mulr_suml big_mkcond [RHS]big_mkcond; apply: eq_bigr => a _.
rewrite (Pr_iid _ _ [::]) /iid; case: eqVneq => [->|ne] /=; first by rewrite above_irr.
case ya: (above y a).
  by congr (_ * _); apply: eq_bigl => t; rewrite best_head (negPf ne) ya.
by rewrite [X in _ * X]big_pred0 ?mulr0// => t; rewrite best_head (negPf ne) ya.
Qed.

(* the mean of f of what is returned *)
Local Lemma best_of_mean n (f : Y -> R) : \sum_y best_of_law n y * f y
  = \sum_(t : n.-tuple Y) seqp (iid base) t * oapp f 0 (best_of t).
Proof.
under eq_bigr do rewrite /best_of_law PrE mulr_suml.
rewrite exchange_big; apply: eq_bigr => t _ /=.
case: (best_of t) => [k|]; last by rewrite mulr0 big1// => y _; rewrite mul0r mul0r.
rewrite (bigD1 k)//= eqxx mul1r big1 ?addr0// => y ne.
by rewrite (inj_eq Some_inj) eq_sym (negPf ne) mul0r mul0r.
Qed.
End Listing.

Section Law.
Variables (R : realType) (Y : finType) (base r : Y -> R) (index : Y -> nat).
Hypothesis base_dist : is_dist base.
Local Notation above' := (above r index).
Local Notation law := (best_of_law base r index).
Local Notation F := (mass_upto base r index).
Local Notation F' := (mass_below base r index).
Local Notation ratio b n y := (share n (F' b y) (F b y)).
Local Notation xlnx x := (x * ln x).

Local Lemma base_gt0 y : base y != 0 -> 0 < base y. Proof. by rewrite lt0r base_dist.1 andbT. Qed.
Local Lemma iidK : is_kernel (iid base). Proof. by move=> ?; exact: base_dist. Qed.

Local Lemma mass_le (P Q : pred Y) : subpred P Q -> \sum_(y | P y) base y <= \sum_(y | Q y) base y.
Proof.
move=> PQ; rewrite [leRHS](bigID P) /= (eq_bigl P) => [|y]; last by rewrite andb_idl// => /PQ.
by rewrite ler_addl sumr_ge0// => y _; exact: base_dist.1.
Qed.

Local Lemma below_ge0 b y : 0 <= F' b y.
Proof. by rewrite sumr_ge0// => z _; exact: base_dist.1. Qed.

Local Lemma below_le b y : F' b y + base y <= F b y.
Proof.
rewrite addrC [leRHS](bigD1 y) ?above_irr//= ler_add2l mass_le// => z yz.
apply/andP; split; first by apply: contraFN (above_irr r index b y) => /(above_trans yz).
by apply: contraTneq yz => ->; rewrite above_irr.
Qed.

Local Lemma upto01 b y : 0 <= F b y <= 1.
Proof.
rewrite -base_dist.2 mass_le// andbT; apply: le_trans (below_le b y).
by rewrite addr_ge0 ?below_ge0 ?base_dist.1.
Qed.

Local Lemma below_lt b y : 0 < base y -> F' b y < F b y.
Proof. by move=> y0; apply: lt_le_trans (below_le b y); rewrite ltr_addl. Qed.

Local Lemma ratio_gt0 b n y : 0 < base y -> 0 < ratio b n.+1 y.
Proof. by move=> y0; rewrite share_gt0 ?below_ge0// (le_lt_trans (below_ge0 b y))// below_lt. Qed.

Theorem best_of_n_dist b n : (0 < n)%N -> is_dist (law b n).
Proof.
case: n => // n _; split=> [y|].
  by rewrite /best_of_law sumr_ge0// => t _; exact: seqp_ge0 iidK _ _.
under eq_bigr do rewrite -[law _ _ _]mulr1.
rewrite (best_of_mean _ _ _ _ _ (fun=> 1)) -[RHS](seqp_dist n.+1 iidK).2; apply: eq_bigr => t _.
by case/tupleP: t => a t; rewrite best_cons mulr1.
Qed.

Theorem best_of_n_support b n y : base y = 0 -> law b n y = 0.
Proof. by move=> y0; rewrite best_of_share y0 mul0r. Qed.

(* the ratio to the base law is below n for n >= 2 *)
Theorem best_of_n_ratio b n y : (0 < n)%N -> law b n y <= n%:R * base y ?= iff (n == 1)%N || (base y == 0).
Proof.
case: n => // n _; rewrite best_of_share mulrC; have [->|yn] := eqVneq (base y) 0.
  by rewrite !mulr0 orbT; exact/leif_refl.
have y0 := base_gt0 yn; have u01 := upto01 b y; rewrite orbF (mono_leif (ler_pmul2r y0)).
by apply: share_le; rewrite ?below_ge0// (lt_le_trans (below_lt b y0))//; case/andP: u01.
Qed.

(* ties to the first draw: the base law within each reward *)
Theorem best_of_n_first n y : law false n y = base y / (\sum_(z | r z == r y) base z)
  * ((\sum_(z | r z <= r y) base z) ^+ n - (\sum_(z | r z < r y) base z) ^+ n).
Proof.
have -> : \sum_(z | r z <= r y) base z = F false y.
  by apply: eq_bigl => z; rewrite /above /= orbF -leNgt.
have -> : \sum_(z | r z < r y) base z = F' false y.
  by apply: eq_bigl => z; rewrite /above /= orbF.
rewrite best_of_share -shareE; have [->|yn] := eqVneq (base y) 0; first by rewrite !mul0r.
have -> : F false y - F' false y = \sum_(z | r z == r y) base z.
  apply/eqP; rewrite subr_eq /mass_upto [X in X == _](bigID (fun z => r z == r y)) /=; apply/eqP.
  by congr (_ + _); apply: eq_bigl => z; rewrite /above /= !orbF -leNgt; case: ltgtP.
rewrite -mulrA; congr (_ * _); rewrite mulKf// gt_eqF// (bigD1 y)//=.
by rewrite ltr_spaddl ?base_gt0// sumr_ge0// => z _; exact: base_dist.1.
Qed.

Local Lemma KL_ratio b n : KL (law b n) base = \sum_y base y * xlnx (ratio b n y).
Proof.
apply: eq_bigr => y _; rewrite best_of_share; have [->|yn] := eqVneq (base y) 0; first by rewrite !mul0r.
by rewrite mulrA; congr (_ * ln _); rewrite mulrC mulKf.
Qed.

(* whatever the ties, the reward of what is returned is the same, and for ties to the first draw the ratio *)
(* is a function of the reward                                                                             *)
Local Lemma same_reward b (t : seq Y) : omap r (best_of r index b t) = omap r (best_of r index false t).
Proof.
elim: t => // a t IH; rewrite !best_cons; move: IH.
case: (best_of r index b t) (best_of r index false t) => [k|] [m|]//= -[km]; congr Some.
rewrite /above -km orbF; case: ltgtP => //= [_|e]; first by rewrite andbF.
by case: ifP.
Qed.

Theorem best_of_n_first_least b n : (0 < n)%N -> KL (law false n) base <= KL (law b n) base.
Proof.
case: n => // n _; pose f y := ln (ratio false n.+1 y).
have fE y z : r y = r z -> f y = f z.
  by move=> e; congr (ln (share _ _ _)); apply: eq_bigl => x; rewrite /above e.
have -> : KL (law false n.+1) base = \sum_y law b n.+1 y * f y.
  transitivity (\sum_y law false n.+1 y * f y).
    by rewrite KL_ratio; apply: eq_bigr => y _; rewrite best_of_share mulrA.
  rewrite !best_of_mean; apply: eq_bigr => t _; have := same_reward b t.
  by case: (best_of r index b t) (best_of r index false t) => [k|] [m|]//= [/fE ->].
have db := best_of_n_dist b (ltn0Sn n); have d := best_of_n_dist false (ltn0Sn n).
rewrite -subr_ge0 /KL -sumrB; apply: le_trans (_ : \sum_y (law b n.+1 y - law false n.+1 y) <= _).
  by rewrite sumrB db.2 d.2 subrr.
apply: ler_sum => y _; have [y0|yn] := eqVneq (base y) 0.
  by rewrite !best_of_n_support// !mul0r.
have y0 := base_gt0 yn.
have p b' : 0 < law b' n.+1 y by rewrite best_of_share mulr_gt0 ?ratio_gt0.
case: (KL_term_ge (ltW (p b)) (p false)) => h _; apply: le_trans h _; rewrite -mulrBr.
rewrite ler_wpmul2l ?(ltW (p b))// !ln_div ?posrE// /f (best_of_share _ _ _ false) lnM ?posrE ?ratio_gt0//.
by rewrite opprD addrA.
Qed.

Section Index.
Hypothesis index_inj : injective index.

Local Lemma above_total y z : y != z -> ~~ above' true y z -> above' true z y.
Proof.
move=> ne; rewrite /above /=; case: ltgtP => //= _; rewrite -leqNgt leq_eqVlt.
by rewrite (inj_eq index_inj) eq_sym (negPf ne).
Qed.

Local Lemma uptoE y : F true y = base y + F' true y.
Proof.
rewrite /mass_upto (bigD1 y) ?above_irr//=; congr (_ + _); apply: eq_bigl => z.
apply/andP/idP => [[zy ne]|yz]; first exact: above_total.
split; last by apply: contraTneq yz => ->; rewrite above_irr.
by apply: contraFN (above_irr r index true y) => /(above_trans yz).
Qed.

Theorem best_of_n_law n y : law true n y = F true y ^+ n - F' true y ^+ n.
Proof. by rewrite best_of_share -shareE uptoE addrK. Qed.

(* F(y-) is F of the response below y *)
Local Lemma sum_steps (G : R -> R) : \sum_y (G (F true y) - G (F' true y)) = G 1 - G 0.
Proof.
pose le y z := ~~ above' true y z; have le_total : total le.
  move=> y z; rewrite /le; case: (eqVneq y z) => [->|ne]; first by rewrite above_irr.
  by case yz: (above' true y z) => //=; apply: contraFN (above_irr r index true y) => /(above_trans yz).
have le_trans' : transitive le.
  by move=> y x z xy yz; apply/negP => /(above_ntrans y); rewrite (negPf xy) (negPf yz).
pose s := sort le (enum Y); have sE (F : Y -> R) : \sum_y F y = \sum_(y <- s) F y.
  by rewrite -big_enum; apply: perm_big; rewrite perm_sym perm_sort.
have : pairwise (fun y z => above' true z y) s.
  have := sort_sorted le_total (enum Y); rewrite (sorted_pairwise le_trans') -/s.
  have : uniq s by rewrite sort_uniq enum_uniq.
  elim: s {sE} => //= y t IH /andP[yt ut] /andP[/allP ht pt]; rewrite IH// andbT.
  by apply/allP => z zt; apply: above_total (ht z zt); apply: contraNneq yt => ->.
have steps c t : pairwise (fun y z => above' true z y) t ->
    \sum_(y <- t) (G (c + \sum_(z <- t | ~~ above' true z y) base z) - G (c + \sum_(z <- t | above' true y z) base z))
    = G (c + \sum_(z <- t) base z) - G c.
  elim: t c => [|x t IH] c; first by rewrite !big_nil addr0 subrr.
  rewrite pairwise_cons => /andP[/allP xt pt].
  have xx y : y \in t -> above' true x y = false.
    by move=> yt; apply: contraFF (above_irr r index true x) => /above_trans; apply; exact: xt.
  rewrite !big_cons !above_irr /= [X in c + (_ + X)]big1_seq => [|y /andP[h /xt e]]; last by rewrite e in h.
  rewrite [X in _ - G (c + X)]big1_seq => [|y /andP[h /xx e]]; last by rewrite e in h.
  rewrite !addr0; under eq_big_seq => y yt do rewrite !big_cons xx//= (xt y yt) !addrA.
  by rewrite (IH _ pt) addrC addrA subrK addrA.
move/(steps 0); rewrite !add0r -(sE base) base_dist.2 => <-; rewrite sE.
by apply: eq_bigr => y _; rewrite !add0r /mass_upto /mass_below ![\sum_(_ | _) _]big_mkcond !sE -!big_mkcond.
Qed.

Local Lemma KL_lt n : KL (law true n.+2) base < ln n.+2%:R - n.+1%:R / n.+2%:R.
Proof.
rewrite KL_ratio -entropy1 -[entropy _ _]subr0 -[X in _ - X](entropy0 R n.+1) -sum_steps.
have term y : base y * xlnx (ratio true n.+2 y) <= entropy n.+2 (F true y) - entropy n.+2 (F' true y).
  have [e|yn] := eqVneq (base y) 0; first by rewrite e mul0r uptoE e add0r subrr.
  have -> : base y = F true y - F' true y by rewrite uptoE addrK.
  by rewrite entropy_mean ?below_ge0// below_lt// base_gt0.
(* the lowest response of positive mass *)
have [y0 low pos] : exists2 y, F' true y = 0 & 0 < base y.
  have := sum_steps (fun x => (x != 0)%:R); rewrite eqxx oner_neq0 subr0.
  apply: contraPP => none; rewrite big1 => [|y _]; first by move/esym/eqP; rewrite oner_eq0.
  have [d0|dn] := eqVneq (F' true y) 0.
    have [e|yn] := eqVneq (base y) 0; first by rewrite uptoE e add0r d0 eqxx subrr.
    by case: none; exists y; rewrite // base_gt0.
  rewrite (_ : F true y != 0) ?subrr// uptoE gt_eqF// ltr_paddl ?base_dist.1//.
  by rewrite lt0r dn below_ge0.
rewrite [X in X < _](bigD1 y0)// [X in _ < X](bigD1 y0)//= ltr_le_add ?ler_sum//.
by rewrite uptoE low addr0 entropy_low.
Qed.

(* where rewards repeat the ties make another law *)
Theorem best_of_n_same n : full_support base -> (0 < n)%N -> (law true n =1 law false n) <-> n = 1%N \/ injective r.
Proof.
move=> pos; case: n => // n _; split=> [same|[[->] y|r_inj y]].
- case: n same => [|n] same; first by left.
  right=> y z ryz; apply/eqP/negPn/negP => ne.
  wlog yz: y z ryz ne / above' true y z.
    move=> w; case yz: (above' true y z); first exact: w yz.
    apply: (w z y) => //; first by rewrite eq_sym.
    by apply: above_total; rewrite ?yz// eq_sym.
  have same_ratio x : ratio true n.+2 x = ratio false n.+2 x.
    by have := same x; rewrite !best_of_share => /(mulfI (lt0r_neq0 (pos x))).
  have : ratio true n.+2 z < ratio true n.+2 y.
    apply: share_lt; rewrite ?below_ge0//.
    + by apply: mass_le => x; exact: above_trans.
    + by case/andP: (upto01 true z).
    apply: le_lt_trans (below_lt true (pos y)); apply: mass_le => x xz.
    by have := above_ntrans x yz; rewrite (negPf xz) orbF.
  by rewrite !same_ratio /mass_upto /mass_below /above ryz ltxx.
- by rewrite !best_of_share !shareS /share !big_ord0 !mulr0 !addr0.
have aboveE u v : above' true u v = above' false u v.
  by rewrite /above /= (inj_eq r_inj); case: eqVneq => [->|]//; rewrite ltnn.
by rewrite !best_of_share; congr (_ * share _ _ _); apply: eq_bigl => z; rewrite aboveE.
Qed.
End Index.
End Law.

(* KL(pi_n || piref) <= ln n - (n - 1) / n, with equality for n = 1 only *)
Theorem best_of_n_KL (R : realType) (Y : finType) (base r : Y -> R) (index : Y -> nat) (b : bool) n :
  is_dist base -> (b -> injective index) -> (0 < n)%N ->
  KL (best_of_law base r index b n) base <= ln n%:R - n.-1%:R / n%:R ?= iff (n == 1)%N.
Proof.
move=> base_dist; case: n => [//|[|n]] inj _.
  rewrite KL_ratio big1 => [|y _]; last by rewrite shareS /share big_ord0 mulr0 addr0 expr0 ln1 !mulr0.
  by rewrite ln1 mul0r subrr; exact/leif_refl.
apply/leifP; case: b inj => [inj|_]; first exact: KL_lt base_dist (inj isT) n.
(* ties to the first draw: any index will do *)
have rank_inj : injective (fun y : Y => enum_rank y : nat) by move=> y z /val_inj/enum_rank_inj.
exact: le_lt_trans (best_of_n_first_least r _ base_dist true (ltn0Sn _)) (KL_lt r base_dist rank_inj n).
Qed.
