"""The Program: everything the configuration says, checked and frozen.

The entities that a coordinator edits are pydantic models, because the same definition reads the YAML, explains what
is wrong with it and generates the JSON Schema that editors complete from. They hold what was written, not what
follows from it: the dates are worked out by `ircal.rules`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BeforeValidator, Field, field_validator, model_validator

from ircal.model.checks import Checks
from ircal.model.reminders import Reminders
from ircal.model.sharing import Share
from ircal.model.texts import USUAL, EntryTexts
from ircal.model.values import Color, GoogleId, Id, Link, MonthDay, Name, Value, as_list, with_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ircal.model.conferences import Conference, PresenterSwap, PublishedPresenter, Session, Topic
    from ircal.model.holidays import HolidayCalendar
    from ircal.model.milestones import Milestone
    from ircal.model.overrides import Override
    from ircal.model.people import Person
    from ircal.model.rotations import Assignment, Cycle, Explicit, FixedWeeks, Leave, Months, Rotation, Site, Swap

CalendarKind = Literal["resident", "site", "rotation", "conference", "class", "programme"]
Detail = Literal["full", "minimal"]
Drifting = Literal["repair", "keep", "report"]
Contents = Literal["rotations", "duties", "conferences", "milestones", "leave"]
ContentsList = Annotated[
    tuple[Contents, ...], BeforeValidator(as_list, json_schema_input_type=Contents | tuple[Contents, ...])
]
EVERYTHING: tuple[Contents, ...] = ("rotations", "duties", "conferences", "milestones", "leave")

HERE = 28
"""Days: whoever is here for less of an academic year may have nothing in it."""

BUSY = 14
"""Days: whoever is assigned for less of an academic year has as good as nothing in it."""

_AHEAD = 2
"""Academic years after the last that has assignments."""


class Phase(Value):
    """A part of training with a curriculum of its own; begins at a PGY level on a day of that academic year."""

    id: Id
    name: str = ""
    pgy: int
    on: MonthDay | None = None


class Settings(Value):
    """What is true of the programme as a whole (section `program`).

    `first_year` is the calendar year in which the first academic year kept here begins. `published` is the instant
    that stands as the time of change of everything that was there from the beginning. `link` is its page on the web,
    which events in Google name as their source.
    """

    id: Id
    name: Name
    timezone: str
    first_year: int = Field(ge=1970, le=2100)
    year_starts: MonthDay = MonthDay(month=7, day=1)
    published: AwareDatetime
    link: Link = ""
    first_pgy: int = Field(default=2, ge=1, le=20)
    last_pgy: int = Field(default=6, ge=1, le=20)
    grid: Id
    holidays: Id | None = None
    phases: Annotated[dict[Id, Phase], BeforeValidator(with_ids)] = Field(default_factory=dict)

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        if not _is_zone(name):
            msg = f"'{name}' is not an IANA time zone; write it as America/New_York"
            raise ValueError(msg)
        return name

    @model_validator(mode="after")
    def _levels_in_order(self) -> Self:
        if self.last_pgy < self.first_pgy:
            msg = f"last_pgy {self.last_pgy} is before first_pgy {self.first_pgy}"
            raise ValueError(msg)
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The programme's time zone, in which all wall times are meant."""
        return ZoneInfo(self.timezone)


def _is_zone(name: str) -> bool:
    """Whether it is a zone of a place, which has its summer time: EST is a zone too, and never has."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return "/" in name or name == "UTC"


class Calendar(Value):
    """A selection of occurrences with a name: published as the feed `<id>.ics`, and pushed to `google` if it is named.

    `kind` and `of` say what is selected: one resident, site, rotation, conference or class (its graduation year);
    the kind `programme` selects everything. `contents` narrows it. `detail: minimal` says what takes place where, and
    nothing of people or topics. `drift` is what becomes of our events in Google that somebody else changed, and `share`
    whom the Google calendar is shared with, besides those that it is by hand.
    """

    id: Id
    name: Name
    kind: CalendarKind
    of: str = ""
    description: str = ""
    color: Color = ""
    detail: Detail = "full"
    reminders: Reminders = Reminders()
    contents: ContentsList = Field(default=EVERYTHING, min_length=1)
    public: bool = False
    google: GoogleId = ""
    drift: Drifting = "repair"
    share: tuple[Share, ...] = ()

    @model_validator(mode="after")
    def _shares_what_is_in_google(self) -> Self:
        if self.share and not self.google:
            msg = "`share` is for a Google calendar; say which with `google`, or take `share` out"
            raise ValueError(msg)
        if len({(each.kind, each.whom) for each in self.share}) < len(self.share):
            msg = "`share` names somebody twice"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _keeps_residents_private(self) -> Self:
        refuse_public(self.kind, public=self.public)
        return self


def refuse_public(kind: str, *, public: bool) -> None:
    """Raise ValueError for a resident's calendar that anybody could read: it says where one person is, day by day."""
    if kind == "resident" and public:
        msg = "a resident's own calendar cannot be public; take `public` out, and give them its secret address"
        raise ValueError(msg)


class DraftYear(Value):
    """An academic year that is being planned, by its name (`2028-29`): what `published` is the first day of.

    Until that day, calendars show nothing of what stands in the files that have the year in their names.
    """

    id: Id
    published: date

    @model_validator(mode="after")
    def _is_a_year(self) -> Self:
        first, _, second = self.id.partition("-")
        if not re.fullmatch(r"\d{4}-\d\d", self.id) or (int(first) + 1) % 100 != int(second):
            msg = f"'{self.id}' is not an academic year; write it as 2028-29"
            raise ValueError(msg)
        return self

    @property
    def year(self) -> int:
        """The calendar year in which it begins."""
        return int(self.id[:4])

    def has(self, file: str) -> bool:
        """Whether a file of the configuration is a part of the draft: `blocks/2028-29.csv`, `2028-29.yaml`."""
        return re.search(rf"(?<!\d){self.id}(?!\d)", file.rpartition("/")[2]) is not None


def year_name(year: int) -> str:
    """What the academic year is called that begins in that calendar year: `2028-29`."""
    return f"{year}-{(year + 1) % 100:02}"


@dataclass(frozen=True, slots=True)
class Program:
    """Everything the configuration says, checked: every name used in it exists. Mappings are by id."""

    settings: Settings
    people: Mapping[str, Person] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=dict)
    rotations: Mapping[str, Rotation] = field(default_factory=dict)
    cycles: Mapping[str, Cycle] = field(default_factory=dict)
    grids: Mapping[str, FixedWeeks | Months | Explicit] = field(default_factory=dict)
    holidays: Mapping[str, HolidayCalendar] = field(default_factory=dict)
    conferences: Mapping[str, Conference] = field(default_factory=dict)
    milestones: Mapping[str, Milestone] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()
    presenter_swaps: tuple[PresenterSwap, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    leave: tuple[Leave, ...] = ()
    topics: Mapping[str, tuple[Topic, ...]] = field(default_factory=dict)
    sessions: Mapping[str, tuple[Session, ...]] = field(default_factory=dict)
    presenters: Mapping[str, tuple[PublishedPresenter, ...]] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    checks: Checks = field(default_factory=Checks)
    texts: EntryTexts = USUAL
    drafts: Mapping[str, DraftYear] = field(default_factory=dict)

    @property
    def residents(self) -> tuple[Person, ...]:
        """All residents, by entry and then by id."""
        residents = [person for person in self.people.values() if person.role == "resident"]
        return tuple(sorted(residents, key=lambda person: (person.entered or date.max, person.id)))

    def year_start(self, year: int) -> date:
        """The first day of the academic year that begins in that calendar year."""
        return self.settings.year_starts.in_year(year)

    def academic_year(self, day: date) -> int:
        """The calendar year in which the academic year of that day began."""
        return day.year if day >= self.year_start(day.year) else day.year - 1

    @property
    def span(self) -> Window:
        """What the programme is kept for: from its first academic year to the last one that anybody is assigned in.

        What is known early may be written down for two years more.
        """
        first = self.settings.first_year
        last = max((self.academic_year(item.end - timedelta(days=1)) for item in self.assignments), default=first)
        return Window(self.year_start(first), self.year_start(max(last, first) + 1 + _AHEAD))


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of days `[start, end)` in the programme's time zone."""

    start: date
    end: date

    def __post_init__(self) -> None:
        """Refuse a window that holds no day."""
        if self.end <= self.start:
            msg = f"the window ends on {self.end}, which is not after its start on {self.start}"
            raise ValueError(msg)

    def overlaps(self, start: date, end: date) -> bool:
        """Whether the days `[start, end)` share at least one with the window."""
        return start < self.end and end > self.start

    def days(self) -> list[date]:
        """Every day of the window, in order."""
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days)]
