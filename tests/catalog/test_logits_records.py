"""Log-probabilities as engines answer them, each in the fields that it uses; and what is none."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reference.catalog.logits import RewardChoice
from tests.catalog.logit_files import base, chat, lines, made, refusal

ROWS = [(" Paris", -0.25), (" Lyon", -2.5), ("\n", -4.0)]
NAMES = (" Paris", " Lyon", "\n")
TABLE = dict(ROWS)
LIST = [{"token": token, "logprob": value} for token, value in ROWS]
GEMINI = [{"token": token, "tokenId": 1, "logProbability": value} for token, value in ROWS]
BY_NUMBER = {
    str(10 + i): {"logprob": value, "rank": i + 1, "decoded_token": token} for i, (token, value) in enumerate(ROWS)
}

ANSWERS: dict[str, object] = {
    "chat": chat(ROWS),
    "completion": {
        "choices": [
            {
                "text": " Paris",
                "logprobs": {
                    "tokens": [" Paris"], "token_logprobs": [-0.25], "top_logprobs": [TABLE], "text_offset": [0],
                },
            }
        ]
    },
    "vllm prompt": {"choices": [{"text": "x"}], "prompt_logprobs": [None, BY_NUMBER]},
    "vllm own": {"outputs": [{"text": " Paris", "logprobs": [BY_NUMBER]}]},
    "sglang": {"text": "x", "meta_info": {"output_top_logprobs": [[[v, i, t] for i, (t, v) in enumerate(ROWS)]]}},
    "tgi": {"generated_text": "x", "details": {"top_tokens": [[{"id": 1, "text": t, "logprob": v} for t, v in ROWS]]}},
    "llama.cpp": {
        "content": " Paris",
        "completion_probabilities": [
            {"id": 1, "token": " Paris", "logprob": -0.25, "top_logprobs": LIST}
        ],
    },
    "gemini": {
        "candidates": [
            {
                "content": {"parts": []},
                "logprobsResult": {
                    "topCandidates": [{"candidates": GEMINI}]
                },
            }
        ]
    },
    "plain": {"tokens": list(NAMES), "logprobs": [v for _, v in ROWS]},
    "a place a line": {"token": " Paris", "logprob": -0.25, "top_logprobs": LIST},
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.jsonl"


@pytest.mark.parametrize("engine", ANSWERS)
@pytest.mark.parametrize("form", ["line", "later line", "document", "list"])
def test_what_an_engine_answers_is_found(engine: str, form: str, file: Path) -> None:
    answer, options = ANSWERS[engine], dict[str, Any]()
    if engine == "vllm prompt":
        options["key"] = "prompt_logprobs"
    if form == "line":
        file.write_bytes(lines(answer))
    elif form == "later line":
        file.write_bytes(lines({"choices": []}) + b"\n" + lines(answer))
        options["row"] = (1,)
    elif form == "document":
        file.write_text(json.dumps(answer, indent=1))
    elif engine != "a place a line":
        file.write_text(json.dumps([{"choices": []}, answer]))
        options["row"] = (1,)
    else:
        return
    problem = base(file, RewardChoice(at=((" Lyon", "1"),)), **options)
    assert problem.responses(0) == NAMES
    text = made(file, RewardChoice(at=((" Lyon", "1"),)), **options).text
    found = [
        Fraction(*float.fromhex(part.partition('"')[0]).as_integer_ratio()) for part in text.split('"logit": "')[1:]
    ]
    assert found == [Fraction(value) for _, value in ROWS]
    assert list(problem.rewards(0)) == [0, 1, 0]


def test_the_probability_of_what_is_listed_is_told(file: Path) -> None:
    file.write_bytes(lines(chat(ROWS)))
    told = made(file).told
    assert told[1] == "the listed probabilities sum to about 0.879201; divided by that"  # e^-.25 + e^-2.5 + e^-4
    assert told[1] in made(file).text


def test_a_drawn_token_beside_the_likeliest_is_one_of_them(file: Path) -> None:
    place = {"token": "!", "logprob": -5.0, "top_logprobs": LIST}
    file.write_bytes(lines({"choices": [{"logprobs": {"content": [place]}}]}))
    assert base(file).responses(0) == (*NAMES, "!")


def test_a_place_and_an_answer_are_chosen(file: Path) -> None:
    two = chat(ROWS, [(".", -0.5), ("!", -1.0)])
    two["choices"] = [*two["choices"], *chat([("a", -1.0), ("b", -1.0)])["choices"]]  # type: ignore[misc]  # lists
    file.write_bytes(lines(two))
    assert refusal(file) == "record 0: 2 places of the text: choose one, as in --row 0,0"
    assert base(file, row=(0, 1)).responses(0) == base(file, row=(0, -1)).responses(0) == (".", "!")
    assert base(file, choice=1).responses(0) == ("a", "b")
    assert refusal(file, row=(0, 2)) == "record 0: there is no place 2 of 2, counted from 0"
    assert refusal(file, row=(1,)) == "there is no record 1 of 1, counted from 0"
    assert refusal(file, row=(-1,)) == "there is no record -1; they are counted from 0"
    assert refusal(file, row=(0, 0, 0)).startswith("record 0: --row has 3 numbers; the line and the place")
    assert refusal(file, choice=2) == "record 0: choices: there is no answer 2 of 2, counted from 0"


def test_a_vocabulary_of_numbers_with_a_mask_and_rewards_beside_it(file: Path) -> None:
    record = {
        "logits": [0.5, float("-inf"), 2],
        "keep": [True, False, True],
        "gain": [0.5, 0, -1],
        "phi": [[1], [0], [1]],
    }
    file.write_bytes(lines(record))
    problem = base(file, RewardChoice(field="gain"), mask="keep")
    assert problem.responses(0) == ("0", "2")
    assert [str(r) for r in problem.rewards(0)] == ["1/2", "-1"]
    assert refusal(file, RewardChoice(field="gain")).startswith("logits[1] = -inf: an outcome of mass 0; leave such")
    assert refusal(file, RewardChoice(field="gone"), mask="keep") == (
        'gone: the record: has no field "gone"; its fields are "logits", "keep", "gain", "phi"'
    )
    assert refusal(file, RewardChoice(features="phi", theta=("1",)), mask="keep").startswith("phi: phi[0]: is a list; ")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"{", "record 0: not JSON"),
        (b"[1, 2", "record 0: not JSON"),
        (b"{}", "record 0: no log-probabilities were found; it has no fields; --key names"),
        (lines({"text": "x"}), 'record 0: no log-probabilities were found; its fields are "text"; --key names the one'),
        (lines(chat([("a", -1.0)])), "record 0: the token that was drawn alone is listed; ask the engine for"),
        (lines({"choices": [{"logprobs": None}]}), "record 0: choices[0]: no log-probabilities were found; its"),
        (lines({"logprobs": {"tokens": ["a"], "token_logprobs": [-1]}}), "record 0: logprobs: has log-probabilities"),
        (lines({"logprobs": [{"a": -1, "b": "x"}]}), "record 0: logprobs[0].b: is a text; a number is needed"),
        (lines({"logprobs": [{"a": -1, "b": None}]}), "record 0: logprobs[0].b: is null; a number is needed"),
        (lines({"logprobs": [{"probs": [{"prob": 0.5, "tok_str": "a"}]}]}), "record 0: logprobs[0].probs[0].prob: pro"),
        (b'{"logprobs": [{"a": -1, "a": -2}]}', 'record 0: logprobs[0]: has the key "a" twice'),
        (b'{"logits": [1, NaN]}', "logits[1] = nan: not a finite number"),
        (b'{"logits": [1, Infinity]}', "logits[1] = inf: not a finite number"),
        (b'{"logits": [1, 1e999]}', "logits[1] = inf: not a finite number"),
        (b'{"logits": [1, true]}', "logits[1]: True is a truth value"),
        (b'{"logits": "abc"}', "record 0: logits: is a text; log-probabilities are needed"),
        (b'{"logits": []}', "record 0: no place of a text with log-probabilities"),
        (b"\xff\xfe\0", "neither npz, npy or safetensors, nor records in JSON"),
        (b'{"a": "\xff"}', "record 0: not UTF-8 text"),
        (b"[" * 5000, "record 0: "),
        (b'{"logits": [' + b"1" * 5000 + b", 1]}", "logits[0] = inf: not a finite number"),
    ],
)  # fmt: skip
def test_records_without_a_row_are_refused_in_one_line(raw: bytes, said: str, file: Path) -> None:
    file.write_bytes(raw)
    assert refusal(file).startswith(said)


def test_what_engines_write_for_no_probability(file: Path) -> None:
    file.write_bytes(lines(chat([*ROWS, ("no", -9999.0)])))
    assert refusal(file).startswith("record 0, place 0: logits[3] = -9999.0: what engines write for a probability that")
    assert base(file, drop_masked=True).responses(0) == NAMES
    file.write_bytes(lines(chat([*ROWS, ("no", -3.4028234663852886e38)])))
    assert "as masks of engines are; leave such outcomes out with --drop-masked" in refusal(file)
    assert base(file, drop_masked=True).responses(0) == NAMES


def test_a_path_into_a_record(file: Path) -> None:
    file.write_bytes(lines({"deep": {"er": [{"x": [0.5, 1.5]}]}}))
    assert base(file, key="deep.er.0.x").responses(0) == ("0", "1")
    assert refusal(file, key="deep.er.1.x") == 'record 0: deep.er: is a list of 1: it has no "1"'
    assert refusal(file, key="deep.z") == 'record 0: deep: has no field "z"; its fields are "er"'
    assert refusal(file, key="deep.er.0.x.y") == 'record 0: deep.er.0.x: is a list of 2: it has no "y"'
