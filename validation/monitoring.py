"""`./run validate monitoring`: breaches found and false alerts, beside naive detectors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from validation.monitored import AS_SHIPPED, DETECTORS, TINY, Size
from validation.monitoring_aims import aims
from validation.monitoring_tables import (
    all_detectors,
    by_depth,
    by_kind,
    by_length,
    by_scenario,
    delay_plot,
)
from validation.watched_alerts import Judged
from validation.watched_detectors import POINT
from validation.watched_lives import PLANTED
from validation.watched_tally import Tally, tallies
from validation.watched_tracks import Track, bus_tracks, judged_track, tracks_with_truth
from validation.watched_zones import SCENARIOS


def write(out: Path, work: Path, *, tiny: bool = False) -> None:  # noqa: ARG001 (nothing to keep)
    """Simulate, judge, and write the page and its plot into `out`."""
    size = TINY if tiny else Size()
    found = tallies(size.plans(), DETECTORS)
    page = [
        *_head(size, found), *aims(found), *all_detectors(found), *by_scenario(found), *by_kind(found),
        *by_depth(found), *by_length(found), *_delays(), *tracks_section(), *_limits(),
    ]  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    (out / "monitoring.md").write_text("\n".join(page) + "\n", encoding="utf-8")
    (out / "monitoring-delay.svg").write_text(delay_plot(found), encoding="utf-8")


def _head(size: Size, found: dict[str, Tally]) -> list[str]:
    whole = found[POINT]
    must = sum(one.found.size for one in whole.judged)
    return [
        "<!-- Made by ./run validate monitoring. Do not edit. -->",
        "# Validation of live monitoring",
        "",
        "Intervals are 95% bootstraps over wearers, in brackets.",
        "",
        f"- **Lives**: {len(whole.judged)} wearers of simulated towns (seeds "
        f"{', '.join(map(str, size.seeds))}; monitoring-2 was chosen on 950 to 953, and what "
        f"monitoring-4 has more on 950 and 951), {size.days} "
        f"days each: {sum(whole.months):.0f} wearer's months.",
        f"- **Breaches** of 5 minutes or more: {must}; {PLANTED} trips of 3 to 120 minutes are "
        "planted in each life, the rest is ordinary life that leads there. Where somebody was is "
        "asked of their path, to 5 m.",
        "- **Tags** drift, jump, hold their place, lose satellites indoors and are then looked up by "
        "the network, fall silent and run flat, as the simulation of [matching](matching.md) has "
        "it; its laws of error are not those of the engine. Tags are worn and clocks right.",
        "- **An alert** is an episode: whatever is suspected comes to the operator's queue at once, "
        "so everything from *suspected* on is counted. Findings that it is *not known* where "
        "somebody is, of silence and of devices are about us and are not counted.",
        "- **One rule** makes episodes of all detectors' findings (visits less than 15 minutes apart "
        "are one). **False**: nobody was there within 5 minutes of the moment it was told. "
        "**Found**: an alert was told during the breach or within 5 minutes of it; alerts that stood "
        "from before are counted apart.",
        "- **Delay** runs from the true beginning to the first fix by which an alert is told, as if "
        "fixes came at once; tags that upload every nine minutes add that to every detector.",
        "- **ours** is what the worker does where the setting `error_model` gives it the errors of its "
        "tags, as `tipstaff calibrate errors` fits them for a supplier: monitoring-4 with the sizes of "
        "error-1-simulated, fitted on other towns. *Not calibrated* is what it does where none is "
        "given: monitoring-3 with error-1.",
        "",
        "| scenario | what is drawn |",
        "|---|---|",
        *(f"| {name} | {words} |" for name, words in SCENARIOS.items()),
        "",
    ]


def _delays() -> list[str]:
    return [
        "## Time to alert",
        "",
        "![Share of breaches with an alert by the minutes since they began](monitoring-delay.svg)",
        "",
    ]


def tracks_section() -> list[str]:
    """The section of real tracks."""
    drive = _counts("drive, phones at rest", tracks_with_truth())
    buses = _counts("buses", bus_tracks())
    return [
        "## Real tracks beside drawn zones",
        "",
        "60 circles of 40 to 120 m for each track, laid beside it by chance; fixes thinned to about",
        "one a minute. Of the drive and the phones the true position is known; there is half an hour",
        "of the one and minutes of the others, thinned from six different seconds, which are not",
        "independent, so that 5 minutes' nearness forgives nearly all. **Of the buses it is not**:",
        "the line of all their fixes stands in for it, every third is judged, and what is counted is",
        "disagreement with the same receiver. No radius is stated but by the phones. These tracks",
        "are of good receivers under open sky and say nothing of tags indoors. What ours tells where",
        "nobody was rests on lines between two fixes alone (the row without them has fewer true passes",
        "too); it is *suspected* and no more.",
        "",
        "Here nothing is calibrated: *ours* is monitoring-3 with error-1.",
        "",
        "| tracks | detector | alerts | nobody there within 5 minutes | presences of 5 minutes | found |",
        "|---|---|---|---|---|---|",
        *drive,
        *buses,
        "",
        "Contains public sector information licensed under the Open Government Licence v3.0 (buses);",
        "tracks with truth: google/gps-measurement-tools, Apache-2.0.",
        "",
    ]


def _counts(name: str, tracks: Iterable[Track]) -> list[str]:
    whole: dict[str, list[Judged]] = {}
    for track in tracks:
        for detector, own in judged_track(track, AS_SHIPPED).items():
            whole.setdefault(detector, []).extend(own)
    return [f"| {name} | {detector} | {_sums(own)} |" for detector, own in whole.items()]


def _sums(own: Sequence[Judged]) -> str:
    counts: tuple[Callable[[Judged], int], ...] = (
        lambda j: j.false.size,
        lambda j: int(j.false.sum()),
        lambda j: j.found.size,
        lambda j: int(j.found.sum()),
    )
    return " | ".join(str(sum(count(one) for one in own)) for count in counts)


def _limits() -> list[str]:
    return [
        "## What this does not show",
        "- Simulated wearers are not real ones. Rates hang on how near to their zones people live and",
        "  on how bad their tags are: ratios between detectors over the same fixes say more.",
        "- The scenarios weigh alike and are hard ones; most zones are far from where people are.",
        "- Most false alerts that are left are jumps of several fixes to one wrong place. Two fixes",
        "  that agree are what an alert within one more fix than the naive one is made of.",
        "- A line between two fixes that crosses a zone is *suspected*; jumps draw such lines too. From",
        "  where the tag rested it is told only if it is not seen back there within 5 minutes: who drives",
        "  out and back through a zone within that, and leaves no fix in it, is not told of.",
        "- Curfews weigh much in the sum, and a naive detector takes a home unit's report for one more",
        "  point; a supplier's own would do better. Zones and curfews are apart above.",
        "- A class of fixes that is grossly wrong more often than `away` (0.02 in monitoring-4) can never",
        "  say AWAY: with these error models network positions cannot. Who is out on those alone is *not",
        "  known* to be at home, which asks for a position and is not counted here.",
        "- Calibration and figures are of one simulation, on other towns of it.",
        "- Attendance, inclusion zones, straps, silence, late data and clocks are not judged here.",
    ]
