"""What training-time (proper) learners can and cannot do: the Max-k-DNF reduction run on them, and what each spends."""
