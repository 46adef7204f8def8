"""Rows of the access table: alerts, what is done about them, and what a shift hands over."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.access_rows import CASEWORK, RECORDING, Approval, Reach, Row, reaching
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.roles import Role

_CENTRE: Final = reaching(Reach.UNIT, Role.MONITORING_OPERATOR, Role.HUB_MANAGER)
#: Those who look at alerts and act on them: the centre, those who hold the case, who researches it.
WATCHERS: Final = {
    **_CENTRE,
    **reaching(Reach.UNIT, Role.HUB_CASEWORKER),
    **reaching(Reach.OWN_CASES, Role.OFFENDER_MANAGER, Role.PROBATION_PRACTITIONER),
    **reaching(Reach.FORCE, Role.IOM_COORDINATOR, Role.INTELLIGENCE_OFFICER),
}
_ARRESTERS: Final = {
    **_CENTRE,
    **reaching(Reach.FORCE, Role.IOM_COORDINATOR, Role.INVESTIGATING_OFFICER),
}
_COUNTERS: Final = reaching(
    Reach.NOBODY,
    Role.MONITORING_OPERATOR,
    Role.HUB_MANAGER,
    Role.PROGRAMME_LEAD,
    Role.AUDITOR,
    Role.DATA_PROTECTION_OFFICER,
)
_COUNTING: Final = frozenset(
    {Purpose.DATA_QUALITY, Purpose.OFFENDER_MANAGEMENT, Purpose.AUDIT,
     Purpose.SYSTEM_ADMINISTRATION}
)  # fmt: skip
_FEEDS: Final = {
    **reaching(Reach.NOBODY, *WATCHERS),
    **reaching(Reach.NOBODY, Role.ADMINISTRATOR),
}
#: Who is told of what is about nobody: all who see alerts, who count them, who see to the means.
_PROTOCOL_READERS: Final = {**_FEEDS, **_COUNTERS}

ALERT_ROWS: Final = (
    Row("list_alerts", Operation.CONSULTATION, "list alerts", WATCHERS, CASEWORK),
    Row("show_alert", Operation.CONSULTATION, "look at an alert and all that was done about it",
        WATCHERS, CASEWORK),
    Row("show_evidence", Operation.CONSULTATION, "look at the positions round an alert",
        WATCHERS, CASEWORK),
    Row("preview_zone", Operation.CONSULTATION, "see what a zone would mean before it is recorded",
        WATCHERS, CASEWORK),
    Row("show_compliance", Operation.CONSULTATION, "see how a wearer kept to their order by day",
        WATCHERS, CASEWORK),
    Row("replay", Operation.CONSULTATION, "see what was known of a wearer at a time", WATCHERS,
        CASEWORK),
    *(
        Row(name, Operation.ALTERATION, words, WATCHERS, RECORDING)
        for name, words in (
            ("acknowledge_alert", "acknowledge an alert"),
            ("take_alert", "take an alert in hand"),
            ("hand_over_alert", "hand an alert over to somebody"),
            ("see_alert", "say that one has looked at evidence that changed"),
            ("close_alert", "close an alert with what it turned out to be"),
        )
    ),
    Row("note_alert", Operation.COLLECTION, "add a note to an alert", WATCHERS, RECORDING),
    Row("share_alert", Operation.DISCLOSURE,
        "share an alert with those who are told of alerts, or escalate it", WATCHERS, RECORDING),
    Row("contact_wearer", Operation.COLLECTION,
        "record an attempt to reach the wearer about an alert", WATCHERS, RECORDING),
    Row("pause_alerts", Operation.ALTERATION, "pause a kind of alert for a while", _CENTRE,
        RECORDING),
    Row("end_pause", Operation.ALTERATION, "end a pause before its time", _CENTRE, RECORDING),
    Row("list_pauses", Operation.CONSULTATION, "list pauses", WATCHERS, CASEWORK),
    Row("ask_position", Operation.COLLECTION, "ask a wearer's device where it is now", WATCHERS,
        RECORDING),
    Row("message_device", Operation.DISCLOSURE, "send a message to a wearer's device", WATCHERS,
        RECORDING),
    Row("locate_for_arrest", Operation.COLLECTION,
        "ask a wearer's device where it is now, to arrest them", _ARRESTERS,
        frozenset({Purpose.LOCATE_FOR_ARREST}), approval=Approval.WEARER, needs_authority=True),
    Row("record_request_step", Operation.COLLECTION, "record what became of such a request",
        {**WATCHERS, **_ARRESTERS}, RECORDING | {Purpose.LOCATE_FOR_ARREST}),
    Row("list_requests", Operation.CONSULTATION, "list what was asked of a wearer's device",
        {**WATCHERS, **_ARRESTERS}, CASEWORK),
    Row("hand_over_shift", Operation.ALTERATION, "hand what is open over to the next shift",
        _CENTRE, RECORDING),
    Row("take_over_shift", Operation.ALTERATION, "take over what the last shift left open",
        _CENTRE, RECORDING),
    Row("show_protocols", Operation.CONSULTATION,
        "read who is told of which alert, how, when, and what comes next", _PROTOCOL_READERS,
        CASEWORK | _COUNTING),
    Row("list_outages", Operation.CONSULTATION, "list feeds that are out", _FEEDS,
        CASEWORK | _COUNTING),
    Row("alert_precision", Operation.CONSULTATION,
        "how many alerts of each kind were genuine, by their outcomes", _COUNTERS, _COUNTING),
)  # fmt: skip
