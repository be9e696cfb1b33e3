"""The texts of calendar entries: a template for the title and the description of each kind (section `texts`).

What the defaults give is what ircal says when nobody wants it otherwise. `ircal.rules.texts` fills the slots;
`ircal.model.templates` is their language.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated

from pydantic import Field
from pydantic_core import core_schema

from ircal.model.templates import check
from ircal.model.values import Value

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


@dataclass(frozen=True)
class Slots:
    """The mark of a text that is a template, with the names of the slots that it may have."""

    names: str

    def __get_pydantic_core_schema__(self, source: type[str], handler: GetCoreSchemaHandler) -> CoreSchema:
        """A text that is checked as a template is."""
        return core_schema.no_info_after_validator_function(partial(check, known=self.names.split()), handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A text, with its slots told to whoever edits it."""
        slots = ", ".join(f"{{{name}}}" for name in self.names.split())
        return {**handler(schema), "description": f"A template. Slots: {slots}."}


Session = Annotated[str, Slots("name conference topic speaker presenter who site room link protected description")]
Rotation = Annotated[str, Slots("name short hours site place duties description")]
Duty = Annotated[str, Slots("name rotation hours site room description")]
Leave = Annotated[str, Slots("kind note")]
Deadline = Annotated[str, Slots("name conference topic date day days")]
Milestone = Annotated[str, Slots("name opens closes description")]


class SessionTexts(Value):
    """What a session of a conference says."""

    title: Session = Field(default="{name}[: {topic}][ ({who})]", min_length=1)
    description: Session = (
        "[Topic: {topic}]\n[Speaker: {speaker}]\n[Presenter: {presenter}]\n[Join: {link}]\n{protected}\n{description}"
    )


class RotationTexts(Value):
    """What the banner of a rotation says."""

    title: Rotation = Field(default="{name}", min_length=1)
    description: Rotation = "[Hours: {hours}]\n{place}\n{duties}\n{description}"


class DutyTexts(Value):
    """What a duty says."""

    title: Duty = Field(default="{name}", min_length=1)
    description: Duty = "{description}"


class LeaveTexts(Value):
    """What leave says; to others than the person both slots are empty."""

    title: Leave = Field(default="Leave[: {kind}]", min_length=1)
    description: Leave = "{note}"


class DeadlineTexts(Value):
    """What a presenter's deadline says."""

    title: Deadline = Field(default="{name}: {conference} on {date}", min_length=1)
    description: Deadline = "{conference} takes place on {day}."


class MilestoneTexts(Value):
    """What a milestone says."""

    title: Milestone = Field(default="{name}", min_length=1)
    description: Milestone = "[Opens on {opens}, closes on {closes}.]\n{description}"


class EntryTexts(Value):
    """Titles and descriptions of all kinds of entries; what is not given is as ircal says it."""

    conferences: SessionTexts = SessionTexts()
    rotations: RotationTexts = RotationTexts()
    duties: DutyTexts = DutyTexts()
    leave: LeaveTexts = LeaveTexts()
    deadlines: DeadlineTexts = DeadlineTexts()
    milestones: MilestoneTexts = MilestoneTexts()


USUAL = EntryTexts()
"""What ircal says unless it is told otherwise."""
