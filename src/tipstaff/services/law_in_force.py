"""The rules of this program, to be read: who may be tagged, what is kept how long, who is told.

They are shipped as data with versions. A used version is never changed: the next is added.
"""

from __future__ import annotations

from tipstaff.domain.eligibility import Rule
from tipstaff.domain.protocols import Protocols
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.retention import RetentionPolicy
from tipstaff.records import law
from tipstaff.records.shipped_monitoring import shipped_protocols
from tipstaff.services.access import admit_to
from tipstaff.services.recording import reading


def list_eligibility_rules(*, actor: str, purpose: Purpose, authority: str) -> tuple[Rule, ...]:
    """Every version of every rule of who may be tagged, by rule and version."""
    access = admit_to(actor, purpose, authority, "list_eligibility_rules")
    with reading(access, extent={}) as looked:
        found = law.shipped_rules()
        looked.rows = len(found)
    return found


def show_retention_policy(*, actor: str, purpose: Purpose, authority: str) -> RetentionPolicy:
    """The policy in force of what is kept how long."""
    access = admit_to(actor, purpose, authority, "show_retention_policy")
    with reading(access, extent={}) as looked:
        found = law.retention_policy()
        looked.rows = len(found.rules)
    return found


def show_protocols(*, actor: str, purpose: Purpose, authority: str) -> Protocols:
    """The protocols in use: of each kind of alert who is told, how, when, and what comes next."""
    access = admit_to(actor, purpose, authority, "show_protocols")
    with reading(access, extent={}) as looked:
        found = shipped_protocols()
        looked.rows = len(found.kinds)
    return found
