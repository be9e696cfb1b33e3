"""Exceptions to the rules: each says who asked for it, when and why, and does exactly one thing."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from ircal.model.values import Id, Ids, Link, MeetingRange, Value

_FURTHEST = dt.timedelta(days=184)
"""A session that moves further than half a year, or a closure that is longer, has a mistyped year."""


class Move(Value):
    """The new day and, if they change too, the new time and place of one session."""

    to: dt.date
    at: MeetingRange | None = None
    site: Id | None = None
    room: str | None = None


class Change(Value):
    """What is different about one session; what is not named stays. `presenter` is a person's id."""

    name: str | None = None
    topic: str | None = None
    speaker: str | None = None
    presenter: Id | None = None
    at: MeetingRange | None = None
    site: Id | None = None
    room: str | None = None
    link: Link | None = None
    description: str | None = None


def _day_included(data: Any) -> Any:
    """A last day without a time of day stands for its end: the midnight after it."""
    day = data
    if isinstance(data, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", data.strip()):
        with suppress(ValueError):  # no such day: told as for every moment
            day = dt.date.fromisoformat(data.strip())
    if isinstance(day, dt.date) and not isinstance(day, dt.datetime) and day < dt.date.max:
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min)
    return data


_MOMENT_OR_DAY = WithJsonSchema(
    {
        "type": "string",
        "pattern": r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?$",
        "examples": ["2027-01-26T06:00", "2027-01-26"],
    }
)


class Closure(Value):
    """Sites that are closed from one wall-clock time to another (a snow day); what overlaps is cancelled.

    A day may stand for a time: `from` its beginning, `to` its end, so that `to` is the last closed day.
    """

    sites: Annotated[Ids, Field(min_length=1)]
    start: Annotated[dt.datetime, _MOMENT_OR_DAY] = Field(alias="from")
    end: Annotated[dt.datetime, BeforeValidator(_day_included), _MOMENT_OR_DAY] = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start.tzinfo or self.end.tzinfo:
            msg = "a closure is written in the programme's own time, without an offset: 2027-01-26T06:00"
            raise ValueError(msg)
        if self.end <= self.start:
            msg = f"ends at {self.end}, which is not after its start at {self.start}"
            raise ValueError(msg)
        if self.end - self.start > _FURTHEST:
            msg = f"is from {self.start:%Y-%m-%d} to {self.last_day}, more than half a year; correct the year"
            raise ValueError(msg)
        return self

    @property
    def last_day(self) -> dt.date:
        """The last day on which it is closed."""
        return (self.end - dt.timedelta(microseconds=1)).date()


class Override(Value):
    """An exception to the rules: who asked for it, when, why, and exactly one thing that it does.

    All but `close` and `add` name a conference and the date that the rule gives the session (not where it was moved
    to). `restore` lifts a closure from one session. `replace` puts another session in its place; `change` alters it.
    """

    id: Id
    conference: Id | None = None
    date: dt.date | None = None
    cancel: bool = False
    restore: bool = False
    move: Move | None = None
    replace: Change | None = None
    change: Change | None = None
    add: Change | None = None
    close: Closure | None = None
    excuse: Ids = ()
    require: Ids = ()
    by: str = ""
    asked: dt.date | None = None
    reason: str = ""

    @property
    def action(self) -> str:
        """The name of the one thing this override does."""
        names = ("cancel", "restore", "move", "replace", "change", "add", "close", "excuse", "require")
        return next((name for name in names if getattr(self, name)), "")

    @model_validator(mode="after")
    def _exactly_one_action(self) -> Self:
        names = ("cancel", "restore", "move", "replace", "change", "add", "close", "excuse", "require")
        given = [name for name in names if getattr(self, name)]
        if len(given) != 1:
            msg = f"an override does exactly one of {', '.join(names)}; this one has {', '.join(given) or 'none'}"
            raise ValueError(msg)
        needs_session = given[0] != "close"
        if needs_session and (self.conference is None or self.date is None):
            msg = f"`{given[0]}` needs the `conference` and the `date` of the session"
            raise ValueError(msg)
        if not needs_session and (self.conference or self.date):
            msg = "`close` is of sites, for all that takes place there; take `conference` and `date` out"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        told = self.change or self.replace
        if told and not told.model_dump(exclude_none=True):
            msg = f"`{self.action}` says nothing; name what is different, such as `{self.action}: {{room: Hall A}}`"
            raise ValueError(msg)
        if self.move and self.date:
            _check_move(self.move, self.date)
        return self


def _check_move(move: Move, day: dt.date) -> None:
    if move.to == day and not (move.at or move.site or move.room is not None):
        msg = f"`move` is to {day}, where the session is; name another day, time or place"
        raise ValueError(msg)
    if abs(move.to - day) > _FURTHEST:
        msg = f"`move` is from {day} to {move.to}, more than half a year; correct the year"
        raise ValueError(msg)
