"""How work grows with |Y|, d, H, N, k, the variables of a formula and T_exp, beside theory; and what is refused beyond.

``BENCH_LONGEST=5 python bench_growth.py`` runs no size that would take longer than 5 seconds; without it, a minute.
"""

import json
import random
import tempfile
from pathlib import Path

import bench_sampler_laws as samplers
import bench_solve as solving
from bench_games import needle_game
from frame import main
from growth import Growth, Refusal, measured, refused

import reference as ref
from reference.algorithms.barycentric import barycentric_spanner
from reference.catalog import InstanceError
from reference.constructions.dnf.best_vertex import best_assignment
from reference.constructions.dnf.generate import planted_formula
from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import log
from reference.exact.linalg import Vector
from reference.games.solver import GameTooLarge, solve
from reference.interaction import Seeded, TooLarge
from reference.laws.predicted import check_law_steps, law_steps
from reference.laws.softmax_sampling import TooManyCounts
from reference.model.ratios import coverage

VECTORS = 2_000


def rows() -> list[Growth]:
    """Measure at growing sizes."""
    return [
        Growth(
            "`spanner solve`, ten prompts, d = 8",
            "|Y|",
            measured(
                solved, [1_000, 1_500, 2_000, 3_000, 5_000, *(m * 10**k for k in (4, 5) for m in (1, 3)), 10**6], 1
            ),
            1,
            "each response is read and weighed once",
            refused(too_many_responses, 10**6 + 1, InstanceError, "at most 1000000"),
        ),
        Growth(
            f"barycentric spanner of {VECTORS:,} integer vectors",
            "d",
            measured(spanner, (8, 12, 16, 24, 32, 48, 64, 96, 128, 192), 3),
            3,
            "each vector times a d x d matrix, and d exchanges of d^2 steps each; lengths of numbers left out",
            refused(too_high_a_dimension, 1025, InstanceError, "at most 1024"),
        ),
        Growth(
            "coverage of `fair_bits`, 2^H sequences",
            "H",
            measured(fair, (32, 64, 128, 256, 512), 2),
            2,
            "H layers of a few edges, with numbers of up to H bits",
            refused(too_long_a_horizon, 513, InstanceError, "at most 512"),
        ),
        Growth(
            "SoftmaxSampler's law over Q, four responses on one lattice",
            "N",
            measured(samplers.sampler, (25, 35, 50, 70, 100, 140, 200, 400, 800), 3),
            3,
            "N values of Zhat, denominators of N^2 bits",
            refused(samplers.sampler, 817, TooManyCounts, "N = 816 works"),
        ),
        Growth(
            "the same in balls",
            "N",
            measured(samplers.sampler_balls, (500, 1_000, 2_000, 4_000, 8_000, 16_000, 64_000, 333_333), 1),
            1,
            "N values of Zhat, each a ball; logarithms left out",
            refused(samplers.sampler_balls, 333_334, TooManyCounts, "N = 333333 works"),
        ),
        Growth(
            "its response and queries together",
            "N",
            measured(samplers.joint, (8, 11, 15, 21, 30, 42, 60, 90, 120, 160), 4),
            4,
            "N values of Zhat, N trials, denominators of N^2 bits",
            refused(samplers.joint, 189, TooManyCounts, "N = 188 works"),
        ),
        Growth(
            "needle game, (T_comp, T_data) = (k/2, k/2 - 1)",
            "k",
            measured(game, (8, 12, 16, 24, 32, 48, 64, 128, 256), 3),
            3,
            "k/2 beliefs up to symmetry, 2k members, 4k answers",
            refused(game, 448, GameTooLarge, "896 members"),
        ),
        Growth(
            "val* of a formula of n variables, 60 terms",
            "2^n",
            measured(formula, [1 << n for n in (16, 17, 18, 19, 20, 21, 22)], 1),
            1,
            "every assignment, 64 to a word",
            refused(formula, 1 << 23, ValueError, "23 variables"),
        ),
        Growth(
            "SpannerSampling's law, `two-arms`, span mode, N = 17",
            "T_exp",
            measured(explored, (2, 3, 4, 5, 6, 8, 10, 12), 3),
            3,
            "multisets of three kinds of data, T_exp^3/2; with the first estimate's round T_exp^4/24, no more up to 12",
            longest_law(),
        ),
    ]


def solved(responses: int) -> None:
    """The command, on a file."""
    with tempfile.TemporaryDirectory() as folder:
        solving.solve_file(Path(folder), responses // solving.PROMPTS)


def too_many_responses(responses: int) -> None:
    """Short ones."""
    document = solving.instance(1) | {"theta": ["0"]}
    share = f"1/{responses}"
    listed = [{"name": str(i), "pi_ref": share, "phi": ["0"]} for i in range(responses)]
    document["prompts"] = [{"name": "x", "rho": "1", "responses": listed}]
    ref.parse_linear(json.dumps(document))


def spanner(dimension: int) -> None:
    """Of random vectors."""
    source = random.Random(dimension)
    vectors = [Vector(tuple([source.randint(-50, 50) for _ in range(dimension)])) for _ in range(VECTORS)]
    barycentric_spanner(vectors, 2)


def too_high_a_dimension(dimension: int) -> None:
    """In a file."""
    document = solving.instance(1)
    document["theta"] = ["0"] * dimension
    ref.parse_linear(json.dumps(document))


def fair(horizon: int) -> None:
    """With rewards that are not rational."""
    coverage(fair_bits(horizon, log(3)))


def too_long_a_horizon(horizon: int) -> None:
    """In a file."""
    document = json.loads(ref.dump(ref.load("fair-bits-3")))
    document["horizon"] = str(horizon)
    ref.parse(json.dumps(document))


def game(k: int) -> None:
    """Solved, with its certificate."""
    solve(needle_game(k), [(k // 2, k // 2 - 1)])


def formula(assignments: int) -> None:
    """Every assignment."""
    planted, _ = planted_formula(Seeded(3), assignments.bit_length() - 1, 3, 60, 40)
    best_assignment(planted)


def explored(rounds: int) -> None:
    """Of the policy, without the meter."""
    ref.law_of(ref.load_linear("two-arms"), _learner(rounds), of=lambda policy: policy.thetas)


def longest_law() -> Refusal:
    """The first number of rounds that is refused."""
    rounds = 13
    while law_steps(ref.load_linear("two-arms"), _learner(rounds)) is not None:
        rounds += 1
    return refused(explored_at_once, rounds, TooLarge, f"t_exp = {rounds}")


def explored_at_once(rounds: int) -> None:
    """Only what is said beforehand."""
    check_law_steps(ref.load_linear("two-arms"), _learner(rounds))


def _learner(rounds: int) -> ref.SpannerSampling:
    return ref.SpannerSampling(1, 1, rounds, M=3, delta=1, mode="span")


if __name__ == "__main__":
    main(rows)
