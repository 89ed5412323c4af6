"""A right answer to each exercise, and wrong ones beside it; they stand here and nowhere else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True)
class Answers:
    """Right ones, and wrong ones with the number that is found of each."""

    right: tuple[str, ...]
    wrong: Mapping[str, str]


def arms(masses: str, rewards: str, *, beta: str = "1") -> str:
    """Return an instance with one prompt, each response with its reward."""
    rows = zip(masses.split(), rewards.split(), strict=True)
    responses = [{"name": f"y{i}", "pi_ref": p, "reward": r} for i, (p, r) in enumerate(rows)]
    return problem([{"name": "x", "rho": "1", "responses": responses}], beta=beta)


def problem(prompts: list[dict[str, object]], *, beta: str = "1", **more: object) -> str:
    """Return an instance file, version 2."""
    head = {
        "format": "spanner-reference/problem",
        "version": 2,
        "name": "mine",
        "beta": beta,
        "bounds": {"R_max": "200"},
    }
    return json.dumps(head | {"prompts": prompts} | more)


Token = tuple[str, str, str, str] | tuple[str, str, str, str, str]
"""Token, ``pi_ref``, feature, reward, and where it leads."""


def tree(**nodes: list[Token]) -> str:
    """Return a token problem: nodes by name, the first is the root."""

    def entry(token: Token) -> dict[str, object]:
        found: dict[str, object] = {"token": token[0], "pi_ref": token[1], "reward": token[3]}
        if token[2]:
            found["phi"] = token[2].split()
        return found | ({"next": token[4]} if len(token) > 4 else {})

    listed = [{"name": name, "tokens": [entry(token) for token in tokens]} for name, tokens in nodes.items()]
    return problem([{"name": "x", "rho": "1", "start": next(iter(nodes))}], nodes=listed)


def chain(length: int, reward: str, mass: str = "1/2") -> str:
    """Return independent tokens, one of which earns in each layer."""
    rest = f"{int(mass.split('/')[1]) - 1}/{mass.split('/')[1]}"
    nodes: dict[str, list[Token]] = {
        f"n{h}": [("1", mass, "1", reward, f"n{h + 1}"), ("0", rest, "0", "0", f"n{h + 1}")] for h in range(length - 1)
    }
    nodes[f"n{length - 1}"] = [("1", mass, "1", reward), ("0", rest, "0", "0")]
    return tree(**nodes)


HEAD = """
from dataclasses import dataclass

from reference.exact import log
from reference.interaction.world import At


@dataclass(frozen=True)
class Named:
    y: object
    queries_per_draw: int = 0

    def sample(self, oracles, x):
        return self.y


@dataclass(frozen=True)
class Soft:
    theta: tuple
    queries_per_draw: int = 1

    def sample(self, oracles, x):
        return oracles.strong(x, self.theta)[0]


@dataclass(frozen=True)
class Base:
    queries_per_draw: int = 1

    def sample(self, oracles, x):
        return oracles.weak(x)[0]

"""


def needle(draws: int, otherwise: int, *, reward: bool = False) -> str:
    """Return a learner that draws so often until it sees the needle."""
    asks = "    oracles.reward(0, 1)\n" if reward else ""
    return f"""{HEAD}
def learner(oracles):
{asks}    for _ in range({draws}):
        y, phi = oracles.weak(0)
        if not phi.is_zero:
            return Named(y)
    return Named({otherwise})
"""


def compass(body: str) -> str:
    """Return a learner on the eight responses."""
    return f"{HEAD}\nZERO = log(2) * 0\n\ndef learner(oracles):\n{body}"


def path(body: str) -> str:
    """Return a learner of the string: ``body`` finds the next token."""
    return f"""{HEAD}
def learner(oracles):
    prefix = ()
    while len(prefix) < oracles.horizon:
{body}
        prefix = (*prefix, token)
    return Named(prefix)
"""


MOST, STRING = "val*, the most that an assignment satisfies", "P(the drawn string is the one that earns)"

INFERS = """\
        drawn, phi = oracles.weak(At(0, prefix))
        token = 1 - drawn if phi.is_zero else drawn"""


def formula(*terms: str) -> str:
    """Return an answer with a formula."""
    return json.dumps({"formula": " | ".join(terms)})


HALF = ("x1&x2&x3", "x1&x2&!x3", "x1&!x2&x4", "x1&!x2&!x4")

ANSWERS: dict[str, Answers] = {
    "coverage-five-halves": Answers(
        (arms("1/5 2/5 2/5", "log(4) 0 0"), arms("1/4 1/2 1/4", "log(5) 0 0", beta="1")),
        {
            arms("1/5 2/5 2/5", "log(3) 0 0"): "C_cov(pi*) is 15/7 ≈2.14286; asked is = 5/2 = 2.5",
            arms("1/5 4/5", "log(4) 0"): "the number of responses is 2; asked is = 3",
            arms("1/5 2/5 2/5", "1.38 0 0"): "C_cov(pi*) is ",
            arms("1/5 2/5 1/5 1/5", "log(4) 0 0 0"): "the number of responses is 4; asked is = 3",
        },
    ),
    "needle-in-twenty": Answers(
        (needle(20, 1), needle(19, 4)),
        {
            needle(20, 0): "P(the drawn response is the needle) is ",
            needle(18, 1): "P(the drawn response is the needle) is ",
            needle(21, 1): "T_comp is 21; asked is <= 20",
            needle(20, 1, reward=True): "T_data is 1; asked is = 0",
        },
    ),
    "fewest-draws": Answers(
        ('{"t_comp": 1415}',),
        {
            '{"t_comp": 1414}': "the best learner's probability with so many draws is ≈0.749",
            '{"t_comp": 1416}': "the best learner's probability with one draw less is ≈0.750",
            '{"t_comp": 0}': "the best learner's probability with so many draws is 1/256",
        },
    ),
    "tight-oscillation": Answers(
        (arms("43/100 57/100", "4/5 0"), arms("43/100 57/100", "8 0", beta="10")),
        {
            arms("1/2 1/2", "4/5 0"): "the gap of pi_ref over its bound is ≈0.97",
            arms("2/5 3/5", "4/5 0"): "the gap of pi_ref over its bound is ≈0.986",
            arms("43/100 57/100", "3/5 0"): "osc/beta, the least over the prompts is 3/5 = 0.6",
            arms("3/5 2/5", "4/5 0"): "the gap of pi_ref over its bound is ≈0.889931",
        },
    ),
    "spanner-in-the-plane": Answers(
        ('{"pairs": [["d", "b"], ["e", "c"]]}', '{"pairs": [["c", "e"], ["b", "d"]]}'),
        {
            '{"pairs": [["a", "b"], ["a", "c"]]}': "the largest coefficient is ",
            '{"pairs": [["d", "b"], ["e", "d"]]}': "the largest coefficient is ",
            '{"pairs": [["d", "b"], ["b", "d"]]}': "the dimension of what they span is 1; asked is = 2",
            '{"pairs": [["d", "b"]]}': "the number of pairs is 1; asked is = 2",
        },
    ),
    "two-rewards": Answers(
        (
            compass(
                "    r, s = oracles.reward(0, 0), oracles.reward(0, 1)\n"
                "    return Soft((r * 5 / 4, s * 5 / 4))\n"
            ),
        ),
        {
            compass("    return Soft((oracles.reward(0, 0) * 5 / 4, ZERO))\n"): "the largest gap is ",
            compass(
                "    found = [(oracles.reward(0, y), y) for y in range(2)]\n"
                "    best = max(range(4), key=lambda y: (found[y % 2][0] if y < 2 else -found[y % 2][0]))\n"
                "    return Named(best)\n"
            ): "the largest gap is ",
            compass("    oracles.reward(0, 0)\n    return Base()\n"): "the largest gap is ",
            compass(
                "    r, s, _ = (oracles.reward(0, y) for y in range(3))\n    return Soft((r * 5 / 4, s * 5 / 4))\n"
            ): "T_data is 3; asked is <= 2",
        },
    ),
    "sampler-on-a-budget": Answers(
        ('{"M": "9", "N": 20}', '{"M": "256/31", "N": 19}', '{"M": "12", "N": 20}'),
        {
            '{"M": "16", "N": 20}': "the total variation to pi* is ≈0.116136; asked is <= 1/10 = 0.1",
            '{"M": "4", "N": 20}': "the total variation to pi* is ≈0.195635",
            '{"M": "9", "N": 21}': "N is 21; asked is <= 20",
            '{"M": "0", "N": 20}': "M is 0; asked is > 0",
        },
    ),
    "forty-eight-queries": Answers(
        (
            '{"n_prompt": 1, "n_pair": 4, "M": "4/3", "delta": "3/4"}',
            '{"n_prompt": 2, "n_pair": 2, "M": "1.5", "delta": "9/10"}',
        ),
        {
            '{"n_prompt": 1, "n_pair": 3, "M": "4/3", "delta": "3/4"}': "P(gap <= 1/500) is 7/8 = 0.875",
            '{"n_prompt": 1, "n_pair": 5, "M": "4/3", "delta": "3/4"}': "T_comp is 50; asked is <= 48",
            '{"n_prompt": 1, "n_pair": 4, "M": "7/6", "delta": "3/4"}': "P(gap <= 1/500) is 0; asked",
            '{"n_prompt": 1, "n_pair": 4, "M": "4/3", "delta": "1"}': "delta is 1; asked is < 1",
        },
    ),
    "one-in-four": Answers(
        (
            '{"formula": "x1 & x2 | x1 & !x2 | !x1 & x2 | !x1 & !x2"}',
            '{"formula": "x1 & x2 | x1 & !x2 | !x1 & x3 | !x1 & !x3"}',
        ),
        {
            '{"formula": "x1 & x2 | x1 & !x2 | !x1 & x2"}': f"{MOST} is 1/3",
            '{"formula": "x1 & x2 | x1 & !x2 | !x1 & x3 | !x2 & !x3"}': f"{MOST} is 1/2",
            '{"formula": "x1 & x2 & x3 | !x1 & x2 & x3 | !x2 & x1 & x3 | !x3 & x1 & x2"}': "the number of literals",
        },
    ),
    "good-for-all-prompts": Answers(
        ('{"assignment": "+-++-+"}',),
        {
            '{"assignment": "--++-+"}': "the gap of the softmax policy is ≈0.170352; asked is <= 1/10 = 0.1",
            '{"assignment": "+--+-+"}': "the gap of the softmax policy is ≈0.176149",
            '{"assignment": "-+--+-"}': "the gap of the softmax policy is ",
        },
    ),
    "online-dpo-never": Answers(
        ('{"formula": "x1 | x2 | !x3 | x4 | x5"}',),
        {
            '{"formula": "x1 | x2 | x3 | x4"}': "P(half of the gap is gone) is 27/256 ≈0.105469; asked is = 0",
            '{"formula": "x1 & x2 | x2 & x3 | x3 & x4 | x4 & x1"}': "P(half of the gap is gone) is ",
            '{"formula": "x1 | x2 | x3 | x4 | !x4"}': f"{MOST} is 4/5",
        },
    ),
    "eight-exclusive-terms": Answers(
        (
            formula(*HALF, "!x1&x5&x6", "!x1&x5&!x6", "!x1&!x5&x7", "!x1&!x5&!x7"),
        ),
        {
            formula(*HALF, "!x1&x5&x6", "!x1&x5&!x6", "!x1&!x5&x7", "!x1&x2&!x7"):
            f"{MOST} is 1/4",
            formula(*(f"{a}x1&{b}x2&{c}x3" for a, b, c in product(["", "!"], repeat=3))):
            "the number of variables that occur is 3; asked is = 7",
            formula(*HALF, "!x1&x5&x6", "!x1&x5&!x6", "!x1&!x5&x7"):
            "the number of terms is 7; asked is = 8",
        },
    ),
    "one-token-worse": Answers(
        (
            tree(
                root=[("0", "1/2", "", "0", "a"), ("1", "1/2", "", "0", "b")],
                a=[("0", "1", "", "0")],
                b=[("0", "1/2", "", "0"), ("1", "1/2", "", "-log(8)")],
            ),
        ),
        {
            tree(
                root=[("0", "1/2", "", "0", "a"), ("1", "1/2", "", "0", "b")],
                a=[("0", "1", "", "0")],
                b=[("0", "1/2", "", "0"), ("1", "1/2", "", "-log(5)")],
            ): "C_cond/C_cov is 4/3 ≈1.33333; asked is > 4/3 ≈1.33333",
            chain(2, "log(4)"): "C_cond/C_cov is 5/8 = 0.625",
            chain(3, "log(4)"): "the number of tokens is 3; asked is = 2",
        },
    ),
    "sequences-pay-more": Answers(
        (chain(10, "log(1000)"), chain(10, "12")),
        {
            chain(10, "log(400)"): "C_cov is ≈998.",
            chain(9, "log(1000)"): "C_cov is ",
            chain(11, "log(4)"): "the number of tokens is 11; asked is <= 10",
            chain(10, "log(3)", mass="1/3"): "C_cov is ",
            chain(8, "log(1000)", mass="1/3"): "C_cond is ",
        },
    ),
    "five-queries": Answers(
        (path(INFERS),),
        {
            path("        token, phi = oracles.weak(At(0, prefix))"): f"{STRING} is 1/32",
            path(
                "        listed = oracles.listing(At(0, prefix))\n"
                "        token = next(a for a, phi in zip(listed.base.outcomes, listed.phi) if not phi.is_zero)"
            ): "T_comp is 10; asked is <= 5",
            path(
                f"{INFERS}\n        if len(prefix) == 4: oracles.reward(0, (*prefix, token))"
            ): "T_data is 1; asked is = 0",
        },
    ),
    "out-of-the-class": Answers(
        (
            tree(
                root=[("0", "1/2", "0", "0", "a"), ("1", "1/2", "0", "0", "b")],
                a=[("0", "1/2", "0", "0"), ("1", "1/2", "1", "1")],
                b=[("0", "1/2", "0", "0"), ("1", "1/2", "1/2", "1/2")],
            ),
        ),
        {
            tree(
                root=[("0", "1/2", "0", "0", "a"), ("1", "1/2", "1", "0", "b")],
                a=[("0", "1/2", "0", "0"), ("1", "1/2", "1", "1")],
                b=[("0", "1/2", "0", "0"), ("1", "1/2", "1/2", "1/2")],
            ): "the number of layers out of the class is 0; asked is >= 1",
            tree(
                root=[("0", "1/2", "0", "0", "a"), ("1", "1/2", "0", "1", "b")],
                a=[("0", "1/2", "0", "0"), ("1", "1/2", "1", "1")],
                b=[("0", "1/2", "0", "0"), ("1", "1/2", "1/2", "1/2")],
            ): "the number of layers with rewards that are not linear is 1; asked is = 0",
            tree(
                root=[("0", "1/2", "0", "0", "a"), ("1", "1/2", "0", "0", "a")],
                a=[("0", "1/2", "0", "0"), ("1", "1/2", "1", "1")],
            ): "the number of layers out of the class is 0; asked is >= 1",
        },
    ),
}  # fmt: skip
