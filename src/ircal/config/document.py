"""What one YAML file may hold: its sections, and the calendars that are made one for each resident, site ..."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from ircal.model.checks import Checks
from ircal.model.conferences import Conference, PresenterSwap
from ircal.model.holidays import HolidayCalendar
from ircal.model.milestones import Milestone
from ircal.model.overrides import Override
from ircal.model.people import Person
from ircal.model.program import (
    EVERYTHING,
    Calendar,
    ContentsList,
    Detail,
    DraftYear,
    Drifting,
    Settings,
    refuse_public,
)
from ircal.model.reminders import Reminders
from ircal.model.rotations import Cycle, Grid, Rotation, Site, Swap
from ircal.model.sharing import Share
from ircal.model.texts import EntryTexts
from ircal.model.values import Color, GoogleId, Id, Name, Value, as_list

if TYPE_CHECKING:
    from collections.abc import Mapping

Each = Literal["resident", "site", "rotation", "conference", "class"]

_Name = str | int
_Some = Annotated[
    tuple[_Name, ...] | None, BeforeValidator(as_list, json_schema_input_type=_Name | tuple[_Name, ...] | None)
]


class CalendarTemplate(Value):
    """One calendar for each resident, site, rotation, conference or class.

    `id`, `name` and `description` may hold `{kind}`, `{id}` and `{name}` of the one it is made for. `only` narrows it
    to some of them, and `google` gives the Google calendar of each that is pushed; `share` is for all of these.
    """

    each: Each
    id: str = "{kind}-{id}"
    name: Name = "{name}"
    only: _Some = Field(default=None, min_length=1)
    google: dict[str, GoogleId] = Field(default_factory=dict)
    drift: Drifting = "repair"
    share: tuple[Share, ...] = ()
    contents: ContentsList = Field(default=EVERYTHING, min_length=1)
    public: bool = False
    color: Color = ""
    detail: Detail = "full"
    reminders: Reminders = Reminders()
    description: str = ""

    @model_validator(mode="after")
    def _keeps_residents_private(self) -> Self:
        refuse_public(self.each, public=self.public)
        return self


class Document(Value):
    """One YAML file of an ircal configuration. Each section may be spread over several files."""

    program: Settings | None = Field(default=None, description="What is true of the programme as a whole.")
    people: dict[Id, Person] = Field(default_factory=dict, description="Residents, faculty and others, by id.")
    sites: dict[Id, Site] = Field(default_factory=dict, description="Places of work, by id.")
    rotations: dict[Id, Rotation] = Field(default_factory=dict, description="Kinds of work at a site, by id.")
    cycles: dict[Id, Cycle] = Field(
        default_factory=dict, description="Patterns of weeks that people follow from offsets, by id."
    )
    grids: dict[Id, Grid] = Field(default_factory=dict, description="Ways to cut an academic year into blocks, by id.")
    holidays: dict[Id, HolidayCalendar] = Field(default_factory=dict, description="Holiday calendars, by id.")
    conferences: dict[Id, Conference] = Field(
        default_factory=dict, description="Meetings that repeat or stand in a list, by id."
    )
    milestones: dict[Id, Milestone] = Field(default_factory=dict, description="Deadlines of a class, by id.")
    overrides: dict[Id, Override] = Field(default_factory=dict, description="Exceptions to the rules, by id.")
    swaps: dict[Id, Annotated[Swap | PresenterSwap, Field(union_mode="left_to_right")]] = Field(
        default_factory=dict, description="Exchanges between two people, of weeks or of sessions to present, by id."
    )
    texts: EntryTexts | None = Field(default=None, description="What calendar entries say, by kind of entry.")
    calendars: dict[Id, Annotated[Calendar | CalendarTemplate, Field(union_mode="left_to_right")]] = Field(
        default_factory=dict, description="Calendars that are published, or templates of them, by id."
    )
    drafts: dict[Id, DraftYear] = Field(
        default_factory=dict, description="Academic years that are not published yet, such as 2028-29."
    )
    checks: Checks | None = Field(default=None, description="What the plan is compared with, and what is accepted.")


SECTIONS = tuple(name for name in Document.model_fields if name != "place")
"""The names of all sections."""

WHOLE: Mapping[str, type[Value]] = {"program": Settings, "checks": Checks, "texts": EntryTexts}
"""The sections that have no ids, but are one entry, with its shape."""

NAMED_INSIDE = (Settings, CalendarTemplate)
"""The bodies that say their own `id`; that of all others is the key above them."""

NOUNS = {
    "program": "the programme",
    "people": "person",
    "sites": "site",
    "rotations": "rotation",
    "cycles": "cycle",
    "grids": "grid",
    "holidays": "holiday calendar",
    "conferences": "conference",
    "milestones": "milestone",
    "overrides": "override",
    "swaps": "swap",
    "texts": "the texts",
    "calendars": "calendar",
    "drafts": "draft",
    "checks": "the section `checks`",
}
"""What a person calls one entry of a section."""
