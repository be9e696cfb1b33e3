"""Small programmes and their sessions, made in code: what the tests of feeds begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ircal.model.conferences import Conference
from ircal.model.people import Audience, Person
from ircal.model.program import Calendar, Program, Settings, Window
from ircal.model.schedule import Attendance, Details, Occurrence, Rule, Schedule
from ircal.rules.recurrence import days_of, strands_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ircal.model.recurrence import Recurrence
    from ircal.model.rotations import Rotation
    from ircal.model.schedule import Kind
    from ircal.model.values import ClockRange

NEW_YORK = ZoneInfo("America/New_York")
PUBLISHED = datetime(2026, 6, 1, 12, tzinfo=UTC)
EVERYTHING = Calendar(id="all", name="Everything", kind="programme")
RESIDENTS = ("ash", "brook", "cedar")


def settings(zone: str = "America/New_York", **changes: Any) -> Settings:
    given = {"id": "demo", "name": "Demo IR", "timezone": zone, "first_year": 2026, "published": PUBLISHED, "grid": "g"}
    return Settings(**{**given, **changes})


def people() -> dict[str, Person]:
    """Ash and Brook entered in 2026 (class of 2031), Cedar in 2025 (2030); Dale teaches."""
    entered = {"ash": 2026, "brook": 2026, "cedar": 2025}
    found = {
        name: Person(id=name, name=f"Robin {name.title()}", role="resident", entered=date(year, 7, 1))
        for name, year in entered.items()
    }
    return {**found, "dale": Person(id="dale", name="Robin Dale", role="faculty")}


def conference(when: str | Recurrence | dict[str, Any] | None, name: str = "mm", **changes: Any) -> Conference:
    """A conference by the compact rule `We 12:00-13:00`, or by the long form."""
    given = {"id": name, "name": name.upper(), "when": when, "audience": Audience(everyone=True)}
    return Conference(**{**given, **changes})


def program(*conferences: Conference, zone: str = "America/New_York", rotations: Iterable[Rotation] = ()) -> Program:
    return Program(
        settings=settings(zone),
        people=people(),
        conferences={each.id: each for each in conferences},
        rotations={each.id: each for each in rotations},
    )


def schedule(made: Program, occurrences: Iterable[Occurrence]) -> Schedule:
    return Schedule(made, Window(date(2026, 7, 1), date(2031, 7, 1)), {"all": tuple(occurrences)})


def moment(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """`2026-11-01 12:00` on the zone's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def everyone(*excused: str) -> tuple[Attendance, ...]:
    return tuple(Attendance(name, "excused" if name in excused else "required") for name in RESIDENTS)


def sessions(made: Program, name: str, first: date, last: date) -> list[Occurrence]:
    """What the rule of a conference says, undisturbed, from the day `first` to the day `last`."""
    when = made.conferences[name].when
    assert when is not None
    strands = strands_of(when)
    assert strands
    days = sorted(day for strand in strands for day in days_of(strand, first, last))
    return [_session(made, name, day, strands[0].at) for day in days]


def _session(made: Program, name: str, day: date, clock: ClockRange) -> Occurrence:
    zone = made.settings.zone
    start = datetime.combine(day, clock.start, zone)
    end = datetime.combine(day + timedelta(days=clock.overnight), clock.end, zone)
    details = Details(made.conferences[name].name, location="Room 1", categories=("Conference",))
    return Occurrence(Rule("conference", name), start, start, end, details, attendance=everyone(), site="west")


def added(made: Program, name: str, start: str, end: str) -> Occurrence:
    """A session that no rule gives."""
    zone = made.settings.zone
    begins, ends = moment(start, zone), moment(end, zone)
    return Occurrence(Rule("conference", name), begins, begins, ends, Details("Added"), attendance=everyone())


def personal(rule: tuple[Kind, str], person: str, first: date, past: date, summary: str) -> Occurrence:
    """Whole days `[first, past)` of one person."""
    kind, name = rule
    rotation = name if kind == "rotation" else ""
    details = Details(summary, transparent=True)
    return Occurrence(Rule(kind, name), first, first, past, details, person=person, rotation=rotation, site="west")


def moved(session: Occurrence, days: int = 0, hours: int = 0, longer: int = 0) -> Occurrence:
    """To another day or hour, by the wall clock; `longer` by so many hours."""
    assert isinstance(session.start, datetime)
    assert isinstance(session.end, datetime)
    later = timedelta(days=days, hours=hours)
    return session._replace(start=session.start + later, end=session.end + later + timedelta(hours=longer))


def cancelled(session: Occurrence) -> Occurrence:
    return session._replace(details=replace(session.details, status="CANCELLED"))


def reworded(session: Occurrence, summary: str) -> Occurrence:
    return session._replace(details=replace(session.details, summary=summary))


def excusing(session: Occurrence, *who: str) -> Occurrence:
    return session._replace(attendance=everyone(*who))
