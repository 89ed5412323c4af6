(* The two acceptance rules of phase 1, FMR25 Alg. SpannerSampling line 6: the     *)
(* elliptical norm, and membership of the span (ours). Claims spanner-coverage,  *)
(* spanner-size, span-mode-exact.                                                  *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process gibbs potential ridge spanner_coverage.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Inverse.
Variables (R : realType) (d : nat).
Implicit Types (S : 'M[R]_d) (x v : 'rV[R]_d).

Lemma quad_ge0 S x : spd S -> 0 <= quad S x.
Proof.
move=> [_ pS]; have [->|x0] := eqVneq x 0; first by rewrite /quad !mul0mx mxE.
exact/ltW/pS.
Qed.

(* adding a rank-one term lowers the elliptical norm of every vector *)
Theorem elliptic_norm_falls S v x : spd S -> quad (invmx (S + v^T *m v)) x <= quad (invmx S) x.
Proof.
move=> SS; have ST := spd_rank1 v SS; set T := S + _ in ST *.
have uS := spd_unit SS; have uT := spd_unit ST; have [sS _] := SS; have [sT _] := ST.
pose y0 := x *m invmx S; pose y1 := x *m invmx T.
have q1 : quad T y1 = dot x y1.
  by rewrite /quad /y1 mulmxKV.
have q0 : quad S y0 = dot x y0 by rewrite /quad /y0 mulmxKV.
have e0 : quad (invmx S) x = dot x y0 by rewrite dotC.
have e1 : quad (invmx T) x = dot x y1 by rewrite dotC.
have := quad_ge0 (y1 - y0) SS; rewrite -[y1 - y0]opprB -[- _]scaleN1r.
have -> : quad S (-1 *: (y0 - y1)) = quad S (y0 - y1).
  by rewrite /quad linearZ /= -!scalemxAl -scalemxAr scalerA mulrNN mulr1 scale1r.
rewrite (quadB y0 y1 sS) q0 /y0 mulmxKV// -/y0 => h.
have qT : quad T y1 = quad S y1 + dot y1 v ^+ 2 by rewrite quadD quad_outer.
rewrite e0 e1; apply: (le_cert (addr_ge0 h (sqr_ge0 (dot y1 v)))).
have -> : quad S y1 = dot x y1 - dot y1 v ^+ 2 by rewrite -q1 qT addrK.
by move: (dot x y0) (dot x y1) (dot y1 v) => a b c; ring.
Qed.

End Inverse.

(* Phase 1 with the elliptical rule: the state is the list of accepted differences *)
Section Elliptic.
Variables (R : realType) (d : nat) (X P : finType) (rho : X -> R) (q : X -> P -> R).
Variables (npair : nat) (phi : X -> P -> 'rV[R]_d) (lam nu : R).
Hypothesis rho_dist : is_dist rho.
Hypothesis q_dist : forall x, is_dist (q x).
Hypothesis lam_gt0 : 0 < lam.
Hypothesis d_gt0 : (0 < d)%N.
(* differences of features of norm at most 1 *)
Hypothesis phi_le : forall x z, norm2 (phi x z) <= 4%:R.

Definition vec (s : seq 'rV[R]_d) i := nth 0 s i.
Definition gram (s : seq 'rV[R]_d) := Sigma lam (vec s) (size s).
Definition far s x (z : P) := nu ^+ 2 < quad (invmx (gram s)) (phi x z).
(* the first uncovered pair of the round is accepted *)
Definition spanner_step s (a : X * npair.-tuple P) :=
  if [seq z <- a.2 | far s a.1 z] is z :: _ then rcons s (phi a.1 z) else s.

Lemma gram_rcons s v : gram (rcons s v) = gram s + v^T *m v.
Proof.
rewrite /gram size_rcons SigmaS /Sigma /vec nth_rcons ltnn eqxx; congr (_ + _ + _).
by apply: eq_bigr => i _; rewrite nth_rcons ltn_ord.
Qed.

Lemma spd_gram s : spd (gram s). Proof. exact: spd_Sigma. Qed.

Lemma far_stays s (a : X * npair.-tuple P) x z : far (spanner_step s a) x z -> far s x z.
Proof.
rewrite /spanner_step; case: filter => [//|z' _]; rewrite /far gram_rcons => h.
exact: lt_le_trans h (elliptic_norm_falls _ _ (spd_gram s)).
Qed.

Lemma Sigma_rcons s v i : (i <= size s)%N ->
  Sigma lam (vec (rcons s v)) i = Sigma lam (vec s) i.
Proof.
move=> is_; rewrite /Sigma; congr (_ + _); apply: eq_bigr => j _.
by rewrite /vec nth_rcons (leq_trans (ltn_ord j) is_).
Qed.

(* a list grown by the rule: each vector was far when it came *)
Definition grown (s : seq 'rV[R]_d) := forall i, (i < size s)%N ->
  norm2 (vec s i) <= 4%:R /\ nu ^+ 2 <= bonus2 lam (vec s) i.

Lemma grown_step s a : grown s -> grown (spanner_step s a).
Proof.
move=> gs; rewrite /spanner_step; case E : filter => [//|z l] i.
rewrite size_rcons ltnS leq_eqVlt => /orP[/eqP->|i_lt].
  have fz : far s a.1 z.
    by have := mem_head z l; rewrite -E mem_filter => /andP[].
  rewrite /vec nth_rcons ltnn eqxx; split; first exact: phi_le.
  by rewrite /bonus2 Sigma_rcons// /vec nth_rcons ltnn eqxx; exact: ltW fz.
have [g1 g2] := gs _ i_lt; rewrite /bonus2 Sigma_rcons ?(ltnW i_lt)//.
by rewrite /vec nth_rcons i_lt.
Qed.

Lemma acceptances_size s l :
  (size s + acceptances (round_accepts far) spanner_step s l)%N
  = size (foldl spanner_step s l).
Proof.
elim: l s => [|a l IH] s /=; first by rewrite addn0.
rewrite -IH addnA; congr (_ + _)%N; rewrite /spanner_step /round_accepts has_filter.
by case: filter => [|z l'] /=; rewrite ?addn0 ?addn1 ?size_rcons.
Qed.

Lemma grown_foldl s l : grown s -> grown (foldl spanner_step s l).
Proof. by elim: l s => //= a l IH s gs; apply: IH; exact: grown_step. Qed.

(* spanner-coverage for the elliptical rule, with any n_max that spanner-size allows *)
Theorem spanner_coverage_elliptic (nmax n : nat) :
  (forall m, (1 + nu ^+ 2) ^+ m <= (1 + 4%:R * m%:R / (lam * d%:R)) ^+ d -> (m <= nmax)%N) ->
  after (round_law rho q (npair:=npair)) spanner_step n
    (fun s => \sum_x rho x * (1 - (1 - uncovered_pairs q far s x) ^+ npair)) [::]
    <= nmax%:R / n.+1%:R.
Proof.
move=> hn; apply: (spanner_coverage_pairs rho_dist q_dist far_stays) => l.
have g : grown (foldl spanner_step [::] l) by apply: grown_foldl.
have -> : acceptances (round_accepts far) spanner_step [::] l
    = size (foldl spanner_step [::] l) by rewrite -acceptances_size.
apply: hn; apply: (@spanner_size_alg _ _ _ (vec (foldl spanner_step [::] l))) => // i im.
  by have [] := g i im.
by have [] := g i im.
Qed.

(* spanner-coverage-tail for the elliptical rule: no run over one more round accepts more *)
Theorem spanner_coverage_tail_elliptic (h : R) (nmax n : nat) : 0 < h -> h <= 1 ->
  (forall l, size l = n.+1 -> (size (foldl spanner_step [::] l) <= nmax)%N) ->
  after (round_law rho q (npair:=npair)) spanner_step n
    (fun s => if h <= \sum_x rho x * (1 - (1 - uncovered_pairs q far s x) ^+ npair) then 1 else 0) [::]
    <= binomial_below n h nmax.
Proof.
move=> h0 h1 bd; apply: (spanner_coverage_tail_pairs rho_dist q_dist far_stays) => // l sl.
by rewrite -[acceptances _ _ _ _]add0n (acceptances_size [::]); exact: bd.
Qed.

End Elliptic.

(* span mode: vectors outside the span of the earlier ones number at most the rank *)
Section SpanMode.
Variables (R : realType) (d k : nat) (D : 'M[R]_(k, d)) (v : nat -> 'rV[R]_d).

Fixpoint span_of m : 'M[R]_d := if m is m'.+1 then (span_of m' + v m')%MS else 0.

Theorem span_mode_size m : (forall i, (i < m)%N -> (v i <= D)%MS) ->
  (forall i, (i < m)%N -> ~~ (v i <= span_of i)%MS) -> (m <= \rank D)%N.
Proof.
move=> vD acc.
have sD : (span_of m <= D)%MS.
  elim: m vD {acc} => [|m IH] vD; first exact: sub0mx.
  by rewrite /= addsmx_sub vD// IH// => i im; apply: vD; exact: ltnW.
apply: leq_trans (mxrankS sD) => {vD sD}.
elim: m acc => [//|m IH] acc; apply: leq_ltn_trans (IH _) _.
  by move=> i im; apply: acc; exact: ltnW.
apply: rank_ltmx; rewrite ltmxE addsmxSl /=; apply: contra (acc m (ltnSn m)).
exact: submx_trans (addsmxSr _ _).
Qed.

End SpanMode.

(* span-mode-exact: exact interpolation on a spanning set is exact on its span, and  *)
(* a reward that is exact relative to y' gives pi* itself                             *)
Section SpanExact.
Variables (R : realType) (d k : nat) (Psi : 'M[R]_(k, d)) (theta theta' : 'rV[R]_d).

Theorem interpolation_exact : (forall i, dot theta' (row i Psi) = dot theta (row i Psi)) ->
  forall x : 'rV[R]_d, (x <= Psi)%MS -> dot theta' x = dot theta x.
Proof.
move=> h x /submxP[D ->].
have e (t : 'rV[R]_d) : dot t (D *m Psi) = \sum_i D 0 i * dot t (row i Psi).
  rewrite mulmx_sum_row dotC /dot mulmx_suml summxE; apply: eq_bigr => i _.
  by rewrite -scalemxAl mxE -/(dot _ _) dotC.
by rewrite !e; apply: eq_bigr => i _; rewrite h.
Qed.

Theorem span_mode_exact (Y : finType) (piref r f : Y -> R) (beta c : R) :
  is_dist piref -> full_support piref -> (forall y, f y = r y - c) ->
  pistar piref f beta =1 pistar piref r beta.
Proof.
move=> pd pf fr y.
have e z : expR (f z / beta) = expR (r z / beta) / expR (c / beta).
  by rewrite fr mulrBl expRB.
have zE : Z piref f beta = Z piref r beta / expR (c / beta).
  by rewrite /Z mulr_suml; apply: eq_bigr => z _; rewrite e mulrA.
rewrite /pistar zE e; have := lt0r_neq0 (expR_gt0 (c / beta)).
have := lt0r_neq0 (@Z_gt0 _ _ _ r beta pd pf).
by move: (expR _) (expR _) (Z _ _ _) => a b z z0 b0; field; rewrite z0 b0.
Qed.

(* noiseless least squares, minimal norm or not: theta itself has loss 0, so a        *)
(* minimiser interpolates                                                             *)
Theorem least_squares_interpolates :
  (forall t : 'rV[R]_d, \sum_i (dot theta' (row i Psi) - dot theta (row i Psi)) ^+ 2
     <= \sum_i (dot t (row i Psi) - dot theta (row i Psi)) ^+ 2) ->
  forall i, dot theta' (row i Psi) = dot theta (row i Psi).
Proof.
move=> /(_ theta); have -> : \sum_i (dot theta (row i Psi) - dot theta (row i Psi)) ^+ 2 = 0.
  by apply: big1 => i _; rewrite subrr expr0n.
move=> le0 i; apply/eqP; rewrite -subr_eq0 -sqrf_eq0.
have : \sum_i (dot theta' (row i Psi) - dot theta (row i Psi)) ^+ 2 == 0.
  by rewrite eq_le le0 sumr_ge0// => j _; exact: sqr_ge0.
rewrite psumr_eq0 => [/allP/(_ i)|j _]; last exact: sqr_ge0.
by rewrite mem_index_enum => /(_ isT).
Qed.

(* the claim in one piece: all responses covered relative to y', so the softmax of    *)
(* line 12 is pi* exactly; b is the baseline of the prompt                             *)
Theorem span_mode_policy (Y : finType) (piref : Y -> R) (phi : Y -> 'rV[R]_d) (y' : Y)
    (beta b : R) :
  is_dist piref -> full_support piref ->
  (forall i, dot theta' (row i Psi) = dot theta (row i Psi)) ->
  (forall y, (phi y - phi y' <= Psi)%MS) ->
  pistar piref (fun y => dot theta' (phi y - phi y')) beta
    =1 pistar piref (fun y => dot theta (phi y) + b) beta.
Proof.
move=> pd pf h cov; apply: (@span_mode_exact _ _ _ _ _ (dot theta (phi y') + b)) => // y.
rewrite (interpolation_exact h (cov y)) dotBr.
by move: (dot _ _) (dot _ _) => u v; ring.
Qed.

End SpanExact.
