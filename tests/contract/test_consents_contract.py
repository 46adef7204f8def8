"""Consents on both databases: what orders need, withdrawal at once, the gate at the intake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from made_cases import consent, curfew, decision, order, utc, voluntary, wearer

from tipstaff.domain.activations import Activation
from tipstaff.domain.conditions import Protected, Proximity, Trail
from tipstaff.domain.consents import Consent, ConsentKind, Withdrawal, WithdrawnBy
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.wearers import Address
from tipstaff.domain.zones import Place

WHO: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.OFFENDER_MANAGEMENT, "authority": "",
}  # fmt: skip
RELAXED = (curfew(rows=("Mon 22:00-06:00 home",)),)


def codes(done: Any) -> list[str]:
    return [str(problem.code) for problem in done.problems]


def people(**other: Any) -> None:
    from tipstaff.services.cases import record_wearer

    assert record_wearer(**WHO, wearer=wearer(**other)).problems == ()


def ordered(made: Any, **other: Any) -> Any:
    from tipstaff.services.cases import record_order

    return record_order(**WHO, order=made, **other)


def agreed(made: Consent) -> Any:
    from tipstaff.services.consents import record_consent

    return record_consent(**WHO, consent=made)


def withdrawn(reference: str = "C1", **other: Any) -> Any:
    from tipstaff.services.consents import withdraw_consent

    told = {"how": WithdrawnBy.BY_TELEPHONE, "told_to": "A Officer", **other}
    return withdraw_consent(**WHO, wearer="W1", reference=reference, **told)


def shown(at: str) -> dict[str, Any]:
    """Each record of the case as it was at a time, by reference."""
    from tipstaff.services.case_view import show_case

    view = show_case(**WHO, wearer="W1", valid_at=utc(at))
    assert view is not None
    lines = (*view.orders, *view.records)
    return {line.reference: line.shown.value for line in lines if line.shown}


def wear(end: str = "2999-12-12") -> Any:
    from tipstaff.services.activations import import_activations

    fact = Activation("A1", "D1", "W1", utc("2026-01-02"), utc(end), 2)
    return import_activations(**WHO, supplier=supplier(), incoming=[fact])


def supplier() -> str:
    from tipstaff.positions.mappings import shipped_mapping

    return shipped_mapping("tipstaff").supplier


def imported(path: Path, *fixes: tuple[str, str]) -> Any:
    """Import a file of (device, time)."""
    from tipstaff.positions.mappings import mapping_digest, shipped_mapping
    from tipstaff.services.positions import import_positions

    lines = ["device_id,fix_time,latitude,longitude,precision_m,mechanism"]
    lines += [f"{device},{utc(at).isoformat()},53.0,-1.5,10,1" for device, at in fixes]
    path.write_text("\n".join(lines) + "\n")
    mapping = shipped_mapping("tipstaff")
    return import_positions(**WHO, path=path, mapping=mapping, reading=mapping_digest(mapping))


def opted_in() -> None:
    """A licence from January, relaxed from the voluntary order's start on."""
    people()
    assert codes(ordered(order("L1", conditions=(curfew(),)))) == []
    assert codes(agreed(consent())) == []
    assert codes(ordered(voluntary(restores="L1"))) == []
    eased = order("L1", conditions=RELAXED)
    assert codes(ordered(eased, valid_from=utc("2026-01-02"), reason="opted in")) == []


def test_a_voluntary_order_rests_on_consent(instance: Any) -> None:
    people()
    assert codes(ordered(voluntary())) == ["NO_VOLUNTARY_CONSENT"]
    assert codes(ordered(voluntary(status=OrderStatus.REFERRED))) == []
    assert codes(agreed(consent(given_at=utc("2026-02-01")))) == []
    made = {"decision": decision(OrderStatus.ACTIVE), "status": OrderStatus.ACTIVE}
    suitable = decision(OrderStatus.SUITABLE, "2026-01-20", "stable home, wants it")
    early = utc("2026-01-20")
    ordered(voluntary(status=OrderStatus.SUITABLE, decision=suitable), valid_from=early)
    assert codes(ordered(voluntary(**made), valid_from=utc("2026-01-25"))) == [
        "NO_VOLUNTARY_CONSENT"
    ]
    assert codes(ordered(voluntary(**made), valid_from=utc("2026-02-02"))) == []


def test_withdrawal_ends_the_order_restores_the_licence_and_ends_the_activation(
    instance: Any,
) -> None:
    from tipstaff.services.audit import verify_audit
    from tipstaff.services.search_consents import consents_at

    opted_in()
    wear()
    now = datetime.now(UTC)
    (asked,) = consents_at(["W1"], known_at=now)["W1"]
    assert (asked.withdrawn_at, asked.crime_matching) == (None, True)
    at = utc("2026-01-05 10:00")
    done = withdrawn(at=at)
    assert (done.orders_ended, done.licences_restored) == (("V1",), ("L1",))
    assert (done.activations_ended, done.still_supported_by) == (1, ())
    assert codes(done) == []
    before, after = shown("2026-01-05 09:59"), shown("2026-01-05 10:00")
    assert (before["V1"].status, after["V1"].status) == (OrderStatus.ACTIVE, OrderStatus.ENDED)
    assert (after["V1"].ends_at, after["V1"].decision.by.name) == (at, "A Officer")
    assert (before["L1"].conditions, after["L1"].conditions) == (RELAXED, (curfew(),))
    assert (before["C1"].withdrawn, after["C1"].withdrawn.at) == (None, at)
    (asked,) = consents_at(["W1"], known_at=datetime.now(UTC))["W1"]
    assert asked.withdrawn_at == at
    assert codes(withdrawn()) == ["CONSENT_NOT_IN_FORCE"]
    assert codes(withdrawn("C9")) == ["CONSENT_NOT_KNOWN"]
    assert codes(ordered(voluntary("V2"), valid_from=at)) == ["NO_VOLUNTARY_CONSENT"]
    assert verify_audit().faults == ()


def test_what_was_known_before_a_withdrawal_can_be_shown(instance: Any) -> None:
    from tipstaff.services.case_view import show_case

    opted_in()
    before = datetime.now(UTC)
    withdrawn(at=utc("2026-01-05"))
    view = show_case(**WHO, wearer="W1", as_known_at=before, valid_at=utc("2026-02-01"))
    assert view is not None
    statuses = {o.reference: o.shown.value.status for o in view.orders if o.shown}
    assert statuses == {"L1": OrderStatus.ACTIVE, "V1": OrderStatus.ACTIVE}


def test_a_tag_worn_under_another_order_goes_on(instance: Any) -> None:
    opted_in()
    bail = order("B1", basis=LegalBasis.COURT_BAIL, conditions=(curfew(),))
    assert codes(ordered(bail)) == []
    wear()
    done = withdrawn(at=utc("2026-01-05"))
    assert (done.activations_ended, done.still_supported_by) == (0, ("B1",))


def test_nothing_is_collected_without_a_basis(sqlite_instance: Any, tmp_path: Path) -> None:
    opted_in()
    wear()
    fixes = [("D1", "2026-01-03 10:00"), ("D1", "2026-01-05 11:00"), ("D9", "2026-01-03 10:00")]
    first = imported(tmp_path / "a.csv", fixes[0], fixes[2])
    assert (first.new_rows, first.not_collected) == (1, {})
    assert first.quarantined == {"device_of_nobody": 1}
    withdrawn(at=utc("2026-01-05 10:00"))
    late = ("D1", "2026-01-04 10:00")
    second = imported(tmp_path / "b.csv", late, fixes[1], ("D1", "2026-01-05 10:00"))
    assert second.new_rows == 0
    assert second.not_collected == {"activation_ended": 2, "late_after_withdrawal": 1}
    from tipstaff.records.models import AuditEntry

    entry = AuditEntry.objects.filter(use_case="import_positions", phase="served").last()
    assert entry is not None
    counted = [e.extent.get("not_collected") for e in AuditEntry.objects.filter(phase="served")]
    assert {"activation_ended": 2, "late_after_withdrawal": 1} in counted
    wear()  # the supplier sends the old activation again, as if nothing had happened
    third = imported(tmp_path / "c.csv", ("D1", "2026-01-06 10:00"))
    assert (third.new_rows, third.not_collected) == (0, {"consent_withdrawn": 1})
    held = (sqlite_instance.data / "quarantine").glob("*.jsonl")
    assert all("2026-01-04" not in file.read_text() for file in held)


def test_without_any_order_all_is_taken_in(sqlite_instance: Any, tmp_path: Path) -> None:
    people()
    done = imported(tmp_path / "a.csv", ("D1", "2026-01-03 10:00"), ("D9", "2026-01-03 10:00"))
    assert (done.new_rows, done.quarantined, done.not_collected) == (2, {}, {})


def test_householders_and_victims_are_asked_first(instance: Any) -> None:
    home = Address("home", ("1 Made Street",), "", Place(53.0, -1.5), needs_householder=True)
    people(addresses=(home,))
    apart = Proximity("p1", Protected.VICTIM, "VICTIM-7", 500.0)
    made = order(conditions=(curfew(), Trail("t1"), apart))
    found = ordered(made)
    assert codes(found) == ["NO_HOUSEHOLDER_CONSENT", "NO_VICTIM_CONSENT"]
    assert [p.where for p in found.problems] == ["conditions[0].timetable", "conditions[2].person"]
    householder = {"kind": ConsentKind.HOUSEHOLDER, "person": "A Aunt", "address": "home"}
    victim = {"kind": ConsentKind.VICTIM, "person": "VICTIM-7", "text": "victim-1"}
    early = {"given_at": utc("2025-12-31"), "text": "elsewhere"}
    assert codes(agreed(consent("H1", **householder, **early))) == []
    assert codes(agreed(consent("K1", **(victim | early)))) == []
    assert codes(ordered(made)) == []
    done = withdrawn("H1", at=utc("2026-02-01"))
    assert (done.orders_ended, done.activations_ended) == ((), 0)
    assert [str(p.code) for p in done.consequences] == ["NO_HOUSEHOLDER_CONSENT"]


def test_a_consent_on_record_is_not_changed(instance: Any) -> None:
    people()
    agreed(consent())
    assert codes(agreed(consent())) == []
    assert codes(agreed(consent(written=False))) == ["MATCHING_NOT_WRITTEN", "CONSENT_CHANGED"]
    told = Withdrawal(utc("2026-01-05"), WithdrawnBy.IN_PERSON, "A Officer")
    assert codes(agreed(consent(withdrawn=told))) == ["WITHDRAWN_ELSEWHERE"]
    assert codes(agreed(consent("C2"))) == ["CONSENT_OVERLAPS"]
    narrower = consent("C2", given_at=utc("2026-02-01"), supersedes="C1")
    assert codes(agreed(narrower)) == []
    assert codes(withdrawn("C1")) == ["CONSENT_NOT_IN_FORCE"]
    assert codes(withdrawn("C2", at=datetime.now(UTC) + timedelta(days=1))) == ["CONSENT_IN_FUTURE"]
    assert codes(withdrawn("C2")) == []
    assert codes(agreed(narrower)) == ["CONSENT_CHANGED"], "nothing takes a withdrawal back"


def test_the_copy_is_in_both_languages_and_audited(instance: Any) -> None:
    from tipstaff.domain.consent_texts import Language
    from tipstaff.records.models import AuditEntry
    from tipstaff.services.consents import copy_for

    people()
    agreed(consent(ends_at=utc("2026-07-01")))
    english = copy_for(**WHO, wearer="W1", reference="C1")
    assert english is not None
    text = " ".join(p for _heading, paragraphs in english.sections for p in paragraphs)
    assert "Your original licence comes back" in text
    assert "burglary of a home" in text
    assert "01/07/2026" in text
    assert english.notice == ""
    welsh = copy_for(**WHO, wearer="W1", reference="C1", language=Language.WELSH)
    assert welsh is not None
    assert "qualified translator" in welsh.notice
    assert copy_for(**WHO, wearer="W1", reference="C9") is None
    people(limited_access=True)
    assert copy_for(**WHO, wearer="W1", reference="C1") is None
    phases = AuditEntry.objects.filter(use_case="copy_consent").values_list("phase", flat=True)
    assert sorted(phases) == ["requested"] * 4 + ["served"] * 4


def test_a_withdrawal_told_twice_at_once_counts_once(instance: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    opted_in()

    def tell(number: int) -> list[str]:
        try:
            return codes(withdrawn(told_to=f"Officer {number}"))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(tell, range(4)))
    assert found == [[], *[["CONSENT_NOT_IN_FORCE"]] * 3]
