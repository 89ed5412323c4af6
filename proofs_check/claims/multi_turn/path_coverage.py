"""What MTSS covers on the needle path, and what that costs.  For the claims and the page."""

from functools import lru_cache
from typing import NamedTuple

from flint import fmpq

from proofs_check.claims.multi_turn.pass_laws import Layers, Passes
from proofs_check.claims.multi_turn.roll_ins_only import blind_roll_out
from reference.algorithms.mtss import MTSS, roll_out
from reference.constructions.needle_paths import needle_path
from reference.exact.law import Law, Mass


class OnPath(NamedTuple):
    """MTSS with inputs ``p`` on the needle path of horizon ``H``."""

    H: int
    p: MTSS

    def __str__(self) -> str:
        """As cases are labelled."""
        pairs = f", N_pair = {self.p.n_pair}" if self.p.look == "draws" else ", by listing"
        return f"H = {self.H}, N_roll = {self.p.n_roll}{pairs}"


class PathCosts(NamedTuple):
    """What a run on the needle path did: passes, which layers it covered, ``T_comp`` with one draw, and ``T_data``."""

    passes: int
    covered: tuple[bool, ...]
    t_comp: int
    t_data: int


def listed_costs(s: str, p: MTSS) -> PathCosts:
    """Return what every run costs that looks by listing and lists in line 8 (proof on the page)."""
    H = len(s)
    ones = [h for h, bit in enumerate(s[:-1], 1) if bit == "1"]
    looks = 2 * H + 2 * sum(H - h for h in ones)
    last = 2 * H * (H - 1) * p.n_out + 2 * H * p.n_roll
    return PathCosts(H + 1, (True,) * H, looks + last + 2 * H, 2 * H * p.n_out + len(ones))


def which(layers: Layers) -> tuple[bool, ...]:
    """Return which layers of the needle path are covered."""
    return tuple(bool(layer.psi) for layer in layers)


@lru_cache(maxsize=32)
def path_law(H: int, p: MTSS, *, blind: bool = False) -> Law[Layers]:
    """Return the law of the layers that MTSS ends with on the needle path; ``blind``: roll-outs do not look."""
    return Passes(needle_path(H), p, blind_roll_out if blind else roll_out).final_law()


def chance_of_covering(law: Law[Layers], *layers: int) -> Mass:
    """Return the probability that these layers, counted from 1, are covered."""
    zero: Mass = fmpq(0)
    return sum((mass for found, mass in law.items() if all(found[m - 1].psi for m in layers)), zero)


def most_covered(H: int, m: int, p: MTSS, rolls: int = 1, earned: int = 1) -> fmpq:
    """Return the bound of the probability that layer ``m`` is covered if roll-outs do not look.

    ``rolls``, ``earned``: factors of the two terms.
    """

    def factor(k: int) -> fmpq:
        return fmpq(2 * rolls * p.n_roll, 2**k) + fmpq(earned * p.n_out * 2**k, 2**H)

    if p.look == "draws":
        return m * factor(m)
    bound = fmpq(1)
    for k in range(1, m + 1):
        bound *= min(fmpq(1), factor(k))
    return bound
