(* When the bounds of coverage-range are attained: exactly for a constant reward.    *)
From mathcomp Require Import all_ssreflect ssralg ssrnum ssrint.
From mathcomp Require Import reals sequences exp ring.
From Spanner Require Import exp_facts dist gibbs.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Attained.
Variables (R : realType) (Y : finType) (piref r : Y -> R) (beta : R).
Hypothesis piref_dist : is_dist piref.
Hypothesis piref_gt0 : full_support piref.
Hypothesis beta_gt0 : 0 < beta.

Let Z0 : 0 < Z piref r beta. Proof. exact: Z_gt0. Qed.

Lemma ratioE y : pistar piref r beta y / piref y = expR (r y / beta) / Z piref r beta.
Proof. by rewrite /pistar mulrAC [piref y * _]mulrC mulfK// lt0r_neq0. Qed.

(* the upper bound exp(osc r/beta) *)
Theorem coverage_range_attained ymin ymax y : (forall z, r ymin <= r z <= r ymax) ->
  pistar piref r beta y / piref y = expR ((r ymax - r ymin) / beta) -> forall z z', r z = r z'.
Proof.
move=> rb; rewrite ratioE => h.
have le_max : expR (r y / beta) <= expR (r ymax / beta).
  by rewrite ler_expR ler_pmul2r ?invr_gt0//; case/andP: (rb y).
have Zle : Z piref r beta <= expR (r ymin / beta).
  rewrite -(ler_pmul2l (expR_gt0 ((r ymax - r ymin) / beta))) -expRD -mulrDl subrK.
  by rewrite -h mulfVK ?lt0r_neq0.
have term z : 0 <= piref z * (expR (r z / beta) - expR (r ymin / beta)).
  rewrite mulr_ge0 ?(ltW (piref_gt0 z))// subr_ge0 ler_expR ler_pmul2r ?invr_gt0//.
  by case/andP: (rb z).
have s0 : \sum_z piref z * (expR (r z / beta) - expR (r ymin / beta)) = 0.
  apply/eqP; rewrite eq_le sumr_ge0 ?andbT//.
  under eq_bigr do rewrite mulrBr.
  by rewrite sumrB -mulr_suml piref_dist.2 mul1r subr_le0.
have e z : r z = r ymin.
  move/eqP: s0; rewrite psumr_eq0 => [/allP/(_ z)|i _]; last exact: term.
  rewrite mem_index_enum => /(_ isT); rewrite mulf_eq0 gt_eqF//= subr_eq0 => /eqP/expR_inj h2.
  by rewrite -[r z](mulfVK (lt0r_neq0 beta_gt0)) h2 mulfVK// lt0r_neq0.
by move=> z z'; rewrite !e.
Qed.

(* the divergence bound KL(pi^* || pi_ref) <= log C_cov(pi^* ) *)
Theorem KL_coverage_attained C : (forall y, pistar piref r beta y / piref y <= C) ->
  KL (pistar piref r beta) piref = ln C -> forall z z', r z = r z'.
Proof.
move=> cC h; have pd := pistar_dist r beta piref_dist piref_gt0.
have pg y : 0 < pistar piref r beta y by exact: pistar_gt0.
have rg y : 0 < pistar piref r beta y / piref y by rewrite divr_gt0 ?pg ?piref_gt0.
have C0 : 0 < C.
  by apply: lt_le_trans ltr01 _; exact: (coverage_ge1 piref_dist piref_gt0 cC).
have term y : 0 <= pistar piref r beta y * (ln C - ln (pistar piref r beta y / piref y)).
  by rewrite mulr_ge0 ?(ltW (pg y))// subr_ge0 ler_ln ?posrE.
have s0 : \sum_y pistar piref r beta y * (ln C - ln (pistar piref r beta y / piref y)) = 0.
  under eq_bigr do rewrite mulrBr.
  by rewrite sumrB -mulr_suml pd.2 mul1r -h subrr.
have e y : expR (r y / beta) = C * Z piref r beta.
  move/eqP: s0; rewrite psumr_eq0 => [/allP/(_ y)|i _]; last exact: term.
  rewrite mem_index_enum => /(_ isT); rewrite mulf_eq0 gt_eqF ?pg//= subr_eq0 => /eqP l.
  have <- : pistar piref r beta y / piref y = C by apply: ln_inj; rewrite ?posrE.
  by rewrite ratioE mulfVK// lt0r_neq0.
move=> z z'; have := e z; rewrite -(e z') => /expR_inj h2.
by rewrite -[r z](mulfVK (lt0r_neq0 beta_gt0)) h2 mulfVK// lt0r_neq0.
Qed.

End Attained.
