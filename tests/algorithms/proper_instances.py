"""Small instances for proper learners, as problems and as tables of the peer, and the law of a learner's transcript."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from flint import fmpq
from hypothesis import strategies as st

from reference.exact import log
from reference.exact.law import Law
from reference.interaction import Choice, ProperLearner, Public, World, law_of, proper, recorded
from reference.interaction.proper_learners import ProperOracles
from reference.model import LinearProblem, Prompt, Response
from reference.model.parameter_set import FiniteSet, ParameterSet, Theta
from tests.algorithms.proper_peer import Law as PeerLaw
from tests.algorithms.proper_peer import Member, Table

Transcript: TypeAlias = tuple[tuple[tuple[Theta, ...], ...], Theta]
"""What was committed to, round by round, and what was returned."""


def theta(m: Member) -> Theta:
    return tuple(log(2) * k for k in m)


def members(t: Table) -> tuple[Theta, ...]:
    return tuple(theta(m) for m in t.members)


def problem(t: Table) -> LinearProblem:
    prompts = [
        Prompt.of(
            f"x{x}",
            [
                Response.of(f"y{y}", fmpq(p.numerator, p.denominator), f)
                for y, (p, f) in enumerate(zip(*row, strict=True))
            ],
            rho=fmpq(rho.numerator, rho.denominator),
            baseline=x,
        )
        for x, (rho, row) in enumerate(zip(t.rho, zip(t.pi, t.phi, strict=True), strict=True))
    ]
    return LinearProblem.of("small", prompts, theta=theta(t.star), beta=1, B=9, R_max=9)


def transcripts(
    found: LinearProblem, parameter_set: ParameterSet, learner: ProperLearner, *, merge: bool = True
) -> Law[Transcript]:
    """Return the exact law of what the learner commits to and returns."""
    none: tuple[tuple[Theta, ...], ...] = ()
    noted = recorded(learner, none, lambda seen, thetas, _: (*seen, thetas))

    def run(choice: Choice) -> Transcript:
        kept: list[tuple[tuple[Theta, ...], ...]] = []

        def keeping(oracles: ProperOracles, /) -> Theta:
            returned, committed = noted(oracles)
            kept.append(committed)
            return returned

        policy = proper(keeping, Public.of(found, parameter_set))(World(found, choice).oracles)
        return kept[-1], policy.theta

    return law_of(run, merge=merge)


def law(t: Table, learner: ProperLearner) -> Law[Transcript]:
    """Return the law of the transcript with ``Theta`` the members of the table."""
    return transcripts(problem(t), FiniteSet(members(t)), learner)


def read(found: PeerLaw) -> Law[Transcript]:
    """Return a law of the peer in the project's types."""
    return Law.of(
        (
            (tuple(tuple(theta(m) for m in thetas) for thetas in committed), theta(returned)),
            fmpq(mass.numerator, mass.denominator),
        )
        for (committed, returned), mass in found.items()
    )


@st.composite
def tables(draw: st.DrawFn, dimension: int = 2, sizes: Sequence[tuple[int, ...]] = ((2, 2), (3,))) -> Table:
    """``sizes``: numbers of responses at each prompt, one of which is taken; features: signed unit vectors or 0."""
    unit = [tuple(s * (i == j) for j in range(dimension)) for i in range(dimension) for s in (1, -1)]
    feature = st.sampled_from([(0,) * dimension, *unit])
    entry = st.integers(-3, 3)
    taken = draw(st.sampled_from(sizes))
    weights = [draw(st.lists(st.integers(1, 5), min_size=n, max_size=n)) for n in taken]
    rho = [draw(st.integers(1, 3)) for _ in taken]
    member = st.tuples(*[entry] * dimension)
    found = draw(st.lists(member, min_size=3, max_size=3, unique=True))
    star = draw(st.sampled_from([(2, -1), (1, 3), (-2, 0)])) if dimension == 2 else (draw(st.integers(1, 3)),)
    return Table(
        tuple(Fraction(w, sum(rho)) for w in rho),
        tuple(tuple(Fraction(w, sum(row)) for w in row) for row in weights),
        tuple(tuple(draw(feature) for _ in range(n)) for n in taken),
        star,
        tuple(dict.fromkeys([*found[:2], star, *found[2:]])),
    )


def arms(q: str, *, star: int = 1, listed: tuple[int, ...] = (0, 1)) -> Table:
    """One prompt; response 1 is good, ``phi = 1``, ``pi_ref = q``; response 0 is bad, ``phi = 0``."""
    good = Fraction(q)
    return Table((Fraction(1),), ((1 - good, good),), (((0,), (1,)),), (star,), tuple((m,) for m in listed))
