"""What is wrong with this installation, and how to mend it. Nothing of any wearer is looked at."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tipstaff.domain.deliveries import NoticeState
from tipstaff.domain.examined import Checked, Verdict, worst_first
from tipstaff.domain.protocols import Recipient
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role
from tipstaff.records import (
    accounts,
    audit,
    chore_runs,
    feed_outages,
    feeds_seen,
    notice_contacts,
    notice_lists,
    supplier_keys,
)
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.chores import CHORES
from tipstaff.services.error_models import instance_error_model
from tipstaff.services.fleet_health import WORKER_STILL
from tipstaff.services.instance import open_instance
from tipstaff.services.notice_carriers import set_up
from tipstaff.services.readiness import what_is_away
from tipstaff.services.recording import reading
from tipstaff.settings import Settings, SettingsError

#: Free space of the data folder's disk: below the first it is wrong, below the second to look at.
_LEAST_FREE: Final = 0.05
_GOOD_FREE: Final = 0.15
_ENDS_SOON: Final = timedelta(days=30)
_WAITING: Final = 10_000
_ACCOUNTS: Final = 1000


def examine(*, actor: str, purpose: Purpose, authority: str) -> tuple[Checked, ...]:
    """Every check, the worst first. To check every file and the audit's chain: `tipstaff check`."""
    access = admit_to(actor, purpose, authority, "examine")
    values, now = open_instance(), clock()
    checks: tuple[Callable[[Settings, datetime], Checked], ...] = (
        _stores, _disk, _worker, _feeds, _chores, _notices, _carriers, _contacts, _backups, _keys,
        _pages, _journal, _ground, _errors, _administrators, _chain,
    )  # fmt: skip
    with reading(access, extent={}) as looked:
        found = [check(values, now) for check in checks]
        looked.rows = len(found)
    return worst_first(found)


def _well(name: str, words: str) -> Checked:
    return Checked(name, Verdict.WELL, words)


def _stores(_values: Settings, _now: datetime) -> Checked:
    away = what_is_away()
    if away:
        mend = "Look at the database, its password and its disk; docs/running.md says more."
        return Checked("Stores", Verdict.WRONG, f"Cannot be reached: {away}.", mend)
    return _well("Stores", "Records and inbox can be reached.")


def _disk(values: Settings, _now: datetime) -> Checked:
    used = shutil.disk_usage(values.data)
    share = used.free / used.total
    words = f"{share:.0%} of the data folder's disk is free."
    mend = "Make room: a full disk refuses what suppliers send, politely, and loses nothing."
    if share < _LEAST_FREE:
        return Checked("Disk", Verdict.WRONG, words, mend)
    return Checked("Disk", Verdict.LOOK if share < _GOOD_FREE else Verdict.WELL, words, mend)


def _worker(_values: Settings, now: datetime) -> Checked:
    at = max((one.put_down_at for one in feeds_seen.known()), default=None)
    mend = "Start 'tipstaff worker', or 'tipstaff serve', which has one beside it."
    if at is None:
        return Checked("Worker", Verdict.LOOK, "No worker has put anything down yet.", mend)
    if now - at > WORKER_STILL:
        still = f"{(now - at).total_seconds() / 60:.0f} minutes"
        return Checked("Worker", Verdict.WRONG, f"No worker for {still}: nobody watches.", mend)
    return _well("Worker", "A worker watches.")


def _feeds(_values: Settings, _now: datetime) -> Checked:
    out = feed_outages.going_on()
    if out:
        names = ", ".join(one.feed for one in out)
        mend = "Ring the supplier. Silences that began with it raise no alert of their own."
        return Checked("Feeds", Verdict.WRONG, f"Out: {names}.", mend)
    return _well("Feeds", "No feed is out.")


def _chores(_values: Settings, _now: datetime) -> Checked:
    facts = chore_runs.known()
    failing = [one for one in CHORES if (fact := facts.get(one.name)) and fact.failed]
    if failing:
        told = "; ".join(f"{one.words}: {facts[one.name].failed}" for one in failing)
        mend = "They are tried again by themselves. The worker's log says more of the fault."
        return Checked("Chores", Verdict.WRONG, f"Failing: {told}.", mend)
    return _well("Chores", "No chore of the worker is failing.")


def _notices(_values: Settings, _now: datetime) -> Checked:
    dead = notice_lists.counts().get(NoticeState.DEAD, 0)
    if dead:
        mend = (
            "Tell whom they were for yourself; mend why; then somebody of the monitoring centre "
            "sends them again, in Notices."
        )
        return Checked("Notices", Verdict.WRONG, f"{dead} did not get through.", mend)
    return _well("Notices", "Every notice got through, or waits for its time.")


def _carriers(values: Settings, _now: datetime) -> Checked:
    faults = set_up(values).faults
    if faults:
        told = "; ".join(f"{means.value}: {fault}" for means, fault in sorted(faults.items()))
        mend = "Set it up in the settings if somebody is to be told this way; docs/notices.md."
        return Checked("Means of telling", Verdict.LOOK, f"Not set up: {told}.", mend)
    return _well("Means of telling", "All are set up.")


def _contacts(_values: Settings, now: datetime) -> Checked:
    held = {
        one.contact.recipient
        for one in notice_contacts.every()
        if one.ended_at is None and (one.contact.ends_at is None or one.contact.ends_at > now)
    }
    without = sorted(one.value.replace("_", " ") for one in Recipient if one not in held)
    if without:
        mend = "Add them in Administration, Where people are told: what is for them is dead."
        words = f"Nobody is on record for: {', '.join(without)}."
        return Checked("Contacts", Verdict.LOOK, words, mend)
    return _well("Contacts", "Everybody who is told has a contact.")


def _backups(values: Settings, _now: datetime) -> Checked:
    if values.backup_recipient:
        return _well("Backups", "A key for backups is set.")
    mend = "Make one with 'tipstaff backup-key', set backup_recipient, and back up each day."
    return Checked("Backups", Verdict.WRONG, "No key for backups is set.", mend)


def _keys(_values: Settings, now: datetime) -> Checked:
    ends = [
        one
        for one in supplier_keys.every()
        if one.revoked_at is None and now < one.expires_at <= now + _ENDS_SOON
    ]
    if ends:
        names = ", ".join(sorted({one.supplier for one in ends}))
        mend = "Change them in Administration, Suppliers' keys, before they end."
        return Checked("Suppliers' keys", Verdict.LOOK, f"End within 30 days: {names}.", mend)
    return _well("Suppliers' keys", "None ends within 30 days.")


def _pages(values: Settings, _now: datetime) -> Checked:
    if values.web_url:
        return _well("Pages", "Served by https through a proxy.")
    words = "Served by plain http, to this machine alone."
    mend = "Set web_url and web_proxy to serve others; docs/running.md."
    return Checked("Pages", Verdict.LOOK, words, mend)


def _journal(values: Settings, _now: datetime) -> Checked:
    mend = "Set erasure_journal to a file on another disk than the data."
    if not values.erasure_journal:
        words = "Lies beside the data: lost with them, no backup can be restored."
        return Checked("Journal of erasures", Verdict.LOOK, words, mend)
    same = _device_of(Path(values.erasure_journal).parent) == _device_of(values.data)
    words = "Lies on the same disk as the data." if same else "Lies on another disk."
    return Checked("Journal of erasures", Verdict.LOOK if same else Verdict.WELL, words, mend)


def _device_of(folder: Path) -> int:
    return folder.stat().st_dev if folder.exists() else -1


def _ground(values: Settings, _now: datetime) -> Checked:
    if not values.basemap:
        mend = "Set basemap to a PMTiles file of your area: maps have plain ground without."
        return Checked("Base map", Verdict.LOOK, "None is set.", mend)
    if not Path(values.basemap).is_file():
        mend = "Set basemap to a file that is there and can be read."
        return Checked("Base map", Verdict.WRONG, "The file is not there.", mend)
    return _well("Base map", "A file is set and there.")


def _errors(values: Settings, _now: datetime) -> Checked:
    """What is believed of the tags' positions; where it cannot be read nobody is watched."""
    try:
        instance_error_model()
    except SettingsError as error:
        mend = "Name another in the setting error_model, and start the worker and the pages again."
        return Checked("Errors of positions", Verdict.WRONG, str(error), mend)
    if values.error_model:
        return _well("Errors of positions", "The tags' error model is given: they are calibrated.")
    words = "The tags are not calibrated: more alerts are false than need be."
    mend = (
        "Fit an error model to tracks whose true places are known ('tipstaff calibrate errors'), "
        "name it in the setting error_model, and start the worker and the pages again."
    )
    return Checked("Errors of positions", Verdict.LOOK, words, mend)


def _administrators(_values: Settings, _now: datetime) -> Checked:
    lines = accounts.every(_ACCOUNTS)
    roles = [one.post.role for one in lines if one.active and one.post is not None]
    if roles.count(Role.ADMINISTRATOR.value) >= 2:
        return _well("Administrators", "There are at least two.")
    mend = "Make a second account of that role: with one, nobody can let that one in again."
    return Checked("Administrators", Verdict.LOOK, "There are fewer than two.", mend)


def _chain(_values: Settings, _now: datetime) -> Checked:
    waiting = audit.not_sealed()
    if waiting > _WAITING:
        mend = "Run 'tipstaff audit verify', and look at what it says."
        return Checked("Audit", Verdict.WRONG, f"{waiting} entries are not chained yet.", mend)
    return _well("Audit", "Entries are chained as they come.")
