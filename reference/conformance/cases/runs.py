"""Settings of the replayed algorithms: small problems with dyadic numbers, inputs, and the exact program on them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flint import fmpq

from reference.algorithms.enumerating import Enumerating
from reference.algorithms.mtss import MTSS
from reference.algorithms.online_dpo import OnlineDPO
from reference.algorithms.parts.feedback import Feedback, Preferences, Rewards
from reference.algorithms.parts.fits import Search
from reference.algorithms.parts.optimisers import exhaustive
from reference.algorithms.softmax_sampling import softmax_sampler
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.algorithms.xpo import XPO
from reference.conformance.recording import RunWatch, WatchedOracles, WatchedTokens, watched_proper
from reference.conformance.scripts import AlgorithmName, Given
from reference.exact.law import Law
from reference.exact.log_linear import loglinear
from reference.exact.rational_numbers import rational_text
from reference.interaction.choice import Choice
from reference.interaction.public import Public
from reference.interaction.world import World
from reference.model.linear_problem import LinearProblem
from reference.model.parameter_set import FiniteSet
from reference.model.parts import Edge, Prompt, Response, Start
from reference.model.problem import Problem

Program = Callable[[Choice, RunWatch], Mapping[str, Any]]


@dataclass(frozen=True)
class RunSetting:
    """An algorithm with its inputs on a problem: what another program is given, and the exact program."""

    algorithm: AlgorithmName
    name: str
    input: Mapping[str, Given]
    program: Program


def _linear(name: str, rows: Sequence[Sequence[tuple[str, Sequence[str]]]], theta: Sequence[str]) -> LinearProblem:
    prompts = [
        Prompt.of(f"x{x}", [Response.of(f"y{y}", mass, phi) for y, (mass, phi) in enumerate(row)], rho=f"1/{len(rows)}")
        for x, row in enumerate(rows)
    ]
    return LinearProblem.of(name, prompts, theta=theta, beta="1/2", B=4, R_max=8)


LINE: Final = _linear("line", [[("1/2", ["0"]), ("1/4", ["1"]), ("1/8", ["-1/2"]), ("1/8", ["3/4"])]], ["5/4"])

PLANE: Final = _linear(
    "plane",
    [
        [("1/2", ["1/2", "0"]), ("1/4", ["0", "1/2"]), ("1/4", ["-1/2", "1/4"])],
        [("1/2", ["0", "0"]), ("1/2", ["1/4", "-1/2"]), ("0", ["1", "0"])],
    ],
    ["1", "-3/4"],
)

SPACE: Final = _linear(
    "space",
    [[("1/4", ["1/2", "0", "0"]), ("1/4", ["0", "1/2", "0"]), ("1/4", ["0", "0", "1/2"]), ("1/4", ["1/4"] * 3)]],
    ["1", "-1/2", "3/2"],
)

ONE_WAY: Final = _linear("one-way", [[("1/2", ["1/2", "1/2"]), ("1/2", ["-1/4", "1/4"])]], ["1", "1/2"])

THREE: Final = _linear("three", [[("1/2", ["0"]), ("1/4", ["1/8"]), ("1/4", ["1"]), ("0", ["-1"])]], ["3/2"])
"""Of its differences one alone is a 17/16-approximate barycentric spanner; the last response is never said."""

TREE: Final = Problem.of(
    "tree",
    [Start.of("x")],
    [
        [[Edge.of("a", "1/2", ["1/2"]), Edge.of("b", "1/2", ["-1/4"], reward="1/4", child=1)]],
        [
            [Edge.of("a", "1/4", ["1/2", "0"], reward="1/2"), Edge.of("b", "3/4", ["0", "1/4"])],
            [Edge.of("a", "1/2", ["1/4", "1/4"], reward="-1/4"), Edge.of("b", "1/2", ["0", "-1/2"], reward="3/4")],
        ],
    ],
    beta="1/2",
    R_max=4,
)

WIDE_TREE: Final = Problem.of(
    "wide",
    [Start.of("x")],
    [
        [
            [
                Edge.of("a", "1/2", ["1/2", "0"]),
                Edge.of("b", "1/4", ["0", "1/2"], reward="1/2"),
                Edge.of("c", "1/4", ["-1/4", "1/4"], reward="-1/4", child=1),
            ]
        ],
        [
            [Edge.of("a", "1/4", ["1/2"], reward="1/2"), Edge.of("b", "3/4", ["1/4"])],
            [Edge.of("a", "1/2", ["1/4"]), Edge.of("b", "1/2", ["-1/2"], reward="3/4")],
        ],
    ],
    beta="1",
    R_max=4,
)

TWO_POINTS: Final = Law.of({fmpq(1, 4): fmpq(1, 2), fmpq(-1, 4): fmpq(1, 2)})
"""Two points."""


def sampler(problem: LinearProblem, x: int, theta: Sequence[str], M: str, N: int) -> RunSetting:
    """Return a setting of SoftmaxSampler with ``f(y) = <theta, phi(x,y)>``."""
    numbers = [loglinear(t) for t in theta]

    def program(choice: Choice, watch: RunWatch) -> Mapping[str, Any]:
        oracles = WatchedOracles(World(problem, choice), watch)
        return {"response": softmax_sampler(oracles, lambda phi: phi.dot_numbers(numbers), x, M, N)[0]}

    given: dict[str, Given] = {"x": x, "theta": list(theta), "beta": rational_text(problem.beta), "M": M, "N": N}
    return RunSetting("softmax_sampler", f"{problem.name}, M = {M}, N = {N}", given, program)


def spanner(
    problem: LinearProblem, counts: tuple[int, int, int], x: int = 0, *, noise: Law[fmpq] | None = None, **others: str
) -> RunSetting:
    """Return a setting of SpannerSampling, and of one draw for prompt ``x`` from what it returns."""
    n_prompt, n_pair, t_exp = counts
    given: dict[str, Any] = {"M": "1", "delta": "1", "ridge": "1", "nu": "1", "mode": "ridge", **others}
    learner = SpannerSampling(n_prompt, n_pair, t_exp, **given)

    def program(choice: Choice, watch: RunWatch) -> Mapping[str, Any]:
        oracles = WatchedOracles(World(problem, choice, noise=noise), watch)
        policy = learner(oracles)
        return {"thetas": policy.thetas, "accepted": len(policy.psi), "response": policy.sample(oracles, x)}

    del given["delta"]
    told: dict[str, Given] = {
        "dimension": problem.dimension,
        "beta": rational_text(problem.beta),
        "n_prompt": n_prompt,
        "n_pair": n_pair,
        "t_exp": t_exp,
        "N": learner.draws,
        "x": x,
    }
    words = ", ".join(f"{key} = {value}" for key, value in others.items())
    return RunSetting("spanner_sampling", f"{problem.name} {counts}, {words}", {**told, **given}, program)


def multi_turn(
    problem: Problem,
    n_roll: int,
    *,
    noise: Law[fmpq] | None = None,
    **others: Any,  # noqa: ANN401 - inputs of MTSS
) -> RunSetting:
    """Return a setting of MTSS, and of one response drawn from what it returns."""
    usual = {"mode": "span", "sampler": "listed", "M": "1", "delta": "1", "ridge": "1", "nu": "1"}
    given: dict[str, Any] = {**usual, **others}
    learner = MTSS(n_roll, bits=512, **given)

    def program(choice: Choice, watch: RunWatch) -> Mapping[str, Any]:
        oracles = WatchedTokens(World(problem, choice, noise=noise), watch)
        policy = learner(oracles)
        return {
            "thetas": tuple(layer.theta for layer in policy.layers),
            "accepted": [len(layer.psi) for layer in policy.layers],
            "passes": policy.passes,
            "response": list(policy.sample(oracles, 0)),
        }

    del given["delta"]
    told: dict[str, Given] = {
        "horizon": problem.horizon,
        "dimensions": list(problem.dimensions),
        "beta": rational_text(problem.beta),
        "n_roll": n_roll,
        "n_pair": learner.n_pair,
        "n_out": learner.n_out,
        "n_tok": learner.n_tok or 0,
        "look": learner.look,
        "N": learner.draws,
    }
    words = ", ".join(f"{key} = {value}" for key, value in others.items())
    return RunSetting("mtss", f"{problem.name}, {n_roll} roll-ins, {words}", {**told, **given}, program)


def training(
    problem: LinearProblem, T: int, thetas: Sequence[Sequence[str]], feedback: Feedback[Any], alpha: str | None = None
) -> RunSetting:
    """Return a setting of OnlineDPO, or of XPO where ``alpha`` is given, that looks among ``thetas``."""
    candidates = tuple(tuple(loglinear(t) for t in theta) for theta in thetas)
    search = exhaustive(candidates)
    dpo = OnlineDPO(T, feedback, Search(feedback, search))
    learner: Any = dpo if alpha is None else XPO(T, alpha, feedback, search)
    public = Public.of(problem, FiniteSet(candidates))

    def program(choice: Choice, watch: RunWatch) -> Mapping[str, Any]:
        run = watched_proper(learner, public, watch)
        return {"theta": (run(World(problem, choice).oracles).theta,)}

    kind = "rewards" if isinstance(feedback, Rewards) else "preferences"
    told: dict[str, Given] = {
        "dimension": problem.dimension,
        "beta": rational_text(problem.beta),
        "T": T,
        "feedback": kind,
        "candidates": [list(theta) for theta in thetas],
    }
    if alpha is not None:
        told |= {"alpha": alpha, **_table(problem)}
    name = f"{problem.name}, {T} rounds, {kind}" + (f", alpha = {alpha}" if alpha else "")
    return RunSetting("online_dpo" if alpha is None else "xpo", name, told, program)


def enumerating(problem: LinearProblem, n: int, *, C: str = "17/16", noise: Law[fmpq] | None = None) -> RunSetting:
    """Return a setting of the enumerating learner; the differences must have one ``C``-approximate spanner alone."""
    table = [[(y, problem.phi(x, y)) for y in problem.support(x)] for x in range(len(problem.prompts))]
    learner = Enumerating(table, C=C, n=n)

    def program(choice: Choice, watch: RunWatch) -> Mapping[str, Any]:
        return {"theta": (learner(WatchedOracles(World(problem, choice, noise=noise), watch)).theta,)}

    told: dict[str, Given] = {"dimension": problem.dimension, "n": n, "C": C, **_table(problem)}
    return RunSetting("enumerating", f"{problem.name}, n = {n}", told, program)


def _table(problem: LinearProblem) -> dict[str, Given]:
    """The base model and the features, as whoever may list them knows them."""
    prompts = range(len(problem.prompts))
    return {
        "masses": [[str(r.pi_ref) for r in problem.prompts[x].responses] for x in prompts],
        "features": [[r.phi.texts() for r in problem.prompts[x].responses] for x in prompts],
    }


_FOUR: Final = [["1", "-3/4"], ["-1", "0"], ["1/2", "1/2"], ["0", "0"]]

RUN_SETTINGS: Final[tuple[RunSetting, ...]] = (
    sampler(LINE, 0, ["2"], "2", 2),
    sampler(LINE, 0, ["-1"], "1", 3),
    sampler(LINE, 0, ["8"], "4", 4),
    sampler(PLANE, 1, ["1", "1"], "3/2", 3),
    *(
        spanner(problem, counts, nu=nu, ridge=ridge, mode=mode, M=M)
        for problem, mode in ((LINE, "ridge"), (PLANE, "ridge"), (SPACE, "ridge"), (PLANE, "span"), (SPACE, "span"))
        for counts, ridge, nu, M in (
            ((2, 1, 1), "1", "1/4", "1"),
            ((3, 2, 2), "1/4", "1/2", "2"),
            ((2, 3, 3), "1/2", "5/8", "1"),
        )
    ),
    spanner(PLANE, (3, 2, 2), 1, noise=TWO_POINTS, nu="3/8", ridge="1/2", mode="ridge"),
    spanner(PLANE, (0, 1, 2), 0, nu="1", ridge="1", mode="span"),
    spanner(LINE, (2, 2, 2), 0, noise=TWO_POINTS, nu="3/8", ridge="1/2", mode="span"),
    multi_turn(TREE, 2),
    multi_turn(TREE, 2, n_out=2, noise=TWO_POINTS),
    multi_turn(TREE, 1, mode="ridge", ridge="1/4", nu="1/2"),
    multi_turn(TREE, 2, look="draws", n_pair=2),
    multi_turn(WIDE_TREE, 2),
    multi_turn(TREE, 1, sampler="rejection", n_pair=2, n_tok=2),
    training(PLANE, 2, _FOUR, Rewards()),
    training(PLANE, 3, _FOUR, Preferences()),
    training(PLANE, 2, _FOUR, Rewards(), "1/2"),
    training(PLANE, 3, _FOUR, Rewards(), "2"),
    training(PLANE, 3, _FOUR, Preferences(), "2"),
    enumerating(ONE_WAY, 1),
    enumerating(ONE_WAY, 3, noise=TWO_POINTS),
    enumerating(THREE, 2, noise=TWO_POINTS),
)

BY_NAME: Final = {(each.algorithm, each.name): each for each in RUN_SETTINGS}
"""Settings by algorithm and name."""

CHOSEN: Final[tuple[tuple[AlgorithmName, str, int, bool], ...]] = (
    ("softmax_sampler", "line, M = 2, N = 2", 0, False),
    ("softmax_sampler", "line, M = 2, N = 2", 0, True),
    ("spanner_sampling", "line (2, 1, 1), nu = 1/4, ridge = 1, mode = ridge, M = 1", 0, False),
    ("spanner_sampling", "line (2, 1, 1), nu = 1/4, ridge = 1, mode = ridge, M = 1", 0, True),
    ("spanner_sampling", "line (3, 2, 2), nu = 1/2, ridge = 1/4, mode = ridge, M = 2", 0, True),
    ("spanner_sampling", "line (2, 3, 3), nu = 5/8, ridge = 1/2, mode = ridge, M = 1", 0, True),
    ("spanner_sampling", "plane (2, 1, 1), nu = 1/4, ridge = 1, mode = ridge, M = 1", 0, False),
    ("spanner_sampling", "plane (2, 1, 1), nu = 1/4, ridge = 1, mode = span, M = 1", 0, False),
    ("spanner_sampling", "space (2, 1, 1), nu = 1/4, ridge = 1, mode = span, M = 1", 0, False),
    ("mtss", "tree, 2 roll-ins, ", 0, False),
    ("mtss", "tree, 2 roll-ins, n_out = 2", 0, False),
    ("mtss", "tree, 2 roll-ins, look = draws, n_pair = 2", 0, False),
    ("mtss", "wide, 2 roll-ins, ", 0, False),
    ("mtss", "tree, 1 roll-ins, sampler = rejection, n_pair = 2, n_tok = 2", 0, False),
    ("online_dpo", "plane, 2 rounds, rewards", 0, False),
    ("online_dpo", "plane, 3 rounds, preferences", 0, False),
    ("xpo", "plane, 2 rounds, rewards, alpha = 1/2", 0, False),
    ("xpo", "plane, 3 rounds, rewards, alpha = 2", 0, False),
    ("xpo", "plane, 3 rounds, preferences, alpha = 2", 0, False),
    ("xpo", "plane, 3 rounds, rewards, alpha = 2", 1, False),
    ("xpo", "plane, 3 rounds, preferences, alpha = 2", 1, False),
    ("xpo", "plane, 2 rounds, rewards, alpha = 1/2", 2, False),
    ("enumerating", "one-way, n = 1", 0, False),
    ("enumerating", "one-way, n = 3", 0, False),
    ("enumerating", "three, n = 2", 0, False),
)
"""The scripts: algorithm, setting, seed, and whether each outcome is as likely as any other.

Found by trying all settings with small seeds: each shows a wrong program that no earlier one shows.
"""
