"""Laws of the engine, over random small programmes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from ircal.checks import check
from ircal.model.program import Program, Window
from ircal.model.recurrence import DAYS, Recurrence
from ircal.recall import Recall
from ircal.rules.expand import expand
from ircal.rules.recurrence import days_of
from tests.rules.conftest import BASE

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.model.schedule import Occurrence, Rule

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
        "on block[1,-1] start 12:00-13:00",
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
        "holiday": st.sampled_from(["skip", "keep", "previous_workday", "next_workday", "next_week", "flag"]),
        "audience": st.sampled_from([{"everyone": True}, {"tag": "ir"}, {"not": {"rotation": "ir-west"}}, {"pgy": 6}]),
        "presenter": st.sampled_from([None, {"pool": {"everyone": True}}]),
        "link": st.sampled_from(["https://meet.example.org/a"]),
        "remote": st.booleans(),
    }
)
people = st.sampled_from(["ash", "birch", "cedar", "elm"])


@st.composite
def deeds(draw: st.DrawFn) -> dict[str, Any]:
    """What one override does to a session of its date."""
    day = draw(days)
    return draw(
        st.sampled_from(
            [
                {"date": day, "cancel": True},
                {"date": day, "move": {"to": day + timedelta(days=draw(st.integers(1, 30)))}},
                {"date": day, "change": {"room": "Hall", "presenter": draw(people)}},
                {"date": day, "change": {"at": "23:00-01:00"}},
                {"date": day, "replace": {"name": "Visiting professor"}},
                {"date": day, "add": {"at": "05:00-05:30"}},
                {"date": day, "excuse": draw(people)},
                {"date": day, "require": draw(people)},
                {"date": day, "restore": True},
            ]
        )
    )


@st.composite
def talks(draw: st.DrawFn) -> dict[str, Any]:
    """Two people who exchange what they present on two days, if there is anything."""
    who = draw(st.lists(people, min_size=2, max_size=2, unique=True))
    return {"people": who, "conference": "c0", "dates": draw(st.lists(days, min_size=2, max_size=2, unique=True))}


@st.composite
def weeks(draw: st.DrawFn) -> dict[str, Any]:
    """Two people who exchange some days."""
    first = draw(days)
    who = draw(st.lists(people, min_size=2, max_size=2, unique=True))
    return {"people": who, "from": first, "to": first + timedelta(days=draw(st.integers(0, 30)))}


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
        "presenter_swaps": draw(st.sampled_from([{}, {"talks": draw(talks())}])),
        "swaps": draw(st.sampled_from([{}, {"week": draw(weeks())}])),
        "milestones": {
            "entry-day": {"name": "Orientation", "when": "3 months after entry"},
            "exit": {"name": "Exit interview", "when": "3 days before graduation"},
            "blocks": {"name": "Evaluations", "when": "1 week before block[2,-1] end"},
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

    names = ["people", "sites", "rotations", "conferences", "milestones", "overrides", "swaps", "presenter_swaps"]
    names += ["assignments", "leave", "holidays"]
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


@given(bodies(), st.lists(deeds(), max_size=4))
def test_whatever_is_written_there_is_a_schedule_and_what_is_wrong_is_told(
    program: Callable[..., Program], body: dict[str, Any], overrides: list[dict[str, Any]]
) -> None:
    named = {f"s{number}": {"conference": "c0", **each} for number, each in enumerate(overrides)}
    schedule = expand(program(**{**body, "overrides": {**body["overrides"], **named}}), YEAR)
    assert all(item.provenance for item in schedule.occurrences)
    assert all(problem.code and problem.message for problem in (*schedule.problems, *check(schedule)))


@given(conferences, deeds())
def test_an_override_changes_only_the_sessions_of_its_date(
    program: Callable[..., Program], body: dict[str, Any], deed: dict[str, Any]
) -> None:
    two = {name: {**body, "presenter": None} for name in ("c0", "c1")}
    plain, changed = program(conferences=two), program(conferences=two, overrides={"one": {"conference": "c0", **deed}})
    before, after = ({_key(item): item for item in expand(each, YEAR).occurrences} for each in (plain, changed))
    different = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert {(rule.id, _day(nominal)) for rule, nominal, _ in different} <= {("c0", deed["date"])}


@given(st.permutations(["ash", "birch", "cedar", "elm"]), st.integers(0, 5), st.integers(0, 5), st.booleans())
def test_a_swap_of_sessions_changes_no_other_one_before_the_later(
    program: Callable[..., Program], names: list[str], one: int, other: int, snow: bool
) -> None:
    thursdays = [date(2026, 9, 3) + timedelta(weeks=number) for number in range(8)]
    rule = {"name": "Cases", "when": "Th 17:00-18:00", "from": thursdays[0], "site": "west", "audience": "everyone"}
    cases = {"conferences": {"c0": {**rule, "presenter": {"pool": "everyone"}}}}
    closed = {"snow": {"close": {"sites": "west", "from": thursdays[2], "to": thursdays[2]}}} if snow else {}
    swap = {"people": names[:2], "conference": "c0", "dates": [thursdays[one], thursdays[other]]}
    if one == other:
        return
    plain = program(**cases, overrides=closed)
    trial = program(**cases, overrides=closed, presenter_swaps={"swap": swap})
    before, after = (
        {item.first_day: item for item in expand(each, YEAR).occurrences if item.rule.id == "c0"}
        for each in (plain, trial)
    )
    rest = [day for day in thursdays[: max(one, other)] if day != thursdays[min(one, other)]]
    assert [before[day] for day in rest] == [after[day] for day in rest]
    assert expand(replace(trial, presenter_swaps=()), YEAR).occurrences == expand(plain, YEAR).occurrences


@given(bodies())
def test_without_its_swaps_a_programme_is_what_it_was(program: Callable[..., Program], body: dict[str, Any]) -> None:
    swapped = program(**body)
    plain = expand(program(**{**body, "swaps": {}, "presenter_swaps": {}}), YEAR).occurrences
    recall = Recall()
    expand(swapped, YEAR, recall)
    recall.turn()
    assert expand(replace(swapped, swaps=(), presenter_swaps=()), YEAR, recall).occurrences == plain


def _key(item: Occurrence) -> tuple[Rule, date, str]:
    return item.rule, item.nominal, item.person


def _day(nominal: date) -> date:
    return nominal.date() if isinstance(nominal, datetime) else nominal
