(* Brute force and MTSS, written once like the listings of listing.v: over any numbers   *)
(* and any reading of draws. The numbers at the right are those of the lines in           *)
(* reference/algorithms.                                                                  *)
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat seq.
From Spanner Require Import listing.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.

Section Numbers.
Variable K : num.
Definition total (s : seq K) : K := foldr (@add K) (zero K) s.
Definition greater (a b : K) : bool := ~~ same (least a b) a.
(* the first with the largest value                                                       *)
Definition first_largest A (f : A -> K) (a : A) (s : seq A) : A :=
  (foldl (fun best c => let v := f c in if greater v best.2 then (c, v) else best) (a, f a) s).1.
Definition normalised A (l : seq (A * K)) : seq (A * K) :=
  let z := total [seq x.2 | x <- l] in [seq (x.1, div x.2 z) | x <- l].
End Numbers.

(* reference/algorithms/brute_force.py; V: features, S: spans, L: rewards and scores, P: parameters *)
Section BruteForce.
Variables (K : num) (C : choice K).
Local Notation M := (run_of C).
Variables (V S L P : Type) (minus : V -> V -> V) (difference : L -> L -> L).
Variables (covers : S -> V -> bool) (extend : S -> V -> S) (empty : S).
Variables (score : P -> V -> L) (exp_of : L -> K) (square : L -> K).
Variables (rho : seq (nat * K)) (base : nat -> seq ((nat * V) * K)) (reward : nat -> nat -> L).
Variables (equal_data : seq (V * L) -> seq (V * L) -> bool) (first : P) (others : seq P).
Definition tilted (theta : P) x : seq ((nat * V) * K) :=
  normalised [seq (z.1, mul z.2 (exp_of (score theta z.1.2))) | z <- base x].
Definition span_of (data : seq (V * L)) : S := foldl (fun s d => if covers s d.1 then s else extend s d.1) empty data.
Definition new_with (s : S) x (v : V) : K := total [seq z.2 | z <- base x & ~~ covers s (minus v z.1.2)].
Definition informative (s : S) (theta : P) : K :=
  total [seq mul x.2 (total [seq mul z.2 (new_with s x.1 z.1.2) | z <- tilted theta x.1]) | x <- rho].
Definition best_for (s : S) : P := first_largest (informative s) first others.
Definition nothing_new (data : seq (V * L)) : bool :=
  let s := span_of data in same (informative s (best_for s)) (zero K).
Definition brute_round (data : seq (V * L)) : M (seq (V * L)) :=
  let theta := best_for (span_of data) in                                       (* 3 *)
  x <~ draw rho ;; y <~ draw (tilted theta x) ;; z <~ weak C (base x) ;;        (* 4 *)
  ret (rcons data (minus y.2 z.2, difference (reward x y.1) (reward x z.1))).   (* 5 *)
Definition loss (data : seq (V * L)) (theta : P) : K :=
  total [seq square (difference (score theta d.1) d.2) | d <- data].
Definition brute_force t : M P :=
  data <~ iterate equal_data nothing_new brute_round t [::] ;;                  (* 1, 2 *)
  ret (first_largest (fun theta => sub (zero K) (loss data theta)) first others). (* 6 *)
End BruteForce.

(* reference/algorithms/mtss.py; V: features, S: covers, L: rewards, scores and targets    *)
Section MTSS.
Variables (K : num) (C : choice K).
Local Notation M := (run_of C).
Variables (V S L : Type) (minus : V -> V -> V) (covers : S -> V -> bool) (extend : S -> V -> S) (empty : S).
Variables (plus difference : L -> L -> L) (nothing : L) (divided : L -> nat -> L).
Variables (fit : seq (V * L) -> seq L) (dot : seq L -> V -> L) (exp_of : L -> K) (log_of : K -> L).
Variables (rho : seq (nat * K)) (base : nat -> seq nat -> seq ((nat * V) * K)) (reward : nat -> seq nat -> L).
(* line 7 by listing or by draws of n_pair pairs; line 8 by listing or by rejection with bound and N; Zhat from n_tok *)
(* draws, or Z itself for 0                                                                                          *)
Variables (look_listed choose_listed : bool) (n_pair n_roll n_out n_tok : nat) (bound : K) (N : nat).
Record accepted := Accepted { place : nat * seq nat; tokens : nat * nat; direction : V }.
Record layer := Layer { cover : S; psi : seq accepted; estimate : seq L }.
Definition new_layer := Layer empty [::] [::].
Definition same_pair (a b : accepted) : bool := (place a == place b) && (tokens a == tokens b).
Definition same_found (a b : option accepted) : bool :=
  match a, b with Some p, Some q => same_pair p q | None, None => true | _, _ => false end.

Definition pairs_of A (s : seq A) : seq (A * A) :=
  (fix go s := if s is a :: s' then [seq (a, b) | b <- s'] ++ go s' else [::]) s.
Definition uncovered (l : layer) x p (ab : (nat * V) * (nat * V)) : option accepted :=
  let phi := minus ab.1.2 ab.2.2 in if covers (cover l) phi then None else Some (Accepted (x, p) (ab.1.1, ab.2.1) phi).
Definition look (l : layer) x p : M (option accepted) :=                        (* 7 *)
  if look_listed then
    ret (head None [seq f <- [seq uncovered l x p ab | ab <- pairs_of [seq z.1 | z <- base x p]] | isSome f])
  else iterate same_found isSome
    (fun _ => a <~ weak C (base x p) ;; b <~ weak C (base x p) ;; ret (uncovered l x p (a, b))) n_pair None.
Definition f_of (l : layer) (v0 v : V) : L :=
  let phi := minus v v0 in if covers (cover l) phi then dot (estimate l) phi else nothing.
Definition choose (l : layer) x p : M ((V -> L) * (nat * V)) :=                 (* 8 *)
  z0 <~ weak C (base x p) ;;
  let f := f_of l z0.2 in
  if choose_listed then
    z <~ draw (normalised [seq (z.1, mul z.2 (exp_of (f z.1.2))) | z <- base x p]) ;; ret (f, z)
  else a <~ softmax_sampler C (base x p) (fun v => exp_of (f v)) bound N ;;
       ret (f, (a, head z0.2 [seq z.1.2 | z <- base x p & z.1.1 == a])).
Definition normaliser (f : V -> L) x p : M L :=
  if n_tok is 0 then ret (log_of (total [seq mul z.2 (exp_of (f z.1.2)) | z <- base x p]))
  else t <~ iterate (@same K) never (fun t => z <~ weak C (base x p) ;; ret (add t (exp_of (f z.2)))) n_tok (zero K) ;;
       ret (log_of (div t (of_nat K n_tok))).

Fixpoint roll_out (later : seq layer) x p (explained : L) : M (accepted + L) :=
  if later is l :: later' then                                                  (* 6 *)
    found <~ look l x p ;;
    if found is Some q then ret (inl q) else
      c <~ choose l x p ;; z <~ normaliser c.1 x p ;;
      roll_out later' x (rcons p c.2.1) (plus explained (difference (c.1 c.2.2) z))
  else ret (inr (difference (reward x p) explained)).
Fixpoint target_sum (later : seq layer) (q : accepted) n (acc : L) : M (accepted + L) :=
  if n is n'.+1 then
    let: (x, p) := place q in
    g <~ roll_out later x (rcons p (tokens q).1) nothing ;;
    if g is inr g1 then
      g' <~ roll_out later x (rcons p (tokens q).2) nothing ;;
      if g' is inr g2 then target_sum later q n' (plus acc (difference g1 g2)) else ret g'
    else ret g
  else ret (inr acc).
Fixpoint targets (later : seq layer) (qs : seq accepted) : M (accepted + seq (V * L)) :=
  if qs is q :: qs' then
    t <~ target_sum later q n_out nothing ;;
    match t with
    | inl met => ret (inl met)
    | inr v => rest <~ targets later qs' ;;
        ret (if rest is inr data then inr ((direction q, divided v n_out) :: data) else rest)
    end
  else ret (inr [::]).
Fixpoint fit_layers (ls : seq layer) : M (accepted + seq layer) :=              (* 3 *)
  if ls is l :: ls' then
    later <~ fit_layers ls' ;;
    if later is inr done then
      data <~ targets done (psi l) ;;
      ret (match data with inl met => inl met | inr d => inr (Layer (cover l) (psi l) (fit d) :: done) end)
    else ret later
  else ret (inr [::]).

Fixpoint walk (ls : seq layer) x p : M (option accepted) :=
  if ls is l :: ls' then                                                        (* 6 *)
    found <~ look l x p ;;
    if found is Some q then ret found else c <~ choose l x p ;; walk ls' x (rcons p c.2.1)
  else ret None.
Definition roll_in (ls : seq layer) : M (option accepted) := x <~ draw rho ;; walk ls x [::]. (* 5 *)
Definition sweep (ls : seq layer) : M (option accepted) :=
  iterate same_found isSome (fun _ => roll_in ls) n_roll None.                  (* 4 *)

Definition with_pair (ls : seq layer) (q : accepted) : seq layer :=
  let h := size (place q).2 in let l := nth new_layer ls h in
  set_nth new_layer ls h (Layer (extend (cover l) (direction q)) (rcons (psi l) q) [::]).
Definition one_pass (s : seq layer * bool) : M (seq layer * bool) :=
  fitted <~ fit_layers s.1 ;;
  match fitted with
  | inl q => ret (with_pair s.1 q, false)                                       (* 7 *)
  | inr ls => found <~ sweep ls ;; ret (if found is Some q then (with_pair s.1 q, false) else (ls, true))
  end.
Variable equal_estimate : seq L -> seq L -> bool.
Definition same_layer (a b : layer) : bool :=
  all2 same_pair (psi a) (psi b) && equal_estimate (estimate a) (estimate b).
Definition same_state (a b : seq layer * bool) : bool := (a.2 == b.2) && all2 same_layer a.1 b.1.
(* the listing repeats without end; a pass but the last covers one more direction          *)
Definition mtss horizon passes : M (seq layer) :=
  s <~ iterate same_state snd one_pass passes (nseq horizon new_layer, false) ;; (* 1, 2, 9 *)
  ret s.1.
Fixpoint sample (ls : seq layer) x p : M (seq nat) :=                           (* 10 *)
  if ls is l :: ls' then c <~ choose l x p ;; sample ls' x (rcons p c.2.1) else ret p.
End MTSS.
