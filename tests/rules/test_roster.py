"""Who works where: the core cycle, its holes, swaps, promotions, phases."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ircal.rules.levels import class_of, levels_of
from ircal.rules.roster import Roster

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.model.program import Program

MONDAYS = [date(2026, 7, 6) + timedelta(weeks=n) for n in range(51)]


def places(roster: Roster, day: date) -> Counter[str]:
    found = (roster.stretch_on(person, day) for person in ("ash", "birch", "cedar", "elm"))
    return Counter(stretch.rotation for stretch in found if stretch)


def test_four_offsets_give_two_west_one_east_one_external_every_day_of_the_year(
    program: Callable[..., Program],
) -> None:
    roster = Roster(program())
    for day in (date(2026, 7, 1) + timedelta(days=n) for n in range(365)):
        assert places(roster, day) == Counter({"ir-west": 2, "ir-east": 1, "external": 1}), day


def test_one_away_for_four_weeks_costs_two_west_weeks_one_east_one_external(program: Callable[..., Program]) -> None:
    base = [
        {"person": name, "rotation": "core", "start": "2026-07-01", "end": "2027-07-01"}
        for name in ("ash", "birch", "cedar", "elm")
    ]
    icu = {"person": "elm", "rotation": "icu", "start": "2026-11-02", "end": "2026-11-30"}
    blocks = [{**body, "origin": "block"} for body in base]
    roster = Roster(program(assignments=[*blocks, icu]))
    whole = Counter({"ir-west": 2, "ir-east": 1, "external": 1, "icu": 0})
    missing = [whole - places(roster, date(2026, 11, 2) + timedelta(weeks=n)) for n in range(4)]
    assert sorted(next(iter(hole)) for hole in missing) == ["external", "ir-east", "ir-west", "ir-west"]
    assert places(roster, date(2026, 11, 30)) == Counter({"ir-west": 2, "ir-east": 1, "external": 1})


def test_a_swap_exchanges_exactly_its_days(program: Callable[..., Program]) -> None:
    swap = {"people": ["ash", "cedar"], "from": "2026-09-07", "to": "2026-09-13"}
    before, after = Roster(program()), Roster(program(swaps={"week": swap}))
    for day in (date(2026, 9, 1) + timedelta(days=n) for n in range(20)):
        inside = date(2026, 9, 7) <= day <= date(2026, 9, 13)
        source = {"ash": "cedar", "cedar": "ash"} if inside else {}
        for person in ("ash", "birch", "cedar", "elm"):
            told, expected = after.stretch_on(person, day), before.stretch_on(source.get(person, person), day)
            assert told is not None
            assert expected is not None
            assert told.rotation == expected.rotation, (person, day)


@pytest.mark.parametrize(
    ("day", "pgy", "phase", "member"),
    [
        (date(2022, 6, 30), None, "", False),
        (date(2022, 7, 1), 2, "dr", True),
        (date(2023, 6, 30), 2, "dr", True),
        (date(2023, 7, 1), 3, "dr", True),
        (date(2025, 10, 31), 5, "dr", True),
        (date(2025, 11, 1), 5, "ir", True),
        (date(2027, 6, 30), 6, "ir", True),
        (date(2027, 7, 1), None, "", False),
    ],
)
def test_levels_change_by_date(
    program: Callable[..., Program], day: date, pgy: int | None, phase: str, *, member: bool
) -> None:
    trial = program()
    ash = trial.people["ash"]
    levels = levels_of(ash, trial)
    assert (levels.pgy_on(day), levels.phase_on(day), levels.is_member(day)) == (pgy, phase, member)
    assert class_of(ash, trial) == 2027


def test_an_off_cycle_resident_is_promoted_late_from_then_on(program: Callable[..., Program]) -> None:
    late = {"name": "Fir", "role": "resident", "entered": "2024-07-01", "promotions": {4: "2026-10-15"}}
    trial = program(people={"fir": late})
    fir = trial.people["fir"]
    levels = levels_of(fir, trial)
    days = (
        date(2025, 7, 1),
        date(2026, 7, 1),
        date(2026, 10, 14),
        date(2026, 10, 15),
        date(2027, 7, 1),
        date(2027, 10, 15),
    )
    assert [levels.pgy_on(day) for day in days] == [3, 3, 3, 4, 4, 5]
    assert levels.is_member(date(2029, 10, 14))
    assert not levels.is_member(date(2029, 10, 15))
    assert [levels.phase_on(day) for day in (date(2027, 10, 31), date(2027, 11, 1))] == ["dr", "ir"]


def test_a_block_reaches_no_further_than_the_person_is_in_the_programme(program: Callable[..., Program]) -> None:
    stays = {"person": "fir", "rotation": "icu", "start": "2026-06-29", "end": "2026-07-27", "origin": "block"}
    leaves = {"person": "ash", "rotation": "icu", "start": "2027-05-31", "end": "2027-07-26", "origin": "block"}
    new = {"name": "Fir", "role": "resident", "entered": "2026-07-01"}
    roster = Roster(program(people={"fir": new}, assignments=[stays, leaves]))
    assert [(each.start, each.end) for each in roster.stretches("fir")] == [(date(2026, 7, 1), date(2026, 7, 27))]
    assert [(each.start, each.end) for each in roster.stretches("ash")] == [(date(2027, 5, 31), date(2027, 7, 1))]


@pytest.mark.parametrize(
    ("entered", "promoted", "graduated", "of"),
    [
        ("2026-06-15", date(2027, 7, 1), date(2031, 7, 1), 2031),  # comes a little early, or late, with the class
        ("2026-07-31", date(2027, 7, 1), date(2031, 7, 1), 2031),
        ("2026-10-01", date(2027, 10, 1), date(2031, 10, 1), 2031),
        ("2027-02-15", date(2028, 2, 15), date(2032, 2, 15), 2031),
        ("2028-02-29", date(2029, 2, 28), date(2033, 2, 28), 2032),
    ],
)
def test_who_enters_off_cycle_is_promoted_a_year_after_entering(
    program: Callable[..., Program], entered: str, promoted: date, graduated: date, of: int
) -> None:
    trial = program(people={"fir": {"name": "Fir", "role": "resident", "entered": entered}})
    fir = trial.people["fir"]
    levels = levels_of(fir, trial)
    assert [day for day, level in levels.pgy if level == 3] == [promoted]
    assert (levels.end, class_of(fir, trial)) == (graduated, of)


def weeks_of(roster: Roster, person: str, first: date, count: int) -> list[str]:
    """Where somebody is on the Wednesdays of some weeks."""
    found = (roster.stretch_on(person, first + timedelta(days=2, weeks=n)) for n in range(count))
    return [stretch.rotation if stretch else "" for stretch in found]


ICU_FOR_A_MONTH = {"person": "ash", "rotation": "icu", "start": "2026-07-13", "end": "2026-08-13"}
TWO_WEEKS_OFF = {"person": "ash", "kind": "parental", "start": "2026-08-24", "end": "2026-09-07"}


@pytest.mark.parametrize(
    ("absence", "expected"),
    [
        # From 29 June two weeks at West, then four weeks and three days in the ICU. The rest of the fifth week is a
        # week that counts (at East); the two weeks of leave from 24 August are not.
        ("continue", ["W", "W", "icu", "icu", "icu", "icu", "icu", "X", "W", "W", "E", "X", "W"]),
        ("pause", ["W", "W", "icu", "icu", "icu", "icu", "icu", "X", "W", "W", "W", "W", "E"]),
    ],
)
def test_a_cycle_goes_on_or_pauses_over_an_absence(
    program: Callable[..., Program], absence: str, expected: list[str]
) -> None:
    core = {
        "weeks": ["ir-west", "ir-west", "ir-east", "external"],
        "epoch": "2026-06-29",
        "offsets": {"ash": 0},
        "absence": absence,
    }
    whole = {"person": "ash", "rotation": "core", "start": "2026-06-29", "end": "2027-07-01", "origin": "block"}
    trial = program(cycles={"core": core}, assignments=[whole, ICU_FOR_A_MONTH], leave=[TWO_WEEKS_OFF])
    short = {"ir-west": "W", "ir-east": "E", "external": "X"}
    found = [short.get(name, name) for name in weeks_of(Roster(trial), "ash", date(2026, 6, 29), 13)]
    assert found == expected


weeks_away = st.sets(st.integers(0, 40), max_size=25)


@given(weeks_away, weeks_away, st.integers(0, 3), st.sampled_from(["2026-06-29", "2026-09-07", "2026-06-01"]))
def test_whoever_pauses_has_every_week_of_the_pattern_in_turn(
    program: Callable[..., Program], elsewhere: set[int], leave: set[int], offset: int, epoch: str
) -> None:
    pattern = ["ir-west", "ir-west", "ir-east", "external"]
    core = {"weeks": pattern, "epoch": epoch, "offsets": {"ash": offset}, "absence": "pause"}
    monday = date(2026, 6, 29)

    def days(number: int) -> dict[str, str]:
        start = monday + timedelta(weeks=number)
        return {"start": f"{start}", "end": f"{start + timedelta(days=7)}"}

    whole = {"person": "ash", "rotation": "core", "start": "2026-06-29", "end": "2027-06-28", "origin": "block"}
    icu = [{"person": "ash", "rotation": "icu", **days(number)} for number in elsewhere]
    away = [{"person": "ash", "kind": "vacation", **days(number)} for number in leave]
    roster = Roster(program(cycles={"core": core}, assignments=[whole, *icu], leave=away))
    found = weeks_of(roster, "ash", monday, 52)
    served = [where for number, where in enumerate(found) if number not in elsewhere | leave]
    from_epoch = max(0, (date.fromisoformat(epoch) - monday).days // 7)
    before = len([number for number in range(from_epoch) if number not in elsewhere | leave])
    assert served == [pattern[(number - before + offset) % 4] for number in range(len(served))]
