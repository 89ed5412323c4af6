(* The listings, read as lists of weighted outcomes over Coq's rationals, on an          *)
(* instance. The kernel runs them. cert_laws.v and cert_returned.v have what is proved of  *)
(* such laws, for the files of laws/ and returned/.                                        *)
From Coq Require Import ZArith QArith.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat seq.
From Spanner Require Import cert_numbers cert_instance listing.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.

Definition rationals : num := @Num Q q0 q1 qadd qsub qmul qdiv
  (fun a b => if Qle_bool a b then a else b) Qeq_bool (fun n => inject_Z (Z.of_nat n)).

Section Lists.
Definition law A := seq (A * Q).
Definition scaled A (p : Q) (l : law A) : law A := [seq (x.1, qmul p x.2) | x <- l].
Definition mixed A B (l : law A) (k : A -> law B) : law B := flatten [seq scaled x.2 (k x.1) | x <- l].
(* a state's mass goes to the first equal state *)
Fixpoint put S (equal : S -> S -> bool) (s : S) (p : Q) (l : law S) : law S :=
  if l is (t, q) :: l' then (if equal s t then (t, qadd p q) :: l' else (t, q) :: put equal s p l')
  else [:: (s, p)].
Definition merged S (equal : S -> S -> bool) (l : law S) : law S :=
  foldl (fun m x => put equal x.1 x.2 m) [::] l.
Definition lists : choice rationals := @Choice rationals law
  (fun A a => [:: (a, q1)]) mixed (fun A l => l) merged.
Definition mass_of A (equal : A -> A -> bool) (l : law A) a : Q :=
  foldr (fun x acc => if equal x.1 a then qadd x.2 acc else acc) q0 l.
End Lists.

(* span mode: features are lists, a cover is a list of them with a pivot each, reduced   *)
Section Vectors.
Definition vector := seq Q.
Fixpoint plus (a b : vector) : vector := match a, b with
  | x :: a', y :: b' => qadd x y :: plus a' b' | [::], _ => b | _, [::] => a end.
Definition times (q : Q) (a : vector) : vector := [seq qmul q x | x <- a].
Definition minus (a b : vector) : vector := plus a (times (Qmake (Zneg 1) 1) b).
Definition inner (a b : vector) : Q := qsum [seq qmul x.1 x.2 | x <- zip a b].
Definition is0 (q : Q) : bool := Qeq_bool q q0.
Definition same_vector (a b : vector) : bool := all2 Qeq_bool a b.
(* what is left of v after elimination by rows with their pivots *)
Definition reduced (rows : seq (nat * vector)) (v : vector) : vector :=
  foldl (fun v r => minus v (times (qdiv (nth q0 v r.1) (nth q0 r.2 r.1)) r.2)) v rows.
Definition in_span rows v : bool := all is0 (reduced rows v).
Definition with_vector rows v : seq (nat * vector) :=
  let left := reduced rows v in
  if all is0 left then rows else rcons rows (find (fun q => ~~ is0 q) left, left).

(* a system of equations, each a row of coefficients and a right-hand side               *)
Definition row := (vector * vector)%type.
Definition less (a : row) q (b : row) : row := (minus a.1 (times q b.1), minus a.2 (times q b.2)).
Fixpoint solved k (rows : seq row) : seq vector := if k is k'.+1 then
    let i := find (fun r => ~~ is0 (head q0 r.1)) rows in
    let p := nth ([::], [::]) rows i in
    let u := qdiv q1 (head q0 p.1) in
    let pivot := (times u p.1, times u p.2) in
    let others := [seq less r (head q0 r.1) pivot | r <- take i rows ++ drop i.+1 rows] in
    let rest := solved k' [seq (behead r.1, r.2) | r <- others] in
    foldl (fun v x => minus v (times x.1 x.2)) pivot.2 (zip (behead pivot.1) rest) :: rest
  else [::].
End Vectors.

(* rewards are combinations of 1 and of the logarithms of the instance's atoms           *)
Section OnInstance.
Variable i : instance.
Definition number := seq Q.
Definition parameter_of : seq number := [seq t.1 :: t.2 | t <- theta i].
Definition dot_numbers (theta : seq number) (v : vector) : number :=
  foldr (fun x acc => plus (times x.2 x.1) acc) [::] (zip theta v).
(* exp of such a number over beta; 0, which is no value of exp, where that is not in Q    *)
Definition exp_over_beta (r : number) : Q :=
  let e := times (qdiv q1 (beta i)) r in
  if is0 (head q0 e) && all whole (behead e)
  then qprod [seq qpower x.1 (Qnum x.2) | x <- zip (atoms i) (behead e)] else q0.

Definition responses_at x := support (prompt_at i x).
Definition rho_law : seq (nat * Q) := zip (iota 0 (size (prompts i))) [seq rho p | p <- prompts i].
Definition base_at x : seq ((nat * vector) * Q) :=
  zip (zip (iota 0 (size (responses_at x))) [seq phi y | y <- responses_at x]) [seq mass y | y <- responses_at x].
Definition reward_at x y : number :=
  plus (dot_numbers parameter_of (phi (response_at (responses_at x) y))) [:: baseline (prompt_at i x)].
(* rewards relative to the first response, and exp of them *)
Definition first_features x : vector := phi (response_at (responses_at x) 0).
Definition weight_of x (v : vector) : Q := exp_over_beta (dot_numbers parameter_of (minus v (first_features x))).
(* pi* / pi_ref *)
Definition ratio x : seq Q :=
  let w := [seq weight_of x (phi y) | y <- responses_at x] in
  let z := qsum [seq qmul (mass y.1) y.2 | y <- zip (responses_at x) w] in
  [seq qdiv q z | q <- w].

(* minimal least squares: the normal equations over the independent data                 *)
Definition fitted (data : seq (vector * number)) : seq number :=
  let basis := foldl (fun b d => let s := foldl with_vector [::] b in
    if in_span s d.1 then b else rcons b d.1) [::] data in
  let seen := [seq ([seq inner b d.1 | b <- basis], d.2) | d <- data] in
  let normal := [seq foldr (fun d acc => (plus (times (nth q0 d.1 k) d.1) acc.1, plus (times (nth q0 d.1 k) d.2) acc.2))
                  ([::], [::]) seen | k <- iota 0 (size basis)] in
  let w := solved (size basis) normal in
  [seq foldr (fun x acc => plus (times (nth q0 x.1 j) x.2) acc) [::] (zip basis w) | j <- iota 0 (size (theta i))].

Definition same_data (a b : seq (vector * number)) : bool :=
  all2 (fun x y => same_vector x.1 y.1 && same_vector x.2 y.2) a b.
Definition same_theta (a b : seq number) : bool := all2 same_vector a b.
End OnInstance.

Definition rejection_law i x M N : law (option nat) :=
  ideal_rejection lists (base_at i x) (fun y => nth q0 (ratio i x) y) M N.
Definition sampler_law i x M N : law nat := softmax_sampler lists (base_at i x) (weight_of i x) M N.
Definition returned_law i x n_prompt n_pair t_exp M N : law nat :=
  bind (c := lists)
    (spanner_sampling lists minus minus [::] in_span with_vector [::] (fitted i) dot_numbers
       (exp_over_beta i) (rho_law i) (base_at i) (reward_at i) same_data same_theta n_prompt n_pair t_exp M N)
    (fun p => returned lists minus [::] in_span dot_numbers (exp_over_beta i) (base_at i) p x M N).

(* laws as a file claims them, prompt by prompt: the masses of the responses              *)
Definition masses i x (l : law nat) : seq Q := [seq mass_of eq_op l y | y <- iota 0 (size (responses_at i x))].
Definition same_laws i (law_at : nat -> seq Q) (laws : seq (seq Q)) : bool :=
  (0 < size (prompts i))%N && all2 (all2 Qeq_bool) [seq law_at x | x <- iota 0 (size (prompts i))] laws.

(* N_prompt, N_pair, T_exp, M, N, and the law of a draw from what SpannerSampling returns *)
Inductive run := Returned of nat & nat & nat & Q & nat & seq (seq Q).
Definition agrees (i : instance) (r : run) : bool :=
  let: Returned n_prompt n_pair t_exp M N laws := r in
  same_laws i (fun x => masses i x (returned_law i x n_prompt n_pair t_exp M N)) laws.
