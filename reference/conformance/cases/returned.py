"""What SpannerSampling returns, coefficients over a spanner, and the sides of the bounds on both."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, in_row, in_rows, two
from reference.conformance.cases.tilts import REFUSALS
from reference.conformance.vectors import Argument, Note

_HALF = Fraction(1, 2)

_Features = Sequence[Iterable[NumberIn]]

_RIDGE = Note("VALIDATION", "the ridge must be positive", "a singular matrix", mutants=["any-ridge"])
_NU = Note("VALIDATION", "nu must be positive", "nothing is covered", mutants=["any-nu"])


def _policy(
    pi: Sequence[NumberIn],
    candidates: _Features,
    phis: _Features,
    thetas: _Features,
    beta: NumberIn = 1,
    M: NumberIn = 2,
    N: int = 2,
    ridge: NumberIn = 1,
    nu: NumberIn = 1,
) -> dict[str, Argument]:
    return {
        "pi": in_row(*pi), "candidates": in_rows(*candidates), "phis": in_rows(*phis), "thetas": in_rows(*thetas),
        "beta": str(beta), "M": str(M), "N": N, "ridge": str(ridge), "nu": str(nu),
    }  # fmt: skip


_LINE = [[1], [0]]
_PLANE = [[1, 0], [0, 1], [0, 0]]
_EVEN = [_HALF, _HALF]
_THREE = [_HALF, Fraction(1, 4), Fraction(1, 4)]

SPANNER_POLICY = CaseFamily(
    "spanner_policy",
    {
        "Covered": Note("LISTING", "exact sampling from the tilt in place of SoftmaxSampler, or a trial fewer",
            "right for many draws", mutants=["exact-tilt", "one-trial-fewer"]),
        "Mixture": Note("LISTING", "the last theta, or their mean, in place of a uniform draw", "right for one round",
            mutants=["last-theta", "mean-theta"]),
        "Truncated": Note("LISTING", "f is not set to 0 where the difference is not covered",
            "a reward that nobody has seen", mutants=["no-truncation"]),
        "Reference": Note("LISTING", "one reference response for all, none, or a uniform one",
            "other differences are covered", mutants=["first-reference", "no-reference", "uniform-reference"]),
        "Threshold": Note("FORMULA", "nu in place of nu^2", "others are covered", mutants=["nu-not-squared"]),
        "Tie": Note("BOUNDARY", "a norm of nu^2 exactly is covered", "its f is 0", mutants=["strictly-less"]),
        "Temperature": Note("TEMPERATURE", "beta is left out", "right at beta = 1 only", mutants=["beta-missing"]),
        "Ridge": Note("PARAMETER", "the ridge 1", "other differences are covered", mutants=["ridge-one"]),
        "ZeroBaseMass": Note("SUPPORT", "responses of base mass 0 get some", "mass off the support",
            mutants=["off-support-mass"]),
        "BadLaw": REFUSALS["BadLaw"],
        "BadTemperature": REFUSALS["BadTemperature"],
        "BadBound": Note("VALIDATION", "M > 0 and N >= 1", "no law", mutants=["any-bound"]),
        "BadRidge": _RIDGE,
        "BadNu": _NU,
        "BadShape": REFUSALS["BadShape"],
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_policy(_EVEN, _LINE, [[1]], [[1]]), "one round", "Covered"),
            Asked(_policy(_EVEN, _LINE, [[1]], [[1], [2]]), "two rounds", "Covered Mixture"),
            Asked(_policy(_EVEN, _LINE, [[1]], [[2], [-1], [1]], 1, 3, 3), "three rounds, three draws",
                "Covered Mixture"),
            Asked(_policy(_EVEN, _LINE, [], [[1]], 1, 2, 2, Fraction(1, 4)), "none is covered: pi", "Truncated Ridge"),
            Asked(_policy(_THREE, _PLANE, [[1, 0], [1, 0]], [[1, 2]], 1, 2, 2, 1, Fraction(3, 4)),
                "one direction is covered", "Covered Truncated Reference"),
            Asked(_policy(_THREE, _PLANE, [[1, 0], [1, 0]], [[1, 2], [0, 1]], 1, 2, 2, 1, Fraction(5, 4)),
                "a difference of norm 4/3 between nu and nu^2", "Covered Truncated Threshold Reference Mixture"),
            Asked(_policy(_EVEN, _LINE, [], [[1]]), "a norm of 1 = nu^2", "Covered Tie"),
            Asked(_policy(_EVEN, _LINE, [[1], [1]], [[1]], _HALF), "beta = 1/2", "Covered Temperature"),
            Asked(_policy([Fraction(1, 4), Fraction(3, 4)], _LINE, [[1]], [[1], [3]], 2, 2, 3), "beta = 2",
                "Covered Temperature Mixture"),
            Asked(_policy([_HALF, _HALF, 0], _PLANE, [[1, -1]], [[1, -1]], 1, 2, 2, 1, 1),
                "a response of base mass 0", "Covered ZeroBaseMass"),
            Asked(_policy(_EVEN, _LINE, [[1]], [[1]], 1, 2, 2, 4, _HALF), "lambda = 4", "Covered Ridge"),
            Asked(_policy([Fraction(1, 4), Fraction(3, 4)], _LINE, [[1]], [[1]], 1, 1, 1), "M = 1, N = 1", "Covered"),
        ],
        301: [
            Asked(_policy([_HALF, _HALF + two(-52)], _LINE, [[1]], [[1]]), "pi sums to 1 + 2^-52", "BadLaw", "invalid"),
            Asked(_policy(_EVEN, _LINE, [[1]], [[1]], 0), "beta = 0", "BadTemperature", "invalid"),
            Asked(_policy(_EVEN, _LINE, [[1]], [[1]], 1, 0), "M = 0", "BadBound", "invalid"),
            Asked(_policy(_EVEN, _LINE, [[1]], [[1]], 1, 2, 0), "N = 0", "BadBound", "invalid"),
            Asked(_policy(_EVEN, _LINE, [[1]], [[1]], 1, 2, 2, 0), "lambda = 0", "BadRidge", "invalid"),
            Asked(_policy(_EVEN, _LINE, [[1]], [[1]], 1, 2, 2, 1, 0), "nu = 0", "BadNu", "invalid"),
            Asked(_policy(_EVEN, [[1]], [[1]], [[1]]), "two masses, one response", "BadShape", "invalid"),
            Asked(_policy(_EVEN, _LINE, [[1]], []), "no theta", "BadShape", "invalid"),
            Asked(_policy(_EVEN, _LINE, [[1, 1]], [[1]]), "a difference of another length", "BadShape", "invalid"),
            Asked(_policy(_EVEN, _LINE, [[1]], [["nan"]]), "a theta that is no number", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip


def _over(vectors: _Features, indices: Sequence[int], phi: Sequence[NumberIn]) -> dict[str, Argument]:
    return {"vectors": in_rows(*vectors), "indices": list(indices), "phi": in_row(*phi)}


_TABLE = [[1, 0], [1, 1], [0, 2], [2, 3]]

SPANNER_COEFFICIENTS = CaseFamily(
    "spanner_coefficients",
    {
        "Skew": Note("FORMULA", "inner products in place of coefficients", "right for orthonormal vectors",
            mutants=["inner-products", "projections"]),
        "Lengths": Note("FORMULA", "the projections on each vector by itself, without its length",
            "right for unit vectors", mutants=["unit-vectors"]),
        "Order": Note("LISTING", "the indices are sorted", "coefficients in another order", mutants=["sorted-indices"]),
        "Fewer": Note("RANK", "the first coordinates alone are solved for", "a singular system, or another answer",
            mutants=["first-coordinates"]),
        "NearlyDependent": Note("CONDITION", "the Gram matrix is formed", "the condition number is squared",
            mutants=["normal-equations"]),
        "Zero": Note("BOUNDARY", "phi is scaled by its length", "0/0 where it is 0", mutants=["of-the-direction"]),
        "Dependent": Note("VALIDATION", "vectors that are dependent, or the same twice", "one of many answers",
            mutants=["least-squares"]),
        "Outside": Note("VALIDATION", "what is no combination is projected", "coefficients of another vector",
            mutants=["projects"]),
        "BadIndex": Note("VALIDATION", "an index of no vector", "counted from the end, or around",
            mutants=["any-index"]),
        "BadShape": Note("VALIDATION", "vectors of lengths that do not fit", "broadcasting", mutants=["broadcasts"]),
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_over(_TABLE, [0, 2], [2, 3]), "orthogonal vectors: 2 and 3/2", "Lengths"),
            Asked(_over(_TABLE, [0, 1], [2, 3]), "-1 and 3", "Skew Lengths"),
            Asked(_over(_TABLE, [1, 0], [2, 3]), "3 and -1", "Skew Order Lengths"),
            Asked(_over(_TABLE, [3, 1], [1, 0]), "1 and -1: the order counts", "Skew Order Lengths"),
            Asked(_over([[1, 0], [0, 1]], [1, 0], [5, -7]), "unit vectors, swapped", "Order"),
            Asked(_over([[0, 0, 1], [0, 1, 1]], [0, 1], [0, 3, 5]), "a plane in space: 2 and 3", "Skew Fewer Lengths"),
            Asked(_over([[0, 2, 2]], [0], [0, 1, 1]), "a line in space: 1/2", "Fewer Lengths"),
            Asked(_over([[1, 2, 3], [1, 1, 1], [2, 0, 1]], [2, 0, 1], [1, 3, 2]), "three dimensions",
                "Skew Order Lengths"),
            Asked(_over([[1, 1], [1, 1 + two(-26)]], [0, 1], [1, 2]), "vectors that nearly depend",
                "Skew NearlyDependent Lengths"),
            Asked(_over([[1, 1, 0], [1, 1 + two(-22), 1], [0, 1, 1 - two(-22)]], [0, 1, 2], [1, 3, 2]),
                "three that nearly depend", "Skew NearlyDependent Lengths"),
            Asked(_over(_TABLE, [0, 1], [0, 0]), "0", "Zero"),
        ],
        301: [
            Asked(_over([[1, 0], [2, 0], [0, 1]], [0, 1], [1, 0]), "parallel vectors", "Dependent", "invalid"),
            Asked(_over(_TABLE, [1, 1], [1, 1]), "one vector twice", "Dependent", "invalid"),
            Asked(_over(_TABLE, [0, 1, 2], [2, 3]), "three vectors in the plane", "Dependent", "invalid"),
            Asked(_over(_TABLE, [0], [2, 3]), "phi is no multiple of it", "Outside", "invalid"),
            Asked(_over([[0, 0, 1], [0, 1, 1]], [0, 1], [two(-40), 3, 5]), "2^-40 outside of a plane", "Outside",
                "invalid"),
            Asked(_over(_TABLE, [0, 5], [2, 3]), "an index of no vector", "BadIndex", "invalid"),
            Asked(_over(_TABLE, [0, 1], [2, 3, 0]), "phi of another length", "BadShape", "invalid"),
            Asked(_over(_TABLE, [0, 1], ["nan", 3]), "phi is no number", "NotANumber", "invalid"),
            Asked(_over(_TABLE, [1, 4], [2, 3]), "one more than the last index", "BadIndex", "invalid"),
        ],
    },
)  # fmt: skip


def _sides(phis: _Features, ridge: NumberIn, nu: NumberIn) -> dict[str, Argument]:
    return {"phis": in_rows(*phis), "ridge": str(ridge), "nu": str(nu)}


SPANNER_SIZE_SIDES = CaseFamily(
    "spanner_size_sides",
    {
        "Size": Note("FORMULA", "1 in place of 4, or n in place of a power", "features of norm 1, and not differences",
            mutants=["one-for-four", "product-for-power"]),
        "Threshold": Note("FORMULA", "nu in place of nu^2", "right at nu = 1 only", mutants=["nu-not-squared"]),
        "Ridge": Note("FORMULA", "the determinant is not divided by lambda^d", "right at lambda = 1 only",
            mutants=["not-normalised"]),
        "Dimension": Note("FORMULA", "d is left out of 4n/(lambda d)", "right on a line only",
            mutants=["dimension-missing"]),
        "Correlated": Note("FORMULA", "the diagonal alone", "right for orthogonal features", mutants=["diagonal-only"]),
        "NearlyDependent": Note("CONDITION", "the determinant is a difference of products", "digits are lost",
            mutants=["by-minors"]),
        "BadRidge": _RIDGE,
        "BadNu": _NU,
        "BadShape": Note("VALIDATION", "features of lengths that do not fit", "broadcasting", mutants=["broadcasts"]),
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_sides([[1]], 1, 1), "2, 2 and 5", "Size"),
            Asked(_sides([[2]], 1, 1), "a difference of norm 2: 2, 5 and 5", "Size"),
            Asked(_sides([[1], [1], [1]], 1, _HALF), "three on a line", "Size Threshold"),
            Asked(_sides([[1, 0], [0, 1]], 1, 1), "two directions", "Size Dimension"),
            Asked(_sides([[1, 0], [1, 1]], _HALF, 2), "correlated differences",
                "Size Threshold Ridge Dimension Correlated"),
            Asked(_sides([[1, 2, 0], [0, 1, 1], [1, 1, 1]], 2, Fraction(3, 4)), "three dimensions",
                "Size Threshold Ridge Dimension Correlated"),
            Asked(_sides([[0, 0]], 3, 1), "a difference that is 0", "Size Ridge Dimension"),
            Asked(_sides([[two(20), 0], [two(20), 1]], two(-20), 1), "vectors of norm 2^20 that nearly depend",
                "Size Ridge Dimension Correlated NearlyDependent"),
            Asked(_sides([[1, 1], [1, 1 + two(-20)]], two(-30), two(-10)), "2^-20 from a line",
                "Size Threshold Ridge Dimension Correlated NearlyDependent"),
        ],
        301: [
            Asked(_sides([[1]], 0, 1), "lambda = 0", "BadRidge", "invalid"),
            Asked(_sides([[1]], 1, 0), "nu = 0", "BadNu", "invalid"),
            Asked(_sides([], 1, 1), "no differences: the dimension is unknown", "BadShape", "invalid"),
            Asked(_sides([[1, 0], [1]], 1, 1), "differences of two lengths", "BadShape", "invalid"),
            Asked(_sides([["nan"]], 1, 1), "a difference that is no number", "NotANumber", "invalid"),
            Asked(_sides([[1]], "inf", 1), "an infinite lambda", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip


def _sequence(phis: _Features, ridge: NumberIn) -> dict[str, Argument]:
    return {"phis": in_rows(*phis), "ridge": str(ridge)}


POTENTIAL_SIDES = CaseFamily(
    "potential_sides",
    {
        "Some": Note("FORMULA", "log 2 is left out", "the sides no longer compare", mutants=["log-2-missing"]),
        "Capped": Note("FORMULA", "the minimum with 1 is left out", "right for norms of at most 1",
            mutants=["not-capped"]),
        "Order": Note("LISTING", "all norms by the last matrix, or by that which has the vector already",
            "too small", mutants=["last-matrix", "after-the-update"]),
        "Ridge": Note("PARAMETER", "the ridge 1", "right at lambda = 1 only", mutants=["ridge-one"]),
        "Correlated": Note("FORMULA", "the diagonal alone", "right for orthogonal features", mutants=["diagonal-only"]),
        "TinyFeatures": Note("CANCELLATION", "the logarithm of a determinant next to 1", "0 where the value is not",
            mutants=["log-of-determinant"]),
        "BadRidge": _RIDGE,
        "BadShape": Note("VALIDATION", "features of lengths that do not fit", "broadcasting", mutants=["broadcasts"]),
        "NotANumber": REFUSALS["NotANumber"],
    },
    {
        1: [
            Asked(_sequence([[1]], 1), "both sides are log 2", "Some Order"),
            Asked(_sequence([[1], [1]], 1), "twice the same", "Some Order"),
            Asked(_sequence([[2]], 1), "a norm of 4", "Some Capped Order"),
            Asked(_sequence([[1, 0], [0, 1]], 1), "two directions", "Some Order"),
            Asked(_sequence([[1, 0], [1, 1]], _HALF), "norms above 1", "Some Capped Order Ridge Correlated"),
            Asked(_sequence([[1, 0], [1, 1], [1, -1]], 4), "lambda = 4", "Some Order Ridge Correlated"),
            Asked(_sequence([[1, 2, 0], [0, 1, 1], [1, 1, 1]], 2), "three dimensions",
                "Some Capped Order Ridge Correlated"),
            Asked(_sequence([[0, 0]], 3), "a feature that is 0: 0 and 0"),
            Asked(_sequence([[two(-30), 0], [0, two(-31)]], 1), "norms of 2^-60 and 2^-62", "Some TinyFeatures"),
            Asked(_sequence([[two(-30)], [two(-30)]], 1), "norms of 2^-60, twice", "Some TinyFeatures"),
            Asked(_sequence([[1, 0], [0, 1]], Fraction(1, 4)), "lambda = 1/4", "Some Capped Order Ridge"),
        ],
        301: [
            Asked(_sequence([[1]], 0), "lambda = 0", "BadRidge", "invalid"),
            Asked(_sequence([], 1), "no features: the dimension is unknown", "BadShape", "invalid"),
            Asked(_sequence([[1, 0], [1]], 1), "features of two lengths", "BadShape", "invalid"),
            Asked(_sequence([["nan"]], 1), "a feature that is no number", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip
