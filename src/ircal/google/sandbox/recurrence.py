"""Recurrence rules: what occurrences a master stands for, and how each of them is named.

A recurring event is one master with `recurrence` lines; Google makes its instances on the way out and names each of
them `<masterId>_<UTC start>`, for an all-day one `<masterId>_<date>`. A `Series` holds the rule and generates starts.
Nothing here knows of calendars, exceptions or storage: those are in `instances`.

Modelled after the reference: only RRULE, EXRULE, RDATE and EXDATE lines; the rule is expanded in the wall-clock time of
`start.timeZone`. Guessed: an UNTIL without a time includes that whole day, and a rule without an end is expanded for
`HORIZON_YEARS` (Google has a bound too, which it does not publish).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast

from dateutil.rrule import rrule, rruleset, rrulestr

from ircal.google.sandbox.errors import Invalid
from ircal.google.sandbox.times import Moment, localise, zone

HORIZON_YEARS = 20

_LINE = re.compile(r"(RRULE|EXRULE|RDATE|EXDATE)((?:;[A-Z-]+=[^:;]+)*):(\S+)")
_STAMP = re.compile(r"(?P<master>.+)_(?P<stamp>\d{8}(T\d{6}Z)?)")
_BAD_RULE = "Invalid recurrence rule."
_FREQUENCIES = frozenset({"SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


@dataclass(frozen=True)
class Series:
    """A start, an end and the lines that repeat them."""

    start: Moment
    end: Moment
    lines: tuple[str, ...]

    @property
    def length(self) -> timedelta:
        """How long each occurrence lasts. Subtracting within one zone would count the hours of the wall clock."""
        return self.end.instant("UTC") - self.start.instant("UTC")

    def starts(self, after: datetime | None = None) -> Iterator[Moment]:
        """The start of each occurrence, in order; those that are over well before `after` may be left out."""
        # A day is more than any zone is away from UTC, and comparing wall clocks is much cheaper than making moments.
        floor = (after - self.length - timedelta(days=1)).replace(tzinfo=None) if after else datetime.min  # noqa: DTZ901
        for wall_clock in _ruleset(self.lines, self.start):
            if wall_clock >= floor:
                yield self._moment(wall_clock)

    def start_with(self, stamp: str) -> Moment | None:
        """The occurrence whose instance id ends in `stamp`."""
        for start in self.starts():
            found = stamp_of(start)
            if found >= stamp:
                return start if found == stamp else None
        return None

    def end_of(self, start: Moment) -> Moment:
        """The end of the occurrence that starts there; each lasts as long as the first."""
        if not isinstance(start.at, datetime):
            days = self.end.at.toordinal() - self.start.at.toordinal()
            return Moment(start.at + timedelta(days=days), self.end.zone_name)
        return Moment((start.at.astimezone(UTC) + self.length).astimezone(start.at.tzinfo), self.end.zone_name)

    def _moment(self, wall_clock: datetime) -> Moment:
        at = wall_clock.date() if self.start.all_day else localise(wall_clock, self.start.zone_name)
        return Moment(at, self.start.zone_name)


def stamp_of(start: Moment) -> str:
    """The second half of an instance id; stamps of one series sort as their times do."""
    if isinstance(start.at, datetime):
        return start.at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return start.at.strftime("%Y%m%d")


def instance_id(master_id: str, start: Moment) -> str:
    """The id of the instance of `master_id` that originally starts at `start`."""
    return f"{master_id}_{stamp_of(start)}"


def split_instance_id(event_id: str) -> tuple[str, str] | None:
    """The master's id and the stamp, if that is what `event_id` looks like."""
    found = _STAMP.fullmatch(event_id)
    return (found["master"], found["stamp"]) if found else None


def normalise(lines: list[str]) -> list[str]:
    """The lines as Google would echo them: not quite as they were sent.

    Google rewrites rules, in ways that it does not document. The sandbox puts the parts of a rule in alphabetical order
    after FREQ, so that a client that compares raw echoes is found out.
    """
    return [_sorted_rule(line) if line.startswith(("RRULE", "EXRULE")) else line for line in lines]


def _sorted_rule(line: str) -> str:
    name, _, value = line.partition(":")
    return f"{name}:" + ";".join(sorted(value.split(";"), key=lambda part: (not part.startswith("FREQ="), part)))


def check_rules(lines: list[str], start: Moment) -> None:
    """Refuse lines that Google would refuse."""
    _ruleset(tuple(lines), start)


def _ruleset(lines: tuple[str, ...], start: Moment) -> rruleset:
    found = rruleset()
    try:
        for line in lines:
            _add_line(found, line, start)
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise Invalid(_BAD_RULE) from error
    if not any(line.startswith("RRULE") for line in lines):
        # RFC 5545: DTSTART is the first occurrence; with a rule it is one by matching it.
        found.rdate(_wall_clock(start))
    return found


def _add_line(found: rruleset, line: str, start: Moment) -> None:
    match = _LINE.fullmatch(line)
    if not match:
        raise ValueError(line)
    name, parameters, value = match.groups()
    if name in {"RRULE", "EXRULE"}:
        (found.rrule if name == "RRULE" else found.exrule)(_rule(value, start))
        return
    for text in value.split(","):
        (found.rdate if name == "RDATE" else found.exdate)(_listed(text, parameters, start))


def _rule(value: str, start: Moment) -> rrule:
    parts = dict(_part(part) for part in value.split(";"))
    if parts.get("FREQ") not in _FREQUENCIES or ("COUNT" in parts and "UNTIL" in parts):
        raise ValueError(value)
    if int(parts.get("INTERVAL", "1")) < 1 or int(parts.get("COUNT", "1")) < 1:
        raise ValueError(value)
    if "UNTIL" in parts:
        parts["UNTIL"] = f"{_until(parts['UNTIL'], start):%Y%m%dT%H%M%S}"
    elif "COUNT" not in parts:
        parts["UNTIL"] = f"{_wall_clock(start) + timedelta(days=366 * HORIZON_YEARS):%Y%m%dT%H%M%S}"
    # One line, so one rule; rrulestr would make a set of several.
    return cast("rrule", rrulestr(";".join("=".join(pair) for pair in parts.items()), dtstart=_wall_clock(start)))


def _part(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals and value):
        raise ValueError(text)
    return key, value


def _wall_clock(start: Moment) -> datetime:
    if isinstance(start.at, datetime):
        return start.at.replace(tzinfo=None)
    return datetime.combine(start.at, datetime.min.time())


def _until(text: str, start: Moment) -> datetime:
    if len(text) == len("YYYYMMDD"):
        return datetime.combine(_day(text), datetime.max.time().replace(microsecond=0))
    return _local(text, "" if start.all_day else start.zone_name)


def _listed(text: str, parameters: str, start: Moment) -> datetime:
    """One value of an RDATE or EXDATE, as wall-clock time of the series."""
    if len(text) == len("YYYYMMDD"):
        return datetime.combine(_day(text), datetime.min.time())
    zone_name = next((part[5:] for part in parameters.split(";") if part.startswith("TZID=")), start.zone_name)
    wall_clock = _local(text, "" if start.all_day else start.zone_name, zone_name)
    return datetime.combine(wall_clock.date(), datetime.min.time()) if start.all_day else wall_clock


def _local(text: str, zone_name: str, written_in: str = "") -> datetime:
    wall_clock = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007  # the zone follows below
    if not zone_name:
        return wall_clock
    if text.endswith("Z"):
        return wall_clock.replace(tzinfo=UTC).astimezone(zone(zone_name)).replace(tzinfo=None)
    if written_in and written_in != zone_name:
        return localise(wall_clock, written_in).astimezone(zone(zone_name)).replace(tzinfo=None)
    return wall_clock


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
