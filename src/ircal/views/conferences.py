"""The sessions of the coming weeks, series by series: what a page of conferences shows.

A series is a conference with all its dates. Two readers are told of it: who is signed in sees topics, presenters and
why a session is not as its rule says; everybody else sees of those sessions that are on a public calendar when and at
which site they take place, and no name of anybody. What a rule names and a holiday leaves out is told too, because a
session that is missing without a word is looked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ircal.explain.people import meant
from ircal.explain.words import rule_text
from ircal.feeds.select import selection
from ircal.model.series import first_day, last_day
from ircal.rules.exceptions import source_of
from ircal.rules.expand import touching
from ircal.rules.left_out import left_out
from ircal.rules.nominal import in_season
from ircal.rules.texts import person_name, site_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from ircal.checks import Ground
    from ircal.model.conferences import Conference
    from ircal.model.program import Calendar, Program, Window
    from ircal.model.schedule import Occurrence, Schedule
    from ircal.rules.horizon import Horizon

PRESENTING = "presenting"
"""The reason in the attendance of whoever presents a session."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session. `start` and `end` as an Occurrence has them: zone-aware moments, or days with the end exclusive.

    `what` is what its title says beyond the name of its series (topic and speaker), `presenters` who of the programme
    present it, by name. `why` says what was decided about it alone: that it was moved or cancelled, by whom and why.
    """

    start: date | datetime
    end: date | datetime
    title: str
    what: str = ""
    place: str = ""
    link: str = ""
    presenters: tuple[str, ...] = ()
    cancelled: bool = False
    why: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The day on which it begins."""
        return first_day(self.start)

    @property
    def last_day(self) -> date:
        """The last day that it touches."""
        return last_day(self.start, self.end)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that the rule of a series names and on which it is not held, because of a holiday."""

    day: date
    holiday: str


@dataclass(frozen=True, slots=True)
class Series:
    """A conference: when it takes place and for whom, in words, and its sessions in order of time.

    `calendar` is the id of the calendar of this series alone, empty where there is none, and `public` whether anybody
    may subscribe to that.
    """

    id: str
    name: str
    category: str
    color: str
    when: str
    audience: str
    calendar: str
    public: bool
    meetings: tuple[Meeting, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def cancelled(self) -> tuple[Meeting, ...]:
        """The sessions that do not take place."""
        return tuple(each for each in self.meetings if each.cancelled)

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to tell of any session but its day."""
        return not any(each.what or each.presenters or each.why or each.cancelled for each in self.meetings)

    @property
    def place(self) -> str:
        """Where most of its sessions are."""
        return _usual(each.place for each in self.meetings)

    @property
    def link(self) -> str:
        """By which link most of them are joined."""
        return _usual(each.link for each in self.meetings)


def _usual(texts: Iterable[str]) -> str:
    """The one that is there most often; nothing where there are none."""
    return next((text for text, _ in Counter(texts).most_common(1)), "")


@dataclass(frozen=True, slots=True)
class Conferences:
    """The series that have a session from `first` to `last` (both included), by name; `named` is whether people are."""

    first: date
    last: date
    named: bool
    series: tuple[Series, ...]

    @property
    def cancelled(self) -> tuple[tuple[Series, Meeting], ...]:
        """What does not take place, of all series, in order of time."""
        return self._in_order((each, meeting) for each in self.series for meeting in each.cancelled)

    @property
    def changed(self) -> tuple[tuple[Series, Meeting], ...]:
        """What takes place, and not as its rule says."""
        found = ((each, meeting) for each in self.series for meeting in each.meetings)
        return self._in_order((each, meeting) for each, meeting in found if meeting.why and not meeting.cancelled)

    @staticmethod
    def _in_order(found: Iterable[tuple[Series, Meeting]]) -> tuple[tuple[Series, Meeting], ...]:
        return tuple(sorted(found, key=lambda one: (one[1].day, f"{one[1].start}", one[0].name)))


def conferences_of(ground: Ground, window: Window) -> Conferences:
    """Every series of a schedule with its sessions that touch the window. For those who may read names."""
    schedule, program = ground.schedule, ground.program
    meetings = _meetings(schedule, window, lambda item: _told(item, program))
    series = (
        _series(conference, program, meetings[name], _left_out(conference, program, window, ground.horizon))
        for name, conference in program.conferences.items()
        if name in meetings
    )
    return _all(window, series, named=True)


def public_conferences_of(ground: Ground, window: Window) -> Conferences:
    """The same for everybody: of the sessions on public calendars, when and at which site they are."""
    schedule, program = ground.schedule, ground.program
    shown = [selection(each, program) for each in program.calendars.values() if each.public]
    meetings = _meetings(
        schedule, window, lambda item: _bare(item, program) if any(belongs(item) for belongs in shown) else None
    )
    series = (_nameless(_series(program.conferences[name], program, found)) for name, found in meetings.items())
    return _all(window, series, named=False)


def _all(window: Window, series: Iterable[Series], *, named: bool) -> Conferences:
    days = window.days()
    ordered = sorted(series, key=lambda each: (each.name.casefold(), each.id))
    return Conferences(days[0], days[-1], named, tuple(ordered))


def _meetings(
    schedule: Schedule, window: Window, tell: Callable[[Occurrence], Meeting | None]
) -> dict[str, list[Meeting]]:
    """By id of the conference, what is told of its sessions in the window."""
    inside = touching(window, schedule.program.settings.zone)
    found: dict[str, list[Meeting]] = defaultdict(list)
    for part in schedule.parts.values():
        for item in part:
            if item.rule.kind == "conference" and inside(item) and (told := tell(item)):
                found[item.rule.id].append(told)
    return found


def _told(item: Occurrence, program: Program) -> Meeting:
    name, title = program.conferences[item.rule.id].name, item.details.summary
    presenters = tuple(person_name(each.person, program) for each in item.attendance if each.reason == PRESENTING)
    return Meeting(
        start=item.start,
        end=item.end,
        title=title,
        what=_beyond(name, title, presenters),
        place=_place(item, program),
        link=item.details.link,
        presenters=presenters,
        cancelled=item.cancelled,
        why=tuple(step.why for step in item.provenance[1:] if step.why),
    )


def _beyond(name: str, title: str, presenters: tuple[str, ...]) -> str:
    """`Liver lesions (Dr. Betony)` of `Morning didactics: Liver lesions (Dr. Betony)`; presenters are told apart."""
    rest = title.removeprefix(name) if title.startswith(name) else title
    for each in presenters:
        rest = rest.replace(f"({each} presenting)", "")
    return rest.strip(" :,")


def _place(item: Occurrence, program: Program) -> str:
    """Room and site, without the site's address, which whoever reads this knows."""
    site = program.sites.get(item.site)
    return item.details.location.removesuffix(f", {site.address}" if site and site.address else "")


def _bare(item: Occurrence, program: Program) -> Meeting:
    title = program.conferences[item.rule.id].name
    return Meeting(item.start, item.end, title, place=site_name(item.site, program), cancelled=item.cancelled)


def _left_out(conference: Conference, program: Program, window: Window, horizon: Horizon) -> Iterator[LeftOut]:
    """The days off that its rule names and that it is not held on, while there is such a series at all."""
    off = source_of(conference, program, horizon).off if conference.when else {}
    for day in filter(off.__contains__, window.days()):
        if _is_its_time(conference, day) and left_out(conference, program, day, horizon):
            yield LeftOut(day, off[day])


def _is_its_time(conference: Conference, day: date) -> bool:
    """Whether the series takes place at all then."""
    begun = conference.start is None or conference.start <= day
    ended = conference.until is not None and conference.until < day
    return begun and not ended and in_season(conference, day)


def _series(
    conference: Conference, program: Program, meetings: Sequence[Meeting], holidays: Iterable[LeftOut] = ()
) -> Series:
    calendar = _calendar(conference, program)
    return Series(
        id=conference.id,
        name=conference.name,
        category=conference.category,
        color=conference.color,
        when=rule_text(conference.when, program) if conference.when else "on listed dates",
        audience=meant(conference.audience, program),
        calendar=calendar.id if calendar else "",
        public=calendar is not None and calendar.public,
        meetings=tuple(meetings),
        left_out=tuple(holidays),
    )


def _nameless(series: Series) -> Series:
    """Without whom it is for, which may be told by name; and with its calendar only if that is public."""
    return replace(series, audience="", calendar=series.calendar if series.public else "")


def _calendar(conference: Conference, program: Program) -> Calendar | None:
    """The calendar of the series; the public one, if there are several."""
    found = [each for each in program.calendars.values() if each.kind == "conference" and each.of == conference.id]
    return min(found, key=lambda each: not each.public, default=None)
