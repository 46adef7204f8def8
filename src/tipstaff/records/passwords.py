"""How passwords are hashed."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with the second parameters that RFC 9106, section 4, recommends.

    Three passes over 64 MiB in four lanes. A hash that was made with other parameters is renewed
    when its password is next entered.
    """

    time_cost = 3
    memory_cost = 65_536
    parallelism = 4
