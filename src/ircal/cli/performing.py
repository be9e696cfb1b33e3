"""`sync` and `resync` as runs of the one way that the service takes too (`ircal.service.runs`)."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ircal.accounts import google_account
from ircal.cli import DIFFERENT, output
from ircal.cli.stopping import stop_asked
from ircal.cli.syncing import chosen_calendars, progress, told_done, told_errors
from ircal.service.in_force import Wanted, day_of
from ircal.service.runs.guarding import guard_of
from ircal.service.runs.holding import Holds
from ircal.service.runs.perform import Desk, Order, perform
from ircal.store import open_store
from ircal.tracing import start_tracing
from ircal.wiring.google import google_feeds
from ircal.wiring.programmes import load_published, usual_window

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ircal.plan import Policy
    from ircal.service.runs.holding import Halt
    from ircal.service.runs.perform import Performed
    from ircal.settings import Settings
    from ircal.store import Store

PATIENCE = timedelta(minutes=10)
"""For how long another run is waited for that is at one of the calendars."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for: of one calendar or of all; `allowed` is what the guard shall let pass for once."""

    cause: str
    name: str | None
    policy: Policy
    allowed: Mapping[str, bool]
    reviewed: str = ""
    thorough: bool = False


def done_as_asked(settings: Settings, asked: Asked) -> int:
    """Do it, in order with whoever else is at these calendars, and tell what became of it; the exit code."""
    start_tracing()
    wanted = wanted_of(settings, asked.name)
    with (
        stop_asked() as stop,
        closing(open_store(settings.store_url, programme=settings.programme)) as store,
        google_account(settings, store) as account,
        held(store, wanted.feeds, stop) as halt,
    ):
        performed = perform(_order(asked, settings, wanted), Desk(wanted, account, store, _now, halt))
    code = _told(performed)
    return (code and stop.exit_code) or code


def wanted_of(settings: Settings, name: str | None) -> Wanted:
    """What the Google calendars, or that one, should say today. Raises ProgramError, and IrcalError for such a name."""
    program = load_published(settings)
    chosen_calendars(program, name)
    window = usual_window(program, settings)
    return Wanted(program, program, day_of(program, _now()), window, google_feeds(program, window, name))


def _order(asked: Asked, settings: Settings, wanted: Wanted) -> Order:
    return Order(
        dict.fromkeys(wanted.feeds, asked.cause),
        guard_of(settings, wanted.program, _now(), **asked.allowed),
        asked.policy,
        asked.reviewed,
        thorough=asked.thorough,
        again=asked.thorough,
        watched=progress,
    )


@contextmanager
def held(store: Store, calendars: Iterable[str], stop: Halt) -> Iterator[Halt]:
    """Be the only one at these calendars, once whoever is at one of them is done; what says when to halt."""

    def waiting(calendar: str) -> None:
        output.note(f"Another ircal is at {calendar}; waiting until it is done.")

    with closing(Holds(store, _now)) as holds, holds.all(calendars, stop, waiting, PATIENCE) as halt:
        yield halt


def _told(performed: Performed) -> int:
    code = told_done(performed.done)
    for shared in performed.shared:
        output.say(shared)
    for calendar in performed.different:
        output.note(f"{calendar.name}: Google shows something else even so; `ircal verify google` tells what.")
    known = {(each.plan.calendar, str(each.error)) for each in performed.done}
    failed = [(calendar, error) for calendar, error in performed.failed if (calendar.id, str(error)) not in known]
    worse = told_errors([(f"{calendar.name} ({calendar.id})", error) for calendar, error in failed], others=True)
    if performed.different:
        return worse or code or DIFFERENT
    return code or worse


def _now() -> datetime:
    return datetime.now(UTC)
