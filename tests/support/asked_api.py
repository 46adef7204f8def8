"""The API without a server: accounts with tokens, and requests as a program makes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from alert_samples import new_alert
from made_accounts import LOCAL, account
from made_cases import order, wearer, zone

from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

MANAGING = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}


def token_of(name: str, *scopes: str, days: int = 30) -> str:
    """A token of that account, to read and act if not said, made at the machine itself."""
    from tipstaff.services.api_tokens import WantedToken, add_token

    wanted = WantedToken("for tests", frozenset(scopes or ("read", "act")), days, name)
    made: Any = add_token(**LOCAL, wanted=wanted)
    return str(made.presented)


@dataclass(frozen=True)
class Program:
    """A program that comes with a token; every answer is checked to be JSON of its kind."""

    client: Any
    token: str
    purpose: str = "breach_investigation"
    authority: str = ""

    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Tipstaff-Purpose": self.purpose,
            "Tipstaff-Authority": self.authority,
        }

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        """Look."""
        return self.client.get(f"/api/v1{path}", query or {}, headers=self.headers() | headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """Act."""
        return self.client.post(
            f"/api/v1{path}", json.dumps(body or {}), content_type="application/json",
            headers=self.headers() | headers,
        )  # fmt: skip


def program(pages: Any, role: Role, *scopes: str, name: str = "", purpose: str = "") -> Program:
    """A program of a new account of that role."""
    who = account(name or f"p-{role}", role)
    kept = {"purpose": purpose} if purpose else {}
    return Program(pages(), token_of(who, *scopes), **kept)


def problem(answer: Any) -> dict[str, Any]:
    """The problem that an answer is."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.content)
    assert told["status"] == answer.status_code
    assert told["type"].startswith("urn:tipstaff:problem:")
    return told


def with_alert(name: str = "W1", **other: Any) -> None:
    """A wearer with an order, who has an alert that nobody has touched."""
    from tipstaff.services.cases import record_order, record_wearer

    record_wearer(**MANAGING, wearer=wearer(name))
    record_order(**MANAGING, order=order(wearer=name, conditions=(zone(),)))
    new_alert(name)
    if other:
        record_wearer(**MANAGING, wearer=wearer(name, **other))


def operator(pages: Any, *scopes: str) -> Program:
    return program(pages, Role.MONITORING_OPERATOR, *scopes)
