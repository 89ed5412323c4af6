"""What Coq's kernel decided again: the answers by instance, how many verdicts stand at each level, the axioms.

``{certified-answers}`` prints a table of the last audit on record, ``{levels}`` counts, ``{axioms}`` the allow-lists of
the audit.  The generated files are pages of the site, ``proofs/certified/FILE``.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from evidence import audit, ledger
from sphinx.util.docutils import SphinxDirective

from proofs_check.ledger.answers import ANSWER_KINDS, subject_of
from proofs_check.ledger.coq import FOLDER, INDEX, claims_proved
from reference.model.parts import counted

import certified_form as form  # isort: skip - a script beside the audit

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class CertifiedAnswers(SphinxDirective):
    """The answers, by instance, and those about formulas and games."""

    def run(self) -> list[nodes.Node]:
        """Return two tables, with a link to each generated file."""
        self.env.note_reread()
        up = self.env.docname.count("/") * "../"
        return self.parse_text_to_nodes("\n".join([*answer_lines(up), "", *other_lines(up)]))


class Levels(SphinxDirective):
    """How many verdicts stand at each level."""

    def run(self) -> list[nodes.Node]:
        """Return one table."""
        self.env.note_reread()
        return self.parse_text_to_nodes("\n".join(level_lines()))


class Axioms(SphinxDirective):
    """The axioms that proofs may use, group by group."""

    def run(self) -> list[nodes.Node]:
        """Return one table."""
        self.env.note_reread()
        return self.parse_text_to_nodes("\n".join(axiom_lines()))


def answer_lines(up: str = "") -> Iterator[str]:
    """Yield the answers of the last audit on record, a line for each instance."""
    enclosures = {kind + form.WITHIN for kind in form.KINDS}  # in the columns of what they enclose
    kinds = [kind for kind in ANSWER_KINDS if subject_of(kind) == form.SUBJECT and kind not in enclosures]
    yield "| instance | " + " | ".join(ANSWER_KINDS[kind] for kind in kinds) + " |"
    yield "| --- |" + " --- |" * len(kinds)
    known: dict[str, dict[str, str]] = {}
    for grade, name, kind in audit().answers:
        if subject_of(kind) == form.SUBJECT:
            known.setdefault(name, {})[kind] = grade
    for name, found in sorted(known.items()):
        yield f"| {_link(name, up)} | " + " | ".join(_cell(found, kind) for kind in kinds) + " |"


def other_lines(up: str = "") -> Iterator[str]:
    """Yield formulas, games and token problems of the last audit on record, a line for each kind of answer."""
    yield from ("| answer | grade | about |", "| --- | --- | --- |")
    for kind, words in ANSWER_KINDS.items():
        if subject_of(kind) != form.SUBJECT:
            found = [(grade, _link(name, up)) for grade, name, other in audit().answers if other == kind]
            grades = ", ".join(dict.fromkeys(grade for grade, _ in found))
            yield f"| {words} | {grades or '–'} | {', '.join(link for _, link in found) or '–'} |"


def _link(name: str, up: str) -> str:
    return f'<a href="{up}proofs/certified/{form.module(name)}.html">{name}</a>'


def _cell(found: dict[str, str], kind: str) -> str:
    if grade := found.get(kind + form.WITHIN):
        return f"{grade}, enclosed"
    return found.get(kind, "–")


def level_lines() -> Iterator[str]:
    """Yield how many verdicts stand at each level, the strongest first."""
    yield from ("| level | how many | you trust |", "| --- | ---: | --- |")
    record = audit()
    proved = f"{record.theorems} theorems; {len(claims_proved())} claims are proved"
    yield f"| `kernel` | {proved} | Coq's kernel, the axioms, the statements and their definitions |"
    for grade, more in (
        ("certified", "the same, what an instance, a formula or a game means, exporter and reader"),
        ("computed", "the same, and that the computation shows what it is meant to show"),
    ):
        found = [(subject_of(kind), name) for g, name, kind in record.answers if g == grade]
        said = [
            f"{counted(len(names), 'answer')} on {counted(len(set(names)), subject)}"
            for subject in dict.fromkeys([form.SUBJECT, *(subject for subject, _ in found)])
            for names in [[name for other, name in found if other == subject]]
        ]
        yield f"| `{grade}` | {', '.join(said)} | {more} |"
    cases: Counter[str] = Counter()
    for claim in ledger().values():
        for check in claim["checks"]:
            cases[check["grade"]] += check["cases"]
    for grade in ("symbolic", "exhaustive", "enclosed", "sampled", "monte-carlo"):
        trusted = "sympy, and the program" if grade == "symbolic" else "the program, python-flint and FLINT"
        yield f"| `{grade}` | {cases[grade]:,} cases | {trusted} |"


def axiom_lines() -> Iterator[str]:
    """Yield the groups of axioms, and where they are used."""
    index = tomllib.loads((FOLDER / INDEX).read_text("utf-8"))
    yield from ("| group | used by | axioms |", "| --- | --- | --- |")
    for group, names in index["axioms"].items():
        yield f"| {group} | {index['groups'][group]} | {', '.join(f'`{name}`' for name in names)} |"


def generated() -> list[Path]:
    """Return the generated files."""
    return sorted((FOLDER / "certified").glob("*.v"))


def _files(app: "Sphinx") -> Iterator[tuple[str, dict[str, str], str]]:
    for file in generated():
        code = app.builder.highlighter.highlight_block(file.read_text("utf-8"), "coq", linenos="inline")
        body = f"<h1>certified/{file.name}</h1><div class='proof-source highlight-coq'>{code}</div>"
        yield f"proofs/certified/{file.stem}", {"title": f"certified/{file.name}", "body": body}, "page.html"


def setup(app: "Sphinx") -> dict[str, bool]:
    """Add the directives, and the pages of the generated files."""
    app.add_directive("certified-answers", CertifiedAnswers)
    app.add_directive("levels", Levels)
    app.add_directive("axioms", Axioms)
    app.connect("html-collect-pages", _files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
