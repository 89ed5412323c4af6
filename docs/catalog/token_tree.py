"""The token trees of a language model: which tokens are listed after which prefixes, and which of them are right."""

from dataclasses import dataclass
from fractions import Fraction

from models import LanguageModel, Row, embedding


@dataclass(frozen=True)
class Recipe:
    """How the tree is listed, and how strong the realizable reward is, layer by layer."""

    beta: Fraction = Fraction(1)
    dimension: int = 3
    strength: int = 2  # exp(<theta_h, phi_h>/beta) ranges over at most 3^strength after a prefix
    horizon: int = 3
    width: int = 4


@dataclass(frozen=True)
class Question:
    """A prompt and the texts that make a response right wherever they stand in it."""

    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Branch:
    """A token after a prefix: its law is that of the model, renormalised over the tokens that are listed."""

    path: tuple[int, ...]
    pi_ref: Fraction
    right: bool  # some listed response that begins like this is right
    pays: bool  # this token completes an answer for the first time
    embedding: Row  # of prompt and prefix, minus that of the prompt


@dataclass(frozen=True)
class Prefix:
    """A prefix of a prompt, and what is listed after it."""

    question: int
    branches: tuple[Branch, ...]
    listed_mass: Fraction


RECIPE = Recipe()
QUESTIONS = (
    Question("12 * 12 = ", ("144",)),
    Question("The capital of Australia is", (" Canberra",)),
    Question("The opposite of early is", (" late", "late")),
)


class Tree:
    """The prefixes of every prompt, layer by layer, those of one layer in the order of their parents."""

    def __init__(self, model: LanguageModel) -> None:
        self.model = model
        self.special = frozenset(model.tokenizer.all_special_ids)
        self.prompts = [model.tokens(question.text) for question in QUESTIONS]
        self.answers = [self._answers(x) for x in range(len(QUESTIONS))]
        paths: list[tuple[int, tuple[int, ...]]] = [(x, ()) for x in range(len(QUESTIONS))]
        self.layers: list[list[Prefix]] = []
        for _ in range(RECIPE.horizon):
            layer = [self._prefix(x, path) for x, path in paths]
            self.layers.append(layer)
            paths = [(prefix.question, branch.path) for prefix in layer for branch in prefix.branches]

    def _answers(self, x: int) -> list[tuple[int, ...]]:
        """Return the tokens of the answers: as the continuation of the prompt, and as a text of their own."""
        question, prompt = QUESTIONS[x], self.prompts[x]
        joined = [self.model.tokens(question.text + answer)[len(prompt) :] for answer in question.answers]
        return list(dict.fromkeys([*joined, *map(self.model.tokens, question.answers)]))

    def _listed(self, x: int, path: tuple[int, ...]) -> list[int]:
        """Return the likeliest tokens, and the next one of an answer that the prefix begins; likeliest first."""
        context = self.prompts[x] + path
        weights, _ = self.model.law(context)
        likely = [v for v in self.model.most_likely(context, RECIPE.width + len(self.special)) if v not in self.special]
        wanted = {a[len(path)] for a in self.answers[x][:1] if len(a) > len(path) and a[: len(path)] == path}
        return sorted({*likely[: RECIPE.width], *wanted}, key=lambda v: (-weights[v], v))

    def _prefix(self, x: int, path: tuple[int, ...]) -> Prefix:
        weights, k = self.model.law(self.prompts[x] + path)
        tokens = self._listed(x, path)
        total = sum(weights[v] for v in tokens)
        branches = tuple(self._branch(x, (*path, v), Fraction(weights[v], total)) for v in tokens)
        return Prefix(x, branches, Fraction(total, 2**k))

    def _branch(self, x: int, path: tuple[int, ...], mass: Fraction) -> Branch:
        text = QUESTIONS[x].text
        whole, start = embedding(text + self.model.text(path)), embedding(text)
        difference = tuple(a - b for a, b in zip(whole, start, strict=True))
        done, before = self._has_answer(x, path), self._has_answer(x, path[:-1])
        return Branch(path, mass, self._can_be_right(x, path), done and not before, difference)

    def _has_answer(self, x: int, path: tuple[int, ...]) -> bool:
        return any(
            path[i : i + len(answer)] == answer
            for answer in self.answers[x]
            for i in range(len(path) - len(answer) + 1)
        )

    def _can_be_right(self, x: int, path: tuple[int, ...]) -> bool:
        if len(path) == RECIPE.horizon or self._has_answer(x, path):
            return self._has_answer(x, path)
        return any(self._can_be_right(x, (*path, v)) for v in self._listed(x, path))
