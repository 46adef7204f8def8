"""The gate at the intake: what is kept, dropped and quarantined, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from made_cases import consent, utc

from tipstaff.domain.consents import ConsentKind, Withdrawal, WithdrawnBy
from tipstaff.domain.intake_gate import may_collect, verdict_steps
from tipstaff.domain.intake_words import (
    DeviceFacts,
    IntakePolicy,
    LateFixes,
    WearerFacts,
    WithVictim,
    Worn,
)
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.order_life import StatusStretch
from tipstaff.domain.orders import OrderStatus as S
from tipstaff.records.law import shipped_intake_policy

AT = utc("2026-02-10")
BACK = Withdrawal(utc("2026-02-20"), WithdrawnBy.IN_PERSON, "A Officer")
KEEPS = IntakePolicy("x", 1, "x", LateFixes.KEEP, LateFixes.KEEP)
DROPS = IntakePolicy("x", 1, "x", LateFixes.DROP, LateFixes.DROP)


def stretch(
    start: str,
    end: str | None = None,
    status: S = S.ACTIVE,
    basis: LegalBasis = LegalBasis.LICENCE,
    **other: Any,
) -> StatusStretch:
    """What is said from `start` to `end`; the order itself runs from February to June."""
    last = None if end is None else utc(end)
    own = {"begins": utc("2026-02-01"), "ends": utc("2026-06-01")} | other
    return StatusStretch(utc(start), last, status, basis, **own)


def device(*orders: Any, start: str = "2026-01-15", end: str = "2026-12-01", **other: Any) -> Any:
    named = {f"O{n}": order for n, order in enumerate(orders)}
    facts = WearerFacts(named, **other)
    return DeviceFacts((Worn(utc(start), utc(end), "W1"),), (), {"W1": facts})


LICENCE = (stretch("2026-01-01"),)
CHOSEN = (stretch("2026-01-01", basis=LegalBasis.VOLUNTARY),)
STOPPED = (
    stretch("2026-01-01", "2026-02-20", basis=LegalBasis.VOLUNTARY),
    stretch("2026-02-20", status=S.ENDED, basis=LegalBasis.VOLUNTARY, ends=BACK.at),
)
GIVEN = (consent(given_at=utc("2026-02-01")),)
TAKEN_BACK = (consent(given_at=utc("2026-02-01"), withdrawn=BACK),)


@pytest.mark.parametrize(
    ("facts", "fix", "received", "told"),
    [
        (device(LICENCE), AT, AT, "keep in_force"),
        (DeviceFacts(), AT, AT, "quarantine device_of_nobody"),
        (device(LICENCE, start="2026-03-01"), AT, AT, "quarantine device_of_nobody"),
        (device(LICENCE, end="2026-02-10"), AT, AT, "drop_counted activation_ended"),
        (device(), AT, AT, "quarantine no_order_known"),
        (device(LICENCE), utc("2026-01-31"), AT, "quarantine order_not_yet_active"),
        (device((stretch("2026-01-01", status=S.SUITABLE),)), AT, AT,
         "quarantine order_not_yet_active"),
        (device((stretch("2026-01-01", status=S.SUSPENDED),)), AT, AT,
         "drop_counted order_suspended"),
        (device((stretch("2026-01-01", status=S.REVOKED),)), AT, AT, "drop_counted order_over"),
        (device(LICENCE), utc("2026-06-01"), utc("2026-06-02"), "drop_counted order_over"),
        (device((stretch("2026-01-01", "2026-02-01"),)), AT, AT, "drop_counted order_over"),
        (device(CHOSEN), AT, AT, "quarantine no_consent_known"),
        (device(CHOSEN, consents=GIVEN), AT, AT, "keep in_force"),
        (device(STOPPED, consents=TAKEN_BACK), BACK.at, BACK.at,
         "drop_counted consent_withdrawn"),
        (device(STOPPED, consents=TAKEN_BACK), AT, utc("2026-02-19"), "keep in_force"),
        (device(STOPPED, consents=TAKEN_BACK), AT, BACK.at,
         "drop_counted late_after_withdrawal"),
        (device(STOPPED, consents=TAKEN_BACK, held=True), AT, BACK.at, "keep held"),
        (device(STOPPED, LICENCE, consents=TAKEN_BACK), AT, BACK.at, "keep in_force"),
        (device(LICENCE), AT, utc("2026-06-01"), "keep late_kept"),
        (device((stretch("2026-01-01", "2026-03-01"),
                 stretch("2026-03-01", status=S.SUSPENDED))), AT, utc("2026-03-02"),
         "keep in_force"),
        (device(LICENCE, (stretch("2026-01-01", begins=utc("2026-05-01"), ends=None),)),
         AT, utc("2026-06-02"), "keep in_force"),
    ],
)  # fmt: skip
def test_verdicts(facts: DeviceFacts, fix: datetime, received: datetime, told: str) -> None:
    found = may_collect(facts, fix, received, shipped_intake_policy())
    assert f"{found.verb} {found.reason}" == told


def test_a_licence_relaxed_for_a_voluntary_tag_supports_nothing_by_itself() -> None:
    chosen = tuple(
        StatusStretch(s.start, s.end, s.status, s.basis, s.begins, s.ends, "O1") for s in STOPPED
    )
    facts = device(chosen, LICENCE, consents=TAKEN_BACK)
    late = may_collect(facts, AT, BACK.at, shipped_intake_policy())
    assert late.reason == "late_after_withdrawal"
    after = may_collect(facts, BACK.at, BACK.at, shipped_intake_policy())
    assert after.reason == "consent_withdrawn", "the tag is the one that was worn by choice"
    anew = device(chosen, LICENCE, consents=TAKEN_BACK, start="2026-02-20")
    fitted = may_collect(anew, BACK.at, BACK.at, shipped_intake_policy())
    assert fitted.reason == "in_force", "the licence stands again, for a tag fitted under it"
    early = device(chosen, LICENCE, consents=TAKEN_BACK, start="2026-01-15", end="2026-02-01")
    assert may_collect(early, utc("2026-01-20"), AT, KEEPS).reason == "order_not_yet_active"


@pytest.mark.parametrize(
    ("given", "received", "told"),
    [
        ({}, AT, "keep in_force"),
        ({"person": "V-8"}, AT, "quarantine no_consent_known"),
        ({"given_at": utc("2026-02-11")}, AT, "quarantine no_consent_known"),
        ({"withdrawn": Withdrawal(AT, WithdrawnBy.IN_PERSON, "x")}, AT,
         "drop_counted consent_withdrawn"),
        ({"withdrawn": BACK}, utc("2026-02-19"), "keep in_force"),
        ({"withdrawn": BACK}, BACK.at, "drop_counted late_after_withdrawal"),
        ({}, utc("2026-06-01"), "keep late_kept"),
    ],
)  # fmt: skip
def test_a_victims_device(given: dict[str, Any], received: datetime, told: str) -> None:
    own = {"kind": ConsentKind.VICTIM, "person": "V-7", "given_at": utc("2026-02-01")}
    facts = WearerFacts({"O0": LICENCE}, (consent(**(own | given)),))
    had = WithVictim(utc("2026-02-05"), utc("2026-12-01"), "V-7", "W1", "O0")
    found = may_collect(
        DeviceFacts((), (had,), {"W1": facts}), AT, received, shipped_intake_policy()
    )
    assert f"{found.verb} {found.reason}" == told


@pytest.mark.parametrize(
    ("policy", "withdrawn", "ended"),
    [(KEEPS, "late_kept", "late_kept"), (DROPS, "late_after_withdrawal", "late_after_end")],
)
def test_late_fixes_are_policy(policy: IntakePolicy, withdrawn: str, ended: str) -> None:
    stopped = device(STOPPED, consents=TAKEN_BACK)
    assert may_collect(stopped, AT, BACK.at, policy).reason == withdrawn
    assert may_collect(device(LICENCE), AT, utc("2026-06-01"), policy).reason == ended


def test_the_steps_begin_before_all_time() -> None:
    steps = verdict_steps(device(LICENCE), AT, KEEPS)
    assert steps[0][0].year == 1
    assert steps[0][1].reason == "device_of_nobody"
