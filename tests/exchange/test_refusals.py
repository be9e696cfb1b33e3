"""What cannot be taken over: everything wrong with a sheet at once, each with its cell; files that are no sheets."""

from __future__ import annotations

import tracemalloc
import zipfile
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ircal.errors import IrcalError, SheetUnreadable
from ircal.exchange import Choice, propose, read_sheets, take
from ircal.exchange.sheet import Sheet
from tests.exchange.conftest import saved, sheet_of, workbook, xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.exchange.sheet import Scalar
    from tests.exchange.conftest import Desk

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def test_everything_is_told_at_once(desk: Desk) -> None:
    rows = (
        ["Resident", 1, 2, 14, 2],
        ["Amara Ashe", "W"],
        ["Rafael Elm", "ICUU", "W/", "W", "W"],
        ["Nkechi Fir", "W"],
        [None, "W"],
        ["elm", "W"],
        ["ash", "W/E/W/E/W", "X/Y"],
        ["NF", "E"],
    )
    assert desk.told(xlsx(*rows)) == [
        (
            "rota.xlsx, Sheet1!D1: '14' is not the number or first day of a block of 2026-27 "
            "(blocks are 1 to 13 and begin on 2026-06-29, 2026-07-27, 2026-08-24 ...) [heading]"
        ),
        "rota.xlsx, Sheet1!E1: the block 2 has a column already, C (keep one of them) [heading-twice]",
        "rota.xlsx, Sheet1!A2: there is no person 'Amara Ashe' (did you mean 'Amara Ash'?) [unknown-person]",
        "rota.xlsx, Sheet1!A4: 'Nkechi Fir' may be fir-1 or fir-2 (write the id) [ambiguous-name]",
        "rota.xlsx, Sheet1!A5: the row names nobody (write the resident's name before it, or take it out) [no-name]",
        "rota.xlsx, Sheet1!A6: 'elm' has a row already, 3 (keep one of them) [row-twice]",
        "rota.xlsx, Sheet1!A8: 'NF' may be fir-1 or fir-2 (write the id) [ambiguous-name]",
        "rota.xlsx, Sheet1!B3: there is no rotation or cycle 'ICUU' (did you mean 'ICU'?) [unknown-rotation]",
        "rota.xlsx, Sheet1!C3: a part of the cell is empty (write a rotation on each side of /) [unknown-rotation]",
        (
            "rota.xlsx, Sheet1!B7: a block of 28 days is too short for 5 parts "
            "(give the dates in a file of assignments/) [blocks-parts]"
        ),
        (
            "rota.xlsx, Sheet1!C7: there is no rotation or cycle 'X' (known: 1, E, First, ICU, IR East, IR West, "
            "Intensive Care, PET/CT, W, core, icu, ir-east, ir-west, one, pet) [unknown-rotation]"
        ),
    ]


def test_the_place_in_a_csv_file(desk: Desk) -> None:
    assert desk.told("Residents\n\nResident,1\nash,ICUU\n", name="rota.csv") == [
        "rota.csv:4, column B: there is no rotation or cycle 'ICUU' (did you mean 'ICU'?) [unknown-rotation]"
    ]


def test_a_formula_counts_by_its_value(desk: Desk) -> None:
    told = desk.told(xlsx(["Resident", 1, 2], ["ash", "=B3", "W"]))
    hint = "open the file in Excel and save it, or write the value instead"
    assert told == [f"rota.xlsx, Sheet1!B2: the formula has no value in the file ({hint}) [formula-without-value]"]
    calculated = repacked(xlsx(["Resident", 1, 2], ["ash", "=B3", "W"]), "<v />", "<v>icu</v>", "<v></v>", "<v>icu</v>")
    assert desk.changes(calculated.replace(b"", b"")) == {"ash 1": "icu", "ash 2": "ir-west"}


def repacked(data: bytes, *exchanged: str) -> bytes:
    """The workbook with other text in its sheet, which openpyxl alone cannot write."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                for before, after in zip(exchanged[::2], exchanged[1::2], strict=True):
                    text = text.replace(before.encode(), after.encode())
                text = text.replace(b'<c r="B2"><f>', b'<c r="B2" t="str"><f>')
            new.writestr(name, text)
    return out.getvalue()


def test_a_block_of_which_a_week_is_empty(desk: Desk) -> None:
    rows = ["Resident", "Week 5", "Week 6", "Week 7", "Week 8"], ["elm", "W", "W", None, "W"]
    assert desk.told(xlsx(*rows)) == [
        (
            "rota.xlsx, Sheet1!D2: the week of 2026-08-10 is empty, while others of the block 2 are not "
            "(fill it, or give the dates in a file of assignments/) [block-half-empty]"
        )
    ]


def test_a_divided_week(desk: Desk) -> None:
    assert desk.told(xlsx(["Resident", "Week 1"], ["ash", "W/E"])) == [
        "rota.xlsx, Sheet1!B2: 'W/E' divides a week (give the dates in a file of assignments/) [week-divided]"
    ]


def test_a_last_name_of_two_is_told_with_both(desk: Desk) -> None:
    assert desk.told(xlsx(["Resident", 1], ["Fir", "W"])) == [
        "rota.xlsx, Sheet1!A2: 'Fir' may be fir-1 or fir-2 (write the id) [ambiguous-name]"
    ]


@pytest.mark.parametrize("text", ["VAC", "Vacation", "vac wk 3", "Research"])
def test_leave_is_told_where_it_belongs(desk: Desk, text: str) -> None:
    told = f"{text!r} is leave, and the block schedule says what somebody is on (write the days in leave/2026-27.csv)"
    assert desk.told(xlsx(["Resident", 1], ["ash", text])) == [f"rota.xlsx, Sheet1!B2: {told} [leave-in-schedule]"]


def test_a_sheet_that_names_nobody(desk: Desk) -> None:
    told = desk.told(xlsx(["Resident", 1, 2], ["PGY-5"]))
    assert told == [
        (
            "rota.xlsx, Sheet1!A1: no row names anybody "
            "(write the residents' ids, or their names as in the section `people`) [no-rows]"
        )
    ]


TEXTS = st.sampled_from(
    [
        "Resident",
        "ash",
        "Elm, Rafael",
        "W",
        "E/icu",
        "core: W",
        "core:",
        "/",
        ":",
        "Block 1",
        "6/29",
        "99/99",
        "0000-00-00",
        "29 Jun",
        "2026-27",
        "Feb 30",
        "Week 0",
        "1 (",
        "²",
        "٣",
        "sep=;",
        "\u2028",
        ";",
        "#",
        "'",
        "\n",
    ]
)
ROWS = st.lists(
    st.lists(st.one_of(TEXTS, st.integers(0, 60), st.floats(), st.dates(), st.none(), st.text()), max_size=5),
    max_size=5,
)


@given(rows=ROWS, year=st.one_of(st.none(), st.integers()))
def test_whatever_a_sheet_holds_it_is_taken_or_refused_in_our_words(
    desk: Desk, rows: list[list[Scalar | None]], year: int | None
) -> None:
    cells = {
        (row, column): value
        for row, values in enumerate(rows, start=1)
        for column, value in enumerate(values, start=1)
        if value is not None
    }
    with suppress(IrcalError):
        propose(take([Sheet("rota.xlsx", "Sheet1", cells)], desk.program(), Choice(year=year)), desk.config)


@given(
    data=st.one_of(
        st.binary(),
        st.text().map(str.encode),
        ROWS.map(lambda rows: "\n".join(";".join(map(str, row)) for row in rows).encode("utf-8", "replace")),
    )
)
def test_whatever_a_file_holds_it_is_read_or_refused_in_our_words(desk: Desk, data: bytes) -> None:
    with suppress(IrcalError):
        desk.taken(data)


@pytest.mark.parametrize("data", [xlsx(["Hello"]), b"Hello\n", xlsx(["Resident", "PGY"], ["ash", 5])])
def test_a_sheet_without_a_schedule(desk: Desk, data: bytes) -> None:
    with pytest.raises(SheetUnreadable, match=r"rota.xlsx has no row of headings with the blocks or weeks"):
        desk.taken(data)


def test_csv_has_no_sheets(desk: Desk) -> None:
    with pytest.raises(SheetUnreadable, match="no sheet 'x'"):
        desk.taken("Resident,1\nash,W\n", Choice("x", 2026), "rota.csv")


# ---------------------------------------------------------------------------------------------------------- no sheets


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (OLE + b"\0" * 500, r"is in the format that Excel had before 2007 \(.xls\)"),
        (OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), "is protected with a password"),
        (b"PK\x03\x04" + b"\0" * 50, "is not an Excel workbook, or it is damaged"),
        (xlsx(["Resident", 1])[:-40], "is not an Excel workbook, or it is damaged"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "is neither a spreadsheet nor text in UTF-8"),
        (b"a\0b", "is neither a spreadsheet nor text"),
        ('"' + "x" * 200_000 + '"', "cannot be read as CSV"),
        (",".join("x" * 401), "beyond any block schedule"),
        (b"x" * ((10 << 20) + 1), "is larger than any block schedule: more than 10 MB"),
    ],
    ids=["empty", "blank", "xls", "password", "zip", "cut", "pdf", "nul", "field", "wide", "large"],
)
def test_files_that_are_no_sheets(desk: Desk, data: bytes | str, sentence: str) -> None:
    with pytest.raises(SheetUnreadable, match=sentence) as refused:
        desk.taken(data)
    assert "\n" not in refused.value.message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SheetUnreadable, match="cannot be read: No such file or directory"):
        read_sheets(tmp_path / "nowhere.xlsx")


def test_another_kind_of_zip(desk: Desk) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("content.xml", "<office/>")
    with pytest.raises(SheetUnreadable, match="is a zip file, but not an Excel workbook"):
        desk.taken(out.getvalue())


def rebuilt(part: bytes) -> bytes:
    """A workbook whose sheet is this XML."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(xlsx(["Resident", 1]))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, part if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return out.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</worksheet>'
CELL = b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
LAUGHS = b"<!DOCTYPE x [<!ENTITY a0 'ha'>%s]><worksheet>&a30;</worksheet>" % b"".join(
    b"<!ENTITY a%d '&a%d;&a%d;'>" % (n, n - 1, n - 1) for n in range(1, 31)
)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (b" " * (33 << 20), "would become larger than 32 MB"),
        (
            SHEET % (CELL + b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 20_001 + b"</mergeCells>"),
            "block schedule",
        ),
        (SHEET % (b"<cols>" + b'<col min="1" max="1" hidden="1"/>' * 20_001 + b"</cols>" + CELL), "block schedule"),
        (SHEET % b'<sheetData><row r="2001"><c r="A2001"><v>1</v></c></row></sheetData>', "cell A2001, beyond any"),
        (SHEET % b'<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>', "cell XFD1, beyond any"),
        (SHEET % (b"<sheetData>" + b"<row/>" * 1_000_001 + b"</sheetData>"), "more in it than any block schedule"),
        (LAUGHS, "is not an Excel workbook, or it is damaged"),
    ],
    ids=["large", "merged", "columns", "deep", "wide", "rows", "laughs"],
)
def test_files_that_would_fill_the_memory(desk: Desk, part: bytes, sentence: str) -> None:
    data = rebuilt(part)
    assert len(data) < 1 << 20
    del part
    tracemalloc.start()
    with pytest.raises(SheetUnreadable, match=sentence):
        desk.taken(data)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 64 << 20


def test_a_merging_of_everything_covers_no_more_than_there_is(desk: Desk) -> None:
    part = SHEET % (CELL + b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
    (sheet,) = read_sheets(desk.file(rebuilt(part)))
    assert sheet.cells == {(1, 1): "x"}


def test_what_excel_adds_and_openpyxl_does_not_know_is_no_warning(desk: Desk) -> None:
    book = workbook([["Resident", 1], ["ash", "icu"]])
    sheet_of(book).sheet_properties.codeName = "Sheet1"
    data = repacked(
        saved(book), "</worksheet>", '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    )
    assert desk.changes(data) == {"ash 1": "icu"}
