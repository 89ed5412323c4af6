"""MTSS on the needle path, pass by pass: which prefixes it looks at, what it covers, and what that costs."""

from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar

from docs.play.page.shown import Number2, Sentence, number
from reference.algorithms import MTSS
from reference.constructions.needle_paths import needle_path
from reference.interaction import Loop, Seeded, World
from reference.interaction.world import Event
from reference.laws.mtss import ideal_token_policy
from reference.model import Problem, base_policy, gap

Answer = dict[str, Any]
S = TypeVar("S")

LONGEST = 7
"""``H``, at most."""

MOST_ROLLS = 4
"""``N_roll``, at most."""

LONGEST_LAW = 4
"""``H`` up to which the law over all runs is computed here."""

PASS: Event = ("pass", ())
"""Stands between the queries of two passes."""


class Passing(Seeded):
    """A seeded run that notes where the rounds of its outermost loop begin."""

    def __init__(self, seed: int, told: list[Event]) -> None:
        super().__init__(seed)
        self.told, self.inside = told, False

    def loop(self, loop: Loop[S]) -> S:
        """Run the loop."""
        if self.inside:
            return loop.run()

        def step(state: S) -> S:
            self.told.append(PASS)
            self.inside = True
            return loop.step(state)

        def until(state: S) -> bool:
            self.inside = False
            return loop.ends(state)

        return loop._replace(step=step, until=until).run()


def sweeps(H: int, rolls: int, seed: int) -> Answer:
    """Return a run of MTSS with look-ups by listing, pass by pass."""
    return _passes(H, MTSS(_counted(H, rolls)), seed)


def sweeps_in_roll_ins(H: int, rolls: int, seed: int) -> Answer:
    """Return a run of MTSS whose roll-outs do not look for pairs, pass by pass."""
    from proofs_check.claims.multi_turn.roll_ins_only import RollInsOnly  # noqa: PLC0415 - it comes with the claims

    return _passes(H, RollInsOnly(_counted(H, rolls)), seed)


def chance_in_roll_ins(H: int, rolls: int) -> Answer:
    """Return the probability, over all runs, that roll-ins alone cover all layers."""
    from proofs_check.claims.multi_turn.path_coverage import chance_of_covering, path_law  # noqa: PLC0415 - as above

    if H > LONGEST_LAW:
        raise Sentence(f"H = {H}: the page computes this law for H up to {LONGEST_LAW}")
    return {"chance": number(chance_of_covering(path_law(H, MTSS(_counted(H, rolls)), blind=True), *range(1, H + 1)))}


def _counted(H: int, rolls: int) -> int:
    if not (1 <= H <= LONGEST and 1 <= rolls <= MOST_ROLLS):
        raise Sentence(f"H = {H}, N_roll = {rolls}: the page takes H up to {LONGEST} and N_roll up to {MOST_ROLLS}")
    return rolls


def _passes(H: int, algorithm: MTSS, seed: int) -> Answer:
    (problem, base), told = _needle(H), list[Event]()
    world = World(problem, Passing(seed, told), observer=told.append)
    final = algorithm(world.tokens)
    starts = [i for i, event in enumerate(told) if event == PASS]
    steps, covered, listed, rewards = list[Answer](), set[int](), [0] * H, 0
    for begin, end in zip(starts, [*starts[1:], len(told)], strict=True):
        events = told[begin + 1 : end]
        for oracle, details in events:
            if oracle == "listing":
                listed[len(_prefix(details))] += int(str(details[2]))
            rewards += oracle == "reward"
        met = len(_prefix(events[-1][1])) + 1 if len(steps) + 1 < final.passes else None
        covered |= {met} if met else set()
        steps.append({
            "walks": list(_walks(events)), "met": met, "covered": sorted(covered),
            "listed": list(listed), "rewards": rewards,
        })  # fmt: skip
    reading = world.meter.reading
    return {
        "H": H,
        "steps": steps,
        "listed": sum(reading.listed),
        "rewards": reading.reward,
        "covered": sum(bool(layer.psi) for layer in final.layers),
        "gap": number(gap(problem, ideal_token_policy(problem, final))),
        "base": base,
    }


@cache
def _needle(H: int) -> tuple[Problem, Number2]:
    """Return the needle path, and the gap of its base model."""
    problem = needle_path(H)
    return problem, number(gap(problem, base_policy(problem)))


def _prefix(details: tuple[object, ...]) -> tuple[int, ...]:
    prefix = details[1]
    assert isinstance(prefix, tuple)  # noqa: S101 - that is what oracles of tokens are asked at
    return prefix


def _walks(events: list[Event]) -> Iterator[Answer]:
    """Yield the walks of a pass.  Roll-outs come first and end with a reward; a prompt begins each roll-in."""
    roll_in, listed = False, list[tuple[int, ...]]()
    for oracle, details in events:
        if oracle == "listing":
            listed.append(_prefix(details))
        if oracle == "reward":
            yield _walk(roll_in, [*listed, _prefix(details)], str(details[2]))
        if oracle == "prompt" and listed:
            yield _walk(roll_in, listed)
        if oracle != "listing":
            roll_in, listed = oracle == "prompt", []
    if listed:
        yield _walk(roll_in, listed)


def _walk(roll_in: bool, seen: list[tuple[int, ...]], reward: str | None = None) -> Answer:  # noqa: FBT001 - which kind
    """Return where a walk begins, and which of the prefixes that it came to are on the path."""
    return {"roll_in": roll_in, "start": len(seen[0]), "on_path": [all(prefix) for prefix in seen], "reward": reward}
