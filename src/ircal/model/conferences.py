"""Meetings and deadlines: conferences with audience, presenters, topics and listed dates; milestones of a class."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from ircal.model import texts
from ircal.model.holidays import HolidayAction
from ircal.model.people import Audience
from ircal.model.recurrence import Season
from ircal.model.values import Clock, Color, Id, Link, Name, Value, as_list, not_through_the_night
from ircal.model.when import Relative, When, of_rotation

Absence = Literal["leave", "off_site", "nights"]
"""Why somebody may be excused from a session, or not be asked to present."""

_Absences = Annotated[
    tuple[Absence, ...], BeforeValidator(as_list, json_schema_input_type=Absence | tuple[Absence, ...])
]


class Presenter(Value):
    """Who presents: the published list first (`presenters/<conference>.csv`), then the least recent of the pool."""

    pool: Audience
    exclude: _Absences = ("leave", "off_site", "nights")


class Deadline(Value):
    """Something the presenter must have done some days before the session; shows on the presenter's own calendar."""

    name: Name
    days_before: int = Field(ge=0, le=366)


class Conference(Value):
    """A meeting that repeats (`when`) or takes place on listed dates (`sessions/<id>.csv`).

    `audience` must come, `optional` may. Those who are away for a reason in `excuse` are excused, and the reason
    kept; with `remote`, those who are off-site come by the link instead. `season` limits the days of each academic
    year; `from` and `until` the first and last day of all. `title` is the template of its sessions' titles, where it is
    not that of the section `texts`.
    """

    id: Id
    name: Name
    when: When | None = None
    sessions: Id | None = None
    season: Season | None = None
    start: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = None
    site: Id | None = None
    room: str = ""
    link: Link = ""
    description: str = ""
    title: texts.Session = ""
    category: str = ""
    color: Color = ""
    protected: bool = False
    audience: Audience
    optional: Audience | None = None
    excuse: _Absences = ("leave", "off_site", "nights")
    remote: bool = False
    holiday: HolidayAction | None = None
    holidays: Id | None = None
    topics: Id | None = None
    presenter: Presenter | None = None
    deadlines: tuple[Deadline, ...] = ()

    @model_validator(mode="after")
    def _one_source_of_dates(self) -> Self:
        if (self.when is None) == (self.sessions is None):
            msg = "a conference needs either `when` (a rule) or `sessions` (a list of dates), and not both"
            raise ValueError(msg)
        if self.start and self.until and self.until < self.start:
            msg = f"ends on {self.until}, before it starts on {self.start}"
            raise ValueError(msg)
        if self.remote and not (self.link or self.sessions):
            msg = "`remote` lets those who are off-site come by the link, and there is no `link`"
            raise ValueError(msg)
        if self.deadlines and self.presenter is None:
            msg = "`deadlines` are those of the presenter, and there is no `presenter`"
            raise ValueError(msg)
        if self.when and self.when.at:
            not_through_the_night(self.when.at)
        if self.when and of_rotation(self.when):
            msg = f"`when: {self.when}` counts in each person's own stretch; write it as a duty of that rotation"
            raise ValueError(msg)
        return self

    @property
    def on_holidays(self) -> HolidayAction:
        """What its sessions do on a holiday; one that comes once in a class's training is not lost to it."""
        since_entry = isinstance(self.when, Relative) and self.when.edge == "entry"
        return self.holiday or ("next_workday" if since_entry else "skip")


class Topic(Value):
    """One entry of a list of topics: taken in order by each session that takes place, or on its own `date`."""

    topic: Name
    speaker: str = ""
    date: dt.date | None = None


class Session(Value):
    """One date of a conference that follows no rule; without times it takes whole days, `date` to `last`."""

    date: dt.date
    last: dt.date | None = None
    start: Clock | None = None
    end: Clock | None = None
    name: str = ""
    topic: str = ""
    speaker: str = ""
    site: Id | None = None
    room: str = ""
    link: Link = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if (self.start is None) != (self.end is None):
            msg = "a session has both a start and an end time, or neither (all day)"
            raise ValueError(msg)
        if self.last and self.last < self.date:
            msg = f"ends on {self.last}, before it starts on {self.date}"
            raise ValueError(msg)
        if self.start and self.last and self.last > self.date:
            msg = "a session has times, or takes whole days up to its `last`; write one row for each day, or no times"
            raise ValueError(msg)
        if self.start and self.end and self.end <= self.start:
            msg = f"ends at {self.end:%H:%M}, which is not after its start at {self.start:%H:%M}"
            raise ValueError(msg)
        return self


class PublishedPresenter(Value):
    """Who presents on a date, as it was made known; never reshuffled."""

    date: dt.date
    person: Id


class PresenterSwap(Value):
    """Two people exchange the sessions that they present: the first of them has the first of the dates, and gives it.

    The dates are those that the rule gives, as in an override.
    """

    id: Id
    people: tuple[Id, Id]
    conference: Id
    dates: tuple[dt.date, dt.date]
    by: str = ""
    asked: dt.date | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _of_two(self) -> Self:
        if self.people[0] == self.people[1]:
            msg = "a swap is between two different people"
            raise ValueError(msg)
        if self.dates[0] == self.dates[1]:
            msg = f"both of its `dates` are {self.dates[0]}; the first is that of the first person"
            raise ValueError(msg)
        return self
