"""Google: what should stand there, and everything that it takes to ask."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple

from ircal.feeds import make_feeds
from ircal.service import schedule_of
from ircal.store import open_store
from ircal.wiring.remembered import StoreMemory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from google.auth.credentials import Credentials

    from ircal.errors import RemoteError
    from ircal.feeds import Feed
    from ircal.google.channels import Channels
    from ircal.google.gate import Gate
    from ircal.google.identity import Mark
    from ircal.google.pacing import Pace
    from ircal.google.reader import Reader
    from ircal.google.remote import GoogleRemote
    from ircal.google.sharing import Sharing
    from ircal.model.program import Calendar, Program, Window
    from ircal.service.runs.holding import Halt
    from ircal.settings import Settings
    from ircal.store import Store


def google_feeds(program: Program, window: Window, only: str | None = None) -> dict[str, Feed]:
    """What the calendars that name a Google calendar (or the one of them asked for) should say in a window.

    Raises ProgramError for dates that cannot be.
    """
    return make_feeds(schedule_of(program, window), google_calendars(program, only), window)


@contextmanager
def google_remotes(
    program: Program, settings: Settings, stop: Event | None = None, store: Store | None = None
) -> Iterator[Callable[[Calendar], GoogleRemote]]:
    """What makes the Remote of a calendar.

    Raises SettingsError for credentials that cannot be used, StoreError where nothing can be remembered of quotas.
    """
    with account_at(settings, stop=stop, store=store) as account:
        yield lambda calendar: remote_of(calendar, program, settings, account)


def remote_of(
    calendar: Calendar, program: Program, settings: Settings, account: AccountAt, *, repeats: bool = False
) -> GoogleRemote:
    """The Remote of a calendar; `repeats` where series are wanted on it."""
    from ircal.google.remote import GoogleRemote
    from ircal.google.source import Source

    said = program.settings
    return GoogleRemote(
        account.service,
        calendar.google,
        mark_of(calendar, program, settings),
        sleep=account.pause,
        attempts=settings.google.attempts,
        gate=account.gate_of(calendar.google),
        memory=StoreMemory(account.store, place_in_google(calendar, program, settings)),
        source=Source(said.name, said.link) if said.link else None,
        repeats=repeats,
        stopping=account.stop.is_set,
    )


def place_in_google(calendar: Calendar, program: Program, settings: Settings) -> str:
    """What the store calls that Google calendar: where it is, and whose events we look for there."""
    return f"{settings.google.api_root} {calendar.google} {mark_of(calendar, program, settings)}"


class AccountAt(NamedTuple):
    """A service with our credentials, what makes the gate of a calendar, the store, and how it waits and is stopped.

    `shut` is why nothing may be asked now, and until when.
    """

    service: Any
    gate_of: Callable[[str], Gate]
    store: Store
    stop: Halt
    pause: Callable[[float], None]
    shut: Callable[[], RemoteError | None]


@contextmanager
def account_at(
    settings: Settings, *scopes: str, stop: Halt | None = None, store: Store | None = None
) -> Iterator[AccountAt]:
    """Everything that it takes to ask Google something.

    `scopes` are those of a sync at least; `store` is one that is open already.
    """
    from ircal.google.auth import account_of
    from ircal.google.client import build_service
    from ircal.google.gate import Guarded, shut_until

    google, asked = settings.google, stop or Event()
    found = _credentials(settings, *scopes)
    name = circuit_name(account_of(found), settings)

    def gate_of(calendar: str) -> Guarded:
        return Guarded(name, calendar, pace, opened, google.quota_hours, _now)

    with (
        closing(build_service(google.api_root, found)) as service,
        nullcontext(store)
        if store
        else closing(open_store(settings.store_url, programme=settings.programme)) as opened,
        google_pace(settings, asked) as pace,
    ):
        yield AccountAt(service, gate_of, opened, asked, _pausing(asked), lambda: shut_until(opened, name, _now()))


def _pausing(stop: Halt) -> Callable[[float], None]:
    """What waits so many seconds, and raises Stopped as soon as we are told to stop."""
    from ircal.google.errors import stopped

    def pause(seconds: float) -> None:
        if stop.wait(seconds):
            raise stopped()

    return pause


def login_file(settings: Settings) -> Path:
    """Where it is kept what a user signed in with."""
    return settings.state_dir / "google-login.json"


def _credentials(settings: Settings, *scopes: str) -> Credentials | None:
    """Who we are towards Google, with the rights of a sync unless others are named."""
    from ircal.google.auth import SCOPE, credentials_for
    from ircal.google.login import logged_in

    google = settings.google
    login = None if google.credentials_file else logged_in(login_file(settings))
    return credentials_for(
        google.api_root, google.credentials_file, google.subject, os.environ, scopes or (SCOPE,), login
    )


def circuit_name(account: str, settings: Settings) -> str:
    """By what it is remembered that an account has used up a quota: a trial against a sandbox is another matter."""
    return f"{account or 'nobody'} {settings.google.api_root}"


@contextmanager
def google_pace(settings: Settings, stop: Halt | None = None) -> Iterator[Pace | None]:
    """What holds our calls to so many a minute, together with others who use the store; None for any number.

    Whoever waits for it raises Stopped once `stop` is set.
    """
    from ircal.google.counting import InDatabase, InFile
    from ircal.google.pacing import Pace

    if settings.google.pace is None:
        yield None
        return
    counts = InDatabase(settings.store_url) if settings.is_shared else InFile(settings.state_dir / "calls.db")
    with closing(counts):
        yield Pace(settings.google.pace, _pausing(stop or Event()), counts.clock, counts)


def _now() -> datetime:
    return datetime.now(UTC)


def google_calendars(program: Program, only: str | None = None) -> list[Calendar]:
    """The calendars that name a Google calendar, or the one of them asked for."""
    return [each for each in program.calendars.values() if each.google and only in {None, each.id}]


def mark_of(calendar: Calendar, program: Program, settings: Settings) -> Mark:
    """What every event that is ours bears on that calendar."""
    from ircal.google.identity import Mark

    return Mark(settings.google.owner or program.settings.id, calendar.id)


@contextmanager
def google_reader(settings: Settings, *scopes: str) -> Iterator[Reader]:
    """What asks Google about calendars. Raises SettingsError for credentials that cannot be used; nothing is sent.

    `scopes` are the rights that it takes, where those of a sync are not meant.
    """
    with account_at(settings, *scopes) as account:
        yield reader_of(account, settings)


def reader_of(account: AccountAt, settings: Settings, calendar: str = "") -> Reader:
    """What asks about calendars; its calls count as those about one of them, if there is one named."""
    from ircal.google.reader import Reader

    return Reader(account.service, account.pause, settings.google.attempts, account.gate_of(calendar))


def channels_of(account: AccountAt, settings: Settings) -> Channels:
    """What opens and stops channels, on which Google tells of changes."""
    from ircal.google.channels import Channels

    return Channels(account.service, account.pause, settings.google.attempts, account.gate_of(""))


@contextmanager
def google_sharing(settings: Settings, stop: Halt | None = None, store: Store | None = None) -> Iterator[Sharing]:
    """What sees and sets whom calendars are shared with. Raises SettingsError as above."""
    from ircal.google.auth import ACLS
    from ircal.google.sharing import Sharing

    with account_at(settings, ACLS, stop=stop, store=store) as account:
        yield Sharing(account.service, account.pause, settings.google.attempts, account.gate_of(""))


def calendars_reader(settings: Settings) -> AbstractContextManager[Reader]:
    """The same with the right to see whose a calendar is, and nothing else."""
    from ircal.google.auth import CALENDARS_READONLY

    return google_reader(settings, CALENDARS_READONLY)


def signed_in(settings: Settings) -> str:
    """Sign in to Google, and say as whom; empty where nobody has to.

    Raises SettingsError for credentials that are none, RemoteError where they are not accepted.
    """
    from ircal.google.access import Access
    from ircal.google.auth import account_of

    found = _credentials(settings)
    if found is not None:
        Access(found).refresh(None)
    return account_of(found)


def sandbox_calendars(program: Program) -> list[tuple[str, str, str]]:
    """The Google calendars that the programme names, as the sandbox takes them: id, summary, time zone."""
    zone = program.settings.timezone
    return [(each.google, each.name, zone) for each in program.calendars.values() if each.google]
