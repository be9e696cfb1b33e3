"""The law of what is due: triggers raise a calendar's generation, a run clears the one that it started from. Pure.

A trigger carries no work: it only says that a calendar is to be looked at. Any number of them before a run are one run.
One that comes while a run is under way may be about something that the run has read already, so it leads to one more.
Both stores obey this; what they keep is a `Standing`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_CAUSES = 12
"""So many different causes are told of a run; more are no news."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with one calendar: generations that were raised, begun and done, done <= begun <= raised.

    `since` and `causes` are of the triggers that nothing has begun on, or that a run is at; `later_since` and
    `later_causes` of those that came since that run began.
    """

    raised: int = 0
    begun: int = 0
    done: int = 0
    since: datetime | None = None
    causes: tuple[str, ...] = ()
    later_since: datetime | None = None
    later_causes: tuple[str, ...] = ()

    @property
    def is_due(self) -> bool:
        """Whether there is something that no run has done."""
        return self.raised > self.done


def raised(standing: Standing, cause: str, now: datetime) -> Standing:
    """After one more trigger; its cause is told in one line."""
    cause = " ".join(cause.split())
    up = replace(standing, raised=standing.raised + 1)
    if not standing.is_due:
        return replace(up, since=now, causes=(cause,))
    if standing.begun <= standing.done:
        return replace(up, causes=_with(standing.causes, (cause,)))
    return replace(up, later_since=standing.later_since or now, later_causes=_with(standing.later_causes, (cause,)))


def begun(standing: Standing) -> Standing:
    """After a run has begun on everything that was raised; one before it that did not finish has left it all due."""
    causes = _with(standing.causes, standing.later_causes)
    return replace(standing, begun=standing.raised, causes=causes, later_since=None, later_causes=())


def finished(standing: Standing, generation: int) -> Standing:
    """After the run that began at this generation has done everything."""
    done = max(standing.done, min(generation, standing.raised))
    if done < standing.begun:  # another run has begun since, and is still at it
        return replace(standing, done=done)
    if done == standing.raised:
        return Standing(standing.raised, done, done)
    since, causes = standing.later_since or standing.since, standing.later_causes or standing.causes
    return Standing(standing.raised, done, done, since, causes)


def _with(causes: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """All of them, each once, in the order in which they came first."""
    return tuple(dict.fromkeys((*causes, *more)))[:_CAUSES]
