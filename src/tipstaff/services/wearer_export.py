"""Give a wearer what is held about them: everything of theirs, and nothing of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import pyarrow as pa

from tipstaff import __version__
from tipstaff.domain.activations import STILL_ACTIVE
from tipstaff.domain.case_records import WholeRecord, WornRecord
from tipstaff.domain.characteristics import QUESTIONS_VERSION
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.versions import SINCE_EVER
from tipstaff.formats.geojson import write_fixes
from tipstaff.formats.own_alerts import write_own_alerts, write_own_periods
from tipstaff.formats.own_manifest import OWN_ANSWERS, OWN_EXPORT, Answer, OwnAnswers, OwnManifest
from tipstaff.formats.own_readme import OwnCounts, own_readme
from tipstaff.formats.own_view import kinds_left_out, own_record
from tipstaff.formats.positions_writing import Known, write_csv
from tipstaff.formats.transfer_files import MANIFEST, RECORD, WORN, FileFact
from tipstaff.formats.whole_record_json import WHOLE_RECORD, WORN_RECORD
from tipstaff.positions import queries
from tipstaff.positions.archive import Archive
from tipstaff.positions.damage import naming_damage
from tipstaff.positions.queries import Span
from tipstaff.records import activations, case_versions, characteristics, devices
from tipstaff.records.activations import WornPeriod
from tipstaff.records.whole_records import whole_record, worn_record
from tipstaff.services.access import Access, admit
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import sees
from tipstaff.services.own_alerts import OwnWatching, own_watching
from tipstaff.services.recording import reading
from tipstaff.services.trails import in_order
from tipstaff.services.who_looked import who_looked
from tipstaff.services.whole_archive import whole_archive
from tipstaff.services.whole_folder import refuse_existing, write_whole

#: More than any activation.
EVER: Final = Period(SINCE_EVER, STILL_ACTIVE)


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished export: its counts, and its files with their digests."""

    counts: OwnCounts
    files: tuple[FileFact, ...]


@dataclass(frozen=True, slots=True, repr=False)
class _Held:
    """What is held about a wearer."""

    record: WholeRecord
    worn: WornRecord
    periods: tuple[WornPeriod, ...]
    trail: pa.Table
    names: dict[int, str]
    answers: dict[str, str]
    looks: bytes
    watching: OwnWatching
    counts: OwnCounts


def export_wearer(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, out: Path
) -> Exported | None:
    """Write a wearer's own export into a new folder `out`; None where there is none to be seen.

    For subject access alone. All that is recorded of the wearer, every version of it, what they
    wore, the whole trail, their answers for equality monitoring. Left out: see `formats.own_view`
    and `formats.own_readme`. The same state gives the same bytes, but for the time in the manifest
    and the looks since the last copy.
    Raises FolderExistsError, OSError, and what `whole_archive` raises; no folder is left then.
    """
    access = _admit(actor, purpose, authority)
    refuse_existing(out)
    archive = whole_archive()
    now = clock()
    found, seen = case_versions.find(wearer, now=now), sees(access, wearer)
    whom = frozenset() if found is None else frozenset({found.subject_ref})
    with (
        reading(access, extent={"recipients": ["the wearer"]}, subjects=whom) as looked,
        naming_damage(),
    ):
        if found is None or not seen:
            return None
        held = _held(archive, wearer, found, access.request_ref)
        files = write_whole(out, _files(held), lambda told: _last(held, told, now))
        looked.rows = held.counts.versions + held.counts.fixes
    return Exported(held.counts, files)


def _held(archive: Archive, wearer: str, found: case_versions.FoundWearer, request: UUID) -> _Held:
    whole, worn = whole_record(wearer), worn_record(wearer)
    record = own_record(whole)
    periods = tuple(activations.worn_in(EVER, wearer=wearer))
    named = devices.names_of(period.device_key for period in periods)
    spans = [Span(one.device_key, Period(one.start, one.end)) for one in periods]
    trail = in_order(queries.trail(archive, spans), named)
    answers, looks = (
        characteristics.own_of(found.row),
        who_looked(found.subject_ref, leave_out=request),
    )
    watching = own_watching(found.subject_ref)
    counts = OwnCounts(
        subjects=len(record.subjects),
        versions=sum(len(one.versions) for one in record.subjects),
        activations=len(worn.activations),
        fixes=trail.num_rows,
        answers=len(answers),
        alerts=len(watching.alerts),
        left_out=kinds_left_out(whole),
    )
    names = {key: name.device_id for key, name in named.items()}
    return _Held(record, worn, periods, trail, names, answers, looks, watching, counts)


def _files(held: _Held) -> dict[str, Iterable[bytes]]:
    known = Known(held.names, held.periods)
    files: dict[str, Iterable[bytes]] = {
        "README.txt": [own_readme(held.counts)],
        RECORD: [WHOLE_RECORD.write(held.record)],
        WORN: [WORN_RECORD.write(held.worn)],
        "trail.csv": write_csv(held.trail, known),
        "trail.geojson": write_fixes(held.trail, known),
        "alerts.csv": [write_own_alerts(held.watching.alerts)],
        "hours.csv": [write_own_periods(held.watching.periods)],
        "looks.csv": [held.looks],
    }
    if held.answers:
        answers = tuple(Answer(*one) for one in sorted(held.answers.items()))
        files["characteristics.json"] = [OWN_ANSWERS.write(OwnAnswers(QUESTIONS_VERSION, answers))]
    return files


def _last(held: _Held, files: tuple[FileFact, ...], now: datetime) -> Mapping[str, bytes]:
    manifest = OwnManifest(
        made_at=now,
        program=__version__,
        subjects=held.counts.subjects,
        versions=held.counts.versions,
        activations=held.counts.activations,
        fixes=held.counts.fixes,
        files=files,
    )
    return {MANIFEST: OWN_EXPORT.write(manifest)}


def _admit(actor: str, purpose: Purpose, authority: str) -> Access:
    return admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.EXPORT,
        use_case="export_wearer",
    )
