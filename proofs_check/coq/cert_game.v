(* Certificates of needle games: the best probability of naming the needle, over all   *)
(* adaptive learners, for each budget of draws and rewards, by Bellman equations. What  *)
(* is proved is about success of learner.v. Claim needle-minimax.                       *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ssrZ reals ring.
From Spanner Require Import dist learner cert_numbers.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* the candidates, of which one is the needle, uniformly at random; the probability of *)
(* the needle under each draw; the largest budgets of draws and rewards                *)
Record game := Game { candidates : nat; needle : Q; most_draws : nat; most_asks : nat }.

Section Check.
Variables (g : game) (values : seq (seq (seq Q))).
Definition whole_number (s : nat) : Q := Qmake (Z_of_int s) 1.
(* the value with n draws and m rewards left, where s candidates are left *)
Definition value_at n m s := nth q0 (nth [::] (nth [::] values n) m) s.-1.
Definition total n m s := if s is _.+1 then qmul (whole_number s) (value_at n m s) else q0.
(* what a draw and a reward promise, times s *)
Definition drawn n m s :=
  qadd (qmul (needle g) (whole_number s)) (qmul (qsub q1 (needle g)) (total n m s)).
Definition asked n m s := qadd q1 (total n m s.-1).
(* no move promises more than the value, naming a candidate included, and one promises it *)
Definition state_ok n m s := let w := total n m s in
  [&& Qle_bool q1 w, if n is n'.+1 then Qle_bool (drawn n' m s) w else true,
      if m is m'.+1 then Qle_bool (asked n m' s) w && Qle_bool (total n m' s) w else true
    & [|| Qeq_bool w q1, if n is n'.+1 then Qeq_bool w (drawn n' m s) else false
        | if m is m'.+1 then Qeq_bool w (asked n m' s) else false]].
Definition game_ok :=
  [&& (0 < candidates g)%N, Qle_bool q0 (needle g), Qle_bool (needle g) q1
    & all (fun n => all (fun m => all (fun s => state_ok n m s.+1) (iota 0 (candidates g)))
        (iota 0 (most_asks g).+1)) (iota 0 (most_draws g).+1)].
End Check.

(* what an answer says: with the budgets n and m no learner, randomised or not, names   *)
(* the needle with a larger probability than this, and some learner with this one       *)
Definition is_value (R : realType) (g : game) n m (x : R) : Prop :=
  forall (V : finType) (Theta : Type) (h : Theta -> V -> R), (forall th v, h th v = QR R (needle g)) ->
  (forall (W : finType) (mu : W -> R) (t : W -> learner R (candidates g) V Theta) v, is_dist mu ->
     (forall w, (draws (t w) <= n)%N) -> (forall w, (asks (t w) <= m)%N) ->
     (\sum_j \sum_w mu w * success h j v (t w)) / (candidates g)%:R <= x) /\
  forall th : Theta, exists t : learner R (candidates g) V Theta,
    [/\ (draws t <= n)%N, (asks t <= m)%N & forall v, (\sum_j success h j v t) / (candidates g)%:R = x].

Definition are_values (R : realType) (g : game) (values : seq (seq (seq Q))) : Prop :=
  forall n m, (n <= most_draws g)%N -> (m <= most_asks g)%N ->
  is_value g n m (QR R (value_at values n m (candidates g))).

Section Bellman.
Variables (R : realType) (k : nat) (V : finType) (Theta : Type) (h : Theta -> V -> R) (p : R).
Hypothesis p01 : 0 <= p <= 1.
Hypothesis hp : forall th v, h th v = p.
Variables (N M : nat) (W : nat -> nat -> nat -> R).
Hypothesis W0 : forall n m, W n m 0 = 0.
Hypothesis name_le : forall n m s, (n <= N)%N -> (m <= M)%N -> (s < k)%N -> 1 <= W n m s.+1.
Hypothesis draw_le : forall n m s, (n < N)%N -> (m <= M)%N -> (s < k)%N ->
  p * s.+1%:R + (1 - p) * W n m s.+1 <= W n.+1 m s.+1.
Hypothesis ask_le : forall n m s, (n <= N)%N -> (m < M)%N -> (s < k)%N -> 1 + W n m s <= W n m.+1 s.+1.
Hypothesis wait_le : forall n m s, (n <= N)%N -> (m < M)%N -> (s < k)%N -> W n m s.+1 <= W n m.+1 s.+1.
Implicit Types (S : {set 'I_k}) (t : learner R k V Theta).

Lemma h01 th v : 0 <= h th v <= 1. Proof. by rewrite hp. Qed.

Lemma card_lt S s : #|S| = s.+1 -> (s < k)%N.
Proof. by move=> c; rewrite -[k]card_ord -c max_card. Qed.

Lemma bellman_upper v t n m S : (draws t <= n)%N -> (asks t <= m)%N -> (n <= N)%N -> (m <= M)%N ->
  \sum_(j in S) success h j v t <= W n m #|S|.
Proof.
have [p0 p1] := andP p01.
elim: t n m S => [i|th miss IH hit _|i no IH yes _|c a IHa b IHb|e IH] n m S /=; last exact: IH.
all: case cS: #|S| => [|s]; first by rewrite (cards0_eq cS) big_set0 W0.
all: have sk := card_lt cS.
- move=> _ _ nN mM; apply: le_trans (name_le nN mM sk).
  apply: le_trans (one_named R i); rewrite [leRHS](bigID (mem S)) /= ler_addl sumr_ge0// => j _.
  exact: ler0n.
- case: n => // n nD mA nN mM; apply: le_trans (draw_le nN mM sk).
  apply: le_trans (_ : \sum_(j in S) (p + (1 - p) * success h j v miss) <= _).
    apply: ler_sum => j _; rewrite hp ler_add2r ler_pimulr//.
    by case/andP: (success01 h01 j v (hit j v)).
  rewrite big_split /= sumr_const cS mulr_natr -mulr_sumr ler_add2l ler_wpmul2l ?subr_ge0//.
  by rewrite -cS; apply: IH => //; exact: ltnW.
- case: m => // m nD mA nN mM.
  have other (T : {set 'I_k}) : (forall j, j \in T -> i != Some j) ->
      \sum_(j in T) (if i == Some j then success h j v yes else success h j v no)
        = \sum_(j in T) success h j v no.
    by move=> iT; apply: eq_bigr => j /iT /negPf ->.
  have idle : (forall j, j \in S -> i != Some j) -> \sum_(j in S)
      (if i == Some j then success h j v yes else success h j v no) <= W n m.+1 s.+1.
    by move/other ->; apply: le_trans (wait_le nN mM sk); rewrite -cS; apply: IH => //; exact: ltnW.
  case: i other idle => [i|] other idle; last exact: idle.
  have [iS|iS] := boolP (i \in S); last first.
    by apply: idle => j jS; apply: contra iS => /eqP -[->].
  have cT : #|S :\ i| = s by move: cS; rewrite (cardsD1 i S) iS => -[].
  rewrite (big_setD1 i)//= eqxx other => [|j]; last first.
    by rewrite in_setD1 => /andP[+ _]; apply: contra => /eqP -[->].
  apply: le_trans (ask_le nN mM sk); apply: ler_add; first by case/andP: (success01 h01 i v yes).
  by rewrite -cT; apply: IH => //; exact: ltnW.
- rewrite !geq_max => /andP[na nb] /andP[ma mb] nN mM.
  by rewrite big_split /= -!mulr_sumr -cS; apply: mix_le; [exact: IHa|exact: IHb].
Qed.

Hypothesis some_move : forall n m s, (n <= N)%N -> (m <= M)%N -> (s < k)%N ->
  [\/ W n m s.+1 = 1,
      exists2 n', n = n'.+1 & W n m s.+1 = p * s.+1%:R + (1 - p) * W n' m s.+1
    | exists2 m', m = m'.+1 & W n m s.+1 = 1 + W n m' s].

Lemma bellman_attained (th : Theta) n m S : (n <= N)%N -> (m <= M)%N ->
  exists t, [/\ (draws t <= n)%N, (asks t <= m)%N
    & forall v, \sum_(j in S) success h j v t = W n m #|S|].
Proof.
have [b] := ubnP (n + m)%N; elim: b n m S => // b IH n m S; rewrite ltnS => nm nN mM.
case cS: #|S| => [|s].
  by exists (Name _ _ _ None); split=> // v; rewrite (cards0_eq cS) big_set0 W0.
have sk := card_lt cS; have [i iS] : exists i, i \in S by apply/set0Pn; rewrite -card_gt0 cS.
have cT : #|S :\ i| = s by move: cS; rewrite (cardsD1 i S) iS => -[].
have other j : j \in S :\ i -> (Some i == Some j) = false.
  by rewrite in_setD1 (inj_eq (@Some_inj _)) eq_sym => /andP[/negPf].
case: (some_move nN mM sk) => [e|[n' nE e]|[m' mE e]].
- exists (Name _ _ _ (Some i)); split=> // v; rewrite e (big_setD1 i)//= eqxx big1 ?addr0// => j /other -> //.
- have [||t [dt at_ vt]] := IH n' m S _ _ mM.
    by move: nm; rewrite nE addSn.
    by apply: leq_trans nN; rewrite nE.
  exists (Sample th t (fun j _ => Name _ _ _ (Some j))); split=> [|//|v] /=; first by rewrite nE.
  rewrite (eq_bigr (fun j => p + (1 - p) * success h j v t)) => [|j _]; last by rewrite hp eqxx mulr1.
  by rewrite big_split /= sumr_const cS -mulr_natr -mulr_sumr vt cS e.
- have [||t [dt at_ vt]] := IH n m' (S :\ i) _ nN.
    by move: nm; rewrite mE addnS.
    by apply: leq_trans mM; rewrite mE.
  exists (Ask (Some i) t (Name _ _ _ (Some i))); split=> [//||v] /=; first by rewrite mE.
  rewrite e (big_setD1 i)//= eqxx /= -cT -(vt v); congr (_ + _).
  by apply: eq_bigr => j /other ->.
Qed.
End Bellman.

Section Sound.
Variables (R : realType) (g : game) (values : seq (seq (seq Q))).
Hypothesis ok : game_ok g values.
Local Notation e := (@QR R).
Local Notation p := (e (needle g)).
Local Notation k := (candidates g).
Definition W n m s := e (total values n m s).

Lemma whole_numberE s : e (whole_number s) = s%:R.
Proof. by rewrite /QR /ZR Z_of_intK [(int_of_Z 1)%:~R](_ : _ = 1) ?divr1. Qed.

Lemma needle01 : 0 <= p <= 1.
Proof. by case/and4P: ok => _ p0 p1 _; rewrite -(QR0 R) -(QR1 R) -!QR_le p0. Qed.

Lemma stateP n m s : (n <= most_draws g)%N -> (m <= most_asks g)%N -> (s < k)%N -> state_ok g values n m s.+1.
Proof.
case/and4P: ok => _ _ _ h nN mM sk.
have := all_iota (all_iota (all_iota h (Ordinal (nN : n < (most_draws g).+1)%N)) (Ordinal (mM : m < (most_asks g).+1)%N)).
by move/(_ (Ordinal sk)).
Qed.

Lemma total_value n m s : (0 < s)%N -> W n m s = s%:R * e (value_at values n m s).
Proof. by case: s => // s _; rewrite /W /= QRM whole_numberE. Qed.

Lemma drawnE n m s : e (drawn g values n m s) = p * s%:R + (1 - p) * W n m s.
Proof. by rewrite QRD !QRM QRB QR1 whole_numberE. Qed.

Lemma askedE n m s : e (asked values n m s.+1) = 1 + W n m s.
Proof. by rewrite QRD QR1. Qed.

Lemma sum_value n m (F : 'I_k -> R) : (0 < k)%N ->
  (\sum_(j in [set: 'I_k]) F j <= W n m #|[set: 'I_k]| -> (\sum_j F j) / k%:R <= e (value_at values n m k)) /\
  (\sum_(j in [set: 'I_k]) F j = W n m #|[set: 'I_k]| -> (\sum_j F j) / k%:R = e (value_at values n m k)).
Proof.
have -> : \sum_(j in [set: 'I_k]) F j = \sum_j F j by apply: eq_bigl => j; rewrite inE.
move=> kpos; rewrite cardsT card_ord total_value//; have k0 : 0 < k%:R :> R by rewrite ltr0n.
split; first by rewrite ler_pdivr_mulr// mulrC.
by move=> ->; rewrite mulrAC mulfV ?mul1r// lt0r_neq0.
Qed.

Theorem values_sound : are_values R g values.
Proof.
have k0 : (0 < k)%N by case/and4P: ok.
move=> n m nN mM V Theta h hp.
have W0 n' m' : W n' m' 0%N = 0 by rewrite /W /= QR0.
have name_le n' m' s : (n' <= most_draws g)%N -> (m' <= most_asks g)%N -> (s < k)%N -> 1 <= W n' m' s.+1.
  by move=> a b c; have /and4P[h1 _ _ _] := stateP a b c; rewrite -(QR1 R) /W -QR_le.
have draw_le n' m' s : (n' < most_draws g)%N -> (m' <= most_asks g)%N -> (s < k)%N ->
    p * s.+1%:R + (1 - p) * W n' m' s.+1 <= W n'.+1 m' s.+1.
  by move=> a b c; have /and4P[_ h1 _ _] := stateP a b c; rewrite -drawnE /W -QR_le.
have asks n' m' s : (n' <= most_draws g)%N -> (m' < most_asks g)%N -> (s < k)%N ->
    1 + W n' m' s <= W n' m'.+1 s.+1 /\ W n' m' s.+1 <= W n' m'.+1 s.+1.
  by move=> a b c; have /and4P[_ _ /andP[h1 h2] _] := stateP a b c; rewrite -askedE /W -!QR_le.
have ask_le n' m' s a b c := proj1 (asks n' m' s a b c).
have wait_le n' m' s a b c := proj2 (asks n' m' s a b c).
split=> [U mu t v [mu0 mu1] dt at_|th].
  rewrite exchange_big /= mulr_suml -[leRHS]mul1r -[X in _ <= X * _]mu1 mulr_suml; apply: ler_sum => w _.
  rewrite -mulr_sumr -mulrA ler_wpmul2l//; have [bound _] := sum_value n m (fun j => success h j v (t w)) k0.
  apply: bound.
  exact: (bellman_upper needle01 hp W0 name_le draw_le ask_le wait_le v [set: 'I_k] (dt w) (at_ w) nN mM).
have some_move n' m' s : (n' <= most_draws g)%N -> (m' <= most_asks g)%N -> (s < k)%N ->
    [\/ W n' m' s.+1 = 1,
        exists2 n2, n' = n2.+1 & W n' m' s.+1 = p * s.+1%:R + (1 - p) * W n2 m' s.+1
      | exists2 m2, m' = m2.+1 & W n' m' s.+1 = 1 + W n' m2 s].
  move=> a b c; have /and4P[_ _ _ /or3P[|h1|h1]] := stateP a b c.
  - by rewrite (QR_eqb R) QR1 => /eqP h1; constructor 1.
  - by case: n' a h1 => // n2 _; rewrite (QR_eqb R) drawnE => /eqP; constructor 2; exists n2.
  by case: m' b h1 => // m2 _; rewrite (QR_eqb R) askedE => /eqP; constructor 3; exists m2.
have [t [dt at_ vt]] := bellman_attained hp W0 some_move th [set: 'I_k] nN mM.
exists t; split=> // v; have [_ ->//] := sum_value n m (fun j => success h j v t) k0.
Qed.
End Sound.

Theorem game_sound (R : realType) (g : game) (values : seq (seq (seq Q))) :
  game_ok g values -> are_values R g values.
Proof. exact: values_sound. Qed.
