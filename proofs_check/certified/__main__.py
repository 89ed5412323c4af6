"""``python -m proofs_check.certified``: write the certificates of the catalog's instances anew, for the audit."""

import certified_form as form

from proofs_check.certified.answers import certificate_text
from proofs_check.ledger.coq import FOLDER
from reference.catalog import linear_names, load_linear
from reference.catalog.loading import file_of


def main() -> None:
    """Write each file."""
    for name in linear_names():
        _, written = form.read(file_of(name))
        text = certificate_text(name, load_linear(name), written)
        (FOLDER / "certified" / f"{form.module(name)}.v").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
