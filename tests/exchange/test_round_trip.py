"""Export then import changes nothing, whatever the block schedule holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ircal.exchange import Choice, Frame, as_csv, as_xlsx, propose, read_sheets, table_of, take
from tests.exchange.conftest import FILE, Desk

if TYPE_CHECKING:
    from ircal.exchange.frame import Cells
    from ircal.model.program import Program

By = Literal["blocks", "weeks"]

OFFSETS = {"ash", "elm"}
BLOCKS = range(1, 14)


def cells(person: str) -> st.SearchStrategy[str]:
    works = ["W", "ir-west", "E", "icu", "pet", "one", *(["core"] if person in OFFSETS else [])]
    return st.lists(st.sampled_from(works), max_size=4).map("/".join)


@st.composite
def schedules(draw: st.DrawFn) -> str:
    """The file of a block schedule: divided blocks, cycles, empty cells, rows and columns left out."""
    people = draw(st.permutations(["ash", "elm", "fir-1", "fir-2", "berg"]))[: draw(st.integers(0, 5))]
    numbers = draw(st.lists(st.sampled_from(BLOCKS), unique=True))
    rows = [",".join([person, *(draw(cells(person)) for _ in numbers)]) for person in people]
    return "\n".join([",".join(["resident", *map(str, numbers)]), *rows]) + "\n"


def exported(program: Program, by: By, ending: str) -> bytes:
    frame = Frame.of(program, 2026)
    table = table_of(frame, by)
    return as_xlsx(table, frame) if ending == "xlsx" else as_csv(table)


def meaning(program: Program) -> dict[tuple[str, int], object]:
    frame = Frame.of(program, 2026)
    return {(person, number): frame.spans(number, cell) for (person, number), cell in frame.cells().items()}


@pytest.mark.parametrize("by", ["blocks", "weeks"])
@settings(max_examples=25)
@given(text=schedules())
def test_what_was_exported_as_csv_changes_nothing(desk: Desk, by: By, text: str) -> None:
    assert_same(desk, text, by, "csv")


@pytest.mark.parametrize("by", ["blocks", "weeks"])
@settings(max_examples=6)
@given(text=schedules())
def test_what_was_exported_as_xlsx_changes_nothing(desk: Desk, by: By, text: str) -> None:
    assert_same(desk, text, by, "xlsx")


def assert_same(desk: Desk, text: str, by: By, ending: str) -> None:
    program = desk.program(text)
    sheets = read_sheets(desk.file(exported(program, by, ending), f"rota.{ending}"))
    proposal = propose(take(sheets, program, Choice()), desk.config)
    assert proposal.changed == {}
    assert proposal.files == {}


@pytest.mark.parametrize("by", ["blocks", "weeks"])
@settings(max_examples=25)
@given(text=schedules())
def test_an_empty_schedule_takes_over_all_of_it(desk: Desk, by: By, text: str) -> None:
    desk.config.joinpath(FILE).unlink(missing_ok=True)
    program = desk.program(text)
    sheets = read_sheets(desk.file(exported(program, by, "csv"), "rota.csv"))
    proposal = propose(take(sheets, desk.program(), Choice()), desk.config)
    files = proposal.files
    assert meaning(desk.program(files[FILE].decode() if files else None)) == meaning(program)


@settings(max_examples=25)
@given(
    text=schedules(),
    wanted=st.dictionaries(st.sampled_from(["ash 1", "elm 7", "berg 13"]), st.sampled_from(["icu", "ir-west/icu", ""])),
)
def test_only_what_changes_is_written_anew(desk: Desk, text: str, wanted: dict[str, str]) -> None:
    desk.config.joinpath(FILE).write_text(f"# by hand\n\n{text}# the end\n")
    program = desk.program()
    frame = Frame.of(program, 2026)
    old = meaning(program)
    numbers = sorted({int(key.split()[1]) for key in wanted}) or [1, 2]
    heading = ",".join(["resident", *map(str, numbers)])
    people = sorted({key.split()[0] for key in wanted}) or ["ash"]
    rows = [
        ",".join([who, *(wanted.get(f"{who} {n}", said(frame.cells(), who, n)) for n in numbers)]) for who in people
    ]
    proposal = propose(
        take(read_sheets(desk.file("\n".join([heading, *rows]), "rota.csv")), program, Choice(year=2026)), desk.config
    )
    after = proposal.after.decode()
    assert after.startswith("# by hand\n\n")
    assert "# the end\n" in after
    new = meaning(desk.program(after))
    asked = {(who, n) for who in people for n in numbers}
    assert {key: value for key, value in new.items() if key not in asked} == {
        key: value for key, value in old.items() if key not in asked
    }


def said(held: Cells, who: str, number: int) -> str:
    return "/".join(held.get((who, number), ()))
