"""Every table with rows about a wearer, and how they go. A table that is not here fails a test.

The order is that of erasing: what refers to something comes before it. A new table that leads to a
wearer, by whatever path, is a line here (`tests/architecture/test_personal_data.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import connection

from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.periods import Period
from tipstaff.domain.retention import Category
from tipstaff.records import models
from tipstaff.records.chunks import chunked


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """A table: the look-up path from it to the wearer's row, and to the subject if it has one.

    `named`: the path to a text that holds the wearer's reference, in a table without a row's key.
    """

    model: Any
    wearer: str = ""
    subject: str = ""
    named: str = ""


#: In the order of erasing.
TABLES: Final = (
    PersonalTable(models.HandoverLine, "alert__wearer"),
    PersonalTable(models.DeviceRequestStep, "request__wearer"),
    PersonalTable(models.DeviceRequest, "wearer"),
    PersonalTable(models.AlertDecision, "alert__wearer"),
    PersonalTable(models.Alert, "wearer"),
    PersonalTable(models.EpisodeRevision, "wearer"),
    PersonalTable(models.Episode, "wearer"),
    PersonalTable(models.PeriodCame, "wearer"),
    PersonalTable(models.LastHeard, "wearer"),
    PersonalTable(models.OthersLooked, "wearer"),
    PersonalTable(models.AlertPause, "wearer"),
    PersonalTable(models.AnswerChange, "wearer"),
    PersonalTable(models.RestingEvidence, "wearer"),
    PersonalTable(models.BackgroundMember, "wearer"),
    PersonalTable(models.ReviewerReading, "wearer"),
    PersonalTable(models.Candidate, "wearer"),
    PersonalTable(models.Exclusion, "wearer"),
    PersonalTable(models.OrderStretch, "wearer", "subject"),
    PersonalTable(models.ReleaseStretch, "wearer", "subject"),
    PersonalTable(models.PlanStretch, "wearer", "subject"),
    PersonalTable(models.TaskStretch, "wearer", "subject"),
    PersonalTable(models.WaitingAbsence, "wearer", "subject"),
    PersonalTable(models.VersionOrigin, "version__subject__wearer", "version__subject"),
    PersonalTable(models.Version, "subject__wearer", "subject"),
    PersonalTable(models.Subject, "wearer", "id"),
    PersonalTable(models.WearerIdentifier, "wearer"),
    PersonalTable(models.Characteristic, "wearer"),
    PersonalTable(models.NoticeAttempt, "notice__wearer"),
    PersonalTable(models.Notice, "wearer"),
    PersonalTable(models.OwnPageCode, "wearer"),
    PersonalTable(models.Holding, "wearer"),
    PersonalTable(models.Assignment, "wearer"),
    PersonalTable(models.LimitedWearer, "wearer"),
    PersonalTable(models.Grant, named="wearer"),
    PersonalTable(models.Post, named="wearer"),
    PersonalTable(models.PermitDecision, named="permit__name"),
    PersonalTable(models.Permit, named="name"),
    PersonalTable(models.HoldRelease, "hold__wearer"),
    PersonalTable(models.Hold, "wearer"),
    PersonalTable(models.ErasedStretch, "wearer"),
    PersonalTable(models.Activation, "wearer"),
    PersonalTable(models.Wearer, "id"),
)
ANSWERS: Final = (
    models.ReviewerReading,
    models.AnswerChange,
    models.Candidate,
    models.Exclusion,
)

#: The category of each kind of case record. The wearer's own record goes with the person.
CATEGORY_OF: Final[Mapping[Kind, Category]] = {
    Kind.WEARER: Category.CASE_RECORD,
    Kind.ORDER: Category.CASE_RECORD,
    Kind.CONSENT: Category.CONSENT_PROOF,
    Kind.ASSESSMENT: Category.CASE_RECORD,
    Kind.RELEASE: Category.CASE_RECORD,
    Kind.VISIT: Category.CASE_RECORD,
    Kind.FITTING_ALARM: Category.CASE_RECORD,
    Kind.FITTING: Category.CASE_RECORD,
    Kind.ABSENCE: Category.CASE_RECORD,
    Kind.PLAN: Category.CASE_RECORD,
    Kind.REVIEW: Category.CASE_RECORD,
    Kind.TASK: Category.CONTACT_LOG,
    Kind.CONTACT: Category.CONTACT_LOG,
}


def table_of(personal: PersonalTable) -> str:
    """The name under which counts and proofs list a table."""
    return str(personal.model._meta.model_name)


def count_person(wearer: UUID) -> dict[str, int]:
    """Rows of a wearer by table, those that are none left out."""
    counts = {table_of(t): _rows(t, wearer).count() for t in TABLES}
    return {name: count for name, count in counts.items() if count}


def erase_person(wearer: UUID) -> None:
    """Delete every row of a wearer, their own the last."""
    for table in TABLES:
        _rows(table, wearer).delete()


def count_subjects(subjects: Iterable[UUID]) -> dict[str, int]:
    """Rows of some case records by table."""
    counts: dict[str, int] = {}
    for chunk in chunked(subjects):
        for table in (t for t in TABLES if t.subject):
            rows = table.model.objects.filter(**{f"{table.subject}__in": chunk}).count()
            counts[table_of(table)] = counts.get(table_of(table), 0) + rows
    return {name: count for name, count in counts.items() if count}


def erase_subjects(subjects: Iterable[UUID]) -> None:
    """Delete some case records, whole."""
    for chunk in chunked(subjects):
        for table in (t for t in TABLES if t.subject):
            table.model.objects.filter(**{f"{table.subject}__in": chunk}).delete()


def count_answers(wearer: UUID, period: Period) -> dict[str, int]:
    """What matching said of a wearer about crimes whose window begins in `period`, by table."""
    counts = {model._meta.model_name: _answers(model, wearer, period).count() for model in ANSWERS}
    return {str(name): count for name, count in counts.items() if count}


def erase_answers(wearer: UUID, period: Period) -> None:
    """Delete those answers."""
    for model in ANSWERS:
        _answers(model, wearer, period).delete()


def wipe_pages() -> bool:
    """Rewrite what the database keeps of deleted rows: free pages, and the write-ahead log.

    False where others were reading, so that the log could not be cut off; try again later. On
    PostgreSQL the tables are rewritten; logs that it archived or sent to others are out of reach.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name in _rewritten():
                cursor.execute(f'VACUUM FULL "{name}"')
            return True
        cursor.execute("VACUUM")
    return cut_log()


def _rewritten() -> list[str]:
    """The tables, by name, from which an erasure deletes: those of people, intents, audit keys."""
    beside = {"erasureintent", "subjectkey"}
    every = apps.get_app_config("records").get_models()
    listed = {t.model for t in TABLES}
    found = [m for m in every if m in listed or m._meta.model_name in beside]
    return sorted(str(model._meta.db_table) for model in found)


def cut_log() -> bool:
    """Empty SQLite's write-ahead log into the file; False where a reader hinders it."""
    if connection.vendor == "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_pages = cursor.fetchone()
    return not busy


def _rows(table: PersonalTable, wearer: UUID) -> Any:
    if not table.named:
        return table.model.objects.filter(**{table.wearer: wearer})
    references = models.Wearer.objects.filter(id=wearer).values("reference")
    return table.model.objects.filter(**{f"{table.named}__in": references})


def _answers(model: Any, wearer: UUID, period: Period) -> Any:
    return model.objects.filter(
        wearer=wearer,
        crime_version__start__gte=period.start,
        crime_version__start__lt=period.end,
    )
