"""Small token problems that the tests of MTSS share."""

from reference.model.parts import Edge, Start
from reference.model.problem import Problem


def corner() -> Problem:
    """Two prompts, ``H = 2``, features in Q^2, whose differences are slanted; one token of base mass zero."""
    roots = [
        (Edge.of("a", "1/2", [1, 0], child=0), Edge.of("b", "1/2", ["0", "1/2"], reward="log(3)", child=1)),
        (Edge.of("a", "1/3", ["3/5", "4/5"], child=1), Edge.of("b", "2/3", ["0", "0"], reward="-log(2)", child=0)),
    ]
    after = [
        (Edge.of("a", "1/4", [1, 0], reward="log(2)"), Edge.of("b", "3/4", [0, 0])),
        (Edge.of("a", "1/2", [0, 1]), Edge.of("b", "1/2", [1, 0], reward="log(5)"), Edge.of("c", 0, [0, 0], reward=1)),
    ]
    prompts = [Start.of("x", rho="1/4", root=0), Start.of("z", rho="3/4", root=1)]
    return Problem.of("corner", prompts, [roots, after], beta="1/2", R_max=4)


def two_step(reward: str = "log(4)") -> Problem:
    """``H = 2``: after token 0 a bit that is 1 with mass 1/3 and then earns ``reward``; after token 1 only 0."""
    root = (Edge.of("0", "1/2", [0], child=0), Edge.of("1", "1/2", [1], child=1))
    last = (Edge.of("0", "2/3", [0]), Edge.of("1", "1/3", [1], reward=reward))
    end = (Edge.of("0", 1, [0]),)
    layers: list[list[tuple[Edge, ...]]] = [[root], [last, end]]
    return Problem.of("two-step", [Start.of("x")], layers, beta=1, R_max=2)


def uneven() -> Problem:
    """Features in Q^2, then in Q^1; three tokens, of which one pair covers one direction."""
    last = (Edge.of("a", "1/4", [0]), Edge.of("b", "3/4", [1], reward="log(3)"))
    root = (
        Edge.of("a", "1/3", [0, 0]),
        Edge.of("b", "1/3", [1, 0], reward="log(2)"),
        Edge.of("c", "1/3", [0, 1], reward="-log(5)"),
    )
    return Problem.of("uneven", [Start.of("x")], [[root], [last]], beta=1, R_max=4)
