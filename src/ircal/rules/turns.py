"""Whose turn it is: topics in the order of their list, presenters by who presented least recently.

Both advance only when a session really takes place. What is fixed (a topic with a date, a published presenter, an
override) is taken first and never reshuffled; it counts as a turn for the person who takes it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ircal.errors import Problem
from ircal.model.schedule import Step
from ircal.rules.audience import absence, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ircal.model.conferences import Conference, Presenter, PublishedPresenter, Topic
    from ircal.model.place import Place
    from ircal.model.program import Program
    from ircal.rules.roster import Roster
    from ircal.rules.slots import Slot


def with_topics(slots: Sequence[Slot], topics: Sequence[Topic]) -> list[Slot]:
    """The slots with their topics: a dated topic on its date, the others in turn on the slots that have none."""
    dated = {topic.date: topic for topic in topics if topic.date is not None}
    waiting = iter([topic for topic in topics if topic.date is None])
    return [_with_topic(slot, dated, waiting) for slot in slots]


def _with_topic(slot: Slot, dated: dict[date, Topic], waiting: Iterable[Topic]) -> Slot:
    if slot.cancelled or slot.replaced or slot.topic:
        return slot
    topic = dated.get(slot.day) or next(iter(waiting), None)
    if topic is None:
        return slot
    step = Step(f"topic: {topic.topic}", topic.place)
    return replace(slot, topic=topic.topic, speaker=slot.speaker or topic.speaker, steps=(*slot.steps, step))


def with_presenters(
    slots: Sequence[Slot], conference: Conference, program: Program, roster: Roster
) -> tuple[list[Slot], list[Problem]]:
    """The slots with somebody to present each, and a warning for each that has nobody."""
    rota = conference.presenter
    if rota is None:
        return list(slots), []
    published = {entry.date: entry for entry in program.presenters.get(conference.id, ())}
    problems = _unused(published, slots, conference)
    turns = {entry.person: day for day, entry in sorted(published.items()) if not slots or day < slots[0].day}
    chosen = []
    for slot in slots:
        filled = _published(slot, published)
        if not (filled.presenter or slot.cancelled or slot.replaced):
            filled = _by_turn(slot, rota, roster, turns, conference.place)
            problems += [] if filled.presenter else [_nobody(slot, conference)]
        if filled.presenter and not filled.cancelled:
            turns[filled.presenter] = filled.day
        chosen.append(filled)
    return chosen, problems


def _published(slot: Slot, published: Mapping[date, PublishedPresenter]) -> Slot:
    entry = published.get(slot.day) or published.get(slot.nominal_day)
    if entry is None or slot.presenter:
        return slot
    step = Step(f"presenter published: {entry.person}", entry.place)
    return replace(slot, presenter=entry.person, steps=(*slot.steps, step))


def _by_turn(slot: Slot, rota: Presenter, roster: Roster, turns: Mapping[str, date], place: Place) -> Slot:
    eligible = [person for person in roster.program.people if _may_present(person, slot, rota, roster)]
    if not eligible:
        return slot
    person = min(eligible, key=lambda person: (turns.get(person, date.min), person))
    step = Step(f"presenter by turn: {person}, least recent of {len(eligible)}", place)
    return replace(slot, presenter=person, steps=(*slot.steps, step))


def _may_present(person: str, slot: Slot, rota: Presenter, roster: Roster) -> bool:
    standing = roster.standing(person, slot.day)
    return (
        standing is not None
        and person not in slot.excused
        and matches(rota.pool, standing)
        and not absence(standing, rota.exclude, slot.site)
    )


def _nobody(slot: Slot, conference: Conference) -> Problem:
    return Problem(
        "presenter-missing",
        f"nobody can present {conference.name} on {slot.day:%a %Y-%m-%d}: everyone in the pool is away",
        conference.place,
        f"name someone in presenters/{conference.id}.csv or widen the pool",
        "warning",
    )


def _unused(published: dict[date, PublishedPresenter], slots: Sequence[Slot], conference: Conference) -> list[Problem]:
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
