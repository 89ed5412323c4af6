"""Why training-time (proper) exploration is not enough (FMR25 Thm 4.1)."""
