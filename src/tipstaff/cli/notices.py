"""`tipstaff notices`: where people are told of alerts, what got through, and what did not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tipstaff.cli.given_times import INSTANT_HELP, instant
from tipstaff.cli.instance_errors import (
    ALL_GOOD,
    SOME_BAD,
    AuthorityOption,
    PurposeOption,
    on_instance,
)
from tipstaff.cli.outcome_output import ReasonOption, key_of, tell, until
from tipstaff.domain.protocols import Means, Recipient

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.records.notice_lists import NoticeLine

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="Its key, as the list prints it.")]


@app.callback()
def notices() -> None:
    """Notices of alerts: whom they go to, what became of them, and the worker that sends them."""


@app.command("contact")
def contact(
    recipient: Annotated[Recipient, typer.Argument(help="Who is told, by their part.")],
    means: Annotated[Means, typer.Argument(help="By what: email, text or webhook.")],
    address: Annotated[str, typer.Argument(help="The address or number.")],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    force: Annotated[
        str, typer.Option("--force", help="For wearers of this force alone; else of all.")
    ] = "",
    starts: Annotated[str, typer.Option("--from", help=f"From when: {INSTANT_HELP}")] = "",
    ends: Annotated[str, typer.Option("--to", help=f"Up to when: {INSTANT_HELP}")] = "",
    reason: ReasonOption = "",
) -> None:
    """Record where somebody is told of alerts. Then send a test: `tipstaff notices test KEY`.

    Try: `tipstaff notices contact shift_lead text 07700900123 --purpose system_administration`

    **Exit codes**: 0 recorded; 2 nothing was changed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.notices import Wanted, add_notice_contact

        start, end = instant(starts, "--from"), instant(ends, "--to")
        wanted = Wanted(recipient, means, address, force or None, start, end)
        outcome = add_notice_contact(
            actor=values.actor, purpose=purpose, authority=authority, wanted=wanted, reason=reason
        )
    tell(outcome, "Recorded")


@app.command("end-contact")
def end_contact(
    key: KeyArgument, reason: ReasonOption, purpose: PurposeOption, authority: AuthorityOption = ""
) -> None:
    """End a contact: nobody is told there from now on.

    **Exit codes**: 0 ended; 2 nothing was changed; 3 not set up; 4 refused.
    """
    contact_id = key_of(key)
    with on_instance() as values:
        from tipstaff.services.notices import end_notice_contact

        outcome = end_notice_contact(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            contact=contact_id,
            reason=reason,
        )
    tell(outcome, "Ended")


@app.command("contacts")
def contacts(purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """List contacts, ended ones too.

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.notices import list_notice_contacts

        found = list_notice_contacts(actor=values.actor, purpose=purpose, authority=authority)
    for line in found:
        one = line.contact
        ended = "" if line.ended_at is None else f"  ended {line.ended_at:%Y-%m-%d %H:%M}"
        whose = one.force or "all forces"
        told = f"{line.ref}  {one.recipient} by {one.means} at {one.address}  ({whose})"
        typer.echo(f"{told}  {until(one.ends_at)}{ended}")


@app.command("test")
def send_test(key: KeyArgument, purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """Send a test to a contact, now; it is about nobody.

    **Exit codes**: 0 it was taken; 2 it was not; 3 not set up; 4 refused.
    """
    contact_id = key_of(key)
    with on_instance() as values:
        from tipstaff.services.notices import try_notice_contact

        outcome = try_notice_contact(
            actor=values.actor, purpose=purpose, authority=authority, contact=contact_id
        )
    tell(outcome, "Taken for")


@app.command("list")
def list_them(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    most: Annotated[int, typer.Option("--most", min=1, max=200, help="How many lines.")] = 100,
) -> None:
    """List notices that go out, the latest first, and what became of each.

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.notices import list_notices

        found = list_notices(actor=values.actor, purpose=purpose, authority=authority, most=most)
    _print(found)


@app.command("dead")
def dead(purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """List notices that did not get through: somebody has to be told another way.

    **Exit codes**: 0 there are none; 1 there are; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.notices import list_notices

        found = list_notices(
            actor=values.actor, purpose=purpose, authority=authority, dead=True, most=200
        )
    _print(found)
    raise typer.Exit(SOME_BAD if found else ALL_GOOD)


@app.command("retry")
def retry(
    key: KeyArgument, reason: ReasonOption, purpose: PurposeOption, authority: AuthorityOption = ""
) -> None:
    """Send a dead notice again, to those who do not have it.

    **Exit codes**: 0 queued; 2 nothing was changed; 3 not set up; 4 refused.
    """
    notice = key_of(key)
    with on_instance() as values:
        from tipstaff.services.notices import retry_notice

        outcome = retry_notice(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            notice=notice,
            reason=reason,
        )
    tell(outcome, "Queued")


@app.command("status")
def status() -> None:
    """Say how the outbox stands, and which means are not set up: numbers, about nobody.

    **Exit codes**: 0 nothing is dead, late or failing; 1 something is; 3 not set up.
    """
    with on_instance():
        from tipstaff.services.account_outcomes import clock
        from tipstaff.services.notices import how_it_stands

        found = how_it_stands(clock())
    for state, count in found.counts.items():
        typer.echo(f"{state}: {count}")
    if found.waited is not None:
        typer.echo(f"the oldest that is due waits for {found.waited.total_seconds():.0f} s")
    for means, fault in found.faults.items():
        typer.echo(f"NOT SET UP: {means}: {fault}. Notices by it do not get through.", err=True)
    raise typer.Exit(ALL_GOOD if found.is_well else SOME_BAD)


@app.command("deliver")
def deliver(
    once: Annotated[
        bool, typer.Option("--once", help="Stop when nothing more is due, instead of waiting.")
    ] = False,
) -> None:
    """Send what is due, and go on until it is interrupted. Several may run; none sends twice.

    **Exit codes**: 0 done (with `--once`); 3 not set up; 130 interrupted.
    """
    with on_instance():
        import threading

        from tipstaff.services.notice_worker import deliver_all, keep_delivering
        from tipstaff.web import log_lines

        log_lines.to_stderr()
        if once:
            deliver_all()
        else:
            keep_delivering(threading.Event())


def _print(found: list[NoticeLine]) -> None:
    for line in found:
        whom = f"{line.wearer or '(limited access)'}, alert {line.alert}"
        whom = whom if line.run is None else f"run {line.run}"
        whom = whom if line.day is None else f"crime files of {line.day}"
        what = f"{line.step} to {line.recipient} by {line.means}, {line.severity.name.lower()}"
        why = f" {line.reason}" if line.reason else ""
        proof = "" if line.last is None else f"  {line.last.reference or line.last.words}"
        head = f"{line.ref}  {line.queued_at:%Y-%m-%d %H:%M:%S}  {whom}  {what}"
        typer.echo(f"{head}  {line.state}{why}{proof.rstrip()}")
