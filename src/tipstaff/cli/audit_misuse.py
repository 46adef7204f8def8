"""`tipstaff audit misuse`: what a supervisor should ask about."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import FromOption, ToOption, parse_period


def misuse(
    start: FromOption,
    end: ToOption,
    purpose: PurposeOption,
    authority: AuthorityOption = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, with every entry.")
    ] = False,
) -> None:
    """Search the log for what a supervisor should ask about. Each result is a question.

    A question is no accusation: the log cannot tell why somebody looked. Asked are looks at
    oneself, neighbours and namesakes, at people without a case or long after it closed, again and
    again at one person, at unusual hours, very many at once; broken limits of access, refusals,
    and looks that nothing says were served. docs/auditing.md says what it cannot find.

    Try: `tipstaff audit misuse --from 2026-10-01 --to 2026-11-01 --purpose audit`

    **Exit codes**: 0 searched, whether there are questions or not; 2 a wrong call; 3 not set up;
    4 refused.
    """
    period = parse_period(start, end)
    with on_instance() as values:
        from tipstaff.services.misuse import search_misuse

        found = search_misuse(
            actor=values.actor, purpose=purpose, authority=authority, period=period
        )
    for question in found.questions:
        entries = [str(entry) for entry in question.entries]
        if as_json:
            said = {"rule": question.rule, "actor": str(question.actor)}
            told = {**said, "question": question.sentence, "entries": entries}
            typer.echo(json.dumps(told, sort_keys=True))
        else:
            more = f" and {len(entries) - 3} more" if len(entries) > 3 else ""
            typer.echo(f"{question.actor}  {question.rule}: {question.sentence}")
            typer.echo(f"  entries {', '.join(entries[:3])}{more}")
    typer.echo(f"{found.looks} looks, {len(found.questions)} questions.", err=as_json)
    for sentence in found.not_asked:
        typer.echo(sentence, err=True)
