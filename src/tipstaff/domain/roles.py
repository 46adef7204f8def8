"""Roles: what a person comes for, from the people whom Tipstaff serves."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an account may be. `local`: whoever runs commands on the machine itself."""

    LOCAL = "local"
    OFFENDER_MANAGER = "offender_manager"
    IOM_COORDINATOR = "iom_coordinator"
    CRIME_ANALYST = "crime_analyst"
    INVESTIGATING_OFFICER = "investigating_officer"
    HUB_CASEWORKER = "hub_caseworker"
    HUB_MANAGER = "hub_manager"
    PROBATION_PRACTITIONER = "probation_practitioner"
    PRISON_OFFENDER_MANAGER = "prison_offender_manager"
    MONITORING_OPERATOR = "monitoring_operator"
    INTELLIGENCE_OFFICER = "intelligence_officer"
    PARTNER_AGENCY = "partner_agency"
    VICTIM_LIAISON = "victim_liaison"
    TAG_SUPPLIER = "tag_supplier"
    PROGRAMME_LEAD = "programme_lead"
    AUDITOR = "auditor"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    WEARER = "wearer"
    ADMINISTRATOR = "administrator"


ROLE_WORDS: Final[dict[Role, str]] = {
    Role.LOCAL: "the owner of the installation, at its own machine",
    Role.OFFENDER_MANAGER: "police offender manager",
    Role.IOM_COORDINATOR: "police co-ordinator of Integrated Offender Management",
    Role.CRIME_ANALYST: "police crime analyst",
    Role.INVESTIGATING_OFFICER: "investigating officer",
    Role.HUB_CASEWORKER: "hub caseworker",
    Role.HUB_MANAGER: "hub manager",
    Role.PROBATION_PRACTITIONER: "probation practitioner",
    Role.PRISON_OFFENDER_MANAGER: "prison offender manager, before release",
    Role.MONITORING_OPERATOR: "operator of the monitoring centre",
    Role.INTELLIGENCE_OFFICER: "multi-agency intelligence officer",
    Role.PARTNER_AGENCY: "partner agency: housing, drugs, education, employment",
    Role.VICTIM_LIAISON: "victim liaison officer",
    Role.TAG_SUPPLIER: "tag supplier",
    Role.PROGRAMME_LEAD: "commissioner's office, ministry, monitoring lead, trial manager",
    Role.AUDITOR: "inspector or auditor",
    Role.DATA_PROTECTION_OFFICER: "data-protection officer",
    Role.WEARER: "the person wearing the tag",
    Role.ADMINISTRATOR: "administrator",
}

#: Roles of one police force: an account of them names the force.
OF_A_FORCE: Final = frozenset(
    {
        Role.OFFENDER_MANAGER,
        Role.IOM_COORDINATOR,
        Role.CRIME_ANALYST,
        Role.INVESTIGATING_OFFICER,
        Role.INTELLIGENCE_OFFICER,
    }
)
#: Roles of an organisation, which an account of them names: its agency, or the supplier's name.
OF_AN_ORGANISATION: Final = frozenset({Role.PARTNER_AGENCY, Role.TAG_SUPPLIER})


class Relation(StrEnum):
    """What a person or a team is to a case that is assigned to them."""

    OFFENDER_MANAGER = "offender_manager"
    PROBATION_PRACTITIONER = "probation_practitioner"
    CASEWORKER = "caseworker"
    VICTIM_LIAISON = "victim_liaison"
    PARTNER = "partner"


class Course(StrEnum):
    """Training that is on record, and that some use cases demand."""

    CRIME_MATCHING_REVIEW = "crime_matching_review"
    INFORMATION_HANDLING = "information_handling"


COURSE_WORDS: Final[dict[Course, str]] = {
    Course.CRIME_MATCHING_REVIEW: "reading and reviewing crime matches",
    Course.INFORMATION_HANDLING: "handling personal information",
}
