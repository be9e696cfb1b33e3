"""What the clock says: that it is night and time to compare everything, and time to ask where nobody tells us.

Pure: the time is an argument. A clock that jumps forward has every timer run out once; one that jumps back has none run
out twice. (That a new day has begun is seen by the programme in force itself, when it is looked at.)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ircal.service.triggers import Cause

NIGHT = time(3)
"""When everything is compared, in the programme's time zone."""


@dataclass
class Timers:
    """The timers of a process that began at `began`; `poll` is how often to ask, None for not at all."""

    began: datetime
    poll: timedelta | None = None
    _asked: datetime | None = None
    _compared: date | None = None

    def run_out(self, now: datetime, zone: ZoneInfo) -> list[Cause]:
        """The causes of the timers that have run out since they were asked last."""
        found: list[Cause] = []
        if self._compared is None:
            self._compared = _night(self.began, zone)
        if (night := _night(now, zone)) > self._compared:
            self._compared = night
            found.append("night")
        asked = self._asked or self.began
        if self.poll and (now >= asked + self.poll or now < asked):
            self._asked = now
            found += [] if found or now < asked else ["poll"]
        return found

    def next_after(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When the next one runs out, or a new day begins."""
        here = now.astimezone(zone)
        tomorrow = here.date() + timedelta(days=1)
        nexts = [datetime.combine(day, at, zone) for day in (here.date(), tomorrow) for at in (time.min, NIGHT)]
        if self.poll:
            nexts.append((self._asked or self.began) + self.poll)
        return min(each for each in nexts if each > now) if any(each > now for each in nexts) else now


def _night(now: datetime, zone: ZoneInfo) -> date:
    """The day whose night was the last one by then."""
    here = now.astimezone(zone)
    return here.date() if here.time() >= NIGHT else here.date() - timedelta(days=1)
