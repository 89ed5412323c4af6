"""``python -m proofs_check.certified``: write the certificates of the catalog and the formulas anew, for the audit."""

import certified_form as form

from proofs_check.certified.answers import certificate_text
from proofs_check.certified.formulas import certified_value, named_formulas
from proofs_check.ledger.coq import FOLDER
from reference.catalog import linear_names, load_linear
from reference.catalog.loading import file_of
from reference.constructions.dnf.text import to_dimacs

MOST_LOOKS = 10**6
"""No formula of ours needs more."""


def main() -> None:
    """Write each file."""
    for name in linear_names():
        _, written = form.read(file_of(name))
        _write(name, certificate_text(name, load_linear(name), written))
    for name, comment, formula in named_formulas():
        (FOLDER / "formulas" / f"{name}.dnf").write_text(to_dimacs(formula, comment), encoding="utf-8")
        _write(name, certified_value(formula, MOST_LOOKS).text(name, formula))


def _write(name: str, text: str) -> None:
    (FOLDER / "certified" / f"{form.module(name)}.v").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
