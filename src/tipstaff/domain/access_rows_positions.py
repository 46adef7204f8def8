"""Rows of the access table: devices, who wore them, and where they were."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.access_rows import CASEWORK, MATCHING, RUNNING, Approval, Reach, Row, reaching
from tipstaff.domain.access_rows_cases import KEEPERS, VICTIMS
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
#: A live map is for those who look after wearers; who matches crimes has no use for it.
_LAST: Final = {
    **reaching(Reach.OWN_CASES, Role.OFFENDER_MANAGER, Role.PROBATION_PRACTITIONER),
    **reaching(Reach.FORCE, Role.IOM_COORDINATOR, Role.INTELLIGENCE_OFFICER),
    **reaching(Reach.UNIT, Role.MONITORING_OPERATOR),
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
#: The inventory says what devices are and that one is worn, never by whom.
_DEPOT: Final = reaching(Reach.NOBODY, Role.MONITORING_OPERATOR, Role.ADMINISTRATOR)
_DEVICES: Final = {**reaching(Reach.NOBODY, *KEEPERS), **_DEPOT}
#: Those who record where a victim's device is.
_VICTIMS: Final = {**KEEPERS, **VICTIMS}
_FITTING: Final = frozenset({Purpose.OFFENDER_MANAGEMENT, Purpose.DATA_QUALITY})
_INTAKE: Final = frozenset({*RUNNING, Purpose.OFFENDER_MANAGEMENT})

POSITION_ROWS: Final = (
    Row("trail", Operation.CONSULTATION, "look at the fixes of a wearer or a device", _TRAILS,
        CASEWORK, approval=Approval.TRAIL, also=_REVIEWING),
    Row("near", Operation.CONSULTATION, "search by place: who was near", _PLACES,
        CASEWORK | MATCHING, approval=Approval.PLACE),
    Row("meetings", Operation.COMBINATION, "find who met whom, of all within reach",
        {**reaching(Reach.FORCE, Role.IOM_COORDINATOR, Role.INTELLIGENCE_OFFICER), **_CENTRE},
        CASEWORK, needs_authority=True),
    Row("import_positions", Operation.COLLECTION, "take in positions", _FEEDS, _INTAKE),
    Row("take_in_file", Operation.COLLECTION, "take in positions from a watched folder", _FEEDS,
        _INTAKE),
    Row("open_broker_intake", Operation.COLLECTION, "take in what suppliers publish on a broker",
        {**_ADMINISTRATOR, **_CENTRE}, _INTAKE),
    Row("drain_inbox", Operation.COLLECTION, "bring received messages into the archive",
        {**_ADMINISTRATOR, **_CENTRE}, _INTAKE),
    Row("monitor", Operation.COLLECTION, "judge positions as they come in",
        {**_ADMINISTRATOR, **_CENTRE}, _INTAKE),
    Row("fleet_health", Operation.CONSULTATION, "see how devices, feeds and chores fare",
        {**_DEPOT, **reaching(Reach.NOBODY, Role.HUB_MANAGER)}, _INTAKE),
    Row("examine", Operation.CONSULTATION, "see what is wrong with the installation",
        {**_ADMINISTRATOR, **reaching(Reach.NOBODY, Role.HUB_MANAGER)}, _INTAKE),
    Row("last_positions", Operation.CONSULTATION, "see where wearers were last", _LAST, CASEWORK),
    Row("list_zones", Operation.CONSULTATION, "see the zones in force of wearers", _LAST, CASEWORK),
    Row("count_unread", Operation.CONSULTATION,
        "see how many messages could not be read, of whom and why", _DEPOT, _INTAKE),
    Row("list_unread", Operation.CONSULTATION, "look at messages that could not be read", _CENTRE,
        _INTAKE),
    Row("show_unread", Operation.CONSULTATION, "look at the bytes of such a message", _CENTRE,
        _INTAKE),
    Row("replay_unread", Operation.COLLECTION, "have messages read again that could not be read",
        {**_ADMINISTRATOR, **_CENTRE}, _INTAKE),
    Row("import_activations", Operation.COLLECTION, "take in who wore which device when",
        _FEEDS, _INTAKE),
    *(
        Row(name, Operation.ALTERATION, words, _DEPOT, _INTAKE)
        for name, words in (
            ("register_device", "add a device to the inventory"),
            ("describe_device", "say anew what a device is"),
            ("describe_supplier", "say anew who a supplier is"),
            ("import_devices", "take in a document of devices"),
        )
    ),
    Row("list_devices", Operation.CONSULTATION, "list devices", _DEPOT, _INTAKE),
    Row("export_devices", Operation.EXPORT, "write the inventory out", _DEPOT, _INTAKE),
    Row("show_device", Operation.CONSULTATION, "look at what was said of a device", _DEVICES,
        CASEWORK | _INTAKE),
    Row("who_has", Operation.CONSULTATION, "who wears a device, or has it", _VICTIMS, CASEWORK),
    Row("fit_device", Operation.COLLECTION, "record that a device was fitted", KEEPERS, _FITTING),
    *(
        Row(name, Operation.ALTERATION, words, KEEPERS, _FITTING)
        for name, words in (
            ("remove_device", "record that a device was taken off"),
            ("swap_device", "record that a device was changed for another"),
            ("annul_fitting", "record that a fitting never was"),
            ("install_home_unit", "record that a home unit was installed"),
            ("move_home_unit", "record that a home unit was moved"),
        )
    ),
    Row("issue_victims_device", Operation.ALTERATION, "record that a victim was given a device",
        _VICTIMS, _FITTING | {Purpose.VICTIM_SAFETY}),
    Row("end_holding", Operation.ALTERATION,
        "record that a device came back; a victims' officer: a victim's",
        _VICTIMS, _FITTING | {Purpose.VICTIM_SAFETY}),
    Row("issue_key", Operation.ALTERATION, "issue a key to a supplier", _ADMINISTRATOR, RUNNING),
    Row("rotate_key", Operation.ALTERATION, "change a supplier's key", _ADMINISTRATOR, RUNNING),
    Row("revoke_key", Operation.ALTERATION, "revoke a supplier's key", _ADMINISTRATOR, RUNNING),
    Row("list_keys", Operation.CONSULTATION, "list suppliers' keys", _ADMINISTRATOR, RUNNING),
)  # fmt: skip
