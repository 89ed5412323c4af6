"""What is wrong in a file of version 2 is one line: path, node and token, what is wrong, how to mend it; the line."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reference.catalog import InstanceError, parse
from reference.catalog.reading import DEFAULT_LIMITS
from tests.catalog.files2 import complaint, nodes, noisy, with_rewards, with_theta

Change = Callable[[Any], object]
"""Spoils a part of a file (Any: it is read as JSON)."""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        # where nodes lead
        (
            lambda n: n[3]["tokens"][1].update(next="c"),
            (
                "nodes[3].tokens[1].next: node 'd', token 'END': leads back to node 'c': a cycle has no horizon; "
                "lead to another node"
            ),
        ),
        (
            lambda n: n[0]["tokens"][1].update(next="a"),
            "nodes[0].tokens[1].next: node 'a', token 'go': leads back to node 'a': a cycle has no horizon; lead to",
        ),
        (
            lambda n: n[0]["tokens"][1].update(next="d"),
            (
                "nodes[2].tokens[0].next: node 'c', token 'l': leads to node 'd' after 2 tokens, but it is reached "
                "after 1, too; prefixes of different lengths cannot share a node: make a second one"
            ),
        ),
        (
            lambda n: n[1]["tokens"][0].update(next="cc"),
            "nodes[1].tokens[0].next: node 'b', token 'on': there is no node 'cc'; did you mean 'c'?",
        ),
        (
            lambda n: n[1]["tokens"][0].update(next="zzz"),
            "nodes[1].tokens[0].next: node 'b', token 'on': there is no node 'zzz'; add it to \"nodes\"",
        ),
        (
            lambda n: n[1]["tokens"][0].update(ends=True),
            (
                "nodes[1].tokens[0]: node 'b', token 'on': has both \"next\" and \"ends\": an end leads to no node; "
                "leave one of them out"
            ),
        ),
        (
            lambda n: n[0]["tokens"][0].pop("ends"),
            (
                "nodes[0].tokens[0]: node 'a', token 'stop': ends after 1 token, but the horizon is 3; write \"ends\": "
                'true if it does, or name the "next" node'
            ),
        ),
        (
            lambda n: n.append({"name": "e", "tokens": n[3]["tokens"]}),
            "nodes[4]: node 'e': no prompt and no token lead to this node; lead to it, or remove it",
        ),
        (
            lambda n: n[1].update(name="a"),
            "nodes[1].name: the name 'a' is taken by nodes[0]; names are unique",
        ),
        (
            lambda n: n[3]["tokens"][1].update({"token": "end"}),
            "nodes[3].tokens[1]: node 'd', token 'end': follows twice, first at nodes[3].tokens[0]; keep one, or",
        ),
        # features
        (
            lambda n: n[1]["tokens"][0].update(phi=["0", "0"]),
            (
                "nodes[1].tokens[0].phi: node 'b', token 'on': 2 features, but nodes[0].tokens[0].phi and most others "
                "have 1; give every phi after prefixes of one length the same number"
            ),
        ),
        (
            lambda n: n[2]["tokens"][0].update(phi=["1", "1"]),
            "nodes[2].tokens[0].phi: node 'c', token 'l': ||phi||_2^2 = 2, 1 more than 1; scale the features down",
        ),
        (
            lambda n: n[2]["tokens"][0].update(phi=["1", "?"]),
            "nodes[2].tokens[0].phi[1]: node 'c', token 'l': '?' is not an exact number",
        ),
        (
            lambda n: n[2]["tokens"][1].pop("phi"),
            "nodes[2].tokens[1]: node 'c', token 'r': has no \"phi\", but nodes[2].tokens[0] of its layer has; give",
        ),
        (
            lambda n: n[3]["tokens"][1].pop("reward"),
            "nodes[3].tokens[1]: node 'd', token 'END': has neither \"phi\" nor \"reward\"; write one of them, or both",
        ),
        (
            lambda n: n[3]["tokens"][1].update(reward="log(0)"),
            "nodes[3].tokens[1].reward: node 'd', token 'END': log(0): the argument must be positive",
        ),
        # masses
        (
            lambda n: n[2]["tokens"][0].update(weight="-1"),
            "nodes[2].tokens[0].weight: node 'c': -1 is negative",
        ),
        (
            lambda n: [t.update(weight="0x0p+0") for t in n[2]["tokens"]],
            "nodes[2].tokens: node 'c': 2 weights of sum 0, so the support is empty; give at least one a positive",
        ),
        (
            lambda n: n[0]["tokens"][0].update(pi_ref="1/4"),
            "nodes[0].tokens: node 'a': pi_ref masses sum to 11/12, 1/12 too little; they must sum to exactly 1",
        ),
        (
            lambda n: n[0]["tokens"][0].update(pi_ref="0x1p-2"),
            "nodes[0].tokens[0].pi_ref: node 'a': '0x1p-2' is not an exact number",
        ),
        (
            lambda n: n[3]["tokens"][0].update(logit="nan"),
            "nodes[3].tokens[0].logit: node 'd': nan is not a number; write a finite one",
        ),
        (
            lambda n: n[3]["tokens"][0].update(logit="-inf"),
            "nodes[3].tokens[0].logit: node 'd': -inf is not a number; an outcome of mass 0 is left out",
        ),
        (
            lambda n: n[3]["tokens"][0].update(logit="+Infinity"),
            "nodes[3].tokens[0].logit: node 'd': +Infinity is not a number; write a finite one",
        ),
        (
            lambda n: n[2]["tokens"][0].update(weight="-inf"),
            "nodes[2].tokens[0].weight: node 'c': -inf is not a number; write a finite one",
        ),
        (
            lambda n: n[3]["tokens"][0].update(logit=float("nan")),
            "nodes[3].tokens[0].logit: NaN is not a number; write a finite exact value as text",
        ),
        (
            lambda n: n[3]["tokens"][0].update(logit=0.5),
            'nodes[3].tokens[0].logit: the number 0.5 stands without quotes; numbers are exact text here, write "0.5"',
        ),
        (
            lambda n: n[3]["tokens"][0].update(logit="0x1.8q"),
            "nodes[3].tokens[0].logit: node 'd': '0x1.8q' is not a float in hexadecimal; write it like \"0x1.8p-2\"",
        ),
        (
            lambda n: n[3]["tokens"][0].update(logit="0x1p+99999"),
            "nodes[3].tokens[0].logit: node 'd': binary exponent 99999; at most 20000 either way is read",
        ),
        (
            lambda n: n[3]["tokens"][0].update(logit="0x1p+" + "9" * 5000),
            "nodes[3].tokens[0].logit: node 'd': binary exponent of many digits; at most 20000 either way is read",
        ),
        (
            lambda n: n[2]["tokens"][1].update(pi_ref="1/2"),
            "nodes[2].tokens[1]: node 'c': has both 'pi_ref' and 'weight'; write one of them",
        ),
        (
            lambda n: n[2]["tokens"][1].pop("weight"),
            "nodes[2].tokens[1]: node 'c': has none of pi_ref, weight and logit; write one of them",
        ),
        (
            lambda n: (n[2]["tokens"][1].pop("weight"), n[2]["tokens"][1].update(logit="0")),
            (
                "nodes[2].tokens[1].logit: node 'c': has 'logit', but nodes[2].tokens[0] has 'weight'; write one of "
                "them throughout"
            ),
        ),
        # structure
        (
            lambda n: n[0]["tokens"][0].update(ends="yes"),
            'nodes[0].tokens[0].ends: expected true or false, found the text "yes"',
        ),
        (
            lambda n: n[0]["tokens"][0].update(nxt="c"),
            'nodes[0].tokens[0]: unknown field "nxt"; did you mean "next"? known fields: token, pi_ref, weight, logit',
        ),
        (lambda n: n[0].update(tokens=[]), "nodes[0].tokens: the list is empty; at least one is needed"),
        (lambda n: n[0]["tokens"][0].update(token=""), "nodes[0].tokens[0].token: the text is empty"),
    ],
)
def test_nodes(change: Change, message: str) -> None:
    tree = nodes()
    change(tree["nodes"])
    assert complaint(tree).startswith(message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.update(version=3), "version: the number 3 is not supported; this package reads 1 and 2"),
        (lambda t: t.update(version="2"), 'version: the text "2" is not supported; write 2 without quotes'),
        (lambda t: t.update(nods=[]), 'unknown field "nods"; did you mean "nodes"? known fields: format, version'),
        (
            lambda t: t.update(horizon="2"),
            "nodes[2].tokens[0].next: node 'c', token 'l': has \"next\", but the horizon is 2",
        ),
        (
            lambda t: t.update(horizon="4"),
            "nodes[3].tokens[0]: node 'd', token 'end': ends after 3 tokens, but the horizon is 4; write \"ends\"",
        ),
        (lambda t: t.update(horizon="0"), "horizon: 0 is not an integer of at least 1"),
        (lambda t: t.update(horizon="1e6"), "horizon: 1000000; at most 512 are read"),
        (lambda t: t.update(theta=["1"]), 'theta: a theta belongs to "responses"; here each token has its reward'),
        (lambda t: t["bounds"].update(B="1"), "bounds.B: bounds the norm of theta, which is not there; leave it out"),
        (lambda t: t["bounds"].update(R_max="-1"), "bounds.R_max: -1 is negative"),
        (
            lambda t: (t.pop("noise"), t["bounds"].update(R_max="1/2")),
            "prompts[0]: rewards on the support differ by 1 + log(2), ≈1.19315 more",
        ),
        (lambda t: t["bounds"].update(R_max="1e9"), "beta: bounds.R_max is more than 1000000 times beta"),
        (lambda t: t.update(beta="0"), "beta: 0 is not positive"),
        (lambda t: t.pop("nodes"), "prompts[0].start: there is no node 'a'; add it to \"nodes\""),
        (
            lambda t: t["prompts"][0].update(start="A"),
            "prompts[0].start: there is no node 'A'; add it to \"nodes\"",
        ),
        (lambda t: (t.pop("noise"), t["prompts"][0].update(rho="1/2")), "prompts: rho masses sum to 5/4, 1/4 too much"),
        (lambda t: t["prompts"][1].update(name="x"), "prompts[1].name: the name 'x' is taken by prompts[0]"),
        (
            lambda t: t["prompts"][0].update(baseline="1"),
            "prompts[0].baseline: belongs to rewards from theta, which is",
        ),
        (
            lambda t: t["prompts"][1].update(responses=with_rewards()["prompts"][1]["responses"]),
            'prompts[1]: has both "start" and "responses"; write one of them',
        ),
        (lambda t: t["prompts"][1].pop("start"), 'prompts[1]: has neither "start" nor "responses"; write one of them'),
        (
            lambda t: t["prompts"].__setitem__(1, with_rewards()["prompts"][1]),
            'prompts[1].responses: has "responses", but prompts[0] has "start"; write one of them throughout',
        ),
        # noise
        (
            lambda t: t["noise"][0].update(value="2"),
            "noise: the noise has mean 2/3; subtract it from every value, so that the mean is 0",
        ),
        (lambda t: t["noise"][0].update(mass="1/3"), "noise: mass masses sum to 2/3, 1/3 too little; they must sum to"),
        (lambda t: t["noise"][0].update(mass="0"), "noise[0].mass: 0 is not positive"),
        (lambda t: t["noise"][1].update(value="1"), "noise[1].value: 1 stands at noise[0] already; write it once"),
        (lambda t: t.update(noise=[]), "noise: the list is empty; at least one is needed"),
        (lambda t: t["noise"][0].update(value="log(2)"), "noise[0].value: 'log(2)' is not an exact number"),
    ],
)
def test_the_file(change: Change, message: str) -> None:
    tree = noisy()
    change(tree)
    assert complaint(tree).startswith(message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda t: t["prompts"][0]["responses"][0].update(reward="1"),
            "prompts[0].responses[0].reward: a reward and a theta both: with theta the reward is <theta, phi>; leave",
        ),
        (
            lambda t: t["prompts"][0]["responses"][0].pop("phi"),
            'prompts[0].responses[0]: has no "phi", but there is a theta; write features',
        ),
        (
            lambda t: (t.pop("theta"), t["bounds"].pop("B"), t["prompts"][0].pop("baseline")),
            'prompts[0].responses[0].phi: features, but there is no theta; add "theta", or write "reward" in place',
        ),
        (lambda t: t["bounds"].pop("B"), 'bounds: has no "B", the bound on the norm of theta; add it'),
        (lambda t: t["bounds"].update(B="1"), "theta: ||theta||_2 is about 1.2"),
        (
            lambda t: t["prompts"][0]["responses"][0].update(phi=["1"]),
            "prompts[0].responses[0].phi: 1 features, but theta has 2 entries",
        ),
        (lambda t: t["theta"].append("0"), "theta: has 3 entries, but every phi has 2; give theta and every phi"),
        (
            lambda t: t["prompts"][0]["responses"][1].update(name="u"),
            "prompts[0].responses[1].name: the name 'u' is taken by prompts[0].resp",
        ),
        (
            lambda t: t["prompts"][0]["responses"][1].update(weight="-3"),
            "prompts[0].responses[1].weight: -3 is negative",
        ),
        (lambda t: t.update(nodes=nodes()["nodes"]), 'nodes: the prompts have "responses", so nothing leads to a'),
        (lambda t: t.update(horizon="2"), 'horizon: "responses" are one token long, so the horizon is 1, not 2'),
        (
            lambda t: t["prompts"][0]["responses"][1].update(next="a"),
            'prompts[0].responses[1]: unknown field "next"; known fields: name, pi_ref',
        ),
    ],
)
def test_responses_with_theta(change: Change, message: str) -> None:
    tree = with_theta()
    change(tree)
    assert complaint(tree).startswith(message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r[1].pop("reward"), 'prompts[0].responses[1]: has neither "reward" nor, for a theta, "phi"; write'),
        (lambda r: r[1].update(reward="x"), "prompts[0].responses[1].reward: 'x' is not"),
        (lambda r: r[1].update(reward="9"), "prompts[0].responses: rewards on the support differ by 6, 2 more"),
    ],
)
def test_responses_with_rewards(change: Change, message: str) -> None:
    tree = with_rewards()
    change(tree["prompts"][0]["responses"])
    assert complaint(tree).startswith(message)


def test_limits() -> None:
    def said(tree: object, **limits: int) -> str:
        return complaint(tree, replace(DEFAULT_LIMITS, **limits))

    assert said(nodes(), tokens=6) == "nodes: 7 tokens at nodes in all; at most 6 are read"
    assert said(nodes(), prompts=1) == "prompts: 2 entries; at most 1 are read"
    assert said(nodes(), horizon=2).startswith(
        "nodes[2].tokens[0].next: node 'c', token 'l': is after 2 tokens: the path"
    )
    assert said(nodes(), dimension=1).startswith("nodes[2].tokens[0].phi: node 'c', token 'l': 2 features; at most 1")
    assert said(nodes(), reward_terms=7).startswith("the rewards: at 6 nodes, sums of rewards of up to 2 terms each")
    tree = nodes()
    tree["nodes"][2]["tokens"][1]["reward"] = "log(1234567890123)"  # it takes time to factor
    assert said(tree, log_arguments=0) == "prompts: 1 different arguments of logarithms to factor; at most 0 are read"
    tree = with_rewards()
    tree["prompts"][0]["responses"][1]["reward"] = "log(1234567890123)"
    assert said(tree, log_arguments=0) == "prompts: 1 different arguments of logarithms to factor; at most 0 are read"
    assert said(noisy(), responses=1) == "noise: 2 entries; at most 1 are read"
    assert said(with_theta(), logarithms=0) == "theta: 1 logarithms; at most 0 are read"
    assert said(with_rewards(), responses=2) == "prompts: 3 responses in all; at most 2 are read"
    few = "one-hot features of 3 responses have as many entries; at most 2 are read"
    assert said(with_rewards(), dimension=2) == f'prompts: {few}; write "phi"'
    assert said(with_rewards(), feature_bits=500).startswith("prompts: features up to here")
    tree = nodes()
    tree["nodes"][3]["tokens"].append({"token": "e", "logit": "0", "reward": "0"})
    few = "one-hot features of 3 tokens after prefixes of length 2 have as many entries; at most 2 are read"
    assert said(tree, dimension=2).startswith(f"nodes[3].tokens[0]: {few}")
    tree["nodes"][3]["tokens"][0]["logit"] = "0x" + "1" * 99
    assert said(tree, numeral_characters=100).startswith(
        "nodes[3].tokens[0].logit: node 'd': a numeral of 101 characters"
    )


def test_weights_of_absurd_size_are_refused_before_memory_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = nodes()
    tree["nodes"][2]["tokens"][1]["weight"] = "0x1p-1000"
    monkeypatch.setattr("reference.model.checks.MAX_LAW_BITS", 1000)
    said = "nodes[2].tokens[1].weight: node 'c': up to here the numbers have 1005 bits; at most"
    assert complaint(tree).startswith(said)
    monkeypatch.setattr("reference.model.checks.MAX_LAW_BITS", 2000)
    # 2^-1 + 2^-1000 is 1000 bits over 1001
    assert complaint(tree).startswith(
        "nodes[2].tokens: node 'c': masses over the sum of the weights have 4002 bits; at"
    )


def test_a_cycle_is_told_from_two_lengths_wherever_it_is_met() -> None:
    """``c`` is met from ``b`` first; the way from ``c`` back to it leads over other nodes than that."""
    tree = nodes()
    tree["nodes"][3]["tokens"][0]["next"] = "b"
    said = "nodes[3].tokens[0].next: node 'd', token 'end': leads back to node 'b': a cycle has no horizon"
    assert complaint(tree).startswith(said)


def test_a_long_chain_is_read_without_recursion() -> None:
    tree = nodes()
    tree["prompts"] = [{"name": "x", "rho": "1", "start": "0"}]
    tree["nodes"] = [
        {"name": str(i), "tokens": [{"token": "t", "pi_ref": "1", "reward": "0", "next": str(i + 1)}]}
        for i in range(5000)
    ]
    said = "nodes[511].tokens[0].next: node '511', token 't': is after 512 tokens: the path goes on too long; at most"
    assert complaint(tree).startswith(said)


def test_the_line_is_that_of_the_value() -> None:
    text = json.dumps(nodes(), indent=1).replace('"1/3"', '"-1/3"')
    (line,) = [n for n, row in enumerate(text.splitlines(), 1) if '"-1/3"' in row]
    with pytest.raises(InstanceError, match=rf"-1/3 is negative \(line {line}\)$"):
        parse(text)
