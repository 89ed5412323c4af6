"""The parser: what it reads, and the one line it says about everything else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.catalog import (
    InstanceError,
    Limits,
    dump,
    linear_names,
    load,
    load_linear,
    names,
    parse_linear,
    schema,
    schema_text,
    tree_names,
)
from reference.catalog.format import SCHEMA_PATH
from reference.catalog.loading import LinearName
from reference.catalog.reading import DEFAULT_LIMITS, Numbers
from reference.catalog.token_format import token_schema
from reference.exact.linalg import Vector
from reference.model import LinearProblem, Problem
from reference.model.checks import ProblemError

Tree = dict[str, Any]


def example() -> Tree:
    return {
        "format": "spanner-reference/problem",
        "version": 1,
        "name": "example",
        "beta": "1/2",
        "theta": ["1", "1/2*log(2) - log(3/5)"],
        "bounds": {"B": "2", "R_max": "3"},
        "prompts": [
            {
                "name": "x0",
                "rho": "0.5",
                "baseline": "-2",
                "responses": [
                    {"name": "a", "pi_ref": "1/2", "phi": ["1", "0"]},
                    {"name": "b", "pi_ref": "0.25", "phi": ["0.6", "-4/5"]},
                    {"name": "c", "pi_ref": "25e-2", "phi": ["0", "0"]},
                ],
            },
            {"name": "x1", "rho": "1/2", "responses": [{"name": "a", "pi_ref": "1", "phi": ["0", "1"]}]},
        ],
    }


def put(path: list[str | int], value: object) -> str:
    tree: Any = example()
    node = tree
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return json.dumps(tree)


def complaint(data: bytes | str, **limits: int) -> str:
    with pytest.raises(InstanceError) as caught:
        parse_linear(data, "FILE", limits=Limits(**limits))
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith("FILE: ")
    assert len(line) < 500
    return line.removeprefix("FILE: ")


def test_a_valid_file_means_what_it_says() -> None:
    problem = parse_linear(json.dumps(example()))
    assert tuple(prompt.name for prompt in problem.prompts) == ("x0", "x1")
    assert problem.responses(0) == ("a", "b", "c")
    assert [str(mass) for _, mass in problem.pi_ref(0).items()] == ["1/2", "1/4", "1/4"]
    assert str(problem.phi(0, 1)[1]) == "-4/5"
    assert str(problem.reward(0, 0)) == "-1"
    # 1/2 log 2 - log(3/5) = 1/2 log 2 - log 3 + log 5
    assert str(problem.theta[1]) == "1/2*log(2) - log(3) + log(5)"
    assert str(problem.reward(1, 0)) == "1/2*log(2) - log(3) + log(5)"


def test_dump_and_parse_are_inverse() -> None:
    text = dump(parse_linear(json.dumps(example())))
    assert dump(parse_linear(text)) == text
    assert parse_linear(text) == parse_linear(json.dumps(example()))


def test_about_survives_a_round_trip() -> None:
    tree = example() | {
        "title": "Ein Titel, größer\u2028",
        "shows": "s",
        "source": "ours",
        "license": "CC0",
        "provenance": {"model": "m", "packages": {"torch": "2"}},
    }
    problem = parse_linear(dump(parse_linear(json.dumps(tree))))
    assert problem.about.title == "Ein Titel, größer\u2028"
    assert problem.about.provenance == (("model", "m"), ("packages", (("torch", "2"),)))


FIRST: list[str | int] = ["prompts", 0, "responses", 0]

MALFORMED: list[tuple[list[str | int], object, str]] = [
    # numbers that are not exact text
    (["beta"], 0.5, 'beta: the number 0.5 stands without quotes; numbers are exact text here, write "0.5"'),
    (["beta"], 2, 'beta: the number 2 stands without quotes; numbers are exact text here, write "2"'),
    (["beta"], float("nan"), "beta: NaN is not a number"),
    (["beta"], float("-inf"), "beta: -Infinity is not a number"),
    (["beta"], True, "beta: expected text in quotes, found true"),
    (["beta"], None, "beta: expected text in quotes, found null"),
    (["beta"], "", "beta: the text is empty"),
    (["beta"], "nan", "beta: 'nan' is not an exact number"),
    (["beta"], "1/0", "beta: '1/0' has denominator zero"),
    (["beta"], "1e999999999999", "beta: decimal exponent 999999999999; at most 10000"),
    (["beta"], "1e99999", "beta: decimal exponent 99999"),
    (["beta"], "9" * 20_000, "beta: a numeral of 20000 characters; at most 10000 are read"),
    (["beta"], "٣", "beta: '٣' is not an exact number"),
    (["beta"], 10**39, f'beta: the number 1{"0" * 39} stands without quotes; numbers are exact text here, write "1000'),
    (
        ["beta"],
        10**40,
        f"beta: the number 1{'0' * 36}... stands without quotes; numbers are exact text here, write it in",
    ),
    (["theta", 0], "log(0)", "theta[0]: log(0)"),
    (["theta", 0], "log(-2)", "theta[0]: log(-2): the argument must be positive"),
    (["theta", 0], "log(2)*log(3)", "theta[0]: "),
    (["theta", 0], "exp(1)", "theta[0]: 'exp(1)' is not an exact number"),
    (["theta", 0], f"log({'7' * 41})", "theta[0]: the argument of a logarithm has 41 characters; at most 32 are read"),
    (["theta", 0], "+".join(["log(2)"] * 300), "theta: 302 logarithms; at most 256 are read"),
    ([*FIRST, "phi", 1], 0.25, "prompts[0].responses[0].phi[1]: the number 0.25 stands without quotes"),
    # names and titles that are not text
    (["name"], 5, "name: expected text in quotes, found the number 5"),
    (["name"], 0.5, "name: expected text in quotes, found the number 0.5"),
    (["name"], float("nan"), "name: expected text in quotes, found NaN"),
    (["name"], 10**40, f"name: expected text in quotes, found the number 1{'0' * 36}..."),
    (["name"], "", "name: the text is empty"),
    (["title"], 5, "title: expected text in quotes, found the number 5"),
    (["prompts", 0, "name"], 5, "prompts[0].name: expected text in quotes, found the number 5"),
    ([*FIRST, "name"], 5, "prompts[0].responses[0].name: expected text in quotes, found the number 5"),
    # shape
    (["format"], "csv", 'format: the text "csv" is not supported; this package reads "spanner-reference/problem"'),
    (["version"], 3, "version: the number 3 is not supported; this package reads 1 and 2"),
    (["version"], "1", 'version: the text "1" is not supported; write 1 without quotes'),
    (["version"], "2", 'version: the text "2" is not supported; write 2 without quotes'),
    (["version"], "3", 'version: the text "3" is not supported; this package reads 1 and 2'),
    (["version"], True, "version: true is not supported; this package reads 1 and 2"),
    (["version"], 1.0, "version: the number 1.0 is not supported"),
    (["betta"], "1", 'unknown field "betta"; did you mean "beta"? known fields: format, version, name, beta, theta'),
    (["bounds", "b"], "1", 'bounds: unknown field "b"; known fields: B, R_max'),
    ([*FIRST, "p"], "1", 'prompts[0].responses[0]: unknown field "p"; known fields: name, pi_ref, phi'),
    (["prompts"], {}, "prompts: expected a list, found an object"),
    (["prompts"], [], "prompts: the list is empty"),
    (["prompts"], 10**40, f"prompts: expected a list, found the number 1{'0' * 36}..."),
    (["prompts", 0], [], "prompts[0]: expected an object, found a list"),
    (["prompts", 1, "responses"], [], "prompts[1].responses: the list is empty"),
    (["theta"], [], "theta: the list is empty"),
    (["provenance"], {"a": {"b": {}}}, "provenance.a.b: expected text in quotes, found an object"),
    (["provenance"], {"a b": 3}, 'provenance."a b": expected text in quotes, found the number 3'),
    # meaning
    (["beta"], "0", "beta: 0 is not positive"),
    (["beta"], "-1/2", "beta: -1/2 is not positive"),
    (["beta"], "1e-9", "beta: bounds.R_max is more than 1000000 times beta"),
    (["name"], "\ud800", "name: "),
    (["title"], "\ud800", "title: holds half of a surrogate pair"),
    ([*FIRST, "pi_ref"], "3/5", "prompts[0].responses: pi_ref masses sum to 11/10, 1/10 too much; they must sum to"),
    ([*FIRST, "pi_ref"], "2/5", "prompts[0].responses: pi_ref masses sum to 9/10, 1/10 too little"),
    ([*FIRST, "pi_ref"], "-1/2", "prompts[0].responses[0].pi_ref: -1/2 is negative"),
    (["prompts", 1, "responses", 0, "pi_ref"], "0", "prompts[1].responses: every pi_ref mass is zero, so the support"),
    (["prompts", 0, "rho"], "1/3", "prompts: rho masses sum to 5/6, 1/6 too little"),
    (["prompts", 0, "rho"], "0", "prompts[0].rho: 0 is not positive"),
    ([*FIRST, "phi"], ["1"], "prompts[0].responses[0].phi: 1 features, but theta has 2 entries"),
    (["theta"], ["1", "0", "0"], "theta: has 3 entries, but every phi has 2; give theta and every phi the same length"),
    (["theta"], ["1"], "theta: has 1 entry, but every phi has 2; give theta and every phi the same length"),
    ([*FIRST, "phi"], ["1", "1/2"], "prompts[0].responses[0].phi: ||phi||_2^2 = 5/4, 1/4 more than 1"),
    ([*FIRST, "name"], "b", "prompts[0].responses[1].name: the name 'b' is taken by prompts[0].responses[0]"),
    (["prompts", 1, "name"], "x0", "prompts[1].name: the name 'x0' is taken by prompts[0]"),
    (["bounds", "B"], "1", "theta: ||theta||_2 is about 1.31724, about 0.317245 more than bounds.B = 1; raise B"),
    (["bounds", "B"], "-1", "bounds.B: -1 is negative"),
    (["bounds", "R_max"], "1/10", "prompts[0].responses: rewards on the support differ by"),
    (["bounds", "R_max"], "-1", "bounds.R_max: -1 is negative"),
]


@pytest.mark.parametrize(("path", "value", "expected"), MALFORMED, ids=[str(i) for i in range(len(MALFORMED))])
def test_each_mistake_gets_one_clear_line(path: list[str | int], value: object, expected: str) -> None:
    assert complaint(put(path, value)).startswith(expected)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "not JSON: expecting value at line 1, column 1"),
        (b"{", "not JSON: "),
        (b"[]", "expected an object, found a list"),
        (b"null", "expected an object, found null"),
        (b"\xff\xfe", "not UTF-8 text (byte 0)"),
        ("\ufeff{}", "starts with a byte order mark"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"{}", 'the field "format" is missing'),
        (b'{"format": "spanner-reference/problem", "version": ' + b"1" * 10**6 + b"}", "version: the number 1111"),
        (b'{"format": 1, "format": 2}', 'the key "format" stands twice in one object'),
        (json.dumps(example()).replace('"pi_ref"', '"pi_ref": "1", "pi_ref"', 1), "prompts[0].responses[0]: the key"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_not_an_instance_at_all(data: bytes | str, expected: str) -> None:
    assert complaint(data).startswith(expected)


def test_theta_is_named_where_it_fits_no_features_of_several_lengths() -> None:
    tree = example() | {"theta": ["1", "0", "0"]}
    tree["prompts"][0]["responses"][0]["phi"] = ["1"]
    line = "theta: has 3 entries, but no phi has 3; give theta and every phi the same length"
    assert complaint(json.dumps(tree)) == line


def test_an_empty_title_is_not_laid_to_what_is_wrong_after_it() -> None:
    tree = example() | {"title": "", "shows": None}
    assert complaint(json.dumps(tree)) == "shows: expected text in quotes, found null"


def test_a_long_version_is_cut_off_with_an_ellipsis() -> None:
    line = f"version: the number {'1' * 37}... is not supported; this package reads 1 and 2"
    assert complaint(json.dumps(example() | {"version": int("1" * 41)})) == line


def test_missing_fields_are_named() -> None:
    for field in ("format", "version", "name", "beta", "theta", "bounds", "prompts"):
        tree = example()
        del tree[field]
        assert complaint(json.dumps(tree)) == f'the field "{field}" is missing'


def test_limits() -> None:
    text = json.dumps(example())
    assert complaint(text, file_bytes=10) == f"{len(text)} bytes; at most 10 are read"
    assert complaint(text, responses=3) == "prompts: 4 responses in all; at most 3 are read"
    assert complaint(text, prompts=1) == "prompts: 2 entries; at most 1 are read"
    assert complaint(text, dimension=1) == "theta: 2 entries; at most 1 are read"
    assert complaint(text, responses=1, prompts=1).startswith("more than 4 objects and lists")


def test_masses_over_many_denominators_are_refused_before_memory_runs_out() -> None:
    rows = [{"name": str(i), "pi_ref": f"1/{10**60 + i}", "phi": ["0", "0"]} for i in range(2000)]
    assert "has more than 65536 bits" in complaint(put(["prompts", 0, "responses"], rows))


def test_absurd_denominators_are_refused_before_they_are_multiplied_out() -> None:
    long = [f"1/{10**4200 + i}" for i in range(50)]
    tree = example() | {"theta": long}
    assert "theta: the common denominator has more than 65536 bits" in complaint(json.dumps(tree))
    tree = example() | {"theta": ["0"] * 50}
    tree["prompts"][0]["responses"][0]["phi"] = long
    assert "responses[0].phi: the common denominator has more than 65536 bits" in complaint(json.dumps(tree))
    assert "prompts[0].responses[1].phi: features up to here" in complaint(json.dumps(example()), feature_bits=3)


FRACTIONS = st.lists(st.sampled_from(["0", "1", "-1/2", "2/4", "-0/7", "1/3", "5/999999999", "0.5", "1/10000000019"]))


@given(st.integers(1, 3).flatmap(lambda d: st.lists(FRACTIONS.map(lambda row: [*row, *["1/7"] * d][:d]), max_size=4)))
def test_features_are_read_together_as_one_by_one(rows: list[list[str]]) -> None:
    together, alone = Numbers(DEFAULT_LIMITS), Numbers(DEFAULT_LIMITS)

    def read(vectors: Callable[[], list[Vector]]) -> list[Vector] | str:
        try:
            return vectors()
        except ProblemError as error:
            return f"{error.path}: {error.reason}"

    found = read(lambda: together.vectors("at", rows))
    assert found == read(lambda: [alone.vector(f"at[{j}].phi", row) for j, row in enumerate(rows)])
    assert together.feature_bits <= alone.feature_bits


def test_features_of_several_lengths_are_read_as_they_are() -> None:
    rows = [["1/2"], ["1/2", "1/3"]]
    assert Numbers(DEFAULT_LIMITS).vectors("at", rows) == [Vector.of(row) for row in rows]


def test_many_rewards_with_many_logarithms_are_refused() -> None:
    message = "theta: 4 rewards of up to 4 terms each (a constant and the logarithms of primes) are 16; at most 15"
    assert complaint(json.dumps(example()), reward_terms=15).startswith(message)


def test_a_norm_that_cannot_be_told_from_its_bound_is_said_so() -> None:
    from reference.exact import log, precision_cap  # noqa: PLC0415 - only this test looks at the cap

    # 200 digits of log 2, rounded up: the squares differ by less than 64 bits can see.
    bound = str((log(2) * 10**200).ceil()) + "/1" + "0" * 200
    tree = example() | {"theta": ["log(2)", "0"], "bounds": {"B": bound, "R_max": "3"}}
    assert parse_linear(json.dumps(tree)).B > 0
    with precision_cap(128):
        assert "theta: undecided at 128 bits: whether ||theta||_2 exceeds bounds.B" in complaint(json.dumps(tree))


class TestLoad:
    def test_a_path(self, tmp_path: Path) -> None:
        file = tmp_path / "mine.json"
        file.write_text(json.dumps(example()))
        assert load_linear(file).name == load_linear(str(file)).name == "example"

    def test_catalog_names_come_first_and_can_be_forced(self) -> None:
        assert load("two-arms") is load("catalog:two-arms")

    @pytest.mark.parametrize(
        ("argument", "expected"),
        [
            ("two-arm", "two-arm: no such file, and no catalog instance of this name; did you mean 'two-arms'?"),
            (
                "catalog:two-arm",
                "catalog:two-arm: no such instance; did you mean 'two-arms'? `spanner catalog` lists them",
            ),
            ("catalog:zzz", "catalog:zzz: no such instance; `spanner catalog` lists them"),
            ("zzz", "zzz: no such file, and no catalog instance of this name; `spanner catalog` lists them"),
            ("catalog:", "'catalog:': no name follows; write catalog:NAME (`spanner catalog` lists them)"),
            ("", "'': the name is empty; give the name of an instance or a file (`spanner catalog` lists them)"),
            (" ", "' ': no such file, and no catalog instance of this name"),
            ("a\0b", "'a\\x00b': cannot be read: "),
            ("fair-bits", "fair-bits: no such file, and no catalog instance of this name; did you mean 'fair-coin'?"),
            ("fair-bits-3", "fair-bits-3: a problem of horizon 3 without theta; a linear problem is needed here"),
            ("/dev/zero", "/dev/zero: not a regular file"),
            ("/", "/: is a directory; give the file of an instance"),
            ("line\nbreak", "'line\\nbreak': no such file"),
            ("x" * 5000, "x"),
        ],
    )
    def test_what_cannot_be_read(self, argument: str, expected: str) -> None:
        with pytest.raises(InstanceError) as caught:
            load_linear(argument)
        assert str(caught.value).startswith(expected)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("read", [load, load_linear])
    @pytest.mark.parametrize("argument", ["zzz", "catalog:zzz", "catalog:", ""])
    def test_not_every_name_is_listed(self, argument: str, read: Callable[[str], Problem]) -> None:
        with pytest.raises(InstanceError) as caught:
            read(argument)
        assert not [name for name in names() if name in str(caught.value)]

    def test_a_path_of_the_catalog_means_the_catalog(self) -> None:
        assert load_linear(Path("catalog:two-arms")) is load("two-arms")

    def test_a_path_of_a_name_means_the_file(self) -> None:
        with pytest.raises(InstanceError, match="no such file"):
            load_linear(Path("two-arms"))

    def test_the_file_is_named(self, tmp_path: Path) -> None:
        file = tmp_path / "bad.json"
        file.write_text(put(["beta"], "0"))
        with pytest.raises(InstanceError, match=r"bad\.json: beta: 0 is not positive"):
            load_linear(file)

    def test_a_large_file_is_not_read(self, tmp_path: Path) -> None:
        file = tmp_path / "large.json"
        with file.open("wb") as handle:
            handle.truncate(10**12)  # sparse
        with pytest.raises(InstanceError, match="1000000000000 bytes; at most"):
            load_linear(file)


def test_the_shipped_schema_is_the_generated_one() -> None:
    assert SCHEMA_PATH.read_text(encoding="utf-8") == schema_text()


def test_the_schema_names_every_field_and_refuses_others() -> None:
    definitions: Any = schema()["$defs"]
    entry = definitions["ProblemEntry"]
    assert set(example()) <= set(entry["properties"])
    assert all(d["additionalProperties"] is False for d in definitions.values())
    token_definitions: Any = token_schema()["$defs"]
    fields = [f for d in (*definitions.values(), *token_definitions.values()) for f in d["properties"].items()]
    assert [name for name, about in fields if not about.get("description")] == []


@pytest.mark.parametrize(("listed", "kind"), [(linear_names, LinearProblem), (tree_names, Problem)])
def test_names_are_sorted_and_each_loads(listed: Callable[[], tuple[str, ...]], kind: type[Problem]) -> None:
    assert list(listed()) == sorted(listed())
    assert len(listed()) >= 10
    assert {type(load(name)) for name in listed()} == {kind}


def test_all_names_are_those_of_both_folders() -> None:
    assert list(names()) == sorted({*linear_names(), *tree_names()})
    assert not set(linear_names()) & set(tree_names())


def test_a_literal_name_of_a_linear_problem_is_typed_as_one() -> None:
    assert sorted(get_args(LinearName)) == list(linear_names())


@given(
    st.lists(st.sampled_from(["0", "1", "-1/2", "2/4", "5/999999999", "0.5", "1/10000000019", "1/0", "x"]), max_size=4)
)
def test_masses_are_read_together_as_one_by_one(texts: list[str]) -> None:
    def read(numbers: Callable[[], list[fmpq]]) -> list[fmpq] | str:
        try:
            return numbers()
        except ProblemError as error:
            return f"{error.path}: {error.reason}"

    numbers = Numbers(DEFAULT_LIMITS)
    alone = read(lambda: [numbers.number(f"at[{j}].pi_ref", text) for j, text in enumerate(texts)])
    assert read(lambda: numbers.numbers("at", "pi_ref", texts)) == alone
