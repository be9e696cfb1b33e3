"""Whom the Google calendars are shared with: looked at before a plan is told, and given after a sync."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ircal.cli import output
from ircal.errors import RemoteError
from ircal.sync import OF_ACCOUNT
from ircal.wiring import google_sharing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from threading import Event

    from ircal.google.sharing import Grant
    from ircal.model.program import Calendar
    from ircal.settings import Settings
    from ircal.store import Store
    from ircal.sync import Synced, Target

Failed = list[tuple["Calendar", RemoteError]]
"""Calendars of which it cannot be said, or set, whom they are shared with."""
Grants = dict[str, tuple["Grant", ...]]
"""What is to be given, by the calendar's id."""


def with_shares(
    targets: Iterable[Target], settings: Settings, stop: Event | None = None, store: Store | None = None
) -> tuple[tuple[Target, ...], Grants, Failed]:
    """The targets with whom they are to be shared with besides. Raises RemoteError for a fault of the account."""
    targets = tuple(targets)
    grants: Grants = {}
    failed: Failed = []
    wanted = [target.calendar for target in targets if target.calendar.share]
    if not wanted:
        return targets, grants, failed
    with google_sharing(settings, stop, store) as sharing:
        for calendar in wanted:
            try:
                grants[calendar.id] = sharing.missing(calendar.google, calendar.share)
            except RemoteError as error:
                if isinstance(error, OF_ACCOUNT):
                    raise
                failed.append((calendar, error))
    told = {name: tuple(map(str, given)) for name, given in grants.items()}
    return tuple(replace(target, shares=told.get(target.calendar.id, ())) for target in targets), grants, failed


def with_errors(seen: Iterable[Synced], failed: Failed) -> tuple[Synced, ...]:
    """What was looked at; a calendar of which not all can be told has the error."""
    errors = {calendar.id: error for calendar, error in failed}
    return tuple(replace(each, error=each.error or errors.get(each.plan.calendar)) for each in seen)


def give(  # noqa: PLR0913, PLR0917 the last two are those of the sync
    targets: Iterable[Target],
    done: Iterable[Synced],
    grants: Grants,
    settings: Settings,
    stop: Event | None = None,
    store: Store | None = None,
) -> Failed:
    """Share what was synced without an error with whom it is to be shared, and tell so; what failed."""
    well = {synced.plan.calendar for synced in done if not synced.error}
    due = [target.calendar for target in targets if target.calendar.id in well and grants.get(target.calendar.id)]
    failed: Failed = []
    if not due:
        return failed
    with google_sharing(settings, stop, store) as sharing:
        for calendar in due:
            try:
                for grant in grants[calendar.id]:
                    sharing.give(calendar.google, grant)
                    output.say(f"{calendar.name}: {grant}")
            except RemoteError as error:
                failed.append((calendar, error))
    return failed
