"""Who can present a session: those of the pool whom it calls, and what to say of a name that was fixed beforehand.

Whoever need not come is not asked to present: a person who is on leave, excused, only invited (`optional`), or at work
that the audience leaves out. A name in `presenters/<conference>.csv` or in an override stands all the same, because it
was made known; that it should be looked at again is a problem of the line it stands in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.errors import Problem
from ircal.rules.audience import absence
from ircal.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ircal.model.conferences import Conference, Presenter, PublishedPresenter
    from ircal.model.people import Standing
    from ircal.rules.audience import Group, Judge
    from ircal.rules.slot import Slot


_NAMED = 3
"""How many days a sentence names."""


def eligible(slot: Slot, rota: Presenter, pool: Group, judge: Judge) -> list[str]:
    """Who can be asked: of the pool, required to be there, and away for none of the rota's reasons."""
    muster, asked = judge.roster.musters.on(slot.day), judge.asked(slot)
    return [
        standing.person
        for standing, entry in zip(muster.standings, judge.called_on(muster, asked), strict=True)
        if entry and entry.level == "required"
        if standing in pool and not absence(standing, rota.exclude, asked)
    ]


def misnamed(slots: Iterable[Slot], judge: Judge) -> list[Problem]:
    """The sessions whose presenter was named beforehand and is not in the programme, or need not be there, that day."""
    return [problem for slot in slots if slot.presenter and not slot.cancelled for problem in _misnamed(slot, judge)]


def _misnamed(slot: Slot, judge: Judge) -> Iterator[Problem]:
    conference, roster = judge.conference, judge.roster
    person = roster.program.people[slot.presenter]
    standing = roster.standing(person.id, slot.day)
    named = f"{person.name} presents {conference.name} on {slot.day:%a %Y-%m-%d}"
    if standing is None:
        message = f"{named} and is not in the programme that day"
        yield Problem("outside-membership", message, slot.presenter_place, "name somebody else")
    elif why := _elsewhere(standing, slot, judge):
        hint = "name somebody else, or move the session"
        yield Problem("presenter-away", f"{named} and {why}", slot.presenter_place, hint, "warning")


def _elsewhere(standing: Standing, slot: Slot, judge: Judge) -> str:
    """Why the person should not have to present, as the end of a sentence; empty when nothing is in the way."""
    roster, entry = judge.roster, judge.called(standing, judge.asked(slot))
    if entry and entry.level != "excused":
        return ""
    if leave := roster.leave_on(standing.person, slot.day):
        return f"is on leave ({leave.kind}), see {leave.place}"
    if entry:
        return f"is {entry.reason}"
    rotation = roster.program.rotations.get(standing.rotation)
    during = f" while on {rotation.name}" if rotation else ""
    return f"need not come{during}" if standing.role == "resident" else ""


def nobody(days: Sequence[date], conference: Conference) -> Iterator[Problem]:
    """Tell once that sessions on some days, in their order, have no presenter."""
    if not days:
        return
    named = ", ".join(f"on {day:%a %Y-%m-%d}" for day in days[:_NAMED])
    more = f" and {count(len(days) - _NAMED, 'time')} more" if len(days) > _NAMED else ""
    message = f"nobody can present {conference.name} {named}{more}: of the pool, nobody is there and has to come"
    hint = f"name someone in presenters/{conference.id}.csv or widen the pool or the audience"
    yield Problem("presenter-missing", message, conference.place, hint, "warning")


def without_session(
    published: Mapping[date, PublishedPresenter], slots: Sequence[Slot], conference: Conference
) -> list[Problem]:
    """Published dates within the sessions' time on which there is none: the name would silently not appear."""
    days = {slot.day for slot in slots} | {slot.nominal_day for slot in slots}
    if not days:
        return []
    return [
        Problem(
            "presenter-without-session",
            f"{conference.name} has no session on {day:%a %Y-%m-%d}, so {entry.person} presents nothing",
            entry.place,
            f"the nearest session is on {min(days, key=lambda other: abs(other - day)):%a %Y-%m-%d}",
            "warning",
        )
        for day, entry in sorted(published.items())
        if min(days) <= day <= max(days) and day not in days
    ]


def without_pool(rows: Sequence[PublishedPresenter], conference: Conference) -> list[Problem]:
    """A list of presenters of a conference that has none: no name of it would appear."""
    return [
        Problem(
            "presenter-without-pool",
            f"{conference.name} has no `presenter`, so nobody in this list presents",
            row.place,
            f"give it one at {conference.place}, such as `presenter: {{pool: everyone}}`",
            "warning",
        )
        for row in rows[:1]
    ]
