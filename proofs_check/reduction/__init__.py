"""The reduction behind FMR25 Thm 4.1, executed: null runs of training-time methods, and what is read off them."""
