"""How passwords are hashed."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher

#: Each takes 64 MiB: whoever sends many sign-ins at once must not take all memory.
AT_ONCE: Final = 4
_turns = BoundedSemaphore(AT_ONCE)


class Argon2id(Argon2PasswordHasher):
    """Argon2id with the second parameters that RFC 9106, section 4, recommends.

    Three passes over 64 MiB in four lanes, no more than `AT_ONCE` in a process; the others wait. A
    hash that was made with other parameters is renewed when its password is next entered.
    """

    time_cost = 3
    memory_cost = 65_536
    parallelism = 4

    def encode(self, password: str, salt: str) -> str:
        """The hash of a password, in its turn."""
        with _turns:
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        """Whether a password has this hash, in its turn."""
        with _turns:
            return bool(super().verify(password, encoded))
