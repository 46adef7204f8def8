"""`tipstaff equality`: what people say of themselves, and counts of many."""

from __future__ import annotations

from typing import Annotated

import typer

from tipstaff.cli.instance_errors import (
    NOTHING_DONE,
    AuthorityOption,
    PurposeOption,
    on_instance,
)
from tipstaff.cli.position_files import fail
from tipstaff.domain.characteristics import QUESTIONS, question
from tipstaff.domain.small_numbers import LEAST, STEP

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def equality() -> None:
    """Protected characteristics, for equality monitoring alone: voluntary, only ever counted."""


@app.command("questions")
def questions() -> None:
    """Print the questions and the codes of their answers.

    Try: `tipstaff equality questions`

    **Exit codes**: 0 printed.
    """
    for asked in QUESTIONS:
        typer.echo(f"{asked.code}: {asked.words}")
        for code, words in asked.answers.items():
            typer.echo(f"  {code}: {words}")


@app.command("record")
def record(
    wearer: Annotated[str, typer.Argument(metavar="WEARER", help="The wearer's reference.")],
    purpose: PurposeOption,
    answers: Annotated[
        list[str] | None,
        typer.Option("--answer", metavar="QUESTION=ANSWER", help="An answer, by its codes."),
    ] = None,
    authority: AuthorityOption = "",
) -> None:
    """Keep what a wearer said of themselves, in place of all that they said before.

    Nobody has to answer, and nobody else may answer for them. Without --answer all earlier answers
    are removed. No screen or list about the person ever shows them; their own export does.

    Try: `tipstaff equality record W0001 --answer sex=female --purpose equality_monitoring`

    **Exit codes**: 0 kept; 2 a question, an answer or the wearer is not known; 3 not set up;
    4 refused: the purpose is another than equality_monitoring.
    """
    given = dict(_parts(text) for text in answers or [])
    with on_instance() as values:
        from tipstaff.services.equality import record_characteristics

        done = record_characteristics(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            wearer=wearer,
            answers=given,
        )
    for problem in done.problems:
        typer.echo(f"{problem.where}: {problem.code}; {problem.action}", err=True)
    if done.problems:
        raise typer.Exit(NOTHING_DONE)
    typer.echo(f"{done.kept} answers are kept")


@app.command("counts")
def counts(
    by: Annotated[str, typer.Option("--by", metavar="QUESTION", help="The question's code.")],
    purpose: PurposeOption,
    authority: AuthorityOption = "",
) -> None:
    """Count the wearers by their answers to one question. Small numbers are left out.

    Try: `tipstaff equality counts --by ethnic_group --purpose equality_monitoring`

    **Exit codes**: 0 counted; 2 no such question; 3 not set up; 4 refused: the purpose is another
    than equality_monitoring.
    """
    asked = question(by)
    if asked is None:
        raise fail(f"--by: use one of {', '.join(one.code for one in QUESTIONS)}.")
    with on_instance() as values:
        from tipstaff.services.equality import equality_counts

        shown = equality_counts(actor=values.actor, purpose=purpose, authority=authority, by=by)
    for code, count in shown.counts.items():
        typer.echo(f"{asked.answers[code]}: {_count(count)}")
    typer.echo(f"all who answered: {_count(shown.total)}")
    typer.echo(
        f"Numbers are rounded to {STEP}. Those under {LEAST} are left out, and others with them "
        "where they would give those away.",
        err=True,
    )


def _count(count: int | None) -> str:
    return "left out" if count is None else str(count)


def _parts(text: str) -> tuple[str, str]:
    code, equals, answer = text.partition("=")
    if not equals:
        raise fail("--answer: write question=answer, as sex=female.")
    return code.strip(), answer.strip()
