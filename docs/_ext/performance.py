"""What the pages show of ``docs/performance/record.json``, which ``make bench`` writes."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

RECORD = Path(__file__).parents[1] / "performance" / "record.json"

TITLES = {
    "expsum": "Sums of exponentials",
    "log_sums": "Sums of logarithms",
    "exhaustive": "Exact laws of programs",
    "sampler_laws": "Laws of SoftmaxSampler and SpannerSampling",
    "games": "Games",
    "gram": "Spanner steps",
    "barycentric": "Barycentric spanners",
    "soft_bellman": "Soft values",
    "dnf": "Max-k-DNF",
    "solve": "`spanner solve`",
    "floats": "Logits and floats",
    "laws": "The judge of samplers, divergences",
    "start": "Start-up, copies, beside floats",
    "peers": "Beside other exact libraries",
    "growth": "Growth",
    "ledger": "`spanner verify`",
    "tests": "The tests",
}
"""The parts of the record, in the order of the page; others follow under their names."""

SHORT, LONG = 1.0, 60.0
"""Seconds: what fits in them is shown."""

BENCHMARKS = Path(__file__).parents[2] / "tests" / "benchmarks"

Row = Mapping[str, Any]


def record() -> dict[str, Any]:
    """Return all of it, in the order of the page."""
    parts: dict[str, Any] = json.loads(RECORD.read_text("utf-8"))
    return {name: parts[name] for name in [*TITLES, *sorted(parts.keys() - TITLES)] if name in parts}


def rows(kind: str) -> Iterator[tuple[str, Row]]:
    """Yield the rows of one kind, each with the part that it is in."""
    for name, part in record().items():
        for row in part["rows"]:
            if row["kind"] == kind:
                yield name, row


def comparisons() -> list[tuple[str, ...]]:
    """Return a line for each comparison: work, peer, our time, the peer's, ratio, what is asked, whether it holds."""
    found, last = list[tuple[str, ...]](), ""
    for part, row in rows("comparison"):
        if part != last:
            found.append((f"**{TITLES.get(part, part)}**", *[""] * 6))
            last = part
        peer = "" if row["against"] == "-" else row["against"]
        theirs = "" if row["unit"] == "seconds" and peer == row["theirs"] else row["theirs"]
        verdict = "" if row["verdict"] == "for information" else row["verdict"]
        found.append((_powers(row["work"]), _powers(peer), row["ours"], theirs, row["found"], row["asked"], verdict))
    return found


def grown() -> list[tuple[str, ...]]:
    """Return a line for each growth: work, sizes, the theory's exponent, the fitted one, whether that holds."""
    found = []
    for _, row in rows("growth"):
        name, sizes = row["variable"], [point["size"] for point in row["points"]]
        found.append(
            (
                f"{_words(row['work'])}: {_words(row['why'])}",
                f"{_powers(name)} = {sizes[0]:,} to {sizes[-1]:,}",
                f"{row['theory']:g}",
                _exponent(row),
                row["verdict"],
            )
        )
    return found


def fitting() -> list[tuple[str, ...]]:
    """Return a line for each growth: what fits in a second, what in a minute, the memory there, what comes next."""
    found = []
    for _, row in rows("growth"):
        name, points = row["variable"], row["points"]
        fits = (
            _largest(name, points, seconds) if seconds <= row["longest"] else "not measured"
            for seconds in (SHORT, LONG)
        )
        found.append((_words(row["work"]), *fits, _next(row)))
    return found


def measured() -> list[tuple[str, ...]]:
    """Return a line for each part: when, at which commit, how much else ran, and how fast the machine was."""
    return [
        (TITLES.get(name, name), about["date"], about["commit"], about["load"], about.get("pace", "–"))
        for name, about in ((name, part["measured"]) for name, part in record().items())
    ]


def machines() -> str:
    """Return on what and with which versions, in words."""
    keys = ("machine", "python", "flint")
    found = {tuple(part["measured"][key] for key in keys) for part in record().values()}
    return "; ".join(f"{machine}, Python {python}, FLINT {flint}" for machine, python, flint in sorted(found))


def unmeasured() -> list[str]:
    """Return the parts that are not in the record yet."""
    return sorted({path.stem.removeprefix("bench_") for path in BENCHMARKS.glob("bench_*.py")} - record().keys())


def missed() -> str:
    """Return what falls short of what was asked, in words."""
    found = [row["work"] for kind in ("comparison", "growth") for _, row in rows(kind) if row["verdict"] == "MISSED"]
    if not found:
        return "None falls short"
    return f"{len(found)} {'falls' if len(found) == 1 else 'fall'} short of what was asked: {'; '.join(found)}"


def absent() -> list[str]:
    """Return the peers that were not installed where it was measured."""
    return sorted({row["against"] for _, row in rows("comparison") if row["verdict"] == "peer not installed"})


def _exponent(row: Row) -> str:
    return "–" if row["exponent"] is None else f"{row['exponent']:.2f}"


def _largest(name: str, points: Iterable[Row], seconds: float) -> str:
    within = [point for point in points if point["seconds"] <= seconds]
    if not within:
        return "–"
    most = max(within, key=lambda point: point["size"])
    return f"{_powers(name)} = {most['size']:,} ({most['seconds']:.2g} s, {most['mebibytes']:,.0f} MiB)"


def _next(row: Row) -> str:
    refusal = row["refusal"]
    if refusal is None:
        return ""
    return (
        f"{_powers(row['variable'])} = {refusal['size']:,} ({refusal['seconds']:.2g} s): {_plain(refusal['message'])}"
    )


def _plain(text: str) -> str:
    for mark in "\\`*_<$":
        text = text.replace(mark, f"\\{mark}")
    return text


def _powers(text: str) -> str:
    for mark in "^*_":
        text = text.replace(mark, f"\\{mark}")
    return text


def _words(text: str) -> str:
    """Escape what stands outside backquotes."""
    return "`".join(part if i % 2 else _powers(part) for i, part in enumerate(text.split("`")))


def drawn() -> tuple[Any, str]:
    """Return a figure of all growth rows, a panel each, and what a reader who does not see it should know."""
    from figures import BLUE, GREY, plt  # noqa: PLC0415 - matplotlib, which only the page has

    kept = [row for _, row in rows("growth") if row["points"]]
    across = 3
    down = max(1, -(-len(kept) // across))
    figure, panels = plt.subplots(down, across, figsize=(7.2, 2.1 * down))
    for panel in panels.flat[len(kept) :]:
        panel.set_visible(False)
    for panel, row in zip(panels.flat, kept, strict=False):
        sizes, seconds = ([point[key] for point in row["points"]] for key in ("size", "seconds"))
        panel.loglog(sizes, [seconds[-1] * (n / sizes[-1]) ** row["theory"] for n in sizes], color=GREY, linestyle="--")
        panel.loglog(sizes, seconds, color=BLUE, marker="o", markersize=4)
        panel.set_title(row["work"].replace("`", "").split(",")[0][:34], fontsize=8)
        panel.set_xlabel(row["variable"], fontsize=8)
        panel.set_xticks([sizes[0], sizes[-1]], [f"{n:,}" for n in (sizes[0], sizes[-1])])
        panel.minorticks_off()
        panel.tick_params(labelsize=7)
    figure.supylabel("CPU seconds", fontsize=9)
    figure.tight_layout()
    said = "; ".join(
        f"{row['work'].replace('`', '')}, in {row['variable']}: theory {row['theory']:g}, fitted {_exponent(row)}"
        for row in kept
    )
    return figure, f"CPU seconds against size, both axes logarithmic, beside a line of the theory's slope. {said}."
