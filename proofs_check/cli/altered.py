"""``spanner verify CLAIM --set NAME=VALUE``: a claim with other constants than it states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from proofs_check.cli.formats import verify as formats
from proofs_check.cli.formats.parts import VERSION
from proofs_check.cli.ledger_table import with_margin
from proofs_check.cli.output import UserError, one_line, out, print_json, say, working
from proofs_check.ledger import Catalog, Check, Claim, Evidence, Family, Verdict
from proofs_check.ledger.constants import NoConstant, altered, constants
from proofs_check.ledger.kernel import gather
from reference.catalog import load


class Ran(NamedTuple):
    """A check with other constants, and what it brought to light."""

    check: Check[object]
    evidence: Evidence


def verify_altered(claims: Sequence[Claim], settings: Sequence[str], *, on: str | None, as_json: bool) -> bool:
    """Print what becomes of a claim with these constants; return whether it still holds.

    Raises:
        UserError: unless one claim is named, which has the constants and, with ``on``, speaks of the instance.
    """
    if len(claims) != 1:
        raise UserError("--set changes constants of one claim: name it")
    (claim,) = claims
    values = settings_read(settings)
    try:
        checks, untouched = altered(claim if on is None else _at(claim, on), values)
    except NoConstant as error:
        raise UserError(str(error)) from None
    if as_json:
        found = list(_run(claim, checks))
        holds = _holds(found)
        given = {name: str(constants(claim)[name]).partition("=")[2] for name in values}
        evidence, others = [formats.Evidence.of(each.evidence) for each in found], [str(c.domain) for c in untouched]
        print_json(formats.AlteredClaim(VERSION, claim.id, holds, dict(values), given, evidence, others))
        return holds
    console = out()
    stated = ", ".join(str(constants(claim)[name]) for name in values)
    say(console, f"{claim.id} with {', '.join(settings)} (stated: {stated})\n")
    found = []
    for each in _run(claim, checks):
        found.append(each)
        _show(console, each)
    if untouched:
        say(console, f"\nNot run, without these constants: {'; '.join(str(check.domain) for check in untouched)}")
    return _holds(found)


def settings_read(settings: Sequence[str]) -> Mapping[str, str]:
    """Return constants and their values as they were written.

    Raises:
        UserError: for something else than ``NAME=VALUE``, or a name twice.
    """
    found: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name or not value:
            raise UserError(f"--set {setting}: write NAME=VALUE, as in --set constant=9")
        if name in found:
            raise UserError(f"--set {name} is there twice")
        found[name] = value
    return found


def _at(claim: Claim, source: str) -> Claim:
    """Return what a claim says of one instance."""
    problem = load(source)
    if claim.every is None or not (isinstance(claim.every.domain, Catalog) and claim.every.domain.fits(problem)):
        raise UserError(f"{claim.id}: no statement about every problem like {problem.name!r}; leave --on out")
    check = Check(Family(problem.name, 1, lambda: [problem]), claim.every.run)
    return replace(claim, every=None, checks=(check,))


def _run(claim: Claim, checks: Sequence[Check[object]]) -> Iterator[Ran]:
    for check in checks:
        with working(f"{claim.id}, {check.domain}"):
            evidence = gather(check)
        yield Ran(check, evidence)


def _holds(found: Sequence[Ran]) -> bool:
    return all(each.evidence.verdict is Verdict.HOLDS for each in found)


def _show(console: Console, found: Ran) -> None:
    evidence = found.evidence
    style = "green" if evidence.verdict is Verdict.HOLDS else "bold red"
    count = f"{evidence.violated:,} of {evidence.cases:,} cases violated" if evidence.cases else "no case"
    console.print(Text.assemble((f"{evidence.verdict:<12}", style), f"{count} on {evidence.domain}"))
    for word, exhibit in (("violated", evidence.counterexample), ("tightest", evidence.tightest)):
        if exhibit is not None:
            console.print(Padding(f"{word} at {one_line(with_margin(exhibit))}", (0, 0, 0, 12)))
    if evidence.trouble:
        console.print(Padding(one_line(evidence.trouble), (0, 0, 0, 12)))
