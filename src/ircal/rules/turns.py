"""Whose turn it is: topics in the order of their list, presenters by who presented least recently.

Both advance only when a session really takes place. What is fixed (a topic with a date, a published presenter, an
override) is taken first and never reshuffled; it counts as a turn for the person who takes it. Who may be chosen, and
what is wrong with those who were named, is in `ircal.rules.presenters`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

from ircal.errors import Problem
from ircal.model.schedule import Step
from ircal.rules.audience import Group
from ircal.rules.presenter_swaps import Exchange, Talks, outside_pool
from ircal.rules.presenters import eligible, misnamed, nobody, without_pool, without_session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ircal.model.conferences import Conference, PublishedPresenter, Topic
    from ircal.model.program import Program
    from ircal.rules.audience import Judge
    from ircal.rules.slot import Slot


T = TypeVar("T")


def with_topics(slots: Sequence[Slot], topics: Sequence[Topic]) -> list[Slot]:
    """The slots with their topics: a dated topic on its date, the others in turn on the slots that have none."""
    dated = {topic.date: topic for topic in topics if topic.date is not None}
    waiting = iter([topic for topic in topics if topic.date is None])
    return [_with_topic(slot, _dated(slot, slots, dated), waiting) for slot in slots]


def _with_topic(slot: Slot, dated: Topic | None, waiting: Iterator[Topic]) -> Slot:
    if slot.cancelled or slot.replaced or slot.topic:
        return slot
    topic = dated or next(waiting, None)
    if topic is None:
        return slot
    step = Step(f"topic: {topic.topic}", topic.place)
    return slot._replace(topic=topic.topic, speaker=slot.speaker or topic.speaker, steps=(*slot.steps, step))


def topics_without_session(slots: Sequence[Slot], conference: Conference, program: Program) -> list[Problem]:
    """Dated topics within the sessions' time that no session takes up: there is none that day, or it is not held.

    Nothing is said of a list that several conferences take up, each on its own days.
    """
    if len(sharing_topics(conference, program)) > 1 or not slots:
        return []
    days = {slot.day for slot in slots} | {slot.nominal_day for slot in slots}
    held = [slot for slot in slots if not (slot.cancelled or slot.replaced)]
    open_days = {slot.day for slot in held} | {slot.nominal_day for slot in held}
    dated = [topic for topic in program.topics[conference.topics or ""] if topic.date]
    return [
        _left_out(topic, topic.date, conference, days)
        for topic in dated
        if topic.date and min(days) <= topic.date <= max(days) and topic.date not in open_days
    ]


def _left_out(topic: Topic, day: date, conference: Conference, days: Iterable[date]) -> Problem:
    message, hint = f"{conference.name} has no session on {day:%a %Y-%m-%d}", "the nearest session is on "
    hint += f"{min(days, key=lambda other: abs(other - day)):%a %Y-%m-%d}"
    if day in days:
        message = f"{conference.name} of {day:%a %Y-%m-%d} is cancelled or replaced"
        hint = "give the topic another date, or none, so that it waits for its turn"
    told = f"{message}, so the topic '{topic.topic}' is left out"
    return Problem("topic-without-session", told, topic.place, hint, "warning")


def sharing_topics(conference: Conference, program: Program) -> list[str]:
    """The ids of the conferences that take up the same list of topics, this one among them; none without a list."""
    others = program.conferences.values()
    return [other.id for other in others if other.topics == conference.topics] if conference.topics else []


def with_presenters(
    slots: Sequence[Slot], program: Program, judge: Judge, last: date
) -> tuple[list[Slot], list[Problem]]:
    """The slots with somebody to present each, and what is wrong with who was named or could be.

    That nobody can present is told up to the `last` day: later ones may not be planned yet.
    """
    conference = judge.conference
    rota = conference.presenter
    rows = program.presenters.get(conference.id, ())
    if rota is None:
        return list(slots), without_pool(rows, conference)
    published = {entry.date: entry for entry in rows}
    exchange, talks, pool = Exchange(conference, program), Talks(), Group(rota.pool)
    for day, entry in sorted(published.items()):
        if not slots or day < slots[0].day:
            talks.credit(entry.person, day)
    chosen: list[Slot] = []
    fixed: list[Slot] = []
    swapped: list[Slot] = []
    missing: list[date] = []
    problems = [*without_session(published, slots, conference), *exchange.without_session(slots)]
    for slot in with_published(slots, published):
        filled = slot
        if not (slot.presenter or slot.cancelled or slot.replaced):
            filled = _by_turn(slot, eligible(slot, rota, pool, judge), talks.latest, conference)
        if filled.presenter and not filled.cancelled:
            talks.credit(filled.presenter, filled.day)
        if exchange.is_of(filled):
            filled = exchange.exchanged(filled, talks, fixed=bool(slot.presenter))
            swapped.append(filled)
        if not (filled.presenter or filled.cancelled or filled.replaced) and slot.day <= last:
            missing.append(slot.day)
        fixed += [filled] if slot.presenter or exchange.is_of(slot) else []
        chosen.append(filled)
    problems += [
        *nobody(sorted(missing), conference),
        *exchange.problems,
        *misnamed(fixed, judge),
        *outside_pool(swapped, rota, judge),
    ]
    return chosen, problems


def with_published(slots: Sequence[Slot], published: Mapping[date, PublishedPresenter]) -> list[Slot]:
    """The slots with the presenters that were made known for them."""
    return [_published(slot, _dated(slot, slots, published)) for slot in slots]


def _dated(slot: Slot, slots: Iterable[Slot], entries: Mapping[date, T]) -> T | None:
    """What a list says of the date of a session, or of the day that it was moved to if that is no other one's date."""
    entry = entries.get(slot.nominal_day)
    if entry is None and slot.day in entries and all(other.nominal_day != slot.day for other in slots):
        return entries[slot.day]
    return entry


def _published(slot: Slot, entry: PublishedPresenter | None) -> Slot:
    if entry is None or slot.presenter or slot.replaced:
        return slot
    step = Step(f"presenter published: {entry.person}", entry.place)
    return slot._replace(presenter=entry.person, presenter_place=entry.place, steps=(*slot.steps, step))


def _by_turn(slot: Slot, asked: Sequence[str], turns: Mapping[str, date], conference: Conference) -> Slot:
    if not asked:
        return slot
    person = min(asked, key=lambda person: (turns.get(person, date.min), person))
    step = Step(f"presenter by turn: {person}, least recent of {len(asked)}", conference.place)
    return slot._replace(presenter=person, steps=(*slot.steps, step))
