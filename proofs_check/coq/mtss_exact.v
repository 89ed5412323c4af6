(* MTSS in span mode is exact where it covers, FMR25 section 5 (the finite form is       *)
(* ours). Claim mtss-exact-where-covered: line 3 fits noiseless rewards exactly, and so   *)
(* line 8, sampled exactly, draws from the optimal token law wherever it covers.           *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process gibbs mixtures ridge spanner_rule multiturn.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Exact.
(* prompts X; all tokens A have positive base mass at every prefix *)
Variables (R : realType) (X : Type) (A : finType) (K0 : X -> seq A -> A -> R) (r : X -> seq A -> R).
Variables (beta : R) (H : nat).
Hypothesis K0_dist : forall x, is_kernel (K0 x).
Hypothesis K0_gt0 : forall x s, full_support (K0 x s).
Hypothesis beta_gt0 : 0 < beta.
(* layer h (from 0) chooses the token after a prefix of h tokens *)
Variables (d : nat -> nat) (phi : forall h, X -> seq A -> A -> 'rV[R]_(d h)).
Local Notation opt x := (token_opt (K0 x) (r x) beta H).

(* realizable: the optimal token law is a softmax of linear scores *)
Definition realizable (theta : forall h, 'rV[R]_(d h)) := forall x p, (size p < H)%N ->
  exists2 c, 0 < c & forall a, opt x p a =
    K0 x p a * expR (dot (theta (size p)) (phi (size p) x p a) / beta) / c.
Variable theta_star : forall h, 'rV[R]_(d h).
Hypothesis theta_star_ok : realizable theta_star.

(* layer h has stored n h pairs: a prompt, a prefix of h tokens, two tokens *)
Variables (n : nat -> nat) (prompt : forall h, 'I_(n h) -> X) (prefix : forall h, 'I_(n h) -> seq A).
Variable ends : forall h, 'I_(n h) -> bool -> A.
Hypothesis prefix_size : forall h i, size (@prefix h i) = h.
Definition difference h x p a a' : 'rV[R]_(d h) := phi h x p a - phi h x p a'.
Definition Psi h : 'M[R]_(n h, d h) :=
  \matrix_i difference h (prompt i) (prefix i) (ends i true) (ends i false).
(* all differences of tokens at a prefix are in the span of its layer *)
Definition covered x p := forall a a', (difference (size p) x p a a' <= Psi (size p))%MS.

(* line 8: a' from the base model, then exactly from the softmax of f(.; a') *)
Variable theta : forall h, 'rV[R]_(d h).
Definition line8_score x p a' a : R :=
  let v := difference (size p) x p a a' in if (v <= Psi (size p))%MS then dot (theta (size p)) v else 0.
Definition line8 x p : A -> R :=
  mixture (K0 x p) (fun a' => pistar (K0 x p) (line8_score x p a') beta).

(* a roll-out w after a prefix: tokens, each with its a'; what line 8 explains of it *)
Fixpoint explained x p (w : seq (A * A)) : R := if w is (a', a) :: w'
  then line8_score x p a' a - beta * ln (Z (K0 x p) (line8_score x p a') beta) + explained x (rcons p a) w'
  else 0.
Definition G x p w : R := r x (p ++ unzip2 w) - explained x p w.

(* line 3: N_out roll-outs from both ends of every pair; each is complete *)
Variable N_out : nat.
Hypothesis N_out_gt0 : (0 < N_out)%N.
Variable out : forall h, 'I_(n h) -> 'I_N_out -> bool -> seq (A * A).
Hypothesis out_size : forall h i k b, (h < H)%N -> (h.+1 + size (@out h i k b))%N = H.
Definition from h (i : 'I_(n h)) b := rcons (prefix i) (ends i b).
Definition target h (i : 'I_(n h)) : R := (\sum_k
  (G (prompt i) (from i true) (out i k true) - G (prompt i) (from i false) (out i k false))) / N_out%:R.
(* theta_h is a least-squares fit of the targets, of minimal norm or not *)
Definition fits h := forall t : 'rV[R]_(d h),
  \sum_i (dot (theta h) (row i (Psi h)) - target i) ^+ 2 <= \sum_i (dot t (row i (Psi h)) - target i) ^+ 2.
Hypothesis theta_fits : forall h, (h < H)%N -> fits h.

(* the prefixes where roll-outs of the layers >= h have asked line 8 for a token *)
Definition visited h x p := exists j (i : 'I_(n j)) k b m,
  [/\ (h <= j < H)%N, (m < size (out i k b))%N, x = prompt i & p = from i b ++ take m (unzip2 (out i k b))].

(* the differences of Q are those of the linear scores: q-linear *)
Lemma Q_difference h x p a a' : size p = h -> (h < H)%N ->
  Q (K0 x) (r x) beta H p a - Q (K0 x) (r x) beta H p a' = dot (theta_star h) (difference h x p a a').
Proof.
move=> <- hH; have [c c0 e] := theta_star_ok x hH; rewrite dotBr.
exact: (q_linear (K0_dist x) (K0_gt0 x) beta_gt0 hH c0 e).
Qed.

(* where a prefix is covered and the parameter of its layer is right, line 8 is optimal *)
Section Right.
Variables (x : X) (p : seq A).
Hypothesis pH : (size p < H)%N.
Hypothesis p_covered : covered x p.
Hypothesis right : forall v : 'rV[R]_(d (size p)), (v <= Psi (size p))%MS ->
  dot (theta (size p)) v = dot (theta_star (size p)) v.

Lemma line8_scoreE a' a : line8_score x p a' a
  = Q (K0 x) (r x) beta H p a - Q (K0 x) (r x) beta H p a'.
Proof. by rewrite /line8_score p_covered right ?p_covered// (Q_difference x a a' erefl pH). Qed.

Lemma softmax_opt a' : pistar (K0 x p) (line8_score x p a') beta =1 opt x p.
Proof.
exact: (span_mode_exact beta (K0_dist x p) (K0_gt0 x p) (line8_scoreE a')).
Qed.

Lemma line8_opt : line8 x p =1 opt x p.
Proof.
move=> a; rewrite /line8 /mixture; under eq_bigr do rewrite softmax_opt.
by rewrite -mulr_suml (K0_dist x p).2 mul1r.
Qed.

Lemma explained_token a' a : line8_score x p a' a - beta * ln (Z (K0 x p) (line8_score x p a') beta)
  = beta * ln (opt x p a / K0 x p a).
Proof.
rewrite -(softmax_opt a' a) /pistar; set z := Z _ _ _; set f := line8_score _ _ _ _.
have z0 : 0 < z by apply: Z_gt0; [exact: K0_dist|exact: K0_gt0].
rewrite mulrAC [K0 x p a * _]mulrC mulfK ?lt0r_neq0 ?K0_gt0//.
rewrite ln_div ?posrE ?expR_gt0// expK mulrBr mulrCA divff ?mulr1//; exact: lt0r_neq0.
Qed.
End Right.

(* G of a roll-out that meets only such prefixes is the soft value: path-consistency *)
Lemma G_value x w p : (size p + size w)%N = H ->
  (forall m, (m < size w)%N -> let q := p ++ take m (unzip2 w) in covered x q
    /\ forall v : 'rV[R]_(d (size q)), (v <= Psi (size q))%MS ->
      dot (theta (size q)) v = dot (theta_star (size q)) v) ->
  G x p w = V (K0 x) (r x) beta H p.
Proof.
move=> sz ok; rewrite -(path_consistency (r x) (K0_dist x) (K0_gt0 x) beta_gt0 (t:=unzip2 w)); last first.
  by rewrite size_map.
congr (_ - _); elim: w p sz ok => [|[a' a] w IH] p /= sz ok; first by rewrite mulr0.
have [cov right] := ok 0%N isT; rewrite /= cats0 in cov right.
have pH : (size p < H)%N by rewrite -sz -[X in (X < _)%N]addn0 ltn_add2l.
rewrite explained_token// mulrDr; congr (_ + _); apply: IH => [|m mw]; first by rewrite size_rcons addSnnS.
by have := ok m.+1 mw; rewrite /= cat_rcons.
Qed.

Lemma visited_size h x p : visited h x p -> (h < size p < H)%N.
Proof.
case=> j [i [k [b [m [/andP[hj jH] mw _ ->]]]]].
rewrite size_cat size_rcons prefix_size size_takel ?size_map ?(ltnW mw)//.
rewrite (leq_trans _ (leq_addr _ _)) ?ltnS//= -(out_size i k b jH) ltn_add2l//.
Qed.

(* (i) theta_h agrees with theta*_h on the span of its layer *)
Theorem mtss_exact_theta h : (h < H)%N -> (forall x p, visited h x p -> covered x p) ->
  forall v : 'rV[R]_(d h), (v <= Psi h)%MS -> dot (theta h) v = dot (theta_star h) v.
Proof.
have [m] := ubnP (H - h); elim: m h => // m IH h hm hH ok.
apply: interpolation_exact; apply: least_squares_interpolates => t.
suff e i : target i = dot (theta_star h) (row i (Psi h)).
  by have := theta_fits hH t; under eq_bigr do rewrite e; under [X in _ <= X]eq_bigr do rewrite e.
have value k b : G (prompt i) (from i b) (out i k b) = V (K0 (prompt i)) (r (prompt i)) beta H (from i b).
  apply: G_value => [|l lw q]; first by rewrite size_rcons prefix_size out_size.
  have vq : visited h (prompt i) q by exists h, i, k, b, l; rewrite leqnn hH.
  split; first exact: ok.
  have /andP[hq qH] := visited_size vq; apply: IH => // [|x p [j [i' [k' [b' [l' [/andP[qj jH] lw' ex ep]]]]]]].
    by rewrite -ltnS (leq_trans _ hm)// ltnS ltn_sub2l.
  by apply: ok; exists j, i', k', b', l'; rewrite (leq_trans (ltnW hq) qj).
rewrite /target; under eq_bigr do rewrite !value.
rewrite sumr_const card_ord -[X in X / _]mulr_natr mulfK ?pnatr_eq0 -?lt0n// rowK.
by rewrite -(Q_difference _ _ _ (prefix_size i) hH).
Qed.

(* (ii) line 8 draws from the optimal token law at every covered prefix of layer h *)
Theorem mtss_exact_line8 h : (h < H)%N -> (forall x p, visited h x p -> covered x p) ->
  forall x p, size p = h -> covered x p -> line8 x p =1 opt x p.
Proof.
move=> hH ok x p ph cov; apply: line8_opt; rewrite ?ph//; subst h.
exact: mtss_exact_theta ok.
Qed.

(* (iii) if all prefixes are covered then the returned policy is pi* *)
Theorem mtss_exact_policy x : (forall y p, (size p < H)%N -> covered y p) ->
  (fun t : H.-tuple A => seqp (line8 x) t)
  =1 pistar (fun t : H.-tuple A => seqp (K0 x) t) (fun t => r x t) beta.
Proof.
move=> ok t; rewrite -[RHS](soft_bellman (r x) (K0_dist x) (K0_gt0 x) beta_gt0 t).
rewrite !seqp_prod; apply: eq_bigr => h _.
have sz : size (take h t) = h by rewrite size_takel// size_tuple ltnW.
apply: (mtss_exact_line8 (ltn_ord h)) => // [y p /visited_size/andP[_]|]; first exact: ok.
by apply: ok; rewrite sz.
Qed.

End Exact.
