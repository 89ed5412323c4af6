"""``spanner vectors``: write the test vectors, look for what is wrong with them, print their questions."""

import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import get_args

from proofs_check.cli.extras import require
from proofs_check.cli.formats.others import LintedVectors, MadeFile, MadeVectors
from proofs_check.cli.formats.parts import VERSION
from proofs_check.cli.output import TextTable, UserError, out, print_json, say, unmarked, working
from proofs_check.conformance.inputs import wire
from proofs_check.conformance.kit import KitError, function_named
from proofs_check.conformance.protocol import Question, ask_line
from reference.conformance import FUNCTIONS, read_vectors
from reference.conformance.lint import lint
from reference.conformance.scripts import (
    DIGESTS,
    REPLAY,
    SCRIPTS_SCHEMA_PATH,
    AlgorithmName,
    digests_text,
    script_text,
    scripts_schema_text,
)
from reference.conformance.vectors import DATA, VECTORS_SCHEMA_PATH, index_text, vector_text, vectors_schema_text


def make(functions: Sequence[str], *, check: bool, shadow: bool, large: bool, into: Path | None, as_json: bool) -> int:
    """Write files of vectors; see :func:`proofs_check.cli.vector_commands.make_vectors`."""
    require("mpmath")
    from proofs_check.conformance.making import Disagreement, made

    if large:
        return _make_large(into, check=check, shadow=shadow, as_json=as_json)
    chosen, folder = _known(functions), into or DATA
    texts: dict[Path, str] = {}
    with working("computing the answers"):
        try:
            for function in chosen:
                texts[folder / f"{function}.json"] = vector_text(made(function, shadow=shadow))
        except Disagreement as error:
            sys.stderr.write(f"spanner: {error}\n")
            return 1
    files = {name: _text(folder / f"{name}.json", texts) for name in FUNCTIONS}
    texts[folder / "index.json"] = index_text({name: text for name, text in files.items() if text is not None})
    texts[folder.parent / VECTORS_SCHEMA_PATH.name if into is None else folder / VECTORS_SCHEMA_PATH.name] = (
        vectors_schema_text()
    )
    return _written(texts, check=check, as_json=as_json)


def make_scripts(functions: Sequence[str], *, check: bool, into: Path | None, as_json: bool) -> int:
    """Write the replay scripts; see :func:`proofs_check.cli.vector_commands.make_vectors`."""
    from proofs_check.conformance.scripting import script_file

    if functions:
        raise UserError("--replay writes the scripts of all algorithms; leave the names of functions out")
    folder = into or REPLAY
    with working("running the algorithms"):
        found = {name: script_text(script_file(name)) for name in get_args(AlgorithmName)}
    texts = {folder / f"{name}.json": text for name, text in found.items()}
    texts[folder / DIGESTS] = digests_text(found)
    texts[(into or SCRIPTS_SCHEMA_PATH.parent) / SCRIPTS_SCHEMA_PATH.name] = scripts_schema_text()
    return _written(texts, check=check, as_json=as_json)


def _make_large(into: Path | None, *, check: bool, shadow: bool, as_json: bool) -> int:
    from proofs_check.conformance.making import made_of
    from reference.conformance.cases.large import large_family

    with working("computing the answers"):
        text = vector_text(made_of(large_family(), shadow=shadow))
    return _written({(into or Path()) / "large-log_partition.json": text}, check=check, as_json=as_json)


def _written(texts: Mapping[Path, str], *, check: bool, as_json: bool) -> int:
    rows = [_row(path, text, check=check) for path, text in texts.items()]
    document = MadeVectors(VERSION, rows)
    if as_json:
        print_json(document)
    else:
        _print_made(document, check=check)
    return int(check and any(row.changed for row in rows))


def lint_files(files: Sequence[Path], *, as_json: bool) -> int:
    """Say what is wrong with files; see :func:`proofs_check.cli.vector_commands.lint_vectors`."""
    chosen = list(files) or [DATA / f"{name}.json" for name in FUNCTIONS]
    found: list[str] = []
    for path in chosen:
        try:
            found.extend(lint(path))
        except OSError as error:
            raise UserError(f"cannot read {path}: {error.strerror}") from error
    if as_json:
        print_json(LintedVectors(VERSION, len(chosen), found))
        return int(bool(found))
    console = out()
    for line in found:
        console.print(unmarked(line))
    read = "1 file" if len(chosen) == 1 else f"{len(chosen)} files"
    findings = "1 finding" if len(found) == 1 else f"{len(found)} findings"
    console.print(f"{read}, {findings}" if found else f"{read}, nothing wrong")
    return int(bool(found))


def questions(functions: Sequence[str]) -> None:
    """Print questions as JSON lines; see :func:`proofs_check.cli.vector_commands.print_questions`."""
    for name in _known(functions):
        for vector in read_vectors(name).vectors:
            question = Question(vector.id, name, wire(vector, FUNCTIONS[name]))
            sys.stdout.write(ask_line([question]).decode())


def _known(functions: Sequence[str]) -> list[str]:
    try:
        return list(dict.fromkeys(function_named(name).name for name in functions)) or list(FUNCTIONS)
    except KitError as error:
        raise UserError(unmarked(str(error))) from None


def _text(path: Path, texts: dict[Path, str]) -> str | None:
    if path in texts:
        return texts[path]
    return path.read_text("utf-8") if path.exists() else None


def _row(path: Path, text: str, *, check: bool) -> MadeFile:
    data = text.encode()
    changed = not path.exists() or path.read_bytes() != data
    if changed and not check:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise UserError(f"cannot write {path}: {error.strerror}") from error
    return MadeFile(path.name, len(data), sha256(data).hexdigest(), changed)


def _print_made(document: MadeVectors, *, check: bool) -> None:
    table = TextTable((("file", "key"), ("bytes", "number"), ("sha256", "key"), ("", "text")))
    for row in document.files:
        what = "" if not row.changed else "differs" if check else "written"
        table.add_row(row.file, f"{row.bytes:,}", row.sha256[:12], what)
    say(out(), table)
