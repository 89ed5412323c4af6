"""Responses of several tokens: soft values, the optimum's tokens, and both coverages."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, Stream, in_row, in_rows, over, two
from reference.conformance.cases.tilts import REFUSALS
from reference.conformance.vectors import Argument, Note

_HALF = Fraction(1, 2)


def _tree(base: Sequence[Iterable[NumberIn]], r: Sequence[NumberIn], beta: NumberIn = 1) -> dict[str, Argument]:
    return {"base": in_rows(*base), "r": in_row(*r), "beta": str(beta)}


_EVEN = [[_HALF, _HALF]] * 3
_UNEVEN = [over(4, 1, 3), over(8, 5, 3), over(8, 1, 7)]
_DEEP = [over(4, 1, 3), over(4, 2, 2), over(8, 3, 5), *[over(8, 2 * k + 1, 7 - 2 * k) for k in range(4)]]
_WIDE = [over(8, 1, 2, 5), over(4, 1, 1, 2), over(4, 2, 1, 1), over(16, 3, 5, 8)]


def _seeded(name: str) -> list[dict[str, Argument]]:
    stream, found = Stream(f"tree {name}"), list[dict[str, Argument]]()
    for width, prefixes, responses, beta in ((2, 3, 4, 1), (2, 7, 8, Fraction(3, 2)), (3, 4, 9, Fraction(3, 4))):
        base = [stream.law(width, 4) for _ in range(prefixes)]
        found.append(_tree(base, stream.dyadics(responses, -3, 3, 3), beta))
    return found


_HAND = [
    (_tree(_EVEN, [1, 0, 2, 0]), "two steps of two tokens", "Deep"),
    (_tree(_UNEVEN, [1, 0, 2, 0]), "an uneven base model", "Deep Uneven"),
    (_tree(_UNEVEN, [1, 0, 2, 0], 2), "beta = 2", "Deep Uneven Temperature"),
    (_tree(_DEEP, [3, 1, -1, 0, 2, 2, 0, 1]), "three steps", "Deep Uneven"),
    (_tree(_WIDE, [1, 0, 2, 0, 3, 1, 1, 0, -1], _HALF), "three tokens, beta = 1/2", "Deep Uneven Temperature"),
    (_tree([over(4, 1, 3)], [1, 0]), "one step: a softmax", "Uneven"),
    (
        _tree([[_HALF, _HALF], [1, 0], over(4, 1, 3)], [1, 9, 0, 2]),
        "a token that the base model never says",
        "Deep Zero",
    ),
    (_tree(_UNEVEN, [800, 0, 799, 1]), "exp(r) overflows", "Deep Uneven HugeReward"),
    (_tree(_EVEN, [-900, -901, -900, -902]), "exp(r) underflows", "Deep HugeReward"),
]


_MORE = [
    (
        _tree([[_HALF, _HALF, 0], over(4, 1, 3, 0), over(4, 2, 2, 0), over(8, 1, 1, 6)], [3, 0, 9, 0, 1, 0, 9, 0, 0]),
        "the largest ratios are of what is never said, and after it",
        "Deep Zero",
    ),
    (_tree([[1]], [2]), "a vocabulary of one token", ""),
]
"""After the seeded ones."""


def _asked(name: str, **more: list[list[int]]) -> list[Asked]:
    found = []
    for k, (given, comment, flags) in enumerate(_HAND):
        extra: dict[str, Argument] = {key: [*choices[k]] for key, choices in more.items()}
        found.append(Asked({**given, **extra}, comment, flags))
    for k, given in enumerate(_seeded(name)):
        extra = {key: [*choices[k % 2]] for key, choices in more.items()}
        if "tokens" in extra and k == 1:
            extra = {"tokens": [0, 1, 1]}
        flags = "Deep Uneven" + (" Temperature" if given["beta"] != "1" else "")
        found.append(Asked({**given, **extra}, "seeded", flags))
    for given, comment, flags in _MORE:
        extra = {key: [*([0] * len(choices[0]) if flags else choices[0][1:])] for key, choices in more.items()}
        found.append(Asked({**given, **extra}, comment, flags))
    return found


def _refused(**extra: Argument) -> list[Asked]:
    return [
        Asked({**_tree(_EVEN, [1, 0, 2, 0], 0), **extra}, "beta = 0", "BadTemperature", "invalid"),
        Asked({**_tree([[_HALF, _HALF + two(-52)], *_EVEN[1:]], [1, 0, 2, 0]), **extra},
            "the masses at the first token sum to 1 + 2^-52", "BadLaw", "invalid"),
        Asked({**_tree(_EVEN[:2], [1, 0, 2, 0]), **extra}, "a prefix without a law", "BadShape", "invalid"),
        Asked({**_tree(_EVEN, [1, 0, 2]), **extra}, "a response without a reward", "BadShape", "invalid"),
        Asked({**_tree(_EVEN, [1, 0, 2, "nan"]), **extra}, "a reward that is no number", "NotANumber", "invalid"),
        Asked({**_tree([], [1]), **extra}, "no laws", "BadShape", "invalid"),
        Asked({**_tree([[_HALF, _HALF], [1], [_HALF, _HALF]], [1, 0, 2, 0]), **extra}, "laws on two tokens and on one",
            "BadShape", "invalid"),
    ]  # fmt: skip


def _notes(**more: Note) -> dict[str, Note]:
    return {
        **more,
        "Uneven": Note("BASE", "the base model is left out", "right for a uniform one", mutants=["base-ignored"]),
        "Temperature": Note("TEMPERATURE", "beta is left out", "right at beta = 1 only", mutants=["beta-missing"]),
        "Zero": Note("SUPPORT", "a response that the base model never gives takes part", "its reward counts",
            mutants=["support-ignored"]),
        "HugeReward": Note("OVERFLOW", "exp(r) is formed", "inf, NaN, or a logarithm of 0", mutants=["no-max-shift"]),
        **REFUSALS,
    }  # fmt: skip


_TOKEN = Note("VALIDATION", "a token outside of the vocabulary, or more or fewer of them than there are steps",
    "the law of another prefix", mutants=["any-token"])  # fmt: skip


def _bad_tokens(name: str, *choices: tuple[list[int], str]) -> list[Asked]:
    given = _tree(_EVEN, [1, 0, 2, 0])
    return [Asked({**given, name: [*tokens]}, comment, "BadToken", "invalid") for tokens, comment in choices]


SOFT_VALUE = CaseFamily(
    "soft_value",
    _notes(
        Deep=Note("FORMULA", "the value of the best response, or the mean reward", "right at one temperature limit",
            mutants=["hard-max", "mean-reward"])
    ),
    {1: _asked("value"), 301: _refused()},
)  # fmt: skip

TOKEN_POLICY = CaseFamily(
    "token_policy",
    _notes(
        Deep=Note("FORMULA", "rewards of the next token only, best values, or mean values, in place of soft values",
            "right for one step", mutants=["greedy", "hard-max", "mean-values"]),
        BadToken=_TOKEN,
    ),
    {
        1: [
            *_asked("policy", prefix=[[], [], [1], [0, 1], [2], [], [1], [1], []]),
            Asked({**_HAND[6][0], "prefix": []}, "a token that is never said later", "Deep Zero"),
            Asked({**_HAND[6][0], "prefix": [0]}, "one of two tokens is never said", "Deep Zero"),
        ],
        301: [
            *_refused(prefix=[]),
            *_bad_tokens("prefix", ([2], "a token outside of the vocabulary"), ([0, 1], "a whole response")),
        ],
    },
)  # fmt: skip

CHAIN_LOG_PROB = CaseFamily(
    "chain_log_prob",
    _notes(
        Impossible=Note("SUPPORT", "a response that the base model never gives", "-inf, or the logarithm of an epsilon",
            mutants=["minus-infinity"]),
        Deep=Note("FORMULA", "the first or the last token only, or a mean over tokens", "right for one token",
            mutants=["first-only", "last-only", "length-normalised"]),
        BadToken=_TOKEN,
    ),
    {
        1: _asked(
            "log prob", tokens=[[1, 0], [0, 1], [1, 1], [0, 1, 1], [2, 1], [1], [0, 0], [1, 1], [0, 1]]
        ),
        301: [
            *_refused(tokens=[0, 1]),
            Asked({**_HAND[6][0], "tokens": [0, 1]}, "a response that never comes", "Impossible", "invalid"),
            *_bad_tokens("tokens", ([0, 2], "a token outside of the vocabulary"), ([0], "one token of two")),
        ],
    },
)  # fmt: skip

TOKEN_COVERAGE = CaseFamily(
    "token_coverage",
    _notes(
        Deep=Note("FORMULA", "of whole responses, or of the first token only", "their product, or too small",
            mutants=["sequence-coverage", "first-token"])
    ),
    {1: _asked("token coverage"), 301: _refused()},
)  # fmt: skip

SEQUENCE_COVERAGE = CaseFamily(
    "sequence_coverage",
    _notes(
        Deep=Note("FORMULA", "of tokens, or the product of those of layers", "too small, or too large",
            mutants=["token-coverage", "product-of-layers"])
    ),
    {1: _asked("sequence coverage"), 301: _refused()},
)  # fmt: skip
