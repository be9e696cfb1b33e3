"""`doctor`: everything that a sync leans on, looked at one by one, each with what mends it.

A check is well, a warning (it works, and will not for ever), wrong (a person has to mend it), away (it may pass by
itself) or unknown (it could not be told, and need not be). Nothing is written anywhere.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from ircal.cli import output
from ircal.cli.examined import Check, State, webhook
from ircal.cli.options import config_option, settings_of
from ircal.cli.syncing import calendar_option, chosen_calendars
from ircal.errors import IrcalError, RemoteError
from ircal.store import open_store
from ircal.sync import PASSING, stops_all
from ircal.wiring.google import calendars_reader, circuit_name, google_pace, google_reader, signed_in
from ircal.wiring.programmes import load_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.google.reader import Reader
    from ircal.model.program import Calendar
    from ircal.settings import Settings

MAY_WRITE = {"owner", "writer", "writerWithoutPrivateAccess"}
SERVICE_ACCOUNT = "gserviceaccount.com"
SLOW_CLOCK, WRONG_CLOCK = timedelta(seconds=30), timedelta(minutes=4)
"""Google takes a signature for a token for some minutes around its own time, and not later."""

_COLOURS: dict[State, str] = {"well": "green", "warning": "yellow", "wrong": "red", "away": "red", "unknown": "cyan"}
_SHARE = "In the calendar's settings, share it with {account} with the right to make changes to events."
_OWNER = (
    "Make a calendar in a durable account, such as the residency's own, and share it with the service account: what a "
    "service account owns cannot be handed over, and goes when the account goes."
)


@click.command(epilog="Example: ircal doctor --calendar resident-ash")
@config_option
@calendar_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def doctor(config: str | None, name: str | None, form: str) -> int:
    """Look at all that a sync needs, and tell what would mend what is not well.

    Credentials and their rights, what we may do on each calendar and who owns it, the clock, the store, and the
    address that Google would reach us at. Exits with 0 when nothing is wrong, with 1 when somebody has to mend
    something, and with 4 when Google cannot be asked now.
    """
    settings = settings_of(config)
    found: list[Check] = []
    for check in _checks(settings, name):
        found.append(check)
        if form == "text":
            _tell(check)
    states = {check.state for check in found}
    if form == "json":
        well = not states & {"wrong", "away"}
        output.say(json.dumps({"ok": well, "checks": [asdict(check) for check in found]}, indent=2))
    return 1 if "wrong" in states else 4 if "away" in states else 0


def _tell(check: Check) -> None:
    output.say(f"{click.style(f'{check.state:8}', fg=_COLOURS[check.state])} {check.about}: {check.message}")
    if check.remedy:
        output.say(f"         {check.remedy}")


def _checks(settings: Settings, name: str | None) -> Iterator[Check]:
    try:
        calendars = chosen_calendars(load_program(settings), name)
    except IrcalError as error:
        yield _failed("programme", error)
        return
    yield Check("programme", "well", f"{len(calendars)} of its calendars go to Google.")
    yield _store(settings)
    yield from _google(settings, calendars)
    yield webhook(settings.http.public_url)


def _store(settings: Settings) -> Check:
    try:
        with closing(open_store(settings.store_url, programme=settings.programme)):
            return Check("store", "well", "can be opened.")
    except IrcalError as error:
        return _failed("store", error)


def _google(settings: Settings, calendars: list[Calendar]) -> Iterator[Check]:
    """Who we are, what Google says of each calendar, and what its clock says, once one of them was asked."""
    try:
        account = signed_in(settings)
    except IrcalError as error:
        yield _failed("credentials", error)
        return
    yield Check("credentials", "well", f"signed in as {account}." if account else "this API root takes everybody.")
    quota = _quota(settings, account)
    yield quota
    if quota.state in {"away", "wrong"}:  # nothing may be asked, or nothing be remembered of it
        return
    offsets: list[timedelta] = []
    with google_reader(settings) as reader, calendars_reader(settings) as owners:
        errors: list[RemoteError | None] = []
        for calendar in calendars:
            try:
                standing = reader.standing(calendar.google)
            except RemoteError as error:
                yield _failed(calendar.id, error)
                errors.append(error)
                if stops_all(errors):
                    return
                continue
            errors.append(None)
            offsets += [datetime.now(UTC) - standing.server_time] if standing.server_time else []
            yield _access(calendar, standing.role, account)
            yield _ownership(calendar, owners)
    if calendars:
        yield clock(offsets)


def _quota(settings: Settings, account: str) -> Check:
    """Whether Google said that we have had enough, and how much of this minute is left."""
    from ircal.google.gate import shut_until

    name = circuit_name(account, settings)
    try:
        with closing(open_store(settings.store_url, programme=settings.programme)) as store:
            if settings.google.quota_hours and (shut := shut_until(store, name, datetime.now(UTC))):
                return _failed("quota", shut)
        with google_pace(settings) as pace:
            if pace is None:
                return Check("quota", "well", "no quota is known to be used up; calls to this machine are not counted.")
            return Check("quota", "well", f"{pace.used(name)} of {pace.per_minute} calls were made in the last minute.")
    except IrcalError as error:
        return _failed("quota", error)


def _access(calendar: Calendar, role: str, account: str) -> Check:
    if role in MAY_WRITE:
        return Check(calendar.id, "well", f"we are {role} of {calendar.google}.")
    message = f"we are only {role or 'a guest'} of {calendar.google}, and may not write to it."
    return Check(calendar.id, "wrong", message, _SHARE.format(account=account or "ircal's account"))


def _ownership(calendar: Calendar, owners: Reader) -> Check:
    try:
        owner = owners.data_owner(calendar.google)
    except (RemoteError, ValueError):
        message = "who owns it could not be told: that takes the right to read calendars, which a sync does without."
        return Check(calendar.id, "unknown", message, "See that a durable account owns it, and no service account.")
    if owner.endswith(SERVICE_ACCOUNT):
        return Check(calendar.id, "warning", f"a service account owns it: {owner}.", _OWNER)
    return Check(calendar.id, "well", f"{owner or 'the account that it is named after'} owns it.")


def clock(offsets: list[timedelta]) -> Check:
    """How far the clock is off, by the least of what was measured; positive is ahead of Google."""
    if not offsets:
        return Check("clock", "unknown", "Google did not tell the time.")
    off = min(offsets, key=abs)
    told = f"{abs(off.total_seconds()):.0f} s {'ahead of' if off > timedelta() else 'behind'} Google's."
    if abs(off) < SLOW_CLOCK:
        return Check("clock", "well", told)
    state: State = "wrong" if abs(off) > WRONG_CLOCK else "warning"
    return Check(
        "clock", state, told, "Have the machine's clock set by NTP; a token is refused where it is too far off."
    )


def _failed(about: str, error: IrcalError) -> Check:
    return Check(about, "away" if isinstance(error, PASSING) else "wrong", error.message, error.remedy)
