"""What the API answers about Google calendars."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ircal.web.api.shapes import Shape


class RunShape(Shape):
    """What one run did to one calendar; `ended` is null while it is running."""

    id: str
    calendar: str
    cause: str
    began: dt.datetime
    ended: dt.datetime | None
    state: str = Field(description="running, done, failed, refused (by the guard) or stopped")
    created: int
    updated: int
    deleted: int
    calls: int
    error: str
    due: dt.datetime | None = Field(description="When the first of its triggers came.")
    seconds: float | None = Field(description="How long it took.")
    latency: float | None = Field(description="Seconds from its trigger to its end.")


class StateShape(Shape):
    """How it stands with one Google calendar."""

    id: str
    name: str
    google: str
    state: Literal["in step", "pending", "running", "guarded", "quarantined", "circuit open", "failing", "unknown"]
    why: str
    since: dt.datetime | None = Field(description="Since when it is due.")
    causes: list[str]
    last_run: RunShape | None
    last_change: RunShape | None
    held: list[str] = Field(description="What Google does not take, in words.")


class LineShape(Shape):
    """One change that was made, or tried, by a run."""

    at: dt.datetime
    calendar: str
    change: str = Field(description="create, update or delete, and the UID")
    title: str = Field(description="What the event is called now; empty where it is no longer there.")
    outcome: str
    run: str


class PlanShape(Shape):
    """What would be written to a calendar now; `refused` is why the guard will not have it done."""

    calendar: str
    name: str
    headline: str
    lines: list[str]
    checksum: str
    refused: str
    error: str
    remedy: str


class AskedShape(Shape):
    """What was asked for; it is done in the next seconds."""

    calendar: str = Field(description="The id of the calendar; empty for all.")


class ApplyBody(BaseModel):
    """Which plan somebody has read and agrees to."""

    model_config = ConfigDict(extra="forbid")

    checksum: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
