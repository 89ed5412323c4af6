"""``python -m proofs_check.computed``: write the files of laws anew, for the audit."""

import computed_form as form
import learner_form

from proofs_check.computed.files import catalog_text, random_text
from proofs_check.computed.learners import brute_force_text, mtss_text
from proofs_check.ledger.coq import FOLDER


def main() -> None:
    """Write the two files of each part, and those of brute force and MTSS."""
    for part in form.PARTS:
        for name, text in (("catalog", catalog_text(part)), ("random", random_text(part))):
            (FOLDER / part.folder / f"{name}.v").write_text(text, encoding="utf-8")
    for file, text in ((learner_form.BRUTE_FORCE, brute_force_text()), (learner_form.MTSS, mtss_text())):
        (FOLDER / learner_form.FOLDER / f"{file.module}.v").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
