"""``python -m proofs_check.computed``: write the files of laws anew, for the audit."""

from proofs_check.computed.files import catalog_text, random_text
from proofs_check.ledger.coq import FOLDER


def main() -> None:
    """Write both files."""
    for name, text in (("catalog", catalog_text()), ("random", random_text())):
        (FOLDER / "computed" / f"{name}.v").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
