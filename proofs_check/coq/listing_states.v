(* Laws of the listings whose states have a property: what every outcome of a run has,   *)
(* and the mean of an iteration whose step is known on such states alone.                 *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals.
From Spanner Require Import cert_numbers listing listing_run listing_links.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Every.
(* an outcome of mass 0 counts, too *)
Definition every A (P : A -> Prop) (l : law A) : Prop := foldr (fun p others => P p.1 /\ others) True l.

Lemma every_imp A (P P' : A -> Prop) l : (forall a, P a -> P' a) -> every P l -> every P' l.
Proof. by move=> imp; elim: l => //= p l IH [/imp ? /IH]. Qed.

Lemma every_all A (P : A -> Prop) l : (forall a, P a) -> every P l.
Proof. by move=> all; elim: l => //= p l IH; split. Qed.

Lemma every_cat A (P : A -> Prop) l l' : every P l -> every P l' -> every P (l ++ l').
Proof. by elim: l => //= p l IH [Pp /IH rest] /rest. Qed.

Lemma every_mixed A B (P : A -> Prop) (P' : B -> Prop) l (k : A -> law B) :
  every P l -> (forall a, P a -> every P' (k a)) -> every P' (mixed l k).
Proof.
move=> Pl Pk; elim: l Pl => //= p l IH [/Pk Pp /IH]; rewrite /mixed /=; apply: every_cat.
by rewrite /scaled; elim: (k p.1) Pp => //= x l' IH' [Px /IH'].
Qed.

Lemma every_merged A (equal : A -> A -> bool) (P : A -> Prop) l : every P l -> every P (merged equal l).
Proof.
have one s p m : P s -> every P m -> every P (put equal s p m).
  by move=> Ps; elim: m => [|[t q] m IH] //= [Pt Pm]; case: ifP => _ /=; split=> //; exact: IH.
rewrite /merged; suff H m : every P m -> every P l -> every P (foldl (fun m x => put equal x.1 x.2 m) m l) by exact: H.
by elim: l m => //= p l IH m Pm [Pp Pl]; apply: IH => //; exact: one.
Qed.

Lemma every_iterate S (equal : S -> S -> bool) (until : S -> bool) (step : S -> law S) (P : S -> Prop) n s :
  P s -> (forall t, P t -> every P (step t)) -> every P (iterate (C:=lists) equal until step n s).
Proof.
move=> Ps Pstep; elim: n => [|n IH] /=; first by split.
by apply/every_merged/(every_mixed IH) => t Pt; case: ifP => _ /=; [split|exact: Pstep].
Qed.
End Every.

Section Means.
Variable R : realType.
Local Notation mean := (@mean R _).
Local Notation exps := (expectations R).

Lemma eq_mean_every A (P : A -> Prop) l (F G : A -> R) :
  every P l -> (forall a, P a -> F a = G a) -> mean l F = mean l G.
Proof.
move=> Pl FG; rewrite /listing_links.mean; elim: l Pl => [|p l IH] /=; first by rewrite !big_nil.
by case=> /FG Fp /IH rest; rewrite !big_cons Fp rest.
Qed.

(* mean_iterate of listing_links.v, where the step is linked on states that have P        *)
Lemma mean_iterate_every (S T : Type) (P : S -> Prop) (h : S -> T) (equal : S -> S -> bool) (until : pred S)
    (step : S -> law S) (equal' : T -> T -> bool) (until' : pred T) (step' : T -> run_of exps T) n s F :
  P s -> (forall t, P t -> every P (step t)) ->
  (forall a b, equal a b -> h a = h b) -> (forall t, P t -> until t = until' (h t)) ->
  (forall t G, P t -> mean (step t) (G \o h) = step' (h t) G) ->
  mean (iterate (C:=lists) equal until step n s) (F \o h)
  = iterate (C:=exps) equal' until' step' n (h s) F.
Proof.
move=> Ps Pstep eqh un st; elim: n F => [|n IH] F; first by rewrite /= mean_ret.
rewrite iterate_last -IH /= mean_merged => [|a b /eqh /= -> //].
rewrite mean_mixed; apply: (eq_mean_every (every_iterate _ _ n Ps Pstep)) => t Pt /=.
by rewrite un//; case: ifP => _; [rewrite mean_ret|rewrite st].
Qed.

(* a law of mass 1, whatever its states                                                    *)
Lemma mass_iterate (S : Type) (P : S -> Prop) (equal : S -> S -> bool) (until : pred S) (step : S -> law S) n s :
  P s -> (forall t, P t -> every P (step t)) -> (forall t, P t -> mean (step t) (fun=> 1) = 1) ->
  mean (iterate (C:=lists) equal until step n s) (fun=> 1) = 1.
Proof.
move=> Ps Pstep st; elim: n => [|n IH]; first by rewrite /= mean_ret.
rewrite -[RHS]IH /= mean_merged// mean_mixed; apply: (eq_mean_every (every_iterate _ _ n Ps Pstep)) => t Pt /=.
by case: ifP => _; [rewrite mean_ret|rewrite st].
Qed.
End Means.
