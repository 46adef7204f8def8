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
    intake_metrics_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description=(
            "The same of what takes messages in over HTTP ('tipstaff serve', 'tipstaff intake "
            "serve'): another port. 0: it does not."
        ),
    )
    worker_shards: int = Field(
        default=1,
        ge=1,
        le=64,
        description=(
            "Into how many parts wearers are shared among several 'tipstaff worker' processes, on "
            "PostgreSQL alone. The same for all of them; when it changes, all lives are made anew."
        ),
    )
