"""A port on which a process of ours tells how it fares; a port that is taken is an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from tipstaff.cli.exit_codes import NOTHING_DONE

if TYPE_CHECKING:  # slow to load, and help needs none of it
    from prometheus_client import CollectorRegistry


@contextmanager
def figures_at(
    port: int, setting: str, registry: CollectorRegistry, wrong: Callable[[], str]
) -> Iterator[None]:
    """While this lasts, figures are told at a port, which a setting names; with 0 nowhere."""
    if not port:
        yield
        return
    from tipstaff.web.figures import figures_told

    told = figures_told(port, registry, wrong)
    try:
        told.__enter__()
    except OSError as error:
        typer.echo(
            f"The port {port} ({setting}): {error.strerror}. Choose another, or end what has it.",
            err=True,
        )
        raise typer.Exit(NOTHING_DONE) from None
    try:
        yield
    finally:
        told.__exit__(None, None, None)
