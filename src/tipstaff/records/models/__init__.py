"""The tables. Only the modules of `records` import these; what they hand out are values."""

from __future__ import annotations

from tipstaff.records.models.absences import WaitingAbsence
from tipstaff.records.models.access import (
    Assignment,
    ForceVersion,
    Grant,
    LimitedWearer,
    Post,
    Team,
    Training,
)
from tipstaff.records.models.alerts import (
    Alert,
    AlertDecision,
    AlertPause,
    DeviceRequest,
    DeviceRequestStep,
    Episode,
    EpisodeRevision,
    FeedOutage,
    HandoverLine,
    MonitoringCursor,
    PeriodCame,
    ShiftHandover,
)
from tipstaff.records.models.api_tokens import ApiToken
from tipstaff.records.models.audit import (
    AuditEntry,
    DipExamination,
    DipItem,
    DipSample,
    SubjectKey,
)
from tipstaff.records.models.cases import (
    OrderStretch,
    ReleaseStretch,
    Subject,
    Version,
    WearerIdentifier,
)
from tipstaff.records.models.characteristics import Characteristic
from tipstaff.records.models.crimes import Batch, Crime, CrimeVersion, CrimeWithdrawal, Force
from tipstaff.records.models.devices import DeviceFact, Holding
from tipstaff.records.models.notices import Notice, NoticeAttempt, NoticeContact
from tipstaff.records.models.origins import VersionOrigin
from tipstaff.records.models.own_codes import OwnPageCode
from tipstaff.records.models.pending import (
    AnswerChange,
    Background,
    BackgroundMember,
    Renewal,
    RestingEvidence,
    StandingAnswers,
)
from tipstaff.records.models.permits import Permit, PermitDecision
from tipstaff.records.models.plans import PlanStretch, TaskStretch
from tipstaff.records.models.readings import ReviewerReading
from tipstaff.records.models.retention import (
    Disclosure,
    ErasedStretch,
    ErasureIntent,
    Hold,
    HoldRelease,
)
from tipstaff.records.models.runs import Candidate, Exclusion, Run
from tipstaff.records.models.sign_in import PasswordState, Session
from tipstaff.records.models.suppliers import SupplierFact, SupplierKey
from tipstaff.records.models.users import User
from tipstaff.records.models.wearing import (
    Activation,
    Device,
    PositionIntent,
    PositionSource,
    Supplier,
    Wearer,
)
from tipstaff.records.models.worker import (
    ChoreRun,
    FeedSeen,
    LastHeard,
    OthersLooked,
    ShardLease,
    WorkerSeen,
)

__all__ = [
    "Activation",
    "Alert",
    "AlertDecision",
    "AlertPause",
    "AnswerChange",
    "ApiToken",
    "Assignment",
    "AuditEntry",
    "Background",
    "BackgroundMember",
    "Batch",
    "Candidate",
    "Characteristic",
    "ChoreRun",
    "Crime",
    "CrimeVersion",
    "CrimeWithdrawal",
    "Device",
    "DeviceFact",
    "DeviceRequest",
    "DeviceRequestStep",
    "DipExamination",
    "DipItem",
    "DipSample",
    "Disclosure",
    "Episode",
    "EpisodeRevision",
    "ErasedStretch",
    "ErasureIntent",
    "Exclusion",
    "FeedOutage",
    "FeedSeen",
    "Force",
    "ForceVersion",
    "Grant",
    "HandoverLine",
    "Hold",
    "HoldRelease",
    "Holding",
    "LastHeard",
    "LimitedWearer",
    "MonitoringCursor",
    "Notice",
    "NoticeAttempt",
    "NoticeContact",
    "OrderStretch",
    "OthersLooked",
    "OwnPageCode",
    "PasswordState",
    "PeriodCame",
    "Permit",
    "PermitDecision",
    "PlanStretch",
    "PositionIntent",
    "PositionSource",
    "Post",
    "ReleaseStretch",
    "Renewal",
    "RestingEvidence",
    "ReviewerReading",
    "Run",
    "Session",
    "ShardLease",
    "ShiftHandover",
    "StandingAnswers",
    "Subject",
    "SubjectKey",
    "Supplier",
    "SupplierFact",
    "SupplierKey",
    "TaskStretch",
    "Team",
    "Training",
    "User",
    "Version",
    "VersionOrigin",
    "WaitingAbsence",
    "Wearer",
    "WearerIdentifier",
    "WorkerSeen",
]
