"""``python -m proofs_check.computed``: write the files of laws anew, for the audit."""

import computed_form as form

from proofs_check.computed.files import catalog_text, random_text
from proofs_check.ledger.coq import FOLDER


def main() -> None:
    """Write the two files of each part."""
    for part in form.PARTS:
        for name, text in (("catalog", catalog_text(part)), ("random", random_text(part))):
            (FOLDER / part.folder / f"{name}.v").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
