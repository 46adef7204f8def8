"""`tipstaff access`: who holds which case, who is cleared, and what needs an approval."""

from __future__ import annotations

import typer

from tipstaff.cli.access_cases import assign, holders, unassign
from tipstaff.cli.access_grants import grant, grants, revoke
from tipstaff.cli.access_permits import approve, ask, break_glass, refuse, review, waiting

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def access() -> None:
    """Assign cases, clear people for limited access, ask for approvals and decide them.

    Who may do what without any of these: docs/reference/permissions.md.
    """


app.command("assign")(assign)
app.command("unassign")(unassign)
app.command("holders")(holders)
app.command("grant")(grant)
app.command("revoke")(revoke)
app.command("grants")(grants)
app.command("ask")(ask)
app.command("break-glass")(break_glass)
app.command("waiting")(waiting)
app.command("approve")(approve)
app.command("refuse")(refuse)
app.command("review")(review)
