"""Two states of a programme, event by event.

An event is the same event in both when the same rule made it for the same nominal time, or else for the same day, since
a rule may have been given another hour. What a phone shows of it is compared: when, title, place, text, whether it
takes place. A person's events are those that concern them, on whichever calendar they are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from ircal.model.schedule import order_of
from ircal.model.series import Series, first_day, last_day
from ircal.plan import Owned, Update
from ircal.plan.telling import differences
from ircal.rules.expand import touching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ircal.feeds import Feed
    from ircal.model.program import Program, Window
    from ircal.model.schedule import Occurrence, Schedule

Kind = Literal["added", "removed", "cancelled", "restored", "moved", "retitled", "changed"]


@dataclass(frozen=True, slots=True)
class State:
    """One state of a programme: its schedule, and what each calendar says of a window."""

    schedule: Schedule
    feeds: Mapping[str, Feed]

    @property
    def program(self) -> Program:
        """The programme whose state it is."""
        return self.schedule.program


@dataclass(frozen=True, slots=True)
class Edit:
    """One event that is not what it was; without `before` it is new, without `after` it is gone."""

    before: Occurrence | None
    after: Occurrence | None

    @property
    def either(self) -> Occurrence:
        """The event as it was; a new one as it will be."""
        found = self.before or self.after
        if found is None:
            raise AssertionError
        return found

    @property
    def kind(self) -> Kind:
        """The one word for it; where several things change, the one that matters most."""
        if self.before is None or self.after is None:
            return "added" if self.before is None else "removed"
        if self.before.cancelled != self.after.cancelled:
            return "cancelled" if self.after.cancelled else "restored"
        if (self.before.start, self.before.end) != (self.after.start, self.after.end):
            return "moved"
        return "retitled" if self.before.details.summary != self.after.details.summary else "changed"

    @property
    def differences(self) -> tuple[str, ...]:
        """What a reader will see differently, as `ircal plan` says it: `title: Case conference -> M&M`."""
        if self.before is None or self.after is None:
            return ()
        was = _series(self.before)
        span = first_day(was.start), last_day(was.start, was.end)
        return tuple(differences(Update(Owned("", was.uid, "", *span, shown=was), _series(self.after))))


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different, by id of the person and of the calendar, each in order of time; none without any."""

    people: Mapping[str, tuple[Edit, ...]]
    calendars: Mapping[str, tuple[Edit, ...]]

    @property
    def nothing(self) -> bool:
        """Whether both say the same."""
        return not (self.people or self.calendars)


def compare(before: State, after: State, window: Window) -> Difference:
    """What is different in a window, from one state to the other."""
    people = _edits_by(_by_person(before, window), _by_person(after, window))
    was, will = before.feeds, after.feeds
    changed = [name for name in {**was, **will} if was.get(name) is not will.get(name)]
    return Difference(people, _edits_by(_by_calendar(was, changed), _by_calendar(will, changed)))


def _by_calendar(feeds: Mapping[str, Feed], names: Iterable[str]) -> Mapping[str, Iterable[Occurrence]]:
    return {name: feeds[name].occurrences for name in names if name in feeds}


def _by_person(state: State, window: Window) -> Mapping[str, Iterable[Occurrence]]:
    inside = touching(window, state.program.settings.zone)
    found: dict[str, list[Occurrence]] = defaultdict(list)
    for part in state.schedule.parts.values():
        for item in filter(inside, part):
            if item.person:
                found[item.person].append(item)
            for entry in () if item.person else item.attendance:
                if entry.level != "excused":
                    found[entry.person].append(item)
    return found


def _edits_by(
    before: Mapping[str, Iterable[Occurrence]], after: Mapping[str, Iterable[Occurrence]]
) -> Mapping[str, tuple[Edit, ...]]:
    found = {name: _edits(before.get(name, ()), after.get(name, ())) for name in {**before, **after}}
    return {name: edits for name, edits in found.items() if edits}


def _edits(before: Iterable[Occurrence], after: Iterable[Occurrence]) -> tuple[Edit, ...]:
    was, will = list(before), list(after)
    pairs: list[Edit] = []
    for key in (_identity, _on_day):
        paired, was, will = _paired(was, will, key)
        pairs += paired
    edits = [edit for edit in pairs if not _alike(edit)]
    edits += [*(Edit(item, None) for item in was), *(Edit(None, item) for item in will)]
    return tuple(sorted(edits, key=lambda edit: order_of(edit.either)))


def _paired(
    was: list[Occurrence], will: list[Occurrence], key: Callable[[Occurrence], object]
) -> tuple[list[Edit], list[Occurrence], list[Occurrence]]:
    """Those that have the same key and are the first to have it, and what is left on either side."""
    waiting: dict[object, Occurrence] = {}
    for item in reversed(was):
        waiting[key(item)] = item
    pairs, left = [], []
    for item in will:
        known = waiting.pop(key(item), None)
        if known is None:
            left.append(item)
        else:
            pairs.append(Edit(known, item))
    used = {id(edit.before) for edit in pairs}
    return pairs, [item for item in was if id(item) not in used], left


def _identity(item: Occurrence) -> object:
    return item.rule, item.person, item.nominal


def _on_day(item: Occurrence) -> object:
    nominal = item.nominal
    return item.rule, item.person, nominal.date() if isinstance(nominal, datetime) else nominal


def _alike(edit: Edit) -> bool:
    one, other = edit.before, edit.after
    if one is None or other is None:
        return False
    return one is other or (_seen(one) == _seen(other))


def _seen(item: Occurrence) -> tuple[date | datetime, date | datetime, object]:
    return item.start, item.end, item.details


def _series(item: Occurrence) -> Series:
    return Series(item.uid or f"{item.rule} {item.nominal}", item.start, item.end, item.details)
