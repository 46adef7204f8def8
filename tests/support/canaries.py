"""A wearer whose every text is a canary, another on the same tag, and a search of all that is kept.

Nobody in it is real. `told` puts the canary's mark into every text of a value; what kinds of record
there are is asked of the program, so that a new kind has to be added here.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import made_cases
import made_plans
import pyarrow as pa
import pyarrow.parquet as pq

from tipstaff.domain.assessments import Assessment
from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.eligibility import Answer, ClauseAnswer, Standing, Verdict
from tipstaff.domain.eligibility_facts import Case as Facts
from tipstaff.domain.eligibility_findings import Result
from tipstaff.domain.fittings import Fitted, Fitting, RemovalReason, Removed
from tipstaff.domain.identifiers import Identifier, IdentifierKind
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.releases import FittingAlarm
from tipstaff.domain.wearers import (
    ChildSafeguards,
    Need,
    NeedKind,
    ResponsibleAdult,
    Risk,
    RiskKind,
)
from tipstaff.domain.zones import Place
from tipstaff.formats import run_files
from tipstaff.formats.run_binding import digests_of
from tipstaff.positions.archive import Archive
from tipstaff.positions.checkpoint_tables import LifeRow
from tipstaff.positions.inbox_tables import Cursor

WHO: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.SYSTEM_ADMINISTRATION, "authority": "",
}  # fmt: skip
MARK = "Zqx7"
GONE, STAYS = f"{MARK}wearer", "Other-wearer"
DEVICE = "TAG-1"
#: The canary's order and time on the tag; the other wore it before and after.
START, END = datetime(2018, 1, 1, tzinfo=UTC), datetime(2018, 1, 6, tzinfo=UTC)
BEFORE = Period(datetime(2017, 12, 30, tzinfo=UTC), START)
AFTER = Period(END, datetime(2018, 1, 9, tzinfo=UTC))
ALWAYS = Period(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
#: Coordinates of the canary's fixes begin so, and nobody else's.
LATITUDE_E7 = 531_234_000
HOME = Place(53.1234, -1.5)
#: What no file may hold after it: the mark, and the coordinates as texts write them.
NEEDLES = (MARK, "531234", "53.1234")


def marked(value: Any, mark: str = MARK) -> Any:
    """The value with the mark in front of every text in it."""
    if isinstance(value, Enum) or value is None:
        return value
    if isinstance(value, str):
        return f"{mark}{value}"
    if isinstance(value, Place):
        return HOME
    if isinstance(value, tuple | frozenset):
        return type(value)(marked(each, mark) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [f.name for f in dataclasses.fields(value) if f.init]
        changes = {name: marked(getattr(value, name), mark) for name in names}
        return dataclasses.replace(value, **changes)
    return value


def canary_values(
    ends: datetime = END, basis: LegalBasis = LegalBasis.VOLUNTARY
) -> dict[Kind, Any]:
    """A value of each kind about the canary, every text marked."""
    wearer = made_cases.wearer(
        "wearer",
        identifiers=(Identifier(IdentifierKind.CRN, "X123456"),),
        needs=(Need(NeedKind.READING, "note"),),
        risks=(Risk(RiskKind.ANIMALS, "dog"),),
        child=ChildSafeguards(ResponsibleAdult("name", "aunt", "phone"), "weighed", None),
    )
    order = made_cases.order(
        "order", wearer="wearer", basis=basis, starts_at=START, ends_at=ends, reviews=(),
        served_at=None, status=OrderStatus.ACTIVE,
        conditions=(made_cases.zone(), made_cases.Trail("t1")),
    )  # fmt: skip
    made = {Kind.WEARER: marked(wearer), Kind.ORDER: marked(order)}
    made |= {kind: marked(value) for kind, value in _others().items()}
    missing = set(Kind) - made.keys()
    assert not missing, f"add a canary of each kind to tests/support/canaries.py: {missing}"
    return made


def _others() -> dict[Kind, Any]:
    """A value of each kind beside the wearer's own record and the order."""
    own: dict[str, Any] = {"wearer": "wearer"}
    clause = ClauseAnswer("clause", Standing.LAW, Result.MET, "words", "source")
    return {
        Kind.CONSENT: made_cases.consent(**own, given_at=BEFORE.start, person="person"),
        Kind.ASSESSMENT: Assessment(
            "assessment", "wearer", None, BEFORE.start, Facts(area="area"),
            Answer("rule", 1, Verdict.YES, (clause,)),
        ),
        Kind.RELEASE: made_cases.release(**own, cancelled="cancelled"),
        Kind.VISIT: made_cases.visit(**own, reason="reason"),
        Kind.FITTING_ALARM: FittingAlarm("R1", "wearer", START, START, END, "why"),
        Kind.FITTING: Fitting(
            "activation", "wearer", "tipstaff", DEVICE, "order",
            Fitted(START, "by", "place", baseline=HOME),
            Removed(END, "by", RemovalReason.OTHER, "note"), "annulled",
        ),
        Kind.ABSENCE: made_cases.absence(**own, place=HOME),
        Kind.PLAN: made_plans.plan(**own),
        Kind.REVIEW: made_plans.review(**own),
        Kind.TASK: made_plans.task(**own),
        Kind.CONTACT: made_plans.contact(**own),
    }  # fmt: skip


def fill(folder: Path, data: Path, *, ends: datetime = END) -> UUID:
    """Everything that can be kept of the canary, and of the other on the same tag; the run's id."""
    from django.db import transaction

    from tipstaff.records import cases, personal_data

    _worn()
    _positions(folder)  # before the orders, which would let in only what they support
    with transaction.atomic():
        told = [cases.Told(v, reason=f"{MARK}reason") for v in canary_values(ends).values()]
        other = made_cases.wearer(STAYS)
        theirs = made_cases.order(
            "O2", wearer=STAYS, starts_at=BEFORE.start, ends_at=None, reviews=(), served_at=None
        )
        told += [cases.Told(other), cases.Told(theirs)]
        cases.record(told, at=datetime.now(UTC), by=uuid4())
    _monitored()
    _watched()
    personal_data.cut_log()  # so that some of it lies in pages, and some in the log
    return _answered(data)


def _monitored() -> None:
    """A checkpoint of each, replaced once and with a history."""
    from tipstaff.records.models import Wearer
    from tipstaff.services.checkpoints import open_checkpoints

    rows = [
        LifeRow(f"{name}life", str(ref), n, f"{name}{n}".encode())
        for name in (GONE, STAYS)
        for ref in Wearer.objects.filter(reference=name).values_list("subject_ref", flat=True)
        for n in range(2)
    ]
    with open_checkpoints() as checkpoints:
        checkpoints.commit("inbox", Cursor(1, 1), rows[::2], rows)
        checkpoints.commit("inbox", Cursor(1, 2), rows[1::2], [])


def in_checkpoints() -> list[str]:
    """The lives that there are checkpoints of, whichever the database."""
    from tipstaff.services.checkpoints import open_checkpoints

    with open_checkpoints() as checkpoints:
        lives = checkpoints.latest().lives
        assert all(checkpoints.history(life) == [0, 1] for life in lives)
    return sorted(lives)


def _worn() -> None:
    from tipstaff.domain.activations import Activation
    from tipstaff.services.activations import import_activations

    rows = [
        Activation(name, DEVICE, who, period.start, period.end, row)
        for row, (name, who, period) in enumerate(
            [
                ("A1", STAYS, BEFORE),
                (f"{MARK}activation", GONE, Period(START, END)),
                ("A3", STAYS, AFTER),
            ],
            start=1,
        )
    ]
    done = import_activations(**WHO, supplier="tipstaff", incoming=rows)
    assert done.recorded == 3


def _watched() -> None:
    """An alert of each, what was done about it, a pause, a request, a handover, an outcome."""
    from tipstaff.domain.findings import FindingKind
    from tipstaff.domain.purposes import Purpose
    from tipstaff.records.models import Wearer
    from tipstaff.services.alert_acts import OnAlert, note_alert
    from tipstaff.services.alert_pauses import pause_alerts
    from tipstaff.services.live_telling import WearerTold, keep_told
    from tipstaff.services.shift_handovers import hand_over_shift

    managing = {**WHO, "purpose": Purpose.OFFENDER_MANAGEMENT}
    for name, mark in ((GONE, MARK), (STAYS, "")):
        ref = Wearer.objects.get(reference=name).subject_ref
        told, came = _breach(f"{mark}z1")
        keep_told([WearerTold(ref, told, (START,), END, {}, (came,))], END, cursor=None)
        note = note_alert(**managing, on=OnAlert(name, 1, "0.1"), words=f"{mark}note")
        assert note.problems == ()
        paused = pause_alerts(
            **managing, kinds=frozenset({FindingKind.BATTERY}), wearer=name,
            end=datetime.now(UTC) + timedelta(hours=1), reason=f"{mark}reason",
        )  # fmt: skip
        assert paused.problems == ()
        _asked(ref, name, mark)
    hand_over_shift(**managing)


def _breach(condition: str) -> tuple[tuple[Any, ...], Any]:
    from tipstaff.domain.findings import (
        Finding,
        FindingKind,
        Level,
        Outcome,
        PeriodOutcome,
        Step,
        Why,
    )

    end = START + timedelta(hours=1)
    told = (
        Finding(START, FindingKind.ZONE, condition, Step.BEGAN, Level.CONFIRMED, Why.FIX_INSIDE,
                START),
        Finding(end, FindingKind.ZONE, condition, Step.ENDED, Level.CONFIRMED, Why.FIX_OUTSIDE,
                START),
    )  # fmt: skip
    came = PeriodOutcome(end, FindingKind.CURFEW, condition, START, Outcome.BROKEN, 60.0, 0.0)
    return told, came


def _asked(ref: UUID, name: str, mark: str) -> None:
    """A request to the device, and what became of it, as long ago as the tag was worn."""
    from tipstaff.domain.device_requests import Request, RequestKind, RequestStep
    from tipstaff.records import device_requests
    from tipstaff.records.alert_pages import find
    from tipstaff.records.models import Wearer

    row, alert = Wearer.objects.get(subject_ref=ref).id, find(name, 1)
    assert alert is not None
    request = device_requests.ask(
        Request(RequestKind.MESSAGE, "tipstaff", DEVICE, f"{mark}words"), wearer=row,
        alert=alert.ref, purpose="offender_management", authority="", at=END, by=uuid4(),
    )  # fmt: skip
    device_requests.add_step(request, RequestStep.PASSED, f"{mark}words", at=END, by=uuid4())


def _positions(folder: Path) -> None:
    """A fix an hour, in two files: the canary's on a latitude of their own."""
    from tipstaff.positions.mappings import shipped_mapping
    from tipstaff.services.positions import import_positions

    lines = ["device_id,fix_time,latitude,longitude,precision_m"]
    at = BEFORE.start
    while at < AFTER.end:
        own = START <= at < END
        latitude = LATITUDE_E7 / 1e7 if own else 52.0
        step = (at - BEFORE.start) // timedelta(hours=1)
        lines.append(f"{DEVICE},{at.isoformat()},{latitude + step * 1e-7:.7f},-1.5,5")
        at += timedelta(hours=1)
    lines.append(f"{DEVICE},2018-01-03T10:00:00Z,{MARK},-1.5,5")  # quarantined: the canary's
    lines.append(f"{DEVICE},2018-01-08T10:00:00Z,bad,-1.5,5")  # and the other's
    path = folder / "positions.csv"
    for rows in (lines[1::2], lines[2::2]):  # so that each day lies in two files
        path.write_text("\n".join([lines[0], *rows, ""]))
        done = import_positions(**WHO, path=path, mapping=shipped_mapping("tipstaff"))
        assert done.new_rows > 100
    path.unlink()


def _answered(data: Path) -> UUID:
    """A crime of January 2018, and a run that says something of both."""
    from tipstaff.services import run_folder, runs
    from tipstaff.services.crimes import import_crimes

    row = "Derbyshire,RB,,DBY20180105,CRIME-1,20180103120000,20180103130000,,,52.9,-1.4,WGS84,text"
    assert import_crimes(**WHO, content=f"{row}\n".encode()).file.status == "SUCCESSFUL"
    crime = {"force": "Derbyshire", "crime_reference": "CRIME-1", "crime_version": 1}
    window = datetime(2018, 1, 3, 12, tzinfo=UTC)
    facts = [
        {**dict.fromkeys(run_files.FACTS_SCHEMA.names), **crime, "wearer_id": who,
         "device_id": DEVICE, "fix_time": window, "latitude": latitude, "longitude": -1.5,
         "mechanism": "GPS", "role": "trail"}
        for who, latitude in ((GONE, 53.1234), (STAYS, 52.0))
    ]  # fmt: skip
    crimes = [
        {**dict.fromkeys(run_files.CRIMES_SCHEMA.names), **crime, "from": window, "to": window}
    ]
    files = {
        "facts": run_files.write_facts(pa.Table.from_pylist(facts, run_files.FACTS_SCHEMA)),
        "crimes": run_files.write_crimes(pa.Table.from_pylist(crimes, run_files.CRIMES_SCHEMA)),
    }
    manifest = {
        "parameters": {}, "model_version": "m", "software_version": "s", "data_digest": "d",
        "outputs": digests_of(files),
    }  # fmt: skip
    run_id = uuid4()
    run_folder.keep(
        data / "runs", run_id, {f"run{run_files.SUFFIXES[k]}": c for k, c in files.items()}
    )
    search = runs.begin_search(**WHO, batch="all", extent={})
    answer = {**crime, "decided_by": 1, "searched_wearers": 2, "device_ids": DEVICE}
    own = {"wearer_id": GONE, "rank": 1, "legacy_labels": f"{MARK}label", "numbers": {"k": MARK}}
    told = runs.Recording(
        json.dumps(manifest),
        [{**answer, **own}],
        [{**answer, "wearer_id": STAYS, "outcome": "excluded"}],
        run_id,
    )
    return runs.record_run(search, told, started_at=datetime.now(UTC))


def traces(data: Path) -> set[str]:
    """Every file in which the canary can be found, by the first part of its name below `data`."""
    found = set()
    for path in sorted(p for p in data.rglob("*") if p.is_file()):
        content = path.read_bytes()
        plainly = any(needle.encode() in content for needle in NEEDLES)
        if plainly or (path.suffix == ".parquet" and _in_columns(path)):
            found.add(path)
    return {path.relative_to(data).parts[0] for path in found}


def _in_columns(path: Path) -> bool:
    """Whether a value of a Parquet file is the canary's, or its statistics tell of one."""
    file = pq.ParquetFile(path)
    table = file.read()
    told = json.dumps(table.to_pylist(), default=str)
    own = range(LATITUDE_E7, LATITUDE_E7 + 1000)
    if "lat_e7" in table.column_names and any(v in own for v in table["lat_e7"].to_pylist()):
        return True
    ends = [
        end
        for group in range(file.metadata.num_row_groups)
        for column in range(file.metadata.num_columns)
        if (s := file.metadata.row_group(group).column(column).statistics) and s.has_min_max
        for end in (s.min, s.max)
    ]
    return any(needle in told for needle in NEEDLES) or any(
        isinstance(end, int) and end in own for end in ends
    )


def in_database() -> set[str]:
    """The tables of the records in which the canary can be found, whichever the database."""
    from django.apps import apps

    return {
        str(model._meta.model_name)
        for model in apps.get_app_config("records").get_models()
        if any(MARK in str(row) for row in model._default_manager.values_list())
    }


def trail_of(data: Path, periods: Iterable[Period]) -> list[Any]:
    """The rows of the archive in some periods, in order."""
    archive = Archive(data / "archive")
    return [row for p in periods for batch in archive.fixes(p) for row in batch.to_pylist()]
