(* Elliptic potential and the size of the spanner, in every dimension.         *)
(* Claims spanner-size and elliptic-potential; FMR25 Alg. SpannerSampling.     *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Quad.
Variable R : realType.

(* the quadratic form x S x^T, as a scalar *)
Definition quad n (S : 'M[R]_n) (x : 'rV[R]_n) : R := (x *m S *m x^T) 0 0.

Definition spd n (S : 'M[R]_n) := S^T = S /\ forall x : 'rV[R]_n, x != 0 -> 0 < quad S x.

Lemma quadD n (S T : 'M[R]_n) x : quad (S + T) x = quad S x + quad T x.
Proof. by rewrite /quad mulmxDr mulmxDl mxE. Qed.

Lemma quad_outer n (v x : 'rV[R]_n) : quad (v^T *m v) x = ((x *m v^T) 0 0) ^+ 2.
Proof.
rewrite /quad mulmxA -mulmxA -[v *m x^T]trmxK trmx_mul trmxK.
by rewrite mxE big_ord1 [_^T _ _]mxE expr2.
Qed.

Lemma quad_scalar n (a : R) (x : 'rV[R]_n) : quad a%:M x = a * \sum_i x 0 i ^+ 2.
Proof.
rewrite /quad mul_mx_scalar -scalemxAl !mxE; congr (_ * _).
by apply: eq_bigr => i _; rewrite mxE expr2.
Qed.

Lemma quad_delta n (S : 'M[R]_n) i : quad S (delta_mx 0 i) = S i i.
Proof. by rewrite /quad -rowE trmx_delta -colE !mxE. Qed.

Lemma delta_neq0 n (i : 'I_n) : delta_mx 0 i != 0 :> 'rV[R]_n.
Proof.
by apply/eqP => /matrixP/(_ 0 i); rewrite !mxE !eqxx => /eqP; rewrite oner_eq0.
Qed.

Lemma spd_diag n (S : 'M[R]_n) i : spd S -> 0 < S i i.
Proof. by move=> [_ /(_ _ (delta_neq0 i))]; rewrite quad_delta. Qed.

Lemma spd_scalar n (a : R) : 0 < a -> spd (a%:M : 'M[R]_n).
Proof.
move=> a0; split=> [|x x0]; first exact: tr_scalar_mx.
rewrite quad_scalar pmulr_rgt0// lt_neqAle sumr_ge0 ?andbT => [|i _]; last exact: sqr_ge0.
apply: contraNneq x0 => /esym/eqP; rewrite psumr_eq0 => [|i _]; last exact: sqr_ge0.
move=> /allP H; apply/eqP/rowP => i; rewrite mxE; apply/eqP.
by rewrite -sqrf_eq0; apply: H; rewrite mem_index_enum.
Qed.

Lemma spd_rank1 n (S : 'M[R]_n) (v : 'rV[R]_n) : spd S -> spd (S + v^T *m v).
Proof.
move=> [sS pS]; split=> [|x x0]; first by rewrite linearD /= trmx_mul trmxK sS.
by rewrite quadD ltr_paddr ?pS// quad_outer sqr_ge0.
Qed.

Lemma spd_unit n (S : 'M[R]_n) : spd S -> S \in unitmx.
Proof.
move=> [_ pS]; rewrite unitmxE unitfE; apply/det0P => -[x x0 xS].
by have := pS _ x0; rewrite /quad xS mul0mx mxE ltxx.
Qed.

(* ---- matrix determinant lemma ---- *)
Lemma det_1_rank1 n (u : 'cV[R]_n) (w : 'rV[R]_n) :
  \det (1%:M + u *m w) = 1 + (w *m u) 0 0.
Proof.
pose L : 'M[R]_(n + 1) := block_mx 1%:M 0 w 1%:M.
pose U : 'M[R]_(n + 1) := block_mx (1%:M + u *m w) u 0 1%:M.
pose L' : 'M[R]_(n + 1) := block_mx 1%:M 0 (- w) 1%:M.
have E : L *m U *m L' = block_mx 1%:M u 0 (1%:M + w *m u).
  rewrite !mulmx_block !mul1mx !mul0mx !mulmx1 !mulmx0 !addr0 !add0r !mulmxN.
  rewrite addrK [w *m u + _]addrC; congr block_mx.
  by rewrite mulmxDr mulmx1 mulmxDl mul1mx mulmxA subrr.
have := congr1 determinant E.
rewrite !det_mulmx !det_lblock !det_ublock !det1 !mul1r !mulr1 => ->.
by rewrite det_mx11 !mxE.
Qed.

Lemma det_rank1 n (S : 'M[R]_n) (v : 'rV[R]_n) : S \in unitmx ->
  \det (S + v^T *m v) = \det S * (1 + quad (invmx S) v).
Proof.
move=> uS; have -> : S + v^T *m v = S *m (1%:M + (invmx S *m v^T) *m v).
  by rewrite mulmxDr mulmx1 !mulmxA mulmxV// mul1mx.
by rewrite det_mulmx det_1_rank1 mulmxA.
Qed.

(* ---- Hadamard: det S <= prod of the diagonal, by Schur complements ---- *)
Lemma spd_schur n (S : 'M[R]_(1 + n)) (a := S 0 0) (r := ursubmx S)
    (C := drsubmx S - a^-1 *: (r^T *m r)) :
  spd S -> spd C /\ \det S = a * \det C.
Proof.
move=> SS; have a0 : 0 < a := spd_diag 0 SS; have [sS pS] := SS.
have ulS : ulsubmx S = a%:M.
  by apply/matrixP => i j; rewrite !ord1 !mxE eqxx mulr1n; congr (S _ _); apply/val_inj.
have dlS : dlsubmx S = r^T by rewrite /r trmx_ursub sS.
have drS : (drsubmx S)^T = drsubmx S by rewrite trmx_drsub sS.
pose P : 'M[R]_(n, 1 + n) := row_mx (- (a^-1 *: r^T)) 1%:M.
have PS : P *m S = row_mx 0 C.
  rewrite -[S]submxK ulS dlS mul_row_block !mul1mx !mulNmx mul_mx_scalar.
  by rewrite scalerA divff ?gt_eqF// scale1r addNr -scalemxAl addrC.
have PSP : P *m S *m P^T = C.
  by rewrite PS tr_row_mx mul_row_col mul0mx add0r trmx1 mulmx1.
split; first split.
- by rewrite /C linearB /= drS linearZ /= trmx_mul trmxK.
- move=> x x0; have xP0 : x *m P != 0.
    apply: contraNneq x0 => /(congr1 (@rsubmx _ _ _ _)).
    by rewrite mul_mx_row row_mxKr mulmx1 linear0 => ->.
  by have := pS _ xP0; rewrite /quad trmx_mul !mulmxA -(mulmxA x) -(mulmxA x) PSP.
pose L : 'M[R]_(1 + n) := col_mx (row_mx 1%:M 0) P.
have dL : \det L = 1 by rewrite /L /P -[col_mx _ _]/(block_mx _ _ _ _) det_lblock !det1 mulr1.
have : \det (L *m S) = a * \det C.
  rewrite mul_col_mx PS -[S in row_mx _ _ *m S]submxK mul_row_block.
  rewrite !mul1mx !mul0mx !addr0 ulS -[col_mx _ _]/(block_mx _ _ _ _).
  by rewrite det_ublock det_scalar1.
by rewrite det_mulmx dL mul1r.
Qed.

Theorem hadamard n (S : 'M[R]_n) : spd S -> \det S <= \prod_i S i i.
Proof.
elim: n S => [|n IH] S SS; first by rewrite det_mx00 big_ord0.
have [SC ->] := @spd_schur n S SS.
rewrite big_ord_recl; apply: ler_wpmul2l; first exact/ltW/spd_diag.
apply: le_trans (IH _ SC) _; apply: ler_prod => i _; apply/andP; split.
  exact/ltW/spd_diag.
have -> : lift ord0 i = rshift 1 i by apply/val_inj.
rewrite !mxE big_ord1 !mxE.
rewrite ler_subl_addr ler_addl -expr2 mulr_ge0 ?sqr_ge0// invr_ge0.
exact/ltW/(spd_diag 0 SS).
Qed.

Theorem det_le_trace n (S : 'M[R]_n) : spd S -> \det S <= (\tr S / n%:R) ^+ n.
Proof.
move=> SS; apply: le_trans (hadamard SS) _.
have [|+ _] := @leif_AGM _ _ 'I_n (fun i => S i i).
  by move=> i _; exact/ltW/spd_diag.
by rewrite card_ord.
Qed.

(* ---- the potential argument ---- *)
Section Potential.
Variables (d : nat) (lam : R) (v : nat -> 'rV[R]_d).
Hypothesis lam_gt0 : 0 < lam.

Definition Sigma m := lam%:M + \sum_(i < m) (v i)^T *m v i.
(* squared elliptical norm of the i-th vector when it is added *)
Definition bonus2 i := quad (invmx (Sigma i)) (v i).
Definition norm2 (x : 'rV[R]_d) := (x *m x^T) 0 0.

Lemma SigmaS m : Sigma m.+1 = Sigma m + (v m)^T *m v m.
Proof. by rewrite /Sigma big_ord_recr /= addrA. Qed.

Lemma spd_Sigma m : spd (Sigma m).
Proof.
elim: m => [|m IH]; first by rewrite /Sigma big_ord0 addr0; exact: spd_scalar.
by rewrite SigmaS; exact: spd_rank1.
Qed.

Lemma bonus2_ge0 i : 0 <= bonus2 i.
Proof.
have SS := spd_Sigma i; have [sS pS] := SS; have uS := spd_unit SS.
have -> : bonus2 i = quad (Sigma i) (v i *m invmx (Sigma i)).
  by rewrite /quad mulmxKV// trmx_mul trmx_inv sS mulmxA.
have [->|y0] := eqVneq (v i *m invmx (Sigma i)) 0; first by rewrite /quad !mul0mx mxE.
exact/ltW/pS.
Qed.

Lemma det_Sigma m : \det (Sigma m) = lam ^+ d * \prod_(i < m) (1 + bonus2 i).
Proof.
elim: m => [|m IH]; first by rewrite /Sigma !big_ord0 addr0 det_scalar mulr1.
rewrite SigmaS det_rank1; last exact/spd_unit/spd_Sigma.
by rewrite IH big_ord_recr /= mulrA.
Qed.

Lemma tr_Sigma m : \tr (Sigma m) = lam *+ d + \sum_(i < m) norm2 (v i).
Proof.
rewrite /Sigma linearD /= mxtrace_scalar linear_sum /=; congr (_ + _).
by apply: eq_bigr => i _; rewrite mxtrace_mulC trace_mx11.
Qed.

Theorem potential_prod (L : R) m : (0 < d)%N ->
  (forall i, (i < m)%N -> norm2 (v i) <= L) -> 0 <= L ->
  \prod_(i < m) (1 + bonus2 i) <= (1 + L * m%:R / (lam * d%:R)) ^+ d.
Proof.
move=> d0 v1 L0; have ld : 0 < lam ^+ d by rewrite exprn_gt0.
have dR : 0 < d%:R :> R by rewrite ltr0n.
rewrite -(ler_pmul2l ld) -det_Sigma -exprMn; apply: le_trans (det_le_trace (spd_Sigma m)) _.
have tr0 : 0 <= \tr (Sigma m) by apply: sumr_ge0 => i _; exact/ltW/spd_diag/spd_Sigma.
apply: ler_expn2r; rewrite ?nnegrE ?divr_ge0 ?ler0n//.
  by rewrite mulr_ge0 ?addr_ge0 ?divr_ge0 ?mulr_ge0 ?ler0n ?ler01// ltW.
have -> : lam * (1 + L * m%:R / (lam * d%:R)) = (lam *+ d + L * m%:R) / d%:R.
  by rewrite -mulr_natr; field; rewrite !lt0r_neq0.
rewrite ler_pmul2r ?invr_gt0// tr_Sigma ler_add2l mulr_natr.
rewrite -[m in leRHS]card_ord -sumr_const; apply: ler_sum => i _.
exact: v1.
Qed.

(* spanner-size: when every accepted difference v i (of norm at most 2) had a  *)
(* squared elliptical norm of at least nu^2 as it was accepted,                *)
(* (1+nu^2)^m <= det(Sigma)/lam^d <= (1 + 4 m/(lam d))^d.                       *)
Theorem spanner_size_det nu m : (forall i, (i < m)%N -> nu ^+ 2 <= bonus2 i) ->
  (1 + nu ^+ 2) ^+ m <= \det (Sigma m) / lam ^+ d.
Proof.
move=> acc; rewrite det_Sigma mulrAC divff ?mul1r ?gt_eqF ?exprn_gt0//.
rewrite -[m in leLHS]card_ord -prodr_const; apply: ler_prod => i _.
by rewrite addr_ge0 ?sqr_ge0//= ler_add2l acc.
Qed.

Theorem det_Sigma_le m : (0 < d)%N -> (forall i, (i < m)%N -> norm2 (v i) <= 4%:R) ->
  \det (Sigma m) / lam ^+ d <= (1 + 4%:R * m%:R / (lam * d%:R)) ^+ d.
Proof.
move=> d0 v4; rewrite det_Sigma mulrAC divff ?mul1r ?gt_eqF ?exprn_gt0//.
by apply: potential_prod => //; exact: ler0n.
Qed.

Theorem spanner_size_alg nu m : (0 < d)%N ->
  (forall i, (i < m)%N -> norm2 (v i) <= 4%:R) ->
  (forall i, (i < m)%N -> nu ^+ 2 <= bonus2 i) ->
  (1 + nu ^+ 2) ^+ m <= (1 + 4%:R * m%:R / (lam * d%:R)) ^+ d.
Proof.
by move=> d0 v4 acc; apply: le_trans (spanner_size_det acc) (det_Sigma_le d0 v4).
Qed.

End Potential.
End Quad.

Section Count.
Variable R : realType.

(* log 2 * min(1, x) <= log(1 + x): concavity of the logarithm on [1, 2] *)
Lemma ln2_min1_le (x : R) : 0 <= x -> ln 2%:R * Num.min 1 x <= ln (1 + x).
Proof.
move=> x0; have p : 0 < 1 + x by rewrite ltr_spaddl ?ltr01.
have [x1|/ltW x1] := lerP 1 x.
  by rewrite mulr1 ler_ln ?posrE ?ltr0n// mulr2n ler_add2l.
rewrite -ler_expR [expR (ln (1 + x))]lnK ?posrE//.
have := @expR_chord R 0 (ln 2%:R) x x0 x1; rewrite expR0 lnK ?posrE ?ltr0n//.
by rewrite mul0r add0r mul1r => /le_trans; apply; rewrite mulrDl mul1r addrA subrK.
Qed.

(* elliptic-potential, with the constant log 2; attained at d = lam = v = T = 1 *)
Theorem elliptic_potential (d m : nat) (lam : R) (v : nat -> 'rV[R]_d) : 0 < lam ->
  ln 2%:R * (\sum_(i < m) Num.min 1 (bonus2 lam v i))
    <= ln (\det (Sigma lam v m) / \det (Sigma lam v 0)).
Proof.
move=> l0.
have b0 i : 0 <= bonus2 lam v i by exact: bonus2_ge0.
have p i : 0 < 1 + bonus2 lam v i by rewrite ltr_spaddl ?ltr01.
have pp k : 0 < \prod_(i < k) (1 + bonus2 lam v i) by apply: prodr_gt0.
have -> : \det (Sigma lam v m) / \det (Sigma lam v 0) = \prod_(i < m) (1 + bonus2 lam v i).
  rewrite !(det_Sigma v l0) big_ord0 mulr1 mulrAC divff ?mul1r//.
  by rewrite gt_eqF// exprn_gt0.
rewrite mulr_sumr.
elim: m => [|m IH]; first by rewrite !big_ord0 ln1.
by rewrite !big_ord_recr /= lnM ?posrE ?pp ?p// ler_add// ln2_min1_le.
Qed.

(* the textbook form, from elliptic-potential's product form *)
Lemma min1_le_ln (x : R) : 0 <= x -> Num.min 1 x <= 2%:R * ln (1 + x).
Proof.
move=> x0; have p : 0 < 1 + x by rewrite ltr_spaddl ?ltr01.
have h : x / (1 + x) <= ln (1 + x).
  have := @ln_le_sub1 R (1 + x)^-1; rewrite invr_gt0 lnV// => /(_ p).
  rewrite ler_oppl opprB; apply: le_trans; rewrite le_eqVlt; apply/orP; left.
  by apply/eqP; field; exact: lt0r_neq0.
apply: le_trans (_ : 2%:R * (x / (1 + x)) <= _); last by rewrite ler_pmul2l ?ltr0n.
rewrite mulrA ler_pdivl_mulr// mulrDr mulr1 [2%:R * x]mulr_natl mulr2n.
have [x1|/ltW x1] := lerP 1 x.
  by rewrite mul1r ler_add2r.
by rewrite ler_add2l -[leRHS]mulr1 ler_wpmul2l.
Qed.

Theorem elliptic_potential_trace (d m : nat) (lam : R) (v : nat -> 'rV[R]_d) :
  0 < lam -> (0 < d)%N -> (forall i, (i < m)%N -> norm2 (v i) <= 4%:R) ->
  \sum_(i < m) Num.min 1 (bonus2 lam v i)
    <= 2%:R * d%:R * ln (1 + 4%:R * m%:R / (lam * d%:R)).
Proof.
move=> l0 d0 v1.
have b0 i : 0 <= bonus2 lam v i by exact: bonus2_ge0.
apply: (@le_trans _ _ (2%:R * \sum_(i < m) ln (1 + bonus2 lam v i))).
  by rewrite mulr_sumr; apply: ler_sum => i _; exact: min1_le_ln.
rewrite -mulrA ler_pmul2l ?ltr0n//.
have p i : 0 < 1 + bonus2 lam v i by rewrite ltr_spaddl ?ltr01.
have pp k : 0 < \prod_(i < k) (1 + bonus2 lam v i) by apply: prodr_gt0.
have -> : \sum_(i < m) ln (1 + bonus2 lam v i) = ln (\prod_(i < m) (1 + bonus2 lam v i)).
  elim: m {v1} => [|m IH]; first by rewrite !big_ord0 ln1.
  by rewrite !big_ord_recr /= IH lnM ?posrE ?pp ?p.
have p2 : 0 < 1 + 4%:R * m%:R / (lam * d%:R).
  by rewrite ltr_spaddl ?ltr01// divr_ge0 ?mulr_ge0 ?ler0n// ltW.
rewrite [_%:R * ln _]mulr_natl -lnX// ler_ln ?posrE ?exprn_gt0 ?pp//.
by apply: potential_prod => //; rewrite ler0n.
Qed.

End Count.
