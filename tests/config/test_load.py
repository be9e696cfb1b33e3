"""What is right is read, and nothing depends on the order in which it was written."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from ircal.model.conferences import PublishedPresenter, Session, Topic
from ircal.model.milestones import ClassDay
from ircal.model.place import Place
from ircal.model.rotations import Assignment, Leave
from ircal.model.values import MonthDay, Value

if TYPE_CHECKING:
    from ircal.model.program import Program
    from tests.config.conftest import Folder


def meaning(value: Any) -> Any:
    """All that a Program says, with the order of its mappings, without the places where it is written."""
    if isinstance(value, Value):
        return [(name, meaning(getattr(value, name))) for name in type(value).model_fields if name != "place"]
    if isinstance(value, dict):
        return [(key, meaning(item)) for key, item in value.items()]
    return [meaning(item) for item in value] if isinstance(value, tuple) else value


def said(program: Program) -> dict[str, Any]:
    return {field.name: meaning(getattr(program, field.name)) for field in fields(program)}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_the_small_programme_has_no_faults(folder: Folder) -> None:
    assert folder.told() == []


def test_two_escapes_of_one_character_are_that_character(folder: Folder) -> None:
    folder.write("x.yaml", r'people: {r-yew: {name: "Yew \ud83c\udf32", role: faculty}}')
    assert folder.load().people["r-yew"].name == "Yew \U0001f332"


def test_settings(folder: Folder) -> None:
    settings = folder.load().settings
    assert settings.id == "irres"
    assert settings.published == dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
    assert settings.phases["ir"].id == "ir"
    assert settings.phases["ir"].on == MonthDay(month=11, day=1)
    assert settings.place == Place("programme.yaml", 1)


def test_ids_are_the_keys_and_places_are_their_lines(folder: Folder) -> None:
    program = folder.load()
    assert [(person.id, person.place.line) for person in program.people.values()] == [
        ("f-elm", 4),
        ("r-ash", 2),
        ("r-bay", 3),
    ]
    presenter = program.conferences["mm"].presenter
    assert presenter is not None
    assert presenter.pool.place == Place("conferences.yaml", 7)
    assert isinstance(program.milestones["core-exam"].when, ClassDay)


def test_block_schedule(folder: Folder) -> None:
    file = "blocks/2026-27.csv"
    blocks = [item for item in folder.load().assignments if item.origin == "block"]
    assert [(item.person, item.rotation, str(item.start), str(item.end), item.place) for item in blocks] == [
        ("r-ash", "external", "2026-07-13", "2026-07-27", Place(file, 2, "1")),
        ("r-ash", "icu", "2026-07-27", "2026-08-24", Place(file, 2, "2")),
        ("r-ash", "icu", "2026-08-24", "2026-09-21", Place(file, 2, "3")),
        ("r-ash", "ir-west", "2026-06-29", "2026-07-13", Place(file, 2, "1")),
        ("r-bay", "core", "2026-06-29", "2026-07-27", Place(file, 3, "1")),
        ("r-bay", "ir-west", "2026-07-27", "2026-08-24", Place(file, 3, "2")),
    ]


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("W/X/W", ["2026-06-29", "2026-07-06", "2026-07-13"]),
        ("W/X/W/X", ["2026-06-29", "2026-07-06", "2026-07-13", "2026-07-20"]),
        (" W / X ", ["2026-06-29", "2026-07-13"]),
    ],
)
def test_parts_of_a_block_are_whole_weeks(folder: Folder, cell: str, days: list[str]) -> None:
    folder.write("blocks/2026-27.csv", f"resident,1\nr-ash,{cell}\nr-bay,W\n")
    blocks = [item for item in folder.load().assignments if item.origin == "block" and item.person == "r-ash"]
    assert sorted(str(item.start) for item in blocks) == days
    assert max(item.end for item in blocks) == day("2026-07-27")


def test_parts_of_a_month_are_days(folder: Folder) -> None:
    folder.write("blocks/2026-27@months.csv", "resident,10,11\nr-bay,W/X,\n")
    found = [item for item in folder.load().assignments if item.place.file == "blocks/2026-27@months.csv"]
    assert sorted((item.rotation, str(item.start), str(item.end)) for item in found) == [
        ("external", "2027-04-16", "2027-05-01"),
        ("ir-west", "2027-04-01", "2027-04-16"),
    ]


def test_a_block_of_some_days_takes_a_rotation_but_no_parts(folder: Folder) -> None:
    folder.write("x.yaml", "grids: {short: {kind: explicit, years: {2026: [{from: 2026-12-01, to: 2026-12-05}]}}}\n")
    folder.write("blocks/2026-27@short.csv", "resident,1\nr-bay,icu\n")
    folder.write("leave/2026.csv", "person,kind,from,to\n")
    found = [item for item in folder.load().assignments if item.place.file == "blocks/2026-27@short.csv"]
    assert [(item.start, item.end) for item in found] == [(day("2026-12-01"), day("2026-12-06"))]


def test_last_days_are_included(folder: Folder) -> None:
    program = folder.load()
    assert [item for item in program.assignments if item.origin == "dated"] == [
        Assignment(
            person="r-ash",
            rotation="icu",
            start=day("2026-11-02"),
            end=day("2026-11-09"),
            place=Place("assignments/2026.csv", 2),
        )
    ]
    assert program.leave == (
        Leave(
            person="r-bay",
            kind="vacation",
            start=day("2026-12-21"),
            end=day("2026-12-28"),
            place=Place("leave/2026.csv", 2),
        ),
    )


def test_lists(folder: Folder) -> None:
    program = folder.load()
    assert program.topics == {
        "mm": (
            Topic(topic="Portal access", speaker="f-elm", place=Place("topics/mm.csv", 2)),
            Topic(topic="Lysis", place=Place("topics/mm.csv", 3)),
        )
    }
    assert program.sessions == {
        "nesir": (
            Session(
                date=day("2026-09-14"),
                start=dt.time(18),
                end=dt.time(20, 30),
                site="west",
                place=Place("sessions/nesir.csv", 2),
            ),
        )
    }
    assert program.presenters == {
        "mm": (PublishedPresenter(date=day("2026-09-16"), person="r-bay", place=Place("presenters/mm.csv", 2)),)
    }


def test_calendars_of_templates(folder: Folder) -> None:
    folder.write(
        "x.yaml",
        """\
        calendars:
          classes: {each: class}
          places:
            each: site
            id: "at-{id}"
            name: "At {name}"
            only: [west]
            google: {west: west@group.calendar.google.com}
            contents: [duties]
            public: true
            color: teal
            description: "{kind} {id}"
        """,
    )
    calendars = folder.load().calendars
    assert [(name, calendar.name, calendar.kind, calendar.of) for name, calendar in calendars.items()] == [
        ("all", "Everything", "programme", ""),
        ("at-west", "At West Campus", "site", "west"),
        ("class-2027", "Class of 2027", "class", "2027"),
        ("class-2031", "Class of 2031", "class", "2031"),
        ("resident-r-ash", "Ash", "resident", "r-ash"),
        ("resident-r-bay", "Bay", "resident", "r-bay"),
    ]
    west = calendars["at-west"]
    assert (west.google, west.contents, west.public) == ("west@group.calendar.google.com", ("duties",), True)
    assert (west.color, west.description, west.place) == ("teal", "site west", Place("x.yaml", 3))


def test_csv_as_spreadsheets_write_it(folder: Folder) -> None:
    folder.write(
        "assignments/2026.csv",
        b"\xef\xbb\xbfto,person,from,rotation,note,,\r\n"
        b"\r\n"
        b'# a comment, with a comma and a quote: "\r\n'
        b'2026-12-13, r-ash ,2026-12-07,icu,"West, ""days""\r\n# and nights",,\r\n'
        b",,,,,,\r\n"
        b"2026-12-20,r-ash,2026-12-14,icu",
    )
    found = [item for item in folder.load().assignments if item.origin == "dated"]
    assert [(item.person, str(item.start), item.note, item.place.line) for item in found] == [
        ("r-ash", "2026-12-07", 'West, "days"\n# and nights', 4),
        ("r-ash", "2026-12-14", "", 7),
    ]


def test_times_as_spreadsheets_write_them(folder: Folder) -> None:
    folder.write("sessions/nesir.csv", "date,start,end\n2026-09-14,9:30,10:30:00\n")
    folder.write("x.yaml", "conferences: {c: {name: C, when: Mo 9:30-10:30, audience: everyone}}\n")
    folder.write(
        "y.yaml",
        "conferences: {d: {name: D, when: {rrule: FREQ=DAILY, at: {start: 9:30, end: 10:30}}, audience: everyone}}\n",
    )
    program = folder.load()
    (session,) = program.sessions["nesir"]
    ranges = [when.at for when in (program.conferences[name].when for name in "cd") if when]
    assert (session.start, session.end) == (dt.time(9, 30), dt.time(10, 30))
    assert [str(each) for each in ranges] == ["09:30-10:30"] * 2


def test_yaml_as_people_write_it(folder: Folder) -> None:
    folder.write(
        "x.yml",
        """\
        %YAML 1.2
        ---
        # anchors, merges, and one word where a list may stand
        conferences:
          a: &usual
            name: "2026-07-01"
            when: {rrule: FREQ=WEEKLY;INTERVAL=2;BYDAY=TU, at: 07:30-09:00, from: 2026-07-07}
            audience: everyone
          b:
            <<: *usual
            name: B
            when: Tu/2 from 2026-07-07 16:00 - 17:00
            audience: {pgy: 2..4, tag: ir, not: {person: r-ash}}
            season: 09-01..05-31
            from: 2026-09-01
        sites:
          south: {name: South, geo: [4.2e+1, -71]}
        """,
    )
    first, second = (folder.load().conferences[name] for name in ("a", "b"))
    assert folder.load().sites["south"].geo == (42.0, -71.0)
    assert (first.name, second.name) == ("2026-07-01", "B")
    assert second.audience.pgy == (2, 3, 4)
    assert second.audience.tag == ("ir",)
    assert second.season == (MonthDay(month=9, day=1), MonthDay(month=5, day=31))
    assert second.start == day("2026-09-01")


def test_empty_file_says_nothing(folder: Folder) -> None:
    before = said(folder.load())
    folder.write("x.yaml", "")
    folder.write("y.yaml", "# nothing yet\n")
    assert said(folder.load()) == before


@pytest.mark.parametrize("seed", range(6))
def test_order_of_files_sections_entries_and_rows_does_not_matter(folder: Folder, seed: int) -> None:
    folder.write(
        "leave/more.csv", "person,kind,from,to\nr-bay,sick,2026-10-05,2026-10-06\nr-ash,sick,2026-10-05,2026-10-06\n"
    )
    folder.write("sessions/nesir.csv", "date,start,end\n2026-09-14,18:00,20:30\n2026-10-19,18:00,20:30\n2026-10-19,,\n")
    folder.write("presenters/mm.csv", "date,person\n2026-09-16,r-bay\n2026-10-21,r-bay\n2026-11-18,r-bay\n")
    before = said(folder.load())
    shuffle(folder, random.Random(seed))
    assert said(folder.load()) == before


def shuffle(folder: Folder, chance: random.Random) -> None:
    """Other names for the YAML files, their sections in other files and other order, the rows of tables mixed."""
    sections: dict[str, list[str]] = {}
    for path in sorted(folder.path.glob("*.yaml")):
        for section in split(path.read_text(), ""):
            head, _, body = section.partition("\n")
            entries = [section] if head == "program:" else split(body, "  ")
            sections.setdefault(head, []).extend(entries)
        path.unlink()
    files: dict[str, dict[str, list[str]]] = {}
    for head, entries in chance.sample(sorted(sections.items()), len(sections)):
        for entry in chance.sample(entries, len(entries)):
            files.setdefault(f"{chance.choice('abc')}.yaml", {}).setdefault(head, []).append(entry)
    for name, parts in files.items():
        text = "".join(
            entries[0] if head == "program:" else f"{head}\n{''.join(entries)}" for head, entries in parts.items()
        )
        (folder.path / name).write_text(text)
    for path in sorted(folder.path.glob("*/*.csv")):
        if path.parent.name != "topics":
            head, *rows = path.read_text().splitlines(keepends=True)
            path.write_text("".join([head, *chance.sample(rows, len(rows))]))


def split(text: str, indent: str) -> list[str]:
    """The parts of a block that begin at that indentation."""
    parts: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.startswith(indent) and not line[len(indent) :].startswith(" "):
            parts.append(line)
        else:
            parts[-1] += line
    return parts


def test_order_of_keys_inside_an_entry_does_not_matter(folder: Folder) -> None:
    keys = ["weeks: [icu, icu]", "epoch: 2026-06-29", "offsets: {r-ash: 1, r-bay: 0}"]
    folder.write("x.yaml", f"cycles: {{c: {{{', '.join(keys)}}}}}\n")
    before = said(folder.load())
    keys = ["offsets: {r-bay: 0, r-ash: 1}", "epoch: 2026-06-29", "weeks: [icu, icu]"]
    folder.write("x.yaml", f"cycles: {{c: {{{', '.join(keys)}}}}}\n")
    assert said(folder.load()) == before


def test_a_year_that_most_know_nothing_of_is_not_planned_yet(folder: Folder) -> None:
    folder.write(
        "people.yaml",
        """\
        people:
          r-ash: {name: Ash, role: resident, entered: 2026-07-01}
          r-bay: {name: Bay, role: resident, entered: 2022-07-01}
          r-new: {name: New, role: resident, entered: 2027-07-01}
          f-elm: {name: Elm, role: faculty}
        """,
    )
    folder.write("assignments/boot-camp.csv", "person,rotation,from,to\nr-new,icu,2027-07-01,2027-07-31\n")
    assert folder.told() == []


def test_who_is_on_leave_for_the_year_needs_no_assignment(folder: Folder) -> None:
    folder.write("blocks/2026-27.csv", "resident,1\nr-bay,W\n")
    folder.write("leave/x.csv", "person,kind,from,to\nr-ash,parental,2026-07-01,2027-06-30\n")
    assert folder.told() == []


def test_who_is_here_for_days_of_a_year_needs_no_assignment(folder: Folder) -> None:
    people = (folder.path / "people.yaml").read_text()
    folder.write("people.yaml", people + "  r-new: {name: New, role: resident, entered: 2027-06-21}\n")
    assert folder.told() == []


def test_a_closure_by_days_takes_the_last_one_in(folder: Folder) -> None:
    folder.write(
        "x.yaml",
        """\
        overrides:
          days: {close: {sites: west, from: 2027-02-01, to: 2027-02-02}}
          quoted: {close: {sites: west, from: "2027-02-03", to: "2027-02-03"}}
          times: {close: {sites: west, from: 2027-02-04T06:00, to: 2027-02-05T00:00}}
        """,
    )
    closures = [item.close for item in folder.load().overrides if item.close]
    assert [(f"{each.start:%d %H:%M}", f"{each.end:%d %H:%M}", each.last_day.day) for each in closures] == [
        ("01 00:00", "03 00:00", 2),
        ("03 00:00", "04 00:00", 3),
        ("04 06:00", "05 00:00", 4),
    ]


def test_names_are_without_the_space_around_them(folder: Folder) -> None:
    folder.write("x.yaml", "sites:\n  s:\n    name: |\n      South Campus\n")
    folder.write("y.yaml", "rotations:\n  r: {name: ' R ', short: ' R2 ', site: west}\n")
    folder.write("blocks/2026-27.csv", "resident,1,2,3\nr-ash,R2,icu,icu\nr-bay,core,W,\n")
    program = folder.load()
    assert (program.sites["s"].name, program.rotations["r"].name, program.rotations["r"].short) == (
        "South Campus",
        "R",
        "R2",
    )


def test_folded_text_is_one_line(folder: Folder) -> None:
    folder.write("x.yaml", "sites:\n  s:\n    name: S\n    address: >-\n      1 West\n      Street\n\n      Boston\n")
    assert folder.load().sites["s"].address == "1 West Street\nBoston"
