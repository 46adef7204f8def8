"""`python -m tipstaff` and the `tipstaff` command."""

from __future__ import annotations

from typer.main import get_command

from tipstaff.cli import standard_streams
from tipstaff.cli.app import app
from tipstaff.cli.program import run


def main() -> None:
    """Run the command line."""
    standard_streams.guard()
    raise SystemExit(run(get_command(app)))


if __name__ == "__main__":
    main()
