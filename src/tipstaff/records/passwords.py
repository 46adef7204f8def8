"""How passwords are hashed."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with the second parameters that RFC 9106, section 4, recommends.

    Three passes over 64 MiB in four lanes: about a tenth of a second on one core, and a little
    more memory than a small machine misses. A hash made with others is renewed at the next sign-in.
    """

    time_cost = 3
    memory_cost = 65_536
    parallelism = 4
