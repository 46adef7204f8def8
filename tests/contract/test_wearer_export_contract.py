"""A wearer's own export on both databases: complete, without others, the same bytes twice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from jsonschema import Draft202012Validator
from made_cases import order, utc, wearer, zone
from made_plans import HOUSING, contact, plan, review, task
from made_trails import reports, wears

from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.conditions import Protected, Proximity, Trail
from tipstaff.domain.plan_work import Party
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.wearers import ChildSafeguards, ResponsibleAdult, Risk, RiskKind
from tipstaff.domain.zones import AddressBuffer, Place
from tipstaff.formats.json_documents import schema_of
from tipstaff.formats.own_manifest import OWN_ANSWERS, OWN_EXPORT
from tipstaff.formats.own_readme import INVESTIGATIONS
from tipstaff.formats.own_view import LEFT_OUT, OWN
from tipstaff.formats.whole_record_json import WHOLE_RECORD, WORN_RECORD

WHO: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.SUBJECT_ACCESS, "authority": "SAR 12",
}  # fmt: skip
SECRET = "CANARY"
FILES = {
    "README.txt", "record.json", "worn.json", "trail.csv", "trail.geojson", "manifest.json",
    "characteristics.json", "looks.csv", "alerts.csv", "hours.csv",
}  # fmt: skip


def told(*values: Any, reason: str = "") -> None:
    from tipstaff.records import cases

    with transaction.atomic():
        cases.record(
            [cases.Told(value, reason=reason) for value in values],
            at=utc("2026-02-03"), by=uuid4(),
        )  # fmt: skip


def of_others() -> tuple[Any, ...]:
    """Everything of a case that is about somebody else, each with a canary."""
    adult = ResponsibleAdult("An Aunt", "aunt", f"{SECRET} 07700")
    risks = (Risk(RiskKind.DOMESTIC_ABUSE, f"{SECRET} moved to Leeds"),)
    buffer = AddressBuffer(f"{SECRET}-home", Place(53.1, -1.4), 200.0)
    near = Proximity("p1", Protected.VICTIM, f"{SECRET}-V1", 500.0)
    conditions = (Trail("t1"), zone(shape=buffer), near)
    family = {"party": Party.FAMILY, "party_name": f"{SECRET} Mother", "note": f"{SECRET} said"}
    victim = {"party": Party.VICTIM, "party_name": f"{SECRET} Name", "note": f"{SECRET} afraid"}
    agency = HOUSING.__class__("housing", "Made Homes", HOUSING.kind, "H", f"{SECRET}@example.org")
    return (
        wearer(risks=risks, child=ChildSafeguards(adult, "weighed", exploitation=False)),
        order(conditions=conditions),
        plan(agencies=(agency,), goals=()),
        review(),
        task(),
        contact("C1"),
        contact("C2", **family),
        contact("C3", **victim),
    )


def value_with_a_change(value: Any) -> Any:
    """Told anew without what was left out, the reason for which may say the same."""
    plain = {"conditions": (Trail("t1"),)} if hasattr(value, "conditions") else {}
    plain |= {"interpreter": True} if hasattr(value, "interpreter") else {}
    plain |= {"scheme": "other"} if hasattr(value, "scheme") else {}
    plain |= {"made_by": "B"} if hasattr(value, "made_by") else {}
    return replace(value, **plain)


def exported(out: Path, **other: Any) -> Any:
    from tipstaff.services.wearer_export import export_wearer

    return export_wearer(**{**WHO, "wearer": "W1", "out": out, **other})


def set_up(folder: Path) -> None:
    from tipstaff.services.equality import record_characteristics

    whole = {"review", "task", "contact"}
    values = {(type(v).__name__.lower(), v.reference): v for v in of_others()}
    reports(folder, "D1")  # before the orders, which would let in only what they support
    told(*values.values())
    for (kind, name), value in values.items():
        if kind not in whole or name in {"C2", "C3"}:
            told(value_with_a_change(value), reason=f"{SECRET} reason")
    wears(device="D1", end="2026-01-25")
    wears("W2", "D1", start="2026-01-25", name="other")
    asked = {**WHO, "purpose": Purpose.DEMONSTRATION, "wearer": "W1"}
    record_characteristics(**asked, answers={"ethnic_group": "prefer_not_to_say"})


def test_everything_of_the_wearers_and_nothing_of_others(instance: Any, tmp_path: Path) -> None:
    from tipstaff.records.models import AuditEntry

    set_up(tmp_path)
    done = exported(tmp_path / "out")
    assert done is not None
    content = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert set(content) == FILES
    assert not [name for name, bytes_ in content.items() if SECRET.encode() in bytes_]
    record = WHOLE_RECORD.read(content["record.json"])
    kinds = [(one.kind, one.reference) for one in record.subjects]
    assert kinds == [
        ("wearer", ""), ("order", "O1"), ("plan", "P1"), ("review", "R1"), ("task", "T1"),
        ("contact", "C1"), ("contact", "C2"),
    ]  # fmt: skip
    kept, last = record.subjects[1].versions
    assert (kept.reason, last.reason) == ("", LEFT_OUT)
    assert [c.reference for c in kept.value.conditions] == ["t1", "z1", "p1"]
    assert kept.value.conditions[2].person == LEFT_OUT
    assert kept.recorded_by is None
    assert record.subjects[3].versions[0].value == review()
    assert len(WORN_RECORD.read(content["worn.json"]).activations) == 1
    # six: five days before the tag went to somebody else, one of them told twice
    assert (done.counts.fixes, content["trail.csv"].count(b"\n")) == (6, 7)
    assert len(json.loads(content["trail.geojson"])["features"]) == 6
    assert INVESTIGATIONS in content["README.txt"].decode()
    assert b"W2" not in content["trail.csv"]
    (served,) = AuditEntry.objects.filter(use_case="export_wearer", phase="served")
    assert (served.operation, served.extent) == ("export", {"recipients": ["the wearer"]})
    assert served.rows == done.counts.versions + 6


def test_the_same_state_gives_the_same_bytes_and_a_sound_manifest(
    instance: Any, tmp_path: Path
) -> None:
    set_up(tmp_path)
    exported(tmp_path / "one")
    exported(tmp_path / "two")
    for name in FILES - {"manifest.json", "looks.csv"}:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    one, two = (
        OWN_EXPORT.read((tmp_path / name / "manifest.json").read_bytes()) for name in ("one", "two")
    )
    looks = [(tmp_path / name / "looks.csv").read_text().splitlines() for name in ("one", "two")]
    assert looks[1][:-1] == looks[0]  # the first copy was a look, which the second tells of
    assert "made a copy of your data,to give you what is held about you" in looks[1][-1]
    fixed = [{f for f in told.files if f.name != "looks.csv"} for told in (one, two)]
    assert fixed[0] == fixed[1]
    assert {fact.name for fact in one.files} == FILES - {"manifest.json"}
    own = Draft202012Validator(schema_of("own", OWN_EXPORT, OWN_ANSWERS))
    whole = Draft202012Validator(schema_of("whole", WHOLE_RECORD, WORN_RECORD))
    for name, schema in (("manifest", own), ("characteristics", own), ("record", whole),
                         ("worn", whole)):  # fmt: skip
        document = json.loads((tmp_path / "one" / f"{name}.json").read_text())
        assert list(schema.iter_errors(document)) == []


def test_nobody_else_gets_one(instance: Any, tmp_path: Path) -> None:
    from tipstaff.services.access import RefusedError
    from tipstaff.services.whole_folder import FolderExistsError

    set_up(tmp_path)
    out = tmp_path / "out"
    assert exported(out, wearer="W9") is None
    with pytest.raises(RefusedError):
        exported(out, purpose=Purpose.OFFENDER_MANAGEMENT)
    with pytest.raises(RefusedError):
        exported(out, authority="")
    with pytest.raises(RefusedError):
        exported(out, authority="", purpose=Purpose.DEMONSTRATION)
    told(wearer(limited_access=True))
    assert exported(out) is None
    assert not out.exists()
    out.mkdir()
    with pytest.raises(FolderExistsError):
        exported(out)


def test_a_wearer_without_a_trail_or_answers_gets_a_page_that_says_so(
    sqlite_instance: Any, tmp_path: Path
) -> None:
    told(wearer(born_on=date(1980, 1, 1)))
    done = exported(tmp_path / "out")
    assert done is not None
    readme = (tmp_path / "out" / "README.txt").read_text()
    assert "You have given no answers" in readme
    assert "not that you were or were not somewhere" in readme
    assert not (tmp_path / "out" / "characteristics.json").exists()


def test_alerts_that_were_decided_are_told_in_plain_words(instance: Any, tmp_path: Path) -> None:
    from told_findings import found, when
    from told_wearers import keep, on_record
    from told_wearers import told as found_of

    from tipstaff.domain.alerts import AlertOutcome
    from tipstaff.domain.findings import FindingKind, Outcome, PeriodOutcome
    from tipstaff.services.alert_acts import OnAlert, close_alert, note_alert, take_alert

    told(wearer())
    ref = on_record("W1")["W1"]
    away = PeriodOutcome(when(60), FindingKind.CURFEW, "c1", when(0), Outcome.BROKEN, 600.0, 120.0)
    lines = ("10 began p", "20 ended p 10", "100 began p")
    keep(found_of(ref, *found(*lines), outcomes=(away,), until=110), now=110)
    who = {**WHO, "purpose": Purpose.OFFENDER_MANAGEMENT}
    take_alert(**who, on=OnAlert("W1", 1, "0.1"))
    note_alert(**who, on=OnAlert("W1", 1, "1.1"), words=f"{SECRET} rang us")
    how = {"outcome": AlertOutcome.REASONABLE_EXCUSE, "words": f"{SECRET} was ill"}
    assert close_alert(**who, on=OnAlert("W1", 1, "2.1"), **how).problems == ()
    exported(tmp_path / "out")
    alerts = (tmp_path / "out" / "alerts.csv").read_text()
    assert alerts.count("\n") == 2  # the second is still open
    assert "had a reasonable excuse" in alerts
    assert "2026-03-02T00:10:00Z,2026-03-02T00:20:00Z" in alerts
    assert SECRET not in alerts
    hours = (tmp_path / "out" / "hours.csv").read_text().splitlines()
    assert hours[1] == "c1,2026-03-02T00:00:00Z,2026-03-02T01:00:00Z,not kept,10,2"


def test_a_kind_without_a_line_is_left_out_whole_and_named(
    sqlite_instance: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.formats import own_view

    told(wearer(), plan(), review())
    fewer = {kind: own for kind, own in OWN.items() if kind is not Kind.REVIEW}
    monkeypatch.setattr(own_view, "OWN", fewer)
    done = exported(tmp_path / "out")
    assert done is not None
    assert done.counts.left_out == ("review",)
    assert b"flat" not in (tmp_path / "out" / "record.json").read_bytes()
    assert (
        "Records of these kinds are left out whole: review."
        in (tmp_path / "out" / "README.txt").read_text()
    )


def test_every_kind_says_what_its_wearer_gets() -> None:
    """A kind that is added must say in `formats.own_view` what of it the wearer may have."""
    assert set(OWN) == set(Kind)
