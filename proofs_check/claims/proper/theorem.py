"""The theorem itself (FMR25 Thm 4.1)."""

from proofs_check.ledger import on_paper


@on_paper(
    "fmr25-theorem-4-1",
    source="FMR25 Thm 4.1",
    depends=("dnf-completeness", "dnf-soundness", "dnf-exploration-search", "dnf-decoding"),
)
def fmr25_theorem_4_1() -> None:
    r"""Training-time methods cannot be efficient in general.

    Under the randomised exponential-time hypothesis no proper learner, as the paper means it, has both
    $\Tdata \le \mathrm{poly}(d, 1/\beta, 1/\varepsilon, 1/\delta)$ and running time
    $\mathrm{poly}(d, e^{1/\beta}, 1/\varepsilon, 1/\delta)$.

    In words: If Max-k-DNF is as hard as believed, a method that commits to its parameters before it sees the prompt
    cannot always be fast and frugal.
    Caveats: from the reduction to the theorem leads the inapproximability of Max-$k$-DNF: no run checks it. *Proper*
    in the finite claims ({prf:ref}`def-proper`) is ours, and stronger than what is known of the paper's wording: the
    learner commits before the prompt, and nothing is filtered.
    """
