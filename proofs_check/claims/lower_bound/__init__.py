"""Why coverage is necessary for computation (FMR25 Thm 2.1), and what data alone can do."""

MODULES = (
    "theorem", "needle_family", "needle_hit", "needle_game", "every_learner", "saturation",
    "data_without_coverage", "data",
)  # fmt: skip
