"""What is worked out once for everybody is what each would have alone: days of duties, closures, the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ircal.model.when import Relative
from ircal.rules.clock import exists
from ircal.rules.closures import Closures
from ircal.rules.dates import Frame, days_named
from ircal.rules.days_off import shifted
from ircal.rules.expand import horizon_of
from ircal.rules.timetable import Timetables
from tests.rules.test_laws import counted, whens

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.model.program import Program

days = st.dates(date(2026, 6, 1), date(2028, 8, 1))
timed = counted.filter(lambda when: "entry" not in when).map(
    lambda when: when if ":" in when else f"{when} 08:00-12:00"
)
of_their_own = st.sampled_from(["Mo[1] of rotation 08:00-12:00", "2 days after rotation start 08:00-12:00"])
holidays = st.sampled_from(["skip", "keep", "previous_workday", "next_workday", "next_week"])


@given(st.one_of(whens, timed, of_their_own), holidays, days, st.tuples(st.integers(1, 200), st.integers(0, 40)))
@example("Th 08:00-12:00", "previous_workday", date(2026, 11, 26), (2, 0))
def test_a_stretch_has_the_days_of_the_timetable_that_its_own_rule_would_give(
    program: Callable[..., Program], when: str, holiday: str, start: date, lengths: tuple[int, int]
) -> None:
    duty = {"clinic": {"name": "Clinic", "when": when, "holiday": holiday}}
    made = program(rotations={"icu": {"name": "ICU", "site": "west", "duties": duty}})
    horizon = horizon_of(made, 2027)
    (table,) = Timetables(made, horizon).of("icu")
    length, cut = (timedelta(days=each) for each in lengths)
    whole, end = (start - cut, start + length + cut), start + length
    off = horizon.days_off(made, "west")
    named = days_named(table.duty.when, start, end - timedelta(days=1), Frame(made, off, whole))
    counted_from = isinstance(table.duty.when, Relative)
    held = [(each, shifted(each, table.duty.holiday, off, weekends=counted_from)) for each in named]
    inside = [(each, day) for each, day in held if day and start <= day < end]
    assert [(each.named, each.day) for each in table.within(start, end, whole)] == inside
    beyond = [(each, day) for each, day in held if day and not start <= day < end]
    assert [(each.named, each.day) for each in table.beyond(start, end, whole)] == beyond


@given(st.lists(st.tuples(st.sampled_from(["west", "east"]), days, st.integers(1, 72)), max_size=4), days)
def test_a_closure_is_over_what_it_overlaps_at_its_sites(
    program: Callable[..., Program], closed: list[tuple[str, date, int]], day: date
) -> None:
    overrides: dict[str, Any] = {
        f"snow-{number}": {
            "close": {
                "sites": [site],
                "from": datetime.combine(first, time(9)),
                "to": datetime.combine(first, time(9)) + timedelta(hours=hours),
            }
        }
        for number, (site, first, hours) in enumerate(closed)
    }
    made = program(overrides=overrides)
    zone = made.settings.zone
    start, end = (datetime.combine(day, time(hour), tzinfo=zone) for hour in (8, 10))
    over = (
        item
        for item in made.overrides
        if item.close
        and "west" in item.close.sites
        and start < item.close.end.replace(tzinfo=zone)
        and item.close.start.replace(tzinfo=zone) < end
    )
    assert Closures.of(made).over("west", start, end) is next(over, None)


ZONES = ["America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "America/St_Johns", "Asia/Tehran"]


@pytest.mark.parametrize("name", ZONES)
def test_a_time_exists_when_it_survives_the_way_to_utc_and_back(name: str) -> None:
    """Close to all days on which the clock of the zone is changed, by the quarter of an hour."""
    zone, first = ZoneInfo(name), datetime(2009, 1, 1, 12, tzinfo=UTC)
    middays = [first + timedelta(days=number) for number in range(4 * 365)]
    offsets = [each.astimezone(zone).utcoffset() for each in middays]
    changes = [day for day, one, other in zip(middays, offsets, offsets[1:], strict=False) if one != other]
    assert changes
    for change in changes:
        midnight = datetime.combine(change.date() - timedelta(days=1), time(), tzinfo=zone)
        for quarter in range(4 * 24 * 4):
            wall = midnight + timedelta(minutes=15 * quarter)
            there = wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
            assert exists(wall) == (there == wall.replace(tzinfo=None))
