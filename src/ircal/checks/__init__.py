"""Checks: what is wrong with a programme although every line of it can be read.

    schedule --ground--> constraints --findings--> suppressed --told--> problems
             --> calendars that are empty or cannot be made, and what the rules noticed on the way

What is surely wrong is an error: a calendar that would say nothing, two entries that cannot be told apart, an override
of a session that does not exist. Where the plan falls short of what the programme asks of it (section `checks`), that
is a warning, and published all the same. Start reading at `ircal.checks.registry`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.checks.calendars import empty_calendars, twins
from ircal.checks.drafts import over
from ircal.checks.finding import told
from ircal.checks.ground import Ground
from ircal.checks.registry import findings
from ircal.checks.report import Report, report_of
from ircal.checks.suppress import suppressed, unused

if TYPE_CHECKING:
    from datetime import date

    from ircal.checks.finding import Finding
    from ircal.errors import Problem
    from ircal.model.schedule import Schedule
    from ircal.recall import Recall

__all__ = ["Examined", "Ground", "Report", "check", "examine", "report_of"]


@dataclass(frozen=True, slots=True)
class Examined:
    """What is wrong with a schedule, as it is told, and the single findings of which some of that tells together."""

    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]


def check(schedule: Schedule, recall: Recall | None = None, today: date | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with the schedule, once: errors by place, then warnings by code and place.

    A `recall` that the schedule was expanded with saves working out the roster again. Without `today`, a day in the
    programme's time zone, no draft is said to be over.
    """
    return examine(schedule, recall, today).problems


def examine(schedule: Schedule, recall: Recall | None = None, today: date | None = None) -> Examined:
    """The same, with the findings that are not suppressed."""
    ground, entries = Ground.of(schedule, recall), schedule.program.checks.suppress
    kept = suppressed(findings(ground), schedule.problems, entries)
    problems = dict.fromkeys(
        [
            *kept.warnings,
            *empty_calendars(schedule),
            *twins(schedule),
            *told(kept.findings, schedule.program.people),
            *unused(entries, kept.used, schedule.window),
            *(over(schedule.program, today) if today else ()),
        ]
    )
    return Examined(tuple(sorted(problems, key=_order)), tuple(kept.findings))


def _order(problem: Problem) -> tuple[object, ...]:
    kind = "" if problem.severity == "error" else problem.code
    return kind, problem.place, problem.code, problem.message
