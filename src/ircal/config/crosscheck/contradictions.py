"""Entries of equal rank that disagree: overrides of one session, a day twice in a list, one name for two things."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from ircal.config.sections import subject
from ircal.errors import Problem
from ircal.wording import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ircal.config.draft import Draft
    from ircal.model.overrides import Override
    from ircal.model.place import Place

_ALTER = frozenset({"change", "move", "replace"})
"""What says something of a session field by field."""

_TOGETHER = frozenset(
    frozenset(pair) for pair in (("change", "move"), ("move", "replace"), *(("restore", each) for each in _ALTER))
)
"""Different things that may be done to one session, as long as they say nothing different of one field of it."""


def check(draft: Draft) -> Iterator[Problem]:
    """Pairs of entries that cannot both hold."""
    yield from _overrides(draft)
    yield from _listed_days(draft)
    yield from _presenter_swaps(draft)
    for name in sorted(draft.written.ids("rotations") & draft.written.ids("cycles")):
        first, second = (draft.written.place(section, name) for section in ("rotations", "cycles"))
        message = f"{quote(name)} is a rotation and a cycle, so that an assignment cannot name either"
        yield Problem("name-twice", message, second, f"the rotation is at {first}; rename one of them")
    yield from _shorts(draft)


def _shorts(draft: Draft) -> Iterator[Problem]:
    """Short names that a cell of the block schedule could mean two things by."""
    first: dict[str, str] = {}
    ids = draft.written.ids("rotations") | draft.written.ids("cycles")
    rotations = [rotation for rotation in draft.program.rotations.values() if rotation.short]
    for rotation in sorted(rotations, key=lambda each: draft.written.place("rotations", each.id)):
        other = first.setdefault(rotation.short, rotation.id)
        whose = f"also that of {quote(other)}" if other != rotation.id else "an id"
        if other != rotation.id or (rotation.short in ids and rotation.short != rotation.id):
            message = f"the short name {quote(rotation.short)} of {subject('rotations', rotation.id)} is {whose}"
            place = draft.written.place("rotations", rotation.id, "short")
            yield Problem("short-twice", message, place, "give each a short name of its own")


def _overrides(draft: Draft) -> Iterator[Problem]:
    sessions: dict[tuple[str, date], list[Override]] = {}
    for override in draft.program.overrides:
        if override.conference is not None and override.date is not None:
            sessions.setdefault((override.conference, override.date), []).append(override)
    for (conference, day), overrides in sorted(sessions.items()):
        for pair in combinations(overrides, 2):
            first, second = sorted(pair, key=lambda item: draft.written.place("overrides", item.id))
            if disagreement := _disagreement(first, second):
                place, other = (draft.written.place("overrides", item.id) for item in (second, first))
                told = f"{subject('overrides', second.id)} and {quote(first.id)}"
                message = f"{told} disagree about {conference} on {day}: {disagreement}"
                yield Problem("overrides-disagree", message, place, f"the other is at {other}; keep one of them")


def _disagreement(first: Override, second: Override) -> str:
    """What two overrides of one session cannot both do; empty when they go together."""
    actions = frozenset((first.action, second.action))
    if people := sorted(_called_off(first, second) | _called_off(second, first)):
        return f"{', '.join(people)} excused and asked to come"
    if actions == {"add"}:
        same = first.add and second.add and first.add.at == second.add.at
        return "both add a session at the same time" if same else ""
    if actions & {"excuse", "require", "add"} or actions in ({"cancel"}, {"restore"}):
        return ""
    if len(actions) > 1 and actions not in _TOGETHER:
        return f"{first.action} and {second.action}"
    if actions == {"replace"}:
        return "both replace"
    told, other = _said(first), _said(second)
    fields = [field for field in told if field in other and told[field] != other[field]]
    return f"each gives another {', another '.join(fields)}" if fields else ""


def _called_off(one: Override, other: Override) -> set[str]:
    """Those whom one override excuses and the other requires, or lets present."""
    named = {change.presenter for change in (other.change, other.replace, other.add) if change and change.presenter}
    return set(one.excuse) & {*other.require, *named}


def _said(override: Override) -> dict[str, object]:
    """What the override says of each field of the session."""
    altered = override.move or override.change or override.replace
    said = altered.model_dump(exclude_none=True) if altered else {}
    return {{"to": "day", "at": "time"}.get(field, field): value for field, value in said.items()}


def _presenter_swaps(draft: Draft) -> Iterator[Problem]:
    """Sessions that two swaps exchange, or of which an override says who presents; conferences without presenters."""
    said: dict[tuple[str, date], tuple[str, Place]] = {}
    for override in draft.program.overrides:
        altered = override.change or override.replace
        if override.conference and override.date and altered and (override.replace or altered.presenter):
            named = quote(override.id), draft.written.place("overrides", override.id)
            said[override.conference, override.date] = named
    places = {swap.id: draft.written.place("swaps", swap.id) for swap in draft.program.presenter_swaps}
    for swap in sorted(draft.program.presenter_swaps, key=lambda each: places[each.id]):
        told, place = subject("swaps", swap.id), places[swap.id]
        for day in swap.dates:
            other = said.setdefault((swap.conference, day), (quote(swap.id), place))
            if other[1] != place:
                message = f"{told} and {other[0]} both say who presents {swap.conference} on {day}"
                yield Problem("swaps-disagree", message, place, f"the other is at {other[1]}; keep one of them")
        conference = draft.program.conferences.get(swap.conference)
        if conference and conference.presenter is None:
            hint = f"give it one at {conference.place}, such as `presenter: {{pool: everyone}}`"
            message = f"{told} is of {quote(conference.id)}, which has no `presenter`"
            yield Problem("swap-without-slot", message, draft.written.place("swaps", swap.id, "conference"), hint)


def _listed_days(draft: Draft) -> Iterator[Problem]:
    """A date has one presenter, and in a list of topics one topic."""
    for presenters in draft.program.presenters.values():
        yield from _day_twice([(entry.date, entry.place) for entry in presenters], "presenter")
    for topics in draft.program.topics.values():
        yield from _day_twice([(topic.date, topic.place) for topic in topics if topic.date], "topic")
    for calendar in draft.program.holidays.values():
        yield from _day_twice([(extra.on, extra.place) for extra in calendar.add], "holiday")


def _day_twice(entries: Iterable[tuple[date, Place]], what: str) -> Iterator[Problem]:
    first: dict[date, Place] = {}
    for day, place in sorted(entries, key=lambda entry: entry[1]):
        earlier = first.setdefault(day, place)
        if earlier is not place:
            hint = f"the first is at {earlier}; keep one of them"
            yield Problem("day-twice", f"{day} has a {what} already", place, hint)
