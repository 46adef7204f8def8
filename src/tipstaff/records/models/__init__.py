"""The tables. Only the modules of `records` import these; what they hand out are values."""

from __future__ import annotations

from tipstaff.records.models.audit import AuditEntry
from tipstaff.records.models.cases import OrderStretch, Subject, Version, WearerIdentifier
from tipstaff.records.models.crimes import Batch, Crime, CrimeVersion, CrimeWithdrawal, Force
from tipstaff.records.models.retention import (
    Disclosure,
    ErasedStretch,
    ErasureIntent,
    Hold,
    HoldRelease,
)
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
    "AuditEntry",
    "Batch",
    "Candidate",
    "Crime",
    "CrimeVersion",
    "CrimeWithdrawal",
    "Device",
    "Disclosure",
    "ErasedStretch",
    "ErasureIntent",
    "Exclusion",
    "Force",
    "Hold",
    "HoldRelease",
    "OrderStretch",
    "PositionIntent",
    "PositionSource",
    "Run",
    "Subject",
    "Supplier",
    "User",
    "Version",
    "Wearer",
    "WearerIdentifier",
]
