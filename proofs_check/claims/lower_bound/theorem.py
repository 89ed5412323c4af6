"""The theorem itself: asymptotic, so no finite run checks it."""

from proofs_check.ledger import on_paper


@on_paper(
    "fmr25-theorem-2-1",
    source="FMR25 Thm 2.1",
    depends=("coverage-lower-bound", "needle-minimax", "data-without-coverage"),
)
def theorem_2_1() -> None:
    r"""Coverage is necessary for computational efficiency.

    With the strong oracle, at constant accuracy, every learner that is correct on all instances with
    $\Ccov(\pi^*) \le C^*$ and $B = \Rmax = 1$ needs

    $$
    \Tdata \ge |Y|/8 \quad\text{or}\quad \Tcomp \ge c \min\{ e^{\beta^2 d/2},\; e^{1/(2\beta)},\; C^* \} .
    $$

    In words: No learner that is right on all instances gets by with fewer samples than a fixed share of the coverage,
    unless it asks for rewards of a share of all responses.
    Caveats: the finite form is on one family, with explicit constants; the constant $c$ is the paper's. That $\Tcomp$
        of the finite form counts one draw from the returned policy is ours.
    """
