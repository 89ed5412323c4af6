(* What noise of the rewards does to the first ridge estimate, FMR25 Alg. SpannerSampling line 10   *)
(* (ours). Claim ridge-noise: its mean squared error, exactly, and at most max(lambda B^2, 2 s^2)    *)
(* times the squared elliptical norm.                                                                *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals ring.
From Spanner Require Import exp_facts dist potential ridge.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* independent variables w k, each with its own law *)
Section Independent.
Variables (R : realType) (K O : finType) (nu : K -> O -> R).
Hypothesis nu_dist : forall k, is_dist (nu k).

Definition independent (w : {ffun K -> O}) : R := \prod_k nu k (w k).

Lemma mean_prod (F : K -> O -> R) :
  E independent (fun w => \prod_k F k (w k)) = \prod_k E (nu k) (F k).
Proof. by rewrite bigA_distr_bigA; apply: eq_bigr => w _; rewrite -big_split. Qed.

Lemma independent_dist : is_dist independent.
Proof.
split=> [w|]; first by apply: prodr_ge0 => k _; exact: (nu_dist k).1.
have := mean_prod (fun _ _ => 1); rewrite [RHS]big1 => [<-|k _].
  by apply: eq_bigr => w _; rewrite big1 ?mulr1.
by rewrite /E; under eq_bigr do rewrite mulr1; exact: (nu_dist k).2.
Qed.

Let one k : E (nu k) (fun=> 1) = 1.
Proof. by rewrite /E; under eq_bigr do rewrite mulr1; exact: (nu_dist k).2. Qed.

Lemma mean_one k (f : O -> R) : E independent (fun w => f (w k)) = E (nu k) f.
Proof.
pose F j o := if j == k then f o else 1.
transitivity (E independent (fun w => \prod_j F j (w j))).
  apply: eq_bigr => w _; congr (_ * _); rewrite (bigD1 k)//= /F eqxx big1 ?mulr1// => j /negbTE->.
  by [].
rewrite mean_prod (bigD1 k)//= big1 => [|j jk]; last by rewrite /F (negbTE jk) one.
by rewrite mulr1 /F eqxx.
Qed.

Lemma mean_two k l (f : O -> R) : k != l ->
  E independent (fun w => f (w k) * f (w l)) = E (nu k) f * E (nu l) f.
Proof.
move=> kl; have lk : l != k by rewrite eq_sym.
pose F j o := if (j == k) || (j == l) then f o else 1.
transitivity (E independent (fun w => \prod_j F j (w j))).
  apply: eq_bigr => w _; congr (_ * _); rewrite (bigD1 k)// (bigD1 l)//= /F !eqxx orbT/= mulrA.
  by rewrite big1 ?mulr1// => j /andP[/negbTE-> /negbTE->].
rewrite mean_prod (bigD1 k)// (bigD1 l)//= big1 => [|j /andP[/negbTE jk /negbTE jl]]; last first.
  by rewrite /F jk jl one.
by rewrite mulr1 /F !eqxx orbT.
Qed.
End Independent.

Section Noise.
Variables (R : realType) (d m : nat) (lam : R) (v : nat -> 'rV[R]_d) (theta : 'rV[R]_d).
Hypothesis lam_gt0 : 0 < lam.
Local Notation S := (Sigma lam v m).
Implicit Types (xi : 'I_m -> R) (phi z : 'rV[R]_d).

(* the ridge loss of z on the observations <theta*, v i> + xi i, and its minimiser *)
Definition noisy_loss xi z :=
  \sum_(i < m) (dot z (v i) - (dot theta (v i) + xi i)) ^+ 2 + lam * norm2 z.
Definition noisy_ridge xi : 'rV[R]_d :=
  ridge lam v theta m + (\sum_(i < m) xi i *: v i) *m invmx S.

Let sym : S^T = S. Proof. exact: Sigma_sym. Qed.
Let unit : S \in unitmx. Proof. exact/spd_unit/spd_Sigma. Qed.

Lemma dotDl (x y z : 'rV[R]_d) : dot (x + y) z = dot x z + dot y z.
Proof. by rewrite /dot mulmxDl mxE. Qed.

Lemma norm2D (x y : 'rV[R]_d) : norm2 (x + y) = norm2 x + 2%:R * dot y x + norm2 y.
Proof. by rewrite -!dotxx dotDl ![dot _ (x + y)]dotC !dotDl [dot x y]dotC; ring. Qed.

Lemma dot_sum (c : 'I_m -> R) (y : 'I_m -> 'rV[R]_d) z :
  dot (\sum_i c i *: y i) z = \sum_i c i * dot (y i) z.
Proof.
rewrite /dot mulmx_suml summxE; apply: eq_bigr => i _; by rewrite -scalemxAl mxE.
Qed.

Lemma dot_solve (x y : 'rV[R]_d) : dot (x *m invmx S) y = dot x (y *m invmx S).
Proof. by rewrite /dot trmx_mul trmx_inv sym mulmxA. Qed.

Let g xi := \sum_(i < m) xi i *: v i - lam *: theta.

Lemma noisy_err xi : noisy_ridge xi - theta = g xi *m invmx S.
Proof.
rewrite /noisy_ridge /ridge /g mulmxBl -scalemxAl addrAC.
by rewrite [theta - _]addrC addrK addrC.
Qed.

Let noisy_lossE xi z : noisy_loss xi z = quad S (z - noisy_ridge xi)
  + (\sum_(i < m) xi i ^+ 2 + lam * norm2 theta - quad S (g xi *m invmx S)).
Proof.
pose D := z - theta; have -> : z - noisy_ridge xi = D - g xi *m invmx S.
  by rewrite -noisy_err /D opprB addrA subrK.
rewrite quadB// (_ : dot (D *m S) _ = dot D (g xi)); last first.
  by rewrite -dot_solve mulmxK.
rewrite quad_Sigma /g [dot D _]dotC dotBl dot_sum dotZl /noisy_loss.
have -> : norm2 z = norm2 D + 2%:R * dot theta D + norm2 theta.
  by rewrite -norm2D subrK.
have -> : \sum_(i < m) (dot z (v i) - (dot theta (v i) + xi i)) ^+ 2 =
    \sum_(i < m) dot D (v i) ^+ 2 - 2%:R * (\sum_(i < m) xi i * dot (v i) D) + \sum_(i < m) xi i ^+ 2.
  rewrite mulr_sumr -sumrB -big_split /=; apply: eq_bigr => i _.
  by rewrite /D [dot (v i) _]dotC dotBl; ring.
by move: (quad S _) (\sum_i _) (\sum_i _) (\sum_i _) => q a b c; ring.
Qed.

(* line 10: [noisy_ridge] is the only minimiser *)
Theorem noisy_ridge_minimises xi z :
  noisy_loss xi z = noisy_loss xi (noisy_ridge xi) + quad S (z - noisy_ridge xi).
Proof.
have q0 : quad S 0 = 0 by rewrite /quad !mul0mx mxE.
by rewrite !noisy_lossE subrr q0 add0r addrC.
Qed.

Lemma noisy_at xi phi : dot (noisy_ridge xi - theta) phi =
  \sum_(i < m) xi i * dot (v i) (phi *m invmx S) - lam * dot theta (phi *m invmx S).
Proof. by rewrite noisy_err dot_solve dotBl dot_sum dotZl. Qed.

(* |phi|^2 in the Sigma^-1 norm is that of Sigma at Sigma^-1 phi *)
Lemma data_norm phi : \sum_(i < m) dot (v i) (phi *m invmx S) ^+ 2
  = quad (invmx S) phi - lam * norm2 (phi *m invmx S).
Proof.
have -> : quad (invmx S) phi = quad S (phi *m invmx S).
  by rewrite /quad mulmxKV// trmx_mul trmx_inv sym mulmxA.
rewrite quad_Sigma addrC addKr; apply: eq_bigr => i _; by rewrite dotC.
Qed.

(* each reward has fresh noise: e (w k) at reward k, of mean 0 and variance s2; the two rewards of   *)
(* the i-th pair are (i, true) and (i, false)                                                         *)
Variables (O : finType) (nu : 'I_m * bool -> O -> R) (e : O -> R) (s2 : R).
Hypothesis nu_dist : forall k, is_dist (nu k).
Hypothesis mean0 : forall k, E (nu k) e = 0.
Hypothesis variance : forall k, E (nu k) (fun o => e o ^+ 2) = s2.

Definition difference_noise (w : {ffun 'I_m * bool -> O}) (i : 'I_m) := e (w (i, true)) - e (w (i, false)).
(* the mean squared error at phi *)
Definition squared_error phi :=
  E (independent nu) (fun w => dot (noisy_ridge (difference_noise w) - theta) phi ^+ 2).

Let mean_product k l : E (independent nu) (fun w => e (w k) * e (w l)) = (k == l)%:R * s2.
Proof.
have [<-|kl] := eqVneq k l; last by rewrite mean_two// mean0 !mul0r.
by rewrite (mean_one nu_dist k (fun o => e o * e o)) mul1r -(variance k).
Qed.

Lemma difference_mean i : E (independent nu) (fun w => difference_noise w i) = 0.
Proof.
rewrite /E /difference_noise; under eq_bigr do rewrite mulrBr.
by rewrite sumrB -!/(E _ _) !mean_one// !mean0 subrr.
Qed.

Lemma difference_product i j :
  E (independent nu) (fun w => difference_noise w i * difference_noise w j) = (i == j)%:R * (2%:R * s2).
Proof.
pose M k l := E (independent nu) (fun w => e (w k) * e (w l)).
transitivity (M (i, true) (j, true) - M (i, true) (j, false)
  - M (i, false) (j, true) + M (i, false) (j, false)).
  rewrite /M /E -!sumrB -big_split /=; apply: eq_bigr => w _.
  by rewrite /difference_noise; ring.
rewrite /M !mean_product !xpair_eqE !eqxx !andbT (_ : (true == false) = false)//.
by rewrite (_ : (false == true) = false)// !andbF !mul0r; move: (_%:R : R) => b; ring.
Qed.

(* ridge-noise, the mean squared error exactly *)
Theorem ridge_noise phi : squared_error phi
  = lam ^+ 2 * dot theta (phi *m invmx S) ^+ 2
    + 2%:R * s2 * (quad (invmx S) phi - lam * norm2 (phi *m invmx S)).
Proof.
pose c (i : 'I_m) := dot (v i) (phi *m invmx S); pose b := lam * dot theta (phi *m invmx S).
pose P := independent nu; pose D := difference_noise.
have scale a f : E P (fun w => a * f w) = a * E P f.
  by rewrite /E mulr_sumr; apply: eq_bigr => w _; rewrite mulrCA.
have sum F : E P (fun w => \sum_(i < m) F i w) = \sum_i E P (F i).
  by rewrite /E exchange_big; apply: eq_bigr => w _; rewrite mulr_sumr.
transitivity (E P (fun w => \sum_i \sum_j c i * c j * (D w i * D w j))
    - 2%:R * b * E P (fun w => \sum_i c i * D w i) + b ^+ 2).
  have bb : b ^+ 2 = E P (fun=> b ^+ 2) by rewrite /E -mulr_suml (independent_dist nu_dist).2 mul1r.
  rewrite bb -scale /E -sumrB -big_split /=; apply: eq_bigr => w _.
  have -> : \sum_i \sum_j c i * c j * (D w i * D w j) = (\sum_i c i * D w i) ^+ 2.
    rewrite expr2 big_distrl /=; apply: eq_bigr => i _; rewrite mulr_sumr.
    by apply: eq_bigr => j _; ring.
  rewrite noisy_at -/b (eq_bigr (fun i => c i * D w i)) => [|i _]; last exact: mulrC.
  by rewrite -/P; move: (\sum_i _) (P w) => a p; ring.
have z : E P (fun w => \sum_i c i * D w i) = 0.
  by rewrite sum big1// => i _; rewrite scale difference_mean mulr0.
rewrite z mulr0 subr0 addrC -data_norm exprMn; congr (_ + _); rewrite sum mulr_sumr.
apply: eq_bigr => i _; rewrite sum (bigD1 i)//= big1 => [|j ji]; last first.
  by rewrite scale difference_product eq_sym (negbTE ji) mul0r mulr0.
by rewrite scale difference_product eqxx mul1r addr0 -expr2 mulrC.
Qed.

Lemma data_norm_ge0 phi : 0 <= quad (invmx S) phi - lam * norm2 (phi *m invmx S).
Proof. by rewrite -data_norm sumr_ge0// => i _; exact: sqr_ge0. Qed.

Theorem ridge_noise_le B phi : norm2 theta <= B ^+ 2 ->
  squared_error phi <= Num.max (lam * B ^+ 2) (2%:R * s2) * quad (invmx S) phi.
Proof.
move=> tB; rewrite ridge_noise; set q := quad _ _; set u := phi *m _; set top := Num.max _ _.
have -> : top * q = top * (lam * norm2 u) + top * (q - lam * norm2 u) by rewrite -mulrDr addrC subrK.
apply: ler_add; last by rewrite ler_wpmul2r ?data_norm_ge0// le_maxr lexx orbT.
have lu : 0 <= lam * norm2 u by rewrite mulr_ge0 ?norm2_ge0// ltW.
apply: le_trans (_ : lam * B ^+ 2 * (lam * norm2 u) <= _); last first.
  by rewrite ler_wpmul2r// le_maxr lexx.
have -> : lam * B ^+ 2 * (lam * norm2 u) = lam ^+ 2 * (B ^+ 2 * norm2 u) by ring.
rewrite ler_wpmul2l ?sqr_ge0//; apply: le_trans (cauchy_schwarz theta u) _.
by rewrite ler_wpmul2r// norm2_ge0.
Qed.
End Noise.

(* the bound is attained in one dimension, where lambda theta*^2 = 2 s^2, whatever the data *)
Theorem ridge_noise_attained (R : realType) (m : nat) (lam : R) (v : nat -> 'rV[R]_1) (theta : 'rV[R]_1)
    (O : finType) (nu : 'I_m * bool -> O -> R) (e : O -> R) (s2 : R) :
  0 < lam -> (forall k, is_dist (nu k)) -> (forall k, E (nu k) e = 0) ->
  (forall k, E (nu k) (fun o => e o ^+ 2) = s2) -> lam * norm2 theta = 2%:R * s2 -> forall phi,
  squared_error lam v theta nu e phi = 2%:R * s2 * quad (invmx (Sigma lam v m)) phi.
Proof.
move=> l0 nd n0 nv eq phi; rewrite (ridge_noise v theta l0 nd n0 nv) -eq; set u := phi *m _.
have -> : dot theta u ^+ 2 = norm2 theta * norm2 u.
  by rewrite /dot /norm2 !mxE !big_ord1 !mxE; move: (theta _ _) (\sum_j _) => a b; ring.
by move: (quad _ _) (norm2 _) (norm2 _) => q a b; ring.
Qed.
