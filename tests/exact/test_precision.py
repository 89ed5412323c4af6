"""The precision of balls is put back in each thread, whatever others do in the meantime."""

import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from flint import arb, ctx, fmpq

from reference.exact import Undecided, exp, exp_sum, real, real_log, to_decimal
from reference.exact.precision import workprec


@pytest.fixture
def hasty() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_it_is_put_back_after_an_error() -> None:
    before = ctx.prec
    with pytest.raises(ZeroDivisionError), workprec(300), workprec(400):
        _ = ctx.prec / 0
    assert ctx.prec == before


def test_another_thread_waits_for_its_turn() -> None:
    """Without turns the second thread would take 300 for what it has to put back, and leave it behind."""
    before, asked, entered = ctx.prec, Event(), Event()

    def other() -> None:
        asked.set()
        with workprec(400):
            entered.set()

    thread = Thread(target=other)
    with workprec(300):
        thread.start()
        assert asked.wait(10)
        assert not entered.wait(0.02)
        assert ctx.prec == 300
        with workprec(350):
            assert (arb(1) / 3).rel_accuracy_bits() > 340
    assert entered.wait(10)
    thread.join()
    assert ctx.prec == before


@pytest.mark.usefixtures("hasty")
def test_threads_get_the_right_answers_and_leave_the_precision_as_it_was() -> None:
    before, found = ctx.prec, list[tuple[int, str]]()

    def work(seed: int) -> None:
        for i in range(60):
            at, small = fmpq(seed * 1000 + i, 997), fmpq(1, 10 ** (5 * i))
            try:
                signs = exp_sum([(1, at), (-1, at + small)]).sign(), (real_log(6) - real_log(2) - real_log(3)).sign()
                above = real_log(2) + real_log(3) + real(small) - real_log(6) > 0
                digits = to_decimal(exp(at), 40).text
            except Undecided as error:
                found.append((seed, str(error)))
                continue
            if signs != (-1, 0) or not above or digits != alone[seed, i]:
                found.append((seed, digits))

    alone = {(seed, i): to_decimal(exp(fmpq(seed * 1000 + i, 997)), 40).text for seed in range(4) for i in range(60)}
    threads = [Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not found
    assert ctx.prec == before


def test_nothing_else_sets_it() -> None:
    root = Path(__file__).parents[2]
    paths = [path for folder in ("reference", "proofs_check") for path in (root / folder).rglob("*.py")]
    setting = {path.name for path in paths if "ctx.workprec" in (text := path.read_text("utf-8")) or "ctx.prec" in text}
    assert setting == {"precision.py"}


def test_within_the_same_precision_nothing_is_set_and_all_is_put_back() -> None:
    before = ctx.prec
    with workprec(before):
        assert ctx.prec == before
        with workprec(before + 1):
            assert ctx.prec == before + 1
            with workprec(before + 1):
                assert ctx.prec == before + 1
            assert ctx.prec == before + 1
        assert ctx.prec == before
    assert ctx.prec == before
