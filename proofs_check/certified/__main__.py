"""``python -m proofs_check.certified``: write the certificates of catalog, formulas and games anew, for the audit."""

import certified_form as form
import game_form
import token_form

from proofs_check.certified.answers import certificate_text
from proofs_check.certified.formulas import certified_value, named_formulas
from proofs_check.certified.games import game_certificate, named_games
from proofs_check.certified.soft_values import soft_certificate
from proofs_check.ledger.coq import FOLDER
from reference.catalog import linear_names, load, load_linear
from reference.catalog.loading import TOKEN_DATA, file_of
from reference.constructions.dnf.text import to_dimacs

MOST_LOOKS = 10**6
"""No formula of ours needs more."""


def main() -> None:
    """Write each file."""
    for name in linear_names():
        _, written = form.read(file_of(name))
        _write(name, certificate_text(name, load_linear(name), written))
    for path in filter(token_form.is_certified, sorted(TOKEN_DATA.glob("*.json"))):
        name, problem = token_form.read(path)
        _write(name, soft_certificate(name, problem, load(name)))
    for name, comment, formula in named_formulas():
        (FOLDER / "formulas" / f"{name}.dnf").write_text(to_dimacs(formula, comment), encoding="utf-8")
        _write(name, certified_value(formula, MOST_LOOKS).text(name, formula))
    for name, game in named_games():
        (FOLDER / "games" / f"{name}.game").write_text(game_form.game_text(game), encoding="utf-8")
        _write(name, game_certificate(name, game))


def _write(name: str, text: str) -> None:
    (FOLDER / "certified" / f"{form.module(name)}.v").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
