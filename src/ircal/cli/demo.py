"""The demo: everything on one machine, with the sandbox in Google's place and nothing else pretended.

The steps are those of a real installation, in one process: read the programme, sign in with a service account's key,
plan, guard, write, plan again, serve.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import uuid4

import click
from pydantic import SecretStr

from ircal.accounts import google_account
from ircal.cli.performing import wanted_of
from ircal.cli.syncing import progress
from ircal.errors import IrcalError
from ircal.google.sandbox import SandboxServer
from ircal.plan import Guard
from ircal.service import FeedServer
from ircal.service.runs.records import StoreJournal
from ircal.service.runs.telling import summary
from ircal.store import open_store
from ircal.sync import sync_all
from ircal.trial import SheetTrier
from ircal.web import listen
from ircal.web.pages import hash_password
from ircal.wiring.google import sandbox_calendars
from ircal.wiring.programmes import load_published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.program import Program
    from ircal.settings import Settings


@dataclass(frozen=True, slots=True)
class Port:
    """A port to listen on, and whether somebody chose it; another one will do where nobody did."""

    number: int
    chosen: bool


def run(settings: Settings, feeds: Port, google: Port) -> None:
    """Show it all, and serve until it is interrupted.

    Raises ProgramError before anything is started, and IrcalError when a port that was chosen is taken.
    """
    _step(f"Reading the programme in {settings.config}/")
    program = load_published(settings)
    click.echo(f"    {program.settings.name}: {len(program.residents)} residents, {len(program.calendars)} calendars")
    http = settings.http.model_copy(update={"port": _free(settings.http.host, feeds)})
    with _sandbox(google) as sandbox, TemporaryDirectory(prefix="ircal-demo-") as folder:
        pushing = _towards(sandbox, program, settings, Path(folder) / "key.json")
        _push(pushing)
        served, password = _with_password(pushing.model_copy(update={"http": http}))
        with FeedServer(served, google_account, SheetTrier) as server:
            _tell_addresses(program, server, sandbox, password)
            server.run()


def _with_password(settings: Settings) -> tuple[Settings, str]:
    """The settings with a password for this run, and that; nothing where there is one that we do not know."""
    if settings.admin.password_hash:
        return settings, ""
    password = token_urlsafe(9)
    admin = settings.admin.model_copy(update={"password_hash": SecretStr(hash_password(password))})
    return settings.model_copy(update={"admin": admin}), password


def _tell_pages(server: FeedServer, password: str) -> None:
    click.echo(f"    {server.url}/    the schedule, and from there every other page")
    if password:
        click.echo(
            f"    {server.url}/sign-in    to try changes out and to sync; the password, for this run: {password}"
        )


def _free(host: str, wanted: Port) -> int:
    """A port of the feeds that nobody listens on: the wanted one, if need be."""
    try:
        with listen(host, wanted.number) as found:
            return int(found.getsockname()[1])
    except IrcalError as error:
        if wanted.chosen:
            raise
        click.echo(f"    {error.message} The feeds take another one.")
    with listen(host, 0) as found:
        return int(found.getsockname()[1])


def _sandbox(wanted: Port) -> SandboxServer:
    try:
        return SandboxServer(port=wanted.number)
    except IrcalError as error:
        if wanted.chosen:
            raise
        click.echo(f"    {error.message} The sandbox takes another one.")
    return SandboxServer()


def _towards(sandbox: SandboxServer, program: Program, settings: Settings, key: Path) -> Settings:
    """The settings that make the sandbox our Google: its calendars, its address, a key that it gave out."""
    sandbox.add_calendars(sandbox_calendars(program))
    sandbox.write_credentials(key)
    google = settings.google.model_copy(
        update={"api_root": sandbox.url.rstrip("/"), "credentials_file": key, "subject": None}
    )
    return settings.model_copy(update={"google": google})


def _push(settings: Settings) -> None:
    """Sync, and sync again to show that the second run finds nothing to do."""
    wanted = wanted_of(settings, None)
    with (
        closing(open_store(settings.store_url, programme=settings.programme)) as store,
        google_account(settings, store) as account,
        StoreJournal(store, uuid4().hex, lambda: datetime.now(UTC)) as journal,
    ):
        targets = [account.target(feed, wanted, Event()) for feed in wanted.feeds.values()]
        _step(f"Pushing {len(targets)} calendars to the Google Calendar sandbox at {settings.google.api_root}")
        begun = perf_counter()
        with progress(journal) as counting:
            done = sync_all(targets, Guard(), counting)
        for synced in done:
            click.echo(f"    {summary(synced)}")
        changes = sum(len(synced.plan.changes) for synced in done)
        click.echo(f"    {changes} changes in {perf_counter() - begun:.1f} s")
        _step("Looking again")
        left = sum(len(synced.plan.changes) for synced in sync_all(targets, Guard(), journal))
        click.echo(f"    {left or 'no'} changes: every calendar says what the programme says")


def _tell_addresses(program: Program, server: FeedServer, sandbox: SandboxServer, password: str) -> None:
    _step(f"Serving {len(program.calendars)} feeds and the pages; Ctrl-C ends it")
    for name in _some_of_each_kind(program):
        click.echo(f"    {server.url}/feeds/{name}.ics    {program.calendars[name].name}")
    click.echo(f"    {server.url}/healthz    how the service is")
    click.echo(f"    {sandbox.url}    what Google would show")
    _tell_pages(server, password)
    click.echo("Edit a file of the programme: the feeds follow within seconds, and so do the pages.")


def _some_of_each_kind(program: Program) -> Iterator[str]:
    seen: set[str] = set()
    for calendar in program.calendars.values():
        if calendar.kind not in seen:
            seen.add(calendar.kind)
            yield calendar.id


def _step(text: str) -> None:
    click.secho(text, bold=True)
