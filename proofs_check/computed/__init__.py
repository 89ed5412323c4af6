"""Laws of the listings as Python computes them, for Coq's kernel to compute again.

The form of the files is a script beside the audit; :mod:`proofs_check.ledger.answers` puts its folder on the path.
"""

import proofs_check.ledger.answers  # noqa: F401 - for the path
