"""What could have been expected on a calendar on a day and is not there, each with the reasons.

not for them    sessions and milestones of that day that do not concern those whose calendar it is, or excuse them
elsewhere       what the rule names that day for and what was moved, to another day or another site
left out        sessions that a holiday, a season, or a first or last day took away
forgone         what leave, a swap or a day off took off somebody's work
not shown       what belongs there but is of a kind that this calendar does not show
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ircal.explain.explanation import Explanation, Sentence, of, sentence
from ircal.explain.people import why_not_meant
from ircal.explain.there import made_by, meanings
from ircal.explain.words import days_text, listed
from ircal.feeds.groups import nominal_day
from ircal.feeds.wording import Wording
from ircal.model.milestones import ClassDay
from ircal.rules.audience import BY_NAME
from ircal.rules.levels import levels_of
from ircal.rules.meetings import left_out_on
from ircal.rules.rule_words import due_in_words
from ircal.rules.texts import day_text, person_name
from ircal.rules.work import forgone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.explain.ground import Ground
    from ircal.model.conferences import Absence
    from ircal.model.schedule import Attendance, Occurrence

_DAY = timedelta(days=1)
_ABSENCES: dict[Absence, str] = {"leave": "on leave", "off_site": "off-site", "nights": "on nights"}


def missing(ground: Ground) -> list[Explanation]:
    """Everything that could have been expected, and why it is not there; whole days first, then by the clock."""
    return sorted(_missing(ground), key=_clock)


def _clock(entry: Explanation) -> tuple[str, str]:
    return f"{entry.start:%H:%M}" if isinstance(entry.start, datetime) else "", entry.summary


def _missing(ground: Ground) -> Iterator[Explanation]:
    for item in ground.schedule.occurrences:
        if ground.today(item):
            yield from _not_there(item, ground)
        elif ground.named_for_today(item) and item.rule.kind in ("conference", "duty"):
            yield from _moved(item, ground)
    yield from _left_out(ground)
    yield from _forgone(ground)


def _explained(item: Occurrence, ground: Ground, *why: Sentence) -> Explanation:
    """The reasons first, then what it is that is missing."""
    known = [each for each in made_by(item, ground) if each not in why]
    wording = Wording(ground.calendar, ground.program.people)
    return of(wording.worded(item), (*why, *known), present=False)


def _not_there(item: Occurrence, ground: Ground) -> Iterator[Explanation]:
    if ground.belongs(item):
        if not ground.shown(item):
            text = f"This calendar shows only {listed(ground.calendar.contents, 'and')}."
            yield _explained(item, ground, Sentence(text, ground.calendar.place))
    elif _might_concern(item, ground):
        yield _explained(item, ground, *_not_for_them(item, ground))
    elif _left_the_site(item, ground):
        there = ground.program.sites.get(item.site)
        yield _explained(item, ground, Sentence(f"It is at {there.name if there else 'no site'} that day."))


def _might_concern(item: Occurrence, ground: Ground) -> bool:
    """Whether it is a session or milestone while any of those whose calendar it is are in the programme."""
    here = (ground.roster.standing(person, item.first_day) for person in ground.people)
    return not item.person and ground.shown(item) and any(here)


def _left_the_site(item: Occurrence, ground: Ground) -> bool:
    """Whether it is a session of the site whose calendar it is, held at another one."""
    conference = ground.program.conferences.get(item.rule.id) if item.rule.kind == "conference" else None
    calendar = ground.calendar
    return bool(conference and calendar.kind == "site" and conference.site == calendar.of and ground.shown(item))


def _moved(item: Occurrence, ground: Ground) -> Iterator[Explanation]:
    known = {(each.rule, each.person, each.nominal): each for each in ground.feed.occurrences}
    steps = [step for step in item.provenance if "moved" in step.text]
    why = sentence(steps[-1]) if steps else Sentence(f"Moved to {days_text(item.start, item.end)}.")
    if found := known.get((item.rule, item.person, item.nominal)):
        reasons = (each for each in made_by(found, ground) if each != why)
        yield of(found, (why, *reasons), present=False)
    elif _might_concern(item, ground):
        yield _explained(item, ground, why, *_not_for_them(item, ground))
    elif _left_the_site(item, ground):
        yield _explained(item, ground, why)


def _not_for_them(item: Occurrence, ground: Ground) -> Iterator[Sentence]:
    for person in ground.people:
        yield from _not_for(person, item, ground)


def _not_for(person: str, item: Occurrence, ground: Ground) -> Iterator[Sentence]:
    day, program = item.first_day, ground.program
    standing = ground.roster.standing(person, day)
    if standing is None:
        yield not_here(person, day, ground)
        return
    entry = next((each for each in item.attendance if each.person == person), None)
    if entry:
        yield from _excused(entry, item, ground)
        return
    for asked in meanings(item, program):
        yield from why_not_meant(asked, standing, day, program)
    milestone = program.milestones[item.rule.id] if item.rule.kind == "milestone" else None
    when = milestone.when if milestone else None
    if milestone and milestone.due:
        who = person_name(person, program)
        yield Sentence(
            f"It is due {due_in_words(milestone.due, program)}, which for {who} is not that day.", milestone.place
        )
    if isinstance(when, ClassDay) and when.pgy != standing.pgy:
        level = f"at PGY-{standing.pgy}" if standing.pgy is not None else "at no PGY level"
        place = program.milestones[item.rule.id].place
        yield Sentence(f"It is for PGY-{when.pgy}; {person_name(person, program)} is {level} that day.", place)


def _excused(entry: Attendance, item: Occurrence, ground: Ground) -> Iterator[Sentence]:
    """That somebody is excused; the line is that of the leave, of what put them there, or of the override."""
    program, day = ground.program, item.first_day
    name, conference = person_name(entry.person, program), program.conferences[item.rule.id]
    if entry.reason == BY_NAME:
        dated = nominal_day(item, program.settings.zone)
        overrides = (each for each in program.overrides if (each.conference, each.date) == (conference.id, dated))
        places = [each.place for each in overrides if entry.person in each.excuse]
        yield Sentence(f"{name} is {entry.reason}.", places[0])
        return
    leave = ground.roster.leave_on(entry.person, day) if entry.reason.startswith("on leave") else None
    places = [leave.place] if leave else [step.place for step in ground.roster.steps_on(entry.person, day)]
    standing = ground.roster.standing(entry.person, day)
    rotation = program.rotations.get(standing.rotation if standing else "")
    for duty in rotation.duties.values() if rotation else ():
        if duty.site not in (None, standing and standing.site) and entry.reason == f"off-site ({duty.site})":
            places = [duty.place]
    yield Sentence(f"{name} is excused: {entry.reason}.", places[0])
    excuses = listed(_ABSENCES[reason] for reason in conference.excuse)
    yield Sentence(f"{conference.name} excuses whoever is {excuses}.", conference.place)


def not_here(person: str, day: date, ground: Ground) -> Sentence:
    """That somebody is not in the programme on a day, and since when or until when they are."""
    known = ground.program.people[person]
    levels = levels_of(known, ground.program)
    if levels.entered and day < levels.entered:
        told = f"enters on {day_text(levels.entered)}"
    else:
        told = f"left after {day_text((levels.end or day) - _DAY)}"
    return Sentence(f"{known.name} is not in the programme on {day_text(day)}: {told}.", known.place)


def _left_out(ground: Ground) -> Iterator[Explanation]:
    for conference in ground.program.conferences.values():
        item = left_out_on(ground.day, conference, ground.program, ground.whereabouts, ground.horizon)
        if item and ground.shown(item) and _expected(item, ground):
            yield _for_its_last_step(item, ground)


def _expected(item: Occurrence, ground: Ground) -> bool:
    """Whether it would have been on the calendar, or would have excused somebody whose calendar it is."""
    return ground.belongs(item) or any(entry.person in ground.people for entry in item.attendance)


def _forgone(ground: Ground) -> Iterator[Explanation]:
    people = ground.people or ground.program.people
    for person in people:
        for item in forgone(person, ground.day, ground.roster, ground.timetables):
            if ground.shown(item) and ground.belongs(item):
                yield _for_its_last_step(item, ground)


def _for_its_last_step(item: Occurrence, ground: Ground) -> Explanation:
    """Explained by the step that took it away."""
    return _explained(item, ground, sentence(item.provenance[-1]))
