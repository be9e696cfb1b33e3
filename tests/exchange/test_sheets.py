"""Sheets as people make them, and what is taken from each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ircal.errors import IrcalError, SheetUnreadable
from ircal.exchange import Choice
from tests.exchange.conftest import saved, sheet_of, workbook, xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.exchange.conftest import Desk

FIRST = date(2026, 6, 29)
WEEKS = [FIRST + timedelta(weeks=n) for n in range(52)]


@pytest.mark.parametrize(
    "name", ["ash", "Amara Ash", "amara  ash", "Amara\u00a0Ash", "Ash, Amara", "AA", "A.A.", "A. A.", "A. Ash", "Ash A"]
)
def test_ways_to_name_a_person(desk: Desk, name: str) -> None:
    assert desk.changes(xlsx(["Resident", 1], [name, "icu"])) == {"ash 1": "icu"}


@pytest.mark.parametrize("name", ["van den Berg, Jose\u0301", "Berg, Jos\u00e9 van den", "J. Berg", "van den Berg"])
def test_a_last_name_of_several_words(desk: Desk, name: str) -> None:
    assert desk.changes(xlsx(["Resident", 1], [name, "icu"])) == {"berg 1": "icu"}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("E", "ir-east"),
        ("IR East", "ir-east"),
        ("ir-east", "ir-east"),
        ("icu", "icu"),
        ("Intensive care", "icu"),
        ("PET/CT", "pet"),
        ("W / PETT", ""),
        ("E/ICU", "ir-east/icu"),
        ("core", "core"),
        (1, "one"),
    ],
)
def test_ways_to_name_a_rotation(desk: Desk, name: object, meant: str) -> None:
    sheet = xlsx(["Resident", 5], ["ash", name])
    if meant:
        assert desk.changes(sheet) == {"ash 5": meant}
    else:
        assert desk.told(sheet) == [
            "rota.xlsx, Sheet1!B2: there is no rotation or cycle 'PETT' (did you mean 'PET/CT'?) [unknown-rotation]"
        ]


@pytest.mark.parametrize(
    "headings",
    [
        [1, 2],
        [1.0, 2.0],
        ["1", "2"],
        ["Block 1", "Block 2"],
        ["B1", "blk. 2"],
        ["Block 1 (29 Jun)", "Block 2: 27 Jul"],
        ["1\n6/29-7/26", "2 (7/27)"],
        [FIRST, date(2026, 7, 27)],
        ["2026-06-29", "2026-07-27"],
        ["6/29/2026", "7/27/26"],
        ["29/6", "27/7"],
        ["Jun 29 - Jul 26", "Jul 27 \u2013 Aug 23"],
        ["Mon 29 June", "Mon, 27 July 2026"],
        [date(2026, 7, 1), date(2026, 7, 27)],
        [46202, 46230],
    ],
    ids=str,
)
def test_headings_of_blocks(desk: Desk, headings: Sequence[object]) -> None:
    changes = desk.changes(xlsx(["Resident", *headings], ["ash", "icu", "W"]))
    assert changes == {"ash 1": "icu", "ash 2": "ir-west"}


@pytest.mark.parametrize(
    "headings",
    [
        WEEKS[:4],
        ["Week 1", "Wk 2", "W3", "week 4"],
        ["6/29", "7/6", "7/13", "7/20"],
        ["Week of Jun 29", "Jul 6th", "13-Jul", "20 Jul"],
    ],
    ids=str,
)
def test_headings_of_weeks(desk: Desk, headings: Sequence[object]) -> None:
    changes = desk.changes(xlsx(["Resident", *headings], ["ash", "W", "W", "icu", "icu"]))
    assert changes == {"ash 1": "ir-west/icu"}


def test_numbers_beyond_the_blocks_are_weeks(desk: Desk) -> None:
    rows = ["Resident", *range(1, 53)], ["ash", *["W"] * 4, *["icu"] * 48]
    assert desk.changes(xlsx(*rows))["ash 13"] == "icu"


def test_a_sheet_with_a_title_merged_cells_notes_counts_and_a_legend(desk: Desk) -> None:
    book = workbook(
        [
            ["Schedule 2026-27", None, None, None, None, None],
            ["as of 7/1/2026"],
            [],
            [None, None, "Block 1", None, None, None, "Block 2"],
            ["Name", "PGY", *WEEKS[:5]],
            ["PGY-6"],
            ["Amara Ash", 5, "ICU", None, None, None, "W"],
            ["PGY-4"],
            ["Rafael Elm", 4, "core", "core", "W", None, None],
            ["On West", None, 1, 1, 2, 2, 1],
            [],
            ["W", None, "IR West"],
            ["Everything may still change: ask the chiefs"],
        ]
    )
    sheet = sheet_of(book)
    for cells in ("A1:G1", "C4:F4", "C7:F7", "E9:F9", "A13:G13"):
        sheet.merge_cells(cells)
    sheet["C7"].fill = PatternFill("solid", fgColor="FFFF0000")
    sheet.column_dimensions["D"].hidden = True
    proposal = desk.proposed(saved(book), Choice())
    assert {key: "/".join(cell) for key, cell in proposal.changed.items()} == {
        ("ash", 1): "icu",
        ("elm", 1): "core/ir-west",
        ("ash", 2): "ir-west/ir-east/icu",  # of E/icu the first of four weeks; those without a column stay
    }
    assert proposal.taken.frame.title == "2026-27"
    assert proposal.taken.by == "weeks"
    assert proposal.taken.hidden == ("D",)
    assert proposal.taken.passed_over == (
        "row 6, 'PGY-6'",
        "row 8, 'PGY-4'",
        "row 10, 'On West'",
        "row 12, 'W'",
        "row 13, 'Everything may still change: ask the chi\u2026'",
    )


def test_a_heading_merged_over_the_weeks_of_each_block(desk: Desk) -> None:
    book = workbook([["Resident", "Block 1", None, None, None, "Block 2"], ["fir-1", "W", "W", "E", "E", *["icu"] * 4]])
    sheet_of(book).merge_cells("B1:E1")
    sheet_of(book).merge_cells("F1:I1")
    assert desk.changes(saved(book)) == {"fir-1 1": "ir-west/ir-east", "fir-1 2": "icu"}


def test_a_cell_merged_over_several_blocks(desk: Desk) -> None:
    book = workbook([["Resident", 4, 5, 6], ["ash", "icu", None, None]])
    sheet_of(book).merge_cells("B2:D2")
    assert desk.changes(saved(book)) == {"ash 4": "icu", "ash 5": "icu", "ash 6": "icu"}


def test_dates_of_a_macintosh(desk: Desk) -> None:
    book = workbook([["Resident", FIRST, date(2026, 7, 27)], ["ash", "icu", "W"]])
    book.epoch = CALENDAR_MAC_1904
    assert desk.changes(saved(book), Choice()) == {"ash 1": "icu", "ash 2": "ir-west"}


def test_csv_as_a_european_excel_writes_it(desk: Desk) -> None:
    text = "\ufeffResident;1;2\r\nAsh, Amara;icu;W\r\n;;\r\n"
    assert desk.changes(text, name="rota.csv") == {"ash 1": "icu", "ash 2": "ir-west"}
    assert desk.changes("sep=;\r\n" + text[1:], name="rota.csv") == {"ash 1": "icu", "ash 2": "ir-west"}


def test_csv_as_excels_unicode_text(desk: Desk) -> None:
    assert desk.changes("Resident\t1\r\nash\ticu\r\n".encode("utf-16"), name="rota.txt") == {"ash 1": "icu"}


def test_an_empty_cell_takes_away_and_a_missing_column_does_not(desk: Desk) -> None:
    proposal = desk.proposed(xlsx(["Resident", 2], ["ash", None]))
    assert proposal.changed == {("ash", 2): ()}
    assert proposal.after.decode() == "resident,1,2,3\nash,W,,core\nelm,core,,W\n"
    assert proposal.untouched() == ["elm"]


def test_what_means_the_same_stays_as_it_is_written(desk: Desk) -> None:
    sheet = xlsx(["Resident", *WEEKS[:8]], ["ash", *["IR West"] * 4, "E", "E", "icu", "icu"])
    assert desk.changes(sheet) == {}


@pytest.mark.parametrize("dash", ["-", " \u2013", "\u2014"])
def test_a_dash_is_nothing(desk: Desk, dash: str) -> None:
    assert desk.changes(xlsx(["Resident", 1, 2], ["ash", "W", dash])) == {"ash 2": ""}


def test_a_cycle_with_the_rotation_of_the_week(desk: Desk) -> None:
    held = ["core: W", "core: IR West", "core", "W"]
    assert desk.changes(xlsx(["Resident", *WEEKS[:4]], ["ash", *held])) == {"ash 1": "core/core/core/ir-west"}
    assert desk.told(xlsx(["Resident", *WEEKS[:4]], ["ash", *["core: W"] * 4])) == [
        (
            "rota.xlsx, Sheet1!D2: the cycle core has E in that week, not 'W' "
            "(write W alone for that week, or core alone) [not-in-cycle]"
        ),
        (
            "rota.xlsx, Sheet1!E2: the cycle core has ICU in that week, not 'W' "
            "(write W alone for that week, or core alone) [not-in-cycle]"
        ),
    ]


def test_a_grid_of_months(desk: Desk) -> None:
    proposal = desk.proposed(
        xlsx(["Resident", "Jul 1", "Aug 1"], ["ash", "icu", "W/E"]), Choice(year=2026, grid="months")
    )
    assert proposal.taken.frame.file == "blocks/2026-27@months.csv"
    assert proposal.after.decode() == "resident,1,2\nash,icu,ir-west/ir-east\n"


@pytest.mark.parametrize(
    ("rows", "title", "name"),
    [
        ([["Resident", date(2027, 6, 28)], ["elm", "W"]], "Sheet1", "rota.xlsx"),
        ([["Resident", 1], ["elm", "W"]], "AY 2027-28", "2026-27.xlsx"),
        ([["Schedule 2027/28"], ["Resident", 1], ["elm", "W"]], "Sheet1", "2026-27.xlsx"),
        ([["Resident", 1], ["elm", "W"]], "Sheet1", "rota 2027-2028.xlsx"),
    ],
)
def test_the_year_is_told_by_dates_or_titles(
    desk: Desk, rows: Sequence[Sequence[object]], title: str, name: str
) -> None:
    assert desk.taken(xlsx(*rows, title=title), Choice(), name).frame.year == 2027


def test_a_year_that_nothing_tells_is_asked_for(desk: Desk) -> None:
    with pytest.raises(IrcalError, match="not clear for which academic year") as refused:
        desk.taken(xlsx(["Resident", 1], ["ash", "W"]), Choice())
    assert refused.value.remedy == "Say in which year it begins (--year), such as 2026 for 2026-27."


def test_one_of_several_sheets(desk: Desk) -> None:
    book = workbook([["Resident", *range(1, 6)], ["ash", "icu", "W"]], "new")
    old = book.create_sheet("old")
    for row in (["Resident", *range(1, 6)], ["ash", "E", "E"]):
        old.append(row)
    dated = book.create_sheet("Leave")
    for listed in (["Who", "From", "To"], ["ash", date(2026, 7, 6), date(2026, 7, 12)]):
        dated.append(listed)
    with pytest.raises(SheetUnreadable, match="2 sheets that may be the schedule: 'new', 'old'") as refused:
        desk.taken(saved(book))
    assert refused.value.remedy == "Name the one that is meant (--sheet)."
    assert desk.changes(saved(book), Choice("old", 2026)) == {"ash 1": "ir-east", "ash 2": "ir-east", "ash 3": ""}
    old.sheet_state = "hidden"
    assert desk.changes(saved(book)) == {"ash 1": "icu", "ash 2": "ir-west", "ash 3": ""}
    with pytest.raises(SheetUnreadable, match="no sheet 'nwe'") as refused:
        desk.taken(saved(book), Choice("nwe", 2026))
    assert refused.value.remedy == "did you mean 'new'?"


def test_the_weeks_of_a_cycle_that_pauses_are_those_that_the_sheet_comes_to(desk: Desk) -> None:
    programme = desk.config / "programme.yaml"
    programme.write_text(programme.read_text().replace("offsets:", "absence: pause, offsets:"))
    leave = desk.config / "leave" / "all.csv"  # of everybody, for ever: a cycle would never go on
    leave.write_text(
        "".join(line for line in leave.read_text().splitlines(keepends=True) if not line.startswith("elm"))
    )
    heads = ["Resident", *WEEKS[:8]]
    as_it_was = xlsx(heads, ["elm", *["core: E", "core: ICU", "core: W", "core: W"], *["core"] * 4])
    assert desk.changes(as_it_was) == {"elm 2": "core"}
    away = xlsx(heads, ["elm", "core: E", "icu", "core: W", "core: W", *["core"] * 4])
    assert desk.changes(away) == {"elm 1": "core/icu/core", "elm 2": "core"}
    assert desk.taken(away).outdated == {("elm", "core"): WEEKS[2]}
    anew = xlsx(heads, ["elm", "core: E", "icu", "core: ICU", "core: W", "core: W", *["core"] * 3])
    assert desk.changes(anew) == desk.changes(away)
    assert desk.taken(anew).outdated == {}
    wrong = xlsx(heads, ["elm", "core: E", "icu", "core: E", "core: W", *["core"] * 4])
    assert desk.told(wrong)[0].startswith("rota.xlsx, Sheet1!D2: the cycle core has ICU in that week, not 'E'")


@pytest.mark.parametrize(
    "heads", [("1A", "1B", "2"), ("Block 1a", "Block 1b", "Block 2"), ("B1A (29 Jun)", "B1B", "B2")]
)
def test_a_column_for_each_half_of_a_block(desk: Desk, heads: tuple[str, ...]) -> None:
    assert desk.changes(xlsx(["Resident", *heads], ["ash", "E", "ICU", "E/ICU"])) == {"ash 1": "ir-east/icu"}
    assert desk.changes(xlsx(["Resident", *heads], ["ash", "E", "E", "W"])) == {"ash 1": "ir-east", "ash 2": "ir-west"}
    assert desk.changes(xlsx(["Resident", *heads], ["ash", "", "", "E/ICU"])) == {"ash 1": ""}


@pytest.mark.parametrize(
    ("heads", "row", "told"),
    [
        (("1A", "1B"), ("E", ""), "C2: a part of the block 1 is empty, while others of it are not"),
        (("1A", "1B"), ("E/W", "E"), "B2: 'E/W' divides a part of a block"),
        (("1A", "1C"), ("E", "E"), "B1: the block 1 has columns for some of its parts, and not for all"),
        (("1A", "2"), ("E", "E"), "B1: the block 1 has columns for some of its parts, and not for all"),
        (("1A", "1A"), ("E", "E"), "C1: the block 1a has a column already, B"),
    ],
)
def test_parts_of_a_block_that_do_not_fit_are_told(
    desk: Desk, heads: tuple[str, ...], row: tuple[str, ...], told: str
) -> None:
    assert desk.told(xlsx(["Resident", *heads], ["ash", *row]))[0].startswith(f"rota.xlsx, Sheet1!{told}")
