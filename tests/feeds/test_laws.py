"""Laws of feeds, on random rules with random exceptions, across the clock changes of several zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ircal.feeds import make_feed
from tests.feeds.disturbed import Case, cases
from tests.feeds.making import (
    EVERYTHING,
    added,
    cancelled,
    conference,
    moved,
    program,
    reworded,
    schedule,
    sessions,
)
from tests.feeds.reading import entries, expanded, ics, read_back

if TYPE_CHECKING:
    from random import Random

    from ircal.feeds import Feed

slowly = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def feed_of(case: Case) -> Feed:
    return make_feed(schedule(case.program, case.sessions), EVERYTHING)


@slowly
@given(cases())
def test_the_series_say_exactly_the_occurrences(case: Case) -> None:
    feed = feed_of(case)
    assert expanded(feed) == entries(feed)
    assert len(entries(feed)) == len(case.sessions)
    assert feed.warnings == ()


@slowly
@given(cases())
def test_a_reader_that_is_not_ours_finds_the_same(case: Case) -> None:
    feed = feed_of(case)
    assert read_back(ics(feed, case.program)) == entries(feed)


@slowly
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_occurrences_does_not_matter(case: Case, random: Random) -> None:
    shuffled = list(case.sessions)
    random.shuffle(shuffled)
    feed, again = feed_of(case), make_feed(schedule(case.program, shuffled), EVERYTHING)
    assert again == feed
    assert ics(again, case.program) == ics(feed, case.program)


@slowly
@given(cases())
def test_a_series_begins_with_an_occurrence_and_says_no_more_than_single_events_would(case: Case) -> None:
    for series in feed_of(case).series:
        assert series.start not in series.exdates
        assert bool(series.rrule) or (series.exdates, series.overrides) == ((), ())
        shown = {item.nominal for item in case.sessions if not item.all_day}
        assert series.start in shown or not series.rrule


@slowly
@given(st.data())
def test_a_session_keeps_its_uid_whatever_happens_to_it(data: st.DataObject) -> None:
    made = program(conference(data.draw(st.sampled_from(("Mo,We 12:00-13:00", "We[3] 17:00-18:00")))))
    planned = sessions(made, "mm", date(2026, 8, 1), date(2027, 5, 31))
    number = data.draw(st.integers(0, len(planned) - 1))
    change = data.draw(st.sampled_from((lambda it: moved(it, days=1), cancelled, lambda it: reworded(it, "Other"))))
    changed = [*planned[:number], change(planned[number]), *planned[number + 1 :]]
    before, after = (make_feed(schedule(made, each), EVERYTHING) for each in (planned, changed))
    assert {item.nominal: item.uid for item in after.occurrences} == {
        item.nominal: item.uid for item in before.occurrences
    }


@slowly
@given(cases(), st.integers(0, 300))
def test_an_added_session_changes_no_other_uid(case: Case, later: int) -> None:
    day = date(2026, 8, 3) + timedelta(days=later)
    extra = added(case.program, "mm", f"{day} 18:05", f"{day} 19:05")
    assume(case.sessions)
    before = {item.nominal: item.uid for item in feed_of(case).occurrences}
    after = feed_of(replace(case, sessions=(*case.sessions, extra)))
    uids = {item.nominal: item.uid for item in after.occurrences}
    assert uids.pop(extra.nominal) not in before.values()
    assert uids == before


@slowly
@given(cases())
def test_a_new_academic_year_leaves_the_series_of_the_old_one_alone(case: Case) -> None:
    old = [item for item in case.sessions if f"{item.nominal:%Y-%m}" < "2027-07"]
    before = make_feed(schedule(case.program, old), EVERYTHING)
    assert set(before.series) <= set(feed_of(case).series)
