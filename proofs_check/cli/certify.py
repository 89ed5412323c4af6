"""``spanner certify``: an instance and its certified answers as files, and the certificate for Coq's kernel."""

import json
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from proofs_check.certified.answers import certificate_text
from proofs_check.certified.cost import MOST, seconds_for_tokens, seconds_predicted
from proofs_check.certified.enclosed import DECIMALS, LARGEST_FACTOR, REACH, within_reach
from proofs_check.certified.kernel_check import KernelVerdict, checked_by_kernel
from proofs_check.certified.soft_values import soft_certificate
from proofs_check.cli.described import described
from proofs_check.cli.formats import certify as formats
from proofs_check.cli.formats.parts import VERSION
from proofs_check.cli.output import UserError, err, grid, one_line, out, print_json, say, working
from proofs_check.ledger.answers import ANSWER_KINDS
from reference.catalog import load, load_linear
from reference.catalog.loading import file_of
from reference.model.parts import counted
from reference.model.problem import Problem

import certified_form as form  # isort: skip - scripts of the audit; their folder is known after proofs_check.ledger
import token_form  # isort: skip
from certificate_forms import form_of  # isort: skip


OUT_OF_REACH = (
    f"pi* is irrational, and has no enclosures: |r - r'|/beta or the logarithm of a rational exceeds {REACH}, or beta, "
    f"a coefficient of a logarithm, or that over beta {LARGEST_FACTOR:,}; only J(pi_ref), rank and spanner are claimed"
)


class ForCoq(NamedTuple):
    """A certificate for Coq, and what is to be said of it."""

    text: str
    kinds: list[str]
    left_out: str
    enclosed: str
    seconds: int


def certify_command(source: str, *, coq: bool, folder: Path, as_json: bool) -> int:
    """Write the files, have the kernel decide; see :func:`proofs_check.cli.claim_commands.certify`."""
    problem, file = load(source), file_of(source)
    certificate = _for_coq(source, problem, file) if coq else None
    with working("certifying"):
        found = described(problem).certified().certificates()
    module = form.module(problem.name)
    texts = {f"{module}.json": file.read_text("utf-8"), f"{module}.certificates.json": pretty(found)}
    if certificate is not None:
        texts[f"{module}.v"] = certificate.text
    written = write_files(folder, texts, file)
    verdict = KernelVerdict(None)
    if certificate is not None:
        with working("Coq's kernel decides"):
            verdict = checked_by_kernel(certificate.text, file, problem.name, lambda line: err().print(line))
    if as_json:
        print_json(
            formats.Certify(
                VERSION,
                name=problem.name,
                instance=json.loads(texts[f"{module}.json"]),
                certificates=found,
                files=[str(path) for path in written],
                coq=UNSET if certificate is None else coq_json(certificate, verdict),
            )
        )
    else:
        show_certificate(problem.name, ["instance", "certificates"], written, certificate, verdict)
    return 1 if verdict.accepted is False else 0


def _for_coq(source: str, problem: Problem, file: Path) -> ForCoq:
    """Return the certificate for Coq; UserError for what has none, or takes the kernel too long."""
    return _of_tokens(source, problem, file) if form_of(file) is token_form else _of_linear(source, file)


def _of_linear(source: str, file: Path) -> ForCoq:
    problem = load_linear(source)
    try:
        name, written = form.read(file)
    except form.FormError as error:
        raise UserError(f"{error}; leave --coq out") from None
    rational = problem.is_log_rational()
    responses = sum(len(ys) for _, _, ys in written.prompts)
    seconds = seconds_predicted(written, enclosed=not rational)
    _in_time(source, f"{counted(responses, 'response')}, d = {len(written.theta)}", seconds)
    text = certificate_text(name, problem, written)
    reached = rational or within_reach(written)
    return ForCoq(
        text,
        form.claimed_in(text, name, form.instance_term(written)),
        "" if reached else OUT_OF_REACH,
        ""
        if rational or not reached
        else f"pi* is irrational: each number to {DECIMALS} decimals, between two rationals",
        seconds,
    )


def _of_tokens(source: str, problem: Problem, file: Path) -> ForCoq:
    try:
        name, written = token_form.read(file)
        if not written.has_whole_powers:
            raise form.FormError("exp(reward/beta) of a token is no product of whole powers of rationals")
        seconds = seconds_for_tokens(written)
        size = f"{counted(sum(map(len, written.nodes)), 'token')}, {counted(len(written.atoms), 'logarithm')}"
        _in_time(source, size, seconds)
        text = soft_certificate(name, written, problem)
    except ValueError as error:  # FormError, a parameter that is no combination of logarithms, Python's limit on digits
        said, _, _ = str(error).partition(" for integer string conversion")
        raise UserError(f"{source}: {said}; leave --coq out") from None
    return ForCoq(text, token_form.claimed_in(text, name, token_form.instance_term(written)), "", "", seconds)


def _in_time(source: str, size: str, seconds: int) -> None:
    if seconds > MOST:
        raise UserError(f"{source}: {size}: the kernel would take about {seconds} s, more than {MOST}; leave --coq out")


def pretty(found: object) -> str:
    """Return JSON for a file."""
    return msgspec.json.format(msgspec.json.encode(found), indent=1).decode() + "\n"


def write_files(folder: Path, texts: dict[str, str], source: Path) -> list[Path]:
    """Write the files; UserError where one would replace what is another file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            path = folder / name
            if path.exists() and path.resolve() != source.resolve() and path.read_bytes() != text.encode():
                raise UserError(f"{path} is another file: give another folder with --out")
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"--out {folder}: {error.strerror or error}") from None
    return [folder / name for name in texts]


def coq_json(certificate: ForCoq, verdict: KernelVerdict) -> formats.Coq:
    """Return the certificate for Coq, and what the kernel says of it, for ``--json``."""
    return formats.Coq(
        kinds=certificate.kinds,
        left_out=certificate.left_out,
        predicted_seconds=certificate.seconds,
        accepted=verdict.accepted,
        reason=verdict.reason,
        version=verdict.version,
    )


def show_certificate(
    name: str, what: list[str], written: list[Path], certificate: ForCoq | None, verdict: KernelVerdict
) -> None:
    """Print what was written, ``what`` for each file and then that for Coq, and what the kernel says of it."""
    rows = list(zip([*what, "for Coq"], map(str, written), strict=False))
    if certificate is not None:
        rows.append(("claimed", ", ".join(ANSWER_KINDS[kind] for kind in certificate.kinds)))
        if certificate.enclosed:
            rows.append(("enclosed", certificate.enclosed))
        if certificate.left_out:
            rows.append(("left out", certificate.left_out))
        said = {
            True: f"accepted by Coq {verdict.version}: certified",
            False: f"refused by Coq {verdict.version}: {verdict.reason}",
            None: f"not asked: {verdict.reason}",
        }
        rows.append(("kernel", said[verdict.accepted]))
    out().print(one_line(name), style="bold")
    say(out(), grid(rows))
