"""`explain(schedule, calendar, day)`: what is on a calendar on a day, what is not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ircal.explain.explanation import Explanation, Sentence, of
from ircal.explain.ground import Ground, Known
from ircal.explain.missing import missing, not_here
from ircal.explain.people import who
from ircal.explain.there import made_by, why_there
from ircal.explain.words import listed, rule_text
from ircal.model.program import Window
from ircal.rules.texts import day_text, person_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.program import Calendar
    from ircal.model.schedule import Schedule

_DAY = timedelta(days=1)
_MARGIN = timedelta(days=60)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Explained:
    """A day on a calendar: what is true of the day itself, and an explanation of each thing that is there or is not.

    Where nothing is there, one of the explanations has no rule and says why.
    """

    about: tuple[Sentence, ...]
    entries: tuple[Explanation, ...]

    @property
    def present(self) -> tuple[Explanation, ...]:
        """What is there, in order of time."""
        return tuple(entry for entry in self.entries if entry.present)

    @property
    def absent(self) -> tuple[Explanation, ...]:
        """What is not."""
        return tuple(entry for entry in self.entries if not entry.present)


def schedule_window(day: date) -> Window:
    """The days that a schedule must hold to explain a day: some more, for what was moved over the end of a year."""
    return Window(day - _MARGIN, day + _MARGIN)


def explain(schedule: Schedule, calendar: Calendar, day: date, uid: str = "", known: Known | None = None) -> Explained:
    """Why each thing is on the calendar on that day, and why other things are not; of a UID, that alone.

    The schedule holds whole academic years, among them those of `schedule_window(day)`. What is `known` saves working
    it out. Raises ProgramError as `make_feed` does.
    """
    ground = Ground(schedule, calendar, day, known)
    about = tuple(_about(ground)) or (Sentence("No rule and no assignment names this day.", calendar.place),)
    there = [
        of(item, tuple(why_there(item, ground)), present=True) for item in ground.feed.occurrences if ground.today(item)
    ]
    nothing = [] if there else [Explanation("Nothing on this day", day, day + _DAY, present=False, sentences=about)]
    entries = (*there, *nothing, *missing(ground))
    return Explained(about, _of_uid(uid, entries, ground) if uid else entries)


def _of_uid(uid: str, entries: tuple[Explanation, ...], ground: Ground) -> tuple[Explanation, ...]:
    """The entry with that UID, and what is told of its rule for sessions that are not there."""
    items = [item for item in ground.feed.occurrences if item.uid == uid]
    rules = {item.rule for item in items}
    found = tuple(each for each in entries if each.uid == uid or (not each.present and each.rule in rules))
    if found or not items:
        return found
    nearest = min(items, key=lambda item: abs(item.first_day - ground.day))
    why = Sentence(f"Its rules do not name {day_text(ground.day)}; the nearest is {day_text(nearest.first_day)}.")
    return (of(nearest, (why, *made_by(nearest, ground)), present=False),)


def _about(ground: Ground) -> Iterator[Sentence]:
    """What is true of the day for those whose calendar it is."""
    program, day = ground.program, ground.day
    for person in ground.people:
        standing = ground.roster.standing(person, day)
        if standing is None:
            yield not_here(person, day, ground)
        else:
            yield Sentence(f"{who(standing, day, program)}.", program.people[person].place)
            if standing.role == "resident" and not standing.rotation:
                yield Sentence(f"No block schedule and no assignment says where {program.people[person].name} is.")
    yield from _staff(ground)
    yield from _rule(ground)
    off = {name: days[day] for name, days in ground.horizon.off.items() if day in days}
    for holiday in dict.fromkeys(off.values()):
        kept = [name for name, told in off.items() if told == holiday]
        told = f"It is {holiday} in the holiday calendar{'s' if len(kept) > 1 else ''} {listed(kept, 'and')}."
        yield Sentence(told, program.holidays[kept[0]].place)
    if day.weekday() >= _SATURDAY:
        yield Sentence("It is a weekend.")


def _staff(ground: Ground) -> Iterator[Sentence]:
    """Who is assigned to the site or rotation whose calendar it is."""
    calendar, program = ground.calendar, ground.program
    if calendar.kind not in ("site", "rotation"):
        return
    name = (program.sites if calendar.kind == "site" else program.rotations)[calendar.of].name
    standings = ground.roster.musters.on(ground.day).standings
    there = [person_name(each.person, program) for each in standings if getattr(each, calendar.kind) == calendar.of]
    yield Sentence(f"Assigned to {name}: {listed(there, 'and') or 'nobody'}.", calendar.place)


def _rule(ground: Ground) -> Iterator[Sentence]:
    """When the conference whose calendar it is takes place."""
    conference = ground.program.conferences.get(ground.calendar.of) if ground.calendar.kind == "conference" else None
    if conference and conference.when:
        yield Sentence(f"{conference.name} takes place {rule_text(conference.when, ground.program)}.", conference.place)
    elif conference and conference.sessions:
        dates = ground.program.sessions[conference.sessions]
        after = next((each for each in sorted(dates, key=lambda each: each.date) if each.date >= ground.day), None)
        coming = f"; the next one from {day_text(ground.day)} on is {day_text(after.date)}" if after else ""
        yield Sentence(f"{conference.name} takes place on {len(dates)} listed dates{coming}.", conference.place)
