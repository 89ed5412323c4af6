"""MTSS at small parameters, against numbers worked out by hand or written out once more: what bounds leave open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from flint import fmpq

from proofs_check.claims.multi_turn.mtss_runs import seeded_state
from proofs_check.claims.noting import noting
from proofs_check.ledger import Case, Family, compare, fact
from reference.algorithms.mtss import MTSS
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.mtss_state import Layer
from reference.algorithms.parts.mtss_step import in_tower
from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import ExpRatio, LogLinear, exp, exp_ratio, log, real_log
from reference.exact.expratio import ratio_total
from reference.exact.linalg import Matrix, Vector
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.seeded import Seeded
from reference.interaction.world import Event, World
from reference.laws.mtss import ideal_token_policy
from reference.model.parameter_set import Theta
from reference.model.parts import END, Edge, Prefix, Start
from reference.model.policy import Parameters, sequence_law
from reference.model.problem import Problem

Observer = Callable[[Event], None]


def one_layer() -> Problem:
    """Return three tokens whose differences span two dimensions."""
    node = (
        Edge.of("a", "1/3", [0, 0]),
        Edge.of("b", "1/3", [1, 0], reward=log(2)),
        Edge.of("c", "1/3", [0, "1/2"], reward=log(3)),
    )
    return Problem.of("one-layer", [Start.of("x")], [[node]], beta=1, R_max=2)


def half_seen() -> Problem:
    """Return three tokens, then two: a run may cover one of the two directions of the first layer."""
    root = (
        Edge.of("a", "1/2", [0, 0], child=0),
        Edge.of("b", "1/3", [1, 0], reward=log(2), child=0),
        Edge.of("c", "1/6", [0, 1], reward=-log(5), child=1),
    )
    last = [
        (Edge.of("a", "1/4", [0]), Edge.of("b", "3/4", [1], reward=log(3))),
        (Edge.of("a", "2/3", [1], reward=log(3)), Edge.of("b", "1/3", [0])),
    ]
    return Problem.of("half-seen", [Start.of("x")], [[root], last], beta=1, R_max=4)


def one_branch() -> Problem:
    """Return two tokens, of which the first is followed by two and the second ends the response; ``beta = 1/2``."""
    root = (Edge.of("0", "1/2", [0], child=0), Edge.of("1", "1/2", [1], child=1))
    last = (Edge.of("0", "2/3", [0]), Edge.of("1", "1/3", [1], reward=log(2)))
    end = (Edge.of(END, 1, [0]),)
    return Problem.of("one-branch", [Start.of("x")], [[root], [last, end]], beta="1/2", R_max=1)


def two_prompts(mass: fmpq) -> Problem:
    """Return two prompts, the first of this mass, each with two tokens that show a direction of its own."""
    roots = [(Edge.of("0", "1/2", [0, 0]), Edge.of("1", "1/2", phi, reward=log(2))) for phi in ([1, 0], [0, 1])]
    prompts = [Start.of("x", rho=mass, root=0), Start.of("z", rho=1 - mass, root=1)]
    return Problem.of(f"two-prompts, rho(x) = {mass}", prompts, [roots], beta=1, R_max=1)


@dataclass(frozen=True)
class EndsByHand:
    """A run, and the law of what it ends with: the parameters, and the number of passes."""

    problem: Problem
    p: MTSS
    ends: tuple[tuple[Parameters, int, fmpq], ...]

    def __str__(self) -> str:
        return f"{self.problem.name}, {self.p.mode}, N_roll = {self.p.n_roll}"


def runs_by_hand() -> Iterator[EndsByHand]:
    """Yield two prompts, of which a sweep may miss one; three tokens, seen in one visit; and the ridge.

    With ``lambda = 3`` and ``nu = 1/2`` a unit vector is accepted once: ``1/3 > 1/4``, but ``1/(3 + 1)`` is not.
    """
    zero, one, q = LogLinear(fmpq(0)), log(2), fmpq(1, 3)
    for n in (1, 2):
        only, other = q ** (n + 1), (1 - q) ** (n + 1)
        ends = ((((one, zero),), 2, only), (((zero, one),), 2, other), (((one, one),), 3, 1 - only - other))
        yield EndsByHand(two_prompts(q), MTSS(n), ends)
    yield EndsByHand(one_layer(), MTSS(1), ((((log(2), log(3) * 2),), 3, fmpq(1)),))
    ridge = MTSS(1, mode="ridge", ridge=3, nu="1/2")
    yield EndsByHand(fair_bits(1, log(2)), ridge, ((((log(2) / 4,),), 2, fmpq(1)),))


BY_HAND = Family("two prompts, N_roll = 1, 2; three tokens; a ridge", 4, runs_by_hand)


def ends_as_by_hand(member: EndsByHand) -> Iterator[Case]:
    """Decide the law of the parameters and of the number of passes."""

    def run(choice: Choice) -> tuple[Parameters, int]:
        final = member.p(World(member.problem, choice, metered=False).tokens)
        return tuple(layer.theta for layer in final.layers), final.passes

    law = law_of(run)
    for theta, passes, mass in member.ends:
        shown = "; ".join(", ".join(map(str, part)) for part in theta)
        yield compare(str(member), law.mass((theta, passes)), "==", mass, f"P(theta = ({shown}), {passes} passes)")


def draws_have_their_law(problem: Problem) -> Iterator[Case]:
    """Decide that draws from the policy, from listings, have the law that the claims take for it, after six runs.

    That law is written out once more: the sum over ``a'`` of tilted laws, with ranks to say what is covered.
    """
    for state in _ends(problem, MTSS(1, 1, look="draws", bits=16), seeds=6):
        name = f"{problem.name}, {sum(len(layer.psi) for layer in state.layers)} accepted"
        for x in range(len(problem.prompts)):
            law = law_of(partial(_drawn, problem, state, x))
            for response, mass in _written_out(problem, state, x).items():
                yield compare(name, law.mass(response), "==", mass, f"P({response}) in draws is that of line 8")
            same = law == sequence_law(problem, ideal_token_policy(problem, state), x)
            yield fact(name, same, "and that of the ideal policy")


def _ends(problem: Problem, p: MTSS, seeds: int) -> Iterator[MTSSPolicy]:
    """Yield what seeded runs end with, each once, also as it would be with one accepted pair in the first layer."""
    ends = {final.layers: final for final in (seeded_state(problem, p, seed) for seed in range(seeds))}
    for final in ends.values():
        yield final
        first, *later = final.layers
        if len(first.psi) > 1:
            half = Layer.empty(problem.dimensions[0], p).with_pair(first.psi[0])._replace(theta=first.theta)
            yield replace(final, layers=(half, *later))


def _drawn(problem: Problem, policy: MTSSPolicy, x: int, choice: Choice) -> Prefix:
    return policy.sample(World(problem, choice, metered=False).tokens, x)


def _written_out(problem: Problem, policy: MTSSPolicy, x: int) -> dict[Prefix, ExpRatio]:
    masses: dict[Prefix, ExpRatio] = {(): exp_ratio(1)}
    for h, layer in enumerate(policy.layers):
        after: dict[Prefix, ExpRatio] = {}
        for prefix, mass in masses.items():
            for a, share in _token_law(problem, h, problem.node(x, prefix), layer.theta, [q.phi for q in layer.psi]):
                after[*prefix, a] = mass * share
        masses = after
    return masses


def _token_law(problem: Problem, h: int, i: int, theta: Theta, psi: list[Vector]) -> Iterator[tuple[int, ExpRatio]]:
    """Yield the tokens of line 8 at a node with their masses: ``sum over a' of pi_ref(a') pi_f(.;a')(a)``."""
    dimension = problem.dimensions[h]
    size = Matrix.of(psi, columns=dimension).rank()
    edges = list(zip(problem.base(h, i).outcomes, problem.supported(h, i), strict=True))
    masses = {a: exp_ratio(0) for a, _ in edges}
    for _, beside in edges:
        weights = {}
        for a, edge in edges:
            phi = edge.phi - beside.phi
            seen = Matrix.of([*psi, phi], columns=dimension).rank() == size
            weights[a] = (exp(phi.dot_numbers(theta) / problem.beta) if seen else exp(0)) * edge.pi_ref
        total = ratio_total(map(exp_ratio, weights.values()))
        for a, weight in weights.items():
            masses[a] += exp_ratio(weight) / total * beside.pi_ref
    yield from masses.items()


SLANTED = Family("three tokens, then two; one branch", 2, lambda: [half_seen(), one_branch()])
"""Problems whose second layers differ from prefix to prefix."""

NO_UNIT = Family("beta = 1/2, a branch that ends early; three tokens", 2, lambda: [one_branch(), one_layer()])
"""Problems in which ``beta`` is not 1, or the span of a layer is no line."""


def rounded_to_a_step(bits: int) -> Iterator[Case]:
    """Decide that a target outside the tower becomes a multiple of ``2^-b``, at most ``2^-b`` away."""
    step = fmpq(1, 2**bits)
    for weight in (1, 2, 5):
        target = real_log((exp(1) * weight + 1) / (weight + 1))
        found, name = in_tower(target, bits), f"log((1 + {weight}e)/{weight + 1}), b = {bits}"
        yield fact(name, (found / step).floor() == found / step, "a multiple of 2^-b")
        yield compare(name, abs(target - found), "<=", step, "no further away than a step")


STEP_SIZES = Family("b = 0, 4, 9", 3, lambda: [0, 4, 9])


def counted_by_layer(problem: Problem) -> Iterator[Case]:
    """Decide that the meter counts, layer by layer, what the transcript shows, and no token that has no choice."""
    for p in (MTSS(2), MTSS(2, 2, look="draws"), MTSS(1, 1, sampler="rejection", M=2, look="draws", n_tok=2, bits=8)):
        drawn, note_draw = noting(tuple, "weak")
        listed, note_listing = noting(tuple, "listing")

        def note(event: Event, first: Observer = note_draw, second: Observer = note_listing) -> None:
            first(event)
            second(event)

        world = World(problem, Seeded(1), observer=note)
        p(world.tokens)
        reading, name = world.meter.reading, f"{problem.name}, {p.sampler}, {p.look}"
        weak, tokens = [0] * problem.horizon, [0] * problem.horizon
        for _, prefix in drawn:
            weak[len(prefix)] += 1
        for x, prefix in listed:
            choices = len(problem.supported(len(prefix), problem.node(x, prefix)))
            tokens[len(prefix)] += choices if choices > 1 else 0
        yield fact(name, reading.weak == tuple(weak), "tokens drawn, layer by layer")
        yield fact(name, reading.listed == tuple(tokens), "tokens listed, layer by layer")
        yield compare(name, reading.drawn, "==", sum(weak), "tokens drawn in all layers")
        yield compare(name, reading.t_comp, "==", sum(weak) + sum(tokens), "T_comp counts both")
