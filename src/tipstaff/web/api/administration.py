"""Administration: accounts, teams, forces, suppliers' keys, notices, and tokens of the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from tipstaff.domain.api_tokens import Group
from tipstaff.domain.deliveries import NoticeState
from tipstaff.domain.eligibility import Rule, Standing
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.protocols import Means, Recipient
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.retention import Category
from tipstaff.domain.supplier_keys import KeyScope
from tipstaff.records.accounts import AccountLine
from tipstaff.services import accounts, api_tokens, law_in_force, notices, supplier_keys, teams
from tipstaff.web.api import cursors
from tipstaff.web.api.asking import who
from tipstaff.web.api.desk_acts import add_acts
from tipstaff.web.api.parts import Part
from tipstaff.web.api.problems import not_found
from tipstaff.web.api.shapes import (
    USUAL,
    Asked,
    At,
    Cursor,
    Done,
    Limit,
    Line,
    Page,
    SeverityTold,
    Told,
    page_of,
)
from tipstaff.web.desks import accounts as account_desk
from tipstaff.web.desks import notices as notice_desk
from tipstaff.web.desks import suppliers as supplier_desk
from tipstaff.web.eligibility_words import demanded

PART: Final = Part(Group.ADMINISTRATION)


class AccountTold(Told):
    """An account by its last post; without a post it may do nothing."""

    username: str
    active: bool
    role: str | None
    display_name: str | None
    force: str | None
    organisation: str | None
    active_from: At | None
    active_to: At | None


class TeamTold(Told):
    """A team."""

    ref: UUID
    name: str
    force: str | None
    organisation: str
    recorded_at: At
    ended_at: At | None


class ForceTold(Told):
    """A force as crime files name it, and since when it is live in which scheme."""

    identifier: str
    code: str
    name: str
    live: dict[str, date]


class KeyTold(Told):
    """A supplier's key; the key itself is nowhere."""

    key_id: str
    supplier: str
    label: str
    scopes: list[KeyScope]
    issued_at: At
    expires_at: At
    revoked_at: At | None
    last_used_on: date | None


class NoticeInList(Told):
    """A notice. `wearer` is empty where it is about nobody, or somebody of limited access.

    Then it is about the answers of a `run`, or a digest of a `day`, or neither is told.
    """

    ref: UUID
    wearer: str
    alert: int
    run: UUID | None
    day: date | None
    step: str
    recipient: Recipient
    means: Means
    severity: SeverityTold
    queued_at: At
    state: NoticeState
    reason: str


class ContactTold(Told):
    """Where somebody is told."""

    ref: UUID
    recipient: Recipient
    means: Means
    address: str
    force: str | None
    starts_at: At
    ends_at: At | None
    ended_at: At | None


class TokenTold(Told):
    """A token of the API; the token itself is nowhere."""

    token_id: str
    username: str
    role: str
    label: str
    scopes: list[str]
    made_at: At
    expires_at: At
    ended_at: At | None
    last_used_on: date | None


class ClauseTold(Told):
    """A clause of a rule: what it demands; `practice` is answered and decides nothing."""

    name: str
    words: str
    standing: Standing
    source: str


class RuleTold(Told):
    """A version of a rule, from `start` up to, not including, `end`; null: no such day is known."""

    rule_id: str
    version: int
    title: str
    start: date | None
    end: date | None
    source: str
    note: str
    monitored_months: int | None
    clauses: list[ClauseTold]


class RetentionRuleTold(Told):
    """How long each category is kept after an order on one of `bases`, in words."""

    bases: list[LegalBasis]
    source: str
    choice: bool
    keep: dict[Category, str]


class PolicyTold(Told):
    """A policy of retention. After its order's end `locked` is read for `open_to` alone."""

    name: str
    title: str
    source: str
    start: date
    locked: list[Category]
    open_to: list[Purpose]
    uncovered: str
    unknown_device_hours: int
    rules: list[RetentionRuleTold]


class AccountsAsked(Asked):
    """Which page."""

    after: Cursor = ""
    limit: Limit = USUAL


class KeysAsked(Asked):
    """Of one supplier alone."""

    supplier: Line | None = None


class NoticesAsked(Asked):
    """`dead`: those that did not get through."""

    dead: bool = False
    limit: Limit = 100


class TokensAsked(Asked):
    """`every`: of all accounts, for administrators and those who examine."""

    every: bool = False
    limit: Limit = 100


@PART.reads("/accounts", "list_accounts", Page[AccountTold])
def list_accounts(request: HttpRequest, asked: Annotated[AccountsAsked, Query()]) -> Any:
    """A page of accounts, by name."""
    after = cursors.read(asked.after, str) or ""
    lines = accounts.list_accounts(**who(request), limit=asked.limit, after=after)
    following = cursors.next_page(request, lines, asked.limit, _cursor)
    return page_of((_account(one) for one in lines), following)


@PART.reads("/teams", "list_teams", Page[TeamTold])
def list_teams(request: HttpRequest) -> Any:
    """Every team."""
    return page_of(teams.list_teams(**who(request)))


@PART.reads("/forces", "list_forces", Page[ForceTold])
def list_forces(request: HttpRequest) -> Any:
    """Every force."""
    return page_of(teams.list_forces(**who(request)))


@PART.reads("/supplier-keys", "list_keys", Page[KeyTold])
def list_keys(request: HttpRequest, asked: Annotated[KeysAsked, Query()]) -> Any:
    """Suppliers' keys."""
    return page_of(supplier_keys.list_keys(**who(request), supplier=asked.supplier))


@PART.reads("/notices", "list_notices", Page[NoticeInList])
def list_notices(request: HttpRequest, asked: Annotated[NoticesAsked, Query()]) -> Any:
    """Notices and what became of them, the latest first."""
    return page_of(notices.list_notices(**who(request), dead=asked.dead, most=asked.limit))


@PART.reads("/notice-contacts", "list_notice_contacts", Page[ContactTold])
def list_contacts(request: HttpRequest) -> Any:
    """Where people are told."""
    found = notices.list_notice_contacts(**who(request))
    return page_of(
        {
            "ref": one.ref, "recipient": one.contact.recipient, "means": one.contact.means,
            "address": one.contact.address, "force": one.contact.force,
            "starts_at": one.contact.starts_at, "ends_at": one.contact.ends_at,
            "ended_at": one.ended_at,
        }
        for one in found
    )  # fmt: skip


@PART.reads("/tokens", "list_tokens", Page[TokenTold])
def list_tokens(request: HttpRequest, asked: Annotated[TokensAsked, Query()]) -> Any:
    """Your tokens, the newest first."""
    return page_of(api_tokens.list_tokens(**who(request), every=asked.every, limit=asked.limit))


@PART.reads("/eligibility-rules", "list_eligibility_rules", Page[RuleTold])
def list_eligibility_rules(request: HttpRequest) -> Any:
    """Every version of every rule of who may be tagged."""
    return page_of(_rule(one) for one in law_in_force.list_eligibility_rules(**who(request)))


@PART.reads("/retention-policy", "show_retention_policy", PolicyTold)
def show_retention_policy(request: HttpRequest) -> Any:
    """The policy in force of what is kept how long."""
    found = law_in_force.show_retention_policy(**who(request))
    return {
        "name": found.name, "title": found.title, "source": found.source, "start": found.start,
        "locked": sorted(found.locked), "open_to": sorted(found.open_to),
        "uncovered": str(found.uncovered), "unknown_device_hours": found.unknown_device_h,
        "rules": [
            {
                "bases": sorted(one.bases), "source": one.source, "choice": one.choice,
                "keep": {category: str(term) for category, term in one.keep.items()},
            }
            for one in found.rules
        ],
    }  # fmt: skip


@PART.acts("/tokens/{token_id}/end", "end_token", Done)
def end_token(request: HttpRequest, token_id: Line) -> Any:
    """End one of your tokens, at once and for good; also the one with which you ask this."""
    problem = api_tokens.end_token(**who(request), token_id=token_id)
    if problem is not None:
        raise not_found()
    return {"words": "The token was ended."}


def _rule(one: Rule) -> dict[str, Any]:
    clauses = [
        {"name": c.name, "words": demanded(c.demand), "standing": c.standing, "source": c.source}
        for c in one.clauses
    ]
    names = ("rule_id", "version", "title", "start", "end", "source", "note", "monitored_months")
    return {name: getattr(one, name) for name in names} | {"clauses": clauses}


def _account(one: AccountLine) -> dict[str, Any]:
    post = one.post
    names = ("role", "display_name", "force", "organisation", "active_from", "active_to")
    told = {name: None if post is None else getattr(post, name) for name in names}
    return {"username": one.username, "active": one.active, **told}


def _cursor(line: AccountLine) -> str:
    return cursors.written(line.username)


add_acts(PART, account_desk.ACTS)
add_acts(PART, notice_desk.ACTS)
add_acts(PART, supplier_desk.ACTS)
