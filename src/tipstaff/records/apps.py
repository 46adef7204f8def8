"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Records: one app, so that one migration history covers an instance."""

    name = "tipstaff.records"
    label = "records"
