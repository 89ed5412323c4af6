"""What the readers of responses and of nodes share, for version 2: masses with their excess, and one-hot features."""

from flint import arb, fmpq, fmpz

from reference.catalog.format2 import NodeEntry2, PromptEntry2
from reference.catalog.graph2 import Excess
from reference.catalog.reading import Limits, Numbers
from reference.catalog.weights2 import read_masses
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.precision import workprec
from reference.exact.rational_numbers import ceiling
from reference.model.checks import ProblemError

_SHOWN = 40
"""Characters of a name in a message."""

_ENTRY_BITS = 64
"""What an entry of a feature vector takes at least: a short file may ask for many."""

_PRECISION = 128


class Reader(Numbers):
    """Reads numbers, and takes note of weights: how many nodes have them, and which sums were not 1."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.weighted = 0
        self.excess: list[Excess] = []

    def masses(self, path: str, where: str, entry: PromptEntry2 | NodeEntry2) -> list[fmpq]:
        """Return base masses; ``where`` they are, in words."""
        found = read_masses(self, path, entry.tokens if isinstance(entry, NodeEntry2) else entry.responses)
        if found.total is not None:
            self.weighted += 1
            if found.total != 1:
                self.excess.append(Excess(where, found.total - 1))
        return found.masses

    def one_hot(self, path: str, count: int, what: str) -> list[Vector]:
        """Return the unit vectors, which are the features of ``count`` things without any."""
        if count > self.limits.dimension:
            reason = (
                f"one-hot features of {count} {what} have as many entries; at most {self.limits.dimension} are read"
            )
            raise ProblemError(path, f'{reason}; write "phi"')
        self.spend_features(path, count * count, _ENTRY_BITS)
        return [Vector(tuple(int(k == j) for k in range(count)), 1) for j in range(count)]


def norm_bound(theta: tuple[LogLinear, ...]) -> fmpq:
    """Return an integer that is at least the norm of ``theta``: the least, if its entries are rational."""
    if all(entry.is_rational for entry in theta):
        square = ceiling(sum((entry.constant**2 for entry in theta), fmpq(0)))
        root = fmpz(square).isqrt()
        return fmpq(root + (root * root < square))
    balls = [entry.enclosure(_PRECISION) for entry in theta]
    with workprec(_PRECISION):
        mantissa, exponent = sum((ball * ball for ball in balls), arb(0)).sqrt().upper().man_exp()
    return fmpq(ceiling(fmpq(mantissa) * fmpq(2) ** int(exponent)))


def cut(name: str) -> str:
    """Return a name in quotes, cut off if it is long."""
    return repr(name if len(name) <= _SHOWN else f"{name[: _SHOWN - 3]}...")
