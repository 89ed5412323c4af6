"""Section 5: coverage is necessary for compute, not for data (FMR25 Thm 2.1).

``data-without-coverage`` stands with the enumerating learner, in section 8's module.
"""

from proofs_check.claims import section5_data, section5_game, section5_needle

CLAIMS = (*section5_needle.CLAIMS, *section5_game.CLAIMS, *section5_data.CLAIMS)
