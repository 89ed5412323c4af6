"""Answers about instances, formulas and games that Coq's kernel decided or computed, as the audit's transcript says.

The audit prints ``ok   certified NAME: KINDS`` for a file of ``proofs_check/coq/certified`` that passed everything, and
for the laws of an instance in ``catalog.v`` of ``proofs_check/coq/laws`` and ``proofs_check/coq/returned``; and
``ok   computed NAME: KIND`` for the laws in ``proofs_check/coq/learners``, of which there is no theorem.  A line counts
as long as the record of the audit does (:func:`proofs_check.ledger.coq.audited`), and as long as the instance's file
still says what the audited file says, number by number.  Nothing else makes a grade *certified* or *computed*.
"""

import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from proofs_check.ledger import coq
from proofs_check.ledger.grades import Grade
from reference.catalog.loading import DATA, TOKEN_DATA

if str(coq.FOLDER) not in sys.path:
    sys.path.append(str(coq.FOLDER))
import certificate_forms  # isort: skip  # scripts beside the audit
import certified_form as form  # isort: skip
import computed_form  # isort: skip
import learner_form  # isort: skip

FORMULAS, GAMES = coq.FOLDER / "formulas", coq.FOLDER / "games"
"""Where the formulas are whose ``val*`` is certified, and the games whose values are."""
LEARNERS = learner_form.FILES.items()
ANSWER_KINDS = certificate_forms.KINDS | computed_form.KINDS | {kind: file.words for kind, file in LEARNERS}
"""All kinds of answers, and what each is about."""
SUBJECTS = certificate_forms.SUBJECTS | {kind: file.subject for kind, file in LEARNERS}
"""Of which kind of thing answers are, where that is not a law on an instance."""


class KernelAnswer(NamedTuple):
    """An answer about an instance, formula or game, and how far the kernel vouches for it: certified or computed."""

    instance: str
    kind: str
    grade: Grade

    @property
    def words(self) -> str:
        """What the answer is about."""
        return ANSWER_KINDS[self.kind]

    @property
    def subject(self) -> str:
        """What it is about: an instance, a formula, a game, a token problem."""
        return subject_of(self.kind)


def subject_of(kind: str) -> str:
    """Return of what an answer of a kind is: of an instance, a formula, a game, a token problem."""
    return SUBJECTS.get(kind, form.SUBJECT)


def answers_on(path: Path, name: str | None = None) -> tuple[KernelAnswer, ...]:
    """Return what the audit says of the instance, formula or game in a file; nothing if the file is of another.

    ``name``: that of the instance, where it is known: a file of which the audit says nothing is then not read.
    """
    transcript = _transcript()
    if name is not None and name not in transcript:
        return ()
    try:
        shape = certificate_forms.form_of(path)
        name, written = shape.read(path)
    except (form.FormError, OSError, ValueError, KeyError, TypeError):
        return ()
    known = transcript.get(name, ())
    still = {kind for kind in {answer.kind for answer in known} if _still(kind, shape, name, written)}
    return tuple(answer for answer in known if answer.kind in still)


def answers_about(claim: str) -> tuple[KernelAnswer, ...]:
    """Return the certified answers that a claim is about, on all instances of the catalog, formulas and games."""
    kinds = coq.kinds_of(claim)
    return tuple(answer for answer in certified_answers() if answer.kind in kinds)


@lru_cache(maxsize=1)
def certified_answers() -> tuple[KernelAnswer, ...]:
    """Return all answers that the audit certified, of what is still what it was."""
    files = [*sorted(DATA.glob("*.json")), *sorted(TOKEN_DATA.glob("*.json"))]
    files += [*sorted(FORMULAS.glob("*.dnf")), *sorted(GAMES.glob("*.game"))]
    return tuple(answer for path in files for answer in answers_on(path)) if _transcript() else ()


def _still(kind: str, shape: certificate_forms.Form, name: str, written: Any) -> bool:  # noqa: ANN401 - as read
    """Whether the audited file, of laws or of other answers, is about this very instance."""
    part, learner = computed_form.part_of(kind), learner_form.FILES.get(kind)
    try:
        if part is not None:
            laws = (coq.FOLDER / part.folder / "catalog.v").read_text(encoding="utf-8")
            return computed_form.opening(name, written) in laws
        if learner is not None:
            laws = (coq.FOLDER / learner_form.FOLDER / f"{learner.module}.v").read_text(encoding="utf-8")
            return learner_form.opening(learner, name, written) in laws
        text = (coq.FOLDER / "certified" / f"{form.module(name)}.v").read_text(encoding="utf-8")
        shape.claimed_in(text, name, shape.instance_term(written))
    except (form.FormError, OSError):
        return False
    return True


def _transcript() -> dict[str, tuple[KernelAnswer, ...]]:
    found: dict[str, tuple[KernelAnswer, ...]] = {}
    for grade, name, kinds in coq.audited_answers():
        found[name] = (*found.get(name, ()), *_answers(name, kinds, Grade(grade)))
    return found


def _answers(name: str, kinds: str, grade: Grade) -> Iterator[KernelAnswer]:
    return (KernelAnswer(name, kind, grade) for kind in kinds.split(", "))
