"""Laws of a token or response that know the names of their outcomes."""

from collections.abc import Sequence

from reference.exact.law import Law, Mass
from reference.exact.table import Shown, Table, short
from reference.model.parts import named_index


class NamedLaw(Shown, Law[int]):
    """A law of the next token, or of the response, in a context: outcomes are indices, and it knows their names.

    A :class:`~reference.exact.law.Law` in every other respect, but that it has no mass for what is no outcome there.

    >>> import reference as ref
    >>> ref.load("two-arms").pi_ref("x").mass("good")
    1/2
    """

    __slots__ = ("names", "what", "where")
    names: tuple[str, ...]
    what: str
    where: str

    def __init__(self, law: Law[int], names: Sequence[str], what: str, where: str) -> None:
        super().__init__(law.outcomes, law.weights, law.total)
        object.__setattr__(self, "names", tuple(names))
        object.__setattr__(self, "what", what)
        object.__setattr__(self, "where", where)

    def renamed(self, law: Law[int]) -> "NamedLaw":
        """Return another law in the same context."""
        return NamedLaw(law, self.names, self.what, self.where)

    def mass(self, outcome: int | str) -> Mass:
        """Return the probability of an outcome, given by index or by name; 0 off the support.

        Raises:
            ProblemError: if there is no such outcome; it names the nearest.
        """
        if type(outcome) is int and 0 <= outcome < len(self.names):
            return super().mass(outcome)
        return super().mass(named_index(outcome, self.names, self.where, self.what))

    def table(self) -> Table:
        """Return names and masses."""
        return Table.of("", (self.what, "mass"), ((self.names[y], short(mass)) for y, mass in self.items()))

    def __reduce__(self) -> tuple[type["NamedLaw"], tuple[object, ...]]:
        return NamedLaw, (Law(self.outcomes, self.weights, self.total), self.names, self.what, self.where)
