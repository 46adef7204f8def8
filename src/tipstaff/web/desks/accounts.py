"""Accounts, teams, forces and training: who may do what here."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from tipstaff.domain.forces import ForceFact
from tipstaff.domain.roles import Course, Role
from tipstaff.records.accounts import AccountLine
from tipstaff.services import accounts, sign_in, teams, training
from tipstaff.services.access import Who
from tipstaff.services.accounts import Duty
from tipstaff.web.acts import Act, Done, Field, Given, Kind, words_of
from tipstaff.web.callers import calling
from tipstaff.web.listings import A_PAGE, Cell, Line, Listing, Offer, Some, by_key
from tipstaff.web.paging import after_parts
from tipstaff.web.state_words import role_words, said
from tipstaff.web.times import maybe, uk_time


def _accounts(request: HttpRequest) -> Some:
    (after,) = after_parts(request, str) or ("",)
    found = accounts.list_accounts(**calling(request, "list_accounts"), limit=A_PAGE, after=after)
    return by_key(request, [_account(o) for o in found], found, lambda one: (one.username,))


def _account(one: AccountLine) -> Line:
    post, name = one.post, {"username": one.username}
    role = "No role" if post is None else role_words(post.role)
    return Line(
        (
            Cell(one.username, "" if post is None else post.display_name),
            role,
            "" if post is None else (post.force or post.organisation),
            Cell("" if post is None else uk_time(post.active_from), number=True),
            Cell("Open" if one.active else "Closed", tag="" if one.active else "grey"),
        ),
        (
            Offer("change-account", "Change", name),
            Offer("first-password", "First password", name),
            Offer("unlock", "Unlock", name),
            Offer("reset-sign-in", "Reset sign-in", name),
            Offer("record-training", "Record training", name),
            Offer("close-account", "Close", name),
        )
        if one.active
        else (),
    )


def _teams(request: HttpRequest) -> list[Line]:
    found = teams.list_teams(**calling(request, "list_teams"))
    return [
        Line(
            (
                one.name,
                one.force or one.organisation,
                Cell(uk_time(one.recorded_at), number=True),
                Cell(maybe(one.ended_at, "Open"), number=True),
            ),
            () if one.ended_at else (Offer("close-team", "Close", {"name": one.name}),),
        )
        for one in found
    ]


def _forces(request: HttpRequest) -> list[Line]:
    found = teams.list_forces(**calling(request, "list_forces"))
    return [
        Line(
            (
                one.identifier,
                one.name,
                one.code,
                "; ".join(f"{scheme} since {day:%-d %B %Y}" for scheme, day in one.live.items()),
            )
        )
        for one in found
    ]


LISTINGS: Final = (
    Listing("accounts", "list_accounts", "Accounts",
            ("Account", "Role", "Force or organisation", "Since", "State"), _accounts,
            "There is no account.", "Who may sign in, and as what.",
            (Offer("add-account", "Make an account"),)),
    Listing("teams", "list_teams", "Teams", ("Team", "Of", "Made", "Closed"), _teams,
            "There is no team.", "", (Offer("add-team", "Make a team"),)),
    Listing("forces", "list_forces", "Forces", ("Identifier", "Name", "Code", "Live"), _forces,
            "There is no force.", "As crime files name them, and since when each is live.",
            (Offer("record-force", "Record a force"),)),
)  # fmt: skip


def _duty(given: Given) -> Duty:
    role = given.the(Role, "role")
    return Duty(
        role, given.text("display_name"), given.text("force") or None, given.text("team") or None,
        given.text("organisation"), given.text("wearer") or None, given.moment("active_from"),
        given.moment("active_to"),
    )  # fmt: skip


def _add(who: Who, given: Given) -> Done:
    done = accounts.add_account(
        **who, username=given.text("username"), duty=_duty(given), reason=given.text("reason")
    )
    return Done(done.problems)


def _change(who: Who, given: Given) -> Done:
    done = accounts.change_account(
        **who, username=given.text("username"), duty=_duty(given), reason=given.text("reason")
    )
    return Done(done.problems)


def _close(who: Who, given: Given) -> Done:
    names = {"username": given.text("username"), "reason": given.text("reason")}
    return Done(accounts.close_account(**who, **names).problems)


def _password(who: Who, given: Given) -> Done:
    word = secrets.token_urlsafe(15)
    done = sign_in.set_first_password(**who, name=given.text("username"), password=word)
    said = "The owner changes it when they sign in for the first time."
    return Done(done.problems, said, "" if done.problems else word)


def _unlock(who: Who, given: Given) -> Done:
    return Done(sign_in.unlock_sign_in(**who, name=given.text("username")).problems)


def _reset(who: Who, given: Given) -> Done:
    return Done(sign_in.reset_sign_in(**who, name=given.text("username")).problems)


def _train(who: Who, given: Given) -> Done:
    course, day = given.the(Course, "course"), given.the_day("completed_on")
    done = training.record_training(
        **who, username=given.text("username"), course=course, completed_on=day,
        valid_until=given.day("valid_until"),
    )  # fmt: skip
    return Done(done.problems)


def _add_team(who: Who, given: Given) -> Done:
    done = teams.add_team(
        **who, name=given.text("name"), force=given.text("force") or None,
        organisation=given.text("organisation"),
    )  # fmt: skip
    return Done(done.problems)


def _close_team(who: Who, given: Given) -> Done:
    names = {"name": given.text("name"), "reason": given.text("reason")}
    return Done(teams.close_team(**who, **names).problems)


def _force(who: Who, given: Given) -> Done:
    live: dict[str, date] = {}
    if given.text("scheme"):
        live[given.text("scheme")] = given.day("live_on") or timezone.now().date()
    fact = ForceFact(given.text("identifier"), given.text("code"), given.text("name"), live)
    return Done(teams.record_force(**who, force=fact, reason=given.text("reason")).problems)


def _roles(_request: HttpRequest) -> Sequence[tuple[str, str]]:
    words = ((one.value, said(one)) for one in Role if one is not Role.LOCAL)
    return sorted(words, key=lambda one: one[1])


def _known_forces(request: HttpRequest) -> Sequence[tuple[str, str]]:
    found = teams.list_forces(**calling(request, "list_forces"))
    return sorted(((one.identifier, one.name) for one in found), key=lambda one: one[1])


def _open_teams(request: HttpRequest) -> Sequence[tuple[str, str]]:
    found = teams.list_teams(**calling(request, "list_teams"))
    return [(one.name, one.name) for one in found if one.ended_at is None]


def _back_to(name: str) -> dict[str, str]:
    return {"name": name}


_NAME: Final = Field("username", "Name to sign in with", where="username")
_KNOWN: Final = Field("username", kind=Kind.HIDDEN)
_FORCE: Final = Field("force", "Force", Kind.KNOWN, needed=False, options=_known_forces)
_DUTY: Final = (
    Field("display_name", "Name of the person"),
    Field("role", "Role", Kind.CHOICE, options=_roles),
    replace(_FORCE, hint="Of a role of a force"),
    Field("team", "Team", Kind.KNOWN, needed=False, options=_open_teams),
    Field("organisation", "Organisation", needed=False, hint="Of a partner agency or a supplier"),
    Field("wearer", "Wearer", needed=False, hint="Of a wearer’s own account: their reference"),
    Field("active_from", "From", Kind.MOMENT, needed=False),
    Field("active_to", "To", Kind.MOMENT, needed=False),
)
_WHY: Final = Field("reason", "Why", Kind.WORDS)

ACTS: Final = (
    Act("add-account", "add_account", "Make an account", "Make it", _add,
        "The account was made. Give it a first password next.", "listing",
        (_NAME, *_DUTY, Field("reason", "Why", Kind.WORDS, needed=False)),
        back_values=lambda _given: _back_to("accounts")),
    Act("change-account", "change_account", "Give an account another role, force or team",
        "Change it", _change, "The account was changed.", "listing", (_KNOWN, *_DUTY, _WHY),
        back_values=lambda _given: _back_to("accounts")),
    Act("close-account", "close_account", "Close an account", "Close it", _close,
        "The account was closed, and its sessions ended.", "listing", (_KNOWN, _WHY),
        "Whoever has it can no longer sign in.", lambda _given: _back_to("accounts")),
    Act("first-password", "set_first_password", "Give an account its first password",
        "Make a password", _password, "The first password", "listing", (_KNOWN,),
        back_values=lambda _given: _back_to("accounts")),
    Act("unlock", "unlock_sign_in", "Unlock an account", "Unlock it", _unlock,
        "The account was unlocked.", "listing", (_KNOWN,),
        back_values=lambda _given: _back_to("accounts")),
    Act("reset-sign-in", "reset_sign_in", "Let somebody set up their sign-in anew", "Reset it",
        _reset, "The sign-in was reset: second factors and sessions are gone.", "listing",
        (_KNOWN,), "Make sure that it is they who ask: see them, or ring a number on record.",
        lambda _given: _back_to("accounts")),
    Act("record-training", "record_training", "Record training", "Record it", _train,
        "The training was recorded.", "listing",
        (
            _KNOWN,
            Field("course", "Course", Kind.CHOICE, options=words_of(Course)),
            Field("completed_on", "Completed on", Kind.DAY),
            Field("valid_until", "Holds until", Kind.DAY, needed=False),
        ), back_values=lambda _given: _back_to("accounts")),
    Act("add-team", "add_team", "Make a team", "Make it", _add_team, "The team was made.",
        "listing",
        (
            Field("name", "Name"),
            _FORCE,
            Field("organisation", "Organisation", needed=False),
        ), back_values=lambda _given: _back_to("teams")),
    Act("close-team", "close_team", "Close a team", "Close it", _close_team,
        "The team was closed.", "listing", (Field("name", kind=Kind.HIDDEN), _WHY),
        back_values=lambda _given: _back_to("teams")),
    Act("record-force", "record_force", "Record a force", "Record it", _force,
        "The force was recorded.", "listing",
        (
            Field("identifier", "Identifier", hint="As crime files name it"),
            Field("code", "Code of its batches", hint="Two to eight letters or digits"),
            Field("name", "Name"),
            Field("scheme", "Scheme it is live in", needed=False),
            Field("live_on", "Live since", Kind.DAY, needed=False),
            _WHY,
        ), back_values=lambda _given: _back_to("forces")),
)  # fmt: skip
