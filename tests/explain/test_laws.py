"""Laws of explanations, over random small programmes: they agree with the calendars they explain."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ircal.explain import explain
from ircal.feeds import make_feed
from ircal.model.people import Audience, Standing
from ircal.model.program import Calendar, Window
from ircal.rules.audience import demands, matches
from ircal.rules.expand import expand
from tests.rules.conftest import build
from tests.rules.test_laws import YEAR, bodies, days

CALENDARS = {
    each.id: each
    for each in (
        Calendar(id="ash", name="Ash", kind="resident", of="ash"),
        Calendar(id="birch", name="Birch", kind="resident", of="birch", contents=("conferences",)),
        Calendar(id="west", name="West", kind="site", of="west"),
        Calendar(id="external", name="External", kind="rotation", of="external"),
        Calendar(id="c0", name="A conference", kind="conference", of="c0"),
        Calendar(id="class", name="A class", kind="class", of="2027", contents=("conferences", "milestones")),
        Calendar(id="all", name="Everything", kind="programme"),
    )
}
SWAP = {"swap": {"people": ["ash", "birch"], "from": "2026-11-09", "to": "2026-11-15"}}
special_days = st.one_of(days, st.sampled_from([date(2026, 10, 12), date(2026, 11, 9), date(2026, 11, 26)]))


@settings(max_examples=25)
@given(bodies(), special_days, st.sampled_from(sorted(CALENDARS)))
def test_an_explanation_is_there_for_each_entry_and_for_nothing_else(
    body: dict[str, Any], day: date, name: str
) -> None:
    duties = {"clinic": {"id": "clinic", "name": "Clinic", "when": "Mo-Th 13:00-16:00", "holiday": "next_workday"}}
    rotations = {"ir-west": {"name": "IR West", "site": "west", "tags": "ir", "duties": duties}}
    program = build(**{**body, "swaps": SWAP}, calendars=CALENDARS, rotations=rotations)
    schedule = expand(program, YEAR)
    there = make_feed(schedule, CALENDARS[name], Window(day, day + timedelta(days=1))).occurrences

    explained = explain(schedule, CALENDARS[name], day)

    assert [(each.uid, each.rule, each.start) for each in explained.present] == [
        (item.uid, item.rule, item.start) for item in there
    ]
    on_it = {(item.rule, item.start, item.details.summary) for item in there}
    assert [each for each in explained.absent if (each.rule, each.start, each.summary) in on_it] == []
    assert all(each.sentences for each in explained.entries)
    told = [(each.rule, each.summary, each.start) for each in explained.absent]
    assert len(told) == len(set(told))


keys = st.fixed_dictionaries(
    {},
    optional={
        "everyone": st.just(True),
        "pgy": st.sampled_from([2, "3..5"]),
        "class_of": st.just(2027),
        "phase": st.sampled_from(["dr", "ir"]),
        "rotation": st.sampled_from(["icu", ["icu", "ir-west"]]),
        "tag": st.sampled_from(["ir", "nights"]),
        "site": st.sampled_from(["west", ["east"]]),
        "role": st.sampled_from(["resident", "faculty"]),
        "person": st.sampled_from(["ash", "birch"]),
        "leave": st.sampled_from(["any", ["vacation", "sick"]]),
    },
).filter(bool)
audiences = st.recursive(
    keys,
    lambda parts: st.builds(
        lambda own, key, inner: {**own, key: inner if key == "not" else [inner, own]},
        keys,
        st.sampled_from(["any", "all", "not"]),
        parts,
    ),
    max_leaves=4,
).map(Audience.model_validate)
standings = st.builds(
    Standing,
    person=st.sampled_from(["ash", "birch"]),
    role=st.sampled_from(["resident", "faculty"]),
    pgy=st.sampled_from([None, 2, 4]),
    class_of=st.sampled_from([None, 2027]),
    phase=st.sampled_from(["", "dr", "ir"]),
    rotation=st.sampled_from(["", "icu", "ir-west"]),
    tags=st.sampled_from([(), ("ir",), ("nights",)]),
    site=st.sampled_from(["", "west", "east"]),
)


@given(audiences, standings)
def test_an_audience_matches_whoever_meets_each_of_its_demands(audience: Audience, standing: Standing) -> None:
    assert matches(audience, standing) == all(matches(demand, standing) for demand in demands(audience))
