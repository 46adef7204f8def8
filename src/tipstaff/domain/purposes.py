"""Why somebody looks at data about a person, and what they do: the words of the audit.

A purpose is chosen from this list and never free text, so that looks can be counted and compared.
`authority` is free text beside it: the warrant, request or case number under which the purpose is
pursued. Some purposes are lawful only with one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

AUTHORITY_LENGTH: Final = 500


class Purpose(StrEnum):
    """Why the data are used."""

    CRIME_MATCHING = "crime_matching"
    OFFENDER_MANAGEMENT = "offender_management"
    BREACH_INVESTIGATION = "breach_investigation"
    VICTIM_SAFETY = "victim_safety"
    LOCATE_FOR_ARREST = "locate_for_arrest"
    EXTERNAL_REQUEST = "external_request"
    COURT_DISCLOSURE = "court_disclosure"
    SUBJECT_ACCESS = "subject_access"
    TRANSFER = "transfer"
    EQUALITY_MONITORING = "equality_monitoring"
    DATA_QUALITY = "data_quality"
    SYSTEM_ADMINISTRATION = "system_administration"
    AUDIT = "audit"
    DEMONSTRATION = "demonstration"


PURPOSE_HELP: Final[dict[Purpose, str]] = {
    Purpose.CRIME_MATCHING: "find who could, and who could not, have been at a crime",
    Purpose.OFFENDER_MANAGEMENT: "manage a wearer of one's own caseload",
    Purpose.BREACH_INVESTIGATION: "find out whether a condition was broken",
    Purpose.VICTIM_SAFETY: "protect a victim",
    Purpose.LOCATE_FOR_ARREST: "find a wearer who is to be arrested",
    Purpose.EXTERNAL_REQUEST: "answer a request from outside the monitoring service",
    Purpose.COURT_DISCLOSURE: "disclose for proceedings",
    Purpose.SUBJECT_ACCESS: "give wearers what is held about them",
    Purpose.TRANSFER: "hand a case over to another operator, or take one over",
    Purpose.EQUALITY_MONITORING: "see whether monitoring falls unevenly on groups of people",
    Purpose.DATA_QUALITY: "check and correct what was received",
    Purpose.SYSTEM_ADMINISTRATION: "set up and run the installation",
    Purpose.AUDIT: "examine how data were used",
    Purpose.DEMONSTRATION: "show or teach the program on simulated people",
}

#: Purposes that are refused without an authority.
NEEDS_AUTHORITY: Final = frozenset(
    {
        Purpose.LOCATE_FOR_ARREST,
        Purpose.EXTERNAL_REQUEST,
        Purpose.COURT_DISCLOSURE,
        Purpose.SUBJECT_ACCESS,
        Purpose.TRANSFER,
    }
)


class Operation(StrEnum):
    """What is done: the six of the Data Protection Act 2018, section 62, and three more."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    SIGN_IN = "sign_in"
    EXPORT = "export"
    REFUSAL = "refusal"


class Phase(StrEnum):
    """Where an operation stands: about to be answered, or answered with these counts.

    `requested` without `served` means that the data may have been seen.
    """

    REQUESTED = "requested"
    SERVED = "served"


def authority_problem(purpose: Purpose, authority: str) -> str | None:
    """What is wrong with `authority` for `purpose`, as a code; None where nothing is."""
    if len(authority) > AUTHORITY_LENGTH:
        return "authority_too_long"
    if any(ord(character) < 32 or ord(character) == 127 for character in authority):
        return "authority_has_control_characters"
    if purpose in NEEDS_AUTHORITY and not authority.strip():
        return "authority_missing"
    return None
