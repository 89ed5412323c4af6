"""What ``spanner run`` prints without an instance: the algorithms, or the parameters of one."""

from collections.abc import Mapping
from typing import NamedTuple

from proofs_check.cli.algorithms import ALGORITHMS, TOKEN_NAMES, algorithm
from proofs_check.cli.formats import run as formats
from proofs_check.cli.formats.parts import VERSION
from proofs_check.cli.output import Listing, grid, out, print_json, say
from proofs_check.cli.token_run import PARAMETERS, TITLE


class Described(NamedTuple):
    """An algorithm for people: its parameters with their defaults and meanings."""

    name: str
    title: str
    parameters: Mapping[str, tuple[str, str]]


def show_algorithms(name: str | None, *, as_json: bool) -> None:
    """Print all algorithms, or one with its parameters.

    Raises:
        UserError: if there is no algorithm of that name.
    """
    found = [_described(each) for each in ((*ALGORITHMS, *TOKEN_NAMES) if name is None else (name,))]
    if as_json:
        print_json(formats.Algorithms(VERSION, [_json(d) for d in found]))
        return
    console = out()
    if name is None:
        console.print(grid((d.name, d.title) for d in found))
        console.print("\nspanner run ALGORITHM lists its parameters.")
        return
    (one,) = found
    console.print(one.title, style="bold")
    rows = Listing((("parameter", "key"), ("default", "key"), ("meaning", "text")))
    for key, (default, meaning) in one.parameters.items():
        rows.add_row(key, default, meaning)
    say(console, rows)
    first, (default, _) = next(iter(one.parameters.items()))
    kind = "token problem" if name in TOKEN_NAMES else "single-turn problem"
    console.print(f"Run it on a {kind}: spanner run {name} INSTANCE --param {first}={default}")


def _described(name: str) -> Described:
    if name in TOKEN_NAMES:
        return Described(name, TITLE, PARAMETERS)
    return Described(name, (chosen := algorithm(name)).title, chosen.parameters)


def _json(one: Described) -> formats.Algorithm:
    parameters = [
        formats.Parameter(key, default or None, meaning) for key, (default, meaning) in one.parameters.items()
    ]
    return formats.Algorithm(one.name, one.title, parameters)
