"""Fills an instance for the browser's test of wearers' pages: run as a program on it.

W1 has a curfew, zones, an absence and a look at them; W2 a tag of their own choice.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def main() -> None:
    from made_accounts import LOCAL
    from made_cases import absence, consent, curfew, order, voluntary, wearer, zone

    from tipstaff.domain.purposes import Purpose
    from tipstaff.services.absences import ask_absence
    from tipstaff.services.case_view import show_case
    from tipstaff.services.cases import record_order, record_wearer
    from tipstaff.services.consents import record_consent
    from tipstaff.services.instance import open_instance

    open_instance()
    who = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    now = datetime.now(UTC)
    began = now - timedelta(days=20)
    held = {"starts_at": began, "served_at": began, "ends_at": began + timedelta(days=90)}
    for name in ("W1", "W2"):
        record_wearer(**who, wearer=wearer(name))
    conditions = (curfew(dates=f"{began:%Y-%m-%d}"), zone())
    record_order(**who, order=order(conditions=conditions, reviews=(), **held))
    times = {"starts_at": now + timedelta(days=1), "ends_at": now + timedelta(days=1, hours=1)}
    ask_absence(**who, absence=absence(**times))
    show_case(**who, wearer="W1")
    record_consent(**who, consent=consent(wearer="W2", given_at=began - timedelta(days=1)))
    record_order(**who, order=voluntary(wearer="W2", **held))


if __name__ == "__main__":
    main()
