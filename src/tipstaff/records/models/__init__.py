"""The tables. Only the modules of `records` import these; what they hand out are values."""

from __future__ import annotations

from tipstaff.records.models.access import (
    Assignment,
    ForceVersion,
    Grant,
    LimitedWearer,
    Post,
    Team,
    Training,
)
from tipstaff.records.models.audit import AuditEntry
from tipstaff.records.models.cases import OrderStretch, Subject, Version, WearerIdentifier
from tipstaff.records.models.crimes import Batch, Crime, CrimeVersion, CrimeWithdrawal, Force
from tipstaff.records.models.permits import Permit, PermitDecision
from tipstaff.records.models.runs import Candidate, Exclusion, Run
from tipstaff.records.models.users import User
from tipstaff.records.models.wearing import (
    Activation,
    Device,
    PositionIntent,
    PositionSource,
    Supplier,
    Wearer,
)

__all__ = [
    "Activation",
    "Assignment",
    "AuditEntry",
    "Batch",
    "Candidate",
    "Crime",
    "CrimeVersion",
    "CrimeWithdrawal",
    "Device",
    "Exclusion",
    "Force",
    "ForceVersion",
    "Grant",
    "LimitedWearer",
    "OrderStretch",
    "Permit",
    "PermitDecision",
    "PositionIntent",
    "PositionSource",
    "Post",
    "Run",
    "Subject",
    "Supplier",
    "Team",
    "Training",
    "User",
    "Version",
    "Wearer",
    "WearerIdentifier",
]
