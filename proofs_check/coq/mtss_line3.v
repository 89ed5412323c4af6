(* Line 3 of MTSS in span mode by listing: the roll-outs with their targets, the first pair *)
(* that is met on their way, least squares layer by layer from the last. Claim               *)
(* mtss-end-to-end with this line 3, whatever the law of the roll-outs' tokens.              *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import boolp reals sequences exp ring.
From Spanner Require Import exp_facts dist process gibbs mixtures prompts ridge multiturn.
From Spanner Require Import mtss_exact mtss_gap mtss_sweep mtss_passes mtss_end_to_end.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* what line 8 explains of a roll-out depends on the parameters of later layers only         *)
Lemma explained_later (R : realType) (X : Type) (A : finType) (K0 : X -> seq A -> A -> R) (beta : R)
    (d : nat -> nat) (phi : forall h, X -> seq A -> A -> 'rV[R]_(d h)) (n : nat -> nat)
    (prompt : forall h, 'I_(n h) -> X) (prefix : forall h, 'I_(n h) -> seq A)
    (ends : forall h, 'I_(n h) -> bool -> A) (t t' : forall h, 'rV[R]_(d h)) x p w :
  (forall j, (size p <= j < size p + size w)%N -> t j = t' j) ->
  explained K0 beta phi prompt prefix ends t x p w = explained K0 beta phi prompt prefix ends t' x p w.
Proof.
elim: w p => [//|[a' a] w IH] p tt' /=; rewrite IH => [|j]; last first.
  by rewrite size_rcons => /andP[pj jw]; apply: tt'; rewrite (ltnW pj) /= addnS -addSn.
by rewrite /line8_score tt'// leqnn /= addnS ltnS leq_addr.
Qed.

Section Line3.
Variables (R : realType) (X A : finType) (K0 : X -> seq A -> A -> R) (r : X -> seq A -> R).
Variables (beta osc : R) (H N : nat) (rho : X -> R).
Variables (d : nat -> nat) (phi : forall h, X -> seq A -> A -> 'rV[R]_(d h)).
Local Notation state := (seq (stored X A)).
Variable N_out : nat.

(* the tokens of all roll-outs, each with its a': N_out times from both ends of every pair;  *)
(* one of layer h (from 0) takes H - h - 1 of them                                           *)
Definition drawn (s : state) : finType :=
  [finType of {ffun 'I_H * 'I_(size s) * 'I_N_out * bool -> H.-tuple (A * A)}].
Lemma layer_size (s : state) h : (size (of_layer s h) <= size s)%N.
Proof. by rewrite size_filter count_size. Qed.
Definition out_of s (w : drawn s) h (i : 'I_(size (of_layer s h))) (k : 'I_N_out) (b : bool) : seq (A * A) :=
  if insub h is Some h' then take (H - h.+1) (w (h', widen_ord (layer_size s h) i, k, b)) else [::].
(* the first pair that is met: layers from the last on, pair by pair, both ends in turn      *)
Definition met_of s (w : drawn s) : option (stored X A) := ohead (pmap id (flatten
  [seq [seq first_met phi s (stored_prompt z.1.1) (from (@stored_prefix _ _ s) (@stored_ends _ _ s) z.1.1 z.2)
      (unzip2 (out_of w z.1.1 z.1.2 z.2))
    | z : 'I_(size (of_layer s h)) * 'I_N_out * bool] | h <- rev (iota 0 H)])).
(* least squares: any parameter that fits the targets y of a layer                           *)
Variable est : forall (s : state) h, ('I_(size (of_layer s h)) -> R) -> 'rV[R]_(d h).
Hypothesis est_fits : forall s h (y : 'I_(size (of_layer s h)) -> R) (t : 'rV[R]_(d h)),
  \sum_i (dot (est y) (row i (Psi_of phi s h)) - y i) ^+ 2
    <= \sum_i (dot t (row i (Psi_of phi s h)) - y i) ^+ 2.
(* theta_H, .., theta_1: a target needs the parameters of later layers only, so H times      *)
(* anew from any is enough                                                                    *)
Definition target_of s (w : drawn s) theta h : 'I_(size (of_layer s h)) -> R :=
  target K0 r beta phi (@stored_prompt _ _ s) (@stored_prefix _ _ s) (@stored_ends _ _ s) theta
    (out_of w) (h:=h).
Fixpoint thetas m s (w : drawn s) h : 'rV[R]_(d h) :=
  if m is m'.+1 then est (target_of w (thetas m' w) (h:=h)) else 0.

Lemma out_of_size s (w : drawn s) h i k b : (h < H)%N -> (h.+1 + size (@out_of s w h i k b))%N = H.
Proof.
by move=> hH; rewrite /out_of insubT size_takel ?subnKC// size_tuple leq_subr.
Qed.

Lemma target_later s (w : drawn s) t t' h (i : 'I_(size (of_layer s h))) : (h < H)%N ->
  (forall j, (h < j < H)%N -> t j = t' j) -> target_of w t i = target_of w t' i.
Proof.
move=> hH tt'.
set ex := explained K0 beta phi (@stored_prompt _ _ s) (@stored_prefix _ _ s) (@stored_ends _ _ s).
have le k b : ex t (stored_prompt i) (from (@stored_prefix _ _ s) (@stored_ends _ _ s) i b) (out_of w i k b)
    = ex t' (stored_prompt i) (from (@stored_prefix _ _ s) (@stored_ends _ _ s) i b) (out_of w i k b).
  by apply: explained_later => l; rewrite size_rcons stored_prefix_size out_of_size//; exact: tt'.
apply: (congr1 (fun y : R => y / N_out%:R)); apply: eq_bigr => k _.
by rewrite /G -/ex !le.
Qed.

(* theta_h is the fit of the targets that the theta_j of later layers make                    *)
Theorem thetas_fit s (w : drawn s) h : (h < H)%N -> thetas H w h = est (target_of w (thetas H w) (h:=h)).
Proof.
move=> hH; suff e m j : (j < H)%N -> (H - j <= m)%N -> thetas m w j = thetas m.+1 w j.
  exact: (e H h hH (leq_subr _ _)).
elim: m j => [|m IH] j jH jm; first by move: jm; rewrite leqn0 subn_eq0 leqNgt jH.
apply: (congr1 (@est s j)); apply/funext => i; apply: target_later => // l /andP[jl lH].
by apply: IH => //; rewrite -ltnS (leq_trans _ jm)// ltn_sub2l.
Qed.

Lemma met_of_look s (w : drawn s) e : met_of w = Some e ->
  exists x, exists2 p, (size p < H)%N & look phi s x p = Some e.
Proof.
rewrite /met_of => E; have : Some e \in flatten
  [seq [seq first_met phi s (stored_prompt z.1.1) (from (@stored_prefix _ _ s) (@stored_ends _ _ s) z.1.1 z.2)
      (unzip2 (out_of w z.1.1 z.1.2 z.2))
    | z : 'I_(size (of_layer s h)) * 'I_N_out * bool] | h <- rev (iota 0 H)].
  move: (flatten _) E; elim=> //= -[a|] l IH /=.
    by case=> ->; rewrite mem_head.
  by move=> /IH; rewrite inE orbC => ->.
case/flatten_mapP => h; rewrite mem_rev mem_iota add0n => /= hH /mapP[z _ /esym m].
exists (stored_prompt z.1.1); apply: first_met_look m.
by rewrite size_map size_rcons stored_prefix_size out_of_size.
Qed.

Lemma met_of_none s (w : drawn s) x p : met_of w = None ->
  visited H (@stored_prompt _ _ s) (@stored_prefix _ _ s) (@stored_ends _ _ s) (out_of w) 0 x p ->
  look phi s x p = None.
Proof.
move=> none [h [i [k [b [m [/= hH mw -> ->]]]]]].
have : first_met phi s (stored_prompt i) (from (@stored_prefix _ _ s) (@stored_ends _ _ s) i b)
    (unzip2 (out_of w i k b)) = None.
  move: none; rewrite /met_of; set l := flatten _ => none; set f := first_met _ _ _ _ _.
  have : f \in l.
    apply/flatten_mapP; exists h; first by rewrite mem_rev mem_iota.
    by apply/mapP; exists (i, k, b); rewrite ?mem_enum.
  by move: none; elim: l => //= -[a|] l IH //= no; rewrite inE => /orP[/eqP //|/IH]; exact.
move=> no; have := first_met_has phi s (stored_prompt i)
  (from (@stored_prefix _ _ s) (@stored_ends _ _ s) i b) (unzip2 (out_of w i k b)).
rewrite no => /esym/hasPn/(_ m); rewrite mem_iota /= size_map => /(_ mw).
by case: look.
Qed.

Hypothesis K0_dist : forall x, is_kernel (K0 x).
Hypothesis K0_gt0 : forall x s, full_support (K0 x s).
Hypothesis rho_dist : is_dist rho.
Hypothesis beta_gt0 : 0 < beta.
Hypothesis osc_le : forall x (t t' : H.-tuple A), r x t - r x t' <= osc.
Variable theta_star : forall h, 'rV[R]_(d h).
Hypothesis theta_star_ok : realizable K0 r beta H phi theta_star.
Hypothesis N_out_gt0 : (0 < N_out)%N.
Variable line3 : forall s : state, drawn s -> R.
Hypothesis line3_dist : forall s, is_dist (@line3 s).

Lemma line3_done s (w : drawn s) : 0 < line3 w -> met_of w = None ->
  line3_complete K0 r beta H phi (thetas H) (@out_of) w.
Proof.
move=> _ none; split=> [h i k b|x p|h hH t]; [exact: out_of_size|exact: met_of_none|].
rewrite (thetas_fit w hH); exact: est_fits.
Qed.

Local Notation n := (total_rank phi H).
Local Notation D := (dearest_token beta osc).
Local Notation mean m F := (mtss_final K0 beta H N rho phi line3 met_of (thetas H) m F).
Local Notation loss := (mtss_loss K0 r beta H rho phi (thetas H)).

Theorem mtss_listed_end_to_end m : (n < m)%N ->
  mean m (fun s w => loss w) <= H%:R * D * (n%:R * N%:R ^+ N / N.+1%:R ^+ N.+1)
  /\ ((0 < N)%N -> mean m (fun s w => loss w) <= n%:R * H%:R * D / (2%:R * N.+1%:R)).
Proof.
apply: (mtss_end_to_end N K0_dist K0_gt0 rho_dist beta_gt0 osc_le theta_star_ok
  line3_dist _ N_out_gt0 line3_done).
by move=> s w e _; exact: met_of_look.
Qed.

Theorem mtss_listed_end_to_end_tail (h : R) m : 0 < H%:R * D -> 0 < h -> h <= 1 -> (n < m)%N ->
  mean m (fun s w => if H%:R * D * h <= loss w then 1 else 0) <= n%:R * (1 - h) ^+ N.
Proof.
apply: (mtss_end_to_end_tail N K0_dist K0_gt0 rho_dist beta_gt0 osc_le theta_star_ok
  line3_dist _ N_out_gt0 line3_done).
by move=> s w e _; exact: met_of_look.
Qed.
End Line3.
