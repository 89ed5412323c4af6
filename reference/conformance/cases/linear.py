"""``elliptic``, ``accepts``, ``ridge`` and ``argmin``: features, the ridge, and what is fitted."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, Stream, in_row, in_rows, two
from reference.conformance.vectors import Argument, Note

_Features = Sequence[Iterable[NumberIn]]

_HALF = Fraction(1, 2)


def _norm(phis: _Features, phi: Sequence[NumberIn], ridge: NumberIn = 1) -> dict[str, Argument]:
    return {"phis": in_rows(*phis), "phi": in_row(*phi), "ridge": str(ridge)}


def _asked(phis: _Features, phi: Sequence[NumberIn], ridge: NumberIn, nu: NumberIn) -> dict[str, Argument]:
    return {**_norm(phis, phi, ridge), "nu": str(nu)}


def _data(phis: _Features, rewards: Sequence[NumberIn], ridge: NumberIn = 1) -> dict[str, Argument]:
    return {"phis": in_rows(*phis), "rewards": in_row(*rewards), "ridge": str(ridge)}


def _choice(phis: _Features, rewards: Sequence[NumberIn], thetas: _Features) -> dict[str, Argument]:
    return {"phis": in_rows(*phis), "rewards": in_row(*rewards), "thetas": in_rows(*thetas)}


def _table(stream: Stream, count: int, size: int) -> list[list[Fraction]]:
    return [stream.dyadics(size, -1, 1, 4) for _ in range(count)]


def _norms() -> list[Asked]:
    stream, found = Stream("elliptic"), list[Asked]()
    for k in range(10):
        size, ridge = (2, 3, 4, 6, 8)[k % 5], (Fraction(1), Fraction(1, 4), Fraction(3))[k % 3]
        found.append(Asked(_norm(_table(stream, size + 2, size), stream.dyadics(size, -1, 1, 4), ridge), "seeded"))
    return found


def _fits() -> list[Asked]:
    stream, found = Stream("ridge"), list[Asked]()
    for k in range(8):
        size, ridge = (2, 3, 4, 5)[k % 4], (Fraction(1), Fraction(1, 4), Fraction(3))[k % 3]
        data = _data(_table(stream, size + 3, size), stream.dyadics(size + 3, -2, 2, 4), ridge)
        found.append(Asked(data, "seeded"))
    return found


def _decisions() -> list[Asked]:
    stream, found = Stream("accepts"), list[Asked]()
    for k in range(12):
        size, ridge = (2, 3, 4)[k % 3], (Fraction(1, 2), Fraction(2))[k % 2]
        nu = stream.dyadic(0, 1, 5) + Fraction(1, 32)
        found.append(Asked(_asked(_table(stream, 3, size), stream.dyadics(size, -1, 1, 4), ridge, nu), "seeded"))
    return found


def _choices() -> list[Asked]:
    stream, found = Stream("argmin"), list[Asked]()
    for k in range(8):
        size = 2 + k % 3
        thetas = _table(stream, 5, size)
        found.append(Asked(_choice(_table(stream, 6, size), stream.dyadics(6, -1, 1, 4), thetas), "seeded"))
    return found


def _has_ridge(given: Mapping[str, Argument]) -> bool:
    return given["ridge"] != "1"


_BAD = {
    "BadRidge": Note("VALIDATION", "the ridge must be positive", "a singular matrix", mutants=["any-ridge"]),
    "BadShape": Note("VALIDATION", "arrays whose sizes do not fit", "broadcasting", mutants=["broadcasts"]),
    "NotANumber": Note("VALIDATION", "NaN or an infinity comes in", "NaN comes out", mutants=["lets-nan-through"]),
}

_RIDGE = Note(
    "FORMULA", "the ridge is left out, 1, squared, or times the number of data", "right where it is 1",
    mutants=["ridge-missing", "ridge-one", "ridge-squared", "ridge-times-n"],
)  # fmt: skip
_NEARLY: list[list[list[NumberIn]]] = [
    [[1, 1], [1, 1 + two(-20)]],
    [[1, 1], [1, 1 + two(-26)]],
    [[1, two(-24)], [1, 0], [1, two(-25)]],
    [[1, 1, 0], [1, 1, two(-20)], [1, 1 + two(-20), 0]],
]
"""_Features that nearly depend on each other."""

ELLIPTIC = CaseFamily(
    "elliptic",
    {
        "Ridge": _RIDGE,
        "Some": Note(
            "FORMULA", "Sigma itself in place of its inverse, an average of outer products, or phi itself added first",
            "right where nothing was accepted, or scale is 1",
            mutants=["sigma-not-inverse", "averaged", "updated-with-itself"],
        ),
        "Correlated": Note("FORMULA", "the diagonal of Sigma alone", "right for orthogonal features",
            mutants=["diagonal-only"]),
        "Scaled": Note("FORMULA", "the norm is not squared", "right where it is 0 or 1", mutants=["not-squared"]),
        "NearlyDependent": Note(
            "CONDITION",
                "Sigma is formed, or its inverse is updated, and digits are lost that QR of the features keeps",
            "the condition number is squared; updates drift",
            mutants=["normal-equations", "sherman-morrison-drift", "sherman-morrison-no-denominator", "float32"],
        ),
        **_BAD,
    },
    {
        1: [
            Asked(_norm([], [1, 0]), "nothing accepted: phi^2"),
            Asked(_norm([], [Fraction(3, 4), 1], Fraction(1, 4)), "nothing accepted: phi^2/lambda", "Scaled"),
            Asked(_norm([[1]], [1]), "d = 1", "Some"),
            Asked(_norm([[1]], [_HALF], 3), "d = 1, lambda = 3", "Some Scaled"),
            Asked(_norm([[1, 0], [0, 1]], [1, 1]), "orthogonal features", "Some"),
            Asked(_norm([[1, 0], [1, 1]], [0, 1]), "correlated features", "Some Correlated Scaled"),
            Asked(_norm([[1, 0], [1, 0], [1, 0]], [1, 0]), "one feature, three times", "Some Scaled"),
            Asked(_norm([[1, 0]], [0, 0]), "phi = 0"),
            Asked(_norm([[0, 0]], [1, 1]), "a feature that is 0", "Scaled"),
            Asked(_norm([[1, 2, 0], [0, 1, 1]], [1, 1, 1], two(-20)), "a small ridge", "Some Correlated Scaled"),
            Asked(_norm([[1, 2, 0], [0, 1, 1]], [1, 1, 1], 1024), "a large ridge", "Some Correlated Scaled"),
            Asked(_norm([[-1, 1], [1, 1]], [1, -1]), "signs", "Some Scaled"),
        ],
        101: [
            Asked(_norm(phis, [0] * (len(phis[0]) - 1) + [1], ridge), "features that nearly depend",
                "NearlyDependent Some Correlated Scaled")
            for phis in _NEARLY for ridge in (two(-30), two(-40))
        ] + [
            Asked(_norm([[1, two(-12)]] * 5, [0, 1], two(-40)), "five times the same, a ridge of 2^-40",
                "NearlyDependent Some Correlated Scaled"),
            Asked(_norm([[two(20), 0], [0, two(-20)]], [1, 1], two(-50)), "lengths 2^20 and 2^-20",
                "NearlyDependent Some Scaled"),
        ],
        201: [case._replace(flags="Some Correlated Scaled") for case in _norms()],
        301: [
            Asked(_norm([[1, 0]], [1, 0], 0), "lambda = 0", "BadRidge", "invalid"),
            Asked(_norm([[1, 0]], [1, 0], -1), "lambda < 0", "BadRidge", "invalid"),
            Asked(_norm([[1, 0]], [1]), "features of two lengths", "BadShape", "invalid"),
            Asked({**_norm([], [1, 0]), "phis": [["1", "0"], ["1"]]}, "a ragged table", "BadShape", "invalid"),
            Asked(_norm([[1, 0]], ["nan", 0]), "a feature that is no number", "NotANumber", "invalid"),
            Asked(_norm([["inf", 0]], [1, 0]), "an infinite feature of another", "NotANumber", "invalid"),
        ],
    },
    {"Ridge": _has_ridge},
)  # fmt: skip

ACCEPTS = CaseFamily(
    "accepts",
    {
        "Ridge": Note("FORMULA", "the ridge is 1", "right where it is 1", mutants=["ridge-one"]),
        "Tie": Note("BOUNDARY", "the norm is nu exactly: the pair is covered, and not accepted", "one pair too many",
            mutants=["greater-or-equal"]),
        "NearTie": Note(
            "BOUNDARY", "the norm is next to nu, or equal to it where a square root is rounded",
            "a tolerance, or a square root in floats, decides wrongly",
            mutants=["tolerance-1e-9", "square-root-in-float"],
        ),
        "Clear": Note("FORMULA", "nu is not squared, or the answer is inverted", "far from the boundary, too",
            mutants=["nu-not-squared", "inverted"]),
        **_BAD,
        "BadThreshold": Note("VALIDATION", "nu must be positive", "everything is accepted", mutants=["any-nu"]),
    },
    {
        1: [
            Asked(_asked([], [1, 0], 1, 1), "norm 1, nu = 1", "Tie"),
            Asked(_asked([], [_HALF, 0], 1, _HALF), "norm 1/2, nu = 1/2", "Tie"),
            Asked(_asked([[1, 0]], [1, 0], 1, 1), "1/2 against 1", "Clear"),
            Asked(_asked([[1, 0]], [0, 1], 1, _HALF), "1 against 1/4", "Clear"),
            Asked(_asked([[1, 0]], [Fraction(5, 8), 0], 1, _HALF), "25/128 against 1/4", "Clear"),
            Asked(_asked([[1, 0]], [Fraction(3, 4), 0], 1, _HALF), "9/32 against 1/4: accepted, though less than nu",
                "Clear"),
            Asked(_asked([[2, 0]], [1, 0], 4, Fraction(1, 4)), "1/8 against 1/16", "Clear"),
            Asked(_asked([[1, 1], [1, -1]], [1, 0], 2, _HALF), "1/4 against 1/4", "Tie"),
            Asked(_asked([[1, 1], [1, 1]], [1, 1], 4, _HALF), "1/4 against 1/4", "Tie"),
            Asked(_asked([[1]], [1], 3, _HALF), "d = 1: 1/4 against 1/4", "Tie"),
            Asked(_asked([[0, 0]], [1, 0], 4, _HALF), "the same, after a feature that is 0", "Tie"),
            Asked(_asked([[1, 0]], [0, 0], 1, two(-10)), "phi = 0 is never accepted", "Clear"),
        ],
        101: [
            Asked(_asked([], [1 + two(-30), 0], 1, 1), "above by 2^-29", "NearTie"),
            Asked(_asked([], [1 - two(-30), 0], 1, 1), "below by 2^-29", "NearTie"),
            Asked(_asked([], [1 + two(-45), 0], 1, 1), "above by 2^-44", "NearTie"),
            Asked(_asked([], [1 + two(-52), 0], 1, 1), "above by 2^-51", "NearTie"),
            Asked(_asked([], [1 - two(-53), 0], 1, 1), "below by 2^-52", "NearTie"),
            Asked(_asked([[1, 1], [1, -1]], [1 + two(-40), 0], 2, _HALF), "above by 2^-41", "NearTie"),
            Asked(_asked([[1, 1], [1, -1]], [1 - two(-40), 0], 2, _HALF), "below by 2^-41", "NearTie"),
            Asked(_asked([[1]], [1 + two(-50)], 3, _HALF), "d = 1, above by 2^-51", "NearTie"),
            Asked(_asked([], [1, two(-27)], 1, 1), "above by 2^-54: the root of the norm rounds to nu", "NearTie"),
            Asked(_asked([], [1, two(-26)], 1, 1), "above by 2^-52: the root of the norm rounds to nu", "NearTie"),
            Asked(_asked([], [1, two(-40)], 1, 1), "above by 2^-80: the norm rounds to nu^2", "NearTie"),
        ],
        201: [case._replace(flags="Clear") for case in _decisions()],
        301: [
            Asked(_asked([], [1, 0], 0, 1), "lambda = 0", "BadRidge", "invalid"),
            Asked(_asked([], [1, 0], 1, 0), "nu = 0", "BadThreshold", "invalid"),
            Asked(_asked([], [1, 0], 1, -1), "nu < 0", "BadThreshold", "invalid"),
            Asked(_asked([[1, 0]], [1], 1, 1), "features of two lengths", "BadShape", "invalid"),
            Asked(_asked([], [1, 0], 1, "nan"), "a threshold that is no number", "NotANumber", "invalid"),
            Asked(_asked([], [1, 0], 1, "inf"), "an infinite threshold", "NotANumber", "invalid"),
            Asked(_asked([], ["inf", 0], 1, 1), "an infinite feature", "NotANumber", "invalid"),
        ],
    },
    {"Ridge": _has_ridge},
)  # fmt: skip

RIDGE = CaseFamily(
    "ridge",
    {
        "Ridge": _RIDGE,
        "Several": Note("FORMULA", "the ridge times the number of data; the sum of rewards at each feature",
            "right for one datum", mutants=["ridge-times-n", "sum-of-rewards"]),
        "Offset": Note("FORMULA", "an intercept is fitted, too", "right where the data are centred",
            mutants=["intercept"]),
        "NearlyDependent": Note("CONDITION", "the normal equations are formed", "the condition number is squared",
            mutants=["normal-equations"]),
        **_BAD,
    },
    {
        1: [
            Asked(_data([[1]], [1]), "one datum, d = 1: 1/2", "Offset"),
            Asked(_data([[1]], [1], 3), "lambda = 3: 1/4", "Offset"),
            Asked(_data([[1, 2]], [1]), "one datum, d = 2", "Offset"),
            Asked(_data([[1, 0], [0, 1]], [1, -1]), "orthogonal features", "Several Offset"),
            Asked(_data([[1, 0], [1, 0]], [1, 2]), "one feature, two rewards", "Several Offset"),
            Asked(_data([[1, 0], [1, 1], [0, 1]], [1, 2, 1], _HALF), "interpolated, but for the ridge",
                "Several Offset"),
            Asked(_data([[1, 0], [1, 1], [0, 1]], [1, 0, 1], Fraction(1, 8)), "no theta fits", "Several Offset"),
            Asked(_data([[0, 0], [1, 0]], [5, 1]), "a feature that is 0", "Several Offset"),
            Asked(_data([[1, 1], [-1, -1]], [1, -1]), "a difference and its opposite", "Several"),
            Asked(_data([[1, 2], [3, 1]], [0, 0]), "all rewards 0", "Several"),
            Asked(_data([[1, 0], [0, 1]], [two(100), two(-100)]), "rewards of 1e30 and 1e-30", "Several Offset"),
        ],
        101: [
            Asked(_data(phis, [1, 2, 1][: len(phis)], two(-30)), "features that nearly depend",
                "NearlyDependent Several Offset")
            for phis in _NEARLY
        ] + [
            Asked(_data([[1, two(-12)], [1, -two(-12)]], [1, 0], two(-40)), "a small ridge",
                "NearlyDependent Several Offset"),
        ],
        201: [case._replace(flags="Several Offset") for case in _fits()],
        301: [
            Asked(_data([[1, 0]], [1], 0), "lambda = 0", "BadRidge", "invalid"),
            Asked(_data([[1, 0]], [1], -1), "lambda < 0", "BadRidge", "invalid"),
            Asked(_data([[1, 0], [0, 1]], [1]), "two features, one reward", "BadShape", "invalid"),
            Asked(_data([[1, 0]], ["nan"]), "a reward that is no number", "NotANumber", "invalid"),
            Asked(_data([], []), "no data: the dimension is unknown", "BadShape", "invalid"),
            Asked({**_data([], [1, 1]), "phis": [["1", "0"], ["1"]]}, "a ragged table", "BadShape", "invalid"),
            Asked(_data([["inf", 0]], [1]), "an infinite feature", "NotANumber", "invalid"),
        ],
    },
    {"Ridge": _has_ridge},
)  # fmt: skip

_PLANE = [[1, 0], [0, 1], [1, 1]]

ARGMIN = CaseFamily(
    "argmin",
    {
        "Tie": Note("BOUNDARY", "two parameters have the same loss: the first is meant", "the last one",
            mutants=["ties-to-last"]),
        "NearTie": Note("PRECISION", "losses that floats take for equal, or in the wrong order", "another parameter",
            mutants=["float-loss"]),
        "Robust": Note("FORMULA", "absolute in place of squared deviations",
            "another minimiser where one datum is far off",
            mutants=["absolute-loss"]),
        "Clear": Note("FORMULA", "the largest loss", "the worst parameter", mutants=["argmax"]),
        **{flag: note for flag, note in _BAD.items() if flag != "BadRidge"},
    },
    {
        1: [
            Asked(_choice(_PLANE, [1, 0, 1], [[0, 0], [1, 0], [0, 1]]), "the second fits", "Clear"),
            Asked(_choice([[1]], [1], [[0], [2]]), "both are off by 1", "Tie"),
            Asked(_choice([[1, 0]], [1], [[0, 0], [1, 0], [1, 1]]), "two fit", "Tie Clear"),
            Asked(_choice([[1], [1]], [0, 1], [[1], [0], [_HALF]]), "the mean", "Clear"),
            Asked(_choice([[1], [1]], [0, 1], [[1], [0]]), "both ends", "Tie"),
            Asked(_choice([[1]], [1], [[1]]), "one parameter"),
            Asked(_choice([[0, 0]], [1], [[0, 0], [1, 1]]), "a feature that is 0", "Tie"),
            Asked(_choice([], [], [[1, 0], [0, 1]]), "no data", "Tie"),
            Asked(_choice([[1], [1], [1]], [0, 0, 3], [[0], [1]]), "median and mean", "Robust Clear"),
            Asked(_choice([[1]] * 5, [0, 0, 0, 0, 5], [[0], [1]]), "median and mean of five", "Robust Clear"),
        ],
        101: [
            Asked(_choice([[1]], [two(30)], [[0], [two(-30)]]), "2^60 against 2^60 - 2 + 2^-60", "NearTie"),
            Asked(_choice([[1], [1]], [two(20), 0], [[0], [two(-20)]]), "2^40 against 2^40 - 2 + 2^-39", "Clear"),
            Asked(_choice([[1], [1]], [two(27), 0], [[0], [two(-27)]]), "2^54 against 2^54 - 2 + 2^-53", "NearTie"),
            Asked(_choice([[1, 1]], [two(40)], [[0, 0], [0, two(-20)]]), "2^80 against 2^80 - 2^21 + 2^-40", "NearTie"),
            Asked(_choice([[1 + two(-30)]], [1], [[1 + two(-30)], [1 - two(-30)]]), "2^-58 against 2^-120", "Clear"),
        ],
        201: [case._replace(flags="Clear") for case in _choices()],
        301: [
            Asked(_choice([[1, 0]], [1], []), "no parameters", "BadShape", "invalid"),
            Asked(_choice([[1, 0]], [1, 2], [[1, 0]]), "one feature, two rewards", "BadShape", "invalid"),
            Asked(_choice([[1, 0]], [1], [[1]]), "features and parameters of two lengths", "BadShape", "invalid"),
            Asked(_choice([[1, 0]], ["nan"], [[1, 0]]), "a reward that is no number", "NotANumber", "invalid"),
            Asked(_choice([[1, 0]], ["inf"], [[1, 0]]), "an infinite reward", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip
