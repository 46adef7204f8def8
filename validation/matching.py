"""`./run validate matching`: the figures of matching, written to docs/validation/matching.md."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.domain.scenes import SCENE_LEVEL
from tipstaff.formats.simulated_truth import simulated_errors
from tipstaff.matching.error_coverage import CoverageRow, coverage_table
from tipstaff.matching.error_sample import joined as joined_errors
from tipstaff.matching.error_sample import witnesses
from tipstaff.simulation.world import WorldPlan, simulate
from validation import plots
from validation.figures import Figure, Figures
from validation.pairs import joined, without
from validation.planted import PlantedCount
from validation.run_worlds import PARAMETERS, SEEDS, TINY, Size, played_world

COVERAGE_SEEDS = tuple(range(10, 20))
TINY_SEEDS = (920, 921)
STAYS_MIN = ((0, 10), (10, 20), (20, 45))
DISTANCES = ((0, 500), (500, 1000), (1000, 1500), (1500, 2000), (1000, 2000), (2000, 4000))


def write(out: Path, work: Path, *, tiny: bool = False) -> None:
    """Play the worlds (or take them from `work`), and write the page and its plots into `out`."""
    size = TINY if tiny else Size()
    seeds = TINY_SEEDS if tiny else SEEDS
    worlds = []
    for number, seed in enumerate(seeds, 1):
        worlds.append(played_world(seed, size, work))
        print(f"world {number} of {len(seeds)} played (seed {seed})", flush=True)  # noqa: T201 (progress)
    everything = joined([pairs for pairs, _ in worlds])
    pairs = without(everything, everything.removed)
    planted = sum((counts for _, counts in worlds), PlantedCount(0, 0, 0, 0))
    figures = Figures(pairs, 20 if tiny else 400)
    removed = Figures(without(everything, ~everything.removed | ~everything.tagged), 20)
    out.mkdir(parents=True, exist_ok=True)
    page = [
        *_head(size, seeds, figures),
        *_against_aims(figures, planted),
        *_recalls(figures),
        *_by_stay(figures),
        *_exclusion(figures, planted),
        *_strength(figures),
        *_coverage(tiny),
        *_apart(removed),
        *_limits(),
    ]
    (out / "matching.md").write_text("\n".join(page) + "\n", encoding="utf-8")
    near, logs = figures.near(), pairs.log10_lr
    true, false = logs[near & pairs.offender], logs[near & ~pairs.offender]
    (out / "matching-tippett.svg").write_text(plots.tippett(true, false), encoding="utf-8")
    (out / "matching-reliability.svg").write_text(plots.reliability(true, false), encoding="utf-8")


def _told(figure: Figure, places: int = 3, percent: bool = False) -> str:
    if percent:
        return f"{figure.value:.1%} ({figure.low:.1%} to {figure.high:.1%})"
    return f"{figure.value:.{places}f} ({figure.low:.{places}f} to {figure.high:.{places}f})"


def _head(size: Size, seeds: tuple[int, ...], f: Figures) -> list[str]:
    p = f.pairs
    return [
        "# Validation of matching",
        "",
        "Made by `./run validate matching`; nothing on this page is typed by hand. Intervals are 95%",
        "bootstraps over crimes, in brackets.",
        "",
        f"- **Worlds**: seeds {', '.join(map(str, seeds))}, none used in tuning (tuning has 900 to 949,",
        "  checks of parts 800 to 849).",
        f"  Each: {size.wearers} wearers for {size.days} days in a town {size.town_width_m / 1000:.1f} km"
        " wide, simulated by code that never sees",
        "  the error model.",
        f"- **Crimes**: {int(p.tagged.sum())} by wearers with the tag on, {int((~p.tagged).sum())} by"
        " nobody tagged; those committed with the tag off are apart, below.",
        f"- **Pairs** looked at: {len(p.crime)}; within 1 km in the window {int(f.near().sum())}, of them"
        f" {int((f.near() & ~p.offender).sum())} innocent"
        f" ({(f.near() & ~p.offender).sum() / len(p.tagged):.0f} a crime).",
        f"- **Model**: {PARAMETERS.strength.version}, {PARAMETERS.exclusion.version},"
        f" {PARAMETERS.error.version}; scene region {SCENE_LEVEL:.1%}.",
        "- **Legacy rule**: a fix in the padded window whose circle lies half inside 100 m; its"
        " candidates ordered by nearest fix.",
        "",
    ]


def _verdict(reached: bool) -> str:
    return "reached" if reached else "**not reached**"


def _against_aims(f: Figures, planted: PlantedCount) -> list[str]:
    miss = f.of(f.miss_ratio(1))
    ratio = f.of(f.candidate_ratio())
    ours, theirs = f.of(f.recall(f.rank, 1e9)), f.of(f.recall(f.legacy_rank, 1e9))
    cost, loss = f.of(f.cost()), f.of(f.calibration_loss(), min(f.draws, 40))
    lead = f.of(f.false_lead())
    away, count = f.excluded_between(1000, 2000)
    gone = f.of(away)
    bound = 3 / max(1, planted.visits)
    rows = [
        ("misses at rank 1, ours over legacy", _told(miss), "≤ 0.5", miss.value <= 0.5),
        (
            "candidates a crime at the legacy rule's own recall, ours over legacy",
            _told(ratio),
            "≤ 0.25",
            ratio.value <= 0.25,
        ),
        (
            "overall recall, ours and legacy",
            f"{_told(ours)} and {_told(theirs)}",
            "higher",
            ours.value > theirs.value,
        ),
        ("Cllr, pairs within 1 km", _told(cost), "< 0.25", cost.value < 0.25),
        ("of it calibration loss", _told(loss), "< 0.05", loss.value < 0.05),
        (
            "crimes by nobody tagged with any LR ≥ 100",
            _told(lead, percent=True),
            "< 3%",
            lead.value < 0.03,
        ),
        (
            "visitors excluded, planted visits",
            f"{planted.excluded} of {planted.visits} (upper 95% bound {bound:.1e} if none)",
            "0 of ≥ 30,000",
            planted.excluded == 0 and planted.visits >= 30_000,
        ),
        (
            f"innocents truly 1–2 km away excluded (n = {count})",
            _told(gone, percent=True),
            "≥ 25%",
            gone.value >= 0.25,
        ),
    ]
    table = [f"| {a} | {b} | {c} | {_verdict(bool(d))} |" for a, b, c, d in rows]
    return [
        "## Against the aims",
        "",
        "| figure | measured | aim | |",
        "|---|---|---|---|",
        *table,
        "",
    ]


def _recalls(f: Figures) -> list[str]:
    rows = []
    for name, within in (("rank 1", 1.0), ("rank 3", 3.0), ("rank 10", 10.0), ("any rank", 1e9)):
        ours, theirs = f.of(f.recall(f.rank, within)), f.of(f.recall(f.legacy_rank, within))
        rows.append(f"| recall, {name} | {_told(ours)} | {_told(theirs)} |")
    for name, recall in (
        ("the legacy rule's own recall", None),
        ("recall 0.85", 0.85),
        ("recall 0.90", 0.90),
    ):
        ours, theirs = f.of(f.candidates(recall)), f.of(f.legacy_candidates(recall))
        rows.append(f"| candidates a crime at {name} | {_told(ours, 2)} | {_told(theirs, 2)} |")
    named = f.pairs.candidate
    total = f.of(lambda w: float(w[f.pairs.crime[named]].sum() / w.sum()))
    legacy = f.of(f.legacy_candidates(None))
    rows.append(f"| candidates a crime, all | {_told(total, 2)} | {_told(legacy, 2)} |")
    return [
        "## Finding the offender",
        "",
        "A candidate is LR ≥ 2. Ties count as a coin would. A crime by nobody counts among the crimes",
        "when candidates are averaged.",
        "",
        "| | Tipstaff | legacy rule |",
        "|---|---|---|",
        *rows,
        "",
    ]


def _by_stay(f: Figures) -> list[str]:
    rows = []
    for low, high in STAYS_MIN:
        part = f.pairs.tagged & (f.pairs.stay_min >= low) & (f.pairs.stay_min < high)
        told = [f.of(f.recall(rank, n, part)) for rank in (f.rank, f.legacy_rank) for n in (1, 1e9)]
        rows.append(f"| {low}–{high} min | {int(part.sum())} | {' | '.join(map(_told, told))} |")
    return [
        "The model assumes that offenders stay about 20 minutes on average. By how long they truly"
        " did:",
        "",
        "| at the scene | crimes | ours, rank 1 | ours, any rank | legacy, rank 1 | legacy, any |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]


def _exclusion(f: Figures, planted: PlantedCount) -> list[str]:
    rows = []
    for low, high in DISTANCES:
        figure, count = f.excluded_between(low, high)
        if count:
            rows.append(f"| {low}–{high} m | {count} | {_told(f.of(figure), percent=True)} |")
    return [
        "## Ruling out",
        "",
        f"Visits of 5 to 40 minutes planted where wearers truly were, with the police's error in the"
        f" place: **{planted.excluded} of {planted.visits}** visitors excluded with the tag on them.",
        f"With the tag taken off for part of the visit: {planted.removed_excluded} of"
        f" {planted.removed_visits}; no trail can tell, which is why every exclusion says “if the tag"
        " was worn”.",
        "",
        "| true nearest approach in the window | innocent pairs | excluded |",
        "|---|---|---|",
        *rows,
        "",
        "The legacy rule has no exclusions: not being named by it means nothing either way.",
        "",
    ]


def _strength(f: Figures) -> list[str]:
    rows = []
    for x in (2, 10, 100, 1000):
        share = f.of(f.share_reaching(np.log10(x)))
        rows.append(f"| {x} | {_told(share, percent=True)} | {1 / x:.1%} |")
    return [
        "## Strength",
        "",
        "Share of innocent pairs within 1 km that reach an LR, beside the bound 1/x that a true ratio"
        " must keep.",
        "",
        "| LR ≥ | innocents | bound |",
        "|---|---|---|",
        *rows,
        "",
        "![Tippett plot](matching-tippett.svg)",
        "",
        "![Reliability plot](matching-reliability.svg)",
        "",
    ]


def _coverage_rows(rows: tuple[CoverageRow, ...]) -> list[str]:
    return [
        f"| {row.fix_class.name.lower().replace('_', ' ')} | {row.fixes} | {row.level:.0%} |"
        f" {row.observed:.1%} ({row.low:.1%} to {row.high:.1%}) |"
        for row in rows
        if row.fix_class.name != "RF"
    ]


def _coverage(tiny: bool) -> list[str]:
    seeds = COVERAGE_SEEDS[:1] if tiny else COVERAGE_SEEDS
    samples = []
    for seed in seeds:
        world = simulate(
            WorldPlan(
                seed=seed,
                wearers=8 if tiny else 60,
                days=4 if tiny else 14,
                crimes_by_wearers=0,
                crimes_by_others=0,
            )
        )
        samples.append(simulated_errors(world.truth_fixes, f"w{seed}"))
        print(f"errors of world {seed} read", flush=True)  # noqa: T201 (progress)
    sample = joined_errors(samples)
    head = ["| class | n | nominal | observed |", "|---|---|---|---|"]
    return [
        "## Error regions",
        "",
        f"Model {ERROR_MODEL_SIMULATED.version}, fitted on worlds 900 to 904; here worlds"
        f" {seeds[0]} to {seeds[-1]}, never used before. A coordinate repeated for the same true place is one witness;",
        "fix by fix, places looked up thousands of times weigh thousands of times.",
        "",
        "By witness:",
        "",
        *head,
        *_coverage_rows(coverage_table(ERROR_MODEL_SIMULATED, witnesses(sample), draws=100)),
        "",
        "Fix by fix:",
        "",
        *head,
        *_coverage_rows(coverage_table(ERROR_MODEL_SIMULATED, sample, draws=20)),
        "",
        "Real tracks: see [error-model.md](error-model.md).",
        "",
    ]


def _apart(removed: Figures) -> list[str]:
    n = int(removed.pairs.tagged.sum())
    if not n:
        return ["## Tags removed", "", "None of the offenders had taken the tag off.", ""]
    found = removed.recall(removed.rank, 1e9)(np.ones(removed.crimes))
    legacy = removed.recall(removed.legacy_rank, 1e9)(np.ones(removed.crimes))
    return [
        "## Tags removed",
        "",
        f"{n} crimes were committed with the tag off the offender; they are left out above."
        f" Found among the candidates: {found:.0%} by Tipstaff, {legacy:.0%} by the legacy rule.",
        "",
    ]


def _limits() -> list[str]:
    return [
        "## What this does not show",
        "",
        "- The lives, tags and police are simulated. Real tags, towns and crimes will differ, and the",
        "  figures say how the model does where its assumptions are put to the test by code that does",
        "  not share them, not how it does in any force.",
        "- Reported strength is capped at 10,000 to 1 because these worlds cannot bear more.",
        "- How long offenders stay is assumed, and these offenders stay as the field says they do (5 to",
        "  40 minutes): an offence of a minute or two is weighed like passing by, and scores low.",
        "- Known defects of the model: the background takes no account of who lives with whom; windows",
        "  are taken as uniform; a device's clock that is wrong by less than the padding is believed.",
    ]
