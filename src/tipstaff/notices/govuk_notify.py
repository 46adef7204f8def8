"""Texts and emails by GOV.UK Notify. The message's id is its `reference` there.

Before a notice is sent that may have been sent before, Notify is asked for that reference. A
receipt is asked for by Notify's own id.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from tipstaff.domain.deliveries import AttemptCode
from tipstaff.notices.carriers import PATIENCE_S, Message, Secret, Sent, safe

# what the library logs of an error repeats the provider's words, which may hold an address
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

#: Where Notify's own attempts ended without success: nobody has it.
_FAILURES: Final = frozenset({"permanent-failure", "temporary-failure", "technical-failure"})
_WRONG_REQUEST: Final = 400


@dataclass(frozen=True, slots=True)
class Notify:
    """One template of Notify, of texts or of emails. An empty `base_url` is the real service's."""

    key: Secret = field(repr=False)
    template_id: str
    texts: bool
    base_url: str = ""
    patience_s: float = PATIENCE_S
    gives_receipts: ClassVar[bool] = True

    def send(self, message: Message, address: str) -> Sent:
        """Hand it to Notify, unless it has it from before."""
        try:
            client = self._client()
            known = _known(client, str(message.message_id)) if message.again else None
            return known or self._handed(client, message, address)
        except APIError as error:
            return _failed(error)

    def receipt(self, reference: str) -> Sent | None:
        """What Notify says became of it."""
        try:
            told = self._client().get_notification_by_id(reference)
        except APIError:
            return None
        status = str(_mapping(told).get("status", ""))
        if status == "delivered":
            return Sent(AttemptCode.DELIVERED, reference, status)
        return Sent(AttemptCode.BOUNCED, reference, status) if status in _FAILURES else None

    def _client(self) -> Any:
        where = {"base_url": self.base_url} if self.base_url else {}
        made: Any = NotificationsAPIClient  # ships no types
        client = made(self.key.value, timeout=self.patience_s, **where)
        client.request_session.trust_env = False
        return client

    def _handed(self, client: Any, message: Message, address: str) -> Sent:
        letter = message.letter
        given = {
            "template_id": self.template_id,
            "reference": str(message.message_id),
            "personalisation": {
                "severity": letter.severity,
                "about": letter.about,
                "reference": letter.reference,
                "to_do": letter.to_do,
                "link": letter.link,
            },
        }
        if self.texts:
            answer = client.send_sms_notification(phone_number=address, **given)
        else:
            answer = client.send_email_notification(email_address=address, **given)
        return Sent(AttemptCode.ACCEPTED, safe(str(_mapping(answer).get("id", ""))), "created")


def _known(client: Any, reference: str) -> Sent | None:
    """What Notify has under our reference and did not fail with; None where there is none."""
    listed = _mapping(client.get_all_notifications(reference=reference)).get("notifications")
    for one in listed if isinstance(listed, list) else ():
        status = str(one.get("status", ""))
        if one.get("reference") == reference and status not in _FAILURES:
            return Sent(AttemptCode.ACCEPTED, safe(str(one.get("id", ""))), "known from before")
    return None


def _failed(error: APIError) -> Sent:
    """A wrong request, as of a number that is none, is refused for good; all else is tried again.

    Only the status and the kind are kept: Notify's sentences may repeat the address.
    """
    status = error.status_code
    code = AttemptCode.REFUSED if status == _WRONG_REQUEST else AttemptCode.FAILED
    return Sent(code, words=f"HTTP {status}")


def _mapping(answer: Any) -> dict[str, Any]:
    return answer if isinstance(answer, dict) else {}
