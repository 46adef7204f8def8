"""`tipstaff import`: take files into the archive and the records; one module a kind of file.

Each module `import_KIND` holds the command as a function of that name.
"""

from __future__ import annotations

import typer

from tipstaff.cli.import_crimes import import_crimes

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def import_data() -> None:
    """Take files in: activations, positions, crimes. Each needs `--purpose`."""


app.command("crimes")(import_crimes)
