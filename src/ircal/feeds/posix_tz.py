"""The rule by which a time zone changes its clocks from now on, as the time zone data states it.

A compiled time zone (TZif, RFC 9636) ends with one line, the footer, in the notation of POSIX's TZ variable:

    EST5EDT,M3.2.0,M11.1.0        second Sunday of March, first Sunday of November, each at 02:00 by the clock before it
    EET-2EEST,M3.4.4/50,M10.4.4/50      fourth Thursday at 50:00, so the Saturday after it at 02:00
    <+01>-1                       never

Offsets are written west-positive there, and east-positive (as everywhere else) in the values here.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
"""RFC 5545's names in POSIX's order: 0 is Sunday."""

_LAST = 5
"""POSIX's fifth week of a month is its last."""

_NAME = r"(?:<[A-Za-z0-9+-]+>|[A-Za-z]{3,})"
_TIME = r"[+-]?\d{1,3}(?::\d\d){0,2}"
_DAY = r"(?:M\d{1,2}\.\d\.\d|J?\d{1,3})"
_FOOTER = re.compile(
    rf"(?P<name>{_NAME})(?P<offset>{_TIME})"
    rf"(?:(?P<dst_name>{_NAME})(?P<dst_offset>{_TIME})?"
    rf",(?P<on>{_DAY})(?:/(?P<on_time>{_TIME}))?,(?P<off>{_DAY})(?:/(?P<off_time>{_TIME}))?)?"
)


@dataclass(frozen=True, slots=True)
class ChangeDay:
    """When in each year the clocks change: `day` as POSIX writes it (`M3.2.0`, `J60`, `59`), `at` after its midnight.

    `at` is on the clock as it runs before the change, and may be negative or more than a day.
    """

    day: str
    at: timedelta

    def onset(self, year: int) -> datetime:
        """The moment of the change by the clock that runs until then (without a zone)."""
        return datetime.combine(self._named_day(year), time.min) + self.at

    def rrule(self) -> str:
        """The RRULE of the onsets (RFC 5545), or nothing where no rule by month says it for every year."""
        return self._weekday_rule() if self.day[0] == "M" else self._date_rule()

    def _named_day(self, year: int) -> date:
        if self.day[0] == "M":
            return _nth_weekday(year, *self._month_week_weekday())
        if self.day[0] == "J":  # 1 to 365; 29 February is not counted
            number = int(self.day[1:])
            leap_day = isleap(year) and number > date(year, 2, 28).timetuple().tm_yday
            return date(year, 1, 1) + timedelta(days=number - 1 + leap_day)
        return date(year, 1, 1) + timedelta(days=int(self.day))

    def _month_week_weekday(self) -> tuple[int, int, int]:
        month, week, weekday = (int(part) for part in self.day[1:].split("."))
        return month, week, weekday

    def _weekday_rule(self) -> str:
        month, week, weekday = self._month_week_weekday()
        moved = self.at // timedelta(days=1)
        day = _WEEKDAYS[(weekday + moved) % 7]
        if not moved:
            return f"FREQ=YEARLY;BYDAY={-1 if week == _LAST else week}{day};BYMONTH={month}"
        shortest, longest = monthrange(2023, month)[1], monthrange(2024, month)[1]
        first = (longest - 6 if week == _LAST else 7 * week - 6) + moved
        if first < 1 or first + 6 > shortest or (week == _LAST and shortest != longest):
            return ""  # the week reaches into another month
        days = ",".join(str(number) for number in range(first, first + 7))
        return f"FREQ=YEARLY;BYDAY={day};BYMONTHDAY={days};BYMONTH={month}"

    def _date_rule(self) -> str:
        common, leap = self.onset(2023), self.onset(2024)
        if (common.year, common.month, common.day) != (2023, leap.month, leap.day):
            return ""
        return f"FREQ=YEARLY;BYMONTHDAY={common.day};BYMONTH={common.month}"


@dataclass(frozen=True, slots=True)
class PosixZone:
    """A zone's names and offsets (east-positive), and the days of change `on` to and `off` from its second offset."""

    name: str
    offset: timedelta
    dst_name: str = ""
    dst_offset: timedelta = timedelta(0)
    on: ChangeDay | None = None
    off: ChangeDay | None = None

    def changes(self, year: int) -> list[tuple[datetime, timedelta]]:
        """The changes of one year: the moment (in UTC), and the offset from then on."""
        if self.on is None or self.off is None:
            return []
        return sorted(
            [
                ((self.on.onset(year) - self.offset).replace(tzinfo=UTC), self.dst_offset),
                ((self.off.onset(year) - self.dst_offset).replace(tzinfo=UTC), self.offset),
            ]
        )


def parse_footer(text: str) -> PosixZone:
    """The rule that a TZif footer states. Raises ValueError when it is not one."""
    match = _FOOTER.fullmatch(text)
    if not match:
        msg = f"'{text}' is not a POSIX time zone rule"
        raise ValueError(msg)
    offset = -_length(match["offset"])
    if not match["dst_name"]:
        return PosixZone(_plain(match["name"]), offset)
    dst_offset = -_length(match["dst_offset"]) if match["dst_offset"] else offset + timedelta(hours=1)
    on, off = (ChangeDay(match[edge], _length(match[f"{edge}_time"] or "2")) for edge in ("on", "off"))
    return PosixZone(_plain(match["name"]), offset, _plain(match["dst_name"]), dst_offset, on, off)


def _plain(name: str) -> str:
    return name.strip("<>")


def _length(text: str) -> timedelta:
    """`-2:30` as minus two and a half hours."""
    hours, minutes, seconds = (*(int(part) for part in text.lstrip("+-").split(":")), 0, 0)[:3]
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if text.startswith("-") else length


def _nth_weekday(year: int, month: int, week: int, weekday: int) -> date:
    first = date(year, month, 1)
    day = 1 + (weekday - first.isoweekday()) % 7 + 7 * (week - 1)
    return first.replace(day=day if day <= monthrange(year, month)[1] else day - 7)
