"""The guard of a run: the thresholds of the settings, at an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.plan import Guard

if TYPE_CHECKING:
    from datetime import datetime

    from ircal.model.program import Program
    from ircal.settings import Settings


def guard_of(
    settings: Settings, program: Program, now: datetime, *, allow_large_changes: bool = False, allow_soon: bool = False
) -> Guard:
    """The guard with the thresholds of the settings, in the programme's time zone."""
    said = settings.guard
    return Guard(
        max_deletes=said.max_share,
        max_moves=said.max_share,
        most=said.max_events,
        max_soon=said.max_soon,
        soon_hours=said.soon_hours,
        now=now.astimezone(program.settings.zone),
        allow=allow_large_changes,
        allow_soon=allow_soon,
    )
