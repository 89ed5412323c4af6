"""Section 9, MTSS on the needle path: costs from transcripts, and the law of what is covered, by another recursion."""

from functools import cache
from itertools import pairwise

import mpmath
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proofs_check.claims.multi_turn.path_coverage import chance_of_covering, most_covered, path_law
from reference.algorithms.mtss import MTSS
from reference.constructions.needle_paths import needle_path
from reference.interaction.seeded import Seeded
from reference.interaction.world import Event, World
from tests.claims.second_opinion import at_most, below, close, mp, same
from tests.claims.token_second_opinion import Learned, Tree


@pytest.mark.claim("needle-path-by-listing")
@given(st.text("01", min_size=1, max_size=6), st.integers(1, 3), st.integers(1, 2), st.integers(0, 2**20))
@example("1" * 12, 1, 1, 3)
@settings(max_examples=20)
def test_by_listing_every_run_covers_the_path(s: str, n_roll: int, n_out: int, seed: int) -> None:
    """The transcript: a pass ends with the listing after the next prefix of ``s``; roll-outs off the path end."""
    H, problem, events = len(s), needle_path(len(s), s), list[Event]()
    world = World(problem, Seeded(seed), observer=events.append)
    final = MTSS(n_roll, n_out=n_out)(world.tokens)
    listed = [details[1] for oracle, details in events if oracle == "listing"]
    needle = tuple(map(int, s))
    firsts = [listed.index(needle[:h]) for h in range(H)]
    assert all(a < b for a, b in pairwise(firsts))
    # the last pass: N_out pairs of roll-outs from each layer, and roll-ins; before it one look a layer, and the
    # roll-out off the path if its token comes first
    last = sum(2 * n_out * (H - h) for h in range(1, H + 1)) + n_roll * H
    off = sum(H - h for h in range(1, H) if needle[h - 1] == 1)
    assert len(listed) == last + H + off
    assert world.meter.reading.t_comp == 2 * len(listed)
    rewards = sum(oracle == "reward" for oracle, _ in events)
    assert rewards == world.meter.reading.t_data == 2 * H * n_out + needle[:-1].count(1)
    if set(s) == {"1"} and n_roll == n_out == 1:
        assert (2 * len(listed) + 2 * H, rewards) == (3 * H * (H + 1), 3 * H - 1)
    if H < 7:  # the tree has 2^H sequences
        tree = Tree(problem)
        learned = Learned(tree, final)
        for x, prefix in tree.contexts():
            best = tree.best(x, prefix)
            assert all(same(mass, best[token]) for token, mass in learned.law(x, prefix).items())


class PathWalk:
    """MTSS on the needle path, ``N_out = 1``: a layer is covered or not, and has a number, its parameter.

    A look misses an uncovered pair with probability ``miss``; in roll-outs always, if they are ``blind``.  On the path
    line 8 goes on with probability ``e^t/(1 + e^t)``, whatever ``a'`` is, and explains ``log`` of twice that.
    """

    def __init__(self, H: int, n_roll: int, miss: mpmath.mpf, *, blind: bool) -> None:
        self.H, self.n_roll, self.miss, self.blind = H, n_roll, miss, blind
        self.end = cache(self._end)

    def _end(self, covered: frozenset[int]) -> dict[frozenset[int], mpmath.mpf]:
        """The law of what is covered at the end."""
        ends: dict[frozenset[int], mpmath.mpf] = {}
        for thetas, mass in self.fitted(covered, self.H):
            if isinstance(thetas, int):
                self._more(ends, covered | {thetas}, mass)
                continue
            met = self.roll_in(covered, thetas)
            clean = 1 - mp.fsum(met.values())
            ends[covered] = ends.get(covered, mp.mpf(0)) + mass * clean**self.n_roll
            for layer, chance in met.items():
                self._more(ends, covered | {layer}, mass * chance * mp.fsum(clean**i for i in range(self.n_roll)))
        return ends

    def _more(self, ends: dict[frozenset[int], mpmath.mpf], covered: frozenset[int], mass: mpmath.mpf) -> None:
        for after, share in self.end(covered).items():
            ends[after] = ends.get(after, mp.mpf(0)) + mass * share

    def fitted(self, covered: frozenset[int], down_to: int) -> list[tuple[dict[int, mpmath.mpf] | int, mpmath.mpf]]:
        """Line 3 for the layers from the last: parameters, or the layer that is met."""
        going: list[tuple[dict[int, mpmath.mpf] | int, mpmath.mpf]] = [({}, mp.mpf(1))]
        for h in range(down_to, 0, -1):
            if h not in covered:
                continue
            after: list[tuple[dict[int, mpmath.mpf] | int, mpmath.mpf]] = []
            for thetas, mass in going:
                if isinstance(thetas, int):
                    after.append((thetas, mass))
                    continue
                on, explained = mass, mp.mpf(0)
                for j in range(h + 1, self.H + 1):
                    if j not in covered and not self.blind:
                        after.append((j, on * (1 - self.miss)))
                        on *= self.miss
                    stays = self.stays(thetas, j)
                    after.append(({**thetas, h: -explained - mp.log(2 * (1 - stays))}, on * (1 - stays)))
                    on *= stays
                    explained += mp.log(2 * stays)
                after.append(({**thetas, h: 2 * self.H * mp.log(2) - explained}, on))
            going = [(thetas, mass) for thetas, mass in after if mass > 0]
        return going

    def roll_in(self, covered: frozenset[int], thetas: dict[int, mpmath.mpf]) -> dict[int, mpmath.mpf]:
        """The layer that one roll-in meets, with its chance."""
        met, on = {}, mp.mpf(1)
        for j in range(1, self.H + 1):
            if j not in covered:
                met[j] = on * (1 - self.miss)
                on *= self.miss
            on *= self.stays(thetas, j)
        return met

    @staticmethod
    def stays(thetas: dict[int, mpmath.mpf], j: int) -> mpmath.mpf:
        """The probability that line 8 takes the token of the string."""
        return 1 / (1 + mp.exp(-thetas.get(j, mp.mpf(0))))


@pytest.mark.claim("needle-path-by-draws")
@pytest.mark.claim("needle-path-in-roll-ins")
@given(st.integers(1, 3), st.integers(1, 4), st.sampled_from((None, 1, 2, 3)), st.booleans())
@example(3, 1, 2, False)
@example(4, 1, None, True)
@settings(max_examples=10)
def test_the_law_of_what_is_covered(H: int, n_roll: int, n_pair: int | None, blind: bool) -> None:  # noqa: FBT001 - drawn
    p = MTSS(n_roll) if n_pair is None else MTSS(n_roll, n_pair, look="draws")
    miss = mp.mpf(0) if n_pair is None else mp.mpf(2) ** -n_pair
    ends = PathWalk(H, n_roll, miss, blind=blind).end(frozenset())
    everything = ends.get(frozenset(range(1, H + 1)), mp.mpf(0))
    law = path_law(H, p, blind=blind)
    assert close(chance_of_covering(law, *range(1, H + 1)), everything)
    if not blind:
        assert at_most((1 - miss) ** H, everything)
        return
    product = mp.mpf(1)
    for m in range(1, H + 1):
        here = mp.fsum(mass for covered, mass in ends.items() if m in covered)
        assert close(chance_of_covering(law, m), here)
        factor = n_roll * mp.mpf(2) ** (1 - m) + mp.mpf(2) ** (m - H)
        product *= min(mp.mpf(1), factor)
        assert at_most(here, product if n_pair is None else m * factor)
        assert close(most_covered(H, m, p), product if n_pair is None else m * factor)


@pytest.mark.claim("needle-path-in-roll-ins")
@pytest.mark.parametrize(("H", "n_roll"), [(5, 1), (6, 3)])
def test_longer_paths_are_covered_less_than_the_bound(H: int, n_roll: int) -> None:
    ends, product = PathWalk(H, n_roll, mp.mpf(0), blind=True).end(frozenset()), mp.mpf(1)
    for m in range(1, H + 1):
        product *= min(mp.mpf(1), n_roll * mp.mpf(2) ** (1 - m) + mp.mpf(2) ** (m - H))
        assert at_most(mp.fsum(mass for covered, mass in ends.items() if m in covered), product)
        assert close(most_covered(H, m, MTSS(n_roll)), product)
    assert below(product, mp.mpf(1))
