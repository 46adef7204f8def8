"""`tipstaff intake`: suppliers' messages, from their arrival to the archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tipstaff.cli.instance_errors import (
    NOTHING_DONE,
    SOME_BAD,
    AuthorityOption,
    PurposeOption,
    on_instance,
)
from tipstaff.cli.position_files import MappingOption, load_mapping

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.services.folder_intake import TakenFile

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def intake() -> None:
    """Take suppliers' messages in, and bring them into the archive.

    A sender hears "received" only once its messages are on the disk. `tipstaff serve` takes
    messages in as well; one process of an instance does.
    """


@app.command("serve")
def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, help="The port; 0 takes a free one.")
    ] = 8001,
) -> None:
    """Take messages in over HTTP until Ctrl-C, without the pages for browsers.

    `/intake/openapi.json` says how to send. On this machine alone it speaks plain http; behind a
    proxy set `web_url` and `web_proxy`.

    Try: `tipstaff intake serve --port 8001`

    **Exit codes**: 0 ended; 2 it may not or cannot listen there, or another process takes messages
    in; 3 not set up.
    """
    with on_instance() as values:
        from tipstaff.cli.intake_serving import taking_in
        from tipstaff.web import server

        try:
            listening = server.listen(values, host, port)
        except server.NotServableError as refused:
            typer.echo(refused.action, err=True)
            raise typer.Exit(NOTHING_DONE) from None
        with taking_in(values) as application:
            where = values.web_url or f"http://localhost:{listening.getsockname()[1]}"
            typer.echo(f"Tipstaff takes messages in at {where}/intake/   (Ctrl-C ends)")
            try:
                server.serve(values, listening, application, pages=False)
            except KeyboardInterrupt:
                typer.echo("")


@app.command("folder")
def folder(
    watched: Annotated[
        Path, typer.Argument(metavar="FOLDER", exists=True, file_okay=False, help="To be watched.")
    ],
    purpose: PurposeOption,
    mapping: MappingOption = "tipstaff",
    once: Annotated[
        bool, typer.Option("--once", help="Take in what is there, without waiting, and end.")
    ] = False,
    every_s: Annotated[
        float, typer.Option("--every", min=0.1, help="Seconds between two looks.")
    ] = 5.0,
    authority: AuthorityOption = "",
) -> None:
    """Take in the files that appear in a folder, until Ctrl-C, and put each aside.

    CSV, JSON lines and Parquet by the mapping; `.gpx` and `.geojson` by themselves, the device
    being the file's name where nothing else says it. A file is taken in once it has not changed for
    two seconds, and goes to `done`, or to `failed` where nothing of it could be read.

    Try: `tipstaff intake folder /srv/feed --mapping national --purpose system_administration`

    **Exit codes**: 0 ended, all good; 1 some rows or files were bad (with --once); 2 nothing could
    be done, or another process takes messages in; 3 not set up; 4 refused.
    """
    read_by = load_mapping(mapping)
    with on_instance() as values:
        from tipstaff.feeds.folder import Watched, watch
        from tipstaff.services.folder_intake import take_in_file
        from tipstaff.services.inbox import open_inbox
        from tipstaff.web import log_lines

        log_lines.to_stderr()
        bad: list[Path] = []
        with open_inbox() as inbox:

            def take(path: Path) -> bool:
                taken = take_in_file(
                    actor=values.actor,
                    purpose=purpose,
                    authority=authority,
                    path=path,
                    mapping=read_by,
                    inbox=inbox,
                )
                _tell(path, taken)
                if taken.unread:
                    bad.append(path)
                return taken.read > 0 or not taken.fault

            if once:
                Watched(watched, settled_s=0.0).step(take, 0.0)
            else:
                watch(Watched(watched), take, every_s)
    if bad:
        raise typer.Exit(SOME_BAD)


def _tell(path: Path, taken: TakenFile) -> None:
    typer.echo(
        f"{path.name}: {taken.new} new, {taken.repeated} known already, {taken.held} of devices "
        f"that nobody is known to have, {taken.unread} could not be read"
        + (f" ({taken.fault})" if taken.fault else "")
    )


@app.command("mqtt")
def mqtt(purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """Take in what suppliers publish on the brokers that `mqtt_brokers` names, until Ctrl-C.

    A message is acknowledged once it is on the disk. A broker that is gone is called again, at most
    a minute apart; it keeps what comes meanwhile.

    Try: `tipstaff intake mqtt --purpose system_administration`

    **Exit codes**: 0 ended; 2 the file of brokers is bad, a broker refuses, or another process
    takes messages in; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.cli.intake_brokers import take_from_brokers

        take_from_brokers(values, purpose, authority)


@app.command("drain")
def drain(purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """Bring what is in the inbox into the archive; what was brought before adds nothing.

    Fixes of devices whose clock is wrong go to the quarantine, events into files of their own. To
    be run every few minutes, while messages are taken in too.

    Try: `tipstaff intake drain --purpose system_administration`

    **Exit codes**: 0 all good; 1 some fixes were quarantined; 2 nothing could be done; 3 not set
    up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.inbox_drain import drain_to_archive

        done = drain_to_archive(actor=values.actor, purpose=purpose, authority=authority)
    typer.echo(
        f"{done.messages} messages: {done.new_fixes} fixes new to the archive, "
        f"{done.repeated_fixes} held already, {done.events} events"
    )
    if done.dropped:
        typer.echo(f"{done.dropped} messages may not be kept any longer, and were not")
    if done.wrong_clock or done.withheld:
        typer.echo(
            f"quarantined: {done.wrong_clock} fixes whose clock is wrong, {done.withheld} of "
            "devices that nobody is known to have any longer",
            err=True,
        )
        raise typer.Exit(SOME_BAD)


@app.command("unread")
def unread(
    purpose: PurposeOption,
    after: Annotated[int, typer.Option("--after", help="Begin after this number.")] = 0,
    authority: AuthorityOption = "",
) -> None:
    """Print what could not be read, a line each: number, supplier, feed, reason, field, the bytes.

    The bytes are shown as text with what is no text escaped. They are kept for thirty days.

    Try: `tipstaff intake unread --purpose system_administration`

    **Exit codes**: 0 told; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.unread_messages import list_unread

        found = list_unread(actor=values.actor, purpose=purpose, authority=authority, after=after)
    for row in found:
        raw = bytes(row.raw).decode(errors="backslashreplace")
        told = (row.number, row.supplier, row.feed, row.reason, row.field or "-", repr(raw))
        typer.echo("\t".join(map(str, told)))


@app.command("unread-kinds")
def unread_kinds(purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """Print how many could not be read, a line each: supplier, feed, reason, how many.

    Nothing of what they say.

    Try: `tipstaff intake unread-kinds --purpose system_administration`

    **Exit codes**: 0 told; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.unread_messages import count_unread

        found = count_unread(actor=values.actor, purpose=purpose, authority=authority)
    for one in found.kinds:
        typer.echo("\t".join((one.supplier, one.feed, one.reason, str(one.messages))))


@app.command("read-again")
def read_again(
    purpose: PurposeOption,
    supplier: Annotated[str, typer.Option("--supplier", help="Of this supplier alone.")] = "",
    feed: Annotated[str, typer.Option("--feed", help="Of this feed alone.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Of this reason alone.")] = "",
    number: Annotated[
        int, typer.Option("--number", min=0, max=2**31 - 1, help="This one alone.")
    ] = 0,
    authority: AuthorityOption = "",
) -> None:
    """Read messages again that could not be read, once what was wrong here is mended.

    They are judged as of when they came. What can be read is taken in within seconds while messages
    are taken in; done again it adds nothing.

    Try: `tipstaff intake read-again --reason NOT_JSON --purpose system_administration`

    **Exit codes**: 0 all could be read; 1 some could not; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.positions.inbox_again import UnreadWanted
        from tipstaff.services.unread_again import replay_unread

        wanted = UnreadWanted(supplier, feed, reason, number)
        done = replay_unread(
            actor=values.actor, purpose=purpose, authority=authority, wanted=wanted
        )
    typer.echo(
        f"{done.read} of {done.looked} read: {done.messages} messages to be taken in, "
        f"{done.dropped} that may not be kept"
    )
    if done.read < done.looked:
        typer.echo(
            f"not read: {done.still} still cannot be, {done.waiting} of devices that nobody is "
            f"known to have, {done.never} that only their sender can send again",
            err=True,
        )
        raise typer.Exit(SOME_BAD)


@app.command("status")
def status() -> None:
    """Say how much is in the inbox, how far it is read, and what was not taken in.

    Numbers alone, about nobody.

    Try: `tipstaff intake status`

    **Exit codes**: 0 told; 3 not set up.
    """
    with on_instance():
        from tipstaff.services.inbox import inbox_reader
        from tipstaff.services.inbox_drain import ARCHIVE_READER

        reader = inbox_reader()
        if not reader.exists():
            typer.echo("nothing was ever received")
            return
        state, mark = reader.state(), reader.mark(ARCHIVE_READER)
    typer.echo(f"messages {state.first} to {state.last}, in {state.segments} segments")
    typer.echo(f"not in the archive yet: {max(0, state.last - mark.through)}")
    typer.echo(f"held, of devices that nobody is known to have: {state.held}")
    typer.echo(f"could not be read: {state.unread}")
    for reason, messages in state.dropped.items():
        typer.echo(f"not kept ({reason}): {messages}")
