"""How a calendar words its entries: what is added for the one who reads it, and what is not for everybody.

    own (a resident's)     how a session concerns them, who else is on the rotation, why an entry is there
    of others              the person's name in front; of leave neither the kind nor the note
    `public`               no why and no company, since those name people
    `detail: minimal`      the name of the rule, and the site: no people, no topic, no link

Whatever will not take place says so in its title, because not every calendar program looks at STATUS (Outlook shows
what is cancelled as if it took place).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from ircal.model.schedule import Details
from ircal.rules.texts import lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ircal.model.people import Person
    from ircal.model.program import Calendar
    from ircal.model.schedule import Occurrence, Schedule
    from ircal.recall import Recall

Banners = dict[str, list["Occurrence"]]
"""The banners of everybody, by rotation."""

Stay = tuple[str, "date"]
"""A person's banner: its rotation and first day."""

Company = dict[Stay, str]
"""Who else is there."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wording:
    """How one calendar words what it says."""

    calendar: Calendar
    people: Mapping[str, Person]
    company: Company = field(default_factory=dict)

    def with_(self, occurrence: Occurrence) -> str:
        """Who else is on the rotation; the one thing in an entry that other people's work makes different."""
        return self.company.get((occurrence.rotation, occurrence.first_day), "") if occurrence.rotation else ""

    def worded(self, occurrence: Occurrence) -> Occurrence:
        """The occurrence as this calendar says it."""
        told = self._told(occurrence)
        cancelled = occurrence.cancelled
        details = Details(
            f"Cancelled: {told.summary}" if cancelled else told.summary,
            lines((told.description, *self._added(occurrence))),
            told.location,
            told.geo,
            told.link,
            told.categories,
            told.color,
            told.transparent,
            told.status,
            () if cancelled else self.calendar.reminders.before(occurrence.rule.kind, all_day=occurrence.all_day),
        )
        return occurrence.worded(details)

    def _told(self, occurrence: Occurrence) -> Details:
        """What all may read who read this calendar. That somebody is away may be known, why is theirs alone."""
        details = occurrence.details
        if self.calendar.detail == "minimal":
            return _bare(occurrence)
        if not occurrence.person or self.calendar.kind == "resident":
            return details
        person = self.people.get(occurrence.person)
        if occurrence.rule.kind == "leave":
            details = _bare(occurrence)
        return replace(details, summary=f"{person.name if person else occurrence.person}: {details.summary}")

    def _added(self, occurrence: Occurrence) -> Iterator[str]:
        """What the reader of this calendar is told besides, a line each."""
        calendar = self.calendar
        if calendar.detail == "minimal":
            return
        if calendar.kind == "resident":
            if occurrence.rule.kind == "conference":
                yield from (f"You: {it.reason or it.level}" for it in occurrence.attendance if it.person == calendar.of)
            elif occurrence.rule.kind == "rotation" and (company := self.with_(occurrence)):
                yield f"With: {company}"
        if not calendar.public and (calendar.kind == "resident" or not occurrence.person):
            whys = "; ".join(dict.fromkeys(step.why for step in occurrence.provenance if step.why))
            yield f"Why: {whys}" if whys else ""


def _bare(occurrence: Occurrence) -> Details:
    """What may be said to anybody."""
    kind = occurrence.rule.kind.title()
    return occurrence.bare or replace(occurrence.details, summary=kind, description="", location="", link="")


def banners_of(schedule: Schedule, recall: Recall) -> Banners:
    """The banners of a schedule; the former ones themselves where none is different."""
    parts = tuple(
        recall.made(("banners", name), (part,), partial(_banners, part)) for name, part in schedule.parts.items()
    )
    return recall.made("banners", parts, lambda _: _by_rotation(chain.from_iterable(parts)))


def _banners(part: Iterable[Occurrence], recall: Recall) -> tuple[Occurrence, ...]:
    return recall.settled("all", (item for item in part if item.rule.kind == "rotation"))


def _by_rotation(occurrences: Iterable[Occurrence]) -> Banners:
    found: Banners = defaultdict(list)
    for item in occurrences:
        found[item.rotation].append(item)
    return found


def company_of(calendar: Calendar, banners: Banners, people: Mapping[str, Person]) -> Company:
    """The other residents on each rotation of a calendar's own resident, with their days where those are not all.

    On a calendar that names nobody, or that anybody may read, there is none.
    """
    if calendar.kind != "resident" or calendar.detail == "minimal" or calendar.public:
        return {}
    return {
        (mine.rotation, mine.first_day): told
        for there in banners.values()
        for mine in there
        if mine.person == calendar.of and (told := "; ".join(_others(mine, there, people)))
    }


def _others(mine: Occurrence, there: Iterable[Occurrence], people: Mapping[str, Person]) -> Iterator[str]:
    together: dict[str, list[str]] = defaultdict(list)
    for item in there:
        start, end = max(mine.start, item.start), min(mine.end, item.end)
        if item.person != mine.person and start < end and people[item.person].role == "resident":
            whole = (start, end) == (mine.start, mine.end)
            together[people[item.person].name] += [] if whole else [_days(start, end - _DAY)]
    for name, days in sorted(together.items()):
        yield f"{name} ({', '.join(days)})" if days else name


def _days(first: date, last: date) -> str:
    return f"{first:%-d %b}" if first == last else f"{first:%-d %b} to {last:%-d %b}"
