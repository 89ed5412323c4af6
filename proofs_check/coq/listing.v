(* The listings, written once: over any numbers and any reading of draws. The numbers   *)
(* at the right are those of the lines in reference/algorithms.                          *)
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat seq.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.

(* what the listings ask of numbers *)
Record num := Num {
  carrier :> Type; zero : carrier; one : carrier;
  add : carrier -> carrier -> carrier; sub : carrier -> carrier -> carrier;
  mul : carrier -> carrier -> carrier; div : carrier -> carrier -> carrier;
  least : carrier -> carrier -> carrier; same : carrier -> carrier -> bool;
  of_nat : nat -> carrier }.

(* reference/interaction/choice.py: draws from finite laws, and the ends of rounds, at   *)
(* which a reading may merge equal states                                                 *)
Record choice (K : num) := Choice {
  run_of : Type -> Type;
  ret : forall A, A -> run_of A;
  bind : forall A B, run_of A -> (A -> run_of B) -> run_of B;
  draw : forall A, seq (A * K) -> run_of A;
  checkpoint : forall S, (S -> S -> bool) -> run_of S -> run_of S }.
Arguments ret {K c A}. Arguments bind {K c A B}. Arguments draw {K c A}.
Arguments checkpoint {K c S}.
Notation "x <~ m ;; k" := (bind m (fun x => k)) (at level 60, m at next level, right associativity).

Section Listings.
Variables (K : num) (C : choice K).
Local Notation M := (run_of C).

Definition coin (p : K) : M bool := draw [:: (true, p); (false, sub (one K) p)].

Fixpoint iterate (S : Type) (equal : S -> S -> bool) (until : S -> bool) (step : S -> M S) n (s : S) : M S :=
  if n is n'.+1 then
    checkpoint equal (t <~ iterate equal until step n' s ;; if until t then ret t else step t)
  else ret s.
Definition never {S : Type} (_ : S) := false.

Section Sampling.
Variables (V : Type) (base : seq ((nat * V) * K)).
(* the weak oracle at one prompt: responses with features, and base masses *)
Definition weak : M (nat * V) := draw base.
(* trials until one is accepted; accept : the probability of it *)
Definition trial (accept : nat * V -> K) (_ : option nat) : M (option nat) :=
  z <~ weak ;; b <~ coin (accept z) ;; ret (if b then Some z.1 else None).
Definition first_accepted accept N : M (option nat) := iterate eq_op isSome (trial accept) N None.

(* reference/algorithms/rejection.py; w = pi / pi_ref *)
Definition ideal_rejection (w : nat -> K) (bound : K) (N : nat) : M (option nat) :=
  first_accepted (fun z => div (least (w z.1) bound) bound) N.                  (* 1-4 *)

(* reference/algorithms/softmax_sampling.py; w = exp(f / beta) *)
Definition softmax_sampler (w : V -> K) (bound : K) (N : nat) : M nat :=
  total <~ iterate (@same K) never
    (fun s => z <~ weak ;; ret (add s (w z.2))) N (zero K) ;;
  let zhat := div total (of_nat K N) in                                         (* 2 *)
  found <~ first_accepted
    (fun z => least (one K) (div (w z.2) (mul zhat bound))) N ;;                (* 3-5 *)
  if found is Some y then ret y else z <~ weak ;; ret z.1.                      (* 6 *)
End Sampling.

(* reference/algorithms/spanner_sampling.py; V: features, S: covers, L: rewards *)
Section Spanner.
Variables (V S L : Type) (minus : V -> V -> V) (difference : L -> L -> L) (nothing : L).
Variables (covers : S -> V -> bool) (extend : S -> V -> S) (empty : S).
Variables (fit : seq (V * L) -> seq L) (dot : seq L -> V -> L) (exp_of : L -> K).
Variables (rho : seq (nat * K)) (base : nat -> seq ((nat * V) * K)) (reward : nat -> nat -> L).
Variables (equal_data : seq (V * L) -> seq (V * L) -> bool) (equal_theta : seq L -> seq L -> bool).
Definition spanner := (S * seq (V * L))%type.
Definition exploration := (seq (V * L) * seq (seq L))%type.

Definition pair_round x (s : spanner) (_ : option (nat * nat * V)) : M (option (nat * nat * V)) :=
  a1 <~ weak (base x) ;; a2 <~ weak (base x) ;;                                 (* 5 *)
  let phi := minus a1.2 a2.2 in
  ret (if covers s.1 phi then None else Some (a1.1, a2.1, phi)).                (* 6 *)
Definition equal_pair (a b : option (nat * nat * V)) : bool :=
  match a, b with Some (p, _), Some (q, _) => p == q | None, None => true | _, _ => false end.
Definition phase_1_round n_pair (s : spanner) : M spanner :=
  x <~ draw rho ;;                                                              (* 3 *)
  found <~ iterate equal_pair isSome (pair_round x s) n_pair None ;;            (* 4 *)
  ret (if found is Some (y1, y2, phi)
       then (extend s.1 phi, rcons s.2 (phi, difference (reward x y1) (reward x y2))) (* 7 *)
       else s).
Definition phase_1 n_prompt n_pair : M spanner :=
  iterate (fun s t => equal_data s.2 t.2) never (phase_1_round n_pair) n_prompt (empty, [::]). (* 1, 2 *)

Definition truncated (c : S) (theta : seq L) (v0 v : V) : L :=
  let phi := minus v v0 in if covers c phi then dot theta phi else nothing.     (* 12 *)
Definition sampled c theta v0 x bound N : M nat :=
  softmax_sampler (base x) (fun v => exp_of (truncated c theta v0 v)) bound N.

Definition phase_2_round (c : S) (bound : K) N (e : exploration) : M exploration :=
  let theta := fit e.1 in                                                       (* 10 *)
  x <~ draw rho ;; a2 <~ weak (base x) ;;                                       (* 11 *)
  y1 <~ sampled c theta a2.2 x bound N ;;                                       (* 13 *)
  let phi1 := head a2.2 [seq z.1.2 | z <- base x & z.1.1 == y1] in
  ret (rcons e.1 (minus phi1 a2.2, difference (reward x y1) (reward x a2.1)),   (* 14 *)
       rcons e.2 theta).
Definition equal_exploration (a b : exploration) : bool :=
  equal_data a.1 b.1 && all2 equal_theta a.2 b.2.
Definition spanner_sampling n_prompt n_pair t_exp bound N : M (S * seq (seq L)) :=
  s <~ phase_1 n_prompt n_pair ;;
  e <~ iterate equal_exploration never (phase_2_round s.1 bound N) t_exp (s.2, [::]) ;; (* 8, 9 *)
  ret (s.1, e.2).

(* line 15: one draw from the policy that is returned *)
Definition returned (p : S * seq (seq L)) x bound N : M nat :=
  theta <~ draw [seq (theta, div (one K) (of_nat K (size p.2))) | theta <- p.2] ;;
  a <~ weak (base x) ;; sampled p.1 theta a.2 x bound N.
End Spanner.
End Listings.
