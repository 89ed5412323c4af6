(* SoftmaxSampler within the listing of SpannerSampling, line 13, on an instance: its law  *)
(* is that of the theorems, for the rewards of covered pairs. For claim spanner-as-listed.  *)
From Coq Require Import ZArith QArith.
From Coq Require Qcanon.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ssrZ reals sequences exp.
From Spanner Require Import dist process gibbs ridge softmax_sampler spanner_rule end_to_end span_run as_listed.
From Spanner Require Import cert_numbers cert_instance cert_base listing listing_run listing_links listing_means elimination.
From Spanner Require Import listing_states listing_spanner.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* a law p on T that is 0 beyond the image of j, and what SoftmaxSampler makes of it        *)
Section Embedded.
Variables (R : realType) (T U : finType) (j : U -> T) (p f : T -> R) (beta M : R) (N : nat).
Hypothesis j_inj : injective j.
Hypothesis image : forall F : T -> R, \sum_t p t * F t = \sum_u p (j u) * F (j u).
Local Notation on g := (fun u => g (j u)).

Lemma trials_embedded zh n u : trials p f beta M zh n (j u) = trials (on p) (on f) beta M zh n u.
Proof.
elim: n => [//|n IH] /=; rewrite image; apply: eq_bigr => u' _.
by rewrite -IH (inj_eq j_inj).
Qed.

Lemma seq_embedded n (F : seq T -> R) : \sum_(t : n.-tuple T) seqp (iid p) t * F t
  = \sum_(t : n.-tuple U) seqp (iid (on p)) t * F (map j t).
Proof.
elim: n F => [|n IH] F.
  by rewrite (sum_tuple0 (fun t => seqp (iid p) t * F t)) (sum_tuple0 (fun t => seqp (iid (on p)) t * F (map j t))).
rewrite (sum_tupleS _ (fun t => seqp (iid p) t * F t)) (sum_tupleS _ (fun t => seqp (iid (on p)) t * F (map j t))).
under eq_bigr do under eq_bigr do rewrite seqp_cons -mulrA.
under eq_bigr do rewrite -mulr_sumr (IH (fun t => F (_ :: t))).
rewrite image; apply: eq_bigr => u _; rewrite mulr_sumr; apply: eq_bigr => t _.
by rewrite seqp_cons mulrA.
Qed.

Lemma sampler_embedded u : sampler p f beta M N (j u) = sampler (on p) (on f) beta M N u.
Proof.
rewrite /sampler (seq_embedded N (fun t => trials p f beta M (zhat f beta N t) N (j u))).
by apply: eq_bigr => t _; rewrite trials_embedded /zhat big_map.
Qed.
End Embedded.

Section Whole.
Variable R : realType.
Local Notation e := (@QR R).
Definition whole_value (r : R) : Prop := exists z, r = ZR R z.

Lemma whole_int q : whole q -> whole_value (e q).
Proof. by rewrite /whole /QR; case: (Qden q) => // _; exists (Qnum q); rewrite [ZR R 1](_ : _ = 1) ?divr1. Qed.
Lemma whole0 : whole_value 0. Proof. by exists Z0; rewrite /ZR. Qed.
Lemma wholeB r s : whole_value r -> whole_value s -> whole_value (r - s).
Proof. by case=> y -> [z ->]; exists (Z.add y (Z.opp z)); rewrite ZRD ZRN. Qed.

(* a product is in lowest terms                                                             *)
Lemma whole_qmul a b : whole_value (e a * e b) -> whole (qmul a b).
Proof.
case=> z; rewrite -QRM => ez; have : Qeq_bool (qmul a b) (Qmake z 1).
  by rewrite (QR_eqb R) ez /QR /= [ZR R 1](_ : _ = 1) ?divr1.
move/Qeq_bool_iff/Qred_complete; rewrite /qmul (Qred_complete _ _ (Qred_correct _)) => ->.
by rewrite /whole Qcanon.Qred_identity//= Z.gcd_1_r.
Qed.
End Whole.

Section Sampled.
Variables (R : realType) (i : instance).
Local Notation e := (@QR R).
Local Notation b := (e (beta i)).
Local Notation d := (size (theta i)).
Local Notation row := (@row_of R d).
Local Notation sup x := (support (prompt_at i x)).
Local Notation features := (@feature_in R i).
Local Notation masses := (@base_in R i).
Local Notation coef r k := (e (nth q0 r k)).
Hypothesis ok : problem_ok i.
Hypothesis fit : features_fit i.
Hypothesis wholes : all (whole_exponents i) (iota 0 (size (prompts i))).

Lemma exp_of_number (r : number) : all qpos (atoms i) -> coef r 0 = 0 ->
  (forall k, whole_value (coef r k.+1 / b)) -> e (exp_over_beta i r) = expR (number_value R i r / b).
Proof.
move=> a0 r0 rw; apply: exp_over_betaE => //.
  by rewrite /is0 (QR_eqb R) QR0 -nth0 nth_times r0 mulr0.
apply/(all_nthP q0) => k; rewrite size_behead size_map => kn; rewrite nth_behead (nth_map q0); last first.
  by rewrite -ltn_predRL.
by apply/(@whole_qmul R); rewrite QRdiv QR1 mul1r mulrC.
Qed.

Lemma exponent_at (x : X i) (y : Y x) k :
  coef (dot_numbers (parameter_of i) (minus (phi (the y)) (first_features i x))) k / b
  = coef (exponents_of i x (the y)) k.
Proof. by rewrite nth_times QRdiv QR1 mul1r mulrC. Qed.

Lemma whole_exponents_at (x : X i) (y : Y x) : coef (exponents_of i x (the y)) 0 = 0
  /\ forall k, whole_value (coef (exponents_of i x (the y)) k.+1).
Proof.
have /andP[_ /(all_nthP (Response q0 [::]))/(_ y (ltn_ord y))/andP[w0 ww]] := all_iota wholes x.
split=> [|k]; first by move: w0; rewrite /is0 (QR_eqb R) QR0 -nth0 => /eqP.
rewrite -nth_behead; case: (ltnP k (size (behead (exponents_of i x (the y))))) => kn.
  exact: whole_int (all_nthP q0 ww k kn).
by rewrite nth_default// QR0; exact: whole0.
Qed.

Lemma pair_coefficients (x : X i) (y y' : Y x) k :
  coef (dot_numbers (parameter_of i) (minus (phi (the y)) (phi (the y')))) k / b
  = coef (exponents_of i x (the y)) k - coef (exponents_of i x (the y')) k.
Proof.
rewrite -!exponent_at -mulrBl !nth_dot -sumrB; congr (_ / b); apply: eq_bigr => j _.
by rewrite -mulrBl !nth_minus opprB addrA subrK.
Qed.

(* a parameter that is exact on a span                                                      *)
Definition exact_on (s : seq 'rV[R]_d) (th : seq number) : Prop := forall v k, (row v <= span_list s)%MS ->
  coef (dot_numbers th v) k = coef (dot_numbers (parameter_of i) v) k.
Local Notation known s x := (f_run features (parameter R i) s x).

Lemma truncated_means s th (x : X i) (y y' : Y x) : reachable R i s -> exact_on (accepted R i s.2) th ->
  e (exp_over_beta i (truncated minus [::] in_span dot_numbers s.1 th (phi (the y')) (phi (the y))))
  = expR (known (accepted R i s.2) x (in_width y') (in_width y) / b).
Proof.
move=> rs ex; have [a0 _] := andP (all_iota wholes x); have b0 := lt0r_neq0 (beta_pos R ok).
rewrite /truncated (covers_pair fit x (in_width y) (in_width y') rs) /f_run if_neg.
case: ifP => [_|/negbFE cov].
  have c0 k : coef ([::] : number) k = 0 by rewrite nth_nil QR0.
  rewrite exp_of_number// => [|k]; last by rewrite c0 mul0r; exact: whole0.
  by rewrite /number_value c0 add0r big1 ?mul0r// => k _; rewrite ?c0 ?QR0 mul0r.
have cE k : coef (dot_numbers th (minus (phi (the y)) (phi (the y')))) k
    = coef (dot_numbers (parameter_of i) (minus (phi (the y)) (phi (the y')))) k.
  by apply: ex; rewrite row_minus.
have [h0 hw] := whole_exponents_at y; have [h0' hw'] := whole_exponents_at y'.
rewrite exp_of_number// => [||k]; rewrite ?cE.
- rewrite /number_value cE; under eq_bigr do rewrite cE.
  by rewrite -/(number_value R i _) value_dot -row_minus.
- by apply/eqP; rewrite -(mulIr_eq0 _ (mulIf (invr_neq0 b0))) pair_coefficients h0 h0' subrr.
by rewrite pair_coefficients; apply: wholeB.
Qed.

(* line 13                                                                                  *)
Local Notation drawn s th v0 x M N := (sampled lists minus [::] in_span dot_numbers (exp_over_beta i) (base_at i) s th v0 x M N).
Lemma sampled_own s th (x : X i) (y y' : Y x) M N : reachable R i s -> exact_on (accepted R i s.2) th ->
  e (mass_of eq_op (drawn s.1 th (phi (the y')) x M N) (val y))
  = sampler (@base R i x) (fun y => known (accepted R i s.2) x (in_width y') (in_width y)) b (e M) N y.
Proof.
move=> rs ex; rewrite /sampled base_at_means.
by apply: computed_is_sampler => z; exact: truncated_means.
Qed.

Lemma sum_in_width (x : X i) (F : 'I_(width i) -> R) : \sum_y masses x y * F y = \sum_(y : Y x) base R y * F (in_width y).
Proof.
pose G k := if insub k is Some y then F y else 0.
have GE y : F y = G (val y) by rewrite /G valK.
under eq_bigr do rewrite GE; rewrite -sum_in; apply: eq_bigr => y _.
by rewrite GE.
Qed.

Theorem sampled_mass s th (x : X i) (y y' : Y x) M N : reachable R i s -> exact_on (accepted R i s.2) th ->
  e (mass_of eq_op (drawn s.1 th (phi (the y')) x M N) (val y))
  = sampler (@masses x) (known (accepted R i s.2) x (in_width y')) b (e M) N (in_width y).
Proof.
move=> rs ex; rewrite sampled_own//; symmetry; apply: (@sampler_embedded _ _ _ (@in_width i x)).
  by move=> u v /(congr1 val)/= uv; apply: val_inj.
exact: sum_in_width.
Qed.
End Sampled.
