"""What MTSS ends with, pass by pass: against the law of whole runs."""

import pytest
from flint import fmpq

from proofs_check.claims.multi_turn.pass_laws import Passes, by_whole_runs
from reference.algorithms.mtss import MTSS
from reference.catalog import load
from reference.constructions.fair_bit_strings import fair_bits
from reference.constructions.needle_paths import needle_path
from reference.exact import log
from reference.exact.law import Law
from reference.exact.number import Undecided
from reference.model.parts import Start
from reference.model.problem import Problem


def noisy_bit() -> Problem:
    """One fair bit, two prompts, rewards off by 1/5 either way."""
    (layer,) = fair_bits(1, log(4)).layers
    prompts = [Start.of("x", rho="1/3"), Start.of("z", rho="2/3")]
    noise = Law.uniform([fmpq(-1, 5), fmpq(1, 5)])
    return Problem.of("noisy bit", prompts, [layer], beta=1, R_max=2, noise=noise)


@pytest.mark.parametrize(
    ("problem", "p", "ends"),
    [
        (fair_bits(2, log(4)), MTSS(2), 1),
        (fair_bits(1, log(4)), MTSS(3, 2, look="draws"), 3),
        (noisy_bit(), MTSS(1, n_out=2), 10),
        (noisy_bit(), MTSS(2, 1, look="draws", mode="ridge", ridge="1/2"), 13),
        (load("clean-sweep"), MTSS(2, 2, look="draws"), 11),
        (load("clean-sweep"), MTSS(1, 1, n_out=2, look="draws"), 13),
    ],
    ids=lambda value: value.name if isinstance(value, Problem) else "",
)
def test_passes_have_the_law_of_whole_runs(problem: Problem, p: MTSS, ends: int) -> None:
    law = Passes(problem, p).final_law()
    assert len(law.outcomes) == ends
    assert law == by_whole_runs(problem, p)


def test_the_hazard_is_that_of_one_roll_in() -> None:
    """The needle path of three bits: nothing is covered."""
    passes = Passes(needle_path(3), MTSS(1, 2, look="draws"))
    bare = next(layers for layers in passes.final_law().outcomes if not any(layer.psi for layer in layers))
    # Two looks at each of the prefixes (), (1), (1,1), reached with chances 1, 1/2, 1/4 if nothing is found before.
    missed, found = fmpq(1, 4), fmpq(3, 4)
    assert passes.hazard(bare) == found + missed * fmpq(1, 2) * (found + missed * fmpq(1, 2) * found)


def test_a_return_outside_the_tower_is_refused() -> None:
    """By two roll-outs a target theta_2 is a half of a log: the normalisers of layer 1 are logs of irrational sums."""
    noise = Law.uniform([fmpq(-1, 5), fmpq(1, 5)])
    bits = fair_bits(2, log(4))
    problem = Problem.of("noisy bits", bits.prompts, bits.layers, beta=1, R_max=4, noise=noise)
    with pytest.raises(Undecided, match="no log-linear number"):
        Passes(problem, MTSS(1, bits=8)).final_law()
