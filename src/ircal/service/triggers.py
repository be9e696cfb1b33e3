"""Triggers: what wakes the service, and the one door that all of them use.

A file was saved, Google tells of a change, a timer has run out, somebody pressed a button. None of them carries work:
a trigger only says of which calendars something may be different, and a run reads both sides again and decides. So a
trigger that is lost or comes twice does no harm, and a thousand of them are one or two runs.

    trigger --mark--> due (remembered, with a number that each mark raises) --nudge--> queue --> worker --> run

What is remembered comes first and the nudge after it: a nudge that is lost is made up for by the sweep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

Cause = Literal["start", "programme", "google", "poll", "midnight", "night", "sync", "resync", "page"]
"""Why a calendar is due.

    start       the service has begun, and does not know what it has missed
    programme   the programme says something else of it
    google      Google told that it has changed there
    poll        it is time to ask Google, which cannot tell us
    midnight    a new day in the programme's zone: the window may have moved on
    night       it is time to compare everything
    sync        somebody asked for it
    resync      somebody asked to compare everything
    page        the same, on the page
"""

THOROUGH: frozenset[Cause] = frozenset({"night", "resync", "page"})
"""The causes that have everything compared, whatever is remembered of the calendar."""


def kind_of(told: str) -> str:
    """What kind of cause it is that is remembered, whoever brought it about: `page by hazel` is `page`."""
    return told.partition(" by ")[0]


class Triggers(Protocol):
    """The door for whatever wakes the service. Safe from any thread; it may wait for the store, but not for a run."""

    def mark(self, calendars: Collection[str] | None, cause: Cause, by: str = "") -> None:
        """Have calendars, by their ids in the programme, looked at again soon; None for all that are in Google.

        `by` is who asked, where it was a person. Ids that the programme does not know, or does not push, are passed
        over. Once it returns the mark is kept. Raises StoreError where it cannot be.
        """

    def look(self) -> None:
        """Have the configuration looked at again soon. What it says differently then makes calendars due by itself."""


class Marks(Protocol):
    """Where it is remembered that calendars are due."""

    def raise_due(self, calendars: Collection[str], cause: str, now: datetime) -> None:
        """Have each due, with a generation that is one more than it was. Raises StoreError."""


class Nudged(Protocol):
    """What has workers look at calendars."""

    def nudge(self, calendars: Iterable[str]) -> None:
        """Have a worker look at each soon. What waits already is not made to wait twice. Nothing is raised."""


class MarkAndNudge:
    """The `Triggers` of a process. `pushed` are the ids of the calendars that are in Google, by the programme in force.

    `look` is called for a look at the configuration and must return at once; `clock` gives the present instant.
    """

    def __init__(
        self,
        marks: Marks,
        queue: Nudged,
        pushed: Callable[[], Collection[str]],
        look: Callable[[], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._marks = marks
        self._queue = queue
        self._pushed = pushed
        self._look = look
        self._clock = clock

    def mark(self, calendars: Collection[str] | None, cause: Cause, by: str = "") -> None:
        """Remember first, nudge after."""
        pushed = self._pushed()
        chosen = sorted(pushed if calendars is None else set(pushed) & set(calendars))
        if chosen:
            self._marks.raise_due(chosen, f"{cause} by {by}" if by else cause, self._clock())
            self._queue.nudge(chosen)

    def look(self) -> None:
        """Have somebody look at the configuration."""
        self._look()
