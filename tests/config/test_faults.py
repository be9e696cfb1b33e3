"""Every fault is told at its place, in words.

Each file of `faults/` is a case: what is laid over the small programme of conftest.py (`=== <file>`), and all that a
person is then told (`=== told`). Set IRCAL_UPDATE_GOLDEN=1 to write the answers anew, and read the difference in git.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cases import is_told_as_written

if TYPE_CHECKING:
    from tests.config.conftest import Folder

CASES = sorted((Path(__file__).parent / "faults").glob("*.txt"))
WORDS_OF_PYDANTIC = re.compile(r"pydantic|Input should|input_|Value error|NoneType|<class|_type\b|ValidationError")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_fault_is_told_as_written(case: Path, folder: Folder) -> None:
    is_told_as_written(case, folder, folder.told)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_no_case_is_without_a_fault_or_speaks_of_pydantic(case: Path) -> None:
    _, told = case.read_text().split("=== told\n")
    assert told
    assert WORDS_OF_PYDANTIC.findall(told) == []


def test_there_are_cases() -> None:
    assert len(CASES) > 55


SYNTAX = "look at the indentation, the quotes and the colons on this line and the one before"
NOT_UTF8 = "error: the byte 0xE9 is not UTF-8 (save the file as UTF-8 (in Excel: 'CSV UTF-8')) [not-utf8]"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "x.yaml",
            b"people:\n  r-yew: {name: Yew\n",
            (
                "x.yaml:3, column 1: error: this is not YAML: while parsing a flow mapping, begun in line 2: "
                f"expected ',' or '}}', but got '<stream end>' ({SYNTAX}) [yaml-syntax]"
            ),
        ),
        (
            "x.yaml",
            b"a: 1\n# \x07\n",
            "x.yaml:2: error: the character U+0007 cannot stand in a YAML file [yaml-syntax]",
        ),
        ("x.yaml", b"people:\n  r-yew: {name: Y\xe9w}\n", f"x.yaml:2: {NOT_UTF8}"),
        ("leave/x.csv", b"person,kind,from,to\n\n\xe9\n", f"leave/x.csv:3: {NOT_UTF8}"),
        (
            "x.yaml",
            b"[" * 500,
            "x.yaml:1: error: lists and mappings are nested more than 30 deep here [yaml-too-deep]",
        ),
        (
            "x.yaml",
            b"people:\n " + b"[" * 40 + b"]" * 40,
            "x.yaml:2: error: lists and mappings are nested more than 30 deep here [yaml-too-deep]",
        ),
        (
            "x.yaml",
            b"sites:\n  s: {name: " + b"9" * 5000 + b"}\n",
            (
                f"x.yaml:2: error: '{'9' * 40}\u2026' is not a number that exists "
                "(put it in quotes if it is meant as text) [yaml-value]"
            ),
        ),
        (
            "x.yaml",
            b'people:\n  r-yew: {name: "\\ud83d", role: resident, entered: 2026-07-01}\n',
            (
                r"x.yaml:2: error: '\ud83d' is not a text that exists "
                "(write the character itself instead of its escapes) [yaml-value]"
            ),
        ),
        (
            "leave/x.csv",
            b"",
            "leave/x.csv:1: error: the file has no heading (begin with a row of headings) [csv-heading]",
        ),
        (
            "leave/x.csv",
            b"\n# only a comment\n",
            "leave/x.csv:1: error: the file has no heading (begin with a row of headings) [csv-heading]",
        ),
        (
            "topics/mm.csv",
            b'topic\n"' + b"x" * 200_000 + b'"\n',
            (
                "topics/mm.csv:2: error: this row cannot be read: field larger than field limit (131072) "
                "(a quote that opens a cell must be closed, and doubled inside it) [csv-syntax]"
            ),
        ),
    ],
)
def test_bytes_that_cannot_be_read(folder: Folder, name: str, text: bytes, told: str) -> None:
    folder.write(name, text)
    assert folder.told() == [told]


def test_nothing_is_looked_up_while_a_file_cannot_be_read(folder: Folder) -> None:
    folder.write("people.yaml", "people:\n  r-ash: {name: Ash\n  r-bay: {}")
    folder.write("x.yaml", "sites:\n  south: {name: South, addres: x}\n")
    assert [line.split(" ")[0] for line in folder.told()] == ["people.yaml:3,", "x.yaml:2:"]
    assert folder.told()[1] == (
        "x.yaml:2: error: `addres` of site 'south' is not a known key (did you mean 'address'?) [unknown-key]"
    )


def test_all_faults_of_all_files_are_told_in_order_of_place(folder: Folder) -> None:
    folder.write("z.yaml", "sites:\n  south: {name: South, holidays: hospitals}\n")
    folder.write("a.yaml", "poeple: {}\nsites: {north: {}}\n")
    folder.write("leave/a.csv", "person,kind,from,to\nr-ahs,sick,2026-12-01,2026-12-02\n")
    folder.write("blocks/2027-28.csv", "resident,1\nr-ash,Y\n")
    assert folder.told() == [
        "a.yaml:1: error: there is no section 'poeple' (did you mean 'people'?) [unknown-section]",
        "a.yaml:2: error: `name` of site 'north' is missing [missing-key]",
        (
            "blocks/2027-28.csv:2, column 1: error: there is no rotation or cycle 'Y' "
            "(known: W, X, core, external, icu, ir-west) [unknown-rotation]"
        ),
        (
            "leave/a.csv:2, column person: error: this row names a person that does not exist: 'r-ahs' "
            "(did you mean 'r-ash'?) [unknown-person]"
        ),
        (
            "z.yaml:2: error: site 'south' names a holiday calendar that does not exist: 'hospitals' "
            "(did you mean 'hospital'?) [unknown-holidays]"
        ),
    ]


def test_lists_that_are_missing_are_told_where_they_are_named(folder: Folder) -> None:
    (folder.path / "topics/mm.csv").unlink()
    (folder.path / "sessions/nesir.csv").unlink()
    assert folder.told() == [
        (
            "conferences.yaml:6: error: conference 'mm' names a list of topics that does not exist: 'mm' "
            "(there are none) [unknown-topics]"
        ),
        (
            "conferences.yaml:8: error: conference 'nesir' names a list of sessions that does not exist: 'nesir' "
            "(there are none) [unknown-sessions]"
        ),
    ]


def test_a_template_of_which_there_is_none_makes_no_calendar(folder: Folder) -> None:
    for name in ("topics/mm.csv", "sessions/nesir.csv", "presenters/mm.csv"):
        (folder.path / name).unlink()
    folder.write("conferences.yaml", "calendars:\n  meetings: {each: conference}\n")
    assert folder.told() == [
        (
            "conferences.yaml:2: error: calendar 'meetings' makes no calendar "
            "(there is no conference to make one for) [template-empty]"
        )
    ]
