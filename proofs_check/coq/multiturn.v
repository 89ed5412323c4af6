(* Autoregressive responses of H tokens, FMR25 Thm 5.1. Claims soft-bellman,     *)
(* path-consistency, q-linear, coverage-tokens.                                  *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section MultiTurn.
Variables (R : realType) (A : finType) (K0 : seq A -> A -> R) (r : seq A -> R).
Variables (beta : R) (H : nat).
Hypothesis K0_dist : is_kernel K0.
Hypothesis K0_gt0 : forall s, full_support (K0 s).
Hypothesis beta_gt0 : 0 < beta.

(* soft value of a prefix with n tokens to go: the reward at the end, and         *)
(* beta log E exp(./beta) of the next value before                                *)
Fixpoint value_togo n (s : seq A) : R :=
  if n is n'.+1 then beta * ln (\sum_a K0 s a * expR (value_togo n' (rcons s a) / beta))
  else r s.

Definition V s := value_togo (H - size s) s.
Definition Q s a := V (rcons s a).

(* the optimal token law pi*_h: proportional to pi_ref,h exp(Q_h / beta) *)
Definition token_opt s a :=
  K0 s a * expR (Q s a / beta) / \sum_b K0 s b * expR (Q s b / beta).

(* sequence-level normalising constant *)
Definition Zseq := \sum_(t : H.-tuple A) seqp K0 t * expR (r t / beta).

Lemma token_norm_gt0 (F : A -> R) s : 0 < \sum_a K0 s a * expR (F a).
Proof.
have [a _] : exists a : A, true.
  apply/existsP; apply: contra_eqT (K0_dist s).2 => /existsPn no.
  by rewrite big1 ?[_ == 1]eq_sym ?oner_eq0// => a; have := no a.
rewrite (bigD1 a)//= ltr_spaddl ?mulr_gt0 ?expR_gt0//; first exact: K0_gt0.
by rewrite sumr_ge0// => b _; rewrite ltW// mulr_gt0 ?expR_gt0//; exact: K0_gt0.
Qed.

Lemma expV s : (size s < H)%N -> expR (V s / beta) = \sum_a K0 s a * expR (Q s a / beta).
Proof.
move=> sH; rewrite {1}/V -(subnSK sH) /= mulrAC divff ?lt0r_neq0// mul1r.
rewrite lnK ?posrE ?token_norm_gt0//; apply: eq_bigr => a _.
by rewrite /Q /V size_rcons.
Qed.

Lemma token_optE s a : (size s < H)%N ->
  token_opt s a = K0 s a * expR ((Q s a - V s) / beta).
Proof. by move=> sH; rewrite /token_opt -expV// mulrBl expRB mulrA. Qed.

Lemma token_opt_kernel : is_kernel token_opt.
Proof.
move=> s; have n0 := token_norm_gt0 (fun a => Q s a / beta) s; split=> [a|].
  by rewrite divr_ge0 ?(ltW n0)// mulr_ge0 ?(ltW (expR_gt0 _))// ltW//; exact: K0_gt0.
by rewrite -mulr_suml divff// lt0r_neq0.
Qed.

Lemma seqp_tail s (t : seq A) : (size s + size t)%N = H ->
  seqp_from token_opt s t = seqp_from K0 s t * expR ((r (s ++ t) - V s) / beta).
Proof.
elim: t s => [|a t IH] s /= sz.
  rewrite addn0 in sz.
  by rewrite cats0 /V sz subnn /= subrr mul0r expR0 mulr1.
have sH : (size s < H)%N by rewrite -sz -[X in (X < _)%N]addn0 ltn_add2l.
rewrite token_optE// IH ?size_rcons ?addSnnS// cat_rcons mulrACA -expRD -mulrDl.
by rewrite /Q [X in expR (X / beta)]addrC addrA subrK.
Qed.

(* soft-bellman: Z is exp(V_1/beta), and the product of the optimal token laws is  *)
(* the sequence-level optimum                                                      *)
Theorem soft_bellman_value : V [::] = beta * ln Zseq.
Proof.
have e : Zseq = expR (V [::] / beta).
  transitivity (\sum_(t : H.-tuple A) seqp token_opt t * expR (V [::] / beta)).
    apply: eq_bigr => t _; rewrite /seqp seqp_tail ?size_tuple// -mulrA -expRD -mulrDl.
    by rewrite subrK.
  by rewrite -mulr_suml (seqp_dist _ token_opt_kernel).2 mul1r.
by rewrite e expK mulrCA divff ?mulr1// lt0r_neq0.
Qed.

Theorem soft_bellman (t : H.-tuple A) :
  seqp token_opt t = seqp K0 t * expR (r t / beta) / Zseq.
Proof.
rewrite /seqp seqp_tail ?size_tuple//= mulrBl expRB soft_bellman_value.
rewrite [beta * _ / beta]mulrAC divff ?lt0r_neq0// mul1r lnK ?mulrA// posrE.
have -> : Zseq = expR (V [::] / beta); last exact: expR_gt0.
rewrite soft_bellman_value mulrAC divff ?lt0r_neq0// mul1r lnK// posrE /Zseq.
have [t0 _] : exists t0 : H.-tuple A, true by exists t.
rewrite (bigD1 t0)//= ltr_spaddl ?mulr_gt0 ?expR_gt0//; first exact: seqp_gt0.
by rewrite sumr_ge0// => u _; rewrite ltW// mulr_gt0 ?expR_gt0//; exact: seqp_gt0.
Qed.

(* path-consistency: on every path, reward minus beta times the remaining          *)
(* log-ratios is the soft value of the prefix                                      *)
Fixpoint log_ratios s (t : seq A) : R :=
  if t is a :: t' then ln (token_opt s a / K0 s a) + log_ratios (rcons s a) t' else 0.

Theorem path_consistency s t : (size s + size t)%N = H ->
  r (s ++ t) - beta * log_ratios s t = V s.
Proof.
elim: t s => [|a t IH] s /= sz.
  by rewrite addn0 in sz; rewrite cats0 mulr0 subr0 /V sz subnn.
have sH : (size s < H)%N by rewrite -sz -[X in (X < _)%N]addn0 ltn_add2l.
have {}IH := IH (rcons s a); rewrite size_rcons addSnnS sz cat_rcons in IH.
have -> : ln (token_opt s a / K0 s a) = (Q s a - V s) / beta.
  rewrite token_optE// mulrAC divff ?mul1r ?expK// lt0r_neq0//; exact: K0_gt0.
have := IH erefl; rewrite -/(Q s a) => e.
transitivity (r (s ++ a :: t) - beta * log_ratios (rcons s a) t - Q s a + V s).
  by field; exact: lt0r_neq0.
by rewrite e subrr add0r.
Qed.

(* q-linear: if the optimal token law is a softmax of linear scores then the       *)
(* differences of Q are the differences of the scores                              *)
Theorem q_linear s (score : A -> R) (c : R) : (size s < H)%N -> 0 < c ->
  (forall a, token_opt s a = K0 s a * expR (score a / beta) / c) ->
  forall a a', Q s a - Q s a' = score a - score a'.
Proof.
move=> sH c0 E.
have eq a : Q s a = score a + V s - beta * ln c.
  have := E a; rewrite token_optE// -mulrA => /(mulfI (lt0r_neq0 (K0_gt0 s a))).
  move/(congr1 (@ln R)); rewrite expK ln_div ?posrE ?expR_gt0// expK => e.
  have b0 := lt0r_neq0 beta_gt0.
  have -> : Q s a = (Q s a - V s) / beta * beta + V s by rewrite mulfVK// subrK.
  by rewrite e; move: (ln c) (V s) => x y; field.
by move=> a a'; rewrite !eq; ering.
Qed.

(* coverage-tokens: C_cond <= exp(R_max/beta) *)
Lemma value_range lo hi n s : (forall t : seq A, size t = (size s + n)%N -> lo <= r t <= hi) ->
  lo <= value_togo n s <= hi.
Proof.
elim: n s => [|n IH] s rb /=; first by apply: rb; rewrite addn0.
have IHa a : lo <= value_togo n (rcons s a) <= hi.
  by apply: IH => t; rewrite size_rcons addSnnS; exact: rb.
set N := \sum_a _; have N0 : 0 < N by exact: token_norm_gt0.
have lo_le : expR (lo / beta) <= N.
  rewrite -[leLHS]mul1r -(K0_dist s).2 mulr_suml; apply: ler_sum => a _.
  by rewrite ler_pmul2l ?K0_gt0// ler_expR ler_pmul2r ?invr_gt0//; case/andP: (IHa a).
have hi_ge : N <= expR (hi / beta).
  rewrite -[leRHS]mul1r -(K0_dist s).2 mulr_suml; apply: ler_sum => a _.
  by rewrite ler_pmul2l ?K0_gt0// ler_expR ler_pmul2r ?invr_gt0//; case/andP: (IHa a).
have l1 : lo / beta <= ln N by rewrite -[leLHS]expK ler_ln ?posrE ?expR_gt0.
have l2 : ln N <= hi / beta by rewrite -[leRHS]expK ler_ln ?posrE ?expR_gt0.
by rewrite mulrC -ler_pdivr_mulr// l1 -ler_pdivl_mulr.
Qed.

Theorem token_coverage_range lo hi s a : (forall t : H.-tuple A, lo <= r t <= hi) ->
  (size s < H)%N -> token_opt s a / K0 s a <= expR ((hi - lo) / beta).
Proof.
move=> rb sH.
have rb' (t : seq A) : size t = H -> lo <= r t <= hi.
  by move=> tH; have := rb (tcast tH (in_tuple t)); rewrite val_tcast.
have /andP[v1 _] : lo <= V s <= hi.
  by apply: value_range => t; rewrite subnKC ?(ltnW sH)//; exact: rb'.
have /andP[_ q2] : lo <= Q s a <= hi.
  by apply: value_range => t; rewrite size_rcons subnKC//; exact: rb'.
rewrite token_optE// mulrAC divff ?mul1r ?lt0r_neq0 ?K0_gt0// ler_expR.
by rewrite ler_pmul2r ?invr_gt0// ler_sub.
Qed.

End MultiTurn.
