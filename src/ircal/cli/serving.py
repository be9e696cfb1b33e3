"""`serve`, `sandbox` and `demo`: what runs until it is stopped, by Ctrl-C or SIGTERM.

To be stopped is how a server ends well, so that the exit code is 0 then, from its first moment to its last.
"""

from __future__ import annotations

import contextlib
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ircal.cli import output
from ircal.cli.options import config_option, settings_of, settings_of_all
from ircal.cli.parameters import Text
from ircal.cli.several import chosen
from ircal.cli.stopping import stop_asked
from ircal.errors import SettingsError
from ircal.google.sandbox.faults import EVERY_FAULT, Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ircal.google.sandbox import SandboxServer
    from ircal.settings import Settings

SANDBOX_PORT = 9000
PRIMARY = ("primary", "Primary calendar", "UTC")
"""The calendar that every Google account has: id, summary, time zone."""


@contextlib.contextmanager
def until_stopped() -> Iterator[None]:
    """Go on until Ctrl-C or SIGTERM, which end the block quietly."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _port_option(text: str, default: int | None = None) -> Callable[..., Any]:
    return click.option("--port", type=click.IntRange(0, 65535), default=default, metavar="N", help=text)


@click.command(epilog="Example: ircal serve --port 8080")
@config_option
@click.option(
    "--host", type=Text(), metavar="ADDRESS", help="Where to listen (IRCAL_HTTP__HOST; default this machine only)."
)
@_port_option("The port (IRCAL_HTTP__PORT; default 8080); 0 takes a free one.")
@click.option("--no-worker", is_flag=True, help="Leave the Google calendars to `ircal worker`; needs PostgreSQL.")
def serve(config: str | None, host: str | None, port: int | None, *, no_worker: bool) -> None:
    """Serve the feeds and the pages over HTTP, and keep the Google calendars true.

    A feed is at /feeds/NAME.ics, where NAME is a secret from `ircal token issue`, or the id of a public calendar; on
    this machine only, any calendar's id. The pages begin at /. A changed programme is taken over at once, and what it
    changes is pushed to Google within seconds; a wrong one never is, and the last good one stays in force. SIGHUP has
    it look at the files. Of several programmes all are served: the feeds by id at /feeds/PROGRAMME/NAME.ics, and the
    pages at /programmes/PROGRAMME/.
    """
    with until_stopped():
        from ircal import service
        from ircal.accounts import google_account
        from ircal.trial import SheetTrier

        settings = settings_of_all(config, http={"host": host, "port": port})
        several = _is_of_several(settings)
        settings = settings if several else chosen(settings)
        if no_worker and not settings.is_shared:
            message = "--no-worker leaves the work to others, and the store is a file of this machine."
            raise SettingsError(message, "Set IRCAL_DATABASE_URL=postgresql://..., and start `ircal worker`.")
        kind = service.ShelfServer if several else service.FeedServer
        service.serve(settings, google_account, SheetTrier, works=not no_worker, server=kind)


def _is_of_several(settings: Settings) -> bool:
    """Whether all programmes of a folder are meant."""
    from ircal.config import programmes_in

    return bool(programmes_in(settings.config).folders) and settings.programme is None


@click.command(epilog="Example: ircal worker")
@config_option
def worker(config: str | None) -> None:
    """Keep the Google calendars true, beside other processes that share a PostgreSQL.

    Any number of them share the work, on any machines; never two are at one calendar. The programme, or each of several
    in a folder, is the one that `ircal serve` has put in the store, so there must be one of those. It ends well at
    Ctrl-C or SIGTERM: calls under way are finished, and the rest is left to others.
    """
    from ircal import service
    from ircal.accounts import google_account

    settings = settings_of_all(config)
    several = _is_of_several(settings)
    settings = settings if several else chosen(settings)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # it looks for the programme in force at every visit anyway
    with stop_asked() as stop:
        service.work(settings, google_account, stop, several=several)


@click.command(epilog="Example: ircal sandbox --port 9000 --credentials sandbox-key.json")
@config_option
@_port_option(f"The port (default {SANDBOX_PORT}); 0 takes a free one.", SANDBOX_PORT)
@click.option(
    "--calendar", "more", type=Text(), multiple=True, metavar="ID", help="A further calendar to have; may be repeated."
)
@click.option("--credentials", type=Text(), metavar="FILE", help="Write the key of a service account for it there.")
@click.option("--fail", type=click.FloatRange(0, 1), default=0.0, metavar="SHARE", help="Let so many calls fail: 0.2.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Which calls fail, and how.")
@click.option(
    "--fault",
    "kinds",
    type=click.Choice(EVERY_FAULT),
    multiple=True,
    metavar="KIND",
    help="How they fail: a reason of Google's (quotaExceeded, backendError ...), slow, cutBefore or cutAfter; may be "
    "repeated. All of them unless it is said.",
)
@click.option(
    "--slow", type=click.FloatRange(0, 600), default=2.0, show_default=True, metavar="S", help="Seconds that `slow` is."
)
def sandbox(  # noqa: PLR0913, PLR0917 one parameter for each option
    config: str | None,
    port: int,
    more: tuple[str, ...],
    credentials: str | None,
    fail: float,
    seed: int,
    kinds: tuple[str, ...],
    slow: float,
) -> None:
    """Run a local Google Calendar to try things on.

    It answers the Calendar API v3 on this machine only and forgets everything when it ends. It has the calendars that
    the programme names, if there is one, those named here, and `primary`. Point ircal at it
    with IRCAL_GOOGLE__API_ROOT.

    With --fail, some calls are refused, slow or cut off before or after they were carried out, also inside a batch: the
    same seed and the same calls, the same faults.
    """
    if kinds and not fail:
        raise click.UsageError("--fault needs --fail SHARE, how many of the calls are to fail.")
    with until_stopped():
        from ircal.google import sandbox as google

        calendars = [PRIMARY, *_programmes_calendars(config), *((name, name, "UTC") for name in more)]
        faults = Faults(seed, fail, kinds or EVERY_FAULT, slow)
        ready = partial(_sandbox_is_ready, faults)
        google.serve(port, calendars, credentials=credentials, wrap=faults, ready=ready)


def _programmes_calendars(config: str | None) -> list[tuple[str, str, str]]:
    """Those that the programme names. Where none was asked for there need not be one."""
    from ircal.errors import ProgramError
    from ircal.wiring.google import sandbox_calendars
    from ircal.wiring.programmes import load_published

    try:
        return sandbox_calendars(load_published(settings_of(config)))
    except ProgramError as error:
        if config:
            raise
        output.note(f"There is no programme to take calendars from: {error.problems[0].message}.")
        return []


def _sandbox_is_ready(faults: Faults, server: SandboxServer) -> None:
    root = server.url.rstrip("/")
    output.say(f"Google Calendar sandbox at {root} with {len(server.world.calendars)} calendars. Ctrl-C ends it.")
    if faults.rate:
        output.note(f"{faults.rate:.0%} of the calls fail ({', '.join(faults.kinds)}), on the plan {faults.seed}.")
    output.note(f"To use it: export IRCAL_GOOGLE__API_ROOT={root}")


@click.command(epilog="Example: ircal demo --port 8080 --sandbox-port 9000")
@config_option
@_port_option("The port of the feeds (IRCAL_HTTP__PORT; default 8080, or a free one when that is taken).")
@click.option(
    "--sandbox-port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help=f"The port of the sandbox (default {SANDBOX_PORT}, or a free one when that is taken).",
)
def demo(config: str | None, port: int | None, sandbox_port: int | None) -> None:
    """Show it all on this machine: sandbox, sync and feeds, without an account.

    Starts a Google Calendar sandbox, pushes the programme's calendars to it through Google's own client, looks again
    to show that nothing is left to do, and serves the feeds until Ctrl-C.
    """
    with until_stopped():
        from ircal.cli import demo as show

        settings = _with_own_state(settings_of(config, http={"port": port}))
        chosen = port is not None or settings.http.port != type(settings.http)().port
        feeds = show.Port(settings.http.port, chosen=chosen)
        google = show.Port(SANDBOX_PORT if sandbox_port is None else sandbox_port, chosen=sandbox_port is not None)
        show.run(settings, feeds, google)
    output.say("\nStopped. Nothing is left running.")


def _with_own_state(settings: Settings) -> Settings:
    """The settings with a state folder that the demo shares with nothing real."""
    return settings.model_copy(update={"state_dir": Path(settings.state_dir) / "demo", "database_url": None})
