"""The constraints: every comparison of the plan with what is wanted of it, by name.

Each is a pure function from the Ground (the schedule, and its programme with the section `checks`) to Findings. A new
one is written in the module of its theme and named here, its codes in `ircal.model.checks.Code`, and what it means in
docs/reference/checks.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.checks import (
    attendance,
    coverage,
    drafts,
    gaps,
    hours,
    leave,
    moves,
    places,
    privacy,
    requirements,
    swaps,
    timing,
)

if TYPE_CHECKING:
    from ircal.checks.finding import Finding
    from ircal.checks.ground import Ground

Find = Callable[["Ground"], "Iterator[Finding]"]
"""Looks for everything of one kind."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """What is looked for, and the codes of what may be found."""

    name: str
    codes: tuple[str, ...]
    find: Find


CONSTRAINTS = (
    Constraint("everybody is assigned", ("unassigned",), gaps.unassigned),
    Constraint("a draft is filled in", ("draft-unfilled",), drafts.unfilled),
    Constraint("every day of a year is in a block", ("orphan-days",), gaps.orphan_days),
    Constraint("coverage", ("coverage-low", "coverage-high"), coverage.coverage),
    Constraint("requirements until graduation", ("requirement-short",), requirements.short),
    Constraint("rotations in one piece", ("not-contiguous",), requirements.in_pieces),
    Constraint("rotations at the right time", ("too-early", "too-late"), timing.out_of_time),
    Constraint("quiet before examinations", ("exam-unprotected",), timing.unprotected),
    Constraint("leave within its budget", ("leave-over-budget",), leave.over_budget),
    Constraint("no leave in a blackout", ("leave-blackout",), leave.in_blackout),
    Constraint("swaps that change something", ("swap-idle",), swaps.idle),
    Constraint("swaps while both are here", ("swap-on-leave",), swaps.on_leave),
    Constraint("swaps that do no harm", ("swap-unsound",), swaps.unsound),
    Constraint("rest", ("rest-short", "shift-long"), hours.rest),
    Constraint("working hours", ("hours-over", "no-free-day"), hours.four_weeks),
    Constraint("one session at a time", ("sessions-collide",), places.colliding),
    Constraint("one session of a conference at a time", ("sessions-collide",), places.doubled),
    Constraint("one duty of a kind at a time", ("sessions-collide",), places.twice_on_duty),
    Constraint("somebody comes", ("everybody-excused",), attendance.all_excused),
    Constraint("nobody called back from leave", ("required-on-leave",), attendance.called_back),
    Constraint("holidays decided upon", ("holiday-undecided",), moves.undecided),
    Constraint("moved to where it can be", ("moved-to-holiday", "moved-to-other-year"), moves.landed),
    Constraint("moved to those who are there", ("duty-left-out",), moves.left_out),
    Constraint("one place at a time", ("two-places",), places.two_places),
    Constraint("time to travel", ("travel-short",), places.hurried),
    Constraint("one session in a room", ("room-twice",), places.rooms),
    Constraint("nothing of patients", ("patient-data",), privacy.patient_data),
)


def findings(ground: Ground) -> Iterator[Finding]:
    """Everything that any constraint finds."""
    for constraint in CONSTRAINTS:
        yield from constraint.find(ground)
