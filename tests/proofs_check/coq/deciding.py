"""Have the audit decide a certificate by its text and the kernel; of what passes, the whole audit asks more."""

from pathlib import Path

from proofs_check.ledger import coq

import certificates as auditing  # isort: skip - scripts of the audit; their folder is known after proofs_check.ledger
from certified_form import module  # isort: skip


def committed(name: str) -> str:
    """Return the certificate in the repository of what is called so."""
    return (coq.FOLDER / "certified" / f"{module(name)}.v").read_text(encoding="utf-8")


def decided(build: Path, folder: Path, certificate: str, source: str, called: str) -> list[str] | str:
    """Return the kinds of answers in a certificate, or what is wrong with it; ``called``: the file of its source."""
    put(folder, certificate, source, called)
    sources = auditing.sources_in(folder / "sources")
    kinds, problems = auditing.accepted(build, folder / "certified", sources)
    (name,) = sources
    return problems[name] or kinds[name]


def put(folder: Path, certificate: str, source: str, called: str) -> None:
    """Write a certificate and its source."""
    for path, text in (
        (folder / "certified" / f"{module(Path(called).stem)}.v", certificate),
        (folder / "sources" / called, source),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
