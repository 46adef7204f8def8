"""The command line: a declared list of commands, each loaded only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

from tipstaff import __version__

#: Command → module in this package holding `app`, in the order in which help lists them.
COMMANDS: Final[dict[str, str]] = {
    "init": "init",
    "import": "import_data",
    "cases": "cases",
    "accounts": "accounts",
    "teams": "teams",
    "forces": "forces",
    "access": "access",
    "plan": "plan",
    "equality": "equality",
    "export": "export",
    "transfer": "transfer",
    "devices": "devices",
    "fittings": "fittings",
    "holdings": "holdings",
    "suppliers": "suppliers",
    "consent": "consent",
    "eligibility": "eligibility",
    "releases": "releases",
    "absences": "absences",
    "own-code": "own_code",
    "trail": "trail",
    "near": "near",
    "meetings": "meetings",
    "compact": "compact",
    "retention": "retention",
    "backup-key": "backup_key",
    "backup": "backup",
    "restore": "restore",
    "audit": "audit",
    "sign-in": "sign_in",
    "tokens": "tokens",
    "serve": "serve",
    "intake": "intake",
    "crimes": "crimes",
    "simulate": "simulate",
    "calibrate": "calibrate",
    "check": "check",
    "match": "match",
    "report": "report",
    "runs": "runs",
    "monitor": "monitor",
    "replay": "replay",
    "worker": "worker",
    "health": "health",
    "doctor": "doctor",
    "alerts": "alerts",
    "notices": "notices",
    "demo": "demo",
    "demo-county": "demo_county",
}


class DeclaredCommands(TyperGroup):
    """A group whose commands are the table above, imported on first use."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 (the base class sets it)
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 (the base class sets it)
        """Load one command; None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"tipstaff.cli.{COMMANDS[cmd_name]}")
        module.app._add_completion = False  # else every command lists two options of the shell's
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command


app = typer.Typer(
    name="tipstaff",
    cls=DeclaredCommands,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_show_locals=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tipstaff {__version__}")
        raise typer.Exit


@app.callback()
def tipstaff(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True),
) -> None:
    """Say which tagged people could, and could not, have been at a crime, and how strongly.

    Commands on files alone need no set-up. Commands on the archive need `tipstaff init` once and
    a `--purpose` each time: every look at a person is recorded.

    **Exit codes**: 0 all good; 1 some of the input was bad, the good part was kept; 2 nothing
    could be done (bad input or a wrong call); 3 the installation is not set up, or its archive is
    damaged; 4 refused. Of any command: 70 a fault of the program; 74 a file could not be read or
    written, or the output is lost; 130 interrupted.
    """
