(* A clean sweep of MTSS makes the next find unlikely (ours). Claim mtss-sweep: with at    *)
(* most n acceptances and N roll-ins, P(u >= h) <= 1 - (1 - (1-h)^N)^n <= n (1-h)^N, and   *)
(* E u <= v_n <= n N^N/(N+1)^(N+1) <= n/(2(N+1)); the first bounds are attained.           *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals ring.
From Spanner Require Import exp_facts dist process needle.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* ---- the constants ---- *)
Section Rates.
Variables (R : realType) (N : nat).

(* the largest t (1-t)^N *)
Definition sweep_rate : R := N%:R ^+ N / N.+1%:R ^+ N.+1.
(* v_n, the largest mean of the last hazard *)
Fixpoint most_hazard n : R :=
  if n is n'.+1 then let v := most_hazard n' in v + (1 - v) ^+ N.+1 * sweep_rate else 0.

Lemma sweep_rate_ge0 : 0 <= sweep_rate.
Proof. by rewrite divr_ge0 ?exprn_ge0 ?ler0n. Qed.

(* AM-GM: a b^N <= (a+b)^(N+1) N^N/(N+1)^(N+1) *)
Lemma rate_largest (a b : R) : 0 <= a -> 0 <= b -> a * b ^+ N <= (a + b) ^+ N.+1 * sweep_rate.
Proof.
move=> a0 b0; rewrite /sweep_rate mulrA ler_pdivl_mulr ?exprn_gt0 ?ltr0n//.
have [->|N0] := posnP N; first by rewrite !expr0 !expr1 !mulr1 ler_addl.
pose e (i : 'I_N.+1) := if i == ord0 then N%:R * a else b.
have e0 i : 0 <= e i by rewrite /e; case: eqP => // _; rewrite mulr_ge0 ?ler0n.
have [|+ _] := @leif_AGM _ _ 'I_N.+1 e; first by move=> i _; exact: e0.
rewrite card_ord !big_ord_recl /= /e eqxx /=.
rewrite (eq_bigr (fun=> b)) // [X in _ <= ((_ + X) / _) ^+ _](eq_bigr (fun=> b)) //.
rewrite prodr_const sumr_const card_ord -[b *+ N]mulr_natl -mulrDr.
rewrite expr_div_n ler_pdivl_mulr ?exprn_gt0 ?ltr0n//.
rewrite exprMn => h; rewrite -(ler_pmul2l (_ : 0 < N%:R :> R)) ?ltr0n//.
by rewrite !mulrA [leRHS]mulrAC -exprS.
Qed.

Lemma rate_le1 : sweep_rate <= 1.
Proof.
rewrite ler_pdivr_mulr ?exprn_gt0 ?ltr0n// mul1r exprS.
apply: le_trans (_ : N.+1%:R ^+ N <= _); first by rewrite ler_expn2r ?nnegrE ?ler0n// ler_nat.
by rewrite ler_pmull ?exprn_gt0 ?ltr0n// ler1n.
Qed.

Lemma two_powers m k : (m ^ k.+1 + k.+1 * m ^ k <= m.+1 ^ k.+1)%N.
Proof.
elim: k => [|k IH]; first by rewrite !expn1 expn0 muln1 addn1.
rewrite [(m.+1 ^ k.+2)%N]expnS; apply: leq_trans (leq_mul (leqnn _) IH).
have -> : (m ^ k.+2 + k.+2 * m ^ k.+1 = m * (m ^ k.+1 + k.+1 * m ^ k) + m ^ k.+1)%N.
  by rewrite mulnDr mulnCA -!expnS -addnA [(k.+2 * _)%N]mulSn [(m ^ k.+1 + _)%N]addnC.
by rewrite mulSn addnC leq_add2r leq_addr.
Qed.

Lemma rate_half : (0 < N)%N -> sweep_rate <= (2%:R * N.+1%:R)^-1.
Proof.
move=> N0; rewrite ler_pdivr_mulr ?exprn_gt0 ?ltr0n// ler_pdivl_mull ?mulr_gt0 ?ltr0n// exprS.
rewrite -mulrA mulrCA ler_pmul2l ?ltr0n// -!natrX -natrM ler_nat.
by have := two_powers N N.-1; rewrite (prednK N0) -expnS (prednK N0) addnn -mul2n.
Qed.

Lemma most_hazard01 n : 0 <= most_hazard n <= 1.
Proof.
elim: n => [|n /andP[v0 v1]] /=; first by rewrite lexx ler01.
have c0 : 0 <= (1 - most_hazard n) ^+ N.+1 * sweep_rate.
  by rewrite mulr_ge0 ?sweep_rate_ge0 ?exprn_ge0 ?subr_ge0.
rewrite addr_ge0//= -ler_subr_addl; apply: le_trans (_ : (1 - most_hazard n) * 1 <= _); last by rewrite mulr1.
rewrite exprS -mulrA ler_wpmul2l ?subr_ge0// mulr_ile1 ?sweep_rate_ge0 ?rate_le1 ?exprn_ge0 ?subr_ge0//.
by rewrite exprn_ile1 ?subr_ge0// ler_subl_addr ler_addl.
Qed.

Theorem most_hazard_le n : most_hazard n <= n%:R * sweep_rate.
Proof.
elim: n => [|n IH] /=; first by rewrite mul0r.
have /andP[v0 v1] := most_hazard01 n.
rewrite mulrSr mulrDl mul1r ler_add//; apply: ler_pimull; first exact: sweep_rate_ge0.
by rewrite exprn_ile1 ?subr_ge0// ler_subl_addr ler_addl.
Qed.

Theorem sweep_rate_le n : (0 < N)%N -> n%:R * sweep_rate <= n%:R / (2%:R * N.+1%:R).
Proof. by move=> N0; rewrite ler_wpmul2l ?ler0n// rate_half. Qed.

(* the tail's two bounds: 1 - (1 - s)^n <= n s *)
Lemma tail_le n (s : R) : 0 <= s -> s <= 1 -> 1 - (1 - s) ^+ n <= n%:R * s.
Proof.
move=> s0 s1; elim: n => [|n IH]; first by rewrite expr0 subrr mul0r.
have /andP[p0 p1] : 0 <= (1 - s) ^+ n <= 1.
  by rewrite exprn_ge0 ?exprn_ile1 ?subr_ge0 //= ler_subl_addr ler_addl.
move: p0 p1 IH; rewrite exprS mulrSr; move: (_ ^+ n) (n%:R) => p k p0 p1 IH.
rewrite -subr_ge0 in IH; rewrite -subr_ge0 in p1.
by apply: (le_cert (addr_ge0 IH (mulr_ge0 s0 p1))); ring.
Qed.

End Rates.

(* ---- the passes of a run ---- *)
Section Passes.
(* s: what has been accepted. Line 3 has an outcome w, with any law: noise, rounding and   *)
(* roll-outs. It meets a pair, and the next pass starts with more, or it is complete        *)
Variables (R : realType) (S : Type) (W : S -> finType) (P : finType).
Variables (fit : forall s, W s -> R) (met : forall s, W s -> option S).
(* a roll-in, with its looks, has an outcome of law roll_in s w; it may meet a pair, too    *)
Variables (roll_in : forall s, W s -> P -> R) (found : forall s, W s -> P -> option S).
Variable N : nat.
Hypothesis fit_dist : forall s, is_dist (@fit s).
Hypothesis roll_in_dist : forall s w, is_dist (@roll_in s w).

(* u: the probability that one more roll-in meets a pair *)
Definition met_chance s (w : W s) : R := \sum_(p | found w p) roll_in w p.
(* lines 4-8: the first pair that is met by the roll-ins t *)
Definition swept s (w : W s) (t : seq P) : option S := ohead (pmap (found w) t).
(* the mean of F over what a run that starts with s ends with: what has been accepted, and  *)
(* the outcome of its last line 3; a run of more than m passes counts for nothing           *)
Fixpoint final m (F : forall s, W s -> R) s : R := if m is m'.+1
  then \sum_w fit w * (if met w is Some s' then final m' F s' else
    \sum_(t : N.-tuple P) seqp (iid (roll_in w)) t * (if swept w t is Some s' then final m' F s' else F s w))
  else 0.

(* a pass from s may accept a pair, and then the next one starts with s' *)
Definition accepts s s' := exists2 w, 0 < @fit s w &
  met w = Some s' \/ met w = None /\ exists2 p, 0 < roll_in w p & found w p = Some s'.
(* at most n acceptances from s on *)
Fixpoint at_most n s : Prop := forall s', accepts s s' -> if n is n'.+1 then at_most n' s' else False.

Lemma at_mostS n s : at_most n s -> at_most n.+1 s.
Proof. by elim: n s => [|n IH] s am s' /am //; exact: IH. Qed.

Lemma at_most_by (left : S -> nat) : (forall s s', accepts s s' -> (left s' < left s)%N) ->
  forall s, at_most (left s) s.
Proof.
move=> lt s; suff H n s0 : (left s0 <= n)%N -> at_most n s0 by exact: H.
elim: n s0 => [|n IH] s0 s0n s' /lt; first by move: s0n; rewrite leqn0 => /eqP ->.
by move=> ltl; apply: IH; rewrite -ltnS (leq_trans ltl).
Qed.

Lemma iid_roll_in s (w : W s) : is_kernel (iid (roll_in w)). Proof. by move=> ?; exact: roll_in_dist. Qed.

Lemma hazard01 s (w : W s) : 0 <= met_chance w <= 1.
Proof.
have [p0 p1] := roll_in_dist w; rewrite sumr_ge0//=.
by rewrite -p1 [leRHS](bigID (fun p => found w p : bool)) /= ler_addl sumr_ge0.
Qed.

Lemma swept_has s (w : W s) t : swept w t = has (fun p => found w p) t :> bool.
Proof. by elim: t => //= p t; rewrite /swept /=; case: found. Qed.

(* a sweep accepts nothing with probability (1 - u)^N *)
Lemma swept_mean s (w : W s) (a b : R) :
  \sum_(t : N.-tuple P) seqp (iid (roll_in w)) t * (if swept w t then a else b)
    = (1 - met_chance w) ^+ N * b + (1 - (1 - met_chance w) ^+ N) * a.
Proof.
have e := @see_prob_eq _ _ _ (fun p => found w p) (met_chance w) (@iid_roll_in _ w) [::] N (fun=> erefl).
rewrite -e -{1}[(1 - met_chance w) ^+ N](subKr 1) -e.
transitivity (\sum_(t : N.-tuple P) (seqp (iid (roll_in w)) t * b
    + (has (fun p => found w p) t)%:R * seqp (iid (roll_in w)) t * (a - b))).
  apply: eq_bigr => t _; rewrite swept_has; case: has; last by rewrite !mul0r addr0.
  by rewrite mul1r -mulrDr addrC subrK.
rewrite big_split /= -!mulr_suml -PrE (seqp_dist _ (@iid_roll_in _ w)).2.
by move: (Pr _ _ _ _) => x; ring.
Qed.

Lemma swept_accepts s (w : W s) (t : N.-tuple P) s' : 0 < fit w -> met w = None ->
  0 < seqp (iid (roll_in w)) t -> swept w t = Some s' -> accepts s s'.
Proof.
move=> w0 nm; rewrite /seqp seqp_iid /swept; case: t => t /= _; elim: t => //= p t IH.
rewrite big_cons; have [pp0|pp0] := ltP 0 (roll_in w p); last first.
  have /eqP -> : roll_in w p == 0 by rewrite eq_le pp0 (roll_in_dist w).1.
  by rewrite mul0r ltxx.
rewrite pmulr_rgt0// => t0; case E: (found w p) => [s1|] /=; last exact: IH.
by case=> <-; exists w => //; right; split=> //; exists p.
Qed.

Lemma mean_le (T : finType) (p X Y : T -> R) : is_dist p ->
  (forall y, 0 < p y -> X y <= Y y) -> \sum_y p y * X y <= \sum_y p y * Y y.
Proof.
move=> pd le; apply: ler_sum => y _; have [py|] := ltP 0 (p y).
  by apply: ler_wpmul2l; [exact: ltW|exact: le].
by move=> p0; have /eqP -> : p y == 0 by [rewrite eq_le p0 pd.1]; rewrite !mul0r.
Qed.

(* F is bounded by B k where at most k acceptances are left *)
Lemma final_le (F : forall s, W s -> R) (B : nat -> R) : (forall k, B k <= B k.+1) ->
  (forall s w, @met_chance s w = 0 -> F s w <= B 0%N) ->
  (forall k s w, (1 - met_chance w) ^+ N * F s w + (1 - (1 - met_chance w) ^+ N) * B k <= B k.+1) ->
  forall n m s, at_most n s -> (n < m)%N -> final m F s <= B n.
Proof.
move=> mono base step n m; elim: m n => // m IH n s am nm /=.
have -> : B n = \sum_w @fit s w * B n by rewrite -mulr_suml (@fit_dist s).2 mul1r.
apply: mean_le => // w w0.
have next s' : accepts s s' -> exists2 k, n = k.+1 & final m F s' <= B k.
  case: n am nm => [am _ /am //|k am nm /am am']; exists k => //; exact: IH.
case E: (met w) => [s'|].
  have [|k -> le] := next s'; first by exists w => //; left.
  exact: le_trans le (mono k).
case: n am nm next => [am _ next|k am nm next].
  have h0 : met_chance w = 0.
    apply: big1 => p; case fp: (found w p) => [s'|] // _; apply/eqP.
    rewrite eq_le (roll_in_dist w).1 andbT leNgt; apply/negP => pp.
    by have [|//] := next s'; exists w => //; right; split=> //; exists p.
  rewrite -[leRHS]mul1r -(seqp_dist N (@iid_roll_in _ w)).2 mulr_suml.
  apply: mean_le => [|t t0]; first exact: seqp_dist (@iid_roll_in _ w).
  case st: (swept w t) => [s'|]; last exact: base.
  by have [|//] := next s'; exact: swept_accepts st.
apply: le_trans (step k s w); rewrite -swept_mean; apply: mean_le => [|t t0].
  exact: seqp_dist (@iid_roll_in _ w).
case st: (swept w t) => [s'|//].
by have [|_ [<-]] := next s'; first exact: swept_accepts st.
Qed.

(* a larger F has a larger mean, where line 3 is complete *)
Lemma final_mono (F G : forall s, W s -> R) m s :
  (forall s w, 0 < fit w -> met w = None -> F s w <= G s w) -> final m F s <= final m G s.
Proof.
move=> le; elim: m s => //= m IH s; apply: mean_le => // w w0.
case E: (met w) => [s'|]; first exact: IH.
apply: mean_le => [|t _]; first exact: seqp_dist (@iid_roll_in _ w).
by case: swept => [s'|]; [exact: IH|exact: le].
Qed.

Lemma final_scale c (F : forall s, W s -> R) m s : final m (fun s w => c * F s w) s = c * final m F s.
Proof.
elim: m s => [|m IH] s /=; first by rewrite mulr0.
rewrite mulr_sumr; apply: eq_bigr => w _; rewrite [RHS]mulrCA; congr (_ * _).
case: met => [s'|]; first exact: IH.
rewrite mulr_sumr; apply: eq_bigr => t _; rewrite [RHS]mulrCA; congr (_ * _).
by case: swept.
Qed.

(* with at most n acceptances the run ends within n + 1 passes *)
Theorem mtss_sweep_ends n m s : at_most n s -> (n < m)%N -> final m (fun _ _ => 1) s = 1.
Proof.
elim: m n s => // m IH n s am nm /=; rewrite -[RHS](@fit_dist s).2; apply: eq_bigr => w _.
have [w0|] := ltP 0 (fit w); last first.
  by move=> w0; have /eqP -> : fit w == 0 by [rewrite eq_le w0 (@fit_dist s).1]; rewrite mul0r.
rewrite -[RHS]mulr1; congr (_ * _).
have next s' : accepts s s' -> final m (fun _ _ => 1) s' = 1.
  by case: n am nm => [am _ /am //|k am nm /am am']; exact: IH am' nm.
case E: (met w) => [s'|]; first by apply: next; exists w => //; left.
rewrite -[RHS](seqp_dist N (@iid_roll_in _ w)).2; apply: eq_bigr => t _.
have [t0|] := ltP 0 (seqp (iid (roll_in w)) t); last first.
  by move=> t0; have /eqP -> : seqp (iid (roll_in w)) t == 0
    by [rewrite eq_le t0 (seqp_dist N (@iid_roll_in _ w)).1]; rewrite mul0r.
rewrite -[RHS]mulr1; congr (_ * _).
by case st: (swept w t) => [s'|//]; apply: next; exact: swept_accepts st.
Qed.

Theorem mtss_sweep_tail (h : R) n m s : 0 < h -> h <= 1 -> at_most n s -> (n < m)%N ->
  final m (fun s w => if h <= met_chance w then 1 else 0) s <= 1 - (1 - (1 - h) ^+ N) ^+ n.
Proof.
move=> h0 h1; have h1' : 0 <= 1 - h by rewrite subr_ge0.
have [q0 q1] : 0 <= (1 - h) ^+ N /\ (1 - h) ^+ N <= 1.
  by rewrite exprn_ge0 ?exprn_ile1// ler_subl_addr ler_addl ltW.
set q := (1 - h) ^+ N in q0 q1 *; have p0 k : 0 <= (1 - q) ^+ k by rewrite exprn_ge0 ?subr_ge0.
have p1 k : (1 - q) ^+ k <= 1 by rewrite exprn_ile1 ?subr_ge0// ler_subl_addr ler_addl.
apply: (@final_le _ (fun k => 1 - (1 - q) ^+ k)) => [k|s' w ->|k s' w].
- rewrite ler_add2l ler_opp2 exprS ler_pimull// ler_subl_addr ler_addl//.
- by rewrite /= (lt_geF h0) expr0 subrr.
rewrite exprS; have /andP[u0 u1] := hazard01 w; set u := met_chance w in u0 u1 *.
have s0 : 0 <= (1 - u) ^+ N by rewrite exprn_ge0 ?subr_ge0.
move: (p0 k) (p1 k); set p := (1 - q) ^+ k => pk0 pk1; rewrite -subr_ge0 in pk1.
have [hu|hu] := leP h u; last first.
  by apply: (le_cert (addr_ge0 (mulr_ge0 q0 pk0) (mulr_ge0 s0 pk1))); move: ((1 - u) ^+ N) => x; ring.
have : (1 - u) ^+ N <= q by rewrite ler_expn2r ?nnegrE ?subr_ge0// ler_add2l ler_opp2.
rewrite -subr_ge0 => sq; apply: (le_cert (mulr_ge0 sq pk0)); move: ((1 - u) ^+ N) => x; ring.
Qed.

Theorem mtss_sweep_tail_n (h : R) n m s : 0 < h -> h <= 1 -> at_most n s -> (n < m)%N ->
  final m (fun s w => if h <= met_chance w then 1 else 0) s <= n%:R * (1 - h) ^+ N.
Proof.
move=> h0 h1 am nm; apply: le_trans (mtss_sweep_tail h0 h1 am nm) _.
apply: tail_le; first by rewrite exprn_ge0 ?subr_ge0.
by rewrite exprn_ile1 ?subr_ge0// ler_subl_addr ler_addl ltW.
Qed.

Theorem mtss_sweep_mean n m s : at_most n s -> (n < m)%N ->
  final m (fun s w => met_chance w) s <= most_hazard R N n.
Proof.
apply: final_le => [k|s' w -> //|k s' w] /=.
  rewrite ler_addl mulr_ge0 ?sweep_rate_ge0 ?exprn_ge0 ?subr_ge0//.
  by have /andP[] := most_hazard01 R N k.
have /andP[v0 v1] := most_hazard01 R N k; set v := most_hazard R N k in v0 v1 *.
have /andP[u0 u1] := hazard01 w; set u := met_chance w in u0 u1 *.
rewrite -ler_subl_addl (_ : _ - v = (u - v) * (1 - u) ^+ N); last by move: (_ ^+ N) => x; ring.
have c0 : 0 <= (1 - v) ^+ N.+1 * sweep_rate R N.
  by rewrite mulr_ge0 ?sweep_rate_ge0 ?exprn_ge0 ?subr_ge0.
have [uv|vu] := leP u v.
  by apply: le_trans c0; rewrite mulr_le0_ge0 ?subr_le0 ?exprn_ge0 ?subr_ge0.
have := @rate_largest R N (u - v) (1 - u); rewrite !subr_ge0 (ltW vu) u1 => /(_ isT isT).
by rewrite [u - v + _]addrC subrKA.
Qed.

Theorem mtss_sweep_mean_n n m s : at_most n s -> (n < m)%N ->
  final m (fun s w => met_chance w) s <= n%:R * sweep_rate R N.
Proof. by move=> am nm; exact: le_trans (mtss_sweep_mean am nm) (most_hazard_le _ _ _). Qed.

End Passes.

(* The first bounds are attained, for all N and n: with k acceptances left a roll-in meets  *)
(* a pair with probability us k, and line 3 meets none                                      *)
Section Left.
Variables (R : realType) (N : nat) (us : nat -> R).
Hypothesis us0 : us 0%N = 0.
Hypothesis us01 : forall k, 0 <= us k <= 1.
Definition one_left (k : nat) (_ : unit) (b : bool) : option nat := if b then Some k.-1 else None.
Definition coin_left (k : nat) (_ : unit) (b : bool) : R := if b then us k else 1 - us k.
Definition final_left m (F : nat -> R) k : R := @final R nat (fun=> [finType of unit]) _ (fun _ _ => 1)
  (fun _ _ => None) coin_left one_left N m (fun k _ => F k) k.

Lemma coin_left_dist k w : is_dist (@coin_left k w).
Proof.
have /andP[u0 u1] := us01 k; split=> [[]|] //=; first by rewrite subr_ge0.
by rewrite big_bool /= addrCA subrr addr0.
Qed.

Lemma sum_tt (G : unit -> R) : \sum_w G w = G tt.
Proof. by rewrite (big_pred1 tt) // => -[]. Qed.

Theorem hazard_left k w : @met_chance R nat (fun=> [finType of unit]) _ coin_left one_left k w = us k.
Proof. by rewrite /met_chance big_mkcond big_bool /= addr0. Qed.

(* such passes accept at most k pairs *)
Theorem left_at_most k : at_most (W:=fun=> [finType of unit]) (fun _ _ => 1 : R) (fun _ _ => None)
  coin_left one_left k k.
Proof.
apply: (at_most_by (left:=id)) => s s' [w _ [//|[_ [[p0|//] [<-]]]]].
by case: s p0 => [|s] //; rewrite /coin_left us0 ltxx.
Qed.

Lemma final_leftS m F k : final_left m.+1 F k
  = (1 - us k) ^+ N * F k + (1 - (1 - us k) ^+ N) * final_left m F k.-1.
Proof.
rewrite /final_left /= sum_tt mul1r -(@hazard_left k tt).
rewrite -(@swept_mean _ _ (fun=> [finType of unit]) _ coin_left one_left N (@coin_left_dist)).
apply: eq_bigr => t _; congr (_ * _); rewrite /swept.
by case: t => t /= _; elim: t => // -[|] t IH //=.
Qed.
End Left.

Section Attained.
Variables (R : realType) (N : nat).
(* the worst hazards, and hazards that are all alike                                        *)
Definition worst_hazard k : R :=
  if k is k'.+1 then let v := most_hazard R N k' in v + (1 - v) / N.+1%:R else 0.
Definition same_hazard (h : R) k : R := if k is _.+1 then h else 0.

Lemma worst_hazard01 k : 0 <= worst_hazard k <= 1.
Proof.
case: k => [|k] /=; rewrite ?lexx ?ler01//; have /andP[v0 v1] := most_hazard01 R N k.
have w0 : 0 <= 1 - most_hazard R N k by rewrite subr_ge0.
rewrite addr_ge0 ?divr_ge0 ?ler0n//= -ler_subr_addl; apply: ler_pimulr => //.
by rewrite invf_le1 ?ler1n ?ltr0n.
Qed.

Theorem mtss_sweep_mean_attained n m : (n < m)%N ->
  final_left N worst_hazard m worst_hazard n = most_hazard R N n.
Proof.
elim: n m => [|n IH] [//|m] nm; rewrite final_leftS//; try exact: worst_hazard01.
  by rewrite subr0 expr1n subrr mul0r mulr0 addr0.
rewrite [n.+1.-1]/= IH//=; set v := most_hazard R N n; have n0 : N.+1%:R != 0 :> R by rewrite pnatr_eq0.
have -> : 1 - (v + (1 - v) / N.+1%:R) = (1 - v) * (N%:R / N.+1%:R).
  by move: n0; rewrite mulrSr; move: (N%:R) => x x0; field.
rewrite /sweep_rate exprMn expr_div_n !exprS.
have y0 := expf_neq0 N n0; move: v (_%:R ^+ N) (N.+1%:R) (_ ^+ N) (_ ^+ N) n0 y0 => w e x p y x0 y0.
by field; rewrite x0 y0.
Qed.

Theorem mtss_sweep_tail_attained (h : R) n m : 0 < h -> h <= 1 -> (n < m)%N ->
  final_left N (same_hazard h) m (fun k => if h <= same_hazard h k then 1 else 0) n
    = 1 - (1 - (1 - h) ^+ N) ^+ n.
Proof.
move=> h0 h1; have h01 k : 0 <= same_hazard h k <= 1 by case: k => [|k] /=; rewrite ?lexx ?ler01 ?(ltW h0).
elim: n m => [|n IH] [//|m] nm; rewrite final_leftS//.
  by rewrite expr0 (lt_geF h0) subr0 expr1n !subrr mul0r mulr0 addr0.
rewrite /= lexx IH// exprS; move: (_ ^+ N) => s; move: (_ ^+ n) => p; ring.
Qed.
End Attained.
