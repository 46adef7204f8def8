"""Secrets that are shown once: what they look like, and how they are kept.

One looks like `MARK.ID.SECRET`. The id is a name and no secret; by it what was issued is found. The
secret is 32 random bytes, so there is nothing to guess and no slow hash is called for. What is kept
is its HMAC-SHA-256 under a pepper from the instance's secret key: whoever reads the database can
use none, and whoever writes to it can make none.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

SECRET_BYTES: Final = 32
ID_BYTES: Final = 8
#: What a presented text without the form of one is taken for: none has this id or secret.
_NONE: Final = ("", "")


@dataclass(frozen=True, slots=True)
class ShownSecrets:
    """A kind of them: its mark, what its pepper is for, and its name in a message."""

    mark: str
    use: bytes
    name: str

    def text(self, ident: bytes, secret: bytes) -> str:
        """The text as it is handed over, of random bytes."""
        if len(ident) != ID_BYTES or len(secret) != SECRET_BYTES:
            raise ValueError(
                f"a {self.name} has {ID_BYTES} bytes of name and {SECRET_BYTES} of secret"
            )
        return f"{self.mark}.{ident.hex()}.{urlsafe_b64encode(secret).decode().rstrip('=')}"

    def parts_of(self, presented: str) -> tuple[str, str]:
        """The id and the secret of a presented text; both empty where it has not the form."""
        form = rf"{self.mark}\.([0-9a-f]{{{2 * ID_BYTES}}})\.([A-Za-z0-9_-]{{43}})"
        found = re.fullmatch(form, presented, re.ASCII)
        return (found[1], found[2]) if found else _NONE

    def pepper_of(self, secret_key: str) -> bytes:
        """What digests are made with; ValueError where the instance has no secret key."""
        if not secret_key:
            raise ValueError(f"{self.name}s need the secret key of the instance")
        return hmac.digest(secret_key.encode(), self.use, "sha256")


def digest_of(ident: str, secret: str, pepper: bytes) -> str:
    """The digest that is kept of one; it belongs to this id alone."""
    return hmac.new(pepper, f"{ident}.{secret}".encode(), hashlib.sha256).hexdigest()


def is_the_one(kept: str | None, presented: tuple[str, str], pepper: bytes) -> bool:
    """Whether presented parts are what a digest was kept of; as much is done where none is."""
    known = "0" * 64 if kept is None else kept
    return hmac.compare_digest(digest_of(*presented, pepper), known)
