"""Samples of the use cases about all that is kept of a wearer, and about looks at it.

See `use_case_samples`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sample_calls import (
    HOLDS,
    NONE_SUCH,
    Aim,
    Sample,
    Who,
    aimed,
    fresh,
    key,
    lately,
    of,
    plain,
)

from tipstaff.domain.dip_sample import Outcome
from tipstaff.domain.own_requests import About
from tipstaff.domain.periods import Period
from tipstaff.domain.protocols import Means, Recipient

_CRIME = {"force": "Durham", "crime_force": "Durham", "crime_reference": "none"}
_LOCKED_OUT = {"name": "ours-wearer"}


def last_month() -> str:
    """The month before this one."""
    return (datetime.now(UTC).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def _export(who: Who, name: str) -> Any:
    return of("wearer_export.export_wearer")(**who, wearer=name, out=fresh("export"))


def _hand_over(who: Who, name: str) -> Any:
    ends = {"sender": "us", "receiver": "them", "recipients": [f"{key()}.pub"]}
    return of("transfer_out.transfer_out")(**who, wearer=name, **ends, out=fresh("transfer"))


def _take_over(who: Who, _name: str) -> Any:
    file = fresh("transfer")
    file.write_bytes(b"no transfer")
    return of("transfer_in.transfer_in")(**who, file=file, sha256="0" * 64, key=key())


def _release(who: Who, name: str) -> Any:
    hold = HOLDS.get(name, NONE_SUCH)
    return of("holds.release_hold")(**who, hold_id=hold, reason="why")


def _disclose(who: Who, _name: str) -> Any:
    until = datetime.now(UTC) + timedelta(days=90)
    return of("disclosures.record_disclosure")(**who, **_CRIME, until=until)


def _contact(who: Who, _name: str) -> Any:
    wanted = of("notices.Wanted")(Recipient.SHIFT_LEAD, Means.EMAIL, "lead@example.org")
    return of("notices.add_notice_contact")(**who, wanted=wanted)


def _take_back(who: Who, name: str) -> Any:
    """Its problems alone: the instant differs from call to call."""
    return of("consents.withdraw_own")(**who, wearer=name, reference="C1").problems


def _away(who: Who, name: str) -> Any:
    now = datetime.now(UTC)
    period = Period(now, now + timedelta(hours=1))
    away = of("own_requests.Away")("none", "none", period, "a night shift")
    return of("own_requests.ask_own_absence")(**who, wearer=name, away=away)


def _kept(who: Who, _name: str) -> Any:
    return of("retention_list.list_retention")(**who).lines


RECORD_SAMPLES: Mapping[str, Sample] = {
    "wearer_export.export_wearer": Sample(_export, Aim.WEARER),
    "transfer_out.transfer_out": Sample(_hand_over, Aim.WEARER),
    "transfer_in.transfer_in": Sample(_take_over),
    "holds.hold": Sample(aimed("holds.hold", reason="why"), Aim.WEARER),
    "holds.release_hold": Sample(_release, Aim.WEARER),
    "retention.erase_wearer": Sample(aimed("retention.erase_wearer"), Aim.WEARER),
    "retention.run_retention": Sample(plain("retention.run_retention")),
    "retention.list_proofs": Sample(plain("retention.list_proofs")),
    "retention_list.list_retention": Sample(_kept, Aim.LIST),
    "disclosures.record_disclosure": Sample(_disclose),
    "disclosures.read_disclosure": Sample(
        plain("disclosures.read_disclosure", disclosure_id=NONE_SUCH)
    ),
    "own_codes.issue_own_code": Sample(aimed("own_codes.issue_own_code"), Aim.WEARER),
    "own_page.own_page": Sample(aimed("own_page.own_page"), Aim.WEARER),
    "own_tables.own_tables": Sample(aimed("own_tables.own_tables"), Aim.WEARER),
    "own_requests.ask_change": Sample(
        aimed("own_requests.ask_change", about=About.ADDRESS, words="a new address"), Aim.WEARER
    ),
    "own_requests.ask_own_absence": Sample(_away, Aim.WEARER),
    "own_requests.list_own_requests": Sample(plain("own_requests.list_own_requests"), Aim.LIST),
    "consents.withdraw_own": Sample(_take_back, Aim.WEARER),
    "looked_at.looked_at": Sample(aimed("looked_at.looked_at"), Aim.WEARER),
    "misuse.search_misuse": Sample(
        lambda who, _name: of("misuse.search_misuse")(**who, period=lately())
    ),
    "dip_samples.sample_month": Sample(plain("dip_samples.sample_month", month=last_month())),
    "dip_samples.examine_look": Sample(
        plain("dip_samples.examine_look", item=NONE_SUCH, outcome=Outcome.QUESTIONED, note="why")
    ),
    "notices.add_notice_contact": Sample(_contact),
    "notices.end_notice_contact": Sample(
        plain("notices.end_notice_contact", contact=NONE_SUCH, reason="why")
    ),
    "notices.list_notice_contacts": Sample(plain("notices.list_notice_contacts")),
    "notices.try_notice_contact": Sample(plain("notices.try_notice_contact", contact=NONE_SUCH)),
    "notices.list_notices": Sample(plain("notices.list_notices")),
    "notices.retry_notice": Sample(plain("notices.retry_notice", notice=NONE_SUCH, reason="why")),
    "runs.list_reserved": Sample(plain("runs.list_reserved")),
    "sign_in.set_first_password": Sample(
        plain("sign_in.set_first_password", **_LOCKED_OUT, password="a long wet Tuesday in Ely")
    ),
    "sign_in.reset_sign_in": Sample(plain("sign_in.reset_sign_in", **_LOCKED_OUT)),
    "sign_in.unlock_sign_in": Sample(plain("sign_in.unlock_sign_in", **_LOCKED_OUT)),
}
