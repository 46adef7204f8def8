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
