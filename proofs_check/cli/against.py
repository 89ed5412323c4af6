"""``spanner verify CLAIM --against FAULT``: a claim in a program with a fault; ``--faults`` lists them."""

import subprocess
import sys
from collections.abc import Sequence

from rich.padding import Padding
from rich.text import Text

from proofs_check.cli.formats import faults as formats
from proofs_check.cli.formats.parts import VERSION
from proofs_check.cli.output import TextTable, UserError, one_line, out, print_json, say, working
from proofs_check.faults import Fault, FaultError, all_faults, fault_named
from proofs_check.faults.child import told
from proofs_check.faults.fault import TOP, misplaced
from proofs_check.faults.record import KILLS
from proofs_check.ledger import Claim

BECOMES = {
    "v": "violated", "x": "stopped", "n": "nothing to decide", "u": "undecided", ".": "holds",
}  # fmt: skip
"""What the letters of the matrix stand for."""


def verify_against(claims: Sequence[Claim], name: str, *, as_json: bool) -> bool:
    """Print what becomes of claims in the program with a fault; return whether one of them falls.

    Raises:
        UserError: unless claims are named, each with something to run, and there is such a fault.
    """
    if not claims:
        raise UserError(f"--against shows claims the fault {name[:80]}: name one, or some")
    for claim in claims:
        if not claim.checks:
            raise UserError(f"{claim.id} rests on the paper: nothing runs that a fault could change")
    try:
        fault = fault_named(name)
        _ = fault.place
    except FaultError as error:
        raise UserError(str(error)) from None
    with working(f"{name}, {len(claims)} claims" if len(claims) > 1 else f"{name}, {claims[0].id}"):
        found = list(_fates(fault, claims))
    falls = any(fate.letter in KILLS for fate in found)
    if as_json:
        print_json(formats.Against(VERSION, formats.Fault.of_known(fault), falls, found))
        return falls
    _show(fault, found)
    if not falls:
        say(out(), "\nThe fault is not noticed.")
    return falls


def list_faults(*, as_json: bool) -> None:
    """Print name, place and change of each fault.

    Raises:
        UserError: if one does not apply to today's source.
    """
    if wrong := next(misplaced(all_faults()), None):
        raise UserError(wrong)
    if as_json:
        print_json(formats.Faults(VERSION, [formats.Fault.of_known(fault) for fault in all_faults()]))
        return
    lines = TextTable((("fault", "key"), ("of", "key"), ("line", "number"), ("what", "text")))
    for fault in all_faults():
        lines.add_row(fault.name, fault.of, "" if fault.line is None else str(fault.line), fault.what)
    say(out(), lines)


def _show(fault: Fault, found: Sequence[formats.Fate]) -> None:
    """Print the change, and what becomes of each claim."""
    console = out()
    say(console, f"{fault.name}: {fault.what}")
    say(console, f"{fault.file}:{fault.place.start}, {fault.function}{_numbered(fault)}")
    for sign, text in (("-", fault.old), ("+", fault.new)):
        for line in text.splitlines():
            console.print(Text(f"  {sign} {line}", style="red" if sign == "-" else "green"), soft_wrap=True)
    for fate in found:
        style = "bold red" if fate.letter in KILLS else "green" if fate.letter == "." else "yellow"
        console.print(Text.assemble(f"\n{fate.claim}: ", (fate.becomes, style)))
        if fate.seen:
            console.print(Padding(f"{fate.part}, {one_line(fate.domain)}", (0, 0, 0, 4)))
            console.print(Padding(one_line(fate.seen), (0, 0, 0, 4)))


def _fates(fault: Fault, claims: Sequence[Claim]) -> list[formats.Fate]:
    """Run claims in a process of its own, on the domain of the kill matrix."""
    command = [sys.executable, "-m", "proofs_check.faults.child", "one", fault.name, *(claim.id for claim in claims)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TOP)  # noqa: S603 - this Python
    if done.returncode:
        raise UserError(f"fault {fault.name}: the changed program does not start: {one_line(done.stderr[-300:])}")
    found = dict(told(iter(done.stdout.splitlines())))
    return [formats.Fate(claim.id, BECOMES[found[claim.id][0]], *found[claim.id]) for claim in claims]


def _numbered(fault: Fault) -> str:
    return "" if fault.line is None else f" (line {fault.line} of the listing)"
