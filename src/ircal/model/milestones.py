"""Milestones: dated duties of a class, and the day on which each is due.

    2026-10-14                       once
    {pgy: 4, on: 06-01}              at a level, in each academic year
    3 months after entry             for each resident; so is `2 weeks before graduation`
    20 weeks before core-exam        before another milestone, for those whom that concerns
    2 days before block[1,13] end    of these blocks of the usual grid, or of all
    3 weeks before 2026-10-14        before or after a date

The words are those of `ircal.model.when`. This module says what such a day is and reads its text;
`ircal.rules.milestones` works out the days.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Tag, model_validator

from ircal.model.people import Audience
from ircal.model.values import Id, Link, MonthDay, Name, Value
from ircal.model.when import BLOCK, COUNTED, DAYS_IN, TRAINING, Written, as_written, counted, edge_of, how_far, matched

_DUE = re.compile(
    rf"{COUNTED}(?:(?P<of>{BLOCK})\s+(?P<end>start|end)|(?P<day>\d{{4}}-\d\d-\d\d)|(?P<other>[a-z0-9][a-z0-9_-]*))$"
)
_EXAMPLES = ["20 weeks before core-exam", "3 months after entry", "2 days before block end"]
_PEOPLES = ("entry", "graduation")
_WORDS = (*_PEOPLES, "block", "rotation")


class ClassDay(Value):
    """A day of the academic year in which a class is at a PGY level."""

    pgy: int
    on: MonthDay


class Due(Written):
    """So many days, workdays, weeks or months after something else, or before it (less than 0).

    That is an `edge`, the first or last day of blocks (of some `blocks` of the year, or of all), or people's first or
    last day; or it is another `milestone`, or a `day`.
    """

    amount: int = 0
    unit: Literal["day", "workday", "week", "month"] = "day"
    edge: Literal["block start", "block end", "entry", "graduation"] | None = None
    grid: Id | None = None
    blocks: tuple[int, ...] = ()
    milestone: Id | None = None
    day: date | None = None

    @classmethod
    def _in_schema(cls) -> tuple[str, list[str]]:
        return _DUE.pattern, _EXAMPLES

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        match = matched(
            _DUE, data, f"such as '{_EXAMPLES[0]}' or '{_EXAMPLES[1]}', as a date, or as {{pgy: 4, on: 06-01}}"
        )
        if match["other"] in ("block", "rotation"):
            msg = f"'{data}' is not a day; write 'block start' or 'block end'"
            raise ValueError(msg)
        edge = edge_of(match) or (match["other"] if match["other"] in _PEOPLES else None)
        return {**counted(match), "edge": edge, "milestone": None if edge else match["other"], "day": match["day"]}

    @model_validator(mode="after")
    def _near_enough(self) -> Self:
        if abs(self.amount) * DAYS_IN[self.unit] > TRAINING:
            msg = f"'{self}' is more than seven years away"
            raise ValueError(msg)
        return self

    def __str__(self) -> str:
        """As it is written."""
        other = self.edge or self.milestone or str(self.day)
        return f"{how_far(self.amount, self.unit)} {as_written(other, self.grid, self.blocks)}"


def _kind(data: Any) -> str:
    """Which of the ways of saying a day it is; what is none is told as no day at a level."""
    if isinstance(data, str) and not re.fullmatch(r"[\d-]+", data):
        return Due.__name__
    return (
        type(data).__name__ if isinstance(data, Due) else "date" if isinstance(data, str | date) else ClassDay.__name__
    )


_Day = Annotated[
    Annotated[ClassDay, Tag("ClassDay")] | Annotated[date, Tag("date")] | Annotated[Due, Tag("Due")],
    Discriminator(_kind),
]


class Milestone(Value):
    """A dated duty of a class: a board deadline, a project step. Shows as an all-day entry.

    `opens` is the first day of the academic year on which it can be done, if it has one.
    """

    id: Id
    name: Name
    when: _Day
    opens: MonthDay | None = None
    audience: Audience = Audience(everyone=True)
    category: str = "Milestone"
    description: str = ""
    link: Link = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.opens and isinstance(self.when, Due):
            msg = f"`opens` is a day of the year; what is due {self.when} is on another day for each"
            raise ValueError(msg)
        if self.id in _WORDS:
            msg = f"'{self.id}' is a word for what something is due before or after; give the milestone another id"
            raise ValueError(msg)
        return self

    @property
    def due(self) -> Due | None:
        """What it is counted from, if it has no day of its own."""
        return self.when if isinstance(self.when, Due) else None
