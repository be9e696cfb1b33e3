"""The Guard: which plans are refused, with which numbers; and what a policy takes out of a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ircal.errors import GuardRefused
from ircal.plan import Create, Delete, Guard, Plan, Policy, Update, make_plan
from tests.plan.making import CALENDAR, WINDOW, at, cancelling, differing, owned, single, weekly

if TYPE_CHECKING:
    from ircal.model.series import Series

HOUR = timedelta(hours=1)


def many(count: int, summary: str = "Lecture", prefix: str = "u") -> list[Series]:
    return [single(f"{prefix}{n}", at(9, 1) + timedelta(days=n), summary) for n in range(count)]


def plan(desired: list[Series], actual: list[Series]) -> Plan:
    return make_plan(CALENDAR, desired, map(owned, actual), WINDOW)


def test_a_new_academic_year_passes() -> None:
    Guard().check(plan(many(10) + many(200, prefix="new"), many(10)))


def test_a_first_run_passes() -> None:
    Guard().check(plan(many(100), []))


def test_a_renamed_conference_is_one_change_however_many_dates_it_has() -> None:
    others = many(9)
    Guard().check(plan([*others, weekly("w", summary="Renamed")], [*others, weekly("w")]))


def test_up_to_the_share_passes() -> None:
    Guard().check(plan(many(7), many(10)))
    Guard().check(plan([*many(3, "Renamed"), *many(10)[3:]], many(10)))


def test_too_many_deletes_are_refused_with_their_numbers_and_the_flag() -> None:
    with pytest.raises(GuardRefused) as refused:
        Guard().check(plan(many(6), many(10)))
    assert refused.value.message == (
        "Conferences (conferences): 4 of 10 events would be removed (40%; the limit is 30%)"
    )
    assert refused.value.remedy == (
        "Nothing was written. Look at the plan; if it is what you mean, run it again with --allow-large-changes."
    )


def moved(count: int) -> list[Series]:
    """The first of `many`, an hour later."""
    return [replace(each, start=each.start + HOUR, end=each.end + HOUR) for each in many(count)]


def test_too_many_moves_are_refused() -> None:
    with pytest.raises(GuardRefused, match=r"4 of 10 events would be moved \(40%; the limit is 30%\)"):
        Guard().check(plan([*moved(4), *many(10)[4:]], many(10)))


def test_texts_may_change_as_when_topics_move_up_after_a_cancelled_lecture() -> None:
    Guard().check(plan([*many(9, "Renamed"), *many(10)[9:]], many(10)))


def test_every_text_may_change_as_when_a_conference_moves_to_another_room() -> None:
    Guard().check(plan([replace(each, details=replace(each.details, location="Hall")) for each in many(24)], many(24)))


def test_one_session_of_every_series_may_change_its_room() -> None:
    series = [weekly(f"w{n}") for n in range(10)]
    Guard().check(plan([differing(each, 2, location="Hall") for each in series], series))


def test_one_session_of_every_series_may_not_move() -> None:
    series = [weekly(f"w{n}") for n in range(10)]
    with pytest.raises(GuardRefused, match="10 of 10 events would be moved"):
        Guard().check(plan([differing(each, 2, later=HOUR) for each in series], series))
    with pytest.raises(GuardRefused, match="10 of 10 events would be moved"):
        Guard().check(plan([cancelling(each, 2) for each in series], series))


def test_both_reasons_are_told() -> None:
    with pytest.raises(GuardRefused) as refused:
        Guard().check(plan([*moved(5), *many(4, prefix="new")], many(10)))
    assert refused.value.message.splitlines() == [
        "Conferences (conferences): 5 of 10 events would be removed (50%; the limit is 30%)",
        "Conferences (conferences): 5 of 10 events would be moved (50%; the limit is 30%)",
    ]


def test_replacing_everything_is_refused() -> None:
    with pytest.raises(GuardRefused, match="10 of 10 events would be removed"):
        Guard().check(plan(many(10, prefix="new"), many(10)))


def test_shares_do_not_count_on_a_small_calendar() -> None:
    Guard().check(plan(many(1), many(9)))


@pytest.mark.parametrize("count", [1, 9, 50])
def test_emptying_a_calendar_is_always_refused(count: int) -> None:
    with pytest.raises(GuardRefused, match=f"all {count} events would be removed, which leaves the calendar empty"):
        Guard().check(plan([], many(count)))


def test_an_empty_calendar_may_stay_empty() -> None:
    Guard().check(plan([], []))


def test_thresholds_can_be_set() -> None:
    Guard(max_deletes=0.5).check(plan(many(5), many(10)))
    with pytest.raises(GuardRefused):
        Guard(min_existing=2).check(plan(many(1), many(2)))


def test_allow_lets_everything_pass() -> None:
    Guard(allow=True).check(plan([], many(50)))


def test_every_dangerous_plan_of_several_is_told_of() -> None:
    dangerous = plan([], many(3))
    with pytest.raises(GuardRefused) as refused:
        Guard().check(dangerous, plan(many(3), many(3)), replace(dangerous, calendar="other", name="Other"))
    assert refused.value.message.splitlines() == [
        "Conferences (conferences): all 3 events would be removed, which leaves the calendar empty",
        "Other (other): all 3 events would be removed, which leaves the calendar empty",
    ]


@pytest.mark.parametrize(
    ("policy", "kinds"),
    [
        (Policy.SYNC, [Create, Update, Delete]),
        (Policy.UPSERT_ONLY, [Create, Update]),
        (Policy.CREATE_ONLY, [Create]),
    ],
)
def test_a_policy_keeps_only_its_kinds_of_change(policy: Policy, kinds: list[type]) -> None:
    whole = plan([single("new"), single("b", summary="Renamed")], [single("b"), single("gone")])
    filtered = policy.filtered(whole)
    assert [type(change) for change in filtered.changes] == kinds
    assert filtered == replace(whole, changes=whole.changes[: len(kinds)], withheld=3 - len(kinds))


def test_what_a_policy_holds_back_is_no_danger() -> None:
    Guard().check(Policy.UPSERT_ONLY.filtered(plan([], many(50))))
