"""Live monitoring in processes of their own: what is on record, who sends, who works, what came.

Run as `live_program.py MODE BASE ...` on the instance of the environment; BASE is minute 0 of
`live_instance` as seconds of UTC, so that two instances have the same life.

    furnish         wearers with a tag and a zone each
    send SECONDS    takes their messages in, out of order and some twice, within so long
    insist FILE     the same once FILE is there; what is refused is sent again. Tells each refusal
    work            works until FILE `done` is there and all was read; a worker that is killed is
                    followed by another. Tells the process number of each
    share           the same as one of several workers
    alerts          tells what stands: alerts, their episodes' numbers, how many fixes are kept
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import live_instance
from live_instance import at, event, fix, watched_wearer
from made_devices import WHO

PEOPLE = 6
MINUTES = 120
#: So that a worker that is killed within a second has put something down.
PUT_DOWN_S = 0.2
SHARDS = 4
#: Longer than it takes until the shards of one that died are another's.
QUIET_S = 8.0


def messages(seed: int = 1) -> list[Any]:
    """Two hours of everybody: walks in and out of the zone, straps cut, some late, some twice."""
    chance = random.Random(seed)
    now = (datetime.now(UTC) - live_instance.BASE).total_seconds() / 60
    found = []
    for number in range(PEOPLE):
        device, inside = f"T{number}", False
        for minute in range(1, MINUTES):
            inside = inside if chance.random() < 0.9 else not inside
            east = chance.uniform(-60, 60) if inside else 2_000 + chance.uniform(-60, 60)
            found.append(fix(minute, east, device, came=now))
        cut = chance.uniform(20, 100)
        found.append(event(cut, "strap_cut", device, came=now))
    found += chance.sample(found, len(found) // 20)
    late = chance.sample(range(len(found)), len(found) // 20)
    order = sorted(range(len(found)), key=lambda n: (n in late, found[n].time_us))
    return [found[n] for n in order]


def furnish() -> None:
    for number in range(PEOPLE):
        watched_wearer(f"W{number}", f"T{number}")


def send(seconds: float) -> None:
    from tipstaff.domain.received import Batch
    from tipstaff.services.inbox import open_inbox

    told = messages()
    size = max(1, len(told) // 60)
    with open_inbox() as inbox:
        for start in range(0, len(told), size):
            chunk = told[start : start + size]
            inbox.append(Batch("acme", "json", chunk[0].received_us, kept=chunk)).result()
            time.sleep(seconds * size / len(told))


def insist(begin: Path) -> None:
    from tipstaff.domain.received import Batch
    from tipstaff.positions.inbox_tables import InboxWriteError
    from tipstaff.services.inbox import open_inbox

    told = messages()
    with open_inbox() as inbox:
        sys.stdout.write("open\n")
        sys.stdout.flush()
        while not begin.exists():
            time.sleep(0.1)
        for start in range(0, len(told), 20):
            chunk = told[start : start + 20]
            while True:
                try:
                    inbox.append(Batch("acme", "json", chunk[0].received_us, kept=chunk)).result()
                    break
                except InboxWriteError:
                    sys.stdout.write("refused\n")
                    sys.stdout.flush()
                    time.sleep(0.5)


def work(done: Path, what: Any) -> None:
    """Fork worker after worker until one comes to the end."""
    import tipstaff.services.chores  # noqa: F401 (imported before the first fork)
    from tipstaff.records.connections import close_own

    close_own()
    while True:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                what(done)
                code = 0
            finally:
                sys.stderr.flush()
                os._exit(code)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _pid, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            sys.exit(os.WEXITSTATUS(status))


def _work(done: Path) -> None:
    from tipstaff.services import live_work
    from tipstaff.services.inbox_drain import drain_to_archive

    live_work.PUT_DOWN_S = PUT_DOWN_S  # type: ignore[misc]
    live_work.PAUSE_S = 0.01  # type: ignore[misc]
    next_drain = time.monotonic()
    with live_work.monitor(**WHO) as watch:
        rounds = live_work.Rounds(watch, lambda: False)
        while not done.exists():
            rounds.turn()
            if time.monotonic() >= next_drain:
                drain_to_archive(**WHO)
                next_drain = time.monotonic() + 0.7
            time.sleep(0.01)
        rounds.run(once=True)
    drain_to_archive(**WHO)


def _share(done: Path) -> None:
    """Until all is there, and nothing came for a while."""
    from tipstaff.services import live_work
    from tipstaff.services.inbox_drain import drain_to_archive
    from tipstaff.services.shared_work import SharedWork

    live_work.PUT_DOWN_S = PUT_DOWN_S  # type: ignore[misc]
    quiet = {"messages": -1, "since": time.monotonic()}

    def is_over() -> bool:
        if work.done.messages != quiet["messages"]:
            quiet.update(messages=work.done.messages, since=time.monotonic())
        return done.exists() and time.monotonic() - quiet["since"] > QUIET_S

    work = SharedWork(**WHO, of=SHARDS, ended=is_over)
    work.run()
    drain_to_archive(**WHO)


def alerts() -> None:
    from tipstaff.domain.periods import Period
    from tipstaff.records.models import Alert, Episode, EpisodeRevision
    from tipstaff.services.trails import trail

    told: dict[str, Any] = {"alerts": [], "episodes": [], "fixes": 0}
    world = ["zone", "strap"]
    for row in Alert.objects.filter(kind__in=world).select_related("wearer"):
        told["alerts"].append([row.wearer.reference, row.kind, row.condition, row.told_level,
                               row.told_evidence, row.told_goes_on])  # fmt: skip
    for one in Episode.objects.filter(kind__in=world, state="stands").select_related("wearer"):
        ended = one.ended and one.ended.isoformat()
        told["episodes"].append([one.wearer.reference, one.kind, one.condition,
                                 one.began.isoformat(), ended, one.level])  # fmt: skip
    twice = EpisodeRevision.objects.values_list("wearer", "number", "revision")
    told["twice"] = len(twice) - len(set(twice))
    whole = Period(at(-600), datetime.now(UTC) + timedelta(hours=1))
    for number in range(PEOPLE):
        found: Any = trail(**WHO, name=f"W{number}", period=whole)
        told["fixes"] += found.table.num_rows
    told["alerts"].sort(key=json.dumps)
    told["episodes"].sort(key=json.dumps)
    sys.stdout.write(f"{json.dumps(told)}\n")


def main(mode: str, base: str, *rest: str) -> None:
    from tipstaff.services.instance import open_instance

    live_instance.BASE = datetime.fromtimestamp(float(base), UTC)
    open_instance()
    if mode == "send":
        send(float(rest[0]))
    elif mode == "insist":
        insist(Path(rest[0]))
    elif mode in {"work", "share"}:
        work(Path(rest[0]), {"work": _work, "share": _share}[mode])
    else:
        {"furnish": furnish, "alerts": alerts}[mode]()


if __name__ == "__main__":
    main(*sys.argv[1:])
