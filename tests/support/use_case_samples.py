"""A sample call of every use case, by which a test proves that each refuses whom it must refuse.

A new use case is a line in a table of samples: `module.function`, the call, and at what it aims.
The call gets `who` (actor, purpose, authority) and the reference of a wearer, of which it makes use
if it aims at one. Samples of cases and of devices have modules of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from alert_samples import ALERT_SAMPLES
from case_samples import CASE_SAMPLES
from device_samples import DEVICE_SAMPLES
from made_accounts import LOCAL
from made_cases import order, wearer, zone
from record_samples import RECORD_SAMPLES
from sample_calls import FOLDER, NONE_SUCH, Aim, Sample, Who, aimed, key, lately, of, plain

from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.domain.cases import Case
from tipstaff.domain.forces import ForceFact
from tipstaff.domain.readings import Reading, TrailReading
from tipstaff.domain.roles import Course, Relation, Role
from tipstaff.formats.case_json import write_cases
from tipstaff.positions.inbox_again import UnreadWanted


def _zoned(wearer: str) -> None:
    """An order in force with a zone, of somebody who is on record."""
    from tipstaff.records.wearers import subject_refs
    from tipstaff.services.cases import record_order

    now = datetime.now(UTC)
    if subject_refs([wearer]):
        times = {"starts_at": now, "served_at": now, "ends_at": None, "reviews": ()}
        record_order(**LOCAL, order=order("Zoned", wearer=wearer, conditions=(zone(),), **times),
                     reason="drawn")  # fmt: skip


def _zones(who: Who, wearer: str) -> Any:
    from tipstaff.services.zone_lists import list_zones

    return list_zones(**who, people=[wearer])


def _duty(who: Who, _wearer: str) -> Any:
    from tipstaff.services.accounts import Duty, add_account

    return add_account(**who, username="sampled", duty=Duty(Role.AUDITOR, "Made Up"))


def _change(who: Who, _wearer: str) -> Any:
    from tipstaff.services.accounts import Duty, change_account

    duty = Duty(Role.AUDITOR, "Made Up")
    return change_account(**who, username="sampled", duty=duty, reason="why")


def _assign(who: Who, name: str) -> Any:
    from tipstaff.services.assignments import Handing, assign_case

    return assign_case(**who, handing=Handing(name, Relation.CASEWORKER, user="tester"))


def _wanted(function: str) -> Callable[[Who, str], Any]:
    def call(who: Who, name: str) -> Any:
        from tipstaff.services.permits import Wanted

        wanted = Wanted("show_case", lately(), name)
        return of(f"permits.{function}")(**who, wanted=wanted, reason="why")

    return call


def _record(who: Who, name: str) -> Any:
    return of("cases.record_wearer")(**who, wearer=wearer(name))


def _order(who: Who, name: str) -> Any:
    return of("cases.record_order")(**who, order=order(wearer=name))


def _document(who: Who, name: str) -> Any:
    content = write_cases((Case(wearer(name)),))
    return of("case_import.import_orders")(**who, content=content)


def _trail(who: Who, name: str) -> Any:
    return of("trails.trail")(**who, name=name, period=lately())


def _near(who: Who, _name: str) -> Any:
    place = {"latitude": 53.0, "longitude": -1.5, "radius_m": 100.0}
    return of("trails.near")(**who, **place, period=lately())


def _meetings(who: Who, _name: str) -> Any:
    given = {**who, "authority": who["authority"] or "operation 1"}
    return of("meetings.meetings")(**given, period=lately())


def _positions(who: Who, _name: str) -> Any:
    from tipstaff.positions.mappings import shipped_mapping

    path = FOLDER[0] / "positions.csv"
    path.write_text("device_id,fix_time,latitude,longitude\nd1,2026-01-05T12:00:00Z,53.0,-1.5\n")
    return of("positions.import_positions")(**who, path=path, mapping=shipped_mapping("tipstaff"))


def _folder(who: Who, _name: str) -> Any:
    from tipstaff.positions.mappings import shipped_mapping
    from tipstaff.services.inbox import open_inbox

    path = FOLDER[0] / "watched.csv"
    path.write_text("device_id,fix_time,latitude,longitude\nd1,2026-01-05T12:00:00Z,53.0,-1.5\n")
    given = {"path": path, "mapping": shipped_mapping("tipstaff")}
    with open_inbox() as inbox:
        return of("folder_intake.take_in_file")(**who, **given, inbox=inbox)


def _monitor(who: Who, _name: str) -> Any:
    with of("live_work.monitor")(**who) as watch:
        return len(watch.ready)


def _broker(who: Who, _name: str) -> Any:
    from tipstaff.services.inbox import open_inbox

    with open_inbox() as inbox:
        return of("broker_intake.open_broker_intake")(
            **who, broker="hub", suppliers=["tipstaff"], inbox=inbox
        )


def _backup(who: Who, _name: str) -> Any:
    out = FOLDER[0] / "sample.backup"
    out.unlink(missing_ok=True)
    return of("backup.back_up")(**who, out=out, recipients=[f"{key()}.pub"])


def _crime_files(who: Who, _name: str) -> Any:
    taken = of("crime_files.import_crime_files")(**who, contents=[CRIMES])
    return list(taken.done)


def _mail(who: Who, _name: str) -> Any:
    from made_mails import RULES, mail

    from tipstaff.services.mail_ledger import MailLedger

    given = {"raw": mail(CRIMES), "rules": RULES, "ledger": MailLedger(FOLDER[0] / "crime-mail")}
    return of("crime_mails.take_in_mail")(**who, **given)


#: A crime file of Durham's.
CRIMES = b"Durham,BIAD,,DUR20260101,a,20260101220000,20260102060000,427000,542000,,,OSGB36,\r\n"


def _reading(who: Who, name: str) -> Any:
    told = TrailReading(
        "Durham",
        "a",
        1,
        name,
        Reading.CANNOT_TELL,
        "few fixes",
        "",
        datetime(2026, 1, 1, tzinfo=UTC),
    )
    return of("readings.record_reading")(**who, run_id=NONE_SUCH, told=told)


def _token(who: Who, _name: str) -> Any:
    from tipstaff.services.api_tokens import WantedToken

    return of("api_tokens.add_token")(**who, wanted=WantedToken("sampled", frozenset({"read"})))


_TRAINED = {"username": "sampled", "course": Course.CRIME_MATCHING_REVIEW}
_BOTH_OF = {"batch": "none", "every": False, "error": ERROR_MODEL_SIMULATED}

SAMPLES: Mapping[str, Sample] = {
    **ALERT_SAMPLES,
    **CASE_SAMPLES,
    **DEVICE_SAMPLES,
    **RECORD_SAMPLES,
    "accounts.add_account": Sample(_duty),
    "accounts.change_account": Sample(_change),
    "accounts.close_account": Sample(
        plain("accounts.close_account", username="nobody", reason="why")
    ),
    "accounts.list_accounts": Sample(plain("accounts.list_accounts")),
    "accounts.account_history": Sample(plain("accounts.account_history", username="tester")),
    "training.record_training": Sample(
        plain("training.record_training", **_TRAINED, completed_on=date(2026, 1, 1))
    ),
    "training.withdraw_training": Sample(
        plain("training.withdraw_training", **_TRAINED, reason="why")
    ),
    "teams.add_team": Sample(plain("teams.add_team", name="sampled")),
    "teams.close_team": Sample(plain("teams.close_team", name="nobody", reason="why")),
    "teams.list_teams": Sample(plain("teams.list_teams")),
    "teams.record_force": Sample(
        plain("teams.record_force", force=ForceFact("Dorset", "DOR", "Dorset Police"))
    ),
    "law_in_force.list_eligibility_rules": Sample(plain("law_in_force.list_eligibility_rules")),
    "law_in_force.show_retention_policy": Sample(plain("law_in_force.show_retention_policy")),
    "daily_digests.tell_digests": Sample(plain("daily_digests.tell_digests")),
    "holds.list_holds": Sample(plain("holds.list_holds")),
    "law_in_force.show_protocols": Sample(plain("law_in_force.show_protocols")),
    "teams.list_forces": Sample(plain("teams.list_forces")),
    "assignments.assign_case": Sample(_assign, Aim.WEARER),
    "assignments.end_assignment": Sample(
        plain("assignments.end_assignment", assignment=NONE_SUCH, reason="why")
    ),
    "assignments.list_assignments": Sample(aimed("assignments.list_assignments"), Aim.WEARER),
    "grants.grant_access": Sample(
        lambda who, name: of("grants.grant_access")(
            **who, username="tester", wearer=name, reason="why"
        )
    ),
    "grants.revoke_access": Sample(plain("grants.revoke_access", grant=NONE_SUCH, reason="why")),
    "grants.list_grants": Sample(plain("grants.list_grants")),
    "permits.ask_permit": Sample(_wanted("ask_permit")),
    "permits.break_glass": Sample(_wanted("break_glass")),
    "permits.decide_permit": Sample(plain("permits.decide_permit", permit=NONE_SUCH, approve=True)),
    "permits.review_break_glass": Sample(
        plain("permits.review_break_glass", permit=NONE_SUCH, justified=True, reason="why")
    ),
    "permits.list_permits": Sample(plain("permits.list_permits")),
    "api_tokens.add_token": Sample(_token),
    "api_tokens.end_token": Sample(plain("api_tokens.end_token", token_id="0" * 16)),
    "api_tokens.list_tokens": Sample(plain("api_tokens.list_tokens")),
    "audit.list_audit": Sample(plain("audit.list_audit", limit=1)),
    "audit.list_told": Sample(plain("audit.list_told", limit=1)),
    "case_view.show_case": Sample(aimed("case_view.show_case"), Aim.WEARER),
    "case_view.list_orders": Sample(plain("case_view.list_orders"), Aim.LIST),
    "cases.record_wearer": Sample(_record, Aim.REFERENCE),
    "cases.record_order": Sample(_order, Aim.WEARER),
    "case_import.import_orders": Sample(_document, Aim.REFERENCE),
    "activations.import_activations": Sample(
        plain("activations.import_activations", supplier="tipstaff", incoming=[]), Aim.SUPPLIER
    ),
    "positions.import_positions": Sample(_positions, Aim.SUPPLIER),
    "folder_intake.take_in_file": Sample(_folder, Aim.SUPPLIER),
    "broker_intake.open_broker_intake": Sample(_broker),
    "inbox_drain.drain_to_archive": Sample(plain("inbox_drain.drain_to_archive")),
    "live_work.monitor": Sample(_monitor),
    "doctor.examine": Sample(plain("doctor.examine")),
    "fleet_health.fleet_health": Sample(plain("fleet_health.fleet_health")),
    "fleet_health.last_positions": Sample(plain("fleet_health.last_positions"), Aim.LIST),
    "zone_lists.list_zones": Sample(_zones, Aim.WEARER, _zoned),
    "unread_messages.list_unread": Sample(plain("unread_messages.list_unread")),
    "unread_messages.count_unread": Sample(plain("unread_messages.count_unread")),
    "unread_messages.show_unread": Sample(plain("unread_messages.show_unread", number=1)),
    "unread_again.replay_unread": Sample(
        plain("unread_again.replay_unread", wanted=UnreadWanted(number=1))
    ),
    "trails.trail": Sample(_trail, Aim.WEARER),
    "trails.near": Sample(_near),
    "meetings.meetings": Sample(_meetings),
    "crimes.import_crimes": Sample(plain("crimes.import_crimes", content=CRIMES), Aim.FORCE),
    "crime_mails.take_in_mail": Sample(_mail),
    "crime_files.import_crime_files": Sample(_crime_files, Aim.FORCE),
    "matching.match_batch": Sample(plain("matching.match_batch", **_BOTH_OF)),
    "crime_lists.list_batches": Sample(plain("crime_lists.list_batches")),
    "crime_lists.list_crimes": Sample(plain("crime_lists.list_crimes", batch=NONE_SUCH)),
    "readings.review_run": Sample(plain("readings.review_run", run_id=NONE_SUCH)),
    "readings.count_to_read": Sample(plain("readings.count_to_read")),
    "readings.record_reading": Sample(_reading, Aim.WEARER),
    "matching.run_tables": Sample(plain("matching.run_tables", run_id=NONE_SUCH)),
    "pending.pending": Sample(plain("pending.pending")),
    "pending.list_changes": Sample(plain("pending.list_changes", run_id=NONE_SUCH)),
    "runs.begin_search": Sample(plain("runs.begin_search", batch="none", extent={})),
    "runs.read_run": Sample(plain("runs.read_run", run_id=NONE_SUCH)),
    "runs.list_runs": Sample(plain("runs.list_runs")),
    "upkeep.compact_archive": Sample(plain("upkeep.compact_archive", keep_hours=24)),
    "backup.back_up": Sample(_backup),
}

_CHORES = {
    "chores.chores_done": "each chore goes through its own use case, as the worker's account",
    "chores.do_if_due": "the same, of one",
}
#: Functions that take an actor and are no use case of their own: why.
PARTS: Mapping[str, str] = {
    "access.admit": "what every use case asks first",
    "access.admit_to": "the same, for the operation of its row",
    "crimes.admit_import": "the first part of import_crimes and import_crime_files",
    **_CHORES,
}

#: What commands call without an actor: why nobody is asked who they are.
WITHOUT_ACTOR: Mapping[str, str] = {
    **_CHORES,
    "audit.verify_audit": "shows nothing of any entry: whether the chain holds",
    "soundness.check_instance": "shows nothing of anybody: whether the instance is whole",
    "own_codes.open_own_page": "tries a wearer's code, before anybody is known; it shows nothing",
    "own_codes.refuse_own_page": "records that a try was not let through; it shows nothing",
    "own_codes.account_of": "the name of an account, from a reference that is known already",
    "own_page.to_take_back": "picks from consents that were shown",
    "error_models.error_model_named": "reads a file of numbers about tags, about nobody",
    "error_models.instance_error_model": "the same, of the settings",
    "error_models.rulebook": "numbers of rules",
    "inbox.open_inbox": "the writer's side of the inbox, for use cases and feeds with keys",
    "inbox.inbox_reader": "asked by 'intake status' how much there is: numbers, about nobody",
    "instance.open_instance": "opens the folder; asks nothing of it",
    "sign_in_entries.forget_old": "removes sessions that ran out, whoever starts the server",
    "instance.init_instance": "whoever can run it owns the folder; it makes the first account",
    "notice_worker.deliver_all": "sends what is due to whom it is for; shows nothing",
    "notice_worker.keep_delivering": "the same, for as long as the process lives",
    "beside.beside": "runs what others do in threads",
    "long_lived.rarely_searched": "a setting of the process: how it looks for what it can forget",
    "long_lived.left_out": "the same, of a server",
    "account_outcomes.clock": "the time of this machine",
    "readiness.what_is_away": "asked by /health/ready: whether stores can be reached, about nobody",
    "notices.how_it_stands": "asked by 'notices status': numbers, about nobody",
    "restore.restore": "whoever has the key of the backup has the data",
}
