"""Rows of the access table: accounts and approvals, the audit, and the installation itself."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.access_rows import CASEWORK, EXAMINING, MATCHING, RUNNING, Reach, Row, reaching
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.roles import Role

_ADMINISTRATOR: Final = reaching(Reach.NOBODY, Role.ADMINISTRATOR)
_EXAMINERS: Final = reaching(Reach.NOBODY, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER)
_ACCOUNTS: Final = {**_ADMINISTRATOR, **_EXAMINERS}
_GRANTORS: Final = reaching(Reach.NOBODY, Role.HUB_MANAGER, Role.DATA_PROTECTION_OFFICER)
_ASSIGNERS: Final = {
    **reaching(Reach.FORCE, Role.IOM_COORDINATOR),
    **reaching(Reach.UNIT, Role.HUB_MANAGER, Role.MONITORING_OPERATOR),
}
#: Who asks. An approval is asked by reference, and nobody is shown, so it reaches nobody.
_ASKERS: Final = reaching(
    Reach.NOBODY,
    Role.OFFENDER_MANAGER,
    Role.IOM_COORDINATOR,
    Role.CRIME_ANALYST,
    Role.INVESTIGATING_OFFICER,
    Role.PROBATION_PRACTITIONER,
    Role.MONITORING_OPERATOR,
    Role.INTELLIGENCE_OFFICER,
    Role.HUB_CASEWORKER,
    Role.HUB_MANAGER,
)
#: Who approves and reviews: within their reach.
_SUPERVISORS: Final = {
    **reaching(Reach.FORCE, Role.IOM_COORDINATOR),
    **reaching(Reach.UNIT, Role.HUB_MANAGER, Role.DATA_PROTECTION_OFFICER),
}
#: Who sees to it that notices get through: the shift's, of all wearers.
_SHIFT: Final = reaching(Reach.UNIT, Role.HUB_MANAGER, Role.MONITORING_OPERATOR)
_TELLERS: Final = {**_ADMINISTRATOR, **reaching(Reach.NOBODY, Role.HUB_MANAGER)}
#: The rules of the law as they are shipped are about nobody.
_LAW_READERS: Final = {**_ACCOUNTS, **reaching(Reach.NOBODY, Role.HUB_MANAGER)}
_WHY: Final = CASEWORK | MATCHING
_TELLING: Final = RUNNING | {Purpose.OFFENDER_MANAGEMENT}
_SUPERVISING: Final = EXAMINING | {Purpose.OFFENDER_MANAGEMENT}
_CLEARING: Final = EXAMINING | MATCHING | {Purpose.OFFENDER_MANAGEMENT}
#: Whoever signs in may have tokens of the API; a wearer's account has none †.
_ANYBODY: Final = reaching(Reach.NOBODY, *(set(Role) - {Role.LOCAL, Role.WEARER}))
_OWN: Final = CASEWORK | MATCHING | EXAMINING | RUNNING
_ALTER: Final = Operation.ALTERATION
_CONSULT: Final = Operation.CONSULTATION

ADMIN_ROWS: Final = (
    Row("add_account", _ALTER, "make an account", _ADMINISTRATOR, RUNNING),
    Row("change_account", _ALTER, "give an account another role, force or team", _ADMINISTRATOR,
        RUNNING),
    Row("close_account", _ALTER, "close an account", _ADMINISTRATOR, RUNNING),
    Row("list_accounts", _CONSULT, "list accounts", _ACCOUNTS, EXAMINING),
    Row("account_history", _CONSULT, "what an account was allowed, and when", _ACCOUNTS,
        EXAMINING),
    Row("record_training", _ALTER, "record training", _ADMINISTRATOR, RUNNING),
    Row("withdraw_training", _ALTER, "record that training no longer holds", _ADMINISTRATOR,
        RUNNING),
    Row("add_team", _ALTER, "make a team", _ADMINISTRATOR, RUNNING),
    Row("close_team", _ALTER, "close a team", _ADMINISTRATOR, RUNNING),
    Row("list_teams", _CONSULT, "list teams", _ACCOUNTS, EXAMINING),
    Row("record_force", _ALTER, "record a force and when it went live", _ADMINISTRATOR, RUNNING),
    Row("list_forces", _CONSULT, "list forces", _ACCOUNTS, EXAMINING),
    Row("assign_case", _ALTER, "assign a case to a person or a team", _ASSIGNERS, _SUPERVISING),
    Row("end_assignment", _ALTER, "end an assignment", _ASSIGNERS, _SUPERVISING),
    Row("list_assignments", _CONSULT, "list who holds a case", _ASSIGNERS, _SUPERVISING),
    Row("grant_access", _ALTER, "grant access to records of limited access", _GRANTORS, _CLEARING),
    Row("revoke_access", _ALTER, "revoke such a grant", _GRANTORS, _CLEARING),
    Row("list_grants", _CONSULT, "list such grants", {**_GRANTORS, **_EXAMINERS}, _CLEARING),
    Row("ask_permit", _ALTER, "ask for an approval", _ASKERS, _WHY),
    Row("break_glass", _ALTER, "take an approval for an hour, in an emergency", _ASKERS, _WHY),
    Row("decide_permit", _ALTER, "approve or refuse what was asked", _SUPERVISORS, _SUPERVISING),
    Row("review_break_glass", _ALTER, "review what was taken in an emergency", _SUPERVISORS,
        _SUPERVISING),
    Row("list_permits", _CONSULT, "list what waits for an approval or a review", _SUPERVISORS,
        _SUPERVISING),
    Row("list_audit", _CONSULT, "read the audit", _EXAMINERS, EXAMINING),
    Row("search_misuse", _CONSULT, "search the audit for misuse", _EXAMINERS, EXAMINING),
    Row("sample_month", _CONSULT, "draw a month's looks to examine", _EXAMINERS, EXAMINING),
    Row("examine_look", Operation.COLLECTION, "say what a drawn look turned out to be",
        _EXAMINERS, EXAMINING),
    Row("set_first_password", _ALTER, "give an account its first password", _ADMINISTRATOR,
        RUNNING),
    Row("reset_sign_in", _ALTER, "let somebody set up their sign-in anew", _ADMINISTRATOR,
        RUNNING),
    Row("unlock_sign_in", _ALTER, "unlock an account", _ADMINISTRATOR, RUNNING),
    Row("add_token", _ALTER, "make a token of the API for oneself", _ANYBODY, _OWN),
    Row("end_token", _ALTER, "end a token of the API", _ANYBODY, _OWN),
    Row("list_tokens", _CONSULT, "list tokens of the API", _ANYBODY, _OWN),
    Row("compact_archive", _ALTER, "upkeep of the archive", _ADMINISTRATOR, RUNNING),
    Row("backup", Operation.EXPORT, "write an encrypted backup", _ADMINISTRATOR, RUNNING),
    Row("run_retention", Operation.ERASURE, "erase what is due", _ADMINISTRATOR, RUNNING),
    Row("list_proofs", _CONSULT, "list proofs of erasure", {**_ADMINISTRATOR, **_EXAMINERS},
        EXAMINING | RUNNING),
    Row("add_notice_contact", _ALTER, "record where somebody is told of alerts", _TELLERS,
        _TELLING),
    Row("end_notice_contact", _ALTER, "end a contact for notices", _TELLERS, _TELLING),
    Row("list_notice_contacts", _CONSULT, "list contacts for notices", {**_TELLERS, **_EXAMINERS},
        _TELLING | EXAMINING),
    Row("try_notice_contact", _ALTER, "send a test to a contact for notices", _TELLERS,
        _TELLING),
    Row("list_notices", _CONSULT, "list notices and what became of them", _SHIFT, _TELLING),
    Row("retry_notice", _ALTER, "send a notice again that did not get through", _SHIFT, _TELLING),
    Row("list_retention", _CONSULT, "list what is kept of whom, and until when",
        reaching(Reach.UNIT, *_ACCOUNTS), EXAMINING | RUNNING),
    Row("list_holds", _CONSULT, "list legal holds, by whom and why",
        reaching(Reach.UNIT, Role.DATA_PROTECTION_OFFICER), EXAMINING | RUNNING),
    Row("list_eligibility_rules", _CONSULT, "read the rules of who may be tagged", _LAW_READERS,
        _TELLING | EXAMINING),
    Row("show_retention_policy", _CONSULT, "read the rules of what is kept how long",
        _LAW_READERS, _TELLING | EXAMINING),
)  # fmt: skip
