(* MTSS in span mode by listing, as passes: what is stored, lines 5 to 8 of a roll-in, and *)
(* n = sum_h rank_h. Claim mtss-sweep, for MTSS itself; line 3 may have any law.            *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process gibbs mixtures ridge spanner_rule multiturn.
From Spanner Require Import mtss_exact mtss_gap mtss_sweep.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Stored.
Variables (R : realType) (X A : finType) (d : nat -> nat).
Variable phi : forall h, X -> seq A -> A -> 'rV[R]_(d h).

(* a stored pair: a prompt, a prefix, two tokens; it belongs to the layer of its prefix     *)
Definition stored : Type := X * seq A * A * A.
Definition of_layer (s : seq stored) (h : nat) : seq stored := [seq e <- s | size e.1.1.2 == h].
Definition stored_prompt s h (i : 'I_(size (of_layer s h))) : X := (tnth (in_tuple (of_layer s h)) i).1.1.1.
Definition stored_prefix s h (i : 'I_(size (of_layer s h))) : seq A :=
  (tnth (in_tuple (of_layer s h)) i).1.1.2.
Definition stored_ends s h (i : 'I_(size (of_layer s h))) (b : bool) : A :=
  let e := tnth (in_tuple (of_layer s h)) i in if b then e.1.2 else e.2.
(* the differences of the pairs of a layer; and of all tokens at all its prefixes           *)
Definition Psi_of s h : 'M[R]_(size (of_layer s h), d h) :=
  Psi phi (@stored_prompt s) (@stored_prefix s) (@stored_ends s) h.
Definition layer_differences h : 'M[R]_(#|{: X * h.-tuple A * A * A}|, d h) :=
  \matrix_i let z : X * h.-tuple A * A * A := enum_val i in
    difference phi h z.1.1.1 z.1.1.2 z.1.2 z.2.
Definition total_rank H : nat := \sum_(h < H) \rank (layer_differences h).

(* line 7 by listing: of all pairs of tokens at a prefix the first that is not covered      *)
Definition look s x p : option stored :=
  if [pick z : A * A | ~~ (difference phi (size p) x p z.1 z.2 <= Psi_of s (size p))%MS] is Some z
  then Some (x, p, z.1, z.2) else None.

Lemma stored_prefix_size s h (i : 'I_(size (of_layer s h))) : size (stored_prefix i) = h.
Proof.
by have := mem_tnth i (in_tuple (of_layer s h)); rewrite mem_filter => /andP[/eqP].
Qed.

Local Notation tested s x p := (coveredb phi (@stored_prompt s) (@stored_prefix s) (@stored_ends s) x p).

Lemma look_tested s x p : look s x p = ~~ tested s x p :> bool.
Proof.
rewrite /look; case: pickP => [z nz|none] /=.
  by apply/esym/negP => /coveredP cov; rewrite cov in nz.
by apply/esym/negbF/coveredP => a a'; have /negbFE := none (a, a').
Qed.

Definition diff_of h (e : stored) : 'rV[R]_(d h) := difference phi h e.1.1.1 e.1.1.2 e.1.2 e.2.
Let rows h (l : seq stored) : 'M[R]_(size l, d h) := \matrix_i diff_of h (tnth (in_tuple l) i).

Lemma Psi_rows s h : Psi_of s h = rows h (of_layer s h). Proof. by []. Qed.

Lemma rows_mem h l e : e \in l -> (diff_of h e <= rows h l)%MS.
Proof. by case/seq_tnthP => i ->; rewrite -(rowK (fun j => diff_of h (tnth (in_tuple l) j)) i) row_sub. Qed.

Lemma rows_sub h l k (B : 'M[R]_(k, d h)) : {in l, forall e, (diff_of h e <= B)%MS} -> (rows h l <= B)%MS.
Proof. by move=> le; apply/row_subP => i; rewrite rowK; apply: le; exact: (mem_tnth i (in_tuple l)). Qed.

Lemma Psi_sub s h : (Psi_of s h <= layer_differences h)%MS.
Proof.
rewrite Psi_rows; apply: rows_sub => e; rewrite mem_filter => /andP[/eqP eh _].
case: e eh => [[[x p] a] a'] /= eh; pose z : X * h.-tuple A * A * A := (x, tcast eh (in_tuple p), a, a').
have -> : diff_of h (x, p, a, a') = row (enum_rank z) (layer_differences h).
  by rewrite rowK enum_rankK /= val_tcast.
exact: row_sub.
Qed.

(* the ranks that are left: every pair that line 7 finds takes one                          *)
Variable H : nat.
Definition ranks_left s : nat := \sum_(h < H) (\rank (layer_differences h) - \rank (Psi_of s h)).

Lemma look_left s x p e : (size p < H)%N -> look s x p = Some e -> (ranks_left (rcons s e) < ranks_left s)%N.
Proof.
move=> pH; rewrite /look; case: pickP => [z nz|//] [<-]; set e0 := (x, p, _, _).
have sub h : (Psi_of s h <= Psi_of (rcons s e0) h)%MS.
  rewrite !Psi_rows; apply: rows_sub => e1 e1s; apply: rows_mem; move: e1s.
  by rewrite !mem_filter mem_rcons inE => /andP[-> ->]; rewrite orbT.
rewrite /ranks_left (bigD1 (Ordinal pH))//= [X in (_ < X)%N](bigD1 (Ordinal pH))//= -addSn.
apply: leq_add; last by apply: leq_sum => h _; apply: leq_sub2l; exact: mxrankS.
have lt : (\rank (Psi_of s (size p)) < \rank (Psi_of (rcons s e0) (size p)))%N.
  rewrite ltnNge (geq_leqif (mxrank_leqif_sup (sub _))); apply: contra nz; apply: submx_trans.
  rewrite Psi_rows; apply: (@rows_mem (size p) _ e0).
  by rewrite mem_filter mem_rcons inE eqxx /= eqxx.
by rewrite ltn_sub2l//; apply: leq_trans lt _; exact/mxrankS/Psi_sub.
Qed.

Lemma ranks_left0 : ranks_left [::] = total_rank H.
Proof.
apply: eq_bigr => h _; have /eqP -> : \rank (Psi_of [::] h) == 0%N; last by rewrite subn0.
by rewrite -leqn0; exact: rank_leq_row.
Qed.

End Stored.

Section Run.
Variables (R : realType) (X A : finType) (K0 : X -> seq A -> A -> R) (beta : R) (H N : nat) (rho : X -> R).
Hypothesis K0_dist : forall x, is_kernel (K0 x).
Hypothesis K0_gt0 : forall x s, full_support (K0 x s).
Hypothesis rho_dist : is_dist rho.
Variables (d : nat -> nat) (phi : forall h, X -> seq A -> A -> 'rV[R]_(d h)).
Local Notation state := (seq (stored X A)).
Local Notation look := (look phi).
Definition token_law (s : state) (theta : forall h, 'rV[R]_(d h)) x : seq A -> A -> R :=
  line8 K0 beta phi (@stored_prompt _ _ s) (@stored_prefix _ _ s) (@stored_ends _ _ s) theta x.

(* lines 5 to 8: the mean of F over what a roll-in meets, walking m tokens on from p        *)
Fixpoint walk m (s : state) theta x p (F : option (stored X A) -> R) : R := if m is m'.+1
  then if look s x p is Some e then F (Some e)
       else \sum_a token_law s theta x p a * walk m' s theta x (rcons p a) F
  else F None.
(* it may as well draw a whole response, and look for the first prefix that meets a pair    *)
Fixpoint first_met (s : state) x p (t : seq A) : option (stored X A) := if t is a :: t'
  then if look s x p is Some e then Some e else first_met s x (rcons p a) t' else None.
Definition response_law (s : state) theta (z : X * H.-tuple A) : R :=
  rho z.1 * seqp (token_law s theta z.1) z.2.

Lemma token_law_kernel s theta x : is_kernel (token_law s theta x).
Proof. exact: hat_kernel. Qed.

Theorem response_walk s theta F : \sum_z response_law s theta z * F (first_met s z.1 [::] z.2)
  = \sum_x rho x * walk H s theta x [::] F.
Proof.
rewrite -(pair_bigA _ (fun x (t : H.-tuple A) => response_law s theta (x, t) * F (first_met s x [::] t))).
apply: eq_bigr => x _; rewrite /response_law /=; under eq_bigr do rewrite -mulrA.
rewrite -mulr_sumr; congr (_ * _); rewrite /seqp.
elim: H [::] => [|m IH] p.
  by rewrite (sum_tuple0 (fun t => seqp_from _ p t * F (first_met s x p t))) mul1r.
rewrite (sum_tupleS _ (fun t => seqp_from _ p t * F (first_met s x p t))) /=.
case: (look s x p) => [e|]; last first.
  by apply: eq_bigr => a _; rewrite -IH mulr_sumr; apply: eq_bigr => t _; rewrite mulrA.
rewrite -[RHS]mul1r -(@token_law_kernel s theta x p).2 mulr_suml; apply: eq_bigr => a _.
rewrite -[RHS]mulr1 -(seqp_from_sum1 (@token_law_kernel s theta x) m (rcons p a)) mulr_sumr.
by apply: eq_bigr => t _; rewrite mulrAC.
Qed.

Lemma response_law_dist s theta : is_dist (response_law s theta).
Proof.
split=> [z|]; first by rewrite mulr_ge0 ?rho_dist.1// seqp_ge0//; exact: token_law_kernel.
rewrite -(pair_bigA _ (fun x (t : H.-tuple A) => rho x * seqp (token_law s theta x) t)) /= -rho_dist.2.
by apply: eq_bigr => x _; rewrite -mulr_sumr (seqp_dist _ (@token_law_kernel s theta x)).2 mulr1.
Qed.

Lemma first_met_has s x p u :
  first_met s x p u = has (fun h => look s x (p ++ take h u)) (iota 0 (size u)) :> bool.
Proof.
elim: u p => //= a u IH p; rewrite cats0; case: (look s x p) => //=.
rewrite IH -[1%N]/(1 + 0)%N iotaDl has_map; apply: eq_has => h /=.
by rewrite cat_rcons.
Qed.

Lemma first_met_uncovered s x (t : H.-tuple A) : first_met s x [::] t
  = meets_uncovered H phi (@stored_prompt _ _ s) (@stored_prefix _ _ s) (@stored_ends _ _ s) x t :> bool.
Proof.
rewrite first_met_has size_tuple; apply/hasP/existsP => [[h]|[h u]].
  rewrite mem_iota add0n => /= hH; rewrite look_tested => u; by exists (Ordinal hH).
by exists (h : nat); [rewrite mem_iota add0n /=|rewrite look_tested].
Qed.

Lemma first_met_look s x p t e : (size p + size t)%N = H -> first_met s x p t = Some e ->
  exists2 q, (size q < H)%N & look s x q = Some e.
Proof.
elim: t p => //= a t IH p sz.
case E: (look s x p) => [e'|]; last by apply: IH; rewrite size_rcons addSnnS.
by case=> <-; exists p => //; rewrite -sz addnS ltnS leq_addr.
Qed.

(* line 3: an outcome of any law, that meets a pair by line 7 or comes with parameters      *)
Variables (W : state -> finType) (line3 : forall s, W s -> R).
Variables (line3_met : forall s, W s -> option (stored X A)).
Variable theta : forall s, W s -> forall h, 'rV[R]_(d h).
Hypothesis line3_dist : forall s, is_dist (@line3 s).
Hypothesis line3_looks : forall s w e, 0 < @line3 s w -> line3_met w = Some e ->
  exists x, exists2 p, (size p < H)%N & look s x p = Some e.
(* the next pass starts with one pair more *)
Definition next_met s (w : W s) : option state := omap (rcons s) (line3_met w).
Definition next_law s (w : W s) (z : X * H.-tuple A) : R := response_law s (theta w) z.
Definition next_found s (w : W s) (z : X * H.-tuple A) : option state :=
  omap (rcons s) (first_met s z.1 [::] z.2).
(* the mean over what a run ends with that starts with nothing: what is stored, and the     *)
(* outcome of the last line 3                                                               *)
Definition mtss_final m (F : forall s, W s -> R) : R :=
  final line3 next_met next_law next_found N m F [::].
(* u: the chance that a response of line 8 meets a prefix that is not covered               *)
Definition last_hazard s (w : W s) : R := \sum_x rho x * uncovered_chance K0 beta H phi
  (@stored_prompt _ _ s) (@stored_prefix _ _ s) (@stored_ends _ _ s) (theta w) x.

Lemma next_law_dist s (w : W s) : is_dist (next_law w). Proof. exact: response_law_dist. Qed.

Theorem hazard_uncovered s (w : W s) : met_chance next_law next_found w = last_hazard w.
Proof.
rewrite /met_chance big_mkcond -(pair_bigA _ (fun x (t : H.-tuple A) =>
  if next_found w (x, t) then next_law w (x, t) else 0)).
apply: eq_bigr => x _; rewrite /uncovered_chance PrE mulr_sumr; apply: eq_bigr => t _ /=.
rewrite -first_met_uncovered /next_found /next_law /response_law /=; case: first_met => [e|] /=.
  by rewrite mul1r.
by rewrite mul0r mulr0.
Qed.

Theorem mtss_at_most : at_most line3 next_met next_law next_found (total_rank phi H) [::].
Proof.
rewrite -ranks_left0; apply: (at_most_by (left := ranks_left phi H)) => s s' [w w0 [|[_ [z _]]]].
  rewrite /next_met; case E: (line3_met w) => [e|//] [<-].
  have [x [p pH]] := line3_looks w0 E; exact: look_left.
rewrite /next_found; case E: (first_met _ _ _ _) => [e|//] [<-].
have [|p pH] := first_met_look _ E; first by rewrite size_tuple.
 exact: look_left.
Qed.

Local Notation n := (total_rank phi H).

Theorem mtss_final_ends m : (n < m)%N -> mtss_final m (fun _ _ => 1) = 1.
Proof.
exact: (mtss_sweep_ends N line3_dist next_law_dist mtss_at_most).
Qed.

Theorem mtss_final_tail (h : R) m : 0 < h -> h <= 1 -> (n < m)%N ->
  mtss_final m (fun s w => if h <= last_hazard w then 1 else 0) <= 1 - (1 - (1 - h) ^+ N) ^+ n
  /\ 1 - (1 - (1 - h) ^+ N) ^+ n <= n%:R * (1 - h) ^+ N.
Proof.
move=> h0 h1 nm; split.
  have := mtss_sweep_tail N line3_dist next_law_dist h0 h1 mtss_at_most nm.
  by apply: le_trans; apply: final_mono => // s w; [exact: next_law_dist|rewrite hazard_uncovered].
apply: tail_le; first by rewrite exprn_ge0 ?subr_ge0.
by rewrite exprn_ile1 ?subr_ge0// ler_subl_addr ler_addl ltW.
Qed.

Theorem mtss_final_mean m : (n < m)%N -> mtss_final m (fun s w => last_hazard w) <= most_hazard R N n.
Proof.
move=> nm; have := mtss_sweep_mean N line3_dist next_law_dist mtss_at_most nm.
by apply: le_trans; apply: final_mono => // s w; [exact: next_law_dist|rewrite hazard_uncovered].
Qed.

End Run.
