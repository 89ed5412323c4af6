"""Which form a certificate has, by the file that it is about: instance, formula, game, or problem of several tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import certified_form
import formula_form
import game_form
import token_form

if TYPE_CHECKING:
    from pathlib import Path


class Form(Protocol):
    """A script that writes what a certificate is about, and reads what it claims."""

    ROOT_MODULE: str
    STATEMENT: str
    SUBJECT: str
    KINDS: dict[str, str]

    def read(self, path: Path) -> tuple[str, Any]:
        """Return name and numbers of a file."""

    def instance_term(self, written: Any) -> str:  # noqa: ANN401 - numbers of an instance, a formula, a game
        """Return them as a term of Coq's."""

    def claimed_in(self, text: str, name: str, instance: str) -> list[str]:
        """Return the kinds of the answers that a certificate claims."""


FORMS: dict[str, Form] = {".json": certified_form, ".dnf": formula_form, ".game": game_form}
"""By the ending of the file; of those that end with ``.json`` some hold problems of several tokens."""
ALL: tuple[Form, ...] = (*FORMS.values(), token_form)
"""All of them."""
KINDS = {kind: words for form in ALL for kind, words in form.KINDS.items()}
"""All kinds of answers, and what each is about."""
SUBJECTS = {kind: form.SUBJECT for form in ALL for kind in form.KINDS}
"""What answers of each kind are about: an instance, a formula, ..."""


def form_of(path: Path) -> Form:
    """Return the form of a file's certificate; FormError if it has none."""
    if path.suffix not in FORMS:
        raise certified_form.FormError(f"{path.name}: what is certified ends with {' or '.join(FORMS)}")
    has_tokens = path.suffix == ".json" and f'"{token_form.FORMAT}"' in path.read_text(encoding="utf-8")
    return token_form if has_tokens else FORMS[path.suffix]
