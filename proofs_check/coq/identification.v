(* What reward queries cannot identify. Claim data-lower-bound (ours): if the     *)
(* differences of the policy class are not all in the span of the queried ones,   *)
(* another problem gives the same answers and has another optimal policy.         *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist gibbs prompts potential ridge.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Small.
Variable R : realType.

(* a step small enough for finitely many strict inequalities *)
Lemma small_step (I : eqType) (l : seq I) (c s : I -> R) : (forall i, i \in l -> 0 < s i) ->
  exists2 t : R, 0 < t <= 1 & forall i, i \in l -> t * c i < s i.
Proof.
elim: l => [|i l IH] sp; first by exists 1; rewrite ?ltr01 ?lexx.
have [|t /andP[t0 t1] ht] := IH; first by move=> j jl; apply: sp; rewrite in_cons jl orbT.
have si : 0 < s i by apply: sp; rewrite in_cons eqxx.
have c1 : 0 < 1 + `|c i| by rewrite ltr_spaddl ?ltr01.
pose u := Num.min t (s i / (1 + `|c i|)).
have u0 : 0 < u by rewrite lt_minr t0 divr_gt0.
have ut : u <= t by rewrite le_minl lexx.
exists u; first by rewrite u0 (le_trans ut t1).
have shrink (j : I) x : t * c j < x -> 0 < x -> u * c j < x.
  move=> h x0; have [cj|cj] := lerP (c j) 0.
    by apply: le_lt_trans x0; rewrite mulr_ge0_le0// ltW.
  by apply: le_lt_trans h; rewrite ler_pmul2r.
move=> j; rewrite in_cons => /orP[/eqP->|jl]; last first.
  by apply: shrink; [exact: ht|apply: sp; rewrite in_cons jl orbT].
apply: le_lt_trans (_ : s i / (1 + `|c i|) * `|c i| < _).
  apply: le_trans (_ : u * `|c i| <= _); first by rewrite ler_wpmul2l ?ler_norm// ltW.
  by rewrite ler_wpmul2r// le_minl lexx orbT.
by rewrite mulrAC ltr_pdivr_mulr// ltr_pmul2l// ltr_addr ltr01.
Qed.

End Small.

Section Identification.
Variables (R : realType) (d : nat) (X Y : finType) (phi : X -> Y -> 'rV[R]_d).
Variables (theta : 'rV[R]_d) (b : X -> R) (B Rmax : R).
(* the queried pairs *)
Variable queries : seq (X * Y).

Definition reward (th : 'rV[R]_d) (c : X -> R) x y : R := dot th (phi x y) + c x.
(* the difference of two queried responses of one prompt *)
Definition queried_diff (w : 'rV[R]_d) := forall x y y',
  (x, y) \in queries -> (x, y') \in queries -> dot w (phi x y - phi x y') = 0.

(* Q contains every queried same-prompt difference; x, y, y' is a reachable pair    *)
(* whose difference is not in Q                                                     *)
Theorem data_lower_bound k (Q : 'M[R]_(k, d)) x0 y0 y0' :
  (forall x y y', (x, y) \in queries -> (x, y') \in queries -> (phi x y - phi x y' <= Q)%MS) ->
  ~~ (phi x0 y0 - phi x0 y0' <= Q)%MS ->
  norm2 theta < B ^+ 2 ->
  (forall x y y', dot theta (phi x y - phi x y') < Rmax) ->
  exists (theta' : 'rV[R]_d) (b' : X -> R), [/\
    forall x y, (x, y) \in queries -> reward theta' b' x y = reward theta b x y,
    dot theta' (phi x0 y0 - phi x0 y0') != dot theta (phi x0 y0 - phi x0 y0'),
    norm2 theta' < B ^+ 2 &
    forall x y y', dot theta' (phi x y - phi x y') < Rmax].
Proof.
move=> QD nQ thB thR.
(* w is orthogonal to Q but not to the unreachable difference *)
have [w wQ wn] : exists2 w : 'rV[R]_d,
    (forall v : 'rV[R]_d, (v <= Q)%MS -> dot w v = 0) & dot w (phi x0 y0 - phi x0 y0') != 0.
  rewrite submxE in nQ; have [j nj] : exists j, (((phi x0 y0 - phi x0 y0') *m cokermx Q) 0 j) != 0.
    apply/existsP; apply: contraNT nQ => /existsPn h; apply/eqP/rowP => j.
    by rewrite [RHS]mxE; apply/eqP/negPn/h.
  have colM (v : 'rV[R]_d) : dot (col j (cokermx Q))^T v = (v *m cokermx Q) 0 j.
    by rewrite dotC /dot trmxK !mxE; apply: eq_bigr => i _; rewrite !mxE.
  exists (col j (cokermx Q))^T; last by rewrite colM.
  by move=> v; rewrite submxE colM => /eqP ->; rewrite mxE.
pose nw := 2%:R * dot theta w + norm2 w.
pose I := option (X * (Y * Y)).
pose l : seq I := None :: [seq Some i | i <- enum {: X * (Y * Y)}].
pose c (i : I) : R := if i is Some (x, (y, y')) then dot w (phi x y - phi x y')
  else `|2%:R * dot theta w| + norm2 w.
pose s (i : I) : R := if i is Some (x, (y, y')) then Rmax - dot theta (phi x y - phi x y')
  else B ^+ 2 - norm2 theta.
have [|t /andP[t0 t1] ht] := @small_step R _ l c s.
  by move=> [[x [y y']]|] _ /=; rewrite subr_gt0.
have dotDl (u v z : 'rV[R]_d) : dot (u + v) z = dot u z + dot v z.
  by rewrite /dot mulmxDl mxE.
pose yx x := odflt y0 [pick y | (x, y) \in queries].
exists (theta + t *: w), (fun x => b x - t * dot w (phi x (yx x))); split.
- move=> x y xy; rewrite /reward dotDl dotZl.
  have yq : (x, yx x) \in queries.
    by rewrite /yx; case: pickP => [//|/(_ y)]; rewrite xy.
  have := wQ _ (QD _ _ _ xy yq); rewrite dotBr => /eqP; rewrite subr_eq0 => /eqP ->; ring.
- by rewrite dotDl dotZl -subr_eq0 addrAC subrr add0r mulf_neq0// lt0r_neq0.
- have := ht None; rewrite in_cons eqxx /= => /(_ isT) h.
  have nE : norm2 (theta + t *: w) = norm2 theta + t * (2%:R * dot theta w) + t * (t * norm2 w).
    rewrite -!dotxx dotDl dotZl ![dot _ (theta + _)]dotC !dotDl !dotZl [dot w theta]dotC; ring.
  apply: le_lt_trans (_ : norm2 theta + t * (`|2%:R * dot theta w| + norm2 w) < _).
    rewrite nE -addrA ler_add2l mulrDr ler_add//.
      by rewrite ler_wpmul2l ?ler_norm// ltW.
    by rewrite ler_wpmul2l ?(ltW t0)// ler_pimull// norm2_ge0.
  by rewrite addrC -ltr_subr_addr.
- move=> x y y'; have := ht (Some (x, (y, y'))).
  rewrite in_cons /= mem_map ?mem_enum; last by move=> ? ? [].
  by move=> /(_ isT) h; rewrite dotDl dotZl addrC -ltr_subr_addr.
Qed.

(* and the optimal policies of the two problems differ at x0 *)
Theorem data_lower_bound_policies (piref : X -> Y -> R) (beta : R) k (Q : 'M[R]_(k, d)) x0 y0 y0' :
  (forall x, is_dist (piref x)) -> (forall x, full_support (piref x)) -> 0 < beta ->
  (forall x y y', (x, y) \in queries -> (x, y') \in queries -> (phi x y - phi x y' <= Q)%MS) ->
  ~~ (phi x0 y0 - phi x0 y0' <= Q)%MS ->
  norm2 theta < B ^+ 2 ->
  (forall x y y', dot theta (phi x y - phi x y') < Rmax) ->
  exists (theta' : 'rV[R]_d) (b' : X -> R), [/\
    forall x y, (x, y) \in queries -> reward theta' b' x y = reward theta b x y,
    ~ (pistar (piref x0) (reward theta' b' x0) beta
       =1 pistar (piref x0) (reward theta b x0) beta),
    norm2 theta' < B ^+ 2 &
    forall x y y', dot theta' (phi x y - phi x y') < Rmax].
Proof.
move=> pd pg b0 QD nQ thB thR.
have [theta' [b' [same diff nB nR]]] := data_lower_bound QD nQ thB thR.
exists theta', b'; split=> // eq.
have log_odds f := @policy_is_reward_log _ X (fun=> Y) piref beta pd pg b0 f x0 y0 y0'.
have rd th c : reward th c x0 y0 - reward th c x0 y0' = dot th (phi x0 y0 - phi x0 y0').
  by rewrite /reward dotBr; ring.
have e1 := log_odds (reward theta' b'); have e2 := log_odds (reward theta b).
rewrite rd /softmax in e1; rewrite rd /softmax in e2.
by move/eqP: diff; apply; rewrite -e1 -e2 !eq.
Qed.

End Identification.
