"""Where a statement is checked: the kinds of domain.

A domain lists its *members*: pairs of a label and the thing itself.  ``str(domain)`` is what the tables show.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

from reference.catalog import linear_names, load, load_linear, tree_names
from reference.model.linear_problem import LinearProblem
from reference.model.problem import MAX_SEQUENCES, Problem

if TYPE_CHECKING:  # Hypothesis is imported where members are drawn
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
P_co = TypeVar("P_co", bound=Problem, covariant=True)

MOST_SEQUENCES = 10_000
"""Checks that go from response to response take problems of the catalog with up to so many."""

_PREFIX = "catalog:"


class Domain(Protocol[T_co]):
    """Labelled members, and their declared number if there is one."""

    @property
    def size(self) -> int | None:
        """Declared number of members; ``None`` if it is whatever comes."""

    def members(self) -> Iterator[tuple[str, T_co]]:
        """Yield label and member."""

    def instances(self) -> "Iterator[Domain[T_co]]":
        """Yield each instance of the catalog among the members, as a domain of its own."""


class Particular:
    """What a domain is that has nothing to do with the catalog."""

    def instances(self) -> Iterator[Domain[Any]]:
        """Yield nothing."""
        return iter(())


@dataclass(frozen=True)
class Kind(Generic[P_co]):
    """A kind of problems of the catalog: what all of them are called, their names, and how one of them is had."""

    whole: str
    type: type[P_co]
    listed: Callable[[], tuple[str, ...]]
    load: Callable[[str], P_co]


LINEAR: Kind[LinearProblem] = Kind("catalog", LinearProblem, linear_names, load_linear)
ANY: Kind[Problem] = Kind("whole catalog", Problem, lambda: (*tree_names(), *linear_names()), load)


@dataclass(frozen=True, init=False)
class Catalog(Generic[P_co]):
    """Problems of the catalog: ``Catalog()`` is all linear ones, ``Catalog("two-arms", "zero-mass")`` those named.

    With ``of=ANY`` it is all problems, or those named.  For checks that go from response to response, ``expandable``
    leaves out those with more than ``MOST_SEQUENCES``: the table names them.
    """

    names: tuple[str, ...]
    kind: Kind[P_co]
    expandable: bool

    @overload
    def __init__(self: "Catalog[LinearProblem]", *names: str) -> None: ...
    @overload
    def __init__(self, *names: str, of: Kind[P_co], expandable: bool = False) -> None: ...
    def __init__(self, *names: str, of: Kind[Any] = LINEAR, expandable: bool = False) -> None:
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "kind", of)
        object.__setattr__(self, "expandable", expandable)

    @property
    def size(self) -> int:
        """Number of instances."""
        return len(self._kept)

    def members(self) -> Iterator[tuple[str, P_co]]:
        """Yield name and instance."""
        for name in self._kept:
            yield name, self.kind.load(f"{_PREFIX}{name}")

    def fits(self, problem: Problem) -> bool:
        """Return whether it is all problems of a kind that this one is of, and this one can be expanded if need be."""
        large = self.expandable and problem.sequence_count() > MAX_SEQUENCES
        return not self.names and isinstance(problem, self.kind.type) and not large

    def instances(self) -> "Iterator[Catalog[P_co]]":
        """Yield each instance as a domain of its own."""
        for name in self._listed:
            yield Catalog(name, of=self.kind, expandable=self.expandable)

    @property
    def _listed(self) -> tuple[str, ...]:
        return self.names or self.kind.listed()

    @property
    def _kept(self) -> tuple[str, ...]:
        left_out = self._left_out
        return tuple(name for name in self._listed if name not in left_out)

    @property
    def _left_out(self) -> tuple[str, ...]:
        if not self.expandable:
            return ()
        counts = {name: self.kind.load(f"{_PREFIX}{name}").sequence_count() for name in self._listed}
        return tuple(name for name, count in counts.items() if count > MOST_SEQUENCES)

    def __str__(self) -> str:
        text = f"catalog: {', '.join(self.names)}" if self.names else self.kind.whole
        return f"{text} without {', '.join(self._left_out)}" if self._left_out else text


@dataclass(frozen=True)
class Family(Particular, Generic[T]):
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
            yield label if len(label) <= _LABEL else label[: _LABEL - 3] + "...", member

    def __str__(self) -> str:
        return f"{self.name} ({self.size})"


@dataclass(frozen=True)
class Random(Particular, Generic[T]):
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
class Identity(Particular):
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
class Draws(Particular):
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


def apart(domain: Domain[T]) -> "tuple[Domain[T], ...]":
    """Return domains that make this one up, in order: of a member each where they are few, of a stretch where many.

    What is not listed member by member stays whole.  The last domain has whatever a family yields beyond what it
    declares.  Few members are long ones.  A process makes the members of a family once, as long as it remembers them.
    """
    match domain:
        case Catalog(names=names, expandable=False) if len(names) > 1:
            return tuple(Catalog(name, of=domain.kind) for name in names)
        case Catalog(names=(), expandable=False, kind=kind):
            listed = kind.listed()
            return tuple(Catalog(*listed[i:j], of=kind) for i, j in _stretches(len(listed), _STRETCHES))
        case Family(size=size) if size > 1:
            ends = _stretches(size, size if size <= _FEW else _STRETCHES)
            return tuple(
                replace(domain, size=j - i, each=partial(_between, domain, i, None if j == size else j))
                for i, j in ends
            )
        case _:
            return (domain,)


def _stretches(size: int, number: int) -> list[tuple[int, int]]:
    return [(size * i // number, size * (i + 1) // number) for i in range(number)]


def _between(family: Family[T], start: int, end: int | None) -> Iterator[T]:
    try:
        listed: Iterable[T] = _listed(family)
    except Exception:  # noqa: BLE001 - a member that cannot be made: the stretch that has it says so
        listed = family.each()
    return islice(listed, start, end)


@lru_cache(16)
def _listed(family: Family[T]) -> tuple[T, ...]:
    return tuple(family.each())


_FEW, _STRETCHES = 32, 4
"""A family of so many members is taken apart member by member; a larger one, or the catalog, into so many."""

_LABEL = 80
