"""The outbox on both databases: a notice is in it once, and what it says never changes."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from instance_fixtures import TestInstance
from made_notices import made_wearer, queued

from tipstaff.domain.protocols import Means, Recipient


def test_a_notice_is_queued_once(instance: TestInstance) -> None:
    from tipstaff.records.outbox import keys_of, queue

    one, other = made_wearer("W1"), made_wearer("W2")
    first = [queued(one, 1), queued(one, 2), queued(one, 1, to=Recipient.POLICE), queued(other, 1)]
    assert queue(first) == 4
    assert queue([*first, queued(one, 3)]) == 1
    assert queue([queued(other, 9), queued(other, 9)]) == 1
    with CaptureQueriesContext(connection) as asked:
        keys = keys_of([one, other, uuid4()])
    assert len(asked) == 1
    assert keys[one] == {queued(one, n).key for n in (1, 2, 3)} | {first[2].key}
    assert keys[other] == {queued(other, 1).key, queued(other, 9).key}
    assert sorted(len(of) for of in keys.values()) == [0, 2, 4]


def test_it_goes_with_the_transaction(instance: TestInstance) -> None:
    from tipstaff.records.outbox import keys_of, queue

    one = made_wearer()
    with transaction.atomic():
        assert queue([queued(one)]) == 1
        transaction.set_rollback(True)
    assert keys_of([one]) == {one: set()}
    assert queue([queued(uuid4())]) == 0


def test_a_place_in_a_queue_is_done_at_once(instance: TestInstance) -> None:
    from tipstaff.records.models import Notice
    from tipstaff.records.outbox import queue

    queue([queued(made_wearer(), means=Means.QUEUE, to=Recipient.OPERATOR)])
    row = Notice.objects.get()
    assert (row.state, row.due_at, row.settled_at) == ("delivered", None, row.queued_at)


@pytest.mark.parametrize("change", [{"step": "other"}, {"severity": 1}, {"means": "text"}])
def test_what_a_notice_says_is_never_edited(
    instance: TestInstance, change: dict[str, object]
) -> None:
    from tipstaff.records.models import Notice
    from tipstaff.records.outbox import queue

    queue([queued(made_wearer())])
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        Notice.objects.update(**change)
    assert Notice.objects.update(state="dead") == 1
