"""Certified instances: the answers that the files of ``proofs_check/coq/certified`` claim of the catalog's instances.

The form of a file is a script beside the audit, which needs the standard library only;
:mod:`proofs_check.ledger.answers` puts its folder on the path.
"""

import proofs_check.ledger.answers  # noqa: F401 - for the path
