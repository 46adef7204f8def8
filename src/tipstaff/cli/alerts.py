"""`tipstaff alerts`: the queue, what is done about an alert, pauses, requests, shifts, outages."""

from __future__ import annotations

import typer

from tipstaff.cli.alert_acts import (
    acknowledge,
    close,
    contact,
    hand_over,
    note,
    seen,
    share,
    take,
)
from tipstaff.cli.alert_lists import list_alerts, outages, precision, show
from tipstaff.cli.alert_pauses import end_pause, pause, pauses
from tipstaff.cli.alert_requests import ask_position, locate, message, request_step, requests
from tipstaff.cli.alert_shifts import handover, take_over

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def alerts() -> None:
    """See what a person must look at, and say what was done about it.

    An alert is named by its wearer's reference and its number, as `W000001/3`. Whoever acts says
    what they had before them: `--as-of` with the mark that `list` and `show` print.
    """


app.command("list")(list_alerts)
app.command("show")(show)
app.command("acknowledge")(acknowledge)
app.command("take")(take)
app.command("note")(note)
app.command("contact")(contact)
app.command("hand-over")(hand_over)
app.command("share")(share)
app.command("seen")(seen)
app.command("close")(close)
app.command("pause")(pause)
app.command("pauses")(pauses)
app.command("end-pause")(end_pause)
app.command("ask-position")(ask_position)
app.command("message")(message)
app.command("locate")(locate)
app.command("request-step")(request_step)
app.command("requests")(requests)
app.command("handover")(handover)
app.command("take-over")(take_over)
app.command("outages")(outages)
app.command("precision")(precision)
