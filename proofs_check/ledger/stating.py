"""How a claim is stated: a decorator over the function that decides it, whose docstring holds the words.

A claim stands where it is decided.  The page is the folder of the module (``proofs_check/claims/lower_bound/...``).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from proofs_check.ledger.cases import Case
from proofs_check.ledger.domains import Domain
from proofs_check.ledger.pages import Page, UnknownPage, page_named
from proofs_check.ledger.registry import Check, Claim, ClaimError, Mutation, Standing
from proofs_check.ledger.wording import Wording, WordingError, wording

T = TypeVar("T")
P = ParamSpec("P")
Deciding = Callable[Concatenate[T, P], Iterable[Case]]


@dataclass(frozen=True, init=False)
class On(Generic[T]):
    """A domain on which the claim's own function runs with these parameters; a bare domain is one without any."""

    domain: Domain[T]
    parameters: dict[str, Any]  # Any: what the function takes

    def __init__(self, domain: Domain[T], **parameters: Any) -> None:  # noqa: ANN401 - handed on to the function
        object.__setattr__(self, "domain", domain)
        object.__setattr__(self, "parameters", parameters)


Where = Domain[T] | On[T] | Check[Any]
"""Where a claim is checked: by its own function on a domain, or by another function (a :class:`Check`)."""


def claim(  # noqa: PLR0913 - the fields of a claim
    name: str,
    *,
    source: str,
    witness: Where[T],
    mutation: tuple[str, Where[T]],
    trivial: tuple[str, Where[T]] | str = "",
    every: Where[T] | None = None,
    on: Iterable[Where[T]] = (),
    depends: Iterable[str] = (),
    group: str = "",
    page: str = "",
) -> Callable[[Callable[Concatenate[T, P], Iterator[Case]]], Callable[Concatenate[T, P], Iterator[Case]]]:
    """State a claim over the function that decides it; the function stays what it is.

    Args:
        name: the identifier, lower-case words joined by hyphens.
        source: whose statement it is: ``FMR25 section 1``, or ``ours``.
        witness: where the hypotheses hold, so that the claim is not vacuous.
        mutation: a false variant in words, and where its rejection shows: ``On(domain, constant=9)``.
        trivial: a trivial object that violates it (``pi_ref`` in place of what the algorithm returns, the uniform law,
            the zero parameter), in words, and where; or ``"none: ..."``, why there is none.
        every: a kind of problems (``Catalog()``, ``Catalog(of=ANY)``) on each of which the claim is decided; that the
            claim speaks of every such problem is what ``spanner verify --on`` goes by.
        on: the other domains.
        depends: claims that its argument uses.
        group: the name of several claims together.
        page: the theory page; the folder of the module, unless given.

    Raises:
        ClaimError: for a claim that is not well formed; the message is one line that says which.
    """

    def state(decide: Callable[Concatenate[T, P], Iterator[Case]]) -> Callable[Concatenate[T, P], Iterator[Case]]:
        words = _words(name, decide.__doc__)
        general = None if every is None else _check(every, decide)
        checks = [_check(where, decide) for where in on]
        stated = Claim(
            id=name, page=_page(name, page, decide.__module__), source=source, **words._asdict(), every=general,
            checks=tuple(checks if general is None else [general, *checks]), witness=_check(witness, decide),
            mutation=_false(mutation, decide), depends=tuple(depends), group=group,
            trivial=trivial if isinstance(trivial, str) else _false(trivial, decide),
            function=_full_name(decide),
        )  # fmt: skip
        decide.__claim__ = stated  # type: ignore[attr-defined]  # found again by claims_of
        return decide

    return state


def on_paper(
    name: str, *, source: str, depends: Iterable[str] = (), page: str = ""
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """State what no finite run can check, over an empty function: it rests on its source and the claims it names.

    Raises:
        ClaimError: for a claim that is not well formed.
    """

    def state(empty: Callable[[], None]) -> Callable[[], None]:
        empty.__claim__ = Claim(  # type: ignore[attr-defined]  # found again by claims_of
            id=name, page=_page(name, page, empty.__module__), source=source,
            **_words(name, empty.__doc__)._asdict(), depends=tuple(depends), standing=Standing.PAPER,
            function=_full_name(empty),
        )  # fmt: skip
        return empty

    return state


def claim_of(function: object) -> Claim | None:
    """Return the claim that stands over a function, if there is one."""
    found = getattr(function, "__claim__", None)
    return found if isinstance(found, Claim) else None


def claims_of(module: ModuleType) -> list[Claim]:
    """Return the claims that a module states, in their order there."""
    own = [value for value in vars(module).values() if getattr(value, "__module__", "") == module.__name__]
    return [found for value in own if (found := claim_of(value)) is not None]


def _check(where: Where[T], decide: Callable[..., Iterator[Case]]) -> Check[Any]:
    if isinstance(where, Check):
        return where
    if isinstance(where, On):
        return Check(where.domain, partial(decide, **where.parameters) if where.parameters else decide)
    return Check(where, decide)


def _false(variant: tuple[str, Where[T]], decide: Callable[..., Iterator[Case]]) -> Mutation[Any]:
    text, where = variant
    return Mutation(text, _check(where, decide))


def _full_name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _words(name: str, docstring: str | None) -> Wording:
    try:
        return wording(docstring or "")
    except WordingError as error:
        raise ClaimError(f"claim {name}: {error}") from None


def _page(name: str, given: str, module: str) -> Page:
    folder = module.removeprefix("proofs_check.claims.").partition(".")[0]
    try:
        return page_named(given or folder)
    except UnknownPage as error:
        raise ClaimError(f"claim {name}: {error}") from None
