"""Hypothesis strategies: a programme with one conference, and its sessions after a year of changes of mind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from ircal.model.recurrence import DAYS
from tests.feeds.making import cancelled, conference, moved, program, reworded, sessions

if TYPE_CHECKING:
    from ircal.model.program import Program
    from ircal.model.schedule import Occurrence

ZONES = (
    "America/New_York",
    "America/Santiago",
    "America/Nuuk",
    "Europe/Dublin",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "UTC",
)
CLOCKS = ("07:30-08:30", "12:00-13:00", "00:00-00:30", "01:15-01:45", "02:15-02:45", "02:00-03:30", "23:00-23:59")
LAST_DAY = date(2027, 8, 31)

days = st.lists(st.sampled_from(DAYS), min_size=1, max_size=5, unique=True).map(
    lambda chosen: ",".join(day for day in DAYS if day in chosen)
)
anchors = st.dates(date(2026, 8, 1), date(2026, 11, 30))


@dataclass(frozen=True)
class Case:
    """A programme, and the sessions of its conference `mm` as they turned out."""

    program: Program
    sessions: tuple[Occurrence, ...]

    def __repr__(self) -> str:
        found = [f"{item.nominal:%a %d %b} -> {item.start} {item.details.status}" for item in self.sessions]
        return f"{self.program.conferences['mm'].when} in {self.program.settings.timezone}: {found}"


@st.composite
def recurrences(draw: st.DrawFn) -> dict[str, object] | str:
    """Weekly, every other week, alternating, monthly by weekday, by day of the month and by set position."""
    kind = draw(st.sampled_from(("weekly", "every n weeks", "alternating", "nth", "day", "position", "daily")))
    if kind == "alternating":
        weeks = draw(st.lists(days, min_size=2, max_size=3))
        anchor = _anchor(f"FREQ=WEEKLY;BYDAY={weeks[0]}", draw(anchors))
        return f"{'/'.join(weeks)} from {anchor} {draw(st.sampled_from(CLOCKS))}"
    interval = draw(st.integers(2, 3))
    rules = {
        "weekly": f"FREQ=WEEKLY;BYDAY={draw(days)}",
        "every n weeks": f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={draw(days)}",
        "nth": f"FREQ=MONTHLY;BYDAY={draw(st.sampled_from((1, 2, 3, 5, -1)))}{draw(st.sampled_from(DAYS))}",
        "day": f"FREQ=MONTHLY;BYMONTHDAY={draw(st.sampled_from((1, 15, 29, 31, -1)))}",
        "position": f"FREQ=MONTHLY;BYDAY={draw(days)};BYSETPOS={draw(st.sampled_from((1, 2, -1)))}",
        "daily": f"FREQ=DAILY;INTERVAL={interval};BYMONTH=9,10,11,3,4",
    }
    return {"rrule": rules[kind], "at": draw(st.sampled_from(CLOCKS)), "from": _anchor(rules[kind], draw(anchors))}


def _anchor(rule: str, day: date) -> date:
    """The day, or the next one of a weekly rule: that is counted from one of its own days."""
    week = [day + timedelta(days=number) for number in range(7)]
    named = rule.partition("BYDAY=")[2] if rule.startswith("FREQ=WEEKLY") else ",".join(DAYS)
    return next(each for each in week if DAYS[each.weekday()] in named)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    made = program(conference(draw(recurrences())), zone=draw(st.sampled_from(ZONES)))
    length = draw(st.sampled_from((120, 240, 380)))
    planned = sessions(made, "mm", date(2026, 8, 1), min(date(2026, 8, 1) + timedelta(days=length), LAST_DAY))
    return Case(made, tuple(item for session in planned if (item := _fate(draw, session)) is not None))


FATES = (*("undisturbed",) * 8, "dropped", "cancelled", "moved", "reworded")


def _fate(draw: st.DrawFn, session: Occurrence) -> Occurrence | None:
    match draw(st.sampled_from(FATES)):
        case "dropped":
            return None
        case "cancelled":
            return cancelled(session)
        case "moved":
            return moved(session, draw(st.integers(-3, 3)), draw(st.integers(-3, 6)), draw(st.integers(0, 2)))
        case "reworded":
            return reworded(session, draw(st.sampled_from(("Grand round", "Journal club; with lunch, \\n"))))
    return session
