"""Swaps of presenter slots: two people exchange the sessions that they present, and the credit for them.

A swap changes nothing but its two sessions: those in between stay with whom they were planned for, so that what was
made known is not shuffled. After the later of the two, whoever presented has the credit, on the day on which they did.
To take the swap out gives back exactly what was there before. What was agreed holds although the turns have changed
meanwhile, and that is told; but it cannot undo what somebody else wrote down for the same day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ircal.errors import Problem
from ircal.model.schedule import Step
from ircal.rules.audience import matches
from ircal.rules.texts import person_name, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ircal.model.conferences import Conference, Presenter, PresenterSwap
    from ircal.model.program import Program
    from ircal.rules.audience import Judge
    from ircal.rules.slot import Slot


@dataclass(frozen=True, slots=True)
class Talks:
    """Who presented on which days: the credit by which turns are taken; `latest` is the day of each one's last."""

    days: dict[str, list[date]] = field(default_factory=dict)
    latest: dict[str, date] = field(default_factory=dict)

    def credit(self, person: str, day: date) -> None:
        """Count a session for somebody."""
        self.days.setdefault(person, []).append(day)
        self.latest[person] = max(day, self.latest.get(person, day))

    def transfer(self, day: date, giver: str, taker: str) -> None:
        """Count a session for somebody else than it was counted for, if it was."""
        if day in self.days.get(giver, ()):
            self.days[giver].remove(day)
            self.latest[giver] = max(self.days[giver], default=date.min)
        self.credit(taker, day)


@dataclass(frozen=True, slots=True)
class _Half:
    """One of the two sessions of a swap: who gives it, and who takes it."""

    swap: PresenterSwap
    giver: str
    taker: str


class Exchange:
    """The swaps of one conference, applied to its sessions in order of time."""

    def __init__(self, conference: Conference, program: Program) -> None:
        self._conference, self._program = conference, program
        self.problems: list[Problem] = []
        self._halves: dict[date, _Half] = {}
        self._pending: dict[str, list[tuple[date, str, str]]] = {}
        for swap in program.presenter_swaps:
            if swap.conference == conference.id:
                for day, giver, taker in zip(swap.dates, swap.people, reversed(swap.people), strict=True):
                    self._halves[day] = _Half(swap, giver, taker)

    def is_of(self, slot: Slot) -> bool:
        """Whether the session is exchanged."""
        return slot.nominal_day in self._halves and not slot.replaced

    def exchanged(self, slot: Slot, talks: Talks, *, fixed: bool) -> Slot:
        """The session with whom it was given to; `fixed` when its presenter was written down and not in turn."""
        half = self._halves[slot.nominal_day]
        if slot.presenter and slot.presenter != half.giver and not slot.cancelled:
            self.problems.append(self._not_theirs(slot, half, fixed=fixed))
        if not slot.cancelled:
            pending = self._pending.setdefault(half.swap.id, [])
            pending.append((slot.day, slot.presenter, half.taker))
            if slot.nominal_day == max(half.swap.dates):
                for credit in pending:
                    talks.transfer(*credit)
        names = [person_name(person, self._program) for person in (half.giver, half.taker)]
        text = told(f"{names[0]} gives this session to {names[1]}", half.swap)
        step = Step(text, half.swap.place, f"{names[1]} presents in exchange with {names[0]}")
        steps = (*slot.steps, step)
        return slot._replace(presenter=half.taker, presenter_place=half.swap.place, steps=steps)

    def _not_theirs(self, slot: Slot, half: _Half, *, fixed: bool) -> Problem:
        giver, planned = (person_name(person, self._program) for person in (half.giver, slot.presenter))
        message = f"{giver} does not present {self._conference.name} on {slot.nominal_day:%a %Y-%m-%d}, {planned} does"
        if fixed:
            hint = f"see {slot.presenter_place}; correct one of them: what is swapped is not written there too"
            return Problem("swap-without-slot", message, half.swap.place, hint)
        hint = f"it is exchanged all the same; write the turns down in presenters/{self._conference.id}.csv"
        return Problem("presenter-swap-stale", f"{message} by turn", half.swap.place, hint, "warning")

    def without_session(self, slots: Sequence[Slot]) -> Iterator[Problem]:
        """Dates within the sessions' time on which there is none."""
        dates = sorted({slot.nominal_day for slot in slots})
        for day, half in sorted(self._halves.items()):
            if dates and dates[0] <= day <= dates[-1] and day not in dates:
                nearest = min(dates, key=lambda other: abs(other - day))
                message = f"{self._conference.name} has no session on {day:%a %Y-%m-%d}, so nothing can be exchanged"
                hint = f"the nearest session is on {nearest:%a %Y-%m-%d}"
                yield Problem("swap-without-slot", message, half.swap.place, hint)


def outside_pool(slots: Iterable[Slot], rota: Presenter, judge: Judge) -> Iterator[Problem]:
    """Exchanged sessions whose new presenter is not of those who present the conference."""
    for slot in slots:
        standing = judge.roster.standing(slot.presenter, slot.day)
        if standing and not slot.cancelled and not matches(rota.pool, standing):
            name = person_name(slot.presenter, judge.roster.program)
            message = f"{name} takes {judge.conference.name} on {slot.day:%a %Y-%m-%d}, and is not of its pool that day"
            hint = "exchange it with somebody who is"
            yield Problem("presenter-outside-pool", message, slot.presenter_place, hint, "warning")
