"""Record versions of wearers and orders: in the caller's transaction, one or many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from tipstaff.domain.case_kinds import CaseValue, Kind, name_of, wearer_of
from tipstaff.domain.own_requests import OWN_PREFIX
from tipstaff.domain.versions import Stated, shows_throughout, timeline
from tipstaff.formats.case_forms import holds_from, kind_of_value, text_of
from tipstaff.records import bulk, case_lists, wearers
from tipstaff.records.case_versions import digest_of, stated
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Subject, Version
from tipstaff.records.models import Wearer as WearerRow

CaseKey = tuple[UUID, str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a wearer: from `valid_from` up to, not including, `valid_to`.

    Without a beginning: the first time from when its form says (a person for ever, an order from
    its start, or from now on if that is earlier); after that from now on. None as an end: without
    one.
    """

    value: CaseValue
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    reason: str = ""

    @property
    def kind(self) -> Kind:
        """What kind of record it is."""
        return kind_of_value(self.value)

    @property
    def wearer(self) -> str:
        """The wearer's reference."""
        return wearer_of(self.value)

    @property
    def name(self) -> str:
        """The subject's reference below the wearer: empty for the wearer's own record."""
        return name_of(self.value)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of it: the subject, and the version that says so, new or standing already."""

    kind: Kind
    subject: UUID
    number: int
    new: bool


@dataclass(frozen=True, slots=True)
class _Standing:
    """A version that stands, with the digest of its content."""

    stated: Stated
    digest: str


def record(told: Sequence[Told], *, at: datetime, by: UUID) -> tuple[Recorded, ...]:
    """Record each, in turn; what the records say already for the whole time told is not repeated.

    Serialised per wearer by the wearer's row (PostgreSQL) or the write lock (SQLite). `at` is the
    time of recording; a version is never recorded before the last one of its subject, whatever the
    clock says.
    """
    owners = hold({one.wearer for one in told})
    subjects = _subjects(owners, told)
    standing = _standing(subjects.values())
    done: list[Recorded] = []
    rows = []
    given: dict[str, CaseValue] = {}
    for one in told:
        subject = subjects[_key(owners, one)]
        content = text_of(one.value)
        digest = digest_of(content)
        given[digest] = one.value
        versions = standing.setdefault(subject, [])
        new = _next(one, versions, digest, at)
        number = _showing(versions, at) if new is None else new.number
        done.append(Recorded(one.kind, subject, number, new is not None))
        if new is not None:
            versions.append(_Standing(new, digest))
            rows.append(_row(subject, new, by, one.reason, content, digest))
    bulk.insert(Version, rows)
    case_lists.renew({d.subject for d in done if d.new}, given, now=at)
    return tuple(done)


def hold(references: set[str]) -> dict[str, UUID]:
    """The rows of these wearers, made where they are new, and held for this transaction.

    Always in one order, so that two that hold many never wait for each other.
    """
    owners = wearers.ensure(references)
    for chunk in chunked(sorted(owners.values())):
        list(WearerRow.objects.select_for_update().filter(id__in=chunk).order_by("id"))
    return owners


def _next(told: Told, versions: list[_Standing], digest: str, at: datetime) -> Stated | None:
    """The version to record; None where the records say all of it already."""
    start = told.valid_from or _start(told, at, first=not versions)
    if _says(versions, digest, start, told.valid_to):
        return None
    latest = max((v.stated.recorded_at for v in versions), default=at)
    last = max((v.stated.number for v in versions), default=0)
    return Stated(last + 1, start, told.valid_to, max(at, latest))


def _start(told: Told, at: datetime, *, first: bool) -> datetime:
    if not first:
        return at
    return holds_from(told.value, at)


def _says(versions: list[_Standing], digest: str, start: datetime, end: datetime | None) -> bool:
    """Whether versions of this very content show throughout the time from `start` to `end`."""
    same = {v.stated.number for v in versions if v.digest == digest}
    return shows_throughout((v.stated for v in versions), same, start, end)


def _showing(versions: list[_Standing], at: datetime) -> int:
    """The number of the version that shows now, or of the last one."""
    shown = [s.number for s in timeline(v.stated for v in versions) if s.end is None or s.end > at]
    return shown[0] if shown else versions[-1].stated.number


def _key(owners: dict[str, UUID], told: Told) -> CaseKey:
    return (owners[told.wearer], told.kind, told.name)


def _subjects(owners: dict[str, UUID], told: Sequence[Told]) -> dict[CaseKey, UUID]:
    found: dict[CaseKey, UUID] = {}
    for chunk in chunked(sorted(owners.values())):
        rows = Subject.objects.filter(wearer__in=chunk)
        for owner, kind, name, subject in rows.values_list("wearer", "kind", "reference", "id"):
            found[owner, kind, name] = subject
    missing = {_key(owners, one): uuid4() for one in told if _key(owners, one) not in found}
    add_subjects(missing)
    return found | missing


def add_subjects(missing: dict[CaseKey, UUID]) -> None:
    """Insert subjects: the owner's id, kind and reference of each, and its own id."""
    rows = (
        {
            "id": subject, "kind": kind, "wearer_id": owner, "reference": name,
            "own": name.startswith(OWN_PREFIX),
        }
        for (owner, kind, name), subject in missing.items()
    )  # fmt: skip
    bulk.insert(Subject, rows)


def _standing(subjects: Iterable[UUID]) -> dict[UUID, list[_Standing]]:
    found: dict[UUID, list[_Standing]] = {}
    for chunk in chunked(subjects):
        rows = Version.objects.filter(subject__in=chunk).defer("content").order_by("number")
        for row in rows:
            found.setdefault(row.subject_id, []).append(_Standing(stated(row), row.digest))
    return found


def _row(
    subject: UUID, new: Stated, by: UUID, reason: str, content: str, digest: str
) -> dict[str, object]:
    return {
        "subject_id": subject,
        "number": new.number,
        "valid_from": new.valid_from,
        "valid_to": new.valid_to,
        "recorded_at": new.recorded_at,
        "recorded_by": by,
        "reason": reason,
        "content": content,
        "digest": digest,
    }
