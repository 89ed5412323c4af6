"""A file of vectors that someone has touched: each kind of tampering is found, and named."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from reference.conformance import FUNCTIONS, Answer, Vector, VectorFile, read_vectors
from reference.conformance.lint import lint
from reference.conformance.vectors import DATA, Note, vector_text

Change = Callable[[VectorFile], VectorFile]

FILE = read_vectors("kl")


def written(folder: Path, text: str) -> Path:
    path = folder / "kl.json"
    path.write_text(text, "utf-8")
    return path


def with_vector(number: int, **fields: object) -> Change:
    def change(file: VectorFile) -> VectorFile:
        vectors = list(file.vectors)
        vectors[number] = replace(vectors[number], **fields)
        return replace(file, vectors=vectors)

    return change


def with_answer(**fields: object) -> Change:
    answer = replace(FILE.vectors[0].answer[0], **fields)
    return with_vector(0, answer=[answer])


REFUSED = next(i for i, vector in enumerate(FILE.vectors) if vector.result == "invalid")

TAMPERED: dict[str, tuple[Change, str]] = {
    "count": (lambda file: replace(file, number_of_vectors=3), "numberOfVectors is 3"),
    "id twice": (with_vector(1, id="kl-1"), "2 vectors have the id kl-1"),
    "id of another function": (with_vector(1, id="softmax-1"), "an id is the function and a number"),
    "unknown function": (lambda file: replace(file, function="k"), "function 'k' is unknown"),
    "result of a function": (lambda file: replace(file, result="law"), "result is law"),
    "flag without a note": (with_vector(0, flags=["Strange"]), "flag 'Strange' has no note"),
    "unused flag": (
        lambda file: replace(file, notes={**file.notes, "Unused": Note("A", "b", "c", mutants=["d"])}),
        "flag 'Unused' is on no vector",
    ),
    "flag without a mistake": (
        lambda file: replace(file, notes={**file.notes, "Different": Note("A", "b", "c")}),
        "flag 'Different' names no mistake",
    ),
    "formats": (with_vector(0, formats=["binary64"]), "formats are binary64; its inputs are exact in"),
    "input": (with_vector(0, input={"p": ["1/3", "2/3"], "q": ["1/2", "1/2"]}), "an input is no number of binary64"),
    "input that is none": (
        with_vector(0, input={"p": ["1/2", "x"], "q": ["1/2", "1/2"]}),
        "'x' is not an exact number",
    ),
    "input missing": (with_vector(0, input={"p": ["1/2", "1/2"]}), "inputs p; takes p, q"),
    "exact": (with_answer(exact="log(2)"), "the exact number has"),
    "text": (with_answer(exact="lob(2)"), "is no number"),
    "decimal": (with_answer(decimal="0.14"), "decimal 0.14; the exact number has 0.143841036"),
    "no decimal": (with_answer(exact=None, decimal="zero"), "decimal 'zero' is no number"),
    "last bit": (with_answer(binary64=["0x1.269621134db93p-3"] * 3), "binary64: 0x1.269621134db93p-3"),
    "enclosure": (with_answer(exact=None, binary32=["0x1p+0"] * 3), "the decimal is not between"),
    "enclosure of words": (with_answer(exact=None, binary32=["x", "y", "z"]), "not three hexadecimal floats"),
    "format left out": (with_answer(bfloat16=None), "not one row of floats for each format"),
    "condition": (with_answer(condition=None), "an entry without a condition number"),
    "no answer": (with_vector(0, answer=[]), "no answer"),
    "two answers": (with_vector(0, answer=[*FILE.vectors[0].answer] * 2), "2 entries; the answer has 1"),
    "answer of an invalid one": (with_vector(REFUSED, answer=FILE.vectors[0].answer), "invalid, and has an answer"),
    "acceptable": (with_vector(0, result="acceptable"), "acceptable if and only if"),
    "others": (with_vector(0, result="acceptable", also=[["1", "2"]]), "another answer that passes"),
    "half an ideal": (with_vector(0, ideal_input={"p": ["1/2", "1/2"]}), "ideal inputs go with"),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_tampering_is_found_and_named(kind: str, tmp_path: Path) -> None:
    change, said = TAMPERED[kind]
    found = lint(written(tmp_path, vector_text(change(FILE))))
    assert any(said in line for line in found), found
    assert all("\n" not in line for line in found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("two outcomes", "two outcomez", "its sha256 is not that of the index"),
        ('"kl-1"', '"kl-1" ', "not written as the command writes it"),
        ('"numberOfVectors":', '"numberOfvectors":', "unknown field `numberOfvectors`"),
        ('"vectors":[', '"vectors":[[', "Expected `object`, got `array`"),
        ('"CC0-1.0"', "1", "Expected `str`, got `int`"),
        ('"valid"', '"fine"', "Invalid enum value 'fine'"),
        ('{"schema"', '{"licence":"x","schema"', "a key that is given twice"),
    ],
)  # fmt: skip
def test_a_changed_byte_is_found(old: str, new: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "index.json").write_bytes((DATA / "index.json").read_bytes())
    text = (DATA / "kl.json").read_text("utf-8")
    assert lint(written(tmp_path, text)) == []
    found = lint(written(tmp_path, text.replace(old, new, 1)))
    assert any(said in line for line in found), found


def test_an_index_of_other_files_is_said_so(tmp_path: Path) -> None:
    path = written(tmp_path, vector_text(FILE))
    (tmp_path / "index.json").write_text('{"schema":1}', "utf-8")
    assert "the index beside it" in lint(path)[0]
    index = msgspec.json.decode((DATA / "index.json").read_bytes())
    del index["functions"]["kl"]
    (tmp_path / "index.json").write_bytes(msgspec.json.encode(index))
    assert lint(path) == ["kl.json: the index beside it does not name this file"]


def test_no_bytes_raise_anything(tmp_path: Path) -> None:
    path = tmp_path / "kl.json"
    for data in (b"", b"\xff\xfe", b"[" * 100_000, b"null", b'{"schema":"spanner-vectors-1"}'):
        path.write_bytes(data)
        assert len(lint(path)) == 1


def test_integers_and_booleans_are_told_apart(tmp_path: Path) -> None:
    for function, value, said in (("accepts", 1, "1 is no boolean"), ("draws", True, "True is no integer")):
        file = read_vectors(function)
        vectors = [replace(file.vectors[0], answer=[Answer(value=value)]), *file.vectors[1:]]
        path = tmp_path / f"{function}.json"
        path.write_text(vector_text(replace(file, vectors=vectors)), "utf-8")
        assert any(said in line for line in lint(path))


@pytest.mark.parametrize("function", ["kl", "draws", "spanner", "token_policy"])
def test_nothing_is_wrong_with_a_file_that_ships(function: str) -> None:
    assert lint(DATA / f"{function}.json") == []


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_is_wrong_with_any_file_that_ships(function: str) -> None:
    assert lint(DATA / f"{function}.json") == []


def test_a_vector_is_read_as_it_was_written() -> None:
    again = msgspec.json.decode(vector_text(FILE).encode(), type=VectorFile)
    assert again == FILE
    assert isinstance(again.vectors[0], Vector)
