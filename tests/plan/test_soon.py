"""What starts soon: most of it is not changed by an ordinary edit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ircal.errors import GuardRefused
from ircal.plan import Guard, Plan, make_plan
from tests.plan.making import CALENDAR, WINDOW, at, block, cancelling, differing, owned, single, skipping, weekly

if TYPE_CHECKING:
    from ircal.model.series import Series

HOUR = timedelta(hours=1)
NOW = at(10, 27, 18)
"""The evening before the third week of `TOMORROW`."""
GUARD = Guard(now=NOW)

TOMORROW = [weekly(f"w{hour}", at(10, 14, hour)) for hour in (7, 8, 12, 17)]
LATER = [single(f"s{number}", at(12, 1) + timedelta(days=number)) for number in range(20)]


def plan(desired: list[Series], actual: list[Series] | None = None) -> Plan:
    return make_plan(CALENDAR, desired, map(owned, [*TOMORROW, *LATER] if actual is None else actual), WINDOW)


def moved(series: Series) -> Series:
    return replace(series, start=series.start + HOUR, end=series.end + HOUR)


def refusal(made: Plan, guard: Guard = GUARD) -> GuardRefused:
    with pytest.raises(GuardRefused) as refused:
        guard.check(made)
    return refused.value


def test_most_of_tomorrow_may_not_vanish() -> None:
    refused = refusal(plan([*TOMORROW[:1], *LATER]))
    assert refused.message == (
        "Conferences (conferences): 3 of the 4 that start within 24 hours would be removed or moved "
        "(75%; the limit is 50%)"
    )
    assert refused.remedy.endswith("run it again with --allow-soon.")


def test_most_of_tomorrow_may_not_be_held_at_another_time() -> None:
    assert "4 of the 4" in refusal(plan([*map(moved, TOMORROW), *LATER])).message
    one_date = [differing(series, 2, later=HOUR) for series in TOMORROW]
    assert "4 of the 4" in refusal(plan([*one_date, *LATER])).message


def test_it_can_be_allowed_by_name_and_with_everything_else() -> None:
    made = plan([*map(moved, TOMORROW), *LATER])
    replace(GUARD, allow_soon=True).check(made)
    replace(GUARD, allow=True).check(made)
    assert "start within" not in refusal(plan(LATER[:1]), replace(GUARD, allow_soon=True)).message


def test_where_both_are_refused_one_flag_allows_both() -> None:
    refused = refusal(plan(LATER[:1]))
    assert len(refused.message.splitlines()) == 2
    assert refused.remedy.endswith("--allow-large-changes.")


def test_a_snow_day_passes() -> None:
    GUARD.check(plan([*(cancelling(series, 2) for series in TOMORROW), *LATER]))
    GUARD.check(plan([*(skipping(series, 2) for series in TOMORROW), *LATER]))
    singles = [single(f"t{hour}", at(10, 28, hour)) for hour in (7, 8, 12)]
    closed = [replace(each, details=replace(each.details, status="CANCELLED")) for each in singles]
    GUARD.check(plan([*closed, *LATER], [*singles, *LATER]))


def test_texts_and_rooms_may_change() -> None:
    GUARD.check(plan([*(replace(each, details=replace(each.details, location="Hall")) for each in TOMORROW), *LATER]))


def test_what_another_event_takes_the_place_of_has_not_vanished() -> None:
    again = [single(f"new{hour}", at(10, 28, hour)) for hour in (7, 8, 12, 17)]
    GUARD.check(plan([*again, *LATER]))


def test_what_is_over_or_later_than_a_day_is_not_soon() -> None:
    made = plan([*TOMORROW[:1], *LATER])
    for now in (at(10, 26, 18), at(10, 28, 18), at(12, 30)):
        replace(GUARD, now=now).check(made)
    replace(GUARD, now=at(10, 26, 18), soon_hours=48, allow_soon=True).check(made)
    assert "within 48 hours" in refusal(made, replace(GUARD, now=at(10, 26, 18), soon_hours=48)).message


def test_whole_days_begin_at_midnight() -> None:
    blocks = [block(f"b{number}", date(2026, 10, 28)) for number in range(3)]
    assert "3 of the 3" in refusal(plan(LATER, [*blocks, *LATER])).message


def test_a_few_may_go() -> None:
    GUARD.check(plan([*TOMORROW[2:], *LATER]))


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYSECOND=1,2,3", "nonsense", "FREQ=DAILY;COUNT=x"])
def test_a_rule_from_elsewhere_is_not_followed(rule: str) -> None:
    there = [owned(series, shown=replace(series, rrule=rule)) for series in TOMORROW]
    GUARD.check(make_plan(CALENDAR, LATER, [*there, *map(owned, LATER)], WINDOW))


def test_a_large_calendar_has_a_limit_in_numbers_too() -> None:
    many = [single(f"m{number}", at(12, 1) + timedelta(hours=number)) for number in range(900)]
    Guard().check(plan(many[200:], many))
    assert refusal(plan(many[201:], many), Guard()).message == (
        "Conferences (conferences): 201 of 900 events would be removed (at most 200 may be)"
    )
