"""Settings of the worker and of what is measured of it."""

from __future__ import annotations

from pydantic import Field

from tipstaff.settings_notices import NoticeSettings


class WorkerSettings(NoticeSettings):
    """Where the worker tells how it fares."""

    metrics_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description=(
            "The port of this machine alone on which 'tipstaff worker' answers /metrics for "
            "Prometheus, /health/live and /health/ready. 0: it does not."
        ),
    )
