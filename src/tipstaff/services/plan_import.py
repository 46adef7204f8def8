"""Take in a document of plans, reviews, tasks and contacts: each by its own use case, in turn."""

from __future__ import annotations

from dataclasses import dataclass

from tipstaff.domain.plan_work import Review, Task
from tipstaff.domain.plans import Plan
from tipstaff.domain.problems import below
from tipstaff.domain.purposes import Purpose
from tipstaff.formats.json_source import JsonFault
from tipstaff.formats.plan_documents import ToldPlan, read_plan_file
from tipstaff.services.case_recording import RecordedCase
from tipstaff.services.plans import record_contact, record_plan, record_review, record_task


@dataclass(frozen=True, slots=True)
class ImportedPlans:
    """What became of a document: `kept` of the `read` records, `new` of them, and every fault."""

    read: int
    kept: int
    new: int
    faults: tuple[JsonFault, ...]


def record_plan_file(
    *, actor: str, purpose: Purpose, authority: str, content: bytes
) -> ImportedPlans:
    """Record each good record of a document, in its order, so that a plan may come first.

    The same document again adds nothing. Each record has its own transaction and entry.
    """
    file = read_plan_file(content)
    faults = list(file.faults)
    kept = new = 0
    for number, told in file.told:
        done = _record(actor, purpose, authority, told)
        faults += [
            JsonFault(p.where, p.code, p.action)
            for p in below(f"records[{number}].record", done.problems)
        ]
        kept += not done.problems
        new += done.new
    return ImportedPlans(file.read, kept, new, tuple(faults))


def _record(actor: str, purpose: Purpose, authority: str, told: ToldPlan) -> RecordedCase:
    value, reason = told.value, told.reason
    if isinstance(value, Plan):
        return record_plan(
            actor=actor, purpose=purpose, authority=authority, plan=value, reason=reason
        )
    if isinstance(value, Review):
        return record_review(
            actor=actor, purpose=purpose, authority=authority, review=value, reason=reason
        )
    if isinstance(value, Task):
        return record_task(
            actor=actor, purpose=purpose, authority=authority, task=value, reason=reason
        )
    return record_contact(
        actor=actor, purpose=purpose, authority=authority, contact=value, reason=reason
    )
