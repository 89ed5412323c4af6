"""Max-k-DNF: formulas, the instances made of them, their best assignments, and families of them."""
