"""`tipstaff doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

from typing import Final

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance

app = typer.Typer(rich_markup_mode="markdown")
_WRONG: Final = 1


@app.command()
def doctor(purpose: PurposeOption, authority: AuthorityOption = "") -> None:
    """Examine this installation: each check, what was found, and how to mend it, the worst first.

    It looks at no wearer. `tipstaff check` goes through every file of the archive and the whole
    audit, which takes longer.

    Try: `tipstaff doctor --purpose system_administration`

    **Exit codes**: 0 nothing is wrong; 1 something is; 3 not set up; 4 refused.
    """
    with on_instance() as values:
        from tipstaff.domain.examined import Verdict
        from tipstaff.services.doctor import examine

        found = examine(actor=values.actor, purpose=purpose, authority=authority)
    for one in found:
        typer.echo(f"{one.verdict.value:<6} {one.name}: {one.words}")
        if one.mend and one.verdict is not Verdict.WELL:
            typer.echo(f"       {one.mend}")
    if any(one.verdict is Verdict.WRONG for one in found):
        raise typer.Exit(_WRONG)
