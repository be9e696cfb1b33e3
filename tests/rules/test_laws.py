"""Laws of the engine, over random small programmes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from ircal.model.program import Program, Window
from ircal.model.recurrence import DAYS, Recurrence
from ircal.rules.expand import expand
from ircal.rules.recurrence import days_of
from tests.rules.conftest import BASE

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.model.schedule import Occurrence

FIRST, LAST = date(2026, 7, 1), date(2027, 6, 30)
YEAR = Window(FIRST, LAST + timedelta(days=1))
days = st.dates(FIRST, LAST)
whens = st.builds(
    lambda names, nth, hour: (
        f"{','.join(sorted(names, key=DAYS.index)).title()}{f'[{nth}]' if nth else ''} {hour:02}:00-{hour + 1:02}:00"
    ),
    st.sets(st.sampled_from(DAYS[:5]), min_size=1, max_size=3),
    st.sampled_from([None, None, 1, 3, -1]),
    st.integers(6, 18),
)
counted = st.sampled_from(
    [
        "We/Th from 2026-09-02 12:00-13:00",
        "workday[1] 07:00-08:00",
        "workday[-1] of block 16:00-17:00",
        "Mo[1] of block@months 12:00-13:00",
        "5 workdays before block start",
        "3 months after entry 12:00-13:00",
    ]
)
followers: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
    {
        "name": st.just("Due"),
        "when": st.sampled_from(
            ["on c0 12:00-13:00", "1 day before c0", "2 workdays before c0", "3 weeks after c0", "1 month after c0"]
        ),
        "audience": st.just({"everyone": True}),
        "holiday": st.sampled_from(["keep", "skip", "next_workday"]),
    }
)
conferences = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Rounds", "Case conference", "Journal club"]),
        "when": whens,
        "site": st.sampled_from(["west", "east"]),
        "holiday": st.sampled_from(["skip", "keep", "previous_workday", "next_workday", "next_week"]),
        "audience": st.sampled_from([{"everyone": True}, {"tag": "ir"}, {"not": {"rotation": "ir-west"}}, {"pgy": 6}]),
        "presenter": st.sampled_from([None, {"pool": {"everyone": True}}]),
    }
)


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """The sections of a small programme: a few conferences, one of which follows another, some overrides and leave."""
    meetings = draw(st.lists(conferences, min_size=1, max_size=2))
    meetings[-1] = {**meetings[-1], "when": draw(whens | counted)}
    meetings += draw(st.lists(followers, max_size=1))
    closed = draw(st.lists(days, max_size=2, unique=True))
    away = draw(st.dictionaries(st.sampled_from(["ash", "birch"]), st.tuples(days, st.integers(1, 20)), max_size=2))
    return {
        "cycles": {"core": {**BASE["cycles"]["core"], "absence": draw(st.sampled_from(["continue", "pause"]))}},
        "conferences": {f"c{n}": body for n, body in enumerate(meetings)},
        "overrides": {
            f"o{n}": {"close": {"sites": "west", "from": f"{day}T00:00", "to": f"{day}T23:59"}}
            for n, day in enumerate(closed)
        },
        "leave": [
            {"person": person, "kind": "vacation", "start": start, "end": start + timedelta(days=length)}
            for person, (start, length) in away.items()
        ],
    }


@given(bodies(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_written_does_not_matter(
    program: Callable[..., Program], body: dict[str, Any], random: Any
) -> None:
    trial = program(**body)

    def shuffled(items: Any) -> Any:
        mixed = list(items.items() if isinstance(items, dict) else items)
        random.shuffle(mixed)
        return dict(mixed) if isinstance(items, dict) else tuple(mixed)

    names = ("people", "sites", "rotations", "conferences", "overrides", "assignments", "leave", "holidays")
    other = replace(trial, **{name: shuffled(getattr(trial, name)) for name in names})
    assert expand(other, YEAR).occurrences == expand(trial, YEAR).occurrences


@given(bodies(), days, st.integers(1, 40))
def test_a_narrow_window_shows_the_same_as_a_wide_one(
    program: Callable[..., Program], body: dict[str, Any], first: date, length: int
) -> None:
    trial = program(**body)
    narrow = Window(first, min(first + timedelta(days=length), YEAR.end))
    inside = [item for item in expand(trial, YEAR).occurrences if narrow.overlaps(item.first_day, _after(item))]
    assert list(expand(trial, narrow).occurrences) == inside


def _after(item: Occurrence) -> date:
    return item.end.date() + timedelta(days=1) if isinstance(item.end, datetime) else item.end


@given(bodies())
def test_without_its_overrides_a_programme_is_what_it_was(
    program: Callable[..., Program], body: dict[str, Any]
) -> None:
    plain = program(**{**body, "overrides": {}})
    closed = program(**body)
    before, after = expand(plain, YEAR).occurrences, expand(closed, YEAR).occurrences
    assert expand(replace(closed, overrides=()), YEAR).occurrences == before
    assert [(item.rule, item.nominal, item.person) for item in after] == [(i.rule, i.nominal, i.person) for i in before]


@given(conferences)
def test_a_holiday_never_adds_a_session(program: Callable[..., Program], body: dict[str, Any]) -> None:
    with_days_off = program(conferences={"c": body})
    without = replace(with_days_off, holidays={})
    kept = {item.nominal for item in expand(with_days_off, YEAR).occurrences if item.rule.kind == "conference"}
    assert kept <= {item.nominal for item in expand(without, YEAR).occurrences if item.rule.kind == "conference"}


@given(whens, days, st.integers(0, 60))
def test_the_compact_form_means_the_days_it_says(text: str, first: date, length: int) -> None:
    recurrence = Recurrence.model_validate(text)
    last = first + timedelta(days=length)
    names, _, nth = text.split(maxsplit=1)[0].partition("[")
    wanted = {DAYS.index(name.upper()) for name in names.split(",")}
    number = int(nth.rstrip("]")) if nth else 0

    def holds(day: date) -> bool:
        if day.weekday() not in wanted:
            return False
        if number > 0:
            return (day.day - 1) // 7 + 1 == number
        return number == 0 or (day + timedelta(days=7)).month != day.month

    every = (first + timedelta(days=n) for n in range(length + 1))
    assert list(days_of(recurrence, first, last)) == [day for day in every if holds(day)]


@given(days, st.integers(0, 90))
def test_every_second_week_is_counted_from_its_anchor(first: date, length: int) -> None:
    recurrence = Recurrence.model_validate("Tu/2 from 2026-07-07 12:00-13:00")
    last = first + timedelta(days=length)
    expected = [date(2026, 7, 7) + timedelta(weeks=2 * n) for n in range(40)]
    assert list(days_of(recurrence, first, last)) == [day for day in expected if first <= day <= last]
