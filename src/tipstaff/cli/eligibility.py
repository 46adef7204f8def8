"""`tipstaff eligibility`: ask a rule about a case, and keep what it answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import fail
from tipstaff.cli.problem_output import tell_recorded
from tipstaff.domain.eligibility_facts import Case
from tipstaff.formats.assessment_json import FACTS
from tipstaff.formats.json_source import BROKEN, JsonFault, Reading, parse_json

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def eligibility() -> None:
    """May this person be tagged under that rule? Yes, no, or not yet known, and why."""


@app.command("assess")
def assess(
    wearer: Annotated[str, typer.Argument(metavar="WEARER", help="The wearer's reference.")],
    reference: Annotated[
        str, typer.Argument(metavar="REF", help="The assessment's reference in the wearer's case.")
    ],
    facts: Annotated[
        Path,
        typer.Argument(metavar="FACTS", help="JSON: eligibility_facts of the schema of cases."),
    ],
    purpose: PurposeOption,
    rule: Annotated[str, typer.Option("--rule", help="The rule's id, as acquisitive-crime.")],
    on: Annotated[
        str, typer.Option("--on", help="The day of release or fitting; left out: not fixed yet.")
    ] = "",
    authority: AuthorityOption = "",
) -> None:
    """Ask the version of a rule that is in force on a day, and keep the answer with the facts.

    An order that names a rule becomes active only on a yes of that version. What is left open in
    the facts is taken from the case, where it is on record.

    Try: `tipstaff eligibility assess W0001 E1 facts.json --rule acquisitive-crime --on 2026-03-02
    --purpose offender_management`

    **Exit codes**: 0 answered, whatever the answer; 2 the facts or the call are wrong; 3 not set
    up; 4 refused.
    """
    known, day = _facts(facts), _day(on)
    with on_instance() as values:
        from tipstaff.services.assessments import assess_eligibility

        found = assess_eligibility(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wearer=wearer,
            reference=reference,
            rule_id=rule,
            on_date=day,
            facts=known,
        )
        tell_recorded(found.done)
    if found.assessment is not None:
        answer = found.assessment.answer
        typer.echo(f"{answer.rule_id}, version {answer.version}: {answer.verdict}")
        for clause in answer.clauses:
            typer.echo(f"  {clause.result:9}  {clause.clause}: {clause.reason} [{clause.source}]")


def _facts(file: Path) -> Case:
    try:
        values: Any = parse_json(file.read_bytes())
    except OSError as error:
        raise fail(f"{file}: {error.strerror}.") from None
    if isinstance(values, JsonFault):
        raise fail(f"{file}: {values}")
    reading = Reading(date.max.year)
    read = FACTS.read(values, "", reading)
    for fault in reading.faults:
        typer.echo(f"{file}: {fault}", err=True)
    if read is BROKEN:
        raise fail(f"{file}: nothing was asked.")
    facts: Case = read
    return facts


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise fail("--on: write a day, as 2026-03-02.") from None
