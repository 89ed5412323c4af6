(* What an instance file says, over any field of reals: the definitions that a        *)
(* reader of a certificate has to read. The records hold the numbers of the file.     *)
From Coq Require Import QArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import reals sequences exp.
From Spanner Require Import dist gibbs prompts ridge cert_numbers.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Record response := Response { mass : Q; phi : seq Q }.
Record prompt := Prompt { rho : Q; baseline : Q; responses : seq response }.
(* an entry of theta is a rational, and the coefficients of the logarithms of atoms   *)
Record instance := Instance {
  beta : Q; atoms : seq Q; theta : seq (Q * seq Q); prompts : seq prompt }.

Definition prompt_at i x := nth (Prompt q0 q0 [::]) (prompts i) x.
(* responses of positive base mass, in the order of the file *)
Definition support p := [seq y <- responses p | qpos (mass y)].
Definition response_at s y := nth (Response q0 [::]) s y.

Section Meaning.
Variables (R : realType) (i : instance).
Definition X := [finType of 'I_(size (prompts i))].
Definition Y (x : X) := [finType of 'I_(size (support (prompt_at i x)))].
Definition the (x : X) (y : Y x) := response_at (support (prompt_at i x)) y.
Definition weight (x : X) : R := QR R (rho (prompt_at i x)).
Definition base (x : X) (y : Y x) : R := QR R (mass (the y)).
Definition feature (x : X) (y : Y x) : 'rV[R]_(size (theta i)) := \row_j QR R (nth q0 (phi (the y)) j).
Definition log_linear (t : Q * seq Q) (args : seq Q) : R :=
  QR R t.1 + \sum_(k < size args) QR R (nth q0 t.2 k) * ln (QR R (nth q0 args k)).
Definition parameter : 'rV[R]_(size (theta i)) := \row_j log_linear (nth (q0, [::]) (theta i) j) (atoms i).
Definition reward (x : X) (y : Y x) : R := dot parameter (feature y) + QR R (baseline (prompt_at i x)).
(* the optimum pi*, and the objective of a policy                                     *)
Definition optimum : policy R Y := softmax (@base) (QR R (beta i)) (@reward).
Definition value (p : policy R Y) : R := Jrho weight (@base) (@reward) (QR R (beta i)) p.
(* what an answer that is an enclosure says                                           *)
Definition between (b : Q * Q) (x : R) : Prop := QR R b.1 <= x <= QR R b.2.
End Meaning.
