"""Who: people, their class and level, and the audiences that a conference or milestone is meant for.

A class enters together (on 1 July) and is promoted by date, never by grid year: PGY is a function of a person and a
day. An Audience is a predicate over what is true of a person on one day (a `Standing`); all the keys it gives must
hold, and `any`, `all` and `not` nest. `everyone: true` is the audience of all residents.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, model_validator

from ircal.model.values import Id, Ids, Name, Numbers, Value, as_list, written_as

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

Role = Literal["resident", "faculty", "fellow", "coordinator", "guest"]


class Person(Value):
    """A resident or somebody who teaches, leads or helps them.

    `entered` is a resident's first day at the programme's first PGY level; `promotions` gives the day on which a
    level begins where it is not the usual one (an off-cycle resident); `left` is the first day after the last.
    """

    id: Id
    name: Name
    role: Role
    title: str = ""
    entered: date | None = None
    promotions: dict[int, date] = Field(default_factory=dict)
    left: date | None = None

    @model_validator(mode="after")
    def _resident_has_entered(self) -> Self:
        if self.role == "resident" and self.entered is None:
            msg = "a resident needs `entered`, the first day in the programme (such as 2026-07-01)"
            raise ValueError(msg)
        if self.entered and self.left and self.left <= self.entered:
            msg = f"leaves on {self.left}, which is not after entering on {self.entered}"
            raise ValueError(msg)
        return self


class Standing(NamedTuple):
    """What is true of one person on one day; the ground on which audiences are judged.

    `rotation`, `tags` and `site` are of the rotation held that day; `away` is the kind of leave, or empty.
    """

    person: str
    role: str
    pgy: int | None = None
    class_of: int | None = None
    phase: str = ""
    rotation: str = ""
    tags: tuple[str, ...] = ()
    site: str = ""
    off_site: bool = False
    away: str = ""


class Audience(Value):
    """A predicate over a Standing. Lists mean "any of these"; several keys mean "all of these"."""

    everyone: bool = False
    pgy: Numbers = ()
    class_of: Numbers = ()
    phase: Ids = ()
    rotation: Ids = ()
    tag: Ids = ()
    site: Ids = ()
    role: Annotated[tuple[Role, ...], BeforeValidator(as_list, json_schema_input_type=Role | tuple[Role, ...])] = ()
    person: Ids = ()
    leave: Annotated[tuple[Name, ...], BeforeValidator(as_list, json_schema_input_type=Name | tuple[Name, ...])] = ()
    all: tuple[Audience, ...] = ()
    any: tuple[Audience, ...] = ()
    not_: Audience | None = Field(default=None, alias="not")

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The word `everyone` beside the mapping."""
        return written_as(handler(core_schema), handler, {"const": "everyone"})

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        return {"everyone": True} if data == "everyone" else data

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        empty = [name for name in _LISTS if name in self.model_fields_set and not getattr(self, name)]
        if empty:
            msg = f"`{empty[0]}` is an empty list, which says nothing about who is meant; take it out, or fill it"
            raise ValueError(msg)
        if not any(getattr(self, name) for name in self.model_fields_set - {"place"}):
            msg = "an audience must say who; write `everyone: true` for all residents"
            raise ValueError(msg)
        return self


ANY = "any"
"""As a kind of leave: whichever it is."""

_LISTS = tuple(name for name in Audience.model_fields if name not in {"place", "everyone", "not_"})
"""The keys whose list would be taken for one that was not given."""
