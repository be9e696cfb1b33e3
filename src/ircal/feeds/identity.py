"""UIDs: what makes a calendar entry the same entry after everything about it has changed.

A UID is a hash of the programme, the scope (whose copy it is), the rule and a key; never of a text or of the time at
which something takes place in the end. The key of a recurring series is the academic year of its occurrences, that of
a single event its nominal start as the wall clock shows it. Moving or renaming a session keeps its UID (RFC 5545
section 3.8.4.7, RFC 7986 section 5.3), and a new academic year brings new series without touching the old ones.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

from ircal.errors import Problem, ProgramError
from ircal.model.place import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ircal.model.place import Place
    from ircal.model.program import Calendar
    from ircal.model.schedule import Occurrence, Rule


def scope_of(occurrence: Occurrence, calendar: Calendar) -> str:
    """Whose copy it is: the person's; of a shared session that of a resident's or class's calendar, or no one's."""
    if occurrence.person:
        return f"person:{occurrence.person}"
    return f"{calendar.kind}:{calendar.of}" if calendar.kind in ("resident", "class") else ""


def series_uid(program: str, scope: str, rule: Rule, year: int, strand: int = 0) -> str:
    """The UID of a rule's series of one academic year, named by the calendar year in which it begins.

    A rule that takes several RRULEs to say has as many series in a year, one for each `strand`.
    """
    return _uid(program, scope, rule, f"year {year}" + (f" strand {strand}" if strand else ""))


def event_uid(program: str, scope: str, rule: Rule, nominal: date | datetime) -> str:
    """The UID of a single event; `nominal` is a day, or a moment in the programme's zone."""
    return _uid(program, scope, rule, wall_text(nominal))


def wall_text(nominal: date | datetime) -> str:
    """A day or moment as the wall clock shows it: without an offset, which new time zone data might change."""
    return (nominal.replace(tzinfo=None) if isinstance(nominal, datetime) else nominal).isoformat()


def _uid(program: str, scope: str, rule: Rule, key: str) -> str:
    text = f"{program}\0{scope}\0{rule.kind}\0{rule.id}\0{key}"
    return f"{hashlib.sha256(text.encode(errors='backslashreplace')).hexdigest()[:40]}@{program}.ircal"


def refuse_twins(occurrences: Iterable[Occurrence]) -> None:
    """Raise ProgramError when two occurrences have one identity: a phone would show only one of them."""
    listed = list(occurrences)
    times = Counter(map(_identity, listed))
    twins: dict[object, list[Occurrence]] = {}
    for item in listed:
        if times[identity := _identity(item)] > 1:
            twins.setdefault(identity, []).append(item)
    if twins:
        raise ProgramError(map(_twin_problem, twins.values()))


def _identity(occurrence: Occurrence) -> tuple[Rule, str, str]:
    return occurrence.rule, occurrence.person, wall_text(occurrence.nominal)


def _twin_problem(twins: Sequence[Occurrence]) -> Problem:
    """Told at the place of the last of them, with the others: what was added comes after what the rule gives."""
    occurrence = twins[-1]
    places = list(dict.fromkeys(place for item in twins if (place := _made_at(item)) != NOWHERE))
    whose = f" of {occurrence.person}" if occurrence.person else ""
    rule, nominal = occurrence.rule, occurrence.nominal
    when = f"{nominal:%a %Y-%m-%d %H:%M}" if isinstance(nominal, datetime) else f"{nominal:%a %Y-%m-%d}"
    others = f"; the other is at {', '.join(map(str, places[:-1]))}" if places[1:] else ""
    return Problem(
        "same-session-twice",
        f"{rule.kind} '{rule.id}'{whose} has two entries on {when}, which no calendar can tell apart",
        places[-1] if places else NOWHERE,
        f"give one of them another date or time, or take it out{others}",
    )


def _made_at(occurrence: Occurrence) -> Place:
    """The line of the rule, list or override that a session is there by; of all else the last of those that made it."""
    places = [step.place for step in occurrence.provenance if step.place.file]
    return places[0 if occurrence.rule.kind == "conference" else -1] if places else NOWHERE
