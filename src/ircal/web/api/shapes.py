"""What the API answers, field by field. Shapes are made of views and say nothing else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from ircal.errors import Problem
    from ircal.model.schedule import Occurrence


class Shape(BaseModel):
    """Read from a view of the same fields."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class ProblemShape(Shape):
    """One thing that is wrong with a programme or a sheet, and where it stands; `line` is 0 where there is none."""

    code: str
    severity: Literal["error", "warning"]
    file: str
    line: int
    column: str
    message: str
    hint: str

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """That of a problem."""
        place = problem.place
        return cls(
            code=problem.code,
            severity=problem.severity,
            file=place.file,
            line=place.line,
            column=place.column,
            message=problem.message,
            hint=problem.hint,
        )


class SessionShape(Shape):
    """Who asks. `form_token` goes into the header `X-Form-Token` of whatever is written by this session."""

    name: str = Field(description="What the journal calls them; empty for whoever is not signed in.")
    signed_in: bool
    reads: bool = Field(description="Whether they may see what is not for everybody.")
    form_token: str


class ProgrammeShape(Shape):
    """The programme in force."""

    id: str
    name: str
    timezone: str
    today: dt.date = Field(description="In the programme's time zone.")
    academic_year: int = Field(description="The calendar year in which the present one began.")
    first: dt.date = Field(description="The first day that is known of.")
    last: dt.date
    newest_in_force: bool = Field(description="Whether the newest configuration is the one in force.")


class PersonShape(Shape):
    """A person, and where they are today."""

    id: str
    name: str
    role: str
    title: str
    pgy: int | None
    class_of: int | None = Field(description="The year of graduation.")
    rotation: str = Field(description="The id of the rotation that they are on today; empty for none.")
    site: str
    away: str = Field(description="The kind of leave that they are on today; empty for none.")
    calendar: str = Field(description="The id of their own calendar; empty for none.")


class StretchShape(Shape):
    """A rotation that is held from one day to another, both included."""

    rotation: str
    name: str
    site: str
    color: str
    first: dt.date
    last: dt.date


class LeaveShape(Shape):
    """An absence from one day to another, both included."""

    kind: str
    first: dt.date
    last: dt.date


class BlockShape(Shape):
    """A block of the academic year, both days included."""

    number: int
    first: dt.date
    last: dt.date


class RowShape(Shape):
    """What one resident does in an academic year."""

    person: str
    name: str
    pgy: int | None = Field(description="On the first of their days in that year.")
    class_of: int | None
    stretches: list[StretchShape]
    leave: list[LeaveShape]


class ScheduleShape(Shape):
    """An academic year: residents by days."""

    year: int
    first: dt.date
    last: dt.date
    blocks: list[BlockShape]
    residents: list[RowShape]


class EntryShape(Shape):
    """An entry of a calendar. Of whole days `start` and `end` are dates, the end not included."""

    uid: str
    kind: str
    start: dt.datetime | dt.date
    end: dt.datetime | dt.date
    all_day: bool
    summary: str
    description: str
    location: str
    link: str
    status: str
    why: list[str] = Field(description="The rules that made it, each with its place.")

    @classmethod
    def of(cls, item: Occurrence) -> Self:
        """That of an occurrence as a calendar has it."""
        said = item.details
        return cls(
            uid=item.uid,
            kind=item.rule.kind,
            start=item.start,
            end=item.end,
            all_day=item.all_day,
            summary=said.summary,
            description=said.description,
            location=said.location,
            link=said.link,
            status=said.status,
            why=[str(step) for step in item.provenance],
        )


class AgendaShape(Shape):
    """What is on a person's own calendar from one day to another, both included."""

    person: str
    calendar: str
    first: dt.date
    last: dt.date
    entries: list[EntryShape]


class MeetingShape(Shape):
    """One session. `what` is topic and speaker, `why` what was decided about it alone."""

    start: dt.datetime | dt.date
    end: dt.datetime | dt.date
    title: str
    what: str
    place: str
    link: str
    presenters: list[str]
    cancelled: bool
    why: list[str]


class LeftOutShape(Shape):
    """A day on which a holiday leaves a session out."""

    day: dt.date
    holiday: str


class SeriesShape(Shape):
    """A conference and its sessions. Without names where it is told to everybody."""

    id: str
    name: str
    category: str
    color: str
    when: str
    audience: str
    calendar: str = Field(description="The id of the calendar of this series alone; empty for none.")
    public: bool
    meetings: list[MeetingShape]
    left_out: list[LeftOutShape]


class ConferencesShape(Shape):
    """Every series that has a session in that time."""

    first: dt.date
    last: dt.date
    named: bool = Field(description="Whether topics and people are told.")
    series: list[SeriesShape]


class StayShape(Shape):
    """One person somewhere in a week; `days` are the weekdays in words, empty for all of them."""

    person: str
    name: str
    days: str


class WeeksShape(Shape):
    """A rotation or kind of leave with those who are on it, a list for each week."""

    id: str
    name: str
    weeks: list[list[StayShape]]


class SiteShape(Shape):
    """The rotations at a site."""

    id: str
    name: str
    rows: list[WeeksShape]


class CountedShape(Shape):
    """How an entry of `checks.coverage` is kept in one week."""

    kept: Literal["kept", "low", "high", "both", "open"]
    least: int
    most: int


class WantedShape(Shape):
    """An entry of `checks.coverage`, week by week; without `most` any number will do."""

    id: str
    name: str
    site: str
    least: int
    most: int | None
    weeks: list[CountedShape]


class CoverageShape(Shape):
    """Who is where in this week and the next twelve; `weeks` are the Mondays."""

    today: dt.date
    weeks: list[dt.date]
    sites: list[SiteShape]
    leave: list[WeeksShape]
    unassigned: WeeksShape
    wanted: list[WantedShape]


class CheckShape(Shape):
    """What is wrong with the programme in force, and with a newer configuration that is therefore not."""

    ok: bool = Field(description="Whether nothing is wrong with the programme in force but what there is to look at.")
    verdict: str
    problems: list[ProblemShape]
    newest: list[ProblemShape] = Field(description="What is wrong with a newer configuration; empty for none.")


class CalendarShape(Shape):
    """A calendar, and where it can be had."""

    id: str
    name: str
    kind: str
    of: str
    public: bool
    in_google: bool
    feed: str = Field(description="The address of a public calendar; private ones have an address for each reader.")
    changed: dt.datetime | None = Field(description="Since when it says what it says.")


class WhoShape(Shape):
    """A person, by id and name."""

    id: str
    name: str


class ChangeShape(Shape):
    """What changes alike for some people, a line for each thing."""

    people: list[WhoShape]
    lines: list[str]


class TouchedShape(Shape):
    """A calendar on which something changes, and how much."""

    id: str
    name: str
    counts: str


class TriedShape(Shape):
    """What a sheet would change. Nothing was written."""

    file: str
    heading: str
    nothing: bool = Field(description="Whether the programme says the same already.")
    schedule: list[ChangeShape] = Field(description="The stretches of days that change, by person.")
    people: list[ChangeShape] = Field(description="What people would find changed on their calendars.")
    calendars: list[TouchedShape]
    warnings: list[ProblemShape]
    notes: list[str]
