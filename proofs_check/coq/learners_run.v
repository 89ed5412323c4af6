(* Brute force and MTSS, read as lists of weighted outcomes over Coq's rationals. The      *)
(* kernel runs them; nothing is proved of these laws.                                      *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat seq.
From Spanner Require Import cert_numbers cert_instance cert_token listing listing_run listing_learners.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Local Open Scope nat_scope.

(* Brute force, on an instance with the logarithm of one atom: losses are in units of its  *)
(* square. Members are multiples of theta, of which the law gives the index that returns.   *)
Section OnInstance.
Variables (i : instance) (multiples : seq Q).
Definition square_of (r : number) : Q := let l := nth q0 r 1 in qmul l l.
Definition score_of (m : nat) (v : vector) : number := times (nth q0 multiples m) (dot_numbers (parameter_of i) v).
Definition one_logarithm : bool := (size (atoms i) == 1) && all (fun t => is0 t.1) (theta i).
Definition brute_force_law t : law nat :=
  brute_force lists minus minus in_span with_vector [::] score_of (exp_over_beta i) square_of
    (rho_law i) (base_at i) (reward_at i) same_data 0 (iota 1 (size multiples).-1) t.
End OnInstance.

(* MTSS, on a problem of several tokens with one prompt. A reward, a score or a target is    *)
(* its exponential over beta: sums are products, multiples powers; 0, which is no value of   *)
(* exp, where a power is not whole.                                                          *)
Section OnTree.
Variable i : tree.
Definition power (q x : Q) : Q := if whole q then qpower x (Qnum q) else q0.
Definition dot_powers (theta : seq Q) (v : vector) : Q := qprod [seq power x.2 x.1 | x <- zip theta v].
(* minimal least squares for independent features: a target to the power of its coefficient *)
Definition fitted_powers (data : seq (vector * Q)) : seq Q :=
  let n := size data in
  let phis := [seq d.1 | d <- data] in
  let unit k := [seq (if l == k then q1 else q0) | l <- iota 0 n] in
  let inverse := solved n [seq ([seq inner x.2 b | b <- phis], unit x.1) | x <- zip (iota 0 n) phis] in
  [seq qprod [seq power (qsum [seq qmul (nth q0 x.1 j) (nth q0 x.2 d.1) | x <- zip phis inverse]) d.2.2
             | d <- zip (iota 0 n) data] | j <- iota 0 (size (head [::] phis))].

Definition exp_reward (r : Q * seq Q) : Q :=
  if is0 r.1 then qprod [seq power (qdiv x.2 (tree_beta i)) x.1 | x <- zip (tree_atoms i) r.2] else q0.
Definition start_of : nat := head 0 (starts i).
Fixpoint place_of v (p : seq nat) : nat := if p is a :: p' then place_of (target (arc_at i v a)) p' else v.
Fixpoint reward_from v (p : seq nat) : Q := if p is a :: p' then
    qmul (exp_reward (reward_of (arc_at i v a))) (reward_from (target (arc_at i v a)) p') else q1.
Definition tokens_at v : seq nat := [seq a <- iota 0 (alphabet i) | qpos (arc_mass (arc_at i v a))].
Definition token_base (x : nat) (p : seq nat) : seq ((nat * vector) * Q) :=
  let v := place_of start_of p in [seq ((a, features (arc_at i v a)), arc_mass (arc_at i v a)) | a <- tokens_at v].
Fixpoint responses_from h v : seq (seq nat) :=
  if h is h'.+1 then flatten [seq [seq a :: s | s <- responses_from h' (target (arc_at i v a))] | a <- tokens_at v]
  else [:: [::]].
Definition longest : nat := foldr maxn 0 [seq size (features a) | v <- nodes i, a <- v].

Definition mtss_law (look_listed choose_listed : bool) n_pair n_roll n_out n_tok (bound : Q) N : law (seq nat) :=
  bind (c := lists)
    (mtss lists minus in_span with_vector [::] qmul qdiv q1 (fun x n => power (qdiv q1 (of_nat rationals n)) x)
       fitted_powers dot_powers id id [:: (0, q1)] token_base (fun _ p => reward_from start_of p)
       look_listed choose_listed n_pair n_roll n_out n_tok bound N (all2 Qeq_bool) (horizon i) (horizon i * longest).+1)
    (fun ls => sample lists minus in_span q1 dot_powers id token_base choose_listed bound N ls 0 [::]).
End OnTree.

(* T, the multiples of theta, and the law of the parameter that returns                       *)
Inductive brute_run := BruteForce of nat & seq Q & seq Q.
Definition brute_agrees (i : instance) (r : brute_run) : bool :=
  let: BruteForce t multiples law := r in
  one_logarithm i && all2 Qeq_bool [seq mass_of eq_op (brute_force_law i multiples t) m | m <- iota 0 (size multiples)] law.
Definition all_brute_agree (cases : seq (instance * seq brute_run)) : bool :=
  all (fun c => (0 < size c.2) && all (brute_agrees c.1) c.2) cases.

(* lines 7 and 8 by listing (1) or not (0), N_pair, N_roll, N_out, N_tok, M, N, and the law of a response from what      *)
(* MTSS returns                                                                                *)
Inductive token_run := Mtss of nat & nat & nat & nat & nat & nat & Q & nat & seq Q.
Definition token_agrees (i : tree) (r : token_run) : bool :=
  let: Mtss look_listed choose_listed n_pair n_roll n_out n_tok bound N masses := r in
  let l := mtss_law i (0 < look_listed) (0 < choose_listed) n_pair n_roll n_out n_tok bound N in
  (size (starts i) == 1) && all2 Qeq_bool [seq mass_of eq_op l s | s <- responses_from i (horizon i) (start_of i)] masses.
Definition all_token_agree (cases : seq (tree * seq token_run)) : bool :=
  all (fun c => (0 < size c.2) && all (token_agrees c.1) c.2) cases.
