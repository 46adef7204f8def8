"""Matches: the runs, one as its reviewer sees it, what changed, readings, and matching a batch."""

from __future__ import annotations

import math
from typing import Annotated, Any, Final
from uuid import UUID

import pyarrow as pa
from django.http import HttpRequest
from ninja import Query

from tipstaff.domain.api_tokens import Group
from tipstaff.domain.readings import Reading, TrailReading
from tipstaff.formats.run_files import UnreadableRun
from tipstaff.matching.changes import Change
from tipstaff.services.account_outcomes import clock
from tipstaff.services.error_models import instance_error_model
from tipstaff.services.matching import match_batch
from tipstaff.services.pending import list_changes
from tipstaff.services.readings import count_to_read, record_reading, review_run
from tipstaff.services.runs import list_reserved, list_runs
from tipstaff.web.api.asking import who
from tipstaff.web.api.parts import Part
from tipstaff.web.api.problems import not_found, refused_by
from tipstaff.web.api.shapes import (
    USUAL,
    Asked,
    At,
    Done,
    Limit,
    Number,
    Page,
    Reference,
    Told,
    Words,
    page_of,
)

PART: Final = Part(Group.MATCHES)


class ToReadTold(Told):
    """How many candidates' trails nobody has read; 100 is 100 or more."""

    to_read: int


class RunTold(Told):
    """A run that is on record. `to_read`: it has a candidate whose trail nobody has read."""

    run_id: UUID
    model_version: str
    data_digest: str
    started_at: At
    finished_at: At
    open_run: UUID | None
    to_read: bool


class MatchedCrime(Told):
    """A crime of a run: how many were searched, and what became of them."""

    force: str
    crime_reference: str
    crime_version: int
    crime_type: str
    batch: str
    start: At
    end: At
    latitude: float | None
    longitude: float | None
    rounding_m: float | None
    searched_wearers: int | None
    monitored_wearers: int | None
    not_searched: str | None
    candidates: int
    excluded: int
    excluded_beyond: int
    not_monitorable: int
    cannot_exclude: int
    legacy_candidates: int


class AnswerTold(Told):
    """An answer about one wearer and one crime.

    Of a candidate whose trail you have not read, all that the program makes of it is left out:
    rank, ratio, strength, probability, chance matches, the fixed circle, and the sentence.
    """

    force: str
    crime_reference: str
    crime_version: int
    wearer_id: str
    device_ids: str
    outcome: str
    rank: int | None
    log10_lr: float | None
    log10_lr_low: float | None
    log10_lr_high: float | None
    strength: str | None
    presence_probability: float | None
    expected_chance_matches: float | None
    searched_wearers: int | None
    nearest_m: float | None
    nearest_at: At | None
    dwell_s: int | None
    fixes_near: int | None
    coverage: float | None
    decided_by: str | None
    legacy_match: bool | None
    legacy_labels: str | None
    explanation: str | None


class ReadingTold(Told):
    """What a reviewer read from a candidate's trail."""

    force: str
    reference: str
    version: int
    wearer: str
    reading: Reading
    words: str
    by: str
    at: At


class ReviewedRunTold(Told):
    """A run as you see it: of whom you have not read, without what the program makes of them."""

    crimes: list[MatchedCrime]
    answers: list[AnswerTold]
    own_readings: list[ReadingTold]
    other_readings: list[ReadingTold]


class AnswerChangeTold(Told):
    """What a match that was made again says otherwise."""

    kind: Change
    force: str
    crime_reference: str
    crime_version: int
    wearer: str
    outcome_before: str
    outcome_after: str
    band_before: str
    band_after: str


class RunsAsked(Asked):
    """How many of the latest."""

    limit: Limit = USUAL


class ReadingAsked(Asked):
    """What you read from a candidate's trail, before you are shown what the program makes of it."""

    force: Reference
    crime_reference: Reference
    crime_version: Number
    wearer: Reference
    reading: Reading
    words: Words = ""


class MatchAsked(Asked):
    """The batch whose crimes to match, by its name."""

    batch: Reference


class MatchedTold(Told):
    """The run that was recorded."""

    run_id: UUID


@PART.reads("/matches", "list_runs", Page[RunTold])
def runs(request: HttpRequest, asked: Annotated[RunsAsked, Query()]) -> Any:
    """The latest runs, the newest first."""
    return page_of(list_runs(**who(request), limit=asked.limit))


@PART.reads("/matches/reserved", "list_reserved", Page[RunTold])
def reserved(request: HttpRequest, asked: Annotated[RunsAsked, Query()]) -> Any:
    """Runs with the answers about wearers of limited access, for the cleared."""
    return page_of(list_reserved(**who(request), limit=asked.limit))


@PART.reads("/matches/{run}", "read_run", ReviewedRunTold)
def run(request: HttpRequest, run: UUID) -> Any:
    """A run as its reviewer sees it."""
    found = review_run(**who(request), run_id=run)
    if found is None or isinstance(found, UnreadableRun):
        raise not_found()
    return {
        "crimes": [_crime(row) for row in _rows(found.tables.crimes)],
        "answers": _rows(found.tables.results),
        "own_readings": list(found.own),
        "other_readings": list(found.others),
    }


@PART.reads(
    "/matches/{run}/changes", "read_run", Page[AnswerChangeTold], name="list_changes",
    summary="List what a match that was made again says otherwise",
)  # fmt: skip
def changes(request: HttpRequest, run: UUID) -> Any:
    """The worst first."""
    found = list_changes(**who(request), run_id=run)
    if found is None:
        raise not_found()
    return page_of(
        {
            "kind": one.kind, "force": one.crime[0], "crime_reference": one.crime[1],
            "crime_version": one.crime[2], "wearer": one.wearer,
            "outcome_before": one.outcome_before, "outcome_after": one.outcome_after,
            "band_before": one.band_before, "band_after": one.band_after,
        }
        for one in found
    )  # fmt: skip


@PART.reads("/to-read", "count_to_read", ToReadTold)
def to_read(request: HttpRequest) -> Any:
    """How many candidates' trails nobody has read, of matches of the last four weeks."""
    return {"to_read": count_to_read(**who(request))}


@PART.acts("/matches/{run}/readings", "record_reading", Done)
def read(request: HttpRequest, run: UUID, body: ReadingAsked) -> Any:
    """Record what you read from a candidate's trail; once, and it is never edited."""
    told = TrailReading(
        body.force, body.crime_reference, body.crime_version, body.wearer, body.reading,
        body.words, "", clock(),
    )  # fmt: skip
    done = record_reading(**who(request), run_id=run, told=told)
    if done.problems:
        raise refused_by(done.problems)
    return {"words": "Your reading was recorded."}


@PART.acts("/matches", "match", MatchedTold)
def match(request: HttpRequest, body: MatchAsked) -> Any:
    """Match the crimes of a batch; the answer comes when that is done. 404: it has none."""
    found = match_batch(**who(request), batch=body.batch, every=True, error=instance_error_model())
    if found is None:
        raise not_found()
    return {"run_id": found.run_id}


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    return [{name: _number(value) for name, value in row.items()} for row in table.to_pylist()]


def _crime(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"start": row["from"], "end": row["to"]}


def _number(value: Any) -> Any:
    """No number at all where it is none: JSON has no other word for it."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
