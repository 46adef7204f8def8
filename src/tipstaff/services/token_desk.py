"""Where a request of the API shows its token: whose it is, or why it is turned away.

The console keeps one desk a process. It writes to the database once a day for each token that is
used; what is done with the token is in the audit by the use cases, each entry with the token's id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from typing import Final

from tipstaff.domain.api_tokens import TOKENS, ApiToken, TokenCode, refusal
from tipstaff.domain.periods import to_micros
from tipstaff.domain.rate_limits import BucketStore, Rate
from tipstaff.records import accounts, api_tokens
from tipstaff.services.key_desk import BucketsInMemory

#: What one token may ask: sixty at once, two a second in the long run.
RATE: Final = Rate.per_minute(120, burst=60)


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """Why it was turned away, for our own eyes alone. `wait_s`: come again after so long."""

    code: TokenCode | None = None
    wait_s: int = 0


@dataclass(slots=True)
class TokenDesk:
    """The desk of one process, with the buckets that it keeps."""

    pepper: bytes = field(repr=False)
    rate: Rate = RATE
    buckets: BucketStore = field(default_factory=BucketsInMemory)
    look_up: Callable[[str], ApiToken | None] = field(default_factory=lambda: api_tokens.find)
    _lock: Lock = field(default_factory=Lock)
    _noted: dict[str, date] = field(default_factory=dict)

    def authenticate(self, presented: str, now: datetime) -> ApiToken | TokenRefused:
        """Whose token it is; else why it is not one that works, or came too often.

        A rate is used up only once the secret has proved right: others cannot use an owner's up.
        """
        parts = TOKENS.parts_of(presented)
        token = self.look_up(parts[0])
        code = refusal(token, parts, self.pepper, now)
        if token is None or code is not None:
            return TokenRefused(code or TokenCode.UNKNOWN_TOKEN)
        code = _account_refusal(token, now)
        if code is not None:
            return TokenRefused(code)
        taken = self.buckets.take(token.token_id, self.rate, to_micros(now))
        if not taken.given:
            return TokenRefused(wait_s=max(1, -(-taken.wait_us // 1_000_000)))
        self._note_use(token, now.astimezone(UTC).date())
        return token

    def _note_use(self, token: ApiToken, day: date) -> None:
        with self._lock:
            known = self._noted.get(token.token_id, token.last_used_on)
            if known is not None and known >= day:
                return
            self._noted[token.token_id] = day
        api_tokens.used_on(token.token_id, day)


def _account_refusal(token: ApiToken, now: datetime) -> TokenCode | None:
    """A token ends with its account, and with the role that the account had."""
    facts = accounts.standing(token.username, now)
    if facts is None or not facts.active:
        return TokenCode.ACCOUNT_CLOSED
    return None if facts.role == token.role else TokenCode.ROLE_CHANGED
