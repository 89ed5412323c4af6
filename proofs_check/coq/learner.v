(* Every adaptive learner on the needle family, FMR25 Thm 2.1. Claims             *)
(* needle-minimax (the value of the game with the weak oracle, both bounds),      *)
(* coverage-lower-bound (with its constants) and needle-facts.                    *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist gibbs.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Learner.
Variables (R : realType) (k : nat) (V : finType) (Theta : Type).

(* A deterministic learner, its evaluation draw included. [Sample th miss hit]     *)
(* asks the oracle with the parameter th: unless the draw is the needle, the       *)
(* learner goes on as [miss]; the needle shows its name and its hidden feature.    *)
(* [Ask i no yes] asks the reward of response i. [Return e] hands over a policy,   *)
(* given as the sampler e that draws one response; [Name i] draws response i.       *)
Inductive learner :=
| Name of 'I_k
| Sample of Theta & learner & ('I_k -> V -> learner)
| Ask of 'I_k & learner & learner
| Return of learner.

(* queries made before the needle is seen: they are fixed in advance *)
Fixpoint draws t := match t with
  | Name _ => 0%N | Sample _ miss _ => (draws miss).+1
  | Ask _ no _ => draws no | Return e => draws e end.
Fixpoint asks t := match t with
  | Name _ => 0%N | Sample _ miss _ => asks miss
  | Ask _ no _ => (asks no).+1 | Return e => asks e end.

(* h th v is the needle's probability under the oracle's law: pi_th(i^* )          *)
Variable h : Theta -> V -> R.
Hypothesis h01 : forall th v, 0 <= h th v <= 1.

(* probability that the response drawn in the end is the needle j *)
Fixpoint success (j : 'I_k) v t : R := match t with
  | Name i => (i == j)%:R
  | Sample th miss hit => h th v * success j v (hit j v) + (1 - h th v) * success j v miss
  | Ask i no yes => if i == j then success j v yes else success j v no
  | Return e => success j v e end.

(* probability that the policy handed over draws the needle with probability at    *)
(* least 1/4                                                                        *)
Fixpoint good (j : 'I_k) v t : R := match t with
  | Name i => (i == j)%:R
  | Sample th miss hit => h th v * good j v (hit j v) + (1 - h th v) * good j v miss
  | Ask i no yes => if i == j then good j v yes else good j v no
  | Return e => if 4%:R^-1 <= success j v e then 1 else 0 end.

Lemma mix01 (x a b : R) : 0 <= x <= 1 -> 0 <= a <= 1 -> 0 <= b <= 1 ->
  0 <= x * a + (1 - x) * b <= 1.
Proof.
case/andP => x0 x1 /andP[a0 a1] /andP[b0 b1]; apply/andP; split.
  by rewrite addr_ge0 ?mulr_ge0 ?subr_ge0.
have e : 0 <= x * (1 - a) + (1 - x) * (1 - b) by rewrite addr_ge0 ?mulr_ge0 ?subr_ge0.
by apply: (le_cert e); ring.
Qed.

Lemma success01 j v t : 0 <= success j v t <= 1.
Proof.
elim: t => [i|th miss IH hit IHh|i no IHn yes IHy|e IH] //=.
- by rewrite ler0n lern1 leq_b1.
- by apply: mix01.
- by case: ifP.
Qed.

Lemma success_ge_good j v t : good j v t / 4%:R <= success j v t.
Proof.
elim: t => [i|th miss IH hit IHh|i no IHn yes IHy|e IH] /=.
- by rewrite ler_pdivr_mulr ?ltr0n// ler_pemulr ?ler0n// ler1n.
- case/andP: (h01 th v) => h0 h1; rewrite mulrDl -!mulrA.
  by apply: ler_add; apply: ler_wpmul2l; rewrite ?subr_ge0.
- by case: ifP.
- have [h4|_] := boolP (4%:R^-1 <= success j v e); first by rewrite mul1r.
  by rewrite mul0r; case/andP: (success01 j v e).
Qed.

(* ---- needle-minimax: one law for every parameter ---- *)
Section Minimax.
Variable p : R.
Hypothesis p01 : 0 <= p <= 1.
Hypothesis hp : forall th v, h th v = p.

Lemma success_set v (S : {set 'I_k}) t : \sum_(j in S) success j v t
  <= #|S|%:R - (1 - p) ^+ draws t * (#|S|%:R - (asks t).+1%:R).
Proof.
have [p0 p1] := andP p01.
elim: t S => [i|th miss IH hit _|i no IH yes _|e IH] S /=; last exact: IH.
- rewrite expr0 mul1r opprB addrC subrK.
  apply: le_trans (_ : \sum_j (i == j)%:R <= _).
    by rewrite [leRHS](bigID (mem S)) /= ler_addl sumr_ge0// => j _; rewrite ler0n.
  rewrite (bigD1 i)//= eqxx big1 ?addr0// => j; rewrite eq_sym => /negPf -> //.
- apply: le_trans (_ : \sum_(j in S) (p + (1 - p) * success j v miss) <= _).
    apply: ler_sum => j _; rewrite hp ler_add2r ler_pimulr//.
    by case/andP: (success01 j v (hit j v)).
  rewrite big_split /= sumr_const -mulr_sumr.
  apply: le_trans (ler_add (lexx _) (ler_wpmul2l _ (IH S))) _; first by rewrite subr_ge0.
  rewrite le_eqVlt; apply/orP; left; apply/eqP.
  by rewrite -mulr_natr exprS; move: (_ ^+ _) => x; ring.
- set q := (1 - p) ^+ draws no; have q0 : 0 <= q by rewrite exprn_ge0 ?subr_ge0.
  have [iS|iS] := boolP (i \in S).
    rewrite (bigD1 i)//= eqxx.
    have -> : \sum_(j in S | j != i) (if i == j then success j v yes else success j v no)
        = \sum_(j in S :\ i) success j v no.
      apply: eq_big => [j|j /andP[_ ji]]; first by rewrite in_setD1 andbC.
      by rewrite eq_sym (negPf ji).
    have c : #|S|%:R = 1 + #|S :\ i|%:R :> R by rewrite (cardsD1 i S) iS natrD.
    apply: le_trans (ler_add (_ : _ <= 1) (IH (S :\ i))) _.
      by case/andP: (success01 i v yes).
    rewrite c le_eqVlt; apply/orP; left; apply/eqP; rewrite -/q.
    by rewrite [(asks no).+2%:R]mulrS; move: (_%:R) ((asks no).+1%:R) => x y; ring.
  have -> : \sum_(j in S) (if i == j then success j v yes else success j v no)
      = \sum_(j in S) success j v no.
    by apply: eq_bigr => j jS; case: eqP => // ij; rewrite ij jS in iS.
  apply: le_trans (IH S) _; rewrite -/q ler_add2l ler_opp2 ler_wpmul2l// ler_add2l ler_opp2.
  by rewrite ler_nat.
Qed.

(* a randomised learner is a law mu on deterministic ones; its success is averaged  *)
(* over the uniformly random needle                                                 *)
Theorem needle_minimax_upper (W : finType) (mu : W -> R) (t : W -> learner) v Tcomp Tdata :
  is_dist mu -> (Tdata < k)%N ->
  (forall w, (draws (t w) <= Tcomp)%N) -> (forall w, (asks (t w) <= Tdata)%N) ->
  (\sum_j \sum_w mu w * success j v (t w)) / k%:R
    <= 1 - (1 - p) ^+ Tcomp * (1 - Tdata.+1%:R / k%:R).
Proof.
move=> [mu0 mu1] Tk dT aT; have k0 : 0 < k%:R :> R by rewrite ltr0n (leq_trans _ Tk).
have [p0 p1] := andP p01.
have -> : 1 - (1 - p) ^+ Tcomp * (1 - Tdata.+1%:R / k%:R) =
    (k%:R - (1 - p) ^+ Tcomp * (k%:R - Tdata.+1%:R)) / k%:R.
  by move: (_ ^+ _) (Tdata.+1%:R) => x y; field; exact: lt0r_neq0.
rewrite ler_pmul2r ?invr_gt0// exchange_big /=.
rewrite -[leRHS]mul1r -[X in _ <= X * _]mu1 mulr_suml; apply: ler_sum => w _.
rewrite -mulr_sumr ler_wpmul2l//.
have := success_set v [set: 'I_k] (t w); rewrite cardsT card_ord.
under eq_bigl do rewrite inE.
move/le_trans; apply; rewrite ler_add2l ler_opp2.
have n0 : 0 <= k%:R - Tdata.+1%:R :> R by rewrite subr_ge0 ler_nat.
apply: ler_pmul => //; first by rewrite exprn_ge0 ?subr_ge0.
  by apply: ler_wiexpn2l => //; rewrite ?subr_ge0 // ler_subl_addr ler_addl.
by rewrite ler_add2l ler_opp2 ler_nat ltnS aT.
Qed.

(* and a learner attains it: draw first, then ask, then guess *)
Fixpoint ask_list (l : seq 'I_k) last := if l is i :: l' then Ask i (ask_list l' last) (Name i)
  else Name last.
Fixpoint draw_first th n t := if n is n'.+1 then Sample th (draw_first th n' t) (fun j _ => Name j)
  else t.

Lemma success_ask_list j v l last : success j v (ask_list l last) = (j \in rcons l last)%:R.
Proof.
elim: l => [|i l IH] /=; first by rewrite mem_seq1 eq_sym.
by rewrite in_cons; have [_|ij] := eqVneq i j; rewrite ?orTb ?orFb ?IH.
Qed.

Lemma success_draw_first j v th n t :
  success j v (draw_first th n t) = 1 - (1 - p) ^+ n * (1 - success j v t).
Proof.
elim: n => [|n IH] /=; first by rewrite mul1r subKr.
by rewrite eqxx mulr1n hp IH exprS; move: (_ ^+ _) (success _ _ _) => x y; ring.
Qed.

Theorem needle_minimax_attained (th : Theta) v Tcomp Tdata : (Tdata < k)%N ->
  exists t, [/\ draws t = Tcomp, asks t = Tdata &
    (\sum_j success j v t) / k%:R = 1 - (1 - p) ^+ Tcomp * (1 - Tdata.+1%:R / k%:R)].
Proof.
move=> Tk; have k0 : k%:R != 0 :> R by rewrite pnatr_eq0 -lt0n (leq_trans _ Tk).
have : size (take Tdata.+1 (enum 'I_k)) = Tdata.+1.
  by rewrite size_takel// size_enum_ord.
have : uniq (take Tdata.+1 (enum 'I_k)) by rewrite take_uniq// enum_uniq.
case/lastP: (take _ _) => [//|l last] u; rewrite size_rcons => -[sl].
exists (draw_first th Tcomp (ask_list l last)); split.
- by elim: Tcomp => [|n IH] /=; [elim: l {u sl}|rewrite IH].
- by elim: Tcomp => [|n IH] //=; rewrite -sl; elim: l {u sl} => //= i l ->.
under eq_bigr do rewrite success_draw_first success_ask_list.
rewrite sumrB -mulr_sumr sumrB !sumr_const card_ord.
have -> : \sum_(j < k) (j \in rcons l last)%:R = Tdata.+1%:R :> R.
  rewrite -natr_sum -big_mkcond /= sum1_card; congr (_%:R).
  by rewrite (card_uniqP u) size_rcons sl.
by move: (_ ^+ _) => x; field.
Qed.

End Minimax.

(* ---- coverage-lower-bound: the union bound ---- *)
Section Union.
Variable qbar : R.
(* average over the hidden feature of the needle's probability; needle-hit gives qbar *)
Definition avgV (F : V -> R) : R := (\sum_v F v) / #|V|%:R.
Hypothesis V_gt0 : (0 < #|V|)%N.
Hypothesis h_le : forall th, avgV (h th) <= qbar.

Lemma avgV_le F G : (forall v, F v <= G v) -> avgV F <= avgV G.
Proof. by move=> H; rewrite ler_pmul2r ?invr_gt0 ?ltr0n//; exact: ler_sum. Qed.

Lemma avgV_add F G : avgV (fun v => F v + G v) = avgV F + avgV G.
Proof. by rewrite /avgV big_split mulrDl. Qed.

Lemma avgV_const c : avgV (fun=> c) = c.
Proof. by rewrite /avgV sumr_const -[c *+ _]mulr_natr mulfK// pnatr_eq0 -lt0n. Qed.

Lemma success_union t :
  \sum_j avgV (fun v => success j v t) <= k%:R * (draws t)%:R * qbar + (asks t).+1%:R.
Proof.
elim: t => [i|th miss IH hit _|i no IH yes _|e IH] /=; last exact: IH.
- rewrite mulr0 mul0r add0r; under eq_bigr do rewrite avgV_const.
  by rewrite (bigD1 i)//= eqxx big1 ?addr0// => j; rewrite eq_sym => /negPf ->.
- apply: le_trans (_ : \sum_(j < k) (qbar + avgV (fun v => success j v miss)) <= _).
    apply: ler_sum => j _; apply: le_trans (_ : avgV (fun v => h th v + success j v miss) <= _).
      apply: avgV_le => v; case/andP: (h01 th v) => h0 h1.
      apply: ler_add; first by rewrite ler_pimulr//; case/andP: (success01 j v (hit j v)).
      rewrite ler_pimull//; first by case/andP: (success01 j v miss).
      by rewrite ler_subl_addr ler_addl.
    by rewrite avgV_add ler_add2r.
  rewrite big_split /= sumr_const card_ord -[qbar *+ _]mulr_natl.
  apply: le_trans (ler_add (lexx _) IH) _; rewrite addrA ler_add2r.
  by rewrite mulrSr mulrDr mulr1 mulrDl addrC.
- apply: le_trans (_ : \sum_(j < k) ((i == j)%:R + avgV (fun v => success j v no)) <= _).
    apply: ler_sum => j _; rewrite -[X in X + _]avgV_const -avgV_add; apply: avgV_le => v.
    case: eqP => _; last by rewrite add0r.
    apply: ler_paddr; first by case/andP: (success01 j v no).
    by case/andP: (success01 j v yes).
  rewrite big_split /=; have -> : \sum_(j < k) (i == j)%:R = 1 :> R.
    by rewrite (bigD1 i)//= eqxx big1 ?addr0// => j; rewrite eq_sym => /negPf ->.
  rewrite addrC [(asks no).+2%:R]mulrSr addrA ler_add2r; exact: IH.
Qed.

(* success averaged over the seeds, the needle and the hidden feature *)
Definition average (W : finType) (mu : W -> R) (F : 'I_k -> V -> W -> R) : R :=
  (\sum_j avgV (fun v => \sum_w mu w * F j v w)) / k%:R.

Theorem coverage_union (W : finType) (mu : W -> R) (t : W -> learner) Tcomp Tdata :
  is_dist mu -> (0 < k)%N -> 0 <= qbar ->
  (forall w, (draws (t w) <= Tcomp)%N) -> (forall w, (asks (t w) <= Tdata)%N) ->
  average mu (fun j v w => success j v (t w)) <= Tcomp%:R * qbar + Tdata.+1%:R / k%:R.
Proof.
move=> [mu0 mu1] k0 q0 dT aT; have kR : 0 < k%:R :> R by rewrite ltr0n.
rewrite /average ler_pdivr_mulr// mulrDl mulfVK ?lt0r_neq0//.
have -> : \sum_j avgV (fun v => \sum_w mu w * success j v (t w)) =
    \sum_w mu w * \sum_j avgV (fun v => success j v (t w)).
  under [RHS]eq_bigr do rewrite mulr_sumr.
  rewrite [RHS]exchange_big; apply: eq_bigr => j _ /=.
  rewrite /avgV exchange_big /= mulr_suml; apply: eq_bigr => w _.
  by rewrite -mulr_sumr mulrA.
rewrite -[leRHS]mul1r -[X in _ <= X * _]mu1 mulr_suml; apply: ler_sum => w _; rewrite ler_wpmul2l//.
apply: le_trans (success_union (t w)) _; apply: ler_add; last by rewrite ler_nat ltnS.
rewrite -[k%:R * _ * _]mulrA mulrC ler_wpmul2r ?(ltW kR)//.
by rewrite ler_wpmul2r// ler_nat.
Qed.

(* a learner whose policy draws the needle with probability at least 1/4, with       *)
(* probability at least 3/4, pays in rewards or in samples                            *)
Theorem coverage_lower_bound (W : finType) (mu : W -> R) (t : W -> learner) Tcomp Tdata :
  is_dist mu -> (0 < k)%N -> 0 < qbar ->
  (forall w, (draws (t w) <= Tcomp)%N) -> (forall w, (asks (t w) <= Tdata)%N) ->
  3%:R / 4%:R <= average mu (fun j v w => good j v (t w)) ->
  3%:R * k%:R / 32%:R <= Tdata.+1%:R :> R \/ 3%:R / (32%:R * qbar) <= Tcomp%:R.
Proof.
move=> dmu k0 q0 dT aT G; have kR : 0 < k%:R :> R by rewrite ltr0n.
have up := coverage_union dmu k0 (ltW q0) dT aT.
have lo : 3%:R / 16%:R <= average mu (fun j v w => success j v (t w)).
  apply: le_trans (_ : average mu (fun j v w => good j v (t w)) / 4%:R <= _).
    apply: le_trans (_ : 3%:R / 4%:R / 4%:R <= _); last by rewrite ler_pmul2r ?invr_gt0 ?ltr0n.
    by rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
  rewrite /average mulrAC ler_pmul2r ?invr_gt0// mulr_suml; apply: ler_sum => j _.
  rewrite /avgV mulrAC ler_pmul2r ?invr_gt0 ?ltr0n// mulr_suml; apply: ler_sum => v _.
  rewrite mulr_suml; apply: ler_sum => w _; rewrite -mulrA ler_wpmul2l ?dmu.1//.
  exact: success_ge_good.
have tot := le_trans lo up.
have [|h1] := lerP (3%:R * k%:R / 32%:R) Tdata.+1%:R; first by left.
right; rewrite leNgt; apply/negP => h2.
have : Tcomp%:R * qbar + Tdata.+1%:R / k%:R < 3%:R / 16%:R; last by rewrite ltNge tot.
have -> : 3%:R / 16%:R = 3%:R / 32%:R + 3%:R / 32%:R :> R by field.
apply: ltr_add; last by rewrite ltr_pdivr_mulr// mulrAC.
move: h2; rewrite ltr_pdivl_mulr ?mulr_gt0 ?ltr0n// => h2.
rewrite ltr_pdivl_mulr ?ltr0n//; apply: le_lt_trans h2; rewrite le_eqVlt; apply/orP; left.
by apply/eqP; ring.
Qed.

End Union.
End Learner.

(* ---- needle-facts: true is the needle, of reward 1 and base mass p = 1/C ---- *)
Section NeedleFacts.
Variables (R : realType) (p beta : R).
Hypothesis p01 : 0 < p < 1.
Hypothesis beta_gt0 : 0 < beta.

Definition base (b : bool) : R := if b then p else 1 - p.
Definition rew (b : bool) : R := b%:R.

Lemma base_dist : is_dist base.
Proof.
have [p0 p1] := andP p01; split; first by case; rewrite /base ?subr_ge0 ltW.
by rewrite big_bool /= addrC subrK.
Qed.

Lemma base_full : full_support base.
Proof. by have [p0 p1] := andP p01; case; rewrite /base ?subr_gt0. Qed.

(* J(pi) <= pi(i^* ) *)
Theorem needle_value_le (pi : bool -> R) : is_dist pi -> J base rew beta pi <= pi true.
Proof.
move=> dpi; rewrite /J /E big_bool /rew /= mulr1 mulr0 addr0 ler_subl_addr ler_addl.
by rewrite mulr_ge0 ?(ltW beta_gt0)//; exact: Gibbs_ineq dpi base_dist base_full.
Qed.

(* if C <= exp(1/(2 beta)) then J(pi^* ) >= 1/2 *)
Theorem needle_value_ge : p^-1 <= expR (1 / (2%:R * beta)) ->
  2%:R^-1 <= J base rew beta (pistar base rew beta).
Proof.
have [p0 p1] := andP p01; have b0 := lt0r_neq0 beta_gt0; move=> hC.
rewrite J_pistar; [|exact: base_dist|exact: base_full|exact: beta_gt0].
have Z0 : 0 < Z base rew beta by apply: Z_gt0; [exact: base_dist|exact: base_full].
suff H : expR (1 / (2%:R * beta)) <= Z base rew beta.
  apply: le_trans (_ : beta * (1 / (2%:R * beta)) <= _).
    by rewrite le_eqVlt; apply/orP; left; apply/eqP; field.
  by rewrite ler_pmul2l// -[leLHS]expK ler_ln ?posrE ?expR_gt0.
rewrite /Z big_bool /base /rew /= mul0r expR0 mulr1.
apply: le_trans (_ : p * expR (1 / beta) <= _); last by rewrite ler_addl subr_ge0 ltW.
have -> : 1 / beta = 1 / (2%:R * beta) + 1 / (2%:R * beta) by field.
rewrite expRD mulrA ler_pemull ?(ltW (expR_gt0 _))//.
by rewrite [p * _]mulrC -ler_pdivr_mulr// [1 / p]mul1r.
Qed.

(* so a gap of at most 1/4 forces pi(i^* ) >= 1/4 *)
Theorem needle_gap (pi : bool -> R) : is_dist pi -> p^-1 <= expR (1 / (2%:R * beta)) ->
  J base rew beta (pistar base rew beta) - J base rew beta pi <= 4%:R^-1 -> 4%:R^-1 <= pi true.
Proof.
move=> dpi hC g; apply: le_trans (needle_value_le dpi).
have := needle_value_ge hC; rewrite -subr_ge0 => h1; move: g; rewrite -subr_ge0 => h2.
by apply: (le_cert (addr_ge0 h1 h2)); move: (J _ _ _ _) (J _ _ _ _) => x y; field.
Qed.

End NeedleFacts.
