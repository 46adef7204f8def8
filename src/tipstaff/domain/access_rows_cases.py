"""Rows of the access table: case records, and all that is kept of a wearer."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.access_rows import CASEWORK, RECORDING, Approval, Reach, Row, reaching
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.roles import Role

_OWN: Final = reaching(Reach.OWN_CASES, Role.OFFENDER_MANAGER, Role.PROBATION_PRACTITIONER)
_PRISON: Final = reaching(Reach.OWN_CASES, Role.PRISON_OFFENDER_MANAGER)
#: Victims' officers, who act for the safety of victims alone.
VICTIMS: Final = reaching(Reach.OWN_CASES, Role.VICTIM_LIAISON)
_FORCE: Final = reaching(Reach.FORCE, Role.IOM_COORDINATOR)
_CENTRE: Final = reaching(Reach.UNIT, Role.MONITORING_OPERATOR)
_HUB: Final = reaching(Reach.UNIT, Role.HUB_CASEWORKER, Role.HUB_MANAGER)
_INTELLIGENCE: Final = reaching(Reach.FORCE, Role.INTELLIGENCE_OFFICER)
_OFFICER: Final = reaching(Reach.FORCE, Role.INVESTIGATING_OFFICER)

#: Those who keep the records of a case.
KEEPERS: Final = {**_OWN, **_PRISON, **_FORCE, **_CENTRE, **_HUB}
#: Those who look at a case.
READERS: Final = {**KEEPERS, **VICTIMS, **_INTELLIGENCE}
#: Those who find somebody by a number, who may know no reference.
_FINDERS: Final = {**KEEPERS, **_INTELLIGENCE, **_OFFICER}
#: Those who manage a wearer by a plan.
PLANNERS: Final = {**_OWN, **_FORCE}
_GOVERNORS: Final = reaching(Reach.UNIT, Role.DATA_PROTECTION_OFFICER)

_COLLECT: Final = Operation.COLLECTION
_ALTER: Final = Operation.ALTERATION
_CONSULT: Final = Operation.CONSULTATION
_EQUALITY: Final = frozenset({Purpose.EQUALITY_MONITORING})
_TRANSFER: Final = frozenset({Purpose.TRANSFER})

#: Those who have a list on which something may wait for them.
_WAITED_FOR: Final = reaching(
    Reach.NOBODY, *READERS, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR
)

CASE_ROWS: Final = (
    Row("show_case", _CONSULT, "look at a wearer's record and orders", {**READERS, **_OFFICER},
        CASEWORK, approval=Approval.WEARER),
    Row("list_orders", _CONSULT, "list orders", READERS, CASEWORK),
    Row("count_waiting", _CONSULT, "count what waits on the lists that one has", _WAITED_FOR,
        CASEWORK, also={
            Role.DATA_PROTECTION_OFFICER: frozenset({Purpose.AUDIT}),
            Role.ADMINISTRATOR: frozenset({Purpose.SYSTEM_ADMINISTRATION}),
        }),
    Row("show_board", _CONSULT, "look at the board of the shift: what is due, of whom, by when",
        READERS, CASEWORK),
    Row("record_wearer", _COLLECT, "record what is known of a wearer", KEEPERS, RECORDING),
    Row("record_order", _COLLECT, "record an order", KEEPERS, RECORDING),
    Row("import_orders", _COLLECT, "take in a document of cases", KEEPERS, RECORDING),
    Row("record_consent", _COLLECT, "record a consent", KEEPERS, RECORDING),
    Row("withdraw_consent", _ALTER, "record that a consent was withdrawn", KEEPERS, RECORDING),
    Row("copy_consent", Operation.DISCLOSURE, "the wearer's copy of a consent", KEEPERS, RECORDING),
    Row("ask_absence", _COLLECT, "ask for an authorised absence", KEEPERS, RECORDING),
    Row("cancel_absence", _ALTER, "cancel an absence", KEEPERS, RECORDING),
    Row("decide_absence", _ALTER, "approve or refuse an absence", KEEPERS, RECORDING),
    Row("list_absences", _CONSULT, "list absences that wait for a decision", KEEPERS, CASEWORK),
    Row("record_release", _COLLECT, "record a release to come", KEEPERS, RECORDING),
    Row("raise_alarms", _ALTER, "raise an alarm for whoever is released and not fitted",
        {**_CENTRE, **_HUB}, RECORDING),
    Row("record_fitting", _COLLECT, "record a fitting, or why there was none",
        KEEPERS, RECORDING),
    Row("list_releases", _CONSULT, "list releases and those not fitted", READERS, CASEWORK),
    Row("list_reviews_due", _CONSULT, "list orders whose review is due", KEEPERS, CASEWORK),
    Row("assess_eligibility", _COLLECT, "ask whether somebody may be tagged", KEEPERS, RECORDING),
    Row("find_wearer", _CONSULT, "find a wearer by an identifier", _FINDERS, CASEWORK),
    Row("record_plan", _COLLECT, "record a plan", PLANNERS, RECORDING),
    Row("record_review", _COLLECT, "record a review", PLANNERS, RECORDING),
    Row("record_task", _COLLECT, "record a task", PLANNERS, RECORDING),
    Row("record_contact", _COLLECT, "record a contact", PLANNERS, RECORDING),
    Row("list_tasks", _CONSULT, "list tasks", PLANNERS, CASEWORK),
    Row("list_plan_reviews", _CONSULT, "list plans whose review is due", PLANNERS, CASEWORK),
    Row("partner_summary", Operation.DISCLOSURE,
        "the compliance summary for a partner agency (its own account: for itself), no trail",
        {**PLANNERS, **reaching(Reach.OWN_CASES, Role.PARTNER_AGENCY)},
        frozenset({Purpose.OFFENDER_MANAGEMENT, Purpose.VICTIM_SAFETY})),
    Row("record_characteristics", _COLLECT, "record protected characteristics, kept apart",
        KEEPERS, _EQUALITY, bound=True),
    Row("equality_counts", _CONSULT, "count by characteristics, small numbers hidden",
        reaching(Reach.NOBODY, Role.PROGRAMME_LEAD, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER),
        _EQUALITY, bound=True),
    Row("export_wearer", Operation.EXPORT, "export all that is held of a wearer", _GOVERNORS,
        frozenset({Purpose.SUBJECT_ACCESS}), bound=True, needs_authority=True),
    Row("transfer_out", Operation.DISCLOSURE, "hand a record over to another operator", _GOVERNORS,
        _TRANSFER, bound=True, needs_authority=True),
    Row("transfer_in", _COLLECT, "take a record over from another operator", _GOVERNORS,
        _TRANSFER, bound=True, needs_authority=True),
    Row("issue_own_code", _COLLECT, "issue a code for a wearer's own page", KEEPERS,
        RECORDING | {Purpose.SUBJECT_ACCESS}),
    Row("own_page", _CONSULT, "look at one's own page", reaching(Reach.SELF, Role.WEARER),
        frozenset({Purpose.SUBJECT_ACCESS}), bound=True),
    Row("ask_change", _COLLECT, "ask for something on one's own page",
        reaching(Reach.SELF, Role.WEARER), frozenset({Purpose.SUBJECT_ACCESS}), bound=True),
    Row("ask_own_absence", _COLLECT, "ask for an absence on one's own page",
        reaching(Reach.SELF, Role.WEARER), frozenset({Purpose.SUBJECT_ACCESS}), bound=True),
    Row("own_tables", Operation.EXPORT, "take the tables of one's own page along",
        reaching(Reach.SELF, Role.WEARER), frozenset({Purpose.SUBJECT_ACCESS}), bound=True),
    Row("list_own_requests", _CONSULT, "list what wearers asked for on their own pages",
        {**KEEPERS, **_GOVERNORS}, CASEWORK | {Purpose.SUBJECT_ACCESS}),
    Row("withdraw_own", _ALTER, "take one's own consent back", reaching(Reach.SELF, Role.WEARER),
        frozenset({Purpose.SUBJECT_ACCESS}), bound=True),
    Row("looked_at", Operation.DISCLOSURE, "who looked at a wearer's data",
        {**_GOVERNORS, **reaching(Reach.UNIT, Role.AUDITOR), **reaching(Reach.SELF, Role.WEARER)},
        frozenset({Purpose.SUBJECT_ACCESS, Purpose.AUDIT})),
    Row("hold", _ALTER, "keep a wearer's data beyond their time, by a legal hold", _GOVERNORS,
        frozenset({Purpose.COURT_DISCLOSURE, Purpose.SYSTEM_ADMINISTRATION})),
    Row("erase_wearer", Operation.ERASURE, "erase a wearer's data by hand", _GOVERNORS,
        frozenset({Purpose.SUBJECT_ACCESS, Purpose.SYSTEM_ADMINISTRATION})),
    Row("release_hold", _ALTER, "end a legal hold", _GOVERNORS,
        frozenset({Purpose.COURT_DISCLOSURE, Purpose.SYSTEM_ADMINISTRATION})),
)  # fmt: skip
