"""`token`: the secret links under which private feeds are subscribed to."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import click

from ircal.cli import output
from ircal.cli.options import calendar_of, config_option, settings_of
from ircal.errors import IrcalError
from ircal.store import open_store
from ircal.wiring import load_program


@click.group()
def token() -> None:
    """Issue, list and revoke the secret links of feeds."""


@token.command(epilog="Example: ircal token issue --calendar resident-ash")
@config_option
@click.option("--calendar", "name", required=True, metavar="ID", help="The calendar that the link opens.")
def issue(config: str | None, name: str) -> None:
    """Make a new secret link for a calendar and print it, this once: only its digest is kept."""
    settings = settings_of(config)
    calendar = calendar_of(load_program(settings), name)
    with closing(open_store(settings.store_url)) as store:
        secret = store.issue_token(calendar.id, datetime.now(UTC))
    output.say(f"{settings.http.base_url}/feeds/{secret}.ics")


@token.command("list", epilog="Example: ircal token list")
@config_option
def list_(config: str | None) -> None:
    """List the links by their public ids: calendar, when issued, last used, revoked."""
    from rich.table import Table

    with closing(open_store(settings_of(config).store_url)) as store:
        tokens = store.tokens()
    table = Table("Id", "Calendar", "Issued", "Last used", "Revoked", box=None, header_style="bold", pad_edge=False)
    for each in tokens:
        table.add_row(each.id, each.calendar, *(_instant(at) for at in (each.issued, each.last_used, each.revoked)))
    output.console().print(table)


def _instant(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}Z" if at else ""


@token.command(epilog="Example: ircal token revoke 3f9c2a1b")
@config_option
@click.argument("name", metavar="ID")
def revoke(config: str | None, name: str) -> None:
    """Make a link open nothing more, by its public id (`ircal token list`)."""
    with closing(open_store(settings_of(config).store_url)) as store:
        revoked = store.revoke_token(name, datetime.now(UTC))
    if not revoked:
        message = f"No link with the id '{name}' is in use."
        raise IrcalError(message, "`ircal token list` shows them.")
    output.note(f"Revoked {name}. Whoever subscribed to it gets no more of the calendar.")
