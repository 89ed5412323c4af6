"""Make the token trees whose base model is a real language model: one tree, two rewards.

    python docs/catalog/make_real_token_trees.py            # write reference/catalog/data/tokens/smollm2-tokens-*.json
    python docs/catalog/make_real_token_trees.py --check    # compare with the files that are there, write nothing

It needs the environment of make_real_instances.py, which also installs ``reference``.  Laws, features and rewards are
exact from the floats of the networks on, but for the step that says ROUNDED under ``provenance``.
"""

import argparse
import math
import sys
from fractions import Fraction
from itertools import count
from pathlib import Path

from features import Row, cleared, project, projection
from models import LanguageModel, fix_arithmetic, origin, printable
from rewards import RATIOS, Fit, log_rational_fit
from token_tree import QUESTIONS, RECIPE, Prefix, Tree

from reference.catalog import dump
from reference.exact.log_linear import LogLinear, log, loglinear
from reference.model.parts import About, Edge, Start
from reference.model.problem import Problem

DATA = Path(__file__).resolve().parents[2] / "reference" / "catalog" / "data" / "tokens"
COMMAND = "python docs/catalog/make_real_token_trees.py"
NAME = "smollm2-tokens"
SEEDS = 256
RIGHT = "6*log(2)"  # the reward of a right answer


SOURCE = "ours: SmolLM2-135M-Instruct as base model, all-MiniLM-L6-v2 as features; see provenance"


# ------------------------------------------------------------------------------------------- features and rewards


def layer_fit(h: int, layer: list[Prefix]) -> tuple[int, Fit]:
    """Return the seed of the projection and the parameter of layer ``h``: those where right tokens lead most."""
    groups, denominator = cleared([[branch.embedding for branch in prefix.branches] for prefix in layer])
    right = [[branch.right for branch in prefix.branches] for prefix in layer]
    fits: dict[int, Fit] = {}
    for seed in range(SEEDS):
        matrix = projection(f"{NAME}/{h + 1}", RECIPE.dimension, seed, groups[0].shape[1])
        fit = log_rational_fit(RECIPE, project(matrix, groups, denominator), right)
        if fit is not None:
            fits[seed] = fit
    seed = max(fits, key=lambda s: (fits[s].lead, -s))
    return seed, fits[seed]


def log_ratios(prefix: Prefix, phi: list[Row], theta: tuple[str, ...]) -> list[LogLinear]:
    """Each token's ``beta log(pi_theta/pi_ref) = <theta, phi> - beta log E exp(<theta, phi>/beta)`` after a prefix."""
    beta = text(RECIPE.beta)
    scores = [score(theta, row) for row in phi]
    tilts = [exp_rational(value) for value in scores]
    normaliser = sum((b.pi_ref * tilt for b, tilt in zip(prefix.branches, tilts, strict=True)), Fraction(0))
    return [value - log(text(normaliser)) * loglinear(beta).constant for value in scores]


def score(theta: tuple[str, ...], row: Row) -> LogLinear:
    """``<theta, phi>``."""
    total = loglinear(0)
    for entry, value in zip(theta, row, strict=True):
        total = total + loglinear(entry) * loglinear(text(value)).constant
    return total


def exp_rational(value: LogLinear) -> Fraction:
    """``exp(value/beta)``, a product of integer powers of primes."""
    product = Fraction(1)
    for prime, power in value.terms:
        exponent = Fraction(int(power.p), int(power.q)) / RECIPE.beta
        product *= Fraction(int(prime)) ** int(exponent)
    return product


def text(value: Fraction) -> str:
    """Return a rational as the package reads it."""
    return str(value)


# ------------------------------------------------------------------------------------------- the files


def problems(tree: Tree) -> tuple[Problem, Problem]:
    """Return the two instances: the realizable reward, and the reward of right answers."""
    fits = [layer_fit(h, layer) for h, layer in enumerate(tree.layers)]
    phi = [fit.phi for _, fit in fits]
    realizable = [
        [log_ratios(prefix, rows, fit.theta) for prefix, rows in zip(layer, fit.phi, strict=True)]
        for layer, (_, fit) in zip(tree.layers, fits, strict=True)
    ]
    answers = [
        [[loglinear(RIGHT if b.pays else 0) for b in prefix.branches] for prefix in layer] for layer in tree.layers
    ]
    seeds = ", ".join(str(seed) for seed, _ in fits)
    thetas = "; ".join(f"theta_{h + 1} = ({', '.join(fit.theta)})" for h, (_, fit) in enumerate(fits))
    return (
        assemble(
            tree,
            "realizable",
            "SmolLM2-135M token by token, with a realizable reward",
            "FMR25 Thm 5.1's hypothesis on a real base model: r = beta log(pi_theta/pi_ref), so that J(pi*) = 0; "
            f"{thetas}",
            phi,
            realizable,
            steps(seeds)
            | {
                "reward": "exact: beta log(pi_theta/pi_ref), token by token; theta_h CHOSEN as scale * beta * "
                f"log(q_j) with q_j among {', '.join(map(str, RATIOS))}: the q where right tokens lead most while "
                f"exp(<theta_h, phi_h>/beta) ranges over at most 3^{RECIPE.strength} after a prefix; {thetas}"
            },
        ),
        assemble(
            tree,
            "answers",
            "SmolLM2-135M token by token, rewarded for right answers",
            "the same trees as smollm2-tokens-realizable, and the reward that one would want: no softmax policy in "
            "these features is optimal, so that FMR25 Thm 5.1 promises nothing; a right answer that is rare "
            "after a poor prefix makes C_cond larger than C_cov",
            phi,
            answers,
            steps(seeds) | {"reward": f"CHOSEN: {RIGHT} on the token that first completes a right answer, else 0"},
        ),
    )


def assemble(
    tree: Tree,
    kind: str,
    title: str,
    shows: str,
    phi: list[list[list[Row]]],
    rewards: list[list[list[LogLinear]]],
    how: dict[str, str],
) -> Problem:
    """Return one instance."""
    tokens = sorted({branch.path[-1] for layer in tree.layers for prefix in layer for branch in prefix.branches})
    names = [printable(tree.model.text([v])) for v in tokens]
    name = dict(zip(tokens, names, strict=True))
    layers = []
    for prefixes, rows, values in zip(tree.layers, phi, rewards, strict=True):
        child = count()
        last = len(layers) + 1 == RECIPE.horizon
        layers.append(
            [
                [
                    Edge.of(name[b.path[-1]], text(b.pi_ref), map(text, f), reward=r, child=0 if last else next(child))
                    for b, f, r in zip(prefix.branches, fs, rs, strict=True)
                ]
                for prefix, fs, rs in zip(prefixes, rows, values, strict=True)
            ]
        )
    provenance = origin(tree.model, COMMAND) | {
        "steps": how,
        "right_answers": {q.text: " | ".join(q.answers) for q in QUESTIONS},
        "least_listed_mass": {
            q.text: f"≈ {float(min(p.listed_mass for layer in tree.layers for p in layer if p.question == x)):.6f}"
            for x, q in enumerate(QUESTIONS)
        },
        "tokens": {name: str(v) for name, v in zip(names, tokens, strict=True)},
    }
    about = About(
        title=title,
        shows=shows,
        source=SOURCE,
        license="Apache-2.0",
        provenance=tuple((k, v if isinstance(v, str) else tuple(v.items())) for k, v in provenance.items()),
    )
    prompts = [Start.of(q.text, rho=f"1/{len(QUESTIONS)}", root=x) for x, q in enumerate(QUESTIONS)]
    return Problem.of(
        f"{NAME}-{kind}",
        prompts,
        layers,
        beta=text(RECIPE.beta),
        R_max=widest(layers),
        alphabet=names,
        about=about,
    )


def widest(layers: list[list[list[Edge]]]) -> str:
    """Return the least multiple of 1/4 above the range of rewards within a prompt."""
    least = greatest = [0.0] * sum(len(node) for node in layers[-1])
    for layer in reversed(layers):
        below = zip(least, greatest, strict=True)
        least, greatest = [], []
        for node in layer:
            ends = [(as_float(e.reward), *next(below)) for e in node]
            least.append(min(r + low for r, low, _ in ends))
            greatest.append(max(r + high for r, _, high in ends))
    span = max(high - low for low, high in zip(least, greatest, strict=True))
    return str(Fraction(math.floor(4 * span) + 1, 4))


def as_float(value: LogLinear) -> float:
    """Return a nearby float, for a bound that the package proves."""
    terms = [int(a.p) / int(a.q) * math.log(int(prime)) for prime, a in value.terms]
    return math.fsum([int(value.constant.p) / int(value.constant.q), *terms])


def steps(seeds: str) -> dict[str, str]:
    """Say what was done to get each part of the file."""
    return {
        "prefixes": f"the {RECIPE.width} likeliest tokens after each prefix, special tokens left out, and the next "
        f"token of the answer that the prefix begins; {RECIPE.horizon} tokens deep",
        "pi_ref": "exact: float32 softmax values of the listed tokens, divided by their sum",
        "embedding": "exact: float32 sentence embedding of prompt and prefix, minus that of the prompt",
        "projection": f"exact: in layer h times a {{-1, 0, 1}} matrix of {RECIPE.dimension} rows, row by row the "
        f"bytes of SHAKE-256 of '{NAME}/h/SEED' mod 3, minus 1, bytes 255 skipped; of the seeds below {SEEDS} the one "
        f"where tokens that can lead to a right answer lead most; SEED = {seeds} for h = 1, .., {RECIPE.horizon}",
        "phi": "ROUNDED to the nearest integers after scaling the largest entry of the layer to 2; then divided by the "
        "least integer 'scale' that is at least every norm",
        "bounds": "CHOSEN: the least multiple of 1/4 above the range of r within a prompt",
    }


def main() -> int:
    """Make both instances; write them, or compare them with what is there."""
    parser = argparse.ArgumentParser(description="Make the token trees that come from a real base model.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    parser.add_argument("--to", type=Path, default=DATA, help="folder of the instance files")
    options = parser.parse_args()
    fix_arithmetic()
    changed = []
    for problem in problems(Tree(LanguageModel())):
        path, content = options.to / f"{problem.name}.json", dump(problem)
        if options.check:
            changed += [] if path.is_file() and path.read_text(encoding="utf-8") == content else [str(path)]
        else:
            path.write_text(content, encoding="utf-8")
            print(f"{path}: {problem!r}, {problem.sequence_count()} sequences")
    if changed:
        print(f"would change: {', '.join(changed)}", file=sys.stderr)
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
