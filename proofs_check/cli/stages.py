"""The families that ``spanner play`` plays on: members, what is sought, and what theory says of every learner.

A stage is pickled for the processes of a learner; a member is built when it is played on.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Literal, NamedTuple

from flint import arb, fmpq

from reference.constructions.dnf.formula import Assignment, DnfInstance, Formula, signs_text
from reference.constructions.dnf.generate import SIGNS
from reference.constructions.fair_bit_strings import fair_bits
from reference.constructions.needle_paths import needle_path
from reference.constructions.needles import NeedleFamily
from reference.constructions.opposites import opposite_rewards
from reference.exact import Number, log, rational_text, real
from reference.exact.law import Law
from reference.exact.precision import workprec
from reference.exact.reals import enclosed
from reference.interaction.choice import Choice
from reference.model.parts import Prefix
from reference.model.problem import Problem

if TYPE_CHECKING:  # the claims come with the ledger; a learner's process needs neither
    from proofs_check.claims.multi_turn.path_games import PathGame
    from proofs_check.cli.formats.parts import Numeral

PlayAccess = Literal["responses", "tokens"]
"""What a learner sees: whole responses, or one token after a prefix."""

SEEN = {"responses": "whole responses", "tokens": "tokens"}

_FEATURES = {"prefixes": "features of all prefixes", "string": "the feature of the string alone"}

MAX_POWER = 100_000
"""``T_comp`` up to which powers are formed."""

_MOST_DRAWN = 200
"""``T_comp`` up to which the value of the path game is formed."""

_BITS = Law.uniform("01")


class Line(NamedTuple):
    """One line of the result: its key in JSON, its words on the screen, and what it says."""

    key: str
    words: str
    value: "str | int | Numeral | None"


class Spent(NamedTuple):
    """What a learner spent: ``T_comp``, ``T_data``, and the strong queries among the first."""

    t_comp: int
    t_data: int
    t_strong: int


class Stage(ABC):
    """A family with what is sought on it, and what theory says; here: one member, the best response, and nothing."""

    access: PlayAccess = "responses"
    sought: str = "drawn response earns the most"
    size: int = 1
    dimension: int = 1

    @abstractmethod
    def members(self) -> Iterator[Problem]:
        """Yield every member."""

    def drawn_member(self, choice: Choice) -> Problem:
        """Return a member drawn at random."""
        del choice
        return next(self.members())

    def is_hit(self, member: Problem, x: int, response: Prefix) -> bool:
        """Whether a response to prompt ``x`` is what is sought."""
        return member.reward_of(x, response) == member.reward_range(x)[1]

    def best(self, spent: Spent) -> "Number | None":
        """Return the most that any learner hits with the weak oracle; ``None`` if that is not known."""
        del spent
        return None

    def bound(self, spent: Spent) -> "tuple[str, Number] | None":
        """Return a bound of what any learner hits, with its formula; ``None`` if theory has none."""
        del spent
        return None

    def facts(self) -> list[Line]:
        """Return what else theory says."""
        return []


@dataclass(frozen=True)
class NeedleStage(Stage):
    """The needle family."""

    family: NeedleFamily

    sought = "drawn response is the needle"

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", self.family.size)
        object.__setattr__(self, "dimension", self.family.dimension)

    def __str__(self) -> str:
        """As the family is called in results."""
        return str(self.family)

    def members(self) -> Iterator[Problem]:
        """Yield every member."""
        return self.family.members()

    def drawn_member(self, choice: Choice) -> Problem:
        """Return a member drawn at random."""
        return self.family.drawn_member(choice)

    def is_hit(self, member: Problem, x: int, response: Prefix) -> bool:
        """Whether a response is the needle."""
        return self.family.is_hit(member, x, response)

    def best(self, spent: Spent) -> Number:
        """Return the value of the game; enclosed where its digits would be too many."""
        if spent.t_comp <= MAX_POWER:
            return self.family.game_value(spent.t_comp, spent.t_data)
        return enclosed(_game_value, 1 - self.family.p, spent.t_comp, self.family.game_value(0, spent.t_data))

    def bound(self, spent: Spent) -> tuple[str, Number]:
        """Return the bound of ``coverage-lower-bound``."""
        bound = self.family.qbar() * spent.t_comp + fmpq(spent.t_data + 1, self.family.k)
        return "T_comp qbar + (T_data+1)/k", bound

    def facts(self) -> list[Line]:
        """Return what success takes, and what SpannerSampling does."""
        if not self.family.is_learnable:
            return []
        from proofs_check.cli.formats.parts import DIGITS, number

        rewards = max(fmpq(0), fmpq(3 * self.family.k, 32) - 1)
        return [
            Line("success_t_comp", "success 3/4 needs T_comp >=", number(self.family.our_bound(), DIGITS)),
            Line("success_t_data", "or T_data >=", number(rewards, DIGITS)),
            Line("spanner_sampling_t_comp", SPANNER, number(114 * self.family.C + 10, DIGITS)),
        ]


SPANNER = "SpannerSampling's T_comp, at most (if d beta^2 >= 1)"


def _game_value(prec: int, rest: fmpq, t_comp: int, at_once: fmpq) -> arb:
    with workprec(prec + t_comp.bit_length()):
        return 1 - arb(rest) ** t_comp * arb(1 - at_once)


@dataclass(frozen=True)
class PathStage(Stage):
    """The needle path to a string: to any, equally likely, or to ``s``; ``features``: of whole responses."""

    H: int
    s: str | None
    features: str
    access: PlayAccess

    sought = "drawn string is the one that earns"

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", 2**self.H if self.s is None else 1)

    def __str__(self) -> str:
        """As the family is called in results."""
        to = "" if self.s is None else f", s={self.s}"
        seen = SEEN[self.access] + f", {_FEATURES[self.features]}" * (self.access == "responses")
        return f"needle-path(H={self.H}{to}), {seen}"

    def members(self) -> Iterator[Problem]:
        """Yield the paths."""
        strings = map("".join, product("01", repeat=self.H)) if self.s is None else [self.s]
        return map(self._member, strings)

    def drawn_member(self, choice: Choice) -> Problem:
        """Return the path to a uniform string."""
        return self._member("".join(choice.draw(_BITS) for _ in range(self.H)) if self.s is None else self.s)

    def _member(self, s: str) -> Problem:
        path = needle_path(self.H, s)
        if self.access == "tokens":
            return path
        if self.features == "prefixes":
            return path.sequences("concatenated")
        from proofs_check.claims.multi_turn.path_games import string_alone

        return string_alone(path)

    def _game(self, spent: Spent) -> "PathGame | None":
        """Return the game that theory knows: whole responses, the weak oracle, all strings equally likely."""
        if self.access == "tokens" or self.s is not None or spent.t_strong > 0:
            return None
        from proofs_check.claims.multi_turn.path_games import PathGame

        return PathGame(self.H, self.features == "prefixes", spent.t_comp, spent.t_data)

    def best(self, spent: Spent) -> "Number | None":
        """Return the value of the game, where it takes no time."""
        game = self._game(spent) if spent.t_comp <= _MOST_DRAWN else None
        return None if game is None else game.value(spent.t_comp, spent.t_data)

    def bound(self, spent: Spent) -> "tuple[str, Number] | None":
        """Return the bound of ``path-by-strings`` or ``path-by-prefixes``."""
        if (game := self._game(spent)) is None:
            return None
        formula = "(H+1) max(1, T_comp) (T_data+1)/2^H" if game.prefixes else "(T_comp + T_data + 1)/2^H"
        return formula, game.bound(spent.t_comp, spent.t_data)

    def facts(self) -> list[Line]:
        """Return what MTSS spends at most to return ``pi*``."""
        if self.access == "responses":
            return []
        from proofs_check.claims.multi_turn.path_games import by_tokens

        return [Line("mtss_queries", "MTSS by listing returns pi* with T_comp + T_data + 1 <=", by_tokens(self.H))]


@dataclass(frozen=True)
class OneStage(Stage):
    """Fair bits, or opposite rewards: a single instance, on which theory bounds no learner."""

    family: Literal["fair-bits", "opposite-rewards"]
    H: int
    reward: str
    beta: fmpq
    access: PlayAccess

    def __str__(self) -> str:
        """As the family is called in results."""
        first = f"H={self.H}, reward={self.reward}" if self.family == "fair-bits" else f"s={self.reward}"
        return f"{self.family}({first}, beta={rational_text(self.beta)}), {SEEN[self.access]}"

    def members(self) -> Iterator[Problem]:
        """Yield the instance."""
        if self.family == "fair-bits":
            bits = fair_bits(self.H, self.reward, beta=self.beta)
            yield bits if self.access == "tokens" else bits.sequences("concatenated")
        else:
            opposite = opposite_rewards(self.reward, beta=self.beta)
            yield opposite if self.access == "tokens" else opposite.sequences("tabular")


@dataclass(frozen=True)
class DnfStage(Stage):
    """The instances of a formula: ``theta*`` at any vertex, equally likely, or at ``star``."""

    formula: Formula
    A: fmpq
    L: fmpq
    beta: fmpq
    star: Assignment | None

    sought = "drawn response is 1, to a term that theta* satisfies"

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", 2**self.formula.variables if self.star is None else 1)

    def __str__(self) -> str:
        """As the family is called in results."""
        numbers = ", ".join(f"{name}={rational_text(getattr(self, name))}" for name in ("A", "L", "beta"))
        star = "" if self.star is None else f", star={signs_text(self.star)}"
        return f"dnf({self.formula!s:.80}, {numbers}{star})"

    def members(self) -> Iterator[Problem]:
        """Yield the instances."""
        return map(self._member, product((1, -1), repeat=self.formula.variables) if self.star is None else [self.star])

    def drawn_member(self, choice: Choice) -> Problem:
        """Return the instance of a uniform vertex."""
        drawn = tuple(choice.draw(SIGNS) for _ in range(self.formula.variables)) if self.star is None else self.star
        return self._member(drawn)

    def _member(self, star: Assignment) -> Problem:
        return DnfInstance(self.formula, self.A, self.L, self.beta, star).problem

    def is_hit(self, member: Problem, x: int, response: Prefix) -> bool:
        """Whether it earns ``beta k log A``, which only 1 to a satisfied term does."""
        return member.reward_of(x, response) == log(self.A) * (self.beta * self.formula.k)


def vacuous(bound: Number) -> bool:
    """Whether a bound of a probability says nothing."""
    return bool(real(bound) >= 1)
