"""Why training-time (proper) exploration is not enough (FMR25 Thm 4.1)."""

MODULES = (
    "theorem",
    "soundness",
    "exploration",
    "baselines",
    "decoding",
    "commitment",
    "online_dpo",
    "tradeoff_proper",
    "tradeoff_spanner",
)
