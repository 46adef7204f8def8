"""What commands on position files share: mappings, reading with a progress bar, telling faults."""

from __future__ import annotations

from collections import abc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from tipstaff.domain.intake_words import GATE_ACTIONS, GateReason
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.formats.mapping import Mapping, parse_mapping
from tipstaff.formats.positions import read_positions
from tipstaff.formats.positions_reasons import ACTIONS, Reason
from tipstaff.positions.loose_files import LooseFixes, gather
from tipstaff.positions.mappings import SHIPPED, shipped_source

SOME_BAD: Final = 1
NOTHING_DONE: Final = 2

MappingOption = Annotated[
    str,
    typer.Option(
        "--mapping",
        metavar="NAME|FILE",
        help=f"How the files are written: {' or '.join(SHIPPED)}, or a TOML file that says it.",
    ),
]
FromOption = Annotated[
    str,
    typer.Option("--from", metavar="TIME", help="From this instant: ISO 8601; UTC if no offset."),
]
ToOption = Annotated[
    str, typer.Option("--to", metavar="TIME", help="Up to, not including, this instant.")
]
OptionalPurpose = Annotated[
    Purpose | None,
    typer.Option("--purpose", help="Why you look; it is recorded. Needed for the archive."),
]


def given_purpose(purpose: Purpose | None) -> Purpose:
    """The purpose, which a look at the archive cannot do without."""
    if purpose is None:
        words = ", ".join(Purpose)
        raise fail(f"A look at the archive is recorded: add --purpose, one of {words}.")
    return purpose


def fail(message: str, code: int = NOTHING_DONE) -> typer.Exit:
    """Say what is wrong on standard error; raise what this returns."""
    typer.echo(message, err=True)
    return typer.Exit(code)


def load_mapping(text: str) -> Mapping:
    """A shipped mapping by name, or one from a file; every fault is told."""
    return mapping_and_source(text)[0]


def mapping_and_source(text: str) -> tuple[Mapping, bytes]:
    """A mapping, and the bytes of the file that says it."""
    try:
        source = shipped_source(text) if text in SHIPPED else Path(text).read_bytes()
    except OSError as error:
        raise fail(
            f"--mapping {text}: {error.strerror}. Use {', '.join(SHIPPED)} or a file."
        ) from None
    mapping = parse_mapping(source)
    if isinstance(mapping, Mapping):
        return mapping, source
    raise fail("\n".join(f"--mapping {text}: {fault}" for fault in mapping))


def parse_period(start: str, end: str) -> Period:
    """The period of --from and --to."""
    first, last = parse_instant("--from", start), parse_instant("--to", end)
    if last < first:
        raise fail("--to is before --from. Swap them.")
    return Period(first, last)


def parse_instant(option: str, text: str) -> datetime:
    """The instant that an option gives; UTC where it has no offset."""
    try:
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise fail(f"{option} {text}: write a time such as 2026-01-26T15:57:00Z.") from None


@contextmanager
def progress_bar(label: str, total_bytes: int) -> Iterator[Callable[[int], None]]:
    """A bar by bytes on standard error, where that is a terminal; call it with the bytes done."""
    with growing_bar(label) as tell:
        yield lambda done: tell(done, total_bytes)


@contextmanager
def growing_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """The same, for a total that is not known yet: call it with the bytes done and the total."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def step_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar by steps, where standard error is a terminal: the steps done, and of how many."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def read_loose(
    path: Path, mapping: Mapping, period: Period, devices: frozenset[str] | None = None
) -> LooseFixes:
    """The fixes of one file alone, with what was wrong told on standard error."""
    try:
        with path.open("rb") as stream, progress_bar(path.name, path.stat().st_size) as done:
            batches = read_positions(stream, mapping, now=datetime.now(UTC))
            loose = gather(batches, period, devices, done)
    except OSError as error:
        raise fail(f"{path}: {error.strerror}.") from None
    if loose.fault is not None:
        raise fail(f"{path}: {loose.fault}")
    tell_quarantined(loose.quarantined, f"{path}: ")
    return loose


def tell_locked(*, locked: bool) -> None:
    """Say that something was left out, lest it be read as "not there"."""
    if locked:
        typer.echo(
            "Fixes were left out: the order that allowed them has ended, and they are locked but "
            "for the purposes that the retention policy names (docs/retention.md).",
            err=True,
        )


def tell_quarantined(counts: abc.Mapping[str, int], where: str = "") -> None:
    """One line for each reason, with what to do; `where` goes before it."""
    for code, rows in sorted(counts.items()):
        plural = "row" if rows == 1 else "rows"
        gate = code in set(GateReason)
        action = GATE_ACTIONS[GateReason(code)] if gate else ACTIONS[Reason[code]]
        typer.echo(f"{where}{rows} {plural} quarantined: {code}; {action}", err=True)
