"""`tipstaff suppliers`: who provides devices, and the keys of their programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tipstaff.cli.instance_errors import AuthorityOption, PurposeOption, on_instance
from tipstaff.cli.position_files import fail, parse_instant
from tipstaff.cli.problem_output import stop_if_refused
from tipstaff.domain.problems import Problem
from tipstaff.domain.rate_limits import Rate
from tipstaff.domain.supplier_details import SupplierDetails
from tipstaff.domain.supplier_keys import KeyScope, Network, read_network

if TYPE_CHECKING:  # importing a use case reads the settings
    from tipstaff.services.supplier_keys import IssuedKey

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")

SupplierArgument = Annotated[str, typer.Argument(metavar="SUPPLIER", help="The supplier's name.")]
KeyArgument = Annotated[
    str, typer.Argument(metavar="KEY_ID", help="The id of a key, as 'keys' lists it.")
]


@app.callback()
def suppliers() -> None:
    """Say who provides devices, and give their programs keys. A key is shown once."""


@app.command("describe")
def describe(
    supplier: SupplierArgument,
    purpose: PurposeOption,
    contact: Annotated[
        str, typer.Option("--contact", help="Whom to tell of faults in the data.")
    ] = "",
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="A mapping they use; once for each.")
    ] = None,
    since: Annotated[
        str, typer.Option("--from", metavar="TIME", help="From when on they may send.")
    ] = "",
    until: Annotated[
        str, typer.Option("--to", metavar="TIME", help="Up to when they may send.")
    ] = "",
    authority: AuthorityOption = "",
) -> None:
    """Say what is known of a supplier: all of it. Nothing is edited; the last that was said counts.

    Try: `tipstaff suppliers describe acme --contact faults@acme.example --format national
    --purpose system_administration`

    **Exit codes**: 0 recorded; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    told = SupplierDetails(
        supplier,
        contact,
        tuple(formats or ()),
        parse_instant("--from", since) if since else None,
        parse_instant("--to", until) if until else None,
    )
    with on_instance() as values:
        from tipstaff.services.device_inventory import describe_supplier

        stop_if_refused(
            describe_supplier(
                actor=values.actor, purpose=purpose, authority=authority, supplier=told
            )
        )
    typer.echo(f"{supplier}: recorded")


@app.command("issue-key")
def issue_key(
    supplier: SupplierArgument,
    label: Annotated[str, typer.Option("--label", help="What the key is for.")],
    scopes: Annotated[
        list[KeyScope], typer.Option("--scope", help="What it may do; once for each.")
    ],
    purpose: PurposeOption,
    networks: Annotated[
        list[str] | None,
        typer.Option("--network", help="From where alone it may be used (CIDR); once for each."),
    ] = None,
    days: Annotated[int, typer.Option("--days", help="How long it lives.")] = 365,
    per_minute: Annotated[
        int, typer.Option("--per-minute", min=1, max=60_000, help="How often in the long run.")
    ] = 120,
    burst: Annotated[
        int, typer.Option("--burst", min=1, max=60_000, help="How often at once.")
    ] = 60,
    authority: AuthorityOption = "",
) -> None:
    """Make a key and print it, once: nothing but a digest is kept. Give it over by a safe way.

    Try: `tipstaff suppliers issue-key acme --label feed --scope positions:write --network
    203.0.113.0/24 --purpose system_administration`

    **Exit codes**: 0 issued; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    within = tuple(_network(text) for text in networks or ())
    with on_instance() as values:
        from tipstaff.services.supplier_keys import WantedKey
        from tipstaff.services.supplier_keys import issue_key as issue

        wanted = WantedKey(
            supplier, label, frozenset(scopes), days, within, Rate.per_minute(per_minute, burst)
        )
        done = issue(actor=values.actor, purpose=purpose, authority=authority, wanted=wanted)
        _hand_over(done)


@app.command("rotate-key")
def rotate_key(
    key_id: KeyArgument,
    purpose: PurposeOption,
    overlap_days: Annotated[
        int, typer.Option("--overlap-days", help="For how long the old one works on.")
    ] = 7,
    authority: AuthorityOption = "",
) -> None:
    """Make a key that may do what an old one may, and print it once; the old one soon ends.

    Try: `tipstaff suppliers rotate-key 0123456789abcdef --purpose system_administration`

    **Exit codes**: 0 rotated; 2 refused with what to do; 3 not set up; 4 not permitted.
    """
    with on_instance() as values:
        from tipstaff.services.supplier_keys import rotate_key as rotate

        done = rotate(
            actor=values.actor,
            purpose=purpose,
            authority=authority,
            key_id=key_id,
            overlap_days=overlap_days,
        )
        _hand_over(done)


@app.command("revoke-key")
def revoke_key(
    key_id: KeyArgument, purpose: PurposeOption, authority: AuthorityOption = ""
) -> None:
    """Let a key work no longer, at once and for good.

    **Exit codes**: 0 revoked; 2 no such key; 3 not set up; 4 not permitted.
    """
    with on_instance() as values:
        from tipstaff.services.supplier_keys import revoke_key as revoke

        problem = revoke(actor=values.actor, purpose=purpose, authority=authority, key_id=key_id)
        stop_if_refused(() if problem is None else (problem,))
    typer.echo(f"{key_id}: revoked")


@app.command("keys")
def keys(
    purpose: PurposeOption,
    supplier: Annotated[str, typer.Option("--supplier", help="Of this supplier only.")] = "",
    authority: AuthorityOption = "",
) -> None:
    """List keys: whose, what for, what they may do, until when, the day of their last use.

    **Exit codes**: 0 listed; 3 not set up; 4 not permitted.
    """
    with on_instance() as values:
        from tipstaff.cli.device_output import key_words
        from tipstaff.services.supplier_keys import list_keys

        found = list_keys(
            actor=values.actor, purpose=purpose, authority=authority, supplier=supplier or None
        )
        for key in found:
            typer.echo(key_words(key, datetime.now(UTC)))
    if not found:
        typer.echo("No key is on record.", err=True)


def _hand_over(done: IssuedKey | Problem) -> None:
    if isinstance(done, Problem):
        stop_if_refused((done,))
        return
    typer.echo(done.presented)
    typer.echo(
        f"Key {done.key.key_id} for {done.key.supplier} works until "
        f"{done.key.expires_at:%Y-%m-%d}. It is shown this once: nobody can show it again.",
        err=True,
    )


def _network(text: str) -> Network:
    found = read_network(text)
    if found is None:
        raise fail("--network: write a network as 203.0.113.0/24, without bits beyond its length.")
    return found
