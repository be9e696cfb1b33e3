"""The demo: everything on one machine, with the sandbox in Google's place and nothing else pretended.

The steps are those of a real installation, in one process: read the programme, sign in with a service account's key,
plan, guard, write, plan again, serve.
"""

from __future__ import annotations

import contextlib
import socket
from contextlib import closing
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from ircal.cli.syncing import progress, summary
from ircal.google.sandbox import SandboxServer
from ircal.plan import Guard
from ircal.service import FeedServer
from ircal.store import open_store
from ircal.sync import sync_all
from ircal.wiring import StoreJournal, google_targets, load_program, sandbox_calendars

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.program import Program
    from ircal.settings import Settings

HOST = "127.0.0.1"


def run(settings: Settings, sandbox_port: int) -> None:
    """Show it all, and serve until Ctrl-C. Raises ProgramError before anything is started."""
    _step(f"Reading the programme in {settings.config}/")
    program = load_program(settings)
    click.echo(f"    {program.settings.name}: {len(program.residents)} residents, {len(program.calendars)} calendars")
    with SandboxServer(port=free_port(HOST, sandbox_port)) as sandbox:
        _push(program, _towards(sandbox, program, settings))
        port = free_port(settings.http.host, settings.http.port)
        http = settings.http.model_copy(update={"port": port})
        with FeedServer(settings.model_copy(update={"http": http})) as server:
            _tell_addresses(program, server, sandbox)
            with contextlib.suppress(KeyboardInterrupt):
                server.run()
    click.echo("\nStopped. Nothing is left running.")


def _towards(sandbox: SandboxServer, program: Program, settings: Settings) -> Settings:
    """The settings that make the sandbox our Google: its calendars, its address, a key that it gave out."""
    for name, title, zone in sandbox_calendars(program):
        sandbox.world.add_calendar(name, title, zone)
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    key = settings.state_dir / "sandbox-key.json"
    sandbox.write_credentials(key)
    google = settings.google.model_copy(
        update={"api_root": sandbox.url.rstrip("/"), "credentials_file": key, "subject": None}
    )
    return settings.model_copy(update={"google": google})


def _push(program: Program, settings: Settings) -> None:
    """Sync, and sync again to show that the second run finds nothing to do."""
    with google_targets(program, settings) as targets, closing(open_store(settings.store_url)) as store:
        journal = StoreJournal(store, uuid4().hex)
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


def _tell_addresses(program: Program, server: FeedServer, sandbox: SandboxServer) -> None:
    _step(f"Serving {len(program.calendars)} feeds; Ctrl-C ends it")
    for name in _some_of_each_kind(program):
        click.echo(f"    {server.url}/feeds/{name}.ics    {program.calendars[name].name}")
    click.echo(f"    {server.url}/healthz    how the service is")
    click.echo(f"    {sandbox.url}    what Google would show")
    click.echo("Edit a file of the programme: the feeds follow within seconds.")


def _some_of_each_kind(program: Program) -> Iterator[str]:
    seen: set[str] = set()
    for calendar in program.calendars.values():
        if calendar.kind not in seen:
            seen.add(calendar.kind)
            yield calendar.id


def free_port(host: str, wanted: int) -> int:
    """The wanted port if nobody listens there, else a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in (wanted, 0):
        with contextlib.suppress(OSError), socket.create_server((host, port), family=family) as found:
            return int(found.getsockname()[1])
    return wanted


def _step(text: str) -> None:
    click.secho(text, bold=True)
