(* Certificates of whether pi* is in the autoregressive softmax class: parameters whose  *)
(* scores have the differences of Q, or a combination of differences that is zero for    *)
(* the features and not for Q. What is proved is about the hypothesis of q_linear of     *)
(* multiturn.v, after every possible prefix. Claim q-linear.                             *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp.
From Spanner Require multiturn.
From Spanner Require Import exp_facts dist cert_numbers cert_instance cert_token.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* theta_h: of each entry the coefficients of logarithms; the positive number clears the  *)
(* denominators that the check meets                                                      *)
Record parameters := Witness { logs : seq Q; clearing : positive; thetas : seq (seq (seq Q)) }.
(* coefficient * (difference of two tokens after a prefix of a start)                     *)
Record difference := Difference { coefficient : Q; from : nat; prefix : seq nat; token_a : nat; token_b : nat }.
Inductive realizability := Realizable of parameters | NotRealizable of nat & seq difference.
Record claims := Claims { values : soft; answer : realizability }.

Definition phi_at (i : tree) v a j := nth q0 (features (arc_at i v a)) j.

Section Check.
Variables (i : tree) (c : soft).
(* exp((Q - what was earned before)/beta)                                                 *)
Definition branch v a := qmul (factor c v a) (exp_value c (target (arc_at i v a))).
Definition mass_of v a := arc_mass (arc_at i v a).
Definition dimension v a := size (features (arc_at i v a)).
Definition entry (w : parameters) h j k := nth q0 (nth [::] (nth [::] (thetas w) h) j) k.

Definition pair_ok w h v a b :=
  (dimension v a == dimension v b) &&
  is_zero (clearing w) ((Qopp q1, qdiv (branch v a) (branch v b)) ::
    [seq (qdiv (qsum [seq qmul (entry w h j k) (qsub (phi_at i v a j) (phi_at i v b j)) | j <- iota 0 (dimension v a)])
               (tree_beta i), nth q0 (logs w) k) | k <- iota 0 (size (logs w))]).
Definition first_token v := find (fun a => qpos (mass_of v a)) (iota 0 (alphabet i)).
Definition linear_at w v :=
  let h := (horizon i - left_at c v)%N in let b := first_token v in
  [&& (b < alphabet i)%N, qpos (mass_of v b)
    & all (fun a => qpos (mass_of v a) ==> pair_ok w h v a b) (iota 0 (alphabet i))].
Definition realizable_ok w := all (linear_at w) (iota 0 (size (nodes i))).

Fixpoint follows v (s : seq nat) := if s is a :: s' then
  [&& (a < alphabet i)%N, qpos (mass_of v a) & follows (target (arc_at i v a)) s'] else true.
Fixpoint reached v (s : seq nat) := if s is a :: s' then reached (target (arc_at i v a)) s' else v.
Definition node_at d := reached (from d) (prefix d).
Definition difference_ok h n d :=
  [&& from d \in starts i, size (prefix d) == h, follows (from d) (prefix d),
   [&& (token_a d < alphabet i)%N, qpos (mass_of (node_at d) (token_a d)) & dimension (node_at d) (token_a d) == n],
   [&& (token_b d < alphabet i)%N, qpos (mass_of (node_at d) (token_b d)) & dimension (node_at d) (token_b d) == n],
   qpos (branch (node_at d) (token_a d)), qpos (branch (node_at d) (token_b d)) & whole (coefficient d)].
Definition not_realizable_ok h ds :=
  let n := head 0%N [seq dimension (node_at d) (token_a d) | d <- ds] in
  [&& (h < horizon i)%N, all (difference_ok h n) ds,
   all (fun j => Qeq_bool (qsum [seq qmul (coefficient d)
     (qsub (phi_at i (node_at d) (token_a d) j) (phi_at i (node_at d) (token_b d) j)) | d <- ds]) q0) (iota 0 n)
   & ~~ Qeq_bool (qprod [seq qpower (qdiv (branch (node_at d) (token_a d)) (branch (node_at d) (token_b d)))
     (Qnum (coefficient d)) | d <- ds]) q1].
End Check.

Definition decide i (c : claims) := soft_ok i (values c) &&
  match answer c with
  | Realizable w => realizable_ok i (values c) w
  | NotRealizable h ds => not_realizable_ok i (values c) h ds
  end.

Section Meaning.
Variables (R : realType) (i : tree).
Fixpoint possible v (s : seq (token i)) : bool :=
  if s is a :: s' then qpos (arc_mass (arc_at i v a)) && possible (target (arc_at i v a)) s' else true.
(* <theta_h, phi_h> of a token after a prefix                                             *)
Definition score (theta : nat -> nat -> R) start (s : seq (token i)) (a : token i) : R :=
  \sum_(j < size (features (arc_at i (node_of start s) a))) theta (size s) j * QR R (phi_at i (node_of start s) a j).
(* after every possible prefix, the token law of pi* is a softmax of the scores: the      *)
(* hypothesis of q_linear of multiturn.v                                                  *)
Definition realizes (theta : nat -> nat -> R) : Prop := forall start, start \in starts i ->
  forall s, possible start s -> (size s < horizon i)%N -> exists2 z : R, 0 < z & forall a,
    multiturn.token_opt (@token_law R i start) (@earned R i start) (QR R (tree_beta i)) (horizon i) s a =
    token_law R start s a * expR (score theta start s a / QR R (tree_beta i)) / z.
Definition parameter (w : parameters) h j : R :=
  \sum_(k < size (logs w)) QR R (entry w h j k) * ln (QR R (nth q0 (logs w) k)).
Definition all_hold (c : claims) : Prop := are_soft_values R i (values c) /\
  match answer c with
  | Realizable w => realizes (parameter w)
  | NotRealizable _ _ => forall theta, ~ realizes theta
  end.
End Meaning.

Section Sound.
Variables (R : realType) (i : tree) (c : soft).
Hypothesis ok : soft_ok i c.
Local Notation e := (@QR R).
Local Notation b := (e (tree_beta i)).
Local Notation K start := (@token_law R i start).
Local Notation r start := (@earned R i start).
Local Notation Q start s a := (multiturn.Q (K start) (r start) b (horizon i) s a).
Let b0 : 0 < b := b_gt0 R ok.

Section Node.
Variables (start : nat) (s : seq (token i)).
Hypotheses (st : start \in starts i) (sH : (size s < horizon i)%N).
Local Notation v := (node_of start s).

Lemma left_node : left_at c v = (horizon i - size s)%N.
Proof. by apply: left_after => //; exact: ltnW. Qed.

Lemma node_in : (v < size (nodes i))%N.
Proof. by apply: (inside ok); rewrite left_node subn_gt0. Qed.

Lemma branch_gt0 (a : token i) : 0 < e (branch i c v a).
Proof.
have [_ _ f] := arcP R ok a node_in; rewrite /branch QRM -f mulr_gt0 ?expR_gt0//.
exact: exp_value_gt0 ok _.
Qed.

Lemma exp_Q (a : token i) : expR (Q start s a / b) = expR (r start s / b) * e (branch i c v a).
Proof.
rewrite /multiturn.Q; have [_ ->] := soft_sound R ok st (rcons s a); last by rewrite size_rcons.
have [_ _ f] := arcP R ok a node_in.
rewrite node_rcons earned_rcons -addrA mulrDl expRD mulrDl expRD f.
rewrite [b * _ / b]mulrAC mulfV ?mul1r ?lt0r_neq0// lnK ?posrE ?(exp_value_gt0 R ok)//.
by rewrite /branch QRM.
Qed.

Lemma Q_branch (a a' : token i) : (Q start s a - Q start s a') / b = ln (e (branch i c v a)) - ln (e (branch i c v a')).
Proof.
have E (x : token i) : Q start s x / b = r start s / b + ln (e (branch i c v x)).
  by rewrite -[LHS]expK exp_Q lnM ?posrE ?expR_gt0 ?branch_gt0// expK.
by rewrite mulrBl !E opprD addrACA subrr add0r.
Qed.

Lemma norm_gt0 : 0 < \sum_a K start s a * expR (Q start s a / b).
Proof.
have [/(_ sH)[K0 K1] _] := soft_sound R ok st s.
have [a Ka] : exists a, 0 < K start s a.
  apply/existsP; apply: contra_eqT K1 => /existsPn no.
  rewrite big1 ?[_ == 1]eq_sym ?oner_eq0// => a _; apply/eqP.
  by rewrite eq_le K0 andbT leNgt no.
rewrite (bigD1 a)//=; apply: ltr_spaddl; first by rewrite mulr_gt0 ?expR_gt0.
by apply: sumr_ge0 => x _; rewrite mulr_ge0 ?K0// ltW// expR_gt0.
Qed.

(* q_linear of multiturn.v, for the tokens of positive mass                               *)
Lemma q_linear_possible (f : token i -> R) (z : R) a a' : 0 < z ->
  (forall x, multiturn.token_opt (K start) (r start) b (horizon i) s x = K start s x * expR (f x / b) / z) ->
  0 < K start s a -> 0 < K start s a' -> Q start s a - Q start s a' = f a - f a'.
Proof.
move=> z0 E; set N := \sum_a K start s a * expR (Q start s a / b); have N0 : 0 < N by exact: norm_gt0.
have eq x : 0 < K start s x -> Q start s x / b = f x / b + (ln N - ln z).
  move=> Kx; have := E x; rewrite /multiturn.token_opt -/N -[LHS]mulrA -[RHS]mulrA => /(mulfI (lt0r_neq0 Kx)).
  move/(congr1 (@ln R)); rewrite !ln_div ?posrE ?expR_gt0// !expK => h.
  by rewrite addrCA addrC -h subrK.
move=> Ka Ka'; apply: (mulIf (invr_neq0 (lt0r_neq0 b0))); rewrite !mulrBl !eq//.
by rewrite opprD addrACA subrr addr0.
Qed.
End Node.

Lemma score_sub theta start s (a a' : token i) :
  size (features (arc_at i (node_of start s) a)) = size (features (arc_at i (node_of start s) a')) ->
  score theta start s a - score theta start s a' = \sum_(j < dimension i (node_of start s) a)
    theta (size s) j * (e (phi_at i (node_of start s) a j) - e (phi_at i (node_of start s) a' j)) :> R.
Proof.
move=> sz; rewrite /score -sz -sumrB; apply: eq_bigr => j _.
by rewrite mulrBr.
Qed.

(* on its own, since a rewriting step would unfold rational constants                     *)
Lemma over_quotient (k f n g : R) : k * f / (n / g) = k * (f * g) / n.
Proof. by rewrite invf_div !mulrA. Qed.

Theorem realizable_sound w : realizable_ok i c w -> realizes i (parameter R w).
Proof.
move=> /allP h start st s _ sH; set v := node_of start s.
have vn : (v < size (nodes i))%N := node_in st sH.
have /and3P[fa fm /allP all_pairs] : linear_at i c w v by apply: h; rewrite mem_iota.
pose a0 : token i := Ordinal fa.
set theta := parameter R w; set f := score theta start s.
have hs : (horizon i - left_at c v)%N = size s by rewrite (left_node st sH) subKn// ltnW.
have D (a : token i) : 0 < K start s a -> (Q start s a - Q start s a0) / b = (f a - f a0) / b.
  move=> Ka; have := all_pairs a; rewrite mem_iota /= ltn_ord /mass_of (QR_pos R) Ka hs => /(_ isT).
  case/andP=> /eqP sz /(is_zeroP R); rewrite /log_sum big_cons /= QR_opp QR1 mulN1r big_map sum_iota QRdiv.
  rewrite ln_div ?posrE ?(branch_gt0 st sH a) ?(branch_gt0 st sH a0)//.
  rewrite -[ln _ - _](Q_branch st sH a a0) addrC => /eqP; rewrite subr_eq0 => /eqP <-.
  rewrite score_sub// mulr_suml.
  under [RHS]eq_bigr do rewrite /theta /parameter mulr_suml mulr_suml.
  rewrite exchange_big; apply: eq_bigr => k _ /=.
  rewrite QRdiv QRsum big_map sum_iota mulr_suml mulr_suml; apply: eq_bigr => j _.
  by rewrite QRM QRB -!mulrA; congr (_ * _); rewrite [RHS]mulrCA [in RHS]mulrC -!mulrA.
set N := \sum_a K start s a * expR (Q start s a / b); have N0 : 0 < N := norm_gt0 st sH.
exists (N / expR ((Q start s a0 - f a0) / b)); first by rewrite divr_gt0// expR_gt0.
move=> a; rewrite /multiturn.token_opt -/N.
have [/(_ sH)[K0 _] _] := soft_sound R ok st s.
have [Ka|] := ltP 0 (K start s a); last first.
  move=> Ka; have -> : K start s a = 0; first by apply/eqP; rewrite eq_le Ka; exact: K0.
  by rewrite !mul0r.
rewrite over_quotient -expRD; congr (_ * expR _ / _).
have := D a Ka; rewrite !mulrBl => /eqP; rewrite subr_eq => /eqP ->.
by rewrite -addrA [- _ + _]addrC.
Qed.

Lemma follows_tokens v (p : seq nat) : follows i v p ->
  exists s : seq (token i), [/\ possible v s, size s = size p & node_of v s = reached i v p].
Proof.
elim: p v => [|a p IH] v /=; first by exists [::].
case/and3P=> an m /IH[s [ps sz ns]]; exists ((Ordinal an : token i) :: s); split=> //=; last by rewrite sz.
by apply/andP.
Qed.

Lemma whole_num q : whole q -> ZR R (Qnum q) = e q.
Proof. by rewrite /whole /QR; case: (Qden q) => // _; rewrite [ZR R 1](_ : _ = 1) ?divr1. Qed.

Theorem not_realizable_sound h ds : not_realizable_ok i c h ds -> forall theta : nat -> nat -> R, ~ realizes i theta.
Proof.
pose d0 := Difference q0 0 [::] 0 0.
rewrite /not_realizable_ok; set n := head _ _; case/and4P=> hH /(all_nthP d0) each zero nz theta real.
pose at_ (x : difference -> nat) d j := phi_at i (node_at i d) (x d) j.
pose ratio d := qdiv (branch i c (node_at i d) (token_a d)) (branch i c (node_at i d) (token_b d)).
have D (k : 'I_(size ds)) : let d := nth d0 ds k in [/\ 0 < e (ratio d), whole (coefficient d)
    & ln (e (ratio d)) = (\sum_(j < n) theta h j * e (qsub (at_ token_a d j) (at_ token_b d j))) / b].
  move=> d; have := each k (ltn_ord k); rewrite -/d.
  case/and5P=> st /eqP hp /follows_tokens[s [ps sz ns]] /and3P[an am /eqP da] /and4P[/and3P[bn bm /eqP db] ba bb w].
  rewrite (QR_pos R) in ba; rewrite (QR_pos R) in bb; rewrite /ratio QRdiv divr_gt0//; split=> //.
  rewrite (ln_div (x := e _) (y := e _)) ?posrE//.
  have sH : (size s < horizon i)%N by rewrite sz hp.
  have [z z0 E] := real _ st s ps sH.
  pose x : token i := Ordinal an; pose y : token i := Ordinal bn.
  have nd : node_of (from d) s = node_at i d by [].
  have Kx : 0 < K (from d) s x by rewrite /token_law nd -(QR_pos R).
  have Ky : 0 < K (from d) s y by rewrite /token_law nd -(QR_pos R).
  have := q_linear_possible st sH z0 E Kx Ky; rewrite score_sub ?nd /=; last by rewrite -/(dimension _ _ _) da -db.
  move/(congr1 (fun t => t / b)); rewrite (Q_branch st sH) nd => ->.
  by rewrite da sz hp; congr (_ / _); apply: eq_bigr => j _; rewrite QRB.
case/negP: nz; rewrite (QR_eqb R) QRprod QR1 big_map (big_nth d0) big_mkord.
have -> : \prod_(k < size ds) e (qpower (ratio (nth d0 ds k)) (Qnum (coefficient (nth d0 ds k)))) =
    expR (\sum_(k < size ds) e (coefficient (nth d0 ds k)) * ln (e (ratio (nth d0 ds k)))).
  rewrite (big_morph _ (@expRD R) (expR0 R)); apply: eq_bigr => k _; have [r0 w _] := D k.
  by rewrite QRpower// whole_num.
suff -> : \sum_(k < size ds) e (coefficient (nth d0 ds k)) * ln (e (ratio (nth d0 ds k))) = 0 by rewrite expR0.
transitivity ((\sum_(j < n) theta h j * \sum_(k < size ds) e (coefficient (nth d0 ds k)) *
    e (qsub (at_ token_a (nth d0 ds k) j) (at_ token_b (nth d0 ds k) j))) / b).
  under [in RHS]eq_bigr do rewrite mulr_sumr.
  rewrite exchange_big mulr_suml; apply: eq_bigr => k _ /=; have [_ _ ->] := D k.
  by rewrite mulrA mulr_sumr; congr (_ / _); apply: eq_bigr => j _; rewrite mulrCA.
rewrite big1 ?mul0r// => j _; have := all_iota zero j.
rewrite (QR_eqb R) QRsum QR0 big_map (big_nth d0) big_mkord => /eqP z0.
rewrite [X in _ * X](_ : _ = 0) ?mulr0// -[RHS]z0; apply: eq_bigr => k _; exact/esym/QRM.
Qed.
End Sound.

Theorem realizability_sound (R : realType) i c : decide i c -> all_hold R i c.
Proof.
case/andP=> ok h; split; first exact: soft_sound.
by case: (answer c) h => [w|l ds] h; [exact: (realizable_sound R ok h)|exact: (not_realizable_sound ok h)].
Qed.
