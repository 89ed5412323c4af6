(* The listings of listing.v, read as expectations over real numbers, have the laws that  *)
(* the theorems are about: rejection.v and softmax_sampler.v. Claims rejection-exact and  *)
(* softmax-sampler-tv.                                                                     *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import ssrZ reals sequences exp ring.
From Spanner Require Import exp_facts dist process gibbs rejection softmax_sampler.
From Spanner Require Import truncated_rejection cert_numbers listing listing_run.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Readings.
Variable R : realType.

(* a run is what it makes of every function of its outcome: the mean *)
Definition reals_of : num := @Num R 0 1 +%R (fun a b => a - b) *%R (fun a b => a / b)
  Num.min (fun a b => a == b) (fun n => n%:R).
Definition expectations : choice reals_of := @Choice reals_of (fun A => (A -> R) -> R)
  (fun A a F => F a) (fun A B m k F => m (fun a => k a F))
  (fun A l F => \sum_(p <- l) p.2 * F p.1) (fun S _ m => m).

Section Iterate.
Variables (S : Type) (equal : S -> S -> bool) (until : pred S) (step : S -> run_of expectations S).
Local Notation iter := (iterate (C:=expectations) equal until step).
Let once (F : S -> R) s : R := if until s then F s else step s F.

Lemma iterate_last n s F : iter n.+1 s F = iter n s (once F).
Proof.
rewrite /=; congr (iter n s _).
by apply/boolp.funext => t; rewrite /once; case: ifP.
Qed.

Lemma iterate_first n s F : iter n.+1 s F = once (fun t => iter n t F) s.
Proof.
elim: n s F => [|n IH] s F; first by rewrite iterate_last.
by rewrite iterate_last IH; congr (once _ s); apply/boolp.funext => t; rewrite iterate_last.
Qed.

Lemma iterate_done n s F : until s -> iter n s F = F s.
Proof. by elim: n F => [//|n IH] F us; rewrite iterate_last IH// /once us. Qed.
End Iterate.

Variables (n : nat) (piref : 'I_n -> R).
Definition responses : seq ((nat * 'I_n) * R) := [seq ((val i, i), piref i) | i <- enum 'I_n].
Local Notation one_draw := (weak expectations responses).

Lemma weakE F : one_draw F = \sum_i piref i * F (val i, i).
Proof. by rewrite /weak /= /responses big_map big_enum. Qed.

Lemma trialE accept s F : listing.trial expectations responses accept s F
  = \sum_i piref i * (accept (val i, i) * F (Some (val i)) + (1 - accept (val i, i)) * F None).
Proof.
rewrite /listing.trial /weak /= /responses big_map big_enum; apply: eq_bigr => i _ /=.
by rewrite !big_cons big_nil /= addr0.
Qed.

Local Arguments listing.trial : simpl never.
Local Arguments weak : simpl never.

Section Rejection.
Variables (pi : 'I_n -> R) (M : R).
Variable w : nat -> R.
Local Notation trials N F := (\sum_(t : N.-tuple ('I_n * bool))
  seqp (iid (rejection.trial piref pi M)) t * F (omap val (first_acc t))).

(* whatever is asked of the outcome; pi need not be a law, nor M bound its coverage *)
Lemma listing_is_trials N (F : option nat -> R) : is_dist (rejection.trial piref pi M) ->
  (forall i, Num.min (w (val i)) M / M = acc piref pi M i) ->
  ideal_rejection expectations responses w M N F = trials N F.
Proof.
move=> td accE; rewrite /ideal_rejection /first_accepted; elim: N => [|N IH].
  by rewrite (sum_tuple0 (fun t => seqp (iid (rejection.trial piref pi M)) t * F (omap val (first_acc t)))) mul1r.
rewrite iterate_first /= trialE (sum_tupleS _ (fun t => seqp (iid (rejection.trial piref pi M)) t * F (omap val (first_acc t)))).
pose H z := \sum_(t : N.-tuple ('I_n * bool)) seqp (iid (rejection.trial piref pi M)) (z :: t) * F (omap val (first_acc (z :: t))).
have -> : \sum_z H z = \sum_i \sum_b H (i, b) by rewrite (pair_bigA _ (fun i b => H (i, b))); apply: eq_bigr => -[].
apply: eq_bigr => i _; rewrite big_bool /= iterate_done// IH accE /H.
have cons a (G : seq ('I_n * bool) -> R) : \sum_(t : N.-tuple ('I_n * bool)) seqp (iid (rejection.trial piref pi M)) ((i, a) :: t) * G t
    = rejection.trial piref pi M (i, a) * \sum_(t : N.-tuple ('I_n * bool)) seqp (iid (rejection.trial piref pi M)) t * G t.
  by rewrite mulr_sumr; apply: eq_bigr => t _; rewrite /seqp !seqp_iid big_cons mulrA.
rewrite (cons true (fun=> F (Some (val i)))) (cons false (fun t => F (omap val (first_acc t)))).
rewrite -mulr_suml (seqp_dist N (fun=> td)).2 mul1r /rejection.trial /=.
by rewrite mulrDr !mulrA.
Qed.

Theorem listing_is_rejection N (F : option nat -> R) :
  is_dist piref -> full_support piref -> is_dist pi -> (forall y, pi y / piref y <= M) ->
  (forall i, w (val i) = pi i / piref i) ->
  ideal_rejection expectations responses w M N F = trials N F.
Proof.
move=> p1 p0 q1 cov wE; apply: listing_is_trials; first exact: trial_dist.
by move=> i; rewrite /acc wE; congr (_ / M); apply/min_idPl.
Qed.
End Rejection.

(* with any cap M > 0: the trials of truncated_rejection.v *)
Theorem listing_is_truncated (pi : 'I_n -> R) (M : R) (w : nat -> R) N (F : option nat -> R) :
  is_dist piref -> full_support piref -> is_dist pi -> 0 < M ->
  (forall i, w (val i) = pi i / piref i) ->
  ideal_rejection expectations responses w M N F = \sum_(t : N.-tuple ('I_n * bool))
    seqp (iid (truncated_trial piref pi M)) t * F (omap val (first_acc t)).
Proof.
move=> p1 p0 q1 M0 wE; rewrite truncated_is_trial// -(listing_is_trials (pi:=capped piref pi M) (w:=w))//.
  by rewrite -truncated_is_trial//; exact: truncated_trial_dist.
by move=> i; rewrite capped_acc// wE.
Qed.

Section Sampler.
Variables (f : 'I_n -> R) (beta M : R) (N : nat).
Local Notation w := (fun i => expR (f i / beta)).

Lemma totalE K s F : iterate (C:=expectations) (@same reals_of) never
    (fun s => bind one_draw (fun z => ret (add s (w z.2) : reals_of))) K s F
  = \sum_(t : K.-tuple 'I_n) seqp (iid piref) t * F (s + \sum_(y <- t) w y).
Proof.
elim: K s => [|K IH] s.
  by rewrite (sum_tuple0 (fun t => seqp (iid piref) t * F (s + \sum_(y <- t) w y))) big_nil addr0 mul1r.
rewrite iterate_first /= weakE (sum_tupleS _ (fun t => seqp (iid piref) t * F (s + \sum_(y <- t) w y))).
apply: eq_bigr => i _; rewrite IH mulr_sumr; apply: eq_bigr => t _.
by rewrite /seqp !seqp_iid !big_cons mulrA addrA.
Qed.

Lemma trialsE (zh : R) K y : iterate (C:=expectations) eq_op isSome
    (listing.trial expectations responses (fun z => Num.min 1 (w z.2 / (zh * M)) : R)) K None
    (fun o => if o is Some j then (j == val y)%:R else \sum_i piref i * (val i == val y)%:R)
  = trials piref f beta M zh K y.
Proof.
elim: K => [|K IH].
  rewrite /= (bigD1 y)//= eqxx mulr1 big1 ?addr0// => i ne.
  by rewrite (inj_eq val_inj) (negPf ne) mulr0.
rewrite iterate_first /= trialE; apply: eq_bigr => i _.
by rewrite IH iterate_done// (inj_eq val_inj).
Qed.

Theorem listing_is_sampler (y : 'I_n) :
  listing.softmax_sampler expectations responses w M N (fun z => (z == val y)%:R) = sampler piref f beta M N y.
Proof.
rewrite /listing.softmax_sampler /= totalE; apply: eq_bigr => t _; congr (_ * _).
rewrite -trialsE /first_accepted add0r; congr (@iterate _ expectations _ _ _ _ _ _ _).
by apply/boolp.funext => -[j|] //=; rewrite weakE.
Qed.
End Sampler.
End Readings.

(* The reading that computes, weighted lists over the rationals: a list's mean is the     *)
(* expectation, and merging equal states does not change it.                               *)
Section Computed.
Variable R : realType.
Local Notation e := (@QR R).
Local Notation exps := (expectations R).

Definition mean A (l : law A) (F : A -> R) : R := \sum_(p <- l) e p.2 * F p.1.

Lemma mean_ret A (a : A) F : mean [:: (a, q1)] F = F a.
Proof. by rewrite /mean big_cons big_nil addr0 QR1 mul1r. Qed.

Lemma eq_mean A (l : law A) F G : (forall a, F a = G a) -> mean l F = mean l G.
Proof. by move=> FG; apply: eq_bigr => p _; rewrite FG. Qed.

Lemma mean_mixed A B (l : law A) (k : A -> law B) F : mean (mixed l k) F = mean l (fun a => mean (k a) F).
Proof.
rewrite /mean /mixed big_flatten big_map; apply: eq_bigr => p _.
by rewrite /scaled big_map mulr_sumr; apply: eq_bigr => x _; rewrite QRM mulrA.
Qed.

Lemma mean_merged A (equal : A -> A -> bool) l F : (forall a b, equal a b -> F a = F b) ->
  mean (merged equal l) F = mean l F.
Proof.
move=> eqF; have one s p m : mean (put equal s p m) F = mean m F + e p * F s.
  elim: m => [|[t q] m IH]; first by rewrite /mean big_cons !big_nil addrC.
  rewrite /=; case: ifP => [/eqF st|_]; rewrite /mean !big_cons -/(mean _ F) /=.
    by rewrite QRD st mulrDl -addrA addrC.
  by rewrite -/(mean _ F) IH addrA.
rewrite /merged -[RHS]add0r; have -> : 0 = mean [::] F by rewrite /mean big_nil.
elim: l [::] => [|p l IH] m /=; first by rewrite [mean [::] F]big_nil addr0.
by rewrite IH one /mean big_cons addrA.
Qed.

Lemma mean_iterate (S T : Type) (h : S -> T) (equal : S -> S -> bool) (until : pred S) (step : S -> law S)
    (equal' : T -> T -> bool) (until' : pred T) (step' : T -> run_of exps T) n s F :
  (forall a b, equal a b -> h a = h b) -> (forall t, until t = until' (h t)) ->
  (forall t G, mean (step t) (G \o h) = step' (h t) G) ->
  mean (iterate (C:=lists) equal until step n s) (F \o h)
  = iterate (C:=exps) equal' until' step' n (h s) F.
Proof.
move=> eqh un st; elim: n F => [|n IH] F; first by rewrite /= mean_ret.
rewrite iterate_last -IH /= mean_merged => [|a b /eqh /= -> //].
rewrite mean_mixed; apply: eq_mean => t /=.
by rewrite un; case: ifP => _; [rewrite mean_ret|rewrite st].
Qed.

Lemma mass_ofE A (equal : A -> A -> bool) (l : law A) a :
  e (mass_of equal l a) = mean l (fun b => (equal b a)%:R).
Proof.
elim: l => [|p l IH]; first by rewrite /mean big_nil QR0.
rewrite /mean big_cons [X in _ = _ + X](esym IH) /=; case: ifP => _; last by rewrite mulr0 add0r.
by rewrite QRD mulr1.
Qed.

Lemma QR_nat n : e (inject_Z (Z.of_nat n)) = n%:R.
Proof.
rewrite /QR /inject_Z /= [ZR R 1](_ : _ = 1) ?divr1//.
elim: n => [//|n IH]; rewrite Nat2Z.inj_succ -Z.add_1_l ZRD IH -[in RHS]addn1 natrD addrC.
by congr (_ + _).
Qed.

Lemma QR_min a b : e (if Qle_bool a b then a else b) = Num.min (e a) (e b).
Proof. by rewrite (QR_le R); case: lerP. Qed.

Variables (n : nat) (V : Type) (v : 'I_n -> V) (m : 'I_n -> Q).
Definition weighted : seq ((nat * V) * Q) := [seq ((val i, v i), m i) | i <- enum 'I_n].
Let piref i : R := e (m i).

Lemma mean_weak F : mean (weak lists weighted) F = weak exps (responses piref) (fun z => F (z.1, v z.2)).
Proof. by rewrite weakE /mean /weak /= /weighted big_map big_enum. Qed.

Lemma mean_first (acc : nat * V -> Q) (acc' : nat * 'I_n -> R) N F :
  (forall i, e (acc (val i, v i)) = acc' (val i, i)) ->
  mean (first_accepted lists weighted acc N) F = first_accepted exps (responses piref) acc' N F.
Proof.
move=> ae; apply: (@mean_iterate _ _ id) => [a b /eqP//|//|t G].
rewrite trialE /listing.trial /= mean_mixed mean_weak weakE; apply: eq_bigr => i _; congr (_ * _).
rewrite /coin /= mean_mixed (@eq_mean _ _ _ (fun a : bool => G (if a then Some (val i) else None))) => [|a].
  by rewrite /mean !big_cons big_nil /= QRB QR1 addr0 ae.
by rewrite mean_ret.
Qed.

Lemma computed_is_trials (pi : 'I_n -> R) (w : nat -> Q) (M : Q) N (o : option 'I_n) :
  is_dist (rejection.trial piref pi (e M)) ->
  (forall i : 'I_n, Num.min (e (w (val i))) (e M) / e M = acc piref pi (e M) i) ->
  e (mass_of eq_op (ideal_rejection lists weighted w M N) (omap val o))
  = Pr (iid (rejection.trial piref pi (e M))) [::] N (fun t => first_acc t == o).
Proof.
move=> td accE; rewrite mass_ofE.
rewrite (@mean_first _ (fun z => Num.min (e (w z.1)) (e M) / e M)) => [|i]; last by rewrite /= QRdiv QR_min.
have := @listing_is_trials R n piref pi (e M) (fun k => e (w k)) N _ td accE.
rewrite /ideal_rejection => -> /=; rewrite PrE; apply: eq_bigr => t _; rewrite mulrC; congr (_%:R * _).
by case: (first_acc t) o => [y|] [y'|].
Qed.

(* the masses that the kernel computes for ideal rejection ...                             *)
Theorem computed_is_rejection (pi : 'I_n -> R) (w : nat -> Q) (M : Q) N (o : option 'I_n) :
  is_dist piref -> full_support piref -> is_dist pi -> (forall y, pi y / piref y <= e M) ->
  (forall i : 'I_n, e (w (val i)) = pi i / piref i) ->
  e (mass_of eq_op (ideal_rejection lists weighted w M N) (omap val o))
  = Pr (iid (rejection.trial piref pi (e M))) [::] N (fun t => first_acc t == o).
Proof.
move=> p1 p0 q1 cov wE; apply: computed_is_trials; first exact: trial_dist.
by move=> i; rewrite /acc wE; congr (_ / e M); apply/min_idPl.
Qed.

Theorem computed_is_truncated (pi : 'I_n -> R) (w : nat -> Q) (M : Q) N (o : option 'I_n) :
  is_dist piref -> full_support piref -> is_dist pi -> 0 < e M ->
  (forall i : 'I_n, e (w (val i)) = pi i / piref i) ->
  e (mass_of eq_op (ideal_rejection lists weighted w M N) (omap val o))
  = Pr (iid (truncated_trial piref pi (e M))) [::] N (fun t => first_acc t == o).
Proof.
move=> p1 p0 q1 M0 wE; rewrite truncated_is_trial//; apply: computed_is_trials.
  by rewrite -truncated_is_trial//; exact: truncated_trial_dist.
by move=> i; rewrite capped_acc// wE.
Qed.

(* ... and for SoftmaxSampler are those of the laws of the theorems                        *)
Theorem computed_is_sampler (f : 'I_n -> R) beta (w : V -> Q) (M : Q) N (y : 'I_n) :
  (forall i, e (w (v i)) = expR (f i / beta)) ->
  e (mass_of eq_op (listing.softmax_sampler lists weighted w M N) (val y)) = sampler piref f beta (e M) N y.
Proof.
move=> wE; rewrite mass_ofE -listing_is_sampler /listing.softmax_sampler /= mean_mixed.
pose rest (s : R) := first_accepted exps (responses piref)
  (fun z => Num.min 1 (expR (f z.2 / beta) / (s / N%:R * e M)) : R) N
  (fun o => if o is Some j then (j == val y)%:R else weak exps (responses piref) (fun z => (z.1 == val y)%:R)).
rewrite (@eq_mean _ _ _ (rest \o e)) => [|s].
  rewrite (@mean_iterate _ _ e _ _ _ (@same (reals_of R)) never (fun s z => weak exps (responses piref)
    (fun i => z (s + expR (f i.2 / beta))))) => [|a b||s G] //=.
    rewrite QR0; congr (@iterate _ exps _ _ _ _ _ _ _); apply/boolp.funext => s; rewrite /rest.
    by congr (@iterate _ exps _ _ _ _ _ _ _); apply/boolp.funext => -[].
    by rewrite (QR_eqb R) => /eqP.
  rewrite mean_mixed mean_weak weakE /responses big_map big_enum.
  by apply: eq_bigr => i _; rewrite mean_ret /= QRD wE.
rewrite mean_mixed (@mean_first _ (fun z => Num.min 1 (expR (f z.2 / beta) / (e s / N%:R * e M)))) => [|i].
  rewrite /rest /=; congr (@iterate _ exps _ _ _ _ _ _ _); apply/boolp.funext => -[j|].
    by rewrite mean_ret.
  rewrite mean_mixed mean_weak weakE /responses big_map big_enum.
  by apply: eq_bigr => i _; rewrite mean_ret.
by rewrite /= QR_min QR1 QRdiv QRM QRdiv QR_nat wE.
Qed.

End Computed.
