"""The exhaustive interpreter against hand-written enumeration and against other exact probability tools.

The chain: at most 12 draws of a symbol among 6, the law depending on the symbol before, ended by symbol 5 or by a sum
of 30; the law of the last symbol is asked for.  The tree: draws among 6 symbols, or 2, nothing merged; and the chain
with at most 8 draws, ended by a sum of 12, nothing merged: 148,726 leaves at depths from 1 to 8.
"""

import importlib
import tempfile
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import c_limit
from flint import fmpq
from frame import Row, check, compare, fastest, main

from reference.exact.law import Law
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of

SYMBOLS, DRAWS, END, ENOUGH = 6, 12, 5, 30
WEIGHTS = [[[5, 4, 3, 2, 1, 1][(y - x) % SYMBOLS] for y in range(SYMBOLS)] for x in range(SYMBOLS)]
TOTAL = 16
LAWS = [Law.weighted(range(SYMBOLS), row) for row in WEIGHTS]
PAIRS = [list(enumerate(row)) for row in WEIGHTS]

WALK_DRAWS, WALK_ENOUGH = 8, 12
COIN, COIN_PAIRS = Law.weighted([1, 0], [1, 2]), [(1, 1), (0, 2)]

CHAIN = f"merged chain, {DRAWS} draws, {SYMBOLS} symbols"

State = tuple[int, int]


def chain(choice: Choice) -> int:
    """Return the last symbol."""

    def step(state: State) -> State:
        symbol, total = state
        drawn = choice.draw(LAWS[symbol])
        return drawn, total + drawn

    return choice.iterate((0, 0), step, DRAWS, until=_stopped)[0]


def chain_by_hand() -> dict[int, int]:
    """A dictionary dynamic program with integer weights."""
    level: dict[State, int] = {(0, 0): 1}
    scale, ends = TOTAL**DRAWS, dict.fromkeys(range(SYMBOLS), 0)
    for _ in range(DRAWS):
        following: dict[State, int] = {}
        for (symbol, total), weight in level.items():
            if symbol == END or total >= ENOUGH:
                ends[symbol] += weight * scale
                continue
            for drawn, share in PAIRS[symbol]:
                state = drawn, total + drawn
                following[state] = following.get(state, 0) + weight * share
        level, scale = following, scale // TOTAL
    for (symbol, _), weight in level.items():
        ends[symbol] += weight * scale
    return ends


def chain_of(number: Callable[[int, int], Any]) -> dict[int, Any]:
    """The same program with a fraction of any library as each mass."""
    shares = [[(drawn, number(share, TOTAL)) for drawn, share in row] for row in PAIRS]
    level, ends = {(0, 0): number(1, 1)}, dict.fromkeys(range(SYMBOLS), number(0, 1))
    for _ in range(DRAWS):
        following: dict[State, Any] = {}
        for (symbol, total), mass in level.items():
            if symbol == END or total >= ENOUGH:
                ends[symbol] += mass
                continue
            for drawn, share in shares[symbol]:
                state = drawn, total + drawn
                before = following.get(state)
                following[state] = mass * share if before is None else before + mass * share
        level = following
    for (symbol, _), mass in level.items():
        ends[symbol] += mass
    return ends


def chain_icepool(icepool: ModuleType) -> dict[int, Fraction]:
    """``Die.map`` repeated, with integer weights."""
    dice = [icepool.Die(dict(row)) for row in PAIRS]

    def step(state: State) -> Any:  # noqa: ANN401  # a state or a die
        symbol, total = state
        return state if _stopped(state) else dice[symbol].map(lambda y: (y, total + y))

    die = icepool.Die([(0, 0)]).map(step, repeat=DRAWS, star=False).map(lambda s: s[0], star=False)
    return {x: Fraction(n, die.denominator()) for x, n in die.items()}


def chain_lea(lea: ModuleType) -> dict[int, Fraction]:
    """``switch_func`` and ``calc`` in a loop, with exact fractions."""
    rows = [lea.pmf(dict(row), prob_type="r") for row in PAIRS]

    def step(state: State) -> Any:  # noqa: ANN401  # lea's own type
        symbol, total = state
        return lea.vals(state, prob_type="r") if _stopped(state) else rows[symbol].map(lambda y: (y, total + y)).calc()

    state = lea.vals((0, 0), prob_type="r")
    for _ in range(DRAWS):
        state = state.switch_func(step).calc()
    return {x: Fraction(str(p)) for x, p in state.map(lambda s: s[0]).calc().pmf_dict().items()}


def chain_storm(stormpy: ModuleType) -> dict[int, Fraction]:
    """A PRISM program, built and checked in exact rationals: one property for each symbol."""
    ended = f"(s={END} | t>={ENOUGH} | n={DRAWS})"
    lines = ["dtmc", "module chain", "s:[0..5] init 0;", f"t:[0..{ENOUGH + END}] init 0;", f"n:[0..{DRAWS}] init 0;"]
    for symbol, row in enumerate(PAIRS[:END]):
        moves = " + ".join(f"{w}/{TOTAL}:(s'={y})&(t'=t+{y})&(n'=n+1)" for y, w in row)
        lines.append(f"[] s={symbol} & t<{ENOUGH} & n<{DRAWS} -> {moves};")
    lines += [f"[] {ended} -> true;", "endmodule"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chain.prism"
        file.write_text("\n".join(lines), encoding="utf-8")
        program = stormpy.parse_prism_program(str(file))
    asked = ";".join(f"P=? [F s={symbol} & {ended}]" for symbol in range(SYMBOLS))
    properties = stormpy.parse_properties(asked, program)
    model = stormpy.build_model[stormpy.Rational](program, properties)
    start = model.initial_states[0]
    results = (stormpy.model_checking(model, p, only_initial_states=True) for p in properties)
    return {x: Fraction(str(result.get_value(start))) for x, result in enumerate(results)}


def tree(choice: Choice, draws: int, law: Law[int]) -> int:
    """Return the sum of the draws."""
    total = 0
    for _ in range(draws):
        total += choice.draw(law)
    return total


def tree_by_hand(draws: int, pairs: list[tuple[int, int]]) -> dict[int, int]:
    """A recursive enumerator with integer weights over a common denominator."""
    leaves: dict[int, int] = {}

    def visit(depth: int, total: int, weight: int) -> None:
        if depth == 0:
            leaves[total] = leaves.get(total, 0) + weight
            return
        for drawn, share in pairs:
            visit(depth - 1, total + drawn, weight * share)

    visit(draws, 0, 1)
    return leaves


def tree_of(number: Callable[[int, int], Any], draws: int, pairs: list[tuple[int, int]]) -> dict[int, Any]:
    """The same with a fraction as the weight of each path, of any library."""
    whole = sum(share for _, share in pairs)
    shares = [(drawn, number(share, whole)) for drawn, share in pairs]
    leaves: dict[int, Any] = {}

    def visit(depth: int, total: int, weight: Any) -> None:  # noqa: ANN401  # a number of that library
        if depth == 0:
            leaves[total] = leaves.get(total, 0) + weight
            return
        for drawn, share in shares:
            visit(depth - 1, total + drawn, weight * share)

    visit(draws, 0, number(1, 1))
    return leaves


NUMBERS = (("fractions", "Fraction"), ("quicktions", "Fraction"), ("gmpy2", "mpq"), ("flint", "fmpq"))
"""Libraries of rational numbers: module and type."""


def rows() -> list[Row]:
    """The exhaustive interpreter: merged chain and unmerged tree."""
    # A binary tree is the worst case for replaying: a run from the start for every leaf.
    return [
        *_chain_rows(),
        _tree_row(7, PAIRS[0], LAWS[0], limit=12),
        _tree_row(17, COIN_PAIRS, COIN),
        _path_limit(5, PAIRS[0], LAWS[0]),
        _path_limit(17, COIN_PAIRS, COIN),
        walk_limit(),
        *_path_rows(5, PAIRS[0], LAWS[0], NUMBERS, limit=2.8),
        *_path_rows(17, COIN_PAIRS, COIN, [("flint", "fmpq")]),
    ]


def _chain_rows() -> list[Row]:
    work, law = CHAIN, law_of(chain)
    check(agree=all(law.mass(x) == fmpq(n, TOTAL**DRAWS) for x, n in chain_by_hand().items()), work=work)
    found = [
        chain_limit(),
        *_merged_by_hand(),
        Row(work, "dictionary program by hand", *compare(lambda: law_of(chain), chain_by_hand), limit=4),
    ]
    peers: list[tuple[str, Callable[[ModuleType], dict[int, Fraction]]]] = [
        ("icepool", chain_icepool),
        ("lea", chain_lea),
        ("stormpy", chain_storm),
    ]
    for name, peer in peers:
        try:
            module = importlib.import_module(name)
        except ImportError:
            found.append(Row(work, name, found[0].seconds, None, limit=4, faster=True))
            continue
        theirs = peer(module)
        check(agree=all(law.mass(x) == fmpq(p.numerator, p.denominator) for x, p in theirs.items()), work=name)
        ours, peers_seconds = compare(lambda: law_of(chain), lambda m=module, p=peer: p(m))  # type: ignore[misc]  # bound now
        found.append(Row(work, name, ours, peers_seconds, limit=4, faster=True))
    return found


def _merged_by_hand() -> list[Row]:
    """The arithmetic of the chain, its states merged by hand, on each library; python-flint's is what is asked for."""
    found = []
    for module, name in reversed(NUMBERS):
        peer, limit = f"dictionary program on {module}.{name}", 1.5 if module == "flint" else None
        try:
            number = getattr(importlib.import_module(module), name)
        except ImportError:
            found.append(Row(CHAIN, peer, fastest(lambda: law_of(chain))[0], None, limit=limit))
            continue
        law, masses = law_of(chain), _pythons(chain_of(number))
        check(agree=all(law.mass(x) == fmpq(p.numerator, p.denominator) for x, p in masses.items()), work=CHAIN)
        sides = compare(lambda: law_of(chain), partial(chain_of, number))
        found.append(Row(CHAIN, peer, *sides, limit=limit))
    return found


def chain_limit() -> Row:
    """The merged chain beside C."""
    return c_limit.limit_row(CHAIN, lambda: law_of(chain), chain_in_c, limit=30)


def chain_in_c(library: c_limit.Library) -> Law[int]:
    """The dictionary dynamic program, with an array for the dictionary."""
    return Law.of(enumerate(c_limit.chain(library, DRAWS, WEIGHTS, END, ENOUGH)))


def walk(choice: Choice) -> int:
    """Return the last symbol of the short chain, nothing merged."""
    symbol = total = 0
    for _ in range(WALK_DRAWS):
        symbol = choice.draw(LAWS[symbol])
        total += symbol
        if symbol == END or total >= WALK_ENOUGH:
            break
    return symbol


def walk_limit() -> Row:
    """The short chain, unmerged, beside C."""

    def in_c(library: c_limit.Library) -> Law[int]:
        return Law.of(enumerate(c_limit.chain(library, WALK_DRAWS, WEIGHTS, END, WALK_ENOUGH, merged=False)))

    return c_limit.limit_row("unmerged chain, 148,726 leaves", lambda: law_of(walk), in_c, limit=90)


def _path_limit(draws: int, pairs: list[tuple[int, int]], law: Law[int]) -> Row:
    def ours() -> Law[int]:
        return law_of(lambda c: tree(c, draws, law))

    def in_c(library: c_limit.Library) -> Law[int]:
        return Law.of(enumerate(c_limit.tree(library, draws, [share for _, share in sorted(pairs)])))

    return c_limit.limit_row(f"unmerged tree, {len(pairs)}^{draws} leaves", ours, in_c, limit=90)


def _path_rows(
    draws: int,
    pairs: list[tuple[int, int]],
    law: Law[int],
    numbers: Sequence[tuple[str, str]],
    limit: float | None = None,
) -> list[Row]:
    """Beside loops on numbers of other packages; ``limit`` is that beside bare python-flint.

    The others are for information: without merging every path is a product, and a quick fraction is enough.
    """

    def ours() -> Law[int]:
        return law_of(lambda c: tree(c, draws, law))

    found, work, rows = ours(), f"unmerged tree, {len(pairs)}^{draws} leaves", []
    for module, name in numbers:
        peer, most = f"{module}.{name}, each path a product", limit if module == "flint" else None
        try:
            number = getattr(importlib.import_module(module), name)
        except ImportError:
            rows.append(Row(work, peer, fastest(ours)[0], None, limit=most))
            continue

        def theirs(number: Callable[[int, int], Any] = number) -> dict[int, Any]:
            return tree_of(number, draws, pairs)

        agree = all(found.mass(x) == fmpq(int(p.numerator), int(p.denominator)) for x, p in _pythons(theirs()).items())
        check(agree=agree, work=work)
        rows.append(Row(work, peer, *compare(ours, theirs), limit=most))
    return rows


def _pythons(masses: dict[int, Any]) -> dict[int, Fraction]:
    return {x: Fraction(str(p)) for x, p in masses.items()}


def _tree_row(draws: int, pairs: list[tuple[int, int]], law: Law[int], limit: float | None = None) -> Row:
    work = f"unmerged tree, {len(pairs)}^{draws} leaves"
    by_hand, found = tree_by_hand(draws, pairs), law_of(lambda c: tree(c, draws, law))
    total = sum(by_hand.values())
    check(agree=all(found.mass(x) == fmpq(n, total) for x, n in by_hand.items()), work=work)
    sides = compare(lambda: law_of(lambda c: tree(c, draws, law)), lambda: tree_by_hand(draws, pairs))
    return Row(work, "recursive enumerator by hand", *sides, limit=limit)


def _stopped(state: State) -> bool:
    return state[0] == END or state[1] >= ENOUGH


if __name__ == "__main__":
    main(rows)
