"""Whether people, and rooms, are wanted in two places at once.

A session that has a link can be joined from anywhere, so that nobody has to travel to it. Protected time goes before
the work of a rotation: a session in it does not contend with a duty.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from ircal.checks.finding import Finding
from ircal.checks.ground import Engagement
from ircal.feeds.groups import nominal_day
from ircal.rules.texts import place_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ircal.checks.ground import Ground
    from ircal.model.place import Place
    from ircal.model.program import Program
    from ircal.model.schedule import Occurrence


def colliding(ground: Ground) -> Iterator[Finding]:
    """Two sessions at once that one person must come to; those of one conference are looked at as such (`doubled`)."""
    for person, engagements in ground.people_with_engagements():
        for one, other in _overlapping([each for each in engagements if not each.is_duty]):
            if one.subject == other.subject:
                continue
            first, second = sorted((one, other), key=lambda each: each.subject)
            names = [_name(each, ground.program) for each in (first, second)]
            what = f"must come to {names[0]} and to {names[1]} at the same time"
            hint = "move one of them, or excuse from it by its audience or an override"
            of = (first.subject, second.subject)
            yield Finding("sessions-collide", what, _place(first), hint, person.id, other.day, of)


def doubled(ground: Ground) -> Iterator[Finding]:
    """Two sessions of one conference at the same time: one was moved there, by a holiday or by hand.

    Two that the rule itself has at the same time cannot be told apart by any calendar, and are an error anyhow.
    """
    zone = ground.program.settings.zone
    for conference in ground.program.conferences.values():
        part = ground.schedule.parts.get(f"conference:{conference.id}", ())
        for one, other in _overlapping(list(_timed(item for item in part if item.rule.kind == "conference"))):
            if one.occurrence.nominal == other.occurrence.nominal:
                continue
            days = sorted(nominal_day(each.occurrence, zone) for each in (one, other))
            one_day, next_day = (f"{day:%a %Y-%m-%d}" for day in days)
            what = f"{conference.name} has two sessions at the same time"
            hint = "choose another `holiday`, or move or cancel one of them by an override"
            detail, of = f"those of {one_day} and {next_day}", (conference.id,)
            yield Finding("sessions-collide", what, conference.place, hint, "", other.day, of, detail)


def twice_on_duty(ground: Ground) -> Iterator[Finding]:
    """One duty twice at the same time: a holiday has moved one there."""
    for person, engagements in ground.people_with_engagements():
        for one, other in _overlapping([each for each in engagements if each.is_duty]):
            if one.occurrence.rule == other.occurrence.rule:
                what = f"has {_name(other, ground.program)} twice at the same time"
                hint, of = "choose another `holiday`", (other.subject,)
                yield Finding("sessions-collide", what, _duty_place(other, ground), hint, person.id, other.day, of)


def two_places(ground: Ground) -> Iterator[Finding]:
    """A duty that is at the same time as another, or as a session that is not protected, at another site."""
    for person, engagements in ground.people_with_engagements():
        for one, other in _overlapping(engagements):
            if _contend(one, other, ground.program):
                first, second = sorted((one, other), key=lambda each: (not each.is_duty, each.subject))
                names = [_name(each, ground.program) for each in (first, second)]
                what = (
                    f"{names[0]} at {_site(first, ground)} and {names[1]} at {_site(second, ground)} at the same time"
                )
                hint = "change one of the times, or protect the session if the work is covered"
                of = (first.subject, second.subject, *_sites(one, other))
                yield Finding("two-places", what, _place(first), hint, person.id, other.day, of)


def _contend(one: Engagement, other: Engagement, program: Program) -> bool:
    if not (one.is_duty or other.is_duty) or not _apart(one, other):
        return False
    sessions = [each for each in (one, other) if not each.is_duty]
    return not any(program.conferences[each.subject].protected for each in sessions)


def hurried(ground: Ground) -> Iterator[Finding]:
    """Less time between two things at different sites than it takes to go from one to the other."""
    minutes = {frozenset(way.between): way.minutes for way in ground.program.checks.travel}
    if not minutes:
        return
    for person, engagements in ground.people_with_engagements():
        for one, other in _followed(engagements):
            needed = minutes.get(frozenset((one.occurrence.site, other.occurrence.site)), 0)
            gap = (other.start - one.end).total_seconds() / 60
            if gap < needed and _apart(one, other):
                names = [f"{_name(each, ground.program)} at {_site(each, ground)}" for each in (one, other)]
                what = f"the way from {names[0]} to {names[1]} takes {needed} minutes, and there is less time"
                hint = "let one of them end or begin at another time, or give the session a link"
                of = (one.subject, other.subject, *_sites(one, other))
                yield Finding("travel-short", what, _place(other), hint, person.id, other.day, of, f"{gap:.0f} minutes")


def rooms(ground: Ground) -> Iterator[Finding]:
    """Two things in one room at the same time. A duty that several people have is one."""
    booked: dict[str, dict[object, Engagement]] = {}
    for each in _timed(item for item in ground.schedule.occurrences if item.details.location):
        site, location = each.occurrence.site, each.occurrence.details.location
        if location != place_text(site, "", ground.program):
            booked.setdefault(location.casefold(), {}).setdefault((each.occurrence.rule, each.start), each)
    for bookings in booked.values():
        for one, other in _overlapping(sorted(bookings.values(), key=lambda each: each[:2])):
            if one.occurrence.rule == other.occurrence.rule:
                continue
            first, second = sorted((one, other), key=lambda each: each.subject)
            room = first.occurrence.details.location.partition(",")[0]
            what = f"{_name(first, ground.program)} and {_name(second, ground.program)} are both in {room}"
            of = (first.subject, second.subject, *_sites(one, other))
            yield Finding("room-twice", what, _place(first), "find another room for one of them", "", other.day, of)


def _timed(occurrences: Iterable[Occurrence]) -> Iterator[Engagement]:
    for occurrence in occurrences:
        if not occurrence.cancelled and not occurrence.all_day:
            start, end = occurrence.start, occurrence.end
            yield Engagement(start, end, occurrence)  # type: ignore[arg-type]  # not all-day: moments


def _overlapping(engagements: Sequence[Engagement]) -> Iterator[tuple[Engagement, Engagement]]:
    """The pairs that share a moment, the one that begins earlier first; `engagements` are in order of time."""
    going_on: list[Engagement] = []
    for each in engagements:
        going_on = [other for other in going_on if other.end > each.start]
        yield from ((other, each) for other in going_on if other.meets(each))
        going_on.append(each)


def _followed(engagements: Sequence[Engagement]) -> Iterator[tuple[Engagement, Engagement]]:
    """Each with the one that ended last before it began."""
    latest: Engagement | None = None
    waiting: list[Engagement] = []
    for each in engagements:
        over = [other for other in waiting if other.end <= each.start]
        waiting = [other for other in waiting if other.end > each.start]
        latest = max(chain([latest] if latest else [], over), key=lambda other: other.end, default=None)
        if latest:
            yield latest, each
        waiting.append(each)


def _apart(one: Engagement, other: Engagement) -> bool:
    """Whether they are at two sites that somebody has to go to."""
    sites = {each.occurrence.site for each in (one, other)}
    return len(sites) > 1 and "" not in sites and not (one.occurrence.details.link or other.occurrence.details.link)


def _sites(*engagements: Engagement) -> tuple[str, ...]:
    return tuple(each.occurrence.site for each in engagements if each.occurrence.site)


def _site(engagement: Engagement, ground: Ground) -> str:
    return ground.program.sites[engagement.occurrence.site].name


def _name(engagement: Engagement, program: Program) -> str:
    """What the duty or the conference is called; the title of a single session says too much."""
    if engagement.is_duty:
        return engagement.occurrence.details.summary
    return program.conferences[engagement.subject].name


def _duty_place(engagement: Engagement, ground: Ground) -> Place:
    rotation, _, duty = engagement.occurrence.rule.id.partition("/")
    return ground.program.rotations[rotation].duties[duty].place


def _place(engagement: Engagement) -> Place:
    """Where the rule of a session is written, or the duty: the last thing before what happened to this one alone."""
    steps = engagement.occurrence.provenance
    return (steps[0] if not engagement.is_duty else steps[-1]).place
