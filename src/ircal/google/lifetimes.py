"""When channels are opened, renewed and stopped: a function of those that are known, what is wanted, and the time.

A channel cannot be prolonged. Before one expires another is opened beside it, and the old one is stopped only when the
first message has come on the new one: so there is no moment in which nobody tells us. A channel on which nothing has
ever come proves nothing; until it speaks, and where there is none, a calendar has to be asked (`unheard`).

    pending     written down before Google is asked, so that its first message finds it known: no `resource` yet
    speaking    a message has come on it
    over        it has expired, and Google has forgotten it

No clock, network or memory here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ircal.google.channels import is_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

AHEAD = timedelta(days=1)
"""How long before the end of a channel another is opened, or a quarter of its life if that is less."""
PATIENCE = timedelta(minutes=10)
"""How long a pending channel may be without an answer, and a new one without a message."""


@dataclass(frozen=True, slots=True)
class Known:
    """A channel as it is remembered; `calendar` is our id of the calendar, instants know their zone."""

    name: str
    calendar: str
    opened: datetime
    expires: datetime
    resource: str = ""
    spoke: bool = False
    stopped: bool = False

    def is_silent(self, now: datetime) -> bool:
        """Whether its first message should have come long ago."""
        return not self.spoke and self.opened + PATIENCE <= now


@dataclass(frozen=True, slots=True)
class Wanted:
    """The calendars that are to be watched, Google's ids by ours, and the address that is to be told, if there is one.

    Without an address, nothing can be watched.
    """

    calendars: Mapping[str, str]
    address: str | None

    def is_met_by(self, channel: Known) -> bool:
        """Whether a channel is one of those that are wanted."""
        google = self.calendars.get(channel.calendar)
        return bool(google and self.address and is_for(channel.name, google, self.address))


@dataclass(frozen=True, slots=True)
class Steps:
    """What is to be done, in this order: calendars to open a channel for, channels to stop, and to forget."""

    open: tuple[str, ...] = ()
    stop: tuple[Known, ...] = ()
    forget: tuple[Known, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.open or self.stop or self.forget)


def steps(known: Iterable[Known], wanted: Wanted, now: datetime) -> Steps:
    """What it takes to have every calendar watched for a while yet, and nothing else."""
    over, live = _divided(known, now)
    best = _best(live, wanted)
    calendars = sorted(wanted.calendars) if wanted.address else []
    return Steps(
        open=tuple(each for each in calendars if each not in best or _is_ending(best[each], now)),
        stop=tuple(each for each in live if each.resource and not _is_needed(each, best.get(each.calendar), wanted)),
        forget=tuple(over),
    )


def unheard(known: Iterable[Known], wanted: Wanted, now: datetime) -> frozenset[str]:
    """The calendars of whose changes nobody tells us for sure: they have to be asked."""
    _, live = _divided(known, now)
    heard = {each.calendar for each in live if each.spoke and not each.stopped and wanted.is_met_by(each)}
    return frozenset(wanted.calendars.keys() - heard)


def _divided(known: Iterable[Known], now: datetime) -> tuple[list[Known], list[Known]]:
    """Those that are over, or that were never opened; and the others. Each by its end."""
    ordered = sorted(known, key=lambda each: (each.expires, each.name))
    over = [each for each in ordered if each.expires <= now or _failed(each, now)]
    return over, [each for each in ordered if each not in over]


def _failed(channel: Known, now: datetime) -> bool:
    """Whether it is pending for so long that nothing will come of it."""
    return not channel.resource and channel.opened + PATIENCE <= now


def _best(live: Iterable[Known], wanted: Wanted) -> dict[str, Known]:
    """The channel of each calendar that lasts longest."""
    return {each.calendar: each for each in live if not each.stopped and wanted.is_met_by(each)}


def _is_needed(channel: Known, best: Known | None, wanted: Wanted) -> bool:
    """Whether it is the one that lasts longest, or still has to be there until that one speaks."""
    if best is None or channel.stopped or not wanted.is_met_by(channel):
        return False
    return channel.name == best.name or not best.spoke


def _is_ending(channel: Known, now: datetime) -> bool:
    return channel.expires - now <= min(AHEAD, (channel.expires - channel.opened) / 4)
