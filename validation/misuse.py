"""`./run validate misuse`: what the search for misuse finds in simulated logs, and what not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from tipstaff.domain.misuse import questions
from tipstaff.domain.misuse_facts import LIMITS
from validation.office import Size
from validation.simulated_misuse import PLANTS, SimulatedLog, simulated

SEEDS: Final = tuple(range(100, 120))
TINY_SEEDS: Final = (900, 901)
SMALL: Final = Size(managers=12, operators=4, analysts=2, wearers=500)
#: The naive rule for comparison: an actor who made more looks than this in the month.
NAIVE: Final = (100, 200, 300, 400)


@dataclass(slots=True)
class Counts:
    """What was planted and found, and what was asked for nothing; over some logs."""

    entries: int = 0
    looks: int = 0
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    found_by_its_rule: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    to_read: int = 0
    naive_to_read: Counter[int] = field(default_factory=Counter)
    naive_found: Counter[int] = field(default_factory=Counter)
    naive_false: Counter[int] = field(default_factory=Counter)

    def recall(self) -> float:
        """The share of what was planted of which some entry was asked about."""
        return self.found.total() / max(1, self.planted.total())

    def false_per_thousand(self) -> float:
        """Questions about nothing that was planted, per 1,000 entries of the log."""
        return 1000 * self.false.total() / max(1, self.entries)


def count(log: SimulatedLog, into: Counts) -> None:
    """Search one log and add what came of it."""
    asked = questions(log.looks, log.before, log.known)
    into.entries += log.entries
    into.looks += len(log.looks)
    wrong = frozenset(entry for planted in log.planted for entry in planted.entries)
    into.to_read += len({entry for question in asked for entry in question.entries})
    for question in asked:
        into.asked[question.rule] += 1
        into.false[question.rule] += not wrong.intersection(question.entries)
    for planted in log.planted:
        hit = {q.rule for q in asked if planted.entries.intersection(q.entries)}
        into.planted[planted.kind] += 1
        into.found[planted.kind] += bool(hit)
        into.found_by_its_rule[planted.kind] += planted.kind in hit
    _naive(log, into)


def _naive(log: SimulatedLog, into: Counts) -> None:
    looks = Counter(look.actor_ref for look in log.looks)
    entries: Counter[UUID | None] = Counter()
    for look in log.looks:
        entries[look.actor_ref] += len(look.entries)
    wrong = {planted.actor for planted in log.planted}
    for limit in NAIVE:
        flagged = {actor for actor, number in looks.items() if number > limit}
        into.naive_found[limit] += sum(planted.actor in flagged for planted in log.planted)
        into.naive_false[limit] += len(flagged - wrong)
        into.naive_to_read[limit] += sum(entries[actor] for actor in flagged)


def measured(seeds: tuple[int, ...], size: Size | None = None) -> tuple[Counts, Counts]:
    """Counts over logs with misuse, and over the same offices without any."""
    with_misuse, without = Counts(), Counts()
    for seed in seeds:
        count(simulated(seed, size), with_misuse)
        count(simulated(seed, size, misuse=False), without)
    return with_misuse, without


def write(out: Path, work: Path, *, tiny: bool = False) -> None:  # noqa: ARG001 (nothing to keep)
    """Search the logs and write the page into `out`."""
    seeds = TINY_SEEDS if tiny else SEEDS
    found, quiet = measured(seeds, SMALL if tiny else None)
    out.mkdir(parents=True, exist_ok=True)
    page = [*_head(seeds, found, quiet), *_by_kind(found, quiet), *_naive_rows(found), *_limits()]
    (out / "misuse.md").write_text("\n".join(page) + "\n", encoding="utf-8")


def _head(seeds: tuple[int, ...], found: Counts, quiet: Counts) -> list[str]:
    return [
        "<!-- Made by ./run validate misuse. Do not edit. -->",
        "# Searching the log for misuse",
        "",
        "Simulated logs of one month (`validation/simulated_misuse.py`): 60 staff, 1,000 wearers,",
        f"{len(seeds)} logs (seeds {seeds[0]} to {seeds[-1]}), {found.looks:,} looks in "
        f"{found.entries:,} entries. Two cases of each kind",
        "of misuse are planted in each, from hardly anything to a lot. Limits of the rules:",
        "`domain/misuse_facts.py`; they were set on other seeds. **Simulated staff are not real",
        "staff**: the figures compare rules, and do not say what a real office would see.",
        "",
        f"- Found, by any rule: **{_percent(found.found.total(), found.planted.total())}** of "
        f"{found.planted.total()} planted cases.",
        f"- Questions about nothing that was planted: **{found.false_per_thousand():.2f}** per "
        f"1,000 entries; in the same offices without any misuse {quiet.false_per_thousand():.2f}.",
        "",
    ]


def _by_kind(found: Counts, quiet: Counts) -> list[str]:
    rows = [
        f"| {kind} | {found.planted[kind]} | {_percent(found.found[kind], found.planted[kind])} | "
        f"{_percent(found.found_by_its_rule[kind], found.planted[kind])} | {found.false[kind]} | "
        f"{1000 * quiet.false[kind] / quiet.entries:.3f} |"
        for kind in PLANTS
    ]
    return [
        "## By kind",
        "| kind | planted | found by any rule | by its own | asked about nothing | the same per "
        "1,000 entries without misuse |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]


def _naive_rows(found: Counts) -> list[str]:
    planted = found.planted.total()
    rows = [
        f"| more than {limit} looks in the month | {_percent(found.naive_found[limit], planted)} | "
        f"{1000 * found.naive_false[limit] / found.entries:.2f} | "
        f"{1000 * found.naive_to_read[limit] / found.entries:.0f} |"
        for limit in NAIVE
    ]
    ours = f"| **these rules** | {_percent(found.found.total(), planted)} | "
    return [
        "## Beside a naive rule",
        "It asks about everybody who looked more often than that. It is given credit for a case if",
        "it names the member of staff, though it says nothing of which looks.",
        "",
        "| rule | found | asked about nothing, per 1,000 entries | entries to go through, per 1,000 |",
        "|---|---|---|---|",
        *rows,
        f"{ours}{found.false_per_thousand():.2f} | {1000 * found.to_read / found.entries:.0f} |",
        "",
    ]


def _limits() -> list[str]:
    return [
        "## What it cannot find",
        "- Looks at oneself, a neighbour or a relative, where that tie is not on record: of the",
        "  simulated staff one in five has no home on record, and one in four a link to a record of",
        "  their own. Nothing can be asked by what is not known.",
        f"- Fewer than {LIMITS.without_reason} people without a case, somebody looked at on fewer "
        f"than {LIMITS.repeated_days} days, {LIMITS.burst_people}",
        "  people or fewer at once: below the limits there is ordinary work.",
        "- One look at one person out of curiosity by somebody who has no tie to them on record: the",
        "  monthly random sample is for that.",
        "- What was done with what was seen.",
    ]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "none planted"
