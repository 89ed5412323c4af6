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

(* the responses: Some i is the candidate i, None the response 0, of base mass 1 - p *)
Definition response := option 'I_k.
Record coin := Coin { heads : R; heads01 : 0 <= heads <= 1 }.

(* A learner, its evaluation draw included. [Sample th miss hit] asks the oracle   *)
(* with the parameter th: unless the draw is the needle, the learner goes on as    *)
(* [miss]; the needle shows its name and its hidden feature. [Ask i no yes] asks    *)
(* the reward of response i. [Toss c a b] goes on as a with the coin's probability, *)
(* else as b. [Return e] hands over a policy, given as the sampler e that draws one *)
(* response, with queries and coins of its own; [Name i] draws response i.           *)
Inductive learner :=
| Name of response
| Sample of Theta & learner & ('I_k -> V -> learner)
| Ask of response & learner & learner
| Toss of coin & learner & learner
| Return of learner.

(* the most queries made before the needle is seen, the evaluation draw's included *)
Fixpoint draws t := match t with
  | Name _ => 0%N | Sample _ miss _ => (draws miss).+1
  | Ask _ no _ => draws no | Toss _ a b => maxn (draws a) (draws b)
  | Return e => draws e end.
Fixpoint asks t := match t with
  | Name _ => 0%N | Sample _ miss _ => asks miss
  | Ask _ no _ => (asks no).+1 | Toss _ a b => maxn (asks a) (asks b)
  | Return e => asks e end.

(* h th v is the needle's probability under the oracle's law: pi_th(i^* )          *)
Variable h : Theta -> V -> R.
Hypothesis h01 : forall th v, 0 <= h th v <= 1.

(* probability that the response drawn in the end is the needle j *)
Fixpoint success (j : 'I_k) v t : R := match t with
  | Name i => (i == Some j)%:R
  | Sample th miss hit => h th v * success j v (hit j v) + (1 - h th v) * success j v miss
  | Ask i no yes => if i == Some j then success j v yes else success j v no
  | Toss c a b => heads c * success j v a + (1 - heads c) * success j v b
  | Return e => success j v e end.

(* probability that the policy handed over draws the needle with probability at    *)
(* least 1/4                                                                        *)
Fixpoint good (j : 'I_k) v t : R := match t with
  | Name i => (i == Some j)%:R
  | Sample th miss hit => h th v * good j v (hit j v) + (1 - h th v) * good j v miss
  | Ask i no yes => if i == Some j then good j v yes else good j v no
  | Toss c a b => heads c * good j v a + (1 - heads c) * good j v b
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
elim: t => [i|th miss IH hit IHh|i no IHn yes IHy|c a IHa b IHb|e IH] //=.
- by rewrite ler0n lern1 leq_b1.
- by apply: mix01.
- by case: ifP.
- by apply: mix01 => //; exact: heads01.
Qed.

(* a mixture of two numbers is at most what both are at most *)
Lemma mix_le (c : coin) (a b M : R) : a <= M -> b <= M -> heads c * a + (1 - heads c) * b <= M.
Proof.
case/andP: (heads01 c) => c0 c1 aM bM; have -> : M = heads c * M + (1 - heads c) * M by ring.
by apply: ler_add; apply: ler_wpmul2l; rewrite ?subr_ge0.
Qed.

Lemma one_named (i : response) : \sum_j (i == Some j)%:R <= 1 :> R.
Proof.
case: i => [i|]; last by rewrite big1 ?ler01.
rewrite (bigD1 i)//= eqxx big1 ?addr0// => j ji.
by rewrite (inj_eq (@Some_inj _)) eq_sym (negPf ji).
Qed.

Lemma success_ge_good j v t : good j v t / 4%:R <= success j v t.
Proof.
elim: t => [i|th miss IH hit IHh|i no IHn yes IHy|c a IHa b IHb|e IH] /=.
- by rewrite ler_pdivr_mulr ?ltr0n// ler_pemulr ?ler0n// ler1n.
- case/andP: (h01 th v) => h0 h1; rewrite mulrDl -!mulrA.
  by apply: ler_add; apply: ler_wpmul2l; rewrite ?subr_ge0.
- by case: ifP.
- case/andP: (heads01 c) => h0 h1; rewrite mulrDl -!mulrA.
  by apply: ler_add; apply: ler_wpmul2l; rewrite ?subr_ge0.
- have [h4|_] := boolP (4%:R^-1 <= success j v e); first by rewrite mul1r.
  by rewrite mul0r; case/andP: (success01 j v e).
Qed.

(* ---- needle-minimax: one law for every parameter ---- *)
Section Minimax.
Variable p : R.
Hypothesis p01 : 0 <= p <= 1.
Hypothesis hp : forall th v, h th v = p.

(* with at most n draws and m rewards, over the candidates in S *)
Definition set_value n m (S : {set 'I_k}) : R := #|S|%:R - (1 - p) ^+ n * (#|S|%:R - m.+1%:R).

Lemma set_value_asks n m m' (S : {set 'I_k}) : (m <= m')%N -> set_value n m S <= set_value n m' S.
Proof.
have [p0 p1] := andP p01; move=> mm; rewrite ler_add2l ler_opp2 ler_wpmul2l ?exprn_ge0 ?subr_ge0//.
by rewrite ler_add2l ler_opp2 ler_nat.
Qed.

Lemma set_value_ge1 n m (S : {set 'I_k}) : (m < #|S|)%N -> 1 <= set_value n m S.
Proof.
have [p0 p1] := andP p01; move=> mS; have q1 : (1 - p) ^+ n <= 1.
  by rewrite exprn_ile1 ?subr_ge0// ler_subl_addr ler_addl.
apply: le_trans (_ : m.+1%:R <= _); first by rewrite ler1n.
rewrite -subr_ge0 /set_value [_ - _ - _]addrAC -[X in X - _]mul1r -mulrBl.
by rewrite mulr_ge0 ?subr_ge0// ler_nat.
Qed.

Lemma success_set v t n m (S : {set 'I_k}) : (draws t <= n)%N -> (asks t <= m)%N -> (m < #|S|)%N ->
  \sum_(j in S) success j v t <= set_value n m S.
Proof.
have [p0 p1] := andP p01.
elim: t n m S => [i|th miss IH hit _|i no IH yes _|c a IHa b IHb|e IH] n m S /=; last exact: IH.
- move=> _ _ mS; apply: le_trans (set_value_ge1 n mS).
  apply: le_trans (one_named i); rewrite [leRHS](bigID (mem S)) /= ler_addl sumr_ge0// => j _.
  exact: ler0n.
- case: n => // n nD mA mS.
  apply: le_trans (_ : \sum_(j in S) (p + (1 - p) * success j v miss) <= _).
    apply: ler_sum => j _; rewrite hp ler_add2r ler_pimulr//.
    by case/andP: (success01 j v (hit j v)).
  rewrite big_split /= sumr_const -mulr_sumr.
  apply: le_trans (ler_add (lexx _) (ler_wpmul2l _ (IH n m S nD mA mS))) _; first by rewrite subr_ge0.
  rewrite le_eqVlt; apply/orP; left; apply/eqP.
  by rewrite -mulr_natr /set_value exprS; move: (_ ^+ _) => x; ring.
- case: m => // m nD mA mS.
  have other (T : {set 'I_k}) : (forall j, j \in T -> i != Some j) ->
      \sum_(j in T) (if i == Some j then success j v yes else success j v no)
        = \sum_(j in T) success j v no.
    by move=> iT; apply: eq_bigr => j /iT /negPf ->.
  case: i other => [i|] other; last first.
    by rewrite other//; apply: le_trans (IH n m S nD mA (ltnW mS)) _; exact: set_value_asks.
  have [iS|iS] := boolP (i \in S); last first.
    rewrite other => [|j jS]; last by apply: contra iS => /eqP -[->].
    by apply: le_trans (IH n m S nD mA (ltnW mS)) _; exact: set_value_asks.
  have c := cardsD1 i S; rewrite iS add1n in c; have mS' : (m < #|S :\ i|)%N by rewrite c in mS.
  rewrite (big_setD1 i)//= eqxx other => [|j]; last first.
    by rewrite in_setD1 => /andP[+ _]; apply: contra => /eqP -[->].
  apply: le_trans (ler_add (_ : _ <= 1) (IH n m _ nD mA mS')) _.
    by case/andP: (success01 i v yes).
  rewrite /set_value c le_eqVlt; apply/orP; left; apply/eqP.
  by rewrite [m.+2%:R]mulrS [#|_|.+1%:R]mulrS; move: (_ ^+ _) (m.+1%:R) => x y; ring.
- rewrite !geq_max => /andP[na nb] /andP[ma mb] mS.
  by rewrite big_split /= -!mulr_sumr; apply: mix_le; [exact: IHa|exact: IHb].
Qed.

(* a randomised learner, seeds of the law mu beside its coins; its success is        *)
(* averaged over the uniformly random needle                                         *)
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
have := success_set v (dT w) (aT w) (_ : Tdata < #|[set: 'I_k]|)%N; rewrite cardsT card_ord.
by under eq_bigl do rewrite inE; rewrite /set_value cardsT card_ord; apply.
Qed.

(* and a learner attains it: draw first, then ask, then guess *)
Fixpoint ask_list (l : seq 'I_k) last :=
  if l is i :: l' then Ask (Some i) (ask_list l' last) (Name (Some i)) else Name (Some last).
Fixpoint draw_first th n t :=
  if n is n'.+1 then Sample th (draw_first th n' t) (fun j _ => Name (Some j)) else t.

Lemma success_ask_list j v l last : success j v (ask_list l last) = (j \in rcons l last)%:R.
Proof.
elim: l => [|i l IH] /=; first by rewrite mem_seq1 eq_sym (inj_eq (@Some_inj _)).
by rewrite in_cons (inj_eq (@Some_inj _)) IH [j == i]eq_sym; case: eqP.
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

(* with k rewards or more it is certain, for every needle *)
Theorem needle_minimax_certain v Tdata : (0 < k)%N -> (k <= Tdata)%N ->
  exists t, [/\ draws t = 0%N, (asks t <= Tdata)%N & forall j, success j v t = 1].
Proof.
move=> k0 kT; have : size (enum 'I_k) = k by rewrite size_enum_ord.
have : forall j : 'I_k, j \in enum 'I_k by move=> j; rewrite mem_enum.
case/lastP: (enum _) => [|l last] jl; first by move=> /esym k_eq; rewrite k_eq in k0.
rewrite size_rcons => sl; exists (ask_list l last); split.
- by elim: l {jl sl}.
- have -> : asks (ask_list l last) = size l by elim: l {jl sl} => //= i l ->.
  by apply: leq_trans kT; have := leqnSn (size l); rewrite sl.
by move=> j; rewrite success_ask_list jl.
Qed.

End Minimax.

(* ---- coverage-lower-bound: the union bound ---- *)
Section Union.
Variable qbar : R.
(* average over the hidden feature of the needle's probability; needle-hit gives qbar *)
Definition avgV (F : V -> R) : R := (\sum_v F v) / #|V|%:R.
Hypothesis V_gt0 : (0 < #|V|)%N.
Hypothesis h_le : forall th, avgV (h th) <= qbar.
Hypothesis qbar_gt0 : 0 < qbar.

Lemma avgV_le F G : (forall v, F v <= G v) -> avgV F <= avgV G.
Proof. by move=> H; rewrite ler_pmul2r ?invr_gt0 ?ltr0n//; exact: ler_sum. Qed.

Lemma avgV_add F G : avgV (fun v => F v + G v) = avgV F + avgV G.
Proof. by rewrite /avgV big_split mulrDl. Qed.

Lemma avgV_const c : avgV (fun=> c) = c.
Proof. by rewrite /avgV sumr_const -[c *+ _]mulr_natr mulfK// pnatr_eq0 -lt0n. Qed.

Lemma success_union t :
  \sum_j avgV (fun v => success j v t) <= k%:R * (draws t)%:R * qbar + (asks t).+1%:R.
Proof.
elim: t => [i|th miss IH hit _|i no IH yes _|c a IHa b IHb|e IH] /=; last exact: IH.
- by rewrite mulr0 mul0r add0r; under eq_bigr do rewrite avgV_const; exact: one_named.
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
- apply: le_trans (_ : \sum_(j < k) ((i == Some j)%:R + avgV (fun v => success j v no)) <= _).
    apply: ler_sum => j _; rewrite -[X in X + _]avgV_const -avgV_add; apply: avgV_le => v.
    case: eqP => _; last by rewrite add0r.
    apply: ler_paddr; first by case/andP: (success01 j v no).
    by case/andP: (success01 j v yes).
  rewrite big_split /= addrC [(asks no).+2%:R]mulrSr addrA.
  by apply: ler_add; [exact: IH|exact: one_named].
- have avg_mix j : avgV (fun v => heads c * success j v a + (1 - heads c) * success j v b)
      = heads c * avgV (fun v => success j v a) + (1 - heads c) * avgV (fun v => success j v b).
    by rewrite avgV_add /avgV -!mulr_sumr !mulrA.
  under eq_bigr do rewrite avg_mix.
  have more n n' m m' : (n <= n')%N -> (m <= m')%N ->
      k%:R * n%:R * qbar + m.+1%:R <= k%:R * n'%:R * qbar + m'.+1%:R.
    move=> nn mm; apply: ler_add; last by rewrite ler_nat.
    by rewrite ler_wpmul2r ?(ltW qbar_gt0)// ler_wpmul2l ?ler0n// ler_nat.
  rewrite big_split /= -!mulr_sumr; apply: mix_le; [apply: le_trans IHa _|apply: le_trans IHb _].
    by apply: more; exact: leq_maxl.
  by apply: more; exact: leq_maxr.
Qed.

(* success averaged over the seeds, the needle and the hidden feature *)
Definition average (W : finType) (mu : W -> R) (F : 'I_k -> V -> W -> R) : R :=
  (\sum_j avgV (fun v => \sum_w mu w * F j v w)) / k%:R.

Theorem coverage_union (W : finType) (mu : W -> R) (t : W -> learner) Tcomp Tdata :
  is_dist mu -> (0 < k)%N ->
  (forall w, (draws (t w) <= Tcomp)%N) -> (forall w, (asks (t w) <= Tdata)%N) ->
  average mu (fun j v w => success j v (t w)) <= Tcomp%:R * qbar + Tdata.+1%:R / k%:R.
Proof.
move=> [mu0 mu1] k0 dT aT; have kR : 0 < k%:R :> R by rewrite ltr0n.
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
by rewrite ler_wpmul2r ?(ltW qbar_gt0)// ler_nat.
Qed.

(* a learner whose policy draws the needle with probability at least 1/4, with       *)
(* probability at least 3/4, pays in rewards or in samples                            *)
Theorem coverage_lower_bound (W : finType) (mu : W -> R) (t : W -> learner) Tcomp Tdata :
  is_dist mu -> (0 < k)%N ->
  (forall w, (draws (t w) <= Tcomp)%N) -> (forall w, (asks (t w) <= Tdata)%N) ->
  3%:R / 4%:R <= average mu (fun j v w => good j v (t w)) ->
  3%:R * k%:R / 32%:R <= Tdata.+1%:R :> R \/ 3%:R / (32%:R * qbar) <= Tcomp%:R.
Proof.
move=> dmu k0 dT aT G; have kR : 0 < k%:R :> R by rewrite ltr0n.
have up := coverage_union dmu k0 dT aT.
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
