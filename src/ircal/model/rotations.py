"""Where and at what people work: sites, rotations with their duties, grids, cycles, and who is assigned to what when.

Stretches of dates are half-open `[start, end)` in the values, though people write the last day (`from`, `to`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from ircal.model.holidays import HolidayAction
from ircal.model.values import ClockRange, Color, Id, Ids, Name, Value, with_ids
from ircal.model.when import Relative, When

_Latitude = Annotated[float, Field(ge=-90, le=90)]
_Longitude = Annotated[float, Field(ge=-180, le=180)]


class Site(Value):
    """A place of work, with its own holidays. `off_site` people cannot walk to the conferences."""

    id: Id
    name: Name
    address: str = ""
    geo: tuple[_Latitude, _Longitude] | None = None
    off_site: bool = False
    holidays: Id | None = None


class Duty(Value):
    """Timed work that a rotation brings with it, such as the vein centre on Mondays of the External week."""

    id: Id
    name: Name
    when: When
    site: Id | None = None
    room: str = ""
    holiday: HolidayAction = "skip"
    description: str = ""

    @model_validator(mode="after")
    def _is_work(self) -> Self:
        if isinstance(self.when, Relative) and (self.when.conference or self.when.edge == "entry"):
            msg = f"`when: {self.when}` is no time of a rotation; write it as a conference whose audience is on it"
            raise ValueError(msg)
        if isinstance(self.when, Relative) and self.when.outside:
            msg = f"`when: {self.when}` is never while somebody is on the rotation"
            raise ValueError(msg)
        if self.when.at is None:
            msg = f"`when: {self.when}` says no time of day; add it, such as 07:00-12:00"
            raise ValueError(msg)
        return self

    @property
    def at(self) -> ClockRange:
        """The wall-clock time of each."""
        if self.when.at is None:
            raise AssertionError  # refused above
        return self.when.at


def _without_slash(short: str) -> str:
    if "/" in short:
        msg = f"{short!r} has a slash, which divides a block between two rotations"
        raise ValueError(msg)
    return short


class Rotation(Value):
    """A kind of work at a site, held for whole days. It shows as an all-day banner that leaves the person free."""

    id: Id
    name: Name
    short: Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_without_slash)] = ""
    site: Id
    hours: str = ""
    tags: Ids = ()
    color: Color = ""
    description: str = ""
    duties: Annotated[dict[Id, Duty], BeforeValidator(with_ids)] = Field(default_factory=dict)


class Cycle(Value):
    """A pattern of weeks that people follow from offsets.

    In week n from `epoch` the person with offset k is at `weeks[(n + k) % len(weeks)]`. Over an `absence`, on leave or
    elsewhere, the weeks go on, or the pattern pauses: then n counts the weeks in which the person follows it.
    """

    id: Id
    name: str = ""
    weeks: Ids = Field(min_length=1)
    epoch: date
    offsets: dict[Id, int] = Field(default_factory=dict)
    absence: Literal["continue", "pause"] = "continue"


class FixedWeeks(Value):
    """Blocks of so many weeks, from a Monday (or another `weekday`) at the year's first day; years tile without a gap.

    `anchor` says which one: that on or before the first day, on or after it, or the nearest. A year of 53 weeks leaves
    one over: `remainder` says whether the first or last block takes it or it stands alone.
    """

    kind: Literal["fixed_weeks"]
    id: Id
    weeks: int = Field(default=4, ge=1, le=52)
    weekday: Literal["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"] = "Mo"
    anchor: Literal["on_or_before", "on_or_after", "nearest"] = "on_or_before"
    remainder: Literal["extend_last", "extend_first", "separate"] = "extend_last"


class Months(Value):
    """Calendar months, counted from the month in which the academic year starts."""

    kind: Literal["months"]
    id: Id


class ExplicitBlock(Value):
    """One block given by its first and last day."""

    start: date = Field(alias="from")
    last: date = Field(alias="to")


class Explicit(Value):
    """Blocks written out, by the calendar year in which the academic year starts."""

    kind: Literal["explicit"]
    id: Id
    years: dict[Annotated[int, Field(ge=1970, le=2199)], tuple[ExplicitBlock, ...]]


Grid = Annotated[FixedWeeks | Months | Explicit, Field(discriminator="kind")]
"""How an academic year is cut into blocks."""


class Assignment(Value):
    """One person, one rotation or cycle, one stretch of dates `[start, end)`.

    `origin` is `block` for a cell of the block schedule and `dated` for a line with dates of its own, which wins.
    """

    person: Id
    rotation: Id
    start: date
    end: date
    origin: Literal["block", "dated"] = "dated"
    note: str = ""


class Leave(Value):
    """One person's absence `[start, end)`; nothing is owed on those days."""

    person: Id
    kind: Name
    start: date
    end: date
    note: str = ""


_LONGEST_SWAP = timedelta(days=184)
"""A longer one has a mistyped year."""


class Swap(Value):
    """Two people exchange their assignments for a stretch of days (both ends included)."""

    id: Id
    people: tuple[Id, Id]
    start: date = Field(alias="from")
    last: date = Field(alias="to")
    by: str = ""
    asked: date | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.people[0] == self.people[1]:
            msg = "a swap is between two different people"
            raise ValueError(msg)
        if self.last < self.start:
            msg = f"ends on {self.last}, before it starts on {self.start}"
            raise ValueError(msg)
        if self.last - self.start > _LONGEST_SWAP:
            msg = f"is from {self.start} to {self.last}, more than half a year; correct the year"
            raise ValueError(msg)
        return self
