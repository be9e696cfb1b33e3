"""`resync` and `purge`: a Google calendar mended as if nothing were remembered of it, and one rid of what is ours.

A sync believes the digests that it left on events, and what it remembers of the calendar. `resync` believes neither: it
has Google expand everything, holds it against the programme, and takes the digests of what is not as it should be for
worthless, so that the plan writes it anew.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from ircal.cli import PENDING, output
from ircal.cli.google import plan_lines
from ircal.cli.options import config_option, settings_of
from ircal.cli.parameters import Text
from ircal.cli.performing import Asked, done_as_asked, held
from ircal.cli.stopping import stop_asked
from ircal.cli.syncing import allow_options, calendar_option, chosen_calendars, progress, told_done, told_of
from ircal.model.program import Calendar, Window
from ircal.plan import Guard, Policy
from ircal.service.runs.records import StoreJournal
from ircal.store import open_store
from ircal.sync import Target, look, sync_all
from ircal.wiring.google import google_remotes
from ircal.wiring.programmes import load_published

if TYPE_CHECKING:
    from ircal.model.program import Program

ALWAYS = Window(date.min, date.max)


@click.command(epilog="Example: ircal resync --calendar resident-ash")
@config_option
@calendar_option
@allow_options
def resync(config: str | None, name: str | None, **allowed: bool) -> int:
    """Compare everything with Google, whatever is remembered of it, and repair what differs.

    Google expands what it holds, and each occurrence is compared with the programme, as `ircal verify google` does.
    What differs is written anew, whoever changed it, and guarded as in any sync. Exits as `sync` does, and with 2
    when Google shows something else even then.
    """
    asked = Asked("resync", name, Policy.SYNC, allowed, thorough=True)
    return done_as_asked(settings_of(config), asked)


@click.command(epilog="Example: ircal purge --calendar resident-ash")
@config_option
@click.option("--calendar", "name", type=Text(), metavar="ID", required=True, help="The calendar to take ours off.")
@click.option(
    "--google", type=Text(), metavar="ADDRESS", help="Its Google calendar, where the programme has it no more."
)
@click.option("--checksum", type=Text(), metavar="X", help="Remove what was told with this checksum.")
@click.option("--yes", is_flag=True, help="Remove it without that somebody has looked.")
def purge(config: str | None, name: str, google: str | None, checksum: str | None, *, yes: bool) -> int:
    """Take everything off a Google calendar that ircal made, and nothing else.

    Without --checksum or --yes it is only told what would be removed, past events too, and nothing is. Exits with 2
    when there is something to remove. The next sync writes it all again unless the calendar's `google` is taken out
    of the programme.
    """
    settings = settings_of(config)
    program = load_published(settings)
    with (
        stop_asked() as stop,
        closing(open_store(settings.store_url, programme=settings.programme)) as store,
        google_remotes(program, settings, stop, store) as remote_of,
    ):
        calendar = _purged(program, name, google)
        target = Target(calendar, (), ALWAYS, remote_of(calendar))
        if not (yes or checksum):
            return _told_only(target)
        with (
            held(store, [calendar.id], stop),
            StoreJournal(store, uuid4().hex, lambda: datetime.now(UTC)) as written,
            progress(written) as journal,
        ):
            code = told_done(sync_all([target], Guard(allow=True), journal, reviewed=checksum or ""))
    return (code and stop.exit_code) or code


def _purged(program: Program, name: str, google: str | None) -> Calendar:
    if google:
        return Calendar(id=name, name=name, kind="programme", google=google)
    (calendar,) = chosen_calendars(program, name)
    return calendar


def _told_only(target: Target) -> int:
    (seen,) = look([target])
    if seen.error:
        return told_of([seen])
    for line in plan_lines((seen,)):
        output.say(line)
    if not seen.plan.changes:
        return 0
    output.note("Nothing was removed. To remove it: run it again with --checksum and that checksum.")
    return PENDING
