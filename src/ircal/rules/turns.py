"""Whose turn it is: topics in the order of their list, presenters by who presented least recently.

Both advance only when a session really takes place. What is fixed (a topic with a date, a published presenter, an
override) is taken first and never reshuffled; it counts as a turn for the person who takes it. Who may be chosen, and
what is wrong with those who were named, is in `ircal.rules.presenters`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ircal.errors import Problem
from ircal.model.schedule import Step
from ircal.rules.presenters import may_present, misnamed, nobody, without_pool, without_session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ircal.model.conferences import Conference, Presenter, PublishedPresenter, Topic
    from ircal.model.program import Program
    from ircal.rules.audience import Judge
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


def topics_without_session(slots: Sequence[Slot], conference: Conference, program: Program) -> list[Problem]:
    """Dated topics within the sessions' time on whose day there is none: they would silently not be taken up.

    Nothing is said of a list that several conferences take up, each on its own days.
    """
    days = {slot.day for slot in slots}
    if len(sharing_topics(conference, program)) > 1 or not days:
        return []
    return [
        Problem(
            "topic-without-session",
            f"{conference.name} has no session on {topic.date:%a %Y-%m-%d}, so the topic '{topic.topic}' is left out",
            topic.place,
            f"the nearest session is on {_nearest(topic.date, days):%a %Y-%m-%d}",
            "warning",
        )
        for topic in program.topics[conference.topics or ""]
        if topic.date and min(days) <= topic.date <= max(days) and topic.date not in days
    ]


def sharing_topics(conference: Conference, program: Program) -> list[str]:
    """The ids of the conferences that take up the same list of topics, this one among them; none without a list."""
    others = program.conferences.values()
    return [other.id for other in others if other.topics == conference.topics] if conference.topics else []


def _nearest(day: date, days: Iterable[date]) -> date:
    return min(days, key=lambda other: abs(other - day))


def with_presenters(slots: Sequence[Slot], program: Program, judge: Judge) -> tuple[list[Slot], list[Problem]]:
    """The slots with somebody to present each, and what is wrong with who was named or could be."""
    conference = judge.conference
    rota = conference.presenter
    rows = program.presenters.get(conference.id, ())
    if rota is None:
        return list(slots), without_pool(rows, conference)
    published = {entry.date: entry for entry in rows}
    named = [_published(slot, published) for slot in slots]
    problems = without_session(published, slots, conference)
    problems += misnamed(named, judge)
    turns = {entry.person: day for day, entry in sorted(published.items()) if not slots or day < slots[0].day}
    chosen = []
    for slot in named:
        filled = slot
        if not (slot.presenter or slot.cancelled or slot.replaced):
            filled = _by_turn(slot, rota, judge, turns)
            problems += [] if filled.presenter else [nobody(slot, conference)]
        if filled.presenter and not filled.cancelled:
            turns[filled.presenter] = filled.day
        chosen.append(filled)
    return chosen, problems


def _published(slot: Slot, published: Mapping[date, PublishedPresenter]) -> Slot:
    entry = published.get(slot.nominal_day) or published.get(slot.day)
    if entry is None or slot.presenter or slot.replaced:
        return slot
    step = Step(f"presenter published: {entry.person}", entry.place)
    return replace(slot, presenter=entry.person, presenter_place=entry.place, steps=(*slot.steps, step))


def _by_turn(slot: Slot, rota: Presenter, judge: Judge, turns: Mapping[str, date]) -> Slot:
    asked, people = judge.asked(slot), judge.roster.program.people
    eligible = [person for person in people if may_present(person, slot, asked, rota, judge)]
    if not eligible:
        return slot
    person = min(eligible, key=lambda person: (turns.get(person, date.min), person))
    step = Step(f"presenter by turn: {person}, least recent of {len(eligible)}", judge.conference.place)
    return replace(slot, presenter=person, steps=(*slot.steps, step))
