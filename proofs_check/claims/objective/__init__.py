"""What is optimal, how much an error in the reward costs, and how large the coverage can be (FMR25 section 1)."""

MODULES = ("optimum_and_coverage", "profile", "gaps")
