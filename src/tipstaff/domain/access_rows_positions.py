"""Rows of the access table: devices, who wore them, and where they were."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.access_rows import CASEWORK, MATCHING, RUNNING, Approval, Reach, Row, reaching
from tipstaff.domain.access_rows_cases import KEEPERS
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.roles import Role

#: A trail is never a partner's, a victim liaison officer's or the prison's before release.
_TRAILS: Final = {
    **reaching(Reach.OWN_CASES, Role.OFFENDER_MANAGER, Role.PROBATION_PRACTITIONER),
    **reaching(
        Reach.FORCE, Role.IOM_COORDINATOR, Role.INTELLIGENCE_OFFICER, Role.INVESTIGATING_OFFICER
    ),
    **reaching(Reach.UNIT, Role.MONITORING_OPERATOR, Role.HUB_CASEWORKER, Role.HUB_MANAGER),
}
_PLACES: Final = {
    **reaching(Reach.FORCE, Role.IOM_COORDINATOR, Role.CRIME_ANALYST, Role.INVESTIGATING_OFFICER),
    **reaching(Reach.UNIT, Role.MONITORING_OPERATOR, Role.HUB_CASEWORKER, Role.HUB_MANAGER),
}
#: Who reviews a match looks at the trail for the crime's sake; nobody else does.
_REVIEWING: Final = dict.fromkeys((Role.HUB_CASEWORKER, Role.HUB_MANAGER), MATCHING)
_CENTRE: Final = reaching(Reach.UNIT, Role.MONITORING_OPERATOR)
_ADMINISTRATOR: Final = reaching(Reach.NOBODY, Role.ADMINISTRATOR)
_FEEDS: Final = {
    **reaching(Reach.NOBODY, Role.TAG_SUPPLIER, Role.ADMINISTRATOR),
    **_CENTRE,
}
_FITTING: Final = frozenset({Purpose.OFFENDER_MANAGEMENT, Purpose.DATA_QUALITY})
_INTAKE: Final = frozenset({*RUNNING, Purpose.OFFENDER_MANAGEMENT})

POSITION_ROWS: Final = (
    Row("trail", Operation.CONSULTATION, "look at the fixes of a wearer or a device", _TRAILS,
        CASEWORK, approval=Approval.TRAIL, also=_REVIEWING),
    Row("near", Operation.CONSULTATION, "search by place: who was near", _PLACES,
        CASEWORK | MATCHING, approval=Approval.PLACE),
    Row("import_positions", Operation.COLLECTION, "take in positions", _FEEDS, _INTAKE),
    Row("import_activations", Operation.COLLECTION, "take in who wore which device when",
        _FEEDS, _INTAKE),
    Row("register_device", Operation.COLLECTION, "add a device to the inventory",
        {**_CENTRE, **_ADMINISTRATOR}, _INTAKE),
    Row("list_devices", Operation.CONSULTATION, "list devices",
        {**_CENTRE, **_ADMINISTRATOR}, _INTAKE),
    Row("fit_device", Operation.COLLECTION, "record that a device was fitted", KEEPERS, _FITTING),
    Row("remove_device", Operation.COLLECTION, "record that a device was taken off", KEEPERS,
        _FITTING),
    Row("issue_key", Operation.ALTERATION, "issue a key to a supplier", _ADMINISTRATOR, RUNNING),
    Row("revoke_key", Operation.ALTERATION, "revoke a supplier's key", _ADMINISTRATOR, RUNNING),
)  # fmt: skip
