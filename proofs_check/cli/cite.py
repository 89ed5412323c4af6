"""``spanner cite``: the entries of the paper and of this package for a bibliography."""

import reference
from proofs_check.claims import registry
from proofs_check.cli.output import UserError, out
from proofs_check.ledger.registry import ClaimError

PAPER = """\
@inproceedings{FMR25,
  author    = {Foster, Dylan J. and Mhammedi, Zakaria and Rohatgi, Dhruv},
  title     = {Is a Good Foundation Necessary for Efficient Reinforcement Learning?
               The Computational Role of the Base Model in Exploration},
  booktitle = {Proceedings of the 38th Conference on Learning Theory},
  series    = {Proceedings of Machine Learning Research},
  volume    = {291},
  pages     = {2026--2142},
  year      = {2025},
  note      = {arXiv:2503.07453}
}
"""

PACKAGE = """\
@software{{spanner-reference,
  author    = {{{{The maintainers of spanner-reference}}}},
  title     = {{spanner-reference: an exact, executable reference for FMR25}},
  version   = {{{version}}},
  year      = {{2026}}{note}
}}
"""


def cite(claim: str | None) -> None:
    """Print both entries; see :func:`proofs_check.cli.commands.cite`."""
    note = f",\n  note      = {{Claim {_identifier(claim)}}}" if claim is not None else ""
    out().file.write(PAPER + "\n" + PACKAGE.format(version=reference.__version__, note=note))


def _identifier(name: str) -> str:
    try:
        return registry()[name].id
    except ClaimError as error:
        raise UserError(str(error)) from error
