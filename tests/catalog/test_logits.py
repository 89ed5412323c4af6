"""Rows of logits in arrays and tensors become instances: each float is the number that it is."""

import struct
from fractions import Fraction
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZipFile

import numpy as np
import pytest
from flint import fmpq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import reference as ref
from reference.catalog import parse_linear
from reference.catalog.logits import RewardChoice
from tests.catalog.logit_files import base, made, npy, npy_of, npz, refusal, tensor, tensors

ROW = [0.5, -1.25, 2.0]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "my.file"


def logits_in(text: str) -> list[Fraction]:
    """The logits of a file, as they are written."""
    problem = text.split('"logit": "')[1:]
    words = [part.partition('"')[0] for part in problem]
    return [Fraction(*float.fromhex(w).as_integer_ratio()) if "x" in w else Fraction(w) for w in words]


@pytest.mark.parametrize(
    "dtype", ["float16", "float32", "float64", ">f2", ">f4", ">f8", "int8", "int64", ">i4", "uint8"]
)
@pytest.mark.parametrize("door", ["npy", "npz", "compressed"])
def test_arrays_of_every_width_and_order_are_read_as_what_they_hold(dtype: str, door: str, file: Path) -> None:
    row = (
        np.array([2, 1, 3], dtype=dtype)
        if "f" not in dtype
        else np.array([1, -2, 1], dtype=dtype) / np.dtype(dtype).type(3)
    )
    file.write_bytes(
        npy(row.astype(dtype)) if door == "npy" else npz(compressed=door == "compressed", logits=row.astype(dtype))
    )
    assert logits_in(made(file).text) == [Fraction(*float(value).as_integer_ratio()) for value in row]


BRAIN = {0x3F80: Fraction(1), 0xC000: Fraction(-2), 0x3EAB: Fraction(171, 512), 0x0001: Fraction(1, 2**133)}
"""bfloat16 by its bits; the last is its smallest positive number."""


@pytest.mark.parametrize("where", ["safetensors", "opaque", "named", "bits"])
def test_bfloat16_is_read_as_the_upper_half_of_a_float32(where: str, file: Path) -> None:
    cells, options = struct.pack("<4H", *BRAIN), dict[str, Any]()
    if where == "safetensors":
        file.write_bytes(tensor("BF16", [1, 4], cells))
    elif where == "opaque":  # as numpy saves what ml_dtypes brings
        file.write_bytes(npy_of("{'descr': '|V2', 'fortran_order': False, 'shape': (4,), }", cells))
        assert refusal(file).startswith(
            "the array: cells of two bytes and no type, as numpy writes bfloat16; say --dtype"
        )
        options = {"dtype": "bfloat16"}
    elif where == "named":
        file.write_bytes(npy_of("{'descr': 'bfloat16', 'fortran_order': False, 'shape': (4,), }", cells))
    else:
        file.write_bytes(npy(np.array(list(BRAIN), dtype=np.uint16)))
        options = {"dtype": "bfloat16"}
    assert logits_in(made(file, **options).text) == list(BRAIN.values())


@pytest.mark.parametrize("dtype", ["F64", "F32", "F16"])
def test_tensors_of_every_width(dtype: str, file: Path) -> None:
    code = {"F64": "d", "F32": "f", "F16": "e"}[dtype]
    file.write_bytes(tensor(dtype, [3], struct.pack(f"<3{code}", *ROW)))
    assert logits_in(made(file).text) == [Fraction(x) for x in ROW]


@given(
    row=st.lists(st.floats(-300, 300, width=32), min_size=2, max_size=9),
    temperature=st.sampled_from(["1", "1/2", "0.7", 3]),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_base_of_the_instance_is_the_softmax(row: list[float], temperature: object, tmp_path: Path) -> None:
    """The file states the logits exactly; a reader takes the nearest binary64 weights, as the format says."""
    file = tmp_path / "a.npy"
    file.write_bytes(npy(np.array(row, dtype=np.float32)))
    text = made(file, temperature=temperature).text
    heat = Fraction(str(temperature))
    assert logits_in(text) == [Fraction(x) / heat for x in row]
    exact, read = ref.from_logits(row, temperature=str(heat)), parse_linear(text).pi_ref(0)
    for j in range(len(row)):
        assert abs(ref.real(ref.exp_ratio(read.mass(j))) - exact.mass(j)) <= ref.real(exact.mass(j)) / 2**50 + fmpq(
            1, 2**1000
        )


def test_a_row_of_many_is_chosen(file: Path) -> None:
    table = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    file.write_bytes(npz(logits=table, other=table))
    assert logits_in(made(file, row=(1, 2)).text) == [20, 21, 22, 23]
    assert logits_in(made(file, row=(-1, 0), key="other").text) == [12, 13, 14, 15]
    assert refusal(file) == "array 'logits': float32 of shape (2, 3, 4); 2 x 3 rows: choose one, as in --row 0,0"
    assert refusal(file, row=(2, 0)).endswith("there is no row 2: that axis has 2, counted from 0")
    assert refusal(file, row=(0, 0, 0)).endswith("; 2 x 3 rows: choose one, as in --row 0,0")
    assert refusal(file, key="none").startswith(
        "there is no array 'none'; there are 'logits' float32 of shape (2, 3, 4)"
    )
    file.write_bytes(npz(a=table, b=table))
    assert refusal(file).startswith("2 arrays: choose one with --key; there are 'a' float32")
    file.write_bytes(npz(a=table[:1, :1]))
    assert logits_in(made(file).text) == [0, 1, 2, 3]


def test_a_mask_of_one_row_or_of_all(file: Path) -> None:
    table = np.arange(6, dtype=np.float32).reshape(2, 3)
    all_rows, each = np.array([1, 0, 1], bool), np.array([[1, 1, 0], [0, 1, 1]], bool)
    file.write_bytes(npz(logits=table, all=all_rows, each=each, gain=table - 5))
    assert logits_in(made(file, row=(1,), mask="all").text) == [3, 5]
    assert logits_in(made(file, RewardChoice(at=(("2", "1"),)), row=(1,), mask="each").text) == [4, 5]
    assert list(base(file, RewardChoice(field="gain"), row=(1,)).rewards(0)) == [-2, -1, 0]


def test_what_is_masked_is_left_out_if_that_is_said(file: Path) -> None:
    least = float(np.finfo(np.float32).min)
    for nothing in (-np.inf, least, -1e10):
        row = np.array([0.5, nothing, 2.0], dtype=np.float32)
        file.write_bytes(npz(logits=row, keep=np.array([1, 0, 1])))
        assert "leave such outcomes out with --drop-masked, or pass --mask" in refusal(file)
        assert base(file, drop_masked=True).responses(0) == ("0", "2")
        assert base(file, mask="keep").responses(0) == ("0", "2")
        assert made(file, mask="keep").told[1] == "1 left out"
    assert "1 left out" in made(file, drop_masked=True).text


def test_weights_that_vanish_in_a_file_are_told(file: Path) -> None:
    """``e^-745`` is nearest to the least positive binary64 number, ``e^-746`` to 0."""
    for low, told in (([-745.0], ""), ([-746.0, -800.0], "2 so far below the greatest logit")):
        file.write_bytes(npz(logits=np.array([0.0, *low])))
        assert made(file).told[-1].startswith(told or "2 outcomes of ")
        assert [bool(mass) for mass in base(file).pi_ref(0).weights] == [True] * (3 - len(low))


@pytest.mark.parametrize(
    ("row", "options", "said"),
    [
        ([0.5, np.nan], {}, "logits[1] = nan: not a finite number"),
        ([0.5, np.nan], {"drop_masked": True}, "logits[1] = nan: not a finite number"),
        ([0.5, np.inf], {}, "logits[1] = inf: not a finite number"),
        ([-np.inf, -np.inf], {"drop_masked": True}, "array 'logits' (float64): --drop-masked leaves none of 2"),
        ([0.0, 0.0], {"weights": True}, "array 'logits' (float64): all 2 entries of the row are 0: there is no law"),
        ([0.5, -0.5], {"weights": True}, "array 'logits' (float64): row[1] = -0.5 is negative; weights are at least 0"),
        ([0.5, np.nan], {"weights": True}, "row[1] = nan: not a finite number"),
        ([0.5, 0.5], {"mask": "none"}, "the mask leaves none of 2 outcomes: there is no law"),
        ([0.5, 0.5], {"mask": "half"}, "mask[0] = 0.5; true or false is needed"),
        ([0.5, 0.5], {"mask": "long"}, "long: array 'long' (bool) has 3 entries, and there are 2 outcomes"),
        ([0.5, 0.5], {"mask": "gone"}, "gone: there is no array 'gone'; there are 'logits' float64 of shape (2,)"),
        ([0.5, 0.5], {"temperature": 0}, "--temperature: 0 is not positive"),
        ([0.5, 0.5], {"temperature": 2, "weights": True}, "--temperature: goes with logits, not with probabilities"),
        ([0.5, 0.5], {"temperature": "hot"}, "--temperature: 'hot' is not an exact number"),
        ([0.5, 0.5], {"beta": 0}, "--beta: 0 is not positive"),
        ([0.5, 0.5], {"name": "\ud800"}, "--name: "),
    ],
)  # fmt: skip
def test_numbers_that_make_no_law_are_refused_in_one_line(
    row: list[float], options: dict[str, Any], said: str, file: Path
) -> None:
    file.write_bytes(npz(logits=np.array(row), none=np.zeros(2, bool), half=np.full(2, 0.5), long=np.ones(3, bool)))
    assert refusal(file, **options).startswith(said)


F4 = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }"
F32 = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is empty"),
        (b"hello", "neither npz, npy or safetensors, nor records in JSON"),
        (b"\x80\x04\x95", "a pickle, and none is ever loaded; save safetensors or npz"),
        (b"GGUF\x03\0\0\0", "a GGUF file of weights; logits are needed"),
        (npy(np.array([None, 1])), "the array: an array of objects, which only a pickle holds, and none is ever"),
        (npy(np.array(["a", "b"])), "the array: an array of text: save numbers"),
        (npy(np.array([b"a"])), "the array: an array of text: save numbers"),
        (npy(np.array([1j])), "the array: an array of complex numbers: save real ones"),
        (npy(np.array(["2020-01-01"], dtype="M8[D]")), "the array: cells of the type '<M8[D]', which is not read"),
        (npy(np.zeros(2, dtype=[("a", "f4")])), "the array: rows of named fields; save one field"),
        (npy(np.zeros(2, dtype=np.longdouble)), "the array: cells of the type '<f16', which is not read"),
        (npy(np.asfortranarray(np.zeros((2, 3)))), "the array: float64 of shape (2, 3), column by column (Fortran"),
        (npy(np.array(0.5)), "the array: float64 of shape (); 1 axes are needed here"),
        (npy(np.zeros((0,))), "the array: float64 of shape (0,); a row of no cells"),
        (npy(np.zeros(3))[:-1], "the array: float64 of shape (3,) takes 24 bytes, but 23 follow the header"),
        (npy(np.zeros(3)) + b"\0", "the array: float64 of shape (3,) takes 24 bytes, but 25 follow the header"),
        (npy(np.zeros(3))[:40], "the array: cut off inside the header: 30 of 118 bytes"),
        (npy_of(F4 % "1000000000,"), "the array: float32 of shape (1000000000,) takes 4000000000 bytes, but 0 follow"),
        (npy_of(F4 % "-1,"), "the array: a negative length in the shape (-1)"),
        (npy_of(F4 % ("1," * 99)), "the array: an array of 99 axes; at most 32"),
        (npy_of("__import__('os').abort()"), "the array: its header is not that of an array of numpy"),
        (npy_of("(" * 60000), "the array: its header is not that of an array of numpy"),
        (npy_of("{'descr': '<f4'}"), "the array: its header is not that of an array of numpy"),
        (b"\x93NUMPY\x02\0\xff\xff\xff\xff", "the array: a header of 4294967295 bytes; at most 65536 are read"),
        (b"\x93NUMPY\x09\0\0\0", "the array: version 9 of the format of numpy; 1, 2 and 3 are read"),
        (npz(a=np.zeros(3))[:-30], "a damaged archive: its list of members is missing, so it may be cut off"),
        (b"PK\x03\x04", "a damaged archive: its list of members is missing, so it may be cut off"),
        (tensor("F32", [10**9], b"\0\0\0\0"), "tensor 'logits': float32 of shape (1000000000,) takes 400000000"),
        (tensor("F8_E4M3", [4], b"\0\0\0\0"), "tensor 'logits': cells of the type 'F8_E4M3', which is not read; F64,"),
        (tensor("F32", [1], b"\0\0\0\0")[:-1], "tensor 'logits': cut off: it ends at byte"),
        (tensors(logits=F32 | {"data_offsets": [-4, 0]}), "tensor 'logits': float32 of shape (1,) takes 4"),
        (tensors(logits=F32 | {"shape": ["1"]}), "tensor 'logits': the header does not give dtype, shape and"),
        (tensors(logits=F32 | {"shape": [1.0]}), "tensor 'logits': the header does not give dtype, shape and"),
        (tensors(logits=[]), "tensor 'logits': the header does not give dtype, shape and data_offsets of it"),
        (tensors(), "holds no tensor"),
        (struct.pack("<Q", 10**9) + b"{}", "cut off: the header is to have 1000000000 bytes, and 2 follow"),
        (struct.pack("<Q", 9) + b"{" + b"[" * 8, "its header is not JSON"),
    ],
)  # fmt: skip
def test_files_that_hold_no_row_are_refused_in_one_line(raw: bytes, said: str, file: Path) -> None:
    file.write_bytes(raw)
    assert refusal(file).startswith(said)


def test_archives_that_are_none_of_numpy_are_refused(file: Path) -> None:
    with ZipFile(file, "w") as archive:
        archive.writestr("model/data.pkl", b"\x80\x02.")
    assert refusal(file) == "a file of torch.save, which is pickled, and no pickle is loaded; save safetensors"
    with ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refusal(file) == "an archive without arrays of numpy (members that end in .npy)"
    with ZipFile(file, "w", ZIP_BZIP2) as archive:
        archive.writestr("logits.npy", npy(np.zeros(3)))
    assert refusal(file).startswith("array 'logits': compressed by method 12; numpy writes stored and deflated arrays")
    raw = bytearray(npz(logits=np.zeros(3)))
    raw[raw.index(b"\x93NUMPY") + 130] ^= 1
    file.write_bytes(raw)
    assert refusal(file).startswith("a damaged archive: Bad CRC-32")
    assert refusal(file.parent) == "is a directory; give a file in it"
    assert refusal(Path()) == "is a directory; give a file in it"
    assert refusal(file.parent / "gone") == "cannot be read: No such file or directory"


def test_rewards_by_name_by_array_and_by_features(file: Path, tmp_path: Path) -> None:
    phi = np.array([[1, 0], [0, 0.5], [0.5, 0.5]], dtype=np.float32)
    file.write_bytes(npz(logits=np.array(ROW), r=np.array([0.5, -2.0, 0.0]), phi=phi))
    (tmp_path / "r.npz").write_bytes(npz(r=np.array([1.0, 0.0, 0.25])))
    (tmp_path / "words.json").write_text('["good", "bad", "good"]')

    def rewards(choice: RewardChoice, **options: Any) -> list[object]:  # noqa: ANN401 - of several types
        return list(base(file, choice, key="logits", **options).rewards(0))

    assert rewards(RewardChoice(at=(("#1", "1"), ("2", "-1/2")))) == [0, 1, fmpq(-1, 2)]
    assert rewards(RewardChoice(at=(("0", "log(3)"), ("2", "1")))) == [ref.log(3), 0, 1]
    words = {"tokens": tmp_path / "words.json"}
    assert rewards(RewardChoice(at=(("good", "1"), ("good#2", "2"))), **words) == [1, 0, 2]
    assert rewards(RewardChoice(field="r")) == [fmpq(1, 2), -2, 0]
    assert rewards(RewardChoice(field=f"{tmp_path / 'r.npz'}:r")) == [1, 0, fmpq(1, 4)]
    assert rewards(RewardChoice(field=f"{tmp_path / 'r.npz'}")) == [1, 0, fmpq(1, 4)]
    assert rewards(RewardChoice(features="phi", theta=("1", "log(2)"))) == [
        1,
        ref.log(2) / 2,
        fmpq(1, 2) + ref.log(2) / 2,
    ]
    for wrong, said in (
        (RewardChoice(), "no rewards are given; choose one of --reward TOKEN=NUMBER (0 elsewhere), --rewards KEY, or"),
        (RewardChoice(field="r", at=(("0", "1"),)), "rewards are given in two ways; choose one of"),
        (RewardChoice(features="phi"), "--features and --theta go together"),
        (RewardChoice(features="phi", theta=("1",)), "--theta: 1 entries, and array 'phi' (float32) has 2 features"),
        (RewardChoice(features="r", theta=("1",)), "r: array 'r': float64 of shape (3,); 2 axes are needed here"),
        (RewardChoice(features="phi", theta=("x", "1")), "--theta, entry 0: 'x' is not an exact number"),
        (
            RewardChoice(at=(("Paris", "1"),)),
            "--reward 'Paris': there is no such outcome of 3; names are like '0', '1', '2'",
        ),
        (RewardChoice(at=(("#3", "1"),)), "--reward '#3': there is no such outcome of 3"),
        (RewardChoice(at=(("0", "1/0"),)), "--reward '0': "),
        (RewardChoice(field="logits2"), "logits2: there is no array 'logits2'; there are 'logits' float64"),
    ):
        assert refusal(file, wrong, key="logits").startswith(said)
    assert refusal(file, RewardChoice(at=(("#0", "1"),)), key="logits", mask="r").startswith("mask[0] = 0.5")


def test_names_of_tokens(file: Path, tmp_path: Path) -> None:
    file.write_bytes(npy(np.array(ROW)))
    names = tmp_path / "names"
    for raw, expected in (
        (b'["a", "b", "c"]', ("a", "b", "c")),
        (b"a\nb\nc\n", ("a", "b", "c")),
        (b'{"b": 1, "a": 0, "c": 2}', ("a", "b", "c")),
        (b'{"model": {"vocab": {"b": 1, "a": 0}}, "added_tokens": [{"id": 2, "content": "<s>"}]}', ("a", "b", "<s>")),
        (b'{"model": {"vocab": [["a", 0.0], ["b", -1.5], ["c", -2.0]]}}', ("a", "b", "c")),
        (b'["a", "a", ""]', ("a", "a#1", "#2")),
        (b'["a#1", "x", "x"]', ("a#1", "x", "x#2")),
        (b'{"a": 0}', ("a", "#1", "#2")),
        (b'["\\ud800", "b", "c"]', ("\\ud800", "b", "c")),
    ):
        names.write_bytes(raw)
        assert base(file, tokens=names).responses(0) == expected
    for raw, said in (
        (b"[1]", "a list with entries that are no names"),
        (b'{"a": 1000000000000}', "the token 'a' has no number from 0 to 4194303"),
        (b'{"a": "0"}', "the token 'a' has no number from 0 to 4194303"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not UTF-8 text (byte 0)"),
        (b"a\nb\nc\nd\n", "4 names for 3 outcomes"),
    ):
        names.write_bytes(raw)
        assert refusal(file, tokens=names).startswith(f"--tokens: {names}: {said}")


def test_probabilities_are_weights_and_their_excess_is_told(file: Path) -> None:
    row = np.array([0.09003057330846786, 0.2447284609079361, 0.6652409434318542], dtype=np.float32)
    file.write_bytes(npy(row))
    problem = base(file, weights=True)
    exact = [Fraction(*float(x).as_integer_ratio()) for x in row]
    assert [Fraction(str(problem.pi_ref(0).mass(j))) for j in range(3)] == [x / sum(exact) for x in exact]
    assert any(key == "renormalised" for key, _ in problem.about.provenance)
