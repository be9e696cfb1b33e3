"""An account at Google as runs use it (`ircal.service.runs.account`): its Remotes, what it shows, whom it shares with.

Google's client is for one thread at a time, and to sign in takes a moment; so a thread has one account for as long as
it lives, through programmes and runs. What halts a run halts whatever the account is waiting for.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING

from ircal.plan import text_of
from ircal.readback import Entry, compare, expected_entry
from ircal.sync import Target
from ircal.wiring.google import account_at, channels_of, google_sharing, mark_of, place_in_google, reader_of, remote_of
from ircal.wiring.remembered import StoreQuarantine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.errors import RemoteError
    from ircal.feeds import Feed
    from ircal.google.channels import Channels
    from ircal.google.gate import Gate
    from ircal.google.reader import Reader, Seen
    from ircal.google.sharing import Grant, Sharing
    from ircal.model.program import Calendar, Program, Window
    from ircal.model.schedule import Occurrence
    from ircal.readback import Comparison
    from ircal.service.in_force import Wanted
    from ircal.service.runs.account import Doubting
    from ircal.service.runs.holding import Halt
    from ircal.settings import Settings
    from ircal.store import Store
    from ircal.wiring.google import AccountAt


@contextmanager
def google_account(settings: Settings, store: Store) -> Iterator[GoogleAccount]:
    """An account for one thread. Raises SettingsError, or Denied, for credentials that cannot be used."""
    halt = Present()
    with account_at(settings, stop=halt, store=store) as account, ExitStack() as opened:
        yield GoogleAccount(account, settings, halt, opened)


class Present:
    """A `Halt` that is the present run's."""

    def __init__(self) -> None:
        self.run: Halt = Event()

    def is_set(self) -> bool:
        """Whether to begin nothing more."""
        return self.run.is_set()

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds, or until it is so."""
        return self.run.wait(timeout)


@dataclass(frozen=True, slots=True)
class Counted:
    """A gate that counts the calls about one calendar."""

    gate: Gate
    calendar: str
    counts: Counter[str]

    def before(self, calls: int) -> None:
        """Wait until so many calls may be made."""
        self.gate.before(calls)
        self.counts[self.calendar] += calls

    def after(self, error: RemoteError) -> None:
        """Take in what came of it."""
        self.gate.after(error)


class GoogleAccount:
    """The `Account` behind which is Google. What takes other rights is opened when it is asked for."""

    def __init__(self, account: AccountAt, settings: Settings, halt: Present, opened: ExitStack) -> None:
        self._counts: Counter[str] = Counter()
        gate_of = account.gate_of
        self._account = account._replace(gate_of=lambda name: Counted(gate_of(name), name, self._counts))
        self._settings = settings
        self._halt = halt
        self._opened = opened
        self._shares: Sharing | None = None
        self._doubting: dict[str, Doubting] = {}
        self._grants: dict[str, tuple[Grant, ...]] = {}

    def target(self, feed: Feed, wanted: Wanted, halt: Halt) -> Target:
        """A calendar to keep true; from now on the account waits for nothing once this is halted."""
        self._halt.run = halt
        calendar, program = feed.calendar, wanted.program
        repeats = any(series.rrule for series in feed.series)
        remote = remote_of(calendar, program, self._settings, self._account, repeats=repeats)
        self._doubting[calendar.id] = remote
        return Target(calendar, feed.series, wanted.window, remote, self._quarantine(calendar, program))

    def doubted(self, target: Target, feed: Feed, wanted: Wanted) -> None:
        """Have everything on a calendar read and compared, and written anew where it differs."""
        self._doubting[target.calendar.id].doubt(_doubtful(self._compared(feed, wanted)))

    def is_different(self, feed: Feed, wanted: Wanted) -> bool:
        """Whether Google shows something else than it should."""
        return not self._compared(feed, wanted).equal

    def _compared(self, feed: Feed, wanted: Wanted) -> Comparison:
        reader = reader_of(self._account, self._settings, feed.calendar.google)
        return Beside(wanted.program, self._settings, wanted.window, reader).compared(feed)

    def missing_shares(self, calendar: Calendar) -> tuple[str, ...]:
        """Whom it is to be shared with besides, in words."""
        self._grants[calendar.id] = self._sharing().missing(calendar.google, calendar.share)
        return tuple(map(str, self._grants[calendar.id]))

    def share(self, calendar: Calendar) -> tuple[str, ...]:
        """Share it with those that were missing when it was asked last."""
        for grant in (granted := self._grants.pop(calendar.id, ())):
            self._sharing().give(calendar.google, grant)
        return tuple(map(str, granted))

    def _sharing(self) -> Sharing:
        if self._shares is None:
            sharing = google_sharing(self._settings, self._halt, self._account.store)
            self._shares = self._opened.enter_context(sharing)
        return self._shares

    def channels(self) -> Channels:
        """On which Google tells of changes."""
        return channels_of(self._account, self._settings)

    def held(self, feed: Feed, wanted: Wanted) -> tuple[str, ...]:
        """What Google does not take of a calendar, in words."""
        refused = self._quarantine(feed.calendar, wanted.program).refused()
        titles = {series.uid: series.details.summary for series in feed.series}
        return tuple(f"{titles.get(uid, uid)}: {reason}" for uid, (_, reason) in sorted(refused.items()))

    def _quarantine(self, calendar: Calendar, program: Program) -> StoreQuarantine:
        return StoreQuarantine(self._account.store, place_in_google(calendar, program, self._settings))

    def resting(self) -> str:
        """Until when Google is not asked, and why."""
        shut = self._account.shut()
        return shut.message if shut else ""

    def calls(self, calendar: Calendar) -> int:
        """How many calls were made about it so far."""
        return self._counts[calendar.google]


def _doubtful(found: Comparison) -> dict[str, bool]:
    """The UIDs of which something is not as it should be, and whether that is when they take place."""
    doubtful = {pair.expected.uid: False for pair in found.different}
    doubtful |= {pair.expected.uid: True for pair in found.different if {"start", "end"} & {*pair.fields}}
    return doubtful | {entry.uid: True for entry in (*found.missing, *found.extra)}


@dataclass(frozen=True, slots=True)
class Beside:
    """What it takes to hold Google calendars against the programme in a window."""

    program: Program
    settings: Settings
    window: Window
    reader: Reader

    def compared(self, feed: Feed) -> Comparison:
        """What Google shows of us on a feed's calendar, beside the feed. Raises RemoteError.

        What is cancelled is not on a Google calendar.
        """
        calendar, zone = feed.calendar, self.program.settings.zone
        wanted = (_as_google_should(each) for each in feed.occurrences if not each.cancelled)
        seen = self.reader.seen(calendar.google, mark_of(calendar, self.program, self.settings), self.window, zone)
        return compare(wanted, map(_as_google_does, seen), zone)


def _as_google_should(occurrence: Occurrence) -> Entry:
    said = occurrence.details
    availability = "free" if said.transparent else "busy"
    return replace(expected_entry(occurrence), description=_words(text_of(said)), availability=availability)


def _as_google_does(seen: Seen) -> Entry:
    return Entry(
        uid=seen.uid,
        slot=seen.slot,
        start=seen.start,
        end=seen.end,
        summary=seen.summary.strip(),
        location=seen.location,
        status="TENTATIVE" if seen.tentative else "CONFIRMED",
        description=_words(seen.description),
        availability="free" if seen.free else "busy",
    )


def _words(text: str) -> str:
    """A text as its words, since calendars lay lines out anew."""
    return " ".join(text.split())
