(* A proper learner as it runs: in a round it commits to a list of parameters, with    *)
(* coins of its own, and only then is the prompt drawn, and one answer for each.        *)
(* Claims dnf-exploration-chance and dnf-exploration-search (ours), up to the first     *)
(* hit and on null runs; T counts draws.                                                *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist process dnf.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Rounds.
Variables (R : realType) (A X : finType) (Th : Type).
(* until a 1 is answered, a history has commitments and prompts only: all answers are 0 *)
Implicit Types (s : seq (A * X)) (l : seq Th) (good : pred Th).
Variables (K : seq (A * X) -> A -> R) (th : seq (A * X) -> A -> seq Th).
Variables (rho : X -> R) (pr : Th -> X -> R).
Hypothesis K_dist : forall s, is_dist (K s).
Hypothesis rho_dist : is_dist rho.
Hypothesis pr01 : forall h x, 0 <= pr h x <= 1.

(* the chance of an answer 1 before the prompt is known *)
Definition chance_of (h : Th) : R := \sum_x rho x * pr h x.

(* one round at a prompt, its parameters l in order: probability of a 1, where v is      *)
(* that of a 1 later; and of a good parameter up to the first 1, where v is that of one later *)
Fixpoint round_hit l x v : R :=
  if l is h :: l' then pr h x + (1 - pr h x) * round_hit l' x v else v.
Fixpoint round_used good l x v : R :=
  if l is h :: l' then (if good h then 1 else (1 - pr h x) * round_used good l' x v) else v.

(* a 1 within n rounds; a good parameter among those used within n rounds up to the first 1 *)
Fixpoint run_hit n s : R := if n is n'.+1
  then \sum_a K s a * \sum_x rho x * round_hit (th s a) x (run_hit n' (rcons s (a, x))) else 0.
Fixpoint run_used good n s : R := if n is n'.+1
  then \sum_a K s a * \sum_x rho x * round_used good (th s a) x (run_used good n' (rcons s (a, x)))
  else 0.

(* the null run: every answer is 0 *)
Definition null s (z : A * X) : R := K s z.1 * rho z.2.
Fixpoint null_used good s (t : seq (A * X)) : bool :=
  if t is z :: t' then has good (th s z.1) || null_used good (rcons s z) t' else false.
Fixpoint null_miss s (t : seq (A * X)) : R := if t is z :: t'
  then (\prod_(h <- th s z.1) (1 - pr h z.2)) * null_miss (rcons s z) t' else 1.
Fixpoint draws s (t : seq (A * X)) : nat :=
  if t is z :: t' then (size (th s z.1) + draws (rcons s z) t')%N else 0.

Lemma null_kernel : is_kernel null.
Proof.
move=> s; split=> [z|]; first by rewrite mulr_ge0 ?(K_dist s).1 ?rho_dist.1.
rewrite -(K_dist s).2 -(pair_bigA _ (fun a x => K s a * rho x)); apply: eq_bigr => a _ /=.
by rewrite -mulr_sumr rho_dist.2 mulr1.
Qed.

Lemma round_hit01 l x v : 0 <= v <= 1 -> 0 <= round_hit l x v <= 1.
Proof.
move=> v01; elim: l => //= h l /andP[h0 h1]; case/andP: (pr01 h x) => p0 p1; apply/andP; split.
  by rewrite addr_ge0 ?mulr_ge0 ?subr_ge0.
have e : 0 <= (1 - pr h x) * (1 - round_hit l x v) by rewrite mulr_ge0 ?subr_ge0.
by apply: (le_cert e); move: (pr _ _) (round_hit _ _ _) => a b; ring.
Qed.

Lemma round_used01 good l x v : 0 <= v <= 1 -> 0 <= round_used good l x v <= 1.
Proof.
move=> v01; elim: l => //= h l /andP[h0 h1]; case: ifP => _; first by rewrite ler01 lexx.
case/andP: (pr01 h x) => p0 p1.
by rewrite mulr_ge0 ?subr_ge0//= mulr_ile1 ?subr_ge0// ler_subl_addr ler_addl.
Qed.

Local Lemma average01 s (F : A -> X -> R) : (forall a x, 0 <= F a x <= 1) ->
  0 <= (\sum_a K s a * \sum_x rho x * F a x) <= 1.
Proof.
move=> F01; have in01 a : 0 <= (\sum_x rho x * F a x) <= 1.
  apply/andP; split; first by apply: sumr_ge0 => x _; case/andP: (F01 a x) => ? _; rewrite mulr_ge0 ?rho_dist.1.
  rewrite -[leRHS]rho_dist.2; apply: ler_sum => x _; case/andP: (F01 a x) => _ h.
  by rewrite -[leRHS]mulr1 ler_wpmul2l ?rho_dist.1.
apply/andP; split; first by apply: sumr_ge0 => a _; case/andP: (in01 a) => ? _; rewrite mulr_ge0 ?(K_dist s).1.
rewrite -[leRHS](K_dist s).2; apply: ler_sum => a _; case/andP: (in01 a) => _ h.
by rewrite -[leRHS]mulr1 ler_wpmul2l ?(K_dist s).1.
Qed.

Lemma run_hit01 n s : 0 <= run_hit n s <= 1.
Proof.
elim: n s => [|n IH] s /=; first by rewrite lexx ler01.
by apply: average01 => a x; exact: round_hit01.
Qed.

Lemma run_used01 good n s : 0 <= run_used good n s <= 1.
Proof.
elim: n s => [|n IH] s /=; first by rewrite lexx ler01.
by apply: average01 => a x; exact: round_used01.
Qed.

Section Bound.
Variable u : R.
Hypothesis u0 : 0 <= u.
Let loud h := u <= chance_of h.
(* chances of the parameters before the first loud one *)
Fixpoint quiet l x : R := if l is h :: l' then (if loud h then 0 else pr h x + quiet l' x) else 0.

Local Lemma quiet_mean l : \sum_x rho x * quiet l x <= (size l)%:R * u.
Proof.
elim: l => [|h l IH] /=; first by rewrite mul0r big1// => x _; rewrite mulr0.
case lh : (loud h); first by rewrite big1 ?mulr_ge0 ?ler0n// => x _; rewrite mulr0.
move/negbT: lh; rewrite -ltNge => /ltW hu; under eq_bigr do rewrite mulrDr.
by rewrite big_split mulrSr mulrDl mul1r addrC ler_add.
Qed.

Local Lemma quiet_ge0 l x : 0 <= quiet l x.
Proof. by elim: l => //= h l IH; case: ifP => _ //; case/andP: (pr01 h x) => ? _; rewrite addr_ge0. Qed.

Local Lemma round_le l x v w b : 0 <= b -> 0 <= v <= 1 -> v <= w + b ->
  round_hit l x v <= round_used loud l x w + quiet l x + b.
Proof.
move=> b0 v01 vw; elim: l => [|h l IH] /=; first by rewrite addr0.
case/andP: (pr01 h x) => p0 p1; case: ifP => _.
  by rewrite addr0; have /andP[_ /le_trans->//] := round_hit01 (h :: l) x v01; rewrite ler_addl.
have e := mulr_ge0 (_ : 0 <= 1 - pr h x) (_ : 0 <= round_used loud l x w + quiet l x + b - round_hit l x v).
have {e} := e _ _; rewrite !subr_ge0 => /(_ p1 IH) e.
have q := mulr_ge0 p0 (addr_ge0 (quiet_ge0 l x) b0).
apply: (le_cert (addr_ge0 e q)).
by move: (pr _ _) (round_hit _ _ _) (round_used _ _ _ _) (quiet _ _) => a c d g; ring.
Qed.

Local Lemma sum_null s (F : A -> X -> R) :
  \sum_z null s z * F z.1 z.2 = \sum_a K s a * \sum_x rho x * F a x.
Proof.
rewrite -(pair_bigA _ (fun a x => K s a * rho x * F a x)); apply: eq_bigr => a _ /=.
by rewrite mulr_sumr; apply: eq_bigr => x _; rewrite mulrA.
Qed.

(* up to the first hit: whoever finds a 1 within T draws has used a parameter of chance u *)
Theorem rounds_chance n T s : (forall t : n.-tuple (A * X), (draws s t <= T)%N) ->
  run_hit n s <= run_used (fun h => u <= chance_of h) n s + T%:R * u.
Proof.
rewrite -/loud; elim: n T s => [|n IH] T s dT /=; first by rewrite add0r mulr_ge0 ?ler0n.
pose k a := size (th s a).
have dk a x (t : n.-tuple (A * X)) : (k a + draws (rcons s (a, x)) t <= T)%N.
  exact: (dT [tuple of (a, x) :: t]).
have step a x : round_hit (th s a) x (run_hit n (rcons s (a, x)))
    <= round_used loud (th s a) x (run_used loud n (rcons s (a, x)))
       + quiet (th s a) x + (T - k a)%:R * u.
  apply: round_le; [by rewrite mulr_ge0 ?ler0n|exact: run_hit01|apply: IH => t].
  by rewrite leq_subRL ?dk// (leq_trans (leq_addr _ _) (dk a x t)).
apply: le_trans (_ : \sum_a K s a * (\sum_x rho x * round_used loud (th s a) x (run_used loud n (rcons s (a, x)))
    + T%:R * u) <= _); last first.
  by under eq_bigr do rewrite mulrDr; rewrite big_split /= -mulr_suml (K_dist s).2 mul1r.
apply: ler_sum => a _; rewrite ler_wpmul2l ?(K_dist s).1//.
have [x0 _|none] := pickP (fun _ : X => true); last first.
  by rewrite !(eq_bigl _ _ none) !big_pred0_eq add0r mulr_ge0 ?ler0n.
have kT : (k a <= T)%N.
  by apply: leq_trans (dk a x0 [tuple of nseq n (a, x0)]); rewrite leq_addr.
apply: le_trans (ler_sum _ (fun x _ => ler_wpmul2l (rho_dist.1 x) (step a x))) _.
under eq_bigr do rewrite !mulrDr.
rewrite !big_split /= -[X in _ + X <= _]mulr_suml rho_dist.2 mul1r -addrA ler_add2l.
apply: le_trans (ler_add (quiet_mean _) (lexx _)) _.
by rewrite -mulrDl -natrD subnKC.
Qed.

End Bound.

Lemma run_used_null good n s : run_used good n s <= Pr null s n (null_used good s).
Proof.
elim: n s => [|n IH] s /=; first by rewrite Pr0.
have -> : Pr null s n.+1 (null_used good s) = \sum_a K s a * \sum_x rho x * Pr null (rcons s (a, x)) n
    (fun t => has good (th s a) || null_used good (rcons s (a, x)) t).
  rewrite PrS -(sum_null s (fun a x => Pr null (rcons s (a, x)) n
    (fun t => has good (th s a) || null_used good (rcons s (a, x)) t))).
  by apply: eq_bigr => -[a x].
apply: ler_sum => a _; rewrite ler_wpmul2l ?(K_dist s).1//.
apply: ler_sum => x _; rewrite ler_wpmul2l ?rho_dist.1//.
have -> : Pr null (rcons s (a, x)) n (fun t => has good (th s a) || null_used good (rcons s (a, x)) t)
    = if has good (th s a) then 1 else Pr null (rcons s (a, x)) n (null_used good (rcons s (a, x))).
  by case: ifP => _ //; rewrite /Pr; exact: seqp_from_sum1 null_kernel _ _.
have := IH (rcons s (a, x)); have := run_used01 good n (rcons s (a, x)).
move: (run_used _ _ _) (Pr _ _ _ _) => v w /andP[v0 v1] vw.
elim: (th s a) => //= h l IHl; case: (good h) => //=; case/andP: (pr01 h x) => p0 p1.
apply: le_trans IHl; have : 0 <= v <= 1 by rewrite v0.
move/(round_used01 good l x) => /andP[q0 _].
by rewrite ler_pimull// ler_subl_addr ler_addl.
Qed.

(* on null runs *)
Theorem rounds_chance_null u n T s : 0 <= u -> (forall t : n.-tuple (A * X), (draws s t <= T)%N) ->
  run_hit n s <= Pr null s n (null_used (fun h => u <= chance_of h) s) + T%:R * u.
Proof.
by move=> u0 dT; apply: le_trans (rounds_chance u0 dT) _; rewrite ler_add2r run_used_null.
Qed.

Local Lemma round_hitE l x v : round_hit l x v = 1 - (\prod_(h <- l) (1 - pr h x)) * (1 - v).
Proof.
elim: l => [|h l IH] /=; first by rewrite big_nil mul1r subKr.
by rewrite big_cons IH; move: (\prod_(i <- l) _) (pr h x) => a b; ring.
Qed.

(* q = 1 - E_null of the product of all pi_theta(0 | x) *)
Theorem rounds_product n s :
  run_hit n s = 1 - \sum_(t : n.-tuple (A * X)) seqp_from null s t * null_miss s t.
Proof.
elim: n s => [|n IH] s.
  by rewrite (sum_tuple0 (fun t => seqp_from null s t * null_miss s t)) mulr1 subrr.
rewrite (sum_tupleS _ (fun t => seqp_from null s t * null_miss s t)) /=.
apply/eqP; rewrite eq_sym subr_eq addrC -subr_eq; apply/eqP.
rewrite -{1}(null_kernel s).2 -(sum_null s (fun a x => round_hit (th s a) x (run_hit n (rcons s (a, x))))).
rewrite -sumrB; apply: eq_bigr => -[a x] _ /=; rewrite round_hitE IH.
rewrite subKr mulrBr mulr1 subKr !mulr_sumr; apply: eq_bigr => t _.
by rewrite -[RHS]mulrA; congr (_ * _); rewrite mulrCA.
Qed.

Lemma run_used_sub good good' n s : (forall h, good h -> good' h) ->
  run_used good n s <= run_used good' n s.
Proof.
move=> sub; elim: n s => //= n IH s; apply: ler_sum => a _; rewrite ler_wpmul2l ?(K_dist s).1//.
apply: ler_sum => x _; rewrite ler_wpmul2l ?rho_dist.1//.
have := IH (rcons s (a, x)); have := run_used01 good n (rcons s (a, x)).
move: (run_used good _ _) (run_used01 good' n (rcons s (a, x))) (run_used good' _ _) => v w01 w v01 vw.
elim: (th s a) => //= h l IHl; case: (boolP (good h)) => [/sub -> //|_].
case/andP: (pr01 h x) => p0 p1; case: ifP => _; last by rewrite ler_wpmul2l ?subr_ge0.
have /andP[q0 q1] := round_used01 good l x v01.
by rewrite mulr_ile1 ?subr_ge0// ler_subl_addr ler_addl.
Qed.

Lemma null_used_sub good good' s t : (forall h, good h -> good' h) ->
  null_used good s t -> null_used good' s t.
Proof.
move=> sub; elim: t s => //= z t IH s /orP[h|/IH ->]; last by rewrite orbT.
by rewrite (sub_has sub h).
Qed.

(* who finds a 1 half of the time: u = 1/(4T) leaves a quarter *)
Theorem rounds_quarter n T s : (0 < T)%N -> (forall t : n.-tuple (A * X), (draws s t <= T)%N) ->
  2%:R^-1 <= run_hit n s -> 4%:R^-1 <= run_used (fun h => (4%:R * T%:R)^-1 <= chance_of h) n s.
Proof.
move=> T0 dT h; have u0 : 0 <= (4%:R * T%:R)^-1 :> R by rewrite invr_ge0 mulr_ge0 ?ler0n.
have := le_trans h (rounds_chance u0 dT); rewrite -ler_subl_addr; apply: le_trans.
rewrite le_eqVlt; apply/orP; left; apply/eqP.
by field; rewrite pnatr_eq0 -lt0n.
Qed.

End Rounds.

(* Composition with dnf-soundness: prompts are terms, drawn uniformly *)
Section RoundsSearch.
Variables (R : realType) (A : finType) (n m k : nat) (term : 'I_m -> k.-tuple (literal n)).
Variables (G L p : R).
Hypothesis G_gt1 : 1 < G.
Hypothesis L_gt0 : 0 < L.
Hypothesis p01 : 0 < p < 1.
Hypothesis pE : p = L / G ^+ k.
Hypothesis m_gt0 : (0 < m)%N.
(* parameters of the box *)
Let Th := {h : 'I_n -> R | box h}.
Variables (K : seq (A * 'I_m) -> A -> R) (th : seq (A * 'I_m) -> A -> seq Th).
Hypothesis K_dist : forall s, is_dist (K s).
Let rho (j : 'I_m) : R := m%:R^-1.
Let pr (h : Th) j : R := pi1 term G p (sval h) j.
Let names_well T (h : Th) := (4%:R * T%:R)^-1 - L / G / (1 - p) <= val R term (sgn (sval h)).

Theorem rounds_search rounds T : (0 < T)%N ->
  (forall t : rounds.-tuple (A * 'I_m), (draws th [::] t <= T)%N) ->
  2%:R^-1 <= run_hit K th rho pr rounds [::] ->
  4%:R^-1 <= run_used K th rho pr (names_well T) rounds [::] /\
  4%:R^-1 <= Pr (null K rho) [::] rounds (null_used th (names_well T) [::]).
Proof.
move=> T0 dT h; have rd : is_dist rho.
  split=> [j|]; first by rewrite invr_ge0 ler0n.
  by rewrite sumr_const card_ord -[LHS]mulr_natr mulVf// pnatr_eq0 -lt0n.
have pr01 (g : Th) j : 0 <= pr g j <= 1.
  by have /andP[/ltW-> /ltW->] := pi1_01 term G p01 (sval g) j.
have sub g : (4%:R * T%:R)^-1 <= chance_of rho pr g -> names_well T g.
  move=> ug; rewrite /names_well ler_subl_addr.
  have [h1 h2] := dnf_soundness term G_gt1 L_gt0 p01 pE m_gt0 (svalP g).
  apply: (le_trans ug); apply: le_trans (le_trans h1 h2).
  by rewrite /chance_of /rho -mulr_sumr mulrC.
have q := rounds_quarter K_dist rd pr01 T0 dT h.
have q' : 4%:R^-1 <= run_used K th rho pr (names_well T) rounds [::].
  by apply: (le_trans q); exact: run_used_sub.
by split=> //; apply: (le_trans q'); exact: run_used_null.
Qed.

End RoundsSearch.
