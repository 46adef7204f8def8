"""`tipstaff consent`: withdraw a consent with effect at once, and print a person's copy."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.given_times import INSTANT_HELP, instant
from tipstaff.cli.instance_errors import NOTHING_DONE, AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import fail
from tipstaff.cli.problem_output import tell_problems
from tipstaff.domain.consent_texts import Language
from tipstaff.domain.consents import WithdrawnBy

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")
WearerArgument = Annotated[str, typer.Argument(metavar="WEARER", help="The wearer's reference.")]
ReferenceArgument = Annotated[
    str, typer.Argument(metavar="REF", help="The consent's reference in the wearer's case.")
]


@app.callback()
def consent() -> None:
    """Withdraw consents, and print what is left with the person. `import orders` records them."""


@app.command("withdraw")
def withdraw(
    wearer: WearerArgument,
    reference: ReferenceArgument,
    purpose: PurposeOption,
    told_to: Annotated[str, typer.Option("--told-to", help="Who was told of it.")],
    how: Annotated[
        WithdrawnBy, typer.Option("--how", help="How it was told.")
    ] = WithdrawnBy.IN_PERSON,
    authority: AuthorityOption = "",
    at: Annotated[
        str, typer.Option("--at", help=f"When it was told, if before now: {INSTANT_HELP}")
    ] = "",
) -> None:
    """Withdraw a consent. From that instant on nothing may be collected under it.

    Voluntary orders end, the original licence comes back where an order says so, and activations
    end. No reason is asked for.

    Try: `tipstaff consent withdraw W0001 C1 --told-to "A Officer" --purpose offender_management`

    **Exit codes**: 0 withdrawn; 2 it could not be; 3 not set up; 4 refused.
    """
    moment = instant(at, "--at")
    with on_instance() as values:
        from tipstaff.services.consents import withdraw_consent

        done = withdraw_consent(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wearer=wearer,
            reference=reference,
            how=how,
            told_to=told_to,
            at=moment,
        )
    tell_problems(done.problems)
    if done.problems:
        raise typer.Exit(NOTHING_DONE)
    typer.echo(f"withdrawn from {done.at:%Y-%m-%dT%H:%M:%SZ} on")
    _tell("orders ended", done.orders_ended)
    _tell("licences restored", done.licences_restored)
    typer.echo(f"activations ended: {done.activations_ended}")
    if done.still_supported_by:
        _tell("activations go on under", done.still_supported_by)
    tell_problems(done.consequences, "now lacking: ")


@app.command("copy")
def copy(
    wearer: WearerArgument,
    reference: ReferenceArgument,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    language: Annotated[
        Language | None,
        typer.Option("--language", help="en or cy; left out: the one it was put in."),
    ] = None,
    as_html: Annotated[
        bool, typer.Option("--html", help="A page of HTML, not plain text.")
    ] = False,
) -> None:
    """Print the person's copy: what was agreed, what it gives and costs, how to stop.

    The Welsh awaits a qualified translator's review, and says so.

    Try: `tipstaff consent copy W0001 C1 --language cy --purpose offender_management > copy.txt`

    **Exit codes**: 0 printed; 2 none of that reference, or its words are not ours; 3 not set up;
    4 refused.
    """
    with on_instance() as values:
        from tipstaff.formats.consent_copy import html_copy, plain_copy
        from tipstaff.services.consents import copy_for

        found = copy_for(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wearer=wearer,
            reference=reference,
            language=language,
        )
        if found is None:
            raise fail("No copy can be made: no such consent, or its text is kept elsewhere.")
        typer.echo(html_copy(found) if as_html else plain_copy(found), nl=False)


def _tell(what: str, names: tuple[str, ...]) -> None:
    typer.echo(f"{what}: {', '.join(names) or 'none'}")
