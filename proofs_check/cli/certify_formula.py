"""``spanner certify FORMULA.dnf``: a formula and its certified ``val*`` as files, and the certificate for Coq."""

from pathlib import Path

from msgspec import UNSET

from proofs_check.certified.cost import LOADING, MOST
from proofs_check.certified.formulas import LOOKS_PER_SECOND, TooManyLooks, ValCertificate, certified_value
from proofs_check.certified.kernel_check import KernelVerdict, checked_by_kernel
from proofs_check.cli.certify import ForCoq, coq_json, pretty, show_certificate, write_files
from proofs_check.cli.formats import certify as formats
from proofs_check.cli.formats.parts import VERSION
from proofs_check.cli.output import UserError, err, print_json, working
from proofs_check.cli.reduce import formula_of
from reference.constructions.dnf.formula import Formula, FormulaError, signs_text
from reference.constructions.dnf.text import to_dimacs
from reference.model.parts import counted

import certified_form  # isort: skip - scripts of the audit; their folder is known after proofs_check.certified
import formula_form  # isort: skip

ENDING = ".dnf"
"""How the name of a formula's file ends."""


def certify_formula(source: str, *, coq: bool, folder: Path, as_json: bool) -> int:
    """Write the files, have the kernel decide; see :func:`proofs_check.cli.claim_commands.certify`."""
    name = Path(source).stem
    try:
        formula = formula_of(source)
        with working("certifying"):
            found = certified_value(formula, int((MOST - LOADING) * LOOKS_PER_SECOND))
    except (FormulaError, TooManyLooks) as error:
        said = f"branch and bound would take more than {MOST} s" if isinstance(error, TooManyLooks) else str(error)
        raise UserError(said if said.startswith(source) else f"{source}: {said}") from None
    certificate = _for_coq(name, formula, found) if coq else None
    module, text = certified_form.module(name), _text(source, formula)
    texts = {f"{module}{ENDING}": text, f"{module}.certificates.json": pretty(_json(found))}
    if certificate is not None:
        texts[f"{module}.v"] = certificate.text
    written = write_files(folder, texts, folder)
    verdict = KernelVerdict(None)
    if certificate is not None:
        with working("Coq's kernel decides"):
            verdict = checked_by_kernel(certificate.text, written[0], module, lambda line: err().print(line))
    if as_json:
        print_json(
            formats.CertifiedFormula(
                VERSION,
                name=name,
                formula=text,
                certificate=_json(found),
                files=[str(path) for path in written],
                coq=UNSET if certificate is None else coq_json(certificate, verdict),
            )
        )
    else:
        size = f"{counted(formula.variables, 'variable')}, {counted(len(formula.terms), 'term')}, k = {formula.k}"
        best = f"val* = {found.value} at {signs_text(found.assignment)}"
        show_certificate(f"{name}: {size}; {best}", ["formula", "certificates"], written, certificate, verdict)
    return 1 if verdict.accepted is False else 0


def _for_coq(name: str, formula: Formula, found: ValCertificate) -> ForCoq:
    seconds = round(LOADING + found.looks / LOOKS_PER_SECOND)
    return ForCoq(found.text(name, formula), list(formula_form.KINDS), "", "", seconds)


def _json(found: ValCertificate) -> formats.BestAssignment:
    return formats.BestAssignment(str(found.value), signs_text(found.assignment), list(found.order), found.looks)


def _text(source: str, formula: Formula) -> str:
    """Return the formula's own text if it has one term in each line, else the same in that form."""
    plain = to_dimacs(formula)
    try:
        own = Path(source).read_text(encoding="utf-8")
        return own if formula_form.of_text(own) == formula_form.of_text(plain) else plain
    except certified_form.FormError:
        return plain
