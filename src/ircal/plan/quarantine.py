"""The quarantine: changes that a calendar would not take are not sent again while they would say the same.

One event with an impossible text must not stop the others, nor be refused anew every five minutes. When its content
changes, it is tried again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ircal.plan.changes import Delete
from ircal.plan.telling import tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ircal.plan.changes import Change
    from ircal.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class Held:
    """A change that is held back, because the same content was refused before; `reason` is what was said then."""

    change: Change
    reason: str

    def __str__(self) -> str:
        """`2026-09-09 12:00-13:00  Journal club is held back: Google does not take it (400 invalid).`."""
        return f"{titled(self.change)} is held back: {self.reason}"


def titled(change: Change) -> str:
    """`2026-09-09 12:00-13:00  Journal club`: the event that a change is about."""
    return next(tell(change)).strip(" +~-")


def content_of(change: Change) -> str:
    """What tells whether a change would say the same again."""
    return f"delete {change.owned.etag}" if isinstance(change, Delete) else change.series.digest


def holding(plan: Plan, refused: Mapping[str, tuple[str, str]]) -> Plan:
    """The plan without what was refused before: by UID, its content and the reason."""
    held = tuple(
        Held(change, refused[change.uid][1])
        for change in plan.changes
        if refused.get(change.uid, ("",))[0] == content_of(change)
    )
    away = [each.change for each in held]
    kept = tuple(change for change in plan.changes if not any(change is each for each in away))
    return replace(plan, changes=kept, held=held)
