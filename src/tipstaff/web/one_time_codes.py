"""Codes of an authenticator app are good once: across processes, restarts and clock tolerance.

django-allauth forgets a used code after 30 seconds, in the memory of one process; with a tolerance
of a step each way a code can be right for 90.
"""

from __future__ import annotations

from typing import Final

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.db import transaction

#: Where the last used step of 30 seconds is kept, beside the app's secret.
_LAST_STEP: Final = "last_step"


def use_up(app: Authenticator, code: str) -> bool:
    """Use a code; whether its step came after the last one used (RFC 6238, section 5.2)."""
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().get(pk=app.pk)
        last = kept.data.get(_LAST_STEP, -1)
        steps = [step for step in _steps(decrypt(kept.data["secret"]), code) if step > last]
        if steps:
            kept.data[_LAST_STEP] = steps[-1]
            kept.save(update_fields=["data"])
    return bool(steps)


def _steps(secret: str, code: str) -> list[int]:
    return [
        step
        for step in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
    ]
