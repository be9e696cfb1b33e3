"""Reminders: how long before an entry a phone should ring, as a calendar asks for it.

    15m  2h      minutes and hours before a session or duty begins
    1d   1w      days and weeks before: to the minute for what has a time; for whole days, at 18:00 on that day before

A whole day begins at midnight, when nobody wants to be rung; the evening before, something can still be done. So
minutes and hours say nothing for whole days.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from ircal.model.values import Value, as_list, written_as

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

    from ircal.model.schedule import Kind

_LEAD = r"^\d{1,5}[mhdw]$"
_MINUTES = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
_DAYS = ("d", "w")
_LONGEST = 4 * _MINUTES["w"]
_MOST = 5
"""Google takes no more for an entry, and none longer than four weeks (https://developers.google.com/calendar/api)."""

_MORNING = 18 * 60
"""Minutes from midnight to the time of day at which whole days are announced."""


def _lead(data: Any) -> Any:
    if not (isinstance(data, str) and re.fullmatch(_LEAD, data)):
        msg = f"'{data}' is not a time before an entry; write a number and m, h, d or w, such as 15m or 1d"
        raise ValueError(msg)
    if _minutes(data) > _LONGEST:
        msg = f"'{data}' is more than four weeks before the entry"
        raise ValueError(msg)
    if data[-1] in _DAYS and not _minutes(data):
        msg = f"'{data}' is no day before; for the beginning of an entry write 0m"
        raise ValueError(msg)
    return data


def _minutes(lead: str) -> int:
    return int(lead[:-1]) * _MINUTES[lead[-1]]


_Lead = Annotated[str, BeforeValidator(_lead), Field(pattern=_LEAD, examples=["15m"])]
_Leads = Annotated[
    tuple[_Lead, ...],
    BeforeValidator(as_list, json_schema_input_type=_Lead | tuple[_Lead, ...]),
    Field(max_length=_MOST),
]

_FIELDS: dict[Kind, str] = {
    "conference": "conferences",
    "duty": "duties",
    "rotation": "rotations",
    "leave": "leave",
    "milestone": "milestones",
    "deadline": "deadlines",
}
_WHOLE_DAYS = ("rotations", "leave", "milestones", "deadlines")


class Reminders(Value):
    """When a phone rings before each kind of entry; written as one list for all, or as one for each kind."""

    conferences: _Leads = ()
    duties: _Leads = ()
    rotations: _Leads = ()
    leave: _Leads = ()
    milestones: _Leads = ()
    deadlines: _Leads = ()

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The one list beside the mapping."""
        lead = {"type": "string", "pattern": _LEAD, "examples": ["15m"]}
        return written_as(handler(core_schema), handler, lead, {"type": "array", "items": lead, "maxItems": _MOST})

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        if isinstance(data, dict | Reminders):
            return data
        leads = [_lead(item) for item in as_list(data)]
        days = [lead for lead in leads if lead[-1] in _DAYS]
        return {name: days if name in _WHOLE_DAYS else leads for name in _FIELDS.values()}

    @model_validator(mode="after")
    def _days_for_days(self) -> Self:
        for name in _WHOLE_DAYS:
            for lead in getattr(self, name):
                if lead[-1] not in _DAYS:
                    msg = f"`{name}` take whole days, so '{lead}' before one is in the night; write days, such as 1d"
                    raise ValueError(msg)
        return self

    def before(self, kind: Kind, *, all_day: bool) -> tuple[int, ...]:
        """The minutes before the start of an entry, or of its first day; the longest time first."""
        leads = getattr(self, _FIELDS[kind])
        found = {_minutes(lead) - (_MORNING if all_day else 0) for lead in leads if not all_day or lead[-1] in _DAYS}
        return tuple(sorted(found, reverse=True))
