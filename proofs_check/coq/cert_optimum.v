(* Certificates of pi*, of its coverage, of its value and of the gap of the base      *)
(* model, where the rewards of a prompt differ by logarithms of rationals. What is    *)
(* proved is about pistar and J of gibbs.v. Claims gibbs-optimum, coverage-range.     *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import dist gibbs prompts ridge cert_numbers cert_instance.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* The witness: exp((r(x,y) - r(x,first))/beta), rational numbers whose powers with   *)
(* the exponent root are products of powers of the atoms; and the logarithm of the    *)
(* sum Z(x) of these over the base model, in those of the atoms and of more numbers.  *)
Record tilt := Tilt { root : positive; weights : seq (seq Q); more : seq Q; log_sums : seq (seq Q) }.

Section Check.
Variables (i : instance) (t : tilt).
Definition args := atoms i ++ more t.
Definition dotq (c f : seq Q) := qsum [seq qmul (nth q0 c j) (nth q0 f j) | j <- iota 0 (size (theta i))].
(* a reward without its baseline: the rational part, and the coefficients of the logs *)
Definition constants := [seq c.1 | c <- theta i].
Definition columns := [seq [seq nth q0 c.2 k | c <- theta i] | k <- iota 0 (size (atoms i))].
Definition form (y : response) := (dotq constants (phi y), [seq dotq c (phi y) | c <- columns]).
Definition logs (l : seq Q) := [seq (nth q0 l k, nth q0 args k) | k <- iota 0 (size args)].
Definition partition (s : seq response) (w : seq Q) :=
  qsum [seq qmul (mass (response_at s y)) (nth q0 w y) | y <- iota 0 (size s)].

Definition weight_ok (s : seq response) (w : seq Q) (first : Q * seq Q) (y : nat) :=
  let f := form (response_at s y) in
  Qeq_bool f.1 first.1 &&
  is_zero (root t) ((Qopp q1, nth q0 w y)
    :: logs [seq qdiv (qsub (nth q0 f.2 k) (nth q0 first.2 k)) (beta i) | k <- iota 0 (size args)]).
Definition prompt_ok (p : prompt) (w l : seq Q) :=
  let s := support p in
  [&& qpos (rho p), Qeq_bool (qsum [seq mass y | y <- s]) q1,
   all (weight_ok s w (form (response_at s 0))) (iota 0 (size s))
   & is_zero 1 ((Qopp q1, partition s w) :: logs l)].
Definition tilt_ok :=
  [&& qpos (beta i), Qeq_bool (qsum [seq rho p | p <- prompts i]) q1
   & all (fun x => prompt_ok (prompt_at i x) (nth [::] (weights t) x) (nth [::] (log_sums t) x))
       (iota 0 (size (prompts i)))].

Definition all_responses (ok : seq response -> seq Q -> Q -> nat -> nat -> bool) :=
  all (fun x => let s := support (prompt_at i x) in let w := nth [::] (weights t) x in
    let z := partition s w in all (ok s w z x) (iota 0 (size s))) (iota 0 (size (prompts i))).
Definition optimum_ok (masses : seq (seq Q)) := all_responses (fun s w z x y =>
  Qeq_bool (qmul (nth q0 (nth [::] masses x) y) z) (qmul (mass (response_at s y)) (nth q0 w y))).
Definition coverage_ok (C : Q) (x y : nat) :=
  let s := support (prompt_at i x) in let w := nth [::] (weights t) x in
  [&& all_responses (fun _ w z _ y => Qle_bool (nth q0 w y) (qmul C z)),
   (x < size (prompts i))%N, (y < size s)%N & Qeq_bool (nth q0 w y) (qmul C (partition s w))].

(* averages over prompts, and of the base model over responses *)
Definition over (F : nat -> Q) := qsum [seq qmul (rho (prompt_at i x)) (F x) | x <- iota 0 (size (prompts i))].
Definition first_form x := form (response_at (support (prompt_at i x)) 0).
Definition base_form x k := let s := support (prompt_at i x) in
  qsum [seq qmul (mass y) (nth q0 (form y).2 k) | y <- s].
Definition log_of x k := qmul (beta i) (nth q0 (nth [::] (log_sums t) x) k).
Definition value_ok (v : Q * seq Q) :=
  Qeq_bool v.1 (over (fun x => qadd (first_form x).1 (baseline (prompt_at i x)))) &&
  all (fun k => Qeq_bool (nth q0 v.2 k) (over (fun x => qadd (log_of x k) (nth q0 (first_form x).2 k))))
    (iota 0 (size args)).
Definition gap_ok (v : seq Q) :=
  all (fun k => Qeq_bool (nth q0 v k)
    (over (fun x => qsub (qadd (log_of x k) (nth q0 (first_form x).2 k)) (base_form x k)))) (iota 0 (size args)).
End Check.

Section Sound.
Variables (R : realType) (i : instance) (t : tilt).
Local Notation e := (@QR R).
Local Notation b := (e (beta i)).
Local Notation n := (size (theta i)).
Local Notation sup x := (support (prompt_at i x)).
Hypothesis ok : tilt_ok i t.

Lemma log_sum_logs (l : seq Q) :
  log_sum R (logs i t l) = \sum_(k < size (args i t)) e (nth q0 l k) * ln (e (nth q0 (args i t) k)).
Proof. by rewrite /log_sum big_map sum_iota. Qed.

Lemma dotqE c f : e (dotq i c f) = \sum_(j < n) e (nth q0 c j) * e (nth q0 f j).
Proof. by rewrite QRsum !big_map sum_iota; apply: eq_bigr => j _; rewrite QRM. Qed.

Lemma size_columns : size (columns i) = size (atoms i).
Proof. by rewrite size_map size_iota. Qed.

Lemma rewardE (x : X i) (y : Y x) : reward R y =
  e (form i (the y)).1 + log_sum R (logs i t (form i (the y)).2) + e (baseline (prompt_at i x)).
Proof.
rewrite /reward /dot mxE; congr (_ + _).
transitivity (\sum_(j < n) (e (nth (q0, [::]) (theta i) j).1 * e (nth q0 (phi (the y)) j)
  + (\sum_(k < size (atoms i)) e (nth q0 (nth (q0, [::]) (theta i) j).2 k) * ln (e (nth q0 (atoms i) k)))
    * e (nth q0 (phi (the y)) j))).
  by apply: eq_bigr => j _; rewrite !mxE /log_linear mulrDl.
rewrite big_split /=; congr (_ + _).
  by rewrite dotqE; apply: eq_bigr => j _; rewrite (nth_map (q0, [::])).
rewrite log_sum_logs /args size_cat big_split_ord /= [X in _ = _ + X]big1 ?addr0 => [|k _]; last first.
  by rewrite nth_default ?size_map ?size_iota ?leq_addr// QR0 mul0r.
under eq_bigr do rewrite mulr_suml; rewrite exchange_big; apply: eq_bigr => k _ /=.
rewrite nth_cat ltn_ord (nth_map [::]) ?size_columns// dotqE mulr_suml; apply: eq_bigr => j _.
rewrite (nth_map 0%N) ?size_iota// nth_iota// add0n (nth_map (q0, [::]))//.
by rewrite mulrAC.
Qed.

Lemma beta_gt0 : 0 < b. Proof. by case/and3P: ok; rewrite (QR_pos R). Qed.

Lemma weight_dist : is_dist (@weight R i).
Proof.
case/and3P: ok => _ s1 p; split=> [x|].
  by have /and4P[] := all_iota p x; rewrite (QR_pos R) => /ltW.
move: s1; rewrite (QR_eqb R) QRsum QR1 big_map => /eqP <-.
by rewrite (big_nth (Prompt q0 q0 [::])) big_mkord.
Qed.

Lemma base_gt0 x : full_support (@base R i x).
Proof.
move=> y; rewrite /base -QR_pos; have /(all_nthP (Response q0 [::])) h := filter_all (fun y => qpos (mass y))
  (responses (prompt_at i x)).
exact: h (ltn_ord y).
Qed.

Lemma prompt_okE (x : X i) : prompt_ok i t (prompt_at i x) (nth [::] (weights t) x) (nth [::] (log_sums t) x).
Proof. by case/and3P: ok => _ _ p; exact: all_iota p x. Qed.

Lemma base_dist x : is_dist (@base R i x).
Proof.
split=> [y|]; first exact/ltW/base_gt0.
have /and4P[_ s1 _ _] := prompt_okE x; move: s1; rewrite (QR_eqb R) QRsum QR1 big_map => /eqP <-.
by rewrite (big_nth (Response q0 [::])) big_mkord.
Qed.

Lemma support_gt0 (x : X i) : (0 < size (sup x))%N.
Proof.
case: posnP => // z; have := (base_dist x).2; rewrite big1 => [/esym/eqP|[j jn] _].
  by rewrite oner_eq0.
by exfalso; move: jn; rewrite z.
Qed.
Definition first (x : X i) : Y x := Ordinal (support_gt0 x).

Definition w (x : X i) (y : Y x) : Q := nth q0 (nth [::] (weights t) x) y.
Definition z (x : X i) : Q := partition (sup x) (nth [::] (weights t) x).

Lemma zero_log (a : Q) l m : is_zero m ((Qopp q1, a) :: l) -> 0 < e a /\ ln (e a) = log_sum R l.
Proof.
move=> h; split; first by case/andP: h => /andP[/andP[_]]; rewrite (QR_pos R).
move/(is_zeroP R): h; rewrite /log_sum big_cons /= QR_opp QR1 mulN1r addrC => /eqP.
by rewrite subr_eq0 => /eqP ->.
Qed.

Lemma weightE (x : X i) (y : Y x) : 0 < e (w y) /\
  expR (reward R y / b) = e (w y) * expR (reward R (first x) / b).
Proof.
have /and4P[_ _ ws _] := prompt_okE x; have /andP[] := all_iota ws y.
rewrite (QR_eqb R) => /eqP c /zero_log[w0 lnw]; split=> //.
rewrite -[reward R y](subrK (reward R (first x))) mulrDl expRD; congr (_ * _).
rewrite -[RHS]lnK // -/(w y) lnw; congr expR.
rewrite !rewardE [form i (the (first x))]/form -/(form i (the (first x))) c.
rewrite !log_sum_logs; move: (e (form i (response_at (sup x) 0)).1) => c0.
transitivity ((\sum_(k < size (args i t)) e (nth q0 (form i (the y)).2 k) * ln (e (nth q0 (args i t) k))
  - \sum_(k < size (args i t)) e (nth q0 (form i (the (first x))).2 k) * ln (e (nth q0 (args i t) k))) / b).
  by congr (_ / _); rewrite /= opprD addrACA subrr addr0 opprD addrACA subrr add0r.
rewrite -sumrB mulr_suml; apply: eq_bigr => k _.
by rewrite (nth_map 0%N) ?size_iota// nth_iota// add0n QRdiv QRB -mulrBl mulrAC.
Qed.

Lemma ZE (x : X i) : Z (@base R i x) (@reward R i x) b = e (z x) * expR (reward R (first x) / b).
Proof.
rewrite /Z /z QRsum big_map sum_iota mulr_suml; apply: eq_bigr => y _.
by have [_ ->] := weightE y; rewrite QRM /base mulrA.
Qed.

Lemma z_gt0 x : 0 < e (z x).
Proof.
by have := Z_gt0 (@reward R i x) b (base_dist x) (@base_gt0 x); rewrite ZE pmulr_lgt0 ?expR_gt0.
Qed.

Lemma optimumE x (y : Y x) : @optimum R i x y = base R y * e (w y) / e (z x).
Proof.
rewrite /optimum /softmax /pistar ZE; have [_ ->] := weightE y.
have := expR_gt0 (reward R (first x) / b) => /lt0r_neq0; have := lt0r_neq0 (z_gt0 x).
by move: (expR _) (e (z x)) => a c a0 c0; field; rewrite a0 c0.
Qed.

Lemma responsesP (C : seq response -> seq Q -> Q -> nat -> nat -> bool) : all_responses i t C ->
  forall (x : X i) (y : Y x), C (sup x) (nth [::] (weights t) x) (z x) x y.
Proof. by move=> h x y; have := all_iota (all_iota h x) y. Qed.

Theorem optimum_sound masses : optimum_ok i t masses ->
  forall (x : X i) (y : Y x), @optimum R i x y = e (nth q0 (nth [::] masses x) y).
Proof.
move=> h x y; have := responsesP h y; rewrite (QR_eqb R) !QRM => /eqP m.
by rewrite optimumE /base -m mulfK// lt0r_neq0// z_gt0.
Qed.

Lemma ratioE x (y : Y x) : @optimum R i x y / base R y = e (w y) / e (z x).
Proof.
have := lt0r_neq0 (base_gt0 y); rewrite optimumE.
have := lt0r_neq0 (z_gt0 x); move: (base R y) (e (z x)) => a c c0 a0; field; rewrite a0 c0//.
Qed.

Theorem coverage_sound C x y : coverage_ok i t C x y ->
  (forall (x : X i) (y : Y x), @optimum R i x y / base R y <= e C) /\
  exists (x : X i) (y : Y x), @optimum R i x y / base R y = e C.
Proof.
case/and4P=> le xn yn at_; split=> [x' y'|].
  by rewrite ratioE ler_pdivr_mulr ?z_gt0// -QRM -QR_le; exact: (responsesP le y').
exists (Ordinal xn), (Ordinal yn : Y (Ordinal xn)); rewrite ratioE.
have := at_; rewrite (QR_eqb R) QRM => /eqP h.
by apply: (canLR (mulfK _)) => //; rewrite lt0r_neq0// z_gt0.
Qed.

(* the value of pi*, and the gap of the base model, as combinations of logarithms *)
Lemma overE F : e (over i F) = \sum_(x : X i) weight R x * e (F x).
Proof. by rewrite QRsum big_map sum_iota; apply: eq_bigr => x _; rewrite QRM. Qed.

Lemma log_zE (x : X i) : b * ln (e (z x)) = \sum_(k < size (args i t)) e (log_of i t x k) * ln (e (nth q0 (args i t) k)).
Proof.
have /and4P[_ _ _ /zero_log[_ ->]] := prompt_okE x; rewrite log_sum_logs mulr_sumr.
by apply: eq_bigr => k _; rewrite QRM mulrA.
Qed.

Lemma log_ZE (x : X i) : b * ln (Z (@base R i x) (@reward R i x) b) = b * ln (e (z x)) + reward R (first x).
Proof.
rewrite ZE lnM ?posrE ?z_gt0 ?expR_gt0// expK mulrDr; congr (_ + _).
by rewrite mulrC divfK// lt0r_neq0// beta_gt0.
Qed.

Lemma valueE : value (@optimum R i) = \sum_(x : X i) weight R x * (b * ln (e (z x)) + reward R (first x)).
Proof.
rewrite /value /optimum gibbs_value_prompts//; [|exact: base_dist|exact: base_gt0|exact: beta_gt0].
by apply: eq_bigr => x _; rewrite log_ZE.
Qed.

Theorem value_sound v : value_ok i t v -> value (@optimum R i) = log_linear R v (args i t).
Proof.
case/andP=> c l; rewrite valueE /log_linear; move: c; rewrite (QR_eqb R) => /eqP ->; rewrite overE.
under [X in _ = _ + X]eq_bigr => k _.
  have := all_iota l k; rewrite (QR_eqb R) => /eqP ->; rewrite overE mulr_suml.
  over.
rewrite exchange_big -big_split; apply: eq_bigr => x _ /=; rewrite rewardE log_zE log_sum_logs.
rewrite QRD addrA [X in weight R x * X](_ : _ = (e (first_form i x).1 + e (baseline (prompt_at i x)))
  + \sum_(k < size (args i t)) (e (log_of i t x k) + e (nth q0 (first_form i x).2 k)) * ln (e (nth q0 (args i t) k))).
  rewrite mulrDr; congr (_ + _); rewrite mulr_sumr; apply: eq_bigr => k _.
  by rewrite QRD mulrA.
under [X in _ = _ + X]eq_bigr do rewrite mulrDl.
rewrite big_split /= -/(first_form i x).
move: (\sum_(_ < _) _) (\sum_(_ < _) _) => s1 s2; move: (e _) (e _) => u1 u2; ring.
Qed.

Lemma value_base : value (@base R i) = \sum_(x : X i) weight R x * E (@base R i x) (@reward R i x).
Proof.
apply: eq_bigr => x _; rewrite /J; suff -> : KL (@base R i x) (@base R i x) = 0 by rewrite mulr0 subr0.
by apply/Gibbs_eq => //; [exact: base_dist..|exact: base_gt0].
Qed.

Lemma base_formE (x : X i) : E (@base R i x) (@reward R i x) = e (first_form i x).1 + e (baseline (prompt_at i x))
  + \sum_(k < size (args i t)) e (base_form i x k) * ln (e (nth q0 (args i t) k)).
Proof.
have /and4P[_ _ ws _] := prompt_okE x.
transitivity (\sum_(y : Y x) base R y * (e (first_form i x).1 + e (baseline (prompt_at i x))
   + \sum_(k < size (args i t)) e (nth q0 (form i (the y)).2 k) * ln (e (nth q0 (args i t) k)))).
  apply: eq_bigr => y _; congr (_ * _); rewrite rewardE log_sum_logs addrAC; congr (_ + _ + _).
  by have /andP[] := all_iota ws y; rewrite (QR_eqb R) => /eqP.
under eq_bigr do rewrite mulrDr; rewrite big_split /= -mulr_suml (base_dist x).2 mul1r; congr (_ + _).
under eq_bigr do rewrite mulr_sumr; rewrite exchange_big; apply: eq_bigr => k _ /=.
rewrite QRsum big_map (big_nth (Response q0 [::])) big_mkord mulr_suml; apply: eq_bigr => y _.
by rewrite QRM mulrA.
Qed.

Theorem gap_sound v : gap_ok i t v ->
  value (@optimum R i) - value (@base R i) = log_linear R (q0, v) (args i t).
Proof.
move=> l; rewrite valueE value_base -sumrB /log_linear QR0 add0r.
under [RHS]eq_bigr => k _.
  have := all_iota l k; rewrite (QR_eqb R) => /eqP ->; rewrite overE mulr_suml.
  over.
rewrite exchange_big; apply: eq_bigr => x _ /=; rewrite base_formE rewardE log_zE log_sum_logs -mulrBr.
rewrite -/(first_form i x) addrAC [X in _ * X](_ : _ =
  \sum_(k < size (args i t)) (e (log_of i t x k) + e (nth q0 (first_form i x).2 k) - e (base_form i x k))
    * ln (e (nth q0 (args i t) k))).
  by rewrite mulr_sumr; apply: eq_bigr => k _; rewrite QRB QRD mulrA.
under [RHS]eq_bigr do rewrite mulrBl mulrDl.
rewrite sumrB big_split /=.
move: (\sum_(_ < _) _) (\sum_(_ < _) _) (\sum_(_ < _) _) => s1 s2 s3; move: (e _) (e _) => u1 u2; ring.
Qed.

End Sound.
