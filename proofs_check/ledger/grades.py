"""What can be said of a claim, and how strong the evidence is."""

from enum import StrEnum


class Grade(StrEnum):
    """Strength of evidence, strongest first.  It is derived from what ran (see :mod:`proofs_check.ledger.kernel`)."""

    KERNEL = "kernel"
    """Proved for all values by a proof assistant."""
    SYMBOLIC = "symbolic"
    """An identity for all values, proved by a computer-algebra system."""
    CERTIFIED = "certified"
    """The numbers that it is about, on named instances, decided again by the proof assistant's kernel with a checker
    that is proved sound."""
    COMPUTED = "computed"
    """The same, computed by the kernel; no theorem says yet what the computation shows."""
    EXHAUSTIVE = "exhaustive"
    """Every member of a named finite family, each decided exactly (normal forms, no rounding)."""
    ENCLOSED = "enclosed"
    """Every member of a named finite family, some of them decided by certified balls."""
    SAMPLED = "sampled"
    """Random members (number and seed are stated), each decided exactly or by certified balls."""
    MONTE_CARLO = "monte-carlo"
    """Simulated runs, judged by exact binomial tails at a stated error probability."""
    PAPER = "paper"
    """Proved in the source; not checked here."""

    @property
    def rank(self) -> int:
        """0 for the strongest grade."""
        return list(Grade).index(self)

    @staticmethod
    def weakest(grades: "list[Grade]") -> "Grade":
        """Return the weakest of at least one grade: a chain of evidence is as strong as its weakest link."""
        return max(grades, key=lambda grade: grade.rank)


class Verdict(StrEnum):
    """What a run says about a claim."""

    HOLDS = "holds"
    """Every check ran, every case holds; the witness was found, the mutation and the trivial object rejected."""
    SO_FAR = "so far"
    """A quick look: only a part was run, and nothing in it speaks against the claim."""
    VIOLATED = "violated"
    """A case of the claim is false: a counterexample is attached."""
    VACUOUS = "vacuous"
    """The witness yielded nothing, or something false: the hypotheses were not shown to be satisfiable."""
    TOOTHLESS = "toothless"
    """The mutation, a false variant, or the trivial object was not rejected: the check cannot tell right from wrong."""
    UNDECIDED = "undecided"
    """Enclosures or samples left a case open; nothing was guessed."""
    NOT_REACHED = "not reached"
    """A check stopped early, or no case of it came up."""
    PAPER_ONLY = "paper only"
    """Asymptotic or complexity-theoretic: recorded, and never presented as checked."""
