"""Whom sessions concern: what is judged once for many of them is what each would be judged to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from ircal.model.schedule import Attendance
from ircal.rules.audience import Judge
from ircal.rules.exceptions import slots_of
from ircal.rules.expand import horizon_of
from ircal.rules.roster import Roster
from ircal.rules.timetable import Timetables
from ircal.rules.turns import with_presenters
from ircal.rules.whereabouts import Duties, Whereabouts
from tests.rules.test_laws import bodies, days, people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from ircal.model.program import Program
    from ircal.rules.slot import Slot

CLINIC = {"clinic": {"name": "Clinic", "when": "Mo-Fr 12:30-16:00", "site": "vein"}}


def one_by_one(slot: Slot, judge: Judge) -> Iterator[Attendance]:
    asked = judge.asked(slot)
    for standing in judge.roster.musters.on(slot.day).standings:
        if standing.person == slot.presenter:
            yield Attendance(standing.person, "required", "presenting")
        elif entry := judge.called(standing, asked):
            yield entry


AUDIENCES = [
    {"everyone": True},
    {"any": [{"person": "ash"}, {"all": [{"rotation": "ir-east"}, {"not": {"person": "birch"}}]}]},
]


@given(
    bodies(),
    st.sampled_from(AUDIENCES),
    st.lists(st.tuples(days, people, st.sampled_from(["excuse", "require"])), max_size=9),
)
def test_everybody_is_called_as_if_each_were_asked_alone(
    program: Callable[..., Program], body: dict[str, Any], audience: dict[str, Any], named: list[tuple[date, str, str]]
) -> None:
    rotations = {"ir-east": {"name": "IR East", "site": "east", "tags": "ir", "duties": CLINIC}}
    of_some = {
        f"of-{number}": {"conference": "c0", "date": day, deed: person}
        for number, (day, person, deed) in enumerate(named)
    }
    entry = {"name": "Welcome", "when": "4 weeks after entry 12:00-13:00", "site": "west", "audience": audience}
    meetings = {**body["conferences"], "entry": entry, "weekly": {**entry, "when": "We 12:00-13:00"}}
    # Four weeks after the first of them has entered, both are on the same rotation, and only one is asked to come.
    days_of_entry = {"ash": "2026-07-01", "birch": "2026-07-08"}
    new = {name: {"name": name, "role": "resident", "entered": day} for name, day in days_of_entry.items()}
    said = {"people": new, "rotations": rotations, "conferences": meetings}
    made = program(**{**body, **said, "overrides": {**body["overrides"], **of_some}})
    horizon = horizon_of(made, 2026)
    whereabouts = Whereabouts(Roster(made), Duties(Timetables(made, horizon)))
    for conference in made.conferences.values():
        judge = Judge(conference, whereabouts)
        slots, _ = with_presenters(slots_of(conference, made, horizon)[0], made, judge, horizon.last)
        for slot in slots:
            assert judge.concerned(slot) == tuple(one_by_one(slot, judge))
