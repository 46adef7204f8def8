"""`tipstaff accounts`: who may use the installation, in which role, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.outcome_output import ReasonOption, day_of, tell, until
from tipstaff.cli.position_files import fail, parse_instant
from tipstaff.domain.roles import COURSE_WORDS, ROLE_WORDS, Course, Role

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.records.accounts import PostFact
    from tipstaff.services.accounts import AccountHistory, Duty

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")

_ROLES = "; ".join(f"{role}: {words}" for role, words in ROLE_WORDS.items())
_COURSES = "; ".join(f"{course}: {words}" for course, words in COURSE_WORDS.items())
NameArgument = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's name.")]
RoleOption = Annotated[
    Role, typer.Option("--role", metavar="ROLE", help=f"What the person comes for. {_ROLES}.")
]
DisplayOption = Annotated[
    str, typer.Option("--display-name", help="The person's name as others see it.")
]
ForceOption = Annotated[
    str, typer.Option("--force", help="The police force: its identifier, as Durham.")
]
TeamOption = Annotated[str, typer.Option("--team", help="The team, by its name.")]
OrganisationOption = Annotated[
    str, typer.Option("--organisation", help="The agency; of a tag supplier: its name.")
]
WearerOption = Annotated[
    str, typer.Option("--wearer", help="Of a wearer's own account: their reference.")
]
FromOption = Annotated[
    str, typer.Option("--from", metavar="TIME", help="From when it may be used. Default: now.")
]
ToOption = Annotated[
    str, typer.Option("--to", metavar="TIME", help="Up to when. Default: without an end.")
]
CourseOption = Annotated[
    Course, typer.Option("--course", metavar="COURSE", help=f"The training. {_COURSES}.")
]


@app.callback()
def accounts() -> None:
    """Make, change and close accounts; record training; see what each was allowed, and when.

    An account has a post: a role, and the force, team or organisation it acts for. Nothing is
    edited: the next post follows the last one. Passwords and sign-in are apart.
    """


@app.command("add")
def add(
    name: NameArgument,
    role: RoleOption,
    display: DisplayOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    force: ForceOption = "",
    team: TeamOption = "",
    organisation: OrganisationOption = "",
    wearer: WearerOption = "",
    start: FromOption = "",
    end: ToOption = "",
    reason: ReasonOption = "",
) -> None:
    """Make an account with its first post.

    Try: `tipstaff accounts add ann --role offender_manager --force Durham --display-name
    "Ann Example" --purpose system_administration`

    **Exit codes**: 0 made; 2 nothing was changed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.accounts import add_account

        duty = _duty(role, display, force, team, organisation, wearer, start, end)
        outcome = add_account(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            username=name,
            duty=duty,
            reason=reason,
        )
    tell(outcome, "Made")


@app.command("change")
def change(
    name: NameArgument,
    role: RoleOption,
    display: DisplayOption,
    reason: ReasonOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    force: ForceOption = "",
    team: TeamOption = "",
    organisation: OrganisationOption = "",
    wearer: WearerOption = "",
    start: FromOption = "",
    end: ToOption = "",
) -> None:
    """Give an account another post, whole, from now on; the one before stays on record.

    Try: `tipstaff accounts change ann --role iom_coordinator --force Durham --display-name
    "Ann Example" --reason promoted --purpose system_administration`

    **Exit codes**: 0 changed; 2 nothing was changed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.accounts import change_account

        duty = _duty(role, display, force, team, organisation, wearer, start, end)
        outcome = change_account(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            username=name,
            duty=duty,
            reason=reason,
        )
    tell(outcome, "Changed")


@app.command("close")
def close(
    name: NameArgument,
    reason: ReasonOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Close an account: from now on it may do nothing. What it did stays on record.

    Try: `tipstaff accounts close ann --reason "left the force" --purpose system_administration`

    **Exit codes**: 0 closed; 2 nothing was changed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.accounts import close_account

        outcome = close_account(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            username=name,
            reason=reason,
        )
    tell(outcome, "Closed")


@app.command("train")
def train(
    name: NameArgument,
    course: CourseOption,
    completed: Annotated[
        str, typer.Option("--completed", metavar="DAY", help="The day on which it was completed.")
    ],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    valid: Annotated[
        str,
        typer.Option("--until", metavar="DAY", help="The first day on which it holds no more."),
    ] = "",
) -> None:
    """Record training. Whoever matches crimes or reads the answers needs it, in force.

    Try: `tipstaff accounts train ann --course crime_matching_review --completed 2026-03-02
    --until 2027-03-02 --purpose system_administration`

    **Exit codes**: 0 recorded; 2 nothing was changed; 3 not set up; 4 refused.
    """
    done_on = day_of("--completed", completed)
    last = day_of("--until", valid) if valid else None
    with on_instance() as values:
        from tipstaff.services.training import record_training

        outcome = record_training(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            username=name,
            course=course,
            completed_on=done_on,
            valid_until=last,
        )
    tell(outcome, "Recorded")


@app.command("untrain")
def untrain(
    name: NameArgument,
    course: CourseOption,
    reason: ReasonOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Record that somebody's training no longer holds, from now on.

    **Exit codes**: 0 recorded; 2 nothing was changed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.training import withdraw_training

        outcome = withdraw_training(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            username=name,
            course=course,
            reason=reason,
        )
    tell(outcome, "Recorded")


@app.command("list")
def list_them(
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many accounts.")] = 100,
    after: Annotated[str, typer.Option("--after", help="Go on after this name.")] = "",
) -> None:
    """List accounts by name: role, force, until when.

    **Exit codes**: 0 listed; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.accounts import list_accounts

        lines = list_accounts(
            actor=values.actor, purpose=purpose, authority=authority, limit=limit, after=after
        )
    for line in lines:
        typer.echo(f"{line.username}  {_post(line.post)}")
    if len(lines) == limit:
        typer.echo(f"next: {lines[-1].username}")


@app.command("history")
def history(name: NameArgument, purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """Show what an account was allowed and when: posts, training, grants, who recorded each.

    **Exit codes**: 0 shown; 2 no such account; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.services.accounts import account_history

        found = account_history(
            actor=values.actor, purpose=purpose, authority=authority, username=name
        )
    if found is None:
        raise fail("There is no account of that name: tipstaff accounts list shows them.")
    _show(found)


def _show(found: AccountHistory) -> None:
    for post in found.posts:
        typer.echo(f"{post.recorded_at:%Y-%m-%d %H:%M} UTC  {_post(post)}  {post.reason}")
    for training in found.trainings:
        end = "" if training.ended_at is None else f", withdrawn {training.ended_at:%Y-%m-%d}"
        last = "" if training.valid_until is None else f", not from {training.valid_until} on"
        typer.echo(f"training {training.course} of {training.completed_on}{last}{end}")
    for grant in found.grants:
        end = "" if grant.ended_at is None else f", revoked {grant.ended_at:%Y-%m-%d %H:%M} UTC"
        what = "all records of limited access" if grant.every else grant.wearer or "one wearer"
        typer.echo(
            f"grant {grant.ref} for {what} from {grant.starts_at:%Y-%m-%d %H:%M} UTC "
            f"{until(grant.ends_at)}{end}"
        )


def _post(post: PostFact | None) -> str:
    if post is None:
        return "no post: may do nothing"
    whose = ", ".join(part for part in (post.force, post.organisation) if part)
    of = f" ({whose})" if whose else ""
    return f"{post.role}{of}  {post.display_name}  {until(post.active_to)}"


def _duty(
    role: Role,
    display: str,
    force: str,
    team: str,
    organisation: str,
    wearer: str,
    start: str,
    end: str,
) -> Duty:
    from tipstaff.services.accounts import Duty

    return Duty(
        role=role,
        display_name=display,
        force=force or None,
        team=team or None,
        organisation=organisation,
        wearer=wearer or None,
        active_from=parse_instant("--from", start) if start else None,
        active_to=parse_instant("--to", end) if end else None,
    )
