"""What ``dump`` writes, ``load`` reads, whatever the numbers; what it cannot write it refuses, and names the entry."""

from dataclasses import replace

import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reference.catalog import DEFAULT_LIMITS, InstanceError, dump, load, parse
from reference.catalog.layout import loglinear_text, number_text
from reference.exact.law import Law, LawError
from reference.exact.log_linear import LogLinear, log, loglinear
from reference.exact.rational_numbers import MAX_DIGITS, BadNumber, rational
from reference.model import About, Edge, LinearProblem, Problem, ProblemError, Prompt, Response, Start
from reference.model.parts import END
from reference.model.problem import NO_NOISE

digits = st.integers(1, 12).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))


@st.composite
def decimals(draw: st.DrawFn) -> str:
    """Decimals that are read, with exponents up to the limit and long runs of zeros."""
    zeros = "0" * draw(st.sampled_from([0, 1, 30, 9900, 9970]))
    exponent = draw(st.integers(-10_000, 10_000) | st.sampled_from([-10_000, 10_000]))
    whole, part = draw(digits), draw(digits)
    shape = draw(
        st.sampled_from([f"{whole}{zeros}", f"{whole}{zeros}.{part}", f"0.{zeros}{whole}", f"{whole}.{zeros}{part}"])
    )
    return f"{draw(st.sampled_from(['', '-', '+']))}{shape}e{exponent}"


@st.composite
def fractions(draw: st.DrawFn) -> str:
    """Fractions that are read, short ones and long ones."""
    sizes = st.sampled_from([1, 10, 4990])
    above, below = (draw(digits) * draw(sizes) for _ in range(2))
    return f"{above[:4990]}/1{below[:4990]}"


@given(decimals() | fractions())
@example("1e10000")
@example("1e-10000")
@example("-" + "9" * 9999)
@example("1." + "0" * 9990 + "1e9999")
@example("0." + "0" * 9980 + "1e-10000")  # 10^-19981
@example("1." + "0" * 9997 + "1")  # an exponent would make it too long
@example("9" * 9990 + "e10000")  # 19,990 digits
def test_a_number_that_is_read_is_written_so_that_it_is_read(text: str) -> None:
    try:
        value = rational(text)
    except BadNumber:
        assert len(text) > MAX_DIGITS
        return
    again = number_text(value)
    assert len(again) <= MAX_DIGITS
    assert rational(again) == value
    if abs(value) < 10**50 and value.q < 10**50:
        assert "e" not in again


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (fmpq(-3, 4), "-3/4"),
        (fmpq(10) ** 10_000, "1e10000"),
        (fmpq(10) ** 9_999, "1" + "0" * 9_999),  # as long as is read
        (fmpq(-17) / fmpq(10) ** 10_000, "-17e-10000"),
        (fmpq(-17) / fmpq(10) ** 10_001, "-0.17e-9999"),
        (fmpq(17) / fmpq(10) ** 10_003, "0.017e-10000"),
        (fmpq(17) * fmpq(10) ** 10_003, "17000e10000"),
        (fmpq(1, 2) ** 1000 * fmpq(10) ** 11_000, f"{5**1000}e10000"),
    ],
)
def test_how_a_long_number_is_written(value: fmpq, text: str) -> None:
    assert number_text(value) == text
    assert rational(text) == value


def test_logarithms_with_long_coefficients() -> None:
    value = log(2) * rational("1e10000") - log(3) * rational("1e-10000") - rational("1e10000")
    assert loglinear_text(value) == "-1e10000+1e10000*log(2)-1e-10000*log(3)"
    assert loglinear(loglinear_text(value)) == value
    assert loglinear_text(log(2) - 1) == str(log(2) - 1)


sizes = st.sampled_from(
    ["1", "3/7", "1e10000", "1e-10000", "3e9999", "0.07e-10000", "1/" + "3" * 6000, "1" + "0" * 9998]
)


@st.composite
def extreme(draw: st.DrawFn) -> Problem:
    """Problems whose numbers are all of extreme size; ``R_max/beta`` is not, it has a limit of its own."""

    def number() -> fmpq:
        value = rational(draw(sizes))
        return value ** draw(st.sampled_from([1, 1, 1, 3]))

    def share() -> fmpq:
        return rational(draw(st.sampled_from(["1/2", "2/7", "1e-9000", "0.007e-9900", "1/" + "3" * 4950])))

    scale, rho, mass, x = number(), share(), share(), share()
    rho = rho / 2
    theta = LogLinear(scale) if draw(st.booleans()) else log(2) * scale
    y = [draw(st.sampled_from([fmpq(0), fmpq(1), -x])), x]
    if draw(st.booleans()):
        responses = [Response.of("a", mass, [y[0]]), Response.of("b", 1 - mass, [y[1]])]
        prompts = [Prompt.of("x", responses, rho=rho, baseline=number()), Prompt.of("y", responses, rho=1 - rho)]
        return LinearProblem.of("extreme", prompts, theta=[theta], beta=scale, B=scale, R_max=2 * scale)
    node = [Edge.of("a", mass, [y[0]], reward=theta), Edge.of("b", 1 - mass, [y[1]])]
    starts = [Start.of("x", rho=rho), Start.of("y", rho=1 - rho)]
    return Problem.of("extreme", starts, [[node], [node]], beta=scale, R_max=2 * scale)


@given(extreme())
def test_what_is_written_is_read_whatever_the_numbers(problem: Problem) -> None:
    try:
        text = dump(problem)
    except InstanceError as error:
        said = str(error)
        assert said.startswith("'extreme' cannot be written: ")
        assert "(line" not in said
        assert "more than 65536 bits" in said or "at most 10000 are read" in said
        return
    assert parse(text) == problem
    assert dump(parse(text)) == text


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6) | st.sampled_from(
    [
        "x" * 3000,
        "END",
        "\u2028",
        "\ud800",
        "a\nb",
        "\x00",
        '"',
        "\\",
        "next",
        "0",
        "é",
        "e\u0301",
        "\U0001d538",
        " ",
        "1/2",
    ]
)
"""Names: of any characters, long ones, and those that mean something in files."""

small = st.sampled_from(["0", "1", "-1/2", "1/" + "7" * 40, "1e-9999", "1/" + "3" * 9000])
rewards = st.sampled_from(
    ["0", "1", "-log(2)", "1/3 + 2*log(7/5)", "1e-9990*log(2)", "log(340282366920938463463374607431768211507)"]
)


@st.composite
def odd(draw: st.DrawFn) -> Problem:
    """Problems with odd names, temperatures near the limit of ``R_max/beta``, noise, and responses that end early.

    Raises:
        ProblemError, LawError: where the numbers do not fit together.
    """
    names = draw(st.lists(words, min_size=4, max_size=4))
    about = About(title=draw(words | st.just("")), provenance=((draw(words), draw(words)),))
    mass = rational(draw(st.sampled_from(["1/2", "1e-9000", "1/" + "3" * 4950])))
    beta = draw(st.sampled_from(["1", "1e-4", "9.99e-5", "1e10000", "3" * 30 + "/" + "7" * 9900]))
    error = rational(draw(small))
    noise = Law.of([(error, fmpq(1, 2)), (-error, fmpq(1, 2))]) if error != 0 else NO_NOISE
    phi = [[draw(small)] for _ in range(2)]
    if draw(st.booleans()):
        responses = [Response.of(names[2], mass, phi[0]), Response.of(names[3], 1 - mass, phi[1])]
        prompts = [Prompt.of(names[1], responses, baseline=draw(small))]
        theta = [loglinear(draw(rewards))]
        return LinearProblem.of(names[0], prompts, theta=theta, beta=beta, B=100, R_max=100, noise=noise, about=about)
    earned = [loglinear(draw(rewards)) for _ in range(2)]
    last = [Edge.of(names[2], mass, phi[0], reward=earned[0]), Edge.of(names[3], 1 - mass, phi[1], reward=earned[1])]
    ends = (Edge.of(END, 1, [0]),)
    first = [
        Edge.of(names[2], mass, phi[1], child=0),
        Edge.of(names[3], 1 - mass, phi[0], child=1),
    ]
    return Problem.of(
        names[0], [Start.of(names[1])], [[first], [last, ends]], beta=beta, R_max=100, noise=noise, about=about
    )


def written_or_refused(problem: Problem) -> str:
    try:
        return dump(problem)
    except InstanceError as error:
        return str(error)


@given(st.data())
@settings(max_examples=25)
def test_whatever_can_be_made_is_written_so_that_it_is_read_or_refused_in_one_line(data: st.DataObject) -> None:
    try:
        problem = data.draw(odd())
    except (ProblemError, LawError):
        return
    text = written_or_refused(problem)
    if "cannot be written: " in text.partition("\n")[0]:
        assert "\n" not in text
        return
    assert parse(text) == problem
    assert parse(text.encode()) == problem
    assert parse(text).about == problem.about
    assert dump(parse(text)) == text


def single(theta: object = 0, *, beta: object = 1, bound: object = 0, about: About | None = None) -> LinearProblem:
    prompt = Prompt.of("x", [Response.of("a", 1, [1])])
    parameter = theta if isinstance(theta, LogLinear) else loglinear(str(theta))
    return LinearProblem.of("p", [prompt], theta=[parameter], beta=str(beta), B=str(bound), R_max=0, about=about)


def test_an_integer_of_many_digits_is_written_in_few() -> None:
    problem = single("1e10000", bound="1e10000")
    assert '"theta": ["1e10000"]' in dump(problem)
    assert parse(dump(problem)) == problem


long = fmpq(1, 3) ** 30_000


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (
            replace(single(), beta=long),
            "'p' cannot be written: beta: a numeral of 14316 characters; at most 10000 are read",
        ),
        (
            replace(single(), theta=(LogLinear(long),), B=fmpq(1)),
            "'p' cannot be written: theta[0]: a numeral of 14316 characters; at most 10000 are read",
        ),
        (
            single(log(10**40 + 121), bound=100),  # a prime
            "'p' cannot be written: theta[0]: the argument of a logarithm has 41 characters; at most 32 are read",
        ),
        (
            single(about=About(title="\ud800")),
            "'p' cannot be written: title: holds half of a surrogate pair, which is not text",
        ),
    ],
)
def test_what_cannot_be_read_is_not_written(problem: LinearProblem, said: str) -> None:
    with pytest.raises(InstanceError) as caught:
        dump(problem)
    assert str(caught.value) == said


def test_limits_are_those_of_reading() -> None:
    problem = load("clean-sweep")
    small = replace(DEFAULT_LIMITS, horizon=1)
    with pytest.raises(InstanceError, match="'clean-sweep' cannot be written: horizon: 2; at most 1 are read"):
        dump(problem, limits=small)
    large = replace(DEFAULT_LIMITS, exponent=10**9)
    steep = Problem.of("p", [Start.of("x")], [[[Edge.of("a", 1, [0])]]], beta="1e-8", R_max=1)
    with pytest.raises(InstanceError, match=r"beta: bounds\.R_max is more than 1000000 times beta"):
        dump(steep)
    assert parse(dump(steep, limits=large), limits=large) == steep
