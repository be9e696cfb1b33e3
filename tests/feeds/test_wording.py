"""How each calendar words what it says: more for whom it concerns, less for others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ircal.feeds import make_feed, make_feeds, render
from ircal.model.people import Person
from ircal.model.program import Calendar, Window
from ircal.recall import Recall
from ircal.rules.expand import expand
from tests.rules.conftest import build

if TYPE_CHECKING:
    from ircal.model.program import Program

YEAR = Window(date(2026, 7, 1), date(2027, 7, 1))
PEOPLE = {
    "ash": {"name": "Robin Ash", "role": "resident", "entered": "2022-07-01"},
    "birch": {"name": "Robin Birch", "role": "resident", "entered": "2022-07-01"},
    "cedar": {"name": "Robin Cedar", "role": "resident", "entered": "2024-07-01"},
    "elm": {"name": "Robin Elm", "role": "faculty"},
}
CONFERENCES = {
    "rounds": {
        "name": "Rounds",
        "when": "We 12:00-13:00",
        "season": "10-01..10-31",
        "site": "west",
        "room": "Room 7",
        "link": "https://meet.example.org/rounds",
        "description": "Ask Robin Elm.",
        "audience": {"pgy": 6},
        "optional": {"pgy": 4},
    },
    "mm": {
        "name": "M&M",
        "when": "We[3] 17:00-18:00",
        "season": "09-01..11-30",
        "site": "west",
        "audience": {"everyone": True},
        "presenter": {"pool": {"person": "ash"}},
        "deadlines": [{"name": "Slides due", "days_before": 7}],
    },
}
OVERRIDES = {
    "moved": {
        "conference": "rounds",
        "date": "2026-10-14",
        "move": {"to": "2026-10-15"},
        "by": "elm",
        "reason": "Robin Cedar is away",
    },
    "off": {"conference": "rounds", "date": "2026-10-21", "cancel": True, "by": "elm", "reason": "A visit"},
    "asked": {"conference": "rounds", "date": "2026-10-28", "require": ["cedar"], "by": "elm"},
    "excused": {"conference": "rounds", "date": "2026-10-28", "excuse": ["birch"], "by": "elm"},
    "topic": {
        "conference": "mm",
        "date": "2026-10-21",
        "change": {"topic": "Bleeding after biopsy", "speaker": "Robin Elm"},
    },
    "snow": {"close": {"sites": ["west"], "from": "2026-11-18T08:00", "to": "2026-11-18T20:00"}, "reason": "Snow"},
}
ASSIGNMENTS = [
    {"person": "ash", "rotation": "icu", "start": "2026-10-05", "end": "2026-11-02", "origin": "block"},
    {"person": "birch", "rotation": "icu", "start": "2026-09-28", "end": "2026-11-30", "note": "in place of AIRP"},
    {"person": "cedar", "rotation": "icu", "start": "2026-10-31", "end": "2026-11-16"},
    {"person": "elm", "rotation": "icu", "start": "2026-10-05", "end": "2026-11-02"},
]
LEAVE = [
    {"person": "cedar", "kind": "sick", "start": "2026-12-01", "end": "2026-12-03", "note": "operation"},
    {"person": "birch", "kind": "vacation", "start": "2026-10-12", "end": "2026-10-13"},
]
SECRETS = [person["name"] for person in PEOPLE.values()] + ["Bleeding", "sick", "operation", "meet.example.org", "Snow"]


def programme(**changes: Any) -> Program:
    given_by = {"people": PEOPLE, "conferences": CONFERENCES, "overrides": OVERRIDES, "leave": LEAVE}
    milestones = {"exam": {"name": "Exam", "when": "2026-11-01", "description": "Ask Robin Elm."}}
    return build(**{**given_by, "assignments": ASSIGNMENTS, "milestones": milestones, **changes})


PROGRAM = programme()


def calendar(kind: str, of: str = "", **changes: Any) -> Calendar:
    return Calendar.model_validate({"id": "c", "name": "C", "kind": kind, "of": of, **changes})


def said(asked: Calendar, made: Program = PROGRAM) -> dict[tuple[str, str], tuple[str, str]]:
    """Title and description of each entry, by its rule and first day."""
    feed = make_feed(expand(made, YEAR), asked)
    return {
        (str(item.rule), str(item.first_day)): (item.details.summary, item.details.description)
        for item in feed.occurrences
    }


def lines_of(asked: Calendar, rule: str, day: str) -> list[str]:
    return said(asked)[rule, day][1].split("\n")


ASH, CEDAR = calendar("resident", "ash"), calendar("resident", "cedar")


@pytest.mark.parametrize(
    ("asked", "rule", "day", "told"),
    [
        (ASH, "conference:rounds", "2026-10-07", "You: required"),
        (CEDAR, "conference:rounds", "2026-10-07", "You: optional"),
        (CEDAR, "conference:rounds", "2026-10-28", "You: asked to come"),
        (ASH, "conference:mm", "2026-10-21", "You: presenting"),
    ],
)
def test_a_resident_is_told_how_a_session_concerns_them(asked: Calendar, rule: str, day: str, told: str) -> None:
    assert told in lines_of(asked, rule, day)


def test_a_resident_is_told_who_else_is_on_the_rotation_and_when() -> None:
    told = [line for line in lines_of(ASH, "rotation:icu", "2026-10-05") if line.startswith("With: ")]
    assert told == ["With: Robin Birch (5 Oct to 11 Oct, 13 Oct to 1 Nov); Robin Cedar (31 Oct to 1 Nov)"]


def test_whoever_is_there_all_the_time_has_no_days() -> None:
    assert "With: Robin Birch (31 Oct to 15 Nov); Robin" not in lines_of(CEDAR, "rotation:icu", "2026-10-31")
    told = [line for line in lines_of(CEDAR, "rotation:icu", "2026-10-31") if line.startswith("With: ")]
    assert told == ["With: Robin Ash (31 Oct to 1 Nov); Robin Birch"]


@pytest.mark.parametrize(
    ("asked", "rule", "day", "told"),
    [
        (ASH, "conference:rounds", "2026-10-07", "Why: every Wednesday"),
        (ASH, "conference:mm", "2026-09-16", "Why: each month on the third Wednesday"),
        (
            ASH,
            "conference:rounds",
            "2026-10-15",
            "Why: every Wednesday; moved from Wed 14 Oct 2026 to Thu 15 Oct 2026 by Robin Elm: Robin Cedar is away",
        ),
        (ASH, "conference:rounds", "2026-10-21", "Why: every Wednesday; cancelled by Robin Elm: A visit"),
        (
            calendar("site", "west"),
            "conference:mm",
            "2026-11-18",
            "Why: each month on the third Wednesday; West is closed: Snow",
        ),
        (ASH, "rotation:icu", "2026-10-05", "Why: the block schedule"),
        (calendar("resident", "birch"), "rotation:icu", "2026-09-28", "Why: an assignment by dates, in place of AIRP"),
    ],
)
def test_a_reader_is_told_why_an_entry_is_there(asked: Calendar, rule: str, day: str, told: str) -> None:
    assert told in lines_of(asked, rule, day)


def test_why_names_a_cycle_and_a_swap() -> None:
    swap = {"people": ["ash", "birch"], "from": "2026-07-13", "to": "2026-07-19", "reason": "a wedding"}
    made = programme(
        assignments=[
            {"person": name, "rotation": "core", "start": "2026-07-01", "end": "2027-07-01"}
            for name in ("ash", "birch")
        ],
        swaps={"s": swap},
    )
    told = {description for (rule, _), (_, description) in said(ASH, made).items() if rule.startswith("rotation")}
    whys = {line for description in told for line in description.split("\n") if line.startswith("Why: ")}
    assert "Why: an assignment by dates; the cycle core" in whys
    assert any("a swap between Robin Ash and Robin Birch: a wedding" in why for why in whys)


def test_who_is_excused_or_asked_to_come_is_told_to_nobody_else() -> None:
    for asked in (ASH, calendar("site", "west"), calendar("programme")):
        assert not {"birch", "Birch", "cedar"} & set(
            " ".join(lines_of(asked, "conference:rounds", "2026-10-28")).split()
        )


def test_a_public_calendar_gains_no_name() -> None:
    for asked in (calendar("conference", "rounds"), ASH):
        public = asked.model_copy(update={"public": True})
        for (rule, _), (_, description) in said(public).items():
            assert not any(line.startswith(("Why", "With")) for line in description.split("\n"))
            assert "Cedar" not in description or rule == "conference:mm"


@pytest.mark.parametrize(
    "asked", [calendar("programme"), calendar("class", "2029"), calendar("class", "2029", public=True)]
)
def test_the_kind_of_leave_is_for_the_own_calendar_alone(asked: Calendar) -> None:
    assert said(asked)["leave:sick", "2026-12-01"] == ("Robin Cedar: Leave", "")
    assert said(CEDAR)["leave:sick", "2026-12-01"] == ("Leave: sick", "operation")
    assert b"sick" not in render(make_feed(expand(PROGRAM, YEAR), asked), PROGRAM.settings, {})


def test_what_does_not_take_place_says_so_in_its_title() -> None:
    assert said(ASH)["conference:rounds", "2026-10-21"][0] == "Cancelled: Rounds"


# -------------------------------------------------------------------------------------------------------------- minimal


@pytest.mark.parametrize(
    ("rule", "day", "title", "place"),
    [
        ("conference:rounds", "2026-10-07", "Rounds", "West"),
        ("conference:rounds", "2026-10-21", "Cancelled: Rounds", "West"),
        ("conference:mm", "2026-10-21", "M&M", "West"),
        ("deadline:mm/1", "2026-10-14", "Slides due", ""),
        ("rotation:icu", "2026-10-05", "ICU", "West"),
        ("leave:sick", "2026-12-01", "Leave", ""),
        ("milestone:exam", "2026-11-01", "Exam", ""),
    ],
)
def test_a_minimal_calendar_says_what_and_where(rule: str, day: str, title: str, place: str) -> None:
    feed = make_feed(expand(PROGRAM, YEAR), calendar("programme", detail="minimal"))
    found = next(it for it in feed.occurrences if (str(it.rule), str(it.first_day)) == (rule, day))
    assert (found.details.summary, found.details.location) == (title, place)
    assert (found.details.description, found.details.link) == ("", "")


KINDS = [
    ("programme", ""),
    ("resident", "ash"),
    ("resident", "cedar"),
    ("class", "2029"),
    ("site", "west"),
    ("rotation", "icu"),
    ("conference", "mm"),
]


@given(
    st.sampled_from(KINDS),
    st.booleans(),
    st.text(alphabet="xyzäß ,;", min_size=3).map(lambda text: f"Q{text.strip()}Q"),
    st.sampled_from(["Name", "Topic"]),
)
def test_no_bytes_of_a_minimal_calendar_name_a_person_or_a_topic(
    kind: tuple[str, str], public: bool, secret: str, what: str
) -> None:
    made = PROGRAM
    if what == "Name":
        made = replace(made, people={**made.people, "ash": made.people["ash"].model_copy(update={"name": secret})})
    else:
        change = {"conference": "mm", "date": "2026-10-21", "change": {"topic": secret}}
        made = programme(overrides={**OVERRIDES, "topic": change})
    asked = calendar(*kind, detail="minimal", public=public and kind[0] != "resident", reminders=["1d"])
    text = render(make_feed(expand(made, YEAR), asked), made.settings, {}).replace(b"\r\n ", b"").decode()
    assert text.count("BEGIN:VEVENT")
    said_by_escape = secret.replace(",", "\\,").replace(";", "\\;")
    assert [word for word in (*SECRETS, secret, said_by_escape) if word in text] == []
    assert "DESCRIPTION" not in text.replace("ACTION:DISPLAY\r\nDESCRIPTION", "")


# --------------------------------------------------------------------------------------------------------- built again


def changed(made: Program, what: str) -> tuple[Program, Calendar]:
    """The programme, or a calendar of it, after an edit that touches no occurrence of that calendar."""
    site = calendar("site", "west")
    match what:
        case "name":
            renamed = Person(id="ash", name="Robin Aspen", role="resident", entered=date(2022, 7, 1))
            return replace(made, people={**made.people, "ash": renamed}), site
        case "detail":
            return made, site.model_copy(update={"detail": "minimal"})
        case "public":
            return made, site.model_copy(update={"public": True})
        case "reminders":
            return made, calendar("site", "west", reminders=["15m"])
        case "kind":
            return made, calendar("class", "2027")
        case _:
            one, other, third, *rest = made.assignments
            later = third.model_copy(update={"start": third.start + timedelta(days=1)})
            return replace(made, assignments=(one, other, later, *rest)), ASH


@pytest.mark.parametrize("what", ["name", "detail", "public", "reminders", "kind", "company"])
def test_what_was_worded_before_is_worded_anew_where_it_must_be(what: str) -> None:
    recall = Recall()
    before = ASH if what == "company" else calendar("site", "west")
    make_feeds(expand(PROGRAM, YEAR, recall), [before], recall=recall)
    recall.turn()
    made, asked = changed(PROGRAM, what)
    again = make_feeds(expand(made, YEAR, recall), [asked], recall=recall)["c"]
    assert again == make_feed(expand(made, YEAR), asked)
    assert again.series != make_feed(expand(PROGRAM, YEAR), before).series
