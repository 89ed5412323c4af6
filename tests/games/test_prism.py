"""The export of games: its text, its value by a reader of the language written here, and bad input."""

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
from flint import fmpq

from reference.constructions.needles import NeedleFamily
from reference.exact import log
from reference.exact.law import Law
from reference.games import solve, to_prism
from reference.games.curves import correlated_features, graded_rewards, several_needles
from reference.model import LinearProblem
from reference.model.criteria import naming
from reference.model.game import FinalAnswer, Game, GameError

TINY = """\
mdp

formula total = w0 + w1;

module learner
  c : [0..1] init 1;  // sampling queries left
  d : [0..1] init 1;  // reward queries left
  w0 : [0..1] init 1;
  w1 : [0..1] init 1;
  done : bool init false;
  won : bool init false;

  [weak_0_0] !done & c>0 -> (2*w0 + 2*w1)/(3*total) : (c'=c-1) + (w0)/(3*total) : (c'=c-1) & (w1'=0)\
 + (w1)/(3*total) : (c'=c-1) & (w0'=0);
  [reward_0_1] !done & d>0 -> (w0)/total : (d'=d-1) & (w1'=0) + (w1)/total : (d'=d-1) & (w0'=0);
  [reward_0_2] !done & d>0 -> (w0)/total : (d'=d-1) & (w1'=0) + (w1)/total : (d'=d-1) & (w0'=0);
  [answer_0] !done & c>=0 -> (0)/total : (done'=true) & (won'=true) + (w0 + w1)/total : (done'=true);
  [answer_1] !done & c>=0 -> (w0)/total : (done'=true) & (won'=true) + (w1)/total : (done'=true);
  [answer_2] !done & c>=0 -> (w1)/total : (done'=true) & (won'=true) + (w0)/total : (done'=true);
  [give_up] !done -> (done'=true);
  [end] done -> true;
endmodule

label "won" = won;
"""


def best(problem: LinearProblem) -> set[tuple[int, int]]:
    rewards = problem.rewards(0)
    return {(0, y) for y in range(len(rewards)) if rewards[y] == max(rewards)}


def needles(k: int, C: int) -> Game:
    return naming(NeedleFamily.of(k, C, 1, 1).members(), best)


def two_names() -> Game:
    return several_needles(2, 1, 3)


Valuation = tuple[tuple[str, Fraction], ...]


def number(expression: str, total: str, at: dict[str, Fraction]) -> Fraction:
    spelled = re.sub(r"\btotal\b", f"({total})", expression)
    spelled = re.sub(r"\b\d+\b", r"F(\g<0>)", spelled.replace("true", "1"))
    found = eval(spelled, {"F": Fraction, **at})  # noqa: S307 - our own text
    assert isinstance(found, Fraction)
    return found


def value_of(text: str) -> Fraction:
    """The greatest probability that ``won`` holds at the end, read off the program: no beliefs, no game."""
    found = re.search(r"formula total = (.*);", text)
    assert found is not None
    total = found[1]
    variables, ranges = dict.fromkeys(("done", "won"), 0), dict.fromkeys(("done", "won"), 1)
    for name, high, init in re.findall(r"^  (\w+) : \[0\.\.(\d+)\] init (\d+);", text, re.MULTILINE):
        variables[name], ranges[name] = int(init), int(high)
    commands = re.findall(r"^  \[(?!end)\w+\] (.*) -> (.*);$", text, re.MULTILINE)

    def branches(updates: str, at: dict[str, Fraction]) -> Iterator[tuple[Fraction, Valuation]]:
        probabilities = []
        for branch in re.split(r"(?<=\)) \+ (?=\([^:]*:)", updates):
            mass, _, assigned = branch.rpartition(" : ")
            probabilities.append(number(mass or "1", total, at))
            if not probabilities[-1]:
                continue
            after = dict(at)
            for name, expression in re.findall(r"\((\w+)'=([^)]*)\)", assigned):
                after[name] = number(expression, total, at)
                assert 0 <= after[name] <= ranges[name], (name, after[name])
            yield probabilities[-1], tuple(after.items())
        assert sum(probabilities) == 1

    @cache
    def value(state: Valuation) -> Fraction:
        at = dict(state)
        if at["done"]:
            return at["won"]
        results = []
        for guard, updates in commands:
            spelled = guard.replace("!done", "True").replace("&", "and")
            if eval(spelled, dict(at)):  # noqa: S307 - our own text
                results.append(sum((p * value(after) for p, after in branches(updates, at)), Fraction(0)))
        return max(results)

    return value(tuple((name, Fraction(v)) for name, v in variables.items()))


def test_the_text_of_a_tiny_game() -> None:
    assert to_prism(two_names(), 1, 1) == TINY


def test_its_value_by_hand() -> None:
    # A draw shows the needle with probability 1/3; otherwise one of two names is guessed. One reward decides.
    assert value_of(to_prism(two_names(), 1, 0)) == Fraction(1, 3) + Fraction(2, 3) / 2
    assert value_of(TINY) == 1
    assert value_of(TINY.replace("[reward", "[end_reward").replace("!done & d>0", "!done & d>1")) == Fraction(2, 3)


THETA = [log(2), log("1/2")]
COSTLY = Game(
    needles(2, 4).members,
    (3, 1, 1, 2),
    (FinalAnswer("first", (True, True, False, False), 1), FinalAnswer("0", (False,) * 4)),
)


@pytest.mark.parametrize(
    ("game", "t_comp", "t_data"),
    [
        (needles(3, 10), 2, 1),
        (several_needles(4, 2, 3), 2, 1),
        (replace(graded_rewards(4, 3), noise=Law.uniform([fmpq(-1, 4), fmpq(1, 4)]), prior=(1, 2, 3, 4)), 2, 2),
        (correlated_features(2, 3), 2, 1),
        (replace(needles(2, 10), thetas=tuple((t,) for t in THETA)), 2, 1),
        (replace(needles(2, 10), thetas=tuple((t,) for t in THETA), weak=False), 2, 0),
        (COSTLY, 0, 1),
        (COSTLY, 1, 1),
    ],
)
def test_value_of_the_text_is_that_of_the_solver(game: Game, t_comp: int, t_data: int) -> None:
    solved = solve(game, [(t_comp, t_data)]).value(t_comp, t_data)
    assert value_of(to_prism(game, t_comp, t_data)) == Fraction(int(solved.p), int(solved.q))


def test_no_answer_can_be_paid() -> None:
    game = Game(two_names().members, (1, 1), (FinalAnswer("a", (True, False), 3),))
    assert value_of(to_prism(game, 1, 1)) == 0


@pytest.mark.parametrize(("t_comp", "t_data"), [(-1, 0), (0, -1), (1.0, 0), (True, 0), ("1", 0)])
def test_bad_budgets(t_comp: int, t_data: int) -> None:
    with pytest.raises(ValueError, match="non-negative number of queries"):
        to_prism(two_names(), t_comp, t_data)


def test_weights_that_do_not_fit() -> None:
    game = replace(needles(2, 10), thetas=((log(2),),))
    with pytest.raises(ValueError, match=r"T_comp = 40, T_data = 0: the weights of this game would pass 2\^62"):
        to_prism(game, 40, 0)


def test_irrational_laws() -> None:
    with pytest.raises(GameError, match=r"thetas\[0\].*not rational"):
        to_prism(naming(NeedleFamily.of(2, 10, 1, 1).members(), best, thetas=[["1/2"]]), 1, 0)
