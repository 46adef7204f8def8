"""`tipstaff import`: take files into the archive and the records; one module a kind of file.

Each module `import_KIND` holds the command as a function of that name.
"""

from __future__ import annotations

import typer

from tipstaff.cli.import_activations import import_activations
from tipstaff.cli.import_crimes import import_crimes
from tipstaff.cli.import_orders import import_orders
from tipstaff.cli.import_positions import import_positions

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def import_data() -> None:
    """Take files in: activations, orders, positions, crimes. Each needs `--purpose`."""


app.command("activations")(import_activations)
app.command("orders")(import_orders)
app.command("positions")(import_positions)
app.command("crimes")(import_crimes)
