"""What is written: the file of the configuration, and the workbook."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from ircal.errors import IrcalError, Problem, SheetUnreadable
from ircal.exchange import Choice, Frame, as_xlsx, table_of
from ircal.model.place import Place
from ircal.publish import write_file
from tests.exchange.conftest import FILE, xlsx

if TYPE_CHECKING:
    from ircal.exchange import Proposal
    from tests.exchange.conftest import Desk


def write(proposal: Proposal, desk: Desk) -> None:
    write_file(proposal.target(desk.config), proposal.after)


def test_comments_order_and_spelling_stay(desk: Desk) -> None:
    text = '# by hand\r\nresident,3,1\r\n\r\n"elm", W ,\r\n# seniors\r\nash,core,W'
    desk.config.joinpath(FILE).write_bytes(b"\xef\xbb\xbf" + text.encode())
    proposal = desk.proposed(xlsx(["Resident", 1, 2], ["ash", "E", "icu"], ["berg", "W", None]))
    assert proposal.after.decode() == (
        '# by hand\r\nresident,3,1,2\r\n\r\n"elm", W ,\r\n# seniors\r\nash,core,ir-east,icu\r\nberg,,ir-west,\r\n'
    )


def test_a_year_that_has_no_file_yet(desk: Desk) -> None:
    proposal = desk.proposed(xlsx(["2027-28"], ["Resident", 1, 2], ["elm", "core", "W/E"]), Choice())
    assert proposal.before is None
    write(proposal, desk)
    assert desk.config.joinpath("blocks/2027-28.csv").read_text() == "resident,1,2\nelm,core,ir-west/ir-east\n"


def test_it_is_put_in_place_whole_with_the_rights_that_the_file_had(desk: Desk) -> None:
    path = desk.config / FILE
    path.chmod(0o640)
    write(desk.proposed(xlsx(["Resident", 1], ["ash", "icu"])), desk)
    assert path.read_text() == "resident,1,2,3\nash,icu,E/icu,core\nelm,core,,W\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in path.parent.iterdir()] == ["2026-27.csv"]


def test_a_link_is_followed(desk: Desk) -> None:
    path = desk.config / FILE
    path.rename(desk.path / "elsewhere.csv")
    path.symlink_to(desk.path / "elsewhere.csv")
    write(desk.proposed(xlsx(["Resident", 1], ["ash", "icu"])), desk)
    assert path.is_symlink()
    assert "ash,icu," in (desk.path / "elsewhere.csv").read_text()


def test_a_file_that_changed_meanwhile_is_left_alone(desk: Desk) -> None:
    proposal = desk.proposed(xlsx(["Resident", 1], ["ash", "icu"]))
    desk.config.joinpath(FILE).write_text("resident,1\nash,E\n")
    with pytest.raises(SheetUnreadable, match="has changed meanwhile; nothing was written"):
        write(proposal, desk)
    assert desk.config.joinpath(FILE).read_text() == "resident,1\nash,E\n"


def test_problems_of_the_programme_are_told_at_the_cells_they_come_from(desk: Desk) -> None:
    proposal = desk.proposed(xlsx(["Resident", 2, 1], ["berg", "W", "core"]))
    there = Problem("x", "of the sheet", Place(FILE, 4, "1"))
    elsewhere = Problem("x", "of another row", Place(FILE, 2, "1"))
    assert [str(problem.place) for problem in proposal.refusal([there, elsewhere]).problems] == [
        "rota.xlsx, Sheet1!C2",
        f"{FILE}:2, column 1",
    ]


def test_the_workbook_is_coloured_and_ready_for_a3(desk: Desk) -> None:
    frame = Frame.of(desk.program(), 2026)
    book = load_workbook(BytesIO(as_xlsx(table_of(frame, "weeks"), frame)))
    assert book.sheetnames == ["2026-27", "Legend", "By dates"]
    sheet = book["2026-27"]
    assert sheet["A1"].value == "Block schedule 2026-27, Residency"
    assert [cell.value for cell in sheet[2][:4]] == [None, None, "Block 1", None]
    assert [cell.value for cell in sheet[3][:2]] == ["Resident", "PGY"]
    assert sheet["C3"].value.date() == date(2026, 6, 29)
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=4)}
    assert list(rows) == ["Amara Ash", "Rafael Elm", "fir-1", "fir-2", "Jos\u00e9 van den Berg"]
    west, cycle = rows["Amara Ash"][2], rows["Rafael Elm"][2]
    assert (west.value, west.fill.fgColor.rgb, west.font.color.rgb) == ("W", "FF008080", "FFFFFFFF")
    assert (cycle.value, cycle.fill.fgColor.rgb, cycle.font.color.rgb) == ("core: E", "FFFFD700", "FF000000")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToWidth) == (True, 1)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$1:$3", "C4")
    legend = [tuple(cell.value for cell in row) for row in book["Legend"].iter_rows(min_row=2)]
    assert ("W", "IR West", "ir-west", "West Campus") in legend
    assert legend[-1] == ("core", None, "core", "weeks in turn: W, W, E, ICU")


def test_text_that_looks_like_a_formula_stays_text(desk: Desk) -> None:
    programme = desk.config / "programme.yaml"
    programme.write_text(programme.read_text().replace("name: Residency", "name: '=1+1'").replace("Amara Ash", "=Ash"))
    frame = Frame.of(desk.program(), 2026)
    sheet = load_workbook(BytesIO(as_xlsx(table_of(frame, "blocks"), frame)))["2026-27"]
    assert [cell.data_type for cell in sheet["A"] if cell.value] == ["s"] * 7
    assert sheet["A4"].value == "ash"


@pytest.mark.parametrize(
    ("year", "grid", "by", "sentence"),
    [
        (2025, None, "blocks", "The academic year 2025 is outside the programme's years, which begin with 2026."),
        (2026, "block", "blocks", "There is no grid 'block'."),
        (2026, "months", "weeks", "The blocks of the grid 'months' are not made of whole weeks."),
    ],
)
def test_frames_that_cannot_be(desk: Desk, year: int, grid: str | None, by: str, sentence: str) -> None:
    with pytest.raises(IrcalError) as refused:
        table_of(Frame.of(desk.program(), year, grid), "weeks" if by == "weeks" else "blocks")
    assert refused.value.message == sentence
