"""What calendar entries say: the templates of the section `texts`, and what fills them."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ircal.model.program import Window
from ircal.model.templates import check, fill
from ircal.model.texts import EntryTexts
from ircal.rules.expand import expand
from tests.rules.conftest import build

if TYPE_CHECKING:
    from ircal.model.program import Program
    from ircal.model.schedule import Details

YEAR = Window(date(2026, 7, 1), date(2027, 7, 1))
SLOTS = {"name": "Didactics", "topic": "", "who": "Robin Ash", "notes": "one\n\ntwo"}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("", ""),
        ("Lunch", "Lunch"),
        ("{name}", "Didactics"),
        ("{name}[: {topic}]", "Didactics"),
        ("{name}[: {topic}][ ({who})]", "Didactics (Robin Ash)"),
        ("{name}[ ({who}: {topic})]", "Didactics (Robin Ash: )"),  # only when all are empty
        ("[[{name}]] {{who}} \\[\\{\\]\\}\\\\", "[Didactics] {who} [{]}\\"),
        ("[Topic: {topic}]\n{topic}\n {topic} [{topic}]\nWho: {who}", "Who: Robin Ash"),
        ("first\n\nlast", "first\n\nlast"),
        ("{notes}\n[{who}]\n", "one\n\ntwo\nRobin Ash"),
        ("[{name},\n{who}]", "Didactics,\nRobin Ash"),
        ("{name}\\n", "Didactics\\n"),
    ],
)
def test_a_template_is_filled(template: str, text: str) -> None:
    assert fill(check(template, SLOTS), SLOTS) == text


@given(st.text().filter(lambda text: not set(text) & set("[]{}\\")))
def test_a_text_without_brackets_is_said_as_it_is(text: str) -> None:
    assert fill(check(text, ()), {}) == text.strip("\n")


@given(st.text(alphabet="[]{}\\na \n"))
def test_nothing_else_than_a_wrong_template_is_refused(template: str) -> None:
    with contextlib.suppress(ValueError):
        assert fill(check(template, {"n": "", "a": ""}), {"n": "x", "a": "", "na": ""}) is not None


@given(st.text())
def test_what_fills_a_slot_is_taken_as_it_is(text: str) -> None:
    assert fill("<{name}>", {"name": text}) == f"<{text}>"


def test_a_text_can_be_written_with_whatever_characters() -> None:
    for mark in "[]{}\\":
        assert fill(f"\\{mark}", {}) == mark


# ------------------------------------------------------------------------------------------------------- of the entries


def details(made: Program, rule: str) -> Details:
    """What the first entry of a rule says."""
    return next(item.details for item in expand(made, YEAR).occurrences if str(item.rule) == rule)


def with_texts(made: Program, **texts: Any) -> Program:
    return replace(made, texts=EntryTexts.model_validate(texts))


CONFERENCE = {
    "name": "Didactics",
    "when": "We 12:00-13:00",
    "from": "2026-10-07",
    "until": "2026-10-07",
    "audience": {"everyone": True},
    "site": "west",
    "room": "Room 3",
    "link": "https://meet.example.org/d",
    "protected": True,
    "description": "Bring lunch.",
    "presenter": {"pool": {"person": "ash"}},
    "deadlines": [{"name": "Slides due", "days_before": 7}],
}
PROGRAM = build(
    conferences={"d": CONFERENCE},
    rotations={
        "icu": {
            "name": "ICU",
            "short": "I",
            "site": "west",
            "hours": "07:00-17:00",
            "duties": {"list": {"id": "list", "name": "List", "when": "Mo 08:00-12:00", "room": "Room 1"}},
        }
    },
    assignments=[{"person": "ash", "rotation": "icu", "start": "2026-10-01", "end": "2026-11-01"}],
    leave=[{"person": "ash", "kind": "sick", "start": "2026-12-01", "end": "2026-12-02", "note": "Home"}],
    milestones={"exam": {"name": "Exam", "when": "2026-11-01", "opens": "09-01"}},
)


@pytest.mark.parametrize(
    ("rule", "summary", "description"),
    [
        (
            "conference:d",
            "Didactics (Ash presenting)",
            (
                "Presenter: Ash\nJoin: https://meet.example.org/d\n"
                "Protected time: clinical duties are covered.\nBring lunch."
            ),
        ),
        ("rotation:icu", "ICU", "Hours: 07:00-17:00\nWest\n08:00-12:00 List, Mo"),
        ("duty:icu/list", "List", "Part of ICU."),
        ("leave:sick", "Leave: sick", "Home"),
        (
            "deadline:d/1",
            "Slides due: Didactics on Wed 7 Oct",
            "Didactics takes place on Wednesday 7 October 2026.",
        ),
        ("milestone:exam", "Exam", "Opens on 1 Sep, closes on 1 Nov."),
    ],
)
def test_what_is_said_when_nobody_wants_it_otherwise(rule: str, summary: str, description: str) -> None:
    said = details(PROGRAM, rule)
    assert (said.summary, said.description) == (summary, description)


@pytest.mark.parametrize(
    ("rule", "kind", "title", "description", "summary", "text"),
    [
        ("conference:d", "conferences", "{presenter}, {room}", "[{topic}{speaker}]\n{site}", "Ash, Room 3", "West"),
        ("rotation:icu", "rotations", "[{short}: ]{name}", "{duties}", "I: ICU", "08:00-12:00 List, Mo"),
        ("duty:icu/list", "duties", "{rotation}/{name}", "{hours} {room}", "ICU/List", "08:00-12:00 Room 1"),
        ("leave:sick", "leave", "Away[ ({kind})]", "", "Away (sick)", ""),
        ("deadline:d/1", "deadlines", "{name} in {days} days", "[{topic}]", "Slides due in 7 days", ""),
        ("milestone:exam", "milestones", "{closes} {name}", "from {opens}", "1 Nov Exam", "from 1 Sep"),
    ],
)
def test_what_is_said_by_a_template(  # noqa: PLR0913, PLR0917
    rule: str, kind: str, title: str, description: str, summary: str, text: str
) -> None:
    said = details(with_texts(PROGRAM, **{kind: {"title": title, "description": description}}), rule)
    assert (said.summary, said.description) == (summary, text)


def test_a_conference_may_have_a_title_of_its_own() -> None:
    made = build(conferences={"d": {**CONFERENCE, "title": "{conference} in {room}"}})
    assert details(with_texts(made, conferences={"title": "Meeting"}), "conference:d").summary == "Didactics in Room 3"


def test_a_title_that_comes_to_nothing_leaves_the_name() -> None:
    assert details(with_texts(PROGRAM, conferences={"title": "[{topic}]"}), "conference:d").summary == "Didactics"
