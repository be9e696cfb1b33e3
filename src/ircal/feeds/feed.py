"""The Feed: everything that one calendar says, as dated occurrences and as the Series that carry them.

Both say the same: `expand_series` over `series` gives `occurrences` again. The occurrences are for people (pages,
`ircal show`), the series for calendars (the .ics, Google).

A feed is put together from what each part of the schedule contributes to it. With a `Recall` that has made the feeds
before, only those groups are translated again whose occurrences on that calendar are different, and a feed that
nothing changed in is the former Feed itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from itertools import chain
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from ircal.feeds.groups import Member, groups_of
from ircal.feeds.select import selection
from ircal.feeds.to_series import Where, to_series
from ircal.feeds.wording import Wording, banners_of, company_of
from ircal.recall import Recall
from ircal.rules.expand import touching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from zoneinfo import ZoneInfo

    from ircal.feeds.groups import Group, Groups
    from ircal.feeds.select import Belongs
    from ircal.feeds.wording import Banners, Company, Stay
    from ircal.model.program import Calendar, Program, Window
    from ircal.model.schedule import Occurrence, Schedule
    from ircal.model.series import Series


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar says.

    `occurrences` are in order of time, then UID, each with the UID of the event that carries it; `series` in order of
    UID. `warnings` tell of rules that could not be said as an RRULE, and whose sessions went out as single events:
    correct, only larger.
    """

    calendar: Calendar
    occurrences: tuple[Occurrence, ...]
    series: tuple[Series, ...]
    warnings: tuple[str, ...] = ()


def make_feed(schedule: Schedule, calendar: Calendar, window: Window | None = None) -> Feed:
    """The feed of one calendar, cut to a window if one is given.

    What is left after the cut has the UIDs that it has in the whole schedule, which should hold whole academic years.
    Raises ProgramError when two sessions of a rule have the same nominal time, and so the same identity.
    """
    return make_feeds(schedule, (calendar,), window)[calendar.id]


def make_feeds(
    schedule: Schedule, calendars: Iterable[Calendar], window: Window | None = None, recall: Recall | None = None
) -> dict[str, Feed]:
    """The feeds of some calendars by id, as `make_feed` makes each."""
    recall = recall or Recall()
    groups = groups_of(schedule, recall)
    desks = _desks(schedule, calendars, window, recall)
    pieces = [
        recall.made(("pieces", name), (part, *desks.values()), partial(_pieces, part, desks))
        for name, part in groups.items()
    ]
    return {
        name: recall.made(
            ("feed", name), (desk.calendar, *(each[name] for each in pieces)), partial(_feed, desk.calendar, pieces)
        )
        for name, desk in desks.items()
    }


def _desks(
    schedule: Schedule, calendars: Iterable[Calendar], window: Window | None, recall: Recall
) -> dict[str, _Desk]:
    """The desk of each calendar; the former one where nothing is different about it."""
    program = schedule.program
    cut = (window.start, window.end) if window else ()
    people = tuple(program.people.values())
    ground = recall.made("ground of feeds", (program.settings, *people, *cut), lambda _: _Ground(program, window))
    banners = banners_of(schedule, recall)
    found = {}
    for calendar in calendars:
        company = recall.made(
            ("company", calendar.id), (calendar, banners, *people), partial(_company, calendar, banners, program)
        )
        found[calendar.id] = recall.made(
            ("desk", calendar.id), (calendar, ground, company), partial(_desk, calendar, ground, dict(company))
        )
    return found


def _company(calendar: Calendar, banners: Banners, program: Program, recall: Recall) -> tuple[tuple[Stay, str], ...]:
    return recall.settled("all", company_of(calendar, banners, program.people).items())


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """What feeds are made of besides occurrences; of the programme, only its settings and people are looked at."""

    program: Program
    window: Window | None

    def inside(self) -> Callable[[Occurrence], bool]:
        return touching(self.window, self.program.settings.zone) if self.window else lambda _: True


_Order = tuple[datetime, str, str]
"""By time (whole days begin at midnight in the programme's zone), then UID; the nominal time makes it total."""


class _Piece(NamedTuple):
    """What some groups contribute to a feed; each entry with its place in the order of the feed."""

    series: tuple[Series, ...]
    entries: tuple[tuple[_Order, Occurrence], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Desk:
    """Where one calendar's feed is put together: what belongs on it, and how that is worded and carried there."""

    calendar: Calendar
    ground: _Ground
    belongs: Belongs
    wording: Wording
    where: Where


def _desk(calendar: Calendar, ground: _Ground, company: Company, _: Recall) -> _Desk:
    program = ground.program
    return _Desk(
        calendar,
        ground,
        selection(calendar, program),
        Wording(calendar, program.people, company),
        Where(program.settings.id, calendar, ground.inside()),
    )


def _feed(calendar: Calendar, pieces: Iterable[Mapping[str, _Piece]], _: Recall) -> Feed:
    said = _joined(each[calendar.id] for each in pieces)
    return Feed(
        calendar,
        tuple(occurrence for _, occurrence in sorted(said.entries, key=itemgetter(0))),
        tuple(sorted(said.series, key=attrgetter("uid"))),
        tuple(sorted(said.warnings)),
    )


def _pieces(part: Groups, desks: Mapping[str, _Desk], recall: Recall) -> dict[str, _Piece]:
    """What one part of the schedule contributes to each calendar."""
    return {name: recall.made(name, (part, desk), partial(_part, part, desk)) for name, desk in desks.items()}


def _part(part: Groups, desk: _Desk, recall: Recall) -> _Piece:
    """What the groups of one part of the schedule contribute to one calendar."""
    pieces = []
    for group in part:
        members = tuple(member for member in group.members if desk.belongs(member.item))
        if members:
            items = tuple(member.item for member in members)
            of = (desk.calendar, desk.ground, group.when, *items, *map(desk.wording.with_, items))
            key = (group.rule, group.person, group.year, group.strand)
            pieces.append(recall.made(key, of, partial(_piece, members, group, desk)))
    return recall.made("all", tuple(pieces), lambda _: _joined(pieces))


def _piece(members: tuple[Member, ...], group: Group, desk: _Desk, _: Recall) -> _Piece:
    told = [Member(desk.wording.worded(item), slot) for item, slot in members]
    carried = to_series(told, group, desk.where)
    zone = desk.ground.program.settings.zone
    entries = tuple((_order_of(item, zone), item) for item in carried.occurrences)
    return _Piece(carried.series, entries, carried.warnings)


def _joined(pieces: Iterable[_Piece]) -> _Piece:
    """All of them in one."""
    known = tuple(pieces)
    return _Piece(
        tuple(chain.from_iterable(piece.series for piece in known)),
        tuple(chain.from_iterable(piece.entries for piece in known)),
        tuple(chain.from_iterable(piece.warnings for piece in known)),
    )


def _order_of(occurrence: Occurrence, zone: ZoneInfo) -> _Order:
    start = occurrence.start
    moment = start if isinstance(start, datetime) else datetime.combine(start, time.min, zone)
    return moment.astimezone(UTC), occurrence.uid, str(occurrence.nominal)
