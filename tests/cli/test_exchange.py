"""`export schedule` and `import`: out to a sheet, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import EXAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ircal

BLOCKS = "blocks/2026-27.csv"


@pytest.mark.parametrize("by", ["blocks", "weeks"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_example_goes_out_and_comes_back(ircal: Ircal, by: str, ending: str) -> None:
    out = ircal("export", "schedule", "--config", str(EXAMPLE), "--out", f"rota.{ending}", "--by", by, "--year", "2026")
    columns = "13 blocks" if by == "blocks" else "52 weeks"
    assert (out.code, out.out, out.err) == (0, "", f"rota.{ending}: 10 residents by {columns}, 2026-27.\n")
    back = ircal("import", f"rota.{ending}", "--config", str(EXAMPLE))
    assert (back.code, back.out) == (0, "The programme says the same already.\n")


def test_a_difference_is_shown_and_written_only_when_asked(ircal: Ircal, small: Path, tmp_path: Path) -> None:
    (tmp_path / "rota.csv").write_text("2026-27\nResident,1,2,3\nRobin Ash,W,,\nChiefs: ask Robin\n")
    told = ircal("import", "rota.csv", "--config", str(small))
    assert told.code == 2
    assert told.out == (
        "Robin Ash (ash)\n"
        "  Mon 27 Jul 2026 to Sun 23 Aug 2026: ir -> nothing\n"
        "Calendars that change\n"
        "  ash: 1 moved\n"
        "Nothing was written. With --apply it is.\n"
    )
    assert told.err == (
        "rota.csv: 2026-27 by blocks, 1 resident.\nPassed over, as they name no resident: row 4, 'Chiefs: ask Robin'.\n"
    )
    assert (small / BLOCKS).read_text() == "resident,1,2\nash,ir,ir\n"
    written = ircal("import", "rota.csv", "--config", str(small), "--apply")
    assert (written.code, written.out.splitlines()[-1]) == (0, f"{small / BLOCKS}: written.")
    assert (small / BLOCKS).read_text() == "resident,1,2\nash,ir,\n"
    again = ircal("import", "rota.csv", "--config", str(small), "--apply")
    assert (again.code, again.out) == (0, "The programme says the same already.\n")


def test_a_sheet_that_would_make_the_programme_wrong_is_refused(ircal: Ircal, small: Path, tmp_path: Path) -> None:
    text = (small / "programme.yaml").read_text()
    (small / "programme.yaml").write_text(text + "cycles:\n  core: {weeks: [ir], epoch: 2026-06-29}\n")
    (tmp_path / "rota.csv").write_text("Resident,1,2\nash,W,core\n")
    told = ircal("import", "rota.csv", "--config", str(small), "--year", "2026", "--apply")
    assert told.code == 1
    assert "rota.csv:2, column C: error: " in told.err
    assert "[cycle-without-offset]" in told.err
    assert "rota.csv has 1 problem; nothing was changed." in told.err
    assert (small / BLOCKS).read_text() == "resident,1,2\nash,ir,ir\n"


def test_problems_of_the_sheet_are_told_with_their_cells(ircal: Ircal, small: Path, tmp_path: Path) -> None:
    (tmp_path / "rota.csv").write_text("Resident,1,2\nash,V,W\nRobin Asch,W,W\n")
    told = ircal("import", "rota.csv", "--config", str(small), "--year", "2026", "--apply")
    assert (told.code, told.out) == (1, "")
    assert "rota.csv:3, column A: error: there is no person 'Robin Asch' [unknown-person]\n    did you mean" in told.err
    assert "rota.csv:2, column B: error: there is no rotation or cycle 'V' [unknown-rotation]\n" in told.err
    assert "rota.csv has 2 problems; nothing was changed." in told.err


def test_only_xlsx_csv_and_svg_are_written(ircal: Ircal, small: Path) -> None:
    told = ircal("export", "schedule", "--config", str(small), "--out", "rota.xls")
    assert told.code == 64
    assert "'rota.xls' ends in none of .xlsx, .csv and .svg" in told.err


def test_a_place_that_cannot_be_written(ircal: Ircal, small: Path) -> None:
    told = ircal("export", "schedule", "--config", str(small), "--year", "2026", "--out", "nowhere/rota.csv")
    assert told.code == 1
    assert "nowhere/rota.csv cannot be written: No such file or directory." in told.err


def test_a_page_for_the_wall_is_written(ircal: Ircal, tmp_path: Path) -> None:
    out = ircal("export", "schedule", "--config", str(EXAMPLE), "--out", "wall.svg", "--year", "2026")
    assert (out.code, out.err) == (0, "wall.svg: 2026-27, a page of A3.\n")
    assert (tmp_path / "wall.svg").read_bytes().startswith(b"<svg ")
