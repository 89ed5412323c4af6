(* Laws of ideal rejection and of SoftmaxSampler on an instance, as the kernel computes  *)
(* them: what a file of laws/ claims, what that says over the reals, and that the check   *)
(* is sound. Claims rejection-exact, truncated-rejection and softmax-sampler-tv.           *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import dist process gibbs prompts rejection softmax_sampler truncated_rejection.
From Spanner Require Import cert_numbers cert_instance.
From Spanner Require Import cert_optimum cert_base listing listing_run listing_links listing_means.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* M, N, and the law at each prompt: the masses of the responses, then for ideal rejection *)
(* that of failure                                                                          *)
Inductive sampling_law :=
| Rejection of Q & nat & seq (seq Q)
| Sampler of Q & nat & seq (seq Q).

Definition rejection_masses i x M N : seq Q :=
  let l := rejection_law i x M N in
  rcons [seq mass_of eq_op l (Some y) | y <- iota 0 (size (responses_at i x))] (mass_of eq_op l None).
Definition law_ok (i : instance) (l : sampling_law) : bool :=
  [&& problem_ok i, all (whole_exponents i) (iota 0 (size (prompts i))) & match l with
   | Rejection M N laws => qpos M && same_laws i (fun x => rejection_masses i x M N) laws
   | Sampler M N laws => same_laws i (fun x => masses i x (sampler_law i x M N)) laws end].
Definition laws_ok (cases : seq (instance * seq sampling_law)) : bool := all (fun c => all (law_ok c.1) c.2) cases.

Section Statement.
Variables (R : realType) (i : instance).
Definition law_holds (l : sampling_law) : Prop := match l with
  | Rejection M N laws => forall (x : X i) (o : option (Y x)),
      QR R (nth q0 (nth [::] laws x) (if o is Some y then val y else size (support (prompt_at i x))))
      = Pr (iid (truncated_trial (@base R i x) (@optimum R i x) (QR R M))) [::] N (fun t => first_acc t == o)
  | Sampler M N laws => forall (x : X i) (y : Y x),
      QR R (nth q0 (nth [::] laws x) y)
      = sampler (@base R i x) (@reward R i x) (QR R (beta i)) (QR R M) N y end.
End Statement.

Fixpoint laws_hold (R : realType) (cases : seq (instance * seq sampling_law)) : Prop :=
  if cases is (i, laws) :: cases' then
    (fix each (s : seq sampling_law) : Prop := if s is l :: s' then law_holds R i l /\ each s' else True) laws
    /\ laws_hold R cases'
  else True.

Lemma all2_nth (S T : Type) (P : S -> T -> bool) a b s t k :
  all2 P s t -> (k < size s)%N -> P (nth a s k) (nth b t k).
Proof. by elim: s t k => [|x s IH] [|y t] [|k] //= /andP[// h /IH]; apply. Qed.

Section Sampler.
Variables (R : realType) (T : finType) (piref f : T -> R) (beta M c : R) (N : nat).

(* only differences of rewards matter to SoftmaxSampler                                    *)
Lemma sampler_shift y : sampler piref (fun y => f y - c) beta M N y = sampler piref f beta M N y.
Proof.
pose k := expR (- c / beta); have k0 : k != 0 by rewrite gt_eqF ?expR_gt0.
have wE z : expR ((f z - c) / beta) = k * expR (f z / beta) by rewrite -expRD -mulrDl addrC.
apply: eq_bigr => t _; congr (_ * _).
have -> : zhat (fun y => f y - c) beta N t = k * zhat f beta N t.
  by rewrite /zhat mulrA mulr_sumr; congr (_ / _); apply: eq_bigr => z _.
move: (zhat f beta N t) => zh.
elim: N => [//|n IH] /=; apply: eq_bigr => z _; rewrite IH.
suff -> : accept (fun y => f y - c) beta M (k * zh) z = accept f beta M zh z by [].
by rewrite /accept wE -[k * zh * M]mulrA invfM mulrACA divff// mul1r.
Qed.
End Sampler.

Section Sound.
Variables (R : realType) (i : instance).
Local Notation e := (@QR R).
Local Notation b := (e (beta i)).
Local Notation sup x := (support (prompt_at i x)).
Hypothesis ok : problem_ok i.
Hypothesis whole : all (whole_exponents i) (iota 0 (size (prompts i))).

Lemma support_first (x : X i) : (0 < size (sup x))%N.
Proof.
case: posnP => // s0; have := (base_law R ok x).2; rewrite big1 => [/esym/eqP|[j jn] _].
  by rewrite oner_eq0.
by exfalso; move: jn; rewrite s0.
Qed.
Let fst_of (x : X i) : Y x := Ordinal (support_first x).

Lemma weight_firstE (x : X i) (y : Y x) :
  e (weight_of i x (phi (the y))) = expR ((reward R y - reward R (fst_of x)) / b).
Proof. exact: weight_of_means (all_iota whole x). Qed.

(* the quotients that the kernel computes are pi* / pi_ref                                  *)
Lemma ratio_means (x : X i) (y : Y x) : e (nth q0 (ratio i x) y) = optimum R y / base R y.
Proof.
have sz : size [seq weight_of i x (phi z) | z <- responses_at i x] = size (sup x) by rewrite size_map.
rewrite /ratio (nth_map q0) ?sz// (nth_map (Response q0 [::]))// QRdiv weight_firstE.
set w := map _ _ in sz *; set r1 := reward R (fst_of x).
have -> : e (qsum [seq qmul (mass z.1) z.2 | z <- zip (responses_at i x) w]) = Z (@base R i x) (@reward R i x) b / expR (r1 / b).
  rewrite QRsum big_map (big_nth (Response q0 [::], q0)) big_mkord size_zip sz minnn /Z mulr_suml.
  apply: eq_bigr => z _; rewrite nth_zip ?sz//= QRM -mulrA; congr (_ * _).
  by rewrite (nth_map (Response q0 [::]))// weight_firstE mulrBl expRB.
have := lt0r_neq0 (Z_gt0 (@reward R i x) b (base_law R ok x) (@base_gt0 R i x)).
have := lt0r_neq0 (base_gt0 R y); have := lt0r_neq0 (expR_gt0 (r1 / b)).
rewrite /optimum /softmax /pistar mulrBl expRB.
move: (expR _) (expR _) (Z _ _ _) (base R y) => p q r s q0' s0 r0; field; rewrite q0' s0 r0//.
Qed.

Lemma claimed law_at laws (x : X i) k : same_laws i law_at laws -> (k < size (law_at x))%N ->
  e (nth q0 (nth [::] laws x) k) = e (nth q0 (law_at x) k).
Proof.
case/andP=> _ same kn.
have h : all2 Qeq_bool (nth [::] [seq law_at x | x <- iota 0 (size (prompts i))] x) (nth [::] laws x).
  by apply: all2_nth same _; rewrite size_map size_iota.
rewrite (nth_map 0%N) ?size_iota// nth_iota// add0n in h.
by have := all2_nth q0 q0 h kn; rewrite (QR_eqb R) => /eqP ->.
Qed.

Lemma rejection_means (x : X i) M N (o : option (Y x)) : 0 < e M ->
  e (mass_of eq_op (rejection_law i x M N) (omap val o))
  = Pr (iid (truncated_trial (@base R i x) (@optimum R i x) (e M))) [::] N (fun t => first_acc t == o).
Proof.
move=> M0; have law := base_law R ok x; have b0 := @base_gt0 R i x.
rewrite /rejection_law base_at_means; apply: computed_is_truncated => // [|y]; last exact: ratio_means.
exact: pistar_dist.
Qed.

Lemma sampler_means (x : X i) M N (y : Y x) :
  e (mass_of eq_op (sampler_law i x M N) (val y)) = sampler (@base R i x) (@reward R i x) b (e M) N y.
Proof.
rewrite (@sampler_law_means R i x (fst_of x) M N y erefl (all_iota whole x)).
exact: sampler_shift.
Qed.
End Sound.

Lemma law_sound (R : realType) i l : law_ok i l -> law_holds R i l.
Proof.
case/and3P=> ok whole; case: l => [M N laws /andP[]|M N laws same x y].
  rewrite (QR_pos R) => M0 same x o; set k := (if o is Some y then _ else _).
  have kn : (k <= size (support (prompt_at i x)))%N by rewrite /k; case: o k => [y|] //=; rewrite ltnW.
  rewrite (claimed R same) ?size_rcons ?size_map ?size_iota//.
  rewrite -(rejection_means ok whole _ _ M0) nth_rcons size_map size_iota.
  rewrite /k {k kn}; case: o => [y|] /=; last by rewrite ltnn eqxx.
  by rewrite ltn_ord (nth_map 0%N) ?size_iota// nth_iota.
rewrite (claimed R same) ?size_map ?size_iota//.
by rewrite (nth_map 0%N) ?size_iota// nth_iota// add0n (sampler_means R ok whole).
Qed.

Theorem laws_sound (R : realType) (cases : seq (instance * seq sampling_law)) : laws_ok cases -> laws_hold R cases.
Proof.
rewrite /laws_ok; elim: cases => //= -[i laws] cases IH /andP[h /IH]; split=> //.
by elim: laws h => //= l s IHs /andP[/(law_sound R) h /IHs]; split.
Qed.
