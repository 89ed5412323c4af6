"""What is wrong in a token file is one line: where, in the file and in words, and how to mend it. Trees of prefixes."""

import pytest

from tests.catalog.token_files import Change, clean_sweep, complaint


@pytest.mark.parametrize(
    ("change", "message"),
    [
        # missing prefixes
        (
            lambda p: p.pop(),
            (
                "prompts[0].prefixes: prompt 'x', prefix ('1') is missing, and the horizon is 2; list it, with "
                'the tokens that may follow, or give prompts[0].prefixes[0].tokens[1] a "next"'
            ),
        ),
        (lambda p: p.clear(), 'prompts[0]: has neither "start" nor "prefixes"; write one of them'),
        (lambda p: p[1].update(tokens=[]), "prompts[0].prefixes[1].tokens: the list is empty; at least one is needed"),
        (
            lambda p: p[1].update(prefix=["1"]),
            (
                "prompts[0].prefixes[2]: prompt 'x', prefix ('1'): stands twice, first at "
                "prompts[0].prefixes[1]; keep one"
            ),
        ),
        # laws that are none
        (
            lambda p: p[2]["tokens"][1].update(pi_ref="1/16"),
            (
                "prompts[0].prefixes[2].tokens: prompt 'x', prefix ('1'): pi_ref masses sum to 239/240, 1/240 "
                "too little; they must sum to exactly 1"
            ),
        ),
        (
            lambda p: p[2]["tokens"][1].update(pi_ref="-1/15"),
            "prompts[0].prefixes[2].tokens[1].pi_ref: prompt 'x', prefix ('1'), token '1': -1/15 is negative",
        ),
        (
            lambda p: p[2]["tokens"].append(p[2]["tokens"][0]),
            (
                "prompts[0].prefixes[2].tokens[2]: prompt 'x', prefix ('1'), token '0': follows twice, first at "
                "prompts[0].prefixes[2].tokens[0]; keep one, or write another token"
            ),
        ),
        # tokens that are repeated: the prefix of the other one, which then never comes up, is not the cause
        (
            lambda p: p[0]["tokens"][1].update({"token": "0"}),
            (
                "prompts[0].prefixes[0].tokens[1]: prompt 'x', prefix (), token '0': follows twice, first at "
                "prompts[0].prefixes[0].tokens[0]; keep one, or write another token"
            ),
        ),
        # prefixes that never come up
        (
            lambda p: p[0]["tokens"].pop(),
            (
                "prompts[0].prefixes[2]: prompt 'x', prefix ('1'): never comes up: token '1' is not listed after "
                "prompt 'x', prefix (); list it there, or remove this prefix"
            ),
        ),
        # alphabet and horizon
        (
            lambda p: p[2]["tokens"][1].update({"token": "2"}),
            (
                "prompts[0].prefixes[2].tokens[1].token: prompt 'x', prefix ('1'): token '2' is not in the "
                "alphabet; add it to the alphabet, or write a token of it"
            ),
        ),
        (
            lambda p: p[2].update(prefix=["2"]),
            (
                "prompts[0].prefixes[2].prefix[0]: prompt 'x', prefix ('2'): token '2' is not in the alphabet; "
                "add it to the alphabet, or write a token of it"
            ),
        ),
        (
            lambda p: p.append({"prefix": ["1", "1"], "tokens": p[1]["tokens"]}),
            (
                "prompts[0].prefixes[3].prefix: prompt 'x', prefix ('1', '1'): goes on too long: nothing "
                "follows 2 tokens where the horizon is 2; remove it, or raise the horizon"
            ),
        ),
        # features
        (
            lambda p: p[2]["tokens"][1].update(phi=["1", "0"]),
            (
                "prompts[0].prefixes[2].tokens[1].phi: prompt 'x', prefix ('1'), token '1': 2 features, but "
                "prompts[0].prefixes[1].tokens[0].phi and most others have 1; give every phi after prefixes of "
                "one length the same number"
            ),
        ),
        (
            lambda p: p[2]["tokens"][0].update(phi=["1", "0"]),  # among others: the first of the node differs
            (
                "prompts[0].prefixes[2].tokens[0].phi: prompt 'x', prefix ('1'), token '0': 2 features, but "
                "prompts[0].prefixes[1].tokens[0].phi and most others have 1; give every phi after prefixes of "
                "one length the same number"
            ),
        ),
        (
            lambda p: p[0]["tokens"][0].update(phi=["0", "0"]),  # one against one in its layer, told by the other layer
            (
                "prompts[0].prefixes[0].tokens[0].phi: prompt 'x', prefix (), token '0': 2 features, but "
                "prompts[0].prefixes[0].tokens[1].phi has 1; give every phi after prefixes of one length the same "
                "number"
            ),
        ),
        (
            lambda p: p[2]["tokens"][1].update(phi=["2"]),
            (
                "prompts[0].prefixes[2].tokens[1].phi: prompt 'x', prefix ('1'), token '1': ||phi||_2^2 = 4, 3 "
                "more than 1; scale the features down"
            ),
        ),
        # rewards
        (
            lambda p: p[2]["tokens"][1].update(reward="0.1.1"),
            (
                "prompts[0].prefixes[2].tokens[1].reward: prompt 'x', prefix ('1'), token '1': '0.1.1' is not "
                'an exact number; write an integer, a fraction "3/4" or a decimal "0.125"'
            ),
        ),
        (
            lambda p: p[2]["tokens"][1].update(reward="5*log(2)"),
            "prompts[0]: rewards on the support differ by 5*log(2), ≈0.465736 more than bounds.R_max = 3",
        ),
        (
            lambda p: p[2]["tokens"][1].update(phi=["1", "1/0"]),
            (
                "prompts[0].prefixes[2].tokens[1].phi[1]: prompt 'x', prefix ('1'), token '1': '1/0' has "
                "denominator zero"
            ),
        ),
        # ways that lead nowhere
        (
            lambda p: p[0]["tokens"][0].update(next="nowhere"),
            (
                "prompts[0].prefixes[0].tokens[0].next: prompt 'x', prefix (), token '0': there is no node "
                "'nowhere'; add it to \"nodes\""
            ),
        ),
    ],
)
def test_a_wrong_prefix_is_named(change: Change, message: str) -> None:
    raw = clean_sweep()
    change(raw["prompts"][0]["prefixes"])
    assert complaint(raw) == f"FILE: {message}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda raw: raw.update(horizon="3"),
            (
                "prompts[0].prefixes: prompt 'x', prefix ('0', '0') is missing, and the horizon is 3; list it, "
                'with the tokens that may follow, or give prompts[0].prefixes[1].tokens[0] a "next"'
            ),
        ),
        (
            lambda raw: raw.update(horizon="1"),
            (
                "prompts[0].prefixes[1].prefix: prompt 'x', prefix ('0'): goes on too long: nothing follows 1 "
                "token where the horizon is 1; remove it, or raise the horizon"
            ),
        ),
        (lambda raw: raw.update(horizon="0"), "horizon: 0 is not an integer of at least 1"),
        (lambda raw: raw.update(horizon="1000"), "horizon: 1000; at most 512 are read"),
        (
            lambda raw: raw.update(alphabet=["0"]),
            (
                "prompts[0].prefixes[0].tokens[1].token: prompt 'x', prefix (): token '1' is not in the "
                "alphabet; add it to the alphabet, or write a token of it"
            ),
        ),
        (
            lambda raw: raw.update(alphabet=["0", "0"]),
            "alphabet[1]: the name '0' is taken by alphabet[0]; names are unique",
        ),
        (lambda raw: raw.update(alphabet=[]), "alphabet: the list is empty; at least one is needed"),
        (
            lambda raw: raw["prompts"][0].update(start="a"),
            'prompts[0]: has both "start" and "prefixes"; write one of them',
        ),
        (
            lambda raw: raw["prompts"][0].update(rewards=[{"sequence": ["0"], "reward": "1"}]),
            (
                "prompts[0].rewards[0].sequence: prompt 'x', sequence ('0'): has 1 token, but the horizon is 2; "
                "write all tokens of a sequence"
            ),
        ),
        (
            lambda raw: raw["prompts"][0].update(rewards=[{"sequence": ["0", "1"], "reward": "1"}]),
            (
                "prompts[0].rewards[0].sequence: prompt 'x', sequence ('0', '1'): token '1' does not follow "
                "prompt 'x', prefix ('0'); list it there, or remove this reward"
            ),
        ),
        (
            lambda raw: raw["prompts"][0].update(rewards=[{"sequence": ["0", "0"], "reward": "1"}] * 2),
            (
                "prompts[0].rewards[1]: prompt 'x', sequence ('0', '0'): has a reward at prompts[0].rewards[0] "
                "already; keep one"
            ),
        ),
    ],
)
def test_what_does_not_fit_the_whole_file_is_named(change: Change, message: str) -> None:
    raw = clean_sweep()
    change(raw)
    assert complaint(raw) == f"FILE: {message}"


def test_the_shortest_prefix_that_never_comes_up_is_named() -> None:
    raw = clean_sweep() | {"horizon": "3"}
    prefixes = raw["prompts"][0]["prefixes"]
    tokens = prefixes[1]["tokens"]
    prefixes[0]["tokens"].pop(0)
    prefixes[0]["tokens"][0].update(pi_ref="1")
    prefixes[1:1] = [{"prefix": [a, b], "tokens": tokens} for a, b in ("00", "10", "11")]
    place = "prompts[0].prefixes[4]: prompt 'x', prefix ('0')"
    assert complaint(raw).startswith(
        f"FILE: {place}: never comes up: token '0' is not listed after prompt 'x', prefix ()"
    )
    del prefixes[4]
    before = "prompt 'x', prefix ('0')"
    reason = f"never comes up: {before} is not listed; list it, or remove this prefix"
    assert complaint(raw) == f"FILE: prompts[0].prefixes[1]: prompt 'x', prefix ('0', '0'): {reason}"


def test_a_prefix_whose_last_token_leads_to_a_node_never_comes_up() -> None:
    raw = clean_sweep()
    prefixes = raw["prompts"][0]["prefixes"]
    raw["nodes"] = [{"name": "a", "tokens": prefixes[1]["tokens"]}]
    prefixes[0]["tokens"][0]["next"] = "a"
    reason = "never comes up: token '0' after prompt 'x', prefix () leads to a node"
    way = 'remove its "next", or remove this prefix'
    assert complaint(raw) == f"FILE: prompts[0].prefixes[1]: prompt 'x', prefix ('0'): {reason}; {way}"


def test_a_missing_root_is_listed_without_a_token_that_leads_to_it() -> None:
    raw = clean_sweep()
    del raw["prompts"][0]["prefixes"][0]
    reason = "is missing, and the horizon is 2; list it, with the tokens that may follow"
    assert complaint(raw) == f"FILE: prompts[0].prefixes: prompt 'x', prefix () {reason}"


def test_lengths_of_features_that_nothing_tells_apart_are_both_named() -> None:
    raw = clean_sweep() | {"horizon": "1"}
    del raw["prompts"][0]["prefixes"][1:]
    raw["prompts"][0]["prefixes"][0]["tokens"][0]["phi"] = ["0", "0"]
    path = "prompts[0].prefixes[0].tokens[{}].phi"
    assert complaint(raw).startswith(f"FILE: {path.format(1)}: prompt 'x', prefix (), token '1': 1 feature, but ")
    assert f"but {path.format(0)} has 2;" in complaint(raw)


def test_what_is_wrong_with_the_whole_problem_is_not_laid_to_a_prefix() -> None:
    assert complaint(clean_sweep() | {"beta": "0"}) == "FILE: beta: 0 is not positive"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda raw: raw["alphabet"].insert(0, 5), "alphabet[0]"),
        (lambda raw: raw["prompts"][0]["prefixes"][1]["prefix"].insert(0, 5), "prompts[0].prefixes[1].prefix[0]"),
        (
            lambda raw: raw["prompts"][0]["prefixes"][1]["tokens"][0].update(token=5),
            "prompts[0].prefixes[1].tokens[0].token",
        ),
        (
            lambda raw: raw["prompts"][0]["prefixes"][1]["tokens"][0].update(next=5),
            "prompts[0].prefixes[1].tokens[0].next",
        ),
        (lambda raw: raw["prompts"][0].update(start=5), "prompts[0].start"),
        (lambda raw: raw.update(title=5), "title"),
    ],
)
def test_a_number_in_place_of_a_name(change: Change, path: str) -> None:
    raw = clean_sweep()
    change(raw)
    assert complaint(raw) == f"FILE: {path}: expected text in quotes, found the number 5"


@pytest.mark.parametrize(("field", "value"), [("horizon", 2), ("beta", 1)])
def test_a_number_without_quotes(field: str, value: int) -> None:
    reason = f'the number {value} stands without quotes; numbers are exact text here, write "{value}"'
    assert complaint(clean_sweep() | {field: value}) == f"FILE: {field}: {reason}"
