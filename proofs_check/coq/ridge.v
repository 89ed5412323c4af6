(* The error of noiseless ridge regression, FMR25 Alg. SpannerSampling line 10. *)
(* Claim ridge-error: theta_t - theta* = - lambda Sigma^-1 theta*, and its       *)
(* prediction error is at most sqrt(lambda) |theta*| times the elliptical norm. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals ring.
From Spanner Require Import exp_facts potential.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Ridge.
Variables (R : realType) (d : nat) (lam : R) (v : nat -> 'rV[R]_d) (theta : 'rV[R]_d).
Hypothesis lam_gt0 : 0 < lam.

Definition dot (x y : 'rV[R]_d) : R := (x *m y^T) 0 0.

(* the ridge loss of z on m noiseless observations <theta*, v i> *)
Definition ridge_loss m (z : 'rV[R]_d) :=
  \sum_(i < m) (dot z (v i) - dot theta (v i)) ^+ 2 + lam * norm2 z.

Definition ridge m : 'rV[R]_d := theta - lam *: (theta *m invmx (Sigma lam v m)).

Lemma quad_Sigma m (x : 'rV[R]_d) :
  quad (Sigma lam v m) x = lam * norm2 x + \sum_(i < m) dot x (v i) ^+ 2.
Proof.
elim: m => [|m IH].
  rewrite /Sigma !big_ord0 !addr0 /quad mul_mx_scalar -scalemxAl mxE; congr (_ * _).
by rewrite SigmaS quadD IH quad_outer big_ord_recr /= addrA.
Qed.

Lemma dotBl x y z : dot (x - y) z = dot x z - dot y z.
Proof. by rewrite /dot mulmxBl !mxE. Qed.

Lemma dotC x y : dot x y = dot y x.
Proof. by rewrite /dot -[x *m _]trmxK trmx_mul trmxK mxE. Qed.

Lemma dotZl a x y : dot (a *: x) y = a * dot x y.
Proof. by rewrite /dot -scalemxAl mxE. Qed.

Lemma Sigma_sym m : (Sigma lam v m)^T = Sigma lam v m.
Proof. by have [] := spd_Sigma v lam_gt0 m. Qed.

Lemma norm2_ge0 (x : 'rV[R]_d) : 0 <= norm2 x.
Proof. by rewrite /norm2 mxE sumr_ge0// => i _; rewrite mxE -expr2 sqr_ge0. Qed.

Lemma dotBr x y z : dot x (y - z) = dot x y - dot x z.
Proof. by rewrite dotC dotBl ![dot _ x]dotC. Qed.

Lemma dotxx x : dot x x = norm2 x. Proof. by []. Qed.

Lemma norm2B x y : norm2 (x - y) = norm2 x - 2%:R * dot x y + norm2 y.
Proof. by rewrite -!dotxx dotBl !dotBr [dot y x]dotC; ring. Qed.

Lemma quadB (S : 'M[R]_d) x y : S^T = S ->
  quad S (x - y) = quad S x - 2%:R * dot (x *m S) y + quad S y.
Proof.
move=> sS; have qE z : quad S z = dot (z *m S) z by [].
have sw : dot (y *m S) x = dot (x *m S) y.
  by rewrite dotC /dot trmx_mul sS mulmxA.
by rewrite !qE mulmxBl dotBl !dotBr sw; ring.
Qed.

Let S m := Sigma lam v m.
Let err m : 'rV[R]_d := lam *: (theta *m invmx (S m)).

Lemma ridge_err m : ridge m - theta = - err m.
Proof. by rewrite /ridge addrAC subrr add0r. Qed.

(* the loss is its value at [ridge] plus the quadratic form of the distance, *)
(* so [ridge] is its only minimiser                                          *)
Theorem ridge_minimises m z :
  ridge_loss m z = ridge_loss m (ridge m) + quad (Sigma lam v m) (z - ridge m).
Proof.
have uS : S m \in unitmx by exact/spd_unit/spd_Sigma.
have lossE w : ridge_loss m w =
    quad (S m) (theta - w) - 2%:R * lam * dot theta (theta - w) + lam * norm2 theta.
  rewrite quad_Sigma /ridge_loss.
  have -> : \sum_(i < m) (dot w (v i) - dot theta (v i)) ^+ 2 =
            \sum_(i < m) dot (theta - w) (v i) ^+ 2.
    by apply: eq_bigr => i _; rewrite dotBl -sqrrN opprB.
  by rewrite norm2B dotBr dotxx; ring.
have eS : dot (err m *m S m) (theta - z) = lam * dot theta (theta - z).
  by rewrite /err -scalemxAl mulmxKV// dotZl.
have eSe : dot (err m *m S m) (err m) = lam * dot theta (err m).
  by rewrite /err -[in LHS]scalemxAl mulmxKV// dotZl.
have tr : theta - ridge m = err m by rewrite -[LHS]opprB ridge_err opprK.
rewrite !lossE tr (_ : z - ridge m = err m - (theta - z)); last first.
  by rewrite -tr opprB [RHS]addrC addrA subrK.
rewrite -/(S m) (quadB (err m) (theta - z) (Sigma_sym m)).
have qE : quad (S m) (err m) = dot (err m *m S m) (err m) by [].
rewrite eS qE eSe; move: (quad (S m) (theta - z)) (dot theta (theta - z)) (dot theta (err m)) => a b c.
by move: (norm2 theta) => e; ring.
Qed.

(* Cauchy-Schwarz *)
Lemma cauchy_schwarz (x y : 'rV[R]_d) : dot x y ^+ 2 <= norm2 x * norm2 y.
Proof.
have [y0|yn] := eqVneq (norm2 y) 0.
  have : y = 0.
    apply/rowP => i; apply/eqP; rewrite mxE -sqrf_eq0; move/eqP: y0.
    rewrite /norm2 mxE; under eq_bigr do rewrite mxE -expr2.
    by rewrite psumr_eq0 => [/allP/(_ i)|j _]; [rewrite mem_index_enum => /(_ isT)|exact: sqr_ge0].
  by move=> ->; rewrite /dot trmx0 mulmx0 mxE expr0n mulr_ge0 ?norm2_ge0.
have yp : 0 < norm2 y by rewrite lt_neqAle eq_sym yn norm2_ge0.
have := norm2_ge0 (x - (dot x y / norm2 y) *: y).
rewrite norm2B [dot x _]dotC dotZl [dot y x]dotC.
rewrite -[norm2 (_ *: y)]dotxx dotZl [dot y _]dotC dotZl dotxx => h.
apply: (@le_cert _ _ _ _ (mulr_ge0 h (ltW yp))).
by move: (dot x y) (norm2 x) (norm2 y) yn => a b c c0; field; rewrite c0.
Qed.

(* ridge-error: prediction error of the ridge estimate *)
Theorem ridge_error m phi : dot (ridge m - theta) phi ^+ 2
  <= lam * norm2 theta * quad (invmx (Sigma lam v m)) phi.
Proof.
have SS := spd_Sigma v lam_gt0 m; have uS := spd_unit SS; have sS := Sigma_sym m.
pose u := lam *: (phi *m invmx (S m)).
have tu : dot (ridge m - theta) phi = - dot theta u.
  have sw : dot (theta *m invmx (S m)) phi = dot theta (phi *m invmx (S m)).
    by rewrite /dot trmx_mul trmx_inv sS mulmxA.
  rewrite ridge_err -[- err m]scaleN1r dotZl mulN1r; congr (- _).
  by rewrite /err dotZl sw [RHS]dotC /u dotZl [in RHS]dotC.
have uu : norm2 u <= lam * quad (invmx (S m)) phi.
  have -> : lam * quad (invmx (S m)) phi = lam^-1 * quad (S m) u.
    have -> : quad (S m) u = dot (u *m S m) u by [].
    have -> : u *m S m = lam *: phi by rewrite /u -scalemxAl mulmxKV.
    by rewrite dotZl dotC /u dotZl !mulrA mulVf ?lt0r_neq0// mul1r.
  rewrite quad_Sigma mulrDr mulrA mulVf ?lt0r_neq0// mul1r ler_addl.
  by rewrite mulr_ge0 ?invr_ge0 ?(ltW lam_gt0)// sumr_ge0// => i _; exact: sqr_ge0.
rewrite tu sqrrN; apply: le_trans (cauchy_schwarz theta u) _.
by rewrite -mulrA mulrCA ler_wpmul2l ?norm2_ge0.
Qed.

End Ridge.
