"""T6 again, with the outbox and a real relay: what is due is sent, once, whatever fails between.

Every minute what is due is asked anew, as after a restart: only the outbox remembers.
"""

from __future__ import annotations

from uuid import UUID

import pytest
from instance_fixtures import TestInstance
from made_alerts import PROTOCOLS, alert, due
from made_notices import contact, made_wearer
from stand_ins import Relay, relaying
from told_findings import when

from tipstaff.domain.alerts import Alert
from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.protocols import Means, Recipient


def a_minute(one: Alert, wearer: UUID, minute: int) -> None:
    """What the monitoring does each minute, then what the worker does."""
    from tipstaff.records.outbox import QueuedNotice, keys_of, queue
    from tipstaff.services.notice_delivery import deliver_due

    sent = tuple(keys_of([wearer])[wearer])
    severity = PROTOCOLS.severity(one.kind, one.told.level, one.harm)
    queue(
        [
            QueuedNotice(
                wearer,
                one.number,
                new.key,
                Means.EMAIL,
                new.late,
                severity,
                one.kind,
                when(minute),
            )
            for new in due(one, minute, sent)
            if new.means is not Means.QUEUE
        ]
    )
    deliver_due(when(minute), 50)


@pytest.mark.parametrize("kind", [FindingKind.STRAP, FindingKind.SILENCE])
def test_each_notice_of_an_unanswered_alert_arrives_once_though_the_relay_was_away(
    sqlite_instance: TestInstance, monkeypatch: pytest.MonkeyPatch, kind: FindingKind
) -> None:
    from tipstaff.records.models import Notice

    with relaying() as relay:
        use(monkeypatch, relay)
    for recipient in Recipient:
        contact(recipient, address=f"{recipient}@example.org", starts_at=when(-60))
    one, wearer = alert(kind, None, Level.CONFIRMED), made_wearer()
    for minute in (0, 5, 15, 30, 45):  # nobody answers, and the relay is away
        a_minute(one, wearer, minute)
    assert Notice.objects.filter(state="retrying").count() >= 1
    with relaying(relay):
        for minute in (60, 75, 300, 310):
            a_minute(one, wearer, minute)
    wanted = {n.key for n in due(one, 310) if n.means is not Means.QUEUE}
    assert len(wanted) >= 2
    steps = Notice.objects.exclude(step="undelivered").values_list("step", "recipient")
    assert {(key.step, key.recipient) for key in wanted} == set(steps)
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
    assert len(relay.ids()) == len(set(relay.ids())) == Notice.objects.count()


def use(monkeypatch: pytest.MonkeyPatch, relay: Relay) -> None:
    monkeypatch.setenv("TIPSTAFF_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("TIPSTAFF_SMTP_PORT", str(relay.port))
    monkeypatch.setenv("TIPSTAFF_SMTP_TLS", "none")
    monkeypatch.setenv("TIPSTAFF_SMTP_FROM", "alerts@example.org")
