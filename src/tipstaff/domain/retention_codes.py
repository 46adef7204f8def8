"""Why something about retention is refused: the codes of its problems."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class RetentionCode(StrEnum):
    """Why a hold, a release, a disclosure or an erasure is refused."""

    WEARER_NOT_KNOWN = "WEARER_NOT_KNOWN"
    HOLD_NOT_KNOWN = "HOLD_NOT_KNOWN"
    ALREADY_RELEASED = "ALREADY_RELEASED"
    AUTHORITY_MISSING = "AUTHORITY_MISSING"
    REASON_MISSING = "REASON_MISSING"
    PERIOD = "PERIOD"
    HELD = "HELD"
    ORDER_STANDS = "ORDER_STANDS"
    BEING_ERASED = "BEING_ERASED"
    CRIME_NOT_KNOWN = "CRIME_NOT_KNOWN"
    NOTHING_TO_DISCLOSE = "NOTHING_TO_DISCLOSE"
    DISCLOSURE_NOT_KNOWN = "DISCLOSURE_NOT_KNOWN"
    OTHER_PURPOSE = "OTHER_PURPOSE"
    BUSY = "BUSY"


#: What to do about each.
ACTIONS: Final[Mapping[RetentionCode, str]] = {
    RetentionCode.WEARER_NOT_KNOWN: "check the reference: there is no such wearer",
    RetentionCode.HOLD_NOT_KNOWN: "give the id that 'tipstaff retention hold' printed",
    RetentionCode.ALREADY_RELEASED: "nothing is to be done: it was released before",
    RetentionCode.AUTHORITY_MISSING: "add --authority with the reference of who ordered it",
    RetentionCode.REASON_MISSING: "add --reason, one line of at most 500 characters",
    RetentionCode.PERIOD: "give an end that lies after the beginning, or none",
    RetentionCode.HELD: "a legal hold is in force: release it first, with authority",
    RetentionCode.ORDER_STANDS: "an order is in force: end or revoke it first",
    RetentionCode.BEING_ERASED: "it is being erased; that was decided before and is not undone",
    RetentionCode.CRIME_NOT_KNOWN: "check the force and the reference: there is no such crime",
    RetentionCode.NOTHING_TO_DISCLOSE: "match the crime first: no run has an answer about it",
    RetentionCode.DISCLOSURE_NOT_KNOWN: "give the id that recording the disclosure returned",
    RetentionCode.OTHER_PURPOSE: "what was disclosed is kept for court_disclosure alone",
    RetentionCode.BUSY: "a store is in use, or somebody else is erasing: try again later",
}
