"""Where a statement is checked: the kinds of domain.

A domain lists its *members*: pairs of a label and the thing itself.  ``str(domain)`` is what the tables show.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from reference.catalog import linear_names, load, load_linear, names
from reference.model.linear_problem import LinearProblem
from reference.model.problem import MAX_SEQUENCES, Problem

if TYPE_CHECKING:  # Hypothesis is imported where members are drawn
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

MOST_SEQUENCES = 10_000
"""Checks that go from sequence to sequence take token problems of the catalog with up to so many."""


class Domain(Protocol[T_co]):
    """Labelled members, and their declared number if there is one."""

    @property
    def size(self) -> int | None:
        """Declared number of members; ``None`` if it is whatever comes."""

    def members(self) -> Iterator[tuple[str, T_co]]:
        """Yield label and member."""


@dataclass(frozen=True, init=False)
class Catalog:
    """Linear problems of the catalog: ``Catalog()`` is all of them, ``Catalog("two-arms")`` the one named."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)

    @property
    def size(self) -> int:
        """Number of instances."""
        return len(self.names or linear_names())

    def members(self) -> Iterator[tuple[str, LinearProblem]]:
        """Yield name and instance."""
        for name in self.names or linear_names():
            yield name, load_linear(f"catalog:{name}")

    def fits(self, problem: Problem) -> bool:
        """Whether what holds of all its members is claimed of this problem, too."""
        return not self.names and isinstance(problem, LinearProblem)

    def __str__(self) -> str:
        return f"catalog: {', '.join(self.names)}" if self.names else "catalog"


@dataclass(frozen=True, init=False)
class WholeCatalog:
    """Problems of the catalog, linear or not: ``WholeCatalog("fair-bits-3")`` is the one named.

    For checks that go from sequence to sequence, ``expandable`` leaves out those with more than ``MOST_SEQUENCES``: the
    table names them.
    """

    names: tuple[str, ...]
    expandable: bool

    def __init__(self, *names: str, expandable: bool = False) -> None:
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "expandable", expandable)

    @property
    def size(self) -> int:
        """Number of instances."""
        return len(self._kept)

    def members(self) -> Iterator[tuple[str, Problem]]:
        """Yield name and instance."""
        for name in self._kept:
            yield name, load(f"catalog:{name}")

    def fits(self, problem: Problem) -> bool:
        """Whether what holds of all its members is claimed of this problem, too."""
        return not self.names and not (self.expandable and problem.sequence_count() > MAX_SEQUENCES)

    @property
    def _kept(self) -> tuple[str, ...]:
        return tuple(name for name in self.names or names() if name not in self._left_out)

    @property
    def _left_out(self) -> tuple[str, ...]:
        if not self.expandable:
            return ()
        counts = {name: load(f"catalog:{name}").sequence_count() for name in self.names or names()}
        return tuple(name for name, count in counts.items() if count > MOST_SEQUENCES)

    def __str__(self) -> str:
        text = f"catalog: {', '.join(self.names)}" if self.names else "whole catalog"
        return f"{text} without {', '.join(self._left_out)}" if self._left_out else text


@dataclass(frozen=True)
class Family(Generic[T]):
    """Every member of a finite family.  ``size`` is declared, so that a family that shrank is noticed.

    ``each`` yields the members; their labels are ``str(member)``, shortened.
    """

    name: str
    size: int
    each: Callable[[], Iterable[T]]

    def members(self) -> Iterator[tuple[str, T]]:
        """Yield label and member."""
        for member in self.each():
            label = member.name if isinstance(member, Problem) else str(member)
            yield label if len(label) <= LABEL else label[: LABEL - 3] + "...", member

    def __str__(self) -> str:
        return f"{self.name} ({self.size})"


@dataclass(frozen=True)
class Random(Generic[T]):
    """``n`` members drawn by a Hypothesis strategy from a fixed seed: the same ones in every run of one version."""

    strategy: "SearchStrategy[T]" = field(repr=False)
    n: int
    seed: int = 1
    name: str = ""

    @property
    def size(self) -> None:
        """Not declared: a small strategy may run out of new examples before ``n``."""
        return

    def members(self) -> Iterator[tuple[str, T]]:
        """Yield ``#i`` and the i-th draw."""
        from proofs_check.ledger.drawing import drawn

        for i, member in enumerate(drawn(self.strategy, self.n, self.seed)):
            yield f"#{i} of seed {self.seed}", member

    def __str__(self) -> str:
        return f"random{' ' * bool(self.name)}{self.name} (n={self.n}, seed {self.seed})"


@dataclass(frozen=True)
class Identity:
    """All values at once: the check yields :func:`proofs_check.ledger.cases.identity` cases over ``variables``."""

    variables: str

    @property
    def size(self) -> int:
        """One: the general case."""
        return 1

    def members(self) -> Iterator[tuple[str, str]]:
        """Yield the variables, once."""
        yield "for all values", self.variables

    def __str__(self) -> str:
        return f"all {self.variables}"


@dataclass(frozen=True)
class Draws:
    """``n`` seeded runs, with seeds ``seed, seed+1, ...``.

    The check yields :func:`~proofs_check.ledger.cases.frequency` cases.
    """

    n: int
    seed: int = 1

    @property
    def size(self) -> int:
        """One: the sample as a whole."""
        return 1

    @property
    def seeds(self) -> range:
        """The seeds of the runs."""
        return range(self.seed, self.seed + self.n)

    def members(self) -> Iterator[tuple[str, "Draws"]]:
        """Yield the sample, once."""
        yield str(self), self

    def __str__(self) -> str:
        return f"{self.n} runs (seed {self.seed})"


LABEL = 80
