"""Why a wearer may, or may not, be searched for a crime: codes, and the sentence of each."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why a wearer may, or may not, be searched for a crime."""

    PERMITTED = "permitted"
    VICTIMS_DEVICE = "victims_device"
    BASIS_NOT_KNOWN = "basis_not_known"
    BASIS_NOT_SEARCHED = "basis_not_searched"
    RULE_NOT_IN_FORCE = "rule_not_in_force"
    OTHER_SCHEME = "other_scheme"
    CONDITIONS_NOT_KNOWN = "conditions_not_known"
    CURFEW_ONLY = "curfew_only"
    ZONE_ONLY = "zone_only"
    NO_SEARCHED_CONDITION = "no_searched_condition"
    AGE_NOT_KNOWN = "age_not_known"
    CHILD = "child"
    ORDER_NOT_IN_FORCE = "order_not_in_force"
    CRIME_TOO_EARLY = "crime_too_early"
    CRIME_TYPE_NOT_SEARCHED = "crime_type_not_searched"
    FORCE_NOT_SERVED = "force_not_served"
    NO_CONSENT = "no_consent"
    CONSENT_NOT_WRITTEN = "consent_not_written"
    CONSENT_DOES_NOT_COVER = "consent_does_not_cover"
    CONSENT_NOT_IN_FORCE = "consent_not_in_force"
    CONSENT_WITHDRAWN = "consent_withdrawn"


REASON_WORDS: Final[dict[Reason, str]] = {
    Reason.PERMITTED: "A rule permits it.",
    Reason.VICTIMS_DEVICE: "Victims' devices are never searched.",
    Reason.BASIS_NOT_KNOWN: "The legal basis is not known.",
    Reason.BASIS_NOT_SEARCHED: "No rule permits searching on this legal basis.",
    Reason.RULE_NOT_IN_FORCE: "The rule for this legal basis is not in force on the day.",
    Reason.OTHER_SCHEME: "The order was not made under the scheme that is searched.",
    Reason.CONDITIONS_NOT_KNOWN: "The order's conditions are not known.",
    Reason.CURFEW_ONLY: "The order demands a curfew only.",
    Reason.ZONE_ONLY: "The order demands zones only.",
    Reason.NO_SEARCHED_CONDITION: "The order has no condition, as a trail, that permits it.",
    Reason.AGE_NOT_KNOWN: "The wearer's age is not known.",
    Reason.CHILD: "The wearer was under 18 at the crime.",
    Reason.ORDER_NOT_IN_FORCE: "The order was not in force for the whole window.",
    Reason.CRIME_TOO_EARLY: "The crime was before the rule's first day.",
    Reason.CRIME_TYPE_NOT_SEARCHED: "This type of crime is not searched on this basis.",
    Reason.FORCE_NOT_SERVED: "This force's crimes are not searched on this basis.",
    Reason.NO_CONSENT: "The wearer gave no consent.",
    Reason.CONSENT_NOT_WRITTEN: "The consent is not in writing.",
    Reason.CONSENT_DOES_NOT_COVER: "The consent does not cover this matching.",
    Reason.CONSENT_NOT_IN_FORCE: "The consent was not in force for the whole window.",
    Reason.CONSENT_WITHDRAWN: "The consent was withdrawn before the search.",
}

#: What is said of a search that heeded no case record.
ALL_SEARCHED: Final = "Searched: all devices; no case records said who may be searched."
