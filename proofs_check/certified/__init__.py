"""Certified instances: the answers that the files of ``proofs_check/coq/certified`` claim of the catalog's instances.

The form of a file is a script beside the audit, which needs the standard library only; it is imported from there.
"""

import sys

from proofs_check.ledger.coq import FOLDER

if str(FOLDER) not in sys.path:
    sys.path.append(str(FOLDER))
