"""``spanner search --json``: how tight each inequality of a claim was found to be, and where."""

from typing import Annotated

import msgspec

from proofs_check.cli.formats.parts import Document, Numeral, Part


class Tightest(Part, frozen=True):
    """The tightest case of an inequality that was met with.

    ``instance`` is an instance file, ``numbers`` by name what makes the member of a claim about numbers; ``case`` says
    which case of the claim it is there.
    """

    statement: str
    holds: bool
    ratio: Annotated[
        Numeral | None,
        msgspec.Meta(description="Smaller side over larger side; null: no inequality, or nothing on the larger side."),
    ]
    case: str
    left: Numeral | None
    relation: str
    right: Numeral | None
    method: str
    restart: int
    instance: str
    numbers: dict[str, str]


class Search(Document, frozen=True, tag="spanner-reference/search"):
    """A search for the worst instance of a claim.

    ``values`` are constants other than those stated, ``mutation`` is the false variant that was searched, empty unless
    asked for; ``holds`` says that no counterexample was met with; ``inequalities`` are sorted, the tightest first;
    ``looks`` counts instances, ``undecided`` and ``given_up`` those of which nothing was found out; ``trouble`` is the
    first error of the claim's function.
    """

    claim: str
    values: dict[str, str]
    mutation: str
    seed: int
    restarts: int
    looks: int
    undecided: int
    given_up: int
    trouble: str
    seconds: float
    holds: bool
    inequalities: list[Tightest]
    saved: str
