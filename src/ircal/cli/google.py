"""`plan` and `sync`: the Google calendars, looked at and made true."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING

import click

from ircal.accounts import google_account
from ircal.cli import PENDING, output
from ircal.cli.options import config_option, settings_of, settings_of_all
from ircal.cli.parameters import Text, Word
from ircal.cli.performing import Asked, done_as_asked, wanted_of
from ircal.cli.several import each_programme, over_all
from ircal.cli.syncing import allow_options, calendar_option, told_of
from ircal.errors import GuardRefused
from ircal.plan import Policy, checksum_of, markdown_of
from ircal.service.runs.guarding import guard_of
from ircal.service.runs.perform import with_shares
from ircal.store import open_store
from ircal.sync import look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.plan import Guard
    from ircal.service.in_force import Wanted
    from ircal.settings import Settings
    from ircal.sync import Synced

policy_option = click.option(
    "--policy",
    type=Word([policy.value for policy in Policy]),
    default=Policy.SYNC.value,
    show_default=True,
    help="What may be done at all: everything, nothing removed, or only what is new.",
)


@click.command(epilog="Example: ircal plan --calendar resident-ash")
@config_option
@calendar_option
@policy_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", help="How to print it."
)
def plan(config: str | None, name: str | None, policy: str, form: str) -> int:
    """Tell what a sync would change in Google, without changing it.

    Told by calendar and date, those of one person first. Exits with 0 when there is nothing to do and with 2 when
    changes are pending. What the guard would refuse is told with its numbers. The checksum is that of the whole
    plan, so that there is none while a calendar cannot be read.
    """
    settings = settings_of(config)
    wanted = wanted_of(settings, name)
    seen = _seen(wanted, settings, Policy(policy))
    if form == "json":
        output.say(output.json_text(_plan_json(seen), indent=2))
    else:
        for line in plan_lines(seen, markdown=form == "markdown"):
            output.say(line)
    _warn(guard_of(settings, wanted.program, datetime.now(UTC)), seen)
    return told_of(seen) or (PENDING if _pending(seen) else 0)


def _seen(wanted: Wanted, settings: Settings, policy: Policy) -> tuple[Synced, ...]:
    """What would be done to each calendar; one of which not all can be told has an error."""
    with (
        closing(open_store(settings.store_url, programme=settings.programme)) as store,
        google_account(settings, store) as account,
    ):
        unshared = [account.target(feed, wanted, Event()) for feed in wanted.feeds.values()]
        targets, failed = with_shares(unshared, account)
        errors = {calendar.id: error for calendar, error in failed}
        seen = look(targets, policy)
    return tuple(replace(each, error=each.error or errors.get(each.plan.calendar)) for each in seen)


def _pending(seen: tuple[Synced, ...]) -> bool:
    return any(each.plan.changes or each.plan.shares for each in seen)


def _plan_json(seen: tuple[Synced, ...]) -> dict[str, object]:
    """`pending` and `checksum` are null where that cannot be said."""
    errors = [(each.plan, each.error) for each in seen if each.error]
    pending = _pending(seen)
    return {
        "pending": pending or (None if errors else False),
        "checksum": None if errors else checksum_of(each.plan for each in seen),
        "plans": [each.plan.to_json() for each in seen if not each.error],
        "errors": [
            {"calendar": plan.calendar, "name": plan.name, "message": error.message, "remedy": error.remedy}
            for plan, error in errors
        ],
    }


def plan_lines(seen: tuple[Synced, ...], *, markdown: bool = False) -> Iterator[str]:
    """The lines of what would be done, and their checksum if all of it can be told.

    In Markdown there is a heading for each calendar and each date.
    """
    told, heading, quote = (markdown_of, "## ", "`") if markdown else (str, "", "")
    for each in _by_person(seen):
        plan = each.plan
        yield f"{heading}{plan.name} ({plan.calendar}): could not be read" if each.error else told(plan)
        yield ""
    if not any(each.error for each in seen):
        yield f"Checksum: {quote}{checksum_of(each.plan for each in seen)}{quote}"


def _by_person(seen: tuple[Synced, ...]) -> list[Synced]:
    return sorted(seen, key=lambda each: (not each.plan.person, each.plan.name, each.plan.calendar))


def _warn(guard: Guard, seen: tuple[Synced, ...]) -> None:
    """Say what a sync would be refused for."""
    try:
        guard.check(*(each.plan for each in seen if not each.error))
    except GuardRefused as refused:
        output.note(f"`ircal sync` would refuse this:\n{refused.message}")


@click.command(epilog="Example: ircal sync --checksum 1f0c5a7be2d94c33")
@config_option
@calendar_option
@policy_option
@click.option("--checksum", type=Text(), metavar="X", help="Do only what the plan with this checksum said.")
@allow_options
def sync(config: str | None, name: str | None, policy: str, checksum: str | None, **allowed: bool) -> int:
    """Make the Google calendars say what the programme says.

    All plans are made and guarded before anything is written. Only events that ircal made are ever touched. Exits
    with 3 when the guard refuses, with 4 when Google does, with 5 when something failed and the rest was done.
    """
    asked = Asked("sync", name, Policy(policy), allowed, reviewed=checksum or "")
    return over_all(each_programme(settings_of_all(config)), lambda settings: done_as_asked(settings, asked))
