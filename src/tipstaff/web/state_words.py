"""What a state, a kind or a step is called where a page says it: every one of them has its words.

A page never shows the code of one. The words stand with the values where other programs say them
too; the others stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from tipstaff.domain import releases
from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.consent_texts import Language
from tipstaff.domain.consents import CONSENT_WORDS, ConsentKind, WithdrawnBy
from tipstaff.domain.deliveries import UNDELIVERED, AttemptCode, NoticeState
from tipstaff.domain.device_requests import RequestKind, RequestStep
from tipstaff.domain.devices import DeviceKind, DeviceState
from tipstaff.domain.dip_sample import Outcome as Examined
from tipstaff.domain.eligibility import Verdict
from tipstaff.domain.fittings import RemovalReason, StrapCheck
from tipstaff.domain.legal_bases import BASIS_WORDS, LegalBasis
from tipstaff.domain.notices import SHARED, OfAnswers
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.plan_work import Benefit, Channel, Party, ReviewOutcome, TaskState
from tipstaff.domain.plans import AgencyKind, GoalState
from tipstaff.domain.protocols import Means, Recipient
from tipstaff.domain.purposes import PURPOSE_HELP, Operation, Phase, Purpose
from tipstaff.domain.retention import CATEGORY_WORDS, Category
from tipstaff.domain.retention_schedule import State
from tipstaff.domain.roles import COURSE_WORDS, ROLE_WORDS, Course, Relation, Role
from tipstaff.domain.supplier_keys import KeyScope
from tipstaff.domain.wearers import NeedKind, RiskKind
from tipstaff.monitoring.episodes import Change
from tipstaff.monitoring.events import EVENT_WORDS, EventKind

#: By enumeration, since members of two that are written alike count as the same key.
WORDS: Final[Mapping[type[StrEnum], Mapping[Any, str]]] = {
    LegalBasis: BASIS_WORDS,
    ConsentKind: CONSENT_WORDS,
    Purpose: PURPOSE_HELP,
    Category: CATEGORY_WORDS,
    Role: ROLE_WORDS,
    Course: COURSE_WORDS,
    EventKind: EVENT_WORDS,
    OrderStatus: {
        OrderStatus.REFERRED: "referred",
        OrderStatus.SUITABLE: "found suitable",
        OrderStatus.NOT_SUITABLE: "found not suitable",
        OrderStatus.ACTIVE: "active",
        OrderStatus.SUSPENDED: "suspended",
        OrderStatus.REVOKED: "revoked",
        OrderStatus.ENDED: "ended",
    },
    releases.ReleasePlace: {
        releases.ReleasePlace.PRISON: "a prison",
        releases.ReleasePlace.COURT: "a court",
    },
    releases.Outcome: {
        releases.Outcome.APPOINTED: "an appointment was made",
        releases.Outcome.ATTEMPTED: "it could not be done",
        releases.Outcome.FITTED: "a device was fitted",
        releases.Outcome.REFUSED: "the person refused",
    },
    releases.Stage: {
        releases.Stage.CANCELLED: "the release was cancelled",
        releases.Stage.TO_COME: "to come",
        releases.Stage.DUE: "released, fitting is due",
        releases.Stage.APPOINTED: "an appointment is made",
        releases.Stage.ATTEMPTED: "a visit was made, not fitted yet",
        releases.Stage.REFUSED: "the person refused",
        releases.Stage.FITTED: "fitted in time",
        releases.Stage.FITTED_LATE: "fitted late",
        releases.Stage.OVERDUE: "not fitted, overdue",
    },
    RemovalReason: {
        RemovalReason.ORDER_ENDED: "the order ended",
        RemovalReason.CONSENT_WITHDRAWN: "consent was taken back",
        RemovalReason.CUSTODY: "the person went into custody",
        RemovalReason.SWAPPED: "it was exchanged for another",
        RemovalReason.FAULT: "it was faulty",
        RemovalReason.MEDICAL: "for a medical reason",
        RemovalReason.CUT_OFF: "it was cut off",
        RemovalReason.LOST: "it was lost",
        RemovalReason.OTHER: "for another reason",
    },
    StrapCheck: {
        StrapCheck.PASSED: "it holds, and tells when it is opened",
        StrapCheck.FAILED: "it failed",
        StrapCheck.NOT_DONE: "it was not checked",
    },
    Relation: {
        Relation.OFFENDER_MANAGER: "police offender manager",
        Relation.PROBATION_PRACTITIONER: "probation practitioner",
        Relation.CASEWORKER: "caseworker",
        Relation.VICTIM_LIAISON: "victim liaison officer",
        Relation.PARTNER: "partner agency",
    },
    AgencyKind: {
        AgencyKind.POLICE: "police",
        AgencyKind.PROBATION: "probation",
        AgencyKind.PRISON: "prison",
        AgencyKind.YOUTH_JUSTICE: "youth justice",
        AgencyKind.HOUSING: "housing",
        AgencyKind.DRUGS_AND_ALCOHOL: "drugs and alcohol",
        AgencyKind.MENTAL_HEALTH: "mental health",
        AgencyKind.HEALTH: "health",
        AgencyKind.EDUCATION: "education",
        AgencyKind.EMPLOYMENT: "employment",
        AgencyKind.BENEFITS: "benefits",
        AgencyKind.OTHER: "something else",
    },
    GoalState: {
        GoalState.OPEN: "open",
        GoalState.MET: "met",
        GoalState.NOT_MET: "not met",
        GoalState.DROPPED: "given up",
    },
    TaskState: {
        TaskState.OPEN: "open",
        TaskState.DONE: "done",
        TaskState.NOT_DONE: "not done",
        TaskState.CANCELLED: "cancelled",
    },
    ReviewOutcome: {
        ReviewOutcome.CONTINUE: "the plan goes on as it is",
        ReviewOutcome.VARY: "the plan is changed",
        ReviewOutcome.END: "the plan ends",
    },
    Benefit: {
        Benefit.YES: "yes",
        Benefit.NO: "no",
        Benefit.NOT_YET_CLEAR: "it is not clear yet",
    },
    Channel: {
        Channel.VISIT: "a visit",
        Channel.OFFICE: "a meeting at the office",
        Channel.PHONE: "a telephone call",
        Channel.VIDEO: "a video call",
        Channel.MESSAGE: "a message",
        Channel.LETTER: "a letter",
        Channel.OTHER: "another way",
    },
    Party: {
        Party.WEARER: "the person",
        Party.FAMILY: "their family",
        Party.AGENCY: "an agency",
        Party.VICTIM: "the victim",
        Party.OTHER: "somebody else",
    },
    Recipient: {
        Recipient.OPERATOR: "operator on shift",
        Recipient.SHIFT_LEAD: "shift lead",
        Recipient.CASE_MANAGER: "case manager",
        Recipient.POLICE: "police",
        Recipient.VICTIM_LIAISON: "victim liaison officer",
        Recipient.EQUIPMENT_DESK: "equipment desk",
        Recipient.MATCH_DESK: "match desk",
        Recipient.INTELLIGENCE_TEAM: "intelligence team",
    },
    Means: {
        Means.QUEUE: "the queue on the screen",
        Means.EMAIL: "email",
        Means.TEXT: "text message",
        Means.WEBHOOK: "another computer system",
    },
    NoticeState: {
        NoticeState.QUEUED: "waits to be sent",
        NoticeState.SENDING: "is being sent",
        NoticeState.RETRYING: "is tried again",
        NoticeState.SENT: "sent",
        NoticeState.DELIVERED: "arrived",
        NoticeState.DEAD: "did not get through",
    },
    AttemptCode: {
        AttemptCode.ACCEPTED: "taken over to be delivered",
        AttemptCode.DELIVERED: "arrived",
        AttemptCode.FAILED: "failed for now",
        AttemptCode.REFUSED: "refused for good",
        AttemptCode.BOUNCED: "came back",
        AttemptCode.NO_CONTACT: "no contact is on record",
        AttemptCode.NOT_SET_UP: "this way of telling is not set up",
        AttemptCode.GIVEN_UP: "given up after many attempts",
    },
    WithdrawnBy: {
        WithdrawnBy.IN_PERSON: "in person",
        WithdrawnBy.IN_WRITING: "in writing",
        WithdrawnBy.BY_TELEPHONE: "by telephone",
        WithdrawnBy.BY_REMOVING_THE_TAG: "by taking the tag off",
        WithdrawnBy.THROUGH_ANOTHER: "through somebody else",
    },
    State: {
        State.STANDS: "kept by an order in force",
        State.WAITS: "kept for a time",
        State.DUE: "due to be erased",
        State.HELD: "held",
        State.UNKNOWN: "not known",
    },
    DeviceKind: {
        DeviceKind.TAG: "tag",
        DeviceKind.TWO_PIECE: "tag in two pieces",
        DeviceKind.HOME_UNIT: "home unit",
        DeviceKind.VICTIMS_DEVICE: "victim’s device",
    },
    DeviceState: {
        DeviceState.IN_STOCK: "in stock",
        DeviceState.ISSUED: "issued",
        DeviceState.WORN: "worn",
        DeviceState.RETURNED: "returned",
        DeviceState.LOST: "lost",
        DeviceState.DAMAGED: "damaged",
        DeviceState.RETIRED: "retired",
    },
    RequestKind: {
        RequestKind.POSITION: "where it is now",
        RequestKind.MESSAGE: "a message to the wearer",
        RequestKind.LOCATE_FOR_ARREST: "where it is, for an arrest",
    },
    RequestStep: {
        RequestStep.PASSED: "passed to the supplier",
        RequestStep.REFUSED: "refused by the supplier",
        RequestStep.DONE: "done",
        RequestStep.FAILED: "failed",
    },
    KeyScope: {
        KeyScope.WRITE_POSITIONS: "send positions",
        KeyScope.WRITE_EVENTS: "send events",
        KeyScope.READ_DEVICES: "read its own devices",
    },
    Examined: {
        Examined.PROPER: "the look was proper",
        Examined.QUESTIONED: "it has to be asked about",
    },
    Phase: {Phase.REQUESTED: "asked for", Phase.SERVED: "answered"},
    Operation: {
        Operation.COLLECTION: "recorded",
        Operation.ALTERATION: "changed",
        Operation.CONSULTATION: "looked at",
        Operation.DISCLOSURE: "told to somebody",
        Operation.COMBINATION: "put together",
        Operation.ERASURE: "erased",
        Operation.SIGN_IN: "signed in",
        Operation.EXPORT: "taken out of the program",
        Operation.REFUSAL: "refused",
    },
    Kind: {
        Kind.WEARER: "the person",
        Kind.ORDER: "order",
        Kind.CONSENT: "consent",
        Kind.ASSESSMENT: "whether they may be tagged",
        Kind.RELEASE: "release",
        Kind.VISIT: "visit to fit a device",
        Kind.FITTING_ALARM: "alarm of a fitting",
        Kind.FITTING: "device",
        Kind.ABSENCE: "absence",
        Kind.PLAN: "joint plan",
        Kind.REVIEW: "review of a plan",
        Kind.TASK: "task",
        Kind.CONTACT: "contact",
    },
    Verdict: {
        Verdict.YES: "yes",
        Verdict.NO: "no",
        Verdict.NOT_YET_KNOWN: "it cannot be said yet",
    },
    NeedKind: {
        NeedKind.HEARING: "hearing",
        NeedKind.SIGHT: "sight",
        NeedKind.MOBILITY: "mobility",
        NeedKind.READING: "reading",
        NeedKind.LEARNING: "learning",
        NeedKind.MENTAL_HEALTH: "mental health",
        NeedKind.PHYSICAL_HEALTH: "physical health",
        NeedKind.SKIN_OR_LIMB: "skin or limb where a device is worn",
        NeedKind.POWER_SUPPLY: "no sure power to charge a device",
        NeedKind.OTHER: "another need",
    },
    RiskKind: {
        RiskKind.VIOLENCE: "violence",
        RiskKind.WEAPONS: "weapons",
        RiskKind.DOMESTIC_ABUSE: "domestic abuse",
        RiskKind.SELF_HARM: "self-harm",
        RiskKind.ANIMALS: "animals",
        RiskKind.VISIT_IN_PAIRS: "visit in pairs",
        RiskKind.OTHER: "another risk",
    },
    Change: {
        Change.OPENED: "opened",
        Change.SPLIT: "split off another",
        Change.AMENDED: "changed",
        Change.MERGED: "merged into another",
        Change.RETRACTED: "withdrawn: the evidence went",
    },
    Language: {Language.ENGLISH: "English", Language.WELSH: "Welsh"},
}
#: Steps of the protocols that are shipped, and those that the program takes itself.
STEPS: Final[Mapping[str, str]] = {
    "queue": "Shown in the queue",
    "desk": "The desk is told",
    "lead": "The lead of the shift is told",
    "in_hand": "Nobody has taken it in hand",
    "late": "It came to be known late",
    "manager": "The case manager is told",
    "police": "The police are told",
    "victim": "The victim liaison officer is told",
    UNDELIVERED: "Another notice did not get through",
    OfAnswers.EXCLUSION_WITHDRAWN: "An exclusion was withdrawn",
    OfAnswers.DAILY_DIGEST: "The daily digest",
}


def step_words(step: str) -> str:
    """What a step of a protocol is called: an installation's own by the name that it gave it."""
    return "Somebody shared it" if step.startswith(SHARED) else STEPS.get(step, step)


def spoken(one: StrEnum) -> str:
    """Its words, as they stand within a sentence."""
    return WORDS[type(one)][one]


def said(one: StrEnum) -> str:
    """Its words, as they stand alone."""
    words = spoken(one)
    return words[:1].upper() + words[1:]


def said_of(kind: type[StrEnum], code: str, otherwise: str) -> str:
    """The words of a code that was kept as text; `otherwise` of one that is of no such kind."""
    found = next((one for one in kind if one.value == code), None)
    return otherwise if found is None else said(found)


def role_words(code: str) -> str:
    """The words of a role, as an account has it; as it is where the program knows none such."""
    return said_of(Role, code, code)
