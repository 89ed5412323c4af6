(* The restarts of MTSS, FMR25 Thm 5.1 (the finite form is ours). Claim mtss-restarts:   *)
(* with n acceptances n + 1 passes, from 2 n N_out to n (n + 1) N_out reward queries,     *)
(* exactly that many if H = 1; and the acceptances of a layer as in spanner-size.         *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals.
From Spanner Require Import potential spanner_rule.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Restarts.
Variables (R : realType) (H N_out : nat) (d : 'I_H -> nat).

(* an accepted difference with its layer; the state is the list of them, in order        *)
Definition accepted := {h : 'I_H & 'rV[R]_(d h)}.
Definition at_layer h (e : accepted) : option 'rV[R]_(d h) :=
  if tag e =P h is ReflectT eh then Some (ecast j ('rV[R]_(d j)) eh (tagged e)) else None.
Definition layer (s : seq accepted) h : seq 'rV[R]_(d h) := pmap (at_layer h) s.

(* what line 7 may look at in a layer: differences of supported tokens; and its rule:     *)
(* whether a difference is new, by what the layer has accepted                            *)
Variable differs : forall h, 'rV[R]_(d h) -> bool.
Variable is_new : forall h, seq 'rV[R]_(d h) -> 'rV[R]_(d h) -> bool.

(* line 3: the layers from whose stored pairs roll-outs start, in order: from the last    *)
(* layer to the first, for each pair N_out times both ends                                *)
Definition roll_outs (s : seq accepted) : seq 'I_H :=
  flatten [seq nseq (2 * N_out * size (layer s h)) h | h <- rev (enum 'I_H)].
(* a pass: its complete roll-outs, one reward query each, and the difference that ends    *)
(* it, if any. The next roll-out may meet it, at a later layer than it started from; or   *)
(* all roll-outs are complete, and a roll-in meets it                                     *)
Definition pass := (nat * option accepted)%type.
Definition allowed (s : seq accepted) (e : pass) : bool := match e.2 with
  | Some a => [&& differs (tagged a), is_new (layer s (tag a)) (tagged a)
      & (e.1 == size (roll_outs s))
        || ((e.1 < size (roll_outs s)) && (nth (tag a) (roll_outs s) e.1 < tag a))%N]
  | None => e.1 == size (roll_outs s) end.
(* the run: passes until one accepts nothing *)
Fixpoint run (s : seq accepted) (l : seq pass) : bool := match l with
  | [::] => true
  | e :: l' => allowed s e && (if e.2 is Some a then run (rcons s a) l' else nilp l') end.
Definition rewards (l : seq pass) : nat := \sum_(e <- l) e.1.
Definition found (l : seq pass) : seq accepted := pmap snd l.

Lemma at_layer_same h v : at_layer h (Tagged _ v) = Some v.
Proof. by rewrite /at_layer; case: eqP => // e; rewrite (eq_axiomK e). Qed.

Lemma at_layer_some h e : at_layer h e = (tag e == h) :> bool.
Proof. by rewrite /at_layer; case: eqP. Qed.

Lemma layer_rcons h v s : layer (rcons s (Tagged _ v)) h = rcons (layer s h) v.
Proof. by rewrite /layer -cats1 pmap_cat /= at_layer_same cats1. Qed.

Lemma layer_other h j v s : j != h -> layer (rcons s (existT _ h v)) j = layer s j.
Proof.
move=> jh; rewrite /layer -cats1 pmap_cat /=.
have := at_layer_some j (existT _ h v); rewrite eq_sym (negPf jh).
by case: at_layer => //= _; rewrite cats0.
Qed.

Lemma layers_sum s : (\sum_h size (layer s h))%N = size s.
Proof.
elim: s => [|e s IH] /=; first exact: big1.
transitivity (\sum_h ((tag e == h) + size (layer s h)))%N.
  by apply: eq_bigr => h _; rewrite /layer /= -at_layer_some; case: at_layer.
rewrite big_split /= IH (bigD1 (tag e))//= eqxx big1 => [|h]; first by rewrite addn0.
by rewrite eq_sym => /negPf ->.
Qed.

Lemma size_roll_outs s : size (roll_outs s) = (2 * N_out * size s)%N.
Proof.
rewrite -layers_sum -big_enum -(perm_big _ (permEl (perm_rev _))) /roll_outs.
elim: (rev _) => [|h l IH]; first by rewrite big_nil muln0.
by rewrite big_cons mulnDr /= size_cat size_nseq IH.
Qed.

(* every stored difference was new to its layer *)
Definition layers_ok (s : seq accepted) := forall h i, (i < size (layer s h))%N ->
  differs (vec (layer s h) i) /\ is_new (take i (layer s h)) (vec (layer s h) i).

Lemma layers_ok_add s a r : layers_ok s -> allowed s (r, Some a) -> layers_ok (rcons s a).
Proof.
case: a => h v ok /and3P[/= dv nv _] j i; have [jh|/layer_other ->] := eqVneq j h; last exact: ok.
subst j; rewrite layer_rcons size_rcons ltnS leq_eqVlt => /orP[/eqP ->|i_lt].
  by rewrite /vec nth_rcons ltnn eqxx -cats1 take_size_cat.
by rewrite /vec nth_rcons i_lt -cats1 takel_cat ?(ltnW i_lt)//; exact: ok.
Qed.

Lemma allowed_rewards s e : allowed s e ->
  (e.1 <= 2 * N_out * size s)%N /\ (H = 1%N -> e.1 = (2 * N_out * size s)%N).
Proof.
rewrite /allowed -size_roll_outs; case: e.2 => [a|/eqP ->//].
case/and3P => _ _ /orP[/eqP ->//|/andP[lt later]]; split=> [|H1]; first exact: ltnW.
have a0 : (tag a : nat) = 0%N.
  by have := ltn_ord (tag a); move: (tag a : nat) => m; rewrite H1 ltnS leqn0 => /eqP.
by rewrite a0 in later.
Qed.

Lemma pass_sum N m a : (2 * N * m + N * (a.+1 * (2 * m.+1 + a)) = N * (a.+2 * (2 * m + a.+1)))%N.
Proof.
have -> : (2 * m.+1 + a = (2 * m + a.+1).+1)%N by rewrite mulnS -addnA add2n addnS.
by rewrite -mulnA [(2 * (N * m))%N]mulnCA -mulnDr mulnS addnA mulSn.
Qed.

Lemma run_bound s l r : layers_ok s -> run s (rcons l (r, None)) ->
  let n := size l in let T := rewards (rcons l (r, None)) in
  [/\ layers_ok (s ++ found l) /\ size (found l) = n,
      (2 * N_out * (size s + n) <= T)%N, (T <= N_out * (n.+1 * (2 * size s + n)))%N
    & H = 1%N -> T = (N_out * (n.+1 * (2 * size s + n)))%N].
Proof.
elim: l s => [|[r0 [a|]] l IH] s ok /=.
- rewrite andbT /allowed /= size_roll_outs => /eqP ->; rewrite /rewards big_seq1 /= !addn0 mul1n.
  by rewrite cats0; split=> // [|_]; rewrite -mulnA mulnCA.
- case/andP => al rn; have [[h1 h2] h3 h4 h5] := IH _ (layers_ok_add ok al) rn.
  have [r0_le r0_eq] := allowed_rewards al; rewrite /= in r0_le r0_eq.
  rewrite size_rcons addSnnS in h3; rewrite size_rcons in h4 h5.
  rewrite /rewards big_cons /= -/(rewards _) -pass_sum -cat_rcons h2; split=> //.
  + exact: leq_trans h3 (leq_addl _ _).
  + exact: leq_add.
  + by move=> H1; rewrite h5// r0_eq.
- by case/andP => _; case: l {IH}.
Qed.

Lemma found_ok l r : run [::] (rcons l (r, None)) -> layers_ok (found l).
Proof. by move=> rn; have ok : layers_ok [::] by []; have [[]] := run_bound ok rn. Qed.

(* n acceptances, one in every pass but the last; n is the sum over layers                *)
Theorem mtss_restarts l r : run [::] (rcons l (r, None)) ->
  let n := size l in let T := rewards (rcons l (r, None)) in
  [/\ (\sum_h size (layer (found l) h))%N = n, (2 * n * N_out <= T)%N, (T <= n * n.+1 * N_out)%N
    & H = 1%N -> T = (n * n.+1 * N_out)%N].
Proof.
move=> rn; have ok : layers_ok [::] by [].
have [[_ h1] h2 h3 h4] := run_bound ok rn; rewrite /= !muln0 !add0n in h2 h3 h4.
rewrite layers_sum h1; split=> //; first by rewrite mulnAC.
  by rewrite mulnC [(size l * _)%N]mulnC.
by move=> /h4 ->; rewrite mulnC [(size l * _)%N]mulnC.
Qed.

End Restarts.

(* the two rules of line 7 *)
Definition off_layer (R : realType) (H : nat) (d : 'I_H -> nat) (h : 'I_H) (t : seq 'rV[R]_(d h))
    (v : 'rV[R]_(d h)) :=
  ~~ (v <= span_of (vec t) (size t))%MS.
Definition far_in_layer (R : realType) (H : nat) (d : 'I_H -> nat) (lam nu : R) (h : 'I_H)
    (t : seq 'rV[R]_(d h)) (v : 'rV[R]_(d h)) := nu ^+ 2 < quad (invmx (gram lam t)) v.

Section Layers.
Variables (R : realType) (H N_out : nat) (d : 'I_H -> nat) (differs : forall h, 'rV[R]_(d h) -> bool).

(* span mode: at most the rank of the layer's differences *)
Theorem mtss_layer_span (k : 'I_H -> nat) (D : forall h, 'M[R]_(k h, d h)) l r :
  (forall h (v : 'rV[R]_(d h)), differs v -> (v <= D h)%MS) ->
  run N_out differs (@off_layer R H d) [::] (rcons l (r, None)) ->
  forall h, (size (layer (found l) h) <= \rank (D h))%N.
Proof.
move=> dD /found_ok ok h; set t := layer _ h.
apply: (@span_mode_size _ _ _ (D h) (vec t)) => i im; have [di ni] := ok h i im; first exact: dD.
move: ni; rewrite /off_layer size_takel ?(ltnW im)//.
suff -> n : (n <= i)%N -> span_of (vec (take i t)) n = span_of (vec t) n by [].
by elim: n => //= n IH ni; rewrite IH 1?ltnW// /vec nth_take.
Qed.

(* ridge mode: spanner-size for each layer, with differences of squared norm at most L h  *)
Theorem mtss_layer_ridge (lam nu : R) (L : 'I_H -> R) l r : 0 < lam ->
  (forall h (v : 'rV[R]_(d h)), differs v -> norm2 v <= L h) ->
  run N_out differs (@far_in_layer R H d lam nu) [::] (rcons l (r, None)) ->
  forall h, let t := layer (found l) h in
    [/\ d h = 0%N -> t = [::],
        (1 + nu ^+ 2) ^+ size t <= \det (gram lam t) / lam ^+ d h
      & (0 < d h)%N -> \det (gram lam t) / lam ^+ d h
          <= (1 + L h * (size t)%:R / (lam * (d h)%:R)) ^+ d h].
Proof.
move=> l0 dL /found_ok ok h t.
have far i : (i < size t)%N -> nu ^+ 2 < bonus2 lam (vec t) i.
  move=> im; have eqS : Sigma lam (vec (take i t)) i = Sigma lam (vec t) i.
    by rewrite /Sigma; congr (_ + _); apply: eq_bigr => j _; rewrite /vec nth_take.
  by have [_] := ok h i im; rewrite /far_in_layer /gram size_takel ?(ltnW im)// -/t eqS.
split.
- move=> d0; case E: t => [//|v t']; have := far 0%N; rewrite E => /(_ isT).
  suff -> : bonus2 lam (vec (v :: t')) 0 = 0 by rewrite ltNge sqr_ge0.
  rewrite /bonus2 /quad mxE big1// => j _.
  by have jd := leq_ltn_trans (leq0n j) (ltn_ord j); rewrite d0 in jd.
- by apply: spanner_size_det => // i im; exact/ltW/far.
move=> dh; rewrite /gram (det_Sigma _ l0) mulrAC divff ?mul1r; last by rewrite gt_eqF ?exprn_gt0.
have small i : (i < size t)%N -> norm2 (vec t i) <= L h.
  by move=> im; have [di _] := ok h i im; exact: dL.
have [t0|t0] := posnP (size t); last apply: potential_prod => //.
  by rewrite t0 big_ord0 mulr0 mul0r addr0 expr1n.
by apply: le_trans (small 0%N t0); rewrite /norm2 mxE sumr_ge0// => j _; rewrite mxE -expr2 sqr_ge0.
Qed.

End Layers.
