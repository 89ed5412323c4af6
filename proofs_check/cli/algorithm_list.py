"""What ``spanner run`` prints without an instance: the algorithms, or the parameters of one."""

from typing import Any

from proofs_check.cli.algorithms import ALGORITHMS, algorithm
from proofs_check.cli.formats import run as formats
from proofs_check.cli.formats.parts import VERSION
from proofs_check.cli.output import TextTable, out, print_json, say
from proofs_check.cli.program import Algorithm


def show_algorithms(name: str | None, *, as_json: bool) -> None:
    """Print all algorithms, or one with its parameters.

    Raises:
        UserError: if there is no algorithm of that name.
    """
    found = ALGORITHMS if name is None else {name: algorithm(name)}
    if as_json:
        print_json(formats.Algorithms(VERSION, [_json(key, one) for key, one in found.items()]))
        return
    console = out()
    if name is None:
        listed = TextTable((("algorithm", "key"), ("asks for", "key"), ("title", "text")))
        for key, one in found.items():
            listed.add_row(key, one.access.name, one.title)
        say(console, listed)
        console.print("\nspanner run ALGORITHM lists its parameters.")
        return
    one = found[name]
    console.print(one.title, style="bold")
    console.print(f"It asks for {one.access.words}.\n")
    rows = TextTable((("parameter", "key"), ("default", "key"), ("meaning", "text")))
    for key, (default, meaning) in one.parameters.items():
        rows.add_row(key, default, meaning)
    say(console, rows)
    first, (default, _) = next(iter(one.parameters.items()))
    console.print(f"Run it on {one.access.problems}: spanner run {name} INSTANCE --param {first}={default}")


def _json(name: str, one: Algorithm[Any, Any]) -> formats.Algorithm:
    parameters = [
        formats.Parameter(key, default or None, meaning) for key, (default, meaning) in one.parameters.items()
    ]
    return formats.Algorithm(name, one.title, parameters, one.access.name)
