"""From conferences to occurrences that are shared: one occurrence with everyone it concerns."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ircal.model.schedule import Details, Occurrence, Rule, Step
from ircal.recall import Recall
from ircal.rules.audience import Judge
from ircal.rules.clock import skipped, skipped_problem
from ircal.rules.exceptions import slots_of
from ircal.rules.left_out import left_out
from ircal.rules.texts import Says, bare, deadline_texts, place_text, session_texts
from ircal.rules.turns import topics_without_session, with_presenters, with_topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ircal.errors import Problem
    from ircal.model.conferences import Conference
    from ircal.model.program import Program
    from ircal.model.schedule import Attendance
    from ircal.rules.horizon import Horizon
    from ircal.rules.slot import Slot
    from ircal.rules.whereabouts import Whereabouts


class Ground(NamedTuple):
    """What the sessions of a conference are made of, but for who is where.

    `same` stands for what all conferences are made of: it is the same object while that is the same. `told` is what
    the programme says of this one.
    """

    same: object
    told: tuple[object, ...]


def sessions(  # noqa: PLR0913, PLR0917 each is another thing
    conference: Conference,
    program: Program,
    whereabouts: Whereabouts,
    horizon: Horizon,
    ground: Ground,
    recall: Recall,
) -> tuple[list[Occurrence], list[Problem]]:
    """Every session of a conference in the horizon, and the deadlines of those who present.

    Told with a recall, only those are made anew about which something is different.
    """
    planned, wrong = recall.made(
        "planned", (ground.same, *ground.told), lambda _: _planned(conference, program, horizon)
    )
    judge = Judge(conference, whereabouts, recall)
    slots, missing = with_presenters(planned, program, judge, horizon.last)
    sayings = Sayings(conference, program, recall, ground.same)
    occurrences = [_session(slot, judge.concerned(slot), sayings) for slot in slots]
    problems = [*wrong, *missing, *_skipped(slots, occurrences, program)]
    occurrences += [item for slot in slots for item in _deadlines(slot, conference, program)]
    return occurrences, problems


def _planned(conference: Conference, program: Program, horizon: Horizon) -> tuple[list[Slot], list[Problem]]:
    """The sessions with their topics, whoever is there."""
    # Something may have to be done now for a session that is only in the next year.
    reach = timedelta(days=max((each.days_before for each in conference.deadlines), default=0))
    slots, problems = slots_of(conference, program, horizon.longer(reach))
    if conference.topics:
        problems += topics_without_session(slots, conference, program)
        slots = with_topics(slots, program.topics[conference.topics])
    return slots, problems


def left_out_on(
    day: date, conference: Conference, program: Program, whereabouts: Whereabouts, horizon: Horizon
) -> Occurrence | None:
    """The session that a conference would have on a day by its rule alone and has on none, with whom it would concern.

    No calendar has it; the last step of its provenance says why.
    """
    slot = left_out(conference, program, day, horizon)
    judge = Judge(conference, whereabouts)
    return _session(slot, judge.concerned(slot), Sayings(conference, program)) if slot else None


def _skipped(slots: Iterable[Slot], occurrences: Iterable[Occurrence], program: Program) -> Iterator[Problem]:
    """Told at the line that gave the session its time, which need not be the last that changed it."""
    for slot, item in zip(slots, occurrences, strict=True):
        if edge := skipped(item.start, item.end):
            yield skipped_problem(item.details.summary, edge, program.settings.zone, slot.timed_at)


def _session(slot: Slot, concerned: tuple[Attendance, ...], sayings: Sayings) -> Occurrence:
    start, end = slot.span(sayings.zone)
    says = sayings.of(slot)
    return Occurrence(
        rule=sayings.rule,
        nominal=slot.nominal,
        start=start,
        end=end,
        details=says.details,
        attendance=concerned,
        site=slot.site,
        provenance=slot.steps,
        bare=says.bare,
    )


class Sayings:
    """What the entries of a conference's sessions say. Most say the same, and those have it from here."""

    def __init__(
        self, conference: Conference, program: Program, recall: Recall | None = None, ground: object = None
    ) -> None:
        self.rule, self.zone = Rule("conference", conference.id), program.settings.zone
        self._conference, self._program = conference, program
        self._recall, self._of = recall or Recall(), (ground, conference)
        self._known: dict[tuple[object, ...], Says] = {}

    def of(self, slot: Slot) -> Says:
        """That of one session."""
        key = (
            slot.name,
            slot.topic,
            slot.speaker,
            slot.presenter,
            slot.site,
            slot.room,
            slot.link,
            slot.description,
            slot.cancelled,
            slot.clock is None,
        )
        if key not in self._known:
            self._known[key] = self._recall.kept(key, self._of, lambda: self._made(slot))
        return self._known[key]

    def _made(self, slot: Slot) -> Says:
        conference, program = self._conference, self._program
        site = program.sites.get(slot.site)
        title, description = session_texts(slot, conference, program)
        details = Details(
            summary=title,
            description=description,
            location=place_text(slot.site, slot.room, program),
            geo=site.geo if site else None,
            link=slot.link,
            categories=(conference.category or "Conference",),
            color=conference.color,
            transparent=slot.clock is None,
            status="CANCELLED" if slot.cancelled else "CONFIRMED",
        )
        return Says(details, bare(details, conference.name, slot.site, program))


def _deadlines(slot: Slot, conference: Conference, program: Program) -> Iterator[Occurrence]:
    if slot.cancelled or slot.presenter not in program.people:
        return
    for number, deadline in enumerate(conference.deadlines, start=1):
        day = slot.day - timedelta(days=deadline.days_before)
        title, description = deadline_texts(deadline, slot, conference, program)
        details = Details(title, description, categories=("Deadline",), transparent=True)
        yield Occurrence(
            rule=Rule("deadline", f"{conference.id}/{number}"),
            nominal=slot.nominal_day,
            start=day,
            end=day + timedelta(days=1),
            details=details,
            person=slot.presenter,
            provenance=(*slot.steps, Step(f"{deadline.days_before} days before the session", deadline.place)),
            bare=bare(details, deadline.name, "", program),
        )
