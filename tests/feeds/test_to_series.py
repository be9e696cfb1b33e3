"""How sessions become Series: what is in the rule, what is an exception, and what stands alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from ircal.feeds import Feed, Instance, expand_series, make_feed
from ircal.model.program import Calendar
from ircal.model.rotations import Rotation
from ircal.model.schedule import Details, Occurrence, Rule
from tests.feeds.making import (
    EVERYTHING,
    added,
    cancelled,
    conference,
    excusing,
    moment,
    moved,
    personal,
    program,
    reworded,
    schedule,
    sessions,
)
from tests.feeds.reading import entries, expanded

if TYPE_CHECKING:
    from ircal.model.program import Program
    from ircal.model.series import Series

AUTUMN = date(2026, 9, 1), date(2026, 12, 31)
WEEKLY = program(conference("We 12:00-13:00"))


def feed_of(made: Program, occurrences: list[Occurrence], calendar: Calendar = EVERYTHING) -> Feed:
    feed = make_feed(schedule(made, occurrences), calendar)
    assert expanded(feed) == entries(feed)
    return feed


def only(feed: Feed) -> Series:
    (series,) = feed.series
    return series


def wednesdays() -> list[Occurrence]:
    return sessions(WEEKLY, "mm", *AUTUMN)


def test_a_rule_is_one_series() -> None:
    series = only(feed_of(WEEKLY, wednesdays()))
    assert (series.start, series.end) == (moment("2026-09-02 12:00"), moment("2026-09-02 13:00"))
    assert series.rrule == "FREQ=WEEKLY;UNTIL=20261230T170000Z;BYDAY=WE"
    assert (series.exdates, series.overrides) == ((), ())


def test_a_rule_that_alternates_is_a_series_for_each_of_its_weeks() -> None:
    made = program(conference("We/Th from 2026-09-02 12:00-13:00"))
    feed = feed_of(made, sessions(made, "mm", *AUTUMN))
    said = sorted((series.start, series.rrule) for series in feed.series)
    assert said == [
        (moment("2026-09-02 12:00"), "FREQ=WEEKLY;UNTIL=20261223T170000Z;INTERVAL=2;BYDAY=WE"),
        (moment("2026-09-10 12:00"), "FREQ=WEEKLY;UNTIL=20261231T170000Z;INTERVAL=2;BYDAY=TH"),
    ]
    # That of the first week has the UID of a rule that does not alternate.
    assert only(feed_of(WEEKLY, wednesdays())).uid == min(feed.series, key=lambda series: series.start).uid


def test_what_no_rrule_can_say_are_single_events() -> None:
    made = program(conference("workday[1] 12:00-13:00"))
    single = [added(made, "mm", f"2026-{month:02}-01 12:00", f"2026-{month:02}-01 13:00") for month in range(9, 13)]
    feed = feed_of(made, single)
    assert [series.rrule for series in feed.series] == ["", "", "", ""]
    assert feed.warnings == ()


def test_every_session_has_the_uid_of_its_series() -> None:
    feed = feed_of(WEEKLY, wednesdays())
    assert {item.uid for item in feed.occurrences} == {only(feed).uid}


def test_a_session_that_is_not_held_is_an_exdate_but_never_the_first_or_last() -> None:
    found = wednesdays()
    series = only(feed_of(WEEKLY, [*found[1:4], *found[5:-1]]))
    assert series.start == found[1].nominal
    assert series.exdates == (found[4].nominal,)
    assert series.rrule == "FREQ=WEEKLY;UNTIL=20261223T170000Z;BYDAY=WE"


def test_someone_who_is_excused_does_not_see_the_session() -> None:
    found = wednesdays()
    found[2] = excusing(found[2], "ash")
    series = [
        only(feed_of(WEEKLY, found, Calendar(id="c", name="C", kind="resident", of=who))) for who in ("ash", "brook")
    ]
    assert [each.exdates for each in series] == [(found[2].nominal,), ()]


def test_moved_cancelled_and_renamed_sessions_are_overrides() -> None:
    found = wednesdays()
    found[0], found[2], found[4] = moved(found[0], days=1), cancelled(found[2]), reworded(found[4], "Grand round")
    series = only(feed_of(WEEKLY, found))
    assert series.start == found[0].nominal
    assert [(each.recurrence_id, each.start, each.details) for each in series.overrides] == [
        (found[0].nominal, found[0].start, found[0].details),
        (found[2].nominal, found[2].start, replace(found[2].details, summary="Cancelled: MM")),
        (found[4].nominal, found[4].start, found[4].details),
    ]


def test_what_most_sessions_say_is_the_rule_even_when_many_are_cancelled() -> None:
    found = wednesdays()
    found[:9] = [cancelled(item) for item in found[:9]]
    found[9:12] = [reworded(item, "Now called this") for item in found[9:12]]
    series = only(feed_of(WEEKLY, found))
    assert (series.details.summary, series.details.status) == ("MM", "CONFIRMED")


def test_what_moved_sessions_say_does_not_count() -> None:
    found = wednesdays()[:8]
    found[3:] = [moved(reworded(item, "Elsewhere"), days=1) for item in found[3:]]
    assert only(feed_of(WEEKLY, found)).details.summary == "MM"


def test_of_two_wordings_that_are_as_common_the_earlier_is_the_rules() -> None:
    found = wednesdays()[:8]
    found = [reworded(item, "AB"[number % 2]) for number, item in enumerate(found)]
    assert only(feed_of(WEEKLY, found)).details.summary == "A"


def test_when_all_are_cancelled_so_is_the_rule() -> None:
    series = only(feed_of(WEEKLY, [cancelled(item) for item in wednesdays()]))
    assert (series.details.status, series.overrides) == ("CANCELLED", ())


def test_an_added_session_is_an_event_of_its_own() -> None:
    found = wednesdays()
    extra = added(WEEKLY, "mm", "2026-09-04 08:00", "2026-09-04 09:00")
    early = added(WEEKLY, "mm", "2026-08-20 08:00", "2026-08-20 09:00")
    same_day = added(WEEKLY, "mm", "2026-09-09 15:00", "2026-09-09 16:00")
    feed = feed_of(WEEKLY, [*found, extra, early, same_day])
    assert sorted(each.start for each in feed.series if not each.rrule) == [early.start, extra.start, same_day.start]
    assert only(feed_of(WEEKLY, found)) in feed.series


def test_a_session_that_became_a_whole_day_stands_alone_and_leaves_its_slot() -> None:
    found = wednesdays()
    found[3] = found[3]._replace(start=date(2026, 9, 23), end=date(2026, 9, 24))
    feed = feed_of(WEEKLY, found)
    assert [(each.start, each.exdates) for each in sorted(feed.series, key=lambda each: each.rrule)] == [
        (date(2026, 9, 23), ()),
        (moment("2026-09-02 12:00"), (found[3].nominal,)),
    ]


def test_each_academic_year_has_its_own_series() -> None:
    found = sessions(WEEKLY, "mm", date(2026, 9, 1), date(2028, 7, 31))
    feed = feed_of(WEEKLY, found)
    assert sorted((f"{each.start:%F}", each.rrule) for each in feed.series) == [
        ("2026-09-02", "FREQ=WEEKLY;UNTIL=20270630T160000Z;BYDAY=WE"),
        ("2027-07-07", "FREQ=WEEKLY;UNTIL=20280628T160000Z;BYDAY=WE"),
        ("2028-07-05", "FREQ=WEEKLY;UNTIL=20280726T160000Z;BYDAY=WE"),
    ]


@pytest.mark.parametrize(("count", "recurring"), [(2, 0), (3, 1)])
def test_two_sessions_are_no_series(count: int, recurring: int) -> None:
    feed = feed_of(WEEKLY, wednesdays()[:count])
    assert len([each for each in feed.series if each.rrule]) == recurring


@pytest.mark.parametrize(
    ("every", "recurring"),
    [
        (9, 1),  # 4 sessions cost 1 event and 24 EXDATE lines: 3.4
        (11, 0),  # 4 sessions cost 1 event and 30 EXDATE lines: 4.0
    ],
)
def test_a_series_of_mostly_gaps_is_single_events(every: int, recurring: int) -> None:
    found = sessions(WEEKLY, "mm", date(2026, 9, 1), date(2027, 6, 30))[::every][:4]
    feed = feed_of(WEEKLY, found)
    assert len([each for each in feed.series if each.rrule]) == recurring
    assert feed.warnings == ()


def test_sessions_that_all_differ_are_single_events() -> None:
    found = [reworded(item, f"Topic {number}") for number, item in enumerate(wednesdays())]
    assert len(feed_of(WEEKLY, found).series) == len(found)


def test_nights_are_single_events() -> None:
    made = program(conference("Fr 19:00-07:00"))
    found = sessions(made, "mm", *AUTUMN)
    assert [each.rrule for each in feed_of(made, found).series] == [""] * len(found)


def test_so_are_sessions_of_which_one_is_across_a_clock_change() -> None:
    made = program(conference("Su 00:30-03:30"))
    found = sessions(made, "mm", *AUTUMN)
    feed = feed_of(made, found)
    assert ([each.rrule for each in feed.series], feed.warnings) == ([""] * len(found), ())
    spared = [item for item in found if item.nominal != moment("2026-11-01 00:30")]
    assert only(feed_of(made, spared)).exdates == (moment("2026-11-01 00:30"),)


def test_a_session_that_moves_across_a_clock_change_is_an_override_that_gives_both_ends() -> None:
    found = wednesdays()
    night = moment("2026-11-01 00:30"), moment("2026-11-01 03:30")
    found[8] = found[8]._replace(start=night[0], end=night[1])
    (override,) = only(feed_of(WEEKLY, found)).overrides
    assert (override.start, override.end) == night


def test_a_time_that_the_clock_skips() -> None:
    """The session at 02:30 on 14 March takes place at 03:30 by that day's clock, on its own."""
    made = program(conference("Su 02:30-03:00"))
    found = sessions(made, "mm", date(2027, 2, 1), date(2027, 4, 30))
    feed = feed_of(made, found)
    single, series = sorted(feed.series, key=lambda each: each.rrule)
    assert (single.start, single.end) == (moment("2027-03-14 03:30"), moment("2027-03-14 04:00"))
    assert series.exdates == (moment("2027-03-14 02:30"),)


def test_a_time_that_the_clock_shows_twice() -> None:
    """The session at 01:15 on 1 November is the earlier one, and on its own: clients differ on which is meant."""
    made = program(conference("Su 01:15-01:45"))
    feed = feed_of(made, sessions(made, "mm", *AUTUMN))
    single, series = sorted(feed.series, key=lambda each: each.rrule)
    assert isinstance(single.start, datetime)
    assert f"{single.start.astimezone(UTC):%d %H:%M}" == "01 05:15"
    assert series.exdates == (moment("2026-11-01 01:15"),)


@pytest.mark.parametrize(
    ("when", "night", "expected"),
    [
        ("Su 01:30-02:30", "2027-03-14 01:30", "03-14 01:30-03:30"),  # skipped
        ("Su 00:30-01:30", "2026-11-01 00:30", "11-01 00:30-01:30"),  # shown twice
    ],
)
def test_the_same_for_an_end(when: str, night: str, expected: str) -> None:
    made = program(conference(when))
    changed = moment(night).date()
    around = changed - timedelta(weeks=8), changed + timedelta(weeks=8)
    feed = feed_of(made, sessions(made, "mm", *around))
    single, series = sorted(feed.series, key=lambda each: each.rrule)
    assert f"{single.start:%m-%d %H:%M}-{single.end:%H:%M}" == expected
    assert series.exdates == (moment(night),)


@pytest.mark.parametrize(
    ("when", "rrule"),
    [
        ("Tu/2 from 2026-07-07 16:00-17:00", "FREQ=WEEKLY;UNTIL=20261222T210000Z;INTERVAL=2;BYDAY=TU"),
        ("We[3] 17:00-18:00", "FREQ=MONTHLY;UNTIL=20261216T220000Z;BYDAY=3WE"),
        (
            {"rrule": "rrule:BYDAY=MO,TU;freq=monthly;UNTIL=20280101;BYSETPOS=-1", "at": "07:30-08:30"},
            "FREQ=MONTHLY;UNTIL=20261229T123000Z;BYDAY=MO,TU;BYSETPOS=-1",
        ),
    ],
)
def test_the_configured_rule_is_said_in_rfc_order_and_keeps_its_phase(when: object, rrule: str) -> None:
    made = program(conference(when))  # type: ignore[arg-type]
    found = sessions(made, "mm", *AUTUMN)
    assert only(feed_of(made, found[1:])).rrule == rrule


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYWEEKDAY=WE",
        "FREQ=MONTHLY;BYDAY=WE(+3)",
        "FREQ=WEEKLY;BYDAY=WE;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,11,12,13,14",
        "FREQ=MONTHLY;BYDAY=WE;BYWEEKNO=36,37,38,39,40",
    ],
)
def test_a_rule_that_only_our_library_reads_is_single_events_and_said(rule: str) -> None:
    made = program(conference({"rrule": rule, "at": "12:00-13:00"}))
    found = sessions(made, "mm", *AUTUMN)
    feed = feed_of(made, found)
    assert [each.rrule for each in feed.series] == [""] * len(found)
    assert feed.warnings == (
        "conference:mm, 2026-27: the rule is not one that calendars can read; its sessions are single events",
    )


def test_a_series_that_does_not_read_back_is_single_events_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check is in the path: a reader that would lose a session makes the feed say it another way."""

    def forgetful(series: Series) -> tuple[Instance, ...]:
        return expand_series(series)[1:]

    monkeypatch.setattr("ircal.feeds.to_series.expand_series", forgetful)
    found = wednesdays()
    feed = feed_of(WEEKLY, found)
    assert [each.rrule for each in feed.series] == [""] * len(found)
    assert feed.warnings == (
        "conference:mm, 2026-27: the rule gives other dates when calendars read it; its sessions are single events",
    )


def test_whole_days_and_listed_dates_are_single_events() -> None:
    made = program(conference(None, sessions="listed"))
    listed = [added(made, "mm", f"2026-10-{day:02} 08:00", f"2026-10-{day:02} 09:00") for day in (7, 14, 21, 28)]
    weeks = [date(2026, 9, 7) + timedelta(weeks=number) for number in range(8)]
    banners = [personal(("rotation", "west"), "ash", first, past, "IR West") for first, past in pairwise(weeks)]
    assert [each.rrule for each in feed_of(made, [*listed, *banners]).series] == [""] * 11


def test_the_duties_of_a_rotation_are_a_series_for_each_person() -> None:
    duties = {"vein": {"id": "vein", "name": "Vein centre", "when": "Mo,Th 08:00-12:00"}}
    external = Rotation.model_validate({"id": "external", "name": "External", "site": "west", "duties": duties})
    made = program(rotations=[external])
    days = {"ash": (7, 10, 14, 17), "brook": (21, 24, 28)}
    found = [_duty(who, f"2026-09-{day:02}") for who, chosen in days.items() for day in chosen]
    stray = found[0]._replace(rule=Rule("duty", "external/gone"))
    feed = feed_of(made, [*found, stray])
    assert sorted(each.rrule for each in feed.series) == [
        "",
        "FREQ=WEEKLY;UNTIL=20260917T120000Z;BYDAY=MO,TH",
        "FREQ=WEEKLY;UNTIL=20260928T120000Z;BYDAY=MO,TH",
    ]


def _duty(person: str, day: str) -> Occurrence:
    start, end = moment(f"{day} 08:00"), moment(f"{day} 12:00")
    return Occurrence(Rule("duty", "external/vein"), start, start, end, Details("Vein centre"), person=person)
