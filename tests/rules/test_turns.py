"""Who presents: published names stay, all others take turns among those who have to be there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ircal.model.conferences import PublishedPresenter, Topic
from ircal.model.place import Place
from ircal.model.program import Program, Window
from ircal.rules.expand import expand

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.errors import Problem

YEAR = Window(date(2026, 7, 1), date(2027, 7, 1))
CASES = {
    "name": "Cases",
    "when": "Th 17:00-18:00",
    "from": "2026-09-03",
    "until": "2026-09-24",
    "site": "west",
    "audience": {"everyone": True},
    "presenter": {"pool": {"everyone": True}},
}


def cases(**changes: Any) -> dict[str, Any]:
    return {"conferences": {"cases": {**CASES, **changes}}}


def published(program: Program, **names: str) -> Program:
    """`published(program, d03="ash")` is a list that names Ash for 3 September, in line 2."""
    rows = tuple(
        PublishedPresenter(date=date(2026, 9, int(day[1:])), person=name, place=Place("presenters/cases.csv", line))
        for line, (day, name) in enumerate(names.items(), start=2)
    )
    return replace(program, presenters={"cases": rows})


def presenting(program: Program) -> dict[str, str]:
    """By day of September, who presents."""
    return {
        f"d{item.first_day:%d}": next((entry.person for entry in item.attendance if entry.reason == "presenting"), "")
        for item in expand(program, YEAR).occurrences
        if item.rule.id == "cases"
    }


def told(program: Program) -> list[Problem]:
    return list(expand(program, YEAR).problems)


def on(rotation: str, *names: str) -> list[dict[str, str]]:
    """These people on that rotation from the second week of September on, all others at West."""
    west = [
        {"person": name, "rotation": "ir-west", "start": "2026-07-01", "end": "2027-07-01", "origin": "block"}
        for name in ("ash", "birch", "cedar", "elm")
    ]
    there = [{"person": name, "rotation": rotation, "start": "2026-09-07", "end": "2026-10-01"} for name in names]
    return [*west, *there]


@pytest.mark.parametrize(
    "whom",
    [
        {"audience": {"everyone": True, "not": {"rotation": "icu"}}},
        {"audience": {"everyone": True, "not": {"rotation": "icu"}}, "optional": {"rotation": "icu"}},
    ],
    ids=["not called", "optional"],
)
def test_whoever_need_not_come_is_not_asked_to_present(program: Callable[..., Program], whom: dict[str, Any]) -> None:
    trial = program(**cases(**whom), assignments=on("icu", "birch", "cedar"))
    assert presenting(trial) == {"d03": "ash", "d10": "elm", "d17": "ash", "d24": "elm"}


def test_whoever_is_excused_by_the_conference_is_not_asked_to_present(program: Callable[..., Program]) -> None:
    lenient = {"pool": {"everyone": True}, "exclude": []}
    trial = program(
        **cases(excuse=["off_site", "leave"], presenter=lenient),
        assignments=on("external", "birch"),
        leave=[{"person": "cedar", "kind": "vacation", "start": "2026-09-14", "end": "2026-09-21"}],
        overrides={"court": {"conference": "cases", "date": "2026-09-24", "excuse": "elm"}},
    )
    assert presenting(trial) == {"d03": "ash", "d10": "cedar", "d17": "elm", "d24": "ash"}


def test_whoever_is_asked_to_come_may_present(program: Callable[..., Program]) -> None:
    trial = program(
        **cases(audience={"pgy": 2}),
        overrides={"guest": {"conference": "cases", "date": "2026-09-10", "require": "elm"}},
    )
    assert presenting(trial) == {"d03": "", "d10": "elm", "d17": "", "d24": ""}


def test_a_session_that_nobody_can_present_is_told(program: Callable[..., Program]) -> None:
    trial = program(
        **cases(audience={"everyone": True, "not": {"rotation": "icu"}}, until="2026-09-10"),
        assignments=on("icu", "ash", "birch", "cedar", "elm"),
    )
    assert presenting(trial) == {"d03": "ash", "d10": ""}
    (problem,) = told(trial)
    assert (problem.code, problem.severity, problem.place) == (
        "presenter-missing",
        "warning",
        trial.conferences["cases"].place,
    )
    assert "Cases on Thu 2026-09-10" in problem.message


def test_what_is_published_stays_whoever_comes_or_goes_away(program: Callable[..., Program]) -> None:
    names = {"d03": "birch", "d10": "ash", "d17": "elm"}
    before = published(program(**cases()), **names)
    away = [{"person": name, "kind": "vacation", "start": "2026-09-14", "end": "2026-09-21"} for name in ("elm", "ash")]
    new = {"aspen": {"name": "Aspen", "role": "resident", "entered": "2026-07-01"}}
    after = published(program(**cases(), leave=away, people=new), **names)
    for trial in (before, after):
        assert {day: name for day, name in presenting(trial).items() if day in names} == names
    assert presenting(before)["d24"] == "cedar"


def test_turns_go_by_who_presented_before_the_first_year(program: Callable[..., Program]) -> None:
    new = {"aspen": {"name": "Aspen", "role": "resident", "entered": "2026-07-01"}}
    trial = program(**cases(), people=new, assignments=on("ir-west"))
    before = [
        (date(2026, 5, 6), "birch"),
        (date(2026, 5, 13), "elm"),
        (date(2026, 6, 3), "ash"),
        (date(2025, 6, 4), "cedar"),
    ]
    rows = tuple(PublishedPresenter(date=day, person=name) for day, name in before)
    trial = replace(trial, presenters={"cases": rows})
    assert presenting(trial) == {"d03": "aspen", "d10": "cedar", "d17": "birch", "d24": "elm"}
    assert told(trial) == []


def test_a_published_presenter_who_is_away_is_told_with_both_places(program: Callable[..., Program]) -> None:
    away = {"person": "elm", "kind": "vacation", "start": "2026-09-07", "end": "2026-09-14"}
    trial = published(program(**cases(), leave=[{**away, "place": Place("leave/2026.csv", 4)}]), d03="elm", d10="elm")
    (problem,) = told(trial)
    assert (problem.code, problem.severity, problem.place) == (
        "presenter-away",
        "warning",
        Place("presenters/cases.csv", 3),
    )
    assert problem.message == "Elm presents Cases on Thu 2026-09-10 and is on leave (vacation), see leave/2026.csv:4"
    assert presenting(trial)["d10"] == "elm"


@pytest.mark.parametrize(
    ("rotation", "why"),
    [
        ("external", "is off-site (vein)"),
        ("nights", "is on nights"),
        ("icu", "need not come while on ICU"),
    ],
)
def test_a_published_presenter_who_is_elsewhere_is_told(
    program: Callable[..., Program], rotation: str, why: str
) -> None:
    audience = {"everyone": True, "not": {"rotation": "icu"}}
    trial = published(program(**cases(audience=audience), assignments=on(rotation, "elm")), d03="elm", d10="elm")
    (problem,) = told(trial)
    assert problem.place == Place("presenters/cases.csv", 3)
    assert problem.message == f"Elm presents Cases on Thu 2026-09-10 and {why}"
    assert problem.severity == "warning"


def test_a_published_presenter_may_come_of_their_own_accord_or_be_no_resident(program: Callable[..., Program]) -> None:
    audience = {"everyone": True, "not": {"rotation": "icu"}}
    faculty = {"sorrel": {"name": "Dr. Sorrel", "role": "faculty"}}
    trial = program(
        **cases(audience=audience, optional={"rotation": "icu"}),
        assignments=on("icu", "elm", "birch"),
        people=faculty,
        overrides={"birch": {"conference": "cases", "date": "2026-09-24", "require": "birch"}},
    )
    assert told(published(trial, d10="elm", d17="sorrel", d24="birch")) == []


def test_a_published_presenter_who_has_left_is_an_error(program: Callable[..., Program]) -> None:
    left = {"ash": {"name": "Ash", "role": "resident", "entered": "2022-07-01", "left": "2026-09-05"}}
    trial = published(program(**cases(), people=left), d03="ash", d10="ash")
    (problem,) = told(trial)
    assert (problem.code, problem.severity, problem.place) == (
        "outside-membership",
        "error",
        Place("presenters/cases.csv", 3),
    )
    assert problem.message == "Ash presents Cases on Thu 2026-09-10 and is not in the programme that day"


def test_a_presenter_named_by_an_override_is_looked_at_too(program: Callable[..., Program]) -> None:
    named = {"presenter": "elm", "place": Place("overrides.yaml", 9)}
    trial = program(
        **cases(),
        assignments=on("nights", "elm"),
        overrides={"named": {"conference": "cases", "date": "2026-09-10", "change": named}},
    )
    (problem,) = told(trial)
    assert (problem.code, problem.place) == ("presenter-away", Place("overrides.yaml", 9))


def test_a_session_that_does_not_take_place_needs_nobody(program: Callable[..., Program]) -> None:
    trial = program(
        **cases(),
        assignments=on("nights", "elm"),
        overrides={"off": {"conference": "cases", "date": "2026-09-10", "cancel": True}},
    )
    assert told(published(trial, d10="elm")) == []


def test_what_replaces_a_session_is_not_presented_by_who_was_published_for_it(
    program: Callable[..., Program],
) -> None:
    visit = {
        "conference": "cases",
        "date": "2026-09-10",
        "replace": {"name": "Visiting professor", "speaker": "Lavender"},
    }
    trial = published(program(**cases(), overrides={"visit": visit}), d10="elm")
    assert presenting(trial)["d10"] == ""
    (summary,) = [
        item.details.summary for item in expand(trial, YEAR).occurrences if "professor" in item.details.summary
    ]
    assert summary == "Visiting professor (Lavender)"


def test_a_session_moved_onto_the_day_of_another_keeps_its_own_presenter(program: Callable[..., Program]) -> None:
    moved = {"conference": "cases", "date": "2026-09-10", "move": {"to": "2026-09-17", "at": "16:00-17:00"}}
    trial = published(program(**cases(), overrides={"later": moved}), d10="elm", d17="birch")
    both = [item for item in expand(trial, YEAR).occurrences if item.rule.id == "cases" and item.first_day.day == 17]
    assert {item.details.summary for item in both} == {"Cases (Elm presenting)", "Cases (Birch presenting)"}


def test_a_list_for_a_conference_without_presenters_is_told(program: Callable[..., Program]) -> None:
    trial = published(program(**cases(presenter=None)), d03="ash", d10="elm")
    (problem,) = told(trial)
    assert (problem.code, problem.severity, problem.place) == (
        "presenter-without-pool",
        "warning",
        Place("presenters/cases.csv", 2),
    )


def test_a_session_moved_onto_the_day_of_another_does_not_take_what_was_published_for_that(
    program: Callable[..., Program],
) -> None:
    moved = {"conference": "cases", "date": "2026-09-10", "move": {"to": "2026-09-17", "at": "16:00-17:00"}}
    trial = published(program(**cases(), overrides={"later": moved}), d17="elm")
    both = [item for item in expand(trial, YEAR).occurrences if item.rule.id == "cases" and item.first_day.day == 17]
    assert [item.details.summary for item in both] == ["Cases (Birch presenting)", "Cases (Elm presenting)"]


def test_a_dated_topic_goes_with_its_session_when_that_is_moved(program: Callable[..., Program]) -> None:
    moved = {"conference": "cases", "date": "2026-09-10", "move": {"to": "2026-09-11"}}
    trial = replace(
        program(**cases(topics="cases", presenter=None), overrides={"later": moved}),
        topics={"cases": (Topic(topic="First"), Topic(topic="Dated", date=date(2026, 9, 10)), Topic(topic="Second"))},
    )
    titles = [item.details.summary for item in expand(trial, YEAR).occurrences if item.rule.id == "cases"]
    assert titles == ["Cases: First", "Cases: Dated", "Cases: Second", "Cases"]
    assert told(trial) == []


def test_a_dated_topic_of_a_session_that_is_cancelled_is_told(program: Callable[..., Program]) -> None:
    off = {"conference": "cases", "date": "2026-09-10", "cancel": True}
    trial = replace(
        program(**cases(topics="cases", presenter=None), overrides={"off": off}),
        topics={"cases": (Topic(topic="Dated", date=date(2026, 9, 10)),)},
    )
    (problem,) = told(trial)
    assert problem.message == "Cases of Thu 2026-09-10 is cancelled or replaced, so the topic 'Dated' is left out"


def test_that_nobody_can_present_is_told_once_for_all_days(program: Callable[..., Program]) -> None:
    trial = program(**cases(presenter={"pool": {"role": "faculty"}}, until="2026-10-08"))
    (problem,) = told(trial)
    assert problem.message.startswith(
        "nobody can present Cases on Thu 2026-09-03, on Thu 2026-09-10, on Thu 2026-09-17 and 3 times more: of the pool"
    )
