"""`plan` and `sync`: the Google calendars, looked at and made true."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from ircal.cli import exit_code, output
from ircal.cli.options import calendar_of, config_option, settings_of
from ircal.cli.parameters import Text
from ircal.cli.syncing import progress, summary
from ircal.errors import IrcalError, RemoteError
from ircal.plan import Guard, Policy, checksum_of
from ircal.store import open_store
from ircal.sync import look, sync_all
from ircal.wiring import StoreJournal, google_targets, load_published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.settings import Settings
    from ircal.sync import Synced, Target

PENDING = 2
SOME_FAILED = 5

calendar_option = click.option("--calendar", "name", type=Text(), metavar="ID", help="Only this calendar.")
policy_option = click.option(
    "--policy",
    type=click.Choice([policy.value for policy in Policy]),
    default=Policy.SYNC.value,
    show_default=True,
    help="What may be done at all: everything, nothing removed, or only what is new.",
)


@click.command(epilog="Example: ircal plan --calendar resident-ash")
@config_option
@calendar_option
@policy_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def plan(config: str | None, name: str | None, policy: str, form: str) -> int:
    """Tell what a sync would change in Google, without changing it.

    Exits with 0 when there is nothing to do and with 2 when changes are pending. The checksum is that of the whole
    plan, so that there is none while a calendar cannot be read.
    """
    with _targets(settings_of(config), name) as targets:
        seen = look(targets, Policy(policy))
    if form == "json":
        output.say(output.json_text(_plan_json(seen), indent=2))
    else:
        for line in _plan_text(seen):
            output.say(line)
    return _told_errors(seen) or (PENDING if any(each.plan.changes for each in seen) else 0)


def _plan_json(seen: tuple[Synced, ...]) -> dict[str, object]:
    """`pending` and `checksum` are null where that cannot be said."""
    errors = [(each.plan, each.error) for each in seen if each.error]
    pending = any(each.plan.changes for each in seen)
    return {
        "pending": pending or (None if errors else False),
        "checksum": None if errors else checksum_of(each.plan for each in seen),
        "plans": [each.plan.to_json() for each in seen if not each.error],
        "errors": [
            {"calendar": plan.calendar, "name": plan.name, "message": error.message, "remedy": error.remedy}
            for plan, error in errors
        ],
    }


def _plan_text(seen: tuple[Synced, ...]) -> Iterator[str]:
    for each in seen:
        yield f"{each.plan.name} ({each.plan.calendar}): could not be read" if each.error else str(each.plan)
        yield ""
    if not any(each.error for each in seen):
        yield f"Checksum: {checksum_of(each.plan for each in seen)}"


@click.command(epilog="Example: ircal sync --checksum 1f0c5a7be2d94c33")
@config_option
@calendar_option
@policy_option
@click.option("--checksum", type=Text(), metavar="X", help="Do only what the plan with this checksum said.")
@click.option("--allow-large-changes", is_flag=True, help="Do what the guard would refuse. Look at the plan first.")
def sync(config: str | None, name: str | None, policy: str, checksum: str | None, *, allow_large_changes: bool) -> int:
    """Make the Google calendars say what the programme says.

    All plans are made and guarded before anything is written. Only events that ircal made are ever touched. Exits
    with 3 when the guard refuses, with 4 when Google does, with 5 when something failed and the rest was done.
    """
    settings = settings_of(config)
    guard = Guard(allow=allow_large_changes)
    with (
        _targets(settings, name) as targets,
        closing(open_store(settings.store_url)) as store,
        progress(StoreJournal(store, uuid4().hex)) as journal,
    ):
        done = sync_all(targets, guard, journal, Policy(policy), reviewed=checksum or "")
    for synced in done:
        output.say(summary(synced))
        for outcome in synced.failed:
            output.say(f"    {outcome.change.uid}: {outcome.error}")
    return _told_errors(done) or (SOME_FAILED if any(synced.failed for synced in done) else 0)


def _told_errors(done: tuple[Synced, ...]) -> int:
    """Say which calendars could not be read or written, each error once; the exit code for that."""
    errors: dict[RemoteError, list[str]] = {}
    for synced in done:
        if synced.error:
            errors.setdefault(synced.error, []).append(f"{synced.plan.name} ({synced.plan.calendar})")
    for error, names in errors.items():
        output.error(RemoteError(f"{', '.join(names)}: {error.message}", error.remedy))
    if not errors:
        return 0
    return SOME_FAILED if any(not synced.error for synced in done) else exit_code(RemoteError(""))


@contextmanager
def _targets(settings: Settings, name: str | None) -> Iterator[tuple[Target, ...]]:
    program = load_published(settings)
    if name is not None and not calendar_of(program, name).google:
        message = f"The calendar {name} is not pushed to Google."
        raise IrcalError(message, f"Give it a Google calendar: `google: ...` ({program.calendars[name].place}).")
    with google_targets(program, settings, name) as targets:
        if not targets:
            output.note("No calendar of the programme names a Google calendar, so there is nothing to sync.")
        yield targets
