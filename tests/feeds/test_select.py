"""Which occurrences come onto which calendar, and how they are worded there."""

from __future__ import annotations

from datetime import date

import pytest

from ircal.feeds import make_feed
from ircal.model.program import Calendar, CalendarKind, Contents
from ircal.model.schedule import Details, Occurrence, Rule
from tests.feeds.making import added, cancelled, conference, everyone, excusing, moment, personal, program, schedule

DAY, NEXT = date(2026, 9, 7), date(2026, 9, 8)
PROGRAM = program(conference("Mo 07:00-08:00"), conference("We[3] 17:00-18:00", "journal"))
DUTY = Occurrence(
    Rule("duty", "external/vein"),
    moment("2026-09-07 08:00"),
    moment("2026-09-07 08:00"),
    moment("2026-09-07 12:00"),
    Details("Vein centre"),
    person="ash",
    site="vein-centre",
    rotation="external",
)
MILESTONE = Occurrence(
    Rule("milestone", "exam"), DAY, DAY, NEXT, Details("Core exam"), attendance=everyone("ash", "brook")
)
OCCURRENCES = (
    DUTY,
    MILESTONE,
    added(PROGRAM, "mm", "2026-09-07 07:00", "2026-09-07 08:00"),
    excusing(cancelled(added(PROGRAM, "journal", "2026-09-16 17:00", "2026-09-16 18:00")), "ash"),
    personal(("rotation", "west"), "ash", DAY, NEXT, "IR West"),
    personal(("rotation", "west"), "cedar", DAY, NEXT, "IR West"),
    personal(("leave", "vacation"), "brook", DAY, NEXT, "Leave: vacation"),
    personal(("deadline", "mm/1"), "cedar", DAY, NEXT, "Slides")._replace(site=""),
)


def shown(kind: CalendarKind, of: str = "", contents: tuple[Contents, ...] | None = None) -> list[str]:
    chosen = {"contents": contents} if contents else {}
    calendar = Calendar(id="c", name="C", kind=kind, of=of, **chosen)
    return sorted(item.details.summary for item in make_feed(schedule(PROGRAM, OCCURRENCES), calendar).occurrences)


@pytest.mark.parametrize(
    ("kind", "of", "expected"),
    [
        ("resident", "ash", ["Added", "IR West", "Vein centre"]),
        ("resident", "brook", ["Added", "Cancelled: Added", "Leave: vacation"]),
        ("resident", "cedar", ["Added", "Cancelled: Added", "Core exam", "IR West", "Slides"]),
        ("resident", "dale", []),
        ("site", "west", ["Robin Ash: IR West", "Robin Brook: Leave", "Robin Cedar: IR West"]),
        ("site", "vein-centre", ["Robin Ash: Vein centre"]),
        ("rotation", "west", ["Robin Ash: IR West", "Robin Cedar: IR West"]),
        ("rotation", "external", ["Robin Ash: Vein centre"]),
        ("conference", "mm", ["Added"]),
        (
            "class",
            "2031",
            ["Added", "Cancelled: Added", "Robin Ash: IR West", "Robin Ash: Vein centre", "Robin Brook: Leave"],
        ),
        ("class", "2030", ["Added", "Cancelled: Added", "Core exam", "Robin Cedar: IR West", "Robin Cedar: Slides"]),
        ("class", "1999", []),
        (
            "programme",
            "",
            [
                "Added",
                "Cancelled: Added",
                "Core exam",
                "Robin Ash: IR West",
                "Robin Ash: Vein centre",
                "Robin Brook: Leave",
                "Robin Cedar: IR West",
                "Robin Cedar: Slides",
            ],
        ),
    ],
)
def test_what_each_kind_of_calendar_shows(kind: CalendarKind, of: str, expected: list[str]) -> None:
    assert shown(kind, of) == expected


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        (("rotations",), ["Robin Ash: IR West", "Robin Cedar: IR West"]),
        (("duties",), ["Robin Ash: Vein centre"]),
        (("conferences",), ["Added", "Cancelled: Added", "Robin Cedar: Slides"]),
        (("milestones",), ["Core exam"]),
        (("leave", "duties"), ["Robin Ash: Vein centre", "Robin Brook: Leave"]),
    ],
)
def test_contents_narrow_it(contents: tuple[Contents, ...], expected: list[str]) -> None:
    assert shown("programme", contents=contents) == expected


def test_a_cancelled_session_stays_and_says_so() -> None:
    feed = make_feed(schedule(PROGRAM, OCCURRENCES), Calendar(id="c", name="C", kind="conference", of="journal"))
    assert [(item.details.summary, item.details.status) for item in feed.occurrences] == [
        ("Cancelled: Added", "CANCELLED")
    ]


def test_someone_unknown_is_named_by_id() -> None:
    stranger = DUTY._replace(person="elm")
    feed = make_feed(schedule(PROGRAM, [stranger]), Calendar(id="c", name="C", kind="programme"))
    assert [item.details.summary for item in feed.occurrences] == ["elm: Vein centre"]


def test_occurrences_come_in_order_of_time() -> None:
    feed = make_feed(schedule(PROGRAM, reversed(OCCURRENCES)), Calendar(id="c", name="C", kind="resident", of="ash"))
    assert [item.details.summary for item in feed.occurrences] == ["IR West", "Added", "Vein centre"]
