"""A notice, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Kind = Literal["schedule.changed", "guard.refused", "sync.failing", "sync.recovered", "feed.stale"]
"""What has happened.

    schedule.changed    another programme is in force, and some calendars say something else
    guard.refused       what should be done to a Google calendar is dangerous, and waits for somebody
    sync.failing        a Google calendar could not be brought up to date for some time
    sync.recovered      it could, after all
    feed.stale          the newest configuration is wrong for some time, and feeds are of an older one
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. `id` is the same for whoever tells it; `about` is a calendar's id, or the programme's.

    `sentence` is for a person, and holds no secret; `details` are for programs, and JSON.
    """

    kind: Kind
    id: str
    at: datetime
    about: str
    sentence: str
    details: Mapping[str, str | int | list[str]] = field(default_factory=dict)
