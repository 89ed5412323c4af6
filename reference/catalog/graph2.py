"""What an instance file of version 2 says, read and checked: :mod:`reference.catalog.build2` makes a problem of it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from flint import fmpq

from reference.exact.log_linear import LogLinear
from reference.exact.rational_numbers import rational_text
from reference.model.parts import END, About, Node


class StartEntry(NamedTuple):
    """A prompt, and the index of its node in layer 0; ``baseline`` is 0 but in a linear problem."""

    name: str
    rho: fmpq
    root: int
    baseline: fmpq = fmpq(0)


class Linear(NamedTuple):
    """The hidden parameter of a problem of horizon 1, and its bound."""

    theta: tuple[LogLinear, ...]
    B: fmpq


class Excess(NamedTuple):
    """By how much the weights at a place, in words, summed to more than 1."""

    where: str
    amount: fmpq


@dataclass(frozen=True)
class Graph:
    """A problem as prompts and layers of nodes, compared by what the problem is.

    ``linear`` is there if the file lists responses: then there is one layer, and prompt ``x`` starts at node ``x``.
    ``noise``: values and masses of the error of observed rewards; none if empty.  ``weighted``: the number of nodes
    whose masses were given as weights; ``excess``: those of them whose weights did not sum to 1.
    """

    name: str
    prompts: tuple[StartEntry, ...]
    layers: tuple[tuple[Node, ...], ...]
    beta: fmpq
    R_max: fmpq
    linear: Linear | None = None
    noise: tuple[tuple[fmpq, fmpq], ...] = ()
    about: About = field(default=About(), compare=False)
    weighted: int = field(default=0, compare=False)
    excess: tuple[Excess, ...] = field(default=(), compare=False)

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The tokens in the order of their first appearance, layer by layer."""
        steps = (step.token for layer in self.layers for node in layer for step in node if step.token != END)
        return tuple(dict.fromkeys(steps))

    def told(self) -> About:
        """Return ``about``, with the largest excess of weights in provenance if there was any."""
        if not self.excess:
            return self.about
        most = max(self.excess, key=lambda found: abs(found.amount))
        note = (
            ("laws", f"{len(self.excess)} of {self.weighted}"),
            ("largest excess", rational_text(most.amount)),
            ("where", most.where),
        )
        about = self.about
        key, taken = RENORMALISED, {key for key, _ in about.provenance}
        while key in taken:
            key += "'"
        provenance = (*about.provenance, (key, note))
        return About(about.title, about.shows, about.source, about.license, provenance)


RENORMALISED = "renormalised"
"""Key in provenance of how far the sums of weights were from 1."""
