"""`python -m tipstaff` and the `tipstaff` command."""

from __future__ import annotations

from tipstaff.cli.app import app


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
