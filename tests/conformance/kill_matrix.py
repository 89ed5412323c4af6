"""Which vectors each wrong implementation fails: ``python -m tests.conformance.kill_matrix``.

It writes the named ones to the file that ships (reports say which of them an implementation resembles), and what became
of the automatic ones beside this module.  ``--check`` writes nothing and fails if a file would change; ``--named``
leaves the automatic ones out.
"""

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from pysat.examples.hitman import Hitman

from proofs_check.conformance.host import called
from proofs_check.conformance.kit import KILL_MATRIX_FILE, NamedMutant
from proofs_check.conformance.random_inputs import random_inputs
from reference.conformance.functions import FUNCTIONS
from reference.conformance.vectors import DATA, Vector
from tests.conformance.automatic import Changed, changed_programs, reached
from tests.conformance.judging import RIGHT, Late, kit, passes, right, shown, verdict, within, wrong

AUTOMATIC = Path(__file__).with_name("automatic.json")
ROUNDS = 10_000
"""Random inputs on which a survivor must give what the right program gives, to be counted out."""

RANDOM_LIMIT = 0.5
"""Seconds of CPU time for one of them."""


class AutomaticRecord(msgspec.Struct):
    """What became of the automatic mutants of a right program.

    ``equal``: no vector shows them, and no random input does; ``alive``: no vector shows them, and some input does.
    """

    mutants: int
    killed: int
    equal: list[str]
    alive: list[str]

    @property
    def share(self) -> float:
        """Killed, of those that are not counted out."""
        return self.killed / (self.mutants - len(self.equal))


def named() -> dict[str, NamedMutant]:
    """The named wrong implementations with the vectors that each fails."""
    found = {}
    for function in FUNCTIONS:
        for name, each in wrong(function).items():
            fails = shown(function, each)
            found[name] = NamedMutant(function, fails, _why(each), own_flag(function, fails))
    return found


def own_flag(function: str, fails: Sequence[str]) -> str:
    """The flag with the fewest vectors that has all of these; none if there is no such flag, or two."""
    file = kit().files[function]
    having = {flag: {vector.id for vector in file.vectors if flag in vector.flags} for flag in file.notes}
    all_of_them = sorted((len(ids), flag) for flag, ids in having.items() if fails and ids.issuperset(fails))
    first, *others = all_of_them or [(0, "")]
    return "" if others and others[0][0] == first[0] else first[1]


def minimal(matrix: Mapping[str, NamedMutant]) -> list[str]:
    """A smallest set of vectors that shows every named mutant."""
    with Hitman(bootstrap_with=[each.fails for each in matrix.values()], htype="sorted") as hitman:
        found: list[str] = hitman.get()
    return sorted(found)


def automatic(program: str, rounds: int = ROUNDS) -> AutomaticRecord:
    """Judge every automatic mutant of a right program."""
    reach, first = reached(RIGHT[program]), KillersFirst()
    mutants = list(changed_programs(RIGHT[program]))
    survivors = [each for each in mutants if not is_killed(each, reach, first)]
    equal = [each.name for each in survivors if is_equal(program, each, reach, rounds)]
    alive = [each.name for each in survivors if each.name not in equal]
    return AutomaticRecord(len(mutants), len(mutants) - len(survivors), equal, alive)


class KillersFirst:
    """The vectors of each function, those first that showed a mutant last: a neighbour often falls by the same."""

    def __init__(self) -> None:
        self._order = {function: list(kit().vectors(function)) for function in FUNCTIONS}

    def vectors(self, functions: Sequence[str]) -> Iterator[tuple[str, Vector]]:
        """Yield all vectors of these functions; the first few of each come before all others."""
        for part in (slice(_FEW), slice(_FEW, None)):
            for function in functions:
                for vector in self._order[function][part]:
                    yield function, vector

    def killed(self, function: str, vector: Vector) -> None:
        """Ask this one first from now on."""
        order = self._order[function]
        order.remove(vector)
        order.insert(0, vector)


_FEW = 4


def is_killed(mutant: Changed, reach: Mapping[str, frozenset[str]], first: KillersFirst) -> bool:
    """Whether a vector shows it."""
    module = mutant.module()
    for function, vector in first.vectors(_touched(mutant, reach)):
        if not passes(verdict(function, vector, getattr(module, function))):
            first.killed(function, vector)
            return True
    return False


def is_equal(program: str, mutant: Changed, reach: Mapping[str, frozenset[str]], rounds: int) -> bool:
    """Whether it gives the same as the right program on random inputs."""
    module = mutant.module()
    return all(
        _said(getattr(module, function), inputs) == said
        for function in _touched(mutant, reach)
        for inputs, said in _right_answers(program, function, rounds)
    )


def _touched(mutant: Changed, reach: Mapping[str, frozenset[str]]) -> list[str]:
    return [function for function in FUNCTIONS if mutant.function in reach.get(function, ())]


@cache
def _right_answers(program: str, function: str, rounds: int) -> list[tuple[dict[str, Any], str]]:
    module = right(program)
    return [(each, _said(getattr(module, function), each)) for each in islice(random_inputs(function), rounds)]


def _said(implementation: Callable[..., Any], inputs: Mapping[str, Any]) -> str:
    try:
        with within(RANDOM_LIMIT), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reply = called(implementation, inputs)
    except Late:
        return "late"
    return repr(reply["answer"]) if "answer" in reply else next(iter(reply))


def _why(implementation: object) -> str:
    text: str = getattr(implementation, "why", None) or implementation.__doc__ or ""
    return text.strip().partition("\n")[0]


def _texts() -> Iterable[tuple[Path, bytes]]:
    matrix = named()
    yield DATA / KILL_MATRIX_FILE, _lines(matrix)
    sys.stdout.write(f"{len(matrix)} named; {len(minimal(matrix))} vectors show them all\n")
    if "--named" not in sys.argv[1:]:
        record = {name: automatic(name) for name in RIGHT}
        yield AUTOMATIC, msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def _lines(matrix: Mapping[str, NamedMutant]) -> bytes:
    rows = [f"{_json(name)}:{_json(each)}" for name, each in matrix.items()]
    return ("{\n" + ",\n".join(rows) + "\n}\n").encode()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def main() -> int:
    """Write both files, or compare them."""
    check, changed = "--check" in sys.argv[1:], False
    for path, content in _texts():
        differs = not path.exists() or path.read_bytes() != content
        changed |= differs
        if differs and not check:
            path.write_bytes(content)
        sys.stdout.write(f"{path.name}: {'differs' if differs and check else 'written' if differs else 'as it was'}\n")
    return int(check and changed)


if __name__ == "__main__":
    sys.exit(main())
