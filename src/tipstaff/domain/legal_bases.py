"""Legal bases: why a person may be monitored at all; and the kinds of condition in an order."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class LegalBasis(StrEnum):
    """The law, or the agreement, on which an order rests."""

    COURT_BAIL = "court_bail"
    HOME_DETENTION_CURFEW = "home_detention_curfew"
    LICENCE = "licence"
    PAROLE = "parole"
    POST_SENTENCE_SUPERVISION = "post_sentence_supervision"
    COMMUNITY_ORDER = "community_order"
    SUSPENDED_SENTENCE = "suspended_sentence"
    YOUTH_ORDER = "youth_order"
    DOMESTIC_ABUSE_PROTECTION_ORDER = "domestic_abuse_protection_order"
    TEMPORARY_LICENCE = "temporary_licence"
    IMMIGRATION_BAIL = "immigration_bail"
    VOLUNTARY = "voluntary"
    CHECKPOINT = "checkpoint"


BASIS_WORDS: Final[dict[LegalBasis, str]] = {
    LegalBasis.COURT_BAIL: "court bail",
    LegalBasis.HOME_DETENTION_CURFEW: "home detention curfew",
    LegalBasis.LICENCE: "licence",
    LegalBasis.PAROLE: "parole",
    LegalBasis.POST_SENTENCE_SUPERVISION: "post-sentence supervision",
    LegalBasis.COMMUNITY_ORDER: "community order",
    LegalBasis.SUSPENDED_SENTENCE: "suspended sentence order",
    LegalBasis.YOUTH_ORDER: "youth order",
    LegalBasis.DOMESTIC_ABUSE_PROTECTION_ORDER: "domestic abuse protection order",
    LegalBasis.TEMPORARY_LICENCE: "release on temporary licence",
    LegalBasis.IMMIGRATION_BAIL: "immigration bail",
    LegalBasis.VOLUNTARY: "voluntary agreement",
    LegalBasis.CHECKPOINT: "Checkpoint contract (deferred prosecution)",
}


class ConditionKind(StrEnum):
    """What an order can demand."""

    CURFEW = "curfew"
    EXCLUSION_ZONE = "exclusion_zone"
    INCLUSION_ZONE = "inclusion_zone"
    TRAIL = "trail"
    ATTENDANCE = "attendance"
    TREATMENT_APPOINTMENT = "treatment_appointment"
    PROXIMITY = "proximity"


CONDITION_WORDS: Final[dict[ConditionKind, str]] = {
    ConditionKind.CURFEW: "curfew",
    ConditionKind.EXCLUSION_ZONE: "exclusion zone",
    ConditionKind.INCLUSION_ZONE: "inclusion zone",
    ConditionKind.TRAIL: "trail (whereabouts for their own sake)",
    ConditionKind.ATTENDANCE: "attendance",
    ConditionKind.TREATMENT_APPOINTMENT: "treatment appointment",
    ConditionKind.PROXIMITY: "proximity",
}

ZONE_KINDS: Final = frozenset({ConditionKind.EXCLUSION_ZONE, ConditionKind.INCLUSION_ZONE})
