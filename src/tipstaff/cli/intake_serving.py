"""The intake within a process that serves: its inbox held, its upkeep running, then all closed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from tipstaff import settings
from tipstaff.cli.figures_port import figures_at

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.feeds.http import HttpIntake

#: Threads that read messages hand the interpreter over sooner than they do by default, so that the
#: one that commits does not wait for them.
_SWITCH_S: Final = 0.001


@contextmanager
def taking_in(values: settings.Settings) -> Iterator[HttpIntake]:
    """The intake as an ASGI application; InboxBusyError where another process takes messages in."""
    from tipstaff.feeds.http import HttpIntake
    from tipstaff.feeds.upkeep import kept_up
    from tipstaff.services.feed_intake import FeedIntake
    from tipstaff.services.inbox import open_inbox
    from tipstaff.services.intake_measures import IntakeMeasures

    sys.setswitchinterval(_SWITCH_S)
    with open_inbox() as inbox:
        intake = FeedIntake(inbox)
        measures = IntakeMeasures()
        application = HttpIntake(
            intake, https_only=bool(values.web_url), answered=measures.answered
        )
        port = values.intake_metrics_port
        figures = figures_at(port, "intake_metrics_port", measures.registry, measures.wrong)
        with kept_up(intake, told=measures.kept_up), figures:
            try:
                yield application
            finally:
                application.close()
