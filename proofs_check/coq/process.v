(* Adaptive finite processes: a kernel maps a history to a distribution of the *)
(* next symbol. Used for autoregressive policies, i.i.d. draws and adaptive    *)
(* algorithms. No claim of its own.                                            *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals.
From Spanner Require Import dist.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Process.
Variables (R : realType) (A : finType).
Implicit Types (K : seq A -> A -> R) (F : seq A -> R) (s t : seq A).

Definition is_kernel K := forall s, is_dist (K s).

(* probability that the process, started from history s, next emits t *)
Fixpoint seqp_from K s t : R :=
  if t is a :: t' then K s a * seqp_from K (rcons s a) t' else 1.

Definition seqp K t := seqp_from K [::] t.

Definition iid (q : A -> R) : seq A -> A -> R := fun _ => q.

Lemma seqp_prod K n (t : n.-tuple A) :
  seqp K t = \prod_(h < n) K (take h t) (tnth t h).
Proof.
suff H s m (u : m.-tuple A) :
    seqp_from K s u = \prod_(h < m) K (s ++ take h u) (tnth u h) by exact: H.
elim: m => [|m IH] in s u *; first by rewrite tuple0 big_ord0.
case/tupleP: u => a u; rewrite big_ord_recl /= cats0 IH; congr (_ * _).
by apply: eq_bigr => h _; rewrite cat_rcons !(tnth_nth a).
Qed.

Lemma seqp_iid q s t : seqp_from (iid q) s t = \prod_(z <- t) q z.
Proof. by elim: t s => [|a t IH] s /=; rewrite ?big_nil ?big_cons ?IH. Qed.

Lemma sum_tuple0 F : \sum_(t : 0.-tuple A) F t = F [::].
Proof.
rewrite (big_pred1 [tuple]) // => t; apply/esym/eqP/val_inj.
by rewrite (tuple0 t).
Qed.

Lemma sum_tupleS n F :
  \sum_(t : n.+1.-tuple A) F t = \sum_a \sum_(t : n.-tuple A) F (a :: t).
Proof.
rewrite pair_big /= (reindex (fun u : A * n.-tuple A => [tuple of u.1 :: u.2])) //=.
exists (fun t : n.+1.-tuple A => (thead t, [tuple of behead t])) => [[a t] _|t _] /=.
  by congr pair; apply/val_inj.
by rewrite -tuple_eta.
Qed.

(* probability that the next n symbols emitted from history s satisfy ev *)
Definition Pr K s n (ev : pred (seq A)) : R :=
  \sum_(t : n.-tuple A | ev t) seqp_from K s t.

Lemma PrE K s n ev : Pr K s n ev = \sum_(t : n.-tuple A) (ev t)%:R * seqp_from K s t.
Proof.
by rewrite /Pr big_mkcond; apply: eq_bigr => t _; case: ifP; rewrite ?mul1r ?mul0r.
Qed.

Lemma Pr0 K s ev : Pr K s 0 ev = (ev [::])%:R.
Proof. by rewrite PrE (sum_tuple0 (fun t => (ev t)%:R * seqp_from K s t)) mulr1. Qed.

Lemma PrS K s n ev :
  Pr K s n.+1 ev = \sum_a K s a * Pr K (rcons s a) n (fun t => ev (a :: t)).
Proof.
rewrite PrE (sum_tupleS _ (fun t => (ev t)%:R * seqp_from K s t)).
apply: eq_bigr => a _; rewrite PrE mulr_sumr; apply: eq_bigr => t _.
by rewrite mulrCA.
Qed.

Lemma Pr_iid q s s' n ev : Pr (iid q) s n ev = Pr (iid q) s' n ev.
Proof. by apply: eq_bigr => t _; rewrite !seqp_iid. Qed.

Lemma seqp_ge0 K : is_kernel K -> forall t s, 0 <= seqp_from K s t.
Proof.
by move=> Kd; elim=> [|a t IH] s /=; rewrite ?ler01// mulr_ge0 ?(Kd s).1.
Qed.

Lemma seqp_gt0 K : (forall s, full_support (K s)) -> forall t s, 0 < seqp_from K s t.
Proof. by move=> K0; elim=> [|a t IH] s /=; rewrite ?ltr01// mulr_gt0 ?K0. Qed.

Lemma seqp_from_sum1 K : is_kernel K -> forall n s,
  \sum_(t : n.-tuple A) seqp_from K s t = 1.
Proof.
move=> Kd; elim=> [|n IH] s; first by rewrite (sum_tuple0 (seqp_from K s)).
rewrite (sum_tupleS _ (seqp_from K s)) /= -(Kd s).2.
by apply: eq_bigr => a _; rewrite -mulr_sumr IH mulr1.
Qed.

Lemma Pr_predC K s n ev : is_kernel K -> Pr K s n (predC ev) = 1 - Pr K s n ev.
Proof.
move=> Kd; have := seqp_from_sum1 Kd n s.
by rewrite (bigID (fun t : n.-tuple A => ev t)) /= => <-; rewrite addrC addKr.
Qed.

Theorem seqp_dist K n : is_kernel K -> is_dist (fun t : n.-tuple A => seqp K t).
Proof. by move=> Kd; split=> [t|]; [exact: seqp_ge0|exact: seqp_from_sum1]. Qed.

End Process.
