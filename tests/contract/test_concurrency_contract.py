"""Several processes at once: versions, batches and the chain stay whole."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

#: Sends the same crimes again and again, each time with other content, as one of several senders.
SENDER = """
import sys
from tipstaff.domain.purposes import Purpose
from tipstaff.services.crimes import import_crimes
for turn in range(4):
    batch = f"DUR2026010{1 + int(sys.argv[1])}-{turn}"
    rows = "".join(
        f"Durham,BIAD,,{batch},c{i},20260101220000,20260102060000,427000,542000,,,,{batch}\\r\\n"
        for i in range(5)
    )
    import_crimes(
        actor="tester", purpose=Purpose.CRIME_MATCHING, authority="", content=rows.encode()
    )
"""

#: Puts one device on a person of the sender's own for the same hour.
WEARER = """
import sys
from datetime import UTC, datetime
from tipstaff.domain.activations import Activation
from tipstaff.domain.purposes import Purpose
from tipstaff.services.activations import import_activations
fact = Activation(sys.argv[1], "d1", sys.argv[1], datetime(2026, 1, 1, tzinfo=UTC),
                  datetime(2026, 1, 2, tzinfo=UTC), 2)
done = import_activations(actor="tester", purpose=Purpose.DATA_QUALITY, authority="",
                          supplier="acme", incoming=[fact])
print(done.recorded)
"""


def at_once(code: str, count: int) -> list[str]:
    """Run `code` in `count` processes at the same time; what each printed."""
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(n)], stdout=subprocess.PIPE, text=True)
        for n in range(count)
    ]
    printed = [child.communicate(timeout=120)[0].strip() for child in children]
    assert [child.returncode for child in children] == [0] * count
    return printed


def test_senders_of_the_same_crimes_at_once(instance: Any) -> None:
    from tipstaff.records.models import Batch, CrimeVersion
    from tipstaff.services.audit import verify_audit

    at_once(SENDER, 3)
    ordinals = Batch.objects.order_by("ordinal").values_list("ordinal", flat=True)
    assert list(ordinals) == list(range(1, 13))
    for number in range(5):
        rows = CrimeVersion.objects.filter(crime__reference=f"c{number}").order_by("version")
        assert list(rows.values_list("version", flat=True)) == list(range(1, 13))
        times = list(rows.values_list("batch__ordinal", flat=True))
        assert times == sorted(times)
    verified = verify_audit()
    assert verified.faults == ()
    assert verified.entries == 13
    assert verified.waiting == 0


def test_one_device_on_several_people_at_once(instance: Any) -> None:
    from tipstaff.records.models import Activation

    assert sorted(at_once(WEARER, 3)) == ["0", "0", "1"]
    assert Activation.objects.count() == 1


#: Fits one device on a wearer of the sender's own.
FITTER = """
import sys
from datetime import UTC, datetime
from tipstaff.domain.fittings import Fitted, Fitting
from tipstaff.domain.purposes import Purpose
from tipstaff.services.fittings import fit_device
fitting = Fitting("", f"W{sys.argv[1]}", "acme", "d1",
                  fitted=Fitted(datetime(2026, 2, 2, tzinfo=UTC), "A Fitter"))
done = fit_device(actor="tester", purpose=Purpose.OFFENDER_MANAGEMENT, authority="",
                  fitting=fitting)
print([str(problem.code) for problem in done.problems])
"""


def test_one_device_fitted_on_several_people_at_once(instance: Any) -> None:
    from made_devices import monitored, registered

    from tipstaff.records.models import Activation, Version

    registered("d1")
    monitored("W0", "W1", "W2")
    assert sorted(at_once(FITTER, 3)) == ["['DEVICE_IN_USE']"] * 2 + ["[]"]
    assert Activation.objects.count() == 1
    assert Version.objects.filter(subject__kind="fitting").count() == 1


#: The first acknowledges an alert, others too, and one tells of stronger evidence meanwhile.
ACTS = """
import sys
from datetime import UTC, datetime, timedelta
from tipstaff.domain.findings import Finding, FindingKind, Level, Step, Why
from tipstaff.domain.purposes import Purpose
from tipstaff.services.alert_acts import OnAlert, acknowledge_alert, note_alert
from tipstaff.services.live_telling import WearerTold, keep_told
from tipstaff.records.models import Wearer
who = {"actor": "tester", "purpose": Purpose.OFFENDER_MANAGEMENT, "authority": ""}
if sys.argv[1] == "0":
    ref = Wearer.objects.get(reference="W1").subject_ref
    at = datetime(2026, 3, 2, tzinfo=UTC)
    for turn in range(4):
        told = tuple(
            Finding(at + timedelta(minutes=n), FindingKind.ZONE, "z1",
                    Step.BEGAN if n == 0 else Step.GREW, Level.CONFIRMED,
                    Why.FIX_INSIDE if n == 0 else list(Why)[n], at)
            for n in range(turn + 2)
        )
        end = at + timedelta(hours=1)
        keep_told([WearerTold(ref, told, (at,), end, {})], end, cursor=None)
    print("told")
else:
    mark, done = "0.1", 0
    while done < 3:
        acted = note_alert(**who, on=OnAlert("W1", 1, mark), words=f"{sys.argv[1]}.{done}")
        mark = acted.mark or acted.since.mark
        done += not acted.problems
    print(done)
"""


def test_several_act_on_an_alert_whose_evidence_moves_meanwhile(instance: Any) -> None:
    """No act is lost, none is stored twice, and each was done on what its actor had seen."""
    from told_findings import found
    from told_wearers import keep, kept, on_record, told

    ref = on_record("W1")["W1"]
    keep(told(ref, *found("0 began c"), until=60), now=60)
    assert at_once(ACTS, 3) == ["told", "3", "3"]
    (alert,) = (one.value for one in kept(ref).alerts)
    words = [one.words for one in alert.decisions]
    assert sorted(words) == sorted(f"{who}.{n}" for who in (1, 2) for n in range(3))
    assert [w for w in words if w.startswith("1.")] == [f"1.{n}" for n in range(3)]
    revisions = [one.revision for one in alert.decisions]
    assert revisions == sorted(revisions)
    assert alert.told.revision == 5
