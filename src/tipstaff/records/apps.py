"""The Django apps that are not taken as they come."""

from __future__ import annotations

from allauth.socialaccount.apps import SocialAccountConfig
from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Records: one app, so that one migration history covers an instance."""

    name = "tipstaff.records"
    label = "records"


class TiesConfig(SocialAccountConfig):  # type: ignore[misc] # django-allauth has no types
    """Accounts' ties to a provider: the tables alone.

    django-allauth would load every provider, and a library of http with them, into each command;
    `tipstaff.web.openid` loads them for the server.
    """

    def ready(self) -> None:
        """Load nothing more."""
