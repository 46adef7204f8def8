"""What the worker tells of made-up wearers, for tests of what is kept of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from told_findings import when

from tipstaff.domain.findings import Finding, PeriodOutcome
from tipstaff.domain.zones import Harm

#: The conditions of made-up findings, with the harm of each.
HARMS = {"z1": Harm.MEDIUM, "z2": Harm.HIGH}


def on_record(*names: str) -> dict[str, UUID]:
    """Wearers on record, by reference: the audit's references of them."""
    from tipstaff.records import wearers
    from tipstaff.records.models import Wearer

    wearers.ensure(names)
    rows = Wearer.objects.filter(reference__in=names)
    return dict(rows.values_list("reference", "subject_ref"))


def told(
    wearer: UUID,
    *findings: Finding,
    until: float = 600,
    outcomes: tuple[PeriodOutcome, ...] | None = None,
    since: float | None = None,
    **other: Any,
) -> Any:
    """One wearer told of up to a minute, with evidence each ten minutes."""
    from tipstaff.services.live_telling import WearerTold

    start = 0 if since is None else since
    steps = range(int((until - start) // 10) + 1)
    return WearerTold(
        wearer=wearer,
        findings=findings,
        evidence=tuple(when(start + 10 * step) for step in steps),
        horizon=when(until),
        harms=HARMS,
        outcomes=outcomes,
        since=None if since is None else when(since),
        **other,
    )


def keep(*tellings: Any, now: float = 600, cursor: Any = None) -> Any:
    from tipstaff.services.live_telling import keep_told

    return keep_told(tellings, when(now), cursor=cursor)


def kept(wearer: UUID) -> Any:
    from tipstaff.records.alerts import kept_of

    return kept_of([wearer])[wearer]


def wear(wearer: str, supplier: str, start: datetime, device: str = "T1") -> None:
    """The wearer wears a device of that supplier from then on."""
    from tipstaff.domain.activations import Activation
    from tipstaff.domain.purposes import Purpose
    from tipstaff.services.activations import import_activations

    rows = [Activation(f"A-{device}", device, wearer, start, start + timedelta(days=90), 1)]
    who: dict[str, Any] = {
        "actor": "tester", "purpose": Purpose.SYSTEM_ADMINISTRATION, "authority": "",
    }  # fmt: skip
    assert import_activations(**who, supplier=supplier, incoming=rows).recorded == 1
